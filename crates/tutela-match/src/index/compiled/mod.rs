//! Compiled lists: a hash list as one file that is looked up where it lies, however large it is.
//!
//! For each kind of digest there is a sorted table, and in front of it a filter that turns nearly every
//! digest away that is not in the table. Both are read in place, from bytes that are mapped or held by
//! whoever looks up; nothing is loaded but what describes the filters.

mod fuse;
mod layout;
mod records;
mod table;

use std::ops::Range;

use tutela_core::{Class, Coded, Md5, Pdq, Sha1, Sha256};

pub use fuse::FALSE_POSITIVE_RATE;
pub use layout::{
    ALIGNMENT, Assembler, BLOCK_BYTES, Checksums, HEADER_BYTES, Layout, MAGIC, SECTIONS, Section,
    TABLE_PARTS, VERSION,
};
pub use records::{MAX_CATEGORIES, RECORD_BYTES, Record, text_bytes};
pub use table::{TableEnd, TableWriter};

use table::{Parts, Table};

/// Bytes of a PDQ signal, or of a frame of a film, with its entry.
pub const PDQ_ROW_BYTES: usize = 36;

/// Bytes of a size that entries state.
pub const SIZE_BYTES: usize = 8;

/// Part of a table that holds the prints of its filters.
const PRINTS: usize = 3;

/// Why a file is no compiled list that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompiledError {
    /// It is something else.
    #[error("not a compiled list")]
    NotCompiled,
    /// Another version of the layout.
    #[error(
        "the compiled list has layout {found}, and this program reads {VERSION}; compile it again"
    )]
    Version {
        /// The version it states.
        found: u32,
    },
    /// It is shorter or longer than it says.
    #[error("the compiled list is cut or has grown: {found} bytes are not what its header says")]
    Cut {
        /// Bytes there are.
        found: u64,
    },
    /// A part is not as it was written.
    #[error("the compiled list is damaged in {part}")]
    Damaged {
        /// Which part.
        part: &'static str,
    },
}

impl Coded for CompiledError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotCompiled => "match.compiled.not_compiled",
            Self::Version { .. } => "match.compiled.version",
            Self::Cut { .. } => "match.compiled.cut",
            Self::Damaged { .. } => "match.compiled.damaged",
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::NotCompiled | Self::Version { .. } => Class::Invalid,
            Self::Cut { .. } | Self::Damaged { .. } => Class::Integrity,
        }
    }
}

/// A kind of digest with a table of its own.
pub trait Indexed<const N: usize> {
    /// Where its rows stand in the layout.
    const SECTION: Section;
    /// Its bytes.
    fn bytes(&self) -> &[u8; N];
    /// The digest with these bytes.
    fn of(bytes: [u8; N]) -> Self;
}

macro_rules! indexed {
    ($($name:ident: $bytes:literal),*) => {$(
        impl Indexed<$bytes> for $name {
            const SECTION: Section = Section::$name;

            fn bytes(&self) -> &[u8; $bytes] {
                &self.0
            }

            fn of(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }
        }
    )*};
}

indexed!(Md5: 16, Sha1: 20, Sha256: 32);

/// A compiled list over the bytes of its file.
///
/// **Cost.** A look-up of a digest that is not there reads three prints; one that is there, some
/// pages of the table. Nothing is read twice for safety: each place is checked against the length.
#[derive(Debug)]
pub struct CompiledList<B> {
    bytes: B,
    layout: Layout,
    /// MD5, SHA-1, SHA-256.
    tables: [Table; 3],
    /// Where the prints of each table lie: worked out once, as nearly every look-up ends there.
    prints: [Range<usize>; 3],
}

impl<B: AsRef<[u8]>> CompiledList<B> {
    /// Takes the bytes of a file, checks every checksum and how the parts fit.
    ///
    /// # Errors
    /// The bytes are something else, of another version, cut, or damaged.
    pub fn open(bytes: B) -> Result<Self, CompiledError> {
        let all = bytes.as_ref();
        let layout = Layout::read(all)?;
        layout::check(all, &layout)?;
        let fits = Self::table::<16, Md5>(all, &layout).zip(Self::table::<20, Sha1>(all, &layout));
        let fits = fits.zip(Self::table::<32, Sha256>(all, &layout));
        let ((md5, sha1), sha256) = fits.ok_or(CompiledError::Damaged { part: "a table" })?;
        let whole = |section: Section, bytes: usize| {
            layout.section(all, section as usize).len().is_multiple_of(bytes)
        };
        if !whole(Section::Records, RECORD_BYTES)
            || !whole(Section::Pdq, PDQ_ROW_BYTES)
            || !whole(Section::Films, PDQ_ROW_BYTES)
            || !whole(Section::Sizes, SIZE_BYTES)
        {
            return Err(CompiledError::Damaged { part: "the entries" });
        }
        let prints = [Section::Md5, Section::Sha1, Section::Sha256]
            .map(|rows| layout.place(rows as usize + PRINTS));
        Ok(Self { bytes, layout, tables: [md5, sha1, sha256], prints })
    }

