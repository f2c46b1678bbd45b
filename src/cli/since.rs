//! Times as people type them: `24h`, `7d`, a day, or a moment with its zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

/// A time that lies behind us, for clap. Days begin at midnight UTC.
pub(super) fn past(text: &str) -> Result<Timestamp, String> {
    parse(text, &Timestamp::now().to_zoned(TimeZone::UTC))
}

/// The same for a command whose days are the clinic's: [`parse`] reads the text again once the zone is known.
pub(super) fn checked(text: &str) -> Result<String, String> {
    past(text).map(|_| text.to_owned())
}

/// Reads a moment with its zone (RFC 3339); a day, from its midnight on in the zone of `now`; or a span, which is that
/// long before `now`.
pub(super) fn parse(text: &str, now: &Zoned) -> Result<Timestamp, String> {
    let time = read(text.trim(), now).ok_or(
        "not a time: give a span such as 90m, 24h or 7d, a day such as 2026-03-01, or a moment with its zone such as \
         2026-03-01T14:30:00Z",
    )?;
    if time > now.timestamp() { Err("this lies in the future".to_owned()) } else { Ok(time) }
}

fn read(text: &str, now: &Zoned) -> Option<Timestamp> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    // A plain `parse` would pass over a time that stands behind the day.
    if let Ok(day) = Date::strptime("%Y-%m-%d", text) {
        return day.to_zoned(now.time_zone().clone()).ok().map(|midnight| midnight.timestamp());
    }
    let span: Span = text.parse().ok()?;
    now.checked_sub(span).ok().map(|time| time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_days_and_moments() {
        let now: Zoned = "2026-03-09T12:00:00-05:00[America/Chicago]".parse().unwrap();
        for (text, time) in [
            ("24h", "2026-03-08T17:00:00Z"),
            ("90m", "2026-03-09T15:30:00Z"),
            (" 1h 30m ", "2026-03-09T15:30:00Z"),
            ("PT5M", "2026-03-09T16:55:00Z"),
            // Over the beginning of summer time, at the same time of day.
            ("2 weeks", "2026-02-23T18:00:00Z"),
            ("2026-03-01", "2026-03-01T06:00:00Z"),
            ("2026-03-01T14:30:00-06:00", "2026-03-01T20:30:00Z"),
            ("2026-03-01 14:30Z", "2026-03-01T14:30:00Z"),
        ] {
            assert_eq!(parse(text, &now), Ok(time.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_and_what_is_still_to_come() {
        let now: Zoned = "2026-03-02T12:00:00Z[UTC]".parse().unwrap();
        for text in ["", "yesterday", "24", "2026-03-01T14:30:00", "2026-03-01T14", "99999999999h", "2026-13-01"] {
            assert!(parse(text, &now).unwrap_err().starts_with("not a time"), "{text}");
        }
        for text in ["-24h", "2026-03-03", "2026-03-02T12:00:01Z"] {
            assert_eq!(parse(text, &now), Err("this lies in the future".to_owned()), "{text}");
        }
    }
}
