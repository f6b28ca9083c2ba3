//! Exchanges feed banks page by page, verdicts go back, and webhooks are told.

use std::time::Duration;

use tutela_core::{
    BankTerms, ContentNumber, ContentSignal, ContentTerms, DeliveryNumber, Enabled, SendState,
    Timestamp, Verdict,
};
use tutela_ledger::acts;
use tutela_store::{
    BankChange, ExchangePage, ExchangeRecord, FetchClaim, FetchEnd, NewContent, NewDelivery,
    NewExchange, NewVerdict, PageCounts, SecretOwner, Store, StoreError,
};

use crate::places::Place;
use crate::things::{draft, finding_id, operator_id, time, with_operator};

fn new(name: &str) -> NewExchange {
    NewExchange {
        name: name.to_owned(),
        api: "sample".to_owned(),
        config_json: r#"{"a":"b"}"#.to_owned(),
        enabled: true,
    }
}

fn signal(n: u8) -> ContentSignal {
    ContentSignal { kind: "pdq".to_owned(), value: format!("{n:02x}").repeat(32) }
}

fn record(key: &str, n: u8) -> ExchangeRecord {
    let terms = ContentTerms {
        labels: vec!["a".to_owned()],
        record_json: Some(format!(r#"{{"n":{n}}}"#)),
        ..ContentTerms::default()
    };
    let content = Some(NewContent { terms, signals: vec![signal(n)] });
    ExchangeRecord { key: key.to_owned(), content }
}

fn gone(key: &str) -> ExchangeRecord {
    ExchangeRecord { key: key.to_owned(), content: None }
}

fn page(cursor: &str, records: Vec<ExchangeRecord>) -> ExchangePage {
    let fetched = records.len() as u64;
    let cursor_json = Some(cursor.to_owned());
    ExchangePage { records, cursor_json, fetched, ..ExchangePage::default() }
}

fn later(minutes: u64) -> Timestamp {
    time(0).checked_add(Duration::from_secs(60 * minutes)).unwrap()
}

async fn claim(store: &Store, name: &str, minute: u64) -> FetchClaim {
    let number = store.exchange(name).await.unwrap().number;
    store.claim_exchange(number, later(minute), time(0)).await.unwrap().unwrap()
}

async fn end(store: &Store, claim: FetchClaim, error: Option<&str>, minute: u64) {
    let end = FetchEnd {
        at: later(minute),
        error: error.map(|code| (code.to_owned(), "It went wrong.".to_owned())),
        up_to_date: error.is_none(),
        next_fetch_at: later(minute + 4),
    };
    store.end_fetch(claim, &end).await.unwrap();
}

/// Keys and first signals of a bank, by content.
async fn held(store: &Store, bank: &str) -> Vec<(u64, Option<String>, String)> {
    let bank = store.bank(bank).await.unwrap().number;
    let page = store.contents_of(bank, None, 100).await.unwrap();
    let held = page.contents.into_iter().map(|content| {
        let value = content.signals[0].value[..2].to_owned();
        (content.number.0, content.terms.exchange_key, value)
    });
    held.collect()
}

fn line(number: u64, key: &str, value: &str) -> (u64, Option<String>, String) {
    (number, Some(key.to_owned()), value.to_owned())
}

pub(crate) async fn an_exchange_is_made_with_its_bank(place: Place) {
    let store = place.store;
    with_operator(&store).await;
    let custody = vec![draft(acts::EXCHANGE_CREATED)];
    let made = store.create_exchange(&new("ONE"), None, time(1), custody).await.unwrap();
    assert_eq!(store.bank("ONE").await.unwrap().number, made.bank);
    assert_eq!(store.exchange("ONE").await.unwrap(), made);
    assert_eq!(store.exchange_of(made.bank).await.unwrap(), Some(made.clone()));

    let own = store.create_bank(&BankTerms::named("TWO"), time(1), vec![]).await.unwrap();
    assert_eq!(
        store.create_exchange(&new("TWO"), None, time(2), vec![]).await.unwrap().bank,
        own.number
    );

    let again = store.create_exchange(&new("ONE"), None, time(3), vec![]).await;
    assert!(matches!(again, Err(StoreError::Duplicate { .. })), "{again:?}");
    store.change_bank(own.number, &BankTerms::named("THREE"), vec![]).await.unwrap();
    let fed_already = store.create_exchange(&new("THREE"), None, time(3), vec![]).await;
    assert!(matches!(fed_already, Err(StoreError::Duplicate { .. })), "{fed_already:?}");
    assert!(
        store.create_exchange(&new("FOUR"), None, time(4), vec![]).await.is_ok(),
        "nothing is left"
    );

    store.enable_exchange(made.number, false, vec![]).await.unwrap();
    assert!(!store.exchange("ONE").await.unwrap().terms.enabled);
    store.remove_exchange(made.number, vec![]).await.unwrap();
    assert!(matches!(store.exchange("ONE").await, Err(StoreError::NotFound { .. })));
    assert!(store.bank("ONE").await.is_err(), "nobody put anything into it");
    let missing = store.enable_exchange(made.number, true, vec![]).await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));

    let all = SecretOwner::Api("sample");
    assert_eq!(store.exchange_credentials(all).await.unwrap(), None);
    for secret in [Some("{\"a\":1}"), Some("{\"a\":2}"), None] {
        store.set_exchange_credentials(all, secret, vec![]).await.unwrap();
        assert_eq!(store.exchange_credentials(all).await.unwrap().as_deref(), secret);
    }
    let own = store.create_exchange(&new("FIVE"), Some("{}"), time(5), vec![]).await.unwrap();
    let owner = SecretOwner::Exchange(own.number);
    assert_eq!(store.exchange_credentials(owner).await.unwrap().as_deref(), Some("{}"));
    store.remove_exchange(own.number, vec![]).await.unwrap();
    assert_eq!(store.exchange_credentials(owner).await.unwrap(), None);
}

