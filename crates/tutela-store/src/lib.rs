//! Keeps rows and the ledger in SQLite or PostgreSQL.
//!
//! One SQL text serves both. Whatever changes a record takes the ledger lines that go with the
//! change and writes both in one transaction; what a call has acknowledged survives a crash.
#![forbid(unsafe_code)]

mod alerts;
mod banks;
mod batch;
mod cases;
mod categories;
mod creation;
mod deliveries;
mod earlier;
mod error;
mod exchanges;
mod exhibits;
mod findings;
mod keyed;
mod ledger;
mod lists;
mod matches;
mod migrations;
mod nsrl;
mod operators;
mod provenance;
mod rows;
mod scans;
mod store;
mod tokens;
mod transfers;
mod verdicts;

pub use alerts::{
    AlertChange, AlertEntry, AlertFilter, AlertPlace, AlertsPage, NewAlert, NewScreening, Raised,
    Ranking, Screening, StoredAlert,
};
pub use banks::{Bank, BankChange, Changes, Content, ContentsPage, NewContent};
pub use batch::{Batch, SkippedPath};
pub use cases::Case;
pub use categories::{Statement, StatementSource, StoredStatement};
pub use creation::CreationStatement;
pub use deliveries::{Delivery, NewDelivery};
pub use earlier::{EarlierScan, Seen, SignalsPage};
pub use error::StoreError;
pub use exchanges::{
    Exchange, ExchangePage, ExchangeRecord, ExchangeState, FetchClaim, FetchEnd, NewExchange,
    PageCounts, SecretOwner,
};
pub use findings::StoredFinding;
pub use keyed::{KeyedAnswer, KeyedRequest};
pub use ledger::Subject;
pub use lists::{EntriesPage, ListCounts, NewList, StoredList};
pub use matches::{
    DisputedPair, MatchDecision, MatchFilter, MatchState, SeenMatch, StoredMatch, query_index,
};
pub use nsrl::{Nsrl, NsrlFile, NsrlVersion};
pub use operators::Operator;
pub use scans::{NewScan, Scan, ScanState};
pub use store::{Store, sqlite_url};
pub use tokens::StoredToken;
pub use transfers::{NewTransferFile, TransferFile, TransferImport};
pub use tutela_ledger::{Draft as LedgerDraft, Payload};
pub use verdicts::{NewVerdict, StoredVerdict};

/// Result of a call to the store.
pub type Result<T> = std::result::Result<T, StoreError>;
