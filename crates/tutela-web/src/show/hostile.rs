//! Text from devices and lists made safe to show: escaped, and with nothing left invisible.
//!
//! A file name can hold line breaks, characters that reverse the reading direction, or characters
//! that cannot be seen at all. A reader must see what is there, so each becomes its number: `U+202E`.

use std::fmt::Write;

use askama::filters::{Escaper, Html};

/// Ranges of characters that are shown by number: controls, every blank but the plain one, format
/// characters, fillers, variation selectors and tags. Source: Unicode 16.0, categories Cc, Cf, Zs,
/// Zl, Zp and the property Default_Ignorable_Code_Point.
const HIDDEN: [(u32, u32); 29] = [
    (0x0000, 0x001f),
    (0x007f, 0x00a0),
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x115f, 0x1160),
    (0x1680, 0x1680),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x2000, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x206f),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe0fff),
];

/// Whether a character is shown by its number.
fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

/// The same characters as a class of a regular expression for the script of the page.
pub(crate) fn hidden_class() -> String {
    let mut class = String::from("[");
    for (first, last) in HIDDEN {
        // Writing to a string cannot fail.
        let _ = write!(class, "\\u{{{first:x}}}-\\u{{{last:x}}}");
    }
    class + "]"
}

/// HTML of some text, each hidden character as its boxed number.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        // Writing to a string cannot fail.
        let _ = if is_hidden(character) {
            write!(out, "<span class=\"ctl\">U+{:04X}</span>", u32::from(character))
        } else {
            Html.write_escaped_char(&mut out, character)
        };
    }
    out
}

/// HTML of a path: what leads to the file, then its name.
pub(crate) fn path_html(path: &str) -> String {
    let name_at = path.trim_end_matches('/').rfind('/').map_or(0, |slash| slash + 1);
    let (folder, name) = path.split_at(name_at);
    let (folder, name) = (html(folder), html(name));
    format!("<bdi class=\"path\"><span class=\"dir\">{folder}</span>{name}</bdi>")
}

/// HTML of our own text, whose narrow blanks are meant.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _ = Html.write_escaped_str(&mut out, text);
    out
}

/// Plain text where no element can stand: not yet escaped, hidden characters as `⟨U+202E⟩`.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            // Writing to a string cannot fail.
            let _ = write!(out, "⟨U+{:04X}⟩", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// At most so many characters: the beginning and the end, `…` for what is left out between them.
pub(crate) fn middle_cut(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let (head, tail) = (most / 3, most - most / 3 - 1);
    let start = text.chars().take(head);
    let end = text.chars().skip(count - tail);
    start.chain(['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::{hidden_class, html, is_hidden, middle_cut, path_html, plain};

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(middle_cut("abcdef", 6), "abcdef");
        assert_eq!(middle_cut("abcdefghij", 6), "ab…hij");
        assert_eq!(middle_cut("èèèèèèèèèè", 6).chars().count(), 6);
    }

    #[test]
    fn markup_is_escaped_and_hidden_characters_get_their_number() {
        assert_eq!(html("<b>&\"'"), "&#60;b&#62;&#38;&#34;&#39;");
        assert_eq!(html("a\nb"), "a<span class=\"ctl\">U+000A</span>b");
        assert_eq!(html("\u{202e}gpj"), "<span class=\"ctl\">U+202E</span>gpj");
        assert_eq!(html("città 写真 صورة"), "città 写真 صورة");
        assert_eq!(plain("a\u{200b}b"), "a⟨U+200B⟩b");
    }

    #[test]
    fn a_path_is_cut_before_its_last_name() {
        let cut = "<bdi class=\"path\"><span class=\"dir\">a/b/</span>c.jpg</bdi>";
        assert_eq!(path_html("a/b/c.jpg"), cut);
        assert_eq!(path_html("c"), "<bdi class=\"path\"><span class=\"dir\"></span>c</bdi>");
        assert_eq!(path_html("a/"), "<bdi class=\"path\"><span class=\"dir\"></span>a/</bdi>");
    }

    #[test]
    fn every_blank_and_control_but_the_plain_space_is_hidden() {
        let odd = (0..=0x0010_ffff_u32).filter_map(char::from_u32).filter(|character| {
            (character.is_control() || character.is_whitespace()) != is_hidden(*character)
                && !is_hidden(*character)
        });
        assert_eq!(odd.collect::<Vec<_>>(), [' ']);
    }

    #[test]
    fn the_class_names_every_range() {
        let class = hidden_class();
        assert!(class.starts_with("[\\u{0}-\\u{1f}\\u{7f}-\\u{a0}") && class.ends_with("e0fff}]"));
        assert!(class.contains("\\u{2028}-\\u{202f}"));
    }
}
