//! Decoded pictures in the one form that signals are made from.

/// The samples do not fill the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{given} samples for {width}×{height} pixels of {channels} channels")]
pub struct PixelsError {
    given: usize,
    width: u32,
    height: u32,
    channels: u8,
}

/// An 8-bit picture, grey (1 channel) or RGB (3), row-major, channels interleaved, no padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    width: u32,
    height: u32,
    channels: u8,
    samples: Vec<u8>,
}

impl Pixels {
    /// Takes grey samples, one a pixel.
    pub fn grey(width: u32, height: u32, samples: Vec<u8>) -> Result<Self, PixelsError> {
        Self::new(width, height, 1, samples)
    }

    /// Takes RGB samples, three a pixel.
    pub fn rgb(width: u32, height: u32, samples: Vec<u8>) -> Result<Self, PixelsError> {
        Self::new(width, height, 3, samples)
    }

    fn new(width: u32, height: u32, channels: u8, samples: Vec<u8>) -> Result<Self, PixelsError> {
        let wanted = u64::from(width) * u64::from(height) * u64::from(channels);
        if samples.len() as u64 == wanted {
            Ok(Self { width, height, channels, samples })
        } else {
            Err(PixelsError { given: samples.len(), width, height, channels })
        }
    }

    /// A part of the picture; `None` where it does not lie inside.
    pub fn crop(&self, left: u32, top: u32, width: u32, height: u32) -> Option<Self> {
        let (right, bottom) = (left.checked_add(width)?, top.checked_add(height)?);
        if right > self.width || bottom > self.height {
            return None;
        }
        let channels = usize::from(self.channels);
        let stride = self.width as usize * channels;
        let rows =
            self.samples.chunks_exact(stride.max(1)).skip(top as usize).take(height as usize);
        let part = |row: &[u8]| row[left as usize * channels..right as usize * channels].to_vec();
        let samples: Vec<u8> = rows.flat_map(part).collect();
        Self::new(width, height, self.channels, samples).ok()
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// 1 for grey, 3 for RGB.
    pub fn channels(&self) -> u8 {
        self.channels
    }

    /// All samples.
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }
}
