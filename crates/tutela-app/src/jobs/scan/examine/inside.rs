//! What there is inside some content besides its first picture, and what is to be said of it.

use std::collections::HashSet;

use tutela_core::{Note, Part, Signal};
use tutela_match::content::{Kind, MAX_FRAMES, Sniffed};
use tutela_match::signals::write_vpdq;

use super::Facts;
use crate::engines::media::{PartSignals, Parts};
use crate::evidence::decoder::{
    EmbeddedFacts, FilmFacts, MAX_FILM_FRAMES, MediaFacts, Still, VariantSignals, undecoded,
};
use crate::evidence::sealing::Sealed;

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
        let still = |still: &Still| PartSignals {
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

    /// Of a film. Frames that look like an earlier one are looked up once.
    fn of_film(film: FilmFacts) -> Self {
        let mut seen = HashSet::new();
        let mut parts = Parts { pictures: Vec::new(), film: film.frame_signals() };
        for ((number, frame), signal) in (0..).zip(&film.frames).zip(&parts.film) {
            if seen.insert(signal.pdq) {
                let part = Part::Frame { number, at_ms: signal.at_ms };
                let signals = frame.signals.iter().map(VariantSignals::from).collect();
                parts.pictures.push(PartSignals { part, signals });
            }
        }
        let frames = u32::try_from(film.frames.len()).ok().filter(|frames| *frames > 0);
        let message = format!("only the first {MAX_FILM_FRAMES} frames were looked at");
        let beyond = film.more.then(|| note("decode.frames_beyond", &message));
        let notes = beyond.into_iter().collect();
        Self { parts, embedded: None, frames, duration_ms: film.duration_ms, notes }
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
    /// Of what `ffmpeg` gave.
    pub(super) fn of_film(sealed: Sealed, sniffed: Sniffed, mut film: FilmFacts) -> Self {
        let mut facts = Self::sealed(sealed, sniffed);
        facts.failure = facts.failure.or(film.failure.take());
        facts.width = film.size.map(|(width, _)| width);
        facts.height = film.size.map(|(_, height)| height);
        if sniffed.kind == Kind::Film {
            facts.inside = Inside::of_film(film);
        } else if let Some(picture) = film.frames.first() {
            facts.signals = picture.signals.iter().map(VariantSignals::from).collect();
        }
        facts
    }

    /// Of pictures and films that are not decoded it is said that nobody looked into them.
    pub(super) fn undecoded(mut self, sniffed: Sniffed) -> Self {
        self.failure = self.failure.or(undecoded(sniffed));
        self
    }
}

pub(super) fn note(code: &str, message: &str) -> Note {
    Note { code: code.to_owned(), message: message.to_owned() }
}
