//! The sample material: a device's folder, a hash list and a known-good list, all generated.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use image::{RgbImage, imageops};
use tutela_core::{Category, Grade, ListEntry, ListInfo, Outcome, PdqVariant, Timestamp};
use tutela_formats::lists;
use tutela_match::content::Pixels;
use tutela_match::digests::DigestHasher;
use tutela_match::signals::pdq;

use super::exif::{self, Camera};
use super::pictures::{cropped, gif, icon, jpeg, landscape, png, scaled};
use super::statements::{called_generated, with_settings};
use crate::AppError;

/// What the demo planted, and what a scan must say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Planted {
    /// In plain words; files with the same words make one row of the table.
    pub(super) what: &'static str,
    /// Path below the device's folder.
    pub(super) path: String,
    /// The outcome it must get.
    pub(super) expected: Outcome,
    /// The grade that its statements about its own making must get.
    pub(super) grade: Grade,
}

/// Where everything stands.
pub(super) struct Material {
    pub(super) device: PathBuf,
    pub(super) list: PathBuf,
    pub(super) known_good: PathBuf,
    pub(super) planted: Vec<Planted>,
}

/// Landscapes that the list holds, one category code each in turn.
const LISTED: u64 = 8;
/// Seeds of landscapes that no list holds.
const UNLISTED_SEED: u64 = 1_000;
/// Seeds of icons.
const ICON_SEED: u64 = 2_000;
const SCHEME: &str = "projectvic:default";

/// Makes everything below `dir`.
///
/// # Errors
/// The folder cannot be written.
pub(super) fn make(dir: &Path) -> Result<Material, AppError> {
    let mut device = Device { dir: device_of(dir), planted: Vec::new() };
    let listed: Vec<RgbImage> = (0..LISTED).map(|seed| landscape(seed, 800, 600)).collect();
    let originals = listed
        .iter()
        .map(|picture| encoded(jpeg(picture, 92, None)))
        .collect::<Result<Vec<_>, _>>()?;
    copies(&mut device, &listed, &originals)?;
    unlisted(&mut device)?;
    let icons =
        (0..4).map(|n| encoded(png(&icon(ICON_SEED + n)))).collect::<Result<Vec<_>, _>>()?;
    for (n, bytes) in icons.iter().enumerate() {
        device.put("program icons", Outcome::KnownGood, &format!("app/icon_{n}.png"), bytes)?;
    }
    speaking(&mut device)?;
    broken(&mut device, &originals[0])?;
    archives(&mut device, &originals)?;

    let list = list_of(dir);
    let entries = listed
        .iter()
        .zip(&originals)
        .zip(1..)
        .map(|((picture, bytes), row)| list_entry(picture, bytes, row));
    write_list(&list, "projectvic", entries.collect::<Result<Vec<_>, _>>()?)?;
    let known_good = dir.join("known-good.md5");
    let goods = icons.iter().zip(1..).map(|(bytes, row)| ListEntry {
        row,
        md5: Some(digests(bytes).md5),
        label: Some(format!("icon_{}.png", row - 1)),
        ..ListEntry::default()
    });
    write_list(&known_good, "md5sum", goods.collect())?;
    Ok(Material { device: device.dir, list, known_good, planted: device.planted })
}

/// The folder that plays a device.
pub(super) fn device_of(dir: &Path) -> PathBuf {
    dir.join("device")
}

/// The hash list.
pub(super) fn list_of(dir: &Path) -> PathBuf {
    dir.join("example-list.json")
}

/// The folder that plays a seized device.
struct Device {
    dir: PathBuf,
    planted: Vec<Planted>,
}

impl Device {
    fn put(
        &mut self,
        what: &'static str,
        expected: Outcome,
        path: &str,
        bytes: &[u8],
    ) -> Result<(), AppError> {
        let file = self.dir.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(AppError::file("create", folder))?;
        }
        fs::write(&file, bytes).map_err(AppError::file("write", file))?;
        self.note(what, expected, path);
        Ok(())
    }

    /// The grade that the file planted last must get.
    fn graded(&mut self, grade: Grade) {
        if let Some(planted) = self.planted.last_mut() {
            planted.grade = grade;
        }
    }

    fn note(&mut self, what: &'static str, expected: Outcome, path: &str) {
        let grade = Grade::V0;
        self.planted.push(Planted { what, path: path.to_owned(), expected, grade });
    }
}

