//! What Spruce's API tells about a patient's item: who wrote it, and what the clinic had said before.
//!
//! Every look-up ends within its budget, and "not now" is an answer like any other: the worker then records what it has
//! and asks again later.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::domain::history::{Entry, MatchStatus, Patient, What};
use crate::domain::identity::Conversation;
use crate::domain::intake::{self, ListedItem};
use crate::domain::job::ItemJob;
use crate::domain::request::RequestPattern;
use crate::spruce::{Client, Failure};

/// How long all look-ups for one job may take.
const BUDGET: Duration = Duration::from_secs(25);

/// The same for a refusal that is not recorded yet: it does not wait longer for its patient's name.
const BUDGET_OF_A_REFUSAL: Duration = Duration::from_secs(3);

/// How many pages of items are looked through for a reply and what stood before it.
const MAX_PAGES: usize = 10;

/// Why something has to be asked again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Later {
    /// There was no answer.
    Failure(Failure),
    /// Spruce's lists and views lag behind its events.
    NotListedYet,
    /// What the job is about has not arrived yet: a request, or the item that was changed.
    NotArrivedYet,
}

impl From<Failure> for Later {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// What the clinic had said before an item.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    /// What it said last: a [`What::Context`].
    pub(super) context: Option<What>,
    /// The last request, as an entry of the history.
    pub(super) request: Option<Request>,
}

/// A request that was found in the conversation's items.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// The item, as it reads now.
    pub(super) item: ListedItem,
    /// It was changed after the reply: what the patient had read is not known.
    pub(super) was_changed: bool,
}

/// The look-ups for one job, within one budget.
pub(super) struct LookUp<'a> {
    spruce: &'a Client,
    pattern: &'a RequestPattern,
    job: &'a ItemJob,
    until: Instant,
    /// The job has waited for longer than anything takes to arrive.
    is_overdue: bool,
}

impl<'a> LookUp<'a> {
    /// Starts the budget.
    pub(super) fn new(
        spruce: &'a Client,
        pattern: &'a RequestPattern,
        job: &'a ItemJob,
        is_unrecorded_refusal: bool,
        is_overdue: bool,
    ) -> Self {
        let budget = if is_unrecorded_refusal { BUDGET_OF_A_REFUSAL } else { BUDGET };
        Self { spruce, pattern, job, until: Instant::now() + budget, is_overdue }
    }

    /// Who wrote the item, and in which conversation.
    pub(super) async fn writer(&self) -> Result<(Patient, Conversation), Later> {
        self.within_budget(self.find_writer()).await
    }

    /// What the clinic had said before the item: last, and (unless `is_asked` says that this is known) last of all that
    /// asked for consent.
    pub(super) async fn before(&self, history: &[Entry], is_asked: bool) -> Result<Before, Later> {
        self.within_budget(self.look_back(history, is_asked)).await
    }

    async fn within_budget<T>(&self, look_up: impl Future<Output = Result<T, Later>>) -> Result<T, Later> {
        timeout_at(self.until, look_up).await.unwrap_or(Err(Later::Failure(Failure::TimedOut)))
    }

    async fn find_writer(&self) -> Result<(Patient, Conversation), Later> {
        let conversation = match &self.job.conversation {
            // Worth a call only if the event does not say who takes part.
            Some(embedded) if !embedded.participants.is_empty() => embedded.clone(),
            _ => self.spruce.conversation(&self.job.conversation_id).await?.ok_or(Later::NotListedYet)?,
        };
        let Some(writer) = conversation.writer(&self.job.author) else {
            return Ok((Patient { status: MatchStatus::Ambiguous, ..Patient::default() }, conversation));
        };
        if !writer.contact_id.is_empty()
            && let Some(contact) = self.spruce.contact(&writer.contact_id).await?
        {
            return Ok((writer.matched(&contact), conversation));
        }
        let patient = if writer.phone.is_empty() {
            writer.untraceable()
        } else {
            writer.by_phone(&self.spruce.contacts_with_phone(&writer.phone).await?)
        };
        Ok((patient, conversation))
    }

    async fn look_back(&self, history: &[Entry], is_asked: bool) -> Result<Before, Later> {
        // An item that is deleted is in no list any more; its time alone then tells what stood before it.
        let mut is_listed = intake::is_deleted(self.job, history);
        let mut before = Before::default();
        let mut token = None;
        for _ in 0..MAX_PAGES {
            let page = self.spruce.items(&self.job.conversation_id, token.as_deref()).await?;
            let page = page.ok_or(Later::NotListedYet)?;
            for item in page.items {
                if item.id == self.job.item_id {
                    is_listed = true;
                } else if item.is_from_clinic() && item.created_at.is_some_and(|time| time <= self.job.created_at) {
                    self.weigh(item, history, &mut before);
                }
            }
            token = page.next;
            let has_all = before.context.is_some() && (is_asked || before.request.is_some());
            if token.is_none() || (is_listed && has_all) {
                break;
            }
        }
        if !is_listed {
            // What is not listed after all this time has been deleted. If nobody asked either, it is none of our business;
            // but it is no evidence of what stood before a consent.
            let is_nobodys = !is_asked && before.request.is_none() && self.is_overdue;
            return if is_nobodys { Ok(Before::default()) } else { Err(Later::NotListedYet) };
        }
        before.context.get_or_insert(What::Context { preceding_item_id: String::new(), preceding_is_request: false });
        Ok(before)
    }

    /// Takes in one of the clinic's texts from before the item; the newest come first.
    ///
    /// The list shows a text as it reads now. Where it was changed after the reply, it may have been a request when the
    /// patient read it: then the history decides, which has every version, and the fold asks it in any case. Nothing here
    /// depends on whether the history has got the request already, or the order of events would show.
    fn weigh(&self, item: ListedItem, history: &[Entry], before: &mut Before) {
        let is_known_request = intake::is_known_request(history, &item.id);
        let reads_as_request = self.pattern.is_request(item.text.expose());
        let was_changed = item.modified_at.is_some_and(|time| time > self.job.created_at);
        before.context.get_or_insert_with(|| What::Context {
            preceding_item_id: item.id.clone(),
            preceding_is_request: reads_as_request || was_changed,
        });
        if before.request.is_none() && (is_known_request || reads_as_request) {
            before.request = Some(Request { item, was_changed });
        }
    }
}
