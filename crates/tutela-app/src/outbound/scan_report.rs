//! Ends a scan: counts, groups, states what was found and what was not, and writes it out.

mod counts;
mod images;
mod items;
mod not_examined;
mod provenance;
mod sources;
mod thumbnails;
mod write;

use std::time::{Duration, Instant};

use tutela_core::{Exhibit, Protection, ScanId, Sha256};
use tutela_ledger::{Checkpoint, Draft, acts};
use tutela_match::content::LimitDoc;
use tutela_store::Scan;

use items::Beside;
pub use write::{RenderReport, outside, prepare, write};

use crate::AppError;
use crate::cases::categories::History;
use crate::engines::media::{ListSet, MAX_MATCHES, SelfTest};
use crate::evidence::decoder::{self, DecoderConfig};
use crate::intake::walk::Walk;
use crate::jobs::scan::{FINISHED, STOPPED, ScanRequest, StopReason};
use crate::outbound::{earlier, grouping, unknown};
use crate::progress::{Phase, Progress};
use crate::sentences::{
    DIGEST_CONFLICT, FILMS_BY_KEY, FILMS_BY_SECOND, FILMS_NOT, LIST_CUT_OFF, LIST_INCOMPLETE,
    MANY_MATCHES, NEVER_EXAMINED, NO_LIST, PARTLY_FENCED, Said, UNCONFIRMED,
};
use crate::views::{
    CheckView, ItemView, LedgerView, LimitView, ProtectionView, ScanReport, ScanView, SelfTestView,
    SkippedView,
};
use crate::workspace::Workspace;

/// What a scan gives back.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanResult {
    /// The summary.
    pub report: ScanReport,
    /// Every file, in the order they were committed.
    pub items: Vec<ItemView>,
}

/// A scan that has examined everything, or was stopped.
pub(crate) struct Run<'a> {
    pub(crate) scan: ScanId,
    pub(crate) request: &'a ScanRequest,
    pub(crate) lists: &'a ListSet,
    pub(crate) self_test: &'a SelfTest,
    pub(crate) protection: Protection,
    pub(crate) started: Instant,
    /// Time until the first finding of this run was kept.
    pub(crate) first_finding: Option<Duration>,
    pub(crate) stopped: Option<StopReason>,
    pub(crate) walk: &'a Walk,
    pub(crate) config: &'a DecoderConfig,
    pub(crate) progress: &'a dyn Progress,
}

/// Builds the report from what the store holds, finishes the scan and signs the ledger.
pub(crate) fn conclude(workspace: &Workspace, run: &Run<'_>) -> Result<ScanResult, AppError> {
    run.progress.phase(Phase::Grouping);
    let store = workspace.store();
    let mut exhibits = workspace.block_on(store.exhibits(run.scan))?;
    // Threads finish in any order; two runs over the same evidence must read alike.
    exhibits.sort_by(|a, b| (&a.path, &a.source_key).cmp(&(&b.path, &b.source_key)));
    let findings = workspace.block_on(store.findings(run.scan))?;
    let skipped = workspace.block_on(store.skipped_paths(run.scan))?;
    let scan = workspace.block_on(store.scan(run.scan))?;
    let not_examined =
        run.stopped.and_then(|reason| not_examined::view(&run.walk.files, &exhibits, reason));
    // A stop that came when everything had been seen stopped nothing.
    let (state, act) = match not_examined {
        Some(_) => (STOPPED, acts::SCAN_STOPPED),
        None => (FINISHED, acts::SCAN_FINISHED),
    };
    let clusters = grouping::new_pictures(&exhibits, run.request.distance);
    let names =
        workspace.block_on(store.operators())?.into_iter().map(|o| (o.id, o.name)).collect();
    let earlier = earlier::look_back(workspace, &scan, &exhibits, run.request.distance)?;
    let groups = unknown::groups(
        &exhibits,
        &clusters,
        &earlier,
        (scan.begun.started_at, run.request.distance),
    );
    let contents: Vec<Sha256> =
        exhibits.iter().filter_map(|exhibit| exhibit.digests.map(|d| d.sha256)).collect();
    let history = History::load(workspace, &contents)?;
    let creation = workspace.block_on(store.creation_statements_of(run.scan))?;
    let beside = Beside {
        clusters: &clusters,
        groups: &groups,
        earlier: &earlier,
        history: &history,
        scan: &scan,
        names: &names,
        creation: &creation,
    };
    let items = items::build(&exhibits, &findings, &beside);
    let (thumbnails, thumbnail_remarks) = thumbnails::make(workspace, run, &exhibits, &clusters)?;
    let mut report = ScanReport {
        schema: ScanReport::SCHEMA,
        scan: ScanView {
            state: state.as_str().to_owned(),
            ..scan_view(workspace, run, &scan, &names)?
        },
        sources: sources::sources(&scan.begun.roots, &exhibits),
        images: images::images(&exhibits),
        totals: counts::totals(&exhibits, skipped.len() as u64),
        findings: counts::findings(&findings),
        lists: counts::lists(run.lists, &items),
        known_by_category: counts::by_category(&items),
        types: counts::types(&exhibits),
        new_by_month: counts::new_by_month(&exhibits),
        failures: counts::failures(&exhibits),
        skipped: skipped
            .into_iter()
            .map(|s| SkippedView { path: s.path, code: s.code, message: s.message })
            .collect(),
        not_examined,
        clusters,
        groups,
        earlier: earlier.scans(),
        devices: grouping::devices(&exhibits),
        self_test: self_test_view(run.self_test),
        limits: limits(run.config),
        protection: protection_view(run.protection),
        provenance: provenance::summary(&exhibits, &items, provenance::verifier(run.config)),
        ledger: ledger_view(workspace, &workspace.checkpoint()?),
        remarks: remarks(run, &exhibits, &items),
        thumbnails,
    };
    report.remarks.extend(report.not_examined.as_ref().map(not_examined::sentence));
    report.remarks.extend(thumbnail_remarks);
    let outputs = vec![items::digest(&items).into()];
    let case = run.request.case;
    let ended = Draft { scan: Some(run.scan), case, outputs, ..workspace.draft(act) };
    if scan.state != FINISHED {
        let summary = write::json(&report)?;
        let ended = store.finish_scan(run.scan, workspace.now(), state, &summary, vec![ended]);
        workspace.block_on(ended)?;
    }
    report.ledger = ledger_view(workspace, &workspace.checkpoint()?);
    Ok(ScanResult { report, items })
}

