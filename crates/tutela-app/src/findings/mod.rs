//! Findings: what a look-up means, stated so that replaying it gives the same answer.

mod provenance;

use std::collections::BTreeMap;

use tutela_core::{Claim, Exhibit, Finding, FindingId, ListMatch, Method, Outcome, Part, Sha256};
use tutela_match::content::THUMBNAIL_DISTANCE;
use tutela_match::signals::VpdqRule;

use self::provenance::CONFLICT_RULE;
pub(crate) use self::provenance::provenance_conflict;
use crate::engines::media::{LookUp, MIN_QUALITY};
use crate::evidence::decoder::EmbeddedFacts;

/// Rules that raise findings about media, with the version and what they mean.
pub const MEDIA_RULES: &[MediaRule] =
    &[EXACT, NEAR, NEAR_PART, FILM, THUMBNAIL_DIFFERS, CONFLICT_RULE];

const EXACT: MediaRule = MediaRule {
    id: "media.exact",
    version: 1,
    meaning: "The file has the same bytes as an entry of a hash list, by the digest named.",
};
const NEAR: MediaRule = MediaRule {
    id: "media.near",
    version: 1,
    meaning: "The picture's PDQ signal, turned as named, differs from a list entry's in at most \
              the radius. Alike pictures are an indicator and need a look.",
};
const NEAR_PART: MediaRule = MediaRule {
    id: "media.near_part",
    version: 1,
    meaning: "A frame, a page or the embedded thumbnail is near a list entry as a picture would be. \
              A frame is no more than a moment of its film; a thumbnail can be older than its picture.",
};
const FILM: MediaRule = MediaRule {
    id: "media.film",
    version: 1,
    meaning: "Enough frames of the film have a partner among the frames of a listed film. Shared \
              openings, logos and black frames make films alike, too: it needs a look.",
};
const THUMBNAIL_DIFFERS: MediaRule = MediaRule {
    id: "media.thumbnail_differs",
    version: 1,
    meaning: "The embedded thumbnail shows something else than the picture: the file may have held \
              another picture before, or was put together. Editors that leave the thumbnail alone do \
              the same.",
};

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
    film_rule: &VpdqRule,
    mut new_id: impl FnMut() -> FindingId,
) -> Vec<Finding> {
    let Some(digests) = exhibit.digests else { return Vec::new() };
    let finding = |matched: ListMatch| {
        let rule = rule_of(&matched);
        Finding {
            id: new_id(),
            exhibit: exhibit.id,
            rule: rule.id,
            rule_version: rule.version,
            parameters: parameters(&matched, film_rule),
            inputs: vec![digests.sha256, matched.list_sha256],
            claim: Claim::Listed(matched),
        }
    };
    matches.into_iter().map(finding).collect()
}

fn rule_of(matched: &ListMatch) -> &'static MediaRule {
    match (matched.method, matched.part) {
        (Method::Sha256 | Method::Sha1 | Method::Md5, _) => &EXACT,
        (Method::Vpdq { .. }, _) => &FILM,
        (Method::Pdq { .. }, Part::Whole) => &NEAR,
        (Method::Pdq { .. }, Part::Frame { .. } | Part::Thumbnail) => &NEAR_PART,
    }
}

/// Everything the rule depended on besides its inputs.
fn parameters(matched: &ListMatch, rule: &VpdqRule) -> BTreeMap<&'static str, String> {
    let near =
        [("distance_max", rule.distance.to_string()), ("quality_min", MIN_QUALITY.to_string())];
    match matched.method {
        Method::Sha256 | Method::Sha1 | Method::Md5 => BTreeMap::new(),
        Method::Pdq { .. } => BTreeMap::from(near),
        Method::Vpdq { .. } => BTreeMap::from(near)
            .into_iter()
            .chain([
                ("exhibit_percent_min", rule.query_percent.to_string()),
                ("entry_percent_min", rule.compared_percent.to_string()),
            ])
            .collect(),
    }
}

/// The finding that a thumbnail shows something else than its picture; `None` where it does not, or
/// where one of the two has too little detail to tell.
pub fn thumbnail_differs(
    exhibit: &Exhibit,
    embedded: &EmbeddedFacts,
    new_id: impl FnOnce() -> FindingId,
) -> Option<Finding> {
    let distance = embedded.distance.filter(|distance| *distance > THUMBNAIL_DISTANCE)?;
    let picture_quality = exhibit.signals.iter().filter_map(|signal| signal.quality).max()?;
    let thumbnail_quality = embedded.signals.quality;
    if picture_quality.min(thumbnail_quality) < MIN_QUALITY {
        return None;
    }
    let (width, height) = (embedded.width, embedded.height);
    Some(Finding {
        id: new_id(),
        exhibit: exhibit.id,
        rule: THUMBNAIL_DIFFERS.id,
        rule_version: THUMBNAIL_DIFFERS.version,
        parameters: BTreeMap::from([
            ("distance_above", THUMBNAIL_DISTANCE.to_string()),
            ("quality_min", MIN_QUALITY.to_string()),
            ("picture_quality", picture_quality.to_string()),
            ("thumbnail_quality", thumbnail_quality.to_string()),
            ("thumbnail_size", format!("{width}×{height}")),
        ]),
        inputs: vec![exhibit.digests?.sha256],
        claim: Claim::ThumbnailDiffers { distance },
    })
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
