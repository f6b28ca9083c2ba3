//! Checks on Rust files: size, opening line, name, and what must not be left behind.

use super::Complaint;
use super::tree::{TextFile, Tree};

/// Above this a reader should look for the seam.
const MANY_LINES: usize = 400;
/// Above this a file is refused.
const TOO_MANY_LINES: usize = 600;

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "manager", "misc"];

/// What must not be left behind, and what to do instead. Split so that this table is not a finding.
const UNFINISHED: &[(&str, &str)] = &[
    (concat!("to", "do!"), "finish it, or leave it out"),
    (concat!("unimpl", "emented!"), "finish it, or leave it out"),
    (concat!("d", "bg!"), "take it out, or write a log line"),
    (concat!("FIX", "ME"), "mend it, or open an issue"),
    (concat!("TO", "DO"), "do it, or open an issue"),
    (concat!("X", "XX"), "say what is wrong, or mend it"),
    (concat!("#[", "ignore"), "a test runs, or does not exist"),
    (concat!("#[", "allow("), "write #[expect(…, reason = \"…\")]"),
    (concat!("#![", "allow("), "write #![expect(…, reason = \"…\")]"),
];

pub(super) fn sizes(tree: &Tree) -> Vec<Complaint> {
    let complaint = |file: &TextFile| match file.text.lines().count() {
        lines if lines > TOO_MANY_LINES => Some(Complaint::refuse(
            &file.path,
            0,
            format!("{lines} lines; at most {TOO_MANY_LINES}"),
        )),
        lines if lines > MANY_LINES => {
            Some(Complaint::warn(&file.path, format!("{lines} lines; look for the seam")))
        }
        _ => None,
    };
    tree.rust().filter_map(complaint).collect()
}

pub(super) fn opening_lines(tree: &Tree) -> Vec<Complaint> {
    let silent = |file: &&TextFile| !file.text.starts_with("//! ");
    let complaint = |file: &TextFile| {
        Complaint::refuse(
            &file.path,
            1,
            "opens with `//!` and one sentence: what is this file for?",
        )
    };
    tree.rust().filter(silent).map(complaint).collect()
}

pub(super) fn file_names(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.files() {
        let words = file.path.split(|c: char| !c.is_alphanumeric());
        if let Some(name) = words.into_iter().find(|word| EMPTY_NAMES.contains(word)) {
            complaints.push(Complaint::refuse(
                &file.path,
                0,
                format!("`{name}` says nothing: name the thing"),
            ));
        }
    }
    complaints
}

pub(super) fn unfinished(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.rust() {
        for (number, line) in file.lines() {
            for (found, instead) in UNFINISHED.iter().filter(|(found, _)| line.contains(found)) {
                complaints.push(Complaint::refuse(
                    &file.path,
                    number,
                    format!("`{found}`: {instead}"),
                ));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::{UNFINISHED, file_names, opening_lines, sizes, unfinished};
    use crate::tidy::testing::said;

    #[test]
    fn long_files_are_warned_of_and_longer_ones_refused() {
        let lines = |n: usize| "x\n".repeat(n);
        let cases = [
            (400, None),
            (401, Some("warning a.rs:0")),
            (600, Some("warning a.rs:0")),
            (601, Some("refused a.rs:0")),
        ];
        for (n, expected) in cases {
            assert_eq!(said(sizes, &[("a.rs", &lines(n))]), Vec::from_iter(expected), "{n} lines");
        }
        assert!(said(sizes, &[("a.csv", &lines(5000))]).is_empty());
    }

    #[test]
    fn a_file_that_does_not_say_what_it_is_for_is_refused() {
        let files = [
            ("a/src/lib.rs", "//! Says it.\n"),
            ("a/src/b.rs", "// Says it to nobody.\n"),
            ("a/build.rs", "fn main() {}\n"),
            ("a/tests/it/main.rs", "//!\n"),
        ];
        let refused =
            ["refused a/src/b.rs:1", "refused a/build.rs:1", "refused a/tests/it/main.rs:1"];
        assert_eq!(said(opening_lines, &files), refused);
    }

    #[test]
    fn names_that_say_nothing_are_refused() {
        let files = [
            ("a/src/utils.rs", ""),
            ("a/src/case_manager.rs", ""),
            ("a/src/misc/b.rs", ""),
            ("docs/helpers.md", ""),
            ("a/src/utility_bills.rs", ""),
        ];
        let refused = [
            "refused a/src/utils.rs:0",
            "refused a/src/case_manager.rs:0",
            "refused a/src/misc/b.rs:0",
            "refused docs/helpers.md:0",
        ];
        assert_eq!(said(file_names, &files), refused);
    }

    #[test]
    fn whatever_is_left_behind_is_refused() {
        for (left, _) in UNFINISHED {
            let text = format!("//! A file.\nfn f() {{\n    {left}\n}}\n");
            assert!(
                said(unfinished, &[("a.rs", &text)]).contains(&"refused a.rs:3".to_owned()),
                "{left}"
            );
            assert!(said(unfinished, &[("a.md", &text)]).is_empty(), "{left}");
        }
        assert!(
            said(unfinished, &[("a.rs", "#[expect(dead_code, reason = \"table\")]")]).is_empty()
        );
    }
}
