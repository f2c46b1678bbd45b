//! The day that the demonstration plays: who writes what to a clinic that does not exist, and what should come of it.
//!
//! Each act is a function that lets things happen at the stand-in for Spruce and says what the tables should hold in
//! the end. A new act is one more function and one more line in [`day`]. Before the day ends, Spruce's API goes down
//! for a while: [`outage`]. In the end the front desk works on what is left for people: [`FRONT_DESK`].

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::spruce::{ConversationId, ItemId, Participant, Spruce, item_of};

/// Midnight in Chicago, as 2025-12-08 began.
const MIDNIGHT: Timestamp = Timestamp::constant(1_765_173_600, 0);

/// What the clinic asks.
const QUESTION: &str = "Do you consent to telehealth visits? Reply YES or NO";

/// A piece of the day.
#[derive(Clone, Debug)]
pub struct Act {
    /// What happens, as a sentence.
    pub title: &'static str,
    /// What happens, in this order.
    pub scenes: Vec<Scene>,
    /// What the tables hold about its conversation in the end; `None` if they hold nothing.
    pub outcome: Option<Outcome>,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Scene {
    /// An event is sent.
    Delivery(Delivery),
    /// Somebody changes an item that is there: first when the worker has taken up what was sent before, as minutes lie
    /// between the two in the world. Then its event is sent.
    Change(Change),
}

/// A change of an item.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which item.
    pub item: ItemId,
    /// What it says from now on; `None` if it is deleted.
    pub text: Option<&'static str>,
    /// When.
    pub at: Timestamp,
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

/// What happens while Spruce's API does not answer.
#[derive(Clone, Debug)]
pub struct Outage {
    /// What is asked before.
    pub questions: Act,
    /// The acts, with what the tables hold once it answers again.
    pub acts: Vec<Act>,
    /// What the tables hold while it does not.
    pub meanwhile: Vec<Act>,
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

    /// What the body says, for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Ignored => "ignored",
            Self::Refused => "invalid signature",
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
    /// What staff typed into its row of the worklist last.
    pub typed: Option<Typed>,
}

/// Once that the front desk sits down to the worklist.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// What happens, as a sentence.
    pub title: &'static str,
    /// What is typed, each into a row of its own.
    pub typed: &'static [Typed],
    /// Below the rows: how it is taken up.
    pub remark: &'static str,
}

/// What is typed into a patient's row of the worklist: the columns `Decision`, `ReviewedBy` and `Note`.
#[derive(Clone, Copy, Debug)]
pub struct Typed {
    /// Whose row.
    pub patient: &'static str,
    /// The column `Decision`.
    pub decision: &'static str,
    /// The column `ReviewedBy`.
    pub reviewed_by: &'static str,
    /// The column `Note`.
    pub note: &'static str,
    /// The status that follows; `None` if the word is no decision, and the row should say so in `Problem`.
    pub status: Option<&'static str>,
}

/// What Kim types about Rosa first: none of the words that the column takes.
const ROSA: Typed = Typed {
    patient: "Rosa Example",
    decision: "she says no",
    reviewed_by: "Kim Lee",
    note: "asked on the phone",
    status: None,
};

/// How the front desk works on the day's worklist.
pub const FRONT_DESK: [Look; 2] = [
    Look {
        title: "Kim opens ConsentReview, calls Dan and Rosa, and types into their rows.",
        typed: &[
            Typed {
                patient: "Dan Example",
                decision: "consent",
                reviewed_by: "Kim Lee",
                note: "asked on the phone, agrees",
                status: Some("Consented"),
            },
            ROSA,
        ],
        remark: "The handler looks by itself, every minute. `spruce-consent review apply` does it at once:",
    },
    Look {
        title: "Dan's row is gone: his decision is taken up. Rosa's says what is wrong with hers, and Kim corrects it.",
        typed: &[Typed { decision: "decline", status: Some("Declined"), ..ROSA }],
        remark: "Once more:",
    },
];

