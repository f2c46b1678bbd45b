//! Answers that Spruce gave a moment ago: asked for once, however many jobs want them at the same time.
//!
//! A patient who writes three texts in a row makes three jobs, and the organisation's rate limit is shared with its other
//! programs. What is kept is short-lived and bounded; "not found" and failures are not kept at all.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

use super::Failure;

/// How long an answer is good. Longer than a burst of texts, shorter than the time in which staff save a contact and
/// expect to see it.
const LIFETIME: Duration = Duration::from_secs(30);

/// How many answers are kept at most.
const CAPACITY: usize = 1_000;

#[derive(Debug)]
pub(super) struct Cache<T> {
    slots: Mutex<HashMap<String, Arc<Slot<T>>>>,
}

#[derive(Debug)]
struct Slot<T> {
    since: Instant,
    answer: OnceCell<T>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { slots: Mutex::default() }
    }
}

impl<T: Clone> Cache<T> {
    /// The answer for `key`: a recent one, or that of `ask`. Of several who ask at once, one does; if it fails, or finds
    /// nothing, the next one tries.
    pub(super) async fn get(
        &self,
        key: &str,
        ask: impl Future<Output = Result<Option<T>, Failure>>,
    ) -> Result<Option<T>, Failure> {
        let slot = self.slot(key, Instant::now());
        let found = slot.answer.get_or_try_init(async || ask.await.map_err(Some)?.ok_or(None)).await;
        match found {
            Ok(answer) => Ok(Some(answer.clone())),
            Err(None) => Ok(None),
            Err(Some(failure)) => Err(failure),
        }
    }

    fn slot(&self, key: &str, now: Instant) -> Arc<Slot<T>> {
        // A panic elsewhere leaves a map that is as good as before.
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let is_good = |slot: &Slot<T>| now.duration_since(slot.since) < LIFETIME;
        if let Some(slot) = slots.get(key).filter(|slot| is_good(slot)) {
            return Arc::clone(slot);
        }
        if slots.len() >= CAPACITY {
            slots.retain(|_, slot| is_good(slot));
        }
        if slots.len() >= CAPACITY {
            slots.clear();
        }
        let slot = Arc::new(Slot { since: now, answer: OnceCell::new() });
        slots.insert(key.to_owned(), Arc::clone(&slot));
        slot
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn many_ask_and_one_is_sent() {
        let (cache, sent) = (Cache::default(), AtomicUsize::new(0));
        let ask = || async {
            sent.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(Some(7))
        };
        let (one, two, three) = tokio::join!(cache.get("a", ask()), cache.get("a", ask()), cache.get("b", ask()));
        assert_eq!((one, two, three), (Ok(Some(7)), Ok(Some(7)), Ok(Some(7))));
        assert_eq!(cache.get("a", ask()).await, Ok(Some(7)));
        assert_eq!(sent.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn failures_and_nothing_are_asked_for_again() {
        let cache = Cache::default();
        assert_eq!(cache.get("a", async { Err(Failure::TimedOut) }).await, Err(Failure::TimedOut));
        assert_eq!(cache.get("a", async { Ok(None) }).await, Ok(None));
        assert_eq!(cache.get("a", async { Ok(Some(1)) }).await, Ok(Some(1)));
        assert_eq!(cache.get("a", async { Ok(Some(2)) }).await, Ok(Some(1)));
    }

    #[test]
    fn it_neither_grows_nor_grows_old() {
        let (cache, start) = (Cache::<u8>::default(), Instant::now());
        let kept = cache.slot("a", start);
        assert!(Arc::ptr_eq(&kept, &cache.slot("a", start + LIFETIME / 2)));
        assert!(!Arc::ptr_eq(&kept, &cache.slot("a", start + LIFETIME)));
        for n in 0..3 * CAPACITY {
            cache.slot(&n.to_string(), start);
        }
        assert!(cache.slots.lock().unwrap().len() <= CAPACITY);
    }
}
