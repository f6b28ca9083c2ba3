//! What the name of a file says it is: for the order of work and for what was not opened. Never a result.

use std::path::Path;

/// What a name promises; the content may be something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedKind {
    /// A still or animated picture.
    Picture,
    /// A film.
    Film,
    /// Something that holds other files.
    Container,
    /// Everything else.
    Other,
}

/// Endings in lower case.
const PICTURES: &[&str] = &[
    "arw", "avif", "bmp", "cr2", "cr3", "dng", "gif", "heic", "heif", "jfif", "jpe", "jpeg", "jpg",
    "nef", "orf", "png", "rw2", "tif", "tiff", "webp",
];
const FILMS: &[&str] = &[
    "3gp", "avi", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "ogv", "webm",
    "wmv",
];
const CONTAINERS: &[&str] = &[
    "7z", "ab", "aff4", "bz2", "dd", "dmg", "e01", "gz", "img", "iso", "rar", "raw", "tar", "tgz",
    "ufdr", "vhd", "vhdx", "vmdk", "xz", "zip",
];

/// Folders that people and their devices put pictures and films into, in lower case: English, as phones,
/// Windows and macOS name them on the disk, and Italian, as Linux does.
const PEOPLES_FOLDERS: &[&str] = &[
    "camera",
    "camera roll",
    "dcim",
    "desktop",
    "documenti",
    "documents",
    "download",
    "downloads",
    "home",
    "immagini",
    "movies",
    "my pictures",
    "pictures",
    "scaricati",
    "screenshots",
    "scrivania",
    "users",
    "video",
    "videos",
];

impl NamedKind {
    /// What the name of a path says.
    pub fn of(path: &Path) -> Self {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let Some(ending) = ending.as_deref() else { return Self::Other };
        if PICTURES.contains(&ending) {
            Self::Picture
        } else if FILMS.contains(&ending) {
            Self::Film
        } else if CONTAINERS.contains(&ending) {
            Self::Container
        } else {
            Self::Other
        }
    }

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Film => "film",
            Self::Container => "container",
            Self::Other => "other",
        }
    }
}

/// Whether a path leads through a folder that people keep pictures in.
pub(crate) fn is_in_peoples_folder(path: &Path) -> bool {
    path.parent().is_some_and(|folder| {
        folder.components().any(|component| {
            let name = component.as_os_str().to_string_lossy().to_lowercase();
            PEOPLES_FOLDERS.contains(&name.as_str())
        })
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{CONTAINERS, FILMS, NamedKind, PEOPLES_FOLDERS, PICTURES, is_in_peoples_folder};

    #[test]
    fn names_are_told_whatever_their_case() {
        let kind = |name: &str| NamedKind::of(Path::new(name));
        assert_eq!(kind("a/IMG_1.JPG"), NamedKind::Picture);
        assert_eq!(kind("a.b/film.Mp4"), NamedKind::Film);
        assert_eq!(kind("disk.E01"), NamedKind::Container);
        assert_eq!([kind("jpg"), kind("a.jpg/b"), kind("a.txt")], [NamedKind::Other; 3]);
        assert!(is_in_peoples_folder(Path::new("/mnt/Users/x/a.jpg")));
        assert!(is_in_peoples_folder(Path::new("phone/DCIM/100/a.jpg")));
        assert!(!is_in_peoples_folder(Path::new("windows/web/pictures")));
    }

    #[test]
    fn tables_are_sorted_and_in_lower_case() {
        for table in [PICTURES, FILMS, CONTAINERS, PEOPLES_FOLDERS] {
            assert!(table.is_sorted() && table.iter().all(|name| *name == name.to_lowercase()));
        }
    }
}
