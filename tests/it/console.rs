//! A terminal of an operator's: runs the real binary, shows what it printed, and finds what it must not print.

use std::collections::BTreeMap;
use std::process::{Command, Output, Stdio};

use local::spruce::Spruce;

use crate::world::EXECUTABLE;

/// What a patient is called and reached by in these tests, and says. No command may print any of it.
pub(crate) const NAME: &str = "Ada Example";
pub(crate) const NUMBER: &str = "+12055550101";
pub(crate) const WORDS: &str = "no, my sister must not know";

/// The settings that commands see, and what they must not print.
pub(crate) struct Console {
    settings: BTreeMap<String, String>,
    secrets: Vec<String>,
}

/// What a command printed, and how it ended.
pub(crate) struct Printed {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Console {
    /// With nothing set.
    pub(crate) fn new() -> Self {
        let digits = NUMBER.trim_start_matches('+').to_owned();
        let secrets = vec![NAME.to_owned(), digits, "(205) 555-0101".to_owned(), WORDS.to_owned()];
        Self { settings: BTreeMap::new(), secrets }
    }

    /// With the API's address and token.
    pub(crate) fn of(spruce: &Spruce) -> Self {
        Self::new().with("SPRUCE_API_BASE_URL", spruce.base_url()).with_secret("SPRUCE_API_TOKEN", spruce.token())
    }

    pub(crate) fn with(mut self, setting: &str, value: &str) -> Self {
        self.settings.insert(setting.to_owned(), value.to_owned());
        self
    }

    /// With a setting that is never printed.
    pub(crate) fn with_secret(self, setting: &str, value: &str) -> Self {
        self.with(setting, value).hiding(value)
    }

    /// With something else that is never printed.
    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        self.secrets.push(secret.to_owned());
        self
    }

    /// Runs a command to its end. It prints no secret, or this fails.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Printed {
        let printed = self.run_and_trust(arguments).await;
        for secret in &self.secrets {
            let all = format!("{}{}", printed.stdout, printed.stderr);
            assert!(!all.contains(secret), "{arguments:?} prints {secret:?}:\n{all}");
        }
        printed
    }

    /// The same for the one command that shows a secret.
    pub(crate) async fn run_and_trust(&self, arguments: &[&str]) -> Printed {
        let mut command = self.command(arguments);
        // The stand-ins run on this runtime: they must go on while the command does.
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        Printed::of(output)
    }

    /// The same, where nobody reads what it prints to stdout.
    pub(crate) async fn run_unread(&self, arguments: &[&str]) -> Printed {
        let mut command = self.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        Printed::of(tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap())
    }

    /// Without a terminal, in a folder without a `local.settings.json`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(EXECUTABLE);
        command.args(arguments).env_clear().envs(&self.settings).current_dir(env!("CARGO_TARGET_TMPDIR"));
        command.stdin(Stdio::null());
        command
    }
}

impl Printed {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let status = output.status.code().unwrap_or(-1);
        Self { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// For a snapshot.
    pub(crate) fn shown(&self) -> String {
        let Self { status, stdout, stderr } = self;
        format!("{stdout}--- words\n{stderr}--- status {status}")
    }
}
