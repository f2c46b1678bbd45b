//! `backfill`: after an outage, finds what was missed, in Spruce's delivery log and in the conversations, and puts it on
//! the queue.
//!
//! A walk, not a copy: it holds the events of some hours, or the items of one conversation, at a time. Nothing is kept
//! between runs, because nothing need be: what is on record is passed over, and what is on the queue twice is recorded
//! once. A run that is broken off names the place from which the next one can go on.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::io::{self, IsTerminal};
use std::str::FromStr;
use std::time::{Duration, Instant};

use clap::{CommandFactory, ValueEnum};
use indicatif::ProgressBar;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::webhooks::leads_here;
use super::{Failure, local_time_of, patient_client, since, terminal};
use crate::config::{self, ReplySettings};
use crate::domain::backfill::{self, Finding, Found, Source};
use crate::domain::event::{self, Direction, Event, ItemEvent};
use crate::domain::history::Entry;
use crate::domain::job::{ItemJob, Job};
use crate::functions::WEBHOOK_PATH;
use crate::spruce::{self, Client, Delivery, ListedConversation};
use crate::storage::{Queue, StorageError, Tables};

pub(super) const EXAMPLE: &str = "\
Looks first at the events in the delivery log of the endpoint, then at the conversations as they read now, which also \
know what no event was sent for. What is not on record goes onto the queue, for the worker to take like any event. To \
run it twice does no harm: what is on record already is left alone, and what waits on the queue or among the poison is \
recorded once, however often it is there.

Needs SPRUCE_API_TOKEN and the storage settings, and CONSENT_REQUEST_PATTERN and CONSENT_CHANNELS as the app has them. \
Ctrl-C breaks it off; it then says how to go on. --since and --until take a span (24h, 7d), a day (2026-03-01) or a \
moment (2026-03-01T14:30:00Z).

Examples:
  spruce-consent backfill --since 24h --dry-run
  spruce-consent backfill --since 24h
  spruce-consent backfill --since 2026-03-01 --until 2026-03-02T09:00:00Z --from deliveries";

/// For how long Spruce keeps an endpoint's delivery log.
const LOG_LENGTH: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How much of the delivery log is read at a time. Spruce does not say in which order it lists: hour by hour, the oldest
/// comes first all the same, so that a request is on the queue before its answers.
const WINDOW: SignedDuration = SignedDuration::from_hours(6);

/// How far one window reaches into the one before. Whether its ends belong to it is not documented.
const OVERLAP: SignedDuration = SignedDuration::from_secs(1);

/// How many events or items are held at most. Beyond that they are taken in the order in which they come.
const MAX_HELD: usize = 5_000;

/// Of how many conversations the history is kept at hand.
const MAX_HISTORIES: usize = 500;

/// How long to wait before Spruce's API is asked again, after each failure in a row; then the run is broken off.
const PAUSES: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// How often a run says where it is, where there is no terminal to show it on.
const TELL_EVERY: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// From when on something may have been missed: a little before the outage began
    #[arg(long, value_name = "TIME", value_parser = since::past)]
    since: Timestamp,
    /// Until when [default: now]
    #[arg(long, value_name = "TIME", value_parser = since::past)]
    until: Option<Timestamp>,
    /// Only list what is missing: times, ids, and where it was found
    #[arg(long)]
    dry_run: bool,
    /// Where to look
    #[arg(long, value_name = "SOURCE", default_value = "both")]
    from: Sources,
    /// The endpoint whose delivery log to read, as in `webhooks list`; may be given several times [default: the ones
    /// that lead to /api/spruce-webhook, or the only one]
    #[arg(long = "endpoint", value_name = "ID")]
    endpoints: Vec<String>,
    /// The place to go on from, as a run that was broken off has named it
    #[arg(long, value_name = "PLACE")]
    resume: Option<Place>,
    /// The outcome as JSON, for another program; with --dry-run, the list too
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sources {
    /// Only the delivery log, which has edits and deletions too
    Deliveries,
    /// Only the conversations, which go back further than 30 days
    Conversations,
    /// One after the other
    Both,
}

