//! One worker process as its parent sees it: started, talked to, ended, and asked why it died.

use std::io::{self, IoSlice, Read};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use rustix::process::Signal;

use super::WORKER_ARGUMENT;
use super::message::Distrust;
use super::wire::{CONTROL_BYTES, FrameKind, HEADER_BYTES, MAX_PAYLOAD_BYTES, frame, parse_header};

/// Time a worker that has closed its socket gets to end by itself, so that its own reason is seen.
const GRACE: Duration = Duration::from_secs(2);
/// Bytes of its last words that are read.
const MAX_LAST_WORDS: u64 = 4096;

/// Why an exchange with a worker ended early.
#[derive(Debug)]
pub(super) enum Interruption {
    /// Its time is over.
    Deadline,
    /// It hung up, or it was gone.
    Gone,
    /// It said something it must not say.
    Distrust(Distrust),
}

impl From<Distrust> for Interruption {
    fn from(what: Distrust) -> Self {
        Self::Distrust(what)
    }
}

impl From<io::Error> for Interruption {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Self::Deadline,
            _ => Self::Gone,
        }
    }
}

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// The kernel ended it for a system call outside its list.
    BlockedCall,
    /// It asked for more memory than it may have.
    OutOfMemory,
    /// Its stack was used up.
    StackOverflow,
    /// Another signal ended it.
    Signal(i32),
    /// It left by itself.
    Exit(i32),
}

/// A running worker. Dropping it ends it and leaves no zombie.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    socket: UnixStream,
    last_words: io::PipeReader,
    inbox: Inbox,
}

/// What came from a worker: several small frames in one read.
#[derive(Debug, Default)]
struct Inbox {
    bytes: Vec<u8>,
    /// Where the next frame begins, and where what was read ends.
    start: usize,
    end: usize,
}

/// Read at once. Larger frames are read by themselves.
const INBOX_BYTES: usize = 4096;

/// How a worker's C library takes memory: in huge pages, where it then stays for the next picture.
///
/// A photograph of 12 megapixels needs some 36 MB. Taken anew in pages of 4 KiB for each picture, it
/// costs a fifth of the time of decoding (`benches/peers/jpeg12mp`). Blocks above 64 MiB are given
/// back at once, and what is free at the end of the heap above 128 MiB.
const WORKER_MEMORY: &str = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=67108864:\
    glibc.malloc.trim_threshold=134217728:glibc.malloc.top_pad=8388608";

impl Worker {
    /// Starts `program` as a worker. It inherits its socket, its error pipe, and nothing else.
    pub(super) fn start(program: &Path) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        let (last_words, their_errors) = io::pipe()?;
        rustix::io::ioctl_fionbio(&last_words, true)?;
        let child = Command::new(program)
            .arg(WORKER_ARGUMENT)
            .env_clear()
            .env("GLIBC_TUNABLES", WORKER_MEMORY)
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::from(their_errors))
            // Ctrl-C at a terminal goes to every process of the group: it is for us, who end workers.
            .process_group(0)
            .spawn()?;
        Ok(Self { child, socket, last_words, inbox: Inbox::default() })
    }

    /// Process id.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether nothing is waiting from it: between requests an honest worker is silent.
    pub(super) fn is_idle(&self) -> bool {
        let mut polled = [PollFd::new(&self.socket, PollFlags::IN)];
        self.inbox.is_empty()
            && matches!(poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })), Ok(0))
    }

    /// Sends a request, with the files it is about where there are some.
    pub(super) fn send(
        &self,
        kind: FrameKind,
        payload: &[u8],
        files: &[BorrowedFd<'_>],
        deadline: Instant,
    ) -> Result<(), Interruption> {
        self.socket.set_write_timeout(Some(time_left(deadline)?))?;
        let bytes = frame(kind, payload)?;
        let mut space = [MaybeUninit::uninit(); CONTROL_BYTES];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !files.is_empty() {
            control.push(SendAncillaryMessage::ScmRights(files));
        }
        let sent = loop {
            match sendmsg(&self.socket, &[IoSlice::new(&bytes)], &mut control, send_flags()) {
                Ok(sent) => break sent,
                Err(Errno::INTR) => {}
                Err(error) => return Err(io::Error::from(error).into()),
            }
        };
        super::wire::write_all(&self.socket, &bytes[sent..])?;
        Ok(())
    }

    /// Waits for the next frame. The payload is valid until the next call.
    pub(super) fn receive(
        &mut self,
        deadline: Instant,
    ) -> Result<(FrameKind, &[u8]), Interruption> {
        let mut header = [0; HEADER_BYTES];
        header.copy_from_slice(self.inbox.peek(&self.socket, HEADER_BYTES, deadline)?);
        let (kind, length) = parse_header(header).ok_or("frame header")?;
        debug_assert!(length <= MAX_PAYLOAD_BYTES);
        let length = HEADER_BYTES + length;
        self.inbox.peek(&self.socket, length, deadline)?;
        Ok((kind, &self.inbox.take(length)[HEADER_BYTES..]))
    }

    /// Ends it now.
    pub(super) fn kill(mut self) {
        self.end();
    }

    /// Says how it ended; one that only hung up is ended after a moment.
    pub(super) fn autopsy(mut self) -> Death {
        let until = Instant::now() + GRACE;
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(2)),
                Ok(None) | Err(_) => break self.end(),
            }
        };
        let mut words = Vec::new();
        // The pipe does not block, so an error only says that there is nothing more.
        let _nothing_more = (&self.last_words).take(MAX_LAST_WORDS).read_to_end(&mut words);
        status.map_or(Death::Signal(Signal::KILL.as_raw()), |status| death(status, &words))
    }

    fn end(&mut self) -> Option<ExitStatus> {
        // Fails only where it is already gone, which `wait` then tells.
        let _already_gone = self.child.kill();
        self.child.wait().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

impl AsFd for Worker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// The runtime of the worker leaves a line behind where it gives up; only its kind is looked at.
fn death(status: ExitStatus, last_words: &[u8]) -> Death {
    let said = |words: &str| String::from_utf8_lossy(last_words).contains(words);
    match status.signal() {
        Some(signal) if signal == Signal::SYS.as_raw() => Death::BlockedCall,
        Some(_) if said("memory allocation of") => Death::OutOfMemory,
        Some(_) if said("overflowed its stack") => Death::StackOverflow,
        Some(signal) => Death::Signal(signal),
        None => Death::Exit(status.code().unwrap_or(-1)),
    }
}

/// A worker that is gone must not end this process by SIGPIPE.
fn send_flags() -> SendFlags {
    #[cfg(not(target_vendor = "apple"))]
    return SendFlags::NOSIGNAL;
    #[cfg(target_vendor = "apple")]
    return SendFlags::empty();
}

fn time_left(deadline: Instant) -> Result<Duration, Interruption> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(Interruption::Deadline) } else { Ok(left) }
}

