//! Compiles a list: takes its entries one by one and writes the file that is looked up in.
//!
//! Memory is bounded whatever the list holds: digests are sorted in runs of [`RUN_BYTES`], everything
//! else is written on as it comes. Only keys that the sender takes back, and categories, are held.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use tutela_core::{Category, ListEntry, Md5, Sha1, Sha256};
use tutela_match::index::compiled::{
    Assembler, BLOCK_BYTES, Checksums, Indexed, MAX_CATEGORIES, PDQ_ROW_BYTES, RECORD_BYTES,
    Record, SIZE_BYTES, Section, TableWriter, text_bytes,
};

use super::about::{About, CategoryCount, ProbeEntry};
use super::runs::{RUN_BYTES, Sorter};
use super::scratch::{Beside, Spill};
use crate::intake::lists::film_frames;

/// Entries of one compiled list; numbers of entries have 32 bits, of which others need some, too.
const MAX_ENTRIES: u32 = u32::MAX - (1 << 20);
/// Kinds of signals that are only counted. There are a dozen; a list could make names up.
const MAX_OTHER_KINDS: usize = 64;
/// Memory for sizes before they are sorted and written away. They are short: 700,000 fit.
const SIZES_RUN_BYTES: usize = RUN_BYTES / 4;
/// Bytes written at once.
const BUFFER_BYTES: usize = 1 << 20;

/// A list that is being compiled.
pub(crate) struct Compiler {
    dir: PathBuf,
    entries: u32,
    records: Spill,
    texts: Spill,
    pdq: Spill,
    films: Spill,
    md5: Sorter<16>,
    sha1: Sorter<20>,
    sha256: Sorter<32>,
    /// Sizes, big-endian: so they sort as numbers.
    sizes: Sorter<SIZE_BYTES>,
    categories: HashMap<Category, u32>,
    category_entries: Vec<u64>,
    other: BTreeMap<String, u64>,
    opaque: u64,
    withdrawn: u64,
    /// Row of the last withdrawal of each key: entries before it are taken back, later ones stand.
    withdrawn_keys: HashMap<Box<str>, u64>,
    probes: Vec<(u32, ListEntry)>,
    last: Option<(u32, ListEntry)>,
    error: Option<io::Error>,
}

impl Compiler {
    /// Begins. Scratch goes to the folder that will hold the list.
    pub(crate) fn new(dir: &Path) -> io::Result<Self> {
        Ok(Self {
            dir: dir.to_owned(),
            entries: 0,
            records: Spill::new(dir)?,
            texts: Spill::new(dir)?,
            pdq: Spill::new(dir)?,
            films: Spill::new(dir)?,
            md5: Sorter::new(dir),
            sha1: Sorter::new(dir),
            sha256: Sorter::new(dir),
            sizes: Sorter::with_run_bytes(dir, SIZES_RUN_BYTES),
            categories: HashMap::new(),
            category_entries: Vec::new(),
            other: BTreeMap::new(),
            opaque: 0,
            withdrawn: 0,
            withdrawn_keys: HashMap::new(),
            probes: Vec::new(),
            last: None,
            error: None,
        })
    }

    /// Takes one entry. Readers cannot stop, so the first error is kept for [`Compiler::finish`].
    pub(crate) fn add(&mut self, entry: ListEntry) {
        if self.error.is_none() {
            self.error = self.take(entry).err();
        }
    }

    fn take(&mut self, entry: ListEntry) -> io::Result<()> {
        if entry.withdrawn {
            self.withdrawn += 1;
            let key = entry.key.map(String::into_boxed_str);
            self.withdrawn_keys.extend(key.map(|key| (key, entry.row)));
            return Ok(());
        }
        let number = self.entries;
        if number >= MAX_ENTRIES {
            return Err(io::Error::other("more entries than a compiled list holds"));
        }
        self.entries += 1;
        let ListEntry { md5, sha1, sha256, pdq, .. } = entry;
        let film = film_frames(&entry);
        let own = [sha256.is_some(), sha1.is_some(), md5.is_some(), pdq.is_some()];
        let carries = [own[0], own[1], own[2], own[3], !film.is_empty()];
        let key = match entry.key.as_deref().and_then(text_bytes) {
            Some(text) => {
                let place = self.texts.len;
                self.texts.write_all(&text)?;
                Some(place)
            }
            None => None,
        };
        let category = entry.category.as_ref().map(|of| self.category_number(of)).transpose()?;
        self.records.write_all(&Record { row: entry.row, key, category, carries }.bytes())?;
        md5.map_or(Ok(()), |Md5(bytes)| self.md5.add(bytes, number))?;
        sha1.map_or(Ok(()), |Sha1(bytes)| self.sha1.add(bytes, number))?;
        sha256.map_or(Ok(()), |Sha256(bytes)| self.sha256.add(bytes, number))?;
        for (signals, to) in [(pdq.as_slice(), &mut self.pdq), (&film, &mut self.films)] {
            for signal in signals {
                to.write_all(&signal.0)?;
                to.write_all(&number.to_le_bytes())?;
            }
        }
        for signal in &entry.other {
            self.count_other(&signal.kind);
        }
        if carries == [false; 5] {
            self.opaque += 1;
            return Ok(());
        }
        entry.size_bytes.map_or(Ok(()), |size| self.sizes.add(size.to_be_bytes(), number))?;
        if let Some(category) = category {
            self.category_entries[category as usize] += 1;
        }
        self.probe(number, entry);
        Ok(())
    }

