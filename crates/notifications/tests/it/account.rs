//! The owner of an account hears what happens to it, in the inbox and by mail, whatever they chose about mails.

use directory::seed::ClinicSpec;
use identity::seed::{AdminSpec, MemberSpec, PatientSpec};
use kernel::Actor;
use kernel::ids::AnyId;
use notifications::entity::alerts_notifications;
use platform::jobs::Registry;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
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
            (about("account.locked").with("until", t.now()), "too many wrong passwords. You"),
            (about("account.locked").occurrence("2").with("until", t.now()).with("place", "203.0.113.8"), "passwords from 203.0.113.8. You"),
            (about("account.password_changed").with("place", "203.0.113.9"), "from 203.0.113.9, and other devices"),
            (about("account.mfa_changed").occurrence("2").with("change", "disabled").with("place", "203.0.113.9"), "from 203.0.113.9. If that"),
            (about("account.email_changed"), "sign in with this address"),
        ] {
            emit(&t, event).await;
            run(&t).await;
            let mail = t.app.mailer.sent().last().unwrap().clone();
            assert!(format!("{} {}", mail.subject, mail.text).contains(part), "{part}: {}", mail.text);
        }
    }

    async fn who_is_suspended_or_corrected_is_told_why(t: TestApp) {
        identity::install(&t.app).await.unwrap();
        let patient = identity::seed::patient(&t.app, PatientSpec::new(&t.app, "Mark", "Peterson")).await.unwrap();
        t.conn().execute_unprepared(&format!(
            "UPDATE account_states SET reason = 'Somebody else used this account.' WHERE model_id = '{}'", patient.id
        )).await.unwrap();
        let changed = |change: &str| Event::new("account.status_changed", "Patient", patient.id).occurrence(change.to_owned())
            .with("patient_id", patient.id).with("change", change);
        let until: kernel::Timestamp = "2026-04-01T10:00:00Z".parse().unwrap();
        let fields = ["phone_number", "last_name"];
        for (event, parts) in [
            (changed("suspended").with("until", until), vec!["is suspended", "opens by itself on", "2026", "Somebody else used this account."]),
            (changed("reactivated").with("until", None::<kernel::Timestamp>), vec!["is open again", "Somebody else"]),
            (Event::new("account.profile_changed_by_admin", "Patient", patient.id).with("fields", fields), vec!["phone number, last name"]),
        ] {
            emit(&t, event).await;
            run(&t).await;
            let mail = t.app.mailer.sent().last().unwrap().clone();
            let text = format!("{} {}", mail.subject, mail.text);
            assert!(parts.iter().all(|part| text.contains(part)) && mail.to == patient.email, "{parts:?}: {text}");
        }
        // Who is closed out still hears that, and nothing else.
        t.conn().execute_unprepared(&format!("UPDATE patients SET deleted_at = '2026-03-01 00:00:00' WHERE id = '{}'", patient.id)).await.unwrap();
        emit(&t, changed("deactivated").with("until", None::<kernel::Timestamp>)).await;
        emit(&t, Event::new("account.password_changed", "Patient", patient.id)).await;
        run(&t).await;
        assert_eq!((t.app.mailer.sent().len(), t.app.mailer.sent().last().unwrap().subject.as_str()), (4, "Your account is closed"));
        // Staff hear it of themselves.
        let chief = identity::seed::admin(&t.app, AdminSpec::super_admin("chief@hairline.example")).await.unwrap();
        emit(&t, Event::new("account.status_changed", "User", chief).with("status", "active").with("until", None::<kernel::Timestamp>)).await;
        run(&t).await;
        let mail = t.app.mailer.sent().last().unwrap().clone();
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("chief@hairline.example", "Your account is open again"));
    }

    async fn what_happens_to_data_reaches_the_patient_and_those_who_decide(t: TestApp) {
        identity::install(&t.app).await.unwrap();
        let patient = identity::seed::patient(&t.app, PatientSpec::new(&t.app, "Mark", "Peterson")).await.unwrap();
        let chief = identity::seed::admin(&t.app, AdminSpec::super_admin("chief@hairline.example")).await.unwrap();
        // Without the right nobody hears of requests.
        let helper = AdminSpec { role: "support_staff".into(), ..AdminSpec::super_admin("helper@hairline.example") };
        identity::seed::admin(&t.app, helper).await.unwrap();
        let request = |state: &str| Event::new("privacy.request_updated", "DeletionRequest", AnyId::new()).occurrence(state.to_owned())
            .with("patient_id", patient.id).with("reference", "DSR-00001").with("state", state)
            .with("due_at", "2026-03-31T10:00:00Z");
        let inbox = async |id: AnyId| {
            let rows = alerts_notifications::Entity::find().filter(alerts_notifications::Column::RecipientId.eq(id));
            rows.order_by_asc(alerts_notifications::Column::Id).all(t.conn()).await.unwrap()
        };
        for state in ["submitted", "verification_required", "on_hold", "approved", "denied", "withdrawn", "in_review"] {
            emit(&t, request(state)).await;
            run(&t).await;
        }
        let (own, desk) = (inbox(patient.id.any()).await, inbox(chief.any()).await);
        assert_eq!((own.len(), desk.len()), (7, 1), "those who decide hear of the request only");
        assert!(own[0].title.contains("DSR-00001") && own[0].body.contains("31 March 2026"), "{}", own[0].body);
        assert_eq!(t.app.mailer.sent().len(), 7, "the patient by mail too, whatever they chose");
        let about = |key: &'static str, kind: &'static str| Event::new(key, kind, AnyId::new());
        for (event, to, title) in [
            (about("privacy.bundle_ready", "DataBundle").with("patient_id", patient.id), patient.id.any(), "is ready"),
            (about("privacy.bundle_expired", "DataBundle").with("patient_id", patient.id), patient.id.any(), "is gone"),
            (about("privacy.deadline_approaching", "DeletionRequest").with("reference", "DSR-00001"), chief.any(), "DSR-00001 is due soon"),
            (about("privacy.hold_changed", "LegalHold").with("state", "placed"), chief.any(), "order was placed"),
            (about("privacy.hold_changed", "LegalHold").with("state", "review_due"), chief.any(), "looked at again"),
            (about("legal.published", "LegalDocument"), chief.any(), "was published"),
            (about("legal.coverage_low", "LegalDocument").with("version", "2.0").with("percent", "75.0"), chief.any(), "Few have agreed"),
            (Event::new("legal.acceptance_required", "Patient", patient.id), patient.id.any(), "texts have changed"),
        ] {
            emit(&t, event).await;
            run(&t).await;
            let told = inbox(to).await.pop().unwrap();
            assert!(told.title.contains(title), "{title}: {}", told.title);
        }
        let desk = inbox(chief.any()).await;
        let low = desk.iter().find(|row| row.event_key == "legal.coverage_low").unwrap();
        assert!(low.body.contains("75.0% of those it is for"), "{}", low.body);
        assert_eq!(low.action_url.as_deref(), Some("/admin/legal-documents"));
        // A month is told in its own words.
        let month = about("privacy.retention_run_finished", "RetentionRun").with("scope", "month").with("month", "2033-05").with("runs", 31);
        emit(&t, month.with("ended", 3).with("held", 0).with("failed", 0)).await;
        run(&t).await;
        let told = inbox(chief.any()).await.pop().unwrap();
        assert!(told.title == "Retention in 2033-05" && told.body.contains("Runs: 31. Ended: 3."), "{} {}", told.title, told.body);
        // Only a run that failed is worth a mail.
        let run_of = |failed: i64| about("privacy.retention_run_finished", "RetentionRun").with("ended", 2).with("held", 1).with("failed", failed);
        let mails = t.app.mailer.sent().len();
        emit(&t, run_of(0)).await;
        run(&t).await;
        assert_eq!(t.app.mailer.sent().len(), mails);
        assert!(inbox(chief.any()).await.pop().unwrap().body.contains("Ended: 2. Kept by an order: 1. Failed: 0."));
        emit(&t, run_of(1)).await;
        run(&t).await;
        let mail = t.app.mailer.sent().last().unwrap().clone();
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("chief@hairline.example", "The retention run had failures"));
    }

    /// Section 7: which role took the place of which, from when on; who was let in or out, and why; which rights came and went.
    async fn teams_and_staff_are_told_what_changed(t: TestApp) {
        identity::install(&t.app).await.unwrap();
        t.at("2026-03-02T10:00:00Z");
        let chief = identity::seed::admin(&t.app, AdminSpec::super_admin("chief@hairline.example")).await.unwrap();
        let clinic = directory::seed::clinic(&t.app, ClinicSpec::new("Aegean")).await.unwrap().id();
        let member = MemberSpec::new("provider_clinical", "Ada", "Owner", "ada@clinic.example");
        let ada = identity::seed::clinic_user(&t.app, clinic, member).await.unwrap();
        let why = "UPDATE provider_team_members SET suspension_reason = 'On leave until May.' WHERE provider_user_id";
        t.conn().execute_unprepared(&format!("{why} = '{ada}'")).await.unwrap();
        let team = |key: &'static str| Event::new(key, "ProviderUser", ada).with("provider_id", clinic).with("provider_user_id", ada);
        let from: kernel::Timestamp = "2026-03-05T08:00:00Z".parse().unwrap();
        for (event, parts) in [
            (
                team("team.role_changed").with("old_role", "provider_clinical").with("role", "provider_manager").with("effective_from", from),
                vec!["Manager", "Clinical staff", "5 March 2026"],
            ),
            (team("team.member_status_changed").occurrence("1").with("status", "suspended"), vec!["was suspended", "On leave until May."]),
            (
                Event::new("admin.role_changed", "User", chief).with("user_id", chief).with("role", "billing_staff").with("effective_from", from),
                vec!["Billing staff", "5 March 2026"],
            ),
            (
                Event::new("admin.permissions_changed", "User", chief).with("user_id", chief).with("added", ["view_quote"]).with("removed", [""; 0]),
                vec!["New: See quotes."],
            ),
        ] {
            emit(&t, event).await;
            run(&t).await;
            let row = alerts_notifications::Entity::find().order_by_desc(alerts_notifications::Column::Id).one(t.conn()).await.unwrap().unwrap();
            for part in parts {
                assert!(row.body.contains(part), "{part}: {}", row.body);
            }
        }
        t.conn().execute_unprepared(&format!("UPDATE provider_team_members SET suspension_reason = NULL WHERE provider_user_id = '{ada}'")).await.unwrap();
        emit(&t, team("team.member_status_changed").occurrence("2").with("status", "active")).await;
        run(&t).await;
        let row = alerts_notifications::Entity::find().order_by_desc(alerts_notifications::Column::Id).one(t.conn()).await.unwrap().unwrap();
        assert!(row.title.contains("open again") && row.body.contains("let back in. If this"), "{} {}", row.title, row.body);
    }
}
