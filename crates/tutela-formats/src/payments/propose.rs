//! Proposes a map for a table of unknown columns, from their names and from what the first rows hold.
//!
//! A proposal is a draft for a person: each column says why, and what can be read in two ways is left open.

use std::fmt::Write;

use jiff::fmt::strtime;
use tutela_core::Currency;

use super::csv::{names, separator_of};
use super::field::Field;
use super::rows::{Row, Rows};

/// Rows that are looked at: enough to see a shape, and a day above 12.
const SAMPLES: usize = 200;

/// What a name or a shape must be worth before a column is proposed.
const ENOUGH: f64 = 0.5;

/// What is proposed for a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What parts the fields.
    pub separator: char,
    /// The columns in the order of the file.
    pub columns: Vec<ProposedColumn>,
    /// Required fields that no column seems to give.
    pub missing: Vec<Field>,
    /// How times are written, as strftime; none for RFC 3339 or where it is open.
    pub time_format: Option<&'static str>,
    /// Whether the map needs a `time_zone` from a person.
    pub needs_time_zone: bool,
    /// What parts decimals, where the amounts show it and it is not a plain point.
    pub decimal: Option<char>,
    /// What a person must decide.
    pub open: Vec<String>,
}

/// One column and what it seems to be.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposedColumn {
    /// Its name in the file.
    pub column: String,
    /// The field it seems to give; none: it is kept as an extra column.
    pub field: Option<Field>,
    /// Why.
    pub why: String,
}

/// Proposes a map from the first block of a table, as UTF-8. None if it has no header.
pub fn propose(block: &[u8]) -> Option<Proposal> {
    let text = String::from_utf8_lossy(block);
    let mut at = 0;
    let header = loop {
        let line = text[at..].split_inclusive('\n').next()?;
        at += line.len();
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') && !trimmed.starts_with("sep=") {
            break trimmed;
        }
    };
    let separator = separator_of(header.as_bytes());
    let names = names(header, separator);
    let samples = samples(&text[at..], separator, names.len());
    let mut fields = assign(&names, &samples);
    let mut proposal = Proposal {
        separator: char::from(separator),
        columns: Vec::new(),
        missing: Vec::new(),
        time_format: None,
        needs_time_zone: false,
        decimal: None,
        open: Vec::new(),
    };
    let given =
        |field: Field| fields.iter().position(|f| f.as_ref().is_some_and(|(f, _)| *f == field));
    proposal.missing =
        Field::REQUIRED.iter().copied().filter(|field| given(*field).is_none()).collect();
    if let Some(column) = given(Field::Time) {
        proposal.look_at_times(&samples[column]);
    }
    if let Some(column) = given(Field::Amount) {
        proposal.look_at_amounts(&samples[column]);
    }
    proposal.columns = names
        .into_iter()
        .enumerate()
        .map(|(index, column)| match fields[index].take() {
            Some((field, why)) => ProposedColumn { column, field: Some(field), why },
            None => ProposedColumn { column, field: None, why: "kept as it is".to_owned() },
        })
        .collect();
    Some(proposal)
}

impl Proposal {
    /// The map as TOML, with reasons as comments. It reads as a map as it stands; what is open stands in comments.
    pub fn to_toml(&self) -> String {
        let mut toml = String::new();
        let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
        // Writing to a text cannot fail.
        for open in &self.open {
            let _ = writeln!(toml, "# To decide: {open}.");
        }
        let _ = writeln!(toml, "separator = {}", text(&self.separator.to_string()));
        if let Some(form) = self.time_format {
            let _ = writeln!(toml, "time_format = {}", text(form));
        }
        if self.needs_time_zone {
            let _ = writeln!(
                toml,
                "# time_zone = \"UTC\"   # needed: the times have no offset of their own"
            );
        }
        if let Some(decimal) = self.decimal {
            let _ = writeln!(toml, "decimal = {}", text(&decimal.to_string()));
        }
        let _ = writeln!(toml, "\n[columns]");
        for column in &self.columns {
            match column.field {
                Some(field) => {
                    let _ = writeln!(
                        toml,
                        "{} = {}   # {}",
                        field.as_str(),
                        text(&column.column),
                        column.why
                    );
                }
                None => {
                    let _ = writeln!(toml, "# {}: {}", text(&column.column), column.why);
                }
            }
        }
        for field in &self.missing {
            let _ =
                writeln!(toml, "# {} = \"\"   # required, and no column was found", field.as_str());
        }
        let _ = writeln!(
            toml,
            "\n[constants]\n# currency = \"EUR\"   # what every row has, where no column says it"
        );
        toml
    }

