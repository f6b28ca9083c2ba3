//! The rows that are in no segment yet, in small blocks that readers share.

use std::sync::Arc;

use tutela_core::Pdq;

use crate::index::{Found, Hit, LinearIndex, Row};

/// Rows of a block: adding to one that a reader holds copies it, some ten kilobytes.
const BLOCK: usize = 256;

/// Rows by the change that added them.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail {
    blocks: Vec<Arc<Block>>,
}

#[derive(Debug, Clone, Default)]
struct Block {
    signals: LinearIndex,
    /// Each with the change that added it.
    rows: Vec<(Row, u64)>,
}

impl Tail {
    pub(super) fn push(&mut self, row: Row, change: u64) {
        if self.blocks.last().is_none_or(|block| block.rows.len() == BLOCK) {
            self.blocks.push(Arc::default());
        }
        if let Some(block) = self.blocks.last_mut() {
            let block = Arc::make_mut(block);
            block.signals.push(row.signal);
            block.rows.push((row, change));
        }
    }

    pub(super) fn len(&self) -> usize {
        let last = self.blocks.last().map_or(0, |block| block.rows.len());
        self.blocks.len().saturating_sub(1) * BLOCK + last
    }

    /// All rows, each with the change that added it.
    pub(super) fn rows(&self) -> impl Iterator<Item = &(Row, u64)> {
        self.blocks.iter().flat_map(|block| &block.rows)
    }

    /// Whether this is what the other was, and perhaps more. The change of a row is its alone.
    pub(super) fn begins_with(&self, other: &Self) -> bool {
        let change = |tail: &Self| tail.rows().next().map(|(_, change)| *change);
        other.len() == 0 || (self.len() >= other.len() && change(self) == change(other))
    }

    /// Drops the first rows.
    pub(super) fn drop_first(&mut self, count: usize) {
        let mut rest = Self::default();
        self.rows().skip(count).for_each(|(row, change)| rest.push(*row, *change));
        *self = rest;
    }

    /// Hands over what is near, with the change that added it.
    pub(super) fn search(
        &self,
        queries: &[Pdq],
        radius: u16,
        hits: &mut Vec<Hit>,
        mut each: impl FnMut(Found, u64),
    ) {
        for block in &self.blocks {
            hits.clear();
            match queries {
                [query] => block.signals.search(query, radius, hits),
                _ => block.signals.search_batch(queries, radius, hits),
            }
            for Hit { query, entry, distance } in hits.iter().copied() {
                let (Row { signal, id }, change) = block.rows[entry as usize];
                each(Found { query, distance, id, signal }, change);
            }
        }
    }
}
