//! A short storm: everything fails that can, while a hundred events flow, and the tables are the oracle's. The long
//! one is `cargo storm`, made of the same parts.

#[path = "../storm/harness/mod.rs"]
mod harness;

use clap::ValueEnum as _;

use self::harness::{Kind, Storm};

/// Faults that take ten seconds or more each time are left to the long run.
const LONG: [Kind; 5] =
    [Kind::StorageKilled, Kind::TablesDown, Kind::StorageStuck, Kind::StorageLate, Kind::SpruceHangs];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tables_are_what_happened_whatever_came_in_between() {
    let kinds = Kind::value_variants().iter().copied().filter(|kind| !LONG.contains(kind)).collect();
    let storm = Storm { events: 120, seed: 1, kinds };
    let summary = storm.rage(|line| println!("{line}")).await.unwrap_or_else(|problem| panic!("{storm}: {problem}"));
    println!("{summary}");
    assert!(summary.is_survived());
}