    fn table<const N: usize, D: Indexed<N>>(all: &[u8], layout: &Layout) -> Option<Table> {
        let shards = layout.section(all, D::SECTION as usize + 2);
        Table::new::<N>(parts(all, layout, D::SECTION), shards)
    }

    /// What whoever compiled the list wrote about it.
    pub fn about(&self) -> &[u8] {
        self.section(Section::About)
    }

    /// How many entries it has, withdrawn ones among them.
    pub fn len(&self) -> u64 {
        (self.section(Section::Records).len() / RECORD_BYTES) as u64
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Digests of a kind, equal ones each.
    pub fn digests<const N: usize, D: Indexed<N>>(&self) -> u64 {
        u64::from(self.table_of(D::SECTION).len)
    }

    /// Bytes of all filters of a kind of digest, and how many of them were given up.
    pub fn filter_bytes<const N: usize, D: Indexed<N>>(&self) -> (u64, usize) {
        let prints = parts(self.bytes.as_ref(), &self.layout, D::SECTION).prints.len() as u64;
        (prints, self.table_of(D::SECTION).filters().1)
    }

    /// Whether the filter lets a digest through: always if it is there, seldom if not.
    #[inline]
    pub fn may_hold<const N: usize, D: Indexed<N>>(&self, digest: &D) -> bool {
        let kind = Self::kind(D::SECTION);
        let prints = self.bytes.as_ref().get(self.prints[kind].clone()).unwrap_or_default();
        self.tables[kind].may_hold(prints, digest.bytes())
    }

    /// The entries with a digest, by rising number.
    pub fn get<'a, const N: usize, D: Indexed<N>>(
        &'a self,
        digest: &'a D,
    ) -> impl Iterator<Item = u32> + use<'a, N, B, D> {
        let held = self.may_hold(digest).then(|| {
            let parts = parts(self.bytes.as_ref(), &self.layout, D::SECTION);
            self.table_of(D::SECTION).search(parts, digest.bytes())
        });
        held.into_iter().flatten()
    }

    /// The digest in some row of a table, from 0, in their own order.
    pub fn digest_at<const N: usize, D: Indexed<N>>(&self, row: u32) -> Option<D> {
        Table::digest(parts(self.bytes.as_ref(), &self.layout, D::SECTION), row).map(D::of)
    }

    /// What is kept of an entry.
    pub fn record(&self, entry: u32) -> Option<Record> {
        let at = usize::try_from(entry).ok()?.checked_mul(RECORD_BYTES)?;
        let record = self.section(Section::Records).get(at..)?.first_chunk()?;
        Some(Record::read(record))
    }

    /// The key of a record.
    pub fn key(&self, record: &Record) -> Option<&str> {
        records::text(self.section(Section::Texts), record.key?)
    }

    /// All PDQ signals with their entries, in the order of the source.
    pub fn pdqs(&self) -> impl Iterator<Item = (Pdq, u32)> {
        self.signals(Section::Pdq)
    }

    /// The frames of all films with their entries, those of one film one behind the other.
    pub fn film_frames(&self) -> impl Iterator<Item = (Pdq, u32)> {
        self.signals(Section::Films)
    }

    /// How many different sizes its entries state.
    pub fn sizes(&self) -> u64 {
        self.size_rows().len() as u64
    }

    /// Whether an entry states this size. Most lists state none; then nothing has it.
    pub fn has_size(&self, size_bytes: u64) -> bool {
        self.size_rows().binary_search_by_key(&size_bytes, |row| u64::from_le_bytes(*row)).is_ok()
    }

    fn size_rows(&self) -> &[[u8; SIZE_BYTES]] {
        self.section(Section::Sizes).as_chunks().0
    }

    fn signals(&self, section: Section) -> impl Iterator<Item = (Pdq, u32)> {
        let rows = self.section(section).as_chunks::<PDQ_ROW_BYTES>().0.iter();
        rows.filter_map(|row| {
            let (signal, entry) = row.split_first_chunk()?;
            Some((Pdq(*signal), u32::from_le_bytes(*entry.first_chunk()?)))
        })
    }

    fn section(&self, section: Section) -> &[u8] {
        self.layout.section(self.bytes.as_ref(), section as usize)
    }

    fn table_of(&self, section: Section) -> &Table {
        &self.tables[Self::kind(section)]
    }

    #[inline]
    fn kind(section: Section) -> usize {
        match section {
            Section::Sha1 => 1,
            Section::Sha256 => 2,
            _ => 0,
        }
    }
}

/// The parts of the table whose rows are this section.
fn parts<'a>(all: &'a [u8], layout: &Layout, rows: Section) -> Parts<'a> {
    let part = |number: usize| layout.section(all, rows as usize + number);
    Parts { rows: part(0), starts: part(1), prints: part(PRINTS) }
}
