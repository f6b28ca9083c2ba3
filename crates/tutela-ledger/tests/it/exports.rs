//! An export is checked by a shell and openssl, and every tampering with it is noticed.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the script is run for real, in a directory of its own"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tutela_core::Sha256;
use tutela_ledger::{Disclosure, Export, LedgerError, LogKey, Payload};

use crate::{checkpoint, key, ledger};

type Files = BTreeMap<String, Vec<u8>>;

fn export_of(chosen: &[u64], size: u64, shown: &[u64]) -> Result<Files, LedgerError> {
    let (lines, leaves, payloads) = ledger(size);
    let lines: Vec<String> = chosen.iter().map(|&seq| lines[seq as usize].clone()).collect();
    let disclosed: Vec<Disclosure> = payloads
        .into_iter()
        .filter(|(seq, _)| shown.contains(seq))
        .map(|(seq, payload)| Disclosure { seq, payload })
        .collect();
    let note = checkpoint(&leaves, size as usize, &key(1));
    let key = key(1).public();
    Export { leaves: &leaves, lines: &lines, disclosed: &disclosed, checkpoint: &note, key: &key }
        .files()
}

/// Writes the files and runs the script: exit code and output.
fn run(files: &Files, argument: &str) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let mut command = Command::new("sh");
    command.arg("verify.sh").current_dir(dir.path());
    if !argument.is_empty() {
        command.arg(argument);
    }
    let output = command.output().unwrap();
    let text =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

fn have_openssl() -> bool {
    let found = Command::new("openssl").arg("version").output().is_ok_and(|o| o.status.success());
    if !found {
        println!("skipped: openssl is not installed, so verify.sh cannot be run");
    }
    found
}

fn replace(files: &mut Files, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(files[name].clone()).unwrap();
    let changed = text.replacen(from, to, 1);
    assert_ne!(text, changed, "{name} holds {from:?}");
    files.insert(name.to_owned(), changed.into_bytes());
}

#[test]
fn some_entries_verify_with_a_shell_and_openssl() {
    if !have_openssl() {
        return;
    }
    for (chosen, size) in
        [(vec![0], 2), (vec![6], 7), (vec![0, 3, 4, 12], 13), (vec![5, 6, 15], 16)]
    {
        let shown = [3, 6, 12, 15];
        let shown: Vec<u64> = chosen.iter().copied().filter(|seq| shown.contains(seq)).collect();
        let files = export_of(&chosen, size, &shown).unwrap();
        let (code, text) = run(&files, "");
        assert_eq!(code, 0, "{chosen:?} of {size}: {text}");
        let texts = shown.len();
        let summary =
            format!("PASSED  {} entries of {size} in the ledger, {texts} texts\n", chosen.len());
        assert!(text.contains(&summary), "{text}");
        for seq in chosen {
            assert!(
                text.contains(&format!(
                    "ok      entry {seq}: media.viewed, in the signed ledger\n"
                ))
            );
        }
    }
}

#[test]
fn a_whole_ledger_verifies_without_proofs() {
    if !have_openssl() {
        return;
    }
    for size in [1, 2, 3, 8, 11] {
        let chosen: Vec<u64> = (0..size).collect();
        let files = export_of(&chosen, size, &[0, 9]).unwrap();
        assert!(!files.keys().any(|name| name.starts_with("proofs/")));
        let (code, text) = run(&files, "");
        assert_eq!(code, 0, "{size}: {text}");
        assert!(text.contains(&format!("all {size} together make the signed root")), "{text}");
    }
}

#[test]
fn a_sample_says_that_it_is_one() {
    if !have_openssl() {
        return;
    }
    let chosen: Vec<u64> = (0..9).collect();
    let (code, text) = run(&export_of(&chosen, 10, &[]).unwrap(), "4");
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("PASSED  sample: 3 of 9 entries were proved"), "{text}");
    for bad in ["0", "x", "-1", "1 2"] {
        assert_eq!(run(&export_of(&[0], 2, &[]).unwrap(), bad).0, 2, "{bad}");
    }
}

