//! Prints, for each file named, what `c2pa` says of its manifest: `valid`, `trusted`, `invalid` or why not.

#![forbid(unsafe_code)]

use c2pa::{Reader, ValidationState};

fn main() {
    for path in std::env::args().skip(1) {
        let state = match Reader::from_file(&path) {
            Ok(reader) => match reader.validation_state() {
                ValidationState::Trusted => "trusted".to_owned(),
                ValidationState::Valid => "valid".to_owned(),
                ValidationState::Invalid => "invalid".to_owned(),
            },
            Err(error) => format!("error: {}", error.to_string().lines().next().unwrap_or_default()),
        };
        let name = path.rsplit('/').next().unwrap_or_default();
        println!("{name}\t{state}");
    }
}
