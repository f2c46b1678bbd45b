//! One sentence on each row: why it is as it is. All of it follows from the row's own columns.

use serde_json::Value;

use crate::tables::{Row, text};

/// On a row of `ConsentStatus`.
pub(super) fn on_status(row: &Row) -> String {
    let mut clauses = vec![reason(row)];
    let decided_by = text(row, "DecidedBy");
    if !matches!(decided_by, "" | "patient") {
        clauses.push(format!("{decided_by} decided this"));
    }
    if let Some(replies @ 2..) = row.get("Replies").and_then(Value::as_u64) {
        clauses.push(format!("{replies} replies count in the order in which they were written"));
    }
    // Where it is in doubt who wrote, the reason says so already.
    if matches!(text(row, "MatchStatus"), "matched" | "matched_by_phone" | "unsaved") {
        clauses.extend(identity(row));
    }
    sentence(&clauses)
}

/// On a row of `ConsentHistory`.
pub(super) fn on_history(row: &Row) -> String {
    let decision = text(row, "Decision");
    match text(row, "Kind") {
        "reply" | "edit" if !decision.is_empty() => {
            let mut clauses = vec![format!("read as “{decision}” by the rule {}: {}", text(row, "Rule"), reason(row))];
            clauses.extend(identity(row));
            sentence(&clauses)
        }
        "request" => "The clinic asks for consent.".to_owned(),
        "edit" => "The clinic's request was changed.".to_owned(),
        "delete" => "The item was deleted in Spruce; what it said stays on record.".to_owned(),
        "restore" => "The deletion was taken back.".to_owned(),
        "match" => sentence(&identity(row).into_iter().collect::<Vec<_>>()),
        "context" if is_true(row, "PrecedingIsRequest") => {
            "The clinic's last text before this consent was the request.".to_owned()
        }
        "context" => "The clinic's last text before this consent was no request.".to_owned(),
        "review" => {
            sentence(&[format!("{} decided “{decision}”", text(row, "ReviewedBy")), text(row, "Note").to_owned()])
        }
        "confirmation" => "This was sent to the patient as a confirmation.".to_owned(),
        other => format!("A row of the kind {other}."),
    }
}

/// On a row of `ConsentReview`.
pub(super) fn on_review(row: &Row) -> String {
    // Some reasons say themselves what holds.
    if reason(row).ends_with("unless you decide otherwise") {
        return sentence(&[reason(row)]);
    }
    let what_holds = match text(row, "CurrentStatus") {
        "NeedsReview" | "" => "nothing is decided until staff decide",
        "Consented" => "the consent holds until staff decide",
        "Declined" => "the refusal holds until staff decide",
        other => return sentence(&[reason(row), format!("the status is {other} until staff decide")]),
    };
    sentence(&[reason(row), what_holds.to_owned()])
}

fn reason(row: &Row) -> String {
    text(row, "Reason").trim_end_matches('.').to_owned()
}

/// How it is known who wrote.
fn identity(row: &Row) -> Option<String> {
    let clause = match text(row, "MatchStatus") {
        "matched" => "the conversation names the contact",
        "matched_by_phone" => "one contact has this number",
        "shared_number" => "several contacts have this number",
        "ambiguous" => "it is not sure which participant wrote",
        "unsaved" => "no contact has this number, so the number stands for the patient",
        "pending" => "who wrote is not known yet",
        _ => return None,
    };
    Some(clause.to_owned())
}

fn is_true(row: &Row, column: &str) -> bool {
    row.get(column).and_then(Value::as_bool).unwrap_or(false)
}

fn sentence(clauses: &[String]) -> String {
    let clauses: Vec<&str> = clauses.iter().map(String::as_str).filter(|clause| !clause.is_empty()).collect();
    let joined = clauses.join("; ");
    let mut chars = joined.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(columns: &Value) -> Row {
        serde_json::from_value(columns.clone()).unwrap()
    }

    #[test]
    fn the_sentences_follow_from_the_columns() {
        let status = json!({"Reason": "The patient says no.", "Replies": 2, "DecidedBy": "patient",
            "MatchStatus": "matched"});
        assert_eq!(
            on_status(&row(&status)),
            "The patient says no; 2 replies count in the order in which they were written; the conversation names the \
             contact."
        );
        let shared = json!({"Reason": "Several patients share this number.", "MatchStatus": "shared_number"});
        assert_eq!(on_status(&row(&shared)), "Several patients share this number.");
        let by_staff =
            json!({"Reason": "Staff recorded that the patient declines.", "DecidedBy": "Robin", "Replies": 1});
        assert_eq!(on_status(&row(&by_staff)), "Staff recorded that the patient declines; Robin decided this.");

        let reply = json!({"Kind": "reply", "Decision": "consent", "Rule": "yes", "Reason": "The patient says yes.",
            "MatchStatus": "unsaved"});
        assert_eq!(
            on_history(&row(&reply)),
            "Read as “consent” by the rule yes: The patient says yes; no contact has this number, so the number stands \
             for the patient."
        );
        let decision = json!({"Kind": "review", "Decision": "consent", "ReviewedBy": "Robin", "Note": "by phone"});
        assert_eq!(on_history(&row(&decision)), "Robin decided “consent”; by phone.");
        let review = json!({"Reason": "A person has to read this reply.", "CurrentStatus": "Declined"});
        let deleted = json!({"Reason": "The refusal stands unless you decide otherwise.", "CurrentStatus": "Declined"});
        assert_eq!(on_review(&row(&deleted)), "The refusal stands unless you decide otherwise.");
        assert_eq!(on_review(&row(&review)), "A person has to read this reply; the refusal holds until staff decide.");
    }
}
