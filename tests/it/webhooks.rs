//! `webhooks` as an operator runs it: the endpoint at Spruce from its registration to its end.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use local::spruce::{CreationAnswer, EndpointId, Fault, Participant, Route, Sent, Spruce};
use serde_json::{Value, json};

use crate::console::{Console, NAME, NUMBER, WORDS};

const URL: &str = "https://clinic.example/api/spruce-webhook";

async fn spruce() -> (Spruce, Console) {
    let spruce = Spruce::start().await.unwrap();
    let console = Console::of(&spruce);
    (spruce, console)
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// Events of every fate, a minute apart, with the patient's data in them.
fn write_and_log(spruce: &Spruce, endpoint: &EndpointId, start: Timestamp) {
    let ada = spruce.add_contact(NAME, &[NUMBER]);
    let conversation = spruce.add_conversation(&[Participant::saved(&ada)]);
    for (minute, sent) in [(0, Sent::Delivered), (1, Sent::Retrying(2)), (2, Sent::Missed)] {
        let event = spruce.patient_writes(&conversation, WORDS, start + SignedDuration::from_mins(minute));
        spruce.log_delivery(endpoint, &event, sent);
    }
    let other = json!({ "object": "event", "type": "contact.updated", "eventTime": start.to_string(),
                        "data": { "object": { "id": "entity_1", "displayName": NAME } } });
    spruce.log_delivery(endpoint, &other, Sent::Delivered);
}

#[tokio::test]
async fn an_address_is_registered_and_its_secret_shown_once() {
    let (spruce, console) = spruce().await;

    let created = console.run_and_trust(&["webhooks", "create", "--url", URL]).await;
    insta::assert_snapshot!(created.shown(), @r#"
    signing_secret_2C00000000002
    --- words

    Registered wde_2C00000000001 for https://clinic.example/api/spruce-webhook (active).
    What stands above is the signing secret. Spruce does not show it again. Put it where the app reads it, now: until then
    events are refused, and Spruce gives up on each after 20 minutes.
      in Azure    read -rsp 'Signing secret: ' SECRET && echo
                  az keyvault secret set --vault-name "$VAULT" --name spruce-webhook-secret \
                    --file <(printf %s "$SECRET") --output none
                  and let the app read it: `refresh`, step 3 of infra/README.md
      locally     "SPRUCE_WEBHOOK_SECRET" in local.settings.json
    Then see whether it is right: spruce-consent send-test --url URL
    --- status 0
    "#);
    let secret = spruce.endpoint_secret(&spruce.endpoints()[0]);
    assert_eq!(created.stdout, format!("{secret}\n"), "for `SECRET=$(…)`");

    let console = console.with_secret("SPRUCE_WEBHOOK_SECRET", &secret);
    let again = console.run(&["webhooks", "create", "--url", "https://CLINIC.example/api/spruce-webhook/"]).await;
    insta::assert_snapshot!(again.shown(), @r#"
    --- words
    error: this address is registered already, as wde_2C00000000001 (active); Spruce shows its secret to nobody again. For a new secret, follow "Rotating the secret" in infra/README.md, which says when to give --rotate
    --- status 1
    "#);
    for command in [&["list"][..], &["list", "--json"], &["show"], &["show", "--json"], &["deliveries"]] {
        assert_eq!(console.run(&[&["webhooks"], command].concat()).await.status, 0, "{command:?}");
    }

    let rotated = console.run(&["webhooks", "create", "--url", URL, "--rotate"]).await;
    assert_eq!(rotated.stdout, format!("{}\n", spruce.endpoint_secret(&spruce.endpoints()[1])));
    assert!(rotated.stderr.contains("delete it when the new one has done its work"), "{}", rotated.stderr);
    assert_eq!(spruce.unexpected(), Vec::<String>::new());
}

#[tokio::test]
async fn a_secret_is_found_in_every_shape_of_the_answer() {
    for shape in [CreationAnswer::Wrapped, CreationAnswer::Bare, CreationAnswer::BareSecret] {
        let (spruce, console) = spruce().await;
        spruce.set_creation_answer(shape);
        let created = console.run_and_trust(&["webhooks", "create", "--url", URL, "--json"]).await;
        let id = &spruce.endpoints()[0];
        let expected =
            json!({ "id": id.as_str(), "url": URL, "status": "active", "secrets": [spruce.endpoint_secret(id)] });
        assert_eq!(serde_json::from_str::<Value>(&created.stdout).unwrap(), expected, "{shape:?}");
    }
    let (spruce, console) = spruce().await;
    spruce.set_creation_answer(CreationAnswer::NoSecret);
    let created = console.run(&["webhooks", "create", "--url", URL]).await;
    insta::assert_snapshot!(created.shown(), @r"
    --- words
    error: Spruce registered the address and told no secret: delete the endpoint (`webhooks delete wde_2C00000000001`) and register it again
    --- status 1
    ");

    spruce.set_creation_answer(CreationAnswer::Refused);
    let refused = console.run(&["webhooks", "create", "--url", "https://other.example"]).await;
    insta::assert_snapshot!(refused.shown(), @r"
    --- words
    The program answers at /api/spruce-webhook: is something else in front of it, or is the address cut?
    error: Spruce's API answers 400: it registers only an address that answers. Does `curl -I` of it give 200?
    --- status 1
    ");
}

/// As in `webhooks create … | head -0`: the secret is gone, and whoever typed that must know.
#[tokio::test]
async fn a_secret_that_nobody_read_is_lost_and_that_is_told() {
    let (spruce, console) = spruce().await;
    // So that the reader is gone before the secret is there.
    spruce.set_fault(Fault::Slow(Duration::from_millis(300)));
    let unread = console.run_unread(&["webhooks", "create", "--url", URL]).await;
    insta::assert_snapshot!(unread.shown(), @r"
    --- words
    error: the secret could not be printed, and is not shown again: delete the endpoint (`webhooks delete wde_2C00000000001`) and register it again
    --- status 1
    ");
}

#[tokio::test]
async fn an_endpoint_is_paused_resumed_and_deleted_by_who_means_it() {
    let (spruce, console) = spruce().await;
    insta::assert_snapshot!(console.run(&["webhooks", "list"]).await.shown(), @r"
    --- words
    Spruce sends events to nobody. `webhooks create --url URL` registers an address.
    --- status 0
    ");
    insta::assert_snapshot!(console.run(&["webhooks", "pause", "--yes"]).await.shown(), @r"
    --- words
    error: Spruce has no endpoint yet; `webhooks create` registers one
    --- status 1
    ");
    let endpoint = spruce.add_endpoint(URL, noon());
    let id = endpoint.as_str();

    insta::assert_snapshot!(console.run(&["webhooks", "pause"]).await.shown(), @r"
    --- words
    This stops Spruce from sending events to https://clinic.example/api/spruce-webhook. Replies that patients write meanwhile are not recorded.
    error: nothing was done; if this is meant, say so with --yes
    --- status 1
    ");
    let paused = console.run(&["webhooks", "pause", "--yes"]).await;
    assert_eq!(paused.status, 0, "{}", paused.stderr);
    assert!(paused.stderr.contains("backfill --since 20"), "{}", paused.stderr);
    insta::assert_snapshot!(console.run(&["webhooks", "list"]).await.shown(), @r"
    ID                 NAME     STATUS  SINCE                 URL
    wde_2C00000000001  consent  paused  2026-03-01 12:00 UTC  https://clinic.example/api/spruce-webhook
    --- words
    --- status 0
    ");
    insta::assert_snapshot!(console.run(&["webhooks", "resume"]).await.shown(), @r"
    --- words
    Spruce sends to wde_2C00000000001 again. `webhooks deliveries --failed` shows what it did not deliver meanwhile.
    --- status 0
    ");

    spruce.add_endpoint("https://elsewhere.example/hooks", noon());
    insta::assert_snapshot!(console.run(&["webhooks", "resume"]).await.shown(), @r"
    --- words
    error: there are several endpoints: name one by its id (`webhooks list`)
    --- status 1
    ");
    assert_eq!(console.run(&["webhooks", "resume", id]).await.status, 0);
    insta::assert_snapshot!(console.run(&["webhooks", "delete", id]).await.shown(), @r"
    --- words
    This deletes wde_2C00000000001: Spruce sends nothing to https://clinic.example/api/spruce-webhook any more (unless another endpoint does), and its secret and delivery log are gone.
    error: nothing was done; if this is meant, say so with --yes
    --- status 1
    ");
    assert_eq!(spruce.endpoints().len(), 2);
    insta::assert_snapshot!(console.run(&["webhooks", "delete", id, "--yes"]).await.shown(), @r"
    --- words
    This deletes wde_2C00000000001: Spruce sends nothing to https://clinic.example/api/spruce-webhook any more (unless another endpoint does), and its secret and delivery log are gone.
    Deleted wde_2C00000000001.
    --- status 0
    ");
    insta::assert_snapshot!(console.run(&["webhooks", "show", id]).await.shown(), @r"
    --- words
    error: Spruce has no endpoint wde_2C00000000001; `webhooks list` shows what there is
    --- status 1
    ");
    assert_eq!(spruce.endpoints().len(), 1);
    assert_eq!(spruce.unexpected(), Vec::<String>::new());
}

#[tokio::test]
async fn the_delivery_log_is_shown_without_anybodys_words() {
    let (spruce, console) = spruce().await;
    let endpoint = spruce.add_endpoint(URL, noon());
    write_and_log(&spruce, &endpoint, noon());
    let log = async |arguments: &[&str]| {
        console.run(&[&["webhooks", "deliveries", "--since", "2026-03-01"], arguments].concat()).await
    };

    insta::assert_snapshot!(log(&[]).await.shown(), @r"
    EVENT                 STATUS   ATTEMPTS  DELIVERED             NEXT ATTEMPT          WHAT                                       ID
    2026-03-01 12:02 UTC  failure  11/11                                                 conversationItem.created ti_2C00000000009  wev_2C0000000000A
    2026-03-01 12:01 UTC  retry    2/11                            2026-03-01 12:05 UTC  conversationItem.created ti_2C00000000007  wev_2C00000000008
    2026-03-01 12:00 UTC  success  1/11      2026-03-01 12:00 UTC                        contact.updated                            wev_2C0000000000B
    2026-03-01 12:00 UTC  success  1/11      2026-03-01 12:00 UTC                        conversationItem.created ti_2C00000000005  wev_2C00000000006
    --- words
    Since 2026-03-01T00:00:00Z: 2 delivered, 1 to be sent again, 1 missed.
    What was missed is fetched by `spruce-consent backfill --since 2026-03-01T00:00:00Z`.
    --- status 0
    ");
    insta::assert_snapshot!(log(&["--failed"]).await.shown(), @r"
    EVENT                 STATUS   ATTEMPTS  DELIVERED  NEXT ATTEMPT          WHAT                                       ID
    2026-03-01 12:02 UTC  failure  11/11                                      conversationItem.created ti_2C00000000009  wev_2C0000000000A
    2026-03-01 12:01 UTC  retry    2/11                 2026-03-01 12:05 UTC  conversationItem.created ti_2C00000000007  wev_2C00000000008
    --- words
    Since 2026-03-01T00:00:00Z: 2 delivered, 1 to be sent again, 1 missed.
    What was missed is fetched by `spruce-consent backfill --since 2026-03-01T00:00:00Z`.
    --- status 0
    ");
    let json: Value = serde_json::from_str(&log(&["--json", "--failed"]).await.stdout).unwrap();
    insta::assert_snapshot!(json[0].to_string(), @r#"{"attemptLimit":11,"attempts":11,"deliveredAt":null,"eventTime":"2026-03-01T12:02:00Z","eventType":"conversationItem.created","id":"wev_2C0000000000A","itemId":"ti_2C00000000009","nextAttemptAt":null,"outcome":"missed","status":"failure"}"#);
    insta::assert_snapshot!(console.run(&["webhooks", "deliveries", "--since", "yesterday"]).await.shown(), @"
    --- words
    error: invalid value 'yesterday' for '--since <TIME>': not a time: give a span such as 90m, 24h or 7d, a day such as 2026-03-01, or a moment with its zone such as 2026-03-01T14:30:00Z

    For more information, try '--help'.
    --- status 2
    ");
    // A day is long over.
    let today = console.run(&["webhooks", "deliveries"]).await;
    assert!(today.stdout.is_empty() && today.stderr.contains("0 delivered, 0 to be sent again, 0 missed"));
}

#[tokio::test]
async fn what_goes_wrong_is_told_with_what_to_do() {
    let (spruce, console) = spruce().await;
    let endpoint = spruce.add_endpoint(URL, noon());
    write_and_log(&spruce, &endpoint, noon());
    let mut told = Vec::new();
    for fault in [Fault::Status(403), Fault::Status(500), Fault::Garbage, Fault::HalfBody, Fault::Nothing] {
        spruce.set_fault(fault.clone());
        for command in [&["list"][..], &["deliveries", "--since", "2026-03-01"], &["create", "--url", URL, "--rotate"]]
        {
            let printed = console.run(&[&["webhooks"], command].concat()).await;
            assert_eq!((printed.status, printed.stdout.as_str()), (1, ""), "{fault:?} {command:?}");
            told.push(format!("{fault:?}: {}", printed.stderr));
        }
    }
    told.dedup();
    insta::assert_snapshot!(told.concat(), @r"
    Status(403): error: Spruce's API answers 403: SPRUCE_API_TOKEN is wrong, disabled or lacks a right. Set it to a token from Spruce's settings, Integrations & API: whole, and of an organisation that has the API
    Status(500): error: Spruce's API answers 500. Try again later; if it stays so, ask Spruce's support
    Garbage: error: Spruce's API answers something that cannot be read. Is something between us and Spruce, or SPRUCE_API_BASE_URL set to another address?
    HalfBody: error: no connection to Spruce's API. Check the network, and SPRUCE_API_BASE_URL if it is set
    Nothing: error: no connection to Spruce's API. Check the network, and SPRUCE_API_BASE_URL if it is set
    ");
    assert_eq!(spruce.endpoints().len(), 1);
}

#[tokio::test]
async fn what_is_refused_before_spruce_is_asked() {
    let (spruce, console) = spruce().await;
    for arguments in [
        &["webhooks", "create"][..],
        &["webhooks", "create", "--url", "http://clinic.example/api/spruce-webhook"],
        &["webhooks", "delete"],
        &["webhooks", "deliveries", "--since", "2999-01-01"],
    ] {
        assert_eq!(console.run(arguments).await.status, 2, "{arguments:?}");
    }
    insta::assert_snapshot!(Console::new().run(&["webhooks", "list"]).await.shown(), @r"
    --- words
    error: SPRUCE_API_TOKEN is missing: the API token from Spruce's settings, Integrations & API
    Settings come from the environment and from local.settings.json in this folder.
    --- status 2
    ");
    let nobody = Console::new().with("SPRUCE_API_TOKEN", "x").with("SPRUCE_API_BASE_URL", "http://127.0.0.1:9/v1");
    insta::assert_snapshot!(nobody.run(&["webhooks", "list"]).await.shown(), @r"
    --- words
    error: no connection to Spruce's API. Check the network, and SPRUCE_API_BASE_URL if it is set
    --- status 1
    ");
    assert_eq!(spruce.unexpected(), Vec::<String>::new());
}

#[tokio::test]
async fn a_limited_api_is_waited_for() {
    let (spruce, console) = spruce().await;
    spruce.set_fault(Fault::Status(429));
    let heals = async {
        while spruce.requests(Route::Endpoints) == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        spruce.set_fault(Fault::None);
    };
    let ((), printed) = tokio::join!(heals, console.run(&["webhooks", "list"]));
    assert_eq!(printed.status, 0, "{}", printed.stderr);
    assert!(printed.stderr.contains("Spruce limits how often we may ask: going on in 1 s."), "{}", printed.stderr);
}
