//! `setup`: creates queues and tables. In Azure the deployment does that, and the app needs no right to.

use super::Failure;
use crate::config;
use crate::storage::{HISTORY_TABLE, POISON_QUEUE, QUEUE, Queue, REVIEW_TABLE, STATUS_TABLE, Tables};

pub(super) const EXAMPLE: &str = "\
Needs only the storage settings. What exists already is left as it is.

Example:
  AzureWebJobsStorage=UseDevelopmentStorage=true spruce-consent setup";

pub(super) async fn run(setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let (account, zone) = config::read_storage(setting)?;
    Queue::new(&account)?.create().await?;
    Tables::new(&account, zone)?.create().await?;
    eprintln!(
        "There are now the queues {QUEUE} and {POISON_QUEUE}, and the tables {STATUS_TABLE}, {HISTORY_TABLE} and {REVIEW_TABLE}."
    );
    Ok(())
}
