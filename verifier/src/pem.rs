//! A trust list in PEM, set as the verifier reads it: certificates only, in lines of 64 columns.
//!
//! The verifier reads no base64 in longer or shorter lines. RFC 7468 asks whoever writes PEM for lines
//! of 64 columns, and lets those who read it take others.

/// Columns of a line that the verifier reads.
const COLUMNS: usize = 64;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates of a list, each in lines of 64 columns. Text around them is left out.
///
/// # Errors
/// A certificate has no end, holds what is no base64, or there is none at all: which, counted from 1.
pub(crate) fn certificates(list: &str) -> Result<String, String> {
    let mut out = String::with_capacity(list.len());
    let (mut rest, mut number) = (list, 0);
    while let Some((_, after)) = rest.split_once(BEGIN) {
        number += 1;
        let (body, after) = after
            .split_once(END)
            .ok_or_else(|| format!("certificate {number} of the trust list has no end"))?;
        let digits: Vec<char> = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        if !is_base64(&digits) {
            return Err(format!("certificate {number} of the trust list is not base64"));
        }
        out.extend([BEGIN, "\n"]);
        for line in digits.chunks(COLUMNS) {
            out.extend(line);
            out.push('\n');
        }
        out.extend([END, "\n"]);
        rest = after;
    }
    if number == 0 { Err("the trust list holds no certificate in PEM".to_owned()) } else { Ok(out) }
}

fn is_base64(digits: &[char]) -> bool {
    let padding = digits.iter().rev().take_while(|digit| **digit == '=').count();
    let (data, _) = digits.split_at(digits.len() - padding);
    let is_digit = |digit: &char| digit.is_ascii_alphanumeric() || matches!(digit, '+' | '/');
    !data.is_empty() && padding <= 2 && digits.len().is_multiple_of(4) && data.iter().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, certificates};

    #[test]
    fn lines_of_any_length_become_lines_of_64_columns() {
        let digits = "QUJD".repeat(50);
        let lines = |columns: usize, end: &str| {
            let lines: Vec<&str> = digits
                .as_bytes()
                .chunks(columns)
                .filter_map(|l| std::str::from_utf8(l).ok())
                .collect();
            format!("{BEGIN}{end}{}{end}{END}{end}", lines.join(end))
        };
        let expected = lines(64, "\n");
        for (columns, end) in [
            (64, "\n"),
            (76, "\n"),
            (76, "\r\n"),
            (64, "\r\n"),
            (200, "\n"),
            (1, "\n"),
            (48, " \n\t"),
        ] {
            assert_eq!(certificates(&lines(columns, end)).unwrap(), expected, "{columns}");
        }
        let two =
            format!("# Example authority\n{}\nsubject=x\n{}", lines(76, "\n"), lines(200, "\n"));
        assert_eq!(certificates(&two).unwrap(), format!("{expected}{expected}"));
    }

    #[test]
    fn what_is_no_list_is_said_and_which_certificate() {
        let check = |list: &str, part: &str| {
            let error = certificates(list).unwrap_err();
            assert!(error.contains(part), "{error}");
        };
        let whole = format!("{BEGIN}\nQUJD\n{END}\n");
        check("", "no certificate");
        check("QUJD", "no certificate");
        check(&format!("{whole}{BEGIN}\nQUJD\n"), "certificate 2 of the trust list has no end");
        for body in ["", "QUJ", "QU?D", "QUJD====", "=QUJ", "Proc-Type: 4\n"] {
            check(
                &format!("{whole}{BEGIN}\n{body}\n{END}"),
                "certificate 2 of the trust list is not",
            );
        }
        check(&format!("{BEGIN}\nQUJD\n{whole}"), "certificate 1 of the trust list is not");
    }
}
