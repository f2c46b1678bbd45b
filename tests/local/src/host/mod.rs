//! A local Functions host: runs the built handler as Azure does.
//!
//! It reads the app's own `host.json` and `function.json` files, starts the handler with the host's environment, waits
//! until it answers, starts it again when it dies, passes HTTP requests on, and feeds it the entries of the queues in
//! the host's exact JSON. What it imitates is host version 4.1052 with a custom handler in proxy mode, the queues
//! extension of bundle 4, on Linux. It knows no keys: every function is open, as with `func start`.
//!
//! # Time
//! [`HostOptions::time_scale`] stretches or shrinks the waits that are the host's own: the pause after a failed
//! attempt, the lease, the pauses of polling, the function timeout, and the half hour after which errors are forgotten.
//! Not the time that a process needs to start, nor the pauses between attempts to reach it. The queue service counts
//! in whole seconds how long an entry is hidden, so these times are rounded up.

mod app;
mod http;
mod invocation;
mod process;
mod queue;
mod record;
mod storage;

use std::{
    collections::BTreeMap,
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    ops::Range,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use azure_core::RequestId as Guid;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use app::App;
use http::Front;
use process::{Handler, Launch, RestartPolicy, Supervisor};
use queue::{Listener, Means};
use record::{InHand, Ledger, Record};

pub use record::{LineSink, OutputLine, Stats, Stream};

/// The version that the host gives as its own: that of the Core Tools of August 2026.
const HOST_VERSION: &str = "4.1052.200";
const HOST_VERSION_HEADER: &str = "x-azure-functions-hostversion";
const INVOCATION_ID_HEADER: &str = "x-azure-functions-invocationid";
/// How long a stopping host waits for the entries in hand. It is scaled.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause between two looks whether the host is idle.
const IDLE_INTERVAL: Duration = Duration::from_millis(50);
/// Where the handler's port is looked for: Linux hands out ports from 32,768 by itself, others from 49,152.
const HANDLER_PORTS: Range<u16> = 20_000..32_000;
/// The largest scale: ten times as slow as in Azure.
const LARGEST_SCALE: f64 = 10.0;

/// What a host is started with.
#[derive(Clone)]
pub struct HostOptions {
    /// The app's folder: `host.json` and `*/function.json` are read there, and the handler runs there.
    pub app_root: PathBuf,
    /// The built handler, in the place of `customHandler.description.defaultExecutablePath`.
    pub executable: PathBuf,
    /// The app settings: they become the handler's environment, over the host's own. From the host's own environment,
    /// the handler's settings are left out (those of the platform and of a proxy, too), so that nothing of the
    /// developer's machine gets in.
    pub settings: BTreeMap<String, String>,
    /// 1.0 = the host's waits are as long as in Azure; 0.03 = a wait of 30 s takes about a second.
    pub time_scale: f64,
    /// How long a queue function may take, as it is; `None` = what `host.json` says, scaled.
    pub function_timeout: Option<Duration>,
    /// The port of 127.0.0.1 to listen on; 0 = any free one.
    pub port: u16,
    /// Whether `<executable> setup` is run first, which creates the queues and tables.
    pub setup: bool,
    /// Gets every line as it arrives: the handler's, and the host's own notices.
    pub on_line: Option<LineSink>,
}

impl HostOptions {
    /// Options for the app in `app_root` with the handler `executable`: no settings, times as in Azure, any port,
    /// `setup` first, and nobody who listens.
    pub fn new(app_root: impl Into<PathBuf>, executable: impl Into<PathBuf>) -> Self {
        Self {
            app_root: app_root.into(),
            executable: executable.into(),
            settings: BTreeMap::new(),
            time_scale: 1.0,
            function_timeout: None,
            port: 0,
            setup: true,
            on_line: None,
        }
    }
}

/// Why a host does not start, or is not idle.
#[derive(Debug)]
pub enum HostError {
    /// The options or the app's files are wrong; the sentence names what.
    Config(String),
    /// A socket or file of the host's own failed.
    Io(io::Error),
    /// The host's own HTTP client cannot be made.
    Client(reqwest::Error),
    /// `<executable> setup` failed; its exit status and what it printed.
    Setup(String),
    /// The host has given up on the handler; why, and what the handler printed.
    Handler {
        /// How the handler ended for the last time.
        reason: String,
        /// All lines that it printed.
        output: String,
    },
    /// The queue could not be looked at.
    Storage(azure_core::Error),
    /// There was still work in hand or in the queues when the time was over.
    NotIdle {
        /// How long was waited.
        waited: Duration,
        /// What is still there.
        what: String,
    },
}

impl fmt::Display for HostError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(problem) => formatter.write_str(problem),
            Self::Io(error) => write!(formatter, "the host cannot listen: {error}"),
            Self::Client(error) => write!(formatter, "the host cannot connect: {error}"),
            Self::Setup(printed) => write!(formatter, "`setup` failed: {printed}"),
            Self::Handler { reason, output } => write!(formatter, "{reason}; it printed:\n{output}"),
            Self::Storage(error) => write!(formatter, "the queue cannot be looked at: {error}"),
            Self::NotIdle { waited, what } => write!(formatter, "not idle after {} ms: {what}", waited.as_millis()),
        }
    }
}

