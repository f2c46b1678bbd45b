//! What replies decide: the rules' own examples, tables of everyday replies, and properties that hold for any text.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn decision(text: &str) -> Decision {
    classify(text, &Lexicon::default()).decision
}

#[test]
fn every_rule_decides_its_examples() {
    for rule in rules() {
        for example in rule.examples {
            let verdict = classify(example, &Lexicon::default());
            assert_eq!(verdict.rule, rule.name, "{example:?}");
            assert_eq!(
                (verdict.decision, verdict.explicit, verdict.opt_out),
                (rule.decision, rule.explicit, rule.opt_out),
                "{example:?}"
            );
        }
    }
}

#[test]
fn rules_are_named_once_and_speak_in_sentences() {
    let mut names = HashSet::new();
    for rule in rules() {
        assert!(names.insert(rule.name), "{} is there twice", rule.name);
        assert!(rule.reason.ends_with('.'), "{}: {}", rule.name, rule.reason);
        assert!(!rule.opt_out || rule.decision == Decision::Decline, "{}", rule.name);
        assert!(
            rule.name.starts_with("clinic-") || rule.name == "too-long" || !rule.examples.is_empty(),
            "{}",
            rule.name
        );
    }
}

#[test]
fn plain_consents_are_recognised() {
    for text in [
        "YES",
        "yess!!",
        "y",
        "Yeah sure",
        "okk",
        "O.K.",
        "\u{200f}yes",
        "Ｙｅｓ",
        "“yes”",
        "I_consent",
        "yes please and thank you",
        "Yes, I consent to treatment",
        "yes I consent to the program",
        "I consnet",
        "I hereby give my permission",
        "I agree to all of the above",
        "I understand and agree",
        "I have read this and I consent",
        "I give consent for my daughter",
        "This is Maria Gomez and I consent",
        "I am her mother and I consent",
        "Yes. John A. Smith",
        "Yes, Linda Nguyen, DOB 03/04/1956",
        "Yes I agree\n--\nCarol Jones",
        "Yes, I consent - Sent from my iPhone",
        "Do I consent? Yes.",
        "Good morning, yes. God bless you",
        "Sure no problem",
        "yes 👍🏽",
        "Sí, acepto",
        "Si, doy mi consentimiento",
        "Claro que sí, gracias",
        "Autorizo el tratamiento de mi hijo",
    ] {
        assert_eq!(decision(text), Decision::Consent, "{text:?}");
    }
}

#[test]
fn plain_refusals_are_recognised() {
    for text in [
        "NO",
        "Noooo",
        "nope sorry",
        "No。",
        "no thank u",
        "I dont consent",
        "I do NOT consent!!!",
        "As her mother I do not consent",
        "No I don't want that",
        "no way am I consenting",
        "I'd rather not consent",
        "Consent? Never.",
        "You don't have my permission to treat my son",
        "yes I withdraw my consent",
        "I changed my mind, I do not consent",
        "No thanks, I found another clinic",
        "I do not consent. Please call me.",
        "At no point will I agree",
        "not ok",
        "❌",
        "No, gracias",
        "no autorizo nada",
        "No doy mi consentimiento",
        "Me niego",
        "Jamás",
    ] {
        let verdict = classify(text, &Lexicon::default());
        assert_eq!((verdict.decision, verdict.opt_out), (Decision::Decline, false), "{text:?} {}", verdict.rule);
    }
}

