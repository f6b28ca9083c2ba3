//! `exchange apis`, `add`, `ls`, `show`, `fetch`, `enable`, `disable`, `remove`, `credentials`, `verdict`.

use std::io::Read;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use anyhow::Result;
use serde_json::{Map, Value, json};
use tutela_app::cases::exchanges::{self, Stated};
use tutela_app::jobs::exchanges::fetch_now;
use tutela_app::views::{ExchangeStatusView, ExchangeView, FetchView};
use tutela_app::{AppError, Workspace};
use tutela_core::{ContentNumber, Timestamp, Verdict};

use super::workspace::open;
use crate::cli::{Exchange, Global, VerdictArg};
use crate::output::{self, visible};

/// Credentials are a handful of short texts.
const MAX_CREDENTIALS_BYTES: u64 = 64 << 10;

pub(super) fn run(global: &Global, verb: &Exchange) -> Result<ExitCode> {
    if let Exchange::Apis = verb {
        return apis(global);
    }
    let workspace = open(global)?;
    let (store, by) = (workspace.store(), workspace.operator());
    match verb {
        Exchange::Apis => Ok(ExitCode::SUCCESS),
        Exchange::Add { name, api, set } => {
            let value = |value: &String| Value::from(value.as_str());
            let config: Map<String, Value> =
                set.iter().map(|(field, text)| (field.clone(), value(text))).collect();
            let config = Value::Object(config);
            let made = exchanges::create(store, by, name, api, &config, None);
            let made = workspace.block_on(made)?;
            workspace.checkpoint()?;
            show_all(global, &[made])
        }
        Exchange::Ls => show_all(global, &workspace.block_on(exchanges::list(store))?),
        Exchange::Show { name } => show(global, &workspace, name),
        Exchange::Fetch { name } => fetch(global, &workspace, name.as_deref()),
        Exchange::Enable { name } => {
            show_all(global, &[workspace.block_on(exchanges::enable(store, by, name, true))?])
        }
        Exchange::Disable { name } => {
            show_all(global, &[workspace.block_on(exchanges::enable(store, by, name, false))?])
        }
        Exchange::Remove { name } => {
            workspace.block_on(exchanges::remove(store, by, name))?;
            workspace.checkpoint()?;
            done(global, "tutela.exchange_remove.v1", &format!("Removed {}", visible(name)))
        }
        Exchange::Credentials { api, clear } => {
            let sent = if *clear { Value::Null } else { read_credentials()? };
            workspace.block_on(exchanges::set_credentials(store, by, api, &sent))?;
            workspace.checkpoint()?;
            let what = if *clear { "Removed" } else { "Kept" };
            done(
                global,
                "tutela.exchange_credentials.v1",
                &format!("{what} the credentials of {api}"),
            )
        }
        Exchange::Verdict { content, verdict, reason } => {
            let verdict = match verdict {
                VerdictArg::Confirm => Verdict::Confirm,
                VerdictArg::Dispute => Verdict::Dispute,
            };
            let content = ContentNumber(*content);
            let stated =
                exchanges::state_verdict(store, by, content, None, verdict, reason.as_deref());
            let said = match workspace.block_on(stated)? {
                Stated::Queued(signals) => {
                    format!("It will be told to the sender ({signals} signals)")
                }
                Stated::OwnContent => "It came through no exchange: nobody is told".to_owned(),
                Stated::NotSupported(api) => format!("{api} takes no verdicts: nobody is told"),
            };
            done(global, "tutela.exchange_verdict.v1", &said)
        }
    }
}

