//! How often one may ask: each user, and for those who have not signed in each address. The headers are those of
//! draft-ietf-httpapi-ratelimit-headers-11.

use std::{
    cell::Cell,
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    rc::Rc,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
};

use actix_web::{
    HttpMessage as _,
    dev::ServiceRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};
use domain::ids::{FirmId, UserId};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

use super::{address::network, problem::Problem};

/// The header that tells what is left.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The header that tells what is allowed.
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Seconds over which requests are counted.
const WINDOW: u32 = 60;
/// After so many requests it is looked whether there is something to forget.
const LOOK_EVERY: u32 = 1024;
/// Beyond so many callers those at rest are forgotten.
const TIDY_ABOVE: usize = 10_000;
/// Beyond so many callers that are not at rest, all strangers count as one.
const FULL_ABOVE: usize = 100_000;

/// Whether requests of this path are counted: what asks whether the server lives is never turned away.
#[must_use]
pub fn is_counted(path: &str) -> bool {
    !path.starts_with("/health/")
}

/// Where somebody stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    policy: &'static str,
    quota: u32,
    left: u32,
    /// Seconds until they may try again, when they were turned away.
    wait: Option<u64>,
}

impl Standing {
    /// Turns away whoever asked too often.
    pub fn require(&self) -> Result<(), Problem> {
        self.wait
            .map_or(Ok(()), |seconds| Err(Problem::too_many_requests(seconds)))
    }

    /// Tells it in an answer.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let Self {
            policy,
            quota,
            left,
            wait,
        } = self;
        // As long as it takes to earn what is left once more, so that who spreads it over this time can go on for ever.
        let paced = (u64::from((*left).max(1)) * u64::from(WINDOW)).div_ceil(u64::from(*quota));
        let window = wait.unwrap_or(paced);
        let values = [
            (RATE_LIMIT, format!("\"{policy}\";r={left};t={window}")),
            (
                RATE_LIMIT_POLICY,
                format!("\"{policy}\";q={quota};w={WINDOW}"),
            ),
        ];
        for (name, text) in values {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(name, value);
            }
        }
    }
}

/// Where a request leaves the standing of its caller, for whoever completes the answer.
#[derive(Debug, Clone, Default)]
pub struct Told(Rc<Cell<Option<Standing>>>);

impl Told {
    /// A place that goes along with the request.
    #[must_use]
    pub fn with(req: &ServiceRequest) -> Self {
        let told = Self::default();
        req.extensions_mut().insert(told.clone());
        told
    }

    /// What was left there.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        self.0.get()
    }
}

/// Counts the requests of everybody in this process.
pub struct Rates<C: Clock = DefaultClock> {
    users: Counter<(FirmId, UserId), C>,
    addresses: Counter<Option<IpAddr>, C>,
    on: bool,
}

impl Rates {
    /// So many requests a minute for each user, and for each address of strangers; as many as one likes when not `on`.
    #[must_use]
    pub fn new(on: bool, user: NonZeroU32, address: NonZeroU32) -> Self {
        Self::with_clock(on, user, address, &DefaultClock::default())
    }
}

impl<C: Clock + Clone> Rates<C> {
    fn with_clock(on: bool, user: NonZeroU32, address: NonZeroU32, clock: &C) -> Self {
        Self {
            users: Counter::new("user", user, clock),
            addresses: Counter::new("address", address, clock),
            on,
        }
    }

    /// Counts a request of a user, leaves their standing with it, and refuses it when there were too many.
    pub fn count_user(
        &self,
        req: &ServiceRequest,
        firm: FirmId,
        user: UserId,
    ) -> Result<(), Problem> {
        self.count(req, || self.users.count(&(firm, user)))
    }

    /// The same for a request of somebody who has not signed in.
    pub fn count_address(
        &self,
        req: &ServiceRequest,
        address: Option<IpAddr>,
    ) -> Result<(), Problem> {
        self.count(req, || self.addresses.count(&self.stranger(address)))
    }

    fn count(
        &self,
        req: &ServiceRequest,
        standing: impl FnOnce() -> Standing,
    ) -> Result<(), Problem> {
        if !self.on || !is_counted(req.path()) {
            return Ok(());
        }
        let standing = standing();
        if let Some(told) = req.extensions().get::<Told>() {
            told.0.set(Some(standing));
        }
        standing.require()
    }

