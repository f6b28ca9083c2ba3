//! How people who have looked say some content was made, as documents show it.

use std::collections::HashMap;

use serde::Serialize;
use tutela_core::OperatorId;
use tutela_store::CreationStatement;

/// The document of `media mode --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaModeView {
    /// `tutela.media_mode.v1`.
    pub schema: &'static str,
    /// The exhibit asked about.
    pub exhibit: String,
    /// What people said; `null` where nobody has said anything.
    pub creation_mode: Option<CreationModeView>,
}

impl MediaModeView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_mode.v1";
}

/// What people say of the making of some content. It outranks all that a machine read in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreationModeView {
    /// `compositing`, `swap`, `synthetic`, `none` or `unknown`: the latest statement.
    pub mode: &'static str,
    /// Who said so: id of the operator.
    pub stated_by: String,
    /// When, RFC 3339 UTC.
    pub stated_at: String,
    /// Why.
    pub reason: String,
    /// `single` where one person has spoken, `confirmed` where every other one says the same,
    /// `disputed` where somebody says something else.
    pub standing: &'static str,
    /// Everything that was said, oldest first.
    pub history: Vec<CreationStatementView>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreationStatementView {
    /// What was said.
    pub mode: &'static str,
    /// Who: id of the operator.
    pub stated_by: String,
    /// When.
    pub stated_at: String,
    /// Why.
    pub reason: String,
    /// The exhibit that was looked at; it has the same bytes.
    pub exhibit: String,
}

impl CreationModeView {
    /// What all statements about some bytes come to; `None` where there are none.
    pub fn of(statements: &[CreationStatement]) -> Option<Self> {
        let latest = statements.last()?;
        let last_word: HashMap<OperatorId, &CreationStatement> =
            statements.iter().map(|said| (said.operator, said)).collect();
        let agreed = last_word.values().all(|said| said.mode == latest.mode);
        let view = CreationStatementView::from(latest);
        Some(Self {
            mode: view.mode,
            stated_by: view.stated_by,
            stated_at: view.stated_at,
            reason: view.reason,
            standing: match (last_word.len(), agreed) {
                (1, _) => "single",
                (_, true) => "confirmed",
                (_, false) => "disputed",
            },
            history: statements.iter().map(CreationStatementView::from).collect(),
        })
    }
}

impl From<&CreationStatement> for CreationStatementView {
    fn from(said: &CreationStatement) -> Self {
        Self {
            mode: said.mode.as_str(),
            stated_by: said.operator.to_string(),
            stated_at: said.stated_at.to_string(),
            reason: said.reason.clone(),
            exhibit: said.exhibit.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::{CreationMode, ExhibitId, OperatorId, Sha256, Timestamp};
    use tutela_store::CreationStatement;
    use uuid::Uuid;

    use super::CreationModeView;

    /// Who said what, and the mode and standing that come of it.
    type Case<'a> = (&'a [(u128, CreationMode)], Option<(&'a str, &'a str)>);

    #[test]
    fn the_last_word_of_each_person_counts() {
        use CreationMode::{Swap, Synthetic, Unknown};
        let cases: [Case<'_>; 6] = [
            (&[], None),
            (&[(1, Synthetic)], Some(("synthetic", "single"))),
            (&[(1, Swap), (1, Synthetic)], Some(("synthetic", "single"))),
            (&[(1, Synthetic), (2, Synthetic)], Some(("synthetic", "confirmed"))),
            (&[(1, Synthetic), (2, Unknown)], Some(("unknown", "disputed"))),
            (&[(1, Synthetic), (2, Swap), (1, Swap)], Some(("swap", "confirmed"))),
        ];
        for (said, expected) in cases {
            let statement = |(operator, mode): &(u128, CreationMode)| CreationStatement {
                exhibit: ExhibitId(Uuid::from_u128(9)),
                sha256: Sha256([0; 32]),
                mode: *mode,
                reason: "seen".to_owned(),
                operator: OperatorId(Uuid::from_u128(*operator)),
                stated_at: Timestamp::UNIX_EPOCH,
            };
            let statements: Vec<_> = said.iter().map(statement).collect();
            let view = CreationModeView::of(&statements);
            assert_eq!(view.as_ref().map(|view| (view.mode, view.standing)), expected);
            assert_eq!(view.map_or(0, |view| view.history.len()), said.len());
        }
    }
}
