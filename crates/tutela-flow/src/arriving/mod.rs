//! Scores transfers one by one as they arrive, by the measures and weights of the ranking.
//!
//! A transfer changes what is measured of its two ends, and these are measured and scored anew, in every round. What it
//! changes of their neighbours stands as it was until the next [`refresh`](Arriving::refresh), which scores everything as
//! the ranking does. So a score on arrival is exact in what the account itself did, and in the scores of its neighbours as
//! old as the last refresh. An account with very many ties ([`WIDEST_WORK`]) keeps its score until then: one more
//! transfer does not change what a hub looks like, and measuring it would take longer than an answer may.

mod refresh;

pub use refresh::{Refreshed, Snapshot};

use std::collections::HashMap;
use std::sync::Arc;

use tutela_core::TransferRecord;

use crate::models::evidence::{Evidence, add_payees, add_payers};
use crate::models::features::{self, Table};
use crate::models::graph::{Account, Flow, Graph};
use crate::models::transfers::{hours, number};
use crate::models::words;
use crate::ranking::group_of;
use crate::transfers::{AccountNumber, Refusal, Side, TransferNumber, TransfersBuilder, Word};

/// An account that needs more steps than this to be measured keeps its score until the next refresh. So many steps take
/// less than half a millisecond on the machine of `benches/arriving.rs`.
pub const WIDEST_WORK: usize = 4_096;

/// Scores of one round, by account; minus infinity where an account has no row.
#[derive(Debug, Clone, Default)]
struct Round {
    payees: Vec<f32>,
    payers: Vec<f32>,
}

/// Numbers for what is said of accounts: equal numbers are equal texts.
#[derive(Debug, Default)]
struct Numbers {
    words: HashMap<Word, u32>,
    institutions: HashMap<Word, u16>,
}

impl Numbers {
    fn word(&mut self, word: Option<Word>) -> u32 {
        let next = self.words.len() as u32 + 1;
        word.map_or(0, |word| *self.words.entry(word).or_insert(next))
    }

    fn institution(&mut self, word: Option<Word>) -> u16 {
        let next = (self.institutions.len() + 1).min(usize::from(u16::MAX)) as u16;
        word.map_or(0, |word| *self.institutions.entry(word).or_insert(next))
    }
}

/// One measure that belongs to a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Its name, or two joined by ` × `.
    pub name: String,
    /// Its value; of two, the first one's.
    pub value: f32,
    /// What it adds.
    pub adds: f32,
}

impl Measure {
    /// What it says, in one sentence without names or accounts.
    pub fn says(&self) -> String {
        words::sentence(&self.name, self.value)
    }
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Id of an indicator, `ranked_counterparty`, `other_measures` or `base`.
    pub id: &'static str,
    /// What it adds to the score: logarithm of odds.
    pub adds: f64,
    /// What it consists of, the largest first.
    pub measures: Vec<Measure>,
}

/// Where one end of a transfer stands, with this transfer.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// Which end.
    pub side: Side,
    /// The account.
    pub account: AccountNumber,
    /// Logarithm of odds; none where it cannot be measured, for want of a comparable amount.
    pub score: Option<f32>,
    /// Its transfers on this side with comparable amounts.
    pub transfers: u32,
    /// Whether the score is that of the last refresh, for an account of very many ties.
    pub wide: bool,
    /// Whether it is at or above the alert line.
    pub alert: bool,
    /// Parts that sum to the score, the largest first.
    pub parts: Vec<Part>,
}

/// A history, and the scores of everybody in it.
#[derive(Debug)]
pub struct Arriving {
    taken: TransfersBuilder,
    numbers: Numbers,
    evidence: Arc<Evidence>,
    graph: Graph,
    /// Receiving accounts of each phone.
    phones: HashMap<u32, u32>,
    rounds: Vec<Round>,
    /// Rows of the last round of accounts with very many ties, by side.
    wide: [HashMap<AccountNumber, Table>; 2],
    /// The lowest score of an alert, by side.
    line: [f32; 2],
    /// Accounts a side that are above it.
    alerts: usize,
    /// Accounts that were scored since a snapshot was taken.
    since: Vec<AccountNumber>,
    arrived: u64,
}

impl Arriving {
    /// Takes over what was pushed so far as the history, and scores it. The alert line lies where so many accounts a side
    /// are above it.
    ///
    /// **Cost.** That of the ranking: O(T log T).
    pub fn new(taken: TransfersBuilder, evidence: Evidence, alerts: usize) -> Self {
        let mut arriving = Self {
            taken,
            numbers: Numbers::default(),
            evidence: Arc::new(evidence),
            graph: Graph::new(Vec::new(), Vec::new()),
            phones: HashMap::new(),
            rounds: Vec::new(),
            wide: Default::default(),
            line: [f32::INFINITY; 2],
            alerts,
            since: Vec::new(),
            arrived: 0,
        };
        let accounts = (0..arriving.taken.taken().accounts()).map(|one| arriving.about(one));
        let accounts: Vec<Account> = accounts.collect::<Vec<_>>();
        arriving.graph.accounts = accounts;
        let transfers = arriving.taken.len() as u32;
        let flows: Vec<Flow> = (0..transfers).filter_map(|one| arriving.flow(one)).collect();
        arriving.graph = Graph::new(std::mem::take(&mut arriving.graph.accounts), flows);
        arriving.refresh();
        arriving
    }

