//! `cargo demo` checks its own outcome, so running it is a test of the whole.

use std::process::Command;

use crate::world::ROOT;

#[test]
fn the_demonstration_comes_out_as_told() {
    let output = Command::new(env!("CARGO")).args(["demo"]).current_dir(ROOT).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    for table in ["ConsentStatus", "ConsentHistory", "ConsentReview"] {
        assert!(stdout.contains(table), "{stdout}");
    }
}
