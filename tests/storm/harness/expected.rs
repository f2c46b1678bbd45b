//! The rows that the tables ought to hold, written from the contract and apart from the program's own columns.

use jiff::Timestamp;
use local::tables::Row;
use serde_json::{Value, json};
use spruce_consent::domain::consent::{DecidedBy, Folded, OpenReview, Status, fold};
use spruce_consent::domain::history::{Entry, Patient, What};

use super::script::Story;
use super::tables::cell;

/// Columns that tell when and how we came to know a thing, not what it is.
const NOT_COMPARED: [&str; 5] = ["Timestamp", "ReceivedAt", "RecordedAt", "UpdatedAt", "RowKey"];

/// In the history, who the patient is may stand in the reply's own row or in a `match` row, and a look-up's row has
/// the times of the event that caused it.
const OF_THE_PATIENT: [&str; 6] = ["MatchStatus", "ContactId", "ExternalId", "PatientName", "Phone", "Channel"];

/// What the tables ought to hold about a conversation, in the columns that are compared.
pub(super) struct Expected {
    pub(super) status: Vec<Row>,
    pub(super) review: Vec<Row>,
    pub(super) history: Vec<Row>,
    patient: Patient,
}

pub(super) fn tables(story: &Story) -> Expected {
    let entries = story.entries();
    let Folded { status, reviews } = fold(&entries);
    let state = status.as_ref().map_or("", |status| status.state.as_str());
    Expected {
        status: status.iter().map(|status| status_row(story.id(), status, reviews.len())).collect(),
        review: reviews.iter().map(|review| review_row(story.id(), review, state)).collect(),
        history: entries.iter().map(history_row).map(|row| without_hindsight(row, story)).collect(),
        patient: story.patient.clone(),
    }
}

/// Stored rows in the columns that are compared.
pub(super) fn compared(mut rows: Vec<Row>) -> Vec<Row> {
    for row in &mut rows {
        row.retain(|column, _| !NOT_COMPARED.contains(&column.as_str()));
        for (column, value) in row.iter_mut().filter(|(column, _)| column.ends_with("At") || *column == "EventTime") {
            let text = value.as_str().unwrap_or_else(|| panic!("{column} is no text: {value}"));
            if !text.is_empty() {
                *value = time(Some(text.parse().unwrap()));
            }
        }
    }
    rows
}

/// The same for the history, without the rows that may be there or not: who a patient is, and how a request read when
/// it was looked up.
pub(super) fn compared_history(rows: Vec<Row>, story: &Story) -> Vec<Row> {
    let mut rows: Vec<Row> = compared(rows).into_iter().map(|row| without_hindsight(row, story)).collect();
    rows.retain(|row| cell(row, "Kind") != "match");
    rows.retain(|row| cell(row, "Kind") != "edit" || cell(row, "EventType") != "lookup");
    for row in &mut rows {
        row.retain(|column, _| !OF_THE_PATIENT.contains(&column.as_str()) && column != "RulesVersion");
        if cell(row, "EventType") == "lookup" {
            row.insert("ModifiedAt".to_owned(), "".into());
        }
    }
    rows
}

impl Expected {
    /// Every reply is tied to the patient once, by its own row or by a later one, and nowhere to anybody else.
    pub(super) fn wrong_patients(&self, history: &[Row]) -> Vec<String> {
        let Patient { status, contact_id, external_id, name, phone } = &self.patient;
        let expected = [status.as_str(), contact_id, external_id.expose(), name.expose(), phone.expose()];
        let patient = |row: &Row| {
            ["MatchStatus", "ContactId", "ExternalId", "PatientName", "Phone"].map(|column| cell(row, column))
        };
        let of_kind =
            |kinds: &'static [&'static str]| history.iter().filter(|row| kinds.contains(&cell(row, "Kind").as_str()));
        let mut lines = Vec::new();
        for row in of_kind(&["reply", "edit", "match"]).filter(|row| !cell(row, "MatchStatus").is_empty()) {
            let is_pending = cell(row, "MatchStatus") == "pending";
            if is_pending == (patient(row) == expected) || (is_pending && cell(row, "Kind") == "match") {
                lines.push(format!("ConsentHistory: the patient is {:?} in {row:?}", patient(row)));
            }
        }
        for reply in of_kind(&["reply"]) {
            let item = cell(reply, "ItemId");
            let mut known = of_kind(&["reply", "edit", "match"]).filter(|row| cell(row, "ItemId") == item);
            if !known.any(|row| patient(row) == expected) {
                lines.push(format!("ConsentHistory: nobody knows who wrote {item}"));
            }
        }
        lines
    }
}

/// Whether an item was a request when a patient read it cannot be seen in a list that shows how it reads now. What a
/// look-up says about an item that was changed since is no part of the comparison; what the fold makes of it is.
fn without_hindsight(mut row: Row, story: &Story) -> Row {
    if cell(&row, "Kind") == "context" && story.was_changed(&cell(&row, "PrecedingItemId")) {
        row.remove("PrecedingIsRequest");
    }
    row
}

