//! vPDQ signals of films: those that share enough frames match.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use tutela_core::{ContentNumber, Pdq};
use tutela_match::signals::{
    MAX_VPDQ_FRAMES, Partners, VPDQ_TYPE, VpdqRule, comparable, parse_vpdq,
};

use super::live::Live;
use super::{Cut, KindType, LiveKind, Near, Nearness, Parts, kept};

pub(super) const TYPE: KindType = KindType {
    id: "vpdq",
    signal: &VPDQ_TYPE,
    content_types: &["video"],
    by_default: false,
    new: || Box::new(Films { live: Live::named("vpdq"), frames: RwLock::default() }),
};

/// Bits of a row's id that number the frame; those above are the content.
const FRAME_BITS: u32 = 14;
const _: () = assert!(MAX_VPDQ_FRAMES <= 1 << FRAME_BITS);

struct Films {
    live: Live,
    /// How many frames each film has.
    frames: RwLock<HashMap<ContentNumber, u32>>,
}

impl LiveKind for Films {
    fn add(&self, content: ContentNumber, value: &str) {
        let frames = frames(value);
        self.counts(|counts| counts.insert(content, count(frames.len())));
        self.live.append(frames.into_iter().zip(ids(content)));
    }

    fn remove(&self, content: ContentNumber) {
        let frames = self.counts(|counts| counts.remove(&content)).unwrap_or(0);
        self.live.remove(ids(content).take(frames as usize));
    }

    fn look_up(&self, values: &[&str], radius: u16, near: &mut Vec<(Near, usize)>) {
        let (snapshot, rule) = (self.live.snapshot(), VpdqRule::at(radius));
        for (value, text) in values.iter().enumerate() {
            let asked = frames(text);
            let mut found = Vec::new();
            snapshot.search(&asked, radius, &mut found);
            let mut films: BTreeMap<u64, (HashSet<u32>, HashSet<u64>)> = BTreeMap::new();
            for frame in found {
                let (of_asked, of_stored) = films.entry(frame.id >> FRAME_BITS).or_default();
                of_asked.insert(frame.query);
                of_stored.insert(frame.id);
            }
            let counts = self.frames.read().unwrap_or_else(PoisonError::into_inner);
            for (content, (of_asked, of_stored)) in films {
                let content = ContentNumber(content);
                let partners = Partners {
                    query_found: count(of_asked.len()),
                    query_frames: count(asked.len()),
                    compared_found: count(of_stored.len()),
                    compared_frames: counts.get(&content).copied().unwrap_or(0),
                };
                if partners.matches(&rule) {
                    let nearness =
                        Nearness::Frames(partners.query_percent(), partners.compared_percent());
                    near.push((Near { content, nearness }, value));
                }
            }
        }
    }

    fn len(&self) -> u64 {
        self.frames.read().unwrap_or_else(PoisonError::into_inner).len() as u64
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
        let counts = self.counts(|counts| counts.clone());
        let live = self.live.cut();
        Box::new(move |folder, end| {
            let mut files = live(folder, end)?;
            let films = |(content, frames): (&ContentNumber, &u32)| {
                [content.0.to_le_bytes(), u64::from(*frames).to_le_bytes()].concat()
            };
            let bytes: Vec<u8> = counts.iter().flat_map(films).collect();
            let file = format!("{}-films-{end}", TYPE.id);
            kept::write_sealed(&folder.join(&file), &bytes)?;
            files.push(file);
            Ok(files)
        })
    }

    fn restore(&self, folder: &Path, files: &[String], _: u64) -> io::Result<()> {
        let Some((films, live)) = files.split_last() else { return Err(kept::damaged()) };
        self.live.restore(folder, live)?;
        let bytes = kept::read_sealed(&folder.join(films))?;
        let (rows, _) = bytes.as_chunks::<16>();
        let film = |row: &[u8; 16]| {
            let (content, frames) = row.split_first_chunk::<8>()?;
            let frames = u64::from_le_bytes(*frames.first_chunk()?);
            Some((ContentNumber(u64::from_le_bytes(*content)), u32::try_from(frames).ok()?))
        };
        self.counts(|counts| counts.extend(rows.iter().filter_map(film)));
        Ok(())
    }
}

impl Films {
    fn counts<T>(&self, change: impl FnOnce(&mut HashMap<ContentNumber, u32>) -> T) -> T {
        change(&mut self.frames.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Ids of the frames of a content.
fn ids(content: ContentNumber) -> impl Iterator<Item = u64> {
    (content.0 << FRAME_BITS..).take(1 << FRAME_BITS)
}

/// The frames of a signal that can be compared.
fn frames(value: &str) -> Vec<Pdq> {
    parse_vpdq(value).map(|frames| comparable(&frames)).unwrap_or_default()
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
