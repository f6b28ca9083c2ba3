//! Examines one file after the other: seal, tell the type, decode behind fences, open archives, look up.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use tutela_core::{
    CaptureData, Exhibit, ExhibitId, Failure, FindingId, Orientation, Outcome, Signal, Timestamp,
};
use tutela_match::content::{ArchiveFormat, Kind, MAX_FILE_BYTES, Sniffed, sniff};

use super::archive::Container;
use super::queue::{Queue, Work};
use super::record::Record;
use crate::AppError;
use crate::engines::media::ListSet;
use crate::evidence::decoder::{
    Decoder, DecoderConfig, EntryKind, EntryStart, MAX_ARCHIVE_DEPTH, MediaFacts, MediaRequest,
    UnpackEvent, UnpackRequest, VariantSignals,
};
use crate::evidence::sealing::{self, Sealed, Sealer};
use crate::findings;
use crate::ids;
use crate::intake::walk::{FoundFile, path_text, read_error};
use crate::progress::Progress;

/// What leads from the path of an archive to the path of what stands in it.
pub(super) const INSIDE: &str = "!/";

/// What all threads of a scan share.
pub(super) struct Shared<'a> {
    pub(super) queue: Queue<FoundFile, Member>,
    pub(super) lists: &'a ListSet,
    /// Source keys of what an interrupted run has committed.
    pub(super) done: &'a HashSet<String>,
    pub(super) radius: u16,
    pub(super) request: MediaRequest,
    pub(super) progress: &'a dyn Progress,
    pub(super) aborted: Arc<AtomicBool>,
}

