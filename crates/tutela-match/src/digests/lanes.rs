//! Takes the MD5 of several contents side by side, each in a lane of its own.
//!
//! MD5 cannot be split: each step waits for the one before. One content leaves most of a processor idle;
//! sixteen in the lanes of its vectors do not. A lane whose content ends takes the next one.

#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(target_arch = "x86_64")]
use std::sync::OnceLock;

use md5::block_api::compress;

use super::md5::Block;

/// Contents side by side.
#[cfg(target_arch = "x86_64")]
const LANES: usize = 16;
/// Fewer contents than these are faster one after the other.
#[cfg(target_arch = "x86_64")]
const MIN_LANES: usize = 2;

/// The four words of MD5, each of every lane.
#[cfg(target_arch = "x86_64")]
type States = [[u32; LANES]; 4];

/// Blocks that are to go into the MD5 of one content.
pub(super) struct Job<'a> {
    pub(super) state: &'a mut [u32; 4],
    pub(super) blocks: &'a [Block],
}

/// Works off all jobs, side by side where this processor can.
pub(super) fn run(mut jobs: Vec<Job<'_>>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(wide) = widest() {
        return run_wide(wide, jobs);
    }
    jobs.iter_mut().for_each(|job| compress(job.state, job.blocks));
}

/// The widest copy of the kernel that this processor runs, and that computed here what it should: a
/// copy that no machine of ours could run in a test proves itself before it is used.
#[cfg(target_arch = "x86_64")]
fn widest() -> Option<x86::Wide> {
    static WIDEST: OnceLock<Option<x86::Wide>> = OnceLock::new();
    *WIDEST.get_or_init(|| x86::Wide::all().rfind(|wide| proves_itself(*wide)))
}

#[cfg(target_arch = "x86_64")]
fn proves_itself(wide: x86::Wide) -> bool {
    let byte = |lane: usize, place: usize| (lane * 151 + place * 31 + place / 9) as u8;
    let contents: [[Block; 3]; LANES] = std::array::from_fn(|lane| {
        std::array::from_fn(|block| std::array::from_fn(|place| byte(lane + 7 * block, place)))
    });
    let start = |word: usize, lane: usize| {
        (0x9e37_79b9_u32.wrapping_mul(word as u32 + 1)).rotate_left(lane as u32)
    };
    let mut states: States = std::array::from_fn(|w| std::array::from_fn(|lane| start(w, lane)));
    wide.compress(&mut states, &contents.each_ref().map(|blocks| &blocks[..]), 3);
    (0..LANES).all(|lane| {
        let mut state = std::array::from_fn(|word| start(word, lane));
        compress(&mut state, &contents[lane]);
        state == std::array::from_fn(|word| states[word][lane])
    })
}

#[cfg(target_arch = "x86_64")]
fn run_wide(wide: x86::Wide, mut jobs: Vec<Job<'_>>) {
    // The longest come first (the last is taken first), so that the lanes end together.
    jobs.sort_by_key(|job| job.blocks.len());
    let mut lanes: Vec<Job<'_>> = Vec::with_capacity(LANES);
    loop {
        lanes.retain(|job| !job.blocks.is_empty());
        while lanes.len() < LANES
            && let Some(job) = jobs.pop()
        {
            lanes.push(job);
        }
        lanes.retain(|job| !job.blocks.is_empty());
        if lanes.len() < MIN_LANES {
            break;
        }
        side_by_side(wide, &mut lanes);
    }
    lanes.iter_mut().for_each(|job| compress(job.state, job.blocks));
}

/// Takes as many blocks of each job as the shortest has.
#[cfg(target_arch = "x86_64")]
fn side_by_side(wide: x86::Wide, jobs: &mut [Job<'_>]) {
    let blocks = jobs.iter().map(|job| job.blocks.len()).min().unwrap_or(0);
    // A lane without a job does the work of another once more; nobody looks at it.
    let contents = std::array::from_fn(|lane| jobs[lane.min(jobs.len() - 1)].blocks);
    let mut states: States = std::array::from_fn(|word| {
        std::array::from_fn(|lane| jobs[lane.min(jobs.len() - 1)].state[word])
    });
    wide.compress(&mut states, &contents, blocks);
    for (lane, job) in jobs.iter_mut().enumerate() {
        *job.state = std::array::from_fn(|word| states[word][lane]);
        job.blocks = &job.blocks[blocks..];
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::{proves_itself, x86};

    #[test]
    fn every_copy_of_this_processor_proves_itself() {
        for wide in x86::Wide::all() {
            assert!(proves_itself(wide), "{wide:?}");
        }
    }
}
