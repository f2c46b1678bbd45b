//! The fold: what holds for a conversation, from the set of things that happened in it.
//!
//! A pure function: no clock, no settings, and neither the order nor the number of the entries matters. So whatever
//! order Spruce's events arrive in, however often, and whatever failed on the way, the same history gives the same
//! status. The rules, in the order in which they give way to each other:
//!
//! 1. A refusal takes effect, always: no condition on who wrote it, what was asked, or what became of the text later.
//! 2. A consent takes effect if nothing is in doubt: one text, not deleted, from an identified patient, in answer to
//!    a request that was open, and strong enough to follow what the patient refused before (`walk`).
//! 3. What staff decide takes effect when they decide it; only a refusal that they could not know of yet undoes it.
//! 4. Everything else waits in a review for a person to read it.
//!
//! Items stand in the order of their creation. A refusal that came by an edit stands at the time of the edit, because
//! a consent that the patient gave between the two cannot outrank words that came after it.
//!
//! `stories` has the rules as a table of examples, `laws` as properties of random histories.

#[cfg(test)]
mod laws;
#[cfg(test)]
mod oracle;
mod questions;
mod reason;
mod record;
#[cfg(test)]
mod stories;
mod walk;

use std::borrow::Cow;

use jiff::Timestamp;

use self::record::{Record, Reply};
use self::walk::{Concern, Run, Walk};
use super::history::{Entry, MatchStatus, Patient};
use super::private::Private;

/// What a history comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// What holds now. `None` if there is neither a reply nor a decision by staff.
    pub status: Option<Status>,
    /// What staff have to read, newest first (by the item's creation, then its id).
    pub reviews: Vec<OpenReview>,
}

/// What holds for a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The state.
    pub state: State,
    /// The patient wants no more texts. Holds from the opt-out until a consent takes effect.
    pub opted_out: bool,
    /// Who wrote the deciding reply; where nobody knows that yet, the newest person known in the conversation.
    pub patient: Patient,
    /// When the state began: the time of the first reply of the unbroken run, or of the staff's decision; for a
    /// refusal that came by an edit the time of the edit. `None` while nothing is decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: DecidedBy,
    /// The deciding reply in the words that decided. Without a decision, the newest reply under review, else the
    /// newest of all. `None` if staff decided about no reply.
    pub reply: Option<Quote>,
    /// The request that `reply` answers, as it read then.
    pub request: Option<Quote>,
    /// One sentence for staff.
    pub reason: String,
    /// The classifier's rule for `reply`; [`STAFF_RULE`] if staff decided.
    pub rule: String,
    /// `phone`, `secure` and so on; empty if it is not known.
    pub channel: String,
    /// The link to the conversation in Spruce's app; empty if it is not known.
    pub conversation_url: String,
    /// How many inbound items are known, deleted ones too.
    pub replies: u32,
}

/// The state of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// A consent is in force.
    Consented,
    /// A refusal is in force.
    Declined,
    /// There are replies, and nothing is decided.
    NeedsReview,
}

/// Who brought the state about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// Nothing is decided yet.
    Nobody,
    /// The patient, by a reply.
    Patient,
    /// A member of the staff, by this name.
    Staff(Private),
}

/// An item's words and where to find them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Spruce's id of the item.
    pub item_id: String,
    /// The words.
    pub text: Private,
    /// When the item was created.
    pub created_at: Timestamp,
}

/// A reply that a person has to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReview {
    /// Spruce's id of the reply.
    pub item_id: String,
    /// When the reply was created.
    pub created_at: Timestamp,
    /// When the webhook took it in, if it came that way.
    pub received_at: Option<Timestamp>,
    /// Who wrote it, as far as known.
    pub patient: Patient,
    /// Its latest words.
    pub reply_text: Private,
    /// Why it waits: a sentence for the front desk.
    pub reason: String,
    /// The request that stood before it, open or expired; empty if there is none.
    pub request_text: Private,
    /// The link to the reply in Spruce's app; empty if it is not known.
    pub conversation_url: String,
}

/// [`Status::rule`] of what staff decided.
pub const STAFF_RULE: &str = "staff";

/// Folds the history of one conversation. Entries are taken as a set.
pub fn fold(entries: &[Entry]) -> Folded {
    let record = Record::read(entries);
    let walk = Walk::through(&record);
    let concerns = walk.open_concerns();
    Folded {
        status: status(&record, &walk, concerns.first().copied()),
        reviews: concerns.into_iter().map(Concern::open).collect(),
    }
}

impl State {
    /// Every state there is.
    pub const ALL: [Self; 3] = [Self::Consented, Self::Declined, Self::NeedsReview];

    /// The word in the column `Status`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consented => "Consented",
            Self::Declined => "Declined",
            Self::NeedsReview => "NeedsReview",
        }
    }

    /// Reads [`State::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl Concern<'_, '_> {
    fn open(&self) -> OpenReview {
        let reply = self.reply;
        let request = reply.asked.newest;
        OpenReview {
            item_id: reply.id.to_owned(),
            created_at: reply.created_at,
            received_at: reply.received_at,
            patient: reply.patient.clone(),
            reply_text: reply.last().text.clone(),
            reason: self.reason.to_owned(),
            request_text: request.map(|request| request.text.clone()).unwrap_or_default(),
            conversation_url: reply.conversation_url.to_owned(),
        }
    }
}

fn status(record: &Record<'_>, walk: &Walk<'_, '_>, newest_review: Option<&Concern<'_, '_>>) -> Option<Status> {
    let undecided = || {
        let reply = newest_review.map(|review| review.reply).or(record.replies.last())?;
        Some(Run {
            state: State::NeedsReview,
            at: reply.created_at,
            by: DecidedBy::Nobody,
            reply: Some((reply, reply.last().text)),
            request: reply.asked.newest,
            reason: Cow::Owned(newest_review.map_or(reason::NOTHING_DECIDED, |review| review.reason).to_owned()),
            rule: &reply.last().said.rule,
        })
    };
    let undecided = if walk.run.is_none() { undecided() } else { None };
    let run = walk.run.as_ref().or(undecided.as_ref())?;
    let reply = run.reply.map(|(reply, _)| reply);
    let known = |reply: &&Reply<'_>| reply.patient.status != MatchStatus::Pending;
    let patient = reply.filter(known).or_else(|| record.replies.iter().rev().find(known)).or(reply);
    let or_else = |own: Option<&str>, newest: &str| own.filter(|own| !own.is_empty()).unwrap_or(newest).to_owned();
    Some(Status {
        state: run.state,
        opted_out: walk.opted_out,
        patient: patient.map(|reply| reply.patient.clone()).unwrap_or_default(),
        decided_at: (run.state != State::NeedsReview).then_some(run.at),
        decided_by: run.by.clone(),
        reply: run.reply.map(|(reply, text)| Quote {
            item_id: reply.id.to_owned(),
            text: text.clone(),
            created_at: reply.created_at,
        }),
        request: run.request.map(|request| Quote {
            item_id: request.item_id.to_owned(),
            text: request.text.clone(),
            created_at: request.requested_at,
        }),
        reason: run.reason.clone().into_owned(),
        rule: run.rule.to_owned(),
        channel: or_else(reply.map(|reply| reply.channel), record.channel),
        conversation_url: or_else(reply.map(|reply| reply.conversation_url), record.conversation_url),
        replies: u32::try_from(record.replies.len()).unwrap_or(u32::MAX),
    })
}
