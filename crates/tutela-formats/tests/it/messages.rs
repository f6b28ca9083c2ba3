//! What a person is told about each example.

use std::fmt::Write;

use tutela_formats::lists::{LISTS, ReadOptions};

use crate::given::{errors, line, try_read};

#[test]
fn examples_as_a_person_sees_them() {
    let mut seen = String::new();
    for list in LISTS {
        for example in list.examples {
            let (entries, reading) =
                try_read(list, example.bytes, &ReadOptions::default()).unwrap();
            writeln!(seen, "# {} ({})", example.name, list.id).unwrap();
            let dated = reading.info.dated.map(|date| date.to_string());
            let info = [
                ("source", reading.info.source.clone()),
                ("dated", dated),
                ("scheme", reading.info.scheme.clone()),
            ];
            for (name, value) in info {
                if let Some(value) = value {
                    writeln!(seen, "{name}: {value}").unwrap();
                }
            }
            for entry in &entries {
                writeln!(seen, "  {}", line(entry).replace('\n', "⏎")).unwrap();
            }
            for said in errors(&reading) {
                writeln!(seen, "! {said}").unwrap();
            }
            for note in &reading.notes {
                writeln!(seen, "note: {note}").unwrap();
            }
            seen.push('\n');
        }
    }
    insta::assert_snapshot!(seen);
}
