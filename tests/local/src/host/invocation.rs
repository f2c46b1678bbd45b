//! The two texts of a queue invocation: what the host posts to the handler, and what it makes of the answer.
//!
//! Both are pure. The request's shape was read in Azure/azure-functions-host: `ScriptInvocationContextExtensions`
//! (which value becomes which JSON), `Utility.ApplyBindingData` (what of an entry's text becomes metadata) and
//! Newtonsoft's way of writing JSON. The answer's reading: `DefaultHttpWorkerService.ProcessDefaultInvocationRequest`
//! and, below it, ASP.NET's `HttpContentExtensions.ReadAsAsync`.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// A queue entry as it was received, its text decoded.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The id that the queue gave it.
    pub(super) id: String,
    /// The receipt of this reception.
    pub(super) pop_receipt: String,
    /// How often it has been received, this time included.
    pub(super) dequeue_count: u64,
    /// When it was put on the queue.
    pub(super) inserted: Timestamp,
    /// When the queue drops it.
    pub(super) expires: Timestamp,
    /// When the lease ends.
    pub(super) next_visible: Timestamp,
    /// The text, decoded from base64 where the app says so.
    pub(super) text: String,
}

/// What an invocation's answer means to its queue entry.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// Done: the entry is deleted.
    Success,
    /// Not done, for this reason: the entry comes back, or goes to the poison queue.
    Failure(String),
    /// The real host loses track of the invocation: it ends only when the function times out, and the handler with it.
    NeverCompletes,
}

/// The body of the invocation of `function` with `entry`: its text, encoded twice, as `Data.<binding>`, and the rest as
/// `Metadata`.
pub(super) fn body(
    function: &str,
    binding: &str,
    entry: &Entry,
    now: Timestamp,
    random_guid: &str,
) -> serde_json::Result<String> {
    let system = System { method_name: function, utc_now: tenth_microseconds(now).to_string(), rand_guid: random_guid };
    let mut metadata = Object(vec![
        ("DequeueCount".to_owned(), json(&entry.dequeue_count.to_string())?),
        ("ExpirationTime".to_owned(), json(&with_offset(entry.expires))?),
        ("Id".to_owned(), twice(&entry.id)?),
        ("InsertionTime".to_owned(), json(&with_offset(entry.inserted))?),
        ("NextVisibleTime".to_owned(), json(&with_offset(entry.next_visible))?),
        ("PopReceipt".to_owned(), twice(&entry.pop_receipt)?),
        ("sys".to_owned(), json(&system)?),
    ]);
    // A text that is a JSON object overwrites the host's own metadata of the same name: this is why a handler must not
    // decide by them.
    let Object(copied) = serde_json::from_str(&entry.text).unwrap_or(Object(Vec::new()));
    for (name, value) in copied {
        if let Some(value) = copied_value(&value)?
            && !name.to_ascii_lowercase().ends_with("trigger")
        {
            metadata.set(name, value);
        }
    }
    let data = Object(vec![(binding.to_owned(), twice(&entry.text)?)]);
    serde_json::to_string(&Invocation { data, metadata })
}

