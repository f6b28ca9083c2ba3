//! A password from whoever runs the program: never an argument, which others could read.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context as _, Result, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Asks twice at a terminal, without showing what is typed; else the first line of standard input.
pub(super) fn read() -> Result<String> {
    if !io::stdin().is_terminal() {
        return line();
    }
    let _quiet = Quiet::begin().context("the terminal cannot be told not to show a password")?;
    let first = ask("Password: ")?;
    if ask("Once more: ")? != first {
        bail!("the two passwords differ; nothing was changed");
    }
    Ok(first)
}

fn ask(what: &str) -> Result<String> {
    let mut terminal = io::stderr();
    write!(terminal, "{what}")?;
    terminal.flush()?;
    let answer = line();
    writeln!(terminal)?;
    answer
}

fn line() -> Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context("cannot read a password")?;
    let text = line.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        bail!("no password was given");
    }
    Ok(text.to_owned())
}

/// The terminal shows nothing of what is typed until this is dropped.
struct Quiet(Termios);

impl Quiet {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(rustix::stdio::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // Nothing can be done where the terminal is gone.
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Flush, &self.0);
    }
}
