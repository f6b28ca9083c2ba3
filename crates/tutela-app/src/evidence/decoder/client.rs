//! The side that asks: one decoder a scanning thread, a worker behind it, a deadline on everything.

mod media;
mod outcome;
mod unpack;

use std::io;
use std::os::fd::BorrowedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tutela_core::{Class, Coded, Failure, PdqVariant, Protection, Provenance};
use tutela_match::content::{Kind, Sniffed};
use tutela_match::provenance::conflict;

use super::facts::{
    FenceTest, FilmFenceTest, MediaFacts, MediaRequest, UnpackEvent, UnpackRequest, UnpackSummary,
    is_by_ffmpeg,
};
use super::film::{self, FilmDecoder, FilmFacts};
use super::limits::{MEDIA_DEADLINE, START_DEADLINE, UNPACK_IDLE_DEADLINE};
use super::message::{FenceSay, Hello, parse};
use super::process::{Death, Interruption, Worker};
use super::wire::{FrameKind, WIRE_VERSION};
use crate::evidence::verifier::Verifier;

/// How workers are started and how long they are waited for.
#[derive(Debug, Clone)]
pub struct DecoderConfig {
    /// The program that becomes a worker when started with
    /// [`WORKER_ARGUMENT`](super::WORKER_ARGUMENT): this one.
    pub program: PathBuf,
    /// Time for one picture.
    pub media_deadline: Duration,
    /// Time between two messages while an archive is unpacked.
    pub unpack_idle_deadline: Duration,
    /// Time for a new worker to report.
    pub start_deadline: Duration,
    /// What checks signatures of manifests, where the settings name it.
    pub verifier: Option<Arc<Verifier>>,
    /// How films are decoded; `None` where nothing does.
    pub film: Option<FilmDecoder>,
}

impl DecoderConfig {
    /// The ordinary deadlines.
    pub fn new(program: PathBuf) -> Self {
        Self {
            program,
            media_deadline: MEDIA_DEADLINE,
            unpack_idle_deadline: UNPACK_IDLE_DEADLINE,
            start_deadline: START_DEADLINE,
            verifier: None,
            film: None,
        }
    }
}

/// There is no worker to ask. What goes wrong with one file is a failure of that file instead.
#[derive(Debug, thiserror::Error)]
pub enum DecoderError {
    /// The program could not be started.
    #[error("the decoder process could not be started")]
    Start(#[source] io::Error),
    /// It was started and did not report.
    #[error("the decoder process did not report: {0}")]
    Silent(&'static str),
}

impl Coded for DecoderError {
    fn code(&self) -> &'static str {
        match self {
            Self::Start(_) => "decoder.start",
            Self::Silent(_) => "decoder.silent",
        }
    }

    fn class(&self) -> Class {
        Class::Unavailable
    }
}

/// Asks a worker process about files, and starts a new one whenever the last one is gone.
///
/// Keep it on the thread that uses it: on Linux a worker ends with the thread that started it.
#[derive(Debug)]
pub struct Decoder {
    config: DecoderConfig,
    running: Option<(Worker, Protection)>,
}

impl Decoder {
    /// A decoder without a worker yet; the first request starts one.
    pub fn new(config: DecoderConfig) -> Self {
        Self { config, running: None }
    }

    /// How well the worker is fenced in, as it found out itself when it started.
    pub fn protection(&mut self) -> Result<Protection, DecoderError> {
        self.ensure()?;
        self.running.as_ref().map(|(_, protection)| *protection).ok_or(NO_WORKER)
    }

    /// Process id of the worker, where one runs.
    pub fn worker_id(&self) -> Option<u32> {
        self.running.as_ref().map(|(worker, _)| worker.id())
    }

    /// Looks at a file: its type, capture data, signals. `size_bytes` of it are read, from its
    /// start, whatever its position. What goes wrong with the file or its worker stands in the
    /// facts as a failure; an error means that no worker could be started.
    pub fn media(
        &mut self,
        file: BorrowedFd<'_>,
        size_bytes: u64,
        request: &MediaRequest,
    ) -> Result<MediaFacts, DecoderError> {
        let time = self.config.media_deadline;
        let worker = self.worker()?;
        // The file is not to blame for the time that starting a worker takes.
        let deadline = Instant::now() + time;
        let mut facts = MediaFacts::unknown();
        if let Err(why) = media::exchange(worker, file, size_bytes, request, deadline, &mut facts) {
            facts.failure = Some(self.bury(why));
        }
        if let Some(verifier) = &self.config.verifier {
            let checked = verifier.check(file, &facts.mime, &mut facts.provenance);
            facts.unchecked = checked.err();
        }
        // Statements come before anything is decoded, so those of a file that broke its decoder count.
        facts.provenance.extend(conflict(&facts.provenance, &facts.capture));
        Ok(facts)
    }

    /// Looks into a film, or a picture coded like one; `None` of other content, and where there is
    /// no decoder of films. A film has many frames, and is compared with others as they are: its
    /// signals are by the computation that vPDQ uses.
    pub fn film(
        &self,
        file: BorrowedFd<'_>,
        sniffed: Sniffed,
        of_pictures: &[PdqVariant],
    ) -> Option<FilmFacts> {
        let decoder = self.config.film.as_ref().filter(|_| is_by_ffmpeg(sniffed))?;
        let variants = if sniffed.kind == Kind::Film { &[PdqVariant::Full] } else { of_pictures };
        Some(film::film(&self.config.program, decoder, file, variants))
    }

