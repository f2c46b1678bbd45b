//! What the stand-in knows: contacts, conversations and items, and how they look on the wire.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::endpoints::{CreationAnswer, Endpoint, LogEntry, Sent};
use super::phone;

/// The organisation that everything belongs to.
const ORGANIZATION: &str = "entity_2C0RG00000000";

/// The clinic's own number.
const CLINIC_NUMBER: &str = "+12055550199";

/// The name that the clinic's texts carry.
const CLINIC_NAME: &str = "Lakeside Clinic";

/// When contacts and conversations were created: long before anything that happens in them.
const CREATED: &str = "2024-05-02T13:05:00Z";

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(super) String);

        impl $name {
            /// The id as it travels.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// `entity_…`
    ContactId
}
id! {
    /// `t_…`
    ConversationId
}
id! {
    /// `ti_…`
    ItemId
}
id! {
    /// `wde_…`
    EndpointId
}

/// One person on the other side of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub(super) contact: Option<ContactId>,
    pub(super) display_name: Option<String>,
    pub(super) number: Option<String>,
}

impl Participant {
    /// Somebody whom the clinic has saved: the conversation names the contact, and takes name and number from it.
    pub fn saved(contact: &ContactId) -> Self {
        Self { contact: Some(contact.clone()), display_name: None, number: None }
    }

    /// A phone number that the conversation ties to no contact. It is its own display name.
    pub fn number(e164: &str) -> Self {
        Self { contact: None, display_name: None, number: Some(e164.to_owned()) }
    }

    /// With another display name than the contact's or the number.
    #[must_use]
    pub fn called(mut self, display_name: &str) -> Self {
        self.display_name = Some(display_name.to_owned());
        self
    }
}

/// How Spruce's API writes what its definition leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// Phone numbers are JSON numbers without a plus, as in the definition's examples, instead of strings.
    pub numeric_phones: bool,
    /// Events carry the whole conversation in the item.
    pub embed_conversation: bool,
}

/// When a new item appears in lists, which Spruce calls eventually consistent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lag {
    /// At once.
    #[default]
    None,
    /// After its conversation was listed this many times without it.
    Requests(u32),
    /// After this time.
    For(Duration),
}

/// What happens in an item that is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text,
    InternalNote,
    Call,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Inbound,
    Outbound,
}

#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) name: String,
    pub(super) phones: Vec<String>,
    pub(super) external_id: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Conversation {
    /// `phone` or `secure`.
    pub(super) kind: &'static str,
    pub(super) participants: Vec<Participant>,
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: ItemId,
    pub(super) conversation: ConversationId,
    pub(super) author: String,
    pub(super) text: String,
    pub(super) direction: Direction,
    pub(super) content: Content,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) deleted: bool,
    /// When it came into the state, and how often its conversation was listed since: what [`Lag`] goes by.
    added: Instant,
    passed_over: u32,
}

/// Everything, with the switches that say how it is told.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) contacts: BTreeMap<ContactId, Contact>,
    pub(super) conversations: BTreeMap<ConversationId, Conversation>,
    /// In the order in which they were added.
    pub(super) items: Vec<Item>,
    pub(super) endpoints: BTreeMap<EndpointId, Endpoint>,
    pub(super) creation_answer: CreationAnswer,
    pub(super) idempotency_keys: HashSet<String>,
    pub(super) wire: Wire,
    pub(super) lag: Lag,
    last_id: u64,
}

impl State {
    /// An id as Spruce makes them: a prefix and thirteen characters.
    pub(super) fn new_id(&mut self, prefix: &str) -> String {
        self.last_id += 1;
        format!("{prefix}2C{:011X}", self.last_id)
    }

    pub(super) fn add_item(
        &mut self,
        conversation: &ConversationId,
        author: &str,
        text: &str,
        (direction, content): (Direction, Content),
        at: Timestamp,
    ) -> Item {
        let item = Item {
            id: ItemId(self.new_id("ti_")),
            conversation: conversation.clone(),
            author: author.to_owned(),
            text: text.to_owned(),
            direction,
            content,
            created: at,
            modified: at,
            deleted: false,
            added: Instant::now(),
            passed_over: 0,
        };
        self.items.push(item.clone());
        item
    }

