//! Runs what stands in for the cloud, for a person: `local host` is Azurite, Spruce's API and the Functions host around
//! the built handler, until Ctrl-C; `local demo` plays a day of a clinic in it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is what the program is for")]

use std::env;
use std::env::consts::EXE_SUFFIX;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use local::azurite::Azurite;
use local::demo::{self, DemoOptions};
use local::ending::asked_to_end;
use local::host::{Host, HostOptions, OutputLine, Stream};
use local::spruce::Spruce;

/// The signing secret of a local run: it protects nothing.
const SECRET: &str = "local-webhook-secret";
/// The name of the built handler.
const HANDLER: &str = "spruce-consent";
/// The app's folder, where this was built.
const APP_ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What stands in for the cloud on one machine.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts Azurite, a stand-in for Spruce's API and the Functions host, and stays until Ctrl-C.
    #[command(after_help = "Example: local host --port 7071 --setting CONSENT_REQUEST_PATTERN=any")]
    Host(HostArguments),
    /// Sends a small day of a clinic through the real program, prints the tables, and fails if they are not as expected.
    #[command(after_help = "Example: local demo --keep")]
    Demo(DemoArguments),
}

#[derive(clap::Args)]
struct HostArguments {
    /// The built handler [default: the one beside this program].
    #[arg(long)]
    executable: Option<PathBuf>,
    /// The folder with host.json and the functions.
    #[arg(long, default_value = APP_ROOT)]
    app_root: PathBuf,
    /// The port to listen on; 0 = any free one.
    #[arg(long, default_value_t = 7071)]
    port: u16,
    /// How long the host's waits are: 1 = as in Azure.
    #[arg(long, default_value_t = 1.0)]
    time_scale: f64,
    /// An app setting more, or one in the place of those made here.
    #[arg(long = "setting", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
}

#[derive(clap::Args)]
struct DemoArguments {
    /// Stay up in the end, until Ctrl-C, and say how to send more.
    #[arg(long)]
    keep: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Host(arguments) => host(arguments).await,
        Command::Demo(arguments) => demonstration(arguments).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn host(arguments: HostArguments) -> Result<(), Box<dyn Error>> {
    let azurite = tokio::task::spawn_blocking(|| Azurite::start(|what| eprintln!("{what}"))).await??;
    let spruce = Spruce::start().await?;
    let storage = azurite.account().connection_string();
    let executable = match arguments.executable {
        Some(executable) => executable,
        None => beside_this_program(HANDLER)?,
    };
    let mut options = HostOptions::new(arguments.app_root, executable);
    options.port = arguments.port;
    options.time_scale = arguments.time_scale;
    options.on_line = Some(Arc::new(show));
    for (name, value) in [
        ("AzureWebJobsStorage", storage.as_str()),
        ("SPRUCE_WEBHOOK_SECRET", SECRET),
        ("SPRUCE_API_TOKEN", spruce.token()),
        ("SPRUCE_API_BASE_URL", spruce.base_url()),
    ] {
        options.settings.insert(name.to_owned(), value.to_owned());
    }
    options.settings.extend(arguments.settings);
    let secret = options.settings.get("SPRUCE_WEBHOOK_SECRET").cloned().unwrap_or_default();
    let host = Host::start(options).await?;
    println!("webhook:  {}/api/spruce-webhook", host.url());
    println!("secret:   {secret}");
    println!("storage:  {storage}");
    println!("Spruce:   {}", spruce.base_url());
    println!("Ctrl-C ends all of it.");
    asked_to_end().await?;
    host.stop().await;
    Ok(())
}

async fn demonstration(arguments: DemoArguments) -> Result<(), Box<dyn Error>> {
    let handler = beside_this_program(HANDLER)?;
    demo::run(DemoOptions { app_root: APP_ROOT.into(), handler, keep: arguments.keep }).await?;
    Ok(())
}

/// A program in the folder of this one.
fn beside_this_program(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let path = env::current_exe()?.with_file_name(format!("{name}{EXE_SUFFIX}"));
    if path.is_file() { Ok(path) } else { Err(format!("{} is not built", path.display()).into()) }
}

fn show(line: &OutputLine) {
    match line.stream {
        Stream::Stdout | Stream::Stderr => eprintln!("{}", line.text()),
        Stream::Host => eprintln!("[host] {}", line.text()),
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("it is not NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_setting_has_a_name() {
        assert_eq!(setting("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert_eq!(setting("A="), Ok(("A".to_owned(), String::new())));
        assert!(setting("=b").is_err());
        assert!(setting("A").is_err());
    }
}
