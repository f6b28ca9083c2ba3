//! What records say of a person: plain for a stated purpose, else so far that records can be told apart.

use tutela_core::PartyRecord;

use crate::views::AlertPartyView;

/// In plain words.
pub(super) fn plain(party: &PartyRecord) -> AlertPartyView {
    AlertPartyView {
        name: party.name.clone(),
        country: party.country.clone(),
        region: party.region.clone(),
        phone: party.phone.clone(),
        email: party.email.clone(),
    }
}

/// First letters of a name, the last two digits of a number, the first letter of an address; country and region
/// as they are.
pub(super) fn masked(party: &PartyRecord) -> AlertPartyView {
    AlertPartyView {
        name: party.name.as_deref().map(initials),
        phone: party.phone.as_deref().map(last_digits),
        email: party.email.as_deref().map(first_letter),
        ..plain(party)
    }
}

fn initials(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .map(|first| format!("{first}…"))
        .collect();
    words.join(" ")
}

fn last_digits(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
    if digits.len() > 4 { format!("…{last}") } else { "…".to_owned() }
}

fn first_letter(email: &str) -> String {
    let first: String = email.chars().take(1).filter(|c| *c != '@').collect();
    format!("{first}…@…")
}

#[cfg(test)]
mod tests {
    use tutela_core::PartyRecord;

    use super::{first_letter, last_digits, masked};

    #[test]
    fn a_mask_tells_records_apart_and_names_nobody() {
        let party = PartyRecord {
            name: Some("  Ana Maria  Example ".to_owned()),
            country: Some("PH".to_owned()),
            phone: Some("+63 900 000 0042".to_owned()),
            email: Some("ana@example.org".to_owned()),
            ..PartyRecord::default()
        };
        let masked = masked(&party);
        let text = |text: Option<String>| text.unwrap_or_default();
        assert_eq!(text(masked.name), "A… M… E…");
        assert_eq!((text(masked.phone), text(masked.email)), ("…42".into(), "a…@…".into()));
        assert_eq!(masked.country.as_deref(), Some("PH"));
        assert_eq!([last_digits("12"), last_digits("")], ["…", "…"]);
        assert_eq!([first_letter("@x"), first_letter("")], ["…@…", "…@…"]);
    }
}
