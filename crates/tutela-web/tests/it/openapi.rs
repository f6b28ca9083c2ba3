//! The description of the API is the one that is checked in.

use std::path::Path;

use tutela_web::openapi_json;

/// Set to write the description instead of comparing it.
const WRITE: &str = "TUTELA_WRITE_OPENAPI";

#[test]
fn the_description_is_the_one_that_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let made = openapi_json();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, made).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == kept,
        "the shape of the API changed; if that is meant, run\n  {WRITE}=1 cargo test -p tutela-web --test it openapi\n\
         and say so in the changelog"
    );
}
