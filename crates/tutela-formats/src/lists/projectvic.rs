//! VICS: the JSON that Project VIC and CAID exchange, versions 1.x and 2.0, hash sets and cases.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use tutela_core::{ListEntry, ListInfo, OpaqueSignal};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::json::{Json, Place, Stop, each_record, parse, read_documents};
use super::limits::{MAX_NAME_BYTES, MAX_OPAQUE_SIGNALS};
use super::loose::{Loose, LooseList};
use super::outgo::{Outgo, carried_label, is_plain};
use super::text::decoded;
use super::value::date;
use crate::FormatError;

const ID: &str = "projectvic";
const SCHEME: &str = "projectvic:";

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
    write,
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
            "value" => found |= each_record(json, intake, row, read_media)?,
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
        let mut case = Place::default();
        while let Some(key) = json.key(&mut case)? {
            match key.as_str() {
                "Media" => found |= each_record(json, intake, row, read_media)?,
                _ => json.skip()?,
            }
        }
        if !found {
            intake.note("a case has no array of Media");
        }
    }
    Ok(true)
}

fn read_media(bytes: &[u8], intake: &mut Intake<'_>, row: u64) {
    let Some(media) = parse::<Media<'_>>(bytes, intake, row) else { return };
    let mut entry = ListEntry { row, ..ListEntry::default() };
    intake.set_key(&mut entry, "MediaID", media.media_id.text());
    intake.set(&mut entry.md5, row, "MD5", media.md5.text());
    intake.set(&mut entry.sha1, row, "SHA1", media.sha1.text());
    intake.set_opaque(&mut entry, "photodna", media.photodna.text());
    intake.set_category(&mut entry, "Category", media.category.text());
    intake.set_size(&mut entry, "MediaSize", media.media_size.text());
    for hash in &media.alternative_hashes.0 {
        read_alternative(hash, &mut entry, intake);
    }
    if let Some(date) = date(media.date_updated.text()) {
        intake.dated(date);
    }
    entry.label = label(&media, intake);
    intake.entry(entry, "MD5");
}

