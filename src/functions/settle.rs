//! Brings a conversation's status and worklist to what its history says, whoever else is doing the same.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::consent::{Folded, fold};
use crate::storage::{Cause, StorageError, Tables, Written};

/// How often a conversation is folded again because others write to it at the same time, before the job goes back.
const MAX_FOLDS: u32 = 12;

/// How long one waits for others before the first repeated fold; each further one waits that much longer.
const FOLD_PAUSE: Duration = Duration::from_millis(15);

/// Folds the conversation's history, writes what comes of it, and gives that.
///
/// The status is read before the history: a worker that has seen less than another cannot overwrite its status. And the
/// history is read again at the end: what was appended while the worklist was written is folded in.
///
/// # Errors
/// If storage fails, or the conversation does not come to rest. Nothing is lost: the history has it all.
pub async fn settle(tables: &Tables, conversation_id: &str, now: Timestamp) -> Result<Folded, StorageError> {
    for round in 0..MAX_FOLDS {
        tokio::time::sleep(FOLD_PAUSE * round).await;
        let version = tables.status_version(conversation_id).await?;
        let history = tables.history(conversation_id).await?;
        let folded = fold(&history);
        if let Some(status) = &folded.status {
            let open = folded.reviews.len();
            match tables.write_status(conversation_id, status, open, &version, now).await? {
                Written::Unchanged | Written::Changed => {}
                Written::Conflict => continue,
            }
        }
        let times = || history.iter().map(|entry| entry.created_at);
        if let (Some(first), Some(last)) = (times().min(), times().max()) {
            match tables.write_reviews(conversation_id, &folded, first..=last).await? {
                Written::Unchanged | Written::Changed => {}
                // Staff are typing, or somebody else was faster.
                Written::Conflict => continue,
            }
        }
        if fold(&tables.history(conversation_id).await?) == folded {
            return Ok(folded);
        }
    }
    Err(StorageError { operation: "bring ConsentStatus up to date", cause: Cause::Contended })
}
