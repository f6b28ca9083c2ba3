//! Trains a model on an institution's own outcomes, judges it on what it did not see, and writes it with its card.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use sha2::{Digest, Sha256};
use tutela_core::Timestamp;
use tutela_flow::models::backtest::{Backtest, Decided, OPEN, backtest};
use tutela_flow::models::document::{Model, SCHEMA};
use tutela_flow::models::evidence::{Evidence, Scored};
use tutela_flow::models::graph::Graph;
use tutela_flow::models::holds::holds;
use tutela_flow::models::training::{Outcomes, RISING, Trained, Training, train};
use tutela_flow::models::words::sentence;
use tutela_flow::quality::{
    Judged, curve, picture, quality, reliability, reliability_picture, shape_picture,
};
use tutela_flow::transfers::{Side, Transfers};
use tutela_formats::judged::{Decided as Decision, SideTable, TableSide, outcomes};

use super::payments_screen::read_options;
use crate::AppError;
use crate::intake::rates::read_rates;
use crate::intake::transfers::read_transfers_of;
use crate::outbound::{model_card, whole};
use crate::views::{
    BacktestView, CurveView, DigestView, MonthView, PaymentsTrainView, RejectedRowView, StrongView,
    TrainedSideView,
};

/// Fewest marked accounts of a side that it is trained on: each of five parts then holds some four of them.
pub const LEAST_MARKED: u64 = 20;
/// Marked accounts of a side, all of them known, from which on it is trained from nothing. With fewer it starts from the
/// shipped weights: which is better was measured on generated worlds (`docs/payments-quality.md`).
pub const ENOUGH_MARKED: u64 = 200;
/// Draws behind an interval.
const DRAWS: u32 = 200;
/// Features that are argued about.
const STRONGEST: usize = 12;

/// What to train on, and how.
#[derive(Debug, Clone, Default)]
pub struct TrainRequest {
    /// Files of transfers.
    pub files: Vec<PathBuf>,
    /// `side,account,label`, and `decided_at` where it is known.
    pub labels: PathBuf,
    /// A new or empty folder.
    pub out: PathBuf,
    /// Why age and sex of payers may be used; nothing where they are not.
    pub legal_basis: Option<String>,
    /// Only part of what is looked for has a label.
    pub partial: bool,
    /// What the columns are called.
    pub map: Option<PathBuf>,
    /// What currencies are worth.
    pub rates: Option<PathBuf>,
    /// Threads; all cores where none is given.
    pub threads: Option<usize>,
    /// What lots are drawn from.
    pub seed: u64,
}

/// Renders the card as a page. The app knows no HTML.
pub type RenderCard<'r> = &'r (dyn Fn(&PaymentsTrainView) -> Result<String, io::Error> + Sync);

/// Trains, and writes `model.json`, `card.md` and `card.html`, each whole or not at all. `tell` hears how many bytes of
/// how many are read.
///
/// # Errors
/// A file cannot be read as what it is, neither side has [`LEAST_MARKED`] marked accounts that occur, or a result cannot
/// be written.
pub fn run(
    request: &TrainRequest,
    render: RenderCard<'_>,
    tell: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<PaymentsTrainView, AppError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads.unwrap_or(0))
        .build()
        .map_err(|_| AppError::System { what: "threads" })?;
    let out = &request.out;
    fs::create_dir_all(out).map_err(AppError::file("make", out))?;
    if fs::read_dir(out).map_err(AppError::file("read", out))?.next().is_some() {
        return Err(AppError::Occupied { dir: out.clone() });
    }
    pool.install(|| run_here(request, render, tell))
}

