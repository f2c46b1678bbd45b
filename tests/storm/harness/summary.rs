//! What came of a storm, for people.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use local::host::Stats;

use super::Storm;
use super::fault::Kind;
use super::journal::Book;

/// What came of a storm.
pub(crate) struct Summary {
    pub(super) storm: Storm,
    pub(super) conversations: usize,
    pub(super) events: usize,
    pub(super) deliveries: usize,
    /// Deliveries that were answered 2xx in the end.
    pub(super) taken: usize,
    /// Attempts that were not answered 2xx.
    pub(super) resent: usize,
    pub(super) stats: Stats,
    pub(super) book: Book,
    /// Entries of the poison queue that were given to the worker again.
    pub(super) requeued: usize,
    /// How often each fault struck, and how many processes, connections or requests it met.
    pub(super) struck: BTreeMap<Kind, (usize, usize)>,
    pub(super) rows: usize,
    /// Until the last delivery was taken.
    pub(super) delivered_after: Duration,
    /// Until nothing was left to do.
    pub(super) settled_after: Duration,
    /// What should not be, a line each.
    pub(super) problems: Vec<String>,
}

impl Summary {
    /// Nothing is lost, nothing is there twice, and nobody was told anything that the faults do not explain.
    pub(crate) const fn is_survived(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stats, book, deliveries, taken, resent, .. } = self;
        let [delivered_s, settled_s] = [self.delivered_after, self.settled_after].map(|time| time.as_secs());
        writeln!(f, "storm        {}", self.storm)?;
        writeln!(f, "events       {} in {} conversations", self.events, self.conversations)?;
        writeln!(f, "deliveries   {deliveries}, {taken} of them answered 2xx in the end; {resent} attempts were not")?;
        let (posted, failed) = (stats.invocations, stats.failures);
        writeln!(f, "jobs         {posted} invocations, {failed} failed; {} put-backs", book.put_backs)?;
        writeln!(f, "poison       {} jobs, all given to the worker again", self.requeued)?;
        writeln!(f, "longest      answer {} ms, job {} ms", book.longest_answer_ms, book.longest_job_ms)?;
        for (kind, (strikes, met)) in &self.struck {
            writeln!(f, "fault        {:<22} {strikes:>5} times, met {met}", kind.name())?;
        }
        for (outcome, count) in &book.complaints {
            writeln!(f, "complaint    {outcome:<22} {count:>5} times")?;
        }
        writeln!(f, "tables       {} rows", self.rows)?;
        writeln!(f, "time         {delivered_s} s until all was delivered, {settled_s} s until all was done")?;
        for problem in &self.problems {
            writeln!(f, "PROBLEM      {problem}")?;
        }
        f.write_str(if self.is_survived() { "survived     the tables are the oracle's" } else { "NOT SURVIVED" })
    }
}
