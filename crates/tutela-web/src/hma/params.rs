//! Parameters of a query and fields of a body, read as leniently as HMA reads them.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde_json::{Map, Value};

use super::answer::Refusal;

/// The parameters of a query, in order.
#[derive(Debug, Default)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// The first of this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first of this name, unless it is empty.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// A truth value; no such parameter is `false`.
    pub(super) fn truth(&self, name: &'static str) -> Result<bool, Refusal> {
        let Some(text) = self.get(name) else { return Ok(false) };
        truth_of(text).ok_or_else(|| no_truth(name, text.into()))
    }

    /// Everything, as the schema errors repeat it.
    pub(super) fn json(&self) -> Value {
        let pairs = self.0.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str())));
        Value::Object(pairs.collect())
    }
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let Query(pairs) = pairs.map_err(|_| Refusal::bad("the query cannot be read"))?;
        Ok(Self(pairs))
    }
}

/// Fields of a JSON object.
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

impl Fields<'_> {
    /// A text; nothing and null are `None`.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(no_text(name, other)),
        }
    }

    /// A text that has to be there.
    pub(super) fn needed_text(&self, name: &'static str) -> Result<&str, Refusal> {
        match self.0.get(name) {
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(no_text(name, other)),
            None => {
                let input = Value::Object(self.0.clone());
                Err(Refusal::fault("missing", name, "Field required", input))
            }
        }
    }

    /// A truth value, also as number or word; nothing and null are `None`.
    pub(super) fn truth(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        let value = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value,
        };
        let read = match value {
            Value::Bool(truth) => Some(*truth),
            Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
            Value::Number(number) if number.as_f64() == Some(1.0) => Some(true),
            Value::String(text) => truth_of(text),
            _ => None,
        };
        read.map(Some).ok_or_else(|| no_truth(name, value.clone()))
    }

    /// A ratio from 0 to 1, also as text; nothing and null are `None`.
    pub(super) fn ratio(&self, name: &'static str) -> Result<Option<tutela_core::Ratio>, Refusal> {
        let value = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value,
        };
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            _ => None,
        };
        let unread = "Input should be a valid number, unable to parse string as a number";
        let number = number
            .filter(|number| number.is_finite())
            .ok_or_else(|| Refusal::fault("float_parsing", name, unread, value.clone()))?;
        tutela_core::Ratio::new(number).map(Some).ok_or_else(|| {
            let (kind, message) = if number > 1.0 {
                ("less_than_equal", "Input should be less than or equal to 1")
            } else {
                ("greater_than_equal", "Input should be greater than or equal to 0")
            };
            Refusal::fault(kind, name, message, value.clone())
        })
    }
}

/// Words for truth, as pydantic has them.
pub(super) fn truth_of(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&["1", "true", "t", "yes", "y", "on"]) {
        Some(true)
    } else if is(&["0", "false", "f", "no", "n", "off"]) {
        Some(false)
    } else {
        None
    }
}

fn no_truth(name: &'static str, input: Value) -> Refusal {
    let message = "Input should be a valid boolean, unable to interpret input";
    Refusal::fault("bool_parsing", name, message, input)
}

fn no_text(name: &'static str, input: &Value) -> Refusal {
    Refusal::fault("string_type", name, "Input should be a valid string", input.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Fields, truth_of};

    #[test]
    fn words_for_truth_are_read_in_any_case() {
        for (text, expected) in [
            ("true", Some(true)),
            ("True", Some(true)),
            ("1", Some(true)),
            ("OFF", Some(false)),
            ("no", Some(false)),
            ("2", None),
            ("", None),
        ] {
            assert_eq!(truth_of(text), expected, "{text}");
        }
    }

    #[test]
    fn ratios_are_numbers_or_texts_between_none_and_all() {
        let check = |value: serde_json::Value, expected: Option<f64>| {
            let fields = json!({"enabled_ratio": value});
            let read = Fields(fields.as_object().unwrap()).ratio("enabled_ratio");
            match (read, expected) {
                (Ok(ratio), expected) => {
                    assert_eq!(ratio.map(tutela_core::Ratio::get), expected, "{fields}");
                }
                (Err(_), None) => {}
                (Err(error), Some(_)) => panic!("{fields}: {error:?}"),
            }
        };
        check(json!(0.25), Some(0.25));
        check(json!("0.5"), Some(0.5));
        check(json!(1), Some(1.0));
        check(json!(null), None);
        check(json!("x"), None);
        check(json!(7), None);
        check(json!("nan"), None);
        check(json!([]), None);
    }
}
