//! What was missed: which of the things that Spruce tells afterwards are not on record yet.
//!
//! Two sources tell. The endpoint's delivery log has the events themselves, each with what it changed. The conversations
//! list items as they read now, whatever they said before, and no deleted ones. Neither comes signed: what a source
//! tells becomes the same job that the event would have become, but without the hash of a signed body, and what a list
//! tells is marked as looked up.
//!
//! Whether something is on record is told by what makes the key of its row. Where that cannot be told, it counts as
//! missing: the worker finds its row there, or drops what is none of our business.

use std::collections::HashMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::event::{Change, Direction, Ignored, ItemEvent};
use super::history::{Entry, What};
use super::identity::Conversation;
use super::intake::{self, LOOKUP, ListedItem};
use super::job::ItemJob;
use super::private::Private;
use super::request::RequestPattern;

/// Who tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The endpoint's delivery log.
    Deliveries,
    /// The conversations' items, as they read now.
    Conversations,
}

/// What is to be done about something that a source tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Nothing: it is none of our business.
    Ignored(Ignored),
    /// Nothing: it is on record, or was found before in this run.
    Recorded,
    /// It is for the worker.
    Missing {
        /// What the worker gets.
        job: Box<ItemJob>,
        /// Whether it surely belongs on record. Otherwise nobody is known to have asked, and only the worker, which can
        /// look further back, tells whether it is any of our business.
        is_ours: bool,
    },
}

/// What one run has found missing so far: the same thing is not found twice, whichever source tells it again.
///
/// Grows with what is missing, by some hundred bytes each.
#[derive(Debug, Default)]
pub struct Found {
    /// By item.
    versions: HashMap<String, Vec<Version>>,
    /// By conversation: when the first request in it was made.
    asked: HashMap<String, Timestamp>,
}

/// A listed item as the event that would tell the same; `None` if nobody knows when it was created, without which it
/// has no place among the others.
///
/// An item that was changed since is told as changed: what it said at first is not known.
pub fn listed(item: ListedItem, conversation_id: &str, conversation: &Conversation) -> Option<ItemEvent> {
    let created_at = item.created_at?;
    let was_changed = item.modified_at.is_some_and(|modified_at| modified_at > created_at);
    Some(ItemEvent {
        change: if was_changed { Change::Updated } else { Change::Created },
        event_time: None,
        id: item.id,
        conversation_id: conversation_id.to_owned(),
        direction: item.direction,
        is_internal_note: item.is_internal_note,
        is_call: item.is_call,
        text: item.text,
        author: item.author,
        attachments: item.attachments,
        created_at: item.created_at,
        modified_at: item.modified_at,
        app_url: item.app_url,
        conversation: Some(conversation.clone()),
    })
}

impl Found {
    /// Decides about an event that the selection lets through (`event::select`), or a listed item in its shape, by the
    /// history of its conversation.
    pub fn judge(
        &mut self,
        event: ItemEvent,
        source: Source,
        history: &[Entry],
        pattern: &RequestPattern,
        now: Timestamp,
    ) -> Finding {
        let told = Version::told(&event);
        let recorded = history.iter().filter(|entry| entry.item_id == event.id).filter_map(Version::recorded);
        let mut known: Vec<Version> =
            recorded.chain(self.versions.get(&event.id).into_iter().flatten().copied()).collect();
        let is_request = event.direction == Direction::Outbound && pattern.is_request(event.text.expose());
        match source {
            Source::Deliveries if known.iter().any(|known| known.is_as_good_as(&told)) => return Finding::Recorded,
            Source::Deliveries => {}
            Source::Conversations => {
                known.sort_by_key(|version| version.at);
                if is_listed_as_known(&known, &told) {
                    return Finding::Recorded;
                }
                // As an event it might tell of a request that is still to come. A list tells what it reads now.
                if event.direction == Direction::Outbound && !is_request && known.is_empty() {
                    return Finding::Ignored(Ignored::NotAReply);
                }
            }
        }
        let job = match source {
            Source::Deliveries => ItemJob::new(event, now, String::new()),
            Source::Conversations => ItemJob::of_listed(event, now),
        };
        let asked_at = self.asked.get(&job.conversation_id);
        let is_ours = is_request
            || pattern.needs_no_request()
            || !known.is_empty()
            || asked_at.is_some_and(|asked_at| *asked_at <= job.created_at)
            || intake::has_request(&job, history);
        if is_request {
            let asked_at = self.asked.entry(job.conversation_id.clone()).or_insert(job.created_at);
            *asked_at = job.created_at.min(*asked_at);
        }
        self.versions.entry(job.item_id.clone()).or_default().push(told);
        Finding::Missing { job: Box::new(job), is_ours }
    }
}

