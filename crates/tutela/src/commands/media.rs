//! `media hash`, `media match`, `media scan`.

use std::error::Error;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use tutela_app::jobs::hash::{self, HashRequest};
use tutela_app::jobs::look_up::{self, MatchRequest, Queries, Search};
use tutela_app::jobs::scan::{self, ScanRequest, check_root};
use tutela_app::outbound::scan_report;
use tutela_app::progress::{Phase, Progress};
use tutela_app::settings::Settings;
use tutela_app::views::{ItemView, MediaHashView, MediaMatchView, NotExaminedView, ScanReport};
use tutela_app::workspace::film_decoder;
use tutela_app::{AppError, Workspace};
use tutela_core::{Class, PdqVariant};
use tutela_web::Lang;

use super::exchange;
use super::workspace::{dir, env, open};
use crate::cli::{Global, HashArgs, Index, Language, MatchArgs, Media, ScanArgs, Variant};
use crate::output::{self, visible};
use crate::progress::{Bar, Findings};

pub(super) fn run(global: &Global, verb: &Media) -> Result<ExitCode> {
    match verb {
        Media::Hash(args) => hash(global, args),
        Media::Match(args) => look_up(global, args),
        Media::Scan(args) => scan(global, args),
        Media::Export(args) => exchange::export(global, args),
        Media::Categorise(args) => exchange::categorise(global, args),
        Media::Earlier(args) => exchange::earlier(global, args),
        Media::Mode(args) => super::creation::run(global, args),
    }
}

/// Settings for commands that need no workspace: those of one that is there, else the defaults.
fn settings(global: &Global) -> Result<Settings> {
    match Workspace::settings_of(&dir(global), env()) {
        Err(AppError::NoWorkspace { .. }) => Ok(Settings::load(None, env().into_iter())?),
        settings => Ok(settings?),
    }
}

fn hash(global: &Global, args: &HashArgs) -> Result<ExitCode> {
    let HashArgs { paths, variant, dihedral, strict, threads } = args;
    let settings = settings(global)?;
    let request = HashRequest {
        roots: with_standard_input(paths)?,
        variants: match variant {
            Variant::Reference => vec![PdqVariant::Reference],
            Variant::Full => vec![PdqVariant::Full],
            Variant::Both => vec![PdqVariant::Reference, PdqVariant::Full],
        },
        dihedral: *dihedral,
        threads: threads.unwrap_or_else(|| settings.media.thread_count()),
        deadline: Duration::from_secs(settings.media.deadline_s),
        film: film_decoder(&settings.media),
        c2pa_verifier: settings.media.c2pa_verifier.clone(),
        c2pa_trust: settings.media.c2pa_trust.clone(),
    };
    let bar = Bar::new(global.quiet);
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = hash::run(&request, &bar, &mut |view| {
        let printed =
            if global.json { output::line(&mut out, &view) } else { hash_text(&mut out, &view) };
        printed
            .map_err(|error| AppError::Output { what: "results".to_owned(), source: error.into() })
    });
    bar.finish();
    let outcome = outcome?;
    out.flush()?;
    if outcome.missing > 0 {
        return Ok(ExitCode::from(Class::NotFound.exit_code()));
    }
    let failed = *strict && (outcome.failed > 0 || outcome.passed_over > 0);
    Ok(if failed { ExitCode::from(Class::Invalid.exit_code()) } else { ExitCode::SUCCESS })
}

fn hash_text(out: &mut impl Write, view: &MediaHashView) -> io::Result<()> {
    writeln!(out, "{}", visible(&view.path))?;
    let mime = view.mime.as_deref().unwrap_or("unread");
    let size = output::bytes(view.size_bytes);
    match (view.width, view.height) {
        (Some(width), Some(height)) => writeln!(out, "  {mime}, {width}×{height}, {size}")?,
        _ => writeln!(out, "  {mime}, {size}")?,
    }
    for (name, digest) in [("md5", &view.md5), ("sha1", &view.sha1), ("sha256", &view.sha256)] {
        if let Some(digest) = digest {
            writeln!(out, "  {name:<7} {digest}")?;
        }
    }
    for signal in &view.signals {
        // The signal of a film is a line a frame, which nobody reads.
        if let (Some(frames), "vpdq") = (view.frames, signal.kind.as_str()) {
            let seconds = view
                .duration_ms
                .map_or(String::new(), |ms| format!(" of {}.{} s", ms / 1000, ms % 1000 / 100));
            writeln!(out, "  vpdq    {frames} frames{seconds}; the signal comes with --json")?;
            continue;
        }
        let turned = signal.orientation.as_deref().map_or(String::new(), |o| format!(", {o}"));
        let quality = signal.quality.unwrap_or(0);
        writeln!(
            out,
            "  {:<7} {} ({}{turned}, quality {quality})",
            signal.kind, signal.value, signal.variant
        )?;
    }
    for said in &view.provenance {
        writeln!(
            out,
            "  {:<7} {} {}: {} ({}, {})",
            "says",
            said.grade,
            said.origin,
            visible(&said.value),
            said.source,
            visible(&said.field)
        )?;
    }
    if let Some(error) = &view.error {
        writeln!(out, "  error   {} [{}]", error.message, error.code)?;
    }
    Ok(())
}

