//! Writes a generated world as feature tables and edges, for other learners to be compared on.
//!
//! Reads one line, `SEED VARIANT TRANSFERS SHARE`, and writes sections to standard output: a line `NAME TYPE COUNT`,
//! then that many little-endian numbers. SHARE is the part of what is looked for that keeps its label.

use std::io::{self, Write};

use tutela_flow::chance::Chance;
use tutela_flow::models::features;
use tutela_flow::world::{Parameters, VARIANTS, World};

/// One section: its name, its numbers.
fn section<const N: usize>(
    out: &mut impl Write,
    name: &str,
    kind: &str,
    numbers: impl Iterator<Item = [u8; N]>,
) -> io::Result<()> {
    let bytes: Vec<[u8; N]> = numbers.collect();
    writeln!(out, "{name} {kind} {}", bytes.len())?;
    bytes.iter().try_for_each(|number| out.write_all(number))
}

/// Which labels are known, drawn as the example `trained` draws them.
fn kept(labels: &[bool], share: f64, seed: u64) -> Vec<bool> {
    let mut chance = Chance::part(seed, "labels");
    labels.iter().map(|label| *label && (share >= 1.0 || chance.happens(share))).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let [seed, variant, transfers, share] = words.as_slice() else {
        return Err("SEED VARIANT TRANSFERS SHARE".into());
    };
    let (seed, transfers, share) = (seed.parse()?, transfers.parse()?, share.parse::<f64>()?);
    let variant =
        VARIANTS.into_iter().find(|one| one.name() == *variant).ok_or("no such variant")?;
    let known = World::generate(Parameters::new(seed, variant).with_transfers(transfers)).known();
    let graph = &known.graph;
    let out = &mut io::BufWriter::new(io::stdout().lock());
    let accounts = graph.accounts.iter();
    section(out, "region", "u4", accounts.clone().map(|one| one.region.to_le_bytes()))?;
    section(out, "phone", "u4", accounts.map(|one| one.phone.to_le_bytes()))?;
    for (name, table) in
        [("payee", features::payees(graph)), ("payer", features::payers(graph, false))]
    {
        let rows = table.accounts.iter().map(|account| account.to_le_bytes());
        section(out, &format!("{name}_accounts"), "u4", rows)?;
        for (feature, column) in table.names.iter().zip(&table.columns) {
            let values = column.iter().map(|value| value.to_le_bytes());
            section(out, &format!("{name}:{feature}"), "f4", values)?;
        }
    }
    let edges = graph.edges.iter();
    section(out, "edge_payer", "u4", edges.clone().map(|edge| edge.payer.to_le_bytes()))?;
    section(out, "edge_payee", "u4", edges.clone().map(|edge| edge.payee.to_le_bytes()))?;
    section(out, "edge_transfers", "u4", edges.map(|edge| edge.transfers.to_le_bytes()))?;
    let domestic = graph.flows.iter().filter(|flow| flow.domestic);
    section(out, "domestic_payer", "u4", domestic.clone().map(|flow| flow.payer.to_le_bytes()))?;
    section(out, "domestic_payee", "u4", domestic.map(|flow| flow.payee.to_le_bytes()))?;
    let flags = |of: &[bool]| of.iter().map(|one| [u8::from(*one)]).collect::<Vec<_>>();
    section(out, "buyers", "u1", flags(&known.buyers).into_iter())?;
    section(out, "facilitators", "u1", flags(&known.facilitators).into_iter())?;
    let some = kept(&known.buyers, share, 99 + seed);
    section(out, "known_buyers", "u1", flags(&some).into_iter())?;
    let some = kept(&known.facilitators, share, 199 + seed);
    section(out, "known_facilitators", "u1", flags(&some).into_iter())?;
    Ok(out.flush()?)
}
