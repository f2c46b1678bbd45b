//! Everything at once: many conversations, their events in any order and up to three times, the handler killed while
//! they flow, Spruce's API failing a tenth of the time. In the end the tables are what an oracle makes of the script.
//!
//! The size is small by default, and set by the environment for more:
//!
//! | variable | default | meaning |
//! | --- | --- | --- |
//! | `STORM_CONVERSATIONS` | 40 | how many conversations, with about 5 events each after the first |
//! | `STORM_KILLS` | 2 | how often the handler is killed |
//! | `STORM_SEED` | 1 | what the script and the order of the deliveries follow from |
//!
//! `STORM_CONVERSATIONS=500 STORM_KILLS=5 cargo test -p spruce-consent --test it storm -- --nocapture`

mod expected;
mod script;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use local::host::{Host, HostOptions};
use local::spruce::{Fault, Sender, Spruce};
use local::tables::{self, Row};
use serde_json::Value;

use self::script::{Dice, Story};
use crate::world::{self, EXECUTABLE, ROOT, SECRET, World, cell};

/// How long the storm may take to settle once everything is delivered. What has to be looked up again comes after
/// 10, 20, 40 … real seconds, and with a tenth of the calls failing, some comes five times.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// How many events Spruce has on their way at once: more than the host works on (16 and 8).
const SENDERS: usize = 32;

/// How long Spruce waits before it sends again what was not taken; in the world two minutes. Longer than the handler
/// needs to come back.
const RESEND_AFTER: Duration = Duration::from_millis(500);

/// The share of Spruce's answers that are none.
const SHARE_OF_FAULTS: f64 = 0.1;

/// The ways in which they fail, one after the other.
const FAULTS: [Fault; 5] = [Fault::Status(500), Fault::Nothing, Fault::Status(429), Fault::Garbage, Fault::HalfBody];

const QUEUE: &str = "spruce-events";

/// How long the last job may take to come back: it may have been put back four times.
const LAST_JOB: Duration = Duration::from_secs(170);

/// The pause between two looks at the queue.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// The pause between two looks at how many jobs are done.
const LOOK_AT_THE_JOBS_AFTER: Duration = Duration::from_millis(20);

/// `functionTimeout` in `host.json`, which the host of the tests would shrink with its other waits.
const FUNCTION_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// How many differing conversations are told in full.
const TOLD: usize = 5;

struct Size {
    conversations: usize,
    kills: usize,
    seed: u64,
}

