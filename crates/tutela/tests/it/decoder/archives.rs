//! Archives through the real program: honest ones, broken ones, bombs.

use std::io::Write;
use std::ops::ControlFlow;
use std::os::fd::AsFd;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};
use tutela_app::evidence::decoder::{
    Decoder, EXPANSION_FLOOR_BYTES, EntryKind, UnpackEvent, UnpackLimits, UnpackRequest,
    UnpackSummary,
};
use tutela_match::content::ArchiveFormat;
use zip::CompressionMethod;

use super::fixtures::{jpeg, zip_of, zip_with};
use super::{config, file_of, look, unpack};

/// What came out: each entry's label, kind and content or failure code.
type Listed = Vec<(String, EntryKind, Result<Vec<u8>, String>)>;

fn list(bytes: &[u8], format: ArchiveFormat) -> (Listed, Option<String>) {
    let mut listed = Listed::new();
    let summary = unpack(&mut Decoder::new(config()), bytes, format, &mut |event| {
        match event {
            UnpackEvent::Start(entry) => {
                assert_eq!(entry.index, listed.len() as u64);
                listed.push((entry.path.clone(), entry.kind, Ok(Vec::new())));
            }
            UnpackEvent::Data(data) => {
                let (_, _, content) = listed.last_mut().unwrap();
                content.as_mut().unwrap().extend_from_slice(data);
            }
            UnpackEvent::End => {}
            UnpackEvent::Failed(failure) => {
                listed.last_mut().unwrap().2 = Err(failure.code.clone());
            }
        }
        ControlFlow::Continue(())
    });
    assert_eq!(summary.entries, listed.len() as u64);
    (listed, summary.failure.map(|failure| failure.code))
}

fn file(path: &str, content: &[u8]) -> (String, EntryKind, Result<Vec<u8>, String>) {
    (path.to_owned(), EntryKind::File, Ok(content.to_vec()))
}

fn failed(path: &str, code: &str) -> (String, EntryKind, Result<Vec<u8>, String>) {
    (path.to_owned(), EntryKind::File, Err(code.to_owned()))
}

/// Replaces every occurrence of some bytes by others of the same length.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = bytes
        .windows(from.len())
        .enumerate()
        .filter(|(_, w)| *w == from)
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

/// Sets a field of every header of a zip: its offset in local headers; directory ones have it two
/// bytes later.
fn with_field(mut bytes: Vec<u8>, local_offset: usize, value: u16) -> Vec<u8> {
    let starts = |mark: &[u8]| -> Vec<usize> {
        bytes.windows(4).enumerate().filter(|(_, w)| *w == mark).map(|(at, _)| at).collect()
    };
    let locals = starts(b"PK\x03\x04").into_iter().map(|at| at + local_offset);
    let centrals = starts(b"PK\x01\x02").into_iter().map(|at| at + local_offset + 2);
    for at in locals.chain(centrals).collect::<Vec<_>>() {
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[test]
fn zips_are_unpacked_by_every_method() {
    let text = b"one line of text\n".repeat(9000);
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated, CompressionMethod::Bzip2]
    {
        let zip = zip_with(&[("a/", b""), ("a/b.txt", &text), ("c", b"")], method);
        let directory = ("a/".to_owned(), EntryKind::Directory, Ok(Vec::new()));
        let expected = vec![directory, file("a/b.txt", &text), file("c", b"")];
        assert_eq!(list(&zip, ArchiveFormat::Zip), (expected, None), "{method:?}");
    }
}

#[test]
fn two_entries_of_one_name_both_come_out() {
    let zip = patched(zip_of(&[("same", b"first"), ("sbme", b"second")]), b"sbme", b"same");
    let expected = vec![file("same", b"first"), file("same", b"second")];
    assert_eq!(list(&zip, ArchiveFormat::Zip), (expected, None));
}

#[test]
fn paths_are_labels() {
    let zip = patched(zip_of(&[("aa/aa/x", b"1")]), b"aa/aa/x", b"../../x");
    assert_eq!(list(&zip, ArchiveFormat::Zip), (vec![file("__/__/x", b"1")], None));
}

#[test]
fn entries_that_cannot_be_read_do_not_lose_the_others() {
    const FLAGS: usize = 6;
    const METHOD: usize = 8;
    let zip = || zip_of(&[("a", b"alpha"), ("b", b"beta")]);
    let locked =
        |path: &str| (path.to_owned(), EntryKind::Encrypted, Err("archive.encrypted".to_owned()));
    assert_eq!(
        list(&with_field(zip(), FLAGS, 1), ArchiveFormat::Zip),
        (vec![locked("a"), locked("b")], None)
    );
    let strange = "archive.unsupported_method";
    assert_eq!(
        list(&with_field(zip(), METHOD, 97), ArchiveFormat::Zip),
        (vec![failed("a", strange), failed("b", strange)], None)
    );
    assert_eq!(
        list(&patched(zip(), b"alpha", b"alphA"), ArchiveFormat::Zip),
        (vec![failed("a", "archive.checksum"), file("b", b"beta")], None)
    );
}

#[test]
fn of_a_cut_zip_what_is_there_comes_out() {
    let zip = zip_of(&[("a", b"alpha"), ("b", &[7; 1000])]);
    let (listed, failure) = list(&zip[..600], ArchiveFormat::Zip);
    assert_eq!(listed, [file("a", b"alpha"), failed("b", "archive.truncated")]);
    assert_eq!(failure.as_deref(), Some("archive.truncated"));
    // Cut within the directory: all content is there, and the damage is still told.
    let (listed, failure) = list(&zip[..zip.len() - 30], ArchiveFormat::Zip);
    assert_eq!(listed, [file("a", b"alpha"), file("b", &[7; 1000])]);
    assert_eq!(failure.as_deref(), Some("archive.malformed"));
}

fn tar() -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |path: &str, kind: EntryType, content: &[u8]| {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_mtime(1_700_000_000);
        if kind.is_symlink() {
            header.set_link_name("/etc/passwd").unwrap();
        }
        tar.append_data(&mut header, path, content).unwrap();
    };
    add("dir", EntryType::Directory, b"");
    add("dir/a.txt", EntryType::Regular, b"alpha");
    add("link", EntryType::Symlink, b"");
    add("pipe", EntryType::Fifo, b"");
    add(&"long/".repeat(60), EntryType::Regular, &[7; 2000]);
    tar.into_inner().unwrap()
}

