//! What an operator types about a bank or a content, read and checked.

use tutela_core::{BankRole, BankTerms, ContentTerms, Enabled, Ratio, Timestamp};

use super::fault::Problem;
use super::frame::Fields;
use super::marks::percent_digits;
use crate::words::ConsoleWords;

/// The fields of a bank, as typed.
#[derive(Debug, Clone)]
pub(super) struct BankForm {
    pub(super) name: String,
    pub(super) is_allow: bool,
    pub(super) ratio: String,
    pub(super) distance: String,
    pub(super) note: String,
    pub(super) alert: bool,
}

impl BankForm {
    /// Of a bank as it is.
    pub(super) fn of(terms: &BankTerms) -> Self {
        Self {
            name: terms.name.clone(),
            is_allow: terms.role == BankRole::Allow,
            ratio: percent_digits(terms.enabled_ratio),
            distance: terms.distance.map(|bits| bits.to_string()).unwrap_or_default(),
            note: terms.note.clone().unwrap_or_default(),
            alert: terms.actions.alert,
        }
    }

    /// As it was sent.
    pub(super) fn sent(fields: &Fields) -> Self {
        Self {
            name: fields.get("name").to_owned(),
            is_allow: fields.get("role") == BankRole::Allow.as_str(),
            ratio: fields.get("ratio").to_owned(),
            distance: fields.get("distance").to_owned(),
            note: fields.get("note").to_owned(),
            alert: fields.get("alert") == "on",
        }
    }

    /// What is to be said of the bank; what the form does not show stays as it was.
    pub(super) fn terms(&self, before: BankTerms, w: &ConsoleWords) -> Result<BankTerms, Problem> {
        let percent: Option<f64> = self.ratio.replace(',', ".").parse().ok();
        let ratio = percent.and_then(|percent| Ratio::new(percent / 100.0));
        let distance = match self.distance.as_str() {
            "" => None,
            bits => Some(bits.parse().map_err(|_| Problem::of(w.bad_distance))?),
        };
        Ok(BankTerms {
            name: self.name.clone(),
            role: if self.is_allow { BankRole::Allow } else { BankRole::Alert },
            enabled_ratio: ratio.ok_or_else(|| Problem::of(w.bad_ratio))?,
            distance,
            note: Some(self.note.clone()).filter(|note| !note.is_empty()),
            actions: tutela_core::BankActions { alert: self.alert, ..before.actions },
        })
    }
}

/// The fields of a content, as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct ContentForm {
    /// `on`, `off` or `from`.
    pub(super) takes_part: String,
    pub(super) from: String,
    pub(super) expires: String,
    pub(super) note: String,
    pub(super) labels: String,
}

impl ContentForm {
    pub(super) fn of(terms: &ContentTerms) -> Self {
        let (takes_part, from) = match terms.enabled {
            Enabled::On => ("on", String::new()),
            Enabled::Off => ("off", String::new()),
            Enabled::From(second) => {
                ("from", Timestamp::from_second(second).map(field_time).unwrap_or_default())
            }
        };
        Self {
            takes_part: takes_part.to_owned(),
            from,
            expires: terms.expires_at.map(field_time).unwrap_or_default(),
            note: terms.note.clone().unwrap_or_default(),
            labels: terms.labels.join(", "),
        }
    }

    pub(super) fn sent(fields: &Fields) -> Self {
        Self {
            takes_part: fields.get("takes_part").to_owned(),
            from: fields.get("from").to_owned(),
            expires: fields.get("expires").to_owned(),
            note: fields.get("note").to_owned(),
            labels: fields.get("labels").to_owned(),
        }
    }

    pub(super) fn is(&self, choice: &str) -> bool {
        self.takes_part == choice
    }

    /// What the form says, put into the terms of a content.
    pub(super) fn change(&self, w: &ConsoleWords) -> Result<Change, Problem> {
        let time = |text: &str| typed_time(text).ok_or_else(|| Problem::of(w.bad_time));
        let enabled = match self.takes_part.as_str() {
            "off" => Enabled::Off,
            // A second of 0 or 1 would mean off or on to clients.
            "from" => Enabled::From(time(&self.from)?.as_second().max(2)),
            _ => Enabled::On,
        };
        let expires_at = match self.expires.as_str() {
            "" => None,
            text => Some(time(text)?),
        };
        let note = Some(self.note.clone()).filter(|note| !note.is_empty());
        Ok(Change { enabled, expires_at, note, labels: labels(&self.labels) })
    }
}

