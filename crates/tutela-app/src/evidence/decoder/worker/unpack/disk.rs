//! Disk images: every file of every volume that can be read, and a word for each that cannot.

mod ext;
mod fat;
mod ntfs;
mod table;
mod volume;

use std::rc::Rc;

use self::table::Partition;
use self::volume::FileSystem;
use super::medium::{Medium, Part};
use super::output::{Output, Stop};
use super::{failure, guarded, panicked};
use crate::evidence::decoder::message::FailureSay;

/// Bytes below which nothing can be a file system; backups of boot sectors look like disks.
const MIN_IMAGE_BYTES: u64 = 32 * 1024;

/// Unpacks the image of a disk or of one volume. What goes wrong with the beginning of the disk, which
/// says what is on it, is told as if it were a volume.
pub(super) fn unpack(medium: Rc<dyn Medium>, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut whole = Part::whole(medium);
    if whole.size_bytes() < MIN_IMAGE_BYTES {
        return Ok(());
    }
    // A volume without a table stands at the very beginning; FAT even has the mark of a table there.
    let alone = volume::recognise(&mut whole).map_err(|error| Stop::Volume(failure(&error)))?;
    if let Some(file_system) = alone {
        return one(&whole, file_system, file_system.name(), output);
    }
    let partitions = table::read(&mut whole)?;
    for partition in &partitions {
        volume_of(&whole, partition, output)?;
    }
    Ok(())
}

/// One partition of a table.
fn volume_of(disk: &Part, partition: &Partition, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut part = disk.piece(partition.start, partition.size_bytes);
    let number = partition.number;
    match volume::recognise(&mut part) {
        Ok(Some(file_system)) => {
            one(&part, file_system, &format!("p{number}-{}", file_system.name()), output)
        }
        Ok(None) => {
            let (kind, size_bytes) = (&partition.kind, partition.size_bytes);
            let message = format!("{size_bytes} bytes hold no file system that is known ({kind})");
            let failure = FailureSay::new(UNSUPPORTED, message);
            output.lost(&format!("p{number}-unknown"), Some(partition.size_bytes), &failure)
        }
        Err(error) => output.lost(
            &format!("p{number}-unreadable"),
            Some(partition.size_bytes),
            &failure(&error),
        ),
    }
}

/// Code of a volume that is not read.
const UNSUPPORTED: &str = "archive.unsupported_file_system";

/// One volume. What goes wrong with it as a whole is an entry of its own, and the next one follows.
fn one(
    part: &Part,
    file_system: FileSystem,
    name: &str,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let ended = guarded(|| match file_system {
        FileSystem::Ext(_) => ext::unpack(part, name, output),
        FileSystem::Ntfs => ntfs::unpack(part, name, output),
        FileSystem::Fat => fat::unpack(part, name, output),
        FileSystem::ExFat => fat::unpack_exfat(part, name, output),
        FileSystem::Other(_, what) => {
            let message = format!("{what}, {} bytes: not read", part.size_bytes());
            let failure = FailureSay::new(UNSUPPORTED, message);
            output.lost(name, Some(part.size_bytes()), &failure)
        }
    });
    match ended {
        Some(Ok(())) => Ok(()),
        Some(Err(Stop::Volume(failure))) => output.lost(name, Some(part.size_bytes()), &failure),
        Some(Err(stop)) => Err(stop),
        None => {
            output.close_open(&panicked())?;
            output.lost(name, Some(part.size_bytes()), &panicked())
        }
    }
}
