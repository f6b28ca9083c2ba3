//! A scan that never was: generated names and digests, big enough to look like a real one.

mod contents;
mod provenance;
mod unknown;

use tutela_app::outbound::scan_report::documented_limits;
use tutela_app::sentences::{
    CHART_DECODES, DIGEST_FOUND, FOUND, LIST_CUT_OFF, NEVER_EXAMINED, OPEN_REFUSED, PDQ_FOUND,
    REFUSED, ROW_FOUND, Said, UNCONFIRMED,
};
use tutela_app::views::{
    BucketView, CategoryCountView, CheckView, ClusterView, CodeCountView, DeviceView,
    FindingCounts, ImageView, ItemView, LedgerView, LimitView, ListView, OutcomeCounts,
    ProtectionView, ScanReport, ScanView, SelfTestView, SkippedView, SourceView, TotalsView,
};

use super::findings::device;
use crate::words::EN;

#[cfg(test)]
pub(super) use contents::{items, raised};

/// A report and its items, generated: no picture, list, person or case stands behind any of it.
pub fn samples() -> (ScanReport, Vec<ItemView>) {
    let mut items = contents::items();
    unknown::categorise(&mut items);
    (report(&items), items)
}

fn report(items: &[ItemView]) -> ScanReport {
    let clusters = clusters(items);
    let totals = totals(items);
    ScanReport {
        schema: ScanReport::SCHEMA,
        scan: ScanView {
            id: "01960000-5ca0-7000-8000-00000000a117".to_owned(),
            case: Some("01960000-ca5e-7000-8000-000000000042".to_owned()),
            case_title: Some("Example case 17/2026".to_owned()),
            state: "finished".to_owned(),
            started_at: "2026-03-04T09:12:33.120Z".to_owned(),
            finished_at: "2026-03-04T09:14:51.870Z".to_owned(),
            elapsed_ms: 138_750,
            first_finding_ms: Some(2_310),
            first_look: true,
            budget_ms: None,
            resumed: 1,
            operator: "01960000-0b0e-7000-8000-000000000007".to_owned(),
            operator_name: Some("A. Example".to_owned()),
            tool: "tutela 0.1.0".to_owned(),
            roots: vec!["/mnt/exhibit-07".to_owned(), "/mnt/exhibit-08/card".to_owned()],
            distance: 31,
            threads: 8,
        },
        sources: sources(),
        images: images(),
        totals,
        findings: FindingCounts { open: 32, confirmed: 3, dismissed: 1 },
        lists: lists(),
        known_by_category: categories(items),
        types: types(items),
        new_by_month: months(items),
        failures: failures(items),
        skipped: skipped(),
        not_examined: None,
        devices: devices(items),
        groups: unknown::groups(&clusters),
        earlier: unknown::earlier(),
        clusters,
        self_test: self_test(),
        limits: limits(),
        protection: ProtectionView {
            level: "full".to_owned(),
            landlock_abi: Some(6),
            seccomp: true,
            rlimits: true,
            no_new_privs: true,
        },
        provenance: provenance::provenance(items),
        ledger: ledger(),
        remarks: vec![
            UNCONFIRMED.say([]),
            NEVER_EXAMINED.say([]),
            LIST_CUT_OFF.say([("list", "partner-signals.csv".to_owned()), ("n", "3".to_owned())]),
        ],
        thumbnails: Vec::new(),
    }
}

fn count(items: &[ItemView], wanted: impl Fn(&ItemView) -> bool) -> u64 {
    items.iter().filter(|item| wanted(item)).count() as u64
}

fn totals(items: &[ItemView]) -> TotalsView {
    let outcome = |name: &str| count(items, |item| item.outcome == name);
    TotalsView {
        files: items.len() as u64,
        size_bytes: items.iter().map(|item| item.size_bytes).sum(),
        pictures: count(items, |item| item.width.is_some()),
        archives: 2,
        inside_archives: count(items, |item| item.path.contains("!/")),
        outcomes: OutcomeCounts {
            known: outcome("known"),
            near: outcome("near"),
            known_good: outcome("known_good"),
            new: outcome("new"),
            failed: outcome("failed"),
        },
        known_good_marks: count(items, |item| !item.known_good.is_empty()),
        low_detail: 14,
        exact_duplicates: 37,
        new_pictures: count(items, |item| item.outcome == "new" && item.width.is_some()),
        skipped: skipped().len() as u64,
    }
}

