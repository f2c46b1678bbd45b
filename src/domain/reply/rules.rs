//! Tries the rules of the table in their order: the first that fits a reply decides it.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::bytes::RegexSet;

use super::normalise::normalise;
use super::patterns;
use super::phrases;
use super::table::{CLINIC_CONSENT, CLINIC_DECLINE, NOT_UNDERSTOOD, RULES, TOO_LONG};
use super::verdict::{Decision, Verdict};

/// Written to the history with each decision; changes whenever a rule or a word list does.
pub const RULES_VERSION: &str = "3";

/// A reply of more characters than this is for a person to read: about 13 parts of a text message.
pub(super) const MAX_CHARS: usize = 2_000;

/// One way of reading a reply.
#[derive(Debug)]
pub struct Rule {
    /// Stable name, as in [`Verdict::rule`].
    pub name: &'static str,
    /// What a reply that the rule fits decides.
    pub decision: Decision,
    /// As in [`Verdict::explicit`].
    pub explicit: bool,
    /// As in [`Verdict::opt_out`].
    pub opt_out: bool,
    /// One sentence for staff.
    pub reason: &'static str,
    /// Replies that this rule decides; they are its tests.
    pub examples: &'static [&'static str],
    /// What it fits; empty for a rule that is not tried on tags.
    pub(super) pattern: &'static str,
}

impl Rule {
    /// The verdict of this rule.
    pub(super) fn verdict(&self) -> Verdict {
        Verdict {
            decision: self.decision,
            explicit: self.explicit,
            opt_out: self.opt_out,
            rule: Cow::Borrowed(self.name),
            reason: Cow::Borrowed(self.reason),
        }
    }
}

/// All rules, in the order in which they are tried.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [&CLINIC_CONSENT, &CLINIC_DECLINE, &TOO_LONG].into_iter().chain(RULES).chain([&NOT_UNDERSTOOD])
}

static SET: LazyLock<Option<RegexSet>> =
    LazyLock::new(|| patterns::compile(RULES.iter().map(|rule| rule.pattern)).ok());

/// The rule that decides `text`.
pub(super) fn decide(text: &str) -> &'static Rule {
    let text = text.trim();
    if text.chars().nth(MAX_CHARS).is_some() {
        return &TOO_LONG;
    }
    let Some(tags) = phrases::tag(&normalise(text)) else { return &TOO_LONG };
    let first = SET.as_ref().and_then(|set| set.matches(&tags).iter().next());
    first.and_then(|index| RULES.get(index)).unwrap_or(&NOT_UNDERSTOOD)
}