fn run_here(
    request: &TrainRequest,
    render: RenderCard<'_>,
    tell: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<PaymentsTrainView, AppError> {
    let begun = Instant::now();
    let person = request.legal_basis.is_some();
    let options = read_options(request.map.as_deref())?;
    let rates = request.rates.as_deref().map(read_rates).transpose()?;
    let labels = read_labels(&request.labels)?;
    let (transfers, read) = read_transfers_of(&request.files, &options, rates, person, tell)?;
    let graph = Graph::of(&transfers);
    let sides = [Side::Payer, Side::Payee].map(|side| Labels::of(&labels, &transfers, side));
    let learn = [0, 1].map(|side| sides[side].marked >= LEAST_MARKED);
    if learn == [false, false] {
        return Err(too_few(&request.labels, &sides));
    }
    let shipped = Evidence::shipped().map_err(|_| AppError::System { what: "its own weights" })?;
    let correct = [0, 1].map(|side| !sides[side].enough(request.partial));
    let said = format!("weights from {} ({})", shipped.estimated_on, shipped.estimated);
    let started_from = match correct {
        [false, false] => "nothing".to_owned(),
        [true, true] => said,
        [payers, _] => format!("{said}; {} from nothing", if payers { "payees" } else { "payers" }),
    };
    let how = Training {
        partial: request.partial,
        prior: Some(shipped),
        correct,
        learn,
        person,
        seed: request.seed,
        ..Training::default()
    };
    let [payers, payees] = &sides;
    let known = Outcomes { graph: &graph, payers: &payers.labels, payees: &payees.labels };
    let decided = Decided { payers: &payers.decided, payees: &payees.decided };
    let (trained, tested) =
        rayon::join(|| train(&[known], &how), || backtest(&known, decided, &how, LEAST_MARKED));
    let Trained { mut evidence, held_out } = trained;
    evidence.estimated_on = format!(
        "an institution's own outcomes: {} marked payers, {} marked payees",
        payers.marked, payees.marked
    );
    let mut files = Vec::new();
    for path in request.files.iter().chain([&request.labels]) {
        files.push(digest(path)?);
    }
    let model = Model {
        schema: SCHEMA.to_owned(),
        legal_basis: request.legal_basis.clone(),
        partial: request.partial,
        seed: request.seed,
        data: files.iter().map(|file| file.sha256.clone()).collect(),
        weights: evidence,
    };
    let mut views = Vec::new();
    if let Some(scored) = held_out.first() {
        for (side, labels) in [(Side::Payee, payees), (Side::Payer, payers)] {
            views.push(side_view(
                side,
                labels,
                learn[side as usize],
                scored,
                &model.weights,
                request.seed,
            ));
        }
    }
    let mut notes: Vec<String> = read
        .iter()
        .flat_map(|file| {
            file.reading.notes.iter().map(|note| format!("{}: {note}", file.path.display()))
        })
        .collect();
    for (learnt, labels, name) in [(learn[1], payees, "payees"), (learn[0], payers, "payers")] {
        if !learnt {
            notes.push(format!(
                "{name}: {} marked accounts are fewer than {LEAST_MARKED}; this side keeps the weights it started from",
                labels.marked
            ));
        }
    }
    let mut view = PaymentsTrainView {
        schema: "tutela.payments_train.v1",
        files,
        transfers: transfers.len() as u64,
        period: period(&transfers),
        rejected_rows: read.iter().map(|file| file.reading.rejected).sum(),
        rejected_labels: rejected(&request.labels, &labels),
        partial: request.partial,
        legal_basis: request.legal_basis.clone(),
        seed: request.seed,
        folds: how.folds,
        started_from,
        sides: views,
        backtest: tested.map(|tested| backtest_view(&tested)),
        pictures: held_out.first().map(|scored| pictures(scored, &sides)).unwrap_or_default(),
        notes,
        written: Vec::new(),
        elapsed_ms: 0,
    };
    write(&request.out, &model, &mut view, render)?;
    view.elapsed_ms = begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
    Ok(view)
}

fn write(
    out: &Path,
    model: &Model,
    view: &mut PaymentsTrainView,
    render: RenderCard<'_>,
) -> Result<(), AppError> {
    let page = render(view).map_err(AppError::file("render", &out.join("card.html")))?;
    let json = serde_json::to_string(model).map_err(|_| AppError::System { what: "a model" })?;
    let staged = [
        whole::stage(&out.join("model.json"), |file| writeln!(file, "{json}"))?,
        whole::stage(&out.join("card.md"), |file| model_card::markdown(file, view))?,
        whole::stage(&out.join("card.html"), |file| file.write_all(page.as_bytes()))?,
    ];
    staged.into_iter().try_for_each(|file| file.publish().map(|_| ()))?;
    view.written = ["model.json", "card.md", "card.html"].map(str::to_owned).to_vec();
    Ok(())
}

fn read_labels(path: &Path) -> Result<SideTable<Decision>, AppError> {
    let table = outcomes(&fs::read(path).map_err(AppError::file("read", path))?);
    match table.errors.iter().find(|error| error.row == 0) {
        Some(whole) => Err(AppError::Setting {
            origin: path.display().to_string(),
            message: whole.to_string(),
        }),
        None => Ok(table),
    }
}

/// What is known of one side, by account number.
struct Labels {
    labels: Vec<Option<bool>>,
    decided: Vec<Option<i64>>,
    marked: u64,
    cleared: u64,
    absent: u64,
    /// Accounts that occur, with or without a label.
    occurring: u64,
}

impl Labels {
    /// Labels of accounts that occur on the side with an amount that can be compared.
    fn of(table: &SideTable<Decision>, transfers: &Transfers, side: Side) -> Self {
        let wanted = match side {
            Side::Payer => TableSide::Payer,
            Side::Payee => TableSide::Payee,
        };
        let many = transfers.accounts() as usize;
        let mut found = Self {
            labels: vec![None; many],
            decided: vec![None; many],
            marked: 0,
            cleared: 0,
            absent: 0,
            occurring: (0..transfers.accounts())
                .filter(|account| !transfers.of(side, *account).is_empty())
                .count() as u64,
        };
        for ((_, account), said) in table.values.iter().filter(|(key, _)| key.0 == wanted) {
            let here = transfers.find_account(account);
            let Some(account) = here.filter(|here| !transfers.of(side, *here).is_empty()) else {
                found.absent += 1;
                continue;
            };
            found.labels[account as usize] = Some(said.label);
            found.decided[account as usize] = said.at.map(Timestamp::as_second);
            match said.label {
                true => found.marked += 1,
                false => found.cleared += 1,
            }
        }
        found
    }
}

impl Labels {
    /// Whether there are enough to start from nothing: many marked, and where labels are partial, next to no account
    /// of this side without one.
    fn enough(&self, partial: bool) -> bool {
        let labelled = self.marked + self.cleared;
        let whole = !partial || labelled * 100 >= self.occurring * 99;
        self.marked >= ENOUGH_MARKED && whole
    }

    /// Scores beside what the labels say; no label counts as not marked.
    fn judge(&self, accounts: &[u32], scores: &[f32]) -> Vec<Judged> {
        let judge = |(account, score): (&u32, &f32)| Judged {
            score: f64::from(*score),
            label: self.labels[*account as usize] == Some(true),
        };
        accounts.iter().zip(scores).map(judge).collect()
    }
}

/// Precision over recall, and found over expected, of scores by models that did not see a label.
fn pictures(scored: &Scored, [payers, payees]: &[Labels; 2]) -> Vec<String> {
    let sides = [
        ("payees", payees.judge(&scored.payees.accounts, &scored.payee_scores)),
        ("payers", payers.judge(&scored.payers.accounts, &scored.payer_scores)),
    ];
    let curves: Vec<_> =
        sides.iter().map(|(name, judged)| ((*name).to_owned(), curve(judged))).collect();
    let tables: Vec<_> =
        sides.iter().map(|(name, judged)| ((*name).to_owned(), reliability(judged))).collect();
    vec![
        picture("Precision over recall", &curves),
        reliability_picture("Found over expected", &tables),
    ]
}

fn too_few(path: &Path, sides: &[Labels; 2]) -> AppError {
    let [payers, payees] = sides;
    let message = format!(
        "{} payers and {} payees marked 1 occur in the transfers ({} and {} of the table do not occur); a side is trained \
         from {LEAST_MARKED} on. `payments screen` ranks without labels, and from a few known accounts with --seeds",
        payers.marked, payees.marked, payers.absent, payees.absent
    );
    AppError::Setting { origin: path.display().to_string(), message }
}

fn digest(path: &Path) -> Result<DigestView, AppError> {
    let mut file = File::open(path).map_err(AppError::file("read", path))?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut piece).map_err(AppError::file("read", path))?;
        if read == 0 {
            break;
        }
        hasher.update(&piece[..read]);
    }
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(DigestView { file, sha256: tutela_core::Sha256(hasher.finalize().into()).to_string() })
}

