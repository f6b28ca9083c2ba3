//! Checks that `unsafe` stands only where `docs/unsafe.md` lists it, with its safety argument.

use super::Complaint;
use super::lexer::{code_only, has_word};
use super::tree::{TextFile, Tree};

const LIST: &str = "docs/unsafe.md";
const FORBID: &str = "#![forbid(unsafe_code)]";
const DENY: &str = "#![deny(unsafe_code)]";
/// What the argument starts with, at the place it speaks of.
const ARGUMENT: &str = "SAFETY:";

pub(super) fn only_where_listed(tree: &Tree) -> Vec<Complaint> {
    let listed = listed(tree);
    let mut complaints = Vec::new();
    for (line, path) in &listed {
        match tree.get(path) {
            None => complaints.push(Complaint::refuse(
                LIST,
                *line,
                format!("lists {path}, which is not there"),
            )),
            Some(file) if !file.text.contains(ARGUMENT) => {
                complaints.push(Complaint::refuse(
                    path,
                    0,
                    format!("`unsafe` without a `{ARGUMENT}` comment"),
                ));
            }
            Some(_) => {}
        }
    }
    for file in tree.rust().filter(|file| listed.iter().all(|(_, path)| path != &file.path)) {
        let code = code_only(&file.text);
        let lines = (1..).zip(code.lines()).filter(|(_, line)| has_word(line, "unsafe"));
        complaints.extend(lines.map(|(number, _)| {
            Complaint::refuse(
                &file.path,
                number,
                format!("`unsafe` in a file that {LIST} does not list"),
            )
        }));
    }
    complaints
}

pub(super) fn crate_roots(tree: &Tree) -> Vec<Complaint> {
    let listed = listed(tree);
    let mut complaints = Vec::new();
    for file in tree.rust() {
        let Some(folder) = crate_folder(&file.path) else { continue };
        let has_unsafe = listed.iter().any(|(_, path)| path.starts_with(folder));
        let (wanted, why) = if has_unsafe {
            (DENY, format!("{LIST} lists a file of this crate"))
        } else {
            (FORBID, format!("{LIST} lists no file of this crate"))
        };
        if !file.text.lines().any(|line| line == wanted) {
            complaints.push(Complaint::refuse(&file.path, 0, format!("needs `{wanted}`: {why}")));
        }
    }
    complaints
}

/// The folder of the crate whose root a file is.
fn crate_folder(path: &str) -> Option<&str> {
    ["src/lib.rs", "src/main.rs", "benches/lib.rs"].iter().find_map(|end| {
        let folder = path.strip_suffix(end)?;
        (folder.is_empty() || folder.ends_with('/')).then_some(if *end == "benches/lib.rs" {
            "benches/"
        } else {
            folder
        })
    })
}

/// The Rust files that open a heading, table row or list item of the document, with its lines.
fn listed(tree: &Tree) -> Vec<(usize, String)> {
    let path = |line: &str| {
        let marked = line.trim_start_matches(['#', '|', '-', '*', ' ']);
        let opens = marked.len() < line.len();
        let (path, _) = marked.strip_prefix('`')?.split_once('`')?;
        (opens && path.ends_with(".rs")).then(|| path.to_owned())
    };
    let lines = tree.get(LIST).into_iter().flat_map(TextFile::lines);
    lines.filter_map(|(number, line)| Some((number, path(line)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::{crate_roots, only_where_listed};
    use crate::tidy::testing::said;

    const LISTS_SIMD: (&str, &str) =
        ("docs/unsafe.md", "# Unsafe\n\n| file |\n|---|\n| `a/src/simd.rs` | why |\n");
    const ARGUED: &str = "// SAFETY: bounds are checked above.\nunsafe { f() }\n";

    #[test]
    fn unsafe_outside_the_list_is_refused() {
        let prose = ("a/src/b.rs", "// unsafe is a word here\nconst A: &str = \"unsafe\";\n");
        assert!(
            said(only_where_listed, &[LISTS_SIMD, ("a/src/simd.rs", ARGUED), prose]).is_empty()
        );
        let stray = ("a/src/c.rs", ARGUED);
        let files = [LISTS_SIMD, ("a/src/simd.rs", ARGUED), stray];
        assert_eq!(said(only_where_listed, &files), ["refused a/src/c.rs:2"]);
        assert_eq!(said(only_where_listed, &[stray]), ["refused a/src/c.rs:2"]);
    }

    #[test]
    fn a_listed_file_must_be_there_and_argue() {
        assert_eq!(said(only_where_listed, &[LISTS_SIMD]), ["refused docs/unsafe.md:5"]);
        let silent = ("a/src/simd.rs", "unsafe { f() }\n");
        assert_eq!(said(only_where_listed, &[LISTS_SIMD, silent]), ["refused a/src/simd.rs:0"]);
    }

    #[test]
    fn a_mention_in_a_sentence_is_no_listing() {
        let mention = (
            "docs/unsafe.md",
            "The twin in `a/src/twin.rs` is safe.\n| file | `a/src/twin.rs` |\n",
        );
        assert!(said(only_where_listed, &[mention]).is_empty());
    }

    #[test]
    fn crate_roots_forbid_or_deny() {
        let root = |text: &'static str| ("a/src/lib.rs", text);
        let forbids = root("//! A.\n#![forbid(unsafe_code)]\n");
        let denies = root("//! A.\n#![deny(unsafe_code)]\n");
        assert!(said(crate_roots, &[forbids]).is_empty());
        assert!(said(crate_roots, &[LISTS_SIMD, denies]).is_empty());
        for files in [&[root("//! A.\n")][..], &[denies], &[LISTS_SIMD, forbids]] {
            assert_eq!(said(crate_roots, files), ["refused a/src/lib.rs:0"]);
        }
        assert_eq!(said(crate_roots, &[("benches/lib.rs", "")]), ["refused benches/lib.rs:0"]);
        assert!(
            said(crate_roots, &[("a/tests/it/main.rs", ""), ("a/src/mylib.rs", "")]).is_empty()
        );
    }
}
