//! Generated pictures that say something of their own making: with settings of a generator, and with a
//! statement that contradicts their camera.

use flate2::Crc;

/// Settings in the form that a family of generators writes, about a picture that no generator made.
const SETTINGS: &str =
    "a generated landscape\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1234, Size: 640x400";

/// A PNG with settings behind its header, where such programs put them.
pub(super) fn with_settings(png: &[u8]) -> Vec<u8> {
    const HEADER_END: usize = 33;
    let content = [b"tEXtparameters\0", SETTINGS.as_bytes()].concat();
    let mut checksum = Crc::new();
    checksum.update(&content);
    let length = (content.len() as u32 - 4).to_be_bytes();
    let (header, rest) = png.split_at(HEADER_END);
    [header, &length, &content, &checksum.sum().to_be_bytes(), rest].concat()
}

/// A JPEG with an XMP packet that calls it wholly generated.
pub(super) fn called_generated(jpeg: &[u8]) -> Vec<u8> {
    const PACKET: &str = concat!(
        "http://ns.adobe.com/xap/1.0/\0",
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF "#,
        r#"xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" "#,
        r#"xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" "#,
        r#"Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>"#,
        "</rdf:RDF></x:xmpmeta>",
    );
    let (start, rest) = jpeg.split_at(2);
    let length = (PACKET.len() as u16 + 2).to_be_bytes();
    [start, &[0xff, 0xe1], &length, PACKET.as_bytes(), rest].concat()
}

#[cfg(test)]
mod tests {
    use tutela_core::Origin;
    use tutela_match::provenance::read;

    use super::{called_generated, with_settings};
    use crate::jobs::demo::pictures::{jpeg, landscape, png};

    #[test]
    fn the_reader_of_evidence_understands_them() {
        let picture = landscape(1, 64, 48);
        let said = read(&with_settings(&png(&picture).unwrap()));
        assert_eq!((said[0].source.as_str(), said[0].origin), ("png_text", Origin::Generated));
        let said = read(&called_generated(&jpeg(&picture, 80, None).unwrap()));
        assert_eq!((said[0].source.as_str(), said[0].origin), ("xmp", Origin::Generated));
    }
}
