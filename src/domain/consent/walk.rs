//! The walk through a conversation: what takes effect, in the order in which things stand, and what waits for staff.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::questions::Question;
use super::reason;
use super::record::{Context, Record, Reply, StaffCall, Version};
use super::{DecidedBy, STAFF_RULE, State};
use crate::domain::history::{MatchStatus, StaffDecision};
use crate::domain::private::Private;
use crate::domain::reply::{Decision, Verdict};

/// One walk through a conversation, in the order in which things stand.
#[derive(Default)]
pub(super) struct Walk<'r, 'a> {
    /// What is in force, `None` until something is.
    pub(super) run: Option<Run<'r, 'a>>,
    pub(super) opted_out: bool,
    /// When the newest refusal so far was written, or recorded by staff.
    refused_at: Option<Timestamp>,
    /// When the last of the patient's refusals so far was recorded.
    refusal_recorded_at: Option<Timestamp>,
    /// What waits for staff, or did.
    concerns: Vec<Concern<'r, 'a>>,
    /// The newest refusal of the patient so far.
    refused: Option<Place<'a>>,
    /// The newest request that a consent in effect answered.
    consented_to: Option<Place<'a>>,
    /// When staff last decided about each item; under the empty id, about the whole conversation.
    decided: BTreeMap<&'a str, Timestamp>,
}

/// An unbroken run of replies and decisions that say the same, by its first.
pub(super) struct Run<'r, 'a> {
    pub(super) state: State,
    pub(super) at: Timestamp,
    pub(super) by: DecidedBy,
    pub(super) reply: Option<(&'r Reply<'a>, &'a Private)>,
    pub(super) request: Option<Question<'a>>,
    pub(super) reason: Cow<'a, str>,
    pub(super) rule: &'a str,
}

/// A reply that opens a review.
pub(super) struct Concern<'r, 'a> {
    pub(super) reply: &'r Reply<'a>,
    pub(super) reason: &'a str,
}

/// A time, and the id that decides between equal times.
type Place<'a> = (Timestamp, &'a str);

/// What can change what is in force.
#[derive(Clone, Copy)]
enum Step<'r, 'a> {
    Refusal(&'r Reply<'a>, &'r Version<'a, &'a Verdict>),
    Consent(&'r Reply<'a>),
    Staff(&'r StaffCall<'a>),
}

/// The request that a consent answers.
#[derive(Clone, Copy)]
enum Answer<'a> {
    Named(Question<'a>),
    /// Under `CONSENT_REQUEST_PATTERN=any`: a request that nobody recorded, newer than everything before the reply.
    Unnamed,
}

impl<'r, 'a> Walk<'r, 'a> {
    /// Takes every step. Order among the concerns means nothing yet.
    pub(super) fn through(record: &'r Record<'a>) -> Self {
        let mut walk = Self::default();
        let mut steps: Vec<Step<'_, '_>> = record.decisions.iter().map(Step::Staff).collect();
        for reply in &record.replies {
            let refusals = steps.len();
            steps.extend(reply.refusals().map(|version| Step::Refusal(reply, version)));
            if steps.len() > refusals {
                // One version that refuses makes the item a refusal, whatever became of it. That something did become
                // of it is for staff to read.
                if reply.deleted.is_some() {
                    walk.concerns.push(Concern { reply, reason: reason::REFUSAL_DELETED });
                } else if reply.refusal_was_changed() {
                    walk.concerns.push(Concern { reply, reason: reason::REFUSAL_CHANGED });
                }
            } else if reply.versions().any(|version| version.said.decision == Decision::Consent) {
                steps.push(Step::Consent(reply));
            } else {
                let reason = reply.last().said.reason.as_ref();
                let reason = if reason.is_empty() { reason::UNCLEAR } else { reason };
                walk.concerns.push(Concern { reply, reason });
            }
        }
        steps.sort_by_key(Step::place);
        for step in steps {
            match step {
                Step::Refusal(reply, version) => walk.refuse(reply, version),
                Step::Consent(reply) => match walk.answer(reply) {
                    Ok(answer) => walk.consent(reply, answer),
                    Err(reason) => walk.concerns.push(Concern { reply, reason }),
                },
                Step::Staff(call) => walk.staff(call, record),
            }
        }
        walk
    }

