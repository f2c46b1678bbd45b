//! A clinic with everything around it: storage, Spruce, the host, and the real program in between.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use local::azurite::{Account, Azurite};
use local::host::{Host, HostOptions};
use local::proxy::Proxy;
use local::spruce::{Sender, Spruce};
use local::tables::{self, Row};
use regex::Regex;
use serde_json::Value;

pub(crate) const SECRET: &str = "whsec_test secret";
pub(crate) const EXECUTABLE: &str = env!("CARGO_BIN_EXE_spruce-consent");
pub(crate) const ZONE: &str = "America/Chicago";
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// How long anything may take before a test gives up on it. Only what hangs takes as long: the machine may be busy with
/// other tests, and a job that waits for Spruce's API comes back after 10, 20, 40, 80 seconds of real time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(600);

/// Columns that tell when we saw a thing, not what it was.
const OUR_TIMES: [&str; 4] = ["Timestamp", "ReceivedAt", "RecordedAt", "UpdatedAt"];

/// Columns that tell who the patient is.
const OF_THE_PATIENT: [&str; 6] = ["MatchStatus", "ContactId", "ExternalId", "PatientName", "Phone", "Channel"];

pub(crate) struct World {
    pub(crate) account: Account,
    pub(crate) spruce: Spruce,
    pub(crate) host: Host,
    pub(crate) sender: Sender,
}

/// The three tables, without [`OUR_TIMES`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    pub(crate) status: Vec<Row>,
    pub(crate) history: Vec<Row>,
    pub(crate) review: Vec<Row>,
}

