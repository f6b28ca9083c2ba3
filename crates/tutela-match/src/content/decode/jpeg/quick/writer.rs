//! Writes JPEGs of coefficients drawn by chance, in every form that is read here. For tests only.

use super::frame::place;

/// Numbers that look random. Source: Marsaglia, *Xorshift RNGs*.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    pub(super) fn is_one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// How a picture is to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Blocks of brightness for one of colour; `None` for grey.
    pub(super) sampling: Option<[usize; 2]>,
    pub(super) progressive: bool,
    /// Units between restarts, or none.
    pub(super) restart: usize,
}

impl Form {
    pub(super) fn by(chance: &mut Chance) -> Self {
        let side = |chance: &mut Chance| 1 + chance.below(70) as usize;
        let sampling = [[1, 1], [2, 1], [2, 2]][chance.below(3) as usize];
        Self {
            width: side(chance),
            height: side(chance),
            sampling: (!chance.is_one_in(5)).then_some(sampling),
            progressive: chance.is_one_in(2),
            restart: if chance.is_one_in(3) { 1 + chance.below(9) as usize } else { 0 },
        }
    }
}

struct Part {
    across: usize,
    down: usize,
    blocks_across: usize,
    needed: [usize; 2],
    blocks: Vec<[i32; 64]>,
}

/// Writes the picture.
pub(super) fn write(form: Form, chance: &mut Chance) -> Vec<u8> {
    let [most_across, most_down] = form.sampling.unwrap_or([1, 1]);
    let units = [form.width.div_ceil(8 * most_across), form.height.div_ceil(8 * most_down)];
    let mut sampling = vec![[most_across, most_down]];
    sampling.resize(if form.sampling.is_some() { 3 } else { 1 }, [1, 1]);
    let part = |[across, down]: [usize; 2]| Part {
        across,
        down,
        blocks_across: units[0] * across,
        needed: [
            (form.width * across).div_ceil(8 * most_across),
            (form.height * down).div_ceil(8 * most_down),
        ],
        blocks: (0..units[0] * across * units[1] * down).map(|_| block(chance)).collect(),
    };
    let parts: Vec<Part> = sampling.iter().copied().map(part).collect();
    let mut out = vec![0xff, 0xd8];
    let weights: Vec<u8> = (0..64).map(|_| 1 + chance.below(40) as u8).collect();
    segment(&mut out, 0xdb, &[&[0], &weights[..]].concat());
    let [h, w] = [form.height, form.width].map(|side| (side as u16).to_be_bytes());
    let mut frame = vec![8, h[0], h[1], w[0], w[1], parts.len() as u8];
    for (id, part) in (1..).zip(&parts) {
        frame.extend([id, (part.across << 4 | part.down) as u8, 0]);
    }
    segment(&mut out, if form.progressive { 0xc2 } else { 0xc0 }, &frame);
    for class in [0, 0x10] {
        let (counts, symbols) = table(class != 0, form.progressive);
        segment(&mut out, 0xc4, &[&[class], &counts[..], &symbols].concat());
    }
    if form.restart > 0 {
        segment(&mut out, 0xdd, &(form.restart as u16).to_be_bytes());
    }
    let all: Vec<usize> = (0..parts.len()).collect();
    let mut scans = Scans { form, units, parts: &parts, out };
    if !form.progressive {
        scans.scan(&all, [0, 63], [0, 0]);
    } else {
        let low = chance.below(3) as u32;
        let split = chance.is_one_in(3);
        let groups = if split { all.iter().map(|n| vec![*n]).collect() } else { vec![all.clone()] };
        for bit in (0..=low).rev() {
            for group in &groups {
                scans.scan(group, [0, 0], [if bit < low { bit + 1 } else { 0 }, bit]);
            }
        }
        for part in all {
            let low = chance.below(4) as u32;
            let middle = 2 + chance.below(60) as usize;
            for band in [[1, middle], [middle + 1, 63]] {
                scans.scan(&[part], band, [0, low]);
            }
            for bit in (0..low).rev() {
                scans.scan(&[part], [1, 63], [bit + 1, bit]);
            }
        }
    }
    scans.out.extend([0xff, 0xd9]);
    scans.out
}

