//! Settings of what reaches outside: `[fetch]`, `[exchanges]` and `[webhooks]`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::Settings;
use crate::AppError;
use crate::outbound::http::addresses::Network;
use crate::outbound::http::{Fetcher, Limits, Reach};

/// Bytes of a megabyte, as settings count them.
const MEGABYTE: u64 = 1 << 20;
/// What a webhook may answer; nobody reads it.
const MAX_WEBHOOK_ANSWER: u64 = 64 << 10;
/// Seconds that a webhook has.
const WEBHOOK_WAIT: Duration = Duration::from_secs(15);

/// `[fetch]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchSettings {
    /// Hosts that media may be fetched from.
    #[serde(deserialize_with = "list")]
    pub hosts: Vec<String>,
    /// Ranges of private addresses that may be connected to, by whatever door.
    #[serde(deserialize_with = "list")]
    pub networks: Vec<String>,
    /// Largest file in mebibytes.
    pub max_mb: u64,
    /// Seconds for one file.
    pub timeout_s: u64,
}

/// `[exchanges]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeSettings {
    /// Seconds from the end of one fetch to the next.
    pub interval_s: u64,
    /// Seconds until a verdict that was not taken is sent again; twice as many each time.
    pub verdict_retry_s: u64,
    /// Hosts that a list may be fetched from.
    #[serde(deserialize_with = "list")]
    pub hosts: Vec<String>,
    /// Largest answer in mebibytes.
    pub max_mb: u64,
    /// Addresses used in place of an interface's own.
    pub addresses: BTreeMap<String, String>,
}

/// One section below `[webhooks]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Where it is told.
    pub url: String,
    /// File with the secret that signs what it is told; in the workspace unless the path is absolute.
    pub secret_file: String,
}

impl Settings {
    /// What fetches media to be hashed.
    ///
    /// # Errors
    /// A host or network in the settings is none.
    pub fn media_fetcher(&self) -> Result<Fetcher, AppError> {
        let fetch = &self.fetch;
        let limits = Limits::new(
            fetch.max_mb.saturating_mul(MEGABYTE),
            Duration::from_secs(fetch.timeout_s),
        );
        Ok(Fetcher::new(self.reach("fetch.hosts", &fetch.hosts)?, limits))
    }

    /// What fetches from an exchange: from the hosts of lists, and from the interface's own address.
    pub(crate) fn exchange_fetcher(
        &self,
        own: Option<&str>,
        total: Duration,
    ) -> Result<Fetcher, AppError> {
        let limits = Limits::new(self.exchanges.max_mb.saturating_mul(MEGABYTE), total);
        let reach = match own {
            Some(own) => self.reach("exchanges.hosts", &[])?.with(own),
            None => self.reach("exchanges.hosts", &self.exchanges.hosts)?,
        };
        Ok(Fetcher::new(reach, limits))
    }

    /// What tells a webhook, and nobody else.
    pub(crate) fn webhook_fetcher(&self, url: &str) -> Result<Fetcher, AppError> {
        let limits = Limits::new(MAX_WEBHOOK_ANSWER, WEBHOOK_WAIT);
        Ok(Fetcher::new(self.reach("webhooks", &[])?.with(url), limits))
    }

    fn reach(&self, origin: &str, hosts: &[String]) -> Result<Reach, AppError> {
        let networks: Vec<Network> = self
            .fetch
            .networks
            .iter()
            .map(|text| text.parse().map_err(|error| wrong("fetch.networks", &error)))
            .collect::<Result<_, _>>()?;
        Reach::new(hosts, &networks).map_err(|error| wrong(origin, &error))
    }

