//! The queries of alerts and workbook against the lines that the program prints: a field that is renamed in the code
//! would make an alert silent, and nobody would notice.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use local::spruce::{Fault, Participant};
use regex::Regex;
use serde_json::Value;
use spruce_consent::domain::job::{Job, SweepJob};
use tokio::time::{sleep, timeout};

use crate::world::{PATIENCE, Proxied, ROOT, World, minute, read};

/// Fields that no line has on the day that [`a_day_with_everything`] plays.
const AWAITED: [&str; 1] = [
    // Printed by the first round through the worklist, a minute after a review was opened.
    "oldest_review_hours",
];

const ASK: &str = "Do you consent to the new care programme? Reply YES or NO";

/// Name without its ending, and text without comments.
fn queries() -> Vec<(String, String)> {
    let mut queries = Vec::new();
    for entry in std::fs::read_dir(Path::new(ROOT).join("infra/queries")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let text = read(&format!("infra/queries/{file}"));
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("//")).collect();
        queries.push((file.trim_end_matches(".kql").to_owned(), lines.join("\n")));
    }
    queries.sort();
    queries
}

/// Each `line.a` or `line.a.b`, as a JSON pointer.
fn fields(query: &str) -> BTreeSet<String> {
    let field = Regex::new(r"\bline((?:\.[a-z_]+)+)").unwrap();
    field.captures_iter(query).map(|found| found[1].replace('.', "/")).collect()
}

async fn a_day_with_everything() -> World {
    let storage = Proxied::start().await;
    let world = storage.world(&[]).await;
    let patient = world.spruce.add_conversation(&[Participant::number("+12055550100")]);
    let ask = world.spruce.clinic_writes(&patient, ASK, minute(0));
    let yes = world.spruce.patient_writes(&patient, "Yes, I consent", minute(1));
    let note = world.spruce.internal_note(&patient, "called her", minute(2));
    world.deliver(&[ask, yes, note]).await;

    let other = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    for fault in [Fault::Status(500), Fault::Status(403)] {
        world.spruce.set_fault(fault);
        let no = world.spruce.patient_writes(&other, "STOP", minute(3));
        assert_eq!(world.sender.send(&no).await.unwrap().status, 200);
        until_printed(&world, "look_up_failed").await;
    }
    world.spruce.set_fault(Fault::None);

    let body = "{\"type\":";
    let signature = world.sender.sign(body.as_bytes());
    world.sender.send_raw(body, &[("X-Spruce-Signature", &signature)]).await.unwrap();
    world.sender.send_raw(body, &[("X-Spruce-Signature", "bm9uc2Vuc2U=")]).await.unwrap();
    local::tables::queue_put(&world.account, "spruce-events", "bm9uc2Vuc2U=").await.unwrap();
    until_printed(&world, "invalid_job").await;
    // A round through the worklist that another has taken the place of: it says so, and comes to nothing.
    let round = Job::Sweep(SweepJob { due: minute(0), seen: Vec::new() });
    let round = BASE64_STANDARD.encode(round.encode());
    local::tables::queue_put(&world.account, "spruce-events", &round).await.unwrap();
    until_printed(&world, "swept").await;
    storage.table.set_down(true);
    let stop = world.spruce.patient_writes(&patient, "stop", minute(4));
    world.sender.send(&stop).await.unwrap();
    until_printed(&world, "storage_failed").await;
    storage.queue.set_down(true);
    assert_eq!(world.sender.send(&stop).await.unwrap().status, 503);
    world
}

async fn until_printed(world: &World, outcome: &str) {
    let line = format!("\"outcome\":\"{outcome}\"");
    let printed = async {
        while !world.output().contains(&line) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, printed).await.unwrap_or_else(|_| panic!("no {outcome} in\n{}", world.output()));
}

#[tokio::test]
async fn every_field_is_one_that_the_program_prints() {
    let world = a_day_with_everything().await;
    let output = world.output();
    let lines: Vec<Value> = output.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for (name, query) in queries() {
        for field in fields(&query) {
            let is_awaited = AWAITED.iter().any(|awaited| field == format!("/{awaited}"));
            let is_printed = lines.iter().any(|line| line.pointer(&field).is_some());
            assert!(is_awaited || is_printed, "{name}.kql: no line has {field}\n{output}");
        }
    }
    world.host.stop().await;
}

/// The words that queries look for are in the code as they stand.
#[test]
fn every_outcome_is_one_of_the_code() {
    let code: String = ["consent_worker", "spruce_webhook", "sweep"]
        .into_iter()
        .filter_map(|file| std::fs::read_to_string(Path::new(ROOT).join(format!("src/functions/{file}.rs"))).ok())
        .collect();
    let compared = Regex::new(r"outcome\) (?:== ('[a-z_]+')|in \(([^)]+)\))").unwrap();
    let mut found = 0;
    for (name, query) in queries() {
        for words in compared.captures_iter(&query) {
            let words = words.get(1).or_else(|| words.get(2)).unwrap().as_str();
            for outcome in words.split('\'').skip(1).step_by(2) {
                found += 1;
                assert!(code.contains(&format!("\"{outcome}\"")), "{name}.kql: the code has no outcome {outcome}");
            }
        }
    }
    assert!(found > 10, "the pattern finds the comparisons");
    let messages = read("src/cli/serve.rs");
    assert!(messages.contains("\"listening\"") && messages.contains("start_ms"), "starts.kql");
    // It fires on error lines without an outcome, so every error of a request needs one.
    for error in code.split("error!(").skip(1) {
        assert!(error.trim_start().starts_with("outcome = ") || error.contains("status = "), "{error:.200}");
    }
}

/// Every line of the program is in the host's category for its console; without that, anybody's words would count.
#[test]
fn every_query_reads_the_programs_own_lines() {
    for (name, query) in queries() {
        let reads_lines = query.contains("parse_json(message)");
        assert!(!reads_lines || query.contains("'Host.Function.Console'"), "{name}.kql");
        // A workbook takes what stands in braces for a parameter of its own.
        assert!(!query.contains('{'), "{name}.kql");
        let is_used = ["alerts", "workbook"]
            .iter()
            .any(|module| read(&format!("infra/modules/{module}.bicep")).contains(&format!("'../queries/{name}.kql'")));
        assert!(is_used, "{name}.kql is used nowhere");
    }
}
