//! Where Tutela may connect to: names that the operator lists, and of addresses only public ones.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use url::Host;

/// A range of addresses, such as `10.1.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text is not a range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a range of addresses such as 10.1.0.0/16 or fd00::/8")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = text.split_once('/').ok_or(NotANetwork)?;
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let bits = bits.parse().map_err(|_| NotANetwork)?;
        let network = Self { address, bits };
        (bits <= network.width()).then_some(network).ok_or(NotANetwork)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    const fn v4(a: u8, b: u8, c: u8, bits: u8) -> Self {
        Self { address: IpAddr::V4(Ipv4Addr::new(a, b, c, 0)), bits }
    }

    const fn v6(a: u16, b: u16, bits: u8) -> Self {
        Self { address: IpAddr::V6(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0)), bits }
    }

    fn width(self) -> u8 {
        if self.address.is_ipv4() { 32 } else { 128 }
    }

    /// Whether an address lies in the range. Addresses of one version never lie in ranges of the other.
    pub fn holds(self, address: IpAddr) -> bool {
        let bits = |ip: IpAddr| match ip {
            IpAddr::V4(ip) => u128::from(ip.to_bits()),
            IpAddr::V6(ip) => ip.to_bits(),
        };
        let below = u32::from(self.width() - self.bits);
        let prefix = |ip| bits(ip).checked_shr(below).unwrap_or(0);
        self.address.is_ipv4() == address.is_ipv4() && prefix(self.address) == prefix(address)
    }
}

/// IPv4 ranges that are not for the public internet. Source: IANA IPv4 Special-Purpose Address Registry.
const NOT_PUBLIC_V4: &[Network] = &[
    Network::v4(0, 0, 0, 8),       // this network
    Network::v4(10, 0, 0, 8),      // private
    Network::v4(100, 64, 0, 10),   // shared by carriers
    Network::v4(127, 0, 0, 8),     // loopback
    Network::v4(169, 254, 0, 16),  // link-local, and the metadata of clouds
    Network::v4(172, 16, 0, 12),   // private
    Network::v4(192, 0, 0, 24),    // protocols
    Network::v4(192, 0, 2, 24),    // documentation
    Network::v4(192, 88, 99, 24),  // relays from IPv6, given up
    Network::v4(192, 168, 0, 16),  // private
    Network::v4(198, 18, 0, 15),   // benchmarks
    Network::v4(198, 51, 100, 24), // documentation
    Network::v4(203, 0, 113, 24),  // documentation
    Network::v4(224, 0, 0, 4),     // multicast
    Network::v4(240, 0, 0, 4),     // reserved, and broadcast
];

/// The only range from which IPv6 addresses of the public internet come. Outside of it lie loopback,
/// link-local, unique local, multicast, mapped IPv4 and the prefix of NAT64.
const PUBLIC_V6: Network = Network::v6(0x2000, 0, 3);

/// What in that range is something else. Source: IANA IPv6 Special-Purpose Address Registry.
const NOT_PUBLIC_V6: &[Network] = &[
    Network::v6(0x2001, 0, 23),     // protocols: Teredo, ORCHID, benchmarks
    Network::v6(0x2001, 0xdb8, 32), // documentation
    Network::v6(0x2002, 0, 16),     // 6to4, which carries an IPv4 address
    Network::v6(0x3fff, 0, 20),     // documentation
];

/// Whether an address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    let in_any = |ranges: &[Network]| ranges.iter().any(|range| range.holds(address));
    match address {
        IpAddr::V4(_) => !in_any(NOT_PUBLIC_V4),
        IpAddr::V6(_) => PUBLIC_V6.holds(address) && !in_any(NOT_PUBLIC_V6),
    }
}

/// The hosts and networks that one door of the program may connect to.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Names, each with everything below it, and single addresses. Empty: nobody.
    hosts: Vec<Host>,
    /// Ranges that are not public and may be connected to all the same.
    networks: Vec<Network>,
}

/// A text is not a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a host such as media.example.org; no scheme, port or path belongs there")]
pub struct NotAHost(String);

impl Reach {
    /// Reads hosts as the settings name them.
    pub fn new(hosts: &[String], networks: &[Network]) -> Result<Self, NotAHost> {
        let host = |text: &String| listed(text).ok_or_else(|| NotAHost(text.clone()));
        let hosts = hosts.iter().map(host).collect::<Result<_, _>>()?;
        Ok(Self { hosts, networks: networks.to_vec() })
    }

    /// The same with the host of a URL, which somebody who may do so has named.
    #[must_use]
    pub fn with(mut self, url: &str) -> Self {
        let host = url::Url::parse(url).ok().and_then(|url| url.host().map(|host| host.to_owned()));
        self.hosts.extend(host);
        self
    }

    /// Whether this host is listed, itself or with a name above it.
    pub fn allows_host(&self, host: &Host<&str>) -> bool {
        self.hosts.iter().any(|listed| match (listed, host) {
            (Host::Domain(listed), Host::Domain(host)) => {
                let host = host.trim_end_matches('.');
                host == listed
                    || host.strip_suffix(listed.as_str()).is_some_and(|h| h.ends_with('.'))
            }
            (Host::Ipv4(listed), Host::Ipv4(host)) => listed == host,
            (Host::Ipv6(listed), Host::Ipv6(host)) => listed == host,
            _ => false,
        })
    }

    /// Whether this address may be connected to for a host: it is public, in a listed range, or listed
    /// itself. That a name is listed says nothing of where it points.
    pub fn allows_address(&self, host: &Host<&str>, address: IpAddr) -> bool {
        let named = !matches!(host, Host::Domain(_)) && self.allows_host(host);
        named || is_public(address) || self.networks.iter().any(|network| network.holds(address))
    }
}

