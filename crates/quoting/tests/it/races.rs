//! The ten races of the case, each fifty times with both sides at the same moment. Whoever holds the case first wins; the
//! loser reads again and gets its refusal, and nothing is written twice.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use catalogue::entity::treatments::TreatmentStatus;
use catalogue::service::{questionnaires as sets, treatments};
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::{inquiry_providers, medical_histories};
use kernel::Actor;
use kernel::ids::{
    InquiryId, InquiryProviderId, MedicalHistoryId, PackageId, PatientId, QuestionnaireSetId, QuoteId, TreatmentId,
};
use platform::App;
use quoting::entity::quote_packages;
use quoting::entity::quotes::{QuoteStatus, QuoteStatusReason};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::json;
use testkit::{Client, Reply, TestApp, actors};
use tokio::sync::Barrier;

use crate::world::*;

/// How often each race is run.
const ROUNDS: usize = 50;

/// Both at the same moment.
async fn at_once<A, B>(
    a: impl Future<Output = A> + Send + 'static,
    b: impl Future<Output = B> + Send + 'static,
) -> (A, B)
where
    A: Send + 'static,
    B: Send + 'static,
{
    let barrier = Arc::new(Barrier::new(2));
    let (here, there) = (barrier.clone(), barrier);
    let one = tokio::spawn(async move {
        here.wait().await;
        a.await
    });
    let two = tokio::spawn(async move {
        there.wait().await;
        b.await
    });
    (one.await.unwrap(), two.await.unwrap())
}

/// Two requests to the API at the same moment.
async fn both_post(a: (&Client, String, serde_json::Value), b: (&Client, String, serde_json::Value)) -> (Reply, Reply) {
    let (one, two) = (a.0.clone(), b.0.clone());
    at_once(async move { one.post(&a.1, a.2).await }, async move { two.post(&b.1, b.2).await }).await
}

fn codes(replies: &[&Reply]) -> Vec<u16> {
    let mut codes: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    codes.sort_unstable();
    codes
}

fn code(reply: &Reply) -> &str {
    reply.json["code"].as_str().unwrap_or_default()
}

/// Many cases of the same patients: each round has its own, copied from the first without pictures.
struct Ring {
    w: World,
    template: (inquiries::Model, Vec<inquiry_providers::Model>, medical_histories::Model),
    number: usize,
}

impl Ring {
    async fn new(t: &TestApp, clinics: usize) -> Self {
        let prices = [("4250.00", "0.00"), ("3990.00", "0.00"), ("5100.00", "0.00")];
        let w = world(t, &prices[..clinics]).await;
        let inquiry = inquiries::Entity::find_by_id(w.inquiry).one(t.conn()).await.unwrap().unwrap();
        let rows = inquiry::distribution::of(t.conn(), w.inquiry).await.unwrap();
        let history = medical_histories::Entity::find().one(t.conn()).await.unwrap().unwrap();
        Self { w, template: (inquiry, rows, history), number: 0 }
    }

    /// Ends what the round before left behind and opens a new case of the patient.
    async fn next(&mut self, t: &TestApp) -> InquiryId {
        for sql in [
            "DELETE FROM schedule_occupancies",
            "UPDATE schedules SET status = 'cancelled' WHERE status <> 'cancelled'",
            "UPDATE inquiries SET status = 'cancelled', accepted_quote_id = NULL WHERE status <> 'cancelled'",
            "UPDATE quotes SET status = 'cancelled', status_reason = 'inquiry_cancelled' WHERE status <> 'cancelled'",
        ] {
            t.conn().execute_unprepared(sql).await.unwrap();
        }
        self.open(t, self.w.patient).await
    }