    pub(super) fn check_outside(&self) -> Result<(), AppError> {
        self.media_fetcher()?;
        self.exchange_fetcher(None, Duration::ZERO)?;
        for (origin, value) in [
            ("fetch.max_mb", self.fetch.max_mb),
            ("fetch.timeout_s", self.fetch.timeout_s),
            ("exchanges.interval_s", self.exchanges.interval_s),
            ("exchanges.verdict_retry_s", self.exchanges.verdict_retry_s),
            ("exchanges.max_mb", self.exchanges.max_mb),
        ] {
            if value == 0 {
                return Err(wrong(origin, &"must be at least 1"));
            }
        }
        for (name, webhook) in &self.webhooks {
            let origin = format!("webhooks.{name}");
            let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
            if name.is_empty() || !name.chars().all(plain) {
                return Err(wrong(
                    &origin,
                    &"names hold letters, digits, underscores and dashes only",
                ));
            }
            if !is_address(&webhook.url) {
                return Err(wrong(&origin, &"url must be an http or https address"));
            }
            if webhook.secret_file.is_empty() {
                return Err(wrong(&origin, &"secret_file must name a file"));
            }
        }
        for (api, address) in &self.exchanges.addresses {
            if !is_address(address) {
                let origin = format!("exchanges.addresses.{api}");
                return Err(wrong(&origin, &"must be an http or https address"));
            }
        }
        Ok(())
    }
}

fn wrong(origin: &str, message: &dyn std::fmt::Display) -> AppError {
    AppError::Setting { origin: origin.to_owned(), message: message.to_string() }
}

fn is_address(text: &str) -> bool {
    let plain = |url: url::Url| ["http", "https"].contains(&url.scheme()) && url.has_host();
    url::Url::parse(text).is_ok_and(plain)
}

/// A list, or a text with commas: variables of the environment hold no lists.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Listed {
        List(Vec<String>),
        Text(String),
    }
    let parts = |text: String| text.split(',').map(|part| part.trim().to_owned()).collect();
    Ok(match Listed::deserialize(deserializer)? {
        Listed::List(list) => list,
        Listed::Text(text) if text.trim().is_empty() => Vec::new(),
        Listed::Text(text) => parts(text),
    })
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;

    fn check(file: &str, env: &[(&str, &str)], expected: Result<&[&str], &str>) {
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        match (Settings::load(Some(file), env), expected) {
            (Ok(got), Ok(hosts)) => assert_eq!(got.fetch.hosts, hosts, "{file}"),
            (Err(error), Err(part)) => {
                assert!(error.to_string().contains(part), "{error} does not say {part:?}");
            }
            (got, expected) => panic!("{file:?}: got {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn hosts_come_from_the_file_or_the_environment() {
        check("", &[], Ok(&[]));
        check("[fetch]\nhosts = [\"example.org\"]", &[], Ok(&["example.org"]));
        check(
            "",
            &[("TUTELA__FETCH__HOSTS", "a.example, b.example")],
            Ok(&["a.example", "b.example"]),
        );
        check("", &[("TUTELA__FETCH__HOSTS", "")], Ok(&[]));
        check(
            "[webhooks.desk]\nurl = \"https://example.org/x\"\nsecret_file = \"desk\"",
            &[],
            Ok(&[]),
        );
        check("[exchanges.addresses]\nncmec = \"http://127.0.0.1:1/\"", &[], Ok(&[]));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        check("[fetch]\nhosts = [\"https://example.org\"]", &[], Err("fetch.hosts"));
        check("[fetch]\nhosts = [\"*\"]", &[], Err("fetch.hosts"));
        check("[fetch]\nnetworks = [\"10.0.0.0\"]", &[], Err("fetch.networks"));
        check("[fetch]\nmax_mb = 0", &[], Err("fetch.max_mb"));
        check("[exchanges]\nhosts = [\"a b\"]", &[], Err("exchanges.hosts"));
        check("[exchanges]\ninterval_s = 0", &[], Err("exchanges.interval_s"));
        check(
            "[exchanges.addresses]\nncmec = \"ftp://example.org/x\"",
            &[],
            Err("exchanges.addresses.ncmec"),
        );
        check("[webhooks.desk]\nurl = \"https://example.org\"", &[], Err("secret_file"));
        check("[webhooks.desk]\nurl = \"x\"\nsecret_file = \"y\"", &[], Err("webhooks.desk"));
        check(
            "[webhooks.desk]\nurl = \"https://example.org\"\nsecret_file = \"y\"\nsecret = \"z\"",
            &[],
            Err("secret"),
        );
    }
}
