//! Spruce's webhook envelope, and which events concern us.
//!
//! Fields that decide something (`id`, `conversationId`, `direction`, `text`, `isInternalNote`, `event`) must have the
//! type that Spruce documents, or the event is refused and people look at it. Fields that only inform may be missing,
//! `null` or anything else: a reply is not lost over an odd attachment. Null, missing and empty mean the same, as the
//! sender's JSON library leaves empty fields out.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Deserializer as Json;
use serde_json::value::RawValue;

use super::identity::Conversation;
use super::lenient::{Loose, Object};
use super::private::Private;

/// The longest id that we take, in bytes. Spruce's have about 20; a row key holds one with every byte escaped
/// (`storage::keys`) beside its time and kind.
pub const MAX_ID_BYTES: usize = 128;

/// The longest link that we take, in bytes: longer than any of Spruce's, short enough for every table and queue.
pub(super) const MAX_URL_BYTES: usize = 1024;

/// What an event says, as far as we read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Something happened to an item.
    Item(Box<ItemEvent>),
    /// Another type of event, known to Spruce or yet to be invented.
    Other,
}

/// A `conversationItem.*` event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemEvent {
    /// What happened to the item.
    pub change: Change,
    /// When, by the event.
    pub event_time: Option<Timestamp>,
    /// The item's id (`ti_…`).
    pub id: String,
    /// The conversation's id (`t_…`).
    pub conversation_id: String,
    /// Who wrote to whom.
    pub direction: Direction,
    /// Written by staff for staff.
    pub is_internal_note: bool,
    /// The item is a call or a voicemail, not a text.
    pub is_call: bool,
    /// The words. Empty for a picture without any.
    pub text: Private,
    /// Display name of who wrote it.
    pub author: Private,
    /// How many attachments it has.
    pub attachments: u32,
    /// When it was created, if a time that can be read says so.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub modified_at: Option<Timestamp>,
    /// The link to it in Spruce's app; empty unless it leads there.
    pub app_url: String,
    /// The conversation, where the event embeds it.
    pub conversation: Option<Conversation>,
}

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// `conversationItem.created`
    Created,
    /// `conversationItem.updated`
    Updated,
    /// `conversationItem.deleted`
    Deleted,
    /// `conversationItem.restored`
    Restored,
}

impl Change {
    /// Spruce's name of the event type.
    pub const fn event_type(self) -> &'static str {
        match self {
            Self::Created => "conversationItem.created",
            Self::Updated => "conversationItem.updated",
            Self::Deleted => "conversationItem.deleted",
            Self::Restored => "conversationItem.restored",
        }
    }

    fn of(event_type: &str) -> Option<Self> {
        [Self::Created, Self::Updated, Self::Deleted, Self::Restored]
            .into_iter()
            .find(|change| change.event_type() == event_type)
    }
}

/// Who wrote to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The patient to the clinic.
    Inbound,
    /// The clinic to the patient.
    Outbound,
    /// Neither (Spruce's `none`, a missing one, and words that Spruce may add).
    Neither,
}

impl Direction {
    /// Reads Spruce's word.
    pub fn parse(word: &str) -> Self {
        match word {
            "inbound" => Self::Inbound,
            "outbound" => Self::Outbound,
            _ => Self::Neither,
        }
    }
}

/// A signed body that is no event: where it goes wrong. Holds nothing of the body itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEvent {
    /// The JSON path of the fault; `$` for the whole.
    pub path: &'static str,
    /// What is wrong there.
    pub problem: Problem,
    /// Where the JSON text itself breaks off, from 1; 0 for a text that is JSON.
    pub line: usize,
    /// Likewise, in bytes.
    pub column: usize,
}

/// What is wrong at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The bytes are no JSON text, or a field stands there twice.
    NotJson,
    /// There is nothing, or not what Spruce documents.
    NotAsDocumented,
    /// An id of more than [`MAX_ID_BYTES`].
    TooLong,
}

