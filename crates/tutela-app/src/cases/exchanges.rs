//! Exchanges: setting them up, their secrets, how far each is, and what people say of their signals.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256 as Hasher};
use tutela_core::{ContentNumber, OperatorId, Sha256, Timestamp, Verdict};
use tutela_ledger::{Act, Draft, Payload, acts};
use tutela_store::{Exchange, NewExchange, NewVerdict, SecretOwner, Store, StoreError};

use crate::intake::exchanges::{EXCHANGE_APIS, ExchangeApi, schema};
use crate::views::{
    ExchangeApiView, ExchangeSchemaView, ExchangeStatusView, ExchangeView, VerdictView,
};
use crate::{AppError, workspace};

/// Longest name; as that of a bank.
const MAX_NAME_CHARS: usize = 255;

/// All exchanges, in the order they were made.
///
/// # Errors
/// The store does not answer.
pub async fn list(store: &Store) -> Result<Vec<ExchangeView>, AppError> {
    let mut views = Vec::new();
    for exchange in store.exchanges().await? {
        views.push(view(store, &exchange).await?);
    }
    Ok(views)
}

/// One exchange.
///
/// # Errors
/// There is none of this name.
pub async fn get(store: &Store, name: &str) -> Result<ExchangeView, AppError> {
    view(store, &stored(store, name).await?).await
}

/// How far an exchange is.
///
/// # Errors
/// There is none of this name.
pub async fn status(store: &Store, name: &str) -> Result<ExchangeStatusView, AppError> {
    Ok(ExchangeStatusView::of(&stored(store, name).await?))
}

/// Sets up an exchange, and the bank of its name where there is none. It fetches from the next round on.
///
/// # Errors
/// There is no such interface, the name is taken or has another form, a field is not what it must be.
pub async fn create(
    store: &Store,
    by: OperatorId,
    name: &str,
    api: &str,
    config: &Value,
    credentials: Option<&Value>,
) -> Result<ExchangeView, AppError> {
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || name.len() > MAX_NAME_CHARS || !name.chars().all(plain) {
        return Err(AppError::BadBankName);
    }
    let api = ExchangeApi::by_id(api)?;
    let config_json = Value::Object(schema::read(api.config, config)?).to_string();
    let credentials = match credentials.filter(|sent| !is_nothing(sent)) {
        Some(sent) => Some(Value::Object(schema::read(api.credentials, sent)?).to_string()),
        None => None,
    };
    let inputs = vec![Sha256(Hasher::digest(&config_json).into()).into()];
    let made = Draft {
        inputs,
        ..draft(by, acts::EXCHANGE_CREATED, &json!({"exchange": name, "api": api.id}))?
    };
    let new =
        NewExchange { name: name.to_owned(), api: api.id.to_owned(), config_json, enabled: true };
    let created =
        store.create_exchange(&new, credentials.as_deref(), Timestamp::now(), vec![made]).await;
    let exchange = created.map_err(|error| match error {
        StoreError::Duplicate { .. } => AppError::ExchangeExists { name: name.to_owned() },
        other => other.into(),
    })?;
    view(store, &exchange).await
}

/// Lets an exchange fetch, or not.
///
/// # Errors
/// There is none of this name.
pub async fn enable(
    store: &Store,
    by: OperatorId,
    name: &str,
    enabled: bool,
) -> Result<ExchangeView, AppError> {
    let exchange = stored(store, name).await?;
    let changed =
        draft(by, acts::EXCHANGE_CHANGED, &json!({"exchange": name, "enabled": enabled}))?;
    store.enable_exchange(exchange.number, enabled, vec![changed]).await?;
    get(store, name).await
}

/// Removes an exchange with every content that came through it, and its bank where nothing else is in it.
///
/// # Errors
/// There is none of this name.
pub async fn remove(store: &Store, by: OperatorId, name: &str) -> Result<(), AppError> {
    let exchange = stored(store, name).await?;
    let removed = draft(by, acts::EXCHANGE_REMOVED, &json!({"exchange": name}))?;
    Ok(store.remove_exchange(exchange.number, vec![removed]).await?)
}

/// Every interface that exchanges may speak.
pub fn apis() -> Vec<ExchangeApiView> {
    EXCHANGE_APIS.iter().map(ExchangeApiView::of).collect()
}

/// What exchanges of an interface must be told.
///
/// # Errors
/// There is no such interface.
pub fn api_schema(api: &str) -> Result<ExchangeSchemaView, AppError> {
    let api = ExchangeApi::by_id(api)?;
    let credentials = (!api.credentials.is_empty()).then(|| schema::schema(api.credentials));
    Ok(ExchangeSchemaView {
        config_schema: schema::schema(api.config),
        credentials_schema: credentials,
    })
}

/// Whether an interface needs credentials, and whether they were given.
///
/// # Errors
/// There is no such interface.
pub async fn credentials(store: &Store, api: &str) -> Result<(bool, bool), AppError> {
    let api = ExchangeApi::by_id(api)?;
    let given = store.exchange_credentials(SecretOwner::Api(api.id)).await?.is_some();
    Ok((!api.credentials.is_empty(), given))
}

