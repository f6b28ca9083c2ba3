//! What can tie new pictures and films together.

use std::collections::BTreeMap;

use tutela_core::{Exhibit, Pdq, ScanId, Timestamp};
use tutela_match::cluster::{self, Gaps, NameKind, Shot};
use tutela_match::signals::{VpdqRule, comparable, parse_vpdq};

use crate::outbound::earlier::Earlier;
use crate::sentences::{
    Said, TIE_DEVICE, TIE_FOLDER, TIE_MODEL, TIE_NAMES, TIE_NEAR, TIE_NEAR_FILMS, TIE_OTHER_CASE,
    TIE_OTHER_CASE_DEVICE, TIE_SESSION,
};
use crate::views::{ClusterView, TieView};

/// Something that some files have in common.
pub(super) struct Tie {
    what: What,
    /// Numbers of the items, rising.
    pub(super) items: Vec<u32>,
}

/// What it is.
enum What {
    /// Near-duplicates around one of them.
    Near { cluster: u64, max_distance: u16 },
    /// Films that share frames with one of them.
    NearFilms { percent: u8 },
    /// One device, by its serial number.
    Device { device: String },
    /// One model: as many devices as were sold.
    Model { model: String },
    /// One device, one stretch of time and place.
    Session { device: String, first: String, last: String },
    /// Names in one folder that count on.
    Names { kind: NameKind, stem: String, first: String, last: String },
    /// Content, or a device, that a scan of another case holds. One file is enough for a group.
    OtherCase { scan: ScanId, device: bool },
    /// One folder. Too weak to make a group.
    Folder,
}

impl Tie {
    /// Stable name.
    pub(super) const fn kind(&self) -> &'static str {
        match self.what {
            What::Near { .. } | What::NearFilms { .. } => "near",
            What::Device { .. } => "device",
            What::Model { .. } => "model",
            What::Session { .. } => "session",
            What::Names { .. } => "names",
            What::OtherCase { .. } => "other_case",
            What::Folder => "folder",
        }
    }

    /// Whether files that have only this in common are a group.
    pub(super) const fn makes_a_group(&self) -> bool {
        !matches!(self.what, What::Folder)
    }

    /// Whether it ties the members to each other; points for other cases are given apart.
    pub(super) const fn is_within(&self) -> bool {
        !matches!(self.what, What::OtherCase { .. })
    }

    /// Whether a serial number stands behind it.
    pub(super) const fn has_serial(&self) -> bool {
        matches!(self.what, What::Device { .. })
    }

    pub(super) fn view(&self, made_it: bool) -> TieView {
        let (data, why) = self.told();
        TieView { kind: self.kind(), made_it, data: data.into_iter().collect(), why }
    }

    /// What it rests on, and the sentence about it.
    fn told(&self) -> (Vec<(&'static str, String)>, Said) {
        match &self.what {
            What::Near { cluster, max_distance } => (
                vec![("cluster", cluster.to_string()), ("max_distance", max_distance.to_string())],
                TIE_NEAR.say([("bits", max_distance.to_string())]),
            ),
            What::NearFilms { percent } => {
                let told = [("percent", percent.to_string())];
                (told.to_vec(), TIE_NEAR_FILMS.say(told))
            }
            What::Device { device } => {
                (vec![("device", device.clone())], TIE_DEVICE.say([("device", device.clone())]))
            }
            What::Model { model } => {
                (vec![("model", model.clone())], TIE_MODEL.say([("model", model.clone())]))
            }
            What::Session { device, first, last } => {
                let told =
                    [("device", device.clone()), ("first", first.clone()), ("last", last.clone())];
                let gaps = [
                    ("max_pause_s", Gaps::USUAL.seconds.to_string()),
                    ("max_way_m", Gaps::USUAL.metres.to_string()),
                ];
                ([&told[..], &gaps[..]].concat(), TIE_SESSION.say(told))
            }
            What::Names { kind, stem, first, last } => {
                let told = [("first", first.clone()), ("last", last.clone())];
                let form = [("pattern", kind.as_str().to_owned()), ("stem", stem.clone())];
                ([&form[..], &told[..]].concat(), TIE_NAMES.say(told))
            }
            What::OtherCase { scan, device } => {
                let sentence = if *device { &TIE_OTHER_CASE_DEVICE } else { &TIE_OTHER_CASE };
                let by = if *device { "device" } else { "content" };
                let told = [("scan", scan.to_string())];
                ([&told[..], &[("by", by.to_owned())]].concat(), sentence.say(told))
            }
            What::Folder => (Vec::new(), TIE_FOLDER.say([])),
        }
    }
}

