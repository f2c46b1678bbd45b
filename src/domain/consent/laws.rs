//! The laws of the fold, on random histories. `PROPTEST_CASES` sets how many (256 unless told).

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::{collection, option, sample};

use super::oracle::{Outcome, outcome};
use super::{DecidedBy, State, Status, fold};
use crate::domain::history::{Entry, MatchStatus, Origin, Patient, StaffDecision, What};
use crate::domain::private::Private;
use crate::domain::reply::{Decision, Verdict};

proptest! {
    // What fails becomes a story, not a file of seeds. Laws about one state pass over the histories that end in another,
    // however many cases are asked for.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_global_rejects: u32::MAX,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_agrees_with_the_oracle(entries in history()) {
        prop_assert_eq!(Outcome::from(fold(&entries)), outcome(&entries));
    }

    #[test]
    fn order_and_repetition_change_nothing((once, shuffled) in shuffled()) {
        prop_assert_eq!(fold(&shuffled), fold(&once));
    }

    #[test]
    fn batches_change_nothing((once, shuffled) in shuffled(), size in 1_usize..5) {
        // As the table takes them: batch by batch, repeats written over, and folded each time.
        let mut table = BTreeSet::new();
        let mut folded = fold(&[]);
        for batch in shuffled.chunks(size) {
            table.extend(batch.iter().cloned());
            folded = fold(&table.iter().cloned().collect::<Vec<_>>());
        }
        prop_assert_eq!(folded, fold(&once));
    }

    #[test]
    fn the_newest_refusal_is_in_force(mut entries in history(), opt_out: bool, known: bool, late: bool) {
        // Recorded at once, or at the very end: neither matters.
        let recorded = if late { END } else { 0 };
        let said = verdict(Decision::Decline, false, opt_out);
        entries.push(reply("last", END, recorded, "no!", said, patient(if known { "ada" } else { "" })));
        let status = fold(&entries).status.expect("there is a reply");
        prop_assert_eq!(status.state, State::Declined);
        prop_assert!(status.opted_out || !opt_out);
    }

    #[test]
    fn a_refusal_yields_to_nothing_older_or_unsure(entries in refused_history(), more in later_doubts()) {
        let before = fold(&entries).status.expect("there is a reply");
        prop_assume!(before.state == State::Declined);
        let last = refusals(&entries).into_iter().map(|(at, _)| at).max().expect("somebody refused");
        for doubt in more {
            // A consent from before, however late it arrives, may well have ended an opt-out before the refusal.
            if before.opted_out && matches!(doubt, Doubt::OlderYes) {
                continue;
            }
            let mut entries = entries.clone();
            entries.extend(doubt.about(&entries, last));
            let after = fold(&entries).status.expect("there is a reply");
            prop_assert_eq!(after.state, State::Declined, "after {:?}", doubt);
            prop_assert!(after.opted_out || !before.opted_out, "after {:?}", doubt);
        }
    }

    #[test]
    fn a_consent_has_one_sound_reply_or_staff(entries in history()) {
        let Some(status) = fold(&entries).status else { return Ok(()) };
        prop_assume!(status.state == State::Consented);
        prop_assert!(!status.opted_out);
        let since = status.decided_at.expect("it is decided");
        for (written_at, recorded_at) in refusals(&entries) {
            prop_assert!(written_at <= since, "refused after it");
            let known = written_at < since && recorded_at < since;
            prop_assert!(known || status.decided_by == DecidedBy::Patient, "staff did not know of a refusal");
        }
        match &status.decided_by {
            DecidedBy::Patient => is_sound(&status, &entries)?,
            DecidedBy::Staff(name) => {
                let says_so = |entry: &Entry| match &entry.what {
                    What::Review { decision: StaffDecision::Consent, reviewed_by, .. } => reviewed_by == name,
                    _ => false,
                };
                prop_assert!(entries.iter().any(|entry| entry.created_at == since && says_so(entry)));
            }
            DecidedBy::Nobody => prop_assert!(false, "nobody consented"),
        }
    }

    #[test]
    fn an_unclear_reply_changes_no_firm_status(entries in history(), at in 0..END, recorded in 0..END) {
        let firm = |entries: &[Entry]| {
            let status = fold(entries).status.filter(|status| status.state != State::NeedsReview);
            // Counted, and perhaps telling who the patient is where nobody knew: that is all that may change.
            status.map(|status| Status { replies: 0, patient: Patient::default(), ..status })
        };
        let before = firm(&entries);
        prop_assume!(before.is_some());
        let said = verdict(Decision::Unclear, false, false);
        let more = [entries, vec![reply("new", at, recorded, "hm", said, patient("ada"))]].concat();
        prop_assert_eq!(firm(&more), before);
    }

    #[test]
    fn reviews_are_of_replies_newest_first(entries in history()) {
        let reviews = fold(&entries).reviews;
        let newest_first = reviews.is_sorted_by(|one, next| {
            (one.created_at, &one.item_id) > (next.created_at, &next.item_id)
        });
        prop_assert!(newest_first);
        for review in &reviews {
            prop_assert!(entries.iter().any(|entry| entry.item_id == review.item_id && is_reply(entry)));
            prop_assert!(!review.reason.is_empty());
        }
    }
}

