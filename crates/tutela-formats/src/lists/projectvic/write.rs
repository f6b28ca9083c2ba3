//! Writes VICS 2.0 hash sets.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use tutela_core::{ListEntry, ListInfo, OpaqueSignal};

use super::super::format::{Field, Written};
use super::super::limits::MAX_NAME_BYTES;
use super::super::outgo::{Outgo, carried_label, carried_others, is_plain};
use super::{ID, PHOTODNA, SCHEME, without_dashes};
use crate::FormatError;

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

pub(super) fn write(
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
    let hash = |name, value: String| HashOut {
        hash_name: Cow::Borrowed(name),
        hash_value: Cow::Owned(value),
    };
    let mut hashes = Vec::new();
    hashes.extend(entry.sha256.map(|v| hash("SHA256", v.to_string())));
    hashes.extend(entry.pdq.map(|v| hash("PDQ", v.to_string())));
    let mut others = carried_others(entry, is_carried);
    others.dedup_by(|a, b| a == b && a.kind == PHOTODNA);
    let carried = others.len();
    // The first has a place of its own.
    let first = others.iter().position(|o| o.kind == PHOTODNA);
    let photodna = first.map(|at| others.remove(at).value.as_str());
    hashes.extend(others.into_iter().map(|o| HashOut {
        hash_name: Cow::Borrowed(&o.kind),
        hash_value: Cow::Borrowed(&o.value),
    }));
    outgo.lose(Field::Key, entry.key.is_some() && media_id.is_none());
    outgo.lose(Field::Category, entry.category.is_some() && category.is_none());
    outgo.lose(Field::Label, comments != entry.label.as_deref());
    outgo.lose(Field::Other, carried < entry.other.len());
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
    let reserved = matches!(named.as_str(), "" | "pdq" | "md5" | "sha1" | "sha256" | PHOTODNA);
    let lower = signal.kind.to_ascii_lowercase() == signal.kind;
    signal.kind == PHOTODNA || !reserved && lower && is_plain(&signal.kind, MAX_NAME_BYTES)
}
