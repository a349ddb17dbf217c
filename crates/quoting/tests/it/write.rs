//! A clinic writes, sends and revises (GS-1, R-IQ-30..45, section 10).

use catalogue::entity::treatments;
use kernel::ids::{PackageId, QuoteId};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use testkit::{TestApp, actors};

use crate::world::*;

async fn full_draft(t: &TestApp, w: &World, packages: &[PackageId]) -> (QuoteId, Value) {
    let body = json!({
        "treatment_id": w.treatment,
        "estimated_grafts": 3000,
        "dates": [{ "date": "2026-05-12" }, { "date": "2026-06-09", "price": { "amount": "8100.00", "currency": "GBP" } }],
        "packages": packages,
        "clinician_id": w.clinics[0].owner,
        "slot": { "date": "2026-05-12", "time": "09:00" },
        "plan": [{ "day": 1, "date": "2026-05-12", "description": "Extraction and implantation" }],
    });
    let reply = w.clinic_client(t, 0).post(&format!("/inquiries/{}/quotes", w.inquiry), &body).await.assert_status(201);
    (reply.str("/id").parse().unwrap(), body)
}

/// Another member of the first clinic.
async fn member(t: &TestApp, w: &World, email: &str) -> kernel::ids::ProviderUserId {
    let spec = identity::seed::MemberSpec::new("provider_clinical", "Ada", "Member", email);
    identity::seed::clinic_user(&t.app, w.clinics[0].id(), spec).await.unwrap()
}

