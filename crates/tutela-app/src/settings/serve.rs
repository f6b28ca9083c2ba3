//! `[serve]`: where the service listens, what it offers, and how much of anything it takes on at a time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What a service offers at the paths that HMA's clients know.
const ROLES: [&str; 3] = ["hasher", "matcher", "curator"];
/// Who may use those paths without a token.
const ACCESS: [&str; 3] = ["loopback", "token", "open"];

/// `[serve]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServeSettings {
    /// Address and port.
    pub listen: String,
    /// `hasher`, `matcher`, `curator`: those that are offered.
    #[serde(deserialize_with = "super::outside::list")]
    pub roles: Vec<String>,
    /// `loopback`, `token` or `open`.
    pub hma_access: String,
    /// Megabytes of one upload.
    pub max_body_mb: u64,
    /// Megabytes of all uploads that are in memory at a time.
    pub max_uploads_mb: u64,
    /// Connections at a time.
    pub max_connections: usize,
    /// Requests at a time.
    pub max_requests: usize,
    /// Requests a second that one client may make; 0 for as many as there is room for.
    pub client_requests_per_s: u32,
    /// Requests that one client may make at once before that counts.
    pub client_burst: u32,
    /// Seconds a request may take to arrive and to be answered.
    pub request_timeout_s: u64,
    /// Seconds a connection may take to send the head of its next request.
    pub header_timeout_s: u64,
    /// Seconds that requests under way are given once the service is to end.
    pub drain_s: u64,
    /// Seconds since the store was last heard from after which the banks in memory count as stale.
    pub stale_s: u64,
}

impl ServeSettings {
    /// Whether a role is offered.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|known| known == role)
    }

    /// Bytes of one upload.
    pub fn max_body_bytes(&self) -> usize {
        bytes(self.max_body_mb)
    }

    /// Bytes of all uploads in memory.
    pub fn max_uploads_bytes(&self) -> usize {
        bytes(self.max_uploads_mb)
    }

    /// As [`ServeSettings::request_timeout_s`].
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_s)
    }

    /// As [`ServeSettings::header_timeout_s`].
    pub fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_s)
    }

    /// As [`ServeSettings::drain_s`].
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_s)
    }

    pub(super) fn check(&self) -> Result<(), AppError> {
        let refuse = |key: &str, message: &str| {
            let origin = format!("serve.{key}");
            Err(AppError::Setting { origin, message: message.to_owned() })
        };
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            return refuse("listen", "must be an address and a port, such as 127.0.0.1:8080");
        }
        if self.roles.is_empty() || self.roles.iter().any(|role| !ROLES.contains(&role.as_str())) {
            return refuse("roles", "must be some of hasher, matcher and curator");
        }
        if !ACCESS.contains(&self.hma_access.as_str()) {
            return refuse("hma_access", "must be loopback, token or open");
        }
        if self.max_body_mb == 0 || self.max_uploads_mb < self.max_body_mb {
            return refuse("max_uploads_mb", "must be at least max_body_mb, and that at least 1");
        }
        if self.max_connections == 0 || self.max_requests == 0 {
            return refuse("max_requests", "must be at least 1, and max_connections too");
        }
        if self.client_requests_per_s > 0 && self.client_burst == 0 {
            return refuse("client_burst", "must be at least 1");
        }
        if self.request_timeout_s == 0 || self.header_timeout_s == 0 || self.stale_s == 0 {
            return refuse("request_timeout_s", "must be at least 1 second, as the other times");
        }
        Ok(())
    }
}

fn bytes(megabytes: u64) -> usize {
    usize::try_from(megabytes.saturating_mul(1 << 20)).unwrap_or(usize::MAX)
}