/// Lets the whole day happen, but for the outage.
pub fn day(spruce: &Spruce) -> Vec<Act> {
    vec![
        yes(spruce),
        no(spruce),
        stop(spruce),
        question(spruce),
        ordinary(spruce),
        answer_to_something_else(spruce),
        twice(spruce),
        late(spruce),
        edited_consent(spruce),
        deleted_consent(spruce),
        deleted_refusal(spruce),
        contradiction(spruce),
        asked_again(spruce),
        yes_after_stop(spruce),
        shared_number(spruce),
        group_with_a_known_author(spruce),
        group_with_an_unknown_author(spruce),
        unsaved_number(spruce),
        forged(spruce),
        call(spruce),
    ]
}

/// Lets the outage happen: who writes while Spruce's API does not answer.
pub fn outage(spruce: &Spruce) -> Outage {
    let (xena, asks_xena) = asked(spruce, "Xena Example", "+12055550123", at(16, 0));
    let no = spruce.patient_writes(&xena, "No", at(16, 12));
    let (yan, asks_yan) = asked(spruce, "Yan Example", "+12055550124", at(16, 0));
    let yes = spruce.patient_writes(&yan, "Yes", at(16, 15));
    let refusal = Outcome::of(&xena, "Declined", &[&no]);
    let consent = Outcome::of(&yan, "Consented", &[&yes]);
    let act = |title, scenes, outcome| Act { title, scenes, outcome: Some(outcome) };
    let nobody_knows = "pending";
    Outage {
        questions: Act { title: "Xena and Yan are asked.", scenes: vec![asks_xena, asks_yan], outcome: None },
        meanwhile: vec![
            act(
                "While the API is down, Xena's “No” counts, though nobody can say who wrote it.",
                Vec::new(),
                Outcome { match_status: nobody_knows, ..refusal.clone() },
            ),
            act(
                "While the API is down, Yan's “Yes” waits: who wrote it, and what was asked last?",
                Vec::new(),
                Outcome { match_status: nobody_knows, status: "NeedsReview", review: true, ..consent.clone() },
            ),
        ],
        acts: vec![
            act("Xena writes “No”.", vec![Scene::received(no)], refusal),
            act("Yan writes “Yes”.", vec![Scene::received(yes)], consent),
        ],
    }
}

fn yes(spruce: &Spruce) -> Act {
    let (ada, asks) = asked(spruce, "Ada Example", "+12055550101", at(9, 0));
    let event = spruce.patient_writes(&ada, "Yes", at(9, 3));
    Act {
        title: "Ada is asked, and writes “Yes”.",
        outcome: Some(Outcome::of(&ada, "Consented", &[&event])),
        scenes: vec![asks, Scene::received(event)],
    }
}

fn no(spruce: &Spruce) -> Act {
    let (ben, asks) = asked(spruce, "Ben Example", "+12055550102", at(9, 0));
    let event = spruce.patient_writes(&ben, "No", at(9, 10));
    Act {
        title: "Ben is asked, and writes “No”.",
        outcome: Some(Outcome::of(&ben, "Declined", &[&event])),
        scenes: vec![asks, Scene::received(event)],
    }
}

fn stop(spruce: &Spruce) -> Act {
    let (cleo, asks) = asked(spruce, "Cleo Example", "+12055550103", at(9, 0));
    let event = spruce.patient_writes(&cleo, "STOP", at(9, 24));
    Act {
        title: "Cleo is asked, and writes “STOP”: she wants no more texts at all.",
        outcome: Some(Outcome { opted_out: true, ..Outcome::of(&cleo, "Declined", &[&event]) }),
        scenes: vec![asks, Scene::received(event)],
    }
}

fn question(spruce: &Spruce) -> Act {
    let (dan, asks) = asked(spruce, "Dan Example", "+12055550104", at(9, 0));
    let event = spruce.patient_writes(&dan, "What would I have to pay for that?", at(9, 41));
    Act {
        title: "Dan asks a question back: that is neither.",
        outcome: Some(Outcome { review: true, ..Outcome::of(&dan, "NeedsReview", &[&event]) }),
        scenes: vec![asks, Scene::received(event)],
    }
}

