//! Text as it comes: byte order marks, UTF-16, and lines of any length in bounded memory.

use std::borrow::Cow;
use std::io::{self, BufRead, Cursor, Read};

use super::limits::{HEAD_BYTES, MAX_LINE_BYTES};

/// The encodings that lists are met in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big_endian: bool },
}

/// The encoding that the first four bytes show, and how many of them are a byte order mark.
/// Without a mark, a zero byte beside the first character gives UTF-16 away.
fn encoding_of(start: &[u8]) -> (Encoding, usize) {
    match start {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16 { big_endian: false }, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16 { big_endian: true }, 2),
        [0, 1..=255, ..] => (Encoding::Utf16 { big_endian: true }, 0),
        [1..=255, 0, ..] => (Encoding::Utf16 { big_endian: false }, 0),
        _ => (Encoding::Utf8, 0),
    }
}

/// The same bytes as UTF-8 without a byte order mark.
pub(crate) fn decoded<'a>(input: &'a mut dyn BufRead) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut start = Vec::with_capacity(4);
    (&mut *input).take(4).read_to_end(&mut start)?;
    let (encoding, mark) = encoding_of(&start);
    start.drain(..mark);
    let rest = Cursor::new(start).chain(input);
    Ok(match encoding {
        Encoding::Utf8 => Box::new(rest),
        Encoding::Utf16 { big_endian } => Box::new(Utf16::new(rest, big_endian)),
    })
}

/// The start of a file as UTF-8 without a byte order mark, for sniffing.
pub(crate) fn decoded_head(head: &[u8]) -> Cow<'_, [u8]> {
    let head = &head[..head.len().min(HEAD_BYTES)];
    let (encoding, mark) = encoding_of(head);
    match encoding {
        Encoding::Utf8 => Cow::Borrowed(&head[mark..]),
        Encoding::Utf16 { big_endian } => {
            let mut text = Vec::new();
            // Reading from memory cannot fail; were it to, what was read until then is the head.
            let _ = Utf16::new(&head[mark..], big_endian).read_to_end(&mut text);
            Cow::Owned(text)
        }
    }
}

/// Turns UTF-16 into UTF-8 as it is read. What is not UTF-16 becomes U+FFFD.
struct Utf16<R> {
    input: R,
    big_endian: bool,
    /// First byte of a unit whose second is not read yet.
    half: Option<u8>,
    /// First unit of a pair whose second is not read yet.
    high: Option<u16>,
    text: String,
    given: usize,
}

impl<R: BufRead> Utf16<R> {
    fn new(input: R, big_endian: bool) -> Self {
        Self { input, big_endian, half: None, high: None, text: String::new(), given: 0 }
    }

    /// Decodes what the source has ready. False at its end.
    fn refill(&mut self) -> io::Result<bool> {
        let bytes = self.input.fill_buf()?;
        if bytes.is_empty() {
            if self.half.take().is_some() | self.high.take().is_some() {
                self.text.push(char::REPLACEMENT_CHARACTER);
            }
            return Ok(false);
        }
        for &byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            let unit = match self.big_endian {
                true => u16::from_be_bytes([first, byte]),
                false => u16::from_le_bytes([first, byte]),
            };
            let pending = self.high.take();
            if pending.is_none() && (0xD800..0xDC00).contains(&unit) {
                self.high = Some(unit);
                continue;
            }
            let units = pending.into_iter().chain([unit]);
            self.text.extend(
                char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
            );
        }
        let used = bytes.len();
        self.input.consume(used);
        Ok(true)
    }
}

impl<R: BufRead> BufRead for Utf16<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given == self.text.len() {
            self.text.clear();
            self.given = 0;
            while self.text.is_empty() && self.refill()? {}
        }
        Ok(&self.text.as_bytes()[self.given..])
    }

    fn consume(&mut self, used: usize) {
        self.given = (self.given + used).min(self.text.len());
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let used = self.fill_buf()?.read(out)?;
        self.consume(used);
        Ok(used)
    }
}

