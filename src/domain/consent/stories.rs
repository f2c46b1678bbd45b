//! The fold by examples: small stories of a conversation, and what the record says at the end of each.
//!
//! How to read one: what happened, by the hour; then the status; then the reviews that wait for staff, newest first,
//! each by the hour of its reply and with its reason. An item is named by the hour in which it was created. Unless a
//! story says otherwise, a reply comes from an identified patient, everything is recorded in the hour in which it
//! happens, and a request can be answered for 30 hours.
//!
//! Each story is also told backwards and twice over; the end must not change.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::reason::{
    AFTER_OPT_OUT, AFTER_REFUSAL, AMBIGUOUS, CONSENT_CHANGED, CONSENT_DELETED, CONTEXT_DISPUTED, CONTEXT_PENDING,
    EXPIRED, NEVER_ASKED, OTHER_TEXT_BETWEEN, PENDING, REFUSAL_CHANGED, REFUSAL_DELETED, SHARED_NUMBER,
};
use super::{DecidedBy, Folded, Status, fold};
use crate::domain::history::{Entry, MatchStatus, Origin, Patient, StaffDecision, What};
use crate::domain::private::Private;
use crate::domain::reply::{Decision, Verdict};

#[test]
fn consents() {
    story("nothing happened", &[], "nothing", []);
    story("a request and no answer yet", &[ask(0)], "nothing", []);
    story("yes to the request", &[ask(0), yes(1, 0)], "Consented at 1 by reply 1 to request 0", []);
    story("I consent, to the request", &[ask(0), says(1, "I consent")], "Consented at 1 by reply 1 to request 0", []);
    story("yes twice: the first counts", &[ask(0), yes(1, 0), yes(2, 0)], "Consented at 1 by reply 1 to request 0", []);
    story(
        "yes, then a question: the consent holds, the question waits",
        &[ask(0), yes(1, 0), says(2, "what does it cost?")],
        "Consented at 1 by reply 1 to request 0",
        [(2, UNCLEAR)],
    );
    story(
        "a question only",
        &[ask(0), says(1, "what does it cost?")],
        "NeedsReview, showing reply 1 to request 0",
        [(1, UNCLEAR)],
    );
    story(
        "a question, then yes to the same request: the question still waits",
        &[ask(0), says(1, "what does it cost?"), yes(2, 0)],
        "Consented at 2 by reply 2 to request 0",
        [(1, UNCLEAR)],
    );
    story(
        "a question, a newer request, yes to that: the question is settled",
        &[ask(0), says(1, "what does it cost?"), ask(2), yes(3, 2)],
        "Consented at 3 by reply 3 to request 2",
        [],
    );
    story("yes out of the blue", &[says(1, "yes")], "NeedsReview, showing reply 1", [(1, NEVER_ASKED)]);
    story("I consent out of the blue", &[says(1, "I consent")], "NeedsReview, showing reply 1", [(1, NEVER_ASKED)]);
    story(
        "yes, taken while the clinic counted every text as an answer",
        &[any(says(1, "yes"))],
        "Consented at 1 by reply 1",
        [],
    );
}

