//! An outage: events that nobody took, found again by `backfill`, and recorded as if nothing had been.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use local::spruce::{EndpointId, Fault, Participant, Route, Sender, Sent, Spruce, Wire, envelope, item_of};
use local::tables;
use serde_json::{Value, json};

use crate::console::{Console, NAME, NUMBER, Printed, WORDS};
use crate::world::{PATIENCE, Record, World, cell, minute};

const ASK: &str = "Do you consent to text messages from us? Reply YES or NO";
const URL: &str = "https://clinic.example/api/spruce-webhook";

/// What no list tells: which event it was, when, and in which body.
const WAY_OF_A_LIST: [&str; 3] = ["BodySha256", "EventType", "EventTime"];

/// What only its event adds to a request that the worker had looked up before, because the answer came first.
const OF_AN_EVENT: [&str; 2] = ["Channel", "ModifiedAt"];

/// What happened while nobody listened.
struct Day {
    endpoint: EndpointId,
    events: Vec<Value>,
}

/// Whether a day has edits and deletions in it, of which only the delivery log tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Changes {
    Some,
    None,
}

/// Every kind of conversation, `rounds` times over, in the order in which it all happened.
fn day(spruce: &Spruce, rounds: i64, changes: Changes) -> Day {
    spruce.set_wire(Wire { embed_conversation: true, ..Wire::default() });
    let endpoint = spruce.add_endpoint(URL, minute(0));
    let mut events: Vec<(Timestamp, Value)> = Vec::new();
    for round in 0..rounds {
        for kind in 0..10 {
            let number = format!("+120555502{:02}", round * 10 + kind);
            let ada = spruce.add_contact(NAME, &[if round == 0 && kind == 0 { NUMBER } else { &number }]);
            let conversation = spruce.add_conversation(&[Participant::saved(&ada)]);
            let at = |step: i64| minute(10 * step) + SignedDuration::from_secs(round * 10 + kind);
            let mut happens = |step, event: Value| {
                events.push((at(step), event.clone()));
                item_of(&event)
            };
            let says = |text: &str, step| spruce.patient_writes(&conversation, text, at(step));
            if kind == 7 {
                // Nobody asks here, so nothing of it is stored.
                happens(0, spruce.clinic_writes(&conversation, "See you at 9", at(0)));
                happens(1, says("Running late", 1));
                continue;
            }
            let ask = happens(0, spruce.clinic_writes(&conversation, ASK, at(0)));
            let text = ["yes", "no", "STOP", "what does it cost?", "yes", "yes", WORDS, "", "I consent", "yes"];
            let reply = match kind {
                8 => {
                    happens(1, spruce.call(&conversation, at(1)));
                    happens(2, spruce.internal_note(&conversation, "Does she consent? Reply YES", at(2)));
                    happens(3, says(text[8], 3))
                }
                9 if changes == Changes::Some => {
                    happens(1, spruce.edit(&ask, "Do you consent to texts? Reply YES", at(1)));
                    happens(2, says(text[9], 2))
                }
                _ => happens(1, says(text[usize::try_from(kind).unwrap()], 1)),
            };
            if changes == Changes::Some {
                match kind {
                    4 => drop(happens(2, spruce.edit(&reply, "yes!", at(2)))),
                    5 => drop(happens(2, spruce.delete(&reply, at(2)))),
                    6 => {
                        happens(2, spruce.delete(&reply, at(2)));
                        happens(3, spruce.restore(&reply, at(3)));
                    }
                    _ => {}
                }
            }
        }
    }
    events.sort_by_key(|(at, _)| *at);
    Day { endpoint, events: events.into_iter().map(|(_, event)| event).collect() }
}

/// A world in which every event of the day was delivered, which is what the others are held against.
async fn delivered(rounds: i64, changes: Changes) -> Record {
    let world = World::start().await;
    let Day { endpoint, events } = day(&world.spruce, rounds, changes);
    for event in &events {
        world.spruce.log_delivery(&endpoint, event, Sent::Delivered);
    }
    world.deliver(&events).await;
    let record = world.record().await;
    world.end().await;
    record
}

