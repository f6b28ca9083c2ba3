//! A signal: the fingerprint of some content, with how it was made.

/// A fingerprint of content. Kinds are those of the signal registry, plus the opaque kinds that
/// lists carry and Tutela stores without computing them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signal {
    /// Registry id, such as `pdq`.
    pub kind: String,
    /// Which published computation made it; empty where there is only one.
    pub variant: String,
    /// How the picture was turned before; `original` for the picture as it is.
    pub orientation: String,
    /// The value in the kind's own text form.
    pub value: String,
    /// 0 to 100, where the kind has a quality.
    pub quality: Option<u8>,
}
