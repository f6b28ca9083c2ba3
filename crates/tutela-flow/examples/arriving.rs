//! How many payments a buyer makes before an alert, where transfers are scored as they arrive.
//!
//! Reads one line: `TRANSFERS SEED VARIANT [HISTORY] [DAYS]`. The first HISTORY percent of the world are there before
//! (10), the rest arrives; everything is scored anew every DAYS days (7). The line lies where 500 payers in all are ever
//! above it, and where 500 payees are. Prints one line of JSON.

use std::collections::HashMap;
use std::io;

use tutela_core::{Currency, TransferRecord};
use tutela_flow::arriving::Arriving;
use tutela_flow::models::evidence::Evidence;
use tutela_flow::transfers::{AccountNumber, Rates, Side, TransfersBuilder};
use tutela_flow::world::{Parameters, Side as TruthSide, VARIANTS, Variant, World};

const ALERTS: usize = 500;
const DAY_S: i64 = 86_400;

/// The scores of an account as they rose: each new highest one, and how many transfers it had by then.
#[derive(Default)]
struct Rising {
    transfers: u32,
    highest: Vec<(f32, u32)>,
}

impl Rising {
    fn note(&mut self, score: Option<f32>) {
        let Some(score) = score else { return };
        if self.highest.last().is_none_or(|(highest, _)| score > *highest) {
            self.highest.push((score, self.transfers));
        }
    }

    fn most(&self) -> f32 {
        self.highest.last().map_or(f32::NEG_INFINITY, |(score, _)| *score)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |n: usize, otherwise: u64| {
        words.get(n).and_then(|word| word.parse::<u64>().ok()).unwrap_or(otherwise)
    };
    let named = |variant: &&Variant| words.get(2).is_some_and(|name| variant.name() == *name);
    let variant = VARIANTS.iter().find(named).copied().unwrap_or(Variant::In);
    let (transfers, seed) = (number(0, 1_000_000), number(1, 4));
    let world = World::generate(Parameters::new(seed, variant).with_transfers(transfers));
    let records: Vec<TransferRecord> =
        (1..).zip(world.rows()).map(|(row, of)| of.record(row)).collect();
    let (history, rest) = records.split_at(records.len() * number(3, 10) as usize / 100);
    let refresh_s = number(4, 7) as i64 * DAY_S;

    let mut sides: [HashMap<AccountNumber, Rising>; 2] = Default::default();
    let mut builder = TransfersBuilder::new(Rates::only(Currency::USD));
    for record in history {
        builder.push(record)?;
    }
    let mut engine = Arriving::new(builder, Evidence::shipped()?, ALERTS);
    for record in history {
        for (side, account) in [(0, &record.transfer.payer), (1, &record.transfer.payee)] {
            if let Some(account) = engine.find_account(account.as_str()) {
                sides[side].entry(account).or_default().transfers += 1;
            }
        }
    }
    let mut last_s = history.last().map_or(0, |record| record.transfer.time.as_second());
    note_all(&engine, &mut sides);
    for record in rest {
        if record.transfer.time.as_second() - last_s > refresh_s {
            last_s = record.transfer.time.as_second();
            engine.refresh();
            note_all(&engine, &mut sides);
        }
        for end in engine.take(record)? {
            let rising = sides[end.side as usize].entry(end.account).or_default();
            rising.transfers += 1;
            rising.note(end.score);
        }
    }
    let mut found = serde_json::Map::new();
    for (side, named) in [(Side::Payer, TruthSide::Payer), (Side::Payee, TruthSide::Payee)] {
        let all = &sides[side as usize];
        let mut most: Vec<f32> = all.values().map(Rising::most).collect();
        most.sort_by(|a, b| b.total_cmp(a));
        let line = most.get(ALERTS - 1).copied().unwrap_or(f32::NEG_INFINITY);
        let truth = world.truth().filter(|(of, _, is)| *of == named && *is);
        let after: Vec<u32> = truth
            .filter_map(|(_, id, _)| engine.find_account(&id))
            .filter_map(|account| all.get(&account))
            .map(|rising| {
                let first = rising.highest.iter().find(|(score, _)| *score >= line);
                first.map_or(u32::MAX, |(_, transfers)| *transfers)
            })
            .collect();
        found.insert(side.as_str().to_owned(), said(after));
    }
    println!(
        "{}",
        serde_json::json!({
            "variant": variant.name(), "seed": seed, "transfers": records.len(), "history": history.len(),
            "days_between_refreshes": refresh_s / DAY_S, "alerts": ALERTS, "transfers_before_alert": found,
        })
    );
    Ok(())
}

fn note_all(engine: &Arriving, sides: &mut [HashMap<AccountNumber, Rising>; 2]) {
    for side in [Side::Payer, Side::Payee] {
        for (account, rising) in &mut sides[side as usize] {
            rising.note(engine.score(side, *account));
        }
    }
}

fn said(mut after: Vec<u32>) -> serde_json::Value {
    after.sort_unstable();
    let at = |share: usize| after.get(after.len() * share / 100).filter(|of| **of < u32::MAX);
    let alerted = after.iter().filter(|of| **of < u32::MAX).count();
    serde_json::json!({
        "accounts": after.len(), "alerted": alerted, "a_quarter_by": at(25), "half_by": at(50), "three_quarters_by": at(75),
    })
}
