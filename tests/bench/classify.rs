//! How fast replies are classified: `cargo bench --bench classify`.
//!
//! Short replies are classified one after the other, on one core. A reply of 1 MiB cannot come by text message, but
//! the webhook takes bodies up to that size, and no sender may hold the program up with one.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use spruce_consent::domain::reply::{Lexicon, classify};

/// The largest body that the webhook takes, in bytes.
const LARGE: usize = 1 << 20;

/// What the large inputs are made of: each kind loads another part of the classifier.
const LARGE_KINDS: &[(&str, &str)] = &[
    ("one word", "a"),
    ("consents", "yes "),
    ("refusals", "no. "),
    ("opt-outs", "stop texting me "),
    ("unknown words", "lorem ipsum dolor "),
    ("signs", "!?"),
    ("spaces", " "),
    ("emoji", "😀"),
    ("accents", "y\u{301}"),
    ("ligatures", "ﷺ"),
    ("invisible", "\u{200b}"),
    ("other script", "й"),
];

/// The replies whose decisions are on record, of all kinds and in both languages.
const REPLIES: &str = include_str!("../replies/replies.txt");

/// A text message of one part, in characters.
const ONE_PART: usize = 160;

fn short_replies(criterion: &mut Criterion) {
    let lexicon = Lexicon::default();
    let replies: Vec<&str> = REPLIES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# ") && line.chars().count() <= ONE_PART)
        .collect();
    let mut group = criterion.benchmark_group("short replies");
    group.throughput(Throughput::Elements(replies.len() as u64));
    group.bench_function("on record", |bencher| {
        bencher.iter(|| {
            for reply in &replies {
                black_box(classify(black_box(reply), &lexicon));
            }
        });
    });
    group.finish();
}

fn large_replies(criterion: &mut Criterion) {
    let lexicon = Lexicon::default();
    let mut group = criterion.benchmark_group("1 MiB");
    group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
    for (name, piece) in LARGE_KINDS {
        let reply = piece.repeat(LARGE / piece.len());
        group.bench_with_input(BenchmarkId::from_parameter(name), &reply, |bencher, reply| {
            bencher.iter(|| classify(black_box(reply), &lexicon));
        });
    }
    group.finish();
}

criterion_group!(benches, short_replies, large_replies);
criterion_main!(benches);
