//! Seals content: opens it without side effects, digests it in one read, and notices if it changes meanwhile.

mod group;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use tutela_core::{Digests, Failure};
use tutela_match::digests::DigestHasher;

pub use group::{Ended, Group};

/// Bytes read at once: large enough for the disk, small enough for the cache.
const READ_BYTES: usize = 256 * 1024;
/// Bytes that are read of a file whose size is stated smaller, or not at all.
const UNSTATED_BYTES: u64 = 1 << 20;
/// Bytes kept from the beginning, for telling the type by content.
pub const HEAD_BYTES: usize = 8 * 1024;

/// What one read of some content gave.
#[derive(Debug)]
pub struct Sealed {
    /// The three digests of exactly the bytes that were read.
    pub digests: Digests,
    /// How many bytes that were.
    pub size_bytes: u64,
    /// The first of them, at most [`HEAD_BYTES`].
    pub head: Vec<u8>,
    /// Size or time of the file changed while it was read.
    pub changed: bool,
    /// Size and time of last change at the end of the read, of content that has them.
    stamp: Option<Stamp>,
}

/// What moves when somebody writes.
type Stamp = (u64, Option<std::time::SystemTime>);

impl Sealed {
    /// Looks once more whether the file has changed, after more was read of it.
    #[must_use]
    pub fn compared_again(mut self, file: &File) -> Self {
        self.changed |= self.stamp.is_some_and(|then| stamp(file).ok() != Some(then));
        self
    }

    /// What is to be said of content that changed while it was read.
    pub fn change_failure(&self) -> Option<Failure> {
        self.changed.then(|| Failure {
            code: "evidence.changed_while_read".to_owned(),
            message: "the file changed while it was read; the digests are those of the bytes read"
                .to_owned(),
        })
    }
}

/// Opens a regular file for reading. A pipe or device that took its place is refused, not waited for.
///
/// # Errors
/// What the system says.
pub fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::other("a folder, pipe or device, not a file"))
    }
}

/// A file that has no name and never touches a disk: unpacked content is kept in such.
///
/// # Errors
/// The system has no memory or no descriptor left.
pub fn memory_file(content: &[u8]) -> io::Result<File> {
    let flags = rustix::fs::MemfdFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::memfd_create("tutela", flags)?);
    file.write_all(content)?;
    Ok(file)
}

/// Reads a file once, from where it stands to its end. `on_bytes` hears of each piece.
///
/// # Errors
/// What the system says; the bytes read until then are lost, as digests of a part would mislead.
pub fn seal(file: &File, on_bytes: &mut dyn FnMut(u64)) -> io::Result<Sealed> {
    let before = stamp(file)?;
    let mut sealer = Sealer::default();
    let mut buffer = vec![0; READ_BYTES];
    // A file that grows as fast as it is read must come to an end, too. Some file systems state no
    // size for what has one, so a little is always tried.
    let mut reader = file.take(before.0.max(UNSTATED_BYTES));
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                sealer.update(&buffer[..read]);
                on_bytes(read as u64);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    concluded(sealer, before, file)
}

/// The seal of a file that has been read to its end, with what moved since before.
fn concluded(sealer: Sealer, before: Stamp, file: &File) -> io::Result<Sealed> {
    let mut sealed = sealer.finish();
    let after = stamp(file)?;
    sealed.changed = before != after || before.0 != sealed.size_bytes;
    sealed.stamp = Some(after);
    Ok(sealed)
}

/// Seals content that arrives in pieces.
#[derive(Default)]
pub struct Sealer {
    hasher: DigestHasher,
    size_bytes: u64,
    head: Vec<u8>,
}

impl Sealer {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.keep(bytes).update(bytes);
    }

    /// Counts the next piece and keeps the head of it, and gives what is still to take its digests.
    fn keep(&mut self, bytes: &[u8]) -> &mut DigestHasher {
        self.size_bytes += bytes.len() as u64;
        let room = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..room.min(bytes.len())]);
        &mut self.hasher
    }

    /// Bytes taken so far.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Ends the content.
    pub fn finish(self) -> Sealed {
        Sealed {
            digests: self.hasher.finish(),
            size_bytes: self.size_bytes,
            head: self.head,
            changed: false,
            stamp: None,
        }
    }
}

fn stamp(file: &File) -> io::Result<Stamp> {
    let metadata = file.metadata()?;
    Ok((metadata.len(), metadata.modified().ok()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::{open, seal};

    #[test]
    fn one_read_gives_digests_head_and_size() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, "abc").unwrap();
        let mut heard = 0;
        let sealed = seal(&open(&path).unwrap(), &mut |bytes| heard += bytes).unwrap();
        assert_eq!(sealed.digests.md5.to_string(), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            (sealed.size_bytes, sealed.head.as_slice(), sealed.changed, heard),
            (3, &b"abc"[..], false, 3)
        );
    }

    #[test]
    fn a_file_that_grows_while_read_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, vec![0; 1_000_000]).unwrap();
        let file = open(&path).unwrap();
        let mut writer = fs::OpenOptions::new().append(true).open(&path).unwrap();
        let sealed = seal(&file, &mut |_| writer.write_all(b"x").unwrap()).unwrap();
        assert!(sealed.changed);
    }

    #[test]
    fn pipes_are_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR).unwrap();
        assert!(
            open(&path).unwrap_err().to_string().contains("a folder, pipe or device, not a file")
        );
    }
}
