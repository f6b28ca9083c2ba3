//! The process that becomes `ffmpeg`: it raises the fences around itself first.

use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::evidence::decoder::fence;

/// Exit code: the program could not be started.
pub(super) const NOT_STARTED: i32 = 126;
/// Exit code: a fence that this kernel should have could not be raised.
pub(super) const NOT_FENCED: i32 = 125;

/// Raises the fences and becomes the program named, with the arguments that follow. Its standard input
/// is the film. Arguments: seconds of processor time, the program, its arguments.
///
/// Call it first in `main`, before a thread starts or a file is opened: what is open stays open.
pub fn run() -> ExitCode {
    std::panic::set_hook(Box::new(|_| {}));
    let mut arguments = std::env::args_os().skip(2);
    let seconds = arguments.next().and_then(|text| text.to_str()?.parse().ok());
    let (Some(seconds), Some(program)) = (seconds, arguments.next().map(PathBuf::from)) else {
        return code(NOT_STARTED);
    };
    let film = rustix::stdio::stdin();
    if fence::raise_around(&program, film.as_fd(), seconds).is_err() {
        return code(NOT_FENCED);
    }
    start(Command::new(program).args(arguments).env_clear());
    code(NOT_STARTED)
}

/// Returns only where the program cannot be started.
#[cfg(unix)]
fn start(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    let _why = command.exec();
}

fn code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
