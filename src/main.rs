//! The program: hands over to the command that was typed, and turns its end into an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    spruce_consent::cli::main()
}
