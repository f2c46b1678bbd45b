//! `export`: a whole table, for Excel, for another program, or as a backup.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::{Map, Value};

use super::Failure;
use crate::config;
use crate::storage::{HISTORY_TABLE, REVIEW_TABLE, STATUS_TABLE, Tables};

pub(super) const EXAMPLE: &str = "\
Needs only the storage settings. The output is patients' data.

Examples:
  spruce-consent export status > status.csv
  spruce-consent export history --format json > history.jsonl";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which table
    table: Table,
    /// CSV for Excel, or a JSON object per line
    #[arg(long, default_value = "csv")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Table {
    /// What holds for each conversation
    Status,
    /// Everything that happened
    History,
    /// What waits for staff
    Review,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For Excel
    Csv,
    /// An object per line
    Json,
}

pub(super) async fn run(arguments: &Arguments, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let (account, zone) = config::read_storage(setting)?;
    let tables = Tables::new(&account, zone)?;
    let table = match arguments.table {
        Table::Status => STATUS_TABLE,
        Table::History => HISTORY_TABLE,
        Table::Review => REVIEW_TABLE,
    };
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut rows = 0;
    let written = match arguments.format {
        Format::Json => {
            let each = |row: Map<String, Value>| {
                rows += 1;
                writeln!(output, "{}", Value::Object(row))
            };
            tables.export(table, each).await?
        }
        Format::Csv => {
            // Columns of staff's own may begin anywhere in the table, and the header comes first: so it is read twice.
            let mut columns = BTreeSet::new();
            let collect = |row: Map<String, Value>| {
                columns.extend(row.into_iter().map(|(column, _)| column));
                Ok(())
            };
            tables.export(table, collect).await?.and_then(|()| {
                // Excel takes a file for UTF-8 only if it begins so.
                write!(output, "\u{feff}")?;
                write_line(&mut output, columns.iter().map(String::as_str))
            })?;
            let each = |row: Map<String, Value>| {
                rows += 1;
                let cells: Vec<String> = columns.iter().map(|column| cell(row.get(column))).collect();
                write_line(&mut output, cells.iter().map(String::as_str))
            };
            tables.export(table, each).await?
        }
    };
    written.and_then(|()| output.flush())?;
    eprintln!("{rows} rows of {table}.");
    Ok(())
}

fn write_line<'a>(output: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let quoted: Vec<String> = cells.map(quoted).collect();
    write!(output, "{}\r\n", quoted.join(","))
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A cell that Excel shows and never runs: what begins like a formula gets an apostrophe (OWASP, CSV injection), and
/// line breaks, which tools count as rows, become spaces.
fn quoted(text: &str) -> String {
    let line: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let guard = if line.starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']) { "'" } else { "" };
    format!("\"{guard}{}\"", line.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_shown_and_never_run() {
        for (text, cell) in [
            ("Yes", r#""Yes""#),
            ("", r#""""#),
            ("she said \"no\", twice", r#""she said ""no"", twice""#),
            ("=HYPERLINK(\"http://x\")", r#""'=HYPERLINK(""http://x"")""#),
            ("+12055550101", r#""'+12055550101""#),
            ("-1", r#""'-1""#),
            ("@x", r#""'@x""#),
            ("\t=1", r#""' =1""#),
            ("a\r\nb\0c", r#""a  b c""#),
            ("sí 👍", r#""sí 👍""#),
        ] {
            assert_eq!(quoted(text), cell);
        }
    }
}
