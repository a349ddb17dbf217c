//! Patient and clinic write to each other: whose thread it is, what is taken, what is sent twice, how far it was read.

use kernel::ids::AnyId;
use serde_json::{Value as Json, json};
use testkit::{Client, TestApp, both};

use crate::steps;
use crate::world::World;

/// The thread between the patient and the first clinic.
async fn thread(patient: &Client) -> String {
    let threads = patient.get("/api/v1/conversations").await.assert_status(200);
    let all = threads.at("/data").as_array().unwrap();
    all.iter().find(|row| row["clinic"]["name"] == "Bosphorus Hair").unwrap()["id"].as_str().unwrap().to_owned()
}

fn says(text: &str) -> Json {
    json!({ "content": text })
}

both! {
    // R-CM-10: what is taken as a text. R-CM-14: numbers without gaps, whoever writes.
    async fn texts_are_taken_in_order_and_within_bounds(t: TestApp) {
        let world = World::new(t).await;
        let (_, patient, _) = steps::offered(&world).await;
        let clinic = world.clinic(0).await;
        let messages = format!("/api/v1/conversations/{}/messages", thread(&patient).await);
        patient.post(&messages, says(" \u{7} \n")).await.assert_field("content", "message_empty");
        patient.post(&messages, says(&"ş".repeat(2001))).await.assert_field("content", "message_too_long");
        let kept = patient.post(&messages, says(&format!(" {}\u{7}", "ş".repeat(2000)))).await.assert_status(201);
        assert_eq!(kept.str("/content").chars().count(), 2000);
        clinic.post(&messages, says("First line\n<b>second</b>")).await.assert_status(201);
        patient.post(&messages, says("Thank you.")).await.assert_status(201);
        let read = clinic.get(&messages).await.assert_status(200);
        let numbers: Vec<i64> = read.at("/data").as_array().unwrap().iter().map(|row| row["seq"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [4, 3, 2, 1], "behind what opened the thread");
        let newer = patient.get(&format!("{messages}?filter[after_seq]=2")).await.assert_status(200);
        assert_eq!((newer.str("/data/0/content"), newer.at("/data/1/seq")), ("First line\n<b>second</b>", &json!(4)));
    }

    // R-CM-15: the phone sends again; it stands there once. R-CM-16: twenty a minute.
    async fn what_is_sent_again_stands_once_and_nobody_floods(t: TestApp) {
        let world = World::new(t).await;
        let (_, patient, _) = steps::offered(&world).await;
        let messages = format!("/api/v1/conversations/{}/messages", thread(&patient).await);
        let id = AnyId::new();
        let said = json!({ "content": "Is Tuesday fine?", "client_message_id": id });
        let (one, two) = tokio::join!(patient.post(&messages, &said), patient.post(&messages, &said));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201]);
        assert_eq!(one.str("/id"), two.str("/id"));
        let other = json!({ "content": "Is Monday fine?", "client_message_id": id });
        patient.post(&messages, other).await.assert_problem(409, "idempotency_conflict");
        for number in 1..20 {
            patient.post(&messages, says(&format!("Question {number}"))).await.assert_status(201);
        }
        let full = patient.post(&messages, says("One more")).await.assert_problem(429, "rate_limited");
        assert!(full.get::<u64>("/retry_after") > 0);
        world.clinic(0).await.post(&messages, says("One at a time, please.")).await.assert_status(201);
        world.t.advance(std::time::Duration::from_secs(61));
        patient.post(&messages, says("One more")).await.assert_status(201);
    }

    // Every foreign thread is none; reading is noted for one's own side.
    async fn a_thread_belongs_to_two_and_knows_who_read_it(t: TestApp) {
        let world = World::new(t).await;
        let (_, patient, _) = steps::offered(&world).await;
        let (clinic, other) = (world.clinic(0).await, world.clinic(1).await);
        let id = thread(&patient).await;
        let messages = format!("/api/v1/conversations/{id}/messages");
        let stranger = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        for client in [&other, &stranger] {
            client.get(&format!("/api/v1/conversations/{id}")).await.assert_problem(404, "not_found");
            client.get(&messages).await.assert_problem(404, "not_found");
            client.post(&messages, says("Hello")).await.assert_problem(404, "not_found");
            client.post(&format!("/api/v1/conversations/{id}/read"), json!({ "up_to_seq": 1 })).await.assert_problem(404, "not_found");
        }
        let unread = async |client: &Client| client.get(&format!("/api/v1/conversations/{id}")).await.assert_status(200).get::<i64>("/unread");
        let before = unread(&patient).await;
        patient.post(&messages, says("May I fly the day after?")).await.assert_status(201);
        patient.post(&messages, says("And swim?")).await.assert_status(201);
        assert_eq!((unread(&clinic).await, unread(&patient).await), (2, before), "one's own are read");
        clinic.post(&format!("/api/v1/conversations/{id}/read"), json!({ "up_to_seq": 2 })).await.assert_status(204);
        assert_eq!(unread(&clinic).await, 1);
        // Never back again, and never ahead of what there is: what comes later is unread.
        clinic.post(&format!("/api/v1/conversations/{id}/read"), json!({ "up_to_seq": 0 })).await;
        assert_eq!(unread(&clinic).await, 1);
        clinic.post(&format!("/api/v1/conversations/{id}/read"), json!({ "up_to_seq": 99 })).await;
        patient.post(&messages, says("And run?")).await.assert_status(201);
        assert_ne!(unread(&clinic).await, 0);
        let seen = patient.get(&messages).await.assert_status(200);
        assert_eq!(seen.at("/data/2/is_read"), &json!(true), "the first was read: {}", seen.text());
        clinic.post(&messages, says("You may.")).await.assert_status(201);
        assert_eq!(unread(&patient).await, before + 1);
    }
}
