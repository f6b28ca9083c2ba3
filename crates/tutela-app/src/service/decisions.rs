//! Findings of the service, and what named people decide about them.

use serde_json::json;
use tutela_core::{FindingId, OperatorId, Timestamp, Verdict};
use tutela_ledger::{Draft, acts};
use tutela_store::{MatchDecision, MatchState, StoreError, StoredMatch};

use super::Service;
use crate::AppError;

impl Service {
    /// Findings with a number below `before`, the newest first; in one state, or in any.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn matches(
        &self,
        state: Option<MatchState>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<StoredMatch>, AppError> {
        Ok(self.inner.store.matches(state, before, limit).await?)
    }

    /// One finding.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn match_finding(&self, id: FindingId) -> Result<StoredMatch, AppError> {
        Ok(self.inner.store.match_finding(id).await?)
    }

    /// A named person confirms or disputes a finding. A disputed pair is reported no more. Where the content
    /// came through an exchange that takes verdicts, its sender is told.
    ///
    /// # Errors
    /// A dispute without a reason, no such finding, the store does not answer.
    pub async fn decide_match(
        &self,
        by: OperatorId,
        id: FindingId,
        state: MatchState,
        reason: Option<String>,
    ) -> Result<StoredMatch, AppError> {
        let said = reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
        if state == MatchState::Disputed && !said {
            return Err(AppError::NoReason);
        }
        let decided = Draft {
            inputs: vec![id.into()],
            payload: Some(Self::payload(&json!({"decision": state.as_str(), "reason": reason}))?),
            ..self.draft(by, acts::MATCH_DECIDED)
        };
        let decision = MatchDecision { state, operator: by, at: Timestamp::now(), reason };
        self.inner.store.decide_match(id, &decision, vec![decided]).await?;
        self.refresh().await?;
        let found = self.match_finding(id).await?;
        self.tell_sender(by, &found, &decision).await?;
        Ok(found)
    }

    async fn tell_sender(
        &self,
        by: OperatorId,
        found: &StoredMatch,
        decision: &MatchDecision,
    ) -> Result<(), AppError> {
        let verdict = match decision.state {
            MatchState::Open => return Ok(()),
            MatchState::Confirmed => Verdict::Confirm,
            MatchState::Disputed => Verdict::Dispute,
        };
        let (content, kind) = (found.seen.content, Some(found.seen.kind.as_str()));
        let reason = decision.reason.as_deref();
        match self.state_verdict(by, content, kind, verdict, reason).await {
            // A content that went meanwhile has no sender any more.
            Err(AppError::Store(StoreError::NotFound { .. })) => Ok(()),
            told => told.map(drop),
        }
    }
}
