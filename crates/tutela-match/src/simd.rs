//! Runs a kernel compiled for the widest vector instructions this processor has.
//!
//! A [`Kernel`] is ordinary safe Rust. It is compiled once for each [`Level`], and the compiler
//! vectorises each copy with the instructions of that level; the few steps it does badly are
//! methods of the level. All levels give the same results bit for bit: Rust
//! neither reorders nor contracts floating-point operations.

#[cfg(target_arch = "x86_64")]
mod x86;

/// Floats in a line of a block.
pub(crate) const SIDE: usize = 8;

/// Eight lines of eight floats.
pub(crate) type Block = [[f32; SIDE]; SIDE];

/// Words that [`Level::any_near`] compares at once.
pub(crate) const CHUNK: usize = 32;

/// The same two words of 32 signals.
pub(crate) type Chunk<'a> = [&'a [u64; CHUNK]; 2];

/// Tags that [`Level::near_tags`] compares at once.
pub(crate) const TAGS: usize = 32;

/// 32 tags of 16 bits, little-endian.
pub(crate) type Tags = [u8; 2 * TAGS];

/// Eight pixels of three bytes, and four bytes of whatever follows them.
pub(crate) type RgbRun = [u8; 3 * SIDE + 4];

/// Pixels that [`Level::join_rgb`] puts together at once.
pub(crate) const RUN: usize = 16;

/// Work that gains from vector instructions.
pub(crate) trait Kernel {
    /// What it computes.
    type Output;

    /// Computes it. This and all that its hot loops call must be `#[inline(always)]`, or inlined by
    /// nature as iterator adapters are: what is not is compiled for the portable level only.
    fn run<L: Level>(self, level: L) -> Self::Output;
}

/// A set of vector instructions. Who holds a value of it may use them.
pub(crate) trait Level: Copy {
    /// Exchanges the lines and columns of a block.
    fn transpose(self, block: Block) -> Block;

    /// Red, green and blue of eight pixels.
    fn split_rgb(self, pixels: &RgbRun) -> [[f32; SIDE]; 3];

    /// Pixels of red, green and blue.
    fn join_rgb(self, colours: &[[u8; RUN]; 3]) -> [u8; 3 * RUN];

    /// For each of some queries, whether it and any pair of words of the chunk differ in at most
    /// `radius` bits.
    #[inline(always)]
    fn any_near<const Q: usize>(
        self,
        [first, second]: Chunk<'_>,
        queries: &[[u64; 2]; Q],
        radius: u16,
    ) -> [bool; Q] {
        let mut near = [false; Q];
        for (near, query) in near.iter_mut().zip(queries) {
            // The difference is negative, so has its sign bit set, only for words that are near. It
            // stays as wide as the words, so that a vector of words gives a vector of differences.
            let limit = i64::from(radius) + 1;
            let mut signs = 0;
            for (first, second) in first.iter().zip(second) {
                let bits = i64::from((first ^ query[0]).count_ones())
                    + i64::from((second ^ query[1]).count_ones());
                signs |= bits - limit;
            }
            *near = signs < 0;
        }
        near
    }

    /// A bit for each tag, the first lowest: whether it and the query differ in at most `limit` bits.
    #[inline(always)]
    fn near_tags(self, tags: &Tags, query: u16, limit: u16) -> u32 {
        let mut near = 0;
        for (place, tag) in tags.as_chunks().0.iter().enumerate() {
            let bits = (u16::from_le_bytes(*tag) ^ query).count_ones();
            near |= u32::from(bits <= u32::from(limit)) << place;
        }
        near
    }

    /// Puts the lowest bits of `bits`, in their order, where `mask` has bits.
    #[inline(always)]
    fn deposit(self, bits: u64, mask: u64) -> u64 {
        let (mut bits, mut mask, mut deposited) = (bits, mask, 0);
        while mask != 0 {
            deposited |= mask & mask.wrapping_neg() & (bits & 1).wrapping_neg();
            mask &= mask - 1;
            bits >>= 1;
        }
        deposited
    }

