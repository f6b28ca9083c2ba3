//! vPDQ: the PDQ signals of the frames of a film, and when two films count as alike.
//!
//! A film's frames are a bag: order and time say nothing to the match, so a cut, a slower copy or a
//! longer one with the same scenes still shows how much of each is found in the other.

use std::collections::HashSet;
use std::fmt::Write;

use tutela_core::Pdq;

use super::{SignalError, SignalType, ValueError};
use crate::index::distance;

/// vPDQ, the signal of a film.
pub const TYPE: SignalType = SignalType {
    id: "vpdq",
    title: "vPDQ",
    made_from: "the PDQ of frames of a film, each with its quality and time",
    text_form: "a JSON list of texts \"signal,quality,seconds\", seconds with three decimals",
    threshold: Some(31),
    source: "vPDQ, facebook/ThreatExchange, vpdq; text form of python-threatexchange",
    valid: &[
        "[]",
        "[\"f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,100,0.000\"]",
        "[\"f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,51,1.040\", \
         \"0000000000000000000000000000000000000000000000000000000000000000,0,3600.000\"]",
    ],
    invalid: &[
        "",
        "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",
        "[f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,100,0.000]",
        "[\"f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,101,0.000\"]",
        "[\"f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,100,-1.000\"]",
        "[\"f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,100,0.000\"",
    ],
    parse,
};

/// Frames below this quality are left out of a comparison, on both sides.
/// Source: python-threatexchange, `VPDQ_QUALITY_THRESHOLD`.
pub const VPDQ_MIN_QUALITY: u8 = 50;

/// Frames of one film that are read: four hours at one a second.
pub const MAX_VPDQ_FRAMES: usize = 14_400;

/// One frame of a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameSignal {
    /// Its signal.
    pub pdq: Pdq,
    /// 0 to 100.
    pub quality: u8,
    /// Where it stands, in milliseconds from the beginning.
    pub at_ms: u64,
}

/// Reads the text form. Blanks between its parts do not matter.
///
/// # Errors
/// Another form, a quality above 100, more than [`MAX_VPDQ_FRAMES`].
pub fn parse_vpdq(text: &str) -> Result<Vec<FrameSignal>, SignalError> {
    frames(text).map_err(|source| SignalError { kind: TYPE.id, source })
}

/// Writes the text form.
pub fn write_vpdq(frames: &[FrameSignal]) -> String {
    let mut text = "[".to_owned();
    for (number, FrameSignal { pdq, quality, at_ms }) in frames.iter().enumerate() {
        let comma = if number == 0 { "" } else { ", " };
        let (seconds, ms) = (at_ms / 1000, at_ms % 1000);
        // Writing to a text cannot fail.
        let _written = write!(text, "{comma}\"{pdq},{quality},{seconds}.{ms:03}\"");
    }
    text.push(']');
    text
}

/// The frames that a comparison looks at: of good quality, each signal once.
pub fn comparable(frames: &[FrameSignal]) -> Vec<Pdq> {
    let mut seen = HashSet::new();
    let good = frames.iter().filter(|frame| frame.quality >= VPDQ_MIN_QUALITY);
    good.map(|frame| frame.pdq).filter(|pdq| seen.insert(*pdq)).collect()
}

/// When two films count as alike. Both percentages must be reached.
/// Source of the defaults: python-threatexchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VpdqRule {
    /// Bits that two frames may differ to be partners.
    pub distance: u16,
    /// Least part of the query's frames that have a partner, in percent.
    pub query_percent: u8,
    /// Least part of the compared film's frames that have a partner, in percent.
    pub compared_percent: u8,
}

impl VpdqRule {
    /// The usual percentages at a distance of one's own.
    pub fn at(distance: u16) -> Self {
        Self { distance, ..Self::default() }
    }
}

impl Default for VpdqRule {
    fn default() -> Self {
        Self { distance: 31, query_percent: 80, compared_percent: 0 }
    }
}

/// How many frames of two films have a partner in the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Partners {
    /// Frames of the query that have one.
    pub query_found: u32,
    /// All frames of the query.
    pub query_frames: u32,
    /// Frames of the compared film that have one.
    pub compared_found: u32,
    /// All frames of the compared film.
    pub compared_frames: u32,
}

impl Partners {
    /// Percent of the query's frames, rounded down.
    pub fn query_percent(self) -> u8 {
        percent(self.query_found, self.query_frames)
    }

    /// Percent of the compared film's frames, rounded down.
    pub fn compared_percent(self) -> u8 {
        percent(self.compared_found, self.compared_frames)
    }

