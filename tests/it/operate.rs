//! The commands of the engineer on call: the poison queue, and the tables as files.

use std::process::Stdio;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join_all;
use local::azurite::Account;
use local::spruce::{Participant, item_of};
use local::tables;
use serde_json::{Value, json};
use spruce_consent::domain::job::Job;
use spruce_consent::storage::{self, Queue};

use crate::world::{EXECUTABLE, World, account, command, done, minute, settled};

const ASK: &str = "Do you consent to text messages from us? Reply YES or NO";

/// The tables were gone when a refusal came; it went to poison, and comes back when they are there again.
#[tokio::test]
async fn what_failed_is_given_to_the_worker_again() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    world.deliver(&[ask]).await;
    tables::delete_table(&world.account, "ConsentHistory").await.unwrap();
    let no = world.spruce.patient_writes(&conversation, "no", minute(1));
    world.deliver(&[no]).await;
    tables::queue_put(&world.account, "spruce-events-poison", "bm9uc2Vuc2U=").await.unwrap();

    let (list, words) = done(&world.account, &["poison", "list"]);
    assert_eq!(words, "2 in spruce-events-poison.\n");
    insta::assert_snapshot!(settled(&list), @"
    [id]
      what          conversationItem.created of item ti_2C00000000003 in conversation t_2C00000000001
      why           The worker failed five times: storage could not be read or written, or the program has a fault. The log has the cause at each item id; mend it, then requeue.
      recorded      not known: read ConsentHistory: 404 TableNotFound
      since         [time]; gone after [time]

    [id]
      what          not a job of this program
      why           The worker cannot read it. Drop it, once you know who put it there.
      since         [time]; gone after [time]
    ");
    let (list, _) = done(&world.account, &["poison", "list", "--json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!((&list[0]["conversationId"], &list[0]["recorded"]), (&conversation.as_str().into(), &Value::Null));

    for (arguments, status) in [
        (&["poison", "drop", "--all"][..], 1),
        (&["poison", "requeue"], 2),
        (&["poison", "requeue", "--all", "--id", "x"], 2),
    ] {
        assert_eq!(command(&world.account, arguments).status.code(), Some(status), "{arguments:?}");
    }
    done(&world.account, &["setup"]);
    let (list, _) = done(&world.account, &["poison", "list"]);
    assert!(list.contains("recorded      no: it stands in no table"), "{list}");
    let (_, words) = done(&world.account, &["poison", "requeue", "--all"]);
    assert!(words.starts_with("Requeued: 1.") && words.contains("this version cannot read them: 1"), "{words}");
    world.idle().await;
    assert_eq!(world.record().await.states()[conversation.as_str()].0, "Declined");
    world.host.stop().await;
}

fn job(conversation: &str, item: &str, more: &str) -> Job {
    let job = format!(
        r#"[1,{{"item":{{"change":"created","received_at":"2026-11-01T00:00:00Z","body_sha256":"","item_id":"{item}",
        "conversation_id":"{conversation}","direction":"inbound","text":"marmalade","created_at":"2026-11-01T00:00:00Z"
        {more}}}}}]"#
    );
    Job::decode(&job).unwrap()
}

fn queue(account: &Account) -> Queue {
    let settings = |name: &str| (name == "AzureWebJobsStorage").then(|| account.connection_string());
    Queue::new(&storage::Account::from_settings(settings).unwrap()).unwrap()
}