impl std::error::Error for HostError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Client(error) => Some(error),
            Self::Storage(error) => Some(error),
            Self::Config(_) | Self::Setup(_) | Self::Handler { .. } | Self::NotIdle { .. } => None,
        }
    }
}

/// A running host. Dropped, it ends at once, and the handler with it (SIGKILL, as in Azure).
pub struct Host {
    address: SocketAddr,
    handler: Handler,
    listeners: Vec<Arc<Listener>>,
    ledger: Arc<Ledger>,
    record: Arc<Record>,
    scale: Scale,
    stop: watch::Sender<bool>,
    /// The listeners' loops, apart from the other tasks because a stopping host waits for them.
    listening: JoinSet<()>,
    /// The handler's supervisor and the public side. They end with this.
    _serving: JoinSet<()>,
}

impl Host {
    /// Starts the host, and comes back when the handler is ready and the host listens.
    pub async fn start(options: HostOptions) -> Result<Self, HostError> {
        let scale = Scale::new(options.time_scale).map_err(HostError::Config)?;
        let app = App::read(&options.app_root).map_err(HostError::Config)?;
        let record = Arc::new(Record::new(options.on_line));
        let ledger = Arc::new(Ledger::default());
        let client = crate::proxy::client().map_err(HostError::Client)?;

        let port = match app.handler_port {
            Some(port) => port,
            None => free_port().await.map_err(HostError::Io)?,
        };
        let launch = Launch {
            // The handler runs in the app's folder, from where a relative path would lead elsewhere.
            executable: std::path::absolute(options.executable).map_err(HostError::Io)?,
            app_root: std::path::absolute(options.app_root).map_err(HostError::Io)?,
            settings: options.settings.clone(),
            port,
            record: Arc::clone(&record),
        };
        if options.setup {
            launch.run_once("setup").await.map_err(HostError::Setup)?;
        }
        let policy = RestartPolicy::new(scale.of(process::ERRORS_ARE_FORGOTTEN_AFTER));
        let (supervisor, handler) = Supervisor::new(launch, policy, Arc::clone(&ledger)).map_err(HostError::Client)?;

        let means = Means {
            handler: handler.clone(),
            client: client.clone(),
            ledger: Arc::clone(&ledger),
            record: Arc::clone(&record),
            settings: app.queues,
            function_timeout: options.function_timeout.or(app.function_timeout.map(|limit| scale.of(limit))),
            scale,
        };
        let mut listeners = Vec::new();
        for mut function in app.queue {
            function.queue = expanded(&function.queue, &options.settings).map_err(HostError::Config)?;
            let queues = storage::queues(&options.settings, &function.connection).map_err(HostError::Config)?;
            listeners.push(Arc::new(Listener::new(function, &queues, means.clone())));
        }

        let public = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(HostError::Io)?;
        let address = public.local_addr().map_err(HostError::Io)?;
        let front = Front {
            functions: app.http,
            handler: handler.clone(),
            client,
            ledger: Arc::clone(&ledger),
            record: Arc::clone(&record),
        };
        let router = http::router(front).into_make_service_with_connect_info::<SocketAddr>();
        let mut serving = JoinSet::new();
        serving.spawn(supervisor.run());
        serving.spawn(async move {
            // Ends only with the task.
            let _ = axum::serve(public, router).await;
        });
        let (stop, _) = watch::channel(false);
        let mut host = Self {
            address,
            handler,
            listeners,
            ledger,
            record,
            scale,
            stop,
            listening: JoinSet::new(),
            _serving: serving,
        };
        host.handler.ready().await.map_err(|reason| host.handler_error(reason))?;
        for listener in &host.listeners {
            host.listening.spawn(Arc::clone(listener).run(host.stop.subscribe()));
        }
        Ok(host)
    }

    /// Where the functions are: `http://127.0.0.1:PORT`, the webhook below it at `/api/spruce-webhook`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The handler itself, past the host: `http://127.0.0.1:PORT`, the same in all its lives.
    pub fn handler_url(&self) -> String {
        self.handler.url()
    }

    /// Ends the handler with SIGKILL, as a machine that dies does, and comes back when it is gone; it is started again
    /// at once. Unlike a crash this is no error by the host's rule of three, so that a test can do it often.
    pub async fn kill_handler(&self) {
        self.handler.kill(None, "on purpose").await;
    }

    /// Waits until the queues are empty: nothing visible, nothing delayed, nothing in hand.
    ///
    /// A program that puts an entry back for later never lets a queue be empty; for it there is
    /// [`wait_settled`](Self::wait_settled).
    pub async fn wait_idle(&self, limit: Duration) -> Result<(), HostError> {
        self.wait_until(limit, async |listener, _| listener.is_empty().await).await
    }

