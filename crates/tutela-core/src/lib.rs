//! Names the things of the field as plain types: floor 0, which everything else stands on.
#![forbid(unsafe_code)]

mod alert;
mod bank;
mod capture;
mod category;
mod class;
mod currency;
mod digest;
mod exchange;
mod exhibit;
mod finding;
mod ids;
mod list;
mod pdq;
mod protection;
mod provenance;
mod signal;
mod token;
mod transfer;

pub use alert::{
    AlertAct, AlertOutcome, AlertProposal, AlertRefusal, AlertSide, AlertStanding, AlertState,
};
pub use bank::{
    BankActions, BankNumber, BankRole, BankTerms, ContentNumber, ContentSignal, ContentTerms,
    Enabled, Ratio,
};
pub use capture::{CaptureData, Place};
pub use category::Category;
pub use class::{Class, Coded};
pub use currency::{CODES_DATED, Currency, CurrencyError, Money};
pub use digest::{Digests, HexError, Md5, Sha1, Sha256};
pub use exchange::{DeliveryNumber, ExchangeNumber, SendState, Verdict, VerdictNumber};
pub use exhibit::{Exhibit, Failure, KnownGoodMark, Note, Outcome};
pub use finding::{Claim, Confirmed, Finding, FindingState, ListMatch, Method, Part};
pub use ids::{CaseId, ExhibitId, FindingId, IdError, ListId, OperatorId, ScanId, TokenId};
pub use jiff::Timestamp;
pub use list::{ListEntry, ListInfo, ListRole, OpaqueSignal, RowError};
pub use pdq::{Orientation, Pdq, PdqVariant, UnknownName};
pub use protection::Protection;
pub use provenance::{
    CreationMode, Grade, ManifestFacts, Origin, Provenance, SealedText, SignatureCheck,
};
pub use signal::Signal;
pub use token::{Scope, Scopes};
pub use transfer::{AccountId, PartyRecord, Transfer, TransferId, TransferRecord};
