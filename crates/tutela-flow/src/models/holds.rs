//! Pure table: would what a feature says hold outside the data it was learnt from?

/// The kinds of argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holds {
    /// A published warning sign that rests on behaviour.
    Published,
    /// How many others look like it: the density of the network, which differs from institution to institution.
    Network,
    /// Names and phones, which are written differently everywhere.
    Writing,
    /// Time and number, which depend on how long the data reach and on what else the institution sees.
    Period,
    /// The score of a counterparty: as good as what that score rests on.
    Counterparty,
    /// Other uses of the account, which no source describes.
    Habit,
    /// What a person is, not what they do.
    Person,
}

impl Holds {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Network => "network",
            Self::Writing => "writing",
            Self::Period => "period",
            Self::Counterparty => "counterparty",
            Self::Habit => "habit",
            Self::Person => "person",
        }
    }

    /// The argument, in one or two sentences.
    pub const fn argument(self) -> &'static str {
        match self {
            Self::Published => {
                "Published as a warning sign by authorities. It should hold elsewhere in kind; how much it weighs is from these data."
            }
            Self::Network => {
                "It counts what others in the same data do. Another institution sees more or fewer of them: expect the weight to change."
            }
            Self::Writing => {
                "It needs names or phones that are written alike. Where they are not, it says nothing; it must not count against those without relatives' names."
            }
            Self::Period => {
                "It depends on how long the data reach and on what part of a person's payments the institution sees. Be careful with it elsewhere."
            }
            Self::Counterparty => {
                "It rests on the score of those paid or paying. It is as good as that score, and errors travel with it."
            }
            Self::Habit => {
                "It tells what else the account is used for. No source describes it for this crime: take it for a property of these data until it is seen elsewhere."
            }
            Self::Person => {
                "It tells what a person is. It is used only on the legal basis that is named, and is no reason by itself."
            }
        }
    }
}

use Holds::{Counterparty, Habit, Network, Period, Person, Published, Writing};

#[rustfmt::skip]
const FEATURES: &[(Holds, &[&str])] = &[
    (Published, &["payers", "median_amount", "amount_spread", "small_share", "round_share", "night_share", "payer_countries", "payers_per_month",
        "payees", "payee_countries", "institutions", "payer_median_spread", "referred_payers", "onward_after_receipt", "new_payees_rate"]),
    (Network, &["payees_of_its_payers", "payees_sharing_two_payers", "most_payers_shared", "region_shared_payers", "widest_payee",
        "mean_payers_of_payees", "payees_in_one_region", "payees_sharing_payers", "share_to_shared_payees"]),
    (Writing, &["same_surname_share", "payees_of_phone", "phone_shared_payers", "payees_of_one_phone"]),
    (Period, &["median_gap_days", "active_days", "transfers", "transfers_per_payer", "one_time_payers_share", "largest_payer_share", "largest_payee_share"]),
    (Habit, &["onward_transfers", "onward_payees", "domestic_received", "passes_on_received", "domestic_share"]),
    (Person, &["age", "male"]),
];

/// The argument about a feature; of two joined by ` × `, about the first. What is measured of neighbours' scores is
/// [`Holds::Counterparty`].
pub fn holds(feature: &str) -> Holds {
    let first = feature.split(" × ").next().unwrap_or(feature);
    let found = FEATURES.iter().find(|(_, features)| features.contains(&first));
    found.map_or(Counterparty, |(holds, _)| *holds)
}

#[cfg(test)]
mod tests {
    use super::{Holds, holds};
    use crate::models::evidence::{OF_PAYEES, OF_PAYERS};
    use crate::models::features::{PAYEE, PAYER, PERSON};

    #[test]
    fn every_feature_has_its_argument() {
        for feature in PAYEE.iter().chain(&PAYER) {
            assert_ne!(holds(feature), Holds::Counterparty, "{feature}");
        }
        assert!(OF_PAYEES.iter().chain(&OF_PAYERS).all(|one| holds(one) == Holds::Counterparty));
        assert!(PERSON.iter().all(|one| holds(one) == Holds::Person));
        assert_eq!(holds("payers × night_share"), Holds::Published);
        assert!(Holds::Habit.argument().ends_with('.') && Holds::Habit.as_str() == "habit");
    }
}
