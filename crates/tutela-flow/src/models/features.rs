//! What is measured of each payer and each payee, by name.

use std::collections::HashMap;

use super::graph::{Account, Edge, Flow, Graph};

/// A table: one row an account, one column a feature.
#[derive(Debug, Clone)]
pub struct Table {
    /// Names of the columns.
    pub names: Vec<String>,
    /// The account of each row.
    pub accounts: Vec<u32>,
    /// By column.
    pub columns: Vec<Vec<f32>>,
}

impl Table {
    fn new(names: &[&str], accounts: Vec<u32>) -> Self {
        let columns = vec![Vec::with_capacity(accounts.len()); names.len()];
        Self { names: names.iter().map(|name| (*name).to_owned()).collect(), accounts, columns }
    }

    fn push(&mut self, row: &[f32]) {
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(*value);
        }
    }

    /// A further column.
    pub fn add(&mut self, name: &str, values: Vec<f32>) {
        self.names.push(name.to_owned());
        self.columns.push(values);
    }
}

const DAY_S: f32 = 86_400.0;

/// Counts above which one more account no longer changes what a payer looks like.
const WIDEST: usize = 64;

/// Names of what [`payees`] measures.
pub const PAYEE: [&str; 26] = [
    "payers",
    "transfers_per_payer",
    "median_amount",
    "amount_spread",
    "small_share",
    "round_share",
    "night_share",
    "payer_countries",
    "same_surname_share",
    "largest_payer_share",
    "median_gap_days",
    "active_days",
    "payers_per_month",
    "payees_of_phone",
    "onward_transfers",
    "onward_payees",
    "onward_after_receipt",
    "domestic_received",
    "payees_of_its_payers",
    "payees_sharing_two_payers",
    "most_payers_shared",
    "region_shared_payers",
    "phone_shared_payers",
    "referred_payers",
    "one_time_payers_share",
    "payer_median_spread",
];

/// Names of what [`payers`] measures, without what a person is.
pub const PAYER: [&str; 22] = [
    "transfers",
    "payees",
    "median_amount",
    "amount_spread",
    "small_share",
    "round_share",
    "night_share",
    "payee_countries",
    "same_surname_share",
    "largest_payee_share",
    "median_gap_days",
    "active_days",
    "institutions",
    "widest_payee",
    "mean_payers_of_payees",
    "payees_in_one_region",
    "payees_of_one_phone",
    "payees_sharing_payers",
    "new_payees_rate",
    "share_to_shared_payees",
    "passes_on_received",
    "domestic_share",
];

/// Names of what a person is; off unless an institution has a legal basis.
pub const PERSON: [&str; 2] = ["age", "male"];

struct Amounts {
    median: f32,
    spread: f32,
    small: f32,
    round: f32,
    night: f32,
    gap_days: f32,
    days: f32,
}

fn amounts<'a>(flows: impl Iterator<Item = &'a Flow> + Clone, accounts: &[Account]) -> Amounts {
    let mut logs: Vec<f32> = flows.clone().map(|flow| flow.amount.max(0.01).ln()).collect();
    let n = logs.len().max(1) as f32;
    let mean = logs.iter().sum::<f32>() / n;
    let spread = (logs.iter().map(|log| (log - mean).powi(2)).sum::<f32>() / n).sqrt();
    logs.sort_unstable_by(f32::total_cmp);
    let share =
        |of: &dyn Fn(&Flow) -> bool| flows.clone().filter(|flow| of(flow)).count() as f32 / n;
    let night = |flow: &Flow| {
        let hours = i64::from(accounts[flow.payer as usize].hours);
        let hour = (flow.time_s / 3_600 + hours).rem_euclid(24);
        !(5..22).contains(&hour)
    };
    let times: Vec<i64> = flows.clone().map(|flow| flow.time_s).collect();
    let mut gaps: Vec<f32> =
        times.windows(2).map(|pair| (pair[1] - pair[0]) as f32 / DAY_S).collect();
    gaps.sort_unstable_by(f32::total_cmp);
    let span = times.last().zip(times.first()).map_or(0, |(last, first)| last - first);
    Amounts {
        median: logs.get(logs.len() / 2).copied().unwrap_or(0.0),
        spread,
        small: share(&|flow| flow.amount <= 100.0),
        round: share(&|flow| (flow.amount * 100.0).round() % 500.0 == 0.0),
        night: share(&night),
        gap_days: gaps.get(gaps.len() / 2).copied().unwrap_or(-1.0),
        days: span as f32 / DAY_S,
    }
}

