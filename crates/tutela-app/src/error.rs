//! What can go wrong in a service, each with its code and class.

use std::io;
use std::path::PathBuf;

use tutela_core::{Class, Coded, ExhibitId};
use tutela_formats::FormatError;
use tutela_ledger::LedgerError;
use tutela_match::index::compiled::CompiledError;
use tutela_match::signals::SignalError;
use tutela_store::StoreError;

use crate::evidence::decoder::DecoderError;
use crate::outbound::http::FetchError;

/// An error of a service. Messages name what and which; the causes follow in the chain.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A setting that cannot be used.
    #[error("{origin}: {message}")]
    Setting {
        /// The file, variable or key.
        origin: String,
        /// What is wrong with it.
        message: String,
    },
    /// A command needs a workspace and the folder is none.
    #[error("{} is not a Tutela workspace; make one with `tutela init --dir {}`", dir.display(), dir.display())]
    NoWorkspace {
        /// The folder looked at.
        dir: PathBuf,
    },
    /// `init` where a workspace stands already.
    #[error("{} already holds a Tutela workspace; nothing was changed", dir.display())]
    WorkspaceExists {
        /// The folder.
        dir: PathBuf,
    },
    /// A store that already keeps the ledger of another workspace.
    #[error("the store already holds the ledger of another workspace; nothing was changed")]
    StoreInUse,
    /// The store's ledger was begun with another key than this workspace's.
    #[error("the ledger in the store was begun with another key than {}", key.display())]
    OtherKey {
        /// The key file of this workspace.
        key: PathBuf,
    },
    /// An output folder that holds files already.
    #[error("{} holds files already; choose a new folder", dir.display())]
    Occupied {
        /// The folder.
        dir: PathBuf,
    },
    /// A folder that would be written to lies inside what is examined.
    #[error("{} lies inside {}, which is examined and must not change", dir.display(), root.display())]
    InsideEvidence {
        /// The folder.
        dir: PathBuf,
        /// The root it lies in.
        root: PathBuf,
    },
    /// A file or folder that Tutela itself needs.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried, such as `read`.
        action: &'static str,
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A path to work on that does not exist.
    #[error("{} does not exist", path.display())]
    NoSuchPath {
        /// The path as given.
        path: PathBuf,
    },
    /// The name of a signal bank has another form.
    #[error(
        "names of signal banks are upper-case letters, digits and underscores, and begin with no digit"
    )]
    BadBankName,
    /// A field of a request that cannot be.
    #[error("{field}: {reason}")]
    BadField {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A text is no value of its signal type.
    #[error("the signal of type {kind} cannot be read")]
    BadSignal {
        /// Id of the signal type.
        kind: &'static str,
        /// What is wrong with it.
        #[source]
        source: SignalError,
    },
    /// A dispute says nothing of its reason.
    #[error("whoever disputes a match says why")]
    NoReason,
    /// The banks are not all in memory yet.
    #[error("the banks are still being read; ask again later")]
    Loading,
    /// The history of transfers is not in memory yet.
    #[error("the transfers of the store are still being read; ask again later")]
    LoadingTransfers,
    /// Too much waits already.
    #[error("there are too many {what}; ask again later")]
    Busy {
        /// What waits.
        what: &'static str,
    },
    /// A list whose format nobody recognises.
    #[error("{}: no known hash-list format; `tutela list formats` shows them, `--format ID` names one", path.display())]
    UnknownListFormat {
        /// The file.
        path: PathBuf,
    },
    /// A format id that is not registered.
    #[error("there is no hash-list format `{id}`; `tutela list formats` shows them")]
    NoSuchFormat {
        /// What was given.
        id: String,
    },
    /// An exchange format that is not registered.
    #[error("there is no exchange format `{id}`; vics2, vics13, csv and json are known")]
    NoSuchExchange {
        /// What was given.
        id: String,
    },
    /// An export that nobody answers for by name.
    #[error(
        "nothing was written: what leaves needs `--confirm` with the name of the operator of this workspace"
    )]
    NotConfirmed,
    /// A list that cannot be read as what it is.
    #[error("cannot read the list {}", path.display())]
    List {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: FormatError,
    },
    /// A file of transfers that cannot be read as what it is.
    #[error("cannot read transfers from {}", path.display())]
    Transfers {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: FormatError,
    },
    /// A compiled list that cannot be used.
    #[error("cannot look up in {}", path.display())]
    CompiledList {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: CompiledError,
    },
    /// A list of known software where its matches would be findings.
    #[error("{}: its entries are marks, not findings; give it with --known-good", path.display())]
    KnownGoodOnly {
        /// The file.
        path: PathBuf,
    },
    /// A compiled list where the source is needed.
    #[error("{} is compiled: look up in it with --list, or import its source", path.display())]
    CompiledAlready {
        /// The file.
        path: PathBuf,
    },
    /// A delta to a list that takes none.
    #[error("{} is a delta, and only an NSRL database takes one", path.display())]
    NoDelta {
        /// The delta.
        path: PathBuf,
    },
    /// More entries than one run can number.
    #[error("the lists of one run have more than {max} entries together")]
    TooManyEntries {
        /// The limit.
        max: u64,
    },
    /// A row of a queries file that is no signal.
    #[error("{}, row {row}: not 64 hexadecimal digits", path.display())]
    BadQuery {
        /// The file.
        path: PathBuf,
        /// Row, from 1.
        row: u64,
    },
    /// Something named that the store does not hold.
    #[error("there is no {kind} {name}")]
    NoSuch {
        /// What kind of thing.
        kind: &'static str,
        /// What was given.
        name: String,
    },
    /// A bank name that is taken.
    #[error("a bank named {bank} exists already; remove it first or choose another name")]
    BankExists {
        /// The name.
        bank: String,
    },
    /// A name that another operator has.
    #[error("an operator named {name} exists already")]
    OperatorExists {
        /// The name as given.
        name: String,
    },
    /// An exhibit of which nothing could be read, so that nothing can be said of its content.
    #[error("not a byte of exhibit {id} could be read: there is nothing to look at")]
    UnreadExhibit {
        /// Its id.
        id: ExhibitId,
    },
    /// `--resume` without anything to resume.
    #[error(
        "no unfinished scan of these paths with these lists and settings; start one without --resume"
    )]
    NothingToResume,
    /// A planted canary was not found, or a fence of the decoder does not hold.
    #[error("the self-test failed: {0}")]
    SelfTest(String),
    /// No decoder process can be started.
    #[error(transparent)]
    Decoder(#[from] DecoderError),
    /// A sender's answer that makes no sense.
    #[error(transparent)]
    Answer(FormatError),
    /// A hash list behind an address that cannot be taken.
    #[error("the list cannot be taken: {reason}")]
    BadList {
        /// Why not.
        reason: &'static str,
    },
    /// An exchange name that is taken.
    #[error("an exchange named {name} exists already, or one that feeds its bank")]
    ExchangeExists {
        /// The name.
        name: String,
    },
    /// A fetch while another goes on.
    #[error("exchange {name} is being fetched")]
    ExchangeRunning {
        /// Its name.
        name: String,
    },
    /// Secrets that nobody has given yet.
    #[error("there are no credentials, or not all, for exchanges of type {api}")]
    NoCredentials {
        /// Id of the interface.
        api: &'static str,
    },
    /// A verdict that the sender has no place for.
    #[error("exchanges of type {api} take no verdict on this signal")]
    NoFeedback {
        /// Id of the interface.
        api: &'static str,
    },
    /// Something could not be fetched, or sent.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The program that checks signatures cannot be used as the settings name it.
    #[error("media.c2pa_verifier cannot be used: {why}")]
    Verifier {
        /// Why not.
        why: &'static str,
    },
    /// No memory for unpacked content.
    #[error("no memory for unpacked content")]
    Memory(#[source] io::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Writing results out.
    #[error("cannot write {what}")]
    Output {
        /// Which document.
        what: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No randomness or no thread: the system refuses what every program gets.
    #[error("the system refused {what}")]
    System {
        /// What.
        what: &'static str,
    },
}

impl AppError {
    /// Turns a failure to hold unpacked content into an error.
    pub(crate) fn memory(source: io::Error) -> Self {
        Self::Memory(source)
    }

    /// Turns an I/O error into one that names the file.
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::NotFound if action == "read" => Self::NoSuchPath { path },
            _ => Self::File { action, path, source },
        }
    }
}