#[test]
fn refusals() {
    story("no to the request", &[ask(0), says(1, "no")], "Declined at 1 by reply 1 to request 0", []);
    story(
        "no, and no again: the first counts",
        &[ask(0), says(1, "no"), says(3, "no")],
        "Declined at 1 by reply 1 to request 0",
        [],
    );
    story("yes, then no", &[ask(0), yes(1, 0), says(2, "no")], "Declined at 2 by reply 2 to request 0", []);
    story(
        "no, then yes to the same request: the refusal stands, the contradiction waits",
        &[ask(0), says(1, "no"), yes(2, 0)],
        "Declined at 1 by reply 1 to request 0",
        [(2, AFTER_REFUSAL)],
    );
    story(
        "no, then I consent",
        &[ask(0), says(1, "no"), says(2, "I consent")],
        "Consented at 2 by reply 2 to request 0",
        [],
    );
    story(
        "no, a newer request, yes to that",
        &[ask(0), says(1, "no"), ask(2), yes(3, 2)],
        "Consented at 3 by reply 3 to request 2",
        [],
    );
    story(
        "no, a newer request, no again, yes: the newer request came before the second no",
        &[ask(0), says(1, "no"), ask(2), says(3, "no"), yes(4, 2)],
        "Declined at 1 by reply 1 to request 0",
        [(4, AFTER_REFUSAL)],
    );
    story(
        "no, I consent, yes: the refusal is over, and yes only repeats",
        &[ask(0), says(1, "no"), says(2, "I consent"), yes(3, 0)],
        "Consented at 2 by reply 2 to request 0",
        [],
    );
    story(
        "a question, then no: the question is settled",
        &[ask(0), says(1, "what is this?"), says(2, "no")],
        "Declined at 2 by reply 2 to request 0",
        [],
    );
    story(
        "a refusal arrives late that is older than a yes to the same request: it stands, the yes waits",
        &[ask(0), recorded(9, says(1, "no")), yes(2, 0)],
        "Declined at 1 by reply 1 to request 0",
        [(2, AFTER_REFUSAL)],
    );
    story(
        "a refusal arrives late that is older than a yes to a newer request: the yes stands",
        &[ask(0), recorded(9, says(1, "no")), ask(2), yes(3, 2)],
        "Consented at 3 by reply 3 to request 2",
        [],
    );
    story(
        "a refusal in the same second as a yes: the order of the ids decides, and here the yes comes first",
        &[ask(0), yes(1, 0), named("zz", says(1, "no"))],
        "Declined at 1 by reply zz to request 0",
        [],
    );
}

#[test]
fn opt_outs() {
    story("stop", &[says(1, "stop")], "Declined at 1 by reply 1, opted out", []);
    story(
        "stop, then yes",
        &[ask(0), says(1, "stop"), yes(2, 0)],
        "Declined at 1 by reply 1 to request 0, opted out",
        [(2, AFTER_OPT_OUT)],
    );
    story(
        "stop, then yes to a newer request: after an opt-out a short yes is not enough",
        &[ask(0), says(1, "stop"), ask(2), yes(3, 2)],
        "Declined at 1 by reply 1 to request 0, opted out",
        [(3, AFTER_OPT_OUT)],
    );
    story(
        "stop, then I consent to the old request: not enough either",
        &[ask(0), says(1, "stop"), says(2, "I consent")],
        "Declined at 1 by reply 1 to request 0, opted out",
        [(2, AFTER_OPT_OUT)],
    );
    story(
        "stop, a newer request, I consent: the opt-out is over",
        &[ask(0), says(1, "stop"), ask(2), says(3, "I consent")],
        "Consented at 3 by reply 3 to request 2",
        [],
    );
    story(
        "no, then stop: declined since the no, opted out too",
        &[ask(0), says(1, "no"), says(2, "stop")],
        "Declined at 1 by reply 1 to request 0, opted out",
        [],
    );
    story(
        "stop, then no: still opted out",
        &[ask(0), says(1, "stop"), says(2, "no")],
        "Declined at 1 by reply 1 to request 0, opted out",
        [],
    );
    story(
        "the consent that ended an opt-out is deleted: opted out again",
        &[ask(0), says(1, "stop"), ask(2), says(3, "I consent"), delete(4, 3)],
        "Declined at 1 by reply 1 to request 0, opted out",
        [(3, CONSENT_DELETED)],
    );
    story(
        "stop, and staff record on the phone that the patient consents",
        &[says(1, "stop"), staff(5, StaffDecision::Consent)],
        "Consented at 5 by staff",
        [],
    );
}

