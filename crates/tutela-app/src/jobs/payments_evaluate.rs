//! Compares scores with a truth, side by side, in figures and a picture.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tutela_core::RowError;
use tutela_flow::quality::{self, Judged};
use tutela_flow::transfers::{AccountNumber, Transfers};
use tutela_formats::judged::{SideTable, TableSide, labels, scores};
use tutela_formats::payments::ReadOptions;

use crate::AppError;
use crate::intake::transfers::read_transfers;
use crate::outbound::whole;
use crate::views::{CorridorView, PaymentsEvaluateView, RejectedRowView, SideQualityView};

/// What to compare.
#[derive(Debug, Clone)]
pub struct EvaluateRequest {
    /// `side,account,score`.
    pub scores: PathBuf,
    /// `side,account,label`.
    pub truth: PathBuf,
    /// Where precision over recall is drawn to, as SVG.
    pub picture: Option<PathBuf>,
    /// Files of the transfers that were scored, for a table of alerts by corridor.
    pub corridors: Vec<PathBuf>,
    /// Alerts a side that corridors are counted for.
    pub top: usize,
    /// A new or empty folder for a page, the drawings and the corridors.
    pub out: Option<PathBuf>,
    /// Draws behind each interval.
    pub rounds: u32,
    /// What the draws come from.
    pub seed: u64,
}

/// Renders the page. The app knows no HTML.
pub type RenderQuality<'r> = &'r dyn Fn(&PaymentsEvaluateView) -> Result<String, io::Error>;

/// Reads both tables, judges each side, draws the picture; counts corridors and writes the page where that was asked
/// for. `tell` hears how many bytes of how many files of transfers are read.
pub fn evaluate(
    request: &EvaluateRequest,
    render: RenderQuality<'_>,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<PaymentsEvaluateView, AppError> {
    if let Some(out) = &request.out {
        fs::create_dir_all(out).map_err(AppError::file("make", out))?;
        if fs::read_dir(out).map_err(AppError::file("read", out))?.next().is_some() {
            return Err(AppError::Occupied { dir: out.clone() });
        }
    }
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
    let (mut curves, mut tables) = (Vec::new(), Vec::new());
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
        tables.push((format!("{name}s"), quality::reliability(&judged)));
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
    let svg = quality::picture("Precision over recall", &curves);
    if let Some(path) = &request.picture {
        whole::stage(path, |file| file.write_all(svg.as_bytes()))?.publish()?;
    }
    let corridors = match request.corridors.is_empty() {
        true => Vec::new(),
        false => {
            let options = ReadOptions::default();
            let (transfers, _) = read_transfers(&request.corridors, &options, None, tell)?;
            let (alerts, marked) =
                (first(&scores, &transfers, request.top), marked(&truth, &transfers));
            let [a, b] = &alerts;
            let [c, d] = &marked;
            let rows = quality::corridors(&transfers, [a, b], [c, d]);
            rows.iter().map(|row| CorridorView::of(row, true)).collect()
        }
    };
    let view = PaymentsEvaluateView {
        schema: "tutela.payments_evaluate.v1",
        rounds: request.rounds,
        sides,
        top: request.top,
        corridors,
        pictures: vec![svg, quality::reliability_picture("Found over expected", &tables)],
        rejected,
    };
    if let Some(out) = &request.out {
        let page = render(&view).map_err(AppError::file("render", &out.join("quality.html")))?;
        let staged = [
            whole::stage(&out.join("quality.html"), |file| file.write_all(page.as_bytes()))?,
            whole::stage(&out.join("curve.svg"), |file| {
                file.write_all(view.pictures[0].as_bytes())
            })?,
            whole::stage(&out.join("corridors.csv"), |file| {
                write_corridors(file, &view.corridors)
            })?,
        ];
        staged.into_iter().try_for_each(|file| file.publish().map(|_| ()))?;
    }
    Ok(view)
}

/// `from,to,transfers,…`: one row a corridor.
pub(crate) fn write_corridors(file: &mut dyn Write, corridors: &[CorridorView]) -> io::Result<()> {
    writeln!(
        file,
        "from,to,transfers,payers,payer_alerts,payers_right,payees,payee_alerts,payees_right"
    )?;
    let right = |right: Option<u64>| right.map(|right| right.to_string()).unwrap_or_default();
    corridors.iter().try_for_each(|one| {
        let CorridorView {
            from, to, transfers, payers, payer_alerts, payees, payee_alerts, ..
        } = one;
        let (a, b) = (right(one.payers_right), right(one.payees_right));
        writeln!(
            file,
            "{from},{to},{transfers},{payers},{payer_alerts},{a},{payees},{payee_alerts},{b}"
        )
    })
}

type Accounts = [BTreeSet<AccountNumber>; 2];

/// The accounts with the highest scores, of payers and of payees; equal scores by account id.
fn first(scores: &SideTable<f64>, transfers: &Transfers, top: usize) -> Accounts {
    [TableSide::Payer, TableSide::Payee].map(|side| {
        let of_side = scores.values.iter().filter(|(key, _)| key.0 == side);
        let mut all: Vec<(&str, f64)> =
            of_side.map(|((_, account), score)| (account.as_str(), *score)).collect();
        all.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        all.iter().take(top).filter_map(|(account, _)| transfers.find_account(account)).collect()
    })
}

fn marked(truth: &SideTable<bool>, transfers: &Transfers) -> Accounts {
    [TableSide::Payer, TableSide::Payee].map(|side| {
        let of_side = truth.values.iter().filter(|(key, label)| key.0 == side && **label);
        of_side.filter_map(|((_, account), _)| transfers.find_account(account)).collect()
    })
}

fn rejected_row(path: &Path, error: &RowError) -> RejectedRowView {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let RowError { row, field, message } = error.clone();
    RejectedRowView { file, row, field, message }
}