/// How far a run has come: everything before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    source: Source,
    at: Timestamp,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", word(self.source), self.at)
    }
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const PROBLEM: &str = "not a place: give it as the run that was broken off named it";
        let (source, at) = text.split_once('@').ok_or(PROBLEM)?;
        let source = [Source::Deliveries, Source::Conversations].into_iter().find(|known| word(*known) == source);
        Ok(Self { source: source.ok_or(PROBLEM)?, at: at.parse().map_err(|_| PROBLEM)? })
    }
}

const fn word(source: Source) -> &'static str {
    match source {
        Source::Deliveries => "deliveries",
        Source::Conversations => "conversations",
    }
}

pub(super) async fn run(arguments: &Arguments, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let now = Timestamp::now();
    let (since, until) = (arguments.since, arguments.until.unwrap_or(now));
    if since >= until {
        let mut command = super::Arguments::command();
        command.error(clap::error::ErrorKind::ValueValidation, "--until has to be after --since").exit();
    }
    let (spruce, account, replies) = config::read_backfill(setting)?;
    let log_start = (now - LOG_LENGTH).max(since);
    let from_log = Place { source: Source::Deliveries, at: log_start };
    let from_conversations = Place { source: Source::Conversations, at: since };
    let start = if arguments.from == Sources::Conversations { from_conversations } else { from_log };
    let mut run = Run {
        arguments,
        span: (since, until),
        place: arguments.resume.unwrap_or(start),
        replies,
        client: patient_client(spruce)?,
        queue: Queue::new(&account)?,
        // No local time is written here.
        tables: Tables::new(&account, jiff::tz::TimeZone::UTC)?,
        found: Found::default(),
        histories: HashMap::new(),
        deliveries: Tally::default(),
        conversations: Tally::default(),
        list: Vec::new(),
        progress: Progress::start(),
        stop: on_ctrl_c(),
    };
    let done = run.all(from_conversations).await;
    run.progress.bar.finish_and_clear();
    if let Err(Broken::Endpoint(why)) = done {
        return Err(Failure::Failed(why));
    }
    run.report(done.is_err())?;
    done.map_err(|broken| {
        let kept = if arguments.dry_run { "" } else { " What was found before is on the queue." };
        Failure::Failed(format!("{broken}.{kept} To go on from there:\n  {}", run.command()))
    })
}

/// Why a run ends before its end.
enum Broken {
    Stopped,
    Spruce(spruce::Failure),
    Storage(StorageError),
    /// Whose delivery log to read is not clear, and why.
    Endpoint(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("broken off"),
            Self::Spruce(failure) => write!(f, "{failure}. {}", failure.remedy()),
            Self::Storage(error) => error.fmt(f),
            Self::Endpoint(why) => f.write_str(why),
        }
    }
}

impl From<StorageError> for Broken {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// What came of one source.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    looked_at: u64,
    ignored: u64,
    recorded: u64,
    /// Missing, and surely ours.
    missing: u64,
    /// Missing, and for the worker to tell whether it is ours.
    perhaps: u64,
    unreadable: u64,
}

/// A line of the list of what is missing.
struct Missing {
    source: Source,
    is_ours: bool,
    job: Box<ItemJob>,
}

struct Run<'a> {
    arguments: &'a Arguments,
    span: (Timestamp, Timestamp),
    place: Place,
    replies: ReplySettings,
    client: Client,
    queue: Queue,
    tables: Tables,
    found: Found,
    histories: HashMap<String, Vec<Entry>>,
    deliveries: Tally,
    conversations: Tally,
    /// Filled with --dry-run only.
    list: Vec<Missing>,
    progress: Progress,
    stop: watch::Receiver<bool>,
}

