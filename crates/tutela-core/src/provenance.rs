//! What a file says of its own making, how far that was checked, and what a person says of it.

/// How much a statement about the making of a file weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// Nothing was found: no information, and never a sign that a file is authentic.
    V0,
    /// Asserted without a signature, or with one that does not hold: easily forged, easily lost.
    V1,
    /// Asserted under a valid signature of a signer nobody vouches for.
    V2,
    /// Asserted under a valid signature of a signer on the trust list.
    V3,
    /// Statements that contradict each other: a person must look.
    X,
}

impl Grade {
    /// All five, weakest statement first, the conflict last.
    pub const ALL: [Self; 5] = [Self::V0, Self::V1, Self::V2, Self::V3, Self::X];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V0 => "V0",
            Self::V1 => "V1",
            Self::V2 => "V2",
            Self::V3 => "V3",
            Self::X => "X",
        }
    }
}

/// What a statement says about how the content came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// Made by a generative model, wholly or in part.
    Generated,
    /// Taken by a camera or another device.
    Captured,
    /// Changed by a person with a program.
    Edited,
    /// A term that says none of these for certain.
    Ambiguous,
}

impl Origin {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Generated, Self::Captured, Self::Edited, Self::Ambiguous];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Captured => "captured",
            Self::Edited => "edited",
            Self::Ambiguous => "ambiguous",
        }
    }
}

/// One statement of a file about its own making. A claim, not a fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Provenance {
    /// Where in the file it stands: id of a reader, such as `c2pa` or `png_text`.
    pub source: String,
    /// The field or key that says it.
    pub field: String,
    /// The term or program named, in one short line; never free text about the content.
    pub value: String,
    /// What it says.
    pub origin: Origin,
    /// How far it was checked.
    pub grade: Grade,
}

/// How a person who has looked says a picture was made. Outranks everything a machine read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CreationMode {
    /// Parts of several pictures put together.
    Compositing,
    /// A face or body replaced.
    Swap,
    /// Made by a model from nothing.
    Synthetic,
    /// Not made by any of these.
    None,
    /// Looked at, and it cannot be told.
    Unknown,
}

impl CreationMode {
    /// All five.
    pub const ALL: [Self; 5] =
        [Self::Compositing, Self::Swap, Self::Synthetic, Self::None, Self::Unknown];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compositing => "compositing",
            Self::Swap => "swap",
            Self::Synthetic => "synthetic",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}
