//! The routes of Spruce's API that the program calls, on the wire as the definition has them.

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::header::{AUTHORIZATION, DATE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::state::{Contact, ContactId, Content, ConversationId, Direction, Item, State as World, item_json, set};
use super::{Posted, Route, Shared, endpoints, phone};

/// The largest page of conversations, and of a conversation's items.
const MAX_ITEMS: usize = 200;

/// The largest page of found contacts.
const MAX_CONTACTS: usize = 500;

/// The size of a page that nobody asked a size for. The definition names none.
const DEFAULT_PAGE: usize = 50;

/// How long a client should wait after a 429 that was asked for.
const RETRY_AFTER_SECONDS: u64 = 1;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let gated = |route, handler: MethodRouter<Arc<Shared>>| {
        handler.layer(from_fn_with_state((Arc::clone(&shared), route), gate))
    };
    Router::new()
        .route("/v1/conversations", gated(Route::Conversations, get(conversations)))
        .route("/v1/conversations/{id}", gated(Route::Conversation, get(conversation)))
        .route("/v1/conversations/{id}/items", gated(Route::Items, get(items)))
        .route("/v1/conversations/{id}/messages", gated(Route::Post, post(post_text)))
        .route("/v1/contacts/{id}", gated(Route::Contact, get(contact)))
        .route("/v1/contacts/search", gated(Route::Search, post(search)))
        .route("/v1/webhooks/endpoints", gated(Route::Endpoints, get(endpoints::list).post(endpoints::create)))
        .route("/v1/webhooks/endpoints/{id}", gated(Route::Endpoint, get(endpoints::show).delete(endpoints::delete)))
        .route("/v1/webhooks/endpoints/{id}/paused", gated(Route::Pause, post(endpoints::pause)))
        .route("/v1/webhooks/endpoints/{id}/events", gated(Route::Deliveries, get(endpoints::events)))
        .fallback(unexpected)
        .method_not_allowed_fallback(unexpected)
        .with_state(shared)
}

/// What happens to every request before and after its handler: it is counted, held against the rate limit and the
/// token, and meets the fault that is set.
async fn gate(State((shared, route)): State<(Arc<Shared>, Route)>, request: Request, next: Next) -> Response {
    let fault = shared.meters().meet(route);
    let budget = shared.meters().take();
    let mut response = if !has_token(request.headers(), &shared.token) {
        error(StatusCode::FORBIDDEN, "FORBIDDEN", "Access denied")
    } else if budget.is_none() {
        error(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "Too many requests")
    } else {
        fault.befall(refuse, next.run(request)).await
    };
    let now = Timestamp::now() + shared.meters().clock_ahead;
    let headers = response.headers_mut();
    if let Ok(date) = HeaderValue::from_str(&now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        headers.insert(DATE, date);
    }
    headers.insert("s-request-id", HeaderValue::from(shared.meters().next_request_id()));
    headers.insert("s-ratelimit-limit", HeaderValue::from(shared.meters().limit));
    headers.insert("s-ratelimit-remaining", HeaderValue::from(budget.unwrap_or(0)));
    response
}

fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    given.and_then(|value| value.strip_prefix("Bearer ")) == Some(token)
}

/// A refusal that was asked for; 429 comes with `Retry-After`.
fn refuse(status: StatusCode) -> Response {
    let mut response = error(status, "FAULT", "This error was asked for");
    if status == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
    }
    response
}

async fn unexpected(State(shared): State<Arc<Shared>>, method: Method, uri: Uri) -> Response {
    shared.meters().unexpected.push(format!("{method} {}", uri.path()));
    not_found("There is no such operation")
}

async fn conversation(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let world = shared.world();
    match world.conversations.get_key_value(&ConversationId(id)) {
        Some((id, conversation)) => {
            Json(json!({"conversation": world.conversation_json(id, conversation)})).into_response()
        }
        None => not_found("Conversation not found"),
    }
}

async fn contact(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let world = shared.world();
    match world.contacts.get_key_value(&ContactId(id)) {
        Some((id, contact)) => Json(world.contact_json(id, contact)).into_response(),
        None => not_found("Contact not found"),
    }
}