testkit::both! {
    /// R-IQ-37, R-IQ-40, R-IQ-43, R-IQ-44, R-IQ-45, R-IQ-51.
    async fn gs_1_plain_price_sent_and_revised(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let mut packages = Vec::new();
        for (name, price) in [("Hotel", "300.00"), ("Transfer", "50.00"), ("PRP", "100.00")] {
            packages.push(w.package(&t, 0, name, gbp(price)).await);
        }
        let (id, _) = full_draft(&t, &w, &packages).await;
        let clinic = w.clinic_client(&t, 0);
        assert_eq!(quote(&t, id).await.quote_amount, kernel::Amount::ZERO);
        let preview = clinic.post(&format!("/quotes/{id}/price-preview"), json!({})).await.assert_status(200);
        assert_eq!(preview.str("/price/total/amount"), "8950.00");
        let sent = clinic
            .post(&format!("/quotes/{id}/submit"), json!({ "version": 0, "expected_total": { "amount": "8950.00", "currency": "GBP" } }))
            .await
            .assert_status(200);
        for (pointer, amount) in [
            ("/price/treatment/amount", "8500.00"), ("/price/packages/amount", "450.00"), ("/total/amount", "8950.00"),
            ("/price_per_graft/amount", "2.98"), ("/settlement/commission/amount", "1790.00"),
            ("/settlement/provider_net/amount", "7160.00"),
        ] {
            assert_eq!(sent.str(pointer), amount, "{pointer}");
        }
        let expires = sent.str("/expires_at").to_owned();
        clinic.post(&format!("/quotes/{id}/submit"), json!({ "version": 1 })).await.assert_problem(409, "invalid_transition");

        // A dearer package later does not touch what was sent.
        let change = catalogue::entity::packages::ActiveModel {
            id: Set(packages[0]), package_price: Set("999.00".parse().unwrap()), ..Default::default()
        };
        catalogue::entity::packages::Entity::update(change).exec(t.conn()).await.unwrap();
        let revision = json!({
            "version": 1, "slot": { "date": "2026-06-09", "time": "09:00" },
            "plan": [{ "day": 1, "date": "2026-06-09", "description": "Extraction and implantation" }],
        });
        let revised = clinic.patch(&format!("/quotes/{id}"), &revision).await.assert_status(200);
        for (pointer, amount) in [
            ("/price/treatment/amount", "8100.00"), ("/total/amount", "8550.00"), ("/price_per_graft/amount", "2.85"),
            ("/settlement/commission/amount", "1710.00"), ("/settlement/provider_net/amount", "6840.00"),
        ] {
            assert_eq!(revised.str(pointer), amount, "{pointer}");
        }
        assert_eq!((revised.at("/version"), revised.str("/expires_at")), (&json!(2), expires.as_str()));
        clinic.patch(&format!("/quotes/{id}"), &revision).await.assert_problem(409, "stale_version");
        let versions = clinic.get(&format!("/quotes/{id}/versions")).await.assert_status(200);
        assert_eq!((versions.at("/data/0/version"), versions.at("/data/1/version")), (&json!(2), &json!(1)));
        assert_eq!((versions.str("/data/1/total/amount"), events(&t, "quote.updated").await), ("8950.00", 1));
        w.patient_client(&t).get(&format!("/quotes/{id}/versions")).await.assert_problem(403, "forbidden");
    }

    /// R-IQ-31, R-IQ-32, R-IQ-33, R-IQ-34, R-IQ-35, R-IQ-36, R-IQ-43.
    async fn bad_content_is_named_by_field_and_changes_nothing(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00"), ("2600.00", "2.00")]).await;
        let foreign = w.package(&t, 1, "Hotel", gbp("300.00")).await;
        let (id, good) = full_draft(&t, &w, &[]).await;
        let clinic = w.clinic_client(&t, 0);
        let path = format!("/quotes/{id}");
        let before = quote(&t, id).await;
        let with = |key: &str, value: Value| json!({ "version": 0, key: value });
        let price = |amount: &str, currency: &str| json!([{ "name": "Fee", "price": { "amount": amount, "currency": currency } }]);

        clinic.patch(&path, with("packages", json!([foreign]))).await.assert_problem(422, "package_not_available");
        clinic.patch(&path, with("treatment_id", json!(kernel::ids::TreatmentId::new()))).await.assert_problem(422, "treatment_not_offered");
        for amount in ["-1.00", "NaN", "1.234", "1e3"] {
            clinic.patch(&path, with("fees", price(amount, "GBP"))).await.assert_field("fees.0.price.amount", "invalid_amount");
        }
        clinic.patch(&path, with("fees", price("1.00", "EUR"))).await.assert_field("fees.0.price.currency", "invalid_currency");
        clinic.patch(&path, with("dates", json!([{ "date": "2026-02-30" }]))).await.assert_field("dates.0.date", "invalid_date");
        clinic.patch(&path, with("slot", json!({ "date": "2026-03-29", "time": "02:30", "timezone": "Europe/Warsaw" }))).await
            .assert_field("slot.time", "slot_time_nonexistent");
        clinic.patch(&path, with("clinician_id", json!(w.clinics[1].owner))).await.assert_field("clinician_id", "clinician_not_available");
        clinic.patch(&path, with("total", json!("1.00"))).await.assert_problem(422, "validation_failed");
        w.clinic_client(&t, 1).patch(&path, with("note", json!("hello"))).await.assert_problem(404, "not_found");
        w.patient_client(&t).patch(&path, with("note", json!("hello"))).await.assert_problem(403, "forbidden");
        assert_eq!(quote(&t, id).await, before);

        // What a draft may hold, but a sent quote may not.
        let bad = [
            ("dates", json!([{ "date": "2026-05-16" }]), "dates.0.date", "date_not_requested"),
            ("slot", json!({ "date": "2026-05-13", "time": "09:00" }), "slot.date", "slot_date_mismatch"),
            ("plan", json!([{ "day": 1, "date": "2026-05-12", "description": "x" }, { "day": 3, "date": "2026-05-14", "description": "y" }]), "plan", "plan_not_consecutive"),
        ];
        let mut version = 0;
        for (key, value, field, code) in bad {
            clinic.patch(&path, json!({ "version": version, key: value })).await.assert_status(200);
            version -= 1;
            clinic.post(&format!("{path}/submit"), json!({ "version": version })).await.assert_field(field, code);
            clinic.patch(&path, json!({ "version": version, key: good[key] })).await.assert_status(200);
            version -= 1;
        }
        clinic.patch(&path, json!({ "version": 0, "note": "x" })).await.assert_problem(409, "stale_version");
        clinic.post(&format!("{path}/submit"), json!({ "version": 0 })).await.assert_problem(409, "stale_version");
        let other = json!({ "version": version, "expected_total": { "amount": "1.00", "currency": "GBP" } });
        clinic.post(&format!("{path}/submit"), other).await.assert_problem(409, "price_changed");
        let change = treatments::ActiveModel {
            id: Set(w.treatment), status: Set(treatments::TreatmentStatus::Inactive), ..Default::default()
        };
        treatments::Entity::update(change).exec(t.conn()).await.unwrap();
        clinic.post(&format!("{path}/submit"), json!({ "version": version })).await.assert_problem(422, "treatment_not_offered");
        assert_eq!((state(&t, id).await.0, events(&t, "quote.submitted").await), (QuoteStatus::Inquiry, 0));
    }

    /// R-IQ-33: an hour that is held for the clinician is offered to nobody else; another clinician has it free.
    async fn a_held_hour_is_not_offered_again(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let first = w.sent(&t, 0, 2000).await;
        let jane = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Jane", "Roe")).await.unwrap().id;
        let theirs = request(&t, jane, &w.clinics).await;
        let clinic = w.clinic_client(&t, 0);
        let owner = w.owner(0);
        let draft = |inquiry| quoting::service::draft::create(&t.app, &owner, inquiry, w.spec(0, 2000).input());
        let (sent, late) = (draft(theirs).await.unwrap(), draft(theirs).await.unwrap());
        clinic.post(&format!("/quotes/{sent}/submit"), json!({ "version": 0 })).await.assert_status(200);
        quoting::seed::accept(&t.app, w.patient, first).await.unwrap();
        let path = format!("/quotes/{late}");
        clinic.post(&format!("{path}/submit"), json!({ "version": 0 })).await.assert_problem(409, "slot_unavailable");
        clinic.patch(&format!("/quotes/{sent}"), json!({ "version": 1, "estimated_grafts": 2100 })).await
            .assert_problem(409, "slot_unavailable");
        let other = member(&t, &w, "ada@clinic-a.example").await;
        clinic.patch(&path, json!({ "version": 0, "clinician_id": other })).await.assert_status(200);
        clinic.post(&format!("{path}/submit"), json!({ "version": -1 })).await.assert_status(200);
    }

    /// R-IQ-34: an active member, or one who is only named, leads a treatment; nobody who left or was switched off does.
    async fn who_may_lead_a_treatment(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 2000).input()).await.unwrap();
        let clinic = w.clinic_client(&t, 0);
        let mut version = 0;
        for (name, state, fits) in [
            ("active", "status = 'active', can_login = 1", true),
            ("named", "status = 'inactive', can_login = 0", true),
            ("off", "status = 'inactive', can_login = 1", false),
            ("gone", "status = 'active', can_login = 0, deleted_at = '2026-03-01 10:00:00'", false),
        ] {
            let person = member(&t, &w, &format!("{name}@clinic-a.example")).await;
            t.conn().execute_unprepared(&format!("UPDATE provider_users SET {state} WHERE id = '{person}'")).await.unwrap();
            let change = json!({ "version": version, "clinician_id": person });
            let reply = clinic.patch(&format!("/quotes/{id}"), change).await;
            if fits {
                reply.assert_status(200);
                version -= 1;
            } else {
                reply.assert_field("clinician_id", "clinician_not_available");
            }
        }
    }

    /// R-IQ-94: what staff change in a clinic's offer is on record as it was and as it is.
    async fn staff_edits_are_on_record_before_and_after(t: TestApp) {
        use platform::entity::audit_logs;
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 2000).input()).await.unwrap();
        let head = identity::seed::admin(&t.app, identity::seed::AdminSpec::super_admin("head@hairline.example")).await.unwrap();
        let staff = t.client(quoting::routes()).as_actor(actors::super_admin(head));
        let values = async |action: &str| {
            let row = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action)).one(t.conn()).await.unwrap().unwrap();
            let open = |sealed: Option<kernel::Sealed<Value>>| t.app.keys.open(&sealed.unwrap()).unwrap();
            (open(row.before_data), open(row.after_data))
        };
        let reason = "The clinic asked us on the phone to correct this.";
        staff.patch(&format!("/quotes/{id}"), json!({ "version": 0, "estimated_grafts": 2200, "reason": reason })).await.assert_status(200);
        let (was, is) = values("quote.edited").await;
        assert_eq!((&was["grafts"], &is["grafts"], is.as_object().unwrap().len()), (&json!(2000), &json!(2200), 1));
        w.clinic_client(&t, 0).post(&format!("/quotes/{id}/submit"), json!({ "version": -1 })).await.assert_status(200);
        staff.patch(&format!("/quotes/{id}"), json!({ "version": 1, "note": "Bring your passport.", "reason": reason })).await.assert_status(200);
        let (was, is) = values("quote.revised").await;
        assert_eq!((&was["note"], &is["note"]), (&Value::Null, &json!("Bring your passport.")));
    }

    /// R-IQ-30.
    async fn a_closed_request_takes_no_quotes(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let a = w.sent(&t, 0, 2500).await;
        let b = quoting::service::draft::create(&t.app, &w.owner(1), w.inquiry, w.spec(1, 2100).input()).await.unwrap();
        quoting::seed::accept(&t.app, w.patient, a).await.unwrap();
        let clinic = w.clinic_client(&t, 1);
        clinic.post(&format!("/quotes/{b}/submit"), json!({ "version": 0 })).await.assert_problem(409, "inquiry_already_accepted");
        let path = format!("/inquiries/{}/quotes", w.inquiry);
        clinic.post(&path, json!({ "treatment_id": w.treatment })).await.assert_problem(409, "inquiry_already_accepted");
        let cancel = format!("/inquiries/{}/cancel", w.inquiry);
        w.patient_client(&t).post(&cancel, json!({ "reason": "changed_my_mind" })).await.assert_status(200);
        clinic.post(&path, json!({ "treatment_id": w.treatment })).await.assert_problem(409, "inquiry_not_active");
    }

    async fn lists_need_the_same_statements_for_few_and_many(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let mut counts = Vec::new();
        for wanted in [2, 12] {
            let have = quoting::queries::list(&t.app, &w.owner(0), &Default::default(), kernel::PageQuery { page: 1, per_page: 50 }).await.unwrap().data.len();
            for _ in have..wanted {
                quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 2000).input()).await.unwrap();
            }
            let page = kernel::PageQuery { page: 1, per_page: 50 };
            let (owner, filter) = (w.owner(0), quoting::queries::Filter::default());
            let (list, count) = platform::db::count_statements(quoting::queries::list(&t.app, &owner, &filter, page)).await;
            assert_eq!(list.unwrap().data.len(), wanted);
            counts.push(count);
        }
        assert_eq!(counts[0], counts[1]);
        assert!(counts[0] <= 8, "{counts:?}");
        let id = w.sent(&t, 0, 2000).await;
        let owner = w.owner(0);
        let (shown, count) = platform::db::count_statements(quoting::queries::show(&t.app, &owner, id)).await;
        shown.unwrap();
        assert!(count <= 8, "{count}");
    }
}
