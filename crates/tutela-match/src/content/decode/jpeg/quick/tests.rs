//! What is decoded here is what the other decoder makes of the same file, sample for sample.

use super::decode;
use super::writer::{Chance, Form, write};
use crate::content::Limits;
use crate::content::decode::jpeg::{decode_any, decode_quickly};

#[test]
fn ordinary_pictures_are_decoded_and_the_same() {
    for seed in 0..600 {
        let mut chance = Chance::new(seed);
        let form = Form::by(&mut chance);
        let bytes = write(form, &mut chance);
        let any = decode_any(&bytes, &Limits::default()).unwrap();
        let samples = decode(&bytes).unwrap_or_else(|| panic!("{seed} is not decoded: {form:?}"));
        assert!(samples == any.samples(), "{seed} differs: {form:?}");
    }
}

#[test]
fn damaged_pictures_are_left_alone_or_the_same() {
    let mut decoded = 0;
    for seed in 0..4000 {
        let mut chance = Chance::new(seed);
        let form = Form::by(&mut chance);
        let mut bytes = write(form, &mut chance);
        for _ in 0..=chance.below(3) {
            let place = 2 + chance.below(bytes.len() as u64 - 2) as usize;
            match chance.below(4) {
                0 => bytes[place] = chance.below(256) as u8,
                1 => bytes[place] ^= 1 << chance.below(8),
                2 => drop(bytes.remove(place)),
                _ => bytes.insert(place, chance.below(256) as u8),
            }
        }
        if let Some(pixels) = decode_quickly(&bytes, &Limits::default()) {
            decoded += 1;
            let any = decode_any(&bytes, &Limits::default());
            assert!(any.as_ref() == Ok(&pixels), "{seed} differs: {form:?}");
        }
    }
    // In what is still decoded, some coefficient or weight is another, or nothing that counts.
    assert!(decoded > 200, "{decoded}");
}

#[test]
fn what_is_cut_is_left_alone() {
    let mut chance = Chance::new(1);
    let form = Form { progressive: true, ..Form::by(&mut chance) };
    let bytes = write(form, &mut chance);
    assert!(decode(&bytes).is_some());
    for length in 0..bytes.len() {
        assert!(decode(&bytes[..length]).is_none(), "{length}");
    }
}
