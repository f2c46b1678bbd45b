//! Spruce's answers as JSON, in every shape that its definition and its real answers show.

use serde_json::Value;

use super::Page;
use crate::domain::event::{MAX_ID_BYTES, time};
use crate::domain::identity::{self, Contact, Conversation};
use crate::domain::intake::ListedItem;
#[cfg(test)]
use crate::domain::private::Private;

/// `{"conversation":{…}}`, or the conversation alone.
pub(super) fn conversation(answer: &Value) -> Option<Conversation> {
    Conversation::from_json(unwrapped(answer, "conversation"))
}

/// The contact alone, or `{"contact":{…}}`.
pub(super) fn contact(answer: &Value) -> Option<Contact> {
    read_contact(unwrapped(answer, "contact"))
}

/// `{"contacts":[…],"hasMore":…,"paginationToken":…}`, and where the next page begins. Whom Spruce finds by a number
/// counts, whether or not we can read the number in the contact: one too many costs a review, one too few a mistaken
/// identity.
pub(super) fn contacts(answer: &Value) -> Option<(Vec<Contact>, Option<String>)> {
    let found = answer.get("contacts")?;
    let list = found.as_array().map(Vec::as_slice).or(found.is_null().then_some(&[]))?;
    Some((list.iter().filter_map(read_contact).collect(), next_page(answer)))
}

/// `{"conversationItems":[…],"hasMore":…,"paginationToken":…}`.
pub(super) fn items(answer: &Value) -> Option<Page> {
    let found = answer.get("conversationItems")?;
    let list = found.as_array().map(Vec::as_slice).or(found.is_null().then_some(&[]))?;
    Some(Page { items: list.iter().filter_map(item).collect(), next: next_page(answer) })
}

fn next_page(answer: &Value) -> Option<String> {
    let has_more = answer.get("hasMore").and_then(Value::as_bool).unwrap_or(false);
    let token = answer.get("paginationToken").and_then(Value::as_str);
    token.filter(|token| has_more && !token.is_empty()).map(str::to_owned)
}

fn item(value: &Value) -> Option<ListedItem> {
    let text = |field| value.get(field).and_then(Value::as_str).unwrap_or_default();
    let is_note = value.get("isInternalNote").and_then(Value::as_bool).unwrap_or(false);
    let is_call = value.get("event").is_some_and(|event| !event.is_null());
    Some(ListedItem {
        id: Some(text("id")).filter(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES)?.to_owned(),
        created_at: time(text("createdAt")),
        modified_at: time(text("modifiedAt")),
        is_from_clinic: text("direction") == "outbound" && !is_note && !is_call,
        text: text("text").into(),
        author: identity::name(value.get("author").and_then(|author| author.get("displayName"))),
        app_url: crate::domain::event::spruce_link(text("appURL")).to_owned(),
    })
}

fn read_contact(value: &Value) -> Option<Contact> {
    let id = value.get("id").and_then(Value::as_str).filter(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES)?;
    let list = |field| value.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let external_id = list("integrationLinks")
        .iter()
        .filter_map(|link| link.get("externalId").and_then(Value::as_str))
        .find(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES);
    Some(Contact {
        id: id.to_owned(),
        name: identity::name(value.get("displayName")),
        phones: list("phoneNumbers")
            .iter()
            .map(|number| identity::phone(number.get("value")))
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
        let found = |answer: &Value| contacts(answer).map(|(hits, next)| (hits.len(), next.is_some()));
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
        let seen: Vec<_> = page.items.iter().map(|item| (item.id.as_str(), item.is_from_clinic)).collect();
        assert_eq!(seen, [("1", true), ("2", false), ("3", false), ("4", false)]);
        assert_eq!(page.next.as_deref(), Some("next"));
        assert_eq!(
            items(&json!({ "conversationItems": [], "hasMore": false, "paginationToken": "x" })).unwrap().next,
            None
        );
        assert_eq!(items(&json!({ "error": 1 })), None);
    }
}
