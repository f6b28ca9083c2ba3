//! What a file says of its own making, how far that was checked, and what a person says of it.

use crate::Sha256;

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

    /// The one grade of a file: the weakest claim that is true. A conflict outranks all; otherwise
    /// each thing asserted counts with its best statement, and the least of these is the grade.
    /// What is said of ingredients is not said of the file.
    pub fn of(statements: &[Provenance]) -> Self {
        if statements.iter().any(|said| said.grade == Self::X) {
            return Self::X;
        }
        let best = |origin| {
            let said =
                statements.iter().filter(|said| said.origin == origin && !said.of_ingredient());
            said.map(|said| said.grade).filter(|grade| *grade != Self::V0).max()
        };
        Origin::ALL.into_iter().filter_map(best).min().unwrap_or(Self::V0)
    }

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
    /// The text it was told by, where it was one.
    pub text: Option<SealedText>,
    /// What else the manifest says, on the statement that names its maker.
    pub manifest: Option<Box<ManifestFacts>>,
}

impl Provenance {
    /// Source of statements about what some content was made from, rather than about itself.
    pub const INGREDIENT: &str = "c2pa_ingredient";

    /// Whether it is about an ingredient.
    pub fn of_ingredient(&self) -> bool {
        self.source == Self::INGREDIENT
    }

    /// A statement that nobody has checked, with a value still to be filled in.
    pub fn new(source: impl Into<String>, field: impl Into<String>, origin: Origin) -> Self {
        Self {
            source: source.into(),
            field: field.into(),
            value: String::new(),
            origin,
            grade: Grade::V1,
            text: None,
            manifest: None,
        }
    }
}

/// A text that is known and not shown, because it may describe the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SealedText {
    /// Bytes that were read of it.
    pub size_bytes: u64,
    /// Digest of these bytes.
    pub sha256: Sha256,
    /// Whether there are more than were read.
    pub cut: bool,
}

/// What the newest C2PA manifest of a file says besides its statements.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ManifestFacts {
    /// Manifests in the file: one for each time it was signed.
    pub manifests: u32,
    /// Ingredients the content was made from.
    pub ingredients: u32,
    /// Names of its actions, in their order.
    pub actions: Vec<String>,
    /// Whether there is a signature that could be checked.
    pub signature_box: bool,
    /// What checking the signature gave; `None` where nobody checked.
    pub check: Option<SignatureCheck>,
}

/// What came of checking the signature of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SignatureCheck {
    /// Whether claim and assertions are the ones that were signed.
    pub integrity: bool,
    /// Whether the signature is that of the certificate beside it.
    pub signature: bool,
    /// Whether the content is still the content that was signed.
    pub binding: bool,
    /// Whether the certificate leads to one on the trust list.
    pub trusted: bool,
    /// The signer as the certificate names it.
    pub signer: Option<String>,
    /// When it was signed, where a time stamp says so.
    pub signed_at: Option<String>,
    /// Codes of what did not hold.
    pub codes: Vec<String>,
}

impl SignatureCheck {
    /// The strongest grade all of whose conditions hold.
    pub const fn grade(&self) -> Grade {
        match (self.integrity && self.signature && self.binding, self.trusted) {
            (true, true) => Grade::V3,
            (true, false) => Grade::V2,
            (false, _) => Grade::V1,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::{Grade, Origin, Provenance, SignatureCheck};

    #[test]
    fn a_file_gets_the_weakest_claim_that_is_true() {
        use Grade::{V0, V1, V2, V3, X};
        use Origin::{Ambiguous, Edited, Generated};
        let cases: [(&[(Origin, Grade)], Grade); 6] = [
            (&[], V0),
            (&[(Ambiguous, V0)], V0),
            (&[(Generated, V1), (Generated, V3)], V3),
            (&[(Generated, V1), (Edited, V3)], V1),
            (&[(Generated, V2), (Edited, V3)], V2),
            (&[(Generated, V3), (Ambiguous, X)], X),
        ];
        for (said, expected) in cases {
            let statement = |(origin, grade): &(Origin, Grade)| Provenance {
                grade: *grade,
                ..Provenance::new("c2pa", "claim", *origin)
            };
            let statements: Vec<Provenance> = said.iter().map(statement).collect();
            assert_eq!(Grade::of(&statements), expected, "{said:?}");
        }
    }

    #[test]
    fn what_is_said_of_an_ingredient_is_not_said_of_the_file() {
        let signed =
            Provenance { grade: Grade::V3, ..Provenance::new("c2pa", "a", Origin::Edited) };
        let ingredient = Provenance::new(Provenance::INGREDIENT, "a", Origin::Captured);
        assert_eq!(Grade::of(&[signed, ingredient.clone()]), Grade::V3);
        assert_eq!(Grade::of(&[ingredient]), Grade::V0);
    }

    #[test]
    fn a_signature_counts_only_where_all_of_it_holds() {
        let check = |integrity, signature, binding, trusted| SignatureCheck {
            integrity,
            signature,
            binding,
            trusted,
            signer: None,
            signed_at: None,
            codes: vec![],
        };
        assert_eq!(check(true, true, true, true).grade(), Grade::V3);
        assert_eq!(check(true, true, true, false).grade(), Grade::V2);
        assert_eq!(check(true, true, false, true).grade(), Grade::V1);
        assert_eq!(check(false, true, true, true).grade(), Grade::V1);
        assert_eq!(check(true, false, true, true).grade(), Grade::V1);
    }
}
