//! A clinic reads its reviews and answers them.

#![expect(clippy::unwrap_used, reason = "a failure is how a test fails")]

use axum::Extension;
use chrono::Duration;
use directory::seed::{Clinic, ClinicSpec};
use identity::seed::{AdminSpec, PatientSpec};
use kernel::Actor;
use kernel::ids::{PatientId, ReviewId};
use platform::db::count_statements;
use platform::web::CsrfToken;
use reviews::entity::review_responses;
use reviews::entity::reviews::{Column, Entity, Model, ModerationStatus};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, Reply, TestApp, actors};

const ANSWER: &str = "Thank you for your words, we will work on the waiting time and hope to see you again.";

struct World {
    clinic: Clinic,
    other: Clinic,
    staff: Actor,
    patient: PatientId,
    csrf: String,
    pages: Client,
    api: Client,
}

impl World {
    async fn new(t: &TestApp) -> Self {
        let app = &t.app;
        identity::install(app).await.unwrap();
        directory::install(app).await.unwrap();
        let clinic = directory::seed::clinic(app, ClinicSpec::new("Bosphorus Hair")).await.unwrap();
        let other = directory::seed::clinic(app, ClinicSpec::new("Vistula Clinic")).await.unwrap();
        let staff = identity::seed::admin(app, AdminSpec::super_admin("boss@hairline.example")).await.unwrap();
        let patient = identity::seed::patient(app, PatientSpec::new(app, "Mark", "Palmer")).await.unwrap().id;
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(app);
        let pages = t.client(reviews::pages().layer(Extension(token)));
        let staff = actors::super_admin(staff);
        Self { clinic, other, staff, patient, csrf, pages, api: t.client(reviews::routes()) }
    }

    fn owner(&self) -> Actor {
        actors::clinic_owner(self.clinic.owner, self.clinic.id())
    }

    async fn post(&self, actor: &Actor, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.pages.as_actor(actor.clone()).form(path, &all).await
    }

    async fn review(&self, t: &TestApp, rating: i32, days_ago: i64, status: ModerationStatus) -> ReviewId {
        let at = t.now() - Duration::days(days_ago);
        let row = Model {
            id: ReviewId::new(),
            patient_id: self.patient,
            provider_id: self.clinic.id(),
            quote_id: None,
            overall_rating: rating,
            facility_rating: Some(rating),
            staff_rating: None,
            results_rating: None,
            value_rating: None,
            review_text: Some(format!("{rating} stars: {}", "everything was explained well. ".repeat(5))),
            is_published: status == ModerationStatus::Published,
            created_at: at,
            updated_at: at,
            moderation_status: status,
            published_at: (status == ModerationStatus::Published).then_some(at),
            last_edited_at: None,
            removed_at: None,
            edit_count: 0,
            moderated_by: None,
            moderation_reason: None,
            moderation_note: None,
            is_flagged: false,
            flag_reasons: None,
            author_alias_suffix: None,
            locale: None,
        };
        let id = row.id;
        Entity::insert(row.into_active_model().reset_all()).exec_without_returning(t.conn()).await.unwrap();
        id
    }
}

async fn row(t: &TestApp, id: ReviewId) -> Model {
    Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
}

async fn events(t: &TestApp, key: &str) -> usize {
    let all = platform::outbox::recorded(t.conn(), None).await.unwrap();
    all.iter().filter(|event| event.event_key == key).count()
}

