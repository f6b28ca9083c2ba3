//! What files say of their own making, as documents show it.

use serde::Serialize;
use tutela_core::{ManifestFacts, Provenance, SealedText, SignatureCheck};

/// What the files of a scan say of their own making. Where a file says nothing, nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvenanceSummaryView {
    /// Pictures and films by grade, `V0` to `V3`, then `X`.
    pub grades: Vec<GradeCountView>,
    /// What is asserted, by whom, most files first; at most so many as a person reads.
    pub asserted: Vec<AssertedView>,
    /// Different assertions that are not in the list.
    pub asserted_left_out: u64,
    /// What checked the signatures; `null` where none was checked.
    pub verifier: Option<VerifierView>,
    /// Traces that cannot be looked for offline, by name.
    pub not_tested: Vec<&'static str>,
    /// Files by what people say of their making.
    pub creation_modes: Vec<ModeCountView>,
}

/// Files of one grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct GradeCountView {
    /// The grade.
    pub grade: &'static str,
    /// Files.
    pub files: u64,
}

/// One assertion, in however many files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssertedView {
    /// Where in the files it stands.
    pub source: String,
    /// The term or program named.
    pub value: String,
    /// What it says.
    pub origin: &'static str,
    /// How far it was checked.
    pub grade: &'static str,
    /// Files.
    pub files: u64,
}

/// What checked signatures, and against which list of trusted signers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifierView {
    /// Program and version, as it names itself.
    pub program: String,
    /// SHA-256 of the trust list; `null` where none was named, and no signer can be trusted.
    pub trust_sha256: Option<String>,
    /// When the file of the trust list was last changed.
    pub trust_dated: Option<String>,
}

/// Files of which people say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ModeCountView {
    /// The mode.
    pub mode: &'static str,
    /// Files.
    pub files: u64,
    /// Those of them on which people disagree.
    pub disputed: u64,
}

/// One statement of a file about its own making: a claim, with how far it was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvenanceView {
    /// Where in the file it stands, such as `c2pa` or `png_text`.
    pub source: String,
    /// The field or key.
    pub field: String,
    /// The term or program named.
    pub value: String,
    /// `generated`, `captured`, `edited` or `ambiguous`.
    pub origin: &'static str,
    /// `V0` to `V3`, or `X` where statements contradict each other.
    pub grade: &'static str,
    /// The text it was told by. The words are not shown: they may describe the content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<SealedTextView>,
    /// What else the manifest says, on the statement that names its maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<ManifestView>,
}

/// A text that is known and not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SealedTextView {
    /// Bytes that were read of it.
    pub size_bytes: u64,
    /// Digest of these bytes.
    pub sha256: String,
    /// Whether there are more than were read.
    pub cut: bool,
}

/// What the newest C2PA manifest of a file says besides its statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManifestView {
    /// Manifests in the file.
    pub manifests: u32,
    /// Ingredients the content was made from.
    pub ingredients: u32,
    /// Names of its actions.
    pub actions: Vec<String>,
    /// Whether there is a signature that could be checked.
    pub signature_box: bool,
    /// What checking the signature gave; `null` where nobody checked.
    pub check: Option<SignatureView>,
}

/// What came of checking a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureView {
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

impl From<&Provenance> for ProvenanceView {
    fn from(said: &Provenance) -> Self {
        Self {
            source: said.source.clone(),
            field: said.field.clone(),
            value: said.value.clone(),
            origin: said.origin.as_str(),
            grade: said.grade.as_str(),
            text: said.text.as_ref().map(SealedTextView::from),
            manifest: said.manifest.as_deref().map(ManifestView::from),
        }
    }
}

impl From<&SealedText> for SealedTextView {
    fn from(text: &SealedText) -> Self {
        let SealedText { size_bytes, sha256, cut } = *text;
        Self { size_bytes, sha256: sha256.to_string(), cut }
    }
}

impl From<&ManifestFacts> for ManifestView {
    fn from(facts: &ManifestFacts) -> Self {
        Self {
            manifests: facts.manifests,
            ingredients: facts.ingredients,
            actions: facts.actions.clone(),
            signature_box: facts.signature_box,
            check: facts.check.as_ref().map(SignatureView::from),
        }
    }
}

impl From<&SignatureCheck> for SignatureView {
    fn from(check: &SignatureCheck) -> Self {
        let check = check.clone();
        Self {
            integrity: check.integrity,
            signature: check.signature,
            binding: check.binding,
            trusted: check.trusted,
            signer: check.signer,
            signed_at: check.signed_at,
            codes: check.codes,
        }
    }
}
