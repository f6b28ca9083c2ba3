//! What both versions of VICS have in common: a case and the Media in it.
//!
//! Numbers and truth are written as what they are, text is UTF-8 without a byte order mark, absent
//! values are left out, and `RelativeFilePath` has backslashes: readers differ in what else they take.

use std::io::Write;

use serde::Serialize;
use tutela_core::{PdqVariant, Place, Timestamp};

use super::{Exchanged, Head, Media, MediaFile};
use crate::FormatError;

/// Where the two versions differ.
pub(super) struct Dialect {
    /// Id of the format.
    pub(super) id: &'static str,
    /// Key of the context.
    pub(super) context_key: &'static str,
    /// The context of a case.
    pub(super) context: String,
    /// The scheme of its categories.
    pub(super) scheme: &'static str,
    /// Whether there is a place for what is not EXIF.
    pub(super) has_metadata: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MediaOut<'a> {
    #[serde(rename = "MediaID")]
    media_id: u64,
    category: Option<i64>,
    #[serde(rename = "MD5")]
    md5: &'a str,
    #[serde(rename = "SHA1")]
    sha1: String,
    media_size: u64,
    mime_type: &'a str,
    relative_file_path: String,
    is_precategorized: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<&'a str>,
    date_updated: String,
    media_files: Vec<FileOut<'a>>,
    exifs: Vec<PropertyOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_metadata: Option<Vec<PropertyOut<'a>>>,
    alternative_hashes: Vec<HashOut<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FileOut<'a> {
    #[serde(rename = "MD5")]
    md5: &'a str,
    file_name: &'a str,
    file_path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<String>,
    deleted: bool,
    unallocated: bool,
    #[serde(rename = "ParentMD5", skip_serializing_if = "Option::is_none")]
    parent_md5: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_file_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_file_path: Option<&'a str>,
    #[serde(rename = "SourceID")]
    source_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PropertyOut<'a> {
    #[serde(rename = "MD5")]
    md5: &'a str,
    property_name: &'static str,
    property_value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HashOut<'a> {
    #[serde(rename = "MD5")]
    md5: &'a str,
    hash_name: &'static str,
    hash_value: String,
}

/// The case around the Media.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CaseOut<'a> {
    #[serde(rename = "CaseID")]
    case_id: &'a str,
    case_number: &'a str,
    source_application_name: &'a str,
    source_application_version: &'a str,
    total_media_files: u64,
    media: [(); 0],
}

/// Writes one case with all Media in it.
pub(super) fn write(
    out: &mut dyn Write,
    head: &Head,
    dialect: &Dialect,
    media: &mut dyn Iterator<Item = Media>,
) -> Result<Exchanged, FormatError> {
    let failed = |source| FormatError::WriteMedia { format: dialect.id, source };
    let case = serde_json::to_string(&CaseOut {
        case_id: &head.case,
        case_number: &head.case,
        source_application_name: &head.application,
        source_application_version: &head.version,
        total_media_files: head.media,
        media: [],
    });
    let case = case.map_err(|error| failed(error.into()))?;
    // The array of Media comes last and is filled one by one.
    let opening = case.strip_suffix("]}").unwrap_or(&case);
    let Dialect { context_key, context, .. } = dialect;
    write!(out, "{{\"{context_key}\":\"{context}\",\"value\":[{opening}").map_err(failed)?;
    let mut exchanged = Exchanged::default();
    for media in media {
        let category = number(&media, dialect.scheme);
        let separator = if exchanged.media == 0 { "\n" } else { ",\n" };
        exchanged.media += 1;
        exchanged.files += media.files.len() as u64;
        exchanged.categories_left_out += u64::from(media.category.is_some() && category.is_none());
        out.write_all(separator.as_bytes()).map_err(failed)?;
        let md5 = media.digests.md5.to_string().to_uppercase();
        let shaped = media_out(&media, head, dialect, category, &md5);
        serde_json::to_writer(&mut *out, &shaped).map_err(|error| failed(error.into()))?;
    }
    out.write_all(b"\n]}]}\n").map_err(failed)?;
    Ok(exchanged)
}

/// The category as the number it must be here; none of another scheme, whose numbers mean other things.
fn number(media: &Media, scheme: &str) -> Option<i64> {
    let category = media.category.as_ref().filter(|category| category.scheme == scheme)?;
    category.code.parse().ok()
}

