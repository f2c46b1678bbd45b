//! The demonstration: a small day of a clinic that does not exist, through the real program, on this machine.
//!
//! Everything that the program touches is a real server: Azurite, the local Functions host and the stand-in for
//! Spruce. What comes out is held against what the story expects, so that the demonstration is a test as well.

mod check;
mod desk;
mod screen;
mod sentence;
pub mod story;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::azurite::{Account, Azurite, AzuriteError};
use crate::ending::asked_to_end;
use crate::host::{Host, HostError, HostOptions, Stream};
use crate::spruce::{Fault, SIGNATURE, Sender, Spruce};
use crate::tables::{self, Row, text};
pub use check::Tables;
use screen::{Column, Line, Screen, Tone};
use story::{Act, Delivery, Expected, Outage, Scene, Seal};

/// The secret that the demonstration's events are signed with.
const SECRET: &str = "the-secret-of-a-clinic-that-does-not-exist";

/// What the forger uses instead.
const WRONG_SECRET: &str = "a-guess";

/// Where the clinic is.
const TIME_ZONE: &str = "America/Chicago";

/// How much faster than in Azure the host's own waits pass: 30 s become 3 s.
const TIME_SCALE: f64 = 0.1;

/// How long Spruce waits before it sends an event again; in the world it is two minutes.
const RESEND_AFTER: Duration = Duration::from_secs(1);

/// How long the worker may take for the whole day. A few seconds are usual.
const WORKING_TIME: Duration = Duration::from_secs(300);

/// How long what had to wait for Spruce's API may take once it is back. The worker asks again after 10 s, then 20 s.
const HEALING_TIME: Duration = Duration::from_secs(300);

/// How often that is looked for.
const LOOK_WHILE_WAITING: Duration = Duration::from_millis(250);

/// How often new rows are looked for while the clinic stays open.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How many of the handler's last lines are shown when something went wrong.
const LAST_LINES: usize = 20;

/// What the demonstration is played with.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// The folder with `host.json`.
    pub app_root: PathBuf,
    /// The built handler.
    pub handler: PathBuf,
    /// Whether everything stays up in the end, until Ctrl-C.
    pub keep: bool,
}

/// Why the demonstration did not come to its end.
#[derive(Debug)]
pub enum DemoError {
    /// Azurite is not there.
    Azurite(AzuriteError),
    /// The host or the handler is not there, or does not come to rest.
    Host(HostError),
    /// The tables could not be read.
    Tables(tables::Error),
    /// A socket or the screen failed.
    Io(io::Error),
    /// What came out is not what the story expects: a sentence for each difference.
    Differences(Vec<String>),
    /// Ctrl-C, or the system's wish that we end.
    Interrupted,
}

/// Plays the demonstration on standard output. Whatever was started has ended when it returns.
pub async fn run(options: DemoOptions) -> Result<(), DemoError> {
    let mut screen = Screen::stdout();
    let (stage, tables) = tokio::select! {
        played = play(&options, &mut screen) => played?,
        asked = asked_to_end() => return asked.map_err(DemoError::Io).and(Err(DemoError::Interrupted)),
    };
    if options.keep {
        tokio::select! {
            outcome = keep_open(&stage, tables, &mut screen) => outcome?,
            asked = asked_to_end() => asked?,
        }
        screen.say("Ending everything that was started …", None)?;
    }
    stage.host.stop().await;
    Ok(())
}

/// The play itself. Everything is still up when it returns, and the tables are as the story expects.
async fn play(options: &DemoOptions, screen: &mut Screen<io::Stdout>) -> Result<(Stage, Tables), DemoError> {
    let stage = Stage::set(options, screen).await?;
    let mut acts = story::day(&stage.spruce);
    screen.step(&format!("A day at a clinic in Chicago: {} short stories", acts.len()))?;
    let mut differences = perform(&stage, &acts, screen).await?;
    stage.catch_up(screen).await?;
    let done = stage.host.stats();
    screen.say(&format!("The worker has done {} jobs in {} attempts.", done.successes, done.invocations), None)?;

    let outage = story::outage(&stage.spruce);
    differences.extend(go_through(&stage, &outage, screen).await?);
    acts.extend(outage.acts);

    screen.step("What staff see in Azure Storage Explorer, and why")?;
    let tables = Tables::read(&stage.account).await?;
    show(&tables, screen)?;

    screen.step("Holding the tables against the story")?;
    differences.extend(tables.differences(&acts));
    hold(&stage, differences, screen).await?;

    let tables = desk::work(&stage, &mut acts, screen).await?;
    Ok((stage, tables))
}

