//! What the files of the scan that never was say of their own making.

use tutela_app::views::{
    AssertedView, GradeCountView, ItemView, ModeCountView, ProvenanceSummaryView, VerifierView,
};

use super::contents::digest;

/// Every kind of row there is.
pub(super) fn provenance(items: &[ItemView]) -> ProvenanceSummaryView {
    let pictures = items.iter().filter(|item| item.mime.starts_with("image/")).count() as u64;
    let grade = |(grade, files)| GradeCountView { grade, files };
    let asserted = |(source, value, origin, grade, files): (&str, &str, _, _, _)| AssertedView {
        source: source.to_owned(),
        value: value.to_owned(),
        origin,
        grade,
        files,
    };
    ProvenanceSummaryView {
        grades: [("V0", pictures - 20), ("V1", 13), ("V2", 3), ("V3", 2), ("X", 2)]
            .map(grade)
            .into(),
        asserted: [
            ("png_text", "A1111 family", "generated", "V1", 8),
            ("xmp", "compositeWithTrainedAlgorithmicMedia", "generated", "V1", 5),
            ("c2pa", "Examplar Vista 5", "ambiguous", "V3", 2),
            ("c2pa", "digitalCapture", "captured", "V3", 2),
            ("conflict", "a statement of generation beside one of capture", "ambiguous", "X", 2),
            ("xmp", "minorHumanEdits", "edited", "V1", 1),
        ]
        .map(asserted)
        .into(),
        asserted_left_out: 1,
        verifier: Some(VerifierView {
            program: "tutela-c2pa 0.1.0".to_owned(),
            trust_sha256: Some(digest("trust list")),
            trust_dated: Some("2026-02-01T00:00:00Z".to_owned()),
        }),
        not_tested: vec!["SynthID", "Stable Signature"],
        creation_modes: vec![
            ModeCountView { mode: "compositing", files: 2, disputed: 1 },
            ModeCountView { mode: "synthetic", files: 5, disputed: 0 },
        ],
    }
}
