//! Is this body really from Spruce? HMAC-SHA256 over the raw bytes, in every form that Spruce's sender can produce.
//!
//! Spruce delivers through Convoy. Convoy signs the body *without insignificant white space* but sends it as it was
//! given, so the raw bytes are tried first and the compact form second (`pkg/signature` in Convoy's source). The header
//! holds either the plain base64 value, which is what Spruce documents, or `t=<unix seconds>,v1=<base64>…`, Convoy's
//! newer form, in which `<t>,<body>` is signed.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::private::Private;

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "X-Spruce-Signature";

/// How far the `t` of a timed signature may be from our clock, in seconds (Convoy's own tolerance).
pub const TOLERANCE_SECONDS: u64 = 300;

/// How many signatures one request may offer in all. A rotation needs two; the limit bounds the work that a stranger
/// can ask for.
pub const MAX_CANDIDATES: usize = 8;

/// SHA-256's output.
const MAC_BYTES: usize = 32;

/// Convoy pads; a proxy or another sender may not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A signing secret, as UTF-8 bytes exactly as given: a prefix such as `whsec_` is part of the key.
#[derive(Clone, Debug)]
pub struct Secret(Private);

impl Secret {
    /// Takes a secret; `None` for an empty one, which would let anybody sign.
    pub fn new(secret: &str) -> Option<Self> {
        if secret.is_empty() { None } else { Some(Self(Private::from(secret))) }
    }

    /// Signs a body as Spruce does: the plain form of [`SIGNATURE_HEADER`]. The body must be without insignificant white
    /// space.
    pub fn sign(&self, body: &[u8]) -> String {
        let mut mac = self.mac();
        mac.update(body);
        BASE64.encode(mac.finalize().into_bytes())
    }

    fn mac(&self) -> Hmac<Sha256> {
        // A key of any length is fine for HMAC, so the error cannot happen; an unusable key must never verify.
        match Hmac::new_from_slice(self.0.expose().as_bytes()) {
            Ok(mac) => mac,
            Err(hmac::digest::InvalidLength) => unreachable!("HMAC takes keys of any length (RFC 2104, section 3)"),
        }
    }
}

/// Why a request is not from Spruce, as far as the sender may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// There is no signature header.
    Missing,
    /// No signature in it fits: wrong, too old, too many, or not base64. One answer for all of them.
    Invalid,
}

/// Checks that at least one signature in `headers` (the values of [`SIGNATURE_HEADER`]) was made over `body` with one
/// of `secrets`. `now` is in seconds since 1970 and matters only for the timed form.
///
/// Every candidate is compared in constant time, and all of them are, whichever fits.
pub fn verify<'a>(
    body: &[u8],
    headers: impl IntoIterator<Item = &'a [u8]>,
    secrets: &[Secret],
    now: i64,
) -> Result<(), Rejection> {
    let mut present = false;
    let mut candidates = Vec::new();
    for value in headers {
        present = true;
        read_candidates(value, &mut candidates)?;
    }
    if !present {
        return Err(Rejection::Missing);
    }

    // A time that is too far off needs no hashing: it is no secret.
    candidates.retain(|candidate| candidate.timestamp.is_none_or(|text| is_fresh(text, now)));
    let over_raw = || any_fits(&candidates, secrets, |mac| mac.update(body));
    let over_compact = || any_fits(&candidates, secrets, |mac| Runs { rest: body }.for_each(|run| mac.update(run)));
    // Accept and reject take the same path: what is looked at depends on the body, and not on what fits.
    let fits = over_raw() | (!is_compact(body) && over_compact());
    if fits { Ok(()) } else { Err(Rejection::Invalid) }
}

/// One signature that the sender offers.
struct Candidate<'a> {
    /// The `t` of a timed signature, as written: it is part of what is signed.
    timestamp: Option<&'a str>,
    /// `None` for what can match nothing: not base64, another length, a timed signature without its time. Such a
    /// candidate still counts, and another one beside it may fit.
    mac: Option<[u8; MAC_BYTES]>,
}

