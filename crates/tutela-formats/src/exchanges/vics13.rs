//! VICS 1.3: for programs that have not come to 2.0.

use std::io::Write;

use super::vics::{self, Dialect};
use super::{ExchangeFormat, Exchanged, Head, Media};
use crate::FormatError;

const ID: &str = "vics13";
const SCHEME: &str = "projectvic:1.3";

pub(super) const FORMAT: ExchangeFormat = ExchangeFormat {
    id: ID,
    title: "VICS 1.3 (Project VIC)",
    doc: "As VICS 2.0, with the context of 1.3, which names no country: only categories of the scheme \
          `projectvic:1.3` are written. It has no MediaMetadata, so what was measured stands among the \
          Exifs. UTF-8 without a byte order mark, which readers of 1.x take beside UTF-16.",
    source: "The data model is given out under agreement. What is here is what open readers and writers \
             of it agree on: IPED, GLEAPP and three exporters.",
    category_scheme: |_| Some(SCHEME),
    write,
};

fn write(
    out: &mut dyn Write,
    head: &Head,
    media: &mut dyn Iterator<Item = Media>,
) -> Result<Exchanged, FormatError> {
    let dialect = Dialect {
        id: ID,
        context_key: "odata.metadata",
        context: "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Cases".to_owned(),
        scheme: SCHEME,
        has_metadata: false,
    };
    vics::write(out, head, &dialect, media)
}
