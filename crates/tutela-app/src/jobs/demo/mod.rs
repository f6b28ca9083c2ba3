//! The demo: generated material goes through the real pipeline, and the table says what became of it.

mod exif;
mod furnish;
mod material;
mod pictures;
mod statements;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tutela_core::Outcome;

pub use self::furnish::{BANK, Desk, furnish};
use self::material::{Material, Planted};
use super::scan::{self, ScanRequest};
use crate::AppError;
use crate::cases;
use crate::intake::walk::path_text;
use crate::outbound::scan_report::{RenderReport, ScanResult, write};
use crate::progress::Progress;
use crate::views::{DemoRowView, DemoView};
use crate::workspace::{Env, Workspace};

/// A file that marks a folder as the demo's own: only such a folder is ever replaced.
const MARK: &str = "this-is-a-tutela-demo";

/// Who works in the demo's workspace.
pub const OPERATOR: &str = "Demo Operator";

/// Where the demo works unless told otherwise: a folder of this user's, replaced each time.
pub fn default_dir() -> PathBuf {
    std::env::temp_dir().join(format!("tutela-demo-{}", rustix::process::getuid().as_raw()))
}

/// Makes a throw-away workspace in `dir`, sends the sample material through a scan, writes the report.
///
/// # Errors
/// The folder holds something else, or cannot be written.
pub fn run(
    dir: &Path,
    env: Env,
    progress: &dyn Progress,
    render: RenderReport<'_>,
) -> Result<DemoView, AppError> {
    clear(dir)?;
    let material = material::make(dir)?;
    let workspace = Workspace::init(&workspace_of(dir), OPERATOR, env)?;
    let case = cases::open(&workspace, "Demo: one device, two lists")?;
    let request = ScanRequest {
        roots: vec![material.device.clone()],
        lists: vec![material.list.clone()],
        known_good: vec![material.known_good.clone()],
        banks: true,
        case: Some(case.id),
        resume: false,
        distance: workspace.settings().media.distance,
        threads: workspace.settings().media.thread_count(),
        thumbnails: None,
        first_look: false,
        budget: None,
        interrupt: Arc::default(),
    };
    let result = scan::run(&workspace, &request, progress)?;
    let out = dir.join("report");
    write(&workspace, &result, &out, render)?;
    Ok(view(dir, &out, &material, result))
}

fn workspace_of(dir: &Path) -> PathBuf {
    dir.join("workspace")
}

/// Empties the demo's own folder; anybody else's is left alone.
fn clear(dir: &Path) -> Result<(), AppError> {
    let occupied = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !dir.join(MARK).exists() {
        return Err(AppError::Occupied { dir: dir.to_owned() });
    }
    if occupied {
        fs::remove_dir_all(dir).map_err(AppError::file("empty", dir))?;
    }
    fs::create_dir_all(dir).map_err(AppError::file("create", dir))?;
    fs::write(dir.join(MARK), "Made by `tutela demo`, which replaces it.\n")
        .map_err(AppError::file("write", dir))
}

fn view(dir: &Path, out: &Path, material: &Material, result: ScanResult) -> DemoView {
    let outcome_of = |planted: &Planted| {
        let path = format!("{}/{}", path_text(&material.device), planted.path);
        let item = result.items.iter().find(|item| item.path == path);
        match item {
            Some(item) if item.provenance_grade != planted.grade.as_str() => "another grade",
            Some(item) => item.outcome.as_str(),
            None => "missing",
        }
        .to_owned()
    };
    let mut rows: Vec<DemoRowView> = Vec::new();
    for planted in &material.planted {
        let hit = outcome_of(planted) == planted.expected.as_str();
        let row = match rows.iter().position(|row| row.what == planted.what) {
            Some(row) => row,
            None => {
                rows.push(DemoRowView {
                    what: planted.what.to_owned(),
                    planted: 0,
                    expected: planted.expected.as_str().to_owned(),
                    as_expected: 0,
                });
                rows.len() - 1
            }
        };
        rows[row].planted += 1;
        rows[row].as_expected += u64::from(hit);
    }
    rows.sort_by_key(|row| {
        Outcome::ALL.iter().position(|outcome| outcome.as_str() == row.expected)
    });
    DemoView {
        schema: DemoView::SCHEMA,
        dir: path_text(dir),
        report: path_text(&out.join("report.html")),
        all_as_expected: rows.iter().all(|row| row.planted == row.as_expected),
        rows,
        summary: result.report,
    }
}
