//! Messages about the parts of a picture: further frames, and the thumbnail embedded in it.

use serde::{Deserialize, Serialize};
use tutela_core::PdqVariant;
use tutela_match::content::{MAX_FRAMES, MAX_PIXELS};
use tutela_match::index::PDQ_BITS;

use super::Distrust;
use super::media::{SignalsSay, checked_all, checked_signals};
use crate::evidence::decoder::facts::{EmbeddedFacts, MediaFacts, MediaRequest, Still};

/// By which computation thumbnails are compared: on their small side both give the same.
pub(in super::super) const EMBEDDED_VARIANT: PdqVariant = PdqVariant::Full;
/// A year: an animation that waits longer for a frame than this says so wrongly.
const MAX_AT_MS: u64 = 366 * 24 * 3600 * 1000;

/// A further frame or page.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct StillSay {
    pub(in super::super) number: u32,
    pub(in super::super) at_ms: Option<u64>,
    pub(in super::super) signals: Vec<SignalsSay>,
}

/// Adds a still to the facts, where it has the form it must have and comes after the last one.
pub(in super::super) fn still_facts(
    said: &StillSay,
    request: &MediaRequest,
    facts: &mut MediaFacts,
) -> Result<(), Distrust> {
    let after = facts.stills.last().is_none_or(|last| said.number > last.number);
    if !after || said.number == 0 || said.number >= MAX_FRAMES {
        return Err("number of a frame");
    }
    if said.at_ms.is_some_and(|at_ms| at_ms > MAX_AT_MS) {
        return Err("time of a frame");
    }
    let signals = checked_all(&said.signals, request)?;
    if signals.len() != request.variants.len() {
        return Err("number of signals");
    }
    facts.stills.push(Still { number: said.number, at_ms: said.at_ms, signals });
    Ok(())
}

/// The end of the parts.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PartsSay {
    pub(in super::super) frames_looked_at: u32,
    pub(in super::super) frames_missing: bool,
    pub(in super::super) embedded: Option<EmbeddedSay>,
}

/// What the embedded thumbnail shows.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct EmbeddedSay {
    pub(in super::super) width: u32,
    pub(in super::super) height: u32,
    pub(in super::super) signals: SignalsSay,
    pub(in super::super) distance: Option<u16>,
}

/// Puts what was said into the facts, where all of it has the form it must have.
pub(in super::super) fn parts_facts(
    said: &PartsSay,
    facts: &mut MediaFacts,
) -> Result<(), Distrust> {
    let told = facts.stills.len() as u64;
    if said.frames_looked_at > MAX_FRAMES || u64::from(said.frames_looked_at) < told {
        return Err("frames");
    }
    facts.embedded = said.embedded.as_ref().map(embedded_facts).transpose()?;
    facts.frames_looked_at = said.frames_looked_at;
    facts.frames_missing = said.frames_missing;
    Ok(())
}

fn embedded_facts(said: &EmbeddedSay) -> Result<EmbeddedFacts, Distrust> {
    let pixels = u64::from(said.width) * u64::from(said.height);
    if pixels == 0 || pixels > MAX_PIXELS {
        return Err("size of a thumbnail");
    }
    if said.distance.is_some_and(|distance| distance > PDQ_BITS) {
        return Err("distance of a thumbnail");
    }
    let signals = checked_signals(&said.signals, EMBEDDED_VARIANT)?;
    Ok(EmbeddedFacts { width: said.width, height: said.height, signals, distance: said.distance })
}

#[cfg(test)]
mod tests {
    use tutela_core::PdqVariant;

    use super::{EmbeddedSay, PartsSay, SignalsSay, StillSay, parts_facts, still_facts};
    use crate::evidence::decoder::facts::{MediaFacts, MediaRequest};

    fn signals() -> SignalsSay {
        SignalsSay { variant: "full".into(), quality: 100, values: vec!["0".repeat(64); 8] }
    }

    fn stills(numbers: &[u32], at_ms: u64, variants: usize) -> Result<(), &'static str> {
        let request =
            MediaRequest { parts: true, ..MediaRequest::signals_only(vec![PdqVariant::Full]) };
        let mut facts = MediaFacts::unknown();
        numbers.iter().try_for_each(|number| {
            let signals = (0..variants).map(|_| signals()).collect();
            let said = StillSay { number: *number, at_ms: Some(at_ms), signals };
            still_facts(&said, &request, &mut facts)
        })
    }

    #[test]
    fn stills_of_another_form_or_order_are_refused() {
        assert_eq!(stills(&[1, 2, 63], 40, 1), Ok(()));
        for numbers in [&[0_u32][..], &[2, 2], &[3, 1], &[64]] {
            assert_eq!(stills(numbers, 40, 1), Err("number of a frame"));
        }
        assert_eq!(stills(&[1], u64::MAX, 1), Err("time of a frame"));
        assert_eq!(stills(&[1], 0, 0), Err("number of signals"));
        assert_eq!(stills(&[1], 0, 2), Err("number of signals"));
    }

    fn parts(change: impl FnOnce(&mut EmbeddedSay), frames: u32) -> Result<(), &'static str> {
        let mut embedded =
            EmbeddedSay { width: 160, height: 120, signals: signals(), distance: Some(256) };
        change(&mut embedded);
        let embedded = Some(embedded);
        let said = PartsSay { frames_looked_at: frames, frames_missing: false, embedded };
        parts_facts(&said, &mut MediaFacts::unknown())
    }

    #[test]
    fn thumbnails_of_another_form_are_refused() {
        assert_eq!(parts(|_| {}, 1), Ok(()));
        assert_eq!(parts(|said| said.width = 0, 1), Err("size of a thumbnail"));
        assert_eq!(parts(|said| said.height = u32::MAX, 1), Err("size of a thumbnail"));
        assert_eq!(parts(|said| said.distance = Some(257), 1), Err("distance of a thumbnail"));
        assert_eq!(parts(|said| said.signals.quality = 101, 1), Err("signal"));
        assert_eq!(parts(|_| {}, 65), Err("frames"));
    }
}
