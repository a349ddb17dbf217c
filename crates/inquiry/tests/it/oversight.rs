//! What goes on after the deadline and what staff do to a request (R-IQ-11, 26..29, 57, 93, 94).

use crate::common::{Filed, change_clinic, clinic, events, patient, pictures, prepare, timeline};
use directory::entity::providers::ProviderStatus;
use inquiry::distribution;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::{self as rows, InquiryProviderSource, InquiryProviderStatus};
use inquiry::seed::InquirySpec;
use kernel::ids::{InquiryId, ProviderId, UserId};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors, at};

const REASON: &str = "The patient asked for a wider choice.";
const LATER: &str = "2026-03-05T10:00:00Z";

async fn office(t: &TestApp) -> Client {
    let id: UserId = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
    t.client(inquiry::routes()).as_actor(actors::super_admin(id))
}

/// Every schedule of the wing once, whenever it ran last.
async fn tick(t: &TestApp) {
    for schedule in inquiry::schedules() {
        (schedule.run)(&t.app).await.unwrap();
    }
}

async fn row(t: &TestApp, id: InquiryId) -> inquiries::Model {
    inquiries::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
}

async fn at_clinic(t: &TestApp, inquiry: InquiryId, clinic: ProviderId) -> rows::Model {
    let all = distribution::of(t.conn(), inquiry).await.unwrap();
    all.into_iter().find(|row| row.provider_id == clinic).unwrap()
}

async fn set_stage(t: &TestApp, id: InquiryId, stage: InquiryStatus) {
    let mut change: inquiries::ActiveModel = row(t, id).await.into();
    change.status = Set(stage);
    change.update(t.conn()).await.unwrap();
}

async fn count(t: &TestApp, key: &str) -> usize {
    events(t).await.iter().filter(|event| *event == key).count()
}