pub(crate) async fn pages_move_content_and_cursor_together(place: Place) {
    let store = place.store;
    with_operator(&store).await;
    store.create_exchange(&new("ONE"), None, time(0), vec![]).await.unwrap();
    let run = claim(&store, "ONE", 1).await;
    let first = ExchangePage {
        begins_pass: true,
        ..page("1", vec![record("a", 1), record("b", 2), record("a", 3), record("c", 4)])
    };
    let custody = vec![draft(acts::EXCHANGE_FETCHED)];
    let counts = store.apply_page(run, &first, custody).await.unwrap();
    assert_eq!(counts, PageCounts { added: 3, ..PageCounts::default() });
    assert_eq!(
        held(&store, "ONE").await,
        [line(1, "a", "03"), line(2, "b", "02"), line(3, "c", "04")],
        "of two with one key the later stands"
    );
    let state = store.exchange("ONE").await.unwrap().state;
    assert_eq!((state.cursor_json.as_deref(), state.fetched), (Some("1"), 4));

    // An operator's word on a content outlives what the sender says next.
    let mut terms = store.content(ContentNumber(1)).await.unwrap().terms;
    terms.enabled = Enabled::Off;
    terms.note = Some("seen".to_owned());
    store.change_content(ContentNumber(1), &terms, vec![]).await.unwrap();
    let seen = store.last_bank_change().await.unwrap();
    let second =
        page("2", vec![record("b", 2), gone("c"), gone("never"), record("a", 9), record("d", 5)]);
    let counts = store.apply_page(run, &second, vec![]).await.unwrap();
    assert_eq!(counts, PageCounts { added: 1, updated: 1, unchanged: 1, removed: 1 });
    assert_eq!(
        held(&store, "ONE").await,
        [line(1, "a", "09"), line(2, "b", "02"), line(4, "d", "05")]
    );
    let terms = store.content(ContentNumber(1)).await.unwrap().terms;
    assert_eq!((terms.enabled, terms.note.as_deref()), (Enabled::Off, Some("seen")));
    let changes = store.bank_changes(seen, 100).await.unwrap();
    let mut numbers: Vec<u64> = changes
        .changes
        .iter()
        .filter_map(|change| match change {
            BankChange::Content(number, _) => Some(number.0),
            BankChange::Bank(..) => None,
        })
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 3, 4], "what is as before is not read again");

    // A second pass removes what it did not see, but nothing that a person put in.
    let bank = store.bank("ONE").await.unwrap().number;
    let own = NewContent { signals: vec![signal(7)], ..NewContent::default() };
    store.add_contents(bank, &[own], time(5), vec![]).await.unwrap();
    let pass = ExchangePage { begins_pass: true, ..page("3", vec![record("b", 2)]) };
    store.apply_page(run, &pass, vec![]).await.unwrap();
    assert_eq!(held(&store, "ONE").await.len(), 4, "until its end nothing goes");
    let last = ExchangePage { ends_pass: true, ..page("4", vec![record("d", 5)]) };
    let counts = store.apply_page(run, &last, vec![]).await.unwrap();
    assert_eq!(counts, PageCounts { unchanged: 1, removed: 1, ..PageCounts::default() });
    assert_eq!(
        held(&store, "ONE").await,
        [line(2, "b", "02"), line(4, "d", "05"), (5, None, "07".to_owned())]
    );

    // A page that cannot be stored leaves everything as it was.
    let mut twice = record("e", 6);
    twice.content.as_mut().unwrap().signals.push(signal(8));
    let refused = store.apply_page(run, &page("5", vec![gone("b"), twice]), vec![]).await;
    assert!(matches!(refused, Err(StoreError::Duplicate { .. })), "{refused:?}");
    assert_eq!(held(&store, "ONE").await.len(), 3);
    assert_eq!(store.exchange("ONE").await.unwrap().state.cursor_json.as_deref(), Some("4"));

    // Without its exchange nobody would tell of withdrawals: what came through it goes with it.
    store.remove_exchange(run.exchange, vec![]).await.unwrap();
    assert_eq!(held(&store, "ONE").await, [(5, None, "07".to_owned())]);
}

