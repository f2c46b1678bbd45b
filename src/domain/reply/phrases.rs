//! Gives every word or phrase of a reply its [`Tag`]: the longest phrase of the word lists that fits.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tags::Tag;
use super::tokens::{Token, Tokens};
use super::words;

/// A reply of more words and signs than this is for a person to read.
const MAX_TAGS: usize = 400;

/// A word of fewer letters is not corrected: one slip makes another word of it.
const MIN_SLIP: usize = 4;
/// Nor is one of more letters than any word in the lists has.
const MAX_SLIP: usize = 24;

type WordId = u16;
type NodeId = u32;

/// The word lists, as a tree of words.
struct PhraseBook {
    words: HashMap<&'static str, Vec<WordId>>,
    /// What Spanish words sound like, and the word.
    sounds: HashMap<String, &'static str>,
    children: HashMap<(NodeId, WordId), NodeId>,
    tags: Vec<Option<Tag>>,
}

static BOOK: LazyLock<PhraseBook> = LazyLock::new(PhraseBook::new);

/// The tags of a normalised reply, as bytes; `None` if there are too many.
pub(super) fn tag(text: &str) -> Option<Vec<u8>> {
    BOOK.tag(text)
}

/// What one token is to the tree.
#[derive(Clone, Copy)]
enum Piece {
    Word(WordId),
    Tag(Tag),
}

impl PhraseBook {
    fn new() -> Self {
        let sounds = words::spanish().filter(|word| word.len() >= MIN_SLIP).map(|word| (sound(word), word)).collect();
        let mut book = Self { words: HashMap::new(), sounds, children: HashMap::new(), tags: vec![None] };
        let mut ids = HashMap::new();
        for (meant, written) in words::spellings() {
            let meant = meant.split(' ').map(|word| book.id(&mut ids, word)).collect();
            book.words.insert(written, meant);
        }
        for (tag, phrase) in words::phrases() {
            book.add(&mut ids, phrase, tag);
        }
        book
    }

    fn id(&mut self, ids: &mut HashMap<&'static str, WordId>, word: &'static str) -> WordId {
        let next = WordId::try_from(ids.len()).unwrap_or(WordId::MAX);
        let id = *ids.entry(word).or_insert(next);
        self.words.entry(word).or_insert_with(|| vec![id]);
        id
    }

    /// Adds a phrase; where two lists have the same one, the first counts.
    fn add(&mut self, ids: &mut HashMap<&'static str, WordId>, phrase: &'static str, tag: Tag) {
        let mut node = 0;
        for word in phrase.split(' ') {
            if !self.words.contains_key(word) {
                self.id(ids, word);
            }
            for id in self.words.get(word).cloned().unwrap_or_default() {
                let next = NodeId::try_from(self.tags.len()).unwrap_or(NodeId::MAX);
                node = *self.children.entry((node, id)).or_insert(next);
                if node == next {
                    self.tags.push(None);
                }
            }
        }
        if let Some(slot) = self.tags.get_mut(node as usize) {
            slot.get_or_insert(tag);
        }
    }

    fn tag(&self, text: &str) -> Option<Vec<u8>> {
        let mut pieces = Vec::with_capacity(16);
        let mut key = String::with_capacity(16);
        let shouting = !text.bytes().any(|byte| byte.is_ascii_lowercase());
        let mut tokens = Tokens::new(text);
        let mut after_capital = false;
        while let Some(token) = tokens.next() {
            let initial = after_capital && tokens.before_dot();
            after_capital =
                !shouting && matches!(token, Token::Word(word) if word.starts_with(|c: char| c.is_ascii_uppercase()));
            match token {
                // The initial of a second name: "John A. Smith".
                Token::Word(word) if initial && after_capital && word.len() == 1 => {
                    pieces.push(Piece::Tag(Tag::Letter));
                }
                Token::Word(word) => match self.look_up(word, &mut key) {
                    Some(ids) => pieces.extend(ids.iter().map(|&id| Piece::Word(id))),
                    None => pieces.push(Piece::Tag(unknown(word, shouting))),
                },
                Token::Number(number) => match self.look_up(number, &mut key) {
                    Some(ids) => pieces.extend(ids.iter().map(|&id| Piece::Word(id))),
                    None => pieces.push(Piece::Tag(Tag::Number)),
                },
                Token::Sign(tag) => pieces.push(Piece::Tag(tag)),
            }
            if pieces.len() > MAX_TAGS {
                return None;
            }
        }
        Some(self.join(&pieces))
    }

