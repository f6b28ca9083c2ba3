//! Curation: banks and their contents, each change acknowledged, in the ledger, and found at once.

use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256 as Hasher};
use tutela_core::{
    BankTerms, ContentNumber, ContentSignal, ContentTerms, Enabled, OperatorId, Ratio, Sha256,
    Timestamp,
};
use tutela_ledger::{Draft, acts};
use tutela_store::{Bank, Content, ContentsPage, NewContent, StoreError};

use super::Service;
use crate::AppError;
use crate::engines::matching::KindType;
use crate::settings::MediaSettings;

/// Characters of a note.
pub(crate) const MAX_NOTE_CHARS: usize = 255;

impl Service {
    /// All banks, in the order they were made.
    pub fn banks(&self) -> Vec<Arc<Bank>> {
        self.matcher().banks()
    }

    /// The bank of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn bank(&self, name: &str) -> Result<Arc<Bank>, AppError> {
        let found = self.banks().into_iter().find(|bank| bank.terms.name == name);
        found.ok_or_else(|| AppError::NoSuch { kind: "signal bank", name: name.to_owned() })
    }

    /// Makes a bank.
    ///
    /// # Errors
    /// The name is taken or has another form, the radius is too large, the store does not answer.
    pub async fn create_bank(&self, by: OperatorId, terms: &BankTerms) -> Result<Bank, AppError> {
        check_terms(terms)?;
        let made = self.bank_draft(by, acts::BANK_CREATED, terms)?;
        let bank = self.inner.store.create_bank(terms, Timestamp::now(), vec![made]).await;
        let bank = bank.map_err(|error| taken(error, &terms.name))?;
        self.refresh().await?;
        Ok(bank)
    }

    /// Changes what is said of a bank; contents stay, under the new name too.
    ///
    /// # Errors
    /// As [`Service::create_bank`], and where there is no such bank.
    pub async fn change_bank(
        &self,
        by: OperatorId,
        name: &str,
        terms: &BankTerms,
    ) -> Result<Bank, AppError> {
        check_terms(terms)?;
        let bank = self.stored_bank(name).await?;
        let changed = self.bank_draft(by, acts::BANK_CHANGED, terms)?;
        let done = self.inner.store.change_bank(bank.number, terms, vec![changed]).await;
        done.map_err(|error| taken(error, &terms.name))?;
        self.refresh().await?;
        Ok(Bank { terms: terms.clone(), ..bank })
    }

    /// Removes a bank with everything in it.
    ///
    /// # Errors
    /// There is none, the store does not answer.
    pub async fn remove_bank(&self, by: OperatorId, name: &str) -> Result<(), AppError> {
        let bank = self.stored_bank(name).await?;
        let removed = self.bank_draft(by, acts::BANK_REMOVED, &bank.terms)?;
        self.inner.store.remove_bank(bank.number, vec![removed]).await?;
        self.refresh().await
    }

    /// Puts a content into a bank. Once this returns, it is kept, and found.
    ///
    /// # Errors
    /// A value is none of its kind, a kind comes twice or is unknown, there is no such bank.
    pub async fn add_content(
        &self,
        by: OperatorId,
        bank: &str,
        content: NewContent,
    ) -> Result<Content, AppError> {
        let mut added = self.add_contents(by, bank, vec![content]).await?;
        let number = added.pop().ok_or(AppError::System { what: "a number for a content" })?;
        Ok(self.inner.store.content(number).await?)
    }

    /// Puts contents into a bank, all or none; gives their numbers.
    ///
    /// # Errors
    /// As [`Service::add_content`].
    pub async fn add_contents(
        &self,
        by: OperatorId,
        bank: &str,
        mut contents: Vec<NewContent>,
    ) -> Result<Vec<ContentNumber>, AppError> {
        for content in &mut contents {
            check_signals(&mut content.signals)?;
            check_content(&content.terms)?;
        }
        let bank = self.stored_bank(bank).await?;
        let digests = contents.iter().flat_map(|content| &content.signals).map(digest_of);
        let added = Draft {
            inputs: digests.map(Into::into).collect(),
            payload: Some(Self::payload(&json!({
                "bank": bank.terms.name,
                "contents": contents.len(),
            }))?),
            ..self.draft(by, acts::CONTENT_ADDED)
        };
        let store = &self.inner.store;
        let numbers =
            store.add_contents(bank.number, &contents, Timestamp::now(), vec![added]).await?;
        self.refresh().await?;
        Ok(numbers)
    }

    /// One content of a bank.
    ///
    /// # Errors
    /// There is none of this number in this bank.
    pub async fn content(&self, bank: &str, number: ContentNumber) -> Result<Content, AppError> {
        let bank = self.stored_bank(bank).await?;
        let content = self.inner.store.content(number).await?;
        if content.bank != bank.number {
            return Err(no_content(number));
        }
        Ok(content)
    }

    /// Contents by number, for answers that tell more than the number, in rising order; those that are gone
    /// are left out.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn contents(&self, numbers: &[ContentNumber]) -> Result<Vec<Content>, AppError> {
        Ok(self.inner.store.contents(numbers).await?)
    }

    /// At most `limit` contents of a bank behind a number.
    ///
    /// # Errors
    /// There is no such bank, the store does not answer.
    pub async fn contents_of(
        &self,
        bank: &str,
        behind: Option<ContentNumber>,
        limit: u32,
    ) -> Result<ContentsPage, AppError> {
        let bank = self.stored_bank(bank).await?;
        Ok(self.inner.store.contents_of(bank.number, behind, limit).await?)
    }

    /// How many contents a bank holds.
    ///
    /// # Errors
    /// There is no such bank, the store does not answer.
    pub async fn content_count(&self, bank: &str) -> Result<u64, AppError> {
        let bank = self.stored_bank(bank).await?;
        Ok(self.inner.store.content_count(bank.number).await?)
    }

    /// Changes what is known of a content; its signals stay.
    ///
    /// # Errors
    /// There is none of this number in this bank, a note or time that cannot be.
    pub async fn change_content(
        &self,
        by: OperatorId,
        bank: &str,
        number: ContentNumber,
        change: impl FnOnce(&mut ContentTerms),
    ) -> Result<Content, AppError> {
        let mut content = self.content(bank, number).await?;
        change(&mut content.terms);
        check_content(&content.terms)?;
        let changed = self.contents_draft(by, acts::CONTENT_CHANGED, &[number])?;
        self.inner.store.change_content(number, &content.terms, vec![changed]).await?;
        self.refresh().await?;
        Ok(content)
    }

    /// Switches many contents of a bank on or off; says how many there were.
    ///
    /// # Errors
    /// One of them is not in this bank: nothing is changed then.
    pub async fn enable_contents(
        &self,
        by: OperatorId,
        bank: &str,
        numbers: &[ContentNumber],
        enabled: Enabled,
    ) -> Result<u64, AppError> {
        self.all_in(bank, numbers).await?;
        let changed = self.contents_draft(by, acts::CONTENT_CHANGED, numbers)?;
        let count = self.inner.store.enable_contents(numbers, enabled, vec![changed]).await?;
        self.refresh().await?;
        Ok(count)
    }

    /// Lets a content that was held back answer again, or holds it back.
    ///
    /// # Errors
    /// There is none of this number in this bank.
    pub async fn quarantine_content(
        &self,
        by: OperatorId,
        bank: &str,
        number: ContentNumber,
        since: Option<Timestamp>,
    ) -> Result<(), AppError> {
        self.content(bank, number).await?;
        let changed = self.contents_draft(by, acts::CONTENT_QUARANTINED, &[number])?;
        self.inner.store.quarantine_contents(&[number], since, vec![changed]).await?;
        self.refresh().await
    }

    /// Lets contents that were held back answer again; says how many there were.
    ///
    /// # Errors
    /// One of them is not in this bank: nothing is changed then.
    pub async fn release_contents(
        &self,
        by: OperatorId,
        bank: &str,
        numbers: &[ContentNumber],
    ) -> Result<u64, AppError> {
        self.all_in(bank, numbers).await?;
        let changed = self.contents_draft(by, acts::CONTENT_QUARANTINED, numbers)?;
        let count = self.inner.store.quarantine_contents(numbers, None, vec![changed]).await?;
        self.refresh().await?;
        Ok(count)
    }

    /// Removes a content. Says whether there was one in this bank.
    ///
    /// # Errors
    /// There is no such bank, the store does not answer.
    pub async fn remove_content(
        &self,
        by: OperatorId,
        bank: &str,
        number: ContentNumber,
    ) -> Result<bool, AppError> {
        let bank = self.stored_bank(bank).await?;
        match self.inner.store.content(number).await {
            Ok(content) if content.bank == bank.number => {}
            Ok(_) | Err(StoreError::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let removed = self.contents_draft(by, acts::CONTENT_REMOVED, &[number])?;
        let count = self.inner.store.remove_contents(&[number], vec![removed]).await?;
        self.refresh().await?;
        Ok(count > 0)
    }

    /// The ratio of a kind of signal.
    pub fn ratio(&self, kind: &KindType) -> Ratio {
        self.matcher().ratio(kind)
    }

    /// Gives a kind of signal its ratio.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set_ratio(
        &self,
        by: OperatorId,
        kind: &KindType,
        ratio: Ratio,
    ) -> Result<(), AppError> {
        let words = json!({"kind": kind.id, "enabled_ratio": ratio.get()});
        let changed = Draft {
            payload: Some(Self::payload(&words)?),
            ..self.draft(by, acts::SIGNAL_TYPE_CHANGED)
        };
        self.inner.store.set_signal_type_ratio(kind.id, ratio, vec![changed]).await?;
        self.refresh().await
    }

    async fn all_in(&self, bank: &str, numbers: &[ContentNumber]) -> Result<(), AppError> {
        let bank = self.stored_bank(bank).await?;
        let contents = self.inner.store.contents(numbers).await?;
        let inside = |number: &ContentNumber| {
            let place = contents.binary_search_by_key(number, |content| content.number);
            place.is_ok_and(|place| contents.get(place).is_some_and(|one| one.bank == bank.number))
        };
        match numbers.iter().find(|number| !inside(number)) {
            Some(number) => Err(no_content(*number)),
            None => Ok(()),
        }
    }

    async fn stored_bank(&self, name: &str) -> Result<Bank, AppError> {
        match self.inner.store.bank(name).await {
            Err(StoreError::NotFound { .. }) => {
                Err(AppError::NoSuch { kind: "signal bank", name: name.to_owned() })
            }
            other => Ok(other?),
        }
    }

    fn bank_draft(
        &self,
        by: OperatorId,
        act: tutela_ledger::Act,
        terms: &BankTerms,
    ) -> Result<Draft, AppError> {
        let words = json!({
            "bank": terms.name, "role": terms.role.as_str(), "enabled_ratio": terms.enabled_ratio.get(),
            "distance": terms.distance, "alert": terms.actions.alert, "webhooks": terms.actions.webhooks,
        });
        Ok(Draft { payload: Some(Self::payload(&words)?), ..self.draft(by, act) })
    }

    fn contents_draft(
        &self,
        by: OperatorId,
        act: tutela_ledger::Act,
        numbers: &[ContentNumber],
    ) -> Result<Draft, AppError> {
        let numbers: Vec<u64> = numbers.iter().map(|number| number.0).collect();
        let payload = Some(Self::payload(&json!({"contents": numbers}))?);
        Ok(Draft { payload, ..self.draft(by, act) })
    }
}