#[test]
fn edits() {
    story(
        "yes, changed to yes if it is free",
        &[ask(0), yes(1, 0), edit(2, 1, "yes if it is free")],
        "NeedsReview, showing reply 1 to request 0",
        [(1, CONSENT_CHANGED)],
    );
    story(
        "yes, changed to I consent: even so, a person reads it",
        &[ask(0), yes(1, 0), edit(2, 1, "I consent")],
        "NeedsReview, showing reply 1 to request 0",
        [(1, CONSENT_CHANGED)],
    );
    story(
        "a question, changed to I consent",
        &[ask(0), says(1, "what?"), edit(2, 1, "I consent")],
        "NeedsReview, showing reply 1 to request 0",
        [(1, CONSENT_CHANGED)],
    );
    story(
        "an update that changes no word is no edit",
        &[ask(0), yes(1, 0), edit(2, 1, "yes")],
        "Consented at 1 by reply 1 to request 0",
        [],
    );
    story(
        "yes, changed to no: refused since the edit",
        &[ask(0), yes(1, 0), edit(3, 1, "no")],
        "Declined at 3 by reply 1 to request 0",
        [],
    );
    story(
        "yes, changed to no after another yes: what came last counts",
        &[ask(0), yes(1, 0), ask(2), yes(3, 2), edit(4, 1, "no")],
        "Declined at 4 by reply 1 to request 0",
        [],
    );
    story(
        "no, changed to yes: the refusal sticks",
        &[ask(0), says(1, "no"), edit(2, 1, "yes")],
        "Declined at 1 by reply 1 to request 0",
        [(1, REFUSAL_CHANGED)],
    );
    story(
        "no, changed to stop",
        &[ask(0), says(1, "no"), edit(2, 1, "stop")],
        "Declined at 1 by reply 1 to request 0, opted out",
        [(1, REFUSAL_CHANGED)],
    );
    story(
        "only the edit of a reply arrives: it is a reply like any other",
        &[ask(0), edit(2, 1, "I consent")],
        "Consented at 1 by reply 1 to request 0",
        [],
    );
    story(
        "the edit arrives first, the reply itself, with other words, later",
        &[ask(0), edit(2, 1, "I consent"), recorded(9, says(1, "maybe"))],
        "NeedsReview, showing reply 1 to request 0",
        [(1, CONSENT_CHANGED)],
    );
    story(
        "the consent in force is changed, and an older refusal is there: it holds again",
        &[ask(0), says(1, "no"), ask(2), yes(3, 2), edit(4, 3, "yes, call me")],
        "Declined at 1 by reply 1 to request 0",
        [(3, CONSENT_CHANGED)],
    );
    story(
        "a question that settled with a no, changed after the no: its new words wait",
        &[ask(0), says(1, "what?"), says(2, "no"), edit(3, 1, "what is it?")],
        "Declined at 2 by reply 2 to request 0",
        [(1, UNCLEAR)],
    );
}

