//! The finding that what a file says of its own making contradicts itself.

use std::collections::BTreeMap;

use tutela_core::{Claim, Exhibit, Finding, FindingId, Grade};
use tutela_match::provenance::CONFLICT_VERSION;

use super::MediaRule;

pub(super) const CONFLICT_RULE: MediaRule = MediaRule {
    id: "media.provenance_conflict",
    version: CONFLICT_VERSION,
    meaning: "One statement of the file about its own making leaves no room for a camera, and another \
              one speaks of one. Either can be false, or both true of different parts: an indicator \
              that a person must look.",
};

/// The finding, where the statements of an exhibit contradict each other. It changes no outcome.
pub(crate) fn provenance_conflict(
    exhibit: &Exhibit,
    new_id: impl FnOnce() -> FindingId,
) -> Option<Finding> {
    let digests = exhibit.digests?;
    (Grade::of(&exhibit.provenance) == Grade::X).then(|| Finding {
        id: new_id(),
        exhibit: exhibit.id,
        rule: CONFLICT_RULE.id,
        rule_version: CONFLICT_RULE.version,
        parameters: BTreeMap::new(),
        inputs: vec![digests.sha256],
        claim: Claim::ProvenanceConflict,
    })
}
