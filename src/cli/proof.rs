//! `proof`: one patient's whole trail, for an auditor: what holds, why, and everything that led to it.

use std::collections::BTreeSet;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Failure;
use super::terminal::{self, BAD, GOOD, styled};
use crate::config;
use crate::domain::consent::{DecidedBy, Folded, Status, fold};
use crate::domain::history::{Entry, Patient, What};
use crate::domain::intake::LOOKUP;
use crate::domain::phone::e164;
use crate::domain::reply::RULES_VERSION;
use crate::storage::{Difference, HistoryRow, Row, StorageError, Tables, hex, local_time};

pub(super) const EXAMPLE: &str = "\
Needs only the storage settings, and CLINIC_TIME_ZONE for local times. The output is a patient's data.

What holds is computed anew from the history and compared with the stored status; a difference is shown, and ends with \
status 1. The last line is a SHA-256 over the conversation's rows, by which two print-outs can be compared. Without this \
command it is computed by
  spruce-consent export history --format json | grep '\"PartitionKey\":\"t_29S7786ETXXXX\"' | sha256sum

Examples:
  spruce-consent proof --phone '(205) 555-0101'
  spruce-consent proof --contact entity_29S77ACPXXXXX --json > proof.json";

/// How wide the text is, in columns: for paper.
const PAPER: u16 = 80;

/// How long after a first look that shows a difference comes the second: a status is written a moment after its history.
const SECOND_LOOK: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    whose: Whose,
    /// As JSON, for another program; its texts are exact
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Whose {
    /// The conversation with this id
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    conversation: Option<String>,
    /// Every conversation in which this contact is known
    // An empty one would be that of every patient who is no contact.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    contact: Option<String>,
    /// Every conversation in which this phone number is known, however it is written
    #[arg(long, value_name = "NUMBER", value_parser = phone)]
    phone: Option<String>,
}

fn phone(text: &str) -> Result<String, String> {
    e164(text).ok_or_else(|| "not a phone number such as +12055550101 or (205) 555-0101".to_owned())
}

pub(super) async fn run(arguments: &Arguments, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let (account, zone) = config::read_storage(setting)?;
    let tables = Tables::new(&account, zone.clone())?;
    let conversations = arguments.whose.conversations(&tables).await?;
    if conversations.len() > 1 {
        let ids: Vec<&str> = conversations.iter().map(String::as_str).collect();
        eprintln!("{} conversations are meant: {}.", ids.len(), terminal::plain(&ids.join(", ")));
    }
    let mut proofs = Vec::new();
    for conversation in conversations {
        let proof = Proof::make(&tables, &conversation).await;
        let proof = proof
            .map_err(|error| Failure::Failed(terminal::plain(&format!("conversation {conversation}: {error}"))))?;
        proofs.extend(Some(proof).filter(Proof::knows_anything));
    }
    if proofs.is_empty() {
        return Err(Failure::Failed(arguments.whose.is_unknown().to_owned()));
    }
    let made_at = Timestamp::now();
    if arguments.json {
        terminal::print(&as_json_object(&proofs, made_at).to_string())?;
    } else {
        for proof in &proofs {
            terminal::print(&proof.print(made_at, &zone))?;
        }
    }
    match proofs.iter().find(|proof| !proof.differences.is_empty()) {
        None => Ok(()),
        Some(proof) => Err(Failure::Failed(format!(
            "the stored status of conversation {} is not what its history comes to: somebody has changed a row, or \
             another version of this program has written it; ask the log and the account's access log",
            terminal::plain(&proof.conversation_id)
        ))),
    }
}

impl Whose {
    async fn conversations(&self, tables: &Tables) -> Result<BTreeSet<String>, StorageError> {
        if let Some(id) = &self.conversation {
            return Ok([id.clone()].into());
        }
        let progress = terminal::progress("Rows looked at", None);
        let is_meant = |contact: &str, number: &str| {
            self.contact.as_deref() == Some(contact) || self.phone.as_deref() == Some(number)
        };
        tables.conversations(is_meant, || progress.inc(1)).await
    }

