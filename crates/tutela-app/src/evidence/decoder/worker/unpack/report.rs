//! The report inside a UFDR: which files of a device it lists, where they stood, and their digests.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use jiff::Timestamp;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::label::label;
use super::output::{Listed, Output, Stop};
use crate::evidence::decoder::limits::{MAX_LISTED_FILES, MAX_PATH_BYTES};
use crate::evidence::decoder::message::FailureSay;

/// Bytes of one piece of XML. Messages are texts of some kilobytes.
const MAX_PIECE_BYTES: u64 = 16 << 20;

/// The files that a report lists, by their path in the archive.
#[derive(Default)]
pub(super) struct Report {
    files: HashMap<String, Listed>,
    /// More files are listed than are kept.
    overfull: bool,
}

impl Report {
    /// Reads a report as far as it goes; a damaged one still lists what comes before the damage.
    pub(super) fn read(content: impl Read, output: &mut Output<'_>) -> Result<Self, Stop> {
        let piece = Rc::new(Cell::new(0));
        let input = Pieces { input: BufReader::new(content), piece: Rc::clone(&piece) };
        let mut reader = Reader::from_reader(input);
        let (mut report, mut parser, mut buffer) = (Self::default(), Parser::default(), Vec::new());
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Eof) => break,
                Ok(event) => {
                    if let Some((path, listed)) = parser.event(&event) {
                        report.add(path, listed);
                    }
                }
                Err(_) => {
                    output.note("archive.report_damaged", "the report of the device is damaged");
                    break;
                }
            }
            output.working(piece.replace(0))?;
        }
        if report.overfull {
            let message =
                format!("the report lists more than the {MAX_LISTED_FILES} files compared");
            output.note("archive.report_overfull", message);
        }
        Ok(report)
    }

    fn add(&mut self, path: String, listed: Listed) {
        if self.files.len() >= MAX_LISTED_FILES {
            self.overfull = true;
        } else {
            self.files.entry(path).or_insert(listed);
        }
    }

    /// What the report says of an entry; each is given out once.
    pub(super) fn take(&mut self, name: &str) -> Option<Listed> {
        self.files.remove(&normal(name))
    }

    /// States the files that are listed and did not come.
    pub(super) fn missing(self, output: &mut Output<'_>) -> Result<(), Stop> {
        let message = "the report of the device lists the file, and it is not in the archive";
        let failure = FailureSay::new("archive.listed_but_missing", message);
        let mut files: Vec<(String, Listed)> = self.files.into_iter().collect();
        files.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (path, listed) in files {
            output.listed_but_lost(&path, listed, &failure)?;
        }
        Ok(())
    }
}

/// Paths in reports are those of Windows.
fn normal(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches('/').to_owned()
}

/// Where in the report the reader stands: only lines of a `file` matter.
#[derive(Default)]
struct Parser {
    file: Option<Listed>,
    path: Option<String>,
    /// The named line whose text comes next.
    item: Option<String>,
    text: String,
}

impl Parser {
    /// Takes in an event; gives a file once it is complete.
    fn event(&mut self, event: &Event<'_>) -> Option<(String, Listed)> {
        match event {
            Event::Start(start) if start.local_name().as_ref() == "file" => {
                let path = attribute(start, "path").map(|path| label(&path));
                let size_bytes = attribute(start, "size").and_then(|size| size.parse().ok());
                *self = Self::default();
                self.file = Some(Listed { path, size_bytes, ..Listed::default() });
            }
            Event::Start(start) if self.file.is_some() => {
                let named = matches!(start.local_name().as_ref(), "item" | "timestamp");
                self.item = named.then(|| attribute(start, "name")).flatten();
                self.text.clear();
            }
            Event::Text(text) if self.item.is_some() => self.push(&text.xml10_content()),
            Event::CData(text) if self.item.is_some() => self.push(&text.xml10_content()),
            Event::GeneralRef(entity) if self.item.is_some() => match entity.resolve_char_ref() {
                Ok(Some(letter)) => self.push(letter.encode_utf8(&mut [0; 4])),
                _ => self.push(resolve_predefined_entity(entity).unwrap_or("\u{fffd}")),
            },
            Event::End(end) if end.local_name().as_ref() == "file" => {
                let listed = self.file.take()?;
                return Some((self.path.take()?, listed));
            }
            Event::End(_) => self.close(),
            _ => {}
        }
        None
    }

    fn push(&mut self, text: &str) {
        if self.text.len() + text.len() <= MAX_PATH_BYTES {
            self.text.push_str(text);
        }
    }

    /// A named line is complete.
    fn close(&mut self) {
        let (Some(item), Some(file)) = (self.item.take(), &mut self.file) else { return };
        let text = self.text.trim();
        match item.as_str() {
            "Local Path" => self.path = Some(normal(text)),
            "MD5" => file.md5 = is_md5(text).then(|| text.to_ascii_lowercase()),
            "ModifyTime" => {
                file.modified_s = text.parse::<Timestamp>().ok().map(|time| time.as_second());
            }
            _ => {}
        }
    }
}

fn is_md5(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
    (value.len() <= MAX_PATH_BYTES).then(|| value.into_owned())
}

/// Input that ends in an error where one piece of XML is too long to be one.
struct Pieces<R> {
    input: R,
    piece: Rc<Cell<u64>>,
}

impl<R: Read> Read for Pieces<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.input.read(buffer)
    }
}

impl<R: BufRead> BufRead for Pieces<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece.get() > MAX_PIECE_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.piece.set(self.piece.get() + amount as u64);
        self.input.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;

    use super::{Listed, Parser};

    fn files(xml: &str) -> Vec<(String, Listed)> {
        let mut reader = Reader::from_str(xml);
        let (mut parser, mut files) = (Parser::default(), Vec::new());
        while let Ok(event) = reader.read_event() {
            if event == quick_xml::events::Event::Eof {
                break;
            }
            files.extend(parser.event(&event));
        }
        files
    }

    #[test]
    fn files_are_listed_with_place_digest_and_time() {
        let found = files(
            r#"<project xmlns="http://pa.cellebrite.com/report/2.0"><taggedFiles>
            <file path="/data/media/0/DCIM/a &amp; b.jpg" size="12" id="x" deleted="Intact"><accessInfo>
            <timestamp name="ModifyTime" format="">2024-05-06T07:08:09.000+02:00</timestamp></accessInfo>
            <metadata section="File"><item name="Local Path"><![CDATA[files\Image\a.jpg]]></item>
            <item name="MD5"><![CDATA[0123456789ABCDEF0123456789abcdef]]></item>
            <item name="Tags">Image</item></metadata></file>
            <file path="/no/content" size="1"></file></taggedFiles></project>"#,
        );
        let listed = Listed {
            path: Some("data/media/0/DCIM/a & b.jpg".to_owned()),
            size_bytes: Some(12),
            md5: Some("0123456789abcdef0123456789abcdef".to_owned()),
            modified_s: Some(1_714_972_089),
        };
        assert_eq!(found, [("files/Image/a.jpg".to_owned(), listed)]);
    }
}
