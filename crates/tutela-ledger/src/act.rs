//! What can be done to a record: the registry of acts. A table.

use std::fmt;
use std::str::FromStr;

use crate::LedgerError;

/// One kind of act. Its id stands in the ledger for ever: never renamed, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    id: &'static str,
    meaning: &'static str,
}

impl Act {
    /// Stable id, such as `scan.started`.
    pub const fn id(self) -> &'static str {
        self.id
    }

    /// What an entry with this act says, in one sentence.
    pub const fn meaning(self) -> &'static str {
        self.meaning
    }
}

/// The id of an act as an entry holds it: of this version, or of a later one whose ledger is read.
/// It has the form of an act in any case: lower-case words joined by `.`, at least two.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActId(String);

impl ActId {
    /// Longest id that a line may carry.
    const MAX_BYTES: usize = 64;

    /// The id itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The act of this version that it names.
    pub fn registered(&self) -> Option<Act> {
        ACTS.iter().copied().find(|act| act.id == self.0)
    }
}

impl From<Act> for ActId {
    fn from(act: Act) -> Self {
        Self(act.id.to_owned())
    }
}

impl FromStr for ActId {
    type Err = LedgerError;

    fn from_str(id: &str) -> Result<Self, LedgerError> {
        let word =
            |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if id.len() > Self::MAX_BYTES || !id.contains('.') || !id.split('.').all(word) {
            return Err(LedgerError::BadEntry { reason: "`act` is not the id of an act" });
        }
        Ok(Self(id.to_owned()))
    }
}

