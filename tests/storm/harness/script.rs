//! What happens in the conversations, from a seed, and the history entries that ought to come of it.
//!
//! The entries are made here from the script alone: nothing of the worker, of its look-ups or of the queue is in them.
//! What the words say is `classify`'s, which has its own tests.

use jiff::{SignedDuration, Timestamp};
use local::spruce::{ConversationId, ItemId, Participant, Spruce, item_of};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use spruce_consent::domain::history::{Entry, MatchStatus, Origin, Patient, What};
use spruce_consent::domain::reply::{Decision, Lexicon, Verdict, classify};

const REQUESTS: [&str; 3] = [
    "Do you consent to Advanced Primary Care Management? Reply YES or NO",
    "We need your consent to share records with the hospital. Reply YES or NO",
    "¿Consiente usted recibir mensajes de texto? Responda SÍ o NO",
];
const OTHER_TEXTS: [&str; 3] = ["Your visit is tomorrow at 9. See you!", "Are you still coming at 9?", "Running late!"];

const BARE_CONSENTS: [&str; 4] = ["Yes", "ok", "Sí", "YES"];
const BARE_REFUSALS: [&str; 3] = ["No", "no thanks", "NO"];
const UNCLEAR: [&str; 3] = ["What does it cost?", "Who is this?", "Yes, but call me first"];
/// These say themselves what they decide, so that they are kept even where nobody has asked.
const SPEAKING: [&str; 6] =
    ["I consent", "Yes, I consent", "I do not consent", "I withdraw my consent", "STOP", "stop texting me"];

/// When every conversation begins. No rule of the tables looks at a clock.
const BEGINNING: Timestamp = Timestamp::constant(1_772_463_600, 0);

/// How long an answer to a request counts: `CONSENT_REPLY_WINDOW_DAYS`, as it is unless set.
const WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What happens in one conversation.
pub(super) struct Story {
    conversation: ConversationId,
    /// Who writes in it, as Spruce shows them.
    author: String,
    /// Who that is for our tables.
    pub(super) patient: Patient,
    now: Timestamp,
    items: Vec<Item>,
    /// Every event, in the order in which things happened.
    pub(super) events: Vec<Value>,
    /// What the history ought to hold, apart from who the patient is and what stood before a consent.
    entries: Vec<Entry>,
    /// For people, when something differs.
    pub(super) told: Vec<String>,
}

/// An item as it is now.
struct Item {
    id: ItemId,
    from: From,
    kept: Kept,
    text: String,
    created_at: Timestamp,
    is_deleted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Patient,
    Clinic,
}

/// Whether an item belongs into the tables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// A request, or a reply after one.
    Yes,
    /// Nobody had asked, but it says in so many words what it decides. So do its later versions.
    ByItsWords,
    No,
}

/// A seeded generator: `SplitMix64`, whose whole state is a counter.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0. Even enough for a script.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.draw() % u64::try_from(end).unwrap()).unwrap()
    }

    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }

    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Lets one conversation happen.
///
/// Three things never do, because what is kept of them may depend on what was known first, or on what Spruce's API did
/// not tell, or is only certain when the wait for a late event is over (21 minutes):
/// - the first request is neither deleted nor edited into something else: before its own event, only the list of the
///   conversation's items can tell that somebody asked;
/// - a text that is not ours is neither edited nor deleted;
/// - nobody refuses by a bare "no" before the first request.
pub(super) fn play(spruce: &Spruce, number: usize, dice: &mut Dice) -> Story {
    let mut story = Story::begin(spruce, number, dice);
    match dice.below(10) {
        0 => {}
        1 | 2 => {
            story.patient_writes(spruce, dice);
            story.clinic_writes(spruce, dice.pick(&OTHER_TEXTS));
            story.patient_writes(spruce, dice);
            story.clinic_writes(spruce, dice.pick(&REQUESTS));
        }
        _ => story.clinic_writes(spruce, dice.pick(&REQUESTS)),
    }
    story.patient_writes(spruce, dice);
    for _ in 0..3 + dice.below(3) {
        story.go_on(spruce, dice);
    }
    story
}

