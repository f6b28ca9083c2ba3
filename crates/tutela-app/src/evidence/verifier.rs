//! Checks signatures of C2PA manifests through `tutela-c2pa`, where the settings name it.
//!
//! The program is optional and apart: its cryptography and parsers are of others' making. It fences
//! itself in; this side gives it one open file, a deadline, and believes one short line of its answer.

use std::fs::{self, File};
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{Failure, Provenance, Sha256, SignatureCheck, Timestamp};

use crate::AppError;

/// Time for one file. A manifest takes some milliseconds, and the program limits its own work to 5 s.
const DEADLINE: Duration = Duration::from_secs(10);
/// Bytes of an answer: names and codes, each short.
const MAX_ANSWER_BYTES: usize = 16 * 1024;
/// Characters of a name or code in it.
const MAX_NAME_CHARS: usize = 300;
/// Codes in it.
const MAX_CODES: usize = 16;
/// Size of a trust list. The public ones stay below 1 MiB.
const MAX_TRUST_BYTES: u64 = 16 << 20;

/// The program that checks, and the list of signers it trusts.
#[derive(Debug, Clone)]
pub struct Verifier {
    path: PathBuf,
    trust: Option<TrustList>,
    program: String,
}

/// A file of certificates whose holders are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    path: PathBuf,
    /// Digest of the file when the scan began.
    pub sha256: Sha256,
    /// When the file was last changed.
    pub dated: Option<Timestamp>,
}

impl Verifier {
    /// The one that the settings name, tried before it is needed; `None` where they name none.
    ///
    /// # Errors
    /// It cannot be started, is something else, or its fences do not hold; the trust list cannot be read.
    pub fn of(program: &str, trust: &str) -> Result<Option<Self>, AppError> {
        if program.is_empty() {
            return Ok(None);
        }
        let path = Path::new(program);
        let path = fs::canonicalize(path).map_err(AppError::file("read", path))?;
        let trust = match trust {
            "" => None,
            file => Some(TrustList::read(Path::new(file))?),
        };
        let mut verifier = Self { path, trust, program: String::new() };
        let about = verifier.about().map_err(|why| AppError::Verifier { why })?;
        if !(about.no_new_privs && about.rlimits && about.seccomp) {
            return Err(AppError::Verifier { why: "its fences do not hold on this system" });
        }
        verifier.program = format!("{} ({})", about.program, about.verifier);
        Ok(Some(verifier))
    }

    /// Its name and version.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// What its results depend on: the program and the list it trusts.
    pub fn identity(&self) -> String {
        let trust = self.trust.as_ref().map(|trust| trust.sha256.to_string());
        format!("{}, trust list {}", self.program, trust.as_deref().unwrap_or("none"))
    }

    /// The list it trusts.
    pub fn trust(&self) -> Option<&TrustList> {
        self.trust.as_ref()
    }

    /// Checks the manifest of a file and raises the grade of what it says as far as the signature
    /// carries. Files without a signature are not handed over.
    ///
    /// The failure says why nothing was checked; the statements then stay as they are.
    pub fn check(
        &self,
        file: BorrowedFd<'_>,
        mime: &str,
        statements: &mut [Provenance],
    ) -> Result<(), Failure> {
        let signed = |said: &Provenance| said.manifest.as_ref().is_some_and(|m| m.signature_box);
        if !statements.iter().any(signed) {
            return Ok(());
        }
        let file =
            file.try_clone_to_owned().map_err(|_| unchecked("the file cannot be handed over"))?;
        let mut command = self.command();
        command.args(["--mime", mime]);
        if let Some(trust) = &self.trust {
            command.arg("--trust").arg(&trust.path);
        }
        let said: CheckSay = ask(command, Stdio::from(file)).map_err(unchecked)?;
        let check = said.checked().map_err(unchecked)?;
        for said in statements.iter_mut().filter(|said| said.source == "c2pa") {
            said.grade = check.grade();
            if let Some(manifest) = &mut said.manifest {
                manifest.check = Some(check.clone());
            }
        }
        Ok(())
    }

    fn about(&self) -> Result<AboutSay, &'static str> {
        let mut command = self.command();
        command.arg("--about");
        let about: AboutSay = ask(command, Stdio::null())?;
        let is_name = |name: &str| !name.is_empty() && is_line(name);
        let known = about.schema == "tutela.c2pa_about.v1";
        if !known || !is_name(&about.program) || !is_name(&about.verifier) {
            return Err("it is another program, or another version");
        }
        Ok(about)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.env_clear().current_dir("/");
        command
    }
}