impl Shared<'_> {
    /// Ends the scan early: what waits is dropped, what runs sends nothing more.
    pub(super) fn abort(&self) {
        self.aborted.store(true, Ordering::SeqCst);
        self.queue.stop();
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

/// Where some content was found.
struct Found {
    path: String,
    source_key: String,
    modified_at: Option<Timestamp>,
    /// Archives around it.
    depth: u32,
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
        while let Some(work) = self.shared.queue.take() {
            let result = match work {
                Work::File(file) => self.file(&file),
                Work::Member(member) => self.member(member),
            };
            self.shared.queue.done();
            result?;
        }
        Ok(())
    }

    fn file(&mut self, file: &FoundFile) -> Result<(), AppError> {
        let found = Found {
            path: path_text(&file.path),
            source_key: file_key(file),
            modified_at: file.modified_at,
            depth: 0,
        };
        if self.shared.done.contains(&found.source_key) {
            self.shared.progress.advance(1, file.size_bytes);
            return Ok(());
        }
        let mut heard = 0;
        let mut on_bytes = |bytes| {
            heard += bytes;
            self.shared.progress.advance(0, bytes);
        };
        let read = sealing::open(&file.path).and_then(|content| {
            sealing::seal(&content, &mut on_bytes).map(|sealed| (content, sealed))
        });
        self.shared.progress.advance(1, file.size_bytes.saturating_sub(heard));
        match read {
            Ok((content, sealed)) => self.content(found, sealed, Some(&content), None),
            Err(error) => {
                let failure = Failure {
                    code: "intake.unreadable_file".to_owned(),
                    message: read_error(&error),
                };
                self.send(found.into_exhibit(Facts::unread(failure)), Vec::new())
            }
        }
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
                self.conclude(found, Facts::decoded(sealed, facts))
            }
            (Kind::Picture(_) | Kind::Archive(_), None) => {
                let facts = Facts::sealed(sealed, sniffed).failed(
                    "archive.member_too_large",
                    format!(
                        "larger than {} MiB inside an archive: digests only",
                        MAX_FILE_BYTES >> 20
                    ),
                );
                self.conclude(found, facts)
            }
            (Kind::Other, _) => self.conclude(found, Facts::sealed(sealed, sniffed)),
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
            return self.conclude(found, facts);
        }
        let container =
            Container::new(outer.cloned(), self.sink.clone(), Arc::clone(&self.shared.aborted));
        let request = UnpackRequest {
            format,
            name: found.path.rsplit('/').next().unwrap_or_default().to_owned(),
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
        };
        let mut error = None;
        let summary = unpacker.unpack(content.as_fd(), sealed.size_bytes, &request, &mut |event| {
            match unpacking.event(event, self) {
                Ok(()) if self.shared.aborted.load(Ordering::SeqCst) => ControlFlow::Break(()),
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
        if summary.stopped {
            return Ok(());
        }
        // The archive broke off inside an entry: that entry is not lost without a word.
        unpacking.break_off(self)?;
        let mut facts = Facts::sealed(sealed, sniffed);
        facts.failure = facts.failure.or(summary.failure);
        container.finish(self.record(found, facts));
        Ok(())
    }

    fn conclude(&mut self, found: Found, facts: Facts) -> Result<(), AppError> {
        let Record { exhibit, findings } = self.record(found, facts);
        self.send(exhibit, findings)
    }

    /// Looks the content up and states what was found.
    fn record(&self, found: Found, facts: Facts) -> Record {
        let look_up = self.shared.lists.look_up(
            facts.sealed.as_ref().map(|sealed| &sealed.digests),
            &facts.signals,
            self.shared.radius,
        );
        let mut exhibit = found.into_exhibit(facts);
        exhibit.outcome = findings::outcome(&look_up, exhibit.failure.is_some());
        exhibit.known_good = look_up.known_good;
        let new_id = || FindingId(ids::new());
        let findings = findings::raise(&exhibit, look_up.matches, self.shared.radius, new_id);
        Record { exhibit, findings }
    }

    fn send(&self, exhibit: Exhibit, findings: Vec<tutela_core::Finding>) -> Result<(), AppError> {
        // A closed channel means that the store refused a batch; that error ends the scan.
        let _ = self.sink.send(Record { exhibit, findings });
        Ok(())
    }
}

/// What is known of some content before it is looked up.
struct Facts {
    sealed: Option<Sealed>,
    mime: String,
    width: Option<u32>,
    height: Option<u32>,
    signals: Vec<VariantSignals>,
    capture: CaptureData,
    failure: Option<Failure>,
}

impl Facts {
    fn sealed(sealed: Sealed, sniffed: Sniffed) -> Self {
        let failure = sealed.change_failure();
        Self {
            sealed: Some(sealed),
            mime: sniffed.mime.to_owned(),
            width: None,
            height: None,
            signals: Vec::new(),
            capture: CaptureData::default(),
            failure,
        }
    }

    fn decoded(sealed: Sealed, decoded: MediaFacts) -> Self {
        let failure = sealed.change_failure().or(decoded.failure);
        Self {
            sealed: Some(sealed),
            mime: decoded.mime,
            width: decoded.width,
            height: decoded.height,
            signals: decoded.signals,
            capture: decoded.capture,
            failure,
        }
    }

    fn unread(failure: Failure) -> Self {
        Self {
            sealed: None,
            mime: "application/octet-stream".to_owned(),
            width: None,
            height: None,
            signals: Vec::new(),
            capture: CaptureData::default(),
            failure: Some(failure),
        }
    }

    fn failed(mut self, code: &str, message: impl Into<String>) -> Self {
        self.failure.get_or_insert(Failure { code: code.to_owned(), message: message.into() });
        self
    }
}

impl Found {
    fn into_exhibit(self, facts: Facts) -> Exhibit {
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
            signals: facts.signals.iter().map(signal).collect(),
            capture: facts.capture,
            outcome: Outcome::Failed,
            known_good: Vec::new(),
            failure: facts.failure,
        }
    }
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
fn file_key(file: &FoundFile) -> String {
    let modified = file.modified_at.map_or(0, Timestamp::as_microsecond);
    format!("{}|{}|{modified}", path_text(&file.path), file.size_bytes)
}

/// An archive while its entries come out.
struct Unpacking<'a> {
    path: &'a str,
    key: &'a str,
    depth: u32,
    container: &'a Arc<Container>,
    entry: Option<OpenEntry>,
}