pub(crate) async fn one_process_fetches_at_a_time(place: Place) {
    let store = place.store;
    with_operator(&store).await;
    let number = store.create_exchange(&new("ONE"), None, time(0), vec![]).await.unwrap().number;
    let due = async |minute| store.due_exchanges(later(minute)).await.unwrap().len();
    assert_eq!(due(0).await, 1);
    let first = claim(&store, "ONE", 1).await;
    assert_eq!(store.claim_exchange(number, later(2), later(0)).await.unwrap(), None);
    // The first has died, or sleeps: the second takes over, and what the first still writes is refused.
    let second = store.claim_exchange(number, later(30), later(20)).await.unwrap().unwrap();
    let refused = store.apply_page(first, &page("1", vec![record("a", 1)]), vec![]).await;
    assert!(matches!(refused, Err(StoreError::WrongState { .. })), "{refused:?}");
    end(&store, first, None, 31).await;
    let state = store.exchange("ONE").await.unwrap().state;
    assert_eq!((state.running_since, state.last_ended_at), (Some(later(30)), None));

    end(&store, second, Some("app.fetch.status"), 32).await;
    let state = store.exchange("ONE").await.unwrap().state;
    assert_eq!((state.running_since, state.last_succeeded, state.failures), (None, Some(false), 1));
    assert_eq!(state.error.unwrap().0, "app.fetch.status");
    assert_eq!((due(35).await, due(36).await), (0, 1));
    let third = claim(&store, "ONE", 40).await;
    end(&store, third, None, 41).await;
    let state = store.exchange("ONE").await.unwrap().state;
    assert_eq!((state.last_succeeded, state.failures, state.error), (Some(true), 0, None));
    assert!(state.up_to_date);
    store.enable_exchange(number, false, vec![]).await.unwrap();
    assert_eq!(due(99).await, 0);
}

