//! Writes a file whole or not at all, and digests it on the way.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::Sha256;

use crate::AppError;

/// A file that is complete and on the disk, and does not have its name yet.
pub(crate) struct Staged {
    part: PathBuf,
    path: PathBuf,
    /// Its SHA-256.
    pub(crate) sha256: Sha256,
}

impl Staged {
    /// Gives it its name: a reader never sees half of it.
    pub(crate) fn publish(self) -> Result<Sha256, AppError> {
        fs::rename(&self.part, &self.path).map_err(AppError::file("write", &self.path))?;
        Ok(self.sha256)
    }

    /// Takes it away again.
    pub(crate) fn discard(self) {
        // It cannot be used for anything; that it stays is no reason to hide why it was given up.
        let _ = fs::remove_file(&self.part);
    }
}

/// Writes what is to become a file, beside it.
pub(crate) fn stage(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Staged, AppError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = File::create(&part).and_then(|file| {
        let mut out = Sealing { inner: BufWriter::new(file), hasher: Sha256Hasher::new() };
        write(&mut out)?;
        let Sealing { inner, hasher } = out;
        inner.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(Sha256(hasher.finalize().into()))
    });
    let staged = Staged { part, path: path.to_owned(), sha256: Sha256([0; 32]) };
    match written {
        Ok(sha256) => Ok(Staged { sha256, ..staged }),
        Err(error) => {
            staged.discard();
            Err(AppError::file("write", path)(error))
        }
    }
}

/// A writer that digests what passes through it.
struct Sealing<W> {
    inner: W,
    hasher: Sha256Hasher,
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
