//! The fold once more, slow and plain, to compare the real one with.
//!
//! It keeps no state and builds no index: each question ("was this request open then?", "what was in force before
//! this?") is answered from the whole heap of entries, again and again, the way one would check it by hand.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{DecidedBy, Folded, State};
use crate::domain::history::{Entry, MatchStatus, Patient, StaffDecision, What};
use crate::domain::private::Private;
use crate::domain::reply::{Decision, Verdict};

/// What the two folds are compared by: everything that the entries decide but the sentences and links.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    status: Option<Standing>,
    /// Ids, newest first.
    reviews: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Standing {
    state: State,
    opted_out: bool,
    decided_at: Option<Timestamp>,
    decided_by: DecidedBy,
    reply: Option<(String, Private)>,
    request: Option<(String, Private)>,
    patient: Patient,
    replies: u32,
}

impl From<Folded> for Outcome {
    fn from(folded: Folded) -> Self {
        Self {
            status: folded.status.map(|status| Standing {
                state: status.state,
                opted_out: status.opted_out,
                decided_at: status.decided_at,
                decided_by: status.decided_by,
                reply: status.reply.map(|reply| (reply.item_id, reply.text)),
                request: status.request.map(|request| (request.item_id, request.text)),
                patient: status.patient,
                replies: status.replies,
            }),
            reviews: folded.reviews.into_iter().map(|review| review.item_id).collect(),
        }
    }
}

/// The outcome, by the rules as they are told.
pub(super) fn outcome(entries: &[Entry]) -> Outcome {
    let oracle = Oracle(entries);
    let reviews = oracle.open_reviews();
    Outcome {
        status: oracle.standing(reviews.first().copied()),
        reviews: reviews.into_iter().map(Into::into).collect(),
    }
}

/// One text of a reply and all that was ever said about it while it stood.
struct Words<'a> {
    written_at: Timestamp,
    recorded_at: Timestamp,
    text: &'a Private,
    verdicts: Vec<&'a Verdict>,
}

impl Words<'_> {
    fn refuse(&self) -> bool {
        self.verdicts.iter().any(|verdict| verdict.decision == Decision::Decline)
    }

    fn opt_out(&self) -> bool {
        self.verdicts.iter().any(|verdict| verdict.decision == Decision::Decline && verdict.opt_out)
    }

    fn consent(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.decision == Decision::Consent)
    }

    fn explicit(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.explicit)
    }
}

/// Something that could decide: a refusing text, a consenting reply, or a decision by staff.
#[derive(Clone, Copy, PartialEq)]
enum Act<'a> {
    Refusal { id: &'a str, words: usize },
    Consent { id: &'a str },
    Staff { entry: &'a Entry, decision: StaffDecision },
}

/// Where an act stands: its time; among equal times its rank, the item's id, and a number.
type Place<'a> = (Timestamp, u8, &'a str, usize);

struct Oracle<'a>(&'a [Entry]);

