//! What the program itself writes down, in the language of a page: remarks, checks, failures, limits, units.
//!
//! English needs no table: it is what was written down. What has no translation stays in English,
//! and the page says so where it stands (`lang="en"`).

mod failures;
mod limits;
mod sentences;

use std::borrow::Cow;

use tutela_app::findings::MEDIA_RULES;
use tutela_app::sentences::{Said, failure as meaning};

use self::failures::FAILURES;
use self::limits::{LIMITS, UNITS};
use self::sentences::{RULES, SENTENCES};
use super::Lang;

/// Something recorded, in the language of the page where there are words for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Recorded<'a> {
    /// The words.
    pub(crate) text: Cow<'a, str>,
    /// Whether they are English on a page that is not.
    pub(crate) foreign: bool,
}

impl<'a> Recorded<'a> {
    fn translated(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), foreign: false }
    }

    fn english(text: &'a str, lang: Lang) -> Self {
        Self { text: text.into(), foreign: lang != Lang::En }
    }
}

/// A remark, a check or what came out of it.
pub(crate) fn said(said: &Said, lang: Lang) -> Recorded<'_> {
    match (lang, italian(SENTENCES, said.code())) {
        (Lang::It, Some(words)) => Recorded::translated(said.in_words(words)),
        (Lang::It, None) if said.code().is_empty() => Recorded::translated(said.text()),
        _ => Recorded::english(said.text(), lang),
    }
}

/// What a code means; the recorded message where the code has no words.
pub(crate) fn failure<'a>(code: &str, message: &'a str, lang: Lang) -> Recorded<'a> {
    match (lang, meaning(code), italian(FAILURES, code)) {
        (Lang::It, _, Some(words)) => Recorded::translated(words),
        (_, Some(sentence), _) => Recorded::english(sentence.english, lang),
        (_, None, _) => Recorded::english(message, lang),
    }
}

/// What a rule says; its name where this version does not know it.
pub(crate) fn rule(id: &str, lang: Lang) -> Recorded<'_> {
    let known = MEDIA_RULES.iter().find(|rule| rule.id == id);
    match (lang, italian(RULES, id), known) {
        (Lang::It, Some(words), _) => Recorded::translated(words),
        (_, _, Some(rule)) => Recorded::english(rule.meaning, lang),
        (_, _, None) => Recorded::translated(id),
    }
}

/// Why a limit stands.
pub(crate) fn limit<'a>(name: &str, why: &'a str, lang: Lang) -> Recorded<'a> {
    match (lang, italian(LIMITS, name)) {
        (Lang::It, Some(words)) => Recorded::translated(words),
        _ => Recorded::english(why, lang),
    }
}

/// The unit of a limit.
pub(crate) fn unit<'a>(unit: &'a str, lang: Lang) -> Recorded<'a> {
    match (lang, italian(UNITS, unit)) {
        (Lang::It, Some(words)) => Recorded::translated(words),
        _ => Recorded::english(unit, lang),
    }
}

type Table = &'static [(&'static str, &'static str)];

fn italian(table: Table, code: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use tutela_app::outbound::scan_report::documented_limits;
    use tutela_app::sentences::{LIST_INCOMPLETE, Said, all};

    use super::super::tests::places;
    use super::{
        FAILURES, LIMITS, Lang, MEDIA_RULES, RULES, SENTENCES, UNITS, failure, italian, said,
    };

    #[test]
    fn every_sentence_of_the_program_has_italian_words_with_the_same_places() {
        let words = |code| italian(SENTENCES, code).or_else(|| italian(FAILURES, code));
        let missing: Vec<_> = all().filter(|one| words(one.code).is_none()).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        for sentence in all() {
            let words = words(sentence.code).unwrap();
            assert_eq!(places(words), places(sentence.english), "{}", sentence.code);
            assert_eq!(words.matches('|').count(), sentence.english.matches('|').count());
        }
    }

    #[test]
    fn every_rule_has_italian_words() {
        let missing: Vec<_> =
            MEDIA_RULES.iter().filter(|rule| italian(RULES, rule.id).is_none()).collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn every_limit_and_unit_has_italian_words() {
        let missing: Vec<_> = documented_limits()
            .filter(|limit| {
                italian(LIMITS, limit.name).is_none() || italian(UNITS, limit.unit).is_none()
            })
            .map(|limit| (limit.name, limit.unit, limit.why))
            .collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn words_without_a_translation_say_that_they_are_english() {
        let list = LIST_INCOMPLETE.say([("list", "a.csv".to_owned()), ("n", "1".to_owned())]);
        assert!(said(&list, Lang::It).text.starts_with("L’elenco a.csv non è"));
        assert!(!said(&Said::verbatim("00ff"), Lang::It).foreign);
        assert_eq!(
            failure("decode.truncated", "m", Lang::It).text,
            "il file termina prima dell’immagine"
        );
        let unknown = failure("decode.new_code", "what was recorded", Lang::It);
        assert!(unknown.foreign && unknown.text == "what was recorded");
        assert!(!failure("decode.new_code", "what was recorded", Lang::En).foreign);
    }
}