/// Coefficients in the order of coding. Many blocks are nearly empty, some are full.
fn block(chance: &mut Chance) -> [i32; 64] {
    let mut block = [0; 64];
    block[0] = chance.below(1200) as i32 - 600;
    let one_in = [2, 5, 30, 1000][chance.below(4) as usize];
    for value in &mut block[1..] {
        if chance.is_one_in(one_in) {
            let sizes = if chance.is_one_in(9) { 10 } else { 4 };
            let size = chance.below(sizes);
            let most = (2 << size) - 1;
            *value = chance.below(2 * most + 1) as i32 - most as i32;
        }
    }
    block
}

/// Codes of 2, 4, 9 and 13 bits; all of 4 bits for constant terms.
fn table(ac: bool, progressive: bool) -> ([u8; 16], Vec<u8>) {
    let mut counts = [0; 16];
    if !ac {
        counts[3] = 12;
        return (counts, (0..12).collect());
    }
    let ordinary = |symbol: &u8| symbol & 15 > 0 || progressive || matches!(symbol, 0 | 0xf0);
    let symbols: Vec<u8> = (0..=255).filter(|symbol| symbol & 15 <= 10).filter(ordinary).collect();
    (counts[1], counts[3], counts[8]) = (1, 4, 90);
    counts[12] = symbols.len() as u8 - 95;
    (counts, symbols)
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xff, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

struct Scans<'a> {
    form: Form,
    units: [usize; 2],
    parts: &'a [Part],
    out: Vec<u8>,
}

impl Scans<'_> {
    fn scan(&mut self, which: &[usize], [first, last]: [usize; 2], [known, low]: [u32; 2]) {
        let mut head = vec![which.len() as u8];
        head.extend(which.iter().flat_map(|part| [*part as u8 + 1, 0]));
        head.extend([first as u8, last as u8, (known << 4 | low) as u8]);
        segment(&mut self.out, 0xda, &head);
        let units = match which {
            [part] => self.parts[*part].needed,
            _ => self.units,
        };
        let codes = [table(false, false), table(true, self.form.progressive)].map(codes);
        let step = if self.form.restart == 0 { units[0] * units[1] } else { self.form.restart };
        let all: Vec<usize> = (0..units[0] * units[1]).collect();
        for (n, interval) in all.chunks(step).enumerate() {
            if n > 0 {
                self.out.extend([0xff, 0xd0 | (n - 1) as u8 & 7]);
            }
            let mut coder = Coder {
                out: &mut self.out,
                codes: &codes,
                held: 0,
                count: 0,
                empty: 0,
                later: vec![],
            };
            let mut constants = [0; 3];
            for unit in interval {
                let (x, y) = (unit % units[0], unit / units[0]);
                for part in which {
                    let Part { across, down, blocks_across, blocks, .. } = &self.parts[*part];
                    let (across, down) = if which.len() == 1 { (1, 1) } else { (*across, *down) };
                    for place in 0..across * down {
                        let line = y * down + place / across;
                        let block = &blocks[line * blocks_across + x * across + place % across];
                        if first == 0 && known == 0 {
                            coder.constant(block[0] >> low, &mut constants[*part]);
                        } else if first == 0 {
                            coder.bits(block[0] >> low & 1, 1);
                        }
                        if last > 0 && known == 0 {
                            coder.terms(block, first.max(1)..last + 1, low, self.form.progressive);
                        } else if last > 0 {
                            coder.more(block, first..last + 1, low);
                        }
                    }
                }
            }
            coder.finish();
        }
    }
}

type Codes = Vec<(u32, u32)>;

fn codes((counts, symbols): ([u8; 16], Vec<u8>)) -> Codes {
    let mut codes = vec![(0, 0); 256];
    let (mut code, mut place) = (0, 0);
    for (length, count) in (1..).zip(counts) {
        for symbol in &symbols[place..][..count.into()] {
            codes[usize::from(*symbol)] = (code, length);
            code += 1;
        }
        place += usize::from(count);
        code <<= 1;
    }
    codes
}

