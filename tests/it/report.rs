//! `report`: the numbers, as text, as JSON and as a page.

use futures_util::future::join_all;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use local::spruce::{Participant, item_of};
use serde_json::{Value, json};
use spruce_consent::domain::history::{Entry, Origin, Patient, What};
use spruce_consent::domain::reply::{Lexicon, RULES_VERSION, classify};
use spruce_consent::storage::{self, Tables};

use crate::world::{self, World, ZONE, command, done};

const ASK: &str = "Do you consent to text messages from us? Reply YES or NO";

/// What a patient is called, and writes, that no report may have in it.
const NAME: &str = "<script>alert(1)</script> O'Quizzical";
const QUESTION: &str = "what does marmalade cost?";

/// Some minutes after noon on the Wednesday of the week that was so many weeks ago: nothing comes near a week's end.
fn weeks_ago(weeks: i64, minute: i64) -> Timestamp {
    let today = Zoned::now().with_time_zone(TimeZone::get(ZONE).unwrap()).date();
    let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).unwrap();
    let wednesday = monday.checked_sub(weeks.weeks()).unwrap().checked_add(2.days()).unwrap();
    assert_eq!(wednesday.weekday(), Weekday::Wednesday);
    let noon = wednesday.at(12, 0, 0, 0).in_tz(ZONE).unwrap().timestamp();
    noon + minute.minutes()
}

/// Three weeks at a clinic.
async fn three_weeks(world: &World) {
    let replies = [
        (3, Some("yes")),
        (3, Some("I consent")),
        (3, Some("no thanks")),
        (3, None),
        (1, Some("Yes")),
        (1, Some("STOP")),
        (1, Some(QUESTION)),
        (1, Some("hm, maybe")),
    ];
    let mut items = Vec::new();
    for (at, (weeks, reply)) in replies.into_iter().enumerate() {
        let contact = world.spruce.add_contact(NAME, &[&format!("+120555502{at:02}")]);
        let conversation = world.spruce.add_conversation(&[Participant::saved(&contact)]);
        let mut events = vec![world.spruce.clinic_writes(&conversation, ASK, weeks_ago(weeks, 0))];
        let minute = 10 * i64::try_from(at).unwrap() + 5;
        events.extend(reply.map(|text| world.spruce.patient_writes(&conversation, text, weeks_ago(weeks, minute))));
        items.push((conversation, item_of(events.last().unwrap())));
        world.deliver(&events).await;
    }
    for (at, decision) in [(7, "consent"), (0, "decline")] {
        let (conversation, item) = &items[at];
        let whose = ["--conversation", conversation.as_str(), "--item", item.as_str(), "--by", "Kim"];
        done(&world.account, &[&["review", "resolve", "--decision", decision][..], &whose].concat());
    }
}

/// The output with the names of the weeks counted back, and without the time.
fn counted(output: &str) -> String {
    let mut output = world::settled(output).replace(&format!("({RULES_VERSION})"), "([n])");
    for weeks in 0..4 {
        let week = weeks_ago(weeks, 0).to_zoned(TimeZone::get(ZONE).unwrap()).date().iso_week_date();
        output = output.replace(&format!("{}-W{:02}", week.year(), week.week()), &format!("week -{weeks} "));
    }
    output
}

