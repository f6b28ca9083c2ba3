//! Answers the second half of a media request: further frames, and the thumbnail inside the file.

use std::collections::HashSet;
use std::io;
use std::ops::ControlFlow;

use tutela_core::Pdq;
use tutela_match::content::{self, LaterFrame, Limits};
use tutela_match::signals::PdqSignals;

use super::media::{Looked, signals};
use super::{Socket, guarded};
use crate::evidence::decoder::message::{
    EMBEDDED_VARIANT, EmbeddedSay, MediaAsk, PartsSay, SignalsSay, StillSay, print,
};
use crate::evidence::decoder::wire::FrameKind;

/// Says that there are no parts, where they were asked for.
pub(super) fn none(socket: &Socket, ask: &MediaAsk) -> io::Result<()> {
    if ask.parts { done(socket, &PartsSay::default()) } else { Ok(()) }
}

/// Looks at every part. `looked` is missing where the picture itself could not be decoded: then its
/// frames cannot be either, and its thumbnail is all that is left of it.
pub(super) fn answer(
    socket: &Socket,
    ask: &MediaAsk,
    bytes: &[u8],
    looked: Option<Looked>,
) -> io::Result<()> {
    if !ask.parts {
        return Ok(());
    }
    let mut said = PartsSay { embedded: embedded(bytes, looked.as_ref()), ..PartsSay::default() };
    if let Some(Looked { pixels, signals }) = looked {
        // A hundred megapixels need not be held while the frames are decoded.
        drop(pixels);
        let mut frames =
            Frames { socket, ask, seen: HashSet::from([values(&signals)]), error: None };
        let mut looked_at = 1;
        let whole = guarded(|| {
            content::later_frames(bytes, &Limits::default(), &mut |frame| {
                looked_at += 1;
                frames.take(&frame)
            })
        });
        if let Some(error) = frames.error {
            return Err(error);
        }
        said.frames_looked_at = looked_at;
        said.frames_missing = !matches!(whole, Some(Ok(())));
    }
    done(socket, &said)
}

fn done(socket: &Socket, said: &PartsSay) -> io::Result<()> {
    socket.send(FrameKind::PartsDone, &print(said))
}

fn embedded(bytes: &[u8], looked: Option<&Looked>) -> Option<EmbeddedSay> {
    let thumbnail = guarded(|| content::embedded(bytes, &Limits::default())).flatten()?;
    let picture = looked.map(|looked| (&looked.pixels, looked.signals.as_slice()));
    let embedded = guarded(|| content::compare_embedded(&thumbnail, picture, EMBEDDED_VARIANT))?;
    let (width, height) = embedded.size;
    let signals = SignalsSay::new(&embedded.signals);
    Some(EmbeddedSay { width, height, signals, distance: embedded.distance })
}

/// The frames of an animation as they come: what was seen before is not said again.
struct Frames<'a> {
    socket: &'a Socket,
    ask: &'a MediaAsk,
    seen: HashSet<Vec<Pdq>>,
    /// The parent is gone.
    error: Option<io::Error>,
}

impl Frames<'_> {
    fn take(&mut self, frame: &LaterFrame) -> ControlFlow<()> {
        let signals = signals(self.ask, &frame.pixels);
        if !self.seen.insert(values(&signals)) {
            return ControlFlow::Continue(());
        }
        let said = StillSay {
            number: frame.number,
            at_ms: frame.at_ms,
            signals: signals.iter().map(SignalsSay::new).collect(),
        };
        match self.socket.send(FrameKind::Still, &print(&said)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.error = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

fn values(signals: &[PdqSignals]) -> Vec<Pdq> {
    signals.iter().map(PdqSignals::original).collect()
}
