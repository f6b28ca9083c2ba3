//! Transfers as they arrive: stored, scored by the history in memory, and put before people where they rank high.

mod raising;

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256 as Hasher};
use tokio::sync::Mutex as Turn;
use tracing::{info, warn};
use tutela_core::{
    AccountId, Coded, Currency, OperatorId, RowError, Sha256, Timestamp, TransferRecord,
};
use tutela_flow::arriving::{Arriving, End};
use tutela_flow::models::evidence::Evidence;
use tutela_flow::transfers::{Rates, Side, TransfersBuilder};
use tutela_formats::payments::{self, ReadOptions};
use tutela_store::{NewTransferFile, TransferImport};

use super::Service;
use crate::AppError;
use crate::views::{
    TransferEndView, TransferIndicatorView, TransferRejectedView, TransferTakenView,
    TransfersTakenView,
};

/// Transfers of one request: they are stored in one transaction, and scored while others wait.
pub const MAX_TRANSFERS: usize = 1_000;
/// Accounts a side above the alert line, at most: as `payments screen` has it where nothing is said.
const ALERTS: usize = 500;
/// What the place for arriving transfers is called in the store.
const STREAM: &str = "transfers.arriving";
/// How often it is looked whether all accounts are to be scored anew.
const LOOK: Duration = Duration::from_secs(10);
/// All accounts are scored anew after so many looks, or so many transfers.
const LOOKS: u32 = 30;
const ENOUGH: u64 = 5_000;
/// The format of a request.
const FORMAT: &str = "jsonl";
/// Sentences under one part: what a person reads.
const SAID: usize = 4;

/// The history in memory, and what is known of it.
#[derive(Default)]
pub(super) struct Flows {
    /// Read with the first request.
    engine: Mutex<Option<Arriving>>,
    /// Somebody reads it, or has.
    asked_for: AtomicBool,
    /// Held while transfers are stored and scored, so that both happen in one order.
    turn: Turn<Option<TransferImport>>,
    /// Files that are in memory, with the transfers they had.
    files: Mutex<BTreeMap<u64, u64>>,
    /// Alerts that were raised since the start.
    raised: Mutex<HashSet<(Side, String)>>,
    taken: AtomicU64,
    rejected: AtomicU64,
    alerts: AtomicU64,
}

