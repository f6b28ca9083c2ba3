//! A world as rows of the canonical columns, and its truth.

use std::fmt;

use tutela_core::{
    AccountId, Currency, Money, PartyRecord, Timestamp, Transfer, TransferId, TransferRecord,
};

use super::roles::PURPOSES;
use super::{From, Side, World};
use crate::chance::scatter;
use crate::models::evidence::Known;
use crate::models::graph::{Account, Flow, Graph};
use crate::transfers::{Rates, Transfers, TransfersBuilder};

/// The columns of a row, in order.
pub const COLUMNS: [&str; 17] = [
    "transfer_id",
    "time",
    "amount",
    "currency",
    "payer_account",
    "payee_account",
    "payer_name",
    "payer_country",
    "payer_birth_year",
    "payer_sex",
    "payee_name",
    "payee_country",
    "payee_region",
    "payee_phone",
    "channel",
    "institution",
    "purpose",
];

/// One transfer. All it holds is invented; a field that a transfer does not have is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'w> {
    /// Its id.
    pub transfer_id: String,
    /// When.
    pub time: Timestamp,
    /// Cents of a dollar.
    pub amount_minor: i64,
    /// Who pays.
    pub payer_account: String,
    /// Who is paid.
    pub payee_account: String,
    /// A made-up name: the last word is the surname.
    pub payer_name: String,
    /// ISO 3166, two letters.
    pub payer_country: &'w str,
    /// Of a sender from abroad.
    pub payer_birth_year: Option<u16>,
    /// `m` or `f`, of a sender from abroad.
    pub payer_sex: &'static str,
    /// A made-up name.
    pub payee_name: String,
    /// ISO 3166, two letters.
    pub payee_country: &'w str,
    /// Country and number.
    pub payee_region: String,
    /// Under a country code that is not assigned.
    pub payee_phone: String,
    /// `remittance` or `wallet`.
    pub channel: &'static str,
    /// A number.
    pub institution: String,
    /// One of `PURPOSES`.
    pub purpose: &'static str,
}

impl Row<'_> {
    /// The row as a reader would give it, in dollars, with its number from 1.
    pub fn record(&self, row: u64) -> TransferRecord {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let transfer = Transfer {
            id: TransferId(self.transfer_id.clone()),
            time: self.time,
            amount: Money { minor: self.amount_minor, currency: Currency::USD },
            payer: AccountId(self.payer_account.clone()),
            payee: AccountId(self.payee_account.clone()),
        };
        TransferRecord {
            payer: PartyRecord {
                name: said(&self.payer_name),
                country: said(self.payer_country),
                birth_year: self.payer_birth_year,
                sex: said(self.payer_sex),
                ..PartyRecord::default()
            },
            payee: PartyRecord {
                name: said(&self.payee_name),
                country: said(self.payee_country),
                region: said(&self.payee_region),
                phone: said(&self.payee_phone),
                ..PartyRecord::default()
            },
            channel: said(self.channel),
            institution: said(&self.institution),
            purpose: said(self.purpose),
            ..TransferRecord::bare(row, transfer)
        }
    }
}

impl fmt::Display for Row<'_> {
    /// The row as CSV. No value needs quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { transfer_id, time, amount_minor, payer_account, payee_account, .. } = self;
        let (whole, cents) = (amount_minor / 100, amount_minor % 100);
        write!(f, "{transfer_id},{time},{whole}.{cents:02},USD,{payer_account},{payee_account},")?;
        let born = self.payer_birth_year.map(|year| year.to_string()).unwrap_or_default();
        let Self { payer_name, payer_country, payer_sex, payee_name, payee_country, .. } = self;
        write!(f, "{payer_name},{payer_country},{born},{payer_sex},{payee_name},{payee_country},")?;
        let Self { payee_region, payee_phone, channel, institution, purpose, .. } = self;
        write!(f, "{payee_region},{payee_phone},{channel},{institution},{purpose}")
    }
}

