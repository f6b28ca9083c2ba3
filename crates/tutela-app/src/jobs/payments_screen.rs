//! Screens files of transfers: ranks payers and payees, each with its reasons. Needs no workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tutela_core::Timestamp;
use tutela_flow::models::document::Model;
use tutela_flow::parties::Decisions;
use tutela_flow::profiles::Links;
use tutela_flow::quality::corridors;
use tutela_flow::ranking::Ranking;
use tutela_flow::transfers::{AccountNumber, Side, Transfers};
use tutela_formats::payments::{Map, ReadOptions};

use super::payments_evaluate::write_corridors;
use crate::AppError;
use crate::engines::networks::AlertNetworks;
use crate::intake::rates::read_rates;
use crate::intake::transfers::{FileRead, read_transfers_of};
use crate::outbound::screen::{self, RenderScreen};
use crate::outbound::whole;
use crate::views::{
    AlertView, CorridorView, IndicatorHitView, NetworkChartView, NetworkView, PaymentsScreenView,
    RejectedRowView, ScreenTimesView,
};

/// Transfers named under one indicator, and accounts of one network: what a person reads.
const NAMED: usize = 100;
/// Rejected rows shown; `--out` writes all that were kept.
const SHOWN: usize = 20;

/// What to screen.
#[derive(Debug, Clone, Default)]
pub struct ScreenRequest {
    /// Files of transfers.
    pub files: Vec<PathBuf>,
    /// Known accounts, one a line.
    pub seeds: Option<PathBuf>,
    /// A new or empty folder for everything.
    pub out: Option<PathBuf>,
    /// Most alerts a side.
    pub top: usize,
    /// Where all scores go.
    pub scores: Option<PathBuf>,
    /// What the columns are called.
    pub map: Option<PathBuf>,
    /// What currencies are worth.
    pub rates: Option<PathBuf>,
    /// A model that `payments train` wrote; the shipped weights without it.
    pub model: Option<PathBuf>,
    /// Threads; all cores where none is given.
    pub threads: Option<usize>,
}

/// Screens. `tell` hears how many bytes of how many are read; `render` makes the pages of the report.
///
/// # Errors
/// A file cannot be read as what it is, or a result cannot be written. A bad row is no error: it is counted and named.
pub fn screen(
    request: &ScreenRequest,
    tell: &mut (dyn FnMut(u64, u64) + Send),
    render: RenderScreen<'_>,
) -> Result<PaymentsScreenView, AppError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads.unwrap_or(0))
        .build()
        .map_err(|_| AppError::System { what: "threads" })?;
    if let Some(out) = &request.out {
        fs::create_dir_all(out).map_err(AppError::file("make", out))?;
        if fs::read_dir(out).map_err(AppError::file("read", out))?.next().is_some() {
            return Err(AppError::Occupied { dir: out.clone() });
        }
    }
    pool.install(|| screen_here(request, tell, render))
}

