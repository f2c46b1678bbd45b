//! Phone numbers as Spruce writes them, brought into one form.

/// E.164 allows at most 15 digits after the plus sign (ITU-T E.164, 6.1).
const MAX_DIGITS: usize = 15;

/// The shortest number that is dialled in full anywhere: less is a short code or a slip.
const MIN_DIGITS: usize = 7;

/// `raw` in E.164, or `None` if it is no phone number (an e-mail address, a name, a short code).
///
/// Spruce writes `+12065551234`, `2065551234`, `(206) 555-1234`, `206-555-1234`, and, as a JSON number, `12065551234`.
/// Ten digits without a plus sign are a North American number, as in Spruce's own app.
///
/// ```
/// use spruce_consent::domain::phone::e164;
///
/// assert_eq!(e164("(206) 555-1234").as_deref(), Some("+12065551234"));
/// assert_eq!(e164("+44 20 7946 0958").as_deref(), Some("+442079460958"));
/// assert_eq!(e164("front.desk@example.org"), None);
/// ```
pub fn e164(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let (international, rest) = match raw.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, raw),
    };
    let punctuation = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2011}');
    if !rest.chars().all(|c| c.is_ascii_digit() || punctuation(c)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    match (international, digits.len()) {
        (true, MIN_DIGITS..=MAX_DIGITS) | (false, 11..=MAX_DIGITS) => Some(format!("+{digits}")),
        (false, 10) => Some(format!("+1{digits}")),
        (true | false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_that_spruce_documents() {
        for raw in [
            "2065551234",
            "12065551234",
            "+12065551234",
            "(206) 555-1234",
            "206-555-1234",
            " 206.555.1234 ",
            "+1 206 555 1234",
        ] {
            assert_eq!(e164(raw).as_deref(), Some("+12065551234"), "{raw}");
        }
    }

    #[test]
    fn what_is_no_phone_number() {
        for raw in
            ["", "+", "55512", "ada@example.org", "2065551234x5", "+1234567890123456", "٢٠٦٥٥٥١٢٣٤", "++12065551234"]
        {
            assert_eq!(e164(raw), None, "{raw}");
        }
    }
}
