//! Whatever was acknowledged is found at once, and soon by every other process over the same store.

use serde_json::json;

use super::{A, A2, bank, signal, some_pdq};
use crate::served::Served;

#[test]
fn what_is_acknowledged_is_found_by_the_next_look_up() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    for number in 0..50 {
        let pdq = some_pdq(number);
        let id = signal(&served, "A", &pdq);
        let path = format!("/m/lookup?signal_type=pdq&signal={pdq}");
        served.get(&path).is(200, &json!({"A": [{"bank_content_id": id, "distance": "0"}]}));
        if number % 2 == 0 {
            served.delete(&format!("/c/bank/A/content/{id}")).is(200, &json!({"deleted": 1}));
            served.get(&path).is(200, &json!({}));
        }
    }
}

#[test]
fn nothing_is_built_anew_for_a_signal_to_be_found() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    let builds = || {
        let figures = served.get("/metrics").text();
        let line = figures.lines().find_map(|line| line.strip_prefix("tutela_index_builds_total "));
        line.unwrap().parse::<u64>().unwrap()
    };
    let before = builds();
    for number in 0..20 {
        let pdq = some_pdq(number);
        let id = signal(&served, "A", &pdq);
        // The very next request, with no pause between.
        let path = format!("/m/lookup?signal_type=pdq&signal={pdq}");
        served.get(&path).is(200, &json!({"A": [{"bank_content_id": id, "distance": "0"}]}));
    }
    assert_eq!(builds(), before, "an index was built");
}

#[test]
fn another_process_over_the_same_store_finds_it_soon() {
    let (place, first) = Served::fresh(&[]);
    let second = Served::over(&place, &[]);
    bank(&first, "A");
    let id = signal(&first, "A", A);
    let path = format!("/m/lookup?signal_type=pdq&signal={A}");
    let found = json!({"A": [{"bank_content_id": id, "distance": "0"}]});
    let took = second.wait(&path, |answer| answer.json() == found);
    eprintln!("a signal was found by the second process after {} ms", took.as_millis());
    // Both may write.
    let other = signal(&second, "A", A2);
    let both = json!({"A": [
        {"bank_content_id": id, "distance": "0"}, {"bank_content_id": other, "distance": "2"},
    ]});
    first.wait(&path, |answer| answer.json() == both);
    assert_eq!(first.delete("/c/bank/A").status, 200);
    second.wait(&path, |answer| answer.json() == json!({}));
}