#[expect(clippy::too_many_lines, reason = "much of it is what is printed")]
#[tokio::test]
async fn three_weeks_in_numbers() {
    let world = World::start().await;
    three_weeks(&world).await;

    let (text, words) = done(&world.account, &["report"]);
    assert_eq!(words, "");
    insta::assert_snapshot!(counted(&text), @r"
    Consents from the beginning until [time] (America/Chicago)

    What holds now
    Consented        3  ██████████████████████████████
    Declined         3  ██████████████████████████████
    Needs review     1  ██████████
    Of 7 conversations. Opted out of every text: 1.

    What waits for staff now
    Under 1 day      1  ██████████████████████████████
    1 to 3 days      0
    3 to 7 days      0
    Longer           0
    Reviews: 1. The oldest waits less than an hour.

    What happened
    Requests      8, answered 7 (88 %), may still be answered 1
    Answer after  45 min (median)
    Replies       7, read as consent 3, decline 2, unclear 2
    In effect     3 consents and 3 declines that began in this time
    Staff         2 decisions

    WEEK      ASKED  ANSWERED  CONSENTS  DECLINES  STAFF  REPLIES
    week -3       4      75 %         1         1      0        3  ██████████▌
    week -2       0         –         0         0      0        0
    week -1       4     100 %         1         1      0        4  ██████████████
    week -0       0         –         1         1      2        0

    What the rules read, and what staff decided
    RULES READ  STAFF: CONSENT  DECLINE  IGNORE
    consent                  0        1       0
    decline                  0        0       0
    unclear                  1        0       0
    Where the rules decided, staff agree: 0 %. Decisions about no reply: 0.

    RULE (VERSION)  READS    OVERRULED  CONSENT  DECLINE  IGNORE
    yes ([n])         consent          1        0        1       0
    doubt ([n])       unclear          0        1        0       0
    ");

    let (json, _) = done(&world.account, &["report", "--json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["timeZone"], ZONE);
    insta::assert_snapshot!(serde_json::to_string_pretty(&report["now"]).unwrap(), @r#"
    {
      "consented": 3,
      "conversations": 7,
      "declined": 3,
      "needsReview": 1,
      "openReviews": {
        "oldestHours": 0,
        "oneToThreeDays": 0,
        "overSevenDays": 0,
        "threeToSevenDays": 0,
        "total": 1,
        "underOneDay": 1
      },
      "optedOut": 1
    }
    "#);
    insta::assert_snapshot!(serde_json::to_string_pretty(&report["total"]).unwrap(), @r#"
    {
      "answered": 7,
      "consents": 3,
      "declines": 3,
      "medianAnswerMinutes": 45,
      "readAsConsent": 3,
      "readAsDecline": 2,
      "readAsUnclear": 2,
      "replies": 7,
      "requests": 8,
      "responseRate": 0.875,
      "staffDecisions": 2,
      "unansweredYet": 1
    }
    "#);
    assert_eq!(report["agreement"]["consent"], json!({ "consent": 0, "decline": 1, "ignore": 0 }));
    assert_eq!(report["weeks"].as_array().unwrap().len(), 4);
    assert_eq!(report["rules"][0]["overruled"], 1);

    let page = std::env::temp_dir().join(format!("report-{}.html", std::process::id()));
    let file = page.to_str().unwrap();
    let (nothing, words) = done(&world.account, &["report", "--html", file]);
    assert_eq!((nothing.as_str(), words), ("", format!("Written: {file}\n")));
    let html = std::fs::read_to_string(&page).unwrap();
    // One page, which asks nobody for anything and runs nothing.
    for outside in ["http", "//", "src=", "href", "url(", "@import", "<script", "javascript", "onload"] {
        assert!(!html.contains(outside), "{outside} is in the page");
    }
    assert_eq!((html.matches("<svg role=\"img\"").count(), html.matches("<title id=").count()), (3, 3));

    // Patients only where they are asked for, and then as text.
    for output in [&text, &json, &html] {
        for private in ["script>", "Quizzical", "5550", "marmalade", "t_", "ti_", "entity_"] {
            assert!(!output.contains(private), "{private}: {output}");
        }
    }
    let (text, _) = done(&world.account, &["report", "--names"]);
    assert!(text.contains(&format!("{NAME} +12055550206\n")) && !text.contains("marmalade"), "{text}");
    let (json, _) = done(&world.account, &["report", "--names", "--json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["waiting"][0]["patientName"], NAME);
    done(&world.account, &["report", "--names", "--html", file]);
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(
        html.contains("&lt;script&gt;alert(1)&lt;/script&gt; O&#39;Quizzical<small>+12055550206</small>"),
        "{html}"
    );
    assert!(!html.contains("<script"), "{html}");
    std::fs::remove_file(page).unwrap();

    // Another time asked for: what holds now stays, what happened is another.
    let since = weeks_ago(2, 0).to_string();
    let (json, _) = done(&world.account, &["report", "--since", &since, "--json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&report["now"]["conversations"], &report["total"]["requests"]), (&json!(7), &json!(4)));
    world.end().await;
}

/// The service gives 1,000 rows at a time; a conversation that lies on both sides of that is one all the same.
#[tokio::test]
async fn a_conversation_on_two_pages_is_one() {
    let account = world::account();
    done(&account, &["setup"]);
    let settings = |name: &str| (name == "AzureWebJobsStorage").then(|| account.connection_string());
    let tables = Tables::new(&storage::Account::from_settings(settings).unwrap(), TimeZone::UTC).unwrap();
    let entry = |conversation: usize, minute: i64, what: What| Entry {
        conversation_id: format!("t_{conversation:04}"),
        item_id: format!("ti_{conversation}_{minute}"),
        created_at: weeks_ago(1, minute),
        modified_at: None,
        recorded_at: weeks_ago(1, minute),
        origin: Origin::default(),
        what,
    };
    let reply = |text: &str| What::Reply {
        text: text.into(),
        verdict: classify(text, &Lexicon::default()),
        needs_no_request: false,
        patient: Patient::default(),
    };
    let entries = (0..340).flat_map(|conversation| {
        let request = What::Request { text: ASK.into(), expires_at: weeks_ago(0, 0) };
        [(0, request), (1, reply("why?")), (2, reply("no"))].map(|(minute, what)| entry(conversation, minute, what))
    });
    let entries: Vec<Entry> = entries.collect();
    for entries in entries.chunks(60) {
        for appended in join_all(entries.iter().map(|entry| tables.append(entry))).await {
            appended.unwrap();
        }
    }
    let (json, _) = done(&account, &["report", "--json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    let figures = [&report["now"]["declined"], &report["total"]["answered"], &report["total"]["replies"]];
    assert_eq!(figures, [340, 340, 680]);
}

#[tokio::test]
async fn an_empty_record_and_wrong_usage() {
    let world = World::start().await;
    let (text, _) = done(&world.account, &["report"]);
    assert!(text.contains("Of 0 conversations.") && text.contains("Nothing."), "{text}");
    let folder = std::env::temp_dir();
    for (arguments, status, word) in [
        (&["report", "--since", "yesterday"][..], 2, "not a time"),
        (&["report", "--json", "--html", "x"], 2, "cannot be used with"),
        (&["report", "--since", "1d", "--until", "2d"], 1, "ends before it begins"),
        (&["report", "--html", folder.to_str().unwrap()], 1, "cannot write"),
    ] {
        let output = command(&world.account, arguments);
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(status) && words.contains(word), "{arguments:?}: {words}");
    }
    world.end().await;
}
