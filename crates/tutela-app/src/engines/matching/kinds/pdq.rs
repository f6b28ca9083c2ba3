//! PDQ signals of pictures: near ones match.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use tutela_core::{ContentNumber, Pdq};
use tutela_match::index::Found;
use tutela_match::signals::PDQ_TYPE;

use super::live::Live;
use super::{Cut, KindType, LiveKind, Near, Nearness, Parts};

pub(super) const TYPE: KindType = KindType {
    id: "pdq",
    signal: &PDQ_TYPE,
    content_types: &["photo"],
    by_default: true,
    new: || Box::new(Signals { live: Live::named("pdq"), len: AtomicU64::new(0) }),
};

/// Rows have the numbers of their contents as ids.
struct Signals {
    live: Live,
    len: AtomicU64,
}

impl LiveKind for Signals {
    fn add(&self, content: ContentNumber, value: &str) {
        if let Ok(signal) = value.parse::<Pdq>() {
            self.live.append([(signal, content.0)]);
            self.len.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn remove(&self, content: ContentNumber) {
        self.live.remove([content.0]);
        self.len.fetch_sub(1, Ordering::Relaxed);
    }

    fn look_up(&self, values: &[&str], radius: u16, near: &mut Vec<(Near, usize)>) {
        let queries: Vec<Pdq> = values.iter().map_while(|value| value.parse().ok()).collect();
        let mut found = Vec::new();
        self.live.snapshot().search(&queries, radius, &mut found);
        near.extend(found.into_iter().map(|Found { query, distance, id, .. }| {
            let near = Near { content: ContentNumber(id), nearness: Nearness::Bits(distance) };
            (near, query as usize)
        }));
    }

    fn len(&self) -> u64 {
        self.len.load(Ordering::Relaxed)
    }

    fn parts(&self) -> Parts {
        self.live.parts()
    }

    fn tend(&self) -> bool {
        self.live.tend()
    }

    fn settle(&self) -> bool {
        self.live.settle()
    }

    fn holds(&self) -> bool {
        self.live.holds()
    }

    fn cut(&self) -> Cut {
        self.live.cut()
    }

    fn restore(&self, folder: &Path, files: &[String], len: u64) -> io::Result<()> {
        self.len.store(len, Ordering::Relaxed);
        self.live.restore(folder, files)
    }
}
