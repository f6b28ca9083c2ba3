//! Networks around alerts: which alerts belong together, and what is drawn of each one's surroundings.

use std::collections::HashMap;

use tutela_core::Timestamp;
use tutela_flow::networks::{
    Community, Drawn, Identities, Member, Moved, Room, Tie, TieKind, community, draw, number,
};
use tutela_flow::parties::Decisions;
use tutela_flow::profiles::Links;
use tutela_flow::transfers::{AccountNumber, Side, TransferNumber, Transfers};

use crate::views::{
    NetworkAccountView, NetworkChartView, NetworkIdentityView, NetworkLeftOutView,
    NetworkReferralView, NetworkTieView, NetworkTransferView,
};

const DAY_S: u32 = 86_400;

/// The score of an account on a side, where it has one.
pub type Scores<'a> = &'a (dyn Fn(Side, AccountNumber) -> Option<f32> + Sync);

/// The alerts of a screening with their networks.
pub struct AlertNetworks<'a> {
    transfers: &'a Transfers,
    links: &'a Links,
    scores: Scores<'a>,
    known: &'a [AccountNumber],
    identities: Identities,
    /// Rank on its side, from 1, and number of the network.
    alerts: HashMap<(Side, AccountNumber), (u64, u64)>,
}

impl<'a> AlertNetworks<'a> {
    /// Numbers the networks of all alerts. `payees` and `payers` are alerts of each side, the best first; `known` are accounts known
    /// before, sorted; `decisions` say which accounts a person joined or kept apart.
    pub fn new(
        transfers: &'a Transfers,
        links: &'a Links,
        scores: Scores<'a>,
        known: &'a [AccountNumber],
        decisions: &Decisions,
        payees: &[AccountNumber],
        payers: &[AccountNumber],
    ) -> Self {
        let identities = Identities::new(transfers, decisions);
        let of = |side: Side, list: &[AccountNumber]| {
            let ranked = (1..).zip(list.iter().copied());
            ranked.map(|(rank, account)| (side, account, rank)).collect::<Vec<(_, _, u64)>>()
        };
        let mut queue = of(Side::Payee, payees);
        queue.extend(of(Side::Payer, payers));
        // By place: scores of the two sides are not of one scale. Payees come first, since they tie a network together.
        queue.sort_by_key(|(_, _, rank)| *rank);
        let accounts: Vec<AccountNumber> = queue.iter().map(|(_, account, _)| *account).collect();
        let numbers = number(&accounts, |account| {
            let found = community(transfers, links, &identities, account);
            found.members.into_iter().map(|(one, _)| one).collect()
        });
        let alerts = queue
            .into_iter()
            .zip(numbers)
            .map(|((side, account, rank), number)| ((side, account), (rank, u64::from(number))))
            .collect();
        Self { transfers, links, scores, known, identities, alerts }
    }

    /// The number of an alert's network, from 1; 0 for an account that is not alerted.
    pub fn number(&self, side: Side, account: AccountNumber) -> u64 {
        self.alerts.get(&(side, account)).map_or(0, |(_, number)| *number)
    }

    /// What is drawn around an account, alerted or not.
    pub fn chart(&self, side: Side, account: AccountNumber) -> NetworkChartView {
        let found: Community = community(self.transfers, self.links, &self.identities, account);
        let alert = (side, account);
        let drawn =
            draw(self.transfers, self.links, &self.identities, &found, alert, Room::default());
        let Drawn { members, ties, moves, transfers, left_out, size } = drawn;
        NetworkChartView {
            schema: "tutela.payments_network.v1".to_owned(),
            network: self.number(side, account),
            account: self.id(account),
            side: side.as_str().to_owned(),
            size,
            accounts: members.iter().map(|member| self.account(member)).collect(),
            ties: ties.iter().map(|tie| self.tie(tie)).collect(),
            referrals: moves.iter().map(|one| self.referral(one)).collect(),
            transfers: transfers.iter().map(|one| self.transfer(*one)).collect(),
            left_out: NetworkLeftOutView {
                payers: left_out.payers,
                payees: left_out.payees,
                ties: left_out.ties,
                referrals: 0,
                transfers: left_out.transfers,
            },
        }
    }

    fn id(&self, account: AccountNumber) -> String {
        self.transfers.account_id(account).to_owned()
    }

    fn at(&self, transfer: TransferNumber) -> String {
        let second = i64::from(self.transfers.time_s(transfer));
        Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
    }

