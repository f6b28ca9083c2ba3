//! The desk: what people do with alerts, each in their own name, with an entry in the ledger.

mod labels;
mod names;
pub mod reasons;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use tutela_core::{AlertAct, AlertOutcome, AlertState, FindingId, OperatorId, Timestamp};
use tutela_ledger::{Act, Draft, Entry, Payload, acts};
use tutela_store::{AlertChange, AlertFilter, AlertPlace, AlertsPage, Store, StoredAlert};

use crate::jobs::payments_rank;
use crate::views::{
    AlertCountView, AlertEntryView, AlertFullView, AlertItemView, AlertNamesView,
    AlertTransferView, AlertsView, parts_of,
};
use crate::{AppError, workspace};

/// Transfers that an alert shows.
const SHOWN: usize = 200;
/// Wordings that are shown of one account.
const WORDINGS: u32 = 5;
/// Characters of a note, a reason or a purpose.
pub const MAX_WORDS_CHARS: usize = 2_000;
/// Alerts read at a time for an export.
const PAGE: u32 = 1_000;

/// Alerts of a store, and one person at work on them.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'s> {
    store: &'s Store,
    by: OperatorId,
}

impl<'s> Desk<'s> {
    /// The desk of a store, with this operator at it.
    pub fn of(store: &'s Store, by: OperatorId) -> Self {
        Self { store, by }
    }

