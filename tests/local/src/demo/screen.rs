//! Writes to a terminal, or to a file that somebody reads later.

use std::io::{self, IsTerminal as _, Write};

/// The width that is written for where nobody knows one.
const DEFAULT_WIDTH: usize = 100;

/// The narrowest table that is still readable; a narrower terminal wraps it.
const MIN_WIDTH: usize = 60;

/// Space between two columns.
const GAP: &str = "  ";

/// How far the sentence on a row is set in.
const INDENT: &str = "    ";

/// Where the demonstration writes.
#[derive(Debug)]
pub(super) struct Screen<W> {
    out: W,
    width: usize,
    colour: bool,
    step: usize,
}

/// What a colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Strong,
    Quiet,
    Good,
    Bad,
    Open,
}

impl Tone {
    /// The ANSI sequence.
    const fn code(self) -> &'static str {
        match self {
            Self::Strong => "\x1b[1m",
            Self::Quiet => "\x1b[2m",
            Self::Good => "\x1b[32m",
            Self::Bad => "\x1b[31m",
            Self::Open => "\x1b[33m",
        }
    }
}

/// One column of a table: its title, and whether it gives way where the screen is narrow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) elastic: bool,
}

/// One row of a table, with the sentence on it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) cells: Vec<String>,
    pub(super) tone: Option<Tone>,
    pub(super) sentence: String,
}

impl Screen<io::Stdout> {
    /// Standard output, with colour only where it is a terminal that has it.
    pub(super) fn stdout() -> Self {
        let out = io::stdout();
        let has = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = out.is_terminal() && !has("NO_COLOR") && !is_dumb;
        let width = terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
        Self { out, width: width.max(MIN_WIDTH), colour, step: 0 }
    }
}

impl<W: Write> Screen<W> {
    /// Begins the next step.
    pub(super) fn step(&mut self, what: &str) -> io::Result<()> {
        self.step += 1;
        let number = format!("{}.", self.step);
        let heading = self.painted(&format!("{number:>3} {what}"), Some(Tone::Strong));
        writeln!(self.out, "\n{heading}")?;
        self.out.flush()
    }

    /// A line of text, set in under its step and wrapped.
    pub(super) fn say(&mut self, text: &str, tone: Option<Tone>) -> io::Result<()> {
        self.set_in(1, text, tone)
    }

    /// A line of text that belongs to the one before.
    pub(super) fn detail(&mut self, text: &str, tone: Option<Tone>) -> io::Result<()> {
        self.set_in(2, text, tone)
    }

    /// A line as it is, for copying: neither wrapped nor set in.
    pub(super) fn verbatim(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    /// A table, each row with its sentence below it.
    pub(super) fn table(&mut self, title: &str, columns: &[Column], lines: &[Line]) -> io::Result<()> {
        let rows = if lines.len() == 1 { "row" } else { "rows" };
        let heading = self.painted(title, Some(Tone::Strong));
        writeln!(self.out, "\n{heading} ({} {rows})", lines.len())?;
        let widths = widths(columns, lines, self.width);
        let titles: Vec<String> = columns.iter().map(|column| column.title.to_owned()).collect();
        let head = self.painted(&row(&titles, &widths), Some(Tone::Quiet));
        writeln!(self.out, "{head}")?;
        for line in lines {
            let cells = self.painted(&row(&line.cells, &widths), line.tone);
            writeln!(self.out, "{cells}")?;
            self.set_in(1, &line.sentence, Some(Tone::Quiet))?;
        }
        self.out.flush()
    }

    fn set_in(&mut self, depth: usize, text: &str, tone: Option<Tone>) -> io::Result<()> {
        let indent = INDENT.repeat(depth);
        for line in wrapped(text, self.width.saturating_sub(indent.len())) {
            let line = self.painted(&line, tone);
            writeln!(self.out, "{indent}{line}")?;
        }
        self.out.flush()
    }

    fn painted(&self, text: &str, tone: Option<Tone>) -> String {
        match tone {
            Some(tone) if self.colour => format!("{}{text}\x1b[0m", tone.code()),
            Some(_) | None => text.to_owned(),
        }
    }
}

/// How wide each column is: as its widest cell, but the elastic ones share what is left of the screen.
fn widths(columns: &[Column], lines: &[Line], screen: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let cells = lines.iter().filter_map(|line| line.cells.get(index)).map(|cell| cell.chars().count());
            cells.chain([column.title.chars().count()]).max().unwrap_or_default()
        })
        .collect();
    let gaps = GAP.len() * columns.len().saturating_sub(1);
    // The widest elastic column gives way until all fit, but never below its title.
    while widths.iter().sum::<usize>() + gaps > screen {
        let widest = columns
            .iter()
            .zip(&mut widths)
            .filter(|(column, width)| column.elastic && **width > column.title.chars().count())
            .max_by_key(|(_, width)| **width);
        match widest {
            Some((_, width)) => *width -= 1,
            None => break,
        }
    }
    widths
}

fn row(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{:<width$}", shortened(cell, *width)));
    padded.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
}

fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Lines of at most `width` characters, broken between words; a longer word stands alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { title: "Patient", elastic: false },
        Column { title: "Text", elastic: true },
        Column { title: "Status", elastic: false },
    ];

    fn line(cells: [&str; 3], sentence: &str) -> Line {
        Line { cells: cells.map(str::to_owned).to_vec(), tone: Some(Tone::Good), sentence: sentence.to_owned() }
    }

    fn written(width: usize, colour: bool, lines: &[Line]) -> String {
        let mut screen = Screen { out: Vec::new(), width, colour, step: 0 };
        screen.table("Table", &COLUMNS, lines).unwrap();
        String::from_utf8(screen.out).unwrap()
    }

    #[test]
    fn a_table_fits_the_screen() {
        let text = "What would I have to pay for that, and when, and to whom?";
        let lines =
            [line(["Ada", text, "NeedsReview"], "A person has to read this reply, and to decide what it means.")];
        let expected = [
            "",
            "Table (1 row)",
            "Patient  Text                                    Status",
            "Ada      What would I have to pay for that, an…  NeedsReview",
            "    A person has to read this reply, and to decide what it",
            "    means.",
            "",
        ];
        assert_eq!(written(60, false, &lines), expected.join("\n"));
        for width in [20, 60, 100, 200] {
            let longest = written(width, false, &lines).lines().map(|line| line.chars().count()).max().unwrap();
            assert!(longest <= width.max(30), "{width}: {longest}");
        }
    }

    #[test]
    fn colour_is_only_written_when_asked_for() {
        let lines = [line(["Ada", "Yes", "Consented"], "The patient says yes.")];
        assert!(!written(80, false, &lines).contains('\x1b'));
        assert!(written(80, true, &lines).contains("\x1b[32mAda"));
    }

    #[test]
    fn long_words_stand_alone() {
        assert_eq!(wrapped("a conversation id", 5), ["a", "conversation", "id"]);
        assert!(wrapped("", 5).is_empty());
    }
}
