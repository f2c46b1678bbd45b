//! What a reply was taken to say.

use std::borrow::Cow;

/// What one reply decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// A clear, unconditional yes in the first person.
    Consent,
    /// A clear refusal, withdrawal or opt-out.
    Decline,
    /// Everything else: a person has to read it.
    Unclear,
}

impl Decision {
    /// The word for this decision in tables, logs and output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Decline => "decline",
            Self::Unclear => "unclear",
        }
    }

    /// Reads [`Decision::as_str`] back; `None` for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Consent, Self::Decline, Self::Unclear].into_iter().find(|decision| decision.as_str() == word)
    }
}

/// A decision with its grounds.
///
/// `rule` and `reason` are borrowed when a reply has just been classified and owned when read back from a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Verdict {
    /// What the reply decides.
    pub decision: Decision,
    /// The words themselves say what they decide ("I consent", "stop texting me"), as against "yes" or "no".
    pub explicit: bool,
    /// The patient wants no more texts at all.
    pub opt_out: bool,
    /// Stable name of the rule that decided. Only people and reports read it.
    pub rule: Cow<'static, str>,
    /// One sentence for staff.
    pub reason: Cow<'static, str>,
}
