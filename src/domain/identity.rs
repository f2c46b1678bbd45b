//! Who wrote a reply: what Spruce's conversation and contacts say about it, and when that is enough.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use super::event::MAX_ID_BYTES;
use super::history::{MatchStatus, Patient};
use super::lenient::Loose;
use super::phone::e164;
use super::private::Private;

/// How many participants of a conversation are looked at. Group texts have a handful; beyond one the reply is
/// [`MatchStatus::Ambiguous`] unless its author's name is unique among them.
pub const MAX_PARTICIPANTS: usize = 20;

/// How much of a name is kept, in characters.
pub const MAX_NAME_CHARS: usize = 128;

/// A conversation, as far as it tells who takes part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Spruce's `type`: `phone` (texts and calls), `secure`, `email` and others; empty if it is not known.
    pub channel: String,
    /// The people outside of the clinic.
    pub participants: Vec<Participant>,
}

/// Somebody outside of the clinic who takes part in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Display name.
    pub name: Private,
    /// Spruce's id of the contact; empty for an unsaved number.
    pub contact_id: String,
    /// E.164; empty where the participant is not reached by phone.
    pub phone: Private,
}

/// A contact in the clinic's address book at Spruce.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Spruce's id (`entity_…`).
    pub id: String,
    /// Display name.
    pub name: Private,
    /// E.164.
    pub phones: Vec<Private>,
    /// The clinic's own id of the patient, from the contact's integration links.
    pub external_id: Private,
}

impl Conversation {
    /// Reads Spruce's conversation object; `None` if it is no object, or no JSON. Every field may be missing, `null` or of
    /// another type, a phone number may be a JSON number, and of more than [`MAX_PARTICIPANTS`] only one more is kept.
    pub fn from_json<'a>(json: impl Deserializer<'a>) -> Option<Self> {
        let wire = Loose::<IgnoredAny, ConversationWire<'_>>::of(json).object()?;
        let participant = |wire: ParticipantWire<'_>| Participant {
            name: name(wire.display_name.text()),
            contact_id: wire.contact.text().filter(|id| id.len() <= MAX_ID_BYTES).unwrap_or_default().to_owned(),
            phone: wire.endpoint.object().map(|endpoint| phone(&endpoint.raw_value)).unwrap_or_default(),
        };
        // One more than the limit tells that there are more.
        let participants = wire.external_participants.items().into_iter().filter_map(Loose::object);
        Some(Self {
            channel: wire.kind.text().unwrap_or_default().chars().take(MAX_CHANNEL_CHARS).collect(),
            participants: participants.take(MAX_PARTICIPANTS + 1).map(participant).collect(),
        })
    }

    /// The participant who wrote an item: the only one, or the only one of the author's name.
    pub fn writer(&self, author: &Private) -> Option<&Participant> {
        match self.participants.as_slice() {
            [only] => Some(only),
            // Not all of them were read.
            crowd if crowd.len() > MAX_PARTICIPANTS => None,
            several => {
                let mut namesakes = several.iter().filter(|one| !one.name.is_empty() && one.name == *author);
                namesakes.next().filter(|_| namesakes.next().is_none())
            }
        }
    }
}

impl Participant {
    /// The patient, where the conversation names the contact and Spruce knows it.
    pub fn matched(&self, contact: &Contact) -> Patient {
        Patient { status: MatchStatus::Matched, ..self.as_contact(contact) }
    }

    /// The patient, by the contacts that have the participant's number.
    pub fn by_phone(&self, hits: &[Contact]) -> Patient {
        match hits {
            [] => Patient {
                status: MatchStatus::Unsaved,
                name: self.name.clone(),
                phone: self.phone.clone(),
                ..Patient::default()
            },
            [one] => Patient { status: MatchStatus::MatchedByPhone, ..self.as_contact(one) },
            // Which of them wrote cannot be told: no name stands in the record.
            [_, _, ..] => {
                Patient { status: MatchStatus::SharedNumber, phone: self.phone.clone(), ..Patient::default() }
            }
        }
    }

    /// The patient, where there is neither a contact that Spruce knows nor a number to search by.
    pub fn untraceable(&self) -> Patient {
        Patient {
            status: MatchStatus::Ambiguous,
            contact_id: self.contact_id.clone(),
            name: self.name.clone(),
            ..Patient::default()
        }
    }

    fn as_contact(&self, contact: &Contact) -> Patient {
        let phone = if self.phone.is_empty() {
            contact.phones.first().cloned().unwrap_or_default()
        } else {
            self.phone.clone()
        };
        let name = if contact.name.is_empty() { &self.name } else { &contact.name };
        Patient {
            status: MatchStatus::Pending,
            contact_id: contact.id.clone(),
            external_id: contact.external_id.clone(),
            name: name.clone(),
            phone,
        }
    }
}

/// A display name, not longer than [`MAX_NAME_CHARS`].
pub fn name(text: Option<&str>) -> Private {
    text.unwrap_or_default().chars().take(MAX_NAME_CHARS).collect::<String>().into()
}

/// A phone number as JSON, text or number, in E.164; empty if it is none.
pub fn phone(value: &Loose<'_>) -> Private {
    let number = match value {
        Loose::Text(text) => e164(text),
        Loose::Number(number) => e164(&number.to_string()),
        _ => None,
    };
    number.unwrap_or_default().into()
}

