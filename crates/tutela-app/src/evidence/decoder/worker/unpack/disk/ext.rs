//! ext2, ext3 and ext4: the tree of folders from its root, the journal played back in memory.

use std::error::Error;
use std::io::{self, Read};

use ext4_view::{DirEntry, Ext4, Ext4Error, Ext4Read, File, PathBuf};

use super::super::label::label_bytes;
use super::super::numbers::le32;
use super::super::output::{Entry, Output, Stop};
use super::super::{Refusal, failure, truncated};
use super::{Part, UNSUPPORTED};
use crate::evidence::decoder::facts::EntryKind;
use crate::evidence::decoder::limits::MAX_FOLDER_DEPTH;
use crate::evidence::decoder::message::FailureSay;

/// Unpacks a volume below `name`.
pub(super) fn unpack(part: &Part, name: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    check_groups(part).map_err(Stop::Volume)?;
    let volume = Ext4::load(Box::new(Blocks(part.clone()))).map_err(|e| Stop::Volume(say(&e)))?;
    let mut folders = vec![(PathBuf::new("/"), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let inner = match volume.read_dir(&folder) {
            Ok(inner) => inner,
            Err(error) => {
                output.lost(&shown(name, &folder), None, &say(&error))?;
                continue;
            }
        };
        for entry in inner {
            match entry {
                Ok(entry) => one(&volume, &entry, name, depth, &mut folders, output)?,
                Err(error) => {
                    let failure = say(&error);
                    output.lost(&format!("{}/(rest)", shown(name, &folder)), None, &failure)?;
                    break;
                }
            }
        }
    }
    Ok(())
}

/// The reader takes memory for each group of blocks that the volume claims, so the claim is looked at.
fn check_groups(part: &Part) -> Result<(), FailureSay> {
    /// At 128 MiB a group, as is usual, half a petabyte.
    const MAX_GROUPS: u64 = 4 << 20;
    let block = part.clone().read_up_to(1024, 1024).map_err(|error| failure(&error))?;
    let blocks = u64::from(le32(&block, 4)) | u64::from(le32(&block, 336)) << 32;
    let groups = blocks.checked_div(le32(&block, 32).into()).unwrap_or(u64::MAX);
    if groups <= MAX_GROUPS {
        return Ok(());
    }
    Err(FailureSay::new("archive.malformed", "the volume claims more groups of blocks than exist"))
}

fn one(
    volume: &Ext4,
    entry: &DirEntry,
    name: &str,
    depth: u32,
    folders: &mut Vec<(PathBuf, u32)>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    if matches!(entry.file_name().as_ref(), b"." | b"..") {
        return Ok(());
    }
    let path = entry.path();
    let shown = shown(name, &path);
    let metadata = match entry.metadata() {
        Ok(metadata) => metadata,
        Err(error) => return output.lost(&shown, None, &say(&error)),
    };
    let kind = metadata.file_type();
    let kind = if kind.is_regular_file() {
        EntryKind::File
    } else if kind.is_dir() {
        EntryKind::Directory
    } else if kind.is_symlink() {
        EntryKind::Link
    } else {
        EntryKind::Special
    };
    output.start(Entry {
        path: shown,
        declared_bytes: Some(metadata.len()),
        modified_s: Some(metadata.modified().seconds()),
        modified_local: None,
        kind,
        listed: None,
    })?;
    match kind {
        EntryKind::File => return content(volume, path, metadata.len(), output),
        // Folders that hold each other would lead ever deeper.
        EntryKind::Directory if depth < MAX_FOLDER_DEPTH => folders.push((path, depth + 1)),
        EntryKind::Directory => {
            output.end()?;
            let message = "folders stand deeper in each other than is followed";
            let failure = FailureSay::new("archive.too_deep", message);
            return output.lost(&self::shown(name, &path), None, &failure);
        }
        EntryKind::Link | EntryKind::Special | EntryKind::Encrypted => {}
    }
    output.end()
}

fn content(
    volume: &Ext4,
    path: PathBuf,
    size_bytes: u64,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    if let Err(failure) = output.admits(size_bytes) {
        return output.fail(&failure);
    }
    let file = match volume.open(&path) {
        Ok(file) => file,
        Err(error) => return output.fail(&say(&error)),
    };
    match output.content(&mut Content(file), |_| {})? {
        Ok(sent) if sent < size_bytes => output.fail(&truncated()),
        Ok(_) => output.end(),
        Err(failure) => output.fail(&failure),
    }
}

/// The path in the image: the volume's name, then the path in the volume.
fn shown(name: &str, path: &PathBuf) -> String {
    let path: &[u8] = path.as_ref();
    let inner = label_bytes(path);
    if path == b"/" { name.to_owned() } else { format!("{name}/{inner}") }
}

/// The volume as the reader of the file system wants to read it.
struct Blocks(Part);

impl Ext4Read for Blocks {
    fn read(
        &mut self,
        start_byte: u64,
        dst: &mut [u8],
    ) -> Result<(), Box<dyn Error + Send + Sync + 'static>> {
        Ok(self.0.read_exact_at(start_byte, dst)?)
    }
}

/// The content of a file; errors keep what is to be said of them.
struct Content(File);

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The file system hands out a block at a time; messages carry many. What was read before a
        // damaged block is given up with it, as digests of a part are not kept.
        let mut filled = 0;
        while filled < buffer.len() {
            match self.0.read_bytes(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) => return Err(io::Error::other(Refusal(say(&error)))),
            }
        }
        Ok(filled)
    }
}

fn say(error: &Ext4Error) -> FailureSay {
    match error {
        Ext4Error::Io(inner) => match inner.downcast_ref::<io::Error>() {
            Some(error) => failure(error),
            None => FailureSay::new("archive.malformed", "the volume cannot be read"),
        },
        Ext4Error::Encrypted => {
            FailureSay::new("archive.encrypted", "encrypted by the file system: no key")
        }
        Ext4Error::Incompatible(_) => {
            FailureSay::new(UNSUPPORTED, "the volume uses a feature of ext4 that is not read")
        }
        _ => FailureSay::new("archive.malformed", "the file system is damaged here"),
    }
}
