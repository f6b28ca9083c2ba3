//! PDQ: 256 bits that stay near when a picture is scaled, recompressed or lightly edited.
//!
//! The steps: brightness ([`luma`]), a blur and a 64×64 sampling ([`filter`]), a quality and a
//! cosine transform whose 256 lowest frequencies are compared with their median ([`dct`]). Every
//! floating-point operation happens in the published order, because the order decides the last bit.

mod dct;
mod filter;
mod luma;
#[cfg(test)]
mod plain;

use tutela_core::{Orientation, Pdq, PdqVariant};

use self::dct::Spectrum;
use self::luma::Luma;
use super::{SignalError, SignalType};
use crate::content::Pixels;
use crate::simd::{self, Kernel, Level};

/// PDQ, the signal of a picture.
pub const TYPE: SignalType = SignalType {
    id: "pdq",
    title: "PDQ",
    made_from: "the brightness of the pixels of a picture, 8 bits, grey or RGB",
    text_form: "64 hexadecimal digits, bit 255 first, lower case; upper case is read too",
    threshold: Some(31),
    source: "PDQ reference, facebook/ThreatExchange, pdq/cpp; hashing whitepaper of 2019",
    valid: &[
        "0000000000000000000000000000000000000000000000000000000000000000",
        "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",
        "F8F8F0CEE0F4A84F06370A22038F63F0B36E2ED596621E1D33E6B39C4E9C9B22",
    ],
    invalid: &[
        "",
        "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b2",
        "g8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",
    ],
    parse,
};

/// The grid that the picture is reduced to, and the side from which a picture needs no reduction.
const GRID: usize = 64;

/// Pictures with a shorter side have the zero signal.
const MIN_SIDE: usize = 5;

/// Brightness of the 64×64 samples, row-major, 0 to 255.
type Grid = [[f32; GRID]; GRID];

/// The PDQ signals of one picture in all its orientations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PdqSignals {
    /// Which computation made them.
    pub variant: PdqVariant,
    /// How much structure the picture has, 0 (none) to 100. Below 50 a signal says little:
    /// flat pictures are all alike.
    pub quality: u8,
    /// The signals, in the order of [`Orientation::ALL`].
    pub values: [Pdq; 8],
}

impl PdqSignals {
    /// The signal of the picture as it is.
    pub fn original(&self) -> Pdq {
        self.get(Orientation::Original)
    }

    /// The signal of the picture turned or mirrored. It is derived from the same transform, so it
    /// is near, not equal, to the signal of a picture that was really turned (up to 18 bits apart).
    pub fn get(&self, orientation: Orientation) -> Pdq {
        self.values[orientation as usize]
    }
}

/// Makes the PDQ signals of a picture: the original and the seven other orientations.
///
/// A picture with a side below 5 pixels has [`Pdq::ZERO`] and quality 0; `Reference` looks at the
/// sides after its reduction to 512×512.
///
/// **Cost.** Linear in the pixels read: all of them, or 512×512 at most for `Reference`. Memory
/// beside the picture: some 150 + width/2 rows of floats at most, never a whole plane.
/// **Source.** PDQ reference, `pdq/cpp`; `Full` as the Python binding `pdqhash` 0.2.8 computes it.
pub fn pdq(pixels: &Pixels, variant: PdqVariant) -> PdqSignals {
    simd::run(Hash { pixels, variant })
}

fn parse(text: &str) -> Result<String, SignalError> {
    text.parse::<Pdq>()
        .map(|value| value.to_string())
        .map_err(|source| SignalError { kind: TYPE.id, source: source.into() })
}

struct Hash<'a> {
    pixels: &'a Pixels,
    variant: PdqVariant,
}

impl Kernel for Hash<'_> {
    type Output = PdqSignals;

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> PdqSignals {
        let variant = self.variant;
        let luma = Luma::new(self.pixels, variant);
        if luma.width().min(luma.height()) < MIN_SIDE {
            return PdqSignals { variant, quality: 0, values: [Pdq::ZERO; 8] };
        }
        let filtered = filter::sample(level, &luma);
        let mut values = Spectrum::of(&filtered).signals();
        let mut quality = dct::quality(&filtered);
        // Published behaviour: alone, the original of a picture that already has the size of the
        // grid skips blur and sampling; its seven other orientations do not.
        if luma.width() == GRID && luma.height() == GRID {
            let plain = luma.grid(level);
            values[Orientation::Original as usize] = Spectrum::of(&plain).original();
            quality = dct::quality(&plain);
        }
        PdqSignals { variant, quality, values }
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::{Orientation, Pdq, PdqVariant};

    use super::pdq;
    use crate::content::Pixels;

    #[test]
    fn small_pictures_have_the_zero_signal() {
        for (width, height) in [(0, 0), (0, 600), (4, 200), (200, 4)] {
            let pixels = Pixels::grey(width, height, vec![7; (width * height) as usize]).unwrap();
            for variant in [PdqVariant::Reference, PdqVariant::Full] {
                let signals = pdq(&pixels, variant);
                assert_eq!((signals.quality, signals.values), (0, [Pdq::ZERO; 8]));
            }
        }
    }

    #[test]
    fn a_small_side_that_is_reduced_counts_as_reduced() {
        let samples = (0..4 * 600_u32).map(|i| (i * i % 251) as u8).collect();
        let pixels = Pixels::grey(4, 600, samples).unwrap();
        assert_ne!(pdq(&pixels, PdqVariant::Reference).original(), Pdq::ZERO);
        assert_eq!(pdq(&pixels, PdqVariant::Full).original(), Pdq::ZERO);
    }

    #[test]
    fn transposing_a_picture_transposes_its_signal() {
        let value = |x: u32, y: u32| ((x * 7) ^ (y * 3)) as u8;
        let square = |f: &dyn Fn(u32, u32) -> u8| {
            let samples = (0..200 * 200).map(|i| f(i % 200, i / 200)).collect();
            pdq(&Pixels::grey(200, 200, samples).unwrap(), PdqVariant::Full)
        };
        let (upright, transposed) = (square(&value), square(&|x, y| value(y, x)));
        assert_eq!(upright.get(Orientation::FlipPlus1), transposed.original());
        assert_eq!(transposed.get(Orientation::FlipPlus1), upright.original());
    }
}
