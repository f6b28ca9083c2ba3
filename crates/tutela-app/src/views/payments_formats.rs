//! What `payments formats` and `payments map` print with `--json`.

use serde::Serialize;
use tutela_formats::payments::{Field, PAYMENTS, Proposal};

/// All formats of transfers, and the fields of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentsFormatsView {
    /// `tutela.payments_formats.v1`.
    pub schema: &'static str,
    /// One by one, in the order of the registry.
    pub formats: Vec<PaymentFormatView>,
    /// The canonical columns.
    pub fields: Vec<PaymentFieldView>,
}

/// One format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentFormatView {
    /// Its stable id.
    pub id: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What it is, its shape and its units.
    pub doc: &'static str,
    /// How names of such files end.
    pub extensions: Vec<&'static str>,
    /// Where it is published.
    pub source: &'static str,
}

/// One field of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentFieldView {
    /// Name of its column.
    pub id: &'static str,
    /// Whether every transfer needs it.
    pub required: bool,
}

impl PaymentsFormatsView {
    /// The registry as it stands.
    pub fn registered() -> Self {
        let formats = PAYMENTS
            .iter()
            .map(|format| PaymentFormatView {
                id: format.id,
                title: format.title,
                doc: format.doc,
                extensions: format.extensions.to_vec(),
                source: format.source,
            })
            .collect();
        let fields = Field::ALL
            .into_iter()
            .map(|field| PaymentFieldView {
                id: field.as_str(),
                required: Field::REQUIRED.contains(&field),
            })
            .collect();
        Self { schema: "tutela.payments_formats.v1", formats, fields }
    }
}

/// A proposed map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentsMapView {
    /// `tutela.payments_map.v1`.
    pub schema: &'static str,
    /// The columns in the order of the file.
    pub columns: Vec<ProposedColumnView>,
    /// Required fields that no column seems to give.
    pub missing: Vec<&'static str>,
    /// What a person must decide.
    pub open: Vec<String>,
    /// The map as it is given to `--map`.
    pub toml: String,
}

/// One column and what it seems to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProposedColumnView {
    /// Its name in the file.
    pub column: String,
    /// The field it seems to give; none: it is kept as it is.
    pub field: Option<&'static str>,
    /// Why.
    pub why: String,
}

impl From<Proposal> for PaymentsMapView {
    fn from(proposal: Proposal) -> Self {
        let toml = proposal.to_toml();
        let columns = proposal
            .columns
            .into_iter()
            .map(|column| ProposedColumnView {
                column: column.column,
                field: column.field.map(Field::as_str),
                why: column.why,
            })
            .collect();
        Self {
            schema: "tutela.payments_map.v1",
            columns,
            missing: proposal.missing.into_iter().map(Field::as_str).collect(),
            open: proposal.open,
            toml,
        }
    }
}
