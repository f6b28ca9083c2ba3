//! What the console shows of the demo: somebody who may sign in, and a bank with the signals of its list.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tutela_core::BankTerms;

use super::{OPERATOR, material, workspace_of};
use crate::AppError;
use crate::cases::passwords;
use crate::intake::lists::ListStatement;
use crate::jobs::fill;
use crate::service::Service;
use crate::workspace::{self, Env, Workspace};

/// The bank that is filled from the demo's list.
pub const BANK: &str = "DEMO_LIST";
/// Random bytes of the password: it cannot be guessed, and 20 letters can be typed.
const PASSWORD_BYTES: usize = 15;

/// The demo's workspace, ready to be served.
pub struct Desk {
    /// The workspace.
    pub workspace: Workspace,
    /// The password of [`OPERATOR`]; kept nowhere in clear.
    pub password: String,
    /// Contents of [`BANK`].
    pub contents: u64,
    /// The folder that plays a device.
    pub device: PathBuf,
}

/// Lets the demo's operator sign in, and fills a bank from the demo's list. The demo has run in `dir`.
///
/// # Errors
/// The workspace or the list of the demo is not there, the store does not answer.
pub fn furnish(dir: &Path, env: Env, threads: usize) -> Result<Desk, AppError> {
    let workspace = Workspace::open_with(&workspace_of(dir), env, threads)?;
    let password = URL_SAFE_NO_PAD.encode(&workspace::random()?[..PASSWORD_BYTES]);
    passwords::set(&workspace, OPERATOR, &password)?;
    let service = Service::curating(&workspace);
    workspace.block_on(service.refresh())?;
    let terms = BankTerms {
        note: Some("Generated landscapes of the demo".to_owned()),
        ..BankTerms::named(BANK)
    };
    workspace.block_on(service.create_bank(workspace.operator(), &terms))?;
    let list = material::list_of(dir);
    let filled = fill::fill(&workspace, BANK, &list, &ListStatement::default(), &|_, _| {})?;
    Ok(Desk { workspace, password, contents: filled.added, device: material::device_of(dir) })
}
