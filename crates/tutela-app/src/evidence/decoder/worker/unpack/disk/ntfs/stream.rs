//! The value of an attribute as a stream, wherever its clusters lie.

use std::io::{self, Read};

use super::Part;
use super::record::{Attribute, Value};

/// Clusters that lie side by side, or a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    clusters: u64,
    at: Option<u64>,
}

/// The runs of one attribute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Runs(Vec<Run>);

impl Runs {
    /// Each run begins with the widths of its two numbers: how many clusters, and how far from the
    /// run before. `None` where that breaks the form.
    pub(super) fn parse(mut bytes: &[u8]) -> Option<Self> {
        let (mut runs, mut at) = (Vec::new(), 0_i64);
        while let [widths, rest @ ..] = bytes
            && *widths != 0
        {
            let (length, offset) = (usize::from(widths & 0xf), usize::from(widths >> 4));
            let clusters = u64::try_from(number(rest.get(..length)?)?).ok()?;
            let place = rest.get(length..length + offset)?;
            let place = if offset == 0 {
                None
            } else {
                at = at.checked_add(number(place)?)?;
                Some(u64::try_from(at).ok()?)
            };
            runs.push(Run { clusters, at: place });
            bytes = &rest[length + offset..];
        }
        Some(Self(runs))
    }
}

/// Little-endian, signed, as wide as it is.
fn number(bytes: &[u8]) -> Option<i64> {
    let negative = bytes.last().is_some_and(|last| last & 0x80 != 0);
    let mut wide = [if negative { 0xff } else { 0 }; 8];
    wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(wide))
}

/// A value that is read.
#[derive(Clone)]
pub(super) struct Stream {
    source: Source,
    size_bytes: u64,
    /// Bytes that were ever written; the rest reads as zeros, whatever the disk holds there.
    written_bytes: u64,
    position: u64,
}

#[derive(Clone)]
enum Source {
    Bytes(Vec<u8>),
    Clusters {
        part: Part,
        cluster_bytes: u64,
        runs: Vec<Run>,
        /// The run of the last read, and the byte of the stream at which it begins.
        current: (usize, u64),
    },
}

impl Stream {
    /// The stream that parts of an attribute, in their order, make together. Where the parts do not
    /// follow each other, `whole` decides whether that is an error.
    pub(super) fn of(
        parts: &[&Attribute],
        part: Part,
        cluster_bytes: u64,
        whole: bool,
    ) -> io::Result<Self> {
        let damaged = || io::Error::from(io::ErrorKind::InvalidData);
        let first = parts.first().ok_or_else(damaged)?;
        let (size_bytes, written_bytes) = match &first.value {
            Value::Resident(bytes) => {
                let size_bytes = bytes.len() as u64;
                let source = Source::Bytes(bytes.clone());
                return Ok(Self { source, size_bytes, written_bytes: size_bytes, position: 0 });
            }
            Value::Clusters { size_bytes, written_bytes, .. } => (*size_bytes, *written_bytes),
        };
        let (mut runs, mut clusters) = (Vec::new(), 0_u64);
        for part in parts {
            let Value::Clusters { first, runs: more, .. } = &part.value else {
                return Err(damaged());
            };
            if whole && *first != clusters {
                return Err(damaged());
            }
            for run in &more.0 {
                clusters = clusters.checked_add(run.clusters).ok_or_else(damaged)?;
                runs.push(*run);
            }
        }
        clusters.checked_mul(cluster_bytes).ok_or_else(damaged)?;
        let source = Source::Clusters { part, cluster_bytes, runs, current: (0, 0) };
        Ok(Self { source, size_bytes, written_bytes, position: 0 })
    }

    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Whether it has bytes and none of them are on the disk.
    pub(super) fn is_all_hole(&self) -> bool {
        match &self.source {
            Source::Bytes(_) => false,
            Source::Clusters { runs, .. } => {
                self.size_bytes > 0 && runs.iter().all(|run| run.at.is_none())
            }
        }
    }