/// Says that all is as it should be, or ends the play with what differs.
async fn hold(stage: &Stage, mut differences: Vec<String>, screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    differences.extend(stage.leftovers().await?);
    if !differences.is_empty() {
        stage.explain(screen)?;
        return Err(DemoError::Differences(differences));
    }
    screen.say("All is as it should be.", Some(Tone::Good))?;
    Ok(())
}

/// Lets Spruce's API go down and come back. Returns what differs from the story meanwhile.
async fn go_through(stage: &Stage, outage: &Outage, screen: &mut Screen<io::Stdout>) -> Result<Vec<String>, DemoError> {
    screen.step("Spruce's API goes down: it answers 503 to everything. Its events still come")?;
    let mut differences = perform(stage, std::slice::from_ref(&outage.questions), screen).await?;
    stage.catch_up(screen).await?;
    screen.say("Now the API goes down.", Some(Tone::Open))?;
    stage.spruce.set_fault(Fault::Status(503));
    differences.extend(perform(stage, &outage.acts, screen).await?);
    stage.catch_up(screen).await?;
    screen.say(
        "A refusal never waits: it holds already. A consent does, until it is known who wrote it and what was asked.",
        None,
    )?;
    let tables = Tables::read(&stage.account).await?.about(&outage.meanwhile);
    differences.extend(tables.differences(&outage.meanwhile));
    show_status(&tables.status, screen)?;

    screen.step("Spruce's API is back. The worker has put both jobs off for 10 s; waiting for it to ask again")?;
    stage.spruce.set_fault(Fault::None);
    let back = Instant::now();
    let tables = loop {
        stage.catch_up(screen).await?;
        let tables = Tables::read(&stage.account).await?.about(&outage.acts);
        if tables.differences(&outage.acts).is_empty() {
            screen.say(&format!("Both are filled in after {} s.", back.elapsed().as_secs()), None)?;
            break tables;
        }
        if back.elapsed() > HEALING_TIME {
            // What differs is told with the rest of the day.
            break tables;
        }
        tokio::time::sleep(LOOK_WHILE_WAITING).await;
    };
    show_status(&tables.status, screen)?;
    Ok(differences)
}

/// Everything that was started for the play. All of it ends when this is dropped.
struct Stage {
    handler: PathBuf,
    host: Host,
    spruce: Spruce,
    account: Account,
    _azurite: Azurite,
}

impl Stage {
    async fn set(options: &DemoOptions, screen: &mut Screen<io::Stdout>) -> Result<Self, DemoError> {
        screen.step("Starting Azurite, which stands in for Azure Storage")?;
        let started = tokio::task::spawn_blocking(|| {
            // That the screen is gone shows at the next step.
            Azurite::start(|what| _ = Screen::stdout().say(what, None))
        });
        let azurite = started.await.map_err(io::Error::other)??;
        let account = azurite.account();
        screen.say(&format!("Queues at {}, tables at {}", account.queue_url, account.table_url), Some(Tone::Quiet))?;

        screen.step("Starting a stand-in for Spruce's API, with the clinic's contacts in it")?;
        let spruce = Spruce::start().await?;
        screen.say(spruce.base_url(), Some(Tone::Quiet))?;

        screen.step("Starting the Functions host with the real program in it")?;
        let mut host = HostOptions::new(&options.app_root, &options.handler);
        host.time_scale = TIME_SCALE;
        host.settings = settings(&spruce, &account);
        let host = Host::start(host).await?;
        let stage = Self { handler: options.handler.clone(), host, spruce, account, _azurite: azurite };
        screen.say(&stage.webhook_url(), Some(Tone::Quiet))?;
        Ok(stage)
    }

