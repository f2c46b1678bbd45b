//! `send-test` as an operator runs it: against the real webhook, and against what may stand in its place.

use std::convert::Infallible;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;

use crate::console::Console;
use crate::world::{SECRET, World};

/// It takes as long as it takes.
fn without_time(shown: &str) -> String {
    let (before, after) = shown.split_once(" ms").unwrap();
    let before = before.trim_end_matches(|char: char| char.is_ascii_digit());
    format!("{before}N ms{after}")
}

/// Something that answers every POST so.
async fn answering(status: u16, body: &'static str) -> String {
    let status = StatusCode::from_u16(status).unwrap();
    let handler = post(async move || Ok::<_, Infallible>((status, body)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/spruce-webhook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await.unwrap() });
    url
}

#[tokio::test]
async fn the_sample_goes_the_whole_way_and_leaves_nothing() {
    let world = World::start().await;
    let url = format!("{}/api/spruce-webhook", world.host.url());
    let console = Console::new().with_secret("SPRUCE_WEBHOOK_SECRET", SECRET);

    let sent = console.run(&["send-test", "--url", &url]).await;
    insta::assert_snapshot!(without_time(&sent.shown()), @r#"
    200 in N ms: {"status":"received"}
    --- words
    Address and secret are right, and the queue has the event.
    --- status 0
    "#);
    world.idle().await;
    assert!(world.output().contains("not_ours"), "{}", world.output());
    let record = world.record().await;
    assert!(record.history.is_empty() && record.status.is_empty() && record.review.is_empty(), "{record:?}");

    let other = Console::new().with_secret("SPRUCE_WEBHOOK_SECRET", "the secret of another endpoint");
    insta::assert_snapshot!(without_time(&other.run(&["send-test", "--url", &url]).await.shown()), @r#"
    401 in N ms: {"error":"invalid signature"}
    --- words
    error: the app's secret is another one. If SPRUCE_WEBHOOK_SECRET here is that of the endpoint, set it in the vault and let the app read it (infra/README.md, step 6)
    --- status 1
    "#);
    world.end().await;
}

#[tokio::test]
async fn a_text_is_sent_by_who_means_it() {
    let world = World::start().await;
    let url = format!("{}/api/spruce-webhook", world.host.url());
    let console = Console::new().with_secret("SPRUCE_WEBHOOK_SECRET", SECRET);

    insta::assert_snapshot!(console.run(&["send-test", "--url", &url, "--text", "STOP"]).await.shown(), @r"
    --- words
    This sends a text as if a patient wrote it, in the conversation t_test. A refusal makes rows in the tables, and whatever it says ends in the poison queue after a week.
    error: nothing was done; if this is meant, say so with --yes
    --- status 1
    ");
    assert!(world.record().await.history.is_empty());
    let sent = console.run(&["send-test", "--url", &url, "--text", "STOP", "--yes"]).await;
    assert_eq!(sent.status, 0, "{}", sent.stderr);
    let started = std::time::Instant::now();
    while world.record().await.status.is_empty() {
        assert!(started.elapsed() < crate::world::PATIENCE, "{}", world.output());
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(world.record().await.states()["t_test"], ("Declined".to_owned(), true));
    world.host.stop().await;
}

#[tokio::test]
async fn every_answer_is_explained() {
    let console = Console::new().with_secret("SPRUCE_WEBHOOK_SECRET", SECRET);
    let mut explained = Vec::new();
    for (status, body) in [
        (200, "{\"status\":\"ignored\"}"),
        (200, "<html>Your Functions 4.0 app is up and running</html>\u{1b}[2J"),
        (302, ""),
        (404, ""),
        (500, "oops"),
        (502, ""),
        (503, "{\"error\":\"temporarily unavailable\"}"),
    ] {
        let printed = console.run(&["send-test", "--url", &answering(status, body).await]).await;
        assert_eq!(printed.status == 0, body.contains("ignored"), "{status}");
        explained.push(without_time(&printed.shown()));
    }
    insta::assert_snapshot!(explained.join("\n"), @r#"
    200 in N ms: {"status":"ignored"}
    --- words
    Address and secret are right; the program does not act on this event.
    --- status 0
    200 in N ms: <html>Your Functions 4.0 app is up and running</html> [2J
    --- words
    error: 200, but not from this program: does the address end in /api/spruce-webhook? Events sent there are lost
    --- status 1
    302 in N ms
    --- words
    error: the address leads to another one, and events get lost on the way: use the other one
    --- status 1
    404 in N ms
    --- words
    error: nothing answers there: does the address end in /api/spruce-webhook, and is the program published?
    --- status 1
    500 in N ms: oops
    --- words
    error: 500 is no answer of this program: what stands in front of it?
    --- status 1
    502 in N ms
    --- words
    error: the program behind the address does not run. See "What failures look like" in infra/README.md
    --- status 1
    503 in N ms: {"error":"temporarily unavailable"}
    --- words
    error: the program cannot put events on the queue, or does not run. `spruce-consent doctor` looks at the queue. See "What failures look like" in infra/README.md
    --- status 1
    "#);

    let nobody = console.run(&["send-test", "--url", "http://127.0.0.1:9/api/spruce-webhook"]).await;
    insta::assert_snapshot!(nobody.shown(), @r"
    --- words
    error: no connection. Is the address right, and the app running?
    --- status 1
    ");
    for wrong in [&["send-test"][..], &["send-test", "--url", "http://clinic.example"], &["send-test", "--url", "x"]] {
        assert_eq!(console.run(wrong).await.status, 2, "{wrong:?}");
    }
    let unset = Console::new().run(&["send-test", "--url", "https://clinic.example"]).await;
    assert_eq!(unset.status, 2);
    assert!(unset.stderr.starts_with("error: SPRUCE_WEBHOOK_SECRET is missing"), "{}", unset.stderr);
}
