//! Trains on generated worlds with some labels taken away, and measures on worlds that were not seen.
//!
//! Reads lines `TRANSFERS PAYERS PAYEES START SEEDS VARIANTS`, as `1100000 0.3 0.3 shipped 91,92 in,hard`: the share of
//! each side that keeps its label, and whether to start from `nothing` or, on a side whose labels are partial, from the `shipped` weights; `only` measures the
//! shipped weights alone. `nothing+person` uses age and sex of payers too. Trains on three worlds `in`, seeds 1 to 3. A share below one is trained as partial.

use std::error::Error;
use std::io;

use tutela_flow::chance::Chance;
use tutela_flow::models::evidence::{Evidence, Known, Scored};
use tutela_flow::models::training::{Outcomes, Training, train};
use tutela_flow::quality::{Judged, Quality, quality};
use tutela_flow::world::{Parameters, VARIANTS, Variant, World};

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [transfers, payers, payees, start, seeds, variants] = words.as_slice() {
            let shares = [payers.parse()?, payees.parse()?];
            let seeds = seeds.split(',').map(str::parse).collect::<Result<Vec<u64>, _>>()?;
            let (start, person) = match start.strip_suffix("+person") {
                Some(start) => (start, true),
                None => (*start, false),
            };
            let evidence = weights(transfers.parse()?, shares, start, person)?;
            println!("{line}");
            measure(&evidence, person, transfers.parse()?, &seeds, variants);
        }
    }
    Ok(())
}

fn world(seed: u64, variant: Variant, transfers: u64) -> Known {
    World::generate(Parameters::new(seed, variant).with_transfers(transfers)).known()
}

/// Labels of which a share is known: of the others nobody said anything.
fn kept(labels: &[bool], share: f64, seed: u64) -> Vec<Option<bool>> {
    let mut chance = Chance::part(seed, "labels");
    labels
        .iter()
        .map(|label| match share < 1.0 {
            true => (*label && chance.happens(share)).then_some(true),
            false => Some(*label),
        })
        .collect()
}

fn weights(
    transfers: u64,
    shares: [f64; 2],
    start: &str,
    person: bool,
) -> Result<Evidence, Box<dyn Error>> {
    let prior = match start {
        "only" => return Ok(Evidence::shipped()?),
        "shipped" => Some(Evidence::shipped()?),
        _ => None,
    };
    let worlds: Vec<Known> = (1..=3).map(|seed| world(seed, Variant::In, transfers)).collect();
    let labels: Vec<_> = (0_u64..)
        .zip(&worlds)
        .map(|(n, known)| {
            let payers = kept(&known.buyers, shares[0], 100 + n);
            (payers, kept(&known.facilitators, shares[1], 200 + n))
        })
        .collect();
    let outcomes: Vec<_> = worlds
        .iter()
        .zip(&labels)
        .map(|(known, (payers, payees))| Outcomes { graph: &known.graph, payers, payees })
        .collect();
    let partial = shares.iter().any(|share| *share < 1.0);
    let correct = shares.map(|share| share < 1.0);
    let how = Training { partial, prior, correct, person, seed: 7, ..Training::default() };
    Ok(train(&outcomes, &how).evidence)
}

fn measure(evidence: &Evidence, person: bool, transfers: u64, seeds: &[u64], variants: &str) {
    for variant in
        VARIANTS.into_iter().filter(|one| variants.split(',').any(|name| name == one.name()))
    {
        for seed in seeds {
            let known = world(*seed, variant, transfers);
            let [payers, payees] = judge(&evidence.score(&known.graph, person), &known);
            for (side, found) in [("payers", payers), ("payees", payees)] {
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

fn judge(scored: &Scored, known: &Known) -> [Quality; 2] {
    let side = |accounts: &[u32], scores: &[f32], labels: &[bool]| {
        let judge = |(account, score): (&u32, &f32)| Judged {
            score: f64::from(*score),
            label: labels[*account as usize],
        };
        quality(&accounts.iter().zip(scores).map(judge).collect::<Vec<_>>(), 0, 1)
    };
    [
        side(&scored.payers.accounts, &scored.payer_scores, &known.buyers),
        side(&scored.payees.accounts, &scored.payee_scores, &known.facilitators),
    ]
}
