//! How states, ratios and times are said: never by colour alone.

use tutela_app::service::{Content, MatchState};
use tutela_core::{AlertStanding, AlertState, BankRole, Enabled, Orientation, Ratio, Timestamp};

use crate::show::figures::{counted, moment};
use crate::words::{AlertWords, BankWords, MatchWords, Words, fill};

/// A state as an icon and a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Name of the icon.
    pub(super) id: &'static str,
    /// The word.
    pub(super) word: String,
}

pub(super) fn state(state: MatchState, w: &MatchWords) -> Mark {
    let (id, word) = match state {
        MatchState::Open => ("open", w.open),
        MatchState::Confirmed => ("confirmed", w.confirmed),
        MatchState::Disputed => ("disputed", w.disputed),
    };
    Mark { id, word: word.to_owned() }
}

/// Where an alert stands; that it waits for a second person is said before its state.
pub(super) fn alert(standing: &AlertStanding, w: &AlertWords) -> Mark {
    let waits = standing.proposal.is_some() && !standing.state.is_closed();
    let id = match standing.state {
        _ if waits => return Mark { id: "proposed", word: w.proposed.to_owned() },
        AlertState::New => "new",
        AlertState::Assigned | AlertState::InReview => "open",
        AlertState::Confirmed => "confirmed",
        AlertState::Dismissed => "disputed",
    };
    Mark { id, word: alert_state(standing.state, w).to_owned() }
}

pub(super) fn alert_state(state: AlertState, w: &AlertWords) -> &'static str {
    match state {
        AlertState::New => w.new,
        AlertState::Assigned => w.assigned,
        AlertState::InReview => w.in_review,
        AlertState::Confirmed => w.confirmed,
        AlertState::Dismissed => w.dismissed,
    }
}

pub(super) fn role(role: BankRole, w: &BankWords) -> Mark {
    let (id, word) = match role {
        BankRole::Alert => ("alert", w.role_alert),
        BankRole::Allow => ("allow", w.role_allow),
    };
    Mark { id, word: word.to_owned() }
}

/// Whether a content takes part in look-ups, and why not.
pub(super) fn standing(content: &Content, now: Timestamp, w: &BankWords) -> Mark {
    let at = |sentence: &str, time: Timestamp| fill(sentence, "time", &time_text(time));
    let expired = content.terms.expires_at.filter(|at| *at <= now);
    let (id, word) = match (content.quarantined_at, expired, content.terms.enabled) {
        (Some(since), _, _) => ("held", at(w.state_held, since)),
        (None, Some(since), _) => ("off", at(w.state_expired, since)),
        (None, None, Enabled::Off) => ("off", w.state_off.to_owned()),
        (None, None, Enabled::From(second)) if second > now.as_second() => {
            let from = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
            ("off", at(w.state_later, from))
        }
        (None, None, Enabled::On | Enabled::From(_)) => ("on", w.state_on.to_owned()),
    };
    Mark { id, word }
}

/// `2026-03-04 09:12:33 UTC`.
pub(super) fn time_text(time: Timestamp) -> String {
    moment(&time.to_string())
}

/// A share in percent, with one decimal where it needs one.
pub(super) fn percent(ratio: Ratio, decimal_mark: &str) -> String {
    format!("{}\u{a0}%", percent_digits(ratio).replace('.', decimal_mark))
}

/// The digits of a share in percent, for a field.
pub(super) fn percent_digits(ratio: Ratio) -> String {
    let text = format!("{:.1}", ratio.get() * 100.0);
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// `up to 12 bits`.
pub(super) fn distance(bits: Option<u16>, w: &BankWords) -> String {
    match bits {
        Some(bits) => counted(w.up_to_bits, u64::from(bits)),
        None => w.default_distance.to_owned(),
    }
}

/// How a picture was turned to match.
pub(super) fn orientation(turned: Orientation, w: &Words, m: &MatchWords) -> &'static str {
    match turned {
        Orientation::Original => m.as_it_is,
        Orientation::Rotate90 => w.turned_90,
        Orientation::Rotate180 => w.turned_180,
        Orientation::Rotate270 => w.turned_270,
        Orientation::FlipX => w.flipped_x,
        Orientation::FlipY => w.flipped_y,
        Orientation::FlipPlus1 => w.flipped_plus_1,
        Orientation::FlipMinus1 => w.flipped_minus_1,
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::Ratio;

    use super::percent;

    #[test]
    fn shares_have_a_decimal_only_where_they_need_one() {
        for (ratio, expected) in [(0.0, "0 %"), (1.0, "100 %"), (0.25, "25 %"), (0.333, "33,3 %")] {
            let said = percent(Ratio::new(ratio).unwrap(), ",");
            assert_eq!(said.replace('\u{a0}', " "), expected);
        }
    }
}
