//! pain.001: credit transfers that a customer orders, as ISO 20022 has them.

use std::io::BufRead;

use tutela_core::TransferRecord;

use super::format::{Example, PaymentFormat, PaymentReading, ReadOptions};
use super::iso20022;
use crate::FormatError;

const ID: &str = "pain001";
const BODY: &str = "CstmrCdtTrfInitn";

pub(super) const FORMAT: PaymentFormat = PaymentFormat {
    id: ID,
    title: "ISO 20022 pain.001, credit transfer ordered by a customer",
    doc: "\
One message holds batches, `PmtInf`, each with the debtor and its account, and each with many `CdtTrfTxInf`, each a transfer. All
versions since pain.001.001.03 are read. `Amt/InstdAmt` is the amount. The time is that of the message, `CreDtTm`, when it was
ordered; the day on which it is to be carried out is another thing and is not read. Ultimate parties and accounts as in pacs.008.",
    source: "ISO 20022, CustomerCreditTransferInitiation pain.001.001.03 to .12",
    extensions: &["xml"],
    sniff: |head| iso20022::sniff(head, BODY, "pain.001"),
    read,
    examples: &[Example {
        name: "pain001.xml",
        bytes: include_bytes!("../../examples/pain001.xml"),
        transfers: 3,
        rejected: 0,
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

    #[test]
    fn batches_speak_for_their_transactions_only() {
        let mut records = Vec::new();
        let mut input: &[u8] = FORMAT.examples[0].bytes;
        let reading =
            read(&mut input, &ReadOptions::default(), &mut |record| records.push(record.clone()))
                .unwrap();
        let [first, second, third] = records.as_slice() else { panic!("{:?}", reading.errors) };
        assert_eq!(first.payer.name.as_deref(), Some("Anna Muster"));
        assert_eq!(second.payer.name.as_deref(), Some("Ultimate Muster"));
        assert_eq!(second.payer.country, None, "the country of another party");
        assert_eq!(third.payer.name.as_deref(), Some("Otto Muster"));
        assert_eq!(third.transfer.payer.as_str(), "example-account-2");
        assert_eq!(first.transfer.id.0, "E2E-1");
        assert_eq!(third.transfer.id.0, "I-3");
        assert_eq!(first.transfer.time.to_string(), "2026-03-01T10:00:00Z");
        assert_eq!(
            reading.notes,
            ["times without an offset are taken as UTC; say `time_zone` in a map"]
        );
        assert_eq!(third.transfer.amount.minor, 2000);
    }
}
