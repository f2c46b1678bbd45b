//! The report as one page that needs nothing else: no script, no font, no address.

use std::fmt::Write;

use super::{Page, age, minutes, percent};
use crate::domain::report::{Agreement, Answers, Figures, Holds, OpenReviews, Report, Rule, Waiting, Week};
use crate::storage::local_time;

const STYLE: &str = include_str!("style.css");

/// How high the columns of a chart can be, and where they stand, in pixels.
const CHART_HEIGHT: u32 = 150;
const CHART_TOP: u32 = 20;
const CHART_BOTTOM: u32 = 26;
const CHART_LEFT: u32 = 34;

/// How wide a column is, and the space between two weeks, in pixels.
const COLUMN: u32 = 18;
const BETWEEN_WEEKS: u32 = 16;

/// At how many heights a chart has a line, beside the one at zero.
const LINES: u32 = 4;

/// A row of columns in a chart: what it is called, its colour's class, and its figure.
type Series = (&'static str, &'static str, fn(&Figures) -> u32);

const REQUESTS: [Series; 2] =
    [("requests", "asked", |figures| figures.requests), ("answered", "answered", |figures| figures.answered)];
const REPLIES: [Series; 3] = [
    ("read as consent", "consent", |figures| figures.read_as_consent),
    ("read as decline", "decline", |figures| figures.read_as_decline),
    ("left to staff", "unclear", |figures| figures.read_as_unclear),
];
const EFFECT: [Series; 2] =
    [("consents", "consent", |figures| figures.consents), ("declines", "decline", |figures| figures.declines)];

pub(super) fn page(page: &Page) -> String {
    let Report { now, total, weeks, agreement, rules, waiting } = &page.report;
    let time = escaped(&page.time());
    let waiting = if page.names { names(page, waiting) } else { String::new() };
    let made_at = escaped(&local_time(page.made_at, &page.zone));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>Consents {time}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<h1>Consents by text message</h1>\n<p class=\"soft\">{time}</p>\n<main>\n{}{}{}{}{waiting}\
         </main>\n<footer>Made {made_at} by spruce-consent {}. Weeks are ISO weeks in the clinic's time zone. What holds \
         and what waits is of the whole record, at that moment.</footer>\n</body>\n</html>\n",
        holds(now),
        waits(&now.open_reviews),
        happened(total, weeks),
        agreed(agreement, rules),
        env!("CARGO_PKG_VERSION"),
    )
}

fn holds(holds: &Holds) -> String {
    let Holds { conversations, consented, declined, needs_review, opted_out, .. } = *holds;
    let of_all = |count| format!("{} of {conversations}", percent(part(count, conversations)));
    let tiles = [
        ("Consented", consented.to_string(), of_all(consented)),
        ("Declined", declined.to_string(), of_all(declined)),
        ("Needs review", needs_review.to_string(), of_all(needs_review)),
        ("Opted out", opted_out.to_string(), "of every text".to_owned()),
    ];
    section("What holds now", &self::tiles(&tiles))
}

fn waits(reviews: &OpenReviews) -> String {
    const TITLE: &str = "What waits for staff now";
    let Some(oldest) = reviews.oldest_hours else { return section(TITLE, "<p>Nothing.</p>\n") };
    let ages = [
        ("under 1 day", reviews.under_one_day),
        ("1 to 3 days", reviews.one_to_three_days),
        ("3 to 7 days", reviews.three_to_seven_days),
        ("longer", reviews.over_seven_days),
    ];
    let most = ages.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let rows = ages.map(|(name, count)| {
        let bar = format!(
            "<td class=\"bar\"><svg viewBox=\"0 0 {} 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect \
             class=\"unclear\" width=\"{count}\" height=\"1\"/></svg></td>",
            most.max(1)
        );
        format!("<tr><th scope=\"row\">{name}</th><td>{count}</td>{bar}</tr>\n")
    });
    let heading = "<th scope=\"col\">waits for</th><th scope=\"col\">reviews</th><td></td>";
    let caption = format!("{} open reviews; the oldest waits {}.", reviews.total, age(oldest));
    section(TITLE, &table(&caption, heading, &rows.concat()))
}

