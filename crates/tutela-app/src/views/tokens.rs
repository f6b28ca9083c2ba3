//! What `token create`, `ls` and `revoke` print with `--json`.

use serde::Serialize;
use tutela_core::Scope;
use tutela_store::StoredToken;

/// The tokens of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokensView {
    /// `tutela.token_ls.v1`.
    pub schema: &'static str,
    /// One by one, in the order they were made.
    pub tokens: Vec<TokenView>,
}

impl TokensView {
    /// Of what the store holds.
    pub fn new(tokens: &[StoredToken]) -> Self {
        let tokens = tokens.iter().map(TokenView::from).collect();
        Self { schema: "tutela.token_ls.v1", tokens }
    }
}

/// A token that was made or revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OneTokenView {
    /// `tutela.token_create.v1`, `tutela.token_revoke.v1`.
    pub schema: &'static str,
    /// The token.
    pub token: TokenView,
    /// What its holder shows: only here, and only when it was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// One token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenView {
    /// Its id.
    pub id: String,
    /// What its people call it.
    pub name: String,
    /// Id of the operator in whose name it acts.
    pub operator: String,
    /// `hash`, `match`, `curate`, `admin`.
    pub scopes: Vec<&'static str>,
    /// When it was made.
    pub created_at: String,
    /// From when on it is worth nothing.
    pub expires_at: Option<String>,
    /// Since when it is worth nothing because somebody said so.
    pub revoked_at: Option<String>,
}

impl From<&StoredToken> for TokenView {
    fn from(token: &StoredToken) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.clone(),
            operator: token.operator.to_string(),
            scopes: token.scopes.iter().map(Scope::as_str).collect(),
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.map(|at| at.to_string()),
            revoked_at: token.revoked_at.map(|at| at.to_string()),
        }
    }
}
