//! The registry of signal types is complete.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::proptest;
use proptest::test_runner::Config;
use tutela_match::signals::{SIGNALS, by_id, replay};

#[test]
fn every_signal_type_is_complete() {
    let mut ids = HashSet::new();
    for signal in SIGNALS {
        let id = signal.id;
        assert!(ids.insert(id), "{id} is there twice");
        assert!(!id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
        for text in [signal.title, signal.made_from, signal.text_form, signal.source] {
            assert!(!text.trim().is_empty(), "{id} does not say everything");
        }
        assert!(!signal.valid.is_empty() && !signal.invalid.is_empty(), "{id} has no examples");
        assert_eq!(by_id(id).map(|found| found.id), Some(id));
    }
    assert!(by_id("no_such_signal").is_none());
}

#[test]
fn every_example_is_what_it_claims() {
    for signal in SIGNALS {
        for text in signal.valid {
            let canonical = (signal.parse)(text).unwrap();
            assert_eq!((signal.parse)(&canonical).as_ref(), Ok(&canonical), "{}", signal.id);
            assert_eq!(canonical, text.to_lowercase(), "{}", signal.id);
        }
        for text in signal.invalid {
            let error = (signal.parse)(text).unwrap_err();
            assert_eq!(error.kind, signal.id, "{text:?}");
        }
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(100) })]

    #[test]
    fn any_bytes_can_be_replayed(bytes in vec(any::<u8>(), 0..4000)) {
        replay(&bytes);
    }
}

#[test]
fn every_example_can_be_replayed() {
    for text in SIGNALS.iter().flat_map(|signal| signal.valid.iter().chain(signal.invalid)) {
        replay(text.as_bytes());
    }
}
