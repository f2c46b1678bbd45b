//! What a job means for the history: whose item it is, whether it is any of our business, and which entry it becomes.
//!
//! The worker asks here what to do with what it has, and looks things up only where the answer depends on it.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::event::{Change, Direction};
use super::history::{Entry, MatchStatus, Origin, Patient, What};
use super::job::ItemJob;
use super::private::Private;
use super::reply::{Decision, Lexicon, Verdict, classify};
use super::request::RequestPattern;

/// Whose item a job is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A reply, or what became of one.
    Patient,
    /// A request, or what became of one.
    Clinic,
    /// A change of an outbound item that the history does not know: a request whose creation is still on its way, or
    /// an ordinary text.
    Unknown,
    /// None of our business.
    Neither,
}

/// Decides whose item `job` is about, by the history where it knows the item.
pub fn side(job: &ItemJob, history: &[Entry], pattern: &RequestPattern) -> Side {
    let of_item = || history.iter().filter(|entry| entry.item_id == job.item_id).map(|entry| &entry.what);
    let is_reply = of_item().any(|what| matches!(what, What::Reply { .. } | What::EditedReply { .. }));
    let is_request = of_item().any(|what| matches!(what, What::Request { .. } | What::EditedRequest { .. }));
    match (job.change, job.direction) {
        _ if is_reply => Side::Patient,
        _ if is_request => Side::Clinic,
        (_, Direction::Inbound) => Side::Patient,
        (_, Direction::Outbound) if pattern.is_request(job.text.expose()) => Side::Clinic,
        (Change::Created, Direction::Outbound) | (_, Direction::Neither) => Side::Neither,
        // Where no request is looked for, none can arrive.
        (Change::Updated | Change::Deleted | Change::Restored, Direction::Outbound) if pattern.needs_no_request() => {
            Side::Neither
        }
        (Change::Updated | Change::Deleted | Change::Restored, Direction::Outbound) => Side::Unknown,
    }
}

/// What the item's words say. Words that are missing at the end could change that, so a text that was cut says nothing;
/// and a consent that was only found after a change may have been a refusal before.
pub fn verdict(job: &ItemJob, lexicon: &Lexicon) -> Verdict {
    let unclear = |rule, reason| Verdict {
        decision: Decision::Unclear,
        explicit: false,
        opt_out: false,
        rule: Cow::Borrowed(rule),
        reason: Cow::Borrowed(reason),
    };
    if job.text_is_cut {
        return unclear("text-cut", "The text is too long to be stored whole; read it in Spruce.");
    }
    let verdict = classify(job.text.expose(), lexicon);
    if verdict.decision == Decision::Consent && job.is_listed && job.change == Change::Updated {
        return unclear(
            "changed-before-found",
            "This text was found in Spruce after it had been changed: nobody knows what it said at first.",
        );
    }
    verdict
}

/// What is known about requests in a reply's conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The clinic asked at some time, or takes replies without asking.
    Yes,
    /// The clinic never asked.
    Never,
    /// Only Spruce's API could tell, and it cannot be asked now.
    NotKnown,
}

/// What to do with a patient's item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Record it, whatever Spruce's API has still to tell.
    Yes,
    /// Ask Spruce's API later, and record nothing yet.
    AskLater,
    /// Nobody asked, as far as is known. But the creation of an item that was changed, or the request that a belated
    /// refusal answers, may be on its way: wait for it, for as long as Spruce delivers events again, and record nothing.
    WaitForItsRequest,
    /// An ordinary text in a conversation that is none of our business: not stored at all.
    No,
}

/// Decides whether a patient's item is recorded. A refusal never waits for Spruce's API; and where the clinic never
/// asked, only words that speak for themselves are kept.
pub fn keep(job: &ItemJob, verdict: &Verdict, asked: Asked, is_known: bool) -> Keep {
    let is_refusal = verdict.decision == Decision::Decline;
    match asked {
        Asked::Yes => Keep::Yes,
        Asked::Never if is_known || speaks_for_itself(verdict) => Keep::Yes,
        Asked::Never if job.change != Change::Created || (is_refusal && is_late(job)) => Keep::WaitForItsRequest,
        Asked::Never => Keep::No,
        Asked::NotKnown if is_known || is_refusal => Keep::Yes,
        Asked::NotKnown => Keep::AskLater,
    }
}

