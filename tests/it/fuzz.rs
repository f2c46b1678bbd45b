//! What strangers' bytes can do to the parser, the scanner, the decoder and the classifier: nothing but what is promised.
//!
//! `tests/corpus` keeps inputs of every kind that has been, or could be, trouble. Each is tried as it is, and then
//! changed at random: bytes flipped, cut, repeated, replaced, joined with another file. `PROPTEST_CASES=1000000 cargo
//! test --release --test it fuzz` tries a million of each. What fails is printed small; it belongs into the corpus then,
//! as a file whose name says what it is.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use base64::prelude::*;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use serde::de::IgnoredAny;
use serde_json::Value;
use sha2::Sha256;
use spruce_consent::domain::event::{self, Event};
use spruce_consent::domain::job::{ItemJob, Job};
use spruce_consent::domain::reply::{Decision, Lexicon, classify};
use spruce_consent::domain::signature::{Secret, verify};
use spruce_consent::functions::host;

use crate::world::ROOT;

/// What makes a difference to one of the readers, to be put anywhere.
const PIECES: [&str; 24] = [
    "\"", "\\", "\\u0000", "\\ud83d", "{", "}", "[", "]", ":", ",", "null", "-1", "1e999", " ", "\t\r\n", "\0",
    "\u{feff}", "\u{200d}", "\u{202e}", "not ", "yes", "no", "stop", "?",
];

/// The moment of the timed signatures in the corpus, in seconds since 1970.
const NOW: i64 = 1_764_000_000;

const BODY: &[u8] = b"{}";

#[derive(Clone, Debug)]
enum Slip {
    Flip(Index, u8),
    Cut(Index, Index),
    Repeat(Index, Index),
    Insert(Index, &'static str),
    Join(Index, &'static [u8]),
}

type Corpus = Vec<&'static [u8]>;

fn corpus(folder: &str) -> Corpus {
    let files = fs::read_dir(Path::new(ROOT).join("tests/corpus").join(folder)).expect("the corpus is there");
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let inputs: Corpus = paths.iter().map(|path| &*fs::read(path).unwrap().leak()).collect();
    assert!(inputs.len() > 10, "{folder} has only {} files", inputs.len());
    inputs
}

fn slip(corpus: &Corpus) -> impl Strategy<Value = Slip> + use<> {
    let place = any::<Index>;
    prop_oneof![
        (place(), 1_u8..).prop_map(|(at, bits)| Slip::Flip(at, bits)),
        (place(), place()).prop_map(|(from, to)| Slip::Cut(from, to)),
        (place(), place()).prop_map(|(from, to)| Slip::Repeat(from, to)),
        (place(), select(&PIECES[..])).prop_map(|(at, piece)| Slip::Insert(at, piece)),
        (place(), select(corpus.clone())).prop_map(|(at, other)| Slip::Join(at, other)),
    ]
}

fn changed(input: &[u8], slips: &[Slip]) -> Vec<u8> {
    /// Longer inputs only take longer.
    const MAX_BYTES: usize = 16 * 1024;
    let mut bytes = input.to_vec();
    for slip in slips {
        let end = bytes.len() + 1;
        let range = |from: &Index, to: &Index| {
            let (from, to) = (from.index(end), to.index(end));
            from.min(to)..from.max(to)
        };
        match slip {
            Slip::Flip(at, bits) if !bytes.is_empty() => bytes[at.index(end - 1)] ^= bits,
            Slip::Flip(..) => {}
            Slip::Cut(from, to) => drop(bytes.drain(range(from, to))),
            Slip::Repeat(from, to) => {
                let piece = bytes[range(from, to)].to_vec();
                bytes.extend(piece);
            }
            Slip::Insert(at, piece) => drop(bytes.splice(at.index(end)..at.index(end), piece.bytes())),
            Slip::Join(at, other) => {
                bytes.truncate(at.index(end));
                bytes.extend_from_slice(other);
            }
        }
        bytes.truncate(MAX_BYTES);
    }
    bytes
}

/// Holds a promise against each file of a folder, and against changed ones.
fn hold(folder: &str, promise: impl Fn(&[u8]) -> Result<(), TestCaseError>) {
    let corpus = corpus(folder);
    for input in &corpus {
        promise(input).unwrap_or_else(|broken| panic!("{:?}: {broken}", String::from_utf8_lossy(input)));
    }
    let inputs = (select(corpus.clone()), proptest::collection::vec(slip(&corpus), 1..6));
    let inputs = inputs.prop_map(|(input, slips)| changed(input, &slips));
    let config = Config { failure_persistence: None, ..Config::default() };
    let tried = TestRunner::new(config).run(&inputs, |input| promise(&input));
    tried.unwrap_or_else(|broken| panic!("{folder}: {broken}"));
}

/// What becomes a job has the ids that a parser of no special purpose sees there, and comes out of the queue as it went in.
#[test]
fn events() {
    hold("events", |body| {
        let Ok(event) = event::parse(body) else { return Ok(()) };
        prop_assert!(serde_json::from_slice::<IgnoredAny>(body).is_ok(), "taken, and no JSON");
        let Event::Item(item) = event else { return Ok(()) };
        // Of what is not read, only the form counts: a number there may be larger than any.
        let Ok(seen) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
        let object = &seen["data"]["object"];
        prop_assert_eq!(object["id"].as_str(), Some(&*item.id));
        prop_assert_eq!(object["conversationId"].as_str(), Some(&*item.conversation_id));
        prop_assert_eq!(object["text"].as_str().unwrap_or_default(), item.text.expose());
        let _ = event::select(&item, |text| text.contains("consent"), |channel| channel == "phone");
        let job = Job::Item(Box::new(ItemJob::new(*item, Timestamp::UNIX_EPOCH, String::new())));
        prop_assert_eq!(Job::decode(&job.encode()), Ok(job));
        Ok(())
    });
}

/// The worker's decoder takes what the host can make of a job, and nothing that is no job.
#[test]
fn invocations() {
    hold("invocations", |body| {
        let Ok(job) = host::job(body) else { return Ok(()) };
        let text = Value::String(Value::String(job.encode()).to_string());
        let again = serde_json::json!({ "Data": { "job": text } }).to_string();
        prop_assert_eq!(host::job(again.as_bytes()), Ok(job));
        Ok(())
    });
}

/// Whatever a text is, it is classified, the same each time, and a question after it is never a consent.
#[test]
fn replies() {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::default);
    hold("replies", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let verdict = classify(&text, &LEXICON);
        prop_assert!(!verdict.rule.is_empty() && !verdict.reason.is_empty());
        prop_assert!(!verdict.explicit || verdict.decision != Decision::Unclear);
        prop_assert!(!verdict.opt_out || verdict.decision == Decision::Decline);
        prop_assert_eq!(classify(&text, &LEXICON), verdict);
        prop_assert_ne!(classify(&format!("{text} ?"), &LEXICON).decision, Decision::Consent);
        Ok(())
    });
}