fn apis(global: &Global) -> Result<ExitCode> {
    let apis = exchanges::apis();
    if global.json {
        let mut all = Vec::new();
        for api in apis {
            all.push(json!({"api": api, "schema": exchanges::api_schema(api.id)?}));
        }
        output::document(&json!({"schema": "tutela.exchange_apis.v1", "apis": all}))?;
        return Ok(ExitCode::SUCCESS);
    }
    for api in apis {
        let schema = exchanges::api_schema(api.id)?;
        output::text(format_args!("{}  {}\n  {}", api.id, api.title, api.doc))?;
        for (what, schema) in
            [("--set", Some(schema.config_schema)), ("credentials", schema.credentials_schema)]
        {
            let fields = schema.as_ref().and_then(|schema| schema["fields"].as_array());
            for field in fields.into_iter().flatten() {
                let text = |name: &str| field[name].as_str().unwrap_or_default().to_owned();
                let need = if field["required"] == true { "" } else { ", may be left out" };
                output::text(format_args!("  {what} {}: {}{need}", text("name"), text("help")))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn show_all(global: &Global, all: &[ExchangeView]) -> Result<ExitCode> {
    if global.json {
        output::document(&json!({"schema": "tutela.exchanges.v1", "exchanges": all}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table =
        output::table(["exchange", "interface", "fetches", "records", "up to", "state"]);
    for one in all {
        let status = &one.status;
        table.add_row([
            visible(&one.name),
            one.api.clone(),
            if one.enabled { "yes" } else { "no" }.to_owned(),
            status.fetched_items.to_string(),
            status.checkpoint_ts.map_or_else(String::new, time),
            state(status),
        ]);
    }
    output::text(table)?;
    Ok(ExitCode::SUCCESS)
}

fn show(global: &Global, workspace: &Workspace, name: &str) -> Result<ExitCode> {
    let view = workspace.block_on(exchanges::get(workspace.store(), name))?;
    let verdicts = workspace.block_on(exchanges::verdicts(workspace.store(), name))?;
    if global.json {
        let schema = "tutela.exchange.v1";
        output::document(&json!({"schema": schema, "exchange": view, "verdicts": verdicts}))?;
        return Ok(ExitCode::SUCCESS);
    }
    show_all(global, std::slice::from_ref(&view))?;
    for (field, value) in &view.config {
        output::text(format_args!("{field}: {}", visible(&value.to_string())))?;
    }
    if let Some(error) = &view.status.error {
        output::text(format_args!("{}: {}", error.code, visible(&error.message)))?;
    }
    if !verdicts.is_empty() {
        let mut table = output::table(["verdict", "content", "says", "state", "attempts", "error"]);
        for one in verdicts {
            let (number, content) = (one.number.to_string(), one.content.to_string());
            let error = one.error.unwrap_or_default();
            let (says, state) = (one.verdict.to_owned(), one.state.to_owned());
            table.add_row([number, content, says, state, one.attempts.to_string(), error]);
        }
        output::text(table)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn fetch(global: &Global, workspace: &Workspace, name: Option<&str>) -> Result<ExitCode> {
    let (store, settings, by) = (workspace.store(), workspace.settings(), workspace.operator());
    let names: Vec<String> = match name {
        Some(name) => vec![name.to_owned()],
        None => {
            let all = workspace.block_on(exchanges::list(store))?;
            all.into_iter().filter(|one| one.enabled).map(|one| one.name).collect()
        }
    };
    let interrupted = workspace.listen_for_interrupts();
    let enough = || interrupted.load(Ordering::SeqCst);
    let (mut fetched, mut failed): (Vec<FetchView>, Option<AppError>) = (Vec::new(), None);
    for name in names {
        // One that fails keeps its error, and does not keep the others from their turn.
        match workspace.block_on(fetch_now(store, settings, by, &name, &enough)) {
            Ok(view) => fetched.push(view),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    workspace.checkpoint()?;
    if global.json {
        output::document(&json!({"schema": "tutela.exchange_fetch.v1", "fetched": fetched}))?;
    } else {
        for one in fetched {
            output::text(format_args!(
                "{}: {} records; {} new, {} changed, {} as before, {} gone{}",
                visible(&one.exchange),
                one.fetched,
                one.added,
                one.updated,
                one.unchanged,
                one.removed,
                if one.up_to_date { "" } else { "; more follows" },
            ))?;
        }
    }
    failed.map_or(Ok(ExitCode::SUCCESS), |error| Err(error.into()))
}

/// Lines `FIELD=VALUE`, or one JSON object, from standard input: an argument would stand in the list of
/// processes.
fn read_credentials() -> Result<Value> {
    let mut text = String::new();
    std::io::stdin().lock().take(MAX_CREDENTIALS_BYTES).read_to_string(&mut text)?;
    let wrong = || AppError::BadField {
        field: "credentials",
        reason: "give lines FIELD=VALUE, or one JSON object, on standard input",
    };
    if text.trim_start().starts_with('{') {
        return Ok(serde_json::from_str(&text).map_err(|_| wrong())?);
    }
    let mut fields = Map::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (field, value) = line.split_once('=').ok_or_else(wrong)?;
        fields.insert(field.trim().to_owned(), Value::from(value.trim()));
    }
    if fields.is_empty() { Err(wrong().into()) } else { Ok(Value::Object(fields)) }
}

fn done(global: &Global, schema: &str, said: &str) -> Result<ExitCode> {
    if global.json {
        output::document(&json!({"schema": schema, "done": said}))?;
    } else {
        output::text(said)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn state(status: &ExchangeStatusView) -> String {
    match (&status.error, status.running_fetch_start_ts, status.last_fetch_complete_ts) {
        (_, Some(since), _) => format!("fetching since {}", time(since)),
        (Some(error), ..) => format!("failed: {}", error.code),
        (None, None, None) => "not fetched yet".to_owned(),
        (None, None, Some(_)) if status.up_to_date => "up to date".to_owned(),
        (None, None, Some(_)) => "more follows".to_owned(),
    }
}

fn time(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| second.to_string(), |time| time.to_string())
}
