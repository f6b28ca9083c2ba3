//! Raw pictures one after another, each with its size before it (binary PPM, 8 bits).

use tutela_match::content::Pixels;

use crate::evidence::decoder::limits::MAX_FILM_PIXELS;

/// Bytes in which a header must end: three letters, two sides, the depth and four ends of lines.
const MAX_HEADER_BYTES: usize = 32;

/// Something else than a picture of a believable size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrongForm;

/// Pictures as they come in.
pub(super) struct Pixmaps {
    header: Vec<u8>,
    /// The picture whose samples are coming: its sides and what there is of it.
    open: Option<(u32, u32, Vec<u8>)>,
}

impl Pixmaps {
    pub(super) fn new() -> Self {
        Self { header: Vec::new(), open: None }
    }

    /// Takes the next bytes and hands on each picture that is complete. Of a picture no more is held
    /// than its header asks for, and that is bounded.
    pub(super) fn take(
        &mut self,
        mut bytes: &[u8],
        each: &mut dyn FnMut(&Pixels),
    ) -> Result<(), WrongForm> {
        while !bytes.is_empty() {
            let Some((width, height, samples)) = &mut self.open else {
                let (byte, rest) = bytes.split_first().ok_or(WrongForm)?;
                bytes = rest;
                self.header.push(*byte);
                if let Some((width, height)) = header(&self.header)? {
                    self.header.clear();
                    self.open = Some((width, height, Vec::new()));
                }
                continue;
            };
            let wanted = *width as usize * *height as usize * 3;
            let (now, rest) = bytes.split_at(bytes.len().min(wanted - samples.len()));
            samples.extend_from_slice(now);
            bytes = rest;
            if samples.len() == wanted {
                let samples = std::mem::take(samples);
                let pixels = Pixels::rgb(*width, *height, samples).map_err(|_| WrongForm)?;
                self.open = None;
                each(&pixels);
            }
        }
        Ok(())
    }
}

/// Width and height; `None` while the header is not complete.
fn header(bytes: &[u8]) -> Result<Option<(u32, u32)>, WrongForm> {
    if bytes.iter().filter(|byte| **byte == b'\n').count() < 3 {
        return if bytes.len() < MAX_HEADER_BYTES { Ok(None) } else { Err(WrongForm) };
    }
    let text = std::str::from_utf8(bytes).map_err(|_| WrongForm)?;
    let sides = text.strip_prefix("P6\n").and_then(|text| text.strip_suffix("\n255\n"));
    let (width, height) = sides.and_then(|sides| sides.split_once(' ')).ok_or(WrongForm)?;
    let side = |side: &str| side.parse::<u32>().map_err(|_| WrongForm);
    let (width, height) = (side(width)?, side(height)?);
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MAX_FILM_PIXELS { Err(WrongForm) } else { Ok(Some((width, height))) }
}

#[cfg(test)]
mod tests {
    use super::{Pixmaps, WrongForm};

    fn read(bytes: &[u8], piece: usize) -> Result<Vec<(u32, u32, u8)>, WrongForm> {
        let (mut pixmaps, mut seen) = (Pixmaps::new(), Vec::new());
        for bytes in bytes.chunks(piece) {
            pixmaps.take(bytes, &mut |pixels| {
                seen.push((pixels.width(), pixels.height(), pixels.samples()[0]));
            })?;
        }
        Ok(seen)
    }

    #[test]
    fn pictures_come_out_however_they_are_cut() {
        let bytes = [&b"P6\n2 1\n255\n123456"[..], b"P6\n1 2\n255\n765432"].concat();
        for piece in [1, 2, 5, 100] {
            assert_eq!(read(&bytes, piece), Ok(vec![(2, 1, b'1'), (1, 2, b'7')]));
        }
        assert_eq!(read(&bytes[..bytes.len() - 1], 3), Ok(vec![(2, 1, b'1')]));
    }

    #[test]
    fn what_is_no_picture_of_a_believable_size_is_refused() {
        for bytes in [
            "P5\n2 1\n255\n",
            "P6\n2 1\n65535\n",
            "P6\n0 1\n255\n",
            "P6\n100000 100000\n255\n",
            "P6\n-2 1\n255\n",
            "P6\n2\n1\n255\n",
            "something else that has no end of line at all",
        ] {
            assert_eq!(read(bytes.as_bytes(), 7), Err(WrongForm), "{bytes:?}");
        }
    }
}
