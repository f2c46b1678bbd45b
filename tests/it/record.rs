//! The way of an event, from Spruce's delivery to the rows that staff read.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use local::spruce::{ConversationId, Participant, Spruce, Wire};
use local::tables::Row;
use serde_json::{Value, json};

use crate::world::{Proxied, World, cell, minute};

const ASK: &str = "Do you consent to Advanced Primary Care Management? Reply YES or NO";

/// A row by a column's value.
fn row<'a>(rows: &'a [Row], column: &str, value: &str) -> &'a Row {
    let mut found = rows.iter().filter(|row| cell(row, column) == value);
    let row = found.next().unwrap_or_else(|| panic!("no row with {column} {value}: {rows:#?}"));
    assert!(found.next().is_none(), "several rows with {column} {value}");
    row
}

/// A day with every kind of patient and of reply, as events in the order in which they happened.
fn a_day(spruce: &Spruce) -> (HashMap<&'static str, ConversationId>, Vec<Value>) {
    let ada = spruce.add_contact("Ada Example", &["+12055550101"]);
    spruce.link_contact(&ada, "MRN-7");
    let bob = spruce.add_contact("Bob Sample", &["+12055550102"]);
    let kim = spruce.add_contact("Kim Mother", &["+12055550103"]);
    spruce.add_contact("Kai Child", &["+12055550103"]);
    spruce.add_contact("Lou Saved", &["+12055550104"]);
    let all = [
        ("matched", spruce.add_conversation(&[Participant::saved(&ada)])),
        ("declines", spruce.add_conversation(&[Participant::saved(&bob)])),
        ("shared", spruce.add_conversation(&[Participant::number("+12055550103")])),
        ("by phone", spruce.add_conversation(&[Participant::number("+12055550104")])),
        ("unsaved", spruce.add_conversation(&[Participant::number("+12055550105")])),
        ("group", spruce.add_conversation(&[Participant::saved(&bob), Participant::saved(&kim)])),
        ("asks", spruce.add_conversation(&[Participant::number("+12055550106")])),
    ];
    let conversations: HashMap<_, _> = all.into_iter().collect();
    let mut events = Vec::new();
    let mut names: Vec<_> = conversations.keys().copied().collect();
    names.sort_unstable();
    for name in &names {
        events.push(spruce.clinic_writes(&conversations[name], ASK, minute(0)));
    }
    for (name, text) in [
        ("matched", "Yes, I consent"),
        ("declines", "No thanks"),
        ("shared", "Yes"),
        ("by phone", "YES"),
        ("unsaved", "yes"),
        ("asks", "What does it cost?"),
    ] {
        events.push(spruce.patient_writes(&conversations[name], text, minute(5)));
    }
    events.push(spruce.participant_writes(&conversations["group"], "somebody", "yes", minute(5)));
    events.push(spruce.patient_writes(&conversations["declines"], "STOP texting me", minute(6)));
    events.push(spruce.call(&conversations["matched"], minute(7)));
    events.push(spruce.internal_note(&conversations["matched"], "consents, I consent", minute(8)));
    (conversations, events)
}

