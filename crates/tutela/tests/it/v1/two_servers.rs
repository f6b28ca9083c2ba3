//! Two servers over one PostgreSQL: what one acknowledges the other finds, and nothing is done twice.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use super::fake::Fake;
use crate::served::Served;
use crate::support::{Place, stderr, tutela};

/// Names the server; the database in it is only for connecting.
const POSTGRES: &str = "TUTELA_TEST_POSTGRES";

/// A database of its own, which goes with it.
struct Database {
    server: String,
    name: String,
}

impl Database {
    fn new() -> Option<Self> {
        let Ok(server) = std::env::var(POSTGRES) else {
            eprintln!("skipped: {POSTGRES} is not set, so there is no PostgreSQL for two servers");
            return None;
        };
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let name = format!("tutela_two_{}_{}", std::process::id(), since.as_nanos());
        let database = Self { server, name };
        if !database.statement(&format!("CREATE DATABASE {}", database.name)) {
            eprintln!(
                "skipped: psql is not installed, or the server does not let it make a database"
            );
            return None;
        }
        Some(database)
    }

    fn statement(&self, sql: &str) -> bool {
        let psql = Command::new("psql").args(["-q", &self.server, "-c", sql]).status();
        psql.is_ok_and(|status| status.success())
    }

    fn url(&self) -> String {
        format!("{}/{}", self.server.rsplit_once('/').unwrap().0, self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.statement(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

#[test]
fn two_servers_over_one_database_are_one_service() {
    let Some(database) = Database::new() else { return };
    let (first_place, second_place) = (Place::new(), Place::new());
    let url = database.url();
    let made = tutela()
        .args(["init", "--operator", "Test Operator", "--dir", &first_place.text("ws")])
        .env("TUTELA__STORE__URL", &url)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", stderr(&made));
    let fake = Fake::start();
    fake.stand_in(&first_place);
    // The second machine has a copy of settings and key.
    std::fs::create_dir(second_place.path("ws")).unwrap();
    for file in std::fs::read_dir(first_place.path("ws")).unwrap().map(Result::unwrap) {
        if file.path().is_file() {
            std::fs::copy(file.path(), second_place.path("ws").join(file.file_name())).unwrap();
        }
    }
    let settings =
        [("TUTELA__STORE__URL", url.as_str()), ("TUTELA__EXCHANGES__INTERVAL_S", "3600")];
    let first = Served::over_with(&first_place, &settings);
    let second = Served::over_with(&second_place, &settings);

    // A signal that is curated through one matches in the other in less than a second.
    first.send("POST", "/c/banks", &json!({"name": "A"}));
    let mut slowest = Duration::ZERO;
    for number in 0..20_u64 {
        let md5 = format!("{number:032x}");
        let added = first.send("POST", "/c/bank/A/signal", &json!({"md5": md5}));
        let begun = Instant::now();
        let content = added.json()["id"].clone();
        let found = json!({"A": [{"bank_content_id": content, "distance": "-"}]});
        let path = format!("/m/lookup?signal_type=md5&signal={md5}");
        second.wait(&path, |answer| answer.json() == found);
        slowest = slowest.max(begun.elapsed());
    }
    eprintln!("the second server found a signal after {} ms at most", slowest.as_millis());
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");

    // Both see that an exchange is due; one fetches.
    let secrets = json!({"credential_json": {"user": "u", "password": "p"}});
    assert_eq!(first.send("POST", "/c/exchanges/api/ncmec", &secrets).status, 200);
    let new = json!({
        "bank": "PARTNER", "api": "ncmec",
        "api_json": {"environment": "https://hashsharing-test.ncmec.org/npo"},
    });
    let made = first.send("POST", "/c/exchanges", &new);
    assert!([200, 201].contains(&made.status), "{}", made.text());
    fake.wait("GET", 1);
    let path = format!("/m/lookup?signal_type=md5&signal={}", super::fake::MD5S[0]);
    for served in [&first, &second] {
        served.wait(&path, |answer| answer.text().contains("PARTNER"));
    }
    // Two rounds of both go by.
    std::thread::sleep(Duration::from_secs(5));
    let asked = fake.asked("GET");
    assert_eq!(asked.len(), 1, "{asked:?}");
    let verified = tutela()
        .args(["ledger", "verify", "--dir", &first_place.text("ws")])
        .env("TUTELA__STORE__URL", &url)
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", stderr(&verified));
}
