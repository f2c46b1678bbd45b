//! `doctor`: whether everything that the record depends on works, with what to do where it does not.

use std::future::Future;
use std::time::{Duration, Instant};

use clap::builder::styling::Style;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::{Value, json};

use super::webhooks::{delivery_log, is_same_address, leads_here};
use super::{Failure, client, local_time_of, send_test, terminal};
use crate::config::{self, Faults, Settings};
use crate::domain::reply::RULES_VERSION;
use crate::domain::signature::TOLERANCE_SECONDS;
use crate::spruce::{self, Client, Delivery, Endpoint, Outcome};
use crate::storage::{POISON_QUEUE, QUEUE, Queue, StorageError, Table, Tables};

pub(super) const EXAMPLE: &str = "\
Needs the settings that the app has, and says which are missing. Changes nothing that anybody sees. The exit status is 1 \
if anything fails; a warning is no failure.

Examples:
  spruce-consent doctor --url https://APP.azurewebsites.net/api/spruce-webhook
  spruce-consent doctor --json | jq '.[] | select(.state != \"ok\")'";

/// How long one check may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How far the delivery log is looked at.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// How many pages of it: 500 events.
const MAX_PAGES: usize = 25;

/// What no client can be made without.
const NO_TLS: &str = "no TLS on this machine";

/// How far this machine's clock may be off before anybody should know. The header that tells has whole seconds.
const CLOCK_WARNING: SignedDuration = SignedDuration::from_secs(30);

/// How far before signatures that carry a time are refused.
const CLOCK_FAILURE: SignedDuration = SignedDuration::from_secs(TOLERANCE_SECONDS.cast_signed());

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The app's address, which should be registered at Spruce: its own checks are made only then
    #[arg(long, value_parser = send_test::address)]
    url: Option<Url>,
    /// As JSON, for another program
    #[arg(long)]
    json: bool,
}

/// What a check has found.
struct Finding {
    check: String,
    state: State,
    what: String,
    /// What to do; empty where all is well.
    remedy: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    Warning,
    Failure,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }

    const fn style(self) -> Style {
        match self {
            Self::Ok => terminal::GOOD,
            Self::Warning => terminal::WARNING,
            Self::Failure => terminal::BAD,
        }
    }
}

impl Finding {
    fn ok(check: impl Into<String>, what: impl Into<String>) -> Self {
        Self { check: check.into(), state: State::Ok, what: what.into(), remedy: String::new() }
    }

    fn warning(check: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check: check.into(), state: State::Warning, what: what.into(), remedy: remedy.into() }
    }

    fn failure(check: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Failure, ..Self::warning(check, what, remedy) }
    }
}

pub(super) async fn run(arguments: &Arguments, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let Arguments { url, json } = arguments;
    let version = format!("spruce-consent {}, rules of replies {RULES_VERSION}", env!("CARGO_PKG_VERSION"));
    let mut findings = vec![Finding::ok("version", version)];
    findings.extend(settings(&setting));
    let progress = terminal::progress("Looking", None);
    let (storage, spruce, app) = tokio::join!(storage(&setting), spruce_api(&setting, url.as_ref()), async {
        match url {
            Some(url) => vec![app(url).await],
            None => Vec::new(),
        }
    });
    drop(progress);
    findings.extend([storage, spruce, app].into_iter().flatten());

    if *json { print_json(&findings) } else { print_lines(&findings) }?;
    let count = |state| findings.iter().filter(|finding| finding.state == state).count();
    match (count(State::Failure), count(State::Warning)) {
        (0, 0) => eprintln!("All is well."),
        (0, warnings) => eprintln!("It works. Warnings: {warnings}."),
        (failures, warnings) => {
            return Err(Failure::Failed(format!("failures: {failures}, warnings: {warnings}")));
        }
    }
    Ok(())
}