    /// Asks for the line of memory that holds this byte, so that it is there when it is read. Changes
    /// nothing but the time that takes; a place outside of `bytes` is as harmless.
    #[inline(always)]
    fn prefetch(self, _bytes: &[u8], _at: usize) {}
}

/// What every processor of the target has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Portable;

impl Level for Portable {
    #[inline(always)]
    fn transpose(self, block: Block) -> Block {
        let mut turned = [[0.0; SIDE]; SIDE];
        for (i, line) in block.iter().enumerate() {
            for (j, value) in line.iter().enumerate() {
                turned[j][i] = *value;
            }
        }
        turned
    }

    #[inline(always)]
    fn split_rgb(self, pixels: &RgbRun) -> [[f32; SIDE]; 3] {
        let mut colours = [[0.0; SIDE]; 3];
        for (i, rgb) in pixels.as_chunks::<3>().0.iter().take(SIDE).enumerate() {
            for (colour, value) in colours.iter_mut().zip(rgb) {
                colour[i] = f32::from(*value);
            }
        }
        colours
    }

    #[inline(always)]
    fn join_rgb(self, colours: &[[u8; RUN]; 3]) -> [u8; 3 * RUN] {
        let mut pixels = [0; 3 * RUN];
        for (i, pixel) in pixels.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            *pixel = colours.map(|colour| colour[i]);
        }
        pixels
    }
}

/// Runs `kernel` at the widest level this processor has.
pub(crate) fn run<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(level) = x86::Avx512::detect() {
            return level.run(kernel);
        }
        if let Some(level) = x86::Avx2::detect() {
            return level.run(kernel);
        }
    }
    kernel.run(Portable)
}

/// What each level of this processor makes of a kernel, to compare the levels in tests.
#[cfg(test)]
pub(crate) fn run_at_all<K: Kernel>(kernel: impl Fn() -> K) -> Vec<(&'static str, K::Output)> {
    let mut outputs = vec![("portable", kernel().run(Portable))];
    #[cfg(target_arch = "x86_64")]
    {
        outputs.extend(x86::Avx2::detect().map(|level| ("avx2", level.run(kernel()))));
        outputs.extend(x86::Avx512::detect().map(|level| ("avx512", level.run(kernel()))));
    }
    outputs
}

#[cfg(test)]
mod tests {
    use super::{Block, CHUNK, Kernel, Level, RUN, RgbRun, SIDE, TAGS, Tags, run_at_all};

    struct Transpose(Block);

    impl Kernel for Transpose {
        type Output = Block;

        #[inline(always)]
        fn run<L: Level>(self, level: L) -> Block {
            level.transpose(self.0)
        }
    }

    #[test]
    fn every_level_turns_blocks() {
        let number = |i: usize, j: usize| (i * 8 + j) as f32;
        let block = std::array::from_fn(|i| std::array::from_fn(|j| number(i, j)));
        let turned: Block = std::array::from_fn(|i| std::array::from_fn(|j| number(j, i)));
        for (level, output) in run_at_all(|| Transpose(block)) {
            assert_eq!(output, turned, "{level}");
        }
    }

    struct SplitRgb(RgbRun);

    impl Kernel for SplitRgb {
        type Output = [[f32; SIDE]; 3];

        #[inline(always)]
        fn run<L: Level>(self, level: L) -> Self::Output {
            level.split_rgb(&self.0)
        }
    }

    #[test]
    fn every_level_splits_colours() {
        let pixels = std::array::from_fn(|i| 255 - i as u8);
        let colour = |c: usize| std::array::from_fn(|i| (255 - 3 * i - c) as f32);
        for (level, output) in run_at_all(|| SplitRgb(pixels)) {
            assert_eq!(output, [colour(0), colour(1), colour(2)], "{level}");
        }
    }

    struct JoinRgb([[u8; RUN]; 3]);

    impl Kernel for JoinRgb {
        type Output = [u8; 3 * RUN];

        #[inline(always)]
        fn run<L: Level>(self, level: L) -> Self::Output {
            level.join_rgb(&self.0)
        }
    }

