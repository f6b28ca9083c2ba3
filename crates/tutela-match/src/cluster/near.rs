//! Groups near-duplicates: PDQ signals around the one with most neighbours.

use tutela_core::Pdq;

use crate::index::{BandIndex, Hit};

/// Groups signals around leaders: the signal with most neighbours within `radius` leads a group of
/// itself and those neighbours; among the rest the next one does the same, until none is left.
///
/// Give it signals of quality 50 and more, as flat pictures are all near each other.
///
/// **Order.** Each group lists its leader first, then its other members by rising number; groups
/// stand by falling size, then by leader. A signal near no other is in no group.
/// **Rule.** Every member is within `radius` of its leader, so two members are at most twice
/// `radius` apart: a chain of small steps cannot join unlike pictures. Neighbours are counted once,
/// over all signals; equal counts are decided by the value. So the groups depend on the values
/// alone, not on their order in `signals`.
/// **Cost.** Equal values are compared once; of n different ones each is compared with those that share
/// a band of bits (see [`BandIndex`]), at worst with all. O(n) memory.
pub fn groups(signals: &[Pdq], radius: u16) -> Vec<Vec<u32>> {
    let distinct = Distinct::of(signals);
    let index = BandIndex::new(&distinct.values, radius);
    let counts: Vec<u64> = distinct.counts().collect();
    let weigh = |value| index.weigh(value, &counts);
    let weights: Vec<u64> = distinct.values.iter().map(weigh).collect();
    let mut leaders: Vec<usize> = (0..distinct.values.len()).collect();
    // The values are sorted, so a stable sort decides equal counts by the value.
    leaders.sort_by_key(|&value| std::cmp::Reverse(weights[value]));
    let mut near = Vec::new();
    let mut taken = vec![false; distinct.values.len()];
    let mut groups = Vec::new();
    for leader in leaders {
        if taken[leader] || weights[leader] < 2 {
            continue;
        }
        let mut members = Vec::new();
        for value in neighbours(&index, &distinct.values[leader], &mut near) {
            if !std::mem::replace(&mut taken[value], true) {
                members.extend_from_slice(distinct.of_value(value));
            }
        }
        if members.len() >= 2 {
            let first = distinct.of_value(leader)[0];
            members.sort_unstable_by_key(|&member| (member != first, member));
            groups.push(members);
        }
    }
    groups.sort_by_key(|members| (std::cmp::Reverse(members.len()), members[0]));
    groups
}

/// The values within `radius` of one, itself included.
fn neighbours<'a>(
    index: &BandIndex,
    value: &Pdq,
    near: &'a mut Vec<Hit>,
) -> impl Iterator<Item = usize> + 'a {
    near.clear();
    index.search(value, near);
    near.iter().map(|hit| hit.entry as usize)
}

/// The different values, sorted, with the signals that have each.
struct Distinct {
    values: Vec<Pdq>,
    /// Signals by value, then number.
    signals: Vec<u32>,
    /// Where the signals of each value start; one more at the end.
    starts: Vec<usize>,
}

impl Distinct {
    fn of(all: &[Pdq]) -> Self {
        let mut signals: Vec<u32> = (0..).take(all.len()).collect();
        signals.sort_unstable_by_key(|&signal| (all[signal as usize], signal));
        let mut values: Vec<Pdq> = Vec::new();
        let mut starts = Vec::new();
        for (place, &signal) in signals.iter().enumerate() {
            if values.last() != Some(&all[signal as usize]) {
                values.push(all[signal as usize]);
                starts.push(place);
            }
        }
        starts.push(signals.len());
        Self { values, signals, starts }
    }

    /// How many signals have each value.
    fn counts(&self) -> impl Iterator<Item = u64> {
        self.starts.windows(2).map(|ends| (ends[1] - ends[0]) as u64)
    }

    fn of_value(&self, value: usize) -> &[u32] {
        &self.signals[self.starts[value]..self.starts[value + 1]]
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::Pdq;

    use super::groups;

    /// A signal with its `bits` lowest bits set.
    fn low_bits(bits: usize) -> Pdq {
        let mut bytes = [0; 32];
        for bit in 0..bits {
            bytes[31 - bit / 8] |= 1 << (bit % 8);
        }
        Pdq(bytes)
    }

    #[test]
    fn nothing_near_is_no_group() {
        assert_eq!(groups(&[], 31), Vec::<Vec<u32>>::new());
        assert_eq!(groups(&[low_bits(0)], 31), Vec::<Vec<u32>>::new());
        assert_eq!(groups(&[low_bits(0), low_bits(32)], 31), Vec::<Vec<u32>>::new());
    }

    #[test]
    fn equal_signals_are_one_group() {
        assert_eq!(groups(&[low_bits(3); 4], 0), [[0, 1, 2, 3]]);
        let many = vec![low_bits(5); 100_000];
        assert_eq!(groups(&many, 31).len(), 1);
    }

    #[test]
    fn a_chain_does_not_become_one_group() {
        // 0 - 20 - 40 - 60 - 80: each within 31 of its neighbours only.
        let chain = [0, 20, 40, 60, 80].map(low_bits);
        assert_eq!(groups(&chain, 31), [vec![1, 0, 2], vec![3, 4]]);
    }

    #[test]
    fn the_most_connected_leads() {
        let star = [10, 0, 20, 30, 200].map(low_bits);
        assert_eq!(groups(&star, 20), [[0, 1, 2, 3]]);
    }

    #[test]
    fn the_order_of_signals_does_not_matter() {
        let signals: Vec<Pdq> = (0..60).map(|i| low_bits(i * 37 % 256)).collect();
        let by_value = |signals: &[Pdq]| {
            let mut sets: Vec<Vec<Pdq>> = groups(signals, 31)
                .iter()
                .map(|group| group.iter().map(|&member| signals[member as usize]).collect())
                .collect();
            sets.iter_mut().for_each(|set| set.sort());
            sets.sort();
            sets
        };
        let mut turned = signals.clone();
        turned.reverse();
        assert_eq!(by_value(&signals), by_value(&turned));
        turned.rotate_left(17);
        assert_eq!(by_value(&signals), by_value(&turned));
    }
}
