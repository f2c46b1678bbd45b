//! `poison`: what the worker could not do after all its attempts, and what to do with it.

use clap::Subcommand;
use serde_json::json;

use super::{Failure, local_time_of, terminal};
use crate::config;
use crate::domain::job::Job;
use crate::storage::{POISON_QUEUE, PoisonEntry, Queue};

pub(super) const EXAMPLE: &str = "\
Needs only the storage settings. What the Functions host has put there is gone after seven days.

Examples:
  spruce-consent poison list
  spruce-consent poison requeue --all
  spruce-consent poison drop --id 6e0a4f0e-4d0d-4a53-93d0-6b2f2e1f8f10 --yes";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the first 32 entries and how many there are
    List {
        /// As JSON, for another program
        #[arg(long)]
        json: bool,
    },
    /// Give entries to the worker again, once the cause is mended
    Requeue(Choice),
    /// Delete entries for good: the replies in them are not recorded
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
    let (account, _) = config::read_storage(setting)?;
    let queue = Queue::new(&account)?;
    match command {
        Command::List { json } => list(&queue, *json).await,
        Command::Requeue(choice) => requeue(&queue, choice).await,
        Command::Drop { choice, yes } => drop_entries(&queue, choice, *yes).await,
    }
}

async fn list(queue: &Queue, as_json: bool) -> Result<(), Failure> {
    let (entries, total) = queue.peek_poison().await?;
    if as_json {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| json!({ "id": entry.id, "insertedAt": entry.inserted_at, "what": what(entry) }))
            .collect();
        return terminal::print(&serde_json::Value::from(rows).to_string());
    }
    if !entries.is_empty() {
        let rows = entries.iter().map(|entry| [local_time_of(entry.inserted_at), entry.id.clone(), what(entry)]);
        terminal::print(&terminal::table(["since (UTC)", "id", "what"], rows))?;
    }
    match total {
        0 => eprintln!("{POISON_QUEUE} is empty."),
        total => eprintln!("{total} in {POISON_QUEUE}. Why they failed is in the log: look for their item ids."),
    }
    Ok(())
}

/// What an entry is about, without a patient's words.
fn what(entry: &PoisonEntry) -> String {
    match &entry.job {
        Ok(Job::Item(job)) => {
            format!("{} of item {} in conversation {}", job.change.event_type(), job.item_id, job.conversation_id)
        }
        Ok(Job::Sweep(_)) => "a round through the worklist".to_owned(),
        Err(invalid) => format!("not a job of this program ({})", invalid.as_str()),
    }
}

/// Each entry is on the queue before it leaves the poison queue: broken off in between, it is there twice, which is as
/// good as once.
async fn requeue(queue: &Queue, choice: &Choice) -> Result<(), Failure> {
    let progress = terminal::progress("Requeuing", None);
    let (mut requeued, mut left) = (0, 0);
    for entry in taken(queue, choice).await? {
        match &entry.job {
            Ok(job) => {
                queue.send(job).await?;
                queue.delete_poison(&entry).await?;
                requeued += 1;
                progress.inc(1);
            }
            Err(_) => left += 1,
        }
    }
    drop(progress);
    eprintln!("Requeued: {requeued}.");
    if left > 0 {
        eprintln!("Left, because they are no jobs of this program: {left}. `poison drop` deletes them.");
    }
    found(choice, requeued + left)
}

async fn drop_entries(queue: &Queue, choice: &Choice, yes: bool) -> Result<(), Failure> {
    let which = choice.id.as_deref().map_or("every entry".to_owned(), |id| format!("entry {id}"));
    terminal::confirm(&format!("This deletes {which} of {POISON_QUEUE}. The replies in it are not recorded."), yes)?;
    let progress = terminal::progress("Dropping", None);
    let mut dropped = 0;
    for entry in taken(queue, choice).await? {
        queue.delete_poison(&entry).await?;
        dropped += 1;
        progress.inc(1);
    }
    drop(progress);
    eprintln!("Dropped: {dropped}.");
    found(choice, dropped)
}

/// The chosen entries, each taken once. The others come back into sight within half a minute.
async fn taken(queue: &Queue, choice: &Choice) -> Result<Vec<PoisonEntry>, Failure> {
    let mut chosen = Vec::new();
    loop {
        let entries = queue.take_poison().await?;
        if entries.is_empty() {
            return Ok(chosen);
        }
        chosen.extend(entries.into_iter().filter(|entry| choice.takes(entry)));
        if choice.id.is_some() && !chosen.is_empty() {
            return Ok(chosen);
        }
    }
}

fn found(choice: &Choice, count: usize) -> Result<(), Failure> {
    match &choice.id {
        Some(id) if count == 0 => Err(Failure::Failed(format!("{POISON_QUEUE} has no entry {id} in sight"))),
        _ => Ok(()),
    }
}