impl fmt::Display for InvalidEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            Problem::NotJson => write!(f, "not a JSON event at line {} column {}", self.line, self.column),
            Problem::NotAsDocumented => write!(f, "{} is missing or not of the documented type", self.path),
            Problem::TooLong => write!(f, "{} is longer than {MAX_ID_BYTES} bytes", self.path),
        }
    }
}

/// Reads a body whose signature has been checked.
pub fn parse(body: &[u8]) -> Result<Event, InvalidEvent> {
    type Whole<'a> = Object<EnvelopeWire<'a, Object<DataWire<Object<ItemWire<'a>>>>>>;
    // One pass over the body is enough for what is as documented, which is nearly everything.
    match str::from_utf8(body).ok().and_then(|json| serde_json::from_str::<Whole<'_>>(json).ok()) {
        Some(Object(EnvelopeWire {
            kind: Loose::Text(event_type),
            event_time,
            data: Some(Object(DataWire { object: Some(Object(item)) })),
        })) => Change::of(&event_type).map_or(Ok(Event::Other), |change| item_event(change, event_time, item)),
        _ => parse_by_levels(body),
    }
}

/// Reads a body from the outside in: what is wrong inside says nothing about the levels around it, and nothing at all
/// in an event of another type.
fn parse_by_levels(body: &[u8]) -> Result<Event, InvalidEvent> {
    let envelope: EnvelopeWire<'_, &RawValue> = from_json(body)?;
    let Loose::Text(event_type) = &envelope.kind else { return Err(not_as_documented("type")) };
    let Some(change) = Change::of(event_type) else { return Ok(Event::Other) };
    let data: DataWire<&RawValue> = from_raw(envelope.data, "data")?;
    item_event(change, envelope.event_time, from_raw(data.object, "data.object")?)
}

fn item_event(change: Change, event_time: Option<&RawValue>, item: ItemWire<'_>) -> Result<Event, InvalidEvent> {
    let id = |field: Loose<'_>, path| match field {
        Loose::Text(id) if id.len() > MAX_ID_BYTES => Err(fault(path, Problem::TooLong)),
        Loose::Text(id) if !id.is_empty() => Ok(id.into_owned()),
        _ => Err(not_as_documented(path)),
    };
    let flag = |field: Loose<'_>, path| match field {
        Loose::Bool(flag) => Ok(flag),
        Loose::Null => Ok(false),
        _ => Err(not_as_documented(path)),
    };
    let words = |field: Loose<'_>, path| match field {
        Loose::Text(text) => Ok(text.into_owned()),
        Loose::Null => Ok(String::new()),
        _ => Err(not_as_documented(path)),
    };
    Ok(Event::Item(Box::new(ItemEvent {
        change,
        event_time: informing(event_time).text().and_then(time),
        id: id(item.id, "data.object.id")?,
        conversation_id: id(item.conversation_id, "data.object.conversationId")?,
        direction: Direction::parse(&words(item.direction, "data.object.direction")?),
        is_internal_note: flag(item.is_internal_note, "data.object.isInternalNote")?,
        is_call: !matches!(item.event, Loose::Null),
        text: words(item.text, "data.object.text")?.into(),
        author: author(item.author),
        attachments: match informing(item.attachments) {
            Loose::List(items) => u32::try_from(items.len()).unwrap_or(u32::MAX),
            _ => 0,
        },
        created_at: informing(item.created_at).text().and_then(time),
        modified_at: informing(item.modified_at).text().and_then(time),
        app_url: spruce_link(informing(item.app_url).text().unwrap_or_default()).to_owned(),
        conversation: item.conversation.and_then(|raw| Conversation::from_json(&mut Json::from_str(raw.get()))),
    })))
}

/// Why an event needs nothing from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// Not about an item.
    OtherType,
    /// Staff wrote it for staff.
    InternalNote,
    /// A call or a voicemail.
    Call,
    /// Neither from the patient nor a request for consent.
    NotAReply,
    /// The clinic does not count this channel.
    Channel,
}

impl Ignored {
    /// The word for the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtherType => "other_type",
            Self::InternalNote => "internal_note",
            Self::Call => "call",
            Self::NotAReply => "not_a_reply",
            Self::Channel => "channel",
        }
    }
}

