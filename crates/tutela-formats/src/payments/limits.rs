//! How much of a file of transfers is taken into memory at once, and why no more.

/// First bytes that [`super::recognise`] looks at: enough for an envelope and a long header.
pub const HEAD_BYTES: usize = 8192;

/// Row errors kept of one file; the counts in `PaymentReading::faults` stay exact.
pub const MAX_ROW_ERRORS: usize = 1000;

/// Notes kept of one file.
pub const MAX_NOTES: usize = 100;

/// How much of a table is taken at a time: large enough that cutting it into rows is no work.
pub const BLOCK_BYTES: usize = 1 << 20;

/// Longest row of a table, line of JSON or message. A quote that is not closed by then never will be. The
/// longest message of MT103 has some 10 kB.
pub const MAX_ROW_BYTES: usize = 1 << 18;

/// Most columns of a table.
pub const MAX_COLUMNS: usize = 512;

/// Longest identifier of a transfer or account. A cut one would name another, so longer ones are refused.
pub const MAX_ID_BYTES: usize = 256;

/// Longest other text; ISO 20022 allows 140 characters for a name and for each line of a purpose.
pub const MAX_TEXT_BYTES: usize = 4096;

/// First and last year that a transfer of a file can be of: what stands outside is a slip or a blank.
pub const YEARS: std::ops::RangeInclusive<i16> = 1970..=2100;
