//! MT103: single customer credit transfers of SWIFT, one message or many in a file.

use std::io::BufRead;

use tutela_core::TransferRecord;

use super::amount::Decimal;
use super::field::{Draft, Field};
use super::format::{Confidence, Example, PaymentFormat, PaymentReading, ReadOptions};
use super::intake::Intake;
use super::limits::MAX_ROW_BYTES;
use crate::FormatError;
use crate::lists::{Lines, decoded};

const ID: &str = "mt103";

pub(super) const FORMAT: PaymentFormat = PaymentFormat {
    id: ID,
    title: "SWIFT MT103, customer credit transfer",
    doc: "\
Messages stand one behind the other, each from `{1:` on; what parts them does not matter. Messages of other types are passed
over and counted in a note. Block 3 gives the UETR (121), block 4 the fields 20, 32A, 33B, 50A/F/K, 52A, 57A, 59/59A/59F, 70. The
amount is that of 32A, the instructed one that of 33B. The time is that of block 2 where the message was received, else the date of 32A;
neither has an offset, so both are taken as UTC unless the map says `time_zone`.",
    source: "SWIFT standards MT, category 1, MT103",
    extensions: &["mt103", "fin", "swift", "txt"],
    sniff,
    read,
    examples: &[Example {
        name: "mt103.fin",
        bytes: include_bytes!("../../examples/mt103.fin"),
        transfers: 3,
        rejected: 1,
    }],
};

fn sniff(head: &[u8]) -> Confidence {
    let has = |text: &[u8]| memchr::memmem::find(head, text).is_some();
    if !has(b"{1:F") {
        Confidence::No
    } else if has(b"{2:I103") || has(b"{2:O103") {
        Confidence::Certain
    } else {
        Confidence::Possible
    }
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(&TransferRecord),
) -> Result<PaymentReading, FormatError> {
    let failed = |source| FormatError::ReadTransfers { format: ID, source };
    let mut options = options.clone();
    options.map.decimal = Decimal::Comma;
    options.map.time.form = None;
    options.map.time.date_alone = true;
    let zone_is_known = options.map.time.zone.is_some();
    options.map.time.zone.get_or_insert(jiff::tz::TimeZone::UTC);
    let mut input = decoded(input).map_err(failed)?;
    let mut lines = Lines::new(&mut *input);
    let mut file =
        File { intake: Intake::new(&options, give), rows: 0, others: 0, message: String::new() };
    while let Some(line) = lines.next().map_err(failed)? {
        let text = String::from_utf8_lossy(line.bytes);
        // Several messages can stand in one line.
        let mut rest = text.as_ref();
        while let Some(at) = rest.find("{1:") {
            file.add(&rest[..at]);
            file.end();
            file.message.push_str("{1:");
            rest = &rest[at + 3..];
        }
        file.add(rest);
        file.add("\n");
    }
    file.end();
    if file.rows + file.others == 0 {
        return Err(FormatError::NoTransfers { format: ID, missing: "a block {1:".to_owned() });
    }
    let rows = file.rows;
    if file.others > 0 {
        file.intake
            .reading
            .note(format!("{} messages are not MT103 and were passed over", file.others));
    }
    if !zone_is_known && file.intake.reading.transfers > 0 {
        file.intake
            .reading
            .note("times have no offset and are taken as UTC; say `time_zone` in a map");
    }
    Ok(file.intake.finish(rows))
}

struct File<'a> {
    intake: Intake<'a>,
    /// Messages that are MT103.
    rows: u64,
    others: u64,
    message: String,
}

