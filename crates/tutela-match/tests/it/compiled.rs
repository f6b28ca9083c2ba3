//! Compiled lists: against a map, and against every kind of damage.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::Config;
use proptest::{prop_assert_eq, proptest};
use tutela_core::{Md5, Pdq, Sha1, Sha256};
use tutela_match::index::compiled::{
    Assembler, BLOCK_BYTES, Checksums, CompiledError, CompiledList, HEADER_BYTES, Indexed, Record,
    Section, TableWriter, text_bytes,
};

/// A list in memory: each entry has the number that stands for it in MD5 and, if even, in SHA-1 and
/// as its size.
fn compiled(numbers: &[u64]) -> Vec<u8> {
    let mut out = Assembler::new(Vec::new()).unwrap();
    out.section(Section::About, 0, |out| out.write_all(b"about")).unwrap();
    let mut texts = Vec::new();
    let records = numbers.iter().zip(1..).flat_map(|(number, row)| {
        let key = Some(texts.len() as u64);
        texts.extend(text_bytes(&number.to_string()).unwrap());
        let carries = [false, number % 2 == 0, true, row == 1, false];
        Record { row, key, category: Some(0), carries }.bytes()
    });
    let records: Vec<u8> = records.collect();
    out.section(Section::Records, 0, |out| out.write_all(&records)).unwrap();
    out.section(Section::Texts, 0, |out| out.write_all(&texts)).unwrap();
    out.section(Section::Pdq, 0, |out| out.write_all(&[[7; 32].as_slice(), &[0; 4]].concat()))
        .unwrap();
    let even: Vec<u64> = numbers.iter().copied().filter(|number| number % 2 == 0).collect();
    table::<16, Md5>(&mut out, numbers, numbers);
    table::<20, Sha1>(&mut out, numbers, &even);
    table::<32, Sha256>(&mut out, numbers, &[]);
    let sizes: BTreeSet<u64> = even.into_iter().collect();
    let sizes: Vec<u8> = sizes.into_iter().flat_map(u64::to_le_bytes).collect();
    out.section(Section::Sizes, 0, |out| out.write_all(&sizes)).unwrap();
    sealed(out)
}

fn table<const N: usize, D: Indexed<N>>(out: &mut Assembler<Vec<u8>>, all: &[u64], of: &[u64]) {
    let place =
        |(entry, number): (u32, &u64)| of.contains(number).then(|| (digest::<N>(*number), entry));
    let mut pairs: Vec<([u8; N], u32)> = (0..).zip(all).filter_map(place).collect();
    pairs.sort_unstable();
    let mut writer = TableWriter::<N>::new(pairs.len() as u64);
    let mut prints = Vec::new();
    out.section(D::SECTION, 0, |rows| {
        pairs.iter().try_for_each(|(digest, entry)| writer.push(digest, *entry, rows, &mut prints))
    })
    .unwrap();
    let end = writer.finish(&mut prints).unwrap();
    assert_eq!(end.rows as usize, pairs.len());
    for (part, bytes) in [(1, end.starts), (2, end.shards), (3, prints)] {
        out.section(D::SECTION, part, |out| out.write_all(&bytes)).unwrap();
    }
}

fn sealed(out: Assembler<Vec<u8>>) -> Vec<u8> {
    let (mut bytes, layout) = out.finish();
    bytes[..HEADER_BYTES].copy_from_slice(&layout.header());
    seal_again(bytes)
}

/// Adds checksums to header and sections.
fn seal_again(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut sums = Checksums::default();
    bytes.chunks(BLOCK_BYTES).for_each(|block| sums.add(block));
    bytes.extend(sums.finish());
    bytes
}

/// Digests as good as random for most numbers, and alike in their first half for some.
fn digest<const N: usize>(number: u64) -> [u8; N] {
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let head = if number.is_multiple_of(7) { 0 } else { spread };
    let mut bytes = [0; N];
    bytes[..8].copy_from_slice(&head.to_be_bytes());
    bytes[N - 8..].copy_from_slice(&number.to_be_bytes());
    bytes
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_compiled_list_finds_what_a_map_finds(
        numbers in vec(any::<u16>().prop_map(u64::from), 0..700),
        others in vec(any::<u16>().prop_map(u64::from), 0..100),
    ) {
        let mut expected: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for (entry, number) in (0..).zip(&numbers) {
            expected.entry(*number).or_default().push(entry);
        }
        let list = CompiledList::open(compiled(&numbers)).unwrap();
        prop_assert_eq!((list.len(), list.digests::<16, Md5>()), (numbers.len() as u64, numbers.len() as u64));
        for number in numbers.iter().chain(&others) {
            let entries = expected.get(number).cloned().unwrap_or_default();
            let found: Vec<u32> = list.get(&Md5(digest(*number))).collect();
            prop_assert_eq!(&found, &entries);
            let found: Vec<u32> = list.get(&Sha1(digest(*number))).collect();
            prop_assert_eq!(found, if number % 2 == 0 { entries } else { Vec::new() });
            prop_assert_eq!(list.get(&Sha256(digest(*number))).count(), 0);
            let stated = number % 2 == 0 && expected.contains_key(number);
            prop_assert_eq!(list.has_size(*number), stated);
        }
        prop_assert_eq!(list.sizes(), expected.keys().filter(|number| *number % 2 == 0).count() as u64);
        for (entry, number) in (0..).zip(&numbers) {
            let record = list.record(entry).unwrap();
            prop_assert_eq!(list.key(&record).map(str::to_owned), Some(number.to_string()));
            prop_assert_eq!(record.row, u64::from(entry) + 1);
        }
        prop_assert_eq!(list.record(numbers.len() as u32), None);
    }
}

