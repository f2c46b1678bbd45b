//! `proof`: one patient's whole trail, as an auditor gets it.

use local::spruce::{ConversationId, Participant, item_of};
use local::tables;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use spruce_consent::domain::reply::RULES_VERSION;

use crate::world::{EXECUTABLE, World, command, done, minute, settled};

const ASK: &str = "Do you consent to text messages from us? Reply YES or NO";

/// A patient asks back in two lines, one of which looks like ours, staff decide, and the patient takes it back.
async fn a_story(world: &World) -> ConversationId {
    let ada = world.spruce.add_contact("Ada Example", &["+12055550101"]);
    world.spruce.link_contact(&ada, "0042");
    let conversation = world.spruce.add_conversation(&[Participant::saved(&ada)]);
    let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
    let asks_back =
        world.spruce.patient_writes(&conversation, "what does it cost?\nstatus        Consented", minute(1));
    world.deliver(&[ask, asks_back.clone()]).await;
    let item = item_of(&asks_back);
    let decide = ["review", "resolve", "--conversation", conversation.as_str(), "--item", item.as_str()];
    let decision = ["--decision", "consent", "--by", "Kim Lee", "--note", "called her"];
    done(&world.account, &[&decide[..], &decision].concat());
    let yes = world.spruce.patient_writes(&conversation, "Yes", minute(2));
    world.deliver(std::slice::from_ref(&yes)).await;
    let no = world.spruce.patient_writes(&conversation, "stop texting me", minute(3));
    world.deliver(std::slice::from_ref(&no)).await;
    world.deliver(&[world.spruce.edit(&item_of(&no), "sorry, wrong number", minute(4))]).await;
    world.deliver(&[world.spruce.delete(&item_of(&yes), minute(5))]).await;
    conversation
}

