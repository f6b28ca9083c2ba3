//! The plain scan of a segment: what a query falls back to where parts do not pay.

use super::build::halves;
use super::order::Ordered;
use super::view::View;
use crate::index::Hit;
use crate::simd::{CHUNK, Kernel, Level};

/// Queries that are compared with the same signals at once.
const GROUP: usize = 4;
/// Chunks of signals that all queries go over before the next ones are read from memory.
const BLOCK: usize = 32;

/// Compares every signal with some queries: their numbers, and their words.
pub(super) struct Scan<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) queries: &'a [(u32, Ordered)],
    pub(super) radius: u16,
    pub(super) hits: &'a mut Vec<Hit>,
}

impl Kernel for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(mut self, level: L) {
        let (chunks, rest) = self.view.firsts.as_chunks::<CHUNK>();
        for (block, chunks) in chunks.chunks(BLOCK).enumerate() {
            // The same words of 32 signals side by side.
            let mut columns = [[[0; CHUNK]; 2]; BLOCK];
            for (columns, chunk) in columns.iter_mut().zip(chunks) {
                for (place, half) in chunk.iter().enumerate() {
                    [columns[0][place], columns[1][place]] = halves(half);
                }
            }
            let columns = &columns[..chunks.len()];
            let (groups, others) = self.queries.as_chunks::<GROUP>();
            for queries in groups {
                self.scan_block(level, block * BLOCK * CHUNK, columns, queries);
            }
            for query in others {
                self.scan_block(level, block * BLOCK * CHUNK, columns, &[*query]);
            }
        }
        let start = chunks.len() * CHUNK;
        for query in self.queries {
            self.verify(start, rest.len(), query);
        }
    }
}

impl Scan<'_> {
    #[inline(always)]
    fn scan_block<L: Level, const Q: usize>(
        &mut self,
        level: L,
        mut start: usize,
        columns: &[[[u64; CHUNK]; 2]],
        queries: &[(u32, Ordered); Q],
    ) {
        let halves = queries.map(|(_, [first, second, ..])| [first, second]);
        for [first, second] in columns {
            let near = level.any_near([first, second], &halves, self.radius);
            if near != [false; Q] {
                for (query, _) in queries.iter().zip(near).filter(|(_, near)| *near) {
                    self.verify(start, CHUNK, query);
                }
            }
            start += CHUNK;
        }
    }

    #[inline(always)]
    fn verify(&mut self, start: usize, count: usize, (query, words): &(u32, Ordered)) {
        for entry in start..start + count {
            if let Some(distance) = self.view.near(entry as u32, words, self.radius) {
                self.hits.push(Hit { query: *query, entry: entry as u32, distance });
            }
        }
    }
}
