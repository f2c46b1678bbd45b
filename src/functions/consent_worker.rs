//! `consent-worker`: decode → classify → find the request and the patient → append → fold → write.
//!
//! The order makes it safe to die anywhere: the history row is written before anything is derived from it, every
//! write can be repeated, and the queue gives the job again until this function has answered 200. What Spruce's API
//! does not tell now is asked again later by a copy of the job; what the patient said does not wait for that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;
use tracing::{Instrument, error, error_span, info, warn};

use super::host::{self, Answer};
use super::invocation_id;
use super::look_up::{Before, Later, LookUp, Request};
use super::settle::settle;
use super::sweep::{self, Swept};
use crate::config::ReplySettings;
use crate::domain::consent::Folded;
use crate::domain::event::Change;
use crate::domain::history::{Entry, MatchStatus, What};
use crate::domain::intake::{self, Asked, Keep, Side};
use crate::domain::job::{ItemJob, Job, SweepJob, Waiting};
use crate::domain::reply::Decision;
use crate::spruce::{self, Failure};
use crate::storage::{Appended, Queue, StorageError, Tables};

/// How long an invocation may take in all. The host would wait five minutes and then kill the handler, and with it
/// every other invocation in hand.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// After how many times of putting a job back its waiting is worth a warning: ten minutes.
const LONG_TIMES: u32 = 6;

/// When a job that waits for Spruce's API comes again, and when it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The first delay; each further one is twice as long.
    pub first: Duration,
    /// The longest delay.
    pub longest: Duration,
    /// How long a job waits in all before people have to look at it.
    pub in_all: Duration,
    /// How long a job waits for what may still arrive: a change for its item, a refusal for its request.
    pub to_arrive: Duration,
}

