//! `review`: the worklist, for those who have a terminal at hand instead of Storage Explorer.

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use serde_json::json;

use super::Failure;
use super::terminal::{self, plain};
use crate::config;
use crate::domain::consent::Folded;
use crate::domain::history::{Entry, Origin, StaffDecision, What};
use crate::domain::private::Private;
use crate::domain::worklist;
use crate::functions::settle::settle;
use crate::functions::sweep;
use crate::storage::{ReviewRow, Tables};

pub(super) const EXAMPLE: &str = "\
Needs only the storage settings, and CLINIC_TIME_ZONE as the app has it, for the local times in the tables.

Examples:
  spruce-consent review list
  spruce-consent review resolve --conversation t_29S7786ETXXXX --decision consent --by \"Kim Lee\" --note \"by phone\"
  spruce-consent review apply";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List what waits for staff, newest first
    List {
        /// As JSON, for another program
        #[arg(long)]
        json: bool,
    },
    /// Record a decision: about a review, or about what was said on the phone or on paper
    Resolve(Resolve),
    /// Take up now what staff have typed into the worklist, instead of within a minute
    Apply,
}

#[derive(Debug, clap::Args)]
pub(super) struct Resolve {
    /// The conversation's id (as in the tables)
    #[arg(long, value_name = "ID")]
    conversation: String,
    /// What was decided
    #[arg(long)]
    decision: Decision,
    /// Who decided
    #[arg(long, value_name = "WHO")]
    by: String,
    /// Why, or how: "by phone", "signed form"
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Only about this item (as in the worklist); without it, about the whole conversation
    #[arg(long, value_name = "ID", default_value = "")]
    item: String,
    /// Also if nothing is known of the conversation yet
    #[arg(long)]
    new: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Decision {
    /// The patient consents
    Consent,
    /// The patient declines
    Decline,
    /// Close the review; nothing else changes
    Ignore,
}

impl From<Decision> for StaffDecision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Consent => Self::Consent,
            Decision::Decline => Self::Decline,
            Decision::Ignore => Self::Ignore,
        }
    }
}

pub(super) async fn run(command: &Command, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let (account, zone) = config::read_storage(setting)?;
    let tables = Tables::new(&account, zone)?;
    match command {
        Command::List { json } => list(&tables, *json).await,
        Command::Resolve(decision) => resolve(&tables, decision).await,
        Command::Apply => apply(&tables).await,
    }
}

async fn list(tables: &Tables, as_json: bool) -> Result<(), Failure> {
    let rows = tables.reviews().await?;
    if as_json {
        let rows: Vec<_> = rows.iter().map(as_json_object).collect();
        return terminal::print(&serde_json::Value::from(rows).to_string());
    }
    for row in &rows {
        terminal::print(&described(row))?;
    }
    match rows.len() {
        0 => eprintln!("Nothing waits."),
        1 => eprintln!("1 review waits."),
        several => eprintln!("{several} reviews wait."),
    }
    Ok(())
}

fn described(row: &ReviewRow) -> String {
    let ReviewRow { received_local, reason, current_status, conversation_id, item_id, problem, .. } = row;
    let quoted = |text: &Private| if text.is_empty() { String::new() } else { format!("“{}”", text.expose()) };
    let fields = terminal::fields(
        [
            ("wrote", quoted(&row.reply_text)),
            ("we had asked", quoted(&row.request_text)),
            ("waits", reason.clone()),
            ("typed", row.decision.expose().to_owned()),
            ("problem", problem.clone()),
            ("now", current_status.clone()),
            ("where", format!("conversation {conversation_id}, item {item_id}")),
        ],
        terminal::width(),
    );
    let heading = [received_local, row.patient_name.expose(), row.phone.expose()];
    let heading: Vec<&str> = heading.into_iter().filter(|part| !part.is_empty()).collect();
    let heading = terminal::styled(terminal::STRONG, &plain(&heading.join("  ")));
    // The link as it is: broken in two, it leads nowhere.
    format!("{heading}\n{}  {}\n", terminal::indented(&fields), plain(&row.conversation_url))
}

fn as_json_object(row: &ReviewRow) -> serde_json::Value {
    json!({
        "receivedLocal": row.received_local, "receivedAt": row.received_at, "patientName": row.patient_name,
        "phone": row.phone, "replyText": row.reply_text, "requestText": row.request_text, "reason": row.reason,
        "currentStatus": row.current_status, "conversationId": row.conversation_id, "itemId": row.item_id,
        "conversationUrl": row.conversation_url, "decision": row.decision, "reviewedBy": row.reviewed_by,
        "note": row.note, "problem": row.problem,
    })
}

async fn resolve(tables: &Tables, resolve: &Resolve) -> Result<(), Failure> {
    let Resolve { conversation, decision, by, note, item, new } = resolve;
    let history = tables.history(conversation).await?;
    if history.is_empty() && !new {
        return Err(Failure::Failed(format!(
            "nothing is known of the conversation {conversation}; if the id is right, say so with --new"
        )));
    }
    if !item.is_empty() && !history.iter().any(|entry| entry.item_id == *item) {
        return Err(Failure::Failed(format!("the conversation {conversation} has no item {item}")));
    }
    let now = Timestamp::now();
    let entry = Entry {
        conversation_id: conversation.clone(),
        item_id: item.clone(),
        created_at: now,
        modified_at: None,
        recorded_at: now,
        origin: Origin::default(),
        what: What::Review {
            decision: (*decision).into(),
            reviewed_by: worklist::reviewer(&by.as_str().into()),
            note: note.as_str().into(),
        },
    };
    tables.append(&entry).await?;
    let folded = settle(tables, conversation, Timestamp::now()).await?;
    eprintln!("Recorded. {}", summary(&folded));
    Ok(())
}

fn summary(Folded { status, reviews }: &Folded) -> String {
    let status = status.as_ref().map_or("no status", |status| status.state.as_str());
    match reviews.len() {
        0 => format!("The conversation's status is {status}; nothing waits."),
        1 => format!("The conversation's status is {status}; 1 review waits."),
        several => format!("The conversation's status is {status}; {several} reviews wait."),
    }
}

async fn apply(tables: &Tables) -> Result<(), Failure> {
    let (swept, _) = sweep::apply(tables, usize::MAX, Timestamp::now()).await?;
    let sweep::Swept { taken, problems, open, .. } = swept;
    eprintln!(
        "Decisions taken up: {taken}. Rows that need another word (see Problem): {problems}. Still open: {open}."
    );
    Ok(())
}
