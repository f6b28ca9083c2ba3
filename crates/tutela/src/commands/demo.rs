//! `demo`: a first look, without a word of configuration.

use std::process::ExitCode;

use anyhow::Result;
use tutela_app::jobs::demo;
use tutela_core::Class;

use super::media::render;
use super::workspace::env;
use crate::cli::{Global, Language};
use crate::output;
use crate::progress::Bar;

pub(super) fn run(global: &Global, once: bool) -> Result<ExitCode> {
    let dir = global.dir.clone().unwrap_or_else(demo::default_dir);
    let bar = Bar::new(global.quiet);
    let demo = demo::run(&dir, env(), &bar, &render(Language::En))?;
    bar.finish();
    if global.json {
        output::document(&demo)?;
    } else {
        let mut table = output::table(["planted", "files", "must be", "found as such"]);
        for row in &demo.rows {
            table.add_row([
                row.what.clone(),
                row.planted.to_string(),
                row.expected.clone(),
                format!("{} of {}", row.as_expected, row.planted),
            ]);
        }
        let summary = &demo.summary;
        output::text(format_args!(
            "Generated landscapes, copies of them, and two hash lists went through the real pipeline.\n\n\
             {table}\n\n{}\nReport:  {}\nCase:    {}\n\
             Ledger:  {} entries, signed; check them with\n         tutela ledger verify --dir {}/workspace",
            super::media::one_glance(summary),
            demo.report,
            summary.scan.case.as_deref().unwrap_or("none"),
            summary.ledger.size,
            demo.dir,
        ))?;
        if !once {
            output::text(
                "\nThis release has no console yet: the report above is the page to open.",
            )?;
        }
    }
    let code = if demo.all_as_expected { 0 } else { Class::Integrity.exit_code() };
    Ok(ExitCode::from(code))
}
