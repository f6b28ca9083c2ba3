//! Groups files whose names count on: camera counters, messengers, moments, common stems.

use std::collections::BTreeMap;

/// Files of a run at least: two names alike are chance.
pub const MIN_RUN: usize = 3;
/// Numbers that may be missing between two names of a run: deleted or moved files leave holes.
pub const MAX_NUMBER_GAP: u64 = 20;
/// Seconds between two names that state a moment: as for sessions of one device.
pub const MAX_SECONDS_GAP: u64 = 30 * 60;
/// Digits of a counter at most. Longer ones are ids or times and count nothing.
const MAX_COUNTER_DIGITS: usize = 6;
/// Bytes of a name that are looked at: no camera writes longer ones.
const MAX_NAME_BYTES: usize = 255;

/// How a name counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// `IMG_0001`: four characters and four digits, as cameras write.
    /// Source: DCF (JEITA CP-3461), "DCF file names".
    Camera,
    /// `IMG-20240501-WA0001`: as WhatsApp writes what it received and sent.
    Messenger,
    /// `PXL_20240501_143012`: a moment, by the second.
    Moment,
    /// `holiday (12)`: a stem that ends in a number.
    Stem,
}

impl NameKind {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Camera => "camera_counter",
            Self::Messenger => "messenger_counter",
            Self::Moment => "moment",
            Self::Stem => "stem_and_number",
        }
    }

    const fn max_gap(self) -> u64 {
        match self {
            Self::Camera | Self::Messenger | Self::Stem => MAX_NUMBER_GAP,
            Self::Moment => MAX_SECONDS_GAP,
        }
    }
}

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// How it counts.
    pub kind: NameKind,
    /// What stays the same.
    pub stem: String,
    /// The counter, or the second of the day.
    pub number: u64,
}

impl Name {
    /// Takes a file name apart, without its extension: a picture and its film count together.
    pub fn parse(file_name: &str) -> Option<Self> {
        if file_name.len() > MAX_NAME_BYTES {
            return None;
        }
        let name = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
        messenger(name).or_else(|| moment(name)).or_else(|| camera(name)).or_else(|| stem(name))
    }
}

/// `IMG-20240501-WA0001`.
fn messenger(name: &str) -> Option<Name> {
    let (stem, number) = name.split_once("-WA")?;
    let (prefix, date) = stem.split_once('-')?;
    let plain = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_uppercase());
    let counts = number.len() == 4 && is_digits(number) && is_date(date);
    let found =
        || Some(name_of(NameKind::Messenger, &name[..stem.len() + 3], number.parse().ok()?));
    if plain && counts { found() } else { None }
}

/// A date and a time of day, whatever stands between their digits and around them.
fn moment(name: &str) -> Option<Name> {
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let mut digits = String::new();
    for c in name[start..].chars() {
        match c {
            '0'..='9' => digits.push(c),
            '-' | '_' | '.' | ' ' | 'T' => {}
            _ => break,
        }
    }
    let (date, time) = (digits.get(..8)?, digits.get(8..14)?);
    let part = |from: usize| time.get(from..from + 2)?.parse::<u64>().ok();
    let (hour, minute, second) = (part(0)?, part(2)?, part(4)?);
    let real = is_date(date) && hour < 24 && minute < 60 && second < 60;
    let number = (hour * 60 + minute) * 60 + second;
    real.then(|| name_of(NameKind::Moment, &format!("{}{date}", &name[..start]), number))
}

/// Eight characters, the last four of them digits.
fn camera(name: &str) -> Option<Name> {
    let (stem, number) = name.split_at_checked(4)?;
    let free = stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let lettered = stem.bytes().any(|b| b.is_ascii_alphabetic() || b == b'_');
    let counts = number.len() == 4 && is_digits(number);
    if free && lettered && counts {
        return Some(name_of(NameKind::Camera, stem, number.parse().ok()?));
    }
    None
}

/// Anything that ends in a short number, in brackets or not.
fn stem(name: &str) -> Option<Name> {
    let bare = name.strip_suffix(')').unwrap_or(name);
    let stem = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &bare[stem.len()..];
    if number.is_empty() || number.len() > MAX_COUNTER_DIGITS {
        return None;
    }
    let stem = if bare.len() < name.len() { stem.strip_suffix('(')? } else { stem };
    Some(name_of(NameKind::Stem, stem.trim_end(), number.parse().ok()?))
}