/// `-` stands for paths on standard input, one a line.
fn with_standard_input(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut roots = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            let lines = io::stdin().lock().split(b'\n');
            for line in lines {
                use std::os::unix::ffi::OsStringExt;
                let line = line.context("standard input cannot be read")?;
                if !line.is_empty() {
                    roots.push(PathBuf::from(std::ffi::OsString::from_vec(line)));
                }
            }
        } else {
            roots.push(path.clone());
        }
    }
    Ok(roots)
}

fn look_up(global: &Global, args: &MatchArgs) -> Result<ExitCode> {
    let MatchArgs { paths, lists, queries, format, distance, threads, index } = args;
    let settings = settings(global)?;
    paths.iter().try_for_each(|path| check_root(path))?;
    let request = MatchRequest {
        lists: lists.clone(),
        format: format.clone(),
        queries: queries.clone().map_or_else(|| Queries::Paths(paths.clone()), Queries::File),
        distance: *distance,
        threads: threads.unwrap_or_else(|| settings.media.thread_count()),
        deadline: Duration::from_secs(settings.media.deadline_s),
        search: match index {
            Index::Auto => Search::Auto,
            Index::Linear => Search::Scan,
            Index::Fast => Search::Index,
        },
    };
    let bar = Bar::new(global.quiet);
    let view = look_up::run(&request, &bar)?;
    bar.finish();
    if global.json {
        output::document(&view)?
    } else {
        match_text(&view)?
    }
    Ok(ExitCode::SUCCESS)
}

fn match_text(view: &MediaMatchView) -> Result<()> {
    if !view.matches.is_empty() {
        let mut table = output::table(["looked up", "entry", "list", "by", "distance", "turned"]);
        for found in &view.matches {
            let looked_up =
                found.path.as_deref().map_or_else(|| format!("query {}", found.query), visible);
            table.add_row([
                looked_up,
                found.entry.to_string(),
                visible(&found.list),
                found.method.to_owned(),
                found.distance.to_string(),
                found.orientation.unwrap_or("").to_owned(),
            ]);
        }
        output::text(table)?;
    }
    output::text(format_args!(
        "{} matches for {} queries in {} entries, distance {} or less ({} index, {} threads).\n\
         Read in {} ms, built in {} ms, searched in {} ms; one look-up {:.1} µs (median), {:.1} µs (99 of 100).\n\
         Self-test passed. A match is an indicator: it needs a look.",
        view.matches.len(),
        view.queries,
        view.entries,
        view.distance,
        view.index,
        view.threads,
        view.load_ms,
        view.build_ms,
        view.search_ms,
        view.latency_us.p50,
        view.latency_us.p99,
    ))
}