impl Inbox {
    fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The next bytes, read as far as they are not there yet.
    fn peek(
        &mut self,
        mut socket: &UnixStream,
        length: usize,
        deadline: Instant,
    ) -> Result<&[u8], Interruption> {
        if self.end - self.start < length {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            let room = length.max(INBOX_BYTES);
            if self.bytes.len() < room {
                self.bytes.resize(room, 0);
            }
            while self.end < length {
                socket.set_read_timeout(Some(time_left(deadline)?))?;
                match socket.read(&mut self.bytes[self.end..room]) {
                    Ok(0) => return Err(Interruption::Gone),
                    Ok(read) => self.end += read,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(&self.bytes[self.start..][..length])
    }

    /// Takes what was peeked at.
    fn take(&mut self, length: usize) -> &[u8] {
        let start = self.start;
        self.start += length;
        &self.bytes[start..][..length]
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;
    use std::time::{Duration, Instant};

    use super::{Death, INBOX_BYTES, Inbox, death};

    #[test]
    fn frames_come_in_order_however_they_are_cut() {
        for cut in [1, 7, INBOX_BYTES - 1, 3 * INBOX_BYTES] {
            let sent: Vec<u8> = (0..40_000_u32).map(|i| ((i * i) >> 7) as u8).collect();
            let (ours, mut theirs) = UnixStream::pair().unwrap();
            let given = sent.clone();
            let writer = std::thread::spawn(move || {
                given.chunks(cut).for_each(|piece| theirs.write_all(piece).unwrap());
            });
            let mut inbox = Inbox::default();
            let deadline = Instant::now() + Duration::from_secs(60);
            let (mut at, mut length) = (0, 1);
            while at + length <= sent.len() {
                assert_eq!(inbox.peek(&ours, length, deadline).unwrap(), &sent[at..][..length]);
                assert_eq!(inbox.take(length), &sent[at..][..length]);
                at += length;
                length = length * 5 % 9_973;
            }
            assert!(inbox.peek(&ours, sent.len() - at + 1, deadline).is_err());
            writer.join().unwrap();
            assert_eq!(inbox.is_empty(), at == sent.len());
        }
    }

    #[test]
    fn a_death_is_told_by_signal_and_last_words() {
        let memory = b"memory allocation of 4294967296 bytes failed\n";
        let stack = b"\nthread 'main' has overflowed its stack\n";
        let cases: [(i32, &[u8], Death); 5] = [
            (31, b"", Death::BlockedCall),
            (6, memory, Death::OutOfMemory),
            (6, stack, Death::StackOverflow),
            (11, b"", Death::Signal(11)),
            (3 << 8, b"", Death::Exit(3)),
        ];
        for (raw, words, expected) in cases {
            assert_eq!(death(ExitStatus::from_raw(raw), words), expected);
        }
    }
}
