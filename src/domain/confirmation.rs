//! Whether a reply is confirmed by a text of the clinic's.
//!
//! The law takes a confirmation that comes within minutes as part of the answer, and one that comes later as a new
//! text; after an opt-out even a friendly one is one too many. So a confirmation is sent at once or not at all.

use jiff::{SignedDuration, Timestamp};

use super::consent::{DecidedBy, State, Status};
use super::job::ItemJob;
use super::private::Private;

/// How old a reply may be to be confirmed. Older ones come from an outage, and the patient has long gone on.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(1);

/// The texts to send back (`CONSENT_CONFIRMATION`, `DECLINE_CONFIRMATION`); empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmations {
    /// After a consent.
    pub consent: Private,
    /// After a refusal.
    pub decline: Private,
}

impl Confirmations {
    /// The text that confirms the job's reply: only if it is the one in force, the patient's own, and fresh.
    pub fn due(&self, job: &ItemJob, status: &Status, now: Timestamp) -> Option<&Private> {
        let is_in_force = status.reply.as_ref().is_some_and(|reply| reply.item_id == job.item_id);
        let is_fresh = now.duration_since(job.created_at) <= MAX_AGE;
        if !is_in_force || !is_fresh || status.opted_out || status.decided_by != DecidedBy::Patient {
            return None;
        }
        let text = match status.state {
            State::Consented => &self.consent,
            State::Declined => &self.decline,
            State::NeedsReview => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }
}
