//! Credit transfers of ISO 20022, read as a stream: only the paths that a transfer needs are kept.
//!
//! What pacs.008 and pain.001 share. A value is looked for in the transaction, then in its batch, then in the header of
//! the group, as the standard lets each level speak for those below.

use std::io::{BufRead, Cursor, Read};

use tutela_core::TransferRecord;

use super::amount::Decimal;
use super::field::{Draft, Field};
use super::format::{Confidence, PaymentReading, ReadOptions};
use super::intake::Intake;
use super::limits::MAX_TEXT_BYTES;
use crate::FormatError;
use crate::lists::decoded;
use crate::lists::xml::{Letters, NOT_ASCII, Step, Stop, Xml};

/// The declaration of a document is shorter.
const DECLARATION_BYTES: u64 = 200;

/// What is known of one of the four parties. The order is that of [`PARTY_PATHS`].
#[derive(Debug, Clone, Copy)]
enum Of {
    Name,
    Country,
    Region,
    Town,
    Birth,
    Phone,
    Email,
    Id,
}

/// Things known of a party.
const PARTY: usize = 8;

/// Parties, by the elements that hold them.
const PARTIES: [&str; 4] = ["Dbtr", "Cdtr", "UltmtDbtr", "UltmtCdtr"];
const DEBTOR: usize = 0;
const CREDITOR: usize = 1;
const ULTIMATE: usize = 2;

/// Paths below a party. Where two give one thing, the first in the document counts.
const PARTY_PATHS: &[(&str, Of)] = &[
    ("Nm", Of::Name),
    ("PstlAdr/Ctry", Of::Country),
    ("CtryOfRes", Of::Country),
    ("PstlAdr/CtrySubDvsn", Of::Region),
    ("PstlAdr/TwnNm", Of::Town),
    ("Id/PrvtId/DtAndPlcOfBirth/BirthDt", Of::Birth),
    ("CtctDtls/MobNb", Of::Phone),
    ("CtctDtls/PhneNb", Of::Phone),
    ("CtctDtls/EmailAdr", Of::Email),
    ("Id/PrvtId/Othr/Id", Of::Id),
    ("Id/OrgId/Othr/Id", Of::Id),
];

/// Other things known, behind those of the parties.
#[derive(Debug, Clone, Copy)]
enum Also {
    Uetr,
    TransactionId,
    EndToEndId,
    InstructionId,
    Accepted,
    Created,
    SettledOn,
    Settled,
    SettledCurrency,
    Instructed,
    InstructedCurrency,
    DebtorAccount,
    DebtorProxy,
    DebtorProxyKind,
    CreditorAccount,
    CreditorProxy,
    CreditorProxyKind,
    DebtorAgent,
    CreditorAgent,
    Instrument,
    Service,
    Purpose,
    PurposeCode,
    CategoryPurpose,
    Batch,
}

const SLOTS: usize = PARTIES.len() * PARTY + 25;

const PATHS: &[(&str, Also)] = &[
    ("PmtId/UETR", Also::Uetr),
    ("PmtId/TxId", Also::TransactionId),
    ("PmtId/EndToEndId", Also::EndToEndId),
    ("PmtId/InstrId", Also::InstructionId),
    ("AccptncDtTm", Also::Accepted),
    ("CreDtTm", Also::Created),
    ("IntrBkSttlmDt", Also::SettledOn),
    ("IntrBkSttlmAmt", Also::Settled),
    ("InstdAmt", Also::Instructed),
    ("Amt/InstdAmt", Also::Instructed),
    ("Amt/EqvtAmt/Amt", Also::Instructed),
    ("DbtrAcct/Id/IBAN", Also::DebtorAccount),
    ("DbtrAcct/Id/Othr/Id", Also::DebtorAccount),
    ("DbtrAcct/Prxy/Id", Also::DebtorProxy),
    ("DbtrAcct/Prxy/Tp/Cd", Also::DebtorProxyKind),
    ("CdtrAcct/Id/IBAN", Also::CreditorAccount),
    ("CdtrAcct/Id/Othr/Id", Also::CreditorAccount),
    ("CdtrAcct/Prxy/Id", Also::CreditorProxy),
    ("CdtrAcct/Prxy/Tp/Cd", Also::CreditorProxyKind),
    ("DbtrAgt/FinInstnId/BICFI", Also::DebtorAgent),
    ("DbtrAgt/FinInstnId/BIC", Also::DebtorAgent),
    ("DbtrAgt/FinInstnId/ClrSysMmbId/MmbId", Also::DebtorAgent),
    ("CdtrAgt/FinInstnId/BICFI", Also::CreditorAgent),
    ("CdtrAgt/FinInstnId/BIC", Also::CreditorAgent),
    ("CdtrAgt/FinInstnId/ClrSysMmbId/MmbId", Also::CreditorAgent),
    ("PmtTpInf/LclInstrm/Cd", Also::Instrument),
    ("PmtTpInf/LclInstrm/Prtry", Also::Instrument),
    ("PmtTpInf/SvcLvl/Cd", Also::Service),
    ("RmtInf/Ustrd", Also::Purpose),
    ("Purp/Cd", Also::PurposeCode),
    ("Purp/Prtry", Also::PurposeCode),
    ("PmtTpInf/CtgyPurp/Cd", Also::CategoryPurpose),
    ("PmtInfId", Also::Batch),
];

