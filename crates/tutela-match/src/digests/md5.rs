//! MD5 of one content whose whole blocks may be taken by a lane beside others.

use md5::block_api::compress;
use tutela_core::Md5;

use super::lanes::{self, Job};

/// Bytes that MD5 takes at once.
pub(super) const BLOCK_BYTES: usize = 64;
/// Bytes at the end of the last block that state the length.
const LENGTH_BYTES: usize = 8;

pub(super) type Block = [u8; BLOCK_BYTES];

/// The MD5 of a content so far.
#[derive(Debug, Clone)]
pub(super) struct Md5Stream {
    state: [u32; 4],
    /// Bytes that are no whole block yet.
    rest: Block,
    length_bytes: u64,
}

impl Default for Md5Stream {
    fn default() -> Self {
        let state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
        Self { state, rest: [0; BLOCK_BYTES], length_bytes: 0 }
    }
}

impl Md5Stream {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let Job { state, blocks } = self.take(bytes);
        compress(state, blocks);
    }

    /// Takes the next bytes of several contents side by side.
    pub(super) fn update_all<'a>(pieces: impl Iterator<Item = (&'a mut Self, &'a [u8])>) {
        lanes::run(pieces.map(|(stream, bytes)| stream.take(bytes)).collect());
    }

    /// Keeps what is no whole block, and gives the blocks that are to go into the state now.
    fn take<'a>(&'a mut self, bytes: &'a [u8]) -> Job<'a> {
        let kept = self.kept();
        self.length_bytes += bytes.len() as u64;
        let (filling, bytes) = bytes.split_at(bytes.len().min((BLOCK_BYTES - kept) % BLOCK_BYTES));
        self.rest[kept..kept + filling.len()].copy_from_slice(filling);
        if kept > 0 && kept + filling.len() == BLOCK_BYTES {
            compress(&mut self.state, &[self.rest]);
        }
        let (blocks, rest) = bytes.as_chunks();
        if !bytes.is_empty() {
            self.rest[..rest.len()].copy_from_slice(rest);
        }
        Job { state: &mut self.state, blocks }
    }

    pub(super) fn finish(mut self) -> Md5 {
        let length_bits = self.length_bytes.wrapping_mul(8).to_le_bytes();
        let kept = self.kept();
        self.rest[kept] = 0x80;
        self.rest[kept + 1..].fill(0);
        if kept + 1 + LENGTH_BYTES > BLOCK_BYTES {
            compress(&mut self.state, &[self.rest]);
            self.rest.fill(0);
        }
        self.rest[BLOCK_BYTES - LENGTH_BYTES..].copy_from_slice(&length_bits);
        compress(&mut self.state, &[self.rest]);
        let mut digest = [0; 16];
        for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(self.state) {
            *bytes = word.to_le_bytes();
        }
        Md5(digest)
    }

    /// Bytes in `rest`.
    fn kept(&self) -> usize {
        (self.length_bytes % BLOCK_BYTES as u64) as usize
    }
}