/// Everything that ties some of these items, each with its number.
pub(super) fn ties(
    media: &[(u32, &Exhibit)],
    clusters: &[ClusterView],
    earlier: &Earlier,
    radius: u16,
) -> Vec<Tie> {
    let mut ties: Vec<Tie> = clusters
        .iter()
        .map(|cluster| Tie {
            what: What::Near { cluster: cluster.rank, max_distance: cluster.max_distance },
            items: cluster.items.iter().filter_map(|item| u32::try_from(*item).ok()).collect(),
        })
        .collect();
    ties.extend(films(media, radius));
    ties.extend(devices(media));
    ties.extend(sessions(media));
    ties.extend(names(media));
    ties.extend(folders(media));
    ties.retain(|tie| tie.items.len() >= 2);
    ties.extend(other_cases(earlier));
    for tie in &mut ties {
        tie.items.sort_unstable();
    }
    ties
}

/// Films that are alike by the rule that looks them up in lists.
fn films(media: &[(u32, &Exhibit)], radius: u16) -> Vec<Tie> {
    let frames = |exhibit: &Exhibit| {
        let film = exhibit.signals.iter().find(|signal| signal.kind == "vpdq")?;
        Some(comparable(&parse_vpdq(&film.value).ok()?))
    };
    let films: Vec<(u32, Vec<Pdq>)> =
        media.iter().filter_map(|(item, exhibit)| Some((*item, frames(exhibit)?))).collect();
    let rule = VpdqRule::at(radius);
    let compared: Vec<Vec<Pdq>> = films.iter().map(|(_, frames)| frames.clone()).collect();
    let tie = |group: Vec<u32>| {
        let items = group.iter().filter_map(|film| films.get(*film as usize));
        let items = items.map(|(item, _)| *item).collect();
        Tie { what: What::NearFilms { percent: rule.query_percent }, items }
    };
    cluster::films(&compared, &rule).into_iter().map(tie).collect()
}

/// By serial number where there is a telling one, else by model.
fn devices(media: &[(u32, &Exhibit)]) -> Vec<Tie> {
    let mut devices: BTreeMap<(bool, String), Vec<u32>> = BTreeMap::new();
    for (item, exhibit) in media {
        if let Some(device) = exhibit.capture.device() {
            let telling = exhibit.capture.serial_device().is_some();
            let name = if telling { device } else { model(exhibit) };
            devices.entry((telling, name)).or_default().push(*item);
        }
    }
    let tie = |((telling, name), items): ((bool, String), Vec<u32>)| {
        let what =
            if telling { What::Device { device: name } } else { What::Model { model: name } };
        Tie { what, items }
    };
    devices.into_iter().map(tie).filter(|tie| !tie.told_by_nothing()).collect()
}

impl Tie {
    /// A device without name and without telling number.
    fn told_by_nothing(&self) -> bool {
        matches!(&self.what, What::Model { model } if model.is_empty())
    }
}

fn model(exhibit: &Exhibit) -> String {
    let names = [&exhibit.capture.make, &exhibit.capture.model];
    let names: Vec<&str> = names.into_iter().flatten().map(|name| name.trim()).collect();
    names.join(" ").trim().to_owned()
}

