//! What `operator add` and `operator ls` print with `--json`.

use serde::Serialize;
use tutela_store::Operator;

/// The people of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperatorsView {
    /// `tutela.operator_ls.v1`.
    pub schema: &'static str,
    /// One by one, in the order they were entered.
    pub operators: Vec<OperatorView>,
}

impl OperatorsView {
    /// Of what the store holds.
    pub fn new(operators: &[Operator]) -> Self {
        let operators = operators.iter().map(OperatorView::from).collect();
        Self { schema: "tutela.operator_ls.v1", operators }
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperatorView {
    /// Id for `--as`, and in the ledger.
    pub id: String,
    /// Their name.
    pub name: String,
    /// When they were entered.
    pub added_at: String,
}

impl From<&Operator> for OperatorView {
    fn from(operator: &Operator) -> Self {
        Self {
            id: operator.id.to_string(),
            name: operator.name.clone(),
            added_at: operator.added_at.to_string(),
        }
    }
}
