//! The other opinion: what `c2pa` says of the manifest in one file, as one line of JSON.
//!
//! `peer-c2pa FILE [PEM]` trusts whom the list names, anchors and signers alike; nobody without one.
#![forbid(unsafe_code)]

use std::fs;

use c2pa::validation_results::ValidationResults;
use c2pa::{Context, Reader};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("peer-c2pa FILE [PEM]")?;
    let trust = arguments.next().map(fs::read_to_string).transpose()?;
    let mut settings = json!({
        "core": { "decode_identity_assertions": false },
        "verify": { "remote_manifest_fetch": false, "ocsp_fetch": false },
    });
    if let Some(trust) = trust {
        settings["trust"] = json!({ "trust_anchors": trust, "allowed_list": trust });
    }
    let mut line = said(&file, settings.clone())?;
    settings["core"]["decode_identity_assertions"] = json!(true);
    line["with_identity"] = said(&file, settings)?["state"].take();
    println!("{line}");
    Ok(())
}

/// Its word, by these settings.
fn said(file: &str, settings: Value) -> c2pa::Result<Value> {
    let context = Context::new().with_settings(settings)?;
    Ok(match Reader::from_context(context).with_file(file) {
        Ok(reader) => json!({
            "state": format!("{:?}", reader.validation_state()),
            "codes": codes(reader.validation_results()),
            "chain": reader
                .active_manifest()
                .and_then(|manifest| manifest.signature_info())
                .map(|info| info.cert_chain().to_owned()),
        }),
        Err(error) => json!({ "error": error.to_string() }),
    })
}

/// What did not hold in the active manifest.
fn codes(results: Option<&ValidationResults>) -> Value {
    let Some(active) = results.and_then(ValidationResults::active_manifest) else {
        return json!([]);
    };
    let mut codes: Vec<_> =
        active.failure().iter().map(|status| status.code().to_owned()).collect();
    codes.sort();
    codes.dedup();
    json!(codes)
}