/// Of files that name a device and a time. Times are those of the device's clock, as written.
fn sessions(media: &[(u32, &Exhibit)]) -> Vec<Tie> {
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut shots = Vec::new();
    let mut taken: Vec<(u32, &Exhibit)> = Vec::new();
    for (item, exhibit) in media {
        let Some(device) = exhibit.capture.device() else { continue };
        let Some(taken_s) = exhibit.capture.taken_at.as_deref().and_then(seconds) else { continue };
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let device = *numbers.entry(device).or_insert(next);
        shots.push(Shot { device, taken_s, place: exhibit.capture.place });
        taken.push((*item, exhibit));
    }
    let tie = |session: Vec<u32>| {
        let of = |shot: &u32| taken.get(*shot as usize).copied();
        let said = |shot: Option<&u32>| {
            let exhibit = shot.and_then(of).map(|(_, exhibit)| exhibit);
            let at = exhibit.and_then(|exhibit| exhibit.capture.taken_at.clone());
            (exhibit.and_then(|e| e.capture.device()).unwrap_or_default(), at.unwrap_or_default())
        };
        let ((device, first), (_, last)) = (said(session.first()), said(session.last()));
        let items = session.iter().filter_map(of).map(|(item, _)| item).collect();
        Tie { what: What::Session { device, first, last }, items }
    };
    cluster::sessions(&shots, Gaps::USUAL).into_iter().map(tie).collect()
}

/// Seconds by the device's own clock: an offset from UTC, where stated, changes no pause.
pub(super) fn seconds(taken_at: &str) -> Option<i64> {
    let time: Timestamp = format!("{}Z", taken_at.get(..19)?).parse().ok()?;
    Some(time.as_second())
}

fn names(media: &[(u32, &Exhibit)]) -> Vec<Tie> {
    let folders = folder_numbers(media);
    let files: Vec<(u32, &str)> = media
        .iter()
        .map(|(_, exhibit)| {
            let (folder, name) = split(&exhibit.path);
            (folders.get(folder).copied().unwrap_or(0), name)
        })
        .collect();
    let tie = |run: cluster::Run| {
        let name = |file: Option<&u32>| {
            file.and_then(|file| files.get(*file as usize)).map_or("", |(_, name)| name).to_owned()
        };
        let (first, last) = (name(run.members.first()), name(run.members.last()));
        let items = run.members.iter().filter_map(|file| media.get(*file as usize));
        let items = items.map(|(item, _)| *item).collect();
        Tie { what: What::Names { kind: run.kind, stem: run.stem, first, last }, items }
    };
    cluster::runs(&files).into_iter().map(tie).collect()
}

/// Where there is only one folder, it ties nothing.
fn folders(media: &[(u32, &Exhibit)]) -> Vec<Tie> {
    let mut folders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (item, exhibit) in media {
        folders.entry(split(&exhibit.path).0).or_default().push(*item);
    }
    if folders.len() < 2 {
        return Vec::new();
    }
    folders.into_values().map(|items| Tie { what: What::Folder, items }).collect()
}

fn other_cases(earlier: &Earlier) -> Vec<Tie> {
    let mut ties = Vec::new();
    for (scan, by) in earlier.by_other_case() {
        for (items, device) in by.into_iter().zip([false, true]) {
            let items: Vec<u32> =
                items.into_iter().filter_map(|item| u32::try_from(item).ok()).collect();
            if !items.is_empty() {
                ties.push(Tie { what: What::OtherCase { scan, device }, items });
            }
        }
    }
    ties
}

fn folder_numbers<'a>(media: &[(u32, &'a Exhibit)]) -> BTreeMap<&'a str, u32> {
    let mut numbers = BTreeMap::new();
    for (_, exhibit) in media {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        numbers.entry(split(&exhibit.path).0).or_insert(next);
    }
    numbers
}

/// Folder and name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
