//! How history entries, statuses and reviews look as columns, and how history columns are read back.
//!
//! Every row has every column from the first day, an untyped empty string where nothing is known: Storage Explorer
//! cannot sort a column that older rows lack, the service refuses an empty Edm.DateTime, and a `null` keeps the old
//! value on a merge.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::error::StorageError;
use super::keys;
use super::tables::Difference;
use crate::domain::consent::{DecidedBy, OpenReview, Status};
use crate::domain::event::time;
use crate::domain::history::{Entry, Kind, MatchStatus, Origin, Patient, StaffDecision, What};
use crate::domain::intake::CUT_MARK;
use crate::domain::private::Private;
use crate::domain::reply::{Decision, RULES_VERSION, Verdict};

/// The service's limit for a text column, in UTF-16 units (64 KiB).
const MAX_TEXT_UTF16: usize = 32 * 1024;

/// How much of a text stands in a column for reading, in characters. The whole is in `VerbatimText`.
const MAX_READING_CHARS: usize = 1_000;

/// One value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Text(Private),
    Flag(bool),
    Count(u32),
    /// Edm.DateTime; `None` for an unknown time.
    Time(Option<Timestamp>),
}

/// A row's columns, in the order of the documentation.
pub(super) type Columns = Vec<(&'static str, Cell)>;

/// The columns as the service takes them, with the keys.
pub(super) fn to_entity(partition: &str, row: &str, columns: &Columns) -> Value {
    let mut entity = Map::new();
    entity.insert("PartitionKey".to_owned(), partition.into());
    entity.insert("RowKey".to_owned(), row.into());
    for (name, cell) in columns {
        let value = match cell {
            Cell::Text(text) => text.expose().into(),
            Cell::Flag(flag) => (*flag).into(),
            Cell::Count(count) => i32::try_from(*count).unwrap_or(i32::MAX).into(),
            Cell::Time(None) => "".into(),
            Cell::Time(Some(time)) => {
                entity.insert(format!("{name}@odata.type"), "Edm.DateTime".into());
                time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string().into()
            }
        };
        entity.insert((*name).to_owned(), value);
    }
    Value::Object(entity)
}

/// Whether a stored row already says what `columns` say.
pub(super) fn says_the_same(entity: &Map<String, Value>, columns: &Columns) -> bool {
    columns.iter().all(|(name, wanted)| says(entity.get(*name), wanted))
}

/// The columns in which a stored row does not say what `columns` say, but for local times: each is a rendering of the
/// time beside it.
pub(super) fn differences(entity: &Map<String, Value>, columns: &Columns) -> Vec<Difference> {
    let differing =
        columns.iter().filter(|(name, wanted)| !name.ends_with("Local") && !says(entity.get(*name), wanted));
    let differing = differing.map(|(name, wanted)| Difference {
        column: name,
        stored: in_words(entity.get(*name).unwrap_or(&Value::Null)),
        recomputed: in_words(to_entity("", "", &vec![(*name, wanted.clone())]).get(*name).unwrap_or(&Value::Null)),
    });
    differing.collect()
}

fn says(stored: Option<&Value>, wanted: &Cell) -> bool {
    match (wanted, stored) {
        (Cell::Text(text), Some(Value::String(stored))) => stored == text.expose(),
        (Cell::Flag(flag), Some(Value::Bool(stored))) => stored == flag,
        (Cell::Count(count), Some(Value::Number(stored))) => stored.as_u64() == Some(u64::from(*count)),
        (Cell::Time(wanted), Some(Value::String(stored))) => {
            time(stored).map(Timestamp::as_microsecond) == wanted.map(Timestamp::as_microsecond)
        }
        _ => false,
    }
}

fn in_words(value: &Value) -> Private {
    match value {
        Value::Null => Private::default(),
        Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}

/// A row of `ConsentHistory`.
pub(super) fn of_entry(entry: &Entry) -> Columns {
    let Entry { conversation_id, item_id, created_at, modified_at, recorded_at, origin, what } = entry;
    let nobody = Patient::default();
    let no_verdict = (None, None);
    let ((verdict, staff), text, patient, note, reviewer) = match what {
        What::Reply { text, verdict, patient, .. } | What::EditedReply { text, verdict, patient, .. } => {
            ((Some(verdict), None), Some(text), Some(patient), None, None)
        }
        What::Request { text, .. } | What::EditedRequest { text, .. } | What::Confirmation { text } => {
            (no_verdict, Some(text), None, None, None)
        }
        What::Deleted | What::Restored | What::Context { .. } => (no_verdict, None, None, None, None),
        What::Match(patient) => (no_verdict, None, Some(patient), None, None),
        What::Review { decision, reviewed_by, note } => {
            ((None, Some(*decision)), None, None, Some(note), Some(reviewed_by))
        }
    };
    let (preceding_item, preceding_is_request) = match what {
        What::Context { preceding_item_id, preceding_is_request } => {
            (preceding_item_id.as_str(), Some(*preceding_is_request))
        }
        // "Preceded by a request" without naming one: replies were taken without it.
        What::Reply { needs_no_request, .. } | What::EditedReply { needs_no_request, .. } => {
            ("", needs_no_request.then_some(true))
        }
        _ => ("", None),
    };
    let expires_at = match what {
        What::Request { expires_at, .. } => Some(*expires_at),
        What::EditedRequest { expires_at, .. } => *expires_at,
        _ => None,
    };
    let decision = verdict.map(|verdict| verdict.decision.as_str()).or(staff.map(StaffDecision::as_str));
    let patient_text = |field: fn(&Patient) -> &str| plain(patient.map(field).unwrap_or_default());
    vec![
        ("Kind", plain(what.kind().as_str())),
        ("Decision", plain(decision.unwrap_or_default())),
        ("Explicit", flag(verdict.map(|verdict| verdict.explicit))),
        ("OptOut", flag(verdict.map(|verdict| verdict.opt_out))),
        ("Rule", plain(verdict.map_or("", |verdict| &verdict.rule))),
        ("RulesVersion", plain(verdict.map_or("", |_| RULES_VERSION))),
        ("Reason", plain(verdict.map_or("", |verdict| &verdict.reason))),
        ("VerbatimText", verbatim(text.map_or("", Private::expose))),
        ("ItemId", plain(item_id)),
        ("ConversationId", plain(conversation_id)),
        ("ConversationUrl", plain(&origin.conversation_url)),
        ("Channel", one_line(&origin.channel)),
        ("ContactId", patient_text(|patient| &patient.contact_id)),
        ("ExternalId", one_line(patient.unwrap_or(&nobody).external_id.expose())),
        ("PatientName", one_line(patient.unwrap_or(&nobody).name.expose())),
        ("Phone", patient_text(|patient| patient.phone.expose())),
        ("MatchStatus", plain(patient.map_or("", |patient| patient.status.as_str()))),
        ("Author", one_line(origin.author.expose())),
        ("Attachments", Cell::Count(origin.attachments)),
        ("PrecedingItemId", plain(preceding_item)),
        ("PrecedingIsRequest", flag(preceding_is_request)),
        ("ExpiresAt", Cell::Time(expires_at)),
        ("EventType", plain(&origin.event_type)),
        ("EventTime", Cell::Time(origin.event_time)),
        ("CreatedAt", Cell::Time(Some(*created_at))),
        ("ModifiedAt", Cell::Time(*modified_at)),
        ("ReceivedAt", Cell::Time(origin.received_at)),
        ("RecordedAt", Cell::Time(Some(*recorded_at))),
        ("BodySha256", plain(&origin.body_sha256)),
        ("ReviewedBy", one_line(reviewer.map_or("", Private::expose))),
        ("Note", one_line(note.map_or("", Private::expose))),
    ]
}

/// A row of `ConsentStatus`, but for `UpdatedAt`, which says when the rest changed.
pub(super) fn of_status(conversation_id: &str, status: &Status, open_reviews: usize, zone: &TimeZone) -> Columns {
    let Status { patient, reply, request, .. } = status;
    let reply_text = reply.as_ref().map_or("", |reply| reply.text.expose());
    let decided_by = match &status.decided_by {
        DecidedBy::Nobody => plain(""),
        DecidedBy::Patient => plain("patient"),
        DecidedBy::Staff(reviewer) => one_line(reviewer.expose()),
    };
    vec![
        ("Status", plain(status.state.as_str())),
        ("OptedOut", Cell::Flag(status.opted_out)),
        ("PatientName", one_line(patient.name.expose())),
        ("Phone", plain(patient.phone.expose())),
        ("ContactId", plain(&patient.contact_id)),
        ("ExternalId", one_line(patient.external_id.expose())),
        ("Channel", one_line(&status.channel)),
        ("MatchStatus", plain(patient.status.as_str())),
        ("DecidedAt", Cell::Time(status.decided_at)),
        ("DecidedLocal", plain(&status.decided_at.map(|time| local_time(time, zone)).unwrap_or_default())),
        ("DecidedBy", decided_by),
        ("ReplyText", one_line(reply_text)),
        ("VerbatimText", verbatim(reply_text)),
        ("ReplyItemId", plain(reply.as_ref().map_or("", |reply| &reply.item_id))),
        ("RequestText", one_line(request.as_ref().map_or("", |request| request.text.expose()))),
        ("RequestItemId", plain(request.as_ref().map_or("", |request| &request.item_id))),
        ("RequestedAt", Cell::Time(request.as_ref().map(|request| request.created_at))),
        ("Reason", one_line(&status.reason)),
        ("Rule", plain(&status.rule)),
        ("ConversationId", plain(conversation_id)),
        ("ConversationUrl", plain(&status.conversation_url)),
        ("Replies", Cell::Count(status.replies)),
        ("OpenReviews", Cell::Count(u32::try_from(open_reviews).unwrap_or(u32::MAX))),
    ]
}

/// The columns of a `ConsentReview` row that are ours.
pub(super) fn of_review(
    conversation_id: &str,
    review: &OpenReview,
    current_status: &'static str,
    zone: &TimeZone,
) -> Columns {
    let received_at = review.received_at.unwrap_or(review.created_at);
    vec![
        ("ReceivedLocal", plain(&local_time(review.created_at, zone))),
        ("PatientName", one_line(review.patient.name.expose())),
        ("Phone", plain(review.patient.phone.expose())),
        ("ReplyText", one_line(review.reply_text.expose())),
        ("Reason", one_line(&review.reason)),
        ("RequestText", one_line(review.request_text.expose())),
        ("CurrentStatus", plain(current_status)),
        ("ConversationUrl", plain(&review.conversation_url)),
        ("ConversationId", plain(conversation_id)),
        ("ItemId", plain(&review.item_id)),
        ("ReceivedAt", Cell::Time(Some(received_at))),
    ]
}

/// The columns of a `ConsentReview` row in which staff type, empty as they begin, and `Problem`, which answers them.
pub(super) fn staff_columns() -> Columns {
    ["Decision", "ReviewedBy", "Note", "Problem"].map(|name| (name, plain(""))).to_vec()
}

/// Reads a row of `ConsentHistory` back. A row that contradicts itself is refused: a decision about a patient must not
/// rest on half of the record.
pub(super) fn to_entry(entity: &Map<String, Value>) -> Result<Entry, StorageError> {
    let row = Row(entity);
    let kind = Kind::parse(row.text("Kind")).ok_or(unreadable("Kind"))?;
    let text = || Private::from(row.text("VerbatimText"));
    let verdict = || {
        Ok(Verdict {
            decision: Decision::parse(row.text("Decision")).ok_or(unreadable("Decision"))?,
            explicit: row.flag("Explicit").ok_or(unreadable("Explicit"))?,
            opt_out: row.flag("OptOut").ok_or(unreadable("OptOut"))?,
            rule: row.text("Rule").to_owned().into(),
            reason: row.text("Reason").to_owned().into(),
        })
    };
    let patient = || {
        Ok(Patient {
            status: MatchStatus::parse(row.text("MatchStatus")).ok_or(unreadable("MatchStatus"))?,
            contact_id: row.text("ContactId").to_owned(),
            external_id: row.text("ExternalId").into(),
            name: row.text("PatientName").into(),
            phone: row.text("Phone").into(),
        })
    };
    let needs_no_request = || row.flag("PrecedingIsRequest").unwrap_or(false);
    let what = match kind {
        Kind::Reply => {
            What::Reply { text: text(), verdict: verdict()?, needs_no_request: needs_no_request(), patient: patient()? }
        }
        Kind::Request => {
            What::Request { text: text(), expires_at: row.time("ExpiresAt").ok_or(unreadable("ExpiresAt"))? }
        }
        // Only a patient's words have a decision.
        Kind::Edit if row.text("Decision").is_empty() => {
            What::EditedRequest { text: text(), expires_at: row.time("ExpiresAt") }
        }
        Kind::Edit => What::EditedReply {
            text: text(),
            verdict: verdict()?,
            needs_no_request: needs_no_request(),
            patient: patient()?,
        },
        Kind::Delete => What::Deleted,
        Kind::Restore => What::Restored,
        Kind::Match => What::Match(patient()?),
        Kind::Context => What::Context {
            preceding_item_id: row.text("PrecedingItemId").to_owned(),
            preceding_is_request: row.flag("PrecedingIsRequest").ok_or(unreadable("PrecedingIsRequest"))?,
        },
        Kind::Review => What::Review {
            decision: StaffDecision::parse(row.text("Decision")).ok_or(unreadable("Decision"))?,
            reviewed_by: row.text("ReviewedBy").into(),
            note: row.text("Note").into(),
        },
        Kind::Confirmation => What::Confirmation { text: text() },
    };
    Ok(Entry {
        conversation_id: row.text("ConversationId").to_owned(),
        item_id: row.text("ItemId").to_owned(),
        created_at: row.time("CreatedAt").ok_or(unreadable("CreatedAt"))?,
        modified_at: row.time("ModifiedAt"),
        recorded_at: row.time("RecordedAt").ok_or(unreadable("RecordedAt"))?,
        origin: Origin {
            event_type: row.text("EventType").to_owned(),
            event_time: row.time("EventTime"),
            received_at: row.time("ReceivedAt"),
            body_sha256: row.text("BodySha256").to_owned(),
            channel: row.text("Channel").to_owned(),
            conversation_url: row.text("ConversationUrl").to_owned(),
            author: row.text("Author").into(),
            attachments: row.count("Attachments"),
        },
        what,
    })
}

/// A time for people, in the clinic's zone: `2025-12-08 08:30 CST`.
pub fn local_time(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

struct Row<'a>(&'a Map<String, Value>);

impl Row<'_> {
    fn text(&self, column: &str) -> &str {
        self.0.get(column).and_then(Value::as_str).unwrap_or_default()
    }

    fn flag(&self, column: &str) -> Option<bool> {
        self.0.get(column).and_then(Value::as_bool)
    }

    fn count(&self, column: &str) -> u32 {
        self.0.get(column).and_then(Value::as_u64).and_then(|count| count.try_into().ok()).unwrap_or(0)
    }

    fn time(&self, column: &str) -> Option<Timestamp> {
        time(self.text(column))
    }
}

const fn unreadable(column: &'static str) -> StorageError {
    StorageError::unreadable("read ConsentHistory", column)
}

/// Ids and words of ours: what is in them is known.
fn plain(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn flag(flag: Option<bool>) -> Cell {
    flag.map_or(plain(""), Cell::Flag)
}

/// The words exactly, as far as a column holds them. NUL, which tools take for the end of a text, shows as `␀`.
fn verbatim(text: &str) -> Cell {
    let text = if text.contains('\0') { text.replace('\0', "\u{2400}") } else { text.to_owned() };
    if text.encode_utf16().count() <= MAX_TEXT_UTF16 {
        return Cell::Text(text.into());
    }
    let room = MAX_TEXT_UTF16 - CUT_MARK.encode_utf16().count();
    let mut taken = 0;
    let kept = text.chars().take_while(|char| {
        taken += char.len_utf16();
        taken <= room
    });
    Cell::Text((kept.collect::<String>() + CUT_MARK).into())
}

/// A text for reading in a grid and for a CSV file: on one line, without control characters, and not endless.
fn one_line(text: &str) -> Cell {
    let mut line = String::with_capacity(text.len().min(MAX_READING_CHARS));
    let words = text.split(|char: char| char.is_whitespace() || char.is_control()).filter(|word| !word.is_empty());
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > MAX_READING_CHARS * 4 {
            break;
        }
    }
    if let Some((end, _)) = line.char_indices().nth(MAX_READING_CHARS) {
        line.truncate(end);
        line.push_str(CUT_MARK);
    }
    Cell::Text(line.into())
}

/// The key of a row of `ConsentHistory`.
pub(super) fn entry_key(entry: &Entry) -> (String, String) {
    (keys::encode(&entry.conversation_id), keys::history_row(entry))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::consent::{Quote, State};
    use crate::domain::reply::{Lexicon, classify};

    fn shown(cell: Cell) -> String {
        match cell {
            Cell::Text(text) => text.expose().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn texts_for_reading_are_on_one_line() {
        assert_eq!(shown(one_line("Yes,\r\n\tI   do\u{2028}!\0")), "Yes, I do !");
        assert_eq!(shown(one_line("👍🏽 שלום")), "👍🏽 שלום");
        let long = shown(one_line(&"é".repeat(5_000)));
        assert_eq!(long.chars().count(), MAX_READING_CHARS + CUT_MARK.chars().count());
    }

    #[test]
    fn verbatim_is_exact_up_to_the_services_limit() {
        assert_eq!(shown(verbatim(" a\n\u{202E}b ")), " a\n\u{202E}b ");
        assert_eq!(shown(verbatim("a\0b")), "a\u{2400}b");
        // An emoji takes two UTF-16 units.
        let edge = "😀".repeat(MAX_TEXT_UTF16 / 2);
        assert_eq!(shown(verbatim(&edge)), edge);
        let beyond = shown(verbatim(&(edge + "!")));
        assert!(beyond.ends_with(CUT_MARK) && beyond.encode_utf16().count() <= MAX_TEXT_UTF16);
    }

    #[test]
    fn local_times() {
        let time = "2025-12-08T14:30:00Z".parse().unwrap();
        assert_eq!(local_time(time, &TimeZone::UTC), "2025-12-08 14:30 UTC");
        assert_eq!(local_time(time, &TimeZone::get("America/Chicago").unwrap()), "2025-12-08 08:30 CST");
    }

    /// The service's limits for a row; Azurite enforces neither.
    #[test]
    fn the_largest_rows_fit() {
        const MAX_COLUMNS: usize = 252;
        const MAX_ROW_BYTES: usize = 1024 * 1024;
        let long = Private::from("😀".repeat(MAX_TEXT_UTF16));
        let id = "é".repeat(crate::domain::event::MAX_ID_BYTES / 2);
        let patient = Patient {
            external_id: id.as_str().into(),
            contact_id: id.clone(),
            name: long.clone(),
            ..Patient::default()
        };
        let quote = Quote { item_id: id.clone(), text: long.clone(), created_at: Timestamp::UNIX_EPOCH };
        let entry = Entry {
            conversation_id: id.clone(),
            item_id: id.clone(),
            created_at: Timestamp::UNIX_EPOCH,
            modified_at: None,
            recorded_at: Timestamp::UNIX_EPOCH,
            origin: Origin { author: long.clone(), channel: long.expose().to_owned(), ..Origin::default() },
            what: What::Reply {
                text: long.clone(),
                verdict: classify(long.expose(), &Lexicon::default()),
                needs_no_request: true,
                patient: patient.clone(),
            },
        };
        let status = Status {
            state: State::Consented,
            opted_out: false,
            patient: patient.clone(),
            decided_at: Some(Timestamp::UNIX_EPOCH),
            decided_by: DecidedBy::Staff(long.clone()),
            reply: Some(quote.clone()),
            request: Some(quote),
            reason: long.expose().to_owned(),
            rule: "yes".to_owned(),
            channel: long.expose().to_owned(),
            conversation_url: "https://app.sprucehealth.com/".repeat(30),
            replies: u32::MAX,
        };
        let review = OpenReview {
            item_id: id.clone(),
            created_at: Timestamp::UNIX_EPOCH,
            received_at: None,
            patient,
            reply_text: long.clone(),
            reason: long.expose().to_owned(),
            request_text: long,
            conversation_url: String::new(),
        };
        let rows = [
            of_entry(&entry),
            of_status(&id, &status, usize::MAX, &TimeZone::UTC),
            of_review(&id, &review, "Consented", &TimeZone::UTC),
        ];
        for columns in rows {
            let utf16_bytes = |cell: &Cell| match cell {
                Cell::Text(text) => {
                    let units = text.expose().encode_utf16().count();
                    assert!(units <= MAX_TEXT_UTF16);
                    units * 2
                }
                Cell::Flag(_) | Cell::Count(_) | Cell::Time(_) => 8,
            };
            let bytes: usize = columns.iter().map(|(name, cell)| name.len() * 2 + utf16_bytes(cell) + 8).sum();
            assert!(bytes < MAX_ROW_BYTES && columns.len() < MAX_COLUMNS, "{bytes} bytes, {} columns", columns.len());
            let valid = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            assert!(columns.iter().all(|(name, _)| valid(name)));
        }
    }

    fn any_time() -> impl Strategy<Value = Timestamp> {
        (-11_644_473_600_000_000_i64..253_402_207_200_999_999).prop_map(|us| Timestamp::from_microsecond(us).unwrap())
    }

    fn any_what() -> impl Strategy<Value = What> {
        let patient = (0..6_usize, "[a-z0-9_]{0,8}", "[A-Za-z]{0,8}").prop_map(|(status, id, name)| Patient {
            status: MatchStatus::ALL[status],
            contact_id: id.clone(),
            external_id: id.into(),
            name: name.into(),
            phone: "+12055550100".into(),
        });
        (0..10_usize, patient, "[^\0]{0,40}", any_time(), any::<bool>()).prop_map(|(pick, patient, text, time, yes)| {
            let verdict = classify(&text, &Lexicon::default());
            let text = Private::from(text);
            match pick {
                0 => What::Reply { text, verdict, needs_no_request: yes, patient },
                1 => What::Request { text, expires_at: time },
                2 => What::EditedReply { text, verdict, needs_no_request: yes, patient },
                3 => What::EditedRequest { text, expires_at: yes.then_some(time) },
                4 => What::Deleted,
                5 => What::Restored,
                6 => What::Match(patient),
                7 => What::Context { preceding_item_id: "ti_0".to_owned(), preceding_is_request: yes },
                8 => What::Review { decision: StaffDecision::Ignore, reviewed_by: patient.name, note: "why".into() },
                _ => What::Confirmation { text },
            }
        })
    }

    proptest! {
        #[test]
        fn a_history_row_reads_back_as_it_was(
            what in any_what(), created_at in any_time(), modified_at in proptest::option::of(any_time()),
            recorded_at in any_time(), event_time in proptest::option::of(any_time()), attachments in 0..9_u32,
        ) {
            let entry = Entry {
                conversation_id: "t_1".to_owned(), item_id: "ti_1".to_owned(), created_at, modified_at, recorded_at,
                origin: Origin {
                    event_type: "conversationItem.created".to_owned(), event_time, received_at: event_time,
                    body_sha256: "00".to_owned(), channel: "phone".to_owned(), conversation_url: String::new(),
                    author: "Ada".into(), attachments,
                },
                what,
            };
            let Value::Object(entity) = to_entity("t_1", "row", &of_entry(&entry)) else { panic!() };
            prop_assert!(says_the_same(&entity, &of_entry(&entry)));
            prop_assert_eq!(to_entry(&entity).unwrap(), entry);
        }
    }
}