fn status_row(id: &str, status: &Status, open_reviews: usize) -> Row {
    let Status { patient, reply, request, .. } = status;
    let words = reply.as_ref().map_or("", |reply| reply.text.expose());
    let decided_by = match &status.decided_by {
        DecidedBy::Nobody => "",
        DecidedBy::Patient => "patient",
        DecidedBy::Staff(_) => panic!("no staff in this story"),
    };
    row(json!({
        "PartitionKey": id,
        "ConversationId": id,
        "Status": status.state.as_str(),
        "OptedOut": status.opted_out,
        "PatientName": patient.name.expose(),
        "Phone": patient.phone.expose(),
        "ContactId": patient.contact_id,
        "ExternalId": patient.external_id,
        "Channel": "phone",
        "MatchStatus": patient.status.as_str(),
        "DecidedAt": time(status.decided_at),
        "DecidedLocal": status.decided_at.map(local).unwrap_or_default(),
        "DecidedBy": decided_by,
        "ReplyText": words,
        "VerbatimText": words,
        "ReplyItemId": reply.as_ref().map_or("", |reply| &reply.item_id),
        "RequestText": request.as_ref().map_or("", |request| request.text.expose()),
        "RequestItemId": request.as_ref().map_or("", |request| &request.item_id),
        "RequestedAt": time(request.as_ref().map(|request| request.created_at)),
        "Reason": status.reason,
        "Rule": status.rule,
        "ConversationUrl": status.conversation_url,
        "Replies": status.replies,
        "OpenReviews": open_reviews,
    }))
}

fn review_row(id: &str, review: &OpenReview, state: &str) -> Row {
    row(json!({
        "PartitionKey": "open",
        "ReceivedLocal": local(review.created_at),
        "PatientName": review.patient.name.expose(),
        "Phone": review.patient.phone.expose(),
        "ReplyText": review.reply_text.expose(),
        "Reason": review.reason,
        "RequestText": review.request_text.expose(),
        "CurrentStatus": state,
        "ConversationUrl": review.conversation_url,
        "ConversationId": id,
        "ItemId": review.item_id,
        "Decision": "",
        "ReviewedBy": "",
        "Note": "",
        "Problem": "",
    }))
}

fn history_row(entry: &Entry) -> Row {
    let Entry { origin, what, .. } = entry;
    let mut columns = json!({
        "PartitionKey": entry.conversation_id,
        "ConversationId": entry.conversation_id,
        "ItemId": entry.item_id,
        "Kind": what.kind().as_str(),
        "Decision": "",
        "Explicit": "",
        "OptOut": "",
        "Rule": "",
        "Reason": "",
        "VerbatimText": "",
        "ConversationUrl": origin.conversation_url,
        "Author": origin.author.expose(),
        "Attachments": origin.attachments,
        "PrecedingItemId": "",
        "PrecedingIsRequest": "",
        "ExpiresAt": "",
        "EventType": origin.event_type,
        "EventTime": time(origin.event_time),
        "CreatedAt": time(Some(entry.created_at)),
        "ModifiedAt": time(entry.modified_at),
        "BodySha256": origin.body_sha256,
        "ReviewedBy": "",
        "Note": "",
    });
    let mut set = |column: &str, value: Value| columns[column] = value;
    match what {
        What::Reply { text, verdict, .. } | What::EditedReply { text, verdict, .. } => {
            set("VerbatimText", text.expose().into());
            set("Decision", verdict.decision.as_str().into());
            set("Explicit", verdict.explicit.into());
            set("OptOut", verdict.opt_out.into());
            set("Rule", verdict.rule.as_ref().into());
            set("Reason", verdict.reason.as_ref().into());
        }
        What::Request { text, expires_at } => {
            set("VerbatimText", text.expose().into());
            set("ExpiresAt", time(Some(*expires_at)));
        }
        What::EditedRequest { text, expires_at } => {
            set("VerbatimText", text.expose().into());
            set("ExpiresAt", time(*expires_at));
        }
        What::Context { preceding_item_id, preceding_is_request } => {
            set("PrecedingItemId", preceding_item_id.as_str().into());
            set("PrecedingIsRequest", (*preceding_is_request).into());
        }
        What::Deleted | What::Restored => {}
        What::Match(_) | What::Review { .. } | What::Confirmation { .. } => panic!("not in this story"),
    }
    row(columns)
}

fn row(columns: Value) -> Row {
    serde_json::from_value(columns).unwrap()
}

/// One way of writing a time, for both sides.
fn time(time: Option<Timestamp>) -> Value {
    time.map(|time| time.to_string()).unwrap_or_default().into()
}

/// In the clinic's zone, as its settings have it.
fn local(time: Timestamp) -> String {
    time.in_tz("America/Chicago").unwrap().strftime("%Y-%m-%d %H:%M %Z").to_string()
}