/// Values of one level of a message.
struct Level([String; SLOTS]);

impl Level {
    fn new() -> Self {
        Self(std::array::from_fn(|_| String::new()))
    }

    fn clear(&mut self) {
        self.0.iter_mut().for_each(String::clear);
    }

    /// Takes the text of a path below this level, if it is one that is kept.
    fn set(&mut self, path: &[String], text: &str, currency: &str) {
        let Some((slot, joins)) = slot_of(path) else { return };
        let place = &mut self.0[slot];
        let last = path.last().map_or("", String::as_str);
        if place.is_empty() || last == "MobNb" {
            place.clear();
            place.push_str(text);
        } else if joins && place.len() + text.len() < MAX_TEXT_BYTES {
            place.push(' ');
            place.push_str(text);
        }
        for (amount, code) in
            [(Also::Settled, Also::SettledCurrency), (Also::Instructed, Also::InstructedCurrency)]
        {
            if slot == also(amount) {
                self.0[also(code)].clear();
                self.0[also(code)].push_str(currency);
            }
        }
    }
}

/// Where a value is looked for.
struct Levels {
    own: Level,
    batch: Level,
    group: Level,
}

impl Levels {
    /// The value of a slot: of the transaction, else of the batch, else of the group.
    fn value(&self, slot: usize) -> &str {
        let levels = [&self.own, &self.batch, &self.group];
        levels
            .into_iter()
            .map(|level| level.0[slot].as_str())
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    fn also(&self, what: Also) -> &str {
        self.value(also(what))
    }

    fn first(&self, of: &[Also]) -> &str {
        of.iter().map(|what| self.also(*what)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// Who stands behind a side: the ultimate party where one is named, else the party itself. The two are never mixed, and
    /// neither are the levels.
    fn party<'s>(&'s self, side: usize) -> impl Fn(Of) -> &'s str {
        let named = |level: &Level, party: usize| {
            level.0[party * PARTY..(party + 1) * PARTY].iter().any(|text| !text.is_empty())
        };
        let levels = [&self.own, &self.batch, &self.group];
        let found = [side + ULTIMATE, side].into_iter().find_map(|party| {
            levels.into_iter().find(|level| named(level, party)).map(|level| (level, party))
        });
        move |of| found.map_or("", |(level, party)| level.0[party * PARTY + of as usize].as_str())
    }
}

const fn also(what: Also) -> usize {
    PARTIES.len() * PARTY + what as usize
}

/// The slot of a path, and whether several texts of it are joined.
fn slot_of(path: &[String]) -> Option<(usize, bool)> {
    let is = |known: &str, path: &[String]| known.split('/').eq(path.iter().map(String::as_str));
    let (first, below) = path.split_first()?;
    if let Some(party) = PARTIES.iter().position(|name| name == first) {
        let (_, of) = PARTY_PATHS.iter().find(|(known, _)| is(known, below))?;
        return Some((party * PARTY + *of as usize, false));
    }
    let (_, what) = PATHS.iter().find(|(known, _)| is(known, path))?;
    Some((also(*what), matches!(what, Also::Purpose)))
}

/// How sure the first bytes are of a message whose body is this element.
pub(super) fn sniff(head: &[u8], body: &str, name: &str) -> Confidence {
    let has = |text: &str| memchr::memmem::find(head, text.as_bytes()).is_some();
    if head.trim_ascii_start().starts_with(b"<")
        && (has(body) || has(&format!("iso:20022:tech:xsd:{name}.001.")))
    {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

/// Reads the transactions of a message whose body is this element.
pub(super) fn read(
    id: &'static str,
    body: &'static str,
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(&TransferRecord),
) -> Result<PaymentReading, FormatError> {
    let failed = |source| FormatError::ReadTransfers { format: id, source };
    let mut options = options.clone();
    options.map.decimal = Decimal::PlainPoint;
    options.map.time.form = None;
    options.map.time.date_alone = true;
    let zone_is_known = options.map.time.zone.is_some();
    options.map.time.zone.get_or_insert(jiff::tz::TimeZone::UTC);
    let mut input = decoded(input).map_err(failed)?;
    let mut head = Vec::new();
    (&mut *input).take(DECLARATION_BYTES).read_to_end(&mut head).map_err(failed)?;
    let letters = Letters::of(&head);
    let mut input = Cursor::new(head).chain(input);
    let mut walk = Walk {
        xml: Xml::with_letters(&mut input, letters),
        intake: Intake::new(&options, give),
        levels: Levels { group: Level::new(), batch: Level::new(), own: Level::new() },
        currency: String::new(),
        rows: 0,
        found: false,
        zone_is_known,
    };
    let end = walk.go(body);
    let (rows, found) = (walk.rows, walk.found);
    match end {
        Err(Stop::Read(source)) => return Err(failed(source)),
        _ if !found => {
            return Err(FormatError::NoTransfers {
                format: id,
                missing: format!("an element {body}"),
            });
        }
        Err(Stop::Cut(why)) => walk.intake.cut(rows + 1, why),
        Ok(()) => {}
    }
    Ok(walk.intake.finish(rows))
}

struct Walk<'a> {
    xml: Xml<'a>,
    intake: Intake<'a>,
    levels: Levels,
    currency: String,
    rows: u64,
    found: bool,
    zone_is_known: bool,
}

impl Walk<'_> {
    fn go(&mut self, body: &str) -> Result<(), Stop> {
        // Where the body stands: an envelope may be around it.
        let mut depth = usize::MAX;
        loop {
            let step = self.xml.step()?;
            let path = self.xml.path();
            match step {
                Step::End => return Ok(()),
                Step::Open => {
                    let name = path.last().map_or("", String::as_str);
                    if name == body && depth == usize::MAX {
                        depth = path.len();
                        self.found = true;
                        self.levels.group.clear();
                        self.levels.batch.clear();
                    } else if name == "PmtInf" && path.len() == depth.saturating_add(1) {
                        self.levels.batch.clear();
                    } else if is_transaction(path, depth) {
                        self.levels.own.clear();
                    }
                    self.currency.clear();
                    self.currency.push_str(self.xml.attribute("Ccy").unwrap_or_default());
                }
                Step::Close if path.len() == depth => depth = usize::MAX,
                Step::Close if is_transaction(path, depth) => {
                    self.rows += 1;
                    self.transfer();
                }
                Step::Close if path.len() > depth => {
                    let text = self.xml.text();
                    if text.is_empty() {
                        continue;
                    }
                    let below = &path[depth..];
                    let names = |at: usize| below.get(at).map_or("", String::as_str);
                    match (names(0), names(1)) {
                        ("GrpHdr", _) => self.levels.group.set(&below[1..], text, &self.currency),
                        ("PmtInf", "CdtTrfTxInf") => {
                            self.levels.own.set(&below[2..], text, &self.currency)
                        }
                        ("PmtInf", _) => self.levels.batch.set(&below[1..], text, &self.currency),
                        ("CdtTrfTxInf", _) => {
                            self.levels.own.set(&below[1..], text, &self.currency)
                        }
                        _ => {}
                    }
                }
                Step::Close => {}
            }
        }
    }

    fn transfer(&mut self) {
        let row = self.rows;
        let levels = &self.levels;
        let mut draft = Draft::new(row);
        let given = |text: &&str| !text.is_empty() && *text != "NOTPROVIDED";
        let ids = [Also::Uetr, Also::TransactionId, Also::EndToEndId, Also::InstructionId];
        draft.set(
            Field::TransferId,
            ids.iter().map(|id| levels.also(*id)).find(given).unwrap_or_default(),
        );
        let time = levels.first(&[Also::Accepted, Also::Created, Also::SettledOn]);
        draft.set(Field::Time, time);
        let settled = !levels.also(Also::Settled).is_empty();
        let (amount, code) = if settled {
            (Also::Settled, Also::SettledCurrency)
        } else {
            (Also::Instructed, Also::InstructedCurrency)
        };
        draft.set(Field::Amount, levels.also(amount));
        draft.set(Field::Currency, levels.also(code));
        if settled {
            draft.set(Field::InstructedAmount, levels.also(Also::Instructed));
            draft.set(Field::InstructedCurrency, levels.also(Also::InstructedCurrency));
        }
        let payer = levels.party(DEBTOR);
        let payee = levels.party(CREDITOR);
        let account = |known: Also, proxy: Also, side: usize| {
            let party = levels.value(side * PARTY + Of::Id as usize);
            [levels.also(known), levels.also(proxy), party]
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or_default()
        };
        draft.set(Field::PayerAccount, account(Also::DebtorAccount, Also::DebtorProxy, DEBTOR));
        draft.set(
            Field::PayeeAccount,
            account(Also::CreditorAccount, Also::CreditorProxy, CREDITOR),
        );
        draft.set(Field::PayerName, payer(Of::Name));
        draft.set(Field::PayerCountry, payer(Of::Country));
        draft.set(Field::PayerBirthYear, payer(Of::Birth).get(..4).unwrap_or_default());
        draft.set(Field::PayerPhone, payer(Of::Phone));
        draft.set(Field::PayerEmail, payer(Of::Email));
        draft.set(Field::PayeeName, payee(Of::Name));
        draft.set(Field::PayeeCountry, payee(Of::Country));
        let region = payee(Of::Region);
        draft.set(Field::PayeeRegion, if region.is_empty() { payee(Of::Town) } else { region });
        draft.set(Field::PayeePhone, payee(Of::Phone));
        draft.set(Field::PayeeEmail, payee(Of::Email));
        let sides = [
            (Also::DebtorProxy, Also::DebtorProxyKind, Field::PayerPhone, Field::PayerEmail),
            (Also::CreditorProxy, Also::CreditorProxyKind, Field::PayeePhone, Field::PayeeEmail),
        ];
        for (proxy, kind, phone, email) in sides {
            let field = match levels.also(kind) {
                "TELE" | "MBNO" => phone,
                "EMAL" => email,
                _ => continue,
            };
            if draft.get(field).is_empty() {
                draft.set(field, levels.also(proxy));
            }
        }
        draft.set(Field::Channel, levels.first(&[Also::Instrument, Also::Service]));
        draft.set(Field::Institution, levels.also(Also::DebtorAgent));
        draft.set(Field::Purpose, levels.first(&[Also::Purpose, Also::PurposeCode]));
        let extra: Vec<(&str, &str)> = [
            ("creditor_agent", levels.also(Also::CreditorAgent)),
            ("end_to_end_id", levels.also(Also::EndToEndId)),
            ("purpose_code", levels.also(Also::PurposeCode)),
            ("category_purpose", levels.also(Also::CategoryPurpose)),
            ("payment_information_id", levels.also(Also::Batch)),
            ("debtor_name", levels.value(DEBTOR * PARTY)),
            ("creditor_name", levels.value(CREDITOR * PARTY)),
        ]
        .into_iter()
        .filter(|(name, value)| {
            let is_party = match *name {
                "debtor_name" => draft.get(Field::PayerName) == *value,
                "creditor_name" => draft.get(Field::PayeeName) == *value,
                _ => false,
            };
            !value.is_empty() && !is_party
        })
        .collect();
        draft.extra = &extra;
        if Field::REQUIRED.iter().any(|field| draft.get(*field).contains(NOT_ASCII)) {
            self.intake.refuse(
                row,
                "an entity of the document's own stands in it; those are never expanded",
            );
            return;
        }
        if !self.zone_is_known && !time.is_empty() && !has_offset(time) {
            self.intake
                .reading
                .note("times without an offset are taken as UTC; say `time_zone` in a map");
        }
        self.intake.take(&draft);
    }
}

/// Whether an element is a transaction of the body: below it, or below one of its batches.
fn is_transaction(path: &[String], depth: usize) -> bool {
    let Some(below) = path.get(depth.min(path.len())..) else { return false };
    match below {
        [transaction] => transaction == "CdtTrfTxInf",
        [batch, transaction] => batch == "PmtInf" && transaction == "CdtTrfTxInf",
        _ => false,
    }
}

/// Whether a time of XML Schema says how far from UTC it is.
fn has_offset(time: &str) -> bool {
    time.ends_with('Z') || time.get(10..).is_some_and(|rest| rest.contains(['+', '-']))
}