    #[test]
    fn every_level_joins_colours() {
        let colours = std::array::from_fn(|c| std::array::from_fn(|i| (100 * c + i) as u8));
        let pixels: [u8; 3 * RUN] = std::array::from_fn(|i| (100 * (i % 3) + i / 3) as u8);
        for (level, output) in run_at_all(|| JoinRgb(colours)) {
            assert_eq!(output, pixels, "{level}");
        }
    }

    struct AnyNear([[u64; CHUNK]; 2], u16);

    /// Queries that the words below are 64, 65, 127 and 128 bits away from.
    const QUERIES: [[u64; 2]; 4] = [[0, !0], [1, !0], [!0, !1], [!0, !0]];

    impl Kernel for AnyNear {
        type Output = ([bool; 4], [bool; 1]);

        #[inline(always)]
        fn run<L: Level>(self, level: L) -> Self::Output {
            let [first, second] = &self.0;
            let all = level.any_near([first, second], &QUERIES, self.1);
            (all, level.any_near([first, second], &[QUERIES[0]], self.1))
        }
    }

    #[test]
    fn every_level_finds_the_near_words() {
        for radius in [0, 1, 63, 64, 65, 126, 127, 128, 256] {
            let expected = [64, 65, 127, 128].map(|bits| bits <= radius);
            for (level, output) in run_at_all(|| AnyNear([[0; CHUNK]; 2], radius)) {
                assert_eq!(output, (expected, [expected[0]]), "{level}: {radius}");
            }
        }
        // One pair of words after another comes near the first query only.
        for place in 0..CHUNK {
            let mut words = [[!0 << 20; CHUNK], [0; CHUNK]];
            words[0][place] = 0b111;
            words[1][place] = !0 << 5;
            for (level, output) in run_at_all(|| AnyNear(words, 8)) {
                assert_eq!(output, ([true, true, false, false], [true]), "{level}: {place}");
            }
            for (level, output) in run_at_all(|| AnyNear(words, 6)) {
                assert_eq!(output, ([false; 4], [false]), "{level}: {place}");
            }
        }
    }

    struct Deposit(u64, u64);

    impl Kernel for Deposit {
        type Output = u64;

        #[inline(always)]
        fn run<L: Level>(self, level: L) -> u64 {
            level.deposit(self.0, self.1)
        }
    }

    #[test]
    fn every_level_deposits_bits() {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random
        };
        for round in 0..500 {
            let (bits, mask) = (next(), next() & if round % 3 == 0 { next() } else { !0 });
            let mut expected = 0;
            for (n, place) in (0..64).filter(|place| mask >> place & 1 == 1).enumerate() {
                expected |= (bits >> n & 1) << place;
            }
            for (level, output) in run_at_all(|| Deposit(bits, mask)) {
                assert_eq!(output, expected, "{level}: {bits:x} {mask:x}");
            }
        }
    }

    struct NearTags(Tags, u16);

    impl Kernel for NearTags {
        type Output = u32;

        #[inline(always)]
        fn run<L: Level>(self, level: L) -> u32 {
            level.prefetch(&self.0, 17);
            level.prefetch(&self.0, usize::MAX);
            level.near_tags(&self.0, 0x5a5a, self.1)
        }
    }

    #[test]
    fn every_level_finds_the_near_tags() {
        for round in 0..200_u16 {
            // Every tag is as many bits away as its place says, in another place each round.
            let bits = |place: usize| ((1_u32 << (place % 17)) - 1) as u16;
            let tag = |place: usize| 0x5a5a ^ bits(place).rotate_left(u32::from(round));
            let tags = std::array::from_fn(|at| tag(at / 2).to_le_bytes()[at % 2]);
            for limit in 0..=17 {
                let near = |place: usize| u32::from(place % 17 <= usize::from(limit)) << place;
                let expected = (0..TAGS).map(near).sum::<u32>();
                for (level, output) in run_at_all(|| NearTags(tags, limit)) {
                    assert_eq!(output, expected, "{level}: {round}, {limit}");
                }
            }
        }
    }
}
