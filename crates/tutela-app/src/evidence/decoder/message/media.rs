//! Messages about pictures.

use serde::{Deserialize, Serialize};
use tutela_core::{CaptureData, Pdq, PdqVariant, Place};
use tutela_match::content::{Kind, MAX_CAPTURE_CHARS, MAX_FRAMES, MAX_PIXELS};
use tutela_match::signals::PdqSignals;

use super::{Distrust, FailureSay, is_label};
use crate::evidence::decoder::facts::{MediaFacts, MediaRequest, VariantSignals};

/// Asks to look at a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct MediaAsk {
    pub(in super::super) size_bytes: u64,
    pub(in super::super) variants: Vec<String>,
    pub(in super::super) thumbnail: bool,
    pub(in super::super) parts: bool,
    pub(in super::super) statements: bool,
}

impl MediaAsk {
    pub(in super::super) fn new(size_bytes: u64, request: &MediaRequest) -> Self {
        let variants = request.variants.iter().map(|v| v.as_str().to_owned()).collect();
        let MediaRequest { thumbnail, parts, statements, .. } = *request;
        Self { size_bytes, variants, thumbnail, parts, statements }
    }

    /// The variants asked for; names that do not exist are not computed.
    pub(in super::super) fn variants(&self) -> impl Iterator<Item = PdqVariant> {
        self.variants.iter().filter_map(|name| name.parse().ok())
    }
}

/// What a file is, said before it is decoded.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct SniffedSay {
    pub(in super::super) mime: String,
    pub(in super::super) kind: String,
    pub(in super::super) make: Option<String>,
    pub(in super::super) model: Option<String>,
    pub(in super::super) serial: Option<String>,
    pub(in super::super) lens_serial: Option<String>,
    pub(in super::super) taken_at: Option<String>,
    pub(in super::super) software: Option<String>,
    /// Latitude and longitude in millionths of a degree.
    pub(in super::super) place_udeg: Option<[i32; 2]>,
}

/// Puts what was said into the facts, where all of it has the form it must have.
pub(in super::super) fn sniffed_facts(
    said: SniffedSay,
    facts: &mut MediaFacts,
) -> Result<(), Distrust> {
    let kind = Kind::from_name(&said.kind).ok_or("kind")?;
    if !is_media_type(&said.mime) {
        return Err("media type");
    }
    let fields = [&said.make, &said.model, &said.serial, &said.lens_serial, &said.software];
    if !fields.into_iter().flatten().all(|text| is_label(text, MAX_CAPTURE_CHARS)) {
        return Err("capture field");
    }
    if !said.taken_at.as_deref().is_none_or(is_capture_time) {
        return Err("capture time");
    }
    let place = match said.place_udeg {
        Some([latitude, longitude]) => Some(Place::new(latitude, longitude).ok_or("place")?),
        None => None,
    };
    facts.mime = said.mime;
    facts.kind = kind;
    facts.capture = CaptureData {
        make: said.make,
        model: said.model,
        serial: said.serial,
        lens_serial: said.lens_serial,
        taken_at: said.taken_at,
        software: said.software,
        place,
    };
    Ok(())
}

/// What came of decoding.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct MediaSay {
    pub(in super::super) width: Option<u32>,
    pub(in super::super) height: Option<u32>,
    pub(in super::super) frames: Option<u32>,
    pub(in super::super) signals: Vec<SignalsSay>,
    pub(in super::super) failure: Option<FailureSay>,
}

/// The signals by one computation.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct SignalsSay {
    pub(in super::super) variant: String,
    pub(in super::super) quality: u8,
    pub(in super::super) values: Vec<String>,
}

