//! The commands of the engineer on call: the poison queue, and the tables as files.

use std::process::Stdio;

use futures_util::future::join_all;
use local::spruce::Participant;
use local::tables;
use serde_json::{Value, json};

use crate::world::{EXECUTABLE, World, account, command, done, minute};

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
    assert!(list.contains("conversationItem.created of item ti_") && list.contains("not a job"), "{list}");
    assert!(words.starts_with("2 in spruce-events-poison") && !list.contains("no\""), "{words}");
    let (list, _) = done(&world.account, &["poison", "list", "--json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2);

    for (arguments, status) in [
        (&["poison", "drop", "--all"][..], 1),
        (&["poison", "requeue"], 2),
        (&["poison", "requeue", "--all", "--id", "x"], 2),
    ] {
        assert_eq!(command(&world.account, arguments).status.code(), Some(status), "{arguments:?}");
    }
    done(&world.account, &["setup"]);
    let (_, words) = done(&world.account, &["poison", "requeue", "--all"]);
    assert!(words.starts_with("Requeued: 1.") && words.contains("no jobs of this program: 1"), "{words}");
    world.idle().await;
    assert_eq!(world.record().await.states()[conversation.as_str()].0, "Declined");
    world.host.stop().await;
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
