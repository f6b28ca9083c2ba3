//! One network of payers and payees around an alert: what its chart, its timeline and its tables are drawn from.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The accounts around one alert, how they are tied, and the transfers between them. Not proof of anything.
///
/// Bounded: what was left out is counted. Times are RFC 3339 in UTC; amounts are whole minor units.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworkChart)]
pub struct NetworkChartView {
    /// `tutela.payments_network.v1`.
    pub schema: String,
    /// Number of the network in its screening, from 1: alerts of one network share it.
    pub network: u64,
    /// The account that was alerted.
    pub account: String,
    /// Its side: `payer` or `payee`.
    pub side: String,
    /// Accounts of the whole network, drawn or not.
    pub size: u64,
    /// Payees first, then payers; each side with the alerted account first, then by score. Each account stands once.
    pub accounts: Vec<NetworkAccountView>,
    /// How they are tied, the strongest of each kind first.
    pub ties: Vec<NetworkTieView>,
    /// Payers who went from one payee to another, in time order.
    pub referrals: Vec<NetworkReferralView>,
    /// Transfers between the accounts, in time order.
    pub transfers: Vec<NetworkTransferView>,
    /// What found no room.
    pub left_out: NetworkLeftOutView,
}

/// One account of a network, with others that are taken for the same person's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworkAccount)]
pub struct NetworkAccountView {
    /// The account.
    pub account: String,
    /// `payer` or `payee`: what it is in this network.
    pub side: String,
    /// Its score on that side, where it has one.
    pub score: Option<f64>,
    /// Its place among the alerts of that side, where it is alerted.
    pub rank: Option<u64>,
    /// Whether it was known before.
    pub known: bool,
    /// Different counterparties in all transfers, also outside this network.
    pub counterparties: u64,
    /// Transfers on that side in all, also outside this network.
    pub transfers: u64,
    /// Other accounts of the same side folded into this one.
    pub identities: Vec<NetworkIdentityView>,
}

/// An account folded into another, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworkIdentity)]
pub struct NetworkIdentityView {
    /// The account.
    pub account: String,
    /// `phone`, `email`, `name_and_region` or `decided`.
    pub reason: String,
}

/// How two accounts of a network are tied.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworkTie)]
pub struct NetworkTieView {
    /// One account of the network.
    pub from: String,
    /// Another.
    pub to: String,
    /// `paid`, `same_phone`, `shared_payers` or `referred`. `paid` and `referred` have a direction.
    pub kind: String,
    /// `paid`: transfers. `shared_payers`: payers in common. `referred`: payers who went over. `same_phone`: 1.
    pub transfers: u64,
    /// `paid`: their sum in the reference currency; `null` where no rate is known.
    #[schema(required)]
    pub amount_minor: Option<u64>,
    /// The reference currency; empty where there is no amount.
    pub currency: String,
    /// `paid` and `referred`: the first of them.
    #[schema(required)]
    pub first_at: Option<String>,
    /// `paid` and `referred`: the last of them.
    #[schema(required)]
    pub last_at: Option<String>,
}

/// A payer who, days after paying one payee, first paid another that is tied to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworkReferral)]
pub struct NetworkReferralView {
    /// Who pays.
    pub payer: String,
    /// The payee left.
    pub from: String,
    /// The payee gone to.
    pub to: String,
    /// The first transfer to the new payee.
    pub transfer: String,
    /// Its time.
    pub at: String,
    /// Days since the last transfer to the payee left, rounded down.
    pub days: u64,
    /// Number of the chain, from 1: referrals of one payer that follow each other have one number.
    pub chain: u64,
}

/// One transfer between accounts of a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworkTransfer)]
pub struct NetworkTransferView {
    /// The transfer.
    pub transfer: String,
    /// Its time.
    pub at: String,
    /// Who paid, under the account's own id, folded or not.
    pub payer: String,
    /// Who was paid, under the account's own id, folded or not.
    pub payee: String,
    /// Amount in its own currency.
    pub amount_minor: i64,
    /// Its currency.
    pub currency: String,
    /// Amount in the reference currency; `null` where no rate is known.
    #[schema(required)]
    pub reference_minor: Option<u64>,
}

/// How much of a network is not in its chart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworkLeftOut)]
pub struct NetworkLeftOutView {
    /// Payers.
    pub payers: u64,
    /// Payees.
    pub payees: u64,
    /// Ties between the accounts that are shown.
    pub ties: u64,
    /// Referrals.
    pub referrals: u64,
    /// Transfers between the accounts that are shown.
    pub transfers: u64,
}

impl NetworkChartView {
    /// The account under which another one is shown: itself, or the one it is folded into.
    pub fn shown_as<'a>(&'a self, account: &'a str) -> &'a str {
        let folded = |one: &&NetworkAccountView| {
            one.identities.iter().any(|identity| identity.account == account)
        };
        self.accounts.iter().find(folded).map_or(account, |one| one.account.as_str())
    }
}
