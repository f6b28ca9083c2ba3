//! Categories that examiners give: read back in, kept with their history, never translated or overwritten.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use serde_json::json;
use tutela_core::{Exhibit, ListEntry, ScanId, Sha256};
use tutela_formats::lists::ReadOptions;
use tutela_ledger::{Draft, acts};
use tutela_store::{Statement, StatementSource, StoredStatement};

use crate::AppError;
use crate::intake::lists::read_list;
use crate::intake::walk::relative_to;
use crate::views::{CategoriseView, ChangeView, ConflictView, SaysView, StatementView};
use crate::workspace::Workspace;

/// Numbers of rows without an exhibit that are listed. All of them are counted.
const MAX_UNMATCHED: usize = 1_000;

/// Which file says what of which scan.
#[derive(Debug, Clone)]
pub struct CategoriseRequest {
    /// The scan.
    pub scan: ScanId,
    /// The file that an examiner's program wrote.
    pub file: PathBuf,
    /// Format id; recognised by content where missing.
    pub format: Option<String>,
    /// Scheme of the codes, where the file does not say.
    pub scheme: Option<String>,
    /// Who made the statements; the operator where missing.
    pub examiner: Option<String>,
}

/// Reads an examiner's categories back, and adds what is new to their history.
///
/// # Errors
/// There is no such scan, the file cannot be read, the store refuses.
pub fn categorise(
    workspace: &Workspace,
    request: &CategoriseRequest,
) -> Result<CategoriseView, AppError> {
    let store = workspace.store();
    let scan = workspace.block_on(store.scan(request.scan))?;
    let exhibits = workspace.block_on(store.exhibits(request.scan))?;
    let examiner = match &request.examiner {
        Some(name) => name.clone(),
        None => workspace.operator_name()?,
    };
    let contents = Contents::of(&exhibits, &scan.begun.roots);
    let history = History::load(workspace, &contents.digests())?;
    let mut intake = Intake::new(&contents, &history, &examiner);
    let options = ReadOptions { scheme: request.scheme.clone(), ..ReadOptions::default() };
    let file = read_list(&request.file, request.format.as_deref(), &options, &mut |entry| {
        intake.take(entry);
    })?;
    let source = StatementSource {
        scan: request.scan,
        examiner: examiner.clone(),
        operator: workspace.operator(),
        stated_at: workspace.now(),
        source_sha256: file.sha256,
    };
    let counts =
        json!({"examiner": examiner, "added": intake.view.added, "changed": intake.view.changed});
    let categorised = Draft {
        scan: Some(request.scan),
        case: scan.begun.case,
        inputs: vec![file.sha256.into()],
        payload: Some(workspace.payload(&counts)?),
        ..workspace.draft(acts::MEDIA_CATEGORISED)
    };
    let added = store.add_statements(&source, &intake.statements, vec![categorised]);
    workspace.block_on(added)?;
    workspace.checkpoint()?;
    let now = History::load(workspace, &contents.digests())?;
    let errors = file.reading.errors.iter().map(ToString::to_string);
    let mut view = intake.view;
    view.row_errors.extend(errors);
    Ok(CategoriseView {
        scan: request.scan.to_string(),
        source_sha256: file.sha256.to_string(),
        format: file.format.id.to_owned(),
        rows: file.reading.entries,
        conflicts: now.conflicts(),
        ..view
    })
}

/// The content of a scan, to be found by each of its digests.
struct Contents {
    by_text: HashMap<String, Vec<Sha256>>,
    /// Relative paths as an export writes them: what a reader took for a comment.
    paths: HashMap<Sha256, HashSet<String>>,
}

impl Contents {
    fn of(exhibits: &[Exhibit], roots: &[String]) -> Self {
        let mut contents = Self { by_text: HashMap::new(), paths: HashMap::new() };
        for exhibit in exhibits {
            let Some(digests) = exhibit.digests else { continue };
            let paths = contents.paths.entry(digests.sha256).or_default();
            paths.insert(relative_to(roots, &exhibit.path).replace('/', "\\"));
            for text in
                [digests.sha256.to_string(), digests.sha1.to_string(), digests.md5.to_string()]
            {
                let all = contents.by_text.entry(text).or_default();
                if !all.contains(&digests.sha256) {
                    all.push(digests.sha256);
                }
            }
        }
        contents
    }

