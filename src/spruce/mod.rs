//! Spruce's API: who takes part in a conversation, who a contact is, and what was said before a reply; and for operators,
//! the webhook endpoint and its deliveries (`endpoints`).
//!
//! The only place that speaks to it. Its answers are read leniently (`wire`): Spruce wraps some and not others, and
//! leaves out or nulls what is empty. "Not found" is an answer, not an error; everything else that is no answer is a
//! [`Failure`], and every failure means the same to the caller: ask again later.

mod cache;
mod endpoints;
mod pace;
mod wire;

use std::fmt;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::{Value, json};

pub use self::endpoints::{Created, Delivery, Endpoint, Outcome};

use self::cache::Cache;
use self::pace::Pace;
use crate::domain::identity::{Contact, Conversation};
use crate::domain::intake::ListedItem;
use crate::domain::private::Private;

/// How long a connection may take to come up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long one call may take, answer included. A job makes at most a handful, within the worker's own deadline.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest answer that is read, in bytes. A page of items with long texts stays far below it.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// Items per page, and conversations per page: the most that Spruce gives.
const PER_PAGE: &str = "200";

/// How many pages of a search are read. Two contacts are as good as a hundred: the number is shared.
const MAX_SEARCH_PAGES: usize = 3;

/// How long a patient client holds off for the sake of one call, in all: several windows of the rate limit.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

/// A client with one pool of connections, for all jobs together.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: Private,
    pace: Pace,
    /// Hears of each wait for the rate limit; without it, nothing waits.
    on_wait: Option<fn(Duration)>,
    conversations: Cache<Conversation>,
    contacts: Cache<Contact>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A conversation as the list of all conversations has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedConversation {
    /// Spruce's id (`t_…`).
    pub id: String,
    /// When something was last said in it.
    pub last_message_at: Option<Timestamp>,
    /// Who takes part.
    pub conversation: Conversation,
}

/// No answer, or none that can be used. Holds nothing of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// 401 or 403: the token is wrong, disabled, or lacks a right.
    Refused(u16),
    /// 429: too many calls by the organisation.
    RateLimited,
    /// Any other status that is no success.
    Status(u16),
    /// Nothing answers.
    NoConnection,
    /// No answer in time.
    TimedOut,
    /// Not the JSON that is documented.
    Unreadable,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(status) => {
                write!(f, "Spruce's API answers {status}: SPRUCE_API_TOKEN is wrong, disabled or lacks a right")
            }
            Self::RateLimited => f.write_str("Spruce's API answers 429: the organisation makes too many calls"),
            Self::Status(status) => write!(f, "Spruce's API answers {status}"),
            Self::NoConnection => f.write_str("no connection to Spruce's API"),
            Self::TimedOut => f.write_str("no answer of Spruce's API in time"),
            Self::Unreadable => f.write_str("Spruce's API answers something that cannot be read"),
        }
    }
}

impl Failure {
    /// What people can do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Refused(_) => {
                "Set it to a token from Spruce's settings, Integrations & API: whole, and of an organisation that has the \
                 API"
            }
            Self::RateLimited => "Wait a minute; the clinic's other programs count too",
            Self::Status(_) => "Try again later; if it stays so, ask Spruce's support",
            Self::NoConnection => "Check the network, and SPRUCE_API_BASE_URL if it is set",
            Self::TimedOut => "Try again; if it stays so, look at Spruce's status page",
            Self::Unreadable => "Is something between us and Spruce, or SPRUCE_API_BASE_URL set to another address?",
        }
    }
}

