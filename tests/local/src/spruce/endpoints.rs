//! Webhook endpoints as Spruce keeps them: registered, paused, deleted, and the log of what was sent to them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::server::{Page, bad_parameter, cut, list_answer, not_found};
use super::state::{EndpointId, set};

/// How many events the delivery log gives at a time.
const EVENTS_PER_PAGE: usize = 20;

/// How often Spruce sends an event at most: once, and ten times more.
pub(super) const ATTEMPT_LIMIT: u32 = 11;

/// What a creation is answered, and where the answer has the secret. The definition says one thing, what is told of it
/// others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CreationAnswer {
    /// `{"endpoint":{…,"signingSecrets":[{"id":…,"value":…}]}}`, as in the definition.
    #[default]
    Wrapped,
    /// The endpoint alone, with `signingSecrets`.
    Bare,
    /// The endpoint alone, with `secret`.
    BareSecret,
    /// As in the definition, but without a secret.
    NoSecret,
    /// 400, as for an address that does not answer. Nothing is registered.
    Refused,
}

/// What became of an event that was sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The first attempt succeeded.
    Delivered,
    /// This many attempts failed, and another one follows.
    Retrying(u32),
    /// All attempts failed.
    Missed,
}

#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) status: String,
    pub(super) secret: String,
    pub(super) created: Timestamp,
    pub(super) log: Vec<LogEntry>,
}

#[derive(Clone, Debug)]
pub(super) struct LogEntry {
    pub(super) id: String,
    pub(super) event: Value,
    pub(super) time: Timestamp,
    pub(super) sent: Sent,
}

/// What is posted to register an endpoint.
#[derive(Debug, Deserialize)]
pub(super) struct NewEndpoint {
    name: String,
    url: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pause {
    paused: bool,
}

/// Which time of the log is asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Between {
    start_time: Option<Timestamp>,
    end_time: Option<Timestamp>,
    pagination_token: Option<String>,
}

pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Response {
    let world = shared.world();
    let endpoints: Vec<Value> = world.endpoints.iter().map(|(id, endpoint)| endpoint_json(id, endpoint)).collect();
    Json(json!({"endpoints": endpoints})).into_response()
}

pub(super) async fn create(State(shared): State<Arc<Shared>>, Json(new): Json<NewEndpoint>) -> Response {
    let mut world = shared.world();
    let answer = world.creation_answer;
    if answer == CreationAnswer::Refused {
        return bad_parameter("url");
    }
    // The one time that is not passed in: Spruce registers when it is asked to.
    let id = world.add_endpoint(&new.name, &new.url, Timestamp::now());
    let Some(endpoint) = world.endpoints.get(&id) else { return not_found("Endpoint not found") };
    let mut json = endpoint_json(&id, endpoint);
    let secrets = json!([{"object": "webhookSigningSecret", "id": "wss_2C0", "value": endpoint.secret}]);
    match answer {
        CreationAnswer::Wrapped | CreationAnswer::Bare => set(&mut json, "signingSecrets", secrets),
        CreationAnswer::BareSecret => set(&mut json, "secret", json!(endpoint.secret)),
        CreationAnswer::NoSecret | CreationAnswer::Refused => {}
    }
    let is_wrapped = matches!(answer, CreationAnswer::Wrapped | CreationAnswer::NoSecret);
    Json(if is_wrapped { json!({"endpoint": json}) } else { json }).into_response()
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let world = shared.world();
    match world.endpoints.get_key_value(&EndpointId(id)) {
        Some((id, endpoint)) => Json(json!({"endpoint": endpoint_json(id, endpoint)})).into_response(),
        None => not_found("Endpoint not found"),
    }
}

pub(super) async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.world().endpoints.remove(&EndpointId(id)) {
        Some(_) => StatusCode::OK.into_response(),
        None => not_found("Endpoint not found"),
    }
}

pub(super) async fn pause(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(pause): Query<Pause>,
) -> Response {
    match shared.world().endpoints.get_mut(&EndpointId(id)) {
        Some(endpoint) => {
            if pause.paused { "paused" } else { "active" }.clone_into(&mut endpoint.status);
            Json(json!({"paused": pause.paused})).into_response()
        }
        None => not_found("Endpoint not found"),
    }
}

pub(super) async fn events(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(between): Query<Between>,
) -> Response {
    let world = shared.world();
    let Some(endpoint) = world.endpoints.get(&EndpointId(id)) else { return not_found("Endpoint not found") };
    let is_asked_for = |entry: &&LogEntry| {
        between.start_time.is_none_or(|start| entry.time >= start)
            && between.end_time.is_none_or(|end| entry.time <= end)
    };
    let mut asked: Vec<&LogEntry> = endpoint.log.iter().filter(is_asked_for).collect();
    asked.sort_by(|one, other| (other.time, &other.id).cmp(&(one.time, &one.id)));
    let page = Page::of(EVENTS_PER_PAGE, between.pagination_token);
    match cut(asked, &page, EVENTS_PER_PAGE, |entry| entry.id.as_str()) {
        Ok((entries, next)) => {
            let entries: Vec<Value> = entries.into_iter().map(entry_json).collect();
            list_answer(json!({"events": entries}), next)
        }
        Err(parameter) => bad_parameter(parameter),
    }
}

fn endpoint_json(id: &EndpointId, endpoint: &Endpoint) -> Value {
    json!({
        "object": "webhookDestinationEndpoint",
        "id": id.as_str(),
        "name": endpoint.name,
        "url": endpoint.url,
        "status": endpoint.status,
        "createdAt": endpoint.created.to_string(),
        // Their values are shown once, when they are made.
        "signingSecrets": [{"object": "webhookSigningSecret", "id": "wss_2C0"}],
    })
}

/// The words of `status` are this stand-in's: the definition lists none.
fn entry_json(entry: &LogEntry) -> Value {
    let (status, attempts) = match entry.sent {
        Sent::Delivered => ("success", 1),
        Sent::Retrying(attempts) => ("retry", attempts),
        Sent::Missed => ("failure", ATTEMPT_LIMIT),
    };
    let mut delivery = json!({"status": status, "attempts": attempts, "attemptLimit": ATTEMPT_LIMIT});
    match entry.sent {
        Sent::Delivered => set(&mut delivery, "deliveryTime", json!(entry.time.to_string())),
        Sent::Retrying(attempts) => {
            let next = entry.time + jiff::SignedDuration::from_mins(2 * i64::from(attempts));
            set(&mut delivery, "nextAttemptTime", json!(next.to_string()));
        }
        Sent::Missed => {}
    }
    json!({
        "object": "webhookDestinationEndpointEvent",
        "id": entry.id,
        "eventTime": entry.time.to_string(),
        "data": entry.event.to_string(),
        "delivery": delivery,
    })
}