/// Spruce's words for a channel are one short word each.
const MAX_CHANNEL_CHARS: usize = 32;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConversationWire<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    external_participants: Loose<'a, Loose<'a, IgnoredAny, ParticipantWire<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ParticipantWire<'a> {
    #[serde(borrow, default)]
    display_name: Loose<'a>,
    #[serde(borrow, default)]
    contact: Loose<'a>,
    #[serde(borrow, default)]
    endpoint: Loose<'a, IgnoredAny, EndpointWire<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EndpointWire<'a> {
    #[serde(borrow, default)]
    raw_value: Loose<'a>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn conversation(participants: &Value) -> Conversation {
        Conversation::from_json(json!({ "type": "phone", "externalParticipants": participants })).unwrap()
    }

    #[test]
    fn participants_in_every_shape() {
        let read = conversation(&json!([
            { "displayName": "Ada", "contact": "entity_1", "endpoint": { "channel": "phone", "rawValue": "+12055550100" } },
            { "displayName": null, "endpoint": { "rawValue": 12_055_550_101_u64 } },
            { "displayName": "Secure only", "contact": "entity_3" },
            null
        ]));
        let seen: Vec<_> = read
            .participants
            .iter()
            .map(|one| (one.name.expose(), one.contact_id.as_str(), one.phone.expose()))
            .collect();
        assert_eq!(
            seen,
            [("Ada", "entity_1", "+12055550100"), ("", "", "+12055550101"), ("Secure only", "entity_3", "")]
        );
        assert_eq!(conversation(&json!(null)).participants, []);
        assert_eq!(Conversation::from_json(json!("t_1")), None);
    }

    /// Whatever stands in the place of one thing, the others are read.
    #[test]
    fn what_has_another_type_hides_nothing_else() {
        let odd =
            [json!(null), json!(7), json!(-1.5), json!("x"), json!([null]), json!(["x", {}]), json!({ "a": [1] })];
        for odd in odd {
            for field in ["displayName", "contact", "endpoint", "unknown"] {
                let mut ada = json!({ "displayName": "Ada", "contact": "entity_1",
                    "endpoint": { "channel": "phone", "rawValue": "+12055550100" } });
                ada[field] = odd.clone();
                let participants = json!([odd, ada]);
                let text = json!({ "type": "phone", "externalParticipants": participants }).to_string();
                let read = Conversation::from_json(&mut serde_json::Deserializer::from_str(&text)).unwrap();
                assert_eq!(read, conversation(&participants), "{text}");
                assert_eq!(read.channel, "phone", "{text}");
                let last = read.participants.last().unwrap();
                assert!(field == "displayName" || last.name.expose() == "Ada", "{text}");
                assert!(field == "contact" || last.contact_id == "entity_1", "{text}");
                assert!(field == "endpoint" || last.phone.expose() == "+12055550100", "{text}");
            }
            let mut whole = json!({ "type": "phone", "externalParticipants": odd });
            assert!(Conversation::from_json(&whole).is_some(), "{whole}");
            whole["type"] = odd;
            assert!(Conversation::from_json(&whole).is_some(), "{whole}");
        }
    }

    #[test]
    fn the_writer_is_the_only_one_or_the_only_namesake() {
        let names = |names: &[&str]| {
            conversation(&Value::Array(names.iter().map(|name| json!({ "displayName": name })).collect()))
        };
        let found =
            |all: &[&str], author: &str| names(all).writer(&author.into()).map(|one| one.name.expose().to_owned());
        assert_eq!(found(&["Ada"], "somebody else").as_deref(), Some("Ada"));
        assert_eq!(found(&["Ada", "Bob"], "Bob").as_deref(), Some("Bob"));
        assert_eq!(found(&["Ada", "Bob"], "Cleo"), None);
        assert_eq!(found(&["Ada", "Ada"], "Ada"), None);
        assert_eq!(found(&["", "Bob"], ""), None);
        assert_eq!(found(&[], "Ada"), None);
    }

    #[test]
    fn a_number_with_one_owner_several_and_none() {
        let writer =
            Participant { name: "(205) 555-0100".into(), phone: "+12055550100".into(), ..Participant::default() };
        let contact = |id: &str| Contact { id: id.to_owned(), name: "Ada".into(), ..Contact::default() };
        let one = writer.by_phone(&[contact("entity_1")]);
        assert_eq!(
            (one.status, one.name.expose(), one.contact_id.as_str()),
            (MatchStatus::MatchedByPhone, "Ada", "entity_1")
        );
        let shared = writer.by_phone(&[contact("entity_1"), contact("entity_2")]);
        assert_eq!(
            (shared.status, shared.name.expose(), shared.contact_id.as_str()),
            (MatchStatus::SharedNumber, "", "")
        );
        let unsaved = writer.by_phone(&[]);
        assert_eq!((unsaved.status, unsaved.phone.expose()), (MatchStatus::Unsaved, "+12055550100"));
        assert!(one.status.is_identified() && unsaved.status.is_identified() && !shared.status.is_identified());
    }
}
