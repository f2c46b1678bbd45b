//! `spruce-webhook`: verify → parse → select → enqueue → 200.
//!
//! Spruce waits five seconds and tries ten times in twenty minutes, so the answer is 2XX only when the queue has the
//! event, and an answer comes within four seconds whatever happens. Answers are constants: nothing of the request is
//! echoed, and a stranger learns nothing from them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tracing::{Instrument, error, error_span, info, warn};

use super::invocation_id;
use crate::config::ReplySettings;
use crate::domain::event::{self, Event, Ignored};
use crate::domain::job::{ItemJob, Job};
use crate::domain::signature::{self, Rejection, SIGNATURE_HEADER, Secret};
use crate::storage::{Queue, StorageError, hex};

/// The largest body that is read, in bytes. Spruce's events have some kilobytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How long a request may take in all; Spruce gives up after five seconds.
pub const DEADLINE: Duration = Duration::from_secs(4);

/// How many requests may be in hand. Spruce sends at most 1,000 a minute; beyond this, memory would grow.
pub const MAX_IN_HAND: usize = 256;

/// How long the rest of a refused body is read and thrown away. A sender that is cut off while it writes sees a broken
/// connection instead of the answer.
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// When Spruce should come again, in seconds: its own pace.
const RETRY_AFTER_SECONDS: &str = "120";

/// The function, with all that it needs.
#[derive(Debug)]
pub struct Webhook {
    secrets: Vec<Secret>,
    replies: Arc<ReplySettings>,
    queue: Queue,
    in_hand: Semaphore,
}

impl Webhook {
    /// Makes the function from its settings and its queue.
    pub fn new(secrets: Vec<Secret>, replies: Arc<ReplySettings>, queue: Queue) -> Self {
        Self { secrets, replies, queue, in_hand: Semaphore::new(MAX_IN_HAND) }
    }

    /// Takes a POST up. `Ok` answers are 2XX, and say that nothing is left to do for the sender.
    async fn take_up(&self, request: Request) -> Result<Taken, Refused> {
        let (head, body) = request.into_parts();
        if !head.headers.contains_key(SIGNATURE_HEADER) {
            drain(body).await;
            return Err(Refused::Signature(Rejection::Missing));
        }
        // Strangers who do not even try to sign take no place from Spruce.
        let _place = self.in_hand.try_acquire().map_err(|_| Refused::Full)?;
        let body = read(body).await?;
        let now = Timestamp::now();
        let values = head.headers.get_all(SIGNATURE_HEADER).iter().map(HeaderValue::as_bytes);
        signature::verify(&body, values, &self.secrets, now.as_second()).map_err(Refused::Signature)?;

        let item = match event::parse(&body).map_err(Refused::Event)? {
            Event::Item(item) => item,
            Event::Other => return Ok(Taken::Ignored(Ignored::OtherType)),
        };
        let ReplySettings { request_pattern, channels, .. } = &*self.replies;
        let selected = event::select(&item, |text| request_pattern.is_request(text), |channel| channels.count(channel));
        if let Err(ignored) = selected {
            return Ok(Taken::Ignored(ignored));
        }
        let job = ItemJob::new(*item, now, hex(&Sha256::digest(&body)));
        let received = Taken::Received { event_type: job.change.event_type(), text_is_cut: job.text_is_cut };
        self.queue.send(&Job::Item(Box::new(job))).await.map_err(Refused::Queue)?;
        Ok(received)
    }
}

