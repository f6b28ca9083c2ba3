//! Near-duplicate groups of new pictures as cards.

use std::collections::{HashMap, HashSet};

use tutela_app::views::{ClusterView, ItemView, ScanReport};

use super::{MAX_GROUPS, MAX_MEMBERS};
use crate::show::grid::bits_path;

/// One card.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// What is counted of it.
    pub(super) cluster: &'a ClusterView,
    /// Its signal as a path of 16 by 16 bits, where it is one.
    pub(super) bits: Option<String>,
    /// Number and path of members; `None` where the item was not handed over.
    pub(super) members: Vec<(u64, Option<&'a str>)>,
    /// Members beyond those listed.
    pub(super) more: usize,
    /// Numbers of members that have a thumbnail, for the script.
    pub(super) thumbnails: String,
}

/// The cards of the largest groups.
pub(super) fn groups<'a>(report: &'a ScanReport, items: &'a [ItemView]) -> Vec<Group<'a>> {
    let clusters = || report.clusters.iter().take(MAX_GROUPS);
    let wanted: HashSet<u64> =
        clusters().flat_map(|cluster| cluster.items.iter().take(MAX_MEMBERS)).copied().collect();
    let paths: HashMap<u64, &str> = items
        .iter()
        .filter(|item| wanted.contains(&item.index))
        .map(|item| (item.index, item.path.as_str()))
        .collect();
    let pictured: HashSet<u64> = report.thumbnails.iter().map(|thumbnail| thumbnail.item).collect();
    clusters()
        .map(|cluster| {
            let members = cluster.items.iter().take(MAX_MEMBERS);
            let thumbnails = cluster.items.iter().filter(|item| pictured.contains(item));
            Group {
                cluster,
                bits: bits_path(&cluster.signal),
                members: members.map(|item| (*item, paths.get(item).copied())).collect(),
                more: cluster.items.len().saturating_sub(MAX_MEMBERS),
                thumbnails: thumbnails.map(u64::to_string).collect::<Vec<_>>().join(" "),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::groups;
    use crate::report::samples::samples;

    #[test]
    fn members_are_found_by_their_number_in_any_order() {
        let (report, mut items) = samples();
        items.reverse();
        let cards = groups(&report, &items);
        let (number, path) = cards[0].members[0];
        let item = items.iter().find(|item| item.index == number).unwrap();
        assert_eq!(path, Some(item.path.as_str()));
        assert!(cards[0].bits.is_some());
    }

    #[test]
    fn a_member_that_was_not_handed_over_keeps_its_number() {
        let (report, _) = samples();
        let cards = groups(&report, &[]);
        assert_eq!(cards[0].members[0], (report.clusters[0].items[0], None));
    }
}
