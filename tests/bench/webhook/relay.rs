//! The measure of all things here: an axum server that does nothing but pass the body on, with the same HTTP client as
//! the program. It runs as a process of its own.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use reqwest::Client;
use tokio::net::TcpListener;

/// How the benchmark's executable is told to be this server: this word, the port, and where the queue is.
pub(crate) const ROLE: &str = "relay";

/// What it and the program answer when the queue has the event.
pub(crate) const RECEIVED: &str = r#"{"status":"received"}"#;

/// Serves until it is killed.
pub(crate) fn run(port: &str, queue_url: &str) -> io::Result<()> {
    let port: u16 = port.parse().map_err(io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let client = Client::builder().tcp_nodelay(true).no_proxy().build().map_err(io::Error::other)?;
        let router = Router::new()
            .route("/", get(async || ()))
            .route("/api/spruce-webhook", post(pass_on))
            .with_state(Arc::new((client, queue_url.to_owned())));
        axum::serve(listener, router).await
    })
}

async fn pass_on(State(to): State<Arc<(Client, String)>>, body: Bytes) -> Result<&'static str, StatusCode> {
    let (client, queue_url) = &*to;
    let answer = client.post(queue_url).body(body).send().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let stored = answer.status().is_success();
    // Read to its end, so that the connection can be used again.
    answer.bytes().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    if stored { Ok(RECEIVED) } else { Err(StatusCode::BAD_GATEWAY) }
}