testkit::both! {
    async fn r_iq_28_an_extension_asks_others_first_then_lapsed_ones_up_to_the_cap(t: TestApp) {
        prepare(&t).await;
        let mut first = Vec::new();
        for number in 0..10 {
            first.push(clinic(&t, &format!("T{number}"), "TR").await);
        }
        let john = patient(&t, "John", "Doe").await;
        let spec = InquirySpec::new(&["TR"], &first[..2], pictures());
        let inquiry = inquiry::seed::inquiry(&t.app, john.id, spec).await.unwrap();
        let me = t.client(inquiry::routes()).as_actor(actors::patient(john.id));
        let path = format!("/inquiries/{inquiry}/extend");
        me.post(&path, json!({})).await.assert_problem(409, "inquiry_not_expired");
        let order: Vec<ProviderId> =
            distribution::of(t.conn(), inquiry).await.unwrap().into_iter().map(|row| row.provider_id).collect();
        assert_eq!(order.len(), 10);
        // One said no and one takes nobody any more: neither is asked again.
        let mut no: rows::ActiveModel = at_clinic(&t, inquiry, order[3]).await.into();
        no.status = Set(InquiryProviderStatus::Declined);
        no.update(t.conn()).await.unwrap();
        change_clinic(&t, order[4], |row| row.status = Set(ProviderStatus::Suspended)).await;
        let mut fresh = Vec::new();
        for number in 0..3 {
            fresh.push(clinic(&t, &format!("U{number}"), "TR").await);
        }
        t.at(LATER);
        // The patient may be quicker than the job that ends the request.
        let done = me.post(&path, json!({})).await.assert_status(200);
        assert_eq!(done.at("/asked"), 10);
        assert_eq!(row(&t, inquiry).await.status, InquiryStatus::Inquiry);
        for (clinic, order) in fresh.iter().zip(11..) {
            let new = at_clinic(&t, inquiry, *clinic).await;
            assert_eq!((new.status, new.match_order), (InquiryProviderStatus::Distributed, order));
            assert_eq!(new.response_deadline_at, at("2026-03-08T10:00:00Z"), "a full time from now");
        }
        // Ten places: three new ones and seven of the eight that let their time pass, in their order.
        let again = [0, 1, 2, 5, 6, 7, 8].map(|place| order[place]);
        for clinic in &order {
            let had = at_clinic(&t, inquiry, *clinic).await;
            let expected = if again.contains(clinic) { InquiryProviderStatus::Distributed } else if *clinic == order[3] {
                InquiryProviderStatus::Declined
            } else {
                InquiryProviderStatus::Lapsed
            };
            assert_eq!(had.status, expected, "{}", had.match_order);
        }
        assert_eq!(row(&t, inquiry).await.quote_deadline_at, Some(at("2026-03-08T10:00:00Z")));
        assert_eq!(count(&t, "inquiry.distributed").await, 20, "everybody asked is told, also the second time");
        assert_eq!(
            timeline(&t, inquiry).await,
            ["inquiry_created", "inquiry_distributed", "inquiry_expired", "inquiry_reopened", "inquiry_distributed"]
        );
        let john = identity::patients::load(t.conn(), john.id).await.unwrap();
        assert_eq!(john.status, Some(identity::entity::patients::PatientStatus::Inquiry), "the mirror follows");
        // It ends again, and both ends are told.
        t.at("2026-03-08T10:00:00Z");
        tick(&t).await;
        assert_eq!((row(&t, inquiry).await.status, count(&t, "inquiry.no_quotes").await), (InquiryStatus::Expired, 2));
    }

    async fn r_iq_28_an_extension_is_refused_where_it_must(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let extend = filed.path("/extend");
        let stranger = patient(&t, "Eva", "Stranger").await;
        let other = t.client(inquiry::routes()).as_actor(actors::patient(stranger.id));
        other.post(&extend, json!({})).await.assert_problem(404, "not_found");
        filed.as_clinic(&t).post(&extend, json!({})).await.assert_problem(403, "forbidden");
        t.at(LATER);
        tick(&t).await;
        let me = filed.as_patient(&t);
        // Nobody is left in Turkey; another country opens it again.
        change_clinic(&t, filed.provider, |row| row.intake_paused_at = Set(Some(t.now()))).await;
        me.post(&extend, json!({})).await.assert_problem(409, "nobody_to_ask");
        assert_eq!(row(&t, filed.inquiry).await.status, InquiryStatus::Expired);
        let warsaw = clinic(&t, "Warsaw", "PL").await;
        me.post(&extend, json!({ "countries": ["XX"] })).await.assert_field("countries", "country_unknown");
        // A newer request of the same patient is the active one.
        let spec = InquirySpec::new(&["PL"], &[warsaw], pictures());
        let newer = inquiry::seed::inquiry(&t.app, filed.patient.id, spec).await.unwrap();
        let refused = me.post(&extend, json!({ "countries": ["PL"] })).await.assert_problem(409, "active_inquiry_exists");
        assert_eq!(refused.str("/existing_id"), newer.to_string());
        set_stage(&t, newer, InquiryStatus::Cancelled).await;
        me.post(&extend, json!({ "countries": ["pl"] })).await.assert_status(200);
        let seen = me.get(&filed.path("")).await.assert_status(200);
        assert_eq!(seen.at("/destinations"), &json!(["TR", "PL"]));
        // R-IQ-28: staff extend too, with a reason, also while it is open.
        let office = office(&t).await;
        office.post(&extend, json!({ "reason": "short" })).await.assert_field("reason", "length_out_of_range");
        let gdansk = clinic(&t, "Gdansk", "PL").await;
        office.post(&extend, json!({ "reason": REASON })).await.assert_status(200);
        assert_eq!(at_clinic(&t, filed.inquiry, gdansk).await.status, InquiryProviderStatus::Distributed);
        assert_eq!((count(&t, "inquiry.reopened").await, count(&t, "inquiry.extended").await), (1, 1));
        set_stage(&t, filed.inquiry, InquiryStatus::Cancelled).await;
        me.post(&extend, json!({})).await.assert_problem(409, "inquiry_not_active");
    }

    async fn r_iq_28_staff_add_and_remove_clinics(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let office = office(&t).await;
        let (add, all) = (filed.path("/providers"), async || distribution::of(t.conn(), filed.inquiry).await.unwrap());
        let mut more = Vec::new();
        for number in 0..10 {
            more.push(clinic(&t, &format!("M{number}"), "PL").await);
        }
        let body = |clinics: &[ProviderId], beyond: bool| json!({ "provider_ids": clinics, "override_cap": beyond, "reason": REASON });
        filed.as_patient(&t).post(&add, body(&more[..1], false)).await.assert_problem(403, "forbidden");
        office.post(&add, json!({ "provider_ids": more, "reason": "" })).await.assert_field("reason", "length_out_of_range");
        // Ten are allowed; the eleventh only on purpose.
        office.post(&add, body(&more, false)).await.assert_field("provider_ids", "too_many_providers");
        office.post(&add, body(&[ProviderId::new()], false)).await.assert_field("provider_ids", "provider_not_available");
        assert_eq!(all().await.len(), 1);
        office.post(&add, body(&more, true)).await.assert_status(200);
        let now = all().await;
        assert_eq!(now.len(), 11);
        assert!(now.iter().skip(1).all(|row| row.source == InquiryProviderSource::Admin));
        office.post(&add, body(&more, true)).await.assert_status(200);
        assert_eq!((all().await.len(), count(&t, "inquiry.distributed").await), (11, 11), "adding again adds nothing");

        // R-IQ-29: a clinic that is taken out finds nothing.
        let gone = filed.path(&format!("/providers/{}", filed.provider));
        filed.as_clinic(&t).get(&filed.path("")).await.assert_status(200);
        office.delete_with(&gone, json!({ "reason": REASON })).await.assert_status(204);
        office.delete_with(&gone, json!({ "reason": REASON })).await.assert_status(204);
        filed.as_clinic(&t).get(&filed.path("")).await.assert_problem(404, "not_found");
        let row = at_clinic(&t, filed.inquiry, filed.provider).await;
        assert_eq!((row.status, row.closed_reason.as_deref()), (InquiryProviderStatus::Removed, Some("admin")));
        let nobody = filed.path(&format!("/providers/{}", ProviderId::new()));
        office.delete_with(&nobody, json!({ "reason": REASON })).await.assert_problem(404, "not_found");
        let mut quoted: rows::ActiveModel = at_clinic(&t, filed.inquiry, more[0]).await.into();
        quoted.status = Set(InquiryProviderStatus::Quoted);
        quoted.update(t.conn()).await.unwrap();
        let answered = filed.path(&format!("/providers/{}", more[0]));
        office.delete_with(&answered, json!({ "reason": REASON })).await.assert_problem(409, "provider_has_quoted");
        // It may come back.
        office.post(&add, body(&[filed.provider], true)).await.assert_status(200);
        filed.as_clinic(&t).get(&filed.path("")).await.assert_status(200);
        // R-IQ-94: who, when, what, why.
        use platform::entity::audit_logs::{Column, Entity};
        for action in ["inquiry.clinics_added", "inquiry.clinic_removed"] {
            let entry = Entity::find().filter(Column::Action.eq(action)).one(t.conn()).await.unwrap().unwrap();
            assert_eq!(entry.reason.as_deref(), Some(REASON));
            assert!(entry.actor_id.is_some() && entry.after_data.is_some());
        }
    }

    async fn a_request_for_one_clinic_goes_to_others_only_after_its_no(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let mut change: inquiries::ActiveModel = row(&t, filed.inquiry).await.into();
        change.exclusive_provider_id = Set(Some(filed.provider));
        change.update(t.conn()).await.unwrap();
        let other = clinic(&t, "Ankara", "TR").await;
        let office = office(&t).await;
        let body = json!({ "provider_ids": [other], "reason": REASON });
        office.post(&filed.path("/providers"), body).await.assert_problem(403, "inquiry_restricted");
        let again = office.post(&filed.path("/distribute"), json!({ "reason": REASON })).await.assert_status(200);
        assert_eq!(again.at("/asked"), 0);
        filed.as_clinic(&t).post(&filed.path("/decline"), json!({ "reason": "no_capacity" })).await.assert_status(204);
        assert_eq!(at_clinic(&t, filed.inquiry, other).await.status, InquiryProviderStatus::Distributed);
        assert_eq!(row(&t, filed.inquiry).await.exclusive_provider_id, None);
        filed.as_clinic(&t).post(&filed.path("/decline"), json!({ "reason": "no_capacity" })).await.assert_status(204);
        assert_eq!(distribution::of(t.conn(), filed.inquiry).await.unwrap().len(), 2, "exactly once");
    }

    async fn r_iq_28_staff_run_the_distribution_again_and_move_deadlines(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let office = office(&t).await;
        let late = clinic(&t, "Izmir", "TR").await;
        t.at("2026-03-04T10:00:00Z");
        let again = office.post(&filed.path("/distribute"), json!({ "reason": REASON })).await.assert_status(200);
        assert_eq!(again.at("/asked"), 1);
        assert_eq!(at_clinic(&t, filed.inquiry, late).await.response_deadline_at, at("2026-03-07T10:00:00Z"), "its own 72 hours");
        assert_eq!(at_clinic(&t, filed.inquiry, filed.provider).await.response_deadline_at, at(LATER));

        let path = filed.path("/deadline");
        let body = |clinic: Option<ProviderId>, until: &str| json!({ "provider_id": clinic, "deadline": until, "reason": REASON });
        office.post(&path, body(None, "2026-03-04T10:00:00Z")).await.assert_field("deadline", "deadline_out_of_range");
        office.post(&path, body(None, "2026-04-03T10:00:01Z")).await.assert_field("deadline", "deadline_out_of_range");
        office.post(&path, body(Some(ProviderId::new()), LATER)).await.assert_problem(404, "not_found");
        // A clinic whose time had passed has the case again and is told.
        t.at(LATER);
        tick(&t).await;
        assert_eq!(at_clinic(&t, filed.inquiry, filed.provider).await.status, InquiryProviderStatus::Lapsed);
        office.post(&path, body(Some(filed.provider), "2026-03-09T10:00:00Z")).await.assert_status(200);
        let back = at_clinic(&t, filed.inquiry, filed.provider).await;
        assert_eq!((back.status, back.response_deadline_at), (InquiryProviderStatus::Distributed, at("2026-03-09T10:00:00Z")));
        assert_eq!((row(&t, filed.inquiry).await.quote_deadline_at, count(&t, "inquiry.distributed").await), (Some(at("2026-03-09T10:00:00Z")), 3));
        office.post(&path, body(None, "2026-03-06T00:00:00Z")).await.assert_status(200);
        for clinic in [filed.provider, late] {
            assert_eq!(at_clinic(&t, filed.inquiry, clinic).await.response_deadline_at, at("2026-03-06T00:00:00Z"));
        }
        // A case whose offers are all dead may be handed out again; one that is over may not.
        set_stage(&t, filed.inquiry, InquiryStatus::Cancelled).await;
        for (path, body) in [("/deadline", body(None, "2026-03-07T00:00:00Z")), ("/distribute", json!({ "reason": REASON }))] {
            office.post(&filed.path(path), body).await.assert_problem(409, "inquiry_not_active");
        }
    }

    async fn only_a_case_that_is_over_is_put_away(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let office = office(&t).await;
        let path = filed.path("/archive");
        office.post(&path, json!({ "reason": REASON })).await.assert_problem(409, "archive_not_allowed");
        filed.as_patient(&t).post(&path, json!({ "reason": REASON })).await.assert_problem(403, "forbidden");
        t.at(LATER);
        tick(&t).await;
        for _ in 0..2 {
            office.post(&path, json!({ "reason": REASON })).await.assert_status(204);
        }
        let seen = office.get(&filed.path("")).await.assert_status(200);
        assert_eq!((seen.str("/archived_at"), seen.str("/archive_reason")), ("2026-03-05T10:00:00Z", REASON));
        assert_eq!(timeline(&t, filed.inquiry).await.last().unwrap(), "inquiry_archived");
        // patients.status mirrors the newest request that was not put away.
        assert_eq!(identity::patients::load(t.conn(), filed.patient.id).await.unwrap().status, None);
        for (path, who, code) in [("/extend", filed.as_patient(&t), "inquiry_not_active"), ("/extend", office.clone(), "inquiry_not_active")] {
            who.post(&filed.path(path), json!({ "reason": REASON })).await.assert_problem(409, code);
        }
        let total = async |query: &str| office.get(&format!("/inquiries{query}")).await.assert_status(200).at("/meta/total").clone();
        assert_eq!((total("").await, total("?filter[archived]=true").await), (json!(0), json!(1)));
        assert_eq!(filed.as_patient(&t).get("/inquiries").await.at("/meta/total"), 1, "the patient still reads it");
    }

    async fn r_iq_94_staff_edit_with_a_reason_and_never_answers_or_pictures(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let office = office(&t).await;
        let edit = |body: Value| { let mut body = body; body["version"] = json!(1); body };
        office.patch(&filed.path(""), edit(json!({ "severity": 2 }))).await.assert_field("reason", "length_out_of_range");
        for forbidden in ["answers", "questionnaire", "media", "alert_level", "medical"] {
            let body = edit(json!({ "reason": REASON, forbidden: [] }));
            office.patch(&filed.path(""), body).await.assert_problem(422, "validation_failed");
        }
        set_stage(&t, filed.inquiry, InquiryStatus::Quote).await;
        let body = edit(json!({ "reason": REASON, "problem_details": "The crown has become thin, says the patient." }));
        let done = office.patch(&filed.path(""), body).await.assert_status(200);
        assert_eq!(done.at("/version"), 2);
        use platform::entity::audit_logs::{Column, Entity};
        let entry = Entity::find().filter(Column::Action.eq("inquiry.updated")).one(t.conn()).await.unwrap().unwrap();
        let opened = |data: &Option<kernel::Sealed<Value>>| t.app.keys.open(data.as_ref().unwrap()).unwrap();
        assert_eq!(entry.reason.as_deref(), Some(REASON));
        assert_eq!(opened(&entry.after_data)["problem_details"], "The crown has become thin, says the patient.");
        assert!(opened(&entry.before_data)["problem_details"].as_str().unwrap().starts_with("The hair at my temples"));
        assert!(opened(&entry.after_data).get("problem").is_none(), "only what changed");
        set_stage(&t, filed.inquiry, InquiryStatus::Completed).await;
        let body = json!({ "version": 2, "reason": REASON, "severity": 3 });
        office.patch(&filed.path(""), body).await.assert_problem(409, "inquiry_not_active");
    }

    async fn r_iq_11_countries_and_clinics_change_until_the_first_quote(t: TestApp) {
        prepare(&t).await;
        let (a, b) = (clinic(&t, "Ankara", "TR").await, clinic(&t, "Bursa", "TR").await);
        let john = patient(&t, "John", "Doe").await;
        let inquiry = inquiry::seed::inquiry(&t.app, john.id, InquirySpec::new(&["TR"], &[a], pictures())).await.unwrap();
        let warsaw = clinic(&t, "Warsaw", "PL").await;
        let me = t.client(inquiry::routes()).as_actor(actors::patient(john.id));
        let path = format!("/inquiries/{inquiry}");
        let patch = async |body: Value| me.patch(&path, body).await;
        patch(json!({ "version": 1, "provider_ids": [warsaw] })).await.assert_problem(422, "provider_not_in_destinations");
        patch(json!({ "version": 1, "provider_ids": [] })).await.assert_field("provider_ids", "required");
        patch(json!({ "version": 1, "destinations": ["TR", "TR"] })).await.assert_problem(422, "country_chosen_twice");
        let six: Vec<ProviderId> = (0..6).map(|_| ProviderId::new()).collect();
        patch(json!({ "version": 1, "provider_ids": six })).await.assert_status(422);
        assert_eq!(row(&t, inquiry).await.version, 1);
        // Poland only: the ticked clinic goes, the matched one of Turkey too, the new one has its full time.
        t.at("2026-03-03T10:00:00Z");
        let done = patch(json!({ "version": 1, "destinations": ["PL"], "provider_ids": [warsaw] })).await.assert_status(200);
        assert_eq!((done.at("/destinations"), done.at("/version")), (&json!(["PL"]), &json!(2)));
        for gone in [a, b] {
            let row = at_clinic(&t, inquiry, gone).await;
            assert_eq!((row.status, row.closed_reason.as_deref()), (InquiryProviderStatus::Removed, Some("edited_out")));
        }
        let new = at_clinic(&t, inquiry, warsaw).await;
        assert_eq!((new.source, new.response_deadline_at), (InquiryProviderSource::Selected, at("2026-03-06T10:00:00Z")));
        assert_eq!(row(&t, inquiry).await.quote_deadline_at, Some(at("2026-03-06T10:00:00Z")));
        assert_eq!(timeline(&t, inquiry).await.last().unwrap(), "inquiry_updated");
        set_stage(&t, inquiry, InquiryStatus::Quote).await;
        patch(json!({ "version": 2, "destinations": ["TR", "PL"] })).await.assert_problem(409, "inquiry_locked");
    }

    /// R-IQ-11, R-IQ-61: every clinic that has the request hears of a change and of its end, never why.
    async fn each_clinic_is_told_by_an_event_of_its_own(t: TestApp) {
        prepare(&t).await;
        let (a, b) = (clinic(&t, "Ankara", "TR").await, clinic(&t, "Bursa", "TR").await);
        let john = patient(&t, "John", "Doe").await;
        let inquiry = inquiry::seed::inquiry(&t.app, john.id, InquirySpec::new(&["TR"], &[a, b], pictures())).await.unwrap();
        let told = async |key: &str| {
            let all = platform::outbox::recorded(t.conn(), Some(key)).await.unwrap();
            let mut to: Vec<String> = all.iter().map(|event| event.payload["provider_id"].as_str().unwrap().to_owned()).collect();
            to.sort_unstable();
            (to, all.iter().map(|event| event.payload.to_string()).collect::<String>())
        };
        let mut both = vec![a.to_string(), b.to_string()];
        both.sort_unstable();
        let me = t.client(inquiry::routes()).as_actor(actors::patient(john.id));
        me.patch(&format!("/inquiries/{inquiry}"), json!({ "version": 1, "severity": 9 })).await.assert_status(200);
        assert_eq!(told("inquiry.updated").await.0, both);
        // One of them has sent an offer: the wing above tells it of the end.
        let mut quoted: rows::ActiveModel = at_clinic(&t, inquiry, a).await.into();
        quoted.status = Set(InquiryProviderStatus::Quoted);
        quoted.update(t.conn()).await.unwrap();
        let input = inquiry::case::CancelInput { reason: "other".to_owned(), notes: Some("Private matters".to_owned()), feedback: None };
        platform::write_txn!(t.app.db, |txn| {
            let case = inquiry::case::lock(txn, inquiry).await?;
            inquiry::case::cancel(txn, &t.app, &actors::patient(john.id), &case, &input, &[a]).await
        }).unwrap();
        let (to, payloads) = told("inquiry.closed").await;
        assert_eq!(to, [b.to_string()]);
        assert!(!payloads.contains("Private") && !payloads.contains("John"), "{payloads}");
    }

    async fn lists_are_narrowed_and_sorted_as_documented(t: TestApp) {
        let filed = Filed::new(&t, &["hiv"]).await;
        let office = office(&t).await;
        let total = async |who: &Client, query: &str| who.get(&format!("/inquiries?{query}")).await.assert_status(200).at("/meta/total").clone();
        let clinic = filed.as_clinic(&t);
        // John was born in 1990 and can come from 2026-04-11 to 2026-04-25.
        let born = filed.patient.birthday.unwrap();
        let age = kernel::time::age_on(born, t.now().date_naive()).unwrap();
        let (young, old) = (format!("filter[age_from]={}", age + 1), format!("filter[age_to]={}", age - 1));
        let exact = format!("filter[age_from]={age}&filter[age_to]={age}");
        for (query, hits) in [
            (exact.as_str(), 1), (young.as_str(), 0), (old.as_str(), 0),
            ("filter[dates_from]=2026-04-25", 1), ("filter[dates_from]=2026-04-26", 0),
            ("filter[dates_to]=2026-04-11", 1), ("filter[dates_to]=2026-04-10", 0),
            ("filter[dates_from]=2026-04-12&filter[dates_to]=2026-04-13", 1),
            ("filter[alert_level]=critical", 1), ("filter[alert_level]=none", 0),
            ("filter[problem]=hair_transplant", 1), ("filter[problem]=both", 0),
            ("filter[submitted_from]=2026-03-02&filter[submitted_to]=2026-03-02", 1), ("filter[submitted_from]=2026-03-03", 0),
            ("filter[submitted_to]=2026-03-01", 0), ("sort=quote_deadline_at", 1), ("sort=-quote_deadline_at&q=hpid", 1),
        ] {
            assert_eq!(total(&clinic, query).await, json!(hits), "{query}");
        }
        assert_eq!(total(&office, "filter[provider_country]=tr").await, json!(1));
        assert_eq!(total(&office, "filter[provider_country]=PL").await, json!(0));
        clinic.get("/inquiries?filter[provider_country]=TR").await.assert_problem(403, "forbidden");
        clinic.get("/inquiries?filter[archived]=true").await.assert_problem(403, "forbidden");
        clinic.get("/inquiries?sort=patient_name").await.assert_field("sort", "unknown_value");
        clinic.get("/inquiries?filter[dates_from]=2026-02-30").await.assert_status(422);
        clinic.get("/inquiries?filter[age]=30").await.assert_status(422);
    }

    async fn r_iq_93_a_link_is_given_after_the_access_check(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let seen = filed.as_patient(&t).get(&filed.path("")).await.assert_status(200);
        let path = format!("/media/{}/link", seen.str("/media/0/id"));
        for who in [filed.as_patient(&t), filed.as_clinic(&t)] {
            let link = who.get(&path).await.assert_status(200);
            assert!(link.str("/url").contains("/files/"), "{}", link.text());
        }
        let stranger = patient(&t, "Eva", "Stranger").await;
        let other = t.client(inquiry::routes()).as_actor(actors::patient(stranger.id));
        other.get(&path).await.assert_problem(404, "not_found");
        let foreign = actors::clinic_owner(filed.owner, clinic(&t, "Ankara", "TR").await);
        filed.as_clinic(&t).as_actor(foreign).get(&path).await.assert_problem(404, "not_found");
        let nobody = filed.as_clinic(&t).as_actor(actors::clinic_billing(filed.owner, filed.provider));
        assert!(matches!(nobody.get(&path).await.status.as_u16(), 403 | 404));
        office(&t).await.get(&path).await.assert_problem(403, "justification_required");
        filed.as_patient(&t).get(&format!("/media/{}/link", kernel::ids::MediaId::new())).await.assert_problem(404, "not_found");
        // R-IQ-94: each reading is noted.
        use platform::entity::audit_logs::{Column, Entity};
        let read = Entity::find().filter(Column::Action.eq("medical.viewed")).all(t.conn()).await.unwrap();
        assert_eq!(read.len(), 3, "the page of the patient and two links");
    }

    async fn r_iq_57_clocks_run_twice_late_and_on_two_workers(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let other = patient(&t, "Eva", "Late").await;
        t.client(inquiry::routes()).as_actor(actors::patient(other.id)).put("/inquiry-draft", json!({ "step": "wish", "payload": {} })).await.assert_status(200);
        // Days late, by two workers at once, and once more.
        t.at("2026-03-20T00:00:00Z");
        for schedule in inquiry::schedules() {
            let (one, two) = tokio::join!((schedule.run)(&t.app), (schedule.run)(&t.app));
            one.and(two).unwrap();
            (schedule.run)(&t.app).await.unwrap();
        }
        assert_eq!(row(&t, filed.inquiry).await.status, InquiryStatus::Expired);
        assert_eq!(at_clinic(&t, filed.inquiry, filed.provider).await.status, InquiryProviderStatus::Lapsed);
        assert_eq!(count(&t, "inquiry.no_quotes").await, 1);
        assert_eq!(timeline(&t, filed.inquiry).await.iter().filter(|word| *word == "inquiry_expired").count(), 1);
        // R-IQ-10: the draft is put away, kept and not resumed.
        let drafts = inquiry::entity::inquiry_drafts::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(drafts.iter().filter(|row| row.discarded_at.is_some()).count(), 1);
        t.client(inquiry::routes()).as_actor(actors::patient(other.id)).get("/inquiry-draft").await.assert_problem(404, "not_found");
        // A deadline that staff moved meanwhile is not passed.
        let after = distribution::of(t.conn(), filed.inquiry).await.unwrap();
        assert_eq!(after.len(), 1);
    }
}

