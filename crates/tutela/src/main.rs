//! The `tutela` command: parses the command line, wires, exits.
#![forbid(unsafe_code)]

mod cli;
mod commands;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;
use tutela_app::evidence::decoder::{FILM_ARGUMENT, WORKER_ARGUMENT, run_film, run_worker};

fn main() -> ExitCode {
    // Before anything else: a worker decodes untrusted bytes and needs nothing of what follows.
    match std::env::args_os().nth(1) {
        Some(argument) if argument == WORKER_ARGUMENT => return run_worker(),
        Some(argument) if argument == FILM_ARGUMENT => return run_film(),
        _ => {}
    }
    let cli = cli::Cli::parse();
    tutela_app::workspace::keep_private();
    output::log_to_stderr(cli.global.verbose);
    match commands::run(&cli) {
        Ok(code) => code,
        Err(error) => output::fail(&error, cli.global.json),
    }
}
