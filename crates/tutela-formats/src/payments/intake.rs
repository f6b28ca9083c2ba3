//! Turns drafts into transfers: checks each value once, counts what is wrong, hands over what is right.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use tutela_core::{AccountId, Currency, Money, Timestamp, Transfer, TransferId, TransferRecord};

use super::amount::minor_units;
use super::field::{Draft, Field};
use super::format::{Fault, PaymentReading, ReadOptions};
use super::limits::{MAX_ID_BYTES, MAX_TEXT_BYTES};

/// Identifiers met so far, as digests of 64 bits: ten million of them are told apart but for one chance in
/// 300,000, in a tenth of the memory.
#[derive(Debug, Default)]
pub struct Seen(HashSet<u64>);

impl Seen {
    /// True if the identifier is new.
    pub fn insert(&mut self, id: &str) -> bool {
        let mut digest = DefaultHasher::new();
        id.hash(&mut digest);
        self.0.insert(digest.finish())
    }
}

/// What stands between a reader and its caller.
pub(super) struct Intake<'a> {
    options: &'a ReadOptions,
    give: &'a mut dyn FnMut(&TransferRecord),
    pub(super) reading: PaymentReading,
    /// None where someone else looks for repeats.
    seen: Option<Seen>,
    /// One record that is filled again and again, so that a row costs no memory.
    record: TransferRecord,
    /// The currency of the row before, as most rows have it too.
    currency: Option<(Currency, u8)>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(options: &'a ReadOptions, give: &'a mut dyn FnMut(&TransferRecord)) -> Self {
        Self {
            options,
            give,
            reading: PaymentReading::default(),
            seen: Some(Seen::default()),
            record: blank(),
            currency: None,
        }
    }

    /// The same for a piece of a file, whose repeats are looked for by those who put the pieces together.
    pub(super) fn of_piece(
        options: &'a ReadOptions,
        give: &'a mut dyn FnMut(&TransferRecord),
    ) -> Self {
        Self { seen: None, ..Self::new(options, give) }
    }

    /// A row that cannot be taken apart.
    pub(super) fn refuse(&mut self, row: u64, message: &str) {
        self.reading.rejected += 1;
        self.reading.fault(Fault::Shape, row, "", message);
    }

    /// The file ends inside this row, or cannot be read from here on.
    pub(super) fn cut(&mut self, row: u64, message: &str) {
        self.reading.truncated = true;
        self.refuse(row, message);
    }

    /// Checks one row and hands its transfer over.
    pub(super) fn take(&mut self, draft: &Draft<'_>) {
        let mut draft = *draft;
        for (field, value) in &self.options.map.constants {
            if draft.get(*field).is_empty() {
                draft.set(*field, value);
            }
        }
        let sound = self.required(&draft);
        let Some((time, amount)) = sound else {
            self.reading.rejected += 1;
            return;
        };
        self.optional(&draft, amount);
        let transfer = &mut self.record.transfer;
        transfer.time = time;
        transfer.amount = amount;
        fill(&mut transfer.id.0, draft.get(Field::TransferId));
        fill(&mut transfer.payer.0, draft.get(Field::PayerAccount));
        fill(&mut transfer.payee.0, draft.get(Field::PayeeAccount));
        self.record.row = draft.row;
        self.record.extra.truncate(draft.extra.len());
        self.record.extra.resize_with(draft.extra.len(), Default::default);
        for ((name, value), (new_name, new_value)) in self.record.extra.iter_mut().zip(draft.extra)
        {
            fill(name, new_name);
            fill(value, new_value);
        }
        let reading = &mut self.reading;
        reading.transfers += 1;
        reading.out_of_order += u64::from(reading.times.is_some_and(|(_, last)| time < last));
        reading.times = Some((reading.times.map_or(time, |(first, _)| first), time));
        (self.give)(&self.record);
    }

    /// What every transfer needs. Each fault of the row is named, not only the first.
    fn required(&mut self, draft: &Draft<'_>) -> Option<(Timestamp, Money)> {
        let mut sound = true;
        for field in Field::REQUIRED {
            let value = draft.get(*field);
            let is_id =
                matches!(field, Field::TransferId | Field::PayerAccount | Field::PayeeAccount);
            if value.is_empty() {
                self.reading.fault(
                    Fault::Missing,
                    draft.row,
                    field.as_str(),
                    "is required and blank",
                );
                sound = false;
            } else if is_id && value.len() > MAX_ID_BYTES {
                self.reading.fault(
                    Fault::Shape,
                    draft.row,
                    field.as_str(),
                    "longer than 256 bytes",
                );
                sound = false;
            }
        }
        let time = self.time(draft);
        let amount = self.money(draft, Field::Amount, Field::Currency);
        let payer = draft.get(Field::PayerAccount);
        if !payer.is_empty() && payer == draft.get(Field::PayeeAccount) {
            self.reading.fault(
                Fault::SelfTransfer,
                draft.row,
                "payee_account",
                "the account pays itself",
            );
            sound = false;
        }
        // Only a row that stands makes later ones repeats.
        let (true, Some(time), Some(amount)) = (sound, time, amount) else { return None };
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(draft.get(Field::TransferId))) {
            self.reading.fault(
                Fault::DuplicateId,
                draft.row,
                "transfer_id",
                "stood in an earlier row",
            );
            return None;
        }
        Some((time, amount))
    }

    fn time(&mut self, draft: &Draft<'_>) -> Option<Timestamp> {
        let text = draft.get(Field::Time);
        if text.is_empty() {
            return None;
        }
        match self.options.map.time.read(text) {
            Ok(time) => Some(time),
            Err((fault, why)) => {
                self.reading.fault(fault, draft.row, Field::Time.as_str(), why);
                None
            }
        }
    }

    fn money(&mut self, draft: &Draft<'_>, amount: Field, currency: Field) -> Option<Money> {
        let (text, code) = (draft.get(amount), draft.get(currency));
        if text.is_empty() || code.is_empty() {
            return None;
        }
        let known = match self.currency {
            Some((known, decimals)) if known.letters() == code.as_bytes() => {
                Some((known, decimals))
            }
            _ => code
                .parse()
                .ok()
                .and_then(|currency: Currency| Some((currency, currency.decimals()?))),
        };
        let Some((known, decimals)) = known else {
            let why = "not a currency of ISO 4217, in capital letters";
            self.reading.fault(Fault::Currency, draft.row, currency.as_str(), why);
            return None;
        };
        self.currency = Some((known, decimals));
        match minor_units(text, decimals, self.options.map.decimal) {
            Ok(minor) => Some(Money { minor, currency: known }),
            Err((fault, why)) => {
                self.reading.fault(fault, draft.row, amount.as_str(), why);
                None
            }
        }
    }

    /// What a row may say besides. A bad value is named and left out; the row stands.
    fn optional(&mut self, draft: &Draft<'_>, amount: Money) {
        let instructed = if draft.get(Field::InstructedAmount).is_empty() {
            None
        } else {
            self.money(draft, Field::InstructedAmount, Field::InstructedCurrency)
        };
        let record = &mut self.record;
        record.instructed = instructed.filter(|money| money.currency != amount.currency);
        let mut check = Check { draft, reading: &mut self.reading };
        check.text(&mut record.payer.name, Field::PayerName);
        check.country(&mut record.payer.country, Field::PayerCountry);
        record.payer.birth_year = check.birth_year(Field::PayerBirthYear);
        check.sex(&mut record.payer.sex, Field::PayerSex);
        check.text(&mut record.payer.phone, Field::PayerPhone);
        check.text(&mut record.payer.email, Field::PayerEmail);
        check.country(&mut record.payer.ip_country, Field::PayerIpCountry);
        check.text(&mut record.payee.name, Field::PayeeName);
        check.country(&mut record.payee.country, Field::PayeeCountry);
        check.text(&mut record.payee.region, Field::PayeeRegion);
        check.text(&mut record.payee.phone, Field::PayeePhone);
        check.text(&mut record.payee.email, Field::PayeeEmail);
        check.text(&mut record.channel, Field::Channel);
        check.text(&mut record.institution, Field::Institution);
        check.text(&mut record.purpose, Field::Purpose);
        check.text(&mut record.device, Field::Device);
    }

    /// Ends the reading.
    pub(super) fn finish(self, rows: u64) -> PaymentReading {
        PaymentReading { rows, ..self.reading }
    }
}

