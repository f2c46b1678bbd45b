//! The HTTP client for all calls to storage but one (`super::direct`), as the SDK wants to see it, and the limits of all.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::headers::HeaderName;
use azure_core::{ClientOptions, HttpClient, Request, Response, RetryOptions, RetryPolicy, TransportOptions};
use futures_util::stream;
use reqwest::Client;

/// How long a connection may take to come up: the host's name, TCP and TLS.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long one attempt may take, answer included. The webhook and the worker have deadlines of their own over this.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an unused connection is kept. The service closes its side after some minutes.
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(55);

/// How often a call is tried again. One attempt is for a connection that the service had closed meanwhile, one for a
/// moment of load; anything longer is the queue's to wait for.
pub(super) const MAX_RETRIES: u32 = 2;

/// The pause before the second retry; the first is immediate.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// The header that the SDK insists on, and that storage accounts may leave out.
const SERVER: HeaderName = HeaderName::from_static("server");

/// The HTTP client of the SDK's calls. Clones share its pool of connections.
pub(super) fn http_client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(ATTEMPT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

/// The options for the SDK's clients. The SDK's own HTTP client keeps no connection open: every call would begin with a
/// TCP and a TLS handshake.
pub(super) fn client_options(client: Client) -> ClientOptions {
    ClientOptions::new(TransportOptions::new(Arc::new(Transport { client })))
        .retry(RetryOptions::custom(Arc::new(BriefRetry)))
}

/// The pause before a retry, counted from 1.
pub(super) const fn retry_pause(retry: u32) -> Duration {
    if retry <= 1 { Duration::ZERO } else { RETRY_PAUSE }
}

#[derive(Debug)]
struct Transport {
    client: Client,
}

#[async_trait]
impl HttpClient for Transport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<Response> {
        let (status, mut headers, body) = self.client.execute_request(request).await?.deconstruct();
        // The retries see only what fails in here: read later, an answer that breaks off in the middle would be final.
        let body = body.collect().await?;
        if headers.get_optional_str(&SERVER).is_none() {
            headers.insert(SERVER, "unnamed");
        }
        Ok(Response::new(status, headers, Box::pin(stream::once(async { Ok(body) }))))
    }
}

#[derive(Debug)]
struct BriefRetry;

#[async_trait]
impl RetryPolicy for BriefRetry {
    fn is_expired(&self, _since_start: Duration, retries: u32) -> bool {
        retries >= MAX_RETRIES
    }

    fn sleep_duration(&self, retry: u32) -> Duration {
        retry_pause(retry)
    }

    /// A `Retry-After` of storage is not waited for: callers have deadlines, and jobs come again.
    async fn wait(&self, _error: &azure_core::Error, retry: u32, _retry_after: Option<Duration>) {
        tokio::time::sleep(self.sleep_duration(retry)).await;
    }
}
