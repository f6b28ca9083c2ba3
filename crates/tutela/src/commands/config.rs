//! `config default`, `config check`, `config show`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use tutela_app::Workspace;
use tutela_app::settings::{DEFAULT_TOML, Settings};

use super::workspace::{dir, env};
use crate::cli::{Config, Global};
use crate::output;

pub(super) fn run(global: &Global, verb: Config) -> Result<ExitCode> {
    match verb {
        Config::Default => print(
            global,
            "tutela.config_default.v1",
            &Settings::load(None, std::iter::empty())?,
            DEFAULT_TOML,
        )?,
        Config::Check => {
            Workspace::settings_of(&dir(global), env())?;
            if global.json {
                output::document(&json!({"schema": "tutela.config_check.v1", "ok": true}))?;
            } else {
                output::text("The settings are in order.")?;
            }
        }
        Config::Show => {
            let settings = Workspace::settings_of(&dir(global), env())?.redacted();
            print(global, "tutela.config_show.v1", &settings, &settings.to_toml())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(global: &Global, schema: &str, settings: &Settings, toml: &str) -> Result<()> {
    if global.json {
        output::document(&json!({"schema": schema, "settings": settings}))
    } else {
        output::text(toml.trim_end())
    }
}