/// A host as it is compared: lower case, in its ASCII form.
fn listed(text: &str) -> Option<Host> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(match address {
            IpAddr::V4(address) => Host::Ipv4(address),
            IpAddr::V6(address) => Host::Ipv6(address),
        });
    }
    let host = Host::parse(text.trim_matches('.')).ok()?;
    // A name takes its parents' place only as a whole: a bare `*` or an empty name would list everybody.
    let plain = matches!(&host, Host::Domain(name) if !name.is_empty() && !name.contains('*'));
    (plain || !matches!(host, Host::Domain(_))).then_some(host)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use url::Url;

    use super::{Network, Reach, is_public};

    #[test]
    fn only_public_addresses_are_public() {
        let check = |expected: bool, addresses: &[&str]| {
            for address in addresses {
                assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
            }
        };
        check(
            true,
            &["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1"],
        );
        check(
            true,
            &["126.255.255.255", "128.0.0.0", "223.255.255.255", "2606:4700::1", "2a00::1"],
        );
        check(true, &["2001:4860::1", "2003::1"]);
        // Private, shared, loopback, link-local.
        check(false, &["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"]);
        check(
            false,
            &["100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "0.0.0.0"],
        );
        // Documentation, benchmarks, protocols, multicast, reserved, broadcast.
        check(false, &["192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "198.19.255.255"]);
        check(false, &["192.0.0.8", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"]);
        check(false, &["255.255.255.255", "0.1.2.3"]);
        check(false, &["::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1"]);
        // What carries an IPv4 address: mapped, compatible, NAT64, 6to4, Teredo.
        check(false, &["::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::8.8.8.8"]);
        check(
            false,
            &["64:ff9b:1::1", "2002:7f00:1::1", "2001::1", "2001:db8::1", "3fff::1", "100::1"],
        );
    }

    #[test]
    fn networks_read_and_hold() {
        for (network, inside, outside) in [
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"),
            ("10.1.2.3/32", "10.1.2.3", "10.1.2.4"),
            ("0.0.0.0/0", "255.1.2.3", "::1"),
            ("fd00::/8", "fdff::1", "fe00::1"),
            ("::/0", "ff02::1", "127.0.0.1"),
        ] {
            let range: Network = network.parse().unwrap();
            assert!(range.holds(inside.parse().unwrap()), "{network} {inside}");
            assert!(!range.holds(outside.parse().unwrap()), "{network} {outside}");
            assert_eq!(range.to_string(), network);
        }
        for bad in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "x/8", "10.0.0.0/-1"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }

    fn reach(hosts: &[&str], networks: &[&str]) -> Reach {
        let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
        let networks: Vec<Network> = networks.iter().map(|text| text.parse().unwrap()).collect();
        Reach::new(&hosts, &networks).unwrap()
    }

    #[test]
    fn hosts_match_whole_or_below_a_dot() {
        let check = |hosts: &[&str], url: &str, expected: bool| {
            let url = Url::parse(url).unwrap();
            let allowed = reach(hosts, &[]).allows_host(&url.host().unwrap());
            assert_eq!(allowed, expected, "{hosts:?} {url}");
        };
        check(&[], "https://example.org/", false);
        check(&["example.org"], "https://example.org/", true);
        check(&["example.org"], "https://EXAMPLE.org./", true);
        check(&["Example.ORG."], "https://a.b.example.org/", true);
        check(&["example.org"], "https://notexample.org/", false);
        check(&["example.org"], "https://example.org.evil.example/", false);
        check(&["a.example.org"], "https://example.org/", false);
        check(&["münchen.example"], "https://xn--mnchen-3ya.example/", true);
        check(&["127.0.0.1"], "http://127.0.0.1/", true);
        // Other spellings of the same address.
        check(&["127.0.0.1"], "http://0x7f.1/", true);
        check(&["127.0.0.1"], "http://2130706433/", true);
        check(&["127.0.0.1"], "http://127.0.0.2/", false);
        check(&["0.0.1"], "http://127.0.0.1/", false);
        check(&["::1"], "http://[::1]/", true);
        check(&["127.0.0.1"], "http://[::ffff:127.0.0.1]/", false);
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for bad in
            ["", ".", "*", "*.example.org", "https://example.org", "example.org/x", "a:80", "a b"]
        {
            assert!(Reach::new(&[bad.to_owned()], &[]).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_listed_name_opens_no_private_network() {
        let check =
            |hosts: &[&str], networks: &[&str], url: &str, address: &str, expected: bool| {
                let url = Url::parse(url).unwrap();
                let address: IpAddr = address.parse().unwrap();
                let allowed = reach(hosts, networks).allows_address(&url.host().unwrap(), address);
                assert_eq!(allowed, expected, "{hosts:?} {networks:?} {url} {address}");
            };
        check(&["example.org"], &[], "http://example.org/", "8.8.8.8", true);
        check(&["example.org"], &[], "http://example.org/", "10.0.0.1", false);
        check(&["example.org"], &["10.0.0.0/8"], "http://example.org/", "10.0.0.1", true);
        check(&["example.org"], &["10.0.0.0/8"], "http://example.org/", "127.0.0.1", false);
        check(&["example.org"], &["127.0.0.0/8"], "http://example.org/", "::ffff:127.0.0.1", false);
        check(&["10.0.0.1"], &[], "http://10.0.0.1/", "10.0.0.1", true);
        check(&["10.0.0.1"], &[], "http://10.0.0.2/", "10.0.0.2", false);
    }
}
