//! The queue `spruce-events`, from the webhook to the worker.

use std::sync::Arc;
use std::time::Duration;

use azure_core::prelude::Metadata;
use azure_storage_queues::{PopReceipt, QueueClient, QueueServiceClientBuilder};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use time::OffsetDateTime;

use super::account::Account;
use super::direct::Direct;
use super::error::{Cause, StorageError};
use super::transport::{client_options, http_client};
use crate::domain::job::{InvalidJob, Job};

/// The queue's name; `consent-worker/function.json` and the deployment name it too.
pub const QUEUE: &str = "spruce-events";

/// Where the host puts a job that failed too often: its own naming.
pub const POISON_QUEUE: &str = "spruce-events-poison";

/// How long a job stays if nobody takes it: the service drops jobs after seven days unless told otherwise, and the SDK
/// cannot say "never".
const TIME_TO_LIVE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// The longest delay that the service takes.
const MAX_DELAY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The queue's metadata in which the next round through the worklist is announced, in microseconds since 1970.
const SWEEP_DUE: &str = "sweepdue";

/// The most entries that the service gives at once.
const AT_ONCE: u8 = 32;

/// How long an entry that was taken is out of sight.
const TAKEN_FOR: Duration = Duration::from_secs(30);

/// Both queues of one account.
#[derive(Clone, Debug)]
pub struct Queue {
    direct: Arc<Direct>,
    jobs: QueueClient,
    poison: QueueClient,
}

impl Queue {
    /// Prepares the clients. Makes no call.
    ///
    /// # Errors
    /// If no TLS or no credential can be set up on this machine.
    pub fn new(account: &Account) -> Result<Self, StorageError> {
        const PREPARE: &str = "prepare the queue client";
        let client = http_client().map_err(|_| StorageError { operation: PREPARE, cause: Cause::Other })?;
        let prepare = |error| StorageError::new(PREPARE, &error);
        let direct = Direct::new(account, QUEUE, TIME_TO_LIVE).map_err(prepare)?;
        let credentials = account.credentials().map_err(prepare)?;
        let service = QueueServiceClientBuilder::with_location(account.queue_location(), credentials)
            .client_options(client_options(client))
            .build();
        let direct = Arc::new(direct);
        Ok(Self { direct, jobs: service.queue_client(QUEUE), poison: service.queue_client(POISON_QUEUE) })
    }

    /// Puts a job on the queue. When this returns, the job is safe.
    pub async fn send(&self, job: &Job) -> Result<(), StorageError> {
        self.direct.put(&job.encode()).await
    }

    /// Puts a job on the queue for later.
    pub async fn send_later(&self, job: &Job, delay: Duration) -> Result<(), StorageError> {
        put(&self.jobs, job, delay.min(MAX_DELAY)).await
    }

    /// Puts a job where people look at what could not be done.
    pub async fn send_to_poison(&self, job: &Job) -> Result<(), StorageError> {
        put(&self.poison, job, Duration::ZERO).await
    }

    /// The first entries of the poison queue, at most 32, and how many it holds.
    pub async fn peek_poison(&self) -> Result<(Vec<PoisonEntry>, usize), StorageError> {
        const LOOK: &str = "look into the poison queue";
        let peeked = self.poison.peek_messages().number_of_messages(AT_ONCE).await;
        let peeked = peeked.map_err(|error| StorageError::new(LOOK, &error))?.messages;
        let counted = self.poison.get_metadata().await.map_err(|error| StorageError::new(LOOK, &error))?;
        let entries = peeked.iter().map(|peeked| PoisonEntry {
            id: peeked.message_id.clone(),
            inserted_at: at(peeked.insertion_time),
            expires_at: at(peeked.expiration_time),
            job: read(&peeked.message_text),
            receipt: None,
        });
        Ok((entries.collect(), counted.approximate_messages_count))
    }

    /// Takes up to 32 entries out of the poison queue's sight for half a minute.
    pub async fn take_poison(&self) -> Result<Vec<PoisonEntry>, StorageError> {
        let taken = self.poison.get_messages().number_of_messages(AT_ONCE).visibility_timeout(TAKEN_FOR).await;
        let taken = taken.map_err(|error| StorageError::new("take from the poison queue", &error))?.messages;
        let entries = taken.iter().map(|taken| PoisonEntry {
            id: taken.message_id.clone(),
            inserted_at: at(taken.insertion_time),
            expires_at: at(taken.expiration_time),
            job: read(&taken.message_text),
            receipt: Some(taken.pop_receipt()),
        });
        Ok(entries.collect())
    }

