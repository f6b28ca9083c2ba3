//! C2PA manifests: what they claim. Whether a signature holds is not decided here.
//!
//! A small part of the standard, so that an untrusted file meets little code: who made the claim,
//! its actions, how many ingredients, and whether there is a signature to be checked.

use tutela_core::{Grade, ManifestFacts, Origin, Provenance};

use super::cbor::{self, Item};
use super::jumbf::{self, Superbox};
use super::limits::{MAX_ACTIONS, MAX_MANIFESTS, MAX_STATEMENTS};
use super::source_types::{bare, source_type};
use super::{Example, ProvenanceSource, label};

pub(super) const MANIFEST: ProvenanceSource = ProvenanceSource {
    id: "c2pa",
    title: "C2PA manifest",
    meaning: "The newest manifest of the file: the program that claims, and the digital source types of its actions.",
    source: "C2PA technical specification 2.2, sections 8 to 11 and appendix A",
    examples: &[Example {
        file: include_bytes!("examples/c2pa.png"),
        says: &[
            ("claim_generator", "Example Maker 1.0", Origin::Ambiguous),
            (
                "actions[c2pa.created].digitalSourceType",
                "trainedAlgorithmicMedia",
                Origin::Generated,
            ),
        ],
    }],
};

pub(super) const INGREDIENT: ProvenanceSource = ProvenanceSource {
    id: Provenance::INGREDIENT,
    title: "C2PA manifest of an ingredient",
    meaning: "Older manifests of the file: what is claimed of the content it was made from, not of itself.",
    source: "C2PA technical specification 2.2, section 8.3 and 10.3",
    examples: &[Example {
        file: include_bytes!("examples/c2pa_ingredient.png"),
        says: &[("actions[c2pa.created].digitalSourceType", "digitalCapture", Origin::Captured)],
    }],
};

/// Statements of a manifest store, the newest manifest first.
pub(super) fn read(store: &[u8], statements: &mut Vec<Provenance>) {
    let store = jumbf::read(store).filter(|store| &store.kind == b"c2pa");
    let manifests = store.map(|store| store.boxes).unwrap_or_default();
    let number = u32::try_from(manifests.len()).unwrap_or(u32::MAX);
    let Some((active, older)) = manifests.split_last() else {
        statements.push(unread("manifest store that cannot be read", ManifestFacts::default()));
        return;
    };
    read_active(active, number, statements);
    for manifest in older.iter().rev().take(MAX_MANIFESTS) {
        let actions = actions(manifest);
        let said = actions.iter().filter_map(|action| source_type_of(INGREDIENT.id, action));
        add(said, statements);
    }
}

fn read_active(manifest: &Superbox<'_>, number: u32, statements: &mut Vec<Provenance>) {
    let mut facts = ManifestFacts { manifests: number, ..facts(manifest) };
    let claim = manifest.labelled("c2pa.claim").and_then(Superbox::cbor).and_then(cbor::read);
    let actions = actions(manifest);
    facts.actions = actions.iter().filter_map(|action| label(action.name)).collect();
    facts.actions.dedup();
    facts.actions.truncate(MAX_ACTIONS);
    let Some(claim) = claim else {
        let why = match &manifest.kind {
            b"c2cm" => "compressed manifest, not read",
            _ => "manifest without a claim that can be read",
        };
        statements.push(unread(why, facts));
        return;
    };
    statements.push(Provenance {
        value: generator(&claim).unwrap_or_else(|| "a program that is not named".to_owned()),
        manifest: Some(Box::new(facts)),
        ..Provenance::new(MANIFEST.id, "claim_generator", Origin::Ambiguous)
    });
    add(actions.iter().filter_map(|action| source_type_of(MANIFEST.id, action)), statements);
}

fn unread(why: &str, facts: ManifestFacts) -> Provenance {
    Provenance {
        value: why.to_owned(),
        manifest: Some(Box::new(facts)),
        ..Provenance::new(MANIFEST.id, "manifest", Origin::Ambiguous)
    }
}

/// Adds statements that are not there yet, up to the limit.
fn add(said: impl Iterator<Item = Provenance>, statements: &mut Vec<Provenance>) {
    for statement in said {
        if statements.len() < MAX_STATEMENTS && !statements.contains(&statement) {
            statements.push(statement);
        }
    }
}

fn facts(manifest: &Superbox<'_>) -> ManifestFacts {
    let assertions = manifest.labelled("c2pa.assertions").map_or(&[][..], |a| &a.boxes);
    let ingredients = assertions.iter().filter(|a| a.label.starts_with("c2pa.ingredient")).count();
    ManifestFacts {
        ingredients: u32::try_from(ingredients).unwrap_or(u32::MAX),
        signature_box: manifest.labelled("c2pa.signature").is_some_and(|s| s.cbor().is_some()),
        ..ManifestFacts::default()
    }
}

/// The program that made the claim: name and version, else the free text of older claims.
fn generator(claim: &Item<'_>) -> Option<String> {
    let info = claim.get("claim_generator_info").and_then(|info| info.each().first());
    let named = info.and_then(|info| {
        let name = info.get("name")?.text()?;
        let version = info.get("version").and_then(Item::text).unwrap_or_default();
        label(&format!("{name} {version}"))
    });
    named.or_else(|| label(claim.get("claim_generator")?.text()?))
}

/// One action of a manifest.
struct Action<'a> {
    name: &'a str,
    source_type: Option<&'a str>,
}

fn actions<'a>(manifest: &Superbox<'a>) -> Vec<Action<'a>> {
    let assertions = manifest.labelled("c2pa.assertions").map_or(&[][..], |a| &a.boxes);
    let lists = assertions.iter().filter(|assertion| assertion.label.starts_with("c2pa.actions"));
    let mut actions = Vec::new();
    for list in lists.filter_map(|list| cbor::read(list.cbor()?)) {
        for action in list.get("actions").map_or(&[][..], Item::each) {
            let text = |name| action.get(name).and_then(Item::text);
            let source_type = text("digitalSourceType");
            actions.push(Action { name: text("action").unwrap_or("unnamed"), source_type });
        }
    }
    actions
}

fn source_type_of(source: &'static str, action: &Action<'_>) -> Option<Provenance> {
    let written = action.source_type?;
    let origin = source_type(written).map_or(Origin::Ambiguous, |known| known.origin);
    let name = label(action.name)?;
    let field = format!("actions[{name}].digitalSourceType");
    Some(Provenance {
        value: label(bare(written))?,
        grade: Grade::V1,
        ..Provenance::new(source, field, origin)
    })
}
