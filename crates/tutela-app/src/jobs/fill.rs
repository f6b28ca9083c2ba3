//! Fills a signal bank from a hash list: some thousand entries at a time, each once, withdrawn ones never.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde_json::json;
use sha2::{Digest, Sha256 as Hasher};
use tutela_core::{BankNumber, ContentNumber, ContentSignal, ContentTerms, ListEntry, Sha256};
use tutela_ledger::{Act, Draft, acts};
use tutela_store::NewContent;

use crate::AppError;
use crate::engines::matching::KindType;
use crate::intake::compiled::is_compiled;
use crate::intake::lists::{ListFile, ListStatement, read_list};
use crate::workspace::Workspace;

/// Entries put in at a time: few enough to be held twice, enough to be worth a transaction.
const PAGE_ENTRIES: usize = 5_000;
/// A key of our own making is no longer than this; longer ones end in a digest.
const MAX_KEY_BYTES: usize = 255;

/// What came of it.
#[derive(Debug)]
pub struct Filled {
    /// The list.
    pub file: ListFile,
    /// Contents that are new in the bank.
    pub added: u64,
    /// Entries that were in it already, or came twice.
    pub known: u64,
    /// Contents that went because the list takes them back.
    pub removed: u64,
    /// Entries without a signal of a kind that is matched.
    pub unmatched: u64,
}

/// Puts the entries of a list into a bank. `watch` is told how many of how many were looked at. An entry whose key
/// is in the bank stays as it is, so that a fill that was interrupted can be run again.
///
/// # Errors
/// There is no such bank, an exchange feeds it, the list cannot be read, the store does not answer. What was put in
/// before stays.
pub fn fill(
    workspace: &Workspace,
    bank: &str,
    path: &Path,
    stated: &ListStatement,
    watch: &dyn Fn(u64, u64),
) -> Result<Filled, AppError> {
    let store = workspace.store();
    let number = match workspace.block_on(store.bank(bank)) {
        Ok(bank) => bank.number,
        Err(tutela_store::StoreError::NotFound { .. }) => {
            return Err(AppError::NoSuch { kind: "signal bank", name: bank.to_owned() });
        }
        Err(error) => return Err(error.into()),
    };
    if workspace.block_on(store.exchange_of(number))?.is_some() {
        let reason = "an exchange feeds it; fill another bank";
        return Err(AppError::BadField { field: "bank", reason });
    }
    if is_compiled(path)? {
        return Err(AppError::CompiledAlready { path: path.to_owned() });
    }
    let options = stated.options();
    // Two passes: the ledger names the whole list with each page, and the watcher wants to know how long it is.
    let file = read_list(path, stated.format.as_deref(), &options, &mut |_| {})?;
    let mut filling = Filling {
        workspace,
        bank: number,
        name: bank,
        list: file.sha256,
        page: Vec::new(),
        filled: Filled { file, added: 0, known: 0, removed: 0, unmatched: 0 },
        seen: 0,
        watch,
        error: None,
    };
    let format = filling.filled.file.format.id;
    let second = read_list(path, Some(format), &options, &mut |entry| filling.add(entry))?;
    filling.flush();
    workspace.checkpoint()?;
    match filling.error {
        Some(error) => Err(error),
        None if second.sha256 != filling.list => {
            let source = std::io::Error::other("it changed while it was read");
            Err(AppError::File { action: "read all of", path: path.to_owned(), source })
        }
        None => Ok(filling.filled),
    }
}

/// Entries on their way into the bank. The reader cannot stop, so the first error is kept.
struct Filling<'a> {
    workspace: &'a Workspace,
    bank: BankNumber,
    name: &'a str,
    list: Sha256,
    page: Vec<(String, Option<NewContent>)>,
    filled: Filled,
    seen: u64,
    watch: &'a dyn Fn(u64, u64),
    error: Option<AppError>,
}

