//! VICS 2.0: what Project VIC, CAID and the programs of victim identification take today.

use std::io::Write;

use super::vics::{self, Dialect};
use super::{ExchangeFormat, Exchanged, Head, Media};
use crate::FormatError;

const ID: &str = "vics2";

pub(super) const FORMAT: ExchangeFormat = ExchangeFormat {
    id: ID,
    title: "VICS 2.0 (Project VIC, CAID)",
    doc: "An OData document with one case and its Media. MD5 is the key; one Media a piece of content, \
          with every file that holds it in MediaFiles. PDQ stands in AlternativeHashes: `PDQ` by the \
          reference computation, `PDQ-FULL` by the other; SHA-256 as `SHA256`. What was measured is in \
          MediaMetadata, what the file says of its capture in Exifs. A category is a number of the \
          profile that the context names, or null.",
    source: "The data model is given out under agreement. What is here is what open readers and writers \
             of it agree on: IPED, GLEAPP and three exporters.",
    category_scheme: |profile| Some(profile.scheme()),
    write,
};

fn write(
    out: &mut dyn Write,
    head: &Head,
    media: &mut dyn Iterator<Item = Media>,
) -> Result<Exchanged, FormatError> {
    let dialect = Dialect {
        id: ID,
        context_key: "@odata.context",
        context: format!(
            "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/{}/$metadata#Cases",
            head.profile.as_str()
        ),
        scheme: head.profile.scheme(),
        has_metadata: true,
    };
    vics::write(out, head, &dialect, media)
}
