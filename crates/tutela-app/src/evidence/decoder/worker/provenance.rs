//! Says what a file says of its own making, before anything of it is decoded.

use std::io::{self, Read};
use std::os::fd::OwnedFd;

use tutela_match::content::{Kind, Sniffed};
use tutela_match::provenance::{self, MAX_BOXES, MAX_MANIFEST_BYTES};

use super::source::Source;
use super::{Socket, guarded};
use crate::evidence::decoder::message::{MediaAsk, ProvenanceSay, print};
use crate::evidence::decoder::wire::FrameKind;

/// One message a statement. Statements of text and programs are nobody's business here.
pub(super) fn say(
    socket: &Socket,
    ask: &MediaAsk,
    sniffed: Sniffed,
    bytes: &[u8],
    file: &OwnedFd,
) -> io::Result<()> {
    let said = if sniffed.kind == Kind::Film {
        guarded(|| film(file, ask.size_bytes).map(|boxes| provenance::read(&boxes))).flatten()
    } else if sniffed.mime.starts_with("image/") {
        guarded(|| provenance::read(bytes))
    } else {
        None
    };
    for said in said.unwrap_or_default() {
        socket.send(FrameKind::Provenance, &print(&ProvenanceSay::new(said)))?;
    }
    Ok(())
}

/// The boxes of a film that can say something, without its pictures and sound: films are far larger
/// than what is held in memory. `None` where it is no such film.
fn film(file: &OwnedFd, size_bytes: u64) -> Option<Vec<u8>> {
    let source = Source::new(file.try_clone().ok()?, size_bytes);
    let mut boxes = Vec::new();
    let mut at = 0;
    for _ in 0..MAX_BOXES {
        let mut header = [0; 16];
        let read = source.read_at(at, &mut header).ok()?;
        let header = header.get(..read)?;
        let (Some(size), Some(kind)) = (header.first_chunk::<4>(), header.get(4..8)) else { break };
        if at == 0 && kind != b"ftyp" {
            return None;
        }
        let size = match u32::from_be_bytes(*size) {
            0 => size_bytes - at,
            1 => u64::from_be_bytes(*header.last_chunk()?),
            size => size.into(),
        };
        let left = (MAX_MANIFEST_BYTES - boxes.len()) as u64;
        if matches!(kind, b"ftyp" | b"uuid") && size <= left {
            let mut content = source.clone();
            io::Seek::seek(&mut content, io::SeekFrom::Start(at)).ok()?;
            content.take(size).read_to_end(&mut boxes).ok()?;
        }
        match at.checked_add(size) {
            Some(next) if next > at && next < size_bytes => at = next,
            _ => break,
        }
    }
    Some(boxes)
}