#[test]
fn tampering_with_any_file_of_a_partial_export_is_noticed() {
    if !have_openssl() {
        return;
    }
    type Tamper = fn(&mut Files);
    let cases: &[(&str, Tamper)] = &[
        ("the line is not what was signed", |f| {
            replace(f, "entries.jsonl", "media.viewed", "media.viewee")
        }),
        ("the line is not what was signed", |f| {
            replace(f, "entries.jsonl", "000001\"", "000002\"")
        }),
        ("the line is not what was signed", |f| {
            replace(f, "entries.jsonl", "{\"act\"", "{ \"act\"")
        }),
        ("2 entries, but 3 proofs", |f| {
            let text = String::from_utf8(f["entries.jsonl"].clone()).unwrap();
            let fewer: String = text.lines().take(2).map(|line| format!("{line}\n")).collect();
            f.insert("entries.jsonl".into(), fewer.into_bytes());
        }),
        ("proofs/1.tlog-proof is missing", |f| drop(f.remove("proofs/1.tlog-proof"))),
        ("is of another entry", |f| replace(f, "proofs/1.tlog-proof", "index 1", "index 2")),
        ("the line is not what was signed", |f| {
            let text = String::from_utf8(f["proofs/3.tlog-proof"].clone()).unwrap();
            let hash = text.lines().nth(2).unwrap().to_owned();
            replace(
                f,
                "proofs/3.tlog-proof",
                &hash,
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            );
        }),
        ("the line is not what was signed", |f| {
            let text = String::from_utf8(f["proofs/3.tlog-proof"].clone()).unwrap();
            let hash = text.lines().nth(2).unwrap().to_owned() + "\n";
            replace(f, "proofs/3.tlog-proof", &hash, "");
        }),
        ("ends with another checkpoint", |f| replace(f, "proofs/3.tlog-proof", "\n7\n", "\n8\n")),
        ("the signature is false", |f| replace(f, "checkpoint", "\n7\n", "\n8\n")),
        ("it is of another ledger", |f| replace(f, "checkpoint", "hotline", "hotlime")),
        ("it carries no signature", |f| replace(f, "checkpoint", "— hotline", "— hotlime")),
        ("hold different keys", |f| {
            f.insert("log.pub.pem".into(), key(2).public().to_pem().into_bytes());
        }),
        ("hold different keys", |f| {
            f.insert("log.vkey".into(), format!("{}\n", key(2).public()).into_bytes());
        }),
        ("key id in log.vkey", |f| replace(f, "log.vkey", "hotline", "hotlime")),
        ("it carries no signature of the key", |f| {
            f.insert("log.pub.pem".into(), key(2).public().to_pem().into_bytes());
            f.insert("log.vkey".into(), format!("{}\n", key(2).public()).into_bytes());
        }),
        ("is not what was committed to", |f| replace(f, "disclosed/3.txt", "Because", "Becouse")),
        ("is not what was committed to", |f| replace(f, "disclosed/3.salt", "A", "B")),
        ("disclosed/3.salt is missing", |f| drop(f.remove("disclosed/3.salt"))),
        // The first word moves from the text into the salt: the hash stays the same.
        ("disclosed/3.salt is not 32 bytes", |f| {
            let text = f["disclosed/3.txt"].strip_prefix(b"Because").unwrap().to_vec();
            f.insert("disclosed/3.txt".into(), text);
            let salt = [&[3; 32][..], b"Because"].concat();
            f.insert("disclosed/3.salt".into(), STANDARD.encode(salt).into_bytes());
        }),
        ("1 texts, but 0 belong", |f| {
            let text = f.remove("disclosed/3.txt").unwrap();
            f.insert("disclosed/5.txt".into(), text);
        }),
    ];
    let good = export_of(&[1, 3, 6], 7, &[3]).unwrap();
    assert_eq!(run(&good, "").0, 0);
    for (number, (reason, tamper)) in cases.iter().enumerate() {
        let mut files = good.clone();
        tamper(&mut files);
        let (code, text) = run(&files, "");
        assert_eq!(code, 1, "case {number}, {reason}: {text}");
        assert!(text.lines().last().unwrap().starts_with("FAILED"), "case {number}: {text}");
        assert!(text.contains(reason), "case {number}, {reason}: {text}");
    }
}

#[test]
fn tampering_with_a_whole_ledger_is_noticed() {
    if !have_openssl() {
        return;
    }
    let good = export_of(&[0, 1, 2, 3, 4], 5, &[]).unwrap();
    let lines: Vec<String> = String::from_utf8(good["entries.jsonl"].clone())
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    let cases: [(&str, Vec<String>); 4] = [
        ("the lines are not what was signed", {
            let mut lines = lines.clone();
            lines[2] = lines[2].replace("media.viewed", "media.views");
            lines
        }),
        ("4 entries, but 5 were signed", lines[..4].to_vec()),
        ("entry 2: missing", [&lines[..2], &lines[3..]].concat()),
        ("not in order", [&lines[..], &lines[4..]].concat()),
    ];
    for (reason, lines) in cases {
        let mut files = good.clone();
        files.insert(
            "entries.jsonl".into(),
            lines.iter().map(|l| format!("{l}\n")).collect::<String>().into(),
        );
        let (code, text) = run(&files, "");
        assert_eq!(code, 1, "{reason}: {text}");
        assert!(text.contains(reason), "{reason}: {text}");
    }
}

#[test]
fn what_would_not_verify_is_not_exported() {
    let (lines, leaves, _) = ledger(5);
    let note = checkpoint(&leaves, 4, &key(1));
    let public = key(1).public();
    let disclosed =
        [Disclosure { seq: 0, payload: Payload { salt: [0; 32], text: "other".into() } }];
    let export = Export {
        leaves: &leaves,
        lines: &lines[..2],
        disclosed: &[],
        checkpoint: &note,
        key: &public,
    };
    assert!(export.files().is_ok());

    let changed = [lines[0].replace("media.viewed", "media.views")];
    let swapped = [lines[1].clone(), lines[0].clone()];
    let mut other_leaves = leaves.clone();
    other_leaves[3] = Sha256([0; 32]);
    let other_key = key(2).public();
    let cases = [
        ("payload", Export { disclosed: &disclosed, ..export.clone() }.files()),
        ("unsigned entry", Export { lines: &lines[4..], ..export.clone() }.files()),
        ("changed line", Export { lines: &changed, ..export.clone() }.files()),
        ("order", Export { lines: &swapped, ..export.clone() }.files()),
        ("leaves", Export { leaves: &other_leaves, ..export.clone() }.files()),
        ("too few leaves", Export { leaves: &leaves[..3], ..export.clone() }.files()),
        ("key", Export { key: &other_key, ..export.clone() }.files()),
    ];
    for (name, result) in cases {
        assert!(result.is_err(), "{name}");
    }
}

#[test]
fn the_keys_of_a_ledger_are_read_by_openssl() {
    if !have_openssl() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| fs::write(dir.path().join(name), text).unwrap();
    let log_key: LogKey = key(9);
    write("private.pem", log_key.to_pem());
    let output = Command::new("openssl")
        .args(["pkey", "-in", "private.pem", "-pubout"])
        .current_dir(dir.path() as &Path)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), log_key.public().to_pem());
}
