//! Values that only equal ones match: a sorted run that does not change, and what was added to it since.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use sha2::{Digest, Sha256};

use super::kept::{self, Bytes};
use super::{Cut, Parts};

/// First bytes of a run in a file: what it is, and the version of its form.
const MAGIC: &[u8; 8] = b"tutrun\0\x02";
/// Additions and removals that are carried at least before they go into the run, and the part of the run
/// that they have to be.
const DUE: (usize, usize) = (50_000, 8);

/// Digests of `N` bytes with the numbers of their contents.
pub(super) struct Sorted<const N: usize> {
    name: &'static str,
    held: RwLock<Held<N>>,
    /// Held while a new run is made.
    merging: Mutex<()>,
}

struct Held<const N: usize> {
    run: Arc<Run<N>>,
    /// Contents whose row in the run counts no more.
    dead: HashSet<u64>,
    added: HashMap<[u8; N], Vec<u64>>,
    of: HashMap<u64, [u8; N]>,
}

/// Rows by rising digest, then content; written once.
struct Run<const N: usize> {
    bytes: Bytes,
    mark: u64,
}

impl<const N: usize> Sorted<N> {
    /// Bytes of a row.
    const ROW: usize = N + 8;
    /// Bytes in front of the rows: magic, the mark, the SHA-256 of the rows.
    const HEAD: usize = 48;

    pub(super) fn named(name: &'static str) -> Self {
        let run = Arc::new(Run { bytes: Arc::new(Run::<N>::head(0, &[]).to_vec()), mark: 0 });
        let (dead, added, of) = (HashSet::new(), HashMap::new(), HashMap::new());
        let held = RwLock::new(Held { run, dead, added, of });
        Self { name, held, merging: Mutex::default() }
    }

    pub(super) fn add(&self, content: u64, digest: [u8; N]) {
        let mut held = self.write();
        held.of.insert(content, digest);
        held.added.entry(digest).or_default().push(content);
    }

    pub(super) fn remove(&self, content: u64) {
        let mut held = self.write();
        let Some(digest) = held.of.remove(&content) else {
            held.dead.insert(content);
            return;
        };
        if let Some(contents) = held.added.get_mut(&digest) {
            contents.retain(|other| *other != content);
            if contents.is_empty() {
                held.added.remove(&digest);
            }
        }
    }

    pub(super) fn look_up(&self, digest: &[u8; N]) -> Vec<u64> {
        let held = self.read();
        let of_run = held.run.contents(digest).filter(|content| !held.dead.contains(content));
        of_run.chain(held.added.get(digest).into_iter().flatten().copied()).collect()
    }

    pub(super) fn parts(&self) -> Parts {
        let held = self.read();
        Parts {
            segments: usize::from(held.run.rows() > 0),
            tail: held.of.len(),
            bytes: held.run.bytes().len() as u64,
        }
    }

    pub(super) fn tend(&self) -> bool {
        let _alone = self.merging.lock().unwrap_or_else(PoisonError::into_inner);
        let (run, dead, of) = {
            let held = self.read();
            let (least, part) = DUE;
            if held.of.len() + held.dead.len() < least.max(held.run.rows() / part) {
                return false;
            }
            (Arc::clone(&held.run), held.dead.clone(), held.of.clone())
        };
        let merged = Arc::new(run.with(&dead, &of));
        let mut held = self.write();
        held.run = merged;
        held.dead.retain(|content| !dead.contains(content));
        for (content, digest) in of {
            if held.of.get(&content) == Some(&digest) {
                held.of.remove(&content);
            } else {
                // Removed, or given another value, while the run was made.
                held.dead.insert(content);
            }
        }
        // What is left came meanwhile, so it is little.
        let mut added = HashMap::<_, Vec<u64>>::new();
        held.of
            .iter()
            .for_each(|(content, digest)| added.entry(*digest).or_default().push(*content));
        held.added = added;
        true
    }

    pub(super) fn holds(&self) -> bool {
        let run = Arc::clone(&self.read().run);
        run.holds()
    }

