//! Looks back: earlier scans that hold the same bytes, name the same device, or have signals to compare.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{CaseId, OperatorId, ScanId, Sha256, Signal, Timestamp};

use crate::exhibits::signals_of;
use crate::rows::{Reader, device_index, int, placeholders};
use crate::{Result, Store, StoreError};

/// Things looked for in one statement.
const LOOKED_FOR_AT_ONCE: usize = 256;

/// How often an earlier scan holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<T> {
    /// What was looked for.
    pub what: T,
    /// The scan that holds it.
    pub scan: ScanId,
    /// Exhibits of that scan that do.
    pub exhibits: u64,
}

/// A scan that began before another: enough to know whom to ask, and nothing of what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierScan {
    /// Its identity.
    pub id: ScanId,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// When it began.
    pub started_at: Timestamp,
    /// Who began it.
    pub operator: OperatorId,
}

/// Some exhibits of a scan that have signals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignalsPage {
    /// The signals of each.
    pub signals: Vec<Vec<Signal>>,
    /// Position to go on from; `None` at the end.
    pub next: Option<u64>,
}

impl Store {
    /// Scans that began before this one, in the order they began.
    pub async fn scans_before(&self, scan: ScanId) -> Result<Vec<EarlierScan>> {
        let rows = sqlx::query(
            "SELECT id, case_id, started_at, operator FROM scans WHERE number < $1 ORDER BY number",
        )
        .bind(self.scan_number(scan).await?)
        .fetch_all(&self.pool)
        .await
        .map_err(|error| StoreError::of(error, "scan"))?;
        let read = |row| {
            let row = Reader { table: "scans", row };
            Ok(EarlierScan {
                id: row.parsed("id")?,
                case: row.parsed_or_null("case_id")?,
                started_at: row.parsed("started_at")?,
                operator: row.parsed("operator")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Scans that began before this one and hold content with one of these digests.
    pub async fn seen_before(&self, scan: ScanId, digests: &[Sha256]) -> Result<Vec<Seen<Sha256>>> {
        let texts: Vec<String> = digests.iter().map(Sha256::to_string).collect();
        self.held_before(scan, "sha256", &texts, |row| row.parsed("found")).await
    }

    /// Where scans that began before this one hold content with one of these digests: paths of what may
    /// be other people's cases.
    pub async fn places_before(
        &self,
        scan: ScanId,
        digests: &[Sha256],
    ) -> Result<Vec<(Sha256, ScanId, String)>> {
        let before = self.scan_number(scan).await?;
        let mut places = Vec::new();
        for digests in digests.chunks(LOOKED_FOR_AT_ONCE) {
            let sql = format!(
                "SELECT exhibits.sha256 AS found, exhibits.path AS path, scans.id AS id FROM exhibits \
                 JOIN scans ON scans.number = exhibits.scan \
                 WHERE exhibits.scan < $1 AND exhibits.sha256 IN ({}) \
                 ORDER BY exhibits.scan, exhibits.position",
                placeholders(2, digests.len())
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(before);
            let query = digests.iter().fold(query, |query, digest| query.bind(digest.to_string()));
            let rows = query
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "exhibit"))?;
            for row in &rows {
                let row = Reader { table: "exhibits", row };
                places.push((row.parsed("found")?, row.parsed("id")?, row.text("path")?));
            }
        }
        Ok(places)
    }

    /// Scans that began before this one and hold files of one of these devices. A device is maker,
    /// model and serial number; letter case and blanks around do not count.
    pub async fn devices_before(
        &self,
        scan: ScanId,
        devices: &[[&str; 3]],
    ) -> Result<Vec<Seen<usize>>> {
        let texts: Vec<String> = devices.iter().map(|device| device_index(*device)).collect();
        let number = |row: &Reader<'_>| {
            let found = row.text("found")?;
            let at = texts.iter().position(|text| *text == found);
            at.ok_or_else(|| row.damaged("device_index"))
        };
        self.held_before(scan, "device_index", &texts, number).await
    }

    async fn held_before<T>(
        &self,
        scan: ScanId,
        column: &'static str,
        texts: &[String],
        read: impl Fn(&Reader<'_>) -> Result<T>,
    ) -> Result<Vec<Seen<T>>> {
        let before = self.scan_number(scan).await?;
        let mut seen = Vec::new();
        for texts in texts.chunks(LOOKED_FOR_AT_ONCE) {
            let sql = format!(
                "SELECT exhibits.{column} AS found, scans.id AS id, COUNT(*) AS exhibits FROM exhibits \
                 JOIN scans ON scans.number = exhibits.scan \
                 WHERE exhibits.scan < $1 AND exhibits.{column} IN ({}) \
                 GROUP BY exhibits.{column}, scans.number, scans.id ORDER BY scans.number, found",
                placeholders(2, texts.len())
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(before);
            let query = texts.iter().fold(query, |query, text| query.bind(text.clone()));
            let rows = query
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "exhibit"))?;
            for row in &rows {
                let row = Reader { table: "exhibits", row };
                let (scan, exhibits) = (row.parsed("id")?, row.int("exhibits")?);
                seen.push(Seen { what: read(&row)?, scan, exhibits });
            }
        }
        Ok(seen)
    }

    /// Signals of at most `limit` exhibits of a scan from a position on; those without are left out.
    pub async fn signals_page(
        &self,
        scan: ScanId,
        position: u64,
        limit: u32,
    ) -> Result<SignalsPage> {
        let rows = sqlx::query(
            "SELECT position, signals_json FROM exhibits \
             WHERE scan = $1 AND position >= $2 AND signals_json <> '[]' ORDER BY position LIMIT $3",
        )
        .bind(self.scan_number(scan).await?)
        .bind(int(position, "position")?)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| StoreError::of(error, "exhibit"))?;
        let last = rows.last().filter(|_| rows.len() as u64 >= u64::from(limit));
        let position = |row: &AnyRow| Reader { table: "exhibits", row }.int::<u64>("position");
        Ok(SignalsPage {
            signals: rows.iter().map(signals_of).collect::<Result<_>>()?,
            next: last.map(position).transpose()?.map(|last| last + 1),
        })
    }
}