/// What was counted since the start.
#[derive(Debug, Clone, Copy)]
pub struct FlowCounts {
    /// Transfers stored and scored.
    pub taken: u64,
    /// Transfers refused.
    pub rejected: u64,
    /// Alerts that were new.
    pub alerts: u64,
    /// Transfers in memory.
    pub history: u64,
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Service {
    /// Stores transfers and scores both ends of each. The body is one object, an array of objects, or one object a line, each
    /// with the canonical columns as keys. With the first request the history is read, which answers nothing yet.
    ///
    /// # Errors
    /// The history is still being read, the body is nothing that could be read, the store does not answer.
    pub async fn take_transfers(
        &self,
        by: OperatorId,
        body: &[u8],
    ) -> Result<TransfersTakenView, AppError> {
        let flows = &self.inner.flows;
        if !flows.asked_for.swap(true, Ordering::AcqRel) {
            let service = self.clone();
            tokio::spawn(async move { service.load_transfers().await });
        }
        let (records, mut rejected) = read(body)?;
        let mut turn = flows.turn.lock().await;
        if locked(&flows.engine).is_none() {
            return Err(AppError::LoadingTransfers);
        }
        let mut good = Vec::with_capacity(records.len());
        for record in records {
            let refusal = locked(&flows.engine).as_ref().and_then(|engine| engine.check(&record));
            match refusal {
                Some(refusal) => rejected.push(refused(record.row, &refusal.to_string())),
                None => good.push(record),
            }
        }
        self.store_transfers(by, &mut turn, &mut good, &mut rejected).await?;
        let (taken, ends, history, arrived_since) = {
            let mut engine = locked(&flows.engine);
            let engine = engine.as_mut().ok_or(AppError::LoadingTransfers)?;
            let (mut taken, mut alerted) = (Vec::with_capacity(good.len()), Vec::new());
            for record in &good {
                match engine.take(record) {
                    Ok([payer, payee]) => {
                        taken.push(TransferTakenView {
                            row: record.row,
                            transfer_id: record.transfer.id.0.clone(),
                            payer: end_view(engine, &payer, &record.transfer.payer),
                            payee: end_view(engine, &payee, &record.transfer.payee),
                        });
                        alerted.extend([(payer, record), (payee, record)].map(|(end, record)| {
                            (end.alert).then(|| (end, record.transfer.clone()))
                        }));
                    }
                    // It was looked at before it was stored; what came with it may have had its id.
                    Err(refusal) => rejected.push(refused(record.row, &refusal.to_string())),
                }
            }
            let alerted: Vec<_> = alerted.into_iter().flatten().collect();
            (taken, alerted, engine.len() as u64, engine.arrived())
        };
        if let Err(error) = self.raise(by, ends, history).await {
            // The transfers are stored and scored; the next ones of these accounts raise it.
            warn!(code = error.code(), "Alerts could not be raised.");
        }
        drop(turn);
        rejected.sort_by_key(|one| one.row);
        flows.taken.fetch_add(taken.len() as u64, Ordering::Relaxed);
        flows.rejected.fetch_add(rejected.len() as u64, Ordering::Relaxed);
        Ok(TransfersTakenView { transfers: taken, rejected, history, arrived_since })
    }

    /// What was counted since the start.
    pub fn flow_counts(&self) -> FlowCounts {
        let flows = &self.inner.flows;
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let history = locked(&flows.engine).as_ref().map_or(0, |engine| engine.len() as u64);
        FlowCounts {
            taken: of(&flows.taken),
            rejected: of(&flows.rejected),
            alerts: of(&flows.alerts),
            history,
        }
    }

    /// Stores them in one transaction; those whose id the store has are taken out and told.
    async fn store_transfers(
        &self,
        by: OperatorId,
        import: &mut Option<TransferImport>,
        good: &mut Vec<TransferRecord>,
        rejected: &mut Vec<TransferRejectedView>,
    ) -> Result<(), AppError> {
        if good.is_empty() {
            return Ok(());
        }
        let store = &self.inner.store;
        let import = match import {
            Some(import) => import,
            None => {
                let file = NewTransferFile {
                    name: STREAM.to_owned(),
                    sha256: Sha256(Hasher::digest(STREAM).into()),
                    format: FORMAT.to_owned(),
                    imported_at: Timestamp::now(),
                    operator: by,
                    case: None,
                };
                import.insert(store.open_stream(&file).await?)
            }
        };
        let there = store.add_transfers(import, good).await?;
        let more = (good.len() - there.len()) as u64;
        *locked(&self.inner.flows.files).entry(import.number()).or_default() += more;
        good.retain(|record| !there.contains(&record.row));
        let same = |row: u64| refused(row, "transfer_id: the store has it already");
        rejected.extend(there.into_iter().map(same));
        Ok(())
    }

    /// Reads the history into memory and scores it.
    async fn load_transfers(&self) {
        let flows = &self.inner.flows;
        // Nobody stores while it is read: afterwards, memory and store hold the same.
        let turn = flows.turn.lock().await;
        match self.read_history().await {
            Ok((engine, files)) => {
                info!(transfers = engine.len(), "The history of transfers is in memory.");
                *locked(&flows.files) = files;
                *locked(&flows.engine) = Some(engine);
            }
            Err(error) => {
                warn!(code = error.code(), "The history of transfers could not be read.");
                flows.asked_for.store(false, Ordering::Release);
            }
        }
        drop(turn);
    }

    async fn read_history(&self) -> Result<(Arriving, BTreeMap<u64, u64>), AppError> {
        let store = &self.inner.store;
        let mut builder: Option<TransfersBuilder> = None;
        let mut files = BTreeMap::new();
        for file in store.transfer_files().await? {
            files.insert(file.number, file.transfers);
            let mut take = |record: &TransferRecord| {
                let currency = record.transfer.amount.currency;
                let builder =
                    builder.get_or_insert_with(|| TransfersBuilder::new(Rates::only(currency)));
                // What a file holds that is no transfer to screen stays out, as in a screening.
                let _ = builder.push(record);
            };
            store.each_transfer(file.number, &mut take).await?;
        }
        let builder = builder.unwrap_or_else(|| TransfersBuilder::new(Rates::only(Currency::USD)));
        let weights =
            Evidence::shipped().map_err(|_| AppError::System { what: "its own weights" })?;
        let scored = move || Arriving::new(builder, weights, ALERTS);
        let engine = tokio::task::spawn_blocking(scored).await;
        Ok((engine.map_err(|_| AppError::System { what: "a thread" })?, files))
    }

    /// Scores all accounts anew from time to time, and reads files that were imported meanwhile.
    pub(super) async fn tend_transfers_always(&self) {
        let mut looks = 0;
        loop {
            tokio::time::sleep(LOOK).await;
            let flows = &self.inner.flows;
            if locked(&flows.engine).is_none() {
                continue;
            }
            looks += 1;
            match self.inner.store.transfer_files().await {
                Ok(files) => {
                    let now: BTreeMap<u64, u64> =
                        files.iter().map(|file| (file.number, file.transfers)).collect();
                    // Its own are noted as they are stored; a turn may lie between both.
                    let _turn = flows.turn.lock().await;
                    let before = locked(&flows.files).clone();
                    let more = now.iter().any(|(file, many)| before.get(file).unwrap_or(&0) < many);
                    drop(_turn);
                    if more {
                        self.load_transfers().await;
                        continue;
                    }
                }
                Err(error) => warn!(code = error.code(), "Files of transfers were not listed."),
            }
            let arrived = locked(&flows.engine).as_ref().map_or(0, Arriving::arrived);
            if arrived >= ENOUGH || looks >= LOOKS && arrived > 0 {
                looks = 0;
                self.score_anew().await;
            }
        }
    }

    /// On a copy, while transfers go on arriving.
    async fn score_anew(&self) {
        let flows = &self.inner.flows;
        let Some(snapshot) = locked(&flows.engine).as_mut().map(Arriving::snapshot) else { return };
        let scored = tokio::task::spawn_blocking(move || snapshot.score()).await;
        if let (Ok(scored), Some(engine)) = (scored, locked(&flows.engine).as_mut()) {
            engine.adopt(scored);
        }
    }
}

/// The records of a body, and what is wrong with others.
fn read(body: &[u8]) -> Result<(Vec<TransferRecord>, Vec<TransferRejectedView>), AppError> {
    let lines = lines(body)?;
    let format = payments::format(FORMAT).ok_or(AppError::System { what: "its own formats" })?;
    let mut records = Vec::new();
    let mut give = |record: &TransferRecord| records.push(record.clone());
    let reading = (format.read)(&mut lines.as_slice(), &ReadOptions::default(), &mut give);
    let reading = reading
        .map_err(|_| AppError::BadField { field: "the body", reason: "no object of a transfer" })?;
    if reading.rows as usize > MAX_TRANSFERS {
        return Err(AppError::BadField { field: "the body", reason: "more than 1,000 transfers" });
    }
    let kept: HashSet<u64> = records.iter().map(|record| record.row).collect();
    let errors = reading.errors.into_iter().filter(|error| !kept.contains(&error.row));
    let rejected =
        errors.map(|RowError { row, field, message }| TransferRejectedView { row, field, message });
    Ok((records, rejected.collect()))
}

/// One object a line, whichever of the three forms the body has.
fn lines(body: &[u8]) -> Result<Vec<u8>, AppError> {
    let bad = |_| AppError::BadField { field: "the body", reason: "not JSON" };
    match body.trim_ascii_start().first() {
        Some(b'[') => {
            let all: Vec<serde_json::Value> = serde_json::from_slice(body).map_err(bad)?;
            let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
            Ok(lines.join("\n").into_bytes())
        }
        // One object over several lines.
        Some(b'{') => match serde_json::from_slice::<serde_json::Value>(body) {
            Ok(one) => Ok(one.to_string().into_bytes()),
            Err(_) => Ok(body.to_vec()),
        },
        _ => {
            Err(AppError::BadField { field: "the body", reason: "neither an object nor an array" })
        }
    }
}

/// The reason of a refusal names its field before a colon.
fn refused(row: u64, reason: &str) -> TransferRejectedView {
    let (field, message) = match reason.split_once(": ") {
        Some((field, message)) => (Some(field.to_owned()), message.to_owned()),
        None => (None, reason.to_owned()),
    };
    TransferRejectedView { row, field, message }
}

fn end_view(engine: &Arriving, end: &End, account: &AccountId) -> TransferEndView {
    let line = f64::from(engine.line(end.side));
    TransferEndView {
        account: account.as_str().to_owned(),
        score: end.score.map(|score| rounded(score.into())),
        transfers: end.transfers,
        alert: end.alert,
        alert_line: line.is_finite().then(|| rounded(line)),
        as_last_scored: end.wide,
        indicators: end
            .parts
            .iter()
            .map(|part| TransferIndicatorView {
                id: part.id.to_owned(),
                weight: rounded(part.adds),
                why: part.measures.iter().take(SAID).map(|measure| measure.says()).collect(),
            })
            .collect(),
    }
}

/// Millionths: what a score of 32 bits carries.
fn rounded(of: f64) -> f64 {
    (of * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::{lines, read};

    #[test]
    fn a_body_has_three_forms() {
        let one = r#"{"transfer_id": "t1", "time": "2026-01-02T03:04:05Z", "amount": "15.00", "currency": "USD",
            "payer_account": "a", "payee_account": "b"}"#;
        let two = one.replace("t1", "t2").replace('\n', " ");
        let flat = one.replace('\n', " ");
        for (body, records, rejected) in [
            (one.to_owned(), 1, 0),
            (format!("[{one}, {two}]"), 2, 0),
            (format!("{flat}\n{two}\n"), 2, 0),
            (format!("[{one}, 5, {}]", two.replace("15.00", "-1")), 1, 2),
            (format!("{flat}\nnothing\n"), 1, 1),
        ] {
            let (found, wrong) = read(body.as_bytes()).unwrap();
            assert_eq!((found.len(), wrong.len()), (records, rejected), "{body}: {wrong:?}");
        }
        for body in ["", "5", "[", "[5]"] {
            assert!(lines(body.as_bytes()).is_err() || read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
