//! The side that decodes: raises its fences, says so, then answers one request after the other.

mod media;
mod parts;
mod provenance;
mod source;
mod unpack;

use std::cell::RefCell;
use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use rustix::io::Errno;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};

use super::fence;
use super::limits::MAX_SEGMENTS;
use super::message::{FenceSay, Hello, parse, print};
use super::wire::{
    CONTROL_BYTES, FrameKind, HEADER_BYTES, WIRE_VERSION, frame, parse_header, write_all,
};

/// Runs as a worker until the parent hangs up. Its standard input is the socket to the parent.
///
/// Call it first in `main`, before a thread starts or a file is opened: what is open stays open.
pub fn run() -> ExitCode {
    // What a panic would print could quote evidence; the reply says that there was one.
    std::panic::set_hook(Box::new(|_| {}));
    let Ok(socket) = rustix::stdio::stdin().try_clone_to_owned() else {
        return ExitCode::FAILURE;
    };
    let socket = Socket { stream: socket, held: RefCell::default() };
    // The HEIC decoder divides its work with rayon. A worker may start no thread, so the pool is
    // this one; where that fails, the first HEIC ends the worker.
    let _only_this_thread =
        rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    let protection = fence::raise();
    let hello = print(&Hello::new(WIRE_VERSION, protection));
    let served = socket.send(FrameKind::Hello, &hello).and_then(|()| serve(&socket));
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn serve(socket: &Socket) -> io::Result<()> {
    // Files that belong to the next request.
    let mut segments = Vec::new();
    while let Some((kind, payload, mut files)) = socket.receive()? {
        let file = if files.len() == 1 { files.pop() } else { None };
        match (kind, file) {
            (FrameKind::Segments, file) if segments.len() < MAX_SEGMENTS => {
                segments.extend(file.into_iter().chain(files));
                socket.send(FrameKind::SegmentsTaken, &[])?;
            }
            (FrameKind::Media, Some(file)) => media::answer(socket, &read(&payload)?, &file)?,
            (FrameKind::Unpack, Some(file)) => {
                let segments = std::mem::take(&mut segments);
                unpack::answer(socket, &read(&payload)?, file, segments)?;
            }
            (FrameKind::FenceTest, _) => {
                let open_refused = fence::try_open();
                let memory_capped = fence::try_memory();
                let said = FenceSay { open_refused, memory_capped };
                socket.send(FrameKind::FenceDone, &print(&said))?;
            }
            (FrameKind::FenceBreak, _) => {
                fence::try_socket();
                socket.send(FrameKind::FenceDone, &[])?;
            }
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(payload: &[u8]) -> io::Result<T> {
    parse(payload).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Runs code of others' making; a panic of theirs becomes `None`.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// The worker's end of the socket.
struct Socket {
    stream: OwnedFd,
    /// What goes out with the next frame.
    held: RefCell<Vec<u8>>,
}

/// A request: its kind, its payload, and the files it is about.
type Request = (FrameKind, Vec<u8>, Vec<OwnedFd>);

impl Socket {
    fn send(&self, kind: FrameKind, payload: &[u8]) -> io::Result<()> {
        let mut bytes = self.held.take();
        bytes.extend(frame(kind, payload)?);
        write_all(&self.stream, &bytes)
    }

    /// Says it together with what comes next, which spares both sides a turn.
    fn hold(&self, kind: FrameKind, payload: &[u8]) -> io::Result<()> {
        self.held.borrow_mut().extend(frame(kind, payload)?);
        Ok(())
    }

    /// The next request; `None` once the parent has hung up.
    fn receive(&self) -> io::Result<Option<Request>> {
        let mut header = [0; HEADER_BYTES];
        let mut files = Vec::new();
        let mut filled = 0;
        while filled < HEADER_BYTES {
            match self.receive_some(&mut header[filled..], &mut files)? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => filled += read,
            }
        }
        let (kind, length) = parse_header(header).ok_or(io::ErrorKind::InvalidData)?;
        let mut payload = vec![0; length];
        let mut filled = 0;
        while filled < length {
            match self.receive_some(&mut payload[filled..], &mut files)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => filled += read,
            }
        }
        Ok(Some((kind, payload, files)))
    }

    fn receive_some(&self, buffer: &mut [u8], into: &mut Vec<OwnedFd>) -> io::Result<usize> {
        let mut space = [MaybeUninit::uninit(); CONTROL_BYTES];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let received = loop {
            let mut parts = [IoSliceMut::new(buffer)];
            match recvmsg(&self.stream, &mut parts, &mut control, RecvFlags::empty()) {
                Ok(received) => break received,
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        };
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(files) = message {
                into.extend(files);
            }
        }
        Ok(received.bytes)
    }
}