/// The route's handler.
pub async fn handle(State(webhook): State<Arc<Webhook>>, request: Request) -> Response {
    match *request.method() {
        // How the sender looks whether somebody is there when the endpoint is registered.
        Method::GET | Method::HEAD => return StatusCode::OK.into_response(),
        Method::POST => {}
        _ => return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response(),
    }
    let started = Instant::now();
    // At the level of errors, so that the id is on their lines whatever LOG_LEVEL says.
    let span = error_span!("spruce_webhook", invocation_id = invocation_id(request.headers()));
    let work = timeout(DEADLINE, webhook.take_up(request)).instrument(span.clone());
    let answer = work.await.unwrap_or(Err(Refused::Deadline));
    span.in_scope(|| log(&answer, started.elapsed()));
    match answer {
        Ok(taken) => taken.into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// An event that the sender need not send again.
#[derive(Clone, Copy, Debug)]
enum Taken {
    /// It is on the queue.
    Received { event_type: &'static str, text_is_cut: bool },
    /// It needs nothing from us.
    Ignored(Ignored),
}

/// A request that is not taken.
#[derive(Clone, Debug)]
enum Refused {
    Signature(Rejection),
    TooLarge,
    Event(event::InvalidEvent),
    Queue(StorageError),
    BrokenOff,
    Deadline,
    Full,
}

impl IntoResponse for Taken {
    fn into_response(self) -> Response {
        match self {
            Self::Received { .. } => answer(StatusCode::OK, r#"{"status":"received"}"#),
            Self::Ignored(_) => answer(StatusCode::OK, r#"{"status":"ignored"}"#),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Signature(Rejection::Missing) => answer(StatusCode::UNAUTHORIZED, r#"{"error":"missing signature"}"#),
            Self::Signature(Rejection::Invalid) => answer(StatusCode::UNAUTHORIZED, r#"{"error":"invalid signature"}"#),
            Self::TooLarge => answer(StatusCode::PAYLOAD_TOO_LARGE, r#"{"error":"body too large"}"#),
            Self::Event(_) => answer(StatusCode::BAD_REQUEST, r#"{"error":"invalid event"}"#),
            Self::Queue(_) | Self::BrokenOff | Self::Deadline | Self::Full => {
                let mut response = answer(StatusCode::SERVICE_UNAVAILABLE, r#"{"error":"temporarily unavailable"}"#);
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
                response
            }
        }
    }
}

fn answer(status: StatusCode, body: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// One line per request. Ids of conversations and patients are not in it: those are the worker's to log.
fn log(answer: &Result<Taken, Refused>, took: Duration) {
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match answer {
        Ok(Taken::Received { event_type, text_is_cut }) => {
            info!(status = 200, outcome = "received", event_type, text_is_cut, duration_ms, "event received");
        }
        Ok(Taken::Ignored(reason)) => {
            info!(status = 200, outcome = "ignored", reason = reason.as_str(), duration_ms, "event ignored");
        }
        Err(Refused::Signature(Rejection::Missing)) => {
            warn!(status = 401, outcome = "missing_signature", duration_ms, "request without a signature");
        }
        Err(Refused::Signature(Rejection::Invalid)) => {
            warn!(
                status = 401,
                outcome = "invalid_signature",
                duration_ms,
                "wrong signature: a stranger, or SPRUCE_WEBHOOK_SECRET is not the endpoint's; Spruce gives up after 20 minutes"
            );
        }
        Err(Refused::TooLarge) => {
            warn!(status = 413, outcome = "too_large", limit_bytes = MAX_BODY_BYTES, duration_ms, "body too large");
        }
        Err(Refused::Event(fault)) => {
            error!(
                status = 400,
                outcome = "invalid_event",
                path = fault.path,
                cause = %fault,
                duration_ms,
                "signed, but not an event that can be read; it stays in Spruce's delivery log for 30 days"
            );
        }
        Err(Refused::Queue(cause)) => {
            error!(status = 503, outcome = "queue_unavailable", %cause, duration_ms, "event not taken: Spruce will send it again");
        }
        Err(Refused::Deadline) => {
            error!(
                status = 503,
                outcome = "deadline",
                duration_ms,
                "event not taken in time: Spruce will send it again"
            );
        }
        Err(Refused::Full) => {
            error!(status = 503, outcome = "full", limit = MAX_IN_HAND, duration_ms, "too many requests in hand");
        }
        Err(Refused::BrokenOff) => {
            warn!(status = 503, outcome = "broken_off", duration_ms, "the sender broke off");
        }
    }
}

/// Reads a body of at most [`MAX_BODY_BYTES`], whatever its Content-Length says or does not say.
async fn read(body: Body) -> Result<Bytes, Refused> {
    let announced = body.size_hint().lower();
    if announced > MAX_BODY_BYTES as u64 {
        drain(body).await;
        return Err(Refused::TooLarge);
    }
    let mut chunks = body.into_data_stream();
    // Nearly every event arrives in one piece, which is then used as it is.
    let mut whole = match chunks.next().await {
        Some(first) => first.map_err(|_| Refused::BrokenOff)?,
        None => Bytes::new(),
    };
    let mut joined = Vec::new();
    while let Some(chunk) = chunks.next().await {
        if joined.is_empty() {
            joined.extend_from_slice(&whole);
        }
        joined.extend_from_slice(&chunk.map_err(|_| Refused::BrokenOff)?);
        if joined.len() > MAX_BODY_BYTES {
            drain(Body::from_stream(chunks)).await;
            return Err(Refused::TooLarge);
        }
    }
    if !joined.is_empty() {
        whole = joined.into();
    }
    if whole.len() > MAX_BODY_BYTES { Err(Refused::TooLarge) } else { Ok(whole) }
}

async fn drain(body: Body) {
    let mut chunks = body.into_data_stream();
    let _ = timeout(DRAIN_TIME, async { while let Some(Ok(_)) = chunks.next().await {} }).await;
}
