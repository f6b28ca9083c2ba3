//! The order of a first look: what most likely gives a result, and soonest, comes first.

use std::cmp::Reverse;

use tutela_core::Timestamp;

use crate::engines::media::ListSet;
use crate::intake::named::{NamedKind, is_in_peoples_folder};
use crate::intake::walk::FoundFile;

/// A file larger than this takes seconds to read: it waits even where its size is a known one.
const QUICK_BYTES: u64 = 64 * 1024 * 1024;

/// What comes when, first to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Its size is that of an entry of a list, and it is quick to read.
    KnownSize,
    /// A picture or film by its name, where people keep such; the latest first.
    InPeoplesFolder(Reverse<Option<Timestamp>>),
    /// A picture or film by its name anywhere else; the latest first.
    Media(Reverse<Option<Timestamp>>),
    /// Everything else, in the order of the walk.
    Rest,
}

/// Puts files into the order of a first look. All of them stay: only the order changes.
pub(super) fn order(files: &mut [&FoundFile], lists: &ListSet) {
    files.sort_by_cached_key(|file| turn(file, lists));
}

fn turn(file: &FoundFile, lists: &ListSet) -> Turn {
    // The empty file stands in many lists by mistake, and on every device.
    if (1..=QUICK_BYTES).contains(&file.size_bytes) && lists.has_size(file.size_bytes) {
        return Turn::KnownSize;
    }
    match NamedKind::of(&file.path) {
        NamedKind::Picture | NamedKind::Film if is_in_peoples_folder(&file.real) => {
            Turn::InPeoplesFolder(Reverse(file.modified_at))
        }
        NamedKind::Picture | NamedKind::Film => Turn::Media(Reverse(file.modified_at)),
        NamedKind::Container | NamedKind::Other => Turn::Rest,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tutela_core::{ListEntry, ListRole, Md5, Timestamp};

    use super::{QUICK_BYTES, order};
    use crate::engines::media::{ListSetBuilder, LoadedList};
    use crate::intake::walk::FoundFile;

    #[test]
    fn known_sizes_then_peoples_pictures_then_the_rest() {
        let mut builder = ListSetBuilder::default();
        for size_bytes in [0, 77, QUICK_BYTES + 1] {
            let md5 = Some(Md5([1; 16]));
            builder.add(ListEntry {
                row: 1,
                md5,
                size_bytes: Some(size_bytes),
                ..ListEntry::default()
            });
        }
        builder.finish_list(LoadedList::named("alert", ListRole::Alert));
        builder.add(ListEntry {
            row: 1,
            md5: Some(Md5([2; 16])),
            size_bytes: Some(5),
            ..ListEntry::default()
        });
        builder.finish_list(LoadedList::named("good", ListRole::KnownGood));
        let lists = builder.build();

        let file = |path: &str, size_bytes, second| FoundFile {
            path: PathBuf::from(path),
            real: PathBuf::from(path),
            size_bytes,
            modified_at: Timestamp::from_second(second).ok(),
        };
        let files = [
            file("a/big.bin", QUICK_BYTES + 1, 9),
            file("a/logo.png", 3, 9),
            file("DCIM/old.jpg", 3, 1),
            file("DCIM/new.mp4", 3, 2),
            file("a/good.txt", 5, 9),
            file("z/same-size.dat", 77, 1),
            file("z/empty", 0, 1),
        ];
        let mut ordered: Vec<&FoundFile> = files.iter().collect();
        order(&mut ordered, &lists);
        let names: Vec<_> = ordered.iter().map(|file| file.path.to_str().unwrap()).collect();
        assert_eq!(
            names,
            [
                "z/same-size.dat",
                "DCIM/new.mp4",
                "DCIM/old.jpg",
                "a/logo.png",
                "a/big.bin",
                "a/good.txt",
                "z/empty"
            ]
        );
    }
}
