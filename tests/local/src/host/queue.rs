//! The listener of a function with a queue trigger: fetches entries, has them worked on, and deletes them, makes them
//! visible again later, or moves them to the poison queue.
//!
//! The rules were read in Azure/azure-sdk-for-net (`QueueListener`, `QueueProcessor`, `QueueListenerFactory`).

use std::{convert::Infallible, future, sync::Arc, time::Duration};

use azure_core::{RequestId as Guid, StatusCode};
use azure_storage_queues::{PopReceipt, QueueClient, QueueServiceClient, operations::Message};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use futures::stream;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    HOST_VERSION, HOST_VERSION_HEADER, INVOCATION_ID_HEADER, Scale,
    app::{QueueFunction, QueueSettings},
    invocation::{self, Entry, Outcome},
    process::Handler,
    record::{InHand, Ledger, Record},
    storage,
};

/// How long a received entry is hidden from others; it is renewed at half time. It is scaled.
const LEASE: Duration = Duration::from_secs(10 * 60);
/// The pause after the first look at an empty queue; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause where time is scaled down: a person who watches is to see things happen at once.
const LONGEST_SCALED_PAUSE: Duration = Duration::from_millis(250);
/// What the poison queue's name adds to the queue's.
const POISON_SUFFIX: &str = "-poison";
/// The longest name of a queue. There is no poison queue where its name would be longer.
const LONGEST_QUEUE_NAME: usize = 63;

/// What all listeners share.
#[derive(Clone)]
pub(super) struct Means {
    pub(super) handler: Handler,
    pub(super) client: reqwest::Client,
    pub(super) ledger: Arc<Ledger>,
    pub(super) record: Arc<Record>,
    pub(super) settings: QueueSettings,
    /// How long an invocation may take, already scaled; `None` is without end.
    pub(super) function_timeout: Option<Duration>,
    pub(super) scale: Scale,
}

/// The listener of one function.
pub(super) struct Listener {
    function: QueueFunction,
    queue: QueueClient,
    poison: Option<QueueClient>,
    means: Means,
}

impl Listener {
    /// Nothing is fetched before [`run`](Self::run).
    pub(super) fn new(function: QueueFunction, queues: &QueueServiceClient, means: Means) -> Self {
        let queue = queues.queue_client(&function.queue);
        let poison = poison_queue_name(&function.queue).map(|name| queues.queue_client(name));
        Self { function, queue, poison, means }
    }