impl TrustList {
    fn read(path: &Path) -> Result<Self, AppError> {
        let path = fs::canonicalize(path).map_err(AppError::file("read", path))?;
        let read = File::open(&path).and_then(|file| {
            let modified = file.metadata()?.modified()?;
            let mut bytes = Vec::new();
            file.take(MAX_TRUST_BYTES + 1).read_to_end(&mut bytes)?;
            Ok((modified, bytes))
        });
        let (modified, bytes) = read.map_err(AppError::file("read", &path))?;
        if bytes.len() as u64 > MAX_TRUST_BYTES {
            return Err(AppError::Verifier { why: "the trust list is larger than 16 MiB" });
        }
        let sha256 = Sha256(Sha256Hasher::digest(&bytes).into());
        Ok(Self { path, sha256, dated: Timestamp::try_from(modified).ok() })
    }
}

/// What the program says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AboutSay {
    schema: String,
    program: String,
    verifier: String,
    no_new_privs: bool,
    rlimits: bool,
    seccomp: bool,
}

/// What it says of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckSay {
    schema: String,
    present: bool,
    integrity: bool,
    signature: bool,
    binding: bool,
    trusted: bool,
    signer: Option<String>,
    signed_at: Option<String>,
    codes: Vec<String>,
}

impl CheckSay {
    fn checked(self) -> Result<SignatureCheck, &'static str> {
        let Self {
            schema,
            present,
            integrity,
            signature,
            binding,
            trusted,
            signer,
            signed_at,
            codes,
        } = self;
        let mut names = codes.iter().chain(&signer).chain(&signed_at);
        if schema != "tutela.c2pa_check.v1"
            || codes.len() > MAX_CODES
            || !names.all(|name| is_line(name))
        {
            return Err("the verifier gave an answer of another form");
        }
        if !present {
            return Err("the verifier finds no manifest where one was read");
        }
        Ok(SignatureCheck { integrity, signature, binding, trusted, signer, signed_at, codes })
    }
}

fn is_line(text: &str) -> bool {
    text.chars().count() <= MAX_NAME_CHARS && !text.chars().any(char::is_control)
}

fn unchecked(why: &'static str) -> Failure {
    Failure { code: "provenance.not_checked".to_owned(), message: why.to_owned() }
}

/// Starts the program and reads its one line, until the deadline.
fn ask<T: DeserializeOwned>(mut command: Command, input: Stdio) -> Result<T, &'static str> {
    let child = command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = Running(child.map_err(|_| "the verifier cannot be started")?);
    let output = child.0.stdout.take().ok_or("the verifier cannot be started")?;
    let deadline = Instant::now() + DEADLINE;
    let answer = read(OwnedFd::from(output), deadline)?;
    if !child.ended(deadline)?.success() {
        return Err("the verifier gave up on the file");
    }
    serde_json::from_slice(&answer).map_err(|_| "the verifier gave an answer of another form")
}

fn read(output: OwnedFd, deadline: Instant) -> Result<Vec<u8>, &'static str> {
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let time =
            Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() };
        let mut polled = [PollFd::from_borrowed_fd(output.as_fd(), PollFlags::IN)];
        match poll(&mut polled, Some(&time)) {
            Ok(0) => return Err("the verifier was ended because it took too long"),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return Err("the verifier cannot be heard"),
        }
        match rustix::io::read(&output, &mut piece) {
            Ok(0) => return Ok(answer),
            Ok(read) => answer.extend(&piece[..read]),
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return Err("the verifier cannot be heard"),
        }
        if answer.len() > MAX_ANSWER_BYTES {
            return Err("the verifier gave an answer of another form");
        }
    }
}

/// Ends with whoever waits for it.
struct Running(Child);

impl Running {
    /// One that has said all it has to say and does not end is ended.
    fn ended(&mut self, deadline: Instant) -> Result<ExitStatus, &'static str> {
        while Instant::now() < deadline {
            match self.0.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                Err(_) => break,
            }
        }
        Err("the verifier was ended because it took too long")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails only where it has ended, which `wait` then tells.
        let _already_gone = self.0.kill();
        let _ended = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::CheckSay;

    fn check(signer: &str, schema: &str) -> Result<(), &'static str> {
        let line = serde_json::json!({
            "schema": schema, "present": true, "integrity": true, "signature": true,
            "binding": true, "trusted": false, "signer": signer, "signed_at": null,
            "codes": ["signingCredential.untrusted"],
        });
        serde_json::from_value::<CheckSay>(line).unwrap().checked().map(|_| ())
    }

    #[test]
    fn answers_must_have_the_form_of_ours() {
        const SCHEMA: &str = "tutela.c2pa_check.v1";
        assert_eq!(check("Example Works", SCHEMA), Ok(()));
        for (signer, schema) in [("a\nb", SCHEMA), (&"x".repeat(400), SCHEMA), ("a", "other")] {
            assert!(check(signer, schema).is_err());
        }
        let extra = r#"{"schema":"tutela.c2pa_check.v1","present":true,"more":1}"#;
        assert!(serde_json::from_str::<CheckSay>(extra).is_err());
    }
}
