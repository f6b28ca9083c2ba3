//! One view for each file of a scan.

use std::collections::HashMap;

use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{Exhibit, ExhibitId, Method, Sha256};
use tutela_store::StoredFinding;

use crate::views::{CaptureView, ClusterView, FailureView, ItemView, ListMatchView, SignalView};

pub(super) fn build(
    exhibits: &[Exhibit],
    findings: &[StoredFinding],
    clusters: &[ClusterView],
) -> Vec<ItemView> {
    let mut by_exhibit: HashMap<ExhibitId, Vec<&StoredFinding>> = HashMap::new();
    for finding in findings {
        by_exhibit.entry(finding.exhibit).or_default().push(finding);
    }
    let mut cluster_of: HashMap<u64, u64> = HashMap::new();
    for cluster in clusters {
        cluster_of.extend(cluster.items.iter().map(|item| (*item, cluster.rank)));
    }
    let view = |(index, exhibit): (u64, &Exhibit)| {
        let found = by_exhibit.get(&exhibit.id).map_or(&[][..], Vec::as_slice);
        item(index, exhibit, found, cluster_of.get(&index).copied())
    };
    (0..).zip(exhibits).map(view).collect()
}

fn item(
    index: u64,
    exhibit: &Exhibit,
    findings: &[&StoredFinding],
    cluster: Option<u64>,
) -> ItemView {
    ItemView {
        schema: ItemView::SCHEMA,
        index,
        exhibit: exhibit.id.to_string(),
        path: exhibit.path.clone(),
        size_bytes: exhibit.size_bytes,
        modified_at: exhibit.modified_at.map(|at| at.to_string()),
        mime: exhibit.mime.clone(),
        width: exhibit.width,
        height: exhibit.height,
        md5: exhibit.digests.map(|d| d.md5.to_string()),
        sha1: exhibit.digests.map(|d| d.sha1.to_string()),
        sha256: exhibit.digests.map(|d| d.sha256.to_string()),
        signals: exhibit.signals.iter().map(SignalView::from).collect(),
        outcome: exhibit.outcome.as_str().to_owned(),
        error: exhibit.failure.as_ref().map(FailureView::from),
        matches: findings.iter().map(|finding| list_match(finding)).collect(),
        known_good: exhibit.known_good.iter().map(|mark| mark.list.clone()).collect(),
        capture: (!exhibit.capture.is_empty()).then(|| CaptureView::from(&exhibit.capture)),
        cluster,
    }
}

fn list_match(finding: &StoredFinding) -> ListMatchView {
    let matched = &finding.matched;
    let (distance, variant, orientation) = match matched.method {
        Method::Sha256 | Method::Sha1 | Method::Md5 => (0, None, None),
        Method::Pdq { variant, orientation, distance } => {
            (distance, Some(variant.as_str().to_owned()), Some(orientation.as_str().to_owned()))
        }
    };
    ListMatchView {
        finding: finding.id.to_string(),
        list: matched.list.clone(),
        row: matched.row,
        key: matched.key.clone(),
        scheme: matched.category.as_ref().map(|category| category.scheme.clone()),
        code: matched.category.as_ref().map(|category| category.code.clone()),
        method: matched.method.as_str().to_owned(),
        distance,
        variant,
        orientation,
    }
}

/// SHA-256 over all items as `items.jsonl` holds them: what the ledger keeps of the result.
pub(super) fn digest(items: &[ItemView]) -> Sha256 {
    let mut hasher = Sha256Hasher::new();
    for item in items {
        // Plain data with text keys: it always serialises.
        hasher.update(serde_json::to_string(item).unwrap_or_default());
        hasher.update("\n");
    }
    Sha256(hasher.finalize().into())
}
