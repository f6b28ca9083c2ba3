//! Messages about archives.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tutela_core::Md5;

use super::{Distrust, FailureSay, is_label};
use crate::evidence::decoder::facts::{EntryKind, EntryStart, UnpackRequest};
use crate::evidence::decoder::limits::{MAX_PATH_BYTES, UnpackLimits};

/// Asks to unpack an archive.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct UnpackAsk {
    pub(in super::super) size_bytes: u64,
    /// With all further segments.
    pub(in super::super) total_bytes: u64,
    pub(in super::super) format: String,
    pub(in super::super) name: String,
    pub(in super::super) max_entries: u64,
    pub(in super::super) max_bytes: u64,
    pub(in super::super) max_ratio: u64,
    pub(in super::super) ratio_floor_bytes: u64,
}

impl UnpackAsk {
    pub(in super::super) fn new(
        (size_bytes, total_bytes): (u64, u64),
        request: &UnpackRequest,
    ) -> Self {
        let UnpackLimits { max_entries, max_bytes, max_ratio, ratio_floor_bytes } = request.limits;
        let format = request.format.as_str().to_owned();
        let name = request.name.chars().take(MAX_PATH_BYTES / 4).collect();
        Self {
            size_bytes,
            total_bytes,
            format,
            name,
            max_entries,
            max_bytes,
            max_ratio,
            ratio_floor_bytes,
        }
    }

    pub(in super::super) fn limits(&self) -> UnpackLimits {
        UnpackLimits {
            max_entries: self.max_entries,
            max_bytes: self.max_bytes,
            max_ratio: self.max_ratio,
            ratio_floor_bytes: self.ratio_floor_bytes,
        }
    }
}

/// An entry begins.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct EntrySay {
    pub(in super::super) index: u64,
    pub(in super::super) path: String,
    pub(in super::super) declared_bytes: Option<u64>,
    /// Seconds since 1970, UTC.
    pub(in super::super) modified_s: Option<i64>,
    pub(in super::super) modified_local: Option<String>,
    pub(in super::super) kind: String,
    /// Where a report of the device says that it stood.
    pub(in super::super) device_path: Option<String>,
    /// The digest that the report gives.
    pub(in super::super) reported_md5: Option<String>,
}

/// The entry, where it is the one that must come next and has the form it must have.
pub(in super::super) fn entry_start(said: EntrySay, index: u64) -> Result<EntryStart, Distrust> {
    if said.index != index {
        return Err("entry order");
    }
    if said.path.len() > MAX_PATH_BYTES || !is_label(&said.path, MAX_PATH_BYTES) {
        return Err("entry path");
    }
    if said.path.split('/').any(|part| part == "..") {
        return Err("entry path");
    }
    if !said.modified_local.as_deref().is_none_or(is_local_time) {
        return Err("entry time");
    }
    let kind = EntryKind::from_name(&said.kind).ok_or("entry kind")?;
    let is_path = |path: &str| path.len() <= MAX_PATH_BYTES && is_label(path, MAX_PATH_BYTES);
    if !said.device_path.as_deref().is_none_or(is_path) {
        return Err("device path");
    }
    let reported_md5 = said.reported_md5.map(|md5| md5.parse::<Md5>()).transpose();
    Ok(EntryStart {
        index,
        path: said.path,
        declared_bytes: said.declared_bytes,
        modified_at: said.modified_s.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        modified_local: said.modified_local,
        kind,
        device_path: said.device_path,
        reported_md5: reported_md5.map_err(|_| "reported digest")?,
    })
}

fn is_local_time(text: &str) -> bool {
    text.len() == 19 && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:T".contains(&byte))
}

/// The archive is read to its end, or as far as it goes.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct UnpackSay {
    pub(in super::super) failure: Option<FailureSay>,
    pub(in super::super) notes: Vec<FailureSay>,
    /// What the archive turned out to be.
    pub(in super::super) mime: Option<String>,
}

/// A zip with a report on the device whose files it holds.
pub(in super::super) const UFDR: &str = "application/x-ufdr";

impl EntryKind {
    /// Its name in messages.
    pub(in super::super) const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Link => "link",
            Self::Special => "special",
            Self::Encrypted => "encrypted",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        const ALL: [EntryKind; 5] = [
            EntryKind::File,
            EntryKind::Directory,
            EntryKind::Link,
            EntryKind::Special,
            EntryKind::Encrypted,
        ];
        ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::{EntrySay, entry_start};

    fn entry(change: impl FnOnce(&mut EntrySay)) -> Result<(), &'static str> {
        let mut said = EntrySay {
            index: 3,
            path: "a/b.jpg".into(),
            declared_bytes: Some(5),
            modified_s: Some(1_700_000_000),
            modified_local: Some("2024-05-06T07:08:10".into()),
            kind: "file".into(),
            device_path: Some("data/media/0/b.jpg".into()),
            reported_md5: Some("0".repeat(32)),
        };
        change(&mut said);
        entry_start(said, 3).map(|_| ())
    }

    #[test]
    fn entries_of_another_form_are_refused() {
        assert_eq!(entry(|_| {}), Ok(()));
        assert_eq!(entry(|said| said.index = 4), Err("entry order"));
        assert_eq!(entry(|said| said.path = "../../etc/passwd".into()), Err("entry path"));
        assert_eq!(entry(|said| said.path = "a\u{1b}[2J".into()), Err("entry path"));
        assert_eq!(entry(|said| said.path = "x".repeat(4097)), Err("entry path"));
        assert_eq!(entry(|said| said.kind = "door".into()), Err("entry kind"));
        assert_eq!(entry(|said| said.modified_local = Some("yesterday".into())), Err("entry time"));
        assert_eq!(entry(|said| said.modified_s = Some(i64::MAX)), Ok(()));
        let path = Some("a\u{1b}".into());
        assert_eq!(entry(|said| said.device_path = path), Err("device path"));
        assert_eq!(entry(|said| said.reported_md5 = Some("0".into())), Err("reported digest"));
    }
}
