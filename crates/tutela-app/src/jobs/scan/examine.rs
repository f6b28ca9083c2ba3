//! Examines one file after the other: seal, tell the type, decode behind fences, open archives, look up.

mod facts;
mod inside;
mod unpacking;

use std::collections::HashSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use tutela_core::FindingId;
use tutela_match::content::{ArchiveFormat, Kind, MAX_FILE_BYTES, Sniffed, sniff};
use tutela_match::signals::VpdqRule;

pub(crate) use self::facts::file_key;
use self::facts::{Facts, Found};
use self::unpacking::Unpacking;
use super::archive::Container;
use super::queue::{Queue, Work};
use super::record::Record;
use crate::AppError;
use crate::engines::media::ListSet;
use crate::evidence::decoder::{
    Decoder, DecoderConfig, MAX_ARCHIVE_DEPTH, MediaRequest, UnpackRequest,
};
use crate::evidence::sealing::{self, Group, Sealed};
use crate::findings;
use crate::ids;
use crate::intake::segments;
use crate::intake::walk::{FoundFile, path_text};
use crate::progress::Progress;

/// What leads from the path of an archive to the path of what stands in it.
pub(crate) const INSIDE: &str = "!/";

/// What all threads of a scan share.
pub(super) struct Shared<'a> {
    pub(super) queue: Queue<&'a FoundFile, Member>,
    pub(super) lists: &'a ListSet,
    /// Source keys of what an interrupted run has committed.
    pub(super) done: &'a HashSet<String>,
    /// Radius of near matches, and when films are alike.
    pub(super) film_rule: VpdqRule,
    pub(super) request: MediaRequest,
    pub(super) progress: &'a dyn Progress,
    pub(super) aborted: Arc<AtomicBool>,
    /// Nothing more is begun; what is being read is let go.
    pub(super) stopped: AtomicBool,
}

impl Shared<'_> {
    /// Ends the scan early: what waits is dropped, what runs sends nothing more.
    pub(super) fn abort(&self) {
        self.aborted.store(true, Ordering::SeqCst);
        self.stop();
    }

    /// Stops the scan: what has been read is examined and sent, what has not is left to the next run.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.queue.stop();
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}

/// Content that stood in an archive, unpacked into memory.
pub(super) struct Member {
    found: Found,
    sealed: Sealed,
    /// Kept where something can be done with it: pictures and archives.
    content: Option<File>,
    outer: Arc<Container>,
}

/// One thread's worth of a scan.
pub(super) struct Examiner<'a> {
    shared: &'a Shared<'a>,
    sink: SyncSender<Record>,
    decoder: Decoder,
    config: DecoderConfig,
    /// Idle workers that unpack; one for each level at most.
    unpackers: Vec<Decoder>,
}

impl<'a> Examiner<'a> {
    pub(super) fn new(
        shared: &'a Shared<'a>,
        sink: SyncSender<Record>,
        config: &DecoderConfig,
    ) -> Self {
        let decoder = Decoder::new(config.clone());
        Self { shared, sink, decoder, config: config.clone(), unpackers: Vec::new() }
    }

    /// Works until nothing is left.
    pub(super) fn run(&mut self) -> Result<(), AppError> {
        let queue = &self.shared.queue;
        let mut group = Group::default();
        loop {
            let work = if group.is_empty() {
                queue.take()
            } else if group.has_room() {
                queue.take_more(group.len())
            } else {
                None
            };
            match work {
                Some(Work::File(file)) => self.open(file, &mut group)?,
                Some(Work::Member(member)) => {
                    self.member(member)?;
                    queue.done();
                }
                None if group.is_empty() || self.shared.is_stopped() => return Ok(()),
                None => self.read_on(&mut group)?,
            }
        }
    }

