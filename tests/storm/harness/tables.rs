//! The tables as they are, held against the tables as they should be.

use std::collections::{BTreeMap, BTreeSet};

use local::azurite::Account;
use local::tables::{Error, Row, rows, text};

use super::expected;
use super::script::Story;

/// What the tables hold, and what differs from the oracle's.
pub(super) struct Comparison {
    /// How many rows there are, in all three tables.
    pub(super) rows: usize,
    /// By conversation, a line for each difference.
    pub(super) differences: BTreeMap<String, Vec<String>>,
}

pub(super) fn cell(row: &Row, column: &str) -> String {
    text(row, column).to_owned()
}

pub(super) async fn compare(account: &Account, stories: &[Story]) -> Result<Comparison, Error> {
    let mut statuses = by_conversation(rows(account, "ConsentStatus").await?);
    let mut histories = by_conversation(rows(account, "ConsentHistory").await?);
    let mut reviews = by_conversation(rows(account, "ConsentReview").await?);
    let count = [&statuses, &histories, &reviews].into_iter().flat_map(BTreeMap::values).map(Vec::len).sum();
    let mut differences = BTreeMap::new();
    for story in stories {
        let expected = expected::tables(story);
        let take = |rows: &mut BTreeMap<String, Vec<Row>>| rows.remove(story.id()).unwrap_or_default();
        let (status, history, review) = (take(&mut statuses), take(&mut histories), take(&mut reviews));
        let mut lines = differing("ConsentStatus", &expected.status, expected::compared(status));
        lines.extend(differing("ConsentReview", &expected.review, expected::compared(review)));
        lines.extend(expected.wrong_patients(&history));
        lines.extend(differing("ConsentHistory", &expected.history, expected::compared_history(history, story)));
        if !lines.is_empty() {
            differences.insert(story.id().to_owned(), lines);
        }
    }
    for (id, rows) in [statuses, histories, reviews].into_iter().flatten() {
        differences.insert(id, vec![format!("{} rows about a conversation that is not in the script", rows.len())]);
    }
    Ok(Comparison { rows: count, differences })
}

fn by_conversation(rows: Vec<Row>) -> BTreeMap<String, Vec<Row>> {
    let mut by_conversation: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_conversation.entry(cell(&row, "ConversationId")).or_default().push(row);
    }
    by_conversation
}

/// Rows that are there and should not be, and the other way round; of a row that differs, the columns that do.
fn differing(table: &str, expected: &[Row], mut stored: Vec<Row>) -> Vec<String> {
    let key = |row: &Row| ["RowKey", "ItemId", "Kind", "ModifiedAt"].map(|column| cell(row, column));
    let mut lines = Vec::new();
    for wanted in expected {
        let Some(place) = stored
            .iter()
            .position(|row| row == wanted)
            .or_else(|| stored.iter().position(|row| key(row) == key(wanted)))
        else {
            lines.push(format!("{table}: missing {wanted:?}"));
            continue;
        };
        let row = stored.swap_remove(place);
        let columns: BTreeSet<&String> = row.keys().chain(wanted.keys()).collect();
        for column in columns.into_iter().filter(|column| row.get(*column) != wanted.get(*column)) {
            lines.push(format!(
                "{table} {:?}: {column} is {:?} and should be {:?}",
                key(&row),
                row.get(column),
                wanted.get(column)
            ));
        }
    }
    lines.extend(stored.iter().map(|row| format!("{table}: not expected {row:?}")));
    lines
}
