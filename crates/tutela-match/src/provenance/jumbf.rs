//! A bounded reader of JUMBF, the boxes that C2PA manifests are made of.
//! Source: ISO/IEC 19566-5, "JUMBF box" and "Description box".

use super::limits::{MAX_BOX_DEPTH, MAX_BOXES};

/// A superbox: its type, its label and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Superbox<'a> {
    /// First four bytes of the type, such as `c2pa`, `c2ma`, `c2as`, `c2cl`, `cbor`.
    pub(super) kind: [u8; 4],
    pub(super) label: &'a str,
    pub(super) boxes: Vec<Superbox<'a>>,
    /// Content of the first box that is no superbox, with its type.
    pub(super) content: Option<([u8; 4], &'a [u8])>,
}

impl<'a> Superbox<'a> {
    /// The first superbox in it with a label of this beginning.
    pub(super) fn labelled(&self, start: &str) -> Option<&Superbox<'a>> {
        self.boxes.iter().find(|inner| inner.label.starts_with(start))
    }

    /// Its content, where that is CBOR.
    pub(super) fn cbor(&self) -> Option<&'a [u8]> {
        self.content.filter(|(kind, _)| kind == b"cbor").map(|(_, content)| content)
    }
}

/// The type of a superbox, from its first bytes.
pub(super) fn kind(mut bytes: &[u8]) -> Option<[u8; 4]> {
    let (_, mut content) = next(&mut bytes)?;
    let (_, description) = next(&mut content)?;
    Some(describe(description)?.0)
}

/// Reads the first superbox. Boxes beyond the limits, or cut, are left out.
pub(super) fn read(bytes: &[u8]) -> Option<Superbox<'_>> {
    let mut left = MAX_BOXES;
    let mut rest = bytes;
    let (kind, content) = next(&mut rest)?;
    (&kind == b"jumb").then(|| superbox(content, MAX_BOX_DEPTH, &mut left)).flatten()
}

fn superbox<'a>(bytes: &'a [u8], depth: usize, left: &mut usize) -> Option<Superbox<'a>> {
    let depth = depth.checked_sub(1)?;
    let mut rest = bytes;
    let (kind, description) = next(&mut rest)?;
    if &kind != b"jumd" {
        return None;
    }
    let (kind, label) = describe(description)?;
    let mut read = Superbox { kind, label, boxes: Vec::new(), content: None };
    while *left > 0
        && let Some((kind, content)) = next(&mut rest)
    {
        *left -= 1;
        if &kind == b"jumb" {
            read.boxes.extend(superbox(content, depth, left));
        } else if read.content.is_none() {
            read.content = Some((kind, content));
        }
    }
    Some(read)
}

/// Type and label of a description box.
fn describe(bytes: &[u8]) -> Option<([u8; 4], &str)> {
    const HAS_LABEL: u8 = 0x02;
    let (kind, rest) = bytes.split_first_chunk::<16>()?;
    let (toggles, rest) = rest.split_first()?;
    let kind = [kind[0], kind[1], kind[2], kind[3]];
    if toggles & HAS_LABEL == 0 {
        return Some((kind, ""));
    }
    let end = rest.iter().position(|byte| *byte == 0)?;
    Some((kind, std::str::from_utf8(&rest[..end]).ok()?))
}

/// The next box, as in ISO base media: size and type, a long size where the short one is 1, to the
/// end where it is 0. `None` at the end, and where the size cannot be.
pub(super) fn next<'a>(rest: &mut &'a [u8]) -> Option<([u8; 4], &'a [u8])> {
    let (size, after) = rest.split_first_chunk::<4>()?;
    let (kind, after) = after.split_first_chunk::<4>()?;
    let (header, size) = match u32::from_be_bytes(*size) {
        0 => (8, rest.len() as u64),
        1 => (16, u64::from_be_bytes(*after.first_chunk::<8>()?)),
        size => (8, u64::from(size)),
    };
    let whole = rest.get(..usize::try_from(size).ok()?)?;
    let content = whole.get(header..)?;
    *rest = &rest[whole.len()..];
    Some((*kind, content))
}

#[cfg(test)]
mod tests {
    use super::read;

    fn bare_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(8 + content.len()).unwrap().to_be_bytes();
        [&size, kind.as_slice(), content].concat()
    }

    fn superbox(kind: &[u8; 4], label: &str, content: &[u8]) -> Vec<u8> {
        let description = [kind, [0; 12].as_slice(), &[3], label.as_bytes(), &[0]].concat();
        bare_box(b"jumb", &[&bare_box(b"jumd", &description), content].concat())
    }

    #[test]
    fn superboxes_are_read_with_their_labels() {
        let inner = superbox(b"cbor", "c2pa.actions", &bare_box(b"cbor", b"\x01"));
        let store = superbox(b"c2pa", "c2pa", &superbox(b"c2as", "c2pa.assertions", &inner));
        let read = read(&store).unwrap();
        assert_eq!((&read.kind, read.label), (b"c2pa", "c2pa"));
        let actions = read.boxes[0].labelled("c2pa.actions").unwrap();
        assert_eq!(actions.cbor(), Some(b"\x01".as_slice()));
    }

    #[test]
    fn nesting_and_number_are_bounded() {
        let deep =
            (0..1000).fold(superbox(b"c2as", "x", b""), |inner, _| superbox(b"c2as", "x", &inner));
        let mut level = &read(&deep).unwrap();
        let mut depth = 1;
        while let Some(inner) = level.boxes.first() {
            level = inner;
            depth += 1;
        }
        assert_eq!(depth, super::MAX_BOX_DEPTH);
        let wide = superbox(b"c2pa", "c2pa", &superbox(b"c2as", "x", b"").repeat(10_000));
        assert!(read(&wide).unwrap().boxes.len() <= super::MAX_BOXES);
        for bytes in [b"".as_slice(), b"\0\0\0\x04jumb", b"\xff\xff\xff\xffjumb", &deep[..20]] {
            assert_eq!(read(bytes), None);
        }
    }
}
