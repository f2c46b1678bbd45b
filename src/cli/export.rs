//! `export`: a whole table, for Excel, for another program, or as a backup.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::Value;

use super::{Failure, terminal};
use crate::config;
use crate::storage::{Row, Table, Tables};

pub(super) const EXAMPLE: &str = "\
Needs only the storage settings. The output is patients' data.

In CSV, what Excel would run or change (a text that begins like a formula, a phone number, an id with zeros before it) \
has an apostrophe before it, and line breaks are spaces. JSON lines have every text exactly.

Examples:
  spruce-consent export status > status.csv
  spruce-consent export history --format json > history.jsonl";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which table
    table: Which,
    /// CSV for Excel, or a JSON object per line
    #[arg(long, default_value = "csv")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
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
        Which::Status => Table::Status,
        Which::History => Table::History,
        Which::Review => Table::Review,
    };
    let mut output = io::BufWriter::new(io::stdout().lock());
    let rows = terminal::progress("Rows", None);
    let written = match arguments.format {
        Format::Json => {
            let each = |row: Row| {
                rows.inc(1);
                writeln!(output, "{}", serde_json::to_string(&row)?)
            };
            tables.export(table, each).await?
        }
        Format::Csv => {
            // Columns of staff's own may begin anywhere in the table, and the header comes first: so it is read twice.
            let mut columns = BTreeSet::new();
            let collect = |row: Row| {
                columns.extend(row.into_keys());
                Ok(())
            };
            tables.export(table, collect).await?.and_then(|()| {
                // Excel takes a file for UTF-8 only if it begins so.
                write!(output, "\u{feff}")?;
                write_line(&mut output, columns.iter().map(String::as_str))
            })?;
            let each = |row: Row| {
                rows.inc(1);
                write_row(&mut output, &columns, &row)
            };
            tables.export(table, each).await?
        }
    };
    written.and_then(|()| output.flush())?;
    let count = rows.position();
    drop(rows);
    match count {
        1 => eprintln!("1 row of {}.", table.name()),
        count => eprintln!("{count} rows of {}.", table.name()),
    }
    Ok(())
}

/// A row under the header: whatever it has, each of its cells stands under its column. A column that somebody adds while
/// the table is read is left out.
fn write_row(output: &mut impl Write, columns: &BTreeSet<String>, row: &Row) -> io::Result<()> {
    let cells: Vec<String> = columns.iter().map(|column| cell(row.get(column))).collect();
    write_line(output, cells.iter().map(String::as_str))
}

fn write_line<'a>(output: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let quoted: Vec<String> = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    write!(output, "{}\r\n", quoted.join(","))
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => shown(text),
        Some(other) => other.to_string(),
    }
}

/// A text as Excel shows it and never runs or changes it: what would be taken for a formula or a number gets an
/// apostrophe, and line breaks, which tools count as rows, become spaces.
fn shown(text: &str) -> String {
    let line: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    if begins_like_a_formula(text) || is_changed_as_a_number(text) { format!("'{line}") } else { line }
}

/// By OWASP's page on CSV injection: these signs, their full-width forms, a tab and a line break. White space before a
/// sign is not relied on: programs may leave it away.
fn begins_like_a_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// Whether Excel would make another number, or a date, of an id or a reply such as `007`, `1-2`, `1e5`, or one of more
/// than 15 digits. A plain number is the same either way.
fn is_changed_as_a_number(text: &str) -> bool {
    const EXACT_DIGITS: usize = 15;
    let text = text.trim();
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = is_digits && text.len() <= EXACT_DIGITS && (text == "0" || !text.starts_with('0'));
    let looks_like_a_number = text.starts_with(|char: char| char.is_ascii_digit() || char == '.')
        && text
            .chars()
            .all(|char| char.is_ascii_digit() || matches!(char, '.' | ',' | ':' | '/' | '-' | 'e' | 'E' | ' '));
    looks_like_a_number && !is_plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_shown_and_never_run_or_changed() {
        for (text, cell) in [
            ("Yes", "Yes"),
            ("", ""),
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+12055550101", "'+12055550101"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\u{ff1d}1+1", "'\u{ff1d}1+1"),
            ("\u{ff0b}1", "'\u{ff0b}1"),
            ("\u{ff0d}1", "'\u{ff0d}1"),
            ("\u{ff20}x", "'\u{ff20}x"),
            ("  =1+1", "'  =1+1"),
            ("\u{a0}=1+1", "'\u{a0}=1+1"),
            ("\t=1", "' =1"),
            ("\rno", "' no"),
            ("\nno", "' no"),
            ("a\r\nb\0c", "a  b c"),
            ("a=b", "a=b"),
            ("0012345", "'0012345"),
            ("1234567890123456", "'1234567890123456"),
            ("1-2", "'1-2"),
            ("3/4", "'3/4"),
            ("1e5", "'1e5"),
            (".5", "'.5"),
            ("1", "1"),
            ("0", "0"),
            ("2025-12-08T14:30:00Z", "2025-12-08T14:30:00Z"),
            ("2025-12-08 08:30 CST", "2025-12-08 08:30 CST"),
            ("sí 👍", "sí 👍"),
        ] {
            assert_eq!(shown(text), cell);
        }
    }

    #[test]
    fn a_column_that_comes_or_goes_between_the_readings_shifts_no_cell() {
        let columns = ["A", "C"].map(str::to_owned).into();
        for (row, line) in [
            (r#"{"A":"1","B":"new","C":true}"#, "\"1\",\"true\"\r\n"),
            (r#"{"C":"she said \"no\", twice"}"#, "\"\",\"she said \"\"no\"\", twice\"\r\n"),
        ] {
            let mut output = Vec::new();
            write_row(&mut output, &columns, &serde_json::from_str(row).unwrap()).unwrap();
            assert_eq!(String::from_utf8(output).unwrap(), line);
        }
    }
}
