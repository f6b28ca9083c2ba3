//! Style, script and icon, served from the program itself.

use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::fault::Fault;

struct Asset {
    name: &'static str,
    mime: &'static str,
    text: &'static str,
    tag: String,
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let style = concat!(
        include_str!("../../templates/colours.css"),
        include_str!("../../templates/network.css"),
        include_str!("../../templates/console/console.css"),
        include_str!("../../templates/console/alerts.css")
    );
    let script = include_str!("../../templates/console/console.js");
    let icon = include_str!("../../templates/console/icon.svg");
    let asset = |name, mime, text: &'static str| Asset { name, mime, text, tag: tag(text) };
    [
        asset("console.css", "text/css; charset=utf-8", style),
        asset("console.js", "text/javascript; charset=utf-8", script),
        asset("icon.svg", "image/svg+xml", icon),
    ]
});

fn tag(text: &str) -> String {
    let digest = Sha256::digest(text);
    let digits: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// `GET /console/assets/{name}`.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    let found = ASSETS.iter().find(|asset| asset.name == name).ok_or(Fault::NotFound)?;
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tag| tag.to_str().ok());
    let mut known = known.flat_map(|tags| tags.split(',')).map(str::trim);
    // Asked for each time, and sent only when it has changed: a new version of the program is seen at once.
    let about = [(header::ETAG, found.tag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    if known.any(|tag| tag.trim_start_matches("W/") == found.tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, found.mime)], Body::from(found.text)).into_response())
}
