//! What is refused, what is kept, and that the order of pushing changes nothing.

use proptest::prelude::*;
use tutela_core::{AccountId, Currency, Money, Timestamp, Transfer, TransferId, TransferRecord};

use super::{Refusal, TransfersBuilder, digits, surname};
use crate::transfers::{Rates, Side, Transfers};

fn record(id: &str, second: i64, minor: i64, payer: &str, payee: &str) -> TransferRecord {
    let transfer = Transfer {
        id: TransferId(id.to_owned()),
        time: Timestamp::from_second(second).unwrap(),
        amount: Money { minor, currency: Currency::USD },
        payer: AccountId(payer.to_owned()),
        payee: AccountId(payee.to_owned()),
    };
    TransferRecord::bare(1, transfer)
}

fn built(records: &[TransferRecord]) -> Transfers {
    let mut builder = TransfersBuilder::new(Rates::only(Currency::USD));
    records.iter().for_each(|record| builder.push(record).unwrap());
    builder.finish()
}

#[test]
fn what_cannot_be_a_transfer_is_refused_and_nothing_else() {
    let mut builder = TransfersBuilder::new(Rates::only(Currency::USD));
    assert_eq!(builder.push(&record("1", 50, 100, "a", "b")), Ok(()));
    for (bad, why) in [
        (record("2", 50, 100, "a", "a"), Refusal::SelfTransfer),
        (record("2", 50, 0, "a", "b"), Refusal::NotAboveZero),
        (record("2", 50, -5, "a", "b"), Refusal::NotAboveZero),
        (record("2", -1, 100, "a", "b"), Refusal::ImpossibleTime),
        (record("2", 5_000_000_000, 100, "a", "b"), Refusal::ImpossibleTime),
        (record("1", 60, 100, "c", "b"), Refusal::SameId),
        (record("2", 60, 100, " ", "b"), Refusal::Empty),
        (record("", 60, 100, "a", "b"), Refusal::Empty),
    ] {
        assert_eq!(builder.push(&bad), Err(why));
    }
    let mut euro = record("2", 40, 100, "a", "b");
    euro.transfer.amount.currency = Currency::EUR;
    assert_eq!(builder.push(&euro), Ok(()));
    let transfers = builder.finish();
    assert_eq!((transfers.len(), transfers.accounts()), (2, 2));
    assert_eq!((transfers.without_rate(), transfers.out_of_order()), (1, 1));
    assert_eq!([transfers.id(0), transfers.id(1)], ["2", "1"], "in time order");
    assert_eq!([0, 1].map(|n| transfers.reference_minor(n)), [None, Some(100)]);
}

#[test]
fn attributes_are_normalised_and_sex_is_left_out() {
    let mut sent = record("1", 50, 100, "a", "b");
    sent.payee.name = Some("REYES,  Ana".to_owned());
    sent.payee.phone = Some("+63 (2) 555-0100".to_owned());
    sent.payee.country = Some("PH".to_owned());
    sent.payee.sex = Some("F".to_owned());
    sent.device = Some("d-1".to_owned());
    let transfers = built(&[record("0", 40, 100, "c", "d"), sent.clone()]);
    let payee = transfers.about(transfers.find_account("b").unwrap());
    assert_eq!(payee.surname.map(|word| transfers.word(word)), Some("reyes"));
    assert_eq!(payee.phone.map(|word| transfers.word(word)), Some("6325550100"));
    assert_eq!(payee.country.map(|country| country.as_str().to_owned()), Some("PH".to_owned()));
    assert_eq!(payee.sex, None);
    assert_eq!(transfers.device(0), None);
    assert_eq!(transfers.device(1).map(|word| transfers.word(word)), Some("d-1"));
    let mut with_sex = TransfersBuilder::new(Rates::only(Currency::USD)).with_sex();
    with_sex.push(&sent).unwrap();
    assert!(with_sex.finish().about(1).sex.is_some());
    assert_eq!([surname("Ana Reyes"), surname("")], ["reyes", ""]);
    assert_eq!(digits("none"), "");
}

proptest! {
    #[test]
    fn order_changes_nothing_and_both_sides_list_every_transfer(
        rows in prop::collection::vec((0_i64..50, 1_i64..900, 0_u8..6, 6_u8..12), 0..80),
    ) {
        let records: Vec<TransferRecord> = rows
            .iter()
            .zip(0..)
            .map(|((second, minor, payer, payee), n)| {
                record(&n.to_string(), *second, *minor, &payer.to_string(), &payee.to_string())
            })
            .collect();
        let forwards = built(&records);
        let backwards = built(&records.iter().rev().cloned().collect::<Vec<_>>());
        let rows = |t: &Transfers| -> Vec<(String, u32, i64, String, String)> {
            let account = |n| t.account_id(n).to_owned();
            (0..t.len() as u32)
                .map(|n| {
                    let (payer, payee) = (account(t.payer(n)), account(t.payee(n)));
                    (t.id(n).to_owned(), t.time_s(n), t.amount_minor(n), payer, payee)
                })
                .collect()
        };
        prop_assert_eq!(rows(&forwards), rows(&backwards));
        for side in [Side::Payer, Side::Payee] {
            let mut seen = Vec::new();
            for account in 0..forwards.accounts() {
                let of = forwards.of(side, account);
                prop_assert!(of.is_sorted());
                prop_assert!(of.iter().all(|n| forwards.end(side, *n) == account));
                seen.extend_from_slice(of);
            }
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..forwards.len() as u32).collect::<Vec<_>>());
        }
    }
}
