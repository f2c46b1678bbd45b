//! Text that must not be printed by accident: what patients write, names, numbers, secrets.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A string whose `Debug` shows only whether it is empty, and which has no `Display`.
///
/// Everything that could tell who a patient is or what they wrote travels in this type, so that a log line, a panic
/// or a failed assertion cannot print it. [`Private::expose`] is the one way to the text.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(String);

impl Private {
    /// The text itself. Its place is a table, a queue or a request, never a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Private(empty)" } else { "Private(…)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_text() {
        assert_eq!(format!("{:?}", Private::from("Ada, +12055550100")), "Private(…)");
        assert_eq!(format!("{:?}", Some(Private::default())), "Some(Private(empty))");
    }
}