    fn refuse(&mut self, reply: &'r Reply<'a>, version: &Version<'a, &'a Verdict>) {
        self.refused_at = self.refused_at.max(Some(version.written_at));
        self.refusal_recorded_at = self.refusal_recorded_at.max(Some(version.recorded_at));
        self.refused = self.refused.max(Some((version.written_at, reply.id)));
        self.opted_out |= version.said.opt_out;
        self.enter(State::Declined, || Run {
            state: State::Declined,
            at: version.written_at,
            by: DecidedBy::Patient,
            reply: Some((reply, version.text)),
            request: reply.asked.newest,
            reason: Cow::Borrowed(&version.said.reason),
            rule: &version.said.rule,
        });
    }

    /// Whether a reply that consents takes effect at this point: the request that it answers, or the reason why a
    /// person has to look at it. Ordered so that the reason is the one that staff can do most about.
    fn answer(&self, reply: &Reply<'a>) -> Result<Answer<'a>, &'static str> {
        if reply.deleted.is_some() {
            return Err(reason::CONSENT_DELETED);
        }
        // Even from one yes to another: which of the two is the consent, and what was between them?
        if !reply.changes.is_empty() {
            return Err(reason::CONSENT_CHANGED);
        }
        match reply.patient.status {
            MatchStatus::Matched | MatchStatus::MatchedByPhone | MatchStatus::Unsaved => {}
            MatchStatus::SharedNumber => return Err(reason::SHARED_NUMBER),
            MatchStatus::Ambiguous => return Err(reason::AMBIGUOUS),
            MatchStatus::Pending => return Err(reason::PENDING),
        }
        let explicit = reply.first.said.explicit;
        let answer = if reply.needs_no_request { Answer::Unnamed } else { Answer::Named(answered(reply, explicit)?) };
        if !matches!(&self.run, Some(run) if run.state == State::Declined) {
            return Ok(answer);
        }
        let newer = match answer {
            Answer::Named(question) => Some(question.requested_at) > self.refused_at,
            Answer::Unnamed => true,
        };
        if self.opted_out && !(explicit && newer) {
            return Err(reason::AFTER_OPT_OUT);
        }
        if !explicit && !newer {
            return Err(reason::AFTER_REFUSAL);
        }
        Ok(answer)
    }

    fn consent(&mut self, reply: &'r Reply<'a>, answer: Answer<'a>) {
        let (request, place) = match answer {
            Answer::Named(question) => (Some(question), (question.requested_at, "")),
            Answer::Unnamed => (reply.asked.newest, (reply.created_at, reply.id)),
        };
        self.consented_to = self.consented_to.max(Some(place));
        self.opted_out = false;
        let version = &reply.first;
        self.enter(State::Consented, || Run {
            state: State::Consented,
            at: reply.created_at,
            by: DecidedBy::Patient,
            reply: Some((reply, version.text)),
            request,
            reason: Cow::Borrowed(&version.said.reason),
            rule: &version.said.rule,
        });
    }

    fn staff(&mut self, call: &'r StaffCall<'a>, record: &'r Record<'a>) {
        let (state, reason) = match call.decision {
            // A refusal that was written before the decision but recorded after it: staff could not know of it. Their
            // consent must not outrank it, so it decides nothing, and what it was about is for staff to read again.
            StaffDecision::Consent if self.refusal_recorded_at >= Some(call.at) => return,
            StaffDecision::Consent => (Some(State::Consented), reason::STAFF_CONSENT),
            StaffDecision::Decline => (Some(State::Declined), reason::STAFF_DECLINE),
            StaffDecision::Ignore => (None, ""),
        };
        self.decided.insert(call.item_id, call.at);
        let Some(state) = state else { return };
        match state {
            State::Consented => self.opted_out = false,
            State::Declined => self.refused_at = self.refused_at.max(Some(call.at)),
            State::NeedsReview => {}
        }
        let reply = record.reply(call.item_id);
        self.enter(state, || Run {
            state,
            at: call.at,
            by: DecidedBy::Staff(call.by.clone()),
            reply: reply.map(|reply| (reply, reply.last().text)),
            request: reply.and_then(|reply| reply.asked.newest),
            reason: Cow::Borrowed(reason),
            rule: STAFF_RULE,
        });
    }