fn clusters(items: &[ItemView]) -> Vec<ClusterView> {
    let last = items.iter().filter_map(|item| item.cluster).max().unwrap_or(0);
    let cluster = |rank: u64| {
        let members: Vec<&ItemView> =
            items.iter().filter(|item| item.cluster == Some(rank)).collect();
        let mut devices: Vec<String> = members.iter().filter_map(|item| device_of(item)).collect();
        devices.sort();
        devices.dedup();
        let mut taken: Vec<&String> = members.iter().filter_map(|item| taken_at(item)).collect();
        taken.sort();
        let first = members.first().and_then(|item| item.signals.first());
        ClusterView {
            rank,
            files: members.len() as u64,
            distinct: (members.len() as u64 - rank % 3).max(1),
            size_bytes: members.iter().map(|item| item.size_bytes).sum(),
            signal: first.map(|signal| signal.value.clone()).unwrap_or_default(),
            max_distance: 4 + u16::try_from(rank * 7 % 24).unwrap_or_default(),
            min_quality: 97,
            dimensions: vec!["4000×3000".to_owned(), "1600×1200".to_owned()],
            devices,
            first_taken: taken.first().map(|time| (*time).clone()),
            last_taken: taken.last().map(|time| (*time).clone()),
            items: members.iter().map(|item| item.index).collect(),
        }
    };
    (1..=last).map(cluster).collect()
}

fn device_of(item: &ItemView) -> Option<String> {
    item.capture.as_ref().and_then(|capture| device(capture, &EN))
}

fn taken_at(item: &ItemView) -> Option<&String> {
    item.capture.as_ref().and_then(|capture| capture.taken_at.as_ref())
}

/// Names with how often they occur, most first.
fn tally(names: impl Iterator<Item = (String, u64)>) -> Vec<BucketView> {
    let mut buckets: Vec<BucketView> = Vec::new();
    for (name, size_bytes) in names {
        match buckets.iter_mut().find(|bucket| bucket.name == name) {
            Some(bucket) => {
                bucket.files += 1;
                bucket.size_bytes += size_bytes;
            }
            None => buckets.push(BucketView { name, files: 1, size_bytes }),
        }
    }
    buckets.sort_by_key(|bucket| std::cmp::Reverse(bucket.files));
    buckets
}

fn types(items: &[ItemView]) -> Vec<BucketView> {
    tally(items.iter().map(|item| (item.mime.clone(), item.size_bytes)))
}

fn months(items: &[ItemView]) -> Vec<BucketView> {
    let new = items.iter().filter(|item| item.outcome == "new" && item.width.is_some());
    let month = |item: &ItemView| {
        let month = taken_at(item).and_then(|time| time.get(..7)).unwrap_or("unknown");
        (month.to_owned(), item.size_bytes)
    };
    let mut months = tally(new.map(month));
    months.sort_by(|a, b| a.name.cmp(&b.name));
    months
}

fn categories(items: &[ItemView]) -> Vec<CategoryCountView> {
    let mut categories: Vec<CategoryCountView> = Vec::new();
    for item in items {
        let Some(found) = item.matches.first() else { continue };
        let scheme = found.scheme.clone().unwrap_or_else(|| "unstated".to_owned());
        let code = found.code.clone().unwrap_or_else(|| "none".to_owned());
        let at = categories.iter().position(|one| one.scheme == scheme && one.code == code);
        if at.is_none() {
            categories.push(CategoryCountView { scheme, code, known: 0, near: 0 });
        }
        let place = at.unwrap_or(categories.len() - 1);
        if let Some(category) = categories.get_mut(place) {
            category.known += u64::from(item.outcome == "known");
            category.near += u64::from(item.outcome == "near");
        }
    }
    categories.sort_by_key(|one| std::cmp::Reverse(one.known + one.near));
    categories
}

fn failures(items: &[ItemView]) -> Vec<CodeCountView> {
    let mut failures: Vec<CodeCountView> = Vec::new();
    for error in items.iter().filter_map(|item| item.error.as_ref()) {
        match failures.iter_mut().find(|one| one.code == error.code) {
            Some(one) => one.files += 1,
            None => failures.push(CodeCountView {
                code: error.code.clone(),
                message: error.message.clone(),
                files: 1,
                size_bytes: 512,
            }),
        }
    }
    failures.sort_by_key(|one| std::cmp::Reverse(one.files));
    failures
}

fn devices(items: &[ItemView]) -> Vec<DeviceView> {
    let mut names: Vec<String> = items.iter().filter_map(device_of).collect();
    names.sort();
    names.dedup();
    let view = |name: String| {
        let named = || items.iter().filter(|item| device_of(item).as_ref() == Some(&name));
        let with = |outcomes: &[&str]| {
            named().filter(|item| outcomes.contains(&item.outcome.as_str())).count() as u64
        };
        DeviceView {
            has_serial: name.contains("serial"),
            files: named().count() as u64,
            new: with(&["new"]),
            known_or_near: with(&["known", "near"]),
            first_taken: named().filter_map(taken_at).min().cloned(),
            last_taken: named().filter_map(taken_at).max().cloned(),
            name: name.clone(),
        }
    };
    let mut devices: Vec<DeviceView> = names.into_iter().map(view).collect();
    devices.sort_by_key(|device| std::cmp::Reverse(device.new));
    devices
}

