//! `payments screen`, `import`, `alerts`, `labels`, `indicators`, `formats`, `map`, `generate`, `evaluate`, `train`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use tutela_app::jobs::payments_evaluate::{EvaluateRequest, evaluate};
use tutela_app::jobs::payments_generate::{GenerateRequest, generate};
use tutela_app::jobs::payments_map::propose;
use tutela_app::jobs::payments_screen::{ScreenRequest, screen};
use tutela_app::jobs::payments_train::{TrainRequest, run as train};
use tutela_app::views::{
    IndicatorsView, PaymentsEvaluateView, PaymentsFormatsView, PaymentsTrainView,
};

use tutela_web::Lang;

use super::payments_desk;
use crate::cli::{EvaluateArgs, GenerateArgs, Global, Language, Payments, ScreenArgs, TrainArgs};
use crate::output;
use crate::progress::Entries;

pub(super) fn run(global: &Global, verb: &Payments) -> Result<ExitCode> {
    match verb {
        Payments::Screen(args) => screen_files(global, args)?,
        Payments::Import(args) => payments_desk::import_files(global, args)?,
        Payments::Alerts(verb) => payments_desk::alerts(global, verb)?,
        Payments::Backtest(args) => payments_desk::replay(global, args)?,
        Payments::Labels(args) => payments_desk::labels(global, args)?,
        Payments::Indicators => indicators(global)?,
        Payments::Formats => formats(global)?,
        Payments::Map { file } => map(global, file)?,
        Payments::Generate(args) => generate_world(global, args)?,
        Payments::Evaluate(args) => evaluate_scores(global, args)?,
        Payments::Train(args) => train_model(global, args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn indicators(global: &Global) -> Result<()> {
    let view = IndicatorsView::registered();
    if global.json {
        return output::document(&view);
    }
    for indicator in view.indicators {
        output::text(format_args!(
            "{} ({})\n  {}\n  Not proof: {}\n  Source: {}",
            indicator.title, indicator.id, indicator.why, indicator.not_proof, indicator.source
        ))?;
    }
    Ok(())
}

fn formats(global: &Global) -> Result<()> {
    let view = PaymentsFormatsView::registered();
    if global.json {
        return output::document(&view);
    }
    for format in view.formats {
        let files: Vec<String> = format.extensions.iter().map(|end| format!(".{end}")).collect();
        output::text(format_args!(
            "{} ({}; {})\n  {}\n  Source: {}\n",
            format.title,
            format.id,
            files.join(" "),
            format.doc.replace('\n', "\n  "),
            format.source
        ))?;
    }
    let names = |required| {
        let of = view.fields.iter().filter(|field| field.required == required);
        of.map(|field| field.id).collect::<Vec<_>>().join(", ")
    };
    output::text(format_args!("Required: {}.\nOptional: {}.", names(true), names(false)))
}

fn map(global: &Global, file: &Path) -> Result<()> {
    let view = propose(file)?;
    if global.json {
        return output::document(&view);
    }
    // Names of columns come from the file: nothing of them may steer a terminal.
    output::text(view.toml.lines().map(output::visible).collect::<Vec<_>>().join("\n"))?;
    if !global.quiet && !view.missing.is_empty() {
        eprintln!(
            "No column was found for: {}. Write it into the map by hand.",
            view.missing.join(", ")
        );
    }
    Ok(())
}

fn screen_files(global: &Global, args: &ScreenArgs) -> Result<()> {
    const SHOWN: usize = 20;
    let request = ScreenRequest {
        files: args.files.clone(),
        seeds: args.seeds.clone(),
        out: args.out.clone(),
        top: args.top,
        scores: args.scores.clone(),
        model: args.model.clone(),
        map: args.map.clone(),
        rates: args.rates.clone(),
        threads: args.threads.map(usize::from),
    };
    let bar = Entries::naming(global.quiet, "Screening", "bytes");
    let lang = args.lang.into();
    let view = screen(&request, &mut |done, of| bar.show(done, of), &|view, rejected, charts| {
        Ok(tutela_web::payments::render_screening(view, rejected, charts, lang)?)
    });
    bar.finish();
    let view = view?;
    if global.json {
        return output::document(&view);
    }
    if !global.quiet {
        for row in &view.rejected {
            let field = row.field.as_deref().unwrap_or("row");
            let file = output::visible(&row.file);
            eprintln!("{file}, row {}, {field}: {}", row.row, output::visible(&row.message));
        }
        if view.rejected_rows > view.rejected.len() as u64 {
            let more = view.rejected_rows - view.rejected.len() as u64;
            eprintln!(
                "and {more} more rows that could not be used; `--out` writes those that were kept"
            );
        }
        view.notes.iter().for_each(|note| eprintln!("{}", output::visible(note)));
    }
    let mut table = output::table(["side", "rank", "account", "score", "strongest reason"]);
    for side in ["payee", "payer"] {
        for alert in view.alerts.iter().filter(|alert| alert.side == side).take(SHOWN) {
            let why = alert.strongest().map_or("", |one| one.why.as_str()).to_owned();
            let score = format!("{:.2}", alert.score);
            let account = output::visible(&alert.account);
            table.add_row([side.to_owned(), alert.rank.to_string(), account, score, why]);
        }
    }
    output::text(table)?;
    output::text(format_args!(
        "{} transfers of {} payers to {} payees; {} rows could not be used. An alert is a request to look, not proof.",
        view.transfers, view.payers, view.payees, view.rejected_rows
    ))
}

fn generate_world(global: &Global, args: &GenerateArgs) -> Result<()> {
    let variant = args.variant.into();
    let GenerateArgs { out, transfers, seed, .. } = args;
    let request = GenerateRequest { out: out.clone(), transfers: *transfers, seed: *seed, variant };
    let bar = Entries::naming(global.quiet, "Writing", "transfers");
    let view = generate(&request, |done, of| bar.show(done, of));
    bar.finish();
    let view = view?;
    if global.json {
        return output::document(&view);
    }
    output::text(format_args!(
        "{} transfers of {} payers to {} payees; {} buyers and {} accounts of facilitators in truth.csv.\n\
         Everything in it is invented. {}: {}",
        view.transfers,
        view.payers,
        view.payees,
        view.buyers,
        view.facilitator_accounts,
        output::visible(&out.display().to_string()),
        view.files.join(", ")
    ))
}

fn language(of: Language) -> Lang {
    match of {
        Language::En => Lang::En,
        Language::It => Lang::It,
    }
}

fn train_model(global: &Global, args: &TrainArgs) -> Result<()> {
    let lang = language(args.lang);
    let request = TrainRequest {
        files: args.files.clone(),
        labels: args.labels.clone(),
        out: args.out.clone(),
        legal_basis: args.legal_basis.clone(),
        partial: args.partial,
        map: args.map.clone(),
        rates: args.rates.clone(),
        threads: args.threads.map(usize::from),
        seed: args.seed,
    };
    let bar = Entries::naming(global.quiet, "Reading", "bytes");
    let render = |view: &PaymentsTrainView| {
        tutela_web::report::render_model_card(view, lang).map_err(std::io::Error::other)
    };
    let view = train(&request, &render, &mut |done, of| bar.show(done, of));
    bar.finish();
    let view = view?;
    if global.json {
        return output::document(&view);
    }
    if !global.quiet {
        for row in view.rejected_labels.iter().take(20) {
            let field = row.field.as_deref().unwrap_or("row");
            eprintln!("{}, row {}, {field}: {}", output::visible(&row.file), row.row, row.message);
        }
        view.notes.iter().for_each(|note| eprintln!("{}", output::visible(note)));
    }
    let mut table = output::table(["side", "marked", "average precision", "95 % of draws"]);
    for side in &view.sides {
        let average = side.held_out.average_precision;
        table.add_row([
            format!("{}s", side.side),
            side.marked.to_string(),
            format!("{:.3}", average.value),
            format!("{:.3} – {:.3}", average.low, average.high),
        ]);
    }
    output::text(table)?;
    output::text(format_args!(
        "By models that did not see an account's label. Read {} before you use model.json with `payments screen --model`.",
        output::visible(&args.out.join("card.html").display().to_string())
    ))
}

fn evaluate_scores(global: &Global, args: &EvaluateArgs) -> Result<()> {
    let lang = language(args.lang);
    let render = |view: &PaymentsEvaluateView| {
        tutela_web::report::render_quality(view, lang).map_err(std::io::Error::other)
    };
    let bar = Entries::naming(global.quiet, "Reading", "bytes");
    let request = EvaluateRequest {
        scores: args.scores.clone(),
        truth: args.truth.clone(),
        picture: args.picture.clone(),
        rounds: args.rounds,
        seed: args.seed,
        corridors: args.corridors.clone(),
        top: args.top,
        out: args.out.clone(),
    };
    let view = evaluate(&request, &render, &mut |done, of| bar.show(done, of));
    bar.finish();
    let view = view?;
    if global.json {
        return output::document(&view);
    }
    rejected(global, &view);
    let mut table = output::table(["", "payers or payees", "value", "95 % of draws"]);
    for side in &view.sides {
        let quality = &side.quality;
        let rows = [
            ("average precision", quality.average_precision),
            ("precision at 100", quality.precision_at_100),
            ("recall at 100", quality.recall_at_100),
            ("precision at 500", quality.precision_at_500),
            ("recall at 500", quality.recall_at_500),
        ];
        for (name, estimate) in rows {
            let value = format!("{:.3}", estimate.value);
            let between = format!("{:.3} – {:.3}", estimate.low, estimate.high);
            table.add_row([name.to_owned(), format!("{}s", side.side), value, between]);
        }
    }
    output::text(table)?;
    for side in &view.sides {
        output::text(format_args!(
            "{}s: {} accounts, {} marked; {} without a score, {} that the truth does not name.",
            side.side,
            side.quality.accounts,
            side.quality.positives,
            side.without_score,
            side.without_label
        ))?;
    }
    corridors(&view)
}

/// The corridors with most transfers.
fn corridors(view: &PaymentsEvaluateView) -> Result<()> {
    const SHOWN: usize = 20;
    if view.corridors.is_empty() {
        return Ok(());
    }
    let mut table = output::table([
        "corridor",
        "transfers",
        "payers",
        "alerts",
        "right",
        "payees",
        "alerts",
        "right",
    ]);
    for one in view.corridors.iter().take(SHOWN) {
        let right = |right: Option<u64>| right.map_or_else(String::new, |right| right.to_string());
        table.add_row([
            format!("{} to {}", one.from, one.to),
            one.transfers.to_string(),
            one.payers.to_string(),
            one.payer_alerts.to_string(),
            right(one.payers_right),
            one.payees.to_string(),
            one.payee_alerts.to_string(),
            right(one.payees_right),
        ]);
    }
    output::text(table)
}

/// Names the rows that were passed over, the first few of them.
fn rejected(global: &Global, view: &PaymentsEvaluateView) {
    const SHOWN: usize = 20;
    if global.quiet {
        return;
    }
    for row in view.rejected.iter().take(SHOWN) {
        let field = row.field.as_deref().unwrap_or("row");
        let file = output::visible(&row.file);
        eprintln!("{file}, row {}, {field}: {}", row.row, row.message);
    }
    if view.rejected.len() > SHOWN {
        eprintln!("and {} more rows that could not be used", view.rejected.len() - SHOWN);
    }
}