/// What the host makes of the answer to an invocation.
pub(super) fn outcome(status: u16, content_type: Option<&str>, body: &[u8]) -> Outcome {
    if !(200..300).contains(&status) {
        return Outcome::Failure(format!("status {status}"));
    }
    if body.is_empty() {
        return Outcome::NeverCompletes;
    }
    let media_type = content_type.and_then(|text| text.split(';').next()).map_or("", str::trim);
    if !["application/json", "text/json"].iter().any(|known| known.eq_ignore_ascii_case(media_type)) {
        return Outcome::Failure(format!("the content type is `{media_type}`, not application/json"));
    }
    if body.trim_ascii().is_empty() {
        return Outcome::NeverCompletes;
    }
    match serde_json::from_slice::<Option<Answer>>(body) {
        Ok(Some(answer)) if answer.outputs_and_logs_fit => Outcome::Success,
        Ok(Some(_)) => Outcome::Failure("Outputs is not an object, or Logs not a list of texts".to_owned()),
        Ok(None) => Outcome::NeverCompletes,
        // The error's own text would quote the body.
        Err(error) => Outcome::Failure(format!("the body is not a JSON object (at column {})", error.column())),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Invocation {
    data: Object,
    metadata: Object,
}

/// What the host says of itself.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct System<'a> {
    method_name: &'a str,
    utc_now: String,
    rand_guid: &'a str,
}

/// A JSON object whose members keep their order and their exact text.
struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    /// Sets a member, in the place of an earlier one of the same name.
    fn set(&mut self, name: String, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(earlier, _)| *earlier == name) {
            Some((_, earlier)) => *earlier = value,
            None => self.0.push((name, value)),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut object = Object(Vec::new());
                while let Some((name, value)) = map.next_entry()? {
                    object.set(name, value);
                }
                Ok(object)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A handler's answer, as far as the host needs it to fit. The names' case does not matter to Newtonsoft.
struct Answer {
    outputs_and_logs_fit: bool,
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Answer;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Answer, A::Error> {
                let mut answer = Answer { outputs_and_logs_fit: true };
                while let Some(name) = map.next_key::<String>()? {
                    let fits = match name.to_ascii_lowercase().as_str() {
                        "outputs" => matches!(map.next_value()?, Value::Object(_) | Value::Null),
                        "logs" => are_texts(&map.next_value()?),
                        _ => map.next_value::<IgnoredAny>().map(|_| true)?,
                    };
                    answer.outputs_and_logs_fit &= fits;
                }
                Ok(answer)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// Whether a value can be read as .NET's `List<string>`: a scalar is a text to it, too.
fn are_texts(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(|item| !item.is_array() && !item.is_object()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => false,
    }
}

/// The metadata that a member of the entry's text becomes: an object as it is, a scalar as the JSON of its text; `None`
/// for null and for an array, which are not copied.
fn copied_value(value: &RawValue) -> serde_json::Result<Option<Box<RawValue>>> {
    let text = match serde_json::from_str(value.get())? {
        Value::Null | Value::Array(_) => return Ok(None),
        object @ Value::Object(_) => return json(&object).map(Some),
        // .NET's words for them.
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => us_date(&text).unwrap_or(text),
    };
    twice(&text).map(Some)
}

/// Newtonsoft reads a text that looks like an ISO time as a time, and .NET then writes that in its invariant format.
fn us_date(text: &str) -> Option<String> {
    let iso = (19..=40).contains(&text.len()) && text.as_bytes().get(10) == Some(&b'T');
    let time = match text.parse::<Timestamp>() {
        _ if !iso => return None,
        // The machines in Azure run in UTC.
        Ok(time) => time.to_zoned(TimeZone::UTC).datetime(),
        Err(_) => text.parse::<civil::DateTime>().ok()?,
    };
    Some(time.strftime("%m/%d/%Y %H:%M:%S").to_string())
}

/// The time as .NET writes a `DateTimeOffset` that went through its text form, which has no fractions of a second.
fn with_offset(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// .NET's clock counts tenths of microseconds.
fn tenth_microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_nanosecond(time.as_nanosecond() / 100 * 100).unwrap_or(time)
}

/// A text as JSON, and that as a JSON string.
fn twice(text: &str) -> serde_json::Result<Box<RawValue>> {
    // Newtonsoft also escapes the three line ends that JavaScript knows and JSON does not.
    let once = serde_json::to_string(text)?
        .replace('\u{85}', "\\u0085")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    json(&once)
}

fn json(value: &(impl Serialize + ?Sized)) -> serde_json::Result<Box<RawValue>> {
    serde_json::value::to_raw_value(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "24ad4c06-24ad-4e5b-8294-3da9714877e9";

    fn entry(text: &str) -> Entry {
        Entry {
            id: "800ae4b3-bdd2-4c08-badd-f08e5a34b865".to_owned(),
            pop_receipt: "AgAAAAMAAAAA/8+1QE=".to_owned(),
            dequeue_count: 2,
            inserted: "2026-11-21T17:58:31Z".parse().unwrap(),
            expires: "2036-11-18T17:58:31Z".parse().unwrap(),
            next_visible: "2026-11-21T18:08:32Z".parse().unwrap(),
            text: text.to_owned(),
        }
    }

    fn invocation(text: &str) -> String {
        body("consent-worker", "job", &entry(text), "2026-11-21T17:58:32.220539987Z".parse().unwrap(), GUID).unwrap()
    }

    fn metadata(text: &str) -> Value {
        serde_json::from_str::<Value>(&invocation(text)).unwrap()["Metadata"].take()
    }

    #[test]
    fn the_bytes_are_the_hosts() {
        assert_eq!(
            invocation("Say \"hi\"\n"),
            concat!(
                r#"{"Data":{"job":"\"Say \\\"hi\\\"\\n\""},"#,
                r#""Metadata":{"DequeueCount":"2","#,
                r#""ExpirationTime":"2036-11-18T17:58:31+00:00","#,
                r#""Id":"\"800ae4b3-bdd2-4c08-badd-f08e5a34b865\"","#,
                r#""InsertionTime":"2026-11-21T17:58:31+00:00","#,
                r#""NextVisibleTime":"2026-11-21T18:08:32+00:00","#,
                r#""PopReceipt":"\"AgAAAAMAAAAA/8+1QE=\"","#,
                r#""sys":{"MethodName":"consent-worker","UtcNow":"2026-11-21T17:58:32.2205399Z","#,
                r#""RandGuid":"24ad4c06-24ad-4e5b-8294-3da9714877e9"}}}"#,
            )
        );
    }

    #[test]
    fn the_text_comes_out_of_two_decodings() {
        for text in ["", "yes", "{\"a\":[1]}", "sí 👍 \u{0}\u{1f}\u{85}\u{2028}\\ \"'</script>", "not json {"] {
            let invocation: Value = serde_json::from_str(&invocation(text)).unwrap();
            let once = invocation["Data"]["job"].as_str().unwrap();
            assert!(once.is_ascii() || !once.contains(['\u{85}', '\u{2028}']), "{once}");
            assert_eq!(serde_json::from_str::<String>(once).unwrap(), text);
        }
    }

    #[test]
    fn the_texts_own_members_become_metadata_and_overwrite_it() {
        let text = r#"{"new":"x","Id":"mine","DequeueCount":99,"no":null,"list":[1],"yes":true,"half":1.5,
            "inner":{"b":1,"a":[]},"MyTrigger":"x","at":"2026-11-21T17:58:31.5Z","local":"2026-11-21T17:58:31"}"#;
        let metadata = metadata(text);
        for (name, expected) in [
            ("new", Some(r#""x""#)),
            ("Id", Some(r#""mine""#)),
            ("DequeueCount", Some(r#""99""#)),
            ("no", None),
            ("list", None),
            ("yes", Some(r#""True""#)),
            ("half", Some(r#""1.5""#)),
            ("MyTrigger", None),
            ("at", Some(r#""11/21/2026 17:58:31""#)),
            ("local", Some(r#""11/21/2026 17:58:31""#)),
        ] {
            assert_eq!(metadata.get(name).and_then(Value::as_str), expected, "{name}");
        }
        assert_eq!(metadata["inner"], serde_json::json!({"a": [], "b": 1}));
        assert_eq!(metadata["sys"]["MethodName"], "consent-worker");
    }

    #[test]
    fn a_text_that_is_no_json_object_leaves_the_metadata_alone() {
        for text in ["[{\"Id\":1}]", "{\"Id\":1", "\"Id\"", "null", "7"] {
            assert_eq!(metadata(text)["Id"], "\"800ae4b3-bdd2-4c08-badd-f08e5a34b865\"", "{text}");
            assert_eq!(metadata(text).as_object().unwrap().len(), 7, "{text}");
        }
    }

    #[test]
    fn every_row_of_the_answer_table() {
        const JSON: Option<&str> = Some("application/json");
        const OUR_ANSWER: &[u8] = br#"{"Outputs":{},"Logs":["a line"],"ReturnValue":null}"#;
        for (status, content_type, body) in [
            (200, JSON, OUR_ANSWER),
            (201, Some("Application/JSON; charset=utf-8"), OUR_ANSWER),
            (200, Some("text/json"), b"{}".as_slice()),
            (200, JSON, br#"{"something":"else"}"#),
            (200, JSON, br#"{"outputs":null,"logs":[1,null]}"#),
        ] {
            assert_eq!(outcome(status, content_type, body), Outcome::Success, "{body:?}");
        }
        for (status, content_type, body) in [
            (200, None, b"".as_slice()),
            (204, None, b""),
            (200, JSON, b""),
            (200, Some("text/plain"), b""),
            (200, JSON, b" \n"),
            (200, JSON, b"null"),
        ] {
            assert_eq!(outcome(status, content_type, body), Outcome::NeverCompletes, "{content_type:?} {body:?}");
        }
        for (status, content_type, body, reason) in [
            (500, JSON, OUR_ANSWER, "status 500"),
            (404, None, b"".as_slice(), "status 404"),
            (302, None, b"", "status 302"),
            (199, JSON, OUR_ANSWER, "status 199"),
            (200, Some("text/plain"), OUR_ANSWER, "the content type is `text/plain`"),
            (200, None, OUR_ANSWER, "the content type is ``"),
            (200, JSON, b"{", "the body is not a JSON object"),
            (200, JSON, b"[]", "the body is not a JSON object"),
            (200, JSON, b"\"done\"", "the body is not a JSON object"),
            (200, JSON, br#"{"Outputs":[]}"#, "Outputs is not an object"),
            (200, JSON, br#"{"Logs":"one"}"#, "Outputs is not an object, or Logs not a list"),
            (200, JSON, br#"{"Logs":[{}]}"#, "Outputs is not an object, or Logs not a list"),
        ] {
            match outcome(status, content_type, body) {
                Outcome::Failure(found) => assert!(found.starts_with(reason), "{found}"),
                other => panic!("{other:?} for {status} {body:?}"),
            }
        }
    }
}
