//! The floors hold: no crate imports upwards or sideways, and no source reaches for what its floor forbids.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// One crate of the house.
struct Floor {
    name: &'static str,
    floor: u8,
    /// Dependencies it may not have, although its height would allow them.
    never: &'static [&'static str],
    /// Words that its code may not hold.
    never_in_code: &'static [&'static str],
}

const ENGINES: [&str; 4] = ["tutela-match", "tutela-flow", "tutela-formats", "tutela-ledger"];

const NO_OUTSIDE: &[&str] =
    &["tokio", "sqlx", "axum", "hyper", "reqwest", "clap", "askama", "getrandom", "rand"];
const NO_OUTSIDE_IN_CODE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env::",
    "std::process",
    "File::open",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "async fn",
];
const SQL: [&str; 4] = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];
const HTML: [&str; 4] = ["<html", "<div", "<table", "<span"];

const FLOORS: &[Floor] = &[
    Floor { name: "tutela-core", floor: 0, never: NO_OUTSIDE, never_in_code: NO_OUTSIDE_IN_CODE },
    Floor { name: "tutela-match", floor: 1, never: NO_OUTSIDE, never_in_code: NO_OUTSIDE_IN_CODE },
    Floor { name: "tutela-flow", floor: 1, never: NO_OUTSIDE, never_in_code: NO_OUTSIDE_IN_CODE },
    Floor {
        name: "tutela-formats",
        floor: 1,
        never: NO_OUTSIDE,
        never_in_code: NO_OUTSIDE_IN_CODE,
    },
    Floor { name: "tutela-ledger", floor: 1, never: NO_OUTSIDE, never_in_code: NO_OUTSIDE_IN_CODE },
    Floor {
        name: "tutela-store",
        floor: 2,
        never: &[
            "tutela-match",
            "tutela-flow",
            "tutela-formats",
            "axum",
            "hyper",
            "reqwest",
            "clap",
            "askama",
        ],
        never_in_code: &[HTML[0], HTML[1], HTML[2], HTML[3]],
    },
    Floor {
        name: "tutela-app",
        floor: 3,
        never: &["axum", "clap", "askama", "sqlx"],
        never_in_code: &[SQL[0], SQL[1], SQL[2], SQL[3], HTML[0], HTML[1], HTML[2], HTML[3]],
    },
    Floor {
        name: "tutela-web",
        floor: 4,
        never: &["tutela-store", ENGINES[0], ENGINES[1], ENGINES[2], ENGINES[3], "sqlx", "clap"],
        never_in_code: &SQL,
    },
    Floor {
        name: "tutela",
        floor: 5,
        never: &["tutela-store", ENGINES[0], ENGINES[1], ENGINES[2], ENGINES[3], "sqlx", "askama"],
        never_in_code: &[SQL[0], SQL[1], SQL[2], SQL[3], HTML[0], HTML[1], HTML[2], HTML[3]],
    },
];

fn floor(name: &str) -> Option<&'static Floor> {
    FLOORS.iter().find(|floor| floor.name == name)
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read_toml(path: &Path) -> Table {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn floors_hold() {
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let dir = entry.unwrap().path();
        let manifest = read_toml(&dir.join("Cargo.toml"));
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        faults.extend(manifest_faults(&name, &manifest));
        if ENGINES.contains(&name.as_str()) {
            faults.extend(clippy_faults(&name, &read_toml(&dir.join("clippy.toml"))));
        }
        for (path, text) in sources(&dir.join("src")) {
            let found = code_faults(&name, &text).into_iter();
            faults.extend(found.map(|fault| format!("{}: {fault}", path.display())));
        }
        seen.push(name);
    }
    let missing = FLOORS.iter().filter(|floor| seen.iter().all(|name| name != floor.name));
    faults.extend(missing.map(|floor| format!("{} has a floor and is not there", floor.name)));
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What is wrong with the dependencies of a crate.
fn manifest_faults(name: &str, manifest: &Table) -> Vec<String> {
    let Some(own) = floor(name) else {
        return vec![format!(
            "{name} has no floor: give it one in this table and in ARCHITECTURE.md"
        )];
    };
    let mut faults = Vec::new();
    for dependency in dependencies(manifest) {
        match floor(&dependency.package) {
            Some(other) if other.floor > own.floor => {
                faults.push(format!("{name} imports upwards: {}", other.name));
            }
            Some(other) if other.floor == own.floor => {
                faults.push(format!("{name} imports sideways: {}", other.name));
            }
            // What a test uses may be anything, as long as it stands on a lower floor.
            _ if dependency.only_tests => {}
            _ if own.never.contains(&dependency.package.as_str()) => {
                faults.push(format!("{name} may never touch {}", dependency.package));
            }
            _ => {}
        }
    }
    if manifest.get("lints").and_then(|lints| lints.get("workspace")) != Some(&Value::Boolean(true))
    {
        faults.push(format!("{name} does not take the lints of the workspace"));
    }
    faults
}

struct Dependency {
    package: String,
    only_tests: bool,
}

/// Everything a manifest depends on: for the crate, its build script and its tests, on any target.
fn dependencies(manifest: &Table) -> Vec<Dependency> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    let mut found = Vec::new();
    for table in std::iter::once(manifest).chain(targets) {
        for (kind, only_tests) in
            [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)]
        {
            let Some(entries) = table.get(kind).and_then(Value::as_table) else { continue };
            for (key, entry) in entries {
                let package =
                    entry.get("package").and_then(Value::as_str).unwrap_or(key).to_owned();
                found.push(Dependency { package, only_tests });
            }
        }
    }
    found
}