    /// Alerts as the store has them.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn page(
        &self,
        filter: &AlertFilter,
        behind: Option<AlertPlace>,
        limit: u32,
    ) -> Result<AlertsPage, AppError> {
        Ok(self.store.alerts(filter, behind, limit).await?)
    }

    /// When the queue was last put in order by what people decided.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn ranked_at(&self) -> Result<Option<Timestamp>, AppError> {
        Ok(self.store.payment_ranking().await?.map(|ranking| ranking.at))
    }

    /// Whether somebody has decided something since.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn is_ranking_due(&self) -> Result<bool, AppError> {
        payments_rank::is_due(self.store).await
    }

    /// The names of all operators, for the screen.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn names_of_operators(&self) -> Result<OperatorNames, AppError> {
        let people = self.store.operators().await?;
        Ok(OperatorNames::of(people.into_iter().map(|one| (one.id, one.name))))
    }

    /// The other alerts of a network, at most as many as a page holds.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn network_of(&self, alert: &StoredAlert) -> Result<Vec<StoredAlert>, AppError> {
        let filter = AlertFilter { network: Some(alert.network), ..AlertFilter::default() };
        Ok(self.store.alerts(&filter, None, PAGE).await?.alerts)
    }

    /// A page of the queue.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list(
        &self,
        filter: &AlertFilter,
        behind: Option<AlertPlace>,
        limit: u32,
    ) -> Result<AlertsView, AppError> {
        let page = self.store.alerts(filter, behind, limit).await?;
        let counts = self.store.alert_counts().await?;
        let ranking = self.store.payment_ranking().await?;
        let count =
            |(state, count): (AlertState, u64)| AlertCountView { state: state.as_str(), count };
        Ok(AlertsView {
            alerts: page.alerts.iter().map(AlertItemView::of).collect(),
            counts: counts.into_iter().map(count).collect(),
            ranked_at: ranking.map(|ranking| ranking.at.to_string()),
            next_cursor: page.next.map(|next| next.to_string()),
        })
    }

    /// One alert with its reasons, transfers and history; without names.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn show(&self, id: FindingId) -> Result<AlertFullView, AppError> {
        Ok(self.both(id).await?.1)
    }

    /// The same, and the alert as the store has it.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn both(&self, id: FindingId) -> Result<(StoredAlert, AlertFullView), AppError> {
        let stored = self.store.alert(id).await?;
        let full = self.full(&stored).await?;
        Ok((stored, full))
    }

    async fn full(&self, stored: &StoredAlert) -> Result<AlertFullView, AppError> {
        let reasons = parts_of(stored);
        let transfers = self.carrying(&reasons.parts).await?;
        let said = self.store.party_words(&stored.account, WORDINGS).await?;
        let entries = self.store.alert_entries(stored.number).await?;
        let entry = |one: &tutela_store::AlertEntry| {
            let entry = Entry::parse(&one.line)?;
            Ok(AlertEntryView {
                seq: one.seq,
                at: entry.time.to_string(),
                act: entry.act.to_string(),
                by: entry.actor.to_string(),
                words: one.words.as_ref().and_then(|words| spoken(&words.text)),
            })
        };
        Ok(AlertFullView {
            alert: AlertItemView::of(stored),
            parts: reasons.parts,
            tied: reasons.tied,
            via: reasons.via,
            transfers: transfers.iter().map(AlertTransferView::of).collect(),
            masked: said.iter().map(names::masked).collect(),
            history: entries.iter().map(entry).collect::<Result<_, AppError>>()?,
            chart: stored.chart_json.as_deref().and_then(|chart| serde_json::from_str(chart).ok()),
        })
    }

    /// The transfers that parts of a score name, in time order.
    async fn carrying(
        &self,
        parts: &[crate::views::AlertPartView],
    ) -> Result<Vec<tutela_core::TransferRecord>, AppError> {
        let ids: BTreeSet<&String> = parts.iter().flat_map(|part| &part.transfers).collect();
        let ids: Vec<String> = ids.into_iter().cloned().collect();
        let mut transfers = self.store.transfers_by_id(&ids).await?;
        transfers.sort_by(|a, b| {
            let key = |one: &tutela_core::TransferRecord| one.transfer.time;
            key(a).cmp(&key(b)).then_with(|| a.transfer.id.cmp(&b.transfer.id))
        });
        transfers.truncate(SHOWN);
        Ok(transfers)
    }

    /// The alert that a person names by id or number.
    ///
    /// # Errors
    /// There is none.
    pub async fn named(&self, name: &str) -> Result<FindingId, AppError> {
        match (name.parse(), name.parse()) {
            (_, Ok(number)) => Ok(self.store.alert_numbered(number).await?),
            (Ok(id), Err(_)) => Ok(id),
            _ => Err(AppError::NoSuch { kind: "alert", name: name.to_owned() }),
        }
    }

    /// The operator that a person names by name or id.
    ///
    /// # Errors
    /// There is none.
    pub async fn person(&self, name: &str) -> Result<OperatorId, AppError> {
        let people = self.store.operators().await?;
        let found = people.iter().find(|one| one.name == name || one.id.to_string() == name);
        let none = || AppError::NoSuch { kind: "operator", name: name.to_owned() };
        found.map(|one| one.id).ok_or_else(none)
    }

    /// Gives an alert to somebody.
    ///
    /// # Errors
    /// There is no such alert, it is closed, there is no such person.
    pub async fn assign(&self, id: FindingId, to: OperatorId) -> Result<AlertItemView, AppError> {
        self.store.operator(to).await?;
        let inputs = vec![id.into(), to.into()];
        self.act(id, AlertAct::Assign(to), acts::ALERT_ASSIGNED, inputs, None).await
    }

    /// Writes a note, which may hold personal data and can be erased.
    ///
    /// # Errors
    /// There is no such alert, or the note says nothing.
    pub async fn note(&self, id: FindingId, text: &str) -> Result<AlertItemView, AppError> {
        let words = words("note", text)?;
        let said = json!({"note": words});
        self.act(id, AlertAct::Note, acts::ALERT_NOTED, vec![id.into()], Some(said)).await
    }

    /// Proposes how to close an alert. A dismissal names a reason of the list; `text` says more, and has to
    /// where an alert is confirmed or the reason is another.
    ///
    /// # Errors
    /// There is no such alert or reason, words are missing, something is proposed already.
    pub async fn propose(
        &self,
        id: FindingId,
        outcome: AlertOutcome,
        reason: Option<&str>,
        text: Option<&str>,
    ) -> Result<AlertItemView, AppError> {
        let reason = match (outcome, reason) {
            (AlertOutcome::Confirmed, None) => None,
            (AlertOutcome::Confirmed, Some(_)) => {
                let why = "reasons of the list are for dismissals";
                return Err(AppError::BadField { field: "reason", reason: why });
            }
            (AlertOutcome::Dismissed, reason) => {
                Some(reasons::known(reason.unwrap_or_default())?.id)
            }
        };
        let needed = reason.is_none_or(|id| id == reasons::OTHER);
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        let text = match (text, needed) {
            (Some(text), _) => Some(words("text", text)?),
            (None, false) => None,
            (None, true) => {
                let why = "say why, in words";
                return Err(AppError::BadField { field: "text", reason: why });
            }
        };
        let said = json!({"outcome": outcome.as_str(), "reason": reason, "text": text});
        let act = AlertAct::Propose(outcome, reason.map(str::to_owned));
        self.act(id, act, acts::ALERT_PROPOSED, vec![id.into()], Some(said)).await
    }

    /// Closes an alert as another person proposed.
    ///
    /// # Errors
    /// There is no such alert, nothing is proposed, or the same person proposed it.
    pub async fn approve(&self, id: FindingId) -> Result<AlertItemView, AppError> {
        self.act(id, AlertAct::Approve, acts::ALERT_APPROVED, vec![id.into()], None).await
    }

    /// Sends a proposal back, with a reason.
    ///
    /// # Errors
    /// There is no such alert, nothing is proposed, or no reason is given.
    pub async fn send_back(&self, id: FindingId, text: &str) -> Result<AlertItemView, AppError> {
        let said = json!({"text": words("text", text)?});
        self.act(id, AlertAct::Return, acts::ALERT_RETURNED, vec![id.into()], Some(said)).await
    }

    /// Shows what records say of the people behind the accounts of an alert. Purpose, person and time go into
    /// the ledger first.
    ///
    /// # Errors
    /// There is no such alert, or no purpose is stated.
    pub async fn names(&self, id: FindingId, purpose: &str) -> Result<AlertNamesView, AppError> {
        let said = json!({"purpose": words("purpose", purpose)?});
        let act = AlertAct::ShowNames;
        self.act(id, act, acts::ALERT_NAMES_SHOWN, vec![id.into()], Some(said)).await?;
        let stored = self.store.alert(id).await?;
        let transfers = self.carrying(&parts_of(&stored).parts).await?;
        let ends = transfers.iter().flat_map(|one| [&one.transfer.payer, &one.transfer.payee]);
        let mut accounts: BTreeSet<&str> = ends.map(|end| end.as_str()).collect();
        accounts.insert(&stored.account);
        let mut view = AlertNamesView { accounts: BTreeMap::new() };
        for account in accounts {
            let said = self.store.party_words(account, WORDINGS).await?;
            let said = said.iter().map(names::plain).collect();
            view.accounts.insert(account.to_owned(), said);
        }
        Ok(view)
    }

    async fn act(
        &self,
        id: FindingId,
        act: AlertAct,
        kind: Act,
        inputs: Vec<tutela_ledger::Reference>,
        words: Option<serde_json::Value>,
    ) -> Result<AlertItemView, AppError> {
        let at = Timestamp::now();
        let payload = match words {
            Some(words) => Some(Payload { salt: workspace::random()?, text: words.to_string() }),
            None => None,
        };
        let case = self.store.alert(id).await?.case;
        let custody = Draft { case, inputs, payload, ..Draft::new(at, self.by, kind) };
        let change = AlertChange { act, by: self.by, at };
        let stored = self.store.act_on_alert(id, &change, custody).await?;
        Ok(AlertItemView::of(&stored))
    }
}