    async fn open(&mut self, t: &TestApp, patient: PatientId) -> InquiryId {
        self.number += 1;
        let id = InquiryId::new();
        let (inquiry, rows, history) = &self.template;
        let mut case = inquiry.clone().into_active_model().reset_all();
        case.id = Set(id);
        case.patient_id = Set(patient);
        case.inquiry_code = Set(Some(format!("HPID2603{:05}", 10_000 + self.number)));
        case.status = Set(InquiryStatus::Inquiry);
        case.insert(t.conn()).await.unwrap();
        for row in rows {
            let mut own = row.clone().into_active_model().reset_all();
            own.id = Set(InquiryProviderId::new());
            own.inquiry_id = Set(id);
            own.insert(t.conn()).await.unwrap();
        }
        let mut own = history.clone().into_active_model().reset_all();
        own.id = Set(MedicalHistoryId::new());
        own.inquiry_id = Set(id);
        own.questionnaire_id = Set(None);
        own.insert(t.conn()).await.unwrap();
        id
    }

    async fn sent(&self, t: &TestApp, inquiry: InquiryId, clinic: usize) -> QuoteId {
        let spec = self.w.spec(clinic, 2000);
        quoting::seed::draft_and_submit(&t.app, &self.w.owner(clinic), inquiry, &spec).await.unwrap()
    }

    async fn draft(&self, t: &TestApp, inquiry: InquiryId) -> QuoteId {
        quoting::service::draft::create(&t.app, &self.w.owner(0), inquiry, self.w.spec(0, 2000).input()).await.unwrap()
    }
}

async fn case_of(t: &TestApp, id: InquiryId) -> inquiries::Model {
    inquiries::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
}

/// Somebody who keeps the catalogue.
async fn keeper(t: &TestApp) -> Actor {
    let spec = identity::seed::AdminSpec::super_admin("keeper@hairline.example");
    actors::super_admin(identity::seed::admin(&t.app, spec).await.unwrap())
}

/// A draft of the next version of a questionnaire, with the same questions.
async fn next_version(t: &TestApp, staff: &Actor, id: QuestionnaireSetId) -> QuestionnaireSetId {
    let (now, _) = sets::show(&t.app, staff, id).await.unwrap();
    let input = json!({
        "name": now.row.name, "context_type": now.row.context_type, "category": now.row.category,
        "lock_version": now.row.lock_version,
        "questions": now.questions.iter().map(|question| json!({
            "id": question.id, "text": question.text, "detail_prompt": question.detail_prompt,
            "severity": question.severity, "active": question.active, "label": question.label, "topic": question.topic,
        })).collect::<Vec<_>>(),
    });
    sets::save(&t.app, staff, id, serde_json::from_value(input).unwrap()).await.unwrap()
}

async fn version_of(t: &TestApp, id: TreatmentId) -> i32 {
    catalogue::entity::treatments::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap().version
}

/// Words of the events about one quote.
async fn told(t: &TestApp, id: QuoteId) -> Vec<String> {
    use platform::entity::outbox_events::{Column, Entity};
    let rows = Entity::find().filter(Column::SubjectId.eq(id.any())).all(t.conn()).await.unwrap();
    rows.into_iter().map(|row| row.event_key).collect()
}

