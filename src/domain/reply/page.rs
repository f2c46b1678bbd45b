//! The page for staff on what replies are taken to say, written from the rules: `REPLIES.md` beside this file.

use std::fmt::Write;

use super::rules::{MAX_CHARS, RULES_VERSION, Rule, rules};
use super::verdict::Decision;

/// Set to anything, it makes the test write the page anew.
const ACCEPT: &str = "ACCEPT_PAGE";

#[test]
fn the_page_for_staff_says_what_the_rules_do() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/domain/reply/REPLIES.md");
    let page = page();
    if std::env::var_os(ACCEPT).is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(there == page, "{path} is not what the rules say: run this test with {ACCEPT}=1, which writes it anew");
}

fn page() -> String {
    let mut page = format!(
        "# What a reply is taken to say\n\n\
         Written from the rules, version {RULES_VERSION}, by a test: do not edit it by hand.\n\n\
         The rules know English and Spanish. The first one that fits decides, and its sentence is the reason that \
         you read beside the reply. A yes has to be the whole reply: one word that \
         the rules do not know, a question, a condition or a doubt, and the reply comes to you. A no may stand in a \
         longer reply. Case, accents, punctuation, stretched letters and common slips of the finger make no \
         difference.\n"
    );
    section(&mut page, "Taken as yes", "The status becomes *Consented* if the reply answers a request.", |rule| {
        rule.decision == Decision::Consent
    });
    section(&mut page, "Taken as no", "The status becomes *Declined*.", |rule| {
        rule.decision == Decision::Decline && !rule.opt_out
    });
    section(
        &mut page,
        "Taken as \"no more texts\"",
        "The status becomes *Declined*, and the patient counts as opted out: do not text, call.",
        |rule| rule.opt_out,
    );
    section(&mut page, "Goes to you", "Nothing changes until one of you has read the reply and decided.", |rule| {
        rule.decision == Decision::Unclear
    });
    page
}

fn section(page: &mut String, title: &str, effect: &str, belongs: impl Fn(&Rule) -> bool) {
    write!(page, "\n## {title}\n\n{effect}\n\n| rule | why | such as |\n| --- | --- | --- |\n").unwrap();
    for rule in rules().filter(|rule| belongs(rule)) {
        writeln!(page, "| `{}` | {} | {} |", rule.name, rule.reason, examples(rule)).unwrap();
    }
}

/// The examples of a rule; for those whose replies are not in the source, what they depend on.
fn examples(rule: &Rule) -> String {
    match rule.name {
        "clinic-consent" => "what the setting `CONSENT_KEYWORDS` lists".to_owned(),
        "clinic-decline" => "what the setting `DECLINE_KEYWORDS` lists".to_owned(),
        "too-long" => format!("more than {MAX_CHARS} characters"),
        _ => {
            let shown: Vec<String> = rule.examples.iter().map(|example| cell(example)).collect();
            shown.join(" · ")
        }
    }
}

/// A reply as it is shown in a cell of a table.
fn cell(reply: &str) -> String {
    if reply.is_empty() {
        return "*(no text)*".to_owned();
    }
    reply.replace('\\', "\\\\").replace('|', "\\|").replace('*', "\\*").replace('_', "\\_").replace('\n', " ⏎ ")
}
