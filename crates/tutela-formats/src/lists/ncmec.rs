//! NCMEC hash sharing, version 2: answers to queries for entries.

use std::io::{BufRead, Write};

use quick_xml::escape::escape;
use tutela_core::{ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::limits::{MAX_NAME_BYTES, MAX_OPAQUE_BYTES, MAX_REMARKS};
use super::outgo::{Outgo, carried_others, is_plain};
use super::text::decoded;
use super::value::date;
use super::xml::{NOT_ASCII, Step, Stop, Xml};
use crate::FormatError;

const ID: &str = "ncmec";
const SCHEME: &str = "ncmec";
const NAMESPACE: &str = "https://hashsharing.ncmec.org/hashsharing/v2";

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "NCMEC Hash Sharing 2",
    doc: "XML answers to `/v2/entries`, one or more pages one after another: `queryResult` with `images` \
          and `videos`, each of entries with member, id, classification (A1, A2, B1, B2) and \
          fingerprints; `deletedImage` and `deletedVideo` take an entry back. The key is `member-id`. \
          Codes belong to the scheme `ncmec`. `pdna` is kept as `photodna`; other fingerprints as they \
          are; those behind links are not in the file. Negative feedback is put in the label, with the \
          number of members who gave it: the entry still matches, and the reviewer sees the doubt.",
    source: "NCMEC Hash Sharing Web Service documentation, version 2; the open client in \
             python-threatexchange.",
    extensions: &["xml"],
    sniff,
    read,
    write,
    carries: &[
        Field::Key,
        Field::Md5,
        Field::Sha1,
        Field::Pdq,
        Field::Other,
        Field::Category,
        Field::Withdrawn,
    ],
    one_signal_a_row: false,
    examples: &[Example {
        name: "entries.xml",
        bytes: include_bytes!("../../examples/entries.xml"),
        entries: 6,
        withdrawn: 2,
        rejected: 2,
    }],
};

fn sniff(head: &[u8]) -> Confidence {
    let head = String::from_utf8_lossy(head);
    let is_xml = head.trim_start().starts_with('<');
    match () {
        () if !is_xml => Confidence::No,
        () if head.contains("hashsharing.ncmec.org") => Confidence::Certain,
        () if head.contains("<queryResult") => Confidence::Likely,
        () => Confidence::No,
    }
}

/// One entry while its element is open.
#[derive(Default)]
struct Draft {
    entry: ListEntry,
    /// Elements that are open outside it: its own paths start behind them.
    depth: usize,
    member: Option<String>,
    id: Option<String>,
    /// Type and members of the negative feedback being read.
    doubt: Option<(String, u64)>,
    doubts: Vec<String>,
}

/// What is known of the file so far.
#[derive(Default)]
struct Reading {
    row: u64,
    draft: Option<Draft>,
    found: bool,
    next_page: bool,
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(ListEntry),
) -> Result<ListReading, FormatError> {
    let failed = |source| FormatError::Read { format: ID, source };
    let mut intake = Intake::new(options, give);
    let mut input = decoded(input).map_err(failed)?;
    let mut xml = Xml::new(&mut input);
    let mut reading = Reading::default();
    loop {
        match xml.step() {
            Ok(Step::Open) => reading.open(&xml, &mut intake),
            Ok(Step::Close) => reading.close(&xml, &mut intake),
            Ok(Step::End) => break,
            Err(Stop::Read(source)) => return Err(failed(source)),
            Err(Stop::Cut(why)) => {
                intake.cut(reading.row + u64::from(reading.draft.is_none()), why);
                break;
            }
        }
    }
    if !reading.found {
        return Err(FormatError::Foreign { format: ID, missing: "an element `queryResult`" });
    }
    if reading.next_page {
        intake.note("the last page names a next one, which is not in this file");
    }
    Ok(intake.finish())
}

impl Reading {
    fn open(&mut self, xml: &Xml<'_>, intake: &mut Intake<'_>) {
        let Some((name, outer)) = xml.path().split_last() else { return };
        if let Some(draft) = &mut self.draft {
            draft.open(xml, intake);
            return;
        }
        match name.as_str() {
            "queryResult" => {
                self.found = true;
                self.next_page = false;
                intake.file_scheme(SCHEME.to_owned());
            }
            "images" | "videos" => {
                if let Some(date) = xml.attribute("maxTimestamp").and_then(date) {
                    intake.dated(date);
                }
            }
            "image" | "video" | "deletedImage" | "deletedVideo" => {
                self.row += 1;
                let withdrawn = name.starts_with("deleted");
                let entry = ListEntry { row: self.row, withdrawn, ..ListEntry::default() };
                self.draft = Some(Draft { entry, depth: outer.len(), ..Draft::default() });
            }
            _ => {}
        }
    }

