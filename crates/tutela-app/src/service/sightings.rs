//! Matches on their way into the store: each pair once, counted, in batches.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tracing::{info, warn};
use tutela_core::{BankNumber, Coded, ContentNumber, FindingId, Orientation, Timestamp};
use tutela_ledger::{Draft, acts};
use tutela_store::SeenMatch;

use super::{Matched, Question, Service};
use crate::settings::MediaSettings;
use crate::{AppError, ids};

/// The rule that claims matches of the service: id and version.
pub const MATCH_RULE: (&str, u32) = ("service.near", 1);

/// How often new matches are written.
const RECORD: Duration = Duration::from_millis(200);
/// Every so many rounds the counts of known ones are written too, and forgotten here.
const ROUNDS_A_COUNT: u32 = 50;
/// Pairs that wait for the store at most; more than this, and look-ups that match are turned away.
const MAX_WAITING: usize = 100_000;

/// What was seen since it was last written.
#[derive(Debug, Default)]
pub(super) struct Sightings {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    pairs: HashMap<Pair, Seen>,
    waiting: usize,
    /// New pairs of each content in the hour that began at the second.
    floods: HashMap<ContentNumber, (i64, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Pair {
    kind: &'static str,
    query: String,
    content: ContentNumber,
}

#[derive(Debug, Clone)]
struct Seen {
    bank: BankNumber,
    orientation: Option<Orientation>,
    distance: Option<u16>,
    radius: u16,
    alert: bool,
    webhooks: Vec<String>,
    at: Timestamp,
    times: u64,
    /// It was written before: only its count waits.
    written: bool,
}

impl Sightings {
    /// Pairs that wait for the store.
    pub(super) fn waiting(&self) -> usize {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).waiting
    }
}

impl Service {
    /// Notes that these were reported for a question, to be recorded as findings within a moment.
    ///
    /// # Errors
    /// More wait to be recorded than can be kept: the look-up is to be refused.
    pub fn saw(&self, question: &Question, reported: &[Matched]) -> Result<(), AppError> {
        if reported.is_empty() {
            return Ok(());
        }
        let mut held = self.held();
        if held.waiting > MAX_WAITING {
            return Err(AppError::Busy { what: "matches that wait to be recorded" });
        }
        for matched in reported {
            let Some((orientation, query)) = question.values.get(matched.value) else { continue };
            let pair =
                Pair { kind: question.kind.id, query: query.clone(), content: matched.content };
            match held.pairs.entry(pair) {
                Entry::Occupied(mut known) => {
                    let known = known.get_mut();
                    (known.times, known.at) = (known.times + 1, question.now);
                }
                Entry::Vacant(place) => {
                    let terms = &matched.bank.terms;
                    place.insert(Seen {
                        bank: matched.bank.number,
                        orientation: (question.values.len() > 1).then_some(*orientation),
                        distance: matched.nearness.bits(),
                        radius: radius(question, terms.distance),
                        alert: terms.actions.alert,
                        webhooks: terms.actions.webhooks.clone(),
                        at: question.now,
                        times: 1,
                        written: false,
                    });
                    held.waiting += 1;
                }
            }
        }
        Ok(())
    }

    /// Writes what was seen; everything with `all`, else only what is new.
    ///
    /// # Errors
    /// The store does not answer; what was to be written waits on.
    pub async fn record(&self, all: bool) -> Result<(), AppError> {
        let mut batch: Vec<(Pair, Seen)> = Vec::new();
        {
            let mut held = self.held();
            for (pair, seen) in &mut held.pairs {
                if !seen.written || (all && seen.times > 0) {
                    batch.push((pair.clone(), seen.clone()));
                    (seen.times, seen.written) = (0, true);
                }
            }
            held.waiting = 0;
            if all {
                held.pairs.retain(|_, seen| seen.times > 0);
            }
        }
        if batch.is_empty() {
            return Ok(());
        }
        let mut new = Vec::new();
        match self.write(&batch, &mut new).await {
            Ok(()) => self.hold_floods_back(&new).await,
            Err(error) => {
                let mut held = self.held();
                for (pair, seen) in batch {
                    let again = held.pairs.entry(pair).or_insert(Seen { times: 0, ..seen.clone() });
                    again.times += seen.times;
                    again.written &= seen.written;
                    held.waiting += usize::from(!seen.written);
                }
                Err(error)
            }
        }
    }