    fn account(&self, member: &Member) -> NetworkAccountView {
        let Member { account, side, identities } = member;
        let identity = |(account, why): &(AccountNumber, tutela_flow::networks::Why)| {
            NetworkIdentityView { account: self.id(*account), reason: why.as_str().to_owned() }
        };
        NetworkAccountView {
            account: self.id(*account),
            side: side.as_str().to_owned(),
            score: (self.scores)(*side, *account).map(f64::from),
            rank: self.alerts.get(&(*side, *account)).map(|(rank, _)| *rank),
            known: self.known.binary_search(account).is_ok(),
            counterparties: self.links.contacts(*side, *account).len() as u64,
            transfers: self.transfers.of(*side, *account).len() as u64,
            identities: identities.iter().map(identity).collect(),
        }
    }

    fn tie(&self, tie: &Tie) -> NetworkTieView {
        let amount_minor = tie.reference_minor.filter(|_| tie.kind == TieKind::Paid);
        NetworkTieView {
            from: self.id(tie.from),
            to: self.id(tie.to),
            kind: tie.kind.as_str().to_owned(),
            transfers: u64::from(tie.count),
            amount_minor,
            currency: amount_minor
                .map_or_else(String::new, |_| self.transfers.reference().to_string()),
            first_at: tie.ends.map(|(first, _)| self.at(first)),
            last_at: tie.ends.map(|(_, last)| self.at(last)),
        }
    }

    fn referral(&self, one: &Moved) -> NetworkReferralView {
        let passed = self.transfers.time_s(one.transfer) - self.transfers.time_s(one.left);
        NetworkReferralView {
            payer: self.id(one.payer),
            from: self.id(one.from),
            to: self.id(one.to),
            transfer: self.transfers.id(one.transfer).to_owned(),
            at: self.at(one.transfer),
            days: u64::from(passed / DAY_S),
            chain: u64::from(one.chain),
        }
    }

    fn transfer(&self, one: TransferNumber) -> NetworkTransferView {
        NetworkTransferView {
            transfer: self.transfers.id(one).to_owned(),
            at: self.at(one),
            payer: self.id(self.transfers.payer(one)),
            payee: self.id(self.transfers.payee(one)),
            amount_minor: self.transfers.amount_minor(one),
            currency: self.transfers.currency(one).to_string(),
            reference_minor: self.transfers.reference_minor(one).map(u64::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use tutela_flow::indicators::Made;
    use tutela_flow::parties::Decisions;
    use tutela_flow::profiles::Links;
    use tutela_flow::transfers::Side;

    use super::AlertNetworks;
    use crate::views::NetworkChartView;

    #[test]
    fn a_chart_holds_what_a_page_needs_and_comes_back_from_json() {
        let mut made = Made::default();
        for (n, payer) in ["p", "q", "r"].into_iter().enumerate() {
            made = made.pay(n as u32, 9, 2_000, payer, "x").pay(n as u32 + 4, 9, 1_000, payer, "y");
        }
        let made = made.pay(40, 9, 500, "lone", "far");
        let transfers = made.transfers();
        let links = Links::new(&transfers);
        let number = |id: &str| transfers.find_account(id).unwrap();
        let known = [number("y")];
        let scores = |side: Side, account| (!transfers.of(side, account).is_empty()).then_some(1.0);
        let networks = AlertNetworks::new(
            &transfers,
            &links,
            &scores,
            &known,
            &Decisions::new(),
            &[number("x"), number("far")],
            &[number("p")],
        );
        assert_eq!(networks.number(Side::Payee, number("x")), 1);
        assert_eq!(networks.number(Side::Payer, number("p")), 1, "of the same network");
        assert_eq!(networks.number(Side::Payee, number("far")), 2);
        assert_eq!(networks.number(Side::Payee, number("y")), 0, "not alerted");

        let chart = networks.chart(Side::Payee, number("x"));
        let accounts: Vec<_> = chart.accounts.iter().map(|one| one.account.as_str()).collect();
        assert_eq!(accounts, ["x", "y", "p", "q", "r"]);
        assert_eq!((chart.accounts[0].rank, chart.accounts[1].known), (Some(1), true));
        let paid = chart.ties.iter().find(|tie| tie.kind == "paid").unwrap();
        assert_eq!((paid.amount_minor, paid.currency.as_str()), (Some(2_000), "USD"));
        assert_eq!(paid.first_at.as_deref(), Some("1970-01-01T09:00:00Z"));
        assert_eq!(chart.transfers.len(), 6);
        let moved = &chart.referrals[0];
        assert_eq!((moved.payer.as_str(), moved.to.as_str(), moved.days), ("p", "y", 4));
        let json = serde_json::to_string(&chart).unwrap();
        assert_eq!(serde_json::from_str::<NetworkChartView>(&json).unwrap(), chart);
    }
}
