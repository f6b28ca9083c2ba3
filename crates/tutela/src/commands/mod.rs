//! One module a noun. Each gathers what was typed, calls a service, prints what came back.

mod bank;
mod cases;
mod config;
mod creation;
mod demo;
mod exchange;
mod exchanges;
mod ledger;
mod list_info;
mod lists;
mod media;
mod password;
mod payments;
mod payments_desk;
mod people;
mod serve;
mod token;
mod webhooks;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{Cli, Noun};

/// Runs what was typed.
pub(crate) fn run(cli: &Cli) -> Result<ExitCode> {
    let global = &cli.global;
    match &cli.noun {
        Noun::Demo { once } => demo::run(global, *once),
        Noun::Init { operator } => workspace::init(global, operator.as_deref()),
        Noun::Serve { listen } => serve::run(global, *listen),
        Noun::Media(verb) => media::run(global, verb),
        Noun::Bank(verb) => bank::run(global, verb),
        Noun::List(verb) => lists::run(global, verb),
        Noun::Case(verb) => cases::run(global, verb),
        Noun::Ledger(verb) => ledger::run(global, verb),
        Noun::Payments(verb) => payments::run(global, verb),
        Noun::Operator(verb) => people::run(global, verb),
        Noun::Token(verb) => token::run(global, verb),
        Noun::Exchange(verb) => exchanges::run(global, verb),
        Noun::Webhook(verb) => webhooks::run(global, verb),
        Noun::Config(verb) => config::run(global, *verb),
    }
}
