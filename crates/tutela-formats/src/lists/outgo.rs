//! Counts what a writer writes and what it cannot carry.

use tutela_core::{ListEntry, OpaqueSignal};

use super::format::{Field, Written};
use super::limits::{MAX_LABEL_BYTES, MAX_OPAQUE_BYTES, MAX_OPAQUE_SIGNALS};

/// One signal of an entry, for formats with one signal a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct One {
    /// Which field it is.
    pub(super) field: Field,
    /// Registry id or opaque kind.
    pub(super) kind: String,
    /// Its text form.
    pub(super) value: String,
}

/// All signals of an entry, one after the other.
pub(super) fn signals(entry: &ListEntry) -> Vec<One> {
    let one = |field, kind: &str, value: String| One { field, kind: kind.to_owned(), value };
    let mut all = Vec::new();
    all.extend(entry.pdq.map(|v| one(Field::Pdq, "pdq", v.to_string())));
    all.extend(entry.md5.map(|v| one(Field::Md5, "md5", v.to_string())));
    all.extend(entry.sha1.map(|v| one(Field::Sha1, "sha1", v.to_string())));
    all.extend(entry.sha256.map(|v| one(Field::Sha256, "sha256", v.to_string())));
    all.extend(entry.other.iter().map(|o| one(Field::Other, &o.kind, o.value.clone())));
    all
}

/// The account of one writer.
#[derive(Default)]
pub(super) struct Outgo {
    written: Written,
}

impl Outgo {
    /// An entry was written as this many rows.
    pub(super) fn entry(&mut self, rows: u64) {
        self.written.entries += 1;
        self.written.rows += rows;
    }

    /// The entry is taken back, and the format cannot say so.
    pub(super) fn leave_out_withdrawn(&mut self) {
        self.written.withdrawn_left_out += 1;
    }

    /// The entry lacks what every row of the format needs.
    pub(super) fn leave_out_unfit(&mut self) {
        self.written.unfit_left_out += 1;
    }

    /// The entry lost this field if `lost` holds.
    pub(super) fn lose(&mut self, field: Field, lost: bool) {
        if lost {
            *self.written.lost.entry(field).or_default() += 1;
        }
    }

    /// The entry lost whatever it has beside these fields.
    pub(super) fn lose_all_but(&mut self, kept: &[Field], entry: &ListEntry) {
        let present = [
            (Field::Key, entry.key.is_some()),
            (Field::Md5, entry.md5.is_some()),
            (Field::Sha1, entry.sha1.is_some()),
            (Field::Sha256, entry.sha256.is_some()),
            (Field::Pdq, entry.pdq.is_some()),
            (Field::Other, !entry.other.is_empty()),
            (Field::Category, entry.category.is_some()),
            (Field::SizeBytes, entry.size_bytes.is_some()),
            (Field::Label, entry.label.is_some()),
        ];
        for (field, present) in present {
            self.lose(field, present && !kept.contains(&field));
        }
    }

    /// Whether an entry is left out before anything else is looked at: it is withdrawn, and the
    /// format has no tombstones.
    pub(super) fn without_tombstone(&mut self, entry: &ListEntry) -> bool {
        if entry.withdrawn {
            self.leave_out_withdrawn();
        }
        entry.withdrawn
    }

    pub(super) fn finish(self) -> Written {
        self.written
    }
}

/// The signals kept as received that a format can carry, as far as reading would keep them.
pub(super) fn carried_others(
    entry: &ListEntry,
    fits: impl Fn(&OpaqueSignal) -> bool,
) -> Vec<&OpaqueSignal> {
    let mut room = MAX_OPAQUE_BYTES;
    let mut carried = Vec::new();
    for signal in &entry.other {
        if fits(signal) && is_value(&signal.value) && signal.value.len() <= room {
            room -= signal.value.len();
            carried.push(signal);
        }
    }
    carried.truncate(MAX_OPAQUE_SIGNALS);
    carried
}

/// Whether a signal kept as received comes back unchanged: something in it, no margins, not too long.
pub(super) fn is_value(value: &str) -> bool {
    !value.is_empty() && value.trim() == value && value.len() <= MAX_OPAQUE_BYTES
}

/// The label of an entry if reading one line gives it back unchanged.
pub(super) fn carried_label(entry: &ListEntry) -> Option<&str> {
    entry.label.as_deref().filter(|label| is_plain(label, MAX_LABEL_BYTES))
}

/// Whether a text comes back unchanged from a line of text: no line ends, no margins, not too long.
pub(super) fn is_plain(text: &str, limit: usize) -> bool {
    !text.is_empty()
        && text.len() <= limit
        && text.trim() == text
        && !text.chars().any(char::is_control)
}
