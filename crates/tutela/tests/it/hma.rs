//! The interface of the Hasher-Matcher-Actioner over sockets, as its clients meet it.

mod crash;
mod curation;
mod exchanges;
mod freshness;
mod hashing;
mod matching;
mod operation;
mod session;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use serde_json::json;

use crate::served::Served;

/// A signal, and one two bits from it.
const A: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
const A2: &str = "f8f8f0cee0f4a84f06370a2a038f63f0b36e26d596621e1d33e6b39c4e9c9b22";
const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// Makes a bank of this name.
fn bank(served: &Served, name: &str) {
    let answer = served.send("POST", "/c/banks", &json!({"name": name}));
    answer.is(201, &json!({"name": name, "matching_enabled_ratio": 1.0}));
}

/// Adds a PDQ signal to a bank; gives the number of the content.
fn signal(served: &Served, bank: &str, pdq: &str) -> u64 {
    let answer = served.send("POST", &format!("/c/bank/{bank}/signal"), &json!({"pdq": pdq}));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_u64().unwrap()
}

/// A picture that says nothing: one colour.
fn flat() -> Vec<u8> {
    let picture = RgbImage::from_pixel(64, 64, image::Rgb([90, 90, 90]));
    let mut png = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

/// A signal of 256 bits that look random; the same for the same number.
fn some_pdq(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut word = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    };
    format!("{:016x}{:016x}{:016x}{:016x}", word(), word(), word(), word())
}