/// What a form changes of a content.
pub(super) struct Change {
    enabled: Enabled,
    expires_at: Option<Timestamp>,
    note: Option<String>,
    labels: Vec<String>,
}

impl Change {
    pub(super) fn apply(self, terms: &mut ContentTerms) {
        terms.enabled = self.enabled;
        terms.expires_at = self.expires_at;
        terms.note = self.note;
        terms.labels = self.labels;
    }
}

/// Words between commas, each once.
pub(super) fn labels(text: &str) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for label in text.split(',').map(str::trim).filter(|label| !label.is_empty()) {
        if !labels.iter().any(|known| known == label) {
            labels.push(label.to_owned());
        }
    }
    labels
}

/// `2026-03-04T09:12`, as a field for a time takes it.
fn field_time(time: Timestamp) -> String {
    time.to_string().chars().take("2026-03-04T09:12".len()).collect()
}

/// A time in UTC as a field for a time gives it, or as people type it.
fn typed_time(text: &str) -> Option<Timestamp> {
    let text =
        text.trim().trim_end_matches("UTC").trim_end_matches('Z').trim().replacen(' ', "T", 1);
    let seconds = if text.matches(':').count() == 1 { ":00" } else { "" };
    format!("{text}{seconds}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use tutela_core::{BankRole, BankTerms, ContentTerms, Enabled, Timestamp};

    use super::super::frame::Fields;
    use super::{BankForm, ContentForm, labels, typed_time};
    use crate::Lang;

    #[test]
    fn a_bank_comes_back_from_its_form() {
        let terms =
            BankTerms { distance: Some(12), note: Some("x".to_owned()), ..BankTerms::named("A") };
        let back = BankForm::of(&terms).terms(BankTerms::named("B"), Lang::En.console_words());
        assert_eq!(back.unwrap(), terms);
        let sent = [("name", "A"), ("role", "allow"), ("ratio", "12,5"), ("distance", "")];
        let back =
            BankForm::sent(&Fields::of(&sent)).terms(terms, Lang::En.console_words()).unwrap();
        assert_eq!(
            (back.role, back.enabled_ratio.get(), back.distance),
            (BankRole::Allow, 0.125, None)
        );
        for bad in ["", "x", "101", "-1"] {
            let sent = BankForm::sent(&Fields::of(&[("name", "A"), ("ratio", bad)]));
            assert!(sent.terms(BankTerms::named("A"), Lang::En.console_words()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_content_comes_back_from_its_form() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let check = |terms: ContentTerms| {
            let mut back = ContentTerms::default();
            ContentForm::of(&terms)
                .change(Lang::En.console_words())
                .unwrap_or_else(|_| panic!())
                .apply(&mut back);
            assert_eq!(back, terms);
        };
        check(ContentTerms::default());
        let labels = vec!["one".to_owned(), "two words".to_owned()];
        check(ContentTerms { enabled: Enabled::Off, labels, ..ContentTerms::default() });
        let from = at("2026-03-04T09:12:00Z");
        check(ContentTerms { enabled: Enabled::From(from.as_second()), ..ContentTerms::default() });
        check(ContentTerms {
            expires_at: Some(from),
            note: Some("x".to_owned()),
            ..ContentTerms::default()
        });
        let bad = ContentForm {
            takes_part: "from".to_owned(),
            from: "soon".to_owned(),
            ..ContentForm::default()
        };
        assert!(bad.change(Lang::En.console_words()).is_err());
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        let expected = "2026-03-04T09:12:00Z".parse().ok();
        for text in ["2026-03-04T09:12", "2026-03-04 09:12 UTC", "2026-03-04T09:12:00Z"] {
            assert_eq!(typed_time(text), expected, "{text}");
        }
        assert_eq!(typed_time("2026-03-04"), None);
        assert_eq!(labels(" a, b c,,a "), ["a", "b c"]);
    }
}
