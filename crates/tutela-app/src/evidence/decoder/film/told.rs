//! What `ffmpeg` says beside the pixels: times, the running time, and by which words it gave up.
//!
//! Its lines can quote the film (titles, makers, places): nothing of them is kept but numbers.

use super::MAX_FILM_FRAMES;

/// Bytes of one line that are looked at.
const MAX_LINE_BYTES: usize = 1024;
/// Ten years: a film that states more says so wrongly.
const MAX_MS: f64 = 10.0 * 366.0 * 24.0 * 3600.0 * 1000.0;

/// What was said so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    line: Vec<u8>,
    times: Vec<Option<u64>>,
    duration_ms: Option<u64>,
    no_picture: bool,
    no_memory: bool,
    not_listed: bool,
}

impl Told {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if *byte == b'\n' {
                let line = std::mem::take(&mut self.line);
                self.hear(&String::from_utf8_lossy(&line));
            } else if self.line.len() < MAX_LINE_BYTES {
                self.line.push(*byte);
            }
        }
    }

    fn hear(&mut self, line: &str) {
        if line.starts_with("[Parsed_showinfo") {
            if let Some((number, at_ms)) = time(line)
                && number == self.times.len()
                && number <= MAX_FILM_FRAMES
            {
                self.times.push(at_ms);
            }
        } else if let Some(said) = line.trim_start().strip_prefix("Duration: ") {
            let said = said.split(',').next().unwrap_or_default();
            self.duration_ms = self.duration_ms.or_else(|| clock(said));
        }
        self.no_picture |= line.contains("matches no streams");
        self.no_memory |= line.contains("Cannot allocate memory");
        // A sound track that is not on the list is of no interest: it is said only where nothing came.
        self.not_listed |= line.contains("not on whitelist") || line.contains("Decoder not found");
    }

    /// When a frame appears.
    pub(super) fn time_of(&self, frame: usize) -> Option<u64> {
        self.times.get(frame).copied().flatten()
    }

    pub(super) fn duration_ms(&self) -> Option<u64> {
        self.duration_ms
    }

    /// The film has no picture track, only sound.
    pub(super) fn no_picture(&self) -> bool {
        self.no_picture
    }

    pub(super) fn no_memory(&self) -> bool {
        self.no_memory
    }

    pub(super) fn not_listed(&self) -> bool {
        self.not_listed
    }
}

/// Number and time of a frame: `… n:   3 pts:  25600 pts_time:2.48    pos: …`.
fn time(line: &str) -> Option<(usize, Option<u64>)> {
    let number = line.split("] n:").nth(1)?.split_whitespace().next()?.parse().ok()?;
    let seconds = line.split("pts_time:").nth(1)?.split_whitespace().next()?;
    Some((number, seconds.parse::<f64>().ok().and_then(|seconds| ms(seconds * 1000.0))))
}

/// `00:01:02.50`.
fn clock(text: &str) -> Option<u64> {
    let mut parts = text.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let seconds: f64 = seconds.parse().ok()?;
    let whole = hours.parse::<f64>().ok()? * 3600.0 + minutes.parse::<f64>().ok()? * 60.0;
    ms((whole + seconds) * 1000.0)
}

fn ms(ms: f64) -> Option<u64> {
    (0.0..=MAX_MS).contains(&ms).then(|| ms.round() as u64)
}

/// The version in `ffmpeg version 5.1.9-0+deb12u1 Copyright …`; `None` of any other program.
pub(super) fn version(said: &[u8]) -> Option<String> {
    let said = String::from_utf8_lossy(said);
    let version = said.strip_prefix("ffmpeg version ")?.split_whitespace().next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._+-~:".contains(c);
    (version.len() <= 64 && version.chars().all(plain)).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Told, version};

    #[test]
    fn times_are_read_and_nothing_else() {
        let mut told = Told::default();
        told.take(b"  Duration: 00:01:02.50, start: 0.0\n    title : Duration: 9\n");
        told.take(b"[Parsed_showinfo_1 @ 0x5] config in time_base: 1/12800\n");
        told.take(b"[Parsed_showinfo_1 @ 0x5] n:   0 pts:      0 pts_time:0       pos: 48\n");
        told.take(b"[Parsed_showinfo_1 @ 0x5] n:   1 pts:  25600 pts_ti");
        told.take(
            b"me:2.48    pos: 85076\n[Parsed_showinfo_1 @ 0x5] n:  2 pts: NOPTS pts_time:NOPTS\n",
        );
        // Out of order, and beyond every film.
        told.take(b"[Parsed_showinfo_1 @ 0x5] n:   9 pts:  1 pts_time:1\n");
        told.take(b"[Parsed_showinfo_1 @ 0x5] n:   3 pts:  1 pts_time:1e300\n");
        let times: Vec<_> = (0..5).map(|frame| told.time_of(frame)).collect();
        assert_eq!(times, [Some(0), Some(2480), None, None, None]);
        assert_eq!(told.duration_ms(), Some(62_500));
        assert!(!told.no_picture() && !told.no_memory() && !told.not_listed());
    }

    #[test]
    fn a_version_is_one_plain_word() {
        let of = |said: &str| version(said.as_bytes());
        assert_eq!(
            of("ffmpeg version 5.1.9-0+deb12u1 Copyright"),
            Some("5.1.9-0+deb12u1".to_owned())
        );
        assert_eq!(of("avconv version 11"), None);
        assert_eq!(of("ffmpeg version <b> x"), None);
    }
}
