//! Compiled lists as files: made from a source, opened for look-ups, kept in a cache.

mod about;
pub(crate) mod cache;
mod compiler;
mod filters;
mod runs;
mod scratch;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{Category, ListEntry, Sha256};
use tutela_match::index::compiled::{CompiledError, CompiledList, MAGIC};

pub use about::{About, CategoryCount, ProbeEntry, ReadAs, SourceFile};
pub(crate) use compiler::Compiler;
pub use filters::FilterFigures;
pub(crate) use filters::measure;

use super::lists::{ListFile, ListStatement, read_list};
use super::mapped::Mapped;
use super::nsrl;
use crate::AppError;
use crate::evidence::sealing;
use crate::workspace::TOOL;

/// Bytes read at once.
const BUFFER_BYTES: usize = 1 << 20;
/// Row errors that a compiled list keeps of its source.
const ROW_ERRORS_KEPT: usize = 20;

/// A compiled list, open for look-ups.
pub(crate) struct CompiledFile {
    /// The list over the mapped file.
    pub(crate) list: CompiledList<Mapped>,
    /// What it says of itself.
    pub(crate) about: About,
    /// Its categories by number.
    pub(crate) categories: Vec<Category>,
    /// Entries that must be found again.
    pub(crate) probes: Vec<ListEntry>,
}

impl CompiledFile {
    /// Opens a compiled list and checks every byte of it against its checksums.
    ///
    /// # Errors
    /// The file cannot be read, is no compiled list, of another version, cut or damaged.
    pub(crate) fn open(path: &Path) -> Result<Self, AppError> {
        let file = sealing::open(path).map_err(AppError::file("read", path))?;
        let mapped = Mapped::new(&file).map_err(AppError::file("read", path))?;
        let bad = |source| AppError::CompiledList { path: path.to_owned(), source };
        let list = CompiledList::open(mapped).map_err(bad)?;
        let about = About::read(list.about()).map_err(bad)?;
        let probes = about.probes();
        let probes = probes.map_err(|_| bad(CompiledError::Damaged { part: "its description" }))?;
        Ok(Self { list, categories: about.categories(), probes, about })
    }
}

/// Whether a file is a compiled list, by its first bytes.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn is_compiled(path: &Path) -> Result<bool, AppError> {
    let mut head = Vec::new();
    let file = sealing::open(path).map_err(AppError::file("read", path))?;
    let read = file.take(MAGIC.len() as u64).read_to_end(&mut head);
    read.map_err(AppError::file("read", path))?;
    Ok(head == MAGIC)
}

/// Compiles a list file, or an NSRL RDS with deltas to it. The compiled list is there only when it is whole.
///
/// # Errors
/// The source cannot be read, is compiled already, or would be used for what it is not; or the output
/// cannot be written.
pub fn compile(
    source: &Path,
    deltas: &[PathBuf],
    stated: &ListStatement,
    out: &Path,
) -> Result<About, AppError> {
    if is_compiled(source)? {
        return Err(AppError::CompiledAlready { path: source.to_owned() });
    }
    let is_nsrl = nsrl::is_database(source)?;
    if is_nsrl && !stated.known_good {
        return Err(AppError::KnownGoodOnly { path: source.to_owned() });
    }
    if let Some(delta) = deltas.first().filter(|_| !is_nsrl) {
        return Err(AppError::NoDelta { path: delta.clone() });
    }
    let dir = out.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut compiler = Compiler::new(dir).map_err(AppError::file("write", dir))?;
    let mut sink = |entry| compiler.add(entry);
    let about = if is_nsrl {
        let about = nsrl::read(source, deltas, &mut sink)?;
        About { program: TOOL.to_owned(), ..about }
    } else {
        about(read_list(source, stated.format.as_deref(), &stated.options(), &mut sink)?, stated)
    };
    compiler.finish(out, about).map_err(AppError::file("write", out))
}

/// What is known of a list when its source has been read.
fn about(file: ListFile, stated: &ListStatement) -> About {
    let reading = file.reading;
    let errors = reading.errors.iter().take(ROW_ERRORS_KEPT);
    About {
        program: TOOL.to_owned(),
        file: file_name(Path::new(&file.name)),
        sha256: file.sha256.to_string(),
        format: file.format.id.to_owned(),
        read_as: ReadAs { scheme: stated.scheme.clone(), sha256: stated.sha256 },
        source: stated.source.clone().or(reading.info.source),
        dated: stated.dated.or(reading.info.dated).map(|dated| dated.to_string()),
        scheme: reading.info.scheme,
        known_good: stated.known_good,
        rejected: reading.rejected,
        row_errors: errors.map(ToString::to_string).collect(),
        truncated: reading.truncated,
        notes: reading.notes,
        ..About::default()
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Makes a folder that only its owner may look into, if it is not there.
pub(crate) fn private_folder(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    match fs::DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// SHA-256 of a file.
pub(super) fn digest_of(path: &Path) -> io::Result<Sha256> {
    let mut file = sealing::open(path)?;
    let mut hasher = Sha256Hasher::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    Ok(Sha256(hasher.finalize().into()))
}
