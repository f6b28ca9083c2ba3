//! `payments indicators`.

use std::process::ExitCode;

use anyhow::Result;
use tutela_app::views::IndicatorsView;

use crate::cli::{Global, Payments};
use crate::output;

pub(super) fn run(global: &Global, verb: &Payments) -> Result<ExitCode> {
    match verb {
        Payments::Indicators => {
            let view = IndicatorsView::registered();
            if global.json {
                output::document(&view)?;
            } else {
                for indicator in view.indicators {
                    output::text(format_args!(
                        "{} ({})\n  {}\n  Not proof: {}\n  Source: {}",
                        indicator.title,
                        indicator.id,
                        indicator.why,
                        indicator.not_proof,
                        indicator.source
                    ))?;
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