fn ordinary(spruce: &Spruce) -> Act {
    let will = patient(spruce, "Will Example", "+12055550117");
    let reminder = spruce.clinic_writes(&will, "Your visit is tomorrow at 9. Reply YES to confirm.", at(9, 45));
    let event = spruce.patient_writes(&will, "Yes", at(9, 48));
    Act {
        title: "Will was never asked for consent. His “Yes” is none of this program's business: nothing is stored.",
        outcome: None,
        scenes: vec![Scene::ignored(reminder), Scene::received(event)],
    }
}

fn answer_to_something_else(spruce: &Spruce) -> Act {
    let (pia, asks) = asked(spruce, "Pia Example", "+12055550118", at(9, 0));
    let other = spruce.clinic_writes(&pia, "Are you still coming at 11?", at(9, 50));
    let event = spruce.patient_writes(&pia, "Yes", at(9, 52));
    Act {
        title: "Pia is asked, then gets another question of the clinic's, and writes “Yes”: to which of the two?",
        outcome: Some(Outcome { review: true, ..Outcome::of(&pia, "NeedsReview", &[&event]) }),
        scenes: vec![asks, Scene::ignored(other), Scene::received(event)],
    }
}

fn twice(spruce: &Spruce) -> Act {
    let (eva, asks) = asked(spruce, "Eva Example", "+12055550105", at(10, 0));
    let event = spruce.patient_writes(&eva, "I consent", at(10, 5));
    Act {
        title: "Eva writes “I consent”, and Spruce sends the event twice.",
        outcome: Some(Outcome::of(&eva, "Consented", &[&event])),
        scenes: vec![asks, Scene::received(event.clone()), Scene::received(event)],
    }
}

fn late(spruce: &Spruce) -> Act {
    let (finn, asks) = asked(spruce, "Finn Example", "+12055550106", at(10, 0));
    let first = spruce.patient_writes(&finn, "yes", at(10, 30));
    let second = spruce.patient_writes(&finn, "no", at(10, 52));
    Act {
        title: "Finn writes “yes”, then “no”, and Spruce's events come in reverse: his last word counts, not the last \
                delivery.",
        outcome: Some(Outcome::of(&finn, "Declined", &[&first, &second])),
        scenes: vec![Scene::received(second), Scene::received(first), asks],
    }
}

fn edited_consent(spruce: &Spruce) -> Act {
    let (quinn, asks) = asked(spruce, "Quinn Example", "+12055550119", at(10, 0));
    let event = spruce.patient_writes(&quinn, "Yes", at(10, 55));
    Act {
        title: "Quinn writes “Yes”, and edits it afterwards: no consent any more, but a review.",
        outcome: Some(Outcome { review: true, ..Outcome::of(&quinn, "NeedsReview", &[&event]) }),
        scenes: vec![
            asks,
            Scene::received(event.clone()),
            Scene::edit(&event, "Yes, but not before my surgery", at(10, 57)),
        ],
    }
}

fn deleted_consent(spruce: &Spruce) -> Act {
    let (rosa, asks) = asked(spruce, "Rosa Example", "+12055550120", at(11, 0));
    let event = spruce.patient_writes(&rosa, "Yes", at(11, 2));
    Act {
        title: "Rosa writes “Yes”, and deletes it: no consent any more, but a review.",
        outcome: Some(Outcome { review: true, ..Outcome::of(&rosa, "NeedsReview", &[&event]) }),
        scenes: vec![asks, Scene::received(event.clone()), Scene::delete(&event, at(11, 4))],
    }
}

fn deleted_refusal(spruce: &Spruce) -> Act {
    let (sam, asks) = asked(spruce, "Sam Example", "+12055550121", at(11, 0));
    let event = spruce.patient_writes(&sam, "No", at(11, 6));
    Act {
        title: "Sam writes “No”, and deletes it: a refusal stays one, and somebody should ask what he meant.",
        outcome: Some(Outcome { review: true, ..Outcome::of(&sam, "Declined", &[&event]) }),
        scenes: vec![asks, Scene::received(event.clone()), Scene::delete(&event, at(11, 8))],
    }
}

