//! Walks files and folders in a fixed order, follows no link, opens nothing, and names what it passes over.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tutela_core::{Failure, Timestamp};

/// A regular file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// Where it was found, spelled as the root was.
    pub path: PathBuf,
    /// The same without links and dots: the same file whatever folder the program was started in.
    pub real: PathBuf,
    /// Size when it was found.
    pub size_bytes: u64,
    /// When it was last changed, as the file system says.
    pub modified_at: Option<Timestamp>,
}

impl FoundFile {
    fn new(path: PathBuf, real: PathBuf, metadata: &Metadata) -> Self {
        let modified_at = metadata.modified().ok().and_then(timestamp);
        Self { path, real, size_bytes: metadata.len(), modified_at }
    }
}

/// A path that is not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// The path.
    pub path: PathBuf,
    /// Stable code and plain words.
    pub reason: Failure,
}

/// Everything below the given paths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walk {
    /// Files in the order they are worked on: roots as given, names in byte order.
    pub files: Vec<FoundFile>,
    /// What was passed over, in the order it was met.
    pub passed_over: Vec<PassedOver>,
}

impl Walk {
    /// Bytes of all files.
    pub fn size_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size_bytes).sum()
    }
}

/// Lists everything below `roots`. A root may itself be a link; inside, links are passed over, so
/// that no loop is entered. What two roots share is read once.
pub fn walk(roots: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    let mut done: HashSet<PathBuf> = HashSet::new();
    for root in roots {
        let found = fs::metadata(root).and_then(|m| Ok((m, fs::canonicalize(root)?)));
        let (metadata, real) = match found {
            Ok(found) => found,
            Err(error) => {
                walk.pass_over(root, "intake.unreadable_path", &read_error(&error));
                continue;
            }
        };
        let seen = |real: &Path| real.ancestors().any(|above| done.contains(above));
        if seen(&real) {
            continue;
        }
        let from = walk.files.len();
        walk.visit(root.clone(), &real, &metadata);
        let later = walk.files.split_off(from);
        walk.files.extend(later.into_iter().filter(|file| !seen(&file.real)));
        done.insert(real);
    }
    walk
}

impl Walk {
    fn visit(&mut self, path: PathBuf, real: &Path, metadata: &Metadata) {
        if !metadata.is_dir() {
            return self.take(path, real.to_owned(), metadata);
        }
        let root = path.clone();
        // A stack of folders instead of recursion: depth is the file system's to choose.
        let mut folders = vec![path];
        while let Some(folder) = folders.pop() {
            let mut inner = Vec::new();
            for path in self.entries(&folder) {
                match fs::symlink_metadata(&path) {
                    Err(error) => {
                        self.pass_over(&path, "intake.unreadable_path", &read_error(&error))
                    }
                    Ok(metadata) if metadata.is_dir() => inner.push(path),
                    Ok(metadata) => {
                        let real =
                            path.strip_prefix(&root).map_or(path.clone(), |rest| real.join(rest));
                        self.take(path, real, &metadata);
                    }
                }
            }
            folders.extend(inner.into_iter().rev());
        }
    }

    /// Names of one folder in byte order; what cannot be listed is passed over by name.
    fn entries(&mut self, folder: &Path) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        match fs::read_dir(folder) {
            Err(error) => self.pass_over(folder, "intake.unreadable_folder", &read_error(&error)),
            Ok(entries) => {
                for entry in entries {
                    match entry {
                        Ok(entry) => paths.push(entry.path()),
                        Err(error) => {
                            self.pass_over(folder, "intake.unreadable_folder", &read_error(&error));
                            break;
                        }
                    }
                }
            }
        }
        paths.sort();
        paths
    }

    fn take(&mut self, path: PathBuf, real: PathBuf, metadata: &Metadata) {
        let kind = metadata.file_type();
        if kind.is_file() {
            self.files.push(FoundFile::new(path, real, metadata));
        } else if kind.is_symlink() {
            self.pass_over(&path, "intake.link", "a symbolic link; links are not followed");
        } else {
            self.pass_over(&path, "intake.not_a_file", "a pipe, socket or device, not a file");
        }
    }

    fn pass_over(&mut self, path: &Path, code: &str, message: &str) {
        self.passed_over.push(PassedOver {
            path: path.to_owned(),
            reason: Failure { code: code.to_owned(), message: message.to_owned() },
        });
    }
}

