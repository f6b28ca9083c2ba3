//! What must hold whoever is resolved.

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::*;

fn facts(account: &str, name: &str, phone: &str, birth_year: u16, country: &str) -> Facts {
    Facts {
        account: account.to_owned(),
        name: (!name.is_empty()).then(|| name.to_owned()),
        phones: if phone.is_empty() { Vec::new() } else { vec![phone.to_owned()] },
        birth_year: (birth_year > 0).then_some(birth_year),
        country: (!country.is_empty()).then(|| country.to_owned()),
        ..Facts::default()
    }
}

fn parties(facts: &[Facts], decisions: &[(&str, &str, Decision)]) -> Vec<String> {
    let decisions = decisions
        .iter()
        .map(|(one, other, decision)| (((*one).to_owned(), (*other).to_owned()), decision.clone()))
        .collect();
    let found = resolve(facts, &decisions, &Limits::default());
    found.parties.iter().map(|accounts| accounts.join(" ")).collect()
}

#[test]
fn the_same_phone_in_another_writing_joins() {
    let all = [
        facts("a", "Anna Muster", "+63 900 000 0001", 0, ""),
        facts("b", "", "0900-000-0001", 0, "PH"),
        facts("c", "Anna Muster", "", 0, ""),
    ];
    assert_eq!(parties(&all, &[]), ["a b", "c"]);
    let found = resolve(&all, &Decisions::new(), &Limits::default());
    assert_eq!(found.links.len(), 1);
    assert_eq!(found.links[0].reason, Reason::Phone);
    // The same name alone is shown, and joins nobody.
    assert_eq!(found.candidates.len(), 1);
}

#[test]
fn a_phone_of_fifty_accounts_is_an_agent() {
    let all: Vec<Facts> =
        (0..50).map(|n| facts(&format!("a{n:02}"), "", "+639000000001", 0, "")).collect();
    let found = resolve(&all, &Decisions::new(), &Limits::default());
    assert_eq!(found.parties.len(), 50);
    assert_eq!(found.agents, [(Reason::Phone, 50)]);
}

#[test]
fn similar_names_join_with_the_year_of_birth_only() {
    let check = |one: (&str, u16, &str), other: (&str, u16, &str), joined: bool| {
        let all = [facts("a", one.0, "", one.1, one.2), facts("b", other.0, "", other.1, other.2)];
        assert_eq!(parties(&all, &[]).len(), if joined { 1 } else { 2 }, "{one:?} {other:?}");
    };
    check(("Anna Muster", 1961, "DE"), ("MUSTER Anna", 1961, "DE"), true);
    check(("Anna Muster", 1961, ""), ("Änna Müster", 1961, ""), true);
    check(("Anna Muster", 1961, "DE"), ("Anna Mustre", 1961, "DE"), true);
    check(("Anna Muster", 1961, "DE"), ("Anna Muster", 1962, "DE"), false);
    check(("Anna Muster", 1961, "DE"), ("Anna Muster", 0, "DE"), false);
    check(("Anna Muster", 1961, "DE"), ("Bea Muster", 1961, "DE"), false);
    check(("Anna", 1961, "DE"), ("Anna", 1961, "DE"), false);
}

#[test]
fn a_person_splits_and_merges() {
    let all = [
        facts("a", "", "+639000000001", 0, ""),
        facts("b", "", "+639000000001", 0, ""),
        facts("c", "", "", 0, ""),
    ];
    assert_eq!(parties(&all, &[("a", "b", Decision::Split)]), ["a", "b", "c"]);
    assert_eq!(parties(&all, &[("a", "c", Decision::Merge)]), ["a b c"]);
    let both =
        [("a", "b", Decision::Split), ("a", "c", Decision::Merge), ("b", "c", Decision::Merge)];
    assert_eq!(parties(&all, &both), ["a c", "b"]);
    assert_eq!(parties(&all, &[("x", "a", Decision::Merge)]), ["a b", "c"]);
}

fn some_facts() -> impl Strategy<Value = Vec<Facts>> {
    let name = prop_oneof![
        Just(""),
        Just("Anna Muster"),
        Just("Muster Anna"),
        Just("Anna Mustre"),
        Just("Otto Beispiel")
    ];
    let phone =
        prop_oneof![Just(""), Just("+639000000001"), Just("+639000000002"), Just("09000000001")];
    let year = prop_oneof![Just(0_u16), Just(1961), Just(1962)];
    let country = prop_oneof![Just(""), Just("PH"), Just("DE")];
    let one = (name, phone, year, country);
    proptest::collection::vec(one, 0..24).prop_map(|all| {
        let of = |(n, (name, phone, year, country))| {
            facts(&format!("a{n:02}"), name, phone, year, country)
        };
        all.into_iter().enumerate().map(of).collect()
    })
}

fn some_decisions() -> impl Strategy<Value = Decisions> {
    let pair = (0..24_u8, 0..24_u8, any::<bool>());
    proptest::collection::vec(pair, 0..8).prop_map(|pairs| {
        let of = |(one, other, split): (u8, u8, bool)| {
            let decision = if split { Decision::Split } else { Decision::Merge };
            ((format!("a{one:02}"), format!("a{other:02}")), decision)
        };
        pairs.into_iter().map(of).collect()
    })
}

proptest! {
    #[test]
    fn parties_hold_together(all in some_facts(), decisions in some_decisions(), turn in 0..24_usize) {
        let found = resolve(&all, &decisions, &Limits::default());
        let mut accounts: Vec<&String> = found.parties.iter().flatten().collect();
        accounts.sort();
        let mut expected: Vec<&String> = all.iter().map(|known| &known.account).collect();
        expected.sort();
        prop_assert_eq!(accounts, expected, "each account in one party");

        let party = |account: &String| found.parties.iter().position(|party| party.contains(account));
        for ((one, other), decision) in &decisions {
            if let (Some(a), Some(b), Decision::Split) = (party(one), party(other), decision) {
                prop_assert!(a != b || one == other, "a split holds");
            }
        }
        for link in &found.links {
            prop_assert_eq!(party(&link.one), party(&link.other), "a link ties one party");
        }
        let tied: usize = found.parties.iter().map(|party| party.len() - 1).sum();
        prop_assert_eq!(found.links.len(), tied, "as many links as tie the parties");

        let mut turned = all.clone();
        if !turned.is_empty() {
            turned.rotate_left(turn % all.len());
            turned.reverse();
        }
        prop_assert_eq!(resolve(&turned, &decisions, &Limits::default()), found, "order does not matter");
    }
}
