//! From transfers as they were read to the graph that models score.

use std::collections::HashMap;

use super::graph::{Account, Flow, Graph};
use crate::profiles::offset_s;
use crate::transfers::{Country, Side, Transfers};

pub(crate) fn number(country: Option<Country>) -> u16 {
    country.map_or(0, |country| {
        country.as_str().bytes().fold(0, |sum, byte| sum * 32 + u16::from(byte - b'A' + 1))
    })
}

/// Whole hours that a country's clocks are ahead of UTC; one that nobody wrote down counts as UTC.
pub(crate) fn hours(country: Option<Country>) -> i8 {
    let offset_s = country.and_then(offset_s).unwrap_or(0);
    offset_s.div_euclid(3_600) as i8
}

impl Graph {
    /// The graph of these transfers; accounts keep their numbers. Transfers without a comparable amount
    /// are left out: `Transfers::without_rate` says how many. O(T log T).
    pub fn of(transfers: &Transfers) -> Self {
        let mut words = HashMap::new();
        let mut word = |of| {
            let next = words.len() as u32 + 1;
            match of {
                Some(word) => *words.entry(word).or_insert(next),
                None => 0,
            }
        };
        let accounts: Vec<Account> = (0..transfers.accounts())
            .map(|account| {
                let about = transfers.about(account);
                let sex = about.sex.map(|sex| transfers.word(sex));
                Account {
                    country: number(about.country),
                    region: word(about.region),
                    phone: word(about.phone),
                    surname: word(about.surname),
                    hours: hours(about.country),
                    birth_year: about.birth_year,
                    male: sex.map(|sex| sex.starts_with(['m', 'M'])),
                }
            })
            .collect();
        let mut flows = Vec::with_capacity(transfers.len());
        for transfer in 0..transfers.len() as u32 {
            let Some(minor) = transfers.reference_minor(transfer) else { continue };
            let [payer, payee] =
                [Side::Payer, Side::Payee].map(|side| transfers.end(side, transfer));
            let [from, to] = [payer, payee].map(|account| accounts[account as usize].country);
            flows.push(Flow {
                time_s: i64::from(transfers.time_s(transfer)),
                payer,
                payee,
                amount: minor as f32 / 100.0,
                institution: word(transfers.institution(transfer)) as u16,
                domestic: from != 0 && from == to,
            });
        }
        Self::new(accounts, flows)
    }
}

#[cfg(test)]
mod tests {
    use super::{hours, number};
    use crate::transfers::Country;

    #[test]
    fn countries_have_numbers_and_clocks() {
        let [here, there] = ["PH", "US"].map(Country::parse);
        assert!(number(here) != number(there) && number(here) != 0 && number(None) == 0);
        assert_eq!((hours(here), hours(there), hours(None)), (8, -5, 0));
    }
}