/// What tells one row of an item's history from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version {
    change: Change,
    /// When it was made, in microseconds since 1970, as the tables keep it: a creation when the item was created.
    at: Option<i64>,
    words: [u8; 32],
    /// Only looked up so far: an event is the better evidence.
    is_lookup: bool,
}

impl Version {
    fn told(event: &ItemEvent) -> Self {
        let at = match event.change {
            Change::Created => event.created_at,
            Change::Updated | Change::Deleted | Change::Restored => event.modified_at,
        };
        let at = at.or(event.event_time).map(Timestamp::as_microsecond);
        Self { change: event.change, at, words: hash(&event.text), is_lookup: false }
    }

    /// `None` for what is no change of an item.
    fn recorded(entry: &Entry) -> Option<Self> {
        let nothing = Private::default();
        let (change, text) = match &entry.what {
            What::Reply { text, .. } | What::Request { text, .. } => (Change::Created, text),
            What::EditedReply { text, .. } | What::EditedRequest { text, .. } => (Change::Updated, text),
            What::Deleted => (Change::Deleted, &nothing),
            What::Restored => (Change::Restored, &nothing),
            What::Match(_) | What::Context { .. } | What::Review { .. } | What::Confirmation { .. } => return None,
        };
        let at = match change {
            Change::Created => Some(entry.created_at),
            Change::Updated | Change::Deleted | Change::Restored => entry.modified_at.or(entry.origin.event_time),
        };
        // Only requests are completed by their event (`Tables::append`).
        let is_request = matches!(entry.what, What::Request { .. } | What::EditedRequest { .. });
        Some(Self {
            change,
            at: at.map(Timestamp::as_microsecond),
            words: hash(text),
            is_lookup: is_request && entry.origin.event_type == LOOKUP,
        })
    }

    /// Whether it is the row that the event `told` would be written to, and has all that the event could tell.
    fn is_as_good_as(&self, told: &Self) -> bool {
        let is_same = self.change == told.change
            && match told.change {
                // An item is created once.
                Change::Created => true,
                Change::Updated => self.at == told.at && self.words == told.words,
                Change::Deleted | Change::Restored => self.at == told.at,
            };
        is_same && !self.is_lookup
    }
}

/// Whether an item is listed as it is known. Spruce calls an item modified too when somebody has read it: only other
/// words are news. `known` is in order.
fn is_listed_as_known(known: &[Version], told: &Version) -> bool {
    let is_text = |version: &&Version| matches!(version.change, Change::Created | Change::Updated);
    match told.change {
        Change::Created => known.iter().any(|version| version.change == Change::Created),
        Change::Updated | Change::Deleted | Change::Restored => {
            known.iter().any(|version| version.change == Change::Updated && version.at == told.at)
                || known.iter().rfind(is_text).is_some_and(|last| last.words == told.words)
        }
    }
}

