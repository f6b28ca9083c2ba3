//! Messages in frames, and the checks that every one of the worker's passes before it is believed.

mod media;
mod parts;
mod provenance;
mod unpack;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tutela_core::{Failure, Protection};

pub(super) use media::{MediaAsk, MediaSay, SignalsSay, SniffedSay, media_facts, sniffed_facts};
pub(super) use parts::{
    EMBEDDED_VARIANT, EmbeddedSay, PartsSay, StillSay, parts_facts, still_facts,
};
pub(super) use provenance::ProvenanceSay;
pub(super) use unpack::{EntrySay, UFDR, UnpackAsk, UnpackSay, entry_start};

/// What was wrong with a message: the name of a field, for the log of a worker gone bad.
pub(super) type Distrust = &'static str;

/// The first message of a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    pub(super) version: u32,
    pub(super) landlock_abi: Option<u32>,
    pub(super) seccomp: bool,
    pub(super) rlimits: bool,
    pub(super) no_new_privs: bool,
}

impl Hello {
    pub(super) fn new(version: u32, protection: Protection) -> Self {
        let Protection { landlock_abi, seccomp, rlimits, no_new_privs } = protection;
        Self { version, landlock_abi, seccomp, rlimits, no_new_privs }
    }

    pub(super) fn protection(&self) -> Protection {
        Protection {
            landlock_abi: self.landlock_abi,
            seccomp: self.seccomp,
            rlimits: self.rlimits,
            no_new_privs: self.no_new_privs,
        }
    }
}

/// What a worker could not do when it tried.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FenceSay {
    pub(super) open_refused: bool,
    pub(super) memory_capped: bool,
}

/// A failure, as the worker tells it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FailureSay {
    pub(super) code: String,
    pub(super) message: String,
}

impl FailureSay {
    pub(super) fn new(code: &str, message: impl ToString) -> Self {
        Self { code: code.to_owned(), message: message.to_string() }
    }

    /// The failure, where code and message have the form of ours.
    pub(super) fn checked(self) -> Result<Failure, Distrust> {
        let known = self.code.starts_with("decode.") || self.code.starts_with("archive.");
        let plain =
            self.code.bytes().all(|b| b.is_ascii_lowercase() || b"._0123456789".contains(&b));
        if !known || !plain || self.code.len() > 64 {
            return Err("failure code");
        }
        if !is_label(&self.message, 256) {
            return Err("failure message");
        }
        Ok(Failure { code: self.code, message: self.message })
    }
}

/// Reads a message; unknown fields are refused where the type says so.
pub(super) fn parse<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Distrust> {
    serde_json::from_slice(payload).map_err(|_| "message form")
}

/// Writes a message. Our own types always can be written.
pub(super) fn print<T: Serialize>(message: &T) -> Vec<u8> {
    serde_json::to_vec(message).unwrap_or_default()
}

/// Short enough and without control characters.
fn is_label(text: &str, max_chars: usize) -> bool {
    text.chars().count() <= max_chars && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::FailureSay;

    #[test]
    fn failures_must_look_like_ours() {
        let good = FailureSay::new("decode.truncated", "the file ends too early");
        assert_eq!(good.checked().unwrap().code, "decode.truncated");
        let bad = [
            FailureSay::new("sql.injected", "x"),
            FailureSay::new("decode.<script>", "x"),
            FailureSay::new("decode.truncated", "line\nbreak"),
            FailureSay::new("decode.truncated", "x".repeat(257)),
        ];
        for failure in bad {
            assert!(failure.checked().is_err());
        }
    }
}
