//! Signal banks, their contents, what changed, and the matches of a service.

use tutela_core::{
    BankActions, BankRole, BankTerms, ContentNumber, ContentSignal, ContentTerms, Enabled,
    FindingId, Orientation, Ratio,
};
use tutela_ledger::acts;
use tutela_store::{
    Bank, BankChange, MatchDecision, MatchState, NewContent, SeenMatch, Store, StoreError,
    query_index,
};

use crate::places::Place;
use crate::things::{draft, finding_id, operator_id, time, with_operator};

fn terms(name: &str) -> BankTerms {
    BankTerms {
        role: BankRole::Allow,
        enabled_ratio: Ratio::new(0.25).unwrap(),
        distance: Some(12),
        note: Some("a \0 note".to_owned()),
        actions: BankActions { alert: false, webhooks: vec!["desk".to_owned()] },
        ..BankTerms::named(name)
    }
}

fn content(value: char) -> NewContent {
    let signal = |kind: &str, digits: usize| ContentSignal {
        kind: kind.to_owned(),
        value: value.to_string().repeat(digits),
    };
    NewContent {
        terms: ContentTerms::default(),
        signals: vec![signal("md5", 32), signal("pdq", 64)],
    }
}

async fn with_bank(store: &Store) -> Bank {
    with_operator(store).await;
    store.create_bank(&terms("FIRST"), time(1), vec![draft(acts::BANK_CREATED)]).await.unwrap()
}

pub(crate) async fn banks_are_made_changed_and_removed(Place { store, .. }: Place) {
    let first = with_bank(&store).await;
    assert_eq!(store.bank("FIRST").await.unwrap(), first);
    let again = store.create_bank(&terms("FIRST"), time(2), vec![draft(acts::BANK_CREATED)]).await;
    assert!(matches!(again, Err(StoreError::Duplicate { .. })), "{again:?}");
    let second = store.create_bank(&BankTerms::named("SECOND"), time(2), vec![]).await.unwrap();
    assert!(second.number > first.number);
    let taken = store.change_bank(second.number, &terms("FIRST"), vec![]).await;
    assert!(matches!(taken, Err(StoreError::Duplicate { .. })), "{taken:?}");

    store.change_bank(first.number, &BankTerms::named("RENAMED"), vec![]).await.unwrap();
    assert!(matches!(store.bank("FIRST").await, Err(StoreError::NotFound { .. })));
    assert_eq!(store.bank("RENAMED").await.unwrap().number, first.number);

    store.add_contents(first.number, &[content('a')], time(3), vec![]).await.unwrap();
    store.remove_bank(first.number, vec![draft(acts::BANK_REMOVED)]).await.unwrap();
    let gone = store.remove_bank(first.number, vec![draft(acts::BANK_REMOVED)]).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
    assert_eq!(store.banks().await.unwrap(), [second]);
    let late = store.add_contents(first.number, &[content('b')], time(4), vec![]).await;
    assert!(matches!(late, Err(StoreError::NotFound { .. })), "{late:?}");
    let reused = store.create_bank(&terms("RENAMED"), time(5), vec![]).await.unwrap();
    assert!(reused.number > first.number, "numbers are never used again");
    assert_eq!(store.ledger_size().await.unwrap(), 2, "what is refused leaves no trace");

    let before = store.last_bank_change().await.unwrap();
    store.set_signal_type_ratio("pdq", Ratio::OFF, vec![]).await.unwrap();
    assert!(store.last_bank_change().await.unwrap() > before, "readers hear of it");
    store.set_signal_type_ratio("pdq", Ratio::ON, vec![]).await.unwrap();
    assert_eq!(store.signal_type_ratios().await.unwrap(), [("pdq".to_owned(), Ratio::ON)]);
}

