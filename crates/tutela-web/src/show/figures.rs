//! Numbers, sizes, times and durations as people read them.

/// Between groups of three digits: U+202F, narrow and never broken.
const GROUP: char = '\u{202f}';

/// Whole numbers that templates print, by value or by reference.
pub(crate) trait Whole {
    /// The number.
    fn whole(&self) -> u64;
}

macro_rules! whole {
    ($($number:ty),*) => {
        $(impl Whole for $number {
            fn whole(&self) -> u64 {
                u64::try_from(*self).unwrap_or(u64::MAX)
            }
        })*
    };
}

whole!(u8, u16, u32, u64, usize);

impl<T: Whole> Whole for &T {
    fn whole(&self) -> u64 {
        (**self).whole()
    }
}

/// `1 234 567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 12);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(GROUP);
        }
        out.push(digit);
    }
    out
}

/// The form of `one file|{n} files` that fits a number, with the number in it.
pub(crate) fn counted(forms: &str, number: u64) -> String {
    let (one, many) = forms.split_once('|').unwrap_or((forms, forms));
    let form = if number == 1 { one } else { many };
    form.replace("{n}", &count(number))
}

/// `41.2 GB`, in powers of 1000 (IEC 80000-13), cut after the first decimal, never rounded up.
pub(crate) fn bytes(size_bytes: u64, decimal_mark: &str) -> String {
    const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let mut scale = 1_u64;
    let mut unit = 0;
    while size_bytes / scale >= 1000 && unit + 1 < UNITS.len() {
        scale *= 1000;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 {
        return format!("{size_bytes}\u{a0}{name}");
    }
    let tenths = size_bytes % scale / (scale / 10);
    format!("{}{decimal_mark}{tenths}\u{a0}{name}", size_bytes / scale)
}

/// `12.3 %`; something that is not nothing never shows as `0.0 %`, nor a part as `100 %`.
pub(crate) fn percent(part: u64, of: u64, decimal_mark: &str) -> String {
    if part == 0 || of == 0 {
        return "0\u{a0}%".to_owned();
    }
    if part == of {
        return "100\u{a0}%".to_owned();
    }
    let tenths = u128::from(part) * 1000 / u128::from(of);
    match tenths {
        0 => format!("<\u{a0}0{decimal_mark}1\u{a0}%"),
        tenths => format!("{}{decimal_mark}{}\u{a0}%", tenths / 10, tenths % 10),
    }
}

/// `2 h 03 min`, `3 min 07 s`, `4.2 s`.
pub(crate) fn duration(elapsed_ms: u64, decimal_mark: &str) -> String {
    let seconds = elapsed_ms / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}{decimal_mark}{}\u{a0}s", elapsed_ms % 1000 / 100),
        (0, m, s) => format!("{m}\u{a0}min {s:02}\u{a0}s"),
        (h, m, _) => format!("{h}\u{a0}h {m:02}\u{a0}min"),
    }
}

/// `2026-03-04 09:12:33 UTC` from RFC 3339; other text is shown as it stands. A time without an
/// offset, as cameras write it, gets none.
pub(crate) fn moment(rfc3339: &str) -> String {
    let Some((date, time)) = rfc3339.split_once('T') else {
        return rfc3339.to_owned();
    };
    let clock = time.split_once('.').map_or(time, |(clock, _)| clock);
    match time.strip_suffix('Z') {
        Some(_) => format!("{date} {} UTC", clock.trim_end_matches('Z')),
        None => format!("{date} {time}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, count, counted, duration, moment, percent};

    #[test]
    fn digits_stand_in_groups_of_three() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1000, "1\u{202f}000"),
            (1_234_567, "1\u{202f}234\u{202f}567"),
        ];
        for (number, expected) in cases {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn one_is_counted_in_the_singular() {
        let forms = "one file|{n} files";
        assert_eq!(counted(forms, 0), "0 files");
        assert_eq!(counted(forms, 1), "one file");
        assert_eq!(counted(forms, 2000), "2\u{202f}000 files");
    }

    #[test]
    fn sizes_are_cut_not_rounded() {
        let cases = [
            (0, "0\u{a0}B"),
            (999, "999\u{a0}B"),
            (1000, "1.0\u{a0}kB"),
            (1_999_999, "1.9\u{a0}MB"),
            (u64::MAX, "18.4\u{a0}EB"),
        ];
        for (size, expected) in cases {
            assert_eq!(bytes(size, "."), expected);
        }
        assert_eq!(bytes(1500, ","), "1,5\u{a0}kB");
    }

    #[test]
    fn a_share_is_never_shown_as_nothing_or_all_when_it_is_not() {
        let cases = [
            (0, 10, "0\u{a0}%"),
            (10, 10, "100\u{a0}%"),
            (1, 100_000, "<\u{a0}0.1\u{a0}%"),
            (99_999, 100_000, "99.9\u{a0}%"),
            (0, 0, "0\u{a0}%"),
        ];
        for (part, of, expected) in cases {
            assert_eq!(percent(part, of, "."), expected, "{part} of {of}");
        }
    }

    #[test]
    fn durations_keep_two_units() {
        let cases = [
            (4_250, "4.2\u{a0}s"),
            (187_000, "3\u{a0}min 07\u{a0}s"),
            (7_380_000, "2\u{a0}h 03\u{a0}min"),
        ];
        for (elapsed_ms, expected) in cases {
            assert_eq!(duration(elapsed_ms, "."), expected);
        }
    }

    #[test]
    fn moments_lose_their_fraction_and_keep_their_offset() {
        let cases = [
            ("2026-03-04T09:12:33Z", "2026-03-04 09:12:33 UTC"),
            ("2026-03-04T09:12:33.123456Z", "2026-03-04 09:12:33 UTC"),
            ("2023-07-01T10:00:00", "2023-07-01 10:00:00"),
            ("2023-07-01T10:00:00+02:00", "2023-07-01 10:00:00+02:00"),
            ("yesterday", "yesterday"),
        ];
        for (text, expected) in cases {
            assert_eq!(moment(text), expected);
        }
    }
}
