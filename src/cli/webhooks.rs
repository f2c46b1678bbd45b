//! `webhooks`: the endpoint at Spruce that events are sent to, and what became of them.

use std::cmp::Reverse;

use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::{Value, json};

use super::{Failure, local_time_of, patient_client, since, terminal};
use crate::config;
use crate::domain::private::Private;
use crate::functions::WEBHOOK_PATH;
use crate::spruce::{self, Client, Created, Delivery, Endpoint, Outcome};

pub(super) const EXAMPLE: &str = "\
Needs only SPRUCE_API_TOKEN.

Examples:
  spruce-consent webhooks create --url https://APP.azurewebsites.net/api/spruce-webhook
  spruce-consent webhooks list
  spruce-consent webhooks deliveries --since 7d --failed
  spruce-consent webhooks pause wde_01HWDG5ADNBGJ3XXXXXFP8P1GH --yes";

const CREATE_EXAMPLE: &str = "\
The secret alone goes to stdout, what to do with it to stderr.

Examples:
  spruce-consent webhooks create --url https://APP.azurewebsites.net/api/spruce-webhook
  SECRET=$(spruce-consent webhooks create --rotate --url \"$WEBHOOK\")";

const DELIVERIES_EXAMPLE: &str = "\
Of each event its type and the item's id are shown, never what it says. Statuses are Spruce's own words.

Examples:
  spruce-consent webhooks deliveries --since 7d --failed
  spruce-consent webhooks deliveries --json | jq '.[] | select(.outcome == \"missed\")'";

/// How far `deliveries` looks back unless told otherwise.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// The longest event type that is shown, in characters. Spruce's have about 25.
const MAX_TYPE_CHARS: usize = 64;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the endpoints that Spruce sends events to
    List {
        /// As JSON, for another program
        #[arg(long)]
        json: bool,
    },
    /// Show one endpoint
    Show {
        #[command(flatten)]
        which: Which,
        /// As JSON, for another program
        #[arg(long)]
        json: bool,
    },
    /// Register an address, and print its signing secret, this once
    #[command(after_help = CREATE_EXAMPLE)]
    Create(New),
    /// Let Spruce send nothing for a while
    Pause {
        #[command(flatten)]
        which: Which,
        /// Do not ask: it is meant
        #[arg(long)]
        yes: bool,
    },
    /// Let Spruce send again, to an endpoint that was paused or that failed too often
    Resume {
        #[command(flatten)]
        which: Which,
    },
    /// Delete an endpoint, its secret and its delivery log
    Delete {
        /// The endpoint's id, as in `webhooks list`
        id: String,
        /// Do not ask: it is meant
        #[arg(long)]
        yes: bool,
    },
    /// Show what was sent to an endpoint and what became of it; Spruce keeps that for 30 days
    #[command(after_help = DELIVERIES_EXAMPLE)]
    Deliveries(Log),
}

#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// The endpoint's id, as in `webhooks list`; may be left out if there is only one
    id: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// Where the program answers: https, ending in /api/spruce-webhook
    #[arg(long, value_parser = address)]
    url: Url,
    /// What it is called in Spruce
    #[arg(long, default_value = "spruce-consent")]
    name: String,
    /// Although the address is registered already: the new endpoint is to take over, with a new secret
    #[arg(long)]
    rotate: bool,
    /// As JSON, for another program; holds the secret
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Log {
    #[command(flatten)]
    which: Which,
    /// From when on: 24h, 7d, 2026-03-01, 2026-03-01T14:30:00Z [default: 24h]
    #[arg(long, value_name = "TIME", value_parser = since::past)]
    since: Option<Timestamp>,
    /// Only what was not delivered, or not yet
    #[arg(long)]
    failed: bool,
    /// As JSON, for another program
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: &Command, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let client = patient_client(config::read_spruce(setting)?)?;
    match command {
        Command::List { json } => list(&client, *json).await,
        Command::Show { which, json } => {
            let endpoint = chosen(&client, which).await?;
            if *json { terminal::print(&as_json(&endpoint).to_string()) } else { print_table(&[endpoint]) }
        }
        Command::Create(new) => create(&client, new).await,
        Command::Pause { which, yes } => pause(&client, which, *yes).await,
        Command::Resume { which } => resume(&client, which).await,
        Command::Delete { id, yes } => delete(&client, id, *yes).await,
        Command::Deliveries(log) => deliveries(&client, log).await,
    }
}

