//! How a program of this package learns that it should end, so that it can end what it has started.

use std::io;

/// Comes back at Ctrl-C, at a request to terminate, and when the terminal is closed.
#[cfg(unix)]
pub async fn asked_to_end() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminated = signal(SignalKind::terminate())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
        _ = hung_up.recv() => Ok(()),
    }
}

/// Comes back at Ctrl-C.
#[cfg(not(unix))]
pub async fn asked_to_end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