fn media_out<'a>(
    media: &'a Media,
    head: &'a Head,
    dialect: &Dialect,
    category: Option<i64>,
    md5: &'a str,
) -> MediaOut<'a> {
    let mut exifs = captured(media, md5);
    let mut metadata = described(media, md5);
    if !dialect.has_metadata {
        exifs.append(&mut metadata);
    }
    MediaOut {
        media_id: media.number,
        category,
        md5,
        sha1: media.digests.sha1.to_string().to_uppercase(),
        media_size: media.size_bytes,
        mime_type: &media.mime,
        relative_file_path: media
            .files
            .first()
            .map(|file| backslashed(&file.relative_path))
            .unwrap_or_default(),
        is_precategorized: category.is_some(),
        comments: media.comment.as_deref(),
        date_updated: moment(head.written_at),
        media_files: media.files.iter().map(|file| file_out(file, head, md5)).collect(),
        exifs,
        media_metadata: dialect.has_metadata.then_some(metadata),
        alternative_hashes: hashes(media, md5),
    }
}

fn file_out<'a>(file: &'a MediaFile, head: &'a Head, md5: &'a str) -> FileOut<'a> {
    let parent = file.parent.as_ref();
    let parent_md5 = parent.and_then(|parent| parent.digests);
    FileOut {
        md5,
        file_name: file.name(),
        file_path: &file.path,
        written: file.modified_at.map(moment),
        // Only what stands in a file system or container was examined.
        deleted: false,
        unallocated: false,
        parent_md5: parent_md5.map(|digests| digests.md5.to_string().to_uppercase()),
        parent_file_name: parent.map(|p| p.path.rsplit('/').next().unwrap_or(&p.path)),
        parent_file_path: parent.map(|parent| parent.path.as_str()),
        source_id: &head.scan,
    }
}

/// `SHA256` and `PDQ`, which readers that do not know them pass over. `PDQ` is the reference
/// computation; the other variant has a name of its own, since the two can differ.
fn hashes<'a>(media: &Media, md5: &'a str) -> Vec<HashOut<'a>> {
    let hash = |hash_name, hash_value| HashOut { md5, hash_name, hash_value };
    let mut hashes = vec![hash("SHA256", media.digests.sha256.to_string())];
    hashes.extend(media.pdq.iter().map(|pdq| {
        let name = match pdq.variant {
            PdqVariant::Reference => "PDQ",
            PdqVariant::Full => "PDQ-FULL",
        };
        hash(name, pdq.value.to_string())
    }));
    hashes
}

/// What the file says of device and moment, by the names EXIF has for it.
fn captured<'a>(media: &Media, md5: &'a str) -> Vec<PropertyOut<'a>> {
    let capture = &media.capture;
    let place = |degrees: fn(Place) -> i32| {
        capture.place.map(|place| (f64::from(degrees(place)) / 1e6).to_string())
    };
    properties(
        md5,
        [
            ("Make", capture.make.clone()),
            ("Model", capture.model.clone()),
            ("BodySerialNumber", capture.serial.clone()),
            ("LensSerialNumber", capture.lens_serial.clone()),
            ("DateTimeOriginal", capture.taken_at.clone()),
            ("Software", capture.software.clone()),
            ("GPSLatitude", place(|place| place.latitude_udeg)),
            ("GPSLongitude", place(|place| place.longitude_udeg)),
        ],
    )
}

/// What was measured of it.
fn described<'a>(media: &Media, md5: &'a str) -> Vec<PropertyOut<'a>> {
    let first = media.pdq.first();
    let groups: Vec<String> = media.groups.iter().map(u64::to_string).collect();
    properties(
        md5,
        [
            ("Width", media.width.map(|width| width.to_string())),
            ("Height", media.height.map(|height| height.to_string())),
            ("DurationMilliseconds", media.duration_ms.map(|ms| ms.to_string())),
            ("PDQ Variant", first.map(|pdq| pdq.variant.as_str().to_owned())),
            ("PDQ Quality", first.and_then(|pdq| pdq.quality).map(|quality| quality.to_string())),
            ("Tutela Outcome", Some(media.outcome.clone())),
            ("Tutela Groups", (!groups.is_empty()).then(|| groups.join(", "))),
        ],
    )
}

fn properties<'a, const N: usize>(
    md5: &'a str,
    all: [(&'static str, Option<String>); N],
) -> Vec<PropertyOut<'a>> {
    let property = |(property_name, value): (_, Option<String>)| {
        Some(PropertyOut { md5, property_name, property_value: value? })
    };
    all.into_iter().filter_map(property).collect()
}

/// To the millisecond: some readers take no more digits.
fn moment(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// A path as Windows writes it, without what would lead out of the folder it is relative to.
fn backslashed(path: &str) -> String {
    path.trim_start_matches('/').replace('/', "\\")
}
