//! What there is inside some content besides its first picture, and what is to be said of it.

use tutela_core::{Note, Part, Signal};
use tutela_match::content::{Kind, MAX_FRAMES, Sniffed};
use tutela_match::signals::write_vpdq;

use super::Facts;
use crate::engines::media::{PartSignals, Parts};
use crate::evidence::decoder::{EmbeddedFacts, MediaFacts};

/// Media types of pictures that are drawn, not taken: nobody misses a signal of them.
const DRAWN: [&str; 4] =
    ["image/svg+xml", "image/x-icon", "image/vnd.microsoft.icon", "image/vnd.djvu"];

/// What there is inside some content.
#[derive(Debug, Default)]
pub(super) struct Inside {
    pub(super) parts: Parts,
    pub(super) embedded: Option<EmbeddedFacts>,
    pub(super) frames: Option<u32>,
    pub(super) duration_ms: Option<u64>,
    pub(super) notes: Vec<Note>,
}

impl Inside {
    /// Of a picture.
    pub(super) fn of(facts: &MediaFacts) -> Self {
        let still = |still: &crate::evidence::decoder::Still| PartSignals {
            part: Part::Frame { number: still.number, at_ms: still.at_ms.unwrap_or(0) },
            signals: still.signals.clone(),
        };
        let thumbnail = facts
            .embedded
            .as_ref()
            .map(|embedded| PartSignals { part: Part::Thumbnail, signals: vec![embedded.signals] });
        let seen = facts.frames.unwrap_or(0);
        let mut notes = Vec::new();
        if facts.frames_missing {
            notes.push(note(
                "decode.frames_missing",
                "some frames or pages could not be decoded; the others were looked up",
            ));
        }
        if seen >= MAX_FRAMES {
            notes.push(note(
                "decode.frames_beyond",
                &format!("only the first {MAX_FRAMES} frames or pages were looked at"),
            ));
        }
        Self {
            parts: Parts {
                pictures: facts.stills.iter().map(still).chain(thumbnail).collect(),
                film: Vec::new(),
            },
            embedded: facts.embedded.clone(),
            frames: (seen > 1).then_some(facts.frames_looked_at),
            duration_ms: None,
            notes,
        }
    }

    /// The signal of a film.
    pub(super) fn signal(&self) -> Option<Signal> {
        let film = &self.parts.film;
        (!film.is_empty()).then(|| Signal {
            kind: "vpdq".to_owned(),
            variant: String::new(),
            orientation: String::new(),
            value: write_vpdq(film),
            quality: film.iter().map(|frame| frame.quality).max(),
        })
    }
}

impl Facts {
    /// Of pictures and films that are not decoded it is said that nobody looked into them.
    pub(super) fn undecoded(self, sniffed: Sniffed) -> Self {
        match sniffed.kind {
            Kind::Film => {
                self.failed("decode.no_video_decoder", "films are not looked into: no ffmpeg")
            }
            Kind::Other if sniffed.mime.starts_with("image/") && !DRAWN.contains(&sniffed.mime) => {
                let message = format!("files of type {} are not decoded", sniffed.mime);
                self.failed("decode.unsupported", message)
            }
            Kind::Picture(_) | Kind::Archive(_) | Kind::Other => self,
        }
    }
}

pub(super) fn note(code: &str, message: &str) -> Note {
    Note { code: code.to_owned(), message: message.to_owned() }
}
