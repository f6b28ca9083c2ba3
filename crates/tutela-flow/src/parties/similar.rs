//! How alike two accounts are, and which are compared at all.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::name_words;
use super::{Facts, Limits};

/// What each agreement is worth; together 1.
const NAME: f64 = 0.65;
const BIRTH_YEAR: f64 = 0.25;
const COUNTRY: f64 = 0.10;

/// Pairs worth showing, the best first, and how many blocks were too large. Only accounts that share two words of
/// their names, or a word and the year of birth, are compared.
pub(super) fn pairs(facts: &[&Facts], limits: &Limits) -> (Vec<(usize, usize, f64)>, usize) {
    let words: Vec<Vec<String>> = facts
        .iter()
        .map(|known| known.name.as_deref().map(name_words).unwrap_or_default())
        .collect();
    let mut blocks: BTreeMap<(&str, &str, u16), Vec<usize>> = BTreeMap::new();
    for (account, words) in words.iter().enumerate() {
        // A name of one word is no name to go by; a very long one is a text.
        if !(2..=8).contains(&words.len()) {
            continue;
        }
        for (at, word) in words.iter().enumerate() {
            for other in &words[at + 1..] {
                blocks.entry((word, other, 0)).or_default().push(account);
            }
            if let Some(year) = facts[account].birth_year {
                blocks.entry((word, "", year)).or_default().push(account);
            }
        }
    }
    let mut compared = BTreeSet::new();
    let mut pairs = Vec::new();
    let mut passed_over = 0;
    for block in blocks.values() {
        if block.len() > limits.accounts_a_block {
            passed_over += 1;
            continue;
        }
        for (at, one) in block.iter().enumerate() {
            for other in &block[at + 1..] {
                if compared.insert((*one, *other)) {
                    let worth = worth(facts[*one], facts[*other], &words[*one], &words[*other]);
                    if worth >= limits.show {
                        pairs.push((*one, *other, worth));
                    }
                }
            }
        }
    }
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    (pairs, passed_over)
}

/// From 0 to 1. Different years of birth are different people, whatever their names.
fn worth(one: &Facts, other: &Facts, words: &[String], others: &[String]) -> f64 {
    let year = match (one.birth_year, other.birth_year) {
        (Some(a), Some(b)) if a == b => BIRTH_YEAR,
        (Some(_), Some(_)) => return 0.0,
        _ => 0.0,
    };
    let country = match (&one.country, &other.country) {
        (Some(a), Some(b)) if a == b => COUNTRY,
        _ => 0.0,
    };
    NAME * alike(words, others) + year + country
}

/// Share of words that two names have in common, of all words of both. A slip of one letter in a longer word is
/// forgiven at a price.
fn alike(words: &[String], others: &[String]) -> f64 {
    let mut left: Vec<&String> = others.iter().collect();
    let mut common = 0.0;
    let mut slips: Vec<&String> = Vec::new();
    for word in words {
        match left.iter().position(|other| *other == word) {
            Some(at) => {
                left.remove(at);
                common += 1.0;
            }
            None => slips.push(word),
        }
    }
    for word in slips {
        if let Some(at) = left.iter().position(|other| one_slip(word, other)) {
            left.remove(at);
            common += 0.9;
        }
    }
    let all = (words.len() + others.len()) as f64 - common;
    if all > 0.0 { (common / all).min(1.0) } else { 0.0 }
}

/// Whether two words of five letters or more differ by one letter: another, one more, or two in exchanged places.
fn one_slip(word: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), other.chars().collect());
    if a.len().min(b.len()) < 5 || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[front..], &b[front..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - back], &b[..b.len() - back]);
    match (a, b) {
        ([] | [_], [] | [_]) => true,
        ([a1, a2], [b1, b2]) => a1 == b2 && a2 == b1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_of_one_letter() {
        for (word, other, expected) in [
            ("muster", "muster", true),
            ("muster", "mustre", true),
            ("muster", "muuster", true),
            ("muster", "master", true),
            ("muster", "mister2", false),
            ("anna", "anne", false),
            ("muster", "musters1", false),
        ] {
            assert_eq!(one_slip(word, other), expected, "{word} {other}");
            assert_eq!(one_slip(other, word), expected, "{other} {word}");
        }
    }

    #[test]
    fn names_are_alike_by_their_words() {
        let alike = |a: &str, b: &str| alike(&name_words(a), &name_words(b));
        assert_eq!(alike("Anna Muster", "MUSTER, ANNA"), 1.0);
        assert!(alike("Anna Muster", "Anna Mustre") > 0.85);
        assert!(alike("Anna Muster", "Anna Maria Muster") < 0.7);
        assert!(alike("Anna Muster", "Bea Muster") < 0.4);
    }
}
