//! Progress bars: on a terminal only, and never in the way of results.

use std::io::{self, IsTerminal};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tutela_app::progress::{Phase, Progress};
use tutela_app::views::MediaFoundView;

use crate::output::visible;

/// Findings that a terminal shows while a scan runs that was not asked to show them.
const FINDINGS_SHOWN: u64 = 10;

/// How findings are shown as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Findings {
    /// The first few, where somebody watches.
    First,
    /// Every one, as text.
    Text,
    /// Every one, as a line of JSON.
    Json,
}

/// Shows files, bytes, speed and time left; notes and findings go above the bar.
pub(crate) struct Bar {
    bytes: ProgressBar,
    files: AtomicU64,
    of: AtomicU64,
    quiet: bool,
    findings: Findings,
    found: AtomicU64,
}

impl Bar {
    pub(crate) fn new(quiet: bool) -> Self {
        let bytes = ProgressBar::no_length();
        if quiet || !io::stderr().is_terminal() {
            bytes.set_draw_target(ProgressDrawTarget::hidden());
        }
        let (files, of, found) = (0.into(), 0.into(), 0.into());
        Self { bytes, files, of, quiet, findings: Findings::First, found }
    }

    /// Shows findings in this way.
    pub(crate) fn showing(self, findings: Findings) -> Self {
        Self { findings, ..self }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bytes.finish_and_clear();
    }

    fn show_files(&self) {
        let (files, of) = (self.files.load(Relaxed), self.of.load(Relaxed));
        let per_s = files as f64 / self.bytes.elapsed().as_secs_f64().max(0.001);
        self.bytes.set_message(format!("{files}/{of} files, {per_s:.0} files/s"));
    }
}

/// Shows entries, speed and time left, of a list that is put into a bank or a file that is written.
pub(crate) struct Entries {
    bar: ProgressBar,
}

impl Entries {
    pub(crate) fn new(quiet: bool) -> Self {
        Self::naming(quiet, "Filling", "entries")
    }

    /// Says what is done, and with what.
    pub(crate) fn naming(quiet: bool, doing: &str, what: &str) -> Self {
        let bar = ProgressBar::no_length();
        if quiet || !io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let template = format!(
            "{doing} [{{bar:30}}] {{human_pos}}/{{human_len}} {what}, {{per_sec}}, {{eta}} left"
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar }
    }

    /// So many of so many are in.
    pub(crate) fn show(&self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn phase(&self, phase: Phase) {
        let (name, measured) = match phase {
            Phase::Lists => ("Reading lists", false),
            Phase::Walking => ("Listing files", false),
            Phase::Examining => ("Examining", true),
            Phase::Grouping => ("Grouping what is new", false),
            Phase::Writing => ("Writing results", false),
        };
        let template = if measured {
            "{prefix} [{bar:30}] {msg}, {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left"
        } else {
            "{spinner} {prefix} …"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bytes.set_style(style.progress_chars("=> "));
        }
        self.bytes.set_prefix(name);
        if measured {
            self.bytes.reset_elapsed();
            self.bytes.reset_eta();
        }
        self.bytes.enable_steady_tick(std::time::Duration::from_millis(100));
    }

    fn expect(&self, files: u64, bytes: u64) {
        self.of.fetch_add(files, Relaxed);
        self.bytes.inc_length(bytes);
        self.show_files();
    }

    fn advance(&self, files: u64, bytes: u64) {
        self.files.fetch_add(files, Relaxed);
        self.bytes.inc(bytes);
        if files > 0 {
            self.show_files();
        }
    }

    fn note(&self, line: &str) {
        if !self.quiet {
            self.bytes.suspend(|| eprintln!("{}", visible(line)));
        }
    }

    fn found(&self, found: &MediaFoundView) {
        let before = self.found.fetch_add(1, Relaxed);
        let line = match self.findings {
            Findings::Json => serde_json::to_string(found).unwrap_or_default(),
            Findings::Text => found_text(found),
            Findings::First if self.quiet || self.bytes.is_hidden() || before > FINDINGS_SHOWN => {
                return;
            }
            Findings::First if before == FINDINGS_SHOWN => {
                "  more findings: see the report, or run with --first-look to see each".to_owned()
            }
            Findings::First => found_text(found),
        };
        self.bytes.suspend(|| eprintln!("{line}"));
    }
}

/// A finding in one line: never the content, and a match is not yet a confirmed one.
fn found_text(found: &MediaFoundView) -> String {
    let category = match (&found.scheme, &found.code) {
        (Some(scheme), Some(code)) => format!(", category {scheme}:{code}"),
        _ => String::new(),
    };
    let how = match (found.method, found.distance) {
        (Some(method), Some(bits)) => format!("{method}, {bits} bits apart"),
        (Some(method), None) => method.to_owned(),
        (None, _) => found.claim.replace('_', " "),
    };
    let list = found.list.as_deref().map_or(String::new(), |list| format!(", list {list}"));
    let more = if found.more > 0 { format!(", and {} more", found.more) } else { String::new() };
    visible(&format!("  {}: {} ({how}{list}{category}{more})", found.outcome, found.path))
}

#[cfg(test)]
mod tests {
    use tutela_app::views::MediaFoundView;

    use super::found_text;

    #[test]
    fn a_finding_reads_as_one_line() {
        let mut found = MediaFoundView {
            schema: MediaFoundView::SCHEMA,
            exhibit: String::new(),
            path: "a\n.jpg".to_owned(),
            outcome: "near",
            finding: String::new(),
            claim: "listed",
            list: Some("national".to_owned()),
            scheme: Some("projectvic:us".to_owned()),
            code: Some("2".to_owned()),
            method: Some("pdq"),
            distance: Some(12),
            more: 3,
        };
        assert_eq!(
            found_text(&found),
            "  near: a\u{fffd}.jpg (pdq, 12 bits apart, list national, category projectvic:us:2, and 3 more)"
        );
        found = MediaFoundView { list: None, scheme: None, method: None, more: 0, ..found };
        found.claim = "thumbnail_differs";
        assert_eq!(found_text(&found), "  near: a\u{fffd}.jpg (thumbnail differs)");
    }
}
