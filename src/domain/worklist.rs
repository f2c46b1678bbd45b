//! What staff type into a row of the worklist, and what it means.

use super::history::StaffDecision;
use super::private::Private;

/// What stands in the column `Decision`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Nothing yet.
    Nothing,
    /// A decision.
    Decision(StaffDecision),
    /// Something else.
    Unknown,
}

/// The answer, in the column `Problem`, to a word that is no decision.
pub const PROBLEM: &str = "Type consent, decline or ignore into Decision; nothing has been recorded yet.";

/// Who decided, where nobody typed a name.
const SOMEBODY: &str = "staff";

/// Reads the column `Decision`.
pub fn typed(text: &Private) -> Typed {
    match (StaffDecision::parse(text.expose()), text.expose().trim().is_empty()) {
        (Some(decision), _) => Typed::Decision(decision),
        (None, true) => Typed::Nothing,
        (None, false) => Typed::Unknown,
    }
}

/// Reads the column `ReviewedBy`. A decision without a name is a decision: it is recorded as staff's.
pub fn reviewer(text: &Private) -> Private {
    let name = text.expose().trim();
    if name.is_empty() { SOMEBODY.into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_staff_type() {
        for (text, meaning) in [
            ("consent", Typed::Decision(StaffDecision::Consent)),
            (" Decline\n", Typed::Decision(StaffDecision::Decline)),
            ("IGNORE", Typed::Decision(StaffDecision::Ignore)),
            ("", Typed::Nothing),
            (" \t", Typed::Nothing),
            ("conse", Typed::Unknown),
            ("yes", Typed::Unknown),
            ("consent?", Typed::Unknown),
        ] {
            assert_eq!(typed(&text.into()), meaning, "{text:?}");
        }
        assert_eq!((reviewer(&" Kim ".into()).expose(), reviewer(&" ".into()).expose()), ("Kim", "staff"));
    }
}
