//! How templates print numbers, times, sizes and hostile text.
#![expect(unreachable_pub, reason = "the filter macro makes its types public")]

use std::fmt::Display;

use askama::filters::Safe;
use askama::{Result, Values};

use super::figures::{self, Whole};
use super::hostile;
use crate::words::fill;

/// A number with its digits in groups.
#[askama::filter_fn]
pub(crate) fn count(number: impl Whole, _: &dyn Values) -> Result<String> {
    Ok(figures::count(number.whole()))
}

/// A size in human units.
#[askama::filter_fn]
pub(crate) fn bytes(size: impl Whole, _: &dyn Values, decimal_mark: &str) -> Result<String> {
    Ok(figures::bytes(size.whole(), decimal_mark))
}

/// A share of something.
#[askama::filter_fn]
pub(crate) fn percent_of<T: Whole>(
    part: impl Whole,
    _: &dyn Values,
    of: T,
    decimal_mark: &str,
) -> Result<String> {
    Ok(figures::percent(part.whole(), of.whole(), decimal_mark))
}

/// An RFC 3339 time, hidden characters as plain numbers: a camera may have written anything.
#[askama::filter_fn]
pub(crate) fn moment(time: impl AsRef<str>, _: &dyn Values) -> Result<String> {
    Ok(hostile::plain(&figures::moment(time.as_ref())))
}

/// The day a list was issued, with the time only where it says more than midnight.
#[askama::filter_fn]
pub(crate) fn day(time: impl AsRef<str>, _: &dyn Values) -> Result<String> {
    let time = time.as_ref();
    let day = time.strip_suffix("T00:00:00Z").unwrap_or(time);
    Ok(hostile::plain(&figures::moment(day)))
}

/// Text from outside.
#[askama::filter_fn]
pub(crate) fn shown(text: impl AsRef<str>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(hostile::html(text.as_ref())))
}

/// Text from outside where no element can stand, such as a title.
#[askama::filter_fn]
pub(crate) fn shown_plain(text: impl AsRef<str>, _: &dyn Values) -> Result<String> {
    Ok(hostile::plain(text.as_ref()))
}

/// Text from outside whose line breaks are meant.
#[askama::filter_fn]
pub(crate) fn shown_lines(text: impl AsRef<str>, _: &dyn Values) -> Result<Safe<String>> {
    let lines: Vec<String> = text.as_ref().lines().map(hostile::html).collect();
    Ok(Safe(lines.join("\n")))
}

/// A path from outside.
#[askama::filter_fn]
pub(crate) fn path(text: impl AsRef<str>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(hostile::path_html(text.as_ref())))
}

/// Our sentence with `{name}` filled in.
#[askama::filter_fn]
pub(crate) fn put<T: Display>(
    sentence: impl AsRef<str>,
    _: &dyn Values,
    name: &str,
    value: T,
) -> Result<String> {
    Ok(fill(sentence.as_ref(), name, &value.to_string()))
}

/// `one thing|{n} things`: the form that fits a number, with the number in it.
#[askama::filter_fn]
pub(crate) fn counted<T: Whole>(forms: &str, _: &dyn Values, number: T) -> Result<String> {
    Ok(figures::counted(forms, number.whole()))
}
