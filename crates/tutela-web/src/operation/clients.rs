//! How often one client may ask: by its token, else by its address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::http::{HeaderMap, header};
use tutela_core::TokenId;

use super::Peer;
use crate::router::Web;
use crate::{WebError, auth};

/// Clients that are told apart; some megabytes. Beyond, those that are new share one allowance.
const MAX_CLIENTS: usize = 65_536;

/// What each client has left.
#[derive(Default)]
pub(crate) struct Clients {
    left: Mutex<HashMap<Client, Allowance>>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Client {
    /// The holder of a token that holds: one that does not would make anybody many clients.
    Token(TokenId),
    /// An address; of version 6 the network, since everybody there has as many as they like.
    Address(IpAddr),
    /// Whoever there is no room for.
    Others,
}

/// A bucket that fills at the rate and holds the burst.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    requests: f64,
    at: Instant,
}

/// Requests a second, and at once.
#[derive(Debug, Clone, Copy)]
struct Rate {
    per_s: f64,
    burst: f64,
}

impl Clients {
    /// Takes one request from what the client has left.
    ///
    /// # Errors
    /// It has none; with the seconds until it has one.
    pub(super) async fn admit(
        &self,
        web: &Web,
        headers: &HeaderMap,
        peer: Option<Peer>,
    ) -> Result<(), WebError> {
        let serve = &web.service.settings().serve;
        if serve.client_requests_per_s == 0 {
            return Ok(());
        }
        let (per_s, burst) = (serve.client_requests_per_s.into(), serve.client_burst.into());
        let client = client(web, headers, peer).await;
        self.take(client, Rate { per_s, burst }, Instant::now())
    }

    fn take(&self, client: Client, rate: Rate, now: Instant) -> Result<(), WebError> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let mut client = client;
        if left.len() >= MAX_CLIENTS && !left.contains_key(&client) {
            // Who has a full allowance again is as one who never asked.
            left.retain(|_, allowance| allowance.filled(rate, now) < rate.burst);
            if left.len() >= MAX_CLIENTS {
                client = Client::Others;
            }
        }
        let full = Allowance { requests: rate.burst, at: now };
        let allowance = left.entry(client).or_insert(full);
        let requests = allowance.filled(rate, now);
        if requests < 1.0 {
            *allowance = Allowance { requests, at: now };
            let wait_s = ((1.0 - requests) / rate.per_s).ceil().max(1.0);
            return Err(WebError::TooOften { retry_after_s: wait_s as u64 });
        }
        *allowance = Allowance { requests: requests - 1.0, at: now };
        Ok(())
    }
}

impl Allowance {
    fn filled(self, rate: Rate, now: Instant) -> f64 {
        let since_s = now.saturating_duration_since(self.at).as_secs_f64();
        (self.requests + since_s * rate.per_s).min(rate.burst)
    }
}

async fn client(web: &Web, headers: &HeaderMap, peer: Option<Peer>) -> Client {
    if headers.contains_key(header::AUTHORIZATION)
        && let Ok(caller) = auth::caller(web, headers).await
    {
        return Client::Token(caller.token);
    }
    match peer {
        Some(peer) => Client::Address(network(peer.0.ip())),
        None => Client::Others,
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::{Duration, Instant};

    use super::{Client, Clients, MAX_CLIENTS, Rate, network};
    use crate::WebError;

    const RATE: Rate = Rate { per_s: 2.0, burst: 3.0 };

    fn address(number: u32) -> Client {
        Client::Address(Ipv4Addr::from(number).into())
    }

    #[test]
    fn each_has_its_burst_and_then_its_rate() {
        let (clients, start) = (Clients::default(), Instant::now());
        for _ in 0..3 {
            clients.take(address(1), RATE, start).unwrap();
        }
        let refused = clients.take(address(1), RATE, start).unwrap_err();
        assert!(matches!(refused, WebError::TooOften { retry_after_s: 1 }), "{refused:?}");
        clients.take(address(2), RATE, start).unwrap();
        let later = start + Duration::from_millis(500);
        clients.take(address(1), RATE, later).unwrap();
        assert!(clients.take(address(1), RATE, later).is_err());
        let slow = Rate { per_s: 0.1, burst: 1.0 };
        clients.take(address(3), slow, start).unwrap();
        let refused = clients.take(address(3), slow, start).unwrap_err();
        assert!(matches!(refused, WebError::TooOften { retry_after_s: 10 }), "{refused:?}");
    }

    #[test]
    fn no_number_of_clients_takes_more_memory() {
        let (clients, start) = (Clients::default(), Instant::now());
        let all = u32::try_from(MAX_CLIENTS).unwrap();
        for number in 0..all {
            clients.take(address(number), RATE, start).unwrap();
        }
        // Those beyond share one allowance, and those who are known keep theirs.
        for number in all..all + 3 {
            clients.take(address(number), RATE, start).unwrap();
        }
        assert!(clients.take(address(all + 3), RATE, start).is_err());
        clients.take(address(0), RATE, start).unwrap();
        assert_eq!(clients.left.lock().unwrap().len(), MAX_CLIENTS + 1);
        // Whoever has not asked for a while is forgotten.
        clients.take(address(all + 4), RATE, start + Duration::from_secs(60)).unwrap();
        assert_eq!(clients.left.lock().unwrap().len(), 1);
    }

    #[test]
    fn addresses_of_one_network_are_one_client() {
        let network = |text: &str| network(text.parse::<IpAddr>().unwrap());
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::"), network("2001:db8:1:3::"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