    /// The items of a conversation that a list shows now, oldest first.
    pub(super) fn list(&mut self, conversation: &ConversationId) -> Vec<Item> {
        let lag = self.lag;
        let mut listed: Vec<Item> = Vec::new();
        for item in self.items.iter_mut().filter(|item| item.conversation == *conversation) {
            let visible = match lag {
                Lag::None => true,
                Lag::Requests(requests) => item.passed_over >= requests,
                Lag::For(time) => item.added.elapsed() >= time,
            };
            if !visible {
                item.passed_over += 1;
            } else if !item.deleted {
                listed.push(item.clone());
            }
        }
        listed.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
        listed
    }

    /// The conversations in which something was said, with the time when it last was, the longest silent first.
    pub(super) fn by_last_activity(&self) -> Vec<(&ConversationId, &Conversation, Timestamp)> {
        let mut active: Vec<_> = self
            .conversations
            .iter()
            .filter_map(|(id, conversation)| Some((id, conversation, self.last_activity(id)?)))
            .collect();
        active.sort_by_key(|(id, _, last)| (*last, (*id).clone()));
        active
    }

    fn last_activity(&self, id: &ConversationId) -> Option<Timestamp> {
        self.items.iter().filter(|item| item.conversation == *id).map(|item| item.created).max()
    }

    pub(super) fn add_endpoint(&mut self, name: &str, url: &str, created: Timestamp) -> EndpointId {
        let id = EndpointId(self.new_id("wde_"));
        let secret = self.new_id("signing_secret_");
        let endpoint = Endpoint {
            name: name.to_owned(),
            url: url.to_owned(),
            status: "active".to_owned(),
            secret,
            created,
            log: Vec::new(),
        };
        self.endpoints.insert(id.clone(), endpoint);
        id
    }

    pub(super) fn log(&mut self, endpoint: &EndpointId, event: &Value, time: Timestamp, sent: Sent) {
        let id = self.new_id("wev_");
        if let Some(endpoint) = self.endpoints.get_mut(endpoint) {
            endpoint.log.push(LogEntry { id, event: event.clone(), time, sent });
        }
    }

    /// The name that a participant's texts carry.
    pub(super) fn display_name(&self, participant: &Participant) -> String {
        let saved = participant.contact.as_ref().and_then(|id| self.contacts.get(id)).map(|contact| &contact.name);
        participant
            .display_name
            .as_ref()
            .or(saved)
            .cloned()
            .or_else(|| participant.number.as_deref().map(phone::displayed))
            .unwrap_or_default()
    }

