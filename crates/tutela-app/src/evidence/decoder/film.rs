//! Films: `ffmpeg` in a fenced process of its own gives frames as raw pixels; the signals are made here.
//!
//! Raw pixels are no format: a width, a height and as many bytes as they ask for. Everything else
//! that the process says is numbers, checked like the worker's. The film itself is never read here.

mod launch;
mod pixmap;
mod told;

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tutela_core::{Failure, PdqVariant};
use tutela_match::content::Pixels;
use tutela_match::signals::{FrameSignal, PdqSignals, pdq};

use self::pixmap::Pixmaps;
use self::told::Told;
use super::facts::FilmFenceTest;
use super::limits::{MAX_FILM_FRAMES, MAX_FILM_MEMORY_BYTES, MAX_FILM_PIXELS};
pub use launch::run as run_film;

/// First argument of the program when it is started to become `ffmpeg`. Nobody types it.
pub const FILM_ARGUMENT: &str = "__film";

/// Containers that are opened: those that hold a film, and none that names other files.
const CONTAINERS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,live_flv,\
    asf,ogg,rm,h264,hevc,m4v,ivf,dv,mxf,amv,nsv,wtv,swf";
/// Decoders of pictures that are opened. Sound and subtitles are not.
const DECODERS: &str = "h264,hevc,av1,libdav1d,libaom-av1,vp8,vp9,libvpx,libvpx-vp9,vp6,vp6a,vp6f,mpeg4,\
    msmpeg4,msmpeg4v1,msmpeg4v2,mpeg1video,mpeg2video,mpegvideo,h261,h263,h263p,mjpeg,mjpegb,wmv1,wmv2,\
    wmv3,vc1,flv,theora,prores,dnxhd,dvvideo,rv10,rv20,rv30,rv40,svq1,svq3,cinepak,indeo3,indeo5,msvideo1,\
    rawvideo,ffv1,huffyuv,png,amv";
/// The first frame, then those a second or more after the last one, each with its time on the error pipe.
const PICK: &str = "select='isnan(prev_selected_t)+gte(t-prev_selected_t,1)',showinfo=checksum=0";
/// Bytes read at once.
const READ_BYTES: usize = 256 * 1024;
/// Time for `ffmpeg` to say its version, and for its fences to be tried.
const VERSION_DEADLINE: Duration = Duration::from_secs(10);

/// How films are decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilmDecoder {
    /// Where `ffmpeg` is.
    pub ffmpeg: PathBuf,
    /// What it calls its version.
    pub version: String,
    /// Time for one film. What was seen until then stands.
    pub deadline: Duration,
    /// Whether everything is decoded and a frame taken each second, rather than key frames alone.
    pub every_second: bool,
}

impl FilmDecoder {
    /// The `ffmpeg` at a path, where it starts behind its fences and says its version.
    pub fn find(
        program: &Path,
        ffmpeg: PathBuf,
        deadline: Duration,
        every_second: bool,
    ) -> Option<Self> {
        let null = std::fs::File::open("/dev/null").ok()?;
        let mut process =
            Process::start(program, &ffmpeg, &["-version"], deadline, null.into()).ok()?;
        let mut said = Vec::new();
        process.read_all(Instant::now() + VERSION_DEADLINE, &mut |from, bytes| {
            if from == Pipe::Out && said.len() < 4096 {
                said.extend_from_slice(bytes);
            }
            true
        });
        let version = told::version(&said)?;
        Some(Self { ffmpeg, version, deadline, every_second })
    }

    /// Lets a process behind the fences of films try what they forbid. Where it cannot be started,
    /// nothing counts as refused.
    pub(super) fn fence_test(&self, program: &Path) -> FilmFenceTest {
        let until = Instant::now() + VERSION_DEADLINE;
        let process = std::fs::File::open("/dev/null").and_then(|null| {
            let arguments = [launch::TRY_FENCES];
            Process::start(program, &self.ffmpeg, &arguments, self.deadline, null.into())
        });
        let end = process.map(|mut process| process.read_all(until, &mut |_, _| true));
        match end {
            Ok(End::Exit(status)) => launch::refusals(status.code()),
            Ok(End::Deadline | End::Stopped | End::Lost) | Err(_) => launch::refusals(None),
        }
    }
}

/// What was found out about a film.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilmFacts {
    /// Width and height of the first frame.
    pub size: Option<(u32, u32)>,
    /// Frames in their order.
    pub frames: Vec<FilmFrame>,
    /// Running time, as the film states it.
    pub duration_ms: Option<u64>,
    /// There is more than was looked at: the film is longer than the limit.
    pub more: bool,
    /// What went wrong; frames that came before stand.
    pub failure: Option<Failure>,
}

