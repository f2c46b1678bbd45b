//! The demonstration: a small day of a clinic that does not exist, through the real program, on this machine.
//!
//! Everything that the program touches is a real server: Azurite, the local Functions host and the stand-in for
//! Spruce. What comes out is held against what the story expects, so that the demonstration is a test as well.

mod check;
mod screen;
mod sentence;
pub mod story;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::azurite::{Account, Azurite, AzuriteError};
use crate::ending::asked_to_end;
use crate::host::{Host, HostError, HostOptions, Stream};
use crate::spruce::{Participant, SIGNATURE, Sender, Spruce};
use crate::tables::{self, Row, text};
pub use check::Tables;
use screen::{Column, Line, Screen, Tone};
use story::{Act, Delivery, Seal};

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
const WORKING_TIME: Duration = Duration::from_secs(120);

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
    let acts = story::day(&stage.spruce);

    let mut differences = perform(&stage, &acts, screen).await?;
    screen.step("Waiting until the worker has taken everything from the queue")?;
    if let Err(error) = stage.host.wait_settled(WORKING_TIME).await {
        stage.explain(screen)?;
        return Err(error.into());
    }
    let done = stage.host.stats();
    screen.say(&format!("{} jobs done in {} attempts.", done.successes, done.invocations), None)?;

    screen.step("What staff see in Azure Storage Explorer, and why")?;
    let tables = Tables::read(&stage.account).await?;
    show(&tables, screen)?;

    screen.step("Holding the tables against the story")?;
    differences.extend(tables.differences(&acts));
    differences.extend(stage.leftovers().await?);
    if !differences.is_empty() {
        stage.explain(screen)?;
        return Err(DemoError::Differences(differences));
    }
    screen.say("All is as it should be.", Some(Tone::Good))?;
    Ok((stage, tables))
}

/// Everything that was started for the play. All of it ends when this is dropped.
struct Stage {
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
        host.settings = BTreeMap::from(
            [
                ("SPRUCE_WEBHOOK_SECRET", SECRET),
                ("SPRUCE_API_TOKEN", spruce.token()),
                ("SPRUCE_API_BASE_URL", spruce.base_url()),
                ("AzureWebJobsStorage", &account.connection_string()),
                ("CONSENT_REQUEST_PATTERN", "any"),
                ("CLINIC_TIME_ZONE", TIME_ZONE),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        let host = Host::start(host).await?;
        let stage = Self { host, spruce, account, _azurite: azurite };
        screen.say(&stage.webhook_url(), Some(Tone::Quiet))?;
        Ok(stage)
    }

    fn webhook_url(&self) -> String {
        format!("{}/api/spruce-webhook", self.host.url())
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

/// Sends every event of the day, and says what the webhook answers. Returns what differs from the story.
async fn perform(stage: &Stage, acts: &[Act], screen: &mut Screen<io::Stdout>) -> Result<Vec<String>, DemoError> {
    screen.step(&format!("A day at a clinic in Chicago: {} short stories", acts.len()))?;
    let genuine = Sender::new(&stage.webhook_url(), SECRET);
    let forged = Sender::new(&stage.webhook_url(), WRONG_SECRET);
    let mut differences = Vec::new();
    for act in acts {
        screen.say(act.title, None)?;
        for delivery in &act.deliveries {
            let outcome = match delivery.seal {
                Seal::Genuine => genuine.deliver(&delivery.event, RESEND_AFTER).await.or_else(|last| last),
                Seal::Forged => forged.send(&delivery.event).await,
            };
            let expected = delivery.answer.answer();
            let (answer, is_expected) = match outcome {
                Ok(answer) => {
                    let is_expected = (answer.status, answer.body.as_str()) == expected;
                    (format!("{} {}", answer.status, answer.body), is_expected)
                }
                Err(error) => (error.to_string(), false),
            };
            let tone = if is_expected { Tone::Quiet } else { Tone::Bad };
            screen.detail(&format!("{} → {answer}", described(delivery)), Some(tone))?;
            if !is_expected {
                let (status, body) = expected;
                differences
                    .push(format!("{} The webhook answered {answer} and should answer {status} {body}.", act.title));
            }
        }
    }
    Ok(differences)
}

/// `09:03 “Yes” from Ada Example`
fn described(delivery: &Delivery) -> String {
    let field = |path| delivery.event.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let what = match (delivery.event.pointer("/data/object/event"), field("/data/object/text")) {
        (Some(_), _) => "a call".to_owned(),
        (None, text) => format!("“{text}”"),
    };
    let time = local_time(field("/eventTime"));
    let author = field("/data/object/author/displayName");
    let seal = match delivery.seal {
        Seal::Genuine => "",
        Seal::Forged => ", with a forged signature",
    };
    format!("{time} {what} from {author}{seal}")
}

/// Prints the three tables.
fn show(tables: &Tables, screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    let fixed = |title| Column { title, elastic: false };
    let elastic = |title| Column { title, elastic: true };

    let columns = [fixed("Patient"), fixed("Phone"), fixed("Status"), fixed("Decided"), elastic("Reply")];
    let lines = tables.status.iter().map(|row| {
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

    show_history(&tables.history, screen)?;

    let columns = [fixed("Patient"), fixed("Phone"), fixed("Received"), elastic("Reply")];
    let lines = tables.review.iter().map(|row| Line {
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
            local_time(text(row, "CreatedAt")),
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

/// Says how to play on, and shows what comes in until we are interrupted.
async fn keep_open(stage: &Stage, mut tables: Tables, screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    let olga = stage.spruce.add_contact("Olga Example", &["+12055550116"]);
    let conversation = stage.spruce.add_conversation(&[Participant::saved(&olga)]);
    let event = stage.spruce.patient_writes(&conversation, "I consent", Timestamp::now());

    screen.step("The clinic stays open until you press Ctrl-C")?;
    screen.say(&format!("Webhook: {}", stage.webhook_url()), None)?;
    screen.say(&format!("Secret: {SECRET}"), None)?;
    screen.say(
        "To send one more event (bash, openssl and curl), paste this; change the text and the ids as you like:",
        None,
    )?;
    screen.verbatim(&curl(&stage.webhook_url(), &event))?;
    screen.say(
        "To open the tables in Azure Storage Explorer: Connect, then Storage account or service, then Connection \
         string, and paste this:",
        None,
    )?;
    screen.verbatim(&stage.account.connection_string())?;

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

fn patient(row: &Row) -> String {
    let name = text(row, "PatientName");
    if name.is_empty() { "(not sure)".to_owned() } else { name.to_owned() }
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
