//! Made-up alerts: 1 is new, 2 is assigned, 3 waits for a second person, 4 and 5 are closed, 6 was moved by decisions.

use tutela_app::service::{OperatorNames, StoredAlert};
use tutela_app::views::{
    AlertEntryView, AlertFullView, AlertItemView, AlertNamesView, AlertPartView, AlertPartyView,
    AlertTransferView, StoredReasonsView, parts_of,
};
use tutela_core::{
    AlertOutcome, AlertProposal, AlertSide, AlertStanding, AlertState, FindingId, OperatorId,
    Timestamp,
};

use crate::networks::sample_network;

pub(super) fn person(number: u64) -> OperatorId {
    let id = format!("01960000-5ca0-7000-8000-{number:012}");
    id.parse().unwrap_or(OperatorId(Default::default()))
}

pub(super) fn names() -> OperatorNames {
    let people = [(1, "A. Example"), (2, "B. Example")];
    OperatorNames::of(people.map(|(number, name)| (person(number), name.to_owned())))
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_772_366_400 + hour * 3_600).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn part(id: &str, weight: f64, why: &str, transfers: u64) -> AlertPartView {
    AlertPartView {
        id: id.to_owned(),
        value: 1.0,
        weight,
        why: why.to_owned(),
        transfers: (0..transfers.min(9)).map(|n| format!("t-{n}")).collect(),
        transfer_count: transfers,
    }
}

pub(super) fn alert(number: u64) -> StoredAlert {
    let proposal = |outcome, reason: Option<&str>, by| {
        Some(AlertProposal {
            outcome,
            reason: reason.map(str::to_owned),
            by: person(by),
            at: at(20),
        })
    };
    let (state, proposal) = match number {
        2 => (AlertState::Assigned, None),
        3 => (AlertState::InReview, proposal(AlertOutcome::Dismissed, Some("family_support"), 2)),
        4 => (AlertState::Confirmed, proposal(AlertOutcome::Confirmed, None, 1)),
        5 => (AlertState::Dismissed, proposal(AlertOutcome::Dismissed, Some("wages"), 2)),
        _ => (AlertState::New, None),
    };
    let reasons = StoredReasonsView {
        parts: vec![
            part(
                "fan_in_unrelated",
                4.2,
                "41 families of payers with small amounts, unrelated to each other.",
                62,
            ),
            part(
                "shared_counterparties",
                2.6,
                "3 other payees share two payers or more with it.",
                18,
            ),
            part("referral", 1.1, "5 payers came within 14 days from a payee tied to it.", 5),
            part("round_sums", 0.3, "Of 62 amounts 40 are multiples of five.", 40),
            part("other_measures", -0.4, "Further measures: domestic share.", 0),
            part("base", -3.1, "Every account of this side starts from here.", 0),
        ],
        tied: vec!["payee-000102".to_owned(), "payee-<000103>".to_owned()],
        via: "two counterparties or more in common (2)".to_owned(),
    };
    let id = format!("01960000-a1e0-7000-8000-{number:012}");
    StoredAlert {
        number,
        id: id.parse().unwrap_or(FindingId(Default::default())),
        screening: 1,
        raised_at: at(1),
        side: if number == 4 { AlertSide::Payer } else { AlertSide::Payee },
        account: format!("payee-{:06}", 100 + number),
        case: None,
        score_micro: 4_700_000,
        review_micro: if number == 6 { -1_250_000 } else { 0 },
        network: if number > 3 { 4 } else { 1 },
        parts_json: serde_json::to_string(&reasons).unwrap_or_default(),
        chart_json: (number == 1)
            .then(|| serde_json::to_string(&sample_network()).unwrap_or_default()),
        standing: AlertStanding {
            state,
            assigned_to: (number > 1).then(|| person(1)),
            approved: state.is_closed().then(|| (person(if number == 4 { 2 } else { 1 }), at(30))),
            proposal,
        },
    }
}

pub(super) fn full(stored: &StoredAlert) -> AlertFullView {
    let reasons = parts_of(stored);
    let transfer = |n: i64| AlertTransferView {
        id: format!("t-{n}"),
        time: at(n * 30).to_string(),
        amount_minor: 1_500 + n * 25,
        minor_digits: 2,
        currency: "USD".to_owned(),
        payer: format!("payer-{:06}", 201 + n * 7),
        payee: stored.account.clone(),
    };
    let entry = |(seq, act, words): (u64, &str, Option<&str>)| AlertEntryView {
        seq,
        at: at(2).to_string(),
        act: act.to_owned(),
        by: person(1).to_string(),
        words: words.map(str::to_owned),
    };
    let history = [
        (812, "alert.raised", None),
        (1_207, "alert.noted", Some("The names of payers have nothing in <common>.")),
        (1_211, "alert.names_shown", Some("to compare two customers")),
    ];
    AlertFullView {
        alert: AlertItemView::of(stored),
        parts: reasons.parts,
        tied: reasons.tied,
        via: reasons.via,
        transfers: (0..7).map(transfer).collect(),
        masked: vec![party("A… E…", "…42")],
        history: history.into_iter().map(entry).collect(),
        chart: None,
    }
}

fn party(name: &str, phone: &str) -> AlertPartyView {
    AlertPartyView {
        name: Some(name.to_owned()),
        country: Some("PH".to_owned()),
        region: None,
        phone: Some(phone.to_owned()),
        email: None,
    }
}

pub(super) fn shown(stored: &StoredAlert) -> AlertNamesView {
    let accounts = [
        (stored.account.clone(), vec![party("Ana Example", "+63 900 000 0042")]),
        ("payer-000201".to_owned(), vec![party("Jo <Example>", "+1 000 000 0000")]),
    ];
    AlertNamesView { accounts: accounts.into_iter().collect() }
}