/// Keeps the credentials of an interface in place of those there were; nothing, or `{}`, removes them.
///
/// # Errors
/// There is no such interface, or a field is not what it must be.
pub async fn set_credentials(
    store: &Store,
    by: OperatorId,
    api: &str,
    sent: &Value,
) -> Result<(), AppError> {
    let api = ExchangeApi::by_id(api)?;
    let kept = match is_nothing(sent) {
        true => None,
        false => Some(Value::Object(schema::read(api.credentials, sent)?).to_string()),
    };
    let words = json!({"api": api.id, "set": kept.is_some()});
    let changed = draft(by, acts::EXCHANGE_CREDENTIALS_CHANGED, &words)?;
    Ok(store
        .set_exchange_credentials(SecretOwner::Api(api.id), kept.as_deref(), vec![changed])
        .await?)
}

/// What became of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated {
    /// So many signals of it are told to the sender in the next round.
    Queued(usize),
    /// It came through no exchange: there is nobody to tell.
    OwnContent,
    /// The sender takes no verdicts.
    NotSupported(&'static str),
}

/// Says back to the sender of a content what a person thinks of its signals; of one kind, or of all.
///
/// # Errors
/// There is no such content.
pub async fn state_verdict(
    store: &Store,
    by: OperatorId,
    content: ContentNumber,
    kind: Option<&str>,
    verdict: Verdict,
    reason: Option<&str>,
) -> Result<Stated, AppError> {
    let content = store.content(content).await?;
    let Some(key) = &content.terms.exchange_key else { return Ok(Stated::OwnContent) };
    let Some(exchange) = store.exchange_of(content.bank).await? else {
        return Ok(Stated::OwnContent);
    };
    let api = ExchangeApi::by_id(&exchange.terms.api)?;
    if !api.takes_verdicts() {
        return Ok(Stated::NotSupported(api.id));
    }
    let stated_at = Timestamp::now();
    let verdicts: Vec<NewVerdict> = content
        .signals
        .iter()
        .filter(|signal| kind.is_none_or(|kind| kind == signal.kind))
        .map(|signal| NewVerdict {
            exchange: exchange.number,
            content: content.number,
            exchange_key: key.clone(),
            signal: signal.clone(),
            verdict,
            reason: reason.map(str::to_owned),
            operator: by,
            stated_at,
        })
        .collect();
    let words = json!({
        "exchange": exchange.terms.name, "content": content.number.0, "verdict": verdict.as_str(),
    });
    let inputs = verdicts.iter().map(|one| digest_of(one).into()).collect();
    let said = Draft { inputs, ..draft(by, acts::VERDICT_STATED, &words)? };
    Ok(Stated::Queued(store.add_verdicts(&verdicts, vec![said]).await?.len()))
}

/// Every verdict about signals of an exchange.
///
/// # Errors
/// There is no exchange of this name.
pub async fn verdicts(store: &Store, name: &str) -> Result<Vec<VerdictView>, AppError> {
    let exchange = stored(store, name).await?;
    let verdicts = store.verdicts_of(exchange.number).await?;
    Ok(verdicts.iter().map(VerdictView::of).collect())
}

/// What the ledger knows the signal of a verdict by.
pub(crate) fn digest_of(verdict: &NewVerdict) -> Sha256 {
    let signal = &verdict.signal;
    Sha256(Hasher::digest(format!("{} {}", signal.kind, signal.value)).into())
}

/// The exchange of this name.
pub(crate) async fn stored(store: &Store, name: &str) -> Result<Exchange, AppError> {
    match store.exchange(name).await {
        Err(StoreError::NotFound { .. }) => {
            Err(AppError::NoSuch { kind: "exchange", name: name.to_owned() })
        }
        other => Ok(other?),
    }
}

/// The secrets of an exchange: its own, else those of its interface.
pub(crate) async fn secrets(
    store: &Store,
    exchange: &Exchange,
) -> Result<Map<String, Value>, AppError> {
    let own = store.exchange_credentials(SecretOwner::Exchange(exchange.number)).await?;
    let kept = match own {
        Some(own) => Some(own),
        None => store.exchange_credentials(SecretOwner::Api(&exchange.terms.api)).await?,
    };
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// An act with words beside it.
pub(crate) fn draft(by: OperatorId, act: Act, words: &Value) -> Result<Draft, AppError> {
    let payload = Payload { salt: workspace::random()?, text: words.to_string() };
    Ok(Draft { payload: Some(payload), ..Draft::new(Timestamp::now(), by, act) })
}

async fn view(store: &Store, exchange: &Exchange) -> Result<ExchangeView, AppError> {
    let own = store.exchange_credentials(SecretOwner::Exchange(exchange.number)).await?.is_some();
    let shared = store.exchange_credentials(SecretOwner::Api(&exchange.terms.api)).await?.is_some();
    Ok(ExchangeView::of(exchange, own || shared))
}

fn is_nothing(sent: &Value) -> bool {
    sent.is_null() || sent.as_object().is_some_and(Map::is_empty)
}
