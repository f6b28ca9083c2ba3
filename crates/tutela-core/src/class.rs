//! The closed set of error classes; a class alone decides the HTTP status and the exit code.

/// What kind of failure an error is, whatever crate it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// What was given cannot be used as it is.
    Invalid,
    /// What was named does not exist.
    NotFound,
    /// What was asked contradicts what is already there.
    Conflict,
    /// The operator may not do this.
    Denied,
    /// Something outside is missing or not answering; a later try may work.
    Unavailable,
    /// A record does not hold: a proof, a digest or a self-test failed.
    Integrity,
    /// A defect of Tutela itself.
    Internal,
}

impl Class {
    /// Exit code of the process. 0 is done and 2 is usage, so neither is here.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Invalid => 3,
            Self::NotFound => 4,
            Self::Conflict => 5,
            Self::Denied => 6,
            Self::Unavailable => 7,
            Self::Integrity => 8,
            Self::Internal => 70,
        }
    }

    /// HTTP status of the answer.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Invalid => 422,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Denied => 403,
            Self::Unavailable => 503,
            Self::Integrity | Self::Internal => 500,
        }
    }
}

/// An error that carries a promised code and a class.
pub trait Coded: std::error::Error {
    /// Stable name such as `formats.list.bad_row`: never renamed, never reused.
    fn code(&self) -> &'static str;
    /// Decides status and exit.
    fn class(&self) -> Class;
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn classes_map_to_the_published_codes() {
        let all = [
            (Class::Invalid, 422, 3),
            (Class::NotFound, 404, 4),
            (Class::Conflict, 409, 5),
            (Class::Denied, 403, 6),
            (Class::Unavailable, 503, 7),
            (Class::Integrity, 500, 8),
            (Class::Internal, 500, 70),
        ];
        for (class, status, exit) in all {
            assert_eq!((class.http_status(), class.exit_code()), (status, exit), "{class:?}");
        }
    }
}