    fn look_at_times(&mut self, samples: &[&str]) {
        let fits = |form: &str| {
            samples.iter().all(|text| strtime::parse(form, text).is_ok_and(|t| t.to_date().is_ok()))
        };
        let is_rfc = |text: &&str| text.parse::<tutela_core::Timestamp>().is_ok();
        if samples.is_empty() || samples.iter().all(is_rfc) {
            return;
        }
        let found: Vec<&'static str> = FORMS.iter().copied().filter(|form| fits(form)).collect();
        match found.as_slice() {
            [] => {
                self.open.push("the form of the times is not known; say `time_format`".to_owned())
            }
            [form] => {
                self.time_format = Some(form);
                self.needs_time_zone = !form.contains("%z");
            }
            several => {
                self.needs_time_zone = true;
                self.open.push(format!(
                    "the times can be read as {}; say `time_format`",
                    several.join(" or ")
                ));
            }
        }
    }

    fn look_at_amounts(&mut self, samples: &[&str]) {
        let last = |text: &&str| {
            text.rfind(['.', ',']).map(|at| (text.as_bytes()[at], text.len() - at - 1))
        };
        let (mut points, mut commas, mut unclear) = (0, 0, 0);
        for (mark, behind) in samples.iter().filter_map(last) {
            match (mark, behind) {
                (_, 3) => unclear += 1,
                (b'.', _) => points += 1,
                _ => commas += 1,
            }
        }
        let grouped = samples.iter().any(|text| text.contains(',') && text.contains('.'));
        match (points, commas) {
            (0, 0) if unclear > 0 => {
                self.open.push(
                    "the amounts may have thousands or three decimals; say `decimal`".to_owned(),
                );
            }
            (0, 1..) => self.decimal = Some(','),
            (1.., 0) if grouped || samples.iter().any(|text| text.contains(',')) => {
                self.decimal = Some('.')
            }
            (1.., 1..) => {
                self.open.push("the amounts have decimals with points and with commas".to_owned())
            }
            _ => {}
        }
    }
}

/// Forms of times that are tried, besides RFC 3339.
const FORMS: &[&str] = &[
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%Y-%m-%d %H:%M:%S %z",
];

/// Values of the first rows by column, blanks left out.
fn samples(text: &str, separator: u8, columns: usize) -> Vec<Vec<&str>> {
    let mut samples = vec![Vec::new(); columns];
    let mut rows = Rows::new(text.as_bytes(), separator);
    for _ in 0..SAMPLES {
        match rows.next() {
            None => break,
            // The last row of a block may be cut.
            Some(Row::Fields { ended: true }) => {
                for (values, cell) in samples.iter_mut().zip(&rows.cells) {
                    let value = cell.raw(text).trim();
                    if !value.is_empty() {
                        values.push(value);
                    }
                }
            }
            Some(Row::Fields { ended: false } | Row::Bad(_)) => {}
        }
    }
    samples
}

/// The field of each column, with the reason: the best pairs first, each field and column once.
fn assign(names: &[String], samples: &[Vec<&str>]) -> Vec<Option<(Field, String)>> {
    let mut pairs = Vec::new();
    for (column, name) in names.iter().enumerate() {
        let words = words(name);
        for field in Field::ALL {
            let (by_name, reason) = name_worth(&words, field);
            let by_shape = shape_worth(field, &samples[column]);
            let worth = match by_shape {
                // A value of another kind speaks against any name.
                Some(shape) if shape < 0.5 => 0.0,
                Some(shape) => 0.6 * by_name + 0.4 * shape,
                None => by_name,
            };
            if worth >= ENOUGH {
                let shape = by_shape.map_or(String::new(), |shape| {
                    format!(
                        "; {:.0} % of {} values have its form",
                        100.0 * shape,
                        samples[column].len()
                    )
                });
                pairs.push((worth, column, field, format!("{reason}{shape}")));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)).then(a.1.cmp(&b.1)));
    let mut fields: Vec<Option<(Field, String)>> = vec![None; names.len()];
    for (_, column, field, why) in pairs {
        let taken = fields.iter().flatten().any(|(other, _)| *other == field);
        if fields[column].is_none() && !taken {
            fields[column] = Some((field, why));
        }
    }
    fields
}

/// A name in lower-case words: `PayerAcctNo`, `payer_acct no` and `payer-acct-no` alike.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_is_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before_is_lower) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before_is_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Words for a side of a transfer.
const PAYER: &[&str] = &[
    "payer",
    "sender",
    "debtor",
    "dbtr",
    "remitter",
    "originator",
    "orderer",
    "ordering",
    "from",
    "source",
    "src",
    "auftraggeber",
    "absender",
    "zahler",
    "ordonnateur",
    "emetteur",
    "ordenante",
    "remitente",
    "ordinante",
    "mittente",
];
const PAYEE: &[&str] = &[
    "payee",
    "receiver",
    "recipient",
    "beneficiary",
    "creditor",
    "cdtr",
    "bene",
    "to",
    "dest",
    "destination",
    "target",
    "empfaenger",
    "empfänger",
    "beguenstigter",
    "begünstigter",
    "beneficiaire",
    "bénéficiaire",
    "destinataire",
    "beneficiario",
    "destinatario",
];

