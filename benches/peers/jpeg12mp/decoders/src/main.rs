//! Decoding alone, by our decoder and by others in Rust, in processor time; and whether they agree.
//!
//! `peer-jpeg-decoders FILE…` prints a line a file: the median of five turns of each, in milliseconds,
//! and how many of its samples are not ours.
#![forbid(unsafe_code)]

use anyhow::{Result, anyhow};
use rustix::time::{ClockId, clock_gettime};
use zune_core::bytestream::ZCursor;

const ROUNDS: usize = 5;
type Decode = fn(&[u8]) -> Result<Vec<u8>>;
const DECODERS: [(&str, Decode); 4] =
    [("ours", ours), ("zune-jpeg", zune), ("jpeg-decoder", plain), ("libjpeg-turbo-rs", turbo)];

fn main() -> Result<()> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let ours = ours(&bytes)?;
        let mut times = [const { Vec::new() }; DECODERS.len()];
        let mut apart = [0; DECODERS.len()];
        for _ in 0..ROUNDS {
            for (n, (_, decode)) in DECODERS.iter().enumerate() {
                let start = cpu_ms();
                let samples = decode(&bytes)?;
                times[n].push(cpu_ms() - start);
                apart[n] = ours.iter().zip(&samples).filter(|(a, b)| a != b).count();
            }
        }
        let told = DECODERS.iter().zip(&mut times).zip(apart).map(|(((name, _), times), apart)| {
            times.sort_unstable_by(f64::total_cmp);
            format!("{name} {:.0} ms, {apart} samples apart", times[ROUNDS / 2])
        });
        let name = path.rsplit('/').next().unwrap_or_default();
        println!("{name}: {} of {}", told.collect::<Vec<_>>().join("; "), ours.len());
    }
    Ok(())
}

fn ours(bytes: &[u8]) -> Result<Vec<u8>> {
    Ok(tutela_match::content::decode(bytes, &Default::default())?.pixels.samples().to_vec())
}

fn zune(bytes: &[u8]) -> Result<Vec<u8>> {
    zune_jpeg::JpegDecoder::new(ZCursor::new(bytes)).decode().map_err(|error| anyhow!("{error:?}"))
}

fn plain(bytes: &[u8]) -> Result<Vec<u8>> {
    Ok(jpeg_decoder::Decoder::new(bytes).decode()?)
}

fn turbo(bytes: &[u8]) -> Result<Vec<u8>> {
    Ok(libjpeg_turbo_rs::decompress_to(bytes, libjpeg_turbo_rs::PixelFormat::Rgb)?.data)
}

fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