fn print_lines(findings: &[Finding]) -> Result<(), Failure> {
    let width = findings.iter().map(|finding| finding.check.len()).max().unwrap_or(0);
    for Finding { check, state, what, remedy } in findings {
        let state = terminal::styled(state.style(), &format!("{:<7}", state.as_str()));
        let check = terminal::styled(terminal::STRONG, &format!("{check:<width$}"));
        let remedy = if remedy.is_empty() { String::new() } else { format!(". {remedy}") };
        // Some of these words are Spruce's.
        terminal::print(&format!("{state}  {check}  {}{remedy}", terminal::plain(what)))?;
    }
    Ok(())
}

fn print_json(findings: &[Finding]) -> Result<(), Failure> {
    let list: Vec<Value> = findings
        .iter()
        .map(|Finding { check, state, what, remedy }| {
            json!({ "check": check, "state": state.as_str(), "what": what, "remedy": remedy })
        })
        .collect();
    terminal::print(&Value::from(list).to_string())
}

/// The settings, as the app reads them.
fn settings(setting: &impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    const CHECK: &str = "settings";
    match Settings::read(setting) {
        Ok(settings) if settings.replies.request_pattern.needs_no_request() => vec![Finding::warning(
            CHECK,
            "CONSENT_REQUEST_PATTERN is `any`: a \"yes\" to whatever the clinic last said is a consent",
            "Use it only on a line that sends nothing but requests",
        )],
        Ok(_) => vec![Finding::ok(CHECK, "complete")],
        Err(faults) => faults
            .iter()
            .map(|fault| Finding::failure(CHECK, fault, "Set it in the environment or in local.settings.json"))
            .collect(),
    }
}

/// Why a group of checks was left out.
fn not_looked_at(check: &str, faults: &Faults) -> Vec<Finding> {
    // The faults themselves are among the settings' findings.
    let count = faults.iter().count();
    vec![Finding::warning(check, format!("not looked at: {count} of its settings cannot be used"), "Mend them first")]
}

async fn storage(setting: &impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    const CHECK: &str = "storage";
    let (account, zone) = match config::read_storage(setting) {
        Ok(settings) => settings,
        Err(faults) => return not_looked_at(CHECK, &faults),
    };
    let (queue, tables) = match (Queue::new(&account), Tables::new(&account, zone)) {
        (Ok(queue), Ok(tables)) => (queue, tables),
        (Err(error), _) | (_, Err(error)) => return vec![refused(CHECK, &error)],
    };
    let jobs = bounded(QUEUE, async {
        match queue.check().await {
            Ok(waiting) => Finding::ok(QUEUE, format!("can be read and written; jobs on it: {waiting}")),
            Err(error) => refused(QUEUE, &error),
        }
    });
    let poison = bounded(POISON_QUEUE, async {
        match queue.peek_poison().await {
            Ok((_, 0)) => Finding::ok(POISON_QUEUE, "is empty"),
            Ok((entries, total)) => Finding::warning(
                POISON_QUEUE,
                match entries.iter().map(|entry| entry.inserted_at).min() {
                    Some(since) => format!("holds {total} that the worker gave up, since {}", local_time_of(since)),
                    None => format!("holds {total} that the worker gave up"),
                },
                "See `poison list`, mend the cause, `poison requeue --all` within seven days",
            ),
            Err(error) => refused(POISON_QUEUE, &error),
        }
    });
    let each = Table::ALL.map(|table| {
        let tables = &tables;
        bounded(table.name(), async move {
            match tables.check(table).await {
                Ok(()) => Finding::ok(table.name(), "can be read and written"),
                Err(error) => refused(table.name(), &error),
            }
        })
    });
    let (jobs, poison, each) = tokio::join!(jobs, poison, futures_util::future::join_all(each));
    [jobs, poison].into_iter().chain(each).collect()
}

fn refused(check: &str, error: &StorageError) -> Finding {
    Finding::failure(check, error.to_string(), error.remedy())
}

async fn spruce_api(setting: &impl Fn(&str) -> Option<String>, url: Option<&Url>) -> Vec<Finding> {
    const CHECK: &str = "token";
    let settings = match config::read_spruce(setting) {
        Ok(settings) => settings,
        Err(faults) => return not_looked_at(CHECK, &faults),
    };
    let is_half = !settings.has_whole_token();
    // It does not wait for the rate limit: who looks for a fault wants to know.
    let Ok(client) = client(settings) else { return vec![Finding::failure(CHECK, NO_TLS, "Install its certificates")] };
    let (clock, (token, endpoints)) = tokio::join!(clock(&client), token(&client, is_half));
    let mut findings = vec![clock, token];
    if let Some(endpoints) = endpoints {
        findings.extend(endpoint(&client, endpoints, url).await);
    }
    findings
}