#[test]
fn deletions() {
    story(
        "yes, deleted",
        &[ask(0), yes(1, 0), delete(2, 1)],
        "NeedsReview, showing reply 1 to request 0",
        [(1, CONSENT_DELETED)],
    );
    story(
        "yes, deleted, restored",
        &[ask(0), yes(1, 0), delete(2, 1), restore(3, 1)],
        "Consented at 1 by reply 1 to request 0",
        [],
    );
    story(
        "yes, deleted, restored, deleted again",
        &[ask(0), yes(1, 0), delete(2, 1), restore(3, 1), delete(4, 1)],
        "NeedsReview, showing reply 1 to request 0",
        [(1, CONSENT_DELETED)],
    );
    story(
        "two consents of which the first is deleted: the other counts",
        &[ask(0), yes(1, 0), yes(2, 0), delete(3, 1)],
        "Consented at 2 by reply 2 to request 0",
        [(1, CONSENT_DELETED)],
    );
    story(
        "two consents of which the second is deleted",
        &[ask(0), yes(1, 0), yes(2, 0), delete(3, 2)],
        "Consented at 1 by reply 1 to request 0",
        [(2, CONSENT_DELETED)],
    );
    story(
        "no, deleted: the refusal sticks",
        &[ask(0), says(1, "no"), delete(2, 1)],
        "Declined at 1 by reply 1 to request 0",
        [(1, REFUSAL_DELETED)],
    );
    story(
        "no, deleted, restored: as if nothing had been",
        &[ask(0), says(1, "no"), delete(2, 1), restore(3, 1)],
        "Declined at 1 by reply 1 to request 0",
        [],
    );
    story(
        "yes, no, and the no is deleted: the no still stands",
        &[ask(0), yes(1, 0), says(2, "no"), delete(3, 2)],
        "Declined at 2 by reply 2 to request 0",
        [(2, REFUSAL_DELETED)],
    );
    story(
        "no, a newer request, yes, and the yes is deleted: the no holds again",
        &[ask(0), says(1, "no"), ask(2), yes(3, 2), delete(4, 3)],
        "Declined at 1 by reply 1 to request 0",
        [(3, CONSENT_DELETED)],
    );
    story("a deletion of something unknown", &[ask(0), delete(2, 1)], "nothing", []);
    story(
        "the deletion arrives before the reply",
        &[ask(0), delete(2, 1), recorded(9, yes(1, 0))],
        "NeedsReview, showing reply 1 to request 0",
        [(1, CONSENT_DELETED)],
    );
}

#[test]
fn requests() {
    story(
        "yes after another text of the clinic's",
        &[ask(0), yes_after_other_text(3)],
        "NeedsReview, showing reply 3 to request 0",
        [(3, OTHER_TEXT_BETWEEN)],
    );
    story(
        "I consent after another text of the clinic's: the words say what they answer",
        &[ask(0), says(3, "I consent"), last_was_other_text(3)],
        "Consented at 3 by reply 3 to request 0",
        [],
    );
    story(
        "yes, and it is not known yet what the clinic said last",
        &[ask(0), says(1, "yes")],
        "NeedsReview, showing reply 1 to request 0",
        [(1, CONTEXT_PENDING)],
    );
    story(
        "yes, and the clinic's last text is a request that has not arrived yet",
        &[ask(0), yes(3, 2)],
        "NeedsReview, showing reply 3 to request 0",
        [(3, CONTEXT_PENDING)],
    );
    story(
        "yes, and a list that lags names the older of two requests: the newer one is answered",
        &[ask(0), ask(2), yes(3, 0)],
        "Consented at 3 by reply 3 to request 2",
        [],
    );
    story(
        "yes, and two look-ups differ on what the clinic said last",
        &[ask(0), yes(3, 0), last_was_other_text(3)],
        "NeedsReview, showing reply 3 to request 0",
        [(3, CONTEXT_DISPUTED)],
    );
    story(
        "yes, after the request expired",
        &[ask(0), yes(40, 0)],
        "NeedsReview, showing reply 40 to request 0",
        [(40, EXPIRED)],
    );
    story("no, after the request expired", &[ask(0), says(40, "no")], "Declined at 40 by reply 40 to request 0", []);
    story("yes in the last hour of the request", &[ask(0), yes(30, 0)], "Consented at 30 by reply 30 to request 0", []);
    story(
        "an expired request, a new one, yes",
        &[ask(0), ask(40), yes(41, 40)],
        "Consented at 41 by reply 41 to request 40",
        [],
    );
    story(
        "yes, and the request is deleted later: it was there when the patient answered",
        &[ask(0), yes(1, 0), delete(2, 0)],
        "Consented at 1 by reply 1 to request 0",
        [],
    );
    story(
        "I consent, after the only request was deleted",
        &[ask(0), delete(1, 0), says(2, "I consent")],
        "NeedsReview, showing reply 2",
        [(2, NEVER_ASKED)],
    );
    story(
        "a request deleted and restored, then yes",
        &[ask(0), delete(1, 0), restore(2, 0), yes(3, 0)],
        "Consented at 3 by reply 3 to request 0",
        [],
    );
    story(
        "yes, and the request is changed to something else later",
        &[ask(0), yes(1, 0), edit_ask(2, 0, "never mind", false)],
        "Consented at 1 by reply 1 to request 0",
        [],
    );
    story(
        "the request is changed to something else, then I consent",
        &[ask(0), edit_ask(1, 0, "never mind", false), says(2, "I consent")],
        "NeedsReview, showing reply 2",
        [(2, NEVER_ASKED)],
    );
    story(
        "no, and the old request is reworded, then yes: a reworded request is no newer one",
        &[ask(0), says(1, "no"), edit_ask(2, 0, "do you consent now?", true), yes(3, 0)],
        "Declined at 1 by reply 1 to request 0",
        [(3, AFTER_REFUSAL)],
    );
    story("the request comes after the yes", &[yes(1, 2), ask(2)], "NeedsReview, showing reply 1", [(1, NEVER_ASKED)]);
}