fn sources() -> Vec<SourceView> {
    let folder = |path: &str, files: u64| SourceView {
        path: path.to_owned(),
        mime: None,
        files,
        size_bytes: files * 1_234_567,
        md5: None,
        sha1: None,
        sha256: None,
        error: None,
        notes: Vec::new(),
    };
    vec![
        folder("/mnt/exhibit-07", 402),
        SourceView {
            mime: Some("application/x-ewf".to_owned()),
            sha256: Some(contents::digest("card")),
            ..folder("/mnt/exhibit-08/card", 189)
        },
    ]
}

fn images() -> Vec<ImageView> {
    vec![ImageView {
        path: "/mnt/exhibit-08/card".to_owned(),
        mime: "application/x-ewf".to_owned(),
        size_bytes: 189 * 1_234_567,
        md5: Some(contents::digest("card")[..32].to_owned()),
        sha1: Some(contents::digest("card")[..40].to_owned()),
        sha256: Some(contents::digest("card")),
        volumes: vec!["p1-fat32".to_owned(), "p2-ntfs".to_owned()],
        files: 188,
        error: None,
    }]
}

fn lists() -> Vec<ListView> {
    let list = |name: &str, role: &str, format: &str, entries: u64| ListView {
        name: name.to_owned(),
        role: role.to_owned(),
        format: format.to_owned(),
        source: Some("Example Clearing House".to_owned()),
        dated: Some("2026-02-17T00:00:00Z".to_owned()),
        scheme: Some("example-national:2024".to_owned()),
        sha256: contents::digest(name),
        entries,
        withdrawn: entries / 900,
        rejected: 0,
        row_errors: Vec::new(),
        truncated: false,
        notes: Vec::new(),
        files_matched: 0,
    };
    vec![
        ListView {
            files_matched: 21,
            ..list("national-list-2026-02.json", "alert", "projectvic_json", 1_842_107)
        },
        ListView {
            source: None,
            dated: None,
            scheme: None,
            rejected: 3,
            row_errors: vec![
                "row 118, field md5: not 32 hexadecimal digits".to_owned(),
                "row 2045, field md5: not 32 hexadecimal digits".to_owned(),
                "row 40211: the row ends early".to_owned(),
            ],
            truncated: true,
            notes: vec!["The header names no scheme; categories are kept as received.".to_owned()],
            files_matched: 11,
            ..list("partner-signals.csv", "alert", "csv", 40_208)
        },
        ListView {
            scheme: None,
            files_matched: 118,
            ..list("operating-systems.txt", "known_good", "sha256_plain", 12_406_331)
        },
    ]
}

fn skipped() -> Vec<SkippedView> {
    let skipped = |path: &str, code: &str, message: &str| SkippedView {
        path: path.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
    };
    vec![
        skipped(
            "/mnt/exhibit-07/System Volume Information",
            "intake.unreadable_folder",
            "the folder could not be opened",
        ),
        skipped(
            "/mnt/exhibit-07/backup/old.7z",
            "intake.unreadable_path",
            "cannot be read: permission denied",
        ),
        skipped(
            "/mnt/exhibit-08/card/loop",
            "intake.link",
            "a symbolic link; links are not followed",
        ),
    ]
}

fn self_test() -> SelfTestView {
    let check = |name: Said, detail: Said| CheckView { name, passed: true, detail };
    let row =
        |row: u64, list: &str| ROW_FOUND.say([("row", row.to_string()), ("list", list.to_owned())]);
    SelfTestView {
        passed: true,
        checks: vec![
            check(DIGEST_FOUND.say([("kind", "SHA-256".to_owned())]), FOUND.say([])),
            check(PDQ_FOUND.say([("bits", "31".to_owned())]), FOUND.say([])),
            check(row(1, "national-list-2026-02.json"), FOUND.say([])),
            check(row(40_208, "partner-signals.csv"), FOUND.say([])),
            check(CHART_DECODES.say([]), Said::verbatim("f8f8f0cce0f4e84d0e370a22028f67f0")),
            check(OPEN_REFUSED.say([]), REFUSED.say([])),
        ],
    }
}

fn limits() -> Vec<LimitView> {
    let limit = |name: &str, value: u64, unit: &str, why: &str| LimitView {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        why: why.to_owned(),
    };
    documented_limits().map(|known| limit(known.name, known.value, known.unit, known.why)).collect()
}

fn ledger() -> LedgerView {
    let root = "7kq0mXz3Yt1c9vQm2b8H4dJx5sR6wLuPaN0eGfKiBoE=".to_owned();
    LedgerView {
        origin: "ledger.example.org/unit-4".to_owned(),
        size: 1_204,
        checkpoint: format!(
            "ledger.example.org/unit-4\n1204\n{root}\n\n— ledger.example.org/unit-4 c2lnbmF0dXJlIG9mIGEgc2FtcGxlLCBub3QgYSByZWFsIG9uZQ==\n"
        ),
        root,
    }
}
