//! From loose entries to items: what is known of each reply, each request and each staff decision.
//!
//! Everything here is a minimum, a maximum or a sort over *all* entries of an item, so that neither the order nor the
//! number of their deliveries can show.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::questions::{self, Asked};
use crate::domain::history::{Entry, MatchStatus, Patient, StaffDecision, What};
use crate::domain::private::Private;
use crate::domain::reply::{Decision, Verdict};

/// A conversation's history, by item.
pub(super) struct Record<'a> {
    /// In the order in which they were created, then by id.
    pub(super) replies: Vec<Reply<'a>>,
    /// Where each reply is in `replies`, by its id.
    places: BTreeMap<&'a str, usize>,
    /// Oldest first.
    pub(super) decisions: Vec<StaffCall<'a>>,
    /// The newest channel known, empty if none is.
    pub(super) channel: &'a str,
    /// The newest link known, empty if none is.
    pub(super) conversation_url: &'a str,
}

/// An inbound item.
pub(super) struct Reply<'a> {
    pub(super) id: &'a str,
    pub(super) created_at: Timestamp,
    /// The first text known.
    pub(super) first: Version<'a, &'a Verdict>,
    /// Later texts, each different from the one before it. Not empty means edited.
    pub(super) changes: Vec<Version<'a, &'a Verdict>>,
    /// When the deletion was recorded, if the item is deleted as things stand.
    pub(super) deleted: Option<Timestamp>,
    /// Who wrote it, as far as known.
    pub(super) patient: &'a Patient,
    /// Every version of it was taken under `CONSENT_REQUEST_PATTERN=any`.
    pub(super) needs_no_request: bool,
    /// What the clinic said last before it, as far as looked up.
    pub(super) context: Context<'a>,
    /// Which requests stood when it was created.
    pub(super) asked: Asked<'a>,
    pub(super) channel: &'a str,
    pub(super) conversation_url: &'a str,
    pub(super) received_at: Option<Timestamp>,
}

/// One text of an item. `T` is what the text amounts to: a verdict for replies, an expiry for requests.
#[derive(Clone, Copy)]
pub(super) struct Version<'a, T> {
    /// When it came to say so: the item's creation for the original, else the time of the edit, never before the text
    /// that it replaces. A text known only from an edit counts from that edit, the latest moment at which it can have
    /// been written: that is the safe side for a refusal, and a consent is placed by the item's creation, never by this.
    pub(super) written_at: Timestamp,
    /// Whether this is the text with which the item was created.
    pub(super) original: bool,
    /// When this text was first recorded.
    pub(super) recorded_at: Timestamp,
    pub(super) text: &'a Private,
    pub(super) said: T,
}

/// An outbound item that asks for consent, or did in one of its versions.
pub(super) struct Request<'a> {
    pub(super) id: &'a str,
    pub(super) created_at: Timestamp,
    /// In order; what each says is until when an answer counts, `None` if it asks nothing.
    pub(super) versions: Vec<Version<'a, Option<Timestamp>>>,
    /// In order.
    pub(super) marks: Vec<Mark>,
}

/// A deletion, or its undoing. Orders by time; at the same instant the deletion comes last, as the item's safer state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub(super) at: Timestamp,
    pub(super) deletes: bool,
    recorded_at: Timestamp,
}

/// What is known about the clinic's last text before a reply.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Context<'a> {
    /// Not looked up yet.
    Unknown,
    /// It is this item, and whether it asks for consent.
    Known { item_id: &'a str, is_request: bool },
    /// Two look-ups differ, so neither is evidence.
    Disputed,
}

/// A decision by staff.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StaffCall<'a> {
    pub(super) at: Timestamp,
    /// Empty for the whole conversation.
    pub(super) item_id: &'a str,
    pub(super) decision: StaffDecision,
    pub(super) by: &'a Private,
}

impl<'a> Record<'a> {
    /// Sorts the entries out.
    pub(super) fn read(entries: &'a [Entry]) -> Self {
        let mut drafts: BTreeMap<&str, Draft<'_>> = BTreeMap::new();
        let mut decisions = Vec::new();
        for entry in entries {
            match &entry.what {
                What::Review { decision, reviewed_by, note: _ } => decisions.push(StaffCall {
                    at: entry.created_at,
                    item_id: &entry.item_id,
                    decision: *decision,
                    by: reviewed_by,
                }),
                What::Reply { .. }
                | What::Request { .. }
                | What::EditedReply { .. }
                | What::EditedRequest { .. }
                | What::Deleted
                | What::Restored
                | What::Match(_)
                | What::Context { .. }
                | What::Confirmation { .. } => drafts.entry(&entry.item_id).or_default().add(entry),
            }
        }
        decisions.sort_unstable();
        let requests: Vec<Request<'_>> = drafts.iter().filter_map(|(id, draft)| draft.request(id)).collect();
        let mut replies: Vec<Reply<'_>> = drafts.iter().filter_map(|(id, draft)| draft.reply(id)).collect();
        replies.sort_by_key(|reply| (reply.created_at, reply.id));
        questions::put(&requests, &mut replies);
        Self {
            places: replies.iter().enumerate().map(|(place, reply)| (reply.id, place)).collect(),
            replies,
            decisions,
            channel: newest(entries, |entry| &entry.origin.channel),
            conversation_url: newest(entries, |entry| &entry.origin.conversation_url),
        }
    }

