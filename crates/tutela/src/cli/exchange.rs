//! What can be typed to hand media over and to take categories back.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::words;

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The scan
    #[arg(value_name = "SCAN")]
    pub(crate) scan: String,
    /// Format id: vics2, vics13, csv, json
    #[arg(long, value_name = "ID")]
    pub(crate) format: String,
    /// The file; it must not be there yet
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Which outcomes
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Only::New])]
    pub(crate) only: Vec<Only>,
    /// Whose category numbers VICS 2.0 is to state
    #[arg(long, value_enum, default_value_t = ProfileArg::Default)]
    pub(crate) profile: ProfileArg,
    /// The name of the operator of this workspace, who answers for it
    #[arg(long, value_name = "NAME", value_parser = words)]
    pub(crate) confirm: String,
    /// Why it leaves; kept beside the ledger
    #[arg(long, value_name = "TEXT", value_parser = words)]
    pub(crate) purpose: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    New,
    Known,
    Near,
    #[value(name = "known_good")]
    KnownGood,
    Failed,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    Default,
    Us,
    Uk,
    Custom,
}

#[derive(Debug, Args)]
pub(crate) struct CategoriseArgs {
    /// The scan
    #[arg(value_name = "SCAN")]
    pub(crate) scan: String,
    /// The file that the examiner's program wrote: VICS, CSV, or another list with categories
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// Its format, when it is not to be recognised
    #[arg(long, value_name = "ID")]
    pub(crate) format: Option<String>,
    /// Scheme of its category codes, such as projectvic:us
    #[arg(long, value_name = "SCHEME", value_parser = words)]
    pub(crate) scheme: Option<String>,
    /// Who gave the categories; the operator by default
    #[arg(long, value_name = "NAME", value_parser = words)]
    pub(crate) examiner: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EarlierArgs {
    /// The scan
    #[arg(value_name = "SCAN")]
    pub(crate) scan: String,
    /// Why other people's cases are to be looked into; kept beside the ledger
    #[arg(long, value_name = "TEXT", value_parser = words)]
    pub(crate) purpose: String,
}
