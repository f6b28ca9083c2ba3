//! How much of a file is taken into memory at once, and why no more.

/// First bytes that [`super::recognise`] looks at: enough for any header, one page of a disk.
pub const HEAD_BYTES: usize = 4096;

/// Row errors kept of one file. A file that is wrong throughout says so in a thousand lines; the
/// count in `ListReading::rejected` stays exact.
pub const MAX_ROW_ERRORS: usize = 1000;

/// Notes kept of one file, for the same reason.
pub const MAX_NOTES: usize = 100;

/// Longest line or CSV record. A TMK signal in base64 has about 350 kB; nothing known is longer.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// Longest single record of a JSON list, such as one Media with all its files and EXIF properties.
pub const MAX_RECORD_BYTES: usize = 4 << 20;

/// Longest key at the outer levels of a JSON list. The longest known has 14 bytes.
pub const MAX_JSON_KEY_BYTES: usize = 1024;

/// Longest tag or text of an XML list.
pub const MAX_XML_EVENT_BYTES: usize = 1 << 20;

/// Deepest nesting of an XML list. A feedback reason, the deepest thing known, stands at 8.
pub const MAX_XML_DEPTH: usize = 64;

/// Longest label kept; what is longer is cut and noted.
pub const MAX_LABEL_BYTES: usize = 4096;

/// Longest key or category kept. A cut key would name another entry, so longer ones are refused.
pub const MAX_NAME_BYTES: usize = 512;

/// Signals kept as received of one entry: far more than there are kinds.
pub const MAX_OPAQUE_SIGNALS: usize = 64;

/// Bytes of all signals kept as received of one entry. A TMK signal in base64 has about 350 kB.
pub const MAX_OPAQUE_BYTES: usize = 1 << 19;

/// Tags and remarks kept of one entry.
pub const MAX_REMARKS: usize = 64;