impl SignalsSay {
    pub(in super::super) fn new(signals: &PdqSignals) -> Self {
        Self {
            variant: signals.variant.as_str().to_owned(),
            quality: signals.quality,
            values: signals.values.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Puts what was said into the facts, where all of it has the form it must have.
pub(in super::super) fn media_facts(
    said: MediaSay,
    request: &MediaRequest,
    facts: &mut MediaFacts,
) -> Result<(), Distrust> {
    let signals = checked_all(&said.signals, request)?;
    // All of them or none: a picture that was decoded has every signal asked for.
    let complete = signals.len() == request.variants.len() && said.failure.is_none();
    if !(signals.is_empty() || complete) {
        return Err("number of signals");
    }
    let pixels = u64::from(said.width.unwrap_or(0)) * u64::from(said.height.unwrap_or(0));
    if said.width.is_some() != said.height.is_some() || (complete && pixels > MAX_PIXELS) {
        return Err("size in pixels");
    }
    if said.frames.is_some_and(|frames| frames > MAX_FRAMES) {
        return Err("frames");
    }
    facts.width = said.width;
    facts.height = said.height;
    facts.frames = said.frames;
    facts.signals = signals;
    facts.failure = said.failure.map(FailureSay::checked).transpose()?;
    Ok(())
}

/// As many as said, each of the variant asked for in its place.
pub(super) fn checked_all(
    said: &[SignalsSay],
    request: &MediaRequest,
) -> Result<Vec<VariantSignals>, Distrust> {
    if said.len() > request.variants.len() {
        return Err("number of signals");
    }
    let pairs = said.iter().zip(&request.variants);
    pairs.map(|(said, variant)| checked_signals(said, *variant)).collect()
}

pub(super) fn checked_signals(
    said: &SignalsSay,
    variant: PdqVariant,
) -> Result<VariantSignals, Distrust> {
    let values: Result<Vec<Pdq>, _> = said.values.iter().map(|text| text.parse()).collect();
    let values = values.ok().and_then(|values| values.try_into().ok()).ok_or("signal values")?;
    if said.variant != variant.as_str() || said.quality > 100 {
        return Err("signal");
    }
    Ok(VariantSignals { variant, quality: said.quality, values })
}

fn is_media_type(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/.+-_".contains(&b);
    text.len() <= 100 && text.matches('/').count() == 1 && text.bytes().all(plain)
}

/// `YYYY-MM-DDTHH:MM:SS`, with or without an offset.
fn is_capture_time(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00+00:00";
    let fits = |(byte, form): (u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'+' => byte == b'+' || byte == b'-',
        other => byte == *other,
    };
    matches!(text.len(), 19 | 25) && text.bytes().zip(FORM).all(fits)
}

#[cfg(test)]
mod tests {
    use tutela_core::PdqVariant;

    use super::{MediaSay, SignalsSay, SniffedSay, media_facts, sniffed_facts};
    use crate::evidence::decoder::facts::{MediaFacts, MediaRequest};

    fn sniffed(change: impl FnOnce(&mut SniffedSay)) -> Result<(), &'static str> {
        let mut said = SniffedSay {
            mime: "image/jpeg".into(),
            kind: "jpeg".into(),
            make: Some("Example".into()),
            model: None,
            serial: None,
            lens_serial: None,
            taken_at: Some("2024-05-06T07:08:09+02:00".into()),
            software: None,
            place_udeg: Some([45_000_000, -7_000_000]),
        };
        change(&mut said);
        sniffed_facts(said, &mut MediaFacts::unknown())
    }

    #[test]
    fn capture_data_of_another_form_are_refused() {
        assert_eq!(sniffed(|_| {}), Ok(()));
        assert_eq!(sniffed(|said| said.mime = "<b>".into()), Err("media type"));
        assert_eq!(sniffed(|said| said.kind = "exe".into()), Err("kind"));
        assert_eq!(sniffed(|said| said.make = Some("a\nb".into())), Err("capture field"));
        assert_eq!(sniffed(|said| said.make = Some("x".repeat(129))), Err("capture field"));
        assert_eq!(sniffed(|said| said.place_udeg = Some([90_000_001, 0])), Err("place"));
        for time in ["2024-05-06", "2024-05-06T07:08:0x", "2024-05-06T07:08:09Z"] {
            assert_eq!(sniffed(|said| said.taken_at = Some(time.into())), Err("capture time"));
        }
    }

    fn media(change: impl FnOnce(&mut MediaSay)) -> Result<(), &'static str> {
        let values = vec!["0".repeat(64); 8];
        let mut said = MediaSay {
            width: Some(4),
            height: Some(4),
            frames: Some(1),
            signals: vec![SignalsSay { variant: "full".into(), quality: 100, values }],
            failure: None,
        };
        change(&mut said);
        let request = MediaRequest::signals_only(vec![PdqVariant::Full]);
        media_facts(said, &request, &mut MediaFacts::unknown())
    }

    #[test]
    fn signals_of_another_form_are_refused() {
        assert_eq!(media(|_| {}), Ok(()));
        assert_eq!(media(|said| said.signals[0].quality = 101), Err("signal"));
        assert_eq!(media(|said| said.signals[0].variant = "reference".into()), Err("signal"));
        assert_eq!(media(|said| said.signals[0].values[7] = "0".repeat(63)), Err("signal values"));
        assert_eq!(media(|said| said.signals[0].values.truncate(7)), Err("signal values"));
        assert_eq!(media(|said| said.signals.clear()), Ok(()));
        assert_eq!(media(|said| said.height = None), Err("size in pixels"));
        assert_eq!(media(|said| said.width = Some(u32::MAX)), Err("size in pixels"));
        assert_eq!(media(|said| said.frames = Some(65)), Err("frames"));
    }
}