/// Whether both are known and alike.
pub(super) fn same(a: u32, b: u32) -> bool {
    a != 0 && a == b
}

fn distinct<T: Ord>(of: impl Iterator<Item = T>) -> usize {
    let mut all: Vec<T> = of.collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

/// How two payees stand to one another through the payers that they share.
#[derive(Default, Clone, Copy)]
struct Shared {
    payers: u32,
    /// Payers who came from the other within 60 days.
    moved: u32,
}

fn shared(graph: &Graph, payee: u32, into: &mut HashMap<u32, Shared>) {
    into.clear();
    for edge in graph.edges_to(payee) {
        let others = graph.edges_from(edge.payer);
        if others.len() > WIDEST {
            continue;
        }
        for other in others.filter(|other| other.payee != payee) {
            let shared = into.entry(other.payee).or_default();
            shared.payers += 1;
            let between = edge.first_s - other.first_s;
            shared.moved += u32::from((0..60 * 86_400).contains(&between));
        }
    }
}

/// How many of these accounts have each phone.
pub(crate) fn phones(graph: &Graph, payees: &[u32]) -> HashMap<u32, u32> {
    let mut phones = HashMap::new();
    for payee in payees {
        *phones.entry(graph.accounts[*payee as usize].phone).or_default() += 1;
    }
    // Payees without a known phone share none.
    phones.remove(&0);
    phones
}

/// Measures every account that receives. O(T log T) where no payer has very many payees.
pub fn payees(graph: &Graph) -> Table {
    let all = 0..graph.accounts.len() as u32;
    let rows: Vec<u32> = all.filter(|account| !graph.received.of(*account).is_empty()).collect();
    let phones = phones(graph, &rows);
    payees_of(graph, rows, &phones)
}

/// Measures some accounts that receive, where so many of all that do have each phone.
pub(crate) fn payees_of(graph: &Graph, rows: Vec<u32>, phones: &HashMap<u32, u32>) -> Table {
    let mut table = Table::new(&PAYEE, rows.clone());
    let mut near = HashMap::new();
    for payee in rows {
        table.push(&payee_row(graph, payee, phones, &mut near));
    }
    table
}

fn payee_row(
    graph: &Graph,
    payee: u32,
    phones: &HashMap<u32, u32>,
    near: &mut HashMap<u32, Shared>,
) -> [f32; 26] {
    let own = graph.accounts[payee as usize];
    let received = graph.received.of(payee).iter().map(|place| &graph.flows[*place as usize]);
    let abroad = received.clone().filter(|flow| !flow.domestic);
    let paid = graph.paid.of(payee).iter().map(|place| &graph.flows[*place as usize]);
    let edges = graph.edges_to(payee);
    let payers = edges.len() as f32;
    let transfers = abroad.clone().count() as f32;
    let measured = amounts(abroad.clone(), &graph.accounts);
    let account = |edge: &Edge| graph.accounts[edge.payer as usize];
    let of_edges = |of: &dyn Fn(&Edge) -> bool| {
        edges.clone().filter(|edge| of(edge)).count() as f32 / payers.max(1.0)
    };
    let largest = edges.clone().map(|edge| edge.transfers).max().unwrap_or(0) as f32;
    let reach: Vec<f32> =
        edges.clone().map(|edge| graph.payees.of(edge.payer).len() as f32).collect();
    shared(graph, payee, near);
    let linked = |of: &dyn Fn(&Account) -> bool| {
        near.iter()
            .filter(|(other, _)| of(&graph.accounts[**other as usize]))
            .map(|(_, shared)| shared.payers as f32)
            .sum::<f32>()
    };
    let means: Vec<f32> =
        edges.clone().map(|edge| (edge.amount / edge.transfers as f32).max(0.01).ln()).collect();
    let mean = means.iter().sum::<f32>() / payers.max(1.0);
    let mean_spread =
        (means.iter().map(|of| (of - mean).powi(2)).sum::<f32>() / payers.max(1.0)).sqrt();
    // In time order: the last receipt before a transfer out is found by halving, hubs included.
    let times: Vec<i64> = abroad.clone().map(|flow| flow.time_s).collect();
    let soon = |out: &&Flow| {
        let before = times.partition_point(|time_s| *time_s <= out.time_s);
        before > 0 && out.time_s - times[before - 1] <= 4 * 86_400
    };
    let after_receipt = paid.clone().filter(soon).count();
    [
        payers,
        transfers / payers.max(1.0),
        measured.median,
        measured.spread,
        measured.small,
        measured.round,
        measured.night,
        distinct(edges.clone().map(|edge| account(edge).country)) as f32,
        of_edges(&|edge| same(account(edge).surname, own.surname)),
        largest / transfers.max(1.0),
        measured.gap_days,
        measured.days,
        payers / (measured.days / 30.0).max(1.0),
        phones.get(&own.phone).copied().unwrap_or(0) as f32,
        paid.clone().count() as f32,
        distinct(paid.clone().map(|flow| flow.payee)) as f32,
        after_receipt as f32,
        received.clone().filter(|flow| flow.domestic).count() as f32,
        reach.iter().sum::<f32>() / payers.max(1.0),
        near.values().filter(|shared| shared.payers >= 2).count() as f32,
        near.values().map(|shared| shared.payers).max().unwrap_or(0) as f32,
        linked(&|other| same(other.region, own.region)),
        linked(&|other| same(other.phone, own.phone)),
        near.values().map(|shared| shared.moved).sum::<u32>() as f32,
        of_edges(&|edge| edge.transfers == 1),
        mean_spread,
    ]
}

/// Measures every account that pays.
pub fn payers(graph: &Graph, person: bool) -> Table {
    let all = 0..graph.accounts.len() as u32;
    let rows: Vec<u32> = all.filter(|account| !graph.paid.of(*account).is_empty()).collect();
    let mut table = payers_of(graph, rows.clone());
    if person {
        let of = |what: &dyn Fn(&Account) -> f32| {
            rows.iter().map(|payer| what(&graph.accounts[*payer as usize])).collect::<Vec<f32>>()
        };
        table.add(PERSON[0], of(&|account| 2025.0 - f32::from(account.birth_year.max(1900))));
        table.add(
            PERSON[1],
            of(&|account| account.male.map_or(-1.0, |male| f32::from(u8::from(male)))),
        );
    }
    table
}

/// Measures some accounts that pay.
pub(crate) fn payers_of(graph: &Graph, rows: Vec<u32>) -> Table {
    let mut table = Table::new(&PAYER, rows.clone());
    for payer in rows {
        table.push(&payer_row(graph, payer));
    }
    table
}

fn payer_row(graph: &Graph, payer: u32) -> [f32; 22] {
    let own = graph.accounts[payer as usize];
    let paid = graph.paid.of(payer).iter().map(|place| &graph.flows[*place as usize]);
    let abroad = paid.clone().filter(|flow| !flow.domestic);
    let edges = graph.edges_from(payer);
    let payees = edges.len() as f32;
    let transfers = abroad.clone().count() as f32;
    let measured = amounts(abroad.clone(), &graph.accounts);
    let account = |edge: &Edge| graph.accounts[edge.payee as usize];
    let fan_in = |edge: &Edge| graph.payers.of(edge.payee).len() as f32;
    let largest = edges.clone().map(|edge| edge.transfers).max().unwrap_or(0) as f32;
    let apart = |edge: &Edge| !same(account(edge).surname, own.surname);
    let most = |of: &dyn Fn(&Account) -> u32| {
        let mut keys: Vec<u32> =
            edges.clone().filter(|edge| apart(edge)).map(|edge| of(&account(edge))).collect();
        keys.retain(|key| *key != 0);
        keys.sort_unstable();
        keys.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0) as f32
    };
    let shared: f32 = edges.clone().filter(|edge| fan_in(edge) >= 2.0).count() as f32;
    let to_shared: u32 =
        edges.clone().filter(|edge| fan_in(edge) >= 2.0).map(|edge| edge.transfers).sum();
    let domestic = paid.clone().filter(|flow| flow.domestic).count() as f32;
    [
        transfers,
        payees,
        measured.median,
        measured.spread,
        measured.small,
        measured.round,
        measured.night,
        distinct(edges.clone().map(|edge| account(edge).country)) as f32,
        edges.clone().filter(|edge| !apart(edge)).count() as f32 / payees.max(1.0),
        largest / transfers.max(1.0),
        measured.gap_days,
        measured.days,
        distinct(abroad.clone().map(|flow| flow.institution)) as f32,
        edges.clone().map(fan_in).fold(0.0, f32::max),
        edges.clone().map(fan_in).sum::<f32>() / payees.max(1.0),
        most(&|account| account.region),
        most(&|account| account.phone),
        shared,
        payees / transfers.max(1.0),
        to_shared as f32 / transfers.max(1.0),
        graph.received.of(payer).len() as f32,
        domestic / (domestic + transfers).max(1.0),
    ]
}
