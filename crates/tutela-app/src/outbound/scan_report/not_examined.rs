//! What a stopped scan did not look at, by count and bytes.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use tutela_core::Exhibit;

use crate::intake::named::NamedKind;
use crate::intake::walk::{FoundFile, path_text};
use crate::jobs::scan::{StopReason, file_key};
use crate::sentences::{STOPPED_BY_A_PERSON, STOPPED_BY_BUDGET, Said};
use crate::views::{BucketView, NotExaminedView};

/// The files of the walk that have no record; `None` where all of them have one.
pub(super) fn view(
    files: &[FoundFile],
    exhibits: &[Exhibit],
    reason: StopReason,
) -> Option<NotExaminedView> {
    let done: HashSet<&str> = exhibits.iter().map(|e| e.source_key.as_str()).collect();
    let missed: Vec<_> =
        files.iter().filter(|file| !done.contains(file_key(file).as_str())).collect();
    if missed.is_empty() {
        return None;
    }
    let of = |file: &FoundFile| NamedKind::of(&file.path).as_str().to_owned();
    let mut by_kind = sums(missed.iter().map(|file| (of(file), file.size_bytes)));
    by_kind.sort_by(|a, b| (b.size_bytes, &a.name).cmp(&(a.size_bytes, &b.name)));
    let folder = |file: &FoundFile| path_text(file.path.parent().unwrap_or(Path::new("")));
    let mut by_folder = sums(missed.iter().map(|file| (folder(file), file.size_bytes)));
    by_folder.sort_by(|a, b| (b.files, &a.name).cmp(&(a.files, &b.name)));
    let folders = by_folder.len() as u64;
    by_folder.truncate(NotExaminedView::MAX_FOLDERS);
    Some(NotExaminedView {
        reason: reason.as_str().to_owned(),
        files: missed.len() as u64,
        size_bytes: missed.iter().map(|file| file.size_bytes).sum(),
        by_kind,
        by_folder,
        folders,
    })
}

/// The same as a remark of the report.
pub(super) fn sentence(missed: &NotExaminedView) -> Said {
    let sentence = if missed.reason == StopReason::Budget.as_str() {
        &STOPPED_BY_BUDGET
    } else {
        &STOPPED_BY_A_PERSON
    };
    sentence.say([("n", missed.files.to_string()), ("bytes", missed.size_bytes.to_string())])
}

fn sums(files: impl Iterator<Item = (String, u64)>) -> Vec<BucketView> {
    let mut sums: HashMap<String, (u64, u64)> = HashMap::new();
    for (name, size_bytes) in files {
        let sum = sums.entry(name).or_default();
        sum.0 += 1;
        sum.1 += size_bytes;
    }
    let bucket = |(name, (files, size_bytes))| BucketView { name, files, size_bytes };
    sums.into_iter().map(bucket).collect()
}
