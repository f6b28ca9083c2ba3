//! Groups films that share enough frames.

use std::collections::{BTreeMap, BTreeSet};

use tutela_core::Pdq;

use crate::index::{BandIndex, Hit};
use crate::signals::{Partners, VpdqRule};

/// Groups films around leaders, as [`super::groups`] does with pictures: the film that most others are
/// like leads a group of itself and those; among the rest the next one does the same.
///
/// Two films are alike where the rule holds for either of them as the query: a cut of a film is like
/// the whole. Give each film the frames that a comparison looks at; see
/// [`comparable`](crate::signals::comparable).
///
/// **Order.** Each group lists its leader first, then its other members by rising number; groups stand
/// by falling size, then by leader. A film like no other is in no group.
/// **Cost.** One search for each different frame among all others, and memory for each pair of films
/// that have a frame in common.
pub fn films(films: &[Vec<Pdq>], rule: &VpdqRule) -> Vec<Vec<u32>> {
    let alike = alike(films, rule);
    let mut leaders: Vec<u32> = (0..).take(films.len()).collect();
    // Then the longer film, then its frames: the order of the films does not matter.
    leaders.sort_by_key(|&film| {
        let (alike, frames) = (&alike[film as usize], &films[film as usize]);
        (std::cmp::Reverse((alike.len(), frames.len())), frames)
    });
    let mut taken = vec![false; films.len()];
    let mut groups = Vec::new();
    for leader in leaders {
        if std::mem::replace(&mut taken[leader as usize], true) {
            continue;
        }
        let mut group = vec![leader];
        for &film in &alike[leader as usize] {
            if !std::mem::replace(&mut taken[film as usize], true) {
                group.push(film);
            }
        }
        if group.len() >= 2 {
            groups.push(group);
        }
    }
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
    groups
}

/// Of each film: the others that it is like.
fn alike(films: &[Vec<Pdq>], rule: &VpdqRule) -> Vec<BTreeSet<u32>> {
    let mut holders: BTreeMap<Pdq, BTreeSet<u32>> = BTreeMap::new();
    for (film, frames) in (0..).zip(films) {
        for frame in frames {
            holders.entry(*frame).or_default().insert(film);
        }
    }
    let frames: Vec<Pdq> = holders.keys().copied().collect();
    let holders: Vec<&BTreeSet<u32>> = holders.values().collect();
    let index = BandIndex::new(&frames, rule.distance);
    // Of each pair: frames of the first that have a partner in the second.
    let mut found: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut hits: Vec<Hit> = Vec::new();
    for (frame, ours) in frames.iter().zip(&holders) {
        hits.clear();
        index.search(frame, &mut hits);
        let near = hits.iter().flat_map(|hit| holders[hit.entry as usize]);
        let theirs: BTreeSet<u32> = near.copied().collect();
        for &film in *ours {
            for &other in theirs.iter().filter(|other| **other != film) {
                *found.entry((film, other)).or_default() += 1;
            }
        }
    }
    let mut alike = vec![BTreeSet::new(); films.len()];
    for (&(film, other), &query_found) in &found {
        let size = |film: u32| {
            let frames: BTreeSet<&Pdq> = films[film as usize].iter().collect();
            u32::try_from(frames.len()).unwrap_or(u32::MAX)
        };
        let partners = Partners {
            query_found,
            query_frames: size(film),
            compared_found: found.get(&(other, film)).copied().unwrap_or(0),
            compared_frames: size(other),
        };
        if partners.matches(rule) {
            alike[film as usize].insert(other);
            alike[other as usize].insert(film);
        }
    }
    alike
}

#[cfg(test)]
mod tests {
    use tutela_core::Pdq;

    use super::films;
    use crate::signals::VpdqRule;

    /// Frames far from each other, some shared by number.
    fn frames(numbers: &[u8]) -> Vec<Pdq> {
        let frame = |n: &u8| {
            let word = u64::from(*n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            Pdq::from_words([word, word.rotate_left(17), word.rotate_left(31), !word])
        };
        numbers.iter().map(frame).collect()
    }

    fn check(all: &[&[u8]], expected: &[&[u32]]) {
        let all: Vec<Vec<Pdq>> = all.iter().map(|numbers| frames(numbers)).collect();
        assert_eq!(films(&all, &VpdqRule::default()), expected);
    }

    #[test]
    fn films_that_share_enough_frames_are_one_group() {
        check(&[], &[]);
        check(&[&[1, 2, 3]], &[]);
        check(&[&[1, 2, 3], &[4, 5, 6]], &[]);
        check(&[&[1, 2, 3], &[3, 2, 1], &[7, 8]], &[&[0, 1]]);
        // Most of a short film in a long one; and two that share too little.
        check(&[&[1, 2, 3, 4, 5, 6, 7, 8], &[2, 3, 4, 5]], &[&[0, 1]]);
        check(&[&[1, 2, 3, 4], &[1, 2, 5, 6]], &[]);
        check(&[&[], &[]], &[]);
    }

    #[test]
    fn what_is_like_most_leads() {
        // Two cuts of one film share nothing with each other.
        check(&[&[1, 2], &[1, 2, 3, 4], &[3, 4]], &[&[1, 0, 2]]);
    }
}
