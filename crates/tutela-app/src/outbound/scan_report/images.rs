//! Images of disks, each by itself: which bytes they are, and which file systems gave files.

use std::collections::HashMap;

use tutela_core::Exhibit;

use crate::jobs::scan::INSIDE;
use crate::views::{FailureView, ImageView};

/// Volumes that are named of one image: more than any disk in use has.
const MAX_VOLUMES: usize = 128;
/// Media types of images of disks, as content is recognised.
const IMAGE_TYPES: [&str; 2] = ["application/x-raw-disk-image", "application/x-ewf"];
/// Note of a segment that is read with the first one.
const FURTHER_SEGMENT: &str = "archive.further_segment";

/// One view for each image among exhibits, in their order.
pub(super) fn images(exhibits: &[Exhibit]) -> Vec<ImageView> {
    let mut images: Vec<ImageView> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for exhibit in exhibits.iter().filter(|exhibit| is_image(exhibit)) {
        places.insert(&exhibit.source_key, images.len());
        images.push(view(exhibit));
    }
    if images.is_empty() {
        return images;
    }
    for exhibit in exhibits {
        // Every container around it counts it; the nearest one knows it by its volume.
        let mut end = exhibit.source_key.len();
        while let Some(at) = exhibit.source_key.get(..end).and_then(|key| key.rfind(INSIDE)) {
            end = at;
            let outer = exhibit.source_key.get(..at).and_then(|key| places.get(key));
            if let Some(image) = outer.and_then(|place| images.get_mut(*place)) {
                image.files += 1;
                add_volume(image, &exhibit.path);
            }
        }
    }
    for image in &mut images {
        image.volumes.sort_by_key(|volume| (number(volume), volume.clone()));
    }
    images
}

fn is_image(exhibit: &Exhibit) -> bool {
    IMAGE_TYPES.contains(&exhibit.mime.as_str())
        && exhibit.notes.iter().all(|note| note.code != FURTHER_SEGMENT)
}

fn view(exhibit: &Exhibit) -> ImageView {
    let Exhibit { path, mime, size_bytes, digests, failure, .. } = exhibit;
    ImageView {
        path: path.clone(),
        mime: mime.clone(),
        size_bytes: *size_bytes,
        md5: digests.map(|digests| digests.md5.to_string()),
        sha1: digests.map(|digests| digests.sha1.to_string()),
        sha256: digests.map(|digests| digests.sha256.to_string()),
        volumes: Vec::new(),
        files: 0,
        error: failure.as_ref().map(FailureView::from),
    }
}

/// The first part of a path inside the image is the name of a volume.
fn add_volume(image: &mut ImageView, path: &str) {
    let inside = path.strip_prefix(&image.path).and_then(|rest| rest.strip_prefix(INSIDE));
    let Some(inside) = inside else { return };
    let volume = inside.split_once('/').map_or(inside, |(volume, _)| volume);
    let volume = volume.split_once('!').map_or(volume, |(volume, _)| volume);
    let known = image.volumes.iter().any(|known| known == volume);
    if !known && image.volumes.len() < MAX_VOLUMES {
        image.volumes.push(volume.to_owned());
    }
}

/// The number of a partition; a volume without one comes first.
fn number(volume: &str) -> u64 {
    let digits = volume.strip_prefix('p').and_then(|rest| rest.split_once('-'));
    digits.and_then(|(digits, _)| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn volumes_stand_by_the_number_of_their_partition() {
        let mut volumes = ["p10-fat32", "ext4", "p2-ntfs", "p1-unknown", "px-ext4"];
        volumes.sort_by_key(|volume| (number(volume), volume.to_string()));
        assert_eq!(volumes, ["ext4", "px-ext4", "p1-unknown", "p2-ntfs", "p10-fat32"]);
    }
}
