//! Reads an NSRL RDS, version 3, with the deltas that bring it up to date.
//!
//! Known is not good: its entries only ever mark. The database and the deltas are read, never written
//! and never run. What a delta takes out is known before the database is gone through.

use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{ListEntry, RowError, Timestamp};
use tutela_formats::nsrl::{Change, DeltaReading, read_delta};
use tutela_store::{Nsrl, NsrlFile, NsrlVersion};

use super::compiled::{About, SourceFile, digest_of, file_name};
use crate::AppError;
use crate::evidence::sealing;

/// First bytes of every SQLite database.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Format id of an RDS. It is no registered format: a database is not read from beginning to end.
pub(crate) const FORMAT: &str = "nsrl";
/// Bytes read at once.
const BUFFER_BYTES: usize = 1 << 20;
/// Errors of rows and statements that are kept.
const MAX_ERRORS: usize = 20;

/// Whether a file is an SQLite database, by its first bytes.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn is_database(path: &Path) -> Result<bool, AppError> {
    let mut head = Vec::new();
    let file = sealing::open(path).map_err(AppError::file("read", path))?;
    let read = file.take(MAGIC.len() as u64).read_to_end(&mut head);
    read.map_err(AppError::file("read", path))?;
    Ok(head == MAGIC)
}

/// Hands every file of the database and the deltas over as an entry; says what is known of the whole.
///
/// # Errors
/// The database is no RDS or is damaged, a delta cannot be read, or the database changed meanwhile.
pub(crate) fn read(
    path: &Path,
    deltas: &[PathBuf],
    sink: &mut dyn FnMut(ListEntry),
) -> Result<About, AppError> {
    let sha256 = digest_of(path).map_err(AppError::file("read", path))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|_| AppError::System { what: "a runtime for the database" })?;
    let mut database = runtime.block_on(Nsrl::open(path))?;
    let version = runtime.block_on(database.version())?;
    let mut reading = Reading::new(database.columns().to_vec(), sink);
    for delta in deltas {
        reading.note_removals(delta)?;
    }
    let wanted = reading.wanted();
    runtime.block_on(database.each_file(&wanted, &mut |file| reading.known(&wanted, file)))?;
    runtime.block_on(database.close())?;
    for (number, delta) in deltas.iter().enumerate() {
        reading.add_inserted(number, delta)?;
    }
    let again = digest_of(path).map_err(AppError::file("read", path))?;
    if again != sha256 {
        let changed = io::Error::other("it changed while it was read");
        return Err(AppError::file("read", path)(changed));
    }
    Ok(About { file: file_name(path), sha256: sha256.to_string(), ..reading.about(version) })
}

/// Where a reading stands.
struct Reading<'a> {
    columns: Vec<String>,
    sink: &'a mut dyn FnMut(ListEntry),
    row: u64,
    last: [Option<String>; 3],
    /// Statements before those of each delta, so that what was removed can be put in again later.
    starts: Vec<u64>,
    statements: u64,
    /// For each choice of columns that removals name: the last statement that removes these values.
    removals: HashMap<Vec<String>, HashMap<u128, u64>>,
    removed: u64,
    inserted: u64,
    rejected: u64,
    errors: Vec<String>,
    truncated: bool,
    merged: Vec<SourceFile>,
}

impl<'a> Reading<'a> {
    fn new(columns: Vec<String>, sink: &'a mut dyn FnMut(ListEntry)) -> Self {
        Self {
            columns,
            sink,
            row: 0,
            last: [None, None, None],
            starts: Vec::new(),
            statements: 0,
            removals: HashMap::new(),
            removed: 0,
            inserted: 0,
            rejected: 0,
            errors: Vec::new(),
            truncated: false,
            merged: Vec::new(),
        }
    }

    /// First pass over a delta: what it takes out, and what is wrong with it.
    fn note_removals(&mut self, delta: &Path) -> Result<(), AppError> {
        let sha256 = digest_of(delta).map_err(AppError::file("read", delta))?.to_string();
        self.merged.push(SourceFile { file: file_name(delta), sha256 });
        let before = self.statements;
        self.starts.push(before);
        let mut unknown = Vec::new();
        let (columns, removals) = (&self.columns, &mut self.removals);
        let reading = read_file(delta, columns, &mut |change| {
            if !change.removed {
                return;
            }
            let (names, values): (Vec<_>, Vec<_>) = change.fields.into_iter().unzip();
            match names.iter().find(|name| !columns.contains(name)) {
                Some(name) => unknown.push((change.row, name.clone())),
                None => {
                    let digest = digest_values(values.iter().map(|value| Some(value.as_str())));
                    removals.entry(names).or_default().insert(digest, before + change.row);
                }
            }
        })?;
        self.statements += reading.statements;
        self.rejected += reading.rejected + unknown.len() as u64;
        self.truncated |= reading.truncated;
        let unknown = unknown.into_iter().map(|(row, name)| RowError {
            row,
            field: Some(name.chars().take(64).collect()),
            message: "no column of the database; nothing was removed".to_owned(),
        });
        for error in reading.errors.into_iter().chain(unknown) {
            if self.errors.len() < MAX_ERRORS {
                let error = error.to_string();
                let error = error.strip_prefix("row ").unwrap_or(&error);
                self.errors.push(format!("{}, statement {error}", file_name(delta)));
            }
        }
        Ok(())
    }