impl Client {
    /// Prepares the client for the API at `base` (`https://api.sprucehealth.com/v1`). Makes no call.
    ///
    /// # Errors
    /// If no TLS can be set up on this machine.
    pub fn new(base: Url, token: Private) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .tcp_nodelay(true)
            // The token must not follow a redirect to somewhere else.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("spruce-consent/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let (pace, conversations, contacts) = (Pace::default(), Cache::default(), Cache::default());
        Ok(Self { http, base, token, pace, on_wait: None, conversations, contacts })
    }

    /// Makes the client wait for Spruce's rate limit, as long as Spruce says but not for ever, instead of failing, and
    /// leave some of the limit to others. For long reads by operators: a job rather goes back to the queue. `on_wait` is
    /// told each time for how long.
    #[must_use]
    pub fn patiently(self, on_wait: fn(Duration)) -> Self {
        Self { on_wait: Some(on_wait), pace: Pace::leaving_some(), ..self }
    }

    /// `GET /conversations/{id}`; `None` if there is none (yet: Spruce's views lag behind its events).
    pub async fn conversation(&self, id: &str) -> Result<Option<Conversation>, Failure> {
        let ask = async {
            match self.call(Method::GET, self.url(&["conversations", id], &[]), None).await? {
                Some(answer) => wire::conversation(&answer).map(Some).ok_or(Failure::Unreadable),
                None => Ok(None),
            }
        };
        self.conversations.get(id, ask).await
    }

    /// `GET /contacts/{id}`; `None` if there is none.
    pub async fn contact(&self, id: &str) -> Result<Option<Contact>, Failure> {
        let ask = async {
            match self.call(Method::GET, self.url(&["contacts", id], &[]), None).await? {
                Some(answer) => wire::contact(&answer).map(Some).ok_or(Failure::Unreadable),
                None => Ok(None),
            }
        };
        self.contacts.get(id, ask).await
    }

    /// `POST /contacts/search`: the contacts that have the phone number (E.164).
    pub async fn contacts_with_phone(&self, phone: &Private) -> Result<Vec<Contact>, Failure> {
        let filter = json!({ "structured": { "phoneNumberFilter": [{ "values": [phone.expose()], "match": "any" }] } });
        let mut hits: Vec<Contact> = Vec::new();
        let mut token: Option<String> = None;
        for _ in 0..MAX_SEARCH_PAGES {
            let query: Vec<_> = token.iter().map(|token| ("paginationToken", token.as_str())).collect();
            let url = self.url(&["contacts", "search"], &query);
            // A search finds nothing by an empty list, not by 404.
            let answer = self.call(Method::POST, url, Some(&filter)).await?.ok_or(Failure::Status(404))?;
            let page = wire::contacts(&answer).ok_or(Failure::Unreadable)?;
            hits.extend(page.items);
            hits.dedup_by(|a, b| a.id == b.id);
            token = page.next;
            if token.is_none() || hits.len() > 1 {
                return Ok(hits);
            }
        }
        // It says that there is more, and never gives it.
        Err(Failure::Unreadable)
    }

    /// `GET /conversations/{id}/items`, newest first, a page at a time; `None` if there is no such conversation (yet).
    pub async fn items(&self, conversation_id: &str, page: Option<&str>) -> Result<Option<Page<ListedItem>>, Failure> {
        let mut query = vec![("order", "newest_first"), ("pageSize", PER_PAGE)];
        query.extend(page.map(|token| ("paginationToken", token)));
        let url = self.url(&["conversations", conversation_id, "items"], &query);
        match self.call(Method::GET, url, None).await? {
            Some(answer) => wire::items(&answer).map(Some).ok_or(Failure::Unreadable),
            None => Ok(None),
        }
    }

    /// `GET /conversations`, a page at a time: those in which something was said at `since` or later. In which order is
    /// not documented, and a conversation may come twice if something is said in it meanwhile.
    pub async fn conversations(
        &self,
        since: Timestamp,
        page: Option<&str>,
    ) -> Result<Page<ListedConversation>, Failure> {
        let since = since.to_string();
        // Either may be given, not both: the token goes on with the list as it was asked for.
        let start = page.map_or(("startFrom", since.as_str()), |token| ("paginationToken", token));
        let url = self.url(&["conversations"], &[("orderBy", "last_message"), ("pageSize", PER_PAGE), start]);
        let answer = self.call(Method::GET, url, None).await?.ok_or(Failure::Status(404))?;
        wire::conversations(&answer).ok_or(Failure::Unreadable)
    }

    /// `POST /conversations/{id}/messages`: a text to the patient, at most once for the same `idempotency_key` (Spruce
    /// remembers keys for 24 hours and answers 422 to a repeat: the first attempt has landed).
    ///
    /// # Errors
    /// After [`Failure::NoConnection`] and [`Failure::TimedOut`] it is not known whether the text was sent.
    pub async fn send(&self, conversation_id: &str, text: &Private, idempotency_key: &str) -> Result<(), Failure> {
        let body = json!({ "internal": false, "body": [{ "type": "text", "value": text.expose() }] });
        let url = self.url(&["conversations", conversation_id, "messages"], &[]);
        let ask = async || {
            let request = self.request(Method::POST, url.clone(), Some(&body));
            Ok(self.answer(request.header("s-idempotency-key", idempotency_key)).await?.status())
        };
        let status = match ask().await {
            // Perhaps only the answer is lost: the same key asks without sending anything twice.
            Err(Failure::NoConnection | Failure::TimedOut) => ask().await?,
            answer => answer?,
        };
        if status == StatusCode::UNPROCESSABLE_ENTITY { Ok(()) } else { success(status) }
    }

    /// Ids are not ours: they are escaped, so that none can lead to another route.
    fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    fn request(&self, method: Method, url: Url, body: Option<&Value>) -> RequestBuilder {
        let request = self.http.request(method, url).bearer_auth(self.token.expose());
        let request = request.header(reqwest::header::ACCEPT, "application/json");
        match body {
            Some(body) => request.header(reqwest::header::CONTENT_TYPE, "application/json").body(body.to_string()),
            None => request,
        }
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            if let Some(pause) = self.pace.held_for(Instant::now()) {
                waited += pause;
                let Some(on_wait) = self.on_wait.filter(|_| waited <= LONGEST_WAIT) else {
                    return Err(Failure::RateLimited);
                };
                on_wait(pause);
                tokio::time::sleep(pause).await;
                continue;
            }
            // A body is text, so that the request can be made again.
            let attempt = request.try_clone().ok_or(Failure::NoConnection)?;
            let answer = attempt.send().await.map_err(|error| no_answer(&error))?;
            self.pace.heed(answer.status(), answer.headers(), Instant::now());
            // A 429 holds the pace, so that the next round waits or gives up.
            if answer.status() != StatusCode::TOO_MANY_REQUESTS {
                return Ok(answer);
            }
        }
    }

    async fn call(&self, method: Method, url: Url, body: Option<&Value>) -> Result<Option<Value>, Failure> {
        let mut answer = self.answer(self.request(method, url, body)).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        success(answer.status())?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| no_answer(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_ANSWER_BYTES {
                return Err(Failure::Unreadable);
            }
        }
        serde_json::from_slice(&bytes).map(Some).map_err(|_| Failure::Unreadable)
    }
}

fn success(status: StatusCode) -> Result<(), Failure> {
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Failure::Refused(status.as_u16())),
        StatusCode::TOO_MANY_REQUESTS => Err(Failure::RateLimited),
        status => Err(Failure::Status(status.as_u16())),
    }
}

fn no_answer(error: &reqwest::Error) -> Failure {
    if error.is_timeout() { Failure::TimedOut } else { Failure::NoConnection }
}