#[tokio::test]
async fn a_day_in_the_tables() {
    let world = World::start().await;
    let (conversations, events) = a_day(&world.spruce);
    world.deliver(&events).await;
    let record = world.record().await;
    let status = |name: &str| row(&record.status, "PartitionKey", conversations[name].as_str());

    for (name, state, matched) in [
        ("matched", "Consented", "matched"),
        ("declines", "Declined", "matched"),
        ("shared", "NeedsReview", "shared_number"),
        ("by phone", "Consented", "matched_by_phone"),
        ("unsaved", "Consented", "unsaved"),
        ("group", "NeedsReview", "ambiguous"),
        ("asks", "NeedsReview", "unsaved"),
    ] {
        let row = status(name);
        assert_eq!((cell(row, "Status").as_str(), cell(row, "MatchStatus").as_str()), (state, matched), "{name}");
        assert_eq!(row["OptedOut"], json!(name == "declines"), "{name}");
        assert_eq!(cell(row, "RequestText"), ASK, "{name}");
    }
    let ada = status("matched");
    assert_eq!((cell(ada, "PatientName"), cell(ada, "Phone")), ("Ada Example".to_owned(), "+12055550101".to_owned()));
    assert_eq!((cell(ada, "ExternalId").as_str(), cell(ada, "DecidedBy").as_str()), ("MRN-7", "patient"));
    assert_eq!(cell(ada, "VerbatimText"), "Yes, I consent");
    assert_eq!(ada["Replies"], 1);
    // The first reply of the run stands; both are counted.
    let bob = status("declines");
    assert_eq!((cell(bob, "ReplyText").as_str(), &bob["Replies"]), ("No thanks", &json!(2)));

    let waiting: Vec<String> = record.review.iter().map(|row| cell(row, "ReplyText")).collect();
    assert_eq!(waiting.len(), 3, "{waiting:?}");
    let question = row(&record.review, "ReplyText", "What does it cost?");
    assert_eq!(
        (cell(question, "PartitionKey").as_str(), cell(question, "CurrentStatus").as_str()),
        ("open", "NeedsReview")
    );
    for staff_column in ["Decision", "ReviewedBy", "Note", "Problem"] {
        assert_eq!(question[staff_column], "", "{staff_column}");
    }
    assert_eq!(record.kinds(conversations["matched"].as_str()), ["request", "reply", "context"]);
    let every_row_has_every_column = |rows: &[Row]| {
        let columns: Vec<_> = rows[0].keys().collect();
        rows.iter().all(|row| row.keys().collect::<Vec<_>>() == columns)
    };
    assert!(every_row_has_every_column(&record.status));
    assert!(every_row_has_every_column(&record.history));
    assert!(every_row_has_every_column(&record.review));
    world.end().await;
}

/// Twice, in reverse, and through a proxy that removes the `Server` header: the tables are the same.
#[tokio::test]
async fn neither_order_nor_number_of_deliveries_shows() {
    let straight = World::start().await;
    let (_, events) = a_day(&straight.spruce);
    straight.deliver(&events).await;
    let expected = straight.record().await.settled();
    straight.end().await;

    let storage = Proxied::start().await;
    let world = storage.world(&[]).await;
    let (_, mut events) = a_day(&world.spruce);
    events.reverse();
    let twice: Vec<_> = events.iter().flat_map(|event| [event.clone(), event.clone()]).collect();
    world.deliver(&twice).await;
    assert_eq!(world.record().await.states(), expected.states());
    assert_eq!(world.record().await.settled(), expected);
    world.deliver(&events).await;
    assert_eq!(world.record().await.settled(), expected);
    world.end().await;
}

/// The handler dies by SIGKILL again and again while events flow: nothing is missing in the end.
#[tokio::test]
async fn a_handler_that_dies_loses_nothing() {
    let straight = World::start().await;
    let (_, events) = a_day(&straight.spruce);
    straight.deliver(&events).await;
    let expected = straight.record().await.settled();
    straight.end().await;

    let world = World::start().await;
    let (_, events) = a_day(&world.spruce);
    for (number, event) in events.iter().enumerate() {
        let delivered = world.sender.deliver(event, std::time::Duration::from_millis(20)).await;
        assert_eq!(delivered.expect("the event is taken in the end").status, 200);
        if number % 4 == 0 {
            world.host.kill_handler().await;
        }
    }
    world.idle().await;
    assert!(world.host.restarts() >= 4, "{}", world.host.restarts());
    assert_eq!(world.record().await.settled(), expected);
    world.end().await;
}

/// `any`: every inbound text is taken as a reply, and no request is looked for.
#[tokio::test]
async fn any_takes_every_text_as_a_reply() {
    let world = World::with(&[("CONSENT_REQUEST_PATTERN", "any")]).await;
    let [yes, no, question] = ["+12055550101", "+12055550102", "+12055550103"]
        .map(|number| world.spruce.add_conversation(&[Participant::number(number)]));
    world
        .deliver(&[
            world.spruce.clinic_writes(&yes, ASK, minute(0)),
            world.spruce.patient_writes(&yes, "yes", minute(1)),
            world.spruce.patient_writes(&no, "no", minute(1)),
            world.spruce.patient_writes(&question, "are you open on Monday?", minute(1)),
        ])
        .await;
    let record = world.record().await;
    let states: Vec<_> = [&yes, &no, &question].map(|id| record.states()[id.as_str()].0.clone()).to_vec();
    assert_eq!(states, ["Consented", "Declined", "NeedsReview"]);
    assert_eq!(record.kinds(yes.as_str()), ["reply"]);
    world.end().await;
}

