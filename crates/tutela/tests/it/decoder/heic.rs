//! HEIC through a real worker: as phones write it, and what is near the same picture as JPEG.

use image::{Rgb, RgbImage, Rgba, RgbaImage, imageops};
use tutela_match::content::{Kind, PictureFormat, THUMBNAIL_DISTANCE};
use tutela_match::index::distance;

use super::failure_code;
use super::fixtures::{jpeg_of, scene};
use super::heif::{Tile, Turn, grid, heic, single};
use super::parts::{full_signal, look};

#[test]
fn a_heic_is_near_the_same_picture_as_jpeg() {
    let picture = scene(2, 700, 500);
    for options in [&["-q", "80"][..], &["-q", "40", "-b", "10"], &["-q", "90", "-p", "chroma=444"]]
    {
        let Some(bytes) = heic(&picture.clone().into(), options) else { return };
        let facts = look(&bytes);
        assert_eq!(failure_code(&facts), None, "{options:?}");
        assert_eq!(facts.kind, Kind::Picture(PictureFormat::Heic));
        assert_eq!((facts.width, facts.height), (Some(700), Some(500)));
        let jpeg = look(&jpeg_of(&picture, 90));
        for (ours, theirs) in facts.signals.iter().zip(&jpeg.signals) {
            let bits = distance(&ours.values[0], &theirs.values[0]);
            assert!(bits <= 31, "{options:?}: {bits} bits");
        }
        let cut = look(&bytes[..bytes.len() - 200]);
        assert!(failure_code(&cut).is_some(), "half a picture is none");
    }
}

#[test]
fn the_thumbnail_of_a_heic_is_found() {
    let Some(bytes) = heic(&scene(2, 700, 500).into(), &["-t", "160"]) else { return };
    let embedded = look(&bytes).embedded.unwrap();
    assert_eq!(embedded.width.max(embedded.height), 160);
    // heif-enc scales without smoothing.
    assert!(embedded.distance.unwrap() <= THUMBNAIL_DISTANCE, "{:?}", embedded.distance);
}

#[test]
fn what_is_transparent_lies_over_white() {
    let picture = scene(3, 640, 480);
    let clear = RgbaImage::from_fn(640, 480, |x, y| {
        let [r, g, b] = picture.get_pixel(x, y).0;
        Rgba([r, g, b, if (x / 80 + y / 80) % 2 == 0 { 255 } else { 40 }])
    });
    let seen = RgbImage::from_fn(640, 480, |x, y| {
        let [r, g, b, alpha] = clear.get_pixel(x, y).0;
        Rgb([r, g, b].map(|c| {
            ((u32::from(c) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255) as u8
        }))
    });
    let Some(bytes) = heic(&clear.into(), &["-q", "90"]) else { return };
    let facts = look(&bytes);
    assert_eq!((failure_code(&facts), facts.signals.len()), (None, 2));
    let value = &facts.signals[1].values[0];
    assert!(distance(value, &full_signal(&seen)) <= 31);
    assert!(distance(value, &full_signal(&picture)) > 31, "as if nothing were transparent");
}

#[test]
fn tiles_are_put_together_and_what_hangs_over_is_cut() {
    // Two rows of three tiles of 256, of which 700×500 are seen.
    let picture = scene(2, 700, 500);
    let tile = |column: u32, row: u32| {
        let mut tile = RgbImage::new(256, 256);
        let (x, y) = (column * 256, row * 256);
        let (width, height) = (256.min(700 - x), 256.min(500 - y));
        imageops::replace(
            &mut tile,
            &imageops::crop_imm(&picture, x, y, width, height).to_image(),
            0,
            0,
        );
        Tile::of(&tile.into())
    };
    let places = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)];
    let tiles: Option<Vec<Tile>> = places.iter().map(|(column, row)| tile(*column, *row)).collect();
    let Some(tiles) = tiles else { return };
    let all: Vec<&Tile> = tiles.iter().collect();
    let facts = look(&grid(&all, 3, (700, 500), &[]));
    assert_eq!(failure_code(&facts), None);
    assert_eq!((facts.width, facts.height), (Some(700), Some(500)));
    assert!(distance(&facts.signals[1].values[0], &full_signal(&picture)) <= 31);

    let turned = look(&grid(&all, 3, (700, 500), &[Turn::Left(1)]));
    assert_eq!((turned.width, turned.height), (Some(500), Some(700)));
    let left = imageops::rotate270(&picture);
    assert!(distance(&turned.signals[1].values[0], &full_signal(&left)) <= 31);

    // Tiles of another order are another picture; a tile that is lost leaves none.
    let mixed: Vec<&Tile> = [4, 2, 3, 1, 0, 5].map(|n: usize| &tiles[n]).to_vec();
    let other = look(&grid(&mixed, 3, (700, 500), &[]));
    assert!(distance(&other.signals[1].values[0], &full_signal(&picture)) > 31);
    assert!(failure_code(&look(&grid(&all[..4], 3, (700, 500), &[]))).is_some());
}

