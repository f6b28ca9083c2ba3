//! An invented screening, for tests.

use std::collections::BTreeMap;

use tutela_app::views::{
    AlertView, IndicatorHitView, NetworkChartView, NetworkView, PaymentsScreenView,
    RejectedRowView, ScreenTimesView,
};

use crate::networks::sample_network;

/// A screening of two alerts in one network, with a hostile account, its rejected rows and its charts.
pub fn sample_screening()
-> (PaymentsScreenView, Vec<RejectedRowView>, Vec<(usize, NetworkChartView)>) {
    let mut network = sample_network();
    let hostile = "payer-<b>x</b>\u{202e}".to_owned();
    for account in network.accounts.iter_mut().filter(|one| one.account == "payer-000243") {
        account.account.clone_from(&hostile);
    }
    for tie in network.ties.iter_mut().filter(|tie| tie.from == "payer-000243") {
        tie.from.clone_from(&hostile);
    }
    for transfer in network.transfers.iter_mut().filter(|one| one.payer == "payer-000243") {
        transfer.payer.clone_from(&hostile);
    }
    let mut of_payer = network.clone();
    (of_payer.account, of_payer.side) = (hostile.clone(), "payer".to_owned());
    let transfers: Vec<String> =
        network.transfers.iter().take(3).map(|one| one.transfer.clone()).collect();
    let hit = |id, weight, transfers: &[String]| IndicatorHitView {
        id,
        value: 7.0,
        weight,
        why: "Seven families of payers are unrelated to it <b>x</b>.".to_owned(),
        transfers: transfers.to_vec(),
        transfer_count: transfers.len() as u64,
    };
    let alert = |side, account: &str| AlertView {
        rank: 1,
        side,
        account: account.to_owned(),
        score: 2.5,
        indicators: vec![
            hit("fan_in_unrelated", 4.0, &transfers),
            hit("night", 0.0, &transfers[..1]),
            hit("base", -1.5, &[]),
        ],
        network: NetworkView { number: 1, accounts: Vec::new(), via: String::new() },
    };
    let row = RejectedRowView {
        file: "transfers.csv".to_owned(),
        row: 9,
        field: Some("time".to_owned()),
        message: "no such day".to_owned(),
    };
    let view = PaymentsScreenView {
        schema: "tutela.payments_screen.v1",
        transfers: network.transfers.len() as u64,
        files: vec!["export/<b>x</b>.csv".to_owned()],
        first_at: network.transfers.first().map(|one| one.at.clone()),
        last_at: network.transfers.last().map(|one| one.at.clone()),
        networks: 1,
        payers: 8,
        payees: 3,
        rejected_rows: 1,
        rejected: Vec::new(),
        faults: BTreeMap::from([("impossible_date", 1)]),
        out_of_order: 2,
        without_rate: 0,
        reference_currency: "USD".to_owned(),
        model: None,
        legal_basis: None,
        seeds: Some([3, 1]),
        notes: Vec::new(),
        elapsed_ms: ScreenTimesView::default(),
        threads: 1,
        alerts: vec![alert("payee", "payee-000101"), alert("payer", &hostile)],
    };
    (view, vec![row], vec![(0, network), (1, of_payer)])
}
