//! Writes the report of a made-up scan of many files, to measure its size and how fast it opens.
//!
//! `cargo run -p tutela-web --example large_report -- 100000 report.html`

use std::time::Instant;

use tutela_web::Lang;
use tutela_web::report::{render, samples};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let files: usize = arguments.next().ok_or("how many files?")?.parse()?;
    let out = arguments.next().ok_or("where to?")?;
    let (mut report, sample) = samples();
    let items: Vec<_> = (0..)
        .zip(sample.iter().cycle().take(files))
        .map(|(index, item)| {
            let mut item = item.clone();
            item.index = index;
            item.exhibit = format!("01960000-e8b1-7000-8000-{index:012x}");
            item.path = format!("/mnt/exhibit-07/{}/{}", index / 500, item.path);
            item
        })
        .collect();
    let outcome = |name: &str| items.iter().filter(|item| item.outcome == name).count() as u64;
    report.totals.files = items.len() as u64;
    report.totals.outcomes.known = outcome("known");
    report.totals.outcomes.near = outcome("near");
    report.totals.outcomes.known_good = outcome("known_good");
    report.totals.outcomes.new = outcome("new");
    report.totals.outcomes.failed = outcome("failed");
    let started = Instant::now();
    let page = render(&report, &items, Lang::En)?;
    println!("{files} files: {} bytes, rendered in {:?}", page.len(), started.elapsed());
    Ok(std::fs::write(out, page)?)
}
