//! What commands share when they speak to a person: tables, emphasis, progress, and the question before a change that
//! cannot be undone.
//!
//! Words and progress go to stderr, data to stdout. Colours and bars appear only on a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;

/// The narrowest terminal that tables are fitted to, in columns; on a smaller one lines break as the terminal does it.
const NARROWEST: u16 = 60;

/// How wide the names before [`fields`] are, in columns: a hash in hex behind one fits on paper with 80.
const NAME_COLUMNS: u16 = 12;

/// How often a progress bar moves when nothing happens.
const TICK: Duration = Duration::from_millis(120);

/// All is well.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();

/// Look at this soon.
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default();

/// This does not work.
pub(super) const BAD: Style = AnsiColor::Red.on_default();

/// The name of something, a heading.
pub(super) const STRONG: Style = Style::new().bold();

/// Writes a line, or several, of data to stdout.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    writeln!(stdout, "{text}")?;
    Ok(stdout.flush()?)
}

/// Columns with a heading each, figures to the right, for stdout: fitted to a terminal, in full width for a pipe or a
/// file.
pub(super) fn table<const COLUMNS: usize>(
    heading: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    fitted(heading, rows, width())
}

/// How wide the terminal is that stdout goes to, in columns; `None` for a pipe or a file.
pub(super) fn width() -> Option<u16> {
    console::Term::stdout().size_checked().map(|(_, width)| width.max(NARROWEST))
}

/// Names and what they stand for, a line each, without those that stand for nothing. Long texts, and texts of several
/// lines, go on under their beginning: what somebody else wrote cannot look like a line of ours.
pub(super) fn fields<'a>(fields: impl IntoIterator<Item = (&'a str, String)>, width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for (name, value) in fields {
        if !value.is_empty() {
            let lines: Vec<String> = value.lines().map(plain).collect();
            table.add_row([name, lines.join("\n").as_str()]);
        }
    }
    if let Some(names) = table.column_mut(0) {
        names.set_padding((0, 2)).set_constraint(ColumnConstraint::Absolute(Width::Fixed(NAME_COLUMNS + 2)));
    }
    if let Some(values) = table.column_mut(1) {
        values.set_padding((0, 0));
    }
    table.trim_fmt()
}

/// The same text, each line further to the right.
pub(super) fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}\n")).collect();
    lines.concat()
}

/// A bar of block characters, `part` of `whole` of the width `columns`. What is not nothing shows.
pub(super) fn bar(part: u32, whole: u32, columns: u32) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (u64::from(part) * u64::from(columns) * 8).checked_div(u64::from(whole)).unwrap_or(0);
    let eighths = if part > 0 { eighths.max(1) } else { 0 };
    let (full, rest) = (usize::try_from(eighths / 8).unwrap_or(0), usize::try_from(eighths % 8).unwrap_or(0));
    "█".repeat(full) + EIGHTHS.get(rest).copied().unwrap_or_default()
}

/// A text of somebody else's that a terminal shows and never obeys: escape sequences could move the cursor or recolour
/// the screen, and marks of writing direction could swap what stands around a "no".
pub(super) fn plain(text: &str) -> String {
    let harmless = |char: char| match char {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        char if char.is_control() => Some(' '),
        char => Some(char),
    };
    text.chars().filter_map(harmless).collect()
}

/// A text in a style, for [`anstream`]'s macros, which leave the style away where nobody sees it.
pub(super) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A bar on stderr for work of `steps` steps, or a spinner where nobody knows how many there are. Shown only on a
/// terminal; it goes away when it is dropped.
pub(super) fn progress(what: &'static str, steps: Option<u64>) -> ProgressBar {
    let bar = match steps {
        Some(steps) => ProgressBar::new(steps),
        None => ProgressBar::new_spinner(),
    };
    let template = match steps {
        Some(_) => "{msg} {wide_bar} {pos}/{len} ({eta})",
        None => "{spinner} {msg} {pos}",
    };
    // A template that cannot be read is only less pretty.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_message(what);
    bar.enable_steady_tick(TICK);
    bar
}

/// Shows what is about to be done, and goes on only if that is meant: `yes` says so beforehand, or a person at the
/// terminal does.
pub(super) fn confirm(plan: &str, yes: bool) -> Result<(), Failure> {
    anstream::eprintln!("{plan}");
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::Failed("nothing was done; if this is meant, say so with --yes".to_owned()));
    }
    anstream::eprint!("Go on? [y/N] ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Failure::Failed("nothing was done".to_owned()))
}

fn fitted<const COLUMNS: usize>(
    heading: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
    width: Option<u16>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(heading.map(str::to_uppercase));
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    let mut are_figures = [true; COLUMNS];
    for row in rows {
        for (are_figures, cell) in are_figures.iter_mut().zip(&row) {
            *are_figures &= cell.chars().all(|char| char.is_ascii_digit() || matches!(char, ' ' | '%' | '–'));
        }
        table.add_row(row.map(|cell| plain(&cell)));
    }
    for (column, are_figures) in table.column_iter_mut().zip(are_figures) {
        column.set_padding((0, 2));
        if are_figures {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> [[String; 2]; 2] {
        let rows = [("a", "one two three four five six seven eight nine ten eleven twelve"), ("bcd", "sí 👍")];
        rows.map(|(id, text)| [id.to_owned(), text.to_owned()])
    }

    #[test]
    fn columns_line_up_and_a_row_stays_on_one_line_in_a_pipe() {
        insta::assert_snapshot!(fitted(["id", "text"], rows(), None), @r"
        ID   TEXT
        a    one two three four five six seven eight nine ten eleven twelve
        bcd  sí 👍
        ");
    }

    #[test]
    fn columns_are_fitted_to_a_terminal() {
        insta::assert_snapshot!(fitted(["id", "text"], rows(), Some(60)), @r"
        ID   TEXT
        a    one two three four five six seven eight nine ten
             eleven twelve
        bcd  sí 👍
        ");
    }

    #[test]
    fn a_long_text_goes_on_under_its_beginning() {
        let fields = fields(
            [("text", "yes\nstatus  Declined".to_owned()), ("note", String::new()), ("status", "one ".repeat(12))],
            Some(50),
        );
        insta::assert_snapshot!(fields, @r"
        text          yes
                      status  Declined
        status        one one one one one one one one one
                      one one one
        ");
    }

    #[test]
    fn bars_show_their_part_and_never_hide_a_little() {
        for (part, whole, shown) in
            [(0, 0, ""), (0, 9, ""), (1, 1000, "▏"), (1, 2, "██"), (5, 8, "██▌"), (9, 9, "████")]
        {
            assert_eq!(bar(part, whole, 4), shown, "{part} of {whole}");
        }
    }

    #[test]
    fn a_terminal_obeys_nothing_in_a_patients_text() {
        assert_eq!(plain("no\u{1b}[2Jyes\r\n\u{202e}sey\u{7}"), "no [2Jyes  sey ");
    }
}