    /// Waits until all that is due is done: nothing visible, nothing in hand, no failed attempt that comes back. What
    /// is still in a queue waits because the program put it there with a delay.
    pub async fn wait_settled(&self, limit: Duration) -> Result<(), HostError> {
        self.wait_until(limit, async |listener, in_hand| listener.has_nothing_due(in_hand).await).await
    }

    /// Every line that the handler printed, in all its lives, and those of `setup`. The order of lines of the same
    /// stream is theirs; of two streams, it is about that of their arrival.
    pub fn output(&self) -> Vec<OutputLine> {
        self.record.lines(|stream| stream != Stream::Host)
    }

    /// What the host itself had to say: restarts, failed attempts, moves to a poison queue, faults of storage. Never
    /// anything of a request's or entry's content.
    pub fn notices(&self) -> Vec<String> {
        let lines = self.record.lines(|stream| stream == Stream::Host);
        lines.iter().map(|line| line.text().into_owned()).collect()
    }

    /// How often the handler was started again.
    pub fn restarts(&self) -> u32 {
        self.ledger.stats().restarts
    }

    /// What has been done so far.
    pub fn stats(&self) -> Stats {
        self.ledger.stats()
    }

    /// Fetches nothing more, waits up to 10 s (scaled) for what is in hand, and ends the handler: with SIGKILL, as in
    /// Azure.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let drained = async { while self.listening.join_next().await.is_some() {} };
        // What is not done by then is given up, and done again by the next host.
        let _ = timeout(self.scale.of(DRAIN_TIMEOUT), drained).await;
        self.listening.shutdown().await;
        self.handler.end().await;
    }

    async fn wait_until(
        &self,
        limit: Duration,
        done: impl AsyncFn(&Listener, InHand) -> azure_core::Result<bool>,
    ) -> Result<(), HostError> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(reason) = self.handler.given_up() {
                return Err(self.handler_error(reason));
            }
            // Idle is what is idle before the look and after it, with nothing taken in hand between: what was in hand
            // might have put something on the queue that the look was too early to see.
            let before = self.ledger.in_hand();
            let mut queues_done = true;
            for listener in &self.listeners {
                queues_done &= done(listener, before).await.map_err(HostError::Storage)?;
            }
            let after = self.ledger.in_hand();
            if queues_done && before.busy == 0 && before == after {
                return Ok(());
            }
            if Instant::now() >= deadline {
                let queues = if queues_done { "the queues are done" } else { "a queue is not done" };
                let what = format!("{queues}, {} in hand, {} to come back", after.busy, after.coming_back);
                return Err(HostError::NotIdle { waited: limit, what });
            }
            sleep(IDLE_INTERVAL).await;
        }
    }

    fn handler_error(&self, reason: String) -> HostError {
        let lines = self.output();
        let output = lines.iter().map(|line| line.text().into_owned()).collect::<Vec<_>>().join("\n");
        HostError::Handler { reason, output }
    }
}

/// How much longer or shorter the host's waits are than in Azure.
#[derive(Clone, Copy, Debug)]
struct Scale(f64);

impl Scale {
    fn new(scale: f64) -> Result<Self, String> {
        if scale > 0.0 && scale <= LARGEST_SCALE {
            Ok(Self(scale))
        } else {
            Err(format!("the time scale is {scale}, not above 0 and up to {LARGEST_SCALE}"))
        }
    }

    fn of(self, time: Duration) -> Duration {
        time.mul_f64(self.0)
    }

    /// The scaled time in whole seconds, rounded up: nothing stays nothing, and something does not become nothing.
    fn whole_seconds(self, time: Duration) -> Duration {
        let scaled = self.of(time);
        Duration::from_secs(scaled.as_secs() + u64::from(scaled.subsec_nanos() > 0))
    }

    fn is_faster(self) -> bool {
        self.0 < 1.0
    }
}

/// A port that nobody uses. It is free when looked for; that it still is when the handler starts is likely, not
/// certain: it lies below those that systems hand out by themselves, so no connection of this machine comes to have it.
async fn free_port() -> io::Result<u16> {
    loop {
        let [low, high, ..] = *Guid::new_v4().as_bytes();
        let port = HANDLER_PORTS.start + u16::from_le_bytes([low, high]) % (HANDLER_PORTS.end - HANDLER_PORTS.start);
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(_) => return Ok(port),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
    }
}

/// A name in which `%NAME%` stands for an app setting.
fn expanded(name: &str, settings: &BTreeMap<String, String>) -> Result<String, String> {
    let Some(setting) = name.strip_prefix('%').and_then(|name| name.strip_suffix('%')) else {
        return Ok(name.to_owned());
    };
    settings
        .get(setting)
        .cloned()
        .ok_or_else(|| format!("the app setting {setting} is missing, but a queueName uses it"))
}

#[cfg(test)]
mod tests;