/// Reads one header value: `<base64>`, several of them joined by commas (as proxies join repeated headers; base64 has
/// no comma), or `t=…,v1=…`.
fn read_candidates<'a>(value: &'a [u8], candidates: &mut Vec<Candidate<'a>>) -> Result<(), Rejection> {
    // What is not even text becomes one candidate that is not base64.
    let value = str::from_utf8(value).unwrap_or("not text");
    let parts = || value.split(',').map(str::trim);
    // No base64 value begins so: there an equals sign can only stand at the end.
    let timed = parts().any(|part| part.starts_with("t=") || part.starts_with("v1="));
    let timestamp = parts().find_map(|part| part.strip_prefix("t="));
    for part in parts() {
        let encoded = match (timed, part.strip_prefix("v1=")) {
            (false, _) => part,
            (true, Some(encoded)) => encoded,
            // `t` itself, and schemes that we do not know (`v2=…`).
            (true, None) => continue,
        };
        if candidates.len() == MAX_CANDIDATES {
            return Err(Rejection::Invalid);
        }
        let decoded = BASE64.decode(encoded).ok().and_then(|bytes| bytes.try_into().ok());
        let mac = if timed && timestamp.is_none() { None } else { decoded };
        candidates.push(Candidate { timestamp: timestamp.filter(|_| timed), mac });
    }
    Ok(())
}

/// Whether the time of a signature is close to ours. Whole seconds only: `Infinity` and `1e9` are no times.
fn is_fresh(timestamp: &str, now: i64) -> bool {
    timestamp.parse::<i64>().is_ok_and(|t| t.abs_diff(now) <= TOLERANCE_SECONDS)
}

/// Whether a candidate was made with one of the secrets over its time, if it has one, and what `sign` adds to it.
fn any_fits(candidates: &[Candidate<'_>], secrets: &[Secret], sign: impl Fn(&mut Hmac<Sha256>)) -> bool {
    let mut fits = false;
    for secret in secrets {
        // One pass over the body serves all candidates of the same time, and all plain ones.
        let mut last: Option<(Option<&str>, Hmac<Sha256>)> = None;
        for Candidate { timestamp, mac } in candidates {
            let Some(mac) = mac else { continue };
            if last.as_ref().is_none_or(|(of, _)| of != timestamp) {
                let mut ours = secret.mac();
                if let Some(timestamp) = timestamp {
                    ours.update(timestamp.as_bytes());
                    ours.update(b",");
                }
                sign(&mut ours);
                last = Some((*timestamp, ours));
            }
            // Constant time in the candidate's bytes: `verify_slice` compares with `subtle`.
            fits |= last.as_ref().is_some_and(|(_, ours)| ours.clone().verify_slice(mac).is_ok());
        }
    }
    fits
}

/// Whether there is no white space between the tokens.
fn is_compact(body: &[u8]) -> bool {
    Runs { rest: body }.next().unwrap_or_default().len() == body.len()
}

/// A body seen as JSON text without the white space between its tokens: the stretches that remain, in order.
///
/// A scanner over the bytes, not a parser: it knows strings and their escapes and nothing else, so it is linear, keeps
/// nothing, and gives *some* answer for bytes that are no JSON. That is harmless: such an answer verifies only if
/// the sender signed just these bytes.
struct Runs<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Runs<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.rest.iter().position(|byte| !is_json_space(*byte))?;
        let (_, rest) = self.rest.split_at_checked(start)?;
        // A run ends outside a string, so the next one starts outside of it too.
        let (run, rest) = rest.split_at_checked(run_length(rest))?;
        self.rest = rest;
        Some(run)
    }
}

/// How far it is to the first white space outside of strings, in bytes.
fn run_length(json: &[u8]) -> usize {
    let mut bytes = json.iter();
    while let Some(byte) = bytes.find(|byte| **byte == b'"' || is_json_space(**byte)) {
        if *byte != b'"' {
            return json.len() - bytes.len() - 1;
        }
        // To the end of the string, which an escaped quotation mark is not.
        while bytes.find(|byte| matches!(byte, b'"' | b'\\')) == Some(&b'\\') {
            bytes.next();
        }
    }
    json.len()
}