impl File<'_> {
    /// Adds to the message, up to the limit; what stands before the first message is none of ours.
    fn add(&mut self, text: &str) {
        if !self.message.is_empty() && self.message.len() + text.len() <= MAX_ROW_BYTES + 1 {
            self.message.push_str(text);
        }
    }

    fn end(&mut self) {
        let text = std::mem::take(&mut self.message);
        if text.is_empty() {
            return;
        }
        let Some(type_of) = block(&text, "{2:").and_then(|two| two.get(1..4)) else {
            self.rows += 1;
            self.intake.refuse(self.rows, "the message has no block 2");
            return;
        };
        if type_of != "103" {
            self.others += 1;
            return;
        }
        self.rows += 1;
        if text.len() >= MAX_ROW_BYTES {
            self.intake.refuse(self.rows, "longer than a message can be");
            return;
        }
        // Block 4 ends with a hyphen at the start of a line.
        let body = text.split_once("{4:").and_then(|(_, rest)| rest.split_once("\n-"));
        match body {
            Some((body, _)) => self.message(&text, body),
            None => self.intake.cut(self.rows, "the message ends inside block 4, or has none"),
        }
    }

    fn message(&mut self, text: &str, body: &str) {
        let tags = tags(body);
        let tag = |names: &[&str]| {
            tags.iter()
                .find(|(name, _)| names.contains(name))
                .map_or("", |(_, value)| value.as_str())
        };
        let row = self.rows;
        let mut draft = Draft::new(row);
        let uetr = text
            .split_once("{121:")
            .and_then(|(_, rest)| rest.split_once('}'))
            .map_or("", |(uetr, _)| uetr);
        draft.set(Field::TransferId, if uetr.is_empty() { tag(&["20"]) } else { uetr });
        let settled = tag(&["32A"]);
        let (date, money) = settled.split_at_checked(6).unwrap_or((settled, ""));
        let (code, amount) = money.split_at_checked(3).unwrap_or((money, ""));
        let time = received(text).or_else(|| date_of(date)).unwrap_or_else(|| date.to_owned());
        draft.set(Field::Time, &time);
        draft.set(Field::Currency, code);
        draft.set(Field::Amount, amount);
        let (code, amount) = tag(&["33B"]).split_at_checked(3).unwrap_or_default();
        draft.set(Field::InstructedCurrency, code);
        draft.set(Field::InstructedAmount, amount);
        let payer = Party::of(tag(&["50F"]), true)
            .or_else(|| Party::of(tag(&["50K", "50A"]), false))
            .unwrap_or_default();
        let payee = Party::of(tag(&["59F"]), true)
            .or_else(|| Party::of(tag(&["59", "59A"]), false))
            .unwrap_or_default();
        draft.set(Field::PayerAccount, &payer.account);
        draft.set(Field::PayerName, &payer.name);
        draft.set(Field::PayerCountry, &payer.country);
        draft.set(Field::PayerBirthYear, &payer.birth_year);
        draft.set(Field::PayeeAccount, &payee.account);
        draft.set(Field::PayeeName, &payee.name);
        draft.set(Field::PayeeCountry, &payee.country);
        draft.set(Field::PayeeRegion, &payee.town);
        let institution = last_line(tag(&["52A"])).or_else(|| sender(text)).unwrap_or_default();
        draft.set(Field::Institution, institution);
        let purpose = tag(&["70"]).replace('\n', " ");
        draft.set(Field::Purpose, &purpose);
        let extra: Vec<(&str, &str)> = [
            ("sender_reference", tag(&["20"])),
            ("charges", tag(&["71A"])),
            ("account_with_institution", last_line(tag(&["57A"])).unwrap_or_default()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
        draft.extra = &extra;
        self.intake.take(&draft);
    }
}

/// What stands in a block, up to its brace.
fn block<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once('}').map(|(block, _)| block)
}

/// The fields of block 4, their lines joined by line ends.
fn tags(body: &str) -> Vec<(&str, String)> {
    let mut tags: Vec<(&str, String)> = Vec::new();
    for line in body.lines().map(str::trim_end) {
        let tag =
            line.strip_prefix(':').and_then(|rest| rest.split_once(':')).filter(|(name, _)| {
                (2..=3).contains(&name.len()) && name.starts_with(|c: char| c.is_ascii_digit())
            });
        match (tag, tags.last_mut()) {
            (Some((name, value)), _) => tags.push((name, value.to_owned())),
            (None, Some((_, value))) => {
                value.push('\n');
                value.push_str(line);
            }
            (None, None) => {}
        }
    }
    tags
}

/// Date and time of a message that was received: block 2 names those of its sender.
fn received(text: &str) -> Option<String> {
    let block = block(text, "{2:")?;
    let rest = block.strip_prefix("O103")?;
    let (hour, minute, date) = (rest.get(..2)?, rest.get(2..4)?, rest.get(4..10)?);
    Some(format!("{}T{hour}:{minute}:00", date_of(date)?))
}

