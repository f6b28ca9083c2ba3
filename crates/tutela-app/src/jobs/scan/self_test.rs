//! What a scan proves before it begins: canaries are found, the decoder decodes right, its fences hold.

use std::os::fd::AsFd;

use tutela_core::{PdqVariant, Protection};

use crate::AppError;
use crate::engines::media::{ListSet, SelfTest};
use crate::evidence::decoder::{Decoder, DecoderConfig, MediaRequest};
use crate::evidence::sealing::memory_file;
use crate::sentences::{
    CHART_DECODES, FILM_OPEN_REFUSED, FILM_PROCESS_REFUSED, FILM_SOCKET_REFUSED, MEMORY_CAPPED,
    NO_SIGNAL, NOT_REFUSED, OPEN_REFUSED, REFUSED, SOCKET_FATAL, Said,
};

/// A generated test chart, and the signal that every published implementation gives for it.
const CHART: &[u8] = include_bytes!("../../../assets/chart.png");
const CHART_PDQ: &str = include_str!("../../../assets/chart.pdq");

/// Runs every check. A check that fails ends the scan before it begins.
///
/// # Errors
/// A canary was not found, the decoder errs or cannot be started, a fence does not hold.
pub(super) fn run(
    lists: &ListSet,
    radius: u16,
    config: &DecoderConfig,
) -> Result<(SelfTest, Protection), AppError> {
    let mut test = lists.self_test(radius);
    let mut decoder = Decoder::new(config.clone());
    let protection = decoder.protection()?;
    chart(&mut decoder, &mut test)?;
    // Fences that the kernel does not offer are reported, not failed: the level says so.
    if protection.level() == "full" {
        let fences = decoder.fence_test()?;
        let mut held = vec![
            (&OPEN_REFUSED, fences.open_refused),
            (&MEMORY_CAPPED, fences.memory_capped),
            (&SOCKET_FATAL, fences.socket_fatal),
        ];
        if let Some(fences) = decoder.film_fence_test() {
            held.push((&FILM_OPEN_REFUSED, fences.open_refused));
            held.push((&FILM_SOCKET_REFUSED, fences.socket_refused));
            held.push((&FILM_PROCESS_REFUSED, fences.process_refused));
        }
        for (name, held) in held {
            let detail = if held { &REFUSED } else { &NOT_REFUSED };
            test.push(name.say([]), held, detail.say([]));
        }
    }
    if test.passed() { Ok((test, protection)) } else { Err(AppError::SelfTest(test.failures())) }
}

/// The test chart goes the way of every picture.
fn chart(decoder: &mut Decoder, test: &mut SelfTest) -> Result<(), AppError> {
    let file = memory_file(CHART).map_err(AppError::memory)?;
    let request = MediaRequest::signals_only(vec![PdqVariant::Reference]);
    let facts = decoder.media(file.as_fd(), CHART.len() as u64, &request)?;
    let value = facts.signals.first().map(|signals| signals.values[0].to_string());
    let right = value.as_deref() == Some(CHART_PDQ.trim());
    let detail = value.map_or_else(|| NO_SIGNAL.say([]), Said::verbatim);
    test.push(CHART_DECODES.say([]), right, detail);
    Ok(())
}
