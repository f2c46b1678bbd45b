//! What the webhook puts on the queue for the worker.
//!
//! A job is JSON, `[version, job]`: an array, because the Functions host copies the top-level values of a JSON *object*
//! into the invocation's metadata, patient data and all. Old versions stay readable for as long as jobs of theirs can
//! be on the queue.

use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::event::{Change, Direction, ItemEvent};
use super::identity::{Conversation, MAX_NAME_CHARS};
use super::private::Private;

/// The largest job, in bytes of JSON: 64 KiB of queue text hold this much in base64.
pub const MAX_JOB_BYTES: usize = 48 * 1024;

/// What hardly a job is longer than, in bytes: room that is made at once instead of bit by bit.
const USUAL_JOB_BYTES: usize = 2048;

/// A text of this many bytes fits whatever else the job holds, and need not be measured. It is about what a text message
/// of ten parts has in ASCII; how far it may go is held by a test over the longest of everything.
const SURELY_FITTING_BYTES: usize = 1600;

/// What stands around an item's job on the queue, in bytes.
const FRAME_BYTES: usize = r#"[1,{"item":}]"#.len();

/// The version that is written.
const VERSION: u32 = 1;

/// Something for the worker to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Take up what happened to an item.
    Item(Box<ItemJob>),
    /// Look through the worklist for what staff have decided.
    Sweep(SweepJob),
}

/// A round through the worklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepJob {
    /// When it is due. It is the one to go on only if the queue's metadata announce the same time.
    pub due: Timestamp,
    /// Conversations that had open rows in the round before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<String>,
}

/// What the worker needs to know about an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemJob {
    /// What happened to the item.
    pub change: Change,
    /// When, by the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_time: Option<Timestamp>,
    /// When the webhook, or `backfill`, took it in.
    pub received_at: Timestamp,
    /// SHA-256 of the raw body, hex; empty where no signed body brought it.
    pub body_sha256: String,
    /// The item's id.
    pub item_id: String,
    /// The conversation's id.
    pub conversation_id: String,
    /// Who wrote to whom.
    pub direction: Direction,
    /// The words, cut to what fits.
    pub text: Private,
    /// Whether words are missing at the end of `text`: what is missing could change its meaning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_is_cut: bool,
    /// When the item was created: by itself, else by the event, else when it came in.
    pub created_at: Timestamp,
    /// When the item was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// Display name of who wrote it.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    pub author: Private,
    /// The link to the item in Spruce's app.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub app_url: String,
    /// How many attachments it has.
    #[serde(default)]
    pub attachments: u32,
    /// The conversation, where the event embeds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Conversation>,
    /// No event told of it: it was found in the list of the conversation's items, as it reads now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_listed: bool,
    /// Since when, and how often, the job waits for Spruce's API; `None` the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
}

/// A job that was put back because Spruce's API could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// When it was put back first.
    pub since: Timestamp,
    /// How often it has been put back.
    pub times: u32,
}

/// A queue text that is no job of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidJob {
    /// Not JSON, or not of the version's shape.
    Malformed,
    /// A version that this program does not know: a later one was here before.
    UnknownVersion,
}

impl InvalidJob {
    /// The word for the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownVersion => "unknown_version",
        }
    }
}

impl Job {
    /// The JSON for the queue.
    pub fn encode(&self) -> String {
        // Strings, numbers and times only: nothing in a job can fail to be JSON.
        let mut json = Vec::with_capacity(USUAL_JOB_BYTES);
        let _ = serde_json::to_writer(&mut json, &(VERSION, self));
        String::from_utf8(json).unwrap_or_default()
    }

    /// Reads what [`Job::encode`] wrote.
    pub fn decode(json: &str) -> Result<Self, InvalidJob> {
        let (version, job): (u32, Box<serde_json::value::RawValue>) =
            serde_json::from_str(json).map_err(|_| InvalidJob::Malformed)?;
        match version {
            VERSION => serde_json::from_str(job.get()).map_err(|_| InvalidJob::Malformed),
            _ => Err(InvalidJob::UnknownVersion),
        }
    }
}

