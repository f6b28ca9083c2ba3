//! Small grey blurred pictures of the largest new groups: only on request, with a purpose that the ledger keeps.

use std::os::fd::AsFd;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tutela_core::Exhibit;
use tutela_ledger::{Draft, acts};

use super::Run;
use crate::AppError;
use crate::evidence::decoder::{Decoder, MediaRequest};
use crate::evidence::sealing;
use crate::sentences::{Said, THUMBNAILS, THUMBNAILS_MISSING};
use crate::views::{ClusterView, ThumbnailView};
use crate::workspace::Workspace;

/// Groups that get thumbnails.
const MAX_GROUPS: usize = 100;
/// Thumbnails of one group: enough to see that its members are alike.
const MAX_A_GROUP: usize = 4;

/// Makes them, and remarks on what could not be made.
pub(super) fn make(
    workspace: &Workspace,
    run: &Run<'_>,
    exhibits: &[Exhibit],
    clusters: &[ClusterView],
) -> Result<(Vec<ThumbnailView>, Vec<Said>), AppError> {
    let Some(purpose) = &run.request.thumbnails else { return Ok((Vec::new(), Vec::new())) };
    let wanted: Vec<u64> = clusters
        .iter()
        .take(MAX_GROUPS)
        .flat_map(|cluster| cluster.items.iter().take(MAX_A_GROUP).copied())
        .collect();
    let viewed: Vec<&Exhibit> = wanted.iter().map(|&item| &exhibits[item as usize]).collect();
    // Written before the first picture is made: what was shown is never missing from the ledger.
    workspace.block_on(workspace.store().append(vec![Draft {
        scan: Some(run.scan),
        case: run.request.case,
        inputs: viewed.iter().map(|exhibit| exhibit.id.into()).collect(),
        payload: Some(workspace.payload(&json!({"purpose": purpose, "as": "thumbnails"}))?),
        ..workspace.draft(acts::MEDIA_VIEWED)
    }]))?;
    let mut decoder = Decoder::new(run.config.clone());
    let mut views = Vec::new();
    for (&item, exhibit) in wanted.iter().zip(&viewed) {
        if let Some(png) = thumbnail(exhibit, &mut decoder)? {
            views.push(ThumbnailView { item, png_base64: STANDARD.encode(png) });
        }
    }
    let missing = wanted.len() - views.len();
    let number = |count: usize| [("n", count.to_string())];
    let mut remarks = vec![THUMBNAILS.say(number(views.len()))];
    if missing > 0 {
        remarks.push(THUMBNAILS_MISSING.say(number(missing)));
    }
    Ok((views, remarks))
}

/// The thumbnail of a file that still has the bytes it was sealed with.
fn thumbnail(exhibit: &Exhibit, decoder: &mut Decoder) -> Result<Option<Vec<u8>>, AppError> {
    let sealed = sealing::open(Path::new(&exhibit.path))
        .and_then(|file| sealing::seal(&file, &mut |_| {}).map(|sealed| (file, sealed)));
    match sealed {
        Ok((file, sealed)) if Some(sealed.digests) == exhibit.digests => {
            let request =
                MediaRequest { thumbnail: true, ..MediaRequest::signals_only(Vec::new()) };
            Ok(decoder.media(file.as_fd(), sealed.size_bytes, &request)?.thumbnail)
        }
        Ok(_) | Err(_) => Ok(None),
    }
}
