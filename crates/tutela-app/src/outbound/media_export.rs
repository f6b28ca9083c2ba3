//! Hands the media of a scan over to another program: confirmed by a named person, and in the ledger.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tutela_core::{Digests, Exhibit, Outcome, PdqVariant, ScanId, Sha256, Signal};
use tutela_formats::exchanges::{
    self, ExchangeFormat, Exchanged, Head, Media, MediaFile, MediaPdq, Parent,
};
use tutela_ledger::{Draft, acts};
use tutela_store::Scan;

pub use tutela_formats::exchanges::Profile;

use super::scan_report::outside;
use super::whole;
use crate::AppError;
use crate::cases::categories::{Agreed, History};
use crate::intake::walk::relative_to;
use crate::jobs::scan::INSIDE;
use crate::views::MediaExportView;
use crate::workspace::Workspace;

/// What is to leave, and who answers for it.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// The scan.
    pub scan: ScanId,
    /// Format id.
    pub format: String,
    /// Whose category numbers are meant, where the format has to say so.
    pub profile: Profile,
    /// Outcomes that are handed over; all where empty.
    pub only: Vec<Outcome>,
    /// The file, which must not be there yet.
    pub out: PathBuf,
    /// The name of the operator, typed by whoever confirms.
    pub confirmed_by: String,
    /// Why it leaves.
    pub purpose: String,
}

/// Writes the file. The act is in the ledger before the file has its name.
///
/// # Errors
/// There is no such scan or format, the name is not the operator's, the file is there already or lies
/// inside the evidence, or it cannot be written.
pub fn export(workspace: &Workspace, request: &ExportRequest) -> Result<MediaExportView, AppError> {
    let format = exchanges::format(&request.format)
        .ok_or_else(|| AppError::NoSuchExchange { id: request.format.clone() })?;
    if request.confirmed_by.trim() != workspace.operator_name()? {
        return Err(AppError::NotConfirmed);
    }
    let scan = workspace.block_on(workspace.store().scan(request.scan))?;
    check_place(&request.out, &scan)?;
    let gathered = Gathered::new(workspace, request, &scan, format)?;
    let mut exchanged = Exchanged::default();
    let staged = whole::stage(&request.out, |out| {
        let head = head(workspace, request, &scan, gathered.contents.len());
        let mut media =
            (1..).zip(&gathered.contents).map(|(number, one)| gathered.media(number, one));
        exchanged = (format.write)(out, &head, &mut media).map_err(io::Error::other)?;
        Ok(())
    })?;
    let words = json!({"purpose": request.purpose, "format": format.id, "confirmed_by": request.confirmed_by.trim()});
    let exported = Draft {
        scan: Some(request.scan),
        case: scan.begun.case,
        outputs: vec![staged.sha256.into()],
        payload: Some(workspace.payload(&words)?),
        ..workspace.draft(acts::MEDIA_EXPORTED)
    };
    if let Err(error) = workspace.block_on(workspace.store().append(vec![exported])) {
        staged.discard();
        return Err(error.into());
    }
    let sha256 = staged.publish()?;
    workspace.checkpoint()?;
    Ok(MediaExportView {
        schema: MediaExportView::SCHEMA,
        scan: request.scan.to_string(),
        format: format.id.to_owned(),
        file: request.out.display().to_string(),
        sha256: sha256.to_string(),
        media: exchanged.media,
        files: exchanged.files,
        unread_left_out: gathered.unread,
        categories_left_out: exchanged.categories_left_out,
        conflicts_left_out: gathered.conflicts,
    })
}

/// Nothing is overwritten, and nothing is written into the evidence.
fn check_place(out: &Path, scan: &Scan) -> Result<(), AppError> {
    let roots: Vec<PathBuf> = scan.begun.roots.iter().map(PathBuf::from).collect();
    outside(out, &roots)?;
    if out.exists() {
        let source = io::Error::from(io::ErrorKind::AlreadyExists);
        return Err(AppError::File { action: "write", path: out.to_owned(), source });
    }
    Ok(())
}

fn head(workspace: &Workspace, request: &ExportRequest, scan: &Scan, media: usize) -> Head {
    let case = scan.begun.case.map(|case| case.to_string());
    Head {
        case: case.unwrap_or_else(|| request.scan.to_string()),
        scan: request.scan.to_string(),
        application: "Tutela".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        written_at: workspace.now(),
        profile: request.profile,
        media: media as u64,
    }
}

/// Everything that the file is made from.
struct Gathered {
    exhibits: Vec<Exhibit>,
    roots: Vec<String>,
    /// Each content with the numbers of the exhibits that hold it, in the order of the first.
    contents: Vec<(Digests, Vec<usize>)>,
    /// Ranks of the groups of each exhibit, as the report has them.
    groups: HashMap<usize, BTreeSet<u64>>,
    /// Exhibit of each source key.
    by_key: HashMap<String, usize>,
    history: History,
    /// Scans whose comments may leave with this one: its own, and those of its case.
    ours: HashSet<ScanId>,
    scheme: Option<&'static str>,
    unread: u64,
    conflicts: u64,
}

