//! What people decided, written out as labels to train on.

use std::io::Write;
use std::path::Path;

use tutela_core::{AlertState, Timestamp};
use tutela_ledger::{Draft, acts};
use tutela_store::{AlertFilter, StoredAlert};

use super::{Desk, PAGE};
use crate::AppError;
use crate::outbound::whole;
use crate::views::LabelsView;

impl Desk<'_> {
    /// Writes what people decided as labels to train on: CSV `side,account,label,decided_at,reason`, whole or not
    /// at all. A label is 1 where two people confirmed, 0 where they dismissed.
    ///
    /// # Errors
    /// The file cannot be written, the store does not answer.
    pub async fn labels(&self, out: &Path) -> Result<LabelsView, AppError> {
        let closed = vec![AlertState::Confirmed, AlertState::Dismissed];
        let filter = AlertFilter { states: closed, ..AlertFilter::default() };
        let (mut decided, mut behind) = (Vec::new(), None);
        loop {
            let page = self.store.alerts(&filter, behind, PAGE).await?;
            decided.extend(page.alerts);
            match page.next {
                Some(next) => behind = Some(next),
                None => break,
            }
        }
        decided.sort_by_key(|alert| alert.number);
        let staged = whole::stage(out, |file| {
            writeln!(file, "side,account,label,decided_at,reason")?;
            decided.iter().try_for_each(|alert| label(file, alert))
        })?;
        let written = Draft {
            outputs: vec![staged.sha256.into()],
            ..Draft::new(Timestamp::now(), self.by, acts::LABELS_EXPORTED)
        };
        self.store.append(vec![written]).await?;
        let sha256 = staged.publish()?;
        let confirmed =
            decided.iter().filter(|one| one.standing.state == AlertState::Confirmed).count() as u64;
        Ok(LabelsView {
            schema: "tutela.payments_labels.v1",
            confirmed,
            dismissed: decided.len() as u64 - confirmed,
            sha256: sha256.to_string(),
        })
    }
}

fn label(file: &mut dyn Write, alert: &StoredAlert) -> std::io::Result<()> {
    let standing = &alert.standing;
    let at = standing.approved.map(|(_, at)| at.to_string()).unwrap_or_default();
    let reason = standing.proposal.as_ref().and_then(|one| one.reason.as_deref());
    writeln!(
        file,
        "{},{},{},{at},{}",
        alert.side.as_str(),
        csv_field(&alert.account),
        u8::from(standing.state == AlertState::Confirmed),
        reason.unwrap_or_default()
    )
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}
