//! Reasons for a dismissal: a dated list, as data.

use std::sync::LazyLock;

use crate::AppError;
use crate::views::AlertReasonView;

/// The state of the list.
pub const DATED: &str = "2026-12";
/// The reason that needs words.
pub const OTHER: &str = "other";

static REASONS: LazyLock<Vec<AlertReasonView>> = LazyLock::new(|| {
    let text = include_str!("../../../data/dismissal_reasons-2026-12.csv");
    text.lines().filter(|line| !line.starts_with('#')).filter_map(reason).collect()
});

/// All of them, in the order in which they are offered.
pub fn all() -> &'static [AlertReasonView] {
    &REASONS
}

/// The reason with this id.
///
/// # Errors
/// There is none.
pub fn known(id: &str) -> Result<&'static AlertReasonView, AppError> {
    let found = all().iter().find(|reason| reason.id == id);
    found.ok_or_else(|| AppError::NoSuch { kind: "reason for a dismissal", name: id.to_owned() })
}

/// `id,en,it`; texts may stand in quotation marks, and hold none.
fn reason(line: &'static str) -> Option<AlertReasonView> {
    let (id, rest) = line.split_once(',')?;
    let (en, rest) = field(rest)?;
    let (it, _) = field(rest)?;
    Some(AlertReasonView { id, en, it })
}

fn field(text: &'static str) -> Option<(&'static str, &'static str)> {
    match text.strip_prefix('"') {
        Some(text) => {
            let (field, rest) = text.split_once('"')?;
            Some((field, rest.strip_prefix(',').unwrap_or(rest)))
        }
        None => Some(text.split_once(',').unwrap_or((text, ""))),
    }
}

#[cfg(test)]
mod tests {
    use super::{OTHER, all, known};

    #[test]
    fn every_reason_has_an_id_and_words_in_both_languages() {
        assert!(all().len() > 5);
        for reason in all() {
            assert!(reason.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{reason:?}");
            assert!(reason.en.len() > 5 && reason.it.len() > 5, "{reason:?}");
            assert!(!reason.it.contains('"') && !reason.en.contains('"'), "{reason:?}");
            assert_eq!(known(reason.id).unwrap(), reason);
        }
        assert_eq!(all().iter().filter(|reason| reason.id == OTHER).count(), 1);
        assert_eq!(known("rent_or_study").unwrap().en, "Rent, school or study");
        assert!(known("").is_err());
    }
}