    /// That nothing is known, and what to try next.
    const fn is_unknown(&self) -> &'static str {
        match self {
            Self { conversation: Some(_), .. } => {
                "nothing is known of this conversation; its id is in the column ConversationId of every table"
            }
            Self { contact: Some(_), .. } => {
                "nothing is known of this contact; its id is in the column ContactId; or ask by --phone"
            }
            Self { .. } => {
                "nothing is known of this number; ask by --contact too: the patient may have written from another"
            }
        }
    }
}

/// What is known of one conversation.
struct Proof {
    conversation_id: String,
    folded: Folded,
    /// Where the stored status says something else.
    differences: Vec<Difference>,
    /// Oldest first.
    trail: Vec<HistoryRow>,
    sha256: String,
}

impl Proof {
    async fn make(tables: &Tables, conversation_id: &str) -> Result<Self, StorageError> {
        let first = Self::look(tables, conversation_id).await?;
        if first.differences.is_empty() {
            return Ok(first);
        }
        tokio::time::sleep(SECOND_LOOK).await;
        Self::look(tables, conversation_id).await
    }

    async fn look(tables: &Tables, conversation_id: &str) -> Result<Self, StorageError> {
        let mut trail = tables.history_rows(conversation_id).await?;
        let stored = tables.status_version(conversation_id).await?;
        let sha256 = sha256(trail.iter().map(|row| &row.columns));
        let entries: Vec<Entry> = trail.iter().map(|row| row.entry.clone()).collect();
        let folded = fold(&entries);
        let differences = tables.differences(conversation_id, &stored, &folded);
        trail.sort_by_key(|row| (row.entry.happened_at(), row.entry.recorded_at));
        Ok(Self { conversation_id: conversation_id.to_owned(), folded, differences, trail, sha256 })
    }

    fn knows_anything(&self) -> bool {
        !self.trail.is_empty() || !self.differences.is_empty()
    }

    fn print(&self, made_at: Timestamp, zone: &TimeZone) -> String {
        let rule = "=".repeat(usize::from(PAPER));
        let status = self.folded.status.as_ref();
        let url = status.map(|status| status.conversation_url.as_str()).unwrap_or_default();
        let heading = paper([
            ("Patient", status.map(|status| person(&status.patient)).unwrap_or_default()),
            ("Conversation", format!("{}\n{url}", self.conversation_id)),
            ("Printed", both_times(made_at, zone)),
            ("By", format!("spruce-consent {}, rules version {RULES_VERSION}", env!("CARGO_PKG_VERSION"))),
        ]);
        let nothing = || "Nothing: there is neither a reply nor a decision by staff.\n".to_owned();
        let standing = status.map_or_else(nothing, |status| self.standing(status, zone));
        let trail: Vec<String> = (1..).zip(&self.trail).map(|(number, row)| step(number, row, zone)).collect();
        format!(
            "{rule}\nPROOF OF CONSENT RECORD\n{rule}\n{heading}\nWHAT HOLDS NOW, computed from the trail below\n\
             {standing}{}\nTHE TRAIL, oldest first\n{}\nThis shows what the tables hold at this moment. It does not show \
             that nobody\nwith rights on them has changed them: the account's access log does (see\n\
             infra/COMPLIANCE.md).\n\nSHA-256 over the {} rows of the trail, as `export history --format json` writes\n\
             them:\n{}\n",
            self.comparison(),
            trail.concat(),
            self.trail.len(),
            self.sha256
        )
    }

    /// Whether the stored status says what was computed.
    fn comparison(&self) -> String {
        if self.differences.is_empty() {
            return styled(GOOD, "The stored status says the same.") + "\n";
        }
        let differences = self.differences.iter().map(|Difference { column, stored, recomputed }| {
            let fields = [("stored", stored), ("computed", recomputed)].map(|(what, value)| {
                (what, if value.is_empty() { "(empty)".to_owned() } else { value.expose().to_owned() })
            });
            format!("{column}\n{}", terminal::indented(&terminal::fields(fields, Some(PAPER - 2))))
        });
        let differences: Vec<String> = differences.collect();
        format!("\n{}\n{}", styled(BAD, "!!! THE STORED STATUS SAYS SOMETHING ELSE !!!"), differences.concat())
    }

