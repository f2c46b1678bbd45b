//! Classification of a reply: what did the patient say?
//!
//! A reply is normalised, cut into tokens, and every word or phrase gets a tag from the word lists (`words`). The
//! rules are patterns over these tags; the first that fits decides. A consent is a match of the whole reply: any
//! word that the lists do not know, and any sign of a question, a condition or doubt, sends it to a person. A
//! refusal may stand inside a longer reply.

mod lexicon;
mod normalise;
#[cfg(test)]
mod page;
mod patterns;
mod phrases;
mod rules;
mod table;
mod tags;
#[cfg(test)]
mod tests;
mod tokens;
mod verdict;
mod words;

pub use lexicon::{Lexicon, LexiconFault, LexiconList};
pub use rules::{RULES_VERSION, Rule, rules};
pub use verdict::{Decision, Verdict};

/// Decides what `text` says. Pure; never panics; time grows with the text at most, memory is bounded.
pub fn classify(text: &str, lexicon: &Lexicon) -> Verdict {
    lexicon.decide(text).unwrap_or_else(|| rules::decide(text)).verdict()
}
