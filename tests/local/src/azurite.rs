//! Azurite, Microsoft's stand-in for a storage account, as a process of our own.
//!
//! The version is pinned in `tests/azurite` and installed from its lock file when it is missing. One process serves
//! many accounts: a test takes one that nobody else uses, and needs no other isolation.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};

/// Where `package.json`, the lock file and `run.js` are.
const HOME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../azurite");

/// How many accounts one Azurite serves. The list travels in one environment variable, which Windows limits to 32 KiB.
const ACCOUNTS: usize = 256;

/// How long Azurite may take until it listens. About 2.5 s were seen; a busy build machine needs more.
const STARTING_TIME: Duration = Duration::from_secs(300);

/// How long the last lines of a program that has ended are waited for.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// How long Azurite may take to write what it keeps on disk: longer than `run.js` waits before it gives up.
const CLOSING_TIME: Duration = Duration::from_secs(40);

/// When everything that Azurite has answered is on disk, if nothing more is asked: it looks every 5 s whether there is
/// something to write (`autosaveInterval` in its `Loki…MetadataStore.js`), and writing takes less than the rest.
pub const WRITTEN_AFTER: Duration = Duration::from_secs(8);

/// How often the installation says that it still runs.
const PROGRESS_EVERY: Duration = Duration::from_secs(15);

/// How often a process that should end is looked at.
const POLL: Duration = Duration::from_millis(20);

/// How many lines of a failed program's output are passed on: the first ones, for npm goes on with its usage.
const KEPT_LINES: usize = 20;

/// A running Azurite. It ends when this value is dropped, and also when our process ends in any other way.
#[derive(Debug)]
pub struct Azurite {
    options: AzuriteOptions,
    ports: Ports,
    running: Mutex<Option<Child>>,
    next_account: AtomicUsize,
}

/// What can be chosen when Azurite is started.
#[derive(Clone, Debug, Default)]
pub struct AzuriteOptions {
    /// The folder to keep the data in, so that it outlives [`Azurite::restart`]. `None` keeps it in memory.
    pub location: Option<PathBuf>,
}

/// One storage account in an [`Azurite`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its key, base64.
    pub key: String,
    /// `http://127.0.0.1:<port>/<name>`, as are the others.
    pub queue_url: String,
    /// Base URL of the tables.
    pub table_url: String,
    /// Base URL of the blobs.
    pub blob_url: String,
}

/// Why there is no Azurite.
#[derive(Debug)]
pub enum AzuriteError {
    /// A program that is needed could not be started.
    Program {
        /// `node` or `npm`.
        name: &'static str,
        /// What the system said.
        cause: io::Error,
    },
    /// `npm ci` failed.
    Install {
        /// How it ended.
        status: ExitStatus,
        /// The beginning of what it printed.
        output: String,
    },
    /// Azurite ended, or did not say in time where it listens.
    Start {
        /// What happened.
        what: &'static str,
        /// The beginning of what it printed.
        output: String,
    },
    /// Azurite did not end as it should; what happened.
    End(String),
    /// A file could not be read or locked.
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

/// The ports of the three services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ports {
    blob: u16,
    queue: u16,
    table: u16,
}

impl Azurite {
    /// Installs Azurite if need be and starts it in memory. `progress` is told what takes time.
    ///
    /// Blocks until Azurite listens: some seconds, and about a minute when it has to be installed.
    pub fn start(progress: impl Fn(&str)) -> Result<Self, AzuriteError> {
        Self::start_with(AzuriteOptions::default(), progress)
    }

    /// As [`Azurite::start`], with options.
    pub fn start_with(options: AzuriteOptions, progress: impl Fn(&str)) -> Result<Self, AzuriteError> {
        install(Path::new(HOME), &progress)?;
        let (child, ports) = launch(&options, Ports::default())?;
        Ok(Self { options, ports, running: Mutex::new(Some(child)), next_account: AtomicUsize::new(0) })
    }

