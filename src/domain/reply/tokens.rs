//! Cuts a normalised reply into words, numbers, dates and signs.

use super::normalise::ODD;
use super::tags::Tag;

/// A piece of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Letters, as written; apostrophes and the dots of an abbreviation are still in it.
    Word(&'a str),
    /// Digits, with the signs between them.
    Number(&'a str),
    /// Anything else, by its role.
    Sign(Tag),
}

/// The tokens of a normalised reply, in order.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Whether a full stop comes next.
    pub(super) fn before_dot(&self) -> bool {
        self.rest.starts_with('.')
    }

    /// Takes the first `bytes` of the rest; nothing if that is no boundary.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (head, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        head
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|letter| !keep(letter)).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn word(&mut self) -> Token<'a> {
        if let Some(end) = spelled_out(self.rest) {
            return Token::Word(self.take(end));
        }
        let start = self.rest.as_bytes();
        if start.first().is_some_and(|first| matches!(first, b'h' | b'H' | b'w' | b'W'))
            && ["http://", "https://", "www."].iter().any(|scheme| {
                start.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
            })
        {
            self.take_while(|letter| !letter.is_whitespace());
            return Token::Sign(Tag::Link);
        }
        let word = self.take_while(|letter| letter.is_alphabetic() || letter == '\'').trim_end_matches('\'');
        if word.is_ascii() { Token::Word(word) } else { Token::Sign(Tag::Foreign) }
    }

    fn number(&mut self) -> Token<'a> {
        let inside = |letter: char| letter.is_ascii_digit() || matches!(letter, '/' | '-' | '.' | ',');
        let end = self.rest.find(|letter| !inside(letter)).unwrap_or(self.rest.len());
        // A sign after the last digit is punctuation: "1. No".
        let digits = self.rest.get(..end).unwrap_or_default().trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let number = self.take(digits.len());
        if is_date(number) { Token::Sign(Tag::Date) } else { Token::Number(number) }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let first = self.rest.chars().next()?;
            if first.is_ascii_alphabetic() {
                return Some(self.word());
            }
            if first.is_ascii_digit() {
                return Some(self.number());
            }
            if let Some((face, tag)) = FACES.iter().find(|(face, _)| self.rest.starts_with(face)) {
                self.take(face.len());
                return Some(Token::Sign(*tag));
            }
            if first.is_alphabetic() {
                return Some(self.word());
            }
            let spaced = self.rest.get(1..2).is_none_or(|next| next == " " || next == "-" || next == "\n");
            self.take(first.len_utf8());
            if first == '!' {
                // "!!1!" is written without lifting the shift key for long enough.
                self.take_while(|letter| matches!(letter, '!' | '1'));
            }
            if let Some(tag) = sign(first, spaced) {
                return Some(Token::Sign(tag));
            }
        }
    }
}

/// Faces written with signs.
const FACES: &[(&str, Tag)] = &[
    (":)", Tag::Emoji),
    (":-)", Tag::Emoji),
    (":D", Tag::Emoji),
    (";)", Tag::Emoji),
    (";-)", Tag::Emoji),
    ("=)", Tag::Emoji),
    ("<3", Tag::Emoji),
    (":(", Tag::Doubt),
    (":-(", Tag::Doubt),
    (":/", Tag::Doubt),
    (":-/", Tag::Doubt),
    (":'(", Tag::Doubt),
];

/// Where a word ends whose letters stand apart: "o.k.", "S T O P".
fn spelled_out(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let separator = *bytes.get(1)?;
    if !matches!(separator, b'.' | b' ' | b'-' | b'_') {
        return None;
    }
    let mut letters = 0;
    let mut end = 0;
    for pair in bytes.chunks(2) {
        let [letter, after @ ..] = pair else { break };
        if !letter.is_ascii_alphabetic() || after.first().is_some_and(u8::is_ascii_alphabetic) {
            break;
        }
        letters += 1;
        end = 2 * letters - 1;
        if after.first() != Some(&separator) {
            break;
        }
        if separator == b'.' {
            end += 1;
        }
    }
    // "n o" and "o-k" are spelled out too; other pairs may be initials.
    let pair = matches!(bytes, [first, _, b'o' | b'O' | b'k' | b'K', ..] if matches!(first, b'n' | b'N' | b'o' | b'O'));
    let enough = if separator == b'.' || pair { 2 } else { 3 };
    let whole_word = !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (letters >= enough && whole_word).then_some(end)
}

fn is_date(number: &str) -> bool {
    let mut lengths = number.split(['/', '-', '.']).map(str::len);
    let parts = (lengths.next(), lengths.next(), lengths.next(), lengths.next());
    matches!(parts, (Some(1 | 2), Some(1 | 2), Some(2 | 4), None) | (Some(4), Some(1 | 2), Some(1 | 2), None))
}

/// The role of one sign; `None` for those that separate words or decorate them.
fn sign(sign: char, spaced: bool) -> Option<Tag> {
    Some(match sign {
        '\n' | '.' | '!' | ';' => Tag::Dot,
        ',' | ':' | '=' => Tag::Pause,
        '-' if spaced => Tag::Pause,
        '?' => Tag::Question,
        '"' | '\'' => Tag::Quote,
        '/' => Tag::Slash,
        '&' => Tag::And,
        '-' | '_' | '*' | '~' | '#' | '(' | ')' | '[' | ']' | '%' => return None,
        ODD => Tag::Odd,
        '👍' | '👌' | '✅' | '✔' | '☑' | '🆗' => Tag::Up,
        '👎' | '❌' | '✖' | '❎' | '🚫' | '🛑' | '⛔' | '🙅' => Tag::Down,
        '🤔' | '🙄' | '😏' | '🙃' | '😒' | '😕' | '😐' | '😑' | '🤨' | '😬' | '🤷' | '😂' | '🤣' | '🖕' | '🤮'
        | '🤢' | '😡' | '🤬' | '😠' | '💩' | '🤡' | '😢' | '😭' | '😞' | '☹' | '🙁' | '😟' | '😔' | '😤' | '😱'
        | '😨' | '🤥' | '🫤' | '😩' | '😫' | '💀' => Tag::Doubt,
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' => Tag::Emoji,
        _ if sign.is_whitespace() => return None,
        _ => Tag::Odd,
    })
}
