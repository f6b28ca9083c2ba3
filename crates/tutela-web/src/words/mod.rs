//! Every word that a reader of a page sees, in English and in Italian.

use std::str::FromStr;

use tutela_core::UnknownName;

macro_rules! words {
    ($(#[$doc:meta])* $type:ident, $en:ident, $it:ident; $($name:ident: $english:literal, $italian:literal;)*) => {
        $(#[$doc])*
        #[derive(serde::Serialize)]
        pub(crate) struct $type { $(pub(crate) $name: &'static str,)* }
        pub(crate) static $en: $type = $type { $($name: $english,)* };
        pub(crate) static $it: $type = $type { $($name: $italian,)* };
    };
}

mod answers;
mod console;
mod model_card;
mod networks;
mod page;
mod payments;
mod provenance;
mod queue;
mod recorded;
mod script;

pub(crate) use answers::{ANSWERS_EN, ANSWERS_IT, AnswerWords};
pub(crate) use console::{AlertWords, BankWords, ConsoleWords, MatchWords};
pub(crate) use model_card::{CARD_EN, CARD_IT, CardWords};
pub(crate) use networks::{NETWORK_EN, NETWORK_IT, NetworkWords};
pub(crate) use page::{EN, IT, Words};
pub(crate) use payments::{INDICATORS_IT, PARTS_EN, PAYMENTS_EN, PAYMENTS_IT, PaymentWords};
pub(crate) use provenance::{PROVENANCE_EN, PROVENANCE_IT, ProvenanceWords};
pub(crate) use queue::{QUEUE_EN, QUEUE_IT, QueueWords};
pub(crate) use recorded::{Recorded, failure, limit, rule, said, unit};
pub(crate) use script::{SCRIPT_EN, SCRIPT_IT, ScriptWords};

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Italian.
    It,
}

impl Lang {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::It];

    /// Its ISO 639 code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::It => "it",
        }
    }

    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::En => &EN,
            Self::It => &IT,
        }
    }

    pub(crate) const fn answer_words(self) -> &'static AnswerWords {
        match self {
            Self::En => &ANSWERS_EN,
            Self::It => &ANSWERS_IT,
        }
    }

    pub(crate) const fn queue_words(self) -> &'static QueueWords {
        match self {
            Self::En => &QUEUE_EN,
            Self::It => &QUEUE_IT,
        }
    }

    pub(crate) const fn payment_words(self) -> &'static PaymentWords {
        match self {
            Self::En => &PAYMENTS_EN,
            Self::It => &PAYMENTS_IT,
        }
    }

    pub(crate) const fn network_words(self) -> &'static NetworkWords {
        match self {
            Self::En => &NETWORK_EN,
            Self::It => &NETWORK_IT,
        }
    }

    pub(crate) const fn provenance_words(self) -> &'static ProvenanceWords {
        match self {
            Self::En => &PROVENANCE_EN,
            Self::It => &PROVENANCE_IT,
        }
    }

    pub(crate) const fn script_words(self) -> &'static ScriptWords {
        match self {
            Self::En => &SCRIPT_EN,
            Self::It => &SCRIPT_IT,
        }
    }
}

impl FromStr for Lang {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|lang| lang.as_str() == name)
            .ok_or_else(|| UnknownName { name: name.to_owned(), expected: "en, it" })
    }
}

/// Our sentence with `{name}` filled in.
pub(crate) fn fill(sentence: &str, name: &str, value: &str) -> String {
    sentence.replace(&format!("{{{name}}}"), value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::console::{
        ALERTS_EN, ALERTS_IT, BANKS_EN, BANKS_IT, CONSOLE_EN, CONSOLE_IT, MATCHES_EN, MATCHES_IT,
    };
    use super::{
        ANSWERS_EN, ANSWERS_IT, EN, IT, Lang, NETWORK_EN, NETWORK_IT, PAYMENTS_EN, PAYMENTS_IT,
        PROVENANCE_EN, PROVENANCE_IT, QUEUE_EN, QUEUE_IT, SCRIPT_EN, SCRIPT_IT,
    };

    fn pairs() -> Vec<(String, String, String)> {
        let texts = |words: serde_json::Result<Value>| match words {
            Ok(Value::Object(map)) => map,
            other => panic!("{other:?}"),
        };
        let both = [
            (texts(serde_json::to_value(&EN)), texts(serde_json::to_value(&IT))),
            (texts(serde_json::to_value(&ANSWERS_EN)), texts(serde_json::to_value(&ANSWERS_IT))),
            (
                texts(serde_json::to_value(&PROVENANCE_EN)),
                texts(serde_json::to_value(&PROVENANCE_IT)),
            ),
            (texts(serde_json::to_value(&CONSOLE_EN)), texts(serde_json::to_value(&CONSOLE_IT))),
            (texts(serde_json::to_value(&ALERTS_EN)), texts(serde_json::to_value(&ALERTS_IT))),
            (texts(serde_json::to_value(&BANKS_EN)), texts(serde_json::to_value(&BANKS_IT))),
            (texts(serde_json::to_value(&MATCHES_EN)), texts(serde_json::to_value(&MATCHES_IT))),
            (texts(serde_json::to_value(&PAYMENTS_EN)), texts(serde_json::to_value(&PAYMENTS_IT))),
            (texts(serde_json::to_value(&NETWORK_EN)), texts(serde_json::to_value(&NETWORK_IT))),
            (texts(serde_json::to_value(&QUEUE_EN)), texts(serde_json::to_value(&QUEUE_IT))),
            (texts(serde_json::to_value(&SCRIPT_EN)), texts(serde_json::to_value(&SCRIPT_IT))),
        ];
        let mut pairs = Vec::new();
        for (english, italian) in both {
            for (name, text) in english {
                let other = italian[&name].as_str().unwrap().to_owned();
                pairs.push((name, text.as_str().unwrap().to_owned(), other));
            }
        }
        pairs
    }

    pub(super) fn places(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn both_languages_fill_the_same_places_and_count_the_same_forms() {
        for (name, english, italian) in pairs() {
            assert!(!english.is_empty() && !italian.is_empty(), "{name}");
            assert_eq!(places(&english), places(&italian), "{name}");
            assert_eq!(english.matches('|').count(), italian.matches('|').count(), "{name}");
        }
    }

    #[test]
    fn the_script_uses_every_word_it_gets() {
        let script = include_str!("../../templates/report.js");
        let Value::Object(words) = serde_json::to_value(&SCRIPT_EN).unwrap() else { panic!() };
        for name in words.keys() {
            let is_outcome =
                ["known", "near", "known_good", "new", "failed"].contains(&name.as_str());
            assert!(is_outcome || script.contains(&format!("words.{name}")), "{name}");
        }
    }

    #[test]
    fn languages_are_found_by_their_code() {
        for lang in Lang::ALL {
            assert_eq!(lang.as_str().parse(), Ok(lang));
        }
        assert!("xx".parse::<Lang>().is_err());
    }
}
