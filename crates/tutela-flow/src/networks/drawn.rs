//! What is shown of a network: the accounts that say most about an alert, their ties, moves and transfers, within bounds.

use std::collections::{BTreeMap, BTreeSet};

use super::{Community, Identities, Moved, Why, chains};
use crate::profiles::Links;
use crate::transfers::{AccountNumber, Side, TransferNumber, Transfers};

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Payers.
    pub payers: usize,
    /// Payees; accounts folded into one count once.
    pub payees: usize,
    /// Transfers.
    pub transfers: usize,
    /// Ties by payers in common; other ties are few.
    pub shared: usize,
}

impl Default for Room {
    /// As much as a page of paper holds.
    fn default() -> Self {
        Self { payers: 36, payees: 14, transfers: 600, shared: 12 }
    }
}

/// An account that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub account: AccountNumber,
    /// What it is here.
    pub side: Side,
    /// Accounts folded into it, and why.
    pub identities: Vec<(AccountNumber, Why)>,
}

/// A way of being tied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieKind {
    /// Money went from one to the other.
    Paid,
    /// Payers went from one to the other.
    Referred,
    /// One phone, though they are not folded.
    SamePhone,
    /// Two payers or more in common.
    SharedPayers,
}

impl TieKind {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Referred => "referred",
            Self::SamePhone => "same_phone",
            Self::SharedPayers => "shared_payers",
        }
    }
}

/// How two shown accounts are tied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// How.
    pub kind: TieKind,
    /// One of them.
    pub from: AccountNumber,
    /// The other.
    pub to: AccountNumber,
    /// Transfers, payers in common or payers who went over; 1 for a phone.
    pub count: u32,
    /// Sum in minor units of the reference currency, where every amount has a rate; of what was paid.
    pub reference_minor: Option<u64>,
    /// First and last transfer, of what was paid and of moves.
    pub ends: Option<(TransferNumber, TransferNumber)>,
}

/// How many found no room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Payers of the community, and of the alert itself.
    pub payers: u64,
    /// Payees likewise.
    pub payees: u64,
    /// Ties by payers in common.
    pub ties: u64,
    /// Transfers between shown accounts.
    pub transfers: u64,
}

/// What is shown of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Payees, then payers; the alert first on its side.
    pub members: Vec<Member>,
    /// The largest of each kind first.
    pub ties: Vec<Tie>,
    /// In time order.
    pub moves: Vec<Moved>,
    /// In time order.
    pub transfers: Vec<TransferNumber>,
    /// What is not shown.
    pub left_out: LeftOut,
    /// Accounts of the community, shown or not.
    pub size: u64,
}

/// Chooses what to show around an alert.
///
/// **Cost.** Linear in the transfers of the payers shown, and quadratic in the payees shown, of which there are few.
pub fn draw(
    transfers: &Transfers,
    links: &Links,
    identities: &Identities,
    community: &Community,
    alert: (Side, AccountNumber),
    room: Room,
) -> Drawn {
    let chosen = Chosen::new(transfers, links, identities, community, alert, room);
    let receiving: Vec<AccountNumber> = chosen.stands_for.keys().copied().collect();
    let tied = |one, other| links.are_tied(transfers, one, other) || common(links, one, other) >= 2;
    let mut moves = chains(transfers, identities, &chosen.payers, &receiving, tied);
    for one in &mut moves {
        (one.from, one.to) = (chosen.shown(one.from), chosen.shown(one.to));
    }
    let (paid, between) = paid(transfers, &chosen);
    let mut ties = paid;
    ties.extend(referred(&moves));
    let (others, ties_left) = among(transfers, links, &chosen, &ties, room.shared);
    ties.extend(others);
    ties.sort_by(|a, b| {
        let id = |tie: &Tie| (transfers.account_id(tie.from), transfers.account_id(tie.to));
        a.kind.cmp(&b.kind).then(b.count.cmp(&a.count)).then_with(|| id(a).cmp(&id(b)))
    });
    let all = between.len();
    let shown = newest_of_the_alert(transfers, between, &chosen, alert, room.transfers);
    let left_out =
        LeftOut { ties: ties_left, transfers: (all - shown.len()) as u64, ..chosen.left_out };
    Drawn {
        members: chosen.members(identities),
        ties,
        moves,
        transfers: shown,
        left_out,
        size: community.members.len() as u64,
    }
}

/// Which accounts are shown.
struct Chosen {
    payees: Vec<AccountNumber>,
    payers: Vec<AccountNumber>,
    /// Every receiving account that is shown or folded into one that is, and as which.
    stands_for: BTreeMap<AccountNumber, AccountNumber>,
    left_out: LeftOut,
}

