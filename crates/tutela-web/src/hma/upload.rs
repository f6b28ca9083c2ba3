//! Uploads: one file in a form, held in memory within a budget that all uploads share.

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use tokio::sync::OwnedSemaphorePermit;

use super::answer::Refusal;
use super::body::{media_type, too_large_or};
use crate::router::Web;

/// The budget for uploads is counted in pieces of so many bytes.
pub(crate) const PIECE_BYTES: usize = 1 << 10;
/// Fields of a form besides the file.
const MAX_FIELDS: usize = 32;

/// A form that was sent.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// The name of the field with the file, and the file.
    pub(super) file: Option<(String, Vec<u8>)>,
    /// Whether there was more than one file.
    more: bool,
    fields: Vec<(String, String)>,
    /// Its part of the memory for uploads, for as long as it is held.
    room: Option<OwnedSemaphorePermit>,
}

/// The one file of a form.
pub(super) struct Upload {
    /// The name of its field.
    pub(super) field: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Given back once the upload is done with.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

impl Form {
    /// Reads it. What is no form has no file.
    pub(super) async fn read(web: &Web, request: Request) -> Result<Self, Refusal> {
        if media_type(request.headers()) != "multipart/form-data" {
            return Ok(Self::default());
        }
        let room = Some(take_room(web, request.headers())?);
        let mut form = Self { room, ..Self::default() };
        let parts = Multipart::from_request(request, web).await;
        let mut parts = parts.map_err(|_| Refusal::bad("The form names no boundary."))?;
        while let Some(part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            if part.file_name().is_none() {
                let text = part.text().await.map_err(|error| unreadable(&error))?;
                if form.fields.len() < MAX_FIELDS {
                    form.fields.push((name, text));
                }
            } else if form.file.is_some() {
                // What is sent beyond is not even read.
                form.more = true;
                break;
            } else {
                let bytes = part.bytes().await.map_err(|error| unreadable(&error))?;
                form.file = Some((name, bytes.into()));
            }
        }
        Ok(form)
    }

    /// A field that is no file.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Its file, where it has one and no more.
    pub(super) fn only_file(self) -> Result<Upload, Refusal> {
        let Some((field, bytes)) = self.file else {
            return Err(Refusal::bad("Missing multipart/form-data file upload"));
        };
        if self.more {
            return Err(Refusal::bad("Only one file allowed per request"));
        }
        Ok(Upload { field, bytes, room: self.room })
    }
}

/// Takes what an upload of this length needs from the memory that is set apart for uploads.
fn take_room(web: &Web, headers: &HeaderMap) -> Result<OwnedSemaphorePermit, Refusal> {
    let most = web.service.settings().serve.max_body_bytes();
    let said = headers.get(header::CONTENT_LENGTH);
    let said = said.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let length = said.unwrap_or(most);
    if length > most {
        return Err(too_large_or(axum::http::StatusCode::PAYLOAD_TOO_LARGE, ""));
    }
    room_for(web, length)
}

/// Takes so many bytes from the memory that is set apart for uploads.
pub(super) fn room_for(web: &Web, length: usize) -> Result<OwnedSemaphorePermit, Refusal> {
    let pieces = u32::try_from(length.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX);
    let room = web.uploads.clone().try_acquire_many_owned(pieces);
    room.map_err(|_| Refusal::later("too many uploads at once; ask again later"))
}

fn unreadable(error: &MultipartError) -> Refusal {
    too_large_or(error.status(), "The form cannot be read.")
}
