//! What the segments of a JPEG say: the frame, its tables, its scans.

use super::huffman::{Kind, Table};
use super::{Block, transform::Weights};

/// The place in a block of each coefficient, in the order in which they are coded.
#[inline(always)]
pub(super) fn place(coded: usize) -> usize {
    // Masked, so that nothing has to be checked.
    usize::from(ZIGZAG[coded & 63] & 63)
}

const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Size, coding and components of a picture.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) progressive: bool,
    /// One, or brightness and two of colour.
    pub(super) components: Vec<Component>,
    /// Units of all components side by side, and one below the other.
    pub(super) across: usize,
    pub(super) down: usize,
}

/// One component.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    id: u8,
    /// Blocks in each unit.
    pub(super) across: usize,
    pub(super) down: usize,
    pub(super) weights: usize,
    /// Blocks a line, of full units, and lines of them.
    pub(super) blocks_across: usize,
    pub(super) blocks_down: usize,
    /// Blocks that the picture needs, which a scan of this component alone has.
    pub(super) needed_across: usize,
    pub(super) needed_down: usize,
}

impl Frame {
    /// Reads a frame; `None` where it is not of the kinds that are decoded here: grey, or colour
    /// with none, half or a quarter of it kept.
    /// Source: ITU-T T.81, B.2.2 and A.1.
    pub(super) fn parse(body: &[u8], progressive: bool) -> Option<Self> {
        let (&[8, a, b, c, d, count], components) = body.split_first_chunk()? else { return None };
        let height = usize::from(u16::from_be_bytes([a, b]));
        let width = usize::from(u16::from_be_bytes([c, d]));
        let components = components.as_chunks::<3>().0;
        let sampling = components.iter().map(|[_, sampling, _]| *sampling);
        let known = match count {
            1 => sampling.eq([0x11]),
            3 => [0x11, 0x21, 0x22].iter().any(|first| sampling.clone().eq([*first, 0x11, 0x11])),
            _ => false,
        };
        if !known || width == 0 || height == 0 {
            return None;
        }
        let [most_across, most_down] = factors(components.first()?[1]);
        let across = width.div_ceil(8 * most_across);
        let down = height.div_ceil(8 * most_down);
        let component = |[id, sampling, weights]: &[u8; 3]| {
            let [h, v] = factors(*sampling);
            Component {
                id: *id,
                across: h,
                down: v,
                weights: usize::from(*weights),
                blocks_across: across * h,
                blocks_down: down * v,
                needed_across: (width * h).div_ceil(8 * most_across),
                needed_down: (height * v).div_ceil(8 * most_down),
            }
        };
        let components = components.iter().map(component).collect();
        Some(Self { width, height, progressive, components, across, down })
    }
}

fn factors(sampling: u8) -> [usize; 2] {
    [usize::from(sampling >> 4), usize::from(sampling & 15)]
}

/// Tables as they stand at some place in the file.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) weights: [Option<Weights>; 4],
    pub(super) dc: [Option<Table>; 4],
    pub(super) ac: [Option<Table>; 4],
    /// Units between two restarts; 0 is none.
    pub(super) restart: usize,
}

impl Tables {
    /// Takes in weights of coefficients, of 8 bits.
    pub(super) fn weigh(&mut self, body: &[u8]) -> Option<()> {
        let (tables, rest) = body.as_chunks::<65>();
        for [place, table @ ..] in tables {
            let mut weights: Weights = [0; 64];
            for (coded, weight) in table.iter().enumerate() {
                weights[self::place(coded)] = i32::from(*weight);
            }
            *self.weights.get_mut(usize::from(*place))? = Some(weights);
        }
        (rest.is_empty() && !self.weights.iter().flatten().flatten().any(|w| *w == 0)).then_some(())
    }

    /// Takes in Huffman tables.
    pub(super) fn code(&mut self, mut body: &[u8], progressive: bool) -> Option<()> {
        while let Some(([place, counts @ ..], rest)) = body.split_first_chunk::<17>() {
            let length = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(length)?;
            let (tables, kind) = match (place >> 4, progressive) {
                (0, _) => (&mut self.dc, Kind::Dc),
                (1, false) => (&mut self.ac, Kind::Ac),
                (1, true) => (&mut self.ac, Kind::Progressive),
                _ => return None,
            };
            let table = Table::new(counts, symbols, kind)?;
            *tables.get_mut(usize::from(place & 15))? = Some(table);
            body = rest;
        }
        body.is_empty().then_some(())
    }
}

/// One scan: which components, which coefficients, which of their bits.
#[derive(Debug)]
pub(super) struct Scan {
    /// Place in the frame, and its tables.
    pub(super) components: Vec<(usize, usize, usize)>,
    /// First and last coefficient.
    pub(super) band: (usize, usize),
    /// The lowest bit that is known before, where it refines; and after.
    pub(super) known: Option<u32>,
    pub(super) lowest: u32,
}

impl Scan {
    /// Reads the head of a scan. Source: ITU-T T.81, B.2.3 and G.1.1.
    pub(super) fn parse(body: &[u8], frame: &Frame) -> Option<Self> {
        let (count, rest) = body.split_first()?;
        let (named, &[first, last, bits]) = rest.split_last_chunk()?;
        if named.len() != 2 * usize::from(*count) {
            return None;
        }
        let mut components: Vec<(usize, usize, usize)> = Vec::with_capacity(frame.components.len());
        for [id, tables] in named.as_chunks().0 {
            let place = frame.components.iter().position(|component| component.id == *id)?;
            // In the order of the frame, each once.
            if components.last().is_some_and(|(last, ..)| *last >= place) {
                return None;
            }
            components.push((place, usize::from(tables >> 4), usize::from(tables & 15)));
        }
        let (known, lowest) = (u32::from(bits >> 4), u32::from(bits & 15));
        let known = (known > 0).then_some(known);
        let band = (usize::from(first), usize::from(last));
        let all = components.len() == frame.components.len();
        let ordinary = match band {
            (0, 63) => !frame.progressive && all && known.is_none() && lowest == 0,
            (0, 0) => frame.progressive && (all || components.len() == 1) && lowest <= 5,
            (1.., ..=63) => {
                frame.progressive && first <= last && components.len() == 1 && lowest <= 5
            }
            _ => false,
        };
        let ordinary = ordinary && known.is_none_or(|known| known == lowest + 1);
        ordinary.then_some(Self { components, band, known, lowest })
    }
}

/// All blocks of a component, and where each has coefficients beside the constant one: bit 63 for
/// the first in the order of coding, so that the order of reading is that of bits.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) blocks: Vec<Block>,
    pub(super) used: Vec<u64>,
}