impl<'a> Oracle<'a> {
    fn about(&self, id: &str) -> impl Iterator<Item = &'a Entry> {
        self.0.iter().filter(move |entry| entry.item_id == id)
    }

    fn ids(&self, wanted: impl Fn(&What) -> bool) -> Vec<&'a str> {
        let entries = self.0.iter().filter(|entry| wanted(&entry.what));
        let mut ids: Vec<&str> = entries.map(|entry| entry.item_id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Replies in the order of rule 1.
    fn replies(&self) -> Vec<&'a str> {
        let mut ids = self.ids(is_reply);
        ids.sort_by_key(|id| (self.created_at(id, is_reply), *id));
        ids
    }

    fn created_at(&self, id: &str, content: fn(&What) -> bool) -> Timestamp {
        self.about(id).filter(|entry| content(&entry.what)).map(|entry| entry.created_at).min().expect("it is known")
    }

    fn words(&self, id: &str) -> Vec<Words<'a>> {
        let mut texts: Vec<(Timestamp, bool, &Private, &Verdict, Timestamp)> = Vec::new();
        for entry in self.about(id) {
            match &entry.what {
                What::Reply { text, verdict, .. } => {
                    texts.push((created_version_at(entry), false, text, verdict, entry.recorded_at));
                }
                What::EditedReply { text, verdict, .. } => {
                    texts.push((changed_at(entry), true, text, verdict, entry.recorded_at));
                }
                _ => {}
            }
        }
        texts.sort();
        let mut words: Vec<Words<'_>> = Vec::new();
        for (at, edited, text, verdict, recorded_at) in texts {
            let is_first = words.is_empty();
            if words.last().is_none_or(|before| before.text != text) {
                let written_at = if is_first && !edited { self.created_at(id, is_reply) } else { at };
                let written_at = words.iter().map(|before| before.written_at).fold(written_at, Timestamp::max);
                words.push(Words { written_at, recorded_at, text, verdicts: Vec::new() });
            }
            let now = words.last_mut().expect("one was pushed");
            now.recorded_at = now.recorded_at.min(recorded_at);
            now.verdicts.push(verdict);
        }
        words
    }

    /// Whether the last thing up to some time that was reported about its existence is a deletion.
    fn deleted(&self, id: &str, until: Timestamp) -> bool {
        let marks = self.about(id).filter(|entry| changed_at(entry) <= until).filter_map(deletes);
        marks.max().is_some_and(|(_, deletes)| deletes)
    }

    fn patient(&self, id: &str) -> Patient {
        let mut own: Vec<(Timestamp, bool, &Patient)> = Vec::new();
        let mut found: Vec<(Timestamp, &Patient)> = Vec::new();
        for entry in self.about(id) {
            match &entry.what {
                What::Reply { patient, .. } => own.push((created_version_at(entry), false, patient)),
                What::EditedReply { patient, .. } => own.push((changed_at(entry), true, patient)),
                What::Match(patient) => found.push((entry.recorded_at, patient)),
                _ => {}
            }
        }
        own.sort();
        found.sort();
        let first_known = own.iter().map(|(.., patient)| *patient).find(|patient| is_known(patient));
        let last_found = found.iter().rev().map(|(_, patient)| *patient).find(|patient| is_known(patient));
        first_known.or(last_found).or(own.first().map(|(.., patient)| *patient)).cloned().unwrap_or_default()
    }

    /// How a request read when a reply was created: its text, and until when it could be answered.
    fn request_as_of(&self, request: &str, reply: &str) -> Option<(&'a Private, Option<Timestamp>)> {
        let reply_at = self.created_at(reply, is_reply);
        if self.deleted(request, reply_at) {
            return None;
        }
        let mut texts: Vec<(Timestamp, bool, &Private, Option<Timestamp>)> = Vec::new();
        for entry in self.about(request) {
            match &entry.what {
                What::Request { text, expires_at } => {
                    texts.push((created_version_at(entry), false, text, Some(*expires_at)));
                }
                What::EditedRequest { text, expires_at } => {
                    texts.push((changed_at(entry), true, text, *expires_at));
                }
                _ => {}
            }
        }
        texts.sort();
        // The same words again keep what they were first.
        texts.dedup_by(|again, first| again.2 == first.2);
        let created = (self.created_at(request, is_request), request);
        let mut read = None;
        for (place, (at, edited, text, expires_at)) in texts.into_iter().enumerate() {
            let had_begun = if place == 0 && !edited { created < (reply_at, reply) } else { at <= reply_at };
            if !had_begun {
                break;
            }
            read = Some((text, expires_at));
        }
        read
    }

    /// The newest request before a reply for which something holds.
    fn newest_request(
        &self,
        reply: &str,
        holds: impl Fn(Option<Timestamp>) -> bool,
    ) -> Option<(Timestamp, &'a str, &'a Private)> {
        let standing = self.ids(is_request).into_iter().filter_map(|id| {
            let (text, expires_at) = self.request_as_of(id, reply)?;
            holds(expires_at).then(|| (self.created_at(id, is_request), id, text))
        });
        standing.max()
    }

    fn open_request(&self, reply: &str) -> Option<(Timestamp, &'a str, &'a Private)> {
        let reply_at = self.created_at(reply, is_reply);
        self.newest_request(reply, |expires_at| expires_at.is_some_and(|expires_at| reply_at <= expires_at))
    }

    fn shown_request(&self, reply: &str) -> Option<(Timestamp, &'a str, &'a Private)> {
        self.newest_request(reply, |expires_at| expires_at.is_some())
    }

    fn needs_no_request(&self, reply: &str) -> bool {
        self.about(reply).filter(|entry| is_reply(&entry.what)).all(|entry| match entry.what {
            What::Reply { needs_no_request, .. } | What::EditedReply { needs_no_request, .. } => needs_no_request,
            _ => false,
        })
    }

    /// Whether the clinic's last text before a reply is an open request.
    fn last_text_is_open_request(&self, reply: &str) -> bool {
        let contexts = || {
            self.about(reply).filter_map(|entry| match &entry.what {
                What::Context { preceding_item_id, preceding_is_request } => {
                    Some((preceding_item_id.as_str(), *preceding_is_request))
                }
                _ => None,
            })
        };
        let Some((preceding, true)) = contexts().next() else { return false };
        if contexts().any(|context| context != (preceding, true)) || !self.ids(is_request).contains(&preceding) {
            return false;
        }
        let named = (self.created_at(preceding, is_request), preceding);
        let last = self.newest_request(reply, |_| true).map(|(at, id, _)| (at, id));
        let open = self.open_request(reply).map(|(at, id, _)| (at, id));
        last >= Some(named) && last == open
    }

    /// Rule 3, without what depends on refusals before.
    fn is_sound_consent(&self, reply: &str) -> bool {
        let words = self.words(reply);
        let [words] = words.as_slice() else { return false };
        let identified = self.patient(reply).status.is_identified();
        let answers = self.needs_no_request(reply)
            || (self.open_request(reply).is_some() && (words.explicit() || self.last_text_is_open_request(reply)));
        words.consent() && !self.deleted(reply, Timestamp::MAX) && identified && answers
    }

    /// All acts, in the order in which they stand.
    fn acts(&self) -> Vec<Act<'a>> {
        let mut acts: Vec<(Place<'_>, Act<'_>)> = Vec::new();
        for id in self.replies() {
            let words = self.words(id);
            for (index, said) in words.iter().enumerate().filter(|(_, words)| words.refuse()) {
                acts.push(((said.written_at, 1, id, index), Act::Refusal { id, words: index }));
            }
            if !words.iter().any(Words::refuse) && self.is_sound_consent(id) {
                acts.push(((self.created_at(id, is_reply), 1, id, 0), Act::Consent { id }));
            }
        }
        let mut calls: Vec<(&str, StaffDecision, &Private, &Entry)> = Vec::new();
        for entry in self.0 {
            if let What::Review { decision, reviewed_by, .. } = &entry.what {
                calls.push((&entry.item_id, *decision, reviewed_by, entry));
            }
        }
        calls.sort();
        for (index, (id, decision, _, entry)) in calls.into_iter().enumerate() {
            let rank = if decision == StaffDecision::Decline { 2 } else { 0 };
            acts.push(((entry.created_at, rank, id, index), Act::Staff { entry, decision }));
        }
        acts.sort_by_key(|(place, _)| *place);
        acts.into_iter().map(|(_, act)| act).collect()
    }

    fn refused_at(&self, act: &Act<'_>) -> Option<Timestamp> {
        match act {
            Act::Refusal { id, words } => Some(self.words(id)[*words].written_at),
            Act::Staff { entry, decision: StaffDecision::Decline } => Some(entry.created_at),
            Act::Staff { .. } | Act::Consent { .. } => None,
        }
    }

    /// The state that the last of these acts brought about, if it took effect; the one before it if not.
    fn in_force(&self, acts: &[Act<'a>]) -> Option<State> {
        let (last, before) = acts.split_last()?;
        self.effect(*last, before).or_else(|| self.in_force(before))
    }

    fn effect(&self, act: Act<'a>, before: &[Act<'a>]) -> Option<State> {
        match act {
            Act::Refusal { .. } | Act::Staff { decision: StaffDecision::Decline, .. } => Some(State::Declined),
            Act::Staff { decision: StaffDecision::Ignore, .. } => None,
            Act::Staff { entry, decision: StaffDecision::Consent } => {
                self.could_be_known(entry).then_some(State::Consented)
            }
            Act::Consent { id } => {
                let explicit = self.words(id)[0].explicit();
                let refused_at = before.iter().filter_map(|act| self.refused_at(act)).max();
                let newer = self.needs_no_request(id)
                    || self.open_request(id).is_some_and(|(at, ..)| refused_at.is_none_or(|refused| at > refused));
                let allowed = if self.opted_out(before) {
                    explicit && newer
                } else {
                    self.in_force(before) != Some(State::Declined) || explicit || newer
                };
                allowed.then_some(State::Consented)
            }
        }
    }

    /// Whether every refusal written before a decision by staff had been recorded by then.
    fn could_be_known(&self, call: &Entry) -> bool {
        self.replies()
            .into_iter()
            .flat_map(|id| self.words(id))
            .filter(Words::refuse)
            .all(|refusal| refusal.written_at >= call.created_at || refusal.recorded_at < call.created_at)
    }

    fn opted_out(&self, acts: &[Act<'a>]) -> bool {
        let Some((last, before)) = acts.split_last() else { return false };
        match *last {
            Act::Refusal { id, words } if self.words(id)[words].opt_out() => true,
            act => self.effect(act, before) != Some(State::Consented) && self.opted_out(before),
        }
    }

    fn open_reviews(&self) -> Vec<&'a str> {
        let acts = self.acts();
        let takes_effect = |wanted: &dyn Fn(Act<'a>) -> bool| {
            acts.iter().enumerate().any(|(index, act)| wanted(*act) && self.effect(*act, &acts[..index]).is_some())
        };
        let mut open: Vec<&str> = self.replies();
        open.retain(|id| {
            let words = self.words(id);
            let last = words.last().expect("a reply has words");
            let deleted = self.deleted(id, Timestamp::MAX);
            let is_settled = if words.iter().any(Words::refuse) {
                !deleted && !words[..words.len() - 1].iter().any(Words::refuse)
            } else {
                takes_effect(&|act| act == Act::Consent { id })
            };
            let refused_later = takes_effect(&|act| match act {
                Act::Refusal { id: other, words } => {
                    other != *id && (self.words(other)[words].written_at, other) > (last.written_at, *id)
                }
                Act::Consent { .. } | Act::Staff { .. } => false,
            });
            let consented_later = takes_effect(&|act| match act {
                Act::Consent { id: other } if self.needs_no_request(other) => {
                    (self.created_at(other, is_reply), other) > (last.written_at, *id)
                }
                Act::Consent { id: other } => self.open_request(other).is_some_and(|(at, ..)| at > last.written_at),
                Act::Refusal { .. } | Act::Staff { .. } => false,
            });
            let decided = acts.iter().any(|act| match *act {
                Act::Staff { entry, decision } => {
                    (entry.item_id == *id || entry.item_id.is_empty())
                        && (decision != StaffDecision::Consent || self.could_be_known(entry))
                        && self.all_known(id, entry.created_at)
                }
                Act::Refusal { .. } | Act::Consent { .. } => false,
            });
            !(is_settled || refused_later || consented_later || decided)
        });
        open.sort_by_key(|id| Reverse((self.created_at(id, is_reply), *id)));
        open
    }

    /// Whether all that staff should know of a reply had been recorded before some time.
    fn all_known(&self, id: &str, by: Timestamp) -> bool {
        let words_known = self.words(id).iter().all(|words| words.recorded_at < by);
        // The deletion that stands is known from the first report of it after the last restoration.
        let restored_at = self.about(id).filter_map(deletes).filter(|(_, deletes)| !deletes).max();
        let reports = self.about(id).filter(|entry| matches!(entry.what, What::Deleted));
        let standing = reports.filter(|entry| Some((changed_at(entry), true)) > restored_at);
        let deletion_known = standing.map(|entry| entry.recorded_at).min().is_none_or(|recorded_at| recorded_at < by);
        words_known && (deletion_known || !self.deleted(id, Timestamp::MAX))
    }

    fn standing(&self, newest_review: Option<&str>) -> Option<Standing> {
        let acts = self.acts();
        let state = self.in_force(&acts);
        // The first of the run: the earliest act in effect after which no other state was ever in force.
        let first = (0..acts.len()).find(|index| {
            self.effect(acts[*index], &acts[..*index]) == state
                && (*index..acts.len()).all(|later| self.in_force(&acts[..=later]) == state)
        });
        let replies = self.replies();
        let (decided_at, decided_by, reply) = match (state, first) {
            (Some(_), Some(index)) => match acts[index] {
                Act::Refusal { id, words } => {
                    let words = self.words(id).swap_remove(words);
                    (Some(words.written_at), DecidedBy::Patient, Some((id, words.text)))
                }
                Act::Consent { id } => {
                    (Some(self.created_at(id, is_reply)), DecidedBy::Patient, Some((id, self.words(id)[0].text)))
                }
                Act::Staff { entry, .. } => {
                    let What::Review { reviewed_by, .. } = &entry.what else { unreachable!("it is a review") };
                    let reply = replies.iter().find(|id| **id == entry.item_id);
                    let reply = reply.map(|id| (*id, self.words(id).last().expect("a reply has words").text));
                    (Some(entry.created_at), DecidedBy::Staff(reviewed_by.clone()), reply)
                }
            },
            (Some(_), None) => unreachable!("what is in force began somewhere"),
            (None, _) => {
                let shown = newest_review.and_then(|shown| replies.iter().find(|id| **id == shown));
                let id = shown.or(replies.last())?;
                (None, DecidedBy::Nobody, Some((*id, self.words(id).last().expect("a reply has words").text)))
            }
        };
        let by_patient = decided_by == DecidedBy::Patient;
        let asked = |id| match state {
            Some(State::Consented) if by_patient && !self.needs_no_request(id) => self.open_request(id),
            _ => self.shown_request(id),
        };
        let newest_first = reply.map(|(id, _)| id).into_iter().chain(replies.iter().rev().copied());
        let patient = newest_first.map(|id| self.patient(id)).find(is_known);
        Some(Standing {
            state: state.unwrap_or(State::NeedsReview),
            opted_out: self.opted_out(&acts),
            decided_at,
            decided_by,
            reply: reply.map(|(id, text)| (id.to_owned(), text.clone())),
            request: reply.and_then(|(id, _)| asked(id)).map(|(_, id, text)| (id.to_owned(), text.clone())),
            patient: patient.or(reply.map(|(id, _)| self.patient(id))).unwrap_or_default(),
            replies: u32::try_from(replies.len()).expect("few"),
        })
    }
}

fn is_reply(what: &What) -> bool {
    matches!(what, What::Reply { .. } | What::EditedReply { .. })
}

fn is_request(what: &What) -> bool {
    matches!(what, What::Request { .. } | What::EditedRequest { .. })
}

fn is_known(patient: &Patient) -> bool {
    patient.status != MatchStatus::Pending
}

fn deletes(entry: &Entry) -> Option<(Timestamp, bool)> {
    match entry.what {
        What::Deleted => Some((changed_at(entry), true)),
        What::Restored => Some((changed_at(entry), false)),
        _ => None,
    }
}

fn changed_at(entry: &Entry) -> Timestamp {
    entry.modified_at.or(entry.origin.event_time).unwrap_or(entry.recorded_at)
}

fn created_version_at(entry: &Entry) -> Timestamp {
    entry.modified_at.or(entry.origin.event_time).unwrap_or(entry.created_at)
}
