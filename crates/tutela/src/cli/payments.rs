//! What can be typed after `payments`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tutela_app::jobs::payments_generate::Variant;

use super::Language;

#[derive(Debug, Args)]
pub(crate) struct ScreenArgs {
    /// Files of transfers
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Accounts known from an investigation or a partner, one a line; the ranking starts from them
    #[arg(long, value_name = "FILE")]
    pub(crate) seeds: Option<PathBuf>,
    /// Folder for report.html with a page for each of the first alerts, alerts.jsonl, report.md and rejected.jsonl; new or empty
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Language of the report
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub(crate) lang: Language,
    /// Most alerts a side
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub(crate) top: usize,
    /// A model that `payments train` wrote; without it, weights estimated on generated worlds
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Write every account's score as CSV side,account,score
    #[arg(long, value_name = "FILE")]
    pub(crate) scores: Option<PathBuf>,
    /// TOML that names the columns of another program's files
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// CSV date,currency,rate,reference: what one unit is worth from a day on
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    /// Threads; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// Files of transfers
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// CSV of side,account,label, and decided_at where it is known; 1 is what is looked for
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: PathBuf,
    /// Folder for model.json, card.html and card.md; new or empty
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Only part of what is looked for has a label: others count by how likely they are, not as harmless
    #[arg(long)]
    pub(crate) partial: bool,
    /// Use age and sex of payers; needs --legal-basis
    #[arg(long, requires = "legal_basis")]
    pub(crate) person: bool,
    /// Why age and sex may be used; stands in the model and on its card
    #[arg(long, value_name = "TEXT", value_parser = super::words, requires = "person")]
    pub(crate) legal_basis: Option<String>,
    /// TOML that names the columns of another program's files
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// CSV date,currency,rate,reference: what one unit is worth from a day on
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    /// Threads; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// The same seed gives the same model
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Language of card.html
    #[arg(long, value_enum, default_value_t = super::Language::En)]
    pub(crate) lang: super::Language,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// Folder to write to; new or empty
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// About how many transfers; buyers and facilitators stay as many
    #[arg(long, value_name = "N", default_value_t = 1_100_000)]
    pub(crate) transfers: u64,
    /// The same seed writes the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How buyers and facilitators differ from published figures
    #[arg(long, value_enum, default_value_t = WorldVariant::In)]
    pub(crate) variant: WorldVariant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WorldVariant {
    /// As published figures have it
    In,
    /// Smaller amounts, younger buyers, other countries, fewer shared phones
    Shift,
    /// Isolated communities of referral
    Frag,
    /// Isolated, and most facilitators are also paid by people who mean no harm
    Hard,
}

impl From<WorldVariant> for Variant {
    fn from(variant: WorldVariant) -> Self {
        match variant {
            WorldVariant::In => Self::In,
            WorldVariant::Shift => Self::Shift,
            WorldVariant::Frag => Self::Frag,
            WorldVariant::Hard => Self::Hard,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// CSV of side,account,score, as `payments screen --scores` writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) scores: PathBuf,
    /// CSV of side,account,label, as `payments generate` writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: PathBuf,
    /// Draw precision over recall as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
    /// Files of the transfers that were scored: counts alerts by corridor, payer's country to payee's
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) corridors: Vec<PathBuf>,
    /// Alerts a side that corridors are counted for
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub(crate) top: usize,
    /// Folder for quality.html, curve.svg and corridors.csv; new or empty
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Language of quality.html
    #[arg(long, value_enum, default_value_t = super::Language::En)]
    pub(crate) lang: super::Language,
    /// Draws behind each interval
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) rounds: u32,
    /// What the draws come from
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
}