impl Chosen {
    fn new(
        transfers: &Transfers,
        links: &Links,
        identities: &Identities,
        community: &Community,
        (side, alert): (Side, AccountNumber),
        room: Room,
    ) -> Self {
        let direct = links.contacts(side, alert);
        let share: BTreeMap<AccountNumber, f64> = community.members.iter().copied().collect();
        let by_share = |list: &mut Vec<AccountNumber>| {
            list.sort_by(|a, b| {
                let of = |one: &AccountNumber| share.get(one).copied().unwrap_or(0.0);
                let id = |one: &AccountNumber| transfers.account_id(*one);
                of(b).total_cmp(&of(a)).then_with(|| id(a).cmp(id(b)))
            });
        };
        let role = |one: AccountNumber| match () {
            () if one == alert => side,
            () if direct.binary_search(&one).is_ok() => side.other(),
            () if links.contacts(Side::Payee, one).len()
                >= links.contacts(Side::Payer, one).len() =>
            {
                Side::Payee
            }
            () => Side::Payer,
        };
        let candidates = |wanted: Side| {
            let mut near: Vec<AccountNumber> =
                if wanted == side { vec![alert] } else { direct.to_vec() };
            let far =
                community.members.iter().map(|(one, _)| *one).filter(|one| role(*one) == wanted);
            let mut far: Vec<AccountNumber> = far.filter(|one| !near.contains(one)).collect();
            by_share(&mut near);
            by_share(&mut far);
            (near, far)
        };
        let (near, far) = candidates(Side::Payee);
        let (payees, payees_left) = fold(identities, near, far, room.payees);
        let mut stands_for = BTreeMap::new();
        for payee in &payees {
            stands_for.insert(*payee, *payee);
            for one in identities.of(*payee) {
                stands_for.entry(*one).or_insert(*payee);
            }
        }
        let (mut near, mut far) = candidates(Side::Payer);
        // An account folded into a payee that is shown stands there already.
        let stands = |one: &AccountNumber| *one != alert && stands_for.contains_key(one);
        near.retain(|one| !stands(one));
        far.retain(|one| !stands(one));
        let shown_payees = |payer: &AccountNumber| {
            let of = links.contacts(Side::Payer, *payer).iter();
            of.filter_map(|payee| stands_for.get(payee)).collect::<BTreeSet<_>>().len()
        };
        let all = near.len() + far.len();
        // Who pays several of those shown ties them together.
        far.sort_by_key(|payer| std::cmp::Reverse(shown_payees(payer)));
        far.retain(|payer| shown_payees(payer) > 0);
        let payers = mix(near, far, room.payers, shown_payees);
        let left_out = LeftOut {
            payers: (all - payers.len()) as u64,
            payees: payees_left,
            ..LeftOut::default()
        };
        Self { payees, payers, stands_for, left_out }
    }

    fn shown(&self, payee: AccountNumber) -> AccountNumber {
        self.stands_for.get(&payee).copied().unwrap_or(payee)
    }

    fn members(&self, identities: &Identities) -> Vec<Member> {
        let payee = |account: &AccountNumber| {
            let folded =
                self.stands_for.iter().filter(|(one, to)| *to == account && *one != account);
            let why = |one| identities.why(*account, one).unwrap_or(Why::Decided);
            let identities = folded.map(|(one, _)| (*one, why(*one))).collect();
            Member { account: *account, side: Side::Payee, identities }
        };
        let payer = |account: &AccountNumber| Member {
            account: *account,
            side: Side::Payer,
            identities: Vec::new(),
        };
        self.payees.iter().map(payee).chain(self.payers.iter().map(payer)).collect()
    }
}

/// Two thirds of the room for those next to the alert, first of all those that tie it to others; then those farther off; then
/// the rest of the near ones.
fn mix(
    mut near: Vec<AccountNumber>,
    far: Vec<AccountNumber>,
    room: usize,
    weight: impl Fn(&AccountNumber) -> usize,
) -> Vec<AccountNumber> {
    near.sort_by_key(|one| std::cmp::Reverse(weight(one).min(3)));
    let first =
        near.len().min(room.div_ceil(3) * 2).max(near.len().min(room.saturating_sub(far.len())));
    let rest = near.split_off(first);
    near.extend(far.into_iter().chain(rest));
    near.truncate(room);
    near
}

/// Payees within the room, accounts of one person once; and how many find none.
fn fold(
    identities: &Identities,
    near: Vec<AccountNumber>,
    far: Vec<AccountNumber>,
    room: usize,
) -> (Vec<AccountNumber>, u64) {
    let once = |list: Vec<AccountNumber>, before: &[AccountNumber]| {
        let mut kept: Vec<AccountNumber> = Vec::new();
        for one in list {
            let mut known = before.iter().chain(&kept);
            if !known.any(|known| identities.are_one(*known, one)) {
                kept.push(one);
            }
        }
        kept
    };
    let near = once(near, &[]);
    let far = once(far, &near);
    let all = near.len() + far.len();
    let payees = mix(near, far, room, |_| 0);
    let left = (all - payees.len()) as u64;
    (payees, left)
}