    /// Transfers in the history.
    pub fn len(&self) -> usize {
        self.taken.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty()
    }

    /// Transfers that arrived since everything was last scored.
    pub fn arrived(&self) -> u64 {
        self.arrived
    }

    /// The lowest score that asks for a look, by side: that of the last of so many alerts when everything was last scored.
    pub fn line(&self, side: Side) -> f32 {
        self.line[side as usize]
    }

    /// The account's id.
    pub fn account_id(&self, account: AccountNumber) -> &str {
        self.taken.taken().account_id(account)
    }

    /// The account with this id.
    pub fn find_account(&self, id: &str) -> Option<AccountNumber> {
        self.taken.taken().find_account(id)
    }

    /// The score of an account on a side, as it stands.
    pub fn score(&self, side: Side, account: AccountNumber) -> Option<f32> {
        let last = self.rounds.last()?;
        let scores = match side {
            Side::Payer => &last.payers,
            Side::Payee => &last.payees,
        };
        scores.get(account as usize).copied().filter(|score| score.is_finite())
    }

    /// Why a transfer would be refused, if it would be.
    pub fn check(&self, record: &TransferRecord) -> Option<Refusal> {
        self.taken.check(record)
    }

    /// Takes a transfer of whatever time, and scores its payer and its payee with it.
    ///
    /// **Cost.** Bounded: at most [`WIDEST_WORK`] steps for each account that is measured, four at most.
    ///
    /// # Errors
    /// It is refused, as in a file; nothing has changed then.
    pub fn take(&mut self, record: &TransferRecord) -> Result<[End; 2], Refusal> {
        self.taken.push(record)?;
        let transfer = self.taken.len() as u32 - 1;
        let ends = [Side::Payer, Side::Payee].map(|side| self.taken.taken().end(side, transfer));
        let [payer, payee] = ends;
        self.arrived += 1;
        ends.into_iter().for_each(|account| self.learn(account));
        let Some(flow) = self.flow(transfer) else {
            return Ok([(Side::Payer, payer), (Side::Payee, payee)]
                .map(|(side, account)| self.end(side, account, None)));
        };
        let new_payee = self.graph.received.of(payee).is_empty();
        self.graph.push(flow);
        if new_payee {
            self.count_phone(payee);
        }
        // The other side of both as well, where they have one: passing money on is measured there.
        let receives = |account: &u32| !self.graph.received.of(*account).is_empty();
        let pays = |account: &u32| !self.graph.paid.of(*account).is_empty();
        let mut payees: Vec<u32> = [payee, payer].into_iter().filter(receives).collect();
        let mut payers: Vec<u32> = [payer, payee].into_iter().filter(pays).collect();
        payees.retain(|account| self.work(Side::Payee, *account) <= WIDEST_WORK);
        payers.retain(|account| self.work(Side::Payer, *account) <= WIDEST_WORK);
        self.since.extend(payees.iter().chain(&payers));
        let [payer_rows, payee_rows] = self.rescore(payees, payers);
        Ok([
            self.end(Side::Payer, payer, Some(&payer_rows)),
            self.end(Side::Payee, payee, Some(&payee_rows)),
        ])
    }

    /// Brings an account up to what was last said of it.
    fn learn(&mut self, account: AccountNumber) {
        let about = self.about(account);
        let at = account as usize;
        if at >= self.graph.accounts.len() {
            self.graph.accounts.resize(at + 1, Account::default());
            for round in &mut self.rounds {
                round.payees.resize(at + 1, f32::NEG_INFINITY);
                round.payers.resize(at + 1, f32::NEG_INFINITY);
            }
        }
        let before = std::mem::replace(&mut self.graph.accounts[at], about);
        if before.phone == 0 && !self.graph.received.of(account).is_empty() {
            self.count_phone(account);
        }
    }

    fn count_phone(&mut self, account: AccountNumber) {
        let phone = self.graph.accounts[account as usize].phone;
        if phone != 0 {
            *self.phones.entry(phone).or_default() += 1;
        }
    }

    fn about(&mut self, account: AccountNumber) -> Account {
        let about = *self.taken.taken().about(account);
        Account {
            country: number(about.country),
            region: self.numbers.word(about.region),
            phone: self.numbers.word(about.phone),
            surname: self.numbers.word(about.surname),
            hours: hours(about.country),
            birth_year: about.birth_year,
            male: None,
        }
    }