/// Fills the places of a record from a draft.
struct Check<'a> {
    draft: &'a Draft<'a>,
    reading: &'a mut PaymentReading,
}

impl Check<'_> {
    fn fault(&mut self, field: Field, why: &str) {
        self.reading.fault(Fault::Value, self.draft.row, field.as_str(), why);
    }

    fn text(&mut self, place: &mut Option<String>, field: Field) {
        let value = self.draft.get(field);
        if value.len() > MAX_TEXT_BYTES {
            self.fault(field, "longer than 4096 bytes");
            *place = None;
        } else {
            put(place, value);
        }
    }

    fn country(&mut self, place: &mut Option<String>, field: Field) {
        let value = self.draft.get(field);
        let is_code = value.len() == 2 && value.bytes().all(|b| b.is_ascii_uppercase());
        if value.is_empty() || is_code {
            put(place, value);
        } else {
            self.fault(field, "not two capital letters, as ISO 3166 has them");
            *place = None;
        }
    }

    fn sex(&mut self, place: &mut Option<String>, field: Field) {
        match self.draft.get(field) {
            "" => *place = None,
            "F" | "f" => put(place, "F"),
            "M" | "m" => put(place, "M"),
            "X" | "x" => put(place, "X"),
            _ => {
                self.fault(field, "none of F, M and X");
                *place = None;
            }
        }
    }

    fn birth_year(&mut self, field: Field) -> Option<u16> {
        let value = self.draft.get(field);
        if value.is_empty() {
            return None;
        }
        match value.parse() {
            Ok(year @ 1880..=2100) => Some(year),
            _ => {
                self.fault(field, "not a year from 1880 to 2100");
                None
            }
        }
    }
}

fn fill(place: &mut String, value: &str) {
    place.clear();
    place.push_str(value);
}

/// The value into its place, in the memory that is there.
fn put(place: &mut Option<String>, value: &str) {
    if value.is_empty() {
        *place = None;
    } else {
        fill(place.get_or_insert_default(), value);
    }
}

fn blank() -> TransferRecord {
    let nothing = Transfer {
        id: TransferId(String::new()),
        time: Timestamp::UNIX_EPOCH,
        amount: Money { minor: 0, currency: Currency::EUR },
        payer: AccountId(String::new()),
        payee: AccountId(String::new()),
    };
    TransferRecord::bare(0, nothing)
}