impl Gathered {
    fn new(
        workspace: &Workspace,
        request: &ExportRequest,
        scan: &Scan,
        format: &ExchangeFormat,
    ) -> Result<Self, AppError> {
        let mut exhibits = workspace.block_on(workspace.store().exhibits(request.scan))?;
        exhibits.sort_by(|a, b| (&a.path, &a.source_key).cmp(&(&b.path, &b.source_key)));
        let wanted = |exhibit: &Exhibit| {
            is_handed_over(exhibit)
                && (request.only.is_empty() || request.only.contains(&exhibit.outcome))
        };
        let mut places: HashMap<Sha256, usize> = HashMap::new();
        let mut contents: Vec<(Digests, Vec<usize>)> = Vec::new();
        let mut unread = 0;
        for (number, exhibit) in exhibits.iter().enumerate().filter(|(_, e)| wanted(e)) {
            let Some(digests) = exhibit.digests else {
                unread += 1;
                continue;
            };
            let place = *places.entry(digests.sha256).or_insert(contents.len());
            if place == contents.len() {
                contents.push((digests, Vec::new()));
            }
            contents[place].1.push(number);
        }
        let digests: Vec<Sha256> = places.into_keys().collect();
        let history = History::load(workspace, &digests)?;
        let scheme = (format.category_scheme)(request.profile);
        let scans = workspace.block_on(workspace.store().scans_before(request.scan))?;
        let same_case = scans.iter().filter(|s| s.case.is_some() && s.case == scan.begun.case);
        let ours = same_case.map(|scan| scan.id).chain([request.scan]).collect();
        let disagreed = |sha256: &&Sha256| history.agreed(**sha256, scheme) == Agreed::Not;
        let conflicts = digests.iter().filter(disagreed).count() as u64;
        let keys = exhibits.iter().enumerate().map(|(n, e)| (e.source_key.clone(), n));
        Ok(Self {
            roots: scan.begun.roots.clone(),
            contents,
            groups: groups_of(scan),
            by_key: keys.collect(),
            history,
            ours,
            scheme,
            unread,
            conflicts,
            exhibits,
        })
    }

    fn media(&self, number: u64, (digests, holders): &(Digests, Vec<usize>)) -> Media {
        let files: Vec<MediaFile> = holders.iter().map(|&holder| self.file(holder)).collect();
        let mut groups: BTreeSet<u64> = BTreeSet::new();
        for holder in holders {
            groups.extend(self.groups.get(holder).into_iter().flatten());
        }
        let exhibit = &self.exhibits[holders.first().copied().unwrap_or(0)];
        let said = match self.history.agreed(digests.sha256, self.scheme) {
            Agreed::On(said) => Some(said),
            Agreed::Nothing | Agreed::Not => None,
        };
        Media {
            number,
            digests: *digests,
            size_bytes: exhibit.size_bytes,
            mime: exhibit.mime.clone(),
            outcome: exhibit.outcome.as_str().to_owned(),
            width: exhibit.width,
            height: exhibit.height,
            duration_ms: exhibit.duration_ms,
            pdq: [PdqVariant::Reference, PdqVariant::Full]
                .into_iter()
                .filter_map(|variant| signal(exhibit, variant))
                .collect(),
            capture: exhibit.capture.clone(),
            category: said.map(|said| said.statement.category.clone()),
            comment: said
                .filter(|said| self.ours.contains(&said.source.scan))
                .and_then(|said| said.statement.comment.clone()),
            groups: groups.into_iter().collect(),
            files,
        }
    }

    fn file(&self, holder: usize) -> MediaFile {
        let exhibit = &self.exhibits[holder];
        let container = exhibit.source_key.rsplit_once(INSIDE).map(|(outer, _)| outer);
        let parent = container.and_then(|key| self.by_key.get(key)).map(|&outer| Parent {
            path: self.exhibits[outer].path.clone(),
            digests: self.exhibits[outer].digests,
        });
        MediaFile {
            path: exhibit.path.clone(),
            relative_path: relative_to(&self.roots, &exhibit.path),
            modified_at: exhibit.modified_at,
            parent,
        }
    }
}

/// Pictures and films, and whatever a list knows. The digests of an empty file identify nothing.
fn is_handed_over(exhibit: &Exhibit) -> bool {
    let is_media = exhibit.mime.starts_with("image/") || exhibit.mime.starts_with("video/");
    let is_listed = matches!(exhibit.outcome, Outcome::Known | Outcome::Near);
    (is_media || is_listed) && exhibit.size_bytes > 0
}

/// The picture's own signal of a variant. Films have none of this kind.
fn signal(exhibit: &Exhibit, variant: PdqVariant) -> Option<MediaPdq> {
    let own = |s: &&Signal| s.kind == "pdq" && s.variant == variant.as_str();
    let signal = exhibit.signals.iter().find(own)?;
    Some(MediaPdq { variant, value: signal.value.parse().ok()?, quality: signal.quality })
}

/// The groups as the report of the scan numbers them; a scan that has not ended has none.
fn groups_of(scan: &Scan) -> HashMap<usize, BTreeSet<u64>> {
    let summary = scan.summary_json.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let summary: Value = summary.unwrap_or_default();
    let mut groups: HashMap<usize, BTreeSet<u64>> = HashMap::new();
    for group in summary["groups"].as_array().into_iter().flatten() {
        let Some(rank) = group["rank"].as_u64() else { continue };
        let items = group["items"].as_array().into_iter().flatten().filter_map(Value::as_u64);
        for item in items.filter_map(|item| usize::try_from(item).ok()) {
            groups.entry(item).or_default().insert(rank);
        }
    }
    groups
}
