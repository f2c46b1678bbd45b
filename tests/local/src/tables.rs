//! Looks into an account's tables and queues, and writes rows as staff do in Storage Explorer.
//!
//! It is written apart from the program's own storage code on purpose: what the program wrote is seen with other eyes.

use std::collections::BTreeMap;
use std::sync::Arc;

use azure_core::{RetryOptions, StatusCode};
use azure_data_tables::IfMatchCondition;
use azure_data_tables::clients::{TableClient, TableServiceClientBuilder};
use azure_data_tables::operations::{InsertEntityResponse, QueryEntityResponse};
use azure_storage::{CloudLocation, StorageCredentials};
use azure_storage_queues::{NumberOfMessages, QueueClient, QueueServiceClientBuilder};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::TryStreamExt as _;
use serde_json::Value;

use crate::azurite::Account;

/// A row's columns by name, `PartitionKey`, `RowKey` and `Timestamp` among them, without the annotations of the wire.
pub type Row = BTreeMap<String, Value>;

/// What can go wrong: the storage libraries' own error.
pub type Error = azure_core::Error;

/// The most that a queue shows at one look.
const PEEK: u8 = 32;

/// Every row of a table, in the order of the keys, which is the order that Storage Explorer shows.
pub async fn rows(account: &Account, table: &str) -> Result<Vec<Row>, Error> {
    let pages: Vec<QueryEntityResponse<Row>> = table_client(account, table).query().into_stream().try_collect().await?;
    let mut rows: Vec<Row> = pages.into_iter().flat_map(|page| page.entities).collect();
    for row in &mut rows {
        row.retain(|column, _| !column.contains("odata."));
    }
    rows.sort_by_cached_key(|row| (text(row, "PartitionKey").to_owned(), text(row, "RowKey").to_owned()));
    Ok(rows)
}

/// A column's text; empty if the column is missing or no text.
pub fn text<'row>(row: &'row Row, column: &str) -> &'row str {
    row.get(column).and_then(Value::as_str).unwrap_or_default()
}