/// Checks the deciding reply against the entries themselves.
fn is_sound(status: &Status, entries: &[Entry]) -> Result<(), TestCaseError> {
    let decider = status.reply.as_ref().expect("a patient decides by a reply");
    let about: Vec<&Entry> = entries.iter().filter(|entry| entry.item_id == decider.item_id).collect();
    let mut no_request_needed = true;
    for entry in &about {
        if let What::Reply { text, verdict, needs_no_request, .. }
        | What::EditedReply { text, verdict, needs_no_request, .. } = &entry.what
        {
            prop_assert_eq!(text.expose(), decider.text.expose(), "it was edited");
            prop_assert_eq!(verdict.decision, Decision::Consent, "it does not say so");
            no_request_needed &= needs_no_request;
        }
    }
    let last_mark =
        about.iter().filter(|entry| matches!(entry.what, What::Deleted | What::Restored)).max_by_key(|entry| {
            let at = entry.modified_at.or(entry.origin.event_time).unwrap_or(entry.recorded_at);
            (at, entry.what == What::Deleted)
        });
    prop_assert!(last_mark.is_none_or(|mark| mark.what == What::Restored), "it is deleted");
    prop_assert!(status.patient.status.is_identified(), "who wrote it is not sure");
    if !no_request_needed {
        let request = status.request.as_ref().expect("it answers a request");
        prop_assert!(request.created_at <= decider.created_at, "the request came later");
        let open_until =
            entries.iter().filter(|entry| entry.item_id == request.item_id).filter_map(|entry| match &entry.what {
                What::Request { text, expires_at } if *text == request.text => Some(*expires_at),
                What::EditedRequest { text, expires_at } if *text == request.text => *expires_at,
                _ => None,
            });
        prop_assert!(open_until.max() >= Some(decider.created_at), "the request had expired");
    }
    Ok(())
}

/// When each refusing text was written, and when it was recorded, by the earliest that any entry tells.
fn refusals(entries: &[Entry]) -> Vec<(Timestamp, Timestamp)> {
    let refuses = |entry: &&Entry| said(entry).is_some_and(|(_, verdict)| verdict.decision == Decision::Decline);
    let times = entries.iter().filter(refuses).filter_map(|refusal| {
        let versions = || entries.iter().filter(|entry| is_reply(entry) && entry.item_id == refusal.item_id);
        let created_at = versions().map(|entry| entry.created_at).min()?;
        let alike = versions().filter(|entry| said(entry).map(|said| said.0) == said(refusal).map(|said| said.0));
        let times = alike.map(|entry| match entry.what {
            What::Reply { .. } => (created_at, entry.recorded_at),
            _ => (entry.modified_at.or(entry.origin.event_time).unwrap_or(entry.recorded_at), entry.recorded_at),
        });
        times.reduce(|one, other| (one.0.min(other.0), one.1.min(other.1)))
    });
    times.collect()
}