    /// The one Azurite of this process, started at the first call. Progress goes to standard error.
    pub fn shared() -> Result<&'static Self, &'static AzuriteError> {
        static SHARED: OnceLock<Result<Azurite, AzuriteError>> = OnceLock::new();
        // Never dropped: the system closes the pipe when the process ends.
        SHARED.get_or_init(|| Self::start(say)).as_ref()
    }

    /// The next account that was not handed out yet.
    ///
    /// # Panics
    /// When all are handed out, which takes a test binary with hundreds of tests.
    pub fn account(&self) -> Account {
        let index = self.next_account.fetch_add(1, Ordering::Relaxed);
        assert!(index < ACCOUNTS, "Azurite was started with {ACCOUNTS} accounts, and all are in use");
        let name = account_name(index);
        let url = |port: u16| format!("http://127.0.0.1:{port}/{name}");
        Account {
            key: account_key(&name),
            queue_url: url(self.ports.queue),
            table_url: url(self.ports.table),
            blob_url: url(self.ports.blob),
            name,
        }
    }

    /// Stops Azurite: from now on its ports refuse every connection. Data in memory is gone, and data in a
    /// [`AzuriteOptions::location`] is written, but for what is asked while it stops: some of that is answered as done
    /// after all was written. Who must not lose that lets nobody hear such answers.
    pub fn stop(&self) -> Result<(), AzuriteError> {
        match self.running().take() {
            Some(child) => end(child),
            None => Ok(()),
        }
    }

    /// Ends Azurite with SIGKILL. What it has answered since it last wrote is gone (tried: a row that was inserted just
    /// before), as it would not be in a storage service: only what is older than [`WRITTEN_AFTER`] is certain to be kept.
    pub fn kill(&self) -> Result<(), AzuriteError> {
        let failed = |cause| AzuriteError::Program { name: "node", cause };
        let Some(mut child) = self.running().take() else { return Ok(()) };
        child.kill().map_err(failed)?;
        child.wait().map(drop).map_err(failed)
    }

    /// Stops Azurite if it runs, and starts it on the same ports. Only data in a [`AzuriteOptions::location`] survives.
    pub fn restart(&self) -> Result<(), AzuriteError> {
        self.stop()?;
        let (child, _) = launch(&self.options, self.ports)?;
        *self.running() = Some(child);
        Ok(())
    }

    fn running(&self) -> MutexGuard<'_, Option<Child>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Azurite {
    fn drop(&mut self) {
        if let Some(mut child) = self.running().take() {
            // Nothing can be done about a failure here, and the process is most likely gone already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Account {
    /// The whole connection string, with every endpoint.
    pub fn connection_string(&self) -> String {
        self.connection_string_via(&self.queue_url, &self.table_url)
    }

    /// The connection string of a client that reaches queues and tables through something else, such as a proxy.
    pub fn connection_string_via(&self, queue_url: &str, table_url: &str) -> String {
        format!(
            "DefaultEndpointsProtocol=http;AccountName={};AccountKey={};BlobEndpoint={};QueueEndpoint={};TableEndpoint={};",
            self.name, self.key, self.blob_url, queue_url, table_url
        )
    }
}

impl fmt::Display for AzuriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program { name, cause } if cause.kind() == io::ErrorKind::NotFound => write!(
                f,
                "`{name}` is not on the PATH: Azurite, which stands in for Azure Storage, needs Node.js 20 or newer with npm"
            ),
            Self::Program { name, cause } => write!(f, "`{name}` could not be started: {cause}"),
            Self::Install { status, output } => {
                write!(f, "installing Azurite failed (`npm ci` in {HOME}: {status}):\n{output}")
            }
            Self::Start { what, output } => write!(f, "Azurite {what}:\n{output}"),
            Self::End(what) => write!(f, "Azurite {what}"),
            Self::File { path, cause } => write!(f, "{}: {cause}", path.display()),
        }
    }
}

impl std::error::Error for AzuriteError {}

