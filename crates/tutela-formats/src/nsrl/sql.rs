//! Cuts an SQL file into statements, and statements into tokens, in bounded memory.

use std::io::{self, BufRead};

use crate::lists::limits::MAX_LINE_BYTES;

/// Longest statement that is kept: one row of a file has some hundred bytes.
const MAX_STATEMENT_BYTES: usize = MAX_LINE_BYTES;

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word: keyword or name.
    Word(String),
    /// A name in double quotes, backticks or square brackets.
    Name(String),
    /// Text in single quotes.
    Text(String),
    /// A number as it is written.
    Number(String),
    /// Any other character.
    Sign(u8),
}

impl Token {
    /// Whether it is this keyword, in any case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// What stands up to a semicolon.
pub(super) enum Statement<'s> {
    /// Its tokens: at least one.
    Tokens(&'s [Token]),
    /// More than is kept of a statement.
    TooLong,
    /// The file ends before the semicolon.
    Cut,
}

/// Takes a file statement by statement.
pub(super) struct Statements<'a> {
    input: &'a mut dyn BufRead,
    bytes: Vec<u8>,
    tokens: Vec<Token>,
}

impl<'a> Statements<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead) -> Self {
        Self { input, bytes: Vec::new(), tokens: Vec::new() }
    }

    /// The next statement with anything in it; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Statement<'_>>> {
        loop {
            let (ended, too_long) = self.collect()?;
            if too_long {
                return Ok(Some(Statement::TooLong));
            }
            tokenise(&self.bytes, &mut self.tokens);
            match (self.tokens.is_empty(), ended) {
                (true, true) => {}
                (true, false) => return Ok(None),
                (false, true) => return Ok(Some(Statement::Tokens(&self.tokens))),
                (false, false) => return Ok(Some(Statement::Cut)),
            }
        }
    }

    /// Collects bytes up to a semicolon that stands in no quotes or remark. Says whether there was
    /// one, and whether more came than is kept.
    fn collect(&mut self) -> io::Result<(bool, bool)> {
        self.bytes.clear();
        let mut within = Within::Nothing;
        let mut last = 0;
        let mut too_long = false;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok((false, too_long));
            }
            let mut end = None;
            for (at, byte) in buffer.iter().enumerate() {
                within = within.after(last, *byte);
                last = *byte;
                if *byte == b';' && within == Within::Nothing {
                    end = Some(at);
                    break;
                }
            }
            let used = end.unwrap_or(buffer.len());
            let room = MAX_STATEMENT_BYTES - self.bytes.len();
            too_long |= used > room;
            self.bytes.extend_from_slice(&buffer[..used.min(room)]);
            self.input.consume(used + usize::from(end.is_some()));
            if end.is_some() {
                return Ok((true, too_long));
            }
        }
    }
}

/// What the reading stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    /// Quotes that end with this character. A doubled one ends them and begins new ones.
    Quotes(u8),
    /// A remark to the end of the line.
    Line,
    /// A remark in stars.
    Stars,
}

impl Within {
    fn after(self, last: u8, byte: u8) -> Self {
        match (self, last, byte) {
            (Self::Nothing, _, b'\'' | b'"' | b'`') => Self::Quotes(byte),
            (Self::Nothing, _, b'[') => Self::Quotes(b']'),
            (Self::Nothing, b'-', b'-') => Self::Line,
            (Self::Nothing, b'/', b'*') => Self::Stars,
            (Self::Quotes(end), _, byte) if end == byte => Self::Nothing,
            (Self::Line, _, b'\n') | (Self::Stars, b'*', b'/') => Self::Nothing,
            (within, _, _) => within,
        }
    }
}

fn tokenise(bytes: &[u8], tokens: &mut Vec<Token>) {
    tokens.clear();
    let mut rest = bytes;
    while let [first, behind @ ..] = rest {
        rest = match first {
            _ if first.is_ascii_whitespace() => behind,
            b'-' if behind.first() == Some(&b'-') => after(rest, b"\n"),
            b'/' if behind.first() == Some(&b'*') => after(&behind[1..], b"*/"),
            b'\'' => quoted(behind, b'\'', Token::Text, tokens),
            b'"' | b'`' => quoted(behind, *first, Token::Name, tokens),
            b'[' => quoted(behind, b']', Token::Name, tokens),
            b'0'..=b'9' | b'-' | b'+' => {
                let number = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
                let len = 1 + behind.iter().take_while(|byte| number(byte)).count();
                push(&rest[..len], Token::Number, tokens);
                &rest[len..]
            }
            _ if first.is_ascii_alphabetic() || *first == b'_' || !first.is_ascii() => {
                let word =
                    |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
                let len = rest.iter().take_while(|byte| word(byte)).count();
                push(&rest[..len], Token::Word, tokens);
                &rest[len..]
            }
            sign => {
                tokens.push(Token::Sign(*sign));
                behind
            }
        };
    }
}

fn push(bytes: &[u8], make: impl FnOnce(String) -> Token, tokens: &mut Vec<Token>) {
    tokens.push(make(String::from_utf8_lossy(bytes).into_owned()));
}

/// Takes text up to its closing quote; a doubled quote stands for one.
fn quoted<'r>(
    mut rest: &'r [u8],
    end: u8,
    make: impl FnOnce(String) -> Token,
    tokens: &mut Vec<Token>,
) -> &'r [u8] {
    let mut text = Vec::new();
    loop {
        let len = rest.iter().position(|byte| *byte == end).unwrap_or(rest.len());
        text.extend_from_slice(&rest[..len]);
        rest = rest.get(len + 1..).unwrap_or_default();
        match rest.strip_prefix(&[end]) {
            Some(behind) if end != b']' => {
                text.push(end);
                rest = behind;
            }
            _ => break,
        }
    }
    push(&text, make, tokens);
    rest
}

fn after<'r>(rest: &'r [u8], mark: &[u8]) -> &'r [u8] {
    let at = rest.windows(mark.len()).position(|window| window == mark);
    at.and_then(|at| rest.get(at + mark.len()..)).unwrap_or_default()
}
