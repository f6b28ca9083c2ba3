//! Generated test pictures, from integers only, so that any program can make the same ones.

use tutela_match::content::Pixels;

/// Makes the picture of one family. `p` means something else in each family.
pub(crate) fn picture(family: &str, p: usize, w: usize, h: usize) -> Pixels {
    match family {
        "gradx" => grey(w, h, |x, _| x * 255 / (w - 1)),
        "check" => grey(w, h, |x, y| if (x / p + y / p) % 2 == 1 { 255 } else { 0 }),
        "xor" => grey(w, h, |x, y| ((x * p) ^ (y * p)) & 255),
        "flat" => grey(w, h, |_, _| p),
        "gradxy" => {
            rgb(w, h, |x, y| [x * 255 / (w - 1), y * 255 / (h - 1), (x + y) * 255 / (w + h - 2)])
        }
        "rings" => rgb(w, h, |x, y| {
            let d = (2 * x).abs_diff(w).pow(2) + (2 * y).abs_diff(h).pow(2);
            [triangle(d / p, 256), triangle(d / (p + 3), 200), triangle(d / (p + 7), 128)]
        }),
        "stripes" => rgb(w, h, |x, y| {
            [
                triangle(x + 2 * y, 2 * p),
                triangle(3 * x + y, 4 * p),
                triangle(x * y / (p + 1), 6 * p),
            ]
        }),
        "discs" => rgb(w, h, |x, y| disc(p, w, h, x, y)),
        "blocks" => {
            let columns = w.div_ceil(p);
            let cells = noise(columns, h.div_ceil(p), 1000 + p);
            rgb(w, h, |x, y| cells[y / p * columns + x / p])
        }
        "smooth" => {
            let columns = w / p + 2;
            let cells = noise(columns, h / p + 2, 7000 + p);
            rgb(w, h, |x, y| {
                let (i, j, u, v) = (x / p, y / p, x % p, y % p);
                std::array::from_fn(|c| {
                    let cell = |i: usize, j: usize| cells[j * columns + i][c];
                    let upper = cell(i, j) * (p - u) + cell(i + 1, j) * u;
                    let lower = cell(i, j + 1) * (p - u) + cell(i + 1, j + 1) * u;
                    (upper * (p - v) + lower * v) / (p * p)
                })
            })
        }
        "noise" => {
            let cells = noise(w, h, 42 + p);
            rgb(w, h, |x, y| cells[y * w + x])
        }
        _ => panic!("no picture family {family}"),
    }
}

/// The upper bytes of a linear congruential generator.
pub(crate) fn random_bytes(seed: u32) -> impl Iterator<Item = u8> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
}

fn noise(columns: usize, rows: usize, seed: usize) -> Vec<[usize; 3]> {
    let mut bytes = random_bytes(seed as u32);
    let mut draw = || usize::from(bytes.next().unwrap());
    (0..columns * rows).map(|_| [draw(), draw(), draw()]).collect()
}

fn triangle(value: usize, period: usize) -> usize {
    let half = period / 2;
    let place = value % period;
    let rising = if place >= half { period - 1 - place } else { place };
    rising * 255 / half.saturating_sub(1).max(1)
}

fn disc(p: usize, w: usize, h: usize, x: usize, y: usize) -> [usize; 3] {
    let top = (0..24).rev().find(|i| {
        let (centre_x, centre_y) = ((i * 7919 + p * 131) % w, (i * 104_729 + p * 17) % h);
        let radius = w.min(h) * (3 + (i * 5 + p) % 9) / 40;
        x.abs_diff(centre_x).pow(2) + y.abs_diff(centre_y).pow(2) <= radius * radius
    });
    match top {
        Some(i) => [(i * 61 + p * 29) % 256, (i * 97 + p * 53) % 256, (i * 151 + p * 7) % 256],
        None => [x * 200 / (w - 1), y * 200 / (h - 1), 60],
    }
}

fn grey(w: usize, h: usize, value: impl Fn(usize, usize) -> usize) -> Pixels {
    let samples = places(w, h).map(|(x, y)| byte(value(x, y))).collect();
    Pixels::grey(w as u32, h as u32, samples).unwrap()
}

fn rgb(w: usize, h: usize, value: impl Fn(usize, usize) -> [usize; 3]) -> Pixels {
    let samples = places(w, h).flat_map(|(x, y)| value(x, y).map(byte)).collect();
    Pixels::rgb(w as u32, h as u32, samples).unwrap()
}

fn places(w: usize, h: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..h).flat_map(move |y| (0..w).map(move |x| (x, y)))
}

fn byte(value: usize) -> u8 {
    u8::try_from(value).unwrap()
}
