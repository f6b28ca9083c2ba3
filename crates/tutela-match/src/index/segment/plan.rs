//! How a signal is cut into parts, and how many bits of each part may differ for a query.
//!
//! Let `d` be the bits of part `i` that differ and `T` its threshold, and let the sum of all `T + 1` be more
//! than the radius. Then the sum of all `d - T - 1` of an entry within the radius is negative, so
//! somewhere on the ring of parts begins a stretch whose every partial sum is negative (cycle lemma). There
//! `d ≤ T` in the first part, and the first two parts together differ in at most `T + T' + 1` bits.
//! The directory of a part answers the first question, the tags behind it most of the second; the bits
//! that are kept with the number of an entry answer part of the same for three parts.
//! Sources: Qin et al., *GPH*, ICDE 2018 (parts and thresholds by cost); Qin and Xiao, *Pigeonring*, 2018.

/// Bits of a signal.
pub(super) const BITS: usize = 256;
/// Parts of a signal at most.
pub(super) const MAX_PARTS: usize = 16;
/// Parts at least: what one part lets through must be few.
pub(super) const MIN_PARTS: usize = 8;
/// Bits of a directory at most: 64 MiB of it.
pub(super) const MAX_DIRECTORY_BITS: u8 = 24;
/// Bits of a part that may differ at most: then 2,325 places of a directory are looked at.
pub(super) const MAX_THRESHOLD: usize = 3;
/// Bits of a tag: those behind the ones that the directory goes by.
pub(super) const TAG_BITS: usize = 16;
/// Signals above which less is kept of each, so that 100 million fit into ten gigabytes.
const MANY: usize = 1 << 26;
/// Parts for so many: with ten, two of them would have to let three bits differ, which is most of the work.
const PARTS_OF_MANY: usize = 11;
/// Bits of their directories at most, of the first part and of the others.
const DIRECTORY_BITS_OF_MANY: (u8, u8) = (21, 23);
/// The radius that parts are laid out for.
const USUAL_RADIUS: usize = 31;
/// Radii above are scanned: no thresholds pay there.
pub(super) const MAX_RADIUS: usize = 63;

/// What steps cost, in nanoseconds on the machine of `benches/peers/search`. Wrong numbers cost time only.
mod cost {
    /// One place of a directory.
    pub(super) const PLACE: f64 = 4.0;
    /// A line of memory from somewhere.
    pub(super) const LINE: f64 = 3.0;
    /// 32 tags compared.
    pub(super) const TAGS: f64 = 3.5;
    /// An entry that is compared as a whole.
    pub(super) const ENTRY: f64 = 20.0;
    /// An entry whose signal is looked at in its place, as there is no tag.
    pub(super) const BARE: f64 = 2.0;
    /// An entry of a plain scan.
    pub(super) const SCANNED: f64 = 0.6;
}

/// One part of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Its first bit.
    pub(super) start: u16,
    /// Its bits.
    pub(super) width: u8,
    /// Those that the directory goes by, from the first.
    pub(super) directory_bits: u8,
    pub(super) entry: Entry,
}

/// What stands for a signal in a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// Nothing: only in the first part, where signals lie by the values of the directory.
    Bare,
    /// A tag, also in the first part alone.
    Tag,
    /// Tag and number.
    Number,
}

impl Entry {
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Bare => 0,
            Self::Tag => 2,
            Self::Number => 6,
        }
    }
}

impl Part {
    pub(super) const NONE: Self =
        Self { start: 0, width: 0, directory_bits: 0, entry: Entry::Number };
}

/// Bits of each part that may differ; -1 passes the part over.
pub(super) type Thresholds = [i8; MAX_PARTS];

/// Bits that may differ in part `i` and the next for entries that part `i` has to find, and how many more
/// in these and the one after.
#[inline(always)]
pub(super) fn limits(thresholds: &Thresholds, parts: usize, i: usize) -> (i8, i8) {
    let behind = |n: usize| thresholds[if i + n >= parts { i + n - parts } else { i + n }];
    (thresholds[i] + behind(1) + 1, behind(2) + 1)
}

