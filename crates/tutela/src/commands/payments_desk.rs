//! `payments import`, `payments alerts`, `payments labels`.

use anyhow::Result;
use serde_json::json;
use tutela_app::Workspace;
use tutela_app::cases::alerts::{Desk, reasons};
use tutela_app::cases::people;
use tutela_app::jobs::payments_backtest::{BacktestRequest, backtest};
use tutela_app::jobs::payments_import::{ImportRequest, import};
use tutela_app::jobs::payments_rank::rank_if_due;
use tutela_app::service::AlertFilter;
use tutela_app::views::{AlertFullView, AlertItemView, AlertNamesView, AlertPartyView, AlertsView};

use super::cases;
use super::workspace::open;
use crate::cli::{AlertStateArg, Alerts, AlertsArgs, BacktestArgs, Global, ImportArgs, LabelsArgs};
use crate::output::{self, visible};
use crate::progress::Entries;

/// Transfers that text shows of an alert.
const TRANSFERS_SHOWN: usize = 20;

pub(super) fn import_files(global: &Global, args: &ImportArgs) -> Result<()> {
    let workspace = open(global)?;
    let request = ImportRequest {
        files: args.files.clone(),
        map: args.map.clone(),
        rates: args.rates.clone(),
        case: args.case.as_deref().map(cases::id).transpose()?,
        screen: (!args.no_screen).then_some(args.top),
    };
    let bar = Entries::naming(global.quiet, "Importing", "bytes");
    let view = import(&workspace, &request, &mut |done, of| bar.show(done, of));
    bar.finish();
    let view = view?;
    if global.json {
        return output::document(&view);
    }
    if !global.quiet {
        for row in &view.rejected {
            let field = row.field.as_deref().unwrap_or("row");
            let file = visible(&row.file);
            eprintln!("{file}, row {}, {field}: {}", row.row, visible(&row.message));
        }
    }
    for file in &view.files {
        let name = visible(&file.name);
        match file.already {
            true => output::text(format_args!("{name}: in the store already; left as it is"))?,
            false => output::text(format_args!(
                "{name}: {} transfers; {} rows could not be used",
                file.transfers, file.rejected_rows
            ))?,
        }
    }
    if let Some(raised) = &view.screening {
        output::text(format_args!(
            "Screened {} transfers: {} new alerts, {} renewed, {} decided before. An alert is a request to look, not proof.",
            raised.transfers, raised.new, raised.again, raised.closed
        ))?;
        if raised.without_rate > 0 && !global.quiet {
            eprintln!(
                "{} transfers are in a currency without a rate: their amounts were not compared; give --rates",
                raised.without_rate
            );
        }
    }
    Ok(())
}

pub(super) fn alerts(global: &Global, verb: &Alerts) -> Result<()> {
    if matches!(verb, Alerts::Reasons) {
        return list_reasons(global);
    }
    let workspace = open(global)?;
    let desk = Desk::of(workspace.store(), workspace.operator());
    let named = |alert: &str| workspace.block_on(desk.named(alert));
    let done = match verb {
        Alerts::Reasons => return Ok(()),
        Alerts::Ls(args) => return list(global, &workspace, &desk, args),
        Alerts::Show { alert, purpose } => {
            return show(global, &workspace, &desk, alert, purpose.as_deref());
        }
        Alerts::Rank => return rank(global, &workspace),
        Alerts::Assign { alert, to } => {
            let to = match to {
                Some(to) => workspace.block_on(desk.person(to))?,
                None => workspace.operator(),
            };
            workspace.block_on(desk.assign(named(alert)?, to))?
        }
        Alerts::Note { alert, text } => workspace.block_on(desk.note(named(alert)?, text))?,
        Alerts::Propose { alert, outcome, reason, text } => {
            let (reason, text) = (reason.as_deref(), text.as_deref());
            workspace.block_on(desk.propose(named(alert)?, (*outcome).into(), reason, text))?
        }
        Alerts::Approve { alert, no_rank } => {
            let closed = workspace.block_on(desk.approve(named(alert)?))?;
            if !no_rank {
                rank_if_due(&workspace)?;
            }
            closed
        }
        Alerts::Return { alert, text } => {
            workspace.block_on(desk.send_back(named(alert)?, text))?
        }
    };
    workspace.checkpoint()?;
    if global.json {
        return output::document(&with_schema("tutela.payments_alert.v1", &done)?);
    }
    output::text(format_args!("Alert {} is {}", done.number, said(&done)))
}

