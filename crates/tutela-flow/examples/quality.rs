//! Estimates weights on generated worlds, and measures rankings on worlds that were not seen.
//!
//! Reads one line: `estimate WORLDS TRANSFERS` prints weights; `table TRANSFERS SEEDS`, `seeds TRANSFERS SEEDS`
//! and `review TRANSFERS SEEDS` measure the shipped ones on that many seeds from 4 on.

use std::io;

use tutela_flow::chance::Chance;
use tutela_flow::models::boosting::Fit;
use tutela_flow::models::evidence::{Evidence, Known, Plain};
use tutela_flow::models::review::{BATCH, Review};
use tutela_flow::models::seeded;
use tutela_flow::quality::{Judged, average_precision, quality};
use tutela_flow::world::{Parameters, VARIANTS, Variant, World};

/// Seeds of worlds to estimate on start here; those to measure on start at 4.
const ESTIMATING: u64 = 1_000;
const MEASURING: u64 = 4;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |n: usize| words.get(n).and_then(|word| word.parse::<u64>().ok()).unwrap_or(2);
    match words.first().copied() {
        Some("estimate") => {
            let worlds: Vec<Known> =
                (0..number(1)).map(|n| known(varied(ESTIMATING + n, number(2)))).collect();
            let evidence = Evidence::estimate(&worlds, false, 7, &Fit::default());
            println!("{}", serde_json::to_string(&evidence)?);
        }
        Some("table") => table(&Evidence::shipped()?, number(1), number(2)),
        Some("seeds") => from_seeds(&Evidence::shipped()?, number(1), number(2)),
        Some("review") => review(&Evidence::shipped()?, number(1), number(2)),
        _ => eprintln!("estimate WORLDS TRANSFERS | table, seeds or review TRANSFERS SEEDS"),
    }
    Ok(())
}

fn known(parameters: Parameters) -> Known {
    World::generate(parameters).known()
}

/// A world whose target lies anywhere within wide bounds.
fn varied(seed: u64, transfers: u64) -> Parameters {
    let mut chance = Chance::part(seed, "varied");
    let variant = VARIANTS[(seed % 4) as usize];
    let mut parameters = Parameters::new(seed, variant).with_transfers(transfers);
    let amounts = chance.uniform(0.4, 1.3);
    let base = Parameters::new(seed, Variant::In).target;
    let target = &mut parameters.target;
    target.median_usd = base.median_usd.map(|median| median * amounts);
    target.night = chance.uniform(0.3, 0.65);
    target.age[0] = chance.uniform(40.0, 58.0);
    target.same_phone = chance.uniform(0.1, 0.6);
    target.same_surname = chance.uniform(0.3, 0.7);
    target.home_region = chance.uniform(0.5, 0.8);
    target.rounded = chance.uniform(0.5, 0.75);
    target.splits = chance.uniform(0.3, 1.5);
    target.camouflaged = chance.uniform(0.25, 0.5);
    let philippines = chance.uniform(0.15, 0.7);
    for corridor in parameters.corridors.iter_mut().filter(|of| of.target_share > 0.0) {
        let here = corridor.country == "PH";
        corridor.target_share = if here { philippines } else { (1.0 - philippines) / 7.0 };
    }
    parameters
}

fn judged<'a>(rows: impl Iterator<Item = (&'a u32, &'a f32)>, labels: &[bool]) -> Vec<Judged> {
    let judge = |(account, score): (&u32, &f32)| Judged {
        score: f64::from(*score),
        label: labels[*account as usize],
    };
    rows.map(judge).collect()
}

fn table(evidence: &Evidence, transfers: u64, seeds: u64) {
    for variant in VARIANTS {
        for seed in MEASURING..MEASURING + seeds {
            let world = known(Parameters::new(seed, variant).with_transfers(transfers));
            let scored = evidence.score(&world.graph, false);
            let payers = scored.payers.accounts.iter().zip(&scored.payer_scores);
            let payees = scored.payees.accounts.iter().zip(&scored.payee_scores);
            let sides = [
                ("payers", judged(payers, &world.buyers)),
                ("payees", judged(payees, &world.facilitators)),
            ];
            for (side, judged) in sides {
                let found = quality(&judged, 0, 1);
                println!(
                    "{} seed {seed} {side}: AP {:.3}, P@100 {:.3}, R@100 {:.3}, P@500 {:.3}, R@500 {:.3}",
                    variant.name(),
                    found.average_precision.value,
                    found.precision_at_100.value,
                    found.recall_at_100.value,
                    found.precision_at_500.value,
                    found.recall_at_500.value
                );
            }
        }
    }
}

fn from_seeds(evidence: &Evidence, transfers: u64, seeds: u64) {
    for variant in VARIANTS {
        for seed in MEASURING..MEASURING + seeds {
            let world = known(Parameters::new(seed, variant).with_transfers(transfers));
            let plain = Plain::measure(&world.graph, false);
            let mut chance = Chance::part(seed, "seeds");
            let marked = (0..).zip(&world.facilitators).filter(|(_, marked)| **marked);
            let given: Vec<u32> = marked.map(|(n, _)| n).filter(|_| chance.happens(0.1)).collect();
            let (scored, reached) = seeded::rank(evidence, &world.graph, &plain, &given);
            let accounts = &scored.payers.accounts;
            let walk: Vec<f32> = accounts.iter().map(|n| reached[*n as usize].share).collect();
            let alone = average_precision(&judged(accounts.iter().zip(&walk), &world.buyers));
            let both = judged(accounts.iter().zip(&scored.payer_scores), &world.buyers);
            let payees = scored.payees.accounts.iter().zip(&scored.payee_scores);
            let new = payees.filter(|(account, _)| !given.contains(account));
            println!(
                "{} seed {seed}, {} known payees: payers {alone:.3} by the walk, {:.3} with weights; new payees {:.3}",
                variant.name(),
                given.len(),
                average_precision(&both),
                average_precision(&judged(new, &world.facilitators))
            );
        }
    }
}

fn review(evidence: &Evidence, transfers: u64, seeds: u64) {
    for variant in VARIANTS {
        for seed in MEASURING..MEASURING + seeds {
            let world = known(Parameters::new(seed, variant).with_transfers(transfers));
            let plain = Plain::measure(&world.graph, false);
            let all = world.facilitators.iter().filter(|marked| **marked).count();
            let mut review = Review::default();
            for _ in 0..300 / BATCH {
                let scored = review.rank(evidence, &world.graph, &plain);
                for payee in review.next(&scored, BATCH) {
                    review.answer(payee, world.facilitators[payee as usize]);
                }
            }
            let (seen, found) = review.counts();
            println!("{} seed {seed}: {found} of {all} after {seen} reviews", variant.name());
        }
    }
}
