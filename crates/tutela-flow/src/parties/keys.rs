//! Names, phones and addresses in one form, so that the same one is the same text.

/// A name in lower-case words without accents, sorted: the order in which given and family names are written
/// differs between forms. Nothing is transliterated: a name in another script stays in it.
pub fn name_words(name: &str) -> Vec<String> {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            // Combining marks: accents written apart from their letter.
            '\u{300}'..='\u{36f}' => {}
            '\'' | '’' | '`' => {}
            _ if c.is_alphanumeric() => match fold(c) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(c),
            },
            _ => folded.push(' '),
        }
    }
    let mut words: Vec<String> =
        folded.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Latin letters with marks, as the letters that forms without marks have in their place.
fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ä' => "a",
        'ç' | 'ć' | 'ĉ' | 'č' | 'ċ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' | 'ġ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ł' | 'ľ' | 'ļ' | 'ĺ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ő' | 'ō' | 'ö' => "o",
        'ř' | 'ŕ' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ů' | 'ű' | 'ū' | 'ų' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

/// A telephone number as `+` and digits, as ITU-T E.164 has it. A number without a country code takes that of the
/// country; where neither is known there is no key, since two countries share it.
pub fn phone_key(phone: &str, country: Option<&str>) -> Option<String> {
    let international = phone.trim_start().starts_with('+');
    // `+44 (0)20`: the zero in brackets is dialled within the country only.
    let digits: String = phone.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let number = if international {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else {
        let (code, keeps_zero) = calling_code(country?)?;
        let national = if keeps_zero { digits.as_str() } else { digits.trim_start_matches('0') };
        // Written with the country code and without the mark.
        match digits.starts_with(code) && digits.len() >= code.len() + 9 {
            true => digits,
            false => format!("{code}{national}"),
        }
    };
    (8..=15).contains(&number.len()).then(|| format!("+{number}"))
}

/// Calling codes of countries that published reports on remittances name, with whether a leading zero belongs to the
/// number. Source: ITU, list of Recommendation E.164 assigned country codes.
fn calling_code(country: &str) -> Option<(&'static str, bool)> {
    Some(match country {
        "US" | "CA" | "JM" | "DO" => ("1", false),
        "GH" => ("233", false),
        "NG" => ("234", false),
        "KE" => ("254", false),
        "ZA" => ("27", false),
        "GR" => ("30", true),
        "NL" => ("31", false),
        "BE" => ("32", false),
        "FR" => ("33", false),
        "ES" => ("34", false),
        "PT" => ("351", false),
        "IE" => ("353", false),
        "FI" => ("358", false),
        "IT" => ("39", true),
        "RO" => ("40", false),
        "CH" => ("41", false),
        "CZ" => ("420", false),
        "AT" => ("43", false),
        "GB" => ("44", false),
        "DK" => ("45", false),
        "SE" => ("46", false),
        "NO" => ("47", false),
        "PL" => ("48", false),
        "DE" => ("49", false),
        "MX" => ("52", false),
        "BR" => ("55", false),
        "CO" => ("57", false),
        "MY" => ("60", false),
        "AU" => ("61", false),
        "ID" => ("62", false),
        "PH" => ("63", false),
        "NZ" => ("64", false),
        "SG" => ("65", false),
        "TH" => ("66", false),
        "JP" => ("81", false),
        "KR" => ("82", false),
        "VN" => ("84", false),
        "IN" => ("91", false),
        "UA" => ("380", false),
        "KH" => ("855", false),
        _ => return None,
    })
}

/// An address in lower case; none where it is no address. What stands before the `@` is not changed otherwise: what a provider
/// ignores of it, another does not.
pub fn email_key(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@')?;
    let sound = !local.is_empty() && domain.contains('.') && !email.contains(char::is_whitespace);
    sound.then_some(email)
}

/// A device as it is named; texts that stand for none give none.
pub fn device_key(device: &str) -> Option<String> {
    let device = device.trim();
    let nothing = ["", "0", "-", "none", "null", "unknown", "n/a"];
    let is_nothing = nothing.contains(&device.to_ascii_lowercase().as_str());
    (!is_nothing && device.chars().any(|c| c.is_alphanumeric() && c != '0'))
        .then(|| device.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_any_order_case_and_accent() {
        let check = |a: &str, b: &str| assert_eq!(name_words(a), name_words(b), "{a} / {b}");
        check("MÜLLER, Zoë", "zoe muller");
        check("Zoe\u{301} Muster", "MUSTER ZOÉ");
        check("O’Example Pat", "Pat O'Example");
        check("Anna-Maria Muster", "Muster Anna Maria");
        check("Straßer", "STRASSER");
        assert_ne!(name_words("Анна"), name_words("Anna"));
        assert!(name_words(" -- ").is_empty());
    }

    #[test]
    fn phones_are_the_same_in_any_writing() {
        for (phone, country, expected) in [
            ("+63 900 000 0001", None, Some("+639000000001")),
            ("0063-900-000-0001", None, Some("+639000000001")),
            ("0900 000 0001", Some("PH"), Some("+639000000001")),
            ("639000000001", Some("PH"), Some("+639000000001")),
            ("+44 (0)20 7946 0000", None, Some("+442079460000")),
            ("06 0000 0000", Some("IT"), Some("+390600000000")),
            ("0900 000 0001", None, None),
            ("0900 000 0001", Some("ZZ"), None),
            ("+1", None, None),
            ("none", Some("PH"), None),
        ] {
            assert_eq!(phone_key(phone, country).as_deref(), expected, "{phone} {country:?}");
        }
    }

    #[test]
    fn addresses_and_devices() {
        assert_eq!(email_key(" Anna@Example.ORG ").as_deref(), Some("anna@example.org"));
        for email in ["", "anna", "@example.org", "anna@example", "a b@example.org"] {
            assert_eq!(email_key(email), None, "{email}");
        }
        assert_eq!(device_key(" d-1 ").as_deref(), Some("d-1"));
        for device in ["", "N/A", "0000-0000", "unknown"] {
            assert_eq!(device_key(device), None, "{device}");
        }
    }
}
