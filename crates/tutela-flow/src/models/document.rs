//! A trained model as a document: weights, and what a reader must know before using them.

use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, OF_PAYEES, OF_PAYERS};
use super::features::{PAYEE, PAYER, PERSON};
use super::shapes::Shapes;

/// The one version that is read and written.
pub const SCHEMA: &str = "tutela.payments_model.v1";

/// A model that an institution trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// [`SCHEMA`].
    pub schema: String,
    /// Why age and sex of payers may be used; nothing where they are not.
    pub legal_basis: Option<String>,
    /// Whether accounts without a label counted by how likely they were.
    pub partial: bool,
    /// What lots were drawn from.
    pub seed: u64,
    /// SHA-256 of the files it was trained on, transfers first, labels last.
    pub data: Vec<String>,
    /// What is added up.
    pub weights: Evidence,
}

/// Why a document is no model that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is of another version.
    #[error("this model is of version `{found}`; this program reads `{SCHEMA}`")]
    OtherVersion {
        /// What it says it is.
        found: String,
    },
    /// It is no model, or broken.
    #[error("this is no model that `payments train` wrote")]
    Unreadable(#[source] serde_json::Error),
    /// It rests on something that this program does not measure, or on it in a form that cannot be.
    #[error("the model's part `{feature}` of {side} cannot be used: {what}")]
    Part {
        /// `payers` or `payees`.
        side: &'static str,
        /// Which.
        feature: String,
        /// What is wrong.
        what: &'static str,
    },
}

#[derive(Deserialize)]
struct Version {
    schema: Option<String>,
}

impl Model {
    /// Reads a model and checks every part of it. Unknown versions and features are refused: a score from which a
    /// part is missing would look like a score.
    ///
    /// # Errors
    /// See [`ModelError`].
    pub fn read(text: &str) -> Result<Self, ModelError> {
        let version: Version = serde_json::from_str(text).map_err(ModelError::Unreadable)?;
        let found = version.schema.unwrap_or_else(|| "none".to_owned());
        if found != SCHEMA {
            // Text from outside that is shown: its beginning is enough to see what it is.
            return Err(ModelError::OtherVersion { found: found.chars().take(60).collect() });
        }
        let model: Self = serde_json::from_str(text).map_err(ModelError::Unreadable)?;
        let person = if model.legal_basis.is_some() { PERSON.as_slice() } else { &[] };
        let Evidence { payees, payers, .. } = &model.weights;
        rounds("payees", payees, payers.len(), &[&PAYEE, &OF_PAYERS])?;
        rounds("payers", payers, payees.len(), &[&PAYER, &OF_PAYEES, person])?;
        Ok(model)
    }
}

/// Whether one side has as many rounds as the other, and each can be read.
fn rounds(
    side: &'static str,
    rounds: &[Shapes],
    other: usize,
    names: &[&[&str]],
) -> Result<(), ModelError> {
    if rounds.is_empty() || rounds.len() != other {
        let (feature, what) = ("rounds".to_owned(), "both sides need as many, and one");
        return Err(ModelError::Part { side, feature, what });
    }
    let known = |name: &str| names.iter().any(|names| names.contains(&name));
    let wrong = |(feature, what)| ModelError::Part { side, feature, what };
    rounds.iter().try_for_each(|model| model.check(&known).map_err(wrong))
}

impl Shapes {
    /// Whether every curve and table can be read and rests on a known feature.
    fn check(&self, known: &dyn Fn(&str) -> bool) -> Result<(), (String, &'static str)> {
        const UNKNOWN: &str = "it is not measured";
        const BROKEN: &str = "its numbers do not fit together";
        let rising = |cuts: &[f32]| cuts.windows(2).all(|pair| pair[0] < pair[1]);
        let finite = |of: &[f32]| of.iter().all(|one| one.is_finite());
        if !self.base.is_finite() {
            return Err(("base".to_owned(), BROKEN));
        }
        for shape in &self.shapes {
            if !known(&shape.feature) {
                return Err((shape.feature.clone(), UNKNOWN));
            }
            if shape.adds.len() != shape.cuts.len() + 1
                || !rising(&shape.cuts)
                || !finite(&shape.adds)
                || !finite(&shape.cuts)
            {
                return Err((shape.feature.clone(), BROKEN));
            }
        }
        for pair in &self.pairs {
            let name = pair.features.join(" × ");
            if !pair.features.iter().all(|feature| known(feature)) {
                return Err((name, UNKNOWN));
            }
            let [a, b] = &pair.cuts;
            let fits = pair.adds.len() == (a.len() + 1) * (b.len() + 1);
            if !fits || !rising(a) || !rising(b) || !finite(&pair.adds) {
                return Err((name, BROKEN));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Model, SCHEMA};
    use crate::models::evidence::Evidence;

    fn model() -> Model {
        Model {
            schema: SCHEMA.to_owned(),
            legal_basis: None,
            partial: false,
            seed: 1,
            data: Vec::new(),
            weights: Evidence::shipped().unwrap(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_what_is_not_known_is_refused() {
        let good = model();
        let text = serde_json::to_string(&good).unwrap();
        assert_eq!(Model::read(&text).unwrap(), good);
        let check = |change: &dyn Fn(&mut Model), said: &str| {
            let mut bad = model();
            change(&mut bad);
            let error = Model::read(&serde_json::to_string(&bad).unwrap()).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        };
        check(
            &|model| model.schema = "tutela.payments_model.v9".to_owned(),
            "version `tutela.payments_model.v9`",
        );
        check(&|model| model.weights.payers.clear(), "both sides");
        let broken: &dyn Fn(&mut Model) = &|model| {
            model.weights.payees[0].shapes[0].adds.pop();
        };
        check(broken, "do not fit");
        check(
            &|model| model.weights.payers[1].shapes[0].feature = "age".to_owned(),
            "not measured",
        );
        check(
            &|model| model.weights.payees[1].pairs[0].features[1] = "x".to_owned(),
            "not measured",
        );
        for text in ["", "{", "[]", "{\"schema\":7}", "{}"] {
            assert!(Model::read(text).is_err(), "{text}");
        }
    }
}
