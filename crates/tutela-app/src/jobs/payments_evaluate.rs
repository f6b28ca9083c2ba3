//! Compares scores with a truth, side by side, in figures and a picture.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tutela_core::RowError;
use tutela_flow::quality::{self, Judged};
use tutela_formats::judged::{TableSide, labels, scores};

use crate::AppError;
use crate::outbound::whole;
use crate::views::{PaymentsEvaluateView, RejectedRowView, SideQualityView};

/// What to compare.
#[derive(Debug, Clone)]
pub struct EvaluateRequest {
    /// `side,account,score`.
    pub scores: PathBuf,
    /// `side,account,label`.
    pub truth: PathBuf,
    /// Where precision over recall is drawn to, as SVG.
    pub picture: Option<PathBuf>,
    /// Draws behind each interval.
    pub rounds: u32,
    /// What the draws come from.
    pub seed: u64,
}

/// Reads both tables, judges each side, draws the picture.
pub fn evaluate(request: &EvaluateRequest) -> Result<PaymentsEvaluateView, AppError> {
    let read = |path: &Path| fs::read(path).map_err(AppError::file("read", path));
    let scores = scores(&read(&request.scores)?);
    let truth = labels(&read(&request.truth)?);
    let mut rejected = Vec::new();
    for (path, errors) in [(&request.scores, &scores.errors), (&request.truth, &truth.errors)] {
        if let Some(whole) = errors.iter().find(|error| error.row == 0) {
            let origin = path.display().to_string();
            return Err(AppError::Setting { origin, message: whole.to_string() });
        }
        rejected.extend(errors.iter().map(|error| rejected_row(path, error)));
    }
    let mut sides = Vec::new();
    let mut curves = Vec::new();
    for (side, name) in [(TableSide::Payer, "payer"), (TableSide::Payee, "payee")] {
        // In a fixed order, so that the draws fall on the same accounts each time.
        let keys: BTreeSet<_> = truth.values.keys().chain(scores.values.keys()).collect();
        let keys: Vec<_> = keys.into_iter().filter(|key| key.0 == side).collect();
        let judged: Vec<Judged> = keys
            .iter()
            .map(|key| Judged {
                score: scores.values.get(key).copied().unwrap_or(f64::NEG_INFINITY),
                label: truth.values.get(key).copied().unwrap_or(false),
            })
            .collect();
        if !judged.iter().any(|account| account.label) {
            continue;
        }
        let quality = quality::quality(&judged, request.rounds, request.seed);
        let average = quality.average_precision.value;
        let label = format!("{name}s, average precision {average:.3}");
        curves.push((label, quality::curve(&judged)));
        let missing = |held: &dyn Fn(&(TableSide, String)) -> bool| {
            keys.iter().filter(|key| !held(key)).count() as u64
        };
        sides.push(SideQualityView {
            side: name,
            quality,
            without_score: missing(&|key| scores.values.contains_key(key)),
            without_label: missing(&|key| truth.values.contains_key(key)),
        });
    }
    if sides.is_empty() {
        let origin = request.truth.display().to_string();
        let message = "no account is marked with label 1: there is nothing to find".to_owned();
        return Err(AppError::Setting { origin, message });
    }
    if let Some(path) = &request.picture {
        let svg = quality::picture("Precision over recall", &curves);
        whole::stage(path, |file| file.write_all(svg.as_bytes()))?.publish()?;
    }
    let (schema, rounds) = ("tutela.payments_evaluate.v1", request.rounds);
    Ok(PaymentsEvaluateView { schema, rounds, sides, rejected })
}

fn rejected_row(path: &Path, error: &RowError) -> RejectedRowView {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let RowError { row, field, message } = error.clone();
    RejectedRowView { file, row, field, message }
}
