//! Kinds of signal as HMA's clients name them, and which of them a request is about.

use tutela_app::service::{KINDS, KindType};

use super::answer::Refusal;
use crate::router::Web;

/// What uploads can be.
pub(super) const CONTENT_TYPES: [&str; 2] = ["photo", "video"];
/// What HMA says of text that is no PDQ signal.
const NO_PDQ: &str = "invalid PDQ hash";

/// The kind that a look-up names.
pub(super) fn asked(web: &Web, name: &str) -> Result<&'static KindType, Refusal> {
    let kind = KindType::by_id(name)
        .ok_or_else(|| Refusal::bad(format!("No such SignalType '{name}'")))?;
    if !is_on(web, kind) {
        return Err(Refusal::bad(format!("SignalType '{name}' is not enabled")));
    }
    Ok(kind)
}

/// The canonical text of a value, or what is wrong with it. Unlike elsewhere, PDQ in upper case is refused:
/// clients of HMA know that they may compare texts.
pub(super) fn value(kind: &KindType, text: &str) -> Result<String, String> {
    if kind.id == "pdq" {
        let digit = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        return match text.len() == 64 && text.bytes().all(digit) {
            true => Ok(text.to_owned()),
            false => Err(NO_PDQ.to_owned()),
        };
    }
    kind.parse(text.trim()).map_err(|error| {
        std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string)
    })
}

/// The content type with this name.
pub(super) fn content_type(name: &str) -> Result<&'static str, Refusal> {
    let found = CONTENT_TYPES.into_iter().find(|known| *known == name);
    found.ok_or_else(|| Refusal::bad(format!("no such content_type: '{name}'")))
}

/// The kinds to be made of a content: those named in a list with commas, else those that always are.
pub(super) fn to_make(
    web: &Web,
    content_type: &str,
    types: Option<&str>,
) -> Result<Vec<&'static KindType>, Refusal> {
    let fits = |kind: &&KindType| kind.content_types.contains(&content_type) && is_on(web, kind);
    let Some(types) = types else {
        return Ok(KINDS.iter().filter(fits).filter(|kind| kind.by_default).collect());
    };
    let mut kinds: Vec<&'static KindType> = Vec::new();
    for name in types.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let kind = KINDS.iter().filter(fits).find(|kind| kind.id == name).ok_or_else(|| {
            Refusal::bad(format!("signal type '{name}' doesn't exist or is disabled"))
        })?;
        if !kinds.iter().any(|known| known.id == kind.id) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return Err(Refusal::bad("empty signal type selection"));
    }
    Ok(kinds)
}

fn is_on(web: &Web, kind: &KindType) -> bool {
    web.service.ratio(kind).get() > 0.0
}

#[cfg(test)]
mod tests {
    use tutela_app::service::KindType;

    use super::value;

    #[test]
    fn values_are_read_as_hma_reads_them() {
        let check = |kind: &str, text: &str, expected: Result<&str, &str>| {
            let kind = KindType::by_id(kind).unwrap();
            let read = value(kind, text);
            let read = read.as_deref().map_err(String::as_str);
            assert_eq!(read, expected, "{} {text:?}", kind.id);
        };
        let (hex, upper) = ("0a".repeat(32), "0A".repeat(32));
        check("pdq", &hex, Ok(&hex));
        for bad in [upper.as_str(), "", "0a", &format!(" {hex}"), &format!("{hex}0a")] {
            check("pdq", bad, Err("invalid PDQ hash"));
        }
        let md5 = "0a".repeat(16);
        check("video_md5", &format!(" {} ", "0A".repeat(16)), Ok(&md5));
        check("video_md5", "0a", Err("not 32 hexadecimal digits"));
    }
}
