//! What can be typed about tokens and signal banks.

use std::time::Duration;

use clap::Subcommand;
use tutela_core::Scopes;

use super::words;

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token in the operator's name; its secret is printed this once
    Create {
        /// What its people call it
        #[arg(value_parser = words)]
        name: String,
        /// What it may do: hash, match, curate, admin, with commas between them
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
