//! The levels of x86-64 above its baseline.
#![expect(unsafe_code, reason = "calls into copies compiled for wider processors: docs/unsafe.md")]

use std::arch::x86_64::{
    __m128i, __m256, __m256i, _MM_HINT_T0, _mm_or_si128, _mm_prefetch, _mm_shuffle_epi8,
    _mm256_add_epi8, _mm256_and_si256, _mm256_cmpgt_epi16, _mm256_cmpgt_epi64, _mm256_cvtepi32_ps,
    _mm256_maddubs_epi16, _mm256_min_epu16, _mm256_movemask_epi8, _mm256_packs_epi16,
    _mm256_permute2f128_ps, _mm256_permute4x64_epi64, _mm256_sad_epu8, _mm256_set_m128i,
    _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi64x, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_shuffle_ps, _mm256_srli_epi16, _mm256_unpackhi_ps,
    _mm256_unpacklo_ps, _mm256_xor_si256, _pdep_u64,
};
use std::mem::transmute;

use super::{Block, Chunk, Kernel, Level, RUN, RgbRun, SIDE, Tags};

/// 256-bit vectors: Intel since Haswell, AMD since Excavator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// The level, if this processor has it.
    pub(crate) fn detect() -> Option<Self> {
        let detected = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("popcnt");
        detected.then_some(Self(()))
    }

    /// Runs the copy of `kernel` compiled for this level.
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        // SAFETY: `detect`, the only maker of `self`, saw the features that `run_avx2` enables.
        unsafe { run_avx2(self, kernel) }
    }
}

impl Level for Avx2 {
    #[inline(always)]
    fn transpose(self, block: Block) -> Block {
        // SAFETY: `detect`, the only maker of `self`, saw the feature that `transpose` enables.
        unsafe { transpose(block) }
    }

    #[inline(always)]
    fn split_rgb(self, pixels: &RgbRun) -> [[f32; SIDE]; 3] {
        // SAFETY: `detect`, the only maker of `self`, saw the feature that `split_rgb` enables.
        unsafe { split_rgb(pixels) }
    }

    #[inline(always)]
    fn join_rgb(self, colours: &[[u8; RUN]; 3]) -> [u8; 3 * RUN] {
        // SAFETY: `detect`, the only maker of `self`, saw the feature that `join_rgb` enables.
        unsafe { join_rgb(colours) }
    }

    #[inline(always)]
    fn any_near<const Q: usize>(
        self,
        chunk: Chunk<'_>,
        queries: &[[u64; 2]; Q],
        radius: u16,
    ) -> [bool; Q] {
        // SAFETY: `detect`, the only maker of `self`, saw the feature that `any_near` enables.
        unsafe { any_near(chunk, queries, radius) }
    }

    #[inline(always)]
    fn near_tags(self, tags: &Tags, query: u16, limit: u16) -> u32 {
        // SAFETY: `detect`, the only maker of `self`, saw the feature that `near_tags` enables.
        unsafe { near_tags(tags, query, limit) }
    }

    #[inline(always)]
    fn deposit(self, bits: u64, mask: u64) -> u64 {
        // SAFETY: `detect`, the only maker of `self`, saw the feature that `deposit` enables.
        unsafe { deposit(bits, mask) }
    }

    #[inline(always)]
    fn prefetch(self, bytes: &[u8], at: usize) {
        // SAFETY: a prefetch is a hint. It reads nothing that the program could see and never faults,
        // whatever the address; the address is computed without the promise that it lies in `bytes`.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(bytes.as_ptr().wrapping_add(at).cast()) }
    }
}

/// 512-bit vectors that count bits: Intel since Ice Lake, AMD since Zen 4.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx512(Avx2);

impl Avx512 {
    /// The level, if this processor has it.
    pub(crate) fn detect() -> Option<Self> {
        let detected = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vpopcntdq");
        Avx2::detect().filter(|_| detected).map(Self)
    }

    /// Runs the copy of `kernel` compiled for this level.
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        // SAFETY: `detect`, the only maker of `self`, saw the features that `run_avx512` enables.
        unsafe { run_avx512(self, kernel) }
    }
}

impl Level for Avx512 {
    #[inline(always)]
    fn transpose(self, block: Block) -> Block {
        self.0.transpose(block)
    }

    #[inline(always)]
    fn split_rgb(self, pixels: &RgbRun) -> [[f32; SIDE]; 3] {
        self.0.split_rgb(pixels)
    }

    #[inline(always)]
    fn join_rgb(self, colours: &[[u8; RUN]; 3]) -> [u8; 3 * RUN] {
        self.0.join_rgb(colours)
    }

    #[inline(always)]
    fn near_tags(self, tags: &Tags, query: u16, limit: u16) -> u32 {
        self.0.near_tags(tags, query, limit)
    }

    #[inline(always)]
    fn deposit(self, bits: u64, mask: u64) -> u64 {
        self.0.deposit(bits, mask)
    }

    #[inline(always)]
    fn prefetch(self, bytes: &[u8], at: usize) {
        self.0.prefetch(bytes, at);
    }
}

