//! A storm: thousands of events in any order and more than once, while everything fails that can. Then every event that
//! was answered 2xx is in the tables, exactly once in effect, and the tables are the oracle's.
//!
//! From a seed follow the script of the conversations, the order of the deliveries, and which fault comes after which.
//! When each strikes depends on the machine: a seed repeats a storm's kind, not its every moment.

mod clinic;
mod expected;
mod fault;
mod journal;
mod script;
mod summary;
mod tables;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum as _;
use futures_util::StreamExt as _;
use futures_util::future::try_join_all;
use local::tables::{queue_length, queue_metadata};
use serde_json::Value;

use self::clinic::Clinic;
use self::fault::Place;
use self::journal::Journal;
use self::script::{Dice, Story};
use self::tables::Comparison;

pub(crate) use self::fault::Kind;
pub(crate) use self::summary::Summary;

const QUEUE: &str = "spruce-events";
const POISON_QUEUE: &str = "spruce-events-poison";

/// How many conversations' events are on their way together. Within them any order goes; Spruce's own order is never
/// out by more than its 20 minutes of sending again, and a change whose item is later than that is not kept.
const CONVERSATIONS_AT_ONCE: usize = 80;

/// How often an event is delivered, one as often as the other.
const DELIVERIES: [usize; 12] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3];

/// How many events Spruce has on their way at once: as many as the host works on. With more, Azurite on a busy machine
/// answers so late that the webhook's 4 s are over, all is sent again, and it has still more to do.
const SENDERS: usize = 24;

/// How many jobs may wait before Spruce sends more: else the faults would be over before most of the work is done.
const MOST_WAITING: usize = 400;

/// How often Spruce sends an event before it gives up.
const ATTEMPTS: u32 = 11;

/// How long it waits in between; in the world two minutes. Ten times this is longer than Azurite is ever away.
const RESEND_AFTER: Duration = Duration::from_secs(5);

/// How much longer than a fault it is calm before the next one of the same place: something has to be done meanwhile.
const CALM_PER_FAULT: u32 = 3;

/// The longest calm beyond that, in milliseconds.
const LONGEST_CALM_MS: usize = 4_000;

/// How long the storm may take to settle once everything is delivered: what has to be looked up again comes after
/// 10, 20, 40 … real seconds.
const PATIENCE: Duration = Duration::from_secs(40 * 60);

/// How long one job may be left before what differs counts: it is most likely the next round through the worklist, and
/// may be one that was put back.
const LAST_JOB: Duration = Duration::from_secs(170);

/// The pause between two looks at the queue.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// The most that the webhook and the worker may take in all, in milliseconds: their deadlines of 4 s and 60 s, and what
/// a machine that stands still for seconds needs to notice that they have passed. Without a deadline, an answer takes
/// 30 s while storage is silent.
const LONGEST_ANSWER_MS: u64 = 15_000;
const LONGEST_JOB_MS: u64 = 90_000;

/// How many differing conversations are told in full.
const TOLD: usize = 5;

/// What a storm is made of.
#[derive(Clone, Debug)]
pub(crate) struct Storm {
    /// About how many events flow.
    pub(crate) events: usize,
    pub(crate) seed: u64,
    /// What goes wrong; nothing else does.
    pub(crate) kinds: Vec<Kind>,
}

impl Storm {
    /// Lets it happen. `tell` gets a line of progress now and then.
    ///
    /// # Errors
    /// If what stands in for the cloud fails where it should not.
    pub(crate) async fn rage(&self, tell: fn(&str)) -> Result<Summary, String> {
        let journal = Journal::default();
        let clinic = Clinic::start(journal.sink(), tell).await?;
        let mut dice = Dice::new(self.seed);
        let stories = self.stories(&clinic, &mut dice);
        let deliveries = deliveries(&stories, &mut dice);

        let started = Instant::now();
        let sky = Sky::default();
        let send = async {
            deliver(&clinic, &sky, &deliveries).await;
            sky.is_clear.store(true, Ordering::Relaxed);
            Ok(())
        };
        let weather = Place::ALL.map(|place| self.weather(place, dice.draw(), &clinic, &sky));
        let watch = async {
            watch(&clinic, &sky, deliveries.len(), tell).await;
            Ok(())
        };
        tokio::try_join!(send, try_join_all(weather), watch)?;
        let delivered_after = started.elapsed();
        tell("all is delivered, and the sky is clear");
        let (comparison, requeued) = settle(&clinic, &stories).await?;
        let settled_after = started.elapsed();

        let book = journal.book().clone();
        let mut problems = self.problems(&clinic, &sky, &book);
        problems.extend(told(&stories, &comparison.differences));
        let summary = Summary {
            storm: self.clone(),
            conversations: stories.len(),
            events: stories.iter().map(|story| story.events.len()).sum(),
            deliveries: deliveries.len(),
            taken: sky.taken.load(Ordering::Relaxed),
            resent: sky.resent.load(Ordering::Relaxed),
            stats: clinic.host.stats(),
            book,
            requeued,
            struck: sky.struck().clone(),
            rows: comparison.rows,
            delivered_after,
            settled_after,
            problems,
        };
        clinic.host.stop().await;
        Ok(summary)
    }

