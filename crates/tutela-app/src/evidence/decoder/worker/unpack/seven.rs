//! 7z archives, block by block: a block that cannot be read costs its own entries alone.

use std::io::{self, Read};

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use super::label::label;
use super::numbers::unix_seconds;
use super::output::{Entry, Output, Stop};
use super::{Refusal, failure, unsupported_method};
use crate::evidence::decoder::facts::EntryKind;
use crate::evidence::decoder::message::FailureSay;
use crate::evidence::decoder::worker::source::Source;

/// Memory for one dictionary, in KiB: half of what a worker may take.
const MAX_MEMORY_KIB: usize = 1 << 20;
/// The same for the directory of the archive.
const MAX_DIRECTORY_KIB: usize = 1 << 18;

pub(super) fn unpack(mut source: Source, output: &mut Output<'_>) -> Result<(), Stop> {
    let password = Password::empty();
    let archive = Archive::read_with_memory_limit(&mut source, &password, MAX_DIRECTORY_KIB);
    let archive = archive.map_err(|error| say(&error))?;
    for block in 0..archive.blocks.len() {
        one_block(&archive, block, &password, &mut source, output)?;
    }
    for (entry, block) in archive.files.iter().zip(&archive.stream_map.file_block_index) {
        if block.is_none() {
            start(entry, output)?;
            output.end()?;
        }
    }
    Ok(())
}

fn one_block(
    archive: &Archive,
    block: usize,
    password: &Password,
    source: &mut Source,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    // A password is only ever that of a block: its entries are named and stay shut.
    let first = archive.stream_map.block_first_file_index.get(block).copied().unwrap_or_default();
    // More threads than one are not allowed here.
    let decoder =
        BlockDecoder::new_with_memory_limit(1, MAX_MEMORY_KIB, block, archive, password, source);
    let entries: Vec<ArchiveEntry> = decoder.entries().to_vec();
    let is_encrypted = archive.is_file_encrypted(first);
    let (mut begun, mut stop) = (0, None);
    let decoded = if is_encrypted {
        Err(Error::PasswordRequired)
    } else {
        decoder.for_each_entries(&mut |entry, content| {
            begun += 1;
            match send(entry, content, output) {
                Ok(intact) => Ok(intact),
                Err(error) => {
                    stop = Some(error);
                    Ok(false)
                }
            }
        })
    };
    if let Some(stop) = stop {
        return Err(stop);
    }
    // Entries of a block build on each other: behind a fault, nothing more comes of it.
    let failure = match decoded {
        Err(error) => say(&error),
        Ok(_) => {
            FailureSay::new("archive.malformed", "what stands before it in the archive is damaged")
        }
    };
    for entry in entries.iter().skip(begun) {
        start(entry, output)?;
        if entry.has_stream { output.fail(&failure)? } else { output.end()? }
    }
    Ok(())
}

/// One entry; also says whether the block can be read on.
fn send(
    entry: &ArchiveEntry,
    content: &mut dyn Read,
    output: &mut Output<'_>,
) -> Result<bool, Stop> {
    let kind = start(entry, output)?;
    if kind != EntryKind::File {
        output.end()?;
        return Ok(true);
    }
    match output.content(&mut Content(content), |_| {})? {
        Ok(sent) if sent < entry.size => output.fail(&super::truncated()).map(|()| false),
        Ok(_) => output.end().map(|()| true),
        Err(failure) => output.fail(&failure).map(|()| false),
    }
}

fn start(entry: &ArchiveEntry, output: &mut Output<'_>) -> Result<EntryKind, Stop> {
    let kind = kind(entry);
    let modified = u64::from(entry.last_modified_date);
    output.start(Entry {
        path: label(&entry.name),
        declared_bytes: Some(entry.size),
        modified_s: entry.has_last_modified_date.then(|| unix_seconds(modified)),
        modified_local: None,
        kind,
        listed: None,
    })?;
    Ok(kind)
}

/// Programs for Unix keep the kind of a file in the upper half of Windows' attributes.
fn kind(entry: &ArchiveEntry) -> EntryKind {
    const HAS_UNIX_MODE: u32 = 0x8000;
    let mode = entry.windows_attributes >> 16 & 0o170_000;
    let has_mode = entry.has_windows_attributes && entry.windows_attributes & HAS_UNIX_MODE != 0;
    match mode {
        _ if entry.is_directory => EntryKind::Directory,
        _ if entry.is_anti_item => EntryKind::Special,
        0o120_000 if has_mode => EntryKind::Link,
        _ => EntryKind::File,
    }
}

/// Content whose errors keep what is to be said of them.
struct Content<'a>(&'a mut dyn Read);

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
            match inner {
                Some(inner) => io::Error::other(Refusal(say(inner))),
                None => error,
            }
        })
    }
}

fn say(error: &Error) -> FailureSay {
    let is_cipher = |method: &str| method.contains("AES");
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => encrypted(),
        Error::UnsupportedCompressionMethod(method) if is_cipher(method) => encrypted(),
        Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_) => unsupported_method(),
        Error::ChecksumVerificationFailed | Error::NextHeaderCrcMismatch => {
            FailureSay::new("archive.checksum", "the entry does not match its checksum")
        }
        Error::MaxMemLimited { .. } => failure(&io::ErrorKind::OutOfMemory.into()),
        Error::Io(error, _) => failure(error),
        _ => failure(&io::ErrorKind::InvalidData.into()),
    }
}

fn encrypted() -> FailureSay {
    FailureSay::new("archive.encrypted", "the entry needs a password")
}
