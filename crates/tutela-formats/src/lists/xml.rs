//! Walks an XML document as a stream, in bounded memory.

use std::io::{self, BufRead, Read};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::limits::{MAX_XML_DEPTH, MAX_XML_EVENT_BYTES};

/// Stands for every byte that is not ASCII where only ASCII is kept, and everywhere for an entity of a document's
/// own. All that lists hold of use in XML is ASCII; names of people and bodies are not, come in odd encodings, and
/// are not kept.
pub(crate) const NOT_ASCII: char = '\u{1a}';

/// Attributes looked at of one element: more than any has.
const MAX_ATTRIBUTES: usize = 16;

/// What the walk has come to. The element is the last of [`Xml::path`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// An element opens; its attributes are known.
    Open,
    /// An element closes; its own text is known.
    Close,
    /// The document is over, with all elements closed.
    End,
}

/// Which characters of a document are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    /// ASCII; every other byte becomes [`NOT_ASCII`].
    Ascii,
    /// UTF-8.
    Utf8,
    /// Latin-1, in which every byte is a character.
    Latin1,
}

impl Letters {
    /// What the first bytes of a document declare.
    pub(crate) fn of(head: &[u8]) -> Self {
        let line = head.split(|b| *b == b'>').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line).to_ascii_lowercase();
        let is_latin = line.starts_with("<?xml")
            && (line.contains("iso-8859-1") || line.contains("windows-1252"));
        if is_latin { Self::Latin1 } else { Self::Utf8 }
    }
}

/// Why a walk ends before the document does.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It cannot be read from here on; why, in plain words.
    Cut(&'static str),
    /// The source failed.
    Read(io::Error),
}

/// An XML document as it is read.
pub(crate) struct Xml<'a> {
    reader: Reader<Bounded<'a>>,
    buffer: Vec<u8>,
    path: Vec<String>,
    attributes: Vec<(String, String)>,
    text: String,
    /// The last element of the path is closed and leaves it with the next step.
    closed: bool,
}

impl<'a> Xml<'a> {
    /// A document of which only ASCII is kept.
    pub(crate) fn new(input: &'a mut dyn BufRead) -> Self {
        Self::with_letters(input, Letters::Ascii)
    }

    /// A document whose texts are kept.
    pub(crate) fn with_letters(input: &'a mut dyn BufRead, letters: Letters) -> Self {
        let mut reader = Reader::from_reader(Bounded::new(input, letters));
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().allow_dangling_amp = true;
        Self {
            reader,
            buffer: Vec::new(),
            path: Vec::new(),
            attributes: Vec::new(),
            text: String::new(),
            closed: false,
        }
    }

    /// Local names of the elements that are open, the current one last.
    pub(crate) fn path(&self) -> &[String] {
        &self.path
    }

    /// An attribute of the element that has just opened.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The text of the element that has just closed, without that of elements in it.
    pub(crate) fn text(&self) -> &str {
        self.text.trim()
    }

    /// Goes on to the next element that opens or closes.
    pub(crate) fn step(&mut self) -> Result<Step, Stop> {
        if self.closed {
            self.path.pop();
            self.text.clear();
            self.closed = false;
        }
        loop {
            self.buffer.clear();
            self.reader.get_mut().left = MAX_XML_EVENT_BYTES;
            let event = self.reader.read_event_into(&mut self.buffer);
            if self.reader.get_ref().left == 0 {
                return Err(Stop::Cut("an element or text is longer than the limit"));
            }
            match event {
                Ok(Event::Start(start)) => {
                    if self.path.len() >= MAX_XML_DEPTH {
                        return Err(Stop::Cut("elements are nested deeper than the limit"));
                    }
                    self.path.push(start.local_name().as_ref().to_owned());
                    self.attributes = attributes_of(&start);
                    self.text.clear();
                    return Ok(Step::Open);
                }
                Ok(Event::End(_)) => {
                    self.closed = true;
                    return Ok(Step::Close);
                }
                Ok(Event::Text(text)) => add(&mut self.text, &text.xml10_content()),
                Ok(Event::CData(text)) => add(&mut self.text, &text.xml10_content()),
                Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                    Ok(Some(c)) => add(&mut self.text, c.encode_utf8(&mut [0; 4])),
                    // Entities of a document's own are never expanded.
                    _ => {
                        add(&mut self.text, resolve_predefined_entity(&entity).unwrap_or("\u{1a}"))
                    }
                },
                Ok(Event::Eof) if self.path.is_empty() => return Ok(Step::End),
                Ok(Event::Eof) => {
                    return Err(Stop::Cut("the file ends before all elements are closed"));
                }
                Ok(Event::Empty(_) | Event::Comment(_) | Event::Decl(_)) => {}
                Ok(Event::PI(_) | Event::DocType(_)) => {}
                Err(Error::Io(source)) => {
                    return Err(Stop::Read(io::Error::new(source.kind(), source)));
                }
                Err(_) => {
                    return Err(Stop::Cut(
                        "not well-formed XML here, or the file ends inside a tag",
                    ));
                }
            }
        }
    }
}