    fn close(&mut self, xml: &Xml<'_>, intake: &mut Intake<'_>) {
        let path = xml.path();
        let Some(draft) = &mut self.draft else {
            if path.last().is_some_and(|name| name == "next") && !xml.text().is_empty() {
                self.next_page = true;
            }
            return;
        };
        if path.len() > draft.depth + 1 {
            draft.close(xml, intake);
        } else if let Some(draft) = self.draft.take() {
            draft.finish(intake);
        }
    }
}

impl Draft {
    /// The path inside the entry.
    fn inner<'x>(&self, xml: &'x Xml<'_>) -> Vec<&'x str> {
        xml.path()[self.depth + 1..].iter().map(String::as_str).collect()
    }

    fn open(&mut self, xml: &Xml<'_>, intake: &mut Intake<'_>) {
        match self.inner(xml).as_slice() {
            ["member"] => self.member = self.ascii_name("member", xml.attribute("id"), intake),
            ["fingerprints", kind] if xml.attribute("href").is_some() => {
                intake.note("signals behind links are not in the file");
                intake.error(self.entry.row, kind, "stands behind a link and is not in the file");
            }
            ["feedback", "negativeFeedback"] => {
                let kind = xml.attribute("type").unwrap_or("unstated").to_ascii_lowercase();
                let kind = intake.name(self.entry.row, "feedback", &kind);
                self.doubt = kind.map(|kind| (kind, 0));
            }
            ["feedback", "negativeFeedback", .., "member"] => {
                if let Some((_, members)) = &mut self.doubt {
                    *members += 1;
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, xml: &Xml<'_>, intake: &mut Intake<'_>) {
        let row = self.entry.row;
        let text = xml.text();
        match self.inner(xml).as_slice() {
            ["id"] => self.id = self.ascii_name("id", Some(text), intake),
            ["timestamp"] => {
                if let Some(date) = date(text) {
                    intake.dated(date);
                }
            }
            ["classification"] => {
                if let Some(code) = self.ascii_name("classification", Some(text), intake) {
                    intake.set_category(&mut self.entry, "classification", &code);
                }
            }
            ["fingerprints", "md5"] => intake.set(&mut self.entry.md5, row, "md5", text),
            ["fingerprints", "sha1"] => intake.set(&mut self.entry.sha1, row, "sha1", text),
            ["fingerprints", "sha256"] => intake.set(&mut self.entry.sha256, row, "sha256", text),
            ["fingerprints", "pdq"] => intake.set(&mut self.entry.pdq, row, "pdq", text),
            ["fingerprints", kind] if text.contains(NOT_ASCII) => {
                intake.error(row, kind, "holds something else than ASCII");
            }
            ["fingerprints", "pdna"] => intake.set_opaque(&mut self.entry, "photodna", text),
            ["fingerprints", kind] => {
                intake.set_opaque(&mut self.entry, &kind.to_ascii_lowercase(), text);
            }
            ["feedback", "negativeFeedback"] => {
                if let Some((kind, members)) = self.doubt.take()
                    && self.doubts.len() < MAX_REMARKS
                {
                    intake.note("entries with negative feedback still match; their labels say so");
                    self.doubts.push(format!("negative feedback on {kind} ({members})"));
                }
            }
            _ => {}
        }
    }

    /// A short text that identifies something; refused where it is not ASCII, since all of those
    /// would look alike.
    fn ascii_name(
        &self,
        field: &str,
        text: Option<&str>,
        intake: &mut Intake<'_>,
    ) -> Option<String> {
        let name = intake.name(self.entry.row, field, text?)?;
        if name.contains(NOT_ASCII) {
            intake.error(self.entry.row, field, "holds something else than ASCII");
            return None;
        }
        Some(name)
    }

    fn finish(mut self, intake: &mut Intake<'_>) {
        if let (Some(member), Some(id)) = (&self.member, &self.id) {
            self.entry.key = intake.name(self.entry.row, "id", &format!("{member}-{id}"));
        }
        self.entry.label = intake.label(&self.doubts.join("; "));
        let blame = if self.entry.withdrawn { "id" } else { "fingerprints" };
        intake.entry(self.entry, blame);
    }
}

fn write(
    out: &mut dyn Write,
    info: &ListInfo,
    entries: &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError> {
    let failed = |source| FormatError::Write { format: ID, source };
    let mut outgo = Outgo::default();
    let date = info.dated.map(|date| format!(" maxTimestamp=\"{date}\"")).unwrap_or_default();
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<queryResult xmlns=\"{NAMESPACE}\">\n<images{date}>\n"
    )
    .map_err(failed)?;
    for entry in entries {
        let text = match entry.withdrawn {
            true => tombstone(&entry, &mut outgo),
            false => image(&entry, &mut outgo),
        };
        match text {
            Some(text) => {
                out.write_all(text.as_bytes()).map_err(failed)?;
                outgo.entry(1);
            }
            None => outgo.leave_out_unfit(),
        }
    }
    out.write_all(b"</images>\n<videos/>\n</queryResult>\n").map_err(failed)?;
    Ok(outgo.finish())
}

/// An entry taken back: only its key can be said.
fn tombstone(entry: &ListEntry, outgo: &mut Outgo) -> Option<String> {
    let key = key_elements(entry)?;
    outgo.lose_all_but(&[Field::Key, Field::Withdrawn], entry);
    Some(format!("<deletedImage>{key}</deletedImage>\n"))
}

fn image(entry: &ListEntry, outgo: &mut Outgo) -> Option<String> {
    let mut prints = String::new();
    let mut print = |name: &str, value: &str| {
        prints.push_str(&format!("<{name}>{}</{name}>", escape(value)));
    };
    for (name, value) in [
        ("md5", entry.md5.map(|v| v.to_string())),
        ("sha1", entry.sha1.map(|v| v.to_string())),
        ("pdq", entry.pdq.map(|v| v.to_string())),
    ] {
        if let Some(value) = value {
            print(name, &value);
        }
    }
    let others = carried_others(entry, |o| {
        element_of(&o.kind).is_some() && o.value.is_ascii() && is_plain(&o.value, MAX_OPAQUE_BYTES)
    });
    for signal in &others {
        print(element_of(&signal.kind).unwrap_or_default(), &signal.value);
    }
    if prints.is_empty() {
        return None;
    }
    let key = key_elements(entry);
    let code = entry.category.as_ref().filter(|c| c.scheme == SCHEME);
    let code = code
        .map(|c| c.code.as_str())
        .filter(|code| is_plain(code, MAX_NAME_BYTES) && code.is_ascii());
    let classification =
        code.map(|code| format!("<classification>{}</classification>", escape(code)));
    outgo.lose(Field::Key, entry.key.is_some() && key.is_none());
    outgo.lose(Field::Other, others.len() < entry.other.len());
    outgo.lose(Field::Category, entry.category.is_some() && code.is_none());
    outgo.lose_all_but(FORMAT.carries, entry);
    let (key, classification) = (key.unwrap_or_default(), classification.unwrap_or_default());
    Some(format!("<image>{key}{classification}<fingerprints>{prints}</fingerprints></image>\n"))
}

/// Member and id of a key of the form `member-id`.
fn key_elements(entry: &ListEntry) -> Option<String> {
    let key = entry.key.as_deref().filter(|key| is_plain(key, MAX_NAME_BYTES) && key.is_ascii())?;
    let (member, id) = key.split_once('-')?;
    let whole = !member.is_empty() && !id.is_empty() && member.trim() == member && id.trim() == id;
    whole.then(|| format!("<member id=\"{}\"/><id>{}</id>", escape(member), escape(id)))
}

/// The element of a signal kept as received; none if reading it would give another kind back.
fn element_of(kind: &str) -> Option<&str> {
    let is_name = kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && kind.starts_with(|c: char| c.is_ascii_lowercase())
        && kind.len() <= MAX_NAME_BYTES;
    match kind {
        "photodna" => Some("pdna"),
        "md5" | "sha1" | "sha256" | "pdq" | "pdna" => None,
        _ => is_name.then_some(kind),
    }
}
