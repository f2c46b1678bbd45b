//! `consent-worker`: decode → classify → find the request and the patient → append → fold → write.
//!
//! The order makes it safe to die anywhere: the history row is written before anything is derived from it, every
//! write can be repeated, and the queue gives the job again until this function has answered 200. What Spruce's API
//! does not tell now is asked again later by a copy of the job; what the patient said does not wait for that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;
use tracing::{Instrument, error, error_span, info, warn};

use super::host::{self, Answer};
use super::invocation_id;
use crate::config::ReplySettings;
use crate::domain::consent::fold;
use crate::domain::event::Change;
use crate::domain::history::{Entry, MatchStatus, Patient, What};
use crate::domain::identity::Conversation;
use crate::domain::intake::{self, Asked, Keep, Side};
use crate::domain::job::{ItemJob, Job, Waiting};
use crate::spruce::{self, Failure};
use crate::storage::{Appended, Cause, Queue, StorageError, Tables, Written};

/// How long an invocation may take in all. The host would wait five minutes and then kill the handler, and with it
/// every other invocation in hand.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How often a conversation is folded again because others write to it at the same time, before the job goes back.
const MAX_FOLDS: u32 = 12;

/// How long one waits for others before the first repeated fold; each further one waits that much longer.
const FOLD_PAUSE: Duration = Duration::from_millis(15);

/// How many pages of items are looked through for a reply and what stood before it.
const MAX_PAGES: usize = 20;

/// When a job that waits for Spruce's API comes again, and when it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The first delay; each further one is twice as long.
    pub first: Duration,
    /// The longest delay.
    pub longest: Duration,
    /// How long a job waits in all before people have to look at it.
    pub in_all: Duration,
    /// How long a change of an item that the history does not know waits for the item.
    pub for_item: Duration,
}

impl Patience {
    /// Ten seconds, doubling to an hour, for seven days; an hour for an item. Spruce itself delivers an event again
    /// for twenty minutes.
    pub const DEFAULT: Self = Self {
        first: Duration::from_secs(10),
        longest: Duration::from_secs(60 * 60),
        in_all: Duration::from_secs(7 * 24 * 60 * 60),
        for_item: Duration::from_secs(60 * 60),
    };

    fn delay(&self, times: u32) -> Duration {
        self.first.saturating_mul(2_u32.saturating_pow(times)).min(self.longest)
    }
}

/// The function, with all that it needs.
#[derive(Debug)]
pub struct Worker {
    replies: Arc<ReplySettings>,
    queue: Queue,
    tables: Tables,
    spruce: spruce::Client,
    patience: Patience,
}

/// What became of a job, for the log. No patient data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything is recorded.
    Recorded,
    /// Nothing of it is ours.
    NotOurs,
    /// What is known is recorded; a copy waits for the rest.
    PutBack { delay: Duration, recorded: bool },
    /// A copy waited long enough: people have to look at it.
    Poison,
}

/// Why something has to be asked again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Later {
    Failure(Failure),
    /// Spruce's lists and views lag behind its events.
    NotListedYet,
    /// The item itself is not known yet.
    ItemUnknown,
}

impl Worker {
    /// Makes the function from its settings and its clients.
    pub fn new(
        replies: Arc<ReplySettings>,
        queue: Queue,
        tables: Tables,
        spruce: spruce::Client,
        patience: Patience,
    ) -> Self {
        Self { replies, queue, tables, spruce, patience }
    }

    /// Takes one item up. An error means that storage could not be written: nothing is lost, the job comes again.
    async fn item(&self, job: &ItemJob) -> Result<Outcome, StorageError> {
        let now = Timestamp::now();
        let history = self.tables.history(&job.conversation_id).await?;
        match intake::side(job, &history, &self.replies.request_pattern) {
            Side::Patient => self.patients_item(job, &history, now).await,
            Side::Clinic => {
                let ReplySettings { request_pattern, window_days, .. } = &*self.replies;
                self.tables.append(&intake::of_request(job, request_pattern, *window_days, now)).await?;
                self.settle(&job.conversation_id, now).await?;
                Ok(Outcome::Recorded)
            }
            Side::Unknown => {
                let waited = job.waiting.map_or(Duration::ZERO, |waiting| since(waiting.since, now));
                if waited >= self.patience.for_item {
                    return Ok(Outcome::NotOurs);
                }
                self.put_back(job, Later::ItemUnknown, false, now).await
            }
            Side::Neither => Ok(Outcome::NotOurs),
        }
    }