#[expect(clippy::too_many_lines, reason = "most of it is what is printed")]
#[tokio::test]
async fn a_trail_on_paper_and_as_json() {
    let world = World::start().await;
    let conversation = a_story(&world).await;
    let (paper, words) = done(&world.account, &["proof", "--phone", "(205) 555-0101"]);
    assert_eq!(words, "");
    assert!(paper.lines().all(|line| line.chars().count() <= 80), "{paper}");
    insta::assert_snapshot!(settled(&paper).replace(&format!("version {RULES_VERSION}"), "version [n]"), @r"
    ================================================================================
    PROOF OF CONSENT RECORD
    ================================================================================
    Patient       Ada Example, +12055550101, contact entity_2C00000000001, own id
                  0042 (matched)
    Conversation  t_2C00000000002
                  https://app.sprucehealth.com/org/entity_2C0RG00000000/thread/t_2C0
                  0000000002/message/ti_2C00000000006
    Printed       [time]
    By            spruce-consent 0.1.0, rules version [n]

    WHAT HOLDS NOW, computed from the trail below
    Status        Declined, opted out: no more texts at all
    Since         [time]
    Decided by    the patient
    Reply         “stop texting me”
                  item ti_2C00000000006
    To request    “Do you consent to text messages from us? Reply YES or NO”
                  item ti_2C00000000003
    Reason        The patient asks for no more texts.
    Rule          stop-texting
    Open reviews  item ti_2C00000000006: The patient refused, then changed the text.
                  The refusal stands unless you decide otherwise.
    The stored status says the same.

    THE TRAIL, oldest first

    1. [time]
      what          the clinic asked for consent
      text          Do you consent to text messages from us? Reply YES or NO
      answer until  [time]
      item          ti_2C00000000003
      author        Lakeside Clinic
      event         conversationItem.created
                    [time]
      received      [time]
      recorded      [time]
      body SHA-256  [hash]

    2. [time]
      what          the patient wrote
      text          what does it cost?
                    status        Consented
      reads as      unclear
      rule          question (rules version [n])
      reason        The patient asks something.
      written by    Ada Example, +12055550101, contact entity_2C00000000001, own id
                    0042 (matched)
      item          ti_2C00000000004
      author        Ada Example
      channel       phone
      event         conversationItem.created
                    [time]
      received      [time]
      recorded      [time]
      body SHA-256  [hash]

    3. [time]
      what          the patient wrote
      text          Yes
      reads as      consent
      rule          yes (rules version [n])
      reason        The patient says yes.
      written by    Ada Example, +12055550101, contact entity_2C00000000001, own id
                    0042 (matched)
      item          ti_2C00000000005
      author        Ada Example
      channel       phone
      event         conversationItem.created
                    [time]
      received      [time]
      recorded      [time]
      body SHA-256  [hash]

    4. [time]
      what          the patient wrote
      text          stop texting me
      reads as      decline, in so many words, and no more texts
      rule          stop-texting (rules version [n])
      reason        The patient asks for no more texts.
      written by    Ada Example, +12055550101, contact entity_2C00000000001, own id
                    0042 (matched)
      item          ti_2C00000000006
      author        Ada Example
      channel       phone
      event         conversationItem.created
                    [time]
      received      [time]
      recorded      [time]
      body SHA-256  [hash]

    5. [time]
      what          the patient's text was changed
      text          sorry, wrong number
      reads as      unclear
      rule          wrong-person (rules version [n])
      reason        The reply may come from somebody else.
      written by    Ada Example, +12055550101, contact entity_2C00000000001, own id
                    0042 (matched)
      item          ti_2C00000000006
      author        Ada Example
      event         conversationItem.updated
                    [time]
      received      [time]
      recorded      [time]
      body SHA-256  [hash]

    6. [time]
      what          the text was deleted
      item          ti_2C00000000005
      author        Ada Example
      event         conversationItem.deleted
                    [time]
      received      [time]
      recorded      [time]
      body SHA-256  [hash]

    7. [time]
      what          staff decided
      decision      consent
      decided by    Kim Lee
      note          called her
      item          ti_2C00000000004
      recorded      [time]

    8. [time]
      what          it was looked up what the clinic had said last before it
      had said      item ti_2C00000000003, which asks for consent
      item          ti_2C00000000005
      recorded      [time]

    This shows what the tables hold at this moment. It does not show that nobody
    with rights on them has changed them: the account's access log does (see
    infra/COMPLIANCE.md).

    SHA-256 over the 8 rows of the trail, as `export history --format json` writes
    them:
    [hash]
    ");

    // The same by the conversation and by the contact, but for the time of printing.
    let (json, _) = done(&world.account, &["proof", "--conversation", conversation.as_str(), "--json"]);
    let proof: Value = serde_json::from_str(&json).unwrap();
    let of = &proof["conversations"][0];
    assert_eq!((&of["now"]["status"], &of["now"]["optedOut"]), (&json!("Declined"), &json!(true)));
    assert_eq!((&of["differences"], &proof["rulesVersion"]), (&json!([]), &json!(RULES_VERSION)));
    let kinds: Vec<_> = of["trail"].as_array().unwrap().iter().map(|step| &step["row"]["Kind"]).collect();
    assert_eq!(kinds.len(), world.rows("ConsentHistory").await.len());
    assert_eq!(of["trail"][1]["row"]["VerbatimText"], "what does it cost?\nstatus        Consented");
    let contact = of["now"]["contactId"].as_str().unwrap();
    let (by_contact, _) = done(&world.account, &["proof", "--contact", contact, "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&by_contact).unwrap()["conversations"], proof["conversations"]);

    // The hash is that of the export's lines, as the help says.
    let (export, _) = done(&world.account, &["export", "history", "--format", "json"]);
    let key = format!("\"PartitionKey\":\"{conversation}\"");
    let lines: Vec<&str> = export.split_inclusive('\n').filter(|line| line.contains(&key)).collect();
    let sha256 = format!("{:x}", Sha256::digest(lines.concat()));
    assert_eq!(of["trailSha256"], sha256);
    assert!(paper.contains(&sha256), "{paper}");
    world.end().await;
}

#[tokio::test]
async fn what_somebody_changed_is_shown_loudly() {
    let world = World::start().await;
    let conversation = a_story(&world).await;
    let proof = ["proof", "--conversation", conversation.as_str()];
    let by_hand = json!({ "Status": "Consented", "OptedOut": false });
    tables::merge(&world.account, "ConsentStatus", conversation.as_str(), "status", &by_hand).await.unwrap();
    let output = command(&world.account, &proof);
    let (paper, words) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1));
    let shown = paper.split_once("!!! THE STORED").expect("a loud word").1.split_once("THE TRAIL").unwrap().0;
    insta::assert_snapshot!(shown, @r"
     STATUS SAYS SOMETHING ELSE !!!
    Status
      stored        Consented
      computed      Declined
    OptedOut
      stored        false
      computed      true
    ");
    insta::assert_snapshot!(settled(&words), @"error: the stored status of conversation t_2C00000000002 is not what its history comes to: somebody has changed a row, or another version of this program has written it; ask the log and the account's access log");
    let output = command(&world.account, &[&proof[..], &["--json"]].concat());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json["conversations"][0]["differences"][0]["stored"], "Consented");

    // A status that is gone, and a row that contradicts itself.
    tables::delete(&world.account, "ConsentStatus", conversation.as_str(), "status").await.unwrap();
    let output = command(&world.account, &proof);
    let paper = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && paper.contains("stored        (no row)\n"), "{paper}");
    let rows = world.rows("ConsentHistory").await;
    let broken = json!({ "Kind": "wish" });
    tables::merge(
        &world.account,
        "ConsentHistory",
        conversation.as_str(),
        rows[0]["RowKey"].as_str().unwrap(),
        &broken,
    )
    .await
    .unwrap();
    let output = command(&world.account, &proof);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(words, format!("error: conversation {conversation}: read ConsentHistory: cannot read Kind\n"));
    world.host.stop().await;
}

