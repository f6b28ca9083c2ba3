//! Writes what a screening found: all scores, alerts one a line, reports to read, rejected rows.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tutela_flow::indicators;
use tutela_flow::ranking::Ranking;
use tutela_flow::transfers::{Side, Transfers};

use super::whole;
use crate::AppError;
use crate::views::{AlertView, NetworkChartView, PaymentsScreenView, RejectedRowView};

/// Alerts of one side that the report tells in full; all are in `alerts.jsonl`.
pub(crate) const IN_FULL: usize = 100;
/// Alerts of a side and rejected rows that `report.md` tells in full.
const NAMED_ROWS: usize = 50;

/// A page of the report: its path below the folder, with `/`, and its text.
pub type ScreenPage = (String, String);

/// Makes the pages of a report: templates, which this floor knows nothing of. Gets the screening, all rejected rows that were kept, and
/// the charts of some alerts, each with the place of its alert.
pub type RenderScreen<'a> = &'a (
        dyn Fn(
    &PaymentsScreenView,
    &[RejectedRowView],
    &[(usize, NetworkChartView)],
) -> Result<Vec<ScreenPage>, Box<dyn std::error::Error + Send + Sync>>
            + Sync
    );

/// `side,account,score` of every account, payers first, in the order in which accounts came.
pub(crate) fn write_scores(
    path: &Path,
    transfers: &Transfers,
    ranking: &Ranking<'_>,
) -> Result<(), AppError> {
    let staged = whole::stage(path, |out| {
        writeln!(out, "side,account,score")?;
        for side in [Side::Payer, Side::Payee] {
            for account in 0..transfers.accounts() {
                if let Some(score) = ranking.score(side, account) {
                    let account = csv_field(transfers.account_id(account));
                    writeln!(out, "{},{account},{score:.6}", side.as_str())?;
                }
            }
        }
        Ok(())
    })?;
    staged.publish().map(|_| ())
}

/// `alerts.jsonl`, `rejected.jsonl`, `report.md` and the pages of the report, each whole or not at all.
pub(crate) fn write_all(
    out: &Path,
    view: &PaymentsScreenView,
    rejected: &[RejectedRowView],
    pages: &[ScreenPage],
) -> Result<(), AppError> {
    let lines = |name: &str, write: &dyn Fn(&mut dyn Write) -> io::Result<()>| {
        whole::stage(&out.join(name), |file| write(file))
    };
    let mut staged = vec![
        lines("alerts.jsonl", &|file| view.alerts.iter().try_for_each(|alert| line(file, alert)))?,
        lines("rejected.jsonl", &|file| rejected.iter().try_for_each(|row| line(file, row)))?,
        lines("report.md", &|file| report(file, view, rejected))?,
    ];
    for (path, text) in pages {
        let path = out.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(AppError::file("make", folder))?;
        }
        staged.push(whole::stage(&path, |file| file.write_all(text.as_bytes()))?);
    }
    staged.into_iter().try_for_each(|file| file.publish().map(|_| ()))
}

fn line(file: &mut dyn Write, document: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *file, document)?;
    writeln!(file)
}

fn report(
    file: &mut dyn Write,
    view: &PaymentsScreenView,
    rejected: &[RejectedRowView],
) -> io::Result<()> {
    writeln!(file, "# Payments screened\n")?;
    writeln!(
        file,
        "{} transfers of {} payers to {} payees; {} rows could not be used. Amounts are compared in {}.\n",
        view.transfers, view.payers, view.payees, view.rejected_rows, view.reference_currency
    )?;
    writeln!(
        file,
        "An alert is a request to look at an account. It is not proof: each indicator below says who else moves\nmoney in this way.\n"
    )?;
    for side in ["payee", "payer"] {
        let alerts = || view.alerts.iter().filter(|alert| alert.side == side);
        writeln!(file, "## {side}s, by score\n")?;
        writeln!(file, "| rank | account | score | strongest reason |\n|---|---|---|---|")?;
        for alert in alerts() {
            let why = alert.indicators.first().map_or("", |one| one.why.as_str());
            let account = cell(&alert.account);
            writeln!(file, "| {} | {account} | {:.2} | {} |", alert.rank, alert.score, cell(why))?;
        }
        writeln!(file)?;
        alerts().take(NAMED_ROWS).try_for_each(|alert| in_full(file, alert))?;
    }
    writeln!(file, "## What indicators mean\n")?;
    for indicator in indicators::INDICATORS {
        writeln!(
            file,
            "- **{}** (`{}`). {} Not proof: {} Source: {}.",
            indicator.title, indicator.id, indicator.why, indicator.not_proof, indicator.source
        )?;
    }
    if view.rejected_rows > 0 {
        writeln!(file, "\n## Rows that could not be used\n")?;
        writeln!(
            file,
            "{} in all; those that were kept are in rejected.jsonl.\n",
            view.rejected_rows
        )?;
        for row in rejected.iter().take(NAMED_ROWS) {
            let field = row.field.as_deref().unwrap_or("row");
            let name = cell(&row.file);
            writeln!(file, "- {name}, row {}, {}: {}", row.row, cell(field), cell(&row.message))?;
        }
    }
    view.notes.iter().try_for_each(|note| writeln!(file, "\n{}", cell(note)))
}

fn in_full(file: &mut dyn Write, alert: &AlertView) -> io::Result<()> {
    writeln!(file, "### {} {}: {}\n", alert.side, alert.rank, cell(&alert.account))?;
    writeln!(
        file,
        "| indicator | value | adds | what was seen | transfers |\n|---|---|---|---|---|"
    )?;
    for one in &alert.indicators {
        const FEW: usize = 10;
        let mut named =
            one.transfers.iter().take(FEW).map(|id| cell(id)).collect::<Vec<_>>().join(", ");
        if one.transfer_count > FEW as u64 {
            named.push_str(&format!(" and {} more", one.transfer_count - FEW as u64));
        }
        let why = cell(&one.why);
        writeln!(
            file,
            "| `{}` | {:.2} | {:.2} | {why} | {named} |",
            one.id, one.value, one.weight
        )?;
    }
    writeln!(file, "| score | | {:.2} | | |\n", alert.score)?;
    if !alert.network.accounts.is_empty() {
        let named: Vec<String> =
            alert.network.accounts.iter().map(|account| cell(account)).collect();
        writeln!(file, "Tied to {} by {}.\n", named.join(", "), alert.network.via)?;
    }
    Ok(())
}

/// Text from a file as one cell that ends no table and commands no terminal.
pub(super) fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '\\' | '`' | '*' | '<' | '[' => safe.extend(['\\', c]),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{cell, csv_field};

    #[test]
    fn accounts_break_neither_table() {
        assert_eq!(cell("a|b<i>\n"), "a\\|b\\<i>\u{fffd}");
        assert_eq!(csv_field("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_field("plain"), "plain");
    }
}
