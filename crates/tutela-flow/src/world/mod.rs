//! Generated worlds of payments: what models are estimated on and tools are compared with.
//!
//! Nobody in them exists. People who mean no harm are drawn from the roles of [`Parameters`]; a few
//! buyers and facilitators are drawn beside and among them, after published figures. A seed gives the
//! same world each time. The truth stands apart from the transfers, and no column carries a role.

mod build;
mod legitimate;
mod parameters;
mod roles;
mod rows;
mod target;

pub use parameters::{
    Cadence, Corridor, Domestic, Origin, Parameters, Payees, Role, Target, VARIANTS, Variant,
};
pub use roles::PURPOSES;
pub use rows::{COLUMNS, Row};

/// Somebody who sends money from abroad.
#[derive(Debug, Clone)]
pub struct Payer {
    /// Place in `Parameters::origins`.
    origin: u8,
    birth_year: u16,
    male: bool,
    surname: u32,
    buyer: bool,
}

/// An account that receives money, and may pass it on within its country.
#[derive(Debug, Clone)]
pub struct Payee {
    /// Place in `Parameters::corridors`.
    corridor: u8,
    region: u8,
    surname: u32,
    phone: u32,
    facilitator: bool,
    /// Number of a community of facilitators, from 1; 0 for everybody else.
    community: u32,
    sends: bool,
}

/// Who pays in a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum From {
    Abroad(u32),
    /// A payee who passes money on.
    Domestic(u32),
}

/// One transfer, by places in the lists of payers and payees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Movement {
    time_s: i64,
    from: From,
    to: u32,
    amount_minor: i64,
    institution: u8,
    purpose: u8,
}

/// A side of the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Accounts that pay; buyers are looked for.
    Payer,
    /// Accounts that are paid; facilitators are looked for.
    Payee,
}

impl Side {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::Payee => "payee",
        }
    }
}

/// A world, in time order.
#[derive(Debug, Clone)]
pub struct World {
    parameters: Parameters,
    payers: Vec<Payer>,
    payees: Vec<Payee>,
    movements: Vec<Movement>,
}

impl World {
    /// Draws the world of these parameters: O(T log T) time, some 50 bytes a transfer.
    pub fn generate(parameters: Parameters) -> Self {
        let mut build = build::Build::new(&parameters);
        let members = legitimate::draw(&mut build);
        legitimate::domestic(&mut build);
        target::draw(&mut build, &members);
        let build::Build { payers, payees, mut movements, .. } = build;
        movements.sort_unstable();
        Self { parameters, payers, payees, movements }
    }

    /// What it was drawn from.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// How many transfers it has.
    pub fn transfers(&self) -> usize {
        self.movements.len()
    }

    /// How many accounts pay, and how many are paid.
    pub fn accounts(&self) -> (usize, usize) {
        let domestic = self.payees.iter().filter(|payee| payee.sends).count();
        let paid = self.received().into_iter().filter(|paid| *paid).count();
        (self.payers.len() + domestic, paid)
    }

    /// How many buyers and facilitators' accounts it has.
    pub fn labelled(&self) -> (usize, usize) {
        let buyers = self.payers.iter().filter(|payer| payer.buyer).count();
        (buyers, self.payees.iter().filter(|payee| payee.facilitator).count())
    }
}
