//! What arrives one by one beside a ranking of everything.

use super::Arriving;
use crate::models::evidence::{Evidence, Scored};
use crate::models::graph::Graph;
use crate::transfers::{Rates, Refusal, Side, Transfers, TransfersBuilder};
use crate::world::{Parameters, Variant, World};
use tutela_core::{Currency, TransferRecord};

const ALERTS: usize = 50;

fn records(seed: u64, transfers: u64) -> Vec<TransferRecord> {
    let world = World::generate(Parameters::new(seed, Variant::In).with_transfers(transfers));
    (1..).zip(world.rows()).map(|(number, row)| row.record(number)).collect()
}

fn builder(records: &[TransferRecord]) -> TransfersBuilder {
    let mut builder = TransfersBuilder::new(Rates::only(Currency::USD));
    records.iter().for_each(|record| builder.push(record).unwrap());
    builder
}

fn batch(records: &[TransferRecord]) -> (Transfers, Scored) {
    let transfers = builder(records).finish();
    let scored = Evidence::shipped().unwrap().score(&Graph::of(&transfers), false);
    (transfers, scored)
}

/// How far scores as they stand lie from those of a ranking of everything, the smallest first.
fn apart(arriving: &Arriving, records: &[TransferRecord], only: &[TransferRecord]) -> Vec<f32> {
    let (transfers, scored) = batch(records);
    let mut apart = Vec::new();
    let sides = [
        (Side::Payer, &scored.payers.accounts, &scored.payer_scores),
        (Side::Payee, &scored.payees.accounts, &scored.payee_scores),
    ];
    for (side, accounts, scores) in sides {
        for (account, score) in accounts.iter().zip(scores) {
            let id = transfers.account_id(*account);
            let of = |record: &TransferRecord| match side {
                Side::Payer => record.transfer.payer.as_str() == id,
                Side::Payee => record.transfer.payee.as_str() == id,
            };
            if !only.is_empty() && !only.iter().any(of) {
                continue;
            }
            let own = arriving.score(side, arriving.find_account(id).unwrap()).unwrap();
            apart.push((own - score).abs());
        }
    }
    apart.sort_by(f32::total_cmp);
    apart
}

#[test]
fn after_a_refresh_scores_are_those_of_the_ranking() {
    let records = records(61, 30_000);
    let (history, rest) = records.split_at(records.len() - 2_000);
    let mut arriving = Arriving::new(builder(history), Evidence::shipped().unwrap(), ALERTS);
    assert!(apart(&arriving, history, &[]).last().unwrap() < &1e-3, "before anything arrives");
    for record in rest {
        let ends = arriving.take(record).unwrap();
        for end in ends {
            let sum: f64 = end.parts.iter().map(|part| part.adds).sum();
            assert!((sum - f64::from(end.score.unwrap())).abs() < 1e-3, "parts sum to the score");
        }
    }
    assert_eq!(arriving.arrived(), 2_000);
    arriving.refresh();
    assert_eq!(arriving.arrived(), 0);
    let apart = apart(&arriving, &records, &[]);
    assert!(apart.last().unwrap() < &1e-3, "{:?}", apart.last());
}

#[test]
fn on_arrival_scores_are_near_those_of_the_ranking() {
    let records = records(62, 30_000);
    let (history, rest) = records.split_at(records.len() - 500);
    let mut arriving = Arriving::new(builder(history), Evidence::shipped().unwrap(), ALERTS);
    rest.iter().for_each(|record| drop(arriving.take(record).unwrap()));
    let apart = apart(&arriving, &records, rest);
    let at = |share: f64| apart[((apart.len() - 1) as f64 * share) as usize];
    println!("median {} p90 {} p99 {} most {}", at(0.5), at(0.9), at(0.99), at(1.0));
    assert!(at(0.5) < 0.02 && at(0.9) < 0.5, "median {}, of nine in ten {}", at(0.5), at(0.9));
}

#[test]
fn a_copy_is_scored_while_others_arrive() {
    let records = records(63, 10_000);
    let (history, rest) = records.split_at(records.len() - 400);
    let mut arriving = Arriving::new(builder(history), Evidence::shipped().unwrap(), ALERTS);
    let (first, second) = rest.split_at(200);
    first.iter().for_each(|record| drop(arriving.take(record).unwrap()));
    let snapshot = arriving.snapshot();
    let after: Vec<_> = second.iter().map(|record| arriving.take(record).unwrap()).collect();
    arriving.adopt(snapshot.score());
    assert_eq!(arriving.arrived(), 200);
    let [payer, payee] = after.last().unwrap();
    assert_eq!(arriving.score(Side::Payer, payer.account), payer.score);
    assert_eq!(arriving.score(Side::Payee, payee.account), payee.score);
    arriving.refresh();
    assert!(apart(&arriving, &records, &[]).last().unwrap() < &1e-3);
}

#[test]
fn what_cannot_be_taken_is_refused_and_what_cannot_be_compared_is_kept() {
    let records = records(64, 2_000);
    let (history, rest) = records.split_at(1_000);
    let mut arriving = Arriving::new(builder(history), Evidence::shipped().unwrap(), ALERTS);
    assert_eq!(arriving.check(&history[0]), Some(Refusal::SameId));
    assert_eq!(arriving.check(&rest[0]), None);
    let mut own = rest[0].clone();
    own.transfer.payee = own.transfer.payer.clone();
    assert_eq!(arriving.check(&own), arriving.take(&own).err());
    assert_eq!(arriving.take(&history[0]).unwrap_err(), Refusal::SameId);
    let mut foreign = rest[0].clone();
    foreign.transfer.amount.currency = Currency::EUR;
    foreign.transfer.payer.0 = "nobody knows".to_owned();
    let [payer, _] = arriving.take(&foreign).unwrap();
    assert_eq!((payer.score, payer.transfers, payer.alert), (None, 0, false));
    assert_eq!(arriving.len(), 1_001);
}

#[test]
fn a_hub_keeps_its_score_and_its_reasons_until_the_next_refresh() {
    let mut records = records(65, 2_000);
    let hub = records[0].transfer.payee.clone();
    let model = records[1].clone();
    for n in 0..3_000 {
        let mut record = model.clone();
        record.transfer.id.0 = format!("h{n}");
        record.transfer.payer.0 = format!("p{n}");
        record.transfer.payee = hub.clone();
        records.push(record);
    }
    let last = records.pop().unwrap();
    let mut arriving = Arriving::new(builder(&records), Evidence::shipped().unwrap(), ALERTS);
    let account = arriving.find_account(hub.as_str()).unwrap();
    let before = arriving.score(Side::Payee, account);
    let [payer, payee] = arriving.take(&last).unwrap();
    assert_eq!((payee.wide, payee.score), (true, before));
    assert!(!payer.wide && !payee.parts.is_empty());
}