    pub(super) fn clinic_name() -> &'static str {
        CLINIC_NAME
    }

    /// A contact, bare.
    pub(super) fn contact_json(&self, id: &ContactId, contact: &Contact) -> Value {
        let phones: Vec<Value> = contact
            .phones
            .iter()
            .enumerate()
            .map(|(index, number)| {
                json!({
                    "id": format!("entityContact_{}{index}", id.0.trim_start_matches("entity_")),
                    "value": self.number(number),
                    "displayValue": phone::displayed(number),
                    "label": "Mobile",
                })
            })
            .collect();
        let links: Vec<Value> = contact
            .external_id
            .iter()
            .map(|external| json!({"type": "custom", "externalId": external, "contactId": id.0}))
            .collect();
        let (given, family) = contact.name.rsplit_once(' ').unwrap_or(("", &contact.name));
        json!({
            "object": "contact",
            "id": id.0,
            "displayName": contact.name,
            "givenName": given,
            "familyName": family,
            "category": "patient",
            "gender": "unknown",
            "created": CREATED,
            "phoneNumbers": phones,
            "emailAddresses": [],
            "faxNumbers": [],
            "tags": [],
            "customContactFields": [],
            "organizationContactFields": [],
            "integrationLinks": links,
            "internalMemberIds": [],
            "hasAccount": false,
            "hasPendingInvite": false,
            "canEdit": true,
            "canDelete": false,
            "appURL": format!("https://app.sprucehealth.com/org/{ORGANIZATION}/contact/{id}"),
            "apiURL": format!("https://api.sprucehealth.com/v1/contacts/{id}"),
        })
    }

    /// A conversation, without the wrapper.
    pub(super) fn conversation_json(&self, id: &ConversationId, conversation: &Conversation) -> Value {
        let participants: Vec<Value> =
            conversation.participants.iter().map(|who| self.participant_json(conversation.kind, who)).collect();
        let contacts: Vec<&str> =
            conversation.participants.iter().filter_map(|who| who.contact.as_ref().map(ContactId::as_str)).collect();
        let names: Vec<String> = conversation.participants.iter().map(|who| self.display_name(who)).collect();
        let last = self.last_activity(id);
        let mut json = json!({
            "object": "conversation",
            "id": id.0,
            "type": conversation.kind,
            "title": names.join(", "),
            "archived": false,
            "isReadOnly": false,
            "tags": [],
            "createdAt": CREATED,
            "associatedContactIds": contacts,
            "internalMemberIds": [],
            "externalParticipants": participants,
            "appURL": format!("https://app.sprucehealth.com/org/{ORGANIZATION}/thread/{id}"),
            "apiURL": format!("https://api.sprucehealth.com/v1/conversations/{id}"),
        });
        if let Some(last) = last {
            set(&mut json, "lastMessageAt", json!(last.to_string()));
        }
        if conversation.kind == "phone" {
            set(&mut json, "internalEndpoint", self.endpoint_json(CLINIC_NUMBER, true));
        }
        json
    }

    /// What is not known is left out, never null: so an unsaved participant has no `contact`, and one of a secure
    /// conversation no `endpoint`.
    fn participant_json(&self, kind: &str, participant: &Participant) -> Value {
        let mut json = json!({"displayName": self.display_name(participant)});
        let saved = participant.contact.as_ref().and_then(|id| self.contacts.get(id));
        if let Some(contact) = &participant.contact {
            set(&mut json, "contact", json!(contact.0));
        }
        let number = participant.number.as_ref().or_else(|| saved.and_then(|contact| contact.phones.first()));
        if let (Some(number), "phone") = (number, kind) {
            set(&mut json, "endpoint", self.endpoint_json(number, false));
        }
        json
    }

    fn endpoint_json(&self, number: &str, is_internal: bool) -> Value {
        json!({
            "object": "endpoint",
            "id": number.trim_start_matches('+'),
            "channel": "phone",
            "displayValue": phone::displayed(number),
            "rawValue": self.number(number),
            "isInternal": is_internal,
        })
    }

    fn number(&self, e164: &str) -> Value {
        match e164.trim_start_matches('+').parse::<u64>() {
            Ok(number) if self.wire.numeric_phones => json!(number),
            Ok(_) | Err(_) => json!(e164),
        }
    }

    /// The event that tells of an item.
    pub(super) fn event(&self, kind: &str, item: &Item, at: Timestamp) -> Value {
        let mut object = item_json(item);
        let conversation = self.conversations.get(&item.conversation).filter(|_| self.wire.embed_conversation);
        if let Some(conversation) = conversation {
            set(&mut object, "conversation", self.conversation_json(&item.conversation, conversation));
        }
        envelope(kind, &object, at)
    }
}

/// An event of any type, about any object.
pub fn envelope(kind: &str, object: &Value, at: Timestamp) -> Value {
    json!({"object": "event", "type": kind, "eventTime": at.to_string(), "data": {"object": object}})
}

/// An item, without the wrapper. The author of a text by phone has no id.
pub(super) fn item_json(item: &Item) -> Value {
    let direction = match item.direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    };
    let thread = format!("https://app.sprucehealth.com/org/{ORGANIZATION}/thread/{}", item.conversation);
    let mut json = json!({
        "object": "conversationItem",
        "id": item.id.0,
        "conversationId": item.conversation.0,
        "author": {"displayName": item.author},
        "direction": direction,
        "isInternalNote": item.content == Content::InternalNote,
        "text": item.text,
        "attachments": [],
        "buttons": null,
        "pages": [],
        "canDelete": item.direction == Direction::Outbound,
        "createdAt": item.created.to_string(),
        "modifiedAt": item.modified.to_string(),
        "appURL": format!("{thread}/message/{}", item.id),
        "apiURL": format!("https://api.sprucehealth.com/v1/conversationItems/{}", item.id),
    });
    if item.content == Content::Call {
        let data = json!({"answered": true, "duration": 42, "failed": false, "inbound": true, "spam": false});
        set(&mut json, "event", json!({"type": "inboundCall", "data": data}));
    }
    json
}

/// Adds a field to a JSON object.
pub(super) fn set(json: &mut Value, field: &str, value: Value) {
    if let Some(object) = json.as_object_mut() {
        object.insert(field.to_owned(), value);
    }
}
