//! Transfers as compact columns in time order, with the accounts on both sides.

mod build;
mod rates;
mod texts;

pub use build::{Refusal, TransfersBuilder};
pub use rates::Rates;
pub use texts::{Full, Texts};

use std::num::NonZeroU32;

use tutela_core::Currency;

/// An account by number, from 0 to [`Transfers::accounts`].
pub type AccountNumber = u32;
/// A transfer by its place in time order, from 0 to [`Transfers::len`].
pub type TransferNumber = u32;

const NO_RATE: u32 = u32::MAX;

/// Which end of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Who sent it.
    Payer,
    /// Who received it.
    Payee,
}

impl Side {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::Payee => "payee",
        }
    }

    /// The other end.
    pub const fn other(self) -> Self {
        match self {
            Self::Payer => Self::Payee,
            Self::Payee => Self::Payer,
        }
    }
}

/// An attribute's text by number: equal numbers are equal texts. See [`Transfers::word`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word(NonZeroU32);

/// A country, by two capital letters of ISO 3166. The form is checked, not that it is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// From text such as `PH`.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }

    /// Its two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What the records say of an account. Where records disagree, the first that was pushed holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    /// The whole name, lower case, words in order.
    pub name: Option<Word>,
    /// The last word of the name, or what stands before a comma.
    pub surname: Option<Word>,
    /// Country.
    pub country: Option<Country>,
    /// Region, lower case.
    pub region: Option<Word>,
    /// Digits of the telephone number.
    pub phone: Option<Word>,
    /// E-mail address, lower case.
    pub email: Option<Word>,
    /// Year of birth; 0 where unknown. No indicator reads it unless an institution switches it on.
    pub birth_year: u16,
    /// Sex as written; always `None` unless [`TransfersBuilder::with_sex`] was called.
    pub sex: Option<Word>,
}

/// What many transfers have in common, kept once for each combination that occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Context {
    institution: Option<Word>,
    purpose: Option<Word>,
    channel: Option<Word>,
}

/// Transfers in time order; those of one second in the order of their ids.
///
/// **Cost.** 33 bytes a transfer, its id beside that, four more where devices are known, and 8 for the
/// way from accounts to transfers; 56 bytes an account and its texts.
#[derive(Debug, Clone)]
pub struct Transfers {
    reference: Currency,
    accounts: Texts,
    about: Vec<Account>,
    words: Texts,
    currencies: Vec<Currency>,
    ids: Texts,
    /// Place among the pushed, for the id.
    pushed: Vec<u32>,
    payer: Vec<AccountNumber>,
    payee: Vec<AccountNumber>,
    time_s: Vec<u32>,
    amount_minor: Vec<i64>,
    reference_minor: Vec<u32>,
    currency: Vec<u8>,
    /// Place in `contexts`.
    context: Vec<u32>,
    contexts: Vec<Context>,
    device: Vec<Option<Word>>,
    paid: Adjacency,
    received: Adjacency,
    without_rate: u64,
    out_of_order: u64,
}

/// From accounts to their transfers: one list after the other, each in time order.
#[derive(Debug, Clone, Default)]
struct Adjacency {
    starts: Vec<u32>,
    transfers: Vec<TransferNumber>,
}

impl Adjacency {
    /// A counting sort: linear, whatever the shape of the graph.
    fn new(ends: &[AccountNumber], accounts: usize) -> Self {
        let mut starts = vec![0_u32; accounts + 1];
        ends.iter().for_each(|account| starts[*account as usize + 1] += 1);
        for account in 0..accounts {
            starts[account + 1] += starts[account];
        }
        let mut next = starts.clone();
        let mut transfers = vec![0; ends.len()];
        for (number, account) in (0..).zip(ends) {
            let place = &mut next[*account as usize];
            transfers[*place as usize] = number;
            *place += 1;
        }
        Self { starts, transfers }
    }

