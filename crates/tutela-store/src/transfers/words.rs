//! What records say of people and circumstances, as JSON beside the transfers.

use serde_json::{Map, Value, json};
use tutela_core::{Money, PartyRecord, TransferRecord};

/// What stands in one row: a party, or the circumstances of a transfer.
#[derive(Clone, Default)]
pub(super) struct Words(Map<String, Value>);

impl Words {
    /// What a record says of a side; nothing where it says nothing.
    pub(super) fn of_party(party: &PartyRecord) -> Option<String> {
        let PartyRecord { name, country, region, birth_year, sex, phone, email, ip_country } =
            party;
        let mut words = Map::new();
        let texts = [
            ("name", name),
            ("country", country),
            ("region", region),
            ("sex", sex),
            ("phone", phone),
            ("email", email),
            ("ip_country", ip_country),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                words.insert(key.to_owned(), text.as_str().into());
            }
        }
        if let Some(year) = birth_year {
            words.insert("birth_year".to_owned(), (*year).into());
        }
        (!words.is_empty()).then(|| Value::from(words).to_string())
    }

    /// What a record says of the circumstances; nothing where it says nothing.
    pub(super) fn of_context(record: &TransferRecord) -> Option<String> {
        let mut words = Map::new();
        let texts = [
            ("channel", &record.channel),
            ("institution", &record.institution),
            ("purpose", &record.purpose),
            ("device", &record.device),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                words.insert(key.to_owned(), text.as_str().into());
            }
        }
        if let Some(Money { minor, currency }) = record.instructed {
            words.insert("instructed".to_owned(), json!([minor, currency.to_string()]));
        }
        if !record.extra.is_empty() {
            let extra = record.extra.iter().map(|(name, value)| json!([name, value])).collect();
            words.insert("extra".to_owned(), Value::Array(extra));
        }
        if words.is_empty() {
            return None;
        }
        // Told apart from what is said of a person, which may be shown to another end.
        words.insert("context".to_owned(), true.into());
        Some(Value::from(words).to_string())
    }

    pub(super) fn read(value: &Value) -> Option<Self> {
        value.as_object().cloned().map(Self)
    }

    fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).and_then(Value::as_str).map(str::to_owned)
    }

    /// What is said of a person; nothing in the words of circumstances.
    pub(super) fn party(&self) -> PartyRecord {
        let year = self.0.get("birth_year").and_then(Value::as_u64);
        PartyRecord {
            name: self.text("name"),
            country: self.text("country"),
            region: self.text("region"),
            birth_year: year.and_then(|year| u16::try_from(year).ok()),
            sex: self.text("sex"),
            phone: self.text("phone"),
            email: self.text("email"),
            ip_country: self.text("ip_country"),
        }
    }

    /// Puts the circumstances back into a record.
    pub(super) fn state_context(&self, record: &mut TransferRecord) {
        record.channel = self.text("channel");
        record.institution = self.text("institution");
        record.purpose = self.text("purpose");
        record.device = self.text("device");
        record.instructed = self.0.get("instructed").and_then(|money| {
            let minor = money.get(0)?.as_i64()?;
            Some(Money { minor, currency: money.get(1)?.as_str()?.parse().ok()? })
        });
        let pair = |pair: &Value| {
            Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()))
        };
        let extra = self.0.get("extra").and_then(Value::as_array);
        record.extra = extra.into_iter().flatten().filter_map(pair).collect();
    }
}
