//! The code of a Rust file without its comments and literals: enough of a lexer to tell words from prose.

/// The same text with every comment and every string and character literal blanked. Lines keep
/// their numbers.
pub(super) fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = skippable(rest, code.chars().next_back());
        match skipped {
            0 => {
                code.push(first);
                rest = &rest[first.len_utf8()..];
            }
            length => {
                code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
                rest = &rest[length..];
            }
        }
    }
    code
}

/// Whether `word` stands in `code` as a whole word.
pub(super) fn has_word(code: &str, word: &str) -> bool {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|found| found == word)
}

/// Bytes of the comment or literal that starts here; 0 where code starts.
fn skippable(rest: &str, before: Option<char>) -> usize {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if let Some(inner) = rest.strip_prefix('"') {
        return 1 + quoted(inner, '"');
    }
    if let Some(inner) = rest.strip_prefix('\'') {
        return character(inner).map_or(0, |length| 1 + length);
    }
    if !in_word {
        return raw_string(rest).unwrap_or(0);
    }
    0
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if here.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Bytes up to and with the closing quote; a backslash hides what follows it.
fn quoted(rest: &str, quote: char) -> usize {
    let mut hidden = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if hidden => hidden = false,
            '\\' => hidden = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Bytes after the opening quote of a character literal. A lifetime is code: `None`.
fn character(inner: &str) -> Option<usize> {
    let mut chars = inner.char_indices();
    match (chars.next()?, chars.next()) {
        ((_, '\\'), _) => Some(quoted(inner, '\'')),
        (_, Some((at, '\''))) => Some(at + 1),
        _ => None,
    }
}

fn raw_string(rest: &str) -> Option<usize> {
    let after_b = rest.strip_prefix(['b', 'c']).unwrap_or(rest);
    let after_r = after_b.strip_prefix('r')?;
    let hashes = after_r.len() - after_r.trim_start_matches('#').len();
    let body = after_r[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let opening = rest.len() - body.len();
    Some(body.find(&end).map_or(rest.len(), |at| opening + at + end.len()))
}

#[cfg(test)]
mod tests {
    use super::{code_only, has_word};

    #[test]
    fn comments_and_literals_are_blank_and_lines_stay() {
        let cases = [
            ("a // unsafe\nb", "a          \nb"),
            ("a /* x /* unsafe */ y */ b", "a                        b"),
            (r#"f("unsafe \" x", y)"#, r#"f(             , y)"#),
            (r##"f(r#"un"safe"#, y)"##, "f(            , y)"),
            (r"f('\'', '\\', 'a', b'x')", "f(    ,     ,    , b   )"),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
            ("\"one\ntwo\" unsafe", "    \n     unsafe"),
            ("var\"x\"", "var   "),
        ];
        for (text, code) in cases {
            assert_eq!(code_only(text), code, "{text}");
        }
    }

    #[test]
    fn what_never_closes_ends_with_the_file() {
        for text in ["\"abc", "/* abc", "r#\"abc\"", "'\\"] {
            assert_eq!(code_only(text).trim(), "", "{text}");
        }
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("pub unsafe fn f()", "unsafe"));
        assert!(!has_word("forbid(unsafe_code)", "unsafe"));
    }
}
