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

/// How many connections may be open. The host uses one for each request in hand; those that come when all are taken
/// wait in the system's own queue until one ends.
pub const MAX_CONNECTIONS: usize = 2 * spruce_webhook::MAX_IN_HAND;

/// The largest request line with headers, in bytes. The host takes 32 KiB from outside and adds some of its own.
pub const MAX_HEAD_BYTES: usize = 64 * 1024;

/// How long a connection may be open without a whole request head, the time between two requests included. Longer than
/// the minute after which the host's client lets go of a connection: if we were first, a request could be on its way.
pub const HEAD_TIME: Duration = Duration::from_secs(120);

/// How long requests in hand may take after the program was asked to end.
const LAST_REQUESTS_TIME: Duration = consent_worker::DEADLINE;

/// The pause when the system has no connection to give, for example because too many files are open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves, then lets requests in hand finish.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_header_size(MAX_HEAD_BYTES);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
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
    let _ = timeout(LAST_REQUESTS_TIME, connections.shutdown()).await;
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
