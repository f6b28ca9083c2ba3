//! Statements that contradict each other.

use tutela_core::{CaptureData, Grade, Origin, Provenance};

use super::source_types::source_type;
use super::{c2pa, xmp};

/// Version of the rule: raised whenever the same statements could give another answer.
pub const CONFLICT_VERSION: u32 = 1;

/// Id of the statement that [`conflict`] makes.
pub const CONFLICT: &str = "conflict";

/// Says so where one statement leaves no room for a camera and another one, or the maker of a
/// camera in the EXIF block, speaks of one. For people to look at: settings that a generator left
/// in a photograph it was given are a conflict, too.
///
/// Not a conflict: the actions of one manifest, which tell a history; ingredients; a composite.
pub fn conflict(statements: &[Provenance], capture: &CaptureData) -> Option<Provenance> {
    let generated = statements.iter().find(|said| excludes_capture(said))?;
    let captured = statements.iter().find(|said| {
        said.origin == Origin::Captured && said.source != generated.source && !said.of_ingredient()
    });
    let captured = match captured {
        Some(said) => format!("{}: {}", said.source, said.field),
        None if capture.make.is_some() => "exif: Make".to_owned(),
        None => return None,
    };
    Some(Provenance {
        value: "a statement of generation beside one of capture".to_owned(),
        grade: Grade::X,
        ..Provenance::new(
            CONFLICT,
            format!("{}: {} / {captured}", generated.source, generated.field),
            Origin::Ambiguous,
        )
    })
}

fn excludes_capture(said: &Provenance) -> bool {
    if said.origin != Origin::Generated || said.of_ingredient() {
        return false;
    }
    let is_term = said.source == c2pa::MANIFEST.id || said.field == xmp::DIGITAL_SOURCE_TYPE;
    // What is no term is the name or the settings of a generator.
    !is_term || source_type(&said.value).is_some_and(|term| term.excludes_capture)
}
