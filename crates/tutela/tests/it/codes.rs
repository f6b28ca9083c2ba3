//! Every code of a failure, a path passed over or a note has words that pages can show.

use std::collections::BTreeSet;

use tutela_app::outbound::scan_report::documented_limits;
use tutela_app::sentences::failure;

use super::house::{root, sources};

/// Crates in which codes are made.
const CODED: [&str; 2] = ["tutela-app", "tutela-match"];
/// What codes begin with. Names of limits look alike and have words of their own.
const BEGINNINGS: [&str; 4] = ["archive.", "decode.", "evidence.", "intake."];

/// All text in quotes that begins as a code does and holds nothing but one.
fn codes(code: &str) -> Vec<&str> {
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    BEGINNINGS
        .iter()
        .flat_map(|beginning| {
            code.match_indices(beginning).filter_map(move |(at, _)| {
                let (before, rest) = code.split_at(at);
                let literal = rest.split('"').next()?;
                let name = literal.strip_prefix(beginning)?;
                (before.ends_with('"') && is_name(name)).then_some(literal)
            })
        })
        .collect()
}

#[test]
fn every_code_has_words() {
    let limits: BTreeSet<&str> = documented_limits().map(|limit| limit.name).collect();
    let mut missing = BTreeSet::new();
    for name in CODED {
        for (_, text) in sources(&root().join("crates").join(name).join("src")) {
            let code = text.split("#[cfg(test)]").next().unwrap();
            let unknown = |code: &&str| !limits.contains(code) && failure(code).is_none();
            missing.extend(codes(code).into_iter().filter(unknown).map(str::to_owned));
        }
    }
    assert!(missing.is_empty(), "say what these mean in sentences/failures.rs: {missing:#?}");
}

#[test]
fn codes_are_told_from_other_text() {
    let code = r#"f("decode.truncated", "decode.x y", "decode.", "see decode.that"), "archive.ok""#;
    assert_eq!(codes(code), ["archive.ok", "decode.truncated"]);
}