    /// The ids of a word, however it is stretched or misspelt.
    fn look_up(&self, word: &str, key: &mut String) -> Option<&[WordId]> {
        key.clear();
        key.extend(word.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()));
        let known = self.words.get(key.as_str()).map(Vec::as_slice);
        if is_contracted_not(word) && known.is_none_or(|ids| ids.len() < 2) {
            return self.words.get("not").map(Vec::as_slice);
        }
        if known.is_some() {
            return known;
        }
        if words::NO_SLIPS.contains(&key.as_str()) {
            return None;
        }
        let stretched = key.as_bytes().windows(2).any(|pair| matches!(pair, [a, b] if a == b));
        let candidate = |word: Option<String>| self.words.get(word?.as_str()).map(Vec::as_slice);
        if stretched && let Some(ids) = candidate(squeeze(key, 2)).or_else(|| candidate(squeeze(key, 1))) {
            return Some(ids);
        }
        if !(MIN_SLIP..=MAX_SLIP).contains(&key.len()) {
            return None;
        }
        if let Some(ids) = self.swapped(key).or_else(|| stretched.then(|| candidate(Some(undoubled(key)))).flatten()) {
            return Some(ids);
        }
        // "Signin": the last letter is not spoken.
        if key.ends_with("in")
            && let Some(ids) = candidate(Some(format!("{key}g")))
        {
            return Some(ids);
        }
        if let Some(&word) = self.sounds.get(&sound(key)) {
            return self.words.get(word).map(Vec::as_slice);
        }
        let target = words::FUZZY.iter().find(|&&target| is_slip_of(key, target))?;
        self.words.get(target).map(Vec::as_slice)
    }

    /// The ids of the word that `key` is with two neighbouring letters swapped: "wnat".
    fn swapped(&self, key: &str) -> Option<&[WordId]> {
        let mut letters = key.as_bytes().to_vec();
        (1..letters.len()).find_map(|second| {
            letters.swap(second - 1, second);
            let ids = std::str::from_utf8(&letters).ok().and_then(|word| self.words.get(word));
            letters.swap(second - 1, second);
            ids.map(Vec::as_slice)
        })
    }

    /// The longest phrases, from the left; a full stop at the very end says nothing.
    fn join(&self, pieces: &[Piece]) -> Vec<u8> {
        let mut tags = Vec::with_capacity(pieces.len());
        let mut rest = pieces;
        while let Some((first, after_first)) = rest.split_first() {
            let (tag, after) = match *first {
                Piece::Tag(tag) => (tag, after_first),
                Piece::Word(_) => self.longest(rest).unwrap_or((Tag::Word, after_first)),
            };
            // A row of the same punctuation is one.
            if !(matches!(tag, Tag::Dot | Tag::Pause) && tags.last() == Some(&tag.byte())) {
                tags.push(tag.byte());
            }
            rest = after;
        }
        while tags.last() == Some(&Tag::Dot.byte()) {
            tags.pop();
        }
        tags
    }

    fn longest<'p>(&self, pieces: &'p [Piece]) -> Option<(Tag, &'p [Piece])> {
        let mut node = 0;
        let mut best = None;
        let mut rest = pieces;
        while let Some((&Piece::Word(id), after)) = rest.split_first() {
            let Some(&next) = self.children.get(&(node, id)) else { break };
            node = next;
            rest = after;
            if let Some(tag) = self.tags.get(node as usize).copied().flatten() {
                best = Some((tag, rest));
            }
        }
        best
    }
}

/// The role of a word that no list has. Only a capital before small letters tells a name.
fn unknown(word: &str, shouting: bool) -> Tag {
    let mut letters = word.chars();
    let first = letters.next().is_some_and(|letter| letter.is_ascii_uppercase());
    match letters.next() {
        None => Tag::Letter,
        Some('\'') if first && !shouting && letters.next().is_some_and(|third| third.is_ascii_uppercase()) => {
            Tag::Proper
        }
        Some(second) if first && !shouting && second.is_ascii_lowercase() => Tag::Proper,
        _ => Tag::Word,
    }
}

/// `word` with every run of more than `run` same letters cut to `run` (with 1, only runs of three and more, or a
/// doubled last letter, so that "too" is no "to" where neither is meant); `None` if nothing is to cut.
fn squeeze(word: &str, run: usize) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    let mut cut = false;
    while let Some(letter) = letters.next() {
        let mut length = 1;
        while letters.next_if_eq(&letter).is_some() {
            length += 1;
        }
        let stretched = length > 2 || letters.peek().is_none();
        let keep = if stretched { length.min(run) } else { length };
        cut |= keep < length;
        out.extend(std::iter::repeat_n(letter, keep));
    }
    cut.then_some(out)
}

/// "wan't", "do'nt": however the verb is misspelt, the reply negates.
fn is_contracted_not(word: &str) -> bool {
    let tail = word.as_bytes();
    tail.len() > 3
        && [b"n't", b"'nt"]
            .iter()
            .any(|not| tail.get(tail.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case(*not)))
}

/// `word` with every doubled letter single: "surre".
fn undoubled(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// `word` by its sound in Spanish, where many letters sound alike and the h is silent: "kiero" is "quiero".
fn sound(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let before_e_or_i = matches!(letters.peek(), Some('e' | 'i'));
        out.push(match letter {
            'h' => continue,
            'q' => {
                letters.next_if_eq(&'u');
                'k'
            }
            'c' if before_e_or_i => 's',
            'c' => 'k',
            'g' if before_e_or_i => 'j',
            'z' => 's',
            'v' => 'b',
            'l' if letters.next_if_eq(&'l').is_some() => 'i',
            'y' => 'i',
            _ => letter,
        });
    }
    out
}

/// Whether `word` is `target` with one letter wrong, missing, added or swapped with its neighbour.
fn is_slip_of(word: &str, target: &str) -> bool {
    let (word, target) = (word.as_bytes(), target.as_bytes());
    if word.len().abs_diff(target.len()) > 1 {
        return false;
    }
    let same = word.iter().zip(target).take_while(|(a, b)| a == b).count();
    let (word, target) = (word.get(same..).unwrap_or_default(), target.get(same..).unwrap_or_default());
    match (word, target) {
        ([a, b, word @ ..], [c, d, target @ ..]) if a == d && b == c && word == target => true,
        ([_, word @ ..], [_, target @ ..]) if word == target => true,
        ([_, word @ ..], _) if word == target => true,
        (_, [_, target @ ..]) => word == target,
        _ => false,
    }
}