    /// None without a comparable amount.
    fn flow(&mut self, transfer: TransferNumber) -> Option<Flow> {
        let taken = self.taken.taken();
        let minor = taken.reference_minor(transfer)?;
        let (payer, payee) = (taken.payer(transfer), taken.payee(transfer));
        let [from, to] = [payer, payee].map(|one| self.graph.accounts[one as usize].country);
        Some(Flow {
            time_s: i64::from(taken.time_s(transfer)),
            payer,
            payee,
            amount: minor as f32 / 100.0,
            institution: self.numbers.institution(taken.institution(transfer)),
            domestic: from != 0 && from == to,
        })
    }

    /// Steps that measuring one side of an account takes, about.
    fn work(&self, side: Side, account: AccountNumber) -> usize {
        work(&self.graph, side, account)
    }

    /// Measures and scores some accounts in every round, by the scores of all others as they stand. Gives their rows as
    /// the last round saw them, payers first.
    fn rescore(&mut self, payees: Vec<u32>, payers: Vec<u32>) -> [Table; 2] {
        let plain_payees = features::payees_of(&self.graph, payees, &self.phones);
        let plain_payers = features::payers_of(&self.graph, payers);
        let mut last = [plain_payers.clone(), plain_payees.clone()];
        let models = self.evidence.clone();
        for (n, (payee_model, payer_model)) in models.payees.iter().zip(&models.payers).enumerate()
        {
            let before = n.checked_sub(1);
            let mut table = plain_payees.clone();
            if let Some(before) = before.map(|before| &self.rounds[before]) {
                add_payers(&self.graph, &mut table, &before.payers, &before.payees);
            }
            for (account, score) in table.accounts.iter().zip(payee_model.scores(&table)) {
                self.rounds[n].payees[*account as usize] = score;
            }
            last[1] = table;
            let mut table = plain_payers.clone();
            let before = before.map(|before| self.rounds[before].payers.as_slice());
            add_payees(&self.graph, &mut table, &self.rounds[n].payees, before);
            for (account, score) in table.accounts.iter().zip(payer_model.scores(&table)) {
                self.rounds[n].payers[*account as usize] = score;
            }
            last[0] = table;
        }
        last
    }

    fn end(&self, side: Side, account: AccountNumber, rows: Option<&Table>) -> End {
        let score = self.score(side, account);
        let row = rows.and_then(|rows| {
            let row = rows.accounts.iter().position(|one| *one == account)?;
            Some((rows, row))
        });
        let wide = self.wide[side as usize].get(&account).filter(|_| row.is_none());
        let model = match side {
            Side::Payer => self.evidence.payers.last(),
            Side::Payee => self.evidence.payees.last(),
        };
        let parts = model.zip(row.or(wide.map(|rows| (rows, 0))));
        End {
            side,
            account,
            score,
            transfers: match side {
                Side::Payer => self.graph.paid.of(account).len() as u32,
                Side::Payee => self.graph.received.of(account).len() as u32,
            },
            wide: rows.is_some() && row.is_none(),
            alert: score.is_some_and(|score| score >= self.line(side)),
            parts: parts
                .map_or_else(Vec::new, |(model, (rows, row))| gathered(model.explain(rows, row))),
        }
    }
}

/// Told under the indicators that measures belong to.
fn gathered(all: Vec<crate::models::shapes::Contribution>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for one in all {
        let id = group_of(&one.name);
        let measure = Measure { name: one.name, value: one.value, adds: one.adds };
        match parts.iter_mut().find(|part| part.id == id) {
            Some(part) => {
                part.adds += f64::from(measure.adds);
                part.measures.push(measure);
            }
            None => parts.push(Part { id, adds: f64::from(measure.adds), measures: vec![measure] }),
        }
    }
    parts.sort_by(|a, b| b.adds.total_cmp(&a.adds));
    parts
}

/// Steps that measuring one side of an account takes, about. Takes few itself.
fn work(graph: &Graph, side: Side, account: AccountNumber) -> usize {
    let own = graph.paid.of(account).len() + graph.received.of(account).len();
    // Sorted by amount and by gap.
    let own = 2 * own;
    if own > WIDEST_WORK {
        return own;
    }
    own + match side {
        Side::Payer => graph
            .edges_from(account)
            .map(|edge| graph.payers.of(edge.payee).len().min(200))
            .sum::<usize>(),
        Side::Payee => graph
            .edges_to(account)
            .map(|edge| graph.payees.of(edge.payer).len())
            .map(|many| 1 + if many > 64 { 0 } else { many })
            .sum::<usize>(),
    }
}

#[cfg(test)]
mod tests;
