//! One way through every reader, for fuzzing and for the seeds that fuzzing left behind.

use super::format::ReadOptions;
use super::map::Map;
use super::{PAYMENTS, Table, propose, recognise};

/// Maps that lead through the rest of the readers.
const MAPS: [&str; 2] = [
    "",
    "decimal = ','\ntime_format = '%d.%m.%Y %H:%M'\ntime_zone = 'CET-1CEST,M3.5.0,M10.5.0/3'\n\
     [constants]\ntransfer_id = 'c'\ntime = '01.03.2026 10:00'\namount = '1,5'\ncurrency = 'EUR'\n\
     payer_account = 'a'\npayee_account = 'b'\n",
];

/// Reads the bytes as every format, as a map and as a table in pieces.
///
/// # Panics
///
/// Where something does not hold that must hold for any bytes at all: counts agree with what was handed over,
/// transfers are complete, and a table in pieces gives what it gives as a whole.
pub fn replay(bytes: &[u8]) {
    let _ = recognise(bytes, "seed.bin");
    if let Some(proposal) = propose(bytes) {
        let read = Map::from_toml(&proposal.to_toml());
        assert!(read.is_ok(), "a proposal is no map: {read:?}");
    }
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = Map::from_toml(text);
    }
    for map in MAPS.iter().filter_map(|map| Map::from_toml(map).ok()) {
        let options = ReadOptions { map };
        for format in PAYMENTS {
            let mut transfers = 0;
            let mut input = bytes;
            let reading = (format.read)(&mut input, &options, &mut |record| {
                transfers += 1;
                let transfer = &record.transfer;
                assert!(transfer.amount.minor > 0, "{}: an amount of nothing", format.id);
                assert!(transfer.payer != transfer.payee, "{}: pays itself", format.id);
                assert!(!transfer.id.0.is_empty(), "{}: without an identifier", format.id);
            });
            if let Ok(reading) = reading {
                assert_eq!(reading.transfers, transfers, "{}: transfers", format.id);
            }
        }
        pieces(bytes, &options);
    }
}

/// A table in small pieces, against the same table in one.
fn pieces(bytes: &[u8], options: &ReadOptions) {
    let Ok(table) = Table::open(bytes, options) else { return };
    let rest = &bytes[table.header_bytes..];
    let mut whole = table.header.clone();
    whole.append(table.read_piece(rest, &mut |_| ()));
    let mut reading = table.header.clone();
    let (mut from, mut to) = (0, 0);
    while from < rest.len() {
        to = (to + 37).min(rest.len());
        let at = table.whole_rows(&rest[from..to], to == rest.len());
        reading.append(table.read_piece(&rest[from..from + at], &mut |_| ()));
        from += at;
    }
    assert_eq!(reading, whole, "a table in pieces");
}