    /// What a film says of its own making, and why its signature was not checked, where it should
    /// have been. Its pictures are not this request's business.
    pub fn film_statements(
        &mut self,
        file: BorrowedFd<'_>,
        size_bytes: u64,
    ) -> Result<(Vec<Provenance>, Option<Failure>), DecoderError> {
        let nothing_else =
            MediaRequest { statements: true, ..MediaRequest::signals_only(Vec::new()) };
        let facts = self.media(file, size_bytes, &nothing_else)?;
        Ok((facts.provenance, facts.unchecked))
    }

    /// Unpacks an archive into `sink`, which may break off at any event. What goes wrong with the
    /// archive or its worker stands in the summary; an error means that no worker could be started.
    pub fn unpack(
        &mut self,
        file: BorrowedFd<'_>,
        size_bytes: u64,
        request: &UnpackRequest,
        sink: &mut dyn FnMut(UnpackEvent<'_>) -> std::ops::ControlFlow<()>,
    ) -> Result<UnpackSummary, DecoderError> {
        let idle = self.config.unpack_idle_deadline;
        let mut progress = unpack::Progress::new(size_bytes, request.limits);
        let worker = self.worker()?;
        match unpack::exchange(worker, file, request, idle, &mut progress, sink) {
            Ok(unpack::End::Complete) => {}
            Ok(unpack::End::Stopped) => self.dismiss(),
            Err(why) => {
                let failure = self.bury(why);
                progress.fail_open_entry(&failure, sink);
                progress.summary.failure = Some(failure);
            }
        }
        Ok(progress.summary)
    }

    /// Lets a worker try what its fences forbid, and watches what happens. The worker is used up.
    pub fn fence_test(&mut self) -> Result<FenceTest, DecoderError> {
        let deadline = Instant::now() + self.config.start_deadline;
        let worker = self.worker()?;
        let said = fence_say(worker, deadline);
        let (open_refused, memory_capped) =
            said.map_or((false, false), |said| (said.open_refused, said.memory_capped));
        let socket_fatal = self.breaks_at_socket(deadline)?;
        Ok(FenceTest { open_refused, memory_capped, socket_fatal })
    }

    /// Lets the process of films try what its fences forbid; `None` where nothing decodes films.
    pub fn film_fence_test(&self) -> Option<FilmFenceTest> {
        self.config.film.as_ref().map(|film| film.fence_test(&self.config.program))
    }

    fn breaks_at_socket(&mut self, deadline: Instant) -> Result<bool, DecoderError> {
        let worker = self.worker()?;
        let reply = worker
            .send(FrameKind::FenceBreak, &[], &[], deadline)
            .and_then(|()| worker.receive(deadline).map(|_| ()));
        let Some((worker, _)) = self.running.take() else { return Err(NO_WORKER) };
        match reply {
            Err(Interruption::Gone) => Ok(worker.autopsy() == Death::BlockedCall),
            Ok(()) | Err(Interruption::Deadline | Interruption::Distrust(_)) => Ok(false),
        }
    }

    /// The worker, started where none is there or the last one is gone.
    fn worker(&mut self) -> Result<&mut Worker, DecoderError> {
        self.ensure()?;
        self.running.as_mut().map(|(worker, _)| worker).ok_or(NO_WORKER)
    }

    fn ensure(&mut self) -> Result<(), DecoderError> {
        // A worker that died between two requests did no harm to the file that comes next.
        if self.running.as_ref().is_some_and(|(worker, _)| worker.is_idle()) {
            return Ok(());
        }
        self.dismiss();
        let mut worker = Worker::start(&self.config.program).map_err(DecoderError::Start)?;
        let protection = hello(&mut worker, Instant::now() + self.config.start_deadline)?;
        self.running = Some((worker, protection));
        Ok(())
    }

    fn dismiss(&mut self) {
        if let Some((worker, _)) = self.running.take() {
            worker.kill();
        }
    }

    /// Ends a worker that failed a file, and says in plain words what happened.
    fn bury(&mut self, why: Interruption) -> tutela_core::Failure {
        let worker = self.running.take().map(|(worker, _)| worker);
        match (why, worker) {
            (Interruption::Gone, Some(worker)) => outcome::died(worker.autopsy()),
            (Interruption::Gone, None) => outcome::died(Death::Exit(-1)),
            (Interruption::Deadline, _) => outcome::too_slow(),
            (Interruption::Distrust(what), _) => outcome::not_believed(what),
        }
    }
}

const NO_WORKER: DecoderError = DecoderError::Silent("it was gone at once");

fn hello(worker: &mut Worker, deadline: Instant) -> Result<Protection, DecoderError> {
    match worker.receive(deadline) {
        Ok((FrameKind::Hello, payload)) => match parse::<Hello>(payload) {
            Ok(hello) if hello.version == WIRE_VERSION => Ok(hello.protection()),
            Ok(_) => Err(DecoderError::Silent("it is another version of this program")),
            Err(_) => Err(DecoderError::Silent("its first message has another form")),
        },
        Ok(_) => Err(DecoderError::Silent("its first message has another form")),
        Err(Interruption::Deadline) => Err(DecoderError::Silent("it took too long")),
        Err(Interruption::Gone) => Err(DecoderError::Silent("it ended before its first message")),
        Err(Interruption::Distrust(_)) => {
            Err(DecoderError::Silent("its first message has another form"))
        }
    }
}

fn fence_say(worker: &mut Worker, deadline: Instant) -> Option<FenceSay> {
    worker.send(FrameKind::FenceTest, &[], &[], deadline).ok()?;
    match worker.receive(deadline) {
        Ok((FrameKind::FenceDone, payload)) => parse(payload).ok(),
        Ok(_) | Err(_) => None,
    }
}
