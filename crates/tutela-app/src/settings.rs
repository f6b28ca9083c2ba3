//! Settings: default, then `tutela.toml`, then `TUTELA__SECTION__KEY`, then the flag. Unknown keys are errors.

mod outside;
mod serve;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};
use tutela_match::signals::VpdqRule;

pub use self::outside::{ExchangeSettings, FetchSettings, WebhookSettings};
pub use self::serve::ServeSettings;

use crate::error::AppError;

/// What the environment variables of settings begin with.
pub const ENV_PREFIX: &str = "TUTELA__";
/// The variable that names the workspace; a place, not a setting.
pub const ENV_DIR: &str = "TUTELA__DIR";

/// `tutela.toml` as `tutela config default` prints it: every key, its default and its meaning.
pub const DEFAULT_TOML: &str = r#"# Settings of this Tutela workspace. A flag outranks TUTELA__SECTION__KEY, which outranks this file.

[store]
# Where rows and the ledger are kept. Empty: the embedded database in this workspace.
# Otherwise a PostgreSQL address: "postgres://tutela@127.0.0.1/tutela"
url = ""

[ledger]
# The name this ledger signs under, unique to this workspace: letters, digits, dots, dashes, slashes.
origin = "tutela.invalid/workspace"

[media]
# Bits that two PDQ signals may differ and still count as near: 0 to 31.
distance = 31
# Files worked on side by side. 0: as many as there are processors.
threads = 0
# Seconds a decoder may spend on one file before it is ended.
deadline_s = 20
# Path of tutela-c2pa, the program that checks signatures of C2PA manifests. Empty: none is checked.
c2pa_verifier = ""
# Certificates (PEM) whose holders are trusted as signers. Empty: nobody is.
c2pa_trust = ""
# The ffmpeg that films are decoded with, behind fences: a path, "auto" for the one that is installed,
# "none" to leave films alone.
ffmpeg = "auto"
# Seconds for one film. Frames seen until then are looked up.
film_deadline_s = 60
# Frames that are looked at, at most one a second: "key" frames, which is fast, or one each "second".
film_frames = "key"
# Frames of a film and of a listed one that must have a partner in the other, in percent.
film_exhibit_percent = 80
film_entry_percent = 0

[lists]
# Lists of so many megabytes or more are compiled once and looked up where they lie; smaller ones are
# held in memory.
compile_from_mb = 64

[matching]
# A content that so many different things match within an hour is held back until a person lets it go.
# 0: never.
flood_matches = 1000

[serve]
# Where `tutela serve` listens: address and port.
listen = "127.0.0.1:8080"
# What is offered to clients of the Hasher-Matcher-Actioner: hashing (/h), matching (/m), curation (/c).
roles = ["hasher", "matcher", "curator"]
# Who may use those paths without a token: "loopback" (this machine), "open" (everybody who reaches the
# port), or "token" (nobody).
hma_access = "loopback"
# Megabytes of one upload, and of all uploads in memory at a time.
max_body_mb = 100
max_uploads_mb = 512
# Connections and requests at a time. More are told to come back later.
max_connections = 1024
max_requests = 256
# Requests a second that one client may make, and how many at once before that counts; more are told to come
# back later. A client is a token, else an address. 0: no limit for each.
client_requests_per_s = 0
client_burst = 200
# Seconds for a request to arrive and be answered; for the head of the next request on a connection.
request_timeout_s = 60
header_timeout_s = 30
# Seconds that requests under way are given when the service is to end.
drain_s = 10
# Seconds without word from the store after which the banks in memory count as stale.
stale_s = 65

[fetch]
# Hosts that media may be fetched from to be hashed, each with every name below it. Empty: none.
hosts = []
# Ranges of private or reserved addresses, such as "10.1.0.0/16", that may be connected to by whatever
# door. A host that points to any other such address is refused, even where it is listed.
networks = []
# Largest file in megabytes, and seconds for one.
max_mb = 100
timeout_s = 30

[exchanges]
# Seconds from one fetch of an exchange to the next.
interval_s = 240
# Seconds until a verdict that an exchange did not take is sent again; twice as many each time.
verdict_retry_s = 60
# Hosts that hash lists may be fetched from (https_file), each with every name below it. The hosts of
# NCMEC, ThreatExchange and StopNCII need not be listed.
hosts = []
# Largest answer in megabytes.
max_mb = 256

[exchanges.addresses]
# An address in place of an interface's own, such as that of a test server: stop_ncii = "https://…"