/// The parts for so many different signals; none where a plain scan is faster.
pub(super) fn parts(signals: usize) -> Vec<Part> {
    let many = signals > MANY;
    let most = if many { PARTS_OF_MANY } else { MAX_PARTS };
    let mut best = (cost::SCANNED * signals as f64, Vec::new());
    for count in MIN_PARTS..=most {
        let credits = USUAL_RADIUS + 1;
        let (lower, wider) = (credits / count - 1, credits % count);
        // Wider parts may differ in one bit more. They stand last, as the first has least beside its signals.
        let is_wider = |i: usize| i >= count - wider;
        for extra in 0..=if wider > 0 { 12 } else { 0 } {
            let rest = BITS - extra * wider;
            let width = |i: usize| {
                let even = rest / count + usize::from(i >= count - rest % count);
                even + if is_wider(i) { extra } else { 0 }
            };
            let mut start = 0;
            let mut cost = 0.0;
            let made: Vec<Part> = (0..count)
                .map(|i| {
                    let threshold = lower + usize::from(is_wider(i));
                    let (entry, most) = match (i, many) {
                        (0, true) => (Entry::Bare, DIRECTORY_BITS_OF_MANY.0),
                        (0, false) => (Entry::Tag, MAX_DIRECTORY_BITS),
                        (_, true) => (Entry::Number, DIRECTORY_BITS_OF_MANY.1),
                        (_, false) => (Entry::Number, MAX_DIRECTORY_BITS),
                    };
                    let (start_bit, width_bits) = (start as u16, width(i) as u8);
                    let part =
                        Part { start: start_bit, width: width_bits, directory_bits: most, entry };
                    let (ns, part) = directory(signals, part, threshold);
                    start += width(i);
                    cost += ns;
                    part
                })
                .collect();
            if cost < best.0 && made.iter().all(|part| usize::from(part.width) >= TAG_BITS) {
                best = (cost, made);
            }
        }
    }
    best.1
}

/// A part with the best directory of at most as many bits, and what a query costs there.
fn directory(signals: usize, part: Part, threshold: usize) -> (f64, Part) {
    // At most a byte of directory for each entry.
    let most = signals.max(64).ilog2().saturating_sub(2).min(u32::from(part.directory_bits)) as u8;
    let most = most.min(part.width);
    let mut best = (f64::INFINITY, Part { directory_bits: most, ..part });
    for directory_bits in 1..=most {
        let part = Part { directory_bits, ..part };
        let ns = uniform_ns(signals as f64, &part, threshold as i8);
        if ns < best.0 {
            best = (ns, part);
        }
    }
    best
}

/// What a query costs in a part, were the signals spread evenly.
fn uniform_ns(signals: f64, part: &Part, threshold: i8) -> f64 {
    let entries = signals / f64::from(1_u32 << part.directory_bits);
    let mut ns = 0.0;
    for flips in 0..=threshold {
        let places = choose(part.directory_bits, flips as u8) as f64;
        ns += places_ns(part.entry, places, places * entries, 2 * threshold + 1 - flips);
    }
    ns
}

/// What it costs to look at so many places with so many entries in all.
fn places_ns(entry: Entry, places: f64, entries: f64, limit: i8) -> f64 {
    let filled = places.min(entries);
    if entry == Entry::Bare {
        let lines = filled + entries * 16.0 / 64.0;
        return places * cost::PLACE + lines * cost::LINE + entries * cost::BARE;
    }
    places * cost::PLACE
        + (filled + entries * 2.0 / 64.0) * cost::LINE
        + filled.max(filled / 2.0 + entries / 32.0) * cost::TAGS
        + entries * passing(limit) * cost::ENTRY
}

