//! Looks back: which earlier scans in the store new files of this one are tied to.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::json;
use tutela_core::{CaseId, Exhibit, Pdq, PdqVariant, ScanId, Sha256, Signal};
use tutela_ledger::{Draft, acts};
use tutela_match::index::BandIndex;
use tutela_store::{EarlierScan, Scan};

use super::grouping::reference_signal;
use super::unknown::is_unknown;
use crate::AppError;
use crate::engines::media::MIN_QUALITY;
use crate::views::{EarlierScanView, EarlierTieView, EarlierTiesView, EarlierView};
use crate::workspace::Workspace;

/// Exhibits of earlier scans whose signals are in memory at a time.
const PAGE_EXHIBITS: u32 = 4_096;
/// Ties to earlier scans listed of one file; the latest scans come first. All of them are counted.
const MAX_LISTED: usize = 20;

/// How a file is tied to an earlier scan, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    SameBytes,
    Near(u16),
    SameDevice,
}

/// What the store knows of before.
#[derive(Default)]
pub(super) struct Earlier {
    scans: Vec<EarlierScan>,
    /// Whether a scan belongs to another case than this one.
    elsewhere: Vec<bool>,
    /// By item: ties to scans, by their place in `scans`.
    ties: HashMap<u64, Vec<(usize, How)>>,
}

impl Earlier {
    /// Whether the bytes of an item, or near ones, are in a scan of another case.
    pub(super) fn content_in_other_case(&self, item: u64) -> bool {
        self.any_elsewhere(item, |how| how != How::SameDevice)
    }

    /// Whether the device that an item names is in a scan of another case.
    pub(super) fn device_in_other_case(&self, item: u64) -> bool {
        self.any_elsewhere(item, |how| how == How::SameDevice)
    }

    /// Whether an earlier scan belongs to the same case as this one, and this one to any.
    pub(super) fn in_same_case(&self, scan: ScanId) -> bool {
        let mut scans = self.scans.iter().zip(&self.elsewhere);
        scans.any(|(other, elsewhere)| other.id == scan && other.case.is_some() && !elsewhere)
    }

    fn any_elsewhere(&self, item: u64, wanted: impl Fn(How) -> bool) -> bool {
        let mut ties = self.ties.get(&item).into_iter().flatten();
        ties.any(|(scan, how)| wanted(*how) && self.elsewhere.get(*scan) == Some(&true))
    }

    /// Of each scan of another case: its id, the items whose content is there, and those whose device is.
    pub(super) fn by_other_case(&self) -> Vec<(ScanId, [Vec<u64>; 2])> {
        let mut items: Vec<[Vec<u64>; 2]> = vec![Default::default(); self.scans.len()];
        for (item, ties) in &self.ties {
            for (scan, how) in ties {
                let place = usize::from(*how == How::SameDevice);
                items[*scan][place].push(*item);
            }
        }
        let scans = self.scans.iter().zip(&self.elsewhere).zip(items);
        let other = scans.filter(|((_, elsewhere), _)| **elsewhere);
        other.map(|((scan, _), items)| (scan.id, items)).collect()
    }

    /// The scans that anything is tied to, latest first.
    pub(super) fn scans(&self) -> Vec<EarlierScanView> {
        let mut counts = vec![[0_u64; 3]; self.scans.len()];
        for (scan, how) in self.ties.values().flatten() {
            let place = match how {
                How::SameBytes => 0,
                How::Near(_) => 1,
                How::SameDevice => 2,
            };
            counts[*scan][place] += 1;
        }
        let tied = self.scans.iter().zip(&self.elsewhere).zip(&counts).rev();
        tied.filter(|(_, counts)| counts.iter().any(|count| *count > 0))
            .map(|((scan, elsewhere), [same_bytes, near, same_device])| EarlierScanView {
                scan: scan.id.to_string(),
                case: scan.case.map(|case| case.to_string()),
                same_case: !elsewhere,
                started_at: scan.started_at.to_string(),
                operator: scan.operator.to_string(),
                same_bytes: *same_bytes,
                near: *near,
                same_device: *same_device,
            })
            .collect()
    }

