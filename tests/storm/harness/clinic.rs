//! A clinic whose every connection can fail: Azurite on disk behind proxies, the host behind another, and the real
//! handler.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use local::azurite::{Account, Azurite, AzuriteError, AzuriteOptions};
use local::host::{Host, HostOptions, LineSink};
use local::proxy::Proxy;
use local::spruce::{Sender, Spruce};
use tempfile::TempDir;

const EXECUTABLE: &str = env!("CARGO_BIN_EXE_spruce-consent");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const SECRET: &str = "whsec_test secret";

/// How much faster than in Azure the host's own waits pass: 30 s become 1 s.
const TIME_SCALE: f64 = 0.03;

/// `functionTimeout` in `host.json`, which the host would shrink with its other waits; the worker's own deadline is
/// not scaled.
const FUNCTION_TIMEOUT: Duration = Duration::from_secs(5 * 60);

pub(super) struct Clinic {
    pub(super) account: Account,
    pub(super) spruce: Spruce,
    pub(super) host: Host,
    /// What Spruce sends by: through `front`.
    pub(super) sender: Sender,
    /// Before the host, for the webhooks.
    pub(super) front: Proxy,
    /// Before the queues, for the program and the host.
    pub(super) queue: Proxy,
    /// Before the tables, for the program.
    pub(super) table: Proxy,
    azurite: Arc<Azurite>,
    /// Azurite's data; removed when Azurite has ended.
    _folder: TempDir,
}

impl Clinic {
    /// Starts everything. `sink` gets every line of the handler, and `tell` what takes time.
    pub(super) async fn start(sink: LineSink, tell: fn(&str)) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let options = AzuriteOptions { location: Some(folder.path().to_owned()) };
        let azurite = blocking(move || Azurite::start_with(options, tell)).await?;
        let account = azurite.account();
        let proxy = async |url: &str| {
            Proxy::start(url.trim_end_matches(&format!("/{}", account.name))).await.map_err(|error| error.to_string())
        };
        let (queue, table) = (proxy(&account.queue_url).await?, proxy(&account.table_url).await?);
        let spruce = Spruce::start().await.map_err(|error| error.to_string())?;
        let url = |proxy: &Proxy| format!("{}/{}", proxy.url(), account.name);

        // By itself: what `setup` has to say is no line of the handler.
        program(&account, &["setup"])?;
        let mut options = HostOptions::new(ROOT, EXECUTABLE);
        options.setup = false;
        options.settings = [
            ("AzureWebJobsStorage", account.connection_string_via(&url(&queue), &url(&table)).as_str()),
            ("SPRUCE_WEBHOOK_SECRET", SECRET),
            ("SPRUCE_API_TOKEN", spruce.token()),
            ("SPRUCE_API_BASE_URL", spruce.base_url()),
            ("CLINIC_TIME_ZONE", "America/Chicago"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        options.time_scale = TIME_SCALE;
        options.function_timeout = Some(FUNCTION_TIMEOUT);
        options.on_line = Some(sink);
        let host = Host::start(options).await.map_err(|error| error.to_string())?;
        let front = Proxy::start(&host.url()).await.map_err(|error| error.to_string())?;
        let sender = Sender::new(&format!("{}/api/spruce-webhook", front.url()), SECRET);
        Ok(Self { account, spruce, host, sender, front, queue, table, azurite: Arc::new(azurite), _folder: folder })
    }

    /// Ends Azurite in one way or the other and starts it on the same data. Everybody is cut off first, and it gets the
    /// time `settling`: what it has said to have done is on disk then, as it is in a storage service.
    pub(super) async fn restart_storage(
        &self,
        settling: Duration,
        end: fn(&Azurite) -> Result<(), AzuriteError>,
    ) -> Result<(), String> {
        let set_down = |down| [&self.queue, &self.table].map(|proxy| proxy.set_down(down));
        set_down(true);
        tokio::time::sleep(settling).await;
        let azurite = Arc::clone(&self.azurite);
        blocking(move || end(&azurite).and_then(|()| azurite.restart())).await?;
        set_down(false);
        Ok(())
    }

    /// `spruce-consent poison requeue --all`, as an operator does when the cause is mended.
    pub(super) fn requeue_poison(&self) -> Result<(), String> {
        program(&self.account, &["poison", "requeue", "--all"])
    }
}

/// Runs a command of the program, past the proxies.
fn program(account: &Account, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(EXECUTABLE);
    command.args(arguments).env_clear().current_dir(std::env::temp_dir());
    let output = command.env("AzureWebJobsStorage", account.connection_string()).output();
    let output = output.map_err(|error| format!("{EXECUTABLE}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AzuriteError> + Send + 'static,
) -> Result<T, String> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?;
    done.map_err(|error| error.to_string())
}
