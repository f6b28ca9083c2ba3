//! Times of rows: RFC 3339 read by hand, since millions of rows have one, and forms that a map names.

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};
use tutela_core::Timestamp;

use super::format::Fault;
use super::limits::YEARS;

/// Why a text is no time.
pub(super) type Refusal = (Fault, &'static str);

const NOT_RFC_3339: Refusal = (Fault::Time, "not a time of RFC 3339, such as 2026-03-01T14:05:00Z");
const NO_OFFSET: Refusal =
    (Fault::Time, "a time without an offset from UTC; say `time_zone` in a map");
const NO_SUCH: Refusal = (Fault::ImpossibleDate, "no calendar or clock has this time");
const OUTSIDE: Refusal = (Fault::ImpossibleDate, "the year is outside 1970 to 2100");

/// How times are written in a file.
#[derive(Debug, Clone, Default)]
pub(super) struct TimeForm {
    /// In the words of `strftime`; RFC 3339 if none.
    pub(super) form: Option<String>,
    /// For times that have no offset of their own.
    pub(super) zone: Option<TimeZone>,
    /// A date alone is the first moment of its day.
    pub(super) date_alone: bool,
}

impl TimeForm {
    /// A zone of a map: `UTC`, an offset such as `+08:00`, or a rule of POSIX such as
    /// `CET-1CEST,M3.5.0,M10.5.0/3`. Names of places need a data base that ages, and are refused.
    pub(super) fn zone_named(name: &str) -> Option<TimeZone> {
        if name == "UTC" || name == "Z" {
            return Some(TimeZone::UTC);
        }
        if let Some(seconds) = offset_s(name.as_bytes()) {
            return Some(TimeZone::fixed(Offset::from_seconds(seconds).ok()?));
        }
        TimeZone::posix(name).ok()
    }

    /// The moment that a text names.
    pub(super) fn read(&self, text: &str) -> Result<Timestamp, Refusal> {
        let moment = match &self.form {
            None => self.rfc_3339(text.as_bytes())?,
            Some(form) => self.mapped(form, text)?,
        };
        let year_s = |year: i16| (i64::from(year) - 1970) * 31_556_952;
        let second = moment.as_second();
        // Whole years are checked where the text is read; an offset can add hours only.
        if second < 0 || second > year_s(*YEARS.end() + 1) { Err(OUTSIDE) } else { Ok(moment) }
    }

    fn rfc_3339(&self, text: &[u8]) -> Result<Timestamp, Refusal> {
        let date = date_of(text)?;
        if text.len() == 10 {
            return if self.date_alone { self.placed(date, 0, 0) } else { Err(NOT_RFC_3339) };
        }
        let (b'T' | b't' | b' ', Some(time)) = (text[10], text.get(11..19)) else {
            return Err(NOT_RFC_3339);
        };
        let (Some(hour), Some(minute), Some(second)) = (two(time, 0), two(time, 3), two(time, 6))
        else {
            return Err(NOT_RFC_3339);
        };
        if time[2] != b':' || time[5] != b':' {
            return Err(NOT_RFC_3339);
        }
        if hour > 23 || minute > 59 || second > 60 {
            return Err(NO_SUCH);
        }
        let mut rest = &text[19..];
        let mut nanosecond = 0_i32;
        if let [b'.' | b',', tail @ ..] = rest {
            let digits = tail.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return Err(NOT_RFC_3339);
            }
            let fraction = tail[..digits].iter().copied().chain(std::iter::repeat(b'0'));
            for digit in fraction.take(9) {
                nanosecond = nanosecond * 10 + i32::from(digit - b'0');
            }
            rest = &tail[digits..];
        }
        // A leap second is the last of its minute.
        let of_day = hour * 3600 + minute * 60 + second.min(59);
        match rest {
            [] => self.placed(date, of_day, nanosecond),
            [b'Z' | b'z'] => moment(date, of_day, nanosecond),
            _ => {
                let offset = offset_s(rest).ok_or(NOT_RFC_3339)?;
                moment(date, of_day - offset, nanosecond)
            }
        }
    }

    /// A time without an offset of its own.
    fn placed(&self, date: Date, of_day_s: i32, nanosecond: i32) -> Result<Timestamp, Refusal> {
        let zone = self.zone.as_ref().ok_or(NO_OFFSET)?;
        let local = moment(date, of_day_s, nanosecond)?;
        if let Ok(offset) = zone.to_fixed_offset() {
            return moment(date, of_day_s - offset.seconds(), nanosecond);
        }
        let civil = Offset::UTC.to_datetime(local);
        civil.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| NO_SUCH)
    }

    fn mapped(&self, form: &str, text: &str) -> Result<Timestamp, Refusal> {
        const MISFIT: Refusal = (Fault::Time, "does not fit the `time_format` of the map");
        let parts = strtime::parse(form, text).map_err(|_| {
            // A day such as 30 February fits the form and no calendar.
            let digits = |c: char| c.is_ascii_digit();
            if text.chars().filter(|c| digits(*c)).count() >= 6
                && form.contains("%d")
                && fits(form, text)
            {
                NO_SUCH
            } else {
                MISFIT
            }
        })?;
        if let Ok(moment) = parts.to_timestamp() {
            return Ok(moment);
        }
        let civil: DateTime = match parts.to_datetime() {
            Ok(civil) => civil,
            Err(_) => parts.to_date().map_err(|_| NO_SUCH)?.at(0, 0, 0, 0),
        };
        if !YEARS.contains(&civil.year()) {
            return Err(OUTSIDE);
        }
        let zone = self.zone.as_ref().ok_or(NO_OFFSET)?;
        civil.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| NO_SUCH)
    }
}