/// One line as it was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Number of the line, from 1.
    pub(crate) number: u64,
    /// Its bytes without the line end; the start only if it is longer than the limit.
    pub(crate) bytes: &'a [u8],
    /// It was longer than [`MAX_LINE_BYTES`]; the rest was passed over.
    pub(crate) too_long: bool,
    /// A line end follows. The last line of a file that was cut has none.
    pub(crate) ended: bool,
}

/// Takes a file line by line.
pub(crate) struct Lines<'a> {
    input: &'a mut dyn BufRead,
    buffer: Vec<u8>,
    number: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(input: &'a mut dyn BufRead) -> Self {
        Self { input, buffer: Vec::new(), number: 0 }
    }

    /// The next line, or none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let read = (&mut *self.input)
            .take(MAX_LINE_BYTES as u64 + 1)
            .read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let mut ended = self.buffer.last() == Some(&b'\n');
        let too_long = !ended && read > MAX_LINE_BYTES;
        if too_long {
            ended = skip_line(self.input)?;
        }
        let bytes = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Ok(Some(Line { number: self.number, bytes, too_long, ended }))
    }
}

/// Passes over the rest of a line without keeping it. True if a line end was found.
fn skip_line(input: &mut dyn BufRead) -> io::Result<bool> {
    loop {
        let mut piece = Vec::new();
        let read = (&mut *input).take(MAX_LINE_BYTES as u64).read_until(b'\n', &mut piece)?;
        if read == 0 {
            return Ok(false);
        }
        if piece.last() == Some(&b'\n') {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big_endian: bool, mark: bool) -> Vec<u8> {
        let marked = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
        let unit = |u: u16| if big_endian { u.to_be_bytes() } else { u.to_le_bytes() };
        marked.encode_utf16().flat_map(unit).collect()
    }

    fn read_all(bytes: &[u8], chunk: usize) -> String {
        let mut slow = io::BufReader::with_capacity(chunk, bytes);
        let mut text = String::new();
        decoded(&mut slow).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn every_encoding_reads_the_same_in_any_chunk() {
        let text = "{\"a\": \"é 𝄞\"}\n";
        let mut marked = b"\xEF\xBB\xBF".to_vec();
        marked.extend_from_slice(text.as_bytes());
        let mut files = vec![text.as_bytes().to_vec(), marked];
        for (big_endian, mark) in [(false, false), (false, true), (true, false), (true, true)] {
            files.push(utf16(text, big_endian, mark));
        }
        for (n, file) in files.iter().enumerate() {
            for chunk in [1, 2, 3, 5, 4096] {
                assert_eq!(read_all(file, chunk), text, "file {n}, chunk {chunk}");
            }
            assert_eq!(decoded_head(file), text.as_bytes(), "file {n}");
        }
    }

    #[test]
    fn broken_utf16_becomes_replacement_characters() {
        let lone_high = [0xFF, 0xFE, b'a', 0, 0x00, 0xD8, b'b', 0];
        assert_eq!(read_all(&lone_high, 4096), "a\u{fffd}b");
        let half_unit = [0xFF, 0xFE, b'a', 0, b'b'];
        assert_eq!(read_all(&half_unit, 4096), "a\u{fffd}");
    }

    #[test]
    fn a_line_longer_than_the_limit_is_passed_over() {
        let mut bytes = vec![b'x'; 3 * MAX_LINE_BYTES];
        bytes.extend_from_slice(b"\nshort\r\nlast");
        let mut input = bytes.as_slice();
        let mut lines = Lines::new(&mut input);
        let long = lines.next().unwrap().unwrap();
        assert!(long.too_long && long.ended);
        let short = Line { number: 2, bytes: b"short", too_long: false, ended: true };
        assert_eq!(lines.next().unwrap(), Some(short));
        let last = Line { number: 3, bytes: b"last", too_long: false, ended: false };
        assert_eq!(lines.next().unwrap(), Some(last));
        assert_eq!(lines.next().unwrap(), None);
    }
}
