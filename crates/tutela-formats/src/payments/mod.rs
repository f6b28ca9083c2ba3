//! Transfers: every format that is read, in one registry.
//!
//! Reading is forgiving about rows and strict about values, as that of lists is: what is wrong is counted by kind
//! and named by row and field, what is right is handed over. Memory is bounded whatever the file holds; see
//! [`limits`].

mod amount;
mod csv;
mod field;
mod format;
mod intake;
mod iso20022;
mod jsonl;
pub mod limits;
mod map;
mod mt103;
mod pacs008;
mod pain001;
mod propose;
mod replay;
mod rows;
mod time;
mod windows_1252;

pub use csv::Table;
pub use field::Field;
pub use format::{Confidence, Example, Fault, PaymentFormat, PaymentReading, ReadFn, ReadOptions};
pub use intake::Seen;
pub use map::{Map, MapError};
pub use propose::{Proposal, ProposedColumn, propose};
pub use replay::replay;

use std::io::{self, BufRead};

/// Every format, in the order documents name them.
pub static PAYMENTS: &[PaymentFormat] =
    &[csv::FORMAT, jsonl::FORMAT, pacs008::FORMAT, pain001::FORMAT, mt103::FORMAT];

/// The format with this id.
pub fn format(id: &str) -> Option<&'static PaymentFormat> {
    PAYMENTS.iter().find(|format| format.id == id)
}

/// The format a file is most likely in, from its first bytes and its name; what the bytes say comes first. A
/// table whose columns are not known is recognised as a table: it needs a map.
///
/// Give up to [`limits::HEAD_BYTES`] bytes: more is not looked at.
pub fn recognise(head: &[u8], file_name: &str) -> Option<&'static PaymentFormat> {
    let head = crate::lists::decoded_head(&head[..head.len().min(limits::HEAD_BYTES)]);
    let name = file_name.to_ascii_lowercase();
    let ends = |format: &PaymentFormat| {
        format
            .extensions
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|stem| stem.ends_with('.')))
    };
    PAYMENTS
        .iter()
        .map(|format| ((format.sniff)(&head), ends(format), format))
        .filter(|(confidence, _, _)| *confidence > Confidence::No)
        .max_by_key(|(confidence, extension, _)| (*confidence, *extension))
        .map(|(_, _, format)| format)
}

/// The bytes of a file as UTF-8 without a byte order mark, for those who cut a [`Table`] into pieces.
///
/// # Errors
///
/// If the source fails.
pub fn utf8<'a>(input: &'a mut dyn BufRead) -> io::Result<Box<dyn BufRead + 'a>> {
    crate::lists::decoded(input)
}
