//! Takes entries and complaints from a reader, and keeps the counts and the limits.

use std::fmt::Display;
use std::str::FromStr;

use tutela_core::{Category, ListEntry, Md5, OpaqueSignal, RowError, Sha1, Sha256, Timestamp};

use super::format::{ListReading, ReadOptions};
use super::limits::{
    MAX_LABEL_BYTES, MAX_NAME_BYTES, MAX_NOTES, MAX_OPAQUE_BYTES, MAX_OPAQUE_SIGNALS,
    MAX_ROW_ERRORS,
};
use super::value::{date, digits};

/// Longest field name in an error: names come from the file, and so may be anything.
const MAX_FIELD_CHARS: usize = 64;

const EMPTY_MD5: Md5 = Md5([
    0xd4, 0x1d, 0x8c, 0xd9, 0x8f, 0x00, 0xb2, 0x04, 0xe9, 0x80, 0x09, 0x98, 0xec, 0xf8, 0x42, 0x7e,
]);
const EMPTY_SHA1: Sha1 = Sha1([
    0xda, 0x39, 0xa3, 0xee, 0x5e, 0x6b, 0x4b, 0x0d, 0x32, 0x55, 0xbf, 0xef, 0x95, 0x60, 0x18, 0x90,
    0xaf, 0xd8, 0x07, 0x09,
]);
const EMPTY_SHA256: Sha256 = Sha256([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// What stands between a reader and its caller.
pub(super) struct Intake<'a> {
    options: &'a ReadOptions,
    give: &'a mut dyn FnMut(ListEntry),
    reading: ListReading,
    /// Scheme of category codes whose row names none.
    scheme: String,
    /// The latest date as it was written, while all are written alike.
    latest: String,
}

impl<'a> Intake<'a> {
    pub(super) fn new(options: &'a ReadOptions, give: &'a mut dyn FnMut(ListEntry)) -> Self {
        let scheme = options.scheme.clone().unwrap_or_else(|| Category::UNSTATED.to_owned());
        let mut reading = ListReading::default();
        reading.info.scheme = options.scheme.clone();
        Self { options, give, reading, scheme, latest: String::new() }
    }

    pub(super) fn options(&self) -> &'a ReadOptions {
        self.options
    }

    /// The file as a whole says which scheme its codes belong to. What the importer says goes first.
    pub(super) fn file_scheme(&mut self, scheme: String) {
        match &self.options.scheme {
            Some(asked) if *asked != scheme => {
                self.note("the file names another category scheme than the importer; the importer's is used");
            }
            _ => {
                self.reading.info.scheme = Some(scheme.clone());
                self.scheme = scheme;
            }
        }
    }

    /// The file says who issued it.
    pub(super) fn file_source(&mut self, source: &str) {
        let source = self.label(source);
        match &self.reading.info.source {
            Some(known) if Some(known) != source.as_ref() => {
                self.note("the file names more than one source; the first is kept");
            }
            Some(_) => {}
            None => self.reading.info.source = source,
        }
    }

    /// Some part of the file has this date; the latest is the date of the list.
    pub(super) fn dated(&mut self, date: Timestamp) {
        let dated = &mut self.reading.info.dated;
        *dated = Some(dated.map_or(date, |known| known.max(date)));
    }

    /// The same for a date as it is written. Dates without an offset that are written alike sort as
    /// text, so most of a long list are never parsed.
    pub(super) fn dated_text(&mut self, text: &str) {
        let plain = text.len() == 19 || (text.len() == 20 && text.ends_with('Z'));
        if plain && text.len() == self.latest.len() && text <= self.latest.as_str() {
            return;
        }
        if let Some(date) = date(text) {
            self.dated(date);
            if plain {
                self.latest.clear();
                self.latest.push_str(text);
            }
        }
    }

    /// Something a person should know of the file as a whole. Said once, however often it is met.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if self.reading.notes.len() < MAX_NOTES && !self.reading.notes.contains(&note) {
            self.reading.notes.push(note);
        }
    }

    /// Something is wrong with a record that may still be of use.
    pub(super) fn error(&mut self, row: u64, field: &str, message: impl Display) {
        if self.reading.errors.len() < MAX_ROW_ERRORS {
            let field = (!field.is_empty()).then(|| field.chars().take(MAX_FIELD_CHARS).collect());
            self.reading.errors.push(RowError { row, field, message: message.to_string() });
        }
    }

    /// A record gives no entry.
    pub(super) fn reject(&mut self, row: u64, field: &str, message: impl Display) {
        self.reading.rejected += 1;
        self.error(row, field, message);
    }

    /// The file ends inside this record, or cannot be read from here on.
    pub(super) fn cut(&mut self, row: u64, message: impl Display) {
        self.reading.truncated = true;
        self.error(row, "", message);
    }

    /// Reads one value into its place. Blank is absent; a bad value is reported and left out.
    pub(super) fn set<T>(&mut self, place: &mut Option<T>, row: u64, field: &str, text: &str)
    where
        T: FromStr<Err: Display>,
    {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match text.parse() {
            Ok(value) => *place = Some(value),
            Err(why) => self.error(row, field, why),
        }
    }

    /// Reads a size in bytes into its place.
    pub(super) fn set_size(&mut self, entry: &mut ListEntry, field: &str, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match text.parse() {
            Ok(size) => entry.size_bytes = Some(size),
            Err(_) => self.error(entry.row, field, "not a whole number of bytes"),
        }
    }

    /// Reads a digest or signal of unstated kind, which its number of digits tells.
    pub(super) fn set_digits(&mut self, entry: &mut ListEntry, field: &str, text: &str) {
        let text = text.trim();
        if !text.is_empty()
            && let Err(why) = digits(entry, text, self.options.hex64)
        {
            self.error(entry.row, field, why);
        }
    }

    /// Keeps a signal as received.
    pub(super) fn set_opaque(&mut self, entry: &mut ListEntry, kind: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let taken: usize = entry.other.iter().map(|signal| signal.value.len()).sum();
        if kind.len() > MAX_NAME_BYTES
            || entry.other.len() >= MAX_OPAQUE_SIGNALS
            || taken + value.len() > MAX_OPAQUE_BYTES
        {
            self.error(entry.row, kind, "more or longer signals than are kept");
            return;
        }
        entry.other.push(OpaqueSignal { kind: kind.to_owned(), value: value.to_owned() });
    }

    /// Keeps the sender's key.
    pub(super) fn set_key(&mut self, entry: &mut ListEntry, field: &str, text: &str) {
        entry.key = self.name(entry.row, field, text);
    }

    /// Keeps a category code under the scheme of the file.
    pub(super) fn set_category(&mut self, entry: &mut ListEntry, field: &str, code: &str) {
        if let Some(code) = self.name(entry.row, field, code) {
            entry.category = Some(Category { scheme: self.scheme.clone(), code });
        }
    }

    /// A short text that identifies something: absent when blank, refused when too long.
    pub(super) fn name(&mut self, row: u64, field: &str, text: &str) -> Option<String> {
        let text = text.trim();
        if text.len() > MAX_NAME_BYTES {
            self.error(row, field, format_args!("longer than {MAX_NAME_BYTES} bytes"));
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A text for people: absent when blank, cut when too long.
    pub(super) fn label(&mut self, text: &str) -> Option<String> {
        let mut text = text.trim();
        if text.len() > MAX_LABEL_BYTES {
            self.note(format!("labels longer than {MAX_LABEL_BYTES} bytes are cut"));
            text = text[..text.floor_char_boundary(MAX_LABEL_BYTES)].trim_end();
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Hands an entry over, unless it names no content. What must name none is a withdrawal by key.
    pub(super) fn entry(&mut self, mut entry: ListEntry, field: &str) {
        self.drop_empty_content(&mut entry);
        if entry.has_signal() || (entry.withdrawn && entry.key.is_some()) {
            self.reading.entries += 1;
            self.reading.withdrawn += u64::from(entry.withdrawn);
            (self.give)(entry);
            return;
        }
        self.reading.rejected += 1;
        let reason_given = self.reading.errors.last().is_some_and(|error| error.row == entry.row);
        if !reason_given {
            self.error(entry.row, field, "no usable signal");
        }
    }

    /// Every empty file has these digests: they identify nothing and would match on every device.
    fn drop_empty_content(&mut self, entry: &mut ListEntry) {
        let row = entry.row;
        let why = "the digest of an empty file identifies nothing and is left out";
        if entry.md5.take_if(|md5| *md5 == EMPTY_MD5).is_some() {
            self.error(row, "md5", why);
        }
        if entry.sha1.take_if(|sha1| *sha1 == EMPTY_SHA1).is_some() {
            self.error(row, "sha1", why);
        }
        if entry.sha256.take_if(|sha256| *sha256 == EMPTY_SHA256).is_some() {
            self.error(row, "sha256", why);
        }
    }

    pub(super) fn finish(mut self) -> ListReading {
        if self.reading.entries == 0 {
            self.note("the file holds no usable entry");
        }
        self.reading
    }
}
