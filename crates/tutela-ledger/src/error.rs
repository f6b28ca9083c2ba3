//! The errors of the ledger.

use tutela_core::{Class, Coded};

/// What a text or a proof fails at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// A line is not an entry, or not in canonical form.
    #[error("not a canonical ledger entry: {reason}")]
    BadEntry {
        /// What is wrong, without the value itself.
        reason: &'static str,
    },
    /// A tool's name does not have the form `name version`.
    #[error("not a tool of the form `name 1.2.3`")]
    BadTool,
    /// A text is not a checkpoint in a signed note.
    #[error("not a signed checkpoint: {reason}")]
    BadCheckpoint {
        /// What is wrong.
        reason: &'static str,
    },
    /// A name cannot stand in a signed note.
    #[error(
        "not a name for a log: it must hold no space, control character or `+`, and not be empty"
    )]
    BadOrigin,
    /// A text is not a key in the form that was expected.
    #[error("not an Ed25519 key in {form} form")]
    BadKey {
        /// `PKCS#8 PEM`, `SPKI PEM` or `verifier key`.
        form: &'static str,
    },
    /// A text is not a proof in C2SP form.
    #[error("not a tlog-proof: {reason}")]
    BadProofText {
        /// What is wrong.
        reason: &'static str,
    },
    /// A text is not the text form of a frontier.
    #[error("not a frontier of a tree")]
    BadFrontier,
    /// A tree size or index lies outside of the tree.
    #[error("{what} {value} lies outside of a tree of {size} leaves")]
    OutOfRange {
        /// `index` or `size`.
        what: &'static str,
        /// The value.
        value: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// A checkpoint carries no good signature of the key.
    #[error("the checkpoint at size {size} carries no valid signature of the expected key")]
    BadSignature {
        /// Size that the checkpoint states.
        size: u64,
    },
    /// A proof does not lead to the root.
    #[error("the {kind} proof does not lead to the stated root")]
    BadProof {
        /// `inclusion` or `consistency`.
        kind: &'static str,
    },
    /// The checkpoint and the leaves given for an export are not of the same log.
    #[error("the entries do not have the root that the checkpoint states at size {size}")]
    RootDiffers {
        /// Size that the checkpoint states.
        size: u64,
    },
    /// A disclosed payload does not open the commitment of its entry.
    #[error("the payload given for entry {seq} does not open its commitment")]
    PayloadDiffers {
        /// The entry.
        seq: u64,
    },
}

impl Coded for LedgerError {
    fn code(&self) -> &'static str {
        match self {
            Self::BadEntry { .. } => "ledger.entry.invalid",
            Self::BadTool => "ledger.tool.invalid",
            Self::BadCheckpoint { .. } => "ledger.checkpoint.invalid",
            Self::BadOrigin => "ledger.origin.invalid",
            Self::BadKey { .. } => "ledger.key.invalid",
            Self::BadProofText { .. } => "ledger.proof.invalid",
            Self::BadFrontier => "ledger.frontier.invalid",
            Self::OutOfRange { .. } => "ledger.out_of_range",
            Self::BadSignature { .. } => "ledger.checkpoint.bad_signature",
            Self::BadProof { .. } => "ledger.proof.does_not_hold",
            Self::RootDiffers { .. } => "ledger.root_differs",
            Self::PayloadDiffers { .. } => "ledger.payload_differs",
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::BadEntry { .. }
            | Self::BadTool
            | Self::BadCheckpoint { .. }
            | Self::BadOrigin
            | Self::BadKey { .. }
            | Self::BadProofText { .. }
            | Self::BadFrontier
            | Self::OutOfRange { .. } => Class::Invalid,
            Self::BadSignature { .. }
            | Self::BadProof { .. }
            | Self::RootDiffers { .. }
            | Self::PayloadDiffers { .. } => Class::Integrity,
        }
    }
}