impl Run<'_> {
    async fn all(&mut self, from_conversations: Place) -> Result<(), Broken> {
        if self.place.source == Source::Deliveries {
            let endpoints = self.endpoints().await?;
            if endpoints.is_empty() {
                self.progress
                    .warn("Spruce has no endpoint, and so no delivery log: the conversations have to tell alone.");
            } else if self.place.at > self.span.0 && self.arguments.resume.is_none() {
                self.progress
                    .warn("Spruce's delivery log goes back 30 days: edits and deletions from before are not found.");
            }
            self.walk_log(&endpoints).await?;
            self.place = from_conversations;
        }
        if self.arguments.from == Sources::Deliveries { Ok(()) } else { self.walk_conversations().await }
    }

    /// The endpoints whose log to read.
    async fn endpoints(&self) -> Result<Vec<String>, Broken> {
        let named = &self.arguments.endpoints;
        if !named.is_empty() {
            return Ok(named.clone());
        }
        let all = self.ask(async || self.client.endpoints().await).await?;
        let ours: Vec<String> = all.iter().filter(|one| leads_here(&one.url)).map(|one| one.id.clone()).collect();
        let all: Vec<String> = all.into_iter().map(|one| one.id).collect();
        match (ours.is_empty(), all.len()) {
            (false, _) => Ok(ours),
            (true, 0) if self.arguments.from == Sources::Deliveries => {
                Err(Broken::Endpoint("Spruce has no endpoint, and so no delivery log".to_owned()))
            }
            (true, 0 | 1) => Ok(all),
            (true, _) => Err(Broken::Endpoint(format!(
                "none of the endpoints leads to {WEBHOOK_PATH}: name yours with --endpoint, of {}",
                all.join(", ")
            ))),
        }
    }

    async fn walk_log(&mut self, endpoints: &[String]) -> Result<(), Broken> {
        let until = self.span.1;
        while self.place.at < until {
            let from = self.place.at;
            let to = from.saturating_add(WINDOW).unwrap_or(until).min(until);
            self.progress.at(format!("The delivery log from {} on", local_time_of(from)));
            let mut held = Vec::new();
            for endpoint in endpoints {
                let mut token: Option<String> = None;
                loop {
                    let page = self
                        .ask(async || self.client.deliveries(endpoint, from - OVERLAP, to, token.as_deref()).await)
                        .await?;
                    let page = page.ok_or_else(|| {
                        let why = format!("Spruce has no endpoint {endpoint}; `webhooks list` shows what there is");
                        Broken::Endpoint(why)
                    })?;
                    let events: Vec<ItemEvent> = page.items.iter().filter_map(|delivery| self.read(delivery)).collect();
                    held.extend(events);
                    if held.len() >= MAX_HELD {
                        self.take_up(Source::Deliveries, &mut held).await?;
                    }
                    token = following(token.as_deref(), page.next)?;
                    if token.is_none() {
                        break;
                    }
                }
            }
            self.take_up(Source::Deliveries, &mut held).await?;
            self.place.at = to;
        }
        Ok(())
    }

    /// An entry of the log as the event that it holds; `None` if nothing of it is for the selection.
    fn read(&mut self, delivery: &Delivery) -> Option<ItemEvent> {
        self.deliveries.looked_at += 1;
        self.progress.bar.inc(1);
        let problem = match event::parse(delivery.payload.expose().as_bytes()) {
            Ok(Event::Other) => {
                self.deliveries.ignored += 1;
                return None;
            }
            Ok(Event::Item(mut event)) => {
                event.event_time = event.event_time.or(delivery.event_time);
                if event.created_at.or(event.event_time).is_some() {
                    return Some(*event);
                }
                "nobody knows when it was".to_owned()
            }
            Err(invalid) => invalid.to_string(),
        };
        self.deliveries.unreadable += 1;
        let id = terminal::plain(&delivery.id);
        self.progress.warn(&format!("The entry {id} of the delivery log cannot be read: {problem}."));
        None
    }

    async fn walk_conversations(&mut self) -> Result<(), Broken> {
        let start = self.place.at;
        let mut token: Option<String> = None;
        let mut before: Option<Timestamp> = None;
        let mut is_in_order = true;
        loop {
            let page = self.ask(async || self.client.conversations(start, token.as_deref()).await).await?;
            for listed in &page.items {
                if self.replies.channels.count(&listed.conversation.channel) {
                    self.walk_conversation(listed).await?;
                }
                // Which end the list begins with is not documented. Only if the newest come last is there a place to go
                // on from.
                let at = listed.last_message_at;
                is_in_order &= at >= before;
                if !is_in_order {
                    self.place.at = start;
                } else if let (Some(before), Some(at)) = (before, at)
                    && before < at
                {
                    self.place.at = at;
                }
                before = at;
            }
            token = following(token.as_deref(), page.next)?;
            if token.is_none() {
                return Ok(());
            }
        }
    }

    async fn walk_conversation(&mut self, listed: &ListedConversation) -> Result<(), Broken> {
        let (since, until) = self.span;
        let when = listed.last_message_at.map(local_time_of).unwrap_or_default();
        self.progress.at(format!("Conversations with texts up to {when}"));
        let mut held = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let page = self.ask(async || self.client.items(&listed.id, token.as_deref()).await).await?;
            // Gone since it was listed.
            let Some(page) = page else { break };
            let reaches_back =
                page.items.iter().any(|item| item.created_at.is_some_and(|created_at| created_at < since));
            for item in page.items {
                // An older one that was changed in the time is on the page by luck, but then it counts.
                let changed_at = item.modified_at.max(item.created_at);
                if changed_at.is_some_and(|time| time < since) || item.created_at.is_some_and(|time| time > until) {
                    continue;
                }
                self.conversations.looked_at += 1;
                self.progress.bar.inc(1);
                let id = item.id.clone();
                if let Some(event) = backfill::listed(item, &listed.id, &listed.conversation) {
                    held.push(event);
                } else {
                    self.conversations.unreadable += 1;
                    let id = terminal::plain(&id);
                    self.progress.warn(&format!("The item {id} has no time of creation: look at it in Spruce."));
                }
            }
            if held.len() >= MAX_HELD {
                self.take_up(Source::Conversations, &mut held).await?;
            }
            token = following(token.as_deref(), page.next)?;
            if reaches_back || token.is_none() {
                break;
            }
        }
        self.take_up(Source::Conversations, &mut held).await
    }

    /// Decides about what is held, the oldest first.
    async fn take_up(&mut self, source: Source, held: &mut Vec<ItemEvent>) -> Result<(), Broken> {
        held.sort_by_key(|event| event.event_time.or(event.created_at));
        for event in held.drain(..) {
            if *self.stop.borrow() {
                return Err(Broken::Stopped);
            }
            self.decide(source, event).await?;
        }
        Ok(())
    }

    async fn decide(&mut self, source: Source, event: ItemEvent) -> Result<(), Broken> {
        let ReplySettings { request_pattern, channels, .. } = &self.replies;
        let selected =
            event::select(&event, |text| request_pattern.is_request(text), |channel| channels.count(channel));
        if selected.is_err() {
            self.tally(source).ignored += 1;
            return Ok(());
        }
        let conversation_id = event.conversation_id.clone();
        if !self.histories.contains_key(&conversation_id) {
            if self.histories.len() >= MAX_HISTORIES {
                self.histories.clear();
            }
            let history = self.tables.history(&conversation_id).await?;
            self.histories.insert(conversation_id.clone(), history);
        }
        let history = self.histories.get(&conversation_id).map(Vec::as_slice).unwrap_or_default();
        match self.found.judge(event, source, history, request_pattern, Timestamp::now()) {
            Finding::Ignored(_) => self.tally(source).ignored += 1,
            Finding::Recorded => self.tally(source).recorded += 1,
            Finding::Missing { job, is_ours } => {
                if self.arguments.dry_run {
                    self.list.push(Missing { source, is_ours, job });
                } else {
                    self.queue.send(&Job::Item(job)).await?;
                }
                self.progress.found();
                let tally = self.tally(source);
                *(if is_ours { &mut tally.missing } else { &mut tally.perhaps }) += 1;
            }
        }
        Ok(())
    }

    fn tally(&mut self, source: Source) -> &mut Tally {
        match source {
            Source::Deliveries => &mut self.deliveries,
            Source::Conversations => &mut self.conversations,
        }
    }

    /// Asks Spruce's API, again if it does not answer, until somebody has had enough.
    async fn ask<T>(&self, call: impl AsyncFn() -> Result<T, spruce::Failure>) -> Result<T, Broken> {
        let mut pauses = PAUSES.iter();
        loop {
            let failure = match self.unless_stopped(call()).await? {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let may_pass = match failure {
                spruce::Failure::Status(status) => status >= 500,
                spruce::Failure::NoConnection | spruce::Failure::TimedOut | spruce::Failure::Unreadable => true,
                // The client has waited long enough.
                spruce::Failure::Refused(_) | spruce::Failure::RateLimited => false,
            };
            let Some(pause) = pauses.next().filter(|_| may_pass) else { return Err(Broken::Spruce(failure)) };
            self.progress.warn(&format!("{failure}: asking again in {} s.", pause.as_secs()));
            self.unless_stopped(tokio::time::sleep(*pause)).await?;
        }
    }

    /// Waits for `work`, but no longer than until somebody presses Ctrl-C.
    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Broken> {
        let mut stop = self.stop.clone();
        tokio::select! {
            biased;
            Ok(_) = stop.wait_for(|stopped| *stopped) => Err(Broken::Stopped),
            done = work => Ok(done),
        }
    }

    fn report(&self, is_broken: bool) -> Result<(), Failure> {
        let Arguments { dry_run, json, .. } = self.arguments;
        if *json {
            return terminal::print(&self.as_json(is_broken).to_string());
        }
        if !self.list.is_empty() {
            let heading = ["written (UTC)", "what", "item", "conversation", "found in", "ours"];
            terminal::print(&terminal::table(heading, self.list.iter().map(Missing::row)))?;
        }
        let (log, lists) = (&self.deliveries, &self.conversations);
        let line =
            |what: &str, count: fn(&Tally) -> u64| [what.to_owned(), count(log).to_string(), count(lists).to_string()];
        let lines = [
            line("looked at", |tally| tally.looked_at),
            line("nothing to do: calls, notes, other texts", |tally| tally.ignored),
            line("on record already, or found before", |tally| tally.recorded),
            line(if *dry_run { "missing" } else { "missing, now on the queue" }, |tally| tally.missing),
            line(if *dry_run { "perhaps ours" } else { "perhaps ours, now on the queue" }, |tally| tally.perhaps),
            line("cannot be read", |tally| tally.unreadable),
        ];
        anstream::eprintln!("{}", terminal::table(["", "delivery log", "conversations"], lines));
        if log.perhaps + lists.perhaps > 0 {
            eprintln!(
                "Perhaps ours: in these conversations nobody is known to have asked. The worker looks further, records what\n\
                 concerns it and drops the rest; what it drops is found again next time."
            );
        }
        if log.missing + lists.missing > 0 && !dry_run && !is_broken {
            eprintln!(
                "The worker records what is on the queue now. Run this again in some minutes: nothing should be missing."
            );
        }
        Ok(())
    }

    fn as_json(&self, is_broken: bool) -> Value {
        let tally = |tally: &Tally| {
            let Tally { looked_at, ignored, recorded, missing, perhaps, unreadable } = tally;
            json!({ "lookedAt": looked_at, "ignored": ignored, "recorded": recorded, "missing": missing,
                    "perhapsOurs": perhaps, "unreadable": unreadable })
        };
        let list: Vec<Value> = self.list.iter().map(Missing::as_json).collect();
        json!({
            "since": self.span.0, "until": self.span.1, "dryRun": self.arguments.dry_run,
            "deliveries": tally(&self.deliveries), "conversations": tally(&self.conversations),
            "missing": self.arguments.dry_run.then_some(list),
            "resume": is_broken.then(|| self.place.to_string()),
        })
    }

    /// What goes on where this run ends.
    fn command(&self) -> String {
        let Arguments { dry_run, from, endpoints, json, .. } = self.arguments;
        let mut command = format!("spruce-consent backfill --since {} --until {}", self.span.0, self.span.1);
        match from {
            Sources::Deliveries => command += " --from deliveries",
            Sources::Conversations => command += " --from conversations",
            Sources::Both => {}
        }
        for endpoint in endpoints {
            command.extend([" --endpoint ", endpoint]);
        }
        for (is_given, flag) in [(*dry_run, " --dry-run"), (*json, " --json")] {
            command += if is_given { flag } else { "" };
        }
        format!("{command} --resume {}", self.place)
    }
}

