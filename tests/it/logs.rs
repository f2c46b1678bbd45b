//! What must never be printed: a day of patients with everything going wrong, every level at trace, and every byte that
//! the program prints searched for what it knows.

use std::time::Duration;

use local::spruce::{Fault, Participant};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::world::{PATIENCE, Proxied, SECRET, minute};

const ASK: &str = "Do you consent to zebrafish therapy? Reply YES or NO";

#[tokio::test]
async fn no_patient_and_no_secret_in_any_line() {
    let storage = Proxied::start().await;
    let (queue, table) = (&storage.queue, &storage.table);
    let world = storage.world(&[("LOG_LEVEL", "trace"), ("RUST_LOG", "trace"), ("RUST_BACKTRACE", "1")]).await;
    let ada = world.spruce.add_contact("Adalgisa Quizzical", &["+12055550187"]);
    world.spruce.link_contact(&ada, "MRN-quokka");
    let saved = world.spruce.add_conversation(&[Participant::saved(&ada)]);
    let unsaved = world.spruce.add_conversation(&[Participant::number("+12055550188")]);

    let mut events = Vec::new();
    for (conversation, text) in [(&saved, "Yes I consent, marmalade"), (&unsaved, "no no no, pumpernickel")] {
        events.push(world.spruce.clinic_writes(conversation, ASK, minute(0)));
        events.push(world.spruce.patient_writes(conversation, text, minute(1)));
    }
    world.deliver(&events).await;
    // The API fails, storage fails, bodies are nonsense, signatures are wrong.
    for fault in [Fault::Status(403), Fault::Garbage, Fault::None] {
        world.spruce.set_fault(fault);
        let reply = world.spruce.patient_writes(&unsaved, "why, pumpernickel?", minute(2));
        world.hand_in(&reply).await;
    }
    for body in [
        json!({ "type": "conversationItem.created", "data": { "object": { "id": 7, "text": "marmalade" } } })
            .to_string(),
        "{\"type\": \"marmalade\", oops".to_owned(),
    ] {
        let signature = world.sender.sign(body.as_bytes());
        let sent = world.sender.send_raw(body.clone(), &[("X-Spruce-Signature", &signature)]).await.unwrap();
        assert_eq!(sent.status, 400);
        world.sender.send_raw(body, &[("X-Spruce-Signature", "bWFybWFsYWRl"), ("Cookie", "marmalade")]).await.unwrap();
    }
    let reply = world.spruce.patient_writes(&saved, "stop, marmalade", minute(3));
    queue.set_down(true);
    assert_eq!(world.sender.send(&reply).await.unwrap().status, 503);
    queue.set_down(false);
    table.set_down(true);
    world.hand_in(&reply).await;
    let failed = async {
        while !world.output().contains("storage_failed") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, failed).await.expect("the job meets the storage that is down");
    table.set_down(false);
    world.idle().await;

    let printed: Vec<u8> =
        world.host.output().iter().flat_map(|line| [line.bytes.clone(), b"\n".to_vec()].concat()).collect();
    let printed = String::from_utf8(printed).unwrap();
    let signature = world.sender.sign(reply.to_string().as_bytes());
    for secret in [
        "Adalgisa",
        "Quizzical",
        "5550187",
        "5550188",
        "MRN-quokka",
        "zebrafish",
        "marmalade",
        "pumpernickel",
        "bWFybWFsYWRl",
        SECRET,
        world.spruce.token(),
        &storage.account.key,
        &signature,
        "Bearer",
        "SharedKey",
    ] {
        assert!(!printed.contains(secret), "{secret} is in the log:\n{printed}");
    }
    // The search has something to search in, and each line of a request tells which invocation it belongs to.
    assert!(
        printed.contains("\"outcome\":\"received\"") && printed.contains("\"outcome\":\"storage_failed\""),
        "{printed}"
    );
    for line in printed.lines().filter(|line| line.contains("outcome")) {
        assert!(line.contains("\"invocation_id\":\""), "{line}");
    }
    // The host makes Error of stderr, and Warning where a line has "warn" in it.
    for line in world.host.output() {
        let text = line.text();
        let expected = match line.stream {
            local::host::Stream::Stdout => {
                text.contains("\"INFO\"") || text.contains("\"DEBUG\"") || text.contains("\"TRACE\"")
            }
            _ if text.contains("\"level\":\"WARN\"") => true,
            _ => !text.to_lowercase().contains("warn"),
        };
        assert!(expected || !text.starts_with('{'), "{text}");
    }
    world.end().await;
}
