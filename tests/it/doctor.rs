//! `doctor` as an operator runs it: when all is well, and with everything broken that it looks at.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use local::azurite::Account;
use local::spruce::{EndpointId, Fault, Participant, Sent, Spruce};
use local::tables;
use regex::Regex;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::console::{Console, NAME, NUMBER, Printed, WORDS};
use crate::world::{Proxied, SECRET, account, done};

/// The app, as far as it answers.
async fn app(status: StatusCode) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/spruce-webhook", listener.local_addr().unwrap());
    let router = Router::new().fallback(async move || status);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

/// A clinic where everything is as it should be, after `setup`.
async fn clinic() -> (Account, Spruce, EndpointId, String, Console) {
    let (account, spruce, url) = (account(), Spruce::start().await.unwrap(), app(StatusCode::OK).await);
    done(&account, &["setup"]);
    let endpoint = spruce.add_endpoint(&url, Timestamp::now());
    deliver(&spruce, &endpoint, 60, Sent::Delivered);
    let console = settings(&spruce, &account.connection_string());
    (account, spruce, endpoint, url, console)
}

fn settings(spruce: &Spruce, storage: &str) -> Console {
    let console = Console::of(spruce).with_secret("SPRUCE_WEBHOOK_SECRET", SECRET);
    let key = storage.split(';').find_map(|part| part.strip_prefix("AccountKey=")).unwrap_or(storage);
    console.with("AzureWebJobsStorage", storage).hiding(key)
}

/// An event about a patient's text, so many minutes ago.
fn deliver(spruce: &Spruce, endpoint: &EndpointId, minutes_ago: i64, sent: Sent) {
    let ada = spruce.add_contact(NAME, &[NUMBER]);
    let conversation = spruce.add_conversation(&[Participant::saved(&ada)]);
    let event = spruce.patient_writes(&conversation, WORDS, Timestamp::now() - SignedDuration::from_mins(minutes_ago));
    spruce.log_delivery(endpoint, &event, sent);
}

