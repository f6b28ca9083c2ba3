//! Progress bars: on a terminal only, and never in the way of results.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tutela_app::progress::{Phase, Progress};

use crate::output::visible;

/// Shows files, bytes, speed and time left; notes go above the bar.
pub(crate) struct Bar {
    bytes: ProgressBar,
    files: std::sync::atomic::AtomicU64,
    of: std::sync::atomic::AtomicU64,
    quiet: bool,
}

impl Bar {
    pub(crate) fn new(quiet: bool) -> Self {
        let bytes = ProgressBar::no_length();
        if quiet || !io::stderr().is_terminal() {
            bytes.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self { bytes, files: 0.into(), of: 0.into(), quiet }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bytes.finish_and_clear();
    }

    fn show_files(&self) {
        use std::sync::atomic::Ordering::Relaxed;
        let (files, of) = (self.files.load(Relaxed), self.of.load(Relaxed));
        let per_s = files as f64 / self.bytes.elapsed().as_secs_f64().max(0.001);
        self.bytes.set_message(format!("{files}/{of} files, {per_s:.0} files/s"));
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
        self.of.fetch_add(files, std::sync::atomic::Ordering::Relaxed);
        self.bytes.inc_length(bytes);
        self.show_files();
    }

    fn advance(&self, files: u64, bytes: u64) {
        self.files.fetch_add(files, std::sync::atomic::Ordering::Relaxed);
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
}
