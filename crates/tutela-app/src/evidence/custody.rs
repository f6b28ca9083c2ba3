//! The chain of custody as people use it: verify the ledger, and let go of words that must be erased.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tutela_core::Sha256;
use tutela_ledger::{
    Checkpoint, Entry, LedgerError, LogPublicKey, Payload, TlogProof, Verification, Verifier,
};

pub use tutela_store::Subject;

use crate::AppError;
use crate::intake::walk::path_text;
use crate::views::LedgerVerifyView;
use crate::workspace::Workspace;

/// Lines fetched from the store at a time.
const PAGE_LINES: u32 = 10_000;

/// Checks every line, every checkpoint and every root of the workspace's ledger.
///
/// # Errors
/// The store does not answer. A ledger that does not hold is not an error here: the view says so.
pub fn verify(workspace: &Workspace) -> Result<LedgerVerifyView, AppError> {
    let store = workspace.store();
    let key = workspace.public_key();
    let notes = workspace.block_on(store.checkpoints())?;
    let leaves = workspace.block_on(store.leaf_hashes())?;
    let mut verifier = Verifier::new(&notes, &key);
    let mut seq = 0;
    loop {
        let lines = workspace.block_on(store.entry_lines(seq, PAGE_LINES))?;
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            let stored = usize::try_from(seq).ok().and_then(|seq| leaves.get(seq)).copied();
            verifier.push(line, stored);
            seq += 1;
        }
    }
    Ok(view(&verifier.finish(), &key))
}

/// Checks files that were written out, without any workspace: lines, checkpoints, public key.
///
/// # Errors
/// A file is missing or unreadable, or the key is none.
pub fn verify_files(dir: &Path) -> Result<LedgerVerifyView, AppError> {
    let read = |name: &str| {
        let path = dir.join(name);
        fs::read_to_string(&path).map_err(AppError::file("read", path))
    };
    let key: LogPublicKey = read("log.vkey")?.trim().parse()?;
    let checkpoint = read("checkpoint")?;
    let lines: Vec<String> = read("entries.jsonl")?.lines().map(str::to_owned).collect();
    if !dir.join("proofs").is_dir() {
        // The whole ledger: the root of all lines must be the one that was signed.
        let mut verifier = Verifier::new(&[checkpoint], &key);
        lines.iter().for_each(|line| verifier.push(line, None));
        let mut view = view(&verifier.finish(), &key);
        view.faults.extend(disclosed_faults(dir, &lines)?);
        view.holds &= view.faults.is_empty();
        return Ok(view);
    }
    let signed = Checkpoint::open(&checkpoint, &key)?;
    let mut faults = Vec::new();
    let mut last = None;
    for (number, line) in (1..).zip(&lines) {
        match proven(dir, line, signed, &key) {
            Ok(entry) if last.is_some_and(|last| entry.seq <= last) => {
                faults.push(format!("line {number} of entries.jsonl: out of order or twice"));
            }
            Ok(entry) => last = Some(entry.seq),
            Err(error) => faults.push(format!("line {number} of entries.jsonl: {error}")),
        }
    }
    if lines.is_empty() {
        faults.push("entries.jsonl holds no entry".to_owned());
    }
    faults.extend(disclosed_faults(dir, &lines)?);
    Ok(LedgerVerifyView {
        schema: LedgerVerifyView::SCHEMA,
        holds: faults.is_empty(),
        origin: key.origin().to_owned(),
        key_sha256: key.fingerprint().to_string(),
        entries: lines.len() as u64,
        root: signed.root.to_string(),
        checkpoints: 1,
        unsigned_entries: 0,
        faults,
        more_faults: 0,
    })
}

/// The entry of a line whose proof leads to the signed checkpoint.
fn proven(
    dir: &Path,
    line: &str,
    signed: Checkpoint,
    key: &LogPublicKey,
) -> Result<Entry, LedgerError> {
    let entry = Entry::parse(line)?;
    let text = fs::read_to_string(dir.join(format!("proofs/{}.tlog-proof", entry.seq)))
        .map_err(|_| LedgerError::BadProofText { reason: "its file is missing" })?;
    let proof = TlogProof::parse(&text)?;
    if proof.index != entry.seq || proof.verify(line, key)? != signed {
        return Err(LedgerError::BadProofText { reason: "it proves something else" });
    }
    Ok(entry)
}

/// Words that were disclosed and are not what an entry committed to.
fn disclosed_faults(dir: &Path, lines: &[String]) -> Result<Vec<String>, AppError> {
    let folder = dir.join("disclosed");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let commits: HashMap<u64, Option<Sha256>> = lines
        .iter()
        .filter_map(|line| Entry::parse(line).ok())
        .map(|entry| (entry.seq, entry.commit))
        .collect();
    let mut faults = Vec::new();
    for file in fs::read_dir(&folder).map_err(AppError::file("read", &folder))? {
        let path = file.map_err(AppError::file("read", &folder))?.path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let commit = payload(&path).map(|payload| payload.commit());
        let seq = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        let expected = seq.and_then(|seq: u64| commits.get(&seq).copied().flatten());
        if commit.is_none() || commit != expected {
            faults.push(format!("{}: not what the entry committed to", path_text(&path)));
        }
    }
    Ok(faults)
}

/// The words of a file and the salt beside it.
fn payload(path: &Path) -> Option<Payload> {
    let text = fs::read_to_string(path).ok()?;
    let salt = fs::read_to_string(path.with_extension("salt")).ok()?;
    let salt = STANDARD.decode(salt.trim()).ok()?.try_into().ok()?;
    Some(Payload { salt, text })
}

fn view(verification: &Verification, key: &LogPublicKey) -> LedgerVerifyView {
    LedgerVerifyView {
        schema: LedgerVerifyView::SCHEMA,
        holds: verification.holds(),
        origin: key.origin().to_owned(),
        key_sha256: key.fingerprint().to_string(),
        entries: verification.entries,
        root: verification.root.to_string(),
        checkpoints: verification.checkpoints,
        unsigned_entries: verification.unsigned_tail(),
        faults: verification.faults.iter().map(ToString::to_string).collect(),
        more_faults: verification.more_faults,
    }
}

/// What is to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// The words beside one entry, by its sequence number.
    Entry(u64),
    /// The words beside every entry about a scan, a case or an exhibit.
    About(Subject),
}

/// Erases words beside the ledger. Its lines stay, and it verifies as before.
///
/// # Errors
/// There is nothing to erase, or the store does not answer.
pub fn erase(workspace: &Workspace, what: Erasure) -> Result<u64, AppError> {
    let (store, operator, now) = (workspace.store(), workspace.operator(), workspace.now());
    let erased = match what {
        Erasure::Entry(seq) => {
            workspace.block_on(store.erase_payload(seq, operator, now))?;
            1
        }
        Erasure::About(subject) => {
            workspace.block_on(store.erase_payloads_about(subject, operator, now))?
        }
    };
    workspace.checkpoint()?;
    Ok(erased)
}
