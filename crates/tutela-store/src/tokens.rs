//! The tokens of programs. Only the digest of a secret is kept.

use sqlx::any::AnyRow;
use tutela_core::{OperatorId, Scopes, Sha256, Timestamp, TokenId};

use crate::ledger::append_to;
use crate::rows::{Reader, escaped, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A token in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// Its id.
    pub id: TokenId,
    /// What its people call it.
    pub name: String,
    /// In whose name its holder acts.
    pub operator: OperatorId,
    /// What its holder may do.
    pub scopes: Scopes,
    /// SHA-256 of the secret.
    pub secret: Sha256,
    /// When it was made.
    pub created_at: Timestamp,
    /// From this time on it is worth nothing.
    pub expires_at: Option<Timestamp>,
    /// Since when it has been worth nothing because somebody said so.
    pub revoked_at: Option<Timestamp>,
}

impl StoredToken {
    /// Whether it lets anybody in at this time.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

impl Store {
    /// Keeps a new token. Errors: [`StoreError::Duplicate`] where the id or secret is taken.
    pub async fn add_token(&self, token: &StoredToken, custody: Vec<LedgerDraft>) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        sqlx::query(
            "INSERT INTO tokens (id, name, operator, scopes, secret_sha256, created_at, expires_at, revoked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(token.id.to_string())
        .bind(escaped(&token.name))
        .bind(token.operator.to_string())
        .bind(token.scopes.to_string())
        .bind(token.secret.to_string())
        .bind(time_text(token.created_at))
        .bind(token.expires_at.map(time_text))
        .bind(token.revoked_at.map(time_text))
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "token"))?;
        commit(transaction).await
    }

    /// All tokens, those that are worth nothing among them, in the order they were made.
    pub async fn tokens(&self) -> Result<Vec<StoredToken>> {
        let rows = sqlx::query(
            "SELECT id, name, operator, scopes, secret_sha256, created_at, expires_at, revoked_at \
             FROM tokens ORDER BY created_at, id",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(|error| StoreError::of(error, "token"))?;
        rows.iter().map(read).collect()
    }

    /// Makes a token worthless. Errors: [`StoreError::NotFound`], [`StoreError::WrongState`] where it is
    /// already.
    pub async fn revoke_token(
        &self,
        id: TokenId,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let of = |error| StoreError::of(error, "token");
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let revoked =
            sqlx::query("UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
                .bind(time_text(at))
                .bind(id.to_string())
                .execute(&mut *transaction)
                .await
                .map_err(of)?;
        if revoked.rows_affected() == 0 {
            let known = sqlx::query("SELECT id FROM tokens WHERE id = $1")
                .bind(id.to_string())
                .fetch_optional(&mut *transaction)
                .await
                .map_err(of)?;
            return Err(match known {
                None => StoreError::not_found("token", id),
                Some(_) => {
                    let state = "revoked".to_owned();
                    StoreError::WrongState { what: "token", id: id.to_string(), state }
                }
            });
        }
        commit(transaction).await
    }
}

fn read(row: &AnyRow) -> Result<StoredToken> {
    let row = Reader { table: "tokens", row };
    Ok(StoredToken {
        id: row.parsed("id")?,
        name: row.text("name")?,
        operator: row.parsed("operator")?,
        scopes: row.parsed("scopes")?,
        secret: row.parsed("secret_sha256")?,
        created_at: row.parsed("created_at")?,
        expires_at: row.parsed_or_null("expires_at")?,
        revoked_at: row.parsed_or_null("revoked_at")?,
    })
}
