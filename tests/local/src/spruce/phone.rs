//! Phone numbers of North America in the shapes that Spruce takes and shows.

/// `+12055550101` from any of the shapes that the definition names: with or without country code, plus, brackets,
/// spaces and dashes.
pub(super) fn e164(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 10 { format!("+1{digits}") } else { format!("+{digits}") }
}

/// `(205) 555-0101`, or the number as it is where it is none of North America.
pub(super) fn displayed(number: &str) -> String {
    let national = number.strip_prefix("+1").filter(|rest| rest.len() == 10);
    match national.and_then(|rest| Some((rest.get(..3)?, rest.get(3..6)?, rest.get(6..)?))) {
        Some((area, exchange, line)) => format!("({area}) {exchange}-{line}"),
        None => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_means_the_same_number() {
        for shape in ["2055550101", "+12055550101", "(205) 555-0101", "205-555-0101", "12055550101"] {
            assert_eq!(e164(shape), "+12055550101", "{shape}");
        }
        assert_eq!(e164("+4915155550101"), "+4915155550101");
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        assert_eq!(displayed("+12055550101"), "(205) 555-0101");
        assert_eq!(displayed("+4915155550101"), "+4915155550101");
    }
}