fn rejected(path: &Path, table: &SideTable<Decision>) -> Vec<RejectedRowView> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let row = |error: &tutela_core::RowError| RejectedRowView {
        file: file.clone(),
        row: error.row,
        field: error.field.clone(),
        message: error.message.clone(),
    };
    table.errors.iter().map(row).collect()
}

fn moment(time_s: i64) -> String {
    Timestamp::from_second(time_s).map(|time| time.to_string()).unwrap_or_default()
}

/// The day of a second, in UTC.
fn day(time_s: i64) -> String {
    moment(time_s).chars().take("2025-01-31".len()).collect()
}

fn period(transfers: &Transfers) -> [String; 2] {
    let last = (transfers.len() as u32).saturating_sub(1);
    [0, last].map(|transfer| match transfers.is_empty() {
        true => String::new(),
        false => moment(i64::from(transfers.time_s(transfer))),
    })
}

fn side_view(
    side: Side,
    labels: &Labels,
    trained: bool,
    scored: &Scored,
    weights: &Evidence,
    seed: u64,
) -> TrainedSideView {
    let (table, scores, model) = match side {
        Side::Payer => (&scored.payers, &scored.payer_scores, weights.payers.last()),
        Side::Payee => (&scored.payees, &scored.payee_scores, weights.payees.last()),
    };
    let judged = labels.judge(&table.accounts, scores);
    let best =
        scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(row, _)| row);
    let value = |feature: &str| {
        let first = feature.split(" × ").next().unwrap_or(feature);
        let place = table.names.iter().position(|name| name == first)?;
        table.columns[place].get(best).copied()
    };
    let strongest = model.map(|model| model.strongest(table)).unwrap_or_default();
    let strongest = strongest.into_iter().take(STRONGEST).map(|(feature, spread)| {
        let holds = holds(&feature);
        let example = sentence(&feature, value(&feature).unwrap_or_default());
        let (holds, argument) = (holds.as_str(), holds.argument());
        StrongView { feature, spread, example, holds, argument }
    });
    let curves = model.map_or(&[][..], |model| &model.shapes).iter().map(|shape| CurveView {
        feature: shape.feature.clone(),
        way: if RISING.contains(&shape.feature.as_str()) { "rises" } else { "free" },
        cuts: shape.cuts.clone(),
        adds: shape.adds.clone(),
        svg: shape_picture(shape),
    });
    let pairs = model.map_or(&[][..], |model| &model.pairs).iter();
    let mut pairs: Vec<String> = pairs.map(|pair| pair.features.join(" × ")).collect();
    pairs.sort_unstable();
    pairs.dedup();
    TrainedSideView {
        side: side.as_str(),
        marked: labels.marked,
        cleared: labels.cleared,
        unlabelled: (table.accounts.len() as u64).saturating_sub(labels.marked + labels.cleared),
        absent: labels.absent,
        trained,
        held_out: quality(&judged, DRAWS, seed),
        reliability: reliability(&judged),
        strongest: strongest.collect(),
        curves: curves.collect(),
        pairs,
    }
}

fn backtest_view(tested: &Backtest) -> BacktestView {
    let months = tested.months.iter().map(|month| {
        let days = (month.to_s - month.from_s + 1) as f64 / 86_400.0;
        MonthView {
            from: day(month.from_s),
            to: day(month.to_s),
            side: month.side.as_str(),
            accounts: month.quality.accounts,
            marked: month.quality.positives,
            precision_at_100: month.quality.precision_at_100.value,
            recall_at_100: month.quality.recall_at_100.value,
            precision_at_500: month.quality.precision_at_500.value,
            recall_at_500: month.quality.recall_at_500.value,
            alerts_a_day: month.alerts as f64 / days,
            right: (month.alerts > 0).then(|| month.right as f64 / month.alerts as f64),
        }
    });
    BacktestView {
        cut: moment(tested.cut_s),
        known_payers: tested.known[0],
        known_payees: tested.known[1],
        dated: tested.dated,
        open: OPEN,
        months: months.collect(),
    }
}
