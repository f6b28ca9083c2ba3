//! Made-up things to store.

use std::collections::BTreeMap;

use tutela_core::{
    CaptureData, Category, Claim, Digests, Exhibit, ExhibitId, Failure, Finding, FindingId, Grade,
    KnownGoodMark, ListEntry, ListId, ListMatch, ListRole, ManifestFacts, Md5, Method, Note,
    OpaqueSignal, OperatorId, Orientation, Origin, Outcome, Part, Pdq, PdqVariant, Place,
    Provenance, ScanId, SealedText, Sha1, Sha256, Signal, SignatureCheck, Timestamp,
};
use tutela_ledger::{Act, Payload};
use tutela_store::{LedgerDraft, NewList, NewScan, Operator, Store};
use uuid::Uuid;

pub(crate) fn id(kind: u16, n: u64) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 64) | u128::from(n))
}

pub(crate) fn operator_id() -> OperatorId {
    OperatorId(id(1, 1))
}

pub(crate) fn scan_id(n: u64) -> ScanId {
    ScanId(id(2, n))
}

pub(crate) fn exhibit_id(n: u64) -> ExhibitId {
    ExhibitId(id(3, n))
}

pub(crate) fn finding_id(n: u64) -> FindingId {
    FindingId(id(4, n))
}

pub(crate) fn list_id(n: u64) -> ListId {
    ListId(id(5, n))
}

/// A time some microseconds after a fixed moment.
pub(crate) fn time(n: i64) -> Timestamp {
    Timestamp::from_microsecond(1_772_366_400_000_000 + n).unwrap()
}

pub(crate) fn draft(act: Act) -> LedgerDraft {
    LedgerDraft::new(time(0), operator_id(), act)
}

pub(crate) fn payload(n: u8) -> Option<Payload> {
    Some(Payload { salt: [n; 32], text: format!("words beside entry {n}, with an invented name") })
}

/// A store with one operator.
pub(crate) async fn with_operator(store: &Store) {
    let operator = Operator { id: operator_id(), name: "Jo Example".to_owned(), added_at: time(0) };
    store.add_operator(&operator, vec![]).await.unwrap();
}

pub(crate) fn new_scan(n: u64) -> NewScan {
    NewScan {
        id: scan_id(n),
        started_at: time(n as i64),
        operator: operator_id(),
        case: None,
        roots: vec!["/media/disk \"one\"".to_owned(), "relative".to_owned()],
        parameters_json: r#"{"distance":31}"#.to_owned(),
        parameters_sha256: Sha256([7; 32]),
        tool: "tutela 0.1.0".to_owned(),
        protection: "full".to_owned(),
    }
}

/// A store with one operator and one running scan.
pub(crate) async fn with_scan(store: &Store) -> ScanId {
    with_operator(store).await;
    store.start_scan(&new_scan(1), vec![]).await.unwrap();
    scan_id(1)
}

/// An exhibit with little in it.
pub(crate) fn exhibit(n: u64) -> Exhibit {
    Exhibit {
        id: exhibit_id(n),
        path: format!("/media/disk/{n}.jpg"),
        source_key: format!("/media/disk/{n}.jpg\n{n}"),
        size_bytes: n,
        modified_at: None,
        digests: Some(digests(n)),
        mime: "image/jpeg".to_owned(),
        width: None,
        height: None,
        signals: vec![],
        capture: CaptureData::default(),
        outcome: Outcome::New,
        known_good: vec![],
        failure: None,
        frames: None,
        duration_ms: None,
        provenance: vec![],
        notes: vec![],
    }
}

