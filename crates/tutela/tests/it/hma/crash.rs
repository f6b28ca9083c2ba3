//! What was acknowledged is kept, whatever happens to the process.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::{bank, some_pdq};
use crate::served::Served;
use crate::support::Place;

#[test]
fn a_power_cut_in_the_middle_of_writes_loses_no_acknowledged_signal() {
    const ROUNDS: u64 = 10;
    const WRITERS: u64 = 2;
    let place = Place::with_workspace();
    let served = Served::over(&place, &[]);
    bank(&served, "A");
    served.kill();
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for round in 0..ROUNDS {
        let served = Arc::new(Served::over(&place, &[]));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (served, acknowledged) = (Arc::clone(&served), Arc::clone(&acknowledged));
                std::thread::spawn(move || {
                    for number in 0.. {
                        let pdq = some_pdq((round * WRITERS + writer) * 1_000_000 + number);
                        let body = json!({"pdq": pdq}).to_string();
                        let head = "content-type: application/json\r\n";
                        let answer =
                            served.try_ask("POST", "/c/bank/A/signal", head, body.as_bytes());
                        match answer {
                            Ok(answer) if answer.status == 200 => {
                                let id = answer.json()["id"].as_u64().unwrap();
                                acknowledged.lock().unwrap().push((id, pdq));
                            }
                            // The process is gone, or went while it answered.
                            _ => return,
                        }
                    }
                })
            })
            .collect();
        // Each round is cut at another moment.
        std::thread::sleep(Duration::from_millis(150 + 37 * round));
        served.cut();
        for writer in writers {
            writer.join().unwrap();
        }
    }
    let served = Served::over(&place, &[]);
    let acknowledged = acknowledged.lock().unwrap();
    assert!(acknowledged.len() as u64 > ROUNDS, "only {} were written", acknowledged.len());
    for (id, pdq) in acknowledged.iter() {
        let found = served.get(&format!("/m/lookup?signal_type=pdq&signal={pdq}")).json();
        assert_eq!(found, json!({"A": [{"bank_content_id": id, "distance": "0"}]}), "{pdq}");
    }
    let verified = crate::support::run(&["ledger", "verify", "--dir", &place.text("ws")]);
    assert!(verified.status.success(), "{}", crate::support::stderr(&verified));
}
