//! Which ids were removed, and when: a map that is cheap to share and to add to.

use std::collections::HashMap;
use std::sync::Arc;

/// Pieces of the map: adding to one that a reader holds copies this part of it.
const PIECES: usize = 256;

/// For each removed id, the change that removed it last. What was added later is there again.
#[derive(Debug, Clone)]
pub(super) struct Removed {
    pieces: Arc<[Arc<HashMap<u64, u64>>]>,
    len: usize,
}

impl Default for Removed {
    fn default() -> Self {
        let piece = Arc::default();
        Self { pieces: (0..PIECES).map(|_| Arc::clone(&piece)).collect(), len: 0 }
    }
}

impl Removed {
    pub(super) fn insert(&mut self, id: u64, change: u64) {
        let pieces = Arc::make_mut(&mut self.pieces);
        if Arc::make_mut(&mut pieces[piece(id)]).insert(id, change).is_none() {
            self.len += 1;
        }
    }

    /// Whether a row of this id that was added with a change was removed by a later one.
    #[inline]
    pub(super) fn holds(&self, id: u64, added: u64) -> bool {
        self.len > 0 && self.pieces[piece(id)].get(&id).is_some_and(|removed| *removed > added)
    }

    /// Whether the removal of this id is remembered at all.
    pub(super) fn names(&self, id: u64) -> bool {
        self.pieces[piece(id)].contains_key(&id)
    }

    /// Every id whose removal is remembered.
    pub(super) fn ids(&self) -> impl Iterator<Item = u64> {
        self.pieces.iter().flat_map(|piece| piece.keys().copied())
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Forgets removals that nothing older than `change` is left of.
    pub(super) fn forget(&mut self, change: u64) {
        if self.len == 0 {
            return;
        }
        let later = |piece: &Arc<HashMap<u64, u64>>| {
            let later = piece.iter().filter(|(_, removed)| **removed > change);
            Arc::new(later.map(|(id, removed)| (*id, *removed)).collect::<HashMap<_, _>>())
        };
        self.pieces = self.pieces.iter().map(later).collect();
        self.len = self.pieces.iter().map(|piece| piece.len()).sum();
    }
}

/// Ids often count up, so their low bits spread well.
fn piece(id: u64) -> usize {
    (id % PIECES as u64) as usize
}
