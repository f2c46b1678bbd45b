//! The public side: what arrives on a function's route is passed on to the handler as the host's proxy mode does.
//!
//! The rules were read in Azure/azure-functions-host (`DefaultHttpWorkerService.ProxyInvocationRequest`,
//! `RetryProxyHandler`) and in YARP, which it uses (`HttpTransformer`, `StreamCopyHttpContent`). One difference is
//! left: the client here adds `Accept: */*` to a request that has no `Accept` header.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use azure_core::RequestId as Guid;
use futures::{StreamExt, stream};
use tokio::time::{sleep, timeout};

use super::{
    HOST_VERSION, HOST_VERSION_HEADER, INVOCATION_ID_HEADER,
    app::HttpFunction,
    process::Handler,
    record::{Ledger, Record},
};
use crate::proxy;

/// How often a request is offered to a handler that does not take it.
const ATTEMPTS: u32 = 10;
/// The pause after the first attempt; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// How long the handler may take until its answer begins.
const ACTIVITY_TIMEOUT: Duration = Duration::from_secs(240);

/// What passing on needs.
pub(super) struct Front {
    pub(super) functions: Vec<HttpFunction>,
    pub(super) handler: Handler,
    pub(super) client: reqwest::Client,
    pub(super) ledger: Arc<Ledger>,
    pub(super) record: Arc<Record>,
}

/// The host's public routes. It has to be served with the client's address at hand.
pub(super) fn router(front: Front) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(front))
}

async fn answer(
    State(front): State<Arc<Front>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let served = |function: &&HttpFunction| function.serves(request.method(), request.uri().path());
    let Some(function) = front.functions.iter().find(served) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    front.ledger.count(|stats| stats.http_requests += 1);
    let passed_on = async {
        front.handler.ready().await?;
        front.pass_on(request, client.ip()).await
    };
    let problem = match timeout(ACTIVITY_TIMEOUT, passed_on).await {
        Ok(Ok(answer)) => return answer,
        Ok(Err(problem)) => problem,
        Err(_) => format!("no answer within {} s", ACTIVITY_TIMEOUT.as_secs()),
    };
    front.record.notice(format_args!("{}: {problem}", function.name));
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

impl Front {
    async fn pass_on(&self, request: Request, client: IpAddr) -> Result<Response, String> {
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let url = format!("{}{path}", self.handler.url());
        let headers = proxied(&head.headers, client, &Guid::new_v4().to_string());
        let body = (!proxy::has_no_body(&body)).then(|| OnceBody::new(body));
        let (mut attempt, mut pause) = (1, FIRST_PAUSE);
        loop {
            let mut offered = self.client.request(head.method.clone(), &url).headers(headers.clone());
            if let Some(body) = &body {
                offered = offered.body(body.stream());
            }
            match offered.send().await {
                Ok(answer) => return Ok(proxy::relayed(answer)),
                // What has been read of the body is gone, so only a request whose body is whole is offered again.
                Err(_) if attempt < ATTEMPTS && body.as_ref().is_none_or(OnceBody::is_whole) => {
                    sleep(pause).await;
                    attempt += 1;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(error) => return Err(format!("attempt {attempt} at the handler failed: {error}")),
            }
        }
    }
}

/// The headers as the handler gets them: without those of the connection and without `Host`, which becomes the
/// handler's own; with the proxy's and the host's, whatever the client said under these names.
fn proxied(headers: &HeaderMap, client: IpAddr, invocation_id: &str) -> HeaderMap {
    let mut proxied = proxy::end_to_end(headers);
    let host = proxied.remove(header::HOST);
    let texts = [
        ("x-forwarded-for", client.to_string()),
        ("x-forwarded-proto", "http".to_owned()),
        (HOST_VERSION_HEADER, HOST_VERSION.to_owned()),
        (INVOCATION_ID_HEADER, invocation_id.to_owned()),
        ("x-ms-invocation-id", invocation_id.to_owned()),
    ];
    let values = texts.into_iter().filter_map(|(name, text)| Some((name, HeaderValue::from_str(&text).ok()?)));
    for (name, value) in values.chain(host.map(|host| ("x-forwarded-host", host))) {
        proxied.insert(name, value);
    }
    proxied
}

/// A body that can be offered several times, and sent once.
struct OnceBody(Arc<Mutex<Option<Body>>>);

impl OnceBody {
    fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Some(body))))
    }

    /// Whether nothing of it has been sent.
    fn is_whole(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The body, taken at the moment when its first byte is asked for.
    fn stream(&self) -> reqwest::Body {
        let slot = Arc::clone(&self.0);
        let taken = stream::once(async move {
            let body = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
            body.unwrap_or_default().into_data_stream()
        });
        reqwest::Body::wrap_stream(taken.flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_has_the_last_word_on_its_own_headers() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "public.example"),
            ("content-type", "application/json"),
            ("x-spruce-signature", "one"),
            ("x-spruce-signature", "two"),
            ("content-length", "12"),
            ("connection", "keep-alive, X-Private"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("te", "trailers"),
            ("upgrade", "h2c"),
            ("x-private", "1"),
            ("user-agent", "sender/1"),
            ("x-forwarded-for", "203.0.113.9"),
            ("x-azure-functions-invocationid", "forged"),
            ("x-ms-invocation-id", "forged"),
        ] {
            headers.append(name, value.parse().unwrap());
        }
        let proxied = proxied(&headers, IpAddr::from([127, 0, 0, 1]), "the-id");
        let mut found: Vec<_> =
            proxied.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        found.sort();
        assert_eq!(
            found,
            [
                "content-length: 12",
                "content-type: application/json",
                "user-agent: sender/1",
                "x-azure-functions-hostversion: 4.1052.200",
                "x-azure-functions-invocationid: the-id",
                "x-forwarded-for: 127.0.0.1",
                "x-forwarded-host: public.example",
                "x-forwarded-proto: http",
                "x-ms-invocation-id: the-id",
                "x-spruce-signature: one",
                "x-spruce-signature: two",
            ]
        );
    }
}
