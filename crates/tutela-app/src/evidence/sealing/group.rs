//! Seals several files side by side: each is read once, and their digests are taken together.

use std::fs::File;
use std::io::{self, Read};

use tutela_match::digests::{DigestHasher, update_side_by_side};

use super::{Sealed, Sealer, Stamp, UNSTATED_BYTES, concluded, stamp};

/// Files that are open at once. More than the lanes of the digests, so that a lane whose small file
/// ends finds another; few enough to leave descriptors to the rest of the program.
const MAX_FILES: usize = 32;
/// Bytes of one file that are read at once: enough for a disk that moves its head for each.
const PIECE_BYTES: usize = 256 * 1024;
/// Bytes that are asked for at least, of files whose size is stated smaller or not at all.
const MIN_PIECE_BYTES: usize = 4 * 1024;

/// Files that are read side by side, each with what its owner knows it by.
pub struct Group<T> {
    reads: Vec<Reading<T>>,
    buffer: Vec<u8>,
}

/// A file that has been read to its end, or as far as it could be.
pub struct Ended<T> {
    /// What it was added as.
    pub tag: T,
    /// The file, for whoever reads it again.
    pub file: File,
    /// Bytes that were read, whatever became of them.
    pub read_bytes: u64,
    /// Its seal, or what the system said; the bytes read until then are lost, as digests of a part
    /// would mislead.
    pub sealed: io::Result<Sealed>,
}

struct Reading<T> {
    tag: T,
    file: File,
    before: Stamp,
    sealer: Sealer,
    end: Option<io::Result<()>>,
}

impl<T> Default for Group<T> {
    fn default() -> Self {
        Self { reads: Vec::new(), buffer: Vec::new() }
    }
}

impl<T> Group<T> {
    /// Whether another file may be added.
    pub fn has_room(&self) -> bool {
        self.reads.len() < MAX_FILES
    }

    /// Files that are being read.
    pub fn len(&self) -> usize {
        self.reads.len()
    }

    /// Whether no file is being read.
    pub fn is_empty(&self) -> bool {
        self.reads.is_empty()
    }

    /// Adds a file, to be read from where it stands to its end.
    pub fn add(&mut self, tag: T, file: File) {
        let (before, end) = match stamp(&file) {
            Ok(before) => (before, None),
            Err(error) => ((0, None), Some(Err(error))),
        };
        self.reads.push(Reading { tag, file, before, sealer: Sealer::default(), end });
    }

    /// Reads the next piece of every file and gives those that have ended. `on_bytes` hears of each piece.
    pub fn step(&mut self, on_bytes: &mut dyn FnMut(u64)) -> Vec<Ended<T>> {
        let room = self.reads.iter().map(Reading::wanted).sum();
        if self.buffer.len() < room {
            self.buffer = vec![0; room];
        }
        let mut pieces: Vec<(&mut DigestHasher, &[u8])> = Vec::with_capacity(self.reads.len());
        let mut buffer = &mut self.buffer[..];
        for reading in &mut self.reads {
            let (piece, rest) = std::mem::take(&mut buffer).split_at_mut(reading.wanted());
            buffer = rest;
            let piece = reading.read(piece);
            on_bytes(piece.len() as u64);
            pieces.push((reading.sealer.keep(piece), piece));
        }
        update_side_by_side(&mut pieces);
        let ended = self.reads.extract_if(.., |reading| reading.end.is_some());
        ended.map(Reading::conclude).collect()
    }
}

impl<T> Reading<T> {
    /// Room for the next piece, and for seeing that nothing comes after it.
    fn wanted(&self) -> usize {
        let stated = self.before.0.saturating_sub(self.sealer.size_bytes());
        let stated = usize::try_from(stated).unwrap_or(usize::MAX).saturating_add(1);
        stated.clamp(MIN_PIECE_BYTES, PIECE_BYTES)
    }

    /// Fills the piece as far as the file goes.
    fn read<'a>(&mut self, piece: &'a mut [u8]) -> &'a [u8] {
        // A file that grows as fast as it is read must come to an end, too. Some file systems state
        // no size for what has one, so a little is always tried.
        let left = self.before.0.max(UNSTATED_BYTES).saturating_sub(self.sealer.size_bytes());
        let most = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let mut filled = 0;
        while self.end.is_none() && filled < piece.len() {
            match self.file.read(&mut piece[filled..most]) {
                Ok(0) => self.end = Some(Ok(())),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.end = Some(Err(error)),
            }
        }
        &piece[..filled]
    }

    fn conclude(self) -> Ended<T> {
        let Self { tag, file, before, sealer, end } = self;
        let read_bytes = sealer.size_bytes();
        let sealed = match end {
            Some(Err(error)) => Err(error),
            Some(Ok(())) | None => concluded(sealer, before, &file),
        };
        Ended { tag, file, read_bytes, sealed }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs::{self, File};
    use std::io::Write;

    use super::super::{open, seal};
    use super::{Group, MAX_FILES, PIECE_BYTES};

    #[test]
    fn a_group_seals_like_one_after_the_other() {
        let dir = tempfile::tempdir().unwrap();
        let sizes = [0, 1, 63, 64, 4_095, 4_096, 4_097, PIECE_BYTES - 1, PIECE_BYTES, 700_001];
        let file = |n: usize| {
            let path = dir.path().join(n.to_string());
            let bytes: Vec<u8> =
                (0..sizes[n % sizes.len()]).map(|i| (i * (n + 3) % 251) as u8).collect();
            fs::write(&path, bytes).unwrap();
            path
        };
        let paths: Vec<_> = (0..3 * MAX_FILES).map(file).collect();
        let (mut group, mut waiting, mut sealed, mut heard) =
            (Group::default(), paths.iter().enumerate(), BTreeMap::new(), 0);
        loop {
            while group.has_room()
                && let Some((n, path)) = waiting.next()
            {
                group.add(n, open(path).unwrap());
            }
            if group.is_empty() {
                break;
            }
            for ended in group.step(&mut |bytes| heard += bytes) {
                assert!(sealed.insert(ended.tag, ended.sealed.unwrap()).is_none());
            }
        }
        let mut size_bytes = 0;
        for (n, path) in paths.iter().enumerate() {
            let expected = seal(&open(path).unwrap(), &mut |_| {}).unwrap();
            let sealed = &sealed[&n];
            assert_eq!(
                (sealed.digests, sealed.size_bytes),
                (expected.digests, expected.size_bytes)
            );
            assert_eq!((&sealed.head, sealed.changed), (&expected.head, false));
            size_bytes += sealed.size_bytes;
        }
        assert_eq!(heard, size_bytes);
    }

    #[test]
    fn files_that_grow_or_cannot_be_read_end_too() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("grows");
        fs::write(&path, vec![7; PIECE_BYTES + 10]).unwrap();
        let mut group = Group::default();
        group.add("grows", open(&path).unwrap());
        group.add("folder", File::open(dir.path()).unwrap());
        let first = group.step(&mut |_| {});
        assert_eq!(first.len(), 1);
        assert!(first[0].tag == "folder" && first[0].sealed.is_err());
        let mut writer = File::options().append(true).open(&path).unwrap();
        let mut ended = Vec::new();
        while ended.is_empty() {
            writer.write_all(&[8; 64]).unwrap();
            ended = group.step(&mut |_| {});
        }
        assert!(ended[0].sealed.as_ref().unwrap().changed);
    }
}
