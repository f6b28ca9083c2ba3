//! Exhibits as rows.

use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{
    CaptureData, Digests, Exhibit, ExhibitId, Failure, KnownGoodMark, Note, Outcome, Place, ScanId,
    Signal,
};

use crate::provenance::{provenance_from, provenance_json};
use crate::rows::{
    Reader, Transaction, device_index, each, escaped, indexed, insert_rows, int, time_text,
};
use crate::{Result, Store, StoreError};

const COLUMNS: &str = "id, path, source_key, size_bytes, modified_at, md5, sha1, sha256, mime, width, height, \
    signals_json, capture_json, outcome, known_good_json, failure_code, failure_message, \
    frames, duration_ms, provenance_json, notes_json";

impl Store {
    /// All exhibits of a scan, in the order they were committed. For large scans, use the pages.
    pub async fn exhibits(&self, scan: ScanId) -> Result<Vec<Exhibit>> {
        self.exhibits_page(scan, 0, u32::MAX).await
    }

    /// At most `limit` exhibits of a scan from `position` on; positions count from 0 without gaps.
    pub async fn exhibits_page(
        &self,
        scan: ScanId,
        position: u64,
        limit: u32,
    ) -> Result<Vec<Exhibit>> {
        let number = self.scan_number(scan).await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM exhibits WHERE scan = $1 AND position >= $2 ORDER BY position LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(number)
            .bind(int(position, "position")?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "exhibit"))?;
        rows.iter().map(read).collect()
    }

    /// One exhibit and the scan it belongs to.
    pub async fn exhibit(&self, id: ExhibitId) -> Result<(ScanId, Exhibit)> {
        let columns = COLUMNS.replace("id, path", "exhibits.id, path");
        let sql = format!(
            "SELECT scans.id AS scan_id, {columns} FROM exhibits \
             JOIN scans ON scans.number = exhibits.scan WHERE exhibits.id = $1"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "exhibit"))?
            .ok_or_else(|| StoreError::not_found("exhibit", id))?;
        let scan = Reader { table: "scans", row: &row }.parsed("scan_id")?;
        Ok((scan, read(&row)?))
    }
}

pub(crate) async fn insert_exhibits(
    transaction: &mut Transaction,
    scan: i64,
    first: i64,
    exhibits: &[Exhibit],
) -> Result<()> {
    let insert = (
        "INSERT INTO exhibits (scan, position, source_index, id, path, source_key, size_bytes, modified_at, \
         md5, sha1, sha256, mime, width, height, signals_json, capture_json, outcome, known_good_json, \
         failure_code, failure_message, frames, duration_ms, provenance_json, notes_json, device_index)",
        25,
        "",
    );
    let rows: Vec<(i64, &Exhibit)> = (first..).zip(exhibits).collect();
    insert_rows(transaction, insert, "exhibit", &rows, |query, (position, exhibit)| {
        let digests = exhibit.digests.as_ref();
        let failure = exhibit.failure.as_ref();
        Ok(query
            .bind(scan)
            .bind(*position)
            .bind(indexed(&exhibit.source_key))
            .bind(exhibit.id.to_string())
            .bind(escaped(&exhibit.path))
            .bind(escaped(&exhibit.source_key))
            .bind(int(exhibit.size_bytes, "size of an exhibit")?)
            .bind(exhibit.modified_at.map(time_text))
            .bind(digests.map(|d| d.md5.to_string()))
            .bind(digests.map(|d| d.sha1.to_string()))
            .bind(digests.map(|d| d.sha256.to_string()))
            .bind(escaped(&exhibit.mime))
            .bind(exhibit.width.map(i64::from))
            .bind(exhibit.height.map(i64::from))
            .bind(signals_json(&exhibit.signals))
            .bind(capture_json(&exhibit.capture))
            .bind(exhibit.outcome.as_str())
            .bind(known_good_json(&exhibit.known_good))
            .bind(failure.map(|f| escaped(&f.code)))
            .bind(failure.map(|f| escaped(&f.message)))
            .bind(exhibit.frames.map(i64::from))
            .bind(exhibit.duration_ms.map(|ms| int(ms, "duration of an exhibit")).transpose()?)
            .bind(provenance_json(&exhibit.provenance))
            .bind(notes_json(&exhibit.notes))
            .bind(exhibit.capture.serial_device().map(device_index)))
    })
    .await
}

