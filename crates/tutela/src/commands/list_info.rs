//! `list info`.

use std::path::Path;

use anyhow::Result;
use tutela_app::cases::list_info;
use tutela_app::intake::lists::ListStatement;
use tutela_app::views::ListInfoView;

use super::workspace::open;
use crate::cli::Global;
use crate::output::{self, visible};

/// Categories that are shown; `--json` has them all.
const CATEGORIES_SHOWN: usize = 20;

/// A file by its path, anything else by the name of a bank.
pub(super) fn run(global: &Global, what: &str, format: Option<&str>) -> Result<()> {
    let path = Path::new(what);
    let view = if path.is_file() {
        let format = format.map(str::to_owned);
        list_info::of_file(path, &ListStatement { format, ..ListStatement::default() })?
    } else {
        list_info::of_bank(&open(global)?, what)?
    };
    if global.json { output::document(&view) } else { text(&view) }
}

fn text(view: &ListInfoView) -> Result<()> {
    let mut table = output::table(["", &visible(&view.name)]);
    let stated = |value: &Option<String>| value.as_deref().map_or("not stated".to_owned(), visible);
    let number = |value: u64| value.to_string();
    table.add_row(["format", view.format.as_str()]);
    table.add_row(["source file", &stated(&view.file)]);
    table.add_row(["sha256", &view.sha256]);
    for (file, sha256) in &view.merged {
        table.add_row(["merged", &format!("{} {sha256}", visible(file))]);
    }
    table.add_row(["issued by", &stated(&view.source)]);
    table.add_row(["dated", &stated(&view.dated)]);
    table.add_row(["scheme", &stated(&view.scheme)]);
    table.add_row(["matches are", role(view.role)]);
    table.add_row(["entries", &number(view.entries)]);
    for (kind, count) in &view.signals {
        table.add_row([format!("  {}", visible(kind)), number(*count)]);
    }
    for category in view.categories.iter().take(CATEGORIES_SHOWN) {
        let name = format!("  category {}:{}", category.scheme, category.code);
        table.add_row([visible(&name), number(category.entries)]);
    }
    if let Some(more) = view.categories.len().checked_sub(CATEGORIES_SHOWN).filter(|more| *more > 0)
    {
        table.add_row([format!("  and {more} more categories"), String::new()]);
    }
    table.add_row(["withdrawn", &number(view.withdrawn)]);
    table.add_row(["kept, not looked up", &number(view.opaque)]);
    table.add_row(["rows rejected", &number(view.rejected)]);
    let size = view.size_bytes.map(|size| format!(", {}", output::bytes(size))).unwrap_or_default();
    let compiled = if view.compiled { "yes" } else { "no" };
    table.add_row(["compiled", &format!("{compiled}{size}")]);
    if let Some(sha256) = &view.compiled_sha256 {
        table.add_row(["compiled sha256", sha256]);
    }
    for filter in &view.filters {
        let given_up = match filter.given_up {
            0 => String::new(),
            some => format!("; {some} given up: too many digests begin alike"),
        };
        table.add_row([
            format!("filter of {}", filter.kind),
            format!(
                "{:.1} bits a digest; lets {:.1} of a million through in vain ({:.1} expected, {} tried){given_up}",
                filter.bits_per_digest,
                filter.measured_false_positive_rate * 1e6,
                filter.expected_false_positive_rate * 1e6,
                filter.tried,
            ),
        ]);
    }
    if let Some(sizes) = &view.sizes {
        let said = match sizes.distinct {
            0 => "none stated; --first-look goes by names and times".to_owned(),
            some => {
                let bytes = output::bytes(sizes.table_bytes);
                format!("{some} different, {bytes}, exact: none is taken for another")
            }
        };
        table.add_row(["sizes".to_owned(), said]);
    }
    output::text(table)?;
    if view.truncated {
        output::text("The file ends inside an entry: what stood before is counted.")?;
    }
    for note in &view.notes {
        output::text(format_args!("note: {}", visible(note)))?;
    }
    Ok(())
}

fn role(role: Option<&str>) -> &'static str {
    match role {
        Some("known_good") => "marks: known is not good, only known",
        Some(_) => "findings",
        None => "findings with --list, marks with --known-good",
    }
}