fn name_of(kind: NameKind, stem: &str, number: u64) -> Name {
    Name { kind, stem: stem.to_owned(), number }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// `YYYYMMDD` of a year in which there were digital cameras.
fn is_date(text: &str) -> bool {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let dated = text.len() == 8
        && is_digits(text)
        && part(0, 4).is_some_and(|year| (1990..2100).contains(&year))
        && part(4, 6).is_some_and(|month| (1..=12).contains(&month));
    dated && part(6, 8).is_some_and(|day| (1..=31).contains(&day))
}

/// Files of one folder whose names count on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// How they count.
    pub kind: NameKind,
    /// Number of the folder.
    pub folder: u32,
    /// What stays the same.
    pub stem: String,
    /// Members by counter, then number.
    pub members: Vec<u32>,
}

/// Runs of [`MIN_RUN`] different counters and more, in one folder, with the same stem and no hole
/// larger than allowed. Each file comes with the number of its folder and its name.
///
/// **Order.** By folder, kind, stem, counter. Runs depend on folders and names, not on their order.
/// **Not proof.** Names are easily changed, and many devices count alike.
/// **Cost.** O(n log n).
pub fn runs(files: &[(u32, &str)]) -> Vec<Run> {
    let mut named: BTreeMap<(u32, NameKind, String), Vec<(u64, u32)>> = BTreeMap::new();
    for (member, (folder, name)) in (0..).zip(files) {
        if let Some(name) = Name::parse(name) {
            let key = (*folder, name.kind, name.stem);
            named.entry(key).or_default().push((name.number, member));
        }
    }
    let mut runs = Vec::new();
    for ((folder, kind, stem), mut counted) in named {
        counted.sort_unstable();
        let together = counted.chunk_by(|(one, _), (next, _)| next - one <= kind.max_gap());
        for run in together {
            let different = run.chunk_by(|(one, _), (next, _)| one == next).count();
            if different >= MIN_RUN {
                let members = run.iter().map(|(_, member)| *member).collect();
                runs.push(Run { kind, folder, stem: stem.clone(), members });
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::{Name, NameKind, runs};

    #[test]
    fn names_are_taken_apart() {
        let check = |name: &str, expected: Option<(NameKind, &str, u64)>| {
            let found = Name::parse(name);
            let found = found.as_ref().map(|n| (n.kind, n.stem.as_str(), n.number));
            assert_eq!(found, expected, "{name:?}");
        };
        use NameKind::{Camera, Messenger, Moment, Stem};
        check("IMG_0001.JPG", Some((Camera, "IMG_", 1)));
        check("P1010042.jpg", Some((Camera, "P101", 42)));
        check("_DSC9999.NEF", Some((Camera, "_DSC", 9999)));
        check("12345678.jpg", None);
        check("IMG-20240501-WA0007.jpg", Some((Messenger, "IMG-20240501-WA", 7)));
        check("IMG-20249901-WA0007.jpg", Some((Stem, "IMG-20249901-WA", 7)));
        check("PXL_20240501_143012345.jpg", Some((Moment, "PXL_20240501", 52_212)));
        check("20240501_000001.jpg", Some((Moment, "20240501", 1)));
        check("Screenshot_2024-05-01-14-30-12.png", Some((Moment, "Screenshot_20240501", 52_212)));
        check("IMG_20240501_143012(1).jpg", Some((Moment, "IMG_20240501", 52_212)));
        check("holiday (12).jpeg", Some((Stem, "holiday", 12)));
        check("scan-3", Some((Stem, "scan-", 3)));
        check("7.png", Some((Stem, "", 7)));
        check("odd 3).png", None);
        check("1714566612345.jpg", None);
        check("ünïcode_0001.jpg", Some((Stem, "ünïcode_", 1)));
        check("notes.txt", None);
        check("", None);
        check(".", None);
        check(&"9".repeat(300), None);
    }

    #[test]
    fn runs_need_a_folder_a_stem_and_three_counters() {
        let check = |files: &[(u32, &str)], expected: &[&[u32]]| {
            let found: Vec<_> = runs(files).into_iter().map(|run| run.members).collect();
            assert_eq!(found, expected, "{files:?}");
        };
        check(&[(0, "IMG_0003.jpg"), (0, "IMG_0001.jpg"), (0, "IMG_0002.mov")], &[&[1, 2, 0]]);
        check(&[(0, "IMG_0001.jpg"), (0, "IMG_0001.mov"), (0, "IMG_0002.jpg")], &[]);
        check(&[(0, "IMG_0001.jpg"), (1, "IMG_0002.jpg"), (0, "IMG_0003.jpg")], &[]);
        check(
            &[(0, "a1"), (0, "a2"), (0, "a3"), (0, "a24"), (0, "a25"), (0, "a45")],
            &[&[0, 1, 2], &[3, 4, 5]],
        );
    }
}
