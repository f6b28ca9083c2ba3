//! An invented network for tests and for whoever wants to look at the drawings.

use tutela_app::views::{
    NetworkAccountView, NetworkChartView, NetworkIdentityView, NetworkLeftOutView,
    NetworkReferralView, NetworkTieView, NetworkTransferView,
};

const CURRENCY: &str = "USD";

/// Three payees, two of them tied by a phone and by payers who went over, one with a second account; eight payers. The first payee
/// is the alert.
pub fn sample_network() -> NetworkChartView {
    let payees = ["payee-000101", "payee-000102", "payee-000103"];
    let mut transfers = Vec::new();
    let mut ties = Vec::new();
    for payer in 0..8_usize {
        for (place, payee) in payees.iter().enumerate() {
            // Who pays whom, and how often: made up, so that every kind of line occurs.
            let times = [
                [3, 0, 0],
                [1, 2, 0],
                [6, 1, 0],
                [0, 0, 2],
                [2, 0, 1],
                [1, 0, 0],
                [24, 4, 0],
                [1, 1, 1],
            ][payer][place];
            if times == 0 {
                continue;
            }
            let name = format!("payer-{:06}", 201 + payer * 7);
            let mut sum = 0;
            let times_at: Vec<String> = (0..times)
                .map(|n| {
                    let day = payer * 11 + place * 16 + n * 9;
                    format!(
                        "2025-{:02}-{:02}T{:02}:15:00Z",
                        1 + day / 28 % 12,
                        1 + day % 28,
                        3 + payer
                    )
                })
                .collect();
            for (n, at) in times_at.iter().enumerate() {
                let minor = 1_500 + (n as u64 * 700 + payer as u64 * 900) % 6_000;
                sum += minor;
                transfers.push(NetworkTransferView {
                    transfer: format!("t-{payer}-{place}-{n}"),
                    at: at.clone(),
                    payer: name.clone(),
                    payee: (*payee).to_owned(),
                    amount_minor: minor as i64,
                    currency: CURRENCY.to_owned(),
                    reference_minor: Some(minor),
                });
            }
            ties.push(NetworkTieView {
                from: name,
                to: (*payee).to_owned(),
                kind: "paid".to_owned(),
                transfers: times as u64,
                amount_minor: Some(sum),
                currency: CURRENCY.to_owned(),
                first_at: times_at.iter().min().cloned(),
                last_at: times_at.iter().max().cloned(),
            });
        }
    }
    transfers.sort_by(|a, b| (&a.at, &a.transfer).cmp(&(&b.at, &b.transfer)));
    ties.extend(among_payees());
    NetworkChartView {
        schema: "tutela.payments_network.v1".to_owned(),
        network: 1,
        account: payees[0].to_owned(),
        side: "payee".to_owned(),
        size: 14,
        accounts: accounts(&payees),
        ties,
        referrals: vec![NetworkReferralView {
            payer: "payer-000208".to_owned(),
            from: payees[0].to_owned(),
            to: payees[1].to_owned(),
            transfer: "t-1-1-0".to_owned(),
            at: "2025-01-28T04:15:00Z".to_owned(),
            days: 16,
            chain: 1,
        }],
        transfers,
        left_out: NetworkLeftOutView { payers: 3, ..NetworkLeftOutView::default() },
    }
}

fn among_payees() -> [NetworkTieView; 4] {
    let tie = |from: &str, to: &str, kind: &str, transfers| NetworkTieView {
        from: from.to_owned(),
        to: to.to_owned(),
        kind: kind.to_owned(),
        transfers,
        ..NetworkTieView::default()
    };
    [
        tie("payee-000101", "payee-000102", "referred", 2),
        tie("payee-000102", "payee-000103", "paid", 1),
        tie("payee-000101", "payee-000103", "same_phone", 1),
        tie("payee-000101", "payee-000102", "shared_payers", 4),
    ]
}

fn accounts(payees: &[&str; 3]) -> Vec<NetworkAccountView> {
    let one = |account: String, side: &str, score: f64, rank| NetworkAccountView {
        account,
        side: side.to_owned(),
        score: Some(score),
        rank,
        known: false,
        counterparties: 7,
        transfers: 40,
        identities: Vec::new(),
    };
    let mut accounts: Vec<NetworkAccountView> = payees
        .iter()
        .zip([(6.25, Some(1)), (4.5, Some(7)), (0.5, None)])
        .map(|(payee, (score, rank))| one((*payee).to_owned(), "payee", score, rank))
        .collect();
    accounts[1].known = true;
    accounts[0].identities.push(NetworkIdentityView {
        account: "payee-000199".to_owned(),
        reason: "phone".to_owned(),
    });
    for payer in 0..8 {
        let rank = (payer == 6).then_some(2);
        accounts.push(one(format!("payer-{:06}", 201 + payer * 7), "payer", 3.0, rank));
    }
    accounts
}

