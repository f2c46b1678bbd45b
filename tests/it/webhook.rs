//! Every row of the webhook's table of answers, by the real program, through the host and past it.

use std::time::{Duration, Instant};

use local::spruce::{Fault, Participant, Sender};
use local::tables;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::world::{PATIENCE, Proxied, SECRET, World, minute};

const MAX_BODY: usize = 1024 * 1024;

/// The webhook's own limit, with what a machine that has other things to do may add; without a limit, the attempts at a
/// queue that is silent would take half a minute.
const FOUR_SECONDS: std::ops::Range<Duration> = Duration::from_millis(3_900)..Duration::from_secs(20);

fn event(text: &str) -> Value {
    json!({ "type": "conversationItem.created", "data": { "object": {
        "id": "ti_1", "conversationId": "t_1", "direction": "inbound", "text": text } } })
}

/// Signed JSON of exactly this many bytes, of a type that needs nothing done.
fn body_of(bytes: usize) -> String {
    let frame = json!({ "type": "x", "pad": "" }).to_string();
    json!({ "type": "x", "pad": "p".repeat(bytes - frame.len()) }).to_string()
}

#[tokio::test]
async fn every_answer() {
    let world = World::start().await;
    let sender = &world.sender;
    let signed = async |body: &str| {
        let signature = sender.sign(body.as_bytes());
        let answer = sender.send_raw(body.to_owned(), &[("X-Spruce-Signature", &signature)]).await.unwrap();
        (answer.status, answer.body)
    };
    let answer = |status: u16, body: &str| (status, body.to_owned());

    assert_eq!(signed("nonsense").await, answer(400, r#"{"error":"invalid event"}"#));
    assert_eq!(signed(r#"{"type":7}"#).await, answer(400, r#"{"error":"invalid event"}"#));
    assert_eq!(signed(r#"{"type":"contact.merged"}"#).await, answer(200, r#"{"status":"ignored"}"#));
    assert_eq!(signed(&body_of(MAX_BODY)).await, answer(200, r#"{"status":"ignored"}"#));
    assert_eq!(signed(&body_of(MAX_BODY + 1)).await, answer(413, r#"{"error":"body too large"}"#));

    let refused = async |headers: &[(&str, &str)]| {
        let answer = sender.send_raw(event("Yes").to_string(), headers).await.unwrap();
        (answer.status, answer.body)
    };
    assert_eq!(refused(&[]).await, answer(401, r#"{"error":"missing signature"}"#));
    let wrong = Sender::new("http://unused", "another secret").sign(event("Yes").to_string().as_bytes());
    for signature in [wrong.as_str(), "not base64!", ""] {
        let got = refused(&[("x-spruce-signature", signature)]).await;
        assert_eq!(got, answer(401, r#"{"error":"invalid signature"}"#), "{signature}");
    }
    let forged = refused(&[("X-Azure-Functions-InvocationId", "warn"), ("X-Spruce-Signature", &wrong)]).await;
    assert_eq!(forged.0, 401);

    let received = sender.send(&event("Do you like tea?")).await.unwrap();
    assert_eq!((received.status, received.body.as_str()), (200, r#"{"status":"received"}"#));
    let spaced = sender.send_spaced(&event("See you")).await.unwrap();
    assert_eq!((spaced.status, spaced.body.as_str()), (200, r#"{"status":"received"}"#));
    world.host.stop().await;
}

/// The host lets only the methods of function.json through; the handler has an answer for the others all the same.
#[tokio::test]
async fn methods_and_paths() {
    let world = World::start().await;
    let client = Client::new();
    let ask = async |method: Method, url: String| {
        let response = client.request(method, url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    for base in [world.host.url(), world.host.handler_url()] {
        for path in ["/api/spruce-webhook", "/api/spruce-webhook/"] {
            let url = format!("{base}{path}");
            assert_eq!(ask(Method::GET, url.clone()).await, (200, String::new()), "{url}");
            assert_eq!(ask(Method::HEAD, url.clone()).await, (200, String::new()), "{url}");
        }
    }
    let handler = world.host.handler_url();
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        assert_eq!(ask(method.clone(), format!("{handler}/api/spruce-webhook")).await.0, 405, "{method}");
    }
    assert_eq!(ask(Method::GET, format!("{handler}/")).await.0, 200, "readiness");
    assert_eq!(ask(Method::GET, format!("{handler}/elsewhere")).await.0, 404);
    // From outside only the webhook can be reached.
    let public = world.host.url();
    for path in ["/consent-worker", "/api/consent-worker", "/api/spruce-webhook/../../consent-worker"] {
        assert_eq!(ask(Method::POST, format!("{public}{path}")).await.0, 404, "{path}");
    }
    world.end().await;
}

/// Chunked bodies have no Content-Length to look at.
#[tokio::test]
async fn chunked_bodies_have_the_same_limit() {
    let world = World::start().await;
    let client = Client::new();
    for base in [world.host.url(), world.host.handler_url()] {
        for (bytes, status) in [(MAX_BODY, 200), (MAX_BODY + 1, 413), (3 * MAX_BODY, 413)] {
            let body = body_of(bytes);
            let signature = world.sender.sign(body.as_bytes());
            let chunks: Vec<Result<Vec<u8>, std::io::Error>> =
                body.as_bytes().chunks(10_000).map(|chunk| Ok(chunk.to_vec())).collect();
            let request = client.post(format!("{base}/api/spruce-webhook")).header("X-Spruce-Signature", signature);
            let stream = futures_util::stream::iter(chunks);
            let response = request.body(reqwest::Body::wrap_stream(stream)).send().await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{bytes} bytes to {base}");
        }
    }
    world.end().await;
}

/// A rotation: Spruce signs with the new secret from one moment to the next, and what it signed before still arrives.
#[tokio::test]
async fn both_secrets_while_rotating() {
    let world = World::with(&[("SPRUCE_WEBHOOK_SECRET_PREVIOUS", "the secret before")]).await;
    let url = format!("{}/api/spruce-webhook", world.host.url());
    for (secret, status) in [(SECRET, 200), ("the secret before", 200), ("whsec_", 401), ("test secret", 401)] {
        let answer = Sender::new(&url, secret).send(&event("See you")).await.unwrap();
        assert_eq!(answer.status, status, "{secret}");
    }
    world.host.stop().await;
}

/// Storage that refuses, and storage that never answers: Spruce is told to come again, in time, and then it works.
#[tokio::test]
async fn no_queue_no_success() {
    let storage = Proxied::start().await;
    let (world, queue) = (storage.world(&[]).await, &storage.queue);
    let patient = world.spruce.add_conversation(&[Participant::number("+12055550100")]);
    let asked = world.spruce.clinic_writes(&patient, "Do you consent? Reply YES or NO", minute(0));
    let client = Client::new();
    let send = async || {
        let body = asked.to_string();
        let started = Instant::now();
        let request = client.post(format!("{}/api/spruce-webhook", world.host.url()));
        let signature = world.sender.sign(body.as_bytes());
        let response = request.header("X-Spruce-Signature", signature).body(body).send().await.unwrap();
        let retry_after = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), retry_after, response.text().await.unwrap(), started.elapsed())
    };
    let unavailable = r#"{"error":"temporarily unavailable"}"#;

    queue.set_down(true);
    let (status, retry_after, body, took) = send().await;
    assert_eq!((status, retry_after.as_deref(), body.as_str()), (503, Some("120"), unavailable));
    assert!(took < FOUR_SECONDS.end, "{took:?}");

    queue.set_down(false);
    queue.set_fault(Fault::Slow(Duration::from_secs(30)));
    let (status, _, body, took) = send().await;
    assert_eq!((status, body.as_str()), (503, unavailable));
    assert!(FOUR_SECONDS.contains(&took), "{took:?}");
    assert_eq!(tables::queue_length(&storage.account, "spruce-events").await.unwrap(), 0);

    queue.set_fault(Fault::None);
    world.hand_in(&asked).await;
    world.idle().await;
    world.end().await;
}

/// A sender that gives a byte a second is cut off after four seconds, and does not keep the others waiting.
#[tokio::test]
async fn a_slow_body_is_cut_off() {
    let world = World::start().await;
    let slow = futures_util::stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Some((Ok::<_, std::io::Error>(b" ".to_vec()), ()))
    });
    let request = Client::new()
        .post(format!("{}/api/spruce-webhook", world.host.handler_url()))
        .header("X-Spruce-Signature", "AAAA")
        .body(reqwest::Body::wrap_stream(slow));
    let started = Instant::now();
    let response = request.send().await.unwrap();
    assert_eq!(response.status().as_u16(), 503);
    assert!(FOUR_SECONDS.contains(&started.elapsed()), "{:?}", started.elapsed());
    world.end().await;
}

/// More than the program holds at once: what is too much is told so at once, the rest gets its answer, and then there is
/// room again.
#[tokio::test]
async fn overload_is_shed() {
    let storage = Proxied::start().await;
    let world = storage.world(&[]).await;
    storage.queue.set_fault(Fault::Slow(Duration::from_secs(2)));
    let event = event("See you");
    let body = event.to_string();
    let signature = world.sender.sign(body.as_bytes());
    let (client, url) = (Client::new(), format!("{}/api/spruce-webhook", world.host.handler_url()));
    let started = Instant::now();
    // A busy machine may not bring so many to the door at the same time.
    while !world.output().contains("\"outcome\":\"full\"") {
        assert!(started.elapsed() < PATIENCE, "nothing was shed");
        let posts = (0..300).map(|_| {
            let request = client.post(&url).header("X-Spruce-Signature", &signature).body(body.clone());
            async { request.send().await.unwrap().status().as_u16() }
        });
        let answers = futures_util::future::join_all(posts).await;
        assert!(answers.iter().all(|status| matches!(status, 200 | 503)), "{answers:?}");
    }
    storage.queue.set_fault(Fault::None);
    world.hand_in(&event).await;
    world.host.stop().await;
}
