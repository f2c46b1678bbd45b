//! A small HTTP reverse proxy between the program and a service, which takes away what a test wants to be missing: the
//! `Server` header always; single answers, connections or the whole service on request.
//!
//! It has two parts. The relay speaks HTTP: it passes each request on and each answer back, and lets them meet a
//! [`Fault`]. In front of it stands a gate that only moves bytes, because an HTTP server cannot cut a connection at any
//! moment, and a service that is down does.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::fault::{Fault, Faults};

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

/// The most bytes that the gate moves at once.
const AT_ONCE: usize = 16 * 1024;

/// A running proxy. It ends when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    switches: watch::Sender<Switches>,
    faults: Arc<Mutex<Faults>>,
    _tasks: JoinSet<()>,
}

/// What can be changed at the gate while the proxy runs.
#[derive(Clone, Copy, Default)]
struct Switches {
    down: bool,
    /// How often all open connections were cut.
    cuts: u64,
    /// How long a connection may be unused before it is closed.
    idle_limit: Option<Duration>,
    /// How many unused connections were closed.
    idle_closed: usize,
}

impl Proxy {
    /// Starts a proxy on a free port of 127.0.0.1 for `upstream`, such as `http://127.0.0.1:10001`: scheme, host and
    /// port. Paths go through as they are, so an Azurite account's path is not part of it.
    pub async fn start(upstream: &str) -> io::Result<Self> {
        let relay_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let gate_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (relay_address, address) = (relay_listener.local_addr()?, gate_listener.local_addr()?);
        let (switches, _) = watch::channel(Switches::default());
        let client = client().map_err(io::Error::other)?;
        let faults = Arc::<Mutex<Faults>>::default();
        let relay = Relay { upstream: upstream.trim_end_matches('/').to_owned(), client, faults: Arc::clone(&faults) };
        let router = Router::new().fallback(relay_request).with_state(Arc::new(relay));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            // Ends only with the task.
            let _ = axum::serve(relay_listener, router).await;
        });
        tasks.spawn(keep_gate(gate_listener, relay_address, switches.clone()));
        Ok(Self { address, switches, faults, _tasks: tasks })
    }

    /// Where the proxy listens: to be used in the place of `upstream`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// While down, open connections are reset and new ones are reset at once, without an answer.
    pub fn set_down(&self, down: bool) {
        self.switches.send_modify(|switches| switches.down = down);
    }

    /// Resets every open connection, whatever is under way on it: a request, an answer, or nothing. New ones are taken.
    pub fn cut(&self) {
        self.switches.send_modify(|switches| switches.cuts += 1);
    }

    /// From now on a connection on which nothing moves for this long after an answer is closed without a word, as
    /// services do with connections that are kept and not used. Gives how many were closed since this was last set.
    pub fn close_idle_after(&self, limit: Option<Duration>) -> usize {
        let mut closed = 0;
        self.switches.send_modify(|switches| {
            switches.idle_limit = limit;
            closed = std::mem::take(&mut switches.idle_closed);
        });
        closed
    }

    /// What happens to requests from now on. Gives how many have met the fault that was set before.
    pub fn set_fault(&self, fault: Fault) -> usize {
        std::mem::replace(&mut *lock(&self.faults), Faults::new(fault)).met()
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
    faults: Arc<Mutex<Faults>>,
}

async fn relay_request(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let fault = lock(&relay.faults).next();
    fault.befall(refuse, pass_on(&relay, request)).await
}

/// A refusal that was asked for, with the error code that a storage service gives.
fn refuse(status: StatusCode) -> Response {
    let code = if status == StatusCode::SERVICE_UNAVAILABLE { "ServerBusy" } else { "InternalError" };
    (status, [("x-ms-error-code", code)]).into_response()
}

async fn pass_on(relay: &Relay, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut passed_on = (relay.client)
        .request(head.method, format!("{}{path}", relay.upstream))
        // With the Host header as it came: links in the answers then lead through the proxy, too.
        .headers(end_to_end(&head.headers));
    if !has_no_body(&body) {
        passed_on = passed_on.body(reqwest::Body::wrap_stream(body.into_data_stream()));
    }
    // The answer goes on in one piece: where nothing moves after it, the connection is unused.
    let answered = async {
        let answer = passed_on.send().await?;
        let (status, mut headers) = (answer.status(), end_to_end(answer.headers()));
        headers.remove(header::SERVER);
        Ok::<_, reqwest::Error>((status, headers, answer.bytes().await?))
    };
    answered.await.map_or_else(|_| StatusCode::BAD_GATEWAY.into_response(), IntoResponse::into_response)
}

/// Moves bytes between those who connect and the relay, while it is not down.
async fn keep_gate(listener: TcpListener, relay: SocketAddr, switches: watch::Sender<Switches>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((mut client, _)) = listener.accept().await else { continue };
        let switches = switches.clone();
        connections.spawn(async move {
            let mut seen = switches.subscribe();
            let cuts = seen.borrow().cuts;
            tokio::select! {
                biased;
                _ = seen.wait_for(|switches| switches.down || switches.cuts != cuts) => {
                    // Closed like this, the other side sees a reset and not an end.
                    let _ = client.set_zero_linger();
                }
                // Whichever side ends first, both connections are closed with it.
                _ = pass(&mut client, relay, &switches) => {}
            }
        });
    }
}

