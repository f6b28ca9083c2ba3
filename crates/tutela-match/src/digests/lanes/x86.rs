//! The sixteen lanes of MD5 on x86-64: two groups of eight, so that one works while the other waits.
#![expect(unsafe_code, reason = "calls into copies compiled for wider processors: docs/unsafe.md")]

use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_andnot_si256, _mm256_or_si256,
    _mm256_permute2x128_si256, _mm256_set1_epi32, _mm256_slli_epi32, _mm256_srli_epi32,
    _mm256_unpackhi_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi32, _mm256_unpacklo_epi64,
    _mm256_xor_si256,
};
use std::mem::transmute;

use super::super::md5::{BLOCK_BYTES, Block};
use super::{LANES, States};

/// Contents in one vector.
const GROUP: usize = 8;
/// Vectors side by side.
const GROUPS: usize = LANES / GROUP;

/// The same word of every lane.
type Word = [__m256i; GROUPS];

/// The widest copy of the kernel that this processor runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wide(Copied);

#[derive(Debug, Clone, Copy)]
enum Copied {
    Avx2,
    Avx512,
}

impl Wide {
    /// Every copy that this processor runs, the widest last.
    pub(super) fn all() -> impl DoubleEndedIterator<Item = Self> {
        let avx2 = is_x86_feature_detected!("avx2");
        let avx512 =
            avx2 && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl");
        [(avx2, Copied::Avx2), (avx512, Copied::Avx512)]
            .into_iter()
            .filter_map(|(detected, copied)| detected.then_some(Self(copied)))
    }

    /// Takes the first `blocks` blocks of every content into the state of its lane.
    /// `blocks` is at most the number of blocks of the shortest.
    pub(super) fn compress(self, states: &mut States, contents: &[&[Block]; LANES], blocks: usize) {
        match self.0 {
            // SAFETY: `all`, the only maker of `self`, saw the feature that `avx2` enables.
            Copied::Avx2 => unsafe { avx2(states, contents, blocks) },
            // SAFETY: `all`, the only maker of `self`, saw the features that `avx512` enables.
            Copied::Avx512 => unsafe { avx512(states, contents, blocks) },
        }
    }
}

/// Sixteen steps of one round: `$f` mixes, words come in the order given, shifts in turns of four.
macro_rules! round {
    ($f:ident, $state:ident, $words:ident, $constants:expr,
     [$s0:literal $s1:literal $s2:literal $s3:literal],
     $([$w0:literal $w1:literal $w2:literal $w3:literal])*) => {{
        let [a, b, c, d] = &mut $state;
        let mut constants = $constants.iter();
        $(
            step!($f, a, b, c, d, $words[$w0], constants, $s0);
            step!($f, d, a, b, c, $words[$w1], constants, $s1);
            step!($f, c, d, a, b, $words[$w2], constants, $s2);
            step!($f, b, c, d, a, $words[$w3], constants, $s3);
        )*
    }};
}

/// `a = b + rotate(a + f(b, c, d) + word + constant)` in every lane.
macro_rules! step {
    ($f:ident, $a:ident, $b:ident, $c:ident, $d:ident, $word:expr, $constants:ident, $s:literal) => {
        let constant = _mm256_set1_epi32($constants.next().map_or(0, |k| k.cast_signed()));
        for group in 0..GROUPS {
            let added = _mm256_add_epi32($word[group], constant);
            let added = _mm256_add_epi32($a[group], added);
            let sum = _mm256_add_epi32(added, $f($b[group], $c[group], $d[group]));
            let (left, right) =
                (_mm256_slli_epi32::<$s>(sum), _mm256_srli_epi32::<{ 32 - $s }>(sum));
            $a[group] = _mm256_add_epi32(_mm256_or_si256(left, right), $b[group]);
        }
    };
}

/// One copy of the kernel for each set of instructions: the compiler finds those for rotating and for
/// mixing three words by itself where they are enabled.
macro_rules! copy {
    ($name:ident, $features:literal) => {
        #[target_feature(enable = $features)]
        fn $name(states: &mut States, contents: &[&[Block]; LANES], blocks: usize) {
            let mut state = states.map(vectors);
            for block in 0..blocks {
                let words = words(contents, block);
                let before = state;
                round!(f, state, words, K[0], [7 12 17 22], [0 1 2 3] [4 5 6 7] [8 9 10 11] [12 13 14 15]);
                round!(g, state, words, K[1], [5 9 14 20], [1 6 11 0] [5 10 15 4] [9 14 3 8] [13 2 7 12]);
                round!(h, state, words, K[2], [4 11 16 23], [5 8 11 14] [1 4 7 10] [13 0 3 6] [9 12 15 2]);
                round!(i, state, words, K[3], [6 10 15 21], [0 7 14 5] [12 3 10 1] [8 15 6 13] [4 11 2 9]);
                for (word, before) in state.iter_mut().zip(before) {
                    for (word, before) in word.iter_mut().zip(before) {
                        *word = _mm256_add_epi32(*word, before);
                    }
                }
            }
            *states = state.map(numbers);
        }
    };
}

