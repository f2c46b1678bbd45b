//! `serve`: the custom handler. Reads the settings, builds the clients, listens; no call is made before it listens.

use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use tokio::net::TcpListener;
use tokio::runtime;
use tracing::{error, info};

use crate::config::{Faults, Settings};
use crate::functions;
use crate::functions::consent_worker::{Patience, Worker};
use crate::functions::server::{self, Limits};
use crate::functions::spruce_webhook::Webhook;
use crate::spruce;
use crate::storage::{Queue, Tables};
use crate::telemetry;

/// The setting by which the host tells where to listen.
const PORT: &str = "FUNCTIONS_CUSTOMHANDLER_PORT";

/// Where to listen when nobody says.
const DEFAULT_PORT: u16 = 3000;

/// The host restarts a handler that ends with a failure, and leaves one alone that ends with success.
const ENDED: ExitCode = ExitCode::FAILURE;

pub(super) fn run(setting: fn(&str) -> Option<String>) -> ExitCode {
    let started = Instant::now();
    let level = telemetry::level(setting(telemetry::LOG_LEVEL).as_deref());
    telemetry::start(level.unwrap_or(tracing::level_filters::LevelFilter::INFO));

    let settings = Settings::read(setting);
    let port = match setting(PORT).map(|port| port.parse::<u16>()) {
        None => Some(DEFAULT_PORT),
        Some(port) => port.ok(),
    };
    if level.is_none() {
        error!("{} is not a level; the default is info", telemetry::LOG_LEVEL);
    }
    if port.is_none() {
        error!("{PORT} is not a port number");
    }
    for fault in settings.as_ref().err().into_iter().flat_map(Faults::iter) {
        error!("{fault}");
    }
    let (Ok(settings), Some(port), Some(_)) = (settings, port, level) else { return ExitCode::from(2) };

    match runtime().enable_all().build() {
        Ok(runtime) => runtime.block_on(listen(settings, port, started)),
        Err(cause) => {
            error!(%cause, "cannot start");
            ENDED
        }
    }
}

/// One thread for each core. With one core that is this thread, and no task is handed from thread to thread.
fn runtime() -> runtime::Builder {
    match thread::available_parallelism() {
        Ok(cores) if cores.get() > 1 => runtime::Builder::new_multi_thread(),
        _ => runtime::Builder::new_current_thread(),
    }
}

async fn listen(settings: Settings, port: u16, started: Instant) -> ExitCode {
    // Before anything else: the host looks every 25 ms whether somebody answers here.
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => listener,
        Err(cause) => {
            error!(%cause, port, "cannot listen");
            return ENDED;
        }
    };
    let router = match assemble(settings) {
        Ok((webhook, worker)) => functions::router(Arc::new(webhook), Arc::new(worker)),
        Err(cause) => {
            error!(cause, "cannot start");
            return ENDED;
        }
    };
    let start_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
    info!(version = env!("CARGO_PKG_VERSION"), address, start_ms, "listening");
    server::serve(listener, router, Limits::DEFAULT, stop_signal()).await;
    info!("stopped");
    ENDED
}

/// Builds the clients and gives them to the functions.
fn assemble(settings: Settings) -> Result<(Webhook, Worker), String> {
    let Settings { secrets, spruce, account, zone, replies } = settings;
    let replies = Arc::new(replies);
    let queue = Queue::new(&account).map_err(|error| error.to_string())?;
    let tables = Tables::new(&account, zone).map_err(|error| error.to_string())?;
    let client = spruce::Client::new(spruce.base_url, spruce.token).map_err(|_| "no TLS on this machine".to_owned())?;
    let webhook = Webhook::new(secrets, Arc::clone(&replies), queue.clone());
    Ok((webhook, Worker::new(replies, queue, tables, client, Patience::DEFAULT)))
}

/// Comes back when somebody asks the program to end: a person at a terminal, or a platform that takes the machine away.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
