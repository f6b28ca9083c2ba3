//! Alerts: raised once an account, closed by two people, in the order of the queue.

use tutela_core::{
    AlertAct, AlertOutcome, AlertRefusal, AlertSide, AlertState, FindingId, OperatorId,
};
use tutela_ledger::{Entry, Payload, acts};
use tutela_store::{
    AlertChange, AlertFilter, AlertPlace, LedgerDraft, NewAlert, NewScreening, Operator, Ranking,
    Store, StoreError, StoredAlert,
};

use crate::places::Place;
use crate::things::{draft, finding_id, id, operator_id, time, with_operator};

fn second() -> OperatorId {
    OperatorId(id(1, 2))
}

async fn with_two(store: &Store) {
    with_operator(store).await;
    let operator = Operator { id: second(), name: "Al Example".to_owned(), added_at: time(1) };
    store.add_operator(&operator, vec![]).await.unwrap();
}

fn screening(n: i64) -> NewScreening {
    NewScreening {
        at: time(n),
        operator: operator_id(),
        case: None,
        rule: "payments.evidence".to_owned(),
        rule_version: 1,
        parameters_json: "{\"top\":2}".to_owned(),
        inputs_json: "{\"files\":[]}".to_owned(),
        transfers: 20,
    }
}

fn alert(n: u64, score_micro: i64, leader: usize) -> NewAlert {
    NewAlert {
        id: finding_id(n),
        side: if n.is_multiple_of(2) { AlertSide::Payer } else { AlertSide::Payee },
        account: format!("account-{n}"),
        score_micro,
        leader,
        parts_json: "[]".to_owned(),
        chart_json: (n == 1).then(|| "{}".to_owned()),
    }
}

async fn raise(store: &Store, n: i64, alerts: &[NewAlert]) -> (u64, u64, u64) {
    let custody = |new: &[&NewAlert]| {
        let one = |new: &&NewAlert| LedgerDraft {
            outputs: vec![new.id.into()],
            ..draft(acts::ALERT_RAISED)
        };
        Ok(std::iter::once(draft(acts::PAYMENTS_SCREENED)).chain(new.iter().map(one)).collect())
    };
    let raised = store.record_screening(&screening(n), alerts, custody).await.unwrap();
    assert_eq!(store.screening(raised.screening).await.unwrap().made, screening(n));
    (raised.new, raised.again, raised.closed)
}

async fn act(
    store: &Store,
    n: u64,
    act: AlertAct,
    by: OperatorId,
) -> Result<StoredAlert, StoreError> {
    let words = Payload { salt: [7; 32], text: format!("{act:?}") };
    let custody = LedgerDraft {
        inputs: vec![finding_id(n).into()],
        payload: Some(words),
        ..LedgerDraft::new(time(50), by, acts::ALERT_NOTED)
    };
    let change = AlertChange { act, by, at: time(50) };
    store.act_on_alert(finding_id(n), &change, custody).await
}

fn ids(alerts: &[StoredAlert]) -> Vec<FindingId> {
    alerts.iter().map(|alert| alert.id).collect()
}

