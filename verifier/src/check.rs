//! One check, as one line of JSON.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

use encypher_c2pa::{VerificationReport, VerifyOptions, verify_with_options};
use serde::Serialize;
use serde_json::{Value, json};

use crate::fence::Fences;

/// Size of a file that is checked: a check may take as much memory again, and more.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// Codes of what did not hold that are told.
const MAX_CODES: usize = 16;
/// Characters of a name.
const MAX_NAME_CHARS: usize = 128;
/// Code: nobody on the list vouches for the signer.
const UNTRUSTED: &str = "signingCredential.untrusted";

/// What is printed.
#[derive(Debug, Serialize)]
struct Line {
    schema: &'static str,
    /// Whether there is a manifest in the file.
    present: bool,
    /// Whether claim and assertions are the ones that were signed.
    integrity: bool,
    /// Whether the signature is that of the certificate beside it.
    signature: bool,
    /// Whether the content is still the content that was signed.
    binding: bool,
    /// Whether the certificate leads to one of the trust list.
    trusted: bool,
    signer: Option<String>,
    signed_at: Option<String>,
    /// Codes of what did not hold.
    codes: Vec<String>,
}

impl Line {
    /// Where a second look found whom the certificate leads to.
    fn trust(&mut self, trusted: bool) {
        self.trusted = trusted;
        if trusted {
            self.codes.retain(|code| code != UNTRUSTED);
        }
    }
}

/// What this program is, and which fences stand.
pub(crate) fn about(fences: Fences) -> String {
    json!({
        "schema": "tutela.c2pa_about.v1",
        "program": concat!("tutela-c2pa ", env!("CARGO_PKG_VERSION")),
        "verifier": "encypher-c2pa 1.10.0",
        "no_new_privs": fences.no_new_privs,
        "rlimits": fences.rlimits,
        "seccomp": fences.seccomp,
    })
    .to_string()
}

/// Checks the file on standard input. An error says why nothing could be checked.
pub(crate) fn standard_input(mime: &str, trust: Option<String>) -> Result<String, &'static str> {
    let bytes = read().map_err(|_| "the file cannot be read")?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err("the file is larger than what is checked");
    }
    // Nothing of the verifier's own choosing: no bundled trust list, no network, no report to its maker.
    let mut options = VerifyOptions {
        allowed_list_pem: trust.clone(),
        trust_pem: trust,
        no_default_trust: true,
        online: Some(false),
        ..VerifyOptions::default()
    };
    options.telemetry.enabled = Some(false);
    let report = verify_with_options(&bytes, mime, &options)
        .map_err(|_| "the verifier cannot read the file or the trust list")?;
    let mut line = line(&report);
    if line.present && !line.trusted && options.trust_pem.is_some() {
        line.trust(leads_to_an_authority(&bytes, mime, &mut options));
    }
    serde_json::to_string(&line).map_err(|_| "the result cannot be written")
}

/// Asks again by the rules of C2PA 2.5: by those of 2.4, which are asked first, the verifier follows
/// no chain whose certificates are signed with RSASSA-PSS. What else holds was said by the first answer.
fn leads_to_an_authority(bytes: &[u8], mime: &str, options: &mut VerifyOptions) -> bool {
    options.spec_version = Some("2.5".to_owned());
    verify_with_options(bytes, mime, options).is_ok_and(|report| is_trusted(&report))
}

fn is_trusted(report: &VerificationReport) -> bool {
    report.trust.status == "valid_for_supplied_material"
}

/// The whole file. By position, because whoever started this shares its cursor; a pipe has only one.
fn read() -> io::Result<Vec<u8>> {
    let input = File::from(rustix::stdio::stdin().try_clone_to_owned()?);
    let mut bytes = Vec::new();
    let by_position =
        At { file: &input, position: 0 }.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    match by_position {
        Err(error) if error.kind() == io::ErrorKind::NotSeekable => {
            input.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        }
        read => {
            read?;
        }
    }
    Ok(bytes)
}

struct At<'a> {
    file: &'a File,
    position: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.position)?;
        self.position += read as u64;
        Ok(read)
    }
}

fn line(report: &VerificationReport) -> Line {
    let active = &report.manifest_report["active_manifest"];
    let manifest = active.as_str().map(|label| &report.manifest_report["manifests"][label]);
    let signature = manifest.map(|manifest| &manifest["signature_info"]);
    let name = |key| signature.and_then(|info| info[key].as_str()).map(clean);
    let failures = report.validation_results.failure.iter();
    let mut codes: Vec<String> = failures.map(|status| clean(&status.code)).collect();
    codes.sort();
    codes.dedup();
    codes.truncate(MAX_CODES);
    Line {
        schema: "tutela.c2pa_check.v1",
        present: report.present,
        integrity: report.integrity == "valid",
        signature: report.signature == "valid" && !codes.iter().any(|code| spoils(code)),
        binding: report.hard_binding == "match",
        trusted: is_trusted(report),
        signer: match (name("common_name"), name("issuer")) {
            (Some(name), Some(issuer)) if name != issuer => Some(format!("{name}, {issuer}")),
            (name, issuer) => name.or(issuer),
        },
        signed_at: signed_at(report),
        codes,
    }
}

/// Whether a code speaks against the signature although its numbers are right: made while the
/// certificate was not valid, or with one that was revoked or may not sign.
fn spoils(code: &str) -> bool {
    let about_the_certificate = code.starts_with("signingCredential.");
    code.starts_with("claimSignature.") || (about_the_certificate && code != UNTRUSTED)
}

/// The time of a time stamp that holds.
fn signed_at(report: &VerificationReport) -> Option<String> {
    let mut stamped = report.validation_results.success.iter();
    let status = stamped.find(|status| status.code == "timeStamp.validated")?;
    status.details.as_ref()?.get("time").and_then(Value::as_str).map(clean)
}

/// One short line.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}
