//! What leaves the worker while it unpacks, counted against the limits before it is sent.

use std::io::{self, Read};

use super::label::label;
use super::{failure, too_large};
use crate::evidence::decoder::facts::EntryKind;
use crate::evidence::decoder::limits::{MAX_DATA_BYTES, MAX_NOTES, UnpackLimits, WORKING_BYTES};
use crate::evidence::decoder::message::{EntrySay, FailureSay, UFDR, UnpackSay, print};
use crate::evidence::decoder::wire::FrameKind;
use crate::evidence::decoder::worker::Socket;

/// Why unpacking stops as a whole.
pub(super) enum Stop {
    /// The archive, or a limit, allows nothing more.
    Archive(FailureSay),
    /// One volume of a disk cannot be read; others may be.
    Volume(FailureSay),
    /// Nobody listens.
    ParentGone(io::Error),
}

impl From<FailureSay> for Stop {
    fn from(failure: FailureSay) -> Self {
        Self::Archive(failure)
    }
}

/// An entry about to begin.
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) declared_bytes: Option<u64>,
    pub(super) modified_s: Option<i64>,
    pub(super) modified_local: Option<String>,
    pub(super) kind: EntryKind,
    /// What a report of the device says of it.
    pub(super) listed: Option<Listed>,
}

/// What a report of a device says of one of its files.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Where it stood on the device.
    pub(super) path: Option<String>,
    pub(super) size_bytes: Option<u64>,
    pub(super) md5: Option<String>,
    pub(super) modified_s: Option<i64>,
}

/// The way out, with its counters.
pub(super) struct Output<'a> {
    socket: &'a Socket,
    archive_bytes: u64,
    limits: UnpackLimits,
    entries: u64,
    bytes: u64,
    open: bool,
    buffer: Vec<u8>,
    notes: Vec<FailureSay>,
    mime: Option<&'static str>,
    /// Bytes of the disk that an image is of.
    medium_bytes: Option<u64>,
    /// Evidence read in silence since the last message, and how often that was said.
    silent_bytes: u64,
    spoken: u64,
}

impl<'a> Output<'a> {
    pub(super) fn new(socket: &'a Socket, archive_bytes: u64, limits: UnpackLimits) -> Self {
        let buffer = vec![0; MAX_DATA_BYTES];
        Self {
            socket,
            archive_bytes,
            limits,
            entries: 0,
            bytes: 0,
            open: false,
            buffer,
            notes: Vec::new(),
            mime: None,
            medium_bytes: None,
            silent_bytes: 0,
            spoken: 0,
        }
    }

    /// Says how large the disk is that an image is of: no file on it holds more, but for holes.
    pub(super) fn medium(&mut self, size_bytes: u64) {
        self.medium_bytes = Some(size_bytes);
    }

    /// Whether a file of this size can be what it says.
    pub(super) fn admits(&self, size_bytes: u64) -> Result<(), FailureSay> {
        if self.medium_bytes.is_none_or(|medium| size_bytes <= medium) {
            return Ok(());
        }
        let message = "the file is larger than the whole disk, so mostly holes; it is not read";
        Err(FailureSay::new("archive.larger_than_disk", message))
    }

