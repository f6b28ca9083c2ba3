//! Small invented sets of transfers, for examples and tests.

use tutela_core::{
    AccountId, Currency, Money, PartyRecord, Timestamp, Transfer, TransferId, TransferRecord,
};

use crate::transfers::{Rates, Transfers, TransfersBuilder};

const DAY_S: i64 = 86_400;

/// Invented transfers in US dollars, one call each.
#[derive(Debug, Clone, Default)]
pub struct Made {
    records: Vec<TransferRecord>,
}

impl Made {
    /// A transfer on a day and hour (UTC) of 1970.
    #[must_use]
    pub fn pay(mut self, day: u32, hour: u32, cents: i64, payer: &str, payee: &str) -> Self {
        let second = i64::from(day) * DAY_S + i64::from(hour) * 3_600;
        let transfer = Transfer {
            id: TransferId(format!("t{:03}", self.records.len() + 1)),
            time: Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH),
            amount: Money { minor: cents, currency: Currency::USD },
            payer: AccountId(payer.to_owned()),
            payee: AccountId(payee.to_owned()),
        };
        self.records.push(TransferRecord::bare(self.records.len() as u64 + 1, transfer));
        self
    }

    /// Says something of an account in all transfers so far.
    #[must_use]
    pub fn of(mut self, account: &str, says: impl Fn(&mut PartyRecord)) -> Self {
        for record in &mut self.records {
            if record.transfer.payer.as_str() == account {
                says(&mut record.payer);
            }
            if record.transfer.payee.as_str() == account {
                says(&mut record.payee);
            }
        }
        self
    }

    /// The name of an account's holder, in all transfers so far.
    #[must_use]
    pub fn named(self, account: &str, name: &str) -> Self {
        self.of(account, |party| party.name = Some(name.to_owned()))
    }

    /// The country of an account, in all transfers so far.
    #[must_use]
    pub fn lives(self, account: &str, country: &str) -> Self {
        self.of(account, |party| party.country = Some(country.to_owned()))
    }

    /// The telephone of an account, in all transfers so far.
    #[must_use]
    pub fn phone(self, account: &str, phone: &str) -> Self {
        self.of(account, |party| party.phone = Some(phone.to_owned()))
    }

    /// The institution of the last transfer.
    #[must_use]
    pub fn by(mut self, institution: &str) -> Self {
        if let Some(last) = self.records.last_mut() {
            last.institution = Some(institution.to_owned());
        }
        self
    }

    /// The channel of the last transfer.
    #[must_use]
    pub fn through(mut self, channel: &str) -> Self {
        if let Some(last) = self.records.last_mut() {
            last.channel = Some(channel.to_owned());
        }
        self
    }

    /// The same transfers, last first.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self { records: self.records.iter().rev().cloned().collect() }
    }

    /// The records as a reader would give them.
    pub fn records(&self) -> &[TransferRecord] {
        &self.records
    }

    /// As columns, compared in US dollars.
    pub fn transfers(&self) -> Transfers {
        let mut builder = TransfersBuilder::new(Rates::only(Currency::USD));
        for record in &self.records {
            let taken = builder.push(record);
            debug_assert_eq!(taken, Ok(()));
        }
        builder.finish()
    }
}
