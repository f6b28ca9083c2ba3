//! What leaves the process: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Result;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::json;
use tutela_app::AppError;
use tutela_core::Coded;

/// Prints one JSON document.
pub(crate) fn document(document: &impl serde::Serialize) -> Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, document)?;
    writeln!(out)?;
    Ok(())
}

/// Prints one line of JSON Lines.
pub(crate) fn line(out: &mut impl Write, document: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, document)?;
    writeln!(out)
}

/// A table that fits the terminal, and runs free where there is none.
pub(crate) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(header);
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

/// Prints text; a closed pipe is no error of ours.
pub(crate) fn text(text: impl std::fmt::Display) -> Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// Text from outside as one line that no terminal takes for commands.
pub(crate) fn visible(text: &str) -> String {
    let replace = |c: char| if c.is_control() || is_bidi(c) { '\u{fffd}' } else { c };
    text.chars().map(replace).collect()
}

/// Characters that change the direction of what follows and can make a name look like another.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Bytes in the unit a person would use.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

/// Prints an error with its causes, and gives the exit code of its class.
pub(crate) fn fail(error: &anyhow::Error, as_json: bool) -> ExitCode {
    if closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let (code, exit) = match error.downcast_ref::<AppError>() {
        Some(error) => (error.code(), error.class().exit_code()),
        None => ("cli.internal", tutela_core::Class::Internal.exit_code()),
    };
    let causes: Vec<String> = error.chain().map(|cause| visible(&cause.to_string())).collect();
    let mut stderr = io::stderr().lock();
    let _ = if as_json {
        writeln!(
            stderr,
            "{}",
            json!({"schema": "tutela.error.v1", "code": code, "message": causes.join(": ")})
        )
    } else {
        writeln!(stderr, "error: {} [{code}]", causes.join(": "))
    };
    ExitCode::from(exit)
}

fn closed_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(broken))
}

/// Logs to standard error: warnings, or more where asked for.
pub(crate) fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => tracing::Level::WARN,
        1 => tracing::Level::INFO,
        _ => tracing::Level::DEBUG,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false)
        .init();
}

#[cfg(test)]
mod tests {
    use super::{bytes, visible};

    #[test]
    fn names_cannot_command_the_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202e}gpj.exe\n"), "a\u{fffd}[2Jb\u{fffd}gpj.exe\u{fffd}");
    }

    #[test]
    fn bytes_read_like_a_person_says_them() {
        assert_eq!([0, 999, 1_000, 1_550_000].map(bytes), ["0 B", "999 B", "1.0 KB", "1.6 MB"]);
    }
}