struct Browser {
    client: Client,
    csrf: String,
}

impl Browser {
    fn of(t: &TestApp, actor: kernel::Actor) -> Self {
        let token = platform::web::CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let client = t.client(inquiry::pages().layer(axum::Extension(token))).as_actor(actor);
        Self { client, csrf }
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> testkit::Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }

    /// The page's text; at most seven statements, so that with the session's there are eight.
    async fn text(&self, path: &str) -> String {
        let (page, statements) = platform::db::count_statements(self.client.get(path)).await;
        assert!(statements <= 7, "{path} needs {statements} statements");
        page.assert_status(200).text()
    }
}

#[track_caller]
fn location(reply: testkit::Reply) -> String {
    reply.assert_status(303).headers.get("location").unwrap().to_str().unwrap().to_owned()
}

testkit::both! {
    async fn a_patient_lets_an_ended_request_go_on(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let me = Browser::of(&t, actors::patient(filed.patient.id));
        let page = format!("/patient/cases/{}/extend", filed.inquiry);
        assert_eq!(location(me.client.get(&page).await), format!("/patient/cases/{}", filed.inquiry), "it is still open");
        clinic(&t, "Warsaw", "PL").await;
        t.at(LATER);
        // Offered at once, also before the job has ended it.
        let shown = me.text(&page).await;
        assert!(shown.contains("Poland") && !shown.contains("value=\"TR\""), "{shown}");
        change_clinic(&t, filed.provider, |row| row.intake_paused_at = Set(Some(t.now()))).await;
        let refused = me.post(&page, &[]).await.assert_status(409).text();
        assert!(refused.contains("Choose another country"), "{refused}");
        for _ in 0..2 {
            assert!(location(me.post(&page, &[("countries", "PL")]).await).contains("done=request-extended"));
        }
        assert_eq!(row(&t, filed.inquiry).await.status, InquiryStatus::Inquiry);
        assert_eq!(count(&t, "inquiry.reopened").await, 1, "sent twice, done once");
        let stranger = patient(&t, "Eva", "Stranger").await;
        Browser::of(&t, actors::patient(stranger.id)).client.get(&page).await.assert_status(404);
        let past = me.text("/patient/requests").await;
        assert!(past.contains(&format!("/patient/cases/{}", filed.inquiry)) && past.contains("Poland"), "{past}");
        assert!(Browser::of(&t, actors::patient(stranger.id)).text("/patient/requests").await.contains("No request yet"));
    }

    async fn staff_manage_a_case_with_forms_alone(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let id: UserId = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
        let staff = Browser::of(&t, actors::super_admin(id));
        let here = format!("/admin/cases/{}/manage", filed.inquiry);
        let other = clinic(&t, "Izmir Hair", "TR").await;
        let page = staff.text(&format!("{here}?q=izmir")).await;
        assert!(page.contains("Izmir Hair") && page.contains("Bosphorus"), "{page}");
        let act = |word: &str| format!("{here}/{word}");
        let none = staff.post(&format!("{}?q=izmir", act("add")), &[("reason", REASON)]).await.assert_status(422).text();
        assert!(none.contains(REASON) && none.contains("Izmir Hair"), "what was typed and found stays");
        let add = [("provider_ids", other.to_string()), ("reason", REASON.to_owned())];
        let add: Vec<(&str, &str)> = add.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for _ in 0..2 {
            assert!(location(staff.post(&act("add"), &add).await).contains("done=case-add"));
        }
        let bosphorus = filed.provider.to_string();
        let until = [("provider_id", bosphorus.as_str()), ("deadline", "2026-03-10T12:00"), ("reason", REASON)];
        assert!(location(staff.post(&act("deadline"), &until).await).contains("done=case-deadline"));
        assert_eq!(at_clinic(&t, filed.inquiry, filed.provider).await.response_deadline_at, at("2026-03-10T12:00:00Z"));
        let wrong = [("provider_id", bosphorus.as_str()), ("deadline", "tomorrow"), ("reason", REASON)];
        assert!(staff.post(&act("deadline"), &wrong).await.assert_status(422).text().contains("within the next 30 days"));
        let remove = [("provider_id", bosphorus.as_str()), ("reason", REASON)];
        assert!(location(staff.post(&act("remove"), &remove).await).contains("done=case-remove"));
        for word in ["distribute", "extend", "reopen"] {
            let done = staff.post(&act(word), &[("reason", REASON)]).await;
            assert!(matches!(done.status.as_u16(), 303 | 409), "{word}: {}", done.text());
            staff.post(&act(word), &[("reason", "short")]).await.assert_status(422);
        }
        staff.post(&act("archive"), &[("reason", REASON)]).await.assert_status(409);
        staff.post(&act("nonsense"), &[("reason", REASON)]).await.assert_status(404);
        staff.client.get(&act("add")).await.assert_status(303);
        set_stage(&t, filed.inquiry, InquiryStatus::Cancelled).await;
        assert!(location(staff.post(&act("archive"), &[("reason", REASON)]).await).contains("done=case-archive"));
        let read = staff.text(&here).await;
        assert!(read.contains("put away") && !read.contains("/manage/extend"), "{read}");
        Browser::of(&t, actors::clinic_owner(filed.owner, filed.provider)).client.get(&here).await.assert_status(303);
    }

    async fn staff_change_a_request_after_saying_why(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let id: UserId = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
        let staff = Browser::of(&t, actors::super_admin(id));
        let here = format!("/admin/cases/{}/edit", filed.inquiry);
        let closed = staff.text(&here).await;
        assert!(!closed.contains("temples") && closed.contains("justification"), "nothing is read before the reason");
        staff.post(&format!("{here}/open"), &[("justification", "curious")]).await.assert_status(422);
        let why = "The patient asked on the phone to correct the text.";
        location(staff.post(&format!("{here}/open"), &[("justification", why)]).await);
        let open = staff.text(&here).await;
        assert!(open.contains("temples") && open.contains("2026-04-11"), "{open}");
        let fields = |reason: &'static str, start: &'static str| [
            ("version", "1"), ("problem", "both"), ("problem_details", "The crown has become thin."), ("nature_of_concern", ""),
            ("duration_of_concern", "3_5y"), ("previous_treatments", "none"), ("severity", "6"), ("lifestyle_factors", ""),
            ("additional_notes", ""), ("start.0", start), ("end.0", "2026-04-25"), ("start.1", ""), ("end.1", ""), ("reason", reason),
        ];
        staff.post(&here, &fields("short", "2026-04-11")).await.assert_status(422);
        let wrong = staff.post(&here, &fields(REASON, "2026-03-05")).await.assert_status(422).text();
        assert!(wrong.contains("start-0-error"), "{wrong}");
        assert!(location(staff.post(&here, &fields(REASON, "2026-04-11")).await).contains("done=case-edit"));
        let now = row(&t, filed.inquiry).await;
        assert_eq!((now.version, now.problem_details.as_str()), (2, "The crown has become thin."));
        staff.post(&here, &fields(REASON, "2026-04-11")).await.assert_status(409);
    }
}