/// Copies of listed pictures: the same bytes, and changed the way copies are changed.
fn copies(device: &mut Device, listed: &[RgbImage], originals: &[Vec<u8>]) -> Result<(), AppError> {
    for n in [0, 3] {
        device.put(
            "the same bytes",
            Outcome::Known,
            &format!("DCIM/100/IMG_{n:04}.jpg"),
            &originals[n],
        )?;
    }
    let mut near = |what, name: &str, bytes: Result<Vec<u8>, AppError>| {
        device.put(what, Outcome::Near, &format!("Download/{name}"), &bytes?)
    };
    near("encoded again, lower quality", "a1.jpg", encoded(jpeg(&listed[1], 40, None)))?;
    near("encoded again, lower quality", "a2.png", encoded(png(&listed[2])))?;
    near("scaled to half", "b1.jpg", encoded(jpeg(&scaled(&listed[1], 50), 85, None)))?;
    near("scaled to half", "b2.jpg", encoded(jpeg(&scaled(&listed[4], 50), 85, None)))?;
    near("cropped by 4 pixels a side", "c1.jpg", encoded(jpeg(&cropped(&listed[5], 4), 85, None)))?;
    near("cropped by 4 pixels a side", "c2.jpg", encoded(jpeg(&cropped(&listed[2], 4), 85, None)))?;
    near("turned by 90°", "d1.jpg", encoded(jpeg(&imageops::rotate90(&listed[6]), 85, None)))?;
    near("turned by 90°", "d2.jpg", encoded(jpeg(&imageops::rotate270(&listed[3]), 85, None)))?;
    near("mirrored", "e1.jpg", encoded(jpeg(&imageops::flip_horizontal(&listed[7]), 85, None)))?;
    let scenes = [landscape(UNLISTED_SEED + 400, 320, 240), scaled(&listed[6], 40)];
    near("one frame of an animation", "f1.gif", encoded(gif(&scenes)))?;
    let thumbnail = encoded(jpeg(&scaled(&listed[4], 20), 75, None))?;
    let other = landscape(UNLISTED_SEED + 401, 800, 600);
    let exif = Some(exif::block_with_thumbnail(&thumbnail));
    near("only the thumbnail inside", "g1.jpg", encoded(jpeg(&other, 88, exif)))
}

/// Pictures nobody has listed: two series of one device, some of another, some without a trace.
fn unlisted(device: &mut Device) -> Result<(), AppError> {
    let series = [("DCIM/101", 6, "2026:05:17"), ("DCIM/102", 4, "2026:06:02")];
    for (seed, (folder, shots, day)) in (UNLISTED_SEED..).zip(series) {
        let scene = landscape(seed, 1024, 768);
        for shot in 0..shots {
            let taken_at = format!("{day} 14:2{shot}:00");
            let camera = Camera {
                make: "Example Optics",
                model: "E1",
                serial: Some("EX-0042"),
                taken_at: &taken_at,
            };
            let lighter = imageops::brighten(&scene, shot * 4);
            let bytes = encoded(jpeg(&lighter, 88, Some(exif::block(&camera))))?;
            device.put(
                "new: series of one camera",
                Outcome::New,
                &format!("{folder}/IMG_{shot:04}.jpg"),
                &bytes,
            )?;
        }
    }
    for n in 0..5u64 {
        let taken_at = format!("2026:0{}:11 09:00:00", n + 1);
        let camera =
            Camera { make: "Sample Mobile", model: "S9", serial: None, taken_at: &taken_at };
        let scene = landscape(UNLISTED_SEED + 100 + n, 900, 1200);
        let bytes = encoded(jpeg(&scene, 85, Some(exif::block(&camera))))?;
        device.put("new: single pictures", Outcome::New, &format!("Camera/P_{n}.jpg"), &bytes)?;
    }
    for n in 0..4u64 {
        let bytes = encoded(png(&landscape(UNLISTED_SEED + 200 + n, 640, 400)))?;
        device.put("new: single pictures", Outcome::New, &format!("Screens/s{n}.png"), &bytes)?;
    }
    device.put(
        "other files",
        Outcome::New,
        "notes.txt",
        b"Shopping list: bread, apples, coffee.\n",
    )?;
    device.put("other files", Outcome::New, "empty.dat", b"")
}

/// New pictures that say something of their own making. Neither changes the outcome.
fn speaking(device: &mut Device) -> Result<(), AppError> {
    let plain = encoded(png(&landscape(UNLISTED_SEED + 400, 640, 400)))?;
    device.put(
        "new: with a generator's settings",
        Outcome::New,
        "Download/render_01.png",
        &with_settings(&plain),
    )?;
    device.graded(Grade::V1);
    let camera = Camera {
        make: "Example Optics",
        model: "E1",
        serial: None,
        taken_at: "2026:06:20 10:00:00",
    };
    let scene = landscape(UNLISTED_SEED + 401, 640, 480);
    let photograph = encoded(jpeg(&scene, 85, Some(exif::block(&camera))))?;
    device.put(
        "new: called generated, with a camera",
        Outcome::New,
        "Download/forwarded.jpg",
        &called_generated(&photograph),
    )?;
    device.graded(Grade::X);
    Ok(())
}

