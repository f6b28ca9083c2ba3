//! One entry: who did what to which record, as one line of canonical JSON (RFC 8785).

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde_json::{Map, Value};
use tutela_core::{CaseId, ExhibitId, ListId, OperatorId, ScanId, Sha256, Timestamp};

use crate::{Act, ActId, LedgerError, Payload, Reference};

/// Version of the line format, the `v` of every line.
const FORMAT: u64 = 1;
/// Integers above this lose digits in JSON readers that use doubles; RFC 8785 forbids them.
const MAX_INTEGER: u64 = (1 << 53) - 1;
/// Longest line that the parser looks at: some hundred references, far above any real entry.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// A program and its version, such as `tutela 0.1.0`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tool(String);

impl Tool {
    /// Longest name with version.
    const MAX_BYTES: usize = 64;
}

impl FromStr for Tool {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<Self, LedgerError> {
        let (name, version) = text.split_once(' ').ok_or(LedgerError::BadTool)?;
        let name_ok = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let version_ok = version.starts_with(|c: char| c.is_ascii_digit())
            && version
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+'));
        if !name_ok || !version_ok || text.len() > Self::MAX_BYTES {
            return Err(LedgerError::BadTool);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An act that has not got its place in the ledger yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// When it was done.
    pub time: Timestamp,
    /// Who did it, or on whose behalf the program acted.
    pub actor: OperatorId,
    /// What was done.
    pub act: Act,
    /// The scan it belongs to.
    pub scan: Option<ScanId>,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// The exhibit it was done to.
    pub exhibit: Option<ExhibitId>,
    /// The hash list it was done to.
    pub list: Option<ListId>,
    /// What it was done with.
    pub inputs: Vec<Reference>,
    /// What came of it.
    pub outputs: Vec<Reference>,
    /// Words that stay outside of the ledger.
    pub payload: Option<Payload>,
}

impl Draft {
    /// An act without any particulars; set the fields that apply.
    pub fn new(time: Timestamp, actor: OperatorId, act: Act) -> Self {
        Self {
            time,
            actor,
            act,
            scan: None,
            case: None,
            exhibit: None,
            list: None,
            inputs: Vec::new(),
            outputs: Vec::new(),
            payload: None,
        }
    }

    /// Gives the act its place. The payload stays behind; the entry holds its commitment.
    pub fn into_entry(self, seq: u64, tool: &Tool) -> (Entry, Option<Payload>) {
        let entry = Entry {
            seq,
            time: self.time,
            actor: self.actor,
            act: self.act.into(),
            scan: self.scan,
            case: self.case,
            exhibit: self.exhibit,
            list: self.list,
            tool: tool.clone(),
            inputs: self.inputs,
            outputs: self.outputs,
            commit: self.payload.as_ref().map(Payload::commit),
        };
        (entry, self.payload)
    }
}

/// One entry of the ledger. Every field is a number, a digest or an id by its type: names, paths
/// and other free text cannot be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the ledger, from 0.
    pub seq: u64,
    /// When it was done; whole microseconds count, finer digits are dropped.
    pub time: Timestamp,
    /// Who did it.
    pub actor: OperatorId,
    /// What was done: one of [`crate::ACTS`], or one of a later version.
    pub act: ActId,
    /// The scan it belongs to.
    pub scan: Option<ScanId>,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// The exhibit it was done to.
    pub exhibit: Option<ExhibitId>,
    /// The hash list it was done to.
    pub list: Option<ListId>,
    /// The program that did it.
    pub tool: Tool,
    /// What it was done with.
    pub inputs: Vec<Reference>,
    /// What came of it.
    pub outputs: Vec<Reference>,
    /// SHA-256(salt ‖ text) of the payload that belongs to it.
    pub commit: Option<Sha256>,
}

impl Entry {
    /// The canonical line, without a line feed. Keys are sorted, nothing needs escaping: every
    /// value is printable ASCII without quotes.
    pub fn to_line(&self) -> String {
        let mut line = String::with_capacity(512);
        // Writing to a String cannot fail.
        let _ = self.write_line(&mut line);
        line
    }

