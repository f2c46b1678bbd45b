//! What strangers try: the queue function's route through the HTTP function, the host's own headers, heads without end.

use std::time::Duration;

use local::spruce::Participant;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::world::{PATIENCE, World, minute};

/// A job that would be recorded if the worker's route could be reached, as the host would post it.
fn invocation() -> String {
    let job = json!([1, { "item": {
        "change": "created", "received_at": minute(2), "body_sha256": "00", "item_id": "ti_forged",
        "conversation_id": "t_forged", "direction": "inbound", "text": "STOP", "created_at": minute(1) } }]);
    json!({ "Data": { "job": Value::String(job.to_string()).to_string() }, "Metadata": {} }).to_string()
}

/// Writes bytes as they are, which an HTTP client would put in order first, and reads the answer's status.
async fn raw(base: &str, request: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(base.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    // Whoever is refused while it still writes may see a reset after the answer.
    let _ = stream.read_to_string(&mut answer).await;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer but: {answer}"))
}

fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: clinic.example\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

#[tokio::test]
async fn the_workers_route_is_out_of_reach() {
    let world = World::start().await;
    let (body, host_headers) = (invocation(), "User-Agent: Azure-Functions-Host/4.1052\r\n");
    for path in [
        "/consent-worker",
        "/api/consent-worker",
        "//consent-worker",
        "/api/spruce-webhook/../../consent-worker",
        "/api/spruce-webhook/..%2f..%2fconsent-worker",
        "/api/spruce-webhook/%2e%2e/%2e%2e/consent-worker",
        "/api/spruce-webhook;/../../consent-worker",
        "/admin/functions/consent-worker",
        "http://127.0.0.1/consent-worker",
    ] {
        let status = raw(&world.host.url(), &post(path, host_headers, &body)).await;
        assert!(matches!(status, 400 | 401 | 404), "{path} is answered {status}");
    }
    // In the place of an event it is what it is: nothing that Spruce has signed.
    assert_eq!(raw(&world.host.url(), &post("/api/spruce-webhook", host_headers, &body)).await, 401);

    // And if a route led there by mistake: what came in from the internet says so.
    for header in
        ["X-Forwarded-For: 192.0.2.1", "x-forwarded-host: a", "Forwarded: for=192.0.2.1", "X-Ms-Invocation-Id: 7"]
    {
        let request = post("/consent-worker", &format!("{host_headers}{header}\r\n"), &body);
        assert_eq!(raw(&world.host.handler_url(), &request).await, 404, "{header}");
    }
    let told = async {
        while world.output().matches("\"outcome\":\"from_outside\"").count() < 4 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, told).await.expect("each of them is told in the log");

    assert_eq!(world.record().await.history, []);
    // The same body is a job where the host posts it, or all of this would prove nothing.
    assert_eq!(raw(&world.host.handler_url(), &post("/consent-worker", host_headers, &body)).await, 200);
    assert_eq!(world.record().await.states()["t_forged"], ("Declined".to_owned(), true));
    world.host.stop().await;
}

#[tokio::test]
async fn forged_headers_of_the_host_change_nothing() {
    const FORGED: &str = "4f0e6e0a-0d4d-534a-d093-2f2e6b1f8f10";
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550100")]);
    let stop = world.spruce.patient_writes(&conversation, "STOP", minute(1)).to_string();
    let forged = format!(
        "X-Azure-Functions-InvocationId: {FORGED}\r\nX-Azure-Functions-HostVersion: 9.9\r\nX-Forwarded-For: 127.0.0.1\r\n\
         X-MS-CLIENT-PRINCIPAL-NAME: root\r\nx-functions-key: secret-of-the-host\r\n"
    );
    let signature = world.sender.sign(stop.as_bytes());
    let signed = format!("{forged}X-Spruce-Signature: {signature}\r\n");
    assert_eq!(raw(&world.host.url(), &post("/api/spruce-webhook", &forged, &stop)).await, 401);
    assert_eq!(raw(&world.host.url(), &post("/api/spruce-webhook", &signed, &stop)).await, 200);
    world.idle().await;
    assert_eq!(world.record().await.states()[conversation.as_str()], ("Declined".to_owned(), true));
    let lines = world.output();
    assert!(
        !lines.contains(FORGED) && !lines.contains("secret-of-the-host"),
        "the host's own id is the one that counts"
    );

    // In its other mode the host adds its own id to what is there: only what looks like an id is logged.
    let long = format!("X-Azure-Functions-InvocationId: {FORGED}\r\nX-Azure-Functions-InvocationId: <script>{{}}\r\n");
    let odd = "X-Azure-Functions-InvocationId: \"}{\"level\":\"ERROR\r\n";
    for headers in [&*long, odd] {
        assert_eq!(raw(&world.host.handler_url(), &post("/api/spruce-webhook", headers, "{}")).await, 401);
    }
    for line in world.host.output() {
        let text = line.text();
        assert!(!text.starts_with('{') || serde_json::from_str::<Value>(&text).is_ok(), "{text}");
    }
    assert!(!world.output().contains("<script>"));
    world.end().await;
}

#[tokio::test]
async fn heads_have_an_end() {
    let world = World::start().await;
    let handler = world.host.handler_url();
    let head = |header: &str| post("/api/spruce-webhook", header, "{}");
    assert_eq!(raw(&handler, &head(&format!("X-Long: {}\r\n", "x".repeat(60 * 1024)))).await, 401);
    assert_eq!(raw(&handler, &head(&format!("X-Long: {}\r\n", "x".repeat(64 * 1024)))).await, 431);
    assert_eq!(raw(&handler, &head(&"X-Many: 1\r\n".repeat(200))).await, 431);
    assert_eq!(raw(&handler, b"\x16\x03\x01 nonsense\r\n\r\n").await, 400);
    // Connections that say nothing keep nobody waiting.
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(TcpStream::connect(handler.trim_start_matches("http://")).await.unwrap());
    }
    assert_eq!(raw(&handler, &head("")).await, 401);
    drop(silent);
    world.end().await;
}