/// The words of a reply, and what they were taken to say.
fn said(entry: &Entry) -> Option<(&Private, &Verdict)> {
    match &entry.what {
        What::Reply { text, verdict, .. } | What::EditedReply { text, verdict, .. } => Some((text, verdict)),
        _ => None,
    }
}

/// Something that must not bring a patient back who has refused.
#[derive(Clone, Debug)]
enum Doubt {
    /// The refusal, or any other reply, is deleted.
    Deletion { of: sample::Index },
    /// A reply is changed to a consent.
    Change { of: sample::Index },
    /// Something unclear is written.
    Unclear,
    /// A yes that was written before the refusal arrives late.
    OlderYes,
    /// A short yes, if there is no newer request for it to answer.
    BareYes,
    /// I consent, from a number that several patients share.
    SomebodysConsent,
}

impl Doubt {
    /// The entries for it, in a history in which the last refusal was written at `refused`.
    fn about(&self, entries: &[Entry], refused: Timestamp) -> Vec<Entry> {
        let replies: Vec<&Entry> = entries.iter().filter(|entry| is_reply(entry)).collect();
        let consent = |explicit| verdict(Decision::Consent, explicit, false);
        let text = Private::from("I consent, yes");
        let new = |at: Timestamp, said, patient| {
            let entry = reply("new", 0, END, "I consent", said, patient);
            vec![Entry { created_at: at, modified_at: None, ..entry }]
        };
        match self {
            Self::Deletion { of } => vec![Entry {
                modified_at: Some(time(END)),
                recorded_at: time(END),
                what: What::Deleted,
                ..(*of.get(&replies)).clone()
            }],
            Self::Change { of } => vec![Entry {
                modified_at: Some(time(END)),
                recorded_at: time(END),
                what: What::EditedReply { text, verdict: consent(true), needs_no_request: false, patient: patient("") },
                ..(*of.get(&replies)).clone()
            }],
            Self::Unclear => new(time(END), verdict(Decision::Unclear, false, false), patient("ada")),
            Self::OlderYes => new(refused - SignedDuration::from_mins(1), consent(true), patient("ada")),
            Self::BareYes => {
                let newest = entries.iter().filter(|entry| is_request(entry)).max_by_key(|entry| entry.created_at);
                let Some(request) = newest.filter(|request| request.created_at <= refused) else { return Vec::new() };
                let mut entries = new(time(END), consent(false), patient("ada"));
                let preceding_item_id = request.item_id.clone();
                let what = What::Context { preceding_item_id, preceding_is_request: true };
                entries.extend(entries.first().cloned().map(|reply| Entry { what, ..reply }));
                entries
            }
            Self::SomebodysConsent => new(time(END), consent(true), patient("shared")),
        }
    }
}

fn later_doubts() -> impl Strategy<Value = Vec<Doubt>> {
    (any::<sample::Index>(), any::<sample::Index>()).prop_map(|(deleted, changed)| {
        vec![
            Doubt::Deletion { of: deleted },
            Doubt::Change { of: changed },
            Doubt::Unclear,
            Doubt::OlderYes,
            Doubt::BareYes,
            Doubt::SomebodysConsent,
        ]
    })
}

/// The last minute of a random history. They are short, so that many things happen in the same minute.
const END: i64 = 10;

fn time(minute: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
}

/// A history in which somebody refused.
fn refused_history() -> impl Strategy<Value = Vec<Entry>> {
    (history(), 0..END).prop_map(|(mut entries, at)| {
        let said = verdict(Decision::Decline, false, at % 2 == 0);
        entries.push(reply("refusal", at, at, "no!", said, patient("ada")));
        entries
    })
}

/// A history, and the same with entries repeated and in another order.
fn shuffled() -> impl Strategy<Value = (Vec<Entry>, Vec<Entry>)> {
    (history(), collection::vec(any::<sample::Index>(), 0..8)).prop_flat_map(|(entries, again)| {
        let mut repeated = entries.clone();
        if !entries.is_empty() {
            repeated.extend(again.iter().map(|index| index.get(&entries).clone()));
        }
        (Just(entries), Just(repeated).prop_shuffle())
    })
}

