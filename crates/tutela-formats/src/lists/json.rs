//! Walks the outer levels of a JSON document as a stream and cuts out one record at a time.
//!
//! A document of gigabytes is never in memory, and neither is a record longer than the limit. Nesting
//! costs no stack here; inside a record, `serde_json` bounds it.

use std::io::{self, BufRead, BufReader};

use serde::Deserialize;

use super::limits::{MAX_JSON_KEY_BYTES, MAX_RECORD_BYTES};

/// Buffer of its own, so that looking at a byte costs no virtual call.
const BUFFER_BYTES: usize = 64 << 10;

/// A plain record is shorter than this.
const READY_BYTES: usize = 512;

/// Why a walk ends before the document does.
#[derive(Debug)]
pub(super) enum Stop {
    /// The bytes end inside something.
    Cut,
    /// What follows is not JSON, so where the next record starts cannot be told.
    NotJson,
    /// The source failed.
    Read(io::Error),
}

impl From<io::Error> for Stop {
    fn from(source: io::Error) -> Self {
        Self::Read(source)
    }
}

/// One value, cut out of the stream.
pub(super) enum Record<'a> {
    /// Its bytes.
    Bytes(&'a [u8]),
    /// Longer than the limit, and passed over.
    TooLong,
}

/// A JSON document as it is read.
pub(super) struct Json<'a> {
    input: BufReader<&'a mut dyn BufRead>,
    record: Vec<u8>,
    /// How much to take for a record: twice the last one.
    usual: usize,
}

/// Where a walk through an object or array stands.
#[derive(Default)]
pub(super) struct Place {
    inside: bool,
}

impl<'a> Json<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead) -> Self {
        let input = BufReader::with_capacity(BUFFER_BYTES, input);
        Self { input, record: Vec::new(), usual: READY_BYTES }
    }

    /// The next byte that is not white space, left where it is; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            let bytes = fill(&mut self.input)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            match bytes.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n')) {
                Some(at) => {
                    let byte = bytes[at];
                    self.input.consume(at);
                    return Ok(Some(byte));
                }
                None => {
                    let used = bytes.len();
                    self.input.consume(used);
                }
            }
        }
    }

    /// Whether the next value starts with this byte; if so it is taken.
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, Stop> {
        let found = self.peek()?.ok_or(Stop::Cut)? == byte;
        if found {
            self.input.consume(1);
        }
        Ok(found)
    }

    /// The next key of an object whose `{` is taken; none at its `}`.
    pub(super) fn key(&mut self, place: &mut Place) -> Result<Option<String>, Stop> {
        if !self.step(place, b'}')? {
            return Ok(None);
        }
        if self.peek()? != Some(b'"') {
            return Err(Stop::NotJson);
        }
        let fits = self.scan(MAX_JSON_KEY_BYTES)?;
        let key = if fits { serde_json::from_slice(&self.record).ok() } else { None };
        if !self.take(b':')? {
            return Err(Stop::NotJson);
        }
        // A key that is no string or too long is none of ours; its value will be skipped.
        Ok(Some(key.unwrap_or_default()))
    }

    /// Whether an array whose `[` is taken has another element; at its `]`, no.
    pub(super) fn element(&mut self, place: &mut Place) -> Result<bool, Stop> {
        self.step(place, b']')
    }

    fn step(&mut self, place: &mut Place, end: u8) -> Result<bool, Stop> {
        if self.take(end)? {
            return Ok(false);
        }
        if place.inside && !self.take(b',')? {
            return Err(Stop::NotJson);
        }
        place.inside = true;
        // Some exporters leave a comma behind the last element.
        Ok(!self.take(end)?)
    }

    /// Cuts the next value out.
    pub(super) fn value(&mut self) -> Result<Record<'_>, Stop> {
        let fits = self.scan(MAX_RECORD_BYTES)?;
        self.usual = (2 * self.record.len()).max(READY_BYTES);
        Ok(if fits { Record::Bytes(&self.record) } else { Record::TooLong })
    }

    /// The next value, if it has the expected shape.
    pub(super) fn value_of<'r, T: Deserialize<'r>>(&'r mut self) -> Result<Option<T>, Stop> {
        match self.value()? {
            Record::Bytes(bytes) => Ok(serde_json::from_slice(bytes).ok()),
            Record::TooLong => Ok(None),
        }
    }

    /// The text that the buffer holds from here on, about as much as a record like the last needs.
    pub(super) fn ready(&mut self) -> Result<&str, Stop> {
        let bytes = fill(&mut self.input)?;
        let bytes = &bytes[..bytes.len().min(self.usual)];
        Ok(match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(why) => str::from_utf8(&bytes[..why.valid_up_to()]).unwrap_or_default(),
        })
    }

    /// Goes on behind a record that [`Json::ready`] gave.
    pub(super) fn consume(&mut self, used: usize) {
        self.input.consume(used);
        self.usual = (2 * used).max(READY_BYTES);
    }

    /// Passes over the next value.
    pub(super) fn skip(&mut self) -> Result<(), Stop> {
        self.scan(0).map(drop)
    }

    /// Copies the next value into `record`. False if it is longer than the limit.
    fn scan(&mut self, limit: usize) -> Result<bool, Stop> {
        let first = self.peek()?.ok_or(Stop::Cut)?;
        if matches!(first, b'}' | b']' | b',' | b':') {
            return Err(Stop::NotJson);
        }
        self.record.clear();
        let scalar = !matches!(first, b'{' | b'[' | b'"');
        let mut scan = Scan::default();
        let mut fits = true;
        loop {
            let bytes = fill(&mut self.input)?;
            if bytes.is_empty() {
                return Err(Stop::Cut);
            }
            let end = if scalar { scalar_end(bytes) } else { scan.end(bytes) };
            let used = end.unwrap_or(bytes.len());
            fits &= self.record.len() + used <= limit;
            if fits {
                self.record.extend_from_slice(&bytes[..used]);
            }
            self.input.consume(used);
            if end.is_some() {
                return Ok(fits);
            }
        }
    }
}