/// What the ledger knows a signal by.
fn digest_of(signal: &ContentSignal) -> Sha256 {
    Sha256(Hasher::digest(format!("{} {}", signal.kind, signal.value)).into())
}

fn no_content(number: ContentNumber) -> AppError {
    StoreError::NotFound { what: "content", id: number.to_string() }.into()
}

fn taken(error: StoreError, name: &str) -> AppError {
    match error {
        StoreError::Duplicate { .. } => AppError::BankExists { bank: name.to_owned() },
        other => other.into(),
    }
}

fn check_terms(terms: &BankTerms) -> Result<(), AppError> {
    let mut chars = terms.name.chars();
    let begins = chars.next().is_some_and(|c| c.is_ascii_uppercase() || c == '_');
    let goes_on = chars.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !begins || !goes_on || terms.name.len() > MAX_NOTE_CHARS {
        return Err(AppError::BadBankName);
    }
    if terms.distance.is_some_and(|distance| distance > MediaSettings::MAX_DISTANCE) {
        return Err(AppError::BadField { field: "distance", reason: "it must be 0 to 31" });
    }
    check_note(terms.note.as_deref())
}

fn check_content(terms: &ContentTerms) -> Result<(), AppError> {
    check_note(terms.note.as_deref())
}

fn check_note(note: Option<&str>) -> Result<(), AppError> {
    if note.is_some_and(|note| note.chars().count() > MAX_NOTE_CHARS) {
        let reason = "it is longer than 255 characters";
        return Err(AppError::BadField { field: "note", reason });
    }
    Ok(())
}

/// Brings values into their canonical form.
fn check_signals(signals: &mut [ContentSignal]) -> Result<(), AppError> {
    if signals.is_empty() {
        return Err(AppError::BadField { field: "signals", reason: "there are none" });
    }
    for place in 0..signals.len() {
        let (before, rest) = signals.split_at_mut(place);
        let Some(signal) = rest.first_mut() else { continue };
        if before.iter().any(|other| other.kind == signal.kind) {
            return Err(AppError::BadField { field: "signals", reason: "a kind comes twice" });
        }
        let kind = KindType::by_id(&signal.kind)
            .ok_or_else(|| AppError::NoSuch { kind: "signal type", name: signal.kind.clone() })?;
        signal.value = kind
            .parse(&signal.value)
            .map_err(|source| AppError::BadSignal { kind: kind.id, source })?;
    }
    Ok(())
}