/// The event did not come when the item was written: others before it may not have come yet.
fn is_late(job: &ItemJob) -> bool {
    const SOON: SignedDuration = SignedDuration::from_secs(60);
    job.received_at.duration_since(job.created_at) > SOON
}

fn speaks_for_itself(verdict: &Verdict) -> bool {
    match verdict.decision {
        Decision::Consent => verdict.explicit,
        Decision::Decline => verdict.explicit || verdict.opt_out,
        Decision::Unclear => false,
    }
}

/// Whether the history holds a request from before the item, of any age. A later one does not count, or an ordinary
/// text would be kept if the request that follows it happens to be known first.
pub fn has_request(job: &ItemJob, history: &[Entry]) -> bool {
    history
        .iter()
        .filter(|entry| entry.created_at <= job.created_at)
        .any(|entry| matches!(entry.what, What::Request { .. } | What::EditedRequest { expires_at: Some(_), .. }))
}

/// Who wrote the item, where the history knows it already.
pub fn known_patient(history: &[Entry], item_id: &str) -> Option<Patient> {
    let of_item = history.iter().filter(|entry| entry.item_id == item_id);
    let patients = of_item.filter_map(|entry| match &entry.what {
        What::Reply { patient, .. } | What::EditedReply { patient, .. } | What::Match(patient) => Some(patient),
        _ => None,
    });
    patients.filter(|patient| patient.status != MatchStatus::Pending).max().cloned()
}

/// The item was recorded as a patient's words before.
pub fn is_known_reply(history: &[Entry], item_id: &str) -> bool {
    history
        .iter()
        .any(|entry| entry.item_id == item_id && matches!(entry.what, What::Reply { .. } | What::EditedReply { .. }))
}

/// The item was deleted, by this job or by what the history knows. (A restoration may be on its way to the lists.)
pub fn is_deleted(job: &ItemJob, history: &[Entry]) -> bool {
    matches!(job.change, Change::Deleted | Change::Restored)
        || history.iter().any(|entry| entry.item_id == job.item_id && matches!(entry.what, What::Deleted))
}

/// The history holds the item as a request.
pub fn is_known_request(history: &[Entry], item_id: &str) -> bool {
    history.iter().any(|entry| entry.item_id == item_id && matches!(entry.what, What::Request { .. }))
}

/// The history holds what the job tells of. What may be missing is what had to be looked up, and what follows from it.
pub fn is_recorded(job: &ItemJob, history: &[Entry]) -> bool {
    history.iter().filter(|entry| entry.item_id == job.item_id).any(|entry| match (job.change, &entry.what) {
        (Change::Created, What::Reply { .. } | What::Request { .. }) => true,
        (Change::Updated, What::EditedReply { text, .. } | What::EditedRequest { text, .. }) => {
            *text == whole_or_marked(job)
        }
        (Change::Deleted, What::Deleted) | (Change::Restored, What::Restored) => {
            entry.happened_at() == job.modified_at.or(job.event_time).unwrap_or(entry.recorded_at)
        }
        _ => false,
    })
}

/// What the clinic had said last before a consent must be found: it is one, and the history does not say yet.
pub fn needs_context(job: &ItemJob, verdict: &Verdict, history: &[Entry]) -> bool {
    let is_text = matches!(job.change, Change::Created | Change::Updated);
    let has_context =
        history.iter().any(|entry| entry.item_id == job.item_id && matches!(entry.what, What::Context { .. }));
    is_text && verdict.decision == Decision::Consent && !has_context
}

/// The entry for a patient's item.
pub fn of_reply(job: &ItemJob, verdict: Verdict, needs_no_request: bool, patient: Patient, now: Timestamp) -> Entry {
    let text = whole_or_marked(job);
    entry(
        job,
        now,
        match job.change {
            Change::Created => What::Reply { text, verdict, needs_no_request, patient },
            Change::Updated => What::EditedReply { text, verdict, needs_no_request, patient },
            Change::Deleted => What::Deleted,
            Change::Restored => What::Restored,
        },
    )
}