#[tokio::test]
async fn several_conversations_and_none() {
    let world = World::start().await;
    for _ in 0..2 {
        let conversation = world.spruce.add_conversation(&[Participant::number("+12055550102")]);
        let ask = world.spruce.clinic_writes(&conversation, ASK, minute(0));
        let no = world.spruce.patient_writes(&conversation, "no", minute(1));
        world.deliver(&[ask, no]).await;
    }
    let (paper, words) = done(&world.account, &["proof", "--phone", "205-555-0102"]);
    assert!(words.starts_with("2 conversations are meant: t_"), "{words}");
    assert_eq!(paper.matches("PROOF OF CONSENT RECORD").count(), 2);

    for whose in [["--phone", "+12055550103"], ["--contact", "entity_none"], ["--conversation", "t_none'"]] {
        let output = command(&world.account, &["proof", whose[0], whose[1]]);
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{words}");
        assert!(words.starts_with("error: nothing is known of this ") && output.stdout.is_empty(), "{words}");
    }
    for wrong in [
        &["proof"][..],
        &["proof", "--contact", ""],
        &["proof", "--phone", "5550102"],
        &["proof", "--phone", "+12055550102", "--contact", "x"],
    ] {
        assert_eq!(command(&world.account, wrong).status.code(), Some(2), "{wrong:?}");
    }
    world.end().await;
}

#[test]
fn without_settings_and_without_storage() {
    for command in [&["proof", "--phone", "+12055550101"][..], &["report"], &["poison", "list"], &["export", "status"]]
    {
        let run = |storage: &str| {
            let mut program = std::process::Command::new(EXECUTABLE);
            program.args(command).env_clear().current_dir(std::env::temp_dir()).env("AzureWebJobsStorage", storage);
            let output = program.output().unwrap();
            (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
        };
        let (status, words) = run("");
        assert!(status == 2 && words.contains("AzureWebJobsStorage is missing"), "{words}");
        let nobody = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;\
                      QueueEndpoint=http://127.0.0.1:9/a;TableEndpoint=http://127.0.0.1:9/a";
        let (status, words) = run(nobody);
        assert!(status == 1 && words.contains("no connection"), "{status} {words}");
    }
}
