//! Gzip: a tar inside, or one file.

use std::io::{self, BufReader, Cursor, Read};

use flate2::read::MultiGzDecoder;
use tutela_match::content::{ArchiveFormat, Kind, sniff};

use super::label::label;
use super::output::{Entry, Output, Stop};
use super::{failure, tape};
use crate::evidence::decoder::facts::EntryKind;
use crate::evidence::decoder::worker::source::Source;

/// Bytes that show whether a tar is inside: its first header.
const TAR_HEADER_BYTES: u64 = 512;
/// Bytes of headers and padding that a tar may spend on one entry beside its content.
const TAR_OVERHEAD_BYTES: u64 = 4 * 1024;

pub(super) fn unpack(source: Source, name: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut stream = MultiGzDecoder::new(BufReader::new(source));
    let mut start = Vec::new();
    (&mut stream)
        .take(TAR_HEADER_BYTES)
        .read_to_end(&mut start)
        .map_err(|error| failure(&error))?;
    let modified_s = stream.header().map(|header| header.mtime()).filter(|seconds| *seconds != 0);
    let is_tar = sniff(&start).kind == Kind::Archive(ArchiveFormat::Tar);
    let mut stream = Cursor::new(start).chain(stream);
    if is_tar {
        // Names, links and padding are not counted as content, yet cost time and memory.
        let overhead = output.max_entries().saturating_mul(TAR_OVERHEAD_BYTES);
        let left = output.allowance().saturating_add(overhead);
        return tape::unpack(Metered { stream, left }, output);
    }
    output.start(Entry {
        path: label(strip_suffix(name)),
        declared_bytes: None,
        modified_s: modified_s.map(i64::from),
        modified_local: None,
        kind: EntryKind::File,
        listed: None,
    })?;
    match output.content(&mut stream, |_| {})? {
        Ok(_) => output.end(),
        Err(failure) => Err(failure.into()),
    }
}

fn strip_suffix(name: &str) -> &str {
    let cut = name.len().saturating_sub(3);
    match name.get(cut..) {
        Some(suffix) if suffix.eq_ignore_ascii_case(".gz") => &name[..cut],
        _ => name,
    }
}

/// A stream that ends in an error once too much came out of it.
struct Metered<R> {
    stream: R,
    left: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::QuotaExceeded)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read};

    use super::{Metered, strip_suffix};

    #[test]
    fn one_file_is_named_after_its_archive() {
        let cases =
            [("a.log.gz", "a.log"), ("A.GZ", "A"), ("x.tgz", "x.tgz"), ("é", "é"), (".gz", "")];
        for (name, expected) in cases {
            assert_eq!(strip_suffix(name), expected);
        }
    }

    #[test]
    fn too_much_is_an_error() {
        let mut out = Vec::new();
        Metered { stream: [7_u8; 9].as_slice(), left: 9 }.read_to_end(&mut out).unwrap();
        let error = Metered { stream: [7_u8; 9].as_slice(), left: 8 }.read_to_end(&mut out);
        assert_eq!(error.unwrap_err().kind(), ErrorKind::QuotaExceeded);
    }
}
