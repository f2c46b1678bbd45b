//! The day that the demonstration plays: who writes what to a clinic that does not exist, and what should come of it.
//!
//! Each act is a function that lets things happen at the stand-in for Spruce and says what the tables should hold in
//! the end. A new act is one more function and one more line in [`day`].

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::spruce::{ConversationId, ItemId, Participant, Spruce, item_of};

/// Midnight in Chicago, as 2025-12-08 began.
const MIDNIGHT: Timestamp = Timestamp::constant(1_765_173_600, 0);

/// A piece of the day.
#[derive(Clone, Debug)]
pub struct Act {
    /// What happens, as a sentence.
    pub title: &'static str,
    /// What is sent, in this order.
    pub deliveries: Vec<Delivery>,
    /// What the tables hold about its conversation in the end; `None` if they hold nothing.
    pub outcome: Option<Outcome>,
}

/// An event on its way to the webhook.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The event.
    pub event: Value,
    /// Whose signature it carries.
    pub seal: Seal,
    /// What the webhook should answer.
    pub answer: Expected,
}

/// Whose signature an event carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// Spruce's.
    Genuine,
    /// That of somebody who does not have the secret.
    Forged,
}

/// What the webhook answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The event is on the queue.
    Received,
    /// There is nothing to do.
    Ignored,
    /// The signature is wrong.
    Refused,
}

