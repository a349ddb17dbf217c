//! Questionnaires as staff keep them, over HTTP and on both engines.

use catalogue::entity::questionnaire_sets;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use testkit::{TestApp, actors};

use crate::keeping::{audited, events, keeper};

fn question(text: &str, severity: &str) -> Value {
    json!({ "text": text, "detail_prompt": "Since when?", "severity": severity, "label": text })
}

fn set(name: &str, questions: &[Value]) -> Value {
    json!({ "name": name, "context_type": "inquiry", "category": "Medical history", "questions": questions })
}

pub const SETS: &str = "/admin/questionnaire-sets";

testkit::both! {
    /// R-IQ-15, R-IQ-22
    async fn a_set_is_drafted_published_and_put_into_use(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let patient = t.client(catalogue::routes()).as_actor(actors::patient(kernel::ids::PatientId::new()));
        let before = patient.get("/questionnaires/active").await.str("/set_id").to_owned();
        let input = set("Short form", &[question("Do you have diabetes?", "critical")]);
        let made = client.post(SETS, &input).await.assert_status(201).str("/id").to_owned();
        client.post(SETS, &set("sHORT form", &[])).await.assert_field("name", "name_taken");
        let path = format!("{SETS}/{made}");
        client.post(&format!("{path}/activate-inquiry"), json!({})).await.assert_problem(409, "set_not_active");
        client.post(&format!("{path}/publish"), json!({ "lock_version": 7 })).await.assert_problem(409, "stale_version");
        client.post(&format!("{path}/publish"), json!({ "lock_version": 0 })).await.assert_status(204);
        client.post(&format!("{path}/publish"), json!({ "lock_version": 0 })).await.assert_status(204);
        assert_eq!(patient.get("/questionnaires/active").await.str("/set_id"), before, "publishing does not activate");
        client.post(&format!("{path}/activate-inquiry"), json!({})).await.assert_status(204);
        let served = patient.get("/questionnaires/active").await;
        assert_eq!((served.str("/set_id"), served.str("/questions/0/severity")), (made.as_str(), "critical"));
        assert_eq!(client.get(&format!("{SETS}/{before}")).await.at("/is_active_for_inquiry"), &json!(false));
    }

    /// R-IQ-17, R-IQ-22
    async fn a_published_version_never_changes_and_the_next_one_takes_its_place(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let questions = [question("Do you have diabetes?", "critical"), question("Do you smoke every day?", "none")];
        let first = client.post(SETS, &set("Form", &questions)).await.str("/id").to_owned();
        client.post(&format!("{SETS}/{first}/publish"), json!({ "lock_version": 0, "for_inquiries": true })).await.assert_status(204);
        let published = client.get(&format!("{SETS}/{first}")).await;
        let mut next = set("Form", &questions[..1]);
        next["questions"][0]["id"] = published.at("/questions/0/id").clone();
        next["questions"][0]["severity"] = json!("standard");
        next["lock_version"] = published.at("/lock_version").clone();
        let second = client.patch(&format!("{SETS}/{first}"), &next).await.assert_status(200).str("/id").to_owned();
        assert_ne!(first, second);
        client.patch(&format!("{SETS}/{first}"), &next).await.assert_problem(409, "draft_exists");
        let draft = client.get(&format!("{SETS}/{second}")).await;
        assert_eq!((draft.at("/version"), draft.str("/status")), (&json!(2), "draft"));
        assert_eq!(draft.at("/questions/0/id"), published.at("/questions/0/id"), "a question keeps its id");
        client.post(&format!("{SETS}/{second}/publish"), json!({ "lock_version": 0 })).await.assert_status(204);
        let old = client.get(&format!("{SETS}/{first}")).await;
        assert_eq!((old.str("/status"), old.at("/is_active_for_inquiry")), ("archived", &json!(false)));
        assert_eq!(old.at("/questions").as_array().unwrap().len(), 2, "what was answered keeps its words");
        // Nobody can be asked now: admins hear of it.
        assert_eq!(events(&t, "questionnaire.inquiry_unconfigured").await.len(), 1);
        let mut elsewhere = set("Form", &questions);
        elsewhere["context_type"] = json!("aftercare");
        elsewhere["lock_version"] = client.get(&format!("{SETS}/{second}")).await.at("/lock_version").clone();
        client.patch(&format!("{SETS}/{second}"), &elsewhere).await.assert_field("context_type", "context_fixed");
    }

    /// R-IQ-22
    async fn bad_questions_are_refused_with_all_faults(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let mut open = question("Tell us about yourself", "none");
        open["type"] = json!("text");
        let refused = client.post(SETS, &set("Form", &[
            question("Short?", "none"),
            question("Do you have diabetes?", "critical"),
            question("do you have DIABETES?", "critical"),
            open,
        ])).await;
        refused
            .assert_field("questions.0.text", "length_out_of_range")
            .assert_field("questions.2.text", "question_twice")
            .assert_field("questions.3.type", "question_kind");
        let mut bare = set("Form", &[]);
        bare["category"] = Value::Null;
        let id = client.post(SETS, &bare).await.assert_status(201).str("/id").to_owned();
        client.post(&format!("{SETS}/{id}/publish"), json!({ "lock_version": 0 })).await
            .assert_field("category", "required")
            .assert_field("questions", "no_active_question");
    }

    /// R-IQ-22
    async fn archiving_the_set_in_use_warns(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let list = client.get(SETS).await;
        let id = list.str("/data/0/id").to_owned();
        assert_eq!(list.at("/data/0/is_active_for_inquiry"), &json!(true));
        let copy = client.post(&format!("{SETS}/{id}/duplicate"), json!({ "name": "Copy" })).await.assert_status(201);
        assert_eq!(client.get(&format!("{SETS}/{}", copy.str("/id"))).await.at("/questions").as_array().unwrap().len(), 21);
        client.post(&format!("{SETS}/{id}/archive"), json!({})).await.assert_status(204);
        client.post(&format!("{SETS}/{id}/archive"), json!({})).await.assert_status(204);
        assert_eq!(events(&t, "questionnaire.inquiry_unconfigured").await.len(), 1);
        let patient = t.client(catalogue::routes()).as_actor(actors::patient(kernel::ids::PatientId::new()));
        patient.get("/questionnaires/active").await.assert_problem(409, "questionnaire_unavailable");
    }

    /// R-IQ-22: sets in use cannot be deleted.
    async fn only_what_was_never_published_is_deleted(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let asked = client.get(SETS).await.str("/data/0/id").to_owned();
        client.delete(&format!("{SETS}/{asked}")).await.assert_problem(409, "set_in_use");
        client.post(&format!("{SETS}/{asked}/archive"), json!({})).await.assert_status(204);
        client.delete(&format!("{SETS}/{asked}")).await.assert_problem(409, "set_in_use");
        let draft = client.post(SETS, &set("Draft", &[])).await.assert_status(201).str("/id").to_owned();
        client.delete(&format!("{SETS}/{draft}")).await.assert_status(204);
        client.delete(&format!("{SETS}/{draft}")).await.assert_problem(404, "not_found");
        client.get(&format!("{SETS}/{draft}")).await.assert_problem(404, "not_found");
        // The draft of the next version goes, and the version that is in use stays; another draft can be begun.
        let first = client.post(SETS, &set("Form", &[question("Do you have diabetes?", "critical")])).await.str("/id").to_owned();
        client.post(&format!("{SETS}/{first}/publish"), json!({ "lock_version": 0, "for_inquiries": true })).await.assert_status(204);
        let published = client.get(&format!("{SETS}/{first}")).await;
        let mut next = set("Form", &[question("Do you have diabetes?", "none")]);
        next["lock_version"] = published.at("/lock_version").clone();
        for _ in 0..2 {
            let second = client.patch(&format!("{SETS}/{first}"), &next).await.assert_status(200).str("/id").to_owned();
            client.delete(&format!("{SETS}/{second}")).await.assert_status(204);
        }
        assert_eq!(client.get(&format!("{SETS}/{first}")).await.at("/is_active_for_inquiry"), &json!(true));
        assert_eq!(audited(&t, "questionnaire_set.deleted").await, 3);
    }

    /// Section 10, race 9: one flag survives.
    async fn two_admins_activate_two_sets_at_once(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let mut ids = Vec::new();
        for name in ["One", "Two"] {
            let made = client.post(SETS, &set(name, &[question("Do you have diabetes?", "critical")])).await;
            let id = made.str("/id").to_owned();
            client.post(&format!("{SETS}/{id}/publish"), json!({ "lock_version": 0 })).await.assert_status(204);
            ids.push(id);
        }
        for _ in 0..50 {
            let paths: Vec<_> = ids.iter().map(|id| format!("{SETS}/{id}/activate-inquiry")).collect();
            let (one, two) = tokio::join!(client.post(&paths[0], json!({})), client.post(&paths[1], json!({})));
            for reply in [&one, &two] {
                assert!(matches!(reply.status.as_u16(), 204 | 409), "{} {}", reply.status, reply.text());
            }
            let flagged = questionnaire_sets::Entity::find()
                .filter(questionnaire_sets::Column::IsActiveForInquiry.eq(true));
            assert_eq!(flagged.count(t.conn()).await.unwrap(), 1);
        }
    }
}
