//! `spruce-consent classify`, as people and scripts use it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::world::EXECUTABLE;

fn classify(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(EXECUTABLE)
        .arg("classify")
        .args(arguments)
        .env_clear()
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_reply_and_lines_of_replies() {
    let (status, output, _) = classify(&["STOP"], "");
    assert_eq!(status, 0);
    assert!(output.starts_with("decision  decline\nexplicit  yes\nopt-out   yes\nrule      "), "{output}");

    let (status, output, _) = classify(&["--jsonl"], "{\"text\":\"yes\"}\n\n{\"text\":\"why?\",\"id\":7}\n");
    assert_eq!(status, 0);
    let labels: Vec<_> = output
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["label"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(labels, ["consent", "unclear"]);
}

#[test]
fn wrong_usage_and_wrong_input() {
    assert_eq!(classify(&[], "").0, 2);
    assert_eq!(classify(&["yes", "--jsonl"], "").0, 2);
    let (status, _, words) = classify(&["--jsonl"], "{\"text\":\"yes\"}\nhunter2\n");
    assert_eq!(status, 1);
    assert!(words.contains("line 2") && !words.contains("hunter2"), "{words}");
}

/// A slow writer sees each answer before it writes on.
#[test]
fn answers_come_line_by_line() {
    let mut child = Command::new(EXECUTABLE)
        .args(["classify", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for _ in 0..3 {
        input.write_all(b"{\"text\":\"no\"}\n").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.contains("\"decline\""), "{line}");
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}
