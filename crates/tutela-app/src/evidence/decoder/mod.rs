//! A decoder that cannot hurt: untrusted bytes are decoded only in fenced worker processes.
//!
//! A worker is this same program, started with [`WORKER_ARGUMENT`]. It gets one open file at a time
//! and answers in messages that this side checks as if an enemy had written them. A worker that was
//! taken over can lie about the pictures it is shown until it ends; it reaches nothing else, and
//! digests are never its business.

mod client;
mod facts;
mod fence;
mod film;
mod limits;
mod message;
mod process;
mod wire;
mod worker;

pub use client::{Decoder, DecoderConfig, DecoderError};
pub use facts::{
    EmbeddedFacts, EntryKind, EntryStart, FenceTest, FilmFenceTest, MediaFacts, MediaRequest,
    Still, UnpackEvent, UnpackRequest, UnpackSummary, VariantSignals,
};
pub(crate) use facts::{is_by_ffmpeg, undecoded};
pub use film::{FILM_ARGUMENT, FilmDecoder, FilmFacts, FilmFrame, run_film};
pub use limits::{
    BYTES_PER_ENTRY, EXPANSION_FLOOR_BYTES, FILM_DEADLINE, LIMITS, MAX_ARCHIVE_DEPTH,
    MAX_DATA_BYTES, MAX_ENTRIES, MAX_EWF_RATIO, MAX_EXPANDED_BYTES, MAX_EXPANSION_RATIO,
    MAX_FILM_DESCRIPTORS, MAX_FILM_FRAMES, MAX_FILM_MEMORY_BYTES, MAX_FILM_PIXELS,
    MAX_FOLDER_DEPTH, MAX_IMAGE_ENTRIES, MAX_IMAGE_RATIO, MAX_LISTED_FILES, MAX_NOTES,
    MAX_PARTITIONS, MAX_PATH_BYTES, MAX_SEGMENTS, MAX_WORKER_DESCRIPTORS, MAX_WORKER_MEMORY_BYTES,
    MEDIA_DEADLINE, START_DEADLINE, UNPACK_IDLE_DEADLINE, UnpackLimits, WORKING_BYTES,
};
pub use worker::run as run_worker;

/// First argument of the program when it is started as a worker. Nobody types it.
pub const WORKER_ARGUMENT: &str = "__decoder";