/// Without ports, times and versions.
fn shown(printed: &Printed) -> String {
    let mut shown = printed.shown();
    for (pattern, instead) in [
        (r"127\.0\.0\.1:\d+", "HOST"),
        (r"in \d+ ms", "in N ms"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME"),
        (r"--since \d\S+Z", "--since TIME"),
        (r"spruce-consent \d\S+, rules of replies \S+", "VERSION"),
        (r"\b\d+ s off", "N s off"),
    ] {
        shown = Regex::new(pattern).unwrap().replace_all(&shown, instead).into_owned();
    }
    shown
}

/// The lines of one check.
fn lines(printed: &Printed, check: &str) -> String {
    let shown = shown(printed);
    let lines = shown.lines().filter(|line| line.split_whitespace().nth(1) == Some(check));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn all_is_well() {
    let (account, spruce, _, url, console) = clinic().await;
    let well = console.run(&["doctor", "--url", &url]).await;
    insta::assert_snapshot!(shown(&well), @r"
    ok       version               VERSION
    ok       settings              complete
    ok       spruce-events         can be read and written; jobs on it: 0
    ok       spruce-events-poison  is empty
    ok       ConsentStatus         can be read and written
    ok       ConsentHistory        can be read and written
    ok       ConsentReview         can be read and written
    ok       clock                 N s off Spruce's
    ok       token                 Spruce takes it
    ok       endpoint              wde_2C00000000001 is active: http://HOST/api/spruce-webhook
    ok       deliveries            last one delivered: TIME; events in 24 hours: 1, missed: 0, to be sent again: 0
    ok       app                   answers in N ms
    --- words
    All is well.
    --- status 0
    ");

    // Nothing is left of the checks.
    assert_eq!(tables::queue_length(&account, "spruce-events").await.unwrap(), 0);
    for table in ["ConsentStatus", "ConsentHistory", "ConsentReview"] {
        assert!(tables::rows(&account, table).await.unwrap().is_empty());
    }
    let json = console.run(&["doctor", "--json"]).await;
    let list: Vec<Value> = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(list[1].to_string(), r#"{"check":"settings","remedy":"","state":"ok","what":"complete"}"#);
    assert!(json.status == 0 && list.len() == 11, "{}", json.stdout);
    assert_eq!(spruce.unexpected(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_set() {
    let printed = Console::new().run(&["doctor"]).await;
    insta::assert_snapshot!(shown(&printed), @r"
    ok       version   VERSION
    failure  settings  SPRUCE_WEBHOOK_SECRET is missing: the signing secret that Spruce showed once for the endpoint. Set it in the environment or in local.settings.json
    failure  settings  SPRUCE_API_TOKEN is missing: the API token from Spruce's settings, Integrations & API. Set it in the environment or in local.settings.json
    failure  settings  AzureWebJobsStorage is missing: give a connection string, UseDevelopmentStorage=true, or AzureWebJobsStorage__accountName for Entra ID. Set it in the environment or in local.settings.json
    warning  storage   not looked at: 1 of its settings cannot be used. Mend them first
    warning  token     not looked at: 1 of its settings cannot be used. Mend them first
    --- words
    error: failures: 3, warnings: 2
    --- status 1
    ");
    let half = Console::new()
        .with("SPRUCE_WEBHOOK_SECRET", "@Microsoft.KeyVault(SecretUri=https://x)")
        .with("CLINIC_TIME_ZONE", "Mars");
    insta::assert_snapshot!(lines(&half.run(&["doctor"]).await, "settings"), @r"
    failure  settings  SPRUCE_WEBHOOK_SECRET is a Key Vault reference that was not resolved: check the vault's name, the secret's name and the identity's right to read it. Set it in the environment or in local.settings.json
    failure  settings  SPRUCE_API_TOKEN is missing: the API token from Spruce's settings, Integrations & API. Set it in the environment or in local.settings.json
    failure  settings  AzureWebJobsStorage is missing: give a connection string, UseDevelopmentStorage=true, or AzureWebJobsStorage__accountName for Entra ID. Set it in the environment or in local.settings.json
    failure  settings  CLINIC_TIME_ZONE is not an IANA time zone name such as America/Chicago. Set it in the environment or in local.settings.json
    ");
}

#[tokio::test]
async fn nothing_was_set_up_and_nobody_answers() {
    let spruce = Spruce::start().await.unwrap();
    let console = settings(&spruce, &account().connection_string());
    spruce.add_endpoint("https://elsewhere.example/hooks", Timestamp::now());
    let printed = console.run(&["doctor", "--url", "http://127.0.0.1:9/api/spruce-webhook"]).await;
    insta::assert_snapshot!(shown(&printed), @r"
    ok       version               VERSION
    ok       settings              complete
    failure  spruce-events         put on the queue: 404 QueueNotFound. Run `spruce-consent setup`; in Azure, deploy infra/ again
    failure  spruce-events-poison  look into the poison queue: 404 QueueNotFound. Run `spruce-consent setup`; in Azure, deploy infra/ again
    failure  ConsentStatus         read the table: 404 TableNotFound. Run `spruce-consent setup`; in Azure, deploy infra/ again
    failure  ConsentHistory        read the table: 404 TableNotFound. Run `spruce-consent setup`; in Azure, deploy infra/ again
    failure  ConsentReview         read the table: 404 TableNotFound. Run `spruce-consent setup`; in Azure, deploy infra/ again
    ok       clock                 N s off Spruce's
    ok       token                 Spruce takes it
    failure  endpoint              not registered; Spruce sends to https://elsewhere.example/hooks. Register it: webhooks create --url http://HOST/api/spruce-webhook
    failure  app                   no connection. Is the address right, and the app running?
    --- words
    error: failures: 7, warnings: 0
    --- status 1
    ");
}

#[tokio::test]
async fn storage_refuses_or_is_down() {
    let spruce = Spruce::start().await.unwrap();
    let account = account();
    let other_key = account.connection_string().replace("AccountKey=", "AccountKey=AAAA");
    let refused = settings(&spruce, &other_key).run(&["doctor"]).await;
    insta::assert_snapshot!(
        [lines(&refused, "spruce-events"), lines(&refused, "ConsentHistory")].join("\n"), @r"
    failure  spruce-events         put on the queue: 403 AuthenticationFailed. Does the identity have the roles Storage Queue Data Contributor and Storage Table Data Contributor (infra/ gives them, and they take up to ten minutes to come into force), is the key this account's, and does the network let us in?
    failure  ConsentHistory        read the table: 403 AuthorizationFailure. Does the identity have the roles Storage Queue Data Contributor and Storage Table Data Contributor (infra/ gives them, and they take up to ten minutes to come into force), is the key this account's, and does the network let us in?
    ");

    let storage = Proxied::start().await;
    let url = |proxy: &local::proxy::Proxy| format!("{}/{}", proxy.url(), storage.account.name);
    let through = storage.account.connection_string_via(&url(&storage.queue), &url(&storage.table));
    storage.queue.set_down(true);
    done(&storage.account, &["setup"]);
    let down = settings(&spruce, &through).run(&["doctor"]).await;
    insta::assert_snapshot!(
        [lines(&down, "spruce-events"), lines(&down, "spruce-events-poison"), lines(&down, "ConsentHistory")].join("\n"), @r"
    failure  spruce-events         put on the queue: no connection. Is the account's name right, and Azurite running, if it is that?
    failure  spruce-events-poison  look into the poison queue: no connection. Is the account's name right, and Azurite running, if it is that?
    ok       ConsentHistory        can be read and written
    ");
    assert_eq!(down.status, 1);
}

#[tokio::test]
async fn the_worker_gave_up() {
    let (account, _spruce, _, _, console) = clinic().await;
    tables::queue_put(&account, "spruce-events-poison", "bm9uc2Vuc2U=").await.unwrap();
    let printed = console.run(&["doctor"]).await;
    insta::assert_snapshot!(lines(&printed, "spruce-events-poison"), @"warning  spruce-events-poison  holds 1 that the worker gave up, since TIME. See `poison list`, mend the cause, `poison requeue --all` within seven days");
    assert_eq!(printed.status, 0, "a warning is no failure");
}

#[tokio::test]
async fn spruces_api_fails() {
    let (_, spruce, _, _, console) = clinic().await;
    let mut told = Vec::new();
    for fault in
        [Fault::Status(401), Fault::Status(403), Fault::Status(429), Fault::Status(500), Fault::Garbage, Fault::Nothing]
    {
        spruce.set_fault(fault.clone());
        let printed = console.run(&["doctor"]).await;
        assert_eq!(printed.status == 0, fault == Fault::Status(429), "{}", printed.stdout);
        assert!(lines(&printed, "endpoint").is_empty());
        told.push(format!("{fault:?}\n{}\n{}", lines(&printed, "clock"), lines(&printed, "token")));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    Status(401)
    ok       clock                 N s off Spruce's
    failure  token                 Spruce's API answers 401: SPRUCE_API_TOKEN is wrong, disabled or lacks a right. Set it to a token from Spruce's settings, Integrations & API: whole, and of an organisation that has the API
    Status(403)
    ok       clock                 N s off Spruce's
    failure  token                 Spruce's API answers 403: SPRUCE_API_TOKEN is wrong, disabled or lacks a right. Set it to a token from Spruce's settings, Integrations & API: whole, and of an organisation that has the API
    Status(429)
    warning  clock                 not looked at: Spruce's API answers 429: the organisation makes too many calls. Wait a minute; the clinic's other programs count too
    warning  token                 Spruce's API answers 429: the organisation makes too many calls. Wait a minute; the clinic's other programs count too
    Status(500)
    ok       clock                 N s off Spruce's
    failure  token                 Spruce's API answers 500. Try again later; if it stays so, ask Spruce's support
    Garbage
    ok       clock                 N s off Spruce's
    failure  token                 Spruce's API answers something that cannot be read. Is something between us and Spruce, or SPRUCE_API_BASE_URL set to another address?
    Nothing
    warning  clock                 not looked at: no connection to Spruce's API. Check the network, and SPRUCE_API_BASE_URL if it is set
    failure  token                 no connection to Spruce's API. Check the network, and SPRUCE_API_BASE_URL if it is set
    ");
    spruce.set_fault(Fault::Slow(Duration::from_secs(11)));
    insta::assert_snapshot!(lines(&console.run(&["doctor"]).await, "token"), @"failure  token                 no answer of Spruce's API in time. Try again; if it stays so, look at Spruce's status page");
    spruce.set_fault(Fault::None);
    let half = console.with_secret("SPRUCE_API_TOKEN", "aid_local");
    insta::assert_snapshot!(lines(&half.run(&["doctor"]).await, "token"), @"failure  token                 Spruce's API answers 403: SPRUCE_API_TOKEN is wrong, disabled or lacks a right. A whole token is base64 of an access id, a colon and a secret key; this one is not, perhaps only a half");
}

#[tokio::test]
async fn the_endpoint_does_not_send() {
    let (_, spruce, endpoint, url, console) = clinic().await;
    let mut told = Vec::new();
    for status in ["active", "Paused", "inactive", "disabled", "circuit-breaker", ""] {
        spruce.set_endpoint_status(&endpoint, status);
        told.push(lines(&console.run(&["doctor", "--url", &url]).await, "endpoint"));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    ok       endpoint              wde_2C00000000001 is active: http://HOST/api/spruce-webhook
    failure  endpoint              wde_2C00000000001 is Paused: http://HOST/api/spruce-webhook. Replies do not arrive. `webhooks resume wde_2C00000000001`, then `backfill --since T`
    failure  endpoint              wde_2C00000000001 is inactive: http://HOST/api/spruce-webhook. Spruce switches off what fails too often. Mend the cause (`send-test` shows it), then `webhooks resume wde_2C00000000001`, then `backfill --since T`
    failure  endpoint              wde_2C00000000001 is disabled: http://HOST/api/spruce-webhook. Spruce switches off what fails too often. Mend the cause (`send-test` shows it), then `webhooks resume wde_2C00000000001`, then `backfill --since T`
    warning  endpoint              wde_2C00000000001 is circuit-breaker: http://HOST/api/spruce-webhook. This program does not know the word: look in Spruce whether it sends
    warning  endpoint              wde_2C00000000001 is without a status: http://HOST/api/spruce-webhook. This program does not know the word: look in Spruce whether it sends
    ");

    spruce.set_endpoint_status(&endpoint, "active");
    spruce.add_endpoint(&url, Timestamp::now());
    insta::assert_snapshot!(lines(&console.run(&["doctor"]).await, "endpoint"), @r"
    warning  endpoint              registered 2 times. After a rotation, delete the endpoint with the secret before; or say with --url which is the app's
    ok       endpoint              wde_2C00000000001 is active: http://HOST/api/spruce-webhook
    ok       endpoint              wde_2C00000000007 is active: http://HOST/api/spruce-webhook
    ");
}

#[tokio::test]
async fn deliveries_fail_or_failed() {
    let (_, spruce, endpoint, url, console) = clinic().await;
    let mut told = Vec::new();
    for (minutes_ago, sent) in [
        (90, Sent::Retrying(3)),
        (80, Sent::Missed),
        (30, Sent::Retrying(1)),
        (20, Sent::Delivered),
        (10, Sent::Missed),
    ] {
        deliver(&spruce, &endpoint, minutes_ago, sent);
        told.push(lines(&console.run(&["doctor"]).await, "deliveries"));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    warning  deliveries            last one delivered: TIME; events in 24 hours: 2, missed: 0, to be sent again: 1. Look again in half an hour
    warning  deliveries            last one delivered: TIME; events in 24 hours: 3, missed: 1, to be sent again: 1. If that has not been done: backfill --since TIME
    failure  deliveries            the last event did not arrive; last one delivered: TIME; events in 24 hours: 4, missed: 1, to be sent again: 2. `send-test --url URL` shows why. Once it is mended: backfill --since TIME
    warning  deliveries            last one delivered: TIME; events in 24 hours: 5, missed: 1, to be sent again: 2. If that has not been done: backfill --since TIME
    failure  deliveries            the last event did not arrive; last one delivered: TIME; events in 24 hours: 6, missed: 2, to be sent again: 2. `send-test --url URL` shows why. Once it is mended: backfill --since TIME
    ");

    let quiet = Spruce::start().await.unwrap();
    quiet.add_endpoint(&url, Timestamp::now());
    quiet.set_clock_ahead(SignedDuration::from_secs(400));
    let printed = settings(&quiet, "UseDevelopmentStorage=true").run(&["doctor"]).await;
    insta::assert_snapshot!(lines(&printed, "deliveries"), @"warning  deliveries            Spruce sent nothing in 24 hours. If the clinic was open, write a text and look again");
    assert!(lines(&printed, "clock").starts_with("failure  clock"), "{}", printed.stdout);
    quiet.set_clock_ahead(SignedDuration::from_secs(-60));
    let printed = settings(&quiet, "UseDevelopmentStorage=true").run(&["doctor"]).await;
    assert!(lines(&printed, "clock").starts_with("warning  clock"), "{}", printed.stdout);
}

#[tokio::test]
async fn the_app_does_not_answer_well() {
    let (_, spruce, _, _, console) = clinic().await;
    let url = app(StatusCode::BAD_GATEWAY).await;
    spruce.add_endpoint(&url, Timestamp::now());
    insta::assert_snapshot!(lines(&console.run(&["doctor", "--url", &url]).await, "app"), @r#"failure  app                   answers 502. See "What failures look like" in infra/README.md"#);
}