/// The same with nobody at the endpoint: every event fails until Spruce gives it up.
async fn missed(rounds: i64, changes: Changes) -> (World, Console, Day) {
    let world = World::start().await;
    let day = day(&world.spruce, rounds, changes);
    let nobody = Sender::new("http://127.0.0.1:9/api/spruce-webhook", &world.spruce.endpoint_secret(&day.endpoint));
    for event in &day.events {
        assert!(nobody.send(event).await.is_err());
        world.spruce.log_delivery(&day.endpoint, event, Sent::Missed);
    }
    let console = console(&world);
    (world, console, day)
}

fn console(world: &World) -> Console {
    let console = Console::of(&world.spruce).with_secret("AzureWebJobsStorage", &world.account.connection_string());
    console.with("CLINIC_TIME_ZONE", "America/Chicago")
}

/// Two worlds say the same, but for the columns in which the way of an event shows.
fn assert_same(one: &Record, other: &Record, way: &[&str]) {
    let (one, other) = (one.clone().settled(), other.clone().settled());
    for (one, other) in [(&one.status, &other.status), (&one.history, &other.history), (&one.review, &other.review)] {
        let keys = |rows: &[tables::Row]| rows.iter().map(|row| cell(row, "RowKey")).collect::<Vec<_>>();
        assert_eq!(keys(one), keys(other));
        for (one, other) in one.iter().zip(other) {
            let is_request_of_a_list = way == WAY_OF_A_LIST && cell(one, "Kind") == "request";
            let is_way = |column: &str| way.contains(&column) || is_request_of_a_list && OF_AN_EVENT.contains(&column);
            let differ = |column: &&String| !is_way(column) && one.get(*column) != other.get(*column);
            let differing: Vec<&String> = one.keys().filter(differ).collect();
            assert!(differing.is_empty(), "{} differs in {differing:?}", cell(one, "RowKey"));
        }
    }
}

/// For a snapshot: without the lines that tell, on a busy machine, that it goes on.
fn shown(printed: &Printed) -> String {
    let shown = printed.shown();
    shown.lines().filter(|line| !line.contains(" missing of ")).collect::<Vec<_>>().join("\n")
}

/// Every row with every column: the times of writing too.
async fn everything(world: &World) -> Vec<tables::Row> {
    let mut rows = world.rows("ConsentStatus").await;
    rows.extend(world.rows("ConsentHistory").await);
    rows.extend(world.rows("ConsentReview").await);
    rows
}

