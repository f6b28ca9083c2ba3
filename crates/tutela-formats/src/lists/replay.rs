//! One way through every reader and writer, for fuzzing and for the seeds that fuzzing left behind.

use tutela_core::{ListEntry, ListInfo};

use super::format::{ListFormat, ReadOptions};
use super::{LISTS, recognise};

/// Reads the bytes as every format, and writes and reads again whatever that gave.
///
/// # Panics
///
/// Where something does not hold that must hold for any bytes at all: counts agree with what was
/// handed over, and a file that a format wrote itself reads back whole and without errors.
pub fn replay(bytes: &[u8]) {
    let _ = recognise(bytes, "seed.bin");
    let options = ReadOptions::default();
    for format in LISTS {
        let mut entries = Vec::new();
        let mut input = bytes;
        let Ok(reading) = (format.read)(&mut input, &options, &mut |entry| entries.push(entry))
        else {
            continue;
        };
        assert_eq!(reading.entries, entries.len() as u64, "{}: entries", format.id);
        let withdrawn = entries.iter().filter(|entry| entry.withdrawn).count();
        assert_eq!(reading.withdrawn, withdrawn as u64, "{}: withdrawn", format.id);
        for other in LISTS {
            write_and_read(other, &reading.info, &entries, &options);
        }
    }
}

fn write_and_read(
    format: &ListFormat,
    info: &ListInfo,
    entries: &[ListEntry],
    options: &ReadOptions,
) {
    let mut file = Vec::new();
    let written = (format.write)(&mut file, info, &mut entries.iter().cloned());
    assert!(written.is_ok(), "{}: memory refused a write", format.id);
    let mut input = file.as_slice();
    let mut rows = 0;
    let read = (format.read)(&mut input, options, &mut |_| rows += 1);
    assert!(read.is_ok(), "{}: its own file is refused", format.id);
    let (Ok(written), Ok(reading)) = (written, read) else { return };
    assert_eq!(rows, written.rows, "{}: rows read back", format.id);
    assert_eq!(reading.errors, [], "{}: its own file has errors", format.id);
}