fn contradiction(spruce: &Spruce) -> Act {
    let (tara, asks) = asked(spruce, "Tara Example", "+12055550122", at(11, 0));
    let first = spruce.patient_writes(&tara, "No", at(11, 9));
    let second = spruce.patient_writes(&tara, "Yes", at(11, 10));
    Act {
        title: "Tara writes “No”, then “Yes”, and nobody has asked anew in between: the refusal stands, with a review.",
        outcome: Some(Outcome { review: true, ..Outcome::of(&tara, "Declined", &[&first, &second]) }),
        scenes: vec![asks, Scene::received(first), Scene::received(second)],
    }
}

fn asked_again(spruce: &Spruce) -> Act {
    let (uma, asks) = asked(spruce, "Uma Example", "+12055550125", at(11, 0));
    let first = spruce.patient_writes(&uma, "No", at(11, 11));
    let asks_again = spruce.clinic_writes(&uma, QUESTION, at(11, 12));
    let second = spruce.patient_writes(&uma, "Yes", at(11, 14));
    Act {
        title: "Uma writes “No”, is asked again, and writes “Yes”: that is a consent.",
        outcome: Some(Outcome::of(&uma, "Consented", &[&first, &second])),
        scenes: vec![asks, Scene::received(first), Scene::received(asks_again), Scene::received(second)],
    }
}

fn yes_after_stop(spruce: &Spruce) -> Act {
    let (vic, asks) = asked(spruce, "Vic Example", "+12055550126", at(11, 0));
    let first = spruce.patient_writes(&vic, "Stop texting me", at(11, 12));
    let second = spruce.patient_writes(&vic, "yes", at(11, 13));
    Act {
        title: "Vic writes “Stop texting me”, then “yes”: that is too little to begin again, so it is a review.",
        outcome: Some(Outcome { opted_out: true, review: true, ..Outcome::of(&vic, "Declined", &[&first, &second]) }),
        scenes: vec![asks, Scene::received(first), Scene::received(second)],
    }
}

fn shared_number(spruce: &Spruce) -> Act {
    let number = "+12055550107";
    spruce.add_contact("Gina Example", &[number]);
    spruce.add_contact("Hugo Example", &[number]);
    let conversation = spruce.add_conversation(&[Participant::number(number)]);
    let asks = spruce.clinic_writes(&conversation, QUESTION, at(11, 0));
    let event = spruce.patient_writes(&conversation, "Yes", at(11, 15));
    Act {
        title: "“Yes” comes from a number that Gina and Hugo share.",
        outcome: Some(Outcome {
            match_status: "shared_number",
            review: true,
            ..Outcome::of(&conversation, "NeedsReview", &[&event])
        }),
        scenes: vec![Scene::received(asks), Scene::received(event)],
    }
}

fn group_with_a_known_author(spruce: &Spruce) -> Act {
    let (group, asks) = asked_group(spruce, [("Ivy Example", "+12055550108"), ("Jon Example", "+12055550109")]);
    let event = spruce.participant_writes(&group, "Jon Example", "Yes", at(13, 2));
    Act {
        title: "In a group text with Ivy and Jon, Jon writes “Yes”.",
        outcome: Some(Outcome::of(&group, "Consented", &[&event])),
        scenes: vec![asks, Scene::received(event)],
    }
}

fn group_with_an_unknown_author(spruce: &Spruce) -> Act {
    let (group, asks) = asked_group(spruce, [("Kim Example", "+12055550110"), ("Leo Example", "+12055550111")]);
    let event = spruce.participant_writes(&group, "(205) 555-0112", "Yes", at(13, 20));
    Act {
        title: "In a group text with Kim and Leo, “Yes” comes under neither name.",
        outcome: Some(Outcome {
            match_status: "ambiguous",
            review: true,
            ..Outcome::of(&group, "NeedsReview", &[&event])
        }),
        scenes: vec![asks, Scene::received(event)],
    }
}

