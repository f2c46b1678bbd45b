//! The report as text, for a terminal of 80 columns.

use super::{Page, age, minutes, percent};
use crate::cli::terminal::{self, STRONG, WARNING, bar, styled};
use crate::domain::report::{Agreement, Figures, Holds, OpenReviews, Report, Rule, Waiting, Week};
use crate::storage::local_time;

/// How long the longest bar is, in columns.
const BAR: u32 = 30;

/// The longest bar of a week, beside its figures.
const WEEK_BAR: u32 = 14;

pub(super) fn print(page: &Page) -> String {
    let Report { now, total, weeks, agreement, rules, waiting } = &page.report;
    let mut sections = vec![
        format!("Consents {}\n", page.time()),
        section("What holds now", &holds(now)),
        section("What waits for staff now", &waits(&now.open_reviews)),
        section("What happened", &happened(total)),
    ];
    if !weeks.is_empty() {
        sections.push(by_week(weeks));
    }
    sections.push(section("What the rules read, and what staff decided", &matrix(agreement)));
    if !rules.is_empty() {
        sections.push(by_rule(rules));
    }
    if page.names {
        let reviews: Vec<String> = waiting.iter().map(|review| named(page, review)).collect();
        sections.push(section("Open reviews, the longest waiting first", &reviews.concat()));
    }
    sections.join("\n")
}

fn section(title: &str, content: &str) -> String {
    format!("{}\n{content}", styled(STRONG, title))
}

fn holds(holds: &Holds) -> String {
    let Holds { conversations, consented, declined, needs_review, opted_out, .. } = *holds;
    let states = [("Consented", consented), ("Declined", declined), ("Needs review", needs_review)];
    let opted_out = format!("Of {conversations} conversations. Opted out of every text: {opted_out}.\n");
    bars(&states) + &opted_out
}

fn waits(reviews: &OpenReviews) -> String {
    let OpenReviews { under_one_day, one_to_three_days, three_to_seven_days, over_seven_days, .. } = *reviews;
    let Some(oldest) = reviews.oldest_hours else { return "Nothing.\n".to_owned() };
    let ages = [
        ("Under 1 day", under_one_day),
        ("1 to 3 days", one_to_three_days),
        ("3 to 7 days", three_to_seven_days),
        ("Longer", over_seven_days),
    ];
    let summary = format!("Reviews: {}. The oldest waits {}.", reviews.total, age(oldest));
    let summary = if over_seven_days > 0 { styled(WARNING, &summary) } else { summary };
    format!("{}{summary}\n", bars(&ages))
}

fn happened(total: &Figures) -> String {
    let Figures { requests, answered, unanswered_yet, replies, staff_decisions, .. } = total;
    let Figures { read_as_consent, read_as_decline, read_as_unclear, consents, declines, .. } = total;
    terminal::fields(
        [
            (
                "Requests",
                format!(
                    "{requests}, answered {answered} ({}), may still be answered {unanswered_yet}",
                    percent(total.response_rate)
                ),
            ),
            ("Answer after", format!("{} (median)", minutes(total.median_answer_minutes))),
            (
                "Replies",
                format!(
                    "{replies}, read as consent {read_as_consent}, decline {read_as_decline}, unclear {read_as_unclear}"
                ),
            ),
            ("In effect", format!("{consents} consents and {declines} declines that began in this time")),
            ("Staff", format!("{staff_decisions} decisions")),
        ],
        terminal::width(),
    ) + "\n"
}

fn by_week(weeks: &[Week]) -> String {
    let most = weeks.iter().map(|week| week.figures.replies).max().unwrap_or(0);
    let rows = weeks.iter().map(|Week { week, figures, .. }| {
        let Figures { requests, replies, consents, declines, staff_decisions, response_rate, .. } = figures;
        let [requests, replies, consents, declines, decisions] =
            [requests, replies, consents, declines, staff_decisions].map(u32::to_string);
        let bar = bar(figures.replies, most, WEEK_BAR);
        [week.clone(), requests, percent(*response_rate), consents, declines, decisions, replies, bar]
    });
    terminal::table(["week", "asked", "answered", "consents", "declines", "staff", "replies", ""], rows) + "\n"
}

fn by_rule(rules: &[Rule]) -> String {
    let rows = rules.iter().map(|Rule { rule, rules_version, read_as, staff, overruled }| {
        let [overruled, consent, decline, ignore] =
            [*overruled, staff.consent, staff.decline, staff.ignore].map(|count| count.to_string());
        [format!("{rule} ({rules_version})"), (*read_as).to_owned(), overruled, consent, decline, ignore]
    });
    terminal::table(["rule (version)", "reads", "overruled", "consent", "decline", "ignore"], rows) + "\n"
}

fn named(page: &Page, review: &Waiting) -> String {
    let who = format!("{} {}", review.patient_name.expose(), review.phone.expose());
    let since = format!("{} ({})", local_time(review.since, &page.zone), page.age(review.since));
    let fields = [
        ("waits since", since),
        ("because", review.reason.clone()),
        ("where", format!("conversation {}, item {}", review.conversation_id, review.item_id)),
    ];
    let fields = terminal::indented(&terminal::fields(fields, terminal::width()));
    format!("{}\n{fields}", terminal::plain(who.trim()))
}

fn matrix(agreement: &Agreement) -> String {
    let Agreement { consent, decline, unclear, without_reply, rate } = agreement;
    let rows = [("consent", consent), ("decline", decline), ("unclear", unclear)].map(|(read, staff)| {
        [read.to_owned(), staff.consent.to_string(), staff.decline.to_string(), staff.ignore.to_string()]
    });
    let table = terminal::table(["rules read", "staff: consent", "decline", "ignore"], rows);
    let rate = percent(*rate);
    format!("{table}\nWhere the rules decided, staff agree: {rate}. Decisions about no reply: {without_reply}.\n")
}

fn bars(parts: &[(&str, u32)]) -> String {
    let whole = parts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let lines = parts.iter().map(|(name, count)| format!("{name:<13}{count:>5}  {}", bar(*count, whole, BAR)));
    let lines: Vec<String> = lines
        .map(|line| {
            line.trim_end().to_owned()
                + "
"
        })
        .collect();
    lines.concat()
}
