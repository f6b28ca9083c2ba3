//! Compiled lists that a workspace keeps, so that a large list is read once and not at every scan.
//!
//! A compiled list is named by the SHA-256 of its source and by how its rows were read. So that the
//! source need not be read to learn its digest, a small file beside remembers which file, by its place,
//! size and times, had which. A source that was touched is read again.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::Sha256;
use tutela_match::index::compiled::VERSION;

use super::{CompiledFile, Compiler, compile, digest_of, private_folder};
use crate::AppError;
use crate::intake::lists::ListStatement;
use crate::progress::Progress;
use crate::workspace::TOOL;

/// How names of compiled lists end.
const EXTENSION: &str = "tlist";

/// The compiled form of a list file, from the cache in `dir`; made if it is not there.
///
/// # Errors
/// The source cannot be read, or the cache cannot be written.
pub(crate) fn compiled(
    dir: &Path,
    source: &Path,
    stated: &ListStatement,
    progress: &dyn Progress,
) -> Result<CompiledFile, AppError> {
    private_folder(dir).map_err(AppError::file("write", dir))?;
    let stamp = fs::metadata(source).and_then(|metadata| stamp(source, &metadata, stated));
    let stamp = dir.join(stamp.map_err(AppError::file("read", source))?);
    if let Ok(name) = fs::read_to_string(&stamp)
        && let Some(file) = open(&dir.join(name.trim()), progress)?
    {
        return Ok(file);
    }
    let digest = digest_of(source).map_err(AppError::file("read", source))?;
    let name = format!("{digest}.{}.{EXTENSION}", short_digest(&read_as(stated)));
    let path = dir.join(&name);
    let file = match open(&path, progress)? {
        Some(file) => file,
        None => {
            progress.note(&format!("{}: compiling it once for this workspace", source.display()));
            let about = compile(source, &[], stated, &path)?;
            if about.sha256 != digest.to_string() {
                let _ = fs::remove_file(&path);
                let changed = io::Error::other("it changed while it was read");
                return Err(AppError::file("compile", source)(changed));
            }
            CompiledFile::open(&path)?
        }
    };
    fs::write(&stamp, name).map_err(AppError::file("write", stamp))?;
    Ok(file)
}

/// Opens a compiled list of the cache. One that is not there, or not sound, is to be made again.
pub(crate) fn open(path: &Path, progress: &dyn Progress) -> Result<Option<CompiledFile>, AppError> {
    match CompiledFile::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(AppError::NoSuchPath { .. }) => Ok(None),
        Err(error @ AppError::CompiledList { .. }) => {
            progress.note(&format!("{error}; it is made again"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The folder for compiled lists of a workspace.
pub(crate) fn folder(workspace: &Path) -> PathBuf {
    workspace.join("lists")
}

/// A compiler that works in a folder of the workspace, which is made if need be.
pub(crate) fn compiler(dir: &Path) -> Result<Compiler, AppError> {
    private_folder(dir).and_then(|()| Compiler::new(dir)).map_err(AppError::file("write", dir))
}

/// Everything besides the bytes of the source that decides what is compiled.
fn read_as(stated: &ListStatement) -> String {
    format!("{VERSION} {TOOL} {stated:?}")
}

/// Name of the file that remembers the digest of a source.
fn stamp(path: &Path, of: &Metadata, stated: &ListStatement) -> io::Result<String> {
    let place = fs::canonicalize(path)?;
    let (dev, ino, size) = (of.dev(), of.ino(), of.size());
    let times = (of.mtime(), of.mtime_nsec(), of.ctime(), of.ctime_nsec());
    let text = format!("{place:?} {dev} {ino} {size} {times:?} {}", read_as(stated));
    Ok(format!("{}.seen", short_digest(&text)))
}

/// The first half of a digest: enough to tell the files of one workspace apart.
fn short_digest(text: &str) -> String {
    let mut digits = Sha256(Sha256Hasher::digest(text).into()).to_string();
    digits.truncate(32);
    digits
}