    async fn patients_item(&self, job: &ItemJob, history: &[Entry], now: Timestamp) -> Result<Outcome, StorageError> {
        let pattern = &self.replies.request_pattern;
        let verdict = intake::verdict(job, &self.replies.lexicon);
        let is_known = intake::is_known_reply(history, &job.item_id);
        let needs_context = !pattern.needs_no_request() && intake::needs_context(job, &verdict, history);
        let is_asked = pattern.needs_no_request() || intake::has_request(history);

        let before = if needs_context || !is_asked {
            self.look_back(job, intake::is_deleted(job, history)).await
        } else {
            Ok(Before::default())
        };
        let asked = match &before {
            _ if is_asked => Asked::Yes,
            Ok(Before { request: Some(_), .. }) => Asked::Yes,
            Ok(_) => Asked::Never,
            Err(_) => Asked::NotKnown,
        };
        let mut later = before.as_ref().err().copied();
        match intake::keep(&verdict, asked, is_known) {
            Keep::Yes | Keep::YesAndAskLater => {}
            Keep::AskLater => return self.put_back(job, later.unwrap_or(Later::NotListedYet), false, now).await,
            Keep::No => return Ok(Outcome::NotOurs),
        }

        let known = intake::known_patient(history, &job.item_id);
        let is_text = matches!(job.change, Change::Created | Change::Updated);
        let mut patient = known.clone().unwrap_or_default();
        let mut channel = None;
        if is_text && known.is_none() {
            match self.identify(job).await {
                Ok((_, conversation)) if !is_known && !self.replies.channels.count(&conversation.channel) => {
                    return Ok(Outcome::NotOurs);
                }
                Ok((found, conversation)) => (patient, channel) = (found, Some(conversation.channel)),
                Err(cause) => later = later.or(Some(cause)),
            }
        }

        let before = before.unwrap_or_default();
        if let Some(request) = &before.request {
            self.tables.append(&self.found_request(job, request, now)).await?;
        }
        let mut entry = intake::of_reply(job, verdict, pattern.needs_no_request(), patient.clone(), now);
        if let Some(channel) = &channel {
            entry.origin.channel.clone_from(channel);
        }
        let appended = self.tables.append(&entry).await?;
        if appended == Appended::AlreadyThere && known.is_none() && patient.status != MatchStatus::Pending {
            // Written by another, perhaps when nobody knew the patient yet.
            let history = self.tables.history(&job.conversation_id).await?;
            if intake::known_patient(&history, &job.item_id).is_none() {
                let mut entry = intake::of_lookup(job, What::Match(patient), now);
                entry.origin.channel = channel.unwrap_or_default();
                self.tables.append(&entry).await?;
            }
        }
        if let Some(context) = before.context.filter(|_| needs_context) {
            self.tables.append(&intake::of_lookup(job, context, now)).await?;
        }
        self.settle(&job.conversation_id, now).await?;
        match later {
            None => Ok(Outcome::Recorded),
            Some(cause) => self.put_back(job, cause, true, now).await,
        }
    }

    /// Who wrote the item, and in which conversation.
    async fn identify(&self, job: &ItemJob) -> Result<(Patient, Conversation), Later> {
        let conversation = match &job.conversation {
            // Worth a call only if the event does not say who takes part.
            Some(embedded) if !embedded.participants.is_empty() => embedded.clone(),
            _ => self.spruce.conversation(&job.conversation_id).await?.ok_or(Later::NotListedYet)?,
        };
        let Some(writer) = conversation.writer(&job.author) else {
            return Ok((Patient { status: MatchStatus::Ambiguous, ..Patient::default() }, conversation));
        };
        if !writer.contact_id.is_empty()
            && let Some(contact) = self.spruce.contact(&writer.contact_id).await?
        {
            return Ok((writer.matched(&contact), conversation));
        }
        let patient = if writer.phone.is_empty() {
            writer.untraceable()
        } else {
            writer.by_phone(&self.spruce.contacts_with_phone(&writer.phone).await?)
        };
        Ok((patient, conversation))
    }

