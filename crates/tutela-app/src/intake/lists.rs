//! Reads hash lists from files: recognises the format, streams the entries, seals the file.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{ListEntry, Pdq, Sha256, Timestamp};
use tutela_formats::lists::{self, Hex64, ListFormat, ListReading, ReadOptions};
use tutela_match::signals::{comparable, parse_vpdq};

use crate::error::AppError;
use crate::evidence::sealing;
use crate::intake::walk::path_text;

/// Bytes read at once, and looked at to recognise a format.
const BUFFER_BYTES: usize = 1 << 20;

/// What is said of a list where its file does not say it.
#[derive(Debug, Clone, Default)]
pub struct ListStatement {
    /// Format id; recognised by content where missing.
    pub format: Option<String>,
    /// Who issued it.
    pub source: Option<String>,
    /// Date of issue.
    pub dated: Option<Timestamp>,
    /// Whether its matches are marks rather than findings.
    pub known_good: bool,
    /// Scheme of its category codes.
    pub scheme: Option<String>,
    /// Rows of 64 digits are SHA-256, not PDQ.
    pub sha256: bool,
}

impl ListStatement {
    /// How the rows of the list are read.
    pub(crate) fn options(&self) -> ReadOptions {
        ReadOptions {
            scheme: self.scheme.clone(),
            hex64: if self.sha256 { Hex64::Sha256 } else { Hex64::Pdq },
            signal_type: None,
        }
    }
}

/// A list file that has been read.
#[derive(Debug)]
pub struct ListFile {
    /// The path as given.
    pub name: String,
    /// What it was read as.
    pub format: &'static ListFormat,
    /// What the reader says of it.
    pub reading: ListReading,
    /// SHA-256 of the whole file.
    pub sha256: Sha256,
}

/// Streams the entries of one list file into `sink`.
///
/// # Errors
/// The file cannot be read, or is no list of the named or any known format. A bad row is no error:
/// it stands in `reading.errors`, and the rest is kept.
pub fn read_list(
    path: &Path,
    format: Option<&str>,
    options: &ReadOptions,
    sink: &mut dyn FnMut(ListEntry),
) -> Result<ListFile, AppError> {
    let file = sealing::open(path).map_err(AppError::file("read", path))?;
    let sealed = Sealing { inner: file, hasher: Sha256Hasher::new() };
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, sealed);
    let head = reader.fill_buf().map_err(AppError::file("read", path))?;
    let format = match format {
        Some(id) => {
            lists::format(id).ok_or_else(|| AppError::NoSuchFormat { id: id.to_owned() })?
        }
        None => lists::recognise(head, &path_text(path))
            .ok_or_else(|| AppError::UnknownListFormat { path: path.to_owned() })?,
    };
    let mut options = options.clone();
    if options.signal_type.is_none() {
        options.signal_type = lists::signal_type_of(&path_text(path)).map(str::to_owned);
    }
    let reading = (format.read)(&mut reader, &options, sink)
        .map_err(|source| AppError::List { path: path.to_owned(), source })?;
    // A reader may stop at the end of its document; the seal covers the whole file.
    io::copy(&mut reader, &mut io::sink()).map_err(AppError::file("read", path))?;
    let sha256 = Sha256(reader.into_inner().hasher.finalize().into());
    Ok(ListFile { name: path_text(path), format, reading, sha256 })
}

/// The frames of an entry that is a film. Lists carry films as signals that readers keep as received.
pub(crate) fn film_frames(entry: &ListEntry) -> Vec<Pdq> {
    let films = entry.other.iter().filter(|signal| signal.kind == "vpdq");
    let frames = films.filter_map(|signal| parse_vpdq(&signal.value).ok());
    comparable(&frames.flatten().collect::<Vec<_>>())
}

/// A reader that digests what passes through it.
struct Sealing<R> {
    inner: R,
    hasher: Sha256Hasher,
}

impl<R: Read> Read for Sealing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}