/// Words for what a field holds.
fn about(field: Field) -> &'static [&'static str] {
    match field {
        Field::TransferId => &[
            "transfer",
            "transaction",
            "txn",
            "tx",
            "mtcn",
            "reference",
            "ref",
            "uetr",
            "buchungsnummer",
            "referenz",
            "id",
        ],
        Field::Time => &[
            "time",
            "date",
            "datetime",
            "timestamp",
            "created",
            "when",
            "datum",
            "zeit",
            "zeitpunkt",
            "fecha",
            "data",
            "heure",
        ],
        Field::Amount => &[
            "amount",
            "amt",
            "sum",
            "value",
            "principal",
            "betrag",
            "montant",
            "importe",
            "importo",
            "bedrag",
            "monto",
        ],
        Field::Currency => &[
            "currency", "ccy", "cur", "curr", "waehrung", "währung", "devise", "moneda", "valuta",
            "divisa",
        ],
        Field::PayerAccount | Field::PayeeAccount => &[
            "account", "acct", "acc", "iban", "wallet", "id", "no", "number", "konto", "compte",
            "cuenta", "conto", "customer",
        ],
        Field::PayerName | Field::PayeeName => &["name", "fullname", "nm", "nom", "nombre", "nome"],
        Field::PayerCountry | Field::PayeeCountry => {
            &["country", "ctry", "nation", "land", "pays", "pais", "país", "paese"]
        }
        Field::PayerBirthYear => &["birth", "yob", "born", "geburtsjahr", "birthyear"],
        Field::PayerSex => &["sex", "gender", "geschlecht", "sexe", "sexo"],
        Field::PayerPhone | Field::PayeePhone => {
            &["phone", "mobile", "msisdn", "tel", "telephone", "cell", "telefon", "telefono"]
        }
        Field::PayerEmail | Field::PayeeEmail => &["email", "mail", "e-mail"],
        Field::PayerIpCountry => &["ip"],
        Field::PayeeRegion => &["region", "province", "state", "city", "town", "ort", "provincia"],
        Field::Channel => &["channel", "product", "method", "service", "kanal", "canal"],
        Field::Institution => &["institution", "bank", "provider", "agent", "msb", "institut"],
        Field::Purpose => &[
            "purpose",
            "remittance",
            "message",
            "reason",
            "memo",
            "narrative",
            "text",
            "verwendungszweck",
            "zweck",
            "motif",
            "concepto",
            "causale",
        ],
        Field::Device => &["device", "fingerprint", "geraet", "gerät"],
        Field::InstructedAmount => &["instructed", "original"],
        Field::InstructedCurrency => &["instructed", "original"],
    }
}

/// How well the words of a name fit a field, and what was seen.
fn name_worth(words: &[String], field: Field) -> (f64, String) {
    let joined = words.join("_");
    if joined == field.as_str() {
        return (1.0, "has the canonical name".to_owned());
    }
    let has = |known: &[&str]| words.iter().find(|word| known.contains(&word.as_str())).cloned();
    let (payer, payee, what) = (has(PAYER), has(PAYEE), has(about(field)));
    let canonical = field.as_str();
    let side = if canonical.starts_with("payer_") {
        Some((payer.clone(), payee.is_some()))
    } else if canonical.starts_with("payee_") {
        Some((payee.clone(), payer.is_some()))
    } else {
        None
    };
    let instructed = matches!(field, Field::InstructedAmount | Field::InstructedCurrency);
    if instructed {
        let kind = if field == Field::InstructedAmount { Field::Amount } else { Field::Currency };
        return match (what, has(about(kind))) {
            (Some(one), Some(two)) => (0.9, format!("its name says `{one}` and `{two}`")),
            _ => (0.0, String::new()),
        };
    }
    match (side, what) {
        (Some((Some(side), false)), Some(what)) => {
            (0.95, format!("its name says `{side}` and `{what}`"))
        }
        // A side alone is its account, as `from` and `to` are.
        (Some((Some(side), false)), None)
            if canonical.ends_with("_account") && words.len() == 1 =>
        {
            (0.7, format!("its name says `{side}` and nothing else"))
        }
        (None, Some(what)) if payer.is_none() && payee.is_none() => {
            let share = 1.0 / words.len() as f64;
            (0.6 + 0.3 * share, format!("its name says `{what}`"))
        }
        _ => (0.0, String::new()),
    }
}

