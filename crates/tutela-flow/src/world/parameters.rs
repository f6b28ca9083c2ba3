//! Everything that a generated world is drawn from; `world.toml` holds it.

use serde::{Deserialize, Serialize};

use super::roles;

/// How buyers and facilitators of a world differ from those that models are estimated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// As published figures have it.
    In,
    /// Smaller amounts, younger, fewer nights, other countries, fewer shared phones.
    Shift,
    /// Referral communities are isolated from one another, and no facilitator attracts more than another.
    Frag,
    /// As `Frag`, and most facilitators are also paid by several people who mean no harm.
    Hard,
}

/// All variants, in the order of the documents.
pub const VARIANTS: [Variant; 4] = [Variant::In, Variant::Shift, Variant::Frag, Variant::Hard];

impl Variant {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Shift => "shift",
            Self::Frag => "frag",
            Self::Hard => "hard",
        }
    }
}

/// Every parameter of one world. The same parameters give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// What all chance comes from.
    pub seed: u64,
    /// Which variant the target part was set to.
    pub variant: Variant,
    /// First second of the period, seconds since 1970.
    pub start_s: i64,
    /// Length of the period.
    pub days: u32,
    /// Multiplies the senders of every legitimate role, and the domestic layer.
    pub legitimate_scale: f64,
    /// Institutions that senders choose from.
    pub institutions: u32,
    /// Shape of the loyalty to the first institution (beta).
    pub loyalty: [f64; 2],
    /// Share of legitimate payees that share a phone with the payee made before them.
    pub shared_phone: f64,
    /// Shape of the gamma that spreads counts within a role.
    pub count_shape: f64,
    /// Share of rounded amounts that are round in the payee's currency, not in dollars.
    pub round_at_destination: f64,
    /// Regions a country has.
    pub regions: u32,
    /// Transfers between payees of one country.
    pub domestic: Domestic,
    /// The buyers and facilitators.
    pub target: Target,
    /// Where senders live.
    pub origins: Vec<Origin>,
    /// Where money goes.
    pub corridors: Vec<Corridor>,
    /// The people who mean no harm.
    pub roles: Vec<Role>,
}

/// A country of senders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// ISO 3166, two letters.
    pub country: String,
    /// Weight among origins.
    pub share: f64,
    /// Hours from UTC.
    pub hours: i32,
}

/// A country of payees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Corridor {
    /// ISO 3166, two letters.
    pub country: String,
    /// Weight among corridors for those who mean no harm.
    pub share: f64,
    /// Weight among corridors for facilitators.
    pub target_share: f64,
    /// Units of the local currency for a dollar; invented, near the real one.
    pub rate: f64,
    /// Amounts that are round there are multiples of this.
    pub round: f64,
}

/// When the members of a role pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// Around the day of pay: every month for 60 %, every fortnight for the others.
    PayDay,
    /// Once a month at most, on a day of their own.
    Monthly,
    /// Whenever.
    Random,
    /// More and more often, and more and more.
    Escalating,
    /// Within six days of one day.
    Burst,
}

/// Whom the members of a role pay.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payees {
    /// Nobody else pays them.
    Own,
    /// So many members share a payee, evenly.
    Shared(f64),
    /// So many share one on average, a few payees having most of them (power law).
    Popular(f64),
}

/// One way of sending money that means no harm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Its name in this file; never in the transfers.
    pub name: String,
    /// Members at scale 1.
    pub senders: u32,
    /// Mean transfers of a member in the whole period.
    pub transfers: f64,
    /// Fewest and most payees of a member.
    pub payees: [u32; 2],
    /// Few payees are likelier than many (geometric), not all counts alike.
    pub few_payees: bool,
    /// Whom they pay.
    pub paid: Payees,
    /// Median amount in dollars.
    pub median_usd: f64,
    /// Log-deviation of amounts between members.
    pub between: f64,
    /// Log-deviation of amounts of one member.
    pub within: f64,
    /// Share of men.
    pub male: f64,
    /// Mean age and its deviation.
    pub age: [f64; 2],
    /// Share of transfers between 22 and 5 o'clock where the sender lives.
    pub night: f64,
    /// When they pay.
    pub cadence: Cadence,
    /// Share of payees who bear the sender's surname.
    pub same_surname: f64,
    /// Share of members who pay into several countries.
    pub several_countries: f64,
    /// Share of amounts that are rounded.
    pub rounded: f64,
    /// Weights of the purposes, in the order of `PURPOSES`.
    pub purposes: [f64; 6],
}