/// What was paid between shown accounts: ties, and the transfers themselves in time order.
fn paid(transfers: &Transfers, chosen: &Chosen) -> (Vec<Tie>, Vec<TransferNumber>) {
    let mut ties: BTreeMap<(AccountNumber, AccountNumber), Tie> = BTreeMap::new();
    let mut between = BTreeSet::new();
    let sending = chosen.payers.iter().chain(chosen.stands_for.keys());
    for payer in sending {
        for transfer in transfers.of(Side::Payer, *payer) {
            let Some(to) = chosen.stands_for.get(&transfers.payee(*transfer)) else { continue };
            let from = chosen.shown(*payer);
            if from == *to || !between.insert(*transfer) {
                continue;
            }
            let worth = transfers.reference_minor(*transfer).map(u64::from);
            let tie = ties.entry((from, *to)).or_insert(Tie {
                kind: TieKind::Paid,
                from,
                to: *to,
                count: 0,
                reference_minor: Some(0),
                ends: Some((*transfer, *transfer)),
            });
            tie.count += 1;
            tie.reference_minor = tie.reference_minor.zip(worth).map(|(sum, one)| sum + one);
            tie.ends = tie.ends.map(|(a, b)| (a.min(*transfer), b.max(*transfer)));
        }
    }
    (ties.into_values().collect(), between.into_iter().collect())
}

fn referred(moves: &[Moved]) -> Vec<Tie> {
    let mut ties: BTreeMap<(AccountNumber, AccountNumber), Tie> = BTreeMap::new();
    for one in moves {
        let tie = ties.entry((one.from, one.to)).or_insert(Tie {
            kind: TieKind::Referred,
            from: one.from,
            to: one.to,
            count: 0,
            reference_minor: None,
            ends: Some((one.transfer, one.transfer)),
        });
        tie.count += 1;
        tie.ends = tie.ends.map(|(first, last)| (first, last.max(one.transfer)));
    }
    ties.into_values().collect()
}

/// Payers that two payees have in common. Sorted lists are walked side by side.
fn common(links: &Links, one: AccountNumber, other: AccountNumber) -> usize {
    let (one, other) = (links.contacts(Side::Payee, one), links.contacts(Side::Payee, other));
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    few.iter().filter(|payer| many.binary_search(payer).is_ok()).count()
}

/// Phones and payers in common, of payees that no move ties already.
fn among(
    transfers: &Transfers,
    links: &Links,
    chosen: &Chosen,
    so_far: &[Tie],
    most: usize,
) -> (Vec<Tie>, u64) {
    let (mut phones, mut shared) = (Vec::new(), Vec::new());
    for (at, one) in chosen.payees.iter().enumerate() {
        for other in &chosen.payees[at + 1..] {
            let tie = |kind, count| Tie {
                kind,
                from: *one,
                to: *other,
                count,
                reference_minor: None,
                ends: None,
            };
            let phone = |account: AccountNumber| transfers.about(account).phone;
            if phone(*one).is_some() && phone(*one) == phone(*other) {
                phones.push(tie(TieKind::SamePhone, 1));
            }
            let pair = [*one, *other];
            let moved = |tie: &Tie| {
                tie.kind == TieKind::Referred && pair.contains(&tie.from) && pair.contains(&tie.to)
            };
            let payers = common(links, *one, *other);
            if payers >= 2 && !so_far.iter().any(moved) {
                shared.push(tie(TieKind::SharedPayers, payers as u32));
            }
        }
    }
    shared.sort_by_key(|tie| std::cmp::Reverse(tie.count));
    let left = shared.len().saturating_sub(most) as u64;
    shared.truncate(most);
    phones.extend(shared);
    (phones, left)
}

/// The alert's own transfers first, the newest of them where not even they find room; then the newest of others.
fn newest_of_the_alert(
    transfers: &Transfers,
    between: Vec<TransferNumber>,
    chosen: &Chosen,
    (side, alert): (Side, AccountNumber),
    room: usize,
) -> Vec<TransferNumber> {
    let own = |one: &TransferNumber| chosen.shown(transfers.end(side, *one)) == alert;
    let (own, others): (Vec<_>, Vec<_>) = between.into_iter().partition(own);
    let mut shown: Vec<TransferNumber> =
        own.into_iter().rev().chain(others.into_iter().rev()).take(room).collect();
    shown.sort_unstable();
    shown
}