    fn webhook_url(&self) -> String {
        format!("{}/api/spruce-webhook", self.host.url())
    }

    /// Waits until the worker has nothing to do that is due.
    async fn catch_up(&self, screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
        if let Err(error) = self.host.wait_settled(WORKING_TIME).await {
            self.explain(screen)?;
            return Err(error.into());
        }
        Ok(())
    }

    /// What should not be there after everything is done.
    async fn leftovers(&self) -> Result<Vec<String>, DemoError> {
        let poison = tables::queue_length(&self.account, "spruce-events-poison").await?;
        let mut leftovers = Vec::new();
        if poison > 0 {
            leftovers.push(format!("The poison queue holds {poison} jobs."));
        }
        for request in self.spruce.unexpected() {
            leftovers.push(format!("Spruce's API was asked for something that it does not have: {request}."));
        }
        Ok(leftovers)
    }

    /// The last words of the handler and the host, when something went wrong.
    fn explain(&self, screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
        let output = self.host.output();
        let errors: Vec<String> = (output.iter().filter(|line| line.stream == Stream::Stderr))
            .map(|line| line.text().into_owned())
            .chain(self.host.notices())
            .collect();
        for line in errors.iter().skip(errors.len().saturating_sub(LAST_LINES)) {
            screen.say(line, Some(Tone::Bad))?;
        }
        Ok(())
    }
}

/// Lets the acts happen, sends their events, and says what the webhook answers. Returns what differs from the story.
async fn perform(stage: &Stage, acts: &[Act], screen: &mut Screen<io::Stdout>) -> Result<Vec<String>, DemoError> {
    let mut differences = Vec::new();
    for act in acts {
        screen.say(act.title, None)?;
        for scene in &act.scenes {
            let delivery = match scene {
                Scene::Delivery(delivery) => delivery.clone(),
                Scene::Change(change) => {
                    stage.catch_up(screen).await?;
                    let event = match change.text {
                        Some(text) => stage.spruce.edit(&change.item, text, change.at),
                        None => stage.spruce.delete(&change.item, change.at),
                    };
                    Delivery { event, seal: Seal::Genuine, answer: Expected::Received }
                }
            };
            let difference = deliver(stage, &delivery, screen).await?;
            differences.extend(difference.map(|difference| format!("{} {difference}", act.title)));
        }
    }
    Ok(differences)
}

/// Sends an event, and says what the webhook answers. Returns what is wrong with that.
async fn deliver(
    stage: &Stage,
    delivery: &Delivery,
    screen: &mut Screen<io::Stdout>,
) -> Result<Option<String>, DemoError> {
    let outcome = match delivery.seal {
        Seal::Genuine => {
            let sender = Sender::new(&stage.webhook_url(), SECRET);
            sender.deliver(&delivery.event, RESEND_AFTER).await.or_else(|last| last)
        }
        Seal::Forged => Sender::new(&stage.webhook_url(), WRONG_SECRET).send(&delivery.event).await,
    };
    let (status, body) = delivery.answer.answer();
    let (answer, is_expected) = match outcome {
        Ok(answer) => {
            let is_expected = (answer.status, answer.body.as_str()) == (status, body);
            (format!("{} {}", answer.status, answer.body), is_expected)
        }
        Err(error) => (error.to_string(), false),
    };
    let described = described(delivery);
    if is_expected {
        screen.detail(&format!("{described} → {status} {}", delivery.answer.word()), Some(Tone::Quiet))?;
        return Ok(None);
    }
    screen.detail(&format!("{described} → {answer}"), Some(Tone::Bad))?;
    Ok(Some(format!("The webhook answered {answer} and should answer {status} {body}.")))
}

/// `09:03 Ada Example: “Yes”`
fn described(delivery: &Delivery) -> String {
    let field = |path| delivery.event.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let text = field("/data/object/text");
    let what = match (delivery.event.pointer("/data/object/event"), field("/type")) {
        (Some(_), _) => "a call".to_owned(),
        (None, "conversationItem.updated") => format!("changed to “{text}”"),
        (None, "conversationItem.deleted") => format!("“{text}” deleted"),
        (None, _) => format!("“{text}”"),
    };
    let time = local_time(field("/eventTime"));
    let author = field("/data/object/author/displayName");
    let seal = match delivery.seal {
        Seal::Genuine => "",
        Seal::Forged => ", with a forged signature",
    };
    format!("{time} {author}: {what}{seal}")
}

