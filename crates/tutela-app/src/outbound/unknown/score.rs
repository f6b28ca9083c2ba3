//! The order in which groups are to be looked at: points that add up, each with its reason.
//!
//! Nothing here knows what a picture shows, and what a file says of its making changes nothing: a
//! picture made by a model can show a real child.

use tutela_core::Timestamp;

use crate::sentences::{
    POINTS_CONTENT, POINTS_DEVICE, POINTS_DISTINCT, POINTS_RECENT, POINTS_SERIAL, POINTS_TIES,
};
use crate::views::ContributionView;

/// Points for one picture with bytes of its own, and for so many at most.
const MAX_DISTINCT: u64 = 20;
/// A serial number leads to one device, and so to a person.
const DEVICE_SERIAL: u64 = 15;
/// What several independent ties hold together is less likely chance.
const FURTHER_TIE: u64 = 10;
/// Ties that are counted beyond the first.
const MAX_FURTHER_TIES: u64 = 4;
/// Who was photographed lately may be in danger now. Days before the scan, and points.
const RECENT: [(i64, u64); 3] = [(30, 10), (365, 6), (3 * 365, 3)];
/// A clock may be ahead by so much before its time is taken for wrong.
const CLOCK_AHEAD_DAYS: i64 = 1;
/// The same or near content in another case joins two investigations.
const OTHER_CASE_CONTENT: u64 = 20;
/// The same device in another case does so, too, with less certainty.
const OTHER_CASE_DEVICE: u64 = 10;

/// What a score is made from.
pub(super) struct Facts {
    pub(super) distinct: u64,
    pub(super) has_serial: bool,
    pub(super) ties: u64,
    /// Latest capture time stated, in seconds.
    pub(super) last_taken: Option<i64>,
    /// Content of other cases that members share.
    pub(super) content_elsewhere: bool,
    /// Devices of other cases that members share.
    pub(super) device_elsewhere: bool,
}

/// The contributions that are not zero, in the order of the rules.
pub(super) fn contributions(facts: &Facts, scanned_at: Timestamp) -> Vec<ContributionView> {
    let further = facts.ties.saturating_sub(1).min(MAX_FURTHER_TIES);
    let (recent, days) = recency(facts.last_taken, scanned_at);
    let said = |value: u64| value.to_string();
    let all = [
        (
            "distinct",
            facts.distinct.min(MAX_DISTINCT),
            POINTS_DISTINCT.say([("n", said(facts.distinct)), ("most", said(MAX_DISTINCT))]),
        ),
        ("device_serial", u64::from(facts.has_serial) * DEVICE_SERIAL, POINTS_SERIAL.say([])),
        (
            "further_ties",
            further * FURTHER_TIE,
            POINTS_TIES.say([
                ("ties", said(facts.ties)),
                ("points", said(FURTHER_TIE)),
                ("most", said(MAX_FURTHER_TIES * FURTHER_TIE)),
            ]),
        ),
        ("recent", recent, POINTS_RECENT.say([("n", days.to_string())])),
        (
            "other_case_content",
            u64::from(facts.content_elsewhere) * OTHER_CASE_CONTENT,
            POINTS_CONTENT.say([]),
        ),
        (
            "other_case_device",
            u64::from(facts.device_elsewhere) * OTHER_CASE_DEVICE,
            POINTS_DEVICE.say([]),
        ),
    ];
    let given = all.into_iter().filter(|(_, points, _)| *points > 0);
    given.map(|(rule, points, why)| ContributionView { rule, points, why }).collect()
}

/// Points for the latest capture time, and its days before the scan.
fn recency(last_taken: Option<i64>, scanned_at: Timestamp) -> (u64, i64) {
    const DAY_S: i64 = 24 * 60 * 60;
    let Some(taken) = last_taken else { return (0, 0) };
    let days = scanned_at.as_second().saturating_sub(taken).div_euclid(DAY_S);
    if days < -CLOCK_AHEAD_DAYS {
        return (0, days);
    }
    let points = RECENT.iter().find(|(within, _)| days <= *within).map_or(0, |(_, points)| *points);
    (points, days.max(0))
}

#[cfg(test)]
mod tests {
    use super::{Facts, contributions};

    const NOTHING: Facts = Facts {
        distinct: 2,
        has_serial: false,
        ties: 1,
        last_taken: None,
        content_elsewhere: false,
        device_elsewhere: false,
    };

    fn check(facts: &Facts, expected: &[(&str, u64)]) {
        let at = "2026-06-01T12:00:00Z".parse().unwrap();
        let found = contributions(facts, at);
        let found: Vec<_> = found.iter().map(|one| (one.rule, one.points)).collect();
        assert_eq!(found, expected);
    }

    fn taken(at: &str) -> Facts {
        let at: tutela_core::Timestamp = at.parse().unwrap();
        Facts { last_taken: Some(at.as_second()), ..NOTHING }
    }

    #[test]
    fn points_add_up_by_rule() {
        check(&NOTHING, &[("distinct", 2)]);
        check(&Facts { distinct: 5_000, ..NOTHING }, &[("distinct", 20)]);
        check(&Facts { ties: 3, ..NOTHING }, &[("distinct", 2), ("further_ties", 20)]);
        check(&Facts { ties: 9, ..NOTHING }, &[("distinct", 2), ("further_ties", 40)]);
        check(&Facts { has_serial: true, ..NOTHING }, &[("distinct", 2), ("device_serial", 15)]);
        let elsewhere = Facts { content_elsewhere: true, device_elsewhere: true, ..NOTHING };
        check(
            &elsewhere,
            &[("distinct", 2), ("other_case_content", 20), ("other_case_device", 10)],
        );
        let device = Facts { device_elsewhere: true, ..NOTHING };
        check(&device, &[("distinct", 2), ("other_case_device", 10)]);
    }

    #[test]
    fn what_was_taken_lately_comes_first_and_wrong_clocks_do_not() {
        check(&taken("2026-05-20T00:00:00Z"), &[("distinct", 2), ("recent", 10)]);
        check(&taken("2026-01-20T00:00:00Z"), &[("distinct", 2), ("recent", 6)]);
        check(&taken("2024-01-20T00:00:00Z"), &[("distinct", 2), ("recent", 3)]);
        check(&taken("2012-01-20T00:00:00Z"), &[("distinct", 2)]);
        check(&taken("2026-06-02T00:00:00Z"), &[("distinct", 2), ("recent", 10)]);
        check(&taken("2099-01-01T00:00:00Z"), &[("distinct", 2)]);
    }
}
