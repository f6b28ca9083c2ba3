//! Contents that are held back because too much matched them.

use tutela_core::{BankNumber, ContentNumber};

use super::ContentsPage;
use crate::{Result, Store};

impl Store {
    /// At most `limit` contents of a bank that are held back, behind a number.
    pub async fn held_back_of(
        &self,
        bank: BankNumber,
        behind: Option<ContentNumber>,
        limit: u32,
    ) -> Result<ContentsPage> {
        self.contents_where("AND quarantined_at IS NOT NULL", bank, behind, limit).await
    }
}