/// What the worker gave up is told from what the host did, and what is recorded already from what is not.
#[tokio::test]
async fn why_an_entry_is_there() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let no = world.spruce.patient_writes(&conversation, "no", minute(1));
    let item = item_of(&no);
    world.deliver(&[ask, no]).await;
    queue(&world.account).send_to_poison(&job(conversation.as_str(), item.as_str(), "")).await.unwrap();
    let waited = job("t_other", "ti_other", r#","waiting":{"since":"2026-11-02T00:00:00Z","times":9}"#);
    for text in [waited.encode(), "[9,{}]".to_owned()] {
        tables::queue_put(&world.account, "spruce-events-poison", &BASE64_STANDARD.encode(text)).await.unwrap();
    }
    let (list, _) = done(&world.account, &["poison", "list"]);
    insta::assert_snapshot!(settled(&list), @r"
    [id]
      what          conversationItem.created of item ti_2C00000000003 in conversation t_2C00000000001
      why           For a week Spruce's API did not answer, refused, or did not list the item. Check SPRUCE_API_TOKEN and SPRUCE_API_BASE_URL, then requeue.
      recorded      yes; requeuing it completes what was looked up and decided
      since         [time]; gone after [time]

    [id]
      what          conversationItem.created of item ti_other in conversation t_other
      why           The worker failed five times: storage could not be read or written, or the program has a fault. The log has the cause at each item id; mend it, then requeue. Before that it had waited for Spruce's API, since [time].
      recorded      no: it stands in no table
      since         [time]; gone after [time]

    [id]
      what          a job of a later version of this program
      why           The worker cannot read it. Deploy the later version, then requeue.
      since         [time]; gone after [time]
    ");
    assert!(!list.contains("marmalade"), "{list}");

    // One by its id: the plan is shown, and nothing is done unless it is meant.
    let (list, _) = done(&world.account, &["poison", "list", "--json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    let id =
        list.as_array().unwrap().iter().find(|entry| entry["itemId"] == "ti_other").unwrap()["id"].as_str().unwrap();
    let output = command(&world.account, &["poison", "drop", "--id", id]);
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(1) && words.contains("conversation t_other") && words.contains("--yes"),
        "{words}"
    );
    let (_, words) = done(&world.account, &["poison", "drop", "--id", id, "--yes"]);
    assert!(words.ends_with("Dropped: 1.\n") && !words.contains(conversation.as_str()), "{words}");
    assert_eq!(tables::queue_length(&world.account, "spruce-events-poison").await.unwrap(), 2);
    let output = command(&world.account, &["poison", "drop", "--id", id, "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    world.host.stop().await;
}

/// More than the service gives at once; and a job that had waited has a week of its own again.
#[tokio::test]
async fn more_entries_than_the_service_gives_at_once() {
    let account = account();
    done(&account, &["setup"]);
    let queue = queue(&account);
    for number in 0..70 {
        let waiting = r#","waiting":{"since":"2026-11-02T00:00:00Z","times":9}"#;
        queue.send_to_poison(&job("t_1", &format!("ti_{number}"), waiting)).await.unwrap();
    }
    let (_, words) = done(&account, &["poison", "list"]);
    assert_eq!(words, "70 in spruce-events-poison, of which these are the first.\n");
    let (_, words) = done(&account, &["poison", "requeue", "--all"]);
    assert_eq!(words, "Requeued: 70.\n");
    assert_eq!(tables::queue_length(&account, "spruce-events").await.unwrap(), 70);
    assert!(tables::queue_texts(&account, "spruce-events").await.unwrap().iter().all(|job| !job.contains("waiting")));
    for number in 0..40 {
        queue.send_to_poison(&job("t_1", &format!("ti_{number}"), "")).await.unwrap();
    }
    let (_, words) = done(&account, &["poison", "drop", "--all", "--yes"]);
    assert!(words.contains("every entry (40; the first 32 are above)") && words.ends_with("Dropped: 40.\n"), "{words}");
    assert_eq!(tables::queue_length(&account, "spruce-events-poison").await.unwrap(), 0);
}

/// Two pages and more: all rows, each cell under its column; and whoever reads may stop, or have no room.
#[tokio::test]
async fn a_large_table_as_a_file() {
    let account = account();
    done(&account, &["setup"]);
    let keys: Vec<String> = (0..1_001).map(|number| format!("t_{number:04}")).collect();
    for keys in keys.chunks(80) {
        let rows = keys.iter().map(|key| {
            let mut row = json!({ "PartitionKey": key, "RowKey": "status", "Status": "Consented, \"yes\"" });
            if key == "t_1000" {
                row["Doctor"] = "Lee".into();
            }
            let account = &account;
            async move { tables::insert(account, "ConsentStatus", &row).await }
        });
        for inserted in join_all(rows).await {
            inserted.unwrap();
        }
    }
    let (csv, words) = done(&account, &["export", "status"]);
    assert_eq!(words, "1001 rows of ConsentStatus.\n");
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 1_002);
    assert_eq!(lines[0], r#""Doctor","PartitionKey","RowKey","Status","Timestamp""#);
    for (line, key) in lines[1..].iter().zip(&keys) {
        let doctor = if key == "t_1000" { "Lee" } else { "" };
        let start = format!(r#""{doctor}","{key}","status","Consented, ""yes""",""#);
        assert!(line.starts_with(&start), "{line}");
    }
    let (json, _) = done(&account, &["export", "status", "--format", "json"]);
    let read: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(read.iter().map(|row| row["PartitionKey"].as_str().unwrap()).eq(keys.iter().map(String::as_str)));

    let export = |stdout: Stdio| {
        let mut export = std::process::Command::new(EXECUTABLE);
        export.args(["export", "status"]).env_clear().current_dir(std::env::temp_dir());
        export.env("AzureWebJobsStorage", account.connection_string()).stdout(stdout).stderr(Stdio::piped());
        export.spawn().unwrap()
    };
    let mut unread = export(Stdio::piped());
    drop(unread.stdout.take());
    let output = unread.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = export(full.into()).wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), &*words),
        (Some(1), "error: cannot write: no storage space; what was written is not whole\n")
    );
}

#[tokio::test]
async fn a_table_as_a_file() {
    let world = World::start().await;
    let conversation = world.spruce.add_conversation(&[Participant::number("+12055550101")]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let reply = world.spruce.patient_writes(&conversation, "=1+1\nno thanks", minute(1));
    world.deliver(&[ask, reply]).await;
    let columns = serde_json::json!({ "Doctor": "Dr. \"Lee\"" });
    tables::merge(&world.account, "ConsentStatus", conversation.as_str(), "status", &columns).await.unwrap();

    let (csv, words) = done(&world.account, &["export", "status"]);
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}\"Channel\",") && lines[0].contains("\"Doctor\""), "{csv}");
    assert!(lines[1].contains("\"'+12055550101\"") && lines[1].contains("\"'=1+1 no thanks\""), "{csv}");
    assert!(lines[1].contains("\"Dr. \"\"Lee\"\"\"") && lines.len() == 3, "{csv}");
    assert_eq!(words, "1 row of ConsentStatus.\n");

    let (json, _) = done(&world.account, &["export", "history", "--format", "json"]);
    let rows: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: Vec<_> = rows.iter().map(|row| row["VerbatimText"].as_str().unwrap()).collect();
    assert!(texts.contains(&"=1+1\nno thanks"), "{texts:?}");
    assert!(rows.iter().all(|row| row.as_object().unwrap().keys().all(|column| !column.contains("odata"))));
    world.end().await;
}
