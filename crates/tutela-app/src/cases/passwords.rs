//! Passwords of operators: set at the command line, checked at the console, kept as Argon2id texts only.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tutela_ledger::{Draft, acts};

use crate::AppError;
use crate::workspace::{self, Workspace};

/// Shortest password, in characters: long enough that guessing through the console is hopeless.
pub const MIN_CHARS: usize = 12;
/// Longest password, in bytes: what is hashed has a bound.
pub const MAX_BYTES: usize = 1024;
/// Bytes of salt. Source: RFC 9106, section 4.
const SALT_BYTES: usize = 16;
/// What the password of nobody is checked against, so that an unknown name takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHNpZ25zIGlu$aJ3mVYSTzq1P4M7cZbYBm1jN9eBcYVg1hXo3v0b7xMQ";

/// Gives an operator a password. Whoever is signed in with the one before is signed out.
///
/// # Errors
/// Nobody has this name, the password is too short or too long, the store does not answer.
pub fn set(workspace: &Workspace, name: &str, password: &str) -> Result<(), AppError> {
    let people = super::people::list(workspace)?;
    let person = people.iter().find(|person| person.name == name || person.id.to_string() == name);
    let person =
        person.ok_or_else(|| AppError::NoSuch { kind: "operator", name: name.to_owned() })?;
    let hash = hash(password)?;
    let draft =
        Draft { inputs: vec![person.id.into()], ..workspace.draft(acts::OPERATOR_PASSWORD_SET) };
    workspace.block_on(workspace.store().set_password(person.id, &hash, vec![draft]))?;
    workspace.checkpoint()?;
    Ok(())
}

/// The text that a password is checked against: Argon2id with 19 MiB and two passes, which take some 30 ms.
/// Source: OWASP, "Password Storage Cheat Sheet".
fn hash(password: &str) -> Result<String, AppError> {
    if password.chars().count() < MIN_CHARS {
        let reason = "it has fewer than 12 characters";
        return Err(AppError::BadField { field: "password", reason });
    }
    if password.len() > MAX_BYTES {
        let reason = "it has more than 1024 bytes";
        return Err(AppError::BadField { field: "password", reason });
    }
    let salt = workspace::random()?;
    let hashed: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt[..SALT_BYTES])
        .map_err(|_| AppError::System { what: "memory to hash a password" })?;
    Ok(hashed.to_string())
}

/// Whether a password fits; against nobody's text where there is none. Slow, by intent.
pub(crate) fn fits(password: &str, hash: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    let fits = password.len() <= MAX_BYTES
        && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, PasswordHash, fits, hash};

    #[test]
    fn a_password_fits_its_own_text_only() {
        let text = hash("correct horse battery").unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        assert_ne!(text, hash("correct horse battery").unwrap(), "each has its own salt");
        assert!(fits("correct horse battery", Some(&text)));
        assert!(!fits("correct horse batterz", Some(&text)));
        assert!(!fits("correct horse battery", None));
        assert!(!fits("correct horse battery", Some("rubbish")));
    }

    #[test]
    fn short_and_long_passwords_are_refused() {
        assert!(hash("eleven char").is_err());
        assert!(hash("twelve chars").is_ok());
        assert!(hash(&"x".repeat(1025)).is_err());
    }

    #[test]
    fn the_text_of_nobody_costs_what_others_cost() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        let own = hash("correct horse battery").unwrap();
        assert_eq!(parsed.params, PasswordHash::new(&own).unwrap().params);
        assert_eq!(parsed.hash.unwrap().len(), 32);
    }
}
