//! The order in which the bits of signals go into parts: bits that say the same go into different ones.

use super::plan::{BITS, Part};

/// Signals that are looked at to choose the order.
const SAMPLE: usize = 4096;

/// For each place, the bit of a signal that goes there.
pub(super) type Order = [u8; BITS];

/// A signal as words whose bits stand in the order of a segment: bit `i` is bit `i % 64` of word `i / 64`.
pub(super) type Ordered = [u64; 4];

/// The order that spreads what the bits of these signals share over the parts.
///
/// Of two bits, as ±1, the square of the mean product is 1 where one tells the other and 0 where they are
/// balanced and independent. Bits that share most with all others choose first; each goes where
/// it shares least with those already there. The result depends on the signals and their order alone.
pub(super) fn order(count: usize, signal: impl Fn(usize) -> [u64; 4], parts: &[Part]) -> Order {
    let mut order: Order = std::array::from_fn(|place| place as u8);
    if parts.is_empty() {
        return order;
    }
    let step = count.div_ceil(SAMPLE).max(1);
    let sample: Vec<[u64; 4]> = (0..count).step_by(step).map(signal).collect();
    let shared = shared(&sample);
    let total = |bit: usize| -> u64 { shared[bit].iter().map(|share| u64::from(*share)).sum() };
    let mut bits: Vec<(u64, usize)> = (0..BITS).map(|bit| (total(bit), bit)).collect();
    bits.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // For each part: what each bit shares with those in it, and how many there are.
    let mut held = vec![([0_u64; BITS], 0_u8); parts.len()];
    for (_, bit) in bits {
        let room = (0..parts.len()).filter(|part| held[*part].1 < parts[*part].width);
        let least = room.min_by_key(|part| {
            let (held, count) = &held[*part];
            (held[bit], u32::from(*count) * 256 / u32::from(parts[*part].width), *part)
        });
        let Some(part) = least else { break };
        let (held, count) = &mut held[part];
        *count += 1;
        // From the end on: the last to choose share least, and the directory goes by the first bits.
        let Part { start, width, .. } = parts[part];
        order[usize::from(start) + usize::from(width - *count)] = bit as u8;
        for (held, share) in held.iter_mut().zip(&shared[bit]) {
            *held += u64::from(*share);
        }
    }
    order
}

/// What each two bits share, from 0 to 2³² - 1; with itself nothing.
fn shared(sample: &[[u64; 4]]) -> Vec<[u32; BITS]> {
    // The same bit of all signals, in words.
    let mut columns = vec![vec![0_u64; sample.len().div_ceil(64)]; BITS];
    for (number, words) in sample.iter().enumerate() {
        for (bit, column) in columns.iter_mut().enumerate() {
            column[number / 64] |= (words[bit / 64] >> (bit % 64) & 1) << (number % 64);
        }
    }
    let count = sample.len().max(1) as i64;
    let mut shared = vec![[0; BITS]; BITS];
    for a in 0..BITS {
        for b in 0..a {
            let differ = columns[a].iter().zip(&columns[b]).map(|(a, b)| (a ^ b).count_ones());
            let product = count - 2 * i64::from(differ.sum::<u32>());
            let square = (product * product).unsigned_abs() * u64::from(u32::MAX);
            let share = (square / (count * count).unsigned_abs()) as u32;
            shared[a][b] = share;
            shared[b][a] = share;
        }
    }
    shared
}

/// Moves the bits of signals: half a byte at a time, by what each of its values becomes.
#[derive(Debug, Clone)]
pub(super) struct Moves(Box<[[[u64; 4]; 16]; 64]>);

impl Moves {
    /// From signals to the order of a segment.
    pub(super) fn into_order(order: &Order) -> Self {
        Self::new((0..BITS).zip(order).map(|(place, bit)| (usize::from(*bit), place)))
    }

    /// The inverse.
    pub(super) fn out_of(order: &Order) -> Self {
        Self::new((0..BITS).zip(order).map(|(place, bit)| (place, usize::from(*bit))))
    }

    fn new(moves: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut table = Box::new([[[0; 4]; 16]; 64]);
        for (from, to) in moves {
            let values = (0..16).filter(|value| value >> (from % 4) & 1 == 1);
            values.for_each(|value| table[from / 4][value][to / 64] |= 1 << (to % 64));
        }
        Self(table)
    }

    pub(super) fn apply(&self, words: [u64; 4]) -> [u64; 4] {
        let mut moved = [0; 4];
        for (tables, word) in self.0.as_chunks::<16>().0.iter().zip(words) {
            for (place, table) in tables.iter().enumerate() {
                let parts = table[(word >> (4 * place)) as usize % 16];
                moved.iter_mut().zip(parts).for_each(|(moved, part)| *moved |= part);
            }
        }
        moved
    }
}

/// At most 32 bits from a place on; behind the last comes the first.
#[inline(always)]
pub(super) fn bits(ordered: &Ordered, start: usize, count: u32) -> u32 {
    let (word, shift) = (start / 64 % 4, start % 64);
    let low = ordered[word] >> shift;
    let high = (ordered[(word + 1) % 4] << 1) << (63 - shift);
    ((low | high) & ((1 << count) - 1)) as u32
}

#[cfg(test)]
mod tests {
    use super::{Moves, bits, order};
    use crate::index::segment::plan;

    fn signals() -> Vec<[u64; 4]> {
        let spread = |i: u64| (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // The second half of each signal repeats the first.
        (0..5_000).map(|i| [spread(i), spread(i * i + 7), spread(i), spread(i * i + 7)]).collect()
    }

    #[test]
    fn every_bit_has_one_place() {
        let parts = plan::parts(1_000_000);
        let order = order(5_000, |i| signals()[i], &parts);
        let mut sorted = order;
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(place, bit)| usize::from(*bit) == place));
        for words in &signals()[..100] {
            let ordered = Moves::into_order(&order).apply(*words);
            for (place, bit) in order.iter().enumerate() {
                let at = |words: &[u64; 4], bit: usize| words[bit / 64] >> (bit % 64) & 1;
                assert_eq!(at(&ordered, place), at(words, usize::from(*bit)));
            }
            assert_eq!(Moves::out_of(&order).apply(ordered), *words);
        }
    }

    #[test]
    fn bits_that_say_the_same_go_into_different_parts() {
        let parts = plan::parts(1_000_000);
        let order = order(5_000, |i| signals()[i], &parts);
        for part in &parts {
            let range = usize::from(part.start)..usize::from(part.start) + usize::from(part.width);
            let mut bits: Vec<u8> = order[range].iter().map(|bit| bit % 128).collect();
            bits.sort_unstable();
            bits.dedup();
            assert_eq!(bits.len(), usize::from(part.width));
        }
    }

    #[test]
    fn bits_go_around_the_end() {
        let words = [0x0123_4567_89ab_cdef, 0, 0, 0xf000_0000_0000_0000];
        assert_eq!(bits(&words, 0, 16), 0xcdef);
        assert_eq!(bits(&words, 4, 32), 0x789a_bcde);
        assert_eq!(bits(&words, 252, 12), 0xeff);
        assert_eq!(bits(&words, 60, 8), 0);
        assert_eq!(bits(&words, 32, 32), 0x0123_4567);
    }
}
