//! What stops the program from starting: wrong settings, told all at once, with status 2 and without a value.

use std::net::TcpListener;
use std::process::{Command, Output};

use crate::world::EXECUTABLE;

const COMPLETE: [(&str, &str); 4] = [
    ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
    ("SPRUCE_WEBHOOK_SECRET", "hunter2"),
    ("SPRUCE_API_TOKEN", "hunter2"),
    ("FUNCTIONS_CUSTOMHANDLER_PORT", "0"),
];

fn serve(changes: &[(&str, &str)]) -> Output {
    let mut command = Command::new(EXECUTABLE);
    command.env_clear().envs(COMPLETE).envs(changes.iter().copied());
    command.output().unwrap()
}

fn errors(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn faults_are_told_together_by_setting() {
    let output = serve(&[
        ("SPRUCE_WEBHOOK_SECRET", "@Microsoft.KeyVault(SecretUri=https://hunter2.vault.azure.net/)"),
        ("SPRUCE_API_TOKEN", ""),
        ("CLINIC_TIME_ZONE", "hunter2"),
        ("LOG_LEVEL", "hunter2"),
    ]);
    assert_eq!(output.status.code(), Some(2));
    let errors = errors(&output);
    for (error, setting) in
        errors.iter().zip(["LOG_LEVEL", "SPRUCE_WEBHOOK_SECRET", "SPRUCE_API_TOKEN", "CLINIC_TIME_ZONE"])
    {
        assert!(error.starts_with(setting), "{error}");
    }
    assert_eq!(errors.len(), 4);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("hunter2"));
    assert!(output.stdout.is_empty());
}

#[test]
fn an_empty_secret_would_let_anybody_in() {
    let output = serve(&[("SPRUCE_WEBHOOK_SECRET", "")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output)[0].starts_with("SPRUCE_WEBHOOK_SECRET is missing"));
}

/// The host restarts what ends with a failure, and leaves alone what ends with success.
#[test]
fn a_port_that_is_taken_is_a_failure() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = serve(&[("FUNCTIONS_CUSTOMHANDLER_PORT", &port)]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(errors(&output), ["cannot listen"]);
}
