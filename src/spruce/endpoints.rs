//! What operators ask Spruce: the endpoints that it sends events to, and what became of each event.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::Method;
use serde_json::json;

use super::{Client, Failure, Page, wire};
use crate::domain::private::Private;

/// An address that Spruce sends events to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Spruce's id (`wde_…`).
    pub id: String,
    /// What the clinic calls it; may be empty.
    pub name: String,
    /// The address.
    pub url: String,
    /// Whether Spruce sends to it, in a word of Spruce's own. Which words there are is not documented.
    pub status: String,
    /// Since when it is registered.
    pub created_at: Option<Timestamp>,
}

/// A new endpoint with its signing secrets, which Spruce shows this once. Today there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The secrets, to be used as they are; none if the answer has none that can be found.
    pub secrets: Vec<Private>,
}

/// An event in an endpoint's delivery log, where Spruce keeps it for 30 days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Spruce's id of the event (`wev_…`), which the event itself does not carry.
    pub id: String,
    /// When it happened.
    pub event_time: Option<Timestamp>,
    /// The event's JSON, as it was sent.
    pub payload: Private,
    /// What became of it, in a word of Spruce's own. Which words there are is not documented.
    pub status: String,
    /// How often Spruce tried.
    pub attempts: u64,
    /// How often it tries at most.
    pub attempt_limit: u64,
    /// When the endpoint took it.
    pub delivered_at: Option<Timestamp>,
    /// When Spruce tries again.
    pub next_attempt_at: Option<Timestamp>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint took it.
    Delivered,
    /// Spruce tries again by itself.
    Retrying,
    /// Spruce does not send it any more.
    Missed,
}

impl Delivery {
    /// What became of the event: by the times, because the words for it are not documented. Where nothing says that it
    /// was taken or comes again, it counts as missed: an event too many does no harm, one too few does.
    pub fn outcome(&self) -> Outcome {
        const SUCCESS: [&str; 4] = ["success", "succeeded", "successful", "delivered"];
        if self.delivered_at.is_some() || SUCCESS.iter().any(|word| self.status.eq_ignore_ascii_case(word)) {
            Outcome::Delivered
        } else if self.next_attempt_at.is_some() && (self.attempt_limit == 0 || self.attempts < self.attempt_limit) {
            Outcome::Retrying
        } else {
            Outcome::Missed
        }
    }
}

impl Client {
    /// What time it is at Spruce, to the second: the `Date` of any answer, of a refusal too.
    pub async fn clock(&self) -> Result<Timestamp, Failure> {
        let url = self.url(&["webhooks", "endpoints"], &[]);
        let answer = self.answer(self.request(Method::GET, url, None)).await?;
        let date = answer.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
        date.ok_or(Failure::Unreadable)
    }

    /// `GET /webhooks/endpoints`
    pub async fn endpoints(&self) -> Result<Vec<Endpoint>, Failure> {
        let url = self.url(&["webhooks", "endpoints"], &[]);
        let answer = self.call(Method::GET, url, None).await?.ok_or(Failure::Status(404))?;
        wire::endpoints(&answer).ok_or(Failure::Unreadable)
    }

    /// `GET /webhooks/endpoints/{id}`; `None` if there is none.
    pub async fn endpoint(&self, id: &str) -> Result<Option<Endpoint>, Failure> {
        match self.call(Method::GET, self.url(&["webhooks", "endpoints", id], &[]), None).await? {
            Some(answer) => wire::endpoint(&answer).map(Some).ok_or(Failure::Unreadable),
            None => Ok(None),
        }
    }

    /// `POST /webhooks/endpoints`: registers an address. Spruce first looks whether it answers.
    pub async fn create_endpoint(&self, name: &str, url: &str) -> Result<Created, Failure> {
        let body = json!({ "name": name, "url": url });
        let to = self.url(&["webhooks", "endpoints"], &[]);
        let answer = self.call(Method::POST, to, Some(&body)).await?.ok_or(Failure::Status(404))?;
        wire::created(&answer).ok_or(Failure::Unreadable)
    }

    /// `POST /webhooks/endpoints/{id}/paused`: stops or resumes sending. Says which of both it is now; `None` if there is
    /// no such endpoint.
    pub async fn set_paused(&self, id: &str, paused: bool) -> Result<Option<bool>, Failure> {
        let value = if paused { "true" } else { "false" };
        let url = self.url(&["webhooks", "endpoints", id, "paused"], &[("paused", value)]);
        match self.call(Method::POST, url, None).await? {
            Some(answer) => wire::paused(&answer).map(Some).ok_or(Failure::Unreadable),
            None => Ok(None),
        }
    }

    /// `DELETE /webhooks/endpoints/{id}`: whether there was one.
    pub async fn delete_endpoint(&self, id: &str) -> Result<bool, Failure> {
        let url = self.url(&["webhooks", "endpoints", id], &[]);
        let status = self.answer(self.request(Method::DELETE, url, None)).await?.status();
        // The answer has no documented body.
        if status == reqwest::StatusCode::NOT_FOUND { Ok(false) } else { super::success(status).map(|()| true) }
    }

    /// `GET /webhooks/endpoints/{id}/events`, a page of 20 at a time: the events of a time and what became of them;
    /// `None` if there is no such endpoint. In which order is not documented.
    pub async fn deliveries(
        &self,
        id: &str,
        since: Timestamp,
        until: Timestamp,
        page: Option<&str>,
    ) -> Result<Option<Page<Delivery>>, Failure> {
        let (since, until) = (since.to_string(), until.to_string());
        let mut query = vec![("startTime", since.as_str()), ("endTime", until.as_str())];
        query.extend(page.map(|token| ("paginationToken", token)));
        match self.call(Method::GET, self.url(&["webhooks", "endpoints", id, "events"], &query), None).await? {
            Some(answer) => wire::deliveries(&answer).map(Some).ok_or(Failure::Unreadable),
            None => Ok(None),
        }
    }
}