fn screen_here(
    request: &ScreenRequest,
    tell: &mut (dyn FnMut(u64, u64) + Send),
    render: RenderScreen<'_>,
) -> Result<PaymentsScreenView, AppError> {
    let mut elapsed_ms = ScreenTimesView::default();
    let begun = Instant::now();
    let options = read_options(request.map.as_deref())?;
    let rates = request.rates.as_deref().map(read_rates).transpose()?;
    let model = request.model.as_deref().map(read_model).transpose()?;
    let legal_basis = model.as_ref().and_then(|model| model.legal_basis.clone());
    let person = legal_basis.is_some();
    let (transfers, files) = read_transfers_of(&request.files, &options, rates, person, tell)?;
    elapsed_ms.read = millis(begun);

    let begun = Instant::now();
    let links = Links::new(&transfers);
    let seeds = request.seeds.as_deref().map(|path| read_seeds(path, &transfers)).transpose()?;
    elapsed_ms.graph = millis(begun);

    let begun = Instant::now();
    let known = seeds.as_ref().map_or(&[][..], |(_, known)| known);
    let ranking = match model {
        Some(model) => Ranking::by(&transfers, &links, known, model.weights, person),
        None => Ranking::new(&transfers, &links, known)
            .map_err(|_| AppError::System { what: "its own weights" })?,
    };
    let tops = [Side::Payee, Side::Payer].map(|side| ranking.top(side, request.top));
    let scores = |side, account| ranking.score(side, account);
    let [payees, payers] = &tops;
    let networks =
        AlertNetworks::new(&transfers, &links, &scores, known, &Decisions::new(), payees, payers);
    let mut alerts = Vec::new();
    for (side, top) in [Side::Payee, Side::Payer].into_iter().zip(&tops) {
        let alert = |(place, account)| {
            let mut alert = alert(&transfers, &links, &ranking, side, account, place);
            alert.network.number = networks.number(side, account);
            alert
        };
        let ranked: Vec<(usize, AccountNumber)> = top.iter().copied().enumerate().collect();
        alerts.extend(ranked.into_par_iter().map(alert).collect::<Vec<_>>());
    }
    elapsed_ms.score = millis(begun);

    let having = |side| {
        (0..transfers.accounts()).filter(|n| !transfers.of(side, *n).is_empty()).count() as u64
    };
    let rejected: Vec<RejectedRowView> = files.iter().flat_map(rejected_rows).collect();
    let mut view = PaymentsScreenView {
        schema: "tutela.payments_screen.v1",
        transfers: transfers.len() as u64,
        files: request.files.iter().map(|file| file.display().to_string()).collect(),
        first_at: at(&transfers, 0),
        last_at: at(&transfers, transfers.len().wrapping_sub(1)),
        networks: alerts.iter().map(|alert: &AlertView| alert.network.number).max().unwrap_or(0),
        payers: having(Side::Payer),
        payees: having(Side::Payee),
        rejected_rows: files.iter().map(|file| file.reading.rejected).sum(),
        rejected: Vec::new(),
        faults: faults(&files),
        out_of_order: transfers.out_of_order(),
        without_rate: transfers.without_rate(),
        reference_currency: transfers.reference().to_string(),
        model: request.model.as_ref().map(|file| file.display().to_string()),
        legal_basis: legal_basis.clone(),
        seeds: seeds.as_ref().map(|(given, known)| [*given, known.len() as u64]),
        notes: notes(&files, &transfers, legal_basis.as_deref()),
        elapsed_ms,
        threads: rayon::current_num_threads(),
        alerts,
    };
    if let Some(path) = &request.scores {
        screen::write_scores(path, &transfers, &ranking)?;
    }
    if let Some(out) = &request.out {
        let alerts = tops_by_side(&tops);
        let none = BTreeSet::new();
        let rows = corridors(&transfers, [&alerts[0], &alerts[1]], [&none, &none]);
        let rows: Vec<CorridorView> = rows.iter().map(|row| CorridorView::of(row, false)).collect();
        whole::stage(&out.join("corridors.csv"), |file| write_corridors(file, &rows))?.publish()?;
        let in_full = (Side::Payee, &tops[0], 0);
        let in_full = [in_full, (Side::Payer, &tops[1], tops[0].len())];
        let charted: Vec<(usize, Side, AccountNumber)> = in_full
            .into_iter()
            .flat_map(|(side, top, first)| {
                let of = top.iter().take(screen::IN_FULL).enumerate();
                of.map(move |(place, account)| (first + place, side, *account))
            })
            .collect();
        let charts: Vec<(usize, NetworkChartView)> = charted
            .into_par_iter()
            .map(|(place, side, account)| (place, networks.chart(side, account)))
            .collect();
        let pages = render(&view, &rejected, &charts)
            .map_err(|source| AppError::Output { what: "report.html".to_owned(), source })?;
        screen::write_all(out, &view, &rejected, &pages)?;
    }
    view.rejected = rejected.into_iter().take(SHOWN).collect();
    Ok(view)
}

/// Accounts with an alert: payers, payees.
fn tops_by_side([payees, payers]: &[Vec<AccountNumber>; 2]) -> [BTreeSet<AccountNumber>; 2] {
    [payers, payees].map(|top| top.iter().copied().collect())
}

/// When a transfer was made; none where there is no such transfer.
fn at(transfers: &Transfers, place: usize) -> Option<String> {
    let place = u32::try_from(place).ok().filter(|place| (*place as usize) < transfers.len())?;
    let second = i64::from(transfers.time_s(place));
    Some(Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH).to_string())
}

fn millis(begun: Instant) -> u64 {
    begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
}

pub(super) fn read_options(map: Option<&Path>) -> Result<ReadOptions, AppError> {
    let Some(path) = map else {
        return Ok(ReadOptions::default());
    };
    let text = fs::read_to_string(path).map_err(AppError::file("read", path))?;
    let map = Map::from_toml(&text).map_err(|error| AppError::Setting {
        origin: path.display().to_string(),
        message: error.to_string(),
    })?;
    Ok(ReadOptions { map })
}

/// A trained model; what is not one, or of another version, is refused.
fn read_model(path: &Path) -> Result<Model, AppError> {
    let text = fs::read_to_string(path).map_err(AppError::file("read", path))?;
    Model::read(&text).map_err(|error| AppError::Setting {
        origin: path.display().to_string(),
        message: error.to_string(),
    })
}

