//! The fields of a transfer by the names of the canonical columns.

/// What a row can say. The order is that of documents; the names are promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Field {
    /// Identifier of the transfer.
    TransferId,
    /// When it was ordered.
    Time,
    /// What the payee was sent.
    Amount,
    /// Of which currency.
    Currency,
    /// Account that pays.
    PayerAccount,
    /// Account that is paid.
    PayeeAccount,
    /// Name of who pays.
    PayerName,
    /// Country of who pays.
    PayerCountry,
    /// Year of birth of who pays.
    PayerBirthYear,
    /// Sex of who pays, as a document states it.
    PayerSex,
    /// Telephone number of who pays.
    PayerPhone,
    /// E-mail address of who pays.
    PayerEmail,
    /// Country of the address it was ordered from.
    PayerIpCountry,
    /// Name of who is paid.
    PayeeName,
    /// Country of who is paid.
    PayeeCountry,
    /// Region of who is paid.
    PayeeRegion,
    /// Telephone number of who is paid.
    PayeePhone,
    /// E-mail address of who is paid.
    PayeeEmail,
    /// By what means it was ordered.
    Channel,
    /// The institution whose record this is.
    Institution,
    /// What the payer wrote of why.
    Purpose,
    /// The device it was ordered from.
    Device,
    /// What the payer was asked to pay.
    InstructedAmount,
    /// Of which currency.
    InstructedCurrency,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 24] = [
        Self::TransferId,
        Self::Time,
        Self::Amount,
        Self::Currency,
        Self::PayerAccount,
        Self::PayeeAccount,
        Self::PayerName,
        Self::PayerCountry,
        Self::PayerBirthYear,
        Self::PayerSex,
        Self::PayerPhone,
        Self::PayerEmail,
        Self::PayerIpCountry,
        Self::PayeeName,
        Self::PayeeCountry,
        Self::PayeeRegion,
        Self::PayeePhone,
        Self::PayeeEmail,
        Self::Channel,
        Self::Institution,
        Self::Purpose,
        Self::Device,
        Self::InstructedAmount,
        Self::InstructedCurrency,
    ];

    /// What every transfer needs.
    pub const REQUIRED: &'static [Self] = &[
        Self::TransferId,
        Self::Time,
        Self::Amount,
        Self::Currency,
        Self::PayerAccount,
        Self::PayeeAccount,
    ];

    /// Its name in files and documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TransferId => "transfer_id",
            Self::Time => "time",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::PayerAccount => "payer_account",
            Self::PayeeAccount => "payee_account",
            Self::PayerName => "payer_name",
            Self::PayerCountry => "payer_country",
            Self::PayerBirthYear => "payer_birth_year",
            Self::PayerSex => "payer_sex",
            Self::PayerPhone => "payer_phone",
            Self::PayerEmail => "payer_email",
            Self::PayerIpCountry => "payer_ip_country",
            Self::PayeeName => "payee_name",
            Self::PayeeCountry => "payee_country",
            Self::PayeeRegion => "payee_region",
            Self::PayeePhone => "payee_phone",
            Self::PayeeEmail => "payee_email",
            Self::Channel => "channel",
            Self::Institution => "institution",
            Self::Purpose => "purpose",
            Self::Device => "device",
            Self::InstructedAmount => "instructed_amount",
            Self::InstructedCurrency => "instructed_currency",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

/// What one row says, as text: blank is absent. Not yet checked.
#[derive(Clone, Copy)]
pub(super) struct Draft<'a> {
    pub(super) row: u64,
    values: [&'a str; Field::ALL.len()],
    pub(super) extra: &'a [(&'a str, &'a str)],
}

impl<'a> Draft<'a> {
    pub(super) fn new(row: u64) -> Self {
        Self { row, values: [""; Field::ALL.len()], extra: &[] }
    }

    pub(super) fn set(&mut self, field: Field, value: &'a str) {
        self.values[field as usize] = value.trim_matches(|c: char| c.is_ascii_whitespace());
    }

    pub(super) fn get(&self, field: Field) -> &'a str {
        self.values[field as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn fields_stand_where_their_number_says() {
        for (at, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, at);
            assert_eq!(Field::named(field.as_str()), Some(field));
        }
        assert_eq!(Field::named("payer"), None);
        assert_eq!(Field::REQUIRED.last(), Some(&Field::PayeeAccount));
    }
}
