//! Where accounts stand in a link chart: payers left, payees right, ordered so that few lines cross.

/// Rounds of ordering; small charts settle after three or four.
const ROUNDS: usize = 12;

/// The order of both columns, by place in the lists given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) payers: Vec<usize>,
    pub(super) payees: Vec<usize>,
}

/// Orders two columns with lines between them. Each line is a payer and a payee, by place; `near` are pairs of payees that
/// should stand side by side. The same input gives the same order.
///
/// **Cost.** O(rounds · (lines · log lines + pairs of neighbours · their lines)).
pub(super) fn order(
    payers: usize,
    payees: usize,
    lines: &[(usize, usize)],
    near: &[(usize, usize)],
) -> Order {
    let mut order = Order { payers: (0..payers).collect(), payees: (0..payees).collect() };
    let mut to_payees = vec![Vec::new(); payers];
    let mut to_payers = vec![Vec::new(); payees];
    let mut beside = vec![Vec::new(); payees];
    for (payer, payee) in lines {
        to_payees[*payer].push(*payee);
        to_payers[*payee].push(*payer);
    }
    for (one, other) in near {
        beside[*one].push(*other);
        beside[*other].push(*one);
    }
    let mut best = (crossings(&order, lines), order.clone());
    for _ in 0..ROUNDS {
        let places = places(&order.payees);
        let lean = |payer: &usize| mean(&to_payees[*payer], &places);
        settle(&mut order.payers, lean);
        let payer_places = self::places(&order.payers);
        let scale = payees.max(1) as f64 / payers.max(1) as f64;
        let lean = |payee: &usize| {
            let by_payers = mean(&to_payers[*payee], &payer_places).map(|place| place * scale);
            match (by_payers, mean(&beside[*payee], &places)) {
                (Some(lines), Some(neighbours)) => Some(0.7 * lines + 0.3 * neighbours),
                (lines, neighbours) => lines.or(neighbours),
            }
        };
        settle(&mut order.payees, lean);
        swap(&mut order.payers, &to_payees, &self::places(&order.payees));
        swap(&mut order.payees, &to_payers, &self::places(&order.payers));
        let found = crossings(&order, lines);
        if found < best.0 {
            best = (found, order.clone());
        }
    }
    best.1
}

/// The place of each thing in an order.
fn places(order: &[usize]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, one)| places[*one] = place);
    places
}

fn mean(of: &[usize], places: &[usize]) -> Option<f64> {
    let sum: usize = of.iter().map(|one| places[*one]).sum();
    (!of.is_empty()).then(|| sum as f64 / of.len() as f64)
}

/// Sorts by where each one's neighbours stand; what has none keeps its place.
fn settle(order: &mut [usize], lean: impl Fn(&usize) -> Option<f64>) {
    let mut keyed: Vec<(f64, usize)> = (order.iter().enumerate())
        .map(|(place, one)| (lean(one).unwrap_or(place as f64), *one))
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    order.iter_mut().zip(keyed).for_each(|(place, (_, one))| *place = one);
}

/// Swaps neighbours where that undoes crossings, from the top, until nothing gets better.
fn swap(order: &mut [usize], ends: &[Vec<usize>], places: &[usize]) {
    for _ in 0..ROUNDS {
        let mut better = false;
        for at in 1..order.len() {
            let (above, below) = (&ends[order[at - 1]], &ends[order[at]]);
            if crossed(below, above, places) < crossed(above, below, places) {
                order.swap(at - 1, at);
                better = true;
            }
        }
        if !better {
            return;
        }
    }
}

/// Lines that cross when the one stands right above the other.
fn crossed(above: &[usize], below: &[usize], places: &[usize]) -> usize {
    let of = |one: &usize| below.iter().filter(|two| places[*one] > places[**two]).count();
    above.iter().map(of).sum()
}