    /// Whether the films count as alike. A film without a frame to compare is like no other, and
    /// without a single pair of partners nothing is alike, whatever the percentages ask.
    pub fn matches(self, rule: &VpdqRule) -> bool {
        self.query_found > 0
            && self.query_percent() >= rule.query_percent
            && self.compared_percent() >= rule.compared_percent
    }
}

fn percent(part: u32, whole: u32) -> u8 {
    let percent = u64::from(part) * 100 / u64::from(whole.max(1));
    u8::try_from(percent).unwrap_or(100)
}

/// Compares every frame with every frame: what any faster way must equal.
pub fn partners(query: &[Pdq], compared: &[Pdq], radius: u16) -> Partners {
    let has_partner = |one: &Pdq, others: &[Pdq]| others.iter().any(|b| distance(one, b) <= radius);
    let count = |ones: &[Pdq], others: &[Pdq]| {
        size(ones.iter().filter(|one| has_partner(one, others)).count())
    };
    Partners {
        query_found: count(query, compared),
        query_frames: size(query.len()),
        compared_found: count(compared, query),
        compared_frames: size(compared.len()),
    }
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn parse(text: &str) -> Result<String, SignalError> {
    parse_vpdq(text).map(|frames| write_vpdq(&frames))
}

fn frames(text: &str) -> Result<Vec<FrameSignal>, ValueError> {
    let inner = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let mut rest = inner.ok_or(ValueError::NotAList)?.trim();
    let mut frames = Vec::new();
    while !rest.is_empty() {
        if frames.len() >= MAX_VPDQ_FRAMES {
            return Err(ValueError::TooManyFrames { max: MAX_VPDQ_FRAMES });
        }
        let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        let (frame, after) = quoted.ok_or(ValueError::NotAList)?;
        frames.push(self::frame(frame).ok_or(ValueError::BadFrame { number: frames.len() })?);
        let after = after.trim_start();
        rest = match after.strip_prefix(',').map(str::trim_start) {
            Some("") => return Err(ValueError::NotAList),
            Some(next) => next,
            None if after.is_empty() => after,
            None => return Err(ValueError::NotAList),
        };
    }
    Ok(frames)
}

fn frame(text: &str) -> Option<FrameSignal> {
    let mut parts = text.split(',').map(str::trim);
    let (pdq, quality, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let quality = quality.parse().ok().filter(|quality| *quality <= 100)?;
    let at_ms = (seconds.parse::<f64>().ok().filter(|s| (0.0..1e9).contains(s))? * 1000.0).round();
    let rest = parts.next();
    rest.is_none().then_some(FrameSignal { pdq: pdq.parse().ok()?, quality, at_ms: at_ms as u64 })
}

#[cfg(test)]
mod tests {
    use tutela_core::Pdq;

    use super::{FrameSignal, Partners, VpdqRule, comparable, parse_vpdq, partners, write_vpdq};

    fn frame(byte: u8, quality: u8) -> FrameSignal {
        FrameSignal { pdq: Pdq([byte; 32]), quality, at_ms: u64::from(byte) * 40 }
    }

    #[test]
    fn the_text_form_round_trips() {
        let frames = [frame(0, 100), frame(7, 50), frame(255, 0)];
        assert_eq!(parse_vpdq(&write_vpdq(&frames)).unwrap(), frames);
        let loose = write_vpdq(&frames).replace(", ", " ,\n ");
        assert_eq!(parse_vpdq(&loose).unwrap(), frames);
        assert!(parse_vpdq("[\"a\",]").is_err());
    }

    #[test]
    fn poor_and_repeated_frames_are_not_compared() {
        let frames = [frame(1, 49), frame(2, 50), frame(2, 90), frame(3, 100)];
        assert_eq!(comparable(&frames), [Pdq([2; 32]), Pdq([3; 32])]);
    }

    #[test]
    fn partners_are_counted_on_both_sides() {
        let set = |bytes: &[u8]| bytes.iter().map(|b| Pdq([*b; 32])).collect::<Vec<_>>();
        // 0x00 and 0xff are 256 apart; 0x0f and 0x0e are 32, just too far.
        let found = partners(&set(&[0x00, 0xff, 0x0f, 0x33, 0x55]), &set(&[0x00, 0x0e]), 31);
        let expected =
            Partners { query_found: 1, query_frames: 5, compared_found: 1, compared_frames: 2 };
        assert_eq!(found, expected);
        assert_eq!((found.query_percent(), found.compared_percent()), (20, 50));
        let rule = VpdqRule::default();
        assert!(!found.matches(&rule));
        assert!(found.matches(&VpdqRule { query_percent: 20, compared_percent: 50, ..rule }));
        assert!(!found.matches(&VpdqRule { query_percent: 20, compared_percent: 51, ..rule }));
        assert!(!Partners::default().matches(&VpdqRule { query_percent: 0, ..rule }));
    }
}