impl Expected {
    /// Status and body.
    pub const fn answer(self) -> (u16, &'static str) {
        match self {
            Self::Received => (200, r#"{"status":"received"}"#),
            Self::Ignored => (200, r#"{"status":"ignored"}"#),
            Self::Refused => (401, r#"{"error":"invalid signature"}"#),
        }
    }
}

/// What the tables hold about a conversation.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Which.
    pub conversation: ConversationId,
    /// The column `Status`.
    pub status: &'static str,
    /// The column `OptedOut`.
    pub opted_out: bool,
    /// The column `MatchStatus`.
    pub match_status: &'static str,
    /// The replies in the history, each with its exact text, in the order in which they were written.
    pub replies: Vec<(ItemId, String)>,
    /// Whether a review is open.
    pub review: bool,
}

/// Lets the whole day happen.
pub fn day(spruce: &Spruce) -> Vec<Act> {
    vec![
        yes(spruce),
        no(spruce),
        stop(spruce),
        question(spruce),
        twice(spruce),
        late(spruce),
        shared_number(spruce),
        group_with_a_known_author(spruce),
        group_with_an_unknown_author(spruce),
        unsaved_number(spruce),
        forged(spruce),
        call(spruce),
    ]
}

fn yes(spruce: &Spruce) -> Act {
    let ada = patient(spruce, "Ada Example", "+12055550101");
    let event = spruce.patient_writes(&ada, "Yes", at(9, 3));
    Act {
        title: "Ada writes “Yes”.",
        outcome: Some(Outcome::of(&ada, "Consented", &[&event])),
        deliveries: vec![Delivery::received(event)],
    }
}

fn no(spruce: &Spruce) -> Act {
    let ben = patient(spruce, "Ben Example", "+12055550102");
    let event = spruce.patient_writes(&ben, "No", at(9, 10));
    Act {
        title: "Ben writes “No”.",
        outcome: Some(Outcome::of(&ben, "Declined", &[&event])),
        deliveries: vec![Delivery::received(event)],
    }
}

fn stop(spruce: &Spruce) -> Act {
    let cleo = patient(spruce, "Cleo Example", "+12055550103");
    let event = spruce.patient_writes(&cleo, "STOP", at(9, 24));
    Act {
        title: "Cleo writes “STOP”: she wants no more texts at all.",
        outcome: Some(Outcome { opted_out: true, ..Outcome::of(&cleo, "Declined", &[&event]) }),
        deliveries: vec![Delivery::received(event)],
    }
}

fn question(spruce: &Spruce) -> Act {
    let dan = patient(spruce, "Dan Example", "+12055550104");
    let event = spruce.patient_writes(&dan, "What would I have to pay for that?", at(9, 41));
    Act {
        title: "Dan asks a question back: that is neither.",
        outcome: Some(Outcome { review: true, ..Outcome::of(&dan, "NeedsReview", &[&event]) }),
        deliveries: vec![Delivery::received(event)],
    }
}

fn twice(spruce: &Spruce) -> Act {
    let eva = patient(spruce, "Eva Example", "+12055550105");
    let event = spruce.patient_writes(&eva, "I consent", at(10, 5));
    Act {
        title: "Eva writes “I consent”, and Spruce sends the event twice.",
        outcome: Some(Outcome::of(&eva, "Consented", &[&event])),
        deliveries: vec![Delivery::received(event.clone()), Delivery::received(event)],
    }
}

fn late(spruce: &Spruce) -> Act {
    let finn = patient(spruce, "Finn Example", "+12055550106");
    let first = spruce.patient_writes(&finn, "yes", at(10, 30));
    let second = spruce.patient_writes(&finn, "no", at(10, 52));
    Act {
        title: "Finn writes “yes”, then “no”, and the “yes” arrives late: his last word counts, not the last delivery.",
        outcome: Some(Outcome::of(&finn, "Declined", &[&first, &second])),
        deliveries: vec![Delivery::received(second), Delivery::received(first)],
    }
}

fn shared_number(spruce: &Spruce) -> Act {
    let number = "+12055550107";
    spruce.add_contact("Gina Example", &[number]);
    spruce.add_contact("Hugo Example", &[number]);
    let conversation = spruce.add_conversation(&[Participant::number(number)]);
    let event = spruce.patient_writes(&conversation, "Yes", at(11, 15));
    Act {
        title: "“Yes” comes from a number that Gina and Hugo share.",
        outcome: Some(Outcome {
            match_status: "shared_number",
            review: true,
            ..Outcome::of(&conversation, "NeedsReview", &[&event])
        }),
        deliveries: vec![Delivery::received(event)],
    }
}

fn group_with_a_known_author(spruce: &Spruce) -> Act {
    let group = group(spruce, [("Ivy Example", "+12055550108"), ("Jon Example", "+12055550109")]);
    let event = spruce.participant_writes(&group, "Jon Example", "Yes", at(13, 2));
    Act {
        title: "In a group text with Ivy and Jon, Jon writes “Yes”.",
        outcome: Some(Outcome::of(&group, "Consented", &[&event])),
        deliveries: vec![Delivery::received(event)],
    }
}

fn group_with_an_unknown_author(spruce: &Spruce) -> Act {
    let group = group(spruce, [("Kim Example", "+12055550110"), ("Leo Example", "+12055550111")]);
    let event = spruce.participant_writes(&group, "(205) 555-0112", "Yes", at(13, 20));
    Act {
        title: "In a group text with Kim and Leo, “Yes” comes under neither name.",
        outcome: Some(Outcome {
            match_status: "ambiguous",
            review: true,
            ..Outcome::of(&group, "NeedsReview", &[&event])
        }),
        deliveries: vec![Delivery::received(event)],
    }
}

fn unsaved_number(spruce: &Spruce) -> Act {
    let conversation = spruce.add_conversation(&[Participant::number("+12055550113")]);
    let event = spruce.patient_writes(&conversation, "Yes", at(14, 8));
    Act {
        title: "“Yes” comes from a number that nobody has saved.",
        outcome: Some(Outcome { match_status: "unsaved", ..Outcome::of(&conversation, "Consented", &[&event]) }),
        deliveries: vec![Delivery::received(event)],
    }
}

fn forged(spruce: &Spruce) -> Act {
    let mia = patient(spruce, "Mia Example", "+12055550114");
    let event = spruce.patient_writes(&mia, "I consent", at(14, 30));
    Act {
        title: "Somebody without the secret sends “I consent” in Mia's name.",
        outcome: None,
        deliveries: vec![Delivery { event, seal: Seal::Forged, answer: Expected::Refused }],
    }
}

fn call(spruce: &Spruce) -> Act {
    let ned = patient(spruce, "Ned Example", "+12055550115");
    let event = spruce.call(&ned, at(15, 45));
    Act {
        title: "Ned calls. A call is no reply.",
        outcome: None,
        deliveries: vec![Delivery { event, seal: Seal::Genuine, answer: Expected::Ignored }],
    }
}

impl Delivery {
    fn received(event: Value) -> Self {
        Self { event, seal: Seal::Genuine, answer: Expected::Received }
    }
}

impl Outcome {
    /// The usual case: the conversation names the contact, and nothing is open. `replies` are the events of the
    /// replies, in the order in which they were written.
    fn of(conversation: &ConversationId, status: &'static str, replies: &[&Value]) -> Self {
        let reply = |event: &&Value| {
            let text = event.pointer("/data/object/text").and_then(Value::as_str).unwrap_or_default();
            (item_of(event), text.to_owned())
        };
        Self {
            conversation: conversation.clone(),
            status,
            opted_out: false,
            match_status: "matched",
            replies: replies.iter().map(reply).collect(),
            review: false,
        }
    }
}

/// A saved contact, and the conversation with it.
fn patient(spruce: &Spruce, name: &str, number: &str) -> ConversationId {
    let contact = spruce.add_contact(name, &[number]);
    spruce.add_conversation(&[Participant::saved(&contact)])
}

/// A conversation with two saved contacts.
fn group(spruce: &Spruce, people: [(&str, &str); 2]) -> ConversationId {
    let participants = people.map(|(name, number)| Participant::saved(&spruce.add_contact(name, &[number])));
    spruce.add_conversation(&participants)
}

/// A time of the day.
fn at(hour: i64, minute: i64) -> Timestamp {
    MIDNIGHT + SignedDuration::from_mins(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_day_is_the_same_whenever_it_is_played() {
        let play = || async { format!("{:?}", day(&Spruce::start().await.unwrap())) };
        assert_eq!(play().await, play().await);
    }

    #[test]
    fn the_day_begins_at_midnight_in_chicago() {
        let zoned = MIDNIGHT.in_tz("America/Chicago").unwrap();
        assert_eq!(zoned.datetime().to_string(), "2025-12-08T00:00:00");
    }
}
