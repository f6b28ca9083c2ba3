//! PDQ signals of pictures: near ones match.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use tutela_core::{ContentNumber, Pdq};
use tutela_match::index::LinearIndex;
use tutela_match::signals::PDQ_TYPE;

use super::{KindType, LiveKind, Near, Nearness};

pub(super) const TYPE: KindType = KindType {
    id: "pdq",
    signal: &PDQ_TYPE,
    content_types: &["photo"],
    by_default: true,
    new: || Box::new(Signals::default()),
};

#[derive(Default)]
struct Signals {
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    index: LinearIndex,
    /// Content of each entry; `None` once it is removed.
    contents: Vec<Option<ContentNumber>>,
    entries: HashMap<ContentNumber, usize>,
}

impl LiveKind for Signals {
    fn add(&self, content: ContentNumber, value: &str) {
        let Ok(signal) = value.parse::<Pdq>() else { return };
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let entry = held.contents.len();
        held.index.push(signal);
        held.contents.push(Some(content));
        held.entries.insert(content, entry);
    }

    fn remove(&self, content: ContentNumber) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = held.entries.remove(&content) {
            held.contents[entry] = None;
        }
    }

    fn look_up(&self, value: &str, radius: u16, near: &mut Vec<Near>) {
        let Ok(signal) = value.parse::<Pdq>() else { return };
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let mut hits = Vec::new();
        held.index.search(&signal, radius, &mut hits);
        let found = |hit: tutela_match::index::Hit| {
            let content = held.contents.get(hit.entry as usize).copied().flatten()?;
            Some(Near { content, nearness: Nearness::Bits(hit.distance) })
        };
        near.extend(hits.into_iter().filter_map(found));
    }

    fn len(&self) -> u64 {
        self.held.read().unwrap_or_else(PoisonError::into_inner).entries.len() as u64
    }
}
