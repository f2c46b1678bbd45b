//! Spruce's API fails, lags or forgets; storage loses answers, closes connections, and changes under many hands.

use std::time::{Duration, Instant};

use local::spruce::{Fault, Lag, Participant, Route};

use crate::world::{PATIENCE, Proxied, World, cell, done, minute};

const ASK: &str = "Do you consent to text messages from us? Reply YES or NO";

/// Whatever the API does wrong, a refusal is in the tables at once, and the patient when the API is back.
#[tokio::test]
async fn a_refusal_never_waits() {
    for fault in
        [Fault::Status(500), Fault::Status(403), Fault::Status(429), Fault::Garbage, Fault::HalfBody, Fault::Nothing]
    {
        let world = World::start().await;
        let ada = world.spruce.add_contact("Ada Example", &["+12055550101"]);
        let conversation = world.spruce.add_conversation(&[Participant::saved(&ada)]);
        world.spruce.clinic_writes(&conversation, ASK, minute(0));
        let no = world.spruce.patient_writes(&conversation, "no", minute(1));
        world.spruce.set_fault(fault.clone());
        world.hand_in(&no).await;
        world.host.wait_settled(PATIENCE).await.unwrap();
        let status = &world.record().await.status[0];
        assert_eq!(
            (cell(status, "Status"), cell(status, "MatchStatus")),
            ("Declined".into(), "pending".into()),
            "{fault:?}"
        );

        world.spruce.set_fault(Fault::None);
        world.idle().await;
        let record = world.record().await;
        let status = &record.status[0];
        assert_eq!((cell(status, "Status"), cell(status, "PatientName")), ("Declined".into(), "Ada Example".into()));
        assert_eq!(cell(status, "RequestText"), ASK);
        assert_eq!(record.kinds(conversation.as_str()).len(), 3, "request, reply, match");
        assert_eq!(world.host.stats().failures, 0, "the host's attempts are used up: {:#?}", world.host.notices());
        let output = world.output();
        assert_eq!(output.contains("SPRUCE_API_TOKEN"), fault == Fault::Status(403), "{output}");
        world.end().await;
    }
}

/// A consent waits, in a review, for what the clinic said last and who wrote it, and then takes effect by itself.
#[tokio::test]
async fn a_consent_waits_for_the_look_up_and_heals() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    world.deliver(&[ask]).await;
    let yes = world.spruce.patient_writes(&conversation, "yes", minute(1));
    world.spruce.set_fault(Fault::Status(500));
    world.hand_in(&yes).await;
    world.host.wait_settled(PATIENCE).await.unwrap();
    let record = world.record().await;
    assert_eq!(record.states()[conversation.as_str()].0, "NeedsReview");
    assert_eq!(record.review.len(), 1);

    world.spruce.set_fault(Fault::None);
    world.idle().await;
    let record = world.record().await;
    assert_eq!(record.states()[conversation.as_str()].0, "Consented");
    assert_eq!(record.review.len(), 0, "the review has closed by itself");
    world.end().await;
}

/// Spruce's lists lag behind its events: a list without the reply says nothing about what stood before it.
#[tokio::test]
async fn a_list_that_lags_is_no_evidence() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    world.spruce.set_lag(Lag::Requests(2));
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let yes = world.spruce.patient_writes(&conversation, "yes", minute(1));
    world.deliver(&[ask, yes]).await;
    assert_eq!(world.record().await.states()[conversation.as_str()].0, "Consented");
    assert!(world.spruce.requests(Route::Items) >= 2);
    world.end().await;
}

/// A contact that is gone is looked for by its number.
#[tokio::test]
async fn a_contact_that_is_gone_is_searched_by_number() {
    let world = World::start().await;
    let gone = world.spruce.add_contact("Gone Example", &["+12055550101"]);
    world.spruce.add_contact("Merged Example", &["+12055550101"]);
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    world.spruce.save_participant(&conversation, "+12055550101", &gone);
    world.spruce.remove_contact(&gone);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let yes = world.spruce.patient_writes(&conversation, "yes", minute(1));
    world.deliver(&[ask, yes]).await;
    let status = &world.record().await.status[0];
    assert_eq!(
        (cell(status, "MatchStatus"), cell(status, "PatientName")),
        ("matched_by_phone".into(), "Merged Example".into())
    );
    world.end().await;
}

/// Many workers on one conversation at once: the status is the fold of all, and the worklist has each review once.
#[tokio::test]
async fn many_hands_on_one_conversation() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let mut events = vec![ask];
    for n in 1..=30 {
        let text = if n == 15 { "no".to_owned() } else { format!("what about number {n}?") };
        events.push(world.spruce.patient_writes(&conversation, &text, minute(n)));
    }
    futures_util::future::join_all(events.iter().map(|event| world.hand_in(event))).await;
    world.idle().await;
    let record = world.record().await;
    assert_eq!(record.states()[conversation.as_str()].0, "Declined");
    assert_eq!(record.status[0]["Replies"], 30);
    assert_eq!(record.status[0]["OpenReviews"], u64::try_from(record.review.len()).unwrap());
    // The refusal has closed what stood before it.
    assert_eq!(record.review.len(), 15);
    world.end().await;
}

