//! Contents as clients send them, and what may be changed of one.

use std::str::FromStr;

use serde::Deserialize;
use serde_json::Value;
use tutela_app::AppError;
use tutela_app::service::NewContent;
use tutela_core::{ContentSignal, ContentTerms, Enabled, Timestamp};
use utoipa::ToSchema;

use super::take::field;

/// Bytes of what a client sends along, as JSON.
const MAX_METADATA_BYTES: usize = 64 << 10;
/// Characters of an address.
const MAX_URI_CHARS: usize = 2_048;
/// Labels of a content.
const MAX_LABELS: usize = 64;
/// Characters of a label.
const MAX_LABEL_CHARS: usize = 255;
/// A time that nobody means: so many years from now.
const MAX_YEARS: i64 = 100;
const SECONDS_A_YEAR: i64 = 366 * 86_400;

/// Contents that are to be put into a bank.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewContents {
    /// One by one; at most 1,000.
    #[schema(min_items = 1, max_items = 1000)]
    pub(super) contents: Vec<NewContentParam>,
}

/// A content that is to be put into a bank.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewContent)]
pub(super) struct NewContentParam {
    /// Its signals, at most one of each kind.
    #[schema(min_items = 1)]
    signals: Vec<SignalParam>,
    /// Whether it is switched on; it is where nothing is said.
    enabled: Option<bool>,
    /// Off until this time.
    #[schema(format = DateTime)]
    disable_until: Option<String>,
    /// After this it matches no more.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Where it came from.
    #[schema(max_length = 2048)]
    uri: Option<String>,
    /// What people say of it.
    #[schema(max_length = 255)]
    note: Option<String>,
    /// Words to sort by.
    #[serde(default)]
    #[schema(max_items = 64)]
    labels: Vec<String>,
    /// Whatever is to be kept beside it.
    metadata: Option<Value>,
}

/// A value of a kind of signal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSignal)]
pub(super) struct SignalParam {
    /// Id of the signal type.
    #[schema(example = "pdq")]
    kind: String,
    /// Text of the value.
    value: String,
}

/// What is to be changed of a content; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContentChange {
    /// Switches it on or off.
    enabled: Option<bool>,
    /// Off until this time.
    #[schema(format = DateTime)]
    disable_until: Option<String>,
    /// After this it matches no more; `null`: it always does.
    #[serde(default, deserialize_with = "field")]
    #[schema(format = DateTime, value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "left out and null are two wishes")]
    expires_at: Option<Option<String>>,
    /// Where it came from; `null` takes it away.
    #[serde(default, deserialize_with = "field")]
    #[schema(max_length = 2048, value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "left out and null are two wishes")]
    uri: Option<Option<String>>,
    /// What people say of it; `null` takes it away.
    #[serde(default, deserialize_with = "field")]
    #[schema(max_length = 255, value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "left out and null are two wishes")]
    note: Option<Option<String>>,
    /// Words to sort by.
    #[schema(max_items = 64)]
    labels: Option<Vec<String>>,
    /// Whatever is to be kept beside it; `null` takes it away.
    #[serde(default, deserialize_with = "field")]
    #[schema(value_type = Option<Value>)]
    #[expect(clippy::option_option, reason = "left out and null are two wishes")]
    metadata: Option<Option<Value>>,
}

impl NewContentParam {
    /// The content, where everything about it can be.
    pub(super) fn checked(self) -> Result<NewContent, AppError> {
        let mut terms = ContentTerms {
            expires_at: self.expires_at.map(|at| time(&at, "expires_at")).transpose()?,
            uri: short(self.uri)?,
            note: self.note,
            labels: few(self.labels)?,
            metadata_json: self.metadata.map(small).transpose()?.flatten(),
            ..ContentTerms::default()
        };
        if let Some(enabled) = switched(self.enabled, self.disable_until.as_deref())? {
            terms.enabled = enabled;
        }
        let signal = |one: SignalParam| ContentSignal { kind: one.kind, value: one.value };
        Ok(NewContent { terms, signals: self.signals.into_iter().map(signal).collect() })
    }
}

