//! Frames between the two sides: four bytes of length, one of kind, then the payload.

use std::io;
use std::os::fd::AsFd;

use rustix::io::Errno;

use super::limits::{MAX_DATA_BYTES, MAX_SEGMENTS_PASSED};

/// Raised whenever a message changes. A worker of another version is not talked to.
pub(super) const WIRE_VERSION: u32 = 5;
/// Bytes before the payload.
pub(super) const HEADER_BYTES: usize = 5;
/// Payload of a frame: entry content, or a message of which the longest holds an escaped path.
pub(super) const MAX_PAYLOAD_BYTES: usize = MAX_DATA_BYTES;

/// Room for the descriptors that go along with a frame.
pub(super) const CONTROL_BYTES: usize = rustix::cmsg_space!(ScmRights(MAX_SEGMENTS_PASSED));

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum FrameKind {
    /// Request: look at a file. Carries the file.
    Media = 1,
    /// Request: unpack an archive. Carries the file.
    Unpack = 2,
    /// Request: try what must be refused.
    FenceTest = 3,
    /// Request: try what must be fatal.
    FenceBreak = 4,
    /// Before a request: further files that it is about. Carries them.
    Segments = 5,
    /// The worker is ready.
    Hello = 10,
    /// The file's type and capture data, before anything is decoded.
    Sniffed = 11,
    /// A thumbnail, as PNG.
    Thumbnail = 12,
    /// What the picture is and what its signals are; the end, unless its parts were asked for.
    MediaDone = 13,
    /// One statement of the file about its own making, before anything is decoded.
    Provenance = 14,
    /// A further frame or page.
    Still = 15,
    /// The end of the parts: which were seen, and what the embedded thumbnail shows.
    PartsDone = 16,
    /// An entry begins.
    EntryStart = 20,
    /// Content of the entry.
    EntryData = 21,
    /// The entry is complete.
    EntryEnd = 22,
    /// The entry cannot be read.
    EntryFailed = 23,
    /// The end of an unpack request.
    UnpackDone = 24,
    /// Much is read and nothing comes out; work goes on.
    Working = 25,
    /// Further files have arrived.
    SegmentsTaken = 26,
    /// The end of a fence test.
    FenceDone = 30,
}

impl FrameKind {
    fn from_byte(byte: u8) -> Option<Self> {
        const ALL: &[FrameKind] = &[
            FrameKind::Media,
            FrameKind::Unpack,
            FrameKind::FenceTest,
            FrameKind::FenceBreak,
            FrameKind::Segments,
            FrameKind::Hello,
            FrameKind::Sniffed,
            FrameKind::Thumbnail,
            FrameKind::MediaDone,
            FrameKind::Provenance,
            FrameKind::Still,
            FrameKind::PartsDone,
            FrameKind::EntryStart,
            FrameKind::EntryData,
            FrameKind::EntryEnd,
            FrameKind::EntryFailed,
            FrameKind::UnpackDone,
            FrameKind::Working,
            FrameKind::SegmentsTaken,
            FrameKind::FenceDone,
        ];
        ALL.iter().copied().find(|kind| *kind as u8 == byte)
    }
}

/// Reads a header; `None` where the kind is unknown or the length is out of bounds.
pub(super) fn parse_header(header: [u8; HEADER_BYTES]) -> Option<(FrameKind, usize)> {
    let [a, b, c, d, kind] = header;
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
    let kind = FrameKind::from_byte(kind)?;
    (length <= MAX_PAYLOAD_BYTES).then_some((kind, length))
}

/// Header and payload in one piece, so that small frames take one system call.
pub(super) fn frame(kind: FrameKind, payload: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(payload.len()).ok().filter(|_| payload.len() <= MAX_PAYLOAD_BYTES);
    let length = length.ok_or(io::ErrorKind::InvalidInput)?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + payload.len());
    bytes.extend(length.to_le_bytes());
    bytes.push(kind as u8);
    bytes.extend(payload);
    Ok(bytes)
}

/// Writes all of it. Interrupted calls go on.
pub(super) fn write_all(to: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(&to, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{FrameKind, HEADER_BYTES, MAX_PAYLOAD_BYTES, frame, parse_header};

    #[test]
    fn a_frame_is_read_back() {
        let bytes = frame(FrameKind::EntryData, b"abc").unwrap();
        let (header, payload) = bytes.split_at(HEADER_BYTES);
        assert_eq!(parse_header(header.try_into().unwrap()), Some((FrameKind::EntryData, 3)));
        assert_eq!(payload, b"abc");
    }

    #[test]
    fn unknown_kinds_and_great_lengths_are_refused() {
        assert_eq!(parse_header([0, 0, 0, 0, 99]), None);
        assert_eq!(parse_header([0xff, 0xff, 0xff, 0xff, FrameKind::EntryData as u8]), None);
        let length = u32::try_from(MAX_PAYLOAD_BYTES + 1).unwrap().to_le_bytes();
        assert_eq!(parse_header([length[0], length[1], length[2], length[3], 21]), None);
        assert!(frame(FrameKind::EntryData, &vec![0; MAX_PAYLOAD_BYTES + 1]).is_err());
    }
}