pub(crate) async fn verdicts_wait_until_they_are_sent(place: Place) {
    let store = place.store;
    with_operator(&store).await;
    let exchange = store.create_exchange(&new("ONE"), None, time(0), vec![]).await.unwrap().number;
    let verdict = |verdict, key: &str| NewVerdict {
        exchange,
        content: ContentNumber(1),
        exchange_key: key.to_owned(),
        signal: signal(1),
        verdict,
        reason: Some("a flag".to_owned()),
        operator: operator_id(),
        stated_at: time(1),
    };
    let stated = [verdict(Verdict::Confirm, "a"), verdict(Verdict::Dispute, "b")];
    let numbers = store.add_verdicts(&stated, vec![draft(acts::VERDICT_STATED)]).await.unwrap();
    let due = store.claim_verdicts(exchange, later(1), later(2), 10).await.unwrap();
    assert_eq!(
        due.iter().map(|v| &v.stated).collect::<Vec<_>>(),
        stated.iter().collect::<Vec<_>>()
    );
    assert_eq!(store.claim_verdicts(exchange, later(1), later(2), 10).await.unwrap(), []);
    let sent = vec![draft(acts::VERDICT_SENT)];
    store.verdict_tried(numbers[0], (SendState::Sent, None), later(1), sent).await.unwrap();
    let failed = (SendState::Queued, Some("x"));
    store.verdict_tried(numbers[1], failed, later(9), vec![]).await.unwrap();
    assert_eq!(store.claim_verdicts(exchange, later(8), later(9), 10).await.unwrap(), []);
    let again = store.claim_verdicts(exchange, later(9), later(10), 10).await.unwrap();
    assert_eq!((again.len(), again[0].number, again[0].attempts), (1, numbers[1], 1));
    let all = store.verdicts_of(exchange).await.unwrap();
    assert_eq!(
        all.iter().map(|v| v.state).collect::<Vec<_>>(),
        [SendState::Sent, SendState::Queued]
    );
    assert_eq!(all[1].error.as_deref(), Some("x"));
}

pub(crate) async fn deliveries_wait_until_they_are_taken(place: Place) {
    let store = place.store;
    with_operator(&store).await;
    let told = |n| NewDelivery {
        webhook: "desk".to_owned(),
        finding: finding_id(n),
        body: format!("{{\"n\":{n}}}"),
    };
    store.add_deliveries(&[told(1), told(2), told(3)], time(1)).await.unwrap();
    let two = store.claim_deliveries(later(1), later(3), 2).await.unwrap();
    assert_eq!(two.iter().map(|d| &d.told).collect::<Vec<_>>(), [&told(1), &told(2)]);
    let rest = store.claim_deliveries(later(1), later(3), 9).await.unwrap();
    assert_eq!(rest.len(), 1, "the others are somebody else's for now");
    store.delivery_tried(two[0].number, SendState::Sent, None, later(1)).await.unwrap();
    store.delivery_tried(two[1].number, SendState::Dead, Some("gone"), later(1)).await.unwrap();
    // The process that took the third has died; its time is up.
    let third = store.claim_deliveries(later(3), later(5), 9).await.unwrap();
    assert_eq!((third.len(), &third[0].told), (1, &told(3)));

    let dead = store.deliveries(SendState::Dead, None, 9).await.unwrap();
    assert_eq!(
        store.deliveries(SendState::Dead, Some(dead[0].number), 9).await.unwrap(),
        dead[1..]
    );
    assert_eq!((dead.len(), dead[0].attempts, dead[0].error.as_deref()), (1, 1, Some("gone")));
    store.requeue_delivery(dead[0].number, later(6), vec![]).await.unwrap();
    let again = store.claim_deliveries(later(6), later(7), 9).await.unwrap();
    assert!(again.iter().any(|d| d.told == told(2) && d.attempts == 0));
    let missing = store.requeue_delivery(DeliveryNumber(99), later(6), vec![]).await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
}

pub(crate) async fn a_claim_is_held_by_whoever_renews_it(place: Place) {
    let store = place.store;
    store.create_exchange(&new("A"), None, time(0), vec![]).await.unwrap();
    let first = claim(&store, "A", 1).await;
    assert!(store.renew_claim(first, later(10)).await.unwrap());
    // It began long ago, and is alive.
    assert_eq!(store.claim_exchange(first.exchange, later(11), later(9)).await.unwrap(), None);
    // It was not heard of for a while.
    let second = store.claim_exchange(first.exchange, later(20), later(19)).await.unwrap().unwrap();
    assert!(!store.renew_claim(first, later(21)).await.unwrap());
    assert!(store.renew_claim(second, later(21)).await.unwrap());
    end(&store, second, None, 22).await;
    assert!(!store.renew_claim(second, later(23)).await.unwrap());
}
