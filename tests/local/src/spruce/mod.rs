//! A stand-in for Spruce: its API as an HTTP server that holds a clinic's contacts, conversations, items and webhook
//! endpoints, and the sender of its webhooks.
//!
//! A test or the demonstration lets things happen ([`Spruce::patient_writes`] and so on). Each returns the event that
//! Spruce would send, and changes what the API answers from then on.

mod endpoints;
mod phone;
mod sender;
mod server;
mod state;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use crate::fault::Fault;
pub use endpoints::{CreationAnswer, Sent};
pub use sender::{Answer, SIGNATURE, Sender};
pub use state::{ContactId, ConversationId, EndpointId, ItemId, Lag, Participant, Wire, envelope};

use crate::fault::Faults;
use state::{Contact, Content, Conversation, Direction, Item, State};

/// The token that the API takes.
const TOKEN: &str = "YWlkX2xvY2FsOnNlY3JldF9sb2NhbA==";

/// Requests a minute, unless a test sets another limit: more than any test makes.
const DEFAULT_LIMIT: u32 = 100_000;

/// The time over which the rate limit counts.
const MINUTE: Duration = Duration::from_secs(60);

/// A running stand-in. It belongs to the runtime that it was started in, and ends when it is dropped.
#[derive(Debug)]
pub struct Spruce {
    base_url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// The operations of the API that the stand-in knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `GET /conversations`
    Conversations,
    /// `GET /conversations/{id}`
    Conversation,
    /// `GET /conversations/{id}/items`
    Items,
    /// `GET /contacts/{id}`
    Contact,
    /// `POST /contacts/search`
    Search,
    /// `POST /conversations/{id}/messages`
    Post,
    /// `GET` and `POST /webhooks/endpoints`
    Endpoints,
    /// `GET` and `DELETE /webhooks/endpoints/{id}`
    Endpoint,
    /// `POST /webhooks/endpoints/{id}/paused`
    Pause,
    /// `GET /webhooks/endpoints/{id}/events`
    Deliveries,
}

/// A text that was sent through the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    /// Where to.
    pub conversation: ConversationId,
    /// The text elements of the body, joined with line breaks.
    pub text: String,
    /// Whether it is an internal note.
    pub internal: bool,
    /// The header `s-idempotency-key`.
    pub idempotency_key: Option<String>,
    /// The event that Spruce would send about it.
    pub event: Value,
}

impl Spruce {
    /// Starts a stand-in for a clinic without contacts on a free port.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}/v1", listener.local_addr()?);
        let shared = Arc::new(Shared { token: TOKEN.to_owned(), world: Mutex::default(), meters: Mutex::default() });
        let router = server::router(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // It only ends when the task is aborted: accepting is tried again by axum itself.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { base_url, shared, server })
    }

    /// The base URL of the API: `http://127.0.0.1:<port>/v1`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The token that the API takes; every other one gets a 403.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// Saves a contact with its phone numbers, in any of the shapes that Spruce takes.
    pub fn add_contact(&self, name: &str, phones: &[&str]) -> ContactId {
        let mut world = self.shared.world();
        let id = ContactId(world.new_id("entity_"));
        let phones = phones.iter().map(|number| phone::e164(number)).collect();
        world.contacts.insert(id.clone(), Contact { name: name.to_owned(), phones, external_id: None });
        id
    }

    /// Gives a contact the clinic's own id of the patient, as an integration link.
    pub fn link_contact(&self, contact: &ContactId, external_id: &str) {
        if let Some(contact) = self.shared.world().contacts.get_mut(contact) {
            contact.external_id = Some(external_id.to_owned());
        }
    }

    /// Removes a contact, as deleting or merging does. Conversations go on naming it.
    pub fn remove_contact(&self, contact: &ContactId) {
        self.shared.world().contacts.remove(contact);
    }

    /// Opens a conversation by phone with these people.
    pub fn add_conversation(&self, participants: &[Participant]) -> ConversationId {
        self.add("phone", participants)
    }

    /// Opens a conversation in Spruce's own app, where nobody has a number.
    pub fn add_secure_conversation(&self, participants: &[Participant]) -> ConversationId {
        self.add("secure", participants)
    }

    /// Ties a participant's number to a contact, as staff do when they save one: from now on the conversation names
    /// the contact.
    pub fn save_participant(&self, conversation: &ConversationId, number: &str, contact: &ContactId) {
        if let Some(conversation) = self.shared.world().conversations.get_mut(conversation) {
            for who in &mut conversation.participants {
                if who.number.as_deref() == Some(number) {
                    who.contact = Some(contact.clone());
                }
            }
        }
    }

