//! Who is signed in: sessions in memory, their cookie, and how often somebody may try.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tutela_app::service::Person;
use tutela_core::Timestamp;

use super::fault::Fault;

/// The cookie of a session.
pub(super) const SESSION: &str = "tutela_session";
/// The cookie that the form for signing in is tied to.
pub(super) const FORM: &str = "tutela_form";

/// A session that nobody uses ends: a screen that was left is not open for long.
const IDLE_S: i64 = 60 * 60;
/// No session is longer than a working day.
const LONGEST_S: i64 = 12 * 60 * 60;
/// More people than that do not work at one console: the oldest session makes room.
const MAX_SESSIONS: usize = 10_000;

/// Attempts for one name before waiting begins, and seconds until one more is allowed.
const NAME_ATTEMPTS: f64 = 5.0;
const NAME_WAIT_S: f64 = 30.0;
/// The same for all names together: each attempt costs memory and some milliseconds.
const ALL_ATTEMPTS: f64 = 40.0;
const ALL_WAIT_S: f64 = 1.0;

/// The SHA-256 of a secret: what it is known by here.
type Key = [u8; 32];

/// Everybody who is signed in, and everybody who tries.
#[derive(Default)]
pub(super) struct Sessions {
    held: Mutex<HashMap<Key, Session>>,
    attempts: Mutex<Attempts>,
}

struct Session {
    person: Person,
    begun: Timestamp,
    used: Timestamp,
}

#[derive(Default)]
struct Attempts {
    all: Option<Bucket>,
    by_name: HashMap<Key, Bucket>,
}

/// Attempts that are left, and when that was counted.
#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Timestamp,
}

impl Sessions {
    /// Begins a session; gives the secret for the cookie.
    pub(super) fn begin(&self, person: Person, now: Timestamp) -> Result<String, Fault> {
        let secret = secret()?;
        let mut held = self.held();
        held.retain(|_, session| session.holds(now));
        if held.len() >= MAX_SESSIONS
            && let Some(oldest) = held.iter().min_by_key(|(_, one)| one.used).map(|(key, _)| *key)
        {
            held.remove(&oldest);
        }
        held.insert(key(&secret), Session { person, begun: now, used: now });
        Ok(secret)
    }

    /// Who has this secret, if the session still holds; it counts as used now.
    pub(super) fn person(&self, secret: &str, now: Timestamp) -> Option<Person> {
        let mut held = self.held();
        let session = held.get_mut(&key(secret))?;
        if !session.holds(now) {
            held.remove(&key(secret));
            return None;
        }
        session.used = now;
        Some(session.person.clone())
    }

    /// Ends a session.
    pub(super) fn end(&self, secret: &str) {
        self.held().remove(&key(secret));
    }

    /// Whether somebody may try this name now; it counts as an attempt.
    pub(super) fn may_try(&self, name: &str, now: Timestamp) -> bool {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = |bucket: &Bucket| seconds(now, bucket.at) / NAME_WAIT_S;
        attempts.by_name.retain(|_, bucket| bucket.left + waited(bucket) < NAME_ATTEMPTS);
        let all = Bucket::taken(attempts.all, ALL_ATTEMPTS, ALL_WAIT_S, now);
        let name = key(name);
        let own =
            Bucket::taken(attempts.by_name.get(&name).copied(), NAME_ATTEMPTS, NAME_WAIT_S, now);
        let (Some(all), Some(own)) = (all, own) else { return false };
        attempts.all = Some(all);
        attempts.by_name.insert(name, own);
        true
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Key, Session>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn holds(&self, now: Timestamp) -> bool {
        let since = |then: Timestamp| now.as_second() - then.as_second();
        since(self.used) < IDLE_S && since(self.begun) < LONGEST_S
    }
}

impl Bucket {
    /// With one attempt less; `None` where there is none left.
    fn taken(bucket: Option<Self>, most: f64, wait_s: f64, now: Timestamp) -> Option<Self> {
        let left = bucket.map_or(most, |one| (one.left + seconds(now, one.at) / wait_s).min(most));
        (left >= 1.0).then_some(Self { left: left - 1.0, at: now })
    }
}

fn seconds(now: Timestamp, then: Timestamp) -> f64 {
    now.duration_since(then).as_secs_f64().max(0.0)
}

/// 256 bits that nobody can guess, as text.
pub(super) fn secret() -> Result<String, Fault> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Fault::NoChance)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// What a form must carry that belongs to the cookie with this secret. Whoever can make a browser send
/// the cookie knows neither.
pub(super) fn form_token(secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(format!("form of {secret}")))
}

/// Whether two tokens are the same, in a time that does not tell where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

fn key(secret: &str) -> Key {
    Sha256::digest(secret).into()
}

/// The value of a cookie of a request.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}

/// A cookie for the pages of the console only, that scripts cannot read and other sites cannot send.
/// An empty value ends it.
pub(super) fn set_cookie(
    headers: &HeaderMap,
    name: &str,
    value: &str,
    keep_s: Option<u32>,
) -> String {
    // Whoever stands in front with TLS says so; a client that lies only binds itself.
    let secure = headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
    let keep = match (value.is_empty(), keep_s) {
        (true, _) => "; Max-Age=0".to_owned(),
        (false, Some(seconds)) => format!("; Max-Age={seconds}"),
        (false, None) => String::new(),
    };
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/console; HttpOnly; SameSite=Strict{keep}{secure}")
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};
    use tutela_core::Timestamp;

    use super::{Sessions, cookie, form_token, same, secret, set_cookie};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_772_366_400 + second).unwrap()
    }

    #[test]
    fn a_name_is_tried_five_times_and_then_once_in_half_a_minute() {
        let sessions = Sessions::default();
        let tries = |name: &str, second| sessions.may_try(name, at(second));
        assert!((0..5).all(|_| tries("Jo Example", 0)));
        assert!(!tries("Jo Example", 0) && !tries("Jo Example", 29));
        assert!(tries("Max Example", 29), "another name is free");
        assert!(tries("Jo Example", 30) && !tries("Jo Example", 31));
        assert!((0..5).all(|_| tries("Jo Example", 1_000)));
    }

    #[test]
    fn many_names_together_are_held_up_too() {
        let sessions = Sessions::default();
        let tried = (0..100).filter(|n| sessions.may_try(&n.to_string(), at(0))).count();
        assert_eq!(tried, 40);
        assert!(sessions.may_try("one more", at(1)));
    }

    #[test]
    fn secrets_differ_and_forms_follow_them() {
        let (one, other) = (secret().unwrap(), secret().unwrap());
        assert_eq!(one.len(), 43);
        assert!(!same(&one, &other) && same(&one, &one.clone()) && !same(&one, ""));
        assert!(same(&form_token(&one), &form_token(&one)));
        assert!(!same(&form_token(&one), &form_token(&other)) && !form_token(&one).contains(&one));
    }

    #[test]
    fn cookies_are_read_and_written() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", HeaderValue::from_static("a=1; tutela_session=x=y; b"));
        assert_eq!(cookie(&headers, "tutela_session"), Some("x=y"));
        assert_eq!((cookie(&headers, "a"), cookie(&headers, "b")), (Some("1"), None));
        let plain = set_cookie(&headers, "n", "v", None);
        assert_eq!(plain, "n=v; Path=/console; HttpOnly; SameSite=Strict");
        headers.append("x-forwarded-proto", HeaderValue::from_static("https"));
        assert!(set_cookie(&headers, "n", "", None).ends_with("; Max-Age=0; Secure"));
    }
}
