//! A table of files for spreadsheets and scripts; it reads back as a hash list.

use std::io::{self, Write};

use super::{ExchangeFormat, Exchanged, Head, Media, MediaFile};
use crate::FormatError;
use tutela_core::PdqVariant;

const ID: &str = "csv";

pub(super) const FORMAT: ExchangeFormat = ExchangeFormat {
    id: ID,
    title: "CSV, one row a file",
    doc: "A header and one row for each file; files with the same content share their `id`. Empty is not \
          stated. `category`, `scheme` and `comment` are there to be filled in and read back with \
          `media categorise`. `pdq` is the reference computation, `pdq_full` the other. A path from \
          outside can look like a formula to a spreadsheet: open the table as text.",
    source: "RFC 4180. The column names are those that the list format `csv` reads.",
    category_scheme: |_| None,
    write,
};

const COLUMNS: [&str; 22] = [
    "id",
    "md5",
    "sha1",
    "sha256",
    "category",
    "scheme",
    "comment",
    "size_bytes",
    "mime",
    "outcome",
    "path",
    "modified_at",
    "width",
    "height",
    "duration_ms",
    "pdq",
    "pdq_quality",
    "pdq_full",
    "device",
    "serial",
    "taken_at",
    "groups",
];

fn write(
    out: &mut dyn Write,
    _head: &Head,
    media: &mut dyn Iterator<Item = Media>,
) -> Result<Exchanged, FormatError> {
    let failed = |source| FormatError::WriteMedia { format: ID, source };
    let mut writer = ::csv::Writer::from_writer(out);
    let row = |error: ::csv::Error| failed(io::Error::other(error));
    writer.write_record(COLUMNS).map_err(row)?;
    let mut exchanged = Exchanged::default();
    for media in media {
        exchanged.media += 1;
        exchanged.files += media.files.len() as u64;
        for file in &media.files {
            writer.write_record(cells(&media, file)).map_err(row)?;
        }
    }
    writer.flush().map_err(failed)?;
    Ok(exchanged)
}

fn cells(media: &Media, file: &MediaFile) -> [String; COLUMNS.len()] {
    let number = |value: Option<u64>| value.map(|n| n.to_string()).unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let pdq = |variant| media.pdq.iter().find(move |pdq| pdq.variant == variant);
    let signal = |variant| pdq(variant).map(|pdq| pdq.value.to_string()).unwrap_or_default();
    let quality = pdq(PdqVariant::Reference).and_then(|pdq| pdq.quality);
    let category = media.category.as_ref();
    let model = [&media.capture.make, &media.capture.model];
    let model: Vec<&str> = model.into_iter().flatten().map(String::as_str).collect();
    let groups: Vec<String> = media.groups.iter().map(u64::to_string).collect();
    [
        media.number.to_string(),
        media.digests.md5.to_string(),
        media.digests.sha1.to_string(),
        media.digests.sha256.to_string(),
        category.map(|category| category.code.clone()).unwrap_or_default(),
        category.map(|category| category.scheme.clone()).unwrap_or_default(),
        text(&media.comment),
        media.size_bytes.to_string(),
        media.mime.clone(),
        media.outcome.clone(),
        file.path.clone(),
        file.modified_at.map(|at| at.to_string()).unwrap_or_default(),
        number(media.width.map(u64::from)),
        number(media.height.map(u64::from)),
        number(media.duration_ms),
        signal(PdqVariant::Reference),
        number(quality.map(u64::from)),
        signal(PdqVariant::Full),
        model.join(" "),
        text(&media.capture.serial),
        text(&media.capture.taken_at),
        groups.join(" "),
    ]
}
