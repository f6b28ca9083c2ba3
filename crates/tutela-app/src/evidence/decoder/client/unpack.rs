//! One unpack request, its stream of answers, and the limits once more on this side.

use std::ops::ControlFlow;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use tutela_core::Failure;

use crate::evidence::decoder::facts::{
    EntryKind, EntryStart, UnpackEvent, UnpackRequest, UnpackSummary,
};
use crate::evidence::decoder::limits::{MAX_REMARKS, UnpackLimits, WORKING_BYTES};
use crate::evidence::decoder::message::{
    EntrySay, FailureSay, UnpackAsk, UnpackSay, entry_start, parse, print,
};
use crate::evidence::decoder::process::{Interruption, Worker};
use crate::evidence::decoder::wire::FrameKind;

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
    let ask = print(&UnpackAsk::new(progress.archive_bytes, request));
    worker.send(FrameKind::Unpack, &ask, Some(file), Instant::now() + idle)?;
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
                progress.summary.remarks = remarks(said.remarks)?;
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

fn remarks(said: Vec<FailureSay>) -> Result<Vec<Failure>, Interruption> {
    if said.len() > MAX_REMARKS {
        return Err(Interruption::Distrust("number of remarks"));
    }
    Ok(said.into_iter().map(FailureSay::checked).collect::<Result<_, _>>()?)
}
