//! Why a reply waits for staff, or what staff did, in a sentence for the front desk. Verdicts bring their own reasons;
//! these are the fold's.

pub(super) const REFUSAL_CHANGED: &str =
    "The patient refused, then changed the text. The refusal stands unless you decide otherwise.";
pub(super) const REFUSAL_DELETED: &str =
    "The patient refused, then deleted the text. The refusal stands unless you decide otherwise.";
pub(super) const CONSENT_CHANGED: &str = "The patient changed the text of this reply after sending it.";
pub(super) const CONSENT_DELETED: &str = "The patient deleted this reply after consenting with it.";
pub(super) const SHARED_NUMBER: &str = "Several patients share this phone number: ask whose reply this is.";
pub(super) const AMBIGUOUS: &str = "Several people take part in this conversation: ask whose reply this is.";
pub(super) const PENDING: &str = "Who wrote this is still being looked up.";
pub(super) const NEVER_ASKED: &str = "No request for consent is known before this reply.";
pub(super) const EXPIRED: &str = "The request for consent had expired when this reply came.";
pub(super) const CONTEXT_PENDING: &str = "What the clinic wrote before this reply is still being looked up.";
pub(super) const OTHER_TEXT_BETWEEN: &str =
    "The clinic's last text before this reply was not the request: it may answer something else.";
pub(super) const CONTEXT_DISPUTED: &str = "It is not clear what the clinic wrote last before this reply.";
pub(super) const AFTER_REFUSAL: &str =
    "The patient had refused before. A short yes counts again only in answer to a newer request.";
pub(super) const AFTER_OPT_OUT: &str = "The patient had asked for no more texts. Only a reply that says \"I \
                                        consent\" or the like, to a newer request, counts again.";
pub(super) const UNCLEAR: &str = "A person has to read this reply.";
pub(super) const STAFF_CONSENT: &str = "Staff recorded that the patient consents.";
pub(super) const STAFF_DECLINE: &str = "Staff recorded that the patient declines.";
pub(super) const NOTHING_DECIDED: &str = "Nothing has been decided yet.";
