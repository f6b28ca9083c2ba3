//! What an exchange must be told, field by field, in the shape in which HMA's clients draw their forms.

use serde_json::{Map, Value, json};

use crate::AppError;

/// One field of a configuration or of credentials.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it must be there.
    pub required: bool,
    /// What it is, in one sentence.
    pub help: &'static str,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text,
    /// A whole number, not negative.
    Number,
    /// Whole numbers, each once.
    Numbers,
    /// One of these texts.
    Choice(&'static [&'static str]),
}

impl Field {
    /// A text that must be there.
    pub(super) const fn text(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: FieldKind::Text, required: true, help }
    }

    /// The same where it need not be there.
    pub(super) const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// As HMA's clients know it.
    fn schema(&self) -> Value {
        let (kind, choices) = match self.kind {
            FieldKind::Text => ("string", Value::Null),
            FieldKind::Number => ("number", Value::Null),
            FieldKind::Numbers => ("set_of_number", Value::Null),
            FieldKind::Choice(choices) => ("enum", json!(choices)),
        };
        json!({
            "name": self.name, "type": kind, "required": self.required, "default": null, "help": self.help,
            "choices": choices,
        })
    }

    /// The value in the form in which it is kept; clients send numbers as texts, too.
    fn read(&self, value: &Value) -> Option<Value> {
        let number = |value: &Value| match value {
            Value::String(text) => text.trim().parse::<u64>().ok(),
            value => value.as_u64(),
        };
        match self.kind {
            FieldKind::Text => Some(Value::from(value.as_str()?.trim())),
            FieldKind::Number => number(value).map(Value::from),
            FieldKind::Choice(choices) => choices.contains(&value.as_str()?).then(|| value.clone()),
            FieldKind::Numbers => {
                let mut numbers: Vec<u64> = match value {
                    Value::Array(values) => values.iter().map(number).collect::<Option<_>>()?,
                    Value::String(text) if text.trim().is_empty() => Vec::new(),
                    Value::String(text) => text
                        .split(',')
                        .map(|part| part.trim().parse().ok())
                        .collect::<Option<_>>()?,
                    value => vec![number(value)?],
                };
                numbers.sort_unstable();
                numbers.dedup();
                Some(Value::from(numbers))
            }
        }
    }
}

/// Fields as HMA's clients know them.
pub fn schema(fields: &[Field]) -> Value {
    json!({"fields": fields.iter().map(Field::schema).collect::<Vec<_>>()})
}

/// Reads what a client sent for these fields. Empty texts and nulls count as left out.
///
/// # Errors
/// A field is unknown, missing or holds something else; the value itself is not repeated.
pub(crate) fn read(fields: &'static [Field], sent: &Value) -> Result<Map<String, Value>, AppError> {
    let wrong = |field, reason| AppError::BadField { field, reason };
    let none = Map::new();
    let sent = match sent {
        Value::Null => &none,
        sent => sent.as_object().ok_or(wrong("fields", "they must be an object"))?,
    };
    if sent.keys().any(|name| fields.iter().all(|field| field.name != name)) {
        return Err(wrong("fields", "there is one that is not known here"));
    }
    let mut read = Map::new();
    for field in fields {
        let value = sent.get(field.name).filter(|value| !value.is_null() && *value != "");
        let Some(value) = value else {
            if field.required {
                return Err(wrong(field.name, "it is missing"));
            }
            continue;
        };
        let value = field.read(value).ok_or(wrong(field.name, "it does not hold what it must"))?;
        read.insert(field.name.to_owned(), value);
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Field, FieldKind, read, schema};

    static FIELDS: &[Field] = &[
        Field { name: "one", kind: FieldKind::Choice(&["a", "b"]), required: true, help: "One." },
        Field { name: "number", kind: FieldKind::Number, required: false, help: "Two." },
        Field { name: "numbers", kind: FieldKind::Numbers, required: false, help: "Three." },
        Field::text("text", "Four.").optional(),
    ];

    #[test]
    fn fields_are_read_as_clients_send_them() {
        let check = |sent: Value, expected: Option<Value>| {
            let got = read(FIELDS, &sent).ok().map(Value::Object);
            assert_eq!(got, expected, "{sent}");
        };
        check(json!({"one": "a"}), Some(json!({"one": "a"})));
        check(json!({"one": "b", "number": "7"}), Some(json!({"one": "b", "number": 7})));
        check(
            json!({"one": "a", "numbers": [3, "1", 3]}),
            Some(json!({"one": "a", "numbers": [1, 3]})),
        );
        check(json!({"one": "a", "numbers": "4, 2"}), Some(json!({"one": "a", "numbers": [2, 4]})));
        check(json!({"one": "a", "text": "", "number": null}), Some(json!({"one": "a"})));
        for bad in [
            json!({}),
            json!(null),
            json!([]),
            json!({"one": "c"}),
            json!({"one": "a", "number": -1}),
            json!({"one": "a", "number": "x"}),
            json!({"one": "a", "numbers": ["x"]}),
            json!({"one": "a", "text": 7}),
            json!({"one": "a", "other": 1}),
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn schemas_have_the_shape_that_clients_draw() {
        let fields = schema(FIELDS);
        assert_eq!(
            fields["fields"][0],
            json!({"name": "one", "type": "enum", "required": true, "default": null, "help": "One.",
                "choices": ["a", "b"]})
        );
        assert_eq!(fields["fields"][2]["type"], "set_of_number");
    }
}