/// What the lints of an engine fail to refuse.
fn clippy_faults(name: &str, clippy: &Table) -> Vec<String> {
    let wanted = [
        ("disallowed-types", "std::fs::File"),
        ("disallowed-methods", "std::time::SystemTime::now"),
        ("disallowed-methods", "std::time::Instant::now"),
    ];
    let refuses = |list: &str, path: &str| {
        let entries = clippy.get(list).and_then(Value::as_array).into_iter().flatten();
        entries.filter_map(|entry| entry.get("path")?.as_str()).any(|refused| refused == path)
    };
    let missing = wanted.into_iter().filter(|(list, path)| !refuses(list, path));
    missing
        .map(|(list, path)| format!("{name}: clippy.toml does not name {path} in {list}"))
        .collect()
}

/// Words of a crate's code that its floor forbids. Comments may speak of them, and so may tests,
/// which stand at the foot of a file.
fn code_faults(name: &str, text: &str) -> Vec<String> {
    let Some(own) = floor(name) else { return Vec::new() };
    let code = text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]"));
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(code).filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let found = own.never_in_code.iter().filter(|word| line.contains(**word));
        faults.extend(found.map(|word| format!("line {number} holds `{}`", word.trim())));
    }
    faults
}

/// The Rust files below a folder, with their text.
pub(crate) fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn made_up_manifests_are_refused() {
    let cases = [
        (
            "tutela-core",
            "dependencies",
            "tutela-match.workspace = true",
            "imports upwards: tutela-match",
        ),
        (
            "tutela-flow",
            "dependencies",
            "tutela-match.workspace = true",
            "imports sideways: tutela-match",
        ),
        (
            "tutela-match",
            "dev-dependencies",
            "tutela-formats.workspace = true",
            "imports sideways: tutela-formats",
        ),
        (
            "tutela-match",
            "build-dependencies",
            "tutela-app.workspace = true",
            "imports upwards: tutela-app",
        ),
        ("tutela-ledger", "dependencies", "tokio.workspace = true", "may never touch tokio"),
        (
            "tutela-store",
            "dependencies",
            "tutela-flow.workspace = true",
            "may never touch tutela-flow",
        ),
        (
            "tutela-store",
            "dependencies",
            "x = { package = \"tutela-app\" }",
            "imports upwards: tutela-app",
        ),
        (
            "tutela-app",
            "target.'cfg(unix)'.dependencies",
            "sqlx.workspace = true",
            "may never touch sqlx",
        ),
        (
            "tutela-web",
            "dependencies",
            "tutela-store.workspace = true",
            "may never touch tutela-store",
        ),
        (
            "tutela",
            "dependencies",
            "tutela-ledger.workspace = true",
            "may never touch tutela-ledger",
        ),
        ("tutela-new", "dependencies", "", "has no floor"),
    ];
    for (name, table, line, expected) in cases {
        let manifest = format!("[{table}]\n{line}\n[lints]\nworkspace = true\n").parse().unwrap();
        let faults = manifest_faults(name, &manifest);
        assert!(
            matches!(&faults[..], [fault] if fault.contains(expected)),
            "{name}, {line}: {faults:?}"
        );
    }
    let allowed = [
        (
            "tutela-store",
            "[dependencies]\ntutela-ledger.workspace = true\n[dev-dependencies]\ntokio.workspace = true\n",
        ),
        (
            "tutela-app",
            "[dependencies]\ntutela-store.workspace = true\ntutela-match.workspace = true\n",
        ),
    ];
    for (name, text) in allowed {
        let manifest = format!("{text}[lints]\nworkspace = true\n").parse().unwrap();
        assert_eq!(manifest_faults(name, &manifest), [""; 0], "{name}");
    }
    assert_eq!(manifest_faults("tutela-core", &Table::new()).len(), 1, "lints of its own");
}

#[test]
fn engines_without_their_lints_are_refused() {
    assert_eq!(clippy_faults("tutela-flow", &Table::new()).len(), 3);
    let half = "disallowed-types = [{ path = \"std::fs::File\" }]\ndisallowed-methods = []"
        .parse()
        .unwrap();
    assert_eq!(clippy_faults("tutela-flow", &half).len(), 2);
}

#[test]
fn made_up_sources_are_refused() {
    let cases = [
        ("tutela-match", "use std::fs;\n", 1),
        ("tutela-ledger", "fn f() {\n    let now = SystemTime::now();\n}\n", 1),
        ("tutela-flow", "let now = Timestamp::now();\n", 1),
        ("tutela-formats", "// std::fs stays outside\n", 0),
        ("tutela-match", "fn f() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n", 0),
        ("tutela-app", "store.query(\"SELECT id FROM cases\")\n", 1),
        ("tutela-app", "use std::fs;\n", 0),
        ("tutela-app", "format!(\"<div>{name}</div>\")\n", 1),
        ("tutela-store", "query(\"SELECT id FROM cases\")\n", 0),
        ("tutela-web", "query(\"DELETE FROM cases\")\n", 1),
        ("tutela", "println!(\"<html>\")\n", 1),
    ];
    for (name, text, faults) in cases {
        assert_eq!(code_faults(name, text).len(), faults, "{name}: {text}");
    }
}
