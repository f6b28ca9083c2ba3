//! `/v1/banks/{bank}/contents` and `/v1/banks/{bank}/quarantine`: what the banks hold.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Json;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use tutela_app::AppError;
use tutela_app::views::{ContentView, ContentsView};
use tutela_core::{ContentNumber, Enabled, Timestamp};
use utoipa::ToSchema;

use super::Problem;
use super::new_content::{ContentChange, NewContentParam, NewContents, terms_change};
use super::problem::ProblemView;
use super::take::{Body, KeyParam, MAX_LIMIT, Named, PageParams, Params};
use crate::auth::{Curating, May};
use crate::router::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/banks/{bank}/contents", get(list).post(create))
        .route("/banks/{bank}/contents/enable", post(enable))
        .route("/banks/{bank}/contents/disable", post(disable))
        .route("/banks/{bank}/contents/{content}", get(show).patch(change).delete(remove))
        .route("/banks/{bank}/quarantine", get(held_back))
        .route("/banks/{bank}/quarantine/release", post(release))
}

/// Contents of a bank, by number. Scope `curate`.
#[utoipa::path(get, path = "/v1/banks/{bank}/contents", tag = "contents",
    params(("bank" = String, Path, description = "Name of the bank"), PageParams), responses(
    (status = 200, body = ContentsView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    _: May<Curating>,
    State(web): State<Web>,
    Named(bank): Named<String>,
    Params(page): Params<PageParams>,
) -> Result<Json<ContentsView>, Problem> {
    let behind = page.behind()?.map(ContentNumber);
    let page = web.service.contents_of(&bank, behind, page.limit()?).await?;
    Ok(Json(ContentsView::new(&page, &bank, Timestamp::now())))
}

/// Puts contents into a bank, all or none. Once this is answered they are kept, and found. Scope `curate`.
#[utoipa::path(post, path = "/v1/banks/{bank}/contents", tag = "contents",
    params(("bank" = String, Path, description = "Name of the bank"), KeyParam),
    request_body = NewContents, responses(
    (status = 201, body = ContentsView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn create(
    may: May<Curating>,
    State(web): State<Web>,
    Named(bank): Named<String>,
    Body(new): Body<NewContents>,
) -> Result<(StatusCode, Json<ContentsView>), Problem> {
    at_most(new.contents.len(), "contents")?;
    let contents: Result<Vec<_>, _> =
        new.contents.into_iter().map(NewContentParam::checked).collect();
    let numbers = web.service.add_contents(may.caller.operator, &bank, contents?).await?;
    let (contents, now) = (web.service.contents(&numbers).await?, Timestamp::now());
    let contents = contents.iter().map(|content| ContentView::new(content, &bank, now)).collect();
    Ok((StatusCode::CREATED, Json(ContentsView { contents, next_cursor: None })))
}

/// One content. Scope `curate`.
#[utoipa::path(get, path = "/v1/banks/{bank}/contents/{content}", tag = "contents",
    params(
        ("bank" = String, Path, description = "Name of the bank"),
        ("content" = u64, Path, description = "Number of the content"),
    ), responses(
    (status = 200, body = ContentView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    _: May<Curating>,
    State(web): State<Web>,
    Named((bank, content)): Named<(String, u64)>,
) -> Result<Json<ContentView>, Problem> {
    let content = web.service.content(&bank, known(content)?).await?;
    Ok(Json(ContentView::new(&content, &bank, Timestamp::now())))
}

/// Changes what is known of a content; its signals stay. Scope `curate`.
#[utoipa::path(patch, path = "/v1/banks/{bank}/contents/{content}", tag = "contents",
    params(
        ("bank" = String, Path, description = "Name of the bank"),
        ("content" = u64, Path, description = "Number of the content"),
    ), request_body = ContentChange, responses(
    (status = 200, body = ContentView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn change(
    may: May<Curating>,
    State(web): State<Web>,
    Named((bank, content)): Named<(String, u64)>,
    Body(change): Body<ContentChange>,
) -> Result<Json<ContentView>, Problem> {
    let (by, number) = (may.caller.operator, known(content)?);
    let change = terms_change(change)?;
    let content = web.service.change_content(by, &bank, number, change).await?;
    Ok(Json(ContentView::new(&content, &bank, Timestamp::now())))
}

/// Removes a content. Scope `curate`.
#[utoipa::path(delete, path = "/v1/banks/{bank}/contents/{content}", tag = "contents",
    params(
        ("bank" = String, Path, description = "Name of the bank"),
        ("content" = u64, Path, description = "Number of the content"),
    ), responses(
    (status = 204),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn remove(
    may: May<Curating>,
    State(web): State<Web>,
    Named((bank, content)): Named<(String, u64)>,
) -> Result<StatusCode, Problem> {
    let number = known(content)?;
    if web.service.remove_content(may.caller.operator, &bank, number).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(AppError::NoSuch { kind: "content", name: number.to_string() }.into())
}

/// Contents by number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbers {
    /// At most 1,000.
    #[schema(min_items = 1, max_items = 1000)]
    contents: Vec<u64>,
}

/// Contents by number, to be switched off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Disabled {
    /// At most 1,000.
    #[schema(min_items = 1, max_items = 1000)]
    contents: Vec<u64>,
    /// They come back at this time; until somebody says so where it is left out.
    #[schema(format = DateTime, value_type = Option<String>)]
    until: Option<String>,
}

/// How many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Changed {
    /// Contents that were changed.
    changed: u64,
}

/// Switches contents on, all or none. Scope `curate`.
#[utoipa::path(post, path = "/v1/banks/{bank}/contents/enable", tag = "contents",
    params(("bank" = String, Path, description = "Name of the bank")),
    request_body = Numbers, responses(
    (status = 200, body = Changed),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn enable(
    may: May<Curating>,
    State(web): State<Web>,
    Named(bank): Named<String>,
    Body(numbers): Body<Numbers>,
) -> Result<Json<Changed>, Problem> {
    let numbers = several(&numbers.contents)?;
    let by = may.caller.operator;
    let changed = web.service.enable_contents(by, &bank, &numbers, Enabled::On).await?;
    Ok(Json(Changed { changed }))
}

/// Switches contents off, all or none. Scope `curate`.
#[utoipa::path(post, path = "/v1/banks/{bank}/contents/disable", tag = "contents",
    params(("bank" = String, Path, description = "Name of the bank")),
    request_body = Disabled, responses(
    (status = 200, body = Changed),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn disable(
    may: May<Curating>,
    State(web): State<Web>,
    Named(bank): Named<String>,
    Body(disabled): Body<Disabled>,
) -> Result<Json<Changed>, Problem> {
    let numbers = several(&disabled.contents)?;
    let enabled = match &disabled.until {
        None => Enabled::Off,
        Some(until) => super::new_content::until(until, "until")?,
    };
    let by = may.caller.operator;
    let changed = web.service.enable_contents(by, &bank, &numbers, enabled).await?;
    Ok(Json(Changed { changed }))
}

/// Contents that are held back because too much matched them. Scope `curate`.
#[utoipa::path(get, path = "/v1/banks/{bank}/quarantine", tag = "contents",
    params(("bank" = String, Path, description = "Name of the bank"), PageParams), responses(
    (status = 200, body = ContentsView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn held_back(
    _: May<Curating>,
    State(web): State<Web>,
    Named(bank): Named<String>,
    Params(page): Params<PageParams>,
) -> Result<Json<ContentsView>, Problem> {
    let behind = page.behind()?.map(ContentNumber);
    let page = web.service.held_back_of(&bank, behind, page.limit()?).await?;
    Ok(Json(ContentsView::new(&page, &bank, Timestamp::now())))
}

/// Lets contents that were held back answer again. Scope `curate`.
#[utoipa::path(post, path = "/v1/banks/{bank}/quarantine/release", tag = "contents",
    params(("bank" = String, Path, description = "Name of the bank")),
    request_body = Numbers, responses(
    (status = 200, body = Changed),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn release(
    may: May<Curating>,
    State(web): State<Web>,
    Named(bank): Named<String>,
    Body(numbers): Body<Numbers>,
) -> Result<Json<Changed>, Problem> {
    let numbers = several(&numbers.contents)?;
    let changed = web.service.release_contents(may.caller.operator, &bank, &numbers).await?;
    Ok(Json(Changed { changed }))
}

fn several(numbers: &[u64]) -> Result<Vec<ContentNumber>, AppError> {
    at_most(numbers.len(), "contents")?;
    numbers.iter().map(|number| known(*number)).collect()
}

/// Numbers of the store have 63 bits: there is no content with a larger one.
fn known(number: u64) -> Result<ContentNumber, AppError> {
    match i64::try_from(number) {
        Ok(_) => Ok(ContentNumber(number)),
        Err(_) => Err(AppError::NoSuch { kind: "content", name: number.to_string() }),
    }
}

/// Refuses a batch with nothing in it, or with too much.
pub(super) fn at_most(count: usize, field: &'static str) -> Result<(), AppError> {
    if (1..=MAX_LIMIT as usize).contains(&count) {
        return Ok(());
    }
    Err(AppError::BadField { field, reason: "there must be 1 to 1,000" })
}