/// Every event of an endpoint's delivery log from a time on, newest first; `None` if there is no such endpoint. `on_page`
/// hears of each page, and says whether to go on.
pub(super) async fn delivery_log(
    client: &Client,
    endpoint: &str,
    (since, until): (Timestamp, Timestamp),
    mut on_page: impl FnMut() -> bool,
) -> Result<Option<Vec<Delivery>>, spruce::Failure> {
    let (mut log, mut token) = (Vec::new(), None);
    loop {
        let Some(page) = client.deliveries(endpoint, since, until, token.as_deref()).await? else { return Ok(None) };
        log.extend(page.items);
        // The same page for ever would be no end.
        if !on_page() || page.next.is_none() || page.next == token {
            log.sort_by_key(|delivery| Reverse(delivery.event_time));
            return Ok(Some(log));
        }
        token = page.next;
    }
}

/// An address that events may be sent to. They are patients' data: never in clear text.
fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).ok().filter(|url| url.scheme() == "https" && url.has_host());
    url.ok_or_else(|| "not an https:// address, which is all that Spruce sends to".to_owned())
}

/// Whether two addresses lead to the same route: a slash at the end makes no difference to this program.
pub(super) fn is_same_address(one: &str, other: &str) -> bool {
    let normal = |text: &str| Url::parse(text.trim()).map(|url| url.as_str().trim_end_matches('/').to_owned());
    normal(one).is_ok_and(|one| normal(other).is_ok_and(|other| one == other))
}

/// Whether an address ends in the route that is this program's own, where nobody said which endpoint is the app's.
pub(super) fn leads_here(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.path().trim_end_matches('/').ends_with(WEBHOOK_PATH))
}

async fn list(client: &Client, as_json_list: bool) -> Result<(), Failure> {
    let endpoints = client.endpoints().await?;
    if as_json_list {
        let list: Vec<Value> = endpoints.iter().map(as_json).collect();
        return terminal::print(&Value::from(list).to_string());
    }
    if endpoints.is_empty() {
        eprintln!("Spruce sends events to nobody. `webhooks create --url URL` registers an address.");
        return Ok(());
    }
    print_table(&endpoints)
}

fn print_table(endpoints: &[Endpoint]) -> Result<(), Failure> {
    let rows = endpoints.iter().map(|endpoint| {
        let Endpoint { id, name, url, status, created_at } = endpoint;
        [id, name, status, &created_at.map(local_time_of).unwrap_or_default(), url].map(String::clone)
    });
    terminal::print(&terminal::table(["id", "name", "status", "since", "url"], rows))
}

fn as_json(endpoint: &Endpoint) -> Value {
    let Endpoint { id, name, url, status, created_at } = endpoint;
    json!({ "id": id, "name": name, "url": url, "status": status, "createdAt": created_at })
}

async fn chosen(client: &Client, Which { id }: &Which) -> Result<Endpoint, Failure> {
    if let Some(id) = id {
        return client.endpoint(id).await?.ok_or_else(|| no_such(id));
    }
    let mut endpoints = client.endpoints().await?;
    match (endpoints.pop(), endpoints.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(Failure::Failed("Spruce has no endpoint yet; `webhooks create` registers one".to_owned())),
        (Some(_), _) => {
            Err(Failure::Failed("there are several endpoints: name one by its id (`webhooks list`)".into()))
        }
    }
}

fn no_such(id: &str) -> Failure {
    Failure::Failed(format!("Spruce has no endpoint {id}; `webhooks list` shows what there is"))
}

