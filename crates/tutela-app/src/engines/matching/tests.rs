//! Who answers, and who does not.

use tutela_core::{
    BankNumber, BankRole, BankTerms, ContentNumber, ContentSignal, ContentTerms, Enabled, Ratio,
    Timestamp,
};
use tutela_store::{Bank, BankChange, Content};

use super::{KindType, Matcher, Nearness, Question, discard};

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

/// A signal that belongs to a number, some 128 bits away from all others.
fn scattered(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    (0..4).map(|_| format!("{:016x}", word())).collect()
}

#[test]
fn a_matcher_in_files_is_the_same_again() {
    let digest = |number: u64| format!("{number:032x}");
    let both = |number: u64, bank: u32, change: u64| {
        content(number, bank, scattered(number), |content| {
            content.signals_change = change;
            content
                .signals
                .push(ContentSignal { kind: "md5".to_owned(), value: digest(number % 700) });
        })
    };
    let film = |number: u64| {
        content(number, 1, String::new(), |content| {
            let frames =
                (0..4).map(|frame| format!("\"{},100,{frame}.000\"", scattered(900 + frame)));
            let value = format!("[{}]", frames.collect::<Vec<_>>().join(", "));
            content.signals = vec![ContentSignal { kind: "vpdq".to_owned(), value }];
        })
    };
    let matcher = Matcher::default();
    let mut first: Vec<BankChange> = vec![bank(1, |_| ()), bank(2, |_| ())];
    first.extend((1..=5_000).map(|number| both(number, 1 + (number % 2) as u32, 1)));
    first.push(film(6_000));
    matcher.apply(first, &[], 5_003);
    while matcher.tend() {}
    assert_eq!(matcher.status()[0].parts.segments, 1, "{:?}", matcher.status());
    let later = vec![
        BankChange::Content(ContentNumber(1), None),
        content(2, 1, scattered(2), |content| content.terms.expires_at = Some(at(5))),
        content(3, 1, scattered(77_777), |content| content.signals_change = 5_004),
        both(5_001, 1, 5_005),
    ];
    matcher.apply(later, &[], 5_006);

    let dir = tempfile::tempdir().unwrap();
    for words in ["first", "second"] {
        matcher.cut().write(dir.path(), words).unwrap();
        let restored = Matcher::restored(dir.path(), |found| found == words).unwrap().unwrap();
        assert!(Matcher::restored(dir.path(), |_| false).unwrap().is_none(), "another store");
        restored.apply(vec![bank(1, |_| ()), bank(2, |_| ())], &[], restored.upto());
        let signals = |matcher: &Matcher| {
            matcher.status().iter().map(|kind| (kind.kind, kind.signals)).collect::<Vec<_>>()
        };
        assert_eq!(signals(&restored), signals(&matcher));
        assert_eq!((restored.upto(), restored.newest_s()), (matcher.upto(), matcher.newest_s()));
        let queries = (1..=5_001).step_by(7).chain([1, 2, 3, 4, 5_001, 77_777]);
        for number in queries {
            for (kind, value) in [("pdq", scattered(number)), ("md5", digest(number % 700))] {
                let kind = KindType::by_id(kind).unwrap();
                let question = Question::about(kind, value, at(3));
                assert_eq!(restored.look_up(&question), matcher.look_up(&question), "{number}");
            }
        }
        let kind = KindType::by_id("vpdq").unwrap();
        let frame = format!("[\"{},100,0.000\"]", scattered(902));
        let answer = restored.look_up(&Question::about(kind, frame, at(3)));
        assert_eq!(answer.matches[0].nearness.to_string(), "100%[25%]");
        // It goes on where it was: what changed in the old one has changed in the new one too.
        for matcher in [&matcher, &restored] {
            matcher.apply(
                vec![BankChange::Content(ContentNumber(9), None), both(5_002, 2, 5_007)],
                &[],
                5_007,
            );
        }
        assert_eq!(ask(&restored, |question| question.values[0].1 = scattered(9)), []);
        assert_eq!(
            numbers(&ask(&restored, |question| question.values[0].1 = scattered(5_002))),
            [5_002]
        );
    }
    let files: Vec<_> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() < 20, "files of the first cut are gone: {files:?}");
    for file in files {
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        assert!(Matcher::restored(dir.path(), |_| true).is_err(), "{}", file.display());
        // A start looks at the heads of large files only; what reads them whole sees every bit.
        let mapped = file.extension().is_some_and(|kind| kind == "segment" || kind == "run");
        for at in [16, whole.len() / 2, whole.len() - 1].into_iter().filter(|_| mapped) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            std::fs::write(&file, flipped).unwrap();
            let restored = Matcher::restored(dir.path(), |_| true);
            let holds = restored.is_ok_and(|matcher| matcher.is_some_and(|it| it.holds()));
            assert!(!holds, "byte {at} of {}", file.display());
        }
        std::fs::write(&file, whole).unwrap();
    }
    assert!(Matcher::restored(dir.path(), |_| true).unwrap().unwrap().holds());
    discard(dir.path()).unwrap();
    assert!(Matcher::restored(dir.path(), |_| true).unwrap().is_none());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn quiet_moments_leave_one_part() {
    let matcher = Matcher::default();
    let mut number = 0;
    for count in [75_000, 2_100] {
        let contents = (0..count).map(|_| {
            number += 1;
            content(number, 1, scattered(number), |_| ())
        });
        matcher.apply([bank(1, |_| ())].into_iter().chain(contents).collect(), &[], number);
        while matcher.tend() {}
    }
    assert_eq!(matcher.status()[0].parts.segments, 2, "{:?}", matcher.status());
    matcher.settle();
    let parts = matcher.status()[0].parts;
    assert_eq!((parts.segments, parts.tail), (1, 0));
    assert_eq!(numbers(&ask(&matcher, |question| question.values[0].1 = scattered(9))), [9]);
}

#[test]
fn a_removed_bank_gives_up_its_signals() {
    let matcher = Matcher::default();
    let contents =
        (1..=10).map(|number| content(number, 1 + (number % 2) as u32, signal(0), |_| ()));
    matcher.apply(
        [bank(1, |_| ()), bank(2, |_| ())].into_iter().chain(contents).collect(),
        &[],
        12,
    );
    matcher.apply(vec![BankChange::Bank(BankNumber(1), None)], &[], 13);
    assert_eq!(numbers(&ask(&matcher, |_| ())), [1, 3, 5, 7, 9]);
    assert_eq!(matcher.status()[0].signals, 5);
}
