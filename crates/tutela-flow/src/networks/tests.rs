//! Networks on generated worlds, and what holds on any transfers.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Drawn, HUB, Identities, MOST, Room, TieKind, community, draw};
use crate::indicators::Made;
use crate::parties::Decisions;
use crate::profiles::Links;
use crate::transfers::{AccountNumber, Side, Transfers};
use crate::world::{Parameters, Variant, World};

fn around(transfers: &Transfers, account: AccountNumber) -> BTreeSet<AccountNumber> {
    let links = Links::new(transfers);
    let identities = Identities::new(transfers, &Decisions::new());
    let found = community(transfers, &links, &identities, account);
    assert_eq!(found, community(transfers, &links, &identities, account), "the same again");
    assert_eq!(found.members[0].0, account);
    found.members.into_iter().map(|(one, _)| one).collect()
}

#[test]
fn most_of_a_community_of_facilitators_is_found_and_most_of_what_is_found_is_of_them() {
    let world = World::generate(Parameters::new(11, Variant::In).with_transfers(20_000));
    let transfers = world.columns();
    let links = Links::new(&transfers);
    let identities = Identities::new(&transfers, &Decisions::new());
    let of: BTreeMap<AccountNumber, u32> = world
        .communities()
        .filter_map(|(id, number)| Some((transfers.find_account(&id)?, number)))
        .collect();
    let (mut found, mut purity, mut seen) = (0.0, 0.0, 0.0);
    // Those that two buyers pay: one buyer alone is no network.
    for (account, number) in of.iter().filter(|of| links.contacts(Side::Payee, *of.0).len() >= 2) {
        let members = community(&transfers, &links, &identities, *account).members;
        let members: BTreeSet<_> = members.into_iter().map(|(one, _)| one).collect();
        let wanted = of.iter().filter(|(_, of)| *of == number).map(|(one, _)| one);
        let there = wanted.clone().filter(|one| members.contains(one)).count();
        found += there as f64 / wanted.count() as f64;
        let payees = members.iter().filter(|one| !links.contacts(Side::Payee, **one).is_empty());
        let right = payees.clone().filter(|one| of.contains_key(one)).count();
        purity += right as f64 / payees.count() as f64;
        seen += 1.0;
    }
    assert!(seen > 30.0, "{seen}");
    assert!(found / seen > 0.7, "found {}", found / seen);
    assert!(purity / seen > 0.7, "purity {}", purity / seen);
}

#[test]
fn a_hub_brings_nobody_together() {
    let mut made = Made::default();
    for n in 0..300_u32 {
        made = made.pay(n % 90, 9, 2_000, &format!("customer{n}"), "shop");
    }
    for (n, payer) in ["a", "b", "c"].into_iter().enumerate() {
        made = made.pay(n as u32, 9, 2_000, payer, "x").pay(n as u32 + 3, 9, 2_000, payer, "y");
        made = made.pay(n as u32 + 5, 9, 9_000, payer, "shop");
    }
    let transfers = made.transfers();
    let number = |id: &str| transfers.find_account(id).unwrap();
    let found = around(&transfers, number("x"));
    let expected: BTreeSet<_> = ["a", "b", "c", "x", "y"].into_iter().map(number).collect();
    assert_eq!(found, expected);
    assert!(around(&transfers, number("shop")).len() <= MOST, "a hub itself is bounded");
}

fn drawn(transfers: &Transfers, side: Side, account: AccountNumber, room: Room) -> Drawn {
    let links = Links::new(transfers);
    let identities = Identities::new(transfers, &Decisions::new());
    let found = community(transfers, &links, &identities, account);
    draw(transfers, &links, &identities, &found, (side, account), room)
}

#[test]
fn what_is_shown_has_folded_accounts_ties_and_moves() {
    let made = Made::default()
        .pay(1, 9, 2_000, "p", "x")
        .pay(5, 9, 3_000, "p", "y")
        .pay(6, 9, 2_500, "q", "x2")
        .pay(7, 9, 2_500, "q", "y")
        .pay(8, 9, 1_000, "x", "y")
        .pay(30, 9, 2_500, "r", "x")
        .named("x", "Ana Example")
        .named("y", "Bea Example")
        .phone("x", "900")
        .phone("x2", "900");
    let transfers = made.transfers();
    let shown =
        drawn(&transfers, Side::Payee, transfers.find_account("x").unwrap(), Room::default());
    let id = |account| transfers.account_id(account);
    let members: Vec<_> =
        shown.members.iter().map(|one| (id(one.account), one.side, one.identities.len())).collect();
    assert_eq!(members[..2], [("x", Side::Payee, 1), ("y", Side::Payee, 0)]);
    let payers: BTreeSet<_> = members[2..].iter().map(|member| member.0).collect();
    assert_eq!(payers, BTreeSet::from(["p", "q", "r"]));
    let of = |kind: TieKind| {
        let ties = shown.ties.iter().filter(move |tie| tie.kind == kind);
        ties.map(|tie| (id(tie.from), id(tie.to), tie.count)).collect::<BTreeSet<_>>()
    };
    let paid =
        [("p", "x", 1), ("p", "y", 1), ("q", "x", 1), ("q", "y", 1), ("r", "x", 1), ("x", "y", 1)];
    assert_eq!(of(TieKind::Paid), BTreeSet::from(paid));
    assert_eq!(of(TieKind::Referred), BTreeSet::from([("x", "y", 1), ("x", "y", 1)]));
    let moves: Vec<_> =
        shown.moves.iter().map(|one| (id(one.payer), id(one.from), id(one.to))).collect();
    assert_eq!(moves, [("p", "x", "y")], "q went from an account that nothing ties to y");
    assert_eq!(shown.transfers.len(), 6);
    assert_eq!(shown.left_out, super::LeftOut::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_was_paid_what_is_shown_is_bounded_and_consistent(
        rows in prop::collection::vec((0_u32..200, 1_i64..9_000, 0_u8..40, 20_u8..60), 1..160),
        side in prop::bool::ANY,
        payers in 1_usize..8,
        payees in 1_usize..5,
    ) {
        let made = rows.iter().filter(|row| row.2 != row.3).fold(Made::default(), |made, row| {
            made.pay(row.0, 9, row.1, &row.2.to_string(), &row.3.to_string())
        });
        let transfers = made.transfers();
        let side = if side { Side::Payee } else { Side::Payer };
        let room = Room { payers, payees, transfers: 9, shared: 2 };
        for account in (0..transfers.accounts()).filter(|one| !transfers.of(side, *one).is_empty()) {
            let shown = drawn(&transfers, side, account, room);
            let of = |side: Side| shown.members.iter().filter(move |one| one.side == side);
            prop_assert!(of(Side::Payer).count() <= payers && of(Side::Payee).count() <= payees);
            prop_assert_eq!(of(side).next().map(|one| one.account), Some(account), "the alert is first on its side");
            let accounts: BTreeSet<_> = shown.members.iter().map(|one| one.account).collect();
            for tie in &shown.ties {
                prop_assert!(accounts.contains(&tie.from) && accounts.contains(&tie.to) && tie.from != tie.to);
            }
            prop_assert!(shown.transfers.len() <= 9 && shown.transfers.is_sorted());
            prop_assert!(shown.moves.is_sorted_by_key(|one| one.transfer));
            let paid: u64 = shown.ties.iter().filter(|tie| tie.kind == TieKind::Paid).map(|tie| u64::from(tie.count)).sum();
            prop_assert_eq!(paid, shown.transfers.len() as u64 + shown.left_out.transfers);
            prop_assert!(shown.size as usize <= MOST.max(HUB));
        }
    }
}
