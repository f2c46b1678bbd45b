//! How long the pure steps of an event take, one by one: `cargo bench --bench steps`. Classification has a benchmark of
//! its own (`classify`).

#![allow(clippy::unwrap_used, reason = "a panic ends the benchmark with a failure")]

use std::hint::black_box;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::Sha256;
use spruce_consent::domain::consent::fold;
use spruce_consent::domain::event::{self, Event};
use spruce_consent::domain::history::{Entry, MatchStatus, Origin, Patient, What};
use spruce_consent::domain::job::{ItemJob, Job};
use spruce_consent::domain::reply::{Lexicon, classify};
use spruce_consent::domain::signature::{Secret, verify};

/// Rows in a conversation's history: a request and its answer, a few years of them, and more than anybody has.
const HISTORIES: [usize; 3] = [3, 30, 300];

/// A patient's reply with all that Spruce says about it, about 2 KB.
fn event() -> serde_json::Value {
    json!({
        "object": "event", "type": "conversationItem.created", "eventTime": "2025-12-08T14:30:01Z",
        "data": { "object": {
            "object": "conversationItem", "id": "ti_29PN3P8GEXXXX", "conversationId": "t_29S7786ETXXXX",
            "author": { "displayName": "Ada Example" }, "direction": "inbound", "isInternalNote": false,
            "text": "Yes, I consent to the appointment texts. ".repeat(16), "attachments": [], "buttons": null,
            "pages": [], "canDelete": false, "createdAt": "2025-12-08T14:30:00.123456789Z",
            "modifiedAt": "2025-12-08T14:30:00Z",
            "appURL": "https://app.sprucehealth.com/org/entity_28/thread/t_29/message/ti_29PN3P8GEXXXX",
            "apiURL": "https://api.sprucehealth.com/v1/conversationItems/ti_29PN3P8GEXXXX",
            "conversation": {
                "object": "conversation", "id": "t_29S7786ETXXXX", "type": "phone", "title": "", "archived": false,
                "createdAt": "2025-11-08T14:30:00Z", "lastActivity": "2025-12-08T14:30:00Z", "tags": [],
                "internalEndpoint": {
                    "object": "endpoint", "channel": "phone", "displayValue": "(205) 555-0199", "id": "ep_1",
                    "label": "Main line", "rawValue": "+12055550199"
                },
                "externalParticipants": [{
                    "displayName": "Ada Example", "contact": "entity_0D4QABCC06000",
                    "endpoint": { "channel": "phone", "displayValue": "(205) 555-0100", "rawValue": "+12055550100" }
                }],
                "appURL": "https://app.sprucehealth.com/org/entity_28/thread/t_29"
            }
        } }
    })
}

/// Spruce signs the compact form; the spaced one costs a second hash, and the search for the white space.
fn signatures(criterion: &mut Criterion) {
    let secrets = [Secret::new("whsec_a_secret_of_the_usual_length_0123456789").unwrap()];
    let (compact, spaced) = (event().to_string(), format!("{:#}", event()));
    let mut mac = Hmac::<Sha256>::new_from_slice(b"whsec_a_secret_of_the_usual_length_0123456789").unwrap();
    mac.update(compact.as_bytes());
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    let mut group = criterion.benchmark_group("signature");
    for (name, body) in [("compact body", &compact), ("spaced body", &spaced)] {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| verify(black_box(body.as_bytes()), [signature.as_bytes()], &secrets, 0).unwrap());
        });
    }
    group.finish();
}

fn events(criterion: &mut Criterion) {
    let body = event().to_string();
    let parse = |body: &str| match event::parse(body.as_bytes()) {
        Ok(Event::Item(item)) if event::select(&item, |_| false, |_| true) == Ok(()) => *item,
        other => unreachable!("{other:?}"),
    };
    let item = parse(&body);
    let mut group = criterion.benchmark_group("event");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("parse and select", |bencher| bencher.iter(|| parse(black_box(&body))));
    group.bench_function("make the job", |bencher| {
        bencher.iter(|| {
            let job = ItemJob::new(black_box(&item).clone(), Timestamp::UNIX_EPOCH, "0".repeat(64));
            Job::Item(Box::new(job)).encode()
        });
    });
    group.finish();
}

fn histories(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fold");
    for rows in HISTORIES {
        let history = history(rows);
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_with_input(BenchmarkId::from_parameter(rows), &history, |bencher, history| {
            bencher.iter(|| fold(black_box(history)));
        });
    }
    group.finish();
}

/// Request, answer, and what the clinic had said before the answer, again and again.
fn history(rows: usize) -> Vec<Entry> {
    const ANSWERS: [&str; 4] = ["yes", "I consent", "no, please do not", "what is this about?"];
    let lexicon = Lexicon::default();
    let patient = Patient { status: MatchStatus::Matched, name: "Ada Example".into(), ..Patient::default() };
    let entry = |n: usize| {
        let (round, step) = (n / 3, n % 3);
        let minutes = |minutes: usize| SignedDuration::from_mins(i64::try_from(minutes).unwrap());
        let created_at = Timestamp::UNIX_EPOCH + minutes(10 * round + step.min(1));
        let (request, reply) = (format!("ti_request{round}"), format!("ti_reply{round}"));
        let answer = ANSWERS.iter().cycle().nth(round).unwrap();
        let (item_id, what) = match step {
            0 => {
                let text = "Do you consent to text messages from us? Reply YES or NO".into();
                (request, What::Request { text, expires_at: created_at + minutes(30 * 24 * 60) })
            }
            1 => {
                let verdict = classify(answer, &lexicon);
                (
                    reply,
                    What::Reply { text: (*answer).into(), verdict, needs_no_request: false, patient: patient.clone() },
                )
            }
            _ => (reply, What::Context { preceding_item_id: request, preceding_is_request: true }),
        };
        let conversation_id = "t_29S7786ETXXXX".to_owned();
        let (modified_at, recorded_at, origin) = (None, created_at, Origin::default());
        Entry { conversation_id, item_id, created_at, modified_at, recorded_at, origin, what }
    };
    (0..rows).map(entry).collect()
}

criterion_group!(benches, signatures, events, histories);
criterion_main!(benches);