    /// States something of the archive as a whole.
    pub(super) fn note(&mut self, code: &str, message: impl ToString) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(FailureSay::new(code, message));
        }
    }

    /// Says now and then that work goes on, where much is read and nothing comes out.
    pub(super) fn working(&mut self, bytes: u64) -> Result<(), Stop> {
        self.silent_bytes += bytes;
        if self.silent_bytes < WORKING_BYTES {
            return Ok(());
        }
        self.silent_bytes = 0;
        self.spoken += 1;
        self.send(FrameKind::Working, &self.spoken.to_le_bytes())
    }

    /// Bytes that may come out in all, by size and by ratio.
    pub(super) fn allowance(&self) -> u64 {
        let by_ratio = self.archive_bytes.saturating_mul(self.limits.max_ratio);
        self.limits.max_bytes.min(by_ratio.max(self.limits.ratio_floor_bytes))
    }

    /// Entries that may come out in all.
    pub(super) fn max_entries(&self) -> u64 {
        self.limits.max_entries
    }

    pub(super) fn start(&mut self, entry: Entry) -> Result<(), Stop> {
        if self.entries >= self.limits.max_entries {
            let message = "the archive has more entries than are unpacked";
            return Err(FailureSay::new("archive.too_many_entries", message).into());
        }
        let Entry { path, declared_bytes, modified_s, modified_local, kind, listed } = entry;
        let listed = listed.unwrap_or_default();
        let (index, kind) = (self.entries, kind.as_str().to_owned());
        let said = EntrySay {
            index,
            path,
            declared_bytes,
            modified_s: listed.modified_s.or(modified_s),
            modified_local,
            kind,
            device_path: listed.path,
            reported_md5: listed.md5,
        };
        self.entries += 1;
        self.open = true;
        self.send(FrameKind::EntryStart, &print(&said))
    }

    /// Sends everything that comes out of `content`. A failure to read is the entry's, and is
    /// handed back; a limit ends the archive.
    pub(super) fn content(
        &mut self,
        content: &mut dyn Read,
        mut seen: impl FnMut(&[u8]),
    ) -> Result<Result<u64, FailureSay>, Stop> {
        let mut sent = 0;
        // The buffer is taken out for the time of the loop, as sending needs the rest of `self`.
        let mut buffer = std::mem::take(&mut self.buffer);
        // Where a panic ended the last loop, the buffer is gone.
        buffer.resize(MAX_DATA_BYTES, 0);
        let ended = loop {
            match content.read(&mut buffer) {
                Ok(0) => break Ok(Ok(sent)),
                Ok(read) => {
                    seen(&buffer[..read]);
                    sent += read as u64;
                    if let Err(stop) = self.data(&buffer[..read]) {
                        break Err(stop);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Ok(Err(failure(&error))),
            }
        };
        self.buffer = buffer;
        ended
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let total = self.bytes + bytes.len() as u64;
        if total > self.limits.max_bytes {
            return Err(too_large().into());
        }
        if total > self.allowance() {
            let message = "far more comes out of the archive than its size can explain";
            return Err(FailureSay::new("archive.expansion_ratio", message).into());
        }
        self.bytes = total;
        self.send(FrameKind::EntryData, bytes)
    }

    pub(super) fn end(&mut self) -> Result<(), Stop> {
        self.open = false;
        self.send(FrameKind::EntryEnd, &[])
    }

    pub(super) fn fail(&mut self, failure: &FailureSay) -> Result<(), Stop> {
        self.open = false;
        self.send(FrameKind::EntryFailed, &print(failure))
    }

    /// An entry that cannot be read at all.
    pub(super) fn lost(
        &mut self,
        path: &str,
        declared_bytes: Option<u64>,
        failure: &FailureSay,
    ) -> Result<(), Stop> {
        let listed = Listed { size_bytes: declared_bytes, ..Listed::default() };
        self.listed_but_lost(path, listed, failure)
    }

    /// The same of one that a report speaks of.
    pub(super) fn listed_but_lost(
        &mut self,
        path: &str,
        listed: Listed,
        failure: &FailureSay,
    ) -> Result<(), Stop> {
        self.start(Entry {
            path: label(path),
            declared_bytes: listed.size_bytes,
            modified_s: None,
            modified_local: None,
            kind: EntryKind::File,
            listed: Some(listed),
        })?;
        self.fail(failure)
    }

    /// Says what the archive turned out to be.
    pub(super) fn is_ufdr(&mut self) {
        self.mime = Some(UFDR);
    }

    /// Fails the entry that is open, where one is.
    pub(super) fn close_open(&mut self, failure: &FailureSay) -> Result<(), Stop> {
        if self.open { self.fail(failure) } else { Ok(()) }
    }

    /// Ends the archive; an entry that is still open fails with it.
    pub(super) fn done(mut self, failure: Option<FailureSay>) -> io::Result<()> {
        if let (true, Some(failure)) = (self.open, &failure) {
            self.socket.send(FrameKind::EntryFailed, &print(failure))?;
            self.open = false;
        }
        let notes = std::mem::take(&mut self.notes);
        let mime = self.mime.map(str::to_owned);
        self.socket.send(FrameKind::UnpackDone, &print(&UnpackSay { failure, notes, mime }))
    }

    fn send(&self, kind: FrameKind, payload: &[u8]) -> Result<(), Stop> {
        self.socket.send(kind, payload).map_err(Stop::ParentGone)
    }
}