#[test]
fn tars_are_unpacked_and_links_are_not_followed() {
    let long = "long/".repeat(60);
    let expected = vec![
        ("dir".to_owned(), EntryKind::Directory, Ok(Vec::new())),
        file("dir/a.txt", b"alpha"),
        ("link".to_owned(), EntryKind::Link, Ok(Vec::new())),
        ("pipe".to_owned(), EntryKind::Special, Ok(Vec::new())),
        file(&long, &[7; 2000]),
    ];
    assert_eq!(list(&tar(), ArchiveFormat::Tar), (expected.clone(), None));
    assert_eq!(list(&gzip(&tar()), ArchiveFormat::Gzip), (expected, None));
    let cut = &tar()[..tar().len() - 2500];
    let (listed, failure) = list(cut, ArchiveFormat::Tar);
    assert_eq!(listed.last(), Some(&failed(&long, "archive.truncated")));
    assert_eq!((listed.len(), failure.as_deref()), (5, Some("archive.truncated")));
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn a_gzip_of_one_file_is_one_entry() {
    let picture = jpeg(64, 64);
    let zipped = gzip(&picture);
    assert_eq!(list(&zipped, ArchiveFormat::Gzip), (vec![file("box", &picture)], None));
    let (listed, failure) = list(&zipped[..zipped.len() / 2], ArchiveFormat::Gzip);
    assert_eq!(listed, [failed("box", "archive.truncated")]);
    assert_eq!(failure.as_deref(), Some("archive.truncated"));
}

#[test]
fn an_archive_inside_comes_out_whole() {
    let inner = zip_of(&[("a", b"alpha")]);
    let outer = zip_of(&[("inner.zip", &inner)]);
    let (listed, _) = list(&outer, ArchiveFormat::Zip);
    assert_eq!(listed, [file("inner.zip", &inner)]);
    let (_, _, content) = &listed[0];
    let (listed, _) = list(content.as_ref().unwrap(), ArchiveFormat::Zip);
    assert_eq!(listed, [file("a", b"alpha")]);
}

fn unpack_within(limits: UnpackLimits, bytes: &[u8]) -> UnpackSummary {
    let format = ArchiveFormat::Zip;
    let request = UnpackRequest { format, name: String::new(), segments: Vec::new(), limits };
    let file = file_of(bytes);
    let mut decoder = Decoder::new(config());
    let summary = decoder
        .unpack(file.as_fd(), bytes.len() as u64, &request, &mut |_| ControlFlow::Continue(()));
    // A limit is an answer, not a crash: the same worker goes on.
    let id = decoder.worker_id();
    assert_eq!(look(&mut decoder, &jpeg(64, 64)).failure, None);
    assert_eq!(decoder.worker_id(), id);
    summary.unwrap()
}

#[test]
fn bombs_end_at_the_limits() {
    let code = |summary: &UnpackSummary| summary.failure.as_ref().map(|f| f.code.clone());
    let zeros = vec![0; EXPANSION_FLOOR_BYTES as usize + (1 << 20)];
    let bomb = zip_with(&[("zeros", &zeros)], CompressionMethod::Deflated);
    let summary = unpack_within(UnpackLimits::default(), &bomb);
    assert_eq!(code(&summary).as_deref(), Some("archive.expansion_ratio"));
    assert!(summary.bytes <= EXPANSION_FLOOR_BYTES);

    let small = zip_of(&[("a", &[1; 100]), ("b", &[2; 100]), ("c", b"")]);
    let summary = unpack_within(UnpackLimits { max_bytes: 150, ..UnpackLimits::default() }, &small);
    assert_eq!(code(&summary).as_deref(), Some("archive.too_large"));
    assert_eq!((summary.entries, summary.bytes), (2, 100));
    let summary = unpack_within(UnpackLimits { max_entries: 2, ..UnpackLimits::default() }, &small);
    assert_eq!(code(&summary).as_deref(), Some("archive.too_many_entries"));
    assert_eq!((summary.entries, summary.bytes), (2, 200));
}

#[test]
fn the_caller_may_break_off() {
    let mut decoder = Decoder::new(config());
    let zip = zip_of(&[("a", b"alpha"), ("b", &[7; 1 << 20])]);
    let summary = unpack(&mut decoder, &zip, ArchiveFormat::Zip, &mut |event| match event {
        UnpackEvent::End => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    assert!(summary.stopped);
    assert_eq!((summary.entries, summary.bytes, summary.failure), (1, 5, None));
    assert_eq!(look(&mut decoder, &jpeg(64, 64)).failure, None);
}