impl World {
    /// A clinic that asks for consent by texts that the built-in pattern recognises.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// The same with other settings.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let account = account();
        Self::on(&account, &account.connection_string(), settings).await
    }

    /// The same with storage somewhere else, such as behind a proxy.
    pub(crate) async fn on(account: &Account, connection_string: &str, settings: &[(&str, &str)]) -> Self {
        let spruce = Spruce::start().await.expect("the stand-in for Spruce starts");
        let mut options = HostOptions::new(ROOT, EXECUTABLE);
        options.settings = base_settings(connection_string, &spruce);
        options.settings.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        options.time_scale = 0.03;
        // Scaled like the host's other waits, host.json's five minutes would be nine seconds, after which the handler is
        // killed: too few for a busy machine.
        options.function_timeout = Some(PATIENCE);
        let host = Host::start(options).await.unwrap_or_else(|error| panic!("the host does not start: {error}"));
        let sender = Sender::new(&format!("{}/api/spruce-webhook", host.url()), SECRET);
        Self { account: account.clone(), spruce, host, sender }
    }

    /// Delivers events one by one, and waits until nothing is left to do.
    pub(crate) async fn deliver(&self, events: &[Value]) {
        for event in events {
            self.hand_in(event).await;
        }
        self.idle().await;
    }

    /// Delivers an event as Spruce does: again, until it is taken. On a machine that stands still for seconds the first
    /// attempt may not be.
    pub(crate) async fn hand_in(&self, event: &Value) {
        let taken = self.sender.deliver(event, Duration::from_millis(200)).await;
        taken.unwrap_or_else(|answer| panic!("{answer:?}\n{:#?}\n{}", self.host.notices(), self.output()));
    }

    /// Waits until nothing is left to do: no job, now or later, but the next round through the worklist.
    pub(crate) async fn idle(&self) {
        let started = Instant::now();
        while !self.is_idle().await {
            assert!(started.elapsed() < PATIENCE, "not idle after {PATIENCE:?}:\n{}", self.output());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn is_idle(&self) -> bool {
        let settled = self.host.wait_settled(PATIENCE).await;
        settled.unwrap_or_else(|error| panic!("{error}\n{}", self.output()));
        match tables::queue_length(&self.account, "spruce-events").await.unwrap() {
            0 => true,
            1 => tables::queue_metadata(&self.account, "spruce-events", "sweepdue").await.unwrap().is_some(),
            _ => false,
        }
    }

    pub(crate) async fn rows(&self, table: &str) -> Vec<Row> {
        tables::rows(&self.account, table).await.expect("the table can be read")
    }

    pub(crate) async fn record(&self) -> Record {
        let rows = async |table| {
            let mut rows = self.rows(table).await;
            for row in &mut rows {
                row.retain(|column, _| !OUR_TIMES.contains(&column.as_str()));
            }
            rows
        };
        Record {
            status: rows("ConsentStatus").await,
            history: rows("ConsentHistory").await,
            review: rows("ConsentReview").await,
        }
    }

    pub(crate) fn output(&self) -> String {
        let lines: Vec<_> = self.host.output().iter().map(|line| line.text().into_owned()).collect();
        lines.join("\n")
    }

    /// The lines that are warnings or errors, but for the one that only tells how busy the machine is.
    pub(crate) fn faults(&self) -> Vec<String> {
        let output = self.output();
        let faults = output.lines().filter(|line| line.contains("ERROR") || line.contains("WARN"));
        faults.filter(|line| !line.contains("\"outcome\":\"deadline\"")).map(str::to_owned).collect()
    }

    /// Nothing may be left over: no job, no poison, no call to a route that Spruce does not have.
    pub(crate) async fn end(self) {
        assert_eq!(self.spruce.unexpected(), Vec::<String>::new());
        self.idle().await;
        assert_eq!(tables::queue_length(&self.account, "spruce-events-poison").await.unwrap(), 0);
        self.host.stop().await;
    }
}

impl Record {
    /// The same, without what tells when the patient was found. On a machine that stands still for seconds a refusal is
    /// recorded before Spruce's API has answered, and a row of its own says later who wrote it.
    pub(crate) fn settled(mut self) -> Self {
        self.history.retain(|row| cell(row, "Kind") != "match");
        for row in &mut self.history {
            row.retain(|column, _| !OF_THE_PATIENT.contains(&column.as_str()));
        }
        self
    }

    /// `Status` and `OptedOut` by conversation.
    pub(crate) fn states(&self) -> BTreeMap<String, (String, bool)> {
        let state = |row: &Row| (cell(row, "Status"), row.get("OptedOut") == Some(&Value::Bool(true)));
        self.status.iter().map(|row| (cell(row, "PartitionKey"), state(row))).collect()
    }

    /// The kinds of a conversation's history, oldest first.
    pub(crate) fn kinds(&self, conversation: &str) -> Vec<String> {
        let rows = self.history.iter().rev().filter(|row| cell(row, "PartitionKey") == conversation);
        rows.map(|row| cell(row, "Kind")).collect()
    }
}

pub(crate) fn base_settings(connection_string: &str, spruce: &Spruce) -> BTreeMap<String, String> {
    BTreeMap::from(
        [
            ("AzureWebJobsStorage", connection_string),
            ("SPRUCE_WEBHOOK_SECRET", SECRET),
            ("SPRUCE_API_TOKEN", spruce.token()),
            ("SPRUCE_API_BASE_URL", spruce.base_url()),
            ("CLINIC_TIME_ZONE", ZONE),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    )
}

/// Runs a command of the program on an account, as an operator does.
pub(crate) fn command(account: &Account, arguments: &[&str]) -> Output {
    let mut command = Command::new(EXECUTABLE);
    command.args(arguments).env_clear().current_dir(std::env::temp_dir());
    command.env("AzureWebJobsStorage", account.connection_string()).env("CLINIC_TIME_ZONE", ZONE).output().unwrap()
}

/// What a command printed, with a word in the place of each time and hash, and of each id that storage gave.
pub(crate) fn settled(output: &str) -> String {
    let mut output = output.to_owned();
    for (pattern, word) in [
        (r"\b[0-9a-f]{64}\b", "[hash]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(\d{4}-\d\d-\d\d \d\d:\d\d C[SD]T\)", "[time]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d( C[SD]T| UTC)?", "[time]"),
        (r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", "[id]"),
    ] {
        output = Regex::new(pattern).unwrap().replace_all(&output, word).into_owned();
    }
    output
}

/// The same, where it has to succeed: what it printed to stdout and to stderr.
pub(crate) fn done(account: &Account, arguments: &[&str]) -> (String, String) {
    let output = command(account, arguments);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    (stdout, stderr)
}

/// Storage behind proxies, which remove the `Server` header and can be told to fail.
pub(crate) struct Proxied {
    pub(crate) account: Account,
    pub(crate) queue: Proxy,
    pub(crate) table: Proxy,
}

impl Proxied {
    pub(crate) async fn start() -> Self {
        let account = account();
        let proxy = async |url: &str| Proxy::start(url.trim_end_matches(&format!("/{}", account.name))).await.unwrap();
        let (queue, table) = (proxy(&account.queue_url).await, proxy(&account.table_url).await);
        Self { account, queue, table }
    }

    pub(crate) async fn world(&self, settings: &[(&str, &str)]) -> World {
        let url = |proxy: &Proxy| format!("{}/{}", proxy.url(), self.account.name);
        let through = self.account.connection_string_via(&url(&self.queue), &url(&self.table));
        World::on(&self.account, &through, settings).await
    }
}

pub(crate) fn account() -> Account {
    Azurite::shared().unwrap_or_else(|error| panic!("Azurite does not start: {error}")).account()
}

pub(crate) fn cell(row: &Row, column: &str) -> String {
    tables::text(row, column).to_owned()
}

/// A time on the day that all stories happen on: an hour ago at minute 0, so that requests are open and nothing lies in
/// the future.
pub(crate) fn minute(minute: i64) -> Timestamp {
    static START: std::sync::OnceLock<Timestamp> = std::sync::OnceLock::new();
    let start = START.get_or_init(|| {
        let now = Timestamp::now() - SignedDuration::from_mins(60);
        Timestamp::from_second(now.as_second()).expect("a time of today")
    });
    *start + SignedDuration::from_mins(minute)
}

pub(crate) fn read(path: &str) -> String {
    let path = Path::new(ROOT).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