    fn category_number(&mut self, category: &Category) -> io::Result<u32> {
        if let Some(number) = self.categories.get(category) {
            return Ok(*number);
        }
        let number = u32::try_from(self.categories.len()).unwrap_or(MAX_CATEGORIES);
        if number >= MAX_CATEGORIES {
            return Err(io::Error::other("more categories than a compiled list holds"));
        }
        self.categories.insert(category.clone(), number);
        self.category_entries.push(0);
        Ok(number)
    }

    fn count_other(&mut self, kind: &str) {
        if let Some(count) = self.other.get_mut(kind) {
            *count += 1;
            return;
        }
        let kind = if self.other.len() < MAX_OTHER_KINDS { kind } else { "further kinds" };
        *self.other.entry(kind.to_owned()).or_default() += 1;
    }

    /// Keeps the first entry, some between, and the last: places that double, so that one of them is
    /// between a quarter and half of the way whatever the length turns out to be.
    fn probe(&mut self, number: u32, entry: ListEntry) {
        if number.is_power_of_two() || self.probes.is_empty() {
            self.probes.push((number, entry.clone()));
        }
        self.last = Some((number, entry));
    }

    /// Writes the list to `path`. What is known of it beyond its entries comes in `about`.
    pub(crate) fn finish(mut self, path: &Path, mut about: About) -> io::Result<About> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let taken_back = self.taken_back()?;
        about.withdrawn = self.withdrawn;
        about.opaque = self.opaque;
        about.probes = self.chosen_probes(&taken_back);
        let mut out = Beside::new(path)?;
        let mut sections = Assembler::new(BufWriter::with_capacity(BUFFER_BYTES, &out.file))?;
        sections.section(Section::Records, 0, |out| self.records.copy_to(out))?;
        sections.section(Section::Texts, 0, |out| self.texts.copy_to(out))?;
        let pdq = sections
            .section(Section::Pdq, 0, |out| copy_signals(&mut self.pdq, &taken_back, out))?;
        sections
            .section(Section::Films, 0, |out| copy_signals(&mut self.films, &taken_back, out))?;
        let md5 = table::<16, Md5>(&mut sections, self.md5, &taken_back, &self.dir)?;
        let sha1 = table::<20, Sha1>(&mut sections, self.sha1, &taken_back, &self.dir)?;
        let sha256 = table::<32, Sha256>(&mut sections, self.sha256, &taken_back, &self.dir)?;
        sections.section(Section::Sizes, 0, |out| sizes(self.sizes, &taken_back, out))?;
        about.entries = u64::from(self.entries) - self.opaque - taken_back.count;
        about.categories = named(self.categories, &self.category_entries);
        let own = [("md5", md5), ("sha1", sha1), ("sha256", sha256), ("pdq", pdq)];
        about.signals = self.other;
        about.signals.extend(own.map(|(kind, count)| (kind.to_owned(), count)));
        let bytes = about.to_bytes().map_err(io::Error::from)?;
        sections.section(Section::About, 0, |out| out.write_all(&bytes))?;
        let (buffered, layout) = sections.finish();
        buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
        out.file.write_all_at(&layout.header(), 0)?;
        seal(&mut out, layout.body_bytes)?;
        out.put()?;
        Ok(about)
    }

    /// Which entries a later row takes back. Their categories are no longer counted.
    fn taken_back(&mut self) -> io::Result<TakenBack> {
        let mut taken_back = TakenBack::default();
        if self.withdrawn_keys.is_empty() {
            return Ok(taken_back);
        }
        taken_back.bits = vec![0; (self.entries as usize).div_ceil(64)];
        let mut texts = self.texts.reader()?;
        let mut records = self.records.reader()?;
        let mut bytes = [0; RECORD_BYTES];
        for number in 0..self.entries {
            records.read_exact(&mut bytes)?;
            let record = Record::read(&bytes);
            if record.key.is_none() {
                continue;
            }
            let key = read_text(&mut texts)?;
            if self.withdrawn_keys.get(key.as_str()).is_none_or(|row| record.row >= *row) {
                continue;
            }
            taken_back.bits[number as usize / 64] |= 1 << (number % 64);
            taken_back.count += 1;
            if record.carries == [false; 5] {
                self.opaque -= 1;
                continue;
            }
            if let Some(category) = record.category {
                self.category_entries[category as usize] -= 1;
            }
        }
        Ok(taken_back)
    }

    fn chosen_probes(&mut self, taken_back: &TakenBack) -> Vec<ProbeEntry> {
        let stands = |probe: &&(u32, ListEntry)| !taken_back.has(probe.0);
        let standing: Vec<_> = self.probes.iter().filter(stands).collect();
        let middle = standing.iter().rfind(|probe| probe.0 <= self.entries / 2);
        let mut chosen: Vec<_> = standing.first().into_iter().chain(middle).copied().collect();
        chosen.extend(self.last.as_ref().filter(stands));
        chosen.dedup_by_key(|probe| probe.0);
        chosen.into_iter().map(|(_, entry)| ProbeEntry::from(entry)).collect()
    }
}

