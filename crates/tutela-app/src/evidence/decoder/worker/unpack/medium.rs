//! What an image is an image of: bytes that are read by place, and the part of them that is one volume.

use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use crate::evidence::decoder::worker::source::Source;

/// Bytes of small reads that are fetched at once. File systems ask for a few bytes here and there.
const WINDOW_BYTES: usize = 16 * 1024;

/// Bytes that can be read at any place.
pub(super) trait Medium {
    /// How many there are.
    fn size_bytes(&self) -> u64;

    /// Reads some bytes; none only at the end.
    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

impl Medium for Source {
    fn size_bytes(&self) -> u64 {
        Source::size_bytes(self)
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
        Source::read_at(self, position, buffer)
    }
}

/// A part of a medium, read as a file is. Copies have places of their own.
#[derive(Clone)]
pub(super) struct Part {
    medium: Rc<dyn Medium>,
    start: u64,
    size_bytes: u64,
    position: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl Part {
    /// All of a medium.
    pub(super) fn whole(medium: Rc<dyn Medium>) -> Self {
        let size_bytes = medium.size_bytes();
        Self { medium, start: 0, size_bytes, position: 0, window: Vec::new(), window_at: 0 }
    }

    /// A piece of this one. What lies behind its end is missing from the piece, too.
    pub(super) fn piece(&self, start: u64, size_bytes: u64) -> Self {
        let start = start.min(self.size_bytes);
        let size_bytes = size_bytes.min(self.size_bytes - start);
        let medium = Rc::clone(&self.medium);
        let start = self.start + start;
        Self { medium, start, size_bytes, position: 0, window: Vec::new(), window_at: 0 }
    }

    /// Bytes of it.
    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Fills the buffer from one place.
    pub(super) fn read_exact_at(&mut self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.position = position;
        self.read_exact(buffer)
    }

    /// Reads up to `size_bytes` from one place; fewer at the end.
    pub(super) fn read_up_to(&mut self, position: u64, size_bytes: usize) -> io::Result<Vec<u8>> {
        let left = self.size_bytes.saturating_sub(position);
        let size = size_bytes.min(usize::try_from(left).unwrap_or(usize::MAX));
        let mut bytes = vec![0; size];
        self.read_exact_at(position, &mut bytes)?;
        Ok(bytes)
    }

    fn read_medium(&self, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.size_bytes.saturating_sub(position);
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let read = self.medium.read_at(self.start + position, &mut buffer[..wanted])?;
        // A medium that ends before its own end: an image that was cut off.
        if read == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(read) }
    }

    /// Bytes of the window from the position on.
    fn in_window(&self) -> &[u8] {
        let offset = self.position.checked_sub(self.window_at);
        let offset = offset.and_then(|offset| usize::try_from(offset).ok());
        offset.and_then(|offset| self.window.get(offset..)).unwrap_or_default()
    }

    fn fill_window(&mut self) -> io::Result<()> {
        let mut window = std::mem::take(&mut self.window);
        window.resize(WINDOW_BYTES, 0);
        let read = self.read_medium(self.position, &mut window)?;
        window.truncate(read);
        (self.window, self.window_at) = (window, self.position);
        Ok(())
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.len() >= WINDOW_BYTES {
            let read = self.read_medium(self.position, buffer)?;
            self.position += read as u64;
            return Ok(read);
        }
        if self.in_window().is_empty() {
            self.fill_window()?;
        }
        let ready = self.in_window();
        let read = ready.len().min(buffer.len());
        buffer[..read].copy_from_slice(&ready[..read]);
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Part {
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

/// A medium in memory, for tests.
#[cfg(test)]
impl Medium for Vec<u8> {
    fn size_bytes(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(position).unwrap().min(self.len());
        let read = (self.len() - from).min(buffer.len());
        buffer[..read].copy_from_slice(&self[from..from + read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read, Seek, SeekFrom};
    use std::rc::Rc;

    use super::{Part, WINDOW_BYTES};

    #[test]
    fn a_part_reads_as_a_file_does() {
        let bytes: Vec<u8> = (0..=250_u8).cycle().take(5 * WINDOW_BYTES).collect();
        let mut part = Part::whole(Rc::new(bytes.clone())).piece(100, 3 * WINDOW_BYTES as u64);
        let expected = &bytes[100..100 + 3 * WINDOW_BYTES];
        let mut all = Vec::new();
        part.read_to_end(&mut all).unwrap();
        assert_eq!(all, expected);
        for (at, size) in [(0, 10), (5, WINDOW_BYTES), (WINDOW_BYTES - 3, 7), (20, 3)] {
            let mut some = vec![0; size];
            part.read_exact_at(at as u64, &mut some).unwrap();
            assert_eq!(some, expected[at..at + size]);
        }
        assert_eq!(part.seek(SeekFrom::End(-4)).unwrap(), 3 * WINDOW_BYTES as u64 - 4);
        let error = part.read_exact(&mut [0; 5]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
        assert_eq!(part.piece(u64::MAX, u64::MAX).size_bytes(), 0);
    }
}