/// The entry for a clinic's item. An answer counts for `window_days` from its creation.
pub fn of_request(job: &ItemJob, pattern: &RequestPattern, window_days: u32, now: Timestamp) -> Entry {
    let text = whole_or_marked(job);
    let expires_at = expiry(job.created_at, window_days);
    entry(
        job,
        now,
        match job.change {
            Change::Created => What::Request { text, expires_at },
            Change::Updated => {
                let expires_at = pattern.is_request(text.expose()).then_some(expires_at);
                What::EditedRequest { text, expires_at }
            }
            Change::Deleted => What::Deleted,
            Change::Restored => What::Restored,
        },
    )
}

/// The entry for something that was looked up about the job's item.
pub fn of_lookup(job: &ItemJob, what: What, now: Timestamp) -> Entry {
    Entry { origin: Origin { event_type: LOOKUP.to_owned(), ..Origin::default() }, ..entry(job, now, what) }
}

/// An item as Spruce lists it: with the words that it has now, whatever it said before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedItem {
    /// Spruce's id.
    pub id: String,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub modified_at: Option<Timestamp>,
    /// Who wrote to whom.
    pub direction: Direction,
    /// Written by staff for staff.
    pub is_internal_note: bool,
    /// A call or a voicemail.
    pub is_call: bool,
    /// The words.
    pub text: Private,
    /// Display name of who wrote it.
    pub author: Private,
    /// How many attachments it has.
    pub attachments: u32,
    /// The link to it in Spruce's app.
    pub app_url: String,
}

impl ListedItem {
    /// The clinic's words to the patient.
    pub fn is_from_clinic(&self) -> bool {
        self.direction == Direction::Outbound && !self.is_internal_note && !self.is_call
    }
}

/// The entry for a request that was found in the conversation's items. If it was changed after the reply, its words are
/// only known to have stood there from then on.
pub fn of_found_request(
    job: &ItemJob,
    item: &ListedItem,
    was_changed: bool,
    window_days: u32,
    now: Timestamp,
) -> Entry {
    let asked_at = item.created_at.unwrap_or(job.created_at);
    let (text, expires_at) = (item.text.clone(), expiry(asked_at, window_days));
    let (what, modified_at) = if was_changed {
        (What::EditedRequest { text, expires_at: Some(expires_at) }, item.modified_at)
    } else {
        (What::Request { text, expires_at }, None)
    };
    let mut entry = of_lookup(job, what, now);
    (entry.item_id, entry.created_at, entry.modified_at) = (item.id.clone(), asked_at, modified_at);
    (entry.origin.author, entry.origin.conversation_url) = (item.author.clone(), item.app_url.clone());
    entry
}

/// What stands in `EventType` where no event brought the row.
pub const LOOKUP: &str = "lookup";

/// Until when an answer to a request counts.
pub fn expiry(asked_at: Timestamp, window_days: u32) -> Timestamp {
    let window = SignedDuration::from_hours(24).saturating_mul(i32::try_from(window_days).unwrap_or(i32::MAX));
    asked_at.saturating_add(window).unwrap_or(Timestamp::MAX)
}

/// What ends a text of which the end is missing.
pub const CUT_MARK: &str = " […]";

fn whole_or_marked(job: &ItemJob) -> Private {
    if job.text_is_cut { format!("{}{CUT_MARK}", job.text.expose()).into() } else { job.text.clone() }
}

fn entry(job: &ItemJob, now: Timestamp, what: What) -> Entry {
    Entry {
        conversation_id: job.conversation_id.clone(),
        item_id: job.item_id.clone(),
        created_at: job.created_at,
        modified_at: job.modified_at,
        recorded_at: now,
        origin: Origin {
            event_type: if job.is_listed { LOOKUP } else { job.change.event_type() }.to_owned(),
            event_time: job.event_time,
            received_at: Some(job.received_at),
            body_sha256: job.body_sha256.clone(),
            channel: job.conversation.as_ref().map(|conversation| conversation.channel.clone()).unwrap_or_default(),
            conversation_url: job.app_url.clone(),
            author: job.author.clone(),
            attachments: job.attachments,
        },
        what,
    }
}
