//! Whatever a file holds, reading stays within its limits and goes on behind them.

use std::io::{self, BufRead, Read};

use tutela_core::{Class, Coded};
use tutela_formats::FormatError;
use tutela_formats::lists::{LISTS, ReadOptions, format, limits};

use crate::given::{MD5, errors, read};

/// Gives the same piece over and over, then an end; never more than one piece is in memory.
struct Endless<'a> {
    head: &'a [u8],
    piece: &'a [u8],
    times: u64,
    tail: &'a [u8],
    at: usize,
}

impl BufRead for Endless<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        loop {
            let current = match (self.head.is_empty(), self.times) {
                (false, _) => self.head,
                (true, 1..) => self.piece,
                (true, 0) => return Ok(&self.tail[self.at..]),
            };
            if self.at < current.len() {
                return Ok(&current[self.at..]);
            }
            self.at = 0;
            match self.head.is_empty() {
                false => self.head = &[],
                true => self.times -= 1,
            }
        }
    }

    fn consume(&mut self, used: usize) {
        self.at += used;
    }
}

impl Read for Endless<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let used = self.fill_buf()?.read(out)?;
        self.consume(used);
        Ok(used)
    }
}

/// Reads a file whose middle is 64 MB of one byte; gives entries and errors.
fn swollen(id: &str, head: &str, tail: &str) -> (u64, bool, Vec<String>) {
    let piece = [b'x'; 65_536];
    let mut input =
        Endless { head: head.as_bytes(), piece: &piece, times: 1024, tail: tail.as_bytes(), at: 0 };
    let reading =
        (format(id).unwrap().read)(&mut input, &ReadOptions::default(), &mut |_| ()).unwrap();
    (reading.entries, reading.truncated, errors(&reading))
}

#[test]
fn an_enormous_line_costs_only_itself() {
    let line = "row 2: longer than the limit of a line".to_owned();
    let tail = format!("\n{MD5}\n");
    assert_eq!(swollen("plain", &format!("{MD5}\n"), &tail), (2, false, vec![line.clone()]));
    assert_eq!(swollen("csv", "md5\n", &tail), (1, false, vec![line.clone()]));
    assert_eq!(swollen("csv", "md5\n\"", &tail), (1, false, vec![line.clone()]));
    assert_eq!(swollen("md5sum", &format!("{MD5}\n"), &tail), (2, false, vec![line.clone()]));
    assert_eq!(swollen("hashdeep", "%%%% HASHDEEP-1.0\n", "\n"), (0, false, vec![line.clone()]));
    assert_eq!(swollen("pytx", &format!("md5 {MD5}\n"), "\n"), (1, false, vec![line]));
}

#[test]
fn an_enormous_record_costs_only_itself() {
    let good = format!(r#"{{"MD5":"{MD5}"}}"#);
    let long = "row 2: longer than 4194304 bytes".to_owned();
    let head = format!(r#"{{"value":[{good},{{"Comments":""#);
    let tail = format!(r#""}},{good}]}}"#);
    assert_eq!(swollen("projectvic", &head, &tail), (2, false, vec![long]));
    let head = r#"{""#;
    let tail = format!(r#"":1,"value":[{good}]}}"#);
    assert_eq!(swollen("projectvic", head, &tail), (1, false, vec![]));
}

#[test]
fn an_enormous_element_ends_the_reading_and_keeps_what_stood_before() {
    let good = format!("<image><fingerprints><md5>{MD5}</md5></fingerprints></image>");
    let head = format!("<queryResult><images>{good}<image><id>");
    let said = "row 2: an element or text is longer than the limit".to_owned();
    assert_eq!(
        swollen("ncmec", &head, "</id></image></images></queryResult>"),
        (1, true, vec![said])
    );
}

#[test]
fn deep_nesting_costs_only_its_record() {
    for open in ["[", "{\"a\":"] {
        let deep = open.repeat(1_000_000);
        let close =
            if open == "[" { "]".repeat(1_000_000) } else { format!("1{}", "}".repeat(1_000_000)) };
        let shallow = open.repeat(500);
        let shallow_close =
            if open == "[" { "]".repeat(500) } else { format!("1{}", "}".repeat(500)) };
        let file = format!(
            r#"{{"value":[{{"Exifs":{deep}{close}}},{{"Exifs":{shallow}{shallow_close}}},{{"MD5":"{MD5}"}}],"x":{deep}{close}}}"#
        );
        let (entries, reading) = read("projectvic", file);
        assert_eq!((entries.len(), reading.rejected, reading.truncated), (1, 2, false), "{open}");
    }
}

#[test]
fn labels_are_cut_and_keys_are_refused() {
    let long = "é".repeat(limits::MAX_LABEL_BYTES);
    let (entries, reading) = read("csv", format!("md5,id,label\n{MD5},{long},{long}\n"));
    let label = entries[0].label.as_ref().unwrap();
    assert_eq!(label.len(), limits::MAX_LABEL_BYTES);
    assert_eq!(entries[0].key, None);
    assert_eq!(errors(&reading), ["row 2, field id: longer than 512 bytes"]);
    assert_eq!(reading.notes, ["labels longer than 4096 bytes are cut"]);
}

#[test]
fn row_errors_are_capped_and_the_count_is_not() {
    let (_, reading) = read("plain", "zz\n".repeat(5000));
    assert_eq!((reading.errors.len(), reading.rejected), (limits::MAX_ROW_ERRORS, 5000));
}

/// Fails after some bytes, as a disk does.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out)? {
            0 => Err(io::Error::other("the disk is gone")),
            read => Ok(read),
        }
    }
}

#[test]
fn a_failing_source_is_an_error_of_its_own() {
    for list in LISTS {
        let bytes = list.examples[0].bytes;
        let mut input = io::BufReader::new(Failing(&bytes[..bytes.len() - 10]));
        let error = (list.read)(&mut input, &ReadOptions::default(), &mut |_| ()).unwrap_err();
        assert_eq!(
            (error.code(), error.class()),
            ("formats.list.read", Class::Unavailable),
            "{}",
            list.id
        );
        assert!(matches!(error, FormatError::Read { .. }), "{}", list.id);
    }
}

#[test]
fn a_foreign_file_is_refused_by_formats_with_a_header() {
    for (id, file) in [
        ("csv", "name,shelf\na,b\n"),
        ("hashdeep", "size,md5\n"),
        ("projectvic", "{\"values\":[]}"),
        ("ncmec", "<html></html>"),
        ("threatexchange", "{\"error\":{\"code\":190}}"),
        ("stopncii", "\"no list\""),
    ] {
        let error =
            crate::given::try_read(format(id).unwrap(), file.as_bytes(), &ReadOptions::default());
        let error = error.unwrap_err();
        assert_eq!((error.code(), error.class()), ("formats.list.foreign", Class::Invalid), "{id}");
    }
}

#[test]
fn a_list_without_entries_says_so() {
    for (id, file) in [("plain", ""), ("csv", "md5\n"), ("projectvic", "{\"value\":[]}")] {
        let (_, reading) = read(id, file);
        assert!(reading.notes.iter().any(|note| note == "the file holds no usable entry"), "{id}");
    }
}
