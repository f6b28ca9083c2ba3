//! XMP packets: the digital source type, the program, and where a manifest is said to lie.
//! Sources: ISO 16684-1; IPTC Photo Metadata Standard, "Digital Source Type".

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, QName, ResolveResult};
use quick_xml::{NsReader, XmlVersion};
use tutela_core::{Grade, Origin, Provenance};

use super::generators::by_program;
use super::limits::{MAX_STATEMENTS, MAX_URL_CHARS, MAX_XMP_BYTES};
use super::source_types::{bare, source_type};
use super::text::line;
use super::{Example, ProvenanceSource, label};

pub(super) const XMP: ProvenanceSource = ProvenanceSource {
    id: "xmp",
    title: "XMP packet",
    meaning: "IPTC's digital source type, a generator as the program, and the address of a manifest kept elsewhere, which is recorded and never fetched.",
    source: "ISO 16684-1; IPTC Photo Metadata Standard 2025.1; C2PA 2.2, section 11.5",
    examples: &[Example {
        file: include_bytes!("examples/xmp.webp"),
        says: &[
            (CREATOR_TOOL, "Adobe Firefly", Origin::Generated),
            (DIGITAL_SOURCE_TYPE, "trainedAlgorithmicMedia", Origin::Generated),
            (REMOTE, "https://example.org/manifests/1", Origin::Ambiguous),
        ],
    }],
};

pub(super) const DIGITAL_SOURCE_TYPE: &str = "Iptc4xmpExt:DigitalSourceType";
const CREATOR_TOOL: &str = "xmp:CreatorTool";
const REMOTE: &str = "dcterms:provenance";

/// The properties that are looked at, by namespace.
const PROPERTIES: &[(&str, &str, &str)] = &[
    ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalSourceType", DIGITAL_SOURCE_TYPE),
    ("http://ns.adobe.com/xap/1.0/", "CreatorTool", CREATOR_TOOL),
    ("http://purl.org/dc/terms/", "provenance", REMOTE),
];
/// Attributes looked at of one element: more than any has.
const MAX_ATTRIBUTES: usize = 256;
/// Names of a packet that are resolved: a packet has three of the properties.
const MAX_XMP_NAMES: usize = 1024;

/// Statements of a packet. What is not well-formed ends it; what came before stands.
pub(super) fn read(packet: &[u8], statements: &mut Vec<Provenance>) {
    if packet.len() > MAX_XMP_BYTES {
        return;
    }
    let Ok(packet) = std::str::from_utf8(packet) else { return };
    let mut reader = NsReader::from_str(packet.trim_matches('\0'));
    reader.config_mut().expand_empty_elements = true;
    let mut names = Names { left: MAX_XMP_NAMES };
    let mut open = None;
    let mut text = String::new();
    while statements.len() < MAX_STATEMENTS {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                open = names.element(reader.resolver(), start.name());
                text.clear();
                statements.extend(names.attributes(reader.resolver(), &start, open));
            }
            Ok(Event::Text(more)) if open.is_some() => text.push_str(&more.xml10_content()),
            Ok(Event::GeneralRef(entity)) if open.is_some() => {
                text.push_str(resolve_predefined_entity(&entity).unwrap_or_default());
            }
            Ok(Event::End(_)) => {
                statements.extend(open.take().and_then(|property| statement(property, &text)));
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// Finds the properties that are looked at. Resolving a name can cost as much as the packet is
/// long, so only names that could be one are resolved, and not without end.
struct Names {
    left: usize,
}

impl Names {
    fn element(&mut self, resolver: &NamespaceResolver, name: QName<'_>) -> Option<&'static str> {
        self.property(name.local_name().as_ref(), || resolver.resolve_element(name).0)
    }

    /// Properties written as attributes, and as the resource of the element `open`.
    fn attributes(
        &mut self,
        resolver: &NamespaceResolver,
        start: &BytesStart<'_>,
        open: Option<&'static str>,
    ) -> Vec<Provenance> {
        let mut attributes = start.attributes();
        let attributes = attributes.with_checks(false).take(MAX_ATTRIBUTES).flatten();
        let said = attributes.filter_map(|attribute| {
            let name = attribute.key.local_name();
            let property = match open {
                Some(open) if name.as_ref() == "resource" => open,
                _ => {
                    self.property(name.as_ref(), || resolver.resolve_attribute(attribute.key).0)?
                }
            };
            statement(property, &attribute.normalized_value(XmlVersion::Implicit1_0).ok()?)
        });
        said.collect()
    }

    fn property<'a>(
        &mut self,
        local: &str,
        resolve: impl FnOnce() -> ResolveResult<'a>,
    ) -> Option<&'static str> {
        let (uri, _, property) = PROPERTIES.iter().find(|(_, known, _)| *known == local)?;
        self.left = self.left.checked_sub(1)?;
        let ResolveResult::Bound(namespace) = resolve() else { return None };
        (namespace.as_ref() == *uri).then_some(*property)
    }
}

fn statement(property: &'static str, value: &str) -> Option<Provenance> {
    match property {
        DIGITAL_SOURCE_TYPE => {
            let origin = source_type(value).map_or(Origin::Ambiguous, |known| known.origin);
            let value = label(bare(value))?;
            Some(Provenance { value, ..Provenance::new(XMP.id, property, origin) })
        }
        CREATOR_TOOL => {
            let value = by_program(value)?.name.to_owned();
            Some(Provenance { value, ..Provenance::new(XMP.id, property, Origin::Generated) })
        }
        // Says that there is something elsewhere, and nothing about the content.
        _ => {
            let address = value.trim();
            let is_elsewhere = address.starts_with("https://") || address.starts_with("http://");
            let value = is_elsewhere.then(|| line(address, MAX_URL_CHARS)).flatten()?;
            let said = Provenance::new(XMP.id, property, Origin::Ambiguous);
            Some(Provenance { value, grade: Grade::V0, ..said })
        }
    }
}
