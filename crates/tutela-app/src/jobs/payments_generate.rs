//! Writes a generated world of payments: transfers, truth, and every parameter.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

pub use tutela_flow::world::Variant;
use tutela_flow::world::{COLUMNS, Parameters, World};

use crate::AppError;
use crate::outbound::whole;
use crate::views::PaymentsGenerateView;

/// Most transfers of one world: it is drawn in memory, at some 50 bytes a transfer.
pub const MAX_TRANSFERS: u64 = 100_000_000;

/// Rows between two words of progress.
const EVERY: u64 = 16_384;

/// Which world, and where to.
#[derive(Debug, Clone)]
pub struct GenerateRequest {
    /// A new or empty folder.
    pub out: PathBuf,
    /// About how many transfers.
    pub transfers: u64,
    /// What all chance comes from.
    pub seed: u64,
    /// Which variant.
    pub variant: Variant,
}

/// Draws the world and writes `transfers.csv`, `truth.csv` and `world.toml`, each whole or not at all.
/// `tell` hears how many rows of how many are written.
pub fn generate(
    request: &GenerateRequest,
    mut tell: impl FnMut(u64, u64),
) -> Result<PaymentsGenerateView, AppError> {
    let begun = Instant::now();
    if !(1..=MAX_TRANSFERS).contains(&request.transfers) {
        let origin = "--transfers".to_owned();
        let message = format!("a world has 1 to {MAX_TRANSFERS} transfers");
        return Err(AppError::Setting { origin, message });
    }
    let out = &request.out;
    fs::create_dir_all(out).map_err(AppError::file("make", out))?;
    if fs::read_dir(out).map_err(AppError::file("read", out))?.next().is_some() {
        return Err(AppError::Occupied { dir: out.clone() });
    }
    let parameters =
        Parameters::new(request.seed, request.variant).with_transfers(request.transfers);
    let text = toml::to_string(&parameters).map_err(|error| AppError::Setting {
        origin: "world.toml".to_owned(),
        message: error.to_string(),
    })?;
    let world = World::generate(parameters);
    let of = world.transfers() as u64;
    tell(0, of);
    let transfers = whole::stage(&out.join("transfers.csv"), |file| {
        writeln!(file, "{}", COLUMNS.join(","))?;
        for (n, row) in world.rows().enumerate() {
            writeln!(file, "{row}")?;
            if (n as u64).is_multiple_of(EVERY) {
                tell(n as u64, of);
            }
        }
        Ok(())
    })?;
    let truth = whole::stage(&out.join("truth.csv"), |file| {
        writeln!(file, "side,account,label")?;
        for (side, account, label) in world.truth() {
            writeln!(file, "{},{account},{}", side.name(), u8::from(label))?;
        }
        Ok(())
    })?;
    let settings = whole::stage(&out.join("world.toml"), |file| file.write_all(text.as_bytes()))?;
    for staged in [transfers, truth, settings] {
        staged.publish()?;
    }
    let (payers, payees) = world.accounts();
    let (buyers, facilitator_accounts) = world.labelled();
    Ok(PaymentsGenerateView {
        schema: "tutela.payments_generate.v1",
        seed: request.seed,
        variant: request.variant.name(),
        transfers: of,
        payers: payers as u64,
        payees: payees as u64,
        buyers: buyers as u64,
        facilitator_accounts: facilitator_accounts as u64,
        files: ["transfers.csv", "truth.csv", "world.toml"].map(str::to_owned).to_vec(),
        elapsed_ms: begun.elapsed().as_millis() as u64,
    })
}