    fn digests(&self) -> Vec<Sha256> {
        let mut digests: Vec<Sha256> = self.paths.keys().copied().collect();
        digests.sort_unstable();
        digests
    }

    /// By the strongest digest that the entry has.
    fn meant_by(&self, entry: &ListEntry) -> &[Sha256] {
        let text = match (entry.sha256, entry.sha1, entry.md5) {
            (Some(sha256), _, _) => sha256.to_string(),
            (None, Some(sha1), _) => sha1.to_string(),
            (None, None, Some(md5)) => md5.to_string(),
            (None, None, None) => return &[],
        };
        self.by_text.get(&text).map_or(&[], Vec::as_slice)
    }

    /// What an examiner wrote: the label, without the path that our own export put there.
    fn comment(&self, sha256: Sha256, label: Option<&str>) -> Option<String> {
        let label = label?;
        let paths = self.paths.get(&sha256).into_iter().flatten();
        let ours = paths.filter_map(|path| label.strip_suffix(path.as_str())).next();
        let said = ours.unwrap_or(label).trim_end_matches([' ', ';']).trim();
        (!said.is_empty()).then(|| said.to_owned())
    }
}

/// Takes one row after the other.
struct Intake<'a> {
    contents: &'a Contents,
    /// What this examiner says now, by content and scheme.
    says: HashMap<(Sha256, String), (String, Option<String>)>,
    statements: Vec<Statement>,
    view: CategoriseView,
}

impl<'a> Intake<'a> {
    fn new(contents: &'a Contents, history: &History, examiner: &str) -> Self {
        let mut says = HashMap::new();
        for stored in history.all().filter(|stored| stored.source.examiner == examiner) {
            let Statement { sha256, category, comment, .. } = &stored.statement;
            says.insert(
                (*sha256, category.scheme.clone()),
                (category.code.clone(), comment.clone()),
            );
        }
        let view = CategoriseView {
            schema: CategoriseView::SCHEMA,
            scan: String::new(),
            source_sha256: String::new(),
            format: String::new(),
            examiner: examiner.to_owned(),
            rows: 0,
            added: 0,
            changed: 0,
            unchanged: 0,
            without_category: 0,
            unmatched_rows: Vec::new(),
            unmatched: 0,
            changes: Vec::new(),
            conflicts: Vec::new(),
            row_errors: Vec::new(),
        };
        Self { contents, says, statements: Vec::new(), view }
    }

    fn take(&mut self, entry: ListEntry) {
        let Some(category) = entry.category.clone() else {
            self.view.without_category += 1;
            return;
        };
        let contents = self.contents;
        match contents.meant_by(&entry) {
            [] => {
                self.view.unmatched += 1;
                if self.view.unmatched_rows.len() < MAX_UNMATCHED {
                    self.view.unmatched_rows.push(entry.row);
                }
            }
            [sha256] => self.state(Statement {
                sha256: *sha256,
                comment: contents.comment(*sha256, entry.label.as_deref()),
                category,
                source_row: entry.row,
            }),
            several => self.view.row_errors.push(format!(
                "row {}: its digest belongs to {} different contents; a SHA-256 would tell them apart",
                entry.row,
                several.len()
            )),
        }
    }

    fn state(&mut self, statement: Statement) {
        let key = (statement.sha256, statement.category.scheme.clone());
        let new = (statement.category.code.clone(), statement.comment.clone());
        let old = self.says.insert(key, new.clone());
        match old {
            Some(old) if old == new => {
                self.view.unchanged += 1;
                return;
            }
            Some((old, _)) => {
                self.view.changed += 1;
                self.view.changes.push(ChangeView {
                    sha256: statement.sha256.to_string(),
                    scheme: statement.category.scheme.clone(),
                    old,
                    new: new.0,
                });
            }
            None => self.view.added += 1,
        }
        self.statements.push(statement);
    }
}

/// Every statement about some content, in the order it was read in.
#[derive(Default)]
pub(crate) struct History {
    by_content: BTreeMap<Sha256, Vec<StoredStatement>>,
}

