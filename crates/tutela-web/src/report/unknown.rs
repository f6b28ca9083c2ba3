//! The queue of the unknown: groups with what ties them, earlier scans, what examiners said.

use std::collections::{HashMap, HashSet};

use tutela_app::views::{GroupView, ItemView, ScanReport, StatementView};

use super::{MAX_CATEGORISED, MAX_TIED, MAX_TIED_MEMBERS};

/// One group of the queue.
#[derive(Debug)]
pub(super) struct Tied<'a> {
    /// What is said of it.
    pub(super) group: &'a GroupView,
    /// Number and path of its first members; `None` where the item was not handed over.
    pub(super) members: Vec<(u64, Option<&'a str>)>,
    /// Members beyond those listed.
    pub(super) more: usize,
}

/// The head of the queue.
pub(super) fn queue<'a>(report: &'a ScanReport, items: &'a [ItemView]) -> Vec<Tied<'a>> {
    let groups = || report.groups.iter().take(MAX_TIED);
    let shown = |group: &'a GroupView| group.items.iter().take(MAX_TIED_MEMBERS).copied();
    let wanted: HashSet<u64> = groups().flat_map(shown).collect();
    let paths: HashMap<u64, &str> = items
        .iter()
        .filter(|item| wanted.contains(&item.index))
        .map(|item| (item.index, item.path.as_str()))
        .collect();
    groups()
        .map(|group| Tied {
            group,
            members: shown(group).map(|item| (item, paths.get(&item).copied())).collect(),
            more: group.items.len().saturating_sub(MAX_TIED_MEMBERS),
        })
        .collect()
}

/// A file that an examiner has said something of.
#[derive(Debug)]
pub(super) struct Categorised<'a> {
    /// The file.
    pub(super) item: &'a ItemView,
    /// Whether examiners say different things of it, in one scheme.
    pub(super) conflict: bool,
}

/// Such files, those in dispute first.
pub(super) fn categorised(items: &[ItemView]) -> (Vec<Categorised<'_>>, usize) {
    let said = items.iter().filter(|item| !item.categories.is_empty());
    let mut all: Vec<Categorised<'_>> =
        said.map(|item| Categorised { item, conflict: disputed(&item.categories) }).collect();
    all.sort_by_key(|one| (!one.conflict, one.item.index));
    let left_out = all.len().saturating_sub(MAX_CATEGORISED);
    all.truncate(MAX_CATEGORISED);
    (all, left_out)
}

fn disputed(said: &[StatementView]) -> bool {
    let current = || said.iter().filter(|one| !one.replaced);
    current().any(|one| current().any(|other| other.scheme == one.scheme && other.code != one.code))
}

#[cfg(test)]
mod tests {
    use super::{categorised, queue};
    use crate::report::samples::samples;

    #[test]
    fn the_queue_shows_the_files_of_each_group() {
        let (report, items) = samples();
        let queue = queue(&report, &items);
        assert!(queue.len() >= 2);
        for tied in &queue {
            let points: u64 = tied.group.contributions.iter().map(|one| one.points).sum();
            assert_eq!(points, tied.group.score, "contributions add up");
            assert!(tied.group.ties.iter().any(|tie| tie.made_it));
            assert!(tied.members.iter().all(|(_, path)| path.is_some()));
        }
    }

    #[test]
    fn files_in_dispute_stand_first() {
        let (_, items) = samples();
        let (all, left_out) = categorised(&items);
        assert_eq!(left_out, 0);
        let disputed: Vec<bool> = all.iter().map(|one| one.conflict).collect();
        assert_eq!(disputed, [true, false]);
    }
}
