//! How much of a file is believed while its statements about its own making are read.

use crate::content::LimitDoc;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Manifest store that is read. Real ones hold thumbnails and stay below a few MiB.
pub const MAX_MANIFEST_BYTES: usize = 8 * MIB;
/// Manifests of one store that are read: one for each time the file was signed, newest first.
pub const MAX_MANIFESTS: usize = 32;
/// Boxes of one store that are looked at.
pub const MAX_BOXES: usize = 4096;
/// Boxes inside boxes. C2PA needs five.
pub const MAX_BOX_DEPTH: usize = 8;
/// Items of one CBOR document. Claims and actions have hundreds.
pub const MAX_CBOR_NODES: usize = 20_000;
/// CBOR containers inside containers.
pub const MAX_CBOR_DEPTH: usize = 16;
/// XMP packet that is parsed.
pub const MAX_XMP_BYTES: usize = MIB;
/// Text chunk, after it was inflated. What a generator writes is a few KiB, rarely a hundred.
pub const MAX_TEXT_BYTES: usize = 256 * KIB;
/// Text chunks of one file that are looked at.
pub const MAX_TEXTS: usize = 64;
/// Statements kept of one file.
pub const MAX_STATEMENTS: usize = 32;
/// Characters of a term or program name.
pub const MAX_LABEL_CHARS: usize = 128;

/// Characters of the name of a field: an action of a manifest stands in some.
pub const MAX_FIELD_CHARS: usize = 160;
/// Actions of a manifest that are kept by name.
pub const MAX_ACTIONS: usize = 32;
/// Characters of the address of a manifest that is kept elsewhere.
pub const MAX_URL_CHARS: usize = 1024;

/// All limits of this module, for documents.
pub const LIMITS: &[LimitDoc] = &[
    LimitDoc {
        name: "provenance.max_manifest_bytes",
        value: MAX_MANIFEST_BYTES as u64,
        unit: "bytes",
        why: "Manifests are text and small thumbnails; a larger store is not read.",
    },
    LimitDoc {
        name: "provenance.max_manifests",
        value: MAX_MANIFESTS as u64,
        unit: "manifests",
        why: "One a signing; the newest are read and the rest are not.",
    },
    LimitDoc {
        name: "provenance.max_boxes",
        value: MAX_BOXES as u64,
        unit: "boxes",
        why: "Millions of empty boxes cost time and say nothing.",
    },
    LimitDoc {
        name: "provenance.max_box_depth",
        value: MAX_BOX_DEPTH as u64,
        unit: "boxes inside boxes",
        why: "A manifest needs five; deeper nesting is an attack on the stack.",
    },
    LimitDoc {
        name: "provenance.max_cbor_nodes",
        value: MAX_CBOR_NODES as u64,
        unit: "items",
        why: "A few bytes can declare billions of items.",
    },
    LimitDoc {
        name: "provenance.max_cbor_depth",
        value: MAX_CBOR_DEPTH as u64,
        unit: "containers inside containers",
        why: "Claims need six; deeper nesting is an attack on the stack.",
    },
    LimitDoc {
        name: "provenance.max_xmp_bytes",
        value: MAX_XMP_BYTES as u64,
        unit: "bytes",
        why: "A packet is a few KiB; larger ones hold previews, not statements.",
    },
    LimitDoc {
        name: "provenance.max_text_bytes",
        value: MAX_TEXT_BYTES as u64,
        unit: "bytes",
        why: "A compressed text chunk can grow a thousandfold; reading stops here.",
    },
    LimitDoc {
        name: "provenance.max_texts",
        value: MAX_TEXTS as u64,
        unit: "text chunks",
        why: "Generators write one to five.",
    },
    LimitDoc {
        name: "provenance.max_statements",
        value: MAX_STATEMENTS as u64,
        unit: "statements",
        why: "A person reads them; more say nothing more.",
    },
    LimitDoc {
        name: "provenance.max_actions",
        value: MAX_ACTIONS as u64,
        unit: "actions",
        why: "Names of actions are kept for a person to read.",
    },
    LimitDoc {
        name: "provenance.max_label_chars",
        value: MAX_LABEL_CHARS as u64,
        unit: "characters",
        why: "Terms and program names are short; the rest is cut.",
    },
    LimitDoc {
        name: "provenance.max_url_chars",
        value: MAX_URL_CHARS as u64,
        unit: "characters",
        why: "The address of a manifest is recorded and never fetched.",
    },
];
