//! Reads JSON lists: documents one after another, arrays of records in them, each record on its own,
//! so that a bad one costs only itself.

use std::io::BufRead;

use serde::Deserialize;

use super::intake::Intake;
use super::json::{Json, Place, Record, Stop};
use super::limits::MAX_RECORD_BYTES;
use crate::FormatError;

/// Reads the documents of a file one after another, and turns a stop into what the caller is told.
///
/// `document` reads one document and counts records in its last argument. It says whether it found
/// the array of records.
pub(super) fn read_documents(
    format: &'static str,
    missing: &'static str,
    input: &mut dyn BufRead,
    intake: &mut Intake<'_>,
    mut document: impl FnMut(&mut Json<'_>, &mut Intake<'_>, &mut u64) -> Result<bool, Stop>,
) -> Result<(), FormatError> {
    let mut json = Json::new(input);
    let mut row = 0;
    let mut found = false;
    let stop = loop {
        match json.peek() {
            Ok(Some(_)) => {}
            Ok(None) if !found => break Some(Stop::Cut),
            Ok(None) => break None,
            Err(stop) => break Some(stop),
        }
        match document(&mut json, intake, &mut row) {
            Ok(true) => found = true,
            Ok(false) if found => {
                intake.note("the file holds a further document, which is no list")
            }
            Ok(false) => return Err(FormatError::Foreign { format, missing }),
            Err(stop) => break Some(stop),
        }
    };
    match stop {
        None => {}
        Some(Stop::Cut) => intake
            .cut(row + 1, "the file ends before this record, or the list behind it, is complete"),
        Some(Stop::NotJson) => {
            intake.cut(row + 1, "not JSON here; the rest of the file is not read")
        }
        Some(Stop::Read(source)) => return Err(FormatError::Read { format, source }),
    }
    Ok(())
}

/// What one kind of record holds, and what is made of it.
pub(super) trait Shape {
    /// The record as `serde` reads it, borrowing from its bytes.
    type Of<'b>: Deserialize<'b>;

    /// Takes a sound record in.
    fn take(record: Self::Of<'_>, intake: &mut Intake<'_>, row: u64);
}

/// Reads an array of records, each on its own. Anything but an array is passed over; false then.
pub(super) fn each_record<S: Shape>(
    json: &mut Json<'_>,
    intake: &mut Intake<'_>,
    row: &mut u64,
) -> Result<bool, Stop> {
    if !json.take(b'[')? {
        json.skip()?;
        return Ok(false);
    }
    let mut place = Place::default();
    while json.element(&mut place)? {
        let is_object = json.peek()? == Some(b'{');
        if is_object && take_ready::<S>(json, intake, *row + 1)? {
            *row += 1;
            continue;
        }
        let value = json.value()?;
        *row += 1;
        match value {
            Record::Bytes(_) if !is_object => intake.reject(*row, "", "not an object"),
            Record::Bytes(bytes) => parse::<S>(bytes, intake, *row),
            Record::TooLong => {
                intake.reject(*row, "", format_args!("longer than {MAX_RECORD_BYTES} bytes"));
            }
        }
    }
    Ok(true)
}

/// Takes the next record in where it stands, if it is sound and wholly in the buffer: most are, and
/// cutting them out first would cost a fifth of the time. False leaves everything in place.
fn take_ready<S: Shape>(
    json: &mut Json<'_>,
    intake: &mut Intake<'_>,
    row: u64,
) -> Result<bool, Stop> {
    let mut records = serde_json::Deserializer::from_str(json.ready()?).into_iter();
    let Some(Ok(record)) = records.next() else { return Ok(false) };
    let used = records.byte_offset();
    S::take(record, intake, row);
    drop(records);
    json.consume(used);
    Ok(true)
}

/// Parses one record, or rejects it with the reason. The reason never repeats what the record holds.
fn parse<S: Shape>(bytes: &[u8], intake: &mut Intake<'_>, row: u64) {
    match serde_json::from_slice(bytes) {
        Ok(record) => S::take(record, intake, row),
        Err(why) => {
            let message = match why.classify() {
                serde_json::error::Category::Data => "not a record of the expected shape",
                _ => "not valid JSON",
            };
            let (line, column) = (why.line(), why.column());
            intake.reject(
                row,
                "",
                format_args!("{message} (line {line}, column {column} of the record)"),
            );
        }
    }
}
