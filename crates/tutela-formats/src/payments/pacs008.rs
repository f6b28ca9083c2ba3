//! pacs.008: credit transfers between institutions, as ISO 20022 has them.

use std::io::BufRead;

use tutela_core::TransferRecord;

use super::format::{Example, PaymentFormat, PaymentReading, ReadOptions};
use super::iso20022;
use crate::FormatError;

const ID: &str = "pacs008";
const BODY: &str = "FIToFICstmrCdtTrf";

pub(super) const FORMAT: PaymentFormat = PaymentFormat {
    id: ID,
    title: "ISO 20022 pacs.008, credit transfer between institutions",
    doc: "\
One message holds many `CdtTrfTxInf`, each a transfer; the header of the group speaks for those that say nothing. All versions
since pacs.008.001.02 are read: the paths that matter have kept their names, but for `BIC`, now `BICFI`. `IntrBkSttlmAmt` is the
amount, `InstdAmt` what the payer was asked to pay. Where an ultimate debtor or creditor is named, that party is described, and the other
one is kept as `debtor_name` or `creditor_name`. An account is an IBAN, else another identifier, else a proxy, else the identifier of the party.",
    source: "ISO 20022, FIToFICustomerCreditTransfer pacs.008.001.02 to .13",
    extensions: &["xml"],
    sniff: |head| iso20022::sniff(head, BODY, "pacs.008"),
    read,
    examples: &[Example {
        name: "pacs008.xml",
        bytes: include_bytes!("../../examples/pacs008.xml"),
        transfers: 3,
        rejected: 1,
    }],
};

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(&TransferRecord),
) -> Result<PaymentReading, FormatError> {
    iso20022::read(ID, BODY, input, options, give)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> (Vec<TransferRecord>, PaymentReading) {
        let mut records = Vec::new();
        let reading = read(&mut text.as_bytes(), &ReadOptions::default(), &mut |record| {
            records.push(record.clone())
        })
        .unwrap();
        (records, reading)
    }

    #[test]
    fn the_example_reads_path_by_path() {
        let (records, reading) = records(include_str!("../../examples/pacs008.xml"));
        let [iban, proxy, other] = records.as_slice() else { panic!("{:?}", reading.errors) };
        assert_eq!(iban.transfer.id.0, "eb6305c9-1f7f-49de-aed0-16487c27b42d");
        assert_eq!(iban.transfer.time.to_string(), "2026-03-01T08:00:01.5Z");
        assert_eq!((iban.transfer.amount.minor, iban.instructed.unwrap().minor), (95_000, 1500));
        assert_eq!(iban.transfer.payer.as_str(), "DE00EXAMPLE000000001");
        // The ultimate debtor is who pays; the company that carried it is kept beside.
        assert_eq!(iban.payer.name.as_deref(), Some("Zoë Muster"));
        assert_eq!(
            (iban.payer.birth_year, iban.payer.country.as_deref()),
            (Some(1961), Some("DE"))
        );
        assert_eq!(iban.payer.phone, None);
        assert!(
            iban.extra.contains(&("debtor_name".to_owned(), "Example Remittance GmbH".to_owned()))
        );
        assert_eq!(iban.purpose.as_deref(), Some("family & school second line"));
        assert_eq!(
            (iban.institution.as_deref(), iban.channel.as_deref()),
            (Some("EXAMDEFF500"), Some("INST"))
        );
        assert_eq!(iban.payee.region.as_deref(), Some("Example Province"));
        assert_eq!(proxy.transfer.payee.as_str(), "+63-9000000001");
        assert_eq!(proxy.payee.phone.as_deref(), Some("+63-9000000001"));
        assert_eq!(proxy.transfer.time.to_string(), "2026-03-01T09:00:00Z");
        assert_eq!(other.transfer.payer.as_str(), "example-other-1");
        assert_eq!(other.payee.email.as_deref(), Some("carl@example.org"));
        assert_eq!(
            reading.errors[0].to_string(),
            "row 4, field payee_account: is required and blank"
        );
    }

    #[test]
    fn hostile_documents_end_in_a_word() {
        let start = "<!DOCTYPE x [<!ENTITY a \"boom\"><!ENTITY b \"&a;&a;&a;\">]><Document><FIToFICstmrCdtTrf><CdtTrfTxInf>";
        let own = format!(
            "{start}<PmtId><TxId>&b;</TxId></PmtId></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>"
        );
        let (none, reading) = records(&own);
        assert!(
            none.is_empty() && reading.errors[0].message.contains("never expanded"),
            "{:?}",
            reading.errors
        );
        let (none, reading) = records(&format!("{start}{}", "<a>".repeat(1000)));
        assert!(none.is_empty() && reading.truncated);
        let (none, reading) = records(&format!("{start}<PmtId>{}", "x".repeat(3 << 20)));
        assert!(none.is_empty() && reading.truncated);
        let foreign = read(&mut &b"<a/>"[..], &ReadOptions::default(), &mut |_| ()).unwrap_err();
        assert_eq!(
            foreign.to_string(),
            "not pacs008 with transfers: without an element FIToFICstmrCdtTrf"
        );
    }

    #[test]
    fn declared_latin_1_is_read() {
        let text = include_str!("../../examples/pacs008.xml").replace("UTF-8", "ISO-8859-1");
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let mut name = None;
        let give = &mut |record: &TransferRecord| name = name.take().or(record.payer.name.clone());
        read(&mut latin.as_slice(), &ReadOptions::default(), give).unwrap();
        assert_eq!(name.as_deref(), Some("Zoë Muster"));
    }
}