/// What happens in a conversation: a few requests and replies with all that can become of them, and staff. Some entries
/// get lost, so that an item may be known from any part of its history.
fn history() -> impl Strategy<Value = Vec<Entry>> {
    let requests = collection::vec(request_item(), 0..4);
    let replies = collection::vec(reply_item(), 0..5);
    let decisions = collection::vec(staff_decision(), 0..4);
    (requests, replies, decisions).prop_flat_map(|(requests, replies, decisions)| {
        let mut entries: Vec<Entry> = Vec::new();
        for (index, item) in requests.into_iter().enumerate() {
            entries.extend(with_id(item, REQUESTS[index]));
        }
        for (index, item) in replies.into_iter().enumerate() {
            entries.extend(with_id(item, REPLIES[index]));
        }
        entries.extend(decisions);
        let kept = collection::vec(prop::bool::weighted(0.95), entries.len());
        (Just(entries), kept).prop_map(|(entries, kept)| {
            entries.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(entry, _)| entry).collect()
        })
    })
}

/// Ids sort both ways against each other, as Spruce's do.
const REQUESTS: [&str; 3] = ["b", "d", "f"];
const REPLIES: [&str; 4] = ["a", "c", "e", "g"];

fn with_id(entries: Vec<Entry>, id: &str) -> Vec<Entry> {
    entries.into_iter().map(|entry| Entry { item_id: id.to_owned(), ..entry }).collect()
}

/// A reply and what becomes of it.
fn reply_item() -> impl Strategy<Value = Vec<Entry>> {
    let edits = collection::vec((moment(), words(), writer(), weighted(0.1)), 0..3);
    let context = (sample::select(&["b", "d", "f", "other"]), weighted(0.8));
    let contexts = prop_oneof![6 => collection::vec(context.clone(), 1), 1 => collection::vec(context, 0..3)];
    let matches = collection::vec((moment(), writer()), 0..2);
    (moment(), words(), writer(), weighted(0.1), rarely(edits), rarely(marks()), contexts, matches).prop_map(
        |(created, (text, verdict), patient, any, edits, marks, contexts, matches)| {
            let at = created.created_at;
            let mut entries = vec![Entry {
                what: What::Reply { text, verdict, needs_no_request: any, patient },
                modified_at: None,
                ..created
            }];
            for (moment, (text, verdict), patient, any) in edits {
                let what = What::EditedReply { text, verdict, needs_no_request: any, patient };
                entries.push(Entry { what, ..after(at, moment) });
            }
            entries.extend(marks.into_iter().map(|mark| after(at, mark)));
            for (preceding_item_id, preceding_is_request) in contexts {
                let preceding_item_id = preceding_item_id.to_owned();
                let what = What::Context { preceding_item_id, preceding_is_request };
                entries.push(Entry { what, ..entries[0].clone() });
            }
            entries.extend(
                matches.into_iter().map(|(moment, patient)| Entry { what: What::Match(patient), ..after(at, moment) }),
            );
            entries
        },
    )
}

/// A request and what becomes of it.
fn request_item() -> impl Strategy<Value = Vec<Entry>> {
    let text = sample::select(&["do you consent?", "consent?"]).prop_map(Private::from);
    let expires_at = prop_oneof![1 => 0..END, 3 => Just(2 * END)].prop_map(time);
    let edits = collection::vec((moment(), text.clone(), option::weighted(0.7, expires_at.clone())), 0..3);
    (moment(), text, expires_at, rarely(edits), rarely(marks())).prop_map(
        |(created, text, expires_at, edits, marks)| {
            let at = created.created_at;
            let request = Entry { what: What::Request { text, expires_at }, modified_at: None, ..created };
            let edits = edits.into_iter().map(move |(moment, text, expires_at)| Entry {
                what: What::EditedRequest { text, expires_at },
                ..after(at, moment)
            });
            let marks = marks.into_iter().map(move |mark| after(at, mark));
            std::iter::once(request).chain(edits).chain(marks).collect()
        },
    )
}