/// `fma` stays off: a fused product would round differently.
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn run_avx2<K: Kernel>(level: Avx2, kernel: K) -> K::Output {
    kernel.run(level)
}

#[target_feature(
    enable = "avx2,bmi1,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq"
)]
fn run_avx512<K: Kernel>(level: Avx512, kernel: K) -> K::Output {
    kernel.run(level)
}

/// Exchanges lines and columns: first within pairs of lines, then pairs of pairs, then halves.
#[target_feature(enable = "avx2")]
#[inline]
fn transpose(block: Block) -> Block {
    // SAFETY: eight vectors and eight lines of eight floats are 64 floats without padding, and
    // floats have no invalid bit patterns.
    let [a, b, c, d, e, f, g, h] = unsafe { transmute::<Block, [__m256; 8]>(block) };
    let quads = |a, b, c, d| {
        let (ab_low, ab_high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let (cd_low, cd_high) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        [
            _mm256_shuffle_ps::<0b01_00_01_00>(ab_low, cd_low),
            _mm256_shuffle_ps::<0b11_10_11_10>(ab_low, cd_low),
            _mm256_shuffle_ps::<0b01_00_01_00>(ab_high, cd_high),
            _mm256_shuffle_ps::<0b11_10_11_10>(ab_high, cd_high),
        ]
    };
    let (upper, lower) = (quads(a, b, c, d), quads(e, f, g, h));
    let turned = [
        _mm256_permute2f128_ps::<0x20>(upper[0], lower[0]),
        _mm256_permute2f128_ps::<0x20>(upper[1], lower[1]),
        _mm256_permute2f128_ps::<0x20>(upper[2], lower[2]),
        _mm256_permute2f128_ps::<0x20>(upper[3], lower[3]),
        _mm256_permute2f128_ps::<0x31>(upper[0], lower[0]),
        _mm256_permute2f128_ps::<0x31>(upper[1], lower[1]),
        _mm256_permute2f128_ps::<0x31>(upper[2], lower[2]),
        _mm256_permute2f128_ps::<0x31>(upper[3], lower[3]),
    ];
    // SAFETY: as above.
    unsafe { transmute::<[__m256; 8], Block>(turned) }
}

/// Spreads every third byte over a lane of 32 bits: four pixels from each half of the run.
#[target_feature(enable = "avx2")]
#[inline]
fn split_rgb(pixels: &RgbRun) -> [[f32; SIDE]; 3] {
    let (low, high) = (pixels.first_chunk::<16>(), pixels.last_chunk::<16>());
    let (Some(low), Some(high)) = (low, high) else { unreachable!() };
    // SAFETY: 16 bytes are a vector of 16 bytes, which has no invalid bit patterns.
    let (low, high) =
        unsafe { (transmute::<[u8; 16], __m128i>(*low), transmute::<[u8; 16], __m128i>(*high)) };
    let halves = _mm256_set_m128i(high, low);
    let mut colours = [[0.0; SIDE]; 3];
    for (colour, places) in colours.iter_mut().zip(PLACES) {
        // SAFETY: as above, for 32 bytes.
        let places = unsafe { transmute::<[u8; 32], __m256i>(places) };
        let floats = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(halves, places));
        // SAFETY: a vector of eight floats is eight floats, which have no invalid bit patterns.
        *colour = unsafe { transmute::<__m256, [f32; SIDE]>(floats) };
    }
    colours
}

/// For each colour, the byte of its half that goes into each byte of the result; 0x80 gives zero.
const PLACES: [[u8; 32]; 3] = {
    let mut places = [[0x80; 32]; 3];
    let mut i = 0;
    while i < 3 * SIDE {
        places[i % 3][i / 3 * 4] = (i % 12) as u8;
        i += 1;
    }
    places
};

/// Spreads the bytes of each colour over three vectors, and lays the colours over each other.
#[target_feature(enable = "avx2")]
#[inline]
fn join_rgb(colours: &[[u8; RUN]; 3]) -> [u8; 3 * RUN] {
    // SAFETY: 48 bytes are three vectors of 16 bytes, which have no invalid bit patterns.
    let colours = unsafe { transmute::<[[u8; RUN]; 3], [__m128i; 3]>(*colours) };
    let part = |part: usize| {
        // SAFETY: as above.
        let places = unsafe { transmute::<[[u8; RUN]; 3], [__m128i; 3]>(SPREAD[part]) };
        let [r, g, b]: [__m128i; 3] =
            std::array::from_fn(|c| _mm_shuffle_epi8(colours[c], places[c]));
        _mm_or_si128(_mm_or_si128(r, g), b)
    };
    // SAFETY: three vectors of 16 bytes are 48 bytes.
    unsafe { transmute::<[__m128i; 3], [u8; 3 * RUN]>([part(0), part(1), part(2)]) }
}

/// For each third of the result and each colour, which of its bytes goes where; 0x80 gives zero.
const SPREAD: [[[u8; RUN]; 3]; 3] = {
    let mut spread = [[[0x80; RUN]; 3]; 3];
    let mut i = 0;
    while i < 3 * RUN {
        spread[i / RUN][i % 3][i % RUN] = (i / 3) as u8;
        i += 1;
    }
    spread
};

