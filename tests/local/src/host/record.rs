//! What a run leaves behind: the handler's lines, the host's own notices, and the counts.

use std::{
    borrow::Cow,
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Where a line comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stream {
    /// The handler's standard output: the host records it as information.
    Stdout,
    /// The handler's standard error: the host records it as an error, or as a warning where it contains "warn".
    Stderr,
    /// The host itself.
    Host,
}

/// One line, which is one log record to the host.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutputLine {
    /// Where it comes from.
    pub stream: Stream,
    /// The line as it was written, without its end.
    pub bytes: Vec<u8>,
}

impl OutputLine {
    /// The line as text; bytes that are no UTF-8 are replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

/// Is called with each line as it arrives, on the thread that read it: it must not block for long.
pub type LineSink = Arc<dyn Fn(&OutputLine) + Send + Sync>;

/// What the host has done so far.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    /// HTTP requests passed to the handler.
    pub http_requests: u64,
    /// Queue invocations posted, repeated attempts included.
    pub invocations: u64,
    /// Queue entries done and deleted.
    pub successes: u64,
    /// Attempts that failed.
    pub failures: u64,
    /// Queue entries moved to a poison queue.
    pub poisoned: u64,
    /// Times that the handler was started again.
    pub restarts: u32,
}

/// The lines of a run.
pub(super) struct Record {
    lines: Mutex<Vec<OutputLine>>,
    sink: Option<LineSink>,
}

impl Record {
    pub(super) fn new(sink: Option<LineSink>) -> Self {
        Self { lines: Mutex::default(), sink }
    }

    pub(super) fn add(&self, line: OutputLine) {
        if let Some(sink) = &self.sink {
            sink(&line);
        }
        lock(&self.lines).push(line);
    }

    /// Adds a sentence of the host's own.
    pub(super) fn notice(&self, sentence: impl fmt::Display) {
        self.add(OutputLine { stream: Stream::Host, bytes: sentence.to_string().into_bytes() });
    }

    pub(super) fn lines(&self, wanted: impl Fn(Stream) -> bool) -> Vec<OutputLine> {
        lock(&self.lines).iter().filter(|line| wanted(line.stream)).cloned().collect()
    }
}

/// The counts of a run, and which queue entries are in hand.
#[derive(Default)]
pub(super) struct Ledger(Mutex<Books>);

#[derive(Default)]
struct Books {
    stats: Stats,
    /// Entries ever taken in hand.
    taken: u64,
    /// Receptions under way and entries being worked on.
    busy: usize,
    /// Ids of entries that failed and will come back by themselves.
    coming_back: HashSet<String>,
}

/// What is in hand, at one moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct InHand {
    /// Receptions under way and entries being worked on.
    pub(super) busy: usize,
    /// Entries that failed and wait for their next attempt.
    pub(super) coming_back: usize,
    /// Rises with every entry that is taken in hand: if it stood still between two looks, nothing happened unseen.
    pub(super) taken: u64,
}

impl Ledger {
    /// Counts something.
    pub(super) fn count(&self, change: impl FnOnce(&mut Stats)) {
        change(&mut lock(&self.0).stats);
    }

    pub(super) fn stats(&self) -> Stats {
        lock(&self.0).stats
    }

    pub(super) fn in_hand(&self) -> InHand {
        let books = lock(&self.0);
        InHand { busy: books.busy, coming_back: books.coming_back.len(), taken: books.taken }
    }

    /// A reception is under way until the answer is dropped.
    pub(super) fn receiving(self: &Arc<Self>) -> Busy {
        lock(&self.0).busy += 1;
        Busy(Arc::clone(self))
    }

    /// An entry is in hand until the answer is dropped.
    pub(super) fn take(self: &Arc<Self>, id: &str) -> Busy {
        let mut books = lock(&self.0);
        books.taken += 1;
        books.busy += 1;
        books.coming_back.remove(id);
        Busy(Arc::clone(self))
    }

    /// Notes that an entry failed and comes back by itself.
    pub(super) fn comes_back(&self, id: &str) {
        lock(&self.0).coming_back.insert(id.to_owned());
    }

    /// Notes that an entry does not come back after all.
    pub(super) fn is_gone(&self, id: &str) {
        lock(&self.0).coming_back.remove(id);
    }
}

/// Something in hand.
pub(super) struct Busy(Arc<Ledger>);

impl Drop for Busy {
    fn drop(&mut self) {
        lock(&self.0.0).busy -= 1;
    }
}

/// The books are plain values, whole after every change: a panic elsewhere does not spoil them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