fn happened(total: &Figures, weeks: &[Week]) -> String {
    let tiles = [
        ("Requests", total.requests.to_string(), format!("{} may still be answered", total.unanswered_yet)),
        ("Response rate", percent(total.response_rate), format!("{} answered", total.answered)),
        ("Time to answer", minutes(total.median_answer_minutes), "median".to_owned()),
        ("Replies", total.replies.to_string(), format!("{} left to staff", total.read_as_unclear)),
    ];
    let requests = week_table(
        "Requests by week, with the median time to the first reply.",
        ["requests", "answered", "rate", "may still be answered", "time to answer"],
        weeks,
        |figures| {
            let Figures { requests, answered, unanswered_yet, response_rate, median_answer_minutes, .. } = figures;
            let [requests, answered, unanswered_yet] = [requests, answered, unanswered_yet].map(u32::to_string);
            [requests, answered, percent(*response_rate), unanswered_yet, minutes(*median_answer_minutes)]
        },
    );
    let replies = week_table(
        "Replies, and what came of them, by week.",
        [
            "replies",
            "read as consent",
            "read as decline",
            "left to staff",
            "decided by staff",
            "consents in effect",
            "declines in effect",
        ],
        weeks,
        |figures| {
            let Figures { replies, read_as_consent, read_as_decline, read_as_unclear, .. } = figures;
            let Figures { staff_decisions, consents, declines, .. } = figures;
            [replies, read_as_consent, read_as_decline, read_as_unclear, staff_decisions, consents, declines]
                .map(u32::to_string)
        },
    );
    let content = [
        self::tiles(&tiles),
        chart("requests", "Requests, and those of them with a reply, by week", weeks, &REQUESTS),
        requests,
        chart("replies", "Replies as the rules read them, by week", weeks, &REPLIES),
        chart("effect", "Consents and declines that are in effect, by the week in which they began", weeks, &EFFECT),
        replies,
    ];
    section("What happened", &content.concat())
}

/// The figures of a chart, and those beside them.
fn week_table<const COLUMNS: usize>(
    caption: &str,
    heading: [&str; COLUMNS],
    weeks: &[Week],
    cells: fn(&Figures) -> [String; COLUMNS],
) -> String {
    let heading = heading.map(|name| format!("<th scope=\"col\">{name}</th>")).concat();
    let rows = weeks.iter().map(|Week { week, monday, figures }| {
        let cells = cells(figures).map(|cell| format!("<td>{cell}</td>")).concat();
        format!("<tr><th scope=\"row\">{week} <small>from {monday}</small></th>{cells}</tr>\n")
    });
    table(caption, &format!("<th scope=\"col\">week</th>{heading}"), &rows.collect::<String>())
}

fn agreed(agreement: &Agreement, rules: &[Rule]) -> String {
    let Agreement { consent, decline, unclear, without_reply, rate } = agreement;
    let rows = [("consent", consent, Some(0)), ("decline", decline, Some(1)), ("unclear", unclear, None)];
    let rows = rows.map(|(read, staff, agrees)| {
        let cells = [staff.consent, staff.decline, staff.ignore].into_iter().enumerate().map(|(at, count)| {
            let class = if agrees == Some(at) { " class=\"agrees\"" } else { "" };
            format!("<td{class}>{count}</td>")
        });
        format!("<tr><th scope=\"row\">{read}</th>{}</tr>\n", cells.collect::<String>())
    });
    let heading = ["the rules read", "staff: consent", "staff: decline", "staff: ignore"];
    let heading = heading.map(|name| format!("<th scope=\"col\">{name}</th>"));
    let caption = format!(
        "Where the rules decided, staff agree: {} (framed). Decisions about no reply: {without_reply}.",
        percent(*rate)
    );
    let mut content = table(&caption, &heading.concat(), &rows.concat());
    if !rules.is_empty() {
        let rows = rules.iter().map(|Rule { rule, rules_version, read_as, staff, overruled }| {
            let Answers { consent, decline, ignore } = staff;
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"words\">{read_as}</td><td>{overruled}</td>\
                 <td>{consent}</td><td>{decline}</td><td>{ignore}</td></tr>\n",
                escaped(rule),
                escaped(rules_version)
            )
        });
        let heading = ["rule", "version", "reads", "overruled", "staff: consent", "staff: decline", "staff: ignore"];
        let heading = heading.map(|name| {
            let class = if name == "reads" { " class=\"words\"" } else { "" };
            format!("<th scope=\"col\"{class}>{name}</th>")
        });
        content.push_str(&table(
            "The rules about whose readings staff decided, the most overruled first.",
            &heading.concat(),
            &rows.collect::<String>(),
        ));
    }
    section("What the rules read, and what staff decided", &content)
}

