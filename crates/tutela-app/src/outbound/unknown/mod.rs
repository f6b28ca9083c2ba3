//! Groups new pictures and films by what ties them, most worth looking at first.

mod score;
mod ties;

use std::collections::{BTreeSet, HashMap};

use tutela_core::{Exhibit, Outcome, Sha256, Timestamp};
use tutela_match::cluster::{self, Overlap};

use super::earlier::Earlier;
use crate::views::{ClusterView, GroupView};
use score::Facts;
use ties::Tie;

/// Whether an exhibit belongs to the unknown rest: a picture or film of which nothing is known.
pub(super) fn is_unknown(exhibit: &Exhibit) -> bool {
    let is_media = exhibit.mime.starts_with("image/") || exhibit.mime.starts_with("video/");
    exhibit.outcome == Outcome::New && is_media && exhibit.size_bytes > 0
}

/// The groups of what is new. They depend on the exhibits, not on their order.
pub(super) fn groups(
    exhibits: &[Exhibit],
    clusters: &[ClusterView],
    earlier: &Earlier,
    (scanned_at, radius): (Timestamp, u16),
) -> Vec<GroupView> {
    let media: Vec<(u32, &Exhibit)> =
        (0..).zip(exhibits).filter(|(_, exhibit)| is_unknown(exhibit)).collect();
    let ties = ties::ties(&media, clusters, earlier, radius);
    let sets: Vec<Vec<u32>> = ties.iter().map(|tie| tie.items.clone()).collect();
    let of = |number: &u32| ties.get(*number as usize);
    let mut groups: Vec<GroupView> = cluster::overlaps(&sets)
        .iter()
        .filter(|overlap| overlap.same.iter().filter_map(of).any(Tie::makes_a_group))
        .map(|overlap| {
            let holding = holding(overlap, &ties);
            group(exhibits, &overlap.members, &holding, earlier, scanned_at)
        })
        .collect();
    groups.sort_by(|a, b| {
        (b.score, b.files).cmp(&(a.score, a.files)).then_with(|| a.items.cmp(&b.items))
    });
    for (rank, group) in (1..).zip(&mut groups) {
        group.rank = rank;
    }
    groups
}

/// The ties that hold for all members of a group, those that made it first, and whether they did.
fn holding<'a>(overlap: &Overlap, ties: &'a [Tie]) -> Vec<(&'a Tie, bool)> {
    let of = |made_it| move |number: &u32| ties.get(*number as usize).map(|tie| (tie, made_it));
    let same = overlap.same.iter().filter_map(of(true));
    let mut all: Vec<(&Tie, bool)> =
        same.chain(overlap.wider.iter().filter_map(of(false))).collect();
    // Names count on within one folder, so the folder adds nothing to them.
    if all.iter().any(|(tie, _)| tie.kind() == "names") {
        all.retain(|(tie, _)| tie.makes_a_group());
    }
    // A folder makes no group, so it never stands first.
    all.sort_by_key(|(tie, made_it)| !(*made_it && tie.makes_a_group()));
    all
}

fn group(
    exhibits: &[Exhibit],
    members: &[u32],
    ties: &[(&Tie, bool)],
    earlier: &Earlier,
    scanned_at: Timestamp,
) -> GroupView {
    let files = || members.iter().filter_map(|item| exhibits.get(*item as usize));
    let distinct: BTreeSet<Sha256> = files().filter_map(|e| e.digests.map(|d| d.sha256)).collect();
    let taken: BTreeSet<&String> = files().filter_map(|e| e.capture.taken_at.as_ref()).collect();
    let within = ties.iter().filter(|(tie, _)| tie.is_within());
    let kinds: BTreeSet<&str> = within.map(|(tie, _)| tie.kind()).collect();
    let items: Vec<u64> = members.iter().map(|item| u64::from(*item)).collect();
    let facts = Facts {
        distinct: distinct.len() as u64,
        has_serial: ties.iter().any(|(tie, _)| tie.has_serial()),
        ties: kinds.len() as u64,
        last_taken: taken.last().and_then(|taken| ties::seconds(taken)),
        content_elsewhere: items.iter().any(|item| earlier.content_in_other_case(*item)),
        device_elsewhere: items.iter().any(|item| earlier.device_in_other_case(*item)),
    };
    let contributions = score::contributions(&facts, scanned_at);
    GroupView {
        rank: 0,
        score: contributions.iter().map(|one| one.points).sum(),
        contributions,
        ties: ties.iter().map(|(tie, made_it)| tie.view(*made_it)).collect(),
        files: members.len() as u64,
        distinct: facts.distinct,
        size_bytes: files().map(|exhibit| exhibit.size_bytes).sum(),
        first_taken: taken.first().map(|taken| (*taken).clone()),
        last_taken: taken.last().map(|taken| (*taken).clone()),
        items,
    }
}

/// Ranks of the groups that each item is in.
pub(super) fn ranks(groups: &[GroupView]) -> HashMap<u64, Vec<u64>> {
    let mut ranks: HashMap<u64, Vec<u64>> = HashMap::new();
    for group in groups {
        for item in &group.items {
            ranks.entry(*item).or_default().push(group.rank);
        }
    }
    ranks
}