    /// The first participant writes.
    ///
    /// # Panics
    /// When the conversation is not one of this stand-in's.
    pub fn patient_writes(&self, conversation: &ConversationId, text: &str, at: Timestamp) -> Value {
        let author = self.author(conversation);
        self.participant_writes(conversation, &author, text, at)
    }

    /// Somebody writes whom Spruce shows under this name.
    pub fn participant_writes(&self, conversation: &ConversationId, author: &str, text: &str, at: Timestamp) -> Value {
        self.happens(conversation, author, text, (Direction::Inbound, Content::Text), at)
    }

    /// The clinic writes.
    pub fn clinic_writes(&self, conversation: &ConversationId, text: &str, at: Timestamp) -> Value {
        self.happens(conversation, State::clinic_name(), text, (Direction::Outbound, Content::Text), at)
    }

    /// Staff leave a note that the patient does not see.
    pub fn internal_note(&self, conversation: &ConversationId, text: &str, at: Timestamp) -> Value {
        self.happens(conversation, State::clinic_name(), text, (Direction::Outbound, Content::InternalNote), at)
    }

    /// The first participant calls, and the call is answered.
    ///
    /// # Panics
    /// When the conversation is not one of this stand-in's.
    pub fn call(&self, conversation: &ConversationId, at: Timestamp) -> Value {
        let author = self.author(conversation);
        self.happens(conversation, &author, "", (Direction::Inbound, Content::Call), at)
    }

    /// The text of an item changes.
    ///
    /// # Panics
    /// When the item is not one of this stand-in's.
    pub fn edit(&self, item: &ItemId, text: &str, at: Timestamp) -> Value {
        self.change(item, "conversationItem.updated", at, |item| text.clone_into(&mut item.text))
    }

    /// An item is deleted; lists leave it out from now on.
    ///
    /// # Panics
    /// When the item is not one of this stand-in's.
    pub fn delete(&self, item: &ItemId, at: Timestamp) -> Value {
        self.change(item, "conversationItem.deleted", at, |item| item.deleted = true)
    }

    /// A deletion is taken back.
    ///
    /// # Panics
    /// When the item is not one of this stand-in's.
    pub fn restore(&self, item: &ItemId, at: Timestamp) -> Value {
        self.change(item, "conversationItem.restored", at, |item| item.deleted = false)
    }

    /// Registers an endpoint, as somebody did before.
    pub fn add_endpoint(&self, url: &str, at: Timestamp) -> EndpointId {
        self.shared.world().add_endpoint("consent", url, at)
    }

    /// The signing secret of an endpoint; empty if there is no such endpoint.
    pub fn endpoint_secret(&self, endpoint: &EndpointId) -> String {
        self.shared.world().endpoints.get(endpoint).map_or_else(String::new, |endpoint| endpoint.secret.clone())
    }

    /// The ids of the endpoints, oldest first.
    pub fn endpoints(&self) -> Vec<EndpointId> {
        self.shared.world().endpoints.keys().cloned().collect()
    }

    /// Sets what the API says of an endpoint: `active`, `paused`, or whatever Spruce says of one that failed too often.
    pub fn set_endpoint_status(&self, endpoint: &EndpointId, status: &str) {
        if let Some(endpoint) = self.shared.world().endpoints.get_mut(endpoint) {
            status.clone_into(&mut endpoint.status);
        }
    }

    /// Notes in an endpoint's delivery log what became of an event. Nothing is sent by this: a [`Sender`] sends.
    ///
    /// # Panics
    /// When the event has no time.
    pub fn log_delivery(&self, endpoint: &EndpointId, event: &Value, sent: Sent) {
        let time = event.get("eventTime").and_then(Value::as_str).and_then(|time| time.parse().ok());
        let Some(time) = time else { panic!("an event without a time: {event}") };
        self.shared.world().log(endpoint, event, time, sent);
    }

    /// What a creation is answered from now on.
    pub fn set_creation_answer(&self, answer: CreationAnswer) {
        self.shared.world().creation_answer = answer;
    }

    /// How the API writes what its definition leaves open, from now on.
    pub fn set_wire(&self, wire: Wire) {
        self.shared.world().wire = wire;
    }

    /// When items appear in lists, from now on; items that are there already count from when they were added.
    pub fn set_lag(&self, lag: Lag) {
        self.shared.world().lag = lag;
    }

