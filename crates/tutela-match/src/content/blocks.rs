//! The blocks that PNG and WebP files are made of.

/// Chunks of a PNG: name and content. Ends where the file does.
/// Source: PNG, third edition, section 5.3.
pub(crate) fn png(bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (name, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let content = after.get(..length)?;
        rest = after.get(length..)?.get(4..).unwrap_or_default();
        Some((name, content))
    })
}

/// Chunks of a RIFF file: name and content. Ends where the file does.
/// Source: WebP container specification, "RIFF File Format".
pub(crate) fn riff(bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = bytes.get(12..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let content = after.get(..length)?;
        // Content of odd length is followed by one byte that counts for nothing.
        rest = after.get(length + length % 2..).unwrap_or_default();
        Some((name, content))
    })
}

#[cfg(test)]
mod tests {
    use super::{png, riff};

    #[test]
    fn chunks_end_where_the_file_does() {
        let bytes =
            [&[0; 8][..], &[0, 0, 0, 2], b"eXIf", b"ab", &[0; 4], &[0, 0, 0, 9], b"IDAT"].concat();
        assert_eq!(png(&bytes).collect::<Vec<_>>(), [(b"eXIf", b"ab".as_slice())]);
        let bytes =
            [&[0; 12][..], b"EXIF", &[1, 0, 0, 0], b"a\0", b"XMP ", &[1, 0, 0, 0], b"b"].concat();
        assert_eq!(
            riff(&bytes).collect::<Vec<_>>(),
            [(b"EXIF", b"a".as_slice()), (b"XMP ", b"b".as_slice())]
        );
        assert_eq!(riff(b"RIFF").count(), 0);
    }
}
