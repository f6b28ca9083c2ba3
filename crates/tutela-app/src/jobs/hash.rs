//! Fingerprints files without a workspace: one view a file, in the order of the input.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tutela_core::{Failure, Orientation, PdqVariant};
use tutela_match::content::{Kind, Sniffed, sniff};
use tutela_match::signals::write_vpdq;

use crate::AppError;
use crate::evidence::decoder::{
    Decoder, DecoderConfig, FilmDecoder, FilmFacts, MediaFacts, MediaRequest, VariantSignals,
    undecoded,
};
use crate::evidence::sealing::{self, Ended, Group, Sealed};
use crate::evidence::verifier::Verifier;
use crate::intake::walk::{FoundFile, path_text, read_error, walk};
use crate::jobs::in_order::{Feed, in_order};
use crate::progress::{Phase, Progress};
use crate::views::{FailureView, MediaHashView, ProvenanceView, SignalView};
use crate::workspace::decoder_config;

/// What to fingerprint, and how.
#[derive(Debug, Clone)]
pub struct HashRequest {
    /// Files and folders.
    pub roots: Vec<PathBuf>,
    /// Which computations of PDQ.
    pub variants: Vec<PdqVariant>,
    /// Whether the seven other orientations come along.
    pub dihedral: bool,
    /// Files worked on side by side.
    pub threads: usize,
    /// Time a decoder may spend on one file.
    pub deadline: Duration,
    /// How films are decoded; `None` where they are left alone.
    pub film: Option<FilmDecoder>,
    /// Path of the program that checks signatures, or empty.
    pub c2pa_verifier: String,
    /// Path of the list of trusted signers, or empty.
    pub c2pa_trust: String,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HashOutcome {
    /// Files fingerprinted.
    pub files: u64,
    /// Files with an error.
    pub failed: u64,
    /// Paths passed over: links, pipes, folders that cannot be read.
    pub passed_over: u64,
    /// Paths named by the caller that could not be looked at.
    pub missing: u64,
}

/// Fingerprints everything below the roots and hands each view to `sink`.
///
/// # Errors
/// No decoder process can be started, or `sink` fails. What is wrong with a file stands in its view.
pub fn run(
    request: &HashRequest,
    progress: &dyn Progress,
    sink: &mut dyn FnMut(MediaHashView) -> Result<(), AppError>,
) -> Result<HashOutcome, AppError> {
    progress.phase(Phase::Walking);
    let walk = walk(&request.roots);
    let mut outcome =
        HashOutcome { passed_over: walk.passed_over.len() as u64, ..HashOutcome::default() };
    for passed in &walk.passed_over {
        progress.note(&format!("{}: {}", path_text(&passed.path), passed.reason.message));
        outcome.missing += u64::from(request.roots.contains(&passed.path));
    }
    progress.phase(Phase::Examining);
    progress.expect(walk.files.len() as u64, walk.size_bytes());
    let verifier = Verifier::of(&request.c2pa_verifier, &request.c2pa_trust)?.map(Arc::new);
    let film = request.film.clone();
    let config = DecoderConfig { verifier, film, ..decoder_config(request.deadline) };
    let work = |feed: &mut Feed<'_, MediaHashView>| {
        Fingerprinter::new(request, &config, progress).run(feed, Fingerprinter::view);
    };
    in_order(&walk.files, request.threads, work, &mut |view: MediaHashView| {
        outcome.files += 1;
        outcome.failed += u64::from(view.error.is_some());
        sink(view)
    })?;
    Ok(outcome)
}

/// Fingerprints files side by side.
pub(crate) struct Fingerprinter<'a> {
    decoder: Decoder,
    request: MediaRequest,
    dihedral: bool,
    progress: &'a dyn Progress,
}

/// What is known of one file.
pub(crate) struct Fingerprint {
    pub(crate) sealed: Option<Sealed>,
    pub(crate) facts: MediaFacts,
    /// Of films, what was seen of them.
    film: Option<FilmFacts>,
}

impl Fingerprint {
    fn unread(error: &io::Error) -> Self {
        let failure =
            Failure { code: "intake.unreadable_file".to_owned(), message: read_error(error) };
        let facts = MediaFacts { failure: Some(failure), ..MediaFacts::unknown() };
        Self { sealed: None, facts, film: None }
    }
}

impl<'a> Fingerprinter<'a> {
    pub(crate) fn new(
        request: &HashRequest,
        config: &DecoderConfig,
        progress: &'a dyn Progress,
    ) -> Self {
        Self {
            decoder: Decoder::new(config.clone()),
            request: MediaRequest {
                variants: request.variants.clone(),
                thumbnail: false,
                parts: false,
                statements: true,
            },
            dihedral: request.dihedral,
            progress,
        }
    }