/// What examiners say of content, taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreed<'a> {
    /// Nobody said anything.
    Nothing,
    /// Whoever spoke says this; the latest statement.
    On(&'a StoredStatement),
    /// They disagree.
    Not,
}

impl History {
    /// What the store holds about content with these digests.
    pub(crate) fn load(workspace: &Workspace, digests: &[Sha256]) -> Result<Self, AppError> {
        let stored = workspace.block_on(workspace.store().statements(digests))?;
        let mut history = Self::default();
        for statement in stored {
            let content = statement.statement.sha256;
            history.by_content.entry(content).or_default().push(statement);
        }
        Ok(history)
    }

    fn all(&self) -> impl Iterator<Item = &StoredStatement> {
        self.by_content.values().flatten()
    }

    fn of(&self, sha256: Sha256) -> &[StoredStatement] {
        self.by_content.get(&sha256).map_or(&[], Vec::as_slice)
    }

    /// What each examiner says now, by scheme.
    fn current(&self, sha256: Sha256) -> BTreeMap<&str, BTreeMap<&str, &StoredStatement>> {
        let mut current: BTreeMap<&str, BTreeMap<&str, &StoredStatement>> = BTreeMap::new();
        for said in self.of(sha256) {
            let by_examiner = current.entry(&said.statement.category.scheme).or_default();
            by_examiner.insert(&said.source.examiner, said);
        }
        current
    }

    /// What they agree on in a scheme; in that of the latest statement where none is asked for.
    pub(crate) fn agreed(&self, sha256: Sha256, scheme: Option<&str>) -> Agreed<'_> {
        let current = self.current(sha256);
        let latest = self.of(sha256).last().map(|said| said.statement.category.scheme.as_str());
        let said = scheme.filter(|scheme| current.contains_key(scheme)).or(latest);
        let Some(said) = said.and_then(|scheme| current.get(scheme)) else {
            return Agreed::Nothing;
        };
        let codes: HashSet<&str> = said.values().map(|one| code(one)).collect();
        match said.values().max_by_key(|one| one.source.stated_at) {
            Some(latest) if codes.len() == 1 => Agreed::On(latest),
            _ => Agreed::Not,
        }
    }

    /// Content about which examiners disagree, by digest and scheme.
    fn conflicts(&self) -> Vec<ConflictView> {
        let mut conflicts = Vec::new();
        for sha256 in self.by_content.keys() {
            for (scheme, said) in self.current(*sha256) {
                let codes: HashSet<&str> = said.values().map(|one| code(one)).collect();
                if codes.len() > 1 {
                    let says = said.values().map(|one| SaysView {
                        examiner: one.source.examiner.clone(),
                        code: code(one).to_owned(),
                        stated_at: one.source.stated_at.to_string(),
                    });
                    conflicts.push(ConflictView {
                        sha256: sha256.to_string(),
                        scheme: scheme.to_owned(),
                        says: says.collect(),
                    });
                }
            }
        }
        conflicts
    }

    /// The statements about one content. Comments only where the scan they were made for is one whose
    /// people may read them here.
    pub(crate) fn views(
        &self,
        sha256: Sha256,
        ours: impl Fn(ScanId) -> bool,
    ) -> Vec<StatementView> {
        let all = self.of(sha256);
        let same = |a: &StoredStatement, b: &StoredStatement| {
            a.source.examiner == b.source.examiner
                && a.statement.category.scheme == b.statement.category.scheme
        };
        let view = |(at, said): (usize, &StoredStatement)| {
            let before = all[..at].iter().rfind(|other| same(other, said));
            StatementView {
                scheme: said.statement.category.scheme.clone(),
                code: code(said).to_owned(),
                comment: said.statement.comment.clone().filter(|_| ours(said.source.scan)),
                examiner: said.source.examiner.clone(),
                stated_at: said.source.stated_at.to_string(),
                operator: said.source.operator.to_string(),
                scan: said.source.scan.to_string(),
                source_sha256: said.source.source_sha256.to_string(),
                source_row: said.statement.source_row,
                replaces: before.map(|before| code(before).to_owned()),
                replaced: all[at + 1..].iter().any(|other| same(other, said)),
            }
        };
        all.iter().enumerate().map(view).collect()
    }
}

fn code(said: &StoredStatement) -> &str {
    &said.statement.category.code
}
