//! Spruce's answers as JSON, in every shape that its definition and its real answers show.

use serde_json::Value;

use super::{Created, Delivery, Endpoint, ListedConversation, Page};
use crate::domain::event::{Direction, MAX_ID_BYTES, time};
use crate::domain::identity::{self, Contact, Conversation};
use crate::domain::intake::ListedItem;
use crate::domain::lenient::Loose;
use crate::domain::private::Private;

/// `{"conversation":{…}}`, or the conversation alone.
pub(super) fn conversation(answer: &Value) -> Option<Conversation> {
    Conversation::from_json(unwrapped(answer, "conversation"))
}

/// The contact alone, or `{"contact":{…}}`.
pub(super) fn contact(answer: &Value) -> Option<Contact> {
    read_contact(unwrapped(answer, "contact"))
}

/// `{"contacts":[…],"hasMore":…,"paginationToken":…}`. Whom Spruce finds by a number
/// counts, whether or not we can read the number in the contact: one too many costs a review, one too few a mistaken
/// identity.
pub(super) fn contacts(answer: &Value) -> Option<Page<Contact>> {
    page(answer, "contacts", read_contact)
}

/// `{"conversationItems":[…],"hasMore":…,"paginationToken":…}`.
pub(super) fn items(answer: &Value) -> Option<Page<ListedItem>> {
    page(answer, "conversationItems", item)
}

/// `{"conversations":[…],"hasMore":…,"paginationToken":…}`.
pub(super) fn conversations(answer: &Value) -> Option<Page<ListedConversation>> {
    let listed = |value: &Value| {
        Some(ListedConversation {
            id: id(value)?,
            last_message_at: time(text(value, "lastMessageAt")),
            conversation: Conversation::from_json(value)?,
        })
    };
    page(answer, "conversations", listed)
}

/// `{"endpoints":[…]}`.
pub(super) fn endpoints(answer: &Value) -> Option<Vec<Endpoint>> {
    page(answer, "endpoints", read_endpoint).map(|page| page.items)
}

/// `{"endpoint":{…}}`, or the endpoint alone.
pub(super) fn endpoint(answer: &Value) -> Option<Endpoint> {
    read_endpoint(unwrapped(answer, "endpoint"))
}

