//! The interface that clients of the Hasher-Matcher-Actioner speak, path for path.

mod access;
mod answer;
mod banks;
mod body;
mod contents;
mod document;
mod exchanges;
mod hash;
mod lookup;
mod metadata;
mod params;
mod remote;
mod signal_types;
mod signals;
mod status;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, get, post, put};

pub(crate) use self::answer::{unknown_method, unknown_path};
pub(crate) use self::upload::PIECE_BYTES;
use crate::router::Web;

/// The paths of the roles that are offered.
pub(crate) fn routes(web: &Web) -> Router<Web> {
    let serve = &web.service.settings().serve;
    let mut routes = Router::new()
        .route("/", get(status::root))
        .route("/status", get(status::ready))
        .route("/status/live", get(status::alive))
        .route("/site-map", get(document::site_map))
        .route("/openapi/", get(document::page))
        .route("/openapi/openapi.json", get(document::openapi));
    let most = serve.max_body_bytes();
    let roles = [("hasher", hasher(most)), ("matcher", matcher(most)), ("curator", curator(most))];
    for (role, paths) in roles {
        if serve.has_role(role) {
            routes = routes.merge(paths);
        }
    }
    routes
}

fn hasher(most: usize) -> Router<Web> {
    Router::new().route("/h/hash", get(hash::of_url).merge(upload(post(hash::of_upload), most)))
}

fn matcher(most: usize) -> Router<Web> {
    let by_upload = upload(post(lookup::by_upload), most);
    Router::new()
        .route("/m/lookup", get(lookup::by_signal).merge(by_upload))
        .route("/m/raw_lookup", get(lookup::raw))
        .route("/m/compare", post(lookup::two))
        .route("/m/index/status", get(lookup::index_status))
}

fn curator(most: usize) -> Router<Web> {
    let content = get(contents::show).put(contents::change).delete(contents::remove);
    let bank = get(banks::show).put(banks::change).delete(banks::remove);
    let exchange = get(exchanges::show).put(exchanges::change).delete(exchanges::remove);
    Router::new()
        .route("/c/banks", get(banks::list).post(banks::create))
        .route("/c/bank/{bank}", bank)
        .route("/c/bank/{bank}/content", upload(post(contents::add), most))
        .route("/c/bank/{bank}/content/{id}", content)
        .route("/c/bank/{bank}/signal", post(contents::add_signals))
        .route("/c/exchanges", get(exchanges::list).post(exchanges::create))
        .route("/c/exchanges/apis", get(exchanges::apis))
        .route("/c/exchanges/api/{api}", get(exchanges::api).post(exchanges::change_api))
        .route("/c/exchanges/api/{api}/schema", get(exchanges::api_schema))
        .route("/c/exchange/{name}", exchange)
        .route("/c/exchange/{name}/status", get(exchanges::status))
        .route("/c/signal_type", get(signal_types::list))
        .route("/c/signal_type/index", get(signal_types::index))
        .route("/c/signal_type/{name}", put(signal_types::change))
        .route("/c/content_type", get(signal_types::content_types))
}

/// Takes bodies of so many bytes, more than other paths do.
fn upload(methods: MethodRouter<Web>, most: usize) -> MethodRouter<Web> {
    methods.layer(DefaultBodyLimit::max(most))
}