/// Prints the three tables.
fn show(tables: &Tables, screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    show_status(&tables.status, screen)?;
    show_history(&tables.history, screen)?;
    show_reviews(&tables.review, screen)
}

fn show_status(rows: &[Row], screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    let columns = [
        Column { title: "Patient", elastic: false },
        Column { title: "Phone", elastic: false },
        Column { title: "Status", elastic: false },
        Column { title: "Decided", elastic: false },
        Column { title: "Reply", elastic: true },
    ];
    let lines = rows.iter().map(|row| {
        let opted_out = row.get("OptedOut").and_then(Value::as_bool).unwrap_or(false);
        let status =
            if opted_out { format!("{}, opted out", text(row, "Status")) } else { text(row, "Status").to_owned() };
        let tone = match text(row, "Status") {
            "Consented" => Tone::Good,
            "Declined" => Tone::Bad,
            _ => Tone::Open,
        };
        Line {
            cells: vec![
                patient(row),
                cell(row, "Phone"),
                status,
                clock(text(row, "DecidedLocal")),
                cell(row, "ReplyText"),
            ],
            tone: Some(tone),
            sentence: sentence::on_status(row),
        }
    });
    screen.table("ConsentStatus: what holds for each conversation", &columns, &lines.collect::<Vec<_>>())?;
    Ok(())
}

fn show_reviews(rows: &[Row], screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    let columns = [
        Column { title: "Patient", elastic: false },
        Column { title: "Phone", elastic: false },
        Column { title: "Received", elastic: false },
        Column { title: "Reply", elastic: true },
    ];
    let lines = rows.iter().map(|row| Line {
        cells: vec![patient(row), cell(row, "Phone"), clock(text(row, "ReceivedLocal")), cell(row, "ReplyText")],
        tone: Some(Tone::Open),
        sentence: sentence::on_review(row),
    });
    screen.table("ConsentReview: what staff have to read", &columns, &lines.collect::<Vec<_>>())?;
    Ok(())
}

fn show_history(rows: &[Row], screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    let columns = [
        Column { title: "Time", elastic: false },
        Column { title: "Kind", elastic: false },
        Column { title: "Patient", elastic: false },
        Column { title: "Decision", elastic: false },
        Column { title: "Text", elastic: true },
    ];
    let lines = rows.iter().map(|row| Line {
        cells: vec![
            local_time(text(row, happened_at(row))),
            cell(row, "Kind"),
            patient(row),
            cell(row, "Decision"),
            cell(row, "VerbatimText"),
        ],
        tone: None,
        sentence: sentence::on_history(row),
    });
    screen.table("ConsentHistory: all that happened, never changed", &columns, &lines.collect::<Vec<_>>())?;
    Ok(())
}

/// The column that says when it happened.
fn happened_at(row: &Row) -> &'static str {
    if matches!(text(row, "Kind"), "edit" | "delete" | "restore") { "ModifiedAt" } else { "CreatedAt" }
}