/// How many of unlike tags differ in at most so many bits.
fn passing(limit: i8) -> f64 {
    let ways: u64 = (0..=limit.clamp(-1, TAG_BITS as i8)).map(|n| choose(16, n as u8)).sum();
    ways as f64 / 65_536.0
}

/// What a whole scan costs.
pub(super) fn scan_ns(signals: usize) -> f64 {
    cost::SCANNED * signals as f64
}

/// For each part and each threshold from -1 on, what a query costs.
pub(super) type Costs = [[f64; MAX_THRESHOLD + 2]; MAX_PARTS];

/// The costs were the signals spread evenly.
pub(super) fn uniform_costs(parts: &[Part], signals: usize) -> Costs {
    let mut costs = [[0.0; MAX_THRESHOLD + 2]; MAX_PARTS];
    for (costs, part) in costs.iter_mut().zip(parts) {
        for (threshold, cost) in (-1..).zip(costs) {
            *cost = uniform_ns(signals as f64, part, threshold);
        }
    }
    costs
}

/// The costs, given how many entries of each part stand at places with so many flips, up to `most`.
pub(super) fn real_costs(
    parts: &[Part],
    entries: &[[u64; MAX_THRESHOLD + 1]; MAX_PARTS],
    most: usize,
) -> Costs {
    let mut costs = [[f64::INFINITY; MAX_THRESHOLD + 2]; MAX_PARTS];
    for ((costs, part), entries) in costs.iter_mut().zip(parts).zip(entries) {
        costs[0] = 0.0;
        for threshold in 0..=most {
            let places = |flips| choose(part.directory_bits, flips as u8) as f64;
            let ns = (0..=threshold).map(|flips| {
                let limit = (2 * threshold + 1 - flips) as i8;
                places_ns(part.entry, places(flips), entries[flips] as f64, limit)
            });
            costs[threshold + 1] = ns.sum();
        }
    }
    costs
}

/// Credits that are kept count of: one more than the largest radius, and what the last part adds.
const CREDITS: usize = MAX_RADIUS + 2 + MAX_THRESHOLD;

/// The least that so many credits cost in the first parts, and how many of them the last of those has.
/// A part with threshold `T` gives `T + 1` credits.
pub(super) struct Spending(Vec<[(f64, u8); CREDITS]>);

impl Spending {
    pub(super) fn new(costs: &Costs, parts: usize) -> Self {
        let mut least = vec![[(f64::INFINITY, 0); CREDITS]; parts + 1];
        least[0][0] = (0.0, 0);
        for part in 0..parts {
            for (credits, cost) in costs[part].iter().enumerate() {
                for before in 0..CREDITS - credits {
                    let spent = least[part][before].0 + cost;
                    let slot = &mut least[part + 1][before + credits];
                    if spent < slot.0 {
                        *slot = (spent, credits as u8);
                    }
                }
            }
        }
        Self(least)
    }

    /// The cheapest thresholds for a radius with their cost; none where a plain scan is as cheap.
    pub(super) fn thresholds(&self, radius: u16, signals: usize) -> Option<(f64, Thresholds)> {
        let last = self.0.last()?;
        let enough = last.iter().enumerate().skip(usize::from(radius) + 1);
        let (mut credits, (ns, _)) = enough.min_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
        if self.0.len() == 1 || *ns >= scan_ns(signals) {
            return None;
        }
        let mut thresholds = [-1; MAX_PARTS];
        for (threshold, spent) in thresholds.iter_mut().zip(&self.0[1..]).rev() {
            let own = spent[credits].1;
            *threshold = own as i8 - 1;
            credits -= usize::from(own);
        }
        Some((*ns, thresholds))
    }
}

/// Ways to choose so many of `of`.
pub(super) const fn choose(of: u8, flips: u8) -> u64 {
    let mut ways = 1;
    let mut i = 0;
    while i < flips {
        ways = ways * (of.saturating_sub(i)) as u64 / (i + 1) as u64;
        i += 1;
    }
    ways
}