/// Transfers between payees of one country: wallets are spent as well as filled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Domestic {
    /// How many at scale 1.
    pub transfers: u32,
    /// Exponent of the activity of those who pay (Pareto).
    pub activity: f64,
    /// Median amount in dollars.
    pub median_usd: f64,
    /// Its log-deviation.
    pub within: f64,
}

/// Buyers and facilitators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Payers of facilitators for what this project is about.
    pub buyers: u32,
    /// People behind the accounts that they pay.
    pub facilitators: u32,
    /// Share of buyers who are customers with a legitimate role as well.
    pub camouflaged: f64,
    /// Median amount in dollars of those who pay often, and of the others.
    pub median_usd: [f64; 2],
    /// Log-deviations of amounts, between buyers and of one buyer.
    pub deviation: [f64; 2],
    /// By how much amounts have grown at the end of a buyer's time.
    pub escalation: f64,
    /// Share of amounts that are rounded.
    pub rounded: f64,
    /// Share of transfers at night where the buyer lives.
    pub night: f64,
    /// Mean age and its deviation.
    pub age: [f64; 2],
    /// Share of men.
    pub male: f64,
    /// Median days between transfers: prolific, more than five, others.
    pub gap_days: [f64; 3],
    /// Share of transfers through each of three institutions.
    pub institutions: [f64; 3],
    /// Success of the geometric that sizes a community of referral (1 to 9 members).
    pub community: f64,
    /// Share of a community that lives in its home region.
    pub home_region: f64,
    /// Most accounts that one facilitator receives on.
    pub identities: u32,
    /// Share of a community's accounts that bear its surname.
    pub same_surname: f64,
    /// Share of a facilitator's accounts that have the first one's phone.
    pub same_phone: f64,
    /// Exponent of how facilitators attract first payments (Pareto); 0 is all alike.
    pub attraction: f64,
    /// After each transfer: referred within the community, to a new one by attraction, back to an old one.
    pub steps: [f64; 3],
    /// Share of transfers to another account of the same facilitator.
    pub other_identity: f64,
    /// Mean onward transfers between two facilitators of a referral.
    pub splits: f64,
    /// Share of facilitators' accounts that people who mean no harm pay too.
    pub also_legitimate: f64,
    /// Fewest and most of those people.
    pub legitimate_payers: [u32; 2],
    /// Share of those people who are in the role named `dating`.
    pub legitimate_dating: f64,
}

impl Parameters {
    /// The world of a variant at scale 1: some 1.1 million transfers, 74,000 senders.
    pub fn new(seed: u64, variant: Variant) -> Self {
        let mut parameters = roles::published(seed);
        parameters.variant = variant;
        let target = &mut parameters.target;
        match variant {
            Variant::In => {}
            Variant::Shift => {
                target.median_usd = [16.0, 26.0];
                target.age = [44.0, 11.0];
                target.night = 0.40;
                target.same_phone = 0.20;
                parameters.corridors = roles::corridors(0.20);
            }
            Variant::Frag => isolate(target),
            Variant::Hard => {
                isolate(target);
                target.also_legitimate = 0.85;
                target.legitimate_payers = [2, 8];
                target.legitimate_dating = 0.7;
            }
        }
        parameters
    }

    /// Scales the legitimate side so that the world has about this many transfers in all.
    /// Buyers and facilitators stay as many as they are.
    pub fn with_transfers(mut self, transfers: u64) -> Self {
        let target = f64::from(self.target.buyers) * roles::TRANSFERS_OF_A_BUYER;
        let unit = self.roles.iter().map(roles::expected).sum::<f64>()
            + f64::from(self.domestic.transfers);
        self.legitimate_scale = ((transfers as f64 - target) / unit).max(0.0);
        self
    }
}

fn isolate(target: &mut Target) {
    target.steps[1] = 0.0;
    target.attraction = 0.0;
}
