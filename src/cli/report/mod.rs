//! `report`: what a clinic wants to know about its consents, in numbers: as text, as JSON, or as a page.

mod html;
mod text;

use std::path::PathBuf;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::json;

use super::{Failure, since, terminal};
use crate::config;
use crate::domain::report::{Report, Tally};
use crate::storage::{HistoryRow, Tables};

pub(super) const EXAMPLE: &str = "\
Needs only the storage settings, and CLINIC_TIME_ZONE: weeks and days are the clinic's. What holds now and what waits is \
always of the whole record; --since and --until are about what happened, by week.

A time is 2026-11-20T09:30:00Z, a day such as 2026-11-20, or how long ago: 7d, 24h, 2w. \
There is no patient in the output but with --names.

Examples:
  spruce-consent report --since 8w
  spruce-consent report --since 2026-10-01 --until 2026-11-01 --json
  spruce-consent report --html report.html";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// From this time on; without it, from the beginning
    #[arg(long, value_name = "TIME", value_parser = since::checked)]
    since: Option<String>,
    /// Before this time; without it, until now
    #[arg(long, value_name = "TIME", value_parser = since::checked)]
    until: Option<String>,
    /// As JSON, for another program
    #[arg(long, conflicts_with = "html")]
    json: bool,
    /// As one page into this file, with charts, for a browser or for paper
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// List the open reviews, with patients' names
    #[arg(long)]
    names: bool,
}

/// A report, and what it is about.
struct Page {
    report: Report,
    since: Option<Timestamp>,
    until: Timestamp,
    made_at: Timestamp,
    zone: TimeZone,
    names: bool,
}

pub(super) async fn run(arguments: &Arguments, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let (account, zone) = config::read_storage(setting)?;
    let tables = Tables::new(&account, zone.clone())?;
    let now = Zoned::now().with_time_zone(zone.clone());
    let time = |text: &Option<String>| text.as_deref().map(|text| since::parse(text, &now)).transpose();
    let since = time(&arguments.since).map_err(Failure::Failed)?;
    let made_at = now.timestamp();
    let until = time(&arguments.until).map_err(Failure::Failed)?.unwrap_or(made_at);
    if since.is_some_and(|since| since >= until) {
        return Err(Failure::Failed("the time asked for ends before it begins".to_owned()));
    }

    let mut tally = Tally::new(made_at, since.unwrap_or(Timestamp::MIN)..until, zone.clone());
    let progress = terminal::progress("Rows", None);
    let add = |rows: Vec<HistoryRow>| {
        progress.inc(rows.len() as u64);
        let with_version = rows.into_iter().map(|row| {
            let rules_version = row.text("RulesVersion").to_owned();
            (row.entry, rules_version)
        });
        tally.add(with_version.collect());
    };
    tables.each_history(add).await?;
    drop(progress);
    let page = Page { report: tally.report(), since, until, made_at, zone, names: arguments.names };

    match &arguments.html {
        Some(file) => {
            let failed =
                |error: std::io::Error| Failure::Failed(format!("cannot write {}: {}", file.display(), error.kind()));
            std::fs::write(file, html::page(&page)).map_err(failed)?;
            eprintln!("Written: {}", file.display());
            Ok(())
        }
        None if arguments.json => terminal::print(&as_json_object(&page)),
        None => terminal::print(text::print(&page).trim_end()),
    }
}

fn as_json_object(page: &Page) -> String {
    let Page { report, since, until, made_at, zone, names } = page;
    let Report { now, total, weeks, agreement, rules, waiting } = report;
    let object = json!({
        "madeAt": made_at, "since": since, "until": until, "timeZone": zone.iana_name(), "now": now, "total": total,
        "weeks": weeks, "agreement": agreement, "rules": rules, "waiting": names.then_some(waiting),
    });
    object.to_string()
}

impl Page {
    /// What time it is about, in words, by days of the clinic.
    fn time(&self) -> String {
        let day = |time: Timestamp| time.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        let zone = self.zone.iana_name().unwrap_or("UTC");
        match self.since {
            None => format!("from the beginning until {} ({zone})", day(self.until)),
            Some(since) => format!("from {} until {} ({zone})", day(since), day(self.until)),
        }
    }

    fn age(&self, since: Timestamp) -> String {
        age(self.made_at.duration_since(since).as_hours())
    }
}

/// How long something waits.
fn age(hours: i64) -> String {
    const SPOKEN_IN_HOURS: i64 = 48;
    match hours {
        ..1 => "less than an hour".to_owned(),
        1 => "1 hour".to_owned(),
        hours if hours < SPOKEN_IN_HOURS => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}

fn minutes(minutes: Option<i64>) -> String {
    match minutes {
        None => "–".to_owned(),
        Some(minutes) if minutes < 120 => format!("{minutes} min"),
        Some(minutes) => age(minutes / 60),
    }
}

/// A part as percent, `–` where there is nothing of which it could be one.
fn percent(rate: Option<f64>) -> String {
    rate.map_or("–".to_owned(), |rate| format!("{:.0} %", rate * 100.0))
}