    /// Begins to read a file beside others.
    fn open(&mut self, file: &FoundFile, group: &mut Group<(Found, u64)>) -> Result<(), AppError> {
        let found = Found {
            path: path_text(&file.path),
            source_key: file_key(file),
            modified_at: file.modified_at,
            depth: 0,
            place: Some(file.path.clone()),
            notes: Vec::new(),
            failure: None,
        };
        if !self.shared.done.contains(&found.source_key) {
            match sealing::open(&file.path) {
                Ok(content) => {
                    group.add((found, file.size_bytes), content);
                    return Ok(());
                }
                Err(error) => self.conclude(found, Facts::unreadable(&error), None)?,
            }
        }
        self.shared.progress.advance(1, file.size_bytes);
        self.shared.queue.done();
        Ok(())
    }

    /// Reads on in the files of a group and examines those that have ended.
    fn read_on(&mut self, group: &mut Group<(Found, u64)>) -> Result<(), AppError> {
        for ended in group.step(&mut |bytes| self.shared.progress.advance(0, bytes)) {
            if self.shared.is_stopped() {
                return Ok(());
            }
            let (found, stated_bytes) = ended.tag;
            self.shared.progress.advance(1, stated_bytes.saturating_sub(ended.read_bytes));
            match ended.sealed {
                Ok(sealed) => self.content(found, sealed, Some(&ended.file), None)?,
                Err(error) => self.conclude(found, Facts::unreadable(&error), None)?,
            }
            self.shared.queue.done();
        }
        Ok(())
    }

    fn member(&mut self, member: Member) -> Result<(), AppError> {
        let size_bytes = member.sealed.size_bytes;
        let outer = Arc::clone(&member.outer);
        let result =
            self.content(member.found, member.sealed, member.content.as_ref(), Some(&outer));
        self.shared.progress.advance(1, size_bytes);
        result
    }

    /// Examines sealed content. `content` is missing where it is too large to keep.
    fn content(
        &mut self,
        found: Found,
        sealed: Sealed,
        content: Option<&File>,
        outer: Option<&Arc<Container>>,
    ) -> Result<(), AppError> {
        let sniffed = sniff(&sealed.head);
        match (sniffed.kind, content) {
            (Kind::Archive(format), Some(content)) => {
                self.archive(found, sealed, sniffed, format, content, outer)
            }
            (Kind::Picture(_), Some(content)) => {
                let facts =
                    self.decoder.media(content.as_fd(), sealed.size_bytes, &self.shared.request)?;
                // What was decoded must be what was sealed.
                let sealed = sealed.compared_again(content);
                self.conclude(found, Facts::decoded(sealed, facts), outer)
            }
            (Kind::Picture(_) | Kind::Archive(_), None) => {
                let facts = Facts::sealed(sealed, sniffed).failed(
                    "archive.member_too_large",
                    format!(
                        "larger than {} MiB inside an archive: digests only",
                        MAX_FILE_BYTES >> 20
                    ),
                );
                self.conclude(found, facts, outer)
            }
            (Kind::Film | Kind::Other, content) => {
                let said = match (sniffed.kind, content) {
                    (Kind::Film, Some(content)) => {
                        self.decoder.film_statements(content.as_fd(), sealed.size_bytes)?
                    }
                    _ => Default::default(),
                };
                let variants = &self.shared.request.variants;
                let film = content
                    .and_then(|content| self.decoder.film(content.as_fd(), sniffed, variants));
                let facts = match (film, content) {
                    (Some(film), Some(content)) => {
                        Facts::of_film(sealed.compared_again(content), sniffed, film)
                    }
                    _ => Facts::sealed(sealed, sniffed).undecoded(sniffed),
                };
                let facts = facts.stating(said);
                self.conclude(found, facts, outer)
            }
        }
    }

