//! Builds what the demonstration needs, in sight, and starts it.
//!
//! `cargo demo` runs this through `cargo run -q`, which builds in silence. So it depends on nothing and is there at
//! once; what takes minutes is built from here, where cargo's own progress can be seen.
#![allow(clippy::print_stderr, reason = "words to the person who waits")]

use std::env;
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitCode, ExitStatus};

/// The workspace that this was built in.
const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");

/// What is built: the program itself, and what stands in for the cloud.
const PACKAGES: [&str; 2] = ["spruce-consent", "local"];

/// The exit status when the build or the start fails; the demonstration's own is passed on.
const FAILURE: u8 = 1;

fn main() -> ExitCode {
    match build().and_then(|()| demonstrate()) {
        Ok(status) => status,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(FAILURE)
        }
    }
}

fn build() -> Result<(), String> {
    eprintln!("Building the handler and the local Functions host (the first time takes a few minutes) …");
    // `cargo run` says which cargo it is.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(&cargo);
    command.args(["build", "--locked", "--bins", "--manifest-path", MANIFEST]);
    for package in PACKAGES {
        command.args(["--package", package]);
    }
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let status = command.status().map_err(|error| format!("{} cannot be started: {error}", cargo.display()))?;
    if status.success() { Ok(()) } else { Err(format!("The build failed ({status}); what cargo says is above.")) }
}

/// Runs `local demo` with our own arguments, in the place of this process where the system can do that.
fn demonstrate() -> Result<ExitCode, String> {
    let program =
        beside_this_program("local").map_err(|error| format!("Where this program is, is not known: {error}"))?;
    let mut command = Command::new(&program);
    command.arg("demo").args(env::args_os().skip(1));
    let status =
        hand_over(&mut command).map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
    // A process that a signal ended has no code of its own.
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILURE).into())
}

/// Comes back only if the program cannot be started: Ctrl-C then reaches it alone, and nobody is left waiting for it.
#[cfg(unix)]
fn hand_over(command: &mut Command) -> io::Result<ExitStatus> {
    use std::os::unix::process::CommandExt as _;

    Err(command.exec())
}

#[cfg(not(unix))]
fn hand_over(command: &mut Command) -> io::Result<ExitStatus> {
    command.status()
}

/// A program in the folder of this one, where cargo puts all that it builds.
fn beside_this_program(name: &str) -> io::Result<PathBuf> {
    Ok(env::current_exe()?.with_file_name(format!("{name}{EXE_SUFFIX}")))
}