/// A hash beside the key. One that repeats the key or SHA1 adds nothing.
fn read_alternative(hash: &AlternativeHash<'_>, entry: &mut ListEntry, intake: &mut Intake<'_>) {
    let row = entry.row;
    let value = hash.hash_value.text();
    let kind = hash.hash_name.text().trim().to_ascii_lowercase();
    let field = "AlternativeHashes";
    match without_dashes(&kind).as_str() {
        "pdq" => intake.set(&mut entry.pdq, row, field, value),
        "sha256" => intake.set(&mut entry.sha256, row, field, value),
        "md5" if entry.md5.is_none() => intake.set(&mut entry.md5, row, field, value),
        "sha1" if entry.sha1.is_none() => intake.set(&mut entry.sha1, row, field, value),
        "md5" | "sha1" => {}
        "" => intake.error(row, field, "a hash without a name"),
        "photodna" => {
            let same = |o: &OpaqueSignal| o.kind == "photodna" && o.value == value.trim();
            if !entry.other.iter().any(same) {
                intake.set_opaque(entry, "photodna", value);
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
    let texts = texts.into_iter().map(|text| text.text().trim());
    let flags = flags.into_iter().map(|(flag, name)| if flag.is_true() { name } else { "" });
    let parts: Vec<&str> = texts.chain(flags).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { None } else { intake.label(&parts.join("; ")) }
}

/// A Media as it is written.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MediaOut<'a> {
    #[serde(rename = "MediaID", skip_serializing_if = "Option::is_none")]
    media_id: Option<i64>,
    category: Option<i64>,
    #[serde(rename = "MD5")]
    md5: String,
    #[serde(rename = "SHA1", skip_serializing_if = "Option::is_none")]
    sha1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_size: Option<u64>,
    #[serde(rename = "PhotoDNA", skip_serializing_if = "Option::is_none")]
    photodna: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_updated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternative_hashes: Vec<HashOut<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HashOut<'a> {
    hash_name: Cow<'a, str>,
    hash_value: Cow<'a, str>,
}

fn write(
    out: &mut dyn Write,
    info: &ListInfo,
    entries: &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError> {
    let failed = |source| FormatError::Write { format: ID, source };
    let profile = info.scheme.as_deref().and_then(|scheme| match scheme.strip_prefix(SCHEME)? {
        "us" => Some("US"),
        "uk" => Some("UK"),
        "default" => Some("Default"),
        "custom" => Some("CUSTOM"),
        _ => None,
    });
    // Codes of another scheme would change their meaning under this context, so they are left out.
    let scheme = profile.and(info.scheme.as_deref());
    let profile = profile.unwrap_or("Default");
    write!(
        out,
        "{{\"@odata.context\":\"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/\
         {profile}/$metadata#Media\",\"value\":["
    )
    .map_err(failed)?;
    let mut outgo = Outgo::default();
    let mut separator = "\n";
    for entry in entries {
        if outgo.without_tombstone(&entry) {
            continue;
        }
        let Some(media) = media_out(&entry, info, scheme, &mut outgo) else {
            outgo.leave_out_unfit();
            continue;
        };
        out.write_all(separator.as_bytes()).map_err(failed)?;
        separator = ",\n";
        serde_json::to_writer(&mut *out, &media).map_err(|why| failed(io::Error::from(why)))?;
        outgo.entry(1);
    }
    out.write_all(b"\n]}\n").map_err(failed)?;
    Ok(outgo.finish())
}

/// The Media of an entry, and what it loses. None without MD5, the key every Media must have.
fn media_out<'a>(
    entry: &'a ListEntry,
    info: &ListInfo,
    scheme: Option<&str>,
    outgo: &mut Outgo,
) -> Option<MediaOut<'a>> {
    let md5 = entry.md5?.to_string();
    // The model has numbers here, so only what a number gives back unchanged is carried.
    let number = |text: &str| text.parse::<i64>().ok().filter(|n| n.to_string() == text);
    let category = entry
        .category
        .as_ref()
        .filter(|c| Some(c.scheme.as_str()) == scheme)
        .and_then(|c| number(&c.code));
    let media_id = entry.key.as_deref().and_then(number);
    let comments = carried_label(entry);
    let photodna = entry.other.iter().find(|o| o.kind == "photodna" && is_text(&o.value));
    let photodna = photodna.map(|o| o.value.as_str());
    let hash = |name, value: String| HashOut { hash_name: Cow::Borrowed(name), hash_value: Cow::Owned(value) };
    let mut hashes = Vec::new();
    hashes.extend(entry.sha256.map(|v| hash("SHA256", v.to_string())));
    hashes.extend(entry.pdq.map(|v| hash("PDQ", v.to_string())));
    let others: Vec<_> = entry.other.iter().filter(|o| is_carried(o)).take(MAX_OPAQUE_SIGNALS - 1).collect();
    let other_count = others.len() + usize::from(photodna.is_some());
    hashes.extend(others.into_iter().map(|o| HashOut {
        hash_name: Cow::Borrowed(&o.kind),
        hash_value: Cow::Borrowed(&o.value),
    }));
    outgo.lose(Field::Key, entry.key.is_some() && media_id.is_none());
    outgo.lose(Field::Category, entry.category.is_some() && category.is_none());
    outgo.lose(Field::Label, comments != entry.label.as_deref());
    outgo.lose(Field::Other, other_count < entry.other.len());
    Some(MediaOut {
        media_id,
        category,
        md5,
        sha1: entry.sha1.map(|v| v.to_string()),
        media_size: entry.size_bytes,
        photodna,
        date_updated: info.dated.map(|date| date.to_string()),
        comments,
        alternative_hashes: hashes,
    })
}

/// Whether a signal kept as received comes back unchanged from AlternativeHashes.
fn is_carried(signal: &OpaqueSignal) -> bool {
    let named = without_dashes(&signal.kind);
    let reserved = matches!(named.as_str(), "" | "pdq" | "md5" | "sha1" | "sha256" | "photodna");
    let lower = signal.kind.to_ascii_lowercase() == signal.kind;
    !reserved && lower && is_plain(&signal.kind, MAX_NAME_BYTES) && is_text(&signal.value)
}

/// Whether a value has something in it and no margins.
fn is_text(value: &str) -> bool {
    !value.is_empty() && value.trim() == value
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
