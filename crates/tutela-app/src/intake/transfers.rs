//! Reads files of transfers into columns: tables in pieces side by side, everything else one by one.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tutela_core::{Currency, TransferRecord};
use tutela_flow::transfers::{Rates, Refusal, Transfers, TransfersBuilder};
use tutela_formats::payments::{
    self, PaymentFormat, PaymentReading, ReadOptions, Table, limits, recognise, utf8,
};

use crate::AppError;

/// Id of the format that can be read in pieces.
const TABLE: &str = "csv";
/// Bytes of one piece.
const PIECE_BYTES: usize = 1 << 20;
/// Memory that a byte of a file of transfers takes in all, scores included, in percent: 118 and 125 were
/// measured at ten and one million transfers (`benches/peers/flows`).
const MEMORY_PERCENT: u64 = 130;

/// What was read of one file.
#[derive(Debug)]
pub struct FileRead {
    /// The file.
    pub path: PathBuf,
    /// Its format.
    pub format: &'static str,
    /// Counts, errors and notes.
    pub reading: PaymentReading,
}

/// Reads all files, each in its format. `tell` hears how many bytes of how many are done.
///
/// # Errors
/// A file cannot be opened or is no file of transfers, or there is not memory enough for them.
pub fn read_transfers(
    paths: &[PathBuf],
    options: &ReadOptions,
    rates: Option<Rates>,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<(Transfers, Vec<FileRead>), AppError> {
    read_all(paths, options, (rates, false), tell, None)
}

/// The same; `person` keeps the sex of payers too, for an institution that has said on which legal basis.
///
/// # Errors
/// As above.
pub fn read_transfers_of(
    paths: &[PathBuf],
    options: &ReadOptions,
    rates: Option<Rates>,
    person: bool,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<(Transfers, Vec<FileRead>), AppError> {
    read_all(paths, options, (rates, person), tell, None)
}

/// The same, and every record that is taken is given on, in the order of the files.
///
/// # Errors
/// As [`read_transfers`].
pub fn read_transfers_with(
    paths: &[PathBuf],
    options: &ReadOptions,
    rates: Option<Rates>,
    tell: &mut dyn FnMut(u64, u64),
    give: Option<Give<'_>>,
) -> Result<(Transfers, Vec<FileRead>), AppError> {
    read_all(paths, options, (rates, false), tell, give)
}

fn read_all(
    paths: &[PathBuf],
    options: &ReadOptions,
    (rates, person): (Option<Rates>, bool),
    tell: &mut dyn FnMut(u64, u64),
    give: Option<Give<'_>>,
) -> Result<(Transfers, Vec<FileRead>), AppError> {
    let size = |path: &PathBuf| Ok(fs::metadata(path).map_err(AppError::file("read", path))?.len());
    let sizes: Vec<u64> = paths.iter().map(size).collect::<Result<_, AppError>>()?;
    let of = sizes.iter().sum();
    enough_memory(of)?;
    let mut taker = Taker { rates, person, builder: None, give };
    let mut files = Vec::new();
    let mut before = 0;
    for (path, size) in paths.iter().zip(sizes) {
        let mut input = BufReader::with_capacity(
            PIECE_BYTES,
            File::open(path).map_err(AppError::file("read", path))?,
        );
        let format = recognised(path, &mut input)?;
        let reading = if format.id == TABLE {
            let mut here = |done| tell(before + done, of);
            read_table(path, &mut input, options, &mut taker, &mut here)?
        } else {
            read_one_by_one(path, &mut input, format, options, &mut taker)?
        };
        before += size;
        tell(before, of);
        files.push(FileRead { path: path.clone(), format: format.id, reading });
    }
    Ok((taker.finish(), files))
}

/// Id of the format of a file, by its content.
///
/// # Errors
/// It cannot be opened, or is no file of transfers.
pub(crate) fn format_of(path: &Path) -> Result<&'static str, AppError> {
    let file = File::open(path).map_err(AppError::file("read", path))?;
    Ok(recognised(path, &mut BufReader::new(file))?.id)
}

fn recognised(path: &Path, input: &mut dyn BufRead) -> Result<&'static PaymentFormat, AppError> {
    let head = input.fill_buf().map_err(AppError::file("read", path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let head = &head[..head.len().min(limits::HEAD_BYTES)];
    recognise(head, &name).ok_or_else(|| AppError::Setting {
        origin: path.display().to_string(),
        message: format!("no known format of transfers; {} are read", known_formats()),
    })
}

fn known_formats() -> String {
    payments::PAYMENTS.iter().map(|format| format.id).collect::<Vec<_>>().join(", ")
}

/// Refuses what would not fit, before memory is taken. Where nothing says how much is free, all is tried.
fn enough_memory(bytes: u64) -> Result<(), AppError> {
    let free = fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    });
    let needed = bytes / 100 * MEMORY_PERCENT;
    match free.map(|kib| kib * 1024) {
        Some(free) if needed > free => Err(AppError::Setting {
            origin: "the files of transfers".to_owned(),
            message: format!(
                "{} MB of transfers need about {} MB of memory and {} MB are free; screen fewer months or institutions at a time",
                bytes >> 20,
                needed >> 20,
                free >> 20
            ),
        }),
        _ => Ok(()),
    }
}

/// Puts records into columns. Amounts are compared in the currency of the first one, where no rates say
/// otherwise.
struct Taker<'g> {
    rates: Option<Rates>,
    person: bool,
    builder: Option<TransfersBuilder>,
    give: Option<Give<'g>>,
}

