//! One media request and its answers.

use std::os::fd::BorrowedFd;
use std::time::Instant;

use tutela_match::provenance::MAX_STATEMENTS;

use crate::evidence::decoder::facts::{MediaFacts, MediaRequest};
use crate::evidence::decoder::message::{
    MediaAsk, ProvenanceSay, media_facts, parse, parts_facts, print, sniffed_facts, still_facts,
};
use crate::evidence::decoder::process::{Interruption, Worker};
use crate::evidence::decoder::wire::FrameKind;

/// Asks and fills the facts as answers come, so that a worker's death leaves what it had said.
pub(super) fn exchange(
    worker: &mut Worker,
    file: BorrowedFd<'_>,
    size_bytes: u64,
    request: &MediaRequest,
    deadline: Instant,
    facts: &mut MediaFacts,
) -> Result<(), Interruption> {
    let ask = print(&MediaAsk::new(size_bytes, request));
    worker.send(FrameKind::Media, &ask, &[file], deadline)?;
    match worker.receive(deadline)? {
        (FrameKind::Sniffed, payload) => sniffed_facts(parse(payload)?, facts)?,
        _ => return Err(Interruption::Distrust("order of messages")),
    }
    loop {
        match worker.receive(deadline)? {
            (FrameKind::Provenance, payload) if facts.provenance.len() < MAX_STATEMENTS => {
                facts.provenance.push(parse::<ProvenanceSay>(payload)?.checked()?);
            }
            (FrameKind::Thumbnail, payload) if request.thumbnail && facts.thumbnail.is_none() => {
                if !payload.starts_with(b"\x89PNG\r\n\x1a\n") {
                    return Err(Interruption::Distrust("thumbnail"));
                }
                facts.thumbnail = Some(payload.to_vec());
            }
            (FrameKind::MediaDone, payload) => {
                media_facts(parse(payload)?, request, facts)?;
                break;
            }
            _ => return Err(Interruption::Distrust("order of messages")),
        }
    }
    if request.parts { parts(worker, request, deadline, facts) } else { Ok(()) }
}

/// What comes after the picture itself, whose facts stand whatever happens here.
fn parts(
    worker: &mut Worker,
    request: &MediaRequest,
    deadline: Instant,
    facts: &mut MediaFacts,
) -> Result<(), Interruption> {
    loop {
        match worker.receive(deadline)? {
            (FrameKind::Still, payload) => still_facts(&parse(payload)?, request, facts)?,
            (FrameKind::PartsDone, payload) => {
                parts_facts(&parse(payload)?, facts)?;
                return Ok(());
            }
            _ => return Err(Interruption::Distrust("order of messages")),
        }
    }
}