impl Item {
    fn is_request(&self) -> bool {
        self.from == From::Clinic && self.kept == Kept::Yes
    }

    fn is_reply(&self) -> bool {
        self.from == From::Patient && self.kept != Kept::No
    }
}

impl Story {
    pub(super) fn id(&self) -> &str {
        self.conversation.as_str()
    }

    /// Whether anything has become of an item since it was created.
    pub(super) fn was_changed(&self, item_id: &str) -> bool {
        self.entries.iter().filter(|entry| entry.item_id == item_id).count() > 1
    }

    /// The set of all entries that ought to exist, the look-ups' included, as if every look-up had come at once.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let consents = |item: &&Item| {
            let texts = self.entries.iter().filter(|entry| entry.item_id == item.id.as_str());
            texts.filter_map(verdict).any(|verdict| verdict.decision == Decision::Consent)
        };
        let contexts = self.items.iter().filter(consents).map(|item| {
            let is_before =
                |other: &&Item| other.from == From::Clinic && !other.is_deleted && other.created_at < item.created_at;
            let before = self.items.iter().rev().find(is_before);
            Entry {
                conversation_id: self.id().to_owned(),
                item_id: item.id.as_str().to_owned(),
                created_at: item.created_at,
                modified_at: None,
                recorded_at: item.created_at,
                origin: Origin { event_type: "lookup".to_owned(), ..Origin::default() },
                what: What::Context {
                    preceding_item_id: before.map(|before| before.id.as_str().to_owned()).unwrap_or_default(),
                    preceding_is_request: before.is_some_and(Item::is_request),
                },
            }
        });
        self.entries.iter().cloned().chain(contexts).collect()
    }

    fn begin(spruce: &Spruce, number: usize, dice: &mut Dice) -> Self {
        let phone = |of: usize| format!("+1205{:07}", 2_000_000 + 2 * number + of);
        let (one, other) = (phone(0), phone(1));
        let name = format!("Ada Example-{number}");
        let patient = |status| Patient { status, phone: one.as_str().into(), ..Patient::default() };
        let contact = || {
            let contact = spruce.add_contact(&name, &[&one]);
            let id = contact.as_str().to_owned();
            (contact, move |status| Patient { contact_id: id, name: name.as_str().into(), ..patient(status) })
        };
        let (conversation, patient, author) = match dice.below(10) {
            0..=3 => {
                let (contact, patient) = contact();
                spruce.link_contact(&contact, &format!("MRN-{number}"));
                let patient = Patient { external_id: format!("MRN-{number}").into(), ..patient(MatchStatus::Matched) };
                (spruce.add_conversation(&[Participant::saved(&contact)]), patient, None)
            }
            4 => {
                let (_, patient) = contact();
                let conversation = spruce.add_conversation(&[Participant::number(&one)]);
                (conversation, patient(MatchStatus::MatchedByPhone), None)
            }
            5 | 6 => {
                spruce.add_contact("Kim Example", &[&one]);
                spruce.add_contact("Leo Example", &[&one]);
                let conversation = spruce.add_conversation(&[Participant::number(&one)]);
                (conversation, patient(MatchStatus::SharedNumber), None)
            }
            7 => {
                let people = [spruce.add_contact("Kim Example", &[&one]), spruce.add_contact("Leo Example", &[&other])];
                let conversation = spruce.add_conversation(&people.map(|contact| Participant::saved(&contact)));
                let patient = Patient { status: MatchStatus::Ambiguous, ..Patient::default() };
                (conversation, patient, Some("somebody else".to_owned()))
            }
            _ => {
                let conversation = spruce.add_conversation(&[Participant::number(&one)]);
                let shown = format!("(205) {}-{}", &one[5..8], &one[8..]);
                let patient = Patient { name: shown.as_str().into(), ..patient(MatchStatus::Unsaved) };
                (conversation, patient, Some(shown))
            }
        };
        let author = author.unwrap_or_else(|| {
            if patient.name.is_empty() {
                format!("(205) {}-{}", &one[5..8], &one[8..])
            } else {
                patient.name.expose().to_owned()
            }
        });
        let told = vec![format!("{conversation}, {:?}", patient.status)];
        Self {
            conversation,
            author,
            patient,
            now: BEGINNING,
            items: Vec::new(),
            events: Vec::new(),
            entries: Vec::new(),
            told,
        }
    }

    /// Whatever comes next; where it cannot, the patient writes.
    fn go_on(&mut self, spruce: &Spruce, dice: &mut Dice) {
        let first_request = self.first_request().cloned();
        let is_first = |item: &Item| first_request.as_ref() == Some(&item.id);
        match dice.below(100) {
            0..10 => return self.clinic_writes(spruce, dice.pick(&OTHER_TEXTS)),
            10..22 if first_request.is_some() => return self.clinic_writes(spruce, dice.pick(&REQUESTS)),
            22..40 => {
                if let Some(place) = self.choose(dice, |item| item.is_reply() && !item.is_deleted) {
                    let text = match dice.below(4) {
                        // As when somebody marks it as read.
                        0 => self.items[place].text.clone(),
                        _ => words(self.items[place].kept, dice).to_owned(),
                    };
                    return self.change(spruce, place, Some(&text));
                }
            }
            40..52 => {
                if let Some(place) = self.choose(dice, |item| item.is_reply() && !item.is_deleted) {
                    return self.change(spruce, place, None);
                }
            }
            52..60 => {
                if let Some(place) = self.choose(dice, |item| item.kept != Kept::No && item.is_deleted) {
                    return self.change(spruce, place, None);
                }
            }
            60..65 => {
                if let Some(place) = self.choose(dice, |item| item.is_request() && !item.is_deleted && !is_first(item))
                {
                    let text = dice.pick(&[None, Some(OTHER_TEXTS[0])]);
                    return self.change(spruce, place, text);
                }
            }
            65..69 => {
                if let Some(place) = self.choose(dice, |item| item.is_request() && !item.is_deleted) {
                    return self.change(spruce, place, Some(dice.pick(&REQUESTS)));
                }
            }
            69..72 => {
                self.told.push("  five weeks pass".to_owned());
                self.now += SignedDuration::from_hours(5 * 7 * 24);
            }
            _ => {}
        }
        self.patient_writes(spruce, dice);
    }

    fn choose(&self, dice: &mut Dice, wanted: impl Fn(&Item) -> bool) -> Option<usize> {
        let places: Vec<usize> = (0..self.items.len()).filter(|place| wanted(&self.items[*place])).collect();
        if places.is_empty() { None } else { Some(dice.pick(&places)) }
    }

    fn first_request(&self) -> Option<&ItemId> {
        self.items.iter().find(|item| item.is_request()).map(|item| &item.id)
    }

    fn patient_writes(&mut self, spruce: &Spruce, dice: &mut Dice) {
        let was_asked = self.first_request().is_some();
        let text = words(if was_asked { Kept::Yes } else { Kept::No }, dice);
        let kept = match (was_asked, SPEAKING.contains(&text)) {
            (true, _) => Kept::Yes,
            (false, true) => Kept::ByItsWords,
            (false, false) => Kept::No,
        };
        self.now += minutes(dice);
        let event = spruce.participant_writes(&self.conversation, &self.author, text, self.now);
        let remark = if kept == Kept::No { " (not ours)" } else { "" };
        self.told.push(format!("  {} patient: {text}{remark}", self.now));
        self.add(&event, From::Patient, kept, text);
        if kept != Kept::No {
            let (text, verdict) = (text.into(), says(text));
            self.note(&event, What::Reply { text, verdict, needs_no_request: false, patient: self.patient.clone() });
        }
        self.events.push(event);
    }

    fn clinic_writes(&mut self, spruce: &Spruce, text: &str) {
        self.now += SignedDuration::from_mins(7);
        let event = spruce.clinic_writes(&self.conversation, text, self.now);
        self.told.push(format!("  {} clinic: {text}", self.now));
        let asks = REQUESTS.contains(&text);
        self.add(&event, From::Clinic, if asks { Kept::Yes } else { Kept::No }, text);
        if asks {
            self.note(&event, What::Request { text: text.into(), expires_at: self.now + WINDOW });
        }
        self.events.push(event);
    }

    /// Edits an item, or deletes it, or takes the deletion back.
    fn change(&mut self, spruce: &Spruce, place: usize, new_text: Option<&str>) {
        self.now += SignedDuration::from_mins(3);
        let patient = self.patient.clone();
        let item = &mut self.items[place];
        let (event, what) = match new_text {
            Some(text) => {
                text.clone_into(&mut item.text);
                let what = if item.from == From::Patient {
                    What::EditedReply { text: text.into(), verdict: says(text), needs_no_request: false, patient }
                } else {
                    let expires_at = REQUESTS.contains(&text).then_some(item.created_at + WINDOW);
                    What::EditedRequest { text: text.into(), expires_at }
                };
                (spruce.edit(&item.id, text, self.now), what)
            }
            None if item.is_deleted => {
                item.is_deleted = false;
                (spruce.restore(&item.id, self.now), What::Restored)
            }
            None => {
                item.is_deleted = true;
                (spruce.delete(&item.id, self.now), What::Deleted)
            }
        };
        self.told.push(format!("  {} {} of {}: {}", self.now, what.kind().as_str(), item.id, item.text));
        self.note(&event, what);
        self.events.push(event);
    }

    fn add(&mut self, event: &Value, from: From, kept: Kept, text: &str) {
        let (id, text) = (item_of(event), text.to_owned());
        self.items.push(Item { id, from, kept, text, created_at: self.now, is_deleted: false });
    }

    /// The entry that the event ought to become.
    fn note(&mut self, event: &Value, what: What) {
        let text = |path| event.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let time = |path| text(path).parse::<Timestamp>().unwrap();
        self.entries.push(Entry {
            conversation_id: self.id().to_owned(),
            item_id: item_of(event).as_str().to_owned(),
            created_at: time("/data/object/createdAt"),
            modified_at: Some(time("/data/object/modifiedAt")),
            recorded_at: self.now,
            origin: Origin {
                event_type: text("/type").to_owned(),
                event_time: Some(time("/eventTime")),
                received_at: None,
                body_sha256: format!("{:x}", Sha256::digest(event.to_string())),
                channel: "phone".to_owned(),
                conversation_url: text("/data/object/appURL").to_owned(),
                author: text("/data/object/author/displayName").into(),
                attachments: 0,
            },
            what,
        });
    }
}

