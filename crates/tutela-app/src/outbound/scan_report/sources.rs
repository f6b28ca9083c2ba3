//! What was handed over: each file and folder with its size and, where it is a file, its digests.

use tutela_core::Exhibit;

use crate::jobs::scan::INSIDE;
use crate::views::{FailureView, SourceView};

/// One view for each root, in the order given.
pub(super) fn sources(roots: &[String], exhibits: &[Exhibit]) -> Vec<SourceView> {
    let mut sources: Vec<SourceView> = roots.iter().map(|root| bare(root)).collect();
    for exhibit in exhibits {
        let source = sources
            .iter_mut()
            .filter(|source| holds(&source.path, &exhibit.path))
            .max_by_key(|source| source.path.len());
        let Some(source) = source else { continue };
        source.files += 1;
        if exhibit.path == source.path {
            describe(source, exhibit);
        } else if source.mime.is_none() && !exhibit.source_key.contains(INSIDE) {
            source.size_bytes += exhibit.size_bytes;
        }
    }
    sources
}

fn bare(root: &str) -> SourceView {
    SourceView {
        path: root.to_owned(),
        mime: None,
        files: 0,
        size_bytes: 0,
        md5: None,
        sha1: None,
        sha256: None,
        error: None,
        notes: Vec::new(),
    }
}

/// Whether a path is the root, or lies in it.
fn holds(root: &str, path: &str) -> bool {
    let Some(rest) = path.strip_prefix(root) else { return false };
    rest.is_empty() || root.ends_with('/') || rest.starts_with('/') || rest.starts_with(INSIDE)
}

fn describe(source: &mut SourceView, exhibit: &Exhibit) {
    source.mime = Some(exhibit.mime.clone());
    source.size_bytes = exhibit.size_bytes;
    source.md5 = exhibit.digests.map(|digests| digests.md5.to_string());
    source.sha1 = exhibit.digests.map(|digests| digests.sha1.to_string());
    source.sha256 = exhibit.digests.map(|digests| digests.sha256.to_string());
    source.error = exhibit.failure.as_ref().map(FailureView::from);
    source.notes = exhibit.notes.iter().map(FailureView::from).collect();
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_root_holds_itself_what_lies_below_and_what_is_inside() {
        let cases = [
            ("/a", "/a", true),
            ("/a", "/a/b", true),
            ("/a/", "/a/b", true),
            ("/a.zip", "/a.zip!/b", true),
            ("/a", "/ab", false),
            ("/a/b", "/a", false),
        ];
        for (root, path, expected) in cases {
            assert_eq!(holds(root, path), expected, "{root} {path}");
        }
    }
}