impl FilmFacts {
    /// Its frames as vPDQ compares them: by the computation made first, each with its time. A frame
    /// without a time has that of the one before.
    pub fn frame_signals(&self) -> Vec<FrameSignal> {
        let mut at_ms = 0;
        let signal = |frame: &FilmFrame| {
            at_ms = frame.at_ms.unwrap_or(at_ms);
            let signals = frame.signals.first()?;
            Some(FrameSignal { pdq: signals.original(), quality: signals.quality, at_ms })
        };
        self.frames.iter().filter_map(signal).collect()
    }
}

/// One frame of a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilmFrame {
    /// When it appears, as the film states it.
    pub at_ms: Option<u64>,
    /// Its signals, one a variant asked for.
    pub signals: Vec<PdqSignals>,
}

/// Decodes a film, or a picture in the container of one. `program` is this one: it raises the fences
/// and becomes `ffmpeg`.
pub(super) fn film(
    program: &Path,
    decoder: &FilmDecoder,
    file: BorrowedFd<'_>,
    variants: &[PdqVariant],
) -> FilmFacts {
    let mut facts = FilmFacts::default();
    let deadline = Instant::now() + decoder.deadline;
    let started = file.try_clone_to_owned().and_then(|file| {
        let arguments = arguments(decoder.every_second);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Process::start(program, &decoder.ffmpeg, &arguments, decoder.deadline, file)
    });
    let Ok(mut process) = started else {
        facts.failure = failure("decode.no_video_decoder", "ffmpeg could not be started");
        return facts;
    };
    let (mut pixmaps, mut told, mut signals) = (Pixmaps::new(), Told::default(), Vec::new());
    let mut wrong_form = false;
    let end = process.read_all(deadline, &mut |from, bytes| match from {
        Pipe::Error => {
            told.take(bytes);
            true
        }
        Pipe::Out => {
            let taken = pixmaps.take(bytes, &mut |pixels: &Pixels| {
                facts.size.get_or_insert((pixels.width(), pixels.height()));
                signals.push(variants.iter().map(|variant| pdq(pixels, *variant)).collect());
            });
            wrong_form = taken.is_err();
            !wrong_form && signals.len() <= MAX_FILM_FRAMES
        }
    });
    facts.more = signals.len() > MAX_FILM_FRAMES;
    signals.truncate(MAX_FILM_FRAMES);
    facts.duration_ms = told.duration_ms();
    let frame = |(number, signals)| FilmFrame { at_ms: told.time_of(number), signals };
    facts.frames = signals.into_iter().enumerate().map(frame).collect();
    facts.failure = if wrong_form {
        failure("decode.bad_reply", "ffmpeg gave something else than frames")
    } else if facts.more {
        None
    } else {
        end_failure(end, facts.frames.is_empty(), &told)
    };
    facts
}

fn arguments(every_second: bool) -> Vec<String> {
    let max_alloc = (MAX_FILM_MEMORY_BYTES / 2).to_string();
    let max_pixels = MAX_FILM_PIXELS.to_string();
    let frames = (MAX_FILM_FRAMES + 1).to_string();
    let mut arguments = vec!["-nostdin", "-hide_banner", "-nostats", "-loglevel", "info"];
    arguments.extend(["-max_alloc", &max_alloc, "-protocol_whitelist", "file,pipe"]);
    arguments.extend(["-format_whitelist", CONTAINERS, "-codec_whitelist", DECODERS]);
    arguments.extend(["-max_pixels", &max_pixels, "-threads", "1", "-noautorotate"]);
    if !every_second {
        arguments.extend(["-skip_frame", "nokey"]);
    }
    arguments.extend(["-i", "/proc/self/fd/0", "-map", "0:v:0", "-an", "-sn", "-dn"]);
    arguments.extend(["-vf", PICK, "-fps_mode", "passthrough", "-frames:v", &frames]);
    arguments.extend(["-threads", "1", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24"]);
    arguments.push("pipe:1");
    arguments.into_iter().map(str::to_owned).collect()
}

/// How a process came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// By itself.
    Exit(ExitStatus),
    /// Its time was over.
    Deadline,
    /// The reader wanted no more.
    Stopped,
    /// Nobody knows.
    Lost,
}

fn end_failure(end: End, nothing: bool, told: &Told) -> Option<Failure> {
    match end {
        End::Exit(status) if status.success() && !nothing => None,
        End::Exit(status) if status.code() == Some(launch::NOT_STARTED) => {
            failure("decode.no_video_decoder", "ffmpeg could not be started")
        }
        End::Exit(status) if status.code() == Some(launch::NOT_FENCED) => {
            failure("decode.no_video_decoder", "ffmpeg could not be fenced in")
        }
        End::Exit(status) if status.code().is_none() => {
            failure("decode.crashed", "ffmpeg ended while it worked on the film")
        }
        End::Exit(_) if told.no_picture() => None,
        End::Exit(_) if told.no_memory() => {
            failure("decode.out_of_memory", "decoding the film needs more memory than it may take")
        }
        End::Exit(_) if told.not_listed() => {
            failure("decode.unsupported", "films of this container or codec are not decoded")
        }
        End::Exit(_) if nothing => failure("decode.malformed", "no frame could be decoded"),
        End::Exit(_) => failure("decode.truncated", "the film could not be decoded to its end"),
        End::Deadline => failure("decode.deadline", "ffmpeg was ended because it took too long"),
        End::Stopped | End::Lost => failure("decode.crashed", "ffmpeg was lost"),
    }
}

fn failure(code: &str, message: &str) -> Option<Failure> {
    Some(Failure { code: code.to_owned(), message: message.to_owned() })
}

/// Which pipe something came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pipe {
    Out,
    Error,
}

