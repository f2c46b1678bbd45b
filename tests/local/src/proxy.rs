//! A small HTTP reverse proxy between the program and a service, which takes away what a test wants to be missing: the
//! `Server` header always, the whole service on request.
//!
//! It has two parts. The relay speaks HTTP: it passes each request on and each answer back. In front of it stands a
//! gate that only moves bytes, because an HTTP server cannot cut a connection, and a service that is down does.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Headers that concern one connection and not the request or answer itself (RFC 9110, section 7.6.1, and the older
/// ones that YARP, the host's proxy, knows too).
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::TE,
    header::TRAILER,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// A running proxy. It ends when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    switches: watch::Sender<Switches>,
    _tasks: JoinSet<()>,
}

/// What can be changed while the proxy runs.
#[derive(Clone, Copy, Default)]
struct Switches {
    down: bool,
    delay: Duration,
}

impl Proxy {
    /// Starts a proxy on a free port of 127.0.0.1 for `upstream`, such as `http://127.0.0.1:10001`: scheme, host and
    /// port. Paths go through as they are, so an Azurite account's path is not part of it.
    pub async fn start(upstream: &str) -> io::Result<Self> {
        let relay_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let gate_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (relay_address, address) = (relay_listener.local_addr()?, gate_listener.local_addr()?);
        let (switches, seen) = watch::channel(Switches::default());
        let client = client().map_err(io::Error::other)?;
        let relay = Relay { upstream: upstream.trim_end_matches('/').to_owned(), client, switches: seen.clone() };
        let router = Router::new().fallback(relay_request).with_state(Arc::new(relay));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            // Ends only with the task.
            let _ = axum::serve(relay_listener, router).await;
        });
        tasks.spawn(keep_gate(gate_listener, relay_address, seen));
        Ok(Self { address, switches, _tasks: tasks })
    }

    /// Where the proxy listens: to be used in the place of `upstream`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// While down, open connections are cut and new ones are closed at once, without an answer.
    pub fn set_down(&self, down: bool) {
        self.switches.send_modify(|switches| switches.down = down);
    }

    /// From now on each request waits this long before it is passed on.
    pub fn set_delay(&self, delay: Duration) {
        self.switches.send_modify(|switches| switches.delay = delay);
    }
}

/// The headers without those that concern only the connection they came by, be it by their own name or because a
/// `Connection` header names them.
pub(crate) fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<&str> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    headers
        .iter()
        .filter(|(name, _)| !HOP_BY_HOP.contains(name))
        .filter(|(name, _)| !named.iter().any(|named| named.eq_ignore_ascii_case(name.as_str())))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The answer of another server as our own, its body passed on as it comes.
pub(crate) fn relayed(answer: reqwest::Response) -> Response {
    let (status, headers) = (answer.status(), end_to_end(answer.headers()));
    (status, headers, Body::from_stream(answer.bytes_stream())).into_response()
}

/// Whether a request has nothing after its head. A client must not be given an empty stream for it: that would be sent
/// as a body in pieces, with none.
pub(crate) fn has_no_body(body: &Body) -> bool {
    body.is_end_stream()
}

/// A client that passes on: it follows nothing, unpacks nothing, and does not go through the machine's own proxy.
pub(crate) fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()
}

/// What the relay needs for each request.
struct Relay {
    upstream: String,
    client: reqwest::Client,
    switches: watch::Receiver<Switches>,
}