#[test]
fn opt_outs_are_explicit_refusals() {
    for text in [
        "stop",
        "STOPPPP",
        "S.T.O.P.",
        "UN\u{ad}SUBSCRIBE",
        "unsuscribe",
        "opt–out",
        "ok unsubscribe me",
        "plz stop txting me",
        "I already told you to stop texting me",
        "Who is this? Stop texting me",
        "Why do you keep texting me? STOP.",
        "could you please stop texting me?",
        "never contact me again",
        "I don't want these texts",
        "I no longer want to receive messages",
        "remove me from your list",
        "take my number off the list please",
        "lose my number",
        "no more texts",
        "Baja",
        "Dejen de escribirme",
        "No me manden más mensajes",
        "quítenme de la lista",
    ] {
        let verdict = classify(text, &Lexicon::default());
        assert_eq!(
            (verdict.decision, verdict.explicit, verdict.opt_out),
            (Decision::Decline, true, true),
            "{text:?} {}",
            verdict.rule
        );
    }
}

#[test]
fn everything_else_goes_to_a_person() {
    for text in [
        "",
        "yes?",
        "yes if it's free",
        "yes but call me first",
        "Yes, Tuesday",
        "Yes, Aspirin",
        "YES MARIA LLAMAME",
        "yes I took my pill",
        "yes to the refill",
        "yes about that",
        "yes and",
        "I read the consent",
        "consent policy",
        "ok sorry",
        "ok thanks for letting me know",
        "oh ok",
        "it is fine",
        "I think I agree",
        "I would consent",
        "I will consent tomorrow",
        "I only consent to care",
        "I consent with conditions",
        "I agreed last year",
        "I accept your apology",
        "I agree with my doctor",
        "I'm ready to consent",
        "I consent for my husband",
        "For my mother I consent",
        "I'm his wife and I consent",
        "she consents",
        "yes 👎",
        "yes/no",
        "no, I agree",
        "no wait yes",
        "No problem",
        "no fever",
        "no not yet",
        "don't stop texting me",
        "the new pills don't agree with me",
        "insurance did not approve it",
        "I refuse to pay that bill",
        "I don't want surgery",
        "please cancel my appointment",
        "Should I stop my aspirin?",
        "I want to end it all",
        "do not call me before 9",
        "I quit smoking",
        "what happens if I say no?",
        "Do you consent to care? Reply YES to consent or NO to decline.",
        "Loved “Reply YES to consent”",
        "START",
        "I cοnsent",
        "\u{202e}sey",
        "si tengo cita",
        "Sí, pero después",
        "creo que sí",
        "no hablo inglés",
        "oui",
        "<b>yes</b>",
        "https://example.com/yes",
    ] {
        assert_eq!(decision(text), Decision::Unclear, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
}

#[test]
fn a_megabyte_of_anything_takes_no_time() {
    for piece in ["a", "yes ", "no. ", "!?", "😀", "é", "ﷺ", "\u{200b}", " ", "stop texting me ", "y\u{301}"] {
        for length in [1_900, 1 << 20] {
            let text = piece.repeat(length / piece.len());
            classify(&text, &Lexicon::default());
            let start = Instant::now();
            classify(&text, &Lexicon::default());
            assert!(start.elapsed() < Duration::from_secs(10), "{length} bytes of {piece:?}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn too_long_a_reply_goes_to_a_person() {
    assert_eq!(classify(&"yes ".repeat(1_000), &Lexicon::default()).rule, "too-long");
    assert_eq!(classify(&"? ! ".repeat(400), &Lexicon::default()).rule, "too-long");
}

/// Replies made of the rules' examples and of single words, in any order.
fn everyday_reply() -> impl Strategy<Value = String> {
    let mut pieces: Vec<&str> = words::phrases().map(|(_, phrase)| phrase).collect();
    pieces.extend(rules().flat_map(|rule| rule.examples).copied().filter(|example| example.is_ascii()));
    let piece = proptest::sample::select(pieces);
    let separator = proptest::sample::select(vec![" ", ", ", ". ", "\n"]);
    proptest::collection::vec((piece, separator), 1..6)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, separator)| [piece, separator]).collect())
}

proptest! {
    #[test]
    fn never_panics_and_ignores_what_stands_around(text in "\\PC{0,200}") {
        let verdict = classify(&text, &Lexicon::default());
        for around in [format!("  {text}\n "), format!("{text}."), format!("{text}!!")] {
            prop_assert_eq!(&classify(&around, &Lexicon::default()), &verdict);
        }
    }

    #[test]
    fn ignores_case(text in everyday_reply()) {
        let small = classify(&text.to_ascii_lowercase(), &Lexicon::default());
        prop_assert_eq!(classify(&text.to_ascii_uppercase(), &Lexicon::default()), small);
    }

    #[test]
    fn a_question_or_a_doubt_is_never_a_consent(text in everyday_reply()) {
        for after in [" ?", " maybe", " 👎", " but only if it is free", ". No"] {
            prop_assert_ne!(decision(&format!("{text}{after}")), Decision::Consent);
        }
    }
}

/// Everything that is one letter added, lost, changed or swapped away from `word`, or a space or an apostrophe.
fn slips_of(word: &str) -> HashSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut slips = HashSet::new();
    for at in 0..=letters.len() {
        let (before, after) = letters.split_at(at);
        let mut add = |middle: &[char], after: &[char]| {
            slips.insert([before, middle, after].concat().into_iter().collect());
        };
        for letter in ('a'..='z').chain([' ', '\'', ';']) {
            add(&[letter], after);
            add(&[letter], after.get(1..).unwrap_or_default());
        }
        add(&[], after.get(1..).unwrap_or_default());
        if let [first, second, rest @ ..] = after {
            add(&[*second, *first], rest);
        }
    }
    slips
}

#[test]
fn a_misspelt_negation_is_never_a_consent() {
    for verb in ["consent", "agree", "give my consent", "give you permission"] {
        for not in ["dont", "don't", "do not", "wont", "won't", "will not", "cant", "can't", "cannot", "never"] {
            for slip in slips_of(not) {
                for text in [format!("I {slip} {verb}"), format!("{slip} {verb}")] {
                    assert_ne!(decision(&text), Decision::Consent, "{text:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_asked_to_go_on_is_no_opt_out() {
    for text in [
        "don't stop texting me",
        "please do not remove me",
        "I don't want to opt out",
        "no dejen de escribirme",
        "no quiero cancelar",
        "don't text, call",
        "Dont email me, text me",
        "don't call me, text me instead",
        "I do not text",
        "I don't want to bother you",
    ] {
        assert_eq!(decision(text), Decision::Unclear, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
}

#[test]
fn leaving_the_program_is_a_refusal_but_not_leaving_a_treatment() {
    for text in [
        "please disenroll me",
        "Withdraw me from the program",
        "I want to drop out of the program",
        "cancel my enrollment",
        "cancelen mi inscripción",
        "While I understand the benefits, I do not consent",
        "I don't want this service",
        "no me inscriban",
        "No, I can't afford it",
    ] {
        assert_eq!(decision(text), Decision::Decline, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
    for text in [
        "cancel my surgery",
        "I'm not interested in surgery",
        "I decline the vaccine",
        "take me off this medication",
        "I don't want to see that doctor",
        "No, I haven't had my appointment",
        "If I have to pay I do not consent",
    ] {
        assert_eq!(decision(text), Decision::Unclear, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
}

#[test]
fn what_is_the_patients_own_can_be_forbidden() {
    for text in [
        "Please don't share my records with anyone",
        "do not record me",
        "No photos of me please",
        "I don't want my information shared",
        "I'm not comfortable sharing my chart",
        "stop sharing my records",
        "No compartan mis datos con nadie",
        "no quiero que usen mis fotos",
    ] {
        assert_eq!(classify(text, &Lexicon::default()).rule, "forbids", "{text:?}");
    }
    for text in [
        "You did not share my records with Dr Kim yet",
        "Don't share my info with my mom",
        "I can't use my phone",
        "don't use that pharmacy",
        "I don't have any photos of it",
        "Don't send my refill to Walgreens",
        "no use esa crema",
    ] {
        assert_eq!(decision(text), Decision::Unclear, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
}

#[test]
fn a_last_word_decides_whatever_came_before_it() {
    for text in [
        "I value my privacy. No",
        "per my attorney, no",
        "It sounds like a good program but I'll pass",
        "I don't understand it so my answer is no",
        "No, Medicare already takes enough",
        "no because it was never explained",
    ] {
        assert_eq!(decision(text), Decision::Decline, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
    for text in ["Dr. No", "the nurse said no", "Can I just say no", "If it costs money, no", "No, I never got it"] {
        assert_eq!(decision(text), Decision::Unclear, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
}

#[test]
fn a_parent_answers_for_a_child() {
    for text in [
        "Yes, for my son Mateo",
        "Sí, para mi hijo Mateo",
        "I'm the legal guardian of Tyler and I consent",
        "As Ava's mom I consent",
        "Yes. Parent of Chloe Ramirez 5/12/17",
        "I give consent for Jayden to be treated",
    ] {
        assert_eq!(decision(text), Decision::Consent, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
    for text in ["Yes with my daughter", "yes for my son's appointment", "Yes for my mother", "I am the mother of two"]
    {
        assert_eq!(decision(text), Decision::Unclear, "{text:?} {}", classify(text, &Lexicon::default()).rule);
    }
}

#[test]
fn a_word_is_known_by_its_sound() {
    for (written, meant) in [
        ("no kiero ke compartan mi informasion", "no quiero que compartan mi información"),
        ("no estoi de acuerdo", "no estoy de acuerdo"),
        ("kitenme de la lista", "quítenme de la lista"),
        ("aint signin nothin", "ain't signing nothing"),
        ("stop textin me", "stop texting me"),
    ] {
        assert_eq!(classify(written, &Lexicon::default()), classify(meant, &Lexicon::default()), "{written:?}");
        assert_eq!(decision(written), Decision::Decline, "{written:?}");
    }
}

#[test]
fn a_greeting_after_a_yes_asks_who_is_there() {
    for text in ["yes hello", "yes hi", "yes hello? who is this", "Hello? Yes?", "yes hi how are you"] {
        assert_eq!(decision(text), Decision::Unclear, "{text:?}");
    }
    for text in ["hi yes", "Hello, yes please", "Good morning. Yes, good evening"] {
        assert_eq!(decision(text), Decision::Consent, "{text:?}");
    }
}

#[test]
fn a_clinic_has_its_own_replies() {
    let lexicon = Lexicon::new(&["1", "Count Me"], &["2"]).unwrap();
    for (text, rule) in [
        (" 1. ", "clinic-consent"),
        ("count  me!", "clinic-consent"),
        ("2", "clinic-decline"),
        ("12", "number"),
        ("no", "no"),
    ] {
        assert_eq!(classify(text, &lexicon).rule, rule, "{text:?}");
    }
}

#[test]
fn a_clinic_cannot_take_a_word_from_carriers_or_from_its_meaning() {
    use LexiconList::{Consent, Decline};
    let long = "x".repeat(300);
    let faults = Lexicon::new(&["start", "no", " ", "1", &long], &["STOP", "sí", "1.", "Help"]).unwrap_err();
    assert_eq!(
        faults,
        [
            LexiconFault::Reserved { list: Consent, position: 1 },
            LexiconFault::Contradicts { list: Consent, position: 2 },
            LexiconFault::Empty { list: Consent, position: 3 },
            LexiconFault::TooLong { list: Consent, position: 5 },
            LexiconFault::Reserved { list: Decline, position: 1 },
            LexiconFault::Contradicts { list: Decline, position: 2 },
            LexiconFault::Reserved { list: Decline, position: 4 },
            LexiconFault::OnBothLists { consent: 4, decline: 3 },
        ]
    );
    let secret = Lexicon::new(&["stop"], &["stop"]).unwrap_err();
    assert!(secret.iter().all(|fault| !fault.to_string().contains("stop")));
}
