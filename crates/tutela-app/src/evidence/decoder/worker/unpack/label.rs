//! Paths of entries as labels that can be shown and never lead anywhere.

use crate::evidence::decoder::limits::MAX_PATH_BYTES;

/// A path for display. Control characters and those that turn the direction of writing become
/// `�`, a `..` part becomes `__`, a leading `/` goes, and what is too long is cut.
pub(super) fn label(path: &str) -> String {
    let plain: String =
        path.chars().map(|c| if is_deceptive(c) { '\u{fffd}' } else { c }).collect();
    let parts = plain.trim_start_matches(['/', '\\']).split_inclusive(['/', '\\']);
    let mut label = String::new();
    for part in parts {
        let name = part.trim_end_matches(['/', '\\']);
        let separator = &part[name.len()..];
        let (name, separator) = (if name == ".." { "__" } else { name }, separator);
        label.push_str(name);
        label.push_str(separator);
    }
    let mut end = label.len().min(MAX_PATH_BYTES);
    while !label.is_char_boundary(end) {
        end -= 1;
    }
    label.truncate(end);
    if label.is_empty() { "(no name)".to_owned() } else { label }
}

/// The same of bytes that may be no text: such bytes print as `\xNN`, so that none is lost.
pub(super) fn label_bytes(path: &[u8]) -> String {
    let mut text = String::new();
    for chunk in path.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    label(&text)
}

/// Characters that would show a name as another than it is.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{label, label_bytes};

    #[test]
    fn labels_cannot_deceive() {
        let cases = [
            ("a/b.jpg", "a/b.jpg"),
            ("/etc/passwd", "etc/passwd"),
            ("../../x/..", "__/__/x/__"),
            ("..\\x", "__\\x"),
            ("a..b/...", "a..b/..."),
            ("photo\u{202e}gpj.exe", "photo\u{fffd}gpj.exe"),
            ("a\u{1b}[2Jb\n", "a\u{fffd}[2Jb\u{fffd}"),
            ("", "(no name)"),
            ("//", "(no name)"),
        ];
        for (path, expected) in cases {
            assert_eq!(label(path), expected, "{path:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown() {
        assert_eq!(label_bytes(b"/a\xff/\xc3\xa8"), "a\\xff/\u{e8}");
    }

    #[test]
    fn long_paths_are_cut_between_letters() {
        let cut = label(&"é".repeat(4000));
        assert_eq!((cut.len(), cut.chars().count()), (4096, 2048));
        assert_eq!(label(&format!("x{}", "é".repeat(4000))).len(), 4095);
    }
}
