//! Signals with a distance, whatever they are of: the exact index, and how it is kept in files.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tutela_core::Pdq;
use tutela_match::index::{LiveIndex, Merge, Row, Segment, Snapshot};

use super::kept;
use super::{Cut, Parts};

/// Bytes of a row in a file: the signal, then its id.
const ROW_BYTES: usize = 40;

/// An index with its own files, named after a kind.
pub(super) struct Live {
    name: &'static str,
    index: RwLock<LiveIndex>,
    /// Held while a merge runs.
    merging: Mutex<()>,
    /// Each segment has a mark of its own, by which its file is found again.
    next_mark: AtomicU64,
}

impl Live {
    pub(super) fn named(name: &'static str) -> Self {
        let (index, merging) = (RwLock::default(), Mutex::default());
        Self { name, index, merging, next_mark: AtomicU64::new(1) }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.read().snapshot()
    }

    pub(super) fn append(&self, rows: impl IntoIterator<Item = (Pdq, u64)>) {
        let mut index = self.write();
        rows.into_iter().for_each(|(signal, id)| index.append(signal, id));
    }

    pub(super) fn remove(&self, ids: impl IntoIterator<Item = u64>) {
        let mut index = self.write();
        ids.into_iter().for_each(|id| index.remove(id));
    }

    pub(super) fn parts(&self) -> Parts {
        let snapshot = self.snapshot();
        Parts {
            segments: snapshot.segments().count(),
            tail: snapshot.tail_len(),
            bytes: snapshot.segments().map(|segment| segment.bytes().len() as u64).sum(),
        }
    }

    pub(super) fn tend(&self) -> bool {
        self.merge(LiveIndex::merge_due)
    }

    pub(super) fn settle(&self) -> bool {
        self.merge(LiveIndex::merge_at_leisure)
    }

    pub(super) fn holds(&self) -> bool {
        self.snapshot().segments().all(|segment| segment.verify().is_ok())
    }

    fn merge(&self, which: fn(&LiveIndex) -> Option<Merge>) -> bool {
        let _alone = self.merging.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(merge) = which(&self.read()) else { return false };
        let merged = merge.run(self.next_mark.fetch_add(1, Ordering::Relaxed));
        self.write().install(merged)
    }

    pub(super) fn cut(&self) -> Cut {
        let (name, snapshot) = (self.name, self.snapshot());
        Box::new(move |folder, end| {
            let mut files = Vec::new();
            for segment in snapshot.segments() {
                let file = format!("{name}-{:08}.segment", segment.mark());
                // A segment never changes, and nobody else writes here.
                if !folder.join(&file).exists() {
                    kept::write(&folder.join(&file), |out| out.write_all(segment.bytes()))?;
                }
                files.push(file);
            }
            let file = format!("{name}-loose-{end}");
            kept::write_sealed(&folder.join(&file), &written(snapshot.loose()))?;
            files.push(file);
            Ok(files)
        })
    }

    pub(super) fn restore(&self, folder: &Path, files: &[String]) -> io::Result<()> {
        let Some((loose, segments)) = files.split_last() else { return Err(kept::damaged()) };
        let open = |file: &String| {
            let bytes = kept::map(&folder.join(file))?;
            Segment::open(bytes).map(Arc::new).map_err(io::Error::other)
        };
        let segments: Vec<Arc<Segment>> = segments.iter().map(open).collect::<io::Result<_>>()?;
        let last = segments.iter().map(|segment| segment.mark()).max();
        self.next_mark.store(last.unwrap_or(0) + 1, Ordering::Relaxed);
        let (removed, rows) = read(&kept::read_sealed(&folder.join(loose))?)?;
        let mut index = LiveIndex::of(segments);
        removed.into_iter().for_each(|id| index.remove(id));
        rows.into_iter().for_each(|Row { signal, id }| index.append(signal, id));
        *self.write() = index;
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, LiveIndex> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, LiveIndex> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn written((removed, rows): (Vec<u64>, Vec<Row>)) -> Vec<u8> {
    let mut bytes = (removed.len() as u64).to_le_bytes().to_vec();
    removed.iter().for_each(|id| bytes.extend(id.to_le_bytes()));
    for Row { signal, id } in rows {
        bytes.extend(signal.0);
        bytes.extend(id.to_le_bytes());
    }
    bytes
}

fn read(bytes: &[u8]) -> io::Result<(HashSet<u64>, Vec<Row>)> {
    let (count, rest) = bytes.split_first_chunk::<8>().ok_or_else(kept::damaged)?;
    let ids = usize::try_from(u64::from_le_bytes(*count))
        .ok()
        .and_then(|count| rest.split_at_checked(count.checked_mul(8)?));
    let (removed, rows) = ids.ok_or_else(kept::damaged)?;
    let (removed, _) = removed.as_chunks::<8>();
    let (rows, cut) = rows.as_chunks::<ROW_BYTES>();
    if !cut.is_empty() {
        return Err(kept::damaged());
    }
    let row = |bytes: &[u8; ROW_BYTES]| {
        let (signal, id) = bytes.split_first_chunk::<32>()?;
        Some(Row { signal: Pdq(*signal), id: u64::from_le_bytes(*id.first_chunk()?) })
    };
    let removed = removed.iter().map(|id| u64::from_le_bytes(*id)).collect();
    Ok((removed, rows.iter().filter_map(row).collect()))
}