impl Patience {
    /// Ten seconds, doubling to an hour, for seven days. What has not arrived after 21 minutes does not arrive: Spruce
    /// delivers an event again for 20.
    pub const DEFAULT: Self = Self {
        first: Duration::from_secs(10),
        longest: Duration::from_secs(60 * 60),
        in_all: Duration::from_secs(7 * 24 * 60 * 60),
        to_arrive: Duration::from_secs(21 * 60),
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
    PutBack { recorded: bool },
    /// A copy waited long enough: people have to look at it.
    Poison,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::NotOurs => "not_ours",
            Self::PutBack { recorded: true } => "recorded_and_put_back",
            Self::PutBack { recorded: false } => "put_back",
            Self::Poison => "poison",
        }
    }
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
                let entry = intake::of_request(job, request_pattern, *window_days, Timestamp::now());
                self.tables.append(&entry).await?;
                self.settle(&job.conversation_id).await?;
                Ok(Outcome::Recorded)
            }
            Side::Unknown => self.wait_to_arrive(job, now).await,
            Side::Neither => Ok(Outcome::NotOurs),
        }
    }

    async fn patients_item(&self, job: &ItemJob, history: &[Entry], now: Timestamp) -> Result<Outcome, StorageError> {
        let ReplySettings { request_pattern: pattern, window_days, channels, lexicon, .. } = &*self.replies;
        let verdict = intake::verdict(job, lexicon);
        let is_known = intake::is_known_reply(history, &job.item_id);
        let is_asked = pattern.needs_no_request() || intake::has_request(job, history);
        let needs_context = !pattern.needs_no_request() && intake::needs_context(job, &verdict, history);
        let is_unrecorded_refusal = verdict.decision == Decision::Decline && !is_known;
        let look_up = LookUp::new(&self.spruce, pattern, job, is_unrecorded_refusal, self.is_overdue(job, now));

        let before =
            if needs_context || !is_asked { look_up.before(history, is_asked).await } else { Ok(Before::default()) };
        let asked = match &before {
            _ if is_asked => Asked::Yes,
            Ok(Before { request: Some(_), .. }) => Asked::Yes,
            Ok(_) => Asked::Never,
            Err(_) => Asked::NotKnown,
        };
        let mut later = before.as_ref().err().copied();
        match intake::keep(job, &verdict, asked, is_known) {
            Keep::Yes => {}
            Keep::AskLater => return self.put_back(job, later.unwrap_or(Later::NotArrivedYet), false, now).await,
            Keep::WaitForItsRequest => return self.wait_to_arrive(job, now).await,
            Keep::No => return Ok(Outcome::NotOurs),
        }

        let known = intake::known_patient(history, &job.item_id);
        let is_text = matches!(job.change, Change::Created | Change::Updated);
        let mut patient = known.clone().unwrap_or_default();
        let mut channel = None;
        if is_text && known.is_none() {
            match look_up.writer().await {
                Ok((_, conversation)) if !is_known && !channels.count(&conversation.channel) => {
                    return Ok(Outcome::NotOurs);
                }
                Ok((found, conversation)) => (patient, channel) = (found, Some(conversation.channel)),
                Err(cause) => later = later.or(Some(cause)),
            }
        }

        // `RecordedAt` is read for each row: staff may have decided while we looked things up.
        let before = before.unwrap_or_default();
        if let Some(Request { item, was_changed }) = &before.request
            && !intake::is_known_request(history, &item.id)
        {
            let entry = intake::of_found_request(job, item, *was_changed, *window_days, Timestamp::now());
            self.tables.append(&entry).await?;
        }
        let mut entry = intake::of_reply(job, verdict, pattern.needs_no_request(), patient.clone(), Timestamp::now());
        if let Some(channel) = &channel {
            entry.origin.channel.clone_from(channel);
        }
        let appended = self.tables.append(&entry).await?;
        if let (Appended::New, What::Reply { verdict, .. } | What::EditedReply { verdict, .. }) =
            (appended, &entry.what)
        {
            // Without ids: what somebody decided is theirs, how many decided what is for the workbook.
            info!(
                outcome = "classified",
                decision = verdict.decision.as_str(),
                rule = &*verdict.rule,
                "reply recorded"
            );
        }
        if appended == Appended::AlreadyThere && known.is_none() && patient.status != MatchStatus::Pending {
            // Written by another, perhaps when nobody knew the patient yet.
            let history = self.tables.history(&job.conversation_id).await?;
            if intake::known_patient(&history, &job.item_id).is_none() {
                let mut entry = intake::of_lookup(job, What::Match(patient), Timestamp::now());
                entry.origin.channel = channel.unwrap_or_default();
                self.tables.append(&entry).await?;
            }
        }
        if let Some(context) = before.context.filter(|_| needs_context) {
            self.tables.append(&intake::of_lookup(job, context, Timestamp::now())).await?;
        }
        let folded = self.settle(&job.conversation_id).await?;
        self.confirm(job, &folded).await?;
        match later {
            None => Ok(Outcome::Recorded),
            Some(cause) => self.put_back(job, cause, true, now).await,
        }
    }

    /// Waits a while for something that is still on its way, then drops the job: it is none of our business.
    async fn wait_to_arrive(&self, job: &ItemJob, now: Timestamp) -> Result<Outcome, StorageError> {
        if self.is_overdue(job, now) {
            return Ok(Outcome::NotOurs);
        }
        self.put_back(job, Later::NotArrivedYet, false, now).await
    }

    fn is_overdue(&self, job: &ItemJob, now: Timestamp) -> bool {
        job.waiting.is_some_and(|waiting| since(waiting.since, now) >= self.patience.to_arrive)
    }

    /// Brings the tables to what the history says, and sees to it that staff's answers will be looked for.
    async fn settle(&self, conversation_id: &str) -> Result<Folded, StorageError> {
        let folded = settle(&self.tables, conversation_id, Timestamp::now()).await?;
        if !folded.reviews.is_empty() {
            sweep::ensure(&self.queue, Timestamp::now()).await?;
        }
        Ok(folded)
    }

    /// Sends the clinic's confirmation, once. The row is written first: whoever finds it there with an outcome knows that
    /// the text has been sent or given up. Without one, the sender died: the same key sends it at most once.
    ///
    /// That a text cannot be sent is recorded, and holds nothing up.
    async fn confirm(&self, job: &ItemJob, folded: &Folded) -> Result<(), StorageError> {
        let now = Timestamp::now();
        let Some(status) = &folded.status else { return Ok(()) };
        let Some(text) = self.replies.confirmations.due(job, status, now) else { return Ok(()) };
        let entry = intake::of_lookup(job, What::Confirmation { text: text.clone() }, now);
        if self.tables.append(&entry).await? == Appended::AlreadyThere && self.tables.has_note(&entry).await? {
            return Ok(());
        }
        let sent = self.spruce.send(&job.conversation_id, text, &job.item_id).await;
        let (item_id, conversation_id) = (&*job.item_id, &*job.conversation_id);
        let note = match sent {
            Ok(()) => {
                info!(outcome = "confirmed", item_id, conversation_id, "confirmation sent");
                "sent".to_owned()
            }
            Err(cause) => {
                warn!(outcome = "not_confirmed", %cause, item_id, conversation_id, "no word that the confirmation was sent");
                match cause {
                    Failure::NoConnection | Failure::TimedOut => format!("perhaps sent: {cause}"),
                    Failure::Refused(_) | Failure::RateLimited | Failure::Status(_) | Failure::Unreadable => {
                        format!("not sent: {cause}")
                    }
                }
            }
        };
        self.tables.note(&entry, &note).await
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
        log_later(job, later, waiting.times);
        if since(waiting.since, now) >= self.patience.in_all {
            // From the poison queue it begins anew, when people put it back.
            self.queue.send_to_poison(&Job::Item(Box::new(ItemJob { waiting: None, ..job.clone() }))).await?;
            return Ok(Outcome::Poison);
        }
        let delay = self.patience.delay(waiting.times);
        let waiting = Some(Waiting { times: waiting.times.saturating_add(1), ..waiting });
        self.queue.send_later(&Job::Item(Box::new(ItemJob { waiting, ..job.clone() })), delay).await?;
        Ok(Outcome::PutBack { recorded })
    }
}

