//! VICS: the JSON that Project VIC and CAID exchange, versions 1.x and 2.0, hash sets and cases.

mod write;

use std::io::BufRead;

use serde::Deserialize;
use tutela_core::{ListEntry, OpaqueSignal};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions};
use super::intake::Intake;
use super::json::{Json, Place, Stop};
use super::loose::{Loose, LooseList};
use super::outgo::is_plain;
use super::records::{Shape, each_record, read_documents};
use super::text::decoded;
use crate::FormatError;

const ID: &str = "projectvic";
const SCHEME: &str = "projectvic:";
const PHOTODNA: &str = "photodna";

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "Project VIC / CAID (VICS JSON)",
    doc: "An OData document: a context that names version and profile, then `value`. Of a hash set \
          (`#Media`) it holds Media, of a case (`#Cases`) cases with Media in them. MD5 is the key; \
          SHA1, PhotoDNA and AlternativeHashes (`SHA256`, `PDQ` and others) stand beside it; MediaSize \
          is in bytes. Category is a number whose meaning differs by profile, so it is kept with the \
          profile: `projectvic:us`, `:uk`, `:default`, `:custom`, or for 1.x the version, `:1.3`. \
          Series, Tags, Comments, RelativeFilePath and flags that say yes make the label. UTF-8 and \
          UTF-16 are read; 2.0 is written.",
    source: "The data model is given out under agreement. What is here is what open readers and writers \
             of it agree on: IPED, GLEAPP and three exporters.",
    extensions: &["json", "vics"],
    sniff,
    read,
    write: write::write,
    carries: &[
        Field::Key,
        Field::Md5,
        Field::Sha1,
        Field::Sha256,
        Field::Pdq,
        Field::Other,
        Field::Category,
        Field::SizeBytes,
        Field::Label,
    ],
    one_signal_a_row: false,
    examples: &[
        Example {
            name: "vics-2.0-media.json",
            bytes: include_bytes!("../../examples/vics-2.0-media.json"),
            entries: 4,
            withdrawn: 0,
            rejected: 1,
        },
        Example {
            name: "vics-1.3-cases-utf16.json",
            bytes: include_bytes!("../../examples/vics-1.3-cases-utf16.json"),
            entries: 3,
            withdrawn: 0,
            rejected: 0,
        },
    ],
};

fn sniff(head: &[u8]) -> Confidence {
    if !head.trim_ascii_start().starts_with(b"{") {
        return Confidence::No;
    }
    let head = String::from_utf8_lossy(head);
    match () {
        () if head.contains("/ProjectVic/DataModels/") => Confidence::Certain,
        () if head.contains("\"value\"") && head.contains("\"MD5\"") => Confidence::Likely,
        () => Confidence::No,
    }
}

/// What the parts of a Media are called. Whatever else it holds is passed over.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Media<'a> {
    #[serde(borrow, rename = "MediaID")]
    media_id: Loose<'a>,
    #[serde(borrow, rename = "MD5")]
    md5: Loose<'a>,
    #[serde(borrow, rename = "SHA1")]
    sha1: Loose<'a>,
    #[serde(borrow, rename = "PhotoDNA")]
    photodna: Loose<'a>,
    #[serde(borrow)]
    category: Loose<'a>,
    #[serde(borrow)]
    media_size: Loose<'a>,
    #[serde(borrow)]
    date_updated: Loose<'a>,
    #[serde(borrow)]
    series: Loose<'a>,
    #[serde(borrow)]
    tags: Loose<'a>,
    #[serde(borrow)]
    comments: Loose<'a>,
    #[serde(borrow)]
    relative_file_path: Loose<'a>,
    #[serde(borrow)]
    victim_identified: Loose<'a>,
    #[serde(borrow)]
    offender_identified: Loose<'a>,
    #[serde(borrow)]
    is_distributed: Loose<'a>,
    #[serde(borrow)]
    self_generated: Loose<'a>,
    #[serde(borrow)]
    alternative_hashes: LooseList<AlternativeHash<'a>>,
    /// Where the context does not say so, a case may stand in the place of a Media.
    #[serde(borrow)]
    media: LooseList<Media<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct AlternativeHash<'a> {
    #[serde(borrow)]
    hash_name: Loose<'a>,
    #[serde(borrow)]
    hash_value: Loose<'a>,
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(ListEntry),
) -> Result<ListReading, FormatError> {
    let failed = |source| FormatError::Read { format: ID, source };
    let mut intake = Intake::new(options, give);
    let mut input = decoded(input).map_err(failed)?;
    let missing = "an object with an array `value`";
    read_documents(ID, missing, &mut input, &mut intake, document)?;
    Ok(intake.finish())
}

