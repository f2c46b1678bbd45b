//! A clinic's own replies: exact words that its requests ask for, such as `1` and `2`.

use std::collections::BTreeSet;
use std::fmt;

use super::normalise::bare;
use super::rules::{self, Rule};
use super::table::{CLINIC_CONSENT, CLINIC_DECLINE};
use super::verdict::Decision;

/// The longest reply of a clinic's own, in bytes.
const MAX_BYTES: usize = 200;

/// Words that carriers act on before a text reaches anybody, beside the opt-outs that the rules know. "YES" is one
/// too (it lets texts through again), but it is also the plainest consent, and counts as one without any list.
/// Source: Twilio's documentation of its default opt-in and help keywords.
const RESERVED: &[&str] = &["start", "unstop", "help", "info"];

/// Exact replies that a clinic counts as a yes or a no, beside what the rules understand.
///
/// Case, outer and repeated spaces, accents and punctuation around the reply make no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lexicon {
    consent: BTreeSet<String>,
    decline: BTreeSet<String>,
}

/// One of the two lists of a [`Lexicon`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LexiconList {
    /// Replies that consent.
    Consent,
    /// Replies that decline.
    Decline,
}

/// Why a reply cannot be on a clinic's list. Positions count from 1; the reply itself is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LexiconFault {
    /// Nothing is left of the reply when case, spaces and punctuation are set aside.
    Empty {
        /// The list that it is on.
        list: LexiconList,
        /// Its position there.
        position: usize,
    },
    /// The reply is too long to be a keyword.
    TooLong {
        /// The list that it is on.
        list: LexiconList,
        /// Its position there.
        position: usize,
    },
    /// Carriers act on the reply themselves: STOP, START, HELP and the like.
    Reserved {
        /// The list that it is on.
        list: LexiconList,
        /// Its position there.
        position: usize,
    },
    /// The reply says the opposite in plain words.
    Contradicts {
        /// The list that it is on.
        list: LexiconList,
        /// Its position there.
        position: usize,
    },
    /// The reply is on both lists.
    OnBothLists {
        /// Its position in the consent list.
        consent: usize,
        /// Its position in the decline list.
        decline: usize,
    },
}

impl Lexicon {
    /// Takes both lists. All faults are told at once, those of the consent list first.
    pub fn new(consent: &[impl AsRef<str>], decline: &[impl AsRef<str>]) -> Result<Self, Vec<LexiconFault>> {
        let mut faults = Vec::new();
        let consent = read(LexiconList::Consent, consent, &mut faults);
        let decline = read(LexiconList::Decline, decline, &mut faults);
        for (in_consent, word) in &consent {
            if let Some((in_decline, _)) = decline.iter().find(|(_, other)| other == word) {
                faults.push(LexiconFault::OnBothLists { consent: *in_consent, decline: *in_decline });
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let words = |list: Vec<(usize, String)>| list.into_iter().map(|(_, word)| word).collect();
        Ok(Self { consent: words(consent), decline: words(decline) })
    }

    /// The rule that decides `text`, if it is one of the clinic's own replies.
    pub(super) fn decide(&self, text: &str) -> Option<&'static Rule> {
        let text = text.trim();
        if text.len() > MAX_BYTES || (self.consent.is_empty() && self.decline.is_empty()) {
            return None;
        }
        let word = bare(text);
        if self.decline.contains(&word) {
            return Some(&CLINIC_DECLINE);
        }
        self.consent.contains(&word).then_some(&CLINIC_CONSENT)
    }
}

/// The usable words of a list with their positions; the faults of the others.
fn read(list: LexiconList, words: &[impl AsRef<str>], faults: &mut Vec<LexiconFault>) -> Vec<(usize, String)> {
    let mut usable = Vec::with_capacity(words.len());
    for (position, word) in (1..).zip(words) {
        let word = word.as_ref().trim();
        match fault(list, position, word) {
            Some(fault) => faults.push(fault),
            None => usable.push((position, bare(word))),
        }
    }
    usable
}

fn fault(list: LexiconList, position: usize, word: &str) -> Option<LexiconFault> {
    if word.len() > MAX_BYTES {
        return Some(LexiconFault::TooLong { list, position });
    }
    let bare = bare(word);
    let built_in = rules::decide(word);
    if bare.is_empty() {
        Some(LexiconFault::Empty { list, position })
    } else if built_in.opt_out || RESERVED.contains(&bare.as_str()) {
        Some(LexiconFault::Reserved { list, position })
    } else if matches!(
        (list, built_in.decision),
        (LexiconList::Consent, Decision::Decline) | (LexiconList::Decline, Decision::Consent)
    ) {
        Some(LexiconFault::Contradicts { list, position })
    } else {
        None
    }
}

impl LexiconList {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Decline => "decline",
        }
    }
}

impl fmt::Display for LexiconFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { list, position } => {
                write!(f, "{} keyword {position} is empty: remove it or a comma too many", list.as_str())
            }
            Self::TooLong { list, position } => {
                write!(f, "{} keyword {position} is longer than {MAX_BYTES} bytes: choose a short one", list.as_str())
            }
            Self::Reserved { list, position } => write!(
                f,
                "{} keyword {position} is a word that carriers act on themselves (STOP, START, HELP and the like): \
                 choose another one",
                list.as_str()
            ),
            Self::Contradicts { list, position } => {
                write!(f, "{} keyword {position} says the opposite in plain words: choose another one", list.as_str())
            }
            Self::OnBothLists { consent, decline } => {
                write!(f, "consent keyword {consent} is also decline keyword {decline}: keep it in one list")
            }
        }
    }
}