testkit::both! {
    async fn race_1_a_quote_is_sent_once(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let clinic = ring.w.clinic_client(&t, 0);
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let id = ring.draft(&t, inquiry).await;
            let ask = || (&clinic, format!("/quotes/{id}/submit"), json!({ "version": 0 }));
            let (one, two) = both_post(ask(), ask()).await;
            assert_eq!(codes(&[&one, &two]), [200, 409], "{round}: {} {}", code(&one), code(&two));
            assert_eq!(told(&t, id).await.iter().filter(|key| *key == "quote.submitted").count(), 1, "{round}");
        }
    }

    async fn race_2_two_devices_take_different_offers(t: TestApp) {
        let mut ring = Ring::new(&t, 2).await;
        let patient = ring.w.patient_client(&t);
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let (a, b) = (ring.sent(&t, inquiry, 0).await, ring.sent(&t, inquiry, 1).await);
            let (ask_a, ask_b) = (accept_body(&t, a).await, accept_body(&t, b).await);
            let (one, two) = both_post((&patient, format!("/quotes/{a}/accept"), ask_a), (&patient, format!("/quotes/{b}/accept"), ask_b)).await;
            assert_eq!(codes(&[&one, &two]), [200, 409], "{round}");
            let (won, lost, refused) = if one.status == 200 { (a, b, two) } else { (b, a, one) };
            assert_eq!(code(&refused), "inquiry_already_accepted", "{round}");
            assert_eq!(case_of(&t, inquiry).await.accepted_quote_id, Some(won));
            assert_eq!(state(&t, lost).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::OtherAccepted)));
        }
    }

    async fn race_3_an_acceptance_meets_what_ends_the_offer(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let (patient, clinic) = (ring.w.patient_client(&t), ring.w.clinic_client(&t, 0));
        let mut outcomes = BTreeSet::new();
        // Each of the four ends as often as any other race.
        for round in 0..ROUNDS * 4 {
            let inquiry = ring.next(&t).await;
            let id = ring.sent(&t, inquiry, 0).await;
            let accept = (&patient, format!("/quotes/{id}/accept"), accept_body(&t, id).await);
            let (other, ended): (Reply, QuoteStatusReason) = match round % 4 {
                0 => {
                    let withdraw = (&clinic, format!("/quotes/{id}/withdraw"), json!({ "reason": "A mistake" }));
                    let (mine, theirs) = both_post(accept, withdraw).await;
                    assert_ne!(mine.status == 200, theirs.status == 200, "{round}: exactly one");
                    (mine, QuoteStatusReason::Withdrawn)
                }
                1 => {
                    let cancel = (&patient, format!("/inquiries/{inquiry}/cancel"), json!({ "reason": "changed_my_mind" }));
                    let (mine, theirs) = both_post(accept, cancel).await;
                    // A cancellation after the acceptance is allowed, and ends it.
                    assert_eq!(theirs.status, 200, "{round}");
                    assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::InquiryCancelled)));
                    assert_eq!((cells(&t).await, case_of(&t, inquiry).await.status), (0, InquiryStatus::Cancelled));
                    outcomes.insert(("cancel", mine.status.as_u16()));
                    continue;
                }
                2 => {
                    let (device, body) = (patient.clone(), accept.2);
                    let (desk, path) = (clinic.clone(), format!("/quotes/{id}"));
                    let (mine, theirs) = at_once(
                        async move { device.post(&format!("/quotes/{id}/accept"), body).await },
                        async move { desk.patch(&path, json!({ "version": 1, "note": "Take your time." })).await },
                    )
                    .await;
                    assert_ne!(mine.status == 200, theirs.status == 200, "{round}: {} {}", code(&mine), code(&theirs));
                    if mine.status == 409 {
                        assert_eq!((code(&mine), quote(&t, id).await.version), ("quote_changed", 2), "{round}");
                    }
                    outcomes.insert(("revise", mine.status.as_u16()));
                    continue;
                }
                _ => {
                    // Its last second: the job is late by the clock, so the acceptance is refused whoever comes first.
                    let end = quote(&t, id).await.expires_at.unwrap();
                    t.at(&end.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
                    let (device, app) = (patient.clone(), t.app.clone());
                    let expire = quoting::schedules().into_iter().find(|one| one.name == "quoting.expire_quotes").unwrap().run;
                    let body = accept.2;
                    let (mine, done) = at_once(
                        async move { device.post(&format!("/quotes/{id}/accept"), body).await },
                        async move { expire(&app).await },
                    )
                    .await;
                    done.unwrap();
                    assert_eq!(mine.status, 409, "{round}");
                    // Where the acceptance held the case, the clock's next run finds it.
                    expire(&t.app).await.unwrap();
                    t.at("2026-03-02T10:00:00Z");
                    (mine, QuoteStatusReason::Expired)
                }
            };
            match other.status.as_u16() {
                200 => assert_eq!(state(&t, id).await.0, QuoteStatus::Accepted, "{round}"),
                _ => assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(ended)), "{round}"),
            }
        }
    }

    async fn race_4_a_quote_is_sent_while_the_request_is_cancelled(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let (patient, clinic) = (ring.w.patient_client(&t), ring.w.clinic_client(&t, 0));
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let id = ring.draft(&t, inquiry).await;
            let cancel = (&patient, format!("/inquiries/{inquiry}/cancel"), json!({ "reason": "changed_my_mind" }));
            let (sent, cancelled) = both_post((&clinic, format!("/quotes/{id}/submit"), json!({ "version": 0 })), cancel).await;
            assert_eq!(cancelled.status, 200, "{round}");
            assert!(sent.status == 200 || code(&sent) == "inquiry_not_active", "{round}: {}", code(&sent));
            assert_eq!(cancelled.json["quotes_cancelled"] == 1, sent.status == 200, "{round}: what was sent before was counted");
            assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::InquiryCancelled)), "{round}");
            clinic.get(&format!("/quotes/{id}")).await.assert_status(200);
        }
    }

    async fn race_5_two_patients_want_the_same_hour(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let rival = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Mia", "Rival")).await.unwrap().id;
        let (mine, theirs) = (ring.w.patient_client(&t), t.client(quoting::routes()).as_actor(actors::patient(rival)));
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let other = ring.open(&t, rival).await;
            let (a, b) = (ring.sent(&t, inquiry, 0).await, ring.sent(&t, other, 0).await);
            let (ask_a, ask_b) = (accept_body(&t, a).await, accept_body(&t, b).await);
            let (one, two) = both_post((&mine, format!("/quotes/{a}/accept"), ask_a), (&theirs, format!("/quotes/{b}/accept"), ask_b)).await;
            assert_eq!(codes(&[&one, &two]), [200, 409], "{round}");
            let lost = if one.status == 200 { &two } else { &one };
            assert_eq!(code(lost), "slot_unavailable", "{round}");
            // One hold: every quarter of it once for the clinic and once for the clinician.
            let minutes = quote(&t, a).await.slot_duration_minutes;
            assert_eq!(cells(&t).await, u64::try_from(minutes / 15 * 2).unwrap(), "{round}");
        }
    }

    async fn race_6_two_people_edit_one_draft_and_two_workers_end_one_offer(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let clinic = ring.w.clinic_client(&t, 0);
        let expire = quoting::schedules().into_iter().find(|one| one.name == "quoting.expire_quotes").unwrap().run;
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let id = ring.draft(&t, inquiry).await;
            let patch = |note: &'static str| {
                let (clinic, path) = (clinic.clone(), format!("/quotes/{id}"));
                async move { clinic.patch(&path, json!({ "version": 0, "note": note })).await }
            };
            let (one, two) = at_once(patch("One"), patch("Two")).await;
            assert_eq!(codes(&[&one, &two]), [200, 409], "{round}");
            let kept = if one.status == 200 { "One" } else { "Two" };
            assert_eq!(quote(&t, id).await.note.as_deref(), Some(kept), "{round}: nobody overwrites what they did not see");

            let version = quote(&t, id).await.version;
            clinic.post(&format!("/quotes/{id}/submit"), json!({ "version": version })).await.assert_status(200);
            t.at("2026-03-04T10:00:00Z");
            let (a, b) = (t.app.clone(), t.app.clone());
            let (one, two) = at_once(async move { expire(&a).await }, async move { expire(&b).await }).await;
            one.and(two).unwrap();
            assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::Expired)));
            assert_eq!(told(&t, id).await.iter().filter(|key| *key == "quote.expired").count(), 1, "{round}");
            t.at("2026-03-02T10:00:00Z");
        }
    }

    async fn race_7_a_hold_ends_while_the_money_arrives(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let release = quoting::schedules().into_iter().find(|one| one.name == "quoting.release_holds").unwrap().run;
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let id = ring.sent(&t, inquiry, 0).await;
            quoting::seed::accept(&t.app, ring.w.patient, id).await.unwrap();
            t.at("2026-03-04T10:00:00Z");
            let (a, b) = (t.app.clone(), t.app.clone());
            let (lapsed, confirmed) = at_once(async move { release(&a).await }, async move {
                platform::write_txn!(b.db, |txn| {
                    let case = quoting::case::lock(txn, id).await?;
                    quoting::case::confirm(txn, &b, &Actor::system(), &case).await
                })
            })
            .await;
            lapsed.unwrap();
            let (now, taken) = (state(&t, id).await.0, cells(&t).await > 0);
            match confirmed {
                Ok(()) => assert_eq!((now, taken), (QuoteStatus::Confirmed, true), "{round}"),
                Err(error) => {
                    assert_eq!(error.code, "booking_not_payable", "{round}");
                    assert_eq!((now, taken), (QuoteStatus::Quote, false), "{round}");
                }
            }
            t.at("2026-03-02T10:00:00Z");
        }
    }

    async fn race_8_the_patient_edits_while_the_first_quote_comes(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let clinic = ring.w.clinic_client(&t, 0);
        let patient = t.client(inquiry::routes()).as_actor(actors::patient(ring.w.patient));
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let id = ring.draft(&t, inquiry).await;
            let (desk, phone) = (clinic.clone(), patient.clone());
            let (sent, edited) = at_once(
                async move { desk.post(&format!("/quotes/{id}/submit"), json!({ "version": 0 })).await },
                async move { phone.patch(&format!("/inquiries/{inquiry}"), json!({ "version": 1, "severity": 9 })).await },
            )
            .await;
            assert_eq!(sent.status, 200, "{round}");
            let case = case_of(&t, inquiry).await;
            let words = timeline(&t, inquiry).await;
            match edited.status.as_u16() {
                200 => {
                    assert_eq!((words.as_slice(), case.version), (&["inquiry_updated".to_owned(), "quote_submitted".to_owned()][..], 2), "{round}");
                }
                _ => assert_eq!((code(&edited), case.version, words.len()), ("inquiry_locked", 1, 1), "{round}"),
            }
        }
    }

    async fn race_9_the_questionnaire_changes_while_a_patient_answers(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let patient = t.client(inquiry::routes()).as_actor(actors::patient(ring.w.patient));
        let staff = keeper(&t).await;
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let set = catalogue::questionnaire::require_active(t.conn()).await.unwrap();
            let given = inquiry::seed::answers(&set, &[]);
            let body = json!({ "set_id": given.set_id, "version": given.version, "answers": given.answers });
            let next = next_version(&t, &staff, set.id).await;
            let (phone, app, keeper) = (patient.clone(), t.app.clone(), staff.clone());
            let (answered, published) = at_once(
                async move { phone.put(&format!("/inquiries/{inquiry}/medical-answers"), body).await },
                async move { sets::publish(&app, &keeper, next, 0, true).await },
            )
            .await;
            published.unwrap();
            let asked = catalogue::questionnaire::require_active(t.conn()).await.unwrap();
            assert_eq!((asked.id, asked.version), (next, set.version + 1), "{round}: the new one is asked");
            let revision = medical_histories::Entity::find()
                .filter(medical_histories::Column::InquiryId.eq(inquiry)).one(t.conn()).await.unwrap().unwrap().revision;
            match answered.status.as_u16() {
                200 => assert_eq!(revision, 2, "{round}"),
                _ => assert_eq!((code(&answered), revision), ("questionnaire_stale", 1), "{round}"),
            }
        }
    }

    async fn race_9_two_people_choose_two_questionnaires(t: TestApp) {
        use catalogue::entity::questionnaire_sets::{Column, Entity};
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let staff = keeper(&t).await;
        let first = catalogue::questionnaire::require_active(t.conn()).await.unwrap().id;
        let second = sets::duplicate(&t.app, &staff, first, "Another questionnaire").await.unwrap();
        sets::publish(&t.app, &staff, second, 0, false).await.unwrap();
        let third = sets::duplicate(&t.app, &staff, first, "A third questionnaire").await.unwrap();
        sets::publish(&t.app, &staff, third, 0, false).await.unwrap();
        for round in 0..ROUNDS {
            sets::activate(&t.app, &staff, first).await.unwrap();
            let (a, b) = (t.app.clone(), t.app.clone());
            let (me, other) = (staff.clone(), staff.clone());
            let (one, two) = at_once(
                async move { sets::activate(&a, &me, second).await },
                async move { sets::activate(&b, &other, third).await },
            )
            .await;
            assert!(one.is_ok() || two.is_ok(), "{round}: {one:?} {two:?}");
            let flagged = Entity::find().filter(Column::IsActiveForInquiry.eq(true)).all(t.conn()).await.unwrap();
            assert_eq!(flagged.len(), 1, "{round}: one flag survives");
            assert!([second, third].contains(&flagged[0].id), "{round}");
        }
        assert_eq!(w.clinics.len(), 1);
    }

    async fn race_10_the_treatment_goes_while_a_quote_is_sent(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let clinic = ring.w.clinic_client(&t, 0);
        let (staff, treatment) = (keeper(&t).await, ring.w.treatment);
        for round in 0..ROUNDS {
            let inquiry = ring.next(&t).await;
            let id = ring.draft(&t, inquiry).await;
            let (desk, app, keeper) = (clinic.clone(), t.app.clone(), staff.clone());
            let version = version_of(&t, treatment).await;
            let (sent, switched) = at_once(
                async move { desk.post(&format!("/quotes/{id}/submit"), json!({ "version": 0 })).await },
                async move { treatments::switch(&app, &keeper, treatment, version, TreatmentStatus::Inactive).await },
            )
            .await;
            switched.unwrap();
            match sent.status.as_u16() {
                // What was sent stays as it is, whatever becomes of the catalogue (R-IQ-37).
                200 => assert_eq!((state(&t, id).await.0, quote(&t, id).await.quote_amount.to_string()), (QuoteStatus::Quote, "4250.00".to_owned())),
                _ => assert_eq!((code(&sent), state(&t, id).await.0), ("treatment_not_offered", QuoteStatus::Inquiry), "{round}"),
            }
            let version = version_of(&t, treatment).await;
            treatments::switch(&t.app, &staff, treatment, version, TreatmentStatus::Active).await.unwrap();
        }
    }

    async fn race_10_the_price_of_a_package_rises_while_a_quote_is_sent(t: TestApp) {
        let mut ring = Ring::new(&t, 1).await;
        let (clinic, owner) = (ring.w.clinic_client(&t, 0), ring.w.owner(0));
        let hotel = ring.w.package(&t, 0, "Hotel", gbp("300.00")).await;
        let mut spec = ring.w.spec(0, 2000);
        spec.packages = vec![hotel];
        for round in 0..ROUNDS {
            priced(&t.app, &owner, hotel, "300.00").await;
            let inquiry = ring.next(&t).await;
            let id = quoting::service::draft::create(&t.app, &owner, inquiry, spec.input()).await.unwrap();
            let (desk, app, me) = (clinic.clone(), t.app.clone(), owner.clone());
            let (sent, ()) = at_once(
                async move { desk.post(&format!("/quotes/{id}/submit"), json!({ "version": 0 })).await },
                async move { priced(&app, &me, hotel, "350.00").await },
            )
            .await;
            assert_eq!(sent.status, 200, "{round}: {}", sent.text());
            let frozen = told_price(&t, id).await;
            let either = [("4550.00", "300.00"), ("4600.00", "350.00")].map(|(whole, part)| (whole.to_owned(), part.to_owned()));
            assert!(either.contains(&frozen), "{round}: {frozen:?} is of two prices");
            // Whatever becomes of the list, what was sent stays (R-IQ-37).
            priced(&t.app, &owner, hotel, "400.00").await;
            assert_eq!(told_price(&t, id).await, frozen, "{round}");
        }
    }
}

/// Gives a package of the clinic another price.
async fn priced(app: &App, owner: &Actor, package: PackageId, price: &str) {
    let now = catalogue::packages::show(app, owner, package).await.unwrap();
    let input = json!({
        "name": now.row.package_name, "price": { "amount": price, "currency": "GBP" },
        "category": now.row.package_category, "version": now.row.version,
    });
    catalogue::packages::edit(app, owner, package, serde_json::from_value(input).unwrap()).await.unwrap();
}

/// A sent quote's sum and its one package's part of it.
async fn told_price(t: &TestApp, id: QuoteId) -> (String, String) {
    let row = quote(t, id).await;
    let part = quote_packages::Entity::find()
        .filter(quote_packages::Column::QuoteId.eq(id))
        .one(t.conn())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.packages_amount, part.price);
    (row.quote_amount.to_string(), part.price.to_string())
}