/// Adds to a text up to the limit; beyond, the text is no value of ours.
fn add(text: &mut String, more: &str) {
    if text.len() + more.len() <= MAX_XML_EVENT_BYTES {
        text.push_str(more);
    }
}

fn attributes_of(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let read = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some((attribute.key.local_name().as_ref().to_owned(), value.into_owned()))
    };
    let mut attributes = start.attributes();
    attributes.with_checks(false).take(MAX_ATTRIBUTES).flatten().filter_map(read).collect()
}

/// Gives text, and only so much of it until it is asked whether to go on.
struct Bounded<'a> {
    input: &'a mut dyn BufRead,
    letters: Letters,
    piece: Vec<u8>,
    given: usize,
    /// Bytes until the end is feigned.
    left: usize,
}

impl<'a> Bounded<'a> {
    fn new(input: &'a mut dyn BufRead, letters: Letters) -> Self {
        Self { input, letters, piece: Vec::new(), given: 0, left: MAX_XML_EVENT_BYTES }
    }
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given == self.piece.len() {
            let bytes = self.input.fill_buf()?;
            self.piece.clear();
            match self.letters {
                Letters::Ascii => self
                    .piece
                    .extend(bytes.iter().map(|b| if b.is_ascii() { *b } else { NOT_ASCII as u8 })),
                Letters::Utf8 => self.piece.extend_from_slice(bytes),
                Letters::Latin1 => {
                    let text: String = bytes.iter().map(|b| char::from(*b)).collect();
                    self.piece.extend_from_slice(text.as_bytes());
                }
            }
            self.given = 0;
            let used = bytes.len();
            self.input.consume(used);
        }
        let end = self.piece.len().min(self.given + self.left);
        Ok(&self.piece[self.given..end])
    }

    fn consume(&mut self, used: usize) {
        let used = used.min(self.piece.len() - self.given).min(self.left);
        self.given += used;
        self.left -= used;
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let used = self.fill_buf()?.read(out)?;
        self.consume(used);
        Ok(used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(text: &str) -> Vec<String> {
        let mut input = text.as_bytes();
        let mut xml = Xml::new(&mut input);
        let mut seen = Vec::new();
        loop {
            match xml.step() {
                Ok(Step::Open) => seen.push(format!("+{}", xml.path().join("/"))),
                Ok(Step::Close) => seen.push(format!("-{}={}", xml.path().join("/"), xml.text())),
                Ok(Step::End) => break,
                Err(Stop::Cut(why)) => {
                    seen.push(why.to_owned());
                    break;
                }
                Err(Stop::Read(why)) => panic!("{why}"),
            }
        }
        seen
    }

    #[test]
    fn elements_open_and_close_with_their_text() {
        assert_eq!(
            walk(
                "<?xml version='1.0'?><a x='1'><!-- no --><b>1 &lt; &#50;<![CDATA[ & 3]]></b><n:c/></a>"
            ),
            ["+a", "+a/b", "-a/b=1 < 2 & 3", "+a/c", "-a/c=", "-a="]
        );
        assert_eq!(walk("<a>é&own;&</a>"), ["+a", "-a=\u{1a}\u{1a}\u{1a}&"]);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let last = |text: &str| walk(text).pop().unwrap();
        assert_eq!(last("<a><b>"), "the file ends before all elements are closed");
        assert_eq!(last("<a><b"), "not well-formed XML here, or the file ends inside a tag");
        assert_eq!(last("<a></b>"), "not well-formed XML here, or the file ends inside a tag");
        assert_eq!(last(&"<a>".repeat(100_000)), "elements are nested deeper than the limit");
        let long = format!("<a>{}</a>", "x".repeat(2 * MAX_XML_EVENT_BYTES));
        assert_eq!(last(&long), "an element or text is longer than the limit");
    }

    #[test]
    fn attributes_read_without_their_prefix() {
        let mut input: &[u8] = b"<a x:id='1' b=\"2 &amp; 3\" bad='&no;'/>";
        let mut xml = Xml::new(&mut input);
        assert_eq!(xml.step().unwrap(), Step::Open);
        assert_eq!((xml.attribute("id"), xml.attribute("b")), (Some("1"), Some("2 & 3")));
        assert_eq!(xml.attribute("bad"), None);
    }
}
