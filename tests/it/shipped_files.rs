//! One fact, seen from two sides: the files that are shipped, and the constants in the code.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Value, json};
use spruce_consent::config::Settings;
use spruce_consent::domain::job::MAX_JOB_BYTES;
use spruce_consent::functions::host::JOB_BINDING;
use spruce_consent::functions::{WEBHOOK_PATH, WORKER_PATH, consent_worker};
use spruce_consent::storage::{POISON_QUEUE, QUEUE};

use crate::world::read;

fn json_file(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn host_json() {
    let host = json_file("host.json");
    let handler = &host["customHandler"];
    // Word for word the name in the zip, or the executable bit is lost on publishing.
    assert_eq!(handler["description"]["defaultExecutablePath"], env!("CARGO_PKG_NAME"));
    assert_eq!(handler["enableProxyingHttpRequest"], true);
    assert_eq!(handler["enableForwardingHttpRequest"], true);
    // With another prefix a stranger could reach the worker's route.
    assert!(host["extensions"].get("http").is_none(), "the webhook's path is under the default prefix");
    assert_eq!(
        host["extensions"]["queues"],
        json!({ "messageEncoding": "base64", "batchSize": 16, "newBatchThreshold": 8, "maxDequeueCount": 5,
                "visibilityTimeout": "00:00:30", "maxPollingInterval": "00:00:10" })
    );
    assert_eq!(host["functionTimeout"], "00:05:00");
    assert!(consent_worker::DEADLINE.as_secs() < 5 * 60, "an invocation ends before the host kills the handler");
    assert_eq!(host["extensionBundle"]["version"], "[4.*, 5.0.0)");
    let excluded = host["logging"]["applicationInsights"]["samplingSettings"]["excludedTypes"].as_str().unwrap();
    assert!(excluded.contains("Request") && excluded.contains("Exception"));
}

#[test]
fn the_http_function() {
    let bindings = json_file("spruce-webhook/function.json")["bindings"].clone();
    // Exactly one httpTrigger and one http: anything else silently changes how the host passes the body.
    assert_eq!(bindings.as_array().unwrap().len(), 2);
    assert_eq!((&bindings[0]["type"], &bindings[1]["type"]), (&json!("httpTrigger"), &json!("http")));
    assert_eq!(bindings[0]["authLevel"], "anonymous");
    assert_eq!(bindings[0]["methods"], json!(["post", "get", "head"]));
    assert_eq!(format!("/api/{}", bindings[0]["route"].as_str().unwrap()), WEBHOOK_PATH);
}

#[test]
fn the_queue_function() {
    let bindings = json_file("consent-worker/function.json")["bindings"].clone();
    assert_eq!(bindings.as_array().unwrap().len(), 1);
    assert_eq!(bindings[0]["type"], "queueTrigger");
    assert_eq!(bindings[0]["queueName"], QUEUE);
    assert_eq!(bindings[0]["name"], JOB_BINDING);
    assert_eq!(bindings[0]["connection"], "AzureWebJobsStorage");
    assert_eq!(WORKER_PATH, "/consent-worker", "the host posts to the folder's name");
    assert_eq!(POISON_QUEUE, format!("{QUEUE}-poison"), "the host's own naming");
    assert_eq!(MAX_JOB_BYTES.div_ceil(3) * 4, 64 * 1024, "what the queue holds of base64");
}

/// Every setting that the program asks for, but for the platform's own, which are in no file of ours.
pub(crate) fn settings_asked_for() -> BTreeSet<String> {
    let asked = RefCell::new(BTreeSet::from(["LOG_LEVEL".to_owned()]));
    let _ = Settings::read(|name| {
        asked.borrow_mut().insert(name.to_owned());
        None
    });
    let mut asked = asked.into_inner();
    asked.retain(|name| !name.starts_with("IDENTITY_"));
    asked
}

/// Every setting that the program asks for is in the example and in the README, and no other.
#[test]
fn settings() {
    let mut asked = settings_asked_for();
    let readme = read("README.md");
    for name in &asked {
        assert!(readme.contains(&format!("`{name}`")), "{name} is not in the README");
    }
    // The other way to storage is in the README alone.
    asked.retain(|name| !name.starts_with("AzureWebJobsStorage__"));

    let example = json_file("local.settings.json.example");
    let mut named: BTreeSet<String> = example["Values"].as_object().unwrap().keys().cloned().collect();
    assert!(named.remove("FUNCTIONS_WORKER_RUNTIME"), "without it `func` does not know what to publish");
    assert_eq!(named, asked);
    // As it is, it starts.
    Settings::read(|name| example["Values"][name].as_str().map(str::to_owned)).unwrap();
}

#[test]
fn the_readmes_commands_are_the_ones_that_ci_runs() {
    let (readme, ci) = (read("README.md"), read(".ci/run"));
    let tests = "cargo test --workspace --locked";
    assert!(readme.contains(tests) && ci.contains(tests));
    assert!(readme.contains("cargo demo") && read(".cargo/config.toml").contains("demo = "));
}
