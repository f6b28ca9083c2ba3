//! Why something could not be fetched. Messages hold no address: who asked knows it, and logs must not.

use std::io;
use std::time::Duration;

use tutela_core::{Class, Coded};

/// An answer could not be had, or not as it must be.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The text is no address that is fetched.
    #[error("not an http or https address, or one that holds a name or password")]
    BadUrl,
    /// The operator has not listed the host.
    #[error("the host is not one that the settings list")]
    HostNotListed,
    /// The host points to an address that is not public.
    #[error(
        "the host points to an address that is private or reserved, and that the settings do not list"
    )]
    AddressNotListed,
    /// An answer sends on from https to http.
    #[error("an answer sends on from https to http")]
    Downgrade,
    /// Answers send on and on.
    #[error("more than {max} answers send on")]
    TooManyRedirects {
        /// How many are followed.
        max: usize,
    },
    /// The name is not known, or nobody answers for it.
    #[error("the host has no address")]
    NoSuchHost(#[source] Option<io::Error>),
    /// No connection.
    #[error("the host cannot be connected to")]
    Connect(#[source] io::Error),
    /// No trusted certificates on this system.
    #[error("this system has no trusted certificates, so that https cannot be checked")]
    NoCertificates,
    /// The other side did not speak HTTP, or stopped in the middle.
    #[error("the connection broke, or what came is not HTTP")]
    Broken(#[source] hyper::Error),
    /// A request cannot be made from what was given.
    #[error("the request holds what HTTP cannot carry")]
    BadRequest,
    /// More bytes than are taken.
    #[error("the answer is larger than {max_bytes} bytes")]
    TooLarge {
        /// The limit.
        max_bytes: u64,
    },
    /// Compressed although that was not asked for.
    #[error("the answer is compressed, which was not asked for")]
    Compressed,
    /// Too slow.
    #[error("nothing came in time")]
    Timeout,
    /// An answer that is not what was asked for.
    #[error("the host answered with status {status}")]
    Status {
        /// The status.
        status: u16,
        /// When to ask again, where the host says so.
        retry_after: Option<Duration>,
    },
}

impl Coded for FetchError {
    fn code(&self) -> &'static str {
        match self {
            Self::BadUrl => "app.fetch.bad_url",
            Self::HostNotListed => "app.fetch.host_not_listed",
            Self::AddressNotListed => "app.fetch.address_not_listed",
            Self::Downgrade => "app.fetch.downgrade",
            Self::TooManyRedirects { .. } => "app.fetch.too_many_redirects",
            Self::NoSuchHost(_) => "app.fetch.no_such_host",
            Self::Connect(_) => "app.fetch.connect",
            Self::NoCertificates => "app.fetch.no_certificates",
            Self::Broken(_) => "app.fetch.broken",
            Self::BadRequest => "app.fetch.bad_request",
            Self::TooLarge { .. } => "app.fetch.too_large",
            Self::Compressed => "app.fetch.compressed",
            Self::Timeout => "app.fetch.timeout",
            Self::Status { .. } => "app.fetch.status",
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::BadUrl | Self::BadRequest | Self::TooLarge { .. } => Class::Invalid,
            Self::HostNotListed | Self::AddressNotListed | Self::Downgrade => Class::Denied,
            Self::TooManyRedirects { .. }
            | Self::NoSuchHost(_)
            | Self::Connect(_)
            | Self::NoCertificates
            | Self::Broken(_)
            | Self::Compressed
            | Self::Timeout
            | Self::Status { .. } => Class::Unavailable,
        }
    }
}