/// A clinic's ordinary texts are none of this program's business; words that speak for themselves are.
#[tokio::test]
async fn without_a_request_only_words_that_speak_for_themselves_are_kept() {
    let world = World::start().await;
    let texts = ["yes", "no", "see you at 9", "I consent to treatment", "I withdraw my consent", "STOP"];
    let mut conversations = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        let conversation = world.spruce.add_conversation(&[Participant::number(&format!("+1205555010{n}"))]);
        let now = Timestamp::now();
        let hello = world.spruce.clinic_writes(&conversation, "Your visit is tomorrow. Reply YES to confirm", now);
        let reply = world.spruce.patient_writes(&conversation, text, now);
        world.deliver(&[hello, reply]).await;
        conversations.push(conversation);
    }
    let states = world.record().await.states();
    let state = |n: usize| states.get(conversations[n].as_str()).map(|(state, _)| state.as_str());
    assert_eq!([state(0), state(1), state(2)], [None; 3]);
    assert_eq!([state(3), state(4), state(5)], [Some("NeedsReview"), Some("Declined"), Some("Declined")]);
    let history = world.record().await.history;
    assert!(!history.iter().any(|row| cell(row, "VerbatimText") == "yes" || cell(row, "VerbatimText") == "no"));
    world.end().await;
}

/// The request's own event never came; the conversation's items have it.
#[tokio::test]
async fn a_request_that_no_event_told_of_is_found() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let yes = world.spruce.patient_writes(&conversation, "yes", minute(1));
    world.deliver(&[yes]).await;
    let record = world.record().await;
    assert_eq!(record.states()[conversation.as_str()].0, "Consented");
    let request = row(&record.history, "Kind", "request");
    assert_eq!((cell(request, "EventType").as_str(), cell(request, "VerbatimText").as_str()), ("lookup", ASK));
    world.end().await;
}

/// "Yes" to something else is no consent; "I consent" is, whatever was said in between.
#[tokio::test]
async fn what_the_clinic_said_last_decides_what_a_bare_yes_answers() {
    let world = World::start().await;
    let [bare, explicit] =
        ["+12055550101", "+12055550102"].map(|number| world.spruce.add_conversation(&[Participant::number(number)]));
    for (conversation, text) in [(&bare, "Yes"), (&explicit, "Yes, I consent")] {
        let ask = world.spruce.clinic_writes(conversation, ASK, minute(0));
        let other = world.spruce.clinic_writes(conversation, "Are you still coming at 9?", minute(1));
        let reply = world.spruce.patient_writes(conversation, text, minute(2));
        world.deliver(&[ask, other, reply]).await;
    }
    let states = world.record().await.states();
    assert_eq!(states[bare.as_str()].0, "NeedsReview");
    assert_eq!(states[explicit.as_str()].0, "Consented");
    world.end().await;
}

/// Edits, deletions and restorations, in order and in reverse.
#[tokio::test]
async fn what_becomes_of_a_reply_later() {
    let mut records = Vec::new();
    for reversed in [false, true] {
        let world = World::start().await;
        let numbers = ["+12055550101", "+12055550102", "+12055550103", "+12055550104"];
        let [edited, deleted, restored, refused] =
            numbers.map(|number| world.spruce.add_conversation(&[Participant::number(number)]));
        let mut events = Vec::new();
        for conversation in [&edited, &deleted, &restored, &refused] {
            events.push(world.spruce.clinic_writes(conversation, ASK, minute(0)));
        }
        let mut reply = |conversation: &ConversationId, text: &str| {
            let event = world.spruce.patient_writes(conversation, text, minute(1));
            events.push(event.clone());
            local::spruce::item_of(&event)
        };
        let items = [reply(&edited, "yes"), reply(&deleted, "yes"), reply(&restored, "yes"), reply(&refused, "no")];
        // While the items are still listed, as they are at Spruce when their events come in time.
        if !reversed {
            world.deliver(&events).await;
        }
        let changes = [
            world.spruce.edit(&items[0], "yes but call me first", minute(2)),
            world.spruce.delete(&items[1], minute(2)),
            world.spruce.delete(&items[2], minute(2)),
            world.spruce.restore(&items[2], minute(3)),
            world.spruce.edit(&items[3], "yes", minute(2)),
            world.spruce.delete(&items[3], minute(3)),
        ];
        if reversed {
            events.extend(changes);
            events.reverse();
            world.deliver(&events).await;
        } else {
            world.deliver(&changes).await;
        }
        let record = world.record().await;
        let states: Vec<_> =
            [&edited, &deleted, &restored, &refused].map(|id| record.states()[id.as_str()].0.clone()).to_vec();
        assert_eq!(states, ["NeedsReview", "NeedsReview", "Consented", "Declined"], "reversed: {reversed}");
        records.push(record.states());
        world.end().await;
    }
    assert_eq!(records[0], records[1]);
}