/// `YYMMDD` as `YYYY-MM-DD`: years from 80 on are of the last century, as the standard has it.
fn date_of(text: &str) -> Option<String> {
    if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let century = if &text[..2] >= "80" { "19" } else { "20" };
    Some(format!("{century}{}-{}-{}", &text[..2], &text[2..4], &text[4..]))
}

/// The institution that sent a message.
fn sender(text: &str) -> Option<&str> {
    let two = block(text, "{2:")?;
    match two.strip_prefix("O103") {
        Some(rest) => rest.get(10..18),
        None => block(text, "{1:")?.get(3..11),
    }
}

fn last_line(text: &str) -> Option<&str> {
    text.lines().last().filter(|line| !line.is_empty())
}

#[derive(Default)]
struct Party {
    account: String,
    name: String,
    country: String,
    town: String,
    birth_year: String,
}

impl Party {
    /// A party as fields 50 and 59 have it: an account after a stroke, then lines, numbered in option F.
    fn of(text: &str, numbered: bool) -> Option<Self> {
        let mut lines = text.lines().peekable();
        let first = *lines.peek().filter(|line| !line.is_empty())?;
        let mut party = Self::default();
        // Option F may name a document in place of an account, such as `NIDN/DE/123`.
        if first.starts_with('/') || (numbered && !first.starts_with("1/")) {
            party.account = first.strip_prefix('/').unwrap_or(first).to_owned();
            lines.next();
        }
        if !numbered {
            party.name = lines.next().unwrap_or_default().to_owned();
            return Some(party);
        }
        for line in lines {
            let Some((number, value)) = line.split_once('/') else { continue };
            match number {
                "1" if party.name.is_empty() => party.name = value.to_owned(),
                "1" => party.name = format!("{} {value}", party.name),
                "3" if party.country.is_empty() => {
                    let (country, town) = value.split_once('/').unwrap_or((value, ""));
                    party.country = country.to_owned();
                    party.town = town.to_owned();
                }
                "4" => party.birth_year = value.get(..4).unwrap_or_default().to_owned(),
                _ => {}
            }
        }
        Some(party)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_reads_field_by_field() {
        let mut records = Vec::new();
        let mut input: &[u8] = FORMAT.examples[0].bytes;
        let reading =
            read(&mut input, &ReadOptions::default(), &mut |record| records.push(record.clone()))
                .unwrap();
        let [first, second, third] = records.as_slice() else { panic!("{:?}", reading.errors) };
        assert_eq!(first.transfer.id.0, "eb6305c9-1f7f-49de-aed0-16487c27b42d");
        assert_eq!(first.transfer.time.to_string(), "2026-03-01T00:00:00Z");
        assert_eq!((first.transfer.amount.minor, first.instructed.unwrap().minor), (95_050, 1500));
        assert_eq!(
            (first.transfer.payer.as_str(), first.payer.name.as_deref()),
            ("example-a1", Some("ANNA MUSTER"))
        );
        assert_eq!(first.purpose.as_deref(), Some("FAMILY SUPPORT SECOND LINE"));
        assert_eq!(first.institution.as_deref(), Some("EXAMDEFF"));
        assert_eq!(second.transfer.id.0, "REF-2");
        assert_eq!(second.transfer.time.to_string(), "2026-03-02T14:05:00Z");
        assert_eq!(second.payer.name.as_deref(), Some("OTTO MUSTER"));
        assert_eq!(
            (second.payer.birth_year, second.payer.country.as_deref()),
            (Some(1958), Some("DE"))
        );
        assert_eq!(
            (second.payee.country.as_deref(), second.payee.region.as_deref()),
            (Some("PH"), Some("EXAMPLE TOWN"))
        );
        assert_eq!(third.transfer.amount.minor, 2000);
        assert_eq!(third.transfer.payer.as_str(), "NIDN/DE/EXAMPLE-1");
        assert_eq!(
            reading.errors[0].to_string(),
            "row 4, field payee_account: is required and blank"
        );
        assert_eq!(reading.notes.len(), 2, "{:?}", reading.notes);
    }
}