/// A running `ffmpeg`. Dropping it ends it and leaves no zombie.
struct Process {
    child: Child,
    out: Option<io::PipeReader>,
    error: Option<io::PipeReader>,
}

impl Process {
    fn start(
        program: &Path,
        ffmpeg: &Path,
        arguments: &[&str],
        deadline: Duration,
        film: OwnedFd,
    ) -> io::Result<Self> {
        let ((out, their_out), (error, their_error)) = (io::pipe()?, io::pipe()?);
        let child = Command::new(program)
            .args([FILM_ARGUMENT, &deadline.as_secs().to_string()])
            .arg(ffmpeg)
            .args(arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(film))
            .stdout(Stdio::from(their_out))
            .stderr(Stdio::from(their_error))
            .spawn()?;
        Ok(Self { child, out: Some(out), error: Some(error) })
    }

    /// Reads both pipes as they fill, until they end, time is over, or `take` wants no more.
    fn read_all(&mut self, until: Instant, take: &mut dyn FnMut(Pipe, &[u8]) -> bool) -> End {
        let mut buffer = vec![0; READ_BYTES];
        while self.out.is_some() || self.error.is_some() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return self.end(End::Deadline);
            }
            let Some(ready) = self.wait(left) else { continue };
            let pipe = if ready == Pipe::Out { &mut self.out } else { &mut self.error };
            let Some(open) = pipe.as_ref() else { continue };
            match rustix::io::read(open, &mut buffer) {
                Ok(0) => *pipe = None,
                Ok(read) => {
                    if !take(ready, &buffer[..read]) {
                        return self.end(End::Stopped);
                    }
                }
                Err(Errno::INTR) => {}
                Err(_) => *pipe = None,
            }
        }
        // Both pipes are closed: it has ended or has nothing more to say, and it is not waited for.
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return End::Exit(status),
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(2)),
                Ok(None) => return self.end(End::Deadline),
                Err(_) => return self.end(End::Lost),
            }
        }
    }

    /// Which pipe can be read, errors first: their lines say what the pixels are.
    fn wait(&self, left: Duration) -> Option<Pipe> {
        let open = [(Pipe::Error, &self.error), (Pipe::Out, &self.out)];
        let open: Vec<(Pipe, &io::PipeReader)> =
            open.into_iter().filter_map(|(name, pipe)| Some((name, pipe.as_ref()?))).collect();
        let mut polled: Vec<PollFd<'_>> =
            open.iter().map(|(_, pipe)| PollFd::new(*pipe, PollFlags::IN)).collect();
        let time = Timespec { tv_sec: i64::try_from(left.as_secs()).ok()?, tv_nsec: 1_000_000 };
        poll(&mut polled, Some(&time)).ok()?;
        let ready = polled.iter().position(|polled| !polled.revents().is_empty())?;
        open.get(ready).map(|(name, _)| *name)
    }

    fn end(&mut self, why: End) -> End {
        // Fails only where it is already gone.
        let _already_gone = self.child.kill();
        let _no_zombie = self.child.wait();
        why
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end(End::Stopped);
    }
}