impl Coded for AppError {
    fn code(&self) -> &'static str {
        match self {
            Self::Setting { .. } => "app.setting",
            Self::NoWorkspace { .. } => "app.no_workspace",
            Self::WorkspaceExists { .. } => "app.workspace_exists",
            Self::StoreInUse => "app.store_in_use",
            Self::OtherKey { .. } => "app.other_key",
            Self::Occupied { .. } => "app.occupied",
            Self::InsideEvidence { .. } => "app.inside_evidence",
            Self::File { .. } => "app.file",
            Self::NoSuchPath { .. } => "app.no_such_path",
            Self::UnknownListFormat { .. } => "app.unknown_list_format",
            Self::NoSuchFormat { .. } => "app.no_such_format",
            Self::NoSuchExchange { .. } => "app.no_such_exchange",
            Self::NotConfirmed => "app.not_confirmed",
            Self::List { source, .. } => source.code(),
            Self::Transfers { source, .. } => source.code(),
            Self::CompiledList { source, .. } => source.code(),
            Self::KnownGoodOnly { .. } => "app.known_good_only",
            Self::CompiledAlready { .. } => "app.compiled_already",
            Self::NoDelta { .. } => "app.no_delta",
            Self::TooManyEntries { .. } => "app.too_many_entries",
            Self::BadQuery { .. } => "app.bad_query",
            Self::NoSuch { .. } => "app.no_such",
            Self::BankExists { .. } => "app.bank_exists",
            Self::BadBankName => "app.bad_bank_name",
            Self::BadField { .. } => "app.bad_field",
            Self::BadSignal { .. } => "app.bad_signal",
            Self::NoReason => "app.no_reason",
            Self::Loading => "app.loading",
            Self::LoadingTransfers => "app.loading_transfers",
            Self::Busy { .. } => "app.busy",
            Self::OperatorExists { .. } => "app.operator_exists",
            Self::UnreadExhibit { .. } => "app.unread_exhibit",
            Self::NothingToResume => "app.nothing_to_resume",
            Self::SelfTest(_) => "app.self_test",
            Self::Decoder(error) => error.code(),
            Self::Answer(error) => error.code(),
            Self::BadList { .. } => "app.bad_list",
            Self::ExchangeExists { .. } => "app.exchange_exists",
            Self::ExchangeRunning { .. } => "app.exchange_running",
            Self::NoCredentials { .. } => "app.no_credentials",
            Self::NoFeedback { .. } => "app.no_feedback",
            Self::Fetch(error) => error.code(),
            Self::Verifier { .. } => "app.verifier",
            Self::Memory(_) => "app.memory",
            Self::Store(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Output { .. } => "app.output",
            Self::System { .. } => "app.system",
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::Setting { .. }
            | Self::BadBankName
            | Self::BadField { .. }
            | Self::BadSignal { .. }
            | Self::NoReason
            | Self::UnknownListFormat { .. }
            | Self::BadQuery { .. }
            | Self::KnownGoodOnly { .. }
            | Self::CompiledAlready { .. }
            | Self::NoDelta { .. }
            | Self::TooManyEntries { .. }
            | Self::UnreadExhibit { .. }
            | Self::InsideEvidence { .. } => Class::Invalid,
            Self::NoWorkspace { .. }
            | Self::NoSuchPath { .. }
            | Self::NoSuchFormat { .. }
            | Self::NoSuchExchange { .. }
            | Self::NoSuch { .. }
            | Self::NothingToResume => Class::NotFound,
            Self::WorkspaceExists { .. }
            | Self::BankExists { .. }
            | Self::OperatorExists { .. }
            | Self::ExchangeExists { .. }
            | Self::ExchangeRunning { .. }
            | Self::NoFeedback { .. }
            | Self::StoreInUse
            | Self::Occupied { .. } => Class::Conflict,
            Self::File { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => Class::Denied,
                io::ErrorKind::NotFound => Class::NotFound,
                io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => Class::Conflict,
                _ => Class::Unavailable,
            },
            Self::NotConfirmed | Self::NoCredentials { .. } => Class::Denied,
            Self::List { source, .. } => source.class(),
            Self::Transfers { source, .. } => source.class(),
            Self::CompiledList { source, .. } => source.class(),
            Self::SelfTest(_) | Self::OtherKey { .. } => Class::Integrity,
            Self::Decoder(error) => error.class(),
            Self::Answer(error) => error.class(),
            Self::Fetch(error) => error.class(),
            Self::Loading
            | Self::LoadingTransfers
            | Self::Busy { .. }
            | Self::BadList { .. }
            | Self::Verifier { .. }
            | Self::Memory(_)
            | Self::Output { .. } => Class::Unavailable,
            Self::Store(error) => error.class(),
            Self::Ledger(error) => error.class(),
            Self::System { .. } => Class::Internal,
        }
    }
}
