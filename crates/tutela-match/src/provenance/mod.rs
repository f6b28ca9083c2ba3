//! What a file says of its own making: statements, each with its place and what it says.
//!
//! Like `content`, all of this gets untrusted bytes and is called on evidence only inside a fenced
//! worker process. Nothing here decides whether a statement is true, and a file that says nothing
//! is a file of which nothing is known.

mod c2pa;
mod cbor;
mod conflict;
mod containers;
mod exif_text;
mod generators;
mod jumbf;
mod limits;
mod png_text;
mod source_types;
mod text;
mod xmp;

pub use conflict::{CONFLICT, CONFLICT_VERSION, conflict};
pub(crate) use exif_text::is_settings;
pub use generators::{GENERATORS, Generator, by_program, by_text};
pub use limits::{
    LIMITS, MAX_ACTIONS, MAX_BOX_DEPTH, MAX_BOXES, MAX_CBOR_DEPTH, MAX_CBOR_NODES, MAX_FIELD_CHARS,
    MAX_LABEL_CHARS, MAX_MANIFEST_BYTES, MAX_MANIFESTS, MAX_STATEMENTS, MAX_TEXT_BYTES, MAX_TEXTS,
    MAX_URL_CHARS, MAX_XMP_BYTES,
};
pub use source_types::{SOURCE_TYPES, SourceType, source_type};

use tutela_core::{ManifestFacts, Origin, Provenance};

use self::text::label;
use crate::content::{Kind, PictureFormat, exif, png_chunks, sniff};

/// Every place that is read, in the order in which documents list them.
pub const SOURCES: &[ProvenanceSource] =
    &[c2pa::MANIFEST, c2pa::INGREDIENT, xmp::XMP, png_text::PNG_TEXT, exif_text::EXIF_TEXT];

/// What cannot be read from a file without its pixels or its maker's key: named, so that nobody
/// takes silence for an answer.
pub const NOT_TESTED: &[&str] = &[
    "SynthID",
    "Stable Signature",
    "other invisible watermarks",
    "text hidden in an alpha channel",
];

/// One place of a file that can say something of its making.
#[derive(Debug, Clone, Copy)]
pub struct ProvenanceSource {
    /// The name in documents; never renamed.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What is read there.
    pub meaning: &'static str,
    /// Where its form is published.
    pub source: &'static str,
    /// Small generated files, and what they say.
    pub examples: &'static [Example],
}

/// A file of a few hundred bytes that says something.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// The file; as much of one as the reader needs.
    pub file: &'static [u8],
    /// Field, value and origin of what this source reads in it.
    pub says: &'static [(&'static str, &'static str, Origin)],
}

/// Reads everything a file says of its own making, unchecked: each statement has grade V1, or V0
/// where it only names a place. Empty is no information.
pub fn read(bytes: &[u8]) -> Vec<Provenance> {
    let sniffed = sniff(bytes);
    let exif = exif(bytes);
    let carried = containers::carried(sniffed, bytes, exif.as_ref());
    let mut statements = Vec::new();
    if carried.store_too_large {
        statements.push(Provenance {
            value: "manifest store larger than what is read".to_owned(),
            manifest: Some(Box::new(ManifestFacts::default())),
            ..Provenance::new(c2pa::MANIFEST.id, "manifest", Origin::Ambiguous)
        });
    } else if let Some(store) = &carried.store {
        c2pa::read(store, &mut statements);
    }
    for packet in &carried.xmp {
        xmp::read(packet, &mut statements);
    }
    if sniffed.kind == Kind::Picture(PictureFormat::Png) {
        png_text::read(png_chunks(bytes), &mut statements);
    }
    if let Some(exif) = &exif {
        exif_text::read(exif, &mut statements);
    }
    statements.truncate(MAX_STATEMENTS);
    statements
}

/// Sends any bytes through the reader. For fuzzing: it must return, whatever the bytes are.
pub fn replay(bytes: &[u8]) {
    let statements = read(bytes);
    assert!(statements.len() <= MAX_STATEMENTS, "too many statements");
    for said in &statements {
        assert!(SOURCES.iter().any(|source| source.id == said.source), "a source nobody knows");
        assert!(said.value.chars().count() <= MAX_URL_CHARS, "a value that is too long");
    }
    conflict(&statements, &crate::content::capture(bytes));
}