#[tokio::test]
async fn two_hundred_missed_events_are_recorded_as_if_they_had_come() {
    let (world, console, day) = missed(7, Changes::Some).await;
    let filler = 200 - i64::try_from(day.events.len()).unwrap();
    for n in 0..filler {
        let event = envelope("contact.updated", &json!({ "id": "entity_1", "displayName": NAME }), minute(n));
        world.spruce.log_delivery(&day.endpoint, &event, Sent::Missed);
    }
    assert_eq!((filler, world.record().await.history.len()), (11, 0));

    let dry = console.run(&["backfill", "--since", "2h", "--dry-run"]).await;
    assert_eq!(dry.stdout.lines().count(), 1 + 161 + 7);
    insta::assert_snapshot!(shown(&Printed { stdout: String::new(), ..dry }), @"
    --- words
                                              DELIVERY LOG  CONVERSATIONS
    looked at                                          200            147
    nothing to do: calls, notes, other texts            32             21
    on record already, or found before                   0            126
    missing                                            161              0
    perhaps ours                                         7              0
    cannot be read                                       0              0
    Perhaps ours: in these conversations nobody is known to have asked. The worker looks further, records what
    concerns it and drops the rest; what it drops is found again next time.
    --- status 0
    ");
    world.idle().await;
    assert_eq!(world.record().await.history.len(), 0, "a dry run enqueues nothing");

    let first = console.run(&["backfill", "--since", "2h"]).await;
    insta::assert_snapshot!(shown(&first), @"
    --- words
                                              DELIVERY LOG  CONVERSATIONS
    looked at                                          200            147
    nothing to do: calls, notes, other texts            32             21
    on record already, or found before                   0            126
    missing, now on the queue                          161              0
    perhaps ours, now on the queue                       7              0
    cannot be read                                       0              0
    Perhaps ours: in these conversations nobody is known to have asked. The worker looks further, records what
    concerns it and drops the rest; what it drops is found again next time.
    The worker records what is on the queue now. Run this again in some minutes: nothing should be missing.
    --- status 0
    ");
    world.idle().await;
    // No signed body brought these rows. Nothing else tells them from the others.
    let record = world.record().await;
    assert!(record.history.iter().all(|row| cell(row, "BodySha256").is_empty()));
    assert_same(&record, &delivered(7, Changes::Some).await, &["BodySha256"]);

    let before = everything(&world).await;
    let second = console.run(&["backfill", "--since", "2h"]).await;
    insta::assert_snapshot!(shown(&second), @"
    --- words
                                              DELIVERY LOG  CONVERSATIONS
    looked at                                          200            147
    nothing to do: calls, notes, other texts            32             21
    on record already, or found before                 161            126
    missing, now on the queue                            0              0
    perhaps ours, now on the queue                       7              0
    cannot be read                                       0              0
    Perhaps ours: in these conversations nobody is known to have asked. The worker looks further, records what
    concerns it and drops the rest; what it drops is found again next time.
    --- status 0
    ");
    world.idle().await;
    assert_eq!(everything(&world).await, before, "nothing changes");
    world.end().await;
}

/// From the log alone, and Spruce's rate limit is used up again and again.
#[tokio::test]
async fn the_log_alone_tells_everything() {
    let (world, console, _) = missed(1, Changes::Some).await;
    world.spruce.set_fault(Fault::Share(0.4, Box::new(Fault::Status(429)), 3));
    let printed = console.run(&["backfill", "--since", "2h", "--from", "deliveries"]).await;
    assert_eq!(printed.status, 0, "{}", printed.shown());
    assert!(printed.stderr.contains("Spruce limits how often we may ask"), "{}", printed.shown());
    assert_eq!(world.spruce.requests(Route::Conversations), 0);
    world.spruce.set_fault(Fault::None);
    world.idle().await;
    // The worker met the limit too, and wrote down later who the patients are: that shows in the history.
    let without_history = |record: Record| Record { history: Vec::new(), ..record };
    let expected = without_history(delivered(1, Changes::Some).await);
    assert_same(&without_history(world.record().await), &expected, &[]);
    world.end().await;
}

/// From the conversations alone, as when the endpoint was never registered. No event, so no words on one.
#[tokio::test]
async fn the_conversations_alone_tell_what_was_written() {
    let (world, console, _) = missed(1, Changes::None).await;
    let printed = console.run(&["backfill", "--since", "2h", "--from", "conversations"]).await;
    assert_eq!(printed.status, 0, "{}", printed.shown());
    assert_eq!(world.spruce.requests(Route::Deliveries), 0);
    world.idle().await;
    let record = world.record().await;
    let by_event =
        |row: &&tables::Row| ["reply", "request"].contains(&&*cell(row, "Kind")) && cell(row, "EventType") != "lookup";
    assert_eq!(record.history.iter().find(by_event), None);
    assert_same(&record, &delivered(1, Changes::None).await, &WAY_OF_A_LIST);

    // Later, with the log: the requests get the event's evidence, and nothing else is new.
    let states = world.record().await.states();
    let printed = console.run(&["backfill", "--since", "2h", "--json"]).await;
    let outcome: Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!((&outcome["deliveries"]["missing"], &outcome["conversations"]["missing"]), (&json!(9), &json!(0)));
    world.idle().await;
    assert_eq!(world.record().await.states(), states);
    world.end().await;
}

/// A consent that was changed before anybody saw it is nobody's consent yet.
#[tokio::test]
async fn a_changed_consent_that_only_a_list_shows_waits_for_staff() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number(NUMBER)]);
    world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let reply = world.spruce.patient_writes(&conversation, "no", minute(1));
    world.spruce.edit(&item_of(&reply), "I consent", minute(2));
    let printed = console(&world).run(&["backfill", "--since", "2h"]).await;
    insta::assert_snapshot!(shown(&printed), @"
    --- words
    warning: Spruce has no endpoint, and so no delivery log: the conversations have to tell alone.
                                              DELIVERY LOG  CONVERSATIONS
    looked at                                            0              2
    nothing to do: calls, notes, other texts             0              0
    on record already, or found before                   0              0
    missing, now on the queue                            0              2
    perhaps ours, now on the queue                       0              0
    cannot be read                                       0              0
    The worker records what is on the queue now. Run this again in some minutes: nothing should be missing.
    --- status 0
    ");
    world.idle().await;
    let record = world.record().await;
    assert_eq!(record.states()[conversation.as_str()].0, "NeedsReview");
    assert_eq!(
        cell(&record.review[0], "Reason"),
        "This text was found in Spruce after it had been changed: nobody knows what it said at first."
    );
    world.end().await;
}

#[tokio::test]
async fn a_dry_run_lists_and_changes_nothing() {
    let (world, console, _) = missed(1, Changes::Some).await;
    let before = everything(&world).await;
    let list = console.run(&["backfill", "--since", "2h", "--dry-run"]).await;
    let lines: Vec<&str> = list.stdout.lines().collect();
    let without_times: Vec<&str> = lines.iter().take(5).map(|line| line.get(22..).unwrap()).collect();
    insta::assert_snapshot!(without_times.join("\n"), @r"
    WHAT              ITEM              CONVERSATION     FOUND IN      OURS
    created outbound  ti_2C00000000005  t_2C00000000004  delivery log  yes
    created outbound  ti_2C00000000009  t_2C00000000008  delivery log  yes
    created outbound  ti_2C0000000000D  t_2C0000000000C  delivery log  yes
    created outbound  ti_2C00000000011  t_2C00000000010  delivery log  yes
    ");

    let json = console.run(&["backfill", "--since", "2h", "--dry-run", "--json"]).await;
    let outcome: Value = serde_json::from_str(&json.stdout).unwrap();
    let missing = outcome["missing"].as_array().unwrap();
    assert_eq!(missing.len(), lines.len() - 1);
    let created = missing.iter().filter(|one| one["what"].as_str().unwrap().starts_with("created"));
    assert!(created.is_sorted_by_key(|one| one["createdAt"].as_str()), "a request comes before its answers");
    insta::assert_snapshot!(format!("{}\n{}", outcome["deliveries"], outcome["conversations"]), @r#"
    {"ignored":3,"lookedAt":27,"missing":23,"perhapsOurs":1,"recorded":0,"unreadable":0}
    {"ignored":3,"lookedAt":21,"missing":0,"perhapsOurs":0,"recorded":18,"unreadable":0}
    "#);

    assert_eq!(
        (everything(&world).await, tables::queue_length(&world.account, "spruce-events").await.unwrap()),
        (before, 0)
    );
    world.end().await;
}

/// What is no event is said, by its id, and holds nothing up.
#[tokio::test]
async fn garbage_in_the_log_is_told_and_passed_over() {
    let (world, console, day) = missed(1, Changes::None).await;
    let (start, words) = (minute(0).to_string(), WORDS);
    for garbage in [
        json!({ "eventTime": start, "type": 7 }),
        json!({ "eventTime": start, "type": "conversationItem.created", "data": { "object": { "id": 7, "text": words } } }),
        json!({ "eventTime": start, "type": "conversationItem.created", "data": words }),
    ] {
        world.spruce.log_delivery(&day.endpoint, &garbage, Sent::Missed);
    }
    let printed = console.run(&["backfill", "--since", "2h", "--from", "deliveries"]).await;
    insta::assert_snapshot!(shown(&printed), @"
    --- words
    warning: The entry wev_2C00000000045 of the delivery log cannot be read: data is missing or not of the documented type.
    warning: The entry wev_2C00000000044 of the delivery log cannot be read: data.object.id is missing or not of the documented type.
    warning: The entry wev_2C00000000043 of the delivery log cannot be read: type is missing or not of the documented type.
                                              DELIVERY LOG  CONVERSATIONS
    looked at                                           25              0
    nothing to do: calls, notes, other texts             3              0
    on record already, or found before                   0              0
    missing, now on the queue                           18              0
    perhaps ours, now on the queue                       1              0
    cannot be read                                       3              0
    Perhaps ours: in these conversations nobody is known to have asked. The worker looks further, records what
    concerns it and drops the rest; what it drops is found again next time.
    The worker records what is on the queue now. Run this again in some minutes: nothing should be missing.
    --- status 0
    ");
    world.idle().await;
    assert_eq!(world.record().await.states().len(), 9);
    world.end().await;
}

/// The API goes away for longer than anybody waits, storage is not there: the run ends, and says how to go on.
#[tokio::test]
async fn what_cannot_go_on_says_how_to_go_on() {
    let (world, console, day) = missed(1, Changes::None).await;
    let span = ["backfill", "--since", "2026-01-01", "--until"];
    let until = minute(50).to_string();
    let arguments = [&span[..], &[&until, "--from", "conversations"]].concat();
    for (fault, from) in [(Fault::Status(500), 4), (Fault::Status(403), 0)] {
        world.spruce.set_fault(fault.clone());
        let printed = console.run(&arguments).await;
        let shown = printed.shown().replace(&until, "UNTIL");
        assert_eq!(printed.stderr.matches("asking again").count(), from, "{shown}");
        if from == 0 {
            insta::assert_snapshot!(shown, @"
            --- words
                                                      DELIVERY LOG  CONVERSATIONS
            looked at                                            0              0
            nothing to do: calls, notes, other texts             0              0
            on record already, or found before                   0              0
            missing, now on the queue                            0              0
            perhaps ours, now on the queue                       0              0
            cannot be read                                       0              0
            error: Spruce's API answers 403: SPRUCE_API_TOKEN is wrong, disabled or lacks a right. Set it to a token from Spruce's settings, Integrations & API: whole, and of an organisation that has the API. What was found before is on the queue. To go on from there:
              spruce-consent backfill --since 2026-01-01T00:00:00Z --until UNTIL --from conversations --resume conversations@2026-01-01T00:00:00Z
            --- status 1
            ");
        }
    }
    world.spruce.set_fault(Fault::None);
    let nowhere = Console::of(&world.spruce).with("AzureWebJobsStorage", NOWHERE);
    let printed = nowhere.run(&["backfill", "--since", "2h"]).await;
    assert_eq!(printed.status, 1);
    assert!(printed.stderr.contains("--resume deliveries@"), "{}", printed.shown());

    // Which endpoint is ours shows by its address, unless none of several does.
    let none = console.run(&["backfill", "--since", "2h", "--endpoint", "wde_none"]).await;
    assert!(none.stderr.contains("Spruce has no endpoint wde_none"), "{}", none.shown());
    world.spruce.add_endpoint("https://other.example/hook", minute(0));
    let ours = console.run(&["backfill", "--since", "2h", "--dry-run", "--from", "deliveries", "--json"]).await;
    let outcome: Value = serde_json::from_str(&ours.stdout).unwrap();
    assert_eq!(outcome["deliveries"]["lookedAt"], day.events.len());
    world.host.stop().await;
}

const NOWHERE: &str =
    "AccountName=a;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:9/a;TableEndpoint=http://127.0.0.1:9/a";

#[tokio::test]
async fn which_endpoint_is_ours() {
    let spruce = Spruce::start().await.unwrap();
    let console = Console::of(&spruce).with("AzureWebJobsStorage", NOWHERE);
    let none = console.run(&["backfill", "--since", "2h"]).await;
    insta::assert_snapshot!(none.shown(), @"
    --- words
    warning: Spruce has no endpoint, and so no delivery log: the conversations have to tell alone.
                                              DELIVERY LOG  CONVERSATIONS
    looked at                                            0              0
    nothing to do: calls, notes, other texts             0              0
    on record already, or found before                   0              0
    missing, now on the queue                            0              0
    perhaps ours, now on the queue                       0              0
    cannot be read                                       0              0
    --- status 0
    ");
    spruce.add_endpoint("https://one.example/hook", minute(0));
    assert_eq!(console.run(&["backfill", "--since", "2h"]).await.status, 0, "the only one, and its log is empty");
    spruce.add_endpoint("https://two.example/hook", minute(0));
    let several = console.run(&["backfill", "--since", "2h"]).await;
    let line = several.stderr.lines().find(|line| line.starts_with("error")).unwrap();
    insta::assert_snapshot!(line, @r"error: none of the endpoints leads to /api/spruce-webhook: name yours with --endpoint, of wde_2C00000000001, wde_2C00000000003");
    let old = console.run(&["backfill", "--since", "40d", "--endpoint", spruce.endpoints()[0].as_str()]).await;
    assert!(old.stderr.starts_with("warning: Spruce's delivery log goes back 30 days"), "{}", old.shown());
    assert_eq!(spruce.unexpected(), Vec::<String>::new());
}

#[tokio::test]
async fn wrong_usage_and_missing_settings() {
    let console = Console::new();
    for arguments in [
        &["backfill"][..],
        &["backfill", "--since", "yesterday"],
        &["backfill", "--since", "1h", "--until", "2h"],
        &["backfill", "--since", "1h", "--from", "memory"],
        &["backfill", "--since", "1h", "--resume", "deliveries"],
    ] {
        assert_eq!(console.run(arguments).await.status, 2, "{arguments:?}");
    }
    insta::assert_snapshot!(console.run(&["backfill", "--since", "1h"]).await.shown(), @r"
    --- words
    error: SPRUCE_API_TOKEN is missing: the API token from Spruce's settings, Integrations & API
    error: AzureWebJobsStorage is missing: give a connection string, UseDevelopmentStorage=true, or AzureWebJobsStorage__accountName for Entra ID
    Settings come from the environment and from local.settings.json in this folder.
    --- status 2
    ");
}

/// Ctrl-C in the middle: what was found is on the queue, and the printed command finds the rest.
#[cfg(unix)]
#[tokio::test]
async fn a_run_that_is_broken_off_goes_on_where_it_was() {
    let (world, console, _) = missed(2, Changes::None).await;
    world.spruce.set_fault(Fault::Slow(Duration::from_millis(100)));
    let mut command = console.command(&["backfill", "--since", "2h", "--from", "conversations"]);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    // The worker's look-ups count too.
    while world.spruce.requests(Route::Items) < 16 {
        assert!(started.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    let output = tokio::task::spawn_blocking(move || run.wait_with_output().unwrap()).await.unwrap();
    let broken = Printed::of(output);
    assert_eq!(broken.status, 1, "{}", broken.shown());
    assert!(broken.stderr.contains("error: broken off. What was found before is on the queue."), "{}", broken.shown());
    world.spruce.set_fault(Fault::None);

    let go_on: Vec<&str> = broken.stderr.lines().last().unwrap().split_whitespace().skip(1).collect();
    assert!(go_on.iter().any(|word| word.starts_with("conversations@")), "{go_on:?}");
    let rest = console.run(&[&go_on[..], &["--json"]].concat()).await;
    let outcome: Value = serde_json::from_str(&rest.stdout).unwrap();
    let again = outcome["conversations"]["lookedAt"].as_u64().unwrap();
    assert!((1..42).contains(&again), "{again} of 42 items");
    world.idle().await;
    assert_same(&world.record().await, &delivered(2, Changes::None).await, &WAY_OF_A_LIST);
    world.end().await;
}
