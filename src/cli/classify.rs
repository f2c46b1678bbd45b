//! `classify`: what a reply is taken to say, for people who want to see before they trust.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use super::{Failure, terminal};
use crate::config;
use crate::domain::reply::{Lexicon, Verdict, classify};

pub(super) const EXAMPLE: &str = "\
Needs no settings; CONSENT_KEYWORDS and DECLINE_KEYWORDS are heeded where they are set.

Examples:
  spruce-consent classify \"Yes, I consent\"
  echo '{\"text\":\"no thanks\"}' | spruce-consent classify --jsonl";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The reply
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    text: Option<String>,
    /// Read {"text":…} lines from stdin and write a line for each, at once
    #[arg(long)]
    jsonl: bool,
}

#[derive(Deserialize)]
struct Line {
    text: String,
}

#[derive(Serialize)]
struct Classified<'a> {
    label: &'static str,
    explicit: bool,
    opt_out: bool,
    rule: &'a str,
    reason: &'a str,
}

pub(super) fn run(arguments: &Arguments, setting: impl Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let lexicon = config::read_lexicon(setting)?;
    match &arguments.text {
        Some(text) => show(&classify(text, &lexicon)),
        None => lines(&lexicon),
    }
}

fn show(verdict: &Verdict) -> Result<(), Failure> {
    let Verdict { decision, explicit, opt_out, rule, reason } = verdict;
    let yes_or_no = |is: &bool| if *is { "yes" } else { "no" };
    terminal::print(&format!(
        "decision  {}\nexplicit  {}\nopt-out   {}\nrule      {rule}\nreason    {reason}",
        decision.as_str(),
        yes_or_no(explicit),
        yes_or_no(opt_out),
    ))
}

/// Line by line, so that it can stand in a pipe with a slow or endless writer before it.
fn lines(lexicon: &Lexicon) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line =
            line.map_err(|error| Failure::Failed(format!("cannot read line {}: {}", number + 1, error.kind())))?;
        if line.trim().is_empty() {
            continue;
        }
        // The parser's own words may quote the line.
        let Ok(Line { text }) = serde_json::from_str(&line) else {
            return Err(Failure::Failed(format!("line {} is not a JSON object with a \"text\"", number + 1)));
        };
        let verdict = classify(&text, lexicon);
        let result = Classified {
            label: verdict.decision.as_str(),
            explicit: verdict.explicit,
            opt_out: verdict.opt_out,
            rule: &verdict.rule,
            reason: &verdict.reason,
        };
        let json = serde_json::to_string(&result).map_err(io::Error::from)?;
        writeln!(output, "{json}")?;
    }
    Ok(())
}
