//! The errors of the store.

use sqlx::error::ErrorKind;
use tutela_core::{AlertRefusal, Class, Coded};
use tutela_ledger::LedgerError;

use crate::store::sqlite_code;

/// Why a call to the store failed. Messages name tables and ids, never what a record says.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store behind the URL.
    #[error("there is no store here; it has to be created first")]
    NoStore,
    /// The store was made by a later version.
    #[error("the store has schema version {found}; this version reads up to {known}")]
    TooNew {
        /// Version found.
        found: i64,
        /// Newest version known.
        known: i64,
    },
    /// The URL is neither `sqlite:` nor `postgres:`.
    #[error("the database URL does not begin with `sqlite:` or `postgres:`")]
    UnknownBackend,
    /// The database does not answer, or is busy for too long.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// Something with this identity is there already.
    #[error("this {what} is in the store already")]
    Duplicate {
        /// What kind of thing.
        what: &'static str,
    },
    /// Nothing with this id is there.
    #[error("no {what} {id} in the store")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The thing is in a state in which this cannot be done.
    #[error("{what} {id} is {state}: this cannot be done any more")]
    WrongState {
        /// What kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
        /// The state it is in.
        state: String,
    },
    /// A person may not do this with an alert, or not now.
    #[error("{0}")]
    Alert(AlertRefusal),
    /// An import was ended with other numbers than were added.
    #[error("the import was to end with {told} entries, but {found} were added")]
    WrongCount {
        /// Entries according to the caller.
        told: u64,
        /// Entries in the store.
        found: u64,
    },
    /// A row names something that is not in the store.
    #[error("a row refers to something that is not in the store")]
    DanglingReference(#[source] sqlx::Error),
    /// A value cannot be stored.
    #[error("the {field} cannot be stored: {reason}")]
    Unstorable {
        /// Which value.
        field: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// A row does not hold what it must: the database was changed by other means.
    #[error("column {column} of {table} does not hold what it must")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A database of somebody else's that is not what it was taken for, or is damaged.
    #[error("the database is not {what}, or is damaged")]
    Foreign {
        /// What it was taken for.
        what: &'static str,
        /// What the database said, where it said anything.
        #[source]
        source: Option<sqlx::Error>,
    },
    /// A rule or parameter of a stored finding is unknown to the caller.
    #[error("the finding was made by a rule or parameter that this version does not know")]
    UnknownRule,
    /// The ledger in the store does not hold.
    #[error("the ledger in the store does not hold")]
    Ledger(#[from] LedgerError),
    /// A statement failed: a defect, or a database changed by other means.
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
}

/// SQLite codes of a database that is busy, locked, full or unreadable for the moment.
const SQLITE_UNAVAILABLE: [u32; 6] = [5, 6, 8, 10, 13, 14];
/// PostgreSQL classes of the same: connection, resources, operator intervention, system; and the
/// codes for deadlock, lock timeout and serialisation.
const POSTGRES_UNAVAILABLE: [&str; 7] = ["08", "53", "57", "58", "40P01", "55P03", "40001"];

impl StoreError {
    /// What an error of the database means; `what` names the thing that was written.
    pub(crate) fn of(error: sqlx::Error, what: &'static str) -> Self {
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Configuration(_) => Self::Unavailable(error),
                _ => Self::Statement(error),
            };
        };
        let code = database.code().unwrap_or_default();
        let unavailable = match sqlite_code(&error) {
            Some(code) => SQLITE_UNAVAILABLE.contains(&code),
            None => POSTGRES_UNAVAILABLE.iter().any(|prefix| code.starts_with(prefix)),
        };
        match database.kind() {
            ErrorKind::UniqueViolation => Self::Duplicate { what },
            ErrorKind::ForeignKeyViolation => Self::DanglingReference(error),
            _ if unavailable => Self::Unavailable(error),
            _ => Self::Statement(error),
        }
    }

    pub(crate) fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }
}

impl Coded for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoStore => "store.none",
            Self::TooNew { .. } => "store.too_new",
            Self::UnknownBackend => "store.unknown_backend",
            Self::Unavailable(_) => "store.unavailable",
            Self::Duplicate { .. } => "store.duplicate",
            Self::NotFound { .. } => "store.not_found",
            Self::WrongState { .. } => "store.wrong_state",
            Self::Alert(AlertRefusal::FourEyes) => "store.four_eyes",
            Self::Alert(
                AlertRefusal::Closed | AlertRefusal::Proposed | AlertRefusal::NothingProposed,
            ) => "store.alert_state",
            Self::WrongCount { .. } => "store.wrong_count",
            Self::DanglingReference(_) => "store.dangling_reference",
            Self::Unstorable { .. } => "store.unstorable",
            Self::Damaged { .. } => "store.damaged",
            Self::Foreign { .. } => "store.foreign",
            Self::UnknownRule => "store.unknown_rule",
            Self::Ledger(_) => "store.ledger",
            Self::Statement(_) => "store.statement",
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::NoStore | Self::NotFound { .. } => Class::NotFound,
            Self::UnknownBackend
            | Self::Unstorable { .. }
            | Self::Foreign { .. }
            | Self::UnknownRule => Class::Invalid,
            Self::Unavailable(_) => Class::Unavailable,
            Self::Alert(AlertRefusal::FourEyes) => Class::Denied,
            Self::Alert(
                AlertRefusal::Closed | AlertRefusal::Proposed | AlertRefusal::NothingProposed,
            ) => Class::Conflict,
            Self::TooNew { .. }
            | Self::Duplicate { .. }
            | Self::WrongState { .. }
            | Self::WrongCount { .. }
            | Self::DanglingReference(_) => Class::Conflict,
            Self::Damaged { .. } => Class::Integrity,
            Self::Ledger(source) => source.class(),
            Self::Statement(_) => Class::Internal,
        }
    }
}
