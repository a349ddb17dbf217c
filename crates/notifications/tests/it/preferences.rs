//! What an account chose about language, clock and messages, and what becomes of its mails by that.

use directory::seed::ClinicSpec;
use identity::consents::{self, Given, PatientConsentAction, PatientConsentChannel, PatientConsentType};
use identity::entity::patients;
use identity::seed::{AdminSpec, MemberSpec, PatientSpec};
use kernel::Actor;
use notifications::entity::notification_deliveries::{self as deliveries, NotificationDeliveryStatus as Status};
use notifications::entity::{alerts_notifications, notification_preferences};
use platform::entity::audit_logs;
use platform::jobs::Registry;
use platform::locale::Locale;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use testkit::{TestApp, actors, both};

async fn run(t: &TestApp) {
    let registry =
        Registry { subscriptions: notifications::subscriptions(), kinds: notifications::jobs(), schedules: vec![] };
    t.run_jobs(&registry).await;
}

async fn emit(t: &TestApp, event: Event) {
    outbox::emit(t.conn(), &t.app, &Actor::system(), event).await.unwrap();
    run(t).await;
}

async fn mark(t: &TestApp) -> patients::Model {
    identity::install(&t.app).await.unwrap();
    identity::seed::patient(&t.app, PatientSpec::new(&t.app, "Mark", "Peterson")).await.unwrap()
}

fn switches(email: bool) -> Value {
    json!({ "email_enabled": email, "push_enabled": true, "quiet_hours_enabled": true, "quiet_start": "22:00", "quiet_end": "07:00" })
}

/// An event of class T, of class R and of class C.
fn happens(to: &patients::Model, key: &'static str) -> Event {
    Event::new(key, "Patient", to.id).occurrence(to.id.to_string()).with("patient_id", to.id)
}

async fn states(t: &TestApp) -> Vec<Status> {
    deliveries::Entity::find().all(t.conn()).await.unwrap().into_iter().map(|row| row.status).collect()
}