    pub(super) fn cut(&self) -> Cut {
        let held = self.read();
        let (name, run) = (self.name, Arc::clone(&held.run));
        let mut loose = (held.dead.len() as u64).to_le_bytes().to_vec();
        held.dead.iter().for_each(|content| loose.extend(content.to_le_bytes()));
        for (content, digest) in &held.of {
            loose.extend(digest);
            loose.extend(content.to_le_bytes());
        }
        Box::new(move |folder, end| {
            let files = [format!("{name}-{:08}.run", run.mark), format!("{name}-loose-{end}")];
            // A run never changes, and nobody else writes here.
            if !folder.join(&files[0]).exists() {
                kept::write(&folder.join(&files[0]), |out| out.write_all(run.bytes()))?;
            }
            kept::write_sealed(&folder.join(&files[1]), &loose)?;
            Ok(files.to_vec())
        })
    }

    pub(super) fn restore(&self, folder: &Path, files: &[String]) -> io::Result<()> {
        let [run, loose] = files else { return Err(kept::damaged()) };
        let run = Run::open(kept::map(&folder.join(run))?).ok_or_else(kept::damaged)?;
        let loose = kept::read_sealed(&folder.join(loose))?;
        let (count, rest) = loose.split_first_chunk::<8>().ok_or_else(kept::damaged)?;
        let dead = usize::try_from(u64::from_le_bytes(*count))
            .ok()
            .and_then(|count| rest.split_at_checked(count.checked_mul(8)?));
        let (dead, rows) = dead.ok_or_else(kept::damaged)?;
        {
            let mut held = self.write();
            held.run = Arc::new(run);
            held.dead = dead.as_chunks::<8>().0.iter().map(|id| u64::from_le_bytes(*id)).collect();
        }
        for row in rows.chunks_exact(Self::ROW) {
            if let Some((digest, content)) = split(row) {
                self.add(content, digest);
            }
        }
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, Held<N>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held<N>> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<const N: usize> Run<N> {
    fn head(mark: u64, rows: &[u8]) -> [u8; Sorted::<0>::HEAD] {
        let mut head = [0; Sorted::<0>::HEAD];
        head[..8].copy_from_slice(MAGIC);
        head[8..16].copy_from_slice(&mark.to_le_bytes());
        head[16..].copy_from_slice(&Sha256::digest(rows));
        head
    }

    fn holds(&self) -> bool {
        let (head, rows) = self.bytes().split_at(Sorted::<N>::HEAD);
        head == Self::head(self.mark, rows)
    }

    fn open(bytes: Bytes) -> Option<Self> {
        let (head, rows) = (*bytes).as_ref().split_first_chunk::<{ Sorted::<0>::HEAD }>()?;
        let (magic, mark) = head.split_first_chunk::<8>()?;
        let mark = u64::from_le_bytes(*mark.first_chunk()?);
        let sound = magic == MAGIC && rows.len() % Sorted::<N>::ROW == 0;
        sound.then_some(Self { bytes, mark })
    }

    fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    fn rows(&self) -> usize {
        (self.bytes().len() - Sorted::<N>::HEAD) / Sorted::<N>::ROW
    }

    fn row(&self, number: usize) -> Option<([u8; N], u64)> {
        let start = Sorted::<N>::HEAD + number * Sorted::<N>::ROW;
        split(self.bytes().get(start..start + Sorted::<N>::ROW)?)
    }

    fn contents(&self, digest: &[u8; N]) -> impl Iterator<Item = u64> {
        let (mut low, mut high) = (0, self.rows());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.row(middle) {
                Some((found, _)) if found < *digest => low = middle + 1,
                _ => high = middle,
            }
        }
        let rows = (low..self.rows()).map_while(|number| self.row(number));
        rows.take_while(move |(found, _)| found == digest).map(|(_, content)| content)
    }

    /// A new run without the dead and with what was added.
    fn with(&self, dead: &HashSet<u64>, added: &HashMap<u64, [u8; N]>) -> Self {
        let kept = (0..self.rows()).filter_map(|number| self.row(number));
        let mut rows: Vec<([u8; N], u64)> =
            kept.filter(|(_, content)| !dead.contains(content)).collect();
        rows.extend(added.iter().map(|(content, digest)| (*digest, *content)));
        rows.sort_unstable();
        let mark = self.mark + 1;
        let mut bytes = Vec::with_capacity(Sorted::<N>::HEAD + rows.len() * Sorted::<N>::ROW);
        bytes.resize(Sorted::<N>::HEAD, 0);
        for (digest, content) in rows {
            // Writing to memory cannot fail.
            let _written =
                bytes.write_all(&digest).and_then(|()| bytes.write_all(&content.to_le_bytes()));
        }
        let (head, rows) = bytes.split_at_mut(Sorted::<N>::HEAD);
        head.copy_from_slice(&Self::head(mark, rows));
        Self { bytes: Arc::new(bytes), mark }
    }
}

fn split<const N: usize>(row: &[u8]) -> Option<([u8; N], u64)> {
    let (digest, content) = row.split_first_chunk::<N>()?;
    Some((*digest, u64::from_le_bytes(*content.first_chunk()?)))
}

#[cfg(test)]
mod tests {
    use super::{DUE, Sorted};