    /// A run begins, or goes on by what started it.
    fn enter(&mut self, state: State, run: impl FnOnce() -> Run<'r, 'a>) {
        if !matches!(&self.run, Some(run) if run.state == state) {
            self.run = Some(run());
        }
    }

    /// What still waits for staff, newest first.
    pub(super) fn open_concerns(&self) -> Vec<&Concern<'r, 'a>> {
        let mut open: Vec<&Concern<'_, '_>> =
            self.concerns.iter().filter(|concern| !self.closes(concern.reply)).collect();
        open.sort_by_key(|concern| Reverse((concern.reply.created_at, concern.reply.id)));
        open
    }

    /// Whether the review of a reply is closed: by a later refusal, by a consent to a newer request, or by staff.
    ///
    /// Later and newer than its last words, so that its own refusal never closes it. A decision by staff closes the
    /// review that it is about and no other: it shows that they read this text, not that they read those before it.
    /// And it closes it only if they could know of all that happened to the item.
    fn closes(&self, reply: &Reply<'a>) -> bool {
        let place = (reply.last().written_at, reply.id);
        let refused_later = self.refused > Some(place);
        let consented_later = self.consented_to > Some(place);
        let known_since = reply.known_since();
        let decided = |id: &str| self.decided.get(id).is_some_and(|at| *at > known_since);
        refused_later || consented_later || decided(reply.id) || decided("")
    }
}

impl<'a> Step<'_, 'a> {
    /// Where it stands. In the same instant, a consent by staff comes before what the patient wrote and a refusal by
    /// staff after it: what cannot be told apart is taken as the refusal.
    fn place(&self) -> (Timestamp, u8, &'a str) {
        const BEFORE_REPLIES: u8 = 0;
        const REPLIES: u8 = 1;
        const AFTER_REPLIES: u8 = 2;
        match self {
            Self::Refusal(reply, version) => (version.written_at, REPLIES, reply.id),
            Self::Consent(reply) => (reply.created_at, REPLIES, reply.id),
            Self::Staff(call) => match call.decision {
                StaffDecision::Consent | StaffDecision::Ignore => (call.at, BEFORE_REPLIES, call.item_id),
                StaffDecision::Decline => (call.at, AFTER_REPLIES, call.item_id),
            },
        }
    }
}

/// The request that a consent answers.
fn answered<'a>(reply: &Reply<'a>, explicit: bool) -> Result<Question<'a>, &'static str> {
    let asked = &reply.asked;
    let Some(open) = asked.open else {
        return Err(if asked.newest.is_some() { reason::EXPIRED } else { reason::NEVER_ASKED });
    };
    // Words that say themselves what they agree to need no more than somebody who asked.
    if explicit {
        return Ok(open);
    }
    // A bare yes answers whatever was said last. That has to be a request by the list of the conversation's items and
    // by the history too: the list may lag behind a newer request, and the history knows no ordinary texts.
    match reply.context {
        Context::Unknown => Err(reason::CONTEXT_PENDING),
        Context::Disputed => Err(reason::CONTEXT_DISPUTED),
        Context::Known { is_request: false, .. } => Err(reason::OTHER_TEXT_BETWEEN),
        Context::Known { is_request: true, .. } => {
            let Some(context_at) = asked.context_at else { return Err(reason::CONTEXT_PENDING) };
            match asked.last.map(|last| last.place()) {
                Some(last) if last < context_at => Err(reason::CONTEXT_DISPUTED),
                Some(last) if last == open.place() => Ok(open),
                Some(last) if asked.newest.is_some_and(|newest| newest.place() == last) => Err(reason::EXPIRED),
                Some(_) | None => Err(reason::OTHER_TEXT_BETWEEN),
            }
        }
    }
}