    /// What the clinic had said before the item: last, and last of all that asked for consent.
    ///
    /// An item that is deleted is in no list any more; its time alone then tells what stood before it.
    async fn look_back(&self, job: &ItemJob, is_deleted: bool) -> Result<Before, Later> {
        let pattern = &self.replies.request_pattern;
        let mut is_listed = is_deleted;
        let mut before = Before::default();
        let mut token = None;
        for _ in 0..MAX_PAGES {
            let page = self.spruce.items(&job.conversation_id, token.as_deref()).await?.ok_or(Later::NotListedYet)?;
            for item in page.items {
                if item.id == job.item_id {
                    is_listed = true;
                    continue;
                }
                let is_before = item.created_at.is_some_and(|time| time <= job.created_at);
                if !is_before || !item.is_from_clinic {
                    continue;
                }
                let is_request = pattern.is_request(item.text.expose());
                before.context.get_or_insert_with(|| What::Context {
                    preceding_item_id: item.id.clone(),
                    preceding_is_request: is_request,
                });
                if is_request && before.request.is_none() {
                    before.request = Some(item);
                }
            }
            token = page.next;
            if token.is_none() || (is_listed && before.request.is_some()) {
                break;
            }
        }
        if !is_listed {
            return Err(Later::NotListedYet);
        }
        before.context.get_or_insert(What::Context { preceding_item_id: String::new(), preceding_is_request: false });
        Ok(before)
    }

    /// The entry for a request that no event told us of.
    fn found_request(&self, job: &ItemJob, request: &spruce::Item, now: Timestamp) -> Entry {
        let asked_at = request.created_at.unwrap_or(job.created_at);
        let what = What::Request {
            text: request.text.clone(),
            expires_at: intake::expiry(asked_at, self.replies.window_days),
        };
        let mut entry = intake::of_lookup(job, what, now);
        (entry.item_id, entry.created_at, entry.modified_at) = (request.id.clone(), asked_at, None);
        (entry.origin.author, entry.origin.conversation_url) = (request.author.clone(), request.app_url.clone());
        entry
    }

    /// Brings status and worklist to what the history says, whoever else is doing the same.
    ///
    /// The status is read before the history: a worker that has seen less than another cannot overwrite its status.
    /// And the history is read again at the end: what was appended while the worklist was written is folded in.
    async fn settle(&self, conversation_id: &str, now: Timestamp) -> Result<(), StorageError> {
        for round in 0..MAX_FOLDS {
            tokio::time::sleep(FOLD_PAUSE * round).await;
            let version = self.tables.status_version(conversation_id).await?;
            let folded = fold(&self.tables.history(conversation_id).await?);
            if let Some(status) = &folded.status {
                let open = folded.reviews.len();
                match self.tables.write_status(conversation_id, status, open, &version, now).await? {
                    Written::Unchanged | Written::Changed => {}
                    Written::Conflict => continue,
                }
            }
            self.tables.write_reviews(conversation_id, &folded).await?;
            if fold(&self.tables.history(conversation_id).await?) == folded {
                return Ok(());
            }
        }
        Err(StorageError { operation: "bring ConsentStatus up to date", cause: Cause::Contended })
    }

