//! Files by which one program hands the media of an examination to another, in one registry.
//!
//! A writer gets one piece of content after another and keeps none of them, so a file of any size
//! needs the memory of one. What a format cannot carry is counted, never changed.

mod csv;
mod format;
mod json;
mod media;
mod vics;
mod vics13;
mod vics2;

pub use format::{ExchangeFormat, Exchanged, Profile, WriteFn};
pub use media::{Head, Media, MediaFile, MediaPdq, Parent};

/// Every format, in the order documents name them.
pub static EXCHANGES: &[ExchangeFormat] =
    &[vics2::FORMAT, vics13::FORMAT, csv::FORMAT, json::FORMAT];

/// The format with this id.
pub fn format(id: &str) -> Option<&'static ExchangeFormat> {
    EXCHANGES.iter().find(|format| format.id == id)
}
