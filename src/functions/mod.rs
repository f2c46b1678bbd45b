//! The two Azure Functions behind one HTTP server, which the Functions host starts and speaks to.

pub mod consent_worker;
pub mod host;
mod look_up;
pub mod server;
pub mod settle;
pub mod spruce_webhook;
pub mod sweep;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::{any, get, post};

use self::consent_worker::Worker;
use self::spruce_webhook::Webhook;

/// Where the host forwards the webhook's requests: its route prefix and the route of `spruce-webhook/function.json`.
pub const WEBHOOK_PATH: &str = "/api/spruce-webhook";

/// Where the host posts the queue function's invocations: the name of its folder.
pub const WORKER_PATH: &str = "/consent-worker";

/// The header in which the host names an invocation.
const INVOCATION_ID: &str = "X-Azure-Functions-InvocationId";

/// The routes. The host takes any answer to `GET /` as "ready", so that one answers at once and touches nothing.
pub fn router(webhook: Arc<Webhook>, worker: Arc<Worker>) -> Router {
    let webhook_route = any(spruce_webhook::handle).with_state(webhook);
    Router::new()
        .route("/", get(async || ()))
        .route(WEBHOOK_PATH, webhook_route.clone())
        // The sender follows redirects by dropping the body, so a slash at the end must not lead to one.
        .route(&format!("{WEBHOOK_PATH}/"), webhook_route)
        .route(WORKER_PATH, post(consent_worker::handle).with_state(worker))
}

/// The invocation's id for the log. Only what looks like one is taken: in one of its modes the host passes on what a
/// stranger wrote there.
fn invocation_id(headers: &HeaderMap) -> &str {
    const MAX_CHARS: usize = 64;
    let id = headers.get(INVOCATION_ID).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_guid = id.len() <= MAX_CHARS && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_guid { id } else { "" }
}
