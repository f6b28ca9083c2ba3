//! Uploads: a raw body or the files of a form, held in memory within the budget that all uploads share.

use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use tokio::sync::OwnedSemaphorePermit;
use tutela_app::AppError;

use crate::WebError;
use crate::hma::PIECE_BYTES;
use crate::router::Web;

/// The field of a form that holds options as JSON.
const OPTIONS: &str = "options";

/// What was sent.
pub(super) struct Uploads {
    /// Files, in the order they were sent.
    pub(super) files: Vec<Vec<u8>>,
    /// Options as JSON, where a form has them.
    pub(super) options: Option<String>,
    /// Their part of the memory for uploads, for as long as they are held.
    _room: OwnedSemaphorePermit,
}

impl Uploads {
    /// Reads at most `most` files.
    pub(super) async fn read(
        web: &Web,
        mut request: Request,
        most: usize,
    ) -> Result<Self, WebError> {
        let room = room(web, request.headers())?;
        DefaultBodyLimit::max(web.service.settings().serve.max_body_bytes()).apply(&mut request);
        if is_form(request.headers()) {
            return Self::form(web, request, most, room).await;
        }
        let bytes = Bytes::from_request(request, web).await;
        let bytes =
            bytes.map_err(|rejection| refused(rejection.status(), || rejection.body_text()))?;
        if bytes.is_empty() {
            return Err(WebError::BadBody { why: "it is empty".to_owned() });
        }
        Ok(Self { files: vec![bytes.into()], options: None, _room: room })
    }

    async fn form(
        web: &Web,
        request: Request,
        most: usize,
        room: OwnedSemaphorePermit,
    ) -> Result<Self, WebError> {
        let mut read = Self { files: Vec::new(), options: None, _room: room };
        let form = Multipart::from_request(request, web).await;
        let mut form =
            form.map_err(|rejection| WebError::BadBody { why: rejection.body_text() })?;
        while let Some(part) = form.next_field().await.map_err(|error| unreadable(&error))? {
            let bad = |why: String| Err(WebError::BadBody { why });
            if part.file_name().is_some() {
                if read.files.len() == most {
                    return bad(format!("it has more than {most} files"));
                }
                let bytes = part.bytes().await.map_err(|error| unreadable(&error))?;
                read.files.push(bytes.into());
            } else if part.name() == Some(OPTIONS) && read.options.is_none() {
                let text = part.text().await.map_err(|error| unreadable(&error))?;
                read.options = Some(text);
            } else {
                return bad("it has fields besides files and one named options".to_owned());
            }
        }
        if read.files.is_empty() {
            return Err(WebError::BadBody { why: "it has no file".to_owned() });
        }
        Ok(read)
    }
}

/// Whether the body is a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    media_type(headers).eq_ignore_ascii_case("multipart/form-data")
}

/// The media type of the body, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> &str {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    text.unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

/// Takes what an upload of this length needs from the memory that is set apart for uploads.
fn room(web: &Web, headers: &HeaderMap) -> Result<OwnedSemaphorePermit, WebError> {
    let most = web.service.settings().serve.max_body_bytes();
    let said = headers.get(header::CONTENT_LENGTH);
    let said = said.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let length = said.unwrap_or(most);
    if length > most {
        return Err(WebError::TooLarge);
    }
    let pieces = u32::try_from(length.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX);
    let room = web.uploads.clone().try_acquire_many_owned(pieces);
    room.map_err(|_| AppError::Busy { what: "uploads at once" }.into())
}

fn unreadable(error: &MultipartError) -> WebError {
    refused(error.status(), || "the form cannot be read".to_owned())
}

fn refused(status: StatusCode, why: impl FnOnce() -> String) -> WebError {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return WebError::TooLarge;
    }
    WebError::BadBody { why: why() }
}
