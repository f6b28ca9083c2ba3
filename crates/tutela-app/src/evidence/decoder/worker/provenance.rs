//! Says what a file says of its own making, before anything of it is decoded.

use std::io;

use tutela_match::content::Sniffed;
use tutela_match::provenance;

use super::{Socket, guarded};
use crate::evidence::decoder::message::{ProvenanceSay, print};
use crate::evidence::decoder::wire::FrameKind;

/// One message a statement. Statements of text and programs are nobody's business here.
pub(super) fn say(socket: &Socket, sniffed: Sniffed, bytes: &[u8]) -> io::Result<()> {
    if !sniffed.mime.starts_with("image/") {
        return Ok(());
    }
    for said in guarded(|| provenance::read(bytes)).unwrap_or_default() {
        socket.send(FrameKind::Provenance, &print(&ProvenanceSay::new(said)))?;
    }
    Ok(())
}
