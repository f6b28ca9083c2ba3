//! The first page answers a prosecutor's questions, in both languages, whatever the scan found.

use tutela_app::sentences::FILMS_NOT;
use tutela_app::views::{
    FailureView, FindingCounts, ImageView, ItemView, MediaFindingView, NotExaminedView, ScanReport,
    SourceView,
};
use tutela_web::Lang;
use tutela_web::report::{render, samples};

use super::report::between;

/// The first page without its tags.
fn first_page(report: &ScanReport, items: &[ItemView], lang: Lang) -> String {
    let html = render(report, items, lang).unwrap();
    text(between(&html, "<section id=\"answers\"", "</section>"))
}

fn text(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn it_says_what_with_what_how_sure_what_was_found_and_what_was_not_read() {
    let (report, items) = samples();
    let page = first_page(&report, &items, Lang::En);
    for answer in [
        "What was examined?",
        "Example case 17/2026",
        "A. Example",
        "2026-03-04 09:12:33 UTC",
        "/mnt/exhibit-08/card",
        "With what?",
        "tutela 0.1.0",
        "national-list-2026-02.json",
        "Example Clearing House",
        "2026-02-17",
        "1 842 107",
        "cut off: entries are missing · 3 rows unusable",
        "Self-test passed",
        "Decoder protection full",
        "How sure is it?",
        "By SHA-256: 4; by SHA-1: 0; by MD5 only: 19.",
        "Here 2 to 26 bits.",
        "What was found?",
        "example-national:2024 1 : 15 known, 0 near",
        "An unidentified victim may be among them.",
        "What could not be read, or was not looked at?",
        "the file ends before the picture does 4",
        "Never examined: deleted, unallocated and carved data",
        "How can it be checked?",
        &report.ledger.root,
    ] {
        assert!(page.contains(answer), "{answer}\n{page}");
    }
    assert!(page.contains("confirmed 3 findings and dismissed 1; 32 are open"), "{page}");
    assert!(page.contains("3 of 36 findings"), "{page}");
}

#[test]
fn it_says_the_same_in_italian() {
    let (mut report, items) = samples();
    report.findings = FindingCounts { open: 36, ..FindingCounts::default() };
    let page = first_page(&report, &items, Lang::It);
    for answer in [
        "Nulla di quanto segue è stato ancora confermato da una persona.",
        "Che cosa è stato esaminato?",
        "Con che cosa?",
        "Autoverifica superata",
        "Quanto è certo?",
        "0 su 36 rilevamenti",
        "Che cosa è stato trovato?",
        "Che cosa non si è potuto leggere o non è stato esaminato?",
        "il file termina prima dell’immagine",
        "Mai esaminati: dati cancellati",
        "Come si verifica?",
    ] {
        assert!(page.contains(answer), "{answer}\n{page}");
    }
}

#[test]
fn what_is_too_long_for_it_is_shortened_and_counted() {
    let (mut report, items) = samples();
    let source = report.sources[0].clone();
    let long = format!("/mnt/{}/end", "x".repeat(4000));
    report.sources = (0..40).map(|_| SourceView { path: long.clone(), ..source.clone() }).collect();
    report.images = vec![ImageView { path: long.clone(), ..report.images[0].clone() }; 7];
    report.lists = vec![report.lists[0].clone(); 30];
    report.known_by_category = vec![report.known_by_category[0].clone(); 50];
    report.failures = vec![report.failures[0].clone(); 20];
    let page = first_page(&report, &items, Lang::En);
    for answer in [
        "36 more under “Material”.",
        "3 more disk images under “Material”.",
        "26 more under “Lists”.",
        "44 more categories under “Charts”.",
        "15 other reasons",
    ] {
        assert!(page.contains(answer), "{answer}\n{page}");
    }
    assert!(page.len() < 8_000, "{} bytes do not fit one page", page.len());
    let html = render(&report, &items, Lang::En).unwrap();
    let material = between(&html, "<section id=\"material\"", "</section>");
    assert!(material.contains(&"x".repeat(4000)), "the whole path stands in its section");
}

#[test]
fn an_image_is_fixed_by_its_digest_and_by_what_its_acquisition_says() {
    let (mut report, items) = samples();
    let note = FailureView { code: "archive.new_note".to_owned(), message: "recorded".to_owned() };
    report.sources[1].notes = vec![note.clone()];
    report.sources[1].error = Some(FailureView { code: "archive.truncated".to_owned(), ..note });
    let page = first_page(&report, &items, Lang::En);
    let digest = report.sources[1].sha256.clone().unwrap();
    let fixed = format!("SHA-256 {digest} recorded the archive ends too early");
    assert!(page.contains(&fixed), "{fixed}\n{page}");
}

#[test]
fn each_disk_image_has_a_line_in_both_languages() {
    let (mut report, items) = samples();
    let image = report.images[0].clone();
    report.images.push(ImageView {
        path: "/mnt/exhibit-09/<b>.img".to_owned(),
        volumes: Vec::new(),
        ..image.clone()
    });
    let digests = |image: &ImageView| {
        let [sha256, sha1, md5] = [&image.sha256, &image.sha1, &image.md5].map(Option::as_deref);
        let [sha256, sha1, md5] = [sha256, sha1, md5].map(Option::unwrap_or_default);
        format!("SHA-256 {sha256} SHA-1 {sha1} MD5 {md5}")
    };
    let page = first_page(&report, &items, Lang::En);
    assert!(page.contains("p1-fat32 p2-ntfs 188"), "{page}");
    assert!(page.contains(&digests(&image)), "{page}");
    assert!(page.contains("none that could be read"), "{page}");
    let page = first_page(&report, &items, Lang::It);
    assert!(page.contains("Immagine di disco") && page.contains("nessuno leggibile"), "{page}");
    let html = render(&report, &items, Lang::En).unwrap();
    assert!(!html.contains("exhibit-09/<b>"), "a path is text");
    report.images.clear();
    assert!(!first_page(&report, &items, Lang::En).contains("Disk image"));
}

#[test]
fn findings_about_no_list_are_counted() {
    let (report, mut items) = samples();
    let raised = items[0].matches[0].raised.clone();
    for (claim, at) in
        [("thumbnail_differs", 200), ("thumbnail_differs", 201), ("provenance_conflict", 202)]
    {
        items[at].other_findings = vec![MediaFindingView {
            finding: "f".to_owned(),
            raised: raised.clone(),
            claim: claim.to_owned(),
            distance: None,
        }];
    }
    let page = first_page(&report, &items, Lang::En);
    assert!(
        page.contains("2 pictures hold embedded thumbnails that show something else."),
        "{page}"
    );
    assert!(page.contains("1 file contradicts itself about its making."), "{page}");
}

#[test]
fn what_time_did_not_allow_stands_first_among_what_was_not_looked_at() {
    let (mut report, items) = samples();
    report.scan.state = "stopped".to_owned();
    report.not_examined = Some(NotExaminedView {
        reason: "budget".to_owned(),
        files: 1234,
        size_bytes: 56_700_000,
        by_kind: Vec::new(),
        by_folder: Vec::new(),
        folders: 0,
    });
    report.remarks.push(FILMS_NOT.say([("n", "2".to_owned())]));
    let page = first_page(&report, &items, Lang::En);
    for answer in [
        "Stopped early.",
        "Reason Files Size The time given to the scan was used up before these. Not looked at 1 234 56.7 MB",
        "2 films were not looked into",
    ] {
        assert!(page.contains(answer), "{answer}\n{page}");
    }
    assert!(first_page(&report, &items, Lang::It).contains("2 filmati non sono stati esaminati"));
}

#[test]
fn nothing_found_and_nothing_unread_is_said_in_words() {
    let (mut report, _) = samples();
    report.totals = Default::default();
    report.findings = FindingCounts::default();
    report.failures.clear();
    report.known_by_category.clear();
    report.clusters.clear();
    report.lists.clear();
    let page = first_page(&report, &[], Lang::En);
    for answer in [
        "No list was given: nothing could be known or near.",
        "Everything that was found could be read.",
        "No new picture.",
        "0 of 0 findings",
    ] {
        assert!(page.contains(answer), "{answer}\n{page}");
    }
}
