//! Runs the program as a user would, in folders of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The program, with nothing of the tester's settings.
pub(crate) fn tutela() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tutela"));
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TUTELA__"))
    {
        command.env_remove(name);
    }
    command
}

/// Runs it and gives what it printed.
pub(crate) fn run(args: &[&str]) -> Output {
    tutela().args(args).output().unwrap()
}

/// Runs it with `--json`, expects success, gives the document.
pub(crate) fn json(args: &[&str]) -> Value {
    let output = run(&[args, &["--json"]].concat());
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs it with `--json`, gives the lines and the exit code.
pub(crate) fn json_lines(args: &[&str]) -> (Vec<Value>, i32) {
    let output = run(&[args, &["--json"]].concat());
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let lines = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    (lines, output.status.code().unwrap())
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A temporary folder with a workspace in it.
pub(crate) struct Place {
    dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn with_workspace() -> Self {
        let place = Self::new();
        let output = run(&["init", "--operator", "Test Operator", "--dir", &place.text("ws")]);
        assert!(output.status.success(), "{}", stderr(&output));
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        self.text(name)
    }
}

/// Keys of an object, in order.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// The generated test chart that the program carries, and its published signal.
pub(crate) const CHART: &[u8] = include_bytes!("../../../tutela-app/assets/chart.png");
pub(crate) const CHART_PDQ: &str =
    "3b4afa855b86fda47cb434c3234ba35eaa3c5c343ca351c335cbe85c4474e474";

/// Lines of a JSON Lines file.
pub(crate) fn read_jsonl(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