fn unsaved_number(spruce: &Spruce) -> Act {
    let conversation = spruce.add_conversation(&[Participant::number("+12055550113")]);
    let asks = spruce.clinic_writes(&conversation, QUESTION, at(14, 0));
    let event = spruce.patient_writes(&conversation, "Yes", at(14, 8));
    Act {
        title: "“Yes” comes from a number that nobody has saved.",
        outcome: Some(Outcome { match_status: "unsaved", ..Outcome::of(&conversation, "Consented", &[&event]) }),
        scenes: vec![Scene::received(asks), Scene::received(event)],
    }
}

fn forged(spruce: &Spruce) -> Act {
    let mia = patient(spruce, "Mia Example", "+12055550114");
    let event = spruce.patient_writes(&mia, "I consent", at(14, 30));
    Act {
        title: "Somebody without the secret sends “I consent” in Mia's name.",
        outcome: None,
        scenes: vec![Scene::Delivery(Delivery { event, seal: Seal::Forged, answer: Expected::Refused })],
    }
}

fn call(spruce: &Spruce) -> Act {
    let ned = patient(spruce, "Ned Example", "+12055550115");
    let event = spruce.call(&ned, at(15, 45));
    Act { title: "Ned calls. A call is no reply.", outcome: None, scenes: vec![Scene::ignored(event)] }
}

impl Scene {
    fn received(event: Value) -> Self {
        Self::Delivery(Delivery { event, seal: Seal::Genuine, answer: Expected::Received })
    }

    fn ignored(event: Value) -> Self {
        Self::Delivery(Delivery { event, seal: Seal::Genuine, answer: Expected::Ignored })
    }

    /// The item of this event gets another text.
    fn edit(event: &Value, text: &'static str, at: Timestamp) -> Self {
        Self::Change(Change { item: item_of(event), text: Some(text), at })
    }

    /// The item of this event is deleted.
    fn delete(event: &Value, at: Timestamp) -> Self {
        Self::Change(Change { item: item_of(event), text: None, at })
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
            typed: None,
        }
    }

    /// What staff decided, if they did.
    pub(super) fn decision(&self) -> Option<Typed> {
        self.typed.filter(|typed| typed.status.is_some())
    }

    /// Staff type this into its row of the worklist, and it is looked at.
    pub(super) fn type_in(&mut self, typed: Typed) {
        if let Some(status) = typed.status {
            self.status = status;
            self.review = false;
        }
        self.typed = Some(typed);
    }
}

/// A saved contact whom the clinic asks for consent: the conversation, and the question.
pub(super) fn asked(spruce: &Spruce, name: &str, number: &str, at: Timestamp) -> (ConversationId, Scene) {
    let conversation = patient(spruce, name, number);
    let asks = Scene::received(spruce.clinic_writes(&conversation, QUESTION, at));
    (conversation, asks)
}

/// A saved contact, and the conversation with it.
fn patient(spruce: &Spruce, name: &str, number: &str) -> ConversationId {
    let contact = spruce.add_contact(name, &[number]);
    spruce.add_conversation(&[Participant::saved(&contact)])
}

/// A conversation with two saved contacts whom the clinic asks for consent.
fn asked_group(spruce: &Spruce, people: [(&str, &str); 2]) -> (ConversationId, Scene) {
    let participants = people.map(|(name, number)| Participant::saved(&spruce.add_contact(name, &[number])));
    let conversation = spruce.add_conversation(&participants);
    let asks = Scene::received(spruce.clinic_writes(&conversation, QUESTION, at(13, 0)));
    (conversation, asks)
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
        let play = || async {
            let spruce = Spruce::start().await.unwrap();
            format!("{:?} {:?}", day(&spruce), outage(&spruce))
        };
        assert_eq!(play().await, play().await);
    }

    #[test]
    fn the_day_begins_at_midnight_in_chicago() {
        let zoned = MIDNIGHT.in_tz("America/Chicago").unwrap();
        assert_eq!(zoned.datetime().to_string(), "2025-12-08T00:00:00");
    }
}
