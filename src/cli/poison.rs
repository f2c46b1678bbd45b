//! `poison`: what the worker could not do after all its attempts, and what to do with it.

use std::collections::HashSet;

use clap::Subcommand;
use serde_json::{Value, json};

use super::{Failure, local_time_of, terminal};
use crate::config;
use crate::domain::intake;
use crate::domain::job::{InvalidJob, ItemJob, Job};
use crate::storage::{POISON_QUEUE, PoisonEntry, Queue, StorageError, Tables};

pub(super) const EXAMPLE: &str = "\
Needs only the storage settings. What the Functions host has put there is gone after seven days.

Examples:
  spruce-consent poison list
  spruce-consent poison requeue --all
  spruce-consent poison drop --id 6e0a4f0e-4d0d-4a53-93d0-6b2f2e1f8f10 --yes";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the first 32 entries, why they are there, and how many there are
    List {
        /// As JSON, for another program
        #[arg(long)]
        json: bool,
    },
    /// Give entries to the worker again, once the cause is mended
    Requeue(Choice),
    /// Delete entries for good: what is not recorded of them yet never is
    Drop {
        #[command(flatten)]
        choice: Choice,
        /// Do not ask: it is meant
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct Choice {
    /// The entry with this id
    #[arg(long)]
    id: Option<String>,
    /// Every entry
    #[arg(long)]
    all: bool,
}

impl Choice {
    fn takes(&self, entry: &PoisonEntry) -> bool {
        self.all || self.id.as_deref() == Some(entry.id.as_str())
    }
}

pub(super) async fn run(command: &Command, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let (account, zone) = config::read_storage(setting)?;
    let queue = Queue::new(&account)?;
    let tables = Tables::new(&account, zone)?;
    match command {
        Command::List { json } => list(&queue, &tables, *json).await,
        Command::Requeue(choice) => requeue(&queue, choice).await,
        Command::Drop { choice, yes } => drop_entries(&queue, &tables, choice, *yes).await,
    }
}

async fn list(queue: &Queue, tables: &Tables, as_json: bool) -> Result<(), Failure> {
    let (entries, total) = queue.peek_poison().await?;
    if as_json {
        let mut rows = Vec::new();
        for entry in &entries {
            rows.push(as_json_object(entry, is_recorded(tables, entry).await.ok()));
        }
        return terminal::print(&Value::from(rows).to_string());
    }
    for entry in &entries {
        terminal::print(&described(entry, is_recorded(tables, entry).await))?;
    }
    match total {
        0 => eprintln!("{POISON_QUEUE} is empty."),
        total if total > entries.len() => eprintln!("{total} in {POISON_QUEUE}, of which these are the first."),
        total => eprintln!("{total} in {POISON_QUEUE}."),
    }
    Ok(())
}

/// Whether nothing of an entry would be lost with it. What is no job of ours has nothing to lose that we know of.
async fn is_recorded(tables: &Tables, entry: &PoisonEntry) -> Result<bool, StorageError> {
    match &entry.job {
        Ok(Job::Item(job)) => Ok(intake::is_recorded(job, &tables.history(&job.conversation_id).await?)),
        Ok(Job::Sweep(_)) => Ok(true),
        Err(_) => Ok(false),
    }
}

fn described(entry: &PoisonEntry, is_recorded: Result<bool, StorageError>) -> String {
    let recorded = match (&entry.job, is_recorded) {
        (Ok(Job::Item(_)), Ok(true)) => "yes; requeuing it completes what was looked up and decided".to_owned(),
        (Ok(Job::Item(_)), Ok(false)) => "no: it stands in no table".to_owned(),
        (Ok(Job::Item(_)), Err(error)) => format!("not known: {error}"),
        (Ok(Job::Sweep(_)) | Err(_), _) => String::new(),
    };
    let since = local_time_of(entry.inserted_at);
    let fields = terminal::fields(
        [
            ("what", what(entry)),
            ("why", why(entry)),
            ("recorded", recorded),
            ("since", format!("{since}; gone after {}", local_time_of(entry.expires_at))),
        ],
        terminal::width(),
    );
    format!("{}\n{}", entry.id, terminal::indented(&fields))
}

fn as_json_object(entry: &PoisonEntry, is_recorded: Option<bool>) -> Value {
    let item = match &entry.job {
        Ok(Job::Item(job)) => Some(job),
        Ok(Job::Sweep(_)) | Err(_) => None,
    };
    json!({
        "id": entry.id, "insertedAt": entry.inserted_at, "expiresAt": entry.expires_at,
        "what": what(entry), "why": why(entry), "recorded": item.and(is_recorded),
        "conversationId": item.map(|job| &job.conversation_id), "itemId": item.map(|job| &job.item_id),
        "receivedAt": item.map(|job| job.received_at),
    })
}

/// What an entry is about, without a patient's words.
fn what(entry: &PoisonEntry) -> String {
    match &entry.job {
        Ok(Job::Item(job)) => {
            format!("{} of item {} in conversation {}", job.change.event_type(), job.item_id, job.conversation_id)
        }
        Ok(Job::Sweep(_)) => "a round through the worklist".to_owned(),
        Err(InvalidJob::Malformed) => "not a job of this program".to_owned(),
        Err(InvalidJob::UnknownVersion) => "a job of a later version of this program".to_owned(),
    }
}

/// Why an entry is there, as far as it tells itself, and what to do.
fn why(entry: &PoisonEntry) -> String {
    const STORAGE_OR_FAULT: &str = "The worker failed five times: storage could not be read or written, or the \
                                    program has a fault. The log has the cause at each item id; mend it, then requeue.";
    match &entry.job {
        Err(InvalidJob::Malformed) => "The worker cannot read it. Drop it, once you know who put it there.".to_owned(),
        Err(InvalidJob::UnknownVersion) => {
            "The worker cannot read it. Deploy the later version, then requeue.".to_owned()
        }
        Ok(_) if entry.is_of_the_worker() => {
            "For a week Spruce's API did not answer, refused, or did not list the item. \
                                              Check SPRUCE_API_TOKEN and SPRUCE_API_BASE_URL, then requeue."
                .to_owned()
        }
        Ok(Job::Item(job)) => match job.waiting {
            Some(waiting) => {
                let since = local_time_of(waiting.since);
                format!("{STORAGE_OR_FAULT} Before that it had waited for Spruce's API, since {since}.")
            }
            None => STORAGE_OR_FAULT.to_owned(),
        },
        Ok(Job::Sweep(_)) => STORAGE_OR_FAULT.to_owned(),
    }
}

/// Each entry is on the queue before it leaves the poison queue: broken off in between, it is there twice, which is as
/// good as once.
async fn requeue(queue: &Queue, choice: &Choice) -> Result<(), Failure> {
    let mut left = 0;
    let requeued = for_each(queue, choice, "Requeuing", async |entry| {
        let Ok(job) = &entry.job else {
            left += 1;
            return Ok(false);
        };
        queue.send(&anew(job)).await?;
        queue.delete_poison(entry).await?;
        Ok(true)
    })
    .await?;
    eprintln!("Requeued: {requeued}.");
    if left > 0 {
        eprintln!("Left, because this version cannot read them: {left}. `poison drop` deletes them.");
    }
    found(queue, choice, requeued, left).await
}

/// With a week of its own to wait for Spruce's API.
fn anew(job: &Job) -> Job {
    match job {
        Job::Item(job) => Job::Item(Box::new(ItemJob { waiting: None, ..(**job).clone() })),
        Job::Sweep(job) => Job::Sweep(job.clone()),
    }
}

async fn drop_entries(queue: &Queue, tables: &Tables, choice: &Choice, yes: bool) -> Result<(), Failure> {
    let (entries, total) = queue.peek_poison().await?;
    let mut plan = Vec::new();
    for entry in entries.iter().filter(|entry| choice.takes(entry)) {
        plan.push(described(entry, is_recorded(tables, entry).await));
    }
    let which = match &choice.id {
        Some(id) => format!("entry {id}"),
        None => format!("every entry ({total}; the first {} are above)", entries.len()),
    };
    plan.push(format!("This deletes {which} of {POISON_QUEUE}. What is not recorded of it never is."));
    terminal::confirm(&plan.join("\n"), yes)?;
    let dropped = for_each(queue, choice, "Dropping", async |entry| {
        queue.delete_poison(entry).await?;
        Ok(true)
    })
    .await?;
    eprintln!("Dropped: {dropped}.");
    found(queue, choice, dropped, 0).await
}

/// Does something with each chosen entry, once, as they come into sight, and counts for how many it was done. An entry
/// that was taken and left comes back into sight within half a minute.
async fn for_each(
    queue: &Queue,
    choice: &Choice,
    doing: &'static str,
    mut work: impl AsyncFnMut(&PoisonEntry) -> Result<bool, StorageError>,
) -> Result<u32, Failure> {
    let progress = terminal::progress(doing, None);
    let mut seen = HashSet::new();
    let mut done = 0;
    loop {
        let entries: Vec<PoisonEntry> =
            queue.take_poison().await?.into_iter().filter(|entry| seen.insert(entry.id.clone())).collect();
        if entries.is_empty() {
            return Ok(done);
        }
        for entry in entries.iter().filter(|entry| choice.takes(entry)) {
            done += u32::from(work(entry).await?);
            progress.inc(1);
            if choice.id.is_some() {
                return Ok(done);
            }
        }
    }
}

/// Whether the chosen entries were found: somebody may have taken them a moment ago.
async fn found(queue: &Queue, choice: &Choice, done: u32, left: usize) -> Result<(), Failure> {
    const AGAIN: &str = "what somebody has just taken comes back into sight within half a minute";
    match &choice.id {
        Some(id) if done == 0 && left == 0 => {
            Err(Failure::Failed(format!("{POISON_QUEUE} has no entry {id} in sight; {AGAIN}")))
        }
        Some(_) => Ok(()),
        None => {
            let (_, total) = queue.peek_poison().await?;
            if total > left {
                eprintln!("Still there: {}; {AGAIN}: do it again then.", total - left);
            }
            Ok(())
        }
    }
}