/// Reads one document. What its context says of categories holds from there on.
fn document(json: &mut Json<'_>, intake: &mut Intake<'_>, row: &mut u64) -> Result<bool, Stop> {
    if !json.take(b'{')? {
        json.skip()?;
        return Ok(false);
    }
    let mut found = false;
    let mut cases = false;
    let mut place = Place::default();
    while let Some(key) = json.key(&mut place)? {
        match key.as_str() {
            "@odata.context" | "odata.context" | "odata.metadata" | "@odata.metadata" => {
                let context: String = json.value_of()?.unwrap_or_default();
                cases = context.ends_with("#Cases");
                match scheme_of(&context) {
                    Some(scheme) => intake.file_scheme(scheme),
                    None => intake.note("the context names no known version or profile of VICS"),
                }
            }
            "value" if cases => found |= read_cases(json, intake, row)?,
            "value" => found |= each_record::<MediaShape>(json, intake, row)?,
            _ => json.skip()?,
        }
    }
    Ok(found)
}

/// The category scheme that a context names: the profile of 2.0, the version of 1.x.
fn scheme_of(context: &str) -> Option<String> {
    let (_, model) = context.split_once("/DataModels/")?;
    let (version, rest) = model.split_once(".xml")?;
    let caid = if context.to_ascii_lowercase().contains("caid") { "caid-" } else { "" };
    let profile = rest.strip_prefix('/').and_then(|rest| rest.split('/').next());
    let name = match profile {
        Some(profile) if !profile.starts_with('$') => profile.to_ascii_lowercase(),
        _ => version.to_owned(),
    };
    is_plain(&name, 32).then(|| format!("{SCHEME}{caid}{name}"))
}

/// Reads an array of cases; their Media are the records.
fn read_cases(json: &mut Json<'_>, intake: &mut Intake<'_>, row: &mut u64) -> Result<bool, Stop> {
    if !json.take(b'[')? {
        json.skip()?;
        return Ok(false);
    }
    let mut cases = Place::default();
    while json.element(&mut cases)? {
        if !json.take(b'{')? {
            json.skip()?;
            intake.note("a case that is not an object is passed over");
            continue;
        }
        let mut found = false;
        let mut is_media = false;
        let mut case = Place::default();
        while let Some(key) = json.key(&mut case)? {
            match key.as_str() {
                "Media" => found |= each_record::<MediaShape>(json, intake, row)?,
                other => {
                    is_media |= other == "MD5";
                    json.skip()?;
                }
            }
        }
        if is_media {
            *row += 1;
            intake.reject(*row, "Media", "a Media stands in the place of a case");
        } else if !found {
            intake.note("a case has no array of Media");
        }
    }
    Ok(true)
}

struct MediaShape;

impl Shape for MediaShape {
    type Of<'b> = Media<'b>;

    fn take(media: Media<'_>, intake: &mut Intake<'_>, row: u64) {
        if media.media.0.is_empty() {
            return read_media(&media, intake, row);
        }
        intake.note("cases stand in the place of Media; each counts as one record");
        for media in &media.media.0 {
            read_media(media, intake, row);
        }
    }
}

