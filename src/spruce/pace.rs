//! The organisation's rate limit, heeded by all jobs together.
//!
//! Spruce counts calls per organisation (`s-ratelimit-limit`, `s-ratelimit-remaining`, over 60 seconds) and answers 429
//! beyond that. Once it has said so, no job of this process calls again until the time is over: they go back to the queue
//! instead of making it worse.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How long to hold off after a 429 that does not say.
const DEFAULT_PAUSE: Duration = Duration::from_secs(10);

/// The longest that one answer can hold us off: the limit's own window.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The shortest that a 429 holds us off, whatever it says.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// How long to hold off when the last call of the window has been used, by us or by the clinic's other programs, or the
/// last that is not left to others.
const PAUSE_AT_ZERO: Duration = Duration::from_secs(5);

/// What part of the limit a long read leaves to the worker and to the clinic's other programs: a fifth.
const RESERVE: u64 = 5;

/// Until when nobody calls.
#[derive(Debug, Default)]
pub(super) struct Pace {
    held_until: Mutex<Option<Instant>>,
    leaves_some: bool,
}

impl Pace {
    /// A pace that slows down before the limit is used up, instead of when it is.
    pub(super) fn leaving_some() -> Self {
        Self { leaves_some: true, ..Self::default() }
    }

    /// How long to hold off still; `None` if a call may be made.
    pub(super) fn held_for(&self, now: Instant) -> Option<Duration> {
        let held_until = *self.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        held_until.and_then(|until| until.checked_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// Takes note of an answer.
    pub(super) fn heed(&self, status: StatusCode, headers: &HeaderMap, now: Instant) {
        let number = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
        let reserve = number("s-ratelimit-limit").filter(|_| self.leaves_some).map_or(0, |limit| limit / RESERVE);
        let pause = if status == StatusCode::TOO_MANY_REQUESTS {
            number(RETRY_AFTER.as_str()).map_or(DEFAULT_PAUSE, Duration::from_secs)
        } else if number("s-ratelimit-remaining").is_some_and(|left| left <= reserve) {
            PAUSE_AT_ZERO
        } else {
            return;
        };
        let until = now + pause.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        let mut held_until = self.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        *held_until = Some(held_until.map_or(until, |before| before.max(until)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn what_holds_us_off_and_for_how_long() {
        let now = Instant::now();
        for (status, pairs, seconds) in [
            (200, &[][..], None),
            (200, &[("s-ratelimit-remaining", "7")], None),
            (200, &[("s-ratelimit-remaining", "0")], Some(5)),
            (500, &[("retry-after", "9")], None),
            (429, &[], Some(10)),
            (429, &[("retry-after", "0")], Some(1)),
            (429, &[("retry-after", "3")], Some(3)),
            (429, &[("retry-after", "86400")], Some(60)),
            (429, &[("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")], Some(10)),
        ] {
            let pace = Pace::default();
            pace.heed(StatusCode::from_u16(status).unwrap(), &headers(pairs), now);
            assert_eq!(pace.held_for(now), seconds.map(Duration::from_secs), "{status} {pairs:?}");
            assert_eq!(pace.held_for(now + LONGEST_PAUSE), None);
        }
    }

    #[test]
    fn a_long_read_leaves_some_to_others() {
        let now = Instant::now();
        for (left, is_held) in [("21", false), ("20", true), ("0", true)] {
            let answer = headers(&[("s-ratelimit-limit", "100"), ("s-ratelimit-remaining", left)]);
            let pace = Pace::leaving_some();
            pace.heed(StatusCode::OK, &answer, now);
            assert_eq!(pace.held_for(now), is_held.then_some(PAUSE_AT_ZERO), "{left}");
        }
    }

    #[test]
    fn a_shorter_pause_does_not_cut_a_longer_one() {
        let (pace, now) = (Pace::default(), Instant::now());
        pace.heed(StatusCode::TOO_MANY_REQUESTS, &headers(&[("retry-after", "30")]), now);
        pace.heed(StatusCode::OK, &headers(&[("s-ratelimit-remaining", "0")]), now);
        assert_eq!(pace.held_for(now), Some(Duration::from_secs(30)));
    }
}
