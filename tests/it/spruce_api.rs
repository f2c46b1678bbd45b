//! The client for Spruce's API against the stand-in: what only operators ask, and how long they wait for it.

use std::time::Duration;

use jiff::SignedDuration;
use local::spruce::{Fault, Participant, Route, Sent, Spruce};
use spruce_consent::spruce::{Client, Failure, Outcome};

use crate::world::minute;

fn client(spruce: &Spruce) -> Client {
    Client::new(spruce.base_url().parse().unwrap(), spruce.token().into()).unwrap()
}

#[tokio::test]
async fn every_event_of_the_delivery_log_and_every_active_conversation_comes_once() {
    let spruce = Spruce::start().await.unwrap();
    let endpoint = spruce.add_endpoint("https://clinic.example/api/spruce-webhook", minute(0));
    for n in 0..210 {
        let conversation = spruce.add_conversation(&[Participant::number("+12055550101")]);
        let event = spruce.patient_writes(&conversation, "no", minute(0) + SignedDuration::from_secs(n));
        if n < 45 {
            spruce.log_delivery(&endpoint, &event, if n % 2 == 0 { Sent::Missed } else { Sent::Delivered });
        }
    }
    let client = client(&spruce);

    let (mut missed, mut all, mut token) = (0, 0, None);
    loop {
        let page =
            client.deliveries(endpoint.as_str(), minute(0), minute(10), token.as_deref()).await.unwrap().unwrap();
        all += page.items.len();
        missed += page.items.iter().filter(|delivery| delivery.outcome() == Outcome::Missed).count();
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    assert_eq!((all, missed), (45, 23));
    let since = minute(0) + SignedDuration::from_secs(5);
    let first = client.conversations(since, None).await.unwrap();
    let second = client.conversations(since, first.next.as_deref()).await.unwrap();
    assert_eq!((first.items.len(), second.items.len(), second.next), (200, 5, None));
    assert!(second.items.iter().all(|listed| listed.conversation.channel == "phone"));

    assert_eq!(client.deliveries("wde_none", minute(0), minute(10), None).await, Ok(None));
    assert_eq!(spruce.unexpected(), Vec::<String>::new());
}

#[tokio::test]
async fn the_rate_limit_is_waited_for_by_who_has_the_patience() {
    let spruce = Spruce::start().await.unwrap();
    spruce.set_fault(Fault::Status(429));
    assert_eq!(client(&spruce).endpoints().await, Err(Failure::RateLimited));

    let patient = client(&spruce).patiently(|pause| assert!(pause <= Duration::from_secs(1)));
    let heals = async {
        while spruce.requests(Route::Endpoints) < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        spruce.set_fault(Fault::None);
    };
    let ((), listed) = tokio::join!(heals, patient.endpoints());
    assert_eq!(listed, Ok(Vec::new()));
}

/// Half of the answers are lost. What is asked again is not sent again, and hardly ever is it not known in the end.
#[tokio::test]
async fn a_text_whose_answer_is_lost_is_sent_once() {
    let spruce = Spruce::start().await.unwrap();
    let conversation = spruce.add_conversation(&[Participant::number("+12055550101")]);
    spruce.set_fault(Fault::Share(0.5, Box::new(Fault::Unanswered), 7));
    let (client, mut sent) = (client(&spruce), 0);
    for n in 0..20 {
        match client.send(conversation.as_str(), &"Thank you".into(), &format!("ti_{n}")).await {
            Ok(()) => sent += 1,
            Err(failure) => assert_eq!(failure, Failure::NoConnection),
        }
    }
    assert_eq!(spruce.posted().len(), 20);
    assert!(sent >= 12 && spruce.requests(Route::Post) > 22, "{sent} known of");
}
