//! Ties among payees, drawn in lanes right of them.

use std::collections::HashMap;
use std::fmt::Write;

use tutela_app::views::NetworkTieView;

use super::super::layout::lanes;
use super::{BOX_WIDTH, BOX_X, Chart, LANE_PITCH, LANE_X, MAX_LANES, Payee, TIES, dashes};
use crate::show::hostile::{escaped, plain};
use crate::words::fill;

impl Chart<'_> {
    /// Ties among payees, in lanes right of them, how many found no lane, and which kinds did.
    pub(super) fn margin(&self) -> (String, usize, Vec<&str>) {
        let mut ties: Vec<(&NetworkTieView, &Payee<'_>, &Payee<'_>)> = Vec::new();
        for kind in TIES {
            let of = self.view.ties.iter().filter(|tie| tie.kind == kind && tie.from != tie.to);
            ties.extend(
                of.filter_map(|tie| {
                    Some((tie, self.payee_at(&tie.from)?, self.payee_at(&tie.to)?))
                }),
            );
        }
        let all = ties.len();
        let mut drawn = String::new();
        loop {
            // Where a tie leaves a box: one place for each tie, so that ends do not meet.
            let mut taken: HashMap<&str, (usize, usize)> = HashMap::new();
            for (tie, ..) in &ties {
                taken.entry(&tie.from).or_default().1 += 1;
                taken.entry(&tie.to).or_default().1 += 1;
            }
            let mut place = |payee: &Payee<'_>| {
                let of = taken.get_mut(payee.about.account.as_str());
                let (at, all) = of.map_or((1, 1), |of| {
                    of.0 += 1;
                    *of
                });
                payee.top + payee.height * at as f64 / (all + 1) as f64
            };
            let spans: Vec<(f64, f64)> =
                ties.iter().map(|(_, from, to)| (place(from), place(to))).collect();
            let lanes = lanes(&spans);
            if lanes.iter().any(|lane| *lane >= MAX_LANES) {
                // The weakest kind is last; the strongest of each kind came first.
                ties.pop();
                continue;
            }
            for ((tie, ..), (span, lane)) in ties.iter().zip(spans.iter().zip(&lanes)) {
                self.tie(&mut drawn, tie, *span, *lane);
            }
            let kinds = ties.iter().map(|(tie, ..)| tie.kind.as_str()).collect();
            return (drawn, all - ties.len(), kinds);
        }
    }

    fn tie(&self, out: &mut String, tie: &NetworkTieView, (from, to): (f64, f64), lane: usize) {
        let w = self.w;
        let said = match tie.kind.as_str() {
            "referred" => w.referred,
            "paid" => w.onward,
            "same_phone" => w.same_phone,
            _ => w.shared,
        };
        let said = fill(&fill(said, "from", &plain(&tie.from)), "to", &plain(&tie.to));
        let said = self.with_sum(&fill(&said, "n", &tie.transfers.to_string()), tie);
        let directed = matches!(tie.kind.as_str(), "referred" | "paid");
        let start = BOX_X + BOX_WIDTH + 1.0;
        let end = if directed { start + 8.0 } else { start };
        let x = LANE_X + lane as f64 * LANE_PITCH;
        let turn = ((to - from).abs() / 2.0).min(6.0) * (to - from).signum();
        let round = turn.abs();
        let _ = write!(
            out,
            "<g><title>{}</title><path class=\"n-tie n-{}\" d=\"M{start:.1} {from:.1}H{:.1}Q{x:.1} {from:.1} {x:.1} {:.1}\
             V{:.1}Q{x:.1} {to:.1} {:.1} {to:.1}H{end:.1}\" stroke=\"currentColor\"{}/>",
            escaped(&said),
            tie.kind,
            x - round,
            from + turn,
            to - turn,
            x - round,
            dashes(&tie.kind, tie.transfers),
        );
        if directed {
            let _ = write!(
                out,
                "<path class=\"n-{} n-tip\" d=\"M{start:.1} {to:.1}l9 -4v8z\" fill=\"currentColor\"/>",
                tie.kind
            );
        }
        out.push_str("</g>");
    }
}
