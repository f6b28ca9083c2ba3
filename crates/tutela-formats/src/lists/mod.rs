//! Hash lists: every format that is read and written, in one registry.
//!
//! Reading is forgiving about rows and strict about values: a bad row is reported and the list goes
//! on, a bad value is never guessed. Memory is bounded whatever the file holds; see [`limits`].

mod csv;
mod format;
mod hashdeep;
mod icse;
mod intake;
mod json;
pub mod limits;
mod loose;
mod md5sum;
mod ncmec;
mod outgo;
mod plain;
mod projectvic;
mod pytx;
mod records;
mod replay;
mod rows;
mod stopncii;
mod text;
mod threatexchange;
mod value;
pub(crate) mod xml;

pub use format::{
    Confidence, Example, Field, Hex64, ListFormat, ListReading, ReadFn, ReadOptions, WriteFn,
    Written,
};
pub use pytx::signal_type_of;
pub use replay::replay;
pub(crate) use text::{Lines, decoded, decoded_head};

/// Every format, in the order documents name them.
pub static LISTS: &[ListFormat] = &[
    plain::FORMAT,
    csv::FORMAT,
    md5sum::FORMAT,
    hashdeep::FORMAT,
    icse::FORMAT,
    projectvic::FORMAT,
    ncmec::FORMAT,
    threatexchange::FORMAT,
    stopncii::FORMAT,
    pytx::FORMAT,
];

/// The format with this id.
pub fn format(id: &str) -> Option<&'static ListFormat> {
    LISTS.iter().find(|format| format.id == id)
}

/// The format a file is most likely in, from its first bytes and its name.
///
/// What the bytes say comes first; the name only decides between formats that are equally sure.
/// Give up to [`limits::HEAD_BYTES`] bytes: more is not looked at.
pub fn recognise(head: &[u8], file_name: &str) -> Option<&'static ListFormat> {
    let head = text::decoded_head(head);
    let name = file_name.to_ascii_lowercase();
    LISTS
        .iter()
        .map(|format| ((format.sniff)(&head), format.extension_in(&name), format))
        .filter(|(confidence, _, _)| *confidence > Confidence::No)
        .max_by_key(|(confidence, extension, _)| (*confidence, *extension))
        .map(|(_, _, format)| format)
}
