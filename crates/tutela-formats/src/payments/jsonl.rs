//! JSON Lines: one object a line, its keys the names of the canonical columns.

use std::io::BufRead;

use serde_json::Value;
use tutela_core::TransferRecord;

use super::field::Draft;
use super::format::{Confidence, Example, PaymentFormat, PaymentReading, ReadOptions};
use super::intake::Intake;
use crate::FormatError;
use crate::lists::{Lines, decoded};

const ID: &str = "jsonl";

/// Digits that a binary fraction keeps, whatever they are.
const EXACT_DIGITS: usize = 15;

pub(super) const FORMAT: PaymentFormat = PaymentFormat {
    id: ID,
    title: "JSON Lines of transfers",
    doc: "\
One JSON object a line, with the canonical columns as keys. An object in the object is read as if its keys stood outside,
joined by a point: `{\"payer\": {\"account\": \"a\"}}` gives `payer.account`, which a map can name. Amounts are texts or numbers;
a number of more than 15 digits is refused, since programs round such numbers on the way.",
    source: "The canonical columns of this project; jsonlines.org",
    extensions: &["jsonl", "ndjson"],
    sniff,
    read,
    examples: &[Example {
        name: "transfers.jsonl",
        bytes: include_bytes!("../../examples/transfers.jsonl"),
        transfers: 3,
        rejected: 3,
    }],
};

fn sniff(head: &[u8]) -> Confidence {
    let line = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    let Some(line) = line.filter(|line| line.starts_with(b"{")) else { return Confidence::No };
    let names = |name: &[u8]| memchr::memmem::find(line, name).is_some();
    match (names(b"\"transfer_id\"") && names(b"\"payee_account\""), line.ends_with(b"}")) {
        (true, _) => Confidence::Certain,
        (false, true) => Confidence::Possible,
        (false, false) => Confidence::No,
    }
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(&TransferRecord),
) -> Result<PaymentReading, FormatError> {
    let failed = |source| FormatError::ReadTransfers { format: ID, source };
    let mut input = decoded(input).map_err(failed)?;
    let mut lines = Lines::new(&mut *input);
    let mut intake = Intake::new(options, give);
    let mut rows = 0;
    let mut objects = 0_u64;
    while let Some(line) = lines.next().map_err(failed)? {
        rows = line.number;
        if line.bytes.trim_ascii().is_empty() {
            continue;
        }
        if line.too_long {
            intake.refuse(rows, "longer than a line can be");
            continue;
        }
        match serde_json::from_slice::<Value>(line.bytes) {
            Ok(Value::Object(object)) => {
                objects += 1;
                let mut values = Vec::new();
                flatten("", object, &mut values);
                take(rows, &values, options, &mut intake);
            }
            Ok(_) => intake.refuse(rows, "not a JSON object"),
            Err(_) if !line.ended => intake.cut(rows, "the file ends inside this line"),
            Err(_) => intake.refuse(rows, "not JSON"),
        }
    }
    if objects == 0 && rows > 0 {
        return Err(FormatError::NoTransfers { format: ID, missing: "a JSON object".to_owned() });
    }
    Ok(intake.finish(rows))
}

/// Texts of an object by their names; none for what is no text, number or truth.
fn flatten(
    outer: &str,
    object: serde_json::Map<String, Value>,
    values: &mut Vec<(String, Option<String>)>,
) {
    for (key, value) in object {
        let name = if outer.is_empty() { key } else { format!("{outer}.{key}") };
        let text = match value {
            Value::Null => continue,
            Value::Object(inner) => {
                flatten(&name, inner, values);
                continue;
            }
            Value::String(text) => Some(text),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Number(number) if number.is_f64() => Some(number.to_string())
                .filter(|text| text.bytes().filter(u8::is_ascii_digit).count() <= EXACT_DIGITS),
            Value::Number(number) => Some(number.to_string()),
            Value::Array(_) => None,
        };
        values.push((name, text));
    }
}

fn take(
    row: u64,
    values: &[(String, Option<String>)],
    options: &ReadOptions,
    intake: &mut Intake<'_>,
) {
    let mut draft = Draft::new(row);
    let mut extra = Vec::new();
    for (name, text) in values {
        match (options.map.field_of(name), text) {
            (Some(field), Some(text)) => draft.set(field, text),
            (Some(_), None) => {
                intake.refuse(
                    row,
                    &format!(
                        "`{}` is a list, or a number of more than 15 digits",
                        name.chars().take(64).collect::<String>()
                    ),
                );
                return;
            }
            (None, Some(text)) => extra.push((name.as_str(), text.as_str())),
            (None, None) => {}
        }
    }
    draft.extra = &extra;
    intake.take(&draft);
}

#[cfg(test)]
mod tests {
    use super::super::map::Map;
    use super::*;

    #[test]
    fn objects_in_objects_read_through_a_map() {
        let text = "{\"id\":7,\"at\":\"2026-03-01T10:00:00Z\",\"sum\":15.10,\"cur\":\"EUR\",\"from\":{\"acc\":\"a\",\"nm\":\"Zo\\u00eb\"},\"to\":{\"acc\":\"b\"},\"tags\":[1]}\n";
        let map = "[columns]\ntransfer_id='id'\ntime='at'\namount='sum'\ncurrency='cur'\npayer_account='from.acc'\npayer_name='from.nm'\npayee_account='to.acc'\n";
        let options = ReadOptions { map: Map::from_toml(map).unwrap() };
        let mut records = Vec::new();
        let reading =
            read(&mut text.as_bytes(), &options, &mut |record| records.push(record.clone()))
                .unwrap();
        assert_eq!(reading.errors, []);
        assert_eq!(
            (records[0].transfer.amount.minor, records[0].payer.name.as_deref()),
            (1510, Some("Zoë"))
        );
    }
}