/// Files that cannot be decoded. They are counted, never dropped.
fn broken(device: &mut Device, picture: &[u8]) -> Result<(), AppError> {
    device.put(
        "broken: cut off",
        Outcome::Failed,
        "broken/cut.png",
        &encoded(png(&landscape(77, 300, 200)))?[..900],
    )?;
    device.put(
        "broken: no picture inside",
        Outcome::Failed,
        "broken/noise.jpg",
        &[&picture[..24], &[0xff; 400]].concat(),
    )?;
    let bomb = bomb(30_000)?;
    device.put("broken: 900 megapixels declared", Outcome::Failed, "broken/bomb.png", &bomb)
}

/// A small PNG whose header declares a picture of `side` × `side`.
fn bomb(side: u32) -> Result<Vec<u8>, AppError> {
    let mut bytes = encoded(png(&icon(1)))?;
    // Signature 8, length 4, then `IHDR`, width, height, 5 more bytes, and their checksum.
    bytes[16..20].copy_from_slice(&side.to_be_bytes());
    bytes[20..24].copy_from_slice(&side.to_be_bytes());
    let mut checksum = flate2::Crc::new();
    checksum.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
    Ok(bytes)
}

/// A zip and a tar with listed and new pictures inside.
fn archives(device: &mut Device, originals: &[Vec<u8>]) -> Result<(), AppError> {
    let inside = encoded(jpeg(&landscape(UNLISTED_SEED + 300, 640, 480), 85, None))?;
    let members = [("trip/one.jpg", &originals[5]), ("trip/two.jpg", &inside)];
    device.put(
        "archives",
        Outcome::New,
        "backup.zip",
        &zipped(&members).map_err(AppError::memory)?,
    )?;
    device.put(
        "archives",
        Outcome::New,
        "backup.tar",
        &tarred(&members).map_err(AppError::memory)?,
    )?;
    for archive in ["backup.zip", "backup.tar"] {
        device.note(
            "the same bytes, inside an archive",
            Outcome::Known,
            &format!("{archive}!/trip/one.jpg"),
        );
        device.note("new: inside an archive", Outcome::New, &format!("{archive}!/trip/two.jpg"));
    }
    Ok(())
}

fn zipped(members: &[(&str, &Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default())?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn tarred(members: &[(&str, &Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, bytes.as_slice())?;
    }
    builder.into_inner()
}

fn list_entry(picture: &RgbImage, bytes: &[u8], row: u64) -> Result<ListEntry, AppError> {
    let pixels = Pixels::rgb(picture.width(), picture.height(), picture.as_raw().clone())
        .map_err(|_| AppError::System { what: "to draw a picture" })?;
    let digests = digests(bytes);
    Ok(ListEntry {
        row,
        key: Some(row.to_string()),
        md5: Some(digests.md5),
        sha1: Some(digests.sha1),
        pdq: Some(pdq(&pixels, PdqVariant::Reference).original()),
        category: Some(Category { scheme: SCHEME.to_owned(), code: (1 + row % 2).to_string() }),
        size_bytes: Some(bytes.len() as u64),
        ..ListEntry::default()
    })
}

fn digests(bytes: &[u8]) -> tutela_core::Digests {
    let mut hasher = DigestHasher::new();
    hasher.update(bytes);
    hasher.finish()
}

fn write_list(path: &Path, format: &str, entries: Vec<ListEntry>) -> Result<(), AppError> {
    let format =
        lists::format(format).ok_or_else(|| AppError::NoSuchFormat { id: format.to_owned() })?;
    let info = ListInfo {
        source: Some("Tutela demo".to_owned()),
        dated: Some(Timestamp::UNIX_EPOCH),
        scheme: Some(SCHEME.to_owned()),
    };
    let mut bytes = Vec::new();
    (format.write)(&mut bytes, &info, &mut entries.into_iter())
        .map_err(|source| AppError::List { path: path.to_owned(), source })?;
    fs::write(path, bytes).map_err(AppError::file("write", path))
}

fn encoded(bytes: Result<Vec<u8>, image::ImageError>) -> Result<Vec<u8>, AppError> {
    bytes.map_err(|_| AppError::System { what: "to encode a picture" })
}