/// White space between tokens (RFC 8259, section 2).
const fn is_json_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_764_000_000;
    const BODY: &[u8] = br#"{"type":"conversationItem.created","data":{"object":{"text":"Yes, \"I\" do"}}}"#;
    const SPACED: &[u8] =
        b" {\"type\": \"conversationItem.created\",\n\t\"data\":{\"object\":{\"text\":\"Yes, \\\"I\\\" do\"}} }\r\n";

    fn secrets(texts: &[&str]) -> Vec<Secret> {
        texts.iter().map(|text| Secret::new(text).unwrap()).collect()
    }

    fn sign(secret: &str, parts: &[&[u8]]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        for part in parts {
            mac.update(part);
        }
        BASE64_STANDARD.encode(mac.finalize().into_bytes())
    }

    fn check(body: &[u8], headers: &[&str]) -> Result<(), Rejection> {
        verify(body, headers.iter().map(|value| value.as_bytes()), &secrets(&["new secret", "old secret"]), NOW)
    }

    /// printf '{"event":"charge.success","amount":1000,"currency":"NGN"}' |
    ///   openssl dgst -sha256 -hmac convoy-webhook-secret -binary | base64
    /// and the same with `1700000000,` in front: the values that Convoy's own test vectors hold for this body too.
    #[test]
    fn golden_vectors_made_with_openssl() {
        let body = br#"{"event":"charge.success","amount":1000,"currency":"NGN"}"#;
        let secrets = secrets(&["convoy-webhook-secret"]);
        let plain: &[u8] = b"JERJt/SMvCcJBgydzcKzqkenj1QEMFeQFcV5+xLe+7Q=";
        assert_eq!(verify(body, [plain], &secrets, 0), Ok(()));
        assert_eq!(secrets[0].sign(body).as_bytes(), plain);
        let timed: &[u8] = b"t=1700000000,v1=d7i5Jp8loZmEalWivSWz+6FRxw/a5gux3Nh/u8lDxVw=";
        assert_eq!(verify(body, [timed], &secrets, 1_700_000_000), Ok(()));
    }

    #[test]
    fn every_accepted_form() {
        let plain = sign("new secret", &[BODY]);
        let old = sign("old secret", &[BODY]);
        let timed = sign("new secret", &[NOW.to_string().as_bytes(), b",", BODY]);
        let wrong = sign("another secret", &[BODY]);
        for (name, headers) in [
            ("plain", vec![plain.clone()]),
            ("unpadded", vec![plain.trim_end_matches('=').to_owned()]),
            ("the secret before", vec![old.clone()]),
            ("second header", vec![wrong.clone(), plain.clone()]),
            ("beside something unreadable", vec!["!!!!".to_owned(), plain.clone()]),
            ("joined by a proxy", vec![format!("{wrong}, {plain}")]),
            ("timed", vec![format!("t={NOW},v1={timed}")]),
            ("time last", vec![format!("v1={timed},t={NOW}")]),
            ("any v1", vec![format!("t={NOW},v1={wrong},v1={timed}")]),
            ("unknown scheme beside it", vec![format!("t={NOW},v2=abc,v1={timed}")]),
            ("eight candidates", vec![[vec![wrong.clone(); 7], vec![plain.clone()]].concat().join(",")]),
        ] {
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            assert_eq!(check(BODY, &headers), Ok(()), "{name}");
        }
    }

    #[test]
    fn convoy_signs_the_compact_body_and_sends_the_spaced_one() {
        assert_eq!(check(SPACED, &[&sign("new secret", &[BODY])]), Ok(()));
        assert_eq!(check(SPACED, &[&sign("new secret", &[SPACED])]), Ok(()));
        let t = NOW.to_string();
        let timed = sign("old secret", &[t.as_bytes(), b",", BODY]);
        assert_eq!(check(SPACED, &[&format!("t={t},v1={timed}")]), Ok(()));
    }

    /// Each case is signed as it should be but for the one thing in its name.
    #[test]
    fn every_rejected_form() {
        let plain = sign("new secret", &[BODY]);
        let timed = |t: i64| format!("t={t},v1={}", sign("new secret", &[t.to_string().as_bytes(), b",", BODY]));
        let limit = i64::try_from(TOLERANCE_SECONDS).unwrap();
        assert_eq!(check(BODY, &[]), Err(Rejection::Missing), "no header");
        for (name, headers) in [
            ("empty", vec![String::new()]),
            ("not base64", vec!["!!!!".to_owned()]),
            ("hex", vec!["244449b7f48cbc2709060c9dcdc2b3aa47a78f540430579015c579fb12defbb4".to_owned()]),
            ("right length but wrong", vec![BASE64_STANDARD.encode([7; MAC_BYTES])]),
            ("one byte short", vec![BASE64_STANDARD.encode(&BASE64_STANDARD.decode(&plain).unwrap()[1..])]),
            ("other secret", vec![sign("another secret", &[BODY])]),
            ("body differs by a byte", vec![sign("new secret", &[b" {", &BODY[1..], b"x"])]),
            ("too old", vec![timed(NOW - limit - 1)]),
            ("from the future", vec![timed(NOW + limit + 1)]),
            ("time changed after signing", vec![timed(NOW).replace(&NOW.to_string(), &(NOW + 1).to_string())]),
            ("no time", vec![format!("v1={plain}")]),
            ("the plain value as v1", vec![format!("t={NOW},v1={plain}")]),
            ("smallest number as time", vec![timed(i64::MIN)]),
            ("infinite time", vec![format!("t=Infinity,v1={}", sign("new secret", &[b"Infinity,", BODY]))]),
            (
                "nine candidates",
                vec![[vec![BASE64_STANDARD.encode([7; 32]); 8], vec![plain.clone()]].concat().join(",")],
            ),
        ] {
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            assert_eq!(check(BODY, &headers), Err(Rejection::Invalid), "{name}");
        }
        assert_eq!(check(BODY, &[&timed(NOW - limit)]), Ok(()), "just fresh enough");
        let not_text: &[u8] = &[0xFF, 0xFE];
        assert_eq!(verify(BODY, [not_text], &secrets(&["s"]), NOW), Err(Rejection::Invalid), "header is not text");
        assert_eq!(verify(BODY, [plain.as_bytes()], &[], NOW), Err(Rejection::Invalid), "no secret at all");
    }

    #[test]
    fn white_space_inside_strings_is_signed() {
        let signature = sign("new secret", &[br#"{"text":"a b"}"#]);
        assert_eq!(check(br#"{ "text" : "a b" }"#, &[&signature]), Ok(()));
        assert_eq!(check(br#"{ "text" : "ab" }"#, &[&signature]), Err(Rejection::Invalid));
        assert_eq!(check(br#"{ "text" : "a  b" }"#, &[&signature]), Err(Rejection::Invalid));
    }

    #[test]
    fn an_empty_body_can_be_signed_and_an_empty_secret_cannot_exist() {
        assert_eq!(check(b"", &[&sign("new secret", &[b""])]), Ok(()));
        assert!(Secret::new("").is_none());
        assert!(!format!("{:?}", Secret::new("hush")).contains("hush"));
    }

    proptest! {
        /// The scanner agrees with a real JSON parser about what is insignificant.
        #[test]
        fn compact_is_what_a_parser_would_print(text in "\\PC*", number in any::<i64>(), spaces in "[ \t\r\n]{0,4}") {
            let value = serde_json::json!({ "text": text, "n": [number, { "deep": [text.clone(), null] }] });
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            let spaced = format!("{spaces}{pretty}{spaces}");
            let compact = Runs { rest: spaced.as_bytes() }.collect::<Vec<_>>().concat();
            prop_assert_eq!(String::from_utf8(compact).unwrap(), value.to_string());
        }

        #[test]
        fn arbitrary_bytes_never_panic_and_never_verify(body: Vec<u8>, headers: Vec<Vec<u8>>, now: i64) {
            let result = verify(&body, headers.iter().map(Vec::as_slice), &secrets(&["s"]), now);
            prop_assert_eq!(result, Err(if headers.is_empty() { Rejection::Missing } else { Rejection::Invalid }));
        }
    }
}
