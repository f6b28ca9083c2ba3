//! Checks that text speaks of the product: no machine, no registry, no workplace.

use super::Complaint;
use super::tree::Tree;

/// Words that are refused in any text file, in whatever case, and why. Split so that this table is
/// not a finding.
const STRANGE: &[(&str, &str)] = &[
    (concat!("/wo", "rk/"), MACHINE),
    (concat!("/ro", "ot/"), MACHINE),
    (concat!("file:", "///"), MACHINE),
    (concat!("crates", ".io"), REGISTRY),
    (concat!("//docs", ".rs"), REGISTRY),
    (concat!("//lib", ".rs"), REGISTRY),
    (concat!("pypi", ".org"), REGISTRY),
    (concat!("python", "hosted.org"), REGISTRY),
    (concat!("npmjs", ".com"), REGISTRY),
    (concat!("proxy.", "golang.org"), REGISTRY),
    (concat!("docker", ".io"), REGISTRY),
    (concat!("as ", "requested"), WORKPLACE),
    (concat!("as ", "instructed"), WORKPLACE),
    (concat!("the ", "task asks"), WORKPLACE),
    (concat!("the ", "brief"), WORKPLACE),
    (concat!("our ", "sprint"), WORKPLACE),
    (concat!("co-authored", "-by"), WORKPLACE),
];

const MACHINE: &str = "a path of one machine means nothing on another";
const REGISTRY: &str = "name the package; where it is fetched from is the builder's choice";
const WORKPLACE: &str = "say why it is so; who asked for it and who wrote it stand elsewhere";

/// Written by cargo, which names its sources there.
const BY_TOOLS: &str = "Cargo.lock";

pub(super) fn strange_words(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.files().iter().filter(|file| !file.path.ends_with(BY_TOOLS)) {
        for (number, line) in file.lines() {
            let line = line.to_lowercase();
            for (word, why) in STRANGE.iter().filter(|(word, _)| line.contains(word)) {
                complaints.push(Complaint::refuse(&file.path, number, format!("`{word}`: {why}")));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::{STRANGE, strange_words};
    use crate::tidy::testing::said;

    #[test]
    fn every_strange_word_is_refused_in_any_case() {
        for (word, _) in STRANGE {
            assert_eq!(*word, word.to_lowercase(), "the table is lower case");
            let text = format!("first\nsee {} for more\n", word.to_uppercase());
            assert_eq!(
                said(strange_words, &[("docs/a.md", &text)]),
                ["refused docs/a.md:2"],
                "{word}"
            );
            assert!(said(strange_words, &[("Cargo.lock", &text)]).is_empty(), "{word}");
        }
    }

    #[test]
    fn plain_text_passes() {
        let text = "Run `cargo test`; see https://example.org/tutela and network/path.\n";
        assert!(said(strange_words, &[("README.md", text)]).is_empty());
    }
}
