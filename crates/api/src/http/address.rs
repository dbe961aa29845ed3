//! Where a request comes from; a proxy's word counts only where the settings say so.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::HeaderMap;

/// The client's address: the nearest one on the way that is no trusted proxy.
#[must_use]
pub fn client(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    // Each proxy adds on the right; what stands further left may be the client's own invention.
    for hop in forwarded.iter().rev() {
        match hop_address(hop) {
            Some(address) if trusted.contains(&address) => {}
            Some(address) => return Some(address),
            None => break,
        }
    }
    Some(peer)
}

/// The address of a hop; some proxies write its port behind it, or an IPv6 address in brackets.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(hop)
        .parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse().ok().map(|socket: SocketAddr| socket.ip()))
        .map(|address| address.to_canonical())
}

/// One customer of an IPv6 network has 2⁶⁴ addresses; they count as one.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let prefix = six.to_bits() & (u128::MAX << 64);
            IpAddr::V6(prefix.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let req = TestRequest::default()
            .insert_header(("X-Forwarded-For", "1.1.1.1, 2.2.2.2, 10.0.0.2"))
            .to_http_request();
        let proxies = [address("10.0.0.1"), address("10.0.0.2")];
        let from = |peer, trusted| client(Some(address(peer)), req.headers(), trusted);
        assert_eq!(from("10.0.0.1", &proxies), Some(address("2.2.2.2")));
        assert_eq!(from("10.0.0.1", &[]), Some(address("10.0.0.1")));
        assert_eq!(from("9.9.9.9", &proxies), Some(address("9.9.9.9")));
        let mapped = from("::ffff:10.0.0.1", &proxies);
        assert_eq!(
            mapped,
            Some(address("2.2.2.2")),
            "the same proxy over an IPv6 socket"
        );
    }

    #[test]
    fn a_hop_may_have_a_port_and_one_that_is_no_address_ends_the_search() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxy = address("10.0.0.1");
        for (written, expected) in [
            ("1.1.1.1:4711", "1.1.1.1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("1.1.1.1, unknown", "10.0.0.1"),
            ("", "10.0.0.1"),
        ] {
            let req = TestRequest::default()
                .insert_header(("X-Forwarded-For", written))
                .to_http_request();
            let found = client(Some(proxy), req.headers(), &[proxy]);
            assert_eq!(found, Some(address(expected)), "{written}");
        }
    }
}
