//! `cargo storm`: thousands of events through the real handler under the local host, while everything fails that can.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test in all but its size: a panic is the message, and there are words for the person who waits"
)]

mod harness;

use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Parser, ValueEnum as _};
use local::ending::asked_to_end;

use self::harness::{Kind, Storm};

/// Sends thousands of events through the real handler while everything fails that can, and holds the tables against
/// what the events say.
#[derive(Debug, Parser)]
#[command(name = "cargo storm", after_help = known_faults())]
struct Options {
    /// About how many events flow in each storm
    #[arg(long, default_value_t = 2_000)]
    events: usize,
    /// What the storm follows from; by default another one each time
    #[arg(long)]
    seed: Option<u64>,
    /// What goes wrong: `mixed` is everything at once, `each` is one storm for each fault alone, or name some
    #[arg(long, default_value = "mixed", value_name = "mixed|each|FAULT,…", value_parser = Faults::read)]
    faults: Faults,
}

/// What goes wrong in each storm, one storm after the other.
#[derive(Clone, Debug)]
struct Faults(Vec<Vec<Kind>>);

impl Faults {
    fn read(text: &str) -> Result<Self, String> {
        let all = Kind::value_variants();
        Ok(Self(match text {
            "mixed" => vec![all.to_vec()],
            "each" => all.iter().map(|kind| vec![*kind]).collect(),
            names => {
                let kinds = names.split(',').map(|name| {
                    Kind::from_str(name, false).map_err(|_| format!("there is no `{name}`; --help tells what there is"))
                });
                vec![kinds.collect::<Result<_, _>>()?]
            }
        }))
    }
}

fn known_faults() -> String {
    let known = Kind::value_variants().iter().filter_map(Kind::to_possible_value).map(|fault| {
        let what = fault.get_help().map(ToString::to_string).unwrap_or_default();
        format!("  {:<22} {what}\n", fault.get_name())
    });
    format!("Faults:\n{}", known.collect::<String>())
}

#[tokio::main]
async fn main() -> ExitCode {
    let Options { events, seed, faults } = Options::parse();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seed = seed.unwrap_or_else(|| u64::from(now.subsec_nanos()));
    let mut is_survived = true;
    for kinds in faults.0 {
        let storm = Storm { events, seed, kinds };
        println!("{storm}");
        // Given up, it ends what it has started.
        let outcome = tokio::select! {
            outcome = storm.rage(|line| println!("{line}")) => outcome,
            _ = asked_to_end() => return ExitCode::FAILURE,
        };
        match outcome {
            Ok(summary) => {
                println!("\n{summary}\n");
                is_survived &= summary.is_survived();
            }
            Err(problem) => {
                eprintln!("{storm}: {problem}");
                is_survived = false;
            }
        }
    }
    if is_survived { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