/// What a patient writes, or changes a text of this kind to.
fn words(kept: Kept, dice: &mut Dice) -> &'static str {
    let all: [&[&str]; 4] = [&BARE_CONSENTS, &SPEAKING, &UNCLEAR, &BARE_REFUSALS];
    let kinds: &[usize] = match kept {
        Kept::Yes => &[0, 0, 0, 1, 1, 2, 3],
        Kept::ByItsWords => &[1],
        Kept::No => &[0, 1, 2],
    };
    let kind = dice.pick(kinds);
    dice.pick(all[kind])
}

fn says(text: &str) -> Verdict {
    let verdict = classify(text, &Lexicon::default());
    // What the script does with a text depends on what kind it is.
    let speaks = verdict.decision != Decision::Unclear && (verdict.explicit || verdict.opt_out);
    assert_eq!(speaks, SPEAKING.contains(&text), "{text}");
    assert_eq!(verdict.decision == Decision::Unclear, UNCLEAR.contains(&text), "{text}");
    verdict
}

const fn verdict(entry: &Entry) -> Option<&Verdict> {
    match &entry.what {
        What::Reply { verdict, .. } | What::EditedReply { verdict, .. } => Some(verdict),
        _ => None,
    }
}

fn minutes(dice: &mut Dice) -> SignedDuration {
    SignedDuration::from_mins(i64::try_from(1 + dice.below(240)).unwrap())
}
