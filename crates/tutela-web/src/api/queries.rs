//! Look-ups as clients ask for them.

use serde::Deserialize;
use tutela_app::AppError;
use tutela_app::service::{KINDS, KindType};
use utoipa::ToSchema;

use super::signals::{OrientationsParam, VariantParam};
use super::state::known;

/// Queries, and how they are to be answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLookUps)]
pub(super) struct LookUpParams {
    /// At most 1,000.
    #[schema(min_items = 1, max_items = 1000)]
    pub(super) queries: Vec<QueryParam>,
    /// How they are to be answered.
    #[serde(default)]
    pub(super) options: OptionsParam,
}

/// What is asked about: `kind` and `value`, or `kind` and `values`, or `digests`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Query)]
pub(super) struct QueryParam {
    /// Id of the signal type.
    #[schema(example = "pdq")]
    pub(super) kind: Option<String>,
    /// Text of a value.
    pub(super) value: Option<String>,
    /// Values of one picture, turned and mirrored, as `/v1/signals` makes them.
    #[schema(min_items = 1, max_items = 16)]
    pub(super) values: Option<Vec<TurnedParam>>,
    /// Digests of a file.
    pub(super) digests: Option<DigestsParam>,
}

/// A value, and how the picture was turned that it is of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TurnedValue)]
pub(super) struct TurnedParam {
    /// As `/v1/signals` names it; `original` where nothing is said.
    #[schema(example = "rotate_90")]
    pub(super) orientation: Option<String>,
    /// Text of the value.
    pub(super) value: String,
}

/// Digests of a file, in hexadecimal digits; at least one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QueryDigests)]
pub(super) struct DigestsParam {
    /// 32 digits.
    pub(super) md5: Option<String>,
    /// 40 digits.
    pub(super) sha1: Option<String>,
    /// 64 digits.
    pub(super) sha256: Option<String>,
}

/// How queries are to be answered.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LookUpOptions)]
pub(super) struct OptionsParam {
    /// Names of the banks that may answer; all where nothing is said.
    pub(super) banks: Option<Vec<String>>,
    /// Radius in bits, 0 to 31. A bank with a smaller one keeps its own.
    #[schema(minimum = 0, maximum = 31)]
    pub(super) distance: Option<u16>,
    /// What is told of each content besides its number.
    #[serde(default)]
    pub(super) include: Vec<IncludeParam>,
    /// Every bank answers, whatever its ratio, those that are off among them.
    #[serde(default)]
    pub(super) bypass_ratio: bool,
    /// The same text draws the same banks; without it chance does.
    #[schema(max_length = 255)]
    pub(super) seed: Option<String>,
    /// Ids of the signal types that files and digests are looked up by; all that fit where nothing is said.
    pub(super) kinds: Option<Vec<String>>,
    /// Whether pictures are looked up as they are, or turned and mirrored, too.
    pub(super) orientations: Option<OrientationsParam>,
    /// Which published computation of PDQ is made of pictures; `both` where nothing is said.
    pub(super) variant: Option<VariantParam>,
}

/// What is told of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Include)]
pub(super) enum IncludeParam {
    /// Its stored signal, labels, note, address and what was sent along: `facts`.
    Content,
    /// Where it came from, with the sender's key and record: `exchange`.
    Exchange,
}

/// A form with files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub(super) struct LookUpForm {
    /// The files, one part each; the name of the part does not matter.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<String>,
    /// How they are to be looked up.
    options: Option<OptionsParam>,
}

impl OptionsParam {
    /// The kinds that files and digests are looked up by.
    pub(super) fn kinds(&self) -> Result<Vec<&'static KindType>, AppError> {
        match &self.kinds {
            None => Ok(KINDS.iter().collect()),
            Some(names) => names.iter().map(|name| known(name)).collect(),
        }
    }

    /// Whether pictures are turned.
    pub(super) fn all_orientations(&self) -> bool {
        self.orientations == Some(OrientationsParam::All)
    }
}
