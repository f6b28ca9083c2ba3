//! What a worker's end means for the file it was at.

use rustix::process::Signal;
use tutela_core::Failure;

use crate::evidence::decoder::message::Distrust;
use crate::evidence::decoder::process::Death;

/// The worker died of this file.
pub(super) fn died(death: Death) -> Failure {
    match death {
        Death::OutOfMemory => failure(
            "decode.out_of_memory",
            "decoding needs more memory than a decoder process may have".to_owned(),
        ),
        Death::BlockedCall => crashed("blocked system call"),
        Death::StackOverflow => crashed("stack overflow"),
        Death::Signal(signal) => crashed(signal_name(signal)),
        Death::Exit(code) => crashed(&format!("exit code {code}")),
    }
}

/// The worker was ended because its time was over.
pub(super) fn too_slow() -> Failure {
    failure("decode.deadline", "the decoder process was ended because it took too long".to_owned())
}

/// The worker was ended because it answered as no honest worker does.
pub(super) fn not_believed(what: Distrust) -> Failure {
    failure("decode.bad_reply", format!("the decoder process gave an answer of wrong form: {what}"))
}

fn crashed(how: &str) -> Failure {
    failure("decode.crashed", format!("the decoder process ended: {how}"))
}

fn failure(code: &str, message: String) -> Failure {
    Failure { code: code.to_owned(), message }
}

fn signal_name(signal: i32) -> &'static str {
    let names = [
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::ILL, "SIGILL"),
        (Signal::KILL, "SIGKILL"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::TERM, "SIGTERM"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::XFSZ, "SIGXFSZ"),
    ];
    let known = names.into_iter().find(|(known, _)| known.as_raw() == signal);
    known.map_or("another signal", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::{Death, died};

    #[test]
    fn deaths_have_codes_and_plain_words() {
        let cases = [
            (Death::BlockedCall, "decode.crashed", "blocked system call"),
            (Death::OutOfMemory, "decode.out_of_memory", "more memory"),
            (Death::Signal(9), "decode.crashed", "SIGKILL"),
            (Death::Exit(70), "decode.crashed", "exit code 70"),
        ];
        for (death, code, words) in cases {
            let failure = died(death);
            assert_eq!(failure.code, code);
            assert!(failure.message.contains(words), "{}", failure.message);
        }
    }
}
