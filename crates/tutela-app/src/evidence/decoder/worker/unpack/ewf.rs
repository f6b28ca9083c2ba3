//! Images in Expert Witness format (E01): chunks of a disk, compressed and with checksums, in segment files.

mod assembly;
mod check;
mod chunk;
mod ranges;
mod section;

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use self::assembly::{Assembly, Table};
use self::ranges::Ranges;
use super::Refusal;
use super::disk;
use super::medium::Medium;
use super::output::{Output, Stop};
use crate::evidence::decoder::limits::MAX_EWF_RATIO;
use crate::evidence::decoder::message::FailureSay;
use crate::evidence::decoder::worker::source::Source;

/// Bytes of decompressed chunks that are kept: file systems come back to the same places.
const CACHE_BYTES: usize = 8 << 20;

/// Unpacks the disk that an image is of, then checks the image against its own digests.
pub(super) fn unpack(segments: Vec<Source>, output: &mut Output<'_>) -> Result<(), Stop> {
    let total: u64 = segments.iter().map(Source::size_bytes).sum();
    let assembly = assembly::assemble(segments, output)?;
    let size_bytes = assembly.geometry.size_bytes;
    if size_bytes > total.saturating_mul(MAX_EWF_RATIO) {
        let message = "the image claims a far larger disk than its size can explain";
        return Err(FailureSay::new("archive.expansion_ratio", message).into());
    }
    output.medium(size_bytes);
    let image = Rc::new(Image::new(assembly));
    match disk::unpack(Rc::clone(&image) as Rc<dyn Medium>, output) {
        // A disk whose beginning cannot be read is checked all the same: the check says why.
        Err(Stop::Volume(failure)) => {
            check::check(&image, output)?;
            Err(failure.into())
        }
        unpacked => unpacked.and_then(|()| check::check(&image, output)),
    }
}

/// The disk that an image is of.
struct Image {
    assembly: Assembly,
    cache: RefCell<Vec<(u64, Rc<[u8]>)>>,
    /// Chunks that could not be read.
    damaged: RefCell<Ranges>,
}

impl Image {
    fn new(assembly: Assembly) -> Self {
        Self { assembly, cache: RefCell::default(), damaged: RefCell::default() }
    }

    /// Bytes of the disk in one chunk; the last may have fewer.
    fn bytes_of(&self, number: u64) -> usize {
        let geometry = self.assembly.geometry;
        let start = number.saturating_mul(geometry.chunk_bytes);
        geometry.size_bytes.saturating_sub(start).min(geometry.chunk_bytes) as usize
    }

    /// One chunk, decompressed and checked.
    fn chunk(&self, number: u64) -> io::Result<Rc<[u8]>> {
        let mut cache = self.cache.borrow_mut();
        if let Some(at) = cache.iter().position(|(cached, _)| *cached == number) {
            let hit = cache.remove(at);
            let bytes = Rc::clone(&hit.1);
            cache.push(hit);
            return Ok(bytes);
        }
        let read = match self.assembly.table_of(number) {
            Some(table) => self.read(table, number),
            None => Err("it is missing"),
        };
        match read {
            Ok(bytes) => {
                let most = (CACHE_BYTES / self.assembly.geometry.chunk_bytes as usize).max(2);
                if cache.len() >= most {
                    cache.remove(0);
                }
                let bytes: Rc<[u8]> = bytes.into();
                cache.push((number, Rc::clone(&bytes)));
                Ok(bytes)
            }
            Err(why) => {
                self.damaged.borrow_mut().add(number, number + 1);
                let message = format!("chunk {number} of the image cannot be read: {why}");
                let said = FailureSay::new("archive.unreadable_chunk", message);
                Err(io::Error::other(Refusal(said)))
            }
        }
    }

    fn read(&self, table: &Table, number: u64) -> Result<Vec<u8>, &'static str> {
        let source = self.assembly.segment(table.segment);
        let place = table.place(source, number - table.first_chunk).ok_or("its place is lost")?;
        chunk::read(source, place, self.bytes_of(number))
    }
}

impl Medium for Image {
    fn size_bytes(&self) -> u64 {
        self.assembly.geometry.size_bytes
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let chunk_bytes = self.assembly.geometry.chunk_bytes;
        if position >= self.size_bytes() || buffer.is_empty() {
            return Ok(0);
        }
        let chunk = self.chunk(position / chunk_bytes)?;
        let rest = chunk.get((position % chunk_bytes) as usize..).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        Ok(read)
    }
}