/// Says how to play on, and shows what comes in until we are interrupted.
async fn keep_open(stage: &Stage, mut tables: Tables, screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    screen.step("The clinic stays open until you press Ctrl-C")?;
    screen.say("Olga Example was asked just now, and has not answered yet.", None)?;
    let now = Timestamp::now();
    let (conversation, asks) =
        story::asked(&stage.spruce, "Olga Example", "+12055550116", now - SignedDuration::from_mins(1));
    if let Scene::Delivery(asks) = asks {
        deliver(stage, &asks, screen).await?;
    }
    let event = stage.spruce.patient_writes(&conversation, "Yes", now);
    screen.say(&format!("Webhook: {}", stage.webhook_url()), None)?;
    screen.say(&format!("Secret: {SECRET}"), None)?;
    screen.say(
        "To answer for her (bash, openssl and curl), paste this, with another text if you like. The same item again is a \
         repeat; one more text needs an id of its own (and a yes under such an id stays in review, since Spruce does \
         not list it):",
        None,
    )?;
    screen.verbatim(&curl(&stage.webhook_url(), &event))?;
    screen.say(
        "To open the tables in Azure Storage Explorer: Connect, then Storage account or service, then Connection \
         string, and paste this:",
        None,
    )?;
    screen.verbatim(&stage.account.connection_string())?;
    screen.say(
        "To try what the clinic's developer types, such as `target/debug/spruce-consent report`, paste this in another \
         terminal first:",
        None,
    )?;
    let exports = settings(&stage.spruce, &stage.account).into_iter();
    let exports: Vec<_> = exports.map(|(name, value)| format!("export {name}='{value}'")).collect();
    screen.verbatim(&exports.join("\n"))?;

    let mut seen = keys(&tables.history);
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        tables = Tables::read(&stage.account).await?;
        let new: Vec<Row> = tables.history.iter().filter(|row| !seen.contains(&key(row))).cloned().collect();
        if !new.is_empty() {
            show_history(&new, screen)?;
            seen = keys(&tables.history);
        }
    }
}

/// The same settings for the handler and for a shell in which somebody types commands.
fn settings(spruce: &Spruce, account: &Account) -> BTreeMap<String, String> {
    BTreeMap::from(
        [
            ("SPRUCE_WEBHOOK_SECRET", SECRET),
            ("SPRUCE_API_TOKEN", spruce.token()),
            ("SPRUCE_API_BASE_URL", spruce.base_url()),
            ("AzureWebJobsStorage", &account.connection_string()),
            ("CLINIC_TIME_ZONE", TIME_ZONE),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    )
}

/// One line for bash that signs and posts an event.
fn curl(url: &str, event: &Value) -> String {
    format!(
        "body='{event}'; curl -i '{url}' -H 'Content-Type: application/json' -H \"{SIGNATURE}: $(printf %s \"$body\" | \
         openssl dgst -sha256 -hmac '{SECRET}' -binary | base64)\" --data-binary \"$body\""
    )
}

fn keys(rows: &[Row]) -> BTreeSet<(String, String)> {
    rows.iter().map(key).collect()
}

fn key(row: &Row) -> (String, String) {
    (cell(row, "PartitionKey"), cell(row, "RowKey"))
}

fn cell(row: &Row, column: &str) -> String {
    text(row, column).to_owned()
}

/// Who it is about; empty in a row that is about nobody.
fn patient(row: &Row) -> String {
    let (name, is_about_nobody) = (text(row, "PatientName"), row.get("MatchStatus").is_some_and(|status| status == ""));
    if name.is_empty() && !is_about_nobody { "(not sure)".to_owned() } else { name.to_owned() }
}

/// The time of day in a column such as `2025-12-08 08:30 CST`: the whole story is one day. Empty where it is.
fn clock(local: &str) -> String {
    local.split_whitespace().nth(1).unwrap_or_default().to_owned()
}

/// The time of day at the clinic; the text as it is, if it is no time.
fn local_time(time: &str) -> String {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    match time.parse::<Timestamp>() {
        Ok(time) => time.to_zoned(zone).strftime("%H:%M").to_string(),
        Err(_) => time.to_owned(),
    }
}

impl fmt::Display for DemoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Azurite(error) => error.fmt(f),
            Self::Host(error) => error.fmt(f),
            Self::Tables(error) => write!(f, "the tables cannot be read: {error}"),
            Self::Io(error) => error.fmt(f),
            Self::Differences(differences) => {
                f.write_str("the outcome is not what the story expects:")?;
                differences.iter().try_for_each(|difference| write!(f, "\n  {difference}"))
            }
            Self::Interrupted => f.write_str("interrupted; everything that was started has ended"),
        }
    }
}

impl std::error::Error for DemoError {}

impl From<AzuriteError> for DemoError {
    fn from(error: AzuriteError) -> Self {
        Self::Azurite(error)
    }
}

impl From<HostError> for DemoError {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl From<tables::Error> for DemoError {
    fn from(error: tables::Error) -> Self {
        Self::Tables(error)
    }
}

impl From<io::Error> for DemoError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