#[test]
fn a_large_list_has_several_filters_and_misses_nothing() {
    let numbers: Vec<u64> = (0..600_000).collect();
    let list = CompiledList::open(large(&numbers)).unwrap();
    let (bytes, open) = list.filter_bytes::<16, Md5>();
    assert_eq!(open, 0);
    let bits = bytes as f64 * 8.0 / numbers.len() as f64;
    assert!((17.0..22.0).contains(&bits), "{bits} bits a key");
    for number in &numbers {
        assert_eq!(list.get(&Md5(spread(*number))).next(), Some(*number as u32));
    }
    let passed = (0..1_000_000).filter(|number| list.may_hold(&Md5(spread(number + (1 << 40)))));
    let passed = passed.count();
    assert!((1..60).contains(&passed), "{passed} in a million pass; 15 are expected");
}

fn spread(number: u64) -> [u8; 16] {
    let half = |seed: u64| {
        let mixed = (number ^ seed).wrapping_mul(0xff51_afd7_ed55_8ccd);
        (mixed ^ (mixed >> 32)).wrapping_mul(0xc4ce_b9fe_1a85_ec53)
    };
    u128::from(half(1)).wrapping_shl(64).wrapping_add(u128::from(half(2))).to_be_bytes()
}

/// As [`compiled`], with evenly spread MD5 only.
fn large(numbers: &[u64]) -> Vec<u8> {
    let mut out = Assembler::new(Vec::new()).unwrap();
    let mut pairs: Vec<_> = (0..).zip(numbers).map(|(entry, n)| (spread(*n), entry)).collect();
    pairs.sort_unstable();
    let mut writer = TableWriter::<16>::new(pairs.len() as u64);
    let mut prints = Vec::new();
    out.section(Section::Md5, 0, |rows| {
        pairs.iter().try_for_each(|(digest, entry)| writer.push(digest, *entry, rows, &mut prints))
    })
    .unwrap();
    let end = writer.finish(&mut prints).unwrap();
    for (part, bytes) in [(1, end.starts), (2, end.shards), (3, prints)] {
        out.section(Section::Md5, part, |out| out.write_all(&bytes)).unwrap();
    }
    table::<20, Sha1>(&mut out, &[], &[]);
    table::<32, Sha256>(&mut out, &[], &[]);
    sealed(out)
}

#[test]
fn damage_is_refused_wherever_it_is() {
    let whole = compiled(&(0..300).collect::<Vec<_>>());
    assert!(CompiledList::open(whole.as_slice()).is_ok());
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(CompiledList::open(bytes).is_err(), "byte {at} is not looked at");
    }
    for len in (0..whole.len()).step_by(7) {
        let error = CompiledList::open(&whole[..len]).unwrap_err();
        let expected = if len < 8 {
            CompiledError::NotCompiled
        } else {
            CompiledError::Cut { found: len as u64 }
        };
        assert_eq!(error, expected);
    }
    let longer = [whole.as_slice(), b"x"].concat();
    assert!(matches!(CompiledList::open(longer), Err(CompiledError::Cut { .. })));
    for found in [1, 3, 9] {
        let mut other = whole.clone();
        other[8] = found;
        let found = u32::from(found);
        assert_eq!(CompiledList::open(other).unwrap_err(), CompiledError::Version { found });
    }
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    /// Somebody wrote the file on purpose: every checksum is right, and the content is not.
    #[test]
    fn a_hostile_list_never_panics(
        changes in vec((any::<usize>(), any::<u8>()), 1..40),
        tables_only in any::<bool>(),
    ) {
        let numbers: Vec<u64> = (0..200).collect();
        let whole = compiled(&numbers);
        let sums = 4 * (whole.len() / BLOCK_BYTES + 2);
        let mut bytes = whole[..whole.len() - sums].to_vec();
        for (at, value) in changes {
            let from = if tables_only { HEADER_BYTES } else { 24 };
            let at = from + at % (bytes.len() - from);
            bytes[at] = value;
        }
        let sum = checksum_of_header(&bytes);
        bytes[HEADER_BYTES - 4..HEADER_BYTES].copy_from_slice(&sum);
        if let Ok(list) = CompiledList::open(seal_again(bytes)) {
            for number in 0..300 {
                for entry in list.get(&Md5(digest(number))).chain(list.get(&Sha1(digest(number)))) {
                    let record = list.record(entry);
                    let _ = record.and_then(|record| list.key(&record).map(str::len));
                }
                let _ = list.get(&Sha256(digest(number))).count();
                let _ = list.digest_at::<16, Md5>(number as u32);
                let _ = list.has_size(number);
            }
            let signals: Vec<(Pdq, u32)> = list.pdqs().collect();
            prop_assert_eq!(signals.is_empty(), list.pdqs().next().is_none());
        }
    }
}

/// The checksum that stands at the end of the header: the first of a body that is only the rest of it.
fn checksum_of_header(bytes: &[u8]) -> [u8; 4] {
    let mut sums = Checksums::default();
    sums.add(&bytes[..HEADER_BYTES - 4]);
    *sums.finish().first_chunk().unwrap()
}