impl Size {
    fn from_environment() -> Self {
        fn read<T: std::str::FromStr>(name: &str, default: T) -> T {
            let Ok(text) = std::env::var(name) else { return default };
            text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}"))
        }
        Self {
            conversations: read("STORM_CONVERSATIONS", 40),
            kills: read("STORM_KILLS", 2),
            seed: read("STORM_SEED", 1),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tables_are_what_happened_whatever_came_in_between() {
    let size = Size::from_environment();
    let started = Instant::now();
    let world = world().await;
    let mut dice = Dice::new(size.seed);
    // All of it has happened before the first event comes in: lists show items as they end up.
    let stories: Vec<Story> =
        (0..size.conversations).map(|number| script::play(&world.spruce, number, &mut dice)).collect();
    let events: Vec<&Value> = stories.iter().flat_map(|story| &story.events).collect();
    let mut deliveries: Vec<&Value> = Vec::new();
    for event in &events {
        deliveries.extend(vec![event; 1 + dice.below(3)]);
    }
    dice.shuffle(&mut deliveries);

    let done = async {
        deliver(&world, &deliveries).await;
        settle(&world, &stories).await.unwrap_or_else(|problem| panic!("seed {}: {problem}", size.seed))
    };
    let jobs = deliveries.iter().filter(|event| script::becomes_a_job(event)).count();
    let weather = weather(&world, &size, jobs);
    let (differences, kills) = tokio::join!(done, weather);

    let stats = world.host.stats();
    println!(
        "storm: seed {}, {} conversations, {} events, {} deliveries; settled after {:.0} s; {kills} kills, {} \
         restarts, {} invocations ({} failed), {} put-backs",
        size.seed,
        stories.len(),
        events.len(),
        deliveries.len(),
        started.elapsed().as_secs_f64(),
        stats.restarts,
        stats.invocations,
        stats.failures,
        world.output().matches("put_back\"").count(),
    );
    for (story, lines) in stories.iter().filter_map(|story| Some((story, differences.get(story.id())?))).take(TOLD) {
        println!("\n{}\n  {}", story.told.join("\n"), lines.join("\n  "));
    }
    assert!(differences.is_empty(), "seed {}: {} conversations differ", size.seed, differences.len());
    assert_eq!(kills, size.kills);
    assert_eq!(tables::queue_length(&world.account, "spruce-events-poison").await.unwrap(), 0);
    assert_eq!(world.spruce.unexpected(), Vec::<String>::new());
    world.host.stop().await;
}

/// A clinic as in the other tests, but with a host that is as patient as in Azure: Azurite has much to do.
async fn world() -> World {
    let (account, spruce) = (world::account(), Spruce::start().await.unwrap());
    let mut options = HostOptions::new(ROOT, EXECUTABLE);
    options.settings = world::base_settings(&account.connection_string(), &spruce);
    options.time_scale = 0.03;
    options.function_timeout = Some(FUNCTION_TIMEOUT);
    let host = Host::start(options).await.unwrap_or_else(|error| panic!("the host does not start: {error}"));
    let sender = Sender::new(&format!("{}/api/spruce-webhook", host.url()), SECRET);
    World { account, spruce, host, sender }
}

/// Sends everything, as Spruce does: until it is taken.
async fn deliver(world: &World, deliveries: &[&Value]) {
    let sending = futures_util::stream::iter(deliveries).for_each_concurrent(SENDERS, |event| async move {
        let answer = world.sender.deliver(event, RESEND_AFTER).await;
        let answer = answer.unwrap_or_else(|last| panic!("Spruce gives up: {last:?}"));
        assert_eq!(answer.status, 200, "{}", answer.body);
    });
    sending.await;
}

/// Lets Spruce's API fail in one way after the other, and kills the handler, at even distances while the jobs are done.
/// Gives the number of kills.
async fn weather(world: &World, size: &Size, jobs: usize) -> usize {
    let (mut faults, mut kills) = (0, 0);
    while faults < FAULTS.len() || kills < size.kills {
        let done = usize::try_from(world.host.stats().successes).unwrap();
        if faults < FAULTS.len() && done >= jobs * faults / FAULTS.len() {
            world.spruce.set_fault(Fault::Share(SHARE_OF_FAULTS, Box::new(FAULTS[faults].clone()), size.seed));
            faults += 1;
        }
        if kills < size.kills && done >= jobs * (kills + 1) / (size.kills + 1) {
            world.host.kill_handler().await;
            kills += 1;
        }
        tokio::time::sleep(LOOK_AT_THE_JOBS_AFTER).await;
    }
    kills
}

/// Waits until nothing is left to do, and gives what differs from the oracle's tables then.
///
/// One job may stay on the queue: while reviews are open, it comes round every minute to see what staff have typed. It
/// cannot be told from one that was put back, so what still differs then gets the time in which either comes round.
async fn settle(world: &World, stories: &[Story]) -> Result<Differences, String> {
    let started = Instant::now();
    let mut quiet_since = None;
    while started.elapsed() < PATIENCE {
        world.host.wait_settled(PATIENCE).await.map_err(|error| error.to_string())?;
        match tables::queue_length(&world.account, QUEUE).await.map_err(|error| error.to_string())? {
            0 => return Ok(differences(world, stories).await),
            1 => {
                let differences = differences(world, stories).await;
                let quiet_since = *quiet_since.get_or_insert_with(Instant::now);
                if differences.is_empty() || quiet_since.elapsed() > LAST_JOB {
                    return Ok(differences);
                }
            }
            _ => quiet_since = None,
        }
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
    Err(format!("jobs are left after {} s", PATIENCE.as_secs()))
}

/// What differs from the oracle's tables, a line each, by conversation.
type Differences = BTreeMap<String, Vec<String>>;

/// What differs from the oracle's tables now.
async fn differences(world: &World, stories: &[Story]) -> Differences {
    let by_conversation = |rows: Vec<Row>| {
        let mut by_conversation: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in rows {
            by_conversation.entry(cell(&row, "ConversationId")).or_default().push(row);
        }
        by_conversation
    };
    let mut statuses = by_conversation(world.rows("ConsentStatus").await);
    let mut histories = by_conversation(world.rows("ConsentHistory").await);
    let mut reviews = by_conversation(world.rows("ConsentReview").await);
    let mut differences = BTreeMap::new();
    for story in stories {
        let expected = expected::tables(story);
        let take = |rows: &mut BTreeMap<String, Vec<Row>>| rows.remove(story.id()).unwrap_or_default();
        let (status, history, review) = (take(&mut statuses), take(&mut histories), take(&mut reviews));
        let mut lines = compare("ConsentStatus", &expected.status, expected::compared(status));
        lines.extend(compare("ConsentReview", &expected.review, expected::compared(review)));
        lines.extend(expected.wrong_patients(&history));
        lines.extend(compare("ConsentHistory", &expected.history, expected::compared_history(history, story)));
        if !lines.is_empty() {
            differences.insert(story.id().to_owned(), lines);
        }
    }
    for (id, rows) in [statuses, histories, reviews].into_iter().flatten() {
        differences.insert(id, vec![format!("{} rows about a conversation that is not in the script", rows.len())]);
    }
    differences
}

/// Rows that are there and should not be, and the other way round; of a row that differs, the columns that do.
fn compare(table: &str, expected: &[Row], mut stored: Vec<Row>) -> Vec<String> {
    let key = |row: &Row| ["RowKey", "ItemId", "Kind", "ModifiedAt"].map(|column| cell(row, column));
    let mut lines = Vec::new();
    for wanted in expected {
        let Some(place) = stored
            .iter()
            .position(|row| row == wanted)
            .or_else(|| stored.iter().position(|row| key(row) == key(wanted)))
        else {
            lines.push(format!("{table}: missing {wanted:?}"));
            continue;
        };
        let row = stored.swap_remove(place);
        let columns: BTreeSet<&String> = row.keys().chain(wanted.keys()).collect();
        for column in columns.into_iter().filter(|column| row.get(*column) != wanted.get(*column)) {
            lines.push(format!(
                "{table} {:?}: {column} is {:?} and should be {:?}",
                key(&row),
                row.get(column),
                wanted.get(column)
            ));
        }
    }
    lines.extend(stored.iter().map(|row| format!("{table}: not expected {row:?}")));
    lines
}