#[test]
fn who_wrote_it() {
    story(
        "yes from a number that several patients share",
        &[ask(0), from(MatchStatus::SharedNumber, yes(1, 0))],
        "NeedsReview, showing reply 1 to request 0",
        [(1, SHARED_NUMBER)],
    );
    story(
        "yes in a group conversation, from somebody",
        &[ask(0), from(MatchStatus::Ambiguous, yes(1, 0))],
        "NeedsReview, showing reply 1 to request 0",
        [(1, AMBIGUOUS)],
    );
    story(
        "yes from a number that is no contact: the number is the identity",
        &[ask(0), from(MatchStatus::Unsaved, yes(1, 0))],
        "Consented at 1 by reply 1 to request 0",
        [],
    );
    story(
        "no, then I consent from a shared number",
        &[ask(0), says(1, "no"), from(MatchStatus::SharedNumber, says(2, "I consent"))],
        "Declined at 1 by reply 1 to request 0",
        [(2, SHARED_NUMBER)],
    );
    story(
        "no from a shared number: a refusal asks for no identity",
        &[ask(0), from(MatchStatus::SharedNumber, says(1, "no"))],
        "Declined at 1 by reply 1 to request 0",
        [],
    );
    story(
        "yes, while Spruce's API is out",
        &[ask(0), from(MatchStatus::Pending, yes(1, 0))],
        "NeedsReview, showing reply 1 to request 0",
        [(1, PENDING)],
    );
    story(
        "yes, while Spruce's API is out, and the patient is found later",
        &[ask(0), from(MatchStatus::Pending, yes(1, 0)), found(5, 1, MatchStatus::Matched)],
        "Consented at 1 by reply 1 to request 0",
        [],
    );
    story(
        "yes, while Spruce's API is out, and the number turns out to be shared",
        &[ask(0), from(MatchStatus::Pending, yes(1, 0)), found(5, 1, MatchStatus::SharedNumber)],
        "NeedsReview, showing reply 1 to request 0",
        [(1, SHARED_NUMBER)],
    );
    story(
        "stop, while Spruce's API is out: a refusal never waits",
        &[from(MatchStatus::Pending, says(1, "stop"))],
        "Declined at 1 by reply 1, opted out",
        [],
    );
}