/// The answer to a creation, the only one that has the secrets: in the endpoint (as documented) or beside it, as
/// `signingSecrets[].value` or as `secret`.
pub(super) fn created(answer: &Value) -> Option<Created> {
    let mut secrets: Vec<Private> = Vec::new();
    for place in [unwrapped(answer, "endpoint"), answer] {
        let listed = place.get("signingSecrets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let found = listed.iter().filter_map(|secret| secret.get("value")).chain(place.get("secret"));
        for secret in found.filter_map(Value::as_str).map(Private::from).filter(|secret| !secret.is_empty()) {
            if !secrets.contains(&secret) {
                secrets.push(secret);
            }
        }
    }
    Some(Created { endpoint: endpoint(answer)?, secrets })
}

/// `{"paused":…}`.
pub(super) fn paused(answer: &Value) -> Option<bool> {
    answer.get("paused").and_then(Value::as_bool)
}

/// `{"events":[…],"hasMore":…,"paginationToken":…}`.
pub(super) fn deliveries(answer: &Value) -> Option<Page<Delivery>> {
    page(answer, "events", delivery)
}

/// A list below `field`, which may be null, and where its next page begins. What has no id is left out.
fn page<T>(answer: &Value, field: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Page<T>> {
    let found = answer.get(field)?;
    let list = found.as_array().map(Vec::as_slice).or(found.is_null().then_some(&[]))?;
    let has_more = answer.get("hasMore").and_then(Value::as_bool).unwrap_or(false);
    let token = Some(text(answer, "paginationToken")).filter(|token| has_more && !token.is_empty());
    Some(Page { items: list.iter().filter_map(read).collect(), next: token.map(str::to_owned) })
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn id(value: &Value) -> Option<String> {
    Some(text(value, "id")).filter(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES).map(str::to_owned)
}

fn read_endpoint(value: &Value) -> Option<Endpoint> {
    Some(Endpoint {
        id: id(value)?,
        name: text(value, "name").to_owned(),
        url: text(value, "url").to_owned(),
        status: text(value, "status").to_owned(),
        created_at: time(text(value, "createdAt")),
    })
}

fn delivery(value: &Value) -> Option<Delivery> {
    let delivery = value.get("delivery").unwrap_or(&Value::Null);
    let count = |field| delivery.get(field).and_then(Value::as_u64).unwrap_or(0);
    let payload = match value.get("data") {
        // As documented: the event's JSON in a string.
        Some(Value::String(json)) => json.as_str().into(),
        Some(event @ Value::Object(_)) => event.to_string().into(),
        _ => Private::default(),
    };
    Some(Delivery {
        id: id(value)?,
        event_time: time(text(value, "eventTime")),
        payload,
        status: text(delivery, "status").to_owned(),
        attempts: count("attempts"),
        attempt_limit: count("attemptLimit"),
        delivered_at: time(text(delivery, "deliveryTime")),
        next_attempt_at: time(text(delivery, "nextAttemptTime")),
    })
}

fn item(value: &Value) -> Option<ListedItem> {
    let text = |field| text(value, field);
    let attachments = value.get("attachments").and_then(Value::as_array);
    Some(ListedItem {
        id: id(value)?,
        created_at: time(text("createdAt")),
        modified_at: time(text("modifiedAt")),
        direction: Direction::parse(text("direction")),
        is_internal_note: value.get("isInternalNote").and_then(Value::as_bool).unwrap_or(false),
        is_call: value.get("event").is_some_and(|event| !event.is_null()),
        text: text("text").into(),
        author: identity::name(
            value.get("author").and_then(|author| author.get("displayName")).and_then(Value::as_str),
        ),
        attachments: u32::try_from(attachments.map_or(0, Vec::len)).unwrap_or(u32::MAX),
        app_url: crate::domain::event::spruce_link(text("appURL")).to_owned(),
    })
}

fn read_contact(value: &Value) -> Option<Contact> {
    let list = |field| value.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let external_id = list("integrationLinks")
        .iter()
        .filter_map(|link| link.get("externalId").and_then(Value::as_str))
        .find(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES);
    Some(Contact {
        id: id(value)?,
        name: identity::name(Some(text(value, "displayName"))),
        phones: list("phoneNumbers")
            .iter()
            .filter_map(|number| number.get("value"))
            .map(|number| identity::phone(&Loose::of(number)))
            .filter(|phone| !phone.is_empty())
            .collect(),
        external_id: external_id.unwrap_or_default().into(),
    })
}

fn unwrapped<'a>(answer: &'a Value, wrapper: &str) -> &'a Value {
    answer.get(wrapper).filter(|inner| inner.is_object()).unwrap_or(answer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Outcome;
    use super::*;

    #[test]
    fn wrapped_and_bare() {
        let bare = json!({ "type": "phone", "externalParticipants": [{ "displayName": "Ada" }] });
        let wrapped = json!({ "conversation": bare });
        assert_eq!(conversation(&bare), conversation(&wrapped));
        assert_eq!(conversation(&bare).unwrap().channel, "phone");

        let bare = json!({ "id": "entity_1", "displayName": "Ada", "phoneNumbers": [
            { "value": 12_055_550_100_u64 }, { "value": "(205) 555-0101" }, { "value": null }, {} ],
            "integrationLinks": [{ "type": "custom" }, { "type": "athena", "externalId": "MRN-7" }] });
        let read = contact(&bare).unwrap();
        assert_eq!(contact(&json!({ "contact": bare })).unwrap(), read);
        let phones: Vec<_> = read.phones.iter().map(Private::expose).collect();
        assert_eq!((phones, read.external_id.expose()), (vec!["+12055550100", "+12055550101"], "MRN-7"));
    }

    #[test]
    fn a_search_counts_every_contact_that_spruce_finds() {
        let answer = json!({ "contacts": [
            { "id": "a", "phoneNumbers": [{ "value": "2055550100" }] },
            { "id": "b", "phoneNumbers": [{ "value": "205-555-0100 x3" }, { "value": "2055550199" }] },
            { "id": "c", "phoneNumbers": null },
            { "displayName": "no id" }
        ], "hasMore": true, "paginationToken": "next", "totalCount": 3, "totalCountRelation": "eq" });
        let found = |answer: &Value| contacts(answer).map(|page| (page.items.len(), page.next.is_some()));
        assert_eq!(found(&answer), Some((3, true)));
        assert_eq!(found(&json!({ "contacts": null })), Some((0, false)));
        assert_eq!(found(&json!({})), None);
    }

    #[test]
    fn items_by_who_said_them() {
        let page = items(&json!({ "conversationItems": [
            { "id": "1", "direction": "outbound", "text": "Do you consent?", "createdAt": "2025-12-08T14:00:00Z" },
            { "id": "2", "direction": "outbound", "text": "note", "isInternalNote": true },
            { "id": "3", "direction": "outbound", "text": "", "event": { "type": "outboundCall" } },
            { "id": "4", "direction": "inbound", "text": "Yes" },
            { "id": "" }, null
        ], "hasMore": true, "paginationToken": "next" }))
        .unwrap();
        let seen: Vec<_> = page.items.iter().map(|item| (item.id.as_str(), item.is_from_clinic())).collect();
        assert_eq!(seen, [("1", true), ("2", false), ("3", false), ("4", false)]);
        assert_eq!(page.next.as_deref(), Some("next"));
        assert_eq!(
            items(&json!({ "conversationItems": [], "hasMore": false, "paginationToken": "x" })).unwrap().next,
            None
        );
        assert_eq!(items(&json!({ "error": 1 })), None);
    }

    #[test]
    fn a_secret_is_found_wherever_the_answer_has_it() {
        let endpoint = json!({ "id": "wde_1", "url": "https://x", "status": "active", "name": null });
        let with = |field: &str, value: Value| {
            let mut endpoint = endpoint.clone();
            endpoint.as_object_mut().unwrap().insert(field.to_owned(), value);
            endpoint
        };
        let listed = json!([{ "id": "wss_1", "value": "one" }, { "id": "wss_2" }, { "value": "" }]);
        for (answer, secrets) in [
            (json!({ "endpoint": with("signingSecrets", listed.clone()) }), &["one"][..]),
            (json!({ "endpoint": with("secret", json!("one")) }), &["one"]),
            (json!({ "endpoint": endpoint, "signingSecrets": listed }), &["one"]),
            (json!({ "endpoint": with("signingSecrets", listed.clone()), "secret": "two" }), &["one", "two"]),
            (with("signingSecrets", listed.clone()), &["one"]),
            (with("secret", json!("one")), &["one"]),
            (with("signingSecrets", json!(null)), &[]),
        ] {
            let created = created(&answer).unwrap();
            let found: Vec<_> = created.secrets.iter().map(Private::expose).collect();
            assert_eq!((created.endpoint.id.as_str(), found.as_slice()), ("wde_1", secrets), "{answer}");
        }
        assert_eq!(created(&json!({ "secret": "one" })), None, "an endpoint without an id");
    }

    #[test]
    fn deliveries_with_their_payload_as_a_string_or_as_an_object() {
        let read = |delivery: Value, data: Value| {
            let event =
                json!({ "id": "wev_1", "eventTime": "2025-12-08T14:00:00Z", "data": data, "delivery": delivery });
            deliveries(&json!({ "events": [event], "hasMore": false })).unwrap().items.remove(0)
        };
        let full = read(
            json!({ "status": "x", "attempts": 2, "attemptLimit": 11, "nextAttemptTime": "2025-12-08T14:02:00Z" }),
            json!("{\"type\":\"a\"}"),
        );
        assert_eq!((full.payload.expose(), full.attempts, full.attempt_limit), ("{\"type\":\"a\"}", 2, 11));
        assert_eq!((full.delivered_at, full.next_attempt_at), (None, time("2025-12-08T14:02:00Z")));
        assert_eq!(read(json!(null), json!({ "type": "a" })).payload.expose(), "{\"type\":\"a\"}");
        assert!(read(json!(null), json!(null)).payload.is_empty());
    }

    #[test]
    fn what_became_of_an_event_is_told_by_times() {
        let outcome = |delivery: Value| {
            let event = json!({ "id": "wev_1", "eventTime": "2025-12-08T14:00:00Z", "delivery": delivery });
            deliveries(&json!({ "events": [event] })).unwrap().items.remove(0).outcome()
        };
        let at = "2025-12-08T14:02:00Z";
        for (delivery, expected) in [
            (json!({ "status": "?", "attempts": 1, "attemptLimit": 11, "deliveryTime": at }), Outcome::Delivered),
            (json!({ "status": "Success", "attempts": 1, "attemptLimit": 11 }), Outcome::Delivered),
            (json!({ "status": "?", "attempts": 1, "attemptLimit": 11, "nextAttemptTime": at }), Outcome::Retrying),
            (json!({ "status": "?", "attempts": 11, "attemptLimit": 11, "nextAttemptTime": at }), Outcome::Missed),
            (json!({ "status": "?", "nextAttemptTime": at }), Outcome::Retrying),
            (json!({ "status": "?", "attempts": 3, "attemptLimit": 11 }), Outcome::Missed),
            (json!(null), Outcome::Missed),
        ] {
            assert_eq!(outcome(delivery.clone()), expected, "{delivery}");
        }
    }
}