impl World {
    /// All transfers in time order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.movements.len()).filter_map(|place| self.row(place))
    }

    fn row(&self, place: usize) -> Option<Row<'_>> {
        let movement = self.movements[place];
        let payee = &self.payees[movement.to as usize];
        let payee_country = &self.parameters.corridors[usize::from(payee.corridor)].country;
        let (payer_name, payer_country, payer_birth_year, payer_sex, channel) = match movement.from
        {
            From::Abroad(payer) => {
                let origin = &self.parameters.origins;
                let of = &self.payers[payer as usize];
                let sex = if of.male { "m" } else { "f" };
                let country = origin[usize::from(of.origin)].country.as_str();
                (name(payer, of.surname), country, Some(of.birth_year), sex, "remittance")
            }
            From::Domestic(from) => {
                let of = &self.payees[from as usize];
                let country = &self.parameters.corridors[usize::from(of.corridor)].country;
                (name(from ^ 0x5555, of.surname), country.as_str(), None, "", "wallet")
            }
        };
        Some(Row {
            transfer_id: format!("t{:09}", place + 1),
            time: Timestamp::from_second(movement.time_s).ok()?,
            amount_minor: movement.amount_minor,
            payer_account: self.account(movement.from),
            payee_account: self.account(From::Domestic(movement.to)),
            payer_name,
            payer_country,
            payer_birth_year,
            payer_sex,
            payee_name: name(movement.to ^ 0x5555, payee.surname),
            payee_country,
            payee_region: format!("{payee_country}-{:02}", payee.region),
            payee_phone: format!("+999{:09}", scatter(u64::from(payee.phone)) % 1_000_000_000),
            channel,
            institution: format!("institution-{}", movement.institution),
            purpose: PURPOSES[usize::from(movement.purpose)],
        })
    }

    /// Every account of each side that is asked about, and whether it is what is looked for.
    /// A payee who passes money on stands on both sides; as a payer it is no buyer.
    pub fn truth(&self) -> impl Iterator<Item = (Side, String, bool)> {
        let abroad = self.payers.iter().enumerate();
        let abroad = abroad
            .map(|(n, payer)| (Side::Payer, self.account(From::Abroad(n as u32)), payer.buyer));
        let domestic = self.payees.iter().enumerate().filter(|(_, payee)| payee.sends);
        let domestic =
            domestic.map(|(n, _)| (Side::Payer, self.account(From::Domestic(n as u32)), false));
        let received = self.received();
        let paid = self.payees.iter().enumerate().filter(move |(n, _)| received[*n]);
        let paid = paid.map(|(n, payee)| {
            (Side::Payee, self.account(From::Domestic(n as u32)), payee.facilitator)
        });
        abroad.chain(domestic).chain(paid)
    }

    /// The accounts of facilitators that were paid, each with the number of its community, from 1.
    pub fn communities(&self) -> impl Iterator<Item = (String, u32)> {
        let received = self.received();
        let of = self.payees.iter().enumerate();
        let of = of.filter(move |(n, payee)| received[*n] && payee.community > 0);
        of.map(|(n, payee)| (self.account(From::Domestic(n as u32)), payee.community))
    }

    /// The transfers as columns, as a reader of their rows would make them.
    pub fn columns(&self) -> Transfers {
        let mut builder = TransfersBuilder::new(Rates::only(Currency::USD));
        for (n, row) in (1..).zip(self.rows()) {
            let transfer = Transfer {
                id: TransferId(row.transfer_id),
                time: row.time,
                amount: Money { minor: row.amount_minor, currency: Currency::USD },
                payer: AccountId(row.payer_account),
                payee: AccountId(row.payee_account),
            };
            let mut record = TransferRecord::bare(n, transfer);
            record.payer.name = Some(row.payer_name);
            record.payer.country = Some(row.payer_country.to_owned());
            record.payee.name = Some(row.payee_name);
            record.payee.country = Some(row.payee_country.to_owned());
            record.payee.region = Some(row.payee_region);
            record.payee.phone = Some(row.payee_phone);
            record.institution = Some(row.institution);
            // Rows of one world have ids of their own and times that can be.
            let taken = builder.push(&record);
            debug_assert_eq!(taken, Ok(()));
        }
        builder.finish()
    }

    pub(super) fn received(&self) -> Vec<bool> {
        let mut received = vec![false; self.payees.len()];
        for movement in &self.movements {
            received[movement.to as usize] = true;
        }
        received
    }

    /// An id that says nothing: places are scattered by a bijection before they are printed.
    fn account(&self, of: From) -> String {
        let place = match of {
            From::Abroad(n) => u64::from(n) << 1,
            From::Domestic(n) => (u64::from(n) << 1) | 1,
        };
        format!("a{:016x}", scatter(place ^ self.parameters.seed.rotate_left(33)))
    }
}

/// A given name of numbers and a surname of numbers.
fn name(given: u32, surname: u32) -> String {
    format!("Given{} Family{surname}", scatter(u64::from(given)) % 1_000)
}

impl World {
    /// The same transfers and truth as a graph, without the way over text. What a person is, is left in;
    /// whoever asks for features decides whether it is used.
    pub fn known(&self) -> Known {
        let many = self.payers.len();
        let parameters = &self.parameters;
        let payers = self.payers.iter().map(|payer| Account {
            country: 100 + u16::from(payer.origin),
            surname: payer.surname + 1,
            hours: parameters.origins[usize::from(payer.origin)].hours as i8,
            birth_year: payer.birth_year,
            male: Some(payer.male),
            ..Account::default()
        });
        let payees = self.payees.iter().map(|payee| Account {
            country: u16::from(payee.corridor),
            region: 1 + u32::from(payee.corridor) * 1_000 + u32::from(payee.region),
            phone: payee.phone + 1,
            surname: payee.surname + 1,
            ..Account::default()
        });
        let flows = self.movements.iter().map(|movement| {
            let (payer, domestic) = match movement.from {
                From::Abroad(payer) => (payer, false),
                From::Domestic(payee) => (many as u32 + payee, true),
            };
            Flow {
                time_s: movement.time_s,
                payer,
                payee: many as u32 + movement.to,
                amount: movement.amount_minor as f32 / 100.0,
                institution: u16::from(movement.institution),
                domestic,
            }
        });
        let mut buyers: Vec<bool> = self.payers.iter().map(|payer| payer.buyer).collect();
        let mut facilitators = vec![false; many];
        buyers.resize(many + self.payees.len(), false);
        facilitators.extend(self.payees.iter().map(|payee| payee.facilitator));
        let graph = Graph::new(payers.chain(payees).collect(), flows.collect());
        Known { graph, buyers, facilitators }
    }
}