/// Decides whether the worker has to see this event. `is_request` tells whether an outbound text asks for consent;
/// `channel_counts` whether the clinic counts a conversation type.
///
/// A change of an item passes whatever its direction: only the worker, which has the history, knows whether the item
/// is one of ours.
pub fn select(
    item: &ItemEvent,
    is_request: impl Fn(&str) -> bool,
    channel_counts: impl Fn(&str) -> bool,
) -> Result<(), Ignored> {
    if item.is_internal_note {
        return Err(Ignored::InternalNote);
    }
    if item.is_call {
        return Err(Ignored::Call);
    }
    if item.conversation.as_ref().is_some_and(|conversation| !channel_counts(&conversation.channel)) {
        return Err(Ignored::Channel);
    }
    let wanted = match (item.change, item.direction) {
        (Change::Created, Direction::Inbound) | (Change::Updated | Change::Deleted | Change::Restored, _) => true,
        (Change::Created, Direction::Outbound) => is_request(item.text.expose()),
        (Change::Created, Direction::Neither) => false,
    };
    if wanted { Ok(()) } else { Err(Ignored::NotAReply) }
}

/// Reads a time as Spruce writes it (RFC 3339, any number of fraction digits). A time that the tables cannot hold
/// (Edm.DateTime begins in 1601) is as good as none.
pub fn time(text: &str) -> Option<Timestamp> {
    const YEAR_1601: i64 = -11_644_473_600;
    const YEAR_10000: i64 = 253_402_300_800;
    text.trim().parse::<Timestamp>().ok().filter(|time| (YEAR_1601..YEAR_10000).contains(&time.as_second()))
}

/// `url` if staff may be given it as a link: https, and to Spruce. Else nothing.
pub fn spruce_link(url: &str) -> &str {
    let Some(rest) = url.strip_prefix("https://").filter(|_| url.len() <= MAX_URL_BYTES) else { return "" };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let leads_to_spruce = (host == "sprucehealth.com" || host.ends_with(".sprucehealth.com"))
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && url.bytes().all(|byte| byte.is_ascii_graphic());
    if leads_to_spruce { url } else { "" }
}

/// A field that only informs: even text that is no JSON string (half of a surrogate pair) is as good as nothing.
fn informing(raw: Option<&RawValue>) -> Loose<'_> {
    raw.map(|raw| Loose::of(&mut Json::from_str(raw.get()))).unwrap_or_default()
}

fn author(raw: Option<&RawValue>) -> Private {
    #[derive(Deserialize)]
    struct Wire<'a> {
        #[serde(borrow, default, rename = "displayName")]
        display_name: Loose<'a>,
    }
    let wire = raw.and_then(|raw| serde_json::from_str::<Object<Wire<'_>>>(raw.get()).ok());
    wire.and_then(|Object(wire)| wire.display_name.text().map(Private::from)).unwrap_or_default()
}

#[derive(Deserialize)]
struct EnvelopeWire<'a, Data> {
    #[serde(borrow, default, rename = "type")]
    kind: Loose<'a>,
    #[serde(borrow, default, rename = "eventTime")]
    event_time: Option<&'a RawValue>,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct DataWire<Item> {
    object: Option<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemWire<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    conversation_id: Loose<'a>,
    #[serde(borrow, default)]
    direction: Loose<'a>,
    #[serde(borrow, default)]
    is_internal_note: Loose<'a>,
    #[serde(borrow, default)]
    event: Loose<'a>,
    #[serde(borrow, default)]
    text: Loose<'a>,
    #[serde(borrow, default)]
    author: Option<&'a RawValue>,
    #[serde(borrow, default)]
    attachments: Option<&'a RawValue>,
    #[serde(borrow, default)]
    created_at: Option<&'a RawValue>,
    #[serde(borrow, default)]
    modified_at: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "appURL")]
    app_url: Option<&'a RawValue>,
    #[serde(borrow, default)]
    conversation: Option<&'a RawValue>,
}