async fn create(client: &Client, new: &New) -> Result<(), Failure> {
    let New { url, name, rotate, json } = new;
    let before = client.endpoints().await?.into_iter().find(|known| is_same_address(&known.url, url.as_str()));
    if let Some(Endpoint { id, status, .. }) = before.as_ref().filter(|_| !rotate) {
        return Err(Failure::Failed(format!(
            "this address is registered already, as {id} ({status}); Spruce shows its secret to nobody again. For a new \
             secret, follow \"Rotating the secret\" in infra/README.md, which says when to give --rotate"
        )));
    }
    if !leads_here(url.as_str()) {
        eprintln!("The program answers at {WEBHOOK_PATH}: is something else in front of it, or is the address cut?");
    }
    let created = client.create_endpoint(name, url.as_str()).await.map_err(|failure| match failure {
        spruce::Failure::Status(400) => Failure::Failed(
            "Spruce's API answers 400: it registers only an address that answers. Does `curl -I` of it give 200?"
                .into(),
        ),
        spruce::Failure::Refused(_) | spruce::Failure::RateLimited => failure.into(),
        spruce::Failure::Status(_)
        | spruce::Failure::NoConnection
        | spruce::Failure::TimedOut
        | spruce::Failure::Unreadable => Failure::Failed(format!(
            "{failure}. It may have registered the address all the same: look with `webhooks list`; if so, delete that \
             endpoint, whose secret nobody knows, and begin anew"
        )),
    })?;
    show_secret(&created, *json)?;
    let Created { endpoint, .. } = &created;
    eprintln!("\nRegistered {} for {url} ({}).", endpoint.id, terminal::plain(&endpoint.status));
    eprintln!("{NEXT}");
    if let Some(Endpoint { id, .. }) = before {
        eprintln!("{id} sends there too, signed with the secret before: delete it when the new one has done its work.");
    }
    Ok(())
}

