//! Contents of signal banks made from files: hashed behind fences, one content a file.

use std::fs;
use std::path::{Path, PathBuf};

use tutela_core::{ContentSignal, ContentTerms, Failure, Orientation, PdqVariant};
use tutela_store::NewContent;

use crate::AppError;
use crate::engines::matching::KINDS;
use crate::service::{Service, Wanted};
use crate::workspace::Workspace;

/// A file that was hashed.
#[derive(Debug)]
pub struct HashedFile {
    /// Its path as given.
    pub path: PathBuf,
    /// What is to be put into a bank.
    pub content: NewContent,
    /// Why it could not be decoded; its digests are there all the same.
    pub failure: Option<Failure>,
}

/// Hashes files, with PDQ as HMA computes it. What is known of all of them is the same.
///
/// # Errors
/// A file cannot be read, or is larger than an upload may be; no decoder can be started.
pub fn hash(
    workspace: &Workspace,
    service: &Service,
    paths: &[PathBuf],
    terms: &ContentTerms,
) -> Result<Vec<HashedFile>, AppError> {
    let kinds: Vec<_> = KINDS.iter().collect();
    let wanted = Wanted::for_kinds(&kinds, &[PdqVariant::Full]);
    let one = |path: &PathBuf| {
        let bytes = read(path, workspace.settings().serve.max_body_bytes())?;
        let made = workspace.block_on(service.hash(bytes, wanted))?;
        let signals = kinds.iter().flat_map(|kind| {
            let values = made.values(kind, false).into_iter();
            let original = values.filter(|(orientation, _)| *orientation == Orientation::Original);
            original.map(|(_, value)| ContentSignal { kind: kind.id.to_owned(), value })
        });
        let content = NewContent { terms: terms.clone(), signals: signals.collect() };
        Ok(HashedFile { path: path.clone(), content, failure: made.failure })
    };
    paths.iter().map(one).collect()
}

fn read(path: &Path, most: usize) -> Result<Vec<u8>, AppError> {
    let size = fs::metadata(path).map_err(AppError::file("read", path))?.len();
    if size > most as u64 {
        let reason = "it is larger than serve.max_body_mb";
        return Err(AppError::BadField { field: "file", reason });
    }
    fs::read(path).map_err(AppError::file("read", path))
}
