//! The lines of the ledger: one spelling for one entry, and no way in for a name or a path.

use tutela_core::{CaseId, FindingId, ListId, ScanId, Sha256, Timestamp};
use tutela_ledger::{ACTS, Draft, Entry, LedgerError, Payload, Reference, Tool, acts};

use crate::{exhibit, operator};

const ACTOR: &str = "00000000-0000-7000-8000-000000000001";

/// The shortest line that there can be.
const SHORT: &str = r#"{"act":"scan.started","actor":"00000000-0000-7000-8000-000000000001","inputs":[],"outputs":[],"seq":0,"time":"2026-03-01T12:00:00.000000Z","tool":"tutela 0.1.0","v":1}"#;

/// A line with every key, made by hand. Its commit is SHA-256 of 32 zero bytes and `example`.
const FULL: &str = concat!(
    r#"{"act":"finding.raised","actor":"00000000-0000-7000-8000-000000000001","#,
    r#""case":"00000000-0000-7000-8000-000000000002","#,
    r#""commit":"9ee7ce7572164bb46dca8af350330098a6c5357a23a682c660993af5410dde6b","#,
    r#""exhibit":"00000000-0000-7000-8000-000000000003","#,
    r#""inputs":["sha256:0101010101010101010101010101010101010101010101010101010101010101","list:00000000-0000-7000-8000-000000000004"],"#,
    r#""list":"00000000-0000-7000-8000-000000000004","#,
    r#""outputs":["finding:00000000-0000-7000-8000-000000000006","entry:7"],"#,
    r#""scan":"00000000-0000-7000-8000-000000000005","#,
    r#""seq":9007199254740991,"time":"2026-03-01T12:00:00.000001Z","tool":"tutela 0.1.0","v":1}"#,
);

fn tool() -> Tool {
    "tutela 0.1.0".parse().unwrap()
}

#[test]
fn entries_are_written_as_by_hand() {
    let time: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let (short, _) = Draft::new(time, operator(1), acts::SCAN_STARTED).into_entry(0, &tool());
    assert_eq!(short.to_line(), SHORT);

    let payload = Payload { salt: [0; 32], text: "example".to_owned() };
    let draft = Draft {
        // Digits finer than a microsecond are dropped.
        time: "2026-03-01T12:00:00.000001999Z".parse().unwrap(),
        case: Some(CaseId(operator(2).0)),
        exhibit: Some(exhibit(3)),
        list: Some(ListId(operator(4).0)),
        scan: Some(ScanId(operator(5).0)),
        inputs: vec![Reference::from(Sha256([1; 32])), Reference::from(ListId(operator(4).0))],
        outputs: vec![Reference::from(FindingId(operator(6).0)), Reference::Entry(7)],
        payload: Some(payload.clone()),
        ..Draft::new(time, operator(1), acts::FINDING_RAISED)
    };
    let (full, kept) = draft.into_entry((1 << 53) - 1, &tool());
    assert_eq!(full.to_line(), FULL);
    assert_eq!(kept, Some(payload));
}

#[test]
fn lines_read_back() {
    for line in [SHORT, FULL] {
        assert_eq!(Entry::parse(line).unwrap().to_line(), line);
    }
}