/// The entry whose bytes are coming.
struct OpenEntry {
    found: Found,
    sealer: Sealer,
    content: Content,
}

/// What becomes of the bytes of an entry besides digesting them.
enum Content {
    /// Nothing is known of it yet.
    Unseen,
    /// Kept: a picture or an archive.
    Kept(File),
    /// Not needed, or too large to keep.
    Dropped,
}

impl Unpacking<'_> {
    fn event(
        &mut self,
        event: UnpackEvent<'_>,
        examiner: &mut Examiner<'_>,
    ) -> Result<(), AppError> {
        match event {
            UnpackEvent::Start(start) => {
                self.container.budget.spend(1, 0);
                self.start(start, examiner);
                Ok(())
            }
            UnpackEvent::Data(bytes) => {
                self.container.budget.spend(0, bytes.len() as u64);
                match &mut self.entry {
                    Some(entry) => entry.take(bytes).map_err(AppError::memory),
                    None => Ok(()),
                }
            }
            UnpackEvent::End => self.end(None, examiner),
            UnpackEvent::Failed(failure) => self.end(Some(failure.clone()), examiner),
        }
    }

    fn start(&mut self, start: &EntryStart, examiner: &Examiner<'_>) {
        let wanted = match start.kind {
            EntryKind::File | EntryKind::Encrypted => true,
            EntryKind::Directory | EntryKind::Link | EntryKind::Special => false,
        };
        let source_key = format!("{}{INSIDE}{}:{}", self.key, start.index, start.path);
        if !wanted || examiner.shared.done.contains(&source_key) {
            self.entry = None;
            return;
        }
        examiner.shared.progress.expect(1, start.declared_bytes.unwrap_or(0));
        self.entry = Some(OpenEntry {
            found: Found {
                path: format!("{}{INSIDE}{}", self.path, start.path),
                source_key,
                modified_at: start.modified_at,
                depth: self.depth,
            },
            sealer: Sealer::default(),
            content: Content::Unseen,
        });
    }

    fn end(
        &mut self,
        failure: Option<Failure>,
        examiner: &mut Examiner<'_>,
    ) -> Result<(), AppError> {
        let Some(OpenEntry { found, sealer, content }) = self.entry.take() else { return Ok(()) };
        let sealed = sealer.finish();
        if let Some(failure) = failure {
            // Digests of a part would look like digests of a file: they are not kept.
            examiner.shared.progress.advance(1, sealed.size_bytes);
            return examiner.conclude(found, Facts::unread(failure));
        }
        let content = match content {
            Content::Kept(file) => Some(file),
            Content::Unseen | Content::Dropped => None,
        };
        let held_bytes = if content.is_some() { sealed.size_bytes } else { 0 };
        let member = Member { found, sealed, content, outer: Arc::clone(self.container) };
        match examiner.shared.queue.offer(member, held_bytes) {
            Ok(()) => Ok(()),
            Err(member) => examiner.member(member),
        }
    }

    /// Ends an entry in the middle of which the archive ended.
    fn break_off(&mut self, examiner: &mut Examiner<'_>) -> Result<(), AppError> {
        let failure = Failure {
            code: "archive.cut_off".to_owned(),
            message: "the archive could not be read to the end of this entry".to_owned(),
        };
        self.end(Some(failure), examiner)
    }
}

impl OpenEntry {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let first = matches!(self.content, Content::Unseen);
        if first {
            let worth_keeping = !matches!(sniff(bytes).kind, Kind::Other);
            self.content = if worth_keeping {
                Content::Kept(sealing::memory_file(&[])?)
            } else {
                Content::Dropped
            };
        }
        self.sealer.update(bytes);
        if let Content::Kept(file) = &mut self.content {
            if self.sealer.size_bytes() > MAX_FILE_BYTES {
                self.content = Content::Dropped;
            } else {
                file.write_all(bytes)?;
            }
        }
        Ok(())
    }
}