    /// The ties of one item, of the latest scans first.
    pub(super) fn of(&self, item: u64) -> Vec<EarlierView> {
        let mut ties = self.ties.get(&item).cloned().unwrap_or_default();
        ties.sort_by_key(|(scan, how)| (std::cmp::Reverse(*scan), *how));
        let view = |(scan, how): (usize, How)| {
            let scan = &self.scans[scan];
            let (tie, distance) = match how {
                How::SameBytes => ("same_bytes", None),
                How::Near(distance) => ("near", Some(distance)),
                How::SameDevice => ("same_device", None),
            };
            EarlierView {
                scan: scan.id.to_string(),
                case: scan.case.map(|case| case.to_string()),
                started_at: scan.started_at.to_string(),
                tie,
                distance,
            }
        };
        ties.into_iter().take(MAX_LISTED).map(view).collect()
    }
}

/// Looks every new picture and film up among all scans that began before this one.
pub(super) fn look_back(
    workspace: &Workspace,
    scan: &Scan,
    exhibits: &[Exhibit],
    radius: u16,
) -> Result<Earlier, AppError> {
    let id = scan.begun.id;
    let scans = workspace.block_on(workspace.store().scans_before(id))?;
    if scans.is_empty() {
        return Ok(Earlier::default());
    }
    let elsewhere = scans.iter().map(|other| other.case != scan.begun.case).collect();
    let new: Vec<(u64, &Exhibit)> =
        (0..).zip(exhibits).filter(|(_, exhibit)| is_unknown(exhibit)).collect();
    let places = scans.iter().enumerate().map(|(place, scan)| (scan.id, place)).collect();
    let mut looking = Looking { workspace, id, new: &new, places, ties: HashMap::new() };
    looking.by_bytes()?;
    looking.by_signal(&scans, radius)?;
    looking.by_device()?;
    let ties = looking.ties;
    Ok(Earlier { scans, elsewhere, ties })
}

/// Tells where the bytes of new files stand in scans of other people. Written into the ledger first.
///
/// # Errors
/// There is no such scan, the store does not answer.
pub fn disclose(
    workspace: &Workspace,
    id: ScanId,
    purpose: &str,
) -> Result<EarlierTiesView, AppError> {
    let store = workspace.store();
    let scan = workspace.block_on(store.scan(id))?;
    let exhibits = workspace.block_on(store.exhibits(id))?;
    let mut paths: BTreeMap<Sha256, Vec<&str>> = BTreeMap::new();
    for exhibit in exhibits.iter().filter(|exhibit| is_unknown(exhibit)) {
        if let Some(digests) = exhibit.digests {
            paths.entry(digests.sha256).or_default().push(&exhibit.path);
        }
    }
    let disclosed = Draft {
        scan: Some(id),
        case: scan.begun.case,
        payload: Some(workspace.payload(&json!({"purpose": purpose}))?),
        ..workspace.draft(acts::EARLIER_DISCLOSED)
    };
    workspace.block_on(store.append(vec![disclosed]))?;
    let digests: Vec<Sha256> = paths.keys().copied().collect();
    let places = workspace.block_on(store.places_before(id, &digests))?;
    let scans = workspace.block_on(store.scans_before(id))?;
    let cases: HashMap<ScanId, Option<CaseId>> = scans.iter().map(|s| (s.id, s.case)).collect();
    let mut there: BTreeMap<(Sha256, ScanId), Vec<String>> = BTreeMap::new();
    for (sha256, scan, path) in places {
        there.entry((sha256, scan)).or_default().push(path);
    }
    let mut ties: Vec<EarlierTieView> = Vec::new();
    for ((sha256, scan), found) in there {
        let case = cases.get(&scan).copied().flatten();
        ties.extend(paths.get(&sha256).into_iter().flatten().map(|path| EarlierTieView {
            path: (*path).to_owned(),
            scan: scan.to_string(),
            case: case.map(|case| case.to_string()),
            paths: found.clone(),
        }));
    }
    ties.sort_by(|a, b| (&a.path, &a.scan).cmp(&(&b.path, &b.scan)));
    workspace.checkpoint()?;
    Ok(EarlierTiesView { schema: EarlierTiesView::SCHEMA, scan: id.to_string(), ties })
}

struct Looking<'a> {
    workspace: &'a Workspace,
    id: ScanId,
    new: &'a [(u64, &'a Exhibit)],
    /// Place of each earlier scan.
    places: HashMap<ScanId, usize>,
    ties: HashMap<u64, Vec<(usize, How)>>,
}

