//! Measures networks around alerts on generated worlds that nothing was set on.
//!
//! Reads one line: `TRANSFERS SEEDS`, such as `60000 3`. Seeds start at 4.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use tutela_flow::networks::{Identities, community, number};
use tutela_flow::parties::Decisions;
use tutela_flow::profiles::Links;
use tutela_flow::ranking::Ranking;
use tutela_flow::transfers::{AccountNumber, Side, Transfers};
use tutela_flow::world::{Parameters, Side as Truth, VARIANTS, World};

const ALERTS: usize = 100;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::parse::<u64>);
    let transfers = words.next().transpose()?.unwrap_or(60_000);
    let seeds = words.next().transpose()?.unwrap_or(2);
    println!("variant found purity_payees purity_payers size networks largest");
    for variant in VARIANTS {
        let mut sums = [0.0; 6];
        for seed in 4..4 + seeds {
            let world = World::generate(Parameters::new(seed, variant).with_transfers(transfers));
            for (sum, value) in sums.iter_mut().zip(measure(&world)?) {
                *sum += value / seeds as f64;
            }
        }
        println!("{variant:?} {}", sums.map(|value| format!("{value:.2}")).join(" "));
    }
    Ok(())
}

fn numbers(transfers: &Transfers, ids: impl Iterator<Item = String>) -> BTreeSet<AccountNumber> {
    ids.filter_map(|id| transfers.find_account(&id)).collect()
}

/// Means over the payees among the first alerts that are facilitators: share of their community found, shares of facilitators
/// and buyers among what was found, accounts; networks of all alerts, alerts of the largest.
fn measure(world: &World) -> Result<[f64; 6], Box<dyn std::error::Error>> {
    let transfers = world.columns();
    let links = Links::new(&transfers);
    let identities = Identities::new(&transfers, &Decisions::new());
    let ranking = Ranking::new(&transfers, &links, &[])?;
    let truth = |side: Truth| {
        let marked = world.truth().filter(move |(of, _, label)| *of == side && *label);
        numbers(&transfers, marked.map(|(_, account, _)| account))
    };
    let (facilitators, buyers) = (truth(Truth::Payee), truth(Truth::Payer));
    let of: BTreeMap<AccountNumber, u32> = world
        .communities()
        .filter_map(|(id, number)| Some((transfers.find_account(&id)?, number)))
        .collect();
    let around = |account| community(&transfers, &links, &identities, account).members;

    let payees = ranking.top(Side::Payee, ALERTS);
    let mut sums = [0.0; 4];
    let mut seen = 0.0_f64;
    for alert in payees.iter().filter(|account| facilitators.contains(account)) {
        let members: BTreeSet<AccountNumber> =
            around(*alert).into_iter().map(|(account, _)| account).collect();
        let own = of.get(alert);
        let wanted: Vec<_> = of.iter().filter(|(_, number)| Some(*number) == own).collect();
        let found = wanted.iter().filter(|(account, _)| members.contains(account)).count();
        let received =
            |account: &&AccountNumber| !links.contacts(Side::Payee, **account).is_empty();
        let share = |all: Vec<&AccountNumber>, right: &BTreeSet<AccountNumber>| {
            let good = all.iter().filter(|account| right.contains(account)).count();
            if all.is_empty() { 1.0 } else { good as f64 / all.len() as f64 }
        };
        let values = [
            found as f64 / wanted.len() as f64,
            share(members.iter().filter(received).collect(), &facilitators),
            share(members.iter().filter(|one| !received(one)).collect(), &buyers),
            members.len() as f64,
        ];
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        seen += 1.0;
    }
    let mut alerts: Vec<(f32, AccountNumber)> = Vec::new();
    for side in [Side::Payee, Side::Payer] {
        let top = ranking.top(side, ALERTS);
        alerts.extend(top.into_iter().filter_map(|one| Some((ranking.score(side, one)?, one))));
    }
    alerts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let alerts: Vec<AccountNumber> = alerts.into_iter().map(|(_, account)| account).collect();
    let given =
        number(&alerts, |account| around(account).into_iter().map(|(one, _)| one).collect());
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    given.iter().for_each(|number| *sizes.entry(*number).or_default() += 1);
    let [found, payees, payers, size] = sums.map(|sum| sum / seen.max(1.0));
    let largest = sizes.values().max().copied().unwrap_or_default() as f64;
    Ok([found, payees, payers, size, sizes.len() as f64, largest])
}
