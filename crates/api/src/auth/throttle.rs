//! How often one may try to sign in: per account, so that no password is guessed, and per address, so that no list of
//! accounts is tried.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use crate::http::address::network;

/// Counts attempts in this process.
pub struct Throttle {
    accounts: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    limits: bool,
}

/// Wait this many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften(pub u64);

/// Beyond this many keys those at rest are forgotten, so that strangers cannot fill the memory.
const TIDY_ABOVE: usize = 10_000;

impl Throttle {
    /// Ten attempts at once per account, then one each 30 seconds; a hundred per address, then one a second. Without
    /// `limits` as many as one likes.
    #[must_use]
    pub fn new(limits: bool) -> Self {
        let quota = |burst: u32, every: Duration| {
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            Quota::with_period(every)
                .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
                .allow_burst(burst)
        };
        Self {
            accounts: RateLimiter::keyed(quota(10, Duration::from_secs(30))),
            addresses: RateLimiter::keyed(quota(100, Duration::from_secs(1))),
            clock: DefaultClock::default(),
            limits,
        }
    }

    /// Counts an attempt at an account from an address.
    pub fn attempt(
        &self,
        firm: &str,
        email: &str,
        address: Option<IpAddr>,
    ) -> Result<(), TooOften> {
        if !self.limits {
            return Ok(());
        }
        self.tidy();
        let now = self.clock.now();
        let wait = |until: &governor::NotUntil<_>| {
            TooOften(until.wait_time_from(now).as_secs().saturating_add(1))
        };
        if let Some(address) = address {
            self.addresses
                .check_key(&network(address))
                .map_err(|until| wait(&until))?;
        }
        let account = format!("{}\n{}", firm.to_lowercase(), email.to_lowercase());
        self.accounts
            .check_key(&account)
            .map_err(|until| wait(&until))
    }

    fn tidy(&self) {
        if self.accounts.len() > TIDY_ABOVE {
            self.accounts.retain_recent();
        }
        if self.addresses.len() > TIDY_ABOVE {
            self.addresses.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_attempt_at_an_account_has_to_wait() {
        let throttle = Throttle::new(true);
        for _ in 0..10 {
            throttle.attempt("acme", "Ada@acme.example", None).unwrap();
        }
        let TooOften(seconds) = throttle
            .attempt("acme", "ada@ACME.example", None)
            .unwrap_err();
        assert!((1..=30).contains(&seconds), "{seconds}");
        assert!(throttle.attempt("acme", "bob@acme.example", None).is_ok());
    }

    #[test]
    fn an_address_cannot_try_account_after_account() {
        let throttle = Throttle::new(true);
        let from = |last: u16| format!("2001:db8::{last:x}").parse().ok();
        for attempt in 0..100 {
            let email = format!("{attempt}@acme.example");
            throttle.attempt("acme", &email, from(attempt)).unwrap();
        }
        assert!(throttle.attempt("acme", "x@acme.example", from(7)).is_err());
        let elsewhere = "2001:db8:1::1".parse().ok();
        assert!(
            throttle
                .attempt("acme", "x@acme.example", elsewhere)
                .is_ok()
        );
    }
}