impl Looking<'_> {
    fn tie(&mut self, items: &[u64], scan: usize, how: How) {
        for item in items {
            self.ties.entry(*item).or_default().push((scan, how));
        }
    }

    fn by_bytes(&mut self) -> Result<(), AppError> {
        let mut items: BTreeMap<Sha256, Vec<u64>> = BTreeMap::new();
        for (item, exhibit) in self.new {
            if let Some(digests) = exhibit.digests {
                items.entry(digests.sha256).or_default().push(*item);
            }
        }
        let digests: Vec<Sha256> = items.keys().copied().collect();
        let looked = self.workspace.store().seen_before(self.id, &digests);
        for seen in self.workspace.block_on(looked)? {
            if let (Some(items), Some(scan)) = (items.get(&seen.what), self.places.get(&seen.scan))
            {
                let scan = *scan;
                self.tie(items, scan, How::SameBytes);
            }
        }
        Ok(())
    }

    fn by_device(&mut self) -> Result<(), AppError> {
        let mut items: BTreeMap<[&str; 3], Vec<u64>> = BTreeMap::new();
        for (item, exhibit) in self.new {
            if let Some(device) = exhibit.capture.serial_device() {
                items.entry(device).or_default().push(*item);
            }
        }
        let devices: Vec<[&str; 3]> = items.keys().copied().collect();
        let looked = self.workspace.store().devices_before(self.id, &devices);
        for seen in self.workspace.block_on(looked)? {
            let device = devices.get(seen.what).and_then(|device| items.get(device));
            if let (Some(items), Some(scan)) = (device, self.places.get(&seen.scan)) {
                let scan = *scan;
                self.tie(items, scan, How::SameDevice);
            }
        }
        Ok(())
    }

    /// Every signal of every earlier scan, a page at a time, against an index of the new ones.
    fn by_signal(&mut self, scans: &[EarlierScan], radius: u16) -> Result<(), AppError> {
        let mut items: BTreeMap<Pdq, Vec<u64>> = BTreeMap::new();
        for (item, exhibit) in self.new {
            if let Some((value, quality)) = reference_signal(exhibit)
                && quality >= MIN_QUALITY
            {
                items.entry(value).or_default().push(*item);
            }
        }
        let values: Vec<Pdq> = items.keys().copied().collect();
        if values.is_empty() {
            return Ok(());
        }
        let index = BandIndex::new(&values, radius);
        for (place, scan) in scans.iter().enumerate() {
            let same: HashSet<u64> = self.tied_to(place);
            for (value, distance) in self.nearest(scan.id, &index)? {
                let near = values.get(value as usize).and_then(|value| items.get(value));
                let near = near.into_iter().flatten().copied();
                let near: Vec<u64> = near.filter(|item| !same.contains(item)).collect();
                self.tie(&near, place, How::Near(distance));
            }
        }
        Ok(())
    }

    fn tied_to(&self, place: usize) -> HashSet<u64> {
        let tied = self.ties.iter().filter(|(_, ties)| ties.iter().any(|(scan, _)| *scan == place));
        tied.map(|(item, _)| *item).collect()
    }

    /// Of each new signal that is near one of a scan: the smallest distance.
    fn nearest(&self, scan: ScanId, index: &BandIndex) -> Result<BTreeMap<u32, u16>, AppError> {
        let mut nearest: BTreeMap<u32, u16> = BTreeMap::new();
        let mut hits = Vec::new();
        let mut position = Some(0);
        while let Some(from) = position {
            let page = self.workspace.store().signals_page(scan, from, PAGE_EXHIBITS);
            let page = self.workspace.block_on(page)?;
            position = page.next;
            for value in page.signals.iter().flatten().filter_map(comparable) {
                hits.clear();
                index.search(&value, &mut hits);
                for hit in &hits {
                    let least = nearest.entry(hit.entry).or_insert(hit.distance);
                    *least = hit.distance.min(*least);
                }
            }
        }
        Ok(nearest)
    }
}

/// A stored signal of the kind and quality that new ones are compared by.
fn comparable(signal: &Signal) -> Option<Pdq> {
    let usable = signal.kind == "pdq"
        && signal.variant == PdqVariant::Reference.as_str()
        && signal.quality.is_some_and(|quality| quality >= MIN_QUALITY);
    if usable { signal.value.parse().ok() } else { None }
}