/// Hears of each record that was taken.
pub type Give<'g> = &'g mut (dyn FnMut(&TransferRecord) + Send);

impl Taker<'_> {
    fn push(&mut self, record: &TransferRecord) -> Result<(), Refusal> {
        let rates = &mut self.rates;
        let currency = record.transfer.amount.currency;
        let builder = self.builder.get_or_insert_with(|| {
            let rates = rates.take().unwrap_or_else(|| Rates::only(currency));
            let builder = TransfersBuilder::new(rates);
            if self.person { builder.with_sex() } else { builder }
        });
        builder.push(record)?;
        if let Some(give) = &mut self.give {
            give(record);
        }
        Ok(())
    }

    fn finish(self) -> Transfers {
        let rates = self.rates.unwrap_or_else(|| Rates::only(Currency::USD));
        self.builder.unwrap_or_else(|| TransfersBuilder::new(rates)).finish()
    }
}

/// Takes a record, or notes in the reading why it is refused.
fn take(taker: &mut Taker<'_>, record: &TransferRecord, reading: &mut PaymentReading) {
    match taker.push(record) {
        Ok(()) => {}
        Err(Refusal::SameId) => reading.take_back_duplicate(record.row),
        Err(refusal) => {
            reading.transfers = reading.transfers.saturating_sub(1);
            reading.rejected += 1;
            if reading.errors.len() < limits::MAX_ROW_ERRORS {
                let (field, message) = match refusal.to_string().split_once(": ") {
                    Some((field, message)) => (Some(field.to_owned()), message.to_owned()),
                    None => (None, refusal.to_string()),
                };
                reading.errors.push(tutela_core::RowError { row: record.row, field, message });
            }
        }
    }
}

fn read_one_by_one(
    path: &Path,
    input: &mut dyn BufRead,
    format: &PaymentFormat,
    options: &ReadOptions,
    taker: &mut Taker<'_>,
) -> Result<PaymentReading, AppError> {
    let mut refused = PaymentReading::default();
    let mut give = |record: &TransferRecord| {
        refused.transfers += 1;
        take(taker, record, &mut refused);
    };
    let mut reading = (format.read)(input, options, &mut give)
        .map_err(|source| AppError::Transfers { path: path.to_owned(), source })?;
    reading.transfers = refused.transfers;
    reading.rejected += refused.rejected;
    for (fault, count) in refused.faults {
        *reading.faults.entry(fault).or_default() += count;
    }
    reading.errors.extend(refused.errors);
    reading.errors.sort_by_key(|error| error.row);
    Ok(reading)
}

type Piece = (Vec<TransferRecord>, PaymentReading);

/// Reads a table: while the records of some pieces go into columns, the next pieces are taken apart on the
/// other threads.
fn read_table(
    path: &Path,
    input: &mut dyn BufRead,
    options: &ReadOptions,
    taker: &mut Taker<'_>,
    tell: &mut dyn FnMut(u64),
) -> Result<PaymentReading, AppError> {
    let mut input = utf8(input).map_err(AppError::file("read", path))?;
    let mut block = Vec::new();
    let mut ended = fill(&mut block, &mut *input, path)?;
    let table = Table::open(&block, options)
        .map_err(|source| AppError::Transfers { path: path.to_owned(), source })?;
    let mut reading = table.header.clone();
    block.drain(..table.header_bytes.min(block.len()));
    let (mut done, mut parsed) = (table.header_bytes as u64, Vec::new());
    let at_once = rayon::current_num_threads().max(1);
    loop {
        let mut pieces = Vec::with_capacity(at_once);
        while pieces.len() < at_once {
            if !ended && block.len() < PIECE_BYTES {
                ended = fill(&mut block, &mut *input, path)?;
                continue;
            }
            let whole = table.whole_rows(&block, ended);
            if whole == 0 && ended {
                break;
            }
            if whole == 0 {
                ended = fill(&mut block, &mut *input, path)?;
                continue;
            }
            done += whole as u64;
            let rest = block.split_off(whole);
            pieces.push(std::mem::replace(&mut block, rest));
        }
        let last = pieces.is_empty();
        let before: Vec<Piece> = std::mem::take(&mut parsed);
        let (next, ()) = rayon::join(
            || pieces.into_par_iter().map(|piece| read_piece(&table, &piece)).collect(),
            || push_all(taker, before, &mut reading),
        );
        parsed = next;
        tell(done);
        if last {
            return Ok(reading);
        }
    }
}

/// Puts more bytes behind those of a block. True if there were none.
fn fill(block: &mut Vec<u8>, input: &mut dyn BufRead, path: &Path) -> Result<bool, AppError> {
    let before = block.len();
    let read = input.take(PIECE_BYTES as u64).read_to_end(block);
    read.map_err(AppError::file("read", path))?;
    Ok(block.len() == before)
}

fn read_piece(table: &Table<'_>, piece: &[u8]) -> Piece {
    let mut records = Vec::new();
    let reading = table.read_piece(piece, &mut |record| records.push(record.clone()));
    (records, reading)
}

fn push_all(taker: &mut Taker<'_>, pieces: Vec<Piece>, reading: &mut PaymentReading) {
    for (records, mut piece) in pieces {
        records.iter().for_each(|record| take(taker, record, &mut piece));
        reading.append(piece);
    }
}
