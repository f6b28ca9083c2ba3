//! Looks files or bare signals up in lists, without a workspace: `media match`.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tutela_core::{ListRole, Method, Pdq, PdqVariant};
use tutela_formats::lists::ReadOptions;

use super::hash::{Fingerprint, Fingerprinter, HashRequest};
use super::in_order::{Feed, in_order};
use super::scan::{add_compiled, loaded};
use crate::AppError;
use crate::engines::media::{ListSet, ListSetBuilder, SearchBy};
use crate::evidence::sealing;
use crate::intake::compiled::{CompiledFile, is_compiled};
use crate::intake::lists::read_list;
use crate::intake::walk::{FoundFile, Walk, path_text, walk};
use crate::progress::{Phase, Progress};
use crate::views::{LatencyView, MatchView, MediaMatchView};
use crate::workspace::decoder_config;

/// Look-ups made one by one to tell how long one takes; the answers come from batches.
const LATENCY_SAMPLE: usize = 200;
/// The canary is asked for one bit beyond the radius, which must stay below all bits.
const MAX_CANARY_DISTANCE: u16 = 100;
/// Bytes of one line of a queries file that are looked at.
const MAX_QUERY_LINE_BYTES: u64 = 4096;

/// What to look up, in what.
#[derive(Debug, Clone)]
pub struct MatchRequest {
    /// List files.
    pub lists: Vec<PathBuf>,
    /// Format of the lists, where it is not to be recognised.
    pub format: Option<String>,
    /// What to look up.
    pub queries: Queries,
    /// Radius in bits: 0 to 256.
    pub distance: u16,
    /// Threads.
    pub threads: usize,
    /// Time a decoder may spend on one file.
    pub deadline: Duration,
    /// How to search.
    pub search: Search,
}

/// How signals are searched; every way is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// Whatever is faster for so many entries and queries.
    Auto,
    /// By comparing everything.
    Scan,
    /// By an index.
    Index,
}

/// What is looked up.
#[derive(Debug, Clone)]
pub enum Queries {
    /// Files and folders.
    Paths(Vec<PathBuf>),
    /// A file with one 64-digit PDQ signal a line.
    File(PathBuf),
}

/// Reads the lists, looks everything up, and tells how long it took.
///
/// # Errors
/// A list or the queries cannot be read, or a canary is not found.
pub fn run(request: &MatchRequest, progress: &dyn Progress) -> Result<MediaMatchView, AppError> {
    progress.phase(Phase::Lists);
    let work = match &request.queries {
        Queries::File(path) => Work::Signals(read_queries(path, progress)?),
        Queries::Paths(roots) => Work::Files(walk(roots)),
    };
    let started = Instant::now();
    let mut builder = ListSetBuilder::default();
    for path in &request.lists {
        if is_compiled(path)? {
            let file = CompiledFile::open(path)?;
            // Nothing is found or marked here: what is equal or near is listed, whatever it means.
            let role = if file.about.known_good { ListRole::KnownGood } else { ListRole::Alert };
            add_compiled(&mut builder, file, path, role, progress)?;
            continue;
        }
        let format = request.format.as_deref();
        let file =
            read_list(path, format, &ReadOptions::default(), &mut |entry| builder.add(entry))?;
        for error in &file.reading.errors {
            progress.note(&format!("{}: {error}", file.name));
        }
        builder.finish_list(loaded(file, ListRole::Alert));
    }
    let load_ms = millis(started);
    let started = Instant::now();
    let mut lists = builder.build();
    lists.search_by(match request.search {
        Search::Auto => SearchBy::Auto { queries: work.queries() },
        Search::Scan => SearchBy::Scan,
        Search::Index => SearchBy::Index,
    });
    let build_ms = millis(started);
    let self_test = lists.self_test(request.distance.min(MAX_CANARY_DISTANCE));
    if !self_test.passed() {
        return Err(AppError::SelfTest(self_test.failures()));
    }
    let mut view = MediaMatchView {
        schema: MediaMatchView::SCHEMA,
        entries: lists.len(),
        rejected_rows: lists.lists().iter().map(|list| list.rejected).sum(),
        queries: 0,
        distance: request.distance,
        threads: request.threads,
        index: lists.index_name(),
        load_ms,
        build_ms,
        search_ms: 0,
        latency_us: LatencyView { p50: 0.0, p99: 0.0 },
        matches: Vec::new(),
        self_test_passed: true,
    };
    match &work {
        Work::Signals(read) => signals(&lists, read, request, &mut view),
        Work::Files(walk) => files(&lists, walk, request, progress, &mut view)?,
    }
    Ok(view)
}

/// What is looked up, as far as it is known before the lists are read.
enum Work {
    Signals(Asked),
    Files(Walk),
}

impl Work {
    /// Signals that are looked up, at most.
    fn queries(&self) -> u64 {
        match self {
            Self::Signals(read) => read.queries.len() as u64,
            // Both variants in eight turns, were all of them pictures.
            Self::Files(walk) => walk.files.len() as u64 * 16,
        }
    }
}

/// A file of queries.
struct Asked {
    /// The row of each query, from 0.
    rows: Vec<u32>,
    queries: Vec<Pdq>,
    lines: u64,
}