both! {
    async fn r_cm_40_mail_that_nobody_wants_stays_away_but_not_what_must_arrive(t: TestApp) {
        t.at("2026-03-02T10:00:00Z");
        let patient = mark(&t).await;
        let client = t.client(notifications::routes()).as_actor(actors::patient(patient.id));
        let fresh = client.get("/me/notification-preferences").await.assert_status(200);
        assert_eq!((fresh.at("/email_enabled"), fresh.str("/quiet_start"), fresh.at("/timezone")), (&json!(true), "22:00", &json!(null)));
        client.put("/me/notification-preferences", switches(false)).await.assert_status(200);
        assert_eq!(client.get("/me/notification-preferences").await.at("/email_enabled"), &json!(false));

        emit(&t, happens(&patient, "privacy.bundle_expired")).await;
        assert_eq!((states(&t).await, t.app.mailer.sent().len()), (vec![Status::Suppressed], 0));
        let row = deliveries::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.suppressed_reason, Some(deliveries::NotificationDeliverySuppressedReason::PreferenceOff));
        // The inbox has it all the same, and security asks nobody.
        assert_eq!(alerts_notifications::Entity::find().all(t.conn()).await.unwrap().len(), 1);
        emit(&t, happens(&patient, "account.password_changed")).await;
        assert_eq!(t.app.mailer.sent().len(), 1);
        let entry = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("preferences.changed")).all(t.conn()).await;
        assert_eq!(entry.unwrap().len(), 1);
        // The same once more changes nothing and is no change.
        client.put("/me/notification-preferences", switches(false)).await.assert_status(200);
        let entry = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("preferences.changed")).all(t.conn()).await;
        assert_eq!(entry.unwrap().len(), 1);
    }

    async fn a_switch_turned_between_queue_and_post_counts(t: TestApp) {
        let patient = mark(&t).await;
        let client = t.client(notifications::routes()).as_actor(actors::patient(patient.id));
        outbox::emit(t.conn(), &t.app, &Actor::system(), happens(&patient, "privacy.bundle_expired")).await.unwrap();
        client.put("/me/notification-preferences", switches(false)).await.assert_status(200);
        run(&t).await;
        assert_eq!((states(&t).await, t.app.mailer.sent().len()), (vec![Status::Suppressed], 0));
    }

    async fn r_cm_46_g6_routine_mail_waits_for_the_morning_of_its_reader(t: TestApp) {
        t.at("2026-03-10T20:30:00Z");
        let patient = mark(&t).await;
        let client = t.client(notifications::routes()).as_actor(actors::patient(patient.id));
        client.put("/me/locale", json!({ "timezone": "Europe/Istanbul" })).await.assert_status(200);
        emit(&t, happens(&patient, "aftercare.scan_due")).await;
        let row = deliveries::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.status, row.next_attempt_at), (Status::Deferred, Some("2026-03-11T04:00:00Z".parse().unwrap())));
        assert_eq!(alerts_notifications::Entity::find().all(t.conn()).await.unwrap().len(), 1, "the inbox has it at once");
        // What must arrive does not wait.
        emit(&t, happens(&patient, "account.password_changed")).await;
        assert_eq!(t.app.mailer.sent().len(), 1);
        t.at("2026-03-11T03:59:59Z");
        run(&t).await;
        assert_eq!(t.app.mailer.sent().len(), 1);
        t.at("2026-03-11T04:00:00Z");
        run(&t).await;
        assert_eq!((states(&t).await.iter().all(|state| *state == Status::Sent), t.app.mailer.sent().len()), (true, 2));
        // Without quiet hours nothing waits.
        t.at("2026-03-11T20:30:00Z");
        let mut awake = switches(true);
        awake["quiet_hours_enabled"] = json!(false);
        client.put("/me/notification-preferences", awake).await.assert_status(200);
        emit(&t, happens(&patient, "aftercare.milestone_due")).await;
        assert_eq!(t.app.mailer.sent().len(), 3);
    }

    async fn r_cm_91_96_mails_speak_the_language_and_show_the_clock_of_their_reader(t: TestApp) {
        t.at("2026-03-02T22:30:00Z");
        let patient = mark(&t).await;
        let client = t.client(notifications::routes()).as_actor(actors::patient(patient.id));
        let saved = client.put("/me/locale", json!({ "locale": "tr-TR", "timezone": "Europe/Istanbul", "display_currency": "eur" })).await.assert_status(200);
        assert_eq!((saved.str("/locale"), saved.str("/timezone"), saved.str("/display_currency")), ("tr", "Europe/Istanbul", "EUR"));
        emit(&t, happens(&patient, "account.password_changed")).await;
        let mail = t.app.mailer.sent().last().unwrap().clone();
        assert_eq!(mail.subject, platform::locale::t(Locale::Tr, "notify-account-password-changed-title"));
        assert!(mail.text.contains("3 Mart 2026 01:30 UTC+3"), "{}", mail.text);
        // What is left out stays; an empty text takes a choice back.
        let saved = client.put("/me/locale", json!({ "timezone": "" })).await.assert_status(200);
        assert_eq!((saved.str("/locale"), saved.at("/timezone")), ("tr", &json!(null)));
    }

    async fn what_cannot_be_chosen_is_refused_field_by_field(t: TestApp) {
        let patient = mark(&t).await;
        let client = t.client(notifications::routes()).as_actor(actors::patient(patient.id));
        let wrong = json!({ "locale": "de", "timezone": "Mars/Olympus", "display_currency": "euro" });
        let reply = client.put("/me/locale", wrong).await.assert_problem(422, "validation_failed");
        let reply = reply.assert_field("locale", "locale_unknown").assert_field("timezone", "timezone_invalid");
        reply.assert_field("display_currency", "currency_unknown");
        let mut same = switches(true);
        same["quiet_end"] = json!("22:00");
        client.put("/me/notification-preferences", same).await.assert_status(422).assert_field("quiet_end", "quiet_hours_empty");
        let mut odd = switches(true);
        odd["quiet_start"] = json!("25:00");
        client.put("/me/notification-preferences", odd).await.assert_status(422).assert_field("quiet_start", "quiet_time_invalid");
        // News need a yes first (R-CM-41).
        let mut news = switches(true);
        news["marketing_enabled"] = json!(true);
        client.put("/me/notification-preferences", news.clone()).await.assert_status(422).assert_field("marketing_enabled", "marketing_consent_required");
        let given = Given { locale: Locale::En, channel: PatientConsentChannel::Web };
        let said = (PatientConsentType::Marketing, PatientConsentAction::Granted);
        consents::record(t.conn(), &t.app, &Actor::system(), patient.id, said, given).await.unwrap();
        client.put("/me/notification-preferences", news).await.assert_status(200);
        t.client(notifications::routes()).get("/me/notification-preferences").await.assert_status(401);
    }

    async fn every_kind_of_account_has_choices_of_its_own(t: TestApp) {
        identity::install(&t.app).await.unwrap();
        let clinic = directory::seed::clinic(&t.app, ClinicSpec::new("Aegean")).await.unwrap().id();
        let member = MemberSpec::new("provider_clinical", "Ada", "Owner", "ada@clinic.example");
        let ada = identity::seed::clinic_user(&t.app, clinic, member).await.unwrap();
        let chief = identity::seed::admin(&t.app, AdminSpec::super_admin("chief@hairline.example")).await.unwrap();
        let zones = ["Europe/London", "Europe/Istanbul", "Asia/Tokyo"];
        let everybody = [actors::clinic_clinical(ada, clinic), actors::super_admin(chief), actors::affiliate(kernel::ids::AffiliateId::new())];
        for (actor, zone) in everybody.into_iter().zip(zones) {
            let client = t.client(notifications::routes()).as_actor(actor);
            client.put("/me/locale", json!({ "timezone": zone })).await.assert_status(200);
            assert_eq!(client.get("/me/notification-preferences").await.str("/timezone"), zone);
        }
        let rows = notification_preferences::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(rows.len(), 3);
    }

    async fn the_first_choice_made_twice_at_once_is_one(t: TestApp) {
        let patient = mark(&t).await;
        let client = t.client(notifications::routes()).as_actor(actors::patient(patient.id));
        let ask = || client.put("/me/locale", json!({ "locale": "tr" }));
        let (one, two) = tokio::join!(ask(), ask());
        assert_eq!((one.status.as_u16(), two.status.as_u16()), (200, 200));
        assert_eq!(notification_preferences::Entity::find().all(t.conn()).await.unwrap().len(), 1);
    }
}
