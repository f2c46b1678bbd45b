//! The words: what patients write, by language. Lists only; what they decide is in the rules.
//!
//! Every entry is in small letters without accents and apostrophes, as a reply is when it is looked up.

mod english;
mod names;
mod other;
mod spanish;
mod spellings;

use super::tags::Tag;

/// A tag, and the words and phrases that have it, separated by commas.
pub(super) type List = (Tag, &'static str);

/// Words that stand for several, or for a better spelling: what is meant, and how it is written.
pub(super) fn spellings() -> impl Iterator<Item = (&'static str, &'static str)> {
    spellings::SPELLINGS.iter().flat_map(|&(meant, written)| written.split(' ').map(move |word| (meant, word)))
}

/// All phrases with their tags; no phrase is there twice.
pub(super) fn phrases() -> impl Iterator<Item = (Tag, &'static str)> {
    let lists = [english::LISTS, spanish::LISTS, other::LISTS, names::LISTS].into_iter().flatten();
    lists.flat_map(|&(tag, phrases)| phrases.split(',').map(move |phrase| (tag, phrase.trim())))
}

/// The words of the Spanish phrases, which are also recognised by their sound.
pub(super) fn spanish() -> impl Iterator<Item = &'static str> {
    spanish::LISTS.iter().flat_map(|&(_, phrases)| phrases.split([',', ' ']).filter(|word| !word.is_empty()))
}

/// Words that are also recognised with one slip of the finger.
pub(super) const FUZZY: &[&str] = &[
    "stop",
    "unsubscribe",
    "consent",
    "decline",
    "agree",
    "authorize",
    "permission",
    "interested",
    "withdraw",
    "refuse",
    "disagree",
    "absolutely",
    "definitely",
    "certainly",
    "participate",
    "participating",
    "enroll",
    "message",
    "messages",
    "texting",
    "remove",
    "contact",
    "program",
    "appointment",
    "consentimiento",
    "gracias",
    "mensajes",
    "thanks",
    "please",
    "interest",
    "treatment",
    "information",
    "telehealth",
    "records",
    "discontinue",
    "subscription",
    "notifications",
    "participation",
    "uncomfortable",
    "unsubscribed",
    "disenroll",
    "declining",
    "permiso",
    "interesa",
    "informacion",
];

/// Other words, one letter away from those.
pub(super) const NO_SLIPS: &[&str] = &[
    "content",
    "consents",
    "convent",
    "declined",
    "declines",
    "recline",
    "agreed",
    "agrees",
    "authorized",
    "authorizes",
    "permissions",
    "shop",
    "atop",
    "step",
    "stoop",
    "top",
    "spot",
    "stomp",
    "slop",
    "swop",
    "strop",
    "stops",
    "drop",
    "decliner",
    "agreer",
    "uninterested",
    "interests",
    "withdraws",
    "withdrawn",
    "withdrew",
    "degree",
    "greed",
    "sto",
    "reuse",
    "refute",
    "defuse",
    "participates",
    "participated",
    "contract",
    "contacted",
    "enrolls",
    "massage",
    "massages",
    "messaged",
    "testing",
    "taxing",
    "remote",
    "removes",
    "brain",
    "sing",
    "quiet",
    "diary",
    "form",
    "consiente",
    "miss",
    "shanks",
    "record",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_phrase_is_there_once_and_spelled_as_it_is_looked_up() {
        let mut seen = HashSet::new();
        for (tag, phrase) in phrases() {
            assert!(seen.insert(phrase), "{phrase:?} is there twice, the second time as {tag:?}");
            let plain =
                |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            assert!(
                phrase.split(' ').all(plain),
                "{phrase:?} of {tag:?} has other signs than small letters and figures"
            );
        }
    }

    #[test]
    fn every_spelling_is_there_once() {
        let mut seen = HashSet::new();
        for (meant, written) in spellings() {
            assert!(seen.insert(written), "{written:?} is there twice, the second time for {meant:?}");
        }
    }
}
