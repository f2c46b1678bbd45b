//! The three tables: `ConsentHistory`, `ConsentStatus` and `ConsentReview`.
//!
//! History rows are inserted and never touched again. The other two are what the fold makes of them: they are merged,
//! so that columns which staff add or fill are never overwritten, and under an `ETag`, so that of two workers the one
//! that saw less has to look again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::io;
use std::ops::RangeInclusive;

use azure_core::Etag;
use azure_data_tables::clients::{TableClient, TableServiceClientBuilder};
use azure_data_tables::{IfMatchCondition, Select};
use futures_util::StreamExt;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::account::Account;
use super::columns::{self, Cell, Columns};
use super::error::{Cause, StorageError};
use super::keys::{self, OPEN_PARTITION, STATUS_ROW};
use super::transport::{client_options, http_client};
use crate::domain::consent::{Folded, Status};
use crate::domain::event::time;
use crate::domain::history::{Entry, What};
use crate::domain::intake::LOOKUP;
use crate::domain::private::Private;

/// A row per conversation: what holds now.
pub const STATUS_TABLE: &str = "ConsentStatus";
/// A row per thing that happened.
pub const HISTORY_TABLE: &str = "ConsentHistory";
/// A row per reply that a person has to read.
pub const REVIEW_TABLE: &str = "ConsentReview";

const READ_STATUS: &str = "read ConsentStatus";
const READ_HISTORY: &str = "read ConsentHistory";
const READ_REVIEW: &str = "read ConsentReview";

/// One of the three tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// What holds for each conversation.
    Status,
    /// Everything that happened.
    History,
    /// What waits for staff.
    Review,
}

impl Table {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Status, Self::History, Self::Review];

    /// Its name in the account.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => STATUS_TABLE,
            Self::History => HISTORY_TABLE,
            Self::Review => REVIEW_TABLE,
        }
    }
}

/// The tables of one account.
#[derive(Clone, Debug)]
pub struct Tables {
    status: TableClient,
    history: TableClient,
    review: TableClient,
    zone: TimeZone,
}

/// What became of a history row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is there now.
    New,
    /// It was there: this is a repeat.
    AlreadyThere,
}

/// A status row as it was read: what it says, and its version.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusVersion(Option<(Etag, Map<String, Value>)>);

impl fmt::Debug for StatusVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The row is a patient's.
        f.write_str(if self.0.is_some() { "StatusVersion(a row)" } else { "StatusVersion(no row)" })
    }
}

/// What became of a row that the fold decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Written {
    /// It said this already.
    Unchanged,
    /// It says this now.
    Changed,
    /// Somebody else wrote it after it was read: read and fold again.
    Conflict,
}

impl Written {
    /// What became of two rows: the more troublesome of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Tables {
    /// Prepares the clients. Makes no call. Local times are written in `zone`.
    ///
    /// # Errors
    /// If no TLS or no credential can be set up on this machine.
    pub fn new(account: &Account, zone: TimeZone) -> Result<Self, StorageError> {
        const PREPARE: &str = "prepare the table client";
        let client = http_client().map_err(|_| StorageError { operation: PREPARE, cause: Cause::Other })?;
        let credentials = account.credentials().map_err(|error| StorageError::new(PREPARE, &error))?;
        let service = TableServiceClientBuilder::with_location(account.table_location(), credentials)
            .client_options(client_options(client))
            .build();
        Ok(Self {
            status: service.table_client(STATUS_TABLE),
            history: service.table_client(HISTORY_TABLE),
            review: service.table_client(REVIEW_TABLE),
            zone,
        })
    }

