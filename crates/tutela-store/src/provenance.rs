//! Statements about the making of a file, as the JSON of one column.

use serde_json::{Map, Value, json};
use tutela_core::{Grade, ManifestFacts, Origin, Provenance, SealedText, SignatureCheck};

use crate::rows::each;

/// Nothing where the file said nothing, as most do.
pub(crate) fn provenance_json(statements: &[Provenance]) -> Option<String> {
    (!statements.is_empty())
        .then(|| statements.iter().map(statement).collect::<Value>().to_string())
}

fn statement(said: &Provenance) -> Value {
    let Provenance { source, field, value, origin, grade, text, manifest } = said;
    let mut fields = Map::from_iter([
        ("source".to_owned(), json!(source)),
        ("field".to_owned(), json!(field)),
        ("value".to_owned(), json!(value)),
        ("origin".to_owned(), json!(origin.as_str())),
        ("grade".to_owned(), json!(grade.as_str())),
    ]);
    if let Some(SealedText { size_bytes, sha256, cut }) = text {
        let text = json!({"size_bytes": size_bytes, "sha256": sha256.to_string(), "cut": cut});
        fields.insert("text".to_owned(), text);
    }
    if let Some(manifest) = manifest {
        fields.insert("manifest".to_owned(), facts(manifest));
    }
    fields.into()
}

fn facts(manifest: &ManifestFacts) -> Value {
    let ManifestFacts { manifests, ingredients, actions, signature_box, check } = manifest;
    json!({
        "manifests": manifests, "ingredients": ingredients, "actions": actions,
        "signature_box": signature_box, "check": check.as_ref().map(checked),
    })
}

fn checked(check: &SignatureCheck) -> Value {
    let SignatureCheck { integrity, signature, binding, trusted, signer, signed_at, codes } = check;
    json!({
        "integrity": integrity, "signature": signature, "binding": binding, "trusted": trusted,
        "signer": signer, "signed_at": signed_at, "codes": codes,
    })
}

pub(crate) fn provenance_from(value: &Value) -> Option<Provenance> {
    let name = |key| value.get(key)?.as_str();
    let manifest = match value.get("manifest") {
        Some(manifest) => Some(Box::new(facts_from(manifest)?)),
        None => None,
    };
    Some(Provenance {
        source: name("source")?.to_owned(),
        field: name("field")?.to_owned(),
        value: name("value")?.to_owned(),
        origin: Origin::ALL.into_iter().find(|o| Some(o.as_str()) == name("origin"))?,
        grade: Grade::ALL.into_iter().find(|g| Some(g.as_str()) == name("grade"))?,
        text: match value.get("text") {
            Some(text) => Some(text_from(text)?),
            None => None,
        },
        manifest,
    })
}

fn text_from(value: &Value) -> Option<SealedText> {
    Some(SealedText {
        size_bytes: value.get("size_bytes")?.as_u64()?,
        sha256: value.get("sha256")?.as_str()?.parse().ok()?,
        cut: value.get("cut")?.as_bool()?,
    })
}

fn facts_from(value: &Value) -> Option<ManifestFacts> {
    let count = |key| u32::try_from(value.get(key)?.as_u64()?).ok();
    Some(ManifestFacts {
        manifests: count("manifests")?,
        ingredients: count("ingredients")?,
        actions: texts(value.get("actions")?)?,
        signature_box: value.get("signature_box")?.as_bool()?,
        check: match value.get("check")? {
            Value::Null => None,
            check => Some(check_from(check)?),
        },
    })
}

fn check_from(value: &Value) -> Option<SignatureCheck> {
    let holds = |key| value.get(key)?.as_bool();
    let text = |key| value.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(SignatureCheck {
        integrity: holds("integrity")?,
        signature: holds("signature")?,
        binding: holds("binding")?,
        trusted: holds("trusted")?,
        signer: text("signer"),
        signed_at: text("signed_at"),
        codes: texts(value.get("codes")?)?,
    })
}

fn texts(value: &Value) -> Option<Vec<String>> {
    each(value, |text| text.as_str().map(str::to_owned))
}
