//! The handler as a process: how it is started, when it counts as ready, and what follows on its end.
//!
//! The rules were read in Azure/azure-functions-host (`HttpWorkerProcess`, `DefaultHttpWorkerService.IsWorkerReady`,
//! `HttpFunctionInvocationDispatcher`). Which step follows an end is decided by [`RestartPolicy`], which does no I/O.

use std::{
    collections::BTreeMap,
    env, io,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use azure_core::RequestId as Guid;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::record::{Ledger, OutputLine, Record, Stream};

/// How long a handler may take until it answers on its port.
const INITIALIZATION_TIMEOUT: Duration = Duration::from_secs(30);
/// The pause between two looks whether it answers.
const READINESS_INTERVAL: Duration = Duration::from_millis(25);
/// How long an invocation waits for a handler that is starting.
const WAIT_FOR_HANDLER: Duration = Duration::from_secs(120);
/// The host gives up at this many errors.
const ERRORS_BEFORE_SHUTDOWN: usize = 3;
/// Errors are forgotten when the last one is longer ago than this. It is scaled.
pub(super) const ERRORS_ARE_FORGOTTEN_AFTER: Duration = Duration::from_secs(30 * 60);
/// The exit status by which a handler asks to be started again.
const EXIT_FOR_RESTART: i32 = 200;
/// How long the last lines of an ended handler are waited for: a child of its own may hold the pipe open.
const LAST_LINES: Duration = Duration::from_secs(5);

/// Settings of the developer's machine that a handler must not see: those of the program itself, those of the
/// platform, and the machine's HTTP proxy, to which everything on 127.0.0.1 would be sent.
const SCRUBBED_PREFIXES: [&str; 8] =
    ["SPRUCE_", "CONSENT_", "DECLINE_", "CLINIC_", "AZUREWEBJOBS", "FUNCTIONS_", "IDENTITY_", "APPLICATIONINSIGHTS_"];
const SCRUBBED_NAMES: [&str; 4] = ["LOG_LEVEL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/// What is needed to start the handler.
pub(super) struct Launch {
    pub(super) executable: PathBuf,
    pub(super) app_root: PathBuf,
    pub(super) settings: BTreeMap<String, String>,
    /// The port that the handler is to listen on, the same in all its lives.
    pub(super) port: u16,
    pub(super) record: Arc<Record>,
}

/// Where the handler stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    /// Started, or about to be; not ready yet.
    Starting,
    /// It has answered on its port. The number tells its lives apart. A handler that has left with exit status 0 still
    /// stands so: the host does not notice.
    Serving(u32),
    /// The host has given up, for this reason.
    GivenUp(String),
}

/// The way to the handler for those that use it.
#[derive(Clone)]
pub(super) struct Handler {
    port: u16,
    state: watch::Receiver<State>,
    kills: mpsc::Sender<Kill>,
}

impl Handler {
    /// `http://127.0.0.1:<port>`: the host never uses another address.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits until the handler is ready, as an invocation does, and gives the number of its life.
    pub(super) async fn ready(&self) -> Result<u32, String> {
        let mut state = self.state.clone();
        let settled = timeout(WAIT_FOR_HANDLER, state.wait_for(|state| *state != State::Starting)).await;
        match settled {
            Ok(Ok(state)) => match &*state {
                State::Serving(life) => Ok(*life),
                State::GivenUp(reason) => Err(reason.clone()),
                State::Starting => Err("the handler is starting".to_owned()),
            },
            Ok(Err(_)) => Err("the host has stopped".to_owned()),
            Err(_) => Err("the handler is not ready".to_owned()),
        }
    }

    /// Why the host has given up, if it has.
    pub(super) fn given_up(&self) -> Option<String> {
        match &*self.state.borrow() {
            State::GivenUp(reason) => Some(reason.clone()),
            State::Starting | State::Serving(_) => None,
        }
    }

    /// Ends the handler with SIGKILL and waits until it is gone. With `life`, only that life is ended.
    pub(super) async fn kill(&self, life: Option<u32>, why: &'static str) {
        self.send(|gone| Kill { life, end: End::Killed(why), gone }).await;
    }

    /// Ends the handler for good, with SIGKILL as in Azure, and waits until it is gone.
    pub(super) async fn end(&self) {
        self.send(|gone| Kill { life: None, end: End::Stopped, gone }).await;
    }

    async fn send(&self, kill: impl FnOnce(oneshot::Sender<()>) -> Kill) {
        let (gone, is_gone) = oneshot::channel();
        if self.kills.send(kill(gone)).await.is_ok() {
            // An error here means that the supervisor ended, and the handler with it.
            let _ = is_gone.await;
        }
    }
}

/// An order to end the handler.
struct Kill {
    /// The life that is meant; `None` is whichever it is.
    life: Option<u32>,
    /// What the end is to count as.
    end: End,
    gone: oneshot::Sender<()>,
}

/// Keeps the handler running by the host's rules. The handler ends with this when it is dropped.
pub(super) struct Supervisor {
    launch: Launch,
    policy: RestartPolicy,
    ledger: Arc<Ledger>,
    client: reqwest::Client,
    state: watch::Sender<State>,
    kills: mpsc::Receiver<Kill>,
}

impl Supervisor {
    /// Nothing is started before [`run`](Self::run).
    pub(super) fn new(launch: Launch, policy: RestartPolicy, ledger: Arc<Ledger>) -> reqwest::Result<(Self, Handler)> {
        // No connection is kept: one to the life before would break, and a connection that breaks counts as an answer.
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build()?;
        let (state, state_seen) = watch::channel(State::Starting);
        let (kills_given, kills) = mpsc::channel(1);
        let handler = Handler { port: launch.port, state: state_seen, kills: kills_given };
        Ok((Self { launch, policy, ledger, client, state, kills }, handler))
    }

    /// Starts the handler again and again, until the host stops or gives up.
    pub(super) async fn run(mut self) {
        for life in 1_u32.. {
            let end = match self.launch.start() {
                Ok(child) => self.live(child, life).await,
                Err(error) => End::NotStarted(error.to_string()),
            };
            match self.policy.next(&end, Instant::now()) {
                Next::Restart => {
                    self.state.send_replace(State::Starting);
                    self.ledger.count(|stats| stats.restarts += 1);
                    self.launch.record.notice(format_args!("the handler {end}; it is started again"));
                }
                Next::LeaveEnded => {
                    self.launch.record.notice(format_args!("the handler {end}; it is not started again"));
                    while let Some(kill) = self.kills.recv().await {
                        let _ = kill.gone.send(());
                    }
                    return;
                }
                Next::Stop => {
                    self.state.send_replace(State::GivenUp("the host has stopped".to_owned()));
                    return;
                }
                Next::GiveUp => {
                    self.launch.record.notice(format_args!("the handler {end}; the host shuts down"));
                    self.state.send_replace(State::GivenUp(format!("the handler {end}")));
                    return;
                }
            }
        }
    }

    /// One life of the handler.
    async fn live(&mut self, mut child: Child, life: u32) -> End {
        let mut readers = JoinSet::new();
        if let Some(stdout) = child.stdout.take() {
            readers.spawn(read_lines(stdout, Stream::Stdout, Arc::clone(&self.launch.record)));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.spawn(read_lines(stderr, Stream::Stderr, Arc::clone(&self.launch.record)));
        }
        let end = self.until_end(&mut child, life).await;
        let _ = timeout(LAST_LINES, async { while readers.join_next().await.is_some() {} }).await;
        end
    }

    async fn until_end(&mut self, child: &mut Child, life: u32) -> End {
        let answers = timeout(INITIALIZATION_TIMEOUT, answers(self.client.clone(), self.launch.port));
        tokio::pin!(answers);
        let (mut ready, mut left) = (false, false);
        loop {
            tokio::select! {
                status = child.wait(), if !left => match End::from(status) {
                    // The host does not notice this end, and goes on asking whether the handler is ready.
                    End::Exited(Some(0)) if !ready => left = true,
                    end => return end,
                },
                Some(kill) = self.kills.recv() => {
                    if kill.life.is_none_or(|meant| meant == life) {
                        // It is the caller who waits for the end, so an error (it has ended already) is no news.
                        let _ = child.kill().await;
                        self.state.send_replace(State::Starting);
                        let _ = kill.gone.send(());
                        return kill.end;
                    }
                    let _ = kill.gone.send(());
                }
                answered = &mut answers, if !ready => {
                    if answered.is_err() {
                        let _ = child.kill().await;
                        return End::NotReady;
                    }
                    ready = true;
                    self.state.send_replace(State::Serving(life));
                    if left {
                        return End::Exited(Some(0));
                    }
                }
            }
        }
    }
}

impl Launch {
    /// Runs the handler's executable once with these arguments, for its end.
    ///
    /// The error is what it printed.
    pub(super) async fn run_once(&self, argument: &str) -> Result<(), String> {
        let ended = self.command().arg(argument).output().await;
        let ended = ended.map_err(|error| format!("{}: {error}", self.executable.display()))?;
        let mut printed = String::new();
        for (stream, bytes) in [(Stream::Stdout, &ended.stdout), (Stream::Stderr, &ended.stderr)] {
            for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let line = OutputLine { stream, bytes: line.to_vec() };
                printed.push_str(&line.text());
                printed.push('\n');
                self.record.add(line);
            }
        }
        if ended.status.success() { Ok(()) } else { Err(format!("{}\n{printed}", ended.status)) }
    }

    fn start(&self) -> io::Result<Child> {
        self.command().spawn()
    }

    /// The command as the host gives it: the environment is the host's own with the app settings in it.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        for name in env::vars_os().map(|(name, _)| name).filter(|name| is_scrubbed(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        let worker_id = Guid::new_v4().to_string();
        let port = self.port.to_string();
        command
            .envs(&self.settings)
            .env("FUNCTIONS_CUSTOMHANDLER_PORT", &port)
            .env("FUNCTIONS_HTTPWORKER_PORT", &port)
            .env("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", &worker_id)
            .env("FUNCTIONS_HTTPWORKER_ID", &worker_id)
            .env("FUNCTIONS_APP_ROOT_PATH", &self.app_root)
            .current_dir(&self.app_root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// What the host does after an end.
#[derive(Debug, PartialEq)]
enum Next {
    Restart,
    /// It goes on as if the handler were there, and every call fails.
    LeaveEnded,
    /// It was the host itself that stopped.
    Stop,
    GiveUp,
}

/// How a life of the handler ended.
enum End {
    /// It could not even be started, for this reason.
    NotStarted(String),
    /// It did not answer in time, and was killed.
    NotReady,
    /// It was killed on purpose, for this reason.
    Killed(&'static str),
    /// It was ended with the host.
    Stopped,
    /// It ended by itself, with this status; none where a signal ended it.
    Exited(Option<i32>),
}

impl From<io::Result<ExitStatus>> for End {
    fn from(status: io::Result<ExitStatus>) -> Self {
        Self::Exited(status.ok().and_then(|status| status.code()))
    }
}

impl std::fmt::Display for End {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotStarted(reason) => write!(formatter, "could not be started ({reason})"),
            Self::NotReady => {
                write!(formatter, "did not answer on its port within {} s", INITIALIZATION_TIMEOUT.as_secs())
            }
            Self::Killed(why) => write!(formatter, "was killed ({why})"),
            Self::Stopped => formatter.write_str("was ended with the host"),
            Self::Exited(Some(code)) => write!(formatter, "ended with exit status {code}"),
            Self::Exited(None) => formatter.write_str("was ended by a signal"),
        }
    }
}

/// The host's rule of three errors.
pub(super) struct RestartPolicy {
    errors: usize,
    last_error: Option<Instant>,
    forgotten_after: Duration,
}

impl RestartPolicy {
    /// Errors count together when no more than `forgotten_after` lies between them.
    pub(super) fn new(forgotten_after: Duration) -> Self {
        Self { errors: 0, last_error: None, forgotten_after }
    }

    fn next(&mut self, end: &End, now: Instant) -> Next {
        match end {
            End::NotStarted(_) => Next::GiveUp,
            End::Stopped => Next::Stop,
            End::Exited(Some(0)) => Next::LeaveEnded,
            End::Exited(Some(EXIT_FOR_RESTART)) | End::Killed(_) => Next::Restart,
            End::Exited(_) | End::NotReady => self.error(now),
        }
    }

    fn error(&mut self, now: Instant) -> Next {
        if self.last_error.is_some_and(|last| now.duration_since(last) > self.forgotten_after) {
            self.errors = 0;
        }
        self.errors += 1;
        self.last_error = Some(now);
        if self.errors < ERRORS_BEFORE_SHUTDOWN { Next::Restart } else { Next::GiveUp }
    }
}

/// Waits until something answers on the port. Any answer will do, and so will a connection that breaks: only one that
/// is refused means "not yet".
async fn answers(client: reqwest::Client, port: u16) {
    let url = format!("http://127.0.0.1:{port}/");
    while client.get(&url).send().await.is_err_and(|error| error.is_connect()) {
        sleep(READINESS_INTERVAL).await;
    }
}

/// Records each line until the end of the stream.
async fn read_lines(stream: impl AsyncRead + Unpin, name: Stream, record: Arc<Record>) {
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).await.is_ok_and(|count| count > 0) {
        if bytes.ends_with(b"\n") {
            bytes.pop();
        }
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
        record.add(OutputLine { stream: name, bytes: std::mem::take(&mut bytes) });
    }
}

