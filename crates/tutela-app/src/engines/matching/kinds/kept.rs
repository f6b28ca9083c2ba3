//! Files of an index: written whole beside their name, checked when they are read.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::intake::mapped::Mapped;

/// Bytes that are mapped or in memory.
pub(super) type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Writes a file whole or not at all, and waits until it is on the disk.
pub(in crate::engines::matching) fn write(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let part = path.with_extension("part");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
    content(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&part, path)
}

/// Writes a small file with its SHA-256 in front.
pub(in crate::engines::matching) fn write_sealed(path: &Path, content: &[u8]) -> io::Result<()> {
    write(path, |out| {
        out.write_all(&Sha256::digest(content))?;
        out.write_all(content)
    })
}

/// Reads what [`write_sealed`] wrote.
pub(in crate::engines::matching) fn read_sealed(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(path)?;
    let content = bytes.split_off(bytes.len().min(32));
    if bytes[..] != Sha256::digest(&content)[..] {
        return Err(damaged());
    }
    Ok(content)
}

/// Maps a file.
pub(super) fn map(path: &Path) -> io::Result<Bytes> {
    Ok(Arc::new(Mapped::new(&File::open(path)?)?))
}

/// A file that is not what was written.
pub(in crate::engines::matching) fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a file of the index is not as it was written")
}