async fn relay_request(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let delay = relay.switches.borrow().delay;
    tokio::time::sleep(delay).await;
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut passed_on = (relay.client)
        .request(head.method, format!("{}{path}", relay.upstream))
        // With the Host header as it came: links in the answers then lead through the proxy, too.
        .headers(end_to_end(&head.headers));
    if !has_no_body(&body) {
        passed_on = passed_on.body(reqwest::Body::wrap_stream(body.into_data_stream()));
    }
    match passed_on.send().await {
        Ok(answer) => {
            let mut answer = relayed(answer);
            answer.headers_mut().remove(header::SERVER);
            answer
        }
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// Moves bytes between those who connect and the relay, while it is not down.
async fn keep_gate(listener: TcpListener, relay: SocketAddr, switches: watch::Receiver<Switches>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((mut client, _)) = listener.accept().await else { continue };
        let mut switches = switches.clone();
        connections.spawn(async move {
            let pass = async {
                let mut server = TcpStream::connect(relay).await?;
                tokio::io::copy_bidirectional(&mut client, &mut server).await
            };
            // Whichever ends first, both connections are closed with it.
            tokio::select! {
                biased;
                _ = switches.wait_for(|switches| switches.down) => {}
                _ = pass => {}
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::any;
    use futures::stream;
    use std::convert::Infallible;
    use std::fmt::Write as _;
    use std::time::Instant;

    /// A server that answers with the request as it saw it, and names itself.
    async fn upstream() -> (String, JoinSet<()>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let echo = any(|request: Request| async move {
            let (head, body) = request.into_parts();
            let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            let mut seen = format!("{} {}\n", head.method, head.uri);
            for (name, value) in &head.headers {
                writeln!(seen, "{name}: {}", value.to_str().unwrap()).unwrap();
            }
            seen.push_str(&String::from_utf8_lossy(&body));
            (StatusCode::CREATED, [(header::SERVER, "Azurite"), (header::ETAG, "\"1\"")], seen)
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, Router::new().fallback(echo)).await.unwrap() });
        (url, tasks)
    }

    #[tokio::test]
    async fn all_goes_through_but_the_server_header() {
        let (url, _tasks) = upstream().await;
        let proxy = Proxy::start(&url).await.unwrap();
        let answer = reqwest::Client::new()
            .put(format!("{}/account/jobs?comp=x&b=%2Fy", proxy.url()))
            .header("Authorization", "SharedKey a:b")
            .header("Connection", "x-hop")
            .header("x-hop", "1")
            .header("Host", "elsewhere:1")
            .body("the body")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        assert_eq!(answer.headers().get("etag").unwrap(), "\"1\"");
        assert_eq!(answer.headers().get("server"), None);
        let seen = answer.text().await.unwrap();
        assert!(seen.starts_with("PUT /account/jobs?comp=x&b=%2Fy\n"), "{seen}");
        assert!(seen.ends_with("\nthe body"), "{seen}");
        for line in ["authorization: SharedKey a:b\n", "host: elsewhere:1\n", "content-length: 8\n"] {
            assert!(seen.contains(line), "{seen}");
        }
        assert!(!seen.contains("x-hop"), "{seen}");
    }

    #[tokio::test]
    async fn a_body_in_pieces_stays_one_and_no_body_stays_none() {
        let (url, _tasks) = upstream().await;
        let proxy = Proxy::start(&url).await.unwrap();
        let pieces = stream::iter(["one ", "two"].map(Ok::<_, Infallible>));
        let sent = reqwest::Client::new().post(proxy.url()).body(reqwest::Body::wrap_stream(pieces)).send();
        let seen = sent.await.unwrap().text().await.unwrap();
        assert!(seen.contains("transfer-encoding: chunked\n") && seen.ends_with("one two"), "{seen}");
        let seen = reqwest::get(proxy.url()).await.unwrap().text().await.unwrap();
        assert!(!seen.contains("transfer-encoding") && !seen.contains("content-length"), "{seen}");
    }

    #[tokio::test]
    async fn down_is_no_answer_and_up_again_is_as_before() {
        let (url, _tasks) = upstream().await;
        let proxy = Proxy::start(&url).await.unwrap();
        let client = reqwest::Client::new();
        assert_eq!(client.get(proxy.url()).send().await.unwrap().status(), 201);
        proxy.set_down(true);
        // The first may find the kept connection cut, the second opens one of its own.
        assert!(client.get(proxy.url()).send().await.is_err());
        assert!(client.get(proxy.url()).send().await.is_err());
        proxy.set_down(false);
        assert_eq!(client.get(proxy.url()).send().await.unwrap().status(), 201);
    }

    #[tokio::test]
    async fn going_down_cuts_what_is_under_way() {
        let (url, _tasks) = upstream().await;
        let proxy = Proxy::start(&url).await.unwrap();
        proxy.set_delay(Duration::from_secs(60));
        let start = Instant::now();
        let client = reqwest::Client::new();
        let (answer, ()) = tokio::join!(client.get(proxy.url()).send(), async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            proxy.set_down(true);
        });
        assert!(answer.is_err());
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    }

    #[tokio::test]
    async fn a_delay_is_kept_until_it_is_taken_back() {
        let (url, _tasks) = upstream().await;
        let proxy = Proxy::start(&url).await.unwrap();
        proxy.set_delay(Duration::from_millis(300));
        let start = Instant::now();
        reqwest::get(proxy.url()).await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(300), "{:?}", start.elapsed());
        proxy.set_delay(Duration::ZERO);
        let start = Instant::now();
        reqwest::get(proxy.url()).await.unwrap();
        assert!(start.elapsed() < Duration::from_millis(300), "{:?}", start.elapsed());
    }
}