testkit::both! {
    async fn a_clinic_reads_and_narrows_its_public_reviews(t: TestApp) {
        let w = World::new(&t).await;
        let two = w.review(&t, 2, 30, ModerationStatus::Published).await;
        let five = w.review(&t, 5, 10, ModerationStatus::Published).await;
        let hidden = w.review(&t, 4, 1, ModerationStatus::Pending).await;
        reviews::service::respond(&t.app, &w.owner(), five, ANSWER).await.unwrap();
        let owner = w.pages.as_actor(w.owner());
        let (list, statements) = count_statements(owner.get("/provider/reviews")).await;
        let list = list.assert_status(200).text();
        assert!(statements <= 7, "{statements}");
        assert!(list.contains("Mark P.") && !list.contains("Palmer") && list.contains("3.5"), "{list}");
        assert!(!list.contains(&hidden.to_string()), "what is not public is not the clinic's");
        for (query, expected) in [
            ("", vec![five, two]), ("?sort=oldest", vec![two, five]), ("?sort=lowest", vec![two, five]),
            ("?sort=highest", vec![five, two]), ("?rating=2", vec![two]), ("?rating=4", vec![]), ("?rating=9", vec![five, two]),
            ("?answered=yes", vec![five]), ("?answered=no", vec![two]), ("?page=2", vec![]),
        ] {
            let text = owner.get(&format!("/provider/reviews{query}")).await.assert_status(200).text();
            let mut found: Vec<(usize, ReviewId)> = [two, five]
                .into_iter()
                .filter_map(|id| Some((text.find(&format!("/provider/reviews/{id}"))?, id)))
                .collect();
            found.sort_unstable();
            assert_eq!(found.into_iter().map(|it| it.1).collect::<Vec<_>>(), expected, "{query}");
        }
        let (page, statements) = count_statements(owner.get(&format!("/provider/reviews/{five}"))).await;
        assert!(page.assert_status(200).text().contains(ANSWER) && statements <= 7, "{statements}");
        owner.get(&format!("/provider/reviews/{hidden}")).await.assert_status(404);
        let stranger = w.pages.as_actor(actors::clinic_owner(w.other.owner, w.other.id()));
        stranger.get(&format!("/provider/reviews/{five}")).await.assert_status(404);
        assert!(!stranger.get("/provider/reviews").await.assert_status(200).text().contains("Mark"));

        let api = w.api.as_actor(w.owner());
        let list = api.get("/provider/reviews?filter[answered]=true&sort=oldest").await.assert_status(200);
        assert_eq!((list.at("/meta/total"), list.str("/data/0/response/body")), (&1.into(), ANSWER));
        let second = api.get("/provider/reviews?per_page=1&page=2").await.assert_status(200);
        assert_eq!((second.at("/meta/total"), second.str("/data/0/id")), (&2.into(), two.to_string().as_str()));
        api.get("/provider/reviews?sort=best").await.assert_field("sort", "unknown_value");
        let public = w.api.get(&format!("/providers/{}/reviews", w.clinic.id())).await.assert_status(200);
        assert_eq!((public.at("/meta/total"), public.str("/data/0/response/body")), (&2.into(), ANSWER));
        assert!(public.json["data"][1]["response"].is_null());
    }

    async fn a_review_is_answered_once_by_who_may_speak_for_the_clinic(t: TestApp) {
        let w = World::new(&t).await;
        let id = w.review(&t, 3, 5, ModerationStatus::Published).await;
        let pending = w.review(&t, 3, 5, ModerationStatus::Pending).await;
        let path = format!("/provider/reviews/{id}");
        let short = w.post(&w.owner(), &path, &[("body", "Thanks <3")]).await.assert_status(422).text();
        assert!(short.contains("50 to 1000") && short.contains("Thanks &"), "{short}");
        let clinical = actors::clinic_clinical(w.clinic.owner, w.clinic.id());
        w.post(&clinical, &path, &[("body", ANSWER)]).await.assert_status(403);
        let other = actors::clinic_owner(w.other.owner, w.other.id());
        w.post(&other, &path, &[("body", ANSWER)]).await.assert_status(404);
        let api = w.api.as_actor(w.owner());
        api.post(&format!("/provider/reviews/{pending}/responses"), json!({ "body": ANSWER })).await.assert_problem(409, "review_not_published");

        let owner = w.owner();
        let fields = [("body", ANSWER)];
        let (one, two) = tokio::join!(w.post(&owner, &path, &fields), w.post(&owner, &path, &fields));
        for reply in [one, two] {
            assert!(reply.assert_status(303).headers["location"].to_str().unwrap().contains("done=review-answered"));
        }
        let more = format!("{ANSWER} And once more.");
        let late = w.post(&w.owner(), &path, &[("body", &more)]).await.assert_status(409).text();
        assert!(late.contains("answered already") && late.contains(ANSWER), "{late}");
        let count = review_responses::Entity::find().count(t.conn()).await.unwrap();
        assert_eq!((count, events(&t, "review.response_posted").await), (1, 1));
        assert!(!row(&t, id).await.is_flagged);
    }

    async fn staff_take_an_answer_off_and_one_other_may_follow(t: TestApp) {
        let w = World::new(&t).await;
        let id = w.review(&t, 3, 5, ModerationStatus::Published).await;
        let with_phone = format!("{ANSWER} Write to office@bosphorus.example for more.");
        reviews::service::respond(&t.app, &w.owner(), id, &with_phone).await.unwrap();
        let flagged = row(&t, id).await;
        assert!(flagged.is_flagged && flagged.flag_reasons.unwrap().to_string().contains("answer_contact_details"));

        let staff = w.staff.clone();
        let page = format!("/admin/reviews/{id}");
        let shown = w.pages.as_actor(staff.clone()).get(&page).await.assert_status(200).text();
        assert!(shown.contains("office@bosphorus.example") && shown.contains("hold contact details"), "{shown}");
        let remove = format!("{page}/remove-answer");
        let refused = w.post(&staff, &remove, &[("answer_reason", "no")]).await.assert_status(422).text();
        assert!(refused.contains("The clinic reads it.") && refused.contains("aria-invalid"), "{refused}");
        let by_clinic = w.api.as_actor(w.owner());
        let reason = json!({ "reason": "It holds an address." });
        by_clinic.post(&format!("/admin/reviews/{id}/remove-response"), reason).await.assert_problem(403, "forbidden");
        for _ in 0..2 {
            w.post(&staff, &remove, &[("answer_reason", "It holds an address.")]).await.assert_status(303);
        }
        assert_eq!(events(&t, "review.response_removed").await, 1);
        let public = w.api.get(&format!("/providers/{}/reviews", w.clinic.id())).await.assert_status(200);
        assert!(public.json["data"][0]["response"].is_null());
        // The second answer is the last one.
        reviews::service::respond(&t.app, &w.owner(), id, ANSWER).await.unwrap();
        w.post(&staff, &remove, &[("answer_reason", "Not this either, sorry.")]).await.assert_status(303);
        let third = reviews::service::respond(&t.app, &w.owner(), id, ANSWER).await.unwrap_err();
        assert_eq!(third.code, "response_exists");
        let unanswered = w.review(&t, 3, 5, ModerationStatus::Published).await;
        let api = w.api.as_actor(staff);
        api.post(&format!("/admin/reviews/{unanswered}/remove-response"), json!({ "reason": "There is nothing." })).await.assert_status(404);
        let removed = review_responses::Entity::find()
            .filter(review_responses::Column::RemovedReason.is_not_null())
            .count(t.conn())
            .await
            .unwrap();
        assert_eq!((removed, Entity::find().filter(Column::IsFlagged.eq(true)).count(t.conn()).await.unwrap()), (2, 1));
    }
}
