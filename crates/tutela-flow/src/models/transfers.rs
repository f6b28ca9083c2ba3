//! From transfers as they were read to the graph that models score.

use std::collections::HashMap;

use super::graph::{Account, Flow, Graph};
use crate::transfers::{Country, Side, Transfers};

/// Hours that the clocks of a country are ahead of UTC, where most of its people live, without summer
/// time. Enough to tell night from day; a country that is not here counts as UTC.
const HOURS: [(&str, i8); 36] = [
    ("AE", 4),
    ("AT", 1),
    ("AU", 10),
    ("BD", 6),
    ("BE", 1),
    ("BR", -3),
    ("CA", -5),
    ("CH", 1),
    ("CO", -5),
    ("DE", 1),
    ("DK", 1),
    ("DO", -4),
    ("ES", 1),
    ("FI", 2),
    ("FR", 1),
    ("GH", 0),
    ("ID", 7),
    ("IN", 5),
    ("IT", 1),
    ("JM", -5),
    ("JP", 9),
    ("KE", 3),
    ("KH", 7),
    ("LK", 5),
    ("MX", -6),
    ("NG", 1),
    ("NL", 1),
    ("NO", 1),
    ("NZ", 12),
    ("PH", 8),
    ("PK", 5),
    ("RO", 2),
    ("SA", 3),
    ("SE", 1),
    ("SG", 8),
    ("US", -6),
];

fn number(country: Option<Country>) -> u16 {
    country.map_or(0, |country| {
        country.as_str().bytes().fold(0, |sum, byte| sum * 32 + u16::from(byte - b'A' + 1))
    })
}

fn hours(country: Option<Country>) -> i8 {
    let known = country.and_then(|country| HOURS.iter().find(|of| of.0 == country.as_str()));
    known.map_or(0, |of| of.1)
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
        assert_eq!((hours(here), hours(there), hours(None)), (8, -6, 0));
    }
}