    fn standing(&self, status: &Status, zone: &TimeZone) -> String {
        let decided_by = match &status.decided_by {
            DecidedBy::Nobody => "nobody yet".to_owned(),
            DecidedBy::Patient => "the patient".to_owned(),
            DecidedBy::Staff(reviewer) => format!("staff: {}", reviewer.expose()),
        };
        let opted_out = if status.opted_out { ", opted out: no more texts at all" } else { "" };
        let reviews: Vec<String> =
            self.folded.reviews.iter().map(|review| format!("item {}: {}", review.item_id, review.reason)).collect();
        let [reply, request] = [&status.reply, &status.request].map(|quote| {
            quote.as_ref().map_or(String::new(), |quote| format!("“{}”\nitem {}", quote.text.expose(), quote.item_id))
        });
        paper([
            ("Status", format!("{}{opted_out}", status.state.as_str())),
            ("Since", status.decided_at.map(|at| both_times(at, zone)).unwrap_or_default()),
            ("Decided by", decided_by),
            ("Reply", reply),
            ("To request", request),
            ("Reason", status.reason.clone()),
            ("Rule", status.rule.clone()),
            ("Open reviews", if reviews.is_empty() { "none".to_owned() } else { reviews.join("\n") }),
        ])
    }
}

/// One step of the trail.
fn step(number: usize, row: &HistoryRow, zone: &TimeZone) -> String {
    let Entry { item_id, origin, what, recorded_at, .. } = &row.entry;
    let title = match what {
        What::Reply { .. } => "the patient wrote",
        What::Request { .. } => "the clinic asked for consent",
        What::EditedReply { .. } => "the patient's text was changed",
        What::EditedRequest { .. } => "the clinic's text was changed",
        What::Deleted => "the text was deleted",
        What::Restored => "the deletion was taken back",
        What::Match(_) => "it was looked up who wrote it",
        What::Context { .. } => "it was looked up what the clinic had said last before it",
        What::Review { .. } => "staff decided",
        What::Confirmation { .. } => "a confirmation was to be sent",
    };
    let time = |time: Option<Timestamp>| time.map(|time| both_times(time, zone)).unwrap_or_default();
    let mut fields = vec![("what", title.to_owned())];
    fields.extend(match what {
        What::Reply { text, verdict, needs_no_request, patient }
        | What::EditedReply { text, verdict, needs_no_request, patient } => {
            let explicit = if verdict.explicit { ", in so many words" } else { "" };
            let opt_out = if verdict.opt_out { ", and no more texts" } else { "" };
            let rules_version = row.text("RulesVersion");
            vec![
                ("text", text.expose().to_owned()),
                ("reads as", format!("{}{explicit}{opt_out}", verdict.decision.as_str())),
                ("rule", format!("{} (rules version {rules_version})", verdict.rule)),
                ("reason", verdict.reason.to_string()),
                ("written by", person(patient)),
                (
                    "request",
                    if *needs_no_request { "none needed, by the settings then".to_owned() } else { String::new() },
                ),
            ]
        }
        What::Request { text, expires_at } => {
            vec![("text", text.expose().to_owned()), ("answer until", time(Some(*expires_at)))]
        }
        What::EditedRequest { text, expires_at } => {
            let until = expires_at.map_or("asks for no consent any more".to_owned(), |at| time(Some(at)));
            vec![("text", text.expose().to_owned()), ("answer until", until)]
        }
        What::Deleted | What::Restored => Vec::new(),
        What::Match(patient) => vec![("written by", person(patient))],
        What::Context { preceding_item_id, preceding_is_request } => {
            let said = match (preceding_item_id.as_str(), preceding_is_request) {
                ("", _) => "nothing".to_owned(),
                (id, true) => format!("item {id}, which asks for consent"),
                (id, false) => format!("item {id}, which does not ask for consent"),
            };
            vec![("had said", said)]
        }
        What::Review { decision, reviewed_by, note } => vec![
            ("decision", decision.as_str().to_owned()),
            ("decided by", reviewed_by.expose().to_owned()),
            ("note", note.expose().to_owned()),
        ],
        What::Confirmation { text } => {
            vec![("text", text.expose().to_owned()), ("outcome", row.text("Note").to_owned())]
        }
    });
    let event = match (origin.event_type.as_str(), origin.event_time) {
        (LOOKUP, _) if matches!(what, What::Request { .. }) => "none: found through Spruce's API".to_owned(),
        ("" | LOOKUP, _) => String::new(),
        (event_type, None) => event_type.to_owned(),
        (event_type, Some(at)) => format!("{event_type}\n{}", both_times(at, zone)),
    };
    let attachments = if origin.attachments == 0 { String::new() } else { origin.attachments.to_string() };
    fields.extend([
        ("item", item_id.clone()),
        ("author", origin.author.expose().to_owned()),
        ("channel", origin.channel.clone()),
        ("attachments", attachments),
        ("event", event),
        ("received", time(origin.received_at)),
        ("recorded", time(Some(*recorded_at))),
        ("body SHA-256", origin.body_sha256.clone()),
    ]);
    let heading = format!("{number}. {}", both_times(row.entry.happened_at(), zone));
    format!("\n{heading}\n{}", terminal::indented(&terminal::fields(fields, Some(PAPER - 2))))
}