/// Entries that the sender took back after giving them.
#[derive(Default)]
struct TakenBack {
    /// One bit an entry; none at all where no entry is taken back.
    bits: Vec<u64>,
    /// How many they are.
    count: u64,
}

impl TakenBack {
    fn has(&self, number: u32) -> bool {
        let word = self.bits.get(number as usize / 64).copied().unwrap_or(0);
        word >> (number % 64) & 1 == 1
    }
}

fn read_text(texts: &mut impl Read) -> io::Result<String> {
    let mut len = [0; 2];
    texts.read_exact(&mut len)?;
    let mut text = vec![0; usize::from(u16::from_le_bytes(len))];
    texts.read_exact(&mut text)?;
    String::from_utf8(text).map_err(io::Error::other)
}

fn copy_signals(from: &mut Spill, taken_back: &TakenBack, out: &mut dyn Write) -> io::Result<u64> {
    let (rows, mut kept) = (from.len / PDQ_ROW_BYTES as u64, 0);
    let mut reader: BufReader<_> = from.reader()?;
    let (mut signal, mut entry) = ([0; 32], [0; 4]);
    for _ in 0..rows {
        reader.read_exact(&mut signal)?;
        reader.read_exact(&mut entry)?;
        if !taken_back.has(u32::from_le_bytes(entry)) {
            out.write_all(&signal)?;
            out.write_all(&entry)?;
            kept += 1;
        }
    }
    Ok(kept)
}

/// Writes the table of one kind of digest; says how many rows it has.
fn table<const N: usize, D: Indexed<N>>(
    sections: &mut Assembler<impl Write>,
    digests: Sorter<N>,
    taken_back: &TakenBack,
    dir: &Path,
) -> io::Result<u64> {
    let mut writer = TableWriter::<N>::new(digests.len);
    let mut prints = Spill::new(dir)?;
    sections.section(D::SECTION, 0, |rows| {
        digests.merge(|digest, entry| {
            if taken_back.has(entry) {
                Ok(())
            } else {
                writer.push(digest, entry, rows, &mut prints)
            }
        })
    })?;
    let end = writer.finish(&mut prints)?;
    sections.section(D::SECTION, 1, |out| out.write_all(&end.starts))?;
    sections.section(D::SECTION, 2, |out| out.write_all(&end.shards))?;
    sections.section(D::SECTION, 3, |out| prints.copy_to(out))?;
    Ok(u64::from(end.rows))
}

/// Writes the sizes of entries that stand, each once, the smallest first.
fn sizes(sizes: Sorter<SIZE_BYTES>, taken_back: &TakenBack, out: &mut dyn Write) -> io::Result<()> {
    let mut last = None;
    sizes.merge(|size, entry| {
        if taken_back.has(entry) || last == Some(*size) {
            return Ok(());
        }
        last = Some(*size);
        out.write_all(&u64::from_be_bytes(*size).to_le_bytes())
    })
}

/// Reads back what was written and adds its checksums.
fn seal(out: &mut Beside, body_bytes: u64) -> io::Result<()> {
    let mut sums = Checksums::default();
    let mut block = vec![0; BLOCK_BYTES];
    let mut at = 0;
    while at < body_bytes {
        let len = (body_bytes - at).min(BLOCK_BYTES as u64) as usize;
        out.file.read_exact_at(&mut block[..len], at)?;
        sums.add(&block[..len]);
        at += len as u64;
    }
    out.file.write_all_at(&sums.finish(), body_bytes)
}

fn named(categories: HashMap<Category, u32>, entries: &[u64]) -> Vec<CategoryCount> {
    let mut named: Vec<_> = categories.into_iter().collect();
    named.sort_unstable_by_key(|(_, number)| *number);
    let count = |(Category { scheme, code }, number): (Category, u32)| CategoryCount {
        scheme,
        code,
        entries: entries.get(number as usize).copied().unwrap_or(0),
    };
    named.into_iter().map(count).collect()
}