impl ItemJob {
    /// The job for an event that came in at `received_at` in a body of hash `body_sha256`. Its text is cut, and marked,
    /// if the job would not fit on the queue otherwise.
    pub fn new(event: ItemEvent, received_at: Timestamp, body_sha256: String) -> Self {
        Self::fitted(event, received_at, body_sha256, false)
    }

    /// The job for an item that was found in a list at `found_at`, told in the shape of an event.
    pub fn of_listed(event: ItemEvent, found_at: Timestamp) -> Self {
        Self::fitted(event, found_at, String::new(), true)
    }

    fn fitted(event: ItemEvent, received_at: Timestamp, body_sha256: String, is_listed: bool) -> Self {
        let mut job = Self {
            change: event.change,
            event_time: event.event_time,
            received_at,
            body_sha256,
            item_id: event.id,
            conversation_id: event.conversation_id,
            direction: event.direction,
            text: Private::default(),
            text_is_cut: true,
            created_at: event.created_at.or(event.event_time).unwrap_or(received_at),
            modified_at: event.modified_at,
            author: event.author.expose().chars().take(MAX_NAME_CHARS).collect::<String>().into(),
            app_url: event.app_url,
            attachments: event.attachments,
            conversation: event.conversation,
            is_listed,
            // The longest that it can be: a job that fitted once fits when it is put back.
            waiting: Some(Waiting { since: received_at, times: u32::MAX }),
        };
        let text = event.text.expose();
        let fitting = if text.len() <= SURELY_FITTING_BYTES {
            text
        } else {
            let mut taken = Length(FRAME_BYTES);
            let _ = serde_json::to_writer(&mut taken, &job);
            prefix_of_json_length(text, MAX_JOB_BYTES.saturating_sub(taken.0))
        };
        job.text_is_cut = fitting.len() < text.len();
        job.text = if job.text_is_cut { fitting.into() } else { event.text };
        job.waiting = None;
        job
    }
}

