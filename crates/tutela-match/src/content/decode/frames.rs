//! How many frames or pages a file has, by walking its blocks without decoding them.

use crate::content::PictureFormat;
use crate::content::blocks;

/// Frames up to `max`, at least 1: a picture that was decoded has one.
pub(super) fn count(format: PictureFormat, bytes: &[u8], max: u32) -> u32 {
    let frames = match format {
        PictureFormat::Jpeg | PictureFormat::Bmp | PictureFormat::Heic => 1,
        PictureFormat::Png => animated_png(bytes).unwrap_or(1),
        PictureFormat::WebP => saturated(
            blocks::riff(bytes).filter(|(id, _)| *id == b"ANMF").take(max as usize).count(),
        ),
        PictureFormat::Gif => gif(bytes, max).0,
        PictureFormat::Tiff => super::tiff::pages(bytes, max),
    };
    frames.clamp(1, max.max(1))
}

/// Whether the file ends before its own structure says so, for formats whose decoder does not.
pub(super) fn is_cut(format: PictureFormat, bytes: &[u8]) -> bool {
    match format {
        PictureFormat::Gif => !gif(bytes, u32::MAX).1,
        PictureFormat::WebP => {
            let declared = bytes.get(4..8).and_then(|length| length.try_into().ok());
            declared
                .is_none_or(|length| u64::from(u32::from_le_bytes(length)) + 8 > bytes.len() as u64)
        }
        PictureFormat::Jpeg
        | PictureFormat::Png
        | PictureFormat::Bmp
        | PictureFormat::Tiff
        | PictureFormat::Heic => false,
    }
}

fn saturated(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Source: APNG specification, "acTL: The Animation Control Chunk".
fn animated_png(bytes: &[u8]) -> Option<u32> {
    let (_, control) = blocks::png(bytes).find(|(id, _)| *id == b"acTL")?;
    Some(u32::from_be_bytes(control.get(..4)?.try_into().ok()?))
}

/// Image descriptors of a GIF, and whether its end mark was reached.
/// Source: GIF89a, sections 17 to 27.
fn gif(bytes: &[u8], max: u32) -> (u32, bool) {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut frames = 0;
    let mut at = 13 + bytes.get(10).map_or(0, |flags| table(*flags));
    while frames < max {
        match bytes.get(at) {
            Some(0x2c) => {
                frames += 1;
                // Nine bytes of descriptor, a table of its own, and the code size.
                at += 11 + bytes.get(at + 9).map_or(0, |flags| table(*flags));
            }
            Some(0x21) => at += 2,
            end => return (frames, end == Some(&0x3b)),
        }
        while let Some(length) = bytes.get(at) {
            at += 1 + usize::from(*length);
            if *length == 0 {
                break;
            }
        }
    }
    (frames, false)
}

#[cfg(test)]
mod tests {
    use super::gif;

    #[test]
    fn gif_frames_are_counted_over_extensions() {
        let header = [b"GIF89a".as_slice(), &[1, 0, 1, 0, 0x80, 0, 0], &[0; 6]].concat();
        let extension = [0x21, 0xf9, 4, 0, 0, 0, 0, 0];
        let frame = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        let file = [&header[..], &extension, &frame, &extension, &frame, &[0x3b]].concat();
        assert_eq!(gif(&file, 64), (2, true));
        assert_eq!(gif(&file, 1).0, 1);
        assert_eq!(gif(&file[..file.len() - 1], 64), (2, false));
        assert_eq!(gif(&header, 64), (0, false));
    }
}