#[test]
fn staff_decisions() {
    story(
        "staff read a question as a consent",
        &[ask(0), says(1, "sounds good to me"), decide(5, 1, StaffDecision::Consent)],
        "Consented at 5 by staff with reply 1 to request 0",
        [],
    );
    story(
        "staff close a review and decide nothing",
        &[ask(0), says(1, "hello"), decide(5, 1, StaffDecision::Ignore)],
        "NeedsReview, showing reply 1 to request 0",
        [],
    );
    story(
        "staff decide on one of two reviews: the other waits",
        &[ask(0), says(1, "hm"), says(2, "hello"), decide(5, 2, StaffDecision::Decline)],
        "Declined at 5 by staff with reply 2 to request 0",
        [(1, UNCLEAR)],
    );
    story(
        "a decision from the phone, about the whole conversation, closes every review before it",
        &[ask(0), says(1, "hm"), says(2, "hello"), staff(5, StaffDecision::Consent), says(6, "thanks")],
        "Consented at 5 by staff",
        [(6, UNCLEAR)],
    );
    story(
        "staff record a consent, then the patient says no",
        &[ask(0), says(1, "hm"), decide(5, 1, StaffDecision::Consent), says(6, "no")],
        "Declined at 6 by reply 6 to request 0",
        [],
    );
    story(
        "staff overrule a refusal that they knew of",
        &[ask(0), says(1, "no"), edit(2, 1, "oh yes"), decide(5, 1, StaffDecision::Consent)],
        "Consented at 5 by staff with reply 1 to request 0",
        [],
    );
    story(
        "a refusal older than the decision is recorded after it: it stands, and closes what came before it",
        &[ask(0), says(1, "hm"), recorded(9, says(2, "no")), decide(5, 1, StaffDecision::Consent)],
        "Declined at 2 by reply 2 to request 0",
        [],
    );
    story(
        "the same, but what staff decided about is newer than the refusal: they read it again",
        &[ask(0), recorded(9, says(1, "no")), says(2, "hm"), decide(5, 2, StaffDecision::Consent)],
        "Declined at 1 by reply 1 to request 0",
        [(2, UNCLEAR)],
    );
    story(
        "and a decision made after that counts",
        &[
            ask(0),
            recorded(9, says(1, "no")),
            says(2, "hm"),
            decide(5, 2, StaffDecision::Consent),
            decide(10, 2, StaffDecision::Consent),
        ],
        "Consented at 10 by staff with reply 2 to request 0",
        [],
    );
    story(
        "staff record a refusal, then the patient says yes to the old request",
        &[ask(0), says(1, "hm"), decide(5, 1, StaffDecision::Decline), yes(6, 0)],
        "Declined at 5 by staff with reply 1 to request 0",
        [(6, AFTER_REFUSAL)],
    );
    story(
        "staff decide about a reply that is changed afterwards: the new words wait",
        &[ask(0), says(1, "hm"), decide(5, 1, StaffDecision::Consent), edit(6, 1, "hm, wait")],
        "Consented at 5 by staff with reply 1 to request 0",
        [(1, UNCLEAR)],
    );
    story(
        "staff confirm a consent that the patient gave: it stays the patient's",
        &[ask(0), yes(1, 0), says(2, "hm"), decide(5, 2, StaffDecision::Consent)],
        "Consented at 1 by reply 1 to request 0",
        [],
    );
}

#[test]
fn the_columns_come_from_the_deciding_reply() {
    let entries = [from(MatchStatus::Pending, says(3, "no")), says(1, "hm"), ask(0)].concat();
    let status = fold(&entries).status.expect("there are replies");
    assert_eq!(status.rule, "rule of no");
    assert_eq!(status.reason, "");
    assert_eq!(status.conversation_url, "https://app.example/3");
    assert_eq!(status.channel, "phone");
    assert_eq!(status.replies, 2);
    assert_eq!(status.patient.status, MatchStatus::Matched, "the newest person known, while the writer is not");
    assert_eq!(status.request.expect("there is one").text, Private::from("do you consent?"));
}

#[test]
fn a_request_is_quoted_as_it_read_when_it_was_answered() {
    let reworded = edit_ask(2, 0, "do you consent now?", true);
    let quoted = |reply| {
        let folded = fold(&[ask(0), reply, reworded.clone()].concat());
        folded.status.and_then(|status| status.request).map(|request| request.text)
    };
    assert_eq!(quoted(yes(1, 0)), Some(Private::from("do you consent?")));
    assert_eq!(quoted(yes(3, 0)), Some(Private::from("do you consent now?")));
}

