//! The text files of the repository, as checks see them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Folders that builds, tools and users fill, as `.gitignore` names them.
const PASSED_OVER: &[&str] =
    &[".git", "target", "fuzz/target", "fuzz/corpus", "fuzz/artifacts", "tutela-data"];

/// All text files, by path.
pub(super) struct Tree {
    files: Vec<TextFile>,
}

/// One file that is UTF-8 text.
pub(super) struct TextFile {
    /// From the root of the repository, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl TextFile {
    /// Lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

impl Tree {
    /// Reads a checkout. Links are not followed; what is not text is passed over.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        visit(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| TextFile {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self { files: files.iter().map(file).collect() }
    }

    pub(super) fn files(&self) -> &[TextFile] {
        &self.files
    }

    pub(super) fn rust(&self) -> impl Iterator<Item = &TextFile> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    pub(super) fn get(&self, path: &str) -> Option<&TextFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

fn visit(root: &Path, folder: &str, files: &mut Vec<TextFile>) -> Result<()> {
    let at = root.join(folder);
    for entry in fs::read_dir(&at).with_context(|| format!("cannot list {}", at.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if PASSED_OVER.contains(&path.as_str()) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            visit(root, &path, files)?;
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
            files.extend(text(bytes).map(|text| TextFile { path, text }));
        }
    }
    Ok(())
}

/// The text of a file, or `None` where it is none.
fn text(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Tree, text};

    #[test]
    fn the_checkout_is_read_without_what_builds_make() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let tree = Tree::read(root).unwrap();
        assert!(tree.get("xtask/src/tidy/tree.rs").is_some());
        assert!(tree.files().iter().all(|file| !file.path.starts_with("target/")));
        assert!(tree.files().is_sorted_by(|a, b| a.path < b.path));
    }

    #[test]
    fn bytes_that_are_no_text_are_passed_over() {
        assert_eq!(text(b"caf\xc3\xa9".to_vec()).as_deref(), Some("café"));
        assert_eq!(text(vec![0xff, 0xfe]), None);
        assert_eq!(text(b"a\0b".to_vec()), None);
    }
}