    /// Whether a table can be read and written, without a trace in it: who may not change a row gets a 403, who may a
    /// 404, because there is no such row.
    pub async fn check(&self, table: Table) -> Result<(), StorageError> {
        /// No row of this program's has such a key.
        const NOBODYS: &str = "check";
        let client = self.client(table);
        query(client, format!("PartitionKey eq '{NOBODYS}'"), "read the table").await?;
        let row = client.partition_key_client(NOBODYS).entity_client(NOBODYS);
        let entity = columns::to_entity(NOBODYS, NOBODYS, &Columns::new());
        let merged = match row.merge(&entity, IfMatchCondition::Any) {
            Ok(merge) => merge.await,
            Err(error) => Err(error),
        };
        match merged.map_err(|error| StorageError::new("write the table", &error)) {
            Ok(_) => Ok(()),
            Err(error) if error.status() == Some(404) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Creates the tables where they are missing.
    pub async fn create(&self) -> Result<(), StorageError> {
        for table in [&self.status, &self.history, &self.review] {
            match table.create().await.map_err(|error| StorageError::new("create a table", &error)) {
                Ok(_) => {}
                Err(error) if error.status() == Some(409) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// All that is known of a conversation.
    pub async fn history(&self, conversation_id: &str) -> Result<Vec<Entry>, StorageError> {
        // The key's alphabet has no quote in it.
        let filter = format!("PartitionKey eq '{}'", keys::encode(conversation_id));
        let rows = query(&self.history, filter, READ_HISTORY).await?;
        rows.iter().map(columns::to_entry).collect()
    }

    /// Adds a row to the history, once: the same thing again finds its row there.
    ///
    /// One thing may be told twice in different words: a request that was found by a look-up, and then comes as an
    /// event. The event is the better evidence, so it completes the row; whichever came first, the row is the same.
    pub async fn append(&self, entry: &Entry) -> Result<Appended, StorageError> {
        let (partition, row) = columns::entry_key(entry);
        let columns = columns::of_entry(entry);
        let entity = columns::to_entity(&partition, &row, &columns);
        let appended = insert(&self.history, &entity, "insert into ConsentHistory").await?;
        let is_event = entry.origin.event_type != LOOKUP;
        if appended == Appended::AlreadyThere
            && is_event
            && matches!(entry.what, What::Request { .. } | What::EditedRequest { .. })
        {
            self.complete(&partition, &row, columns).await?;
        }
        Ok(appended)
    }

    /// Whether the row of `entry` has a `Note`.
    pub async fn has_note(&self, entry: &Entry) -> Result<bool, StorageError> {
        let (partition, row) = columns::entry_key(entry);
        let client = self.history.partition_key_client(partition).entity_client(row);
        let stored = client.get::<Map<String, Value>>().await;
        let stored = stored.map_err(|error| StorageError::new(READ_HISTORY, &error))?;
        Ok(!text(&stored.entity, "Note").is_empty())
    }

    /// Notes on the row of `entry` what became of it: the outcome of something that had to be recorded before it was
    /// done.
    pub async fn note(&self, entry: &Entry, note: &str) -> Result<(), StorageError> {
        let (partition, row) = columns::entry_key(entry);
        let entity = columns::to_entity(&partition, &row, &vec![("Note", Cell::Text(note.into()))]);
        let row = self.history.partition_key_client(partition).entity_client(row);
        let merged = match row.merge(&entity, IfMatchCondition::Any) {
            Ok(merge) => merge.await,
            Err(error) => Err(error),
        };
        merged.map(drop).map_err(|error| StorageError::new("merge into ConsentHistory", &error))
    }

    async fn complete(&self, partition: &str, row: &str, mut columns: Columns) -> Result<(), StorageError> {
        let client = self.history.partition_key_client(partition).entity_client(row);
        let stored = client.get::<Map<String, Value>>().await;
        let stored = stored.map_err(|error| StorageError::new(READ_HISTORY, &error))?;
        if text(&stored.entity, "EventType") != LOOKUP {
            return Ok(());
        }
        // When it was recorded stays true.
        columns.retain(|(name, _)| *name != "RecordedAt");
        let entity = columns::to_entity(partition, row, &columns);
        // On a conflict another delivery of the same event has just done it.
        merge(&self.history, partition, row, &entity, &stored.etag, "merge into ConsentHistory").await.map(drop)
    }

    /// The conversation's status row, to be read *before* the history: whoever wrote it after that had seen what we may
    /// not see, and the write below finds out.
    pub async fn status_version(&self, conversation_id: &str) -> Result<StatusVersion, StorageError> {
        let row = self.status.partition_key_client(keys::encode(conversation_id)).entity_client(STATUS_ROW);
        match row.get::<Map<String, Value>>().await {
            Ok(answer) => Ok(StatusVersion(Some((answer.etag, answer.entity)))),
            Err(error) => match StorageError::new(READ_STATUS, &error) {
                // Also what a missing table answers; the write then says so.
                error if error.status() == Some(404) => Ok(StatusVersion(None)),
                error => Err(error),
            },
        }
    }

    /// Brings the status row up to date, if it is still the `version` that was read. A status that says nothing new is
    /// not written.
    pub async fn write_status(
        &self,
        conversation_id: &str,
        status: &Status,
        open_reviews: usize,
        version: &StatusVersion,
        now: Timestamp,
    ) -> Result<Written, StorageError> {
        let mut columns = columns::of_status(conversation_id, status, open_reviews, &self.zone);
        if version.0.as_ref().is_some_and(|(_, stored)| columns::says_the_same(stored, &columns)) {
            return Ok(Written::Unchanged);
        }
        columns.push(("UpdatedAt", Cell::Time(Some(now))));
        let partition = keys::encode(conversation_id);
        let entity = columns::to_entity(&partition, STATUS_ROW, &columns);
        match &version.0 {
            None => match insert(&self.status, &entity, "insert into ConsentStatus").await? {
                Appended::New => Ok(Written::Changed),
                Appended::AlreadyThere => Ok(Written::Conflict),
            },
            Some((etag, _)) => {
                merge(&self.status, &partition, STATUS_ROW, &entity, etag, "merge into ConsentStatus").await
            }
        }
    }

    /// Opens, updates and closes the conversation's rows of the worklist, until they are what the fold says. A row in
    /// which staff have typed a decision is left for the one who takes it up. All of the conversation's replies were
    /// written in the time `span`: its rows are looked for there, not in the whole worklist.
    pub async fn write_reviews(
        &self,
        conversation_id: &str,
        folded: &Folded,
        span: RangeInclusive<Timestamp>,
    ) -> Result<Written, StorageError> {
        let (first, end) = keys::review_rows_between(span);
        let filter = format!(
            "PartitionKey eq '{OPEN_PARTITION}' and RowKey ge '{first}' and RowKey lt '{end}' and ConversationId eq '{}'",
            conversation_id.replace('\'', "''")
        );
        let mut written = Written::Unchanged;
        let mut stored: HashMap<String, Map<String, Value>> = HashMap::new();
        for entity in query(&self.review, filter, READ_REVIEW).await? {
            stored.insert(text(&entity, "RowKey").to_owned(), entity);
        }
        let current_status = folded.status.as_ref().map_or("", |status| status.state.as_str());
        for review in &folded.reviews {
            let key = keys::review_row(review.created_at, &review.item_id);
            let mut wanted = columns::of_review(conversation_id, review, current_status, &self.zone);
            match stored.remove(&key) {
                None => {
                    wanted.extend(columns::staff_columns());
                    let entity = columns::to_entity(OPEN_PARTITION, &key, &wanted);
                    written = written.and(match insert(&self.review, &entity, "insert into ConsentReview").await? {
                        Appended::New => Written::Changed,
                        Appended::AlreadyThere => Written::Conflict,
                    });
                }
                Some(entity) => written = written.and(self.update_review(&key, &entity, &wanted).await?),
            }
        }
        for (key, entity) in stored {
            written = written.and(self.close_review(&key, &entity).await?);
        }
        Ok(written)
    }

    /// Gives every row of a table to `each`, page by page. The inner result is that of `each`, which ends the walk where
    /// it fails.
    pub async fn export(
        &self,
        table: Table,
        mut each: impl FnMut(Row) -> io::Result<()>,
    ) -> Result<io::Result<()>, StorageError> {
        let mut pages = self.client(table).query().into_stream::<Map<String, Value>>();
        while let Some(page) = pages.next().await {
            for row in page.map_err(|error| StorageError::new("read a table", &error))?.entities {
                if let Err(error) = each(without_annotations(row)) {
                    return Ok(Err(error));
                }
            }
        }
        Ok(Ok(()))
    }

    /// The rows of a conversation's history, newest item first.
    pub async fn history_rows(&self, conversation_id: &str) -> Result<Vec<HistoryRow>, StorageError> {
        let filter = format!("PartitionKey eq '{}'", keys::encode(conversation_id));
        query(&self.history, filter, READ_HISTORY).await?.into_iter().map(HistoryRow::read).collect()
    }

    /// Gives the history of every conversation to `each`, one after the other: no more than one of them, and a page, is
    /// in memory. (The service gives rows in the order of their keys, over all pages.)
    pub async fn each_history(&self, mut each: impl FnMut(Vec<HistoryRow>)) -> Result<(), StorageError> {
        let mut conversation: Vec<HistoryRow> = Vec::new();
        let mut pages = self.history.query().into_stream::<Map<String, Value>>();
        while let Some(page) = pages.next().await {
            for row in page.map_err(|error| StorageError::new(READ_HISTORY, &error))?.entities {
                let row = HistoryRow::read(row)?;
                if conversation.last().is_some_and(|last| last.text("PartitionKey") != row.text("PartitionKey")) {
                    each(std::mem::take(&mut conversation));
                }
                conversation.push(row);
            }
        }
        if !conversation.is_empty() {
            each(conversation);
        }
        Ok(())
    }

    /// The ids of the conversations that have a row, in status or history, for whose contact id and phone number
    /// `is_meant` is true. `each` is told of every row that was looked at.
    ///
    /// All rows are looked at here and not by the service: a number in a filter would stand in the account's access log.
    pub async fn conversations(
        &self,
        is_meant: impl Fn(&str, &str) -> bool,
        each: impl Fn(),
    ) -> Result<BTreeSet<String>, StorageError> {
        let mut found = BTreeSet::new();
        for (client, operation) in [(&self.status, READ_STATUS), (&self.history, READ_HISTORY)] {
            let columns = Select::new("ConversationId,ContactId,Phone");
            let mut pages = client.query().select(columns).into_stream::<Map<String, Value>>();
            while let Some(page) = pages.next().await {
                for row in page.map_err(|error| StorageError::new(operation, &error))?.entities {
                    each();
                    if is_meant(text(&row, "ContactId"), text(&row, "Phone")) {
                        found.insert(text(&row, "ConversationId").to_owned());
                    }
                }
            }
        }
        Ok(found)
    }

    /// Where a status row is not what the history comes to. Local times are left out: each is a rendering of the time
    /// beside it, in the zone of whoever wrote it.
    pub fn differences(&self, conversation_id: &str, stored: &StatusVersion, folded: &Folded) -> Vec<Difference> {
        const NO_ROW: &str = "(no row)";
        let state = |stored: &str, recomputed: &str| {
            vec![Difference { column: "Status", stored: stored.into(), recomputed: recomputed.into() }]
        };
        match (&stored.0, &folded.status) {
            (None, None) => Vec::new(),
            (None, Some(status)) => state(NO_ROW, status.state.as_str()),
            (Some((_, row)), None) => state(text(row, "Status"), NO_ROW),
            (Some((_, row)), Some(status)) => {
                let columns = columns::of_status(conversation_id, status, folded.reviews.len(), &self.zone);
                columns::differences(row, &columns)
            }
        }
    }

    /// Every open row of the worklist, newest first.
    pub async fn reviews(&self) -> Result<Vec<ReviewRow>, StorageError> {
        let filter = format!("PartitionKey eq '{OPEN_PARTITION}'");
        let rows = query(&self.review, filter, READ_REVIEW).await?;
        rows.iter().map(ReviewRow::read).collect()
    }

    /// Writes the answer to what staff typed, if it does not stand there already. Staff's own columns stay as they are.
    pub async fn answer_review(&self, row: &ReviewRow, problem: &'static str) -> Result<(), StorageError> {
        if row.problem == problem {
            return Ok(());
        }
        let columns = vec![("Problem", Cell::Text(problem.into()))];
        let entity = columns::to_entity(OPEN_PARTITION, &row.key, &columns);
        // On a conflict staff are typing: the next round answers what stands there then.
        merge(&self.review, OPEN_PARTITION, &row.key, &entity, &row.etag, "merge into ConsentReview").await.map(drop)
    }

    /// Removes a row of the worklist, if it is still as it was read. Gives `false` if it is not.
    pub async fn remove_review(&self, row: &ReviewRow) -> Result<bool, StorageError> {
        delete(&self.review, &row.key, &row.etag).await
    }

    const fn client(&self, table: Table) -> &TableClient {
        match table {
            Table::Status => &self.status,
            Table::History => &self.history,
            Table::Review => &self.review,
        }
    }

    async fn update_review(
        &self,
        key: &str,
        stored: &Map<String, Value>,
        wanted: &Columns,
    ) -> Result<Written, StorageError> {
        if columns::says_the_same(stored, wanted) || has_decision(stored) {
            return Ok(Written::Unchanged);
        }
        let entity = columns::to_entity(OPEN_PARTITION, key, wanted);
        let etag = Etag::from(text(stored, "odata.etag").to_owned());
        merge(&self.review, OPEN_PARTITION, key, &entity, &etag, "merge into ConsentReview").await
    }

    async fn close_review(&self, key: &str, stored: &Map<String, Value>) -> Result<Written, StorageError> {
        if has_decision(stored) {
            return Ok(Written::Unchanged);
        }
        let etag = Etag::from(text(stored, "odata.etag").to_owned());
        Ok(if delete(&self.review, key, &etag).await? { Written::Changed } else { Written::Conflict })
    }
}

/// A row's columns by name, without the annotations of the wire. Sorted, so that its JSON is always the same.
pub type Row = BTreeMap<String, Value>;

/// A row of `ConsentHistory`: what it means, and every column as it stands.
pub struct HistoryRow {
    /// What it means.
    pub entry: Entry,
    /// The columns, those that the fold has no use for among them.
    pub columns: Row,
}

impl HistoryRow {
    fn read(row: Map<String, Value>) -> Result<Self, StorageError> {
        Ok(Self { entry: columns::to_entry(&row)?, columns: without_annotations(row) })
    }

    /// A column's text; empty if it is missing or no text.
    pub fn text(&self, column: &str) -> &str {
        self.columns.get(column).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A column of a status row that does not say what the history comes to.
pub struct Difference {
    /// The column's name.
    pub column: &'static str,
    /// What stands there; empty if the column is missing.
    pub stored: Private,
    /// What the history comes to.
    pub recomputed: Private,
}

/// An open row of the worklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    key: String,
    etag: Etag,
    /// Spruce's id of the conversation.
    pub conversation_id: String,
    /// Spruce's id of the item.
    pub item_id: String,
    /// When the row was last changed: where staff typed a decision, when they did.
    pub changed_at: Timestamp,
    /// The staff columns, as they stand.
    pub decision: Private,
    /// Who typed.
    pub reviewed_by: Private,
    /// What they had to say.
    pub note: Private,
    /// When the reply came in.
    pub received_at: Timestamp,
    /// When the reply was written, in the clinic's time.
    pub received_local: String,
    /// The patient, as far as known.
    pub patient_name: Private,
    /// E.164.
    pub phone: Private,
    /// What they wrote, on one line.
    pub reply_text: Private,
    /// Why a person has to read it.
    pub reason: String,
    /// The request that stood before it, on one line.
    pub request_text: Private,
    /// The conversation's status.
    pub current_status: String,
    /// The link to the reply in Spruce's app.
    pub conversation_url: String,
    /// What is wrong with what staff typed; empty if nothing is.
    pub problem: String,
}

impl ReviewRow {
    fn read(entity: &Map<String, Value>) -> Result<Self, StorageError> {
        let column = |name| text(entity, name).to_owned();
        let changed_at = time(text(entity, "Timestamp"));
        let changed_at = changed_at.ok_or(StorageError::unreadable(READ_REVIEW, "Timestamp"))?;
        Ok(Self {
            key: column("RowKey"),
            etag: Etag::from(column("odata.etag")),
            conversation_id: column("ConversationId"),
            item_id: column("ItemId"),
            changed_at,
            received_at: time(text(entity, "ReceivedAt")).unwrap_or(changed_at),
            decision: column("Decision").into(),
            reviewed_by: column("ReviewedBy").into(),
            note: column("Note").into(),
            received_local: column("ReceivedLocal"),
            patient_name: column("PatientName").into(),
            phone: column("Phone").into(),
            reply_text: column("ReplyText").into(),
            reason: column("Reason"),
            request_text: column("RequestText").into(),
            current_status: column("CurrentStatus"),
            conversation_url: column("ConversationUrl"),
            problem: column("Problem"),
        })
    }
}

fn has_decision(review: &Map<String, Value>) -> bool {
    !text(review, "Decision").trim().is_empty()
}

fn text<'a>(entity: &'a Map<String, Value>, column: &str) -> &'a str {
    entity.get(column).and_then(Value::as_str).unwrap_or_default()
}

fn without_annotations(mut row: Map<String, Value>) -> Row {
    row.retain(|column, _| !column.contains("odata."));
    row.into_iter().collect()
}

async fn insert(table: &TableClient, entity: &Value, operation: &'static str) -> Result<Appended, StorageError> {
    let inserted = match table.insert::<_, Value>(entity) {
        Ok(insert) => insert.await,
        Err(error) => Err(error),
    };
    match inserted.map_err(|error| StorageError::new(operation, &error)) {
        Ok(_) => Ok(Appended::New),
        Err(error) if error.status() == Some(409) => Ok(Appended::AlreadyThere),
        Err(error) => Err(error),
    }
}

async fn merge(
    table: &TableClient,
    partition: &str,
    row: &str,
    entity: &Value,
    etag: &Etag,
    operation: &'static str,
) -> Result<Written, StorageError> {
    let row = table.partition_key_client(partition).entity_client(row);
    let merged = match row.merge(entity, IfMatchCondition::Etag(etag.clone())) {
        Ok(merge) => merge.await,
        Err(error) => Err(error),
    };
    match merged.map_err(|error| StorageError::new(operation, &error)) {
        Ok(_) => Ok(Written::Changed),
        // Changed, or removed, meanwhile.
        Err(error) if matches!(error.status(), Some(404 | 412)) => Ok(Written::Conflict),
        Err(error) => Err(error),
    }
}

/// `false` if the row of the worklist is gone, or not as it was read any more.
async fn delete(table: &TableClient, row: &str, etag: &Etag) -> Result<bool, StorageError> {
    let row = table.partition_key_client(OPEN_PARTITION).entity_client(row);
    match row.delete().if_match(IfMatchCondition::Etag(etag.clone())).await {
        Ok(_) => Ok(true),
        Err(error) => match StorageError::new("delete from ConsentReview", &error) {
            error if matches!(error.status(), Some(404 | 412)) => Ok(false),
            error => Err(error),
        },
    }
}

/// Every row that fits `filter`, page after page.
async fn query(
    table: &TableClient,
    filter: String,
    operation: &'static str,
) -> Result<Vec<Map<String, Value>>, StorageError> {
    let mut rows = Vec::new();
    let mut pages = table.query().filter(filter).into_stream::<Map<String, Value>>();
    while let Some(page) = pages.next().await {
        rows.extend(page.map_err(|error| StorageError::new(operation, &error))?.entities);
    }
    Ok(rows)
}
