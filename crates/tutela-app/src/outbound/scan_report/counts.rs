//! Counts over the files of a scan.

use std::collections::{BTreeMap, HashMap, HashSet};

use tutela_core::{Exhibit, FindingState, Outcome};
use tutela_store::StoredFinding;

use crate::engines::media::{ListSet, MIN_QUALITY};
use crate::jobs::scan::INSIDE;
use crate::outbound::grouping;
use crate::views::{
    BucketView, CategoryCountView, CodeCountView, FindingCounts, ItemView, ListView, OutcomeCounts,
    TotalsView,
};

/// What the month of a picture is called that states none.
const UNKNOWN_MONTH: &str = "unknown";

pub(super) fn totals(exhibits: &[Exhibit], skipped: u64) -> TotalsView {
    let count =
        |wanted: &dyn Fn(&Exhibit) -> bool| exhibits.iter().filter(|e| wanted(e)).count() as u64;
    let with = |outcome: Outcome| count(&|e| e.outcome == outcome);
    let is_picture = |e: &Exhibit| e.mime.starts_with("image/");
    TotalsView {
        files: exhibits.len() as u64,
        size_bytes: exhibits.iter().map(|e| e.size_bytes).sum(),
        pictures: count(&is_picture),
        archives: opened_archives(exhibits),
        inside_archives: count(&|e| container(e).is_some()),
        outcomes: OutcomeCounts {
            known: with(Outcome::Known),
            near: with(Outcome::Near),
            known_good: with(Outcome::KnownGood),
            new: with(Outcome::New),
            failed: with(Outcome::Failed),
        },
        known_good_marks: count(&|e| !e.known_good.is_empty()),
        low_detail: count(&|e| {
            let quality = e.signals.iter().filter_map(|signal| signal.quality).max();
            quality.is_some_and(|quality| quality < MIN_QUALITY)
        }),
        exact_duplicates: grouping::exact_duplicates(exhibits),
        new_pictures: count(&|e| e.outcome == Outcome::New && is_picture(e)),
        skipped,
    }
}

/// Archives that gave at least one file.
fn opened_archives(exhibits: &[Exhibit]) -> u64 {
    exhibits.iter().filter_map(container).collect::<HashSet<_>>().len() as u64
}

/// The key of the archive that an exhibit stood in. In a key, unlike in a path, `!/` says nothing else.
fn container(exhibit: &Exhibit) -> Option<&str> {
    exhibit.source_key.rsplit_once(INSIDE).map(|(outer, _)| outer)
}

pub(super) fn lists(lists: &ListSet, items: &[ItemView]) -> Vec<ListView> {
    let mut matched: HashMap<&str, u64> = HashMap::new();
    for item in items {
        let alert = item.matches.iter().map(|m| m.list.as_str());
        let names: HashSet<&str> =
            alert.chain(item.known_good.iter().map(String::as_str)).collect();
        for name in names {
            *matched.entry(name).or_default() += 1;
        }
    }
    let view = |list: &crate::engines::media::LoadedList| ListView {
        name: list.name.clone(),
        role: list.role.as_str().to_owned(),
        format: list.format.clone(),
        source: list.info.source.clone(),
        dated: list.info.dated.map(|dated| dated.to_string()),
        scheme: list.info.scheme.clone(),
        sha256: list.sha256.to_string(),
        entries: list.entries,
        withdrawn: list.withdrawn,
        rejected: list.rejected,
        row_errors: list.row_errors.clone(),
        truncated: list.truncated,
        notes: list.notes.clone(),
        files_matched: matched.get(list.name.as_str()).copied().unwrap_or(0),
    };
    lists.lists().iter().map(view).collect()
}

/// Known and near files by category. A file counts once for each category it matches.
pub(super) fn by_category(items: &[ItemView]) -> Vec<CategoryCountView> {
    let mut counts: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for item in items {
        let mut of_file: HashMap<(&str, &str), bool> = HashMap::new();
        for matched in &item.matches {
            let scheme = matched.scheme.as_deref().unwrap_or("unstated");
            let code = matched.code.as_deref().unwrap_or("none");
            *of_file.entry((scheme, code)).or_default() |=
                !matches!(matched.method.as_str(), "pdq" | "vpdq");
        }
        for (category, exact) in of_file {
            let (known, near) = counts.entry(category).or_default();
            *if exact { known } else { near } += 1;
        }
    }
    let mut views: Vec<CategoryCountView> = counts
        .into_iter()
        .map(|((scheme, code), (known, near))| CategoryCountView {
            scheme: scheme.to_owned(),
            code: code.to_owned(),
            known,
            near,
        })
        .collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.known + view.near));
    views
}

pub(super) fn types(exhibits: &[Exhibit]) -> Vec<BucketView> {
    let mut buckets = buckets(exhibits.iter().map(|e| (e.mime.as_str(), e.size_bytes)));
    buckets.sort_by_key(|bucket| std::cmp::Reverse(bucket.files));
    buckets
}

pub(super) fn new_by_month(exhibits: &[Exhibit]) -> Vec<BucketView> {
    let new = exhibits.iter().filter(|e| e.outcome == Outcome::New && e.mime.starts_with("image/"));
    buckets(new.map(|e| {
        let taken = e.capture.taken_at.as_deref();
        // Digits sort before letters, so the unknown stand last.
        (taken.and_then(|taken| taken.get(..7)).unwrap_or(UNKNOWN_MONTH), e.size_bytes)
    }))
}

fn buckets<'a>(files: impl Iterator<Item = (&'a str, u64)>) -> Vec<BucketView> {
    let mut sums: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (name, size_bytes) in files {
        let sum = sums.entry(name).or_default();
        sum.0 += 1;
        sum.1 += size_bytes;
    }
    let bucket = |(name, (files, size_bytes)): (&str, (u64, u64))| BucketView {
        name: name.to_owned(),
        files,
        size_bytes,
    };
    sums.into_iter().map(bucket).collect()
}

/// What people have said of the findings.
pub(super) fn findings(findings: &[StoredFinding]) -> FindingCounts {
    let with = |state| findings.iter().filter(|finding| finding.state == state).count() as u64;
    FindingCounts {
        open: with(FindingState::Open),
        confirmed: with(FindingState::Confirmed),
        dismissed: with(FindingState::Dismissed),
    }
}

/// Failures by code, most first; the words are those of the first.
pub(super) fn failures(exhibits: &[Exhibit]) -> Vec<CodeCountView> {
    let mut by_code: BTreeMap<&str, CodeCountView> = BTreeMap::new();
    for (exhibit, failure) in exhibits.iter().filter_map(|e| Some((e, e.failure.as_ref()?))) {
        let count = by_code.entry(&failure.code).or_insert_with(|| CodeCountView {
            code: failure.code.clone(),
            message: failure.message.clone(),
            files: 0,
            size_bytes: 0,
        });
        count.files += 1;
        count.size_bytes += exhibit.size_bytes;
    }
    let mut views: Vec<CodeCountView> = by_code.into_values().collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.files));
    views
}