/// Where an alert stands, in words.
fn said(alert: &AlertItemView) -> String {
    let state = alert.state.replace('_', " ");
    match (&alert.proposal, &alert.approved_by) {
        (Some(proposal), None) => {
            format!("{state}: {} is proposed; a second person has to approve", proposal.outcome)
        }
        _ => state,
    }
}

/// A document with its schema first.
fn with_schema(schema: &str, document: &impl serde::Serialize) -> Result<serde_json::Value> {
    let mut whole = json!({"schema": schema});
    if let (Some(whole), serde_json::Value::Object(fields)) =
        (whole.as_object_mut(), serde_json::to_value(document)?)
    {
        whole.extend(fields);
    }
    Ok(whole)
}

fn list_reasons(global: &Global) -> Result<()> {
    if global.json {
        let schema = "tutela.payments_reasons.v1";
        return output::document(
            &json!({"schema": schema, "dated": reasons::DATED, "reasons": reasons::all()}),
        );
    }
    let mut table = output::table(["reason", "means"]);
    for reason in reasons::all() {
        table.add_row([reason.id, reason.en]);
    }
    output::text(table)
}

fn rank(global: &Global, workspace: &Workspace) -> Result<()> {
    let ranked = rank_if_due(workspace)?;
    if global.json {
        let at = ranked.map(|ranking| ranking.at.to_string());
        return output::document(&json!({"schema": "tutela.payments_rank.v1", "ranked_at": at}));
    }
    match ranked {
        Some(ranking) => output::text(format_args!(
            "The queue is in order after {} decisions",
            ranking.decisions
        )),
        None => output::text("Nothing was decided since the queue was put in order"),
    }
}

fn list(global: &Global, workspace: &Workspace, desk: &Desk<'_>, args: &AlertsArgs) -> Result<()> {
    let filter = AlertFilter {
        side: args.side.map(Into::into),
        states: AlertStateArg::states(args.state),
        assigned_to: args.mine.then(|| workspace.operator()),
        network: args.network,
        case: None,
    };
    let view: AlertsView = workspace.block_on(desk.list(&filter, None, args.top))?;
    if global.json {
        return output::document(&with_schema("tutela.payments_alerts.v1", &view)?);
    }
    let header = ["alert", "score", "side", "account", "state", "network", "strongest reason"];
    let mut table = output::table(header);
    for alert in &view.alerts {
        table.add_row([
            alert.number.to_string(),
            format!("{:.2}", alert.score),
            alert.side.to_owned(),
            visible(&alert.account),
            said(alert),
            alert.network.to_string(),
            alert.strongest.clone().unwrap_or_default(),
        ]);
    }
    output::text(table)?;
    let counts: Vec<String> = view
        .counts
        .iter()
        .map(|one| format!("{} {}", one.count, one.state.replace('_', " ")))
        .collect();
    output::text(counts.join(", "))
}

fn show(
    global: &Global,
    workspace: &Workspace,
    desk: &Desk<'_>,
    alert: &str,
    purpose: Option<&str>,
) -> Result<()> {
    let id = workspace.block_on(desk.named(alert))?;
    let names = purpose.map(|purpose| workspace.block_on(desk.names(id, purpose))).transpose()?;
    let view = workspace.block_on(desk.show(id))?;
    if global.json {
        let mut document = with_schema("tutela.payments_alert.v1", &view)?;
        if let (Some(names), Some(fields)) = (names, document.as_object_mut()) {
            fields.insert("names".to_owned(), serde_json::to_value(names.accounts)?);
        }
        return output::document(&document);
    }
    in_words(workspace, &view, names.as_ref())
}

