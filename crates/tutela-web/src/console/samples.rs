//! Every page of the console with made-up data: what tests render and people look at.

use askama::Template;
use tutela_app::service::{MatchDecision, MatchState, StoredMatch};
use tutela_core::{BankNumber, ContentNumber, FindingId, OperatorId, Orientation, Timestamp};

use super::alert::AlertPage;
use super::alerts::{Network, Queue as Alerts};
use super::bank::BankPage;
use super::banks::Banks;
use super::content::ContentPage;
use super::dress::Refused;
use super::exchanges::Exchanges;
use super::index::Index;
use super::look_up::LookUp;
use super::matches::Queue;
use super::overview::Overview;
use super::sign_in::SignIn;
use super::why::Why;
use crate::{Lang, WebError};

/// The name of each page, and its HTML. No bank, person, match or signal in them is real.
///
/// # Errors
/// Only defects of the templates.
pub fn samples(lang: Lang) -> Result<Vec<(&'static str, String)>, WebError> {
    let mut pages = Vec::new();
    let mut add = |name, page: Result<String, askama::Error>| -> Result<(), WebError> {
        pages.push((name, page?));
        Ok(())
    };
    add("sign-in", SignIn::sample(lang).render())?;
    add("overview", Overview::sample(lang).render())?;
    add("alerts", Alerts::sample(lang).render())?;
    add("alerts-none", Alerts::empty_sample(lang).render())?;
    add("alert-new", AlertPage::sample(lang, 1).render())?;
    add("alert-names", AlertPage::sample(lang, 2).render())?;
    add("alert-proposed", AlertPage::sample(lang, 3).render())?;
    add("alert-closed", AlertPage::sample(lang, 4).render())?;
    add("alert-network", Network::sample(lang).render())?;
    add("banks", Banks::sample(lang).render())?;
    add("bank", BankPage::sample(lang).render())?;
    add("content", ContentPage::sample(lang).render())?;
    add("exchanges", Exchanges::sample(lang).render())?;
    add("matches", Queue::sample(lang).render())?;
    add("match-open", Why::sample(lang, 1).render())?;
    add("match-confirmed", Why::sample(lang, 2).render())?;
    add("match-disputed", Why::sample(lang, 3).render())?;
    add("match-film", Why::sample(lang, 4).render())?;
    add("look-up", LookUp::sample(lang).render())?;
    add("index", Index::sample(lang).render())?;
    add("refused", Refused::sample(lang).render())?;
    Ok(pages)
}

/// A signal that no picture has.
pub(super) fn signal(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let words = (0..4).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("{state:016x}")
    });
    words.collect()
}

/// A match that never was: 1, 5 and 6 wait, 2 is confirmed, 3 is disputed, 4 is of a film.
pub(super) fn found(number: u64) -> StoredMatch {
    let at = |hour: i64| {
        Timestamp::from_second(1_772_366_400 + hour * 3_600).unwrap_or(Timestamp::UNIX_EPOCH)
    };
    let value = signal(number);
    // The same signal with three of its digits turned: twelve bits.
    let turned = |(place, digit): (usize, char)| match (place % 20, digit.to_digit(16)) {
        (7, Some(value)) => char::from_digit(15 - value, 16).unwrap_or(digit),
        _ => digit,
    };
    let query: String = value.chars().enumerate().map(turned).collect();
    let film = number == 4;
    let id = format!("01960000-5ca0-7000-8000-{number:012}");
    let decision = |state, reason: Option<&str>| MatchDecision {
        state,
        operator: OperatorId(Default::default()),
        at: at(40),
        reason: reason.map(str::to_owned),
    };
    let frame = |value: &str| format!("[\"{value},100,0.000\",\"{value},98,1.000\"]");
    StoredMatch {
        number,
        seen: tutela_app::service::SeenMatch {
            id: id.parse().unwrap_or(FindingId(Default::default())),
            kind: if film { "vpdq" } else { "pdq" }.to_owned(),
            orientation: (number == 2).then_some(Orientation::Rotate90),
            bank: BankNumber(2),
            content: ContentNumber(number),
            distance: (!film).then_some(12),
            query: if film { frame(&query) } else { query },
            value: if film { frame(&value) } else { value },
            rule: "service.near".to_owned(),
            rule_version: 1,
            parameters_json: "{\"distance\":31}".to_owned(),
            at: at(30),
            times: if number == 1 { 1 } else { 1_284 },
            alert: true,
            webhooks: Vec::new(),
        },
        first_at: at(number.try_into().unwrap_or(0)),
        decision: match number {
            2 => Some(decision(MatchState::Confirmed, None)),
            3 => Some(decision(MatchState::Disputed, Some("A flat picture: nothing but <white>."))),
            _ => None,
        },
    }
}
