//! Huffman tables: from the next bits to what they stand for.

/// Codes up to so many bits are found at once, and their values where these end within as many.
const SHORT: u32 = 10;

/// What the next bits stand for: a run of zeros, and the size and often the value of what follows it.
///
/// From the lowest: six bits how many bits these are, of code and value; one whether the value is
/// here; one free; four the run; four the size; sixteen the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(u32);

const HAS_VALUE: u32 = 1 << 6;

impl Entry {
    fn new(symbol: u8, length: u32) -> Self {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        Self((length + size) | run << 8 | size << 12)
    }

    /// Bits of the value; 0 for the ends of blocks and long runs.
    #[inline(always)]
    pub(super) fn size(self) -> u32 {
        self.0 >> 12 & 15
    }

    #[inline(always)]
    pub(super) fn run(self) -> u32 {
        self.0 >> 8 & 15
    }

    /// Bits of code and value, 1 to 27, in the lowest six bits.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0
    }

    /// The value, where it is known without reading on.
    #[inline(always)]
    pub(super) fn known(self) -> Option<i16> {
        (self.0 & HAS_VALUE != 0).then_some((self.0 >> 16) as i16)
    }

    /// The value. `held` begins with the code.
    /// Source: ITU-T T.81, F.2.2.1, `EXTEND`.
    #[inline(always)]
    pub(super) fn value(self, held: u64) -> i32 {
        let all = 1 << self.size();
        let raw = (held >> (64 - (self.bits() & 63))) as i32 & (all - 1);
        if raw < all >> 1 { raw - all + 1 } else { raw }
    }
}

/// What symbols of a table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Differences of constant terms.
    Dc,
    /// Terms of a sequential picture.
    Ac,
    /// Terms of a progressive picture, with runs of empty blocks.
    Progressive,
}

impl Kind {
    /// Those of 8-bit pictures.
    fn allows(self, symbol: u8) -> bool {
        let (run, size) = (symbol >> 4, symbol & 15);
        match self {
            Self::Dc => symbol <= 11,
            Self::Ac => size <= 10 && (size > 0 || run == 0 || run == 15),
            Self::Progressive => size <= 10,
        }
    }
}

/// One table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// By the next [`SHORT`] bits; zero where the code is longer, or there is none.
    short: [Entry; 1 << SHORT],
    /// For each length of codes, the first 16 bits that no code up to this length begins.
    ends: [u32; 17],
    /// For each length, what to add to a code for the place of its symbol.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

impl Table {
    /// Reads a table from how many codes of each length there are, and their symbols. `None` where
    /// they are no table, or one that ordinary pictures do not have.
    /// Source: ITU-T T.81, annex C.
    pub(super) fn new(counts: &[u8; 16], given: &[u8], kind: Kind) -> Option<Self> {
        if given.len() > 256 || !given.iter().all(|symbol| kind.allows(*symbol)) {
            return None;
        }
        let mut symbols = [0; 256];
        symbols[..given.len()].copy_from_slice(given);
        let mut table =
            Self { short: [Entry(0); 1 << SHORT], ends: [0; 17], offsets: [0; 17], symbols };
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, count) in (1..).zip(counts.iter().map(|count| u32::from(*count))) {
            table.offsets[length as usize] = place as i32 - code as i32;
            // The code of ones alone is never given.
            if code + count >= 1 << length && count > 0 {
                return None;
            }
            for symbol in given.get(place..place + count as usize)? {
                if let Some(bits) = SHORT.checked_sub(length) {
                    let same = &mut table.short[(code << bits) as usize..][..1 << bits];
                    fill(same, Entry::new(*symbol, length), bits);
                }
                code += 1;
            }
            place += count as usize;
            table.ends[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Some(table)
    }

    /// What the next bits begin with; `None` where it is no code.
    #[inline(always)]
    pub(super) fn entry(&self, held: u64) -> Option<Entry> {
        let entry = self.short[(held >> (64 - SHORT)) as usize];
        if entry.0 == 0 { self.long(held) } else { Some(entry) }
    }

    #[cold]
    #[inline(never)]
    fn long(&self, held: u64) -> Option<Entry> {
        let next = (held >> 48) as u32;
        let length = (SHORT + 1..=16).find(|length| next < self.ends[*length as usize])?;
        let place = (next >> (16 - length)) as i32 + self.offsets[length as usize];
        let symbol = self.symbols.get(usize::try_from(place).ok()?)?;
        Some(Entry::new(*symbol, length))
    }
}

/// Fills in all that begins with one code, after which `bits` bits are free.
fn fill(same: &mut [Entry], entry: Entry, bits: u32) {
    let size = entry.size();
    let Some(free) = bits.checked_sub(size).filter(|_| size > 0) else { return same.fill(entry) };
    for (raw, same) in (0_i32..).zip(same.chunks_exact_mut(1 << free)) {
        let value = if raw < 1 << (size - 1) { raw - (1 << size) + 1 } else { raw };
        same.fill(Entry(entry.0 | HAS_VALUE | (value as u32) << 16));
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Table};

    #[test]
    fn codes_of_every_length_are_found() {
        // One code of each length: 0, 10, 110, …
        let symbols: Vec<u8> = (1..=10).chain(0x11..=0x16).collect();
        let table = Table::new(&[1; 16], &symbols, Kind::Ac).unwrap();
        for (length, symbol) in (1..=16_u32).zip(&symbols) {
            let code = (1_u64 << length) - 2;
            let entry = table.entry(code << (64 - length)).unwrap();
            assert_eq!((entry.run() << 4 | entry.size()) as u8, *symbol);
            assert_eq!(entry.bits() & 63, length + entry.size());
        }
        assert_eq!(table.entry(u64::MAX), None);
    }

    #[test]
    fn values_are_extended() {
        let mut counts = [0; 16];
        counts[1] = 1;
        let table = Table::new(&counts, &[3], Kind::Dc).unwrap();
        let values = [-7, -6, -5, -4, 4, 5, 6, 7];
        for (raw, value) in (0_u64..8).zip(values) {
            let held = raw << 59;
            let entry = table.entry(held).unwrap();
            assert_eq!((entry.known(), entry.value(held)), (Some(value as i16), value));
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let table = |counts: [u8; 16], symbols: &[u8], kind| Table::new(&counts, symbols, kind);
        let of = |length: usize, count| {
            let mut counts = [0; 16];
            counts[length - 1] = count;
            counts
        };
        assert!(table(of(1, 1), &[0], Kind::Dc).is_some());
        assert!(table(of(1, 2), &[0, 1], Kind::Dc).is_none());
        assert!(table(of(2, 4), &[0, 1, 2, 3], Kind::Dc).is_none());
        assert!(table(of(2, 3), &[0, 1], Kind::Dc).is_none());
        assert!(table(of(2, 1), &[12], Kind::Dc).is_none());
        assert!(table(of(2, 1), &[0x0b], Kind::Ac).is_none());
        assert!(table(of(2, 1), &[0x20], Kind::Ac).is_none());
        assert!(table(of(2, 1), &[0x20], Kind::Progressive).is_some());
    }
}
