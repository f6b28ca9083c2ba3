//! What clippy does not see: sizes, names, opening lines, words, and where `unsafe` may stand.

mod docs;
mod lexer;
mod rust;
mod tree;
mod unsafe_code;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::{Result, ensure};

use tree::Tree;

/// All checks. Each looks at the whole tree and says what it finds.
const CHECKS: &[fn(&Tree) -> Vec<Complaint>] = &[
    rust::sizes,
    rust::opening_lines,
    rust::file_names,
    rust::unfinished,
    unsafe_code::only_where_listed,
    unsafe_code::crate_roots,
    words::strange_words,
    docs::linked,
];

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Complaint {
    path: String,
    /// Line from 1; 0 where the file as a whole is meant.
    line: usize,
    message: String,
    /// A warning is printed and lets the change pass.
    is_warning: bool,
}

impl Complaint {
    fn refuse(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into(), is_warning: false }
    }

    fn warn(path: &str, message: impl Into<String>) -> Self {
        Self { is_warning: true, ..Self::refuse(path, 0, message) }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_warning { "warning" } else { "refused" };
        match self.line {
            0 => write!(f, "{kind}: {}: {}", self.path, self.message),
            line => write!(f, "{kind}: {}:{line}: {}", self.path, self.message),
        }
    }
}

/// Runs all checks on the files of the repository and prints what they find.
pub(crate) fn run(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let complaints: Vec<Complaint> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
    let refused = complaints.iter().filter(|complaint| !complaint.is_warning).count();
    ensure!(refused == 0, "tidy refuses {refused} things");
    Ok(())
}

#[cfg(test)]
mod testing {
    //! Runs one check on made-up files.

    use super::{Complaint, Tree};

    /// What a check says of some files: `refused path:line` or `warning path:line`.
    pub(super) fn said(check: fn(&Tree) -> Vec<Complaint>, files: &[(&str, &str)]) -> Vec<String> {
        let kind = |c: &Complaint| if c.is_warning { "warning" } else { "refused" };
        check(&Tree::of(files))
            .iter()
            .map(|c| format!("{} {}:{}", kind(c), c.path, c.line))
            .collect()
    }
}
