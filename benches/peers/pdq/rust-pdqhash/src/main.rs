//! The same conversation as `../../ours.rs`, with the crate `pdqhash`: `signals`, `hash`, `decode`.

use std::hint::black_box;
use std::io::{Write, stdin, stdout};

fn main() {
    let files: Vec<Vec<u8>> =
        std::env::args().skip(1).map(|path| std::fs::read(path).expect("a readable file")).collect();
    let decode = |file: &Vec<u8>| image::load_from_memory(file).expect("a picture");
    let pictures: Vec<_> = files.iter().map(decode).collect();
    for line in stdin().lines() {
        match line.expect("a line").as_str() {
            "decode" => print_times(&files, |file| decode(file)),
            "hash" => print_times(&pictures, pdqhash::generate_pdq),
            "signals" => {
                for picture in &pictures {
                    let (hash, quality) = pdqhash::generate_pdq(picture).expect("a hash");
                    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                    println!("{} {hex}", (quality * 100.0) as u8);
                }
            }
            other => panic!("no command {other}"),
        }
        stdout().flush().expect("standard output");
    }
}

fn print_times<T, O>(inputs: &[T], work: impl Fn(&T) -> O) {
    let times = inputs.iter().map(|input| {
        let start = cpu_ns();
        black_box(work(black_box(input)));
        (cpu_ns() - start).to_string()
    });
    println!("{}", times.collect::<Vec<_>>().join(" "));
}

fn cpu_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a live timespec.
    let code = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    assert_eq!(code, 0, "no processor clock");
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