    fn of(&self, account: AccountNumber) -> &[TransferNumber] {
        let account = account as usize;
        match (self.starts.get(account), self.starts.get(account + 1)) {
            (Some(start), Some(end)) => &self.transfers[*start as usize..*end as usize],
            _ => &[],
        }
    }
}

impl Transfers {
    /// How many transfers there are.
    pub fn len(&self) -> usize {
        self.time_s.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.time_s.is_empty()
    }

    /// How many accounts there are, payers and payees together.
    pub fn accounts(&self) -> u32 {
        self.about.len() as u32
    }

    /// The account's id. It leads to a person: for documents that a person asked for.
    pub fn account_id(&self, account: AccountNumber) -> &str {
        self.accounts.get(account)
    }

    /// The account with this id.
    pub fn find_account(&self, id: &str) -> Option<AccountNumber> {
        self.accounts.find(id)
    }

    /// What is known of an account.
    pub fn about(&self, account: AccountNumber) -> &Account {
        &self.about[account as usize]
    }

    /// The text of an attribute.
    pub fn word(&self, word: Word) -> &str {
        self.words.get(word.0.get() - 1)
    }

    /// The transfers of an account on one side of it, in time order.
    pub fn of(&self, side: Side, account: AccountNumber) -> &[TransferNumber] {
        match side {
            Side::Payer => self.paid.of(account),
            Side::Payee => self.received.of(account),
        }
    }

    /// The transfer's id.
    pub fn id(&self, transfer: TransferNumber) -> &str {
        self.ids.get(self.pushed[transfer as usize])
    }

    /// The account at one end of a transfer.
    pub fn end(&self, side: Side, transfer: TransferNumber) -> AccountNumber {
        match side {
            Side::Payer => self.payer[transfer as usize],
            Side::Payee => self.payee[transfer as usize],
        }
    }

    /// Who sent a transfer.
    pub fn payer(&self, transfer: TransferNumber) -> AccountNumber {
        self.payer[transfer as usize]
    }

    /// Who received a transfer.
    pub fn payee(&self, transfer: TransferNumber) -> AccountNumber {
        self.payee[transfer as usize]
    }

    /// Seconds since the first moment of 1970, UTC.
    pub fn time_s(&self, transfer: TransferNumber) -> u32 {
        self.time_s[transfer as usize]
    }

    /// Minor units of its own currency, above zero.
    pub fn amount_minor(&self, transfer: TransferNumber) -> i64 {
        self.amount_minor[transfer as usize]
    }

    /// Its own currency.
    pub fn currency(&self, transfer: TransferNumber) -> Currency {
        self.currencies[usize::from(self.currency[transfer as usize])]
    }

    /// The currency that amounts are compared in.
    pub fn reference(&self) -> Currency {
        self.reference
    }

    /// Minor units of the reference currency, up to some 40 million major ones; `None` without a rate.
    pub fn reference_minor(&self, transfer: TransferNumber) -> Option<u32> {
        Some(self.reference_minor[transfer as usize]).filter(|minor| *minor != NO_RATE)
    }

    fn context(&self, transfer: TransferNumber) -> Context {
        self.contexts[self.context[transfer as usize] as usize]
    }

    /// The institution that carried it.
    pub fn institution(&self, transfer: TransferNumber) -> Option<Word> {
        self.context(transfer).institution
    }

    /// Its stated purpose.
    pub fn purpose(&self, transfer: TransferNumber) -> Option<Word> {
        self.context(transfer).purpose
    }

    /// Its channel.
    pub fn channel(&self, transfer: TransferNumber) -> Option<Word> {
        self.context(transfer).channel
    }

    /// The device it was ordered from.
    pub fn device(&self, transfer: TransferNumber) -> Option<Word> {
        self.device.get(transfer as usize).copied().flatten()
    }

    /// How many transfers have no comparable amount, because nobody gave a rate.
    pub fn without_rate(&self) -> u64 {
        self.without_rate
    }

    /// How many transfers came after a later one. They stand in their place now.
    pub fn out_of_order(&self) -> u64 {
        self.out_of_order
    }
}
