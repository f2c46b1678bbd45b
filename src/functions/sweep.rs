//! Takes up what staff have decided in the worklist, about a minute after they typed it.
//!
//! Storage Explorer tells nobody when a row is edited, so while reviews are open one job comes round every minute
//! and looks. When it is due next stands in the queue's metadata: who opens a review sees there whether a round is on
//! its way, and a round that is not the one announced there knows that another has taken its place.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use super::settle::settle;
use crate::domain::history::{Entry, Origin, StaffDecision, What};
use crate::domain::job::{Job, SweepJob};
use crate::domain::worklist::{self, Typed};
use crate::storage::{Appended, Queue, ReviewRow, StorageError, Tables};

/// How often the worklist is looked at while reviews are open.
pub const INTERVAL: Duration = Duration::from_secs(60);

/// How late a round may be before it is taken for lost: the host tries a job five times, 30 s apart.
const GRACE: Duration = Duration::from_secs(180);

/// How many decisions one round takes up, so that it ends well within the worker's deadline; the rest wait a minute.
const MAX_PER_ROUND: usize = 150;

/// How many conversations a round remembers for the next one, within what a job may hold.
const MAX_REMEMBERED: usize = 300;

/// What a look at the worklist came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Decisions of staff that were taken up.
    pub taken: usize,
    /// Rows in which something is wrong with what staff typed.
    pub problems: usize,
    /// Rows that wait for staff.
    pub open: usize,
    /// How long the oldest of them has waited, in whole hours.
    pub oldest_review_hours: u64,
}

/// Makes sure that a round is on its way. Called whenever a conversation is left with open reviews: whoever opened them
/// may have died before it came to this.
pub async fn ensure(queue: &Queue, now: Timestamp) -> Result<(), StorageError> {
    match queue.sweep_due().await? {
        Some(due) if now <= later(due, GRACE) => Ok(()),
        lost @ (Some(_) | None) => send_next(queue, now, lost, Vec::new()).await,
    }
}

/// One round: takes up what staff decided, and comes again if rows are left.
pub async fn round(tables: &Tables, queue: &Queue, job: &SweepJob, now: Timestamp) -> Result<Swept, StorageError> {
    match queue.sweep_due().await? {
        Some(due) if due == job.due => {}
        // This round died after it had announced the next one, and comes again: the next one was never sent.
        Some(due) if now > later(due, GRACE) => {}
        Some(_) | None => return Ok(Swept::default()),
    }
    let (swept, mut open) = apply(tables, MAX_PER_ROUND, now).await?;
    // A row that staff have deleted by hand: the review is open all the same, and comes back.
    for conversation_id in &job.seen {
        if !open.contains(conversation_id) && !settle(tables, conversation_id, now).await?.reviews.is_empty() {
            open.insert(conversation_id.clone());
        }
    }
    if open.is_empty() {
        queue.clear_sweep_due().await?;
        // Who opened a review until now may have seen this round still announced.
        open = tables.reviews().await?.into_iter().map(|row| row.conversation_id).collect();
    }
    if !open.is_empty() {
        send_next(queue, now, Some(job.due), open.into_iter().take(MAX_REMEMBERED).collect()).await?;
    }
    Ok(swept)
}

/// Takes up the decisions that stand in the worklist, at most `limit` of them, and answers what cannot be one. Gives the
/// conversations that still have open rows, too.
pub async fn apply(tables: &Tables, limit: usize, now: Timestamp) -> Result<(Swept, BTreeSet<String>), StorageError> {
    let mut swept = Swept::default();
    for row in tables.reviews().await? {
        match worklist::typed(&row.decision) {
            Typed::Nothing => tables.answer_review(&row, "").await?,
            Typed::Unknown => {
                swept.problems += 1;
                tables.answer_review(&row, worklist::PROBLEM).await?;
            }
            Typed::Decision(_) if swept.taken == limit => break,
            Typed::Decision(decision) => {
                take_up(tables, &row, decision, now).await?;
                swept.taken += 1;
            }
        }
    }
    let left = tables.reviews().await?;
    swept.open = left.len();
    let oldest = left.iter().map(|row| row.received_at).min();
    let waited = oldest.map_or(SignedDuration::ZERO, |oldest| now.duration_since(oldest));
    swept.oldest_review_hours = u64::try_from(waited.as_hours()).unwrap_or(0);
    Ok((swept, left.into_iter().map(|row| row.conversation_id).collect()))
}

/// The history first, then what follows from it, then the row: whatever breaks off in between is done again, and the
/// same decision finds its entry there. The row goes under its `ETag`: what is typed at this moment is not lost.
async fn take_up(
    tables: &Tables,
    row: &ReviewRow,
    decision: StaffDecision,
    now: Timestamp,
) -> Result<(), StorageError> {
    let entry = Entry {
        conversation_id: row.conversation_id.clone(),
        item_id: row.item_id.clone(),
        created_at: row.changed_at,
        modified_at: None,
        recorded_at: now,
        origin: Origin::default(),
        what: What::Review { decision, reviewed_by: worklist::reviewer(&row.reviewed_by), note: row.note.clone() },
    };
    let appended = tables.append(&entry).await?;
    settle(tables, &row.conversation_id, now).await?;
    let is_removed = tables.remove_review(row).await?;
    settle(tables, &row.conversation_id, now).await?;
    let (item_id, conversation_id, decision) = (&*row.item_id, &*row.conversation_id, decision.as_str());
    if !is_removed {
        warn!(
            outcome = "review_changed",
            item_id, conversation_id, "a review was changed while it was taken up: it is looked at again"
        );
    } else if appended == Appended::New {
        info!(outcome = "review_taken_up", decision, item_id, conversation_id, "a decision of staff is recorded");
    }
    Ok(())
}

/// Announces the next round and sends it. If it cannot be sent, the announcement is what it was, `before`, so that the
/// next attempt finds things as this one did.
async fn send_next(
    queue: &Queue,
    now: Timestamp,
    before: Option<Timestamp>,
    seen: Vec<String>,
) -> Result<(), StorageError> {
    // As precise as the metadata are, which must announce the same time.
    let due = Timestamp::from_microsecond(later(now, INTERVAL).as_microsecond()).unwrap_or(now);
    queue.announce_sweep(due).await?;
    // Of several who announce at once, the last one sends.
    if queue.sweep_due().await? != Some(due) {
        return Ok(());
    }
    let sent = queue.send_later(&Job::Sweep(SweepJob { due, seen }), INTERVAL).await;
    if sent.is_err() {
        // If this fails too, the round counts as lost after a while.
        let _ = match before {
            Some(before) => queue.announce_sweep(before).await,
            None => queue.clear_sweep_due().await,
        };
    }
    sent
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}