    /// Fetches entries and works on them, until told to stop; then finishes those that are in hand.
    pub(super) async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut in_hand = JoinSet::new();
        let mut pause = FIRST_PAUSE;
        let mut fault = None;
        while !*stop.borrow() && self.means.handler.given_up().is_none() {
            while in_hand.len() > self.means.settings.new_batch_threshold {
                self.note_panic(in_hand.join_next().await);
            }
            while let Some(done) = in_hand.try_join_next() {
                self.note_panic(Some(done));
            }
            let receiving = self.means.ledger.receiving();
            let received = self.receive().await;
            let problem = received.as_ref().err().filter(|error| !is_missing(error)).map(ToString::to_string);
            // A fault that lasts is told once, not with every look.
            if let Some(problem) = problem.as_ref().filter(|problem| fault.as_ref() != Some(*problem)) {
                self.notice(format_args!("the queue cannot be read: {problem}"));
            }
            fault = problem;
            let entries = received.unwrap_or_default();
            let found = !entries.is_empty();
            for entry in entries {
                let busy = self.means.ledger.take(&entry.message_id);
                let listener = Arc::clone(&self);
                in_hand.spawn(async move {
                    listener.work_on(entry).await;
                    drop(busy);
                });
            }
            drop(receiving);
            if found {
                pause = FIRST_PAUSE;
                continue;
            }
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(self.longest_pause()),
                _ = stop.changed() => {}
            }
        }
        while let Some(done) = in_hand.join_next().await {
            self.note_panic(Some(done));
        }
    }

    /// Whether nothing is in the queue, nor in hand: entries that are not visible yet count.
    pub(super) async fn is_empty(&self) -> azure_core::Result<bool> {
        match self.queue.get_metadata().await {
            Ok(answer) => Ok(answer.approximate_messages_count == 0),
            Err(error) if is_missing(&error) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Whether nothing in the queue is visible, and nothing is to come back: what is left waits because its sender
    /// wants it to.
    pub(super) async fn has_nothing_due(&self, in_hand: InHand) -> azure_core::Result<bool> {
        if in_hand.coming_back > 0 {
            return Ok(false);
        }
        match self.queue.peek_messages().await {
            Ok(answer) => Ok(answer.messages.is_empty()),
            Err(error) if is_missing(&error) => Ok(true),
            Err(error) => Err(error),
        }
    }

    async fn receive(&self) -> azure_core::Result<Vec<Message>> {
        let answer = (self.queue.get_messages())
            .number_of_messages(self.means.settings.batch_size)
            .visibility_timeout(self.means.scale.whole_seconds(LEASE))
            .await?;
        Ok(answer.messages)
    }

    async fn work_on(&self, mut entry: Message) {
        let most = self.means.settings.max_dequeue_count;
        if entry.dequeue_count > most {
            return self.poison(&entry, &format!("it was received more than {most} times")).await;
        }
        let outcome = match self.decode(&entry.message_text) {
            Decoded::NotBase64 => return self.poison(&entry, "it is not base64").await,
            Decoded::NotText => Outcome::Failure("it is not UTF-8".to_owned()),
            Decoded::Text(text) => self.invoke_under_lease(&mut entry, text).await,
        };
        match outcome {
            Outcome::Success => {
                self.note_fault(self.queue.pop_receipt_client(entry.pop_receipt()).delete().await.err());
                self.means.ledger.count(|stats| stats.successes += 1);
            }
            Outcome::Failure(reason) => self.failed(&entry, &reason).await,
            // Without a function timeout there is no end to it, so nothing arrives here.
            Outcome::NeverCompletes => {}
        }
    }

    async fn failed(&self, entry: &Message, reason: &str) {
        let (attempt, most) = (entry.dequeue_count, self.means.settings.max_dequeue_count);
        self.means.ledger.count(|stats| stats.failures += 1);
        self.notice(format_args!("attempt {attempt} of {most} at {} failed: {reason}", entry.message_id));
        if attempt >= most {
            return self.poison(entry, &format!("attempt {most} failed")).await;
        }
        self.means.ledger.comes_back(&entry.message_id);
        let pause = self.means.scale.whole_seconds(self.means.settings.visibility_timeout);
        let released = self.update(entry, pause).await;
        if let Err(error) = released {
            self.means.ledger.is_gone(&entry.message_id);
            self.note_fault(Some(error));
        }
    }

    /// Has the entry worked on, and keeps it hidden meanwhile.
    async fn invoke_under_lease(&self, entry: &mut Message, text: String) -> Outcome {
        let invocation = self.invoke(Entry {
            id: entry.message_id.clone(),
            pop_receipt: entry.pop_receipt.clone(),
            dequeue_count: entry.dequeue_count,
            inserted: instant(entry.insertion_time.unix_timestamp()),
            expires: instant(entry.expiration_time.unix_timestamp()),
            next_visible: instant(entry.time_next_visible.unix_timestamp()),
            text,
        });
        tokio::pin!(invocation);
        let lease = self.means.scale.whole_seconds(LEASE);
        loop {
            tokio::select! {
                outcome = &mut invocation => return outcome,
                () = sleep(lease / 2) => match self.update(entry, lease).await {
                    Ok(receipt) => entry.pop_receipt = receipt,
                    Err(error) => self.note_fault(Some(error)),
                },
            }
        }
    }

    async fn invoke(&self, entry: Entry) -> Outcome {
        let life = match self.means.handler.ready().await {
            Ok(life) => life,
            Err(reason) => return Outcome::Failure(reason),
        };
        self.means.ledger.count(|stats| stats.invocations += 1);
        let answer = async {
            match self.post(&entry).await {
                Outcome::NeverCompletes => future::pending().await,
                outcome @ (Outcome::Success | Outcome::Failure(_)) => outcome,
            }
        };
        let Some(limit) = self.means.function_timeout else { return answer.await };
        if let Ok(outcome) = timeout(limit, answer).await {
            return outcome;
        }
        self.means.handler.kill(Some(life), "a function took too long").await;
        Outcome::Failure(format!("it was not done within {} ms", limit.as_millis()))
    }

    /// Posts the invocation and reads the answer.
    async fn post(&self, entry: &Entry) -> Outcome {
        let (name, binding) = (&self.function.name, &self.function.binding);
        let body = match invocation::body(name, binding, entry, Timestamp::now(), &Guid::new_v4().to_string()) {
            Ok(body) => body,
            Err(error) => return Outcome::Failure(error.to_string()),
        };
        // .NET writes this body piece by piece, so the handler sees no Content-Length.
        let body = reqwest::Body::wrap_stream(stream::once(future::ready(Ok::<_, Infallible>(body))));
        let request = (self.means.client.post(format!("{}/{name}", self.means.handler.url())))
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header(USER_AGENT, format!("Azure-Functions-Host/{HOST_VERSION}"))
            .header(HOST_VERSION_HEADER, HOST_VERSION)
            .header(INVOCATION_ID_HEADER, Guid::new_v4().to_string())
            .body(body);
        let answer = async {
            let answer = request.send().await?;
            let status = answer.status().as_u16();
            let content_type = answer.headers().get(CONTENT_TYPE).cloned();
            Ok::<_, reqwest::Error>((status, content_type, answer.bytes().await?))
        };
        match answer.await {
            Ok((status, content_type, body)) => {
                let content_type = content_type.as_ref().and_then(|value| value.to_str().ok());
                invocation::outcome(status, content_type, &body)
            }
            Err(error) => Outcome::Failure(format!("no answer: {error}")),
        }
    }

    /// Copies the entry to the poison queue and deletes it. Not both at once: a copy too many is possible, as with the
    /// real host.
    async fn poison(&self, entry: &Message, reason: &str) {
        let Some(poison) = &self.poison else {
            self.means.ledger.comes_back(&entry.message_id);
            return self.notice(format_args!("{}: {reason}, but there is no poison queue", entry.message_id));
        };
        let copied = match poison.put_message(&entry.message_text).await {
            Err(error) if is_missing(&error) => match poison.create().await {
                Ok(_) => poison.put_message(&entry.message_text).await.map(|_| ()),
                Err(error) => Err(error),
            },
            other => other.map(|_| ()),
        };
        if copied.is_ok() {
            self.means.ledger.count(|stats| stats.poisoned += 1);
            self.notice(format_args!("{} was moved to {}: {reason}", entry.message_id, poison.queue_name()));
            self.note_fault(self.queue.pop_receipt_client(entry.pop_receipt()).delete().await.err());
        } else {
            self.means.ledger.comes_back(&entry.message_id);
        }
        self.note_fault(copied.err());
    }

    /// Hides the entry from now on for `time`, and gives its new receipt.
    async fn update(&self, entry: &Message, time: Duration) -> azure_core::Result<String> {
        let receipt: PopReceipt = entry.pop_receipt();
        // The protocol has no way to leave the text out: it is written as it was read.
        let answer = self.queue.pop_receipt_client(receipt).update(&entry.message_text, time).await?;
        Ok(answer.pop_receipt)
    }

    fn decode(&self, text: &str) -> Decoded {
        if !self.means.settings.base64 {
            return Decoded::Text(text.to_owned());
        }
        match BASE64.decode(text).map(String::from_utf8) {
            Ok(Ok(text)) => Decoded::Text(text),
            Ok(Err(_)) => Decoded::NotText,
            Err(_) => Decoded::NotBase64,
        }
    }

    fn longest_pause(&self) -> Duration {
        let longest = self.means.scale.of(self.means.settings.max_polling_interval);
        if self.means.scale.is_faster() { longest.min(LONGEST_SCALED_PAUSE) } else { longest }.max(FIRST_PAUSE)
    }

    /// The real host ends at a fault in these steps, unless the entry or its receipt is gone, and the platform starts
    /// it anew. Here the entry simply comes back when its lease ends.
    fn note_fault(&self, error: Option<azure_core::Error>) {
        let gone = [StatusCode::NotFound, StatusCode::BadRequest, StatusCode::Conflict];
        if let Some(error) = error.filter(|error| !storage::status(error).is_some_and(|status| gone.contains(&status)))
        {
            self.notice(format_args!("the queue cannot be written, which would end the host in Azure: {error}"));
        }
    }

    fn note_panic(&self, done: Option<Result<(), tokio::task::JoinError>>) {
        if let Some(Err(error)) = done {
            self.notice(format_args!("a fault in the host itself: {error}"));
        }
    }

    fn notice(&self, sentence: std::fmt::Arguments<'_>) {
        self.means.record.notice(format_args!("{}: {sentence}", self.function.name));
    }
}

/// An entry's text, decoded.
enum Decoded {
    Text(String),
    NotBase64,
    NotText,
}

fn is_missing(error: &azure_core::Error) -> bool {
    storage::status(error) == Some(StatusCode::NotFound)
}

fn poison_queue_name(queue: &str) -> Option<String> {
    let name = format!("{queue}{POISON_SUFFIX}");
    (!queue.ends_with(POISON_SUFFIX) && name.len() <= LONGEST_QUEUE_NAME).then_some(name)
}

/// The service's times are whole seconds. One that jiff cannot hold would be none of this millennium.
fn instant(unix_seconds: i64) -> Timestamp {
    Timestamp::from_second(unix_seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poison_queue_has_none_of_its_own_and_its_name_has_an_end() {
        assert_eq!(poison_queue_name("jobs").as_deref(), Some("jobs-poison"));
        assert_eq!(poison_queue_name("jobs-poison"), None);
        assert_eq!(poison_queue_name(&"j".repeat(56)).map(|name| name.len()), Some(63));
        assert_eq!(poison_queue_name(&"j".repeat(57)), None);
    }
}
