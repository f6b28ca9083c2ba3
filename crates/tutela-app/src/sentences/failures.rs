//! Pure table: what each code means that stands beside a failure, a path passed over or a note.
//!
//! The message recorded with a failure may say more, such as a number; the meaning holds for all
//! failures of the code, and pages have it in every language.

use super::Sentence;

const fn means(code: &'static str, english: &'static str) -> Sentence {
    Sentence { code, english }
}

/// Every code of a failure, and of a path that was passed over.
pub static FAILURES: &[Sentence] = &[
    means(
        "archive.acquisition_errors",
        "the acquiring program recorded errors of reading the disk",
    ),
    means("archive.checksum", "an entry of an archive does not match its checksum"),
    means("archive.cut_off", "the archive could not be read to the end of this entry"),
    means("archive.damaged_segment", "the sections of a segment break off early"),
    means("archive.encrypted", "the entry needs a password"),
    means(
        "archive.ewf_digest_holds",
        "the disk as read agrees with the digest stored at its acquisition",
    ),
    means(
        "archive.ewf_digest_mismatch",
        "the disk as read differs from the digest stored at its acquisition",
    ),
    means(
        "archive.ewf_no_digest",
        "the image stores no digest of the disk: nothing tells whether it is as it was acquired",
    ),
    means("archive.expansion_ratio", "far more comes out of the archive than went in"),
    means("archive.first_segment_missing", "the first segment of the image is missing"),
    means("archive.further_segment", "a further segment of a disk image, examined with the first"),
    means("archive.larger_than_disk", "the file claims to be larger than the disk it stands on"),
    means(
        "archive.listed_but_missing",
        "the report of the device names the file, and the archive does not hold it",
    ),
    means("archive.malformed", "the archive breaks its format"),
    means("archive.member_too_large", "too large to be decoded inside an archive: digests only"),
    means("archive.missing_segment", "a segment of the image is missing"),
    means("archive.not_on_disk", "the content does not stand on this disk"),
    means("archive.out_of_memory", "unpacking needs more memory than it may take"),
    means("archive.panicked", "the unpacker gave up in an unforeseen state"),
    means("archive.report_damaged", "the report of the device is damaged"),
    means("archive.report_overfull", "the report of the device names more files than are compared"),
    means("archive.too_deep", "not opened: too many archives inside each other"),
    means("archive.too_large", "holds more than is unpacked; the rest was not examined"),
    means(
        "archive.too_many_entries",
        "holds more entries than are unpacked; the rest was not examined",
    ),
    means("archive.truncated", "the archive ends too early"),
    means("archive.unplaced_chunks", "chunks of the image have no place on the disk"),
    means("archive.unreadable_chunk", "a chunk of the image could not be read"),
    means(
        "archive.unreadable_chunks",
        "chunks of the image could not be read; what stands on them is not known",
    ),
    means("archive.unsupported", "this kind of archive is not opened"),
    means("archive.unsupported_file_system", "a volume whose file system is not read"),
    means("archive.unsupported_method", "compressed in a way that is not unpacked"),
    means("decode.bad_reply", "the decoder process gave an answer of wrong form"),
    means("decode.crashed", "the decoder process ended while it worked on the file"),
    means("decode.deadline", "the decoder process was ended because it took too long"),
    means("decode.file_too_large", "the file is larger than what is decoded"),
    means(
        "decode.frames_beyond",
        "more frames or pages than are looked at; those beyond were not looked up",
    ),
    means(
        "decode.frames_missing",
        "some frames or pages could not be decoded; the others were looked up",
    ),
    means("decode.malformed", "the file breaks its picture format"),
    means("decode.no_pixels", "the picture has no pixels"),
    means(
        "decode.no_video_decoder",
        "films were not looked into: ffmpeg is not installed, or switched off; digests only",
    ),
    means("decode.not_a_picture", "files of this type are not decoded"),
    means("decode.out_of_memory", "decoding needs more memory than a decoder may take"),
    means("decode.panicked", "the decoder gave up in an unforeseen state"),
    means("decode.too_many_pixels", "the picture claims more pixels than are decoded"),
    means("decode.truncated", "the file ends before the picture does"),
    means("decode.unreadable", "the file could not be read"),
    means("decode.unsupported", "this variety of the format is not decoded"),
    means(
        "evidence.changed_while_read",
        "the file changed while it was read; the digests are those of the bytes read",
    ),
    means("evidence.device_path", "where the report of the device says the file stood"),
    means(
        "evidence.report_digest_mismatch",
        "its MD5 differs from the one in the report of the device",
    ),
    means("intake.link", "a symbolic link; links are not followed"),
    means("intake.not_a_file", "a pipe, socket or device, not a file"),
    means("intake.unreadable_file", "the file could not be read"),
    means("intake.unreadable_folder", "the folder could not be read"),
    means("intake.unreadable_path", "the path could not be read"),
];

/// The meaning of a code.
pub fn failure(code: &str) -> Option<&'static Sentence> {
    FAILURES.iter().find(|sentence| sentence.code == code)
}

#[cfg(test)]
mod tests {
    use super::FAILURES;

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(FAILURES.is_sorted_by(|a, b| a.code < b.code));
    }
}
