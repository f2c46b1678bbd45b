//! Work for staff: the worklist as they see it in Storage Explorer, what they type, and what becomes of it.

use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use local::spruce::{ConversationId, Fault, Participant, Route};
use local::tables::{self, Row};
use serde_json::json;
use spruce_consent::domain::job::SweepJob;
use spruce_consent::functions::sweep;
use spruce_consent::storage::{self, Queue, Tables};

use crate::world::{PATIENCE, World, cell, command, done, minute, settled};

const ASK: &str = "Do you consent to text messages from us? Reply YES or NO";

/// A conversation with a question in it, which opens a review.
async fn a_question(world: &World, number: &str) -> ConversationId {
    let conversation = world.spruce.add_conversation(&[Participant::number(number)]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let question = world.spruce.patient_writes(&conversation, "what does it cost?", minute(1));
    world.deliver(&[ask, question]).await;
    conversation
}

async fn review(world: &World, conversation: &ConversationId) -> Row {
    let rows = world.rows("ConsentReview").await;
    let row = rows.into_iter().find(|row| cell(row, "ConversationId") == conversation.as_str());
    row.expect("the review is open")
}

/// What a member of staff types into a row in Storage Explorer.
async fn type_into(world: &World, row: &Row, columns: serde_json::Value) {
    let merged = tables::merge(&world.account, "ConsentReview", "open", &cell(row, "RowKey"), &columns).await;
    merged.unwrap();
}

async fn status(world: &World, conversation: &ConversationId) -> Row {
    let rows = world.rows("ConsentStatus").await;
    rows.into_iter().find(|row| cell(row, "PartitionKey") == conversation.as_str()).expect("there is a status")
}

#[tokio::test]
async fn what_staff_type_is_taken_up() {
    let world = World::start().await;
    let (yes, no, ignored) = (
        a_question(&world, "+12055550101").await,
        a_question(&world, "+12055550102").await,
        a_question(&world, "+12055550103").await,
    );
    let typed = [
        (&yes, json!({ "Decision": " Consent ", "ReviewedBy": "Kim Lee", "Note": "asked on the phone" })),
        (&no, json!({ "Decision": "DECLINE", "ReviewedBy": "Kim Lee" })),
        (&ignored, json!({ "Decision": "ignore" })),
    ];
    for (conversation, columns) in typed {
        type_into(&world, &review(&world, conversation).await, columns).await;
    }
    let (_, words) = done(&world.account, &["review", "apply"]);
    assert!(words.contains("taken up: 3") && words.contains("open: 0"), "{words}");

    let consented = status(&world, &yes).await;
    assert_eq!((cell(&consented, "Status").as_str(), cell(&consented, "DecidedBy").as_str()), ("Consented", "Kim Lee"));
    assert_eq!(consented["OpenReviews"], 0);
    assert_eq!(cell(&status(&world, &no).await, "Status"), "Declined");
    assert_eq!(cell(&status(&world, &ignored).await, "Status"), "NeedsReview");
    assert!(world.rows("ConsentReview").await.is_empty());
    let history = world.rows("ConsentHistory").await;
    let decision = history.iter().find(|row| cell(row, "Decision") == "consent" && cell(row, "Kind") == "review");
    let decision = decision.expect("the decision is in the history");
    assert_eq!((cell(decision, "ReviewedBy"), cell(decision, "Note")), ("Kim Lee".into(), "asked on the phone".into()));
    world.end().await;
}

#[tokio::test]
async fn a_wrong_word_is_answered_and_a_right_one_clears_the_answer() {
    let world = World::start().await;
    let conversation = a_question(&world, "+12055550101").await;
    let row = review(&world, &conversation).await;
    type_into(&world, &row, json!({ "Decision": "yes please", "Note": "half way", "Colour": "blue" })).await;
    let (_, words) = done(&world.account, &["review", "apply"]);
    assert!(words.contains("another word (see Problem): 1"), "{words}");
    let row = review(&world, &conversation).await;
    assert!(cell(&row, "Problem").contains("consent, decline or ignore"), "{row:?}");
    // What staff typed, and columns of their own, stay as they are.
    assert_eq!(
        (cell(&row, "Decision"), cell(&row, "Note"), cell(&row, "Colour")),
        ("yes please".into(), "half way".into(), "blue".into())
    );

    type_into(&world, &row, json!({ "Decision": "" })).await;
    done(&world.account, &["review", "apply"]);
    assert_eq!(cell(&review(&world, &conversation).await, "Problem"), "");
    world.end().await;
}

/// Staff say consent about an old question; the refusal that came after they looked stands.
#[tokio::test]
async fn a_refusal_that_staff_could_not_know_of_stands() {
    let world = World::start().await;
    let conversation = a_question(&world, "+12055550101").await;
    let row = review(&world, &conversation).await;
    type_into(&world, &row, json!({ "Decision": "consent", "ReviewedBy": "Kim" })).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    let no = world.spruce.patient_writes(&conversation, "no", minute(2));
    world.deliver(&[no]).await;
    // What was typed is not lost on the way.
    assert_eq!(cell(&review(&world, &conversation).await, "Decision"), "consent");
    done(&world.account, &["review", "apply"]);
    assert_eq!(cell(&status(&world, &conversation).await, "Status"), "Declined");
    assert!(world.record().await.kinds(conversation.as_str()).contains(&"review".to_owned()));
    world.end().await;
}

/// Columns that staff add to a status survive everything that comes later.
#[tokio::test]
async fn columns_of_staffs_own_survive() {
    let world = World::start().await;
    let conversation = a_question(&world, "+12055550101").await;
    let columns = json!({ "Doctor": "Dr. Lee" });
    tables::merge(&world.account, "ConsentStatus", conversation.as_str(), "status", &columns).await.unwrap();
    let no = world.spruce.patient_writes(&conversation, "no", minute(2));
    world.deliver(&[no]).await;
    let status = status(&world, &conversation).await;
    assert_eq!((cell(&status, "Doctor"), cell(&status, "Status")), ("Dr. Lee".into(), "Declined".into()));
    world.end().await;
}

/// A row that was deleted by hand, a round that another has replaced, and a row that changes under one's hands.
#[tokio::test]
async fn rounds_and_races() {
    let world = World::start().await;
    let conversation = a_question(&world, "+12055550101").await;
    let settings = |name: &str| (name == "AzureWebJobsStorage").then(|| world.account.connection_string());
    let account = storage::Account::from_settings(settings).unwrap();
    let (queue, tables) = (Queue::new(&account).unwrap(), Tables::new(&account, TimeZone::UTC).unwrap());
    let due = queue.sweep_due().await.unwrap().expect("the open review has started the rounds");

    let row = review(&world, &conversation).await;
    tables::delete(&world.account, "ConsentReview", "open", &cell(&row, "RowKey")).await.unwrap();
    let seen = vec![conversation.as_str().to_owned()];
    let replaced = SweepJob { due: due - SignedDuration::from_secs(1), seen: seen.clone() };
    sweep::round(&tables, &queue, &replaced, Timestamp::now()).await.unwrap();
    assert!(world.rows("ConsentReview").await.is_empty(), "a round that is not the announced one does nothing");
    sweep::round(&tables, &queue, &SweepJob { due, seen }, Timestamp::now()).await.unwrap();
    let row = review(&world, &conversation).await;
    assert_eq!(cell(&row, "ReplyText"), "what does it cost?");
    assert!(queue.sweep_due().await.unwrap().unwrap() > due, "the next round is announced");

    // A round that died between announcing the next one and sending it comes again, and takes the lost one's place.
    let now = Timestamp::now();
    let lost = now - SignedDuration::from_mins(10);
    queue.announce_sweep(lost).await.unwrap();
    let again = SweepJob { due: lost - SignedDuration::from_mins(1), seen: Vec::new() };
    sweep::round(&tables, &queue, &again, now).await.unwrap();
    assert!(queue.sweep_due().await.unwrap().unwrap() > now, "the rounds go on");

    // Between looking and removing, somebody types.
    let read = tables.reviews().await.unwrap().remove(0);
    type_into(&world, &row, json!({ "Note": "wait" })).await;
    assert!(!tables.remove_review(&read).await.unwrap());
    assert_eq!(cell(&review(&world, &conversation).await, "Note"), "wait");
    world.host.stop().await;
}

/// Nobody has to run anything: the handler looks by itself, within about a minute, for as long as reviews are open.
#[tokio::test]
async fn decisions_are_taken_up_within_about_a_minute() {
    // A round each minute, and what a busy machine may add.
    const ABOUT_A_MINUTE: Duration = Duration::from_secs(150);
    let world = World::start().await;
    let conversation = a_question(&world, "+12055550101").await;
    let row = review(&world, &conversation).await;
    type_into(&world, &row, json!({ "Decision": "decline", "ReviewedBy": "Kim" })).await;
    let started = Instant::now();
    while cell(&status(&world, &conversation).await, "Status") != "Declined" {
        assert!(started.elapsed() < ABOUT_A_MINUTE, "{}", world.output());
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    world.idle().await;
    assert_eq!(tables::queue_length(&world.account, "spruce-events").await.unwrap(), 0, "nothing left to look for");
    world.end().await;
}

#[tokio::test]
async fn the_worklist_on_the_command_line() {
    let world = World::start().await;
    let conversation = a_question(&world, "+12055550101").await;
    let (list, _) = done(&world.account, &["review", "list"]);
    insta::assert_snapshot!(settled(&list), @r"
    [time]  (205) 555-0101  +12055550101
      wrote         “what does it cost?”
      we had asked  “Do you consent to text messages from us? Reply YES or NO”
      waits         The patient asks something.
      now           NeedsReview
      where         conversation t_2C00000000001, item ti_2C00000000003
      https://app.sprucehealth.com/org/entity_2C0RG00000000/thread/t_2C00000000001/message/ti_2C00000000003
    ");
    let (list, _) = done(&world.account, &["review", "list", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!((&list[0]["replyText"], &list[0]["requestText"]), (&json!("what does it cost?"), &json!(ASK)));
    assert!(list[0]["conversationUrl"].as_str().unwrap().starts_with("https://") && list[0]["problem"] == "", "{list}");

    let decide = |more: &[&str]| {
        let arguments =
            [&["review", "resolve", "--decision", "consent", "--by", "Kim", "--note", "by phone"], more].concat();
        command(&world.account, &arguments)
    };
    let unknown = decide(&["--conversation", "t_nobody"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("--new"));
    assert_eq!(decide(&["--conversation", conversation.as_str(), "--item", "ti_none"]).status.code(), Some(1));
    assert_eq!(decide(&["--conversation", conversation.as_str(), "--decision", "maybe"]).status.code(), Some(2));
    assert!(decide(&["--conversation", conversation.as_str()]).status.success());
    assert!(decide(&["--conversation", "t_paper", "--new"]).status.success());
    let record = world.record().await;
    assert_eq!(record.states()[conversation.as_str()].0, "Consented");
    assert_eq!(record.states()["t_paper"].0, "Consented");
    assert!(record.review.is_empty());
    world.end().await;
}

#[tokio::test]
async fn one_confirmation_per_decision_at_once_or_never() {
    let world = World::with(&[
        ("CONSENT_CONFIRMATION", "Thank you, we have noted your yes."),
        ("DECLINE_CONFIRMATION", "We have noted your no."),
    ])
    .await;
    let start = async |number: &str| {
        let conversation = world.spruce.add_conversation(&[Participant::number(number)]);
        let ask = world.spruce.clinic_writes(&conversation, ASK, Timestamp::now() - SignedDuration::from_mins(90));
        world.deliver(&[ask]).await;
        conversation
    };
    let answer = async |conversation: &ConversationId, text: &str, minutes_ago: i64| {
        let at = Timestamp::now() - SignedDuration::from_mins(minutes_ago);
        let reply = world.spruce.patient_writes(conversation, text, at);
        world.deliver(&[reply.clone(), reply]).await;
    };
    let [yes, no, stop, question, late, failing, unheard] = [
        start("+12055550101").await,
        start("+12055550102").await,
        start("+12055550103").await,
        start("+12055550104").await,
        start("+12055550105").await,
        start("+12055550106").await,
        start("+12055550107").await,
    ];
    answer(&yes, "yes", 0).await;
    answer(&no, "no", 0).await;
    answer(&stop, "STOP", 0).await;
    answer(&question, "why?", 0).await;
    answer(&late, "yes", 61).await;
    // A second "yes" decides nothing that is not decided.
    answer(&yes, "yes!", 0).await;
    let posted: Vec<_> =
        world.spruce.posted().iter().map(|posted| (posted.conversation.clone(), posted.text.clone())).collect();
    assert_eq!(
        posted,
        [(yes, "Thank you, we have noted your yes.".to_owned()), (no, "We have noted your no.".to_owned())]
    );
    assert!(world.spruce.requests(Route::Post) <= 4, "repeats do not go on sending");

    // It cannot be sent: the record stands, and says so.
    world.spruce.set_fault(Fault::Status(500));
    let reply = world.spruce.patient_writes(&failing, "no", Timestamp::now());
    world.hand_in(&reply).await;
    world.host.wait_settled(PATIENCE).await.unwrap();
    world.spruce.set_fault(Fault::None);
    world.idle().await;
    let record = world.record().await;
    assert_eq!(record.states()[failing.as_str()].0, "Declined");
    // Nor is it sent twice where Spruce's answers are lost, and the record does not say more than is known.
    world.spruce.set_fault(Fault::Unanswered);
    let reply = world.spruce.patient_writes(&unheard, "no", Timestamp::now());
    world.hand_in(&reply).await;
    world.host.wait_settled(PATIENCE).await.unwrap();
    world.spruce.set_fault(Fault::None);
    world.idle().await;
    let record = world.record().await;
    assert_eq!(world.spruce.posted().iter().filter(|posted| posted.conversation == unheard).count(), 1);
    let notes: Vec<_> =
        record.history.iter().filter(|row| cell(row, "Kind") == "confirmation").map(|row| cell(row, "Note")).collect();
    assert_eq!(notes.iter().filter(|note| *note == "sent").count(), 2, "{notes:?}");
    assert_eq!(notes.iter().filter(|note| note.starts_with("not sent: ")).count(), 1, "{notes:?}");
    assert_eq!(notes.iter().filter(|note| note.starts_with("perhaps sent: ")).count(), 1, "{notes:?}");
    world.end().await;
}
