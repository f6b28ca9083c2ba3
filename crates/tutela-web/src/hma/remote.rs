//! What a URL leads to, where the operator lists its host.

use axum::http::StatusCode;
use tokio::sync::OwnedSemaphorePermit;
use tutela_app::AppError;
use tutela_app::outbound::http::FetchError;

use super::answer::Refusal;
use super::body::too_large_or;
use super::upload::room_for;
use crate::router::Web;

/// What was fetched.
pub(super) struct Fetched {
    /// The content.
    pub(super) bytes: Vec<u8>,
    /// Its part of the memory for uploads, for as long as it is held.
    pub(super) room: OwnedSemaphorePermit,
    /// What the server says that it is.
    media_type: String,
}

impl Fetched {
    /// The content type, by what the server says.
    pub(super) fn content_type(&self) -> Result<&'static str, Refusal> {
        let said = self.media_type.to_ascii_lowercase();
        if said.starts_with("image") {
            Ok("photo")
        } else if said.starts_with("video") {
            Ok("video")
        } else {
            Err(Refusal::bad(format!(
                "unsupported url ContentType: '{said}', if you know the expected type, provide it with the \
                 content_type query param"
            )))
        }
    }
}

/// Fetches it.
pub(super) async fn fetch(web: &Web, url: &str) -> Result<Fetched, Refusal> {
    let settings = web.service.settings();
    let most = usize::try_from(settings.fetch.max_mb << 20).unwrap_or(usize::MAX);
    // How large it is shows when it comes: until then it may be as large as allowed.
    let room = room_for(web, most.min(settings.serve.max_uploads_bytes()))?;
    let fetched = web.service.fetch_media(url).await.map_err(|error| match error {
        AppError::Fetch(error) => refused(&error),
        other => other.into(),
    })?;
    let media_type = fetched.content_type().unwrap_or_default().to_owned();
    Ok(Fetched { bytes: fetched.bytes, room, media_type })
}

fn refused(error: &FetchError) -> Refusal {
    match error {
        FetchError::BadUrl
        | FetchError::HostNotListed
        | FetchError::AddressNotListed
        | FetchError::Downgrade
        | FetchError::BadRequest => Refusal::bad("Invalid or unsafe URL provided"),
        FetchError::TooLarge { .. } => too_large_or(StatusCode::PAYLOAD_TOO_LARGE, ""),
        other => Refusal::bad(format!("Failed to fetch URL: {other}")),
    }
}
