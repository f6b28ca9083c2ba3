//! Generated groups, earlier scans and statements of examiners.

use std::collections::BTreeMap;

use tutela_app::sentences::{
    POINTS_CONTENT, POINTS_DISTINCT, POINTS_SERIAL, POINTS_TIES, Said, TIE_DEVICE, TIE_FOLDER,
    TIE_NAMES, TIE_NEAR, TIE_SESSION,
};
use tutela_app::views::{
    ClusterView, ContributionView, EarlierScanView, GroupView, ItemView, StatementView, TieView,
};

use super::contents::digest;

/// One group for each of near-duplicates, with more and fewer ties in turn.
pub(super) fn groups(clusters: &[ClusterView]) -> Vec<GroupView> {
    let mut groups: Vec<GroupView> = clusters.iter().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.score));
    for (rank, group) in (1..).zip(&mut groups) {
        group.rank = rank;
    }
    groups
}

fn group(cluster: &ClusterView) -> GroupView {
    let text = |text: &str| text.to_owned();
    let device = cluster.devices.first().cloned().unwrap_or_else(|| text("Example Optics E1"));
    let tie = |kind, made_it, why: Said| TieView { kind, made_it, data: BTreeMap::new(), why };
    let mut ties =
        vec![tie("near", true, TIE_NEAR.say([("bits", cluster.max_distance.to_string())]))];
    if cluster.rank.is_multiple_of(2) {
        ties.push(tie("device", false, TIE_DEVICE.say([("device", device.clone())])));
        let names = [("first", text("IMG_0001.jpg")), ("last", text("IMG_0009\u{202e}.jpg"))];
        ties.push(tie("names", false, TIE_NAMES.say(names)));
        let first = cluster.first_taken.clone().unwrap_or_default();
        let last = cluster.last_taken.clone().unwrap_or_default();
        let session = [("device", device), ("first", first), ("last", last)];
        ties.push(tie("session", false, TIE_SESSION.say(session)));
    } else {
        ties.push(tie("folder", false, TIE_FOLDER.say([])));
    }
    let point = |rule, points, why| ContributionView { rule, points, why };
    let count = [("n", cluster.distinct.to_string()), ("most", text("20"))];
    let mut contributions =
        vec![point("distinct", cluster.distinct.min(20), POINTS_DISTINCT.say(count))];
    if cluster.rank.is_multiple_of(2) {
        contributions.push(point("device_serial", 15, POINTS_SERIAL.say([])));
        contributions.push(point("other_case_content", 20, POINTS_CONTENT.say([])));
    }
    let further = (ties.len() as u64 - 1) * 10;
    let more = [("ties", ties.len().to_string()), ("points", text("10")), ("most", text("40"))];
    contributions.push(point("further_ties", further, POINTS_TIES.say(more)));
    GroupView {
        rank: 0,
        score: contributions.iter().map(|one| one.points).sum(),
        contributions,
        ties,
        files: cluster.files,
        distinct: cluster.distinct,
        size_bytes: cluster.size_bytes,
        first_taken: cluster.first_taken.clone(),
        last_taken: cluster.last_taken.clone(),
        items: cluster.items.clone(),
    }
}

pub(super) fn earlier() -> Vec<EarlierScanView> {
    let scan = |n: u64, case: Option<&str>| EarlierScanView {
        scan: format!("01960000-5ca0-7000-8000-00000000b{n:03}"),
        case: case.map(str::to_owned),
        same_case: case.is_none(),
        started_at: format!("2026-0{n}-11T08:00:00Z"),
        operator: "01960000-0b0e-7000-8000-000000000009".to_owned(),
        same_bytes: n * 2,
        near: n,
        same_device: 30 * n,
    };
    vec![scan(2, Some("01960000-ca5e-7000-8000-000000000017")), scan(1, None)]
}

/// Two examiners who disagree about one picture, and one who changed his mind about another.
pub(super) fn categorise(items: &mut [ItemView]) {
    let said = |examiner: &str, code: &str, day: u64| StatementView {
        scheme: "projectvic:us".to_owned(),
        code: code.to_owned(),
        comment: Some(format!("look again <{examiner}>")),
        examiner: examiner.to_owned(),
        stated_at: format!("2026-02-0{day}T10:00:00Z"),
        operator: "01960000-0b0e-7000-8000-000000000007".to_owned(),
        scan: "01960000-5ca0-7000-8000-00000000a117".to_owned(),
        source_sha256: digest("categories.json"),
        source_row: day,
        replaces: None,
        replaced: false,
    };
    let mut new = items.iter_mut().filter(|item| item.outcome == "new");
    if let Some(item) = new.next() {
        let first = StatementView { replaced: true, ..said("Jo Example", "5", 1) };
        let second = StatementView { replaces: Some("5".to_owned()), ..said("Jo Example", "3", 2) };
        item.categories = vec![first, second];
    }
    if let Some(item) = new.next() {
        item.categories = vec![said("Jo Example", "2", 1), said("Max Muster", "3", 3)];
    }
}