#[test]
fn turns_and_mirrors_of_the_container_are_part_of_the_picture() {
    // Different in each corner: no turn of it looks like another.
    let mut picture = scene(5, 640, 480);
    imageops::replace(&mut picture, &scene(1, 320, 200), 0, 0);
    imageops::replace(&mut picture, &scene(3, 200, 240), 440, 0);
    let Some(tile) = Tile::of(&picture.clone().into()) else { return };
    let cases: [(&[Turn], RgbImage); 7] = [
        (&[], picture.clone()),
        (&[Turn::Left(1)], imageops::rotate270(&picture)),
        (&[Turn::Left(2)], imageops::rotate180(&picture)),
        (&[Turn::Left(3)], imageops::rotate90(&picture)),
        (&[Turn::UpsideDown], imageops::flip_vertical(&picture)),
        (&[Turn::Mirrored], imageops::flip_horizontal(&picture)),
        // In the order of the file: first turned, then mirrored.
        (
            &[Turn::Left(1), Turn::Mirrored],
            imageops::flip_horizontal(&imageops::rotate270(&picture)),
        ),
    ];
    for (number, (turns, seen)) in cases.iter().enumerate() {
        let facts = look(&single(&tile, turns));
        assert_eq!(failure_code(&facts), None, "case {number}");
        assert_eq!((facts.width, facts.height), (Some(seen.width()), Some(seen.height())));
        for (other, (_, picture)) in cases.iter().enumerate() {
            let bits = distance(&facts.signals[1].values[0], &full_signal(picture));
            assert_eq!(bits <= 31, other == number, "case {number}: {bits} bits from {other}");
        }
    }
}

/// A picture of 50 megapixels, as newer phones make it, and one that is too large.
#[test]
fn a_very_large_heic_ends_in_a_signal_or_a_clear_refusal() {
    let picture = scene(5, 512, 512);
    let Some(tile) = Tile::of(&picture.into()) else { return };
    let all = |columns: u8, rows: usize| {
        let tiles = vec![&tile; usize::from(columns) * rows];
        look(&grid(&tiles, columns, (u32::from(columns) * 512, rows as u32 * 512), &[]))
    };
    let facts = all(16, 12);
    match failure_code(&facts) {
        None => assert_eq!((facts.width, facts.height), (Some(8192), Some(6144))),
        // A machine with much else to do.
        code => assert_eq!(code, Some("decode.deadline")),
    }
    for (columns, rows, code) in
        [(16, 16, "decode.out_of_memory"), (24, 16, "decode.too_many_pixels")]
    {
        let facts = all(columns, rows);
        assert_eq!(failure_code(&facts), Some(code));
        assert_eq!(facts.width, Some(u32::from(columns) * 512), "what it claims is kept");
    }
}
