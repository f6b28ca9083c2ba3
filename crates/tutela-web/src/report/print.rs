//! What only paper needs: letters for sections and links, and the margins of each page.

use tutela_app::views::ScanReport;

use crate::Lang;

/// The sections behind the first page, in order. On paper each has a letter, and links name it.
const SECTIONS: [&str; 13] = [
    "custody",
    "charts",
    "queue",
    "new",
    "devices",
    "findings",
    "provenance",
    "not-examined",
    "unread",
    "material",
    "lists",
    "trust",
    "files",
];

/// Letters for sections and for the links that lead to them: paper cannot be clicked.
pub(super) fn section_letters(report: &ScanReport) -> String {
    let present = |id: &&&str| **id != "not-examined" || report.not_examined.is_some();
    let letter = |(id, letter): (&&str, char)| {
        format!(
            "#{id} > h2::before {{ content: \"{letter} · \"; }} \
             a[href=\"#{id}\"]::after {{ content: \" (→ {letter})\"; }} "
        )
    };
    let rules: String = SECTIONS.iter().filter(present).zip('A'..='Z').map(letter).collect();
    format!("@media print {{ {rules}}}\n")
}

/// What stands at the head and foot of each printed page. Only letters, digits and `-` of an id
/// get into the style.
pub(super) fn page_margins(report: &ScanReport, lang: Lang) -> String {
    let (w, a) = (lang.words(), lang.answer_words());
    let id: String = report
        .scan
        .id
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(36)
        .collect();
    let numbers = a.page_of.replace("{page}", "\" counter(page) \"");
    let numbers = numbers.replace("{pages}", "\" counter(pages) \"");
    format!(
        "@page {{ @top-left {{ content: \"Tutela · {}\"; }} @top-right {{ content: \"{} {id}\"; }} \
         @bottom-right {{ content: \"{numbers}\"; }} }}\n",
        w.title, a.scan,
    )
}
