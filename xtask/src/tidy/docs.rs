//! Checks that every document can be found from the front door.

use super::Complaint;
use super::tree::Tree;

/// Where a reader starts. The map must exist; the welcome may still be missing.
const MAP: &str = "ARCHITECTURE.md";
const WELCOME: &str = "README.md";

pub(super) fn linked(tree: &Tree) -> Vec<Complaint> {
    let Some(map) = tree.get(MAP) else {
        return vec![Complaint::refuse(MAP, 0, "is missing")];
    };
    let welcome = tree.get(WELCOME).map_or("", |file| &file.text);
    let is_document = |path: &str| {
        path.strip_prefix("docs/").is_some_and(|n| n.ends_with(".md") && !n.contains('/'))
    };
    let mut complaints = Vec::new();
    for file in tree.files().iter().filter(|file| is_document(&file.path)) {
        let link = format!("]({}", file.path);
        if !map.text.contains(&link) && !welcome.contains(&link) {
            let message = format!("is linked from neither {WELCOME} nor {MAP}");
            complaints.push(Complaint::refuse(&file.path, 0, message));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::linked;
    use crate::tidy::testing::said;

    #[test]
    fn a_document_nobody_links_is_refused() {
        let map = ("ARCHITECTURE.md", "See [words](docs/concepts.md).");
        let documents =
            [("docs/concepts.md", ""), ("docs/unsafe.md", ""), ("docs/adr/0001-a.md", "")];
        let files = [map, documents[0], documents[1], documents[2]];
        assert_eq!(said(linked, &files), ["refused docs/unsafe.md:0"]);
        let welcome = ("README.md", "[unsafe](docs/unsafe.md#files)");
        assert!(said(linked, &[map, welcome, documents[0], documents[1]]).is_empty());
        assert_eq!(said(linked, &[welcome]), ["refused ARCHITECTURE.md:0"]);
    }
}
