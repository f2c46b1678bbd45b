//! The front desk: a member of staff decides two reviews in the worklist, as in Storage Explorer, and the real
//! `review apply` takes them up.

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::timeout;

use super::check::Tables;
use super::screen::{Column, Line, Screen, Tone};
use super::story::{Act, FRONT_DESK, Typed};
use super::{DemoError, Stage, TIME_ZONE, WORKING_TIME, cell, hold, patient, show_history, show_status};
use crate::tables::{self, Row, text};

/// Lets the front desk work, changes in `acts` what the tables should hold, and ends the play if they do not. Gives the
/// tables as they are then.
pub(super) async fn work(
    stage: &Stage,
    acts: &mut [Act],
    screen: &mut Screen<io::Stdout>,
) -> Result<Tables, DemoError> {
    screen.step("Kim at the front desk decides two reviews in Azure Storage Explorer")?;
    let (mut tables, mut differences) = (Tables::default(), Vec::new());
    for look in &FRONT_DESK {
        screen.say(look.title, None)?;
        let mut rows = Vec::new();
        for typed in look.typed {
            match type_into(stage, typed).await? {
                Some(row) => {
                    note_down(acts, &row, typed);
                    rows.push(row);
                }
                None => differences.push(format!("{} has no row in ConsentReview to type into.", typed.patient)),
            }
        }
        show("ConsentReview, while Kim types", &rows, screen)?;
        screen.say(look.remark, None)?;
        differences.extend(apply(stage, screen).await?);
        // The handler may have looked at the same moment, and be busy with the same rows.
        stage.catch_up(screen).await?;

        tables = Tables::read(&stage.account).await?;
        differences.extend(tables.differences(acts));
        let left = about_typed(&tables, acts).review;
        if left.is_empty() {
            screen.say("Both rows are gone from ConsentReview; what Kim decided is in the other two tables.", None)?;
        } else {
            show("ConsentReview, of these rows", &left, screen)?;
        }
        if !differences.is_empty() {
            break;
        }
    }
    let decided = about_typed(&tables, acts);
    show_status(&decided.status, screen)?;
    let decisions: Vec<Row> = decided.history.into_iter().filter(|row| text(row, "Kind") == "review").collect();
    show_history(&decisions, screen)?;
    screen.verbatim("")?;
    hold(stage, differences, screen).await?;
    Ok(tables)
}

/// Types into the patient's row. Gives the row as it looks now; `None` if there is none.
async fn type_into(stage: &Stage, typed: &Typed) -> Result<Option<Row>, DemoError> {
    let rows = tables::rows(&stage.account, "ConsentReview").await?;
    let Some(mut row) = rows.into_iter().find(|row| text(row, "PatientName") == typed.patient) else {
        return Ok(None);
    };
    let columns = [("Decision", typed.decision), ("ReviewedBy", typed.reviewed_by), ("Note", typed.note)];
    row.extend(columns.map(|(column, text)| (column.to_owned(), Value::from(text))));
    let columns = json!(BTreeMap::from(columns));
    tables::merge(&stage.account, "ConsentReview", text(&row, "PartitionKey"), text(&row, "RowKey"), &columns).await?;
    Ok(Some(row))
}

/// Runs the handler's own `review apply`, and prints what it says. Returns what is wrong with that.
async fn apply(stage: &Stage, screen: &mut Screen<io::Stdout>) -> Result<Option<String>, DemoError> {
    let mut command = Command::new(&stage.handler);
    command
        .args(["review", "apply"])
        .env_clear()
        // Without it, Windows gives a process no sockets.
        .envs(env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
        .env("AzureWebJobsStorage", stage.account.connection_string())
        .env("CLINIC_TIME_ZONE", TIME_ZONE)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = timeout(WORKING_TIME, command.output()).await.map_err(io::Error::from)??;
    let tone = if output.status.success() { Tone::Quiet } else { Tone::Bad };
    for words in [output.stdout, output.stderr] {
        for line in String::from_utf8_lossy(&words).lines() {
            screen.detail(line, Some(tone))?;
        }
    }
    Ok((!output.status.success()).then(|| format!("`review apply` ended with {}.", output.status)))
}

/// Changes what the tables should hold about the row's conversation.
fn note_down(acts: &mut [Act], row: &Row, typed: &Typed) {
    let mut outcomes = acts.iter_mut().filter_map(|act| act.outcome.as_mut());
    if let Some(outcome) = outcomes.find(|outcome| outcome.conversation.as_str() == text(row, "ConversationId")) {
        outcome.type_in(*typed);
    }
}

/// What the tables hold about the conversations that staff typed something about.
fn about_typed(tables: &Tables, acts: &[Act]) -> Tables {
    let is_typed = |act: &&Act| act.outcome.as_ref().is_some_and(|outcome| outcome.typed.is_some());
    tables.about(&acts.iter().filter(is_typed).cloned().collect::<Vec<_>>())
}

/// Prints rows of the worklist with the columns that staff type into, and a line of space for the text that follows.
fn show(heading: &str, rows: &[Row], screen: &mut Screen<io::Stdout>) -> Result<(), DemoError> {
    let columns = [
        Column { title: "Patient", elastic: false },
        Column { title: "ReplyText", elastic: true },
        Column { title: "Decision", elastic: false },
        Column { title: "ReviewedBy", elastic: false },
        Column { title: "Note", elastic: true },
    ];
    let lines = rows.iter().map(|row| Line {
        cells: vec![
            patient(row),
            cell(row, "ReplyText"),
            cell(row, "Decision"),
            cell(row, "ReviewedBy"),
            cell(row, "Note"),
        ],
        tone: Some(Tone::Open),
        sentence: match text(row, "Problem") {
            "" => String::new(),
            problem => format!("Problem: {problem}"),
        },
    });
    screen.table(heading, &columns, &lines.collect::<Vec<_>>())?;
    screen.verbatim("")?;
    Ok(())
}