/// How many of the values have the form of a field; none where any text will do.
fn shape_worth(field: Field, samples: &[&str]) -> Option<f64> {
    let share = |test: &dyn Fn(&str) -> bool| {
        let fit = samples.iter().filter(|text| test(text)).count();
        (!samples.is_empty()).then(|| fit as f64 / samples.len() as f64)
    };
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    match field {
        Field::Time => share(&|text| {
            text.parse::<tutela_core::Timestamp>().is_ok()
                || FORMS
                    .iter()
                    .any(|form| strtime::parse(form, text).is_ok_and(|t| t.to_date().is_ok()))
        }),
        Field::Amount | Field::InstructedAmount => share(&|text| {
            digits(text) > 0
                && text.chars().all(|c| c.is_ascii_digit() || "+-., '\u{a0}\u{202f}’".contains(c))
        }),
        Field::Currency | Field::InstructedCurrency => share(&|text| {
            text.parse().is_ok_and(|currency: Currency| currency.decimals().is_some())
        }),
        Field::PayerCountry | Field::PayeeCountry | Field::PayerIpCountry => {
            share(&|text| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()))
        }
        Field::PayerBirthYear => {
            share(&|text| text.parse().is_ok_and(|year: u16| (1880..=2100).contains(&year)))
        }
        Field::PayerSex => share(&|text| matches!(text, "F" | "M" | "X" | "f" | "m" | "x")),
        Field::PayerEmail | Field::PayeeEmail => share(&|text| text.contains('@')),
        Field::PayerPhone | Field::PayeePhone => share(&|text| {
            digits(text) >= 6 && text.chars().all(|c| c.is_ascii_digit() || "+-() /.".contains(c))
        }),
        Field::PayerName | Field::PayeeName => share(&|text| digits(text) == 0),
        Field::TransferId => {
            let mut distinct = samples.to_vec();
            distinct.sort_unstable();
            distinct.dedup();
            (!samples.is_empty()).then(|| distinct.len() as f64 / samples.len() as f64)
        }
        Field::PayerAccount
        | Field::PayeeAccount
        | Field::PayeeRegion
        | Field::Channel
        | Field::Institution
        | Field::Purpose
        | Field::Device => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::ReadOptions;
    use super::super::map::Map;
    use super::*;

    fn fields(text: &str) -> Vec<&'static str> {
        let proposal = propose(text.as_bytes()).unwrap();
        proposal.columns.iter().map(|column| column.field.map_or("-", Field::as_str)).collect()
    }

    #[test]
    fn a_proposal_reads_the_table_it_was_made_for() {
        let text = "MTCN;Datum;Betrag;Währung;Auftraggeber Konto;Auftraggeber Name;Empfänger IBAN;Empfänger Land;Filiale\n\
                    x1;31.03.2026 14:05;1.234,50;EUR;a1;Anna Muster;b1;PH;7\n\
                    x2;01.04.2026 09:00;15,00;EUR;a2;Otto Muster;b1;PH;7\n";
        let proposal = propose(text.as_bytes()).unwrap();
        assert_eq!(
            fields(text),
            [
                "transfer_id",
                "time",
                "amount",
                "currency",
                "payer_account",
                "payer_name",
                "payee_account",
                "payee_country",
                "-"
            ]
        );
        assert_eq!((proposal.time_format, proposal.decimal), (Some("%d.%m.%Y %H:%M"), Some(',')));
        assert!(proposal.missing.is_empty() && proposal.open.is_empty(), "{proposal:?}");
        let toml = proposal.to_toml().replace("# time_zone", "time_zone");
        let options = ReadOptions { map: Map::from_toml(&toml).unwrap() };
        let csv = super::super::format("csv").unwrap();
        let mut minor = Vec::new();
        let reading = (csv.read)(&mut text.as_bytes(), &options, &mut |r| {
            minor.push(r.transfer.amount.minor)
        })
        .unwrap();
        assert_eq!((minor, reading.errors), (vec![123_450, 1500], vec![]), "{toml}");
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_left_open() {
        let text = "TransactionID,CreatedDate,Amount,SenderID,ReceiverID\n1,01/02/2026,\"1,234\",a,b\n2,03/04/2026,\"5,678\",c,d\n";
        let proposal = propose(text.as_bytes()).unwrap();
        assert_eq!(
            fields(text),
            ["transfer_id", "time", "amount", "payer_account", "payee_account"]
        );
        assert_eq!(proposal.missing, [Field::Currency]);
        assert_eq!(proposal.open.len(), 2, "{:?}", proposal.open);
        assert_eq!((proposal.time_format, proposal.decimal), (None, None));
        Map::from_toml(&proposal.to_toml()).unwrap();
    }

    #[test]
    fn values_of_another_kind_speak_against_a_name() {
        let text = "id,date,currency,amount,from,to\n1,soon,much,lots,a,b\n";
        assert_eq!(fields(text), ["transfer_id", "-", "-", "-", "payer_account", "payee_account"]);
        assert!(propose(b"").is_none());
    }
}