    /// Many contents share few digests, so that every path is taken.
    fn digest(content: u64) -> [u8; 16] {
        u128::from(content % 40_000)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
            .to_be_bytes()
    }

    fn check(sorted: &Sorted<16>, content: u64, expected: &[u64]) {
        let mut found = sorted.look_up(&digest(content));
        found.sort_unstable();
        assert_eq!(found, expected, "{content}");
    }

    #[test]
    fn runs_and_additions_answer_as_one_and_are_restored() {
        let sorted = Sorted::<16>::named("md5");
        let many = DUE.0 as u64;
        (1..=many).for_each(|content| sorted.add(content, digest(content)));
        check(&sorted, 1, &[1, 40_001]);
        assert!(sorted.tend(), "a run is due");
        assert!(!sorted.tend(), "and none after it");
        check(&sorted, 1, &[1, 40_001]);
        check(&sorted, 20_000, &[20_000]);

        sorted.remove(1);
        sorted.add(many + 1, digest(2));
        sorted.remove(3);
        sorted.add(3, digest(4));
        sorted.add(many + 2, digest(5));
        sorted.remove(many + 2);
        let all = |sorted: &Sorted<16>| {
            check(sorted, 1, &[40_001]);
            check(sorted, 2, &[2, 40_002, many + 1]);
            check(sorted, 3, &[40_003]);
            check(sorted, 4, &[3, 4, 40_004]);
            check(sorted, 5, &[5, 40_005]);
        };
        all(&sorted);
        let dir = tempfile::tempdir().unwrap();
        let files = sorted.cut()(dir.path(), "1").unwrap();
        let restored = Sorted::<16>::named("md5");
        restored.restore(dir.path(), &files).unwrap();
        all(&restored);
        (10_000..=many + 10_000).for_each(|content| restored.add(content + many, digest(7)));
        assert!(restored.tend());
        all(&restored);
        assert_eq!(restored.look_up(&digest(7)).len() as u64, many + 3);
    }

    #[test]
    fn what_was_not_written_so_is_refused() {
        let sorted = Sorted::<16>::named("md5");
        sorted.add(1, digest(1));
        let dir = tempfile::tempdir().unwrap();
        let files = sorted.cut()(dir.path(), "1").unwrap();
        for file in &files {
            let path = dir.path().join(file);
            let whole = std::fs::read(&path).unwrap();
            for cut in [0, 7, whole.len() - 1] {
                std::fs::write(&path, &whole[..cut]).unwrap();
                assert!(
                    Sorted::<16>::named("md5").restore(dir.path(), &files).is_err(),
                    "{file} {cut}"
                );
            }
            std::fs::write(&path, whole).unwrap();
        }
        assert!(Sorted::<16>::named("md5").restore(dir.path(), &files[..1]).is_err());
    }
}
