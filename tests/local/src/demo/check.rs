//! Whether the tables hold what the story expects.

use crate::azurite::Account;
use crate::tables::{self, Row, text};

use super::story::{Act, Outcome};

/// The three tables, as they are at one moment.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// `ConsentStatus`
    pub status: Vec<Row>,
    /// `ConsentHistory`
    pub history: Vec<Row>,
    /// `ConsentReview`
    pub review: Vec<Row>,
}

impl Tables {
    /// Reads them.
    pub async fn read(account: &Account) -> Result<Self, tables::Error> {
        Ok(Self {
            status: tables::rows(account, "ConsentStatus").await?,
            history: tables::rows(account, "ConsentHistory").await?,
            review: tables::rows(account, "ConsentReview").await?,
        })
    }

    /// What they hold about the conversations of these acts.
    #[must_use]
    pub fn about(&self, acts: &[Act]) -> Self {
        let conversations: Vec<&str> =
            acts.iter().filter_map(|act| Some(act.outcome.as_ref()?.conversation.as_str())).collect();
        let about = |rows: &[Row]| {
            rows.iter().filter(|row| conversations.contains(&text(row, "ConversationId"))).cloned().collect()
        };
        Self { status: about(&self.status), history: about(&self.history), review: about(&self.review) }
    }

    /// What differs from what the acts expect: a sentence each. Empty if all is as it should be.
    pub fn differences(&self, acts: &[Act]) -> Vec<String> {
        let outcomes: Vec<&Outcome> = acts.iter().filter_map(|act| act.outcome.as_ref()).collect();
        let mut differences: Vec<String> = Vec::new();
        for act in acts {
            for sentence in act.outcome.iter().flat_map(|outcome| self.differences_in(outcome)) {
                differences.push(format!("{} {sentence}", act.title));
            }
        }
        let expected =
            |row: &Row| outcomes.iter().any(|outcome| text(row, "ConversationId") == outcome.conversation.as_str());
        for (table, rows) in
            [("ConsentStatus", &self.status), ("ConsentHistory", &self.history), ("ConsentReview", &self.review)]
        {
            for row in rows.iter().filter(|row| !expected(row)) {
                let conversation = text(row, "ConversationId");
                differences.push(format!("{table} has a row about {conversation}, of which nothing should be stored."));
            }
        }
        differences
    }

    fn differences_in(&self, outcome: &Outcome) -> Vec<String> {
        let id = outcome.conversation.as_str();
        let mut differences = Vec::new();

        let mut statuses = self.status.iter().filter(|row| text(row, "PartitionKey") == id);
        match (statuses.next(), statuses.next()) {
            (Some(row), None) => {
                let opted_out = if outcome.opted_out { "true" } else { "false" };
                let stored = row.get("OptedOut").map(ToString::to_string).unwrap_or_default();
                let decided_by = match (outcome.decision(), outcome.status) {
                    (Some(typed), _) => typed.reviewed_by,
                    (None, "NeedsReview") => "",
                    (None, _) => "patient",
                };
                for (column, stored, expected) in [
                    ("Status", text(row, "Status"), outcome.status),
                    ("MatchStatus", text(row, "MatchStatus"), outcome.match_status),
                    ("OptedOut", stored.as_str(), opted_out),
                    ("DecidedBy", text(row, "DecidedBy"), decided_by),
                ] {
                    if stored != expected {
                        differences.push(format!("{column} is {stored:?} and should be {expected:?}."));
                    }
                }
            }
            (None, _) => differences.push("There is no row in ConsentStatus.".to_owned()),
            (Some(_), Some(_)) => differences.push("There is more than one row in ConsentStatus.".to_owned()),
        }

        // The history's keys put the newest first.
        let stored: Vec<(&str, &str)> = self
            .history
            .iter()
            .rev()
            .filter(|row| text(row, "PartitionKey") == id && text(row, "Kind") == "reply")
            .map(|row| (text(row, "ItemId"), text(row, "VerbatimText")))
            .collect();
        let expected: Vec<(&str, &str)> =
            outcome.replies.iter().map(|(item, text)| (item.as_str(), text.as_str())).collect();
        if stored != expected {
            differences.push(format!("The replies in ConsentHistory are {stored:?} and should be {expected:?}."));
        }

        differences.extend(self.difference_in_decisions(outcome));

        let reviews: Vec<&Row> = self.review.iter().filter(|row| text(row, "ConversationId") == id).collect();
        if reviews.len() != usize::from(outcome.review) {
            let expected = if outcome.review { "one" } else { "none" };
            differences.push(format!("ConsentReview has {} rows and should have {expected}.", reviews.len()));
        }
        let is_answered = outcome.typed.is_some() && outcome.decision().is_none();
        for row in reviews {
            let problem = text(row, "Problem");
            if problem.is_empty() == is_answered {
                let expected = if is_answered { "an answer to what was typed" } else { "empty" };
                differences.push(format!("Problem is {problem:?} and should be {expected}."));
            }
        }
        differences
    }

