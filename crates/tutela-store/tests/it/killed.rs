//! A program is killed in the middle of its work: what it was told is stored, is stored.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use tutela_ledger::{Entry, acts};
use tutela_store::{Batch, Store};

use crate::things::{draft, exhibit, scan_id, with_scan};

const URL: &str = "TUTELA_TEST_KILLED_URL";
const EXHIBITS_A_BATCH: u64 = 50;
/// Batches that the program is allowed to see acknowledged before it dies.
const ACKNOWLEDGED: usize = 20;

/// The program that will be killed: commits batches for ever and says so after each. It does
/// nothing unless the test below started it.
#[tokio::test]
async fn commits_for_ever() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = Store::open(&url).await.unwrap();
    for batch in 0.. {
        let numbers = batch * EXHIBITS_A_BATCH..(batch + 1) * EXHIBITS_A_BATCH;
        let custody = vec![draft(acts::EXHIBIT_SEALED); EXHIBITS_A_BATCH as usize];
        let exhibits = numbers.map(exhibit).collect();
        store
            .commit_batch(scan_id(1), Batch { exhibits, custody, ..Batch::default() })
            .await
            .unwrap();
        println!("\nacknowledged {batch}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let url = tutela_store::sqlite_url(&dir.path().join("x.db"));
    let store = Store::create(&url).await.unwrap();
    let scan = with_scan(&store).await;
    store.close().await;

    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::commits_for_ever", "--nocapture"])
        .env(URL, &url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines
        .map_while(Result::ok)
        .filter(|line| line.starts_with("acknowledged"))
        .take(ACKNOWLEDGED);
    assert_eq!(told.count(), ACKNOWLEDGED);
    child.kill().unwrap();
    child.wait().unwrap();

    let store = Store::open(&url).await.unwrap();
    let stored = store.exhibits(scan).await.unwrap();
    assert!(stored.len() as u64 >= ACKNOWLEDGED as u64 * EXHIBITS_A_BATCH, "{}", stored.len());
    assert_eq!(stored.len() as u64 % EXHIBITS_A_BATCH, 0, "batches are whole");
    assert!(stored.iter().zip(0..).all(|(stored, n)| *stored == exhibit(n)));
    let lines = store.entry_lines(0, u32::MAX).await.unwrap();
    assert_eq!(lines.len(), stored.len());
    assert!(lines.iter().zip(0..).all(|(line, seq)| Entry::parse(line).unwrap().seq == seq));
    assert_eq!(store.done_keys(scan).await.unwrap().len(), stored.len());
}
