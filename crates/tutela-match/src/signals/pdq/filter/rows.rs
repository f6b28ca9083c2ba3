//! Box filters along rows, several rows side by side.

use super::super::GRID;
use super::lanes::{LANES, Lanes};
use super::window::Window;

/// Writes the mean of the window around every column.
#[inline(always)]
pub(super) fn box_rows(window: Window, input: &[Lanes], out: &mut [Lanes]) {
    let Window { len, span, reach } = window;
    let mut sum = [0.0; LANES];
    for (x, entering) in input[..span].iter().enumerate() {
        add(&mut sum, entering);
        if let Some(place) = x.checked_sub(reach) {
            out[place] = sum.map(|sum| sum / window.count(place) as f32);
        }
    }
    let moves = input[span..len].iter().zip(input);
    let steady = out[span - reach..len - reach].iter_mut().zip(moves);
    let count = span as f32;
    if span.is_power_of_two() {
        let share = 1.0 / count;
        for (out, (entering, leaving)) in steady {
            slide(&mut sum, entering, leaving);
            *out = sum.map(|sum| sum * share);
        }
    } else {
        for (out, (entering, leaving)) in steady {
            slide(&mut sum, entering, leaving);
            *out = sum.map(|sum| sum / count);
        }
    }
    for place in len - reach..len {
        subtract(&mut sum, &input[place + reach - span]);
        out[place] = sum.map(|sum| sum / window.count(place) as f32);
    }
}

/// Writes the mean of the window around the given columns only, which are in rising order.
#[inline(always)]
pub(super) fn box_rows_at(
    window: Window,
    input: &[Lanes],
    places: &[usize; GRID],
    out: &mut [Lanes],
) {
    let Window { len, span, reach } = window;
    let mut sum = [0.0; LANES];
    let mut next = 0;
    for (out, place) in out.iter_mut().zip(places) {
        let end = place + reach + 1;
        while next < end.min(span) {
            add(&mut sum, &input[next]);
            next += 1;
        }
        if next < end.min(len) {
            let entering = &input[next..end.min(len)];
            for (entering, leaving) in entering.iter().zip(&input[next - span..]) {
                slide(&mut sum, entering, leaving);
            }
            next = end.min(len);
        }
        while next < end {
            subtract(&mut sum, &input[next - span]);
            next += 1;
        }
        *out = sum.map(|sum| sum / window.count(*place) as f32);
    }
}

#[inline(always)]
fn slide(sum: &mut Lanes, entering: &Lanes, leaving: &Lanes) {
    for ((sum, entering), leaving) in sum.iter_mut().zip(entering).zip(leaving) {
        *sum = (*sum + entering) - leaving;
    }
}

#[inline(always)]
fn add(sum: &mut Lanes, entering: &Lanes) {
    for (sum, entering) in sum.iter_mut().zip(entering) {
        *sum += entering;
    }
}

#[inline(always)]
fn subtract(sum: &mut Lanes, leaving: &Lanes) {
    for (sum, leaving) in sum.iter_mut().zip(leaving) {
        *sum -= leaving;
    }
}
