//! vPDQ signals of films: those that share enough frames match.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use tutela_core::{ContentNumber, Pdq};
use tutela_match::index::LinearIndex;
use tutela_match::signals::{Partners, VPDQ_TYPE, VpdqRule, comparable, parse_vpdq};

use super::{KindType, LiveKind, Near, Nearness};

pub(super) const TYPE: KindType = KindType {
    id: "vpdq",
    signal: &VPDQ_TYPE,
    content_types: &["video"],
    by_default: false,
    new: || Box::new(Films::default()),
};

#[derive(Default)]
struct Films {
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    frames: LinearIndex,
    /// Content of each frame; `None` once it is removed.
    contents: Vec<Option<ContentNumber>>,
    /// The frames of each content.
    films: HashMap<ContentNumber, std::ops::Range<usize>>,
}

impl LiveKind for Films {
    fn add(&self, content: ContentNumber, value: &str) {
        let frames = frames(value);
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let first = held.contents.len();
        for frame in &frames {
            held.frames.push(*frame);
            held.contents.push(Some(content));
        }
        held.films.insert(content, first..first + frames.len());
    }

    fn remove(&self, content: ContentNumber) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(frames) = held.films.remove(&content) {
            held.contents[frames].fill(None);
        }
    }

    fn look_up(&self, value: &str, radius: u16, near: &mut Vec<Near>) {
        let asked = frames(value);
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let mut hits = Vec::new();
        held.frames.search_batch(&asked, radius, &mut hits);
        let mut found: BTreeMap<ContentNumber, (HashSet<u32>, HashSet<u32>)> = BTreeMap::new();
        for hit in hits {
            let Some(Some(content)) = held.contents.get(hit.entry as usize) else { continue };
            let (of_asked, of_stored) = found.entry(*content).or_default();
            of_asked.insert(hit.query);
            of_stored.insert(hit.entry);
        }
        let rule = VpdqRule::at(radius);
        near.extend(found.into_iter().filter_map(|(content, (of_asked, of_stored))| {
            let partners = Partners {
                query_found: count(of_asked.len()),
                query_frames: count(asked.len()),
                compared_found: count(of_stored.len()),
                compared_frames: count(held.films.get(&content).map_or(0, ExactSizeIterator::len)),
            };
            let nearness = Nearness::Frames(partners.query_percent(), partners.compared_percent());
            partners.matches(&rule).then_some(Near { content, nearness })
        }));
    }

    fn len(&self) -> u64 {
        self.held.read().unwrap_or_else(PoisonError::into_inner).films.len() as u64
    }
}

/// The frames of a signal that can be compared.
fn frames(value: &str) -> Vec<Pdq> {
    parse_vpdq(value).map(|frames| comparable(&frames)).unwrap_or_default()
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
