//! Names the things of the field as plain types: floor 0, which everything else stands on.
#![forbid(unsafe_code)]

mod capture;
mod category;
mod class;
mod digest;
mod exhibit;
mod finding;
mod ids;
mod list;
mod pdq;
mod protection;
mod signal;
mod transfer;

pub use capture::CaptureData;
pub use category::Category;
pub use class::{Class, Coded};
pub use digest::{Digests, HexError, Md5, Sha1, Sha256};
pub use exhibit::{Exhibit, Failure, KnownGoodMark, Outcome};
pub use finding::{Confirmed, Finding, FindingState, ListMatch, Method};
pub use ids::{CaseId, ExhibitId, FindingId, IdError, ListId, OperatorId, ScanId};
pub use jiff::Timestamp;
pub use list::{ListEntry, ListInfo, ListRole, OpaqueSignal, RowError};
pub use pdq::{Orientation, Pdq, PdqVariant, UnknownName};
pub use protection::Protection;
pub use signal::Signal;
pub use transfer::{AccountId, Currency, CurrencyError, Money, Transfer, TransferId};
