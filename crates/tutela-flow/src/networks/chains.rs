//! Referrals in time order: a payer who, days after paying one payee, first pays another that is tied to it.

use super::Identities;
use crate::transfers::{AccountNumber, Side, TransferNumber, Transfers};

/// A first payment within so many seconds of the last one to another payee is a move. As in `profiles::Links`.
pub const MOVED_WITHIN_S: u32 = 14 * 86_400;

/// One move of a payer from payee to payee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Who pays.
    pub payer: AccountNumber,
    /// The payee left.
    pub from: AccountNumber,
    /// The payee gone to.
    pub to: AccountNumber,
    /// The last transfer to the payee left.
    pub left: TransferNumber,
    /// The first transfer to the new payee.
    pub transfer: TransferNumber,
    /// Number of the chain, from 1: moves of one payer that follow each other have one number.
    pub chain: u32,
}

/// The moves of some payers among some payees, in time order. Accounts of one person count as one payee; `tied` says
/// whether two payees are tied to each other. Payees must be sorted.
///
/// **Cost.** Linear in the transfers of the payers, and a question to `tied` for each new payee of a payer.
pub fn chains(
    transfers: &Transfers,
    identities: &Identities,
    payers: &[AccountNumber],
    payees: &[AccountNumber],
    tied: impl Fn(AccountNumber, AccountNumber) -> bool,
) -> Vec<Moved> {
    let mut moves = Vec::new();
    for payer in payers {
        let mut met: Vec<AccountNumber> = Vec::new();
        let mut last: Option<TransferNumber> = None;
        let of = transfers.of(Side::Payer, *payer).iter().copied();
        for transfer in of.filter(|one| payees.binary_search(&transfers.payee(*one)).is_ok()) {
            let to = transfers.payee(transfer);
            let new = !met.iter().any(|known| identities.are_one(*known, to));
            if new {
                met.push(to);
            }
            if let Some(left) = last
                && new
                && transfers.time_s(transfer) - transfers.time_s(left) <= MOVED_WITHIN_S
                && tied(transfers.payee(left), to)
            {
                let from = transfers.payee(left);
                moves.push(Moved { payer: *payer, from, to, left, transfer, chain: 0 });
            }
            last = Some(transfer);
        }
    }
    moves.sort_unstable_by_key(|one| one.transfer);
    count(&mut moves, identities);
    moves
}

/// Numbers chains in the order in which they begin: a move goes on with the chain whose last payee it leaves.
fn count(moves: &mut [Moved], identities: &Identities) {
    let mut chains = 0;
    for at in 0..moves.len() {
        let (before, now) = moves.split_at_mut(at);
        let now = &mut now[0];
        let earlier = before.iter().rev().find(|one| one.payer == now.payer);
        let goes_on = earlier.filter(|one| identities.are_one(one.to, now.from));
        now.chain = goes_on.map_or_else(
            || {
                chains += 1;
                chains
            },
            |one| one.chain,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Moved, chains};
    use crate::indicators::Made;
    use crate::networks::Identities;
    use crate::parties::Decisions;
    use crate::transfers::{AccountNumber, Transfers};

    fn found(made: &Made) -> (Transfers, Vec<Moved>) {
        let transfers = made.transfers();
        let identities = Identities::new(&transfers, &Decisions::new());
        let all: Vec<AccountNumber> = (0..transfers.accounts()).collect();
        let moves = chains(&transfers, &identities, &all, &all, |_, _| true);
        (transfers, moves)
    }

    fn said(transfers: &Transfers, moves: &[Moved]) -> Vec<String> {
        let id = |account| transfers.account_id(account);
        let say = |m: &Moved| format!("{} {}>{} #{}", id(m.payer), id(m.from), id(m.to), m.chain);
        moves.iter().map(say).collect()
    }

    #[test]
    fn a_chain_over_several_payees_is_one_and_in_time_order() {
        let made = Made::default()
            .pay(1, 9, 2_000, "p", "a")
            .pay(4, 9, 2_000, "p", "b")
            .pay(5, 9, 2_000, "q", "a")
            .pay(6, 9, 2_000, "q", "c")
            .pay(9, 9, 2_000, "p", "c")
            .pay(60, 9, 2_000, "p", "d")
            .pay(61, 9, 2_000, "p", "a");
        let (transfers, moves) = found(&made);
        assert_eq!(said(&transfers, &moves), ["p a>b #1", "q a>c #2", "p b>c #1"]);
        assert_eq!(
            said(&transfers, &found(&made.reversed()).1).len(),
            3,
            "in whatever order rows came"
        );
    }

    #[test]
    fn other_accounts_of_one_person_are_no_move() {
        let made = Made::default()
            .pay(1, 9, 2_000, "p", "a")
            .pay(2, 9, 2_000, "p", "b")
            .phone("a", "900")
            .phone("b", "900");
        assert!(found(&made).1.is_empty());
    }
}
