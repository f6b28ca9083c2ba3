//! Text by its letters: plain, JSON, HTML, XML.

/// HTML, SVG or XML by the first tag.
pub(super) fn markup(head: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(whole_letters(head)).ok()?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if !start.starts_with('<') {
        return None;
    }
    let lower = start.chars().take(1024).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Some("text/html");
    }
    if lower.starts_with("<svg") || (lower.starts_with("<?xml") && lower.contains("<svg")) {
        return Some("image/svg+xml");
    }
    lower.starts_with("<?xml").then_some("text/xml")
}

/// Plain text or JSON, where nothing but letters and white space is there.
pub(super) fn plain(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Some("text/plain");
    }
    let text = std::str::from_utf8(whole_letters(head)).ok()?;
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1b');
    if !text.chars().all(is_text) {
        return None;
    }
    Some(if looks_like_json(text) { "application/json" } else { "text/plain" })
}

/// An object or an array begins, and goes on as one.
fn looks_like_json(text: &str) -> bool {
    let mut letters = text.trim_start_matches('\u{feff}').chars().filter(|c| !c.is_whitespace());
    match (letters.next(), letters.next()) {
        (Some('{'), Some(next)) => matches!(next, '"' | '}'),
        (Some('['), Some(next)) => matches!(next, '{' | '[' | '"' | ']' | '-' | '0'..='9'),
        _ => false,
    }
}

/// The bytes without a letter that the end of the head cuts in two.
fn whole_letters(head: &[u8]) -> &[u8] {
    match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => &head[..error.valid_up_to()],
        Ok(_) | Err(_) => head,
    }
}

#[cfg(test)]
mod tests {
    use super::{markup, plain};

    #[test]
    fn text_is_named_by_what_it_holds() {
        let cases: [(&[u8], Option<&str>); 6] = [
            (b"{\n  \"a\": 1}", Some("application/json")),
            (b"[1, 2]", Some("application/json")),
            (b"[note] a line", Some("text/plain")),
            ("größer".as_bytes(), Some("text/plain")),
            (b"gr\xc3", Some("text/plain")),
            (b"a\0b", None),
        ];
        for (head, mime) in cases {
            assert_eq!(plain(head), mime, "{head:?}");
        }
    }

    #[test]
    fn markup_is_named_by_its_first_tag() {
        let cases: [(&[u8], Option<&str>); 5] = [
            (b" <!DOCTYPE html><p>", Some("text/html")),
            (b"<?xml version=\"1.0\"?><a/>", Some("text/xml")),
            (b"<?xml version=\"1.0\"?>\n<svg>", Some("image/svg+xml")),
            (b"a < b", None),
            (b"<3", None),
        ];
        for (head, mime) in cases {
            assert_eq!(markup(head), mime, "{head:?}");
        }
    }
}
