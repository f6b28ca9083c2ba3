//! One view for each file of a scan.

use std::collections::HashMap;

use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{Claim, Exhibit, ExhibitId, Grade, ListMatch, Method, OperatorId, Part, Sha256};
use tutela_store::{CreationStatement, Scan, StoredFinding};

use crate::cases::categories::History;
use crate::outbound::earlier::Earlier;
use crate::outbound::unknown;
use crate::views::{
    CaptureView, ClusterView, CreationModeView, FailureView, GroupView, ItemView, ListMatchView,
    MediaFindingView, ProvenanceView, RaisedView, SignalView,
};

/// Names of operators.
pub(super) type Names = HashMap<OperatorId, String>;

/// What is known of files beyond what their own rows say.
pub(super) struct Beside<'a> {
    pub(super) clusters: &'a [ClusterView],
    pub(super) groups: &'a [GroupView],
    pub(super) earlier: &'a Earlier,
    pub(super) history: &'a History,
    pub(super) scan: &'a Scan,
    pub(super) names: &'a Names,
    pub(super) creation: &'a [CreationStatement],
}

pub(super) fn build(
    exhibits: &[Exhibit],
    findings: &[StoredFinding],
    beside: &Beside<'_>,
) -> Vec<ItemView> {
    let mut by_exhibit: HashMap<ExhibitId, Vec<&StoredFinding>> = HashMap::new();
    for finding in findings {
        by_exhibit.entry(finding.exhibit).or_default().push(finding);
    }
    let mut by_bytes: HashMap<Sha256, Vec<CreationStatement>> = HashMap::new();
    for said in beside.creation {
        by_bytes.entry(said.sha256).or_default().push(said.clone());
    }
    let mut cluster_of: HashMap<u64, u64> = HashMap::new();
    for cluster in beside.clusters {
        cluster_of.extend(cluster.items.iter().map(|item| (*item, cluster.rank)));
    }
    let mut groups_of = unknown::ranks(beside.groups);
    let ours = |scan| scan == beside.scan.begun.id || beside.earlier.in_same_case(scan);
    let view = |(index, exhibit): (u64, &Exhibit)| {
        let found = by_exhibit.get(&exhibit.id).map_or(&[][..], Vec::as_slice);
        let content = exhibit.digests.map(|digests| digests.sha256);
        let said = content.and_then(|content| by_bytes.get(&content));
        ItemView {
            cluster: cluster_of.get(&index).copied(),
            groups: groups_of.remove(&index).unwrap_or_default(),
            earlier: beside.earlier.of(index),
            categories: content.map(|c| beside.history.views(c, ours)).unwrap_or_default(),
            creation_mode: said.and_then(|said| CreationModeView::of(said)),
            ..item(index, exhibit, found, beside.names)
        }
    };
    (0..).zip(exhibits).map(view).collect()
}

fn item(index: u64, exhibit: &Exhibit, findings: &[&StoredFinding], names: &Names) -> ItemView {
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
        frames: exhibit.frames,
        duration_ms: exhibit.duration_ms,
        signals: exhibit.signals.iter().map(SignalView::from).collect(),
        outcome: exhibit.outcome.as_str().to_owned(),
        error: exhibit.failure.as_ref().map(FailureView::from),
        matches: findings.iter().filter_map(|finding| list_match(finding, names)).collect(),
        other_findings: findings.iter().filter_map(|finding| unlisted(finding, names)).collect(),
        known_good: exhibit.known_good.iter().map(|mark| mark.list.clone()).collect(),
        capture: (!exhibit.capture.is_empty()).then(|| CaptureView::from(&exhibit.capture)),
        creation_mode: None,
        provenance_grade: Grade::of(&exhibit.provenance).as_str(),
        provenance: exhibit.provenance.iter().map(ProvenanceView::from).collect(),
        notes: exhibit.notes.iter().map(FailureView::from).collect(),
        cluster: None,
        groups: Vec::new(),
        earlier: Vec::new(),
        categories: Vec::new(),
    }
}

fn list_match(finding: &StoredFinding, names: &Names) -> Option<ListMatchView> {
    let ListMatch { list, row, key, category, method, part, .. } = finding.claim.listed()?;
    let bare = ListMatchView {
        finding: finding.id.to_string(),
        raised: raised(finding, names),
        list: list.clone(),
        row: *row,
        key: key.clone(),
        scheme: category.as_ref().map(|category| category.scheme.clone()),
        code: category.as_ref().map(|category| category.code.clone()),
        method: method.as_str().to_owned(),
        distance: 0,
        variant: None,
        orientation: None,
        part: "whole",
        frame: None,
        frame_at_ms: None,
        exhibit_percent: None,
        entry_percent: None,
    };
    let compared = match *method {
        Method::Sha256 | Method::Sha1 | Method::Md5 => bare,
        Method::Pdq { variant, orientation, distance } => ListMatchView {
            distance,
            variant: Some(variant.as_str().to_owned()),
            orientation: Some(orientation.as_str().to_owned()),
            ..bare
        },
        Method::Vpdq { exhibit_percent, entry_percent } => ListMatchView {
            exhibit_percent: Some(exhibit_percent),
            entry_percent: Some(entry_percent),
            ..bare
        },
    };
    Some(match *part {
        Part::Whole => compared,
        Part::Frame { number, at_ms } => ListMatchView {
            part: "frame",
            frame: Some(number),
            frame_at_ms: Some(at_ms),
            ..compared
        },
        Part::Thumbnail => ListMatchView { part: "thumbnail", ..compared },
    })
}

fn unlisted(finding: &StoredFinding, names: &Names) -> Option<MediaFindingView> {
    let distance = match finding.claim {
        Claim::Listed(_) => return None,
        Claim::ThumbnailDiffers { distance } => Some(distance),
        Claim::ProvenanceConflict => None,
    };
    Some(MediaFindingView {
        finding: finding.id.to_string(),
        raised: raised(finding, names),
        claim: finding.claim.as_str().to_owned(),
        distance,
    })
}

fn raised(finding: &StoredFinding, names: &Names) -> RaisedView {
    let name = |operator: OperatorId| {
        names.get(&operator).cloned().unwrap_or_else(|| operator.to_string())
    };
    RaisedView {
        rule: finding.rule.clone(),
        rule_version: finding.rule_version,
        parameters: finding.parameters.clone(),
        inputs: finding.inputs.iter().map(Sha256::to_string).collect(),
        state: finding.state.as_str(),
        decided_by: finding.decided.map(|(operator, _)| name(operator)),
        decided_at: finding.decided.map(|(_, at)| at.to_string()),
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
