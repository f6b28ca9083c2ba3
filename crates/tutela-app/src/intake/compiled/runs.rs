//! Sorts digests that do not fit into memory: sorted runs on disk, merged when all are there.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::scratch::scratch;

/// Memory for digests before they are sorted and written away; three kinds have as much each, sizes less.
pub(super) const RUN_BYTES: usize = 32 << 20;
/// Memory for reading all runs of one kind side by side.
const MERGE_BYTES: usize = 32 << 20;
/// Least that is read of a run at once, however many there are.
const LEAST_READ_BYTES: usize = 16 << 10;

/// Collects digests with their entries, and gives them back sorted.
pub(super) struct Sorter<const N: usize> {
    dir: PathBuf,
    pairs: Vec<([u8; N], u32)>,
    runs: Option<(File, Vec<Range<u64>>)>,
    run_pairs: usize,
    /// Digests so far.
    pub(super) len: u64,
}

impl<const N: usize> Sorter<N> {
    pub(super) fn new(dir: &Path) -> Self {
        Self::with_run_bytes(dir, RUN_BYTES)
    }

    pub(super) fn with_run_bytes(dir: &Path, bytes: usize) -> Self {
        let run_pairs = bytes / (N + 4);
        Self { dir: dir.to_owned(), pairs: Vec::new(), runs: None, run_pairs, len: 0 }
    }

    pub(super) fn add(&mut self, digest: [u8; N], entry: u32) -> io::Result<()> {
        self.pairs.push((digest, entry));
        self.len += 1;
        if self.pairs.len() < self.run_pairs { Ok(()) } else { self.write_run() }
    }

    fn write_run(&mut self) -> io::Result<()> {
        self.pairs.sort_unstable();
        let (file, runs) = match &mut self.runs {
            Some(runs) => runs,
            none => none.insert((scratch(&self.dir)?, Vec::new())),
        };
        let start = runs.last().map_or(0, |run| run.end);
        let mut out = BufWriter::with_capacity(1 << 20, &*file);
        for (digest, entry) in &self.pairs {
            out.write_all(digest)?;
            out.write_all(&entry.to_le_bytes())?;
        }
        out.flush()?;
        runs.push(start..start + (self.pairs.len() * (N + 4)) as u64);
        self.pairs.clear();
        Ok(())
    }

    /// Hands over every digest, the smallest first; equal ones by rising entry.
    pub(super) fn merge(
        mut self,
        mut each: impl FnMut(&[u8; N], u32) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.runs.is_some() && !self.pairs.is_empty() {
            self.write_run()?;
        }
        self.pairs.sort_unstable();
        let Some((file, ranges)) = self.runs else {
            return self.pairs.iter().try_for_each(|(digest, entry)| each(digest, *entry));
        };
        self.pairs = Vec::new();
        let buffer_bytes = (MERGE_BYTES / ranges.len()).max(LEAST_READ_BYTES);
        let mut runs: Vec<Run<'_>> =
            ranges.into_iter().map(|range| Run::new(&file, range, buffer_bytes)).collect();
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (number, run) in runs.iter_mut().enumerate() {
            heads.extend(run.next::<N>()?.map(|pair| Reverse((pair, number))));
        }
        while let Some(Reverse(((digest, entry), number))) = heads.pop() {
            each(&digest, entry)?;
            let next = match runs.get_mut(number) {
                Some(run) => run.next::<N>()?,
                None => None,
            };
            heads.extend(next.map(|pair| Reverse((pair, number))));
        }
        Ok(())
    }
}

/// One run, read piece by piece.
struct Run<'a> {
    file: &'a File,
    rest: Range<u64>,
    buffer: Vec<u8>,
    at: usize,
    buffer_bytes: usize,
}

impl<'a> Run<'a> {
    fn new(file: &'a File, rest: Range<u64>, buffer_bytes: usize) -> Self {
        Self { file, rest, buffer: Vec::new(), at: 0, buffer_bytes }
    }

    fn next<const N: usize>(&mut self) -> io::Result<Option<([u8; N], u32)>> {
        if self.at >= self.buffer.len() {
            let piece = (self.buffer_bytes / (N + 4) * (N + 4)) as u64;
            let piece = piece.min(self.rest.end - self.rest.start);
            self.buffer.resize(piece as usize, 0);
            self.file.read_exact_at(&mut self.buffer, self.rest.start)?;
            self.rest.start += piece;
            self.at = 0;
        }
        let pair = self.buffer.get(self.at..self.at + N + 4);
        let pair = pair.and_then(|pair| pair.split_first_chunk());
        self.at += N + 4;
        Ok(pair
            .and_then(|(digest, entry)| Some((*digest, u32::from_le_bytes(*entry.first_chunk()?)))))
    }
}

#[cfg(test)]
mod tests {
    use super::Sorter;

    #[test]
    fn many_runs_give_what_one_sort_gives() {
        let dir = tempfile::tempdir().unwrap();
        for (run_bytes, len) in [(1 << 20, 1_000_u32), (200, 1_000), (200, 0), (100, 10), (20, 7)] {
            let mut sorter = Sorter::<16>::with_run_bytes(dir.path(), run_bytes);
            let mut expected = Vec::new();
            for entry in 0..len {
                // Every digest twice, in an order that is none.
                let number = u128::from(entry.wrapping_mul(0x9e37_79b1) % 500);
                sorter.add(number.to_be_bytes(), entry).unwrap();
                expected.push((number.to_be_bytes(), entry));
            }
            expected.sort_unstable();
            let mut found = Vec::new();
            sorter
                .merge(|digest, entry| {
                    found.push((*digest, entry));
                    Ok(())
                })
                .unwrap();
            assert!(found == expected, "{len} digests in runs of {run_bytes} bytes");
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "scratch is left");
    }
}