    /// Puts a copy of the job on the queue for later, which does not use up the host's attempts.
    async fn put_back(
        &self,
        job: &ItemJob,
        later: Later,
        recorded: bool,
        now: Timestamp,
    ) -> Result<Outcome, StorageError> {
        let waiting = job.waiting.unwrap_or(Waiting { since: now, times: 0 });
        let copy = |times| {
            Job::Item(Box::new(ItemJob { waiting: Some(Waiting { since: waiting.since, times }), ..job.clone() }))
        };
        log_later(job, later, waiting.times);
        if since(waiting.since, now) >= self.patience.in_all {
            // From the poison queue it begins anew, when people put it back.
            self.queue.send_to_poison(&Job::Item(Box::new(ItemJob { waiting: None, ..job.clone() }))).await?;
            return Ok(Outcome::Poison);
        }
        let delay = self.patience.delay(waiting.times);
        self.queue.send_later(&copy(waiting.times.saturating_add(1)), delay).await?;
        Ok(Outcome::PutBack { delay, recorded })
    }
}

/// What the clinic had said before an item.
#[derive(Clone, Debug, Default)]
struct Before {
    /// A [`What::Context`].
    context: Option<What>,
    /// The last request.
    request: Option<spruce::Item>,
}

impl From<Failure> for Later {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The route's handler.
pub async fn handle(State(worker): State<Arc<Worker>>, headers: HeaderMap, body: Bytes) -> Answer {
    // At the level of errors, so that the id is on their lines whatever LOG_LEVEL says.
    let span = error_span!("consent_worker", invocation_id = invocation_id(&headers));
    invoke(&worker, &body).instrument(span).await
}

async fn invoke(worker: &Worker, body: &[u8]) -> Answer {
    let started = Instant::now();
    let job = match host::job(body) {
        Ok(Job::Item(job)) => job,
        Err(invalid) => {
            error!(
                outcome = "invalid_job",
                cause = invalid.as_str(),
                "not a job of this program; after five attempts it goes to spruce-events-poison"
            );
            return Answer::TryAgain;
        }
    };
    let result = timeout(DEADLINE, worker.item(&job)).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (item_id, conversation_id, change) = (&*job.item_id, &*job.conversation_id, job.change.event_type());
    match result {
        Ok(Ok(outcome)) => {
            let outcome = match outcome {
                Outcome::Recorded => "recorded",
                Outcome::NotOurs => "not_ours",
                Outcome::PutBack { recorded: true, .. } => "recorded_and_put_back",
                Outcome::PutBack { recorded: false, .. } => "put_back",
                Outcome::Poison => "poison",
            };
            info!(outcome, event_type = change, item_id, conversation_id, duration_ms, "job done");
            Answer::Done(format!("{change} of item {item_id}: {outcome}"))
        }
        Ok(Err(cause)) => {
            error!(outcome = "storage_failed", %cause, event_type = change, item_id, conversation_id, duration_ms, "job not done: the host gives it again");
            Answer::TryAgain
        }
        Err(_) => {
            error!(
                outcome = "deadline",
                event_type = change,
                item_id,
                conversation_id,
                duration_ms,
                "job not done in time: the host gives it again"
            );
            Answer::TryAgain
        }
    }
}

fn log_later(job: &ItemJob, later: Later, times: u32) {
    let (item_id, conversation_id) = (&*job.item_id, &*job.conversation_id);
    match later {
        Later::Failure(cause @ Failure::Refused(_)) => {
            error!(outcome = "look_up_failed", %cause, item_id, conversation_id, times, "look-up refused: the job is put back");
        }
        Later::Failure(cause) => {
            warn!(outcome = "look_up_failed", %cause, item_id, conversation_id, times, "look-up failed: the job is put back");
        }
        Later::NotListedYet => {
            info!(
                outcome = "not_listed_yet",
                item_id, conversation_id, times, "Spruce does not list it yet: the job is put back"
            );
        }
        Later::ItemUnknown => {
            info!(
                outcome = "item_unknown",
                item_id, conversation_id, times, "a change of an item not seen yet: the job is put back"
            );
        }
    }
}

fn since(start: Timestamp, now: Timestamp) -> Duration {
    now.duration_since(start).max(SignedDuration::ZERO).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_an_hour() {
        let delays: Vec<_> = (0..11).map(|times| Patience::DEFAULT.delay(times).as_secs()).collect();
        assert_eq!(delays, [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600]);
        assert_eq!(Patience::DEFAULT.delay(u32::MAX).as_secs(), 3_600);
    }
}
