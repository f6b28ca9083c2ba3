//! The process that becomes `ffmpeg`: it raises the fences around itself first.

use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, socket};

use crate::evidence::decoder::facts::FilmFenceTest;
use crate::evidence::decoder::fence;

/// Exit code: the program could not be started.
pub(super) const NOT_STARTED: i32 = 126;
/// Exit code: a fence that this kernel should have could not be raised.
pub(super) const NOT_FENCED: i32 = 125;

/// Argument in place of those of the program: do not become it, try the fences.
pub(super) const TRY_FENCES: &str = "__try_fences";
/// Exit code where they were tried; its last three bits say what was refused.
const TRIED: i32 = 64;

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
    let arguments: Vec<_> = arguments.collect();
    if arguments.first().is_some_and(|argument| argument == TRY_FENCES) {
        return code(try_fences(&program));
    }
    start(Command::new(program).args(arguments).env_clear());
    code(NOT_STARTED)
}

/// Tries what the fences forbid, from inside them. The kernel keeps them for whatever program the
/// process becomes, so what is refused here is refused to that, too.
fn try_fences(program: &Path) -> i32 {
    let refused = FilmFenceTest {
        open_refused: fence::try_open(),
        socket_refused: socket(AddressFamily::INET, SocketType::STREAM, None)
            .is_err_and(|error| error == Errno::PERM),
        // The one program that it may read, and so the one it could start.
        process_refused: Command::new(program).stdin(Stdio::null()).spawn().is_err(),
    };
    TRIED | told(refused)
}

/// One bit for each refusal.
fn told(test: FilmFenceTest) -> i32 {
    let FilmFenceTest { open_refused, socket_refused, process_refused } = test;
    i32::from(open_refused) | i32::from(socket_refused) << 1 | i32::from(process_refused) << 2
}

/// What an exit code says of the fences; that nothing was refused, where they were not tried.
pub(super) fn refusals(code: Option<i32>) -> FilmFenceTest {
    let bits = code.filter(|code| code & !7 == TRIED).unwrap_or(0);
    let bit = |number: i32| bits >> number & 1 == 1;
    FilmFenceTest { open_refused: bit(0), socket_refused: bit(1), process_refused: bit(2) }
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

#[cfg(test)]
mod tests {
    use super::{FilmFenceTest, NOT_FENCED, NOT_STARTED, TRIED, refusals, told};

    #[test]
    fn an_exit_code_tells_what_was_refused_and_any_other_nothing() {
        for bits in 0..8 {
            let test = FilmFenceTest {
                open_refused: bits & 1 > 0,
                socket_refused: bits & 2 > 0,
                process_refused: bits & 4 > 0,
            };
            assert_eq!(refusals(Some(TRIED | told(test))), test);
            assert_eq!(test.passed(), bits == 7);
        }
        for code in [None, Some(0), Some(7), Some(101), Some(NOT_FENCED), Some(NOT_STARTED)] {
            assert_eq!(told(refusals(code)), 0, "{code:?}");
        }
    }
}