    /// The reply with this id.
    pub(super) fn reply(&self, id: &str) -> Option<&Reply<'a>> {
        self.replies.get(*self.places.get(id)?)
    }
}

impl<'a> Reply<'a> {
    /// All texts, oldest first.
    pub(super) fn versions(&self) -> impl DoubleEndedIterator<Item = &Version<'a, &'a Verdict>> {
        std::iter::once(&self.first).chain(&self.changes)
    }

    /// The text as it is now.
    pub(super) fn last(&self) -> &Version<'a, &'a Verdict> {
        self.changes.last().unwrap_or(&self.first)
    }

    /// The texts that refuse. One is enough to make the item a refusal for good.
    pub(super) fn refusals(&self) -> impl Iterator<Item = &Version<'a, &'a Verdict>> {
        self.versions().filter(|version| version.said.decision == Decision::Decline)
    }

    /// Whether the text was changed after it had refused.
    pub(super) fn refusal_was_changed(&self) -> bool {
        self.versions().rev().skip(1).any(|version| version.said.decision == Decision::Decline)
    }

    /// When the last thing that staff have to know about the item was recorded: a new text, or its deletion.
    pub(super) fn known_since(&self) -> Timestamp {
        self.versions().map(|version| version.recorded_at).chain(self.deleted).max().unwrap_or(self.first.recorded_at)
    }

    /// The item that the clinic wrote last before it, if that is known and asks for consent.
    pub(super) fn context_item(&self) -> Option<&'a str> {
        match self.context {
            Context::Known { item_id, is_request: true } => Some(item_id),
            Context::Known { is_request: false, .. } | Context::Unknown | Context::Disputed => None,
        }
    }
}

/// Everything known about one item id, as it comes.
#[derive(Default)]
struct Draft<'a> {
    replies: Vec<Text<'a, &'a Verdict>>,
    requests: Vec<Text<'a, Option<Timestamp>>>,
    marks: Vec<Mark>,
    /// With the time of recording.
    matches: Vec<(Timestamp, &'a Patient)>,
    contexts: Vec<(&'a str, bool)>,
}

/// A text as one entry reports it.
#[derive(Clone, Copy)]
struct Text<'a, T> {
    entry: &'a Entry,
    edited: bool,
    words: &'a Private,
    said: T,
}

impl<'a> Draft<'a> {
    fn add(&mut self, entry: &'a Entry) {
        match &entry.what {
            What::Reply { text, verdict, .. } => {
                self.replies.push(Text { entry, edited: false, words: text, said: verdict });
            }
            What::EditedReply { text, verdict, .. } => {
                self.replies.push(Text { entry, edited: true, words: text, said: verdict });
            }
            What::Request { text, expires_at } => {
                self.requests.push(Text { entry, edited: false, words: text, said: Some(*expires_at) });
            }
            What::EditedRequest { text, expires_at } => {
                self.requests.push(Text { entry, edited: true, words: text, said: *expires_at });
            }
            What::Deleted => self.marks.push(Mark::new(entry, true)),
            What::Restored => self.marks.push(Mark::new(entry, false)),
            What::Match(patient) => self.matches.push((entry.recorded_at, patient)),
            What::Context { preceding_item_id, preceding_is_request } => {
                self.contexts.push((preceding_item_id, *preceding_is_request));
            }
            // A confirmation is what we said, and a review is no part of an item.
            What::Confirmation { .. } | What::Review { .. } => {}
        }
    }