    /// The decisions of staff that the history has, against those that it should have.
    fn difference_in_decisions(&self, outcome: &Outcome) -> Option<String> {
        let of_this = |row: &&Row| text(row, "PartitionKey") == outcome.conversation.as_str();
        let stored: Vec<[&str; 3]> = (self.history.iter().filter(of_this))
            .filter(|row| text(row, "Kind") == "review")
            .map(|row| ["Decision", "ReviewedBy", "Note"].map(|column| text(row, column)))
            .collect();
        let expected: Vec<[&str; 3]> =
            outcome.decision().map(|typed| [typed.decision, typed.reviewed_by, typed.note]).into_iter().collect();
        (stored != expected)
            .then(|| format!("The decisions of staff in ConsentHistory are {stored:?} and should be {expected:?}."))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::demo::story::{self, Typed};
    use crate::spruce::Spruce;

    fn row(columns: serde_json::Value) -> Row {
        serde_json::from_value(columns).unwrap()
    }

    /// The tables as the acts expect them.
    fn as_expected(acts: &[Act]) -> Tables {
        let mut tables = Tables::default();
        for outcome in acts.iter().filter_map(|act| act.outcome.as_ref()) {
            let id = outcome.conversation.as_str();
            let decided_by = match outcome.typed {
                Some(typed) => typed.reviewed_by,
                None if outcome.status == "NeedsReview" => "",
                None => "patient",
            };
            tables.status.push(row(json!({"PartitionKey": id, "ConversationId": id, "Status": outcome.status,
                "MatchStatus": outcome.match_status, "OptedOut": outcome.opted_out, "DecidedBy": decided_by})));
            if let Some(Typed { decision, reviewed_by, note, .. }) = outcome.typed {
                tables.history.push(row(json!({"PartitionKey": id, "ConversationId": id, "Kind": "review",
                    "Decision": decision, "ReviewedBy": reviewed_by, "Note": note})));
            }
            for (item, text) in outcome.replies.iter().rev() {
                tables.history.push(row(json!({"PartitionKey": id, "ConversationId": id, "Kind": "reply",
                    "ItemId": item.as_str(), "VerbatimText": text})));
            }
            if outcome.review {
                tables.review.push(row(json!({"PartitionKey": "open", "ConversationId": id})));
            }
        }
        tables
    }

    type Change = fn(&mut Tables);

    #[tokio::test]
    async fn each_difference_is_told() {
        let mut acts = story::day(&Spruce::start().await.unwrap());
        let decided =
            Typed { patient: "Dan", decision: "consent", reviewed_by: "Kim", note: "", status: Some("Consented") };
        acts[3].outcome.as_mut().unwrap().type_in(decided);
        let whole = as_expected(&acts);
        assert!(whole.differences(&acts).is_empty());

        let changes: [(Change, &str); 11] = [
            (
                |tables| drop(tables.status.remove(0)),
                "Ada is asked, and writes “Yes”. There is no row in ConsentStatus.",
            ),
            (|tables| tables.status.push(tables.status[0].clone()), "There is more than one row"),
            (|tables| _ = tables.status[1].insert("Status".into(), json!("Consented")), "Status is \"Consented\""),
            (|tables| _ = tables.status[2].insert("OptedOut".into(), json!(false)), "OptedOut is \"false\""),
            (|tables| _ = tables.status[0].insert("MatchStatus".into(), json!("")), "should be \"matched\""),
            (|tables| _ = tables.history.pop(), "The replies in ConsentHistory are []"),
            (|tables| tables.review.clear(), "ConsentReview has 0 rows and should have one."),
            (
                |tables| tables.history.retain(|row| text(row, "Kind") != "review"),
                "The decisions of staff in ConsentHistory are [] and should be [[\"consent\", \"Kim\", \"\"]].",
            ),
            (|tables| _ = tables.status[3].insert("DecidedBy".into(), json!("patient")), "DecidedBy is \"patient\""),
            (|tables| _ = tables.review[0].insert("Problem".into(), json!("no")), "Problem is \"no\""),
            (|tables| tables.review.push(Row::new()), "of which nothing should be stored."),
        ];
        for (change, sentence) in changes {
            let mut tables = whole.clone();
            change(&mut tables);
            let differences = tables.differences(&acts).join("\n");
            assert!(differences.contains(sentence), "{sentence}: {differences}");
        }
    }
}