    pub(super) fn read_exact_at(&mut self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.position = position;
        self.read_exact(buffer)
    }

    /// Reads what lies in one run.
    fn read_run(&mut self, wanted: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let (part, cluster_bytes, runs, current) = match &mut self.source {
            Source::Bytes(bytes) => {
                let from = usize::try_from(self.position).unwrap_or(usize::MAX);
                let mut rest = bytes.get(from..).unwrap_or_default();
                return rest.read(buffer);
            }
            Source::Clusters { part, cluster_bytes, runs, current } => {
                (part, *cluster_bytes, runs, current)
            }
        };
        if self.position < current.1 {
            *current = (0, 0);
        }
        while let Some(run) = runs.get(current.0) {
            let run_bytes = run.clusters * cluster_bytes;
            let offset = self.position - current.1;
            if offset >= run_bytes {
                *current = (current.0 + 1, current.1 + run_bytes);
                continue;
            }
            let size = wanted.min(run_bytes - offset).min(buffer.len() as u64) as usize;
            let buffer = &mut buffer[..size];
            match run.at {
                None => buffer.fill(0),
                Some(at) => {
                    let at = at.checked_mul(cluster_bytes).and_then(|at| at.checked_add(offset));
                    part.read_exact_at(at.ok_or(io::ErrorKind::InvalidData)?, buffer)?;
                }
            }
            return Ok(size);
        }
        Ok(0)
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() && self.position < self.size_bytes {
            let rest = &mut buffer[filled..];
            let read = if self.position < self.written_bytes {
                let wanted = self.written_bytes.min(self.size_bytes) - self.position;
                self.read_run(wanted, rest)?
            } else {
                let size = (self.size_bytes - self.position).min(rest.len() as u64) as usize;
                rest[..size].fill(0);
                size
            };
            if read == 0 {
                break;
            }
            filled += read;
            self.position += read as u64;
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::rc::Rc;

    use super::super::record::{Attribute, Kind, Value};
    use super::{Part, Runs, Stream};

    fn attribute(first: u64, runs: &[u8], size_bytes: u64, written_bytes: u64) -> Attribute {
        let runs = Runs::parse(runs).unwrap();
        let value = Value::Clusters { first, runs, size_bytes, written_bytes };
        Attribute { kind: Kind::Data, name: String::new(), flags: 0, value }
    }

    #[test]
    fn runs_holes_and_what_was_never_written_make_one_stream() {
        let disk = Part::whole(Rc::new((0..16).flat_map(|n| [n; 4]).collect::<Vec<u8>>()));
        // Two clusters at 5, a hole of one, one cluster two before the last; then, elsewhere, one.
        let first = attribute(0, &[0x11, 2, 5, 0x01, 1, 0x11, 1, 0xfe, 0], 19, 17);
        let second = attribute(4, &[0x11, 1, 9, 0], 0, 0);
        let mut stream = Stream::of(&[&first, &second], disk.clone(), 4, true).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        assert_eq!(all, [5, 5, 5, 5, 6, 6, 6, 6, 0, 0, 0, 0, 3, 3, 3, 3, 9, 0, 0]);
        let mut some = [1; 3];
        stream.read_exact_at(6, &mut some).unwrap();
        assert_eq!(some, [6, 6, 0]);
        assert!(Stream::of(&[&second], disk, 4, true).is_err(), "its first part is missing");
    }

    #[test]
    fn runs_of_wrong_form_are_refused() {
        for bytes in [&[0x11, 1][..], &[0x91, 1, 0], &[0x11, 1, 0x80], &[0x11, 0x80, 1], &[0x0f, 1]]
        {
            assert_eq!(Runs::parse(bytes), None, "{bytes:?}");
        }
        assert_eq!(Runs::parse(&[]), Some(Runs::default()));
    }
}