/// Whether a text has the shape of a form: the same characters around runs of digits.
fn fits(form: &str, text: &str) -> bool {
    let marks = |text: &str| -> String {
        let mut chars = text.chars().peekable();
        let mut marks = String::new();
        while let Some(c) = chars.next() {
            if c == '%' {
                chars.next();
                marks.push('0');
            } else if c.is_ascii_digit() {
                while chars.peek().is_some_and(char::is_ascii_digit) {
                    chars.next();
                }
                marks.push('0');
            } else {
                marks.push(c);
            }
        }
        marks
    };
    marks(form) == marks(text)
}

#[derive(Debug, Clone, Copy)]
struct Date {
    year: i32,
    month: i32,
    day: i32,
}

fn two(text: &[u8], at: usize) -> Option<i32> {
    let digit =
        |at: usize| text.get(at).filter(|b| b.is_ascii_digit()).map(|b| i32::from(*b - b'0'));
    Some(digit(at)? * 10 + digit(at + 1)?)
}

fn date_of(text: &[u8]) -> Result<Date, Refusal> {
    let (Some(century), Some(years), Some(month), Some(day)) =
        (two(text, 0), two(text, 2), two(text, 5), two(text, 8))
    else {
        return Err(NOT_RFC_3339);
    };
    if text[4] != b'-' || text[7] != b'-' {
        return Err(NOT_RFC_3339);
    }
    let year = century * 100 + years;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return Err(NO_SUCH),
    };
    if !(1..=days).contains(&day) {
        return Err(NO_SUCH);
    }
    if !(i32::from(*YEARS.start())..=i32::from(*YEARS.end())).contains(&year) {
        return Err(OUTSIDE);
    }
    Ok(Date { year, month, day })
}

