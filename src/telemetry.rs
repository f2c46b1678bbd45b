//! Log lines, as the Functions host wants them.
//!
//! The host makes a record of every line: stdout is Information, stderr is Error, or Warning where the line contains
//! "warn". So INFO and below go to stdout, WARN and ERROR to stderr, WARN lines contain their level and ERROR lines
//! must not contain that word. Under the host lines are JSON; on a terminal they are for people.
//!
//! Only our own lines are printed, at any level: the storage SDK logs request bodies and Authorization headers.

use std::io::{self, IsTerminal};
use std::panic;

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::writer::MakeWriterExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The setting with the least important level that is printed.
pub const LOG_LEVEL: &str = "LOG_LEVEL";

/// The root of all our log targets.
const OURS: &str = env!("CARGO_CRATE_NAME");

/// Reads `LOG_LEVEL`; `None` if it is no level.
pub fn level(setting: Option<&str>) -> Option<LevelFilter> {
    match setting.map(str::trim).unwrap_or_default() {
        "" => Some(LevelFilter::INFO),
        word => word.parse().ok(),
    }
}

/// Starts logging, for the life of the process, and makes a panic one line like any other.
pub fn start(level: LevelFilter) {
    let writer = io::stderr.with_max_level(Level::WARN).or_else(io::stdout);
    let registry = tracing_subscriber::registry().with(Targets::new().with_target(OURS, level));
    if io::stdout().is_terminal() {
        registry.with(tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false).with_target(false)).init();
    } else {
        let lines = tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_target(false)
            .log_internal_errors(false);
        registry.with(lines.with_writer(writer)).init();
    }
    panic::set_hook(Box::new(|panic| {
        // Where, not what: the message of a panic may quote what it stumbled over.
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "the program panicked; please report this");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        assert_eq!(level(None), Some(LevelFilter::INFO));
        assert_eq!(level(Some(" Warn ")), Some(LevelFilter::WARN));
        assert_eq!(level(Some("TRACE")), Some(LevelFilter::TRACE));
        assert_eq!(level(Some("loud")), None);
    }
}
