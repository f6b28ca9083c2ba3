//! Text chunks of PNG files, where most generators put their settings. Source: PNG, third edition, 11.3.3.

use std::borrow::Cow;

use tutela_core::{Origin, Provenance};

use super::generators::{by_program, by_text};
use super::limits::{MAX_STATEMENTS, MAX_TEXTS};
use super::text::{inflate, readable, seal};
use super::{Example, ProvenanceSource};

pub(super) const PNG_TEXT: ProvenanceSource = ProvenanceSource {
    id: "png_text",
    title: "Text chunk of a PNG",
    meaning: "Settings of a generator under the keys that such programs use; told by their form.",
    source: "PNG third edition, 11.3.3; the programs' own documentation and code",
    examples: &[
        Example {
            file: b"\x89PNG\r\n\x1a\n\0\0\0\x35tEXtparameters\0a chart\nSteps: 20, Sampler: Euler a, Seed: 1234....",
            says: &[("parameters", "A1111 family", Origin::Generated)],
        },
        Example {
            file: b"\x89PNG\r\n\x1a\n\0\0\0\x10tEXtSoftware\0NovelAI....",
            says: &[("Software", "NovelAI", Origin::Generated)],
        },
        Example {
            file: b"\x89PNG\r\n\x1a\n\0\0\0\x0ctEXtprompt\0hello....",
            says: &[("prompt", UNRECOGNISED, Origin::Ambiguous)],
        },
    ],
};

/// What is said of a text whose key generators use and whose form none of them has.
const UNRECOGNISED: &str = "text of no known form";

/// Where a generator's text can stand, and what is made of one without a known form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// Names a program.
    Program,
    /// Holds settings; an unknown form is told as such.
    Settings,
    /// Holds anything; an unknown form says nothing.
    Free,
}

const KEYS: &[(&[u8], Key)] = &[
    (b"parameters", Key::Settings),
    (b"prompt", Key::Settings),
    (b"workflow", Key::Settings),
    (b"invokeai_metadata", Key::Settings),
    (b"invokeai_graph", Key::Settings),
    (b"sd-metadata", Key::Settings),
    (b"Dream", Key::Settings),
    (b"Software", Key::Program),
    (b"Source", Key::Program),
    (b"Comment", Key::Free),
    (b"Description", Key::Free),
];

/// Statements of the text chunks, in the order of the file.
pub(super) fn read<'a>(
    chunks: impl Iterator<Item = (&'a [u8; 4], &'a [u8])>,
    statements: &mut Vec<Provenance>,
) {
    let texts = chunks.filter(|(name, _)| matches!(*name, b"tEXt" | b"zTXt" | b"iTXt"));
    for (name, content) in texts.take(MAX_TEXTS) {
        let said = split(content).and_then(|(key, rest)| {
            let (key, kind) = KEYS.iter().find(|(known, _)| *known == key)?;
            statement(&String::from_utf8_lossy(key), *kind, &text(name, rest)?)
        });
        if statements.len() < MAX_STATEMENTS {
            statements.extend(said);
        }
    }
}

/// The content of a text chunk that holds an XMP packet.
pub(super) fn xmp<'a>(
    mut chunks: impl Iterator<Item = (&'a [u8; 4], &'a [u8])>,
) -> Option<Cow<'a, [u8]>> {
    chunks.find_map(|(name, content)| {
        let (key, rest) = split(content)?;
        (name == b"iTXt" && key == b"XML:com.adobe.xmp").then(|| text(name, rest)).flatten()
    })
}

fn statement(key: &str, kind: Key, text: &[u8]) -> Option<Provenance> {
    let words = readable(text);
    let generator = match kind {
        Key::Program => by_program(&words),
        Key::Settings | Key::Free => by_text(&words),
    };
    let (value, origin) = match (generator, kind) {
        (Some(generator), _) => (generator.name, Origin::Generated),
        (None, Key::Settings) => (UNRECOGNISED, Origin::Ambiguous),
        (None, Key::Program | Key::Free) => return None,
    };
    Some(Provenance {
        value: value.to_owned(),
        text: Some(seal(text)),
        ..Provenance::new(PNG_TEXT.id, key, origin)
    })
}

/// The text behind the key of a chunk.
fn text<'a>(chunk: &[u8; 4], rest: &'a [u8]) -> Option<Cow<'a, [u8]>> {
    match chunk {
        b"tEXt" => Some(Cow::Borrowed(rest)),
        b"zTXt" => Some(Cow::Owned(inflate(rest.strip_prefix(&[0])?))),
        b"iTXt" => {
            let ([packed, _method], rest) = rest.split_first_chunk()?;
            let (_language, rest) = split(rest)?;
            let (_translated_key, rest) = split(rest)?;
            Some(if *packed == 0 { Cow::Borrowed(rest) } else { Cow::Owned(inflate(rest)) })
        }
        _ => None,
    }
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}
