//! Who answers, and who does not.

use tutela_core::{
    BankNumber, BankRole, BankTerms, ContentNumber, ContentSignal, ContentTerms, Enabled, Ratio,
    Timestamp,
};
use tutela_store::{Bank, BankChange, Content};

use super::{KindType, Matcher, Nearness, Question};

/// 128 bits set, of which the first `flips` nibbles are turned: each turns four bits.
fn signal(flips: usize) -> String {
    let mut text = "0f".repeat(32).into_bytes();
    for digit in &mut text[..flips] {
        *digit = if *digit == b'0' { b'f' } else { b'0' };
    }
    String::from_utf8(text).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn bank(number: u32, change: impl FnOnce(&mut BankTerms)) -> BankChange {
    let mut terms = BankTerms::named(&format!("BANK_{number}"));
    change(&mut terms);
    let number = BankNumber(number);
    BankChange::Bank(number, Some(Bank { number, terms, created_at: at(0) }))
}

fn content(number: u64, bank: u32, value: String, change: impl FnOnce(&mut Content)) -> BankChange {
    let mut content = Content {
        number: ContentNumber(number),
        bank: BankNumber(bank),
        terms: ContentTerms::default(),
        signals: vec![ContentSignal { kind: "pdq".to_owned(), value }],
        quarantined_at: None,
        created_at: at(0),
        signals_change: 1,
    };
    change(&mut content);
    BankChange::Content(ContentNumber(number), Some(content))
}

fn ask(matcher: &Matcher, change: impl FnOnce(&mut Question)) -> Vec<(u64, String)> {
    let kind = KindType::by_id("pdq").unwrap();
    let mut question = Question::about(kind, signal(0), at(1_000));
    change(&mut question);
    let answer = matcher.look_up(&question);
    let one = |matched: &super::Matched| (matched.content.0, matched.nearness.to_string());
    answer.reported().iter().map(one).collect()
}

fn numbers(found: &[(u64, String)]) -> Vec<u64> {
    found.iter().map(|(number, _)| *number).collect()
}

#[test]
fn the_nearest_come_first_and_only_those_within_the_radius() {
    let matcher = Matcher::default();
    let contents = [0, 7, 8, 3].into_iter().zip(1..);
    let contents = contents.map(|(flips, number)| content(number, 1, signal(flips), |_| ()));
    matcher.apply([bank(1, |_| ())].into_iter().chain(contents).collect(), &[], 5);
    let expected = [(1, "0"), (4, "12"), (2, "28")].map(|(n, d)| (n, d.to_owned()));
    assert_eq!(ask(&matcher, |_| ()), expected);
    assert_eq!(numbers(&ask(&matcher, |question| question.distance = Some(12))), [1, 4]);
    matcher.apply(vec![bank(1, |terms| terms.distance = Some(0))], &[], 6);
    assert_eq!(numbers(&ask(&matcher, |_| ())), [1], "the bank's own radius");
    matcher.apply(vec![BankChange::Bank(BankNumber(1), None)], &[], 7);
    assert_eq!(ask(&matcher, |_| ()), [], "the bank is gone");
}

#[test]
fn who_is_off_expired_held_back_or_disputed_does_not_answer() {
    let matcher = Matcher::default();
    let changes = vec![
        bank(1, |_| ()),
        bank(2, |terms| terms.enabled_ratio = Ratio::new(0.5).unwrap()),
        bank(3, |terms| terms.enabled_ratio = Ratio::OFF),
        content(1, 1, signal(0), |content| content.terms.enabled = Enabled::Off),
        content(2, 1, signal(0), |content| content.terms.enabled = Enabled::From(1_001)),
        content(3, 1, signal(0), |content| content.terms.enabled = Enabled::From(1_000)),
        content(4, 1, signal(0), |content| content.terms.expires_at = Some(at(1_000))),
        content(5, 1, signal(0), |content| content.terms.expires_at = Some(at(1_001))),
        content(6, 1, signal(0), |content| content.quarantined_at = Some(at(1))),
        content(7, 1, signal(0), |_| ()),
        content(8, 2, signal(0), |_| ()),
        content(9, 3, signal(0), |_| ()),
    ];
    let disputed = ("pdq".to_owned(), signal(0), ContentNumber(7));
    matcher.apply(changes, std::slice::from_ref(&disputed), 12);
    assert_eq!(numbers(&ask(&matcher, |_| ())), [3, 5, 8]);
    assert_eq!(numbers(&ask(&matcher, |question| question.coin = 0.5)), [3, 5, 8]);
    assert_eq!(numbers(&ask(&matcher, |question| question.coin = 0.51)), [3, 5]);
    let only = || Some(vec!["BANK_2".to_owned()]);
    assert_eq!(numbers(&ask(&matcher, |question| question.banks = only())), [8]);
    assert_eq!(
        numbers(&ask(&matcher, |question| question.all = true)),
        [1, 2, 3, 4, 5, 6, 7, 8, 9]
    );
    let counts = matcher.bank_counts(at(1_000));
    let first = counts.iter().find(|counts| counts.bank == BankNumber(1)).unwrap();
    assert_eq!((first.contents, first.active, first.held_back), (7, 3, 1));

    // Told of anew without the dispute: it answers again.
    matcher.apply(vec![content(7, 1, signal(0), |_| ())], &[], 13);
    assert_eq!(numbers(&ask(&matcher, |_| ())), [3, 5, 7, 8]);
}

#[test]
fn a_negative_bank_silences_the_others() {
    let matcher = Matcher::default();
    let changes = vec![
        bank(1, |_| ()),
        bank(2, |terms| terms.role = BankRole::Allow),
        content(1, 1, signal(0), |_| ()),
        content(2, 2, signal(1), |_| ()),
    ];
    matcher.apply(changes, &[], 4);
    assert_eq!(ask(&matcher, |_| ()), []);
    let kind = KindType::by_id("pdq").unwrap();
    let answer = matcher.look_up(&Question::about(kind, signal(0), at(0)));
    assert_eq!((answer.matches.len(), answer.allowed.len()), (1, 1), "the answer says why");
    assert_eq!(answer.allowed[0].nearness, Nearness::Bits(4));
}

#[test]
fn signals_change_and_go() {
    let matcher = Matcher::default();
    matcher.apply(vec![bank(1, |_| ()), content(1, 1, signal(0), |_| ())], &[], 2);
    // Only its terms change: signals that a reader has are not taken in again.
    matcher.apply(vec![content(1, 1, signal(64), |_| ())], &[], 3);
    assert_eq!(numbers(&ask(&matcher, |_| ())), [1]);
    let moved = content(1, 1, signal(2), |content| content.signals_change = 4);
    matcher.apply(vec![moved], &[], 4);
    assert_eq!(ask(&matcher, |_| ()), [(1, "8".to_owned())]);
    assert_eq!(matcher.status()[0].signals, 1);
    matcher.apply(vec![BankChange::Content(ContentNumber(1), None)], &[], 5);
    assert_eq!(ask(&matcher, |_| ()), []);
    assert_eq!((matcher.status()[0].signals, matcher.upto()), (0, 5));
}
