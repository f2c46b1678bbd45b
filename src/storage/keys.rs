//! Partition and row keys.
//!
//! Keys stand in URLs as they are, and the service forbids `/ \ # ?` and control characters in them. So a key is made
//! of a closed alphabet: ASCII letters, digits, `-`, `_` and `.`; every other byte of an id becomes `~` and two hex
//! digits, which can be undone and leaves Spruce's own ids (`t_29S7786ETXXXX`) as they are.

use std::fmt::Write;
use std::ops::RangeInclusive;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::domain::history::{Entry, What};

/// The row key of a conversation's status.
pub(super) const STATUS_ROW: &str = "status";

/// The partition of the worklist.
pub(super) const OPEN_PARTITION: &str = "open";

/// 9999-12-31T23:59:59.999999Z in microseconds since 1970: no time that the tables hold is later.
const LAST_MICROSECOND: i64 = 253_402_300_799_999_999;

/// An id as a key, or as a part of one.
pub(super) fn encode(id: &str) -> String {
    let mut key = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            key.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(key, "~{byte:02X}");
        }
    }
    key
}

/// The row key of a history row: newest first, and the same for a repeat of the same thing.
///
/// Every part has a fixed place: 18 digits of time, the item's id, and a kind that ends the key or is followed by a
/// hash. No two different things share a key.
pub(super) fn history_row(entry: &Entry) -> String {
    let Entry { item_id, created_at, modified_at, origin, what, .. } = entry;
    let changed_at = modified_at.or(origin.event_time).unwrap_or(*created_at);
    let kind = what.kind().as_str();
    match what {
        What::EditedReply { text, .. } | What::EditedRequest { text, .. } => {
            format!("{}_{}_{kind}_{}", newest_first(changed_at), encode(item_id), short_hash(text.expose()))
        }
        What::Deleted | What::Restored => format!("{}_{}_{kind}", newest_first(changed_at), encode(item_id)),
        What::Reply { .. }
        | What::Request { .. }
        | What::Match(_)
        | What::Context { .. }
        | What::Review { .. }
        | What::Confirmation { .. } => format!("{}_{}_{kind}", newest_first(*created_at), encode(item_id)),
    }
}

/// The row key of an open review: newest first.
pub(super) fn review_row(created_at: Timestamp, item_id: &str) -> String {
    format!("{}_{}", newest_first(created_at), encode(item_id))
}

/// The row keys of all reviews of replies that were written in the time `span`: from the first one up to, and without,
/// the second.
pub(super) fn review_rows_between(span: RangeInclusive<Timestamp>) -> (String, String) {
    // `~` sorts behind everything that may follow the digits.
    (newest_first(*span.end()), format!("{}~", newest_first(*span.start())))
}

/// A time as 18 digits that sort the newest first.
fn newest_first(time: Timestamp) -> String {
    format!("{:018}", LAST_MICROSECOND.saturating_sub(time.as_microsecond()))
}

/// 16 hex digits: two versions of one item within one microsecond differ in it.
fn short_hash(text: &str) -> String {
    let mut hash = hex(&Sha256::digest(text));
    hash.truncate(16);
    hash
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::event::MAX_ID_BYTES;
    use crate::domain::history::{Kind, Origin};

    /// The service's limit for each key (1 KiB, in UTF-16).
    const MAX_KEY_CHARS: usize = 512;

    fn decode(key: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = key.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'~' {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(str::from_utf8(&hex).unwrap(), 16).unwrap());
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    fn entry(item_id: &str, created_at: &str, what: What) -> Entry {
        Entry {
            conversation_id: "t_1".to_owned(),
            item_id: item_id.to_owned(),
            created_at: created_at.parse().unwrap(),
            modified_at: None,
            recorded_at: Timestamp::UNIX_EPOCH,
            origin: Origin::default(),
            what,
        }
    }

    #[test]
    fn spruces_own_ids_stay_readable() {
        assert_eq!(encode("t_29S7786ETXXXX"), "t_29S7786ETXXXX");
        assert_eq!(encode("O'Brien/a#b?c%d\\"), "O~27Brien~2Fa~23b~3Fc~25d~5C");
    }

    #[test]
    fn rows_sort_newest_first() {
        let times = ["1601-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2025-12-08T14:30:00Z", "9999-12-30T00:00:00Z"];
        let keys: Vec<_> = times.map(|time| history_row(&entry("ti_1", time, What::Deleted))).to_vec();
        let mut sorted = keys.clone();
        sorted.sort();
        sorted.reverse();
        assert_eq!(keys, sorted);
        assert_eq!(keys[2], "251637096599999999_ti_1_delete");
    }

    #[test]
    fn the_span_of_a_conversation_holds_its_reviews_and_no_others() {
        let [before, first, last, after] =
            ["2025-12-08T14:29:59Z", "2025-12-08T14:30:00Z", "2025-12-08T15:00:00Z", "2025-12-08T15:00:01Z"]
                .map(|time| time.parse::<Timestamp>().unwrap());
        let (from, to) = review_rows_between(first..=last);
        let is_within = |time, id: &str| (from.as_str()..to.as_str()).contains(&review_row(time, id).as_str());
        assert!(is_within(first, "zzz") && is_within(last, "0") && is_within(first, "é"));
        assert!(!is_within(before, "a") && !is_within(after, "a"));
    }

    #[test]
    fn the_longest_id_makes_a_legal_key() {
        let id = "é".repeat(MAX_ID_BYTES / 2);
        let edit = What::EditedRequest { text: "x".into(), expires_at: None };
        let key = history_row(&entry(&id, "1601-01-01T00:00:00Z", edit));
        assert!(key.len() <= MAX_KEY_CHARS, "{}", key.len());
    }

    proptest! {
        #[test]
        fn encoding_is_reversible_and_closed(id in "\\PC{0,40}") {
            let key = encode(&id);
            prop_assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)));
            prop_assert_eq!(decode(&key), id);
        }

        /// Two rows have the same key only if they tell of the same thing.
        #[test]
        fn different_things_have_different_keys(a in "[a-z_~0-9]{0,12}", b in "[a-z_~0-9]{0,12}", i in 0..9_usize, j in 0..9_usize) {
            let what = |kind| match kind {
                Kind::Edit => What::EditedRequest { text: "words".into(), expires_at: None },
                Kind::Delete => What::Deleted,
                Kind::Restore => What::Restored,
                Kind::Request => What::Request { text: "words".into(), expires_at: Timestamp::UNIX_EPOCH },
                Kind::Context => What::Context { preceding_item_id: String::new(), preceding_is_request: false },
                Kind::Confirmation => What::Confirmation { text: "words".into() },
                Kind::Reply | Kind::Match | Kind::Review => What::Match(crate::domain::history::Patient::default()),
            };
            let (one, two) = (what(Kind::ALL[i]), what(Kind::ALL[j]));
            let same = a == b && one.kind() == two.kind();
            let time = "2025-12-08T14:30:00Z";
            prop_assert_eq!(history_row(&entry(&a, time, one)) == history_row(&entry(&b, time, two)), same);
        }
    }
}
