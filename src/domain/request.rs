//! Which of the clinic's texts ask for consent.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder, bytes};

/// How the clinic's requests are recognised (`CONSENT_REQUEST_PATTERN`).
#[derive(Clone, Debug)]
pub enum RequestPattern {
    /// A text that speaks of consent and asks for it, in English or Spanish.
    BuiltIn,
    /// The clinic's own regular expression.
    Own(Regex),
    /// `any`: every inbound text is taken as a reply, and no request is looked for.
    Any,
}

/// The built-in pattern. A text is a request if it asks whether the patient consents, or if it speaks of consent and
/// says what to answer, and is not a text that thanks for one.
///
/// "Thank you, your consent is recorded. Reply STOP to opt out" must not be a request: a "yes" after it would be taken
/// for a consent.
struct BuiltIn {
    asks: bytes::Regex,
    subject: bytes::Regex,
    instructs: bytes::Regex,
    acknowledges: bytes::Regex,
}

/// The largest compiled pattern, in bytes: some hundred alternatives fit, a repetition that would eat the memory of a
/// small instance does not.
const MAX_COMPILED_BYTES: usize = 1 << 20;

/// Compiled when the first text needs it, as that takes longer than all else that the program does before it listens.
static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| BuiltIn {
    asks: folded(ASKS),
    subject: folded(SUBJECT),
    instructs: folded(INSTRUCTS),
    acknowledges: folded(ACKNOWLEDGES),
});

// The patterns below run over folded text: ASCII, without accents, `<` for `¿`. That keeps them small.

/// What requests are about.
const SUBJECT: &str =
    r"\b(?:consents?|consenting|consented|consiento|consientes?|consienten|consentir|consentimientos?)\b";

/// A question about it, in one sentence, or a need for it.
const ASKS: &str = r"\b(?:consent(?:s|ing)?|consientes?|consentir|consentimientos?)\b[^.!?\n]*\?
    | \b(?:do|would|will|can|could)\s+(?:you|u)\s+(?:\w+\s+){0,2}consent\b
    | \b(?:we|i)\s+(?:\w+\s+){0,2}(?:need|require|request|ask|asking)\s+(?:\w+\s+){0,2}consent\b
    | \bneeds?\s+(?:\w+\s+){0,2}consent\b
    | \bconsent\s+is\s+(?:needed|required)\b
    | <[^?\n]*\bconsent\w*
    | \b(?:necesitamos|requerimos|solicitamos|pedimos)\s+(?:\w+\s+){0,2}consentimiento\b";

/// What to answer. "Reply STOP" and "Reply HELP" stand under any text.
const INSTRUCTS: &str = r"\b(?:reply|respond|answer|text|type|send|say|enter|press)\b(?:\W+\w+){0,3}?\W+(?:yes|y|no|n|agree|1|2)\b
    | \b(?:replying|answering|texting|responding)\b\W+(?:yes|y|1)\b
    | \b(?:please|kindly)\b[^.!?\n]*\bconsent
    | \b(?:if\s+you|to\s+(?:give\s+(?:your\s+)?)?)\s*consent\b
    | \b(?:respond[aeo]|responder|contest[aeo]|contestar|envi[ae]|escrib[ae]|marque|marca)\b(?:\W+\w+){0,2}?\W+(?:si|no|1|2)\b
    | \bpor\s+favor\b[^.!?\n]*\bconsi?ent
    | \bsi\s+consientes?\b";

/// Words of thanks, of receipt and of withdrawal.
const ACKNOWLEDGES: &str = r"\bthank\w*\W+(?:\w+\W+){0,2}for\W+(?:\w+\W+){0,2}consent
    | \bconsent\w*\W+(?:\w+\W+){0,2}?(?:is|was|been|quedo|fue|sido)\W+(?:\w+\W+){0,2}?(?:recorded|received|noted|saved|withdrawn|revoked|on\s+file|registrad|recibid|revocad|retirad)
    | \b(?:we|i)\W+(?:now\W+|already\W+)?(?:have|got|received|recorded)\W+(?:\w+\W+){0,2}consent
    | \b(?:withdrawn|revoked)\W+(?:\w+\W+){0,2}consent
    | \bgracias\W+por\W+(?:\w+\W+){0,2}consentimiento
    | \b(?:tenemos|recibimos|registramos)\W+(?:\w+\W+){0,2}consentimiento";

impl RequestPattern {
    /// Reads the setting: `any` in any case, or a regular expression, matched anywhere in the text and in any case.
    ///
    /// # Errors
    /// If it is no regular expression of the `regex` crate's syntax (which has none that need more than linear time),
    /// or a huge one.
    pub fn parse(setting: &str) -> Result<Self, regex::Error> {
        match setting.trim() {
            "" => Ok(Self::BuiltIn),
            any if any.eq_ignore_ascii_case("any") => Ok(Self::Any),
            own => Ok(Self::Own(compile(own)?)),
        }
    }