impl Missing {
    fn what(&self) -> String {
        let direction = match self.job.direction {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
            Direction::Neither => "neither",
        };
        let event_type = self.job.change.event_type();
        format!("{} {direction}", event_type.strip_prefix("conversationItem.").unwrap_or(event_type))
    }

    fn row(&self) -> [String; 6] {
        let Self { source, is_ours, job } = self;
        let source = match source {
            Source::Deliveries => "delivery log",
            Source::Conversations => "conversation",
        };
        let ours = if *is_ours { "yes" } else { "perhaps" };
        let (item, conversation) = (job.item_id.clone(), job.conversation_id.clone());
        [local_time_of(job.created_at), self.what(), item, conversation, source.to_owned(), ours.to_owned()]
    }

    fn as_json(&self) -> Value {
        let Self { source, is_ours, job } = self;
        json!({ "createdAt": job.created_at, "what": self.what(), "itemId": job.item_id,
                "conversationId": job.conversation_id, "foundIn": word(*source), "isOurs": is_ours })
    }
}

/// Where the next page of a list begins. One that comes again for ever would be no end, and to stop there would miss the
/// rest.
fn following(page: Option<&str>, next: Option<String>) -> Result<Option<String>, Broken> {
    if next.is_some() && next.as_deref() == page { Err(Broken::Spruce(spruce::Failure::Unreadable)) } else { Ok(next) }
}

