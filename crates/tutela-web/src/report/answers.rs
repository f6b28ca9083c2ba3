//! The first page: what was examined, with what, how sure, what was found, what was not looked at.

use std::collections::HashSet;

use tutela_app::views::{
    CategoryCountView, CodeCountView, ImageView, ItemView, ListView, ScanReport, SourceView,
};

use crate::show::hostile::middle_cut;

/// Lines of each table on the first page: more would push the answers off it. The rest stands in
/// the sections behind, and the page says how much that is.
const MAX_SOURCES: usize = 4;
const MAX_IMAGES: usize = 4;
const MAX_LISTS: usize = 4;
const MAX_CATEGORIES: usize = 6;
const MAX_REASONS: usize = 5;
/// Characters of a path or name on the first page.
const MAX_NAME_CHARS: usize = 90;

/// What the first page says beyond the totals of the report.
#[derive(Debug)]
pub(super) struct Answers<'a> {
    /// What was handed over, with a path short enough for the page.
    pub(super) sources: Vec<(&'a SourceView, String)>,
    /// How many more.
    pub(super) more_sources: usize,
    /// Images of disks, with a path short enough for the page.
    pub(super) images: Vec<(&'a ImageView, String)>,
    /// How many more.
    pub(super) more_images: usize,
    /// Lists, with the last part of their name.
    pub(super) lists: Vec<(&'a ListView, String)>,
    /// How many more.
    pub(super) more_lists: usize,
    /// Known files by the strongest digest that says so: SHA-256, SHA-1, MD5.
    pub(super) known_by: [u64; 3],
    /// Least and greatest distance of the near files, in bits.
    pub(super) near_bits: Option<(u16, u16)>,
    /// Categories, most files first.
    pub(super) categories: &'a [CategoryCountView],
    /// How many more.
    pub(super) more_categories: usize,
    /// Pictures whose embedded thumbnail shows something else.
    pub(super) thumbnails_differ: u64,
    /// Files that say that a program generated them.
    pub(super) generated: u64,
    /// Files whose statements about their making contradict each other.
    pub(super) conflicts: u64,
    /// Files of which people who looked have said how they were made.
    pub(super) people_said: u64,
    /// New files tied to earlier scans: by the same bytes, near, by device; once for each scan.
    pub(super) earlier: [u64; 3],
    /// Files that examiners have categorised.
    pub(super) categorised: u64,
    /// Reasons why something could not be read, most files first.
    pub(super) reasons: &'a [CodeCountView],
    /// All other reasons: how many, files and bytes.
    pub(super) other_reasons: (usize, u64, u64),
}

impl<'a> Answers<'a> {
    /// Gathers them.
    pub(super) fn new(report: &'a ScanReport, items: &[ItemView]) -> Self {
        let (sources, more_sources) = cut(&report.sources, MAX_SOURCES);
        let (images, more_images) = cut(&report.images, MAX_IMAGES);
        let (lists, more_lists) = cut(&report.lists, MAX_LISTS);
        let (categories, more_categories) = cut(&report.known_by_category, MAX_CATEGORIES);
        let (reasons, _) = cut(&report.failures, MAX_REASONS);
        let others = report.failures.get(reasons.len()..).unwrap_or_default();
        Self {
            sources: sources.iter().map(|one| (one, short(&one.path))).collect(),
            more_sources,
            images: images.iter().map(|one| (one, short(&one.path))).collect(),
            more_images,
            lists: lists.iter().map(|one| (one, short(last_name(&one.name)))).collect(),
            more_lists,
            known_by: known_by(items),
            near_bits: near_bits(items),
            categories,
            more_categories,
            thumbnails_differ: claimed(items, "thumbnail_differs"),
            generated: files(items, |item| {
                item.provenance.iter().any(|said| said.origin == "generated")
            }),
            conflicts: claimed(items, "provenance_conflict"),
            people_said: files(items, |item| item.creation_mode.is_some()),
            earlier: [
                report.earlier.iter().map(|scan| scan.same_bytes).sum(),
                report.earlier.iter().map(|scan| scan.near).sum(),
                report.earlier.iter().map(|scan| scan.same_device).sum(),
            ],
            categorised: files(items, |item| !item.categories.is_empty()),
            reasons,
            other_reasons: (
                others.len(),
                others.iter().map(|one| one.files).sum(),
                others.iter().map(|one| one.size_bytes).sum(),
            ),
        }
    }
}

fn cut<T>(list: &[T], most: usize) -> (&[T], usize) {
    // One more line costs no more than a line that says "1 more".
    let shown = if list.len() <= most + 1 { list.len() } else { most };
    let (shown, others) = list.split_at(shown);
    (shown, others.len())
}

fn short(name: &str) -> String {
    middle_cut(name, MAX_NAME_CHARS)
}

fn last_name(path: &str) -> &str {
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(path)
}

fn files(items: &[ItemView], wanted: impl Fn(&ItemView) -> bool) -> u64 {
    items.iter().filter(|item| wanted(item)).count() as u64
}

fn claimed(items: &[ItemView], claim: &str) -> u64 {
    files(items, |item| item.other_findings.iter().any(|finding| finding.claim == claim))
}

fn known_by(items: &[ItemView]) -> [u64; 3] {
    let mut counts = [0; 3];
    for item in items.iter().filter(|item| item.outcome == "known") {
        let methods: HashSet<&str> = item.matches.iter().map(|one| one.method.as_str()).collect();
        let strongest = ["sha256", "sha1", "md5"].iter().position(|kind| methods.contains(kind));
        if let Some(count) = strongest.and_then(|kind| counts.get_mut(kind)) {
            *count += 1;
        }
    }
    counts
}

/// Of each near file, the distance of its best match counts.
fn near_bits(items: &[ItemView]) -> Option<(u16, u16)> {
    let best = |item: &ItemView| {
        let pdq = item.matches.iter().filter(|found| found.method == "pdq");
        pdq.map(|found| found.distance).min()
    };
    let near = || items.iter().filter(|item| item.outcome == "near").filter_map(best);
    Some((near().min()?, near().max()?))
}

#[cfg(test)]
mod tests {
    use super::{Answers, cut, last_name};
    use crate::report::samples::samples;

    #[test]
    fn a_line_is_never_spent_on_saying_that_one_is_left_out() {
        assert_eq!(cut(&[1, 2, 3], 2), (&[1, 2, 3][..], 0));
        assert_eq!(cut(&[1, 2, 3, 4], 2), (&[1, 2][..], 2));
        assert_eq!(cut(&[0_u8; 0], 2), (&[][..], 0));
    }

    #[test]
    fn known_files_count_once_under_their_strongest_digest() {
        let (report, items) = samples();
        let answers = Answers::new(&report, &items);
        assert_eq!(answers.known_by.iter().sum::<u64>(), report.totals.outcomes.known);
        assert_eq!(answers.known_by, [4, 0, 19]);
        assert_eq!(answers.near_bits, Some((2, 26)));
    }

    #[test]
    fn a_list_is_named_by_its_file() {
        assert_eq!(last_name("/a/list.csv"), "list.csv");
        assert_eq!(last_name("bank"), "bank");
        assert_eq!(last_name("/"), "/");
    }
}
