//! HEIC files as phones make them, put together from tiles that `heif-enc` encodes: grids, turns, mirrors.

use std::process::Command;

use image::DynamicImage;

/// What `heif-enc` makes of a picture; `None` where the program is not installed.
pub(crate) fn heic(picture: &DynamicImage, options: &[&str]) -> Option<Vec<u8>> {
    let dir = tempfile::tempdir().unwrap();
    let [from, to] = ["in.png", "out.heic"].map(|name| dir.path().join(name));
    picture.save(&from).unwrap();
    let run = Command::new("heif-enc").args(options).arg(&from).arg("-o").arg(&to).output();
    let Ok(run) = run else {
        eprintln!("skipped: heif-enc is not installed");
        return None;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some(std::fs::read(to).unwrap())
}

/// A picture encoded by itself: the decoder's settings, and the data.
pub(crate) struct Tile {
    settings: Vec<u8>,
    data: Vec<u8>,
    size: (u32, u32),
}

impl Tile {
    /// `None` where `heif-enc` is not installed. The sides are multiples of 8.
    pub(crate) fn of(picture: &DynamicImage) -> Option<Self> {
        let bytes = heic(picture, &["-q", "80"])?;
        let of = |kind: &[u8; 4]| {
            let at = bytes.windows(4).position(|four| four == kind).unwrap();
            let length = u32::from_be_bytes(bytes[at - 4..at].try_into().unwrap()) as usize;
            bytes[at + 4..at - 4 + length].to_vec()
        };
        let size = (picture.width(), picture.height());
        Some(Self { settings: of(b"hvcC"), data: of(b"mdat"), size })
    }
}

/// How the container says that the picture is to be seen, in the order of the file.
pub(crate) enum Turn {
    /// Quarters of a turn against the clock.
    Left(u8),
    /// Top and bottom change places.
    UpsideDown,
    /// Left and right change places.
    Mirrored,
}

impl Turn {
    fn property(&self) -> Vec<u8> {
        match self {
            Self::Left(quarters) => boxed(b"irot", &[*quarters]),
            Self::UpsideDown => boxed(b"imir", &[0]),
            Self::Mirrored => boxed(b"imir", &[1]),
        }
    }
}

/// One picture, turned.
pub(crate) fn single(tile: &Tile, turns: &[Turn]) -> Vec<u8> {
    let size = spatial(tile.size);
    let mut properties = vec![boxed(b"hvcC", &tile.settings), size];
    properties.extend(turns.iter().map(Turn::property));
    let of_primary: Vec<u8> = (1..=properties.len() as u8).collect();
    file(&[&tile.data], &properties, &[(1, of_primary)], &[])
}

/// A grid whose tiles are of one size and one encoder; `size` cuts what hangs over.
/// Source: ISO/IEC 23008-12, 6.6.2.3.
pub(crate) fn grid(tiles: &[&Tile], columns: u8, size: (u32, u32), turns: &[Turn]) -> Vec<u8> {
    let rows = (tiles.len() / usize::from(columns)) as u8;
    let sides = [size.0.to_be_bytes(), size.1.to_be_bytes()].concat();
    // Flag 1: sides of 32 bits.
    let descriptor = [&[0, 1, rows - 1, columns - 1], sides.as_slice()].concat();
    let mut properties =
        vec![boxed(b"hvcC", &tiles[0].settings), spatial(tiles[0].size), spatial(size)];
    properties.extend(turns.iter().map(Turn::property));
    let first = tiles.len() as u16 + 1;
    let of_primary = (3..=properties.len() as u8).collect();
    let mut owned: Vec<(u16, Vec<u8>)> = (1..first).map(|item| (item, vec![1, 2])).collect();
    owned.push((first, of_primary));
    let data: Vec<&[u8]> = tiles.iter().map(|tile| tile.data.as_slice()).collect();
    file(&data, &properties, &owned, &descriptor)
}

/// Items 1 and up with their data; behind them a grid of all, where there is a descriptor of one.
/// Source: ISO/IEC 14496-12, 8.11, and 23008-12, 9.3.
fn file(data: &[&[u8]], properties: &[Vec<u8>], owned: &[(u16, Vec<u8>)], grid: &[u8]) -> Vec<u8> {
    let tiles = data.len() as u16;
    let primary = if grid.is_empty() { 1 } else { tiles + 1 };
    let entry = |item: u16| {
        let kind = if item > tiles { b"grid" } else { b"hvc1" };
        full(b"infe", 2, &[&item.to_be_bytes()[..], &[0, 0], kind, &[0]].concat())
    };
    let entries: Vec<u8> = (1..=primary.max(tiles)).flat_map(entry).collect();
    let count = primary.max(tiles).to_be_bytes();
    let associations: Vec<u8> = owned
        .iter()
        .flat_map(|(item, of)| [&item.to_be_bytes()[..], &[of.len() as u8], of].concat())
        .collect();
    let owners = (owned.len() as u32).to_be_bytes();
    let described = [
        boxed(b"ipco", &properties.concat()),
        full(b"ipma", 0, &[&owners[..], &associations].concat()),
    ];
    let mut parts = vec![
        full(b"hdlr", 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        full(b"pitm", 0, &primary.to_be_bytes()),
        full(b"iinf", 0, &[&count[..], &entries].concat()),
        boxed(b"iprp", &described.concat()),
    ];
    if !grid.is_empty() {
        let to: Vec<u8> = (1..=tiles).flat_map(u16::to_be_bytes).collect();
        let refers = [&primary.to_be_bytes()[..], &tiles.to_be_bytes(), &to].concat();
        parts.push(full(b"iref", 0, &boxed(b"dimg", &refers)));
        parts.push(boxed(b"idat", grid));
    }
    let brand = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
    // Places are absolute: the box that holds them is made twice, and is of one length both times.
    let before = |start: usize| {
        let meta = [parts.concat(), places(data, grid.len(), start)].concat();
        [brand.clone(), full(b"meta", 0, &meta)].concat()
    };
    let start = before(0).len() + 8;
    [before(start), boxed(b"mdat", &data.concat())].concat()
}

/// Where the data of each item lie: in the file, or in `idat` for the grid.
fn places(data: &[&[u8]], grid: usize, start: usize) -> Vec<u8> {
    let place = |item: u16, method: u16, at: usize, length: usize| {
        let mut place = [item, method, 0, 1].map(u16::to_be_bytes).concat();
        place.extend([at as u32, length as u32].map(u32::to_be_bytes).concat());
        place
    };
    let (mut at, mut places) = (start, Vec::new());
    for (item, data) in (1..).zip(data) {
        places.extend(place(item, 0, at, data.len()));
        at += data.len();
    }
    let mut count = data.len() as u16;
    if grid > 0 {
        count += 1;
        places.extend(place(count, 1, 0, grid));
    }
    full(b"iloc", 1, &[&[0x44, 0][..], &count.to_be_bytes(), &places].concat())
}

fn spatial((width, height): (u32, u32)) -> Vec<u8> {
    full(b"ispe", 0, &[width.to_be_bytes(), height.to_be_bytes()].concat())
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32 + 8).to_be_bytes();
    [&length[..], kind, body].concat()
}

fn full(kind: &[u8; 4], version: u8, body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, 0], body].concat())
}