/// What the system says, without the path (which stands beside it).
pub(crate) fn read_error(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        kind => format!("cannot be read: {kind}"),
    }
}

/// The path as text that loses nothing: bytes that are no UTF-8 print as `\xNN`.
pub fn path_text(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().utf8_chunks().fold(String::new(), |mut text, chunk| {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
        text
    })
}

/// The path as a key: no two paths give the same, and `|` and `!` stand for themselves nowhere in
/// it, so that what is joined to a key with them can be told from it.
pub(crate) fn path_key(path: &Path) -> String {
    let mut key = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for letter in chunk.valid().chars() {
            if matches!(letter, '\\' | '|' | '!') {
                key.push('\\');
            }
            key.push(letter);
        }
        for byte in chunk.invalid() {
            key.push_str(&format!("\\x{byte:02x}"));
        }
    }
    key
}

fn timestamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}

/// The path of a file from the scanned folder on, that folder's own name first.
pub(crate) fn relative_to(roots: &[String], path: &str) -> String {
    let below = |root: &String| {
        let rest = path.strip_prefix(root.as_str())?;
        let name = root.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let inside = rest.is_empty() || rest.starts_with('/') || root.ends_with('/');
        let joined = format!("{name}/{}", rest.trim_start_matches('/'));
        inside.then(|| joined.trim_matches('/').to_owned())
    };
    // A file in an archive that was given itself: what follows its name leads inside.
    let inside =
        |root: &String| path.strip_prefix(root.as_str()).filter(|rest| rest.starts_with("!/"));
    let found = roots.iter().find_map(below);
    found.unwrap_or_else(|| match roots.iter().find_map(inside) {
        Some(rest) => rest.trim_start_matches("!/").to_owned(),
        None => path.trim_start_matches('/').to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use super::{path_key, path_text, walk};

    #[test]
    fn order_is_fixed_and_links_and_pipes_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("b/deep")).unwrap();
        for name in ["b/deep/z.txt", "b/a.txt", "c.txt", "a.txt"] {
            fs::write(at(name), name).unwrap();
        }
        symlink(dir.path(), at("b/loop")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), rustix::fs::Mode::RUSR).unwrap();

        let found =
            walk(&[at("b/deep"), dir.path().to_owned(), at("c.txt"), at("c.txt"), at("gone")]);

        let names = |paths: Vec<&PathBuf>| -> Vec<String> {
            paths.iter().map(|p| path_text(p.strip_prefix(dir.path()).unwrap())).collect()
        };
        assert_eq!(
            names(found.files.iter().map(|f| &f.path).collect()),
            ["b/deep/z.txt", "a.txt", "c.txt", "b/a.txt"]
        );
        assert_eq!(
            names(found.passed_over.iter().map(|p| &p.path).collect()),
            ["pipe", "b/loop", "gone"]
        );
        let codes: Vec<&str> = found.passed_over.iter().map(|p| p.reason.code.as_str()).collect();
        assert_eq!(codes, ["intake.not_a_file", "intake.link", "intake.unreadable_path"]);
    }

    #[test]
    fn paths_that_are_no_utf8_print_without_loss() {
        use std::os::unix::ffi::OsStrExt;
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(b"a\xff/\xc3\xa8"));
        assert_eq!(path_text(path), "a\\xff/è");
        assert_eq!(path_key(path), "a\\xff/è");
        assert_eq!(path_key(std::path::Path::new("a\\xff|!")), "a\\\\xff\\|\\!");
    }
}