/// Names of operators, by id. Personal data, for the screen only.
#[derive(Clone, Default)]
pub struct OperatorNames(Vec<(OperatorId, String)>);

impl OperatorNames {
    /// These.
    pub fn of(names: impl IntoIterator<Item = (OperatorId, String)>) -> Self {
        Self(names.into_iter().collect())
    }

    /// The name of one; the id where nobody has it.
    pub fn name(&self, id: OperatorId) -> String {
        let found = self.0.iter().find(|(known, _)| *known == id);
        found.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    }

    /// Id and name of each, in the order they were entered.
    pub fn iter(&self) -> impl Iterator<Item = (OperatorId, &str)> {
        self.0.iter().map(|(id, name)| (*id, name.as_str()))
    }
}

/// Words that say something, and are not too long.
fn words(field: &'static str, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::BadField { field, reason: "say it in words" });
    }
    if text.chars().count() > MAX_WORDS_CHARS {
        return Err(AppError::BadField { field, reason: "it is longer than 2,000 characters" });
    }
    Ok(text.to_owned())
}

/// What a person wrote, out of the words beside an entry.
fn spoken(words: &str) -> Option<String> {
    let words: serde_json::Value = serde_json::from_str(words).ok()?;
    let text = |key| words.get(key).and_then(serde_json::Value::as_str);
    match (text("note").or(text("purpose")), text("outcome")) {
        (Some(said), _) => Some(said.to_owned()),
        (None, Some(outcome)) => {
            let said = [Some(outcome), text("reason"), text("text")];
            Some(said.into_iter().flatten().collect::<Vec<_>>().join(": "))
        }
        (None, None) => text("text").map(str::to_owned),
    }
}