/// The API is slow: replies wait, the host's patience is not used up.
#[tokio::test]
async fn a_slow_api_is_only_slow() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    world.spruce.set_fault(Fault::Slow(Duration::from_secs(1)));
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let yes = world.spruce.patient_writes(&conversation, "yes", minute(1));
    world.deliver(&[ask, yes]).await;
    assert_eq!(world.record().await.states()[conversation.as_str()].0, "Consented");
    world.end().await;
}

/// The worst moment for a connection to break: storage has done what it was asked, and nobody knows.
#[tokio::test]
async fn a_write_whose_answer_is_lost_counts_once() {
    let storage = Proxied::start().await;
    let world = storage.world(&[]).await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    world.deliver(&[ask]).await;

    // Enough are lost that some calls fail in all their attempts, at any step of a job.
    storage.table.set_fault(Fault::Share(0.4, Box::new(Fault::Unanswered), 1));
    for n in 1..=12 {
        let text = if n == 12 { "I consent" } else { "What does it cost?" };
        let event = world.spruce.patient_writes(&conversation, text, minute(n));
        world.hand_in(&event).await;
    }
    world.host.wait_settled(PATIENCE).await.unwrap();
    assert!(storage.table.set_fault(Fault::None) > 0 && world.host.stats().failures > 0);
    // What failed five times on the way is given to the worker again, as an operator does.
    done(&storage.account, &["poison", "requeue", "--all"]);
    world.idle().await;

    let record = world.record().await;
    assert_eq!(record.states()[conversation.as_str()].0, "Consented");
    let kinds = record.kinds(conversation.as_str());
    let count = |wanted: &str| kinds.iter().filter(|kind| *kind == wanted).count();
    assert_eq!((count("request"), count("reply"), count("context")), (1, 12, 1), "{kinds:?}");
    assert_eq!((record.status[0]["Replies"].clone(), record.review.len()), (12.into(), 11));
    world.end().await;
}

/// An answer of storage that breaks off in the middle is asked for again, as one that never came.
#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again() {
    let storage = Proxied::start().await;
    let world = storage.world(&[]).await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let yes = world.spruce.patient_writes(&conversation, "yes", minute(1));
    // One job after the other, so which answers break off follows from the seed: never three of one call.
    storage.table.set_fault(Fault::Share(0.4, Box::new(Fault::HalfBody), 11));
    world.deliver(&[ask]).await;
    world.deliver(&[yes]).await;
    assert!(storage.table.set_fault(Fault::None) > 2);
    assert_eq!(world.host.stats().failures, 0, "{:#?}", world.host.notices());
    assert_eq!(world.faults(), Vec::<String>::new());
    assert_eq!(world.record().await.states()[conversation.as_str()].0, "Consented");
    world.end().await;
}

/// Storage closes connections that are kept and not used, just before the next request or while it is on its way. Nobody
/// sees anything of it.
#[tokio::test]
async fn a_connection_that_storage_closed_is_nobodys_error() {
    // Well above what a busy machine takes to get a request out.
    const IDLE_LIMIT: Duration = Duration::from_millis(250);
    let storage = Proxied::start().await;
    let world = storage.world(&[]).await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    world.deliver(&[ask]).await;
    let (mut of_queue, mut of_table) = (0, 0);
    let mut count = || {
        of_queue += storage.queue.close_idle_after(Some(IDLE_LIMIT));
        of_table += storage.table.close_idle_after(Some(IDLE_LIMIT));
        of_queue > 0 && of_table > 0
    };
    count();
    for n in 0..20 {
        let event = world.spruce.patient_writes(&conversation, "What does it cost?", minute(1));
        world.hand_in(&event).await;
        // About the limit, so that some requests meet the closing.
        tokio::time::sleep(IDLE_LIMIT * (15 + n % 10) / 20).await;
    }
    // A worker that is busy all the time leaves no connection unused until its work is done.
    world.idle().await;
    let started = Instant::now();
    while !count() {
        assert!(started.elapsed() < PATIENCE, "unused connections stay open");
        tokio::time::sleep(IDLE_LIMIT).await;
    }
    let last = world.spruce.patient_writes(&conversation, "And when?", minute(2));
    world.deliver(&[last]).await;
    assert_eq!(world.faults(), Vec::<String>::new());
    assert_eq!(world.host.stats().failures, 0, "{:#?}", world.host.notices());
    assert_eq!(world.record().await.status[0]["Replies"], 21);
    world.end().await;
}