/// Lines that cross in all.
pub(super) fn crossings(order: &Order, lines: &[(usize, usize)]) -> usize {
    let (left, right) = (places(&order.payers), places(&order.payees));
    let mut ends: Vec<(usize, usize)> =
        lines.iter().map(|(payer, payee)| (left[*payer], right[*payee])).collect();
    ends.sort_unstable();
    let later = |at: usize| ends[at + 1..].iter().filter(|b| ends[at].1 > b.1).count();
    (0..ends.len()).map(later).sum()
}

/// Tops of boxes from top to bottom, each as near to where it wants its middle as the ones above let it, within `height`
/// where they fit.
pub(super) fn tops(heights: &[f64], middles: &[f64], gap: f64, height: f64) -> Vec<f64> {
    let mut tops = Vec::with_capacity(heights.len());
    let mut free = 0.0_f64;
    for (own, middle) in heights.iter().zip(middles) {
        let top = (middle - own / 2.0).max(free);
        tops.push(top);
        free = top + own + gap;
    }
    let mut limit = height;
    for (top, own) in tops.iter_mut().zip(heights).rev() {
        *top = top.min(limit - own).max(0.0);
        limit = *top - gap;
    }
    // Boxes that do not fit stand below each other all the same.
    let mut free = 0.0_f64;
    for (top, own) in tops.iter_mut().zip(heights) {
        *top = top.max(free);
        free = *top + own + gap;
    }
    tops
}

/// A lane for each span, so that spans in one lane do not touch; short spans get the inner lanes.
pub(super) fn lanes(spans: &[(f64, f64)]) -> Vec<usize> {
    let mut by_length: Vec<usize> = (0..spans.len()).collect();
    let length = |at: &usize| (spans[*at].1 - spans[*at].0).abs();
    by_length.sort_by(|a, b| length(a).total_cmp(&length(b)).then(a.cmp(b)));
    let mut lanes = vec![0; spans.len()];
    let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
    for at in by_length {
        let (a, b) = spans[at];
        let (top, bottom) = (a.min(b), a.max(b));
        let free = |lane: &Vec<(f64, f64)>| lane.iter().all(|one| bottom < one.0 || top > one.1);
        let lane = taken.iter().position(free).unwrap_or(taken.len());
        if lane == taken.len() {
            taken.push(Vec::new());
        }
        taken[lane].push((top, bottom));
        lanes[at] = lane;
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::{Order, crossings, lanes, order, tops};

    #[test]
    fn lines_that_need_not_cross_do_not() {
        // Two groups, given interleaved: 0, 2 and 4 pay 0; 1, 3 and 5 pay 1; 4 pays both.
        let lines = [(0, 0), (1, 1), (2, 0), (3, 1), (4, 0), (5, 1), (4, 1)];
        let given = Order { payers: (0..6).collect(), payees: vec![0, 1] };
        assert!(crossings(&given, &lines) > 0);
        let found = order(6, 2, &lines, &[]);
        assert_eq!(crossings(&found, &lines), 0, "{found:?}");
        assert_eq!(found, order(6, 2, &lines, &[]), "the same again");
    }

    #[test]
    fn nothing_and_loners_are_survived() {
        assert_eq!(order(0, 0, &[], &[]), Order { payers: vec![], payees: vec![] });
        assert_eq!(order(2, 1, &[], &[]).payers, [0, 1]);
    }

    #[test]
    fn boxes_stand_where_they_want_and_never_overlap() {
        let heights = [20.0, 20.0, 20.0];
        assert_eq!(tops(&heights, &[10.0, 100.0, 190.0], 4.0, 200.0), [0.0, 90.0, 180.0]);
        let pushed = tops(&heights, &[190.0, 190.0, 190.0], 4.0, 200.0);
        assert_eq!(pushed, [132.0, 156.0, 180.0]);
        let too_many = tops(&heights, &[0.0, 0.0, 0.0], 4.0, 30.0);
        assert!(too_many.windows(2).all(|two| two[1] >= two[0] + 24.0), "{too_many:?}");
    }

    #[test]
    fn spans_in_one_lane_do_not_touch() {
        assert_eq!(lanes(&[(0.0, 100.0), (10.0, 20.0), (30.0, 40.0), (60.0, 15.0)]), [2, 0, 0, 1]);
    }
}