/// Whether Spruce takes the token; if so, the endpoints.
async fn token(client: &Client, is_half: bool) -> (Finding, Option<Vec<Endpoint>>) {
    const CHECK: &str = "token";
    const HALF: &str =
        "A whole token is base64 of an access id, a colon and a secret key; this one is not, perhaps only a half";
    match client.endpoints().await {
        Ok(endpoints) => (Finding::ok(CHECK, "Spruce takes it"), Some(endpoints)),
        Err(failure @ spruce::Failure::Refused(_)) if is_half => {
            (Finding::failure(CHECK, failure.to_string(), HALF), None)
        }
        Err(failure) => (unanswered(CHECK, failure), None),
    }
}

fn unanswered(check: &str, failure: spruce::Failure) -> Finding {
    let state = match failure {
        // By whoever else calls: nothing is wrong here.
        spruce::Failure::RateLimited => State::Warning,
        spruce::Failure::Refused(_)
        | spruce::Failure::Status(_)
        | spruce::Failure::NoConnection
        | spruce::Failure::TimedOut
        | spruce::Failure::Unreadable => State::Failure,
    };
    Finding { state, ..Finding::failure(check, failure.to_string(), failure.remedy()) }
}

/// This machine's clock against Spruce's. The app's own is Azure's, and can be trusted.
async fn clock(client: &Client) -> Finding {
    const CHECK: &str = "clock";
    const REMEDY: &str = "Let this machine take its time from the network";
    let theirs = match client.clock().await {
        Ok(theirs) => theirs,
        Err(failure) => return Finding::warning(CHECK, format!("not looked at: {failure}"), failure.remedy()),
    };
    let off = Timestamp::now().duration_since(theirs).abs();
    let what = format!("{} s off Spruce's", off.as_secs());
    if off >= CLOCK_FAILURE {
        let what = format!("{what}: a handler on this machine refuses signatures that carry a time");
        Finding::failure(CHECK, what, REMEDY)
    } else if off >= CLOCK_WARNING {
        Finding::warning(CHECK, what, REMEDY)
    } else {
        Finding::ok(CHECK, what)
    }
}

/// The app's endpoint among all of the organisation's: there, sending, and delivered to.
async fn endpoint(client: &Client, all: Vec<Endpoint>, url: Option<&Url>) -> Vec<Finding> {
    const CHECK: &str = "endpoint";
    let is_ours = |endpoint: &Endpoint| match url {
        Some(url) => is_same_address(&endpoint.url, url.as_str()),
        None => leads_here(&endpoint.url),
    };
    let (ours, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_ours);
    let mut findings = Vec::new();
    if ours.is_empty() {
        let others: Vec<String> = others.into_iter().map(|endpoint| endpoint.url).collect();
        let others = if others.is_empty() { "nobody".to_owned() } else { others.join(", ") };
        let url = url.map_or("URL", Url::as_str);
        findings.push(Finding::failure(
            CHECK,
            format!("not registered; Spruce sends to {others}"),
            format!("Register it: webhooks create --url {url}"),
        ));
    } else if ours.len() > 1 {
        findings.push(Finding::warning(
            CHECK,
            format!("registered {} times", ours.len()),
            "After a rotation, delete the endpoint with the secret before; or say with --url which is the app's",
        ));
    }
    for endpoint in ours {
        findings.push(sending(&endpoint));
        findings.push(bounded("deliveries", deliveries(client, &endpoint)).await);
    }
    findings
}

