//! What the handler's log says about a storm, counted as the lines come in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use local::host::{LineSink, OutputLine, Stream};
use serde_json::Value;

use super::fault::Kind;

#[derive(Clone, Default)]
pub(super) struct Journal(Arc<Mutex<Book>>);

#[derive(Clone, Default)]
pub(super) struct Book {
    /// Times that a job was put back on the queue for later.
    pub(super) put_backs: usize,
    /// The longest time that the webhook took for an answer, in milliseconds.
    pub(super) longest_answer_ms: u64,
    /// The longest time that the worker took for a job, in milliseconds.
    pub(super) longest_job_ms: u64,
    /// Warnings and errors by their outcome.
    pub(super) complaints: BTreeMap<String, usize>,
}

impl Journal {
    /// Where the host puts the lines.
    pub(super) fn sink(&self) -> LineSink {
        let journal = self.clone();
        Arc::new(move |line| journal.note(line))
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, line: &OutputLine) {
        if line.stream == Stream::Host {
            return;
        }
        let record: Value = serde_json::from_slice(&line.bytes).unwrap_or_default();
        let text = |name| record.get(name).and_then(Value::as_str);
        let mut book = self.book();
        let outcome = text("outcome").unwrap_or_default();
        book.put_backs += usize::from(outcome.ends_with("put_back"));
        if let Some(took_ms) = record.get("duration_ms").and_then(Value::as_u64) {
            let is_answer = record.get("status").is_some();
            let longest = if is_answer { &mut book.longest_answer_ms } else { &mut book.longest_job_ms };
            *longest = took_ms.max(*longest);
        }
        if matches!(text("level"), None | Some("WARN" | "ERROR")) {
            // What has no outcome is told as it is: a panic, or what is no line of the program's log at all.
            let told = if outcome.is_empty() { line.text().into_owned() } else { outcome.to_owned() };
            *book.complaints.entry(told).or_default() += 1;
        }
    }
}

impl Book {
    /// Warnings and errors that none of these faults explains.
    pub(super) fn unexplained(&self, kinds: &[Kind]) -> Vec<String> {
        let explained: BTreeSet<&str> = kinds.iter().flat_map(|kind| kind.explains().iter().copied()).collect();
        let complaints = self.complaints.iter().filter(|(outcome, _)| !explained.contains(outcome.as_str()));
        complaints.map(|(outcome, count)| format!("{count} × {outcome}")).collect()
    }
}