fn fill<R: BufRead>(input: &mut R) -> io::Result<&[u8]> {
    // Asked twice because the borrow of a first successful answer cannot leave a loop.
    while let Err(error) = input.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    input.fill_buf()
}

/// Where a number or literal ends: before the first byte that cannot belong to it.
fn scalar_end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|b| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'))
}

/// Finds where a string, an object or an array ends, across pieces.
#[derive(Default)]
struct Scan {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Position behind the last byte of the value, if it is in this piece.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                at = self.string(bytes, at);
                if !self.in_string && self.depth == 0 {
                    return Some(at);
                }
                continue;
            }
            let byte = bytes[at];
            at += 1;
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Goes on inside a string; gives the position behind its quote or the end of the piece.
    fn string(&mut self, bytes: &[u8], mut at: usize) -> usize {
        if self.escaped {
            self.escaped = false;
            at += 1;
        }
        while let Some(found) = bytes.get(at..).and_then(quote_or_backslash) {
            at += found + 1;
            if bytes[at - 1] == b'"' {
                self.in_string = false;
                return at;
            }
            if at == bytes.len() {
                self.escaped = true;
                return at;
            }
            at += 1;
        }
        bytes.len()
    }
}

/// Position of the first quote or backslash. Eight bytes at a time, because strings are most of a list.
fn quote_or_backslash(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES << 7;
    let zero_bytes = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let (words, tail) = bytes.as_chunks::<8>();
    for (n, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quote = zero_bytes(word ^ (ONES * u64::from(b'"')));
        let backslash = zero_bytes(word ^ (ONES * u64::from(b'\\')));
        let found = quote | backslash;
        if found != 0 {
            return Some(n * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = tail.iter().position(|b| matches!(b, b'"' | b'\\'))?;
    Some(words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_value(text: &[u8], chunk: usize) -> Result<String, Stop> {
        let mut input = io::BufReader::with_capacity(chunk, text);
        let mut json = Json::new(&mut input);
        match json.value()? {
            Record::Bytes(bytes) => Ok(String::from_utf8(bytes.to_vec()).unwrap()),
            Record::TooLong => Ok("too long".to_owned()),
        }
    }

    #[test]
    fn a_value_is_cut_out_whole_whatever_the_chunks() {
        for value in [
            r#"{"a":[1,{"b":"}]\"\\"}],"c":null}"#,
            r#""long \\ string with \" and more than eight bytes""#,
            r#""\\\\""#,
            "-12.5e3",
            "[]",
        ] {
            for chunk in 1..20 {
                let text = format!(" \n{value} ,next");
                assert_eq!(first_value(text.as_bytes(), chunk).unwrap(), value, "chunk {chunk}");
            }
        }
    }

    #[test]
    fn cut_and_foreign_bytes_are_told_apart() {
        for cut in ["", " ", "{", r#"{"a":"#, r#""a"#, r#""a\"#, "12"] {
            assert!(matches!(first_value(cut.as_bytes(), 3), Err(Stop::Cut)), "{cut:?}");
        }
        for foreign in ["}", "]", ",", ":"] {
            assert!(
                matches!(first_value(foreign.as_bytes(), 3), Err(Stop::NotJson)),
                "{foreign:?}"
            );
        }
    }

    #[test]
    fn a_record_over_the_limit_is_passed_over_without_being_kept() {
        let mut text = vec![b'"'; 1];
        text.resize(MAX_RECORD_BYTES + 10, b'x');
        text.extend_from_slice(b"\" 7 ");
        let mut input = text.as_slice();
        let mut json = Json::new(&mut input);
        assert!(matches!(json.value(), Ok(Record::TooLong)));
        assert!(json.record.capacity() <= MAX_RECORD_BYTES);
        assert!(matches!(json.value(), Ok(Record::Bytes(b"7"))));
    }
}