    /// All of it has happened before the first event comes in: lists show items as they end up.
    fn stories(&self, clinic: &Clinic, dice: &mut Dice) -> Vec<Story> {
        let (mut stories, mut events) = (Vec::new(), 0);
        while events < self.events {
            let story = script::play(&clinic.spruce, stories.len(), dice);
            events += story.events.len();
            stories.push(story);
        }
        stories
    }

    /// Lets the faults of one place strike in turn, each as often as the others, until the sky is clear.
    async fn weather(&self, place: Place, seed: u64, clinic: &Clinic, sky: &Sky) -> Result<(), String> {
        let mut kinds: Vec<Kind> = self.kinds.iter().copied().filter(|kind| kind.place() == place).collect();
        let mut dice = Dice::new(seed);
        if kinds.is_empty() {
            return Ok(());
        }
        loop {
            dice.shuffle(&mut kinds);
            for kind in &kinds {
                if sky.is_clear.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let began = Instant::now();
                let met = kind.strike(clinic, &mut dice).await?;
                sky.note(*kind, met);
                let calm = began.elapsed() * CALM_PER_FAULT + Duration::from_millis(dice.below(LONGEST_CALM_MS) as u64);
                let until = Instant::now() + calm;
                while Instant::now() < until && !sky.is_clear.load(Ordering::Relaxed) {
                    tokio::time::sleep(LOOK_AGAIN_AFTER).await;
                }
            }
        }
    }

    /// What should not be, apart from the tables.
    fn problems(&self, clinic: &Clinic, sky: &Sky, book: &journal::Book) -> Vec<String> {
        let given_up = sky.given_up.load(Ordering::Relaxed);
        let mut problems = book.unexplained(&self.kinds);
        problems.extend((given_up > 0).then(|| format!("Spruce gave {given_up} deliveries up")));
        problems.extend(clinic.spruce.unexpected().iter().map(|call| format!("Spruce's API has no {call}")));
        for (what, took_ms, limit_ms) in [
            ("an answer of the webhook", book.longest_answer_ms, LONGEST_ANSWER_MS),
            ("a job", book.longest_job_ms, LONGEST_JOB_MS),
        ] {
            problems.extend((took_ms > limit_ms).then(|| format!("{what} took {took_ms} ms, more than {limit_ms}")));
        }
        problems
    }
}

/// The command that repeats it.
impl fmt::Display for Storm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, seed, kinds } = self;
        let names = || kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(",");
        let faults = if kinds == Kind::value_variants() { "mixed".to_owned() } else { names() };
        write!(f, "cargo storm --events {events} --seed {seed} --faults {faults}")
    }
}

/// What is going on.
#[derive(Default)]
struct Sky {
    /// All is delivered: no new fault strikes.
    is_clear: AtomicBool,
    /// Deliveries that were answered 2xx.
    taken: AtomicUsize,
    resent: AtomicUsize,
    given_up: AtomicUsize,
    /// How many jobs wait, in sight or not.
    waiting: AtomicUsize,
    struck: Mutex<BTreeMap<Kind, (usize, usize)>>,
}

impl Sky {
    fn note(&self, kind: Kind, met: usize) {
        let mut struck = self.struck();
        let (strikes, all_met) = struck.entry(kind).or_default();
        *strikes += 1;
        *all_met += met;
    }

