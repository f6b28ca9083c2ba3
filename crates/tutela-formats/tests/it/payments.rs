//! What every payment format owes: examples that read as stated, recognition, a row in the document.

use tutela_formats::payments::{
    Confidence, Field, PAYMENTS, PaymentFormat, PaymentReading, ReadOptions, format, recognise,
};

fn read(format: &PaymentFormat, bytes: &[u8]) -> (Vec<u64>, PaymentReading) {
    let mut rows = Vec::new();
    let mut input = bytes;
    let reading =
        (format.read)(&mut input, &ReadOptions::default(), &mut |record| rows.push(record.row));
    (rows, reading.unwrap())
}

#[test]
fn every_format_is_complete() {
    for payment in PAYMENTS {
        let id = payment.id;
        assert!(
            id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
            "{id}"
        );
        assert_eq!(format(id).map(|found| found.id), Some(id));
        assert!(payment.doc.len() > 100 && payment.doc.ends_with('.'), "{id}: says too little");
        assert!(payment.source.len() > 10 && !payment.title.is_empty(), "{id}: has no source");
        assert!(!payment.examples.is_empty(), "{id}: has no example");
    }
}

#[test]
fn every_example_reads_as_stated_whole_and_cut_short() {
    for payment in PAYMENTS {
        for example in payment.examples {
            let (rows, reading) = read(payment, example.bytes);
            let found = (reading.transfers, reading.rejected);
            assert_eq!(
                found,
                (example.transfers, example.rejected),
                "{}: {:?}",
                example.name,
                reading.errors
            );
            assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "{}", example.name);
            assert!(!reading.truncated, "{}", example.name);
            for end in (0..example.bytes.len()).step_by(7) {
                let mut input = &example.bytes[..end];
                let mut transfers = 0;
                let cut =
                    (payment.read)(&mut input, &ReadOptions::default(), &mut |_| transfers += 1);
                assert!(transfers <= example.transfers, "{} cut at {end}", example.name);
                if let Ok(cut) = cut {
                    assert_eq!(cut.transfers, transfers, "{} cut at {end}", example.name);
                }
            }
        }
    }
}

#[test]
fn every_example_is_recognised_and_replays() {
    for payment in PAYMENTS {
        for example in payment.examples {
            assert!((payment.sniff)(example.bytes) > Confidence::No, "{}", example.name);
            for name in [example.name, "", "download.bin"] {
                let found = recognise(example.bytes, name).map(|found| found.id);
                assert_eq!(found, Some(payment.id), "{} as {name:?}", example.name);
            }
            tutela_formats::payments::replay(example.bytes);
        }
    }
    assert_eq!(recognise(b"\x89PNG\r\n\x1a\n", "x.csv").map(|found| found.id), None);
    assert_eq!(recognise(b"", "x.csv").map(|found| found.id), None);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the document is a file; the engine still gets bytes"
)]
fn the_document_names_every_format_field_and_fault() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/payments-formats.md");
    let document = std::fs::read_to_string(path).unwrap();
    for payment in PAYMENTS {
        let row = format!("| `{}` | {} |", payment.id, payment.title);
        assert!(document.contains(&row), "docs/payments-formats.md lacks the row\n{row}");
    }
    for field in Field::ALL {
        let row = format!("| `{}` |", field.as_str());
        assert!(document.contains(&row), "docs/payments-formats.md lacks the row\n{row}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 128, failure_persistence: None, ..Default::default() })]

    /// Bytes of an example overwritten, taken out and doubled: nothing panics, and counts still agree.
    #[test]
    fn damaged_examples_end_in_words(
        format in 0..PAYMENTS.len(),
        example in 0..8_usize,
        damage in proptest::collection::vec((proptest::prelude::any::<usize>(), proptest::prelude::any::<u8>(), 0..4_u8), 1..12),
    ) {
        let examples = PAYMENTS[format].examples;
        let mut bytes = examples[example % examples.len()].bytes.to_vec();
        for (at, byte, kind) in damage {
            let at = at % bytes.len().max(1);
            match kind {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => { bytes.remove(at); }
                2 => bytes.insert(at, b"\"\n,;<>{}&-/:"[usize::from(byte) % 12]),
                _ => {
                    let piece = bytes[at..bytes.len().min(at + usize::from(byte))].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        tutela_formats::payments::replay(&bytes);
    }
}
