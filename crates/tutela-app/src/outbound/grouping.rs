//! Groups what is new: near-duplicate pictures, and the devices that made them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tutela_core::{Exhibit, Outcome, Pdq, PdqVariant, Sha256};
use tutela_match::cluster;
use tutela_match::index::distance;

use crate::engines::media::MIN_QUALITY;
use crate::views::{ClusterView, DeviceView};

/// Near-duplicate groups of new pictures, largest first; exact copies are near-duplicates too.
pub(super) fn new_pictures(exhibits: &[Exhibit], radius: u16) -> Vec<ClusterView> {
    let mut members: Vec<(usize, Pdq, u8)> = Vec::new();
    for (index, exhibit) in exhibits.iter().enumerate() {
        if exhibit.outcome == Outcome::New
            && let Some((value, quality)) = reference_signal(exhibit)
            && quality >= MIN_QUALITY
        {
            members.push((index, value, quality));
        }
    }
    let values: Vec<Pdq> = members.iter().map(|(_, value, _)| *value).collect();
    let mut views: Vec<ClusterView> = cluster::groups(&values, radius)
        .into_iter()
        .map(|group| {
            let picked: Vec<(usize, Pdq, u8)> =
                group.iter().map(|&member| members[member as usize]).collect();
            describe(exhibits, &picked)
        })
        .collect();
    views.sort_by(|a, b| (b.files, b.distinct, &a.items).cmp(&(a.files, a.distinct, &b.items)));
    for (rank, view) in (1..).zip(&mut views) {
        view.rank = rank;
    }
    views
}

/// The signal of a picture by the reference computation, with its quality.
pub(super) fn reference_signal(exhibit: &Exhibit) -> Option<(Pdq, u8)> {
    let reference = PdqVariant::Reference.as_str();
    let signal = exhibit.signals.iter().find(|s| s.kind == "pdq" && s.variant == reference)?;
    Some((signal.value.parse().ok()?, signal.quality?))
}

/// Describes a group whose first member leads it.
fn describe(exhibits: &[Exhibit], members: &[(usize, Pdq, u8)]) -> ClusterView {
    let leader = members.first().map_or(Pdq::ZERO, |(_, value, _)| *value);
    let files = || members.iter().map(|(index, _, _)| &exhibits[*index]);
    let distinct: BTreeSet<Sha256> = files().filter_map(|e| e.digests.map(|d| d.sha256)).collect();
    let mut dimensions: Vec<(u64, String)> = files()
        .filter_map(|e| Some((e.width?, e.height?)))
        .map(|(w, h)| (u64::from(w) * u64::from(h), format!("{w}×{h}")))
        .collect();
    dimensions.sort_by(|a, b| b.cmp(a));
    dimensions.dedup();
    let devices: BTreeSet<String> = files().filter_map(|e| e.capture.device()).collect();
    let taken = Span::of(files());
    let mut items: Vec<u64> = members.iter().map(|(index, _, _)| *index as u64).collect();
    items.sort_unstable();
    ClusterView {
        rank: 0,
        files: members.len() as u64,
        distinct: distinct.len() as u64,
        size_bytes: files().map(|e| e.size_bytes).sum(),
        signal: leader.to_string(),
        max_distance: members
            .iter()
            .map(|(_, value, _)| distance(value, &leader))
            .max()
            .unwrap_or(0),
        min_quality: members.iter().map(|(_, _, quality)| *quality).min().unwrap_or(0),
        dimensions: dimensions.into_iter().map(|(_, text)| text).collect(),
        devices: devices.into_iter().collect(),
        first_taken: taken.first,
        last_taken: taken.last,
        items,
    }
}

/// Devices that pictures name, most new pictures first.
pub(super) fn devices(exhibits: &[Exhibit]) -> Vec<DeviceView> {
    let mut by_device: BTreeMap<String, Vec<&Exhibit>> = BTreeMap::new();
    for exhibit in exhibits {
        if let Some(device) = exhibit.capture.device() {
            by_device.entry(device).or_default().push(exhibit);
        }
    }
    let mut views: Vec<DeviceView> = by_device
        .into_iter()
        .map(|(name, files)| {
            let of = |outcomes: &[Outcome]| {
                files.iter().filter(|e| outcomes.contains(&e.outcome)).count() as u64
            };
            let taken = Span::of(files.iter().copied());
            DeviceView {
                name,
                has_serial: files.iter().any(|e| e.capture.serial.is_some()),
                files: files.len() as u64,
                new: of(&[Outcome::New]),
                known_or_near: of(&[Outcome::Known, Outcome::Near]),
                first_taken: taken.first,
                last_taken: taken.last,
            }
        })
        .collect();
    views.sort_by(|a, b| (b.new, b.files, &a.name).cmp(&(a.new, a.files, &b.name)));
    views
}

/// Files that repeat the bytes of an earlier one.
pub(super) fn exact_duplicates(exhibits: &[Exhibit]) -> u64 {
    let mut seen: HashMap<Sha256, u64> = HashMap::new();
    for digests in exhibits.iter().filter(|e| e.size_bytes > 0).filter_map(|e| e.digests) {
        *seen.entry(digests.sha256).or_default() += 1;
    }
    seen.values().map(|count| count - 1).sum()
}

/// Earliest and latest capture time that files state.
struct Span {
    first: Option<String>,
    last: Option<String>,
}

impl Span {
    fn of<'a>(exhibits: impl Iterator<Item = &'a Exhibit>) -> Self {
        let taken: BTreeSet<&String> =
            exhibits.filter_map(|e| e.capture.taken_at.as_ref()).collect();
        Self {
            first: taken.first().map(|t| (*t).clone()),
            last: taken.last().map(|t| (*t).clone()),
        }
    }
}
