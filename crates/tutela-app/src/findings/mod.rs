//! Findings: what a look-up means, stated so that replaying it gives the same answer.

mod provenance;

use std::collections::BTreeMap;

use tutela_core::{Claim, Exhibit, Finding, FindingId, ListMatch, Outcome, Sha256};

use self::provenance::CONFLICT_RULE;
pub(crate) use self::provenance::provenance_conflict;
use crate::engines::media::{LookUp, MIN_QUALITY};

/// Rules that raise findings about media, with the version and what they mean.
pub const MEDIA_RULES: &[MediaRule] = &[
    MediaRule {
        id: "media.exact",
        version: 1,
        meaning: "The file has the same bytes as an entry of a hash list, by the digest named.",
    },
    MediaRule {
        id: "media.near",
        version: 1,
        meaning: "The picture's PDQ signal, turned as named, differs from a list entry's in at most \
                  the radius. Alike pictures are an indicator and need a look.",
    },
    CONFLICT_RULE,
];

/// One rule of [`MEDIA_RULES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaRule {
    /// Stable name.
    pub id: &'static str,
    /// Raised whenever the same input could give another answer.
    pub version: u32,
    /// In plain words.
    pub meaning: &'static str,
}

/// The one outcome of a file: what is known of it outranks that it could not be decoded.
pub fn outcome(look_up: &LookUp, failed: bool) -> Outcome {
    match look_up.matches.first() {
        Some(first) if first.method.is_exact() => Outcome::Known,
        Some(_) => Outcome::Near,
        None if !look_up.known_good.is_empty() => Outcome::KnownGood,
        None if failed => Outcome::Failed,
        None => Outcome::New,
    }
}

/// One finding for each match of an exhibit.
pub fn raise(
    exhibit: &Exhibit,
    matches: Vec<ListMatch>,
    radius: u16,
    mut new_id: impl FnMut() -> FindingId,
) -> Vec<Finding> {
    let Some(digests) = exhibit.digests else { return Vec::new() };
    let finding = |matched: ListMatch| {
        let rule = &MEDIA_RULES[usize::from(!matched.method.is_exact())];
        Finding {
            id: new_id(),
            exhibit: exhibit.id,
            rule: rule.id,
            rule_version: rule.version,
            parameters: parameters(&matched, radius),
            inputs: vec![digests.sha256, matched.list_sha256],
            claim: Claim::Listed(matched),
        }
    };
    matches.into_iter().map(finding).collect()
}

/// Everything the rule depended on besides its inputs.
fn parameters(matched: &ListMatch, radius: u16) -> BTreeMap<&'static str, String> {
    if matched.method.is_exact() {
        return BTreeMap::new();
    }
    BTreeMap::from([("distance_max", radius.to_string()), ("quality_min", MIN_QUALITY.to_string())])
}

/// What a ledger leaf may say a finding was made from.
pub fn input_digests(finding: &Finding) -> Vec<String> {
    finding.inputs.iter().map(Sha256::to_string).collect()
}

#[cfg(test)]
mod tests {
    use tutela_core::{
        KnownGoodMark, ListMatch, Method, Orientation, Outcome, Part, PdqVariant, Sha256,
    };

    use super::outcome;
    use crate::engines::media::LookUp;

    fn matched(method: Method) -> ListMatch {
        ListMatch {
            list: "a".to_owned(),
            list_sha256: Sha256([0; 32]),
            row: 1,
            key: None,
            category: None,
            method,
            part: Part::Whole,
        }
    }

    #[test]
    fn what_is_known_outranks_what_failed() {
        let near = Method::Pdq {
            variant: PdqVariant::Reference,
            orientation: Orientation::Original,
            distance: 3,
        };
        let good = vec![KnownGoodMark { list: "g".to_owned(), row: 1 }];
        let cases = [
            (vec![matched(Method::Md5)], good.clone(), true, Outcome::Known),
            (vec![matched(near)], good.clone(), true, Outcome::Near),
            (vec![], good, true, Outcome::KnownGood),
            (vec![], vec![], true, Outcome::Failed),
            (vec![], vec![], false, Outcome::New),
        ];
        for (matches, known_good, failed, expected) in cases {
            let look_up = LookUp { matches, known_good, ..LookUp::default() };
            assert_eq!(outcome(&look_up, failed), expected);
        }
    }
}
