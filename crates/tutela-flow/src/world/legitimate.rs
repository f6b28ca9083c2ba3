//! The people who mean no harm, and the wallets of those who receive.

use super::build::{Build, Habit, Manner, Rounding};
use super::parameters::{Cadence, Payees, Role};
use crate::chance::Chance;

/// A member of a role, as far as the target part needs to know them.
pub(super) struct Member {
    pub(super) payer: u32,
    /// Place in `Parameters::roles`.
    pub(super) role: usize,
    pub(super) median_usd: f64,
    pub(super) habit: Habit,
}

/// Payees that the members of a role share, by country.
struct Pool {
    of_country: Vec<Vec<u32>>,
    popular: bool,
}

/// Draws all roles.
pub(super) fn draw(build: &mut Build<'_>) -> Vec<Member> {
    let parameters = build.parameters;
    let mut members = Vec::new();
    for (place, role) in parameters.roles.iter().enumerate() {
        let mut chance = Chance::part(parameters.seed, &role.name);
        let size = (f64::from(role.senders) * parameters.legitimate_scale).round() as usize;
        let mut pool = pool(build, &mut chance, role, size);
        for _ in 0..size {
            members.push(member(build, &mut chance, place, role, &mut pool));
        }
    }
    members
}

fn pool(build: &mut Build<'_>, chance: &mut Chance, role: &Role, size: usize) -> Pool {
    let mut of_country = vec![Vec::new(); build.parameters.corridors.len()];
    let (payers_each, popular) = match role.paid {
        Payees::Own => return Pool { of_country, popular: false },
        Payees::Shared(payers) => (payers, false),
        Payees::Popular(payers) => (payers, true),
    };
    // Members with few transfers reach fewer payees than their role allows.
    let mean = if role.few_payees {
        2.0
    } else {
        f64::from(role.payees[0] + role.payees[1]).min(2.0 * role.transfers) / 2.0
    };
    let payees = (size as f64 * mean / payers_each.max(1.0)).ceil() as usize;
    for _ in 0..payees {
        let corridor = build.corridor(chance);
        let payee = build.payee(chance, corridor, None);
        of_country[usize::from(corridor)].push(payee);
    }
    Pool { of_country, popular }
}

fn member(
    build: &mut Build<'_>,
    chance: &mut Chance,
    place: usize,
    role: &Role,
    pool: &mut Pool,
) -> Member {
    let parameters = build.parameters;
    let payer = build.payer(chance, role.age, role.male);
    let shape = parameters.count_shape;
    let transfers = chance.gamma(shape, role.transfers / shape);
    let transfers = chance.poisson(transfers).max(1);
    let payees = payees(build, chance, role, payer, transfers, pool);
    let median_usd = chance.log_normal(role.median_usd, role.between);
    let habit = build.habit(chance);
    let days = days(chance, role.cadence, transfers, f64::from(parameters.days));
    let rounding =
        Rounding { rounded: role.rounded, at_destination: parameters.round_at_destination };
    let manner = Manner { rounding, habit, purposes: &role.purposes };
    let count = days.len() as f64;
    for (n, day) in days.into_iter().enumerate() {
        // The first payee gets most: each next one about half of the one before.
        let favoured = chance.weighted((0..payees.len()).map(|n| 0.55_f64.powi(n as i32)));
        let time_s = build.clock(chance, payer, day, role.night);
        let grown = match role.cadence {
            Cadence::Escalating => 0.6 + 1.4 * n as f64 / count,
            _ => 1.0,
        };
        let usd = chance.log_normal(median_usd * grown, role.within);
        let ends = (payer, payees[favoured]);
        build.send(chance, ends, time_s, usd, manner);
    }
    Member { payer, role: place, median_usd, habit }
}

/// Whom a member pays: new payees, or some of the pool.
fn payees(
    build: &mut Build<'_>,
    chance: &mut Chance,
    role: &Role,
    payer: u32,
    transfers: u32,
    pool: &mut Pool,
) -> Vec<u32> {
    let [fewest, most] = role.payees;
    let wanted = if role.few_payees {
        chance.geometric(0.5).clamp(fewest, most)
    } else {
        chance.between(fewest, most)
    };
    let home = build.corridor(chance);
    let several = chance.happens(role.several_countries);
    let mut payees = Vec::new();
    for _ in 0..wanted.min(transfers) {
        let corridor = if several { build.corridor(chance) } else { home };
        let payee = match role.paid {
            Payees::Own => {
                let same = chance.happens(role.same_surname);
                let surname = same.then(|| build.payers[payer as usize].surname);
                build.payee(chance, corridor, surname)
            }
            Payees::Shared(_) | Payees::Popular(_) => from_pool(build, chance, pool, corridor),
        };
        if !payees.contains(&payee) {
            payees.push(payee);
        }
    }
    payees
}

