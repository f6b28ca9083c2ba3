//! Device triage: every file of some folders gets one outcome, and nothing acknowledged is lost.

mod archive;
mod commit;
mod custody;
mod examine;
mod first_look;
mod lists;
mod queue;
mod record;
mod self_test;
mod stop;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{CaseId, PdqVariant, Protection, ScanId, Sha256};
use tutela_match::signals::VpdqRule;
use tutela_store::{Batch, NewScan, Scan, ScanState, SkippedPath};

pub(crate) use examine::{INSIDE, file_key};
pub(crate) use lists::{add_compiled, loaded};
pub use stop::StopReason;

use crate::engines::media::ListSet;
use crate::evidence::decoder::{DecoderConfig, MediaRequest};
use crate::evidence::verifier::Verifier;
use crate::findings::MEDIA_RULES;
use crate::intake::walk::{Walk, path_text, walk};
use crate::outbound::scan_report::{self, Run, ScanResult, outside};
use crate::progress::{Phase, Progress};
use crate::workspace::Workspace;
use crate::{AppError, ids};
use commit::{Committed, Committer};
use examine::{Examiner, Shared};
use queue::Queue;
use stop::StopWatch;

/// Records that may wait for the store before the examining threads wait too.
const WAITING_RECORDS: usize = 2048;

/// What to scan, with what.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    /// Files and folders.
    pub roots: Vec<PathBuf>,
    /// Hash lists whose matches are findings.
    pub lists: Vec<PathBuf>,
    /// Hash lists whose matches are marks.
    pub known_good: Vec<PathBuf>,
    /// Whether the banks of the workspace are looked up, too.
    pub banks: bool,
    /// The case the scan belongs to.
    pub case: Option<CaseId>,
    /// Go on with an interrupted scan of the same things.
    pub resume: bool,
    /// Radius of near matches in bits: 0 to 31.
    pub distance: u16,
    /// Files worked on side by side.
    pub threads: usize,
    /// Make thumbnails of new pictures, for this purpose.
    pub thumbnails: Option<String>,
    /// Begin with what most likely gives a result. The result is the same, only the order differs.
    pub first_look: bool,
    /// Stop when this time is used up, counted from the beginning of the job.
    pub budget: Option<Duration>,
    /// Stop as soon as this is set.
    pub interrupt: Arc<AtomicBool>,
}

/// Runs a scan to its end or until it is to stop, or goes on with one.
///
/// # Errors
/// A list that cannot be read, a failed self-test, a store that refuses a batch. What had been
/// committed stays, and `resume` goes on from there.
pub fn run(
    workspace: &Workspace,
    request: &ScanRequest,
    progress: &dyn Progress,
) -> Result<ScanResult, AppError> {
    let started = Instant::now();
    outside(workspace.dir(), &request.roots)?;
    if let Some(case) = request.case {
        workspace.block_on(workspace.store().case(case))?;
    }
    let lists = lists::load(workspace, request, progress)?;
    let media = &workspace.settings().media;
    let verifier = Verifier::of(&media.c2pa_verifier, &media.c2pa_trust)?.map(Arc::new);
    let config = DecoderConfig { verifier, ..workspace.decoder_config() };
    let (self_test, protection) = self_test::run(&lists, request.distance, &config)?;

    progress.phase(Phase::Walking);
    let walk = walk(&request.roots);
    for path in
        request.roots.iter().filter(|root| walk.passed_over.iter().any(|p| &p.path == *root))
    {
        progress.note(&format!("{}: cannot be read", path_text(path)));
    }
    let scan = begin(workspace, request, &lists, &config, protection, progress)?;
    let stop = StopWatch::new(started, request.budget, Arc::clone(&request.interrupt));
    let committed = examine(workspace, scan, request, &lists, &walk, (&config, &stop), progress)?;

    let run = Run {
        scan,
        request,
        lists: &lists,
        self_test: &self_test,
        protection,
        started,
        first_finding: committed.first_finding.map(|at| at.duration_since(started)),
        stopped: committed.stopped,
        walk: &walk,
        config: &config,
        progress,
    };
    scan_report::conclude(workspace, &run)
}

/// Starts a new scan, or finds the one to go on with.
fn begin(
    workspace: &Workspace,
    request: &ScanRequest,
    lists: &ListSet,
    config: &DecoderConfig,
    protection: Protection,
    progress: &dyn Progress,
) -> Result<ScanId, AppError> {
    let film = film_parameters(workspace, config);
    let (parameters_json, parameters_sha256) = parameters(request, lists, config, &film);
    let store = workspace.store();
    let unfinished = workspace.block_on(store.unfinished_scan(parameters_sha256))?;
    if request.resume {
        let Some(scan) = unfinished else {
            return finished(workspace, parameters_sha256, progress);
        };
        let custody = vec![custody::resumed(workspace, &scan)?];
        workspace.block_on(store.note_resumed(scan.begun.id, workspace.now(), custody))?;
        progress.note(&format!(
            "Going on with scan {}: {} files are done.",
            scan.begun.id, scan.exhibits
        ));
        return Ok(scan.begun.id);
    }
    if let Some(scan) = unfinished {
        progress.note(&format!(
            "An unfinished scan of the same files ({} done) stays as it is; --resume goes on with it.",
            scan.exhibits
        ));
    }
    let scan = NewScan {
        id: ScanId(ids::new()),
        started_at: workspace.now(),
        operator: workspace.operator(),
        case: request.case,
        roots: request.roots.iter().map(|root| path_text(root)).collect(),
        parameters_json,
        parameters_sha256,
        tool: workspace.tool().to_owned(),
        protection: protection.to_string(),
    };
    let custody = vec![custody::started(workspace, &scan, lists)?];
    workspace.block_on(store.start_scan(&scan, custody))?;
    Ok(scan.id)
}