pub(crate) async fn everything_about_a_content_reads_back(Place { store, .. }: Place) {
    let bank = with_bank(&store).await;
    let full = NewContent {
        terms: ContentTerms {
            enabled: Enabled::From(1_900_000_000),
            expires_at: Some(time(9)),
            uri: Some("https://example.org/a\0b".to_owned()),
            note: Some("seen in a test".to_owned()),
            labels: vec!["one".to_owned(), "two".to_owned()],
            metadata_json: Some(r#"{"a":1}"#.to_owned()),
            exchange_key: Some("12-34".to_owned()),
            record_json: Some(r#"{"b":[]}"#.to_owned()),
        },
        ..content('c')
    };
    let numbers = store
        .add_contents(bank.number, &[full.clone(), content('d')], time(3), vec![])
        .await
        .unwrap();
    let first = store.content(numbers[0]).await.unwrap();
    assert_eq!((&first.terms, &first.signals), (&full.terms, &full.signals));
    assert_eq!((first.bank, first.created_at, first.quarantined_at), (bank.number, time(3), None));

    let twice =
        store.add_contents(bank.number, &[content('e'), full.clone()], time(4), vec![]).await;
    assert!(matches!(twice, Err(StoreError::Duplicate { .. })), "the sender's key: {twice:?}");
    assert_eq!(store.content_count(bank.number).await.unwrap(), 2, "all or none");

    let asked = [numbers[1], ContentNumber(999), numbers[0]];
    let several: Vec<_> = store.contents(&asked).await.unwrap();
    assert_eq!(several.iter().map(|one| one.number).collect::<Vec<_>>(), numbers, "rising");
    assert_eq!(several[0], first);
    let by_key = store.contents_by_key(bank.number, &["12-34", "56-78"]).await.unwrap();
    assert_eq!(by_key, [("12-34".to_owned(), numbers[0])]);

    let page = store.contents_of(bank.number, None, 1).await.unwrap();
    assert_eq!((page.contents.len(), page.next), (1, Some(numbers[0])));
    let page = store.contents_of(bank.number, page.next, 10).await.unwrap();
    assert_eq!((page.contents[0].number, page.next), (numbers[1], None));

    let changed = ContentTerms { note: None, enabled: Enabled::Off, ..full.terms.clone() };
    store.change_content(numbers[0], &changed, vec![]).await.unwrap();
    store.quarantine_contents(&numbers, Some(time(5)), vec![]).await.unwrap();
    let now = store.content(numbers[0]).await.unwrap();
    assert_eq!((now.terms, now.quarantined_at), (changed, Some(time(5))));
    assert_eq!(now.signals_change, first.signals_change, "its signals did not change");
    store.quarantine_contents(&numbers, None, vec![]).await.unwrap();
    assert_eq!(store.content(numbers[1]).await.unwrap().quarantined_at, None);
    let unknown = [numbers[1], ContentNumber(999)];
    assert_eq!(store.enable_contents(&unknown, Enabled::Off, vec![]).await.unwrap(), 1);

    assert_eq!(store.remove_contents(&numbers[..1], vec![]).await.unwrap(), 1);
    assert_eq!(store.remove_contents(&numbers[..1], vec![]).await.unwrap(), 0);
    assert!(matches!(store.content(numbers[0]).await, Err(StoreError::NotFound { .. })));
    assert_eq!(store.contents(&numbers).await.unwrap().len(), 1);
    assert_eq!(store.contents_by_key(bank.number, &["12-34"]).await.unwrap(), []);
    store.add_contents(bank.number, &[full], time(6), vec![]).await.unwrap();
}

pub(crate) async fn readers_hear_of_every_change_once(Place { store, .. }: Place) {
    let bank = with_bank(&store).await;
    let contents: Vec<NewContent> = "0123456".chars().map(content).collect();
    let numbers = store.add_contents(bank.number, &contents, time(3), vec![]).await.unwrap();
    let (mut behind, mut heard) = (0, Vec::new());
    loop {
        let page = store.bank_changes(behind, 3).await.unwrap();
        behind = page.upto;
        heard.extend(page.changes);
        if page.complete {
            break;
        }
    }
    assert_eq!(heard.len(), 1 + contents.len());
    assert!(matches!(&heard[0], BankChange::Bank(number, Some(_)) if *number == bank.number));
    for (change, number) in heard[1..].iter().zip(&numbers) {
        let expected = store.content(*number).await.unwrap();
        assert_eq!(*change, BankChange::Content(*number, Some(expected)));
    }
    let nothing = store.bank_changes(behind, 3).await.unwrap();
    assert_eq!((nothing.changes.as_slice(), nothing.complete), (&[][..], true));

    store.remove_contents(&numbers[2..3], vec![]).await.unwrap();
    store.enable_contents(&numbers[..2], Enabled::Off, vec![]).await.unwrap();
    store.enable_contents(&numbers[..1], Enabled::On, vec![]).await.unwrap();
    let page = store.bank_changes(behind, 10).await.unwrap();
    let told: Vec<(u64, Option<Enabled>)> = page
        .changes
        .iter()
        .map(|change| match change {
            BankChange::Content(number, content) => {
                (number.0, content.as_ref().map(|content| content.terms.enabled))
            }
            BankChange::Bank(..) => unreachable!("no bank has changed"),
        })
        .collect();
    let [first, second, third] = [numbers[0].0, numbers[1].0, numbers[2].0];
    assert_eq!(
        told,
        [(third, None), (second, Some(Enabled::Off)), (first, Some(Enabled::On))],
        "several changes of one are told as one"
    );
    store.remove_bank(bank.number, vec![]).await.unwrap();
    let page = store.bank_changes(page.upto, 10).await.unwrap();
    assert_eq!(page.changes, [BankChange::Bank(bank.number, None)]);
}

pub(crate) async fn a_match_is_a_finding_once(Place { store, .. }: Place) {
    let bank = with_bank(&store).await;
    let numbers = store.add_contents(bank.number, &[content('a')], time(3), vec![]).await.unwrap();
    let seen = |n: u64, query: &str, times| SeenMatch {
        id: finding_id(n),
        kind: "pdq".to_owned(),
        query: query.to_owned(),
        orientation: Some(Orientation::FlipX),
        bank: bank.number,
        content: numbers[0],
        value: "a".repeat(64),
        distance: Some(4),
        rule: "service.near".to_owned(),
        rule_version: 1,
        parameters_json: r#"{"distance":31}"#.to_owned(),
        at: time(10 + i64::try_from(n).unwrap()),
        times,
        alert: true,
        webhooks: vec![("desk".to_owned(), "{}".to_owned())],
    };
    let before = store.ledger_size().await.unwrap();
    let custody =
        |new: &[&SeenMatch]| new.iter().map(|_| draft(acts::MATCH_FOUND)).collect::<Vec<_>>();
    let first = [seen(1, "q", 2), seen(2, "other", 1)];
    assert_eq!(store.record_matches(&first, custody).await.unwrap(), 2);
    assert_eq!(store.record_matches(&[seen(3, "q", 5)], custody).await.unwrap(), 0);
    assert_eq!(store.ledger_size().await.unwrap(), before + 2, "one line a finding");

    let found = store.match_finding(finding_id(1)).await.unwrap();
    assert_eq!((found.first_at, found.seen.at, found.seen.times), (time(11), time(13), 7));
    let expected = SeenMatch { at: time(13), times: 7, webhooks: vec![], ..seen(1, "q", 2) };
    assert_eq!(found.seen, expected);
    let all: Vec<FindingId> =
        store.matches(None, None, 10).await.unwrap().iter().map(|one| one.seen.id).collect();
    assert_eq!(all, [finding_id(2), finding_id(1)], "the newest first");
    let second = store.matches(None, Some(found.number), 10).await.unwrap();
    assert_eq!(second, []);

    let position = store.last_bank_change().await.unwrap();
    let decision = MatchDecision {
        state: MatchState::Disputed,
        operator: operator_id(),
        at: time(20),
        reason: Some("another beach".to_owned()),
    };
    store.decide_match(finding_id(1), &decision, vec![draft(acts::MATCH_DECIDED)]).await.unwrap();
    assert_eq!(store.match_finding(finding_id(1)).await.unwrap().decision, Some(decision.clone()));
    let pair = ("pdq".to_owned(), query_index("q"), numbers[0]);
    for contents in [None, Some(&numbers[..])] {
        let pairs = store.disputed_pairs(contents).await.unwrap();
        assert_eq!(pairs, std::slice::from_ref(&pair));
    }
    assert_eq!(store.disputed_pairs(Some(&[])).await.unwrap(), []);
    let changes = store.bank_changes(position, 10).await.unwrap().changes;
    assert_eq!(changes.len(), 1, "readers hear of the dispute through its content");

    let open = store.matches(Some(MatchState::Open), None, 10).await.unwrap();
    assert_eq!(open.len(), 1);
    let unknown = store.decide_match(finding_id(9), &decision, vec![]).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })), "{unknown:?}");
}