impl fmt::Display for ActId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! acts {
    ($($name:ident $id:literal $meaning:literal;)*) => {
        /// The acts that this version writes.
        pub mod acts {
            use super::Act;
            $(#[doc = $meaning] pub const $name: Act = Act { id: $id, meaning: $meaning };)*
        }

        /// All acts, sorted by id.
        pub const ACTS: &[Act] = &[$(acts::$name),*];
    };
}

acts! {
    ALERT_APPROVED "alert.approved" "A second person approved what was proposed, and so closed an alert; inputs name the alert.";
    ALERT_ASSIGNED "alert.assigned" "An alert was given to a person; inputs name both.";
    ALERT_NAMES_SHOWN "alert.names_shown" "A person was shown names behind the accounts of an alert, for a stated purpose; inputs name the alert.";
    ALERT_NOTED "alert.noted" "A person wrote a note on an alert; inputs name the alert.";
    ALERT_PROPOSED "alert.proposed" "A person proposed how to close an alert; inputs name the alert.";
    ALERT_RAISED "alert.raised" "A rule asked people to look at an account; outputs name the alert.";
    ALERT_RETURNED "alert.returned" "A proposal on an alert was sent back; inputs name the alert.";
    BANK_CHANGED "bank.changed" "What is said of a signal bank was changed.";
    BANK_CREATED "bank.created" "A signal bank was made.";
    BANK_REMOVED "bank.removed" "A signal bank was removed with everything in it.";
    CASE_CLOSED "case.closed" "A case was closed.";
    CASE_CREATED "case.created" "A case was opened.";
    CASE_EXPORTED "case.exported" "The file of a case was written out; outputs name what was written.";
    CONTENT_ADDED "content.added" "Contents were put into a signal bank; inputs name the SHA-256 of each signal, or of a whole list.";
    CONTENT_CHANGED "content.changed" "What is known of contents of a signal bank was changed.";
    CONTENT_QUARANTINED "content.quarantined" "A content was held back because too much matched it, or let go again.";
    CONTENT_REMOVED "content.removed" "Contents were removed from a signal bank.";
    EARLIER_DISCLOSED "earlier.disclosed" "A person was told which exhibits of other scans and cases a scan is tied to.";
    EXCHANGE_CHANGED "exchange.changed" "An exchange was switched on or off.";
    EXCHANGE_CREATED "exchange.created" "An exchange was set up; inputs name the SHA-256 of its configuration.";
    EXCHANGE_CREDENTIALS_CHANGED "exchange.credentials_changed" "The credentials of an exchange interface were set or removed.";
    EXCHANGE_FETCHED "exchange.fetched" "Records of a sender were taken into a signal bank; inputs name the SHA-256 of the answer.";
    EXCHANGE_REMOVED "exchange.removed" "An exchange was removed with everything that came through it.";
    EXHIBIT_CREATION_MODE_STATED "exhibit.creation_mode_stated" "A person who looked said how an exhibit was made; inputs name its SHA-256.";
    EXHIBIT_LINKED "exhibit.linked" "An exhibit was put into a case.";
    EXHIBIT_SEALED "exhibit.sealed" "An exhibit was read and its digests were taken; outputs name the SHA-256.";
    FINDING_CONFIRMED "finding.confirmed" "A person confirmed a finding.";
    FINDING_DISMISSED "finding.dismissed" "A person dismissed a finding.";
    FINDING_RAISED "finding.raised" "A rule claimed something of an exhibit.";
    LEDGER_EXPORTED "ledger.exported" "Entries were written out with their proofs.";
    LEDGER_OPENED "ledger.opened" "The ledger was begun; outputs name the SHA-256 of its public key.";
    LIST_EXPORTED "list.exported" "A hash list was written out.";
    LIST_IMPORTED "list.imported" "A hash list was read into the store; inputs name the SHA-256 of its file.";
    LIST_REMOVED "list.removed" "A hash list was taken out of the store.";
    MATCH_DECIDED "match.decided" "A person confirmed or disputed a match of the service.";
    MATCH_FOUND "match.found" "The service claimed that something asked about is near a content of a bank.";
    MEDIA_CATEGORISED "media.categorised" "Categories that an examiner gave were read in; inputs name the SHA-256 of the file.";
    MEDIA_EXPORTED "media.exported" "Facts about the exhibits of a scan were written out for another program; outputs name the SHA-256 of the file.";
    MEDIA_VIEWED "media.viewed" "A person was shown the content of an exhibit.";
    OPERATOR_ADDED "operator.added" "A person was entered as an operator.";
    OPERATOR_PASSWORD_SET "operator.password_set" "An operator was given a password for the console; inputs name the operator.";
    PAYLOAD_ERASED "payload.erased" "The text behind an earlier entry was erased; inputs name the entry.";
    LABELS_EXPORTED "payments.labels_exported" "What people decided about accounts was written out; outputs name the SHA-256 of the file.";
    PAYMENTS_SCREENED "payments.screened" "Transfers in the store were screened; inputs name the SHA-256 of their files, outputs that of parameters and inputs.";
    SCAN_ABANDONED "scan.abandoned" "A scan was ended before it had seen everything.";
    SCAN_EXPORTED "scan.exported" "The results of a scan were written out; outputs name the SHA-256 of each file.";
    SCAN_FINISHED "scan.finished" "A scan saw everything it was told to; outputs name the SHA-256 of its summary.";
    SCAN_RESUMED "scan.resumed" "A scan that had stopped went on.";
    SCAN_STARTED "scan.started" "A scan began; inputs name the SHA-256 of its parameters and of the lists it used.";
    SCAN_STOPPED "scan.stopped" "A scan was stopped before it had seen everything, and can go on; outputs name the SHA-256 of its summary.";
    SIGNAL_TYPE_CHANGED "signal_type.changed" "A signal type was switched on or off, or given a ratio.";
    TOKEN_CREATED "token.created" "A program was given a token; outputs name the SHA-256 of its secret.";
    TOKEN_REVOKED "token.revoked" "The token of a program was revoked.";
    TRANSFERS_IMPORTED "transfers.imported" "A file of transfers was read into the store; inputs name its SHA-256.";
    TRANSFERS_WORDS_ERASED "transfers.words_erased" "What transfers say of the people behind an account was erased.";
    VERDICT_SENT "verdict.sent" "A person's verdict on a signal was taken by its sender; inputs name the SHA-256 of the signal.";
    VERDICT_STATED "verdict.stated" "A person confirmed or disputed a sender's signal; inputs name the SHA-256 of the signal.";
    WEBHOOK_REQUEUED "webhook.requeued" "A delivery that had been given up was queued again.";
}

#[cfg(test)]
mod tests {
    use super::{ACTS, ActId};

    #[test]
    fn every_act_is_well_formed_sorted_and_explained() {
        assert!(ACTS.is_sorted_by(|a, b| a.id() < b.id()), "sorted, each once");
        for act in ACTS {
            assert_eq!(act.id().parse(), Ok(ActId::from(*act)));
            assert_eq!(ActId::from(*act).registered(), Some(*act));
            assert!(act.meaning().ends_with('.') && act.meaning().len() > 10, "{}", act.id());
        }
    }

    #[test]
    fn what_is_not_an_act_is_refused() {
        let long = format!("a.{}", "b".repeat(64));
        for id in [
            "",
            "scan",
            "scan.",
            ".started",
            "Scan.started",
            "scan started",
            "scan..x",
            "scan.é",
            &long,
        ] {
            assert!(id.parse::<ActId>().is_err(), "{id:?}");
        }
    }
}
