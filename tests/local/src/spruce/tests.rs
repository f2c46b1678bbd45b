use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::json;

use super::*;

const NOON: &str = "2025-12-08T18:00:00Z";

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

async fn get(spruce: &Spruce, path: &str) -> Response {
    Client::new().get(format!("{}{path}", spruce.base_url())).bearer_auth(spruce.token()).send().await.unwrap()
}

async fn post(spruce: &Spruce, path: &str, body: &Value, headers: &[(&str, &str)]) -> Response {
    let mut request =
        Client::new().post(format!("{}{path}", spruce.base_url())).bearer_auth(spruce.token()).json_body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

/// `reqwest`'s own `json` is a feature that nothing else needs.
trait Json {
    fn json_body(self, body: &Value) -> Self;
}

impl Json for reqwest::RequestBuilder {
    fn json_body(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").body(body.to_string())
    }
}

async fn json(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

async fn clinic() -> (Spruce, ContactId, ConversationId) {
    let spruce = Spruce::start().await.unwrap();
    let ada = spruce.add_contact("Ada Example", &["(205) 555-0101"]);
    let conversation = spruce.add_conversation(&[Participant::saved(&ada)]);
    (spruce, ada, conversation)
}

#[tokio::test]
async fn a_conversation_is_wrapped_and_names_its_contact() {
    let (spruce, ada, conversation) = clinic().await;

    let answer = get(&spruce, &format!("/conversations/{conversation}")).await;

    assert_eq!(answer.status(), 200);
    for header in ["s-request-id", "s-ratelimit-limit", "s-ratelimit-remaining"] {
        assert!(answer.headers().contains_key(header), "{header}");
    }
    let answer = json(answer).await;
    let participant = &answer["conversation"]["externalParticipants"][0];
    assert_eq!(participant["displayName"], "Ada Example");
    assert_eq!(participant["contact"], ada.as_str());
    assert_eq!(participant["endpoint"]["rawValue"], "+12055550101");
    assert_eq!(spruce.requests(Route::Conversation), 1);
    assert!(spruce.unexpected().is_empty());
}

#[tokio::test]
async fn an_unsaved_number_has_no_contact_and_a_secure_conversation_no_endpoint() {
    let (spruce, ada, _) = clinic().await;
    let unsaved = spruce.add_conversation(&[Participant::number("+12055550102")]);
    let secure = spruce.add_secure_conversation(&[Participant::saved(&ada)]);

    let unsaved = json(get(&spruce, &format!("/conversations/{unsaved}")).await).await;
    let secure = json(get(&spruce, &format!("/conversations/{secure}")).await).await;

    let participant = unsaved["conversation"]["externalParticipants"][0].as_object().unwrap();
    assert_eq!(participant["displayName"], "(205) 555-0102");
    assert!(!participant.contains_key("contact"));
    let participant = secure["conversation"]["externalParticipants"][0].as_object().unwrap();
    assert!(!participant.contains_key("endpoint"));
}

#[tokio::test]
async fn a_contact_is_bare_until_it_is_removed() {
    let (spruce, ada, _) = clinic().await;
    spruce.link_contact(&ada, "MRN-1");

    let contact = json(get(&spruce, &format!("/contacts/{ada}")).await).await;
    assert_eq!(contact["id"], ada.as_str());
    assert_eq!(contact["phoneNumbers"][0]["displayValue"], "(205) 555-0101");
    assert_eq!(contact["integrationLinks"][0]["externalId"], "MRN-1");

    spruce.remove_contact(&ada);
    let answer = get(&spruce, &format!("/contacts/{ada}")).await;
    assert_eq!(answer.status(), 404);
    assert_eq!(json(answer).await, json!({"statusCode": 404, "type": "NOT_FOUND", "message": "Contact not found"}));
}

#[tokio::test]
async fn a_search_finds_everybody_with_the_number_in_the_order_of_their_ids() {
    let (spruce, ada, _) = clinic().await;
    let ben = spruce.add_contact("Ben Example", &["+12055550103", "+12055550101"]);
    spruce.add_contact("Cleo Example", &["+12055550104"]);

    let found = |body: Value| {
        let spruce = &spruce;
        async move {
            let answer = json(post(spruce, "/contacts/search", &body, &[]).await).await;
            let ids = answer["contacts"].as_array().unwrap().iter().map(|contact| contact["id"].clone());
            (ids.collect::<Vec<_>>(), answer["totalCount"].clone(), answer["hasMore"].clone())
        }
    };
    let filter = |values: Value, matching: &str| json!({"structured": {"phoneNumberFilter": [{"values": values, "match": matching}]}});

    let both = (vec![json!(ada.as_str()), json!(ben.as_str())], json!(2), json!(false));
    assert_eq!(found(filter(json!(["+12055550101"]), "any")).await, both);
    assert_eq!(found(filter(json!([12_055_550_101_u64]), "any")).await, both);
    let only_ben = (vec![json!(ben.as_str())], json!(1), json!(false));
    assert_eq!(found(filter(json!(["205-555-0103", "205-555-0101"]), "all")).await, only_ben);
    assert_eq!(found(filter(json!(["205-555-9999"]), "any")).await, (vec![], json!(0), json!(false)));

    let unknown = json!({"structured": {"nameFilter": []}});
    assert_eq!(post(&spruce, "/contacts/search", &unknown, &[]).await.status(), 400);
}

#[tokio::test]
async fn items_are_listed_in_pages_in_the_order_that_was_asked_for() {
    let (spruce, _, conversation) = clinic().await;
    for minute in 0..5 {
        spruce.patient_writes(&conversation, &minute.to_string(), noon() + jiff::Span::new().minutes(minute));
    }
    let mut texts = Vec::new();
    let mut token = String::new();
    loop {
        let path = format!("/conversations/{conversation}/items?order=newest_first&pageSize=2{token}");
        let page = json(get(&spruce, &path).await).await;
        let items = page["conversationItems"].as_array().unwrap();
        texts.extend(items.iter().map(|item| item["text"].as_str().unwrap().to_owned()));
        assert_eq!(page["totalCount"], 5);
        if page["hasMore"] == false {
            assert!(page.get("paginationToken").is_none());
            break;
        }
        token = format!("&paginationToken={}", page["paginationToken"].as_str().unwrap());
    }
    assert_eq!(texts, ["4", "3", "2", "1", "0"]);

    for wrong in ["pageSize=201", "pageSize=0", "order=newest", "paginationToken=x"] {
        let answer = get(&spruce, &format!("/conversations/{conversation}/items?{wrong}")).await;
        assert_eq!(answer.status(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn edits_and_deletions_show_in_lists_and_are_told_as_events() {
    let (spruce, _, conversation) = clinic().await;
    let created = spruce.patient_writes(&conversation, "yes", noon());
    let item = item_of(&created);
    let later = noon() + jiff::Span::new().minutes(1);
    let listed = || async {
        let list = json(get(&spruce, &format!("/conversations/{conversation}/items")).await).await;
        let items = list["conversationItems"].as_array().unwrap().clone();
        items.iter().map(|item| item["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    let edited = spruce.edit(&item, "no", later);
    assert_eq!(edited["type"], "conversationItem.updated");
    assert_eq!(edited["data"]["object"]["createdAt"], NOON);
    assert_eq!(edited["data"]["object"]["modifiedAt"], "2025-12-08T18:01:00Z");
    assert_eq!(listed().await, ["no"]);

    assert_eq!(spruce.delete(&item, later)["type"], "conversationItem.deleted");
    assert!(listed().await.is_empty());
    assert_eq!(spruce.restore(&item, later)["type"], "conversationItem.restored");
    assert_eq!(listed().await, ["no"]);
}

#[tokio::test]
async fn events_look_as_spruce_sends_them() {
    let (spruce, _, conversation) = clinic().await;

    let event = spruce.patient_writes(&conversation, "Yes I consent", noon());
    assert_eq!((&event["object"], &event["type"]), (&json!("event"), &json!("conversationItem.created")));
    assert_eq!(event["eventTime"], NOON);
    let item = &event["data"]["object"];
    assert_eq!(item["author"], json!({"displayName": "Ada Example"}));
    assert_eq!((&item["direction"], &item["text"]), (&json!("inbound"), &json!("Yes I consent")));
    assert_eq!(item["buttons"], Value::Null);
    assert!(item.get("conversation").is_none() && item.get("event").is_none());

    let call = spruce.call(&conversation, noon());
    assert_eq!(call["data"]["object"]["event"]["type"], "inboundCall");
    let note = spruce.internal_note(&conversation, "asked for consent", noon());
    assert_eq!(note["data"]["object"]["isInternalNote"], true);

    spruce.set_wire(Wire { numeric_phones: true, embed_conversation: true });
    let event = spruce.clinic_writes(&conversation, "Thank you", noon());
    let item = &event["data"]["object"];
    assert_eq!(item["direction"], "outbound");
    let participant = &item["conversation"]["externalParticipants"][0];
    assert_eq!(participant["endpoint"]["rawValue"], 12_055_550_101_u64);
}

#[tokio::test]
async fn lists_lag_when_told_to() {
    let (spruce, _, conversation) = clinic().await;
    let path = format!("/conversations/{conversation}/items");
    let listed = || async { json(get(&spruce, &path).await).await["conversationItems"].as_array().unwrap().len() };

    spruce.set_lag(Lag::Requests(2));
    spruce.patient_writes(&conversation, "yes", noon());
    assert_eq!((listed().await, listed().await, listed().await), (0, 0, 1));

    spruce.set_lag(Lag::For(Duration::from_hours(1)));
    assert_eq!(listed().await, 0);
    spruce.set_lag(Lag::For(Duration::ZERO));
    assert_eq!(listed().await, 1);
}

#[tokio::test]
async fn a_text_is_posted_once_for_each_key() {
    let (spruce, _, conversation) = clinic().await;
    let path = format!("/conversations/{conversation}/messages");
    let body = json!({"body": [{"type": "text", "value": "Thank you."}]});

    let first = post(&spruce, &path, &body, &[("s-idempotency-key", "ti_1")]).await;
    assert_eq!(first.status(), 200);
    assert!(json(first).await["requestId"].as_str().unwrap().starts_with("asyncRequest_"));
    let again = post(&spruce, &path, &body, &[("s-idempotency-key", "ti_1")]).await;
    assert_eq!(again.status(), 422);
    assert_eq!(json(again).await["statusCode"], 422);

    let posted = spruce.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!((posted[0].text.as_str(), posted[0].internal), ("Thank you.", false));
    assert_eq!(posted[0].idempotency_key.as_deref(), Some("ti_1"));
    assert_eq!(posted[0].event["data"]["object"]["direction"], "outbound");
}

#[tokio::test]
async fn a_wrong_token_is_a_403_and_an_unknown_route_is_remembered() {
    let (spruce, _, conversation) = clinic().await;
    let url = format!("{}/conversations/{conversation}", spruce.base_url());
    for request in [Client::new().get(&url), Client::new().get(&url).bearer_auth("wrong")] {
        assert_eq!(request.send().await.unwrap().status(), 403);
    }
    assert!(spruce.unexpected().is_empty());

    assert_eq!(get(&spruce, "/organization").await.status(), 404);
    assert_eq!(Client::new().delete(&url).send().await.unwrap().status(), 404);
    let unexpected = spruce.unexpected();
    assert_eq!(unexpected, ["GET /v1/organization".to_owned(), format!("DELETE /v1/conversations/{conversation}")]);
}

#[tokio::test]
async fn requests_over_the_limit_are_refused() {
    let (spruce, _, conversation) = clinic().await;
    spruce.set_rate_limit(1);
    let path = format!("/conversations/{conversation}");
    let answer = get(&spruce, &path).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["s-ratelimit-remaining"]), (200, &"0".parse().unwrap()));
    assert_eq!(get(&spruce, &path).await.status(), 429);
}

#[tokio::test]
async fn every_fault_shows_as_what_it_is() {
    let (spruce, _, conversation) = clinic().await;
    let url = format!("{}/conversations/{conversation}", spruce.base_url());
    let ask = || Client::new().get(&url).bearer_auth(spruce.token()).send();

    spruce.set_fault(Fault::Status(429));
    let answer = ask().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"1".parse().unwrap()));

    spruce.set_fault(Fault::Status(500));
    assert_eq!(json(ask().await.unwrap()).await["statusCode"], 500);

    spruce.set_fault(Fault::Garbage);
    let answer = ask().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(serde_json::from_str::<Value>(&answer.text().await.unwrap()).is_err());

    spruce.set_fault(Fault::Slow(Duration::from_millis(200)));
    let started = Instant::now();
    assert_eq!(ask().await.unwrap().status(), 200);
    assert!(started.elapsed() >= Duration::from_millis(200));

    spruce.set_fault(Fault::HalfBody);
    let answer = ask().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err());

    spruce.set_fault(Fault::Nothing);
    assert!(ask().await.unwrap_err().is_request());

    spruce.set_fault(Fault::None);
    assert_eq!(ask().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_endpoint_is_registered_paused_and_deleted() {
    let spruce = Spruce::start().await.unwrap();
    let path = "/webhooks/endpoints";
    let new = json!({"name": "consent", "url": "https://clinic.example/api/spruce-webhook"});

    let created = json(post(&spruce, path, &new, &[]).await).await;
    let id = spruce.endpoints().remove(0);
    assert_eq!(created["endpoint"]["signingSecrets"][0]["value"], spruce.endpoint_secret(&id));
    let listed = json(get(&spruce, path).await).await;
    assert_eq!(listed["endpoints"][0]["url"], new["url"]);
    assert!(!listed.to_string().contains(&spruce.endpoint_secret(&id)));

    for (paused, status) in [("true", "paused"), ("false", "active")] {
        let answer = post(&spruce, &format!("{path}/{id}/paused?paused={paused}"), &json!(null), &[]).await;
        assert_eq!(json(answer).await["paused"].to_string(), paused);
        assert_eq!(json(get(&spruce, &format!("{path}/{id}")).await).await["endpoint"]["status"], status);
    }

    let delete = || {
        let url = format!("{}{path}/{id}", spruce.base_url());
        Client::new().delete(url).bearer_auth(spruce.token()).send()
    };
    assert_eq!(delete().await.unwrap().status(), 200);
    assert_eq!(delete().await.unwrap().status(), 404);
    assert_eq!(get(&spruce, &format!("{path}/{id}/events")).await.status(), 404);
    assert!(spruce.unexpected().is_empty());
}

#[tokio::test]
async fn the_secret_of_a_new_endpoint_stands_where_it_is_told_to() {
    let spruce = Spruce::start().await.unwrap();
    let new = json!({"name": "consent", "url": "https://clinic.example"});
    for (shape, place) in [
        (CreationAnswer::Wrapped, Some("/endpoint/signingSecrets/0/value")),
        (CreationAnswer::Bare, Some("/signingSecrets/0/value")),
        (CreationAnswer::BareSecret, Some("/secret")),
        (CreationAnswer::NoSecret, None),
    ] {
        spruce.set_creation_answer(shape);
        let created = json(post(&spruce, "/webhooks/endpoints", &new, &[]).await).await;
        let secret = spruce.endpoint_secret(spruce.endpoints().last().unwrap());
        match place {
            Some(place) => assert_eq!(created.pointer(place).unwrap(), &json!(secret), "{shape:?}"),
            None => assert!(!created.to_string().contains(&secret)),
        }
    }
}

#[tokio::test]
async fn the_delivery_log_tells_what_became_of_each_event_twenty_at_a_time() {
    let (spruce, _, conversation) = clinic().await;
    let endpoint = spruce.add_endpoint("https://clinic.example", noon());
    for minute in 0..41 {
        let at = noon() + jiff::Span::new().minutes(minute);
        let event = spruce.patient_writes(&conversation, "yes", at);
        let sent = [Sent::Delivered, Sent::Retrying(3), Sent::Missed][usize::try_from(minute).unwrap() % 3];
        spruce.log_delivery(&endpoint, &event, sent);
    }

    let path = format!("/webhooks/endpoints/{endpoint}/events?startTime=2025-12-08T18:01:00Z");
    let first = json(get(&spruce, &path).await).await;
    assert_eq!((first["events"].as_array().unwrap().len(), &first["hasMore"]), (20, &json!(true)));
    let next = format!("{path}&paginationToken={}", first["paginationToken"].as_str().unwrap());
    let second = json(get(&spruce, &next).await).await;
    let oldest: Vec<Value> = second["events"].as_array().unwrap().iter().rev().take(3).cloned().collect();
    assert_eq!((oldest.len(), &second["hasMore"]), (3, &json!(false)));
    assert_eq!(
        oldest.iter().map(|entry| entry["delivery"].clone()).collect::<Vec<_>>(),
        [
            json!({"status": "retry", "attempts": 3, "attemptLimit": 11, "nextAttemptTime": "2025-12-08T18:07:00Z"}),
            json!({"status": "failure", "attempts": 11, "attemptLimit": 11}),
            json!({"status": "success", "attempts": 1, "attemptLimit": 11, "deliveryTime": "2025-12-08T18:03:00Z"}),
        ]
    );
    let event: Value = serde_json::from_str(oldest[0]["data"].as_str().unwrap()).unwrap();
    assert_eq!((&event["eventTime"], &event["type"]), (&oldest[0]["eventTime"], &json!("conversationItem.created")));
}

#[tokio::test]
async fn conversations_are_listed_by_their_last_activity_from_a_time_on() {
    let (spruce, _, early) = clinic().await;
    let late = spruce.add_conversation(&[Participant::number("+12055550102")]);
    spruce.add_conversation(&[Participant::number("+12055550103")]);
    spruce.patient_writes(&early, "yes", noon());
    spruce.patient_writes(&late, "yes", noon() + jiff::Span::new().minutes(1));
    let listed = async |query: &str| {
        let list = json(get(&spruce, &format!("/conversations?orderBy=last_message{query}")).await).await;
        let ids = list["conversations"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
        (ids.collect::<Vec<_>>(), list["paginationToken"].as_str().map(str::to_owned))
    };

    assert_eq!(listed("").await.0, [early.as_str(), late.as_str()]);
    assert_eq!(listed("&startFrom=2025-12-08T18:01:00Z").await.0, [late.as_str()]);
    let (first, token) = listed("&pageSize=1&startFrom=2025-12-08T18:00:00Z").await;
    assert_eq!(first, [early.as_str()]);
    let token = token.unwrap();
    assert_eq!(listed(&format!("&pageSize=1&paginationToken={token}")).await, (vec![late.to_string()], None));

    for wrong in ["", "?orderBy=created", "?orderBy=last_message&startFrom=now"] {
        assert_eq!(get(&spruce, &format!("/conversations{wrong}")).await.status(), 400, "{wrong}");
    }
    let both = format!("/conversations?orderBy=last_message&startFrom=2025-12-08T18:00:00Z&paginationToken={token}");
    assert_eq!(get(&spruce, &both).await.status(), 400);
}
