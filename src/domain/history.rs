//! The history of a conversation: what happened in it, one [`Entry`] per thing, never changed and never removed.
//!
//! An entry is the typed form of one row of the table `ConsentHistory`. The fold (`consent`) reads a set of them, the
//! worker makes them, and `storage::tables` knows how they look as columns.

use jiff::Timestamp;

use super::private::Private;
use super::reply::Verdict;

/// One thing that happened in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// Spruce's id of the conversation (`t_…`).
    pub conversation_id: String,
    /// Spruce's id of the item that the entry is about (`ti_…`). A staff decision that is about no item (said on the
    /// phone, on paper) has an empty one.
    pub item_id: String,
    /// When the item was created; for a [`What::Review`] the time of the decision.
    pub created_at: Timestamp,
    /// When the item was last changed, where the event says so.
    pub modified_at: Option<Timestamp>,
    /// When the row was written. The first writing counts: a repeat writes nothing.
    pub recorded_at: Timestamp,
    /// Where the entry comes from. Evidence; decides nothing but [`Origin::event_time`].
    pub origin: Origin,
    /// What happened.
    pub what: What,
}

impl Entry {
    /// When it happened: an item when it was created, a change when it was made, a look-up or a confirmation when it was
    /// recorded. A change of which Spruce does not say when it was made counts from its recording.
    pub fn happened_at(&self) -> Timestamp {
        match self.what {
            What::Reply { .. } | What::Request { .. } | What::Review { .. } => self.created_at,
            What::EditedReply { .. } | What::EditedRequest { .. } | What::Deleted | What::Restored => {
                self.modified_at.or(self.origin.event_time).unwrap_or(self.recorded_at)
            }
            What::Match(_) | What::Context { .. } | What::Confirmation { .. } => self.recorded_at,
        }
    }
}

/// The event that an entry was made from, and how it looked.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// `conversationItem.created` and so on; `lookup` for what was found through Spruce's API; empty for staff.
    pub event_type: String,
    /// When Spruce says the event happened.
    pub event_time: Option<Timestamp>,
    /// When the webhook, or `backfill`, took it in.
    pub received_at: Option<Timestamp>,
    /// SHA-256 of the raw body, hex, if a signed webhook brought it: empty for what was looked up, and for what `backfill`
    /// read in Spruce's delivery log.
    pub body_sha256: String,
    /// `phone`, `secure` and so on; empty if it is not known.
    pub channel: String,
    /// The link to the item in Spruce's app, for staff.
    pub conversation_url: String,
    /// Display name of who wrote the item.
    pub author: Private,
    /// How many attachments the item has.
    pub attachments: u32,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The patient wrote: an inbound item, as it was created.
    Reply {
        /// The words, exact (cut at the column's limit).
        text: Private,
        /// What they were taken to say when they came in.
        verdict: Verdict,
        /// Taken as an answer without a request, because `CONSENT_REQUEST_PATTERN` was `any` when it came in.
        needs_no_request: bool,
        /// Who wrote it, as far as known when it came in.
        patient: Patient,
    },
    /// The clinic asked for consent: an outbound item, as it was created.
    Request {
        /// The question, exact.
        text: Private,
        /// Until when an answer counts.
        expires_at: Timestamp,
    },
    /// A later version of a reply.
    EditedReply {
        /// The words of this version.
        text: Private,
        /// What they say.
        verdict: Verdict,
        /// As in [`What::Reply`]: such an entry may be all that is known of the item.
        needs_no_request: bool,
        /// As in [`What::Reply`].
        patient: Patient,
    },
    /// A later version of an outbound item.
    EditedRequest {
        /// The words of this version.
        text: Private,
        /// Until when an answer counts; `None` if the text is no request any more.
        expires_at: Option<Timestamp>,
    },
    /// The item was deleted.
    Deleted,
    /// The deletion was taken back.
    Restored,
    /// Who wrote the item, found after its reply was recorded.
    Match(Patient),
    /// What the clinic had said last before the item (a reply that consents).
    Context {
        /// The clinic's last text before the item; empty if there was none.
        preceding_item_id: String,
        /// Whether that text asks for consent.
        preceding_is_request: bool,
    },
    /// Staff decided.
    Review {
        /// What they decided.
        decision: StaffDecision,
        /// Who.
        reviewed_by: Private,
        /// Why, in their words.
        note: Private,
    },
    /// A confirmation was to be sent for the item.
    Confirmation {
        /// The text.
        text: Private,
    },
}

