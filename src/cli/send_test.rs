//! `send-test`: a signed event to the webhook, as Spruce sends them, to see whether address and secret are right.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};

use super::{Failure, terminal};
use crate::config;
use crate::domain::event::Change;
use crate::domain::signature::SIGNATURE_HEADER;
use crate::functions::WEBHOOK_PATH;

pub(super) const EXAMPLE: &str = "\
Needs only SPRUCE_WEBHOOK_SECRET.

Without --text, the event tells of the deletion of something that nobody wrote (item ti_test…, direction none). The \
program checks the signature, reads the event and puts it on the queue; the worker sees that it is nobody's reply and \
drops it. So the whole way is tested, and nothing is left behind but a line `not_ours` in the log.

With --text, the event is a patient's text in the conversation t_test, which Spruce does not know. A refusal makes rows \
in the tables at once; and whatever it says, the worker asks Spruce for a week, and then the event lies in the poison \
queue. That is for a system on trial.

Examples:
  spruce-consent send-test --url https://APP.azurewebsites.net/api/spruce-webhook
  spruce-consent send-test --url http://localhost:7071/api/spruce-webhook --text \"STOP\" --yes";

/// How long an answer is waited for. The first one after a start may take half a minute.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long Spruce waits.
const SPRUCE_WAITS: Duration = Duration::from_secs(5);

/// The most of an answer that is shown, in characters. Ours have about 30.
const MAX_SHOWN: usize = 200;

/// The conversation that test texts stand in. Spruce's ids are longer.
const CONVERSATION: &str = "t_test";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to: the address that is registered at Spruce
    #[arg(long, value_parser = address)]
    url: Url,
    /// As if a patient wrote this; leaves rows behind
    #[arg(long)]
    text: Option<String>,
    /// Do not ask: it is meant
    #[arg(long, requires = "text")]
    yes: bool,
}

pub(super) async fn run(arguments: &Arguments, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let Arguments { url, text, yes } = arguments;
    let secret = config::read_secret(setting)?;
    if text.is_some() {
        let plan = format!(
            "This sends a text as if a patient wrote it, in the conversation {CONVERSATION}. A refusal makes rows in the \
             tables, and whatever it says ends in the poison queue after a week."
        );
        terminal::confirm(&plan, *yes)?;
    }
    let body = sample(text.as_deref(), Timestamp::now()).to_string();
    let signature = secret.sign(body.as_bytes());

    let http = http_client(PATIENCE)?;
    let started = Instant::now();
    let sent = http.post(url.clone()).header(SIGNATURE_HEADER, signature);
    let sent = sent.header(reqwest::header::CONTENT_TYPE, "application/json").body(body).send().await;
    let answer = sent.map_err(|error| unreached(&error))?;
    let status = answer.status();
    let text = answer.text().await.map_err(|error| unreached(&error))?;
    let took = started.elapsed();
    let shown: String = terminal::plain(text.trim()).chars().take(MAX_SHOWN).collect();
    terminal::print(format!("{} in {} ms: {shown}", status.as_u16(), took.as_millis()).trim_end_matches(": "))?;
    eprintln!("{}", meaning(status, text.trim()).map_err(Failure::Failed)?);
    if took > SPRUCE_WAITS {
        eprintln!(
            "Spruce waits only {} s, and would send it again in two minutes. If the app had just been started, try once more.",
            SPRUCE_WAITS.as_secs()
        );
    }
    Ok(())
}

/// A client for the app itself, which is no redirect away: Spruce drops the body where it follows one.
pub(super) fn http_client(patience: Duration) -> Result<reqwest::Client, Failure> {
    let client = reqwest::Client::builder().timeout(patience).redirect(Policy::none()).build();
    client.map_err(|_| Failure::Failed("no TLS on this machine".to_owned()))
}

/// Where the app may be: anywhere by https, and on this machine.
pub(super) fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).ok().filter(|url| {
        let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
        url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && is_here))
    });
    url.ok_or_else(|| "not an https:// address (http:// is for this machine itself)".to_owned())
}

/// Why there is no answer, and what to do.
pub(super) fn unreached(error: &reqwest::Error) -> Failure {
    let why = if error.is_timeout() {
        "no answer in time. Is the app running? See \"What failures look like\" in infra/README.md"
    } else {
        "no connection. Is the address right, and the app running?"
    };
    Failure::Failed(why.to_owned())
}

fn sample(text: Option<&str>, now: Timestamp) -> Value {
    // Two tests are two things.
    let id = format!("ti_test{}", now.as_microsecond());
    let (change, direction) = if text.is_some() { (Change::Created, "inbound") } else { (Change::Deleted, "none") };
    json!({
        "object": "event",
        "type": change.event_type(),
        "eventTime": now,
        "data": { "object": {
            "object": "conversationItem",
            "id": id,
            "conversationId": CONVERSATION,
            "author": { "displayName": "send-test" },
            "direction": direction,
            "isInternalNote": false,
            "text": text.unwrap_or_default(),
            "createdAt": now,
            "modifiedAt": now,
        } },
    })
}

/// What an answer of 200 says about the app; or what is wrong, and what to do about it.
fn meaning(status: StatusCode, body: &str) -> Result<&'static str, String> {
    let see = "See \"What failures look like\" in infra/README.md";
    Err(match status.as_u16() {
        200 if body.contains("\"received\"") => return Ok("Address and secret are right, and the queue has the event."),
        200 if body.contains("\"ignored\"") => {
            return Ok("Address and secret are right; the program does not act on this event.");
        }
        200 => format!("200, but not from this program: does the address end in {WEBHOOK_PATH}? Events sent there are lost"),
        300..=399 => "the address leads to another one, and events get lost on the way: use the other one".to_owned(),
        401 => "the app's secret is another one. If SPRUCE_WEBHOOK_SECRET here is that of the endpoint, set it in the vault \
                and let the app read it (infra/README.md, step 6)"
            .to_owned(),
        404 => format!("nothing answers there: does the address end in {WEBHOOK_PATH}, and is the program published?"),
        502 | 504 => format!("the program behind the address does not run. {see}"),
        503 => format!(
            "the program cannot put events on the queue, or does not run. `spruce-consent doctor` looks at the queue. {see}"
        ),
        other => format!("{other} is no answer of this program: what stands in front of it?"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{self, Event};

    /// What the help promises: it passes the selection, and is neither side's.
    #[test]
    fn the_sample_is_put_on_the_queue_and_is_nobodys() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let Ok(Event::Item(item)) = event::parse(sample(None, now).to_string().as_bytes()) else { panic!() };
        assert_eq!((item.change, item.direction), (Change::Deleted, event::Direction::Neither));
        assert_eq!(event::select(&item, |_| false, |_| true), Ok(()));

        let Ok(Event::Item(item)) = event::parse(sample(Some("no"), now).to_string().as_bytes()) else { panic!() };
        assert_eq!((item.direction, item.created_at), (event::Direction::Inbound, Some(now)));
        assert_eq!(event::select(&item, |_| false, |_| true), Ok(()));
    }
}
