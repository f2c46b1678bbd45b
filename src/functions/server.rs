//! The HTTP server that the Functions host speaks to, within limits: of connections, of headers, of waiting.
//!
//! The host stands between it and the internet and has limits of its own. These hold if it had none.

use std::future::Future;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::{consent_worker, spruce_webhook};

/// How much the server takes, and how long it waits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections may be open. The host uses one for each request in hand; those that come when all are taken
    /// wait in the system's own queue until one ends.
    pub connections: usize,
    /// The largest request line with headers, in bytes.
    pub head_bytes: usize,
    /// How long a connection may be open without a whole request head, the time between two requests included.
    pub head_time: Duration,
    /// How long requests in hand may take after the program was asked to end.
    pub last_requests_time: Duration,
}

impl Limits {
    /// What the program runs with.
    pub const DEFAULT: Self = Self {
        connections: 2 * spruce_webhook::MAX_IN_HAND,
        // The host takes 32 KiB from outside and adds some of its own.
        head_bytes: 64 * 1024,
        // Longer than the minute after which the host's client lets go of a connection: if we were first, a request
        // could be on its way.
        head_time: Duration::from_secs(120),
        last_requests_time: consent_worker::DEADLINE,
    };
}

/// The pause when the system has no connection to give, for example because too many files are open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves, then lets requests in hand finish.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_header_size(limits.head_bytes);
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = GracefulShutdown::new();

    let mut stop = pin!(stop);
    loop {
        let next = async {
            // The semaphore is never closed; if it were, nothing could be served any more.
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((place, accept(&listener).await))
        };
        let (place, stream) = tokio::select! {
            () = &mut stop => break,
            Some(next) = next => next,
            else => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A connection that breaks is the other side's to notice.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = timeout(limits.last_requests_time, connections.shutdown()).await;
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and must not wait for more to send.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            // The other side went away while it waited.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(_) => sleep(ACCEPT_PAUSE).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;
    use tokio::time::Instant;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /// Far more than anything here takes, and less than any limit that a test does not set (hyper has 30 s of its own).
    const PATIENCE: Duration = Duration::from_secs(20);

    /// A server that answers at `/` and never at `/never`, and what ends it.
    async fn start(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let router = Router::new().route("/", get(async || "here")).route("/never", get(pending::<()>));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        let server = tokio::spawn(serve(listener, router, limits, async { ended.await.unwrap_or_default() }));
        (address, end, server)
    }

    async fn send(to: SocketAddr, request: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(request).await.unwrap();
        stream
    }

    async fn is_answered(stream: &mut TcpStream) {
        let mut status = [0; 12];
        timeout(PATIENCE, stream.read_exact(&mut status)).await.expect("an answer in time").unwrap();
        assert_eq!(&status, b"HTTP/1.1 200");
    }

    async fn is_closed(stream: &mut TcpStream) {
        let mut rest = Vec::new();
        // With or without a word, and with or without a reset.
        let _ = timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("the end in time");
    }

    #[tokio::test]
    async fn one_connection_too_many_waits_for_a_place() {
        let (address, _end, _server) = start(Limits { connections: 2, ..Limits::DEFAULT }).await;
        let mut first = send(address, REQUEST).await;
        let mut second = send(address, REQUEST).await;
        is_answered(&mut first).await;
        is_answered(&mut second).await;
        let mut third = send(address, REQUEST).await;
        let early = timeout(Duration::from_millis(300), third.readable()).await;
        assert!(early.is_err(), "answered beyond the limit");
        drop(first);
        is_answered(&mut third).await;
    }

    #[tokio::test]
    async fn half_a_head_is_cut_off_and_so_is_silence() {
        let limits = Limits { head_time: Duration::from_millis(200), ..Limits::DEFAULT };
        let (address, _end, _server) = start(limits).await;
        for head in [&b"GET / HTTP/1.1\r\nHo"[..], b"", REQUEST] {
            is_closed(&mut send(address, head).await).await;
        }
    }

    #[tokio::test]
    async fn the_end_waits_for_requests_in_hand_and_not_for_ever() {
        let limits = Limits { last_requests_time: Duration::from_millis(500), ..Limits::DEFAULT };
        let (address, end, server) = start(limits).await;
        let mut idle = send(address, REQUEST).await;
        is_answered(&mut idle).await;
        let mut in_hand = send(address, b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n").await;
        // It is in hand when a request that was sent after it is answered: connections are taken in order.
        is_answered(&mut send(address, REQUEST).await).await;
        let asked = Instant::now();
        end.send(()).unwrap();
        is_closed(&mut idle).await;
        timeout(PATIENCE, server).await.expect("the end in time").unwrap();
        assert!(asked.elapsed() >= limits.last_requests_time, "{:?}", asked.elapsed());
        drop(in_hand.shutdown().await);
    }
}
