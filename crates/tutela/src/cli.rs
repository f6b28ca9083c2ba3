//! What can be typed.

mod exchange;
mod exchanges;
mod matching;
mod payments;
mod payments_desk;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tutela_app::settings::MediaSettings;

pub(crate) use exchange::{CategoriseArgs, EarlierArgs, ExportArgs, Only, ProfileArg};
pub(crate) use exchanges::{Exchange, StateArg, VerdictArg, Webhook};
pub(crate) use matching::{BankAddArgs, BankFillArgs, BankTermsArgs, BankVerb, RoleArg, Token};
pub(crate) use payments::{EvaluateArgs, GenerateArgs, ScreenArgs, TrainArgs};
pub(crate) use payments_desk::{
    Alerts, AlertsArgs, BacktestArgs, ImportArgs, LabelsArgs, StateArg as AlertStateArg,
};

/// Turns reports, media and payment records into evidence that holds, findings that can be
/// explained, and documents that authorities accept.
#[derive(Debug, Parser)]
#[command(name = "tutela", version, arg_required_else_help = true, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) noun: Noun,
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The workspace
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Who works, by name or id; the first operator of the workspace by default
    #[arg(long = "as", global = true, value_name = "OPERATOR")]
    pub(crate) operator: Option<String>,
    /// Print one JSON document (or JSON Lines) instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No progress, no remarks
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more on standard error; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Noun {
    /// Send generated sample material through the real pipeline and show what was found
    Demo {
        /// End when it is done
        #[arg(long)]
        once: bool,
    },
    /// Make a workspace: settings, database, ledger key, first operator
    Init {
        /// Name of the first operator
        #[arg(long, value_name = "NAME")]
        operator: Option<String>,
    },
    /// Serve the matching interfaces and the console
    Serve {
        /// Address to listen on; serve.listen of the settings by default
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<std::net::SocketAddr>,
    },
    /// Fingerprint, look up and triage files
    #[command(subcommand)]
    Media(Media),
    /// Hash lists and signal banks
    #[command(subcommand)]
    List(List),
    /// Signal banks of the matching service
    #[command(subcommand)]
    Bank(BankVerb),
    /// The files that join what belongs together
    #[command(subcommand)]
    Case(Case),
    /// The chain of custody
    #[command(subcommand)]
    Ledger(Ledger),
    /// Payment flows
    #[command(subcommand)]
    Payments(Payments),
    /// The people who work in a workspace
    #[command(subcommand)]
    Operator(Operator),
    /// What programs show to use the service
    #[command(subcommand)]
    Token(Token),
    /// Where signals are fetched from
    #[command(subcommand)]
    Exchange(Exchange),
    /// Who is told of matches
    #[command(subcommand)]
    Webhook(Webhook),
    /// Settings
    #[command(subcommand)]
    Config(Config),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Media {
    /// Fingerprint files; a folder is walked, `-` reads paths from standard input
    Hash(HashArgs),
    /// Look files, or signals one a line, up in lists
    Match(MatchArgs),
    /// Device triage: every file gets one outcome
    Scan(ScanArgs),
    /// Hand the media of a scan to another program; needs the operator's name and a purpose
    Export(ExportArgs),
    /// Read an examiner's categories back into a scan
    Categorise(CategoriseArgs),
    /// Where earlier scans hold the bytes of new files; the question goes into the ledger
    Earlier(EarlierArgs),
    /// Say how an exhibit was made, or show what was said; outranks what its file says
    Mode(ModeArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Variant {
    Reference,
    Full,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Index {
    Auto,
    Linear,
    Fast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    En,
    It,
}

impl From<Language> for tutela_web::Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::It => Self::It,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum List {
    /// Formats that can be read and written
    Formats,
    /// Read a hash list into a bank of the workspace
    Import {
        file: PathBuf,
        /// Name of the bank
        #[arg(long, value_name = "NAME")]
        bank: String,
        #[command(flatten)]
        stated: Stated,
    },
    /// Compile a list into one file that is looked up where it lies, however large; needs no workspace
    Compile {
        file: PathBuf,
        /// The compiled list
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// An SQL file that brings an NSRL database up to date; several in their order
        #[arg(long = "delta", value_name = "FILE")]
        deltas: Vec<PathBuf>,
        #[command(flatten)]
        stated: Stated,
    },
    /// What a list is and holds, and how well its filter filters; a file needs no workspace
    Info {
        /// A list file, compiled or not, or the name of a bank
        #[arg(value_name = "FILE|BANK")]
        what: String,
        /// Format of the file, when it is not to be recognised
        #[arg(long, value_name = "ID")]
        format: Option<String>,
    },
    /// Banks of the workspace
    Ls,
    /// One bank
    Show { bank: String },
    /// Write a bank in a format
    Export {
        bank: String,
        /// Format id
        #[arg(long, value_name = "ID")]
        format: String,
        /// The file; standard output by default
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take a bank out of the workspace
    Remove { bank: String },
}

/// What is said of a list where its file does not say it.
#[derive(Debug, Args)]
pub(crate) struct Stated {
    /// Its format, when it is not to be recognised
    #[arg(long, value_name = "ID")]
    pub(crate) format: Option<String>,
    /// Who issued it
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: Option<String>,
    /// Date of issue, RFC 3339
    #[arg(long, value_name = "TIME")]
    pub(crate) dated: Option<String>,
    /// Scheme of its category codes, such as projectvic:us
    #[arg(long, value_name = "SCHEME")]
    pub(crate) scheme: Option<String>,
    /// Its matches are marks, not findings
    #[arg(long)]
    pub(crate) known_good: bool,
    /// Rows of 64 digits are SHA-256, not PDQ
    #[arg(long)]
    pub(crate) sha256: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Case {
    /// Open a case
    New {
        /// What its people call it
        #[arg(long, value_name = "TEXT", value_parser = words)]
        title: String,
    },
    /// All cases
    Ls,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// Check every entry, checkpoint and root
    Verify {
        /// Check an export instead of the workspace; needs no workspace
        #[arg(long, value_name = "DIR")]
        export: Option<PathBuf>,
    },
    /// Write entries with proofs and a recipe for openssl and coreutils
    Export {
        /// A new or empty folder
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Only entries about this exhibit
        #[arg(long, value_name = "ID", conflicts_with_all = ["scan", "case"])]
        exhibit: Option<String>,
        /// Only entries of this scan
        #[arg(long, value_name = "ID", conflicts_with = "case")]
        scan: Option<String>,
        /// Only entries of this case
        #[arg(long, value_name = "ID")]
        case: Option<String>,
        /// Also write the words beside the entries; they may hold personal data
        #[arg(long)]
        disclose: bool,
    },
    /// Sign the ledger as it stands
    Checkpoint,
    /// Erase the words beside entries; the entries stay and verify as before
    #[command(group = clap::ArgGroup::new("what").required(true))]
    Erase {
        /// Sequence number of one entry
        #[arg(long, value_name = "SEQ", group = "what")]
        entry: Option<u64>,
        /// Every entry about this exhibit
        #[arg(long, value_name = "ID", group = "what")]
        exhibit: Option<String>,
        /// Every entry of this case
        #[arg(long, value_name = "ID", group = "what")]
        case: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Payments {
    /// Rank payers and payees of transfer files, with reasons
    Screen(ScreenArgs),
    /// Read transfer files into the workspace, screen what is there, put alerts before people
    Import(ImportArgs),
    /// The queue of alerts, and what people make of them
    #[command(subcommand)]
    Alerts(Alerts),
    /// Replay a threshold on the history in the store: alerts a day, and what would be lost
    Backtest(BacktestArgs),
    /// Write what people decided as labels to train on: CSV side,account,label,decided_at,reason
    Labels(LabelsArgs),
    /// The registered indicators, with what they mean and where they come from
    Indicators,
    /// The formats of transfers that are read, and the fields of a transfer
    Formats,
    /// Propose a map for a table of other columns, with reasons; prints TOML for `--map`
    Map {
        /// The table
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Write an invented world of payments, with its truth in a separate file
    Generate(GenerateArgs),
    /// Fit a model on own outcomes; writes it with its card
    Train(TrainArgs),
    /// Compare scores with a truth: average precision, precision and recall, with intervals
    Evaluate(EvaluateArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Operator {
    /// Enter a person
    Add {
        /// Their name
        #[arg(value_parser = words)]
        name: String,
    },
    /// Everybody
    Ls,
    /// Give a person a password for the console; read from the terminal, or a line of standard input
    Passwd {
        /// Their name or id
        #[arg(value_parser = words)]
        name: String,
    },
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Config {
    /// Every setting with its default and meaning, as a file
    Default,
    /// Say what is wrong with the settings in force
    Check,
    /// The settings in force; secrets are left out
    Show,
}

#[derive(Debug, Args)]
pub(crate) struct HashArgs {
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Which published computation of PDQ
    #[arg(long, value_enum, default_value_t = Variant::Reference)]
    pub(crate) variant: Variant,
    /// Add the seven other orientations
    #[arg(long)]
    pub(crate) dihedral: bool,
    /// Exit with an error when any file has one
    #[arg(long)]
    pub(crate) strict: bool,
    /// Files worked on side by side
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct MatchArgs {
    /// Files and folders to look up
    #[arg(required_unless_present = "queries", conflicts_with = "queries")]
    pub(crate) paths: Vec<PathBuf>,
    /// A list to look up in
    #[arg(long = "list", value_name = "FILE", required = true)]
    pub(crate) lists: Vec<PathBuf>,
    /// A file of 64-digit PDQ signals to look up, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) queries: Option<PathBuf>,
    /// Format of the lists, when it is not to be recognised
    #[arg(long, value_name = "ID")]
    pub(crate) format: Option<String>,
    /// Bits that may differ
    #[arg(long, value_name = "N", default_value_t = MediaSettings::MAX_DISTANCE, value_parser = clap::value_parser!(u16).range(0..=256))]
    pub(crate) distance: u16,
    /// Threads; all processors by default
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// How to search; every way is exact
    #[arg(long, value_enum, default_value_t = Index::Auto)]
    pub(crate) index: Index,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    /// Files and folders
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// A hash list whose matches are findings
    #[arg(long = "list", value_name = "FILE")]
    pub(crate) lists: Vec<PathBuf>,
    /// A hash list whose matches are marks
    #[arg(long, value_name = "FILE")]
    pub(crate) known_good: Vec<PathBuf>,
    /// Leave the banks of the workspace out
    #[arg(long)]
    pub(crate) no_banks: bool,
    /// The case it belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) case: Option<String>,
    /// Write report.html, items.jsonl and summary.json into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Language of the report
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub(crate) lang: Language,
    /// Go on with an interrupted scan of the same files, lists and settings
    #[arg(long)]
    pub(crate) resume: bool,
    /// Begin with what most likely gives a result, and show findings as they come
    #[arg(long)]
    pub(crate) first_look: bool,
    /// Stop when this time is used up, such as 90s, 10m or 2h; --resume goes on
    #[arg(long, value_name = "TIME", value_parser = budget)]
    pub(crate) budget: Option<Duration>,
    /// Put small grey blurred thumbnails of new pictures into the report; needs --purpose and --out
    #[arg(long, requires_all = ["purpose", "out"])]
    pub(crate) thumbnails: bool,
    /// Why protected material is to be seen; kept beside the ledger
    #[arg(long, value_name = "TEXT", value_parser = words)]
    pub(crate) purpose: Option<String>,
    /// Bits that may differ for a near match
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=i64::from(MediaSettings::MAX_DISTANCE)))]
    pub(crate) distance: Option<u16>,
    /// Files worked on side by side
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct ModeArgs {
    /// Id of the exhibit, as in items.jsonl
    #[arg(value_name = "EXHIBIT")]
    pub(crate) exhibit: String,
    /// What you see, having looked; without it, what was said is shown
    #[arg(long, value_enum, requires = "reason")]
    pub(crate) mode: Option<Mode>,
    /// Why you say so
    #[arg(long, value_name = "TEXT", value_parser = words, requires = "mode")]
    pub(crate) reason: Option<String>,
}

/// How some content was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Parts of several pictures put together
    Compositing,
    /// A face or body replaced
    Swap,
    /// Made by a model from nothing
    Synthetic,
    /// None of these
    None,
    /// It cannot be told
    Unknown,
}

/// Threads beyond this many only cost memory.
const MAX_THREADS: usize = 256;

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads) if (1..=MAX_THREADS).contains(&threads) => Ok(threads),
        _ => Err(format!("a number from 1 to {MAX_THREADS}")),
    }
}

/// A number and its unit. Without a unit it could be anything.
fn budget(text: &str) -> Result<Duration, String> {
    let seconds = match text.char_indices().next_back() {
        Some((_, 's')) => 1,
        Some((_, 'm')) => 60,
        Some((_, 'h')) => 3600,
        Some(_) | None => 0,
    };
    let number = text.get(..text.len().saturating_sub(1)).and_then(|number| number.parse().ok());
    match number.and_then(|number: u64| number.checked_mul(seconds)) {
        Some(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds)),
        _ => Err("a whole number of seconds, minutes or hours, such as 90s, 10m or 2h".to_owned()),
    }
}

/// Text that says something.
fn words(text: &str) -> Result<String, String> {
    let words = text.trim();
    if words.is_empty() { Err("say it in words".to_owned()) } else { Ok(words.to_owned()) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::budget;

    #[test]
    fn a_budget_has_a_unit() {
        let seconds = |text| budget(text).ok().map(|budget| budget.as_secs());
        assert_eq!(["90s", "10m", "2h"].map(seconds), [Some(90), Some(600), Some(7200)]);
        for wrong in
            ["", "m", "10", "0s", "-1m", "1.5h", "10 m", "1d", "9999999999999999999h", "1\u{e9}"]
        {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
        assert_eq!(budget("1s"), Ok(Duration::from_secs(1)));
    }
}
