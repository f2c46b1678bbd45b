//! What the rules make of several hundred replies: a changed rule shows here which of them it moves.
//!
//! `tests/replies/replies.txt` holds the replies, one to a line; `decisions.txt` beside it what was decided about each,
//! under the version of the rules that decided so.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use spruce_consent::domain::reply::{Lexicon, RULES_VERSION, classify};

/// Set to anything, it makes the test write `decisions.txt` anew.
const ACCEPT: &str = "ACCEPT_DECISIONS";

#[test]
fn no_decision_moves_unseen() {
    let replies = read("replies.txt");
    let recorded = read("decisions.txt");
    let decided = decisions(&replies);
    if decided == recorded {
        return;
    }
    let (old_version, old) = parse(&recorded);
    let (_, new) = parse(&decided);
    let mut moved = String::new();
    for (reply, decision) in &new {
        if let Some(before) = old.get(reply).filter(|before| *before != decision) {
            writeln!(moved, "  {reply}\n    was {before}\n    now {decision}").unwrap();
        }
    }
    assert!(
        moved.is_empty() || old_version != RULES_VERSION,
        "decisions moved, but RULES_VERSION is still {RULES_VERSION:?}:\n{moved}\
         If that is what you want, raise RULES_VERSION in src/domain/reply/rules.rs and run this test with {ACCEPT}=1."
    );
    if std::env::var_os(ACCEPT).is_some() {
        std::fs::write(path("decisions.txt"), decided).unwrap();
        return;
    }
    panic!(
        "tests/replies/decisions.txt is of another version of the rules or the replies. Moved:\n{moved}\
         Run this test with {ACCEPT}=1 to accept, and read the difference before you commit it."
    );
}

/// The text of the record: the version, then a line for each reply.
fn decisions(replies: &str) -> String {
    let lexicon = Lexicon::default();
    let mut text = format!("rules version {RULES_VERSION}\n");
    for reply in replies.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        let verdict = classify(&unescape(reply), &lexicon);
        let explicit = if verdict.explicit { ", explicit" } else { "" };
        let opt_out = if verdict.opt_out { ", opt-out" } else { "" };
        let said = format!("{} by {}{explicit}{opt_out}", verdict.decision.as_str(), verdict.rule);
        writeln!(text, "{said:<44}  {reply}").unwrap();
    }
    text
}

/// The version, and what was decided about each reply.
fn parse(record: &str) -> (&str, BTreeMap<&str, &str>) {
    let (first, rest) = record.split_once('\n').unwrap_or((record, ""));
    let version = first.strip_prefix("rules version ").unwrap_or_default();
    let lines = rest.lines().filter_map(|line| line.split_once("  "));
    (version, lines.map(|(decision, reply)| (reply.trim_start(), decision)).collect())
}

/// Takes `\n`, `\t`, `\r`, `\\` and `\u{…}` back to what they stand for.
fn unescape(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let mut letters = after.chars();
        text.push(match letters.next().unwrap() {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (code, _) = after.trim_start_matches("u{").split_once('}').unwrap();
                letters = after.split_once('}').unwrap().1.chars();
                char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()
            }
            other => other,
        });
        rest = letters.as_str();
    }
    text + rest
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_default()
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/replies").join(name)
}
