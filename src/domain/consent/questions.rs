//! Which of the clinic's requests stood when a reply was written, and what they said at that time.
//!
//! A request can be edited, deleted and restored, and it expires. What counts for an answer is the request as it was
//! when the patient answered: a later edit or deletion changes nothing about it, and an answer to a request that was
//! already deleted, or no longer asked, answers nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::record::{Reply, Request};
use crate::domain::private::Private;

/// A request as it read at some time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Question<'a> {
    pub(super) item_id: &'a str,
    pub(super) text: &'a Private,
    /// When the item was created. An edit does not make a request newer: nobody is told of it, and a text message
    /// cannot be changed on the patient's phone at all.
    pub(super) requested_at: Timestamp,
}

/// The requests that stood when a reply was created.
#[derive(Clone, Copy, Default)]
pub(super) struct Asked<'a> {
    /// The newest one that was open.
    pub(super) open: Option<Question<'a>>,
    /// The newest one, open or expired.
    pub(super) newest: Option<Question<'a>>,
    /// The newest item that had ever been a request, whether or not it still asked then: the clinic's last text, as
    /// far as the history knows it.
    pub(super) last: Option<Question<'a>>,
    /// When the item that the reply's context names was created, if it is a request that the history knows.
    pub(super) context_at: Option<(Timestamp, &'a str)>,
}

/// Tells each reply which requests stood before it. The replies must be in order.
///
/// One walk through time, in which requests come and go and each reply looks at what stands.
pub(super) fn put<'a>(requests: &[Request<'a>], replies: &mut [Reply<'a>]) {
    let mut turns: Vec<Turn<'a>> = requests.iter().flat_map(turns).collect();
    // Stable: what one request goes through in the same instant keeps its order.
    turns.sort_by_key(|turn| turn.place);
    let places: BTreeMap<&str, Timestamp> = requests.iter().map(|request| (request.id, request.created_at)).collect();

    let mut turns = turns.into_iter().peekable();
    let mut board = Board::default();
    for reply in replies {
        let place = Place::of_item(reply.created_at, reply.id);
        while let Some(turn) = turns.next_if(|turn| turn.place <= place) {
            board.apply(&turn);
        }
        reply.asked = board.look();
        reply.asked.context_at = reply.context_item().and_then(|id| Some((*places.get(id)?, id)));
    }
}

/// A point in the order of things: items in the order of their creation, then of their ids; a change to an item before
/// whatever else is created in the same instant; an expiry after it, so that the last instant still counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a>(Timestamp, Rank, &'a str);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Change,
    Item,
    Expiry,
}

impl<'a> Place<'a> {
    const fn of_item(created_at: Timestamp, id: &'a str) -> Self {
        Self(created_at, Rank::Item, id)
    }

    const fn of_change(at: Timestamp) -> Self {
        Self(at, Rank::Change, "")
    }

    const fn of_expiry(at: Timestamp) -> Self {
        Self(at, Rank::Expiry, "")
    }
}

/// Something that happens to a request.
struct Turn<'a> {
    place: Place<'a>,
    request: Key<'a>,
    becomes: Becomes<'a>,
}

/// Requests in the order of their creation, then of their ids.
type Key<'a> = (Timestamp, &'a str);

#[derive(Clone, Copy)]
enum Becomes<'a> {
    /// It reads like this; an answer counts until the time given, if it asks anything.
    Standing { text: &'a Private, expires_at: Option<Timestamp> },
    /// It is deleted.
    Gone,
    /// Time has passed: if it still expires when it did, it has expired.
    Expired,
}

/// What one request goes through.
fn turns<'a>(request: &Request<'a>) -> Vec<Turn<'a>> {
    enum Step<'a> {
        Text(&'a Private, Option<Timestamp>),
        Mark { deletes: bool },
    }

    // A version never stands before the one that it replaces, whatever its time says.
    let texts = request.versions.iter().scan(None, |before, version| {
        let place = if version.original {
            Place::of_item(version.written_at, request.id)
        } else {
            Place::of_change(version.written_at)
        };
        let place = before.map_or(place, |before| place.max(before));
        *before = Some(place);
        Some((place, Step::Text(version.text, version.said)))
    });
    let marks = request.marks.iter().map(|mark| (Place::of_change(mark.at), Step::Mark { deletes: mark.deletes }));
    let mut steps: Vec<(Place<'_>, Step<'_>)> = texts.chain(marks).collect();
    steps.sort_by_key(|(place, _)| *place);

    let key = (request.created_at, request.id);
    let mut turns = Vec::new();
    let mut standing = None;
    let mut deleted = false;
    for (place, step) in steps {
        match step {
            Step::Mark { deletes } => deleted = deletes,
            Step::Text(text, expires_at) => {
                standing = Some(Becomes::Standing { text, expires_at });
                if let Some(expires_at) = expires_at {
                    turns.push(Turn { place: Place::of_expiry(expires_at), request: key, becomes: Becomes::Expired });
                }
            }
        }
        let becomes = standing.filter(|_| !deleted).unwrap_or(Becomes::Gone);
        turns.push(Turn { place, request: key, becomes });
    }
    turns
}

/// What stands at one moment of the walk.
#[derive(Default)]
struct Board<'a> {
    /// Every request that is not deleted, with its text.
    standing: BTreeMap<Key<'a>, &'a Private>,
    /// Those of them that ask.
    asking: BTreeMap<Key<'a>, &'a Private>,
    /// Those of them that may still be answered, with the time until when.
    open: BTreeMap<Key<'a>, (&'a Private, Timestamp)>,
}

impl<'a> Board<'a> {
    fn apply(&mut self, turn: &Turn<'a>) {
        let key = turn.request;
        match turn.becomes {
            Becomes::Expired => {
                // An edit may have moved the expiry; then an earlier one means nothing any more.
                if self.open.get(&key).is_some_and(|(_, expires_at)| *expires_at <= turn.place.0) {
                    self.open.remove(&key);
                }
            }
            Becomes::Gone => {
                self.standing.remove(&key);
                self.asking.remove(&key);
                self.open.remove(&key);
            }
            Becomes::Standing { text, expires_at } => {
                self.standing.insert(key, text);
                self.asking.remove(&key);
                self.open.remove(&key);
                if let Some(expires_at) = expires_at {
                    self.asking.insert(key, text);
                    if turn.place.0 <= expires_at {
                        self.open.insert(key, (text, expires_at));
                    }
                }
            }
        }
    }

    fn look(&self) -> Asked<'a> {
        let question = |((requested_at, item_id), text)| Question { item_id, text, requested_at };
        let newest =
            |board: &BTreeMap<Key<'a>, &'a Private>| board.last_key_value().map(|(key, text)| question((*key, *text)));
        Asked {
            open: self.open.last_key_value().map(|(key, (text, _))| question((*key, *text))),
            newest: newest(&self.asking),
            last: newest(&self.standing),
            context_at: None,
        }
    }
}

impl<'a> Question<'a> {
    /// Where it stands among the clinic's requests.
    pub(super) const fn place(&self) -> (Timestamp, &'a str) {
        (self.requested_at, self.item_id)
    }
}
