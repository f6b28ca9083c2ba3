//! What can be typed to fetch signals from exchanges, and to look after webhooks.

use clap::{Subcommand, ValueEnum};

use super::words;

#[derive(Debug, Subcommand)]
pub(crate) enum Exchange {
    /// The interfaces that exchanges may speak, and what each must be told
    Apis,
    /// Set up an exchange; its bank gets the same name
    Add {
        /// Upper-case letters, digits and underscores
        #[arg(value_name = "NAME")]
        name: String,
        /// Id of its interface: sample, fb_threatexchange, ncmec, stop_ncii, https_file
        #[arg(long, value_name = "ID")]
        api: String,
        /// A field that the interface must be told; may be given again
        #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = field)]
        set: Vec<(String, String)>,
    },
    /// All exchanges and how far each is
    Ls,
    /// One exchange, and the verdicts on its signals
    Show {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Fetch now, from one exchange or from all that are enabled; Ctrl-C stops cleanly
    Fetch {
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Let an exchange fetch
    Enable {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Keep an exchange from fetching; what it brought stays and still matches
    Disable {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Remove an exchange with everything that came through it
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Give the credentials of an interface, on standard input: lines FIELD=VALUE, or one JSON object
    Credentials {
        /// Id of the interface
        #[arg(value_name = "ID")]
        api: String,
        /// Remove them instead
        #[arg(long)]
        clear: bool,
    },
    /// Say back to a sender that its signal is right, or is not
    Verdict {
        /// Number of the content
        #[arg(value_name = "CONTENT")]
        content: u64,
        #[arg(value_enum)]
        verdict: VerdictArg,
        /// Why
        #[arg(long, value_name = "TEXT", value_parser = words)]
        reason: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerdictArg {
    Confirm,
    Dispute,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Webhook {
    /// Deliveries, the latest first
    Ls {
        #[arg(long, value_enum, default_value_t = StateArg::Dead)]
        state: StateArg,
    },
    /// Queue again what was given up
    Requeue {
        /// Numbers of deliveries
        #[arg(value_name = "NUMBER", required = true)]
        numbers: Vec<u64>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateArg {
    Queued,
    Sent,
    Dead,
}

fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as FIELD=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