/// What a verdict without a reason of its own gets.
const UNCLEAR: &str = super::reason::UNCLEAR;

/// Tells a story forwards, backwards and twice over, and compares the end.
#[track_caller]
fn story<const E: usize, const R: usize>(
    name: &str,
    events: &[Vec<Entry>; E],
    status: &str,
    reviews: [(i64, &str); R],
) {
    let told: Vec<Entry> = events.concat();
    let backwards: Vec<Entry> = told.iter().rev().cloned().collect();
    let twice: Vec<Entry> = told.iter().chain(&backwards).cloned().collect();
    let expected: Vec<(String, &str)> = reviews.iter().map(|(hour, reason)| (hour.to_string(), *reason)).collect();
    for (way, entries) in [("", told), (" (backwards)", backwards), (" (twice)", twice)] {
        let Folded { status: folded, reviews } = fold(&entries);
        assert_eq!(folded.map_or_else(|| "nothing".to_owned(), in_words), status, "{name}{way}");
        let open: Vec<(String, &str)> =
            reviews.iter().map(|review| (review.item_id.clone(), review.reason.as_str())).collect();
        assert_eq!(open, expected, "{name}{way}");
    }
}

fn in_words(status: Status) -> String {
    let state = status.state.as_str();
    let reply = status.reply.map(|reply| format!("reply {}", reply.item_id));
    let decision = match (status.decided_at, status.decided_by, reply) {
        (None, DecidedBy::Nobody, Some(reply)) => format!("{state}, showing {reply}"),
        (Some(at), DecidedBy::Patient, Some(reply)) => format!("{state} at {} by {reply}", in_hours(at)),
        (Some(at), DecidedBy::Staff(_), Some(reply)) => format!("{state} at {} by staff with {reply}", in_hours(at)),
        (Some(at), DecidedBy::Staff(_), None) => format!("{state} at {} by staff", in_hours(at)),
        (at, by, reply) => panic!("{state} at {at:?} by {by:?} with {reply:?}"),
    };
    let request = status.request.map(|request| format!(" to request {}", request.item_id)).unwrap_or_default();
    let opted_out = if status.opted_out { ", opted out" } else { "" };
    format!("{decision}{request}{opted_out}")
}

fn in_hours(at: Timestamp) -> i64 {
    at.duration_since(Timestamp::UNIX_EPOCH).as_hours()
}

/// How long a request can be answered.
const WINDOW_HOURS: i64 = 30;

fn hour(hour: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour)
}

/// An entry about the item created at `created`, for something that happened at `at`.
fn entry(created: i64, at: i64, what: What) -> Vec<Entry> {
    vec![Entry {
        conversation_id: "conversation".to_owned(),
        item_id: created.to_string(),
        created_at: hour(created),
        modified_at: (at != created).then_some(hour(at)),
        recorded_at: hour(at),
        origin: Origin {
            channel: "phone".to_owned(),
            conversation_url: format!("https://app.example/{created}"),
            ..Origin::default()
        },
        what,
    }]
}

/// The clinic asks for consent.
fn ask(at: i64) -> Vec<Entry> {
    entry(at, at, What::Request { text: "do you consent?".into(), expires_at: hour(at + WINDOW_HOURS) })
}

/// The clinic changes a request.
fn edit_ask(at: i64, request: i64, text: &str, still_asks: bool) -> Vec<Entry> {
    let expires_at = still_asks.then_some(hour(request + WINDOW_HOURS));
    entry(request, at, What::EditedRequest { text: text.into(), expires_at })
}

/// The patient writes.
fn says(at: i64, text: &str) -> Vec<Entry> {
    let patient = patient(MatchStatus::Matched);
    entry(at, at, What::Reply { text: text.into(), verdict: verdict(text), needs_no_request: false, patient })
}