    fn archive(
        &mut self,
        found: Found,
        sealed: Sealed,
        sniffed: Sniffed,
        format: ArchiveFormat,
        content: &File,
        outer: Option<&Arc<Container>>,
    ) -> Result<(), AppError> {
        if found.depth >= MAX_ARCHIVE_DEPTH {
            let facts = Facts::sealed(sealed, sniffed).failed(
                "archive.too_deep",
                format!("not opened: it stands inside {MAX_ARCHIVE_DEPTH} archives"),
            );
            return self.conclude(found, facts, outer);
        }
        if let Some(place) = found.place.as_deref()
            && format == ArchiveFormat::Ewf
            && segments::follows_another(place)
        {
            let message = "a further segment of an image; it is read together with the first";
            let facts = Facts::sealed(sealed, sniffed).noted("archive.further_segment", message);
            return self.conclude(found, facts, outer);
        }
        let container = Container::new(
            (format, sealed.size_bytes),
            outer.cloned(),
            self.sink.clone(),
            Arc::clone(&self.shared.aborted),
        );
        let request = UnpackRequest {
            format,
            name: found.path.rsplit('/').next().unwrap_or_default().to_owned(),
            segments: match (&found.place, format) {
                (Some(place), ArchiveFormat::Ewf) => segments::beside(place),
                _ => Vec::new(),
            },
            limits: container.budget.left(),
        };
        // This thread may meet an archive inside this one: its workers are taken, not borrowed.
        let mut unpacker =
            self.unpackers.pop().unwrap_or_else(|| Decoder::new(self.config.clone()));
        let mut unpacking = Unpacking {
            path: &found.path,
            key: &found.source_key,
            depth: found.depth + 1,
            container: &container,
            entry: None,
            over_budget: false,
        };
        let mut error = None;
        let summary = unpacker.unpack(content.as_fd(), sealed.size_bytes, &request, &mut |event| {
            match unpacking.event(event, self) {
                Ok(()) if self.shared.is_stopped() || unpacking.over_budget => {
                    ControlFlow::Break(())
                }
                Ok(()) => ControlFlow::Continue(()),
                Err(failed) => {
                    error = Some(failed);
                    ControlFlow::Break(())
                }
            }
        });
        self.unpackers.push(unpacker);
        let summary = summary?;
        if let Some(error) = error {
            return Err(error);
        }
        if summary.stopped && !unpacking.over_budget {
            return Ok(());
        }
        // The archive broke off inside an entry: that entry is not lost without a word.
        unpacking.break_off(self)?;
        let over_budget = unpacking.over_budget;
        let mut facts = Facts::sealed(sealed, sniffed);
        facts.failure = facts.failure.or(summary.failure);
        facts.notes.extend(summary.notes);
        facts.mime = summary.mime.map_or(facts.mime, str::to_owned);
        if over_budget {
            let message = "holds more than is unpacked; the rest was not examined";
            facts = facts.failed("archive.too_large", message);
        }
        container.finish(self.record(found, facts));
        Ok(())
    }

    /// Sends the record of some content that holds no more, and tells the archive around it.
    fn conclude(
        &mut self,
        found: Found,
        facts: Facts,
        outer: Option<&Arc<Container>>,
    ) -> Result<(), AppError> {
        let record = self.record(found, facts);
        // A closed channel means that the store refused a batch; that error ends the scan.
        if self.sink.send(record).is_ok()
            && let Some(outer) = outer
        {
            outer.arrived();
        }
        Ok(())
    }

    /// Looks the content up and states what was found.
    fn record(&self, found: Found, facts: Facts) -> Record {
        let look_up = self.shared.lists.look_up_all(
            facts.sealed.as_ref().map(|sealed| &sealed.digests),
            &facts.signals,
            &facts.inside.parts,
            &self.shared.film_rule,
        );
        let embedded = facts.inside.embedded.clone();
        let mut exhibit = found.into_exhibit(facts);
        exhibit.outcome = findings::outcome(&look_up, exhibit.failure.is_some());
        exhibit.known_good = look_up.known_good;
        let new_id = || FindingId(ids::new());
        let mut findings =
            findings::raise(&exhibit, look_up.matches, &self.shared.film_rule, new_id);
        findings.extend(
            embedded.and_then(|embedded| findings::thumbnail_differs(&exhibit, &embedded, new_id)),
        );
        findings.extend(findings::provenance_conflict(&exhibit, new_id));
        Record { exhibit, findings }
    }
}