#[test]
fn every_other_spelling_is_refused() {
    let cases = [
        ("no object", "[]".to_owned()),
        ("nothing", String::new()),
        ("line feed", format!("{SHORT}\n")),
        ("leading space", format!(" {SHORT}")),
        ("space", SHORT.replace(r#","seq""#, r#", "seq""#)),
        ("key order", SHORT.replace(r#""inputs":[],"outputs":[]"#, r#""outputs":[],"inputs":[]"#)),
        ("repeated key", SHORT.replace(r#","v":1"#, r#","v":1,"v":1"#)),
        ("unknown key", SHORT.replace(r#","v":1"#, r#","v":1,"w":1"#)),
        ("null", SHORT.replace(r#","inputs""#, r#","case":null,"inputs""#)),
        ("escape", SHORT.replace("scan.started", r"scan\u002estarted")),
        ("fraction", SHORT.replace(r#""seq":0"#, r#""seq":0.0"#)),
        ("exponent", SHORT.replace(r#""seq":0"#, r#""seq":0e0"#)),
        ("negative", SHORT.replace(r#""seq":0"#, r#""seq":-1"#)),
        ("unsafe integer", SHORT.replace(r#""seq":0"#, r#""seq":9007199254740992"#)),
        ("number as text", SHORT.replace(r#""seq":0"#, r#""seq":"0""#)),
        ("short time", SHORT.replace("00.000000Z", "00Z")),
        ("offset", SHORT.replace("00.000000Z", "00.000000+00:00")),
        (
            "upper-case id",
            FULL.replace(
                "00000000-0000-7000-8000-000000000003",
                "0000000A-0000-7000-8000-000000000003",
            ),
        ),
        ("upper-case digest", FULL.replace("9ee7ce", "9EE7CE")),
        ("short digest", FULL.replace("9ee7ce", "9ee7")),
        ("version", SHORT.replace(r#""v":1"#, r#""v":2"#)),
        ("missing actor", SHORT.replace(&format!(r#""actor":"{ACTOR}","#), "")),
        ("too long", SHORT.replace("[]", &format!("[{}]", "\"entry:1\",".repeat(10_000)))),
    ];
    for (name, line) in cases {
        assert!(matches!(Entry::parse(&line), Err(LedgerError::BadEntry { .. })), "{name}: {line}");
    }
}

#[test]
fn names_paths_and_words_have_no_way_in() {
    let free = [
        "Jane Example",
        "/home/jane/photo.jpg",
        "C:\\photo.jpg",
        "jane@example.org",
        "words in a row",
        "é",
        "",
    ];
    for text in free {
        let text = text.replace('\\', "\\\\");
        let lines = [
            SHORT.replace("scan.started", &text),
            SHORT.replace(ACTOR, &text),
            SHORT.replace("tutela 0.1.0", &text),
            SHORT.replace(r#""inputs":[]"#, &format!(r#""inputs":["{text}"]"#)),
            SHORT.replace(r#""outputs":[]"#, &format!(r#""outputs":["sha256:{text}"]"#)),
            SHORT.replace(r#","inputs""#, &format!(r#","case":"{text}","inputs""#)),
            SHORT.replace(r#","inputs""#, &format!(r#","commit":"{text}","inputs""#)),
            SHORT.replace(r#","inputs""#, &format!(r#","exhibit":"{text}","inputs""#)),
            SHORT.replace(r#","outputs""#, &format!(r#","list":"{text}","outputs""#)),
            SHORT.replace(r#","seq""#, &format!(r#","scan":"{text}","seq""#)),
        ];
        for line in lines {
            assert!(Entry::parse(&line).is_err(), "{line}");
        }
    }
    for tool in [
        "tutela",
        "Jane Example",
        "tutela v1",
        "tutela 0.1.0 by Jane",
        "tu/tela 1",
        "tutela 1_0",
        " 1",
    ] {
        assert_eq!(tool.parse::<Tool>(), Err(LedgerError::BadTool), "{tool}");
    }
}

#[test]
fn an_act_of_a_later_version_is_read() {
    let line = SHORT.replace("scan.started", "thing.done_later");
    let entry = Entry::parse(&line).unwrap();
    assert_eq!((entry.act.as_str(), entry.act.registered()), ("thing.done_later", None));
}

#[test]
fn a_payload_does_not_print() {
    let payload = Payload { salt: [1; 32], text: "Jane Example".to_owned() };
    assert_eq!(format!("{payload:?}"), "Payload([redacted])");
}

#[test]
fn every_act_is_documented() {
    let page = include_str!("../../../../docs/ledger.md");
    for act in ACTS {
        let row = format!("| `{}` | {} |", act.id(), act.meaning());
        assert!(page.contains(&row), "docs/ledger.md misses this row:\n{row}");
    }
}
