//! Finds sets with the same members, and the sets that hold a whole other set.

use std::collections::BTreeMap;

/// One group of things: the sets that are exactly it, and the wider ones that hold all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Its members, by rising number.
    pub members: Vec<u32>,
    /// Numbers of the sets that have just these members.
    pub same: Vec<u32>,
    /// Numbers of the sets that have these members and others.
    pub wider: Vec<u32>,
}

/// Joins sets that have the same members, and says of each which wider sets hold all of it.
///
/// Members of a set stand by rising number, each once. An empty set gives nothing. Sets keep their
/// numbers; groups come in the order of their members.
/// **Cost.** O(m × d) for m members of all sets together and d sets that hold one member.
pub fn overlaps(sets: &[Vec<u32>]) -> Vec<Overlap> {
    let mut by_members: BTreeMap<&[u32], Vec<u32>> = BTreeMap::new();
    let mut holders: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (number, members) in (0..).zip(sets) {
        by_members.entry(members).or_default().push(number);
        for &member in members {
            holders.entry(member).or_default().push(number);
        }
    }
    let held_by = |member: &u32| holders.get(member).map_or(&[][..], Vec::as_slice);
    by_members
        .into_iter()
        .filter(|(members, _)| !members.is_empty())
        .map(|(members, same)| {
            let mut wider = members.first().map(held_by).unwrap_or_default().to_vec();
            wider.retain(|set| same.binary_search(set).is_err());
            for member in &members[1..] {
                if wider.is_empty() {
                    break;
                }
                let holders = held_by(member);
                wider.retain(|set| holders.binary_search(set).is_ok());
            }
            Overlap { members: members.to_vec(), same, wider }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::overlaps;

    #[test]
    fn equal_sets_are_one_and_wider_ones_are_named() {
        let sets = [vec![1, 2, 3], vec![2, 3], vec![1, 2, 3], vec![0, 1, 2, 3, 4], vec![], vec![4]];
        let found: Vec<_> =
            overlaps(&sets).into_iter().map(|o| (o.members, o.same, o.wider)).collect();
        assert_eq!(
            found,
            [
                (vec![0, 1, 2, 3, 4], vec![3], vec![]),
                (vec![1, 2, 3], vec![0, 2], vec![3]),
                (vec![2, 3], vec![1], vec![0, 2, 3]),
                (vec![4], vec![5], vec![3]),
            ]
        );
    }

    #[test]
    fn sets_that_only_cross_hold_nothing_of_each_other() {
        let found = overlaps(&[vec![1, 2], vec![2, 3]]);
        assert!(found.iter().all(|overlap| overlap.wider.is_empty()));
    }
}