[webhooks]
# Each webhook has a section of its own, by whose name banks refer to it. The file holds the secret that
# signs what is sent.
#   [webhooks.desk]
#   url = "https://desk.example.org/tutela"
#   secret_file = "desk.secret"
"#;

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where rows are kept.
    pub store: StoreSettings,
    /// How the ledger signs.
    pub ledger: LedgerSettings,
    /// How media are matched.
    pub media: MediaSettings,
    /// How hash lists are kept.
    pub lists: ListSettings,
    /// How the matching service behaves.
    pub matching: MatchingSettings,
    /// How it is served.
    pub serve: ServeSettings,
    /// What is fetched to be hashed.
    pub fetch: FetchSettings,
    /// How signals come from exchanges.
    pub exchanges: ExchangeSettings,
    /// Who is told of matches, by name.
    pub webhooks: BTreeMap<String, WebhookSettings>,
}

/// `[store]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// PostgreSQL address, or empty for the embedded database.
    pub url: String,
}

/// `[ledger]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerSettings {
    /// The name in checkpoints.
    pub origin: String,
}

/// `[media]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaSettings {
    /// Radius in bits.
    pub distance: u16,
    /// Files side by side; 0 is one a processor.
    pub threads: usize,
    /// Seconds a file.
    pub deadline_s: u64,
    /// Path of the program that checks signatures, or empty.
    pub c2pa_verifier: String,
    /// Path of the list of trusted signers, or empty.
    pub c2pa_trust: String,
    /// Path of `ffmpeg`, `auto` or `none`.
    pub ffmpeg: String,
    /// Seconds a film.
    pub film_deadline_s: u64,
    /// `key` or `second`.
    pub film_frames: String,
    /// Least part of a film's frames that have a partner in a listed film.
    pub film_exhibit_percent: u8,
    /// Least part of a listed film's frames that have a partner in the film.
    pub film_entry_percent: u8,
}

impl MediaSettings {
    /// The largest radius at which PDQ signals count as near. Source: PDQ reference, "Distance Threshold".
    pub const MAX_DISTANCE: u16 = 31;

    /// When films are alike.
    pub fn film_rule(&self) -> VpdqRule {
        VpdqRule {
            distance: self.distance,
            query_percent: self.film_exhibit_percent,
            compared_percent: self.film_entry_percent,
        }
    }

    /// How many files are worked on side by side.
    pub fn thread_count(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n,
        }
    }
}

/// `[matching]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchingSettings {
    /// Different things an hour that a content may match; 0 is any number.
    pub flood_matches: u64,
}

/// `[lists]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSettings {
    /// Megabytes from which a list is compiled.
    pub compile_from_mb: u64,
}

impl ListSettings {
    /// Bytes of a list file from which it is compiled.
    pub fn compile_from_bytes(&self) -> u64 {
        self.compile_from_mb.saturating_mul(1_000_000)
    }
}

impl Settings {
    /// Layers defaults, the text of `tutela.toml` and the variables of the environment.
    ///
    /// # Errors
    /// A key nobody knows, a value of the wrong type or outside its range, each with its name.
    pub fn load(
        file: Option<&str>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, AppError> {
        let mut table = parse(DEFAULT_TOML, "the defaults")?;
        if let Some(text) = file {
            overlay(&mut table, parse(text, "tutela.toml")?);
        }
        for (name, value) in env.filter(|(name, _)| name != ENV_DIR) {
            let Some(path) = name.strip_prefix(ENV_PREFIX) else { continue };
            let Some((section, key)) = path.split_once("__") else {
                return Err(AppError::Setting {
                    origin: name.clone(),
                    message: "name it TUTELA__SECTION__KEY".to_owned(),
                });
            };
            let mut inner = Table::new();
            inner.insert(key.to_lowercase(), scalar(&value));
            overlay(&mut table, Table::from_iter([(section.to_lowercase(), Value::Table(inner))]));
        }
        let settings: Self =
            Value::Table(table).try_into().map_err(|error: toml::de::Error| AppError::Setting {
                origin: "settings".to_owned(),
                message: error.to_string().trim().replace('\n', " "),
            })?;
        settings.checked()
    }

    /// The same without secrets: for screens and logs.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        if !self.store.url.is_empty() {
            self.store.url = "[redacted]".to_owned();
        }
        // Addresses of webhooks often hold a secret themselves.
        for webhook in self.webhooks.values_mut() {
            webhook.url = "[redacted]".to_owned();
        }
        self
    }

    /// As a file would say it.
    pub fn to_toml(&self) -> String {
        // Plain tables of numbers and text: it always serialises.
        toml::to_string(self).unwrap_or_default()
    }

    fn checked(self) -> Result<Self, AppError> {
        let out_of_range = |origin: &str, message: &str| {
            Err(AppError::Setting { origin: origin.to_owned(), message: message.to_owned() })
        };
        if self.media.distance > MediaSettings::MAX_DISTANCE {
            return out_of_range("media.distance", "must be 0 to 31");
        }
        if self.media.deadline_s == 0 {
            return out_of_range("media.deadline_s", "must be at least 1 second");
        }
        if self.media.film_deadline_s == 0 {
            return out_of_range("media.film_deadline_s", "must be at least 1 second");
        }
        if !["key", "second"].contains(&self.media.film_frames.as_str()) {
            return out_of_range("media.film_frames", "must be key or second");
        }
        if self.media.film_exhibit_percent > 100 || self.media.film_entry_percent > 100 {
            return out_of_range("media.film_exhibit_percent", "must be 0 to 100, both of them");
        }
        self.check_outside()?;
        let origin_ok = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        if self.ledger.origin.is_empty() || !self.ledger.origin.chars().all(origin_ok) {
            return out_of_range(
                "ledger.origin",
                "may hold letters, digits, dots, dashes and slashes only",
            );
        }
        self.serve.check()?;
        Ok(self)
    }
}

