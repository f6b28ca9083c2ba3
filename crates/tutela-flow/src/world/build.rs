//! A world while it is drawn: accounts and transfers as they come.

use super::{From, Movement, Parameters, Payee, Payer};
use crate::chance::Chance;

pub(super) const DAY_S: f64 = 86_400.0;

/// Everything drawn so far.
pub(super) struct Build<'p> {
    pub(super) parameters: &'p Parameters,
    pub(super) payers: Vec<Payer>,
    pub(super) payees: Vec<Payee>,
    pub(super) movements: Vec<Movement>,
    surnames: u32,
    phones: u32,
}

/// Which institutions a payer uses: the first, and two others where the first is not used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habit {
    pub(super) institutions: [u8; 3],
    pub(super) shares: [f64; 3],
}

/// How somebody pays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'m> {
    pub(super) rounding: Rounding,
    pub(super) habit: Habit,
    /// Weights of the purposes.
    pub(super) purposes: &'m [f64],
}

/// How amounts are rounded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rounding {
    pub(super) rounded: f64,
    pub(super) at_destination: f64,
}

impl<'p> Build<'p> {
    pub(super) fn new(parameters: &'p Parameters) -> Self {
        let (payers, payees, movements) = (Vec::new(), Vec::new(), Vec::new());
        Self { parameters, payers, payees, movements, surnames: 0, phones: 0 }
    }

    /// Surnames are numbers: one that nobody has, or one of a common stock.
    pub(super) fn surname(&mut self, chance: &mut Chance) -> u32 {
        const COMMON: u32 = 2_000;
        if chance.happens(0.3) {
            return (COMMON as f64 * chance.unit().powi(2)) as u32;
        }
        self.surnames += 1;
        COMMON + self.surnames
    }

    pub(super) fn phone(&mut self) -> u32 {
        self.phones += 1;
        self.phones
    }

    /// A payer of somewhere, of this age and sex; the year of birth is counted from the period's first.
    pub(super) fn payer(&mut self, chance: &mut Chance, age: [f64; 2], male: f64) -> u32 {
        let origins = &self.parameters.origins;
        let origin = chance.weighted(origins.iter().map(|origin| origin.share)) as u8;
        let years = (age[0] + age[1] * chance.normal()).round().clamp(18.0, 85.0);
        let surname = self.surname(chance);
        self.payers.push(Payer {
            origin,
            birth_year: 2025 - years as u16,
            male: chance.happens(male),
            surname,
            buyer: false,
        });
        self.payers.len() as u32 - 1
    }

    /// A payee of this country with a phone of its own, or the phone of the payee before it.
    pub(super) fn payee(&mut self, chance: &mut Chance, corridor: u8, surname: Option<u32>) -> u32 {
        let surname = surname.unwrap_or_else(|| self.surname(chance));
        let shared = chance.happens(self.parameters.shared_phone);
        let before = self.payees.last().filter(|payee| shared && payee.corridor == corridor);
        let neighbour = before.map(|payee| (payee.phone, payee.region));
        let (phone, region) = match neighbour {
            Some(neighbour) => neighbour,
            None => (self.phone(), chance.below(self.parameters.regions as usize) as u8),
        };
        let (facilitator, sends) = (false, false);
        self.payees.push(Payee {
            corridor,
            region,
            surname,
            phone,
            facilitator,
            community: 0,
            sends,
        });
        self.payees.len() as u32 - 1
    }

    pub(super) fn corridor(&self, chance: &mut Chance) -> u8 {
        chance.weighted(self.parameters.corridors.iter().map(|corridor| corridor.share)) as u8
    }

    pub(super) fn habit(&self, chance: &mut Chance) -> Habit {
        let of = self.parameters.institutions.max(1) as usize;
        let [a, b] = self.parameters.loyalty;
        let loyal = chance.beta(a, b);
        let institutions = [(); 3].map(|()| chance.below(of) as u8);
        Habit { institutions, shares: [loyal, (1.0 - loyal) * 0.7, (1.0 - loyal) * 0.3] }
    }

    /// Keeps a transfer from abroad.
    pub(super) fn send(
        &mut self,
        chance: &mut Chance,
        (payer, payee): (u32, u32),
        time_s: i64,
        usd: f64,
        manner: Manner<'_>,
    ) {
        let Manner { rounding, habit, purposes } = manner;
        let corridor =
            &self.parameters.corridors[usize::from(self.payees[payee as usize].corridor)];
        let amount_minor = rounded(chance, usd, rounding, corridor.rate, corridor.round);
        let institution = habit.institutions[chance.weighted(habit.shares.into_iter())];
        let purpose = chance.weighted(purposes.iter().copied()) as u8;
        let from = From::Abroad(payer);
        let to = payee;
        self.movements.push(Movement { time_s, from, to, amount_minor, institution, purpose });
    }

    /// Keeps a transfer between two payees.
    pub(super) fn pass_on(&mut self, from: u32, to: u32, time_s: i64, usd: f64, institution: u8) {
        self.payees[from as usize].sends = true;
        let amount_minor = cents(usd);
        let from = From::Domestic(from);
        self.movements.push(Movement { time_s, from, to, amount_minor, institution, purpose: 0 });
    }

    /// Moves a day to an hour of the payer's own clock: at night with this probability.
    pub(super) fn clock(&self, chance: &mut Chance, payer: u32, day: f64, night: f64) -> i64 {
        let origin = usize::from(self.payers[payer as usize].origin);
        let hours = self.parameters.origins[origin].hours;
        self.hour(chance, day, night, hours)
    }

    pub(super) fn hour(&self, chance: &mut Chance, day: f64, night: f64, hours: i32) -> i64 {
        let local = if chance.happens(night) {
            22.0 + 7.0 * chance.unit()
        } else {
            5.0 + 17.0 * chance.unit()
        };
        let day = day.clamp(1.0, f64::from(self.parameters.days) - 2.0).floor();
        let seconds = day * DAY_S + (local - f64::from(hours)) * 3_600.0;
        self.parameters.start_s + seconds as i64
    }
}

fn cents(usd: f64) -> i64 {
    (usd * 100.0).round().max(100.0) as i64
}

/// Cents of an amount, round in dollars, round at the destination, or as it comes.
fn rounded(chance: &mut Chance, usd: f64, rounding: Rounding, rate: f64, round: f64) -> i64 {
    if !chance.happens(rounding.rounded) {
        return cents(usd);
    }
    if chance.happens(rounding.at_destination) {
        let step = round / rate;
        return cents((usd / step).round().max(1.0) * step);
    }
    let step = match usd {
        small if small < 100.0 => 5.0,
        middle if middle < 500.0 => 10.0,
        _ => 50.0,
    };
    cents((usd / step).round().max(1.0) * step)
}