fn digests(n: u64) -> Digests {
    let mut bytes = [0x5A; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    Digests {
        md5: Md5(bytes[..16].try_into().unwrap()),
        sha1: Sha1(bytes[..20].try_into().unwrap()),
        sha256: Sha256(bytes),
    }
}

/// An exhibit with something in every field.
pub(crate) fn full_exhibit(n: u64) -> Exhibit {
    Exhibit {
        modified_at: Some("2026-02-28T23:59:59.123456789Z".parse().unwrap()),
        width: Some(4032),
        height: Some(3024),
        signals: vec![signal("reference", Some(100)), signal("full", None)],
        capture: CaptureData {
            make: Some("Example".to_owned()),
            model: Some("One \"Plus\"".to_owned()),
            serial: Some("0\0 123".to_owned()),
            lens_serial: None,
            taken_at: Some("2026-02-28T23:59:59".to_owned()),
            software: Some(String::new()),
            place: Place::new(-45_123_456, 179_999_999),
        },
        outcome: Outcome::Near,
        known_good: vec![
            KnownGoodMark { list: "software".to_owned(), row: 3 },
            KnownGoodMark { list: "software".to_owned(), row: 4 },
        ],
        failure: Some(Failure {
            code: "decode.truncated".to_owned(),
            message: "It ends early.".to_owned(),
        }),
        frames: Some(12),
        duration_ms: Some(61_500),
        provenance: vec![
            Provenance {
                value: "Example\0Maker".to_owned(),
                text: Some(SealedText { size_bytes: 7, sha256: Sha256([7; 32]), cut: true }),
                ..Provenance::new("png_text", "parameters", Origin::Generated)
            },
            Provenance {
                value: "Example Camera".to_owned(),
                grade: Grade::V2,
                manifest: Some(Box::new(ManifestFacts {
                    manifests: 2,
                    ingredients: 1,
                    actions: vec!["c2pa.created".to_owned()],
                    signature_box: true,
                    check: Some(SignatureCheck {
                        integrity: true,
                        signature: true,
                        binding: true,
                        trusted: false,
                        signer: Some("Example Works".to_owned()),
                        signed_at: None,
                        codes: vec!["signingCredential.untrusted".to_owned()],
                    }),
                })),
                ..Provenance::new("c2pa", "claim_generator", Origin::Ambiguous)
            },
        ],
        notes: vec![Note {
            code: "archive.ewf_digest_holds".to_owned(),
            message: "It holds.".to_owned(),
        }],
        ..exhibit(n)
    }
}

fn signal(variant: &str, quality: Option<u8>) -> Signal {
    Signal {
        kind: "pdq".to_owned(),
        variant: variant.to_owned(),
        orientation: "original".to_owned(),
        value: "f0".repeat(32),
        quality,
    }
}

/// A finding about an exhibit.
pub(crate) fn finding(n: u64, exhibit: u64, method: Method) -> Finding {
    Finding {
        id: finding_id(n),
        exhibit: exhibit_id(exhibit),
        rule: "media.near",
        rule_version: 2,
        parameters: BTreeMap::from([("distance", "31".to_owned())]),
        inputs: vec![Sha256([1; 32]), Sha256([2; 32])],
        claim: Claim::Listed(ListMatch {
            list: "partner".to_owned(),
            list_sha256: Sha256([9; 32]),
            row: 17,
            key: Some("key-17".to_owned()),
            category: Some(Category { scheme: "projectvic:us".to_owned(), code: "1".to_owned() }),
            method,
            part: if n.is_multiple_of(2) {
                Part::Frame { number: 3, at_ms: 1_500 }
            } else {
                Part::Whole
            },
        }),
    }
}

pub(crate) fn near(distance: u16) -> Method {
    Method::Pdq { variant: PdqVariant::Full, orientation: Orientation::FlipMinus1, distance }
}

pub(crate) fn new_list(n: u64) -> NewList {
    NewList {
        id: list_id(n),
        bank: "partners".to_owned(),
        title: format!("List {n}"),
        source: Some("hotline.example.org".to_owned()),
        dated: Some(time(1)),
        scheme: None,
        format: "vics".to_owned(),
        role: ListRole::Alert,
        file_sha256: Sha256([3; 32]),
        imported_at: time(2),
        operator: operator_id(),
    }
}

pub(crate) fn entry(n: u64) -> ListEntry {
    ListEntry { row: n + 1, md5: Some(digests(n).md5), ..ListEntry::default() }
}

/// An entry with something in every field.
pub(crate) fn full_entry(n: u64) -> ListEntry {
    ListEntry {
        row: n + 1,
        key: Some("k".to_owned()),
        md5: Some(digests(n).md5),
        sha1: Some(digests(n).sha1),
        sha256: Some(digests(n).sha256),
        pdq: Some(Pdq([0xA5; 32])),
        other: vec![OpaqueSignal { kind: "photodna".to_owned(), value: "AAAA".to_owned() }],
        category: Some(Category { scheme: Category::UNSTATED.to_owned(), code: "2".to_owned() }),
        size_bytes: Some(i64::MAX as u64),
        withdrawn: true,
        label: Some("a\0b\u{FDD0}".to_owned()),
    }
}
