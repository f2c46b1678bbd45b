//! The command line. Without a command the program is the custom handler that the Functions host starts.
//!
//! Data goes to stdout, words to stderr. Exit status: 0 done, 1 failed, 2 wrong usage or settings.

#![expect(clippy::print_stderr, reason = "commands speak to a person; everything else logs")]

mod backfill;
mod classify;
mod doctor;
mod export;
mod local_settings;
mod poison;
mod proof;
mod report;
mod review;
mod send_test;
mod serve;
mod setup;
mod since;
mod terminal;
mod webhooks;

use std::env;
use std::future::Future;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, Parser, Subcommand};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::{Faults, SpruceSettings};
use crate::spruce;
use crate::storage::{StorageError, local_time};

/// Turns patients' text replies into consent records in Azure Table Storage.
#[derive(Debug, Parser)]
#[command(name = "spruce-consent", version, about, arg_required_else_help = false)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve as the Functions host's custom handler (the default)
    Serve,
    /// Create the queues and the tables
    #[command(after_help = setup::EXAMPLE)]
    Setup,
    /// Check settings, storage, token, endpoint and deliveries, and say what to do
    #[command(after_help = doctor::EXAMPLE)]
    Doctor(doctor::Arguments),
    /// Register and watch the endpoint at Spruce that events are sent to
    #[command(after_help = webhooks::EXAMPLE)]
    Webhooks {
        #[command(subcommand)]
        command: webhooks::Command,
    },
    /// Send a signed event to the webhook, to see whether address and secret are right
    #[command(after_help = send_test::EXAMPLE)]
    SendTest(send_test::Arguments),
    /// Show what a reply is taken to say, and why
    #[command(after_help = classify::EXAMPLE)]
    Classify(classify::Arguments),
    /// Find what was missed while the endpoint was down, and give it to the worker
    #[command(after_help = backfill::EXAMPLE)]
    Backfill(backfill::Arguments),
    /// List what waits for staff, and record what they decide
    #[command(after_help = review::EXAMPLE)]
    Review {
        #[command(subcommand)]
        command: review::Command,
    },
    /// Look at what the worker could not do, and give it to the worker again
    #[command(after_help = poison::EXAMPLE)]
    Poison {
        #[command(subcommand)]
        command: poison::Command,
    },
    /// Write out a whole table
    #[command(after_help = export::EXAMPLE)]
    Export(export::Arguments),
    /// Print one patient's whole trail, for an auditor
    #[command(after_help = proof::EXAMPLE)]
    Proof(proof::Arguments),
    /// Count requests, replies and consents, by week, and how far staff agree with the rules
    #[command(after_help = report::EXAMPLE)]
    Report(report::Arguments),
    /// Print the script by which a shell completes this program's commands
    #[command(after_help = COMPLETIONS_EXAMPLE)]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

const COMPLETIONS_EXAMPLE: &str = "\
Needs no settings.

Examples:
  spruce-consent completions bash > ~/.local/share/bash-completion/completions/spruce-consent
  spruce-consent completions powershell >> $PROFILE";

/// How a command ends.
enum Failure {
    /// Something did not work; exit status 1.
    Failed(String),
    /// The settings are not right; exit status 2.
    Settings(Faults),
    /// Whoever read the output has seen enough, as in `| head`; exit status 0.
    Unread,
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Settings(faults)
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::Failed(format!("{error}. {}", error.remedy()))
    }
}

impl From<spruce::Failure> for Failure {
    fn from(failure: spruce::Failure) -> Self {
        Self::Failed(format!("{failure}. {}", failure.remedy()))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            kind => Self::Failed(format!("cannot write: {kind}; what was written is not whole")),
        }
    }
}

/// Runs what was typed.
pub fn main() -> ExitCode {
    // This is how the host starts it. Preparing to read a command line would be nearly a fifth of all that is done until
    // it listens.
    if env::args_os().nth(1).is_none() {
        return serve::run(environment);
    }
    // A wrong usage ends here, with clap's own words and status 2.
    let arguments = Arguments::parse();
    let result = match arguments.command.unwrap_or(Command::Serve) {
        // The only one that is not an operator's: its settings are the environment alone, and its words are log lines.
        Command::Serve => return serve::run(environment),
        Command::Setup => local_settings::lookup().and_then(|setting| block_on(setup::run(setting))),
        Command::Doctor(arguments) => {
            local_settings::lookup().and_then(|setting| block_on(doctor::run(&arguments, setting)))
        }
        Command::Webhooks { command } => {
            local_settings::lookup().and_then(|setting| block_on(webhooks::run(&command, setting)))
        }
        Command::SendTest(arguments) => {
            local_settings::lookup().and_then(|setting| block_on(send_test::run(&arguments, setting)))
        }
        Command::Backfill(arguments) => {
            local_settings::lookup().and_then(|setting| block_on(backfill::run(&arguments, setting)))
        }
        Command::Review { command } => {
            local_settings::lookup().and_then(|setting| block_on(review::run(&command, setting)))
        }
        Command::Poison { command } => {
            local_settings::lookup().and_then(|setting| block_on(poison::run(&command, setting)))
        }
        Command::Export(arguments) => {
            local_settings::lookup().and_then(|setting| block_on(export::run(&arguments, setting)))
        }
        Command::Proof(arguments) => {
            local_settings::lookup().and_then(|setting| block_on(proof::run(&arguments, setting)))
        }
        Command::Report(arguments) => {
            local_settings::lookup().and_then(|setting| block_on(report::run(&arguments, setting)))
        }
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            let name = command.get_name().to_owned();
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, name, &mut script);
            terminal::print(String::from_utf8_lossy(&script).trim_end())
        }
        Command::Classify(arguments) => local_settings::lookup().and_then(|setting| classify::run(&arguments, setting)),
    };
    match result {
        Ok(()) | Err(Failure::Unread) => ExitCode::SUCCESS,
        Err(Failure::Failed(why)) => {
            anstream::eprintln!("{} {why}", terminal::styled(terminal::BAD, "error:"));
            ExitCode::FAILURE
        }
        Err(Failure::Settings(faults)) => {
            faults
                .iter()
                .for_each(|fault| anstream::eprintln!("{} {fault}", terminal::styled(terminal::BAD, "error:")));
            eprintln!("Settings come from the environment and from local.settings.json in this folder.");
            ExitCode::from(2)
        }
    }
}

/// A time as people at this terminal read it: these commands know no clinic.
fn local_time_of(time: Timestamp) -> String {
    local_time(time, &TimeZone::UTC)
}

/// A client for Spruce's API that waits where Spruce limits the calls, and says so.
fn patient_client(settings: SpruceSettings) -> Result<spruce::Client, Failure> {
    let on_wait =
        |pause: Duration| eprintln!("Spruce limits how often we may ask: going on in {} s.", pause.as_secs() + 1);
    Ok(client(settings)?.patiently(on_wait))
}

fn client(settings: SpruceSettings) -> Result<spruce::Client, Failure> {
    let client = spruce::Client::new(settings.base_url, settings.token);
    client.map_err(|_| Failure::Failed("no TLS on this machine".to_owned()))
}

fn environment(setting: &str) -> Option<String> {
    std::env::var(setting).ok()
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Failed(format!("cannot start: {error}")))?.block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