fn scan(global: &Global, args: &ScanArgs) -> Result<ExitCode> {
    let workspace = open(global)?;
    args.paths.iter().try_for_each(|path| check_root(path))?;
    if let Some(out) = &args.out {
        scan_report::prepare(out, &args.paths, args.resume)?;
    }
    let media = &workspace.settings().media;
    let request = ScanRequest {
        roots: args.paths.clone(),
        lists: args.lists.clone(),
        known_good: args.known_good.clone(),
        banks: !args.no_banks,
        case: args.case.as_deref().map(super::cases::id).transpose()?,
        resume: args.resume,
        distance: args.distance.unwrap_or(media.distance),
        threads: args.threads.unwrap_or_else(|| media.thread_count()),
        thumbnails: if args.thumbnails { args.purpose.clone() } else { None },
        first_look: args.first_look,
        budget: args.budget,
        interrupt: workspace.listen_for_interrupts(),
    };
    let bar = Bar::new(global.quiet).showing(match (args.first_look, global.json) {
        (false, _) => Findings::First,
        (true, false) => Findings::Text,
        (true, true) => Findings::Json,
    });
    let result = scan::run(&workspace, &request, &bar)?;
    if let Some(out) = &args.out {
        bar.phase(Phase::Writing);
        scan_report::write(&workspace, &result, out, &render(args.lang))?;
    }
    bar.finish();
    if global.json {
        output::document(&result.report)?;
    } else {
        scan_text(&result.report)?;
        if let Some(out) = &args.out {
            output::text(format_args!("Report:  {}", out.join("report.html").display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn scan_text(report: &ScanReport) -> Result<()> {
    output::text(one_glance(report))?;
    if !report.groups.is_empty() {
        let mut table = output::table(["look at", "points", "files", "different", "what ties it"]);
        for group in report.groups.iter().take(10) {
            let ties: Vec<String> = group.ties.iter().map(|tie| visible(tie.why.text())).collect();
            table.add_row([
                group.rank.to_string(),
                group.score.to_string(),
                group.files.to_string(),
                group.distinct.to_string(),
                ties.join("\n"),
            ]);
        }
        output::text(table)?;
    }
    for earlier in report.earlier.iter().take(10) {
        output::text(format_args!(
            "  Tied to scan {} of {}: {} files by equal bytes, {} near, {} by device.",
            earlier.scan, earlier.started_at, earlier.same_bytes, earlier.near, earlier.same_device
        ))?;
    }
    for failure in &report.failures {
        output::text(format_args!(
            "  {} files: {} [{}]",
            failure.files, failure.message, failure.code
        ))?;
    }
    let said: Vec<String> = (report.provenance.grades.iter())
        .filter(|count| count.grade != "V0" && count.files > 0)
        .map(|count| format!("{} {}", count.grade, count.files))
        .collect();
    if !said.is_empty() {
        output::text(format_args!(
            "  files that say how they were made, by grade: {}; of the others nothing is known",
            said.join(", ")
        ))?;
    }
    for skipped in report.skipped.iter().take(20) {
        output::text(format_args!("  not read: {} ({})", visible(&skipped.path), skipped.message))?;
    }
    for remark in &report.remarks {
        output::text(format_args!("  {remark}"))?;
    }
    output::text(format_args!("Scan:    {}", report.scan.id))?;
    report.not_examined.as_ref().map_or(Ok(()), |missed| output::text(not_examined(missed)))
}

/// What a stopped scan did not look at, and how it goes on.
fn not_examined(missed: &NotExaminedView) -> String {
    let why = match missed.reason.as_str() {
        "budget" => "its time is used up",
        _ => "it was told to",
    };
    let kinds = missed.by_kind.iter().map(|kind| {
        let size = output::bytes(kind.size_bytes);
        format!("{} by name {} ({size})", kind.files, plural(&kind.name, kind.files))
    });
    format!(
        "Stopped because {why}. NOT looked at: {} files, {} in {} folders: {}.\n\
         What was looked at is kept. The same command with --resume goes on.",
        missed.files,
        output::bytes(missed.size_bytes),
        missed.folders,
        kinds.collect::<Vec<_>>().join(", "),
    )
}

fn plural(kind: &str, files: u64) -> String {
    match (kind, files) {
        ("other", _) | (_, 1) => kind.to_owned(),
        _ => format!("{kind}s"),
    }
}

/// The outcome of a scan in a few lines.
pub(super) fn one_glance(report: &ScanReport) -> String {
    let totals = &report.totals;
    let outcomes = &totals.outcomes;
    let mut table =
        output::table(["known", "near", "known-good mark", "new", "failed", "files", "not read"]);
    let counts = [
        outcomes.known,
        outcomes.near,
        outcomes.known_good,
        outcomes.new,
        outcomes.failed,
        totals.files,
        totals.skipped,
    ];
    table.add_row(counts.map(|count| count.to_string()));
    let self_test = if report.self_test.passed { "passed" } else { "FAILED" };
    let first = report
        .scan
        .first_finding_ms
        .map_or(String::new(), |ms| format!(" First finding after {:.1} s.", ms as f64 / 1000.0));
    format!(
        "{table}\n{} of files in {:.1} s.{first} {} new pictures in {} groups of near-duplicates.\n\
         Self-test {self_test} ({} checks). Decoder protection: {}.",
        output::bytes(totals.size_bytes),
        report.scan.elapsed_ms as f64 / 1000.0,
        totals.new_pictures,
        report.clusters.len(),
        report.self_test.checks.len(),
        report.protection.level,
    )
}

/// The console's templates as the services take them.
pub(super) fn render(
    language: Language,
) -> impl Fn(&ScanReport, &[ItemView]) -> Result<String, Box<dyn Error + Send + Sync>> {
    let lang: Lang = language.into();
    move |report, items| Ok(tutela_web::report::render(report, items, lang)?)
}
