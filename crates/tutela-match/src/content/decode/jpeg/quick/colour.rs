//! From planes of samples to grey or RGB: colour is enlarged to the size of brightness, then both
//! are put together. Step for step what zune-jpeg computes.

use super::frame::Frame;
use crate::simd::{Kernel, Level, RUN};

/// Samples of a component, a line of full units after the other.
#[derive(Debug)]
pub(super) struct Plane {
    width: usize,
    /// From one line to the next: whole runs.
    pub(super) stride: usize,
    pub(super) samples: Vec<u8>,
}

impl Plane {
    pub(super) fn new(width: usize, height: usize) -> Self {
        let stride = width.next_multiple_of(RUN);
        Self { width, stride, samples: vec![0; stride * height] }
    }

    /// A line, with what fills its last run.
    fn line(&self, y: usize) -> &[u8] {
        &self.samples[y * self.stride..][..self.stride]
    }

    fn last_line(&self) -> usize {
        self.samples.len() / self.stride - 1
    }
}

/// Makes the picture.
pub(super) struct Colour<'a> {
    pub(super) frame: &'a Frame,
    pub(super) planes: &'a [Plane],
}

impl Kernel for Colour<'_> {
    type Output = Vec<u8>;

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> Vec<u8> {
        let Frame { width, height, .. } = *self.frame;
        match self.planes {
            [grey] => {
                let mut out = Vec::with_capacity(width * height);
                for y in 0..height {
                    out.extend_from_slice(&grey.line(y)[..width]);
                }
                out
            }
            [brightness, blue, red] => self.rgb(level, brightness, [blue, red]),
            _ => Vec::new(),
        }
    }
}

impl Colour<'_> {
    #[inline(always)]
    fn rgb<L: Level>(&self, level: L, brightness: &Plane, colours: [&Plane; 2]) -> Vec<u8> {
        let Frame { width, height, .. } = *self.frame;
        let [across, down] = self.frame.components.first().map_or([1; 2], |c| [c.across, c.down]);
        let mut out = vec![0; 3 * width * height + 3 * RUN];
        // With a sample more at each end, and room for whole runs.
        let mut lines = [vec![0; brightness.stride + 2], vec![0; brightness.stride + 2]];
        for y in 0..height {
            for (line, plane) in lines.iter_mut().zip(colours) {
                let near = plane.line(y / down);
                if down == 2 {
                    let far = if y % 2 == 0 { (y / 2).saturating_sub(1) } else { y / 2 + 1 };
                    mix(near, plane.line(far.min(plane.last_line())), &mut line[1..]);
                } else {
                    line[1..][..near.len()].copy_from_slice(near);
                }
                // What has no neighbour leans to itself.
                line[0] = line[1];
                line[plane.width + 1] = line[plane.width];
            }
            let [blue, red] = &lines;
            // The last run may go over the end of the line, and the next line then over it.
            let mut runs = out[3 * y * width..].as_chunks_mut::<{ 3 * RUN }>().0.iter_mut();
            let brightness = &brightness.line(y).as_chunks::<RUN>().0[..width.div_ceil(RUN)];
            if across == 2 {
                let (blue, red) = (blue.windows(RUN + 2), red.windows(RUN + 2));
                let colours = blue.step_by(RUN).zip(red.step_by(RUN));
                for (pair, (blue, red)) in brightness.chunks(2).zip(colours) {
                    let (blue, red) = (widen(blue), widen(red));
                    for (((y, blue), red), out) in pair.iter().zip(&blue).zip(&red).zip(&mut runs) {
                        *out = level.join_rgb(&put_together(y, blue, red));
                    }
                }
            } else {
                let colours = blue[1..].as_chunks().0.iter().zip(red[1..].as_chunks().0);
                for ((y, (blue, red)), out) in brightness.iter().zip(colours).zip(runs) {
                    *out = level.join_rgb(&put_together(y, blue, red));
                }
            }
        }
        out.truncate(3 * width * height);
        out
    }
}

/// Three parts of the nearer line and one of the farther.
#[inline(always)]
fn mix(near: &[u8], far: &[u8], out: &mut [u8]) {
    for ((out, near), far) in out.iter_mut().zip(near).zip(far) {
        *out = lean(*near, *far);
    }
}

#[inline(always)]
fn lean(near: u8, far: u8) -> u8 {
    ((3 * u16::from(near) + u16::from(far) + 2) >> 2) as u8
}

/// Twice as wide: of each two, one leans to the left neighbour and one to the right. The first and
/// the last of the line are neighbours only.
#[inline(always)]
fn widen(line: &[u8]) -> [[u8; RUN]; 2] {
    let mut wide = [[0; 2]; RUN];
    if let Some(line) = line.first_chunk::<{ RUN + 2 }>() {
        for (i, pair) in wide.iter_mut().enumerate() {
            *pair = [lean(line[i + 1], line[i]), lean(line[i + 1], line[i + 2])];
        }
    }
    let mut halves = [[0; RUN]; 2];
    halves.as_flattened_mut().copy_from_slice(wide.as_flattened());
    halves
}

/// Red, green and blue. Full-range BT.601 in 14 bits after the point, half rounded down.
#[inline(always)]
fn put_together(y: &[u8; RUN], blue: &[u8; RUN], red: &[u8; RUN]) -> [[u8; RUN]; 3] {
    let mut rgb = [[0; RUN]; 3];
    for i in 0..RUN {
        let y = i16::from(y[i]);
        let (b, r) = (i16::from(blue[i]) - 128, i16::from(red[i]) - 128);
        let green = (8191 - 11700 * i32::from(r) - 5638 * i32::from(b)) >> 14;
        let [r, g, b] = [y + scaled(r, 22970), y + green as i16, y + scaled(b, 29032)];
        rgb[0][i] = r.clamp(0, 255) as u8;
        rgb[1][i] = g.clamp(0, 255) as u8;
        rgb[2][i] = b.clamp(0, 255) as u8;
    }
    rgb
}

/// A difference of colour times a factor with 14 bits after the point. Half is rounded up, in a form for
/// which there is an instruction; no difference comes to just a half of these factors.
#[inline(always)]
fn scaled(difference: i16, factor: i16) -> i16 {
    let twice = i32::from(2 * difference) * i32::from(factor);
    (((twice >> 14) + 1) >> 1) as i16
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn the_short_form_rounds_as_the_long_one() {
        for factor in [22970, 29032] {
            for difference in -128..=127_i16 {
                let long = (i32::from(difference) * i32::from(factor) + 8191) >> 14;
                assert_eq!(i32::from(scaled(difference, factor)), long, "{difference}");
            }
        }
    }
}
