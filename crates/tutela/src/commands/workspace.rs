//! `init`, and opening the workspace that the other commands work in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use tutela_app::Workspace;
use tutela_app::settings::ENV_DIR;
use tutela_app::workspace::Env;

use crate::cli::Global;
use crate::output;

/// The workspace where nothing names another.
const DEFAULT_DIR: &str = "tutela-data";
/// The first operator where nobody gives a name.
const DEFAULT_OPERATOR: &str = "Operator";

/// Flag, then variable, then `./tutela-data`.
pub(super) fn dir(global: &Global) -> PathBuf {
    let named = || std::env::var_os(ENV_DIR).map(PathBuf::from);
    global.dir.clone().or_else(named).unwrap_or_else(|| PathBuf::from(DEFAULT_DIR))
}

/// The variables that may be settings. Those that are no text cannot be.
pub(super) fn env() -> Env {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

pub(super) fn open(global: &Global) -> Result<Workspace> {
    open_with(global, 1)
}

/// The workspace, with so many threads for asynchronous work.
pub(super) fn open_with(global: &Global, threads: usize) -> Result<Workspace> {
    let workspace = Workspace::open_with(&dir(global), env(), threads)?;
    Ok(match &global.operator {
        Some(operator) => workspace.acting_as(operator)?,
        None => workspace,
    })
}

pub(super) fn init(global: &Global, operator: Option<&str>) -> Result<ExitCode> {
    let dir = dir(global);
    let login = std::env::var("USER").ok().filter(|name| !name.is_empty());
    let operator =
        operator.map(str::to_owned).or(login).unwrap_or_else(|| DEFAULT_OPERATOR.to_owned());
    let workspace = Workspace::init(&dir, &operator, env())?;
    let key = workspace.public_key();
    if global.json {
        output::document(&json!({
            "schema": "tutela.init.v1",
            "dir": dir,
            "store": workspace.store().backend(),
            "operator": {"id": workspace.operator().to_string(), "name": operator},
            "ledger": {"origin": key.origin(), "public_key": key.to_string()},
        }))?;
    } else {
        output::text(format_args!(
            "Made a workspace in {}\n  store     {}\n  operator  {operator} ({})\n  ledger    {key}\n\n\
             Keep ledger.key to yourself: who holds it signs in this workspace's name.\n\
             Next: tutela media scan FOLDER --list FILE --out REPORT --dir {}",
            dir.display(),
            workspace.store().backend(),
            workspace.operator(),
            dir.display(),
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
