//! Images in several files: which files beside the first belong to it, by the custom of their names.

use std::path::{Path, PathBuf};

/// The other segments of the image that begins with this file, in order. Which of them are what
/// their name says, and whether one is missing, is told by their content.
pub(crate) fn beside(first: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(stem)) = (first.parent(), first.file_stem()) else { return Vec::new() };
    if number(first) != Some(1) {
        return Vec::new();
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let same = paths.filter(|path| path.file_stem() == Some(stem));
    let mut others: Vec<(u32, PathBuf)> =
        same.filter_map(|path| Some((number(&path).filter(|n| *n > 1)?, path))).collect();
    others.sort();
    others.into_iter().map(|(_, path)| path).collect()
}

/// Whether the file is a further segment of an image whose first stands beside it.
pub(crate) fn follows_another(path: &Path) -> bool {
    let first = |ending: &str| path.with_extension(ending).is_file();
    number(path).is_some_and(|number| number > 1) && (first("E01") || first("e01"))
}

/// The place in the custom E01 … E99, EAA … EZZ, FAA … ZZZ.
fn number(path: &Path) -> Option<u32> {
    let ending = path.extension()?.to_str()?.to_ascii_uppercase();
    let [first @ b'E'..=b'Z', second, third] = ending.as_bytes() else { return None };
    let number = |digit: &u8, base: u8| u32::from(digit - base);
    match (second, third) {
        (b'0'..=b'9', b'0'..=b'9') if *first == b'E' => {
            Some(number(second, b'0') * 10 + number(third, b'0')).filter(|number| *number > 0)
        }
        (b'A'..=b'Z', b'A'..=b'Z') => {
            let letters = number(second, b'A') * 26 + number(third, b'A');
            Some(100 + number(first, b'E') * 676 + letters)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{beside, follows_another, number};

    #[test]
    fn endings_count_on_from_digits_to_letters() {
        let cases = [
            ("a.E01", Some(1)),
            ("a.e99", Some(99)),
            ("a.EAA", Some(100)),
            ("a.EZZ", Some(775)),
            ("a.FAA", Some(776)),
            ("a.E00", None),
            ("a.F01", None),
            ("a.jpg", Some(100 + 5 * 676 + 15 * 26 + 6)),
            ("a.e1", None),
            ("a", None),
        ];
        for (name, expected) in cases {
            assert_eq!(number(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn segments_stand_beside_their_first() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["d.E01", "d.E03", "d.E02", "e.E02", "d.txt", "d.E00"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let at = |name: &str| dir.path().join(name);
        assert_eq!(beside(&at("d.E01")), [at("d.E02"), at("d.E03"), at("d.txt")]);
        assert!(beside(&at("d.E02")).is_empty());
        assert!(follows_another(&at("d.E03")));
        assert!(!follows_another(&at("e.E02")) && !follows_another(&at("d.E01")));
    }
}