    /// Deletes an entry that was taken. One that is gone already is as good.
    pub async fn delete_poison(&self, entry: &PoisonEntry) -> Result<(), StorageError> {
        let Some(receipt) = &entry.receipt else { return Ok(()) };
        let deleted = self.poison.pop_receipt_client(receipt.clone()).delete().await;
        match deleted.map_err(|error| StorageError::new("delete from the poison queue", &error)) {
            Err(error) if error.status() != Some(404) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// When the next round through the worklist is due, by the queue's metadata; `None` if none is on its way.
    pub async fn sweep_due(&self) -> Result<Option<Timestamp>, StorageError> {
        let answer = self.jobs.get_metadata().await;
        let metadata = answer.map_err(|error| StorageError::new("read the queue's metadata", &error))?.metadata;
        let value = metadata.get(SWEEP_DUE).and_then(|value| String::from_utf8(value.to_vec()).ok());
        Ok(value.and_then(|text| text.parse().ok()).and_then(|micros| Timestamp::from_microsecond(micros).ok()))
    }

    /// Announces the next round through the worklist.
    pub async fn announce_sweep(&self, due: Timestamp) -> Result<(), StorageError> {
        let mut metadata = Metadata::new();
        metadata.insert(SWEEP_DUE, due.as_microsecond().to_string());
        self.set_metadata(metadata).await
    }

    /// Says that no round is on its way.
    pub async fn clear_sweep_due(&self) -> Result<(), StorageError> {
        self.set_metadata(Metadata::new()).await
    }

    async fn set_metadata(&self, metadata: Metadata) -> Result<(), StorageError> {
        let set = self.jobs.set_metadata(metadata).await;
        set.map(drop).map_err(|error| StorageError::new("write the queue's metadata", &error))
    }

    /// Whether jobs can be put, counted and deleted; how many there are. What is put is out of sight until it is deleted a
    /// moment later, and if nobody comes to do that, it expires as soon as it would come into sight.
    pub async fn check(&self) -> Result<usize, StorageError> {
        const OUT_OF_SIGHT: Duration = Duration::from_secs(60);
        // The service wants the one to be longer than the other.
        const LIFETIME: Duration = Duration::from_secs(61);
        let put = self.jobs.put_message("a check").visibility_timeout(OUT_OF_SIGHT).ttl(LIFETIME).await;
        let put = put.map_err(|error| StorageError::new("put on the queue", &error))?.queue_message;
        let deleted = self.jobs.pop_receipt_client(PopReceipt::new(put.message_id, put.pop_receipt)).delete().await;
        deleted.map_err(|error| StorageError::new("delete from the queue", &error))?;
        let counted = self.jobs.get_metadata().await;
        Ok(counted.map_err(|error| StorageError::new("read the queue", &error))?.approximate_messages_count)
    }

    /// Creates both queues where they are missing.
    pub async fn create(&self) -> Result<(), StorageError> {
        for queue in [&self.jobs, &self.poison] {
            let created = queue.create().await.map_err(|error| StorageError::new("create a queue", &error));
            match created {
                Ok(_) => {}
                // There already, with other metadata.
                Err(error) if error.status() == Some(409) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// An entry of the poison queue.
#[derive(Clone, Debug)]
pub struct PoisonEntry {
    /// The queue's id of it.
    pub id: String,
    /// Since when it is there.
    pub inserted_at: Timestamp,
    /// When the service deletes it.
    pub expires_at: Timestamp,
    /// The job, if it is one of ours.
    pub job: Result<Job, InvalidJob>,
    receipt: Option<PopReceipt>,
}

impl PoisonEntry {
    /// Whether the worker itself has put it there, after a week without what it needed from Spruce's API: the host's
    /// entries live for the service's seven days, the worker's for years.
    pub fn is_of_the_worker(&self) -> bool {
        const HOST_TIME_TO_LIVE: SignedDuration = SignedDuration::from_hours(7 * 24);
        self.expires_at.duration_since(self.inserted_at) > HOST_TIME_TO_LIVE
    }
}

fn read(text: &str) -> Result<Job, InvalidJob> {
    let json = BASE64_STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Job::decode(&json.ok_or(InvalidJob::Malformed)?)
}

fn at(time: OffsetDateTime) -> Timestamp {
    Timestamp::from_second(time.unix_timestamp()).unwrap_or_default()
}

async fn put(queue: &QueueClient, job: &Job, delay: Duration) -> Result<(), StorageError> {
    // base64 is what the host expects by default (`messageEncoding` in host.json).
    let put = queue.put_message(BASE64_STANDARD.encode(job.encode())).ttl(TIME_TO_LIVE);
    let put = if delay.is_zero() { put } else { put.visibility_timeout(delay) };
    put.await.map(drop).map_err(|error| StorageError::new("put a job on the queue", &error))
}