/// How many accounts are named, and the numbers of those that occur. Blank lines and `#` are passed over.
fn read_seeds(path: &Path, transfers: &Transfers) -> Result<(u64, Vec<AccountNumber>), AppError> {
    let text = fs::read_to_string(path).map_err(AppError::file("read", path))?;
    let named = text.lines().map(|line| line.trim_start_matches('\u{feff}').trim());
    let named: Vec<&str> =
        named.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut known: Vec<AccountNumber> =
        named.iter().filter_map(|account| transfers.find_account(account)).collect();
    known.sort_unstable();
    known.dedup();
    Ok((named.len() as u64, known))
}

pub(super) fn alert(
    transfers: &Transfers,
    links: &Links,
    ranking: &Ranking<'_>,
    side: Side,
    account: AccountNumber,
    place: usize,
) -> AlertView {
    let indicators: Vec<IndicatorHitView> = ranking
        .explain(side, account)
        .into_iter()
        .map(|part| IndicatorHitView {
            id: part.id,
            value: part.value,
            weight: part.adds,
            why: part.why,
            transfer_count: part.transfers.len() as u64,
            transfers: (part.transfers.iter().take(NAMED))
                .map(|transfer| transfers.id(*transfer).to_owned())
                .collect(),
        })
        .collect();
    AlertView {
        rank: place as u64 + 1,
        side: side.as_str(),
        account: transfers.account_id(account).to_owned(),
        score: indicators.iter().map(|one| one.weight).sum(),
        indicators,
        network: network(transfers, links, ranking, side, account),
    }
}

/// Accounts of the same side that are tied to one: by counterparties in common, a phone, or referrals.
fn network(
    transfers: &Transfers,
    links: &Links,
    ranking: &Ranking<'_>,
    side: Side,
    account: AccountNumber,
) -> NetworkView {
    let sharing = links.sharing_two(side, account);
    let mut ways = Vec::new();
    if !sharing.is_empty() {
        ways.push(format!("two counterparties or more in common ({})", sharing.len()));
    }
    let mut tied = sharing;
    if side == Side::Payee {
        let phone = links.of_same_phone(transfers, account);
        if !phone.is_empty() {
            ways.push(format!("the same telephone number ({})", phone.len()));
        }
        tied.extend(phone);
        let referred = links.referrals(side, account);
        if !referred.is_empty() {
            ways.push(format!("payers who came from there ({})", referred.len()));
        }
        tied.extend(referred.iter().map(|one| one.from));
    }
    let path = ranking.path(account);
    if let [_, way @ ..] = path.as_slice() {
        ways.push(format!("a way of {} steps from a known account, named first", way.len()));
        tied.splice(0..0, way.iter().copied());
    }
    let mut seen = std::collections::HashSet::new();
    tied.retain(|one| seen.insert(*one));
    let accounts =
        tied.iter().take(NAMED).map(|one| transfers.account_id(*one).to_owned()).collect();
    NetworkView { number: 0, accounts, via: ways.join("; ") }
}

pub(super) fn faults(files: &[FileRead]) -> BTreeMap<&'static str, u64> {
    let mut all = BTreeMap::new();
    for (fault, count) in files.iter().flat_map(|file| &file.reading.faults) {
        *all.entry(fault.as_str()).or_default() += count;
    }
    all
}

pub(super) fn rejected_rows(file: &FileRead) -> Vec<RejectedRowView> {
    let row = |error: &tutela_core::RowError| RejectedRowView {
        file: file.path.display().to_string(),
        row: error.row,
        field: error.field.clone(),
        message: error.message.clone(),
    };
    let mut rows: Vec<_> = file.reading.errors.iter().map(row).collect();
    // Pieces are read side by side, and doubled identifiers are found at the end.
    rows.sort_by_key(|rejected| rejected.row);
    rows
}

fn notes(files: &[FileRead], transfers: &Transfers, legal_basis: Option<&str>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(basis) = legal_basis {
        notes.push(format!("the model uses age and sex of payers; legal basis as stated: {basis}"));
    }
    for file in files {
        let name = file.path.display();
        notes.extend(file.reading.notes.iter().map(|note| format!("{name}: {note}")));
        if file.reading.truncated {
            notes.push(format!("{name}: ends too early; what stood before was screened"));
        }
    }
    if transfers.without_rate() > 0 {
        notes.push(format!(
            "{} transfers are in a currency without a rate to {}: their amounts were not compared; give --rates",
            transfers.without_rate(),
            transfers.reference()
        ));
    }
    if transfers.out_of_order() > 0 {
        notes.push(format!(
            "{} transfers came out of order and were sorted",
            transfers.out_of_order()
        ));
    }
    notes
}
