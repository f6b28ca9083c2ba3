//! Pure table: what each feature says, as a sentence with its value.

/// How a value is written into its sentence.
#[derive(Clone, Copy)]
enum As {
    Number,
    Percent,
    /// The value is the logarithm of an amount in the reference currency.
    Amount,
    /// The value is a logarithm of odds: shown as given, a higher one is more like what is looked for.
    Score,
}

use As::{Amount, Number, Percent, Score};

const SENTENCES: [(&str, As, &str); 61] = [
    ("base", Score, "What every account starts from ({})."),
    ("payers", Number, "Paid by {} accounts abroad."),
    ("transfers_per_payer", Number, "Each payer makes {} transfers on average."),
    ("median_amount", Amount, "Half of the amounts are at most {}."),
    ("amount_spread", Number, "Amounts spread by {} in logarithms; 0 is all alike."),
    ("small_share", Percent, "{} of the amounts are at most 100."),
    ("round_share", Percent, "{} of the amounts are multiples of five."),
    (
        "night_share",
        Percent,
        "{} of the transfers are made between 22 and 5 o'clock where the payer lives.",
    ),
    ("payer_countries", Number, "Payers live in {} countries."),
    ("same_surname_share", Percent, "{} of the counterparties bear the same surname."),
    ("largest_payer_share", Percent, "The largest payer makes {} of the transfers."),
    ("median_gap_days", Number, "Half of the gaps between transfers are at most {} days."),
    ("active_days", Number, "{} days lie between the first transfer and the last."),
    ("payers_per_month", Number, "{} payers come in a month."),
    ("payees_of_phone", Number, "{} receiving accounts have its phone."),
    ("onward_transfers", Number, "It makes {} transfers of its own."),
    ("onward_payees", Number, "It pays {} accounts itself."),
    ("onward_after_receipt", Number, "{} transfers go on within four days of a receipt."),
    ("domestic_received", Number, "It receives {} transfers within its country."),
    ("payees_of_its_payers", Number, "Its payers pay {} accounts each, on average."),
    (
        "payees_sharing_two_payers",
        Number,
        "{} other payees have two payers or more in common with it.",
    ),
    ("most_payers_shared", Number, "One other payee has {} payers in common with it."),
    (
        "region_shared_payers",
        Number,
        "{} times one of its payers also pays somebody in its region.",
    ),
    (
        "phone_shared_payers",
        Number,
        "{} times one of its payers also pays an account with its phone.",
    ),
    ("referred_payers", Number, "{} times a payer came from another payee within 60 days."),
    ("one_time_payers_share", Percent, "{} of the payers pay once."),
    ("payer_median_spread", Number, "What payers pay on average spreads by {} in logarithms."),
    ("transfers", Number, "It makes {} transfers abroad."),
    ("payees", Number, "It pays {} accounts abroad."),
    ("payee_countries", Number, "It pays into {} countries."),
    ("largest_payee_share", Percent, "The payee it favours gets {} of its transfers."),
    ("institutions", Number, "It pays through {} institutions."),
    ("widest_payee", Number, "One of its payees is paid by {} accounts."),
    ("mean_payers_of_payees", Number, "Its payees are paid by {} accounts on average."),
    ("payees_in_one_region", Number, "{} payees without its surname live in one region."),
    ("payees_of_one_phone", Number, "{} payees without its surname have one phone."),
    ("payees_sharing_payers", Number, "{} of its payees are paid by others too."),
    ("new_payees_rate", Number, "{} payees a transfer."),
    ("share_to_shared_payees", Percent, "{} of its transfers go to payees whom others pay too."),
    ("passes_on_received", Number, "It receives {} transfers itself."),
    ("domestic_share", Percent, "{} of its transfers stay in its country."),
    ("age", Number, "The payer is about {} years old."),
    ("male", Number, "The payer's sex, as recorded ({})."),
    ("best_payee", Score, "The highest score among its payees is {}."),
    ("second_payee", Score, "The next score among its payees is {}."),
    ("mean_payee", Score, "Its payees have a score of {} on average, by transfers."),
    ("sum_of_payees", Number, "By their scores, {} of its payees are like what is looked for."),
    ("share_to_suspected", Percent, "{} of its transfers go to payees with high scores."),
    (
        "company_of_best",
        Number,
        "One of its payees is also paid by {} other payers with high scores.",
    ),
    (
        "company_mean",
        Number,
        "Its payees are also paid by {} other payers with high scores on average.",
    ),
    ("suspected_in_turn", Number, "It pays {} payees with high scores."),
    ("best_payer", Score, "The highest score among its payers is {}."),
    ("second_payer", Score, "The next score among its payers is {}."),
    ("third_payer", Score, "The third score among its payers is {}."),
    ("mean_payer", Percent, "Its payers are like what is looked for by {} on average."),
    ("sum_of_payers", Number, "By their scores, {} of its payers are like what is looked for."),
    (
        "best_neighbour",
        Score,
        "A payee in its region, or of its phone, that shares a payer has a score of {}.",
    ),
    (
        "sum_of_neighbours",
        Number,
        "Of the payees in its region, or of its phone, that share payers, {} are like what is looked for by their scores.",
    ),
    (
        "best_onward",
        Score,
        "An account that it pays, or is paid by, within its country has a score of {}.",
    ),
    (
        "reached_from_known",
        Number,
        "The walk from known accounts arrives with {} of what arrives at one of them.",
    ),
    ("confirmed", Score, "A person said so ({})."),
];

/// The sentence of a feature with its value; for two features joined by ` × ` that they count together.
pub fn sentence(feature: &str, value: f32) -> String {
    if let Some((a, b)) = feature.split_once(" × ") {
        let plain = |name: &str| name.replace('_', " ");
        return format!("{} and {} count together.", plain(a), plain(b));
    }
    let Some((_, how, text)) = SENTENCES.iter().find(|sentence| sentence.0 == feature) else {
        return format!("{}: {value:.2}.", feature.replace('_', " "));
    };
    let written = match how {
        Number if value.fract() == 0.0 => format!("{value:.0}"),
        Number | Score => format!("{value:.1}"),
        Percent => format!("{:.0} %", value * 100.0),
        Amount => format!("{:.2}", value.exp()),
    };
    text.replace("{}", &written)
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use crate::models::evidence::Evidence;

    #[test]
    fn every_shipped_feature_has_a_sentence() {
        let evidence = Evidence::shipped().unwrap();
        for model in evidence.payees.iter().chain(&evidence.payers) {
            for shape in &model.shapes {
                let said = sentence(&shape.feature, 2.0);
                assert!(!said.contains('_') && said.ends_with('.'), "{}: {said}", shape.feature);
                assert!(!said.starts_with(&shape.feature.replace('_', " ")), "{said}");
            }
        }
        assert_eq!(sentence("small_share", 0.5), "50 % of the amounts are at most 100.");
        assert_eq!(
            sentence("median_amount", 20.0_f32.ln()),
            "Half of the amounts are at most 20.00."
        );
        assert_eq!(sentence("payers × night_share", 1.0), "payers and night share count together.");
    }
}