/// The word in the column `Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An inbound item.
    Reply,
    /// An outbound item that asks for consent.
    Request,
    /// A later version of either.
    Edit,
    /// A deletion.
    Delete,
    /// A deletion taken back.
    Restore,
    /// Who the patient is.
    Match,
    /// What the clinic said last before a consent.
    Context,
    /// A decision by staff.
    Review,
    /// A confirmation.
    Confirmation,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Self; 9] = [
        Self::Reply,
        Self::Request,
        Self::Edit,
        Self::Delete,
        Self::Restore,
        Self::Match,
        Self::Context,
        Self::Review,
        Self::Confirmation,
    ];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Request => "request",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Match => "match",
            Self::Context => "context",
            Self::Review => "review",
            Self::Confirmation => "confirmation",
        }
    }

    /// Reads [`Kind::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl What {
    /// The kind of row that this is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Reply { .. } => Kind::Reply,
            Self::Request { .. } => Kind::Request,
            Self::EditedReply { .. } | Self::EditedRequest { .. } => Kind::Edit,
            Self::Deleted => Kind::Delete,
            Self::Restored => Kind::Restore,
            Self::Match(_) => Kind::Match,
            Self::Context { .. } => Kind::Context,
            Self::Review { .. } => Kind::Review,
            Self::Confirmation { .. } => Kind::Confirmation,
        }
    }
}

/// Who wrote a reply, as far as Spruce tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Patient {
    /// How sure that is.
    pub status: MatchStatus,
    /// Spruce's id of the contact (`entity_…`), empty if there is none.
    pub contact_id: String,
    /// The clinic's own id of the patient (from the contact's integration links), empty if there is none.
    pub external_id: Private,
    /// Display name.
    pub name: Private,
    /// E.164, empty if not known.
    pub phone: Private,
}

/// How a reply was tied to a patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchStatus {
    /// The conversation names the contact.
    Matched,
    /// One contact has the phone number.
    MatchedByPhone,
    /// Several contacts have the phone number.
    SharedNumber,
    /// Several people take part in the conversation and none of them is surely the author.
    Ambiguous,
    /// No contact has the phone number; the number itself is the identity.
    Unsaved,
    /// Not looked up yet, or the look-up failed.
    #[default]
    Pending,
}

impl MatchStatus {
    /// Every status there is.
    pub const ALL: [Self; 6] =
        [Self::Matched, Self::MatchedByPhone, Self::SharedNumber, Self::Ambiguous, Self::Unsaved, Self::Pending];

    /// The word in the column `MatchStatus`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::MatchedByPhone => "matched_by_phone",
            Self::SharedNumber => "shared_number",
            Self::Ambiguous => "ambiguous",
            Self::Unsaved => "unsaved",
            Self::Pending => "pending",
        }
    }

    /// Reads [`MatchStatus::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether the reply is surely one person's: only then can a consent take effect.
    pub const fn is_identified(self) -> bool {
        match self {
            Self::Matched | Self::MatchedByPhone | Self::Unsaved => true,
            Self::SharedNumber | Self::Ambiguous | Self::Pending => false,
        }
    }
}

/// What staff may decide about an open review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaffDecision {
    /// The patient consents.
    Consent,
    /// The patient declines.
    Decline,
    /// The review is closed; nothing else changes.
    Ignore,
}

impl StaffDecision {
    /// The word that staff type, and that the column `Decision` holds.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Decline => "decline",
            Self::Ignore => "ignore",
        }
    }

    /// Reads what staff typed, in any case and with space around it.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        [Self::Consent, Self::Decline, Self::Ignore].into_iter().find(|word| typed.eq_ignore_ascii_case(word.as_str()))
    }
}