    /// Columns that removals name.
    fn wanted(&self) -> Vec<String> {
        let mut wanted: Vec<String> = self.removals.keys().flatten().cloned().collect();
        wanted.sort();
        wanted.dedup();
        wanted
    }

    /// A row of the database. Of rows with equal digests one stands for all.
    fn known(&mut self, wanted: &[String], file: NsrlFile) {
        let value = |column: &String| {
            let index = wanted.iter().position(|wanted| wanted == column)?;
            file.values.get(index)?.as_deref()
        };
        if self.is_removed(0, value) {
            self.removed += 1;
            return;
        }
        if self.last != file.digests {
            self.last.clone_from(&file.digests);
            self.give(file.digests);
        }
    }

    /// Second pass over a delta: what it puts in, and does not take out again later.
    fn add_inserted(&mut self, number: usize, delta: &Path) -> Result<(), AppError> {
        let columns = self.columns.clone();
        let before = self.starts.get(number).copied().unwrap_or(0);
        read_file(delta, &columns, &mut |mut change| {
            let at = before + change.row;
            let value = |column: &String| {
                let field = change.fields.iter().find(|(name, _)| name == column);
                field.map(|(_, value)| value.as_str())
            };
            if change.removed || self.is_removed(at, value) {
                return;
            }
            self.inserted += 1;
            let mut digest = |name: &str| {
                let field = change.fields.iter_mut().find(|(column, _)| column == name);
                field.map(|(_, value)| std::mem::take(value))
            };
            let digests = [digest("sha256"), digest("sha1"), digest("md5")];
            self.give(digests);
        })?;
        Ok(())
    }

    /// Whether a statement behind `at` removes a row with these values.
    fn is_removed<'v>(&self, at: u64, value: impl Fn(&String) -> Option<&'v str>) -> bool {
        self.removals.iter().any(|(columns, removals)| {
            let digest = digest_values(columns.iter().map(&value));
            removals.get(&digest).is_some_and(|removal| *removal > at)
        })
    }

    /// Hands an entry over. Digests that are none are named; what is left of them stands.
    fn give(&mut self, digests: [Option<String>; 3]) {
        self.row += 1;
        let mut entry = ListEntry { row: self.row, ..ListEntry::default() };
        let [sha256, sha1, md5] = digests;
        let mut sound = true;
        sound &= set(&mut entry.sha256, sha256.as_deref());
        sound &= set(&mut entry.sha1, sha1.as_deref());
        sound &= set(&mut entry.md5, md5.as_deref());
        if !sound {
            let row = self.row;
            self.rejected += u64::from(!entry.has_signal());
            if self.errors.len() < MAX_ERRORS {
                self.errors.push(format!("row {row}: a digest that is none"));
            }
        }
        if entry.has_signal() {
            (self.sink)(entry);
        }
    }

    fn about(self, version: NsrlVersion) -> About {
        let mut notes = Vec::new();
        notes.extend(version.version.map(|version| format!("RDS {version}")));
        if !self.merged.is_empty() {
            notes.push(format!(
                "merged: {} rows put in, {} taken out of the database",
                self.inserted, self.removed
            ));
        }
        About {
            deltas: self.merged,
            format: FORMAT.to_owned(),
            source: Some("NIST NSRL".to_owned()),
            dated: version.release_date.as_deref().and_then(day),
            known_good: true,
            rejected: self.rejected,
            row_errors: self.errors,
            truncated: self.truncated,
            notes,
            ..About::default()
        }
    }
}

/// Reads one digest into its place; false where it is none. An absent one is no fault.
fn set<T: FromStr>(place: &mut Option<T>, text: Option<&str>) -> bool {
    *place = text.and_then(|text| text.trim().parse().ok());
    place.is_some() || text.is_none_or(str::is_empty)
}

fn read_file(
    path: &Path,
    columns: &[String],
    give: &mut dyn FnMut(Change),
) -> Result<DeltaReading, AppError> {
    let file = sealing::open(path).map_err(AppError::file("read", path))?;
    read_delta(&mut BufReader::with_capacity(BUFFER_BYTES, file), columns, give)
        .map_err(|source| AppError::List { path: path.to_owned(), source })
}

/// What tells the values of one row from those of another: half a SHA-256 of them all.
fn digest_values<'v>(values: impl Iterator<Item = Option<&'v str>>) -> u128 {
    let mut hasher = Sha256Hasher::new();
    for value in values {
        let len = value.map_or(u64::MAX, |value| value.len() as u64);
        hasher.update(len.to_le_bytes());
        hasher.update(value.unwrap_or_default());
    }
    hasher.finalize().first_chunk().map_or(0, |head| u128::from_le_bytes(*head))
}

/// The day of a date as the database writes it, as an instant.
fn day(text: &str) -> Option<String> {
    let day = text.get(..10)?;
    let instant: Timestamp = format!("{day}T00:00:00Z").parse().ok()?;
    Some(instant.to_string())
}
