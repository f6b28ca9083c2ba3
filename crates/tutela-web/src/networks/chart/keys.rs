//! What stands below the chart: what is not drawn, and what each mark means.

use std::fmt::Write;

use super::super::legend::Key;
use super::{BOX_X, Chart, PAYER_RADIUS, PAYER_X, WIDTH, dashes, line_width};
use crate::show::figures::counted;
use crate::show::hostile::escaped;

impl Chart<'_> {
    /// What is not drawn, in words, below the columns; and the height of that.
    pub(super) fn notes(&self, top: f64, undrawn: usize) -> (String, f64) {
        let of = |side: &str| self.view.accounts.iter().filter(|one| one.side == side).count();
        let left = self.view.left_out;
        let payers = left.payers + (of("payer") - self.payers.len()) as u64;
        let payees = left.payees + (of("payee") - self.payees.len()) as u64;
        let ties = left.ties + undrawn as u64;
        let mut out = String::new();
        let mut write_at = |x: f64, anchor: &str, forms: &str, number: u64| {
            if number > 0 {
                let _ = write!(
                    out,
                    "<text class=\"n-small\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" fill=\"currentColor\">{}</text>",
                    top + 8.0,
                    escaped(&counted(forms, number))
                );
            }
        };
        write_at(PAYER_X + PAYER_RADIUS, "end", self.w.more_payers, payers);
        write_at(BOX_X, "start", self.w.more_payees, payees);
        write_at(WIDTH, "end", self.w.more_ties, ties);
        (out, if payers + payees + ties > 0 { 16.0 } else { 0.0 })
    }

    pub(super) fn keys(&self, drawn: &[&str]) -> Vec<Key> {
        let w = self.w;
        let accounts = || self.view.accounts.iter();
        let key = |there: bool, mark: String, word: &str| there.then(|| (mark, word.to_owned()));
        let circle = |radius: f64, fill: &str| {
            format!(
                "<circle r=\"{radius}\" fill=\"{fill}\" stroke=\"currentColor\" stroke-width=\"1.4\"/>"
            )
        };
        let boxed = "<rect x=\"-11\" y=\"-5.5\" width=\"22\" height=\"11\" rx=\"2\" stroke=\"currentColor\" stroke-width=\"1.4\"/>";
        let line = |kind: &str, tip: bool| {
            let tip = if tip {
                format!(
                    "<path class=\"n-{kind} n-tip\" d=\"M15 0l-9 -4v8z\" fill=\"currentColor\"/>"
                )
            } else {
                String::new()
            };
            format!(
                "<path class=\"n-{kind}\" d=\"M-14 0H{}\" stroke=\"currentColor\"{}/>{tip}",
                if tip.is_empty() { 14 } else { 7 },
                dashes(kind, 1)
            )
        };
        let paid: String = [(-5.0, 1), (0.0, 5), (5.5, 20)]
            .iter()
            .map(|(y, transfers)| {
                format!(
                    "<path d=\"M-14 {y}H14\" stroke=\"currentColor\" stroke-width=\"{:.1}\"/>",
                    line_width(*transfers)
                )
            })
            .collect();
        let among = |kind: &str| drawn.contains(&kind);
        let both = format!(
            "<g transform=\"translate(-8 0)\">{}{}</g><g transform=\"translate(8 0) scale(.62)\">{boxed}\
             <rect x=\"-15\" y=\"-9.5\" width=\"30\" height=\"19\" rx=\"4\" stroke=\"currentColor\" stroke-width=\"1.4\"/></g>",
            circle(3.2, "none"),
            circle(6.0, "none")
        );
        let known = format!(
            "<g transform=\"translate(-8 0)\">{}</g><g transform=\"translate(8 0) scale(.62)\">{boxed}\
             <rect x=\"-11\" y=\"-5.5\" width=\"6\" height=\"11\" fill=\"currentColor\"/></g>",
            circle(4.0, "currentColor")
        );
        [
            key(true, circle(PAYER_RADIUS, "none"), w.key_payer),
            key(true, boxed.to_owned(), w.key_payee),
            key(true, both, w.key_alerted),
            key(accounts().any(|one| one.known), known, w.key_known),
            key(!self.payers.is_empty(), paid, w.key_paid),
            key(among("referred"), line("referred", true), w.key_referred),
            key(among("paid"), line("paid", true), w.key_onward),
            key(among("same_phone"), line("same_phone", false), w.key_same_phone),
            key(among("shared_payers"), line("shared_payers", false), w.key_shared),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
