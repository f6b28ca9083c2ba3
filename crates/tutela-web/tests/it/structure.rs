//! What assistive technology relies on: headings in order, tables with heads, words for every drawing.

use tutela_web::Lang;
use tutela_web::payments::{render_screening, sample_screening};
use tutela_web::report::{render, samples};

use super::report::{between, body};

fn pages() -> Vec<String> {
    let (report, items) = samples();
    Lang::ALL.into_iter().map(|lang| render(&report, &items, lang).unwrap()).collect()
}

#[test]
fn the_report_has_the_structure_of_a_page() {
    for html in pages() {
        holds(body(&html), "report");
    }
}

#[test]
fn the_report_of_payments_has_the_structure_of_pages() {
    let (view, rejected, charts) = sample_screening();
    for lang in Lang::ALL {
        for (name, html) in render_screening(&view, &rejected, &charts, lang).unwrap() {
            holds(between(&html, "<body>", "</body>"), &name);
        }
    }
}

/// What holds for every page: headings, names of sections, heads of tables, words beside every mark.
pub(crate) fn holds(body: &str, page: &str) {
    headings_go_down_one_step_at_a_time(body, page);
    every_section_is_named_and_every_table_has_heads(body, page);
    no_answer_stands_in_colour_alone(body, page);
}

fn headings_go_down_one_step_at_a_time(body: &str, page: &str) {
    let levels: Vec<u32> =
        body.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{page}");
    assert_eq!(levels[0], 1, "{page}");
    for pair in levels.windows(2) {
        assert!(pair[1] <= pair[0] + 1, "{page}: h{} after h{}", pair[1], pair[0]);
    }
}

fn every_section_is_named_and_every_table_has_heads(body: &str, page: &str) {
    for section in body.split("<section").skip(1) {
        let tag = section.split('>').next().unwrap();
        assert!(tag.contains("aria-labelledby=\"h-"), "{page}: {tag}");
    }
    for table in body.split("<table").skip(1) {
        let table = table.split("</table>").next().unwrap();
        assert!(
            table.contains("scope=\"row\"") || table.contains("scope=\"col\""),
            "{page}: {table}"
        );
        for head in table.split("<th").skip(1).filter(|head| !head.starts_with("ead")) {
            assert!(head.starts_with(" scope=\""), "{page}: <th{}", &head[..40.min(head.len())]);
        }
    }
}

fn no_answer_stands_in_colour_alone(body: &str, page: &str) {
    for mark in body.split("<span class=\"mark ").skip(1) {
        let mark = mark.split("</span>").next().unwrap();
        let word = mark.rsplit('>').next().unwrap();
        assert!(mark.contains("<use href=\"#i-") && !word.trim().is_empty(), "{page}: {mark}");
    }
    for verdict in body.split("<span class=\"verdict ").skip(1) {
        let verdict = verdict.split("</span>").next().unwrap();
        assert!(!verdict.rsplit('>').next().unwrap().trim().is_empty(), "{page}: {verdict}");
    }
}

#[test]
fn every_section_has_its_letter_on_paper_and_links_name_it() {
    let html = &pages()[0];
    let sections = body(html).split("<section id=\"").skip(2);
    for (section, letter) in sections.zip('A'..='Z') {
        let id = section.split('"').next().unwrap();
        assert!(
            html.contains(&format!("#{id} > h2::before {{ content: \"{letter} · \"; }}")),
            "{id}"
        );
        assert!(
            html.contains(&format!("a[href=\"#{id}\"]::after {{ content: \" (→ {letter})")),
            "{id}"
        );
    }
}

#[test]
fn printed_pages_carry_the_scan_and_their_number_in_the_language_of_the_page() {
    let html = pages();
    let margins =
        |html: &str| between(html, "<style>", "</style>").lines().last().unwrap().to_owned();
    let id = "01960000-5ca0-7000-8000-00000000a117";
    for (html, words) in html.iter().zip(["Page", "Pagina"]) {
        let margins = margins(html);
        assert!(margins.contains(id) && margins.contains(words), "{margins}");
    }
    let (mut report, items) = samples();
    report.scan.id = "\"; } body { display: none } </style><b>".to_owned();
    let margins = margins(&render(&report, &items, Lang::En).unwrap());
    assert!(margins.contains("Scan bodydisplaynonestyleb\""), "{margins}");
}
