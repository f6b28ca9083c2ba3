//! Buyers and facilitators: how they pay, are paid, and pass one another on.

use super::build::{Build, DAY_S, Habit, Manner, Rounding};
use super::legitimate::{Member, extra};
use super::parameters::Target;
use crate::chance::Chance;

/// A person behind one to three accounts.
struct Facilitator {
    accounts: Vec<u32>,
    community: usize,
    attraction: f64,
}

/// Purposes of buyers: those of families.
const PURPOSES: [f64; 6] = [0.54, 0.27, 0.07, 0.05, 0.04, 0.03];

/// Draws facilitators, then buyers who move among them, then people who pay facilitators and mean no harm.
pub(super) fn draw(build: &mut Build<'_>, members: &[Member]) {
    let mut chance = Chance::part(build.parameters.seed, "target");
    let facilitators = facilitators(build, &mut chance);
    if facilitators.is_empty() {
        return;
    }
    for _ in 0..build.parameters.target.buyers {
        buyer(build, &mut chance, &facilitators, members);
    }
    legitimate_payers(build, &mut chance, &facilitators, members);
}

fn facilitators(build: &mut Build<'_>, chance: &mut Chance) -> Vec<Facilitator> {
    let parameters = build.parameters;
    let target = &parameters.target;
    let mut all: Vec<Facilitator> = Vec::new();
    let mut community = 0;
    while all.len() < target.facilitators as usize {
        let left = target.facilitators - all.len() as u32;
        let size = chance.geometric(target.community).min(9).min(left);
        let shares = parameters.corridors.iter().map(|corridor| corridor.target_share);
        let corridor = chance.weighted(shares) as u8;
        let home = chance.below(parameters.regions as usize) as u8;
        let surname = build.surname(chance);
        for _ in 0..size {
            let accounts = accounts(build, chance, corridor, home, surname);
            for account in &accounts {
                build.payees[*account as usize].community = community as u32 + 1;
            }
            let attraction = match target.attraction {
                alike if alike <= 0.0 => 1.0,
                exponent => chance.pareto(exponent).min(60.0),
            };
            all.push(Facilitator { accounts, community, attraction });
        }
        community += 1;
    }
    all
}

fn accounts(
    build: &mut Build<'_>,
    chance: &mut Chance,
    corridor: u8,
    home: u8,
    surname: u32,
) -> Vec<u32> {
    let target = &build.parameters.target;
    let regions = build.parameters.regions as usize;
    let region =
        if chance.happens(target.home_region) { home } else { chance.below(regions) as u8 };
    let first_phone = build.phone();
    let mut accounts = Vec::new();
    for n in 0..chance.between(1, target.identities.max(1)) {
        let same = chance.happens(target.same_surname);
        let account = build.payee(chance, corridor, same.then_some(surname));
        let phone = match n == 0 || chance.happens(target.same_phone) {
            true => first_phone,
            false => build.phone(),
        };
        let payee = &mut build.payees[account as usize];
        (payee.facilitator, payee.region, payee.phone) = (true, region, phone);
        accounts.push(account);
    }
    accounts
}

/// How often a buyer pays. 25 % once or twice; 3 % some hundred times; the rest around five times.
/// Fitted to AIC TI 589: mean 10.6, 3 % of people make half of all transfers.
fn count(chance: &mut Chance) -> u32 {
    match chance.unit() {
        few if few < 0.25 => chance.between(1, 2),
        many if many > 0.97 => chance.log_normal(150.0, 0.45).clamp(60.0, 420.0) as u32,
        _ => chance.log_normal(4.6, 0.85).round().clamp(1.0, 60.0) as u32,
    }
}

fn buyer(
    build: &mut Build<'_>,
    chance: &mut Chance,
    facilitators: &[Facilitator],
    members: &[Member],
) {
    let target = &build.parameters.target;
    let payer = person(build, chance, members);
    build.payers[payer as usize].buyer = true;
    let transfers = count(chance);
    let prolific = transfers > 60;
    let median = chance.log_normal(target.median_usd[usize::from(!prolific)], target.deviation[0]);
    let institutions = [(); 3].map(|()| chance.below(build.parameters.institutions as usize) as u8);
    let habit = Habit { institutions, shares: target.institutions };
    let rounding =
        Rounding { rounded: target.rounded, at_destination: build.parameters.round_at_destination };
    let days = days(chance, target, transfers, f64::from(build.parameters.days));
    let attractions = facilitators.iter().map(|facilitator| facilitator.attraction);
    let mut now = chance.weighted(attractions);
    let mut account = chance.below(facilitators[now].accounts.len());
    let mut met = vec![now];
    let mut referral: Option<usize> = None;
    for (n, day) in days.iter().enumerate() {
        let to = facilitators[now].accounts[account];
        let time_s = build.clock(chance, payer, *day, target.night);
        let grown = 1.0 + target.escalation * n as f64 / f64::from(transfers);
        let usd = chance.log_normal(median * grown, target.deviation[1]);
        let manner = Manner { rounding, habit, purposes: &PURPOSES };
        build.send(chance, (payer, to), time_s, usd, manner);
        if let Some(earlier) = referral.take() {
            let first = facilitators[earlier].accounts[0];
            split(build, chance, (to, first), time_s, usd);
        }
        let next = step(chance, target, facilitators, now, &met);
        if next != now {
            let referred = facilitators[next].community == facilitators[now].community;
            referral = (referred && !met.contains(&next)).then_some(now);
            now = next;
            account = chance.below(facilitators[now].accounts.len());
            if !met.contains(&now) {
                met.push(now);
            }
        } else if chance.happens(target.other_identity) {
            account = chance.below(facilitators[now].accounts.len());
        }
    }
}

