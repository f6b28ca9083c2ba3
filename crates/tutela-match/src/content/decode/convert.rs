//! Samples of every depth and colour space to 8-bit grey or RGB, by rounding and never by cutting.

/// 16 bits to 8, to the nearest: 0 stays 0, 65,535 becomes 255.
pub(super) fn narrow(sample: u16) -> u8 {
    ((u32::from(sample) * 255 + 32_767) / 65_535) as u8
}

/// A float of 0 to 1 to 8 bits, to the nearest. What lies outside is clamped; not-a-number is 0.
pub(super) fn unit(sample: f64) -> u8 {
    // A cast of a float saturates, and of not-a-number gives 0.
    (sample * 255.0 + 0.5).floor() as u8
}

/// A sample laid over white.
pub(super) fn over_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// A 16-bit sample laid over white at full depth, then narrowed.
pub(super) fn over_white_16(sample: u16, alpha: u16) -> u8 {
    let (sample, alpha) = (u64::from(sample), u64::from(alpha));
    narrow(((sample * alpha + 65_535 * (65_535 - alpha) + 32_767) / 65_535) as u16)
}

/// Inks to light: what two layers of ink let through. 0 is no ink.
pub(super) fn cmyk([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| light(255 - ink, 255 - k))
}

/// Inks stored upside down, as Adobe programs write them: 255 is no ink.
pub(super) fn cmyk_inverted([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| light(ink, k))
}

fn light(colour: u8, black: u8) -> u8 {
    ((u32::from(colour) * u32::from(black) + 127) / 255) as u8
}

/// Full-range YCbCr to RGB. Source: JFIF 1.02, "Conversion to and from RGB".
pub(super) fn ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
    let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
    rgb.map(|sample| (sample + 0.5).floor() as u8)
}

#[cfg(test)]
mod tests {
    use super::{cmyk, cmyk_inverted, narrow, over_white, over_white_16, unit, ycbcr};

    #[test]
    fn depths_are_rounded() {
        let cases = [(0, 0), (128, 0), (129, 1), (32_767, 127), (32_768, 128), (65_535, 255)];
        for (sample, expected) in cases {
            assert_eq!(narrow(sample), expected, "{sample}");
        }
        let cases = [(-1.0, 0), (0.0, 0), (0.5, 128), (1.0, 255), (9.0, 255), (f64::NAN, 0)];
        for (sample, expected) in cases {
            assert_eq!(unit(sample), expected, "{sample}");
        }
        // Every 8-bit sample survives the way through 16 bits.
        assert!((0..=255_u8).all(|sample| narrow(u16::from(sample) * 257) == sample));
    }

    #[test]
    fn what_is_transparent_turns_white() {
        assert_eq!((over_white(7, 0), over_white(7, 255), over_white(0, 128)), (255, 7, 127));
        assert_eq!(
            (over_white_16(7, 0), over_white_16(65_535, 9), over_white_16(0, 65_535)),
            (255, 255, 0)
        );
    }

    #[test]
    fn inks_and_chroma_become_light() {
        assert_eq!(cmyk([0, 0, 0, 0]), [255; 3]);
        assert_eq!(cmyk([255, 0, 0, 0]), [0, 255, 255]);
        assert_eq!(cmyk([0, 0, 0, 255]), [0; 3]);
        assert_eq!(cmyk_inverted([255, 255, 255, 255]), [255; 3]);
        assert_eq!(ycbcr([128, 128, 128]), [128; 3]);
        assert_eq!(ycbcr([255, 0, 255]), [255, 208, 28]);
    }
}