fn as_json_object(proofs: &[Proof], made_at: Timestamp) -> Value {
    let conversations = proofs.iter().map(|proof| {
        let status = proof.folded.status.as_ref().map(|status| {
            json!({
                "status": status.state.as_str(), "optedOut": status.opted_out, "decidedAt": status.decided_at,
                "decidedBy": match &status.decided_by {
                    DecidedBy::Nobody => "",
                    DecidedBy::Patient => "patient",
                    DecidedBy::Staff(reviewer) => reviewer.expose(),
                },
                "patientName": status.patient.name, "phone": status.patient.phone,
                "contactId": status.patient.contact_id, "externalId": status.patient.external_id,
                "matchStatus": status.patient.status.as_str(),
                "replyText": status.reply.as_ref().map(|reply| &reply.text),
                "replyItemId": status.reply.as_ref().map(|reply| &reply.item_id),
                "requestText": status.request.as_ref().map(|request| &request.text),
                "requestItemId": status.request.as_ref().map(|request| &request.item_id),
                "reason": status.reason, "rule": status.rule, "conversationUrl": status.conversation_url,
            })
        });
        let reviews = proof.folded.reviews.iter();
        let reviews = reviews.map(|review| json!({ "itemId": review.item_id, "reason": review.reason }));
        let differences = proof.differences.iter().map(|difference| {
            json!({ "column": difference.column, "stored": difference.stored, "computed": difference.recomputed })
        });
        let trail = proof.trail.iter().map(|row| json!({ "happenedAt": row.entry.happened_at(), "row": row.columns }));
        json!({
            "conversationId": proof.conversation_id, "now": status, "openReviews": reviews.collect::<Vec<_>>(),
            "differences": differences.collect::<Vec<_>>(), "trail": trail.collect::<Vec<_>>(),
            "trailSha256": proof.sha256,
        })
    });
    json!({
        "madeAt": made_at, "version": env!("CARGO_PKG_VERSION"), "rulesVersion": RULES_VERSION,
        "conversations": conversations.collect::<Vec<_>>(),
    })
}

/// Over the rows in the order of their keys, each as a line of JSON with its columns in the order of their names.
fn sha256<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let mut hash = Sha256::new();
    for row in rows {
        // Texts, numbers and flags only: nothing in a row can fail to be JSON.
        hash.update(serde_json::to_string(row).unwrap_or_default());
        hash.update("\n");
    }
    hex(&hash.finalize())
}

fn person(patient: &Patient) -> String {
    let Patient { status, contact_id, external_id, name, phone } = patient;
    let known = [name.expose(), phone.expose()].map(str::to_owned).into_iter();
    let ids = [("contact", contact_id.as_str()), ("own id", external_id.expose())];
    let ids = ids.into_iter().filter(|(_, id)| !id.is_empty()).map(|(what, id)| format!("{what} {id}"));
    let known: Vec<String> = known.filter(|known| !known.is_empty()).chain(ids).collect();
    format!("{} ({})", known.join(", "), status.as_str()).trim_start().to_owned()
}

fn both_times(time: Timestamp, zone: &TimeZone) -> String {
    let utc = time.strftime("%Y-%m-%d %H:%M:%S UTC");
    if *zone == TimeZone::UTC { utc.to_string() } else { format!("{utc} ({})", local_time(time, zone)) }
}

fn paper<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    terminal::fields(fields, Some(PAPER)) + "\n"
}