fn parse(text: &str, origin: &str) -> Result<Table, AppError> {
    text.parse().map_err(|error: toml::de::Error| {
        // The line's text stays out: it may hold a password.
        let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        AppError::Setting {
            origin: format!("{origin}, line {line}"),
            message: error.message().to_owned(),
        }
    })
}

/// Lays `top` over `base`, section by section.
fn overlay(base: &mut Table, top: Table) {
    for (key, value) in top {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => overlay(inner, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// A variable is a number or truth value where it reads as one, else text.
fn scalar(text: &str) -> Value {
    if let Ok(number) = text.parse::<i64>() {
        return Value::Integer(number);
    }
    match text {
        "true" => Value::Boolean(true),
        "false" => Value::Boolean(false),
        _ => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    fn check(file: &str, env: &[(&str, &str)], expected: Result<(u16, &str), &str>) {
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        match (Settings::load(Some(file), env), expected) {
            (Ok(got), Ok((distance, url))) => {
                assert_eq!((got.media.distance, got.store.url.as_str()), (distance, url));
            }
            (Err(error), Err(part)) => {
                assert!(error.to_string().contains(part), "{error} does not say {part:?}");
            }
            (got, expected) => panic!("{file:?}: got {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn layers_outrank_one_another() {
        check("", &[], Ok((31, "")));
        check("[media]\ndistance = 20", &[], Ok((20, "")));
        check("[media]\ndistance = 20", &[("TUTELA__MEDIA__DISTANCE", "10")], Ok((10, "")));
        check(
            "",
            &[("TUTELA__STORE__URL", "postgres://h/d"), ("TUTELA__DIR", "/x")],
            Ok((31, "postgres://h/d")),
        );
        check("", &[("PATH", "/bin")], Ok((31, "")));
    }

    #[test]
    fn what_nobody_knows_is_an_error() {
        check("[media]\ndistence = 20", &[], Err("distence"));
        check("[medai]\ndistance = 20", &[], Err("medai"));
        check("", &[("TUTELA__MEDIA__DISTENCE", "1")], Err("distence"));
        check("", &[("TUTELA__NOSECTION", "1")], Err("TUTELA__SECTION__KEY"));
        check("[media]\ndistance = 32", &[], Err("0 to 31"));
        check("[media]\nfilm_frames = \"all\"", &[], Err("key or second"));
        check("[media]\nfilm_entry_percent = 101", &[], Err("0 to 100"));
        check("[media]\ndistance = \"far\"", &[], Err("distance"));
        check("[ledger]\norigin = \"two words\"", &[], Err("ledger.origin"));
        check("[media", &[], Err("tutela.toml"));
        check("", &[("TUTELA__SERVE__ROLES", "matcher,curator")], Ok((31, "")));
        check("", &[("TUTELA__SERVE__ROLES", "cook")], Err("serve.roles"));
        check("[serve]\nroles = []", &[], Err("serve.roles"));
        check("[serve]\nlisten = \"here\"", &[], Err("serve.listen"));
        check("[serve]\nhma_access = \"all\"", &[], Err("loopback, token or open"));
        check("[serve]\nmax_uploads_mb = 1", &[], Err("serve.max_uploads_mb"));
        let no_burst = "[serve]\nclient_requests_per_s = 5\nclient_burst = 0";
        check(no_burst, &[], Err("serve.client_burst"));
    }
}