    fn write_line(&self, out: &mut String) -> fmt::Result {
        write!(out, r#"{{"act":"{}","actor":"{}""#, self.act, self.actor)?;
        write_optional(out, "case", self.case)?;
        write_optional(out, "commit", self.commit)?;
        write_optional(out, "exhibit", self.exhibit)?;
        write_references(out, "inputs", &self.inputs)?;
        write_optional(out, "list", self.list)?;
        write_references(out, "outputs", &self.outputs)?;
        write_optional(out, "scan", self.scan)?;
        write!(
            out,
            r#","seq":{},"time":"{:.6}","tool":"{}","v":{FORMAT}}}"#,
            self.seq, self.time, self.tool
        )
    }

    /// Reads a line and refuses every other spelling of the same entry: other key order, spaces,
    /// escapes, repeated or unknown keys, upper-case hex.
    pub fn parse(line: &str) -> Result<Self, LedgerError> {
        if line.len() > MAX_LINE_BYTES {
            return Err(bad("the line is too long"));
        }
        let value: Map<String, Value> =
            serde_json::from_str(line).map_err(|_| bad("the line is not a JSON object"))?;
        let entry = Self::from_fields(&value)?;
        if entry.to_line() != line {
            return Err(bad("the line is not in canonical form"));
        }
        Ok(entry)
    }

    fn from_fields(fields: &Map<String, Value>) -> Result<Self, LedgerError> {
        if integer(fields, "v")? != FORMAT {
            return Err(bad("the format version is unknown"));
        }
        Ok(Self {
            seq: integer(fields, "seq")?,
            time: parsed(fields, "time", "`time` is not an RFC 3339 time")?
                .ok_or(bad("`time` is missing"))?,
            actor: parsed(fields, "actor", "`actor` is not an id")?
                .ok_or(bad("`actor` is missing"))?,
            act: text(fields, "act")?.parse()?,
            scan: parsed(fields, "scan", "`scan` is not an id")?,
            case: parsed(fields, "case", "`case` is not an id")?,
            exhibit: parsed(fields, "exhibit", "`exhibit` is not an id")?,
            list: parsed(fields, "list", "`list` is not an id")?,
            tool: text(fields, "tool")?
                .parse()
                .map_err(|_| bad("`tool` is not a name and a version"))?,
            inputs: references(fields, "inputs")?,
            outputs: references(fields, "outputs")?,
            commit: parsed(fields, "commit", "`commit` is not a SHA-256")?,
        })
    }
}

fn write_optional(out: &mut String, key: &str, value: Option<impl fmt::Display>) -> fmt::Result {
    match value {
        Some(value) => write!(out, r#","{key}":"{value}""#),
        None => Ok(()),
    }
}

fn write_references(out: &mut String, key: &str, references: &[Reference]) -> fmt::Result {
    write!(out, r#","{key}":["#)?;
    for (i, reference) in references.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        write!(out, r#"{comma}"{reference}""#)?;
    }
    out.write_char(']')
}

fn bad(reason: &'static str) -> LedgerError {
    LedgerError::BadEntry { reason }
}

fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> Result<&'a str, LedgerError> {
    fields.get(key).and_then(Value::as_str).ok_or(bad("a text field is missing or not a text"))
}

fn integer(fields: &Map<String, Value>, key: &str) -> Result<u64, LedgerError> {
    let value = fields.get(key).and_then(Value::as_u64);
    value
        .filter(|&v| v <= MAX_INTEGER)
        .ok_or(bad("a number field is missing or not a safe integer"))
}

fn parsed<T: FromStr>(
    fields: &Map<String, Value>,
    key: &str,
    reason: &'static str,
) -> Result<Option<T>, LedgerError> {
    let Some(value) = fields.get(key) else { return Ok(None) };
    value.as_str().and_then(|t| t.parse().ok()).map(Some).ok_or(bad(reason))
}

fn references(fields: &Map<String, Value>, key: &str) -> Result<Vec<Reference>, LedgerError> {
    let values = fields.get(key).and_then(Value::as_array);
    let values = values.ok_or(bad("`inputs` or `outputs` is missing or not an array"))?;
    let one = |value: &Value| value.as_str().and_then(|t| t.parse().ok());
    values
        .iter()
        .map(one)
        .collect::<Option<_>>()
        .ok_or(bad("an input or output is not a digest or id"))
}
