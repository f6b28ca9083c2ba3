//! Every page of the console, rendered from its sample in both languages.

use std::collections::BTreeSet;

use tutela_web::Lang;
use tutela_web::console::samples;

use super::report::between;
use super::structure::holds;

fn pages() -> Vec<(String, String)> {
    let named = |lang: Lang| {
        let pages = samples(lang).unwrap().into_iter();
        pages.map(move |(name, html)| (format!("{name} ({})", lang.as_str()), html))
    };
    Lang::ALL.into_iter().flat_map(named).collect()
}

fn body(html: &str) -> &str {
    between(html, "<body>", "</body>")
}

#[test]
fn every_page_has_the_structure_of_a_page() {
    for (name, html) in pages() {
        assert!(html.starts_with("<!DOCTYPE html>"), "{name}: {}", &html[..40]);
        holds(body(&html), &name);
    }
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for (name, html) in pages() {
        for inline in [
            " style=",
            "<style",
            " onclick=",
            " onload=",
            " onerror=",
            "javascript:",
            "<img",
            "<iframe",
        ] {
            assert!(!html.contains(inline), "{name}: {inline}");
        }
        for script in html.split("<script").skip(1) {
            assert!(
                script.starts_with(" src=\"/console/assets/console.js\" defer></script>"),
                "{name}"
            );
        }
        for attribute in ["href=\"", "src=\"", "action=\""] {
            for target in html.split(attribute).skip(1) {
                let target = target.split('"').next().unwrap();
                assert!(
                    target.starts_with("/console") || target.starts_with('#'),
                    "{name}: {target}"
                );
            }
        }
    }
}

#[test]
fn every_form_that_changes_something_carries_its_token() {
    for (name, html) in pages() {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let tag = form.split('>').next().unwrap();
            let changes = tag.contains("method=\"post\"");
            assert!(
                changes || tag.contains("method=\"get\"") || tag.contains("method=\"dialog\""),
                "{name}: {tag}"
            );
            let token = form.contains("<input type=\"hidden\" name=\"form\" value=\"form-token\">");
            assert_eq!(token, changes, "{name}: {tag}");
        }
    }
}

#[test]
fn every_field_has_a_label_and_every_id_is_there_once() {
    for (name, html) in pages() {
        let ids: Vec<&str> =
            html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let labels: Vec<&str> = html
            .split("<label for=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        for target in labels.iter().chain(
            html.split("aria-describedby=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap())
                .collect::<Vec<_>>()
                .iter(),
        ) {
            assert!(ids.contains(target), "{name}: nothing has the id {target}");
        }
        for kind in ["<input ", "<select ", "<textarea "] {
            for (before, field) in html.split(kind).zip(html.split(kind).skip(1)) {
                let tag = field.split('>').next().unwrap();
                let own = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next());
                let is_labelled = own.is_some_and(|own| labels.contains(&own))
                    || tag.contains("type=\"hidden\"")
                    || tag.contains("aria-label=\"")
                    || before.rfind("<label").is_some_and(|at| !before[at..].contains("</label>"));
                assert!(is_labelled, "{name}: {kind}{tag}");
            }
        }
        let mut seen = BTreeSet::new();
        for id in &ids {
            assert!(seen.insert(*id), "{name}: the id {id} is there twice");
        }
    }
}

#[test]
fn every_drawing_is_said_in_words() {
    for (name, html) in pages() {
        for svg in html.split("<svg").skip(1) {
            let svg = svg.split("</svg>").next().unwrap();
            let tag = svg.split('>').next().unwrap();
            // One whose parts can be reached is a group, and says what each part is.
            let is_group = tag.contains("role=\"group\"") && tag.contains("aria-label=\"");
            let is_said = (tag.contains("role=\"img\"") || is_group) && svg.contains("<title>");
            assert!(is_said || tag.contains("aria-hidden=\"true\""), "{name}: {tag}");
        }
    }
}

#[test]
fn a_match_says_why_and_never_who_is_to_blame() {
    let (english, italian) = (samples(Lang::En).unwrap(), samples(Lang::It).unwrap());
    let page = |pages: &[(&str, String)], name: &str| {
        pages.iter().find(|(known, _)| *known == name).unwrap().1.clone()
    };
    let said = [
        (
            page(&english, "match-open"),
            [
                "12 of 256 bits differ",
                "Why did this match?",
                "none of them says that anybody did anything",
            ],
        ),
        (
            page(&italian, "match-open"),
            [
                "12 bit diversi su 256",
                "Perché corrisponde?",
                "nessuno afferma che qualcuno abbia fatto qualcosa",
            ],
        ),
    ];
    for (html, words) in &said {
        for word in words {
            assert!(html.contains(word), "{word}");
        }
        assert_eq!(html.matches("<svg class=\"cells\"").count(), 2);
    }
    for (name, html) in pages() {
        let text = html.to_lowercase();
        for word in ["guilt", "suspect", "offender", "criminal", "colpevol", "sospett"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn both_languages_have_words_of_their_own() {
    for ((name, english), (_, italian)) in
        samples(Lang::En).unwrap().iter().zip(&samples(Lang::It).unwrap())
    {
        assert!(english.contains("<html lang=\"en\">") && italian.contains("<html lang=\"it\">"));
        let title = |html: &str| between(html, "<h1", "</h1>").to_owned();
        let same = ["bank"].contains(name);
        assert_eq!(title(english) == title(italian), same, "{name}");
    }
}

#[test]
fn text_from_outside_is_never_markup() {
    for (name, html) in pages() {
        assert!(!html.contains("<example>") && !html.contains("<white>"), "{name}");
    }
}