/// Moves bytes both ways until one side ends, or nothing has moved for too long after an answer.
async fn pass(client: &mut TcpStream, relay: SocketAddr, switches: &watch::Sender<Switches>) -> io::Result<()> {
    let mut server = TcpStream::connect(relay).await?;
    let (mut asked, mut answered) = (vec![0; AT_ONCE], vec![0; AT_ONCE]);
    let mut is_answered = false;
    loop {
        let limit = switches.borrow().idle_limit.filter(|_| is_answered);
        let moved = tokio::select! {
            biased;
            read = client.read(&mut asked) => {
                is_answered = false;
                let read = read?;
                server.write_all(asked.get(..read).unwrap_or_default()).await.map(|()| read)?
            }
            read = server.read(&mut answered) => {
                is_answered = true;
                let read = read?;
                client.write_all(answered.get(..read).unwrap_or_default()).await.map(|()| read)?
            }
            () = tokio::time::sleep(limit.unwrap_or_default()), if limit.is_some() => {
                switches.send_modify(|switches| switches.idle_closed += 1);
                0
            }
        };
        if moved == 0 {
            return Ok(());
        }
    }
}

/// Faults are plain values, whole after every change.
fn lock(faults: &Mutex<Faults>) -> std::sync::MutexGuard<'_, Faults> {
    faults.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::any;
    use futures::stream;
    use std::convert::Infallible;
    use std::fmt::Write as _;
    use std::sync::atomic::{AtomicUsize, Ordering};
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
        proxy.set_fault(Fault::Slow(Duration::from_secs(60)));
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
        proxy.set_fault(Fault::Slow(Duration::from_millis(300)));
        let start = Instant::now();
        reqwest::get(proxy.url()).await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(300), "{:?}", start.elapsed());
        assert_eq!(proxy.set_fault(Fault::Slow(Duration::from_secs(3600))), 1);
        assert_eq!(proxy.set_fault(Fault::None), 0);
        reqwest::get(proxy.url()).await.unwrap();
    }

    /// A server that counts what it has done.
    async fn counter() -> (String, Arc<AtomicUsize>, JoinSet<()>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let done = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&done);
        let router = Router::new().fallback(move || async move { count.fetch_add(1, Ordering::Relaxed).to_string() });
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        (url, done, tasks)
    }

    /// The two that a client cannot tell apart, and that make all the difference.
    #[tokio::test]
    async fn a_request_may_be_lost_before_it_is_done_or_its_answer_after() {
        let (url, done, _tasks) = counter().await;
        let proxy = Proxy::start(&url).await.unwrap();
        for (fault, is_done) in [(Fault::Nothing, 0), (Fault::Unanswered, 1), (Fault::HalfBody, 2)] {
            proxy.set_fault(fault.clone());
            let answer = async { reqwest::get(proxy.url()).await?.bytes().await };
            assert!(answer.await.is_err(), "{fault:?}");
            assert_eq!(done.load(Ordering::Relaxed), is_done, "{fault:?}");
        }
    }

    #[tokio::test]
    async fn who_gives_up_was_served_or_not() {
        let (url, done, _tasks) = counter().await;
        let proxy = Proxy::start(&url).await.unwrap();
        let client = reqwest::Client::builder().timeout(Duration::from_millis(300)).build().unwrap();
        for (fault, is_done) in [(Fault::Slow(Duration::from_secs(60)), 0), (Fault::Late(Duration::from_secs(60)), 1)] {
            proxy.set_fault(fault.clone());
            assert!(client.get(proxy.url()).send().await.unwrap_err().is_timeout(), "{fault:?}");
            assert_eq!(done.load(Ordering::Relaxed), is_done, "{fault:?}");
        }
    }

    #[tokio::test]
    async fn a_cut_resets_what_is_open_and_nothing_else() {
        let (url, _done, _tasks) = counter().await;
        let proxy = Proxy::start(&url).await.unwrap();
        let mut open = TcpStream::connect(proxy.address).await.unwrap();
        open.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        open.readable().await.unwrap();
        proxy.cut();
        let end = async {
            while open.read(&mut [0; 1024]).await? > 0 {}
            io::Result::Ok(())
        };
        assert_eq!(end.await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        assert_eq!(reqwest::get(proxy.url()).await.unwrap().status(), 200);
    }

    #[tokio::test]
    async fn an_unused_connection_is_closed_and_one_in_use_is_not() {
        let (url, _done, _tasks) = counter().await;
        let proxy = Proxy::start(&url).await.unwrap();
        let limit = Some(Duration::from_millis(100));
        proxy.close_idle_after(limit);
        let client = reqwest::Client::new();
        assert_eq!(client.get(proxy.url()).send().await.unwrap().status(), 200);
        let closed = async {
            while proxy.close_idle_after(limit) == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), closed).await.expect("it is closed");
        proxy.set_fault(Fault::Slow(Duration::from_millis(300)));
        assert_eq!(client.get(proxy.url()).send().await.unwrap().status(), 200);
    }
}
