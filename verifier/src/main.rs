//! `tutela-c2pa`: checks the signature of the C2PA manifest in the file on its standard input.
//!
//! `tutela-c2pa --mime TYPE [--trust FILE]` prints one line of JSON and exits 0, whatever the
//! signature is worth; `tutela-c2pa --about` says what it is and whether its fences hold. It fetches
//! nothing: its verifier is built without any network, and a process that makes a socket is ended.

#![forbid(unsafe_code)]

mod check;
mod fence;
mod pem;

use std::ffi::OsString;
use std::process::ExitCode;

/// What was asked for.
enum Task {
    About,
    Check { mime: String, trust: Option<OsString> },
}

fn main() -> ExitCode {
    let Some(task) = task(std::env::args_os().skip(1)) else {
        eprintln!("tutela-c2pa --mime TYPE [--trust FILE] < FILE\ntutela-c2pa --about");
        return ExitCode::from(2);
    };
    let line = match task {
        Task::About => check::about(fence::raise()),
        Task::Check { mime, trust } => {
            // The only file it opens by name, before the fences stand and before any evidence is read.
            let trust = match trust.map(std::fs::read_to_string).transpose() {
                Ok(trust) => trust,
                Err(error) => return fail(&format!("the trust list cannot be read: {error}")),
            };
            let trust = match trust.as_deref().map(pem::certificates).transpose() {
                Ok(trust) => trust,
                Err(why) => return fail(&why),
            };
            if !fence::raise().hold() {
                return fail("the fences do not hold on this system");
            }
            match check::standard_input(&mime, trust) {
                Ok(line) => line,
                Err(why) => return fail(why),
            }
        }
    };
    println!("{line}");
    ExitCode::SUCCESS
}

fn fail(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}

fn task(mut arguments: impl Iterator<Item = OsString>) -> Option<Task> {
    let (mut mime, mut trust) = (None, None);
    while let Some(argument) = arguments.next() {
        match argument.to_str()? {
            "--about" => return Some(Task::About),
            "--mime" => mime = Some(arguments.next()?.into_string().ok()?),
            "--trust" => trust = Some(arguments.next()?),
            _ => return None,
        }
    }
    Some(Task::Check { mime: mime?, trust })
}