fn names(page: &Page, waiting: &[Waiting]) -> String {
    let rows = waiting.iter().map(|review| {
        format!(
            "<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td><td class=\"words\">{}</td><td class=\"words\">{}\
             <br>{}</td></tr>\n",
            escaped(review.patient_name.expose()),
            escaped(review.phone.expose()),
            page.age(review.since),
            escaped(&review.reason),
            escaped(&review.conversation_id),
            escaped(&review.item_id),
        )
    });
    let heading = "<th scope=\"col\">patient</th><th scope=\"col\">waits</th>\
                   <th scope=\"col\" class=\"words\">because</th><th scope=\"col\" class=\"words\">conversation, item</th>";
    let caption = "The longest waiting first. This part has patients' names: keep the page as you keep their records.";
    section("Open reviews", &table(caption, heading, &rows.collect::<String>()))
}

/// Columns by week, for each series beside the others.
fn chart<const SERIES: usize>(id: &str, title: &str, weeks: &[Week], series: &[Series; SERIES]) -> String {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let week_width = count(SERIES) * COLUMN + BETWEEN_WEEKS;
    let width = CHART_LEFT + count(weeks.len()).saturating_mul(week_width) + BETWEEN_WEEKS;
    let height = CHART_TOP + CHART_HEIGHT + CHART_BOTTOM;
    let most = weeks.iter().flat_map(|week| series.iter().map(|(_, _, figure)| figure(&week.figures))).max();
    let step = most.unwrap_or(0).div_ceil(LINES).max(1);
    let ground = CHART_TOP + CHART_HEIGHT;
    let tall = |figure: u32| figure.saturating_mul(CHART_HEIGHT) / (step * LINES);

    let mut drawn = String::new();
    for line in 0..=LINES {
        let (figure, y) = (line * step, ground - tall(line * step));
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(
            drawn,
            "<line x1=\"{CHART_LEFT}\" x2=\"{width}\" y1=\"{y}\" y2=\"{y}\"/><text class=\"axis\" x=\"{}\" y=\"{}\" \
             text-anchor=\"end\">{figure}</text>",
            CHART_LEFT - 6,
            y + 4
        );
    }
    let mut left = CHART_LEFT + BETWEEN_WEEKS;
    for Week { week, figures, .. } in weeks {
        for (at, (_, class, figure)) in (0..).zip(series) {
            let figure = figure(figures);
            let (x, y) = (left + at * COLUMN, ground - tall(figure));
            let (height, middle) = (tall(figure), x + COLUMN / 2);
            if figure > 0 {
                let _ = writeln!(
                    drawn,
                    "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{height}\"/><text x=\"{middle}\" \
                     y=\"{}\" text-anchor=\"middle\">{figure}</text>",
                    COLUMN - 2,
                    y - 4
                );
            }
        }
        let name = week.split_once('-').map_or(week.as_str(), |(_, name)| name);
        let _ = writeln!(
            drawn,
            "<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{name}</text>",
            left + count(SERIES) * COLUMN / 2,
            ground + 18
        );
        left += week_width;
    }
    let legend = series.map(|(name, class, _)| {
        format!(
            "<li><svg viewBox=\"0 0 1 1\" aria-hidden=\"true\"><rect class=\"{class}\" width=\"1\" height=\"1\"/></svg>\
             {name}</li>"
        )
    });
    format!(
        "<div class=\"chart\">\n<h3>{title}</h3>\n<ul class=\"legend\">{}</ul>\n<div class=\"scroll\" tabindex=\"0\" \
         role=\"region\" aria-labelledby=\"{id}\">\n<svg role=\"img\" aria-labelledby=\"{id}\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n<title id=\"{id}\">{title}. The figures are in the table \
         below.</title>\n{drawn}</svg>\n</div>\n</div>\n",
        legend.concat()
    )
}

fn section(title: &str, content: &str) -> String {
    format!("<section>\n<h2>{title}</h2>\n{content}</section>\n")
}

/// Figures in large type: a name, the figure, and a word on it.
fn tiles(tiles: &[(&str, String, String)]) -> String {
    let tiles = tiles
        .iter()
        .map(|(name, figure, word)| format!("<div><dt>{name}</dt><dd>{figure}<small>{word}</small></dd></div>\n"));
    format!("<dl class=\"tiles\">\n{}</dl>\n", tiles.collect::<String>())
}

fn table(caption: &str, heading: &str, rows: &str) -> String {
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n<table>\n\
         <caption><span>{caption}</span></caption>\n<thead><tr>{heading}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n\
         </div>\n"
    )
}

fn part(some: u32, all: u32) -> Option<f64> {
    (all > 0).then(|| f64::from(some) / f64::from(all))
}

/// A text of somebody else's, as text and nothing else, in an element or an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            char => escaped.push(char),
        }
    }
    escaped
}