/// Where a list begins, and how much of it is wanted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    #[serde(rename = "pageSize")]
    size: Option<usize>,
    pagination_token: Option<String>,
    order: Option<String>,
    order_by: Option<String>,
    start_from: Option<String>,
}

impl Page {
    pub(super) fn of(size: usize, pagination_token: Option<String>) -> Self {
        Self { size: Some(size), pagination_token, order: None, order_by: None, start_from: None }
    }
}

/// In the order of the last activity, which is the only one that anybody asks for. Whether Spruce puts the newest first
/// or last is not documented; that the last one of a list is where the next look begins reads like this.
async fn conversations(State(shared): State<Arc<Shared>>, Query(page): Query<Page>) -> Response {
    let world = shared.world();
    if page.order_by.as_deref() != Some("last_message") {
        return bad_parameter("orderBy");
    }
    let mut active = world.by_last_activity();
    if let Some(start) = &page.start_from {
        let start = start.parse::<Timestamp>().ok().filter(|_| page.pagination_token.is_none());
        let Some(start) = start else { return bad_parameter("startFrom") };
        active.retain(|(_, _, last)| *last >= start);
    }
    let total = active.len();
    match cut(active, &page, MAX_ITEMS, |(id, _, _)| id.as_str()) {
        Ok((active, next)) => {
            let list: Vec<Value> = active.iter().map(|(id, it, _)| world.conversation_json(id, it)).collect();
            list_answer(json!({"conversations": list, "totalCount": total}), next)
        }
        Err(parameter) => bad_parameter(parameter),
    }
}

async fn items(State(shared): State<Arc<Shared>>, Path(id): Path<String>, Query(page): Query<Page>) -> Response {
    let mut world = shared.world();
    let id = ConversationId(id);
    if !world.conversations.contains_key(&id) {
        return not_found("Conversation not found");
    }
    let mut items = world.list(&id);
    match page.order.as_deref() {
        Some("newest_first") => items.reverse(),
        // The definition names no default. The order that nobody wants shows who forgot to ask for the other.
        Some("oldest_first") | None => {}
        Some(_) => return bad_parameter("order"),
    }
    if let Some(start) = &page.start_from {
        let Ok(start) = start.parse::<Timestamp>() else { return bad_parameter("startFrom") };
        items.retain(|item| item.created >= start);
    }
    let total = items.len();
    match cut(items, &page, MAX_ITEMS, |item: &Item| item.id.as_str()) {
        Ok((items, next)) => {
            let items: Vec<Value> = items.iter().map(item_json).collect();
            list_answer(json!({"conversationItems": items, "totalCount": total}), next)
        }
        Err(parameter) => bad_parameter(parameter),
    }
}

async fn search(State(shared): State<Arc<Shared>>, Query(page): Query<Page>, Json(query): Json<Value>) -> Response {
    let world = shared.world();
    let Some(filters) = phone_filters(&query) else { return bad_parameter("structured") };
    // The map is in the order of the ids, as structured results are.
    let found: Vec<(&ContactId, &Contact)> =
        world.contacts.iter().filter(|(_, contact)| filters.iter().all(|filter| filter.accepts(contact))).collect();
    let total = found.len();
    match cut(found, &page, MAX_CONTACTS, |(id, _)| id.as_str()) {
        Ok((found, next)) => {
            let contacts: Vec<Value> = found.iter().map(|(id, contact)| world.contact_json(id, contact)).collect();
            list_answer(json!({"contacts": contacts, "totalCount": total, "totalCountRelation": "eq"}), next)
        }
        Err(parameter) => bad_parameter(parameter),
    }
}