/// Creates a table; one that is there already is as good.
pub async fn create_table(account: &Account, table: &str) -> Result<(), Error> {
    match table_client(account, table).create().await {
        Ok(_) => Ok(()),
        Err(error) if has_status(&error, StatusCode::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Inserts a row. `row` is what goes over the wire: a column that is no string, number or bool needs its
/// `…@odata.type` beside it.
pub async fn insert(account: &Account, table: &str, row: &Value) -> Result<(), Error> {
    let _: InsertEntityResponse<Value> = table_client(account, table).insert(row)?.await?;
    Ok(())
}

/// Changes columns of a row that is there, whatever its `ETag`, and leaves the others as they are.
pub async fn merge(
    account: &Account,
    table: &str,
    partition_key: &str,
    row_key: &str,
    columns: &Value,
) -> Result<(), Error> {
    let row = table_client(account, table).partition_key_client(partition_key).entity_client(row_key);
    row.merge(columns, IfMatchCondition::Any)?.await?;
    Ok(())
}

/// A value of a queue's metadata, `None` if it has none of that name.
pub async fn queue_metadata(account: &Account, queue: &str, name: &str) -> Result<Option<String>, Error> {
    let metadata = queue_client(account, queue).get_metadata().await?.metadata;
    Ok(metadata.get(name).map(|value| String::from_utf8_lossy(&value).into_owned()))
}

/// Puts a text on a queue as it is, encoding included.
pub async fn queue_put(account: &Account, queue: &str, text: &str) -> Result<(), Error> {
    queue_client(account, queue).put_message(text).await.map(drop)
}

/// Deletes a row, whatever it says.
pub async fn delete(account: &Account, table: &str, partition_key: &str, row_key: &str) -> Result<(), Error> {
    let row = table_client(account, table).partition_key_client(partition_key).entity_client(row_key);
    row.delete().await.map(drop)
}

/// Deletes a table with all that is in it.
pub async fn delete_table(account: &Account, table: &str) -> Result<(), Error> {
    table_client(account, table).delete().await.map(drop)
}

/// How many messages a queue holds, those that are being worked on or wait out a delay included. A queue that does not
/// exist holds none.
pub async fn queue_length(account: &Account, queue: &str) -> Result<usize, Error> {
    match queue_client(account, queue).get_metadata().await {
        Ok(answer) => Ok(answer.approximate_messages_count),
        Err(error) if has_status(&error, StatusCode::NotFound) => Ok(0),
        Err(error) => Err(error),
    }
}

/// The decoded texts at the head of a queue: at most 32, without those that are being worked on or wait out a delay.
/// What is not base64 or not UTF-8 is given as it is. A queue that does not exist holds none.
pub async fn queue_texts(account: &Account, queue: &str) -> Result<Vec<String>, Error> {
    match queue_client(account, queue).peek_messages().number_of_messages(NumberOfMessages::new(PEEK)).await {
        Ok(answer) => Ok(answer.messages.into_iter().map(|message| decoded(message.message_text)).collect()),
        Err(error) if has_status(&error, StatusCode::NotFound) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn decoded(message: String) -> String {
    BASE64.decode(&message).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(message)
}

fn has_status(error: &Error, status: StatusCode) -> bool {
    error.as_http_error().is_some_and(|answer| answer.status() == status)
}

fn table_client(account: &Account, table: &str) -> TableClient {
    let location = CloudLocation::Custom { account: account.name.clone(), uri: account.table_url.clone() };
    let client = TableServiceClientBuilder::with_location(location, credentials(account));
    // What fails should be seen at once: a test asks again by itself where it has to.
    client.transport(transport()).retry(RetryOptions::none()).build().table_client(table)
}

fn queue_client(account: &Account, queue: &str) -> QueueClient {
    let location = CloudLocation::Custom { account: account.name.clone(), uri: account.queue_url.clone() };
    let client = QueueServiceClientBuilder::with_location(location, credentials(account));
    client.transport(transport()).retry(RetryOptions::none()).build().queue_client(queue)
}

fn credentials(account: &Account) -> StorageCredentials {
    StorageCredentials::access_key(account.name.clone(), account.key.clone())
}

/// A transport of its own for each call: a pooled connection would belong to the runtime of the test that opened it.
fn transport() -> azure_core::TransportOptions {
    azure_core::TransportOptions::new(Arc::new(reqwest::Client::new()))
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;
    use serde_json::json;

    use super::*;
    use crate::azurite::Azurite;

    fn account() -> Account {
        Azurite::shared().unwrap().account()
    }

    #[tokio::test]
    async fn rows_come_from_all_pages_in_the_order_of_their_keys_without_annotations() {
        let account = account();
        create_table(&account, "Many").await.unwrap();
        create_table(&account, "Many").await.unwrap();
        // One more than a page holds.
        let keys: Vec<String> = (0..=1000).rev().map(|n| format!("r{n:04}")).collect();
        let inserts = keys.iter().map(|key| {
            let account = &account;
            async move {
                let row = json!({"PartitionKey": "p", "RowKey": key,
                    "At": "2025-12-08T14:30:00Z", "At@odata.type": "Edm.DateTime"});
                insert(account, "Many", &row).await
            }
        });
        // Not all at once: each has a connection of its own.
        futures::stream::iter(inserts).buffer_unordered(50).try_collect::<()>().await.unwrap();

        let rows = rows(&account, "Many").await.unwrap();

        assert_eq!(rows.len(), 1001);
        assert!(rows.is_sorted_by_key(|row| text(row, "RowKey").to_owned()));
        let columns: Vec<&str> = rows[0].keys().map(String::as_str).collect();
        assert_eq!(columns, ["At", "PartitionKey", "RowKey", "Timestamp"]);
    }

    #[tokio::test]
    async fn a_merge_changes_only_its_columns() {
        let account = account();
        create_table(&account, "Review").await.unwrap();
        let row = json!({"PartitionKey": "open", "RowKey": "r", "Text": "kept", "Decision": ""});
        insert(&account, "Review", &row).await.unwrap();

        merge(&account, "Review", "open", "r", &json!({"Decision": "consent"})).await.unwrap();

        let rows = rows(&account, "Review").await.unwrap();
        assert_eq!((text(&rows[0], "Text"), text(&rows[0], "Decision")), ("kept", "consent"));
    }

    #[tokio::test]
    async fn a_queue_counts_what_is_being_worked_on_and_shows_what_is_not() {
        let account = account();
        assert_eq!(queue_length(&account, "work").await.unwrap(), 0);
        assert!(queue_texts(&account, "work").await.unwrap().is_empty());
        let queue = queue_client(&account, "work");
        queue.create().await.unwrap();
        queue.put_message(BASE64.encode("[1]")).await.unwrap();
        queue.put_message("not base64").await.unwrap();

        assert_eq!(queue_texts(&account, "work").await.unwrap(), ["[1]", "not base64"]);
        queue.get_messages().number_of_messages(NumberOfMessages::new(1)).await.unwrap();
        assert_eq!(queue_texts(&account, "work").await.unwrap(), ["not base64"]);
        assert_eq!(queue_length(&account, "work").await.unwrap(), 2);
    }
}
