//! How fast the webhook is, measured on the real program over loopback: `cargo bench --bench webhook`.
//!
//! Three servers get the same signed events in turn, round after round, so that whatever else the machine does hits all
//! of them: the program, an axum server that only passes the body on, and nginx as a proxy, where it is installed. All
//! of them deliver to the same stand-in for the queue, which answers at once. The server under test has one core, what
//! measures it has another. Every answer is checked, and the stand-in must have as many entries as were accepted.
//!
//! What holds on another machine are the ratios; the rates are those of this machine and its neighbours.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark prints figures, and a panic ends it with a failure"
)]

mod load; // what is sent, and how long each answer takes
mod process; // a server as a process
mod queue; // what stands in for the queue
mod relay; // the bare server
mod series; // a figure, round by round
mod subject; // what is measured
mod wire; // HTTP, as both ends of the benchmark speak it

use std::time::Duration;
use std::{env, fs, io};

use crate::load::{CONNECTIONS, Load};
use crate::process::pin_to;
use crate::queue::Queue;
use crate::series::Series;
use crate::subject::{PROGRAM, Subject};

/// How much is measured.
struct Plan {
    rounds: usize,
    round: Duration,
    starts: usize,
}

/// About two minutes, with `cargo bench`.
const FULL: Plan = Plan { rounds: 15, round: Duration::from_secs(2), starts: 41 };

/// Hardly more than whether everything works, with `cargo test --benches`.
const BRIEF: Plan = Plan { rounds: 1, round: Duration::from_millis(100), starts: 1 };

/// Where the servers under test run, and where all the rest does.
const SERVER_CORE: usize = 0;
const OTHER_CORE: usize = 1;

/// What the program is to reach, next to the relay in the same run.
const LEAST_THROUGHPUT: f64 = 0.5;
const MOST_P99: f64 = 2.0;
const MOST_START: f64 = 1.5;

/// And by itself, in megabytes.
const MOST_MEMORY: f64 = 25.0;
const MOST_BINARY: f64 = 10.0;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [role, port, queue] = &arguments[..]
        && role == relay::ROLE
    {
        return relay::run(port, queue);
    }
    let plan = if arguments.iter().any(|argument| argument == "--bench") { FULL } else { BRIEF };

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let load = runtime.block_on(Load::new())?;
    let queue = Queue::start()?;
    let folder = tempfile::tempdir()?;

    let (mut relay_start, mut program_start) = (Series::default(), Series::default());
    for _ in 0..plan.starts {
        relay_start.push(Subject::relay(queue.address)?.server.started_in.as_secs_f64() * 1e3);
        program_start.push(Subject::program(queue.address)?.server.started_in.as_secs_f64() * 1e3);
    }

    // What is started while the benchmark itself is pinned stays there.
    let is_pinned = pin_to(SERVER_CORE);
    let (mut relay, mut program) = (Subject::relay(queue.address)?, Subject::program(queue.address)?);
    let mut nginx = Subject::nginx(queue.address, folder.path())?;
    let is_pinned = is_pinned && pin_to(OTHER_CORE);
    for _ in 0..plan.rounds {
        for subject in [&mut relay, &mut program].into_iter().chain(&mut nginx) {
            runtime.block_on(subject.measure(&load, &queue, plan.round))?;
        }
    }

    let (bytes, Plan { rounds, round, .. }) = (load.event_bytes, plan);
    println!("{CONNECTIONS} connections, {bytes} bytes an event, {rounds} rounds of {round:?} each;");
    if is_pinned {
        println!("the server on one core, load and queue on another;");
    } else {
        println!("NOT PINNED (no taskset, or one core only): load and queue compete with the server;");
    }
    if nginx.is_none() {
        println!("nginx is not installed and left out;");
    }
    println!("medians, and in brackets how many times the relay's: median (least–greatest) of the rounds\n");
    println!("{:<18}{:>28}{:>28}{:>28}{:>28}", "", "events/s", "p50 µs", "p99 µs", "processor µs");
    for subject in [&relay, &program].into_iter().chain(&nginx) {
        print!("{:<18}", subject.name);
        for (figure, relays) in subject.figures().into_iter().zip(relay.figures()) {
            print!("{:>28}", format!("{:.0} [{}]", figure.median(), figure.over(relays)));
        }
        println!();
    }
    let (ours, relays) = (program_start.median(), relay_start.median());
    println!("\nstart to the first answer: relay {relays:.2} ms, spruce-consent {ours:.2} ms\n");

    let [per_second, _, p99, _] = program.figures();
    let [relays_per_second, _, relays_p99, _] = relay.figures();
    let per_second = per_second.over(relays_per_second).median();
    verdict("events/s, times the relay's", per_second, per_second >= LEAST_THROUGHPUT, "at least", LEAST_THROUGHPUT);
    let at_most = |name, is, most| verdict(name, is, is <= most, "at most", most);
    at_most("p99, times the relay's", p99.over(relays_p99).median(), MOST_P99);
    at_most("start, times the relay's", ours / relays, MOST_START);
    at_most("most memory resident, MB", program.server.peak_memory()?, MOST_MEMORY);
    at_most("executable, MB", fs::metadata(PROGRAM)?.len() as f64 / 1e6, MOST_BINARY);
    Ok(())
}

fn verdict(name: &str, is: f64, is_met: bool, word: &str, limit: f64) {
    println!("{name:<30}{is:>7.2}   {word:<8} {limit:<5} {}", if is_met { "met" } else { "NOT MET" });
}
