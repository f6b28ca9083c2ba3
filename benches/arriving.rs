//! How long a transfer takes that arrives in a history: each one timed, hubs among them.
//!
//! `arriving [TRANSFERS] [ARRIVING]` makes a world (`hard`, seed 41), gives its busiest payee and payer ties of a hub, takes
//! all but the last as history, and prints one line of JSON.

use std::time::Instant;

use anyhow::Context;
use serde_json::json;
use tutela_benches::cpu_ns;
use tutela_core::{Currency, TransferRecord};
use tutela_flow::arriving::Arriving;
use tutela_flow::models::evidence::Evidence;
use tutela_flow::transfers::{Rates, TransfersBuilder};
use tutela_flow::world::{Parameters, Variant, World};

/// One transfer in so many is paid to one hub, and one by another.
const TO_HUB: usize = 20;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise: u64| -> anyhow::Result<u64> {
        arguments.next().map_or(Ok(otherwise), |text| text.parse().context("a number"))
    };
    let (transfers, arriving) = (number(1_000_000)?, number(50_000)? as usize);
    let world = World::generate(Parameters::new(41, Variant::Hard).with_transfers(transfers));
    let mut records: Vec<TransferRecord> =
        (1..).zip(world.rows()).map(|(row, of)| of.record(row)).collect();
    drop(world);
    let hub = records.first().context("an empty world")?.transfer.clone();
    for (n, record) in records.iter_mut().enumerate() {
        if n % TO_HUB == 0 && record.transfer.payer != hub.payee {
            record.transfer.payee = hub.payee.clone();
        }
        if n % TO_HUB == 1 && record.transfer.payee != hub.payer {
            record.transfer.payer = hub.payer.clone();
        }
    }
    let rest = records.split_off(records.len().saturating_sub(arriving));
    let mut builder = TransfersBuilder::new(Rates::only(Currency::USD));
    for record in &records {
        builder.push(record)?;
    }
    let history = records.len();
    drop(records);
    let start = cpu_ns();
    let mut engine = Arriving::new(builder, Evidence::shipped()?, 500);
    let load_s = (cpu_ns() - start) as f64 / 1e9;
    let (mut each_us, mut cpu_us, mut wide, mut alerts) = (Vec::new(), Vec::new(), 0, 0);
    for record in &rest {
        let (wall, cpu) = (Instant::now(), cpu_ns());
        let ends = engine.take(record)?;
        cpu_us.push((cpu_ns() - cpu) as f64 / 1e3);
        each_us.push(wall.elapsed().as_secs_f64() * 1e6);
        wide += ends.iter().filter(|end| end.wide).count();
        alerts += ends.iter().filter(|end| end.alert).count();
    }
    let start = cpu_ns();
    let snapshot = engine.snapshot();
    let copy_s = (cpu_ns() - start) as f64 / 1e9;
    let start = cpu_ns();
    let refreshed = snapshot.score();
    let refresh_s = (cpu_ns() - start) as f64 / 1e9;
    engine.adopt(refreshed);
    println!(
        "{}",
        json!({
            "history": history, "arriving": rest.len(), "ends_of_hubs": wide, "ends_above_the_line": alerts,
            "cpu_us": spread(cpu_us), "wall_us": spread(each_us),
            "first_scoring_cpu_s": load_s, "copy_cpu_s": copy_s, "refresh_cpu_s": refresh_s,
        })
    );
    Ok(())
}

fn spread(mut of: Vec<f64>) -> serde_json::Value {
    of.sort_by(f64::total_cmp);
    let at = |share: f64| of.get(((of.len().max(1) - 1) as f64 * share) as usize).copied();
    json!({ "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "p999": at(0.999), "most": at(1.0) })
}