fn hash(text: &Private) -> [u8; 32] {
    Sha256::digest(text.expose()).into()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::consent::{self, State};
    use crate::domain::history::{MatchStatus, Patient};
    use crate::domain::reply::{Decision, Lexicon, Verdict};
    use Change::{Created, Deleted, Restored, Updated};
    use Direction::{Inbound, Outbound};
    use Source::{Conversations, Deliveries};

    const ASK: &str = "Do you consent to text messages? Reply YES or NO";

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_772_463_600 + 60 * minute).unwrap()
    }

    fn verdict(job: &ItemJob) -> Verdict {
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::default);
        intake::verdict(job, &LEXICON)
    }

    fn event(change: Change, direction: Direction, text: &str, created: i64, changed: i64) -> ItemEvent {
        ItemEvent {
            change,
            event_time: Some(at(changed)),
            id: "ti_1".to_owned(),
            conversation_id: "t_1".to_owned(),
            direction,
            is_internal_note: false,
            is_call: false,
            text: text.into(),
            author: Private::default(),
            attachments: 0,
            created_at: Some(at(created)),
            modified_at: Some(at(changed)),
            app_url: String::new(),
            conversation: None,
        }
    }

    /// The inbound item as a list shows it.
    fn shown(text: &str, created: i64, modified: Option<i64>) -> ItemEvent {
        let item = ListedItem {
            id: "ti_1".to_owned(),
            created_at: Some(at(created)),
            modified_at: modified.map(at),
            direction: Direction::Inbound,
            is_internal_note: false,
            is_call: false,
            text: text.into(),
            author: Private::default(),
            attachments: 0,
            app_url: String::new(),
        };
        listed(item, "t_1", &Conversation::default()).unwrap()
    }

    /// What the worker makes of a job, as the tables give it back.
    fn recorded(job: &ItemJob) -> Entry {
        let mut entry = if job.direction == Direction::Outbound {
            intake::of_request(job, &RequestPattern::BuiltIn, 30, at(100))
        } else {
            let patient = Patient { status: MatchStatus::Unsaved, ..Patient::default() };
            intake::of_reply(job, verdict(job), false, patient, at(100))
        };
        let times = [Some(&mut entry.created_at), entry.modified_at.as_mut(), entry.origin.event_time.as_mut()];
        for time in times.into_iter().flatten() {
            *time = Timestamp::from_microsecond(time.as_microsecond()).unwrap();
        }
        entry
    }

    fn judge(event: ItemEvent, source: Source, history: &[Entry]) -> Finding {
        Found::default().judge(event, source, history, &RequestPattern::BuiltIn, at(90))
    }

    fn missing(finding: Finding) -> (ItemJob, bool) {
        match finding {
            Finding::Missing { job, is_ours } => (*job, is_ours),
            other => panic!("{other:?}"),
        }
    }

    fn history_of(events: &[ItemEvent]) -> Vec<Entry> {
        events.iter().map(|event| recorded(&ItemJob::new(event.clone(), at(90), String::new()))).collect()
    }

    #[test]
    fn what_the_log_tells_against_what_is_on_record() {
        let yes = event(Created, Inbound, "yes", 1, 1);
        let edit = event(Updated, Inbound, "no", 1, 2);
        let delete = event(Deleted, Inbound, "", 1, 3);
        for (told, on_record, is_missing) in [
            (&yes, vec![], true),
            (&yes, vec![yes.clone()], false),
            (&yes, vec![edit.clone()], true),
            (&edit, vec![yes.clone()], true),
            (&edit, vec![yes.clone(), edit.clone()], false),
            (&event(Updated, Inbound, "no", 1, 4), vec![edit.clone()], true),
            (&event(Updated, Inbound, "maybe", 1, 2), vec![edit.clone()], true),
            (&delete, vec![yes.clone()], true),
            (&delete, vec![delete.clone()], false),
            (&event(Deleted, Inbound, "", 1, 5), vec![delete.clone()], true),
            (&event(Restored, Inbound, "", 1, 3), vec![delete.clone()], true),
        ] {
            let finding = judge(told.clone(), Deliveries, &history_of(&on_record));
            assert_eq!(matches!(finding, Finding::Missing { .. }), is_missing, "{told:?} {on_record:?}");
        }
    }

    /// A list shows the words of now: words that are on record last are no news, whatever else was modified.
    #[test]
    fn what_a_list_shows_against_what_is_on_record() {
        let yes = event(Created, Inbound, "yes", 1, 1);
        let edit = event(Updated, Inbound, "no", 1, 2);
        for (told, on_record, missing_as) in [
            (shown("yes", 1, Some(1)), vec![], Some(Created)),
            (shown("yes", 1, None), vec![], Some(Created)),
            // Spruce's own example: a fraction of a second less.
            (shown("yes", 1, Some(0)), vec![], Some(Created)),
            (shown("yes", 1, Some(2)), vec![], Some(Updated)),
            (shown("yes", 1, Some(1)), vec![yes.clone()], None),
            (shown("yes", 1, Some(2)), vec![yes.clone()], None),
            (shown("no", 1, Some(2)), vec![yes.clone()], Some(Updated)),
            (shown("no", 1, Some(2)), vec![yes.clone(), edit.clone()], None),
            // Changed back, and nobody told us.
            (shown("yes", 1, Some(3)), vec![edit.clone(), yes.clone()], Some(Updated)),
        ] {
            let finding = judge(told.clone(), Conversations, &history_of(&on_record));
            let change = match &finding {
                Finding::Missing { job, .. } => Some(job.change),
                Finding::Recorded => None,
                Finding::Ignored(_) => panic!("{told:?}"),
            };
            assert_eq!(change, missing_as, "{told:?} {on_record:?}");
        }
    }

    #[test]
    fn an_event_completes_a_request_that_was_only_looked_up() {
        let told = event(Created, Outbound, ASK, 1, 1);
        let mut entry = history_of(std::slice::from_ref(&told)).remove(0);
        assert_eq!(judge(told.clone(), Deliveries, std::slice::from_ref(&entry)), Finding::Recorded);
        entry.origin.event_type = LOOKUP.to_owned();
        assert!(missing(judge(told.clone(), Deliveries, std::slice::from_ref(&entry))).1);
        assert_eq!(judge(told, Conversations, &[entry]), Finding::Recorded);
    }

    #[test]
    fn a_clinics_text_that_was_changed_is_listed_for_nothing_unless_it_is_known() {
        let other = ItemEvent { direction: Outbound, ..shown("See you at 9", 1, Some(2)) };
        assert_eq!(judge(other.clone(), Conversations, &[]), Finding::Ignored(Ignored::NotAReply));
        let ask = history_of(&[event(Created, Outbound, ASK, 1, 1)]);
        assert!(missing(judge(other.clone(), Conversations, &ask)).1, "it asks no longer");
        assert!(!missing(judge(ItemEvent { event_time: Some(at(2)), ..other }, Deliveries, &[])).1);
    }

    #[test]
    fn what_is_surely_ours() {
        let mut found = Found::default();
        let mut judge = |id: &str, direction, text, created| {
            let told = ItemEvent { id: id.to_owned(), ..event(Created, direction, text, created, created) };
            missing(found.judge(told, Deliveries, &[], &RequestPattern::BuiltIn, at(90))).1
        };
        assert!(!judge("ti_1", Inbound, "Running late", 1), "nobody has asked");
        assert!(judge("ti_2", Outbound, ASK, 3));
        assert!(judge("ti_3", Inbound, "yes", 4), "asked in this run");
        assert!(!judge("ti_4", Inbound, "yes", 2), "before anybody asked");
        let any = RequestPattern::parse("any").unwrap();
        let told = event(Created, Inbound, "yes", 1, 1);
        assert!(missing(Found::default().judge(told, Deliveries, &[], &any, at(90))).1);
    }

    #[test]
    fn where_a_row_comes_from_shows() {
        let from_log = recorded(&missing(judge(event(Created, Inbound, "yes", 1, 1), Deliveries, &[])).0);
        let from_list = recorded(&missing(judge(shown("yes", 1, Some(1)), Conversations, &[])).0);
        assert_eq!((&*from_log.origin.event_type, &*from_log.origin.body_sha256), ("conversationItem.created", ""));
        assert_eq!((&*from_list.origin.event_type, &*from_list.origin.body_sha256), (LOOKUP, ""));
        assert_eq!(from_list.origin.event_time, None);
    }

    /// What it said before the change is not known: it may have been a refusal.
    #[test]
    fn a_consent_that_was_changed_before_it_was_found_is_for_people() {
        let asked = history_of(&[ItemEvent { id: "ti_0".to_owned(), ..event(Created, Outbound, ASK, 0, 0) }]);
        let state = |told: ItemEvent| {
            let (job, _) = missing(judge(told, Conversations, &asked));
            let mut history = asked.clone();
            history.push(recorded(&job));
            consent::fold(&history).status.unwrap().state
        };
        assert_eq!(state(shown("I consent", 1, Some(1))), State::Consented);
        assert_eq!(state(shown("I consent", 1, Some(2))), State::NeedsReview);
        assert_eq!(state(shown("no", 1, Some(2))), State::Declined);
    }

    #[test]
    fn without_a_time_there_is_no_place_for_it() {
        let item = ListedItem {
            id: "ti_1".to_owned(),
            created_at: None,
            modified_at: Some(at(1)),
            direction: Inbound,
            is_internal_note: false,
            is_call: false,
            text: "yes".into(),
            author: Private::default(),
            attachments: 0,
            app_url: String::new(),
        };
        assert_eq!(listed(item, "t_1", &Conversation::default()), None);
    }

    fn any_event() -> impl Strategy<Value = (ItemEvent, Source)> {
        let texts = prop_oneof![Just("yes"), Just("no"), Just("STOP"), Just(ASK), Just("hello"), Just("")];
        (0..4_usize, any::<bool>(), texts, 0..3_i64, 0..3_i64, 0..3_usize, any::<bool>(), 0..1_000_i64).prop_map(
            |(change, is_inbound, text, created, changed, id, is_listed, nanos)| {
                let change = [Created, Updated, Deleted, Restored][change];
                let direction = if is_inbound { Inbound } else { Outbound };
                let mut told = if is_listed {
                    ItemEvent { direction, ..shown(text, created, Some(changed)) }
                } else {
                    event(change, direction, text, created, created + changed)
                };
                // Spruce's times are finer than the tables'.
                let fraction = SignedDuration::from_nanos(nanos);
                told.created_at = told.created_at.map(|time| time + fraction);
                told.modified_at = told.modified_at.map(|time| time + fraction);
                told.id = format!("ti_{id}");
                (told, if is_listed { Conversations } else { Deliveries })
            },
        )
    }

    proptest! {
        /// Whatever is found is found once: in the same run, and in the next one, when it is on record.
        #[test]
        fn nothing_is_found_twice(told in proptest::collection::vec(any_event(), 1..12)) {
            let mut found = Found::default();
            let mut history: Vec<Entry> = Vec::new();
            for (told, source) in told {
                if let Finding::Missing { job, .. } = found.judge(told.clone(), source, &[], &RequestPattern::BuiltIn, at(90)) {
                    let again = found.judge(told.clone(), source, &[], &RequestPattern::BuiltIn, at(91));
                    prop_assert_eq!(again, Finding::Recorded);
                    history.push(recorded(&job));
                    prop_assert_eq!(judge(told, source, &history), Finding::Recorded);
                }
            }
        }

        /// What the history does not know at all is found, whoever tells it.
        #[test]
        fn nothing_new_is_passed_over((told, source) in any_event()) {
            let finding = judge(told.clone(), source, &[]);
            let is_listed_for_nothing = source == Conversations && told.direction == Outbound
                && !&RequestPattern::BuiltIn.is_request(told.text.expose());
            prop_assert_eq!(matches!(finding, Finding::Missing { .. }), !is_listed_for_nothing);
        }

        /// A consent that only a list tells of takes effect only if the item is listed as it was created.
        #[test]
        fn no_consent_comes_of_a_change((told, source) in any_event()) {
            if let Finding::Missing { job, .. } = judge(told, source, &[])
                && source == Conversations && job.change != Created {
                prop_assert_ne!(verdict(&job).decision, Decision::Consent);
            }
        }
    }
}