/// Takes bytes and keeps their number.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The longest prefix of `text` that takes at most `limit` bytes between the quotes of a JSON string.
fn prefix_of_json_length(text: &str, limit: usize) -> &str {
    // Worst case is six bytes for one, so a short text need not be counted.
    if text.len().saturating_mul(6) <= limit {
        return text;
    }
    let mut taken = 0;
    for (at, char) in text.char_indices() {
        taken += match char {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            '\0'..='\u{1f}' => 6,
            _ => char.len_utf8(),
        };
        if taken > limit {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::event::{self, Event, MAX_ID_BYTES};

    fn received() -> Timestamp {
        "2025-12-08T14:30:02Z".parse().unwrap()
    }

    fn job(text: &str, participants: usize, name: &str) -> ItemJob {
        let people: Vec<_> = (0..participants)
            .map(|n| serde_json::json!({ "displayName": name, "contact": "c".repeat(128), "endpoint": { "rawValue": format!("+1205555{n:04}") } }))
            .collect();
        let body = serde_json::json!({ "type": "conversationItem.created", "data": { "object": {
            "id": "i".repeat(128), "conversationId": "t".repeat(128), "direction": "inbound", "text": text,
            "author": { "displayName": name }, "appURL": format!("https://app.sprucehealth.com/{}", "x".repeat(990)),
            "conversation": { "type": "phone", "externalParticipants": people } } } });
        match event::parse(body.to_string().as_bytes()).unwrap() {
            Event::Item(event) => ItemJob::new(*event, received(), "0".repeat(64)),
            Event::Other => unreachable!(),
        }
    }

    #[test]
    fn the_wire_form_is_a_versioned_array() {
        let mut job = job("Yes", 0, "");
        (job.item_id, job.conversation_id, job.app_url) = ("ti_1".to_owned(), "t_1".to_owned(), String::new());
        job.conversation = None;
        let json = Job::Item(Box::new(job)).encode();
        insta::assert_snapshot!(json, @r#"[1,{"item":{"change":"created","received_at":"2025-12-08T14:30:02Z","body_sha256":"0000000000000000000000000000000000000000000000000000000000000000","item_id":"ti_1","conversation_id":"t_1","direction":"inbound","text":"Yes","created_at":"2025-12-08T14:30:02Z","attachments":0}}]"#);
        assert!(json.starts_with('['), "an object would be copied into the invocation's metadata");
    }

    #[test]
    fn what_is_no_job() {
        for (json, reason) in [
            ("", InvalidJob::Malformed),
            ("{}", InvalidJob::Malformed),
            ("[1]", InvalidJob::Malformed),
            ("[1,{}]", InvalidJob::Malformed),
            ("[1,{\"item\":{}}]", InvalidJob::Malformed),
            ("[2,{\"item\":{}}]", InvalidJob::UnknownVersion),
        ] {
            assert_eq!(Job::decode(json), Err(reason), "{json}");
        }
    }

    #[test]
    fn a_text_is_cut_and_marked_exactly_where_it_must_be() {
        let fits = job("short", 0, "Ada");
        assert!(!fits.text_is_cut);
        let long = job(&"é\n\u{1}".repeat(20_000), 20, &"\u{1}".repeat(500));
        assert!(long.text_is_cut);
        let with_waiting =
            Job::Item(Box::new(ItemJob { waiting: Some(Waiting { since: received(), times: u32::MAX }), ..long }));
        let bytes = with_waiting.encode().len();
        assert!((MAX_JOB_BYTES - 8..=MAX_JOB_BYTES).contains(&bytes), "{bytes} bytes");
    }

    /// All fields are named, so that a new one is thought of here, too.
    #[test]
    fn a_text_that_is_not_measured_fits_beside_the_longest_of_all_else() {
        // Nothing is longer as JSON: six bytes for one.
        let longest = |bytes: usize| "\u{1}".repeat(bytes);
        let (id, name) = (longest(MAX_ID_BYTES), longest(MAX_NAME_CHARS));
        let time: Timestamp = "2025-12-08T14:30:00.123456789Z".parse().unwrap();
        let participant = serde_json::json!(
            { "displayName": name, "contact": id, "endpoint": { "rawValue": "+123456789012345" } });
        let job = ItemJob::of_listed(
            ItemEvent {
                change: Change::Restored,
                event_time: Some(time),
                id: id.clone(),
                conversation_id: id,
                direction: Direction::Outbound,
                is_internal_note: false,
                is_call: false,
                text: longest(SURELY_FITTING_BYTES).into(),
                author: name.into(),
                attachments: u32::MAX,
                created_at: Some(time),
                modified_at: Some(time),
                app_url: "\"".repeat(event::MAX_URL_BYTES),
                conversation: Conversation::from_json(serde_json::json!(
                    { "type": longest(100), "externalParticipants": vec![participant; 40] })),
            },
            time,
        );
        assert!(!job.text_is_cut);
        let waiting = Some(Waiting { since: time, times: u32::MAX });
        let job = Job::Item(Box::new(ItemJob { waiting, body_sha256: "0".repeat(64), ..job }));
        let bytes = job.encode().len();
        assert!((MAX_JOB_BYTES * 9 / 10..=MAX_JOB_BYTES).contains(&bytes), "{bytes} bytes");
    }

    proptest! {
        #[test]
        fn every_job_fits_on_the_queue_and_comes_back(text in "(?s).{0,200}", times in 0..9_000_usize, people in 0..40_usize) {
            let job = Job::Item(Box::new(job(&text.repeat(times / 200), people, &text)));
            let json = job.encode();
            prop_assert!(json.len() <= MAX_JOB_BYTES, "{} bytes", json.len());
            prop_assert_eq!(Job::decode(&json), Ok(job));
        }

        #[test]
        fn no_text_makes_decoding_panic(json in "\\PC*") {
            let _ = Job::decode(&json);
        }
    }
}
