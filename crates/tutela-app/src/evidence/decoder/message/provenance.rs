//! Messages about what a file says of its own making, one a statement.

use serde::{Deserialize, Serialize};
use tutela_core::{Grade, ManifestFacts, Origin, Provenance, SealedText};
use tutela_match::provenance::{
    MAX_ACTIONS, MAX_FIELD_CHARS, MAX_LABEL_CHARS, MAX_TEXT_BYTES, MAX_URL_CHARS, SOURCES,
};

use super::{Distrust, is_label};

/// One statement, unchecked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ProvenanceSay {
    source: String,
    field: String,
    value: String,
    origin: String,
    /// Names a place elsewhere and says nothing of the content.
    elsewhere: bool,
    text: Option<TextSay>,
    manifest: Option<ManifestSay>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextSay {
    size_bytes: u64,
    sha256: String,
    cut: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestSay {
    manifests: u32,
    ingredients: u32,
    actions: Vec<String>,
    signature_box: bool,
}

impl ProvenanceSay {
    pub(in super::super) fn new(said: Provenance) -> Self {
        let manifest = said.manifest.map(|manifest| ManifestSay {
            manifests: manifest.manifests,
            ingredients: manifest.ingredients,
            actions: manifest.actions,
            signature_box: manifest.signature_box,
        });
        let text = said.text.map(|text| TextSay {
            size_bytes: text.size_bytes,
            sha256: text.sha256.to_string(),
            cut: text.cut,
        });
        Self {
            source: said.source,
            field: said.field,
            value: said.value,
            origin: said.origin.as_str().to_owned(),
            elsewhere: said.grade == Grade::V0,
            text,
            manifest,
        }
    }

    /// The statement, where all of it has the form it must have. Its grade is this side's to give:
    /// what a worker read, nobody has checked.
    pub(in super::super) fn checked(self) -> Result<Provenance, Distrust> {
        let known = SOURCES.iter().any(|source| source.id == self.source);
        let origin = Origin::ALL.into_iter().find(|origin| origin.as_str() == self.origin);
        let max_chars = if self.elsewhere { MAX_URL_CHARS } else { MAX_LABEL_CHARS };
        if !known || !is_label(&self.field, MAX_FIELD_CHARS) || !is_label(&self.value, max_chars) {
            return Err("statement");
        }
        Ok(Provenance {
            source: self.source,
            field: self.field,
            value: self.value,
            origin: origin.ok_or("origin")?,
            grade: if self.elsewhere { Grade::V0 } else { Grade::V1 },
            text: self.text.map(TextSay::checked).transpose()?,
            manifest: self.manifest.map(ManifestSay::checked).transpose()?.map(Box::new),
        })
    }
}

impl TextSay {
    fn checked(self) -> Result<SealedText, Distrust> {
        let Self { size_bytes, sha256, cut } = self;
        if size_bytes > MAX_TEXT_BYTES as u64 {
            return Err("size of a text");
        }
        let sha256 = sha256.parse().map_err(|_| "digest of a text")?;
        Ok(SealedText { size_bytes, sha256, cut })
    }
}

impl ManifestSay {
    fn checked(self) -> Result<ManifestFacts, Distrust> {
        let Self { manifests, ingredients, actions, signature_box } = self;
        let is_action = |action: &String| is_label(action, MAX_LABEL_CHARS);
        if actions.len() > MAX_ACTIONS || !actions.iter().all(is_action) {
            return Err("actions");
        }
        Ok(ManifestFacts { manifests, ingredients, actions, signature_box, check: None })
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::{Grade, ManifestFacts, Origin, Provenance, SealedText, Sha256};

    use super::ProvenanceSay;

    fn statement() -> Provenance {
        Provenance {
            value: "Example Maker".to_owned(),
            text: Some(SealedText { size_bytes: 7, sha256: Sha256([7; 32]), cut: false }),
            manifest: Some(Box::new(ManifestFacts {
                manifests: 1,
                ingredients: 2,
                actions: vec!["c2pa.created".to_owned()],
                signature_box: true,
                check: None,
            })),
            ..Provenance::new("c2pa", "claim_generator", Origin::Generated)
        }
    }

    #[test]
    fn an_honest_statement_comes_through() {
        for grade in [Grade::V0, Grade::V1] {
            let said = Provenance { grade, ..statement() };
            assert_eq!(ProvenanceSay::new(said.clone()).checked(), Ok(said));
        }
        let lying = Provenance { grade: Grade::V3, ..statement() };
        assert_eq!(ProvenanceSay::new(lying).checked().unwrap().grade, Grade::V1);
    }

    #[test]
    fn what_no_honest_worker_says_is_refused() {
        let long = "x".repeat(2000);
        let spoilt: [fn(&mut ProvenanceSay, &str); 7] = [
            |said, _| "conflict".clone_into(&mut said.source),
            |said, _| "a\nb".clone_into(&mut said.field),
            |said, long| long.clone_into(&mut said.value),
            |said, _| "authentic".clone_into(&mut said.origin),
            |said, _| said.text.iter_mut().for_each(|text| text.size_bytes = 1 << 40),
            |said, _| said.text.iter_mut().for_each(|text| text.sha256.clear()),
            |said, _| said.manifest.iter_mut().for_each(|m| m.actions = vec![String::new(); 999]),
        ];
        for spoil in spoilt {
            let mut said = ProvenanceSay::new(statement());
            spoil(&mut said, &long);
            assert!(said.checked().is_err());
        }
    }
}
