//! One spelling for what is meant as one: compatibility forms, accents, invisible characters, quotes, dashes.
//!
//! Letters keep their case, because a signature is told by its capitals. What could deceive a reader (a forced
//! direction, an object) is kept as [`ODD`], so that no rule mistakes the reply for a plain one.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stands for a character that shows something else than the text says.
pub(super) const ODD: char = '\u{FFFC}';

/// The reply in plain characters. Text that is ASCII already is borrowed.
pub(super) fn normalise(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains('`') {
        return Cow::Borrowed(text);
    }
    let visible = text.chars().filter(|&letter| !is_invisible(letter)).map(unify);
    Cow::Owned(visible.nfkd().filter(|&letter| !is_combining_mark(letter)).map(unify).collect())
}

/// The form in which two replies are the same word: normalised, lower case, single spaces, no punctuation around it.
pub(super) fn bare(text: &str) -> String {
    let lower = normalise(text).to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.join(" ").trim_matches(|letter: char| matches!(letter, '.' | '!' | ',' | '"' | '\'' | ' ')).to_owned()
}

/// Joiners, direction marks, soft hyphens, fillers, variation selectors, tags, skin tones, the signs of gender.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202C}' | '\u{2060}'..='\u{206F}'
        | '\u{2640}' | '\u{2642}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E0FFF}')
}

fn unify(letter: char) -> char {
    match letter {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{00B4}' | '\u{2032}' | '`' => '\'',
        '\u{201A}'
        | '\u{201C}'..='\u{201F}'
        | '\u{00AB}'
        | '\u{00BB}'
        | '\u{2039}'
        | '\u{203A}'
        | '\u{2033}'
        | '\u{300C}'
        | '\u{300D}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{3002}' | '\u{FF61}' => '.',
        '\u{3001}' | '\u{060C}' => ',',
        '\u{2757}' | '\u{2755}' | '\u{00A1}' => '!',
        '\u{2753}' | '\u{2754}' | '\u{061F}' | '\u{037E}' | '\u{00BF}' => '?',
        '\u{0085}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{202D}' | '\u{202E}' => ODD,
        _ => letter,
    }
}
