//! Answers an unpack request: entries and their content, in the archive's order.

mod disk;
mod ewf;
mod gzip;
mod label;
mod medium;
mod numbers;
mod output;
mod report;
mod seven;
mod tape;
mod zipped;

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use tutela_match::content::{ArchiveFormat, Kind};

use self::output::{Output, Stop};
use super::source::Source;
use super::{Socket, guarded};
use crate::evidence::decoder::message::{FailureSay, UnpackAsk};

/// Unpacks a file and says what comes out. An error means that the parent is gone.
pub(super) fn answer(
    socket: &Socket,
    ask: &UnpackAsk,
    file: OwnedFd,
    segments: Vec<OwnedFd>,
) -> io::Result<()> {
    let source = Source::new(file, ask.size_bytes);
    let mut output = Output::new(socket, ask.total_bytes, ask.limits());
    let ended = guarded(|| match Kind::from_name(&ask.format) {
        Some(Kind::Archive(ArchiveFormat::Zip)) => zipped::unpack(&source, &mut output),
        Some(Kind::Archive(ArchiveFormat::Tar)) => tape::unpack(source, &mut output),
        Some(Kind::Archive(ArchiveFormat::Gzip)) => gzip::unpack(source, &ask.name, &mut output),
        Some(Kind::Archive(ArchiveFormat::Disk)) => {
            output.medium(ask.size_bytes);
            disk::unpack(Rc::new(source), &mut output)
        }
        Some(Kind::Archive(ArchiveFormat::Ewf)) => {
            let others = segments.into_iter().filter_map(|file| Source::whole(file).ok());
            ewf::unpack(std::iter::once(source).chain(others).collect(), &mut output)
        }
        Some(Kind::Archive(ArchiveFormat::SevenZip)) => seven::unpack(source, &mut output),
        Some(Kind::Picture(_) | Kind::Film | Kind::Other) | None => Err(Stop::Archive(
            FailureSay::new("archive.unsupported", "archives of this format are not opened"),
        )),
    });
    match ended {
        Some(Ok(())) => output.done(None),
        Some(Err(Stop::Archive(failure) | Stop::Volume(failure))) => output.done(Some(failure)),
        Some(Err(Stop::ParentGone(error))) => Err(error),
        None => output.done(Some(panicked())),
    }
}

fn panicked() -> FailureSay {
    FailureSay::new("archive.panicked", "the unpacker gave up in an unforeseen state")
}

/// What is to be said of an error, on its way through the readers of others.
#[derive(Debug)]
struct Refusal(FailureSay);

impl fmt::Display for Refusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0.message)
    }
}

impl std::error::Error for Refusal {}

/// Why reading from an archive failed, in codes that stay.
fn failure(error: &io::Error) -> FailureSay {
    if let Some(Refusal(said)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return FailureSay::new(&said.code, &said.message);
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => truncated(),
        io::ErrorKind::QuotaExceeded => too_large(),
        io::ErrorKind::Unsupported => unsupported_method(),
        io::ErrorKind::OutOfMemory => {
            FailureSay::new("archive.out_of_memory", "unpacking needs more memory than it may take")
        }
        _ => FailureSay::new("archive.malformed", "the archive breaks its format"),
    }
}

fn truncated() -> FailureSay {
    FailureSay::new("archive.truncated", "the archive ends too early")
}

fn too_large() -> FailureSay {
    FailureSay::new("archive.too_large", "more comes out of the archive than is unpacked")
}

fn unsupported_method() -> FailureSay {
    let message = "the entry is compressed by a method that is not unpacked";
    FailureSay::new("archive.unsupported_method", message)
}