/// Deletions and restorations.
fn marks() -> impl Strategy<Value = Vec<Entry>> {
    let mark = (moment(), prop::bool::weighted(0.6));
    collection::vec(mark, 0..4).prop_map(|marks| {
        let what = |deletes| if deletes { What::Deleted } else { What::Restored };
        marks.into_iter().map(|(moment, deletes)| Entry { what: what(deletes), ..moment }).collect()
    })
}

fn staff_decision() -> impl Strategy<Value = Entry> {
    let decision = sample::select(&[StaffDecision::Consent, StaffDecision::Decline, StaffDecision::Ignore]);
    let about = sample::select(&["a", "c", "e", "unknown", ""]);
    let by = sample::select(&["Dana", "Eli"]);
    (moment(), decision, about, by).prop_map(|(moment, decision, about, by)| Entry {
        item_id: about.to_owned(),
        what: What::Review { decision, reviewed_by: by.into(), note: Private::default() },
        ..moment
    })
}

/// An entry at some time, recorded then or later; Spruce may or may not have told when it happened.
fn moment() -> impl Strategy<Value = Entry> {
    let late = prop_oneof![3 => Just(0), 1 => 0..END];
    (0..END, late, any::<bool>(), weighted(0.2)).prop_map(|(at, late, tells_change, tells_event)| Entry {
        conversation_id: "conversation".to_owned(),
        item_id: String::new(),
        created_at: time(at),
        modified_at: tells_change.then_some(time(at)),
        recorded_at: time(at + late),
        origin: Origin { event_time: tells_event.then_some(time(at)), ..Origin::default() },
        what: What::Restored,
    })
}

/// The same, about an item that was created earlier.
fn after(created_at: Timestamp, moment: Entry) -> Entry {
    Entry { created_at: created_at.min(moment.created_at), ..moment }
}

fn weighted(probability: f64) -> impl Strategy<Value = bool> + Clone {
    prop::bool::weighted(probability)
}

/// Nothing, more often than not.
fn rarely<T: Clone + std::fmt::Debug>(some: impl Strategy<Value = Vec<T>>) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![2 => Just(Vec::new()), 1 => some]
}

/// Words and what they were taken to say: nearly always what they say, now and then what other rules made of them.
fn words() -> impl Strategy<Value = (Private, Verdict)> {
    const WORDS: [(&str, Decision, bool, bool); 6] = [
        ("yes", Decision::Consent, false, false),
        ("I consent", Decision::Consent, true, false),
        ("I agree", Decision::Consent, true, false),
        ("no", Decision::Decline, false, false),
        ("stop", Decision::Decline, true, true),
        ("hm", Decision::Unclear, false, false),
    ];
    (sample::select(&WORDS), sample::select(&WORDS), weighted(0.08)).prop_map(|(words, other, odd)| {
        let (_, decision, explicit, opt_out) = if odd { other } else { words };
        (words.0.into(), verdict(decision, explicit, opt_out))
    })
}

fn writer() -> impl Strategy<Value = Patient> {
    prop_oneof![8 => Just("ada"), 1 => Just("shared"), 1 => Just(""), 1 => Just("bea")].prop_map(patient)
}

fn patient(name: &str) -> Patient {
    let status = match name {
        "" => MatchStatus::Pending,
        "shared" => MatchStatus::SharedNumber,
        _ => MatchStatus::Matched,
    };
    Patient { status, name: name.into(), ..Patient::default() }
}

fn reply(id: &str, at: i64, recorded: i64, text: &str, verdict: Verdict, patient: Patient) -> Entry {
    Entry {
        conversation_id: "conversation".to_owned(),
        item_id: id.to_owned(),
        created_at: time(at),
        modified_at: Some(time(at)),
        recorded_at: time(recorded),
        origin: Origin::default(),
        what: What::Reply { text: text.into(), verdict, needs_no_request: false, patient },
    }
}

fn verdict(decision: Decision, explicit: bool, opt_out: bool) -> Verdict {
    Verdict { decision, explicit, opt_out, rule: Cow::Borrowed("rule"), reason: Cow::Borrowed("") }
}

fn is_reply(entry: &Entry) -> bool {
    said(entry).is_some()
}

fn is_request(entry: &Entry) -> bool {
    matches!(entry.what, What::Request { .. } | What::EditedRequest { .. })
}