/// The latest scan with these parameters that has ended: it has nothing left to examine, and its
/// results can be written once more.
fn finished(
    workspace: &Workspace,
    parameters_sha256: Sha256,
    progress: &dyn Progress,
) -> Result<ScanId, AppError> {
    let scans = workspace.block_on(workspace.store().scans())?;
    let same =
        |scan: &&Scan| scan.state == FINISHED && scan.begun.parameters_sha256 == parameters_sha256;
    let scan = scans.iter().rfind(same).ok_or(AppError::NothingToResume)?;
    progress
        .note(&format!("Scan {} has seen everything; its results are made again.", scan.begun.id));
    Ok(scan.begun.id)
}

/// Everything that decides the results of a scan, and the digest that tells it from others.
fn parameters(
    request: &ScanRequest,
    lists: &ListSet,
    config: &DecoderConfig,
    film: &Value,
) -> (String, Sha256) {
    let real =
        |path: &PathBuf| path_text(&std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()));
    let lists: Vec<_> = lists
        .lists()
        .iter()
        .map(|list| serde_json::json!({"role": list.role.as_str(), "sha256": list.sha256.to_string()}))
        .collect();
    let rules: Vec<_> =
        MEDIA_RULES.iter().map(|rule| format!("{} {}", rule.id, rule.version)).collect();
    let json = serde_json::json!({
        "roots": request.roots.iter().map(real).collect::<Vec<_>>(),
        "lists": lists,
        "distance": request.distance,
        "case": request.case.map(|case| case.to_string()),
        "rules": rules,
        "verifier": config.verifier.as_deref().map(Verifier::identity),
        "film": film,
    })
    .to_string();
    let digest = Sha256(Sha256Hasher::digest(&json).into());
    (json, digest)
}

/// What decides the results about films.
fn film_parameters(workspace: &Workspace, config: &DecoderConfig) -> Value {
    let VpdqRule { query_percent, compared_percent, .. } = workspace.settings().media.film_rule();
    serde_json::json!({
        "ffmpeg": config.film.as_ref().map(|film| &film.version),
        "frames": workspace.settings().media.film_frames,
        "percent": [query_percent, compared_percent],
    })
}

/// Examines all files on several threads while this one commits what they find.
fn examine(
    workspace: &Workspace,
    scan: ScanId,
    request: &ScanRequest,
    lists: &ListSet,
    walk: &Walk,
    (config, stop): (&DecoderConfig, &StopWatch),
    progress: &dyn Progress,
) -> Result<Committed, AppError> {
    let done = workspace.block_on(workspace.store().done_keys(scan))?;
    if workspace.block_on(workspace.store().scan(scan))?.state == FINISHED {
        return Ok(Committed::default());
    }
    progress.phase(Phase::Examining);
    progress.expect(walk.files.len() as u64, walk.size_bytes());
    commit_passed_over(workspace, scan, walk)?;
    let mut files: Vec<_> = walk.files.iter().collect();
    if request.first_look {
        first_look::order(&mut files, lists);
    }
    let shared = Shared {
        queue: Queue::new(files, request.threads),
        lists,
        done: &done,
        film_rule: VpdqRule {
            distance: request.distance,
            ..workspace.settings().media.film_rule()
        },
        request: MediaRequest {
            variants: vec![PdqVariant::Reference, PdqVariant::Full],
            thumbnail: false,
            parts: true,
            statements: true,
        },
        progress,
        aborted: Arc::new(AtomicBool::new(false)),
        stopped: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        let (sink, records) = mpsc::sync_channel(WAITING_RECORDS);
        let threads: Vec<_> = (0..request.threads.max(1))
            .map(|_| {
                let (shared, sink) = (&shared, sink.clone());
                scope.spawn(move || {
                    let _guard = AbortOnPanic(shared);
                    let result = Examiner::new(shared, sink, config).run();
                    if result.is_err() {
                        shared.abort();
                    }
                    result
                })
            })
            .collect();
        drop(sink);
        let committer =
            Committer { workspace, scan, case: request.case, stop, shared: &shared, progress };
        let committed = committer.run(&records);
        if committed.is_err() {
            shared.abort();
            // Threads that wait to send must not wait for ever.
            drop(records);
        }
        for thread in threads {
            thread
                .join()
                .map_err(|_| AppError::System { what: "to finish an examining thread" })??;
        }
        committed
    })
}

/// A thread that panics takes its piece of work with it; the others must not wait for it.
struct AbortOnPanic<'a, 'b>(&'a Shared<'b>);

impl Drop for AbortOnPanic<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.abort();
        }
    }
}

fn commit_passed_over(workspace: &Workspace, scan: ScanId, walk: &Walk) -> Result<(), AppError> {
    let skipped = walk.passed_over.iter().map(|passed| SkippedPath {
        path: path_text(&passed.path),
        code: passed.reason.code.clone(),
        message: passed.reason.message.clone(),
    });
    let batch = Batch { skipped: skipped.collect(), ..Batch::default() };
    Ok(workspace.block_on(workspace.store().commit_batch(scan, batch))?)
}

/// The state a scan ends in once everything was seen.
pub(crate) const FINISHED: ScanState = ScanState::Finished;
/// The state of a scan that may go on: it was told to stop.
pub(crate) const STOPPED: ScanState = ScanState::Stopped;

/// Whether a path can be scanned at all, before a long job begins.
///
/// # Errors
/// The path does not exist.
pub fn check_root(path: &Path) -> Result<(), AppError> {
    std::fs::metadata(path).map(|_| ()).map_err(AppError::file("read", path))
}