/// A change of a content, where it can be made.
pub(super) fn terms_change(
    change: ContentChange,
) -> Result<impl FnOnce(&mut ContentTerms), AppError> {
    let enabled = switched(change.enabled, change.disable_until.as_deref())?;
    let expires_at = match change.expires_at {
        None => None,
        Some(at) => Some(at.map(|at| time(&at, "expires_at")).transpose()?),
    };
    let uri = change.uri.map(short).transpose()?;
    let labels = change.labels.map(few).transpose()?;
    let metadata = match change.metadata {
        None => None,
        Some(metadata) => Some(metadata.map(small).transpose()?.flatten()),
    };
    Ok(move |terms: &mut ContentTerms| {
        terms.enabled = enabled.unwrap_or(terms.enabled);
        if let Some(expires_at) = expires_at {
            terms.expires_at = expires_at;
        }
        if let Some(uri) = uri {
            terms.uri = uri;
        }
        if let Some(note) = change.note {
            terms.note = note;
        }
        if let Some(labels) = labels {
            terms.labels = labels;
        }
        if let Some(metadata) = metadata {
            terms.metadata_json = metadata;
        }
    })
}

/// Off until a time.
pub(super) fn until(text: &str, field: &'static str) -> Result<Enabled, AppError> {
    match time(text, field)?.as_second() {
        // The first seconds of 1970 mean on and off where this is stored.
        seconds if seconds > 1 => Ok(Enabled::From(seconds)),
        _ => Err(AppError::BadField { field, reason: "that is long past" }),
    }
}

fn switched(enabled: Option<bool>, until: Option<&str>) -> Result<Option<Enabled>, AppError> {
    match (enabled, until) {
        (None, None) => Ok(None),
        (Some(true), None) => Ok(Some(Enabled::On)),
        (Some(false), None) => Ok(Some(Enabled::Off)),
        (Some(true), Some(_)) => Err(AppError::BadField {
            field: "disable_until",
            reason: "what is enabled is not off until a time",
        }),
        (None | Some(false), Some(until)) => Ok(Some(self::until(until, "disable_until")?)),
    }
}

fn time(text: &str, field: &'static str) -> Result<Timestamp, AppError> {
    let bad = |reason| AppError::BadField { field, reason };
    let time = Timestamp::from_str(text)
        .map_err(|_| bad("it must be a time such as 2026-01-31T12:00:00Z"))?;
    let latest = Timestamp::now().as_second() + MAX_YEARS * SECONDS_A_YEAR;
    if time.as_second() < 0 || time.as_second() > latest {
        return Err(bad("it must lie between 1970 and a hundred years from now"));
    }
    Ok(time)
}

fn short(uri: Option<String>) -> Result<Option<String>, AppError> {
    if uri.as_ref().is_some_and(|uri| uri.chars().count() > MAX_URI_CHARS) {
        let reason = "it is longer than 2,048 characters";
        return Err(AppError::BadField { field: "uri", reason });
    }
    Ok(uri)
}

fn few(labels: Vec<String>) -> Result<Vec<String>, AppError> {
    if labels.len() > MAX_LABELS {
        return Err(AppError::BadField { field: "labels", reason: "there are more than 64" });
    }
    if labels.iter().any(|label| label.is_empty() || label.chars().count() > MAX_LABEL_CHARS) {
        let reason = "each must have 1 to 255 characters";
        return Err(AppError::BadField { field: "labels", reason });
    }
    Ok(labels)
}

/// What is sent along, as it is stored; nothing for `null`.
fn small(metadata: Value) -> Result<Option<String>, AppError> {
    if metadata.is_null() {
        return Ok(None);
    }
    let text = metadata.to_string();
    if text.len() > MAX_METADATA_BYTES {
        let reason = "it is larger than 64 KiB";
        return Err(AppError::BadField { field: "metadata", reason });
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use tutela_core::Enabled;

    use super::{switched, time};

    #[test]
    fn one_says_on_off_or_until_when() {
        let year = "2031-01-01T00:00:00Z";
        assert_eq!(switched(None, None).unwrap(), None);
        assert_eq!(switched(Some(true), None).unwrap(), Some(Enabled::On));
        assert_eq!(switched(Some(false), None).unwrap(), Some(Enabled::Off));
        let until = Some(Enabled::From(1_924_992_000));
        assert_eq!(switched(Some(false), Some(year)).unwrap(), until);
        assert_eq!(switched(None, Some(year)).unwrap(), until);
        assert!(switched(Some(true), Some(year)).is_err());
    }

    #[test]
    fn times_are_those_of_people() {
        for good in ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00+02:00"] {
            assert!(time(good, "expires_at").is_ok(), "{good}");
        }
        for bad in ["", "soon", "2026-01-31", "1969-12-31T00:00:00Z", "9998-01-01T00:00:00Z"] {
            assert!(time(bad, "expires_at").is_err(), "{bad}");
        }
    }
}