fn signals(
    lists: &ListSet,
    Asked { rows, queries, lines }: &Asked,
    request: &MatchRequest,
    view: &mut MediaMatchView,
) {
    view.queries = *lines;
    let started = Instant::now();
    let found = lists.find_signals(queries, request.distance, request.threads);
    view.search_ms = millis(started);
    view.latency_us = latency(queries, |query| {
        lists.find_signals(std::slice::from_ref(query), request.distance, 1);
    });
    view.matches = found
        .into_iter()
        .filter_map(|(query, entry, distance)| {
            Some(MatchView {
                query: u64::from(*rows.get(query as usize)?),
                entry: u64::from(entry),
                distance,
                list: lists.list_of(entry)?.to_owned(),
                path: None,
                method: "pdq",
                variant: None,
                orientation: None,
            })
        })
        .collect();
}

/// The usable queries. A row that is none is named and passed over.
fn read_queries(path: &Path, progress: &dyn Progress) -> Result<Asked, AppError> {
    let file = sealing::open(path).map_err(AppError::file("read", path))?;
    let mut reader = BufReader::new(file);
    let (mut rows, mut queries) = (Vec::new(), Vec::new());
    let mut line = Vec::new();
    let mut row = 0;
    loop {
        line.clear();
        let limited = &mut reader.by_ref().take(MAX_QUERY_LINE_BYTES);
        if limited.read_until(b'\n', &mut line).map_err(AppError::file("read", path))? == 0 {
            break;
        }
        if !line.ends_with(b"\n") {
            reader.skip_until(b'\n').map_err(AppError::file("read", path))?;
        }
        let text = String::from_utf8_lossy(&line);
        match text.split([',', ' ', '\t']).next().unwrap_or_default().trim().parse() {
            Ok(query) => {
                rows.push(row);
                queries.push(query);
            }
            Err(_) => progress.note(&bad_query(path, row).to_string()),
        }
        row += 1;
    }
    if queries.is_empty() && row > 0 {
        return Err(bad_query(path, 0));
    }
    Ok(Asked { rows, queries, lines: u64::from(row) })
}

fn bad_query(path: &Path, row: u32) -> AppError {
    AppError::BadQuery { path: path.to_owned(), row: u64::from(row) + 1 }
}

fn files(
    lists: &ListSet,
    walk: &Walk,
    request: &MatchRequest,
    progress: &dyn Progress,
    view: &mut MediaMatchView,
) -> Result<(), AppError> {
    for passed in &walk.passed_over {
        progress.note(&format!("{}: {}", path_text(&passed.path), passed.reason.message));
    }
    progress.phase(Phase::Examining);
    progress.expect(walk.files.len() as u64, walk.size_bytes());
    let hashing = HashRequest {
        roots: Vec::new(),
        variants: vec![PdqVariant::Reference, PdqVariant::Full],
        dihedral: true,
        threads: request.threads,
        deadline: request.deadline,
        film: None,
        c2pa_verifier: String::new(),
        c2pa_trust: String::new(),
    };
    let config = decoder_config(request.deadline);
    let mut times = Vec::new();
    let look_up = |_: &Fingerprinter<'_>, file: &FoundFile, fingerprint: Fingerprint| {
        let Fingerprint { sealed, facts, .. } = fingerprint;
        let started = Instant::now();
        let digests = sealed.as_ref().map(|sealed| &sealed.digests);
        let (found, _) = lists.find(digests, &facts.signals, request.distance);
        (path_text(&file.path), found, facts.failure, started.elapsed())
    };
    let work = |feed: &mut Feed<'_, _>| {
        Fingerprinter::new(&hashing, &config, progress).run(feed, look_up);
    };
    in_order(&walk.files, request.threads, work, &mut |(path, found, failure, time)| {
        if let Some(failure) = failure {
            progress.note(&format!("{path}: {}", failure.message));
        }
        let matched = |(entry, method)| match_view(lists, view.queries, entry, method, &path);
        view.matches.extend(found.into_iter().filter_map(matched));
        view.queries += 1;
        times.push(time);
        Ok(())
    })?;
    view.search_ms = u64::try_from(times.iter().sum::<Duration>().as_millis()).unwrap_or(u64::MAX);
    view.latency_us = percentiles(times);
    view.matches.sort_by_key(|matched| (matched.query, matched.entry));
    Ok(())
}

fn match_view(
    lists: &ListSet,
    query: u64,
    entry: u32,
    method: Method,
    path: &str,
) -> Option<MatchView> {
    let (distance, turned) = match method {
        Method::Sha256 | Method::Sha1 | Method::Md5 | Method::Vpdq { .. } => (0, None),
        Method::Pdq { variant, orientation, distance } => (distance, Some((variant, orientation))),
    };
    Some(MatchView {
        query,
        entry: u64::from(entry),
        distance,
        list: lists.list_of(entry)?.to_owned(),
        path: Some(path.to_owned()),
        method: method.as_str(),
        variant: turned.map(|(variant, _)| variant.as_str()),
        orientation: turned.map(|(_, orientation)| orientation.as_str()),
    })
}

/// How long single look-ups take, on queries spread over all of them.
fn latency(queries: &[Pdq], mut look_up: impl FnMut(&Pdq)) -> LatencyView {
    let step = queries.len().div_ceil(LATENCY_SAMPLE).max(1);
    let sample = queries.iter().step_by(step).map(|query| {
        let started = Instant::now();
        look_up(query);
        started.elapsed()
    });
    percentiles(sample.collect())
}

fn percentiles(mut times: Vec<Duration>) -> LatencyView {
    times.sort_unstable();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    };
    LatencyView { p50: at(50), p99: at(99) }
}

fn millis(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