/// `+08:00` and the like, as seconds east of Greenwich.
fn offset_s(text: &[u8]) -> Option<i32> {
    let (sign, rest) = match text {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let hours = two(rest, 0)?;
    let minutes = match rest.len() {
        2 => 0,
        4 => two(rest, 2)?,
        5 if rest[2] == b':' => two(rest, 3)?,
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Days are counted as in "days from civil": the year starts in March, so that the leap day is its last.
fn moment(date: Date, of_day_s: i32, nanosecond: i32) -> Result<Timestamp, Refusal> {
    let year = if date.month > 2 { date.year } else { date.year - 1 };
    let month = (date.month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + date.day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468;
    let second = i64::from(days) * 86_400 + i64::from(of_day_s);
    Timestamp::new(second, nanosecond).map_err(|_| NO_SUCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &TimeForm, text: &str) -> Result<String, Fault> {
        form.read(text).map(|moment| moment.to_string()).map_err(|(fault, _)| fault)
    }

    #[test]
    fn rfc_3339_reads_as_jiff_reads_it() {
        for text in [
            "2026-03-01T14:05:00Z",
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59.999999999Z",
            "2024-12-31T23:59:59+14:00",
            "2099-01-01T00:00:00.5-12:00",
            "2025-07-15T08:00:00+0530",
            "2025-07-15 08:00:00Z",
        ] {
            let expected: Timestamp = text.parse().unwrap();
            assert_eq!(read(&TimeForm::default(), text), Ok(expected.to_string()), "{text}");
        }
    }

    #[test]
    fn each_refusal_has_its_kind() {
        for (text, fault) in [
            ("2026-02-30T00:00:00Z", Fault::ImpossibleDate),
            ("2025-02-29T00:00:00Z", Fault::ImpossibleDate),
            ("2026-13-01T00:00:00Z", Fault::ImpossibleDate),
            ("2026-01-00T00:00:00Z", Fault::ImpossibleDate),
            ("2026-01-01T24:00:00Z", Fault::ImpossibleDate),
            ("2026-01-01T00:60:00Z", Fault::ImpossibleDate),
            ("1900-01-01T00:00:00Z", Fault::ImpossibleDate),
            ("9999-12-31T00:00:00Z", Fault::ImpossibleDate),
            ("1970-01-01T00:00:00+05:00", Fault::ImpossibleDate),
            ("2026-01-01T00:00:00", Fault::Time),
            ("2026-01-01", Fault::Time),
            ("01.03.2026", Fault::Time),
            ("2026-01-01T00:00Z", Fault::Time),
            ("2026-01-01T00:00:00.Z", Fault::Time),
            ("2026-01-01T00:00:00+1", Fault::Time),
            ("2026-01-01T00:00:00é", Fault::Time),
            ("1751328000", Fault::Time),
            ("2026/01/01T00:00:00Z", Fault::Time),
        ] {
            assert_eq!(read(&TimeForm::default(), text), Err(fault), "{text}");
        }
    }

    #[test]
    fn maps_give_forms_and_zones() {
        let form = |form: &str, zone: &str| TimeForm {
            form: Some(form.to_owned()),
            zone: TimeForm::zone_named(zone),
            date_alone: false,
        };
        let berlin = form("%d.%m.%Y %H:%M", "CET-1CEST,M3.5.0,M10.5.0/3");
        assert_eq!(read(&berlin, "01.03.2026 14:05"), Ok("2026-03-01T13:05:00Z".to_owned()));
        assert_eq!(read(&berlin, "01.07.2026 14:05"), Ok("2026-07-01T12:05:00Z".to_owned()));
        assert_eq!(read(&berlin, "30.02.2026 14:05"), Err(Fault::ImpossibleDate));
        assert_eq!(read(&berlin, "2026-03-01 14:05"), Err(Fault::Time));
        let manila = form("%m/%d/%Y", "+08:00");
        assert_eq!(read(&manila, "03/01/2026"), Ok("2026-02-28T16:00:00Z".to_owned()));
        assert_eq!(
            read(&form("%Y-%m-%d %H:%M:%S %z", ""), "2026-03-01 00:00:00 +0100"),
            Ok("2026-02-28T23:00:00Z".to_owned())
        );
        assert_eq!(read(&form("%Y-%m-%d", ""), "2026-03-01"), Err(Fault::Time));
        let local = TimeForm {
            zone: TimeForm::zone_named("-05:00"),
            date_alone: true,
            ..TimeForm::default()
        };
        assert_eq!(read(&local, "2026-03-01T14:05:00"), Ok("2026-03-01T19:05:00Z".to_owned()));
        assert_eq!(read(&local, "2026-03-01"), Ok("2026-03-01T05:00:00Z".to_owned()));
        assert!(TimeForm::zone_named("Europe/Berlin").is_none());
    }
}
