//! What can be typed after `payments import`, `payments alerts` and `payments labels`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use tutela_core::{AlertOutcome, AlertSide, AlertState};

use super::words;

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files of transfers
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// TOML that names the columns of another program's files
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// CSV date,currency,rate,reference: what one unit is worth from a day on
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    /// The case that the files, and alerts they raise, belong to
    #[arg(long, value_name = "ID")]
    pub(crate) case: Option<String>,
    /// Only read the files; raise no alerts
    #[arg(long)]
    pub(crate) no_screen: bool,
    /// Most alerts a side
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) top: usize,
}

#[derive(Debug, Args)]
pub(crate) struct BacktestArgs {
    /// The score from which an account would be alerted
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true)]
    pub(crate) threshold: f32,
    /// Days between screenings
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(crate) every: u32,
    /// CSV date,currency,rate,reference: what one unit is worth from a day on
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LabelsArgs {
    /// The file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Alerts {
    /// The queue, the highest score first
    Ls(AlertsArgs),
    /// One alert: reasons, transfers, history; names only for a purpose, which is recorded
    Show {
        /// Its number or id
        alert: String,
        /// Why names are to be seen; kept beside the ledger
        #[arg(long, value_name = "TEXT", value_parser = words)]
        purpose: Option<String>,
    },
    /// Give it to somebody
    Assign {
        /// Its number or id
        alert: String,
        /// Their name or id; whoever works by default
        #[arg(long, value_name = "OPERATOR")]
        to: Option<String>,
    },
    /// Write a note
    Note {
        /// Its number or id
        alert: String,
        /// What you found
        #[arg(value_parser = words)]
        text: String,
    },
    /// Propose how to close it; somebody else has to approve
    Propose {
        /// Its number or id
        alert: String,
        /// How
        #[arg(value_enum)]
        outcome: OutcomeArg,
        /// Id of the reason for a dismissal; `payments alerts reasons` lists them
        #[arg(long, value_name = "ID")]
        reason: Option<String>,
        /// Why, in words; needed to confirm, and for the reason `other`
        #[arg(long, value_name = "TEXT", value_parser = words)]
        text: Option<String>,
    },
    /// Close it as somebody else proposed; the queue is put in order anew
    Approve {
        /// Its number or id
        alert: String,
        /// Leave the order of the queue for later
        #[arg(long)]
        no_rank: bool,
    },
    /// Send a proposal back
    Return {
        /// Its number or id
        alert: String,
        /// Why
        #[arg(value_parser = words)]
        text: String,
    },
    /// The reasons for a dismissal
    Reasons,
    /// Put the queue in order by what was decided
    Rank,
}

#[derive(Debug, Args)]
pub(crate) struct AlertsArgs {
    /// Only this side
    #[arg(long, value_enum)]
    pub(crate) side: Option<SideArg>,
    /// Only this state; those that are not closed by default
    #[arg(long, value_enum)]
    pub(crate) state: Option<StateArg>,
    /// Only what is given to whoever works
    #[arg(long)]
    pub(crate) mine: bool,
    /// Only this network, by the number in the table
    #[arg(long, value_name = "N")]
    pub(crate) network: Option<u64>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) top: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SideArg {
    Payee,
    Payer,
}

impl From<SideArg> for AlertSide {
    fn from(side: SideArg) -> Self {
        match side {
            SideArg::Payee => Self::Payee,
            SideArg::Payer => Self::Payer,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum StateArg {
    New,
    Assigned,
    InReview,
    Confirmed,
    Dismissed,
    Any,
}

impl StateArg {
    /// The states that are meant.
    pub(crate) fn states(this: Option<Self>) -> Vec<AlertState> {
        match this {
            None => vec![AlertState::New, AlertState::Assigned, AlertState::InReview],
            Some(Self::New) => vec![AlertState::New],
            Some(Self::Assigned) => vec![AlertState::Assigned],
            Some(Self::InReview) => vec![AlertState::InReview],
            Some(Self::Confirmed) => vec![AlertState::Confirmed],
            Some(Self::Dismissed) => vec![AlertState::Dismissed],
            Some(Self::Any) => Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutcomeArg {
    /// The payments are what the alert points at
    Confirmed,
    /// They have another explanation
    Dismissed,
}

impl From<OutcomeArg> for AlertOutcome {
    fn from(outcome: OutcomeArg) -> Self {
        match outcome {
            OutcomeArg::Confirmed => Self::Confirmed,
            OutcomeArg::Dismissed => Self::Dismissed,
        }
    }
}