/// Whether Spruce sends to the endpoint, as far as its word for it can be understood: the words are not documented.
fn sending(Endpoint { id, url, status, .. }: &Endpoint) -> Finding {
    const CHECK: &str = "endpoint";
    let status = if status.is_empty() { "without a status" } else { status };
    let what = format!("{id} is {status}: {url}");
    let word = status.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|one| word.contains(one));
    if says(&["pause"]) {
        Finding::failure(
            CHECK,
            what,
            format!("Replies do not arrive. `webhooks resume {id}`, then `backfill --since T`"),
        )
    } else if says(&["inactive", "disabled", "fail", "block"]) {
        Finding::failure(
            CHECK,
            what,
            format!(
                "Spruce switches off what fails too often. Mend the cause (`send-test` shows it), then `webhooks resume \
                 {id}`, then `backfill --since T`"
            ),
        )
    } else if says(&["active", "enabled"]) {
        Finding::ok(CHECK, what)
    } else {
        Finding::warning(CHECK, what, "This program does not know the word: look in Spruce whether it sends")
    }
}

/// The last delivery, and what failed in a day.
async fn deliveries(client: &Client, endpoint: &Endpoint) -> Finding {
    const CHECK: &str = "deliveries";
    let now = Timestamp::now();
    let mut pages = 0;
    let log = delivery_log(client, &endpoint.id, (now - A_DAY, now), || {
        pages += 1;
        pages < MAX_PAGES
    });
    let log = match log.await {
        Ok(Some(log)) => log,
        Ok(None) => return Finding::failure(CHECK, "the endpoint has just been deleted", "Look again"),
        Err(failure) => return unanswered(CHECK, failure),
    };
    let of = |outcome| log.iter().filter(move |delivery| delivery.outcome() == outcome);
    let (missed, retrying) = (of(Outcome::Missed).count(), of(Outcome::Retrying).count());
    let time = |delivery: Option<&Delivery>| delivery.and_then(|delivery| delivery.event_time);
    let last = time(of(Outcome::Delivered).next()).map_or("none".to_owned(), local_time_of);
    let all = if pages < MAX_PAGES { "" } else { " or more" };
    let what = format!(
        "last one delivered: {last}; events in 24 hours: {}{all}, missed: {missed}, to be sent again: {retrying}",
        log.len()
    );
    let since = time(of(Outcome::Missed).next_back()).unwrap_or(now - A_DAY).strftime("%FT%TZ");
    match log.first().map(Delivery::outcome) {
        None => Finding::warning(
            CHECK,
            "Spruce sent nothing in 24 hours",
            "If the clinic was open, write a text and look again",
        ),
        Some(Outcome::Missed | Outcome::Retrying) => Finding::failure(
            CHECK,
            format!("the last event did not arrive; {what}"),
            format!("`send-test --url URL` shows why. Once it is mended: backfill --since {since}"),
        ),
        Some(Outcome::Delivered) if missed > 0 => {
            Finding::warning(CHECK, what, format!("If that has not been done: backfill --since {since}"))
        }
        Some(Outcome::Delivered) if retrying > 0 => Finding::warning(CHECK, what, "Look again in half an hour"),
        Some(Outcome::Delivered) => Finding::ok(CHECK, what),
    }
}

/// Whether the app answers, as Spruce asks before it registers an address.
async fn app(url: &Url) -> Finding {
    const CHECK: &str = "app";
    const REMEDY: &str = "See \"What failures look like\" in infra/README.md";
    let Ok(http) = send_test::http_client(PATIENCE) else {
        return Finding::failure(CHECK, NO_TLS, "Install its certificates");
    };
    let started = Instant::now();
    match http.get(url.clone()).send().await {
        Ok(answer) if answer.status() == 200 => {
            Finding::ok(CHECK, format!("answers in {} ms", started.elapsed().as_millis()))
        }
        Ok(answer) => Finding::failure(CHECK, format!("answers {}", answer.status().as_u16()), REMEDY),
        Err(error) if error.is_timeout() => Finding::failure(CHECK, "no answer in time", REMEDY),
        Err(_) => Finding::failure(CHECK, "no connection", "Is the address right, and the app running?"),
    }
}

/// One check, which ends in time.
async fn bounded(check: &str, work: impl Future<Output = Finding>) -> Finding {
    let late = || Finding::failure(check, format!("no answer in {} s", PATIENCE.as_secs()), "Try again");
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| late())
}