fn from_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, InvalidEvent> {
    // The error's own words may quote the body, so only the place is kept.
    let not_json = |error: serde_json::Error| InvalidEvent {
        path: "$",
        problem: Problem::NotJson,
        line: error.line(),
        column: error.column(),
    };
    if body.trim_ascii_start().starts_with(b"{") {
        return serde_json::from_slice(body).map_err(not_json);
    }
    serde_json::from_slice::<IgnoredAny>(body).map_err(not_json)?;
    Err(not_as_documented("$"))
}

/// `raw` has been read as JSON already: if it does not fit, it is not the object that it should be.
fn from_raw<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>, path: &'static str) -> Result<T, InvalidEvent> {
    let object = raw.and_then(|raw| serde_json::from_str::<Object<T>>(raw.get()).ok());
    object.map(|Object(fields)| fields).ok_or(not_as_documented(path))
}

const fn not_as_documented(path: &'static str) -> InvalidEvent {
    fault(path, Problem::NotAsDocumented)
}

const fn fault(path: &'static str, problem: Problem) -> InvalidEvent {
    InvalidEvent { path, problem, line: 0, column: 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// The event of the report's own example, in full.
    fn event() -> Value {
        json!({
            "eventTime": "2025-12-08T14:30:01Z", "object": "event", "type": "conversationItem.created",
            "data": { "object": {
                "apiURL": "https://api.sprucehealth.com/v1/conversationItems/ti_29PN3P8GEXXXX",
                "appURL": "https://app.sprucehealth.com/org/entity_28/thread/t_29/message/ti_29PN3P8GEXXXX",
                "attachments": [], "author": { "displayName": "Patient Name" }, "buttons": null,
                "conversationId": "t_29S7786ETXXXX", "createdAt": "2025-12-08T14:30:00.123456789Z",
                "direction": "inbound", "id": "ti_29PN3P8GEXXXX", "isInternalNote": false,
                "modifiedAt": "2025-12-08T14:30:00Z", "object": "conversationItem", "pages": [],
                "text": "Yes I consent"
            } }
        })
    }

    fn with(path: &str, value: Value) -> Value {
        let mut event = event();
        let (parent, field) = path.rsplit_once('/').unwrap();
        event.pointer_mut(parent).unwrap()[field] = value;
        event
    }

    fn item(event: &Value) -> ItemEvent {
        match parse(event.to_string().as_bytes()) {
            Ok(Event::Item(item)) => *item,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_documented_event() {
        let item = item(&event());
        assert_eq!((item.id.as_str(), item.conversation_id.as_str()), ("ti_29PN3P8GEXXXX", "t_29S7786ETXXXX"));
        assert_eq!((item.change, item.direction), (Change::Created, Direction::Inbound));
        assert_eq!((item.text.expose(), item.author.expose()), ("Yes I consent", "Patient Name"));
        assert_eq!(item.created_at.unwrap().to_string(), "2025-12-08T14:30:00.123456789Z");
        assert!(item.app_url.starts_with("https://app.sprucehealth.com/"));
        assert!(!item.is_internal_note && !item.is_call && item.conversation.is_none() && item.attachments == 0);
    }

    /// Seen in a public test of another integration: hardly anything is there.
    #[test]
    fn the_smallest_real_event() {
        let item = item(&json!({ "type": "conversationItem.created", "data": { "object": {
            "id": "ti_1", "object": "conversationItem", "direction": "inbound", "isInternalNote": false, "text": "Yes",
            "conversationId": "t_1", "conversation": { "id": "t_1", "type": "phone", "externalParticipants": [
                { "endpoint": { "channel": "phone", "rawValue": "+12055550100" } } ] } } } }));
        assert_eq!((item.created_at, item.event_time), (None, None));
        let conversation = item.conversation.unwrap();
        assert_eq!(conversation.channel, "phone");
        assert_eq!(conversation.participants[0].phone.expose(), "+12055550100");
    }

    #[test]
    fn what_only_informs_may_be_anything() {
        for field in ["author", "attachments", "createdAt", "modifiedAt", "appURL", "conversation", "buttons", "pages"]
        {
            for value in [json!(null), json!(7), json!("x"), json!([1]), json!({ "a": [] }), json!(true)] {
                let item = item(&with(&format!("/data/object/{field}"), value.clone()));
                assert_eq!(item.text.expose(), "Yes I consent", "{field}: {value}");
            }
        }
        // Half of a surrogate pair: JSON by its grammar, and no text.
        let broken = event()
            .to_string()
            .replace("\"https://app", "\"\\ud83dhttps://app")
            .replace("2025-12-08T14:30:01Z", "\\udc00");
        assert!(matches!(parse(broken.as_bytes()), Ok(Event::Item(item)) if item.text.expose() == "Yes I consent"));
        assert_eq!(item(&with("/data/object/attachments", json!([{}, {}]))).attachments, 2);
        assert_eq!(item(&with("/data/object/text", json!(null))).text.expose(), "");
        assert!(item(&with("/data/object/event", json!({ "type": "inboundCall" }))).is_call);
    }

    #[test]
    fn what_decides_must_be_as_documented() {
        for (path, value, at) in [
            ("/type", json!(7), "type"),
            ("/data", json!(null), "data"),
            ("/data/object", json!([]), "data.object"),
            ("/data/object/id", json!(null), "data.object.id"),
            ("/data/object/id", json!(""), "data.object.id"),
            ("/data/object/id", json!(17), "data.object.id"),
            ("/data/object/conversationId", json!({}), "data.object.conversationId"),
            ("/data/object/direction", json!(1), "data.object.direction"),
            ("/data/object/text", json!(["Yes"]), "data.object.text"),
            ("/data/object/isInternalNote", json!("no"), "data.object.isInternalNote"),
        ] {
            let error = parse(with(path, value).to_string().as_bytes()).unwrap_err();
            assert_eq!((error.path, error.problem), (at, Problem::NotAsDocumented), "{path}");
        }
        let error = parse(with("/data/object/id", json!("x".repeat(129))).to_string().as_bytes()).unwrap_err();
        assert_eq!((error.path, error.problem), ("data.object.id", Problem::TooLong));
    }

    #[test]
    fn what_is_no_event() {
        for body in
            [&b""[..], b"{", b"nonsense", b"[]", b"7", b"null", b"\"type\"", b"{\"type\":", b"{} x", b"\xFF\xFE"]
        {
            let error = parse(body).unwrap_err();
            assert!(!error.to_string().contains("nonsense"), "{error}");
        }
        let twice = br#"{"type":"conversationItem.created","type":"conversationItem.deleted"}"#;
        assert_eq!(parse(twice).unwrap_err().problem, Problem::NotJson);
    }

    #[test]
    fn unknown_types_are_normal_and_not_read_further() {
        for event_type in ["contact.merged", "scheduledMessage.sent", "conversationItem.archived", "", "✨"] {
            let body = json!({ "type": event_type, "data": 7, "eventTime": {} }).to_string();
            assert_eq!(parse(body.as_bytes()), Ok(Event::Other), "{event_type}");
        }
    }

    #[test]
    fn links_lead_to_spruce_or_nowhere() {
        let link = |url: &str| item(&with("/data/object/appURL", json!(url))).app_url;
        assert_eq!(link("https://app.sprucehealth.com/org/x"), "https://app.sprucehealth.com/org/x");
        for url in [
            "http://app.sprucehealth.com/",
            "https://sprucehealth.com.evil.example/",
            "https://evilsprucehealth.com/",
            "https://a@sprucehealth.com/",
            "https://evil.example/?.sprucehealth.com",
            "https://evil.example\\.sprucehealth.com/",
            "javascript:alert(1)",
        ] {
            assert_eq!(link(url), "", "{url}");
        }
    }

    #[test]
    fn times_out_of_the_tables_range_are_unknown() {
        for text in ["1600-12-31T23:59:59Z", "-000044-03-15T00:00:00Z", "yesterday", "", "2025-13-01T00:00:00Z"] {
            assert_eq!(time(text), None, "{text}");
        }
        assert!(time("2025-12-08T14:30:00+01:00").is_some());
        assert!(time("9999-12-30T21:59:59.999999Z").is_some());
    }

    #[test]
    fn selection() {
        let chosen = |change: &str, direction: &str, text: &str, more: &[(&str, Value)]| {
            let mut event = with("/type", json!(format!("conversationItem.{change}")));
            event["data"]["object"]["direction"] = json!(direction);
            event["data"]["object"]["text"] = json!(text);
            for (field, value) in more {
                event["data"]["object"][field] = value.clone();
            }
            select(&item(&event), |text| text.contains("consent"), |channel| channel == "phone" || channel.is_empty())
        };
        let note = [("isInternalNote", json!(true))];
        let call = [("event", json!({ "type": "inboundCall" }))];
        let email = [("conversation", json!({ "type": "email" }))];
        let unknown = [("conversation", json!({ "id": "t_1" }))];
        assert_eq!(chosen("created", "inbound", "yes", &[]), Ok(()));
        assert_eq!(chosen("created", "inbound", "yes", &unknown), Ok(()));
        assert_eq!(chosen("created", "outbound", "Do you consent?", &[]), Ok(()));
        assert_eq!(chosen("created", "outbound", "See you at 9", &[]), Err(Ignored::NotAReply));
        assert_eq!(chosen("created", "none", "yes", &[]), Err(Ignored::NotAReply));
        assert_eq!(chosen("created", "inbound", "yes", &note), Err(Ignored::InternalNote));
        assert_eq!(chosen("created", "inbound", "yes", &call), Err(Ignored::Call));
        assert_eq!(chosen("created", "inbound", "yes", &email), Err(Ignored::Channel));
        for change in ["updated", "deleted", "restored"] {
            for direction in ["inbound", "outbound", "none"] {
                assert_eq!(chosen(change, direction, "See you at 9", &[]), Ok(()), "{change} {direction}");
            }
            assert_eq!(chosen(change, "inbound", "yes", &note), Err(Ignored::InternalNote));
        }
    }

    /// A field and what stands there instead, as JSON text that a `Value` could not hold.
    const ODD: [&str; 10] =
        ["null", "7", "-1.5", "true", "[]", "{}", r#""\ud83d""#, r#"{"a":1,"a":2}"#, r#""type""#, r#"["id",{}]"#];

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>) {
            let _ = parse(&body);
        }

        /// The one pass is a short cut and nothing else.
        #[test]
        fn one_pass_and_level_by_level_are_the_same(
            kind in 0..3_usize, field in 0..40_usize, odd in 0..ODD.len(), twice: bool,
        ) {
            let mut event = with("/data/object/conversation", json!({ "type": "phone", "externalParticipants": [{}] }));
            event["type"] = json!(["conversationItem.created", "conversationItem.deleted", "contact.merged"][kind]);
            let mut body = event.to_string();
            let fields: Vec<usize> = body.match_indices("\":").map(|(at, _)| at).collect();
            if let Some(colon) = fields.get(field) {
                let name = body[..*colon].rsplit('"').next().unwrap().to_owned();
                if twice {
                    body.insert_str(colon + 2, &format!("{},\"{name}\":", ODD[odd]));
                } else {
                    let end = *fields.get(field + 1).unwrap_or(&body.len());
                    let value = body[colon + 2..end].find([',', '}']).map_or(end, |length| colon + 2 + length);
                    body.replace_range(colon + 2..value, ODD[odd]);
                }
            }
            prop_assert_eq!(parse(body.as_bytes()), parse_by_levels(body.as_bytes()), "{}", body);
        }

        #[test]
        fn no_text_is_changed_on_the_way(text in "\\PC*", author in "\\PC*") {
            let mut event = with("/data/object/text", json!(text));
            event["data"]["object"]["author"]["displayName"] = json!(author);
            let item = item(&event);
            prop_assert_eq!(item.text.expose(), &text);
            prop_assert_eq!(item.author.expose(), &author);
        }
    }
}