/// Installs what the lock file names, unless that is there already.
fn install(home: &Path, progress: &impl Fn(&str)) -> Result<(), AzuriteError> {
    if is_installed(home)? {
        return Ok(());
    }
    // Test binaries may start at the same time: one installs, the others wait for it. The lock is on a file that is
    // there anyway and that nobody reads in the meantime; it is let go when the file is closed.
    let guard_path = home.join("run.js");
    let guard = File::open(&guard_path).and_then(|file| file.lock().map(|()| file));
    let _guard = guard.map_err(|cause| AzuriteError::File { path: guard_path, cause })?;
    if is_installed(home)? {
        return Ok(());
    }

    progress("Installing Azurite with npm (about a minute, once) …");
    // On Windows npm is a script, and only its full name is found.
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut child = Command::new(npm)
        .args(["ci", "--no-progress", "--loglevel=error"])
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|cause| AzuriteError::Program { name: "npm", cause })?;
    let output = Printed::of(&mut child);
    let started = Instant::now();
    let mut told = started;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => thread::sleep(POLL),
            Err(cause) => return Err(AzuriteError::Program { name: "npm", cause }),
        }
        if told.elapsed() >= PROGRESS_EVERY {
            told = Instant::now();
            progress(&format!("… still installing Azurite ({} s)", started.elapsed().as_secs()));
        }
    };
    if status.success() { Ok(()) } else { Err(AzuriteError::Install { status, output: output.whole() }) }
}

/// Whether `npm ci` has run to its end since the lock file was last changed.
///
/// npm writes `node_modules/.package-lock.json` as its last step, so a broken installation does not have it.
fn is_installed(home: &Path) -> Result<bool, AzuriteError> {
    let changed = |path: PathBuf| {
        fs::metadata(&path).and_then(|data| data.modified()).map_err(|cause| AzuriteError::File { path, cause })
    };
    let wanted = changed(home.join("package-lock.json"))?;
    Ok(changed(home.join("node_modules/.package-lock.json")).is_ok_and(|installed| installed >= wanted))
}

/// Starts Azurite on these ports (0 = any free one) and waits until it listens on all three.
fn launch(options: &AzuriteOptions, ports: Ports) -> Result<(Child, Ports), AzuriteError> {
    let mut command = Command::new("node");
    command
        .args(["run.js", "--silent", "--skipApiVersionCheck", "--disableTelemetry"])
        .args(["--blobPort", &ports.blob.to_string()])
        .args(["--queuePort", &ports.queue.to_string()])
        .args(["--tablePort", &ports.table.to_string()])
        .env("AZURITE_ACCOUNTS", accounts())
        .current_dir(HOME)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    match &options.location {
        Some(folder) => command.arg("--location").arg(folder),
        None => command.arg("--inMemoryPersistence"),
    };
    // Ctrl-C is for us: what uses Azurite should be able to end first.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|cause| AzuriteError::Program { name: "node", cause })?;
    let mut output = Printed::of(&mut child);
    match output.wait_for_ports() {
        Ok(ports) => Ok((child, ports)),
        Err(what) => {
            // It may have ended by itself; either way it is of no use.
            let _ = child.kill();
            let _ = child.wait();
            Err(AzuriteError::Start { what, output: output.text() })
        }
    }
}

/// Lets Azurite end by itself, so that it can write what it keeps on disk.
fn end(mut child: Child) -> Result<(), AzuriteError> {
    let failed = |cause| AzuriteError::Program { name: "node", cause };
    drop(child.stdin.take());
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        if started.elapsed() > CLOSING_TIME {
            child.kill().map_err(failed)?;
            child.wait().map_err(failed)?;
            return Err(AzuriteError::End("did not end in time and was killed".to_owned()));
        }
        thread::sleep(POLL);
    };
    if status.success() { Ok(()) } else { Err(AzuriteError::End(format!("may not have written everything: {status}"))) }
}

/// What a child prints. Two threads read until the child closes its ends, so that it never blocks.
struct Printed {
    lines: Arc<Mutex<Vec<String>>>,
    new: mpsc::Receiver<String>,
}