/// Strange but legal texts and ids arrive as they are.
#[tokio::test]
async fn strange_texts_and_ids() {
    let world = World::with(&[("CONSENT_REQUEST_PATTERN", "any")]).await;
    world.spruce.set_wire(Wire { numeric_phones: true, embed_conversation: true });
    let long = "é".repeat(40_000);
    for (n, text) in ["👍🏽 sí", "שלום\u{202E}abc", "a\r\nb\tc", "a\0b", "", "'; drop table", &long].iter().enumerate()
    {
        let event = json!({ "type": "conversationItem.created", "eventTime": minute(3), "data": { "object": {
            "id": format!("ti'/{n}#?é"), "conversationId": format!("t_{n}\\'%"), "direction": "inbound", "text": text,
            "createdAt": minute(2), "conversation": { "type": "phone", "externalParticipants": [
                { "displayName": "O'Brien\n", "endpoint": { "channel": "phone", "rawValue": 12_055_550_100_u64 } } ] } } } });
        world.deliver(&[event.clone(), event]).await;
    }
    let record = world.record().await;
    assert_eq!((record.status.len(), record.history.len(), record.review.len()), (7, 7, 6));
    let texts: Vec<_> = record.history.iter().map(|row| cell(row, "VerbatimText")).collect();
    for text in ["👍🏽 sí", "שלום\u{202E}abc", "a\r\nb\tc", "a\u{2400}b", "", "'; drop table"] {
        assert!(texts.iter().any(|stored| stored == text), "{text:?}");
    }
    let cut = texts.iter().find(|text| text.starts_with('é')).unwrap();
    assert!(cut.encode_utf16().count() <= 32 * 1024 && cut.ends_with("[…]"));
    assert!(record.review.iter().all(|row| !cell(row, "ReplyText").contains(['\r', '\n', '\t'])));
    assert!(record.status.iter().all(|row| cell(row, "Phone") == "+12055550100"));
    world.end().await;
}

/// An answer counts for the clinic's window, and the row keeps it: a later change of the setting changes nothing.
#[tokio::test]
async fn an_answer_after_the_window_is_a_review_and_a_refusal_is_a_refusal() {
    let world = World::with(&[("CONSENT_REPLY_WINDOW_DAYS", "1")]).await;
    let [late, no] =
        ["+12055550101", "+12055550102"].map(|number| world.spruce.add_conversation(&[Participant::number(number)]));
    let asked_at = minute(0) - SignedDuration::from_hours(48);
    for (conversation, text) in [(&late, "I consent"), (&no, "no")] {
        let ask = world.spruce.clinic_writes(conversation, ASK, asked_at);
        let reply = world.spruce.patient_writes(conversation, text, minute(0));
        world.deliver(&[ask, reply]).await;
    }
    let states = world.record().await.states();
    assert_eq!((states[late.as_str()].0.as_str(), states[no.as_str()].0.as_str()), ("NeedsReview", "Declined"));
    world.end().await;
}

/// The list of a conversation's items shows a text as it reads now. What the patient had read is the history's to say,
/// whatever order its events come in.
#[tokio::test]
async fn a_text_that_was_changed_after_the_answer() {
    for reversed in [false, true] {
        let world = World::start().await;
        let [same_words, into_a_request] = ["+12055550101", "+12055550102"]
            .map(|number| world.spruce.add_conversation(&[Participant::number(number)]));
        let mut events = Vec::new();
        for (conversation, before) in [(&same_words, ASK), (&into_a_request, "Can you come at nine?")] {
            let text = world.spruce.clinic_writes(conversation, before, minute(0));
            events.push(text.clone());
            events.push(world.spruce.patient_writes(conversation, "Yes", minute(1)));
            events.push(world.spruce.edit(&local::spruce::item_of(&text), ASK, minute(2)));
        }
        if reversed {
            events.reverse();
        }
        world.deliver(&events).await;
        let states = world.record().await.states();
        let state = |conversation: &ConversationId| states[conversation.as_str()].0.clone();
        assert_eq!(state(&same_words), "Consented", "reversed: {reversed}");
        assert_eq!(state(&into_a_request), "NeedsReview", "reversed: {reversed}");
        world.end().await;
    }
}
