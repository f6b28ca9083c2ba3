//! Tokens: kept by the digest of their secret, in force until they expire or are revoked.

use tutela_core::{OperatorId, Scope, Scopes, Sha256, TokenId};
use tutela_ledger::acts;
use tutela_store::{StoreError, StoredToken};

use crate::places::Place;
use crate::things::{draft, id, operator_id, time, with_operator};

fn token(n: u64) -> StoredToken {
    StoredToken {
        id: TokenId(id(7, n)),
        name: format!("uploader \0 {n}"),
        operator: operator_id(),
        scopes: Scopes::of([Scope::Match, Scope::Hash]),
        secret: Sha256([u8::try_from(n).unwrap(); 32]),
        created_at: time(10 - i64::try_from(n).unwrap()),
        expires_at: (n == 2).then(|| time(100)),
        revoked_at: None,
    }
}

pub(crate) async fn tokens_are_kept_until_revoked(Place { store, .. }: Place) {
    with_operator(&store).await;
    for n in [1, 2] {
        store.add_token(&token(n), vec![draft(acts::TOKEN_CREATED)]).await.unwrap();
    }
    assert_eq!(store.tokens().await.unwrap(), [token(2), token(1)], "in the order they were made");
    store.revoke_token(token(1).id, time(50), vec![draft(acts::TOKEN_REVOKED)]).await.unwrap();
    let tokens = store.tokens().await.unwrap();
    assert_eq!(tokens[1].revoked_at, Some(time(50)));
    let holding = |at| tokens.iter().map(|token| token.holds_at(time(at))).collect::<Vec<_>>();
    assert_eq!(holding(99), [true, false]);
    assert_eq!(holding(100), [false, false], "expired at the moment that is named");
    assert_eq!(store.ledger_size().await.unwrap(), 3);
}

pub(crate) async fn refused_tokens_leave_no_trace(Place { store, .. }: Place) {
    with_operator(&store).await;
    store.add_token(&token(1), vec![]).await.unwrap();
    let again = StoredToken { id: TokenId(id(7, 9)), ..token(1) };
    let created = || vec![draft(acts::TOKEN_CREATED)];
    let error = store.add_token(&again, created()).await.unwrap_err();
    assert!(matches!(error, StoreError::Duplicate { what: "token" }), "{error:?}");
    let nobody = StoredToken { operator: OperatorId(id(1, 99)), ..token(2) };
    let error = store.add_token(&nobody, created()).await.unwrap_err();
    assert!(matches!(error, StoreError::DanglingReference(_)), "{error:?}");
    let revoked = || vec![draft(acts::TOKEN_REVOKED)];
    let error = store.revoke_token(token(3).id, time(1), revoked()).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "token", .. }), "{error:?}");
    store.revoke_token(token(1).id, time(1), vec![]).await.unwrap();
    let error = store.revoke_token(token(1).id, time(2), revoked()).await.unwrap_err();
    assert!(matches!(error, StoreError::WrongState { what: "token", .. }), "{error:?}");
    assert_eq!(store.tokens().await.unwrap()[0].revoked_at, Some(time(1)));
    assert_eq!(store.ledger_size().await.unwrap(), 0);
}
