//! A sent request in a browser: read, changed until a clinic has quoted, its evidence.

use crate::common::{Browser, Filed, hidden, location, patient, timeline};
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::InquiryProviderStatus;
use inquiry::entity::medical_histories;
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set};
use testkit::{TestApp, Upload, actors};

async fn set_stage(t: &TestApp, stage: InquiryStatus) {
    let mut row: inquiries::ActiveModel = inquiries::Entity::find().one(t.conn()).await.unwrap().unwrap().into();
    row.status = Set(stage);
    row.update(t.conn()).await.unwrap();
}

/// How often clinics were told of a change.
async fn changes(t: &TestApp, filed: &Filed) -> usize {
    timeline(t, filed.inquiry).await.iter().filter(|event| *event == "inquiry_updated").count()
}

testkit::both! {
    async fn it_is_read_in_full_and_only_by_its_patient(t: TestApp) {
        let filed = Filed::new(&t, &["hiv"]).await;
        let home = format!("/patient/cases/{}/request", filed.inquiry);
        let page = Browser::of(&t, filed.patient.id).text(&home).await;
        for part in ["HPID26030001", "Hair", "temples", "3 to 5 years", "6 of 10", "Bosphorus", "Turkey"] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(page.contains("Have you been diagnosed with HIV or AIDS?") && page.contains("Since 2019"), "{page}");
        assert_eq!(page.matches("data-lightbox").count(), 5, "the five views");
        let jane = patient(&t, "Jane", "Roe").await;
        let stranger = Browser::of(&t, jane.id);
        for path in ["", "/wish", "/health", "/dates", "/destinations", "/clinics"] {
            stranger.client.get(&format!("{home}{path}")).await.assert_problem(404, "not_found");
        }
        stranger.post(&format!("{home}/wish"), &[("version", "1"), ("problem", "both")]).await.assert_problem(404, "not_found");
        stranger.upload(&format!("{home}/evidence/add"), Upload::jpeg(testkit::jpeg(64, 64, 1))).await.assert_problem(404, "not_found");
        let mine = Browser::of(&t, filed.patient.id);
        mine.client.get(&format!("{home}/photos")).await.assert_problem(404, "not_found");
        assert_eq!(changes(&t, &filed).await, 0);
    }

    async fn parts_are_changed_once_and_conflicts_are_shown(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let browser = Browser::of(&t, filed.patient.id);
        let home = format!("/patient/cases/{}/request", filed.inquiry);
        let wish = format!("{home}/wish");
        let version = hidden(&browser.text(&wish).await, "version");
        let both = [("version", version.as_str()), ("problem", "both"), ("op", "next")];
        for _ in 0..2 {
            assert_eq!(location(browser.post(&wish, &both).await), format!("{home}?done=request-changed"));
            assert_eq!(changes(&t, &filed).await, 1, "a form sent twice changes once");
        }
        assert!(browser.text(&home).await.contains("Hair and beard"));

        // Another device, with the page it opened before.
        let concern = format!("{home}/concern");
        let typed = "Thin at the crown since my twenties.";
        let late = [("version", version.as_str()), ("problem_details", typed), ("op", "next")];
        let refused = browser.post(&concern, &late).await.assert_status(409).text();
        assert!(refused.contains(typed) && refused.contains("What is saved now"), "{refused}");
        assert!(refused.contains("temples"), "what is stored stands beside it: {refused}");
        let again = hidden(&refused, "version");
        let fields = [("version", again.as_str()), ("problem_details", typed), ("op", "next")];
        location(browser.post(&concern, &fields).await);
        let row = inquiries::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.problem_details.as_str(), row.nature_of_concern), (typed, None), "an emptied field is emptied");

        // Faults stay beside their field, with what was typed.
        let version = row.version.to_string();
        let short = [("version", version.as_str()), ("problem_details", "short"), ("op", "next")];
        let refused = browser.post(&concern, &short).await.assert_status(422).text();
        assert!(refused.contains("short</textarea>") && refused.contains("aria-invalid"), "{refused}");
    }

    /// R-IQ-03, R-IQ-05, R-IQ-11.
    async fn countries_and_clinics_are_changed_until_a_clinic_has_quoted(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let vistula = crate::common::clinic(&t, "Vistula", "PL").await;
        let browser = Browser::of(&t, filed.patient.id);
        let home = format!("/patient/cases/{}/request", filed.inquiry);
        let countries = format!("{home}/destinations");
        let version = hidden(&browser.text(&countries).await, "version");
        let with = |codes: &[&'static str], op: &'static str| {
            let mut fields = vec![("version".to_owned(), version.clone()), ("op".to_owned(), op.to_owned())];
            fields.extend(codes.iter().map(|code| ("destinations".to_owned(), (*code).to_owned())));
            fields
        };
        let post = async |path: &str, fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post(path, &fields).await
        };
        // Ordering shows the form again; nobody is told.
        let shown = post(&countries, with(&["TR", "PL"], "earlier PL")).await.assert_status(200).text();
        assert!(shown.contains("🇵🇱</span> 1. Poland") && shown.contains("🇹🇷</span> 2. Türkiye"), "{shown}");
        let refused = post(&countries, with(&["PL"], "next")).await.assert_status(422).text();
        assert!(refused.contains("Keep the country of one of your clinics") && refused.contains("1. Poland"), "{refused}");
        assert_eq!(changes(&t, &filed).await, 0);
        for _ in 0..2 {
            location(post(&countries, with(&["PL", "TR"], "next")).await);
            assert_eq!(changes(&t, &filed).await, 1, "a form sent twice changes once");
        }
        let clinics = format!("{home}/clinics");
        let page = browser.text(&clinics).await;
        assert!(page.contains("Bosphorus") && page.contains("Vistula") && page.contains("1 of 5 chosen"), "{page}");
        let version = hidden(&page, "version");
        let none = browser.post(&clinics, &[("version", &version), ("op", "next")]).await.assert_status(422).text();
        assert!(none.contains("provider_ids-error"), "{none}");
        let ticked = vistula.to_string();
        let fields = [("version", version.as_str()), ("provider_ids", ticked.as_str()), ("op", "next")];
        location(browser.post(&clinics, &fields).await);
        let rows = inquiry::distribution::of(t.conn(), filed.inquiry).await.unwrap();
        let status = |id| rows.iter().find(|row| row.provider_id == id).map(|row| row.status);
        assert_eq!(status(filed.provider), Some(InquiryProviderStatus::Removed));
        assert_eq!(status(vistula), Some(InquiryProviderStatus::Distributed));
        // What somebody else changed meanwhile is not overwritten.
        let late = [("version", version.as_str()), ("provider_ids", &filed.provider.to_string()), ("op", "next")];
        browser.post(&clinics, &late).await.assert_status(409);
        set_stage(&t, InquiryStatus::Quote).await;
        assert_eq!(location(browser.client.get(&clinics).await), home);
        let version = inquiries::Entity::find().one(t.conn()).await.unwrap().unwrap().version.to_string();
        let after = [("version", version.as_str()), ("provider_ids", &filed.provider.to_string()), ("op", "next")];
        browser.post(&clinics, &after).await.assert_status(409);
    }

    /// Section 3.2: the price the patient saw stays with the choice; other countries leave those that stay alone.
    async fn the_price_that_was_shown_is_kept_with_the_country(t: TestApp) {
        use catalogue::entity::location_preferences_countries::{Column, Entity, Model};
        crate::common::prepare(&t).await;
        for currency in [kernel::Currency::GBP, kernel::Currency::EUR, kernel::Currency::USD] {
            crate::common::starting_price(&t, "TR", "2100.00", currency).await;
        }
        let filed = Filed::new(&t, &[]).await;
        crate::common::clinic(&t, "Wisla", "PL").await;
        let rows = async || -> Vec<Model> { Entity::find().order_by_asc(Column::Id).all(t.conn()).await.unwrap() };
        let first = rows().await.remove(0);
        let home = directory::rules::price::home_currency(filed.patient.country_code.as_deref());
        assert!(first.shown_price.is_some() && first.shown_currency == Some(home), "{first:?}");
        crate::common::starting_price(&t, "PL", "1500.00", home).await;
        let change = async |version: i32, countries: &[&str]| {
            let body = serde_json::json!({ "version": version, "destinations": countries });
            filed.as_patient(&t).patch(&filed.path(""), body).await.assert_status(200);
        };
        change(1, &["PL", "TR"]).await;
        let two = rows().await;
        assert_eq!((two.len(), two[0].id, two[0].position, two[0].removed_at), (2, first.id, 2, None), "the row stays");
        assert_eq!(two[0].shown_price, first.shown_price);
        assert_eq!(two[1].shown_price, Some("1500.00".parse().unwrap()));
        change(2, &["TR"]).await;
        let one = rows().await;
        assert_eq!((one.len(), one[0].position, one[0].removed_at), (2, 1, None));
        assert!(one[1].removed_at.is_some());
    }

    /// Section 3.1, R-IQ-21: habits are the patient's to change, and nobody else's.
    async fn habits_are_changed_by_the_patient_alone(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let browser = Browser::of(&t, filed.patient.id);
        let home = format!("/patient/cases/{}/request", filed.inquiry);
        let path = format!("{home}/habits");
        let version = hidden(&browser.text(&path).await, "version");
        let told = [("version", version.as_str()), ("smoking_status", "Ten a day"), ("family_history", "Father"),
            ("lifestyle_factors", "Swims"), ("op", "next")];
        for _ in 0..2 {
            location(browser.post(&path, &told).await);
            assert_eq!(changes(&t, &filed).await, 1, "a form sent twice changes once");
        }
        let page = browser.text(&home).await;
        assert!(page.contains("Ten a day") && page.contains("Father") && page.contains("Swims"), "{page}");
        let long = "x".repeat(256);
        let version = hidden(&browser.text(&path).await, "version");
        let refused = browser.post(&path, &[("version", &version), ("smoking_status", &long), ("op", "next")]).await;
        assert!(refused.assert_status(422).text().contains("smoking_status-error"));
        let history = medical_histories::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(history.revision, 1, "the answers are what they were");
        assert_eq!(t.app.keys.open(&history.smoking_status.unwrap()).unwrap(), "Ten a day");
        let staff = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
        let admin = t.client(inquiry::routes()).as_actor(actors::super_admin(staff));
        let body = serde_json::json!({ "version": 2, "reason": "The patient told us.", "smoking_status": "Never" });
        admin.patch(&filed.path(""), body).await.assert_status(403);
    }

    async fn dates_are_collected_on_the_page_and_saved_together(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let browser = Browser::of(&t, filed.patient.id);
        let home = format!("/patient/cases/{}/request", filed.inquiry);
        let path = format!("{home}/dates");
        let page = browser.text(&path).await;
        let (version, first) = (hidden(&page, "version"), hidden(&page, "range"));
        let added = [
            ("version", version.as_str()), ("range", &first), ("start", "2026-09-01"), ("end", "2026-09-10"), ("op", "add"),
        ];
        let page = browser.post(&path, &added).await.assert_status(200).text();
        assert!(page.contains("value=\"2026-09-01/2026-09-10\"") && page.contains(&first), "{page}");
        assert_eq!(changes(&t, &filed).await, 0, "nothing is saved yet");
        let overlap = [
            ("version", version.as_str()), ("range", "2026-09-01/2026-09-10"), ("start", "2026-09-05"), ("op", "next"),
        ];
        let refused = browser.post(&path, &overlap).await.assert_status(422).text();
        assert!(refused.contains("Two date ranges share a day"), "{refused}");
        let save = [("version", version.as_str()), ("range", "2026-09-01/2026-09-10"), ("op", "next")];
        location(browser.post(&path, &save).await);
        let row = inquiries::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.treatment_schedule, serde_json::json!([{ "start": "2026-09-01", "end": "2026-09-10" }]));
        let none = [("version", "2"), ("op", "next")];
        browser.post(&path, &none).await.assert_status(422);
    }

    /// R-IQ-21.
    async fn health_is_answered_again_until_a_quote_and_when_staff_ask(t: TestApp) {
        let filed = Filed::new(&t, &["hiv"]).await;
        let browser = Browser::of(&t, filed.patient.id);
        let home = format!("/patient/cases/{}/request", filed.inquiry);
        let path = format!("{home}/health");
        let set = crate::common::active_set(&t).await;
        let names: Vec<String> = set.asked().iter().map(|question| format!("answer.{}", question.id)).collect();
        let answers = |yes: &'static str| -> Vec<(&str, &str)> {
            names.iter().map(|name| (name.as_str(), if name.ends_with(yes) { "yes" } else { "no" })).collect()
        };
        let page = browser.text(&path).await;
        assert!(page.contains("Since 2019, under treatment."), "the answers given stand there: {page}");
        let mut fields = answers("diabetes");
        fields.push(("version", "1"));
        let refused = browser.post(&path, &fields).await.assert_status(422).text();
        assert!(refused.contains("id=\"details-diabetes-error\""), "{refused}");
        fields.push(("details.diabetes", "Type 1."));
        for _ in 0..2 {
            location(browser.post(&path, &fields).await);
        }
        let history = medical_histories::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(history.revision, 2, "a form sent twice answers once");
        let mut late = answers("arthritis");
        late.extend([("version", "1"), ("details.arthritis", "Knee.")]);
        let stale = browser.post(&path, &late).await.assert_status(409).text();
        assert!(stale.contains("Knee.") && hidden(&stale, "version") == "2", "{stale}");

        set_stage(&t, InquiryStatus::Quote).await;
        assert_eq!(location(browser.client.get(&path).await), home);
        late[names.len()].1 = "2";
        browser.post(&path, &late).await.assert_status(409);
        let mut row: medical_histories::ActiveModel = history.into();
        row.reopened_at = Set(Some(t.now()));
        row.update(t.conn()).await.unwrap();
        let page = browser.text(&home).await;
        assert!(page.contains("Please answer the medical questions again") && page.contains(&path), "{page}");
        location(browser.post(&path, &late).await);
        assert!(!browser.text(&home).await.contains("answer the medical questions again"));
    }

    async fn it_says_that_it_is_closed_and_why(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let browser = Browser::of(&t, filed.patient.id);
        let home = format!("/patient/cases/{}/request", filed.inquiry);
        let stages = [
            (InquiryStatus::Quote, "A clinic has answered"),
            (InquiryStatus::Cancelled, "This request was cancelled"),
            (InquiryStatus::Expired, "ended without an offer"),
        ];
        for (stage, sentence) in stages {
            set_stage(&t, stage).await;
            let page = browser.text(&home).await;
            assert!(page.contains(sentence) && !page.contains(&format!("{home}/")), "{page}");
            assert_eq!(location(browser.client.get(&format!("{home}/wish")).await), home);
            let typed = [("version", "1"), ("problem_details", "Something else entirely."), ("op", "next")];
            let refused = browser.post(&format!("{home}/concern"), &typed).await.assert_status(409).text();
            assert!(refused.contains("Something else entirely."), "{refused}");
            let refused = browser.upload(&format!("{home}/evidence/add"), Upload::jpeg(testkit::jpeg(64, 64, 1))).await;
            refused.assert_status(409);
        }
    }

    /// R-IQ-06, R-IQ-11.
    async fn evidence_is_added_within_limits_and_taken_out(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let browser = Browser::of(&t, filed.patient.id);
        let home = format!("/patient/cases/{}/request", filed.inquiry);
        let add = format!("{home}/evidence/add");
        assert_eq!(location(browser.upload(&add, Upload::jpeg(testkit::jpeg(64, 64, 1))).await), format!("{home}?done=evidence-added"));
        assert_eq!(changes(&t, &filed).await, 1);
        let page = browser.text(&home).await;
        assert!(page.contains("1 of 5") && page.contains("Picture 1"), "{page}");
        let remove = page.split("action=\"").find(|part| part.contains("/evidence/") && part.contains("/remove")).unwrap();
        let remove = remove.split('"').next().unwrap().to_owned();

        // What is wrong stands beside the field, and a reload leads back.
        let large = browser.upload(&add, Upload::jpeg(vec![0; 2 * 1024 * 1024 + 1])).await.assert_status(422).text();
        assert!(large.contains("Pictures may have 2 MB") && large.contains("aria-invalid"), "{large}");
        let huge = browser.upload(&add, Upload::jpeg(vec![0; 25 * 1024 * 1024])).await.assert_status(413).text();
        assert!(huge.contains("Pictures may have 2 MB"), "{huge}");
        let kind = browser.upload(&add, Upload::jpeg(b"%PDF-1.7 no picture".to_vec())).await.assert_status(422).text();
        assert!(kind.contains("Only JPEG and PNG"), "{kind}");
        browser.client.multipart(&add, &[("_csrf", &browser.csrf)], &[]).await.assert_status(422);
        browser.client.multipart(&add, &[("_csrf", "forged")], &[Upload::jpeg(testkit::jpeg(64, 64, 2))]).await.assert_status(403);
        assert_eq!(location(browser.client.get(&add).await), home);
        assert_eq!(location(browser.client.get(&remove).await), home);
        for seed in 2..=5 {
            location(browser.upload(&add, Upload::jpeg(testkit::jpeg(64, 64, seed))).await);
        }
        let full = browser.text(&home).await;
        assert!(full.contains("5 of 5") && !full.contains(&add), "{full}");
        let sixth = browser.upload(&add, Upload::jpeg(testkit::jpeg(64, 64, 6))).await.assert_status(422).text();
        assert!(sixth.contains("Five files are the most"), "{sixth}");

        // Nobody else takes it out, and twice is once.
        let jane = patient(&t, "Jane", "Roe").await;
        Browser::of(&t, jane.id).post(&remove, &[]).await.assert_problem(404, "not_found");
        for _ in 0..2 {
            assert_eq!(location(browser.post(&remove, &[]).await), format!("{home}?done=evidence-removed"));
        }
        assert!(browser.text(&home).await.contains("4 of 5"));
        assert_eq!(changes(&t, &filed).await, 6);
        let view = {
            let own = filed.as_patient(&t).get(&filed.path("")).await;
            own.at("/media").as_array().unwrap().iter().find(|item| item["view"] == "front").unwrap()["id"].as_str().unwrap().to_owned()
        };
        browser.post(&format!("{home}/evidence/{view}/remove"), &[]).await.assert_problem(404, "not_found");
        set_stage(&t, InquiryStatus::Quote).await;
        let page = browser.text(&home).await;
        assert!(page.contains("4 of 5") && !page.contains("/remove"), "{page}");
    }

    async fn the_wizard_takes_evidence_and_brings_it_along(t: TestApp) {
        use inquiry::seed::InquirySpec;
        use inquiry::service::draft::{self, SaveDraft};
        use inquiry::service::media::{self, DraftUpload};
        use inquiry::service::submit::{self, SubmitInput};
        use platform::entity::media::MediaCollection;

        crate::common::prepare(&t).await;
        let provider = crate::common::clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await;
        let actor = actors::patient(john.id);
        let payload = InquirySpec::new(&["TR"], &[provider], Vec::new()).payload(&t.app, &crate::common::active_set(&t).await);
        draft::save(&t.app, &actor, &SaveDraft { step: "photos".to_owned(), payload, version: None }).await.unwrap();
        for (view, picture) in platform::media::VIEWS.into_iter().zip(crate::common::pictures()) {
            let upload = DraftUpload { collection: MediaCollection::HeadScan, view: Some(view), bytes: picture.into() };
            media::add(&t.app, &actor, upload).await.unwrap();
        }
        let browser = Browser::of(&t, john.id);
        let step = "/patient/request/evidence";
        let add = format!("{step}/add");
        let page = browser.text(step).await;
        assert!(page.contains("0 of 5") && page.contains(&format!("action=\"{add}\"")), "{page}");
        for seed in 1..=2 {
            let done = location(browser.upload(&add, Upload::jpeg(testkit::jpeg(64, 64, seed))).await);
            assert_eq!(done, format!("{step}?done=evidence-added"));
        }
        let large = browser.upload(&add, Upload::jpeg(vec![0; 2 * 1024 * 1024 + 1])).await.assert_status(422).text();
        assert!(large.contains("Pictures may have 2 MB") && large.contains("2 of 5"), "{large}");
        let huge = browser.upload(&add, Upload::jpeg(vec![0; 25 * 1024 * 1024])).await.assert_status(413).text();
        assert!(huge.contains("Pictures may have 2 MB") && huge.contains("2 of 5"), "{huge}");
        assert_eq!(location(browser.client.get(&add).await), step);

        // Whoever comes from the review keeps the way back.
        let page = browser.text(&format!("{step}?from=review")).await;
        assert!(page.contains(&format!("action=\"{add}?from=review\"")), "{page}");
        let remove = page.split("action=\"").find(|part| part.contains("/remove")).unwrap().split('"').next().unwrap();
        let jane = patient(&t, "Jane", "Roe").await;
        Browser::of(&t, jane.id).post(remove, &[]).await.assert_problem(404, "not_found");
        for _ in 0..2 {
            let done = location(browser.post(remove, &[]).await);
            assert_eq!(done, format!("{step}?from=review&done=evidence-removed"), "taken out once, however often it is sent");
        }
        assert!(browser.text(step).await.contains("1 of 5"));
        // Everything else is answered already.
        assert_eq!(location(browser.post(step, &[]).await), "/patient/request/review");
        let id = submit::submit(&t.app, &actor, &SubmitInput::default()).await.unwrap();
        let sent = browser.text(&format!("/patient/cases/{id}/request")).await;
        assert!(sent.contains("1 of 5") && sent.contains("Picture 1") && sent.contains("Bosphorus"), "{sent}");
    }

    async fn evidence_over_the_api_obeys_the_same_rules(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let own = filed.as_patient(&t);
        let path = filed.path("/media");
        let picture = || [Upload::jpeg(testkit::jpeg(64, 64, 1))];
        let added = own.multipart(&path, &[], &picture()).await.assert_status(201);
        let file = format!("{path}/{}", added.str("/id"));
        filed.as_clinic(&t).multipart(&path, &[], &picture()).await.assert_status(403);
        let jane = patient(&t, "Jane", "Roe").await;
        let stranger = t.client(inquiry::routes()).as_actor(actors::patient(jane.id));
        stranger.multipart(&path, &[], &picture()).await.assert_problem(404, "not_found");
        stranger.delete(&file).await.assert_problem(404, "not_found");
        own.delete(&file).await.assert_status(204);
        own.delete(&file).await.assert_status(204);
        set_stage(&t, InquiryStatus::Quote).await;
        own.multipart(&path, &[], &picture()).await.assert_problem(409, "inquiry_locked");
    }
}