/// No header verifies that was not made with the secret.
#[test]
fn signatures() {
    let secrets = [Secret::new("a secret").unwrap()];
    hold("signatures", |header| {
        prop_assert!(verify(BODY, [header, header], &secrets, NOW).is_err(), "a header of chance verifies");
        let mine = signed("a secret", BODY);
        let beside = verify(BODY, [header, mine.as_bytes()], &secrets, NOW);
        // A header may hold more candidates than are looked at; then the request is refused as a whole.
        let is_crowded = header.split(|byte| *byte == b',').nth(7).is_some();
        prop_assert!(beside.is_ok() || is_crowded, "{beside:?}");
        Ok(())
    });
}

/// A body verifies as it is and without the white space between its tokens, and no other one does.
#[test]
fn white_space() {
    let secrets = [Secret::new("a secret").unwrap()];
    hold("events", |body| {
        let check = |signed_bytes: &[u8]| verify(body, [signed("a secret", signed_bytes).as_bytes()], &secrets, NOW);
        prop_assert!(check(body).is_ok());
        prop_assert!(check(&without_space(body)).is_ok());
        let mut other = without_space(body);
        other.push(b' ');
        prop_assert!(other == body || check(&other).is_err());
        Ok(())
    });
}

fn signed(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

/// Byte by byte, with nothing clever: what is between tokens goes, what is in strings stays.
fn without_space(json: &[u8]) -> Vec<u8> {
    let (mut kept, mut in_string, mut escaped) = (Vec::new(), false, false);
    for &byte in json {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' if !in_string => continue,
            b'"' if !escaped => in_string = !in_string,
            _ => {}
        }
        escaped = in_string && byte == b'\\' && !escaped;
        kept.push(byte);
    }
    kept
}
