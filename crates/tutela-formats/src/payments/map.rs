//! Maps: what a person says of a file that does not have the canonical columns.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::amount::Decimal;
use super::field::Field;
use super::time::TimeForm;

/// How the columns, dates and decimals of a foreign file are to be understood.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// Which column of the file gives a field; one that is not named gives its own.
    pub(super) columns: BTreeMap<Field, String>,
    /// What every row of the file has.
    pub(super) constants: BTreeMap<Field, String>,
    pub(super) time: TimeForm,
    pub(super) decimal: Decimal,
    /// None: found in the header.
    pub(super) separator: Option<u8>,
    pub(super) encoding: Encoding,
}

/// How bytes that are not UTF-8 are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// UTF-8, and a row that is not is read as Windows-1252 and counted.
    #[default]
    Found,
    /// A row that is not UTF-8 is refused.
    Utf8,
    /// Every byte is a character of Windows-1252, which contains Latin-1.
    Windows1252,
}

/// Why a map cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// Not TOML, or a key that is not known.
    #[error("not a map: {0}")]
    Form(String),
    /// A field that no transfer has.
    #[error("`{0}` is no field of a transfer; `payments formats` lists them")]
    Field(String),
    /// A value that is not one of those that are known.
    #[error("`{key}` is {expected}")]
    Value {
        /// The key of the map.
        key: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
    time_format: Option<String>,
    time_zone: Option<String>,
    decimal: Option<String>,
    separator: Option<String>,
    encoding: Option<String>,
}

impl Map {
    /// Reads a map from its TOML.
    ///
    /// # Errors
    ///
    /// If it is not TOML, or names what is not known.
    pub fn from_toml(text: &str) -> Result<Self, MapError> {
        let written: Written =
            toml::from_str(text).map_err(|why| MapError::Form(why.message().to_owned()))?;
        let fields = |named: BTreeMap<String, String>| {
            let field = |(name, value): (String, String)| match Field::named(&name) {
                Some(field) => Ok((field, value)),
                None => Err(MapError::Field(name.chars().take(64).collect())),
            };
            named.into_iter().map(field).collect::<Result<BTreeMap<_, _>, _>>()
        };
        let zone = written.time_zone.as_deref().map(|name| {
            TimeForm::zone_named(name).ok_or(MapError::Value {
                key: "time_zone",
                expected: "`UTC`, an offset such as `+08:00`, or a rule of POSIX such as `CET-1CEST,M3.5.0,M10.5.0/3`",
            })
        });
        let zone = zone.transpose()?;
        let (form, date_alone) = match written.time_format.as_deref() {
            None | Some("rfc3339") => (None, zone.is_some()),
            Some(form) => (Some(form.to_owned()), true),
        };
        Ok(Self {
            columns: fields(written.columns)?,
            constants: fields(written.constants)?,
            time: TimeForm { form, zone, date_alone },
            decimal: match written.decimal.as_deref() {
                None => Decimal::PlainPoint,
                Some(".") => Decimal::Point,
                Some(",") => Decimal::Comma,
                Some(_) => return Err(MapError::Value { key: "decimal", expected: "`.` or `,`" }),
            },
            separator: match written.separator.as_deref().map(str::as_bytes) {
                None => None,
                Some(&[byte @ (b',' | b';' | b'\t' | b'|')]) => Some(byte),
                Some(_) => {
                    return Err(MapError::Value {
                        key: "separator",
                        expected: "`,`, `;`, `|` or a tab",
                    });
                }
            },
            encoding: match written.encoding.as_deref() {
                None => Encoding::Found,
                Some("utf-8") => Encoding::Utf8,
                Some("windows-1252" | "latin-1" | "iso-8859-1") => Encoding::Windows1252,
                Some(_) => {
                    return Err(MapError::Value {
                        key: "encoding",
                        expected: "`utf-8`, `windows-1252` or `latin-1`; UTF-16 is found by itself",
                    });
                }
            },
        })
    }

    /// The field that a column of this name gives.
    pub(super) fn field_of(&self, column: &str) -> Option<Field> {
        let column = column.trim();
        let mapped = self.columns.iter().find(|(_, name)| name.trim() == column);
        if let Some((field, _)) = mapped {
            return Some(*field);
        }
        // A column of the right name gives its field, unless another was named for it.
        let own =
            Field::ALL.into_iter().find(|field| field.as_str().eq_ignore_ascii_case(column))?;
        (!self.columns.contains_key(&own)).then_some(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_read_and_refuse() {
        let map = Map::from_toml(
            "decimal = ','\nseparator = ';'\ntime_format = '%d.%m.%Y'\ntime_zone = '+01:00'\n\
             [columns]\npayer_account = 'Konto'\n[constants]\ncurrency = 'EUR'\n",
        )
        .unwrap();
        assert_eq!(map.field_of(" Konto "), Some(Field::PayerAccount));
        assert_eq!(map.field_of("payer_account"), None);
        assert_eq!(map.field_of("Amount"), Some(Field::Amount));
        assert_eq!(map.separator, Some(b';'));
        for (text, part) in [
            ("decimal = 'x'", "`decimal` is"),
            ("time_zone = 'Europe/Berlin'", "`time_zone` is"),
            ("separator = 'ab'", "`separator` is"),
            ("encoding = 'koi8-r'", "`encoding` is"),
            ("[columns]\nsender = 'x'", "`sender` is no field"),
            ("colums = 1", "not a map"),
            ("=", "not a map"),
        ] {
            let why = Map::from_toml(text).unwrap_err().to_string();
            assert!(why.contains(part), "{text}: {why}");
        }
    }
}
