//! Tar archives.

use std::io::Read;

use tar::{Archive, EntryType};

use super::label::label;
use super::output::{Entry, Output, Stop};
use super::{failure, truncated};
use crate::evidence::decoder::facts::EntryKind;

/// Unpacks a tar. It has no directory: what is read before it breaks off has already been sent.
pub(super) fn unpack(archive: impl Read, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut archive = Archive::new(archive);
    let entries = archive.entries().map_err(|error| failure(&error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| failure(&error))?;
        let kind = kind(entry.header().entry_type());
        let declared = entry.size();
        output.start(Entry {
            path: label(&String::from_utf8_lossy(&entry.path_bytes())),
            declared_bytes: Some(declared),
            modified_s: entry.header().mtime().ok().and_then(|s| i64::try_from(s).ok()),
            modified_local: None,
            kind,
            listed: None,
        })?;
        if kind != EntryKind::File {
            output.end()?;
            continue;
        }
        match output.content(&mut entry, |_| {})? {
            // Nothing can be found behind an entry whose length does not hold.
            Err(failure) => return Err(failure.into()),
            Ok(sent) if sent < declared => return Err(truncated().into()),
            Ok(_) => output.end()?,
        }
    }
    Ok(())
}

fn kind(kind: EntryType) -> EntryKind {
    match kind {
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => EntryKind::File,
        EntryType::Directory => EntryKind::Directory,
        EntryType::Link | EntryType::Symlink => EntryKind::Link,
        _ => EntryKind::Special,
    }
}
