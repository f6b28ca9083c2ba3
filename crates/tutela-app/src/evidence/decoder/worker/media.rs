//! Answers a media request: type and capture data first, then what decoding brings.

use std::io;
use std::os::fd::OwnedFd;

use tutela_core::{CaptureData, Coded};
use tutela_match::content::{
    self, Kind, Limits, MAX_FILE_BYTES, Pixels, SNIFF_BYTES, Sniffed, decode, sniff,
};
use tutela_match::signals::{PdqSignals, pdq};

use super::source::read_start;
use super::{Socket, guarded, parts, provenance};
use crate::evidence::decoder::message::print;
use crate::evidence::decoder::message::{FailureSay, MediaAsk, MediaSay, SignalsSay, SniffedSay};
use crate::evidence::decoder::wire::FrameKind;

/// Looks at a file and says what it found. An error means that the parent is gone.
pub(super) fn answer(socket: &Socket, ask: &MediaAsk, file: &OwnedFd) -> io::Result<()> {
    let whole = ask.size_bytes.min(MAX_FILE_BYTES);
    let head = read_start(file, whole.min(SNIFF_BYTES as u64));
    let sniffed =
        head.as_deref().map_or(UNKNOWN, |head| guarded(|| sniff(head)).unwrap_or(UNKNOWN));
    let has_capture = has_capture(sniffed);
    let bytes = if has_capture { read_start(file, whole) } else { head };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            say_sniffed(socket, ask, sniffed, CaptureData::default())?;
            socket.send(FrameKind::MediaDone, &print(&failed(unread(&error))))?;
            return parts::none(socket, ask);
        }
    };
    let capture =
        if has_capture && ask.statements { guarded(|| content::capture(&bytes)) } else { None };
    say_sniffed(socket, ask, sniffed, capture.unwrap_or_default())?;
    if ask.statements {
        provenance::say(socket, ask, sniffed, &bytes, file)?;
    }
    let (said, looked) = match sniffed.kind {
        Kind::Picture(_) if ask.size_bytes > MAX_FILE_BYTES => {
            let message =
                format!("the file is larger than the {MAX_FILE_BYTES} bytes that are decoded");
            (failed(FailureSay::new("decode.file_too_large", message)), None)
        }
        Kind::Picture(_) => look(socket, ask, &bytes)?,
        Kind::Archive(_) | Kind::Film | Kind::Other => {
            (MediaSay { failure: undecoded(sniffed.mime), ..MediaSay::default() }, None)
        }
    };
    socket.send(FrameKind::MediaDone, &print(&said))?;
    match sniffed.kind {
        Kind::Picture(_) if ask.size_bytes <= MAX_FILE_BYTES => {
            parts::answer(socket, ask, &bytes, looked)
        }
        _ => parts::none(socket, ask),
    }
}

/// Pictures, and the formats that are not decoded whose capture data can still be read.
fn has_capture(sniffed: Sniffed) -> bool {
    match sniffed.kind {
        Kind::Picture(_) => true,
        Kind::Archive(_) | Kind::Film | Kind::Other => sniffed.mime == "image/avif",
    }
}

const UNKNOWN: Sniffed = Sniffed { mime: "application/octet-stream", kind: Kind::Other };

/// At once where statements are wanted, as they count even where decoding ends the worker.
fn say_sniffed(
    socket: &Socket,
    ask: &MediaAsk,
    sniffed: Sniffed,
    capture: CaptureData,
) -> io::Result<()> {
    let CaptureData { make, model, serial, lens_serial, taken_at, software, place } = capture;
    let Sniffed { mime, kind } = sniffed;
    let (mime, kind) = (mime.to_owned(), kind.as_str().to_owned());
    let place_udeg = place.map(|place| [place.latitude_udeg, place.longitude_udeg]);
    let said =
        SniffedSay { mime, kind, make, model, serial, lens_serial, taken_at, software, place_udeg };
    let said = print(&said);
    if ask.statements {
        socket.send(FrameKind::Sniffed, &said)
    } else {
        socket.hold(FrameKind::Sniffed, &said)
    }
}

/// What is kept of a decoded picture for its parts to be compared with.
pub(super) struct Looked {
    pub(super) pixels: Pixels,
    pub(super) signals: Vec<PdqSignals>,
}

/// Decodes a picture and makes what was asked for.
fn look(socket: &Socket, ask: &MediaAsk, bytes: &[u8]) -> io::Result<(MediaSay, Option<Looked>)> {
    let Some(decoded) = guarded(|| decode(bytes, &Limits::default())) else {
        return Ok((failed(panicked()), None));
    };
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(error) => {
            let size = guarded(|| content::dimensions(bytes)).flatten();
            let said = MediaSay {
                width: size.map(|(width, _)| width),
                height: size.map(|(_, height)| height),
                failure: Some(FailureSay::new(error.code(), &error)),
                ..MediaSay::default()
            };
            return Ok((said, None));
        }
    };
    let mut said = MediaSay {
        width: Some(decoded.width),
        height: Some(decoded.height),
        frames: Some(decoded.frames_seen),
        ..MediaSay::default()
    };
    if ask.thumbnail
        && let Some(thumbnail) = guarded(|| content::thumbnail(&decoded.pixels))
        && !thumbnail.is_empty()
    {
        socket.send(FrameKind::Thumbnail, &thumbnail)?;
    }
    let Some(signals) = guarded(|| signals(ask, &decoded.pixels)) else {
        said.failure = Some(panicked());
        return Ok((said, None));
    };
    said.signals = signals.iter().map(SignalsSay::new).collect();
    Ok((said, Some(Looked { pixels: decoded.pixels, signals })))
}

/// The signals of a picture by every computation that was asked for.
pub(super) fn signals(ask: &MediaAsk, pixels: &Pixels) -> Vec<PdqSignals> {
    ask.variants().map(|variant| pdq(pixels, variant)).collect()
}

/// Pictures and films of other formats are worth a word; text and programs are not.
fn undecoded(mime: &str) -> Option<FailureSay> {
    let is_visual = mime.starts_with("image/") || mime.starts_with("video/");
    is_visual.then(|| {
        FailureSay::new("decode.unsupported", format!("files of type {mime} are not decoded"))
    })
}

fn failed(failure: FailureSay) -> MediaSay {
    MediaSay { failure: Some(failure), ..MediaSay::default() }
}

fn panicked() -> FailureSay {
    FailureSay::new("decode.panicked", "the decoder gave up in an unforeseen state")
}

fn unread(error: &io::Error) -> FailureSay {
    if error.kind() == io::ErrorKind::OutOfMemory {
        return FailureSay::new("decode.out_of_memory", "the file does not fit into memory");
    }
    FailureSay::new("decode.unreadable", "the file could not be read")
}
