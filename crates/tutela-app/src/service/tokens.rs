//! Tokens: programs act in an operator's name, within scopes, until they may no more.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256 as Hasher};
use tokio::sync::Mutex;
use tutela_core::{OperatorId, Scopes, Sha256, Timestamp, TokenId};
use tutela_ledger::{Draft, acts};
use tutela_store::StoredToken;

use super::Service;
use crate::workspace::{self, Workspace};
use crate::{AppError, ids};

/// What every secret begins with, so that scanners for lost secrets know one.
const PREFIX: &str = "tut_";
/// No secret is longer; what is longer is not even hashed.
const MAX_SECRET_BYTES: usize = 128;
/// For so long tokens are taken from memory: a revoked one lets nobody in for longer than this.
const FRESH: Duration = Duration::from_millis(500);
/// Characters of a name.
const MAX_NAME_CHARS: usize = 255;

/// Whoever shows a token that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The token.
    pub token: TokenId,
    /// In whose name it acts.
    pub operator: OperatorId,
    /// What it may do.
    pub scopes: Scopes,
}

/// A token that was just made, with its secret: told once, kept nowhere.
pub struct NewToken {
    /// What is kept of it.
    pub token: StoredToken,
    /// What its holder shows.
    pub secret: String,
}

/// Makes a token in the name of the operator at work.
///
/// # Errors
/// The name is empty or long, no scope is given, it would have expired already, the store does not answer.
pub fn create(
    workspace: &Workspace,
    name: &str,
    scopes: Scopes,
    lifetime: Option<Duration>,
) -> Result<NewToken, AppError> {
    let bad = |field, reason| Err(AppError::BadField { field, reason });
    if name.trim().is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return bad("name", "it must have 1 to 255 characters");
    }
    if scopes.is_empty() {
        return bad("scopes", "there are none");
    }
    let now = workspace.now();
    let expires_at = match lifetime {
        None => None,
        Some(lifetime) => match now.checked_add(lifetime) {
            Ok(at) if at > now => Some(at),
            _ => return bad("expires", "that is no time to come"),
        },
    };
    let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(workspace::random()?));
    let token = StoredToken {
        id: TokenId(ids::new()),
        name: name.to_owned(),
        operator: workspace.operator(),
        scopes,
        secret: digest(&secret),
        created_at: now,
        expires_at,
        revoked_at: None,
    };
    let words = json!({"token": token.id.to_string(), "name": name, "scopes": scopes.to_string()});
    let created = Draft {
        outputs: vec![token.secret.into()],
        payload: Some(workspace.payload(&words)?),
        ..workspace.draft(acts::TOKEN_CREATED)
    };
    workspace.block_on(workspace.store().add_token(&token, vec![created]))?;
    Ok(NewToken { token, secret })
}

/// All tokens, in the order they were made.
///
/// # Errors
/// The store does not answer.
pub fn list(workspace: &Workspace) -> Result<Vec<StoredToken>, AppError> {
    Ok(workspace.block_on(workspace.store().tokens())?)
}

/// Makes a token worthless, by id or by a name that only one in force has; servers notice within a second.
///
/// # Errors
/// There is none, several have the name, it is revoked already.
pub fn revoke(workspace: &Workspace, which: &str) -> Result<StoredToken, AppError> {
    let tokens = list(workspace)?;
    let by_id = tokens.iter().find(|token| token.id.to_string() == which);
    let mut named = tokens.iter().filter(|token| token.name == which && token.revoked_at.is_none());
    let token = match (by_id, named.next(), named.next()) {
        (Some(token), ..) | (None, Some(token), None) => token,
        (None, Some(_), Some(_)) => {
            let reason = "several tokens have this name; give the id of one";
            return Err(AppError::BadField { field: "token", reason });
        }
        (None, None, _) => {
            return Err(AppError::NoSuch { kind: "token", name: which.to_owned() });
        }
    };
    let now = workspace.now();
    let revoked = Draft {
        inputs: vec![token.secret.into()],
        payload: Some(workspace.payload(&json!({"token": token.id.to_string()}))?),
        ..workspace.draft(acts::TOKEN_REVOKED)
    };
    workspace.block_on(workspace.store().revoke_token(token.id, now, vec![revoked]))?;
    Ok(StoredToken { revoked_at: Some(now), ..token.clone() })
}

impl Service {
    /// Who shows this secret; `None` where no token holds that has it.
    ///
    /// # Errors
    /// The store does not answer: nobody is let in then.
    pub async fn bearer(&self, secret: &str) -> Result<Option<Bearer>, AppError> {
        if !secret.starts_with(PREFIX) || secret.len() > MAX_SECRET_BYTES {
            return Ok(None);
        }
        let (shown, now) = (digest(secret), Timestamp::now());
        let tokens = self.inner.tokens.fresh(self).await?;
        // All are compared, each to its end: how long it takes tells nothing of where one differs.
        let found =
            tokens.iter().fold(
                None,
                |found, token| {
                    if same(&token.secret, &shown) { Some(token) } else { found }
                },
            );
        Ok(found.filter(|token| token.holds_at(now)).map(|token| Bearer {
            token: token.id,
            operator: token.operator,
            scopes: token.scopes,
        }))
    }
}

/// The tokens as the store last told them.
#[derive(Default)]
pub(super) struct Tokens {
    held: RwLock<Option<(Instant, Arc<[StoredToken]>)>>,
    /// Held while the store is asked: once for all who wait.
    asking: Mutex<()>,
}

impl Tokens {
    async fn fresh(&self, service: &Service) -> Result<Arc<[StoredToken]>, AppError> {
        if let Some(tokens) = self.held() {
            return Ok(tokens);
        }
        let _alone = self.asking.lock().await;
        if let Some(tokens) = self.held() {
            return Ok(tokens);
        }
        // The age counts from before the question: what is revoked meanwhile may be missed.
        let asked = Instant::now();
        let tokens: Arc<[StoredToken]> = service.store().tokens().await?.into();
        *self.held.write().unwrap_or_else(PoisonError::into_inner) =
            Some((asked, Arc::clone(&tokens)));
        Ok(tokens)
    }

    fn held(&self) -> Option<Arc<[StoredToken]>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let (at, tokens) = held.as_ref()?;
        (at.elapsed() < FRESH).then(|| Arc::clone(tokens))
    }
}

fn digest(secret: &str) -> Sha256 {
    Sha256(Hasher::digest(secret).into())
}

/// Whether two digests are the same, looking at every byte whatever the first ones are.
fn same(a: &Sha256, b: &Sha256) -> bool {
    let differ = a.0.iter().zip(&b.0).fold(0, |differ, (a, b)| differ | (a ^ b));
    std::hint::black_box(differ) == 0
}

#[cfg(test)]
mod tests {
    use super::{digest, same};

    #[test]
    fn digests_are_the_same_only_as_a_whole() {
        let digests = ["", "a", "b"].map(digest);
        for (i, a) in digests.iter().enumerate() {
            for (j, b) in digests.iter().enumerate() {
                assert_eq!(same(a, b), i == j);
            }
        }
    }
}