fn in_words(
    workspace: &Workspace,
    view: &AlertFullView,
    names: Option<&AlertNamesView>,
) -> Result<()> {
    let alert = &view.alert;
    output::text(format_args!(
        "Alert {}: {} {} is {}\n  id       {}\n  network  {}\n  score    {:.2}\n",
        alert.number,
        alert.side,
        visible(&alert.account),
        said(alert),
        alert.id,
        alert.network,
        alert.score
    ))?;
    let mut parts = output::table(["part", "adds", "what was seen", "transfers"]);
    for part in &view.parts {
        let adds = format!("{:+.2}", part.weight);
        let transfers = part.transfer_count.to_string();
        parts.add_row([part.id.clone(), adds, part.why.clone(), transfers]);
    }
    output::text(parts)?;
    let mut transfers = output::table(["time", "amount", "payer", "payee", "transfer"]);
    for one in view.transfers.iter().take(TRANSFERS_SHOWN) {
        let amount = format!("{} {}", one.amount(), one.currency);
        let [payer, payee, id] = [&one.payer, &one.payee, &one.id].map(|text| visible(text));
        transfers.add_row([one.time.clone(), amount, payer, payee, id]);
    }
    output::text(transfers)?;
    if view.transfers.len() > TRANSFERS_SHOWN {
        output::text(format_args!(
            "and {} more; --json shows them",
            view.transfers.len() - TRANSFERS_SHOWN
        ))?;
    }
    match names {
        None => view.masked.iter().try_for_each(|party| output::text(person("Masked", party)))?,
        Some(names) => {
            for (account, said) in &names.accounts {
                let account = visible(account);
                said.iter().try_for_each(|party| output::text(person(&account, party)))?;
            }
        }
    }
    let people = people::list(workspace)?;
    let mut history = output::table(["when", "who", "act", "words"]);
    for entry in &view.history {
        let who = people.iter().find(|one| one.id.to_string() == entry.by);
        let who = who.map_or(entry.by.clone(), |one| visible(&one.name));
        let words = entry.words.as_deref().map(visible).unwrap_or_default();
        history.add_row([entry.at.clone(), who, entry.act.clone(), words]);
    }
    output::text(history)
}

fn person(whose: &str, party: &AlertPartyView) -> String {
    let said = [&party.name, &party.country, &party.region, &party.phone, &party.email];
    let said: Vec<String> = said.into_iter().flatten().map(|text| visible(text)).collect();
    format!("{whose}: {}", said.join(", "))
}

pub(super) fn replay(global: &Global, args: &BacktestArgs) -> Result<()> {
    let workspace = open(global)?;
    let request = BacktestRequest {
        threshold: args.threshold,
        every_days: args.every,
        rates: args.rates.clone(),
    };
    let bar = Entries::naming(global.quiet, "Replaying", "steps");
    let view = backtest(&workspace, &request, &mut |done, of| bar.show(done, of));
    bar.finish();
    let view = view?;
    if global.json {
        return output::document(&view);
    }
    let mut table = output::table(["until", "transfers", "new payees", "new payers"]);
    for step in &view.steps {
        let counts = [step.transfers, step.payees, step.payers].map(|count| count.to_string());
        table.add_row([vec![step.until.clone()], counts.to_vec()].concat());
    }
    output::text(table)?;
    output::text(format_args!(
        "{} alerts in {:.0} days, {:.2} a day. Of confirmed alerts {} would be raised and {} lost; of dismissed ones {} raised and {} spared.",
        view.alerts,
        view.days,
        view.alerts_a_day,
        view.confirmed.raised,
        view.confirmed.not_raised,
        view.dismissed.raised,
        view.dismissed.not_raised
    ))
}

pub(super) fn labels(global: &Global, args: &LabelsArgs) -> Result<()> {
    let workspace = open(global)?;
    let desk = Desk::of(workspace.store(), workspace.operator());
    let view = workspace.block_on(desk.labels(&args.out))?;
    workspace.checkpoint()?;
    if global.json {
        return output::document(&view);
    }
    output::text(format_args!(
        "{} confirmed and {} dismissed accounts: {}",
        view.confirmed,
        view.dismissed,
        visible(&args.out.display().to_string())
    ))
}