impl Filling<'_> {
    fn add(&mut self, entry: ListEntry) {
        if self.error.is_some() {
            return;
        }
        self.seen += 1;
        let signals = signals(&entry);
        match key(&entry, &signals) {
            Some(key) if entry.withdrawn => self.page.push((key, None)),
            Some(key) if !signals.is_empty() => {
                self.page.push((key.clone(), Some(content(entry, key, signals))));
            }
            _ => self.filled.unmatched += 1,
        }
        if self.page.len() >= PAGE_ENTRIES {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.error.is_none()
            && let Err(error) = self.put()
        {
            self.error = Some(error);
        }
        self.page.clear();
        (self.watch)(self.seen, self.filled.file.reading.entries);
    }

    fn put(&mut self) -> Result<(), AppError> {
        let store = self.workspace.store();
        let keys: Vec<&str> = self.page.iter().map(|(key, _)| key.as_str()).collect();
        let known = self.workspace.block_on(store.contents_by_key(self.bank, &keys))?;
        let known: HashMap<String, ContentNumber> = known.into_iter().collect();
        let mut taken: HashSet<String> = HashSet::new();
        let (mut new, mut gone) = (Vec::new(), Vec::new());
        for (key, content) in self.page.drain(..) {
            match (content, known.get(&key)) {
                (Some(content), None) if taken.insert(key) => new.push(content),
                (Some(_), _) => self.filled.known += 1,
                (None, Some(number)) => gone.push(*number),
                (None, None) => {}
            }
        }
        if !new.is_empty() {
            let added = self.draft(acts::CONTENT_ADDED, new.len())?;
            let now = self.workspace.now();
            self.workspace.block_on(store.add_contents(self.bank, &new, now, vec![added]))?;
            self.filled.added += new.len() as u64;
        }
        if !gone.is_empty() {
            let removed = self.draft(acts::CONTENT_REMOVED, gone.len())?;
            self.filled.removed +=
                self.workspace.block_on(store.remove_contents(&gone, vec![removed]))?;
        }
        Ok(())
    }

    fn draft(&self, act: Act, contents: usize) -> Result<Draft, AppError> {
        let words = json!({"bank": self.name, "contents": contents, "list": self.filled.file.name});
        Ok(Draft {
            inputs: vec![self.list.into()],
            payload: Some(self.workspace.payload(&words)?),
            ..self.workspace.draft(act)
        })
    }
}

/// Signals of kinds that are matched, one of each.
fn signals(entry: &ListEntry) -> Vec<ContentSignal> {
    let digests = [
        ("pdq", entry.pdq.map(|pdq| pdq.to_string())),
        ("md5", entry.md5.map(|md5| md5.to_string())),
        ("sha1", entry.sha1.map(|sha1| sha1.to_string())),
        ("sha256", entry.sha256.map(|sha256| sha256.to_string())),
    ];
    let digests = digests.into_iter().filter_map(|(kind, value)| Some((kind, value?)));
    let other = entry.other.iter().filter_map(|signal| {
        let kind = KindType::by_id(&signal.kind)?;
        Some((kind.id, kind.parse(&signal.value).ok()?))
    });
    let mut signals: Vec<ContentSignal> = Vec::new();
    for (kind, value) in digests.chain(other) {
        if signals.iter().all(|signal| signal.kind != kind) {
            signals.push(ContentSignal { kind: kind.to_owned(), value });
        }
    }
    signals
}

/// The sender's key; without one, the first signal.
fn key(entry: &ListEntry, signals: &[ContentSignal]) -> Option<String> {
    if let Some(key) = &entry.key {
        return Some(key.clone());
    }
    let first = signals.first()?;
    let key = format!("{}:{}", first.kind, first.value);
    if key.len() <= MAX_KEY_BYTES {
        return Some(key);
    }
    Some(format!("{}:sha256:{}", first.kind, Sha256(Hasher::digest(&first.value).into())))
}

fn content(entry: ListEntry, key: String, signals: Vec<ContentSignal>) -> NewContent {
    let category = entry.category.map(|category| format!("{}:{}", category.scheme, category.code));
    let said = json!({"key": entry.key, "category": category, "label": entry.label});
    let terms = ContentTerms {
        labels: category.into_iter().collect(),
        exchange_key: Some(key),
        record_json: Some(said.to_string()),
        ..ContentTerms::default()
    };
    NewContent { terms, signals }
}
