//! Tutela's own form: everything, under its own names.

use std::io::Write;

use serde_json::{Value, json};
use tutela_core::{CaptureData, Digests};

use super::{ExchangeFormat, Exchanged, Head, Media, MediaFile};
use crate::FormatError;

const ID: &str = "json";

pub(super) const FORMAT: ExchangeFormat = ExchangeFormat {
    id: ID,
    title: "Tutela JSON",
    doc: "One document, `tutela.media_export.v1`: who wrote it and when, then `media`, one a piece of \
          content, with its digests, signals, capture data, groups, category and the files that hold \
          it. Digests are lower-case hexadecimal, times RFC 3339, angles in degrees.",
    source: "Tutela.",
    category_scheme: |_| None,
    write,
};

fn write(
    out: &mut dyn Write,
    head: &Head,
    media: &mut dyn Iterator<Item = Media>,
) -> Result<Exchanged, FormatError> {
    let failed = |source| FormatError::WriteMedia { format: ID, source };
    let opening = json!({
        "schema": "tutela.media_export.v1",
        "case": head.case,
        "scan": head.scan,
        "tool": format!("{} {}", head.application, head.version),
        "written_at": head.written_at.to_string(),
        "pieces": head.media,
    })
    .to_string();
    let opening = opening.strip_suffix('}').unwrap_or(&opening);
    write!(out, "{opening},\"media\":[").map_err(failed)?;
    let mut exchanged = Exchanged::default();
    for media in media {
        let separator = if exchanged.media == 0 { "\n" } else { ",\n" };
        exchanged.media += 1;
        exchanged.files += media.files.len() as u64;
        write!(out, "{separator}{}", shaped(&media)).map_err(failed)?;
    }
    out.write_all(b"\n]}\n").map_err(failed)?;
    Ok(exchanged)
}

fn shaped(media: &Media) -> Value {
    let pdq = media.pdq.iter().map(|pdq| {
        let (variant, value) = (pdq.variant.as_str(), pdq.value.to_string());
        json!({"kind": "pdq", "variant": variant, "value": value, "quality": pdq.quality})
    });
    let category = media.category.as_ref();
    json!({
        "number": media.number,
        "digests": digests(&media.digests),
        "size_bytes": media.size_bytes,
        "mime": media.mime,
        "outcome": media.outcome,
        "width": media.width,
        "height": media.height,
        "duration_ms": media.duration_ms,
        "signals": pdq.collect::<Vec<_>>(),
        "capture": captured(&media.capture),
        "category": category.map(|one| json!({"scheme": one.scheme, "code": one.code})),
        "comment": media.comment,
        "groups": media.groups,
        "files": media.files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn digests(digests: &Digests) -> Value {
    json!({
        "md5": digests.md5.to_string(),
        "sha1": digests.sha1.to_string(),
        "sha256": digests.sha256.to_string(),
    })
}

fn captured(capture: &CaptureData) -> Value {
    if capture.is_empty() {
        return Value::Null;
    }
    let degrees = |udeg: i32| f64::from(udeg) / 1e6;
    json!({
        "make": capture.make,
        "model": capture.model,
        "serial": capture.serial,
        "lens_serial": capture.lens_serial,
        "taken_at": capture.taken_at,
        "software": capture.software,
        "latitude": capture.place.map(|place| degrees(place.latitude_udeg)),
        "longitude": capture.place.map(|place| degrees(place.longitude_udeg)),
    })
}

fn file(file: &MediaFile) -> Value {
    let parent = file.parent.as_ref().map(
        |parent| json!({"path": parent.path, "digests": parent.digests.as_ref().map(digests)}),
    );
    json!({
        "path": file.path,
        "modified_at": file.modified_at.map(|at| at.to_string()),
        "parent": parent,
    })
}
