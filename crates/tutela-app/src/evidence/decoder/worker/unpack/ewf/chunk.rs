//! One chunk: where it stands, and its bytes where its checksum holds.

use flate2::{Decompress, FlushDecompress, Status};

use super::section::{adler32, read_exact};
use crate::evidence::decoder::worker::source::Source;
use crate::evidence::decoder::worker::unpack::numbers::le32;

/// Bytes that a chunk may take beyond those of the disk: compression that fails to compress.
const OVERHEAD_BYTES: usize = 64 * 1024;

/// Where a chunk stands in its segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: u64,
    pub(super) end: u64,
    pub(super) compressed: bool,
}

/// Reads a chunk of `size_bytes`. What is wrong with it is told in words.
pub(super) fn read(
    source: &Source,
    place: Place,
    size_bytes: usize,
) -> Result<Vec<u8>, &'static str> {
    let stored = place.end.checked_sub(place.at).ok_or("its place is lost")?;
    let most = if place.compressed { size_bytes + OVERHEAD_BYTES } else { size_bytes + 4 };
    let stored = usize::try_from(stored).unwrap_or(usize::MAX).min(most);
    let left = source.size_bytes().saturating_sub(place.at);
    let mut bytes = vec![0; stored.min(usize::try_from(left).unwrap_or(usize::MAX))];
    read_exact(source, place.at, &mut bytes).ok_or("the segment file cannot be read there")?;
    if place.compressed {
        return match inflate(&bytes, size_bytes) {
            Some((content, _)) if content.len() == size_bytes => Ok(content),
            _ => Err("it does not decompress to what it was"),
        };
    }
    checked(&bytes, size_bytes).ok_or("it does not match its checksum")
}

/// Content that is followed by its checksum.
pub(super) fn checked(bytes: &[u8], size_bytes: usize) -> Option<Vec<u8>> {
    let content = bytes.get(..size_bytes)?;
    let sum = bytes.get(size_bytes..size_bytes + 4)?;
    (adler32(content) == le32(sum, 0)).then(|| content.to_vec())
}

/// Decompresses up to `size_bytes`; also says how many bytes that took. The checksum at the end is
/// checked by the decoder.
pub(super) fn inflate(bytes: &[u8], size_bytes: usize) -> Option<(Vec<u8>, u64)> {
    // One byte more than allowed, so that too much is seen.
    let mut content = vec![0; size_bytes + 1];
    let mut stream = Decompress::new(true);
    let status = stream.decompress(bytes, &mut content, FlushDecompress::Finish).ok()?;
    let size = usize::try_from(stream.total_out()).ok()?;
    (status == Status::StreamEnd && size <= size_bytes).then(|| {
        content.truncate(size);
        (content, stream.total_in())
    })
}