fn scan_view(
    workspace: &Workspace,
    run: &Run<'_>,
    scan: &Scan,
    names: &items::Names,
) -> Result<ScanView, AppError> {
    let begun = &scan.begun;
    let case =
        begun.case.map(|case| workspace.block_on(workspace.store().case(case))).transpose()?;
    Ok(ScanView {
        id: begun.id.to_string(),
        case: begun.case.map(|case| case.to_string()),
        case_title: case.map(|case| case.title),
        state: scan.state.as_str().to_owned(),
        started_at: begun.started_at.to_string(),
        finished_at: workspace.now().to_string(),
        elapsed_ms: millis(run.started.elapsed()),
        first_finding_ms: run.first_finding.map(millis),
        first_look: run.request.first_look,
        budget_ms: run.request.budget.map(millis),
        resumed: scan.resumptions,
        operator: begun.operator.to_string(),
        operator_name: names.get(&begun.operator).cloned(),
        tool: begun.tool.clone(),
        roots: begun.roots.clone(),
        distance: run.request.distance,
        threads: run.request.threads,
    })
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn self_test_view(test: &SelfTest) -> SelfTestView {
    SelfTestView {
        passed: test.passed(),
        checks: test
            .checks
            .iter()
            .map(|check| CheckView {
                name: check.name.clone(),
                passed: check.passed,
                detail: check.detail.clone(),
            })
            .collect(),
    }
}

pub(crate) fn protection_view(protection: Protection) -> ProtectionView {
    ProtectionView {
        level: protection.level().to_owned(),
        landlock_abi: protection.landlock_abi,
        seccomp: protection.seccomp,
        rlimits: protection.rlimits,
        no_new_privs: protection.no_new_privs,
    }
}

fn ledger_view(workspace: &Workspace, (checkpoint, note): &(Checkpoint, String)) -> LedgerView {
    LedgerView {
        origin: workspace.public_key().origin().to_owned(),
        size: checkpoint.size,
        root: checkpoint.root.to_string(),
        checkpoint: note.clone(),
    }
}

/// Every limit there is, as documented.
pub fn documented_limits() -> impl Iterator<Item = &'static LimitDoc> {
    tutela_match::content::LIMITS
        .iter()
        .chain(tutela_match::provenance::LIMITS)
        .chain(decoder::LIMITS)
}

/// Every limit in force. The deadline is the one of this run, not the default.
fn limits(config: &DecoderConfig) -> Vec<LimitView> {
    documented_limits()
        .map(|limit| LimitView {
            name: limit.name.to_owned(),
            value: match limit.name {
                "decoder.deadline" => config.media_deadline.as_secs(),
                "film.deadline" => {
                    config.film.as_ref().map_or(limit.value, |film| film.deadline.as_secs())
                }
                _ => limit.value,
            },
            unit: limit.unit.to_owned(),
            why: limit.why.to_owned(),
        })
        .collect()
}

/// Whether and how films were looked into, where there are any.
fn films(config: &DecoderConfig, exhibits: &[Exhibit]) -> Option<Said> {
    let films = exhibits.iter().filter(|exhibit| exhibit.mime.starts_with("video/")).count();
    let n = ("n", films.to_string());
    let said = match &config.film {
        None => FILMS_NOT.say([n]),
        Some(film) => {
            let how = if film.every_second { &FILMS_BY_SECOND } else { &FILMS_BY_KEY };
            how.say([n, ("version", film.version.clone())])
        }
    };
    (films > 0).then_some(said)
}

/// What a reader must know of the limits of these results.
fn remarks(run: &Run<'_>, exhibits: &[Exhibit], items: &[ItemView]) -> Vec<Said> {
    let mut remarks = vec![UNCONFIRMED.say([]), NEVER_EXAMINED.say([])];
    remarks.extend(films(run.config, exhibits));
    if run.lists.is_empty() {
        remarks.push(NO_LIST.say([]));
    }
    for list in run.lists.lists().iter().filter(|list| list.truncated || list.rejected > 0) {
        let sentence = if list.truncated { &LIST_CUT_OFF } else { &LIST_INCOMPLETE };
        remarks.push(sentence.say([("list", list.name.clone()), ("n", list.rejected.to_string())]));
    }
    if run.protection.level() != "full" {
        remarks.push(PARTLY_FENCED.say([("protection", run.protection.to_string())]));
    }
    let flooded = items.iter().filter(|item| item.matches.len() >= MAX_MATCHES).count();
    if flooded > 0 {
        let values = [("n", flooded.to_string()), ("most", MAX_MATCHES.to_string())];
        remarks.push(MANY_MATCHES.say(values));
    }
    let conflicts = exhibits
        .iter()
        .filter(|e| run.lists.look_up(e.digests.as_ref(), &[], 0).digest_conflict)
        .count();
    if conflicts > 0 {
        remarks.push(DIGEST_CONFLICT.say([("n", conflicts.to_string())]));
    }
    remarks
}
