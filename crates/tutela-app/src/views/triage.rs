//! What a scan says while it runs, and of what it did not come to.

use serde::Serialize;
use tutela_core::{Claim, Exhibit, Finding, Method};

use super::BucketView;

/// A file with findings, as it is announced while a scan goes on: one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaFoundView {
    /// `tutela.media_found.v1`.
    pub schema: &'static str,
    /// Id of the exhibit.
    pub exhibit: String,
    /// Where it was found; `!/` leads into an archive.
    pub path: String,
    /// `known`, `near`, or what else the scan says of the file.
    pub outcome: &'static str,
    /// Id of its first finding.
    pub finding: String,
    /// `listed`, or what else the finding claims.
    pub claim: &'static str,
    /// File or bank the entry stands in, of a claim about a list.
    pub list: Option<String>,
    /// Scheme of the entry's category.
    pub scheme: Option<String>,
    /// Its code in that scheme, as received.
    pub code: Option<String>,
    /// By what they were compared.
    pub method: Option<&'static str>,
    /// Bits that differ, where the claim rests on a distance.
    pub distance: Option<u16>,
    /// Findings about this file beyond the first.
    pub more: u64,
}

impl MediaFoundView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_found.v1";

    /// A file, the best of its findings, and how many more there are.
    pub fn new(exhibit: &Exhibit, finding: &Finding, more: u64) -> Self {
        let listed = finding.claim.listed();
        let category = listed.and_then(|listed| listed.category.as_ref());
        let distance = match &finding.claim {
            Claim::Listed(listed) => match listed.method {
                Method::Pdq { distance, .. } => Some(distance),
                Method::Sha256 | Method::Sha1 | Method::Md5 | Method::Vpdq { .. } => None,
            },
            Claim::ThumbnailDiffers { distance } => Some(*distance),
            Claim::ProvenanceConflict => None,
        };
        Self {
            schema: Self::SCHEMA,
            exhibit: exhibit.id.to_string(),
            path: exhibit.path.clone(),
            outcome: exhibit.outcome.as_str(),
            finding: finding.id.to_string(),
            claim: finding.claim.as_str(),
            list: listed.map(|listed| listed.list.clone()),
            scheme: category.map(|category| category.scheme.clone()),
            code: category.map(|category| category.code.clone()),
            method: listed.map(|listed| listed.method.as_str()),
            distance,
            more,
        }
    }
}

/// What a scan that was stopped did not look at: files of the walk without a result. What stands inside
/// a container that is named here may have results of its own already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotExaminedView {
    /// `budget` where its time was used up, `interrupted` where somebody stopped it.
    pub reason: String,
    /// Files.
    pub files: u64,
    /// Bytes of them, as the walk saw them.
    pub size_bytes: u64,
    /// By what their names say they are: `picture`, `film`, `container`, `other`; most bytes first.
    pub by_kind: Vec<BucketView>,
    /// By the folder they stand in, most files first; at most [`NotExaminedView::MAX_FOLDERS`].
    pub by_folder: Vec<BucketView>,
    /// Folders in all.
    pub folders: u64,
}

impl NotExaminedView {
    /// Folders that are listed: the rest is in the sum.
    pub const MAX_FOLDERS: usize = 50;
}
