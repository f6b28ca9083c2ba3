//! Renders the scan report: one HTML file that needs no network, no script and no other file.
//!
//! The page may load nothing: its policy names the one style and the one script by their digests,
//! and images only where thumbnails were asked for.

mod answers;
mod charts;
mod embedded;
mod findings;
mod groups;
mod model_card;
mod outcomes;
mod page;
mod print;
mod provenance;
mod quality;
mod samples;
mod unknown;

use askama::Template;
use tutela_app::views::{ItemView, ScanReport};

pub use model_card::render as render_model_card;
pub use quality::render as render_quality;
pub use samples::samples;

use crate::{Lang, WebError};

/// Rows that the page carries for search and sorting: about 15 MB, which browsers on old machines
/// still open. The rest stands in `items.jsonl`, and the page says so.
pub const MAX_EMBEDDED_ITEMS: usize = 20_000;
/// Rows that stand in the page itself, for readers without scripts and for print.
const MAX_PLAIN_ROWS: usize = 50;
/// Groups of new pictures that get a card.
const MAX_GROUPS: usize = 100;
/// Members that a card lists.
const MAX_MEMBERS: usize = 200;
/// Groups of the queue that stand in the page.
const MAX_TIED: usize = 100;
/// Members that the queue lists of a group.
const MAX_TIED_MEMBERS: usize = 50;
/// Files in the table of examiners' categories.
const MAX_CATEGORISED: usize = 500;
/// Known and near files in their table; all of them are in the rows below it.
const MAX_FINDINGS: usize = 1000;
/// Entries shown of one file, best first.
const MAX_MATCHES_PER_FILE: usize = 3;
/// Devices in their table.
const MAX_DEVICES: usize = 200;
/// Paths listed of what could not be read, of each kind.
const MAX_UNREAD: usize = 500;
/// Media types with a bar of their own.
const MAX_TYPES: usize = 10;

/// Renders `report.html`.
///
/// `items` may come in any order and may be fewer than `report.totals.files`; the page then says
/// how many it shows.
///
/// # Errors
/// An item whose outcome is none of the five; otherwise only defects of the templates.
pub fn render(report: &ScanReport, items: &[ItemView], lang: Lang) -> Result<String, WebError> {
    Ok(page::Page::new(report, items, lang)?.render()?)
}