    fn struck(&self) -> MutexGuard<'_, BTreeMap<Kind, (usize, usize)>> {
        self.struck.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every event, some of them more than once, in an order of their own.
fn deliveries<'a>(stories: &'a [Story], dice: &mut Dice) -> Vec<&'a Value> {
    let mut all = Vec::new();
    for together in stories.chunks(CONVERSATIONS_AT_ONCE) {
        let mut deliveries = Vec::new();
        for event in together.iter().flat_map(|story| &story.events) {
            deliveries.extend(vec![event; dice.pick(&DELIVERIES)]);
        }
        dice.shuffle(&mut deliveries);
        all.extend(deliveries);
    }
    all
}

/// Sends everything, as Spruce does: each until it is taken.
async fn deliver(clinic: &Clinic, sky: &Sky, deliveries: &[&Value]) {
    let sending = futures_util::stream::iter(deliveries).for_each_concurrent(SENDERS, |event| async move {
        while sky.waiting.load(Ordering::Relaxed) > MOST_WAITING {
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
        for _ in 0..ATTEMPTS {
            if clinic.sender.send(event).await.is_ok_and(|answer| (200..300).contains(&answer.status)) {
                sky.taken.fetch_add(1, Ordering::Relaxed);
                return;
            }
            sky.resent.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(RESEND_AFTER).await;
        }
        sky.given_up.fetch_add(1, Ordering::Relaxed);
    });
    sending.await;
}

/// Looks at the queue, and says what is going on, until the sky is clear.
async fn watch(clinic: &Clinic, sky: &Sky, deliveries: usize, tell: fn(&str)) {
    let started = Instant::now();
    let mut told = started;
    while !sky.is_clear.load(Ordering::Relaxed) {
        // While Azurite is away, what was seen last is as good as anything.
        if let Ok(waiting) = queue_length(&clinic.account, QUEUE).await {
            sky.waiting.store(waiting, Ordering::Relaxed);
        }
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            let [taken, resent, waiting] =
                [&sky.taken, &sky.resent, &sky.waiting].map(|count| count.load(Ordering::Relaxed));
            let (strikes, stats) =
                (sky.struck().values().map(|(strikes, _)| strikes).sum::<usize>(), clinic.host.stats());
            tell(&format!(
                "{:>5} s  {taken} of {deliveries} taken, {resent} sent again, {} jobs done, {} failed, \
                 {waiting} in the queue, {strikes} faults",
                started.elapsed().as_secs(),
                stats.successes,
                stats.failures,
            ));
        }
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
}

/// Waits until nothing is left to do, and gives what lies in the poison queue to the worker again. Gives what the tables
/// are like then, and how many jobs had been poison.
///
/// One job may stay on the queue: while reviews are open, it comes round every minute to see what staff have typed. It
/// cannot be told from one that was put back, so what still differs then gets the time in which either comes round.
async fn settle(clinic: &Clinic, stories: &[Story]) -> Result<(Comparison, usize), String> {
    let started = Instant::now();
    let (mut requeued, mut quiet_since) = (0, None);
    while started.elapsed() < PATIENCE {
        clinic.host.wait_settled(PATIENCE).await.map_err(|error| error.to_string())?;
        let poison = length(clinic, POISON_QUEUE).await?;
        if poison > 0 {
            requeued += poison;
            clinic.requeue_poison()?;
            continue;
        }
        let left = length(clinic, QUEUE).await?;
        let sweep = queue_metadata(&clinic.account, QUEUE, "sweepdue").await.map_err(|error| error.to_string())?;
        if left == 0 || (left == 1 && sweep.is_some()) {
            let comparison = tables::compare(&clinic.account, stories).await.map_err(|error| error.to_string())?;
            let quiet_since = *quiet_since.get_or_insert_with(Instant::now);
            if left == 0 || comparison.differences.is_empty() || quiet_since.elapsed() > LAST_JOB {
                return Ok((comparison, requeued));
            }
        } else {
            quiet_since = None;
        }
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
    Err(format!("jobs are left after {} s", PATIENCE.as_secs()))
}

async fn length(clinic: &Clinic, queue: &str) -> Result<usize, String> {
    queue_length(&clinic.account, queue).await.map_err(|error| error.to_string())
}

/// What differs, the first conversations with their whole story.
fn told(stories: &[Story], differences: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    if differences.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("{} conversations differ from the oracle's", differences.len())];
    for story in stories.iter().filter(|story| differences.contains_key(story.id())).take(TOLD) {
        lines.push(format!("{}\n  {}", story.told.join("\n"), differences[story.id()].join("\n  ")));
    }
    lines
}