    /// Reads, seals and decodes the files of a feed. `make` makes the result of each.
    pub(crate) fn run<T>(
        mut self,
        feed: &mut Feed<'_, T>,
        make: impl Fn(&Self, &FoundFile, Fingerprint) -> T,
    ) {
        let mut group = Group::default();
        loop {
            while group.has_room()
                && let Some((place, file)) = feed.next(group.len())
            {
                match sealing::open(&file.path) {
                    Ok(content) => group.add((place, file), content),
                    Err(error) => {
                        self.progress.advance(1, 0);
                        feed.give(place, Ok(make(&self, file, Fingerprint::unread(&error))));
                    }
                }
            }
            if group.is_empty() {
                return;
            }
            for ended in group.step(&mut |bytes| self.progress.advance(0, bytes)) {
                let Ended { tag: (place, file), file: content, sealed, .. } = ended;
                self.progress.advance(1, 0);
                let fingerprint = match sealed {
                    Ok(sealed) => self.decode(&content, sealed),
                    Err(error) => Ok(Fingerprint::unread(&error)),
                };
                feed.give(place, fingerprint.map(|fingerprint| make(&self, file, fingerprint)));
            }
        }
    }

    /// Decodes a sealed file. What is wrong with it stands in the facts.
    fn decode(&mut self, content: &File, sealed: Sealed) -> Result<Fingerprint, AppError> {
        let sniffed = sniff(&sealed.head);
        let mut facts = match sniffed.kind {
            Kind::Picture(_) => {
                self.decoder.media(content.as_fd(), sealed.size_bytes, &self.request)?
            }
            Kind::Archive(_) | Kind::Film | Kind::Other => MediaFacts {
                mime: sniffed.mime.to_owned(),
                kind: sniffed.kind,
                ..MediaFacts::unknown()
            },
        };
        let mut film = None;
        if matches!(sniffed.kind, Kind::Film | Kind::Other) {
            film = self.decoder.film(content.as_fd(), sniffed, &self.request.variants);
            match &mut film {
                Some(film) => seen_by_ffmpeg(film, sniffed, &mut facts),
                None => facts.failure = undecoded(sniffed),
            }
        }
        if sniffed.kind == Kind::Film {
            (facts.provenance, facts.unchecked) =
                self.decoder.film_statements(content.as_fd(), sealed.size_bytes)?;
        }
        facts.failure = sealed.change_failure().or(facts.failure);
        Ok(Fingerprint { sealed: Some(sealed), facts, film })
    }

    fn view(&self, file: &FoundFile, fingerprint: Fingerprint) -> MediaHashView {
        let Fingerprint { sealed, facts, film } = fingerprint;
        let film = film.filter(|_| facts.kind == Kind::Film);
        if let Some(why) = &facts.unchecked {
            self.progress.note(&format!("{}: {}", path_text(&file.path), why.message));
        }
        let digests = sealed.as_ref().map(|sealed| sealed.digests);
        MediaHashView {
            schema: MediaHashView::SCHEMA,
            path: path_text(&file.path),
            size_bytes: sealed.as_ref().map_or(0, |sealed| sealed.size_bytes),
            mime: sealed.is_some().then(|| facts.mime.clone()),
            width: facts.width,
            height: facts.height,
            md5: digests.map(|d| d.md5.to_string()),
            sha1: digests.map(|d| d.sha1.to_string()),
            sha256: digests.map(|d| d.sha256.to_string()),
            frames: film.as_ref().map(|film| film.frames.len()),
            duration_ms: film.as_ref().and_then(|film| film.duration_ms),
            signals: self.signals(&facts).into_iter().chain(film.and_then(of_film)).collect(),
            provenance: facts.provenance.iter().map(ProvenanceView::from).collect(),
            error: facts.failure.as_ref().map(FailureView::from),
        }
    }

    fn signals(&self, facts: &MediaFacts) -> Vec<SignalView> {
        let orientations =
            if self.dihedral { &Orientation::ALL[..] } else { &Orientation::ALL[..1] };
        let of_variant = |signals: &VariantSignals| {
            let (variant, quality) = (signals.variant, signals.quality);
            orientations
                .iter()
                .zip(signals.values)
                .map(move |(orientation, value)| SignalView {
                    kind: "pdq".to_owned(),
                    variant: variant.as_str().to_owned(),
                    value: value.to_string(),
                    quality: Some(quality),
                    orientation: (*orientation != Orientation::Original)
                        .then(|| orientation.as_str().to_owned()),
                })
                .collect::<Vec<_>>()
        };
        facts.signals.iter().flat_map(of_variant).collect()
    }
}

/// Adds what `ffmpeg` gave to what is known of a file.
fn seen_by_ffmpeg(film: &mut FilmFacts, sniffed: Sniffed, facts: &mut MediaFacts) {
    facts.failure = film.failure.take();
    facts.width = film.size.map(|(width, _)| width);
    facts.height = film.size.map(|(_, height)| height);
    if sniffed.kind != Kind::Film
        && let Some(picture) = film.frames.first()
    {
        facts.signals = picture.signals.iter().map(VariantSignals::from).collect();
    }
}

/// The signal of a film, where a frame of it was seen.
fn of_film(film: FilmFacts) -> Option<SignalView> {
    let frames = film.frame_signals();
    Some(SignalView {
        kind: "vpdq".to_owned(),
        variant: String::new(),
        quality: Some(frames.iter().map(|frame| frame.quality).max()?),
        value: write_vpdq(&frames),
        orientation: None,
    })
}
