//! Who is at the console: signing in by name and password, and whether that still holds.

use tutela_core::OperatorId;
use tutela_store::StoreError;

use super::Service;
use crate::AppError;
use crate::cases::passwords;

/// A person who signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub operator: OperatorId,
    /// By name: personal data, for the screen only.
    pub name: String,
    /// What the password was checked against: another one ends what was begun with this.
    password: String,
}

impl Service {
    /// The person who has this name and password; `None` where nobody has. Takes a while, by intent.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_in(&self, name: &str, password: String) -> Result<Option<Person>, AppError> {
        let people = self.inner.store.operators().await?;
        let person = people.into_iter().find(|person| person.name == name);
        let stored = match &person {
            Some(person) => self.inner.store.password(person.id).await?,
            None => None,
        };
        let hash = stored.clone();
        let fits = tokio::task::spawn_blocking(move || passwords::fits(&password, hash.as_deref()));
        let fits = fits.await.map_err(|_| AppError::System { what: "a thread for a password" })?;
        Ok(match (person, stored) {
            (Some(person), Some(password)) if fits => {
                Some(Person { operator: person.id, name: person.name, password })
            }
            _ => None,
        })
    }

    /// Whether a person who signed in may go on: they are known, and their password is the same.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn still_holds(&self, person: &Person) -> Result<bool, AppError> {
        match self.inner.store.password(person.operator).await {
            Ok(password) => Ok(password.as_ref() == Some(&person.password)),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The name of an operator, for the screen; `None` where nobody has this id.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn operator_name(&self, id: OperatorId) -> Result<Option<String>, AppError> {
        match self.inner.store.operator(id).await {
            Ok(operator) => Ok(Some(operator.name)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({:?})", self.operator)
    }
}
