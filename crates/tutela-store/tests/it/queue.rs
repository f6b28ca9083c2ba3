//! Findings as a person goes through them, and contents that are held back.

use tutela_core::{BankNumber, BankTerms, ContentNumber, ContentSignal, Timestamp};
use tutela_store::{MatchDecision, MatchFilter, MatchState, NewContent, SeenMatch, Store};

use crate::places::Place;
use crate::things::{finding_id, operator_id, with_operator};

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_772_366_400 + hour * 3_600).unwrap()
}

fn content(digit: char) -> NewContent {
    let value = digit.to_string().repeat(32);
    let signals = vec![ContentSignal { kind: "md5".to_owned(), value }];
    NewContent { signals, ..NewContent::default() }
}

async fn bank(store: &Store, name: &str) -> (BankNumber, Vec<ContentNumber>) {
    let bank = store.create_bank(&BankTerms::named(name), at(0), vec![]).await.unwrap().number;
    let contents = [content('a'), content('b'), content('c')];
    (bank, store.add_contents(bank, &contents, at(0), vec![]).await.unwrap())
}

fn seen(n: u64, kind: &str, bank: BankNumber, content: ContentNumber, hour: i64) -> SeenMatch {
    SeenMatch {
        id: finding_id(n),
        kind: kind.to_owned(),
        query: format!("{n:064}"),
        orientation: None,
        bank,
        content,
        value: "0".repeat(64),
        distance: Some(4),
        rule: "example.near".to_owned(),
        rule_version: 1,
        parameters_json: "{}".to_owned(),
        at: at(hour),
        times: 1,
        alert: true,
        webhooks: vec![],
    }
}

pub(crate) async fn findings_are_filtered_counted_and_told_by_day(Place { store, .. }: Place) {
    with_operator(&store).await;
    let (one, first) = bank(&store, "ONE").await;
    let (two, second) = bank(&store, "TWO").await;
    let found = [
        seen(1, "pdq", one, first[0], 1),
        seen(2, "md5", one, first[1], 2),
        seen(3, "pdq", two, second[0], 30),
    ];
    store.record_matches(&found, |_| vec![]).await.unwrap();
    let decision = MatchDecision {
        state: MatchState::Disputed,
        operator: operator_id(),
        at: at(40),
        reason: Some("a flat picture".to_owned()),
    };
    store.decide_match(finding_id(2), &decision, vec![]).await.unwrap();

    let check = async |filter: MatchFilter, before, expected: &[u64]| {
        let found = store.filtered_matches(&filter, before, 10).await.unwrap();
        let ids: Vec<_> = found.iter().map(|one| one.seen.id).collect();
        assert_eq!(ids, expected.iter().map(|n| finding_id(*n)).collect::<Vec<_>>(), "{filter:?}");
    };
    let any = MatchFilter::default;
    check(any(), None, &[3, 2, 1]).await;
    check(any(), Some(3), &[2, 1]).await;
    check(MatchFilter { state: Some(MatchState::Open), ..any() }, None, &[3, 1]).await;
    check(MatchFilter { bank: Some(one), ..any() }, None, &[2, 1]).await;
    check(MatchFilter { kind: Some("md5".to_owned()), ..any() }, None, &[2]).await;
    check(MatchFilter { bank: Some(two), kind: Some("md5".to_owned()), ..any() }, None, &[]).await;

    let counts = store.match_counts().await.unwrap();
    let expected = [(MatchState::Open, 2), (MatchState::Confirmed, 0), (MatchState::Disputed, 1)];
    assert_eq!(counts, expected);
    let day = |day: &str, count| (day.to_owned(), count);
    let days = store.matches_by_day(at(0)).await.unwrap();
    assert_eq!(days, [day("2026-03-01", 2), day("2026-03-02", 1)]);
    assert_eq!(store.matches_by_day(at(24)).await.unwrap(), [day("2026-03-02", 1)]);
}

pub(crate) async fn what_is_held_back_comes_in_pages(Place { store, .. }: Place) {
    with_operator(&store).await;
    let (one, contents) = bank(&store, "ONE").await;
    let (_, other) = bank(&store, "TWO").await;
    let held = [contents[0], contents[2], other[1]];
    store.quarantine_contents(&held, Some(at(1)), vec![]).await.unwrap();
    let first = store.held_back_of(one, None, 1).await.unwrap();
    assert_eq!((first.contents[0].number, first.next), (contents[0], Some(contents[0])));
    let second = store.held_back_of(one, first.next, 5).await.unwrap();
    assert_eq!((second.contents[0].number, second.next), (contents[2], None));
    store.quarantine_contents(&held[..1], None, vec![]).await.unwrap();
    assert_eq!(store.held_back_of(one, None, 5).await.unwrap().contents.len(), 1);
}