/// A customer with a legitimate role, or somebody new.
fn person(build: &mut Build<'_>, chance: &mut Chance, members: &[Member]) -> u32 {
    let target = &build.parameters.target;
    let male = chance.happens(target.male);
    if chance.happens(target.camouflaged) {
        for _ in 0..50 {
            let Some(member) = chance.pick(members) else { break };
            let payer = &build.payers[member.payer as usize];
            if payer.male == male && !payer.buyer {
                return member.payer;
            }
        }
    }
    build.payer(chance, target.age, f64::from(u8::from(male)))
}

/// Days of a buyer's transfers: log-normal gaps, pressed together where they would outlast the period.
fn days(chance: &mut Chance, target: &Target, transfers: u32, period: f64) -> Vec<f64> {
    let place = match transfers {
        61.. => 0,
        6..=60 => 1,
        0..=5 => 2,
    };
    let mut day = 0.0;
    let mut days = vec![day];
    for _ in 1..transfers {
        day += chance.log_normal(target.gap_days[place], 0.9);
        days.push(day);
    }
    let room = period - 4.0;
    let pressed = if day > room * 0.95 { room * 0.95 / day } else { 1.0 };
    let start = 2.0 + chance.unit() * (room - day * pressed).max(0.0);
    days.into_iter().map(|day| start + day * pressed).collect()
}

/// Whom a buyer pays next: referred within the community, somebody new, an old one, or the same.
fn step(
    chance: &mut Chance,
    target: &Target,
    facilitators: &[Facilitator],
    now: usize,
    met: &[usize],
) -> usize {
    let [referred, new, old] = target.steps;
    let draw = chance.unit();
    if draw < referred {
        let community = facilitators[now].community;
        let near: Vec<usize> = (0..facilitators.len())
            .filter(|other| *other != now && facilitators[*other].community == community)
            .collect();
        return chance.pick(&near).copied().unwrap_or(now);
    }
    if draw < referred + new {
        return chance.weighted(facilitators.iter().map(|facilitator| facilitator.attraction));
    }
    if draw < referred + new + old {
        return chance.pick(met).copied().unwrap_or(now);
    }
    now
}

/// The one who was referred passes a part on to the one who referred.
fn split(
    build: &mut Build<'_>,
    chance: &mut Chance,
    (from, to): (u32, u32),
    time_s: i64,
    usd: f64,
) {
    if from == to {
        return;
    }
    for _ in 0..chance.poisson(build.parameters.target.splits) {
        let later = time_s + (chance.uniform(0.02, 4.0) * DAY_S) as i64;
        let part = usd * chance.uniform(0.2, 0.6);
        build.pass_on(from, to, later, part, chance.below(3) as u8);
    }
}