    pub(super) async fn record_always(&self) {
        for round in 1_u32.. {
            tokio::time::sleep(RECORD).await;
            if let Err(error) = self.record(round % ROUNDS_A_COUNT == 0).await {
                warn!(code = error.code(), "Matches could not be recorded; they wait.");
            }
        }
    }

    async fn write(
        &self,
        batch: &[(Pair, Seen)],
        new: &mut Vec<ContentNumber>,
    ) -> Result<(), AppError> {
        let contents: Vec<ContentNumber> = batch.iter().map(|(pair, _)| pair.content).collect();
        let values: HashMap<(u64, String), String> = self
            .contents(&contents)
            .await?
            .into_iter()
            .flat_map(|content| {
                let number = content.number.0;
                content.signals.into_iter().map(move |signal| ((number, signal.kind), signal.value))
            })
            .collect();
        let seen: Vec<SeenMatch> = batch
            .iter()
            .filter_map(|(pair, seen)| {
                // A content that is gone meanwhile leaves nothing to compare with.
                let value = values.get(&(pair.content.0, pair.kind.to_owned()))?;
                Some(seen_match(pair, seen, value))
            })
            .collect();
        let mut salts = Vec::with_capacity(seen.len());
        for one in &seen {
            let words = json!({"kind": one.kind, "query": one.query, "content": one.content.0});
            salts.push(Self::payload(&words)?);
        }
        let by = self.operator();
        let custody = |added: &[&SeenMatch]| {
            let one = |(found, payload): (&&SeenMatch, _)| {
                new.push(found.content);
                Draft {
                    outputs: vec![found.id.into()],
                    payload: Some(payload),
                    ..self.draft(by, acts::MATCH_FOUND)
                }
            };
            added.iter().zip(salts).map(one).collect()
        };
        self.inner.store.record_matches(&seen, custody).await?;
        Ok(())
    }

    /// A content that too many different things match within an hour says nothing about any of them.
    async fn hold_floods_back(&self, new: &[ContentNumber]) -> Result<(), AppError> {
        let limit = self.settings().matching.flood_matches;
        if limit == 0 {
            return Ok(());
        }
        let now = Timestamp::now();
        let hour = now.as_second() - now.as_second() % 3_600;
        let mut flooded = Vec::new();
        {
            let mut held = self.held();
            held.floods.retain(|_, (since, _)| *since == hour);
            for content in new {
                let (_, count) = held.floods.entry(*content).or_insert((hour, 0));
                *count += 1;
                if *count == limit {
                    flooded.push(*content);
                }
            }
        }
        if flooded.is_empty() {
            return Ok(());
        }
        info!(contents = flooded.len(), "Contents are held back: too much matched them.");
        let numbers: Vec<u64> = flooded.iter().map(|number| number.0).collect();
        let words = json!({"contents": numbers, "matches_an_hour": limit});
        let held_back = Draft {
            payload: Some(Self::payload(&words)?),
            ..self.draft(self.operator(), acts::CONTENT_QUARANTINED)
        };
        self.inner.store.quarantine_contents(&flooded, Some(now), vec![held_back]).await?;
        self.refresh().await
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.inner.sightings.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bits that counted as near: those asked for or of the kind, and no more than the bank allows.
fn radius(question: &Question, of_bank: Option<u16>) -> u16 {
    let asked = question.distance.or(question.kind.signal.threshold).unwrap_or_default();
    let asked = asked.min(MediaSettings::MAX_DISTANCE);
    of_bank.map_or(asked, |bits| bits.min(asked))
}

fn seen_match(pair: &Pair, seen: &Seen, value: &str) -> SeenMatch {
    let id = FindingId(ids::new());
    let (rule, rule_version) = MATCH_RULE;
    let body = json!({
        "schema": "tutela.match_found.v1", "finding": id.to_string(), "signal_type": pair.kind,
        "signal": pair.query, "content": pair.content.0, "bank": seen.bank.0, "distance": seen.distance,
        "at": seen.at.to_string(),
    })
    .to_string();
    SeenMatch {
        id,
        kind: pair.kind.to_owned(),
        query: pair.query.clone(),
        orientation: seen.orientation,
        bank: seen.bank,
        content: pair.content,
        value: value.to_owned(),
        distance: seen.distance,
        rule: rule.to_owned(),
        rule_version,
        parameters_json: json!({"distance": seen.radius}).to_string(),
        at: seen.at,
        times: seen.times,
        alert: seen.alert,
        webhooks: seen.webhooks.iter().map(|name| (name.clone(), body.clone())).collect(),
    }
}