    /// How a stranger is told from others, as long as there is room to tell them apart.
    fn stranger(&self, address: Option<IpAddr>) -> Option<IpAddr> {
        address
            .map(network)
            .filter(|_| !self.addresses.full.load(Ordering::Relaxed))
    }
}

/// The counts under one policy.
struct Counter<K: Hash + Eq + Clone, C: Clock> {
    policy: &'static str,
    quota: NonZeroU32,
    limiter: RateLimiter<K, DefaultKeyedStateStore<K>, C, StateInformationMiddleware>,
    clock: C,
    counted: AtomicU32,
    full: AtomicBool,
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Counter<K, C> {
    fn new(policy: &'static str, quota: NonZeroU32, clock: &C) -> Self {
        let allowed = Quota::per_minute(quota);
        let store = DefaultKeyedStateStore::default();
        Self {
            policy,
            quota,
            limiter: RateLimiter::new(allowed, store, clock.clone()),
            clock: clock.clone(),
            counted: AtomicU32::new(0),
            full: AtomicBool::new(false),
        }
    }

    fn count(&self, key: &K) -> Standing {
        // Now and then, so that what it costs is shared by many.
        if self
            .counted
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(LOOK_EVERY)
        {
            self.tidy();
        }
        let (left, wait) = match self.limiter.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(self.clock.now());
                // Rounded up: a second too early would be turned away again.
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                (0, Some(seconds.max(1)))
            }
        };
        Standing {
            policy: self.policy,
            quota: self.quota.get(),
            left,
            wait,
        }
    }

    fn tidy(&self) {
        if self.limiter.len() > TIDY_ABOVE {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let full = self.limiter.len() > FULL_ABOVE;
        self.full.store(full, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn counter(quota: u32, clock: &FakeRelativeClock) -> Counter<u32, FakeRelativeClock> {
        Counter::new("user", NonZeroU32::new(quota).unwrap(), clock)
    }

    fn told(standing: Standing) -> [String; 2] {
        let mut headers = HeaderMap::new();
        standing.tell(&mut headers);
        [RATE_LIMIT, RATE_LIMIT_POLICY]
            .map(|name| headers.get(name).unwrap().to_str().unwrap().to_owned())
    }

    #[test]
    fn what_is_left_is_told_with_the_time_to_earn_it_again() {
        let clock = FakeRelativeClock::default();
        let counter = counter(6, &clock);
        let policy = "\"user\";q=6;w=60".to_owned();
        assert_eq!(
            told(counter.count(&1)),
            ["\"user\";r=5;t=50".to_owned(), policy.clone()]
        );
        for _ in 0..5 {
            counter.count(&1).require().unwrap();
        }
        clock.advance(Duration::from_millis(2500));
        let refused = counter.count(&1);
        assert!(refused.require().is_err());
        assert_eq!(told(refused), ["\"user\";r=0;t=8".to_owned(), policy]);
        assert!(
            counter.count(&2).require().is_ok(),
            "others are not held up"
        );
        clock.advance(Duration::from_secs(8));
        assert!(
            counter.count(&1).require().is_ok(),
            "who waits as told is let in"
        );
    }

    #[test]
    fn callers_at_rest_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let counter = counter(60, &clock);
        let some = u32::try_from(TIDY_ABOVE).unwrap() + LOOK_EVERY;
        for key in 0..some {
            counter.count(&key);
        }
        assert!(counter.limiter.len() > TIDY_ABOVE);
        clock.advance(Duration::from_secs(2));
        for _ in 0..=LOOK_EVERY {
            counter.count(&0);
        }
        assert!(counter.limiter.len() <= 2, "{}", counter.limiter.len());
    }

    #[test]
    fn a_crowd_of_strangers_does_not_fill_the_memory() {
        let clock = FakeRelativeClock::default();
        let quota = NonZeroU32::new(60).unwrap();
        let rates = Rates::with_clock(true, quota, quota, &clock);
        let most = u32::try_from(FULL_ABOVE).unwrap() + 4 * LOOK_EVERY;
        for number in 0..most {
            let address = IpAddr::V4(number.into());
            let key = rates.stranger(Some(address));
            rates.addresses.count(&key);
        }
        let known = rates.addresses.limiter.len();
        assert!(known <= FULL_ABOVE + 2 * LOOK_EVERY as usize, "{known}");
        assert!(
            rates
                .users
                .count(&(FirmId(uuid::Uuid::nil()), UserId(uuid::Uuid::nil())))
                .require()
                .is_ok()
        );
    }
}
