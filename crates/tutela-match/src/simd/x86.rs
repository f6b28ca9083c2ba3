//! The levels of x86-64 above its baseline.

use std::arch::x86_64::{
    __m128i, __m256, __m256i, _mm256_cvtepi32_ps, _mm256_permute2f128_ps, _mm256_set_m128i,
    _mm256_shuffle_epi8, _mm256_shuffle_ps, _mm256_unpackhi_ps, _mm256_unpacklo_ps,
};
use std::mem::transmute;

use super::{Block, Kernel, Level, RgbRun, SIDE};

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
    [0, 1, 2].map(|colour| {
        // SAFETY: as above, for 32 bytes.
        let places = unsafe { transmute::<[u8; 32], __m256i>(PLACES[colour]) };
        let floats = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(halves, places));
        // SAFETY: a vector of eight floats is eight floats, which have no invalid bit patterns.
        unsafe { transmute::<__m256, [f32; SIDE]>(floats) }
    })
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
