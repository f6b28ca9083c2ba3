//! 7z, UFDR, exFAT, streams beside files, images in archives and archives in images.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use serde_json::Value;

use super::making::{FileSystem, PARTITION_BYTES, ran};
use super::{codes, item, outcomes, planted, scan};
use crate::support::Place;

fn code(item: &Value) -> &str {
    item["error"]["code"].as_str().unwrap_or("none")
}

/// Digests of everything below a prefix.
fn digests(items: &[Value], prefix: &str) -> Vec<(String, Option<String>)> {
    let outcomes = outcomes(items, prefix).into_iter();
    outcomes.map(|(name, (_, sha256, _))| (name, sha256)).collect()
}

#[test]
fn a_7z_gives_its_files_and_names_what_is_locked() {
    let place = Place::with_workspace();
    place.file("planted/a/b.bin", planted::noise(1, 300_000));
    place.file("planted/c.txt", "text");
    place.file("planted/empty", "");
    let planted = format!("{}/", place.text("planted"));
    let expected = digests(&scan(&place, &planted, &[]), &planted);
    let variants: [(&str, &[&str]); 4] = [
        ("solid", &[]),
        ("apart", &["-ms=off", "-m0=lzma"]),
        ("ppmd", &["-m0=ppmd"]),
        ("bzip2", &["-m0=bzip2"]),
    ];
    for (name, options) in variants {
        let archive = place.text(&format!("{name}.7z"));
        let content = format!("{planted}*");
        let args = ["a", "-bd", &archive, &content].into_iter().chain(options.iter().copied());
        if !ran("7z", args) {
            return;
        }
        let items = scan(&place, &archive, &[]);
        assert_eq!(digests(&items, &format!("{archive}!/")), expected, "{name}");
    }
    let secret = place.text("secret.7z");
    ran("7z", ["a", "-bd", "-psecret", &secret, &format!("{planted}c.txt")]);
    let items = scan(&place, &secret, &[]);
    assert_eq!(code(item(&items, "!/c.txt")), "archive.encrypted");
    let sealed = place.text("sealed.7z");
    ran("7z", ["a", "-bd", "-psecret", "-mhe=on", &sealed, &format!("{planted}c.txt")]);
    let items = scan(&place, &sealed, &[]);
    assert_eq!((items.len(), code(&items[0])), (1, "archive.encrypted"));
}

#[test]
fn a_ufdr_is_held_against_its_report() {
    let place = Place::with_workspace();
    // MD5 of "a", and of nothing in particular.
    let files = [
        ("/data/media/0/DCIM/one.txt", "one.txt", "0cc175b9c0f1b6a831c399e269772661"),
        ("/data/media/0/DCIM/two.txt", "two.txt", "00000000000000000000000000000000"),
        ("/data/media/0/DCIM/three.txt", "three.txt", "11111111111111111111111111111111"),
    ];
    let mut report =
        r#"<project name="x" xmlns="http://pa.cellebrite.com/report/2.0"><taggedFiles>"#.to_owned();
    for (path, local, md5) in files {
        report.push_str(&format!(
            r#"<file path="{path}" size="1"><accessInfo><timestamp name="ModifyTime">2023-01-02T03:04:05+01:00
            </timestamp></accessInfo><metadata section="File"><item name="Local Path"><![CDATA[files\Text\{local}]]>
            </item><item name="MD5">{md5}</item></metadata></file>"#
        ));
    }
    report.push_str("</taggedFiles></project>");
    let ufdr = place.file(
        "phone.ufdr",
        planted::zip(&[
            ("files/Text/one.txt", b"a"),
            ("files/Text/two.txt", b"a"),
            ("files/Text/other.txt", b"a"),
            ("report.xml", report.as_bytes()),
        ]),
    );
    let items = scan(&place, &ufdr, &[]);
    assert_eq!(item(&items, "phone.ufdr")["mime"], "application/x-ufdr");
    let one = item(&items, "/one.txt");
    assert_eq!((code(one), codes(one)), ("none", vec!["evidence.device_path"]));
    assert_eq!(one["notes"][0]["message"], "data/media/0/DCIM/one.txt");
    assert_eq!(one["modified_at"], "2023-01-02T02:04:05Z");
    assert_eq!(code(item(&items, "/two.txt")), "evidence.report_digest_mismatch");
    assert!(item(&items, "/two.txt")["sha256"].is_string(), "its digests stand all the same");
    assert_eq!(code(item(&items, "/three.txt")), "archive.listed_but_missing");
    assert_eq!(codes(item(&items, "/other.txt")), [""; 0]);
    assert_eq!(items.len(), 6);

    let cut = place.file("cut.ufdr", planted::zip(&[("report.xml", &report.as_bytes()[..600])]));
    let items = scan(&place, &cut, &[]);
    assert_eq!(codes(item(&items, "cut.ufdr")), ["archive.report_damaged"]);
}

