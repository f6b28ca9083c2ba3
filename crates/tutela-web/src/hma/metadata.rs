//! What clients say of a content besides its signals.

use serde_json::{Map, Value, json};
use tutela_core::ContentTerms;

use super::answer::Refusal;
use super::params::Params;

const CONTENT_ID: &str = "content_id";
const CONTENT_URI: &str = "content_uri";
const JSON: &str = "json";

/// The fields that were said: `content_id`, `content_uri`, `json`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Metadata(Map<String, Value>);

impl Metadata {
    /// As a body has it: only fields that are known.
    pub(super) fn of_json(said: Option<&Value>) -> Result<Self, Refusal> {
        match said {
            None | Some(Value::Null) => Ok(Self::default()),
            Some(Value::Object(fields)) => {
                Self::known(fields).map_err(|why| Refusal::bad(format!("Invalid metadata: {why}")))
            }
            Some(_) => Err(Refusal::bad("metadata should be a json object")),
        }
    }

    /// As a form has it. Some clients send what should stand under `json` alone: it is kept there.
    pub(super) fn of_form(text: Option<&str>) -> Result<Self, Refusal> {
        let Some(text) = text else { return Ok(Self::default()) };
        let said: Value = serde_json::from_str(text)
            .map_err(|error| Refusal::bad(format!("Invalid metadata: {error}")))?;
        let Value::Object(fields) = said else {
            return Err(Refusal::bad("metadata should be a json object"));
        };
        Ok(Self::known(&fields)
            .unwrap_or_else(|_| Self(Map::from_iter([(JSON.to_owned(), fields.into())]))))
    }

    /// What was said, else what stands in the query, where some clients put it.
    pub(super) fn or_of_query(mut self, params: &Params) -> Self {
        for key in [CONTENT_ID, CONTENT_URI] {
            if let Some(text) = params.filled(key) {
                self.0.entry(key).or_insert_with(|| text.into());
            }
        }
        if let Some(Ok(Value::Object(fields))) = params.filled("metadata").map(serde_json::from_str)
        {
            self.0.entry(JSON).or_insert_with(|| fields.into());
        }
        self
    }

    /// As it was stored.
    pub(super) fn of(terms: &ContentTerms) -> Self {
        let text = terms.metadata_json.as_deref().unwrap_or_default();
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// As it is stored.
    pub(super) fn stored(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| Value::from(self.0.clone()).to_string())
    }

    /// What clients said, where they said anything.
    pub(super) fn user(&self) -> Option<Value> {
        (!self.0.is_empty()).then(|| self.0.clone().into())
    }

    /// Everything, with the keys of the exchange that sent the content; `None` where there is nothing.
    pub(super) fn object(&self, bank: &str, terms: &ContentTerms) -> Option<Value> {
        if self.0.is_empty() && terms.exchange_key.is_none() {
            return None;
        }
        let collab = terms.exchange_key.as_ref().map(|_| Self::collab(bank, terms));
        let of = |key: &str| self.0.get(key);
        Some(json!({
            CONTENT_ID: of(CONTENT_ID), CONTENT_URI: of(CONTENT_URI), JSON: of(JSON), "collab": collab,
        }))
    }

    /// The key of the exchange, under its name, which is that of its bank.
    pub(super) fn collab(bank: &str, terms: &ContentTerms) -> Value {
        let keys = terms.exchange_key.as_ref().map(|key| (bank.to_owned(), json!([key])));
        Value::Object(keys.into_iter().collect())
    }

    fn known(fields: &Map<String, Value>) -> Result<Self, String> {
        for (key, value) in fields {
            let fits = match key.as_str() {
                CONTENT_ID | CONTENT_URI => value.is_string() || value.is_null(),
                JSON => value.is_object() || value.is_null(),
                _ => return Err(format!("{key}: Extra inputs are not permitted")),
            };
            if !fits {
                return Err(format!("{key}: it has another type"));
            }
        }
        let said = fields.iter().filter(|(_, value)| !value.is_null());
        Ok(Self(said.map(|(key, value)| (key.clone(), value.clone())).collect()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Metadata;

    #[test]
    fn forms_may_hold_the_inner_object_alone_and_bodies_may_not() {
        let stored = |metadata: Metadata| metadata.user().unwrap_or(Value::Null);
        let form = |text: &str| stored(Metadata::of_form(Some(text)).unwrap());
        assert_eq!(
            form(r#"{"content_id": "a", "json": {"b": 1}}"#),
            json!({"content_id": "a", "json": {"b": 1}})
        );
        assert_eq!(form(r#"{"team": 7}"#), json!({"json": {"team": 7}}));
        assert_eq!(form(r#"{"content_id": null}"#), Value::Null);
        for bad in ["{", "[]", "7"] {
            assert!(Metadata::of_form(Some(bad)).is_err(), "{bad}");
        }
        assert!(Metadata::of_json(Some(&json!({"team": 7}))).is_err());
        assert!(Metadata::of_json(Some(&json!({"content_id": 7}))).is_err());
        assert!(Metadata::of_json(Some(&json!([]))).is_err());
    }
}
