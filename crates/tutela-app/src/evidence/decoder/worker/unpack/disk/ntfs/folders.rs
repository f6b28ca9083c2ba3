//! Paths from names and the folders they stand in, as far as the folders are there.

use std::collections::HashMap;

use super::record::FileName;
use crate::evidence::decoder::limits::{MAX_FOLDER_DEPTH, MAX_PATH_BYTES};

/// Number of the root's record.
const ROOT: u64 = 5;
/// Number of `$Extend`, which holds records of the volume itself.
const EXTEND: u64 = 11;
/// Folders that are kept in memory: some hundred bytes each.
const MAX_FOLDERS: usize = 4_000_000;

/// All folders of a volume, by number of their record.
#[derive(Default)]
pub(super) struct Folders(HashMap<u64, Folder>);

struct Folder {
    sequence: u16,
    parent: u64,
    parent_sequence: u16,
    name: Box<str>,
}

impl Folders {
    pub(super) fn add(&mut self, number: u64, sequence: u16, name: &FileName) {
        if self.0.len() < MAX_FOLDERS {
            let FileName { parent, parent_sequence, name, .. } = name;
            let (parent, parent_sequence) = (*parent, *parent_sequence);
            let name = name.as_str().into();
            self.0.insert(number, Folder { sequence, parent, parent_sequence, name });
        }
    }

    /// The path of a name; `None` below the folder of the volume's own records. What stands in no
    /// folder any more is shown as such.
    pub(super) fn path(&self, volume: &str, name: &FileName) -> Option<String> {
        let mut parts = vec![name.name.as_str()];
        let (mut parent, mut sequence) = (name.parent, name.parent_sequence);
        let mut bytes = name.name.len();
        while parent != ROOT {
            if parent == EXTEND {
                return None;
            }
            // A folder that was deleted and made anew has another sequence number.
            let folder = self.0.get(&parent).filter(|folder| folder.sequence == sequence);
            let deep = parts.len() > MAX_FOLDER_DEPTH as usize || bytes > MAX_PATH_BYTES;
            let Some(folder) = folder.filter(|_| !deep) else {
                parts.push("(no folder)");
                break;
            };
            parts.push(&folder.name);
            bytes += folder.name.len();
            (parent, sequence) = (folder.parent, folder.parent_sequence);
        }
        parts.push(volume);
        parts.reverse();
        Some(parts.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::FileName;
    use super::Folders;

    fn name(parent: u64, name: &str) -> FileName {
        FileName { parent, parent_sequence: 1, name: name.to_owned(), is_short: false }
    }

    #[test]
    fn paths_follow_folders_that_are_there_and_end_in_loops() {
        let mut folders = Folders::default();
        folders.add(40, 1, &name(5, "Users"));
        folders.add(41, 1, &name(40, "anna"));
        folders.add(42, 2, &name(40, "renewed"));
        folders.add(50, 1, &name(51, "a"));
        folders.add(51, 1, &name(50, "b"));
        let path = |parent| folders.path("ntfs", &name(parent, "x.jpg"));
        assert_eq!(path(41).as_deref(), Some("ntfs/Users/anna/x.jpg"));
        assert_eq!(path(5).as_deref(), Some("ntfs/x.jpg"));
        assert_eq!(path(42).as_deref(), Some("ntfs/(no folder)/x.jpg"));
        assert_eq!(path(99).as_deref(), Some("ntfs/(no folder)/x.jpg"));
        assert_eq!(path(11), None);
        assert!(path(50).unwrap().starts_with("ntfs/(no folder)/"));
    }
}