    /// Whether an outbound text asks for consent. Under [`RequestPattern::Any`] none does: no request is looked for.
    pub fn is_request(&self, text: &str) -> bool {
        match self {
            Self::BuiltIn => {
                let BuiltIn { asks, subject, instructs, acknowledges } = &*BUILT_IN;
                let folded = fold(text);
                // Most of a clinic's texts end at the first step.
                subject.is_match(&folded)
                    && (asks.is_match(&folded) || instructs.is_match(&folded) && !acknowledges.is_match(&folded))
            }
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

/// White space in the pattern is for its readers.
fn folded(pattern: &str) -> bytes::Regex {
    let mut builder = bytes::RegexBuilder::new(pattern);
    match builder.unicode(false).case_insensitive(true).ignore_whitespace(true).build() {
        Ok(pattern) => pattern,
        Err(_) => unreachable!("the patterns are constants, and a test compiles them"),
    }
}

/// The text in ASCII: letters without their accents, `<` for `¿`, a space for everything else that is not ASCII.
fn fold(text: &str) -> Vec<u8> {
    let fold = |char: char| match char {
        '\u{300}'..='\u{36f}' => None,
        'á' | 'Á' | 'à' | 'ä' => Some(b'a'),
        'é' | 'É' | 'è' | 'ë' => Some(b'e'),
        'í' | 'Í' | 'ì' | 'ï' => Some(b'i'),
        'ó' | 'Ó' | 'ò' | 'ö' => Some(b'o'),
        'ú' | 'Ú' | 'ü' | 'Ü' => Some(b'u'),
        'ñ' | 'Ñ' => Some(b'n'),
        '¿' => Some(b'<'),
        other => Some(u8::try_from(other).ok().filter(u8::is_ascii).unwrap_or(b' ')),
    };
    text.chars().filter_map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As clinics write them.
    const REQUESTS: &[&str] = &[
        "Do you consent to Advanced Primary Care Management services? Reply YES or NO",
        "Hi Ada, Dr. Lee's office needs your consent to share records with the hospital. Reply YES to consent, NO to decline.",
        "Please consent to our text message policy: reply 1 for yes, 2 for no.",
        "We need your consent before the telehealth visit.",
        "May we text you? If you consent, answer YES",
        "DO YOU CONSENT",
        "do u consent 2 receive texts? y/n",
        "Riverside Family Medicine: you are eligible for chronic care management. Medicare covers 80%. Do you consent to enroll?",
        "To give your consent, reply YES. To refuse, reply NO. You may stop at any time.",
        "Your consent is required for us to bill Medicare for care management. Reply YES to consent.",
        "Would you consent to a nurse calling you once a month?",
        "Will you consent to the use of AI note taking in your visit tomorrow? Answer YES/NO",
        "Can you consent for your son Kai to be vaccinated on Friday? Text YES or NO",
        "Reminder: we still do not have your consent for telehealth. Please answer YES or NO.",
        "By replying YES you are consenting to receive appointment reminders by SMS.",
        "Kindly confirm that you consent to the treatment plan",
        "We are asking for your consent to leave voicemails with test results. Text YES to agree",
        "I need your consent to send the referral.",
        "Do we have your consent to speak with your daughter about your care?",
        "Is it OK to text you? Reply Y if you consent",
        "¿Consiente usted recibir mensajes? Responda SÍ o NO",
        "Necesitamos su consentimiento para el tratamiento. Conteste SI o NO.",
        "Para dar su consentimiento responda SI",
        "¿Da su consentimiento para compartir su expediente con el hospital?",
        "Hola Ana, solicitamos su consentimiento para la consulta por video. Envíe SI para aceptar.",
        "Por favor, confirme que consiente al plan de cuidado",
        "Si consiente, escriba SI. Si no consiente, escriba NO.",
        "Clínica Sol: requerimos el consentimiento de los padres para la vacuna de mañana.",
        "Pedimos su consentimiento para enviarle recordatorios por texto. Marque 1 para sí, 2 para no.",
    ];

    /// What clinics write beside that, some of it with the same words.
    const OTHERS: &[&str] = &[
        "Your appointment is tomorrow at 9. Reply YES to confirm",
        "See you at 9!",
        "Thank you. Your consent is recorded.",
        "Thanks, we got your consent. See you Monday.",
        "Thank you for your consent! Reply STOP to opt out, HELP for help.",
        "Thank you, your consent was recorded. Questions? Reply or call us.",
        "We have your consent. Reply YES to confirm Monday at 9.",
        "You revoked your consent. Was that a mistake? Call us.",
        "Gracias por su consentimiento. Responda STOP para no recibir mensajes.",
        "We have your consent form on file.",
        "You have withdrawn your consent. We will not text you again.",
        "The consent form is attached.",
        "Your consent expires next year.",
        "Gracias, su consentimiento quedo registrado.",
        "Ya tenemos su consentimiento.",
        "Are you constantly tired?",
        "Consensus is that you rest. OK?",
        "Do you agree that 3 pm is better?",
        "Please bring your insurance card.",
        "Is this a good number? Reply YES",
        "Your results are in. Call us if you have questions.",
        "¿Puede venir a las 3?",
        "Su cita es mañana. Responda SI para confirmar",
        "El sentimiento es mutuo, ¿verdad?",
        "",
    ];

    #[test]
    fn requests_and_texts_that_are_none() {
        let pattern = RequestPattern::BuiltIn;
        let missed: Vec<_> = REQUESTS.iter().filter(|text| !pattern.is_request(text)).collect();
        let taken: Vec<_> = OTHERS.iter().filter(|text| pattern.is_request(text)).collect();
        assert!(missed.is_empty() && taken.is_empty(), "missed: {missed:#?}\ntaken: {taken:#?}");
    }

    /// A pattern runs on everything that the clinic sends, inside the webhook's four seconds.
    #[test]
    fn patterns_take_linear_time() {
        let built_in = RequestPattern::BuiltIn;
        let hostile = RequestPattern::parse("(a+)+$").unwrap();
        for text in ["consent ".repeat(100_000), "a".repeat(1_000_000) + "!", "¿".repeat(300_000)] {
            let started = std::time::Instant::now();
            built_in.is_request(&text);
            hostile.is_request(&text);
            assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
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