/// What to do with a secret that is on the screen now and never again.
const NEXT: &str = "\
What stands above is the signing secret. Spruce does not show it again. Put it where the app reads it, now: until then
events are refused, and Spruce gives up on each after 20 minutes.
  in Azure    read -rsp 'Signing secret: ' SECRET && echo
              az keyvault secret set --vault-name \"$VAULT\" --name spruce-webhook-secret \\
                --file <(printf %s \"$SECRET\") --output none
              and let the app read it: `refresh`, step 3 of infra/README.md
  locally     \"SPRUCE_WEBHOOK_SECRET\" in local.settings.json
Then see whether it is right: spruce-consent send-test --url URL";

fn show_secret(created: &Created, as_json: bool) -> Result<(), Failure> {
    let Created { endpoint, secrets } = created;
    let undo = format!("delete the endpoint (`webhooks delete {}`) and register it again", endpoint.id);
    if secrets.is_empty() {
        return Err(Failure::Failed(format!("Spruce registered the address and told no secret: {undo}")));
    }
    let secrets: Vec<&str> = secrets.iter().map(Private::expose).collect();
    let text = if as_json {
        json!({ "id": endpoint.id, "url": endpoint.url, "status": endpoint.status, "secrets": secrets }).to_string()
    } else {
        secrets.join("\n")
    };
    terminal::print(&text)
        .map_err(|_| Failure::Failed(format!("the secret could not be printed, and is not shown again: {undo}")))
}

async fn pause(client: &Client, which: &Which, yes: bool) -> Result<(), Failure> {
    let Endpoint { id, url, .. } = chosen(client, which).await?;
    let plan = format!(
        "This stops Spruce from sending events to {}. Replies that patients write meanwhile are not recorded.",
        terminal::plain(&url)
    );
    terminal::confirm(&plan, yes)?;
    match client.set_paused(&id, true).await? {
        Some(true) => {
            eprintln!(
                "{id} is paused. After `webhooks resume`, fetch what was missed: spruce-consent backfill --since {}",
                Timestamp::now().strftime("%FT%TZ")
            );
            Ok(())
        }
        Some(false) => Err(Failure::Failed(format!("Spruce says that {id} is not paused"))),
        None => Err(no_such(&id)),
    }
}

async fn resume(client: &Client, which: &Which) -> Result<(), Failure> {
    let Endpoint { id, .. } = chosen(client, which).await?;
    match client.set_paused(&id, false).await? {
        Some(false) => {
            eprintln!(
                "Spruce sends to {id} again. `webhooks deliveries --failed` shows what it did not deliver meanwhile."
            );
            Ok(())
        }
        Some(true) => Err(Failure::Failed(format!("Spruce says that {id} is still paused"))),
        None => Err(no_such(&id)),
    }
}

async fn delete(client: &Client, id: &str, yes: bool) -> Result<(), Failure> {
    let endpoint = client.endpoint(id).await?.ok_or_else(|| no_such(id))?;
    let plan = format!(
        "This deletes {id}: Spruce sends nothing to {} any more (unless another endpoint does), and its secret and \
         delivery log are gone.",
        terminal::plain(&endpoint.url)
    );
    terminal::confirm(&plan, yes)?;
    if !client.delete_endpoint(id).await? {
        return Err(no_such(id));
    }
    eprintln!("Deleted {id}.");
    Ok(())
}

async fn deliveries(client: &Client, log: &Log) -> Result<(), Failure> {
    let endpoint = chosen(client, &log.which).await?;
    let until = Timestamp::now();
    let since = log.since.unwrap_or(until - A_DAY);
    let progress = terminal::progress("Reading the delivery log", None);
    let all = delivery_log(client, &endpoint.id, (since, until), || {
        progress.inc(1);
        true
    });
    let all = all.await?.ok_or_else(|| no_such(&endpoint.id))?;
    drop(progress);
    let count = |outcome| all.iter().filter(|delivery| delivery.outcome() == outcome).count();
    let (delivered, retrying, missed) = (count(Outcome::Delivered), count(Outcome::Retrying), count(Outcome::Missed));
    let shown: Vec<&Delivery> =
        all.iter().filter(|delivery| !log.failed || delivery.outcome() != Outcome::Delivered).collect();
    if log.json {
        let list: Vec<Value> = shown.iter().map(|delivery| delivery_json(delivery)).collect();
        return terminal::print(&Value::from(list).to_string());
    }
    if !shown.is_empty() {
        let heading = ["event", "status", "attempts", "delivered", "next attempt", "what", "id"];
        terminal::print(&terminal::table(heading, shown.into_iter().map(delivery_row)))?;
    }
    let since = since.strftime("%FT%TZ");
    eprintln!("Since {since}: {delivered} delivered, {retrying} to be sent again, {missed} missed.");
    if missed > 0 {
        eprintln!("What was missed is fetched by `spruce-consent backfill --since {since}`.");
    }
    Ok(())
}

fn delivery_row(delivery: &Delivery) -> [String; 7] {
    let Delivery { id, event_time, status, attempts, attempt_limit, delivered_at, next_attempt_at, .. } = delivery;
    let time = |time: &Option<Timestamp>| time.map(local_time_of).unwrap_or_default();
    let what = match about(&delivery.payload) {
        (kind, None) => kind,
        (kind, Some(item)) => format!("{kind} {item}"),
    };
    [
        time(event_time),
        status.clone(),
        format!("{attempts}/{attempt_limit}"),
        time(delivered_at),
        time(next_attempt_at),
        what,
        id.clone(),
    ]
}

fn delivery_json(delivery: &Delivery) -> Value {
    let Delivery { id, event_time, status, attempts, attempt_limit, delivered_at, next_attempt_at, .. } = delivery;
    let (event_type, item_id) = about(&delivery.payload);
    let outcome = match delivery.outcome() {
        Outcome::Delivered => "delivered",
        Outcome::Retrying => "retrying",
        Outcome::Missed => "missed",
    };
    json!({
        "id": id, "eventTime": event_time, "eventType": event_type, "itemId": item_id, "status": status,
        "outcome": outcome, "attempts": attempts, "attemptLimit": attempt_limit, "deliveredAt": delivered_at,
        "nextAttemptAt": next_attempt_at,
    })
}

/// What an event is about: its type, and the item's id where it is about one. Nothing else of it is for the screen.
fn about(payload: &Private) -> (String, Option<String>) {
    let event: Value = serde_json::from_str(payload.expose()).unwrap_or_default();
    let kind = event.get("type").and_then(Value::as_str).unwrap_or("cannot be read");
    let item = event.pointer("/data/object/id").and_then(Value::as_str).filter(|id| id.starts_with("ti_"));
    (kind.chars().take(MAX_TYPE_CHARS).collect(), item.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_address_in_other_words() {
        for (one, other, same) in [
            ("https://a.example/api/x", "https://a.example/api/x/", true),
            ("https://A.example:443/api/x", "https://a.example/api/x", true),
            ("https://a.example/api/x", "https://b.example/api/x", false),
            ("https://a.example/api/x", "https://a.example/api/X", false),
            ("nonsense", "nonsense", false),
        ] {
            assert_eq!(is_same_address(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn only_https_is_sent_to() {
        assert!(address("https://a.example/api/spruce-webhook").is_ok());
        for wrong in ["http://a.example", "a.example", "https://", "ftp://a.example", ""] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
