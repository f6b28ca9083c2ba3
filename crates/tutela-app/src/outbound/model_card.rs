//! The card of a trained model as text: what it rests on, how good it was on what it did not see, what it is not.

use std::io::{self, Write};

use super::screen::cell;
use crate::views::{BacktestView, PaymentsTrainView, TrainedSideView};

/// Writes `card.md`.
pub(crate) fn markdown(out: &mut dyn Write, view: &PaymentsTrainView) -> io::Result<()> {
    writeln!(out, "# Model card\n")?;
    writeln!(
        out,
        "A sum of named parts that ranks payers and payees of one institution. It says whom to look at first. It says nothing of\n\
         guilt, and no action against a person may rest on its score alone.\n"
    )?;
    writeln!(out, "## What it rests on\n\n| file | SHA-256 |\n|---|---|")?;
    for file in &view.files {
        writeln!(out, "| {} | `{}` |", cell(&file.file), file.sha256)?;
    }
    let [from, to] = &view.period;
    writeln!(
        out,
        "\n{} transfers from {from} to {to}; {} rows could not be used, and {} rows of labels.\n\
         It started from {}. Seed {}, {} parts.\n",
        view.transfers,
        view.rejected_rows,
        view.rejected_labels.len(),
        view.started_from,
        view.seed,
        view.folds
    )?;
    match &view.legal_basis {
        Some(basis) => writeln!(
            out,
            "**Age and sex of payers are used.** Legal basis as stated: {}\n",
            cell(basis)
        )?,
        None => writeln!(out, "Age, sex and nationality are not used.\n")?,
    }
    match view.partial {
        true => writeln!(
            out,
            "Labels are partial: accounts without one counted by how likely they were, not as harmless.\n"
        )?,
        false => writeln!(out, "Accounts without a label counted as harmless.\n")?,
    }
    view.notes.iter().try_for_each(|note| writeln!(out, "{}\n", cell(note)))?;
    view.sides.iter().try_for_each(|side| one_side(out, side))?;
    backtest(out, view.backtest.as_ref())?;
    writeln!(
        out,
        "## What it is not\n\n\
         - It is no probability of a crime. Reliability above compares scores with labels, and labels are what this institution found.\n\
         - What was never looked into has no label. The model finds more of what was found before.\n\
         - It was judged on accounts of the same institution and period. Elsewhere, and later, it will be worse.\n\
         - Parts are dealt by account. Two accounts of one person may lie on both sides of a line, which flatters.\n"
    )
}

fn one_side(out: &mut dyn Write, side: &TrainedSideView) -> io::Result<()> {
    let quality = &side.held_out;
    writeln!(
        out,
        "## {}s\n\n{} marked, {} cleared, {} without a label; {} labelled accounts do not occur. {}\n",
        side.side,
        side.marked,
        side.cleared,
        side.unlabelled,
        side.absent,
        if side.trained {
            "Trained."
        } else {
            "Not trained: it keeps the weights it started from."
        }
    )?;
    writeln!(
        out,
        "By models that did not see an account's label (95 % of draws):\n\n| figure | value | from | to |\n|---|---|---|---|"
    )?;
    for (name, one) in [
        ("average precision", quality.average_precision),
        ("precision at 100", quality.precision_at_100),
        ("recall at 100", quality.recall_at_100),
        ("precision at 500", quality.precision_at_500),
        ("recall at 500", quality.recall_at_500),
    ] {
        writeln!(out, "| {name} | {:.3} | {:.3} | {:.3} |", one.value, one.low, one.high)?;
    }
    writeln!(out, "\n| expected between | accounts | expected | found |\n|---|---|---|---|")?;
    for part in &side.reliability {
        writeln!(
            out,
            "| {:.3} and {:.3} | {} | {:.4} | {:.4} |",
            part.from, part.to, part.accounts, part.expected, part.found
        )?;
    }
    writeln!(
        out,
        "\nStrongest features, and whether they would hold elsewhere:\n\n| feature | spread | would it hold elsewhere? |\n|---|---|---|"
    )?;
    for one in &side.strongest {
        writeln!(
            out,
            "| {} | {:.2} | {} |",
            cell(&one.feature.replace('_', " ")),
            one.spread,
            one.argument
        )?;
    }
    let curves: Vec<String> = (side.curves.iter())
        .map(|curve| match curve.way {
            "free" => curve.feature.replace('_', " "),
            way => format!("{} ({way})", curve.feature.replace('_', " ")),
        })
        .collect();
    writeln!(out, "\nCurves: {}.\n", curves.join(", "))?;
    if !side.pairs.is_empty() {
        writeln!(out, "Tables of two: {}.\n", side.pairs.join("; ").replace('_', " "))?;
    }
    Ok(())
}

fn backtest(out: &mut dyn Write, tested: Option<&BacktestView>) -> io::Result<()> {
    writeln!(out, "## Backtest by time\n")?;
    let Some(tested) = tested else {
        return writeln!(
            out,
            "None: the transfers reach over less than four months, or too little was known before the cut.\n"
        );
    };
    writeln!(
        out,
        "Trained on what was known on {}: {} marked payers, {} marked payees. Accounts known then are left out below. An alert is an\n\
         account that passes, for the first time, the score of alert {} at the cut.{}\n",
        tested.cut,
        tested.known_payers,
        tested.known_payees,
        tested.open,
        if tested.dated {
            ""
        } else {
            " Labels without `decided_at` count as known where the account had a transfer before the cut, which flatters."
        }
    )?;
    writeln!(
        out,
        "| month | side | accounts | marked | precision at 100 | recall at 100 | precision at 500 | recall at 500 | alerts a day | right |\n\
         |---|---|---|---|---|---|---|---|---|---|"
    )?;
    for month in &tested.months {
        let right = month.right.map_or_else(|| "–".to_owned(), |right| format!("{right:.2}"));
        writeln!(
            out,
            "| {} to {} | {} | {} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.1} | {right} |",
            month.from,
            month.to,
            month.side,
            month.accounts,
            month.marked,
            month.precision_at_100,
            month.recall_at_100,
            month.precision_at_500,
            month.recall_at_500,
            month.alerts_a_day
        )?;
    }
    writeln!(out)
}
