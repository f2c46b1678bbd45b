//! The queue function's side of the host's protocol: what the host posts, byte for byte, and what it needs back.

use local::spruce::Participant;
use reqwest::Client;
use serde_json::{Value, json};

use crate::world::{World, minute};

/// As the host writes it (`MessageExtensions` in its source): the queue text is JSON in a JSON string in a JSON string, and
/// metadata are strings that hold JSON.
fn invocation(queue_text: &str) -> String {
    let encoded = Value::String(queue_text.to_owned()).to_string();
    json!({
        "Data": { "job": encoded },
        "Metadata": {
            "DequeueCount": "1",
            "ExpirationTime": "2036-11-19T12:00:00+00:00",
            "Id": "\"6e0a4f0e-4d0d-4a53-93d0-6b2f2e1f8f10\"",
            "InsertionTime": "2026-11-21T12:00:00+00:00",
            "NextVisibleTime": "2026-11-21T12:10:00+00:00",
            "PopReceipt": "\"AgAAAAMAAAAAAAAA\"",
            "sys": { "MethodName": "consent-worker", "UtcNow": "2026-11-21T12:00:01Z", "RandGuid": "7c1f" }
        }
    })
    .to_string()
}

#[tokio::test]
async fn answers_are_json_the_host_understands() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550100")]);
    let stop = world.spruce.patient_writes(&conversation, "STOP", minute(1));
    let item = &stop["data"]["object"];
    let job = json!([1, { "item": {
        "change": "created", "received_at": minute(2), "body_sha256": "00", "item_id": item["id"],
        "conversation_id": item["conversationId"], "direction": "inbound", "text": "STOP", "created_at": minute(1) } }]);
    let client = Client::new();
    let post = async |body: String| {
        let request = client.post(format!("{}/consent-worker", world.host.handler_url()));
        let response =
            request.header("Content-Type", "application/json; charset=utf-8").body(body).send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        let status = response.status().as_u16();
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        (status, kind, body)
    };
    let (status, kind, body) = post(invocation(&job.to_string())).await;
    assert_eq!((status, kind.as_str()), (200, "application/json"));
    assert_eq!((&body["Outputs"], &body["ReturnValue"]), (&json!({}), &Value::Null));
    // Where Spruce's API takes long: recorded_and_put_back.
    assert!(body["Logs"][0].as_str().unwrap().contains(": recorded"), "{body}");
    assert_eq!(world.record().await.states().into_values().collect::<Vec<_>>(), [("Declined".to_owned(), true)]);

    for nonsense in ["", "{}", "nonsense", &invocation("nonsense"), &invocation("[9,{}]")] {
        let (status, kind, body) = post(nonsense.to_owned()).await;
        assert_eq!((status, kind.as_str()), (500, "application/json"), "{nonsense}");
        assert_eq!(body, json!({ "Outputs": {}, "Logs": [], "ReturnValue": null }), "{nonsense}");
    }
    world.end().await;
}

/// What is no job of ours is tried five times and then lies where people look; it holds nothing up.
#[tokio::test]
async fn a_foreign_queue_entry_ends_in_poison() {
    let world = World::start().await;
    let queue = local::tables::queue_put(&world.account, "spruce-events", "bm9uc2Vuc2U=");
    queue.await.unwrap();
    world.idle().await;
    let poison = local::tables::queue_texts(&world.account, "spruce-events-poison").await.unwrap();
    assert_eq!(poison, ["nonsense"]);
    assert_eq!(world.output().matches("\"outcome\":\"invalid_job\"").count(), 5);
    world.host.stop().await;
}