/// Counts bits by looking up half bytes, which it splits off once for all queries.
#[target_feature(enable = "avx2")]
#[inline]
fn any_near<const Q: usize>(chunk: Chunk<'_>, queries: &[[u64; 2]; Q], radius: u16) -> [bool; Q] {
    // SAFETY: 32 bytes are a vector of 32 bytes, which has no invalid bit patterns.
    let counts = unsafe { transmute::<[u8; 32], __m256i>(BIT_COUNTS) };
    let zero = _mm256_setzero_si256();
    let mut halves = [[zero; 4]; Q];
    for (halves, [first, second]) in halves.iter_mut().zip(queries) {
        let words = [first, second].map(|word| word.cast_signed());
        *halves = split_bytes(_mm256_set1_epi64x(words[0]), _mm256_set1_epi64x(words[1]));
    }
    let (first, second) = (chunk[0].as_chunks::<4>().0, chunk[1].as_chunks::<4>().0);
    let mut least = [_mm256_set1_epi64x(i64::MAX); Q];
    for (first, second) in first.iter().zip(second) {
        // SAFETY: four words are a vector of four words, which has no invalid bit patterns.
        let (first, second) = unsafe {
            (transmute::<[u64; 4], __m256i>(*first), transmute::<[u64; 4], __m256i>(*second))
        };
        let [a, b, c, d] = split_bytes(first, second);
        for (least, query) in least.iter_mut().zip(&halves) {
            let a = _mm256_shuffle_epi8(counts, _mm256_xor_si256(a, query[0]));
            let b = _mm256_shuffle_epi8(counts, _mm256_xor_si256(b, query[1]));
            let c = _mm256_shuffle_epi8(counts, _mm256_xor_si256(c, query[2]));
            let d = _mm256_shuffle_epi8(counts, _mm256_xor_si256(d, query[3]));
            let bits = _mm256_add_epi8(_mm256_add_epi8(a, b), _mm256_add_epi8(c, d));
            // Sums of at most 128 in the lowest 16 bits of each word; the others are zero.
            *least = _mm256_min_epu16(*least, _mm256_sad_epu8(bits, zero));
        }
    }
    let limit = _mm256_set1_epi64x(i64::from(radius) + 1);
    let mut near = [false; Q];
    for (near, least) in near.iter_mut().zip(least) {
        *near = _mm256_movemask_epi8(_mm256_cmpgt_epi64(limit, least)) != 0;
    }
    near
}

/// Counts the bits of bytes as above, adds pairs of bytes, and packs what is too far into one vector.
#[target_feature(enable = "avx2")]
#[inline]
fn near_tags(tags: &Tags, query: u16, limit: u16) -> u32 {
    // SAFETY: 64 bytes are two vectors of 32 bytes, which have no invalid bit patterns.
    let tags = unsafe { transmute::<Tags, [__m256i; 2]>(*tags) };
    // SAFETY: 32 bytes are a vector of 32 bytes.
    let counts = unsafe { transmute::<[u8; 32], __m256i>(BIT_COUNTS) };
    let (query, limit) =
        (_mm256_set1_epi16(query.cast_signed()), _mm256_set1_epi16(limit.cast_signed()));
    let low = _mm256_set1_epi8(0x0f);
    let far = |tags| {
        let differs = _mm256_xor_si256(tags, query);
        let lower = _mm256_shuffle_epi8(counts, _mm256_and_si256(differs, low));
        let upper = _mm256_and_si256(_mm256_srli_epi16::<4>(differs), low);
        let bytes = _mm256_add_epi8(lower, _mm256_shuffle_epi8(counts, upper));
        _mm256_cmpgt_epi16(_mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1)), limit)
    };
    // Packing works within halves of vectors: the two middle quarters have to change places.
    let packed = _mm256_packs_epi16(far(tags[0]), far(tags[1]));
    let far = _mm256_movemask_epi8(_mm256_permute4x64_epi64::<0b11_01_10_00>(packed));
    !far.cast_unsigned()
}

/// The instruction for it; processors of AMD before Zen 3 have it, but slowly.
#[target_feature(enable = "bmi2")]
#[inline]
fn deposit(bits: u64, mask: u64) -> u64 {
    _pdep_u64(bits, mask)
}

/// The low and the high halves of all bytes.
#[target_feature(enable = "avx2")]
#[inline]
fn split_bytes(first: __m256i, second: __m256i) -> [__m256i; 4] {
    let low = _mm256_set1_epi8(0x0f);
    [
        _mm256_and_si256(first, low),
        _mm256_and_si256(_mm256_srli_epi16::<4>(first), low),
        _mm256_and_si256(second, low),
        _mm256_and_si256(_mm256_srli_epi16::<4>(second), low),
    ]
}

/// How many bits are set in each half byte, for both halves of a vector.
const BIT_COUNTS: [u8; 32] = {
    let mut counts = [0; 32];
    let mut i = 0;
    while i < counts.len() {
        counts[i] = (i % 16).count_ones() as u8;
        i += 1;
    }
    counts
};