copy!(avx2, "avx2");
copy!(avx512, "avx2,avx512f,avx512vl");

#[target_feature(enable = "avx2")]
#[inline]
fn f(b: __m256i, c: __m256i, d: __m256i) -> __m256i {
    _mm256_xor_si256(d, _mm256_and_si256(b, _mm256_xor_si256(c, d)))
}

/// The two sides share no bit, so that they may be added; `b`, which comes last, then waits for less.
#[target_feature(enable = "avx2")]
#[inline]
fn g(b: __m256i, c: __m256i, d: __m256i) -> __m256i {
    _mm256_or_si256(_mm256_andnot_si256(d, c), _mm256_and_si256(b, d))
}

#[target_feature(enable = "avx2")]
#[inline]
fn h(b: __m256i, c: __m256i, d: __m256i) -> __m256i {
    _mm256_xor_si256(_mm256_xor_si256(c, d), b)
}

#[target_feature(enable = "avx2")]
#[inline]
fn i(b: __m256i, c: __m256i, d: __m256i) -> __m256i {
    let not_d = _mm256_xor_si256(d, _mm256_set1_epi32(-1));
    _mm256_xor_si256(c, _mm256_or_si256(b, not_d))
}

/// The sixteen words of one block of every lane.
#[target_feature(enable = "avx2")]
#[inline]
fn words(contents: &[&[Block]; LANES], block: usize) -> [Word; BLOCK_BYTES / 4] {
    let mut words = [[_mm256_set1_epi32(0); GROUPS]; BLOCK_BYTES / 4];
    for (group, contents) in contents.as_chunks::<GROUP>().0.iter().enumerate() {
        // SAFETY: both are 64 bytes without padding, any bits of which are valid; the value is moved.
        let lines =
            contents.map(|blocks| unsafe { transmute::<Block, [__m256i; 2]>(blocks[block]) });
        for half in 0..2 {
            let turned = transpose(lines.map(|line| line[half]));
            for (word, turned) in words[half * GROUP..].iter_mut().zip(turned) {
                word[group] = turned;
            }
        }
    }
    words
}

/// Exchanges lines and columns: first within pairs of lines, then pairs of pairs, then halves.
#[target_feature(enable = "avx2")]
#[inline]
fn transpose([a, b, c, d, e, f, g, h]: [__m256i; GROUP]) -> [__m256i; GROUP] {
    let (ab, cd) = (_mm256_unpacklo_epi32(a, b), _mm256_unpacklo_epi32(c, d));
    let (ef, gh) = (_mm256_unpacklo_epi32(e, f), _mm256_unpacklo_epi32(g, h));
    let (ab2, cd2) = (_mm256_unpackhi_epi32(a, b), _mm256_unpackhi_epi32(c, d));
    let (ef2, gh2) = (_mm256_unpackhi_epi32(e, f), _mm256_unpackhi_epi32(g, h));
    let near = [
        _mm256_unpacklo_epi64(ab, cd),
        _mm256_unpackhi_epi64(ab, cd),
        _mm256_unpacklo_epi64(ab2, cd2),
        _mm256_unpackhi_epi64(ab2, cd2),
    ];
    let far = [
        _mm256_unpacklo_epi64(ef, gh),
        _mm256_unpackhi_epi64(ef, gh),
        _mm256_unpacklo_epi64(ef2, gh2),
        _mm256_unpackhi_epi64(ef2, gh2),
    ];
    let low = |i: usize| _mm256_permute2x128_si256::<0x20>(near[i], far[i]);
    let high = |i: usize| _mm256_permute2x128_si256::<0x31>(near[i], far[i]);
    [low(0), low(1), low(2), low(3), high(0), high(1), high(2), high(3)]
}

fn vectors(numbers: [u32; LANES]) -> Word {
    // SAFETY: both are 64 bytes without padding, any bits of which are valid; the value is moved.
    unsafe { transmute::<[u32; LANES], Word>(numbers) }
}

fn numbers(vectors: Word) -> [u32; LANES] {
    // SAFETY: both are 64 bytes without padding, any bits of which are valid; the value is moved.
    unsafe { transmute::<Word, [u32; LANES]>(vectors) }
}

/// `floor(2^32 × |sin n|)` for n from 1 to 64, by rounds. Source: RFC 1321 section 3.4.
#[rustfmt::skip]
const K: [[u32; 16]; 4] = [
    [
        0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
        0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    ],
    [
        0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
        0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    ],
    [
        0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
        0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    ],
    [
        0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
        0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
    ],
];