/// The route's handler.
pub async fn handle(State(worker): State<Arc<Worker>>, headers: HeaderMap, body: Bytes) -> Result<Answer, StatusCode> {
    // At the level of errors, so that the id is on their lines whatever LOG_LEVEL says.
    let span = error_span!("consent_worker", invocation_id = invocation_id(&headers));
    if host::is_from_outside(&headers) {
        span.in_scope(|| {
            warn!(outcome = "from_outside", "a stranger asked for the queue function: look at the routes");
        });
        return Err(StatusCode::NOT_FOUND);
    }
    Ok(invoke(&worker, &body).instrument(span).await)
}

async fn invoke(worker: &Worker, body: &[u8]) -> Answer {
    let started = Instant::now();
    let job = match host::job(body) {
        Ok(Job::Item(job)) => job,
        Ok(Job::Sweep(job)) => return round(worker, &job).await,
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
            let outcome_word = outcome.as_str();
            if outcome == Outcome::Poison {
                error!(
                    outcome = outcome_word,
                    event_type = change,
                    item_id,
                    conversation_id,
                    duration_ms,
                    "given up after a week: look at spruce-events-poison"
                );
            } else {
                info!(outcome = outcome_word, event_type = change, item_id, conversation_id, duration_ms, "job done");
            }
            Answer::Done(format!("{change} of item {item_id}: {outcome_word}"))
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

async fn round(worker: &Worker, job: &SweepJob) -> Answer {
    let started = Instant::now();
    let round = sweep::round(&worker.tables, &worker.queue, job, Timestamp::now());
    let result = timeout(DEADLINE, round).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match result {
        Ok(Ok(Swept { taken, problems, open, oldest_review_hours })) => {
            info!(
                outcome = "swept",
                taken, problems, open, oldest_review_hours, duration_ms, "worklist looked through"
            );
            Answer::Done(format!("worklist: {taken} decisions taken up, {open} rows open"))
        }
        Ok(Err(cause)) => {
            error!(outcome = "storage_failed", %cause, duration_ms, "worklist not looked through: the host tries again");
            Answer::TryAgain
        }
        Err(_) => {
            error!(outcome = "deadline", duration_ms, "worklist not looked through in time: the host tries again");
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
        Later::NotListedYet if times >= LONG_TIMES => {
            warn!(
                outcome = "not_listed",
                item_id,
                conversation_id,
                times,
                "Spruce still does not list it (is SPRUCE_API_BASE_URL right?): the job is put back"
            );
        }
        Later::NotListedYet => {
            info!(
                outcome = "not_listed",
                item_id, conversation_id, times, "Spruce does not list it yet: the job is put back"
            );
        }
        Later::NotArrivedYet => {
            info!(
                outcome = "not_arrived",
                item_id, conversation_id, times, "what it is about may still arrive: the job is put back"
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