fn is_scrubbed(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SCRUBBED_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || SCRUBBED_NAMES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

    #[test]
    fn the_third_error_is_the_last() {
        let start = Instant::now();
        let mut policy = RestartPolicy::new(HALF_AN_HOUR);
        assert_eq!(policy.next(&End::Exited(Some(1)), start), Next::Restart);
        assert_eq!(policy.next(&End::NotReady, start), Next::Restart);
        assert_eq!(policy.next(&End::Exited(None), start), Next::GiveUp);
    }

    #[test]
    fn errors_are_forgotten_half_an_hour_after_the_last() {
        let start = Instant::now();
        let mut policy = RestartPolicy::new(HALF_AN_HOUR);
        let second = Duration::from_secs(1);
        for (after, next) in [
            (Duration::ZERO, Next::Restart),
            (HALF_AN_HOUR, Next::Restart),
            // More than half an hour after the second: a first one again.
            (HALF_AN_HOUR * 2 + second, Next::Restart),
            (HALF_AN_HOUR * 3 + second, Next::Restart),
            (HALF_AN_HOUR * 4 + second, Next::GiveUp),
        ] {
            assert_eq!(policy.next(&End::Exited(Some(101)), start + after), next, "{after:?}");
        }
    }

    #[test]
    fn only_errors_count() {
        let now = Instant::now();
        let mut policy = RestartPolicy::new(HALF_AN_HOUR);
        for _ in 0..10 {
            assert_eq!(policy.next(&End::Killed("on purpose"), now), Next::Restart);
            assert_eq!(policy.next(&End::Exited(Some(200)), now), Next::Restart);
            assert_eq!(policy.next(&End::Exited(Some(0)), now), Next::LeaveEnded);
        }
        assert_eq!(policy.next(&End::Exited(Some(1)), now), Next::Restart);
        assert_eq!(policy.next(&End::NotStarted(String::new()), now), Next::GiveUp);
        assert_eq!(policy.next(&End::Stopped, now), Next::Stop);
    }

    #[test]
    fn a_developers_own_settings_are_kept_from_the_handler() {
        for name in [
            "SPRUCE_API_TOKEN",
            "CONSENT_CHANNELS",
            "DECLINE_KEYWORDS",
            "CLINIC_TIME_ZONE",
            "AzureWebJobsStorage",
            "AzureWebJobsStorage__accountName",
            "LOG_LEVEL",
            "https_proxy",
            "FUNCTIONS_CUSTOMHANDLER_PORT",
        ] {
            assert!(is_scrubbed(name), "{name}");
        }
        for name in ["PATH", "HOME", "TZ", "RUST_BACKTRACE", "NO_PROXY", "LOG_LEVELS"] {
            assert!(!is_scrubbed(name), "{name}");
        }
    }
}