pub(crate) async fn an_account_is_alerted_once_and_closed_by_two(Place { store, .. }: Place) {
    with_two(&store).await;
    let first = [alert(1, 9_000_000, 0), alert(2, 8_000_000, 0)];
    assert_eq!(raise(&store, 1, &first).await, (2, 0, 0));
    let stored = store.alert(finding_id(2)).await.unwrap();
    assert_eq!((stored.network, stored.standing.state), (1, AlertState::New));
    assert_eq!(store.alert(finding_id(1)).await.unwrap().chart_json.as_deref(), Some("{}"));

    act(&store, 1, AlertAct::Assign(second()), operator_id()).await.unwrap();
    act(&store, 1, AlertAct::Note, second()).await.unwrap();
    let propose = AlertAct::Propose(AlertOutcome::Dismissed, Some("wages".to_owned()));
    act(&store, 1, propose, second()).await.unwrap();
    let size = store.ledger_size().await.unwrap();
    let alone = act(&store, 1, AlertAct::Approve, second()).await.unwrap_err();
    assert!(matches!(alone, StoreError::Alert(AlertRefusal::FourEyes)), "{alone:?}");
    assert_eq!(store.ledger_size().await.unwrap(), size, "what is refused leaves no entry");
    let closed = act(&store, 1, AlertAct::Approve, operator_id()).await.unwrap();
    assert_eq!(closed, store.alert(finding_id(1)).await.unwrap());
    let standing = &closed.standing;
    assert_eq!(
        (standing.state, standing.approved),
        (AlertState::Dismissed, Some((operator_id(), time(50))))
    );
    assert_eq!(standing.proposal.as_ref().unwrap().reason.as_deref(), Some("wages"));
    let late = act(&store, 1, AlertAct::Return, operator_id()).await.unwrap_err();
    assert!(matches!(late, StoreError::Alert(AlertRefusal::Closed)), "{late:?}");
    let none = act(&store, 7, AlertAct::Note, operator_id()).await.unwrap_err();
    assert!(matches!(none, StoreError::NotFound { .. }), "{none:?}");

    // A new screening leaves what was decided alone, and renews what is open.
    let again =
        [alert(3, 9_500_000, 0), alert(1, 1, 0), NewAlert { id: finding_id(9), ..alert(2, 7, 2) }];
    assert_eq!(raise(&store, 2, &again).await, (1, 1, 1));
    assert_eq!(store.alert(finding_id(1)).await.unwrap().score_micro, 9_000_000);
    let renewed = store.alert(finding_id(2)).await.unwrap();
    assert_eq!((renewed.score_micro, renewed.screening, renewed.network), (7, 2, 2));
    let told = async |number| {
        let entries = store.alert_entries(number).await.unwrap();
        let act = |line: &str| Entry::parse(line).unwrap().act.to_string();
        entries.iter().map(|one| act(&one.line)).collect::<Vec<_>>()
    };
    assert_eq!(told(1).await[..2], ["alert.raised", "alert.noted"]);
    assert_eq!(told(1).await.len(), 5);
    assert_eq!(told(2).await, ["alert.raised", "payments.screened"]);
    let entries = store.alert_entries(1).await.unwrap();
    assert_eq!(entries[2].words.as_ref().unwrap().text, "Note");
    store.erase_payload(entries[2].seq, operator_id(), time(60)).await.unwrap();
    assert_eq!(store.alert_entries(1).await.unwrap()[2].words, None);
}

pub(crate) async fn the_queue_is_filtered_and_ranked(Place { store, .. }: Place) {
    with_two(&store).await;
    let all: Vec<NewAlert> = (1..=6).map(|n| alert(n, 1_000 * (n as i64 / 2), 0)).collect();
    raise(&store, 1, &all).await;
    let any = AlertFilter::default();
    let page = store.alerts(&any, None, 4).await.unwrap();
    assert_eq!(ids(&page.alerts), [6, 4, 5, 2].map(finding_id));
    let cursor = page.next.unwrap().to_string();
    assert_eq!(cursor.parse::<AlertPlace>().unwrap(), page.next.unwrap());
    for bad in ["", "1", "x.1", "1.x", "1.99999999999999999999"] {
        assert!(bad.parse::<AlertPlace>().is_err(), "{bad}");
    }
    let rest = store.alerts(&any, page.next, 4).await.unwrap();
    assert_eq!(ids(&rest.alerts), [3, 1].map(finding_id));
    assert_eq!(rest.next, None);

    act(&store, 3, AlertAct::Assign(second()), operator_id()).await.unwrap();
    let check = async |filter: AlertFilter, expected: &[u64]| {
        let found = store.alerts(&filter, None, 10).await.unwrap();
        assert_eq!(ids(&found.alerts), expected.iter().map(|n| finding_id(*n)).collect::<Vec<_>>());
    };
    check(AlertFilter { side: Some(AlertSide::Payer), ..any.clone() }, &[6, 4, 2]).await;
    check(AlertFilter { states: vec![AlertState::Assigned], ..any.clone() }, &[3]).await;
    check(AlertFilter { assigned_to: Some(second()), ..any.clone() }, &[3]).await;
    check(AlertFilter { network: Some(1), ..any.clone() }, &[6, 4, 5, 2, 3, 1]).await;
    check(AlertFilter { network: Some(2), ..any.clone() }, &[]).await;

    assert_eq!(store.payment_ranking().await.unwrap(), None);
    let ranking = Ranking { at: time(5), decisions: 3 };
    store.rank_alerts(ranking, &[(1, 5_000), (6, -2_500)]).await.unwrap();
    assert_eq!(store.payment_ranking().await.unwrap(), Some(ranking));
    check(any.clone(), &[1, 4, 5, 2, 3, 6]).await;
    let counts = store.alert_counts().await.unwrap();
    assert_eq!(counts[..2], [(AlertState::New, 5), (AlertState::Assigned, 1)]);
}