impl Printed {
    fn of(child: &mut Child) -> Self {
        let (sender, new) = mpsc::channel();
        let printed = Self { lines: Arc::default(), new };
        if let Some(stream) = child.stdout.take() {
            printed.read(stream, sender.clone());
        }
        if let Some(stream) = child.stderr.take() {
            printed.read(stream, sender);
        }
        printed
    }

    fn read(&self, stream: impl Read + Send + 'static, sender: mpsc::Sender<String>) {
        let lines = Arc::clone(&self.lines);
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let mut kept = lines.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() < KEPT_LINES {
                    kept.push(line.clone());
                }
                // Nobody listens any more once the ports are known.
                let _ = sender.send(line);
            }
        });
    }

    /// Reads the lines `… <service> service is successfully listening at http://127.0.0.1:<port>`.
    fn wait_for_ports(&mut self) -> Result<Ports, &'static str> {
        let deadline = Instant::now() + STARTING_TIME;
        let (mut blob, mut queue, mut table) = (None, None, None);
        loop {
            if let (Some(blob), Some(queue), Some(table)) = (blob, queue, table) {
                return Ok(Ports { blob, queue, table });
            }
            match self.new.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => match listening(&line) {
                    Some(("Blob", port)) => blob = Some(port),
                    Some(("Queue", port)) => queue = Some(port),
                    Some(("Table", port)) => table = Some(port),
                    Some(_) | None => {}
                },
                Err(RecvTimeoutError::Timeout) => return Err("did not listen in time"),
                Err(RecvTimeoutError::Disconnected) => return Err("ended instead of listening"),
            }
        }
    }

    /// The text when nothing more can come, or nothing has come for a while: a child of the child may live on.
    fn whole(&self) -> String {
        while self.new.recv_timeout(LAST_WORDS).is_ok() {}
        self.text()
    }

    fn text(&self) -> String {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }
}

/// The service and the port in a line that says where one listens.
fn listening(line: &str) -> Option<(&str, u16)> {
    let (service, address) = line.strip_prefix("Azurite ")?.split_once(" service is successfully listening at ")?;
    let (_, port) = address.rsplit_once(':')?;
    Some((service, port.trim_end_matches('/').parse().ok()?))
}

/// The value of `AZURITE_ACCOUNTS`: `name:key`, separated by semicolons.
fn accounts() -> String {
    let pairs: Vec<String> = (0..ACCOUNTS)
        .map(|index| {
            let name = account_name(index);
            let key = account_key(&name);
            format!("{name}:{key}")
        })
        .collect();
    pairs.join(";")
}

fn account_name(index: usize) -> String {
    format!("clinic{:03}", index + 1)
}

/// Any key will do, as long as it follows from the name: Azurite is told the same one.
fn account_key(name: &str) -> String {
    BASE64.encode(Sha256::digest(name))
}

