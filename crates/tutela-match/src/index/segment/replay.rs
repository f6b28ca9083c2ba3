//! Any bytes as a segment, for fuzzing.

use std::sync::Arc;

use tutela_core::Pdq;

use super::layout::HEADER_BYTES;
use super::search::Usual;
use super::{Found, Row, Segment, build, plan};
use crate::index::distance;

/// Rows are laid out as if they were so many: with few, a segment has no parts.
const AS_IF: usize = 30_000;

/// Takes any bytes for a segment; makes a segment of them as signals, which must find what a plain
/// loop finds; and writes them over the sections of that, which must be searched without harm.
/// For fuzzing: it must return, whatever the bytes are.
pub fn replay_segment(bytes: &[u8]) {
    if let Ok(segment) = Segment::open(Arc::new(bytes.to_vec())) {
        search(&segment, &[Pdq::ZERO]);
    }
    let (signals, rest) = bytes.as_chunks::<32>();
    let rows: Vec<Row> =
        signals.iter().zip(0..).map(|(bytes, id)| Row { signal: Pdq(*bytes), id }).collect();
    let queries: Vec<Pdq> = rows.iter().take(2).map(|row| row.signal).collect();
    let mut image = build::build(rows.clone(), 0, |_| plan::parts(AS_IF));
    for (radius, found) in search(&laid_out(image.clone()), &queries) {
        assert!(found == plain(&rows, &queries, radius), "radius {radius}");
    }
    let step = rest.first().map_or(1, |step| usize::from(*step) + 1);
    let body = image.get_mut(HEADER_BYTES..).unwrap_or_default();
    body.iter_mut().step_by(step).zip(bytes.iter().cycle()).for_each(|(at, byte)| *at = *byte);
    search(&laid_out(image), &queries);
}

fn laid_out(image: Vec<u8>) -> Segment {
    match Segment::open(Arc::new(image)) {
        Ok(mut segment) => {
            segment.usual = Usual::new(&segment.header.parts, AS_IF);
            segment
        }
        Err(error) => unreachable!("the header is as it was made: {error}"),
    }
}

fn search(segment: &Segment, queries: &[Pdq]) -> Vec<(u16, Vec<Found>)> {
    let searched = [0, 16, 31, 40, 256].map(|radius| {
        let mut found = Vec::new();
        segment.search(queries, radius, &mut found);
        (radius, found)
    });
    searched.to_vec()
}

fn plain(rows: &[Row], queries: &[Pdq], radius: u16) -> Vec<Found> {
    let mut found = Vec::new();
    for (query, signal) in (0..).zip(queries) {
        let all = rows.iter().map(|row| Found {
            query,
            distance: distance(signal, &row.signal),
            id: row.id,
            signal: row.signal,
        });
        found.extend(all.filter(|found| found.distance <= radius));
    }
    found.sort_unstable();
    found
}
