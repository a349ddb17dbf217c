//! The owner of an account hears what happens to it, in the inbox and by mail, whatever they chose about mails.

#![cfg(test)]

use directory::seed::ClinicSpec;
use identity::seed::{AdminSpec, MemberSpec, PatientSpec};
use kernel::Actor;
use kernel::ids::AnyId;
use notifications::entity::alerts_notifications;
use platform::jobs::Registry;
use platform::outbox::{self, Event};
use sea_orm::{ConnectionTrait, EntityTrait};
use testkit::{TestApp, both};

async fn run(t: &TestApp) {
    let registry =
        Registry { subscriptions: notifications::subscriptions(), kinds: notifications::jobs(), schedules: vec![] };
    t.run_jobs(&registry).await;
}

async fn emit(t: &TestApp, event: Event) {
    outbox::emit(t.conn(), &t.app, &Actor::system(), event).await.unwrap();
}

both! {
    async fn every_kind_of_account_is_told_at_its_own_address(t: TestApp) {
        identity::install(&t.app).await.unwrap();
        t.at("2026-03-02T10:00:00Z");
        let patient = identity::seed::patient(&t.app, PatientSpec::new(&t.app, "Mark", "Peterson")).await.unwrap();
        let chief = identity::seed::admin(&t.app, AdminSpec::super_admin("chief@hairline.example")).await.unwrap();
        let clinic = directory::seed::clinic(&t.app, ClinicSpec::new("Aegean")).await.unwrap().id();
        let member = MemberSpec::new("provider_clinical", "Ada", "Owner", "ada@clinic.example");
        let ada = identity::seed::clinic_user(&t.app, clinic, member).await.unwrap();
        let affiliate = kernel::ids::AffiliateId::new();
        let row = format!(
            "INSERT INTO affiliates (id, affiliate_name, email, status, commission_value) \
             VALUES ('{affiliate}', 'Ada Travels', 'ada@travels.example', 'active', 10)"
        );
        t.conn().execute_unprepared(&row).await.unwrap();
        let accounts: [(&'static str, AnyId, &str, &str); 4] = [
            ("Patient", patient.id.any(), patient.email.as_str(), "/patient/security"),
            ("ProviderUser", ada.any(), "ada@clinic.example", "/provider/account"),
            ("User", chief.any(), "chief@hairline.example", "/admin/account"),
            ("Affiliate", affiliate.any(), "ada@travels.example", "/affiliate/account"),
        ];
        for (kind, id, address, page) in accounts {
            emit(&t, Event::new("account.password_changed", kind, id)).await;
            run(&t).await;
            let mail = t.app.mailer.sent().last().unwrap().clone();
            assert_eq!((mail.to.as_str(), mail.subject.as_str()), (address, "Your password was changed"));
            assert!(mail.text.contains(page) && mail.text.contains("UTC"), "{}", mail.text);
        }
        assert_eq!(alerts_notifications::Entity::find().all(t.conn()).await.unwrap().len(), 4);
    }

    async fn what_changed_and_where_it_came_from_is_said(t: TestApp) {
        identity::install(&t.app).await.unwrap();
        let patient = identity::seed::patient(&t.app, PatientSpec::new(&t.app, "Mark", "Peterson")).await.unwrap();
        let about = |key: &'static str| Event::new(key, "Patient", patient.id);
        for (event, part) in [
            (about("account.mfa_changed").with("change", "enabled"), "is set up"),
            (about("account.recovery_code_used").with("codes_left", 9), "recovery code"),
            (about("account.new_device_login").with("place", "203.0.113.7"), "203.0.113.7"),
            (about("account.locked").with("until", t.now()), "too many wrong passwords"),
            (about("account.email_changed"), "sign in with this address"),
        ] {
            emit(&t, event).await;
            run(&t).await;
            let mail = t.app.mailer.sent().last().unwrap().clone();
            assert!(format!("{} {}", mail.subject, mail.text).contains(part), "{part}: {}", mail.text);
        }
    }
}