#[expect(clippy::print_stderr, reason = "the first test of a run may take a minute and has to say why")]
fn say(what: &str) {
    eprintln!("{what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ports_are_read_from_what_azurite_prints() {
        let line = "Azurite Queue service is successfully listening at http://127.0.0.1:43373";
        assert_eq!(listening(line), Some(("Queue", 43373)));
        assert_eq!(listening("Azurite Queue service is starting at http://127.0.0.1:0"), None);
    }

    #[test]
    fn every_account_has_its_own_name_and_key() {
        let azurite = Azurite::shared().unwrap();
        let (one, other) = (azurite.account(), azurite.account());
        assert_ne!(one.name, other.name);
        assert_ne!(one.key, other.key);
        let string = one.connection_string();
        for part in [&one.name, &one.key, &one.queue_url, &one.table_url, &one.blob_url] {
            assert!(string.contains(part.as_str()), "{part} is missing in {string}");
        }
        assert!(
            one.connection_string_via("http://q", "http://t")
                .contains("QueueEndpoint=http://q;TableEndpoint=http://t;")
        );
    }

    #[test]
    fn the_list_of_accounts_fits_into_an_environment_variable_of_every_system() {
        assert!(accounts().len() < 32 * 1024, "{}", accounts().len());
    }

    #[test]
    fn the_lock_file_holds_no_download_addresses() {
        let lock = fs::read_to_string(Path::new(HOME).join("package-lock.json")).unwrap();
        assert!(!lock.contains("\"resolved\""));
    }

    #[test]
    fn an_installation_counts_when_it_is_whole_and_newer_than_the_lock_file() {
        let home = tempfile::tempdir().unwrap();
        let lock = home.path().join("package-lock.json");
        fs::write(&lock, "{}").unwrap();
        assert!(!is_installed(home.path()).unwrap());
        fs::create_dir(home.path().join("node_modules")).unwrap();
        assert!(!is_installed(home.path()).unwrap());
        fs::write(home.path().join("node_modules/.package-lock.json"), "{}").unwrap();
        assert!(is_installed(home.path()).unwrap());

        let later = std::time::SystemTime::now() + Duration::from_secs(60);
        File::options().write(true).open(lock).unwrap().set_modified(later).unwrap();
        assert!(!is_installed(home.path()).unwrap());
    }

    #[test]
    fn a_failed_installation_says_what_npm_said() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("run.js"), "").unwrap();
        fs::write(home.path().join("package.json"), "no JSON").unwrap();
        fs::write(home.path().join("package-lock.json"), "{}").unwrap();
        let told = Mutex::new(Vec::new());

        let error = install(home.path(), &|what: &str| told.lock().unwrap().push(what.to_owned())).unwrap_err();

        assert!(error.to_string().contains("JSON"), "{error}");
        assert!(told.lock().unwrap()[0].starts_with("Installing Azurite"));
    }

    #[tokio::test]
    async fn data_on_disk_survives_a_restart_on_the_same_ports() {
        let folder = tempfile::tempdir().unwrap();
        let options = AzuriteOptions { location: Some(folder.path().to_owned()) };
        let azurite = Azurite::start_with(options, say).unwrap();
        let account = azurite.account();
        crate::tables::create_table(&account, "Kept").await.unwrap();
        let row = serde_json::json!({"PartitionKey": "p", "RowKey": "r", "Text": "still here"});
        crate::tables::insert(&account, "Kept", &row).await.unwrap();

        azurite.stop().unwrap();
        assert!(crate::tables::rows(&account, "Kept").await.is_err(), "a stopped Azurite answers");
        azurite.restart().unwrap();

        let rows = crate::tables::rows(&account, "Kept").await.unwrap();
        assert_eq!(rows[0]["Text"], "still here");
    }

    #[tokio::test]
    async fn what_was_answered_long_enough_ago_survives_a_kill() {
        let folder = tempfile::tempdir().unwrap();
        let options = AzuriteOptions { location: Some(folder.path().to_owned()) };
        let azurite = Azurite::start_with(options, say).unwrap();
        let account = azurite.account();
        crate::tables::create_table(&account, "Kept").await.unwrap();
        let row = serde_json::json!({"PartitionKey": "p", "RowKey": "r", "Text": "still here"});
        crate::tables::insert(&account, "Kept", &row).await.unwrap();
        tokio::time::sleep(WRITTEN_AFTER).await;

        azurite.kill().unwrap();
        azurite.restart().unwrap();

        let rows = crate::tables::rows(&account, "Kept").await.unwrap();
        assert_eq!(rows[0]["Text"], "still here");
    }

    /// The child's process is watched, not the port: the port could be anybody's by then.
    #[test]
    fn azurite_ends_when_its_pipe_closes() {
        install(Path::new(HOME), &say).unwrap();
        let (mut child, _) = launch(&AzuriteOptions::default(), Ports::default()).unwrap();
        drop(child.stdin.take());
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(started.elapsed() < CLOSING_TIME, "still running");
            thread::sleep(POLL);
        }
    }
}