    fn reply(&self, id: &'a str) -> Option<Reply<'a>> {
        let created_at = self.replies.iter().map(|text| text.entry.created_at).min()?;
        let mut versions = versions(&self.replies, created_at, more_cautious).into_iter();
        let first = versions.next()?;
        Some(Reply {
            id,
            created_at,
            first,
            changes: versions.collect(),
            deleted: self.deleted(),
            patient: self.patient()?,
            needs_no_request: self.replies.iter().all(|text| needs_no_request(&text.entry.what)),
            context: self.context(),
            asked: Asked::default(),
            channel: newest(self.replies.iter().map(|text| text.entry), |entry| &entry.origin.channel),
            conversation_url: newest(self.replies.iter().map(|text| text.entry), |entry| {
                &entry.origin.conversation_url
            }),
            received_at: self.replies.iter().filter_map(|text| text.entry.origin.received_at).min(),
        })
    }

    fn request(&self, id: &'a str) -> Option<Request<'a>> {
        let created_at = self.requests.iter().map(|text| text.entry.created_at).min()?;
        // An unchanged text keeps the expiry with which it was first recorded: a setting that changed meanwhile must
        // not change the past.
        let versions = versions(&self.requests, created_at, |first, _| first);
        let mut marks = self.marks.clone();
        marks.sort_unstable();
        Some(Request { id, created_at, versions, marks })
    }

    fn deleted(&self) -> Option<Timestamp> {
        let mut marks = self.marks.clone();
        marks.sort_unstable();
        marks.iter().fold(None, |deleted: Option<Timestamp>, mark| match (mark.deletes, deleted) {
            (false, _) => None,
            (true, None) => Some(mark.recorded_at),
            (true, Some(recorded_at)) => Some(recorded_at.min(mark.recorded_at)),
        })
    }

    /// Who wrote it: what the reply itself says, else what was found later (of several findings the last), else the
    /// little that came with the reply. `None` if there is no reply.
    fn patient(&self) -> Option<&'a Patient> {
        let is_known = |patient: &Patient| patient.status != MatchStatus::Pending;
        let own = self.replies.iter().filter_map(|text| Some((text.order(), patient_in(&text.entry.what)?)));
        let found = self.matches.iter().filter(|(_, patient)| is_known(patient)).max();
        let known = own.clone().filter(|(_, patient)| is_known(patient)).min().map(|(_, patient)| patient);
        known.or(found.map(|(_, patient)| *patient)).or(own.min().map(|(_, patient)| patient))
    }

    fn context(&self) -> Context<'a> {
        let mut contexts = self.contexts.iter();
        match contexts.next() {
            None => Context::Unknown,
            Some(first) if contexts.all(|context| context == first) => {
                Context::Known { item_id: first.0, is_request: first.1 }
            }
            Some(_) => Context::Disputed,
        }
    }
}

impl Mark {
    fn new(entry: &Entry, deletes: bool) -> Self {
        Self { at: entry.happened_at(), deletes, recorded_at: entry.recorded_at }
    }
}

impl<T> Text<'_, T> {
    /// Where the text stands among the versions of its item.
    fn order(&self) -> (Timestamp, bool) {
        let at = if self.edited {
            self.entry.happened_at()
        } else {
            self.entry.modified_at.or(self.entry.origin.event_time).unwrap_or(self.entry.created_at)
        };
        (at, self.edited)
    }
}

/// The texts in order, with repetitions of the text before taken together. (Spruce reports an update too when somebody
/// marks an item as read; only other words are an edit.) `merge` makes one of what a text amounted to each time.
fn versions<'a, T: Copy + Ord>(
    texts: &[Text<'a, T>],
    created_at: Timestamp,
    merge: fn(T, T) -> T,
) -> Vec<Version<'a, T>> {
    let mut texts: Vec<&Text<'_, T>> = texts.iter().collect();
    texts.sort_by_key(|text| (text.order(), text.words, text.said));
    let mut versions: Vec<Version<'_, T>> = Vec::new();
    for text in texts {
        let recorded_at = text.entry.recorded_at;
        match versions.last_mut() {
            Some(version) if version.text == text.words => {
                version.recorded_at = version.recorded_at.min(recorded_at);
                version.said = merge(version.said, text.said);
            }
            before => {
                let original = before.is_none() && !text.edited;
                let at = if original { created_at } else { text.order().0 };
                let written_at = before.map_or(at, |before| at.max(before.written_at));
                versions.push(Version { written_at, original, recorded_at, text: text.words, said: text.said });
            }
        }
    }
    versions
}

/// Of two verdicts on the same words (the rules may have changed in between) the one that risks less: a refusal before
/// anything, an opt-out before a plain refusal, a doubt before a consent, a bare consent before an explicit one.
fn more_cautious<'a>(one: &'a Verdict, other: &'a Verdict) -> &'a Verdict {
    let caution = |verdict: &'a Verdict| {
        let decision = match verdict.decision {
            Decision::Decline => 2,
            Decision::Unclear => 1,
            Decision::Consent => 0,
        };
        (decision, verdict.opt_out, Reverse(verdict.explicit), verdict)
    };
    if caution(one) >= caution(other) { one } else { other }
}

const fn needs_no_request(what: &What) -> bool {
    matches!(what, What::Reply { needs_no_request: true, .. } | What::EditedReply { needs_no_request: true, .. })
}

const fn patient_in(what: &What) -> Option<&Patient> {
    match what {
        What::Reply { patient, .. } | What::EditedReply { patient, .. } => Some(patient),
        What::Request { .. }
        | What::EditedRequest { .. }
        | What::Deleted
        | What::Restored
        | What::Match(_)
        | What::Context { .. }
        | What::Review { .. }
        | What::Confirmation { .. } => None,
    }
}

/// The newest value that is there, or the empty string.
fn newest<'a>(entries: impl IntoIterator<Item = &'a Entry>, value: impl Fn(&'a Entry) -> &'a String) -> &'a str {
    entries
        .into_iter()
        .map(|entry| (entry.created_at, value(entry).as_str()))
        .filter(|(_, value)| !value.is_empty())
        .max()
        .map_or("", |(_, value)| value)
}
