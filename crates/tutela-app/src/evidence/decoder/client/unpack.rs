//! One unpack request, its stream of answers, and the limits once more on this side.

use std::fs::File;
use std::ops::ControlFlow;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tutela_core::{Failure, Note};

use crate::evidence::decoder::facts::{
    EntryKind, EntryStart, UnpackEvent, UnpackRequest, UnpackSummary,
};
use crate::evidence::decoder::limits::{
    MAX_NOTES, MAX_SEGMENTS, MAX_SEGMENTS_PASSED, UnpackLimits, WORKING_BYTES,
};
use crate::evidence::decoder::message::{
    EntrySay, FailureSay, UFDR, UnpackAsk, UnpackSay, entry_start, parse, print,
};
use crate::evidence::decoder::process::{Interruption, Worker};
use crate::evidence::decoder::wire::FrameKind;
use crate::evidence::sealing::open;

/// How often a worker may read what an archive can hold without handing anything out.
const SILENT_PASSES: u64 = 4;

type Sink<'a> = &'a mut dyn FnMut(UnpackEvent<'_>) -> ControlFlow<()>;

/// How an unpack request ended while its worker lives.
pub(super) enum End {
    /// The worker is ready for the next request.
    Complete,
    /// The caller or a limit broke off: the worker still has things to say, so it must go.
    Stopped,
}

/// What has come out so far.
pub(super) struct Progress {
    pub(super) summary: UnpackSummary,
    archive_bytes: u64,
    limits: UnpackLimits,
    open: bool,
    /// How often the worker said that it reads and has nothing to hand out.
    silent: u64,
}

impl Progress {
    pub(super) fn new(archive_bytes: u64, limits: UnpackLimits) -> Self {
        Self { summary: UnpackSummary::default(), archive_bytes, limits, open: false, silent: 0 }
    }

    /// An entry that was begun and whose end will not come is told to the caller as failed.
    pub(super) fn fail_open_entry(&mut self, failure: &Failure, sink: Sink<'_>) {
        if std::mem::take(&mut self.open) {
            // Nothing follows, so it makes no difference whether the caller wants more.
            let _no_more = sink(UnpackEvent::Failed(failure));
        }
    }

    /// The worker keeps the same limits; a worker that does not is not to be believed.
    fn check(&self) -> Result<(), Interruption> {
        let UnpackSummary { entries, bytes, .. } = self.summary;
        let ratio_bytes = self.archive_bytes.saturating_mul(self.limits.max_ratio);
        let over_ratio = bytes > self.limits.ratio_floor_bytes && bytes > ratio_bytes;
        if entries > self.limits.max_entries || bytes > self.limits.max_bytes || over_ratio {
            return Err(Interruption::Distrust("more than the limits allow"));
        }
        Ok(())
    }

    fn start(&mut self, payload: &[u8]) -> Result<EntryStart, Interruption> {
        let entry = entry_start(parse::<EntrySay>(payload)?, self.summary.entries)?;
        if self.open {
            return Err(Interruption::Distrust("order of messages"));
        }
        self.summary.entries += 1;
        self.open = true;
        self.check()?;
        Ok(entry)
    }

    fn data(&mut self, payload: &[u8]) -> Result<(), Interruption> {
        if !self.open {
            return Err(Interruption::Distrust("order of messages"));
        }
        self.summary.bytes += payload.len() as u64;
        self.check()
    }

    /// A worker may read all there is a few times without a word, and no more.
    fn working(&mut self, payload: &[u8]) -> Result<(), Interruption> {
        self.silent += 1;
        let said = payload.try_into().map(u64::from_le_bytes).ok();
        let most = SILENT_PASSES.saturating_mul(self.limits.max_bytes / WORKING_BYTES);
        if said != Some(self.silent) || self.silent > most {
            return Err(Interruption::Distrust("signs of work"));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Interruption> {
        if !std::mem::take(&mut self.open) {
            return Err(Interruption::Distrust("order of messages"));
        }
        Ok(())
    }
}

/// Asks, and hands every checked answer on as it comes.
pub(super) fn exchange(
    worker: &mut Worker,
    file: BorrowedFd<'_>,
    request: &UnpackRequest,
    idle: Duration,
    progress: &mut Progress,
    sink: Sink<'_>,
) -> Result<End, Interruption> {
    let size_bytes = progress.archive_bytes;
    progress.archive_bytes += send_segments(worker, &request.segments, idle)?;
    let ask = print(&UnpackAsk::new((size_bytes, progress.archive_bytes), request));
    worker.send(FrameKind::Unpack, &ask, &[file], Instant::now() + idle)?;
    let mut holds_content = false;
    loop {
        let (kind, payload) = worker.receive(Instant::now() + idle)?;
        let wish = match kind {
            FrameKind::EntryStart => {
                let entry = progress.start(payload)?;
                holds_content = entry.kind == EntryKind::File;
                sink(UnpackEvent::Start(&entry))
            }
            FrameKind::EntryData if holds_content => {
                progress.data(payload)?;
                sink(UnpackEvent::Data(payload))
            }
            FrameKind::EntryEnd => {
                progress.close()?;
                sink(UnpackEvent::End)
            }
            FrameKind::EntryFailed => {
                let failure = parse::<FailureSay>(payload)?.checked()?;
                progress.close()?;
                sink(UnpackEvent::Failed(&failure))
            }
            FrameKind::Working => {
                progress.working(payload)?;
                continue;
            }
            FrameKind::UnpackDone => {
                let said = parse::<UnpackSay>(payload)?;
                progress.summary.failure = said.failure.map(FailureSay::checked).transpose()?;
                progress.summary.notes = notes(said.notes)?;
                progress.summary.mime = match said.mime.as_deref() {
                    None => None,
                    Some(UFDR) => Some(UFDR),
                    Some(_) => return Err(Interruption::Distrust("media type")),
                };
                if progress.open {
                    return Err(Interruption::Distrust("order of messages"));
                }
                return Ok(End::Complete);
            }
            _ => return Err(Interruption::Distrust("order of messages")),
        };
        if wish.is_break() {
            progress.summary.stopped = true;
            return Ok(End::Stopped);
        }
    }
}

/// Opens the further files of an image and passes them on, some at a time; says how many bytes
/// they have.
fn send_segments(
    worker: &mut Worker,
    segments: &[PathBuf],
    idle: Duration,
) -> Result<u64, Interruption> {
    let mut total_bytes = 0;
    for paths in segments[..segments.len().min(MAX_SEGMENTS)].chunks(MAX_SEGMENTS_PASSED) {
        let files: Vec<File> = paths.iter().filter_map(|path| open(path).ok()).collect();
        if files.is_empty() {
            continue;
        }
        total_bytes +=
            files.iter().filter_map(|file| file.metadata().ok()).map(|m| m.len()).sum::<u64>();
        let files: Vec<BorrowedFd<'_>> = files.iter().map(AsFd::as_fd).collect();
        worker.send(FrameKind::Segments, &[], &files, Instant::now() + idle)?;
        if worker.receive(Instant::now() + idle)?.0 != FrameKind::SegmentsTaken {
            return Err(Interruption::Distrust("order of messages"));
        }
    }
    Ok(total_bytes)
}

fn notes(said: Vec<FailureSay>) -> Result<Vec<Note>, Interruption> {
    if said.len() > MAX_NOTES {
        return Err(Interruption::Distrust("number of notes"));
    }
    let note = |Failure { code, message }| Note { code, message };
    Ok(said.into_iter().map(|said| said.checked().map(note)).collect::<Result<_, _>>()?)
}