/// The patient writes a short yes, and the clinic's last text before it was that request.
fn yes(at: i64, request: i64) -> Vec<Entry> {
    let context = What::Context { preceding_item_id: request.to_string(), preceding_is_request: true };
    [says(at, "yes"), entry(at, at, context)].concat()
}

/// The patient writes a short yes, and the clinic's last text before it was about something else.
fn yes_after_other_text(at: i64) -> Vec<Entry> {
    [says(at, "yes"), last_was_other_text(at)].concat()
}

/// It is found that the clinic's last text before a reply was about something else.
fn last_was_other_text(reply: i64) -> Vec<Entry> {
    let context = What::Context { preceding_item_id: "appointment".to_owned(), preceding_is_request: false };
    entry(reply, reply, context)
}

/// The patient changes a reply.
fn edit(at: i64, reply: i64, text: &str) -> Vec<Entry> {
    let patient = patient(MatchStatus::Matched);
    entry(reply, at, What::EditedReply { text: text.into(), verdict: verdict(text), needs_no_request: false, patient })
}

/// An item is deleted.
fn delete(at: i64, item: i64) -> Vec<Entry> {
    entry(item, at, What::Deleted)
}

/// A deletion is taken back.
fn restore(at: i64, item: i64) -> Vec<Entry> {
    entry(item, at, What::Restored)
}

/// The writer of a reply is found.
fn found(at: i64, reply: i64, status: MatchStatus) -> Vec<Entry> {
    entry(reply, at, What::Match(patient(status)))
}

/// Staff decide about a reply.
fn decide(at: i64, reply: i64, decision: StaffDecision) -> Vec<Entry> {
    staff(at, decision).into_iter().map(|entry| Entry { item_id: reply.to_string(), ..entry }).collect()
}

/// Staff decide about the whole conversation.
fn staff(at: i64, decision: StaffDecision) -> Vec<Entry> {
    let what = What::Review { decision, reviewed_by: "Dana".into(), note: Private::default() };
    entry(at, at, what).into_iter().map(|entry| Entry { item_id: String::new(), ..entry }).collect()
}

/// The same, but recorded late.
fn recorded(at: i64, entries: Vec<Entry>) -> Vec<Entry> {
    entries.into_iter().map(|entry| Entry { recorded_at: hour(at), ..entry }).collect()
}

/// The same, under another id.
fn named(id: &str, entries: Vec<Entry>) -> Vec<Entry> {
    entries.into_iter().map(|entry| Entry { item_id: id.to_owned(), ..entry }).collect()
}

/// The same, from somebody who is known like this.
fn from(status: MatchStatus, mut entries: Vec<Entry>) -> Vec<Entry> {
    for entry in &mut entries {
        if let What::Reply { patient: writer, .. } = &mut entry.what {
            *writer = patient(status);
        }
    }
    entries
}

/// The same, taken while every text counted as an answer.
fn any(mut entries: Vec<Entry>) -> Vec<Entry> {
    for entry in &mut entries {
        if let What::Reply { needs_no_request, .. } = &mut entry.what {
            *needs_no_request = true;
        }
    }
    entries
}

fn patient(status: MatchStatus) -> Patient {
    Patient { status, name: "Ada".into(), ..Patient::default() }
}

/// The few texts of these stories, and what they say; everything else is unclear.
fn verdict(text: &str) -> Verdict {
    let (decision, explicit, opt_out) = match text {
        "yes" => (Decision::Consent, false, false),
        "I consent" => (Decision::Consent, true, false),
        "no" => (Decision::Decline, false, false),
        "stop" => (Decision::Decline, true, true),
        _ => (Decision::Unclear, false, false),
    };
    Verdict { decision, explicit, opt_out, rule: Cow::Owned(format!("rule of {text}")), reason: Cow::Borrowed("") }
}
