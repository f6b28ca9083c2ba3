//! The file under work, read by position, so that neither its cursor nor its name matters.

use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::OwnedFd;
use std::rc::Rc;

use rustix::fs::seek;
use rustix::io::{Errno, pread};

/// The first `size_bytes` of an open file. Copies share the file and have places of their own.
#[derive(Clone)]
pub(super) struct Source {
    file: Rc<OwnedFd>,
    size_bytes: u64,
    position: u64,
}

impl Source {
    pub(super) fn new(file: OwnedFd, size_bytes: u64) -> Self {
        Self { file: Rc::new(file), size_bytes, position: 0 }
    }

    /// All of a file.
    pub(super) fn whole(file: OwnedFd) -> io::Result<Self> {
        let size_bytes = seek(&file, rustix::fs::SeekFrom::End(0))?;
        Ok(Self::new(file, size_bytes))
    }

    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Reads some bytes from one place; none only at the end.
    pub(super) fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.size_bytes.saturating_sub(position);
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        loop {
            match pread(&*self.file, &mut buffer[..wanted], position) {
                Err(Errno::INTR) => {}
                read => return Ok(read?),
            }
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.read_at(self.position, buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.size_bytes.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// Reads up to `size_bytes` from the start of a file. The memory is asked for first, so that a
/// size that does not fit is an error and not the end of the process.
pub(super) fn read_start(file: &OwnedFd, size_bytes: u64) -> io::Result<Vec<u8>> {
    let size = usize::try_from(size_bytes).map_err(|_| io::ErrorKind::OutOfMemory)?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size).map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes.resize(size, 0);
    let mut filled = 0;
    while filled < size {
        match pread(file, &mut bytes[filled..], filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
