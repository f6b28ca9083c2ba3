//! Counts what files say of their own making, and what people say of it.

use std::collections::{BTreeMap, BTreeSet};

use tutela_core::{CreationMode, Exhibit, Grade};
use tutela_match::provenance::NOT_TESTED;

use crate::evidence::decoder::DecoderConfig;
use crate::views::{
    AssertedView, GradeCountView, ItemView, ModeCountView, ProvenanceSummaryView, VerifierView,
};

/// Assertions that a report lists.
const MAX_ASSERTED: usize = 50;

pub(super) fn summary(
    exhibits: &[Exhibit],
    items: &[ItemView],
    verifier: Option<VerifierView>,
) -> ProvenanceSummaryView {
    let media: Vec<&Exhibit> = exhibits.iter().filter(|e| can_speak(e)).collect();
    let files = |grade| media.iter().filter(|e| Grade::of(&e.provenance) == grade).count() as u64;
    let mut asserted = asserted(&media);
    let left_out = asserted.len().saturating_sub(MAX_ASSERTED) as u64;
    asserted.truncate(MAX_ASSERTED);
    ProvenanceSummaryView {
        grades: Grade::ALL
            .map(|grade| GradeCountView { grade: grade.as_str(), files: files(grade) })
            .to_vec(),
        asserted,
        asserted_left_out: left_out,
        verifier,
        not_tested: NOT_TESTED.to_vec(),
        creation_modes: creation_modes(items),
    }
}

/// Pictures and films: other files are not asked.
fn can_speak(exhibit: &Exhibit) -> bool {
    exhibit.mime.starts_with("image/") || exhibit.mime.starts_with("video/")
}

/// Every file counts once for each different assertion.
fn asserted(media: &[&Exhibit]) -> Vec<AssertedView> {
    let mut counts: BTreeMap<_, u64> = BTreeMap::new();
    for exhibit in media {
        let said: BTreeSet<_> = exhibit
            .provenance
            .iter()
            .map(|said| (said.source.as_str(), said.value.as_str(), said.origin, said.grade))
            .collect();
        for said in said {
            *counts.entry(said).or_default() += 1;
        }
    }
    let view = |((source, value, origin, grade), files): ((&str, &str, _, Grade), u64)| {
        let origin: tutela_core::Origin = origin;
        AssertedView {
            source: source.to_owned(),
            value: value.to_owned(),
            origin: origin.as_str(),
            grade: grade.as_str(),
            files,
        }
    };
    let mut views: Vec<AssertedView> = counts.into_iter().map(view).collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.files));
    views
}

/// What checked the signatures of this scan.
pub(super) fn verifier(config: &DecoderConfig) -> Option<VerifierView> {
    let verifier = config.verifier.as_deref()?;
    let trust = verifier.trust();
    Some(VerifierView {
        program: verifier.program().to_owned(),
        trust_sha256: trust.map(|trust| trust.sha256.to_string()),
        trust_dated: trust.and_then(|trust| trust.dated).map(|dated| dated.to_string()),
    })
}

fn creation_modes(items: &[ItemView]) -> Vec<ModeCountView> {
    let said = || items.iter().filter_map(|item| item.creation_mode.as_ref());
    let counted = CreationMode::ALL.map(CreationMode::as_str).map(|mode| ModeCountView {
        mode,
        files: said().filter(|said| said.mode == mode).count() as u64,
        disputed: said().filter(|s| s.mode == mode && s.standing == "disputed").count() as u64,
    });
    counted.into_iter().filter(|count| count.files > 0).collect()
}