    /// What happens to requests from now on. Gives how many have met the fault that was set before.
    pub fn set_fault(&self, fault: Fault) -> usize {
        std::mem::replace(&mut self.shared.meters().faults, Faults::new(fault)).met()
    }

    /// How far Spruce's clock is ahead of this machine's, as the `Date` of its answers tells.
    pub fn set_clock_ahead(&self, ahead: SignedDuration) {
        self.shared.meters().clock_ahead = ahead;
    }

    /// How many requests a minute are answered; the others get a 429.
    pub fn set_rate_limit(&self, per_minute: u32) {
        self.shared.meters().limit = per_minute;
    }

    /// How many requests came to a route, whatever they were answered.
    pub fn requests(&self, route: Route) -> usize {
        self.shared.meters().requests.get(&route).copied().unwrap_or(0)
    }

    /// The requests that no route is for, as `GET /v1/path`. A test ends with this being empty.
    pub fn unexpected(&self) -> Vec<String> {
        self.shared.meters().unexpected.clone()
    }

    /// The texts that were sent through the API, in their order.
    pub fn posted(&self) -> Vec<Posted> {
        self.shared.meters().posted.clone()
    }

    fn add(&self, kind: &'static str, participants: &[Participant]) -> ConversationId {
        let mut world = self.shared.world();
        let id = ConversationId(world.new_id("t_"));
        world.conversations.insert(id.clone(), Conversation { kind, participants: participants.to_vec() });
        id
    }

    fn author(&self, conversation: &ConversationId) -> String {
        let world = self.shared.world();
        let found = world.conversations.get(conversation);
        assert!(found.is_some(), "{conversation} is not a conversation of this stand-in");
        found
            .and_then(|conversation| conversation.participants.first())
            .map_or_else(String::new, |who| world.display_name(who))
    }

    fn happens(
        &self,
        conversation: &ConversationId,
        author: &str,
        text: &str,
        what: (Direction, Content),
        at: Timestamp,
    ) -> Value {
        let mut world = self.shared.world();
        let item = world.add_item(conversation, author, text, what, at);
        world.event("conversationItem.created", &item, at)
    }

    fn change(&self, id: &ItemId, kind: &str, at: Timestamp, change: impl FnOnce(&mut Item)) -> Value {
        let mut world = self.shared.world();
        let Some(item) = world.items.iter_mut().find(|item| item.id == *id) else {
            panic!("{id} is not an item of this stand-in");
        };
        change(item);
        item.modified = at;
        let item = item.clone();
        world.event(kind, &item, at)
    }
}

impl Drop for Spruce {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The item that an event is about.
///
/// # Panics
/// When the event is about no item.
pub fn item_of(event: &Value) -> ItemId {
    let id = event.pointer("/data/object/id").and_then(Value::as_str);
    assert!(id.is_some_and(|id| id.starts_with("ti_")), "not an event about an item: {event}");
    ItemId(id.unwrap_or_default().to_owned())
}

/// What the handle and the server share.
#[derive(Debug)]
struct Shared {
    token: String,
    world: Mutex<State>,
    meters: Mutex<Meters>,
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, State> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meters(&self) -> MutexGuard<'_, Meters> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is counted, and what goes by counting.
#[derive(Debug)]
struct Meters {
    requests: BTreeMap<Route, usize>,
    unexpected: Vec<String>,
    posted: Vec<Posted>,
    faults: Faults,
    limit: u32,
    clock_ahead: SignedDuration,
    /// When the current minute began, and how many requests it had.
    minute: (Instant, u32),
    last_request: u64,
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            requests: BTreeMap::new(),
            unexpected: Vec::new(),
            posted: Vec::new(),
            faults: Faults::default(),
            limit: DEFAULT_LIMIT,
            clock_ahead: SignedDuration::ZERO,
            minute: (Instant::now(), 0),
            last_request: 0,
        }
    }
}

impl Meters {
    /// Counts a request and says what it meets.
    fn meet(&mut self, route: Route) -> Fault {
        *self.requests.entry(route).or_default() += 1;
        self.faults.next()
    }

    /// Takes one request from this minute's budget: how many are left, or `None` if there was none.
    fn take(&mut self) -> Option<u32> {
        if self.minute.0.elapsed() >= MINUTE {
            self.minute = (Instant::now(), 0);
        }
        let left = self.limit.checked_sub(self.minute.1 + 1)?;
        self.minute.1 += 1;
        Some(left)
    }

    fn next_request_id(&mut self) -> u64 {
        self.last_request += 1;
        self.last_request
    }
}

#[cfg(test)]
mod tests;
