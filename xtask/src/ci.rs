//! The steps of continuous integration, in the order that fails soonest.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::tidy;

enum Work {
    Cargo(&'static [&'static str]),
    Docs,
    Tidy,
}

/// Every step, by the name it can be asked for.
const STEPS: &[(&str, Work)] = &[
    ("format", Work::Cargo(&["fmt", "--all", "--check"])),
    ("tidy", Work::Tidy),
    ("clippy", Work::Cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    ("tests", Work::Cargo(&["test", "--workspace"])),
    ("docs", Work::Docs),
];

/// Runs the named steps, or all of them; ends at the first that fails.
pub(crate) fn run(root: &Path, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|(step, _)| step != name)) {
        let steps: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
        bail!("`{unknown}` is no step; there are {}", steps.join(", "));
    }
    for (name, work) in STEPS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            eprintln!("== {name}");
            work.run(root).with_context(|| format!("step `{name}` failed"))?;
        }
    }
    Ok(())
}

impl Work {
    fn run(&self, root: &Path) -> Result<()> {
        match self {
            Self::Cargo(arguments) => cargo(root, arguments, &[]),
            Self::Docs => {
                let strict = [("RUSTDOCFLAGS", "-D warnings")];
                cargo(root, &["doc", "--no-deps", "--workspace"], &strict)
            }
            Self::Tidy => tidy::run(root),
        }
    }
}

fn cargo(root: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(arguments).envs(variables.iter().copied());
    let status = command.status().context("cargo does not start")?;
    ensure!(status.success(), "cargo {} ended with {status}", arguments.join(" "));
    Ok(())
}
