//! The boxes of a HEIF file, as far as they tell which small picture belongs to the primary one.

/// Boxes of one kind of container, one after the other. Ends where the bytes do, or at the first
/// box that does not fit. Source: ISO/IEC 14496-12, 4.2.
fn boxes(bytes: &[u8], start: usize) -> impl Iterator<Item = (&[u8], usize, &[u8])> {
    let mut at = start;
    std::iter::from_fn(move || {
        let header = bytes.get(at..at.checked_add(8)?)?;
        let (size, kind) = header.split_at(4);
        let (body_at, size) = match number(size)? {
            0 => (at + 8, bytes.len() - at),
            1 => {
                let large = bytes.get(at + 8..at + 16)?;
                (at + 16, usize::try_from(u64::from_be_bytes(large.try_into().ok()?)).ok()?)
            }
            size => (at + 8, usize::try_from(size).ok()?),
        };
        let end = at.checked_add(size)?;
        let body = bytes.get(body_at..end)?;
        at = end;
        Some((kind, body_at, body))
    })
}

fn number(bytes: &[u8]) -> Option<u64> {
    match bytes.len() {
        2 => Some(u16::from_be_bytes(bytes.try_into().ok()?).into()),
        4 => Some(u32::from_be_bytes(bytes.try_into().ok()?).into()),
        _ => None,
    }
}

/// A copy of the file in which the embedded thumbnail of the primary picture is the primary picture
/// itself, so that the one decoder there is decodes it. `None` where there is no thumbnail.
/// Source: ISO/IEC 23008-12, 6.4.4 `thmb`; ISO/IEC 14496-12, 8.11.4 `pitm` and 8.11.12 `iref`.
pub(super) fn with_thumbnail_first(bytes: &[u8]) -> Option<Vec<u8>> {
    let (_, meta_at, meta) = boxes(bytes, 0).find(|(kind, ..)| *kind == b"meta")?;
    // `meta`, `pitm` and `iref` begin with four bytes of version and flags.
    let (_, primary_at, primary) = boxes(meta, 4).find(|(kind, ..)| *kind == b"pitm")?;
    let width = if primary.first()? == &0 { 2 } else { 4 };
    let primary = primary.get(4..4 + width)?;
    let (.., references) = boxes(meta, 4).find(|(kind, ..)| *kind == b"iref")?;
    let width_of_ids = if references.first()? == &0 { 2 } else { 4 };
    let small = boxes(references, 4)
        .filter(|(kind, ..)| *kind == b"thmb")
        .find_map(|(.., reference)| thumbnail_of(reference, width_of_ids, number(primary)?))?;
    let mut copy = bytes.to_vec();
    let place = meta_at + primary_at + 4;
    let id = small.to_be_bytes();
    copy.get_mut(place..place + width)?.copy_from_slice(id.get(8 - width..)?);
    Some(copy)
}

/// The item that refers to the primary picture as its thumbnail: from, a count, then to whom.
fn thumbnail_of(reference: &[u8], width: usize, primary: u64) -> Option<u64> {
    let from = number(reference.get(..width)?)?;
    let to = reference.get(width + 2..)?.chunks_exact(width).filter_map(number);
    let mut counted = to.take(usize::try_from(number(reference.get(width..width + 2)?)?).ok()?);
    counted.any(|item| item == primary).then_some(from)
}

#[cfg(test)]
mod tests {
    use super::with_thumbnail_first;

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes(), kind.as_slice(), body].concat()
    }

    fn file(reference: &[u8]) -> Vec<u8> {
        let primary = boxed(b"pitm", &[0, 0, 0, 0, 0, 7]);
        let references = boxed(b"iref", &[&[0; 4], boxed(b"thmb", reference).as_slice()].concat());
        let meta = boxed(b"meta", &[&[0; 4], primary.as_slice(), &references].concat());
        [boxed(b"ftyp", b"heic\0\0\0\0"), meta, boxed(b"mdat", b"xy")].concat()
    }

    #[test]
    fn the_thumbnail_takes_the_place_of_the_primary_picture() {
        let before = file(&[0, 9, 0, 1, 0, 7]);
        let after = with_thumbnail_first(&before).unwrap();
        let changed: Vec<_> = (0..before.len()).filter(|at| before[*at] != after[*at]).collect();
        assert_eq!(changed.len(), 1);
        assert_eq!((before[changed[0]], after[changed[0]]), (7, 9));
        // A thumbnail of another picture, and references that are cut off.
        assert_eq!(with_thumbnail_first(&file(&[0, 9, 0, 1, 0, 8])), None);
        assert_eq!(with_thumbnail_first(&file(&[0, 9, 0, 0, 0, 7])), None);
        assert_eq!(with_thumbnail_first(&file(&[0, 9, 0])), None);
        for end in 0..before.len() {
            with_thumbnail_first(&before[..end]);
        }
    }

    #[test]
    fn sizes_beyond_the_file_end_the_walk() {
        let mut large = file(&[0, 9, 0, 1, 0, 7]);
        large[..4].copy_from_slice(&1_u32.to_be_bytes());
        large[8..16].copy_from_slice(&u64::MAX.to_be_bytes());
        assert_eq!(with_thumbnail_first(&large), None);
    }
}
