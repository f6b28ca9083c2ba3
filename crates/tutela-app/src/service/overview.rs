//! What a person wants to see at a glance: counts of contents, findings by state and day.

use std::collections::HashMap;

use tutela_core::{BankNumber, ContentNumber, Timestamp};

use super::{ContentsPage, MatchFilter, MatchState, Service, StoredMatch};
use crate::AppError;
pub use crate::engines::matching::BankCounts;

impl Service {
    /// How many contents each bank holds, and in which state, by the banks in memory.
    pub fn bank_counts(&self) -> Vec<BankCounts> {
        self.matcher().bank_counts(Timestamp::now())
    }

    /// Findings with a number below `before`, the newest first, that the filter lets through.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn filtered_matches(
        &self,
        filter: &MatchFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<StoredMatch>, AppError> {
        Ok(self.inner.store.filtered_matches(filter, before, limit).await?)
    }

    /// How many findings are in each state.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn match_counts(&self) -> Result<Vec<(MatchState, u64)>, AppError> {
        Ok(self.inner.store.match_counts().await?)
    }

    /// How many findings were new on each day in UTC since then; days without any are left out.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn matches_by_day(&self, since: Timestamp) -> Result<Vec<(String, u64)>, AppError> {
        Ok(self.inner.store.matches_by_day(since).await?)
    }

    /// Names of the exchanges by the bank that each feeds.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn exchange_names(&self) -> Result<HashMap<BankNumber, String>, AppError> {
        let exchanges = self.inner.store.exchanges().await?;
        Ok(exchanges.into_iter().map(|one| (one.bank, one.terms.name)).collect())
    }

    /// At most `limit` contents of a bank that are held back, behind a number.
    ///
    /// # Errors
    /// There is no such bank, the store does not answer.
    pub async fn held_back_of(
        &self,
        bank: &str,
        behind: Option<ContentNumber>,
        limit: u32,
    ) -> Result<ContentsPage, AppError> {
        let bank = self.bank(bank)?;
        Ok(self.inner.store.held_back_of(bank.number, behind, limit).await?)
    }
}