/// Where the run is: on a terminal all the time, elsewhere every now and then.
struct Progress {
    bar: ProgressBar,
    told: Instant,
    place: String,
    missing: u64,
}

impl Progress {
    fn start() -> Self {
        let bar = terminal::progress("Looking", None);
        Self { bar, told: Instant::now(), place: String::new(), missing: 0 }
    }

    fn at(&mut self, place: String) {
        self.place = place;
        self.tell();
    }

    fn found(&mut self) {
        self.missing += 1;
        self.tell();
    }

    /// The bar adds how many there are.
    fn tell(&mut self) {
        let Self { bar, told, place, missing } = self;
        let state = format!("{place}: {missing} missing of");
        if !io::stderr().is_terminal() && told.elapsed() >= TELL_EVERY {
            *told = Instant::now();
            eprintln!("{state} {}", bar.position());
        }
        bar.set_message(state);
    }

    fn warn(&self, text: &str) {
        let warning = terminal::styled(terminal::WARNING, "warning:");
        self.bar.suspend(|| anstream::eprintln!("{warning} {text}"));
    }
}

/// Becomes true when somebody presses Ctrl-C: the run ends between two jobs, and says how to go on. Pressed twice, it
/// ends at once.
fn on_ctrl_c() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.send_replace(true);
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(1);
            }
        }
    });
    stopped
}
