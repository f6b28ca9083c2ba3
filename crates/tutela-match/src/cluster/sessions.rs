//! Groups what one device captured within a stretch of time and place.

use tutela_core::Place;

/// What one file says of its capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shot {
    /// Number of the device that made it; files of different devices are never in one session.
    pub device: u32,
    /// When, in seconds by the device's own clock.
    pub taken_s: i64,
    /// Where, if stated.
    pub place: Option<Place>,
}

/// What ends a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gaps {
    /// Longest pause between two captures, in seconds.
    pub seconds: i64,
    /// Longest way between two captures that state a place, in metres.
    pub metres: f64,
}

impl Gaps {
    /// Half an hour and half a kilometre: a person who stays with one subject. Positions from a
    /// phone indoors are often wrong by a hundred metres.
    pub const USUAL: Self = Self { seconds: 30 * 60, metres: 500.0 };
}

/// Sessions of two files and more: one device, no pause and no way longer than the gaps. A file that
/// states no place is measured by time alone.
///
/// **Order.** Members by time, then place, then number; sessions by device, then time. They depend on
/// what the shots say, not on their order.
/// **Not proof.** Clock and position are claims of the file.
/// **Cost.** O(n log n).
pub fn sessions(shots: &[Shot], gaps: Gaps) -> Vec<Vec<u32>> {
    let mut order: Vec<u32> = (0..).take(shots.len()).collect();
    let place = |shot: &Shot| shot.place.map(|p| (p.latitude_udeg, p.longitude_udeg));
    order.sort_by_key(|&number| {
        let shot = &shots[number as usize];
        (shot.device, shot.taken_s, place(shot), number)
    });
    let mut sessions: Vec<Vec<u32>> = Vec::new();
    let mut last: Option<Shot> = None;
    for number in order {
        let shot = shots[number as usize];
        match (last.filter(|last| goes_on(last, &shot, gaps)), sessions.last_mut()) {
            (Some(before), Some(session)) => {
                session.push(number);
                last = Some(Shot { place: shot.place.or(before.place), ..shot });
            }
            _ => {
                sessions.push(vec![number]);
                last = Some(shot);
            }
        }
    }
    sessions.retain(|session| session.len() >= 2);
    sessions
}

fn goes_on(last: &Shot, shot: &Shot, gaps: Gaps) -> bool {
    let near = match (last.place, shot.place) {
        (Some(from), Some(to)) => metres(from, to) <= gaps.metres,
        _ => true,
    };
    last.device == shot.device && shot.taken_s.saturating_sub(last.taken_s) <= gaps.seconds && near
}

/// Metres between two places along a great circle of a sphere (haversine). Wrong by at most half a
/// percent, as the earth is no sphere.
fn metres(from: Place, to: Place) -> f64 {
    const EARTH_RADIUS_M: f64 = 6_371_008.8;
    let radians = |udeg: i32| (f64::from(udeg) / 1e6).to_radians();
    let [from_north, to_north] = [from, to].map(|place| radians(place.latitude_udeg));
    let half_height = ((to_north - from_north) / 2.0).sin();
    let half_width = ((radians(to.longitude_udeg) - radians(from.longitude_udeg)) / 2.0).sin();
    let chord = half_height.powi(2) + from_north.cos() * to_north.cos() * half_width.powi(2);
    2.0 * EARTH_RADIUS_M * chord.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use tutela_core::Place;

    use super::{Gaps, Shot, metres, sessions};

    const HOME: Place = Place { latitude_udeg: 45_000_000, longitude_udeg: 9_000_000 };
    /// Some 1.1 km north of it.
    const AWAY: Place = Place { latitude_udeg: 45_010_000, longitude_udeg: 9_000_000 };

    fn shot(device: u32, minute: i64, place: Option<Place>) -> Shot {
        Shot { device, taken_s: minute.saturating_mul(60), place }
    }

    fn check(shots: &[Shot], expected: &[&[u32]]) {
        assert_eq!(sessions(shots, Gaps::USUAL), expected, "{shots:?}");
    }

    #[test]
    fn a_pause_ends_a_session() {
        check(&[], &[]);
        check(&[shot(0, 0, None)], &[]);
        check(&[shot(0, 0, None), shot(0, 30, None), shot(0, 61, None)], &[&[0, 1]]);
        check(&[shot(0, 60, None), shot(0, 0, None), shot(0, 31, None)], &[&[2, 0]]);
        check(&[shot(0, i64::MIN, None), shot(0, i64::MAX, None)], &[]);
    }

    #[test]
    fn a_way_ends_a_session_and_a_missing_place_does_not() {
        check(
            &[shot(0, 0, Some(HOME)), shot(0, 1, Some(AWAY)), shot(0, 2, Some(AWAY))],
            &[&[1, 2]],
        );
        check(&[shot(0, 0, Some(HOME)), shot(0, 1, None), shot(0, 2, Some(AWAY))], &[&[0, 1]]);
    }

    #[test]
    fn devices_stay_apart() {
        check(
            &[shot(1, 0, None), shot(0, 1, None), shot(1, 2, None), shot(0, 3, None)],
            &[&[1, 3], &[0, 2]],
        );
    }

    #[test]
    fn ways_are_measured_along_the_earth() {
        let check = |from: Place, to: Place, kilometres: f64| {
            let found = metres(from, to) / 1000.0;
            assert!((found - kilometres).abs() < kilometres * 0.01 + 0.001, "{found}");
        };
        check(HOME, HOME, 0.0);
        check(HOME, AWAY, 1.112);
        // A degree at the equator, over the date line, from pole to pole.
        let at = |north: f64, east: f64| Place {
            latitude_udeg: (north * 1e6) as i32,
            longitude_udeg: (east * 1e6) as i32,
        };
        check(at(0.0, 0.0), at(0.0, 1.0), 111.2);
        check(at(0.0, 179.5), at(0.0, -179.5), 111.2);
        check(at(90.0, 0.0), at(-90.0, 0.0), 20_015.0);
    }
}
