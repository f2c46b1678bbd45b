//! Times as people type them: `24h`, `7d`, a day, or a moment with its zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp};

/// A time that lies behind us, for clap.
pub(super) fn past(text: &str) -> Result<Timestamp, String> {
    before(text, Timestamp::now())
}

fn before(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let time = read(text.trim(), now).ok_or(
        "not a time: give a span such as 90m, 24h or 7d, a day such as 2026-03-01 (from midnight UTC on), or a moment \
         with its zone such as 2026-03-01T14:30:00Z",
    )?;
    if time > now { Err("this lies in the future".to_owned()) } else { Ok(time) }
}

fn read(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    // A plain `parse` would pass over a time that stands behind the day.
    if let Ok(day) = Date::strptime("%Y-%m-%d", text) {
        return day.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp());
    }
    let span: Span = text.parse().ok()?;
    // A month has no length of its own; days and weeks are taken for 24 hours and seven of them.
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    now.checked_sub(length).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_days_and_moments() {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        for (text, time) in [
            ("24h", "2026-03-01T12:00:00Z"),
            ("90m", "2026-03-02T10:30:00Z"),
            (" 1d 2h ", "2026-03-01T10:00:00Z"),
            ("2 weeks", "2026-02-16T12:00:00Z"),
            ("PT5M", "2026-03-02T11:55:00Z"),
            ("2026-03-01", "2026-03-01T00:00:00Z"),
            ("2026-03-01T14:30:00-06:00", "2026-03-01T20:30:00Z"),
            ("2026-03-01 14:30Z", "2026-03-01T14:30:00Z"),
        ] {
            assert_eq!(before(text, now), Ok(time.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_and_what_is_still_to_come() {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        for text in ["", "yesterday", "24", "1mo", "2026-03-01T14:30:00", "2026-03-01T14", "99999999999h", "2026-13-01"]
        {
            assert!(before(text, now).unwrap_err().starts_with("not a time"), "{text}");
        }
        for text in ["-24h", "2026-03-03", "2026-03-02T12:00:01Z"] {
            assert_eq!(before(text, now), Err("this lies in the future".to_owned()), "{text}");
        }
    }
}