#[cfg(test)]
mod tests {
    use super::sample_network;
    use crate::Lang;
    use crate::networks::{link_chart, linked_chart, timeline};

    #[test]
    fn drawings_are_closed_named_and_without_style_or_script() {
        let network = sample_network();
        for lang in Lang::ALL {
            for svg in [link_chart(&network, lang), timeline(&network, lang)] {
                assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
                assert!(
                    svg.contains("aria-label=\"")
                        && svg.contains("<title>")
                        && svg.contains("<desc>")
                );
                for bad in [" style=", "<style", "<script", " id=", "NaN", "inf", "{"] {
                    assert!(!svg.contains(bad), "{bad}: {svg}");
                }
                for tag in ["g", "a", "text", "title", "svg", "circle"] {
                    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
                    let opened = svg.matches(&format!("{open} ")).count()
                        + svg.matches(&format!("{open}>")).count();
                    let shut = svg.matches(&close).count();
                    assert!(shut <= opened && (tag == "circle" || shut == opened), "{tag}: {svg}");
                }
            }
        }
    }

    #[test]
    fn every_account_is_reached_by_keyboard_and_every_tie_is_said() {
        let network = sample_network();
        let svg = link_chart(&network, Lang::En);
        assert_eq!(svg.matches("tabindex=\"0\"").count(), network.accounts.len());
        for said in [
            "Payers who went from payee-000101 to payee-000102: 2",
            "payee-000102 paid payee-000103: 1",
            "payee-000101 and payee-000103 have the same phone",
            "payee-000101 and payee-000102 share payers: 4",
            "payer-000243 paid payee-000101: 24 transfers",
            "also payee-000199 (same phone)",
            "and 3 more payers",
        ] {
            assert!(svg.contains(said), "{said}");
        }
        let lines = network
            .ties
            .iter()
            .filter(|tie| tie.kind == "paid" && tie.from.starts_with("payer"))
            .count();
        let drawn = ["n-edge", "n-edge n-own"]
            .map(|class| svg.matches(&format!("<path class=\"{class}\"")).count());
        assert_eq!(drawn.iter().sum::<usize>(), lines, "{drawn:?}");
        let linked = linked_chart(&network, Lang::It, &|account, side| {
            Some(format!("{side}-{account}.html"))
        });
        assert_eq!(linked.matches("<a class=\"n-node").count(), network.accounts.len());
        assert!(linked.contains("href=\"payee-payee-000101.html\""));
    }

    #[test]
    fn a_referral_is_an_arrow_in_the_row_of_its_payer() {
        let svg = timeline(&sample_network(), Lang::En);
        assert!(
            svg.contains("payer-000208 went from payee-000101 to payee-000102 after 16 days"),
            "{svg}"
        );
        assert!(svg.contains("2025-01"), "months are named");
        let mut payer = sample_network();
        (payer.account, payer.side) = ("payer-000208".to_owned(), "payer".to_owned());
        assert!(
            timeline(&payer, Lang::It)
                .contains("è passato da payee-000101 a payee-000102 dopo 16 giorni")
        );
    }

    #[test]
    fn hostile_names_and_empty_networks_are_survived() {
        let mut hostile = sample_network();
        let name = "\"><script>alert(1)</script>\u{202e}";
        for account in &mut hostile.accounts {
            if account.account == "payer-000208" {
                account.account = name.to_owned();
            }
        }
        for tie in hostile.ties.iter_mut().filter(|tie| tie.from == "payer-000208") {
            tie.from = name.to_owned();
        }
        for transfer in hostile.transfers.iter_mut().filter(|one| one.payer == "payer-000208") {
            transfer.payer = name.to_owned();
            transfer.currency = "<b>".to_owned();
            transfer.at = "never".to_owned();
        }
        for svg in [link_chart(&hostile, Lang::En), timeline(&hostile, Lang::En)] {
            assert!(
                !svg.contains("<script") && !svg.contains("<b>") && !svg.contains('\u{202e}'),
                "{svg}"
            );
        }
        let empty = tutela_app::views::NetworkChartView::default();
        assert!(link_chart(&empty, Lang::En).contains("No transfers to draw."));
        assert!(timeline(&empty, Lang::En).contains("No transfers to draw."));
    }
}
