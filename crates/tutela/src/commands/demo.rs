//! `demo`: a first look, without a word of configuration.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use tutela_app::jobs::demo;
use tutela_core::Class;

use super::media::render;
use super::serve::serve_until_stopped;
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
    }
    if !once {
        serve(global, &dir)?;
    }
    let code = if demo.all_as_expected { 0 } else { Class::Integrity.exit_code() };
    Ok(ExitCode::from(code))
}

/// Serves the console over what the demo made. The password is printed here and nowhere else.
fn serve(global: &Global, dir: &Path) -> Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let desk = demo::furnish(dir, env(), threads)?;
    let first = desk.workspace.settings().serve.listen.parse().context("serve.listen")?;
    // Another program may have the port of the settings; the demo takes any other then.
    let listen = [first, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))];
    serve_until_stopped(&desk.workspace, &listen, |address| {
        let words = format!(
            "\nConsole:  http://{address}/console/\nName:     {}\nPassword: {}\n\
             Bank:     {}, with {} signals of the list; look up a file of {}\n\
             Ctrl-C ends it.",
            demo::OPERATOR,
            desk.password,
            demo::BANK,
            desk.contents,
            desk.device.display(),
        );
        // With --json standard output holds one document and nothing else.
        if global.json {
            eprintln!("{words}");
            return Ok(());
        }
        output::text(words)
    })
}
