//! Which of the clinic's texts ask for consent.

use regex::{Regex, RegexBuilder};

/// How the clinic's requests are recognised (`CONSENT_REQUEST_PATTERN`).
#[derive(Clone, Debug)]
pub enum RequestPattern {
    /// A text that speaks of consent and asks for something, in English or Spanish.
    BuiltIn {
        /// The subject.
        subject: Regex,
        /// The asking.
        asking: Regex,
    },
    /// The clinic's own regular expression.
    Own(Regex),
    /// `any`: every inbound text is taken as a reply, and no request is looked for.
    Any,
}

/// The largest compiled pattern, in bytes: some hundred alternatives fit, a repetition that would eat the memory of a
/// small instance does not.
const MAX_COMPILED_BYTES: usize = 1 << 20;

/// What requests are about.
const SUBJECT: &str =
    r"\b(?:consents?|consenting|consented|consiento|consientes?|consienten|consentir|consentimientos?)\b";

/// How one asks: a question mark, an instruction to answer, a need, a "please". "Thank you, your consent is recorded"
/// speaks of consent and asks for nothing.
const ASKING: &str = r"[?¿]|\b(?:repl(?:y|ies)|respond|answer|text(?:\s+back)?\s+(?:us\s+)?[“\x22']?(?:yes|y|1|no)|(?:we|i)\s+(?:\w+\s+)?(?:need|require|ask|request)|please|kindly|do\s+you|would\s+you|will\s+you|can\s+you|if\s+you\s+consent|to\s+(?:give\s+(?:your\s+)?)?consent\s*,|respond[ae]|responder|conteste|contesta|contestar|env[ií]e|env[ií]a|escriba|escribe|marque|necesitamos|requerimos|solicitamos|pedimos|por\s+favor|si\s+consiente|para\s+consentir)\b";

impl RequestPattern {
    /// The default.
    ///
    /// # Errors
    /// Never with the patterns of this module (a test compiles them).
    pub fn built_in() -> Result<Self, regex::Error> {
        Ok(Self::BuiltIn { subject: compile(SUBJECT)?, asking: compile(ASKING)? })
    }

    /// Reads the setting: `any` in any case, or a regular expression, matched anywhere in the text and in any case.
    ///
    /// # Errors
    /// If it is no regular expression of the `regex` crate's syntax (which has none that need more than linear time),
    /// or a huge one.
    pub fn parse(setting: &str) -> Result<Self, regex::Error> {
        match setting.trim() {
            "" => Self::built_in(),
            any if any.eq_ignore_ascii_case("any") => Ok(Self::Any),
            own => Ok(Self::Own(compile(own)?)),
        }
    }

    /// Whether an outbound text asks for consent. Under [`RequestPattern::Any`] none does: no request is looked for.
    pub fn is_request(&self, text: &str) -> bool {
        match self {
            Self::BuiltIn { subject, asking } => subject.is_match(text) && asking.is_match(text),
            Self::Own(pattern) => pattern.is_match(text),
            Self::Any => false,
        }
    }

    /// Whether replies are taken without a request.
    pub const fn needs_no_request(&self) -> bool {
        matches!(self, Self::Any)
    }
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).case_insensitive(true).size_limit(MAX_COMPILED_BYTES).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_texts_that_are_none() {
        let pattern = RequestPattern::built_in().unwrap();
        for request in [
            "Do you consent to Advanced Primary Care Management services? Reply YES or NO",
            "Hi Ada, Dr. Lee's office needs your consent to share records with the hospital. Reply YES to consent, NO to decline.",
            "Please consent to our text message policy: reply 1 for yes, 2 for no.",
            "We need your consent before the telehealth visit.",
            "May we text you? If you consent, answer YES",
            "DO YOU CONSENT",
            "¿Consiente usted recibir mensajes? Responda SÍ o NO",
            "Necesitamos su consentimiento para el tratamiento. Conteste SI o NO.",
            "Para dar su consentimiento responda SI",
        ] {
            assert!(pattern.is_request(request), "{request}");
        }
        for text in [
            "Your appointment is tomorrow at 9. Reply YES to confirm",
            "See you at 9!",
            "Thank you. Your consent is recorded.",
            "We have your consent form on file.",
            "Gracias, su consentimiento quedó registrado.",
            "Are you constantly tired?",
            "Consensus is that you rest. OK?",
            "",
        ] {
            assert!(!pattern.is_request(text), "{text}");
        }
    }

    #[test]
    fn the_setting() {
        assert!(RequestPattern::parse(" ANY ").unwrap().needs_no_request());
        assert!(RequestPattern::parse("may we (call|text) you").unwrap().is_request("Hi! May we TEXT you?"));
        assert!(RequestPattern::parse("").unwrap().is_request("Do you consent?"));
        for bad in ["(", "(?=lookahead)", r"(a)\1", "(?:a{1000}){1000}"] {
            assert!(RequestPattern::parse(bad).is_err(), "{bad}");
        }
    }
}