/// Facilitators are paid for other reasons too: by dates, relatives, neighbours abroad.
fn legitimate_payers(
    build: &mut Build<'_>,
    chance: &mut Chance,
    facilitators: &[Facilitator],
    members: &[Member],
) {
    let parameters = build.parameters;
    let target = &parameters.target;
    let dating = |member: &Member| parameters.roles[member.role].name == "dating";
    let (dates, others): (Vec<&Member>, Vec<&Member>) =
        members.iter().partition(|member| dating(member));
    for account in facilitators.iter().flat_map(|facilitator| &facilitator.accounts) {
        if !chance.happens(target.also_legitimate) {
            continue;
        }
        let [fewest, most] = target.legitimate_payers;
        for _ in 0..chance.between(fewest, most) {
            let among = if chance.happens(target.legitimate_dating) { &dates } else { &others };
            let Some(member) = chance.pick(among) else { continue };
            if build.payers[member.payer as usize].buyer {
                continue;
            }
            let mean = parameters.roles[member.role].transfers / 4.0;
            for _ in 0..1 + chance.poisson(mean.min(6.0)) {
                extra(build, chance, member, *account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{From, Parameters, Variant, World};

    /// Transfers of each buyer to facilitators, most first.
    fn counts(world: &World) -> Vec<usize> {
        let mut counts = vec![0; world.payers.len()];
        for movement in &world.movements {
            if let From::Abroad(payer) = movement.from {
                let bought = world.payers[payer as usize].buyer
                    && world.payees[movement.to as usize].facilitator;
                counts[payer as usize] += usize::from(bought);
            }
        }
        counts.retain(|count| *count > 0);
        counts.sort_unstable_by(|a, b| b.cmp(a));
        counts
    }

    /// What one column would find by itself. The first generator of this kind gave buyers and
    /// facilitators away by these two.
    #[test]
    fn no_single_column_gives_them_away() {
        use std::collections::BTreeSet;

        use crate::quality::{Judged, average_precision};

        let world = World::generate(Parameters::new(2, Variant::In).with_transfers(200_000));
        let mut countries = vec![BTreeSet::new(); world.payers.len()];
        let mut onward = vec![0.0; world.payees.len()];
        for movement in &world.movements {
            match movement.from {
                From::Abroad(payer) => {
                    countries[payer as usize].insert(world.payees[movement.to as usize].corridor);
                }
                From::Domestic(payee) => onward[payee as usize] += 1.0,
            }
        }
        let judged = |score: f64, label: bool| Judged { score, label };
        let buyers: Vec<Judged> = world
            .payers
            .iter()
            .zip(&countries)
            .map(|(payer, countries)| judged(countries.len() as f64, payer.buyer))
            .collect();
        let by_countries = average_precision(&buyers);
        assert!(by_countries < 0.06, "destination countries alone: {by_countries}");
        let payees = world.payees.iter().zip(&onward);
        let payees: Vec<Judged> =
            payees.map(|(payee, onward)| judged(*onward, payee.facilitator)).collect();
        let by_onward = average_precision(&payees);
        assert!(by_onward < 0.06, "onward transfers alone: {by_onward}");
    }

    #[test]
    fn a_seed_gives_the_same_rows_and_the_truth_names_every_account() {
        use std::collections::BTreeSet;

        let text = |seed| {
            let world = world(seed, Variant::Hard);
            world.rows().map(|row| row.to_string()).collect::<Vec<_>>()
        };
        let rows = text(4);
        assert_eq!(rows, text(4));
        assert_ne!(rows, text(5));
        assert!((17_000..24_000).contains(&rows.len()), "{}", rows.len());
        let world = world(4, Variant::Hard);
        let named: BTreeSet<_> =
            world.truth().map(|(side, account, _)| format!("{}{account}", side.name())).collect();
        for row in world.rows() {
            assert!(named.contains(&format!("payer{}", row.payer_account)));
            assert!(named.contains(&format!("payee{}", row.payee_account)));
            assert!(row.amount_minor >= 100 && row.payer_account != row.payee_account);
        }
        assert_eq!(named.len(), world.truth().count());
    }

    fn world(seed: u64, variant: Variant) -> World {
        World::generate(Parameters::new(seed, variant).with_transfers(20_000))
    }

    #[test]
    fn buyers_pay_as_often_as_published() {
        let (mut means, mut tops, mut bottoms) = (Vec::new(), Vec::new(), Vec::new());
        for seed in 1..=12 {
            let counts = counts(&world(seed, Variant::In));
            assert_eq!(counts.len(), 200, "seed {seed}");
            let all = counts.iter().sum::<usize>() as f64;
            means.push(all / 200.0);
            tops.push(counts[..6].iter().sum::<usize>() as f64 / all);
            bottoms.push(counts[150..].iter().sum::<usize>() as f64 / all);
        }
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        assert!((9.5..12.1).contains(&mean(&means)), "mean transfers of a buyer {means:?}");
        assert!((0.42..0.60).contains(&mean(&tops)), "share of the top 3 % {tops:?}");
        assert!((0.018..0.032).contains(&mean(&bottoms)), "share of the bottom 25 % {bottoms:?}");
    }

    #[test]
    fn buyers_pay_as_much_as_published() {
        let median = |variant| {
            let world = world(3, variant);
            let bought = world.movements.iter().filter(|movement| {
                let buyer =
                    matches!(movement.from, From::Abroad(p) if world.payers[p as usize].buyer);
                buyer && world.payees[movement.to as usize].facilitator
            });
            let mut amounts: Vec<i64> = bought.map(|movement| movement.amount_minor).collect();
            amounts.sort_unstable();
            amounts[amounts.len() / 2]
        };
        assert!((3_300..=5_000).contains(&median(Variant::In)), "{}", median(Variant::In));
        assert!((1_400..=2_700).contains(&median(Variant::Shift)), "{}", median(Variant::Shift));
    }

    #[test]
    fn facilitators_are_paid_by_as_many_as_stated() {
        for (variant, low, high) in [(Variant::In, 0.70, 0.92), (Variant::Hard, 0.34, 0.52)] {
            let world = world(5, variant);
            let mut pairs: Vec<(u32, u32)> = Vec::new();
            for movement in &world.movements {
                if let From::Abroad(payer) = movement.from
                    && world.payees[movement.to as usize].facilitator
                {
                    pairs.push((payer, movement.to));
                }
            }
            pairs.sort_unstable();
            pairs.dedup();
            let buyers = pairs.iter().filter(|(payer, _)| world.payers[*payer as usize].buyer);
            let share = buyers.count() as f64 / pairs.len() as f64;
            assert!((low..high).contains(&share), "{variant:?}: {share}");
            let accounts = world.payees.iter().filter(|payee| payee.facilitator).count();
            assert!((80..150).contains(&accounts), "{accounts} accounts");
        }
    }
}
