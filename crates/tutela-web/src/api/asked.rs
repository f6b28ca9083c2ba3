//! What a query comes down to: questions about kinds of signal, and what is wrong with it.

use tutela_app::AppError;
use tutela_app::service::{KindType, Made};
use tutela_app::views::FailureView;
use tutela_core::{Coded, Orientation};

use super::queries::{DigestsParam, QueryParam, TurnedParam};
use super::state::known;

/// Values of one picture at most: eight orientations by two computations.
const MAX_VALUES: usize = 16;

/// A query.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// What is to be looked up, one a kind.
    pub(super) about: Vec<About>,
    /// Why nothing is, or not everything.
    pub(super) error: Option<FailureView>,
}

/// Values of a kind, in their canonical form.
#[derive(Debug)]
pub(super) struct About {
    /// The kind.
    pub(super) kind: &'static KindType,
    /// At least one, the picture as it is first.
    pub(super) values: Vec<(Orientation, String)>,
}

impl Asked {
    /// What a query asks; digests by these kinds.
    pub(super) fn of(query: &QueryParam, kinds: &[&'static KindType]) -> Self {
        let about = match query {
            QueryParam { kind: Some(kind), value: Some(value), values: None, digests: None } => {
                one(kind, value).map(|about| vec![about])
            }
            QueryParam { kind: Some(kind), value: None, values: Some(values), digests: None } => {
                turned(kind, values).map(|about| vec![about])
            }
            QueryParam { kind: None, value: None, values: None, digests: Some(digests) } => {
                by_digests(digests, kinds)
            }
            _ => Err(AppError::BadField {
                field: "query",
                reason: "give kind and value, or kind and values, or digests",
            }),
        };
        match about {
            Ok(about) => Self { about, error: None },
            Err(error) => Self { about: Vec::new(), error: Some(failure(&error)) },
        }
    }

    /// What an upload asks, by these kinds.
    pub(super) fn of_upload(made: &Made, kinds: &[&'static KindType], turned: bool) -> Self {
        let about = kinds.iter().filter_map(|kind| {
            let values = made.values(kind, turned);
            (!values.is_empty()).then_some(About { kind, values })
        });
        Self { about: about.collect(), error: made.failure.as_ref().map(FailureView::from) }
    }
}

/// An error with its causes, as an answer to one query tells it.
pub(super) fn failure(error: &AppError) -> FailureView {
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    FailureView { code: error.code().to_owned(), message }
}

fn one(kind: &str, value: &str) -> Result<About, AppError> {
    let kind = known(kind)?;
    Ok(About { kind, values: vec![(Orientation::Original, parsed(kind, value)?)] })
}

fn turned(kind: &str, values: &[TurnedParam]) -> Result<About, AppError> {
    let kind = known(kind)?;
    if !(1..=MAX_VALUES).contains(&values.len()) {
        return Err(AppError::BadField { field: "values", reason: "there must be 1 to 16" });
    }
    let value = |turned: &TurnedParam| {
        let orientation = match &turned.orientation {
            None => Orientation::Original,
            Some(name) => name
                .parse()
                .map_err(|_| AppError::NoSuch { kind: "orientation", name: name.clone() })?,
        };
        Ok((orientation, parsed(kind, &turned.value)?))
    };
    let mut values = values.iter().map(value).collect::<Result<Vec<_>, AppError>>()?;
    // The picture as it is wins where several are as near.
    values.sort_by_key(|(orientation, _)| *orientation);
    Ok(About { kind, values })
}

fn by_digests(digests: &DigestsParam, kinds: &[&'static KindType]) -> Result<Vec<About>, AppError> {
    let given = [("md5", &digests.md5), ("sha1", &digests.sha1), ("sha256", &digests.sha256)];
    if given.iter().all(|(_, digest)| digest.is_none()) {
        return Err(AppError::BadField { field: "digests", reason: "there are none" });
    }
    let mut about = Vec::new();
    for kind in kinds {
        let digest = given.iter().find(|(id, _)| *id == kind.signal.id);
        if let Some((_, Some(digest))) = digest {
            about.push(one(kind.id, digest)?);
        }
    }
    Ok(about)
}

fn parsed(kind: &'static KindType, value: &str) -> Result<String, AppError> {
    kind.parse(value).map_err(|source| AppError::BadSignal { kind: kind.id, source })
}