fn read(row: &AnyRow) -> Result<Exhibit> {
    let row = Reader { table: "exhibits", row };
    let digests = match row.parsed_or_null("sha256")? {
        Some(sha256) => {
            Some(Digests { md5: row.parsed("md5")?, sha1: row.parsed("sha1")?, sha256 })
        }
        None => None,
    };
    let failure = match row.text_or_null("failure_code")? {
        Some(code) => Some(Failure { code, message: row.text("failure_message")? }),
        None => None,
    };
    Ok(Exhibit {
        id: row.parsed("id")?,
        path: row.text("path")?,
        source_key: row.text("source_key")?,
        size_bytes: row.int("size_bytes")?,
        modified_at: row.parsed_or_null("modified_at")?,
        digests,
        mime: row.text("mime")?,
        width: row.int_or_null("width")?,
        height: row.int_or_null("height")?,
        signals: row.json("signals_json", |value| each(value, signal_from))?,
        capture: row.json_or_null("capture_json", capture_from)?.unwrap_or_default(),
        outcome: row.one_of("outcome", &Outcome::ALL, Outcome::as_str)?,
        known_good: row
            .json_or_null("known_good_json", |value| each(value, known_good_from))?
            .unwrap_or_default(),
        failure,
        frames: row.int_or_null("frames")?,
        duration_ms: row.int_or_null("duration_ms")?,
        provenance: row
            .json_or_null("provenance_json", |value| each(value, provenance_from))?
            .unwrap_or_default(),
        notes: row.json_or_null("notes_json", |value| each(value, note_from))?.unwrap_or_default(),
    })
}

/// The signals of a row.
pub(crate) fn signals_of(row: &AnyRow) -> Result<Vec<Signal>> {
    Reader { table: "exhibits", row }.json("signals_json", |value| each(value, signal_from))
}

fn signals_json(signals: &[Signal]) -> String {
    let one = |s: &Signal| {
        json!({
            "kind": s.kind, "variant": s.variant, "orientation": s.orientation,
            "value": s.value, "quality": s.quality,
        })
    };
    signals.iter().map(one).collect::<Value>().to_string()
}

fn signal_from(value: &Value) -> Option<Signal> {
    let text = |key| value.get(key)?.as_str().map(str::to_owned);
    let quality = match value.get("quality")? {
        Value::Null => None,
        number => Some(u8::try_from(number.as_u64()?).ok()?),
    };
    Some(Signal {
        kind: text("kind")?,
        variant: text("variant")?,
        orientation: text("orientation")?,
        value: text("value")?,
        quality,
    })
}

/// Nothing where the file said nothing, as most do.
fn capture_json(capture: &CaptureData) -> Option<String> {
    let CaptureData { make, model, serial, lens_serial, taken_at, software, place } = capture;
    let fields = [
        ("make", make),
        ("model", model),
        ("serial", serial),
        ("lens_serial", lens_serial),
        ("taken_at", taken_at),
        ("software", software),
    ];
    let said =
        fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?.into())));
    let mut said: Map<_, _> = said.collect();
    if let Some(Place { latitude_udeg, longitude_udeg }) = place {
        said.insert("place_udeg".to_owned(), json!([latitude_udeg, longitude_udeg]));
    }
    (!capture.is_empty()).then(|| Value::from(said).to_string())
}

fn capture_from(value: &Value) -> Option<CaptureData> {
    let fields = value.as_object()?;
    let text = |key| fields.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(CaptureData {
        make: text("make"),
        model: text("model"),
        serial: text("serial"),
        lens_serial: text("lens_serial"),
        taken_at: text("taken_at"),
        software: text("software"),
        place: match fields.get("place_udeg") {
            Some(place) => Some(place_from(place)?),
            None => None,
        },
    })
}

fn place_from(value: &Value) -> Option<Place> {
    let degree = |at| i32::try_from(value.get(at)?.as_i64()?).ok();
    Place::new(degree(0)?, degree(1)?)
}

fn notes_json(notes: &[Note]) -> Option<String> {
    let one = |note: &Note| json!({"code": note.code, "message": note.message});
    (!notes.is_empty()).then(|| notes.iter().map(one).collect::<Value>().to_string())
}

fn note_from(value: &Value) -> Option<Note> {
    let text = |key| value.get(key)?.as_str().map(str::to_owned);
    Some(Note { code: text("code")?, message: text("message")? })
}

fn known_good_json(marks: &[KnownGoodMark]) -> Option<String> {
    let one = |mark: &KnownGoodMark| json!({"list": mark.list, "row": mark.row});
    (!marks.is_empty()).then(|| marks.iter().map(one).collect::<Value>().to_string())
}

fn known_good_from(value: &Value) -> Option<KnownGoodMark> {
    Some(KnownGoodMark {
        list: value.get("list")?.as_str()?.to_owned(),
        row: value.get("row")?.as_u64()?,
    })
}
