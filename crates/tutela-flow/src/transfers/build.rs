//! Gathers transfers in any order, refuses what cannot be one, and puts the rest in time order.

use std::collections::HashMap;
use std::num::NonZeroU32;

use tutela_core::{Currency, PartyRecord, TransferRecord};

use super::texts::{Full, Texts};
use super::{Account, Adjacency, Context, Country, NO_RATE, Rates, Transfers, Word};

/// Why a record is no transfer to screen. Nothing else is lost with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// Payer and payee are one account.
    #[error("payee_account: the same as payer_account")]
    SelfTransfer,
    /// An amount of zero or less.
    #[error("amount: not above zero")]
    NotAboveZero,
    /// Earlier than 1970 or later than 2106.
    #[error("time: not between 1970 and 2106")]
    ImpossibleTime,
    /// The id of an earlier record.
    #[error("transfer_id: an earlier row has it")]
    SameId,
    /// An id or an account without a letter.
    #[error("transfer_id, payer_account or payee_account: empty")]
    Empty,
    /// More than the engine can number.
    #[error("more transfers, accounts or currencies than can be numbered")]
    TooMany,
}

impl From<Full> for Refusal {
    fn from(_: Full) -> Self {
        Self::TooMany
    }
}

/// Gathers transfers. Push records in any order, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct TransfersBuilder {
    rates: Rates,
    with_sex: bool,
    latest_s: u32,
    contexts: HashMap<Context, u32>,
    done: Transfers,
}

impl TransfersBuilder {
    /// Amounts are compared by these rates.
    pub fn new(rates: Rates) -> Self {
        let done = Transfers {
            reference: rates.reference(),
            accounts: Texts::default(),
            about: Vec::new(),
            words: Texts::default(),
            currencies: Vec::new(),
            ids: Texts::default(),
            pushed: Vec::new(),
            payer: Vec::new(),
            payee: Vec::new(),
            time_s: Vec::new(),
            amount_minor: Vec::new(),
            reference_minor: Vec::new(),
            currency: Vec::new(),
            context: Vec::new(),
            contexts: Vec::new(),
            device: Vec::new(),
            paid: Adjacency::default(),
            received: Adjacency::default(),
            without_rate: 0,
            out_of_order: 0,
        };
        Self { rates, with_sex: false, latest_s: 0, contexts: HashMap::new(), done }
    }

    /// Keeps the payer's and payee's sex, for an institution with a legal basis for it.
    #[must_use]
    pub fn with_sex(mut self) -> Self {
        self.with_sex = true;
        self
    }

    /// Why a record would be refused as it stands, if it would be.
    pub fn check(&self, record: &TransferRecord) -> Option<Refusal> {
        let transfer = &record.transfer;
        let (payer, payee) = (transfer.payer.as_str(), transfer.payee.as_str());
        let empty = |text: &str| text.trim().is_empty();
        if [payer, payee, transfer.id.0.as_str()].into_iter().any(empty) {
            Some(Refusal::Empty)
        } else if payer == payee {
            Some(Refusal::SelfTransfer)
        } else if transfer.amount.minor <= 0 {
            Some(Refusal::NotAboveZero)
        } else if u32::try_from(transfer.time.as_second()).is_err() {
            Some(Refusal::ImpossibleTime)
        } else if self.done.time_s.len() >= u32::MAX as usize {
            Some(Refusal::TooMany)
        } else {
            self.done.ids.find(&transfer.id.0).map(|_| Refusal::SameId)
        }
    }

    /// Takes one more record.
    ///
    /// # Errors
    /// It is refused, with the reason; everything taken before stays.
    pub fn push(&mut self, record: &TransferRecord) -> Result<(), Refusal> {
        let transfer = &record.transfer;
        let (payer, payee) = (transfer.payer.as_str(), transfer.payee.as_str());
        if [payer, payee, transfer.id.0.as_str()].iter().any(|text| text.trim().is_empty()) {
            return Err(Refusal::Empty);
        }
        if payer == payee {
            return Err(Refusal::SelfTransfer);
        }
        if transfer.amount.minor <= 0 {
            return Err(Refusal::NotAboveZero);
        }
        let time_s = transfer.time.as_second();
        let time = u32::try_from(time_s).map_err(|_| Refusal::ImpossibleTime)?;
        if self.done.time_s.len() >= u32::MAX as usize {
            return Err(Refusal::TooMany);
        }
        let currency = self.currency(transfer.amount.currency)?;
        if !self.done.ids.intern(&transfer.id.0)?.1 {
            return Err(Refusal::SameId);
        }
        let payer = self.account(payer, &record.payer)?;
        let payee = self.account(payee, &record.payee)?;
        let context = Context {
            institution: self.as_written(record.institution.as_deref())?,
            purpose: self.lower(record.purpose.as_deref())?,
            channel: self.as_written(record.channel.as_deref())?,
        };
        let context = self.context(context);
        let device = self.as_written(record.device.as_deref())?;
        let reference = self.rates.reference_minor(transfer.amount, time_s).unwrap_or(NO_RATE);

        let done = &mut self.done;
        done.without_rate += u64::from(reference == NO_RATE);
        done.out_of_order += u64::from(time < self.latest_s);
        self.latest_s = self.latest_s.max(time);
        if device.is_some() || !done.device.is_empty() {
            done.device.resize(done.time_s.len(), None);
            done.device.push(device);
        }
        done.payer.push(payer);
        done.payee.push(payee);
        done.time_s.push(time);
        done.amount_minor.push(transfer.amount.minor);
        done.reference_minor.push(reference);
        done.currency.push(currency);
        done.context.push(context);
        Ok(())
    }