fn from_pool(build: &mut Build<'_>, chance: &mut Chance, pool: &mut Pool, corridor: u8) -> u32 {
    let here = &mut pool.of_country[usize::from(corridor)];
    if here.is_empty() {
        here.push(build.payee(chance, corridor, None));
    }
    let place = match pool.popular {
        true => (here.len() as f64 * chance.unit().powi(3)) as usize,
        false => chance.below(here.len()),
    };
    here[place.min(here.len() - 1)]
}

/// Days of the period on which somebody pays, in order.
fn days(chance: &mut Chance, cadence: Cadence, transfers: u32, period: f64) -> Vec<f64> {
    let start = chance.uniform(0.0, 0.4) * period * f64::from(u8::from(chance.happens(0.4)));
    let n = transfers as usize;
    let mut days: Vec<f64> = match cadence {
        Cadence::Random => (0..n).map(|_| chance.uniform(start, period)).collect(),
        Cadence::PayDay => {
            let every = if chance.happens(0.6) { 30.44 } else { 14.0 };
            regular(chance, n, start, period, every, 1.5)
        }
        Cadence::Monthly => regular(chance, n, start, period, 30.44, 0.8),
        Cadence::Escalating => {
            let span = (period - start) * chance.uniform(0.3, 0.95);
            (1..=n).map(|k| start + span * (k as f64 / n as f64).powf(0.6)).collect()
        }
        Cadence::Burst => {
            let middle = chance.uniform(8.0, period - 8.0);
            (0..n).map(|_| middle + chance.uniform(-6.0, 6.0)).collect()
        }
    };
    days.sort_unstable_by(f64::total_cmp);
    days
}

/// Some of the days of pay of the period, each a little off; a second transfer a day where there are
/// more transfers than days.
fn regular(
    chance: &mut Chance,
    transfers: usize,
    start: f64,
    period: f64,
    every: f64,
    off: f64,
) -> Vec<f64> {
    let first = start + chance.uniform(0.0, every);
    let slots = (((period - first) / every).floor().max(0.0) as usize) + 1;
    let from = chance.below((slots + 1).saturating_sub(transfers));
    (0..transfers)
        .map(|n| first + every * ((from + n) % slots) as f64 + off * chance.normal())
        .collect()
}

/// Wallets are spent too: payees pay payees of their country, a few of them very often.
pub(super) fn domestic(build: &mut Build<'_>) {
    let parameters = build.parameters;
    let mut chance = Chance::part(parameters.seed, "domestic");
    let mut of_country = vec![Vec::new(); parameters.corridors.len()];
    for (payee, account) in build.payees.iter().enumerate() {
        of_country[usize::from(account.corridor)].push(payee as u32);
    }
    let wanted = f64::from(parameters.domestic.transfers) * parameters.legitimate_scale;
    let mut made = 0.0;
    while made < wanted && !build.payees.is_empty() {
        let from = chance.below(build.payees.len()) as u32;
        let account = &build.payees[from as usize];
        let (corridor, institution) = (usize::from(account.corridor), chance.below(3) as u8);
        let activity = chance.pareto(parameters.domestic.activity).min(400.0).ceil();
        let friends: Vec<u32> = (0..1 + (activity.sqrt() as usize))
            .filter_map(|_| chance.pick(&of_country[corridor]).copied())
            .filter(|friend| *friend != from)
            .collect();
        for _ in 0..activity as usize {
            let Some(to) = chance.pick(&friends).copied() else { break };
            let day = chance.uniform(0.0, f64::from(parameters.days));
            let time_s = build.hour(&mut chance, day, 0.25, 8);
            let usd = chance.log_normal(parameters.domestic.median_usd, parameters.domestic.within);
            build.pass_on(from, to, time_s, usd, institution);
        }
        made += activity;
    }
}

/// One transfer of a member to somebody new, as their role would make it.
pub(super) fn extra(build: &mut Build<'_>, chance: &mut Chance, member: &Member, payee: u32) {
    let parameters = build.parameters;
    let role = &parameters.roles[member.role];
    let day = chance.uniform(0.0, f64::from(parameters.days));
    let time_s = build.clock(chance, member.payer, day, role.night);
    let usd = chance.log_normal(member.median_usd, role.within);
    let rounding =
        Rounding { rounded: role.rounded, at_destination: parameters.round_at_destination };
    let ends = (member.payer, payee);
    let manner = Manner { rounding, habit: member.habit, purposes: &role.purposes };
    build.send(chance, ends, time_s, usd, manner);
}
