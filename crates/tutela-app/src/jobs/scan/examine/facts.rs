//! What is known of some content, and the exhibit that comes of it.

use std::io;
use std::path::PathBuf;

use tutela_core::{
    CaptureData, Exhibit, ExhibitId, Failure, Note, Orientation, Outcome, Provenance, Signal,
    Timestamp,
};
use tutela_match::content::Sniffed;

use super::inside::Inside;
use crate::evidence::decoder::{MediaFacts, VariantSignals};
use crate::evidence::sealing::Sealed;
use crate::ids;
use crate::intake::walk::{FoundFile, path_key, read_error};

/// Where some content was found.
pub(super) struct Found {
    pub(super) path: String,
    pub(super) source_key: String,
    pub(super) modified_at: Option<Timestamp>,
    /// Archives around it.
    pub(super) depth: u32,
    /// Where it stands on this system, of files that stand in no archive.
    pub(super) place: Option<PathBuf>,
    /// What the archive around it says of it, and what does not agree with that.
    pub(super) notes: Vec<Note>,
    pub(super) failure: Option<Failure>,
}

/// What is known of some content before it is looked up.
pub(super) struct Facts {
    pub(super) sealed: Option<Sealed>,
    pub(super) mime: String,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) signals: Vec<VariantSignals>,
    pub(super) capture: CaptureData,
    pub(super) provenance: Vec<Provenance>,
    pub(super) inside: Inside,
    pub(super) failure: Option<Failure>,
    pub(super) notes: Vec<Note>,
}

impl Facts {
    pub(super) fn sealed(sealed: Sealed, sniffed: Sniffed) -> Self {
        let failure = sealed.change_failure();
        Self {
            sealed: Some(sealed),
            mime: sniffed.mime.to_owned(),
            width: None,
            height: None,
            signals: Vec::new(),
            capture: CaptureData::default(),
            provenance: Vec::new(),
            inside: Inside::default(),
            failure,
            notes: Vec::new(),
        }
    }

    pub(super) fn decoded(sealed: Sealed, decoded: MediaFacts) -> Self {
        let inside = Inside::of(&decoded);
        let failure = sealed.change_failure().or(decoded.failure);
        Self {
            sealed: Some(sealed),
            mime: decoded.mime,
            width: decoded.width,
            height: decoded.height,
            signals: decoded.signals,
            capture: decoded.capture,
            provenance: decoded.provenance,
            inside,
            failure,
            notes: decoded.unchecked.into_iter().map(note).collect(),
        }
    }

    pub(super) fn unread(failure: Failure) -> Self {
        Self {
            sealed: None,
            mime: "application/octet-stream".to_owned(),
            width: None,
            height: None,
            signals: Vec::new(),
            capture: CaptureData::default(),
            provenance: Vec::new(),
            inside: Inside::default(),
            failure: Some(failure),
            notes: Vec::new(),
        }
    }

    pub(super) fn unreadable(error: &io::Error) -> Self {
        let code = "intake.unreadable_file".to_owned();
        Self::unread(Failure { code, message: read_error(error) })
    }

    /// Adds what a film says of its own making, and why that was not checked, where it should have been.
    pub(super) fn stating(mut self, (said, unchecked): (Vec<Provenance>, Option<Failure>)) -> Self {
        self.provenance = said;
        self.notes.extend(unchecked.map(note));
        self
    }

    pub(super) fn failed(mut self, code: &str, message: impl Into<String>) -> Self {
        self.failure.get_or_insert(Failure { code: code.to_owned(), message: message.into() });
        self
    }

    pub(super) fn noted(mut self, code: &str, message: impl Into<String>) -> Self {
        self.notes.push(Note { code: code.to_owned(), message: message.into() });
        self
    }
}

impl Found {
    pub(super) fn into_exhibit(self, facts: Facts) -> Exhibit {
        let (size_bytes, digests) = match facts.sealed {
            Some(sealed) => (sealed.size_bytes, Some(sealed.digests)),
            None => (0, None),
        };
        Exhibit {
            id: ExhibitId(ids::new()),
            path: self.path,
            source_key: self.source_key,
            size_bytes,
            modified_at: self.modified_at,
            digests,
            mime: facts.mime,
            width: facts.width,
            height: facts.height,
            signals: facts.signals.iter().map(signal).chain(facts.inside.signal()).collect(),
            capture: facts.capture,
            outcome: Outcome::Failed,
            known_good: Vec::new(),
            failure: self.failure.or(facts.failure),
            frames: facts.inside.frames,
            duration_ms: facts.inside.duration_ms,
            provenance: facts.provenance,
            notes: [self.notes, facts.inside.notes, facts.notes].concat(),
        }
    }
}

fn note(Failure { code, message }: Failure) -> Note {
    Note { code, message }
}

/// The signal of the picture as it is; the other orientations follow from the picture, not from it.
fn signal(signals: &VariantSignals) -> Signal {
    Signal {
        kind: "pdq".to_owned(),
        variant: signals.variant.as_str().to_owned(),
        orientation: Orientation::Original.as_str().to_owned(),
        value: signals.values[0].to_string(),
        quality: Some(signals.quality),
    }
}

/// What tells a file from every other and from itself in another state.
pub(crate) fn file_key(file: &FoundFile) -> String {
    let modified = file.modified_at.map_or(0, Timestamp::as_microsecond);
    format!("{}|{}|{modified}", path_key(&file.real), file.size_bytes)
}
