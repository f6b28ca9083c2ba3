//! The matcher in files, so that a restart need not read every signal from the store again.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::kinds::{Cut, kept};
use super::{KINDS, Matcher};

/// The file that names the others; who cannot read it starts anew.
const MANIFEST: &str = "manifest.json";
/// The form of the files. Raised with every change of it.
const FORM: u32 = 1;

/// What the files are of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    form: u32,
    /// The last change that is in.
    upto: u64,
    newest_s: u64,
    /// Where the store stood, in words of the caller: files of another store are not its own.
    store: String,
    contents: String,
    kinds: BTreeMap<String, Kept>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    signals: u64,
    files: Vec<String>,
}

/// A cut through the matcher, to be written while it goes on changing.
pub(crate) struct Saving {
    upto: u64,
    newest_s: u64,
    contents: Vec<u8>,
    kinds: Vec<(&'static str, u64, Cut)>,
}

impl Matcher {
    /// What it holds at this moment. Nothing may be applied meanwhile.
    pub(crate) fn cut(&self) -> Saving {
        let kinds = KINDS.iter().zip(&self.kinds);
        Saving {
            upto: self.upto(),
            newest_s: self.newest_s.load(Ordering::Relaxed),
            contents: self.read().written(),
            kinds: kinds.map(|(kind, live)| (kind.id, live.len(), live.cut())).collect(),
        }
    }

    /// The matcher that files in a folder are of; `None` where there are none for this store. `is_own` says
    /// whether words that [`Saving::write`] was given are of this store.
    ///
    /// # Errors
    /// The files are not as they were written.
    pub(crate) fn restored(
        folder: &Path,
        is_own: impl FnOnce(&str) -> bool,
    ) -> io::Result<Option<Self>> {
        let Ok(text) = fs::read_to_string(folder.join(MANIFEST)) else { return Ok(None) };
        let manifest: Manifest = serde_json::from_str(&text)?;
        if manifest.form != FORM || !is_own(&manifest.store) {
            return Ok(None);
        }
        let matcher = Self::default();
        for (kind, live) in KINDS.iter().zip(&matcher.kinds) {
            // A kind that is new since then has nothing yet; one that is gone is not missed.
            if let Some(Kept { signals, files }) = manifest.kinds.get(kind.id) {
                live.restore(folder, files, *signals)?;
            }
        }
        let contents = kept::read_sealed(&folder.join(&manifest.contents))?;
        matcher.write().restore(&contents).ok_or_else(kept::damaged)?;
        matcher.newest_s.store(manifest.newest_s, Ordering::Relaxed);
        matcher.upto.store(manifest.upto, Ordering::Release);
        Ok(Some(matcher))
    }
}

impl Saving {
    /// The last change that is in.
    pub(crate) fn upto(&self) -> u64 {
        self.upto
    }

    /// Writes the files into a folder, then takes away those of earlier cuts.
    ///
    /// # Errors
    /// The folder cannot be written; what an earlier cut wrote still stands.
    pub(crate) fn write(self, folder: &Path, store: &str) -> io::Result<()> {
        let end = self.upto.to_string();
        let contents = format!("contents-{end}");
        kept::write_sealed(&folder.join(&contents), &self.contents)?;
        let mut kinds = BTreeMap::new();
        for (kind, signals, cut) in self.kinds {
            kinds.insert(kind.to_owned(), Kept { signals, files: cut(folder, &end)? });
        }
        let (upto, newest_s, store) = (self.upto, self.newest_s, store.to_owned());
        let manifest = Manifest { form: FORM, upto, newest_s, store, contents, kinds };
        let text = serde_json::to_vec_pretty(&manifest)?;
        kept::write(&folder.join(MANIFEST), |out| out.write_all(&text))?;
        let files = manifest.kinds.values().flat_map(|kept| &kept.files);
        let named: HashSet<&str> = files.map(String::as_str).collect();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            let stays = name.to_str().is_none_or(|name| {
                named.contains(name) || [MANIFEST, LOCK, &manifest.contents].contains(&name)
            });
            if !stays {
                // It is of no use any more, and the next cut tries again.
                let _ = fs::remove_file(folder.join(&name));
            }
        }
        Ok(())
    }
}

/// Takes all files away but the lock. A matcher that begins anew names its files as an earlier one did, and
/// takes one that is there for its own.
pub(crate) fn discard(folder: &Path) -> io::Result<()> {
    // First, so that no file is missed that it names.
    match fs::remove_file(folder.join(MANIFEST)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() != LOCK {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Held by the process that writes here.
pub(crate) const LOCK: &str = "lock";