#[test]
fn images_and_archives_hold_each_other() {
    let place = Place::with_workspace();
    place.file("planted/deep.zip", planted::zip(&[("deeper.txt", b"here")]));
    let volume = place.path("volume.img");
    File::create(&volume).unwrap().set_len(1 << 20).unwrap();
    let (from, to) = (place.text("planted"), place.text("volume.img"));
    if !ran("mke2fs", ["-q", "-t", "ext2", "-d", &from, &to]) {
        return;
    }
    let zip = place.file("outer.zip", planted::zip(&[("volume.img", &fs::read(&volume).unwrap())]));
    let items = scan(&place, &zip, &[]);
    let found = item(&items, "outer.zip!/volume.img!/ext2/deep.zip!/deeper.txt");
    assert_eq!((code(found), found["size_bytes"].as_u64()), ("none", Some(4)));
}

#[test]
fn a_stream_beside_a_file_is_an_entry_of_its_own() {
    let place = Place::with_workspace();
    place.file("planted/a.txt", "in sight");
    let hidden = place.file("hidden", planted::noise(3, 50_000));
    let volume = place.path("ntfs.img");
    if !FileSystem::Ntfs.make(&volume, &place.path("planted"), PARTITION_BYTES) {
        return;
    }
    let image = place.text("ntfs.img");
    assert!(ran("ntfscp", ["-f", "-N", "behind", &image, &hidden, "a.txt"]));
    let items = scan(&place, &image, &[]);
    assert_eq!(item(&items, "!/ntfs/a.txt")["size_bytes"], 8);
    let expected = scan(&place, &hidden, &[]);
    assert_eq!(item(&items, "!/ntfs/a.txt:behind")["sha256"], expected[0]["sha256"]);
}

#[test]
fn an_exfat_volume_is_read() {
    let place = Place::with_workspace();
    let image = place.text("exfat.img");
    File::create(&image).unwrap().set_len(8 << 20).unwrap();
    if !ran("mkfs.exfat", [&image]) {
        return;
    }
    // Nothing fills such a volume without mounting it, so one file is written by hand.
    let disk = File::options().read(true).write(true).open(&image).unwrap();
    let mut boot = [0; 512];
    disk.read_exact_at(&mut boot, 0).unwrap();
    let long = |at: usize| u64::from(u32::from_le_bytes(boot[at..at + 4].try_into().unwrap()));
    let (sector, cluster) = (1_u64 << boot[108], 1_u64 << (boot[108] + boot[109]));
    let cluster_at = |number: u64| long(88) * sector + (number - 2) * cluster;
    let content = planted::noise(5, cluster as usize + 100);
    let first = 100;
    disk.write_all_at(&content, cluster_at(first)).unwrap();
    let mut lines = [[0_u8; 32]; 3];
    (lines[0][0], lines[0][1], lines[0][4]) = (0x85, 2, 0x20);
    // 1 September 2024, noon, two hours before UTC.
    lines[0][12..16].copy_from_slice(&[0, 0x60, 0x21, 0x59]);
    lines[0][23] = 0x88;
    (lines[1][0], lines[1][1], lines[1][3]) = (0xc0, 3, 5);
    for at in [8, 24] {
        lines[1][at..at + 8].copy_from_slice(&(content.len() as u64).to_le_bytes());
    }
    lines[1][20..24].copy_from_slice(&(first as u32).to_le_bytes());
    lines[2][0] = 0xc1;
    for (unit, at) in "a.bin".encode_utf16().zip((2..).step_by(2)) {
        lines[2][at..at + 2].copy_from_slice(&unit.to_le_bytes());
    }
    let mut root = [0; 256];
    disk.read_exact_at(&mut root, cluster_at(long(96))).unwrap();
    let free = root.chunks(32).position(|line| line[0] == 0).unwrap() as u64;
    disk.write_all_at(lines.as_flattened(), cluster_at(long(96)) + free * 32).unwrap();
    let items = scan(&place, &image, &[]);
    let found = item(&items, "!/exfat/a.bin");
    let alone = place.file("a.bin", &content);
    assert_eq!(found["sha256"], scan(&place, &alone, &[])[0]["sha256"]);
    assert_eq!(found["modified_at"], "2024-09-01T10:00:00Z");
}

#[test]
fn unreadable_volumes_are_named_alone_too() {
    let place = Place::with_workspace();
    let locked = place.file("locked.img", [b"LUKS\xba\xbe".as_slice(), &[0; 100_000]].concat());
    let items = scan(&place, &locked, &[]);
    let entry = item(&items, "!/luks");
    assert_eq!(code(entry), "archive.unsupported_file_system");
    assert!(entry["error"]["message"].as_str().unwrap().contains("100006 bytes"), "{entry}");
}