fn read_media(media: &Media<'_>, intake: &mut Intake<'_>, row: u64) {
    let mut entry = ListEntry { row, ..ListEntry::default() };
    intake.set_key(&mut entry, "MediaID", &media.media_id.text());
    intake.set(&mut entry.md5, row, "MD5", &media.md5.text());
    intake.set(&mut entry.sha1, row, "SHA1", &media.sha1.text());
    intake.set_opaque(&mut entry, PHOTODNA, &media.photodna.text());
    intake.set_category(&mut entry, "Category", &media.category.text());
    match &media.media_size {
        Loose::Whole(size) if *size >= 0 => entry.size_bytes = Some(size.unsigned_abs()),
        size => intake.set_size(&mut entry, "MediaSize", &size.text()),
    }
    for hash in &media.alternative_hashes.0 {
        read_alternative(hash, &mut entry, intake);
    }
    intake.dated_text(&media.date_updated.text());
    entry.label = label(media, intake);
    intake.entry(entry, "MD5");
}

/// A hash beside the key. One that repeats the key or SHA1 adds nothing.
fn read_alternative(hash: &AlternativeHash<'_>, entry: &mut ListEntry, intake: &mut Intake<'_>) {
    let row = entry.row;
    let value = hash.hash_value.text();
    let value = value.as_ref();
    let kind = hash.hash_name.text().trim().to_ascii_lowercase();
    let field = "AlternativeHashes";
    match without_dashes(&kind).as_str() {
        "pdq" => intake.set(&mut entry.pdq, row, field, value),
        "sha256" => intake.set(&mut entry.sha256, row, field, value),
        "md5" if entry.md5.is_none() => intake.set(&mut entry.md5, row, field, value),
        "sha1" if entry.sha1.is_none() => intake.set(&mut entry.sha1, row, field, value),
        "md5" | "sha1" => {}
        "" => intake.error(row, field, "a hash without a name"),
        PHOTODNA => {
            let same = |o: &OpaqueSignal| o.kind == PHOTODNA && o.value == value.trim();
            if !entry.other.iter().any(same) {
                intake.set_opaque(entry, PHOTODNA, value);
            }
        }
        _ => intake.set_opaque(entry, &kind, value),
    }
}

/// `SHA-256` and `sha_256` are one name.
fn without_dashes(kind: &str) -> String {
    kind.replace(['-', '_'], "")
}

/// What a Media says of itself in words. Flags count when they say yes: a no may only be a blank.
fn label(media: &Media<'_>, intake: &mut Intake<'_>) -> Option<String> {
    let texts = [&media.series, &media.tags, &media.comments, &media.relative_file_path];
    let flags = [
        (&media.victim_identified, "victim identified"),
        (&media.offender_identified, "offender identified"),
        (&media.is_distributed, "distributed"),
        (&media.self_generated, "self-generated"),
    ];
    let mut label = String::new();
    let mut add = |part: &str| {
        let part = part.trim();
        if !part.is_empty() {
            label.push_str(if label.is_empty() { "" } else { "; " });
            label.push_str(part);
        }
    };
    texts.into_iter().for_each(|text| add(&text.text()));
    flags.into_iter().filter(|(flag, _)| flag.is_true()).for_each(|(_, name)| add(name));
    intake.label(&label)
}

#[cfg(test)]
mod tests {
    use super::scheme_of;

    #[test]
    fn the_context_tells_the_scheme() {
        let check = |context: &str, expected: Option<&str>| {
            assert_eq!(scheme_of(context).as_deref(), expected, "{context:?}");
        };
        let new = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml";
        check(&format!("{new}/US/$metadata#Media"), Some("projectvic:us"));
        check(&format!("{new}/UK/$metadata#Cases"), Some("projectvic:uk"));
        check(&format!("{new}/Default/$metadata#Media"), Some("projectvic:default"));
        check(&format!("{new}/CUSTOM/$metadata#Media"), Some("projectvic:custom"));
        check(&format!("{new}/$metadata#Media"), Some("projectvic:2.0"));
        let old = "http://github.com/ICMEC/ProjectVic/DataModels";
        check(&format!("{old}/1.3.xml#Media"), Some("projectvic:1.3"));
        check("http://example.org/CAID/DataModels/1.2.xml#Media", Some("projectvic:caid-1.2"));
        check("http://example.org/$metadata#Media", None);
        check("", None);
    }
}
