//! Zip archives, by their directory; without one, by what stands before each entry.

use std::io::{self, BufReader, Cursor, Read};

use flate2::Crc;
use zip::extra_fields::ExtraField;
use zip::read::{Config, ZipFile, ZipFileEntry, read_zipfile_from_stream_with_options};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{DateTime, SUPPORTED_COMPRESSION_METHODS, ZipReadOptions};

use super::label::label;
use super::numbers::unix_seconds;
use super::output::{Entry, Output, Stop};
use super::report::Report;
use super::{failure, truncated, unsupported_method};
use crate::evidence::decoder::facts::EntryKind;
use crate::evidence::decoder::message::FailureSay;
use crate::evidence::decoder::worker::source::Source;

pub(super) fn unpack(source: &Source, output: &mut Output<'_>) -> Result<(), Stop> {
    // Not `ZipArchive`: it keeps one entry of a name, and two of one name are a way to hide one.
    let Ok(mut archive) = ZipIterable::try_new(BufReader::new(source.clone()), Config::default())
    else {
        return salvage(source, output);
    };
    let mut contents = BufReader::new(source.clone());
    let mut report = device_report(source, output)?;
    let entries = archive.files().map_err(|error| zip_failure(&error))?;
    for entry in entries {
        let entry = entry.map_err(|error| zip_failure(&error))?;
        one(entry, &mut contents, report.as_mut(), output)?;
    }
    report.map_or(Ok(()), |report| report.missing(output))
}

/// The report of a UFDR, which is a zip that has one under a certain name. It may stand behind the
/// files it speaks of, so it is looked for first.
fn device_report(source: &Source, output: &mut Output<'_>) -> Result<Option<Report>, Stop> {
    let input = BufReader::new(source.clone());
    let Ok(mut archive) = ZipIterable::try_new(input, Config::default()) else { return Ok(None) };
    let Ok(entries) = archive.files() else { return Ok(None) };
    let is_report = |entry: &ZipFileEntry<'_>| {
        entry.name().is_ok_and(|name| name.eq_ignore_ascii_case("report.xml"))
    };
    let Some(entry) = entries.filter_map(Result::ok).find(is_report) else { return Ok(None) };
    let mut contents = BufReader::new(source.clone());
    let Ok(mut file) = entry.with_reader(&mut contents, options()) else { return Ok(None) };
    let mut start = Vec::new();
    if (&mut file).take(REPORT_START_BYTES).read_to_end(&mut start).is_err()
        || !start.windows(REPORT_MARK.len()).any(|window| window == REPORT_MARK)
    {
        return Ok(None);
    }
    output.is_ufdr();
    Report::read(Cursor::new(start).chain(file), output).map(Some)
}

/// What the first element of a report names. Source: reports as IPED's and ALEAPP's readers take them.
const REPORT_MARK: &[u8] = b"pa.cellebrite.com/report";
/// Bytes in which it stands.
const REPORT_START_BYTES: u64 = 4096;

/// The checksum is taken here, where a wrong one is told apart from broken compression.
fn options() -> ZipReadOptions<'static> {
    ZipReadOptions::new().ignore_crc32(true)
}

fn one(
    entry: ZipFileEntry<'static>,
    contents: &mut BufReader<Source>,
    report: Option<&mut Report>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let described =
        describe(&entry.name(), entry.size(), entry.last_modified(), &entry_kind(&entry));
    let listed = report.and_then(|report| report.take(&entry.name().ok()?));
    let described = Entry { listed, ..described };
    match described.kind {
        EntryKind::Directory | EntryKind::Link | EntryKind::Special => {
            output.start(described)?;
            output.end()
        }
        EntryKind::Encrypted => {
            output.start(described)?;
            output.fail(&FailureSay::new("archive.encrypted", "the entry needs a password"))
        }
        EntryKind::File if !SUPPORTED_COMPRESSION_METHODS.contains(&entry.compression()) => {
            output.start(described)?;
            output.fail(&unsupported_method())
        }
        EntryKind::File => match entry.with_reader(contents, options()) {
            Ok(mut file) => {
                let modified_s = modified_s(&file);
                output.start(Entry { modified_s, ..described })?;
                copy(&mut file, output)
            }
            Err(error) => {
                output.start(described)?;
                output.fail(&zip_failure(&error))
            }
        },
    }
}

/// Without a directory: what the local headers give, from the start, as far as they go.
fn salvage(source: &Source, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut stream = BufReader::new(source.clone());
    loop {
        let mut file = match read_zipfile_from_stream_with_options(&mut stream, options()) {
            Ok(Some(file)) => file,
            Ok(None) => {
                let message = "the directory of the archive is damaged";
                return Err(FailureSay::new("archive.malformed", message).into());
            }
            Err(_) => return Err(truncated().into()),
        };
        let kind = if file.is_dir() { EntryKind::Directory } else { EntryKind::File };
        let described = describe(&file.name(), file.size(), file.last_modified(), &kind);
        output.start(Entry { modified_s: modified_s(&file), ..described })?;
        copy(&mut file, output)?;
    }
}

fn copy<R: Read>(file: &mut ZipFile<'_, R>, output: &mut Output<'_>) -> Result<(), Stop> {
    let (declared, stored_sum) = (file.size(), file.crc32());
    let mut sum = Crc::new();
    match output.content(file, |bytes| sum.update(bytes))? {
        Err(failure) => output.fail(&failure),
        Ok(sent) if sent < declared => output.fail(&truncated()),
        Ok(_) if sum.sum() != stored_sum => output
            .fail(&FailureSay::new("archive.checksum", "the entry does not match its checksum")),
        Ok(_) => output.end(),
    }
}

fn entry_kind(entry: &ZipFileEntry<'_>) -> EntryKind {
    if entry.is_dir() {
        EntryKind::Directory
    } else if entry.is_symlink() {
        EntryKind::Link
    } else if entry.encrypted() {
        EntryKind::Encrypted
    } else {
        EntryKind::File
    }
}

fn describe(
    name: &Result<std::borrow::Cow<'_, str>, ZipError>,
    size_bytes: u64,
    modified: Option<DateTime>,
    kind: &EntryKind,
) -> Entry {
    Entry {
        path: label(name.as_deref().unwrap_or_default()),
        declared_bytes: Some(size_bytes),
        modified_s: None,
        modified_local: modified.filter(DateTime::is_valid).map(local_time),
        kind: *kind,
        listed: None,
    }
}

/// DOS time, which has no zone.
fn local_time(time: DateTime) -> String {
    let (year, month, day) = (time.year(), time.month(), time.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

/// The time of the fields that are in UTC: of Unix, else of NTFS.
/// Source: APPNOTE 6.3.10, 4.5.5; Info-ZIP, "Extended Timestamp Extra Field".
fn modified_s<R: Read>(file: &ZipFile<'_, R>) -> Option<i64> {
    let unix = file.extra_data_fields().find_map(|field| match field {
        ExtraField::ExtendedTimestamp(time) => time.mod_time().map(i64::from),
        _ => None,
    });
    let ntfs = || {
        file.extra_data_fields().find_map(|field| match field {
            ExtraField::Ntfs(time) => Some(unix_seconds(time.mtime())),
            _ => None,
        })
    };
    unix.or_else(ntfs)
}

fn zip_failure(error: &ZipError) -> FailureSay {
    match error {
        ZipError::Io(error) => failure(error),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            unsupported_method()
        }
        _ => failure(&io::ErrorKind::InvalidData.into()),
    }
}