struct Coder<'a> {
    out: &'a mut Vec<u8>,
    codes: &'a [Codes; 2],
    held: u32,
    count: u32,
    /// Blocks that end without a word yet, and the bits that refine their coefficients.
    empty: u32,
    later: Vec<i32>,
}

impl Coder<'_> {
    fn bits(&mut self, value: i32, count: u32) {
        for bit in (0..count).rev() {
            self.held = self.held << 1 | (value >> bit & 1) as u32;
            self.count += 1;
            if self.count == 8 {
                let byte = self.held as u8;
                self.out.push(byte);
                if byte == 0xff {
                    self.out.push(0);
                }
                self.count = 0;
            }
        }
    }

    fn symbol(&mut self, table: usize, symbol: u32) {
        let (code, length) = self.codes[table][symbol as usize];
        assert!(length > 0, "no code for {symbol:x}");
        self.bits(code as i32, length);
    }

    fn value(&mut self, value: i32, size: u32) {
        self.bits(if value < 0 { value - 1 } else { value }, size);
    }

    fn constant(&mut self, value: i32, before: &mut i32) {
        let step = value - *before;
        *before = value;
        let size = i32::BITS - step.unsigned_abs().leading_zeros();
        self.symbol(0, size);
        self.value(step, size);
    }

    fn end_of_blocks(&mut self) {
        if self.empty > 0 {
            let size = self.empty.ilog2();
            self.symbol(1, size << 4);
            self.bits(self.empty as i32, size);
            self.empty = 0;
        }
        for bit in std::mem::take(&mut self.later) {
            self.bits(bit, 1);
        }
    }

    fn terms(&mut self, block: &[i32; 64], band: std::ops::Range<usize>, low: u32, runs: bool) {
        let mut zeros = 0;
        for term in &block[band] {
            let size = (term.unsigned_abs() >> low).checked_ilog2().map_or(0, |log| log + 1);
            if size == 0 {
                zeros += 1;
                continue;
            }
            self.end_of_blocks();
            for _ in 0..zeros / 16 {
                self.symbol(1, 0xf0);
            }
            self.symbol(1, (zeros % 16) << 4 | size);
            self.value(term.signum() * (term.abs() >> low), size);
            zeros = 0;
        }
        if zeros > 0 {
            self.empty += 1;
            if !runs || self.empty == 0x7fff {
                self.end_of_blocks();
            }
        }
    }

    fn more(&mut self, block: &[i32; 64], band: std::ops::Range<usize>, low: u32) {
        let above = |term: i32| term.abs() >> low;
        let last_new = band.clone().rev().find(|k| above(block[*k]) == 1).unwrap_or(0);
        let (mut zeros, mut bits) = (0, Vec::new());
        for k in band {
            match above(block[k]) {
                0 => zeros += 1,
                magnitude => {
                    while zeros > 15 && k <= last_new {
                        self.end_of_blocks();
                        self.symbol(1, 0xf0);
                        self.later.append(&mut bits);
                        self.end_of_blocks();
                        zeros -= 16;
                    }
                    if magnitude > 1 {
                        bits.push(magnitude & 1);
                        continue;
                    }
                    self.end_of_blocks();
                    self.symbol(1, zeros << 4 | 1);
                    self.bits(i32::from(block[k] > 0), 1);
                    self.later.append(&mut bits);
                    self.end_of_blocks();
                    zeros = 0;
                }
            }
        }
        if zeros > 0 || !bits.is_empty() {
            self.empty += 1;
            self.later.append(&mut bits);
            if self.empty == 0x7fff || self.later.len() > 900 {
                self.end_of_blocks();
            }
        }
    }

    fn finish(mut self) {
        self.end_of_blocks();
        if self.count > 0 {
            self.bits(0x7f, 8 - self.count);
        }
    }
}

/// The order of coding goes through all places once.
#[test]
fn every_place_is_coded() {
    let mut places: Vec<usize> = (0..64).map(place).collect();
    assert_eq!(places[..6], [0, 1, 8, 16, 9, 2]);
    places.sort_unstable();
    assert_eq!(places, (0..64).collect::<Vec<_>>());
}
