//! Where a request comes from; a proxy's word counts only where the settings say so.

use std::net::IpAddr;

use actix_web::http::header::HeaderMap;

/// The client's address: the nearest one on the way that is no trusted proxy.
#[must_use]
pub fn client(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = peer?;
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
        match hop.parse::<IpAddr>() {
            Ok(address) if trusted.contains(&address) => {}
            Ok(address) => return Some(address),
            Err(_) => break,
        }
    }
    Some(peer)
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
    }
}
