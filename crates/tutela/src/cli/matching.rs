//! What can be typed about tokens and signal banks.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use tutela_core::Scopes;

use super::words;

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token in the operator's name; its secret is printed this once
    Create {
        /// What its people call it
        #[arg(value_parser = words)]
        name: String,
        /// What it may do: hash, match, curate, admin, review, flow, with commas between them
        #[arg(long, value_name = "SCOPES", value_parser = scopes)]
        scopes: Scopes,
        /// How long it holds, such as 12h or 90d; for ever by default
        #[arg(long, value_name = "TIME", value_parser = lifetime)]
        expires: Option<Duration>,
    },
    /// All tokens; secrets are not among what is kept
    Ls,
    /// Make a token worthless; servers notice within a second
    Revoke {
        /// Its id, or its name where only one has it
        token: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BankVerb {
    /// Make a signal bank
    Create {
        /// Upper-case letters, digits and underscores
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        terms: BankTermsArgs,
    },
    /// All signal banks
    Ls,
    /// One signal bank
    Show {
        #[arg(value_name = "NAME")]
        bank: String,
    },
    /// Change a signal bank; what is not named stays as it is
    Set {
        #[arg(value_name = "NAME")]
        bank: String,
        /// Its new name
        #[arg(long = "name", value_name = "NEW")]
        name: Option<String>,
        #[command(flatten)]
        terms: BankTermsArgs,
    },
    /// Put signals, or files that are hashed, into a signal bank: one content each
    Add(BankAddArgs),
    /// Put the entries of a hash list into a signal bank; run again, it adds what is new
    Fill(BankFillArgs),
    /// Remove a signal bank with everything in it
    Remove {
        #[arg(value_name = "NAME")]
        bank: String,
    },
}

/// What is said of a signal bank.
#[derive(Debug, Args)]
pub(crate) struct BankTermsArgs {
    /// What a match means: a finding, or that others are not reported
    #[arg(long, value_enum)]
    pub(crate) role: Option<RoleArg>,
    /// Share of the look-ups that it answers, 0 to 1
    #[arg(long, value_name = "N")]
    pub(crate) ratio: Option<f64>,
    /// Bits that may differ, 0 to 31
    #[arg(long, value_name = "N", conflicts_with = "no_distance")]
    pub(crate) distance: Option<u16>,
    /// As many as its signal types say
    #[arg(long)]
    pub(crate) no_distance: bool,
    /// What people say of it; empty takes it away
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Whether its findings are put before a person
    #[arg(long, value_name = "BOOL")]
    pub(crate) alert: Option<bool>,
    /// A webhook of the settings that is told; may be given again
    #[arg(long = "webhook", value_name = "NAME", conflicts_with = "no_webhooks")]
    pub(crate) webhooks: Vec<String>,
    /// No webhook is told
    #[arg(long)]
    pub(crate) no_webhooks: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleArg {
    Alert,
    Allow,
}

#[derive(Debug, Args)]
pub(crate) struct BankAddArgs {
    #[arg(value_name = "NAME")]
    pub(crate) bank: String,
    /// Files to hash
    #[arg(value_name = "FILE", required_unless_present = "signals")]
    pub(crate) files: Vec<PathBuf>,
    /// A signal such as pdq:0f0f…; may be given again
    #[arg(long = "signal", value_name = "KIND:VALUE", value_parser = signal)]
    pub(crate) signals: Vec<(String, String)>,
    /// What people say of them
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// A word to sort by; may be given again
    #[arg(long = "label", value_name = "WORD")]
    pub(crate) labels: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BankFillArgs {
    #[arg(value_name = "NAME")]
    pub(crate) bank: String,
    /// The list
    #[arg(long, value_name = "FILE")]
    pub(crate) list: PathBuf,
    /// Its format, when it is not to be recognised
    #[arg(long, value_name = "ID")]
    pub(crate) format: Option<String>,
    /// Scheme of its category codes, such as projectvic:us
    #[arg(long, value_name = "SCHEME")]
    pub(crate) scheme: Option<String>,
    /// Rows of 64 digits are SHA-256, not PDQ
    #[arg(long)]
    pub(crate) sha256: bool,
}

fn scopes(text: &str) -> Result<Scopes, String> {
    text.parse().map_err(|error: tutela_core::UnknownName| error.to_string())
}

/// A number of hours or days. Without a unit it could be anything.
fn lifetime(text: &str) -> Result<Duration, String> {
    let hours = match text.char_indices().next_back() {
        Some((_, 'h')) => 1,
        Some((_, 'd')) => 24,
        Some(_) | None => 0,
    };
    let number = text.get(..text.len().saturating_sub(1)).and_then(|number| number.parse().ok());
    let seconds = number.and_then(|number: u64| number.checked_mul(hours * 3_600));
    match seconds {
        Some(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds)),
        _ => Err("a whole number of hours or days, such as 12h or 90d".to_owned()),
    }
}

fn signal(text: &str) -> Result<(String, String), String> {
    let (kind, value) = text.split_once(':').ok_or("a kind, a colon and a value")?;
    Ok((kind.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::lifetime;

    #[test]
    fn a_lifetime_has_a_unit() {
        let hours = |text| lifetime(text).ok().map(|lifetime| lifetime.as_secs() / 3_600);
        assert_eq!(["12h", "90d"].map(hours), [Some(12), Some(2_160)]);
        for wrong in ["", "d", "90", "0d", "-1d", "1.5d", "1 d", "9m", "99999999999999999999d"] {
            assert_eq!(hours(wrong), None, "{wrong}");
        }
    }
}