/// One `phoneNumberFilter`.
struct PhoneFilter {
    numbers: Vec<String>,
    matching: Matching,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Matching {
    All,
    Any,
    None,
}

impl PhoneFilter {
    fn accepts(&self, contact: &Contact) -> bool {
        let has = |number: &String| contact.phones.contains(number);
        match self.matching {
            Matching::All => self.numbers.iter().all(has),
            Matching::Any => self.numbers.iter().any(has),
            Matching::None => !self.numbers.iter().any(has),
        }
    }
}

/// The filters of a search by phone number, which is the only search that the stand-in knows.
fn phone_filters(query: &Value) -> Option<Vec<PhoneFilter>> {
    let structured = query.get("structured")?.as_object()?;
    if structured.keys().any(|filter| filter != "phoneNumberFilter") || query.get("freeText").is_some() {
        return None;
    }
    structured
        .get("phoneNumberFilter")?
        .as_array()?
        .iter()
        .map(|filter| {
            let numbers = filter.get("values")?.as_array()?.iter().map(|value| match value {
                Value::String(number) => Some(phone::e164(number)),
                Value::Number(number) => Some(phone::e164(&number.to_string())),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
            });
            let matching = serde_json::from_value(filter.get("match")?.clone()).ok()?;
            Some(PhoneFilter { numbers: numbers.collect::<Option<_>>()?, matching })
        })
        .collect()
}

/// What is posted to a conversation.
#[derive(Debug, Deserialize)]
struct NewText {
    body: Vec<BodyElement>,
    #[serde(default)]
    internal: bool,
}

#[derive(Debug, Deserialize)]
struct BodyElement {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

async fn post_text(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(new): Json<NewText>,
) -> Response {
    let mut world = shared.world();
    let id = ConversationId(id);
    if !world.conversations.contains_key(&id) {
        return bad_parameter("conversationId");
    }
    let key = headers.get("s-idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    if key.as_ref().is_some_and(|key| !world.idempotency_keys.insert(key.clone())) {
        return error(StatusCode::UNPROCESSABLE_ENTITY, "DUPLICATE_REQUEST", "The idempotency key was used before");
    }
    let text: Vec<&str> =
        new.body.iter().filter(|element| element.kind == "text").map(|element| element.value.as_str()).collect();
    let text = text.join("\n");
    let content = if new.internal { Content::InternalNote } else { Content::Text };
    // The one time that is not passed in: Spruce sends when it is asked to.
    let now = Timestamp::now();
    let item = world.add_item(&id, World::clinic_name(), &text, (Direction::Outbound, content), now);
    let request_id = world.new_id("asyncRequest_");
    let mut event = world.event("conversationItem.created", &item, now);
    if let Some(object) = event.pointer_mut("/data/object") {
        set(object, "requestId", json!(request_id));
    }
    drop(world);
    shared.meters().posted.push(Posted { conversation: id, text, internal: new.internal, idempotency_key: key, event });
    Json(json!({"requestId": request_id})).into_response()
}

/// A page of a list, and the token of the next one.
pub(super) fn cut<T>(
    mut list: Vec<T>,
    page: &Page,
    max: usize,
    id: impl Fn(&T) -> &str,
) -> Result<(Vec<T>, Option<String>), &'static str> {
    let size = page.size.unwrap_or(DEFAULT_PAGE);
    if !(1..=max).contains(&size) {
        return Err("pageSize");
    }
    if let Some(token) = &page.pagination_token {
        // A token names the last one of the page before, so that what is added in the meantime shifts nothing.
        let seen = token.strip_prefix("after_").ok_or("paginationToken")?;
        let position = list.iter().position(|entry| id(entry) == seen).ok_or("paginationToken")?;
        list.drain(..=position);
    }
    let has_more = list.len() > size;
    list.truncate(size);
    let next = list.last().filter(|_| has_more).map(|entry| format!("after_{}", id(entry)));
    Ok((list, next))
}

pub(super) fn list_answer(mut answer: Value, next: Option<String>) -> Response {
    set(&mut answer, "hasMore", json!(next.is_some()));
    if let Some(token) = next {
        set(&mut answer, "paginationToken", json!(token));
    }
    Json(answer).into_response()
}

pub(super) fn not_found(what: &str) -> Response {
    error(StatusCode::NOT_FOUND, "NOT_FOUND", what)
}

pub(super) fn bad_parameter(name: &str) -> Response {
    error(StatusCode::BAD_REQUEST, "BAD_PARAMETER", &format!("Invalid {name}"))
}

fn error(status: StatusCode, kind: &str, what: &str) -> Response {
    (status, Json(json!({"statusCode": status.as_u16(), "type": kind, "message": what}))).into_response()
}