    /// What was taken so far, in the order in which it was pushed. The lists of an account's transfers are empty, and
    /// ids of transfers are not found by number.
    pub(crate) fn taken(&self) -> &Transfers {
        &self.done
    }

    /// How many transfers were taken.
    pub fn len(&self) -> usize {
        self.done.time_s.len()
    }

    /// Whether none was taken.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sorts by time, and lists the transfers of each account.
    ///
    /// **Cost.** O(T) where they came in time order, O(T log T) elsewhere.
    pub fn finish(self) -> Transfers {
        let mut done = self.done;
        done.ids.seal();
        let mut order: Vec<u32> = (0..done.time_s.len() as u32).collect();
        order.sort_by(|a, b| {
            let time = |n: &u32| done.time_s[*n as usize];
            time(a).cmp(&time(b)).then_with(|| done.ids.get(*a).cmp(done.ids.get(*b)))
        });
        done.payer = in_order(&order, &done.payer);
        done.payee = in_order(&order, &done.payee);
        done.time_s = in_order(&order, &done.time_s);
        done.amount_minor = in_order(&order, &done.amount_minor);
        done.reference_minor = in_order(&order, &done.reference_minor);
        done.currency = in_order(&order, &done.currency);
        done.context = in_order(&order, &done.context);
        if !done.device.is_empty() {
            done.device = in_order(&order, &done.device);
        }
        done.pushed = order;
        done.paid = Adjacency::new(&done.payer, done.about.len());
        done.received = Adjacency::new(&done.payee, done.about.len());
        done
    }

    fn currency(&mut self, currency: Currency) -> Result<u8, Refusal> {
        let known = &mut self.done.currencies;
        let place = known.iter().position(|other| *other == currency).unwrap_or_else(|| {
            known.push(currency);
            known.len() - 1
        });
        u8::try_from(place).map_err(|_| Refusal::TooMany)
    }

    fn context(&mut self, context: Context) -> u32 {
        let contexts = &mut self.done.contexts;
        *self.contexts.entry(context).or_insert_with(|| {
            contexts.push(context);
            contexts.len() as u32 - 1
        })
    }

    fn account(&mut self, id: &str, party: &PartyRecord) -> Result<u32, Refusal> {
        let (number, new) = self.done.accounts.intern(id)?;
        if new {
            self.done.about.push(Account::default());
        }
        let mut about = self.done.about[number as usize];
        if let (None, Some(name)) = (about.name, &party.name) {
            about.name = self.word(&normal_name(name))?;
            about.surname = self.word(&surname(name))?;
        }
        if about.country.is_none() {
            about.country = party.country.as_deref().and_then(Country::parse);
        }
        if about.region.is_none() {
            about.region = self.lower(party.region.as_deref())?;
        }
        if let (None, Some(phone)) = (about.phone, &party.phone) {
            about.phone = self.word(&digits(phone))?;
        }
        if about.email.is_none() {
            about.email = self.lower(party.email.as_deref())?;
        }
        if about.birth_year == 0 {
            about.birth_year = party.birth_year.unwrap_or_default();
        }
        if self.with_sex && about.sex.is_none() {
            about.sex = self.lower(party.sex.as_deref())?;
        }
        self.done.about[number as usize] = about;
        Ok(number)
    }

    fn lower(&mut self, text: Option<&str>) -> Result<Option<Word>, Refusal> {
        match text {
            Some(text) => self.word(&text.trim().to_lowercase()),
            None => Ok(None),
        }
    }

    fn as_written(&mut self, text: Option<&str>) -> Result<Option<Word>, Refusal> {
        text.map_or(Ok(None), |text| self.word(text.trim()))
    }

    fn word(&mut self, text: &str) -> Result<Option<Word>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        let (number, _) = self.done.words.intern(text)?;
        Ok(NonZeroU32::new(number + 1).map(Word))
    }
}

fn in_order<T: Copy>(order: &[u32], values: &[T]) -> Vec<T> {
    order.iter().map(|n| values[*n as usize]).collect()
}

fn normal_name(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The last word, or what stands before a comma: `Ana Reyes` and `REYES, Ana` are of one family name.
fn surname(name: &str) -> String {
    let family = match name.split_once(',') {
        Some((family, _)) => family.trim(),
        None => name.split_whitespace().next_back().unwrap_or_default(),
    };
    family.to_lowercase()
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
